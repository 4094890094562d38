"""The article claims no more than it knows: laws that a reader of many real records found broken."""

import re

import pytest

import trialparse
from tests.counting import some
from tests.pages.as_text import article, article_of, plain, records
from tests.pages.reading import of_article, own_words
from tests.pages.test_truthful import article_text, every, of_fixtures
from trialparse import model
from trialparse.model import Trial, results, terms
from trialparse.model import interventions as products
from trialparse.model.terms import CriterionKind, EndpointKind, ProductRole, Progress, Recruitment, Regulatory
from trialparse.model.values import Coded, Duration, PartialDate
from trialparse.pages import overview, page_of
from trialparse.pages.details.differences import disagreeing
from trialparse.pages.facts.entries import one_by_one
from trialparse.pages.facts.excerpts import sentences_of
from trialparse.pages.page import Of, OfRecords, Quote
from trialparse.pages.tables import texts
from trialparse.pages.view import View


class TestGiven:
    """That a product was given is no claim of the page: the results name it, and say what was done with it."""

    def flow(self, *names: tuple[str, ...], dose: str | None = None) -> model.Results:
        arms = tuple(
            results.FlowArm(title=f"G{at}", products=tuple(results.ArmProduct(name=name, dose=dose) for name in group))
            for at, group in enumerate(names)
        )
        return model.Results(flow=results.ParticipantFlow(periods=(results.FlowPeriod(title="All", arms=arms),)))

    @pytest.mark.parametrize(
        ("groups", "said"),
        [
            ((("X",), ()), "As treatment of some groups and not of others, the record names “X”."),
            ((("X",), ("Y",)), "As treatments, which are not the same in all groups, the record names “X” and “Y”."),
            ((("X",), ("x",)), "As treatment of every group, the record names “X”."),
        ],
    )
    def test_by_group(self, groups, said):
        assert said in article_of(results=self.flow(*groups))

    def test_nothing_was_given(self):
        product = products.Intervention(name="X", role=ProductRole.TEST, routes=(Coded(term="ORAL", text="Oral"),))
        text = article_of(results=self.flow(("X",), dose="Nothing was given."), interventions=(product,))

        assert "the record of results says: “Nothing was given.”" in text
        assert "by mouth" not in text

    @every
    def test_no_page_says_that_people_were_given(self, pages):
        for parsed in some(pages(), 10):
            assert "People were given" not in article_text(parsed)


class TestExcerpts:
    """A quote ends where a sentence ends, and a rule on who cannot take part is never one on who can."""

    WRAPPED = "Those who need another\nheart operation, diabetic and\nurgent patients; Aged 18 or more"

    def test_the_width_of_a_page_ends_no_sentence(self):
        assert sentences_of("At risk by the\nlevel of X;\nNo fever") == ["At risk by the level of X;", "No fever"]
        assert sentences_of("Seen by a\nspecialist of the\nWorld Clinic") == [
            "Seen by a specialist of the World Clinic"
        ]
        assert sentences_of("Aged 18 or more\nNo fever") == ["Aged 18 or more", "No fever"]
        assert sentences_of("- aged 18\n- no fever") == ["- aged 18", "- no fever"]

    @pytest.mark.parametrize(
        "heading",
        ["Exclusion Criteria:", "EXCLUSION\n", "Critères de non-inclusion :", "Ausschlusskriterien:", "Exclusion -"],
    )
    def test_what_is_behind_such_a_heading_is_no_rule_on_who_can(self, heading):
        text = f"Asthma of any kind.\n{heading} Aged under 18 years or over 70 years.\nSevere asthma attacks."
        rule = model.Criterion(kind=CriterionKind.INCLUSION, text=text)
        condition = model.Condition(text="Asthma")
        said = article_of(conditions=(condition,), eligibility=model.Eligibility(criteria=(rule,)))

        assert "“Asthma of any kind.”" in said
        assert "under 18" not in said
        assert "attacks" not in said

    @every
    def test_no_quote_stops_within_a_sentence(self, pages):
        found = 0
        for parsed in pages():
            view = View.of(parsed, texts())
            titles = {
                " ".join((one.title or "").split()) for one in (*view.trial.endpoints, *view.trial.results.outcomes)
            }
            whole = [" ".join(text.split()) for text in _texts(view.trial)]
            for sentence in of_article(page_of(parsed)):
                for part in sentence.parts:
                    quote = " ".join(part.text.split()) if isinstance(part, Quote) else ""
                    for text in whole if len(quote) > 40 and quote not in {*titles, *whole} else ():
                        at = text.find(quote)
                        if at >= 0:
                            found += 1
                            rest = text[at + len(quote) :].lstrip()
                            assert not (rest[:1].islower() and quote[-1] not in ".;:!?"), (quote, rest[:40])
        assert found > 3


