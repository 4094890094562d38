"""Status, dates and countries of one trial that cannot all be true."""

from pathlib import Path
from typing import Any

import pytest

from tests.counting import readable
from trialparse import Problem, parse
from trialparse.model import Country, Dates, Status, Trial
from trialparse.model.checks import contradictions
from trialparse.model.terms import Progress, Recruitment
from trialparse.model.values import PartialDate

WAITING, RUNNING, OVER = (
    Status(trial=Progress.NOT_STARTED),
    Status(trial=Progress.ONGOING),
    Status(trial=Progress.ENDED),
)
TAKING_IN = Status(recruitment=Recruitment.RECRUITING)


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
                Trial(status=WAITING, dates=Dates(recruitment_start=on(2024))),
                "status.trial",
                "the recruitment start was",
            ),
            (Trial(status=WAITING, dates=Dates(end=on(2024))), "status.trial", "the end was on 2024-05-01"),
            (
                Trial(status=WAITING, dates=Dates(global_end=on(2024))),
                "status.trial",
                "the global end was on 2024-05-01",
            ),
            (Trial(dates=Dates(end=on(2024), global_end=on(2023))), "dates.global_end", "and the end 2024-05-01"),
            (
                Trial(dates=Dates(global_end=on(2023)), countries=(Country(end=on(2022)), Country(end=on(2024)))),
                "countries[1].end",
                "2024-05-01, and the global end 2023-05-01",
            ),
            (
                Trial(dates=Dates(global_end=on(2023)), countries=(Country(recruitment_start=on(2024)),)),
                "countries[0].recruitment_start",
                "2024-05-01, and the global end 2023-05-01",
            ),
            (
                Trial(status=TAKING_IN, dates=Dates(global_end=on(2024))),
                "status.recruitment",
                "the end was on 2024-05-01",
            ),
            (
                Trial(status=Status(trial=Progress.ENDED, recruitment=Recruitment.RECRUITING)),
                "status.recruitment",
                "RECRUITING, and the trial is ENDED",
            ),
            (
                Trial(status=OVER, countries=(Country(status=TAKING_IN), Country(status=OVER))),
                "countries[0].status.recruitment",
                "RECRUITING, and the trial is ENDED",
            ),
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
            Trial(dates=Dates(start=on(2024), end=on(2023, estimated=True))),  # it starts late, and the plan is old
            Trial(dates=Dates(start=on(2024), end=on(2023, estimated=None))),
            Trial(dates=Dates(start=on(2024, estimated=True), end=on(2023))),
            Trial(status=Status(trial=Progress.NEVER_STARTED), dates=Dates(end=on(2023))),
            Trial(
                status=WAITING, dates=Dates(recruitment_start=on(2024, estimated=None), end=on(2025, estimated=True))
            ),
            Trial(dates=Dates(global_end=on(2023)), countries=(Country(end=on(2024, estimated=True)),)),
            Trial(status=TAKING_IN, dates=Dates(end=on(2023), global_end=on(2030, estimated=True))),
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

    def test_a_protocol_that_goes_on_after_its_global_end(self, fixtures: Path) -> None:
        """The date in section P is that of a declared end: it has come to pass."""
        text = (fixtures / "euctr" / "combined.txt").read_text(encoding="utf-8")
        assert text.count("P. Date of the global end of the trial: 2019-03-01") == 1
        going_on = text.replace("Status: Completed", "Status: Ongoing")
        ended, other = (
            next(one for one in readable(source.encode()) if one.trial.dates.global_end) for source in (text, going_on)
        )

        assert ended.trial.dates.global_end == PartialDate(year=2019, month=3, day=1, estimated=False)
        assert not [one for one in ended.diagnostics if one.problem is Problem.CONFLICT]
        [found] = [one for one in other.diagnostics if one.field == "status.trial"]
        assert (found.problem, found.text) == (Problem.CONFLICT, "ONGOING, and the end was on 2019-03-01")
