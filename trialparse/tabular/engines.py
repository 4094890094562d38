"""Read sources that an engine such as Spark, Dask or Ray hands out in batches, and give it the rows of their tables."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.types as kinds

from trialparse.diagnostics import Place, TrialParseError, UnrecognisedFormat
from trialparse.generated.classes import frozen
from trialparse.limits import Limits
from trialparse.parsing.calls import read
from trialparse.parsing.parsed import Failure, Outcome
from trialparse.tabular.arrays import Array
from trialparse.tabular.every import as_every, columns_of, every_schema
from trialparse.tabular.layout import table_of
from trialparse.tabular.sources import pieces, source_schema

_ROWS = 2**16
_BYTES = 2**24
"""Number of rows, and of bytes, that a batch has at most; one row may have more bytes."""

_TEXTS = (kinds.is_string, kinds.is_large_string, kinds.is_string_view, kinds.is_null)
_BYTE_STRINGS = (kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view, kinds.is_fixed_size_binary)
_COLUMNS = {"source": _TEXTS, "content": (*_TEXTS, *_BYTE_STRINGS)}
"""The columns that are read, and what their values may be."""

_DECLARED = re.compile(rb"<[^<>]{0,200}?\b(?:encoding|charset)\s*=\s*[\"']?(?!utf-?8\b)", re.IGNORECASE)
"""What declares, at the beginning of XML or HTML, that it is in another encoding than UTF-8."""
_BEGINNING = 1024
_BYTE_ORDER_MARK = "\ufeff".encode()


def mapper(
    table: str | None = None,
    *,
    format: str | None = None,
    limits: Limits = Limits(),
    contacts: bool = True,
    results: bool = True,
    language: str | None = None,
    as_of: datetime.date | None = None,
    records_at: str | None = None,
) -> "Mapper":
    """Return a function from batches of sources to rows of a table, or of all tables, for Spark, Dask or Ray.

    The other arguments are those of `read`, for each source. Raises ValueError and TypeError as `read` does, and
    ValueError for an unknown table.
    """
    reading = partial(
        read,
        format=format,
        limits=limits,
        contacts=contacts,
        results=results,
        language=language,
        as_of=as_of,
        records_at=records_at,
    )
    reading(b"")  # it checks the arguments, and reads nothing yet
    return Mapper(None if table is None else table_of(table).name, reading)


@frozen(repr=False, eq=False)
class Mapper:
    """Sources in, rows out: `Iterator[RecordBatch] -> Iterator[RecordBatch]`, which is what Spark's `mapInArrow` takes.

    It reads the columns `source`, the name of a source, and `content`, its bytes or its text; it ignores others.
    A content is what `read` takes as bytes: one record or many, plain, gzip or zip. A text is UTF-8, whatever the
    encoding that it declares. A name that is null is an empty text.

    Each row has the name of its source, and as `record` the index of the record there; these two join the tables.
    A record that could not be read has a row in `diagnostics` and in no other table. So has a source that cannot be
    read, or whose content is null; after the records that could be read before, its row has the index that follows.
    It raises only ValueError and TypeError, for columns that are missing or of another type.

    Without a `table` the rows are those of all tables, from reading once: `table` has the name of the table of a row.
    `columns` lists the columns of a table; in its rows all others are null.
    A mapper can be pickled, and is small.
    """

    table: str | None
    """The name of the table, None for all."""
    _read: Callable[[memoryview], Iterator[Outcome]]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the rows."""
        return every_schema() if self.table is None else source_schema(self.table)

    def columns(self, table: str) -> Mapping[str, str]:
        """Return the columns of a table: their names in these rows, with their names in the table.

        They differ where tables have columns of several types under one name: `periods_number` is `number` of
        `periods`.
        Raises ValueError if there are no rows of such a table.
        """
        if self.table is None:
            return columns_of(table)
        if table != self.table:
            raise ValueError(f"the rows are of {self.table!r}, not of {table!r}")
        return {name: name for name in self.schema.names}

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of these sources; a batch has at most 65,536 rows and 16 MiB, unless it is a single row."""
        # a column takes some 8 bytes of each row, even where it is null
        most = min(_ROWS, _BYTES // (8 * len(self.schema)))
        for waiting in _gathered(pieces(self._outcomes(batches), self.table and [self.table]), most):
            each = [pa.Table.from_batches(some).combine_chunks().to_batches() for some in waiting.values()]
            if self.table is None:
                each = [[as_every(table, rows) for rows in some] for table, some in zip(waiting, each, strict=True)]
            whole = pa.Table.from_batches([*chain.from_iterable(each)], self.schema)
            for batch in whole.combine_chunks().to_batches():
                yield from _cut(batch)

    def map_table(self, sources: pa.Table) -> pa.Table:
        """Return the rows of these sources as one table, for Ray's `map_batches` and for Dask."""
        _check(sources.schema)
        return pa.Table.from_batches(self(sources.to_batches()), self.schema).combine_chunks()

    def __repr__(self) -> str:
        """Return one line for a log."""
        return f"<Mapper of {self.table or 'all tables'}>"

    def _outcomes(self, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, Outcome]]:
        """Yield the records of these sources, each with the name of its source."""
        for batch in batches:
            _check(batch.schema)
            for source, content in zip(batch.column("source"), _contents(batch.column("content")), strict=True):
                name = source.as_py() or ""
                for outcome in self._of_one(content):
                    yield name, outcome

    def _of_one(self, content: memoryview | None) -> Iterator[Outcome]:
        """Yield the records of a source, and an error of the source as a whole as the last of them."""
        following = 0
        try:
            if content is None:
                raise UnrecognisedFormat("the content is null")
            for outcome in self._read(content):
                following = outcome.index + outcome.count if isinstance(outcome, Failure) else outcome.place.record + 1
                yield outcome
        except TrialParseError as error:
            yield Failure(index=following, place=Place(path="", record=following), error=error)


