"""What the records of a format carry: fields of the Trial that no row of its tables reads are not carried."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from trialparse.generated.classes import has_fields, outline_of
from trialparse.mapping.rows import Row
from trialparse.model import Trial
from trialparse.readers.paths import resolved
from trialparse.readers.shapes import Names, Tree

FIELD = "not_carried"
"""The field of the Trial that lists the fields that are not carried."""

_ABOUT = frozenset({FIELD, "missing"})
"""Fields that are about other fields."""


def not_carried(rows: Iterable[Row], columns: Collection[str] | None = None, *, table: bool = False) -> tuple[str, ...]:
    """Return the fields, and fields of records within the Trial, that no row reads, in the order of the model.

    With `columns`, the keys of a record, rows marked `regular` count only if one of their keys is there; in a `table`,
    whose records have all its columns, all rows are regular. A constant in the items of a list counts as nothing.
    """
    read: set[str] = set()
    for row in rows:
        if row.verb != "ignore" and _is_there(row, columns, table or "regular" in row.marks):
            path = row.field.replace("[]", "")
            read |= {path, *(path[:at] for at, sign in enumerate(path) if sign == ".")}
    return tuple(_unread(Trial, "", read))


def not_carried_in_part(rows: Iterable[Row], there: Collection[Names]) -> tuple[str, ...]:
    """Return the fields that a record does not carry which has only what was asked for, in the order of the model.

    `there` are the ways of keys, of those that the rows read, that lead to something in it.
    """
    return not_carried([row for row in rows if not (ways := ways_of(row)) or not ways.isdisjoint(there)])


def ways_of(row: Row) -> frozenset[Names]:
    """Return the keys that lead to what a row reads: those of its paths, up to a text that is opened.

    >>> from trialparse.readers.paths import parse_path
    >>> ways_of(Row(field="id", paths=(parse_path("a.b[].c|pairs[].name"),), verb="text"))
    frozenset({('a', 'b', 'c')})
    """
    paths = (itertools.takewhile(lambda step: not step.opener, resolved(path)) for path in row.paths)
    return frozenset(way for path in paths if (way := tuple(step.key for step in path)))


def ways_in(tree: Tree, ways: Iterable[Names]) -> frozenset[Names]:
    """Return those of some ways of keys that lead to something in a tree, in an element of each list on the way.

    >>> sorted(ways_in({"a": [{"b": 1}, {"c": None}]}, [("a", "b"), ("a", "c"), ("a", "d"), ("e",)]))
    [('a', 'b'), ('a', 'c')]
    """
    return frozenset(way for way in ways if _leads(tree, way))


def _leads(tree: Tree, way: Names) -> bool:
    if isinstance(tree, list) and way:
        return any(_leads(one, way) for one in tree)
    return not way or (isinstance(tree, dict) and way[0] in tree and _leads(tree[way[0]], way[1:]))


def carried_by_none(lists: Iterable[Collection[str]]) -> tuple[str, ...]:
    """Return the fields that are on each list, by themselves or with what holds them, in the order of the model.

    >>> carried_by_none([("design", "sites"), ("design.region", "sites", "url")])
    ('design.region', 'sites')
    """
    found = list(lists)
    lacked = {path for path in all_fields() if all(any(one in each for one in _upwards(path)) for each in found)}
    return tuple(_unread(Trial, "", set(all_fields()) - lacked))


def all_fields(cls: Any = Trial, prefix: str = "") -> Iterator[str]:
    """Yield the fields of a record and of the records within it, not those of the items of lists."""
    for name, (kind, _) in outline_of(cls).items():
        yield prefix + name
        if isinstance(kind, type) and has_fields(kind):
            yield from all_fields(kind, f"{prefix}{name}.")


def _upwards(path: str) -> Iterator[str]:
    """Yield a path and the paths of what holds it."""
    yield path
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _is_there(row: Row, columns: Collection[str] | None, regular: bool) -> bool:
    """Whether a row reads something that the source has."""
    firsts = keys_of(row)
    if not firsts:
        return "[]" not in row.field
    return columns is None or not regular or not firsts.isdisjoint(columns)


def keys_of(row: Row) -> frozenset[str]:
    """Return the keys of a record at which the paths of a row begin."""
    return frozenset(path[0].key for path in row.paths if path)


def _unread(cls: Any, prefix: str, read: Collection[str]) -> Iterator[str]:
    for name, (kind, _) in outline_of(cls).items():
        path = prefix + name
        if path in _ABOUT:
            continue
        if path not in read:
            yield path
        elif isinstance(kind, type) and has_fields(kind):
            yield from _unread(kind, f"{path}.", read)


class Carried(NamedTuple):
    """What records of a format hold within the items of lists."""

    rows: Counter[str]
    """How many rows read each field, such as `countries[].status.trial`."""
    holders: frozenset[str]
    """These fields and what holds them."""

    def has(self, path: str) -> bool:
        """Whether a row reads a field, something below it, or the value that it is a part of.

        What rows that make whole items put into them is not known, so such a row does not count.
        """
        whole = (one for one in _upwards(path) if not one.endswith("[]"))
        return path in self.holders or any(one in self.rows for one in whole)

    def is_thinner(self, other: "Carried", path: str) -> bool:
        """Whether records hold less of the items of a list than those of another format, and nothing else."""
        own, others = (
            Counter({field: rows for field, rows in one.rows.items() if field.startswith(f"{path}[]")})
            for one in (self, other)
        )
        return own.keys() <= others.keys() and own.total() < others.total()


def carried_in_items(rows: Iterable[Row]) -> Carried:
    """Return what records of a format hold within the items of lists."""
    read = Counter(row.field for row in rows if row.verb != "ignore" and "[]" in row.field)
    return Carried(read, frozenset(one for path in read for one in _upwards(path)))
