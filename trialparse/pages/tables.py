"""The words of the page are data: a folder of tables for each language."""

import decimal
import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from trialparse.generated.classes import frozen
from trialparse.model.values import Duration, PartialDate
from trialparse.pages.page import Piece, Words, pieces
from trialparse.tsv import files_of
from trialparse.vocabulary import Term

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ENGLISH = "en"


@frozen
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


@frozen
class Phrase:
    """How a term of ours is put in plain words."""

    key: str
    """The term, such as `Progress.ENDED`."""
    sentence: str
    """The term as a sentence without full stop; empty for terms that only occur in lists."""
    short: str
    """The term in a word or two, for lists."""
    several: str = ""
    """The sentence for a page from several records; empty if it is the same."""

    def of(self, several: bool) -> str:
        """Return the sentence for a page from several records, or from one."""
        return self.several if several and self.several else self.sentence


@frozen
class Wording:
    """A sentence of the page, or a part of one, with places for words in braces."""

    text: str
    """The words."""
    several: str
    """The words for a page from several records; empty if they are the same."""


@frozen(eq=False, repr=False)
class Texts:
    """All words of a language."""

    language: str
    """Its code by ISO 639-1."""
    wordings: Mapping[str, Wording]
    """Sentences of the article and of the details, and parts of them, by key."""
    phrases: Mapping[str, Phrase]
    """Plain words for our terms, by key."""
    glossary: Mapping[str, Entry]
    """Explanations, by key."""
    countries: Mapping[str, str]
    """What countries are called, by ISO 3166-1 alpha-2 code."""
    differences: Mapping[str, str]
    """What records can differ in, by field, in the order of the page."""
    records: Mapping[str, str]
    """What kinds of record, registers and regions are called, where that is not left to the folder of the register."""

    def has(self, key: str) -> bool:
        """Whether there is a wording."""
        return key in self.wordings

    def words(self, key: str, several: bool = False, /, **slots: Words) -> tuple[Piece, ...]:
        """Return a wording with its places filled."""
        row = self.wordings[key]
        found: list[Piece] = []
        for index, part in enumerate(_parts(row.several if several and row.several else row.text)):
            found += pieces(slots[part]) if index % 2 else pieces(part)
        return joined(found)

    def plain(self, key: str, **slots: str) -> str:
        """Return a wording of our own words alone."""
        return "".join(part for part in self.words(key, **slots) if isinstance(part, str))

    def named(self, what: str, name: str, own: str | None) -> str:
        """Return what a kind of record, a register or a region is called; else its own English words, or nothing."""
        return self.records.get(f"{what}.{name}") or own or ""

    def count(self, noun: str, number: int) -> str:
        """Return a number and its noun.

        >>> texts().count("person", 1), texts().count("rule", 1500)
        ('one participant', '1,500 rules')
        """
        return self.plain(self.form(f"count.{noun}", number), n=self.number(number))

    def form(self, key: str, number: float) -> str:
        """Return the key of a wording for a number; there may be a wording for none.

        >>> texts().form("count.rule", 1), texts().form("count.rule", 0), texts().form("size.of_eea", 0)
        ('count.rule.one', 'count.rule.other', 'size.of_eea.none')
        """
        if number == 0 and self.has(f"{key}.none"):
            return f"{key}.none"
        return f"{key}.{'one' if number == 1 else 'other'}"

    def number(self, value: float) -> str:
        """Return a number with the marks of the language.

        >>> texts().number(12000), texts().number(0.5), texts().number(5.0), texts().number(0.00001)
        ('12,000', '0.5', '5', '0.00001')
        """
        whole = int(value) if abs(value) < _EXACT else value
        if _LEAST < abs(value) < _SMALL:
            shown = f"{decimal.Decimal(repr(value)):f}"
        else:
            shown = f"{whole if whole == value else value:,}"
        marks = {",": self.wordings["number.thousands"].text or " ", ".": self.wordings["number.decimal"].text}
        return "".join(marks.get(char, char) for char in shown)

    def date(self, value: PartialDate) -> str:
        """Return a date as precise as it is known.

        >>> texts().date(PartialDate(year=2026, month=5, day=17)), texts().date(PartialDate(year=2026, month=5))
        ('17 May 2026', 'May 2026')
        """
        form = "year" if value.month is None else "month" if value.day is None else "day"
        month = self.plain(f"month.{value.month}") if value.month else ""
        return self.plain(f"date.{form}", day=str(value.day), month=month, year=str(value.year))

    def at(self, value: PartialDate) -> str:
        """Return a date with its preposition, such as `on 17 May 2026` or `in May 2026`."""
        return self.plain("date.on" if value.day else "date.in", date=self.date(value))

    def series(self, items: Sequence[Words], form: str = "list") -> tuple[Piece, ...]:
        """Return items with what the language puts between them; `clause` is the form for parts of a sentence.

        >>> "".join(texts().series(["a", "b", "c"])), "".join(texts().series(["it is", "he was"], "clause"))
        ('a, b and c', 'it is, and he was')
        """
        found: tuple[Piece, ...] = ()
        for index, item in enumerate(items):
            key = f"{form}.last" if index == len(items) - 1 else f"{form}.middle"
            found = self.words(key, a=found, b=item) if index else pieces(item)
        return joined(found)

    def some(self, items: Sequence[Words], most: int) -> tuple[Piece, ...]:
        """Return a series of so many items at most; of more, it has the first and how many more there are.

        >>> "".join(texts().some(["a", "b", "c", "d"], 3))
        'a, b and 2 more'
        """
        if len(items) <= most:
            return self.series(items)
        return self.series([*items[: most - 1], self.count("more_item", len(items) - most + 1)])

    def listed(self, items: Sequence[Words], mark: str = "list.parted") -> tuple[Piece, ...]:
        """Return items with what the language puts between them where no word joins the last."""
        found: tuple[Piece, ...] = ()
        for index, item in enumerate(items):
            found = self.words(mark, a=found, b=item) if index else pieces(item)
        return joined(found)

    def length(self, value: Duration) -> str:
        """Return a length of time, or an age, with its unit.

        >>> from trialparse.model.terms import TimeUnit
        >>> texts().length(Duration(value=18, unit=TimeUnit.YEAR))
        '18 years'
        """
        unit = value.unit.name if value.unit else "open"
        return self.plain(f"count.{unit}.{'one' if value.value == 1 else 'other'}", n=self.number(value.value))

    def sentences_of_entry(self, key: str) -> list[str]:
        """Return the sentences of an explanation, without their full stops."""
        parts = re.split(r"(?<=\.) ", self.glossary[key].explanation)
        return [part.removesuffix(".") for part in parts if part]

    def phrase(self, term: Term, case: str = "") -> Phrase:
        """Return the phrase for a term; in some cases there is one of its own, whose key ends in the case."""
        return self.phrases.get(f"{key_of(term)}.{case}") or self.phrases[key_of(term)]

    def entry(self, key: str, case: str = "") -> Entry | None:
        """Return the entry of the glossary for a key, rather the one for a case; None where there is none."""
        return self.glossary.get(f"{key}.{case}") or self.glossary.get(key)

    def words_explained(self, text: str) -> list[str]:
        """Return the glossary's keys for words that occur in a text.

        >>> texts().words_explained("Number of Adverse Events")
        ['adverse event']
        """
        keys = (key for key in self.glossary if "." not in key)
        return [key for key in keys if re.search(rf"\b{re.escape(key)}", text, re.IGNORECASE)]


