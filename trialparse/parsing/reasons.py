"""Reasons: a copy or a label is ignored rightly only where the record has what it repeats."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, cast

import attrs

from trialparse.diagnostics import WITHHELD
from trialparse.generated.classes import define, frozen
from trialparse.mapping import compiled
from trialparse.mapping.plan import ItemSource, RecordPlan, joined_sources, key_of, whole_key
from trialparse.mapping.rows import BY, CARRIED_OVER, PLAIN, Row, fold, target_of
from trialparse.mapping.verbs import format_number
from trialparse.prepared import prepared
from trialparse.readers.paths import Keys, Path, resolved
from trialparse.readers.shapes import TEXT, Tree


@frozen
class Claim:
    """The claim of a row on the leaves that it ignores: another path has the original."""

    reason: str
    """The reason, as the audit lists it."""
    path: Path
    """The path of the leaves, or of what is around them."""
    original: Path
    same: bool
    """Whether the original has the same value."""
    by: str
    """The key of the date that shows which version is earlier; empty if none does."""
    joined: tuple[ItemSource, ItemSource] | None
    """The sources of one list that leaf and original are in; a join brings their elements together by key."""

    def refuted(self, nodes: "Nodes", verdict: Callable[[Keys], str]) -> Iterator[tuple[Keys, Tree]]:
        """Yield keys and value of each leaf, ignored for this reason, whose original a record does not have."""
        if self.reason == CARRIED_OVER:
            yield from self._not_repeated(nodes, verdict)
            return
        tree = nodes.tree
        originals: Mapping[object, _Originals] = self._joined(nodes) if self.joined else _Near(tree, self)
        for keys, node in nodes.at(self.path):
            if node is None or node == "":
                continue
            found = originals[_key(tree, self._keys[0], keys) if self.joined else self._shared(keys)]
            later = bool(self.by) and _date(tree, keys, self.by) > (found.date or _LATEST)
            if found.nodes and not self.same and not later:
                continue
            for inside, leaf in _filled(node, keys):
                if not found.repeat(leaf) and verdict(inside) == self.reason:
                    yield inside, leaf

    def _not_repeated(self, nodes: "Nodes", verdict: Callable[[Keys], str]) -> Iterator[tuple[Keys, Tree]]:
        """Yield keys and value of each leaf that is carried over from nowhere: no leaf that is read equals it."""
        found = [leaf for keys, node in nodes.at(self.path) for leaf in _filled(node, keys)]
        read = {_compared(leaf) for keys, leaf in found if verdict(keys) != self.reason}
        for keys, leaf in found:
            if verdict(keys) == self.reason and _compared(leaf) not in read and not _is_withheld(leaf):
                yield keys, leaf

    def _joined(self, nodes: "Nodes") -> "defaultdict[object, _Originals]":
        """Return the originals of a record by the key of their element; an element without a key has none."""
        grouped = defaultdict[object, _Originals](_Originals)
        for keys, node in nodes.at(self.original):
            key = _key(nodes.tree, self._keys[1], keys)
            if key is not None:
                grouped[key].add(node, _date(nodes.tree, keys, self.by) if self.by else "")
        return grouped

    @cached_property
    def _keys(self) -> tuple["_JoinKey", ...]:
        """For both sources of a join, the paths of the parts of its key from the record, and how they are compared."""
        return tuple(
            (tuple(resolved(one.absolute + part) for part in one.key), one.lookup) for one in self.joined or ()
        )

    @cached_property
    def _together(self) -> tuple[bool, ...]:
        """For each step that leaf and original have in common, whether it leads over an object keyed by ids."""
        steps = zip(self.path, self.original, strict=False)
        common = itertools.takewhile(lambda both: both[0].key == both[1].key, steps)
        return tuple(step.many == "{}" for step, _ in common)

    def _shared(self, keys: Keys) -> Keys:
        """Return the keys of the element that leaf and original are both in, if they are in one list."""
        end, length = 0, len(keys)
        for keyed in self._together:
            end += 1
            if end < length and (keyed or keys[end].__class__ is int):
                end += 1
        return keys[:end]


@define
class _Originals:
    """The originals that belong together."""

    nodes: list[Tree] = attrs.field(factory=list)
    date: str = ""
    """The latest date of them."""
    _leaves: set[Tree] | None = None
    _compared: set[str] | None = None
    _withheld: bool = False

    def add(self, node: Tree, date: str) -> None:
        """Add a node and its date, unless it is empty."""
        if next(_words(node), None) is not None:
            self.nodes.append(node)
            self.date = max(self.date, date)

    def repeat(self, leaf: Tree) -> bool:
        """Whether a leaf repeats one of them, as far as nothing is withheld."""
        if self._leaves is None:
            self._leaves = {leaf for node in self.nodes for leaf in _words(node)}
            self._withheld = any(map(_is_withheld, self._leaves))
        if leaf in self._leaves or self._withheld or _is_withheld(leaf):
            return True
        if self._compared is None:
            self._compared = set(map(_compared, self._leaves))
        return leaf in self._compared or _compared(leaf) in self._compared


class _Near(dict[object, _Originals]):
    """The originals of a record by the keys of the element that they are in; gathered where they are asked for."""

    def __init__(self, tree: Tree, claim: Claim) -> None:
        self._tree, self._claim = tree, claim

    def __missing__(self, keys: Any) -> _Originals:
        found = self[keys] = _Originals()
        for at, node in nodes_beside(self._tree, self._claim.original, keys):
            found.add(node, _date(self._tree, at, self._claim.by) if self._claim.by else "")
        return found


def refuted(
    nodes: "Nodes", claims: Iterable[Claim], verdict: Callable[[Keys], str]
) -> Iterator[tuple[Keys, Tree, str]]:
    """Yield keys and value of each leaf that is ignored for a reason that is not true of this record, with the reason.

    Its words are then in no value of the Trial. `verdict` is why a leaf is ignored.
    """
    for claim in claims:
        for keys, leaf in claim.refuted(nodes, verdict):
            yield keys, leaf, claim.reason


@prepared
def claims_of(mapping: compiled.Mapping) -> tuple[Claim, ...]:
    """Return the claims of the rows of a mapping on the leaves that they ignore as copies and labels."""
    return tuple({(claim.path, claim.reason): claim for claim in _claims(mapping.rows, mapping.plan)}.values())


def _claims(rows: Iterable[Row], plan: RecordPlan) -> Iterator[Claim]:
    lists = list(joined_sources(plan))
    for row in rows:
        if row.verb == "ignore" and row.argument == CARRIED_OVER:
            yield Claim(row.argument, row.path, row.path, same=True, by="", joined=None)
        if row.verb != "ignore" or row.argument in PLAIN or row.path[0].key == "**" or "empty" in row.marks:
            continue
        path = row.path[:-1] if row.path[-1].key == "**" else row.path
        original = target_of(row.argument)
        pairs = ((_around(path, sources), _around(original, sources)) for sources in lists)
        joined = next(((one, other) for one, other in pairs if one and other and one is not other), None)
        same, by = row.argument.startswith("duplicate of "), row.argument.partition(BY)[2]
        yield Claim(row.argument, path, original, same, by, joined)


def _around(path: Path, sources: Iterable[ItemSource]) -> ItemSource | None:
    """Return the source whose elements hold a path."""
    return next((one for one in sources if path[: len(one.absolute)] == one.absolute), None)


_JoinKey = tuple[tuple[Path, ...], Mapping[str, Any] | None]
"""The paths of the parts of a join key, from the record, and the code list through which they are compared."""


def _key(tree: Tree, key: _JoinKey, keys: Keys) -> object:
    """Return the join key of the element that holds `keys`; None if it has none."""
    paths, lookup = key
    found = [nodes_beside(tree, path, keys) for path in paths]
    return whole_key([key_of(nodes[0][1], lookup) if nodes else None for nodes in found])


Found = list[tuple[Keys, Tree]]
"""Nodes of a record, each with its keys."""


@define
class _Level:
    """The nodes at a path, and the paths below it that were asked for."""

    found: Found
    below: dict[tuple[str, str], "_Level"] = attrs.field(factory=dict)


class Nodes:
    """The nodes of a record by path; many paths begin alike, and each beginning is walked once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._root = _Level([((), tree)])

    def at(self, path: Path) -> Found:
        """Return keys and value of each node at a path."""
        level = self._root
        for step in path:
            if step.opener or not level.found:
                break
            way = step.key, step.many
            below = level.below.get(way)
            if below is None:
                below = level.below[way] = _Level(_below(level.found, *way, ()))
            level = below
        return level.found


