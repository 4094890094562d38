"""Rows that stay with their sources: those of `tables`, with the source before them and a number within it."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.conftest import ROOT, fixture_files, refused
from trialparse import Failure, Parsed, read, tabular
from trialparse.parsing.parsed import Outcome
from trialparse.tabular.sources import pieces, source_schema

RECORD = json.loads((ROOT / "fixtures" / "ctis" / "immunostem.json").read_text("utf-8"))
BROKEN = json.dumps([RECORD, {"no": "record"}, {"no": "record"}, {"neither": 1}, RECORD]).encode()
OF_RECORDS = ("trials", "details")
"""Tables with a row for each record."""

FILES = [path for path in fixture_files() if not refused(path)]


def joined(found: Iterator[dict[str, pa.RecordBatch]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all pieces by table."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tabular.SCHEMAS}
    for piece in found:
        for name, batch in piece.items():
            rows[name] += batch.to_pylist()
    return rows


def expected(found: list[tuple[str, Outcome]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that these records must have, made of those of `tables`."""
    rows = {name: table.to_pylist() for name, table in tabular.tables(found).items()}
    made: dict[str, list[dict[str, Any]]] = {}
    for name, of_table in rows.items():
        made[name] = []
        for row in of_table:
            source, outcome = found[row["record"]]
            if name in OF_RECORDS and isinstance(outcome, Failure):
                continue
            index = outcome.place.record if isinstance(outcome, Parsed) else outcome.index
            made[name].append({"source": source} | {**row, "record": index, "source": source})
    return made


class TestRows:
    """The rows of `tables`, but for the three differences."""

    def test_of_each_fixture(self, record_file: Path) -> None:
        found = [(record_file.name, outcome) for outcome in read(record_file)]
        rows = joined(pieces(iter(found)))

        assert expected(found) == rows
        assert sum(outcome.ok for _, outcome in found) == len(rows["trials"])

    def test_of_several_sources_in_turn(self) -> None:
        """However records of several sources follow each other, each keeps its source and its number there."""
        paths = ("fixtures/ctis/portal.csv", "fixtures/euctr/six_countries.txt")
        first, second = ([(path, outcome) for outcome in read(path)] for path in paths)
        found = [pair for pairs in zip(first, second, strict=False) for pair in pairs] * 20
        rows = joined(pieces(iter(found)))

        assert len(found) > 2 * 64
        assert expected(found) == rows
        assert {*paths} == {row["source"] for row in rows["countries"]}

    def test_however_the_work_is_divided(self) -> None:
        found = [(path.name, outcome) for path in FILES[::4] for outcome in read(path)]
        whole = joined(pieces(iter(found)))
        one_by_one = joined(piece for pair in found for piece in pieces([pair]))

        assert len(found) > 30
        assert whole == one_by_one

    def test_source_and_record_are_a_key(self) -> None:
        found = [(str(path), outcome) for path in FILES for outcome in read(path)]
        keys = [(row["source"], row["record"]) for row in joined(pieces(found, ["trials"]))["trials"]]

        assert len(keys) > len(FILES) / 2
        assert len(keys) == len({*keys})

    def test_few_records_are_held(self) -> None:
        taken = 0

        def stream() -> Iterator[tuple[str, Outcome]]:
            nonlocal taken
            for outcome in read(json.dumps([RECORD] * 200).encode()):
                taken += 1
                yield "a", outcome

        [piece] = islice(pieces(stream(), ["trials"]), 1)

        assert 64 == piece["trials"].num_rows == taken


class TestFailures:
    """A record that could not be read is a row of `diagnostics`, and no trial."""

    @pytest.mark.parametrize("diagnose", [True, False])
    def test_rows(self, diagnose: bool) -> None:
        [piece] = pieces((("a", outcome) for outcome in read(BROKEN)), diagnose=diagnose)
        failures = [row for row in piece["diagnostics"].to_pylist() if row["problem"] == "UnrecognisedFormat"]

        assert [0, 4] == piece["trials"]["record"].to_pylist() == piece["details"]["record"].to_pylist()
        assert [(1, 2), (3, 1)] == [(row["record"], row["count"]) for row in failures]
        assert [None, None] == piece["trials"]["error"].to_pylist()

    def test_diagnostics_are_looked_for_only_if_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Parsed, "_diagnose", lambda self: pytest.fail("they were looked for"))
        names = [name for name in tabular.SCHEMAS if name != "diagnostics"]
        [one] = pieces((("a", outcome) for outcome in read(BROKEN)), diagnose=False)
        [other] = pieces((("a", outcome) for outcome in read(BROKEN)), names)

        assert 2 == one["trials"].num_rows == other["trials"].num_rows
        assert 2 == one["diagnostics"].num_rows

    def test_a_piece_of_failures_only(self) -> None:
        [piece] = pieces([("a", outcome) for outcome in read(BROKEN) if isinstance(outcome, Failure)])

        assert ["diagnostics"] == [*piece]


@pytest.mark.parametrize("name", tabular.SCHEMAS)
class TestSchemas:
    """The schema is that of `tables` with the source as its first column."""

    def test_columns(self, name: str) -> None:
        found, plain = source_schema(name), tabular.schema(name)

        assert ["source", *(one for one in plain.names if one != "source")] == found.names
        assert [plain.field(one).type for one in found.names[1:]] == found.types[1:]
        assert [plain.field(one).nullable for one in found.names[1:]] == [field.nullable for field in found][1:]
        assert (pa.large_string(), False) == (found.field(0).type, found.field(0).nullable)
        assert name.encode() == found.metadata[b"table"]
        assert all(field.metadata[b"meaning"] for field in found)
        assert found.field("record").metadata[b"meaning"].endswith(b"in its source, from 0.")


def test_rows_have_the_schema() -> None:
    [piece] = pieces(("a", outcome) for outcome in read("fixtures/ctis/portal.csv"))

    assert len(piece) > 5
    assert {name: source_schema(name) for name in piece} == {name: batch.schema for name, batch in piece.items()}
    assert all(batch.schema.equals(source_schema(name), check_metadata=True) for name, batch in piece.items())


def test_what_is_no_table() -> None:
    with pytest.raises(ValueError, match="no table 'country'; did you mean"):
        source_schema("country")
    with pytest.raises(ValueError, match="no table 'country'; did you mean"):
        pieces([], ["country"])