def _texts(trial: Trial) -> list[str]:
    """Return the longer texts of a trial."""
    rules = [one.text for one in (*trial.eligibility.criteria, *trial.endpoints, *trial.objectives, *trial.conditions)]
    return [text for text in (*rules, trial.design.text, *(one.description for one in trial.interventions)) if text]


class TestSilence:
    """That a record is silent is said only where no field and no title speaks."""

    def test_a_title_that_is_no_heading(self):
        text = article_of(public_title="Tablets for asthma", scientific_title="A Randomised, Open-Label Study")
        assert "or who knows which treatment is given; the scientific title says it: “A Randomised, Open-Label" in text

    def test_a_text_on_the_design(self):
        text = article_of(design=model.Design(text="Randomised, double blind"))

        assert "On how the trial is built, the record says: “Randomised, double blind”." in text
        assert "how people come into groups" not in text

    def test_a_condition_in_words_for_the_public(self):
        text = article_of(conditions=(model.Condition(lay_text="Asthma"),))

        assert "This trial is about “Asthma”." in text
        assert "which condition" not in text

    def test_no_is_an_answer(self):
        missing = (model.Missing(field="design.allocation", kind=terms.MissingKind.NONE_STATED),)
        text = article_of(missing=missing)

        assert "Asked whether chance decides which group each participant joins, the record answers no." in text

    @every
    def test_no_page_denies_a_condition_or_a_design(self, pages):
        found = 0
        for parsed in pages():
            text, trial = article_text(parsed), parsed.trial
            if any(one.text or one.lay_text for one in trial.conditions):
                found += 1
                assert "which condition is studied" not in text
            if trial.design.text:
                assert "does not say how people come" not in text
        assert found > 10


class TestCounts:
    """A text is no count: one entry without a number can hold many outcomes or rules."""

    def test_one_text(self):
        kinds = (EndpointKind.PRIMARY, EndpointKind.SECONDARY)
        text = article_of(endpoints=tuple(model.Endpoint(kind=kind, text=f"{kind.name} ones") for kind in kinds))

        assert "On the main outcomes, which doctors call primary endpoints, the record says: “PRIMARY ones”." in text
        assert "Another text is about secondary outcomes" in text

    def test_entries_of_a_list(self):
        kinds = (EndpointKind.PRIMARY, EndpointKind.SECONDARY)
        text = article_of(endpoints=tuple(model.Endpoint(kind=kind, number=1, text=kind.name) for kind in kinds))

        assert "The main outcome, which doctors call the primary endpoint, is “PRIMARY”." in text
        assert "There is also one secondary outcome" in text

    @every
    def test_no_text_is_counted(self, pages):
        found = 0
        for parsed in pages():
            text, trial = article_text(parsed), parsed.trial
            for kind, denied in (
                (EndpointKind.PRIMARY, r"The main outcome, which doctors call"),
                (EndpointKind.SECONDARY, r"There is also one secondary outcome"),
            ):
                of = [(None, one.number) for one in trial.endpoints if one.kind is kind]
                if of and not one_by_one(of):
                    found += 1
                    assert not re.search(denied, text)
            rules = [(one.kind, one.number) for one in trial.eligibility.criteria]
            if rules and not one_by_one(rules):
                found += 1
                assert not re.search(r"\d+ rules? on who|more rules? (?:is|are) in", text)
        assert found > 10


