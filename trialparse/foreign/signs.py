"""By what a document shows what it is: the names at its beginning, whatever follows and wherever it breaks off."""

import re

from trialparse.diagnostics import TrialParseError
from trialparse.readers import csv, json_parts, xml
from trialparse.readers.paths import Keys
from trialparse.readers.source import Document

HEAD = 64 << 10
"""Bytes of a document that are looked at."""
_DEEPEST = 8
"""How deep keys of JSON are looked for."""
_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)\s*+(:?)|[{}\[\],]', re.DOTALL)
"""A string, or the beginning of one, with the colon that makes it a key; or a sign of JSON."""

Objects = dict[Keys, set[str]]
"""The keys of objects by the keys that lead to them, in the order of the document; 0 leads into a list."""


def objects(head: bytes) -> Objects:
    """Return the objects with which a document of JSON begins, of each list the first element.

    >>> objects(b'{"studies": [{"id": {"number": 1}}, {"other": 2}], "next"')["studies", 0]
    {'id'}
    """
    found: Objects = {}
    around: list[tuple[bytes, Keys | None]] = []  # the sign and the path of what is open; None if it is passed over
    here: Keys | None = ()
    for token in _TOKEN.finditer(head):
        sign = token[0][:1]
        if sign in b"{[":
            if len(around) >= _DEEPEST:
                here = None
            around.append((sign, here))
            if sign == b"[" and here is not None:
                here += (0,)
            elif here is not None:
                found.setdefault(here, set())
        elif sign in b"}]":
            here = None
            if around:
                around.pop()
        elif sign == b",":
            here = None
        elif token[2] and around and around[-1][0] == b"{" and (path := around[-1][1]) is not None:
            key = _decoded(token[1])
            found[path].add(key)
            here = (*path, key)
    return found


def _decoded(key: bytes) -> str:
    """Return a key as it is meant; it may be no valid JSON."""
    if b"\\" in key:
        try:
            return json_parts.name_of(b'"' + key + b'"')
        except TrialParseError:
            pass
    return key.decode("utf-8", "replace")


def is_inside(path: Keys) -> bool:
    """Whether something is a member of an object, and not a document or an element of one that is a list."""
    return any(isinstance(key, str) for key in path)


def has_keys(found: Objects, paths: str, at: Keys = ()) -> bool:
    """Whether each of these paths, as the table has them, is a key from the object at a path, and none with `!`."""
    for path in paths.split():
        *way, key = path.removeprefix("!").replace("[]", ".[]").split(".")
        is_there = key in found.get((*at, *(0 if step == "[]" else step for step in way)), ())
        if is_there is path.startswith("!"):
            return False
    return True


def has_root(head: bytes, path: str) -> bool:
    """Whether XML begins with elements of these names, each the first thing in the one before."""
    namespace, _, names = path.rpartition("}")
    root, *inner = names.split("/")
    found = xml.root_of(head)
    if found.name != root or (namespace and found.namespace != namespace[1:]):
        return False
    return not inner or xml.opening_names(head, 1 + len(inner)) == (root, *inner)


_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,1000})</title>", re.IGNORECASE)


def has_title(head: bytes, end: str) -> bool:
    """Whether the title of an HTML page ends with these words.

    >>> has_title(b"<html><head><title>A study | The Register</title>", "The Register")
    True
    """
    found = _TITLE.search(head)
    return found is not None and found[1].decode("utf-8", "replace").rstrip().endswith(end)


def columns(head: bytes) -> frozenset[str]:
    """Return the columns of a table; none if there are fewer than two."""
    found = csv.header(Document(data=head))
    return frozenset(found) if len(found) > 1 else frozenset()


def piped(head: bytes) -> frozenset[str]:
    """Return the columns of a table with `|` between them; none if there are fewer than two."""
    first = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    found = first.decode("utf-8", "replace").strip().split("|")
    return frozenset(name.strip('"') for name in found) if len(found) > 1 else frozenset()


def has_bytes(head: bytes, places: list[str]) -> bool:
    """Whether each of these bytes, hexadecimal numbers, is at the beginning, or with `@n:` at byte n."""
    for place in places:
        at, _, wanted = place.rpartition(":")
        if not head.startswith(bytes.fromhex(wanted), int(at.removeprefix("@") or 0)):
            return False
    return True
