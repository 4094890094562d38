"""The page of whole records, read as a patient reads it: nothing goes against the rest, nothing is lost in silence."""

import copy
import functools
import html.parser
import json
import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

import trialparse
from tests.conftest import THOROUGH, fixture_files, refused
from tests.counting import readable, some
from tests.pages.as_text import FIXTURES, article, calls, page_of_trial, plain, records, told, told_of
from trialparse import model
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.folder import codes_of
from trialparse.mapping.kinds import kinds
from trialparse.mapping.traced import Trace
from trialparse.model import Trial, terms
from trialparse.model import interventions as products
from trialparse.model.values import Coded, PartialDate, Translation
from trialparse.pages import overview
from trialparse.pages.tables import texts
from trialparse.parsing.parsed import Traces
from trialparse.registries import FORMATS


def events(kind: terms.EventKind, *dates: PartialDate | None) -> tuple[model.Event, ...]:
    return tuple(model.Event(kind=kind, date=date) for date in dates)


class TestPlacebos:
    """A placebo is never called a medicine, whatever kind the register files it under."""

    @pytest.mark.parametrize("kind", [None, *terms.InterventionType])
    def test_it_is_a_placebo_and_nothing_else(self, kind):
        placebo = products.Intervention(name="Saline", role=terms.ProductRole.PLACEBO, type=kind)
        text = told_of(interventions=(placebo,))

        assert "It is a placebo." in text
        assert "a medicine" not in text
        assert "what kind of thing it is" not in text

    def test_of_each_record(self):
        """Of each placebo of the fixtures; a medicine beside it is called one."""
        roles = [
            (parsed, product)
            for path in fixture_files()
            if not refused(path)
            for parsed in readable(path)
            for product in parsed.trial.interventions
            if product.role is terms.ProductRole.PLACEBO
        ]
        for _, product in some(roles, 10):
            assert product.type is terms.InterventionType.DRUG
            assert "a medicine" not in told_of(interventions=(product,))
        medicine = products.Intervention(name="Acid", type=terms.InterventionType.DRUG)
        assert "It is a medicine." in told_of(interventions=(medicine,))


class TestPlans:
    """What is planned is told as a plan, and a plan that has been overtaken is not told at all."""

    def test_a_planned_restart(self):
        text = told("ctis/halted.json")

        assert "In the Netherlands, the plan is to take the trial up again on 1 February 2027." in text
        assert "was taken up again" not in text

    def test_a_restart_that_came(self):
        country = model.Country(code="NL", events=events(terms.EventKind.RESTART, PartialDate(year=2026, month=3)))
        assert "In the Netherlands, the trial was taken up again (March 2026)." in told_of(countries=(country,))

    def test_a_planned_early_end_is_no_early_end(self):
        planned = events(terms.EventKind.EARLY_TERMINATION, PartialDate(year=2027, month=5, estimated=True))
        text = told_of(countries=(model.Country(code="IT", events=planned),))

        assert "In Italy, the plan is to end the trial early in May 2027." in text
        assert "ended early" not in text

    @pytest.mark.parametrize("name", ["ctis/ended_with_results.json", "ctis/early_terminated.json"])
    def test_an_ended_trial_has_no_plans(self, name):
        assert "planned end date" not in told(name)
        assert "planned first date" not in told(name)

    def test_a_plan_that_is_all_there_is_of_a_trial_that_is_over(self):
        status = model.Status(trial=terms.Progress.ENDED)
        dates = model.Dates(estimated_end=PartialDate(year=2025))
        assert "The planned end date was 2025." in told_of(status=status, dates=dates)

    def test_the_end_in_the_eea_leaves_the_plan_for_elsewhere(self):
        dates = model.Dates(end=PartialDate(year=2025), estimated_global_end=PartialDate(year=2027))
        everywhere = model.Design(region=terms.Region.EEA_AND_ELSEWHERE)

        assert "end date in all countries was 2027" in told_of(dates=dates, design=everywhere)
        assert "2027" not in told_of(dates=dates, design=model.Design(region=terms.Region.EEA_ONLY))


