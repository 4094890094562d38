"""Fields of ClinicalTrials.gov that no row can read: numbers that say their scheme, and titles that have a meaning."""

from collections.abc import Iterator, Sequence

from trialparse.diagnostics import Problem
from trialparse.mapping.rows import fold
from trialparse.mapping.verbs import one_line
from trialparse.model.identifiers import identify
from trialparse.model.terms import BaselineKind, MilestoneKind
from trialparse.model.values import Identifier

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""

_SCHEMES = {"eudract_number": "EudraCT", "eudract number": "EudraCT", "ctis": "CTIS"}
"""Kinds of number that say the scheme; numbers of other kinds are known by their form, or not at all."""


def _number(numbers: Words, kinds: Words = ()) -> Identifier | None:
    said = next((one_line(word) for word in numbers if isinstance(word, str)), "")
    kind = next((word.strip().casefold() for word in kinds if isinstance(word, str)), "")
    return identify(said, _SCHEMES.get(kind)) if said else None


def number(numbers: Words) -> str | None:
    """Return the number in the form of the scheme that it shows."""
    found = _number(numbers)
    return None if found is None else found.value


def number_remarks(numbers: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield numbers that are placeholders, or whose check digits are wrong."""
    for index, word in enumerate(numbers):
        found = _number([word])
        if isinstance(word, str) and word.strip() and found is None:
            yield 0, index, Problem.PLACEHOLDER
        elif found is not None and found.check is False:
            yield 0, index, Problem.BAD_CHECK


def number_scheme(numbers: Words, kinds: Words = ()) -> str | None:
    """Return the scheme of a number."""
    found = _number(numbers, kinds)
    return None if found is None else found.scheme


def number_check(numbers: Words) -> bool | None:
    """Return whether the check digits of a number are right, where its scheme has some."""
    found = _number(numbers)
    return None if found is None else found.check


_MILESTONES = {
    "started": MilestoneKind.STARTED,
    "completed": MilestoneKind.COMPLETED,
    "not completed": MilestoneKind.NOT_COMPLETED,
}
_BASELINE = {
    "age": BaselineKind.AGE,
    "age, continuous": BaselineKind.AGE,
    "age continuous": BaselineKind.AGE,
    "age, categorical": BaselineKind.AGE,
    "age, customized": BaselineKind.AGE,
    "gender": BaselineKind.SEX,
    "sex: female, male": BaselineKind.SEX,
    "sex/gender, customized": BaselineKind.SEX,
    "gender, male/female": BaselineKind.SEX,
    "gender, customized": BaselineKind.SEX,
}
"""Titles that the register gives; other titles are the sponsor's own."""


def milestone(titles: Words) -> MilestoneKind | None:
    """Return what kind of point a title is of: one of the register's three, or the sponsor's own."""
    return next((_MILESTONES.get(fold(title), MilestoneKind.OTHER) for title in titles if _is_said(title)), None)


def baseline_kind(titles: Words) -> BaselineKind | None:
    """Return what a table of baseline measures is about."""
    return next((_BASELINE.get(fold(title), BaselineKind.OTHER) for title in titles if _is_said(title)), None)


def _is_said(word: object) -> bool:
    return isinstance(word, str) and bool(word.strip())


def of_participants(units: Words) -> bool:
    """Whether participants are counted, as they are where a denominator does not say what is."""
    return not of_others(units)


def of_others(units: Words) -> bool:
    """Whether something else than participants is counted."""
    return any(_is_said(unit) and fold(unit) != "participants" for unit in units)
