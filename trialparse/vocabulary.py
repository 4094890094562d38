"""Closed vocabularies: enumerations whose members are known by name and explain themselves."""

import enum
import re
import reprlib
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple, Self

from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

_DASHES = str.maketrans(dict.fromkeys("‐‒–—―−", "-"))
"""Dashes and minus that NFKC leaves apart: people write a hyphen with any of them."""

_PART = re.compile(r"[^\W\d_]+|\d+|(?<![^\W_])-(?=\d)|(?<![^\W\d_])[.,](?=\d)|^-(?=\s*\d)|[^\w\s\-/()\[\].,']")
"""What counts of a text: words, numbers, and signs, which may change what they mean.

Of `-`, `_`, `/`, `.`, `,`, apostrophes and brackets only a minus and a decimal point before a number count.
"""

_NUMERAL = re.compile(r"[ivx]+|\d+")


class Term(enum.Enum):
    """A closed vocabulary; the value of a member is its name, as JSON and the tables have it.

    Members of two vocabularies are never equal, whatever their names.
    What they mean is in the table beside their module that has its name, such as `terms.tsv` beside `terms.py`.
    """

    @enum.property
    def value(self) -> str:
        """The name, as JSON and the tables have it; written out so that type checkers know that it is a text."""
        return self.name

    @property
    def meaning(self) -> str:
        """What the member means, in a few words."""
        return _words(type(self))[self].meaning

    @property
    def definition(self) -> str:
        """What the member means, in a sentence that follows its authority."""
        return _words(type(self))[self].definition

    @property
    def authority(self) -> str:
        """Whose definition it is: an article, a guideline, a code list; `trialparse` for terms of this library."""
        return _words(type(self))[self].authority

    @classmethod
    def from_name(cls, name: str) -> Self:
        """Return the member that people write so: its name, its meaning, or a common spelling.

        Case, blanks, hyphens, brackets and the name of the vocabulary itself do not matter; every other sign does.
        Nothing is guessed from a part. Raises ValueError, with the members, for other words.

        >>> from trialparse import Phase
        >>> Phase.from_name("Phase III"), Phase.from_name("phase-3"), Phase.from_name("N/A")
        (Phase.III, Phase.III, Phase.NOT_APPLICABLE)
        """
        if not isinstance(name, str):
            raise TypeError(f"{cls.__name__}.from_name takes a str, not {name!r}")
        known: dict[str, Self] = _written(cls)
        for form in _forms(name, cls):
            if form in known:
                return known[form]
        raise ValueError(f"{reprlib.repr(name)} is no {cls.__name__}: {', '.join(cls.__members__)}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    def __str__(self) -> str:
        return self.name


class Ordered(Term):
    """A closed vocabulary whose members are ordered as they are listed.

    Sorting and comparing members of one vocabulary never raises; members of two vocabularies have no order.
    """

    def __lt__(self, other: Self) -> bool:
        return _rank(self) < _rank(other) if type(self) is type(other) else NotImplemented

    def __le__(self, other: Self) -> bool:
        return _rank(self) <= _rank(other) if type(self) is type(other) else NotImplemented

    def __gt__(self, other: Self) -> bool:
        return _rank(self) > _rank(other) if type(self) is type(other) else NotImplemented

    def __ge__(self, other: Self) -> bool:
        return _rank(self) >= _rank(other) if type(self) is type(other) else NotImplemented


def _rank(term: Term) -> int:
    """Return the place of a member in its vocabulary."""
    return _ranks(type(term))[term]


@prepared
def _ranks(cls: type[Term]) -> dict[Term, int]:
    return {term: at for at, term in enumerate(cls)}


# the words of members ---------------------------------------------------------------------------------------------


class Words(NamedTuple):
    """The table's words on a member."""

    meaning: str
    """What it means, in a few words."""
    definition: str
    """What it means, in a sentence."""
    authority: str
    """Whose definition it is."""
    also: tuple[str, ...]
    """Other ways to write it."""


@prepared
def _table(module: str) -> dict[str, Words]:
    """Return the rows of the table beside a module by vocabulary and name, such as `Phase.I`."""
    package, _, name = module.rpartition(".")
    rows = read_lines(files_of(package).joinpath(f"{name}.tsv"))
    return {
        cells["term"]: Words(
            cells["meaning"], cells["definition"], cells["authority"], tuple(filter(None, cells["also"].split(" | ")))
        )
        for _, cells in rows
    }


@prepared
def _words(cls: type[Term]) -> dict[Term, Words]:
    """Return the table's words on each member of a vocabulary."""
    table = _table(cls.__module__)
    return {term: table[f"{cls.__name__}.{term.name}"] for term in cls}


@prepared
def _written(cls: type[Term]) -> dict[str, Any]:
    """Return the members of a vocabulary by the forms in which they are written."""
    known: dict[str, Term] = {}
    for term in cls:
        words = _words(cls)[term]
        for text in (term.name, words.meaning, *words.also):
            known[_folded(text)] = term
    return known


def _forms(text: str, cls: type[Term]) -> Iterator[str]:
    """Yield the forms in which what people write is compared: whole, then without the name of the vocabulary.

    >>> from trialparse import Phase
    >>> list(_forms(" Phase III ", Phase))
    ['phaseiii', 'iii']
    """
    folded, own = _folded(text), _folded(cls.__name__)
    yield folded
    if folded.startswith(own):
        yield folded.removeprefix(own).removeprefix(":")
    if folded.endswith(own):
        yield folded.removesuffix(own)


def _folded(text: str) -> str:
    """Return a text without case, blanks and signs without a meaning; two numbers are kept apart.

    >>> _folded("Non-Randomised"), _folded("I/II"), _folded("phase - 3"), _folded("phase -3"), _folded(">= 65")
    ('nonrandomised', 'i|ii', 'phase3', 'phase-3', '>=65')
    """
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold().strip()
    parts = _PART.findall(text)
    between = ("|" if _NUMERAL.fullmatch(a) and _NUMERAL.fullmatch(b) else "" for a, b in pairwise(parts))
    return "".join(map(str.__add__, parts, [*between, ""]))