class TestPlaces:
    """Where a trial runs is neither less nor more than the record says, country by country."""

    def test_other_countries_are_not_called_outside(self):
        places = tuple(Coded(term=code, text=code) for code in ("FR", "US"))
        text = article_of(countries=(model.Country(code="ES"),), countries_elsewhere=places)

        assert "The record also names 2 more countries: France and the United States." in text
        assert "Outside of the area" not in text

    def test_both_in_the_area_and_elsewhere(self):
        text = article_of(
            countries=(model.Country(code="IE"),), design=model.Design(region=terms.Region.EEA_AND_ELSEWHERE)
        )
        assert "planned, in Ireland. It also runs, or is planned, outside of the European Economic Area." in text

    def test_a_refusal_is_no_place(self):
        refused = model.Country(code="HU", status=model.Status(regulatory=Regulatory.NOT_AUTHORISED))
        running = model.Country(code="ES", status=model.Status(regulatory=Regulatory.AUTHORISED))
        text = article_of(countries=(refused, running), status=model.Status(trial=Progress.ONGOING))

        assert "The trial is taking place in one country: Spain." in text
        assert "Hungary: refused" in text

    def test_countries_tell_that_it_is_over(self):
        text = article_of(countries=(model.Country(code="GB", status=model.Status(trial=Progress.TERMINATED_EARLY)),))

        assert "The trial took place in one country: the United Kingdom." in text
        assert "In the United Kingdom, the trial has ended early." in text

    def test_some_countries_are_over(self):
        status = model.Status(trial=Progress.ONGOING)
        countries = tuple(
            model.Country(code=code, status=model.Status(trial=one))
            for code, one in (("IT", Progress.ONGOING), ("FR", Progress.ENDED))
        )
        assert "took place, or is still taking place, in 2 countries" in article_of(status=status, countries=countries)

    def joining(self, whole: Recruitment, **countries: Recruitment) -> str:
        def status(recruitment: Recruitment) -> model.Status:
            return model.Status(trial=Progress.ONGOING, recruitment=recruitment)

        of = tuple(model.Country(code=code, status=status(one)) for code, one in countries.items())
        return article_of(status=status(whole), countries=of)

    def test_people_can_still_join_somewhere(self):
        text = self.joining(Recruitment.ENDED, FI=Recruitment.RECRUITING, DE=Recruitment.ENDED)
        assert "no longer takes in people. In Finland, however, people can still join." in text

    def test_people_can_no_longer_join_somewhere(self):
        text = self.joining(Recruitment.RECRUITING, FI=Recruitment.RECRUITING, DE=Recruitment.ENDED)
        assert "is open to participants. In Germany, however, people cannot join." in text

    @every
    def test_nobody_is_sent_away(self, pages):
        found = 0
        for parsed in pages():
            status = parsed.trial.status
            open_ = [one for one in parsed.trial.countries if one.status.recruitment is Recruitment.RECRUITING]
            if open_ and status.recruitment not in (None, Recruitment.RECRUITING, Recruitment.BY_INVITATION):
                found += 1
                assert "however, people can still join" in article_text(parsed)
            for sentence in of_article(page_of(parsed)):
                if re.search(r"tak(?:ing|ook) place", own_words(sentence)):
                    assert "refused" not in own_words(sentence)
        assert found >= 0

    def test_the_country_of_a_copy(self):
        country = model.Country(code="DE", authority="Germany - PEI", status=model.Status(trial=Progress.ENDED))
        text = article_of(
            name="euctr-ctrdata-json",
            countries=(model.Country(code="FR"), country),
            status=model.Status(trial=Progress.ENDED),
        )
        assert "The record is that of Germany." in text
        assert "the trial in Germany has ended" in text


