"""The Arrow schema of each table: names, types, and what each column means, with its unit and its item of the TRDS."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from trialparse.export.schema import schema as shipped_schema
from trialparse.model import Trial
from trialparse.prepared import prepared
from trialparse.tabular.arrays import arrow_type
from trialparse.tabular.layout import Column, Table, layout, table_of
from trialparse.tabular.paths import Step, steps_of
from trialparse.tabular.rows import levels_of, rest_of

_TRDS = re.compile(r"TRDS (\d+(?:, \d+)*)")
_EXPLAINED = frozenset(("design", "status", "eligibility", "dates", "results"))
"""Records of a Trial whose fields explain themselves, without the words of the record."""
_NO_TERM = "None where no row of the table knows the word"
"""The model's words on an empty term, which `_in_tables` replaces: there, `table` would be misread."""


def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table.

    The metadata of a column has its `meaning`, its `path` in the Trial, and if there is one its `unit`, the item of the
    TRDS (`trds`) and the `vocabulary` of its terms.
    A `unit` that ends in `_unit` or `_units` is another column of the table, which has the unit of each value.
    Raises ValueError if there is no such table.
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

    def __repr__(self) -> str:
        return f"<schemas of {len(self)} tables: {', '.join(self)}>"


SCHEMAS: Mapping[str, pa.Schema] = _Schemas()
"""The Arrow schema of each table, by its name."""


@prepared
def _made(name: str) -> pa.Schema:
    return schema_of(layout()[name])


def schema_of(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table."""
    fields = [
        pa.field(column.name, arrow_type(column.type), nullable=not is_key(column), metadata=about(table, column))
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"table": table.name, "meaning": table.meaning})


def is_key(column: Column) -> bool:
    """Whether a column is never empty: the trial, the record, and the places in lists."""
    return column.type in ("index", "name") or column.path in ("@key", "@record")


def about(table: Table, column: Column) -> dict[str, str]:
    """Return the facts about a column: its meaning, path, unit, TRDS item and vocabulary, those that it has."""
    steps = steps_of(column.path)
    _, taken = rest_of(column.path, levels_of(table.rows))
    words = [_words().get((step.owner.__name__, " ".join(step.names)), "") for step in steps]
    items = [found for word in words for found in _TRDS.findall(word)]
    field = steps[-1].field
    facts = {
        "meaning": column.meaning or _in_tables(_own(column, steps[taken:], words[taken:])),
        "path": column.path,
        "unit": column.unit,
        "trds": (column.trds or (items[-1] if items else "")).removeprefix("-"),
        "vocabulary": field.kind.__name__ if field.is_term else "",
    }
    return {key: text for key, text in facts.items() if text}


def _own(column: Column, steps: Sequence[Step], words: Sequence[str]) -> str:
    """Return the model's words on the fields on the way from a row to a column."""
    if column.type == "index":
        [step] = steps_of(column.path)[-1:]
        return f"Place in {' or '.join(f'`{name}`' for name in step.names)}, from 0."
    *before, last = zip(steps, words, strict=True)
    own = [word for step, word in before if not (step.owner is Trial and step.field.name in _EXPLAINED)]
    lists = [step.field.name for step in steps[:-1] if step.many]
    parallel = f"One for each of `{lists[-1]}`, in this order; null where it has none." if lists else ""
    return " ".join(filter(None, [*own, last[1], parallel]))


def _in_tables(text: str) -> str:
    """Return the words of the model as they are true of tables: on one line, and with `null` for `None`."""
    return re.sub(r"\bNone\b", "null", " ".join(text.replace(_NO_TERM, "None where there is none").split()))


@prepared
def _words() -> dict[tuple[str, str], str]:
    """Return the model's words on each field, by its class and its name."""
    shipped = shipped_schema()
    classes = {shipped["title"]: shipped, **shipped["$defs"]}
    return {
        (cls, field): schema["description"]
        for cls, record in classes.items()
        for field, schema in record.get("properties", {}).items()
        if "description" in schema
    }
