"""The short article: as long as a reader likes, readable, cited, and without a number that the record does not have."""

import itertools
import re
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialparse
from tests.conftest import fixture_files, refused
from tests.counting import some
from tests.pages.as_text import article, article_of, records
from tests.pages.reading import Parsed, grade, of_article, own_words, words_in, words_of
from tests.pages.trials import EMPTY, FULL, HEADINGS
from trialparse import model
from trialparse.model import Trial, terms
from trialparse.model import interventions as products
from trialparse.model.values import Coded, Duration, PartialDate
from trialparse.pages import overview, overviews, page_of
from trialparse.pages.page import Gloss, Of, Page, Quote, Sentence
from trialparse.pages.tables import texts
from trialparse.pages.view import look_up

LONGEST = 26
"""Words of our own in a sentence at most."""

WHOLE = ("ctis-retrieve", "euctr-protocol-text", "euctr-protocol-html")
"""Formats whose records tell all that a register has on a trial."""


def of_corpus(path: Any, most: int = 12) -> list[Any]:
    """Return the first records of a real export that can be read."""
    try:
        return [one for one in itertools.islice(trialparse.read(path), most) if one.ok]
    except trialparse.TrialParseError:
        return []


def check(page: Page) -> int:
    """Check that each sentence of an article is cited, short and not said twice; return how many there are."""
    told = list(of_article(page))
    said = ["".join(part if isinstance(part, str) else part.text for part in one.parts) for one in told]

    assert all(one.citations and one.notes for one in told)
    assert len(said) == len(set(said))
    assert [own_words(one) for one in told if len(words_of(own_words(one))) > LONGEST] == []
    assert not [one for one in told if re.search(r"[{}]|None", own_words(one))]
    return len(told)


class TestShort:
    """An article has some 350 to 700 words, few marks, and sentences of some 11 to 16 words of our own."""

    def measured(self, name: str) -> tuple[int, int, float, float]:
        [parsed, *_] = records(name)
        page = page_of(parsed)
        body = overview(parsed).partition("\n*****\n")[0]
        own = [own_words(one) for one in of_article(page)]
        lengths = [len(words_of(text)) for text in own]
        marks = len(re.findall(r"\[\d+\]", body))
        return len(re.sub(r"\[\d+\]", "", body).split()), marks, grade(own), sum(lengths) / len(lengths)

    @pytest.mark.parametrize(
        "name",
        [
            "ctis/immunostem.json",
            "ctis/multinational.json",
            "ctis/placebo_blinded.json",
            "ctis/halted.json",
            "ctis/early_terminated.json",
            "ctis/ended_with_results.json",
            "euctr/results.xml",
        ],
    )
    def test_whole_records(self, name):
        words, marks, reading, mean = self.measured(name)

        assert 350 <= words <= 700
        assert marks <= 56
        assert 4.4 <= reading <= 9
        assert 11 <= mean <= 16

    def test_facts_of_one_source_share_a_note(self):
        [parsed] = records("ctis/immunostem.json")
        page = page_of(parsed)

        assert len(page.notes) <= 40
        assert len(page.notes) < sum(len(one.notes) for one in of_article(page))

    def test_fixtures(self, record_file):
        assert all(check(page_of(one)) for one in some(one for one in trialparse.read(record_file) if one.ok))

    @pytest.mark.corpus
    def test_corpus(self, corpus_file):
        assert all(check(page_of(one)) for one in of_corpus(corpus_file))

    @pytest.mark.corpus
    def test_the_corpus_is_read(self, corpus):
        assert sum(len(of_corpus(path, 2)) for path in sorted(corpus.rglob("*.txt"))) > 2


