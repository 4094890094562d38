"""What the page says of each thing, in which words, and that its tables are whole."""

import ast
import pathlib
import re

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialparse
from tests.counting import some
from tests.pages.reading import (
    Parsed,
    sentences,
)
from tests.pages.trials import EARLY, FULL, told
from trialparse import model
from trialparse.combining.verbs import VERBS
from trialparse.mapping.folder import codes_of
from trialparse.model import Trial, terms, values
from trialparse.model.terms import EventKind, Progress, Recruitment, Regulatory
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import page_of
from trialparse.pages.page import Gloss
from trialparse.pages.tables import texts
from trialparse.pages.wording import shortened

FOUND = {
    "left": (("euctr", "not_completed_reason"), ("ctgov", "withdrawal")),
    "joined": (("euctr", "join_reason"),),
    "parameter": (("euctr", "parameter_type"), ("ctgov", "estimate")),
}
"""Words of results that have phrases, and the lists of codes that they are of."""


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
            "The register files the trial under these age groups: - 18 to 64 years",
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
        assert texts().date(value) == words

    @pytest.mark.parametrize(("value", "words"), [(1200, "1,200"), (2e7, "20,000,000"), (0.25, "0.25")])
    def test_numbers(self, value, words):
        assert texts().number(value) == words

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
        assert all(texts().phrases[f"{vocabulary.__name__}.{term.name}"].sentence for term in vocabulary)

    @pytest.mark.parametrize("vocabulary", LISTED)
    def test_lists(self, vocabulary):
        assert all(texts().phrases[f"{vocabulary.__name__}.{term.name}"].short for term in vocabulary)

    @pytest.mark.parametrize("vocabulary", EXPLAINED)
    def test_explanations(self, vocabulary):
        keys = [re.sub(r"\.(ahead|begun|over)$", "", key) for key in texts().glossary]

        assert all(f"{vocabulary.__name__}.{term.name}" in keys for term in vocabulary)

    def test_keys_mean_something(self):
        for key in [*texts().glossary, *texts().phrases]:
            vocabulary, dot, name = key.partition(".")
            name = re.sub(r"\.(ahead|begun|started|over|unnamed)$", "", name)
            if vocabulary == "plan":
                assert name in EventKind.__members__
            elif vocabulary == "rule":
                assert name.partition(".")[0] in (*VERBS, "record")
            elif vocabulary in FOUND:
                lists = [codes_of(registry)[codes].values() for registry, codes in FOUND[vocabulary]]
                assert name in {meaning.term for meanings in lists for meaning in meanings}
            elif vocabulary in ("route", "unit", "scope", "device_type", "device_combination"):
                meanings = codes_of("ctis")[vocabulary].values()
                assert name in {term for meaning in meanings for term in (meaning.term, *meaning.term.split())}
            else:
                assert not dot or vocabulary in ("register", "about") or name in getattr(terms, vocabulary).__members__

    def test_every_topic_is_used(self):
        package = pathlib.Path(trialparse.__path__[0], "pages")
        code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))

        topics = [key.removesuffix(".one") for key in texts().glossary if key.startswith("about.")]

        assert not [topic for topic in topics if f'"{topic}"' not in code]

    def test_every_entry_has_an_authority_and_whole_sentences(self):
        for entry in some(texts().glossary.values(), 100):
            assert entry.authority
            assert entry.explanation.endswith(".")

    def test_phrases_leave_the_stop_to_the_page(self):
        assert not [phrase.key for phrase in texts().phrases.values() if phrase.sentence.endswith(".")]


class TestFloor:
    """The page sees the words of the domain and files of tables, and nothing else: no document, no engine."""

    def test_imports(self):
        seen = set()
        for path in pathlib.Path(trialparse.__path__[0], "pages").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialparse"):
                    seen.add(node.module.split(".")[1])
        assert seen == {"generated", "model", "pages", "prepared", "tsv", "vocabulary"}
