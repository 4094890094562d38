"""How far a trial has come by all that its record says, so that no explanation goes against the rest of the page."""

from collections.abc import Iterable

from trialparse.model import Country, Status, Trial
from trialparse.terms import Progress, Recruitment
from trialparse.values import PartialDate

AHEAD, BEGUN, OVER = "ahead", "begun", "over"
"""No sign of a start; signs of a start; ended or given up. Keys of the tables end in these where wordings differ."""

_BY_PROGRESS = {
    Progress.ONGOING: BEGUN,
    Progress.HALTED: BEGUN,
    Progress.SUSPENDED: BEGUN,
    Progress.ENDED: OVER,
    Progress.TERMINATED_EARLY: OVER,
    Progress.NEVER_STARTED: OVER,
}

Dates = Iterable[PartialDate | None]


def of_trial(trial: Trial) -> str:
    """Return the stage of a trial as a whole."""
    dates = trial.dates
    return _stage(trial.status, (dates.start, dates.recruitment_start), (dates.end, dates.global_end))


def of_country(country: Country) -> str:
    """Return the stage of a trial in one country."""
    return _stage(country.status, (country.start, country.recruitment_start), (country.end,))


def came(dates: Dates) -> bool:
    """Whether one of some dates is more than a plan."""
    return any(date is not None and not date.estimated for date in dates)


def _stage(status: Status, starts: Dates, ends: Dates) -> str:
    """Return the stage by the progress; where that says nothing of a start, by dates and by recruitment."""
    if status.trial in _BY_PROGRESS:
        return _BY_PROGRESS[status.trial]
    if status.trial is None and came(ends):
        return OVER
    joined = status.recruitment not in (None, Recruitment.PENDING)
    return BEGUN if joined or came(starts) else AHEAD