def numbers(text: str) -> set[str]:
    """Return the numbers in a text, without marks between thousands and without zeros before them."""
    return {one.replace(",", "").lstrip("0") or "0" for one in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def known_numbers(parsed: Any, sentence: Sentence) -> set[str]:
    """Return the numbers that a sentence can have: those of its evidence, its values, its entries and its glossary."""
    found: set[str] = set()
    for citation in sentence.citations:
        if isinstance(citation, Gloss):
            entry = texts().glossary[citation.key]
            found |= numbers(f"{citation.key} {entry.explanation}")
        elif isinstance(citation, Of):
            found |= {str(len(citation.fields) - less) for less in range(6)} if citation.span else set()
            for field in citation.fields[:60]:
                found |= {number for one in parsed.evidence(field).sources for number in numbers(one.text)}
                found |= {number for words in words_in(look_up(parsed.trial, field)) for number in numbers(words)}
                found |= numbers(" ".join(phrase_words(look_up(parsed.trial, field))))
    return found


def phrase_words(value: Any) -> list[str]:
    """Return the words of the page's language for terms."""
    terms_ = value if isinstance(value, frozenset) else [value]
    keys = [f"{type(one).__name__}.{one.name}" for one in terms_ if isinstance(one, terms.Term)]
    named = [texts().phrases[key].short for key in keys if key in texts().phrases]
    return named + [texts().plain(f"group.{one.name}") for one in terms_ if isinstance(one, terms.AgeGroup)]


def check_numbers(parsed: Any) -> int:
    """Check that no sentence of an article has a number of its own; return how many numbers there were."""
    checked = 0
    for sentence in of_article(page_of(parsed)):
        shown = numbers(own_words(sentence).replace(str(parsed.trial.id), ""))
        assert shown <= known_numbers(parsed, sentence), own_words(sentence)
        checked += len(shown)
    return checked


class TestNumbers:
    """No number is on the page that the record does not have."""

    def test_fixtures(self):
        files = [path for path in fixture_files() if not refused(path)]
        checked = sum(check_numbers(one) for path in files for one in trialparse.read(path) if one.ok)
        assert checked > 500

    @pytest.mark.corpus
    def test_corpus(self, corpus_file):
        assert min([check_numbers(one) for one in of_corpus(corpus_file)], default=0) >= 0

    def test_the_law_sees_a_number_too_many(self):
        parsed = Parsed(Trial(phases=frozenset({terms.Phase.I})))
        made = Sentence(("This is a trial of 77 people",), (Of(("phases",)),))
        assert numbers(own_words(made)) - known_numbers(parsed, made) == {"77"}


class TestQuotes:
    """A quote is of whole sentences, and what it leaves out is said."""

    LONG = "One two three. Word " + " ".join(["word"] * 70) + "."

    def test_whole_sentences(self):
        text = article_of(objectives=(model.Objective(kind=terms.ObjectiveKind.MAIN, text=self.LONG),))
        assert "Its main objective begins with these words of the record: “One two three.”" in text

    def test_a_sentence_too_long_to_quote(self):
        words = " ".join(["word"] * 70)
        text = article_of(objectives=(model.Objective(kind=terms.ObjectiveKind.MAIN, text=words),))
        assert "The record puts the main objective in a long text, which is in All details." in text

    def test_two_outcomes_and_how_many_more(self):
        ends = tuple(model.Endpoint(kind=terms.EndpointKind.PRIMARY, text=f"Outcome {one}") for one in "abcde")
        text = article_of(endpoints=ends)

        assert (
            "and this is the first: “Outcome a”. The second is this: “Outcome b”. 3 more main outcomes are in" in text
        )
        assert "Outcome c" not in text

    def test_fixtures_quote_the_record(self, record_file):
        odd = []
        for parsed in some(one for one in trialparse.read(record_file) if one.ok):
            record = [" ".join(words.split()) for words in words_in(parsed.trial)]
            parts = [part for one in of_article(page_of(parsed)) for part in one.parts if isinstance(part, Quote)]
            texts_ = [" ".join(part.text.split()) for part in parts]
            odd += [text for text in texts_ if not any(text in words for words in record)]
        assert odd == []


class TestRetold:
    """What a therapy does is retold from typed facts, and no fact has no clause."""

    FACTS = products.AdvancedTherapy(
        type=terms.TherapyType.GENE,
        cell_origin=terms.CellOrigin.AUTOLOGOUS,
        cell_type=terms.CellType.STEM,
        transfer=terms.GeneTransfer.EX_VIVO,
        vehicle=terms.GeneVehicle.VIRAL_VECTOR,
        gene="hPD-L1",
    )
    VEIN = (Coded(term="INTRAVENOUS", text="INTRAVENOUS USE"),)

    def retold(self, routes: tuple[Coded, ...] = VEIN, **changes: Any) -> str:
        therapy = attrs.evolve(self.FACTS, **changes)
        product = products.Intervention(
            name="Cells", role=terms.ProductRole.TEST, routes=routes, advanced_therapies=(therapy,)
        )
        return article_of(interventions=(product,))

    def test_all(self):
        assert (
            "In plain words: doctors take the patient's own stem cells, a laboratory puts the gene “hPD-L1” into them "
            "by means of a changed virus, and they are given back into a vein." in self.retold()
        )

    @pytest.mark.parametrize(
        ("changes", "gone"),
        [
            ({"cell_type": None}, "stem cells"),
            ({"cell_origin": terms.CellOrigin.ALLOGENEIC}, "given back"),
            ({"transfer": None}, "a laboratory"),
            ({"vehicle": None}, "virus"),
            ({"gene": None}, "hPD-L1"),
            ({"routes": ()}, "vein"),
            ({"type": None}, "gene therapy"),
        ],
    )
    def test_no_fact_no_clause(self, changes, gone):
        assert gone in self.retold()
        assert gone not in self.retold(**changes)

    def test_immunostem(self):
        text = article("ctis/immunostem.json")
        assert (
            "doctors take the patient's own stem cells, a changed virus carries the gene “hPD-L1 (CD274) cDNA”" in text
        )


class TestImmunostem:
    """The facts of the article that the project follows are under the headings where a reader looks for them."""

    FACTS: ClassVar = {
        "Trial overview": [
            "tests a gene therapy",
            "“Type 1 diabetes mellitus, early”",
            "interventional study",
            "safety",
        ],
        "Who is being studied": ["“Age ≥ 18 and ≤ 40 years.”", "any sex", "within 180 days", "16 rules"],
        "What the study tests": ["“Autologous CD34+ HSPCs transduced ex vivo", "hPD-L1", "into a vein"],
        "Phase and study size": ["phase 1 and phase 2", "15 participants", "a small early trial"],
        "Main outcomes and safety checks": ["adverse events", "data safety monitoring board", "3 secondary outcomes"],
        "What the status means": ["As of 18 September 2026, the trial is authorised and has not started", "No results"],
    }

    def test_headings(self):
        text = overview(records("ctis/immunostem.json")[0]).partition("\n*****\n")[0]
        parts = re.split(r"\n(.+)\n-{5,}\n", re.sub(r" (\[\d+\])+", "", text))
        sections = {name: " ".join(body.split()) for name, body in zip(parts[1::2], parts[2::2], strict=True)}

        assert list(sections) == HEADINGS == list(self.FACTS)
        missing = {name: [fact for fact in facts if fact not in sections[name]] for name, facts in self.FACTS.items()}
        assert {name: [] for name in self.FACTS} == missing

    def test_first_line(self):
        line = overview(records("ctis/immunostem.json")[0]).split("\n\n")[1]
        assert " ".join(line.split()).startswith(
            "From the public record of a trial in the register CTIS of the European Union, number 2026-590101-24-00, "
            "as of 18 September 2026 [1]"
        )


class TestStored:
    """A trial that was stored makes a page too; its notes name fields and say that places are not known."""

    def test_notes(self):
        trial = records("ctis/immunostem.json")[0].trial
        text = " ".join(overview(trialparse.from_json(trialparse.to_json(trial))).split())

        assert "From a stored record of “CTIS”, number 2026-590101-24-00, as of 18 September 2026" in text
        assert "The place in the source is not known; fields of the stored record" in text
        assert "Age ≥ 18 and ≤ 40 years." in text

    def test_it_says_what_the_record_says(self):
        [parsed] = records("ctis/immunostem.json")
        read, stored = (list(of_article(page_of(one))) for one in (parsed, parsed.trial))
        assert [one.parts for one in read[1:]] == [one.parts for one in stored[1:]]


class TestOptions:
    """A publisher gets the part of a document, leaves out notes, and brings a style, templates and a language."""

    def page(self, **options: Any) -> str:
        return overview(Parsed(FULL), format="html", **options)

    def test_fragment(self):
        text = self.page(fragment=True)

        assert text.startswith('<article class="trial" lang="en">')
        assert not re.search(r"<(?:html|head|body|style|main)\b", text)

    def test_two_fragments_fit_on_one_page(self):
        other = attrs.evolve(FULL, id="2025-523456-12-00")
        both = overview(Parsed(FULL), format="html", fragment=True) + overview(
            Parsed(other), format="html", fragment=True
        )
        ids = re.findall(r' id="([^"]+)"', both)

        assert len(ids) == len(set(ids)) > 40
        assert set(re.findall(r'href="#([^"]+)"', both)) <= set(ids)

    def test_without_notes(self):
        for form in ("text", "markdown", "html"):
            text = overview(Parsed(FULL), format=form, notes=False)
            assert not re.search(r"\[\d+\]|Notes", text)

    def test_style(self):
        assert "<style>\nh1 { color: red; }</style>" in self.page(css="h1 { color: red; }")
        assert "</style><b>" not in self.page(css="</style><b>")

    def test_templates(self, tmp_path):
        (tmp_path / "page.html").write_text("<p>{{ title }}</p>{% include 'article.html' %}", encoding="utf-8")
        text = self.page(templates=str(tmp_path))

        assert text.startswith("<p>A first study of changed stem cells in early type 1 diabetes</p><article")
        assert "<html" not in text

    def test_details_are_folded_unless_all_is_asked_for(self):
        assert '<details class="all" id="details">' in self.page()
        assert '<details class="all" id="details" open>' in self.page(detail="full")

    def test_link_to_the_register(self):
        assert (
            'href="https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&amp;EUCT=2025-523456-11-00"'
            in self.page()
        )

    @pytest.mark.parametrize("number", ["javascript:alert(1)", '"><b>', "../../x", '2025-523456-11-00"', ""])
    def test_only_a_number_of_the_register_makes_a_link(self, number):
        page = overview(Parsed(attrs.evolve(FULL, id=number)), format="html")
        assert not re.search(r'EUCT=(?!2025-523456-11-00")', page)


class TestMany:
    """Many records make a page each and a page that lists them."""

    @pytest.mark.parametrize(("form", "ending"), [("html", ".html"), ("markdown", ".md"), ("text", ".txt")])
    def test_pages_and_their_list(self, form, ending):
        found = dict(overviews([*records("ctis/search_2026.json"), *records("ctis/immunostem.json")], format=form))
        *pages, index = found

        assert index == f"index{ending}"
        assert all(name.endswith(ending) for name in pages)
        assert all(name in found[index] for name in pages)
        assert len(pages) == len(records("ctis/search_2026.json")) + 1

    @given(
        st.lists(st.sampled_from(["2024-1", "2024-1", "INDEX", "index", "", "../x", "a/b", "A/B", "<b>"]), max_size=8)
    )
    def test_no_two_pages_have_one_name(self, ids):
        names = [name for name, _ in overviews([Parsed(Trial(id=one)) for one in ids], format="text")]

        assert len({name.casefold() for name in names}) == len(ids) + 1
        assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*\.txt", name) for name in names)

    def test_the_list_is_harmless(self):
        trial = Trial(id="<b>1", public_title="<script>x</script> [a](b)")
        html = dict(overviews([Parsed(trial)]))["index.html"]
        markdown = dict(overviews([Parsed(trial)], format="markdown"))["index.md"]

        assert "<script>" not in html
        assert "\\<script\\>" in markdown


class TestEmpty:
    """A record that says nothing makes a page that says so, and no more."""

    def test_it_ends(self):
        text = " ".join(overview(Parsed(EMPTY)).split())

        assert "The record does not say which condition is studied" in text
        assert "None" not in text


class TestAges:
    """The register's age groups are its groups, and exact limits come from exact fields or from the rules."""

    def rules(self, *texts_: str) -> model.Eligibility:
        rules = tuple(model.Criterion(kind=terms.CriterionKind.INCLUSION, text=text) for text in texts_)
        groups = frozenset({terms.AgeGroup.INFANT, terms.AgeGroup.ADULT})
        return model.Eligibility(age_groups=groups, criteria=rules)

    def test_the_rule_comes_first(self):
        text = article_of(eligibility=self.rules("Signed consent", "Age of 12 months to 21 years"))

        assert (
            "On age, one of the rules says: “Age of 12 months to 21 years”. "
            "The register's own age groups are less exact: 28 days to 23 months and 18 to 64 years." in text
        )

    def test_without_a_rule(self):
        text = article_of(eligibility=self.rules("Signed consent"))
        assert "age groups, which are no exact limits: 28 days to 23 months and 18 to 64 years." in text

    def test_exact_fields(self):
        who = model.Eligibility(
            minimum_age=Duration(value=18, unit=terms.TimeUnit.YEAR), age_groups=frozenset({terms.AgeGroup.ADULT})
        )
        assert "The lowest age that the record sets is 18 years." in article_of(eligibility=who)

    def test_a_disagreement_is_told(self):
        who = model.Eligibility(
            minimum_age=Duration(value=12, unit=terms.TimeUnit.YEAR), age_groups=frozenset({terms.AgeGroup.ADULT})
        )
        assert "age groups, which do not go together with those ages: 18 to 64 years." in article_of(eligibility=who)


class TestDates:
    """A planned date before the day of the record was planned."""

    @pytest.mark.parametrize(("year", "verb"), [(2026, "is"), (2024, "was")])
    def test_a_plan(self, year, verb):
        dates = model.Dates(
            published=PartialDate(year=2025, month=5),
            estimated_recruitment_start=PartialDate(year=year, month=1, estimated=True),
        )
        text = article_of(dates=dates)
        assert f"The plan {verb} to take in the first person in January {year}." in text
