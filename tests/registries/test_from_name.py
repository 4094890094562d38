"""A word of a register's list is never taken for another term than that of the list, by the names that people write."""

from collections.abc import Iterator

import pytest

from tests.counting import some
from trialparse.mapping.faults import _SILENT, _target_of
from trialparse.mapping.folder import codes_of, registries_of, rows_of
from trialparse.mapping.rows import Meaning
from trialparse.model import Trial
from trialparse.model.terms import AgeGroup
from trialparse.registries import FORMATS
from trialparse.vocabulary import Term

HALVES = {"age_coarse", "age_fine"}
"""Lists of one question of EudraCT, F.1: what one of them reads, the other one leaves."""


def lists() -> dict[tuple[str, str], type[Term]]:
    """Return the vocabulary of each code list that is read into one, by registry and name."""
    found: dict[tuple[str, str], type[Term]] = {}
    for format in FORMATS:
        for row in rows_of(format):
            target = _target_of(row, Trial) if row.field and row.verb in ("code", "boxes") else None
            if not (isinstance(target, type) and issubclass(target, Term)):
                continue
            for registry in registries_of(format):
                if row.words[0] in codes_of(registry):
                    assert target is found.setdefault((registry, row.words[0]), target)
    return found


def words() -> Iterator[tuple[type[Term], str, str, Meaning]]:
    """Yield each word of each list with its vocabulary and what it means."""
    for (registry, name), vocabulary in lists().items():
        for word, meaning in codes_of(registry)[name].items():
            yield vocabulary, name, word, meaning


def differs(vocabulary: type[Term], word: str, meaning: Meaning) -> bool:
    """Whether `from_name` finds another term than the list has for a word."""
    try:
        return (vocabulary.from_name(word).name,) != meaning.terms
    except ValueError:
        return False


def test_it_gives_the_term_of_the_list_or_none() -> None:
    found = [
        (vocabulary.__name__, word)
        for vocabulary, name, word, meaning in some(words(), 1000)
        if differs(vocabulary, word, meaning) and not silent(vocabulary, name, word, meaning)
    ]
    assert found == CODES


def silent(vocabulary: type[Term], name: str, word: str, meaning: Meaning) -> bool:
    """Whether a list leaves a word to another list, or to another axis that has a namesake of the term."""
    return meaning.term in _SILENT and (name in HALVES or word.upper() in vocabulary.__members__)


CODES = [("Progress", "suspended"), ("AgeGroup", "child"), ("Phase", "2"), ("Phase", "3"), ("Phase", "4")]
"""Codes of list 14 of the EMA, whose first three are kinds of phase I: codes of a register are not names.
ClinicalTrials.gov calls a halt by the sponsor suspended, which is what an authority does in our terms, and everybody
below 18 a child."""


def test_a_group_of_another_register_shares_a_name() -> None:
    """`CHILD` of ClinicalTrials.gov is 0 to 17 years, which its list says; its labels are no names of ours."""
    for label in ("Child (birth-17)", "Older Adult (65+)", "Older adult"):
        with pytest.raises(ValueError, match="is no AgeGroup"):
            AgeGroup.from_name(label)