class TestSize:
    """A number for a part is told alone where the whole has none."""

    @pytest.mark.parametrize("name", ["ctis/search_2026.json", "ctis/portal.csv", "ctis/search_row_v1.json"])
    def test_the_eea_alone(self, name):
        text = told(name)

        assert re.search(r"In the EEA, the plan is for \d+ people\.", text)
        assert "how many people are planned" not in text
        assert "Of these" not in text

    def test_the_eea_of_all(self):
        assert "The plan is for 15 people in all. Of these, 15 are planned in the EEA." in told("ctis/immunostem.json")

    def test_neither(self):
        assert "The record does not say how many people are planned." in told_of()


class TestStage:
    """An explanation is chosen by what else is known, so that none goes against the rest of the page."""

    ALONE = "This alone does not tell whether it has started."

    def test_not_started_yet_taking_in_people(self):
        text = told("ctis/placebo_blinded.json")

        assert "The trial has not started" not in text
        assert "A trial starts with" not in text
        assert "Greece: authorised, not started, joining not open" in text
        assert "Spain: authorised, people can join" in text

    UNSTARTED = model.Status(trial=terms.Progress.NOT_STARTED, recruitment=terms.Recruitment.RECRUITING)
    BOTH = "y its status the trial has not started, but the record also tells of a start."
    SOUGHT = "This can mean that people are sought, but that nobody has joined yet."

    def test_people_are_sought(self):
        planned = model.Dates(start=PartialDate(year=2025, estimated=True), recruitment_start=PartialDate(year=2025))
        text = told_of(status=self.UNSTARTED, dates=planned)

        assert f"The progress: the register counts the trial as not started. {self.SOUGHT}" in text
        assert self.BOTH not in text

    @pytest.mark.parametrize(
        "fields",
        [
            {"dates": model.Dates(start=PartialDate(year=2024, month=12, day=12))},
            {"countries": (model.Country(code="PL", start=PartialDate(year=2025)),)},
            {"countries": (model.Country(code="PL", status=model.Status(trial=terms.Progress.ONGOING)),)},
            {"countries": (model.Country(code="PL", events=events(terms.EventKind.HALT, PartialDate(year=2025))),)},
            {"events": events(terms.EventKind.TRIAL_START, None)},
        ],
        ids=["date", "date in a country", "running in a country", "halted in a country", "event"],
    )
    @pytest.mark.parametrize("recruitment", [None, terms.Recruitment.PENDING, terms.Recruitment.RECRUITING])
    def test_a_start_that_has_passed(self, fields, recruitment):
        status = attrs.evolve(self.UNSTARTED, regulatory=terms.Regulatory.AUTHORISED, recruitment=recruitment)
        text = told_of(status=status, **fields)

        assert f"B{self.BOTH}" in text
        assert f"The progress: b{self.BOTH}" in text
        assert self.SOUGHT not in text
        assert self.ALONE not in text
        assert "The trial has not started" not in text
        assert "A trial starts with" not in text

    def test_a_halt_in_a_country(self):
        halts = events(terms.EventKind.HALT, PartialDate(year=2025))
        status = model.Status(trial=terms.Progress.NOT_STARTED)
        other = model.Country(code="IT", status=status)
        text = told_of(countries=(model.Country(code="PL", status=status, events=halts), other))

        assert "- Poland: counted as not started - Italy: not started" in text

    def test_a_start_that_never_came(self):
        status = model.Status(trial=terms.Progress.NEVER_STARTED)
        planned = events(terms.EventKind.TRIAL_START, PartialDate(year=2025, estimated=True))
        countries = (model.Country(code="PL", status=status, events=planned),)

        assert self.BOTH not in told_of(status=self.UNSTARTED, countries=countries)

    def test_both_sides_are_cited(self):
        [parsed] = records("ctis/search_row_apart.json")
        page = " ".join(overview(parsed).split())
        cited = re.search(r"although the record also tells of a start [^\[]*\[(\d+)\]", page)

        assert cited
        assert re.search(rf"\[{cited[1]}\] .*startDateEU “2020-03-02”", page)

    def test_not_started(self):
        text = told("ctis/immunostem.json")

        assert "The trial has not started." in text
        assert self.ALONE in text

    @pytest.mark.parametrize("name", ["halted", "ended_with_results", "early_terminated", "placebo_blinded"])
    def test_authorised_and_begun(self, name):
        text = told(f"ctis/{name}.json")

        assert self.ALONE not in text
        assert "Such a trial may be run" not in text

    def test_the_end_of_joining(self):
        words = "People who have joined may still be in the trial."
        ended = model.Status(trial=terms.Progress.ENDED, recruitment=terms.Recruitment.ENDED)
        running = model.Status(trial=terms.Progress.ONGOING, recruitment=terms.Recruitment.ENDED)

        assert words in told_of(status=running)
        assert words not in told_of(status=ended)

    def test_an_end_without_a_status(self):
        status = model.Status(regulatory=terms.Regulatory.AUTHORISED)
        ended = model.Dates(end=PartialDate(year=2025, estimated=False))

        assert self.ALONE in told_of(status=status)
        assert self.ALONE not in told_of(status=status, dates=ended)


