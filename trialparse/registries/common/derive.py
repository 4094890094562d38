"""Functions for the tables of all registers: the common meaning of several boxes of a form."""

from collections.abc import Iterator, Sequence

from trialparse.diagnostics import Problem
from trialparse.mapping.rows import fold
from trialparse.mapping.verbs import NoValue, UnreadableWords
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import Allocation, InterventionType, MissingKind

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""


def allocation(randomised: Words, parallel: Words, arms: Words) -> frozenset[Allocation]:
    """Return how participants come into arms, of a form that asks "Randomised: yes or no".

    A no means more only where there are several arms: the form states their number, or that groups run in parallel.
    A comparator is no arm, for the same participants may get both, or those of an earlier trial. A form that asks
    whether groups run in parallel asks this too, so its answer is under a label that no row has.
    """
    answers = _stated(randomised)
    if not answers:
        if all(word is None for word in randomised) and _stated(parallel):
            raise UnreadableWords(Problem.BAD_VALUE)
        return frozenset()
    if "yes" in answers:
        return frozenset({Allocation.RANDOMISED})
    if answers == {"no"}:
        if _several(arms) or any(fold(word) == "yes" for word in parallel if isinstance(word, str)):
            return frozenset({Allocation.NON_RANDOMISED})
        raise NoValue(MissingKind.NONE_STATED)
    for word in answers - {"no"}:
        if word not in placeholders():
            raise UnreadableWords(Problem.UNKNOWN_CODE)
        raise NoValue(placeholders()[word])
    return frozenset()


def allocation_remarks(randomised: Words, parallel: Words, arms: Words) -> Iterator[tuple[int, int, Problem]]:
    """Yield each no beside a yes."""
    answers = [fold(word) for word in randomised]
    yield from ((0, index, Problem.CONFLICT) for index, word in enumerate(answers) if word == "no" and "yes" in answers)


def _stated(words: Words) -> set[str]:
    """Return the words that are not empty."""
    return {fold(word) for word in words if word not in (None, "", {}) and word != []} - {""}


_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def product_type(biological: Words, *advanced: Words) -> InterventionType | None:
    """Return the kind of a medicinal product, of a form that asks for substances of biological origin.

    A yes there, or to a box of advanced therapies, makes it a biological product. A no there makes it a medicine.
    """
    answers = [{fold(word) for word in words if isinstance(word, str)} for words in (biological, *advanced)]
    if any(words & _YES for words in answers):
        return InterventionType.BIOLOGICAL
    return InterventionType.DRUG if answers[0] & _NO else None


def _several(arms: Words) -> bool:
    """Whether the number of arms is above one."""
    words = [str(word).strip() for word in arms]
    return any(word.isascii() and word.isdigit() and len(word) < 10 and int(word) > 1 for word in words)
