"""Tables whose rows name their sources, so that they are the same however the work is divided."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from trialparse.parsing.parsed import Failure, Outcome
from trialparse.prepared import prepared
from trialparse.tabular.building import RECORDS
from trialparse.tabular.layout import Column, layout, table_of
from trialparse.tabular.plans import Plan, plan_of
from trialparse.tabular.records import Entry, entry_of
from trialparse.tabular.rows import Chunk

_SOURCE = Column("source", "string", "@source", trds="-")
"""The first column of each of these tables."""

_DIAGNOSTICS = "diagnostics"

_COLUMNS = {
    "@source": "Name of the source.",
    "@record": "The record: its index in its source, from 0.",
    "@error": "Always null: a record that could not be read has a row in `diagnostics` only.",
    "@failed": "Always null, as `error` is.",
}
_TABLES = {"trials": "A record that was read, with its main values."}
"""What these columns and tables mean, where that differs from `tables`."""


def pieces(
    found: Iterable[tuple[str, Outcome]],
    only: Iterable[str] | None = None,
    *,
    diagnose: bool = True,
    at_once: int = RECORDS,
) -> Iterator[dict[str, pa.RecordBatch]]:
    """Yield the rows of records, some records `at_once`: those of each table by its name, of all or `only` some.

    `found` has the name of its source with each record. The rows differ from those of `tables` in three ways:
    their first column is the source, `record` is the index of the record in its source, and a record that could
    not be read has a row in `diagnostics` only. `source` and `record` join the tables.
    Without `diagnose` only such records have rows in `diagnostics`.
    A table without rows in a piece is left out of it. Raises ValueError for an unknown table, and what `found` raises.
    """
    names = [table_of(name).name for name in (layout() if only is None else only)]
    return _pieces(found, names, at_once, diagnose=diagnose and _DIAGNOSTICS in names)


def source_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table whose first column is the source; raises ValueError if there is none."""
    return _plan(table_of(table).name).schema


def _pieces(
    found: Iterable[tuple[str, Outcome]], names: list[str], at_once: int, *, diagnose: bool
) -> Iterator[dict[str, pa.RecordBatch]]:
    entries = (_entry(source, outcome, diagnose) for source, outcome in found)
    while some := [*islice(entries, at_once)]:
        all_of_them, read = Chunk(some), Chunk([entry for entry in some if entry.error is None])
        rows = {name: _plan(name).rows(all_of_them if name == _DIAGNOSTICS else read) for name in names}
        yield {name: batch for name, batch in rows.items() if batch is not None}


def _entry(source: str, outcome: Outcome, diagnose: bool) -> Entry:
    if isinstance(outcome, Failure):
        return entry_of((source, outcome), outcome.index, diagnose=True)
    return entry_of((source, outcome), outcome.place.record, diagnose=diagnose)


@prepared
def _plan(name: str) -> Plan:
    """Return how a table is made whose first column is the source."""
    table = table_of(name)
    others = [column for column in table.columns if column.path != _SOURCE.path]
    columns = [column._replace(meaning=_COLUMNS.get(column.path, column.meaning)) for column in (_SOURCE, *others)]
    plan = plan_of(table._replace(columns=(*columns,), meaning=_TABLES.get(name, table.meaning)))
    return plan._replace(schema=plan.schema.set(0, plan.schema.field(0).with_nullable(False)))
