"""What a format does not carry follows from its rows; in a table it follows from the columns, too."""

import csv
import io
from pathlib import Path

import attrs
import pytest

from tests.counting import readable, some
from trialparse import Trial, combine, from_json, parse, to_json
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


@pytest.mark.parametrize("keep_raw", [True, False])
def test_a_table_carries_its_columns(fixtures: Path, keep_raw: bool) -> None:
    """A download with fewer columns answers fewer questions."""
    header, *rows = csv.reader(io.StringIO((fixtures / "ctis" / "portal.csv").read_text("utf-8-sig")))
    kept = [at for at, name in enumerate(header) if name not in ("Trial phase", "Medical conditions")]
    stream = io.StringIO()
    csv.writer(stream).writerows([row[at] for at in kept] for row in (header, rows[0]))
    part = readable(stream.getvalue().encode(), keep_raw=keep_raw)[0].trial
    whole = readable(fixtures / "ctis" / "portal.csv")[0].trial

    assert len(header) - len(kept) == 2
    assert {"phases", "phase_detail", "conditions"} == {*part.not_carried} - {*whole.not_carried}
    assert {*whole.not_carried} < {*part.not_carried}


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
