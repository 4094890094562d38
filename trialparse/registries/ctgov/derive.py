"""Fields of ClinicalTrials.gov that no row can read: secondary numbers, which say of which scheme they are."""

from collections.abc import Iterator, Sequence

from trialparse.diagnostics import Problem
from trialparse.mapping.verbs import one_line
from trialparse.model.identifiers import identify
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
