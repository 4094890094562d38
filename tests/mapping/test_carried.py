"""What a format does not carry follows from its rows; in a table it follows from the columns, too."""

import csv
import io
import json
from pathlib import Path

import attrs
import pytest

from tests.counting import readable, some
from trialparse import Trial, UnrecognisedFormat, combine, from_json, parse, to_json
from trialparse.mapping.carried import carried_by_none, not_carried
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.registries import FORMATS

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)


@every_format
def test_each_field_is_read_or_listed(format: Format) -> None:
    """The two lists share no field, and together they are the model."""
    mapping = mapping_of(format)
    listed = mapping.nothing.not_carried
    read = {row.field.replace("[]", "") for row in mapping.rows if row.verb != "ignore"}

    assert listed
    for field in some(attrs.fields(Trial), 50):
        lists = [one for one in listed if one == field.name or one.startswith(f"{field.name}.")]
        rows = [one for one in read if one == field.name or one.startswith(f"{field.name}.")]
        assert (field.name in lists) is (not rows) or field.name in ("missing", "not_carried")
        assert not any(row == one or row.startswith(f"{one}.") for row in rows for one in lists)


def test_it_survives_storage(record_file: Path) -> None:
    for parsed in readable(record_file):
        assert parsed.trial.not_carried
        assert parsed.trial.not_carried == from_json(to_json(parsed.trial)).not_carried


def table(fixtures: Path, *, without: tuple[str, ...] = (), renamed: dict[str, str] | None = None) -> bytes:
    """Return the first row of the CSV fixture with fewer, or renamed, columns."""
    header, *rows = csv.reader(io.StringIO((fixtures / "ctis" / "portal.csv").read_text("utf-8-sig")))
    kept = [at for at, name in enumerate(header) if name not in without]
    assert len(header) - len(kept) == len(without)
    header = [(renamed or {}).get(name, name) for name in header]
    stream = io.StringIO()
    csv.writer(stream).writerows([row[at] for at in kept] for row in (header, rows[0]))
    return stream.getvalue().encode()


class TestTable:
    """A download with fewer columns answers fewer questions."""

    @pytest.mark.parametrize("keep_raw", [True, False])
    def test_columns(self, fixtures: Path, keep_raw: bool) -> None:
        source = table(fixtures, without=("Trial phase", "Medical conditions"))
        part = readable(source, keep_raw=keep_raw)[0].trial
        whole = readable(fixtures / "ctis" / "portal.csv")[0].trial

        assert {"phases", "phase_detail", "conditions"} == {*part.not_carried} - {*whole.not_carried}
        assert {*whole.not_carried} < {*part.not_carried}

    @pytest.mark.parametrize("count", [4, 8, 16])
    def test_a_part_of_the_columns(self, fixtures: Path, count: int) -> None:
        """People keep the columns that they need, the number among them."""
        header = next(csv.reader(io.StringIO((fixtures / "ctis" / "portal.csv").read_text("utf-8-sig"))))
        parsed = parse(table(fixtures, without=tuple(header[count:])))
        whole = readable(fixtures / "ctis" / "portal.csv")[0].trial

        assert (parsed.format.name, parsed.trial.id) == ("ctis-csv", whole.id)
        assert parsed.trial.scientific_title == whole.scientific_title
        assert {"eligibility", "eligibility.sex"}.isdisjoint(parsed.trial.not_carried) is (
            header.index("Gender") < count
        )
        assert parsed.audit().unmapped == {}

    def test_too_few_columns(self, fixtures: Path) -> None:
        """Without the number, or with two more columns, anything could be meant."""
        header = next(csv.reader(io.StringIO((fixtures / "ctis" / "portal.csv").read_text("utf-8-sig"))))
        for left_out in (header[3:], (*header[:1], *header[8:])):
            with pytest.raises(UnrecognisedFormat, match="no CSV of known columns"):
                parse(table(fixtures, without=tuple(left_out)))

    def test_a_list_with_a_constant(self, fixtures: Path) -> None:
        """The role of a sponsor is in no column: without the name there is no sponsor."""
        part = parse(table(fixtures, without=("Sponsor/Co-Sponsors", "Sponsor type"))).trial

        assert part.sponsors == ()
        assert "sponsors" in part.not_carried

    def test_an_unknown_column(self, fixtures: Path) -> None:
        """It may be the one that is missing, so nothing is said of either."""
        parsed = parse(table(fixtures, without=("Product",), renamed={"Gender": "Sex"}))

        assert parsed.trial.eligibility.sex is None
        assert parsed.audit().unmapped == {"Sex": 1}
        assert {"eligibility.sex", "interventions"}.isdisjoint(parsed.trial.not_carried)


class TestYears:
    """Rows of a search carry what the register printed in their year."""

    ONLY_2026 = frozenset({"scientific_title", "conditions", "interventions", "endpoints", "dates.published"})
    ONLY_BEFORE = frozenset({"events", "deferred", "amended"})

    @pytest.mark.parametrize(
        ("name", "lacking", "carried"),
        [
            ("search_row_v1", {*ONLY_2026, "design", "dates.decision", "results"}, ONLY_BEFORE),
            ("search_2024_06", {*ONLY_2026, *ONLY_BEFORE}, {"dates.decision", "results.posted"}),
            ("search_2026", ONLY_BEFORE, {*ONLY_2026, "design.region", "dates.decision", "results.posted"}),
        ],
    )
    def test_search(self, fixtures: Path, name: str, lacking: set[str], carried: set[str]) -> None:
        for parsed in readable(fixtures / "ctis" / f"{name}.json"):
            assert lacking <= {*parsed.trial.not_carried}
            assert carried.isdisjoint(parsed.trial.not_carried)

    def test_a_key_without_value(self, fixtures: Path) -> None:
        """The row says that there is none."""
        page = json.loads((fixtures / "ctis" / "search_2026.json").read_bytes())
        page["data"][0]["conditions"] = None

        assert "conditions" not in readable(json.dumps(page).encode())[0].trial.not_carried


def test_records_together_carry_what_one_of_them_does(fixtures: Path) -> None:
    records = readable(fixtures / "euctr" / "six_countries.txt") + readable(
        fixtures / "euctr" / "six_countries_results.xml"
    )
    together = combine(records).trial.not_carried

    assert together == carried_by_none(one.trial.not_carried for one in records)
    assert "phases" in records[-1].trial.not_carried
    assert "phases" not in together
    assert len(together) < min(len(one.trial.not_carried) for one in records)


def test_an_empty_trial_claims_nothing() -> None:
    assert () == Trial().not_carried
    assert "id" in not_carried([])


class TestComplete:
    """One word tells whether a part of a record is left out."""

    def test_whole(self, record_file: Path) -> None:
        for parsed in readable(record_file):
            lost = {one.problem.name for one in parsed.diagnostics}
            known = {"CUT", "DUPLICATE_KEY", "NOTHING_READ", "UNMATCHED", "WRONG_TYPE"}
            assert parsed.complete is not bool(lost & known)

    def test_cut(self, fixtures: Path) -> None:
        text = (fixtures / "euctr" / "line_ends.txt").read_bytes()
        cut = parse(text[: text.index(b"P. End of Trial")])

        assert parse(text).complete
        assert not cut.complete
        assert not combine([cut]).complete
