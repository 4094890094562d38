"""The Arrow schema of each table: names, types, and what each column means, with its unit and its item of the TRDS."""

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa

from trialparse.export.schema import schema as shipped_schema
from trialparse.prepared import prepared
from trialparse.tabular.arrays import arrow_type
from trialparse.tabular.layout import Column, Table, layout, table_of
from trialparse.tabular.paths import steps_of
from trialparse.tabular.rows import levels_of, rest_of

_TRDS = re.compile(r"TRDS (\d+(?:, \d+)*)")


def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table.

    The metadata of a column has its `meaning`, its `path` in the Trial, and if there is one its `unit`, the item of the
    TRDS (`trds`) and the `vocabulary` of its terms. Raises ValueError if there is no such table.
    """
    return SCHEMAS[table_of(table).name]


class _Schemas(Mapping[str, pa.Schema]):
    """The schemas by the names of the tables, each made at first use."""

    def __getitem__(self, table: str) -> pa.Schema:
        return _made(table)

    def __iter__(self) -> Iterator[str]:
        return iter(layout())

    def __len__(self) -> int:
        return len(layout())


SCHEMAS: Mapping[str, pa.Schema] = _Schemas()
"""The Arrow schema of each table, by its name."""


@prepared
def _made(name: str) -> pa.Schema:
    table = layout()[name]
    fields = [
        pa.field(column.name, arrow_type(column.type), nullable=not is_key(column), metadata=about(table, column))
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"table": name, "meaning": table.meaning})


def is_key(column: Column) -> bool:
    """Whether a column is never empty: the trial, the record, and the places in lists."""
    return column.type in ("index", "name") or column.path in ("@key", "@record")


def about(table: Table, column: Column) -> dict[str, str]:
    """Return what is said about a column: its meaning, path, unit, TRDS item and vocabulary, those that it has."""
    steps = steps_of(column.path)
    _, taken = rest_of(column.path, levels_of(table.rows))
    words = [_words().get((step.owner.__name__, " ".join(step.names)), "") for step in steps]
    place = f"Place in {' or '.join(f'`{name}`' for name in steps[-1].names)}, from 0."
    own = [place] if column.type == "index" else [] if column.type == "name" else words[taken:]
    items = [found for word in words for found in _TRDS.findall(word)]
    field = steps[-1].field
    said = {
        "meaning": column.meaning or " ".join(filter(None, own)),
        "path": column.path,
        "unit": column.unit,
        "trds": column.trds or (items[-1] if items else ""),
        "vocabulary": field.kind.__name__ if field.is_term else "",
    }
    return {key: text for key, text in said.items() if text}


@prepared
def _words() -> dict[tuple[str, str], str]:
    """Return what the model says about each field, by its class and its name."""
    shipped = shipped_schema()
    classes = {shipped["title"]: shipped, **shipped["$defs"]}
    return {
        (cls, field): said["description"]
        for cls, record in classes.items()
        for field, said in record.get("properties", {}).items()
        if "description" in said
    }
