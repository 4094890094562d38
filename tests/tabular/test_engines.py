"""pandas, polars, DuckDB and Parquet take the tables as they are: 2,000 records, equal values in each."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import fixture_files, refused
from tests.tabular.made import trials
from trialparse import read, tabular

duckdb, pd, pl = (
    pytest.importorskip(name, reason=f"needs {name}: pip install 'trialparse[programs]'")
    for name in ("duckdb", "pandas", "polars")
)

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """Return the tables of 2,000 trials; and that of the diagnostics of the fixtures, as those trials have none."""
    records = (record for path in fixture_files() if not refused(path) for record in read(path))
    return tabular.tables(trials()) | tabular.tables(records, only=["diagnostics"])


def by_pandas(table: pa.Table) -> dict[str, list[Any]]:
    """Return the columns that pandas has."""
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return {name: [_python(value) for value in frame[name]] for name in frame.columns}


def _python(value: Any) -> Any:
    if value is pd.NA:
        return None
    if isinstance(value, list):
        return [*map(_python, value)]
    return value.tolist() if hasattr(value, "tolist") else value


def by_polars(table: pa.Table) -> dict[str, list[Any]]:
    """Return the columns that polars has."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.to_dict(as_series=False)


def by_duckdb(table: pa.Table) -> dict[str, list[Any]]:
    """Return the columns that DuckDB has."""
    rows = duckdb.connect().from_arrow(table).fetchall()
    return {name: [row[at] for row in rows] for at, name in enumerate(table.schema.names)}


@pytest.mark.parametrize("name", tabular.SCHEMAS)
class TestEachTable:
    """Each table of 2,000 trials."""

    def test_they_read_the_same(self, name: str, tables: dict[str, pa.Table]) -> None:
        values = tables[name].to_pydict()

        assert tables[name].num_rows >= 10
        assert values == by_pandas(tables[name])
        assert values == by_polars(tables[name])
        assert values == by_duckdb(tables[name])

    def test_parquet(self, name: str, tables: dict[str, pa.Table], tmp_path: Path) -> None:
        pq.write_table(tables[name], tmp_path / "table.parquet")
        found = pq.read_table(tmp_path / "table.parquet")

        assert tables[name].equals(found, check_metadata=True)


def test_there_are_2000(tables: dict[str, pa.Table]) -> None:
    assert 2000 == tables["trials"].num_rows


def test_a_stream_into_parquet(tmp_path: Path) -> None:
    """Batch by batch, as from a source that does not fit into memory."""
    with pq.ParquetWriter(tmp_path / "trials.parquet", tabular.schema("trials")) as file:
        for batch in tabular.batches(trials(), "trials"):
            file.write_batch(batch)

    assert pq.read_table(tmp_path / "trials.parquet").equals(tabular.tables(trials(), only=["trials"])["trials"])


def test_joins(tables: dict[str, pa.Table]) -> None:
    """`trial` and `record` join each table with that of the trials, and lose no row."""
    names = {"trials": tables["trials"], "countries": tables["countries"]}
    connection = duckdb.connect()
    for name, table in names.items():
        connection.register(name, table)
    joined = connection.execute("SELECT count(*) FROM countries JOIN trials USING (trial, record)").fetchall()

    assert [(tables["countries"].num_rows,)] == joined
    assert any(trial == "" for trial in tables["countries"]["trial"].to_pylist())


def test_no_name_has_to_be_quoted() -> None:
    """In SQL a column named `end` or `group` would be read as a word of the language."""
    asked = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    reserved = {word for (word,) in duckdb.connect().execute(asked).fetchall()}
    names = {name for table, schema in tabular.SCHEMAS.items() for name in (table, *schema.names)}

    assert "group" in reserved
    assert {"start_date", "trials"} <= names
    assert set() == names & reserved
