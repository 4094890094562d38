"""Tables as files: Parquet, and CSV that spreadsheets open without running a formula."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from trialparse.tabular.arrays import Array
from trialparse.tabular.sources import source_schema

_FORMULA = r"^[\s\x00]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r]"
"""How a cell begins that a spreadsheet takes for a formula, also in the wide signs of East Asian scripts."""
_NUMBER = r"^[+\-]?[0-9][0-9.,]*$"
"""A number with a sign, which is not a formula."""


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


class Csv:
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


WRITERS: Mapping[str, Callable[[BinaryIO, pa.Schema], Writer]] = {"parquet": parquet, "csv": Csv}
"""What writes a table, by the ending of its files."""


def write(pieces: Iterable[Mapping[str, pa.RecordBatch]], ending: str, opened: Callable[[str], BinaryIO]) -> None:
    """Write tables, each to the file that `opened` returns for its name; a table without rows gets no file.

    `pieces` are those of `sources.pieces`. All rows are held before they are written, so a file does not depend on how
    many records a piece has.
    """
    held: dict[str, list[pa.RecordBatch]] = {}
    for piece in pieces:
        for table, batch in piece.items():
            batches = held.setdefault(table, [])
            batches.append(batch)
            if len(batches) == _BATCHES:
                held[table] = _joined(batches)
    for table in [*held]:
        with closing(WRITERS[ending](opened(table), source_schema(table))) as writer:
            for batch in _joined(held.pop(table)):
                writer.write_batch(batch)


_BATCHES = 64
"""How many batches are joined at a time: each takes some memory however few rows it has."""


def _joined(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """Return the rows of batches as one batch, or as few as can hold them."""
    return pa.Table.from_batches(batches).combine_chunks().to_batches()


def give_back_memory() -> None:
    """Let Arrow use the system's memory pool in this process: its own one keeps memory that it no longer needs."""
    pa.set_memory_pool(pa.system_memory_pool())


def write_empty(table: str, ending: str, stream: BinaryIO) -> None:
    """Write a table without rows."""
    WRITERS[ending](stream, source_schema(table)).close()


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
