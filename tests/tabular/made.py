"""Trials with most fields filled, and what tables must hold of them, found by walking the model one value at a time."""

import enum
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any, NamedTuple

from trialparse import Trial
from trialparse.export.fields import Field, fields
from trialparse.generated.classes import has_fields
from trialparse.model.terms import Phase
from trialparse.model.values import PartialDate
from trialparse.strategies.trial import _SCALARS, make_date, make_trial
from trialparse.tabular.layout import Column, Table, layout
from trialparse.tabular.paths import full
from trialparse.tabular.records import entry_of

NUMBERS = {int: (0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63)), float: (0.0, 0.1, -1.5, 1e300, 5e-324)}


def filled(random: Random, share: float = 0.9) -> Trial:
    """Return a trial in which that share of all fields is filled."""
    made: Trial = _record(Trial, random, share)
    return made


def _record(cls: type, random: Random, share: float) -> Any:
    if cls is PartialDate:
        return make_date(random)
    chosen = [one for one in fields(cls) if one.required or random.random() < share]
    return cls(**{one.name: _value(one, random, share) for one in chosen})


def _value(field: Field, random: Random, share: float) -> Any:
    if field.container is None:
        return _item(field.kind, random, share)
    items = [_item(field.kind, random, share) for _ in range(random.choice((1, 1, 2)))]
    if field.container is frozenset:
        return frozenset({Phase.NOT_APPLICABLE}) if Phase.NOT_APPLICABLE in items else frozenset(items)
    return tuple(items)


def _item(kind: type, random: Random, share: float) -> Any:
    if issubclass(kind, enum.Enum):
        return random.choice(list(kind))
    if has_fields(kind):
        return _record(kind, random, share)
    return random.choice(NUMBERS[kind]) if kind in NUMBERS else _SCALARS[kind](random)


@cache
def trials() -> tuple[Trial, ...]:
    """Return 2,000 trials, most of them with a few fields."""
    return (
        *(make_trial(Random(seed)) for seed in range(1900)),
        *(filled(Random(seed), 0.3 + seed % 7 / 10) for seed in range(100)),
    )


# what tables must hold --------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A row that a table must have."""

    way: tuple[Any, ...]
    """The records that it is within, from that of the record on, one for each step; those of lists are their items."""
    places: dict[str, int]
    """Its place in each list on its path."""
    names: dict[str, str]
    """Which of several fields it is of, by the path up to there."""


def rows_of(table: Table, record: Any, number: int = 0) -> list[Row]:
    """Return the rows that a table must have for a record."""
    entry = entry_of(record, number, diagnose=True)
    written = full(table.rows).split(".") if table.rows else []
    return [*_rows(Row((entry,), {}, {}), written, "")]


def _rows(row: Row, written: list[str], before: str) -> Iterator[Row]:
    if not written:
        yield row
        return
    step, *rest = written
    path = f"{before}.{step}" if before else step
    name = step.removesuffix("[]")
    several = name == "*" or name.startswith("{")
    names = [one.name for one in fields(type(row.way[-1]))] if name == "*" else name.strip("{}").split(",")
    for one in names:
        value = getattr(row.way[-1], one)
        items = value if step.endswith("[]") else () if several and value is None else (value,)
        for place, item in enumerate(items):
            places = {**row.places, path: place} if step.endswith("[]") else row.places
            chosen = {**row.names, path: one} if several else row.names
            yield from _rows(Row((*row.way, item), places, chosen), rest, path)


def cell(column: Column, row: Row, table: Table) -> Any:
    """Return the value that a column must have in a row, as Arrow gives it."""
    path = full(column.path)
    if column.type == "index":
        return row.places[path]
    if column.type == "name":
        return row.names[path]
    if column.is_list and row.way[0].error is not None:
        return None
    written = path.split(".")
    taken = 0
    for one, other in zip(written, full(table.rows).split(".") if table.rows else [], strict=False):
        if one != other:
            break
        taken += 1
    found = _found(row.way[taken], written[taken:])
    if column.type == "date":
        return None if found is None else found.earliest()
    if column.type == "precision":
        return None if found is None else ("year", "month", "day")[str(found).count("-")]
    if "float" in column.type:  # durations may be whole numbers
        return [_float(one) for one in found] if column.is_list else _float(found)
    return found


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _found(value: Any, written: list[str]) -> Any:
    """Return what is at the end of a path, lists within lists as one."""
    if value is None:
        return None
    if not written:
        return _plain(value)
    step, *rest = written
    inner = getattr(value, step.removesuffix("[]"))
    if not step.endswith("[]"):
        return _found(inner, rest)
    items = [_found(item, rest) for item in inner]
    return [one for item in items for one in item] if any("[]" in one for one in rest) else items


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(one.value for one in value)
    return [*value] if isinstance(value, tuple) else value


def expected(table: Table, records: list[Any]) -> dict[str, list[Any]]:
    """Return the columns that a table of these records must have."""
    rows = [row for number, record in enumerate(records) for row in rows_of(table, record, number)]
    return {column.name: [cell(column, row, table) for row in rows] for column in table.columns}


TABLES = [*layout().values()]
OF_THE_MODEL = [table for table in TABLES if table.name != "diagnostics"]