class TestStatus:
    """No sentence on the status goes against another."""

    def test_a_decision_on_a_trial_that_waits_for_one(self):
        text = article_of(
            status=model.Status(regulatory=Regulatory.UNDER_EVALUATION),
            dates=model.Dates(decision=PartialDate(year=2026, month=8, day=7)),
        )
        assert "although its status is that of a trial without one" in text
        assert "The first decision on it dates" not in text

    def test_what_the_record_told_is_not_left_open(self):
        status = model.Status(regulatory=Regulatory.AUTHORISED, trial=Progress.NOT_STARTED)

        assert "has not started. It may be run." in article_of(status=status)
        assert "does not tell whether it has started" in article_of(
            status=model.Status(regulatory=Regulatory.AUTHORISED)
        )

    def test_nobody_is_seen_before_the_start(self):
        text = article_of(sites=(model.Site(name="A"), model.Site(name="B")))

        assert "The record names these sites: “A” and “B”." in text
        assert "are seen at" not in text

    def test_a_plan_that_lies_before_the_entry(self):
        dates = model.Dates(
            registered=PartialDate(year=2009, month=2, day=16), start=PartialDate(year=2008, month=11, estimated=True)
        )
        assert "The plan was to take in the first person in November 2008." in article_of(dates=dates)

    def test_what_is_over_is_told_as_past(self):
        text = article_of(
            status=model.Status(trial=Progress.ENDED),
            enrolment=model.Enrolment(planned=800),
            data_monitoring_committee=False,
        )
        assert "The plan was for 800 participants in all." in text
        assert "The trial had no data monitoring committee." in text

    def test_what_was_given_up_was_not_done(self):
        product = products.Intervention(name="X", role=ProductRole.TEST)
        text = article_of(status=model.Status(trial=Progress.NEVER_STARTED), interventions=(product,))
        assert "This trial tests “X”." in text

    @every
    def test_no_page_tells_an_ended_trial_as_a_plan(self, pages):
        found = 0
        for parsed in pages():
            if parsed.trial.status.trial in (Progress.ENDED, Progress.TERMINATED_EARLY):
                found += 1
                assert not re.search(
                    r"The plan is |(?:atients|eople|sex|women|men) can participate|This trial tests",
                    article_text(parsed),
                )
        assert found > 3


class TestDays:
    """A record is dated by what it has: its own day, else its entry or its last decision."""

    def test_the_entry(self):
        text = article_of(registry="EUCTR", dates=model.Dates(registered=PartialDate(year=2023, month=1, day=16)))
        assert "first entered on 16 January 2023. The file does not say of which day it is." in text

    def test_the_last_decision(self):
        events = tuple(
            model.Event(kind=terms.EventKind.DECISION, date=PartialDate(year=2024, month=1, day=day)) for day in (5, 22)
        )
        assert "with a last decision of 22 January 2024." in article_of(registry="CTIS", events=events)

    @every
    def test_no_page_hides_its_day(self, pages):
        found = 0
        for parsed in pages():
            view = View.of(parsed, texts())
            [lead, *_] = of_article(page_of(parsed))
            date = view.as_of[1] if view.as_of else view.dated[2] if view.dated else None
            if date is not None:
                found += 1
                assert texts().date(date) in own_words(lead)
            elif parsed.trial.dates.registered is not None:
                raise AssertionError(parsed.trial.id)
        assert found > 10


