"""All words of the page come from tables by language: a folder more is a language more."""

import html.parser
import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given

import trialparse
from tests.counting import some
from tests.pages.as_text import records
from tests.pages.languages import faults, greek, made_up
from tests.pages.reading import Parsed, words_in
from tests.pages.test_article import of_corpus
from tests.pages.test_readable import TRIALS
from tests.pages.trials import EMPTY, FULL, many
from trialparse.model import Trial
from trialparse.pages import overview, overviews, page_of
from trialparse.pages.page import Gap, Lack, Listing, Of, OfRecords, Page, Piece, Sentence, Table
from trialparse.pages.tables import languages, texts
from trialparse.pages.view import look_up

SEVERAL = ("euctr/combined.txt", "euctr/six_countries.txt", "euctr/countries.xml", "ctis/second_places.json")
"""Fixtures with several records of one trial."""


@pytest.fixture
def in_greek(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the page be written in the made-up language, whatever it is asked for."""
    for module in ("trialparse.pages", "trialparse.pages.index"):
        monkeypatch.setattr(f"{module}.texts", lambda language="en": made_up())


def latin(text: str) -> set[str]:
    """Return the words in Latin letters; the `e` of an exponent is none."""
    return set(re.findall(r"[^\W\d_]*[A-Za-z][^\W\d_]*", re.sub(r"(?<=\d)e[-+]\d+", "", text)))


def own(parts: Iterable[Piece]) -> str:
    """Return what is no quote."""
    return " ".join(part for part in parts if isinstance(part, str))


def of_source(parsed: Any, sentence: Sentence) -> set[str]:
    """Return the words of the values and places that a sentence cites, and the codes that it may name."""
    found: set[str] = set()
    for one in sentence.citations:
        for field in one.fields if isinstance(one, Of) else ():
            found |= latin(" ".join(words_in(look_up(parsed.trial, field))))
        if isinstance(one, OfRecords):
            found |= {word for each in parsed.spread(one.field) for word in latin(" ".join(words_in(each.value)))}
    return {word.casefold() for word in found}


def told(page: Page) -> Iterator[Sentence]:
    """Yield all sentences, and as sentences without citations the labels, the headings and the cells of tables."""
    yield from page.sentences()
    yield from (Sentence((words.replace("{number}", ""),), ()) for words in page.labels.values())
    for section in (*page.article, *page.details):
        yield Sentence((section.heading,), ())
        for block in section.blocks:
            if isinstance(block, Listing):
                yield Sentence((block.label,), ())
            if isinstance(block, Table):
                yield from (Sentence(cell, ()) for row in (block.head, *block.rows) for cell in row)
                yield from (Sentence((bar.label, bar.shown), ()) for bar in block.bars)


def in_english(parsed: Any, page: Page) -> list[str]:
    """Return the sentences and the notes of a page that have words of their own in Latin letters."""
    number = latin(page.number)
    found = [
        own(one.parts)
        for one in told(page)
        if {word.casefold() for word in latin(own(one.parts)) - number} - of_source(parsed, one)
    ]
    fields = {field for one in page.sentences() for by in one.citations for field in fields_of(by)}
    facts = [part for note in (*page.notes, *page.further_notes) for fact in note.facts for part in fact.parts]
    notes = [part for part in facts if isinstance(part, str) and part not in fields]
    return found + [words for words in notes if latin(words) - latin(parsed.format.name) - latin(" ".join(fields))]


def fields_of(by: object) -> tuple[str, ...]:
    """Return the fields that a citation names."""
    return by.fields if isinstance(by, Of) else (by.field,) if isinstance(by, Gap | Lack | OfRecords) else ()


class Shown(html.parser.HTMLParser):
    """What a document shows or reads out, without quotes, titles and places."""

    def __init__(self, text: str, *hidden: str) -> None:
        super().__init__()
        self.hidden = {"span.quote", "span.place", "title.", "style.", *hidden}
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = dict(attributes)
        if tag != "meta":
            self.open.append(f"{tag}.{names.get('class') or ''}")
        self.words += [names.get(name) or "" for name in ("aria-label", "alt", "title", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        while not self.open.pop().startswith(f"{tag}."):
            pass

    def handle_data(self, data: str) -> None:
        if not self.hidden & set(self.open):
            self.words.append(data)


class TestOwnWords:
    """No word of the page is in the code: in a language of Greek letters, only quotes, names and codes are Latin."""

    def test_fixtures(self, record_file: Any, in_greek: None) -> None:
        for parsed in some(one for one in trialparse.read(record_file) if one.ok):
            assert in_english(parsed, page_of(parsed)) == []

    @pytest.mark.corpus
    def test_corpus(self, corpus_file: Any, in_greek: None) -> None:
        assert [words for one in of_corpus(corpus_file, 2) for words in in_english(one, page_of(one))] == []

    @pytest.mark.parametrize("name", SEVERAL)
    @pytest.mark.parametrize("rules", ["trialparse", "ctrdata"])
    def test_several_records(self, name: str, rules: str, in_greek: None) -> None:
        combined = trialparse.combine(records(name), rules=rules)
        found = [one for one in in_english(combined, page_of(combined)) if rules not in one or rules == "trialparse"]
        assert found == []

    @pytest.mark.parametrize("trial", [FULL, EMPTY], ids=["full", "empty"])
    def test_by_hand(self, trial: Trial, in_greek: None) -> None:
        assert in_english(Parsed(trial), page_of(Parsed(trial))) == []

    @many
    @given(TRIALS)
    def test_any(self, trial: Trial) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("trialparse.pages.texts", lambda language: made_up())
            assert in_english(Parsed(trial), page_of(Parsed(trial))) == []

    @pytest.mark.parametrize("form", ["text", "markdown"])
    def test_what_is_written_around(self, form: str, in_greek: None) -> None:
        assert latin(overview(EMPTY, format=form, detail="full", notes=False)) == set()

    @pytest.mark.parametrize("name", ["ctis/multinational.json", "euctr/results.xml"])
    def test_templates(self, name: str, in_greek: None) -> None:
        [parsed, *_] = records(name)
        plain = latin(" ".join(own(one.parts) for one in told(page_of(parsed))))
        text = " ".join(some(Shown(overview(parsed, format="html", detail="full"), "h1.").words))
        facts = latin(" ".join(own(fact.parts) for note in all_notes(page_of(parsed)) for fact in note.facts))

        quoted = {word for words in re.findall(r"[“«‹][^”»›]*[”»›]", text) for word in latin(words)}
        assert latin(text) - plain - facts - quoted == set()

    @pytest.mark.parametrize("form", ["text", "markdown", "html"])
    def test_the_list_of_trials(self, form: str, in_greek: None) -> None:
        *_, (_, index) = overviews([attrs.evolve(EMPTY, id="7"), attrs.evolve(EMPTY, id="8")], format=form)
        shown = " ".join(Shown(index).words) if form == "html" else re.sub(r"\b\d[-\w]*\.(?:md|txt)\b", "", index)

        assert greek("Trials") in shown
        assert latin(shown) == set()


def all_notes(page: Page) -> tuple[Any, ...]:
    return (*page.notes, *page.further_notes)


class TestTables:
    """A language has the rows of English, with the same places for words."""

    def test_english_is_there(self) -> None:
        assert "en" in languages()

    @pytest.mark.parametrize("language", languages())
    def test_each_language_is_whole(self, language: str) -> None:
        assert faults(texts(language)) == []

    def test_a_translation_is_whole(self) -> None:
        assert faults(made_up()) == []
        assert made_up().plain("heading.overview") == greek("Trial overview")

    def test_faults_are_found(self) -> None:
        foreign = made_up()
        wordings = {**foreign.wordings, "stale": foreign.wordings["more"]}
        wordings["pair"] = attrs.evolve(wordings["pair"], text="{name}: {other}")
        wordings["results.none"] = attrs.evolve(wordings["results.none"], several="{noun}")
        records = {key: words for key, words in foreign.records.items() if not key.startswith("region.")}
        del wordings["left_out"]
        found = faults(attrs.evolve(foreign, wordings=wordings, records=records))

        for words in ("nothing asks for 'stale'", "no row 'left_out'", "pair: has the places", "no row 'region."):
            assert [one for one in found if words in one], words
        assert [one for one in found if "for several records" in one]