def nodes_beside(tree: Tree, path: Path, beside: Keys) -> Found:
    """Return keys and value of each node at a path, in the elements of the lists that `beside` leads through."""
    found, rest = _along(tree, path, beside)
    for step in rest:
        if step.opener:
            break
        found = _below(found, step.key, step.many, beside)
    return found


def _along(tree: Tree, path: Path, beside: Keys) -> tuple[Found, Path]:
    """Return the node at which a path and keys that lead through the tree part, and the rest of the path."""
    node, at, length = tree, 0, len(beside)
    for done, step in enumerate(path):
        if at == length or beside[at] != step.key or step.opener or not isinstance(node, dict):
            return [(beside[:at], node)], path[done:]
        value = node[step.key]
        if isinstance(value, list) or (step.many == "{}" and isinstance(value, dict)):
            if at + 1 == length:
                return [(beside[:at], node)], path[done:]
            at += 1
            own: Any = beside[at]
            value = value[own]
        node, at = value, at + 1
    return [(beside[:at], node)], ()


def _below(found: Found, name: str, many: str, beside: Keys) -> Found:
    """Return the nodes one step below some."""
    below: Found = []
    for keys, node in found:
        if not isinstance(node, dict) or name not in node:
            if name == TEXT and isinstance(node, str):
                below.append((keys, node))
            continue
        here, value = (*keys, name), node[name]
        if not isinstance(value, list) and not (many == "{}" and isinstance(value, dict)):
            below.append((here, value))
            continue
        if beside[: len(here)] == here and len(beside) > len(here):
            own: Any = beside[len(here)]
            below.append(((*here, own), value[own]))
            continue
        members: Iterable[tuple[str | int, Tree]] = enumerate(value) if isinstance(value, list) else value.items()
        below += [((*here, key), member) for key, member in members]
    return below


