"""What tables are made of: records, failures, trials, combined records; nothing is lost, nothing makes them fail."""

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.conftest import ROOT
from trialparse import Duration, Parsed, Trial, combine, parse, read, tabular
from trialparse.model import Dates, Eligibility, Enrolment, Missing, MissingKind
from trialparse.model.values import PartialDate

RECORD = json.loads((ROOT / "fixtures" / "ctis" / "immunostem.json").read_text("utf-8"))


@pytest.fixture
def broken() -> bytes:
    """Return two good records with three between them that cannot be read."""
    return json.dumps([RECORD, {"no": "record"}, {"no": "record"}, {"neither": 1}, RECORD]).encode()


class TestFailures:
    """A record that could not be read has a row."""

    def test_in_trials(self, broken: bytes) -> None:
        records = [*read(broken)]
        rows = tabular.tables(records)["trials"].to_pylist()

        assert [0, 1, 2, 3] == [row["record"] for row in rows]
        assert [None, 2, 1, None] == [row["failed_records"] for row in rows]
        assert [True, False, False, True] == [row["error"] is None for row in rows]
        assert rows[1]["error"].startswith("UnrecognisedFormat: ")
        assert {"trial": "", "id": None, "format": None}.items() <= rows[1].items()

    @pytest.mark.parametrize("table", ["trials", "details"])
    def test_its_lists_are_null(self, table: str, broken: bytes) -> None:
        """A failure is no trial without countries."""
        lists = [field.name for field in tabular.schema(table) if pa.types.is_list(field.type)]
        [good, bad, *_] = tabular.tables(read(broken), only=[table])[table].to_pylist()

        assert len(lists) >= 15
        assert [] == [name for name in lists if good[name] is None]
        assert [] == [name for name in lists if bad[name] is not None]

    def test_in_diagnostics(self, broken: bytes) -> None:
        [first, second] = [
            row for row in tabular.tables(read(broken))["diagnostics"].to_pylist() if row["record"] in (1, 2)
        ]

        assert ("ERROR", "UnrecognisedFormat", 2, 1, "/1") == tuple(
            first[name] for name in ("severity", "problem", "count", "source_index", "path")
        )
        assert (3, 1) == (second["source_index"], second["count"])

    def test_in_one_table_alone(self, broken: bytes) -> None:
        """What comes after a failure is read."""
        [batch] = tabular.batches(read(broken), "countries")

        assert [0, 3] == batch.column("record").to_pylist()

    def test_an_error_of_the_source_is_raised(self) -> None:
        def records() -> Iterator[Parsed]:
            yield parse(json.dumps(RECORD).encode())
            raise OSError("gone")

        with pytest.raises(OSError, match="gone"):
            tabular.tables(records())