class TestRecords:
    """Of several records, the page gives no value as a fact that some of them do not have."""

    @pytest.mark.parametrize("name", ["euctr/six_countries.txt", "euctr/countries.xml"])
    def test_a_value_that_differs_says_so(self, name):
        combined = trialparse.combine(records(name))
        fields = set(disagreeing(View.of(combined, texts())))
        found = 0
        for sentence in of_article(page_of(combined)):
            cited = {field for one in sentence.citations if isinstance(one, Of) for field in one.fields}
            if fields & cited and sentence.stop == ".":
                found += 1
                assert any(isinstance(one, OfRecords) for one in sentence.citations), own_words(sentence)
        assert fields
        assert found

    def test_values_are_listed(self):
        text = plain(overview(trialparse.combine(records("euctr/six_countries.txt"))))
        assert re.search(r"The records do not agree on [^:.]*: [^.]* in \w+ records?", text)


class TestRoles:
    """What a trial tests is known from roles alone."""

    def test_no_role(self):
        product = products.Intervention(name="Placebo A, Fabulamab")
        text = article_of(interventions=(product,), conditions=(model.Condition(text="Asthma"),))

        assert "This trial is about “Asthma”." in text
        assert text.count("Fabulamab") == 1

    @every
    def test_no_page_tests_what_has_no_role(self, pages):
        found = 0
        for parsed in pages():
            trial = parsed.trial
            if trial.interventions and not any(one.role is ProductRole.TEST for one in trial.interventions):
                found += 1
                advanced = any(one.advanced_therapies for one in trial.interventions)
                assert advanced or "This trial tests" not in article_text(parsed)
        assert found > 3

    def test_auxiliaries(self):
        names = ("ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON", "ZETA", "ETA")
        auxiliary = tuple(products.Intervention(name=name, role=ProductRole.AUXILIARY) for name in names)
        text = article_of(interventions=auxiliary, public_title="A study with eta")

        assert "People can also get “ETA”, “ALPHA”" in text.replace("“BETA”, ", "")
        assert "“ETA”" in text

    def test_a_sponsor_without_a_role(self):
        text = article_of(sponsors=(model.Organisation(name="A firm"),))
        assert "As sponsor or co-sponsor, the record names “A firm”." in text


class TestNumbers:
    """A rule that others point to keeps its number."""

    def test_the_number_of_the_record(self):
        rules = tuple(
            model.Criterion(kind=CriterionKind.INCLUSION, number=at, text=text)
            for at, text in enumerate(("Aged 3 to 17 years.", "Alternatively to (1): asthma of adults."), 1)
        )
        text = article_of(conditions=(model.Condition(text="asthma"),), eligibility=model.Eligibility(criteria=rules))
        assert "On age, rule 1 on who can participate says: “Aged 3 to 17 years.”" in text
        assert "On the disease, rule 2 on who can participate says: “Alternatively to (1): asthma of adults.”" in text

    def test_a_form_that_wants_a_number_gets_no_limit(self):
        who = model.Eligibility(minimum_age=Duration(value=0), maximum_age=Duration(value=150))
        assert "The record sets no limit of age." in article_of(eligibility=who)


def test_a_real_article_keeps_its_numbers():
    assert "On age, rule 3 on who can participate says: “Age ≥ 18 and ≤ 40 years.”" in article("ctis/immunostem.json")


def test_fixtures_are_there():
    assert len(list(of_fixtures())) > 10


class TestNotes:
    """A note is the end of a path and the words there: whole, and without a name of ours."""

    @every
    def test_notes_are_whole(self, pages):
        found = 0
        for parsed in pages():
            if parsed.trial.registry is None:
                continue
            notes = " ".join(overview(parsed).partition("\n*****\n")[2].split())
            found += bool(re.search(r"\(the first of \d+ entries\)", notes))
            assert not re.search(
                r"first is;|it is;|\(field |; (?:registry|study_type|objectives|monitoring)(?:;| \[|$)", notes
            )
            assert not re.search(r"; (?:design|enrolment|results|dates)\.[a-z]", notes)
            assert parsed.format.name not in notes
        assert found > 3
