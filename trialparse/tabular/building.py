"""Make tables of records, some records at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from trialparse.prepared import prepared
from trialparse.tabular.layout import layout, table_of
from trialparse.tabular.plans import Plan, plan_of
from trialparse.tabular.records import Given, Record, entry_of
from trialparse.tabular.rows import Chunk
from trialparse.tabular.schemas import schema

RECORDS = 64
"""Number of records that are held at a time."""

_ROWS = 65_536
_BYTES = 2**26
"""Number of rows, and of bytes, from which on a batch is handed over."""

_LARGEST_START = 2**62
"""The largest number to begin with; those of the records that follow have 64 bits, however many they are."""

_DIAGNOSTICS = "diagnostics"


def tables(records: Iterable[Given], *, only: Iterable[str] | None = None, start: int = 0) -> dict[str, pa.Table]:
    """Return the tables of records by name: all, or `only` some.

    `records` are what `read` gives, or any `Parsed`, `Combined`, `Trial` and `Failure`; they are numbered from `start`.
    Each may be a pair, of the name of its source and the record: `source` of `trials` and `diagnostics` has that name.
    `trials` has one row for each, also for one that could not be read: then `error` says why, and `diagnostics` where.
    To find diagnostics takes longer than to read a record; `only` without `diagnostics` does not look for them.
    A whole number beyond 64 bits, which no record that was read has, is null, and a diagnostic names it.
    Raises ValueError for an unknown table and for a `start` below 0 or near the end of 64 bits, TypeError for
    anything but records, for one record outside a list and for an `only` that is a text, and what `records` raises.
    """
    if isinstance(only, str):
        raise TypeError(f"only is a list of names, such as [{only!r}], not a text")
    _check(records, start)
    names = [table_of(name).name for name in (layout() if only is None else only)]
    found: dict[str, list[pa.RecordBatch]] = {name: [] for name in names}
    for chunk in _chunks(records, start, diagnose=_DIAGNOSTICS in found):
        for name, batches_of_one in found.items():
            if (batch := _plan(name).rows(chunk)) is not None:
                batches_of_one.append(batch)
    return {name: _joined(some, name) for name, some in found.items()}


def batches(records: Iterable[Given], table: str, *, start: int = 0) -> Iterator[pa.RecordBatch]:
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


def _batches(records: Iterable[Given], table: str, start: int) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for chunk in _chunks(records, start, diagnose=table == _DIAGNOSTICS):
        if (batch := _plan(table).rows(chunk)) is not None:
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


def _chunks(records: Iterable[Given], start: int, *, diagnose: bool) -> Iterator[Chunk]:
    """Yield the records, some at a time."""
    entries = (entry_of(record, number, diagnose=diagnose) for number, record in enumerate(records, start))
    while some := [*islice(entries, RECORDS)]:
        yield Chunk(some)


@prepared
def _plan(table: str) -> Plan:
    return plan_of(table_of(table))
