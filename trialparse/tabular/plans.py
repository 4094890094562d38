"""How a table is made of some records: column by column."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from trialparse.tabular.arrays import Array, array_of, lists_of
from trialparse.tabular.layout import Column, Table
from trialparse.tabular.paths import GetLists, Values, along, lists_along, steps_of
from trialparse.tabular.rows import Chunk, Level, Rows, levels_of, rest_of
from trialparse.tabular.schemas import schema_of

Build: TypeAlias = Callable[[Sequence[Rows]], Array]
"""What makes a column from the items of each level."""


class Plan(NamedTuple):
    """How a table is made."""

    schema: pa.Schema
    levels: tuple[Level, ...]
    """The lists on the way to its rows."""
    builds: tuple[Build, ...]
    """What makes each column."""

    def rows(self, chunk: Chunk) -> pa.RecordBatch | None:
        """Return the rows that some records have, None if they have none."""
        rows = chunk.rows(self.levels)
        if not rows[-1].items:
            return None
        return pa.RecordBatch.from_arrays([build(rows) for build in self.builds], schema=self.schema)


def plan_of(table: Table) -> Plan:
    """Return how a table is made."""
    levels = levels_of(table.rows)
    return Plan(schema_of(table), levels, tuple(_builder(column, levels) for column in table.columns))


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
    """Return lists of records; null, not an empty list, for a record that could not be read."""
    begins, items = get_lists(entries)
    unread = {at for at, entry in enumerate(entries) if entry.error is not None}
    return lists_of([None if at in unread else begin for at, begin in enumerate(begins)], items, kind)


def _repeated(values: Values, rows: Sequence[Rows], level: int) -> Values:
    """Return the values of a level above that of the rows, each once for each of its rows."""
    for below in rows[level + 1 :]:
        values = [values[parent] for parent in below.parents]
    return values
