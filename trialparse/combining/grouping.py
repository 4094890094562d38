"""Records of many trials, gathered by the trial that they are of."""

from collections.abc import Iterable

from trialparse.combining.parts import number_of
from trialparse.parsing.parsed import Parsed


def by_trial(records: Iterable[Parsed]) -> list[list[Parsed]]:
    """Return the records of each trial together, trials in the order in which they first come.

    Records are of one trial if they share the register's own number; one without a number stands alone.
    """
    groups: dict[object, list[Parsed]] = {}
    for index, record in enumerate(records):
        number = number_of(record.trial)
        groups.setdefault(index if number is None else number, []).append(record)
    return list(groups.values())