class TestResults:
    """A date of results and the lack of results are told together, and words on the status are not denied."""

    def test_results_elsewhere(self):
        text = told("euctr/registry.xml")

        assert "The date of the first results is 14 March 2020. The results themselves are not in the record." in text
        assert "lists no results" not in text

    def test_words_on_the_status(self):
        text = told("euctr/registry.xml")

        assert "is “Not Recruiting”. Beyond these words, the record tells nothing about the decision" in text
        assert "does not say whether people can join" not in text


class TestBlinding:
    """Who is most often not told is said only where the record does not say who is."""

    def test_roles(self):
        assert "Doctors call this single blind. Those who study the data are not told." in told(
            "ctis/ended_with_results.json"
        )

    @pytest.mark.parametrize("masking", [terms.Masking.SINGLE, terms.Masking.DOUBLE])
    def test_no_roles(self, masking):
        assert "blind. Most often" in told_of(design=model.Design(masking=frozenset({masking})))


PARTIAL = [format for format in FORMATS if "monitoring" in mapping_of(format).nothing.not_carried]


MADE_FROM = {
    "ctis/search_2026.json": "one row of a search",
    "ctis/search_row_v1.json": "one row of a search",
    "ctis/portal.csv": "one row of a table of trials",
    "ctis/evaluation.json": "the evaluation of an application",
}


class TestKinds:
    """The page says first what it is made from, and says once what no record of that kind holds."""

    @pytest.mark.parametrize("name", MADE_FROM)
    def test_first(self, name):
        text = told(name)
        assert text.startswith(
            f"Trial overview -------------- This page is made from {MADE_FROM[name]} in the register"
        )

    @pytest.mark.parametrize("name", MADE_FROM)
    def test_what_it_is_comes_first_and_what_it_lacks_in_one_sentence(self, name):
        text = article(name)

        assert f"From {MADE_FROM[name]} in the register CTIS of the European Union" in text
        assert text.count("This file has nothing on") == (name in ("ctis/search_2026.json", "ctis/portal.csv"))
        assert "never says" not in text
        assert "does not say which rules" not in text

    def test_an_evaluation_is_a_short_paragraph_and_its_decisions(self):
        text = article("ctis/evaluation.json")

        assert "An evaluation tells how the authorities judged an application. It does not describe the trial." in text
        assert "In France, the application was authorised under conditions on 2 October 2023." in text
        assert re.findall(r"(\w[\w ]+) -{10,}", text) == ["Trial overview", "What the status means"]
        assert len(text.split()) < 120

    def test_a_search_row_is_short(self):
        assert len(article("ctis/search_2026.json").split()) < 400

    def test_a_whole_record_has_gaps_of_its_own(self):
        assert "The record does not say" in told("ctis/immunostem.json")
        assert "A record of this kind does not say how many people have joined so far." in article(
            "ctis/immunostem.json"
        )

    def test_a_heading_is_never_bare(self):
        text = told("ctis/evaluation.json")

        assert "The record does not say" not in text
        assert "- France: authorised under conditions, 2 October 2023" in text
        assert "what the authorities have decided" not in text

    def test_every_format_has_a_kind(self):
        assert sorted(format.name for format in FORMATS) == sorted(kinds())

    @pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
    def test_what_is_never_held_stands_in_no_row(self, format):
        fields = {row.field.replace("[]", "") for row in mapping_of(format).rows if row.field}
        never = tuple(f"{each}." for each in mapping_of(format).nothing.not_carried)
        assert fields
        assert never
        assert [] == [field for field in fields if f"{field}.".startswith(never)]

    @pytest.mark.parametrize("format", PARTIAL, ids=lambda format: format.name)
    def test_what_the_source_speaks_of_is_a_gap_all_the_same(self, format):
        missing = (model.Missing(field="monitoring", kind=terms.MissingKind.WITHHELD),)
        trial = Trial(missing=missing, not_carried=mapping_of(format).nothing.not_carried)
        text = plain(page_of_trial(trial, name=format.name))
        assert "The record does not say who watches over the trial: the entry is withheld." in text


