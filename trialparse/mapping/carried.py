"""What the records of a format carry: fields of the Trial that no row of its tables reads are not carried."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import attrs

from trialparse.mapping.rows import Row
from trialparse.model import Trial

FIELD = "not_carried"
"""The field of the Trial that lists the fields that are not carried."""

_ABOUT = frozenset({FIELD, "missing"})
"""Fields that are about other fields."""


def not_carried(rows: Iterable[Row], columns: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the fields, and fields of records within the Trial, that no row reads, in the order of the model.

    With `columns`, only rows count that read one of these columns, or none.
    """
    read: set[str] = set()
    for row in rows:
        if row.verb != "ignore" and _is_there(row, columns):
            path = row.field.replace("[]", "")
            read |= {path, *(path[:at] for at, sign in enumerate(path) if sign == ".")}
    return tuple(_unread(Trial, "", read))


def carried_by_none(lists: Iterable[Collection[str]]) -> tuple[str, ...]:
    """Return the fields that are on each list, by themselves or with what holds them, in the order of the model.

    >>> carried_by_none([("design", "sites"), ("design.region", "sites", "url")])
    ('design.region', 'sites')
    """
    found = list(lists)
    lacked = {path for path in _all(Trial, "") if all(any(one in each for one in _upwards(path)) for each in found)}
    return tuple(_unread(Trial, "", set(_all(Trial, "")) - lacked))


def _all(cls: Any, prefix: str) -> Iterator[str]:
    """Yield the fields of a record and of the records within it."""
    for field in attrs.fields(cls):
        yield prefix + field.name
        if isinstance(field.type, type) and attrs.has(field.type):
            yield from _all(field.type, f"{prefix}{field.name}.")


def _upwards(path: str) -> Iterator[str]:
    """Yield a path and the paths of what holds it."""
    yield path
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _is_there(row: Row, columns: Collection[str] | None) -> bool:
    """Whether a row reads something that the source has."""
    firsts = [path[0].key for path in row.paths if path]
    return columns is None or not firsts or any(first in columns for first in firsts)


def _unread(cls: Any, prefix: str, read: Collection[str]) -> Iterator[str]:
    for field in attrs.fields(cls):
        path = prefix + field.name
        if path in _ABOUT:
            continue
        if path not in read:
            yield path
        elif isinstance(field.type, type) and attrs.has(field.type):
            yield from _unread(field.type, f"{path}.", read)
