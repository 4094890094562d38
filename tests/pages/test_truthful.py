"""The page claims no more than it knows: a law for each way in which a page said what its record does not."""

import functools
import itertools
import re
from contextlib import suppress
from typing import Any

import pytest

import trialparse
from tests.conftest import corpus_files, fixture_files, refused
from tests.counting import some
from tests.pages.as_text import article, article_of, page_of_trial, plain, records, told, told_of
from tests.pages.reading import Parsed, of_article, own_words
from trialparse import model
from trialparse.model import Trial, terms
from trialparse.model import interventions as products
from trialparse.model.results import Category, Group, Outcome, Value
from trialparse.model.terms import AgeGroup, CriterionKind, EndpointKind, ProductRole
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import overview, page_of
from trialparse.pages.facts.titles import title_on
from trialparse.pages.page import Quote
from trialparse.pages.tables import texts
from trialparse.pages.view import View

BLIND = "A randomised, double-blind phase 3 study"


@functools.cache
def whole(parsed: Any) -> str:
    """Return the article and all details as text on one line, without notes."""
    text = overview(parsed, detail="full").partition("\n*****\n")[0]
    return re.sub(r" (\[\d+\])+", "", " ".join(text.split()))


@functools.cache
def of_fixtures() -> list[Any]:
    """Return the records of all fixtures."""
    return [one for path in fixture_files() if not refused(path) for one in trialparse.read(path) if one.ok]


@functools.cache
def of_corpus(most: int = 6) -> list[Any]:
    """Return the first records of each real export that can be read."""
    found: list[Any] = []
    for path in corpus_files():
        with suppress(trialparse.TrialParseError):
            found += (one for one in itertools.islice(trialparse.read(path), most) if one.ok)
    return found


every = pytest.mark.parametrize(
    "pages", [of_fixtures, pytest.param(of_corpus, marks=pytest.mark.corpus)], ids=["fixtures", "corpus"]
)


class TestTitles:
    """1. That a record is silent is said only where the quoted title is silent too."""

    def test_the_title_says_it(self):
        text = article_of(public_title=BLIND)

        assert (
            "The register has no entry here for how people come into groups or who knows which treatment is given; "
            "see the title." in text
        )
        assert "does not say how people come" not in text
        assert "The register has no entry here for which phase the trial is in; see the title." in text

    def test_the_title_says_one_of_them(self):
        text = article_of(public_title="An open-label study")

        assert "The register has no entry here for who knows which treatment is given; see the title." in text
        assert re.search(r"The record does not say [^.]*how people come into groups\.", text)

    def test_the_details_agree(self):
        text = told_of(public_title=BLIND)

        assert "The register has no entry here for how people are sorted into groups; see the title." in text
        assert "does not say how people are sorted" not in text

    @every
    def test_no_page_denies_its_title(self, pages):
        found = 0
        for parsed in pages():
            view = View.of(parsed, texts())
            text = whole(parsed)
            for topic, denial in (("allocation", "not say how people"), ("masking", "not say who knows")):
                if title_on(view, topic):
                    found += 1
                    assert denial not in text
                    assert "nothing on the treatments, the design" not in text
        assert found > 5


class TestAges:
    """2. Age groups of a register are its groups, and a rule that names ages comes before them."""

    @every
    def test_groups_are_never_a_range_of_the_trial(self, pages):
        found = 0
        for parsed in pages():
            text = whole(parsed)
            assert "gives this age range" not in text
            groups = re.search(
                r"age groups are less exact|age groups, which are no exact|age groups, which do not go", text
            )
            who = parsed.trial.eligibility
            if who.age_groups or who.age_subgroups:
                found += 1
                assert groups
                rule = text.find("On age, one of the rules says")
                assert rule < groups.start()
        assert found > 10

    def test_the_rule_of_a_real_trial(self):
        text = article("ctis/immunostem.json")
        assert text.index("“Age ≥ 18 and ≤ 40 years.”") < text.index("18 to 64 years")


class TestRules:
    """3. Nothing is concluded from free text, and the record's own numbers stay."""

    @every
    def test_no_logic_over_rules(self, pages):
        for parsed in some(pages(), 10):
            own = " ".join(own_words(one) for one in some(page_of(parsed).sentences()))
            assert not re.search(r"must meet all|meets one of them|all of them to join", own)

    def test_numbers_stay(self):
        rules = (
            model.Criterion(
                kind=CriterionKind.INCLUSION, text="(1) Aged 18 or more\n(2) Alternatively to (1), aged 16"
            ),
        )
        trial = Trial(eligibility=model.Eligibility(criteria=rules))

        assert "“(1) Aged 18 or more”" in plain(page_of_trial(trial, detail="short"))
        assert "“(1) Aged 18 or more (2) Alternatively to (1), aged 16”" in told_of(eligibility=trial.eligibility)


