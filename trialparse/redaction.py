"""Keeping persons out: records in which the words about persons are replaced before anything is read from them."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import attrs

from trialparse.limits import Limits
from trialparse.mapping import Format, rows_of
from trialparse.names import Names
from trialparse.paths import Path
from trialparse.readers import json
from trialparse.recognition import Record
from trialparse.records import WITHHELD, Tree

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']{1,64}(?:@|&#64;|\s?\(at\)\s?)[^\s@<>()\[\],;:\"']{1,255}\.[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|00)\d[\d ()./-]{6,18}\d(?![\w/])")


@cache
def person_paths(format: Format) -> frozenset[Path]:
    """Return the paths of a format at which persons stand."""
    return frozenset(path for row in rows_of(format) if "person" in row.marks for path in row.paths)


def redact(record: Record, limits: Limits) -> Record:
    """Return the record with the words about persons replaced, everywhere in it.

    Replaced are the values of contact fields, e-mail addresses and telephone numbers anywhere, and the words of
    contact fields where they stand in other fields.
    """
    tree, remarks = record.surveyed(limits)
    paths = [tuple((step.key, step.many) for step in path) for path in person_paths(record.format)]
    names = {word for path in paths for word in _words(tree, path)}
    change = _changer(names)
    changed = _withheld(tree, list(paths), change)
    raw: Any = changed
    if record.format.reader == "json":
        raw = json.encode(changed)
    elif record.format.reader == "xml":
        from trialparse.readers import xml

        raw = xml.serialise(xml.element(changed, record.format.records[-1]))
    notes = tuple((problem, (*record.base, *keys), change(text)) for problem, keys, text in remarks)
    return attrs.evolve(
        record,
        raw=raw,
        element=None,
        notes=(*record.notes, *notes),
        tree=changed,
        struct=None,
        surveyed=None,
        redacted=True,
    )


_Route = tuple[tuple[str, str], ...]


def _below(route: _Route, key: str, value: Tree) -> Iterable[_Route]:
    """Give what is left of a route below a member; the ids of an object keyed by ids are a step of their own."""
    if not route:
        return
    step, many = route[0]
    if step == "**":
        yield route
        if len(route) > 1 and route[1][0] == key:
            yield route[2:]
    elif step in (key, "*"):
        yield (("*", ""), *route[1:]) if many == "{}" and isinstance(value, dict) else route[1:]


def _words(value: Tree, route: _Route) -> Iterable[str]:
    """Give the strings at a path of persons."""
    if isinstance(value, list):
        for element in value:
            yield from _words(element, route)
    elif not route:
        if isinstance(value, str) and value.strip():
            yield value.strip()
    elif isinstance(value, dict):
        for key, below in value.items():
            for rest in _below(route, key, below):
                yield from _words(below, rest)


def _changer(names: set[str]) -> Callable[[str], str]:
    """Return the function that takes e-mail addresses, telephone numbers and these names out of a text."""
    known = Names(name for name in names if len(name) > 3)

    def change(text: str) -> str:
        if "@" in text or "&#64;" in text or "(at)" in text:
            text = _EMAIL.sub(WITHHELD, text)
        return known.replace(_PHONE.sub(WITHHELD, text), WITHHELD)

    return change


def _withheld(value: Tree, routes: list[_Route], change: Callable[[str], str]) -> Tree:
    """Return a tree with all at the ends of the routes replaced, and all other strings and keys changed."""
    if any(not route for route in routes):
        return _all_withheld(value)
    if isinstance(value, list):
        return [_withheld(element, routes, change) for element in value]
    if isinstance(value, dict):
        return {
            change(key): _withheld(below, [rest for route in routes for rest in _below(route, key, below)], change)
            for key, below in value.items()
        }
    if isinstance(value, str):
        # words where an object about a person should be are about a person
        return WITHHELD if value and any(route[0][0] != "**" for route in routes) else change(value)
    return value


def _all_withheld(value: Tree) -> Tree:
    if isinstance(value, list):
        return [_all_withheld(element) for element in value]
    if isinstance(value, dict):
        return {key: _all_withheld(below) for key, below in value.items()}
    return value if value in (None, "") else WITHHELD
