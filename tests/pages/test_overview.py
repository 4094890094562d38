"""The plain-language page: readable, cited, honest about gaps, and harmless whatever the register wrote."""

import ast
import enum
import functools
import html.parser
import pathlib
import re
import types
import typing

import attrs
import cmarkgfm
import hypothesis
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import trialparse
from tests.pages.reading import (
    Evidence,
    Parsed,
    Source,
    check_readable,
    check_readable_page,
    grade,
    own_words,
    sentences,
    words_in,
    words_of,
)
from trialparse import model
from trialparse.combining.verbs import VERBS
from trialparse.diagnostics import Place
from trialparse.mapping.folder import codes_of
from trialparse.mapping.kinds import kinds
from trialparse.model import Trial, terms, values
from trialparse.model import interventions as products
from trialparse.model.results import Outcome
from trialparse.model.terms import AgeGroup, EventKind, MissingKind, Phase, Progress, Recruitment, Regulatory
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import FORMATS, overview, page_of
from trialparse.pages.ages import ranges
from trialparse.pages.harmless import harmless, quoted
from trialparse.pages.page import Gap, Gloss, Listing, Quote
from trialparse.pages.render_markdown import escaped
from trialparse.pages.tables import glossary, phrases
from trialparse.pages.wording import date, number, shortened

FOUND = {"left": "not_completed_reason", "joined": "join_reason", "parameter": "parameter_type"}
"""Words of results that have phrases, and the list of codes that they are of."""


HEADINGS = [
    "Trial overview",
    "Who is being studied",
    "What the study tests",
    "Phase and study size",
    "Main outcomes and safety checks",
    "What the status means",
]


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


many = settings(
    max_examples=max(8, settings().max_examples // 4),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate),
)
"""Few and unshrunk, for a generated trial is large."""


# Two trials by hand: one that says much, one that says nothing.

EARLY = model.Event(
    kind=EventKind.EARLY_TERMINATION,
    date=PartialDate(year=2026, month=5, day=17),
    reasons=(Coded(text="Sponsor decision"),),
    text="Too few people.",
)


HALT = model.Event(kind=EventKind.HALT, date=PartialDate(year=2026, month=4))


FULL = Trial(
    id="2025-523456-11-00",
    registry="CTIS",
    identifiers=(
        values.Identifier(scheme="CTIS", value="2025-523456-11-00"),
        values.Identifier(scheme="protocol", value="STEM-01"),
        values.Identifier(scheme="NCT", value="NCT01234567"),
    ),
    public_title="A first study of changed stem cells in early type 1 diabetes",
    study_type=terms.StudyType.INTERVENTIONAL,
    objectives=(
        model.Objective(kind=terms.ObjectiveKind.MAIN, text="To evaluate\nstudy treatment safety"),
        model.Objective(kind=terms.ObjectiveKind.SECONDARY, text="Another aim"),
    ),
    sponsors=(model.Organisation(name="A hospital", role=terms.SponsorRole.PRIMARY),),
    phases=frozenset({Phase.I, Phase.II}),
    phase_detail=frozenset({terms.PhaseDetail.FIRST_IN_HUMAN, terms.PhaseDetail.INTEGRATED}),
    design=model.Design(
        allocation=frozenset({terms.Allocation.NON_RANDOMISED}),
        masking=frozenset({terms.Masking.OPEN}),
        region=terms.Region.EEA_ONLY,
        periods=(
            model.Period(title="Pilot phase", description="A safety monitoring board looks at each patient."),
            model.Period(title="Second phase", masking=terms.Masking.OPEN),
        ),
    ),
    status=model.Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ONGOING, recruitment=Recruitment.RECRUITING),
    countries=(
        model.Country(code="IT", name="Italy", planned=10, status=model.Status(trial=Progress.ONGOING), events=(HALT,)),
        model.Country(
            code="FR",
            name="France",
            planned=5,
            status=model.Status(trial=Progress.TERMINATED_EARLY),
            events=(EARLY,),
        ),
    ),
    conditions=(model.Condition(text="Type 1 diabetes", rare=False),),
    interventions=(
        products.Intervention(
            name="autologous CD34+ cells",
            role=terms.ProductRole.TEST,
            form=Coded(text="DISPERSION FOR INFUSION"),
            routes=(Coded(term="INTRAVENOUS", text="INTRAVENOUS USE"),),
            total_dose=products.Dose(amount=2e7, unit=Coded(text="cells/kg")),
            orphan=True,
            advanced_therapies=(
                products.AdvancedTherapy(
                    type=terms.TherapyType.GENE,
                    cell_origin=terms.CellOrigin.AUTOLOGOUS,
                    transfer=terms.GeneTransfer.EX_VIVO,
                    vehicle=terms.GeneVehicle.VIRAL_VECTOR,
                    gene="hPD-L1",
                ),
            ),
        ),
        products.Intervention(name="Saline", role=terms.ProductRole.PLACEBO),
    ),
    endpoints=(
        model.Endpoint(kind=terms.EndpointKind.PRIMARY, text="Number of serious adverse events"),
        *(model.Endpoint(kind=terms.EndpointKind.SECONDARY, text=f"Second {index}") for index in range(5)),
    ),
    eligibility=model.Eligibility(
        sex=terms.Sex.ALL,
        age_groups=frozenset({AgeGroup.ADULT}),
        populations=frozenset({terms.PopulationGroup.PATIENTS}),
        vulnerable=False,
        criteria=(
            model.Criterion(kind=terms.CriterionKind.INCLUSION, text="Age of 18 or more"),
            *(model.Criterion(kind=terms.CriterionKind.EXCLUSION, text=f"Bar {index}") for index in range(12)),
        ),
    ),
    enrolment=model.Enrolment(planned=15),
    dates=model.Dates(start=PartialDate(year=2026, month=5, day=17, estimated=True), end=PartialDate(year=2030)),
    results=model.Results(posted=False),
    missing=(model.Missing(field="interventions[1].form", kind=MissingKind.WITHHELD),),
)