class TestTransition:
    """A trial that moved from an older register is told to have moved."""

    def test_moved(self):
        text = told_of(transitioned=True)

        assert (
            "The trial moved to this register from an older one; it can have started before this application." in text
        )

    def test_stayed(self):
        assert "moved" not in told_of(transitioned=False)

    def test_authority(self):
        assert "EU CTR 536/2014, Article 98" in page_of_trial(Trial(transitioned=True))


def criteria(number: int) -> model.Eligibility:
    kind = terms.CriterionKind.EXCLUSION
    return model.Eligibility(criteria=tuple(model.Criterion(kind=kind, text=f"Bar {one}") for one in range(number)))


INCLUSION, EXCLUSION = terms.CriterionKind


def rules(*texts: tuple[terms.CriterionKind | None, str]) -> str:
    """Return the page of a trial with some criteria."""
    told = tuple(model.Criterion(kind=kind, text=text) for kind, text in texts)
    return told_of(eligibility=model.Eligibility(criteria=told))


class TestCriteria:
    """No more is said of a text of rules than what holds for all that is in it."""

    MEET_ALL = "Doctors call these inclusion criteria."
    MEET_ONE = "Doctors call these exclusion criteria."
    IN_ONE = "The record tells in one text who can take part, and who cannot."

    @pytest.mark.parametrize(
        "text",
        [
            "Inclusion Criteria: adults. Exclusion Criteria: High risk patients",
            "Adults.\nEXCLUSION\nDiabetes",
            "Critères d'exclusion : grossesse",
            "Criteri di esclusione: gravidanza",
            "Ausschlusskriterien: Schwangerschaft",
        ],
    )
    def test_one_text_for_both(self, text):
        page = rules((INCLUSION, text))

        assert self.IN_ONE in page
        assert "inclusion criteria." not in page
        assert self.MEET_ALL not in page

    def test_lines_that_may_hold_both(self):
        page = rules((INCLUSION, "Adults\nNot pregnant"))

        assert "The record has 1 text on who can take part, and perhaps on who cannot." in page
        assert self.MEET_ALL not in page

    @pytest.mark.parametrize("text", ["Pregnant\nAdults only", "Inclusion criteria are not met"])
    def test_bars_that_may_hold_both(self, text):
        page = rules((EXCLUSION, text))

        assert "The record has 1 text on who cannot take part, and perhaps on who can." in page
        assert self.MEET_ONE not in page

    def test_several_texts_that_may_hold_both(self):
        page = rules((INCLUSION, "Adults"), (INCLUSION, "Patients. Exclusion: pregnancy"))

        assert "The record has 2 rules on who can take part, and perhaps on who cannot." in page
        assert self.MEET_ALL not in page

    def test_one_text_that_names_the_other(self):
        page = rules((INCLUSION, "Adults. Exclusion: pregnancy"), (EXCLUSION, "See above"))

        assert "The record has 1 text on who can take part, and perhaps on who cannot." in page
        assert self.MEET_ALL not in page
        assert "Doctors call the rules in it exclusion criteria." in page

    def test_texts_that_are_parted(self):
        page = rules((INCLUSION, "Adults\nPatients"), (EXCLUSION, "Inclusion criteria are not met\nPregnant"))

        assert "on who can take part. Doctors call the rules in it inclusion criteria." in page
        assert "on who cannot take part. Doctors call the rules in it exclusion criteria." in page

    def test_many_rules(self):
        page = rules((INCLUSION, "Adults"), (INCLUSION, "Patients"), (EXCLUSION, "Pregnant"))

        assert f"The record has 2 rules on who can take part. {self.MEET_ALL}" in page

    @pytest.mark.parametrize("text", ["Infants fed exclusively at the breast", "Ausschließlich Erwachsene"])
    def test_words_that_only_look_like_it(self, text):
        assert "Doctors call the rules in it inclusion criteria." in rules((INCLUSION, text))

    def test_a_text_of_no_kind(self):
        assert "The record has 1 text that it does not sort." in rules((None, "Exclusion:\npregnancy"))


