"""The words of the page that are data: the glossary and the phrases for our terms."""

import functools
import re
from collections.abc import Iterator
from importlib import resources

import attrs

from trialparse.vocabulary import Term


@attrs.frozen
class Entry:
    """An entry of the glossary."""

    key: str
    """A term such as `Phase.I`, a topic such as `about.sponsor`, or without a dot the words that it explains.

    A term may have an entry for a case of its own, such as `Progress.NOT_STARTED.begun`.
    A topic may have one for a single thing, such as `about.arm.one`.
    """
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
    """The term as a sentence without full stop; empty for terms that only occur in lists."""
    short: str
    """The term in a word or two, for lists."""


def key_of(term: Term) -> str:
    """Return the key that a term has in both tables.

    >>> from trialparse.model.terms import Phase
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


def phrase(term: Term, case: str = "") -> Phrase:
    """Return the phrase for a term; in some cases there is one of its own, whose key ends in the case."""
    return phrases().get(f"{key_of(term)}.{case}") or phrases()[key_of(term)]


def entry(key: str, case: str = "") -> Entry | None:
    """Return the entry of the glossary for a key, rather the one for a case; None where there is none."""
    return glossary().get(f"{key}.{case}") or glossary().get(key)


@functools.cache
def countries() -> dict[str, str]:
    """Return what countries are called in English, by ISO 3166-1 alpha-2 code."""
    return {row[0]: row[1] for row in _rows("countries.tsv")}


@functools.cache
def differences() -> dict[str, str]:
    """Return what records can differ in, by field, in the order of the page."""
    return {row[0]: row[1] for row in _rows("differences.tsv")}


def words_explained(text: str) -> list[str]:
    """Return the glossary's keys for words that occur in a text.

    >>> words_explained("Number of Adverse Events")
    ['adverse event']
    """
    return [key for key in glossary() if "." not in key and re.search(rf"\b{re.escape(key)}", text, re.IGNORECASE)]
