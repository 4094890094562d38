"""What tables hold is what the trials hold: each row is an item of a list, each value that of the model."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.tabular.made import OF_THE_MODEL, TABLES, expected, filled, rows_of, trials
from trialparse import Trial, parse, read, tabular
from trialparse import strategies as drawn
from trialparse.tabular.layout import Table

MADE = [filled(Random(seed)) for seed in range(12)]


@pytest.mark.parametrize("table", OF_THE_MODEL, ids=lambda table: table.name)
class TestEachTable:
    """Laws of each table over trials with nearly all fields."""

    def test_a_row_for_each_item(self, table: Table) -> None:
        counts = [len(rows_of(table, trial)) for trial in MADE]

        assert sum(counts) >= 5
        assert counts == [tabular.tables([trial], only=[table.name])[table.name].num_rows for trial in MADE]

    def test_each_value(self, table: Table) -> None:
        found = tabular.tables(MADE, only=[table.name])[table.name]

        assert expected(table, [*MADE]) == found.to_pydict()

    def test_each_column_has_values(self, table: Table) -> None:
        """What the laws compare is there: no column is empty throughout."""
        found = tabular.tables(trials()[1900:], only=[table.name])[table.name].to_pydict()
        of_trials = [column.name for column in table.columns if column.path[:1] != "@"]

        assert [] == [name for name in of_trials if not any(value not in (None, []) for value in found[name])]


class TestDrawnTrials:
    """The same over trials as Hypothesis draws them, all tables at once."""

    @few
    @given(st.lists(drawn.trials(), max_size=70), st.data())
    def test_all_tables(self, some: list[Trial], data: st.DataObject) -> None:
        table = data.draw(st.sampled_from(OF_THE_MODEL))
        found = tabular.tables(some, only=["trials", table.name])

        assert len(some) == found["trials"].num_rows
        assert expected(table, [*some]) == found[table.name].to_pydict()

    def test_records(self, record_file: Path) -> None:
        """Records of each fixture, with their diagnostics."""
        records = [*read(record_file)]
        found = tabular.tables(records)

        assert {table.name: expected(table, records) for table in TABLES} == {
            name: table.to_pydict() for name, table in found.items()
        }


class TestBatches:
    """Batches together are the table, and few records are held at a time."""

    @pytest.mark.parametrize("name", ["trials", "missing", "details", "results_outcome_values"])
    def test_together_they_are_the_table(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("trialparse.tabular.building._ROWS", 40)
        found = [*tabular.batches(trials(), name)]

        assert len(found) > 1
        assert [batch.num_rows for batch in found[:-1] if batch.num_rows < 40] == []
        assert tabular.tables(trials(), only=[name])[name].to_pydict() == {
            column: [value for batch in found for value in batch.column(column).to_pylist()]
            for column in tabular.schema(name).names
        }
        assert [tabular.schema(name)] * len(found) == [batch.schema for batch in found]

    def test_few_records_are_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A stream without an end: the first batch comes, and no more has been read than its rows need."""
        monkeypatch.setattr("trialparse.tabular.building._ROWS", 1000)
        taken = 0
        trial = parse("fixtures/ctis/immunostem.json").trial

        def stream() -> Iterator[Trial]:
            nonlocal taken
            while True:
                taken += 1
                yield trial

        batch = next(tabular.batches(stream(), "trials"))

        assert 1000 <= batch.num_rows < 1100
        assert taken == batch.num_rows

    def test_large_rows_end_a_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("trialparse.tabular.building._BYTES", 2**15)
        found = [*tabular.batches((Trial(public_title="x" * 1000) for _ in range(300)), "trials")]

        assert [64, 64, 64, 64, 44] == [batch.num_rows for batch in found]

    def test_a_table_without_rows_has_no_batch(self) -> None:
        assert [] == [*tabular.batches([Trial()], "countries")]