class TestCountries:
    """4. The record of one country tells the status in that country."""

    def record(self, status: model.Status) -> Any:
        country = model.Country(code="IT", name="Italy", status=status)
        return Trial(registry="EUCTR", id="2015-099120-36", status=status, countries=(country,))

    @pytest.mark.parametrize("name", ["euctr-protocol-text", "euctr-protocol-html"])
    def test_a_refusal(self, name):
        trial = self.record(model.Status(regulatory=terms.Regulatory.NOT_AUTHORISED))
        short, full = (plain(page_of_trial(trial, name=name, detail=detail)) for detail in ("short", "full"))

        assert "This page is about the trial in Italy only." in short
        assert "the trial in Italy was refused." in short
        assert (
            "The decision in Italy: the trial was refused. A refusal holds for the country whose authority decided."
            in full
        )

    @every
    def test_no_page_bans_a_trial(self, pages):
        for parsed in some(pages(), 10):
            assert not re.search(r"may not be run|may no longer be run", whole(parsed))

    @every
    def test_a_page_of_one_country_says_so(self, pages):
        found = 0
        for parsed in pages():
            if parsed.format.name.startswith("euctr-protocol") and len(parsed.trial.countries) == 1:
                found += 1
                text = whole(parsed)
                assert "This page is about the trial in " in text
                assert not re.search(
                    r"(?:As of [^,]*,|According to this record,|The record says that) the trial (?!in )", text
                )
        assert found > 2


class TestRegisters:
    """5. A trial moves in the direction that its register knows, and one value is no disagreement."""

    def test_to_the_newer_register(self):
        text = article_of(registry="EUCTR", transitioned=True)
        assert "The trial has moved from this register to CTIS, the newer register of the European Union." in text

    def test_from_the_older_register(self):
        text = article_of(registry="CTIS", transitioned=True)
        assert "The trial began under older European rules and moved to this register" in text

    @pytest.mark.parametrize("name", ["euctr/six_countries.txt", "euctr/countries.xml"])
    def test_a_disagreement_has_two_values(self, name):
        text = told_of_combined(name)
        blocks = re.findall(r"The records do not agree on ([^.]*)\. [^:]*: ((?:- [^:]+: .*?)+)(?= The records|$)", text)

        assert some(blocks, 2)
        assert all(len(re.findall(r"(?:^| )- ", values)) > 1 for _, values in blocks)

    def test_records_that_agree_have_no_disagreement(self):
        [parsed] = records("ctis/immunostem.json")
        assert "do not agree" not in whole(trialparse.combine([parsed, parsed]))


def told_of_combined(name: str) -> str:
    text = whole(trialparse.combine(records(name)))
    return text[text.index("Where the records differ") :]


class TestFigures:
    """6. Denominators are the register's, and that there are no results is said only where there could be some."""

    def outcome(self, title: str) -> Trial:
        groups = (Group(id="a", title="A", participants=6), Group(id="b", title="B", participants=26))
        category = (Category(id="c", title=title),)
        values = (Value(group="a", category="c", value=3.0), Value(group="b", category="c", value=4.0))
        outcome = Outcome(
            kind=EndpointKind.PRIMARY, title="Cured", countable=True, groups=groups, categories=category, values=values
        )
        return Trial(results=model.Results(outcomes=(outcome,)))

    def test_a_title_with_numbers_of_its_own(self):
        text = whole(self.outcome("Left eye (n=4,26)"))

        assert "“Left eye (n=4,26)”" in text
        assert "n = 6" not in text
        assert "3 of 6" not in text

    def test_the_numbers_of_the_groups(self):
        assert "n = 6" in whole(self.outcome("Left eye"))

    def test_no_chart_of_numbers_that_do_not_go_together(self):
        charts = [overview(self.outcome(title), format="html").count("<svg") for title in ("Eye (n=4,26)", "Eye")]
        assert charts == [0, 2]  # in the article and in the details

    def test_placebos_are_no_medicine(self):
        placebo = products.Intervention(name="Saline", role=ProductRole.PLACEBO, type=terms.InterventionType.DRUG)
        text = whole(Parsed(Trial(interventions=(placebo,))))

        assert "placebo" in text
        assert "medicine" not in text.replace("testing medicines", "")

    @every
    def test_no_results(self, pages):
        found = 0
        for parsed in pages():
            never = {"results.postings", "results.outcomes"} <= set(parsed.trial.not_carried)
            never = (never or "results" in parsed.trial.not_carried) and parsed.trial.results == model.Results()
            never = never and parsed.trial.dates.results_posted is None  # else they are known to be elsewhere
            text = article_text(parsed)
            found += never
            assert ("This file does not contain results" in text) == never
            assert not (never and "No results of the trial are" in text)
        assert found > 1


@functools.cache
def article_text(parsed: Any) -> str:
    """Return the article as text on one line."""
    return plain(overview(parsed))