class TestRecords:
    """Each kind of record, and the key of its rows."""

    def test_diagnostics_are_those_of_the_record(self) -> None:
        record = parse("fixtures/euctr/doubtful_results.xml")
        found = tabular.tables([record])["diagnostics"].to_pylist()

        assert len(found) > 3
        assert [(one.severity.name, one.problem.name, one.field, one.text) for one in record.diagnostics] == [
            (one["severity"], one["problem"], one["field"], one["text"]) for one in found
        ]

    def test_records_whose_bytes_were_let_go(self) -> None:
        source = "fixtures/euctr/doubtful_results.xml"
        kept, gone = (tabular.tables(read(source, keep_raw=keep)) for keep in (True, False))

        assert kept["diagnostics"].num_rows > 3
        assert kept == gone

    def test_combined_records(self) -> None:
        parts = [*read("fixtures/euctr/six_countries.txt")]
        found = tabular.tables([combine(parts), *parts])
        rows = found["trials"].to_pylist()

        assert ["combined", *(part.format.name for part in parts if part.ok)] == [row["format"] for row in rows]
        assert 1 == len({row["trial"] for row in rows})
        assert [*range(len(parts) + 1)] == [row["record"] for row in rows]
        assert 6 == sum(record == 0 for record in found["countries"]["record"].to_pylist())
        assert any(found["country_differences"]["value"].to_pylist())

    def test_a_trial_without_a_number(self) -> None:
        found = tabular.tables([Trial(missing=(Missing(field="phases", kind=MissingKind.UNKNOWN),)), Trial(id="A")])

        assert ["", "A"] == found["trials"]["trial"].to_pylist()
        assert [None, "A"] == found["trials"]["id"].to_pylist()
        assert [["phases"], []] == found["trials"]["missing"].to_pylist()
        assert [{"trial": "", "record": 0, "entry_index": 0, "field": "phases", "kind": "UNKNOWN"}] == found[
            "missing"
        ].to_pylist()

    def test_numbers_begin_where_asked(self) -> None:
        found = tabular.tables([Trial(), Trial()], start=7, only=["trials"])
        [batch] = tabular.batches([Trial()], "details", start=9)

        assert [7, 8] == found["trials"]["record"].to_pylist()
        assert [9] == batch["record"].to_pylist()

    def test_records_with_their_sources(self, broken: bytes, tmp_path: Path) -> None:
        paths = [tmp_path / "a.json", tmp_path / "b\udcff.json"]
        pairs: list[Any] = [(path, record) for path in paths for record in read(broken)]
        found = tabular.tables([*pairs, ("by hand", Trial()), Trial(), Trial()])
        names = [str(paths[0])] * 4 + [str(paths[1]).replace("\udcff", "\ufffd")] * 4 + ["by hand", None, None]

        assert names == found["trials"]["source"].to_pylist()
        assert {1, 2, 5, 6} <= {*found["diagnostics"]["record"].to_pylist()}
        assert [names[at] for at in found["diagnostics"]["record"].to_pylist()] == found["diagnostics"][
            "source"
        ].to_pylist()

    def test_only_some_tables(self) -> None:
        assert ["countries", "trials"] == [*tabular.tables([], only=["countries", "trials"])]
        assert [*tabular.SCHEMAS] == [*tabular.tables([])]

    def test_diagnostics_are_looked_for_only_if_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        record = parse("fixtures/ctis/second_places.json")
        monkeypatch.setattr(type(record), "_diagnose", lambda self: pytest.fail("they were looked for"))
        names = [name for name in tabular.SCHEMAS if name != "diagnostics"]

        assert 1 == tabular.tables([record], only=names)["trials"].num_rows

    @pytest.mark.parametrize(
        "wrong", ["NCT00000102", None, {"id": "A"}, [Trial()], ["a", Trial()], (1, Trial()), ("a", 1), ("a",)], ids=repr
    )
    def test_what_is_no_record(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match=r"not of (str|NoneType|dict|list|tuple|int)"):
            tabular.tables([wrong])

    def test_what_is_no_table(self) -> None:
        with pytest.raises(ValueError, match=r"no table 'country'; did you mean countries or country_events\?"):
            tabular.tables([], only=["country"])
        with pytest.raises(ValueError, match="no table 'country'"):
            tabular.batches([], "country")
        with pytest.raises(ValueError, match="no table 'country'"):
            tabular.schema("country")
        with pytest.raises(ValueError, match="no table 'xyz'; SCHEMAS has them all"):
            tabular.schema("xyz")

    def test_a_text_is_no_list_of_names(self) -> None:
        with pytest.raises(TypeError, match=r"only is a list of names, such as \['trials'\]"):
            tabular.tables([], only="trials")

    @pytest.mark.parametrize("source", ["fixtures/ctis/immunostem.json", "fixtures/rebec/registry.xml"])
    def test_one_record_is_no_list(self, source: str) -> None:
        record = next(iter(read(source)))
        assert isinstance(record, Parsed)
        for one in (record, record.trial):
            with pytest.raises(TypeError, match=f"such as a list, not of one {type(one).__name__}"):
                tabular.tables(one)  # type: ignore[arg-type]  # not a list, which is what is tested
            with pytest.raises(TypeError, match=f"such as a list, not of one {type(one).__name__}"):
                tabular.batches(one, "trials")  # type: ignore[arg-type]  # likewise

    @pytest.mark.parametrize("start", [-1, 2**63, 2**62 + 1])
    def test_numbers_begin_within_64_bits(self, start: int) -> None:
        with pytest.raises(ValueError, match=f"start is a number from 0 to {2**62}, not {start}"):
            tabular.tables([Trial()], start=start)
        with pytest.raises(ValueError, match="start is a number from 0"):
            tabular.batches([Trial()], "trials", start=start)
        assert [2**62, 2**62 + 1] == tabular.tables([Trial()] * 2, start=2**62)["trials"]["record"].to_pylist()


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class TestOddValues:
    """No value makes a table fail; what it cannot hold is in the diagnostics."""

    def test_whole_numbers_beyond_64_bits(self) -> None:
        trials = [Trial(enrolment=Enrolment(planned=value)) for value in (2**63, -(2**63) - 1, 2**63 - 1, -(2**63), 7)]
        found = tabular.tables(trials)

        assert [None, None, 2**63 - 1, -(2**63), 7] == found["trials"]["planned"].to_pylist()
        assert [str(2**63), str(-(2**63) - 1)] == found["diagnostics"]["text"].to_pylist()
        assert {("BIG_INTEGER", "enrolment.planned")} == {
            (one["problem"], one["field"]) for one in found["diagnostics"].to_pylist()
        }

    def test_durations_of_huge_numbers(self) -> None:
        values = [10**400, -(10**20000), 2**63 - 1, 1.5]
        trials = [Trial(eligibility=Eligibility(minimum_age=Duration(value=value))) for value in values]
        found = tabular.tables([*trials, Trial()])

        assert [None, None, 2.0**63, 1.5, None] == found["trials"]["minimum_age"].to_pylist()
        assert ["eligibility.minimum_age.value"] * 2 == found["diagnostics"]["field"].to_pylist()
        assert [str(10**400), "66439 bits"] == found["diagnostics"]["text"].to_pylist()

    def test_halves_of_surrogate_pairs(self) -> None:
        trial = Trial(id="A\ud800", public_title="\ude00b", funding=("ok", "\ud83d\ude00", "\ude00\ud83d\ud83d\ude00"))
        found = tabular.tables([trial])

        assert ["A\ufffd"] == found["trials"]["trial"].to_pylist()
        assert ["\ufffdb"] == found["trials"]["public_title"].to_pylist()
        assert [["ok", "\U0001f600", "\ufffd\ufffd\U0001f600"]] == found["details"]["funding"].to_pylist()
        assert ["id", "public_title", "funding[1]", "funding[2]"] == found["diagnostics"]["field"].to_pylist()

    @pytest.mark.parametrize("year", [1, 1582, 1969, 9999])
    def test_all_years(self, year: int) -> None:
        dates = Dates(start=PartialDate(year=year), end=PartialDate(year=year, month=12, day=31, estimated=True))
        [row] = tabular.tables([Trial(dates=dates)])["trials"].to_pylist()

        assert (datetime.date(year, 1, 1), "year", None) == (
            row["start_date"],
            row["start_date_precision"],
            row["start_date_estimated"],
        )
        assert (datetime.date(year, 12, 31), "day", True) == (
            row["end_date"],
            row["end_date_precision"],
            row["end_date_estimated"],
        )

    def test_texts_of_a_class_of_its_own(self) -> None:
        found = tabular.tables([Trial(id=Text("A"), acronym=Text("x\x00y"))])["trials"]

        assert [("A", "x\x00y")] == [*zip(found["trial"].to_pylist(), found["acronym"].to_pylist(), strict=True)]

    def test_a_long_number_is_in_each_row_cut(self) -> None:
        """The text of a hostile source is not written once for each of its rows."""
        trial = Trial(id="x" * 10**6, funding=("a",), missing=tuple(_missing() for _ in range(1000)))
        found = tabular.tables([trial])

        assert found["missing"].nbytes < 10**6
        assert ["x" * 200] == found["trials"]["trial"].to_pylist()
        assert [10**6] == [len(one) for one in found["trials"]["id"].to_pylist()]


def _missing() -> Missing:
    return Missing(field="phases", kind=MissingKind.UNKNOWN)


class TestExtra:
    """pyarrow is an extra."""

    @staticmethod
    def ran(code: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)

    def test_trialparse_does_without(self) -> None:
        reading = "import sys, trialparse; trialparse.parse('fixtures/ctis/immunostem.json')"

        assert "False\n" == self.ran(f"{reading}; print('pyarrow' in sys.modules)").stdout

    def test_where_it_is_not_installed(self, tmp_path: Path) -> None:
        code = "import sys; sys.modules['pyarrow'] = None; import trialparse.tabular"

        assert self.ran(code).stderr.endswith(
            "ImportError: trialparse.tabular needs pyarrow: pip install 'trialparse[arrow]'\n"
        )
