"""Tables as files: Parquet, and CSV that spreadsheets open without running a formula."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from trialparse.tabular.arrays import Array
from trialparse.tabular.sources import source_schema

_HELD = 4 << 20
"""Bytes of rows, of all tables together, that are held before they are written."""

_FORMULA = r"^[\s\x00]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r]"
"""How a cell begins that a spreadsheet takes for a formula, also in the wide signs of East Asian scripts."""
_NUMBER = r"^[+\-]?[0-9][0-9.,]*$"
"""A number with a sign is no formula."""


class Writer(Protocol):
    """Writes the batches of a table to a file."""

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write the end of the file, and leave the file open."""


def parquet(stream: BinaryIO, schema: pa.Schema) -> Writer:
    """Return a writer of Parquet."""
    writer: Writer = pq.ParquetWriter(stream, schema, compression="zstd")
    return writer


class csv:  # noqa: N801  it stands beside the function `parquet`
    """A writer of CSV with a header.

    A list is a text of JSON. A text that a spreadsheet would run as a formula has an apostrophe before it.
    """

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._schema = pa.schema([(field.name, _in_cells(field.type)) for field in schema])
        self._writer: Any = pc_csv.CSVWriter(stream, self._schema)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""
        columns = [_cells(column) for column in batch.columns]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


WRITERS: Mapping[str, Callable[[BinaryIO, pa.Schema], Writer]] = {"parquet": parquet, "csv": csv}
"""What writes a table, by the ending of its files."""


def write(pieces: Iterable[Mapping[str, pa.RecordBatch]], ending: str, opened: Callable[[str], BinaryIO]) -> None:
    """Write tables, each to the file that `opened` returns for its name; a table without rows gets no file.

    `pieces` are those of `sources.pieces`. Few rows are held at a time.
    """
    with ExitStack() as stack:
        writers: dict[str, Writer] = {}
        held: list[tuple[str, pa.RecordBatch]] = []
        size = 0
        for piece in pieces:
            held += piece.items()
            size += sum(batch.nbytes for batch in piece.values())
            if size >= _HELD:
                _write(held, writers, ending, opened, stack)
                held, size = [], 0
        _write(held, writers, ending, opened, stack)


def write_empty(table: str, ending: str, stream: BinaryIO) -> None:
    """Write a table without rows."""
    WRITERS[ending](stream, source_schema(table)).close()


def _write(
    held: list[tuple[str, pa.RecordBatch]],
    writers: dict[str, Writer],
    ending: str,
    opened: Callable[[str], BinaryIO],
    stack: ExitStack,
) -> None:
    by_table: dict[str, list[pa.RecordBatch]] = {}
    for name, batch in held:
        by_table.setdefault(name, []).append(batch)
    for name, batches in by_table.items():
        if name not in writers:
            writers[name] = WRITERS[ending](opened(name), source_schema(name))
            stack.callback(writers[name].close)
        [whole] = pa.Table.from_batches(batches).combine_chunks().to_batches()
        writers[name].write_batch(whole)


def _in_cells(kind: Any) -> Any:
    return pa.large_string() if pa.types.is_list(kind) else kind


def _cells(column: Array) -> Array:
    """Return a column as CSV has it."""
    if pa.types.is_list(column.type):
        return pa.array([None if value is None else _json(value) for value in column.to_pylist()], pa.large_string())
    return guarded(column) if pa.types.is_large_string(column.type) else column


def guarded(column: Array) -> Array:
    """Return texts with an apostrophe before each that a spreadsheet would run as a formula."""
    risky = pc.match_substring_regex(column, _FORMULA)
    number = pc.match_substring_regex(column, _NUMBER)
    marked = pc.binary_replace_slice(column, 0, 0, "'")
    made: Array = pc.if_else(pc.and_not(risky, number), marked, column)
    return made


def _json(value: list[Any]) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
