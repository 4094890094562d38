"""Show what changed in each trial between two snapshots of a register."""

import sys

from trialparse import Combined, Parsed, by_trial, combine, diff, read


def trials(path: str) -> dict[str, Combined]:
    """Return the trials of a snapshot by their numbers, records combined; those without a number are left out."""
    records = [record for record in read(path) if isinstance(record, Parsed)]
    return {number: combine(group) for group in by_trial(records) if (number := group[0].trial.id)}


old, new = trials(sys.argv[1]), trials(sys.argv[2])
for number in sorted(old.keys() & new.keys()):
    for change in diff(old[number], new[number]):
        print(number, change.sentence)