_SLOT = re.compile(r"\{(\w+)\}")


@functools.lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, ...]:
    """Return the parts of a wording: its words, and between them the names of its places."""
    return tuple(_SLOT.split(text))


_EXACT = 1e15
"""Below this, each whole number is an exact float."""
_LEAST, _SMALL = 1e-12, 1e-4
"""Between these, Python writes a number with an exponent, which few people read."""


def joined(parts: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return parts with texts of ours that follow each other made one."""
    found: list[Piece] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def key_of(term: Term) -> str:
    """Return the key that a term has in all tables.

    >>> from trialparse.model.terms import Phase
    >>> key_of(Phase.II)
    'Phase.II'
    """
    return f"{type(term).__name__}.{term.name}"


def in_order(value: Term | Collection[Term]) -> list[Term]:
    """Return the terms of a set in the order in which their vocabulary lists them."""
    terms = [value] if isinstance(value, Term) else list(value)
    return [term for term in type(terms[0]) if term in terms] if terms else []


def languages() -> tuple[str, ...]:
    """Return the languages that there are tables for."""
    folders = files_of("trialparse.pages").iterdir()
    return tuple(sorted(str(one.name) for one in folders if one.is_dir() and one.joinpath("sentences.tsv").is_file()))


@functools.cache
def texts(language: str = ENGLISH) -> Texts:
    """Return the words of a language; raises ValueError where there is no folder for it."""
    if language not in languages():
        raise ValueError(f"the page is written in {', '.join(languages())}, not in {language!r}")
    return texts_in(files_of("trialparse.pages").joinpath(language), language)


def texts_in(folder: "Traversable", language: str) -> Texts:
    """Return the words in a folder of tables."""
    return Texts(
        language,
        {
            row[0]: Wording(row[1], row[2] if len(row) > 2 else "")
            for name in ("sentences.tsv", "details.tsv")
            for row in _rows(folder, name)
        },
        {row[0]: Phrase(*row) for row in _rows(folder, "phrases.tsv")},
        {row[0]: Entry(*row) for row in _rows(folder, "glossary.tsv")},
        {row[0]: row[1] for row in _rows(folder, "countries.tsv")},
        {row[0]: row[1] for row in _rows(folder, "differences.tsv")},
        {row[0]: row[1] for row in _rows(folder, "records.tsv")} if folder.joinpath("records.tsv").is_file() else {},
    )


def _rows(folder: "Traversable", name: str) -> Iterator[list[str]]:
    """Yield the rows of a table, without its head."""
    for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip():
            yield line.split("\t")