EMPTY = Trial()


by_hand = pytest.mark.parametrize("trial", [FULL, EMPTY], ids=["full", "empty"])


def told(trial: Trial) -> str:
    """Return the page as text on one line, without citations and notes."""
    text = " ".join(overview(Parsed(trial)).partition("\n*****\n")[0].split())
    return re.sub(r" (\[\d+\])+", "", text)


class TestReadable:
    """The page's own words are of grade 8 or below, in sentences of at most 20 words."""

    @by_hand
    def test_by_hand(self, trial):
        check_readable(trial)

    @many
    @given(TRIALS)
    def test_any(self, trial):
        check_readable(trial)

    def test_fixtures(self, fixture_file):
        for parsed in trialparse.read(fixture_file):
            if parsed.ok:
                check_readable_page(page_of(parsed))

    def test_every_sentence_of_the_tables(self):
        texts = [one for entry in glossary().values() for one in re.split(r"(?<=\.) ", entry.explanation)]
        texts += [one for kind in kinds().values() for one in re.split(r"(?<=\.) ", kind.explanation) if one]
        texts += [phrase.sentence for phrase in phrases().values()]

        assert max(len(words_of(text)) for text in texts) <= 20
        assert grade(texts) <= 8

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
        for sentence in sentences(page_of(Parsed(trial))):
            assert not self.CLAIMS.search(own_words(sentence))

    def test_tables(self):
        for entry in (*glossary().values(), *kinds().values()):
            assert not self.CLAIMS.search(entry.explanation)
        for phrase in phrases().values():
            assert not self.CLAIMS.search(phrase.sentence + " " + phrase.short)


