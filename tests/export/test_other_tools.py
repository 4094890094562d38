"""What the page on JSON says about other tools; each test is skipped where its tool is not installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from trialparse import Phase, Recruitment, Trial, from_json, to_json
from trialparse.export import SCHEMA_VERSION
from trialparse.model import Condition, Intervention, Status

EMPTY = [Trial(id=f"trial {number}") for number in range(120)]
LATE = Trial(
    id="late",
    acronym="LATE",
    phases=frozenset({Phase.II}),
    conditions=(Condition(text="anaemia"),),
    status=Status(recruitment=Recruitment.RECRUITING),
    interventions=(Intervention(name="A", synonyms=("B",)),),
)
"""A trial with values where the lines before it have none; polars looks at 100 lines."""

both = pytest.mark.parametrize("full", [False, True])


PAGE = ROOT / "docs" / "reference" / "json.md"


def lines(folder: Path, full: bool, empty: int = 1) -> Path:
    """Write trials as the command line does, the one with values last."""
    path = folder / "trials.jsonl"
    written = [to_json(trial, full=full) for trial in EMPTY]
    path.write_text("\n".join([*written * empty, to_json(LATE, full=full)]), encoding="utf-8")
    return path


def as_on_the_page(tool: str, path: Path) -> Any:
    """Return what the line of a tool on the page makes of a file, or skip the test where it is not installed."""
    [line] = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"{tool}.")]
    return eval(line.replace("trials.jsonl", str(path)), {tool: needed(tool)})


def needed(tool: str) -> Any:
    """Return a module, or skip the test where it is not installed."""
    return pytest.importorskip(tool, reason=f"{tool} is not installed")


@both
def test_polars(full: bool, tmp_path: Path) -> None:
    rows = as_on_the_page("polars", lines(tmp_path, full)).to_dicts()

    assert [*EMPTY, LATE] == [from_json(json.dumps(row)) for row in rows]


def test_polars_that_looks_at_some_lines(tmp_path: Path) -> None:
    """Why the page says to look at all lines: columns are lost from the short form, and the full form fails."""
    polars = needed("polars")

    assert ["schema_version", "id"] == polars.read_ndjson(lines(tmp_path, False)).columns
    with pytest.raises(polars.exceptions.ComputeError):
        polars.read_ndjson(lines(tmp_path, True))


@both
@pytest.mark.parametrize("empty", [1, 200])
def test_duckdb(full: bool, empty: int, tmp_path: Path) -> None:
    """By itself it looks at 20,480 lines."""
    rows = as_on_the_page("duckdb", lines(tmp_path, full, empty)).fetchall()

    assert len(EMPTY) * empty + 1 == len(rows)
    assert [("late", ["II"], "RECRUITING")] == [row for row in rows if row[2]]


@both
def test_pandas(full: bool, tmp_path: Path) -> None:
    table = as_on_the_page("pandas", lines(tmp_path, full))

    assert {SCHEMA_VERSION} == {*table["schema_version"]}
    assert ("LATE", ["II"]) == (table["acronym"].iloc[-1], table["phases"].iloc[-1])
