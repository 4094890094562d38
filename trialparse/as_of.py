"""What a day tells of a trial: planned dates that have passed. Only a caller names a day; there is no clock here."""

import datetime
from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.values import PartialDate

CAME_OF_IT = {
    "estimated_start": ("start", "recruitment_start", "end", "global_end"),
    "estimated_primary_completion": ("primary_completion", "end", "global_end"),
    "estimated_recruitment_start": ("recruitment_start", "start", "end", "global_end"),
    "estimated_end": ("end", "global_end"),
    "estimated_global_end": ("global_end",),
    "start": ("end", "global_end"),
    "end": ("global_end",),
}
"""Dates that can be planned ones, and the dates of which each tells that the plan is history."""


def passed(trial: Trial, day: datetime.date) -> Iterator[tuple[str, PartialDate]]:
    """Give the planned dates, with their fields, that lie before a day and of which the record tells no outcome.

    A date that may still lie ahead, such as this year where only the year is known, has not passed.
    """
    for name, outcomes in CAME_OF_IT.items():
        date: PartialDate | None = getattr(trial.dates, name)
        if date is not None and date.estimated and date.latest < day and not _came(trial, outcomes):
            yield f"dates.{name}", date


_FIRST = ("recruitment_start", "start")
"""Dates that have come for the trial once they have come in one country."""


def _came(trial: Trial, names: tuple[str, ...]) -> bool:
    """Whether one of these dates has come, for the trial or, if it is a first one, in one of its countries."""
    dates = [getattr(trial.dates, name) for name in names]
    dates += [getattr(country, name) for country in trial.countries for name in names if name in _FIRST]
    return any(date is not None and not date.estimated for date in dates)
