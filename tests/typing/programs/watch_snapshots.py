"""Show what changed from each snapshot in a folder to the next one; snapshots are folders named by their days."""

import sys
from itertools import pairwise
from pathlib import Path

from trialparse import Combined, Parsed, by_trial, combine, diff, read


def trials(folder: Path) -> dict[str, Combined]:
    """Return the trials of a snapshot by their numbers, records combined; those without a number are left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    outcomes = [outcome for path in files for outcome in read(path, contacts=False)]
    records = [outcome for outcome in outcomes if isinstance(outcome, Parsed)]
    return {number: combine(group) for group in by_trial(records) if (number := group[0].trial.id)}


days = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
for (_, before), (day, now) in pairwise((day, trials(day)) for day in days):
    for number in now.keys() - before.keys():
        print(day.name, number, "is new")
    for number in before.keys() - now.keys():
        print(day.name, number, "is gone")
    for number in sorted(now.keys() & before.keys()):
        if changes := diff(before[number], now[number]):
            print(day.name, number, changes)