class TestOne:
    """One thing is not explained as if there were several."""

    def test_a_secondary_outcome(self):
        second = model.Endpoint(kind=terms.EndpointKind.SECONDARY, text="Weight")

        assert "Doctors call this a secondary endpoint." in told_of(endpoints=(second,))
        assert "Doctors call these secondary endpoints." in told_of(endpoints=(second, second))

    def test_a_group(self):
        arm = model.Arm(title="All")

        assert "The record names 1 group. Doctors call such a group an arm." in told_of(arms=(arm,))
        assert "Each group, or arm, gets its own treatment." in told_of(arms=(arm, arm))


class TestWhole:
    """Lists are shown whole up to a bound, after which it is told how much is left out."""

    def test_criteria(self):
        text = told_of(eligibility=criteria(13))

        assert all(f"“Bar {number}”" in text for number in range(13))
        assert "not on this page" not in text

    def test_beyond_the_bound(self):
        text = told_of(eligibility=criteria(41))

        assert "“Bar 39” 1 more rule is in the record but not on this page." in text
        assert "“Bar 40”" not in text

    @pytest.mark.parametrize("kind", terms.EndpointKind)
    def test_endpoints(self, kind):
        text = told_of(endpoints=tuple(model.Endpoint(kind=kind, text=f"Item {one}") for one in range(44)))

        assert text.count("“Item ") == 40
        assert re.search(r"4 more \w+ outcomes are in the record but not on this page\.", text)

    def test_names_in_one_sentence(self):
        text = told_of(conditions=tuple(model.Condition(text=f"Case {one}") for one in range(43)))
        assert "“Case 39” and 3 more." in text

    def test_many_countries_stand_in_a_list(self):
        text = told_of(countries=tuple(model.Country(code=code) for code in ("AT", "BE", "DE", "FR", "IT", "NL")))
        assert "The record lists 6 countries: - Austria - Belgium" in text


