"""Group records by trial."""

from collections.abc import Iterable

from trialparse.combining.parts import number_of
from trialparse.parsing.parsed import Parsed


def by_trial(records: Iterable[Parsed]) -> list[list[Parsed]]:
    """Group records by trial, in the order of each trial's first record.

    Records are of one trial if they share the register's own number; a record without a number is a group of its own.
    """
    groups: dict[object, list[Parsed]] = {}
    for index, record in enumerate(records):
        number = number_of(record.trial)
        groups.setdefault(index if number is None else number, []).append(record)
    return list(groups.values())
