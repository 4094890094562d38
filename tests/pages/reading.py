"""How easily a page reads."""

import enum
import re
from collections.abc import Iterator

import attrs

from trialparse.diagnostics import Place
from trialparse.mapping.kinds import Kind, kind_of
from trialparse.model import Trial
from trialparse.pages import page_of
from trialparse.pages.page import Page, Sentence
from trialparse.pages.view import look_up

# A parsed record without a register: evidence is the value itself, at the path of its field.


@attrs.frozen
class Source:
    place: Place
    text: str


@attrs.frozen
class Evidence:
    field: str
    sources: tuple[Source, ...] = ()
    row: str = "mapping.tsv:1"
    relation: str | None = None


@attrs.frozen
class Format:
    name: str = "test"


def words_in(value: object) -> Iterator[str]:
    """Yield the words of a value and of all that lies below."""
    if isinstance(value, str):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from words_in(getattr(value, field.name))
    elif isinstance(value, tuple | frozenset):
        for part in sorted(value, key=str) if isinstance(value, frozenset) else value:
            yield from words_in(part)
    elif value is not None:
        yield value.name.lower() if isinstance(value, enum.Enum) else str(value)


@attrs.frozen
class Parsed:
    trial: Trial
    format: Format = Format()

    @property
    def kind(self) -> Kind:
        return kind_of(self.format.name)

    def language_of(self, field: str) -> str | None:
        return None

    def evidence(self, field: str) -> Evidence:
        place = Place(path="/" + re.sub(r"\W+", "/", field).strip("/"))
        return Evidence(field, tuple(Source(place, text) for text in words_in(look_up(self.trial, field))))


def sentences(page: Page) -> Iterator[Sentence]:
    yield from page.sentences()


def of_details(page: Page) -> Iterator[Sentence]:
    for section in page.details:
        yield from section.sentences()


def of_article(page: Page) -> Iterator[Sentence]:
    yield from page.lead.sentences
    for section in page.article:
        yield from section.sentences()


def own_words(sentence: Sentence) -> str:
    """Return a sentence with its quotes removed."""
    return "".join(part for part in sentence.parts if isinstance(part, str))


def words_of(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9][\w'’,.-]*", text)


def syllables(word: str) -> int:
    """Count groups of vowels; a silent e at the end does not count."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ted", "ded", "ses", "ces"))
    return max(1, groups - (1 if silent and groups > 1 else 0))


def grade(texts: list[str]) -> float:
    """Return the Flesch-Kincaid grade of sentences."""
    counted = [words for text in texts if (words := words_of(text))]
    total = sum(map(len, counted))
    sounds = sum(syllables(word) for words in counted for word in words)
    return 0.39 * total / len(counted) + 11.8 * sounds / total - 15.59


def check_readable(trial: Trial) -> None:
    check_readable_page(page_of(Parsed(trial)))


def check_readable_page(page: Page) -> None:
    texts = [own_words(sentence) for sentence in of_details(page)]
    for text in texts:
        assert len(words_of(text)) <= 20, text
    assert grade(texts) <= 8
