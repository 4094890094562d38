"""The plain-language page is readable, cited, honest about gaps, and steady."""

import enum
import functools
import re
import types
import typing

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import readable, some
from tests.pages.reading import (
    Evidence,
    Parsed,
    Source,
    check_readable,
    check_readable_page,
    grade,
    of_article,
    of_details,
    own_words,
    sentences,
    words_in,
    words_of,
)
from tests.pages.trials import EMPTY, FULL, HEADINGS, Elements, by_hand, many, told
from trialparse import model
from trialparse.diagnostics import Place
from trialparse.mapping.kinds import kinds
from trialparse.model import Trial, values
from trialparse.model.harmless import quoted
from trialparse.model.results import Outcome
from trialparse.model.terms import MissingKind
from trialparse.model.values import PartialDate
from trialparse.pages import DETAIL, FORMATS, overview, page_of
from trialparse.pages.page import Gap, Listing, Quote
from trialparse.pages.tables import texts

# Trials of every shape that the model's annotations allow.

WORDS = st.one_of(
    st.sampled_from(["Type 1 diabetes", "Safety: adverse events.", "", " ", "Arm A", "It is a\nlong\ttext."]),
    st.text(min_size=1, max_size=12),
)
NUMBERS = st.integers(0, 10**6)
GAPS = st.sampled_from(
    ["phases", "enrolment.planned", "enrolment", "eligibility.sex", "interventions[0].form", "results", "status"]
)

BY_KIND = {
    str: WORDS,
    int: NUMBERS,
    float: st.floats(0, 1e12),
    bool: st.booleans(),
    values.PartialDate: st.builds(
        PartialDate,
        year=st.integers(1990, 2040),
        month=st.integers(1, 12),
        day=st.none() | st.integers(1, 28),
        estimated=st.none() | st.booleans(),
    ),
    model.Missing: st.builds(model.Missing, field=GAPS, kind=st.sampled_from(MissingKind)),
}


@functools.cache
def of_kind(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    """Return values of an annotated type; lists are short, for a page does not depend on their length."""
    if kind in BY_KIND:
        return BY_KIND[kind]
    if isinstance(kind, types.UnionType):
        return st.one_of([st.none() if part is type(None) else of_kind(part) for part in kind.__args__])
    if typing.get_origin(kind) is tuple:
        return st.lists(of_kind(typing.get_args(kind)[0]), max_size=2).map(tuple)
    if typing.get_origin(kind) is frozenset:
        return st.frozensets(of_kind(typing.get_args(kind)[0]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    if kind is type(None):
        return st.none()
    fields = attrs.fields(attrs.resolve_types(kind))
    return st.builds(kind, **{field.name: of_kind(field.type) for field in fields})


TRIALS = of_kind(Trial)


class TestReadable:
    """The page's own words are of grade 8 or below, in sentences of at most 20 words."""

    @by_hand
    def test_by_hand(self, trial):
        check_readable(trial)

    @many
    @given(TRIALS)
    def test_any(self, trial):
        check_readable(trial)

    def test_fixtures(self, record_file):
        for parsed in readable(record_file):
            check_readable_page(page_of(parsed))

    def test_every_sentence_of_the_tables(self):
        told = [one for entry in texts().glossary.values() for one in re.split(r"(?<=\.) ", entry.explanation)]
        told += [one for kind in kinds().values() for one in re.split(r"(?<=\.) ", kind.explanation) if one]
        told += [phrase.sentence for phrase in texts().phrases.values()]

        assert max(len(words_of(text)) for text in told) <= 20
        assert grade(told) <= 8

    def test_the_measure_is_no_toy(self):
        assert grade(["The cat sat on the mat"]) < 1
        assert grade(["Interventional investigations necessitate comprehensive pharmacovigilance"]) > 20


class TestModest:
    """Our own words never claim that anything is safe or works, and give no advice."""

    CLAIMS = re.compile(
        r"\b(safe|safely|effective|works?|cures?|heals?|proven|benefits|should|we|you)\b",
        re.IGNORECASE,
    )

    @many
    @given(TRIALS)
    def test_any(self, trial):
        for sentence in some(sentences(page_of(Parsed(trial)))):
            assert not self.CLAIMS.search(own_words(sentence))

    def test_tables(self):
        for entry in (*texts().glossary.values(), *kinds().values()):
            assert not self.CLAIMS.search(entry.explanation)
        for phrase in texts().phrases.values():
            assert not self.CLAIMS.search(phrase.sentence + " " + phrase.short)


def check_cited(trial: Trial) -> None:
    page = page_of(Parsed(trial))
    cited = [sentence.notes for sentence in sentences(page)]
    first = list(dict.fromkeys(number for numbers in cited for number in numbers))

    notes = [note.number for note in (*page.notes, *page.further_notes)]

    assert all(cited)
    assert sorted(first) == notes == list(range(1, len(notes) + 1))


class TestCited:
    """Every sentence ends in citations; every citation has its note, and every note is cited."""

    @by_hand
    def test_by_hand(self, trial):
        check_cited(trial)

    @many
    @given(TRIALS)
    def test_any(self, trial):
        check_cited(trial)

    @by_hand
    @pytest.mark.parametrize("detail", DETAIL)
    def test_text(self, trial, detail):
        body, _, notes = overview(Parsed(trial), detail=detail).partition("\n*****\n")
        for block in re.split(r"\n\n|\n(?=- )", body)[1:]:
            if not any(heading in block for heading in (*HEADINGS, "All details", "The trial in its register")):
                assert re.search(r"\[\d+\][.:]?$", block)
        assert set(re.findall(r"\[\d+\]", body)) == set(re.findall(r"^\[\d+\]", notes, re.MULTILINE))

    def test_notes_hold_place_and_words(self):
        text = " ".join(overview(Parsed(FULL)).split())

        assert "public_title “A first study" not in text  # the title is the heading, and no sentence repeats it
        assert "registry “CTIS”" in text
        assert "Glossary: ICH E8(R1), 4.3; ClinicalTrials.gov glossary, Phase 1" in text
        assert re.search(r"No entry in the record;[^\[]* how many people have joined so far", text)

    def test_long_words_are_cut_in_notes_only(self):
        words = " ".join(["word"] * 50)
        page = page_of(Parsed(Trial(conditions=(model.Condition(text=words),))))
        told = next(one for one in sentences(page) if Quote(words) in one.parts)
        [number] = told.notes
        shown = page.notes[number - 1].facts[0].parts[0].text

        assert shown.endswith("word …")
        assert len(shown) <= 160

    def test_words_that_are_in_several_places_are_shown_once(self):
        class Twice(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path="/x/a"), "same"), Source(Place(path="/x/b"), "same")))

        notes = overview(Twice(FULL)).partition("\n*****\n")[2]
        assert "…/x: a “same”" in notes
        assert notes.count("“same”") == 1

    def test_facts_of_one_holder_share_a_note(self):
        class Together(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path=f"/x/{field}"), field),))

        page = page_of(Together(FULL))
        [note] = [one for one in page.notes if one.place == "/x"]

        assert len(note.facts) == 12  # of more facts, a note counts the rest
        assert sum(note.number in one.notes for one in of_article(page)) > 15

    def test_entries_of_one_list_share_a_note(self):
        class Listed(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path=f"/rules/{len(field)}/text"), field),))

        assert {one.place for one in page_of(Listed(FULL)).notes if one.place} == {"/rules"}

    def test_a_relation_that_is_not_exact_is_told(self):
        class Broader(Parsed):
            def evidence(self, field: str) -> Evidence:
                return attrs.evolve(super().evidence(field), relation="broader")

        assert "(the register's word is broader)" in " ".join(overview(Broader(FULL)).split())

    def test_a_place_without_words_is_an_entry(self):
        class Wordless(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path="/x/halt"), ""),))

        notes = overview(Wordless(FULL))

        assert "…/x: halt (an entry without words)" in notes
        assert "(empty)" not in notes

    def test_a_value_without_evidence_cites_the_record_as_a_whole(self):
        class Bare(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field)

        notes = " ".join(overview(Bare(FULL)).partition("\n*****\n")[2].split())

        assert "The record as a whole;" in notes