def _words(tree: Tree) -> Iterator[Tree]:
    """Yield each leaf that is not empty, in any order."""
    if tree.__class__ is str:  # most nodes are texts
        if tree:
            yield tree
        return
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif node is not None and node != "":
            yield node


def _filled(tree: Tree, keys: Keys = ()) -> Iterator[tuple[Keys, Tree]]:
    """Yield keys and value of each leaf that is not empty."""
    if tree.__class__ is str:  # most nodes are texts
        if tree:
            yield keys, tree
        return
    stack: list[tuple[Keys, Tree]] = [(keys, tree)]
    while stack:
        here, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(((*here, key), below) for key, below in node.items())
        elif isinstance(node, list):
            stack.extend(((*here, index), below) for index, below in enumerate(node))
        elif node is not None and node != "":
            yield here, node


def _date(tree: dict[str, Tree], keys: Keys, name: str) -> str:
    """Return the ISO date of this name in the nearest object around `keys`; empty if there is none."""
    found, node = tree.get(name), cast(Tree, tree)
    for key in keys:
        node = node[key]
        found = node.get(name, found) if isinstance(node, dict) else found
    return _compared(found) if isinstance(found, str) and _ISO.fullmatch(found.strip()) else ""


_ISO = re.compile(r"(\d{4}-\d\d-\d\d)([t ]\d\d:[\d:.]*(z|[+-]\d\d:?\d\d)?)?", re.ASCII | re.IGNORECASE)
"""A day, or a time on it."""
_LATEST = "9999"


def _compared(value: Tree) -> str:
    """Return the form in which a copy and its original are compared; of a time, that is the day."""
    text = fold(value if isinstance(value, str) else format_number(value))
    day = _ISO.fullmatch(text)
    return text if day is None else day[1]


def _is_withheld(leaf: Tree) -> bool:
    """Whether words are withheld from a leaf."""
    return isinstance(leaf, str) and WITHHELD in leaf
