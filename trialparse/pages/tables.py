"""The words of the page that are data: the glossary and the phrases for our terms."""

import functools
import re
from collections.abc import Iterator
from importlib import resources

import attrs

from trialparse.terms import Term


@attrs.frozen
class Entry:
    """An entry of the glossary."""

    key: str
    """A term such as `Phase.I`, a topic such as `about.sponsor`, or without a dot the words that it explains."""
    explanation: str
    """What it means, in plain sentences."""
    authority: str
    """Whose meaning it is: an article of a regulation, a guideline, a public glossary."""


@attrs.frozen
class Phrase:
    """How a term of ours is put in plain words."""

    key: str
    """The term, such as `Progress.ENDED`."""
    sentence: str
    """The term as a sentence without full stop; empty for terms that only stand in lists."""
    short: str
    """The term in a word or two, for lists."""


def key_of(term: Term) -> str:
    """Return the key that a term has in both tables.

    >>> from trialparse.terms import Phase
    >>> key_of(Phase.II)
    'Phase.II'
    """
    return f"{type(term).__name__}.{term.name}"


def _rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a table of this package, without its head."""
    text = resources.files("trialparse.pages").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        yield line.split("\t")


@functools.cache
def glossary() -> dict[str, Entry]:
    """Return the glossary by key, in the order of the table."""
    return {row[0]: Entry(*row) for row in _rows("glossary.tsv")}


@functools.cache
def phrases() -> dict[str, Phrase]:
    """Return the phrases by key."""
    return {row[0]: Phrase(*row) for row in _rows("phrases.tsv")}


def phrase(term: Term) -> Phrase:
    """Return the phrase for a term."""
    return phrases()[key_of(term)]


def words_explained(text: str) -> list[str]:
    """Return the glossary's keys for words that occur in a text.

    >>> words_explained("Number of Adverse Events")
    ['adverse event']
    """
    return [key for key in glossary() if "." not in key and re.search(rf"\b{re.escape(key)}", text, re.IGNORECASE)]
