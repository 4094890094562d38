"""Make one trial from the country records of each trial, and show where they disagree."""

import sys
from collections.abc import Iterator

from trialparse import Combined, Parsed, Spread, by_trial, combine, read


def combined(path: str) -> Iterator[Combined]:
    """Yield the trials of a file."""
    records = [record for record in read(path) if isinstance(record, Parsed)]
    for group in by_trial(records):
        yield combine(group)


for together in combined(sys.argv[1]):
    print(together.trial.id, len(together.records), sorted(together.trial.phases))
    if "phases" in together.differs:
        said: tuple[Spread, ...] = together.spread("phases")
        print(*(f"{one.country}: {len(one.value)}" for one in said), sep=", ")
    print(together.rule("phases").verb, len(together.evidence("phases").sources), "phases" in together.evidence())