class TestPlainWords:
    """Words of registers give way to plain ones, and nothing is said twice."""

    def test_devices(self):
        text = told("ctis/ended_with_results.json")

        assert "It is a medical device. The device and the product go together, but are not one piece." in text
        assert "combined not integral" not in text

    def test_aims(self):
        text = told("ctis/placebo_blinded.json")

        assert "- how effects change with the dose" in text
        assert "dose response" not in text

    def test_an_aim_of_another_kind_keeps_its_words(self):
        scopes = (Coded(term="OTHER", text="Burden for families"),)
        assert "- “Burden for families”" in told_of(design=model.Design(scopes=scopes))

    def test_countries(self):
        assert "The record lists 2 countries: Germany and France." in told("ctis/search_row_v1.json")
        assert "The record lists 1 country: the Netherlands." in told("ctis/halted.json")

    def test_a_country_without_a_known_code_keeps_its_words(self):
        assert "1 country: “Atlantis”." in told_of(countries=(model.Country(code="QX", name="Atlantis"),))

    def test_every_code_of_a_register_has_a_name(self):
        folders = {format.registry for format in FORMATS}
        codes = {meaning.term for folder in folders for meaning in codes_of(folder).get("country", {}).values()}
        assert {code for code in codes if code} - {"-"} == set(texts().countries)

    def test_one_explanation_of_a_halt(self):
        assert told("ctis/halted.json").count("A halt is a pause that was not planned.") == 1

    def test_conditions_in_one_sentence(self):
        text = told("ctis/ended_with_results.json")

        assert "The conditions are “Recurrent wheeze” and “Bronchopulmonary dysplasia”." in text
        assert "The record says that these are not rare diseases." in text

    def test_rare_and_not_rare(self):
        text = told_of(conditions=(model.Condition(text="A", rare=True), model.Condition(text="B", rare=False)))

        assert "The record says that “A” is a rare disease." in text
        assert "The record says that “B” is not a rare disease." in text

    def test_products_that_are_told_alike(self):
        first = products.Intervention(name="Salve", role=terms.ProductRole.TEST, orphan=True)
        other = attrs.evolve(first, role=terms.ProductRole.COMPARATOR)
        text = told_of(interventions=(first, other, first, first))

        assert text.count("The record says that it is an orphan product.") == 2
        assert "All that is said of product 1 also holds for products 2 and 3." in text
        assert "Product 4 is “Salve”." in text

    def test_tested_products_come_first(self):
        roles = (None, *reversed(terms.ProductRole), terms.ProductRole.TEST)
        salves = tuple(
            products.Intervention(name=f"Salve {number}", role=role, type=terms.InterventionType.DRUG)
            for number, role in enumerate(roles)
        )
        named = re.findall(r"Product (\d) is “Salve (\d)”", told_of(interventions=salves))

        assert named == [("1", "4"), ("2", "5"), ("3", "3"), ("4", "2"), ("5", "1"), ("6", "0")]

    def test_what_is_left_out_comes_last(self):
        auxiliary = products.Intervention(name="Saline", role=terms.ProductRole.AUXILIARY)
        tested = products.Intervention(name="Salve", role=terms.ProductRole.TEST)
        text = told_of(interventions=(*[auxiliary] * 41, tested))

        assert "Product 1 is “Salve”." in text
        assert "2 more products are in the record but not on this page." in text

    CODE = Coded(text="PHF00230MIG")

    def test_a_bare_code_is_not_shown(self):
        product = products.Intervention(
            name="Cisplatin",
            form=self.CODE,
            routes=(Coded(term="ORAL", text="Oral use"), self.CODE),
            daily_dose=products.Dose(amount=2.0, unit=self.CODE),
            devices=(products.Device(name="Pen", type=self.CODE, combination=self.CODE),),
        )
        text = told_of(interventions=(product,))

        assert "PHF" not in text
        assert "The way it is given is “Oral use”." in text
        assert "The highest dose in a day is 2 (the record gives the unit only as a code)." in text
        assert text.count("only as a code") == 1
        assert "Its form" not in text
        assert "A device is used with it, named “Pen”." in text

    @pytest.mark.parametrize("words", ["GEL", "GEL 100 MG", "Gel100", "X12"])
    def test_words_are_no_code(self, words):
        assert f"Its form is “{words}”." in told_of(interventions=(products.Intervention(form=Coded(text=words)),))

    def test_notes_ask_in_words(self):
        page = " ".join(overview(records("ctis/halted.json")[0]).split())
        assert re.search(r"No entry in the record;.* what the results are", page)


class TestStops:
    """A quote that ends in a stop ends the sentence."""

    @pytest.mark.parametrize("form", ["text", "markdown", "html"])
    def test_one_stop(self, form):
        page = page_of_trial(Trial(public_title="It heals.", brief_summary="Does it heal"), form)
        page = re.sub(r"<[^>]+>", "", page).replace("\\", "")

        assert re.search(r"“It heals\.” (\[\d+\])+[^.]", page)
        assert re.search(r"“Does it heal” (\[\d+\])+\.", page)

    def test_fixtures(self):
        for path in some(fixture_files("ctis"), 10):
            for parsed in readable(path):
                assert not re.search(r"[.!?]”\.", plain(overview(parsed)))


