"""How far a trial has come by its whole record, so that no explanation contradicts the rest of the page."""

from collections.abc import Iterable, Iterator

from trialparse.model import Country, Event, Status, Trial
from trialparse.model.terms import EventKind, Progress, Recruitment
from trialparse.model.values import PartialDate

AHEAD, BEGUN, OVER = "ahead", "begun", "over"
"""No sign of a start; signs of a start; ended or given up. Keys of the tables end in these where wordings differ."""

STARTED = "started"
"""A case of `BEGUN`: the record reports a start, not only recruitment."""

_BY_PROGRESS = {
    Progress.ONGOING: BEGUN,
    Progress.HALTED: BEGUN,
    Progress.SUSPENDED: BEGUN,
    Progress.ENDED: OVER,
    Progress.TERMINATED_EARLY: OVER,
    Progress.NEVER_STARTED: OVER,
}

_AFTER_A_START = frozenset(_BY_PROGRESS) - {Progress.NEVER_STARTED}
"""What the progress in a country can be only after a start there."""

_STARTS = (EventKind.TRIAL_START, EventKind.HALT, EventKind.RESTART)
"""What can happen only at a start or after it."""

Dates = Iterable[PartialDate | None]


def of_trial(trial: Trial) -> str:
    """Return the stage of a trial as a whole."""
    dates = trial.dates
    stage = _stage(trial.status, (dates.start, dates.recruitment_start), (dates.end, dates.global_end))
    return BEGUN if stage == AHEAD and any(starts(trial)) else stage


def of_country(country: Country) -> str:
    """Return the stage of a trial in one country."""
    stage = _stage(country.status, (country.start, country.recruitment_start), (country.end,))
    return BEGUN if stage == AHEAD and any(_started(country.events, "events")) else stage


def starts(trial: Trial) -> Iterator[str]:
    """Yield the fields by which the trial, or a country of it, has started, whatever the status of the whole."""
    if came((trial.dates.start,)):
        yield "dates.start"
    yield from _started(trial.events, "events")
    for index, country in enumerate(trial.countries):
        path = f"countries[{index}]"
        if country.status.trial in _AFTER_A_START:
            yield f"{path}.status.trial"
        if came((country.start,)):
            yield f"{path}.start"
        yield from _started(country.events, f"{path}.events")


def _started(events: tuple[Event, ...], path: str) -> Iterator[str]:
    """Yield the events that show a start and are not planned."""
    for number, event in enumerate(events):
        if event.kind in _STARTS and not (event.date is not None and event.date.estimated):
            yield f"{path}[{number}]"


def came(dates: Dates) -> bool:
    """Whether one of some dates is more than a plan."""
    return any(date is not None and not date.estimated for date in dates)


def _stage(status: Status, starts: Dates, ends: Dates) -> str:
    """Return the stage by progress; if that does not show a start, by dates and recruitment."""
    if status.trial in _BY_PROGRESS:
        return _BY_PROGRESS[status.trial]
    if status.trial is None and came(ends):
        return OVER
    joined = status.recruitment not in (None, Recruitment.PENDING)
    return BEGUN if joined or came(starts) else AHEAD
