"""Tables as files: what is written is what was given, and no cell of CSV is a formula."""

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialparse
from trialparse.tabular import files, sources
from trialparse.tabular.sources import source_schema

STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋1", "-1", "+49 30", "1", "a"])
TEXTS = st.builds(str.__add__, STARTS, st.text(st.characters(codec="utf-8"), max_size=8))


class Held(io.BytesIO):
    """A file in memory that keeps its content when it is closed."""

    content = b""

    def close(self) -> None:
        self.content = self.getvalue()
        super().close()


def written(path: Path, ending: str) -> dict[str, bytes]:
    """Return the files of the records of a source by table."""
    held: dict[str, Held] = {}

    def opened(table: str) -> BinaryIO:
        held[table] = Held()
        return held[table]

    files.write(sources.pieces(("here", one) for one in trialparse.read(path)), ending, opened)
    return {table: file.getvalue() for table, file in held.items()}


@pytest.mark.parametrize("name", ["ctis/portal.csv", "ctis/multinational.json", "ctgov/results.json", "euctr/cut.txt"])
class TestWhatIsWritten:
    def test_parquet_has_the_rows(self, fixtures: Path, name: str) -> None:
        found = written(fixtures / name, "parquet")
        given = [*sources.pieces(("here", one) for one in trialparse.read(fixtures / name))]
        expected = {
            table: [row for piece in given if table in piece for row in piece[table].to_pylist()]
            for table in {table for piece in given for table in piece}
        }

        assert len(found) > 2
        assert expected == {table: pq.read_table(io.BytesIO(file)).to_pylist() for table, file in found.items()}
        assert all(pq.read_schema(io.BytesIO(file)).equals(source_schema(table)) for table, file in found.items())

    def test_csv_has_the_same_rows(self, fixtures: Path, name: str) -> None:
        in_parquet, in_csv = (written(fixtures / name, ending) for ending in ("parquet", "csv"))
        rows = {table: pq.read_table(io.BytesIO(file)).to_pylist() for table, file in in_parquet.items()}
        cells = {table: [*csv.DictReader(io.StringIO(file.decode(), ""))] for table, file in in_csv.items()}

        assert len(rows) > 2
        assert {table: [_as_empty(row) for row in found] for table, found in rows.items()} == {
            table: [{name: _value(cell, kinds.field(name).type) for name, cell in row.items()} for row in found]
            for table, found in cells.items()
            for kinds in [source_schema(table)]
        }


def _as_empty(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as CSV can have it: null is an empty text."""
    return {name: "" if value is None else value for name, value in row.items()}


def _value(cell: str, kind: pa.DataType) -> Any:
    """Return the value of a cell in a column of a type."""
    if not cell:
        return ""
    if pa.types.is_large_string(kind):
        return cell[1:] if cell[0] == "'" and cell[1:2] in set("=+-@\t\r ＝＋－＠") else cell
    if pa.types.is_date(kind):
        return datetime.date.fromisoformat(cell)
    return json.loads(cell)


@given(st.lists(st.none() | TEXTS, min_size=1))
def test_no_cell_is_a_formula(texts: list[str | None]) -> None:
    guarded = files.guarded(pa.array(texts, pa.large_string())).to_pylist()

    assert texts == [
        text if text == was else (text or "").removeprefix("'") for text, was in zip(guarded, texts, strict=True)
    ]
    assert not [text for text in guarded if text and _runs(text)]


def _runs(text: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula; a number with a sign is none."""
    bare = text.lstrip(" \t\r\n\0")
    is_number = bare[1:2].isascii() and bare[1:].replace(".", "").replace(",", "").isdecimal() and bare == text
    return bare[:1] in set("=+-@＝＋－＠") and bare[:1] != "" and not (bare[0] in "+-" and is_number)


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "+49-30"])
def test_formulas_are_guarded(text: str) -> None:
    assert [f"'{text}"] == files.guarded(pa.array([text], pa.large_string())).to_pylist()


@pytest.mark.parametrize("text", ["-1", "+1.5", "-1,234.5", "1=1", "a@b", "", "'=1"])
def test_others_are_left(text: str) -> None:
    assert [text] == files.guarded(pa.array([text], pa.large_string())).to_pylist()