class TestHeadings:
    """The article has six headings, in every format the same, and a seventh for results that the record holds.

    The title of the trial is the first heading. Where headings are marked up, the notes have one too.
    """

    def title(self, trial: Trial) -> str:
        return trial.public_title or "A trial without a number"

    @by_hand
    def test_text(self, trial):
        shown = [self.title(trial), *HEADINGS]
        assert re.findall(r"^(.+)\n(?:=+|-+)$", overview(Parsed(trial)), re.MULTILINE) == shown

    @by_hand
    def test_markdown(self, trial):
        text = overview(Parsed(trial), format="markdown")
        assert re.findall(r"^#+ (.+)$", text, re.MULTILINE) == [self.title(trial), *HEADINGS, "Notes"]

    @by_hand
    def test_html(self, trial):
        found = Elements(overview(Parsed(trial), format="html")).headings
        assert found == [self.title(trial), *HEADINGS, "Notes", "All details", *HEADINGS, "Notes on all details"]

    @pytest.mark.parametrize("form", ["text", "markdown"])
    def test_details_follow_the_article(self, form):
        short, full = (overview(Parsed(FULL), format=form, detail=detail) for detail in DETAIL)
        body = short.partition("\n*****\n" if form == "text" else "\n---\n")[0]

        assert full.startswith(body)
        assert "All details\n" in full
        assert "All details\n" not in short

    def test_results(self):
        results = model.Results(outcomes=(Outcome(title="Days with fever"),))
        found = Elements(overview(Parsed(Trial(results=results)), format="html")).headings

        assert found[1:9] == [*HEADINGS[:5], "What was found", HEADINGS[5], "Notes"]

    @pytest.mark.parametrize("option", [{"format": "pdf"}, {"detail": "some"}, {"language": "xx"}])
    def test_what_is_not_known_is_refused(self, option):
        [(name, value)] = option.items()
        with pytest.raises(ValueError, match=rf"{name if name != 'language' else 'written'} .*not.* '{value}'"):
            overview(Parsed(EMPTY), **option)