def check_cited(trial: Trial) -> None:
    page = page_of(Parsed(trial))
    cited = [page.cited(sentence) for sentence in sentences(page)]
    first = list(dict.fromkeys(number for numbers in cited for number in numbers))

    assert all(cited)
    assert set(first) == {note.number for note in page.notes}
    assert [note.number for note in page.notes] == list(range(1, len(page.notes) + 1))


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
    def test_text(self, trial):
        body, _, notes = overview(Parsed(trial)).partition("\n*****\n")
        for block in re.split(r"\n\n|\n(?=- )", body):
            if not any(heading in block for heading in HEADINGS):
                assert re.search(r"\[\d+\][.:]?$", block)
        assert set(re.findall(r"\[\d+\]", body)) == set(re.findall(r"^\[\d+\]", notes, re.MULTILINE))

    def test_notes_hold_place_and_words(self):
        text = overview(Parsed(FULL))

        assert "/public_title: “A first study" in text
        assert "Glossary: “Phase 1 looks first at safety. It mostly" in text
        assert "No entry in the record says how many people have joined (field enrolment.actual)" in " ".join(
            text.split()
        )

    def test_long_words_are_cut_in_notes_only(self):
        words = " ".join(["word"] * 500)
        page = page_of(Parsed(Trial(public_title=words)))
        told = next(one for one in sentences(page) if Quote(words) in one.parts)
        [number] = page.cited(told)
        shown = page.notes[number - 1].parts[1].text

        assert shown.endswith("word …")
        assert len(shown) <= 240

    def test_words_that_stand_in_several_places_are_shown_once(self):
        class Twice(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path="/a"), "same"), Source(Place(path="/b"), "same")))

        assert "/a: “same” (and 1 more place)" in overview(Twice(FULL))

    def test_a_relation_that_is_not_exact_is_told(self):
        class Broader(Parsed):
            def evidence(self, field: str) -> Evidence:
                return attrs.evolve(super().evidence(field), relation="broader")

        assert "(match: broader)" in overview(Broader(FULL))

    def test_a_place_without_words_is_an_entry(self):
        class Wordless(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field, (Source(Place(path="/halts/0"), ""),))

        notes = overview(Wordless(FULL))

        assert "/halts/0: (an entry without words of its own)" in notes
        assert "(empty)" not in notes

    def test_a_value_without_evidence_cites_the_record_as_a_whole(self):
        class Bare(Parsed):
            def evidence(self, field: str) -> Evidence:
                return Evidence(field)

        notes = overview(Bare(FULL)).partition("\n*****\n")[2]

        assert "The record as a whole, read as test; no single place says this (field id)" in " ".join(notes.split())