def _check(schema: pa.Schema) -> None:
    """Raise ValueError for columns that are missing or there twice, TypeError for those of another type."""
    for name, allowed in _COLUMNS.items():
        found = schema.get_all_field_indices(name)
        if len(found) != 1:
            columns = ", ".join(schema.names)
            raise ValueError(f"{len(found) or 'no'} columns are named {name!r}; it takes one, and there are {columns}")
        kind = _plain(schema.field(name).type)
        if not any(is_one(kind) for is_one in allowed):
            takes = "texts" if allowed is _TEXTS else "bytes or texts"
            raise TypeError(f"the column {name!r} takes {takes}, and is of type {schema.field(name).type}")


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values of a dictionary, or the type as it is."""
    return kind.value_type if isinstance(kind, pa.DictionaryType) else kind


def _contents(column: Array) -> Iterator[memoryview | None]:
    """Yield the bytes of each content; those of a text that declares another encoding are marked as UTF-8."""
    kind = _plain(column.type)
    is_text = any(is_one(kind) for is_one in _TEXTS)
    wide = pa.large_string() if is_text else pa.large_binary()
    if isinstance(column, pa.DictionaryArray):  # Arrow does not decode a dictionary of views
        values: Any = column.dictionary.cast(wide).take(column.indices)
    else:
        values = column.cast(wide)
    for value in values:
        buffer = value.as_buffer()
        if buffer is None:
            yield None
        elif is_text and _DECLARED.search(memoryview(buffer)[:_BEGINNING]):
            yield memoryview(_BYTE_ORDER_MARK + buffer.to_pybytes())
        else:
            yield memoryview(buffer)


def _gathered(found: Iterable[dict[str, pa.RecordBatch]], most: int) -> Iterator[dict[str, list[pa.RecordBatch]]]:
    """Yield the rows of each table, as many at a time as make a batch."""
    waiting: dict[str, list[pa.RecordBatch]] = {}
    rows = size = 0
    for piece in found:
        for table, batch in piece.items():
            waiting.setdefault(table, []).append(batch)
            rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= most or size >= _BYTES:
            yield waiting
            waiting, rows, size = {}, 0, 0
    yield waiting


def _cut(rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches that are small enough."""
    count = rows.num_rows
    if count > 1 and (count > _ROWS or rows.nbytes > _BYTES):
        yield from _cut(rows.slice(0, count // 2))
        yield from _cut(rows.slice(count // 2))
    else:
        yield rows