class TestGroups:
    """7. Special protection names the groups of the record, and facts that disagree are told to."""

    def test_the_group_is_named(self):
        group = (Coded(term="WOMEN_USING_CONTRACEPTION", text="Women of childbearing potential using contraception"),)
        who = model.Eligibility(vulnerable=True, vulnerable_groups=group)

        said = "need special protection and can participate: women who can become pregnant and use contraception."
        assert said in article_of(eligibility=who)
        assert "This group is “Women of childbearing potential using contraception”." in told_of(eligibility=who)

    @every
    def test_children_are_no_example(self, pages):
        for parsed in some(pages(), 10):
            assert "Examples are children" not in whole(parsed)

    def test_a_denial_that_the_ages_contradict(self):
        who = model.Eligibility(vulnerable=False, age_groups=frozenset({AgeGroup.ADOLESCENT}))
        assert "says that nobody in need of special protection participates; it also lists ages under 18" in article_of(
            eligibility=who
        )

    def test_one_group_and_chance(self):
        design = model.Design(arms=1, allocation=frozenset({terms.Allocation.RANDOMISED}))
        assert "one group only, and yet says that chance decides who joins which group; these do not go" in article_of(
            design=design
        )

    def test_a_placebo_without_comparison(self):
        placebo = products.Intervention(role=ProductRole.PLACEBO)
        design = model.Design(comparators=(Coded(term="OTHER_PRODUCT"),))
        assert "lists a placebo among the products, but names none" in article_of(
            interventions=(placebo,), design=design
        )

    @pytest.mark.parametrize("what", ["estimated_end", "estimated_recruitment_start"])
    def test_a_plan_of_the_past(self, what):
        dates = model.Dates(
            updated=PartialDate(year=2025, month=6, day=1), **{what: PartialDate(year=2024, estimated=True)}
        )
        assert "The plan was to" in article_of(dates=dates)

    @every
    def test_no_plan_of_the_past_is_a_plan(self, pages):
        found = 0
        for parsed in pages():
            text = article_text(parsed)
            day = re.search(r"as of (?:\d+ )?(?:\w+ )?(\d{4})", text)
            for plan in re.findall(r"[Tt]he plan is to [^.]*?(\d{4})", text) if day else ():
                found += 1
                assert int(plan) >= int(day[1])
        assert found > 2


class TestProducts:
    """8. Products are told by substance, each thing once, and what is missing in one line."""

    def capsule(self, strength: str) -> products.Intervention:
        return products.Intervention(
            name=f"Caps {strength}",
            role=ProductRole.TEST,
            strength=strength,
            substances=(products.Substance(name="Samplocillin"),),
            routes=(Coded(term="ORAL", text="Oral use"),),
        )

    def test_six_capsules_are_one_line(self):
        text = article_of(interventions=tuple(self.capsule(f"{one} mg") for one in range(1, 7)))

        assert (
            "The treatment that the trial tests is called “Samplocillin” (“1 mg”, “2 mg”, “3 mg” and 3 more)." in text
        )
        assert text.count("Samplocillin") == 2  # in the first sentence too
        assert "It is given by mouth." in text

    def test_a_code_without_meaning_is_no_sentence(self):
        product = products.Intervention(name="X", role=ProductRole.TEST, routes=(Coded(text="PHF00230MIG"),))
        assert "PHF" not in whole(Parsed(Trial(interventions=(product,))))

    def test_what_is_missing_is_one_line(self):
        names = ("form", "routes", "description", "substances")
        missing = tuple(
            model.Missing(field=f"interventions[0].{name}", kind=terms.MissingKind.NOT_APPLICABLE) for name in names
        )
        text = told_of(interventions=(products.Intervention(name="X", role=ProductRole.PLACEBO),), missing=missing)

        assert text.count("as not applicable") == 1
        assert "The record marks 4 entries on this as not applicable." in text

    @every
    def test_adverse_events_are_explained_where_the_page_speaks_of_them(self, pages):
        found = 0
        for parsed in pages():
            told_ = list(of_article(page_of(parsed)))
            explained = any("An adverse event is any health problem" in own_words(one) for one in told_)
            spoken = any(
                re.search("adverse event", part.text if isinstance(part, Quote) else part, re.IGNORECASE)
                for one in told_
                for part in one.parts
                if "An adverse event is" not in own_words(one)
            )
            found += explained
            assert spoken or not explained
        assert found > 1

    @every
    def test_nothing_is_said_twice(self, pages):
        for parsed in some(pages(), 10):
            told_ = [one.parts for one in of_article(page_of(parsed))]
            assert len(told_) == len(set(told_))


class TestKinds:
    """9. A page on part of a record is a short paragraph on what that is."""

    @pytest.mark.parametrize("name", ["ctis/evaluation.json", "ctis/search_2026.json", "ctis/portal.csv"])
    def test_no_list_of_what_is_not_there(self, name):
        for text in (article(name), told(name)):
            assert "never says" not in text
            assert text.count("does not say") <= 1
