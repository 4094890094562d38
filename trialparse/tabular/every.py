"""The rows of all tables in one: a column for the name of the table, and one for each column name and type."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import pyarrow as pa

from trialparse.prepared import prepared
from trialparse.tabular.layout import layout, table_of
from trialparse.tabular.sources import source_schema

_Field: TypeAlias = "pa.Field[Any]"

TABLE = "table"
"""The first column: the name of the table that a row is of."""

_MEANING = {"meaning": "Name of the table that the row is of."}


@prepared
def every_schema() -> pa.Schema:
    """Return the schema of the rows of all tables.

    A column of one name has one type; where tables have several types under one name, the column has the name of its
    table before it: `periods_number`. What a column means is kept where it means the same in all tables.
    """
    tables = [*layout()]
    found: dict[str, list[_Field]] = {}
    for table in tables:
        for name, own in columns_of(table).items():
            found.setdefault(name, []).append(source_schema(table).field(own))
    joined = [_joined(name, fields, everywhere=len(fields) == len(tables)) for name, fields in found.items()]
    return pa.schema([pa.field(TABLE, pa.large_string(), nullable=False, metadata=_MEANING), *joined])


@prepared
def columns_of(table: str) -> Mapping[str, str]:
    """Return the columns of a table: their names among those of all tables, with their names in the table."""
    torn = _of_several_types()
    names = source_schema(table_of(table).name).names
    return {f"{table}_{name}" if name in torn else name: name for name in names}


def as_every(table: str, rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows of a table with the columns of all tables; those of other tables are null."""
    count, schema = rows.num_rows, every_schema()
    own = {name: rows.column(column) for name, column in columns_of(table).items()}
    own[TABLE] = pa.repeat(pa.scalar(table, pa.large_string()), count)
    kinds: set[Any] = {*schema.types}
    nothing = {kind: pa.nulls(count, kind) for kind in kinds}
    return pa.RecordBatch.from_arrays([own.get(field.name, nothing[field.type]) for field in schema], schema=schema)


def _joined(name: str, fields: list[_Field], *, everywhere: bool) -> _Field:
    """Return the one column for these fields of several tables."""
    first = fields[0]
    same = all(field.metadata == first.metadata for field in fields)
    filled = everywhere and not any(field.nullable for field in fields)
    return pa.field(name, first.type, nullable=not filled, metadata=first.metadata if same else None)


@prepared
def _of_several_types() -> frozenset[str]:
    """Return the names under which tables have columns of several types."""
    types: dict[str, set[pa.DataType]] = {}
    for table in layout():
        for field in source_schema(table):
            types.setdefault(field.name, set()).add(field.type)
    return frozenset(name for name, found in types.items() if len(found) > 1)
