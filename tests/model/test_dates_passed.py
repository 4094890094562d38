"""What a day tells of a trial, and that without a day nothing does."""

import datetime
from typing import Any

import pytest

from tests.conftest import FIXTURES
from trialparse import Problem, Rejected, Severity, parse, read
from trialparse.model import Country, Dates, Trial
from trialparse.model.checks import passed
from trialparse.model.values import PartialDate

SAMPLE = FIXTURES / "ctis" / "immunostem.json"
DAY = datetime.date(2026, 6, 15)


def planned(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    return PartialDate(year=year, month=month, day=day, estimated=True)


def come(year: int) -> PartialDate:
    return PartialDate(year=year, estimated=False)


class TestPassed:
    """A planned date has passed when its last day lies before the day, and the record does not say what came of it."""

    @pytest.mark.parametrize(
        ("date", "expected"),
        [
            (planned(2026, 6, 14), True),
            (planned(2026, 6, 15), False),
            (planned(2026, 6), False),
            (planned(2026, 5), True),
            (planned(2026), False),
            (planned(2025), True),
            (come(2025), False),
            (PartialDate(year=2025), False),
        ],
    )
    def test_dates(self, date: PartialDate, expected: bool) -> None:
        found = list(passed(Trial(dates=Dates(estimated_end=date)), DAY))

        assert ([("dates.estimated_end", date)] if expected else []) == found

    @pytest.mark.parametrize(
        ("trial", "fields"),
        [
            (Trial(dates=Dates(estimated_end=planned(2025), end=come(2026))), []),
            (Trial(dates=Dates(estimated_end=planned(2025), end=planned(2024))), ["dates.estimated_end", "dates.end"]),
            (Trial(dates=Dates(start=planned(2025))), ["dates.start"]),
            (Trial(dates=Dates(estimated_recruitment_start=planned(2025), start=come(2025))), []),
            (
                Trial(dates=Dates(estimated_recruitment_start=planned(2025)), countries=(Country(start=come(2025)),)),
                [],
            ),
            (
                Trial(dates=Dates(estimated_end=planned(2025)), countries=(Country(end=come(2025)), Country())),
                ["dates.estimated_end"],
            ),
        ],
    )
    def test_what_came_of_them(self, trial: Trial, fields: list[str]) -> None:
        assert fields == [field for field, _ in passed(trial, DAY)]


class TestParse:
    """Without a day nothing depends on the clock; with one, the diagnostics say where the date stands."""

    def told(self, **options: Any) -> list[tuple[str | None, str, str]]:
        found = parse(SAMPLE, **options).diagnostics
        return [(one.field, one.place.path.rpartition("/")[2], one.text) for one in found]

    def test_a_day(self) -> None:
        expected = [
            ("dates.estimated_recruitment_start", "estimatedRecruitmentStartDate", "2027-01-15"),
            ("dates.estimated_end", "estimatedEndDate", "2031-12-31"),
            ("dates.estimated_global_end", "estimatedGlobalEndDate", "2031-12-31"),
        ]

        assert [] == self.told()
        assert expected[:1] == self.told(as_of=datetime.date(2028, 1, 1))
        assert expected == self.told(as_of=datetime.date(2040, 1, 1), language="it", contacts=False)

    def test_strictness_and_what_is_not_kept(self) -> None:
        day = datetime.date(2040, 1, 1)
        (outcome,) = read(SAMPLE, as_of=day, keep_raw=False)

        assert {Problem.PASSED} == {one.problem for one in outcome.diagnostics}
        with pytest.raises(Rejected, match="2027-01-15"):
            parse(SAMPLE, as_of=day, raise_at=Severity.NOTE)