class Elements(html.parser.HTMLParser):
    """The tags, the quotes and the headings of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.quotes: list[str] = []
        self.words = ""
        self.headings: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
        self.tags.add(tag)
        self.ids += [names["id"]] if "id" in names else []
        self.links += [names["href"]] if "href" in names else []
        self.open.append((tag, names.get("class", "")))
        if self.open[-1] == ("span", "quote"):
            self.quotes.append("")

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.words += data
        if ("span", "quote") in self.open:
            self.quotes[-1] += data
        if self.open and self.open[-1][0] in ("h1", "h2") and data.strip():
            self.headings.append(data)


class TestHeadings:
    """The page has six headings, in every format the same, and a seventh for results that the record holds.

    Where headings are marked up, the notes have one too.
    """

    @by_hand
    def test_text(self, trial):
        assert re.findall(r"^(.+)\n(?:=+|-+)$", overview(Parsed(trial)), re.MULTILINE) == HEADINGS

    @by_hand
    def test_markdown(self, trial):
        text = overview(Parsed(trial), format="markdown")
        assert re.findall(r"^#+ (.+)$", text, re.MULTILINE) == [*HEADINGS, "Notes"]

    @by_hand
    def test_html(self, trial):
        assert Elements(overview(Parsed(trial), format="html")).headings == [*HEADINGS, "Notes"]

    def test_results(self):
        results = model.Results(outcomes=(Outcome(title="Days with fever"),))
        found = Elements(overview(Parsed(Trial(results=results)), format="html")).headings

        assert found == [*HEADINGS[:5], "What was found", HEADINGS[5], "Notes"]

    def test_other_formats_are_refused(self):
        with pytest.raises(ValueError, match="format is one of text, markdown, html"):
            overview(Parsed(EMPTY), format="pdf")


class TestQuoted:
    """What stands in quotation marks is in the record, unchanged apart from white space."""

    @many
    @given(TRIALS)
    def test_any(self, trial):
        record = {" ".join(text.split()) for text in words_in(trial)}
        for sentence in sentences(page_of(Parsed(trial))):
            for part in sentence.parts:
                if isinstance(part, Quote):
                    assert " ".join(part.text.split()) in record

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
        assert "/phase: “Phase 7”" in overview(Words(trial))

    @many
    @given(TRIALS)
    def test_a_gap_is_cited_as_a_gap(self, trial):
        for sentence in sentences(page_of(Parsed(trial))):
            if own_words(sentence).startswith("The record does not say"):
                assert [type(citation) for citation in sentence.citations] == [Gap]


HOSTILE = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</span></p></main><h1>x</h1>",
            "</style><img src=x onerror=y>",
            "&lt;b&gt; &amp; &#60;i&#62;",
            "[x](javascript:alert(1)) ![y](http://z)",
            "<http://a.b> http://a.b www.a.b a@b.c",
            "# x\n\n## y\n- z\n1. w\n> q\n```\ncode",
            "`code` *em* _em_ **s** ~~d~~ | a | b |",
            '[1]: http://evil "t"\n[^1]: note',
            "a\u202eb\u2066c\x00d\x1b[31me\ud800f\U000e0041",
            "“The trial is safe” [1]. «x»",
            "\\",
            "\\<b>",
            "$x$ {role}`x` {{ y }}",
        ]
    ),
    st.text(alphabet="<>&\"'`*_[]()#!\\|~- \n\u202eab:/.“”«»", min_size=1, max_size=20),
)


PIECES = (
    *"@ www. WWW http:// https:// ftp:// mailto: xmpp: javascript: // : / . - _ ~ ~~ | + ? = # \\ ! < > & ( )".split(),
    *"[ ] $ ^ * ` evil.example evil.com пример.рф localhost 10.0.0.1 x 1 é &#64; &commat; &lt; [x] [^1] [^1]:".split(),
    *"[1]: --- === <b> <!--".split(),
    *(" ", "\n", "\n\n", "\n- ", "\n1. ", "\n    ", "\t", "\u200b", "\xad", "“", "”"),
)


ADDRESSES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
"""Texts of what addresses, references and structure are made of."""


def by_cmark(text: str) -> str:
    """Return the HTML that GitHub Flavored Markdown is, with footnotes and with raw HTML let through."""
    options = cmarkgfm.Options.CMARK_OPT_UNSAFE | cmarkgfm.Options.CMARK_OPT_FOOTNOTES
    extensions = ["autolink", "table", "strikethrough", "tagfilter", "tasklist"]
    return cmarkgfm.markdown_to_html_with_extensions(text, options, extensions)


MARKDOWN = {
    "commonmark": MarkdownIt("commonmark").render,
    "tables": MarkdownIt("js-default", {"html": True}).render,
    "linkified": MarkdownIt("gfm-like").render,
    "without HTML": MarkdownIt("gfm-like", {"html": False, "typographer": False}).render,
    "cmark": cmarkgfm.cmark.markdown_to_html,
    "cmark-gfm": by_cmark,
}
"""What turns Markdown into HTML."""


def hostile(words: str) -> Trial:
    return Trial(
        id=words,
        registry=words,
        public_title=words,
        brief_summary=words,
        conditions=(model.Condition(text=words),),
        interventions=(products.Intervention(name=words, routes=(Coded(text=words),)),),
        arms=(model.Arm(title=words, description=words),),
        countries=(model.Country(name=words, status=model.Status(trial=Progress.ENDED), events=(EARLY,)),),
        endpoints=(model.Endpoint(kind=terms.EndpointKind.PRIMARY, text=words),),
        eligibility=model.Eligibility(criteria=(model.Criterion(text=words),)),
        monitoring=(words,),
    )


@attrs.frozen
class Hostile(Parsed):
    """A record whose paths are as hostile as its words."""

    words: str = ""

    def evidence(self, field: str) -> Evidence:
        return Evidence(field, (Source(Place(path=f"/{self.words}"), self.words),))


class TestHarmless:
    """Words of a register are shown as words, in every format."""

    CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")
    TAGS = frozenset("html head meta title style body main section h1 h2 p ul ol li a span details summary".split())

    @many
    @given(HOSTILE)
    def test_no_control_is_left(self, words):
        for form in FORMATS:
            text = overview(Hostile(hostile(words), words=words), format=form)
            assert not self.CONTROLS.search(text)
            text.encode()

    @many
    @given(HOSTILE)
    def test_html(self, words):
        page = Elements(overview(Hostile(hostile(words), words=words), format="html"))

        assert page.tags <= self.TAGS
        assert page.headings == [*HEADINGS, "Notes"]
        assert len(page.ids) == len(set(page.ids))
        assert {link[1:] for link in page.links} <= set(page.ids)
        if harmless(words):
            assert quoted(words)[1] in page.quotes

    @many
    @given(HOSTILE | ADDRESSES)
    def test_markdown(self, words):
        text = overview(Hostile(hostile(words), words=words), format="markdown")
        for render in MARKDOWN.values():
            page = Elements(render(text))

            assert page.tags <= {"h1", "h2", "p", "ul", "li", "hr", "strong"}
            assert page.headings == [*HEADINGS, "Notes"]
            if harmless(words):
                assert "".join(quoted(words)) in page.words.replace("\u2060", "")

    @pytest.mark.parametrize("render", MARKDOWN.values(), ids=MARKDOWN)
    @pytest.mark.parametrize("line", ["{}", "Our words {}.", "- [1] {}", "- {}", "## {}"])
    @given(ADDRESSES)
    @example("x@evil.example")
    @example("mailto:x@evil.example")
    @example("xmpp:x@evil.example/a")
    @example("www.evil.example")
    @example("(https://evil.example)")
    def test_words_in_markdown(self, render, line, words):
        words = "".join(quoted(words))
        page = Elements(render(line.format(escaped(words))))

        assert page.tags <= {"h2", "p", "ul", "li"}
        assert page.words.strip().replace("\u2060", "") == re.sub("^(- |## )", "", line).format(words)

    @pytest.mark.parametrize("char", ["\ufffe", "\ufdd0", "\U0001ffff", "\u202e", "\x00", "\ud800"])
    def test_what_acts_is_replaced(self, char):
        assert harmless(f"a{char}b") == "a\ufffdb"

    @given(st.text())
    def test_once_is_enough(self, text):
        assert harmless(harmless(text)) == harmless(text)

    @given(st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "S"])))
    def test_what_can_be_read_is_unchanged(self, text):
        assert harmless(text) == text


class TestHtml:
    """The document stands alone: one language, one main part, notes that link back, nothing to load or run."""

    def test_alone(self):
        text = overview(Parsed(FULL), format="html")

        assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
        assert text.count("<main>") == 1
        assert "<title>Trial overview: 2025-523456-11-00</title>" in text
        assert "@media print" in text
        assert "prefers-color-scheme: dark" in text
        assert not re.search(r"<script|<link|<img|url\(|@import|https?://", text)

    @by_hand
    def test_links_go_both_ways(self, trial):
        page = Elements(overview(Parsed(trial), format="html"))
        notes = {one for one in page.ids if one.startswith("note-")}

        assert {link[1:] for link in page.links} == notes | {note.replace("note", "cite") for note in notes}


class TestText:
    """Lines are of at most 80 columns, save where one word is longer."""

    @by_hand
    def test_width(self, trial):
        for line in overview(Parsed(trial)).splitlines():
            assert len(line) <= 80 or len(line.split()) <= 3


class TestSteady:
    """The same record gives the same page."""

    @many
    @given(TRIALS, st.sampled_from(FORMATS))
    def test_any(self, trial, form):
        assert overview(Parsed(trial), format=form) == overview(Parsed(attrs.evolve(trial)), format=form)


class TestContent:
    """The page says what the record says, each thing below its heading."""

    @pytest.mark.parametrize(
        "words",
        [
            "The title of the trial is “A first study of changed stem cells in early type 1 diabetes”.",
            "Its number in the register CTIS of the European Union is “2025-523456-11-00”.",
            "The sponsor's own code for the plan is “STEM-01”. It also has the number “NCT01234567”.",
            "The record lists 2 countries: Italy and France. The trial runs only in the EEA.",
            "The trial is running. It ended early in 1 country: France.",
            "The condition is “Type 1 diabetes”. The record says that this is not a rare disease.",
            "The record gives this age range: 18 to 64 years.",
            "The record has 1 text on who can take part.",
            "The record has 12 rules on who cannot take part.",
            "- “Bar 10” - “Bar 11”",
            "Product 1 is “autologous CD34+ cells”. It is what the trial tests.",
            "The way it is given is intravenous use. Intravenous means into a vein.",
            "The highest dose in all is 20,000,000 “cells/kg”.",
            "It is a gene therapy.",
            "The cells come from the patient's own body. Doctors call such cells autologous.",
            "Genes are put into the cells outside of the body. Doctors call this ex vivo.",
            "A viral vector carries the gene.",
            "The gene is “hPD-L1”.",
            "Product 2 is “Saline”. It is a placebo.",
            "This trial is in phase 1 and phase 2. Phase 1 looks first at safety.",
            "This trial gives people the product for the first time.",
            "The plan is for 15 people in all.",
            "The plan by country is as follows: - Italy: 10 people - France: 5 people",
            "- “Number of serious adverse events”",
            "It has 5 secondary outcomes.",
            "An adverse event is any health problem after a treatment.",
            "A serious adverse event puts life at risk",
            "About the period “Pilot phase” the record says: “A safety monitoring board looks at each patient.”",
            "The decision: the trial is authorised. No trial may start without this decision.",
            "The progress: the trial is running.",
            "Joining: the trial is taking in people.",
            "- France: ended early",
            "In Italy, the trial was halted (April 2026).",
            "In France, the trial ended early (17 May 2026).",
            "The reason given is “Sponsor decision”. On this, the record says: “Too few people.”",
            "The planned start date is 17 May 2026. The end date is 2030.",
            "The record says that no results are posted.",
            "This page is made from a record in the register CTIS of the European Union.",
        ],
    )
    def test_full(self, words):
        assert words in told(FULL)

    def test_every_primary_endpoint_is_quoted(self):
        endpoints = [model.Endpoint(kind=terms.EndpointKind.PRIMARY, text=f"First {index}") for index in range(30)]
        text = told(Trial(endpoints=tuple(endpoints)))

        assert all(f"“First {index}”" in text for index in range(30))

    def test_a_translation_stands_in(self):
        objective = model.Objective(
            kind=terms.ObjectiveKind.MAIN, translations=(values.Translation(text="Ein Ziel", language="de"),)
        )
        assert "in the record's words, is: “Ein Ziel”" in told(Trial(objectives=(objective,)))

    def test_an_early_end_without_a_reason_says_so(self):
        status = model.Status(trial=Progress.TERMINATED_EARLY)
        assert "The record does not say why the trial ended early." in told(Trial(status=status))

    def test_many_groups_are_counted(self):
        text = told(Trial(arms=tuple(model.Arm(title=f"Arm {index}") for index in range(47))))

        assert "The record names 47 groups." in text
        assert "- “Arm 39” 7 more groups are in the record but not on this page." in text

    def test_designs_of_different_periods_are_told_apart(self):
        text = told(Trial(design=model.Design(masking=frozenset({terms.Masking.OPEN, terms.Masking.DOUBLE}))))

        assert "In part of the trial, everyone knows who gets what." in text
        assert "In part of the trial, two sides do not know who gets what." in text

    def test_one_happening_is_told_once(self):
        notice = attrs.evolve(EARLY, date=None)
        bare = model.Event(kind=EARLY.kind, date=EARLY.date)
        text = told(Trial(countries=(model.Country(name="Italy", events=(bare, notice)),)))

        assert text.count("In “Italy”, the trial ended early (17 May 2026).") == 1
        assert text.count("the trial ended early") == 1
        assert "The reason given is “Sponsor decision”." in text
        assert "does not say the reason" not in text

    def test_happenings_of_two_dates_are_two(self):
        halts = tuple(model.Event(kind=EventKind.HALT, date=PartialDate(year=year)) for year in (2025, 2026))
        text = told(Trial(countries=(model.Country(name="Italy", events=halts),)))

        assert "the trial was halted (2025)" in text
        assert "the trial was halted (2026)" in text

    def test_a_code_of_the_register_gives_way_to_our_term(self):
        scopes = (Coded(term="DOSE_RESPONSE", text="9"), Coded(term="SAFETY", text="Safety"))
        assert "looks at: - how effects change with the dose - safety" in told(
            Trial(design=model.Design(scopes=scopes))
        )

    def test_words_are_explained_where_they_stand_alone(self):
        endpoint = model.Endpoint(kind=terms.EndpointKind.PRIMARY, text="Pharmacokinetic parameters")
        text = told(Trial(endpoints=(endpoint,)))

        assert "Pharmacokinetics is how the body" in text
        assert "or arm, gets" not in text

    def test_explanations_are_given_once(self):
        explained = [
            sentence
            for sentence in sentences(page_of(Parsed(FULL)))
            if all(isinstance(citation, Gloss) for citation in sentence.citations)
        ]
        assert len(explained) == len(set(explained))

    def test_countries_that_agree_are_not_listed(self):
        status = model.Status(trial=Progress.ENDED)
        pair = tuple(model.Country(name=name, status=status) for name in ("Italy", "France"))

        assert "status by country" not in told(Trial(status=status, countries=pair))
        assert "status by country" in told(Trial(countries=pair))


class TestWording:
    """Dates, numbers and ages read as people write them."""

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (PartialDate(year=2026, month=5, day=17), "17 May 2026"),
            (PartialDate(year=2026, month=5), "May 2026"),
            (PartialDate(year=2026), "2026"),
        ],
    )
    def test_dates(self, value, words):
        assert date(value) == words

    @pytest.mark.parametrize(("value", "words"), [(1200, "1,200"), (2e7, "20,000,000"), (0.25, "0.25")])
    def test_numbers(self, value, words):
        assert number(value) == words

    @pytest.mark.parametrize(
        ("groups", "finer", "words"),
        [
            ({AgeGroup.ADULT}, (), ["18 to 64 years"]),
            ({AgeGroup.ADULT, AgeGroup.ELDERLY}, (), ["18 years and older"]),
            ({AgeGroup.UNDER_18}, (), ["birth to 17 years"]),
            ({AgeGroup.UNDER_18, AgeGroup.ADULT}, {AgeGroup.ADOLESCENT}, ["12 to 64 years"]),
            ({AgeGroup.UNDER_18, AgeGroup.ELDERLY}, (), ["birth to 17 years", "65 years and older"]),
            ({AgeGroup.UNDER_18}, {AgeGroup.NEWBORN, AgeGroup.INFANT}, ["birth to 23 months"]),
            ({AgeGroup.UNDER_18}, {AgeGroup.INFANT, AgeGroup.CHILD_2_5}, ["28 days to 5 years"]),
            ({AgeGroup.IN_UTERO}, (), ["before birth"]),
            ({AgeGroup.ELDERLY}, {AgeGroup.AGE_85_PLUS}, ["85 years and older"]),
            ((), set(), []),
        ],
    )
    def test_ages(self, groups, finer, words):
        assert ranges(groups, finer) == words

    @given(st.frozensets(st.sampled_from(AgeGroup), min_size=1), st.frozensets(st.sampled_from(AgeGroup)))
    def test_every_group_has_a_range(self, groups, finer):
        assert ranges(groups, finer)

    @given(st.text(), st.integers(2, 50))
    def test_shortened_is_short(self, text, limit):
        assert len(shortened(text, limit)) <= limit + 1


class TestTables:
    """The tables are whole: every term that the page may meet has its words, every key means something."""

    SPOKEN = (
        terms.StudyType,
        terms.Region,
        terms.Sex,
        terms.PopulationGroup,
        terms.ProductRole,
        terms.InterventionType,
        terms.TherapyType,
        terms.CellOrigin,
        terms.CellType,
        terms.GeneTransfer,
        terms.GeneVehicle,
        terms.Allocation,
        terms.Masking,
        terms.PhaseDetail,
        terms.MaskedRole,
        terms.AnalysisStage,
        terms.MeasureType,
        Regulatory,
        Progress,
        Recruitment,
    )
    LISTED = (
        terms.Phase,
        terms.MaskedRole,
        terms.Allocation,
        terms.Masking,
        Regulatory,
        Progress,
        Recruitment,
        EventKind,
        terms.Relation,
    )
    EXPLAINED = (terms.StudyType, terms.ProductRole, terms.TherapyType, terms.Phase, Regulatory, Progress, Recruitment)

    @pytest.mark.parametrize("vocabulary", SPOKEN)
    def test_sentences(self, vocabulary):
        assert all(phrases()[f"{vocabulary.__name__}.{term.name}"].sentence for term in vocabulary)

    @pytest.mark.parametrize("vocabulary", LISTED)
    def test_lists(self, vocabulary):
        assert all(phrases()[f"{vocabulary.__name__}.{term.name}"].short for term in vocabulary)

    @pytest.mark.parametrize("vocabulary", EXPLAINED)
    def test_explanations(self, vocabulary):
        keys = [re.sub(r"\.(ahead|begun|over)$", "", key) for key in glossary()]

        assert all(f"{vocabulary.__name__}.{term.name}" in keys for term in vocabulary)

    def test_keys_mean_something(self):
        for key in [*glossary(), *phrases()]:
            vocabulary, dot, name = key.partition(".")
            name = re.sub(r"\.(ahead|begun|started|over|unnamed)$", "", name)
            if vocabulary == "plan":
                assert name in EventKind.__members__
            elif vocabulary == "rule":
                assert name.partition(".")[0] in (*VERBS, "record")
            elif vocabulary in FOUND:
                assert name in {meaning.term for meaning in codes_of("euctr")[FOUND[vocabulary]].values()}
            elif vocabulary in ("route", "unit", "scope", "device_type", "device_combination"):
                meanings = codes_of("ctis")[vocabulary].values()
                assert name in {term for meaning in meanings for term in (meaning.term, *meaning.term.split())}
            else:
                assert not dot or vocabulary in ("register", "about") or name in getattr(terms, vocabulary).__members__

    def test_every_topic_is_used(self):
        package = pathlib.Path(trialparse.__path__[0], "pages")
        code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))

        topics = [key.removesuffix(".one") for key in glossary() if key.startswith("about.")]

        assert not [topic for topic in topics if f'"{topic}"' not in code]

    def test_every_entry_has_an_authority_and_whole_sentences(self):
        for entry in glossary().values():
            assert entry.authority
            assert entry.explanation.endswith(".")

    def test_phrases_leave_the_stop_to_the_page(self):
        assert not [phrase.key for phrase in phrases().values() if phrase.sentence.endswith(".")]


class TestFloor:
    """The page sees the words of the domain and nothing else: no document, no engine."""

    def test_imports(self):
        seen = set()
        for path in pathlib.Path(trialparse.__path__[0], "pages").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialparse"):
                    seen.add(node.module.split(".")[1])
        assert seen == {"model", "diagnostics", "pages"}


class TestLists:
    """A list is a list in every format, its items in the record's order."""

    def test_order(self):
        page = page_of(Parsed(FULL))
        lists = [block for section in page.sections for block in section.blocks if isinstance(block, Listing)]

        assert [own_words(item) for item in lists[0].sentences] == [""]
        assert "- “Bar 0”" in told(FULL)
        assert told(FULL).index("“Bar 0”") < told(FULL).index("“Bar 4”")


class TestNeverBare:
    """No sentence and no item is without words."""

    @many
    @given(TRIALS)
    def test_any(self, trial):
        for sentence in sentences(page_of(Parsed(trial))):
            assert any((part if isinstance(part, str) else part.text).strip() for part in sentence.parts)
            assert all(part.text.strip() for part in sentence.parts if isinstance(part, Quote))
