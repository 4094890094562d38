"""Dates of one day agree if one does not say whether it is planned; what one knows more is kept."""

from pathlib import Path

import attrs
import pytest

from trialparse.diagnostics import Problem
from trialparse.mapping.compiled import mapping_of
from trialparse.model import Country
from trialparse.model.agreeing import agreed, completed
from trialparse.model.values import PartialDate
from trialparse.parsing.calls import parse
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.run import fast_run, traced_run

OPEN = PartialDate(year=2029, month=1, day=4)
ACTUAL, PLANNED = attrs.evolve(OPEN, estimated=False), attrs.evolve(OPEN, estimated=True)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (OPEN, OPEN, OPEN),
        (OPEN, ACTUAL, ACTUAL),
        (OPEN, PLANNED, PLANNED),
        (ACTUAL, PLANNED, None),
        (OPEN, PartialDate(year=2029, month=1, estimated=False), None),
        (OPEN, PartialDate(year=2029, month=1, day=5, estimated=False), None),
        ("2019", "2019", "2019"),
        ("2019", "2020", None),
    ],
)
def test_agreed(one: object, other: object, both: object) -> None:
    assert both == agreed(one, other) == agreed(other, one)


def test_records_complete_each_other() -> None:
    assert Country(code="ES", end=ACTUAL) == completed(Country(code="ES", end=OPEN), Country(end=ACTUAL))
    assert completed(Country(end=PLANNED), Country(end=ACTUAL)) is None


ENDS = '<ctr:StudyEndDate>{}</ctr:StudyEndDate><ctr:StudyCompletion Type="Actual">{}</ctr:StudyCompletion>'


def ending(fixtures: Path, study: str, completion: str) -> Parsed:
    """Return the fixture of CTR-XML with an end that does not say its kind, and one that has come to pass."""
    text = (fixtures / "ctr_xml" / "study.xml").read_text(encoding="utf-8")
    old = '<ctr:StudyEndDate Type="Anticipated">2027-06-30</ctr:StudyEndDate>'
    assert old in text
    return parse(text.replace(old, ENDS.format(study, completion)).encode())


class TestOneRecord:
    """Two rows of different knowledge read one field; both runs keep what is known."""

    def test_one_day(self, fixtures: Path) -> None:
        found = ending(fixtures, "2029-01-04", "2029-01-04")

        assert found.trial.dates.end == ACTUAL
        assert "dates.end" not in {one.field for one in found.diagnostics if one.problem is Problem.CONFLICT}
        assert 2 <= len(found.evidence("dates.end").sources)

    def test_two_days(self, fixtures: Path) -> None:
        found = ending(fixtures, "2029-01-04", "2029-01-05")

        assert found.trial.dates.end == OPEN
        assert "dates.end" in {one.field for one in found.diagnostics if one.problem is Problem.CONFLICT}

    @pytest.mark.parametrize("other", ["2029-01-04", "2029-01-05", "2029-01"])
    def test_the_runs_agree(self, fixtures: Path, other: str) -> None:
        found = ending(fixtures, "2029-01-04", other)
        traced, _ = traced_run(found._record, Options())

        assert fast_run(found._record, mapping_of(found.format), Options()) == traced == found.trial
