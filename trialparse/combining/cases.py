"""Cases of a published rule: the first one that holds for all records gives the value."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from trialparse.combining.reading import ReadValue

BLANK = "blank"
"""The word for a record without a value."""

_LAST = "{last}"
"""The value of a case that takes the last word of any record."""


class Condition(NamedTuple):
    """A condition, such as `all completed|terminated`."""

    quantity: str
    """`all`, `any`, `none`, `only` or `else`."""
    words: frozenset[str]
    """The words that satisfy it."""


class Case(NamedTuple):
    """A value and its conditions, which must all hold."""

    value: str
    conditions: tuple[Condition, ...]


def parse_cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a cell.

    >>> parse_cases("0: all ongoing; 3: else")[0].value
    '0'
    """
    cases = []
    for part in text.split(";"):
        value, _, conditions = part.partition(":")
        found = [condition.strip().partition(" ") for condition in conditions.split("&")]
        cases.append(
            Case(
                value.strip(),
                tuple(Condition(quantity, frozenset(words.strip().split("|"))) for quantity, _, words in found),
            )
        )
    return tuple(cases)


def decide(cases: Sequence[Case], words: Sequence[ReadValue]) -> Any:
    """Return the value of the first case that holds; None if none does."""
    records: dict[tuple[int, str | None], list[str]] = {}
    for one in words:
        records.setdefault((one.spread.part, one.spread.country), []).append(BLANK if one.word is None else one.word)
    for case in cases:
        if all(_HOLDS[condition.quantity](list(records.values()), condition.words) for condition in case.conditions):
            if case.value == _LAST:
                return next((one.word for one in reversed(words) if one.word is not None), None)
            return int(case.value) if case.value.isdigit() else case.value
    return None


def _all(records: list[list[str]], words: frozenset[str]) -> bool:
    """Whether each record has one of the words."""
    return bool(records) and all(not words.isdisjoint(record) for record in records)


def _any(records: list[list[str]], words: frozenset[str]) -> bool:
    """Whether one record has one of the words."""
    return any(not words.isdisjoint(record) for record in records)


def _only(records: list[list[str]], words: frozenset[str]) -> bool:
    """Whether no record has any other word."""
    return bool(records) and all(words.issuperset(record) for record in records)


_HOLDS: dict[str, Callable[[list[list[str]], frozenset[str]], bool]] = {
    "all": _all,
    "any": _any,
    "none": lambda records, words: not _any(records, words),
    "only": _only,
    "else": lambda records, words: True,
}
