"""Keeping persons out: records in which the words about persons are replaced before anything is read from them."""

import re
from collections.abc import Iterable
from functools import cache

import attrs

from trialparse.limits import Limits
from trialparse.mapping import Format, rows_of
from trialparse.names import Names
from trialparse.paths import Path
from trialparse.recognition import Record
from trialparse.records import WITHHELD, Shape, Tree

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
    spot = _spot(frozenset(tuple((step.key, step.many) for step in path) for path in person_paths(record.format)))
    changes = Changes(_words(record.leaves(tree), spot))
    changed = _withheld(tree, spot, changes)
    notes = tuple((problem, (*record.base, *keys), changes[text]) for problem, keys, text in remarks)
    return attrs.evolve(
        record,
        raw=record.written(changed),
        element=None,
        notes=(*record.notes, *notes),
        tree=record.leaves(changed),
        struct=None,
        surveyed=(changed, ()),
        redacted=True,
    )


def is_marked(value: Tree, shape: Shape) -> bool:
    """Whether words were withheld from any text of a redacted record that a shape wants."""
    if isinstance(value, str):
        return WITHHELD in value
    if isinstance(value, list):
        return any(is_marked(element, shape) for element in value)
    if not isinstance(value, dict):
        return False
    for key, (many, below) in shape.members.items():
        found = value.get(key)
        keyed = many == "{}" and isinstance(found, dict)
        if found is not None and is_marked([*found.values()] if keyed else found, below):
            return True
    return False


class Changes(dict[str, str]):
    """Texts without e-mail addresses, telephone numbers and these names: `changes[text]`.

    Registers repeat themselves, so what became of a text is kept as long as its record is at work.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._names = Names({name for name in names if len(name) > 3})

    def __missing__(self, text: str) -> str:
        changed = text
        if "@" in text or "&#64;" in text or "(at)" in text:
            changed = _EMAIL.sub(WITHHELD, changed)
        if "+" in text or "00" in text:
            changed = _PHONE.sub(WITHHELD, changed)
        self[text] = changed = self._names.replace(changed, WITHHELD)
        return changed


_Route = tuple[tuple[str, str], ...]


class _Spot:
    """Which routes to persons lead on from a place in a document; there are as many spots as the table needs."""

    def __init__(self, routes: frozenset[_Route]) -> None:
        self.routes = routes
        self.ends = () in routes
        self.person = any(route and route[0][0] != "**" for route in routes)
        """Whether an object about a person is expected here."""
        self._named = {key for route in routes for key, _ in route[:2]}
        self._known: dict[tuple[str, bool], _Spot] = {}

    def below(self, key: str, value: Tree) -> "_Spot":
        """Return the spot of a member; all members that no route names have the same."""
        step = key if key in self._named else "", isinstance(value, dict)
        known = self._known.get(step)
        if known is None:
            rest = {rest for route in self.routes for rest in _below(route, *step)}
            known = self._known[step] = _spot(frozenset(rest))
        return known


@cache
def _spot(routes: frozenset[_Route]) -> _Spot:
    return _Spot(routes)


def _below(route: _Route, key: str, keyed: bool) -> Iterable[_Route]:
    """Give what is left of a route below a member; the ids of an object keyed by ids are a step of their own."""
    if not route:
        return
    step, many = route[0]
    if step == "**":
        yield route
        if len(route) > 1 and route[1][0] == key:
            yield route[2:]
    elif step in (key, "*"):
        yield (("*", ""), *route[1:]) if many == "{}" and keyed else route[1:]


def _words(value: Tree, spot: _Spot) -> Iterable[str]:
    """Give the strings at the ends of the routes."""
    if isinstance(value, list):
        for element in value:
            yield from _words(element, spot)
    elif isinstance(value, str):
        if spot.ends and value.strip():
            yield value.strip()
    elif isinstance(value, dict) and spot.routes:
        for key, below in value.items():
            yield from _words(below, spot.below(key, below))


def _withheld(value: Tree, spot: _Spot, changes: Changes) -> Tree:
    """Return a tree with all at the ends of the routes replaced, and all other strings and keys changed."""
    if spot.ends:
        return _all_withheld(value)
    if not spot.routes:
        return _changed(value, changes)
    if isinstance(value, list):
        return [_withheld(element, spot, changes) for element in value]
    if isinstance(value, dict):
        return {changes[key]: _withheld(below, spot.below(key, below), changes) for key, below in value.items()}
    if isinstance(value, str):
        # words where an object about a person should be are about a person
        return WITHHELD if value and spot.person else changes[value]
    return value


def _changed(value: Tree, changes: Changes) -> Tree:
    """Return a tree with all strings and keys changed."""
    if isinstance(value, str):
        return changes[value]
    if isinstance(value, dict):
        return {changes[key]: _changed(below, changes) for key, below in value.items()}
    if isinstance(value, list):
        return [_changed(element, changes) for element in value]
    return value


def _all_withheld(value: Tree) -> Tree:
    if isinstance(value, list):
        return [_all_withheld(element) for element in value]
    if isinstance(value, dict):
        return {key: _all_withheld(below) for key, below in value.items()}
    return value if value in (None, "") else WITHHELD
