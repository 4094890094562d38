"""Status, dates and countries of one trial that cannot all be true."""

from pathlib import Path
from typing import Any

import pytest

from tests.counting import readable
from trialparse import Problem, parse
from trialparse.model import Country, Dates, Status, Trial
from trialparse.model.checks import contradictions
from trialparse.model.terms import Progress
from trialparse.model.values import PartialDate

WAITING, RUNNING, OVER = (
    Status(trial=Progress.NOT_STARTED),
    Status(trial=Progress.ONGOING),
    Status(trial=Progress.ENDED),
)


def on(year: int, estimated: bool | None = False) -> PartialDate:
    return PartialDate(year=year, month=5, day=1, estimated=estimated)


class TestContradictions:
    """What contradicts itself is named by field; what may be true is left alone."""

    @pytest.mark.parametrize(
        ("trial", "field", "said"),
        [
            (Trial(status=WAITING, dates=Dates(start=on(2024))), "status.trial", "the start was on 2024-05-01"),
            (Trial(status=RUNNING, dates=Dates(global_end=on(2024))), "status.trial", "the end was on 2024-05-01"),
            (Trial(dates=Dates(start=on(2024), end=on(2023))), "dates.end", "2023-05-01, and the start 2024-05-01"),
            (Trial(countries=(Country(status=WAITING, start=on(2024)),)), "countries[0].status.trial", "NOT_STARTED"),
            (Trial(countries=(Country(start=on(2024), end=on(2023)),)), "countries[0].end", "2023-05-01"),
            (
                Trial(status=WAITING, countries=(Country(code="PL", status=RUNNING), Country(status=WAITING))),
                "status.trial",
                "NOT_STARTED, and ONGOING in PL",
            ),
            (
                Trial(status=OVER, countries=tuple(Country(code=code, status=RUNNING) for code in "ABCDE")),
                "status.trial",
                "ENDED, and ONGOING in A, B, C and 2 more countries",
            ),
        ],
    )
    def test_found(self, trial: Trial, field: str, said: str) -> None:
        [(found, text)] = contradictions(trial)

        assert found == field
        assert said in text

    @pytest.mark.parametrize(
        "trial",
        [
            Trial(),
            Trial(status=WAITING, dates=Dates(start=on(2030, estimated=True))),
            Trial(status=WAITING, dates=Dates(start=on(2024, estimated=None))),
            Trial(status=RUNNING, dates=Dates(start=on(2024), end=on(2025))),  # in the EEA; it goes on elsewhere
            Trial(dates=Dates(start=PartialDate(year=2024, month=5), end=PartialDate(year=2024))),
            Trial(status=OVER, countries=(Country(status=WAITING), Country(status=OVER))),
            Trial(status=RUNNING, countries=(Country(status=WAITING), Country(status=OVER))),
        ],
    )
    def test_left_alone(self, trial: Trial) -> None:
        assert [] == list(contradictions(trial))

    def test_it_is_reported_where_the_status_is(self, fixtures: Path) -> None:
        [parsed] = readable(fixtures / "ctis" / "search_row_apart.json")
        [found] = [one for one in parsed.diagnostics if one.problem is Problem.CONFLICT]

        assert ("status.trial", "/ctStatus") == (found.field, found.place.path)
        assert found.text == "NOT_STARTED, and the start was on 2020-03-02"

    def test_a_status_that_says_nothing_of_the_start(self, fixtures: Path) -> None:
        """With "Authorised, recruiting" a trial may have started or not."""
        parsed = parse(fixtures / "ctis" / "placebo_blinded.json")
        spain: Any = parsed.trial.countries[1]

        assert (parsed.trial.status.trial, spain.status.trial) == (None, None)
        assert parsed.trial.status.recruitment is not None
        assert parsed.trial.dates.start is not None
        assert not [one for one in parsed.diagnostics if "status" in str(one.field)]