class TestQuoted:
    """What stands in quotation marks is in the record, unchanged apart from white space."""

    @many
    @given(TRIALS)
    def test_any(self, trial):
        record = {" ".join(text.split()) for text in words_in(trial)}
        page = page_of(Parsed(trial))
        parts = [part for sentence in some(sentences(page)) for part in sentence.parts]
        quoted = {" ".join(part.text.split()) for part in parts if isinstance(part, Quote)}
        whole = {one for one in quoted if one in record}
        assert [one for one in quoted - whole if not any(one in text for text in record)] == []
        assert quoted or not record

    @many
    @given(TRIALS)
    def test_details_quote_whole_texts(self, trial):
        record = {" ".join(text.split()) for text in words_in(trial)}
        parts = [part for sentence in some(of_details(page_of(Parsed(trial)))) for part in sentence.parts]
        assert {" ".join(part.text.split()) for part in parts if isinstance(part, Quote)} <= record

    def test_shown(self):
        assert "is: “To evaluate study treatment safety”." in told(FULL)

    @given(st.text())
    def test_marks_never_stand_in_what_they_enclose(self, text):
        opening, inner, closing = quoted(text)

        assert opening not in inner
        assert closing not in inner

    def test_marks_within_give_way_at_last(self):
        assert quoted("“a” «b» ‹c› 「d」 『e』") == ("“", "‘a’ «b» ‹c› 「d」 『e』", "”")

    def test_marks_give_way(self):
        assert quoted("the “plan”") == ("«", "the “plan”", "»")
        assert quoted("plain") == ("“", "plain", "”")


class TestGaps:
    """What the record does not say is said, each kind of gap in its own words."""

    WORDS = types.MappingProxyType(
        {
            MissingKind.NOT_APPLICABLE: "The record does not say {}: it marks this as not applicable.",
            MissingKind.UNKNOWN: "The record does not say {}: it marks this as unknown.",
            MissingKind.WITHHELD: "The record does not say {}: the entry is withheld.",
            MissingKind.UNREADABLE: "The record has words on {}, but this page could not read them.",
            MissingKind.NOT_READ: "This page does not say {}: that part was not read.",
            MissingKind.DISAGREED: "The records of this trial do not agree on {}.",
            MissingKind.NONE_STATED: "The record does not say {}: it chooses none of the answers.",
            MissingKind.INCOMPLETE: "The record does not say {}: it has only some of the numbers.",
        }
    )

    @pytest.mark.parametrize("kind", MissingKind)
    @pytest.mark.parametrize("field", ["enrolment.planned", "enrolment"])
    def test_kinds(self, kind, field):
        trial = Trial(missing=(model.Missing(field=field, kind=kind),))
        assert self.WORDS[kind].format("how many people are planned") in told(trial)

    def test_no_entry(self):
        assert "The record does not say how many people are planned." in told(EMPTY)

    def test_optional_fields_are_told_when_the_source_speaks_of_them(self):
        assert "The record does not say in which form it comes: the entry is withheld." in told(FULL)
        assert told(FULL).count("in which form it comes") == 1

    def test_unreadable_words_stand_in_the_note(self):
        class Words(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path="/phase"), "Phase 7"),) if field == "phases" else ())

        trial = Trial(missing=(model.Missing(field="phases", kind=MissingKind.UNREADABLE),))
        text = " ".join(overview(Words(trial)).split())
        assert "phase “Phase 7”; There are words that this page could not read" in text

    @many
    @given(TRIALS)
    def test_a_gap_is_cited_as_a_gap(self, trial):
        said = some(sentences(page_of(Parsed(trial))))
        gaps = some(sentence for sentence in said if own_words(sentence).startswith("The record does not say"))
        assert {Gap} == {type(citation) for sentence in gaps for citation in sentence.citations}


class TestText:
    """Lines are of at most 80 columns, save where one word is longer."""

    @by_hand
    def test_width(self, trial):
        for line in some(overview(Parsed(trial), detail="full").splitlines(), 20):
            assert len(line) <= 80 or len(line.split()) <= 3


class TestSteady:
    """The same record gives the same page."""

    @many
    @given(TRIALS, st.sampled_from(FORMATS))
    def test_any(self, trial, form):
        assert overview(Parsed(trial), format=form) == overview(Parsed(attrs.evolve(trial)), format=form)


class TestLists:
    """A list is a list in every format, its items in the record's order."""

    def test_order(self):
        page = page_of(Parsed(FULL))
        lists = [block for section in page.details for block in section.blocks if isinstance(block, Listing)]

        assert [own_words(item) for item in lists[1].sentences] == [""]
        assert "- “Bar 0”" in told(FULL)
        assert told(FULL).index("“Bar 0”") < told(FULL).index("“Bar 4”")


class TestNeverBare:
    """No sentence and no item is without words."""

    @many
    @given(TRIALS)
    def test_any(self, trial):
        for sentence in some(sentences(page_of(Parsed(trial)))):
            assert any((part if isinstance(part, str) else part.text).strip() for part in sentence.parts)
            assert all(part.text.strip() for part in sentence.parts if isinstance(part, Quote))
