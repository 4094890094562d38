"""Paths: how tables write places in a source, and how places become JSON pointers."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from trialparse.generated.classes import frozen

Key = str | int
Keys = tuple[Key, ...]
"""Keys and indices from the root of a record, or of a document, to a value."""

AROUND = "^"
"""The key of a step from an element of a list to the object around the list."""

PLACE, NESTED_PLACE = PLACES = ("#", "##")
"""The keys of a step from an element to its place in its list, from 1, and to that behind the place in the list around
it: `2.1`."""

TRANSLATIONS = "_translations"
"""Suffix of a text's key for its translations."""


@frozen
class Step:
    """One step of a path: into a key, over the members there, or through an opener.

    `many` is "" for the value itself, "[]" for the elements of a list, "{}" for the values of an object keyed by ids
    and "[?]" for a lone object or a list of them.
    `opener` marks a step that opens the text of a leaf; `key` is then the opener's name.
    The key `^` leads out again, from an element of a list to the object around the list; `many` then names the list.
    """

    key: str
    many: str = ""
    opener: bool = False

    def __str__(self) -> str:
        return ("|" if self.opener else "") + self.key + self.many


Path = tuple[Step, ...]

_MANY = r"(\[\]|\{\}|\[\?\])?"
_SEGMENT = re.compile(rf"([^|\[\]{{}}]*){_MANY}((?:\|[a-z]+(?:\[\]|\{{\}})?)*)")
_OPENER = re.compile(rf"\|([a-z]+){_MANY}")


def parse_path(text: str) -> Path:
    """Parse a path as written in a table; raises ValueError where it is not one.

    >>> [str(step) for step in parse_path("a.b[]|pairs[].name")]
    ['a', 'b[]', '|pairs[]', 'name']
    """
    steps: list[Step] = []
    for segment in text.split(".") if text else ():
        found = _steps(segment)
        if not found:
            raise ValueError(f"{text!r} is not a path: {segment!r}")
        steps += found
    return tuple(steps)


@lru_cache(maxsize=4096)
def _steps(segment: str) -> Path:
    """Return the step that a part of a path stands for, and those of its openers; none if it is no step."""
    match = _SEGMENT.fullmatch(segment)
    if match is None or not match[1]:
        return ()
    return Step(match[1], match[2] or ""), *(Step(name, many, True) for name, many in _OPENER.findall(match[3]))


def write_path(path: Path) -> str:
    """Write a path as in a table."""
    text = ""
    for step in path:
        text += ("" if step.opener or not text else ".") + str(step)
    return text


def unopened(path: Path) -> Path:
    """Return the part of a path before its first opener.

    >>> write_path(unopened(parse_path("a[].b|pairs[].name")))
    'a[].b'
    """
    return tuple(itertools.takewhile(lambda step: not step.opener, path))


def resolved(path: Path) -> Path:
    """Return the path to the same place without a step out.

    >>> write_path(resolved(parse_path("a.b[].c[].^.d")))
    'a.b[].d'
    """
    steps: list[Step] = []
    for step in path:
        if step.key == AROUND:
            steps.pop()
        else:
            steps.append(step)
    return tuple(steps)


def place_at(keys: Keys, path: Path, lists: int) -> str:
    """Return the place of an element in the last lists on the path to it, from 1; a lone one is the first.

    >>> place_at(("a", 0, "b", "c", 3), parse_path("a[].b.c[]"), 2)
    '1.4'
    """
    places, at = [], 0
    for step in path:
        at += 1
        if step.many:
            index = keys[at] if at < len(keys) else 0
            places.append(index + 1 if isinstance(index, int) else 1)
            at += isinstance(index, int)
    return ".".join(map(str, places[-lists:]))


def keys_at(text: str) -> tuple[str, ...]:
    """Return the keys of a JSON pointer (RFC 6901), or of names with dots between them; none for the whole document.

    >>> keys_at("/a~1b/c.d"), keys_at("payload.records"), keys_at("")
    (('a/b', 'c.d'), ('payload', 'records'), ())
    """
    if not text.startswith("/"):
        return tuple(text.split(".")) if text else ()
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text[1:].split("/"))


def begins_with(path: Path, prefix: Path) -> bool:
    """Whether `path` is `prefix` or lies below it."""
    return path[: len(prefix)] == prefix


def pointer(keys: Sequence[Key]) -> str:
    """Return the JSON pointer (RFC 6901) of keys from the root.

    >>> pointer(["a/b", 0, "c"])
    '/a~1b/0/c'
    """
    return "".join(map(_escaped, keys))


@lru_cache(maxsize=4096)
def _escaped(key: Key) -> str:
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
