"""Make tables of records: some records at a time, and of these column by column."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

import pyarrow as pa

from trialparse.prepared import prepared
from trialparse.tabular.arrays import Array, array_of, lists_of
from trialparse.tabular.layout import Column, layout, table_of
from trialparse.tabular.paths import GetLists, Values, along, lists_along, steps_of
from trialparse.tabular.records import Record, entry_of
from trialparse.tabular.rows import Chunk, Level, Rows, levels_of, rest_of
from trialparse.tabular.schemas import schema

_RECORDS = 64
"""Number of records that are held at a time."""

_ROWS = 65_536
_BYTES = 2**26
"""Number of rows, and of bytes, from which on a batch is handed over."""

_LARGEST_START = 2**62
"""The largest number to begin with; those of the records that follow have 64 bits, however many they are."""

_DIAGNOSTICS = "diagnostics"

Build: TypeAlias = Callable[[Sequence[Rows]], Array]
"""What makes a column from the items of each level."""


def tables(records: Iterable[Record], *, only: Iterable[str] | None = None, start: int = 0) -> dict[str, pa.Table]:
    """Return the tables of records by name: all, or `only` some.

    `records` are what `read` gives, or any `Parsed`, `Combined`, `Trial` and `Failure`; they are numbered from `start`.
    `trials` has one row for each, also for one that could not be read: then `error` says why, and `diagnostics` where.
    To find diagnostics takes longer than to read a record; `only` without `diagnostics` does not look for them.
    A whole number beyond 64 bits, which no record that was read has, is null, and a diagnostic names it.
    Raises ValueError for a name that is no table's and for a `start` below 0 or near the end of 64 bits, TypeError for
    what is no record, for one record that is in no list and for an `only` that is a text, and what `records` raises.
    """
    if isinstance(only, str):
        raise TypeError(f"only is a list of names, such as [{only!r}], not a text")
    _check(records, start)
    names = [table_of(name).name for name in (layout() if only is None else only)]
    found: dict[str, list[pa.RecordBatch]] = {name: [] for name in names}
    for chunk in _chunks(records, start, diagnose=_DIAGNOSTICS in found):
        for name, batches_of_one in found.items():
            batches_of_one += filter(len, [_batch(chunk, name)])
    return {name: _joined(some, name) for name, some in found.items()}


def batches(records: Iterable[Record], table: str, *, start: int = 0) -> Iterator[pa.RecordBatch]:
    """Return the rows of one table batch by batch; few records are held at a time, so a stream may be of any length.

    A batch has some 65,000 rows or 64 MB, the last one fewer. For records and errors see `tables`.
    """
    _check(records, start)
    return _batches(records, table_of(table).name, start)


def _check(records: object, start: int) -> None:
    """Raise TypeError for one record in place of several, ValueError for a number that no column can begin with."""
    if isinstance(records, Record):
        raise TypeError(f"tables are made of several records, such as a list, not of one {type(records).__name__}")
    if not 0 <= start <= _LARGEST_START:
        raise ValueError(f"start is a number from 0 to {_LARGEST_START}, not {start}")


def _batches(records: Iterable[Record], table: str, start: int) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for chunk in _chunks(records, start, diagnose=table == _DIAGNOSTICS):
        batch = _batch(chunk, table)
        if len(batch):
            waiting.append(batch)
            rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= _ROWS or size >= _BYTES:
            yield from _as_one(waiting)
            waiting, rows, size = [], 0, 0
    yield from _as_one(waiting)


def _joined(some: list[pa.RecordBatch], name: str) -> pa.Table:
    """Return batches as one table of one piece."""
    table = pa.Table.from_batches(some, schema(name))
    return table.combine_chunks() if len(some) > 1 else table


def _as_one(waiting: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches as one; nothing if there are none."""
    if waiting:
        yield from pa.Table.from_batches(waiting).combine_chunks().to_batches()


def _chunks(records: Iterable[Record], start: int, *, diagnose: bool) -> Iterator[Chunk]:
    """Yield the records, some at a time."""
    entries = (entry_of(record, number, diagnose=diagnose) for number, record in enumerate(records, start))
    while some := [*islice(entries, _RECORDS)]:
        yield Chunk(some)


def _batch(chunk: Chunk, table: str) -> pa.RecordBatch:
    """Return the rows of a table that some records have."""
    levels, columns = _plan(table)
    rows = chunk.rows(levels)
    if not rows[-1].items:
        return _empty(table)
    return pa.RecordBatch.from_arrays([build(rows) for build in columns], schema=schema(table))


@prepared
def _empty(table: str) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema(table))


@prepared
def _plan(table: str) -> tuple[tuple[Level, ...], tuple[Build, ...]]:
    """Return the levels of a table, and what makes its columns."""
    levels = levels_of(table_of(table).rows)
    return levels, tuple(_builder(column, levels) for column in table_of(table).columns)


def _builder(column: Column, levels: Sequence[Level]) -> Build:
    """Return what makes a column."""
    level, taken = rest_of(column.path, levels)
    kind, names = column.type, levels[level].names
    if kind == "index":
        return lambda rows: array_of(_repeated(rows[level].positions, rows, level), kind)
    if kind == "name":
        return lambda rows: array_of(
            _repeated([names[slot % len(names)] for slot in rows[level].slots], rows, level), kind
        )
    steps = steps_of(column.path)[taken:]
    if column.is_list:
        get_lists = lists_along(steps)
        if level:
            return lambda rows: lists_of(*get_lists(rows[level].items), kind)
        return lambda rows: _of_records(rows[0].items, get_lists, kind)
    get = along(steps)
    return lambda rows: array_of(_repeated(get(rows[level].items), rows, level), kind)


def _of_records(entries: Values, get_lists: GetLists, kind: str) -> Array:
    """Return lists of records; null for one that could not be read, which is no trial whose list is empty."""
    begins, items = get_lists(entries)
    unread = {at for at, entry in enumerate(entries) if entry.error is not None}
    return lists_of([None if at in unread else begin for at, begin in enumerate(begins)], items, kind)


def _repeated(values: Values, rows: Sequence[Rows], level: int) -> Values:
    """Return the values of a level above that of the rows, each once for each of its rows."""
    for below in rows[level + 1 :]:
        values = [values[parent] for parent in below.parents]
    return values
