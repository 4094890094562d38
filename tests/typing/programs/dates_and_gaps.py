"""Print when a trial runs, as far as its record says, and why values are missing."""

import datetime
import sys

from trialparse import Duration, MissingKind, PartialDate, Trial, read


def begin(trial: Trial) -> PartialDate | None:
    """Return the date when the trial began, or else the planned one."""
    return trial.dates.start or trial.dates.estimated_recruitment_start


def span(trial: Trial) -> datetime.timedelta | None:
    """Return the longest time that the trial can take."""
    first, last = begin(trial), trial.dates.end or trial.dates.estimated_end
    return None if first is None or last is None else last.latest() - first.earliest()


def age(limit: Duration | None) -> str:
    """Return a limit of age in days."""
    return "none" if limit is None or limit.days is None else f"{limit.days:.0f} days"


for trial in [record.trial for path in sys.argv[1:] for record in read(path)]:
    days = span(trial)
    print(begin(trial), "unknown" if days is None else days.days, age(trial.eligibility.minimum_age))
    for gap in trial.missing:
        if gap.kind is MissingKind.UNREADABLE:
            print("unreadable:", gap.field)