class Outline(html.parser.HTMLParser):
    """The headings, the landmarks, the languages and what is folded in a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.languages: dict[str, str] = {}
        self.named: list[str | None] = []
        self.ids: set[str | None] = set()
        self.folded: list[str] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, dict(attributes)))
        self.ids.add(dict(attributes).get("id"))
        self.levels += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        self.named += [dict(attributes).get("aria-labelledby")] if tag == "section" else []

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, attributes = self.open[-1] if self.open else ("", {})
        if tag == "span" and attributes.get("lang"):
            self.languages[data] = str(attributes["lang"])
        if [name for name, _ in self.open].count("details") > 1 and tag in ("summary", "span") and data.strip():
            self.folded.append(data)


class TestDocument:
    """The HTML document folds what is long, marks languages, and has its headings in order."""

    def test_folded(self):
        page = Outline(page_of_trial(Trial(eligibility=criteria(13)), "html"))

        assert page.folded[0] == "8 more rules"
        assert "Bar 5" in page.folded
        assert "Bar 4" not in page.folded

    def test_short_lists_and_main_outcomes_are_not_folded(self):
        primary = tuple(model.Endpoint(kind=terms.EndpointKind.PRIMARY, text=f"Item {one}") for one in range(30))
        trial = Trial(eligibility=criteria(10), endpoints=primary)
        assert Outline(page_of_trial(trial, "html")).folded == []

    def test_folds_are_open_in_print(self):
        style = overview(records("ctis/halted.json")[0], format="html").partition("@media print")[2]
        assert "details::details-content" in style

    def test_headings_and_landmarks(self):
        page = Outline(overview(records("ctis/multinational.json")[0], format="html"))

        assert page.levels == [1, *[2] * 6, 2, 2, *[3] * 6, 3]
        assert len(page.named) == 14
        assert set(page.named) <= page.ids

    def test_a_translation_that_stands_in(self):
        translation = Translation(text="Ein Ziel", language="de")
        objective = model.Objective(kind=terms.ObjectiveKind.MAIN, translations=(translation,))
        assert Outline(page_of_trial(Trial(objectives=(objective,)), "html")).languages == {"Ein Ziel": "de"}

    def test_a_language_that_was_asked_for(self):
        [parsed] = records("ctis/multinational.json", language="pl")
        page = Outline(overview(parsed, format="html"))
        german = [one.text for one in (*parsed.trial.eligibility.criteria, *parsed.trial.endpoints)]
        moved = [parsed.trial.public_title, *german]

        assert parsed.language_of("public_title") == "pl"
        assert page.languages[parsed.trial.public_title] == "pl"
        assert set(page.languages.values()) == {"pl"}
        assert {words for words in page.languages if not words.endswith("…")} <= {
            " ".join((text or "").split()) for text in moved
        } | {one.text for one in (*parsed.trial.objectives, *parsed.trial.conditions)} | {parsed.trial.scientific_title}

    def test_no_language_is_guessed(self):
        assert Outline(overview(records("ctis/multinational.json")[0], format="html")).languages == {}

    def test_a_language_cannot_act(self):
        translation = Translation(text="x", language='"><b>')
        page = page_of_trial(Trial(objectives=(model.Objective(translations=(translation,)),)), "html")
        assert "<b>" not in page


PART = ("authorizedApplication", "authorizedPartI")


INFORMATION = (*PART, "trialDetails", "trialInformation")


LISTS = {
    "criteria": (*INFORMATION, "eligibilityCriteria", "principalExclusionCriteria"),
    "endpoints": (*INFORMATION, "endPoint", "secondaryEndPoints"),
    "conditions": (*INFORMATION, "medicalCondition", "partIMedicalConditions"),
    "products": (*PART, "products"),
    "sponsors": (*PART, "sponsors"),
    "member states": ("authorizedApplication", "authorizedPartsII"),
    "halts": ("events", "temporaryHaltList"),
}


def grown(path: tuple[str, ...], size: int) -> bytes:
    """Return a record with one list made long; each entry keeps its shape and has an id of its own."""
    document = json.loads((FIXTURES / "ctis/multinational.json").read_bytes())
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    entries = [copy.deepcopy(holder[path[-1]][number % len(holder[path[-1]])]) for number in range(size)]
    for number, entry in enumerate(entries):
        entry |= {key: 10**6 + number for key in ("mscId", "id") if key in entry}
    holder[path[-1]] = entries
    return json.dumps(document).encode()


class TestGrowth:
    """The work for a page grows with the record and not with its square; calls are counted, for time is no measure."""

    @pytest.mark.parametrize(("name", "language"), [*((name, None) for name in LISTS), ("endpoints", "pl")])
    def test_page(self, name, language):
        sources = [grown(LISTS[name], size) for size in (40, 160)]
        parsed = [trialparse.parse(source, language=language) for source in sources]
        small, large = (calls(functools.partial(overview, one)) for one in parsed)

        assert large < 4.4 * small

    @pytest.mark.parametrize("name", [*LISTS])
    def test_all_evidence(self, name):
        calls(trialparse.parse(grown(LISTS[name], 40)).evidence)  # what is made once for a format does not count
        small, large = (calls(trialparse.parse(grown(LISTS[name], size)).evidence) for size in (40, 160))

        assert large < 4.4 * small

    def test_evidence(self):
        parsed = trialparse.parse(grown(LISTS["criteria"], 400))
        fields = [f"eligibility.criteria[{number}].text" for number in (0, 1, 2, 200, 399)]
        first, second, *costs = [calls(functools.partial(parsed.evidence, field)) for field in fields]

        assert max(costs) < 400
        assert first < second / 50  # for the first item the run ends behind it, for another one it reads the whole list

    def test_the_page_is_bounded(self):
        pages = [overview(trialparse.parse(grown(LISTS["criteria"], size))) for size in (100, 400)]
        assert len(pages[1]) < 1.1 * len(pages[0])


def slowly_below(field: str, traces: list[Trace]) -> list[Trace]:
    """Say by looking at every trace what was noted of a field and below, or else of what holds it."""
    below = (field + ".", field + "[")
    found = [trace for trace in traces if trace.field == field or trace.field.startswith(below)]
    while not found and field:
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
        found = [trace for trace in traces if trace.field == field]
    return found


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    """Give the paths of all that stands in a trial."""
    yield path
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from paths_of(item, f"{path}[{index}]")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from paths_of(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))


class TestTraces:
    """The index of traces finds what a walk over all of them finds."""

    @pytest.mark.parametrize("name", ["ctis/multinational.json", "ctis/v1.json", "euctr/registry.xml"])
    def test_same(self, name):
        parsed = records(name)[0]
        traces = parsed._traced().traces
        index = Traces.of(traces)

        for path in (*paths_of(parsed.trial), "nowhere", "phases.x", "design.text.y[3].z"):
            assert index.below(path) == slowly_below(path, traces)

    def test_one_field_and_all_fields_agree(self):
        alone, whole = (records("ctis/multinational.json")[0] for _ in range(2))
        whole.evidence()

        for path in some(filter(None, paths_of(whole.trial)), 100):
            assert alone.evidence(path) == whole.evidence(path)

    @pytest.mark.parametrize("name", ["ctis/multinational.json", "ctis/v1.json", "euctr/registry.xml"])
    def test_what_is_asked_first_is_no_other(self, name):
        alone, whole = (records(name)[0] for _ in range(2))
        known = whole.evidence()

        paths = some(filter(None, (*known, *paths_of(whole.trial))), 200)
        for path in paths[:: 1 if THOROUGH else 5]:
            alone._traces = {}
            assert alone.evidence(path) == whole.evidence(path)
