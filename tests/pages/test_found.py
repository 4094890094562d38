"""What was found, on the page: results in plain words, every number with its place, and no judgement."""

import functools
import re
from typing import Any

import attrs
import pytest
from lxml import etree

import trialparse
from tests.conftest import FIXTURES
from tests.counting import some
from tests.pages.as_text import DETAILS, calls, page_of_trial, plain, told, told_of
from tests.pages.reading import check_readable
from trialparse.model import Missing, Results, Trial
from trialparse.model.results import (
    AdverseEvent,
    AdverseEvents,
    Amendment,
    Analysis,
    Baseline,
    BaselineMeasure,
    Category,
    Estimate,
    EventCount,
    EventGroup,
    FlowArm,
    FlowCount,
    FlowPeriod,
    FlowReason,
    Group,
    Milestone,
    Outcome,
    ParticipantFlow,
    Value,
)
from trialparse.model.terms import (
    BaselineKind,
    DispersionType,
    EndpointKind,
    MeasureType,
    MilestoneKind,
    MissingKind,
    Relation,
)
from trialparse.model.values import Coded
from trialparse.pages import overview, page_of
from trialparse.pages.page import Of

RESULTS = "euctr/results.xml"


def found(text: str) -> str:
    """Return what stands below the heading of this section, of a page on one line."""
    return text.partition("What was found -------------- ")[2].partition(" What the status means ---")[0]


def found_of(missing: tuple[Missing, ...] = (), **fields: Any) -> str:
    """Return the section on results made by hand."""
    return found(told_of(results=Results(**fields), missing=missing))


def main(**fields: Any) -> Outcome:
    return Outcome(kind=EndpointKind.PRIMARY, title="Fever", **fields)


class TestFixture:
    """The whole section, typed by hand from the fixture: in this order, and nothing besides."""

    TEXT = (
        "These results are interim: not all data were there yet. Later results can differ. "
        "The date of the analysis is 1 July 2019. It is the analysis of the data on the main outcomes. "
        "Before people were sorted into groups, 42 people came in and 40 went on. "
        "The record also says how many came to other points: - “Consent given”: 42 people "
        "People left early for these reasons: - “Moved away”: 2 people "
        "In the period “Treatment”, 40 people started and 37 completed it. By group, it was so: "
        "- “Samplocillin” | Began: 20; Completed it: 17 - “Placebo” | Began: 20; Completed it: 20 "
        "The record also says how many came to other points: - “First dose”: 19 people "
        "People left early for these reasons: - “Moved away”: 2 in “Samplocillin” "
        "- the trial lost touch with them: 1 in “Samplocillin” "
        "People came in later for these reasons: - “Holiday was over”: 1 in “Samplocillin” "
        "By age, these people took part: - birth to 27 days: 1 person - 28 days to 23 months: 9 people "
        "- 2 to 11 years: 21 people - 12 to 17 years: 8 people - 18 to 64 years: 1 person "
        "The record also has 5 tables on what people were like at the start. "
        "The record has results on 1 main outcome. "
        "Doctors call a main outcome a primary endpoint. It is what the trial most wants to measure. "
        "The main outcome is “Days with fever”. It was measured at this time: “Day 1 to day 28”. "
        "Each value is a least squares mean. Such a mean was adjusted, as if the groups were alike in other things. "
        "The unit is “days”. "
        "A confidence interval is a range of numbers that fit the data. "
        "Of many such ranges at 95 %, about 95 in 100 hold the true number. "
        "These are the values: "
        "- “Under 6 years” | “Samplocillin” (n = 19): 3.25 (95 % confidence interval from -0.5 to 7); "
        "“Placebo” (n = 20): no value; “Swab taken” (n = 18): 4 (95 % confidence interval from 1 to 8.5) "
        "- “6 years and older” | “Samplocillin” (n = 19): not calculated; “Placebo” (n = 20): 0; "
        "“Swab taken” (n = 18): – "
        "One analysis looks at “Samplocillin”, “Placebo” and “Swab taken”. "
        "The estimate for “Difference of means” is -1.3 (95 % confidence interval from -2.5 to -0.1). "
        "The p-value is less than 0.025. "
        "A p-value starts from an assumption, most often that the groups do not differ. "
        "It is the chance of data at least this far apart if that holds. "
        "It does not tell how large a difference is, or how much it matters. "
        "What was found on 1 late outcome is in the record but not on this page. - “Children without fever” "
        "An adverse event is any health problem after a treatment. The treatment may or may not be the cause. "
        "A serious adverse event puts life at risk, needs a hospital, or does lasting harm. "
        "It can also be a death or a birth defect. "
        "Harms were looked for over this time: “Day 1 to day 28”. "
        "Events that were not serious are listed if more than 2.5 % of a group had them. "
        "The record counts the people who had at least one adverse event: "
        "- “Samplocillin” | People: 19; With a serious adverse event: 1; With one that was not serious: 5; Died: 0; "
        "Died of an adverse event: 0 "
        "- “Placebo” | People: 20; With a serious adverse event: 0; With one that was not serious: 3; Died: 1; "
        "Died of an adverse event: no value "
        "These groups are made for counting harms. They need not be the groups of the trial. "
        "The record names 1 kind of serious adverse event: - “Example rash”: 1 of 19 in “Samplocillin” "
        "The record names 1 kind of adverse event that was not serious: "
        "- “Headache”: 5 of 19 in “Samplocillin”, 3 of 20 in “Placebo” "
        "The record lists 1 substantial amendment to the plan. "
        "Such a change can bear on the people in the trial or on the worth of its data. "
        "The whole trial stood still 1 time. "
        "On the limits of these results, the record says: “The trial ended early and is small.”"
    )

    def test_all_of_it(self):
        assert found(told(RESULTS)) == self.TEXT

    def test_adverse_events_alone(self):
        text = told("euctr/adverse_events.xml")

        assert (
            "- “All children” | People: 12; With a serious adverse event: 0; With one that was not serious: 2" in text
        )
        assert "kind of adverse event that was not serious: - “Example cough”: 2 of 12 in “All children”" in text
        assert "The record does not say" not in text

    def test_an_ongoing_trial(self):
        text = found(told("euctr/results_ongoing.xml"))

        assert "In the period “All of it”, 5 people started and none completed it." in text
        assert "A person could be in several groups of this period." in text


class TestPlaces:
    """Every number of the section leads to the words of the source, at a place that exists."""

    def test_every_place_exists(self):
        document = etree.parse(str(FIXTURES / RESULTS))
        notes = page_of(trialparse.parse(FIXTURES / RESULTS)).further_notes
        places = [
            f"{note.place}{fact.name if fact.name.startswith('[') else f'/{fact.name}'}"
            for note in notes
            for fact in note.facts
            if note.place and fact.name and "…" not in fact.name
        ]

        assert [place for place in some(places, 60) if not document.xpath(place)] == []

    def test_every_value_is_cited(self):
        parsed = trialparse.parse(FIXTURES / RESULTS)
        [section] = [one for one in page_of(parsed).details if one.heading == "What was found"]
        cited = {
            field
            for sentence in section.sentences()
            for citation in sentence.citations
            if isinstance(citation, Of)
            for field in citation.fields
        }

        assert {
            "results.outcomes[0].values[0].value",
            "results.outcomes[0].values[0].dispersion_upper",
            "results.outcomes[0].groups[0].participants",
            "results.outcomes[0].categories[0].title",
            "results.flow.periods[1].arms[0].title",
            "results.analysis_sets[0].title",
            "results.outcomes[0].analyses[0].estimate.lower",
            "results.outcomes[0].analyses[0].p_value_relation",
            "results.adverse_events.groups[1].exposed",
            "results.adverse_events.serious[0].counts[0].affected",
        } <= cited

    def test_a_sign_for_not_calculated_is_shown_in_the_note(self):
        notes = " ".join(
            overview(trialparse.parse(FIXTURES / RESULTS), detail="full").partition("\n*****\n")[2].split()
        )
        assert re.search(r"value “99999”; Marked as unknown", notes)


class TestWhether:
    """The section stands on the page where the record holds results, and other records keep their sentences."""

    def test_none(self):
        text = told_of()

        assert "What was found" not in text
        assert "The record lists no results." in text

    def test_posted_elsewhere(self):
        text = told("ctis/ended_with_results.json")

        assert "The record lists these results:" in text
        assert "What was found" not in text

    def test_an_address(self):
        address = "The record gives this address for the results: “https://a.example.org”."
        only = told_of(results=Results(url="https://a.example.org"))
        both = told_of(results=Results(url="https://a.example.org", limitations="Few people."))

        assert f"The record lists no results. {address}" in only
        assert "What was found" not in only
        assert found(both).startswith(address)
        assert both.count(address) == 1

    def test_left_out(self):
        text = plain(overview(trialparse.parse(FIXTURES / RESULTS, results=False), detail="full"))

        assert "This page does not say what the results are: that part was not read." in text
        assert "lists no results" not in text
        assert "What was found" not in text

    def test_results_are_not_denied(self):
        text = told(RESULTS)

        assert "lists no results" not in text
        assert "never says what the main outcome" not in text
        assert "- what the main outcome is" not in text
        assert "The main outcomes stand below, with what was found." in text
        assert "The product that people were given is “Samplocillin”." in text

    def test_what_was_planned_is_no_gap(self):
        text = told(RESULTS)

        for gap in ("how many are planned in the EEA", "what the authorities have decided", "when the trial starts"):
            assert f"The record does not say {gap}" not in text

    def test_results_without_anything_that_is_told(self):
        assert found_of(analysis_sets=(Group(title="All"),)) == "The record has results that this page does not show."


def period(**fields: Any) -> FlowPeriod:
    """Return a period of two arms, of which 3 and 5 people began it."""
    counts = tuple(FlowCount(group=arm, participants=number) for arm, number in (("A", 3), ("B", 5)))
    arms = (FlowArm(id="A", title="Pill"), FlowArm(id="B", title="Cream"))
    milestones = (Milestone(kind=MilestoneKind.STARTED, counts=counts),)
    return FlowPeriod(**({"id": "P", "title": "One", "arms": arms, "milestones": milestones} | fields))


class TestPeople:
    """People are added up only where nobody is counted twice and no number is open."""

    def test_arms(self):
        text = found_of(flow=ParticipantFlow(periods=(period(),)))
        assert (
            text
            == "In the period “One”, 8 people started. By group, it was so: - “Pill” | Began: 3 - “Cream” | Began: 5"
        )

    def test_shared_arms(self):
        text = found_of(flow=ParticipantFlow(periods=(period(exclusive_arms=False, participants=6),)))

        assert "In the period “One”, 6 people took part. A person could be in several groups of this period." in text
        assert "8 people" not in text

    def test_an_open_number(self):
        counts = (FlowCount(group="A", participants=3), FlowCount(group="B"))
        milestones = (Milestone(kind=MilestoneKind.STARTED, counts=counts),)
        text = found_of(flow=ParticipantFlow(periods=(period(milestones=milestones),)))

        assert text == "By group, it was so: - “Pill” | Began: 3 - “Cream” | Began: no value"

    def test_reasons_of_another_period_are_not_mixed_in(self):
        reasons = (
            FlowReason(
                reason=Coded(term="PREGNANCY", text="x"),
                counts=(
                    FlowCount(period="P", group="A", participants=1),
                    FlowCount(period="Q", group="C", participants=2),
                ),
            ),
        )
        second = FlowPeriod(id="Q", title="Two", arms=(FlowArm(id="C", title="Pill again"),))
        text = found_of(flow=ParticipantFlow(periods=(period(), second), withdrawals=reasons))

        assert "People left early for these reasons: - pregnancy: 1 in “Pill”" in text
        assert text.endswith("People left early for these reasons: - pregnancy: 2 people")

    def test_many_periods_are_counted(self):
        periods = tuple(period(id=str(number)) for number in range(7))
        assert "3 more periods are in the record but not on this page." in found_of(
            flow=ParticipantFlow(periods=periods)
        )


class TestWho:
    """Ages and sexes are told from the numbers for all people together; nothing is added up for it."""

    def test_sex(self):
        measure = BaselineMeasure(
            kind=BaselineKind.SEX,
            categorical=True,
            categories=(Category(id="f", title="Female"), Category(id="m", title="Male")),
            groups=(Group(id="all", title="Total"),),
            values=(
                Value(group="A", category="f", value=2.0),
                Value(group="all", category="f", value=7.0),
                Value(group="all", category="m", value=0.0),
            ),
        )

        assert found_of(baseline=Baseline(measures=(measure,))) == (
            "By sex, these people took part: - “Female”: 7 people - “Male”: 0 people "
            "The record also has 1 table on what people were like at the start."
        )
        assert "By sex" not in found_of(baseline=Baseline(measures=(attrs.evolve(measure, groups=()),)))


def outcome_of(value: Value, missing: tuple[Missing, ...] = (), **fields: Any) -> str:
    """Return how a value of an outcome with one group of 9 people is told."""
    groups = (Group(id="g", title="Pill", participants=9),)
    outcome = main(**({"groups": groups, "values": (attrs.evolve(value, group="g"),)} | fields))
    text = found_of(outcomes=(outcome,), missing=missing)
    return text.partition("- “Pill” (n = 9) | Value: ")[2]


def spread_over(kind: DispersionType | None, low: float | None, high: float | None = None) -> str:
    return outcome_of(Value(value=5.5, dispersion=low, dispersion_upper=high), dispersion=kind, confidence_level=90.0)


def missing(path: str) -> tuple[Missing, ...]:
    return (Missing(field=f"results.outcomes[0].{path}", kind=MissingKind.UNKNOWN),)


class TestValues:
    """A value is told with its spread and with the people that it rests on; a count is told as a part of them."""

    @pytest.mark.parametrize(
        ("kind", "low", "high", "words"),
        [
            (DispersionType.STANDARD_DEVIATION, 3.2, None, " (standard deviation 3.2)"),
            (DispersionType.STANDARD_ERROR, 0.0, None, " (standard error 0)"),
            (
                DispersionType.GEOMETRIC_COEFFICIENT_OF_VARIATION,
                23.0,
                None,
                " (geometric coefficient of variation 23 %)",
            ),
            (DispersionType.INTERQUARTILE_RANGE, 4.0, 7.25, " (middle half from 4 to 7.25)"),
            (DispersionType.FULL_RANGE, -1.0, 1200.0, " (lowest -1, highest 1,200)"),
            (DispersionType.CONFIDENCE_INTERVAL, 4.0, 7.0, " (90 % confidence interval from 4 to 7)"),
            (DispersionType.CONFIDENCE_INTERVAL, 4.0, None, " (90 % confidence interval from 4 to no value)"),
            (DispersionType.NOT_APPLICABLE, 4.0, None, ""),
            (DispersionType.STANDARD_DEVIATION, None, None, ""),
            (None, 4.0, None, " (spread 4)"),
            (None, 4.0, 7.0, " (spread from 4 to 7)"),
        ],
    )
    def test_spread(self, kind, low, high, words):
        assert spread_over(kind, low, high) == f"5.5{words}"

    @pytest.mark.parametrize(("value", "words"), [(4.0, "4"), (0.0, "0"), (4.5, "4.5"), (1200.0, "1,200")])
    def test_a_count(self, value, words):
        assert outcome_of(Value(value=value), countable=True) == words

    def test_nil_is_no_value(self):
        assert outcome_of(Value()) == "no value"

    def test_a_sign_for_not_calculated(self):
        assert outcome_of(Value(), missing=missing("values[0].value")) == "not calculated"
        assert (
            outcome_of(
                Value(value=2.0), missing=missing("values[0].dispersion"), dispersion=DispersionType.STANDARD_DEVIATION
            )
            == "2 (standard deviation not calculated)"
        )

    def test_no_group(self):
        assert found_of(outcomes=(main(values=(Value(value=1.0),)),)).endswith("- Group | Value: 1")

    def test_no_values(self):
        assert found_of(outcomes=(main(),)).endswith("The record does not say which values were found.")
        assert found_of(outcomes=(main(ready=False),)).endswith("The record says that it cannot give values.")

    @pytest.mark.parametrize("measure", MeasureType)
    def test_what_kind_of_number(self, measure):
        assert "Each value is a" in found_of(outcomes=(main(measure=measure),))

    def test_groups_stand_side_by_side(self):
        groups = (Group(id="g", title="Pill", participants=9), Group(id="h", title="Cream", participants=8))
        categories = (Category(id="c", title="None"), Category(id="d", title="Some"))
        values = tuple(
            Value(group=group, category=category, value=number)
            for group, category, number in (("g", "d", 2.0), ("h", "d", 3.0), ("h", "c", 5.0), ("g", "c", 7.0))
        )
        text = found_of(outcomes=(main(countable=True, groups=groups, categories=categories, values=values),))

        assert text.endswith(
            "- “None” | “Pill” (n = 9): 7; “Cream” (n = 8): 5 - “Some” | “Pill” (n = 9): 2; “Cream” (n = 8): 3"
        )

    def test_the_page_stays_short(self):
        values = tuple(Value(group=str(number), value=1.0) for number in range(30))
        groups = tuple(Group(id=str(number), title=f"G{number}") for number in range(30))
        text = found_of(outcomes=(main(groups=groups, values=values),) * 7)

        assert text.count("24 more values of this outcome are in the record but not on this page.") == 7

    def test_other_outcomes_are_listed_by_title(self):
        outcomes = tuple(Outcome(kind=EndpointKind.SECONDARY, title=f"Sleep {number}") for number in range(12))
        text = found_of(outcomes=outcomes)
        html = page_of_trial(Trial(results=Results(outcomes=outcomes)), "html")

        assert "What was found on 12 secondary outcomes is in the record but not on this page." in text
        assert "Doctors call these secondary endpoints." in text
        assert all(f"- “Sleep {number}”" in text for number in range(12))
        assert "<summary>7 more secondary outcomes</summary>" in html
        assert "The record does not say what was found on a main outcome." in text


def compared(missing: tuple[Missing, ...] = (), **fields: Any) -> str:
    """Return what is told of an analysis of two groups."""
    groups = (Group(id="g", title="Pill"), Group(id="h", title="Cream"))
    analysis = Analysis(**({"groups": ("g", "h")} | fields))
    return found_of(outcomes=(main(ready=False, groups=groups, analyses=(analysis,)),), missing=missing).partition(
        "cannot give values. "
    )[2]


class TestComparisons:
    """A comparison is told as the record gives it, and what its words mean; never that a treatment is better."""

    def test_a_known_parameter(self):
        estimate = Estimate(
            parameter=Coded(term="RISK_RATIO", text="x"), value=0.17, confidence_level=95.0, lower=0.08, upper=0.33
        )
        text = compared(estimate=estimate, p_value=0.0001, p_value_relation=Relation.LESS)

        assert text.startswith(
            "One analysis looks at “Pill” and “Cream”. "
            "The risk ratio is 0.17 (95 % confidence interval from 0.08 to 0.33). "
            "A risk ratio compares how many people have an event in two groups. At 1 there is no difference. "
            "A confidence interval is a range"
        )
        assert "The p-value is less than 0.0001." in text

    def test_the_relation(self):
        assert "The p-value is 0.04." in compared(p_value=0.04)
        assert "The p-value is 0.04." in compared(p_value=0.04, p_value_relation=Relation.EQUAL)
        assert "The p-value is at least 0.04." in compared(p_value=0.04, p_value_relation=Relation.GREATER_OR_EQUAL)

    def test_one_side(self):
        estimate = Estimate(value=2.0, two_sided=False, confidence_level=97.5, lower=1.0)
        assert "The estimate is 2 (one-sided 97.5 % confidence interval from 1 to no value)." in compared(
            estimate=estimate
        )

    def test_a_late_plan(self):
        assert "It was planned only after the data were seen." in compared(prespecified=False)
        assert "planned" not in compared(prespecified=True)

    def test_a_p_value_that_was_not_calculated(self):
        text = compared(missing=missing("analyses[0].p_value"))
        assert "The record does not say what the p-value is: it marks this as unknown." in text

    def test_no_groups(self):
        assert "One analysis is called “Test 1”." in compared(groups=(), title="Test 1")
        assert "The record does not say which groups were compared." in compared(groups=())

    def test_many_are_counted(self):
        analyses = tuple(Analysis(title=f"Test {number}") for number in range(8))
        text = found_of(outcomes=(main(analyses=analyses),))

        assert "“Test 4”" in text
        assert "“Test 5”" not in text
        assert "3 more comparisons are in the record but not on this page." in text

    @pytest.mark.parametrize(
        "claim", ["better", "worse", "significant", "superior", "works", "effective", "success", "failed", "proves"]
    )
    def test_no_judgement(self, claim):
        ours = re.sub(r"“[^”]*”", "", found(told(RESULTS)))
        assert claim not in ours


def harms(**fields: Any) -> str:
    return found_of(adverse_events=AdverseEvents(**fields))


def events(*affected: tuple[int, ...]) -> tuple[AdverseEvent, ...]:
    """Return events, each with how many people of the groups 0, 1 ... had it, of 100."""
    return tuple(
        AdverseEvent(
            term=f"Event {number}",
            counts=tuple(EventCount(group=str(group), affected=one, exposed=100) for group, one in enumerate(people)),
        )
        for number, people in enumerate(affected)
    )


class TestHarms:
    """Harms are counted by group; of very many kinds those are named that came up in the most people."""

    PAIR = (EventGroup(id="0", title="Pill"), EventGroup(id="1", title="Cream"))

    def test_the_most_frequent(self):
        text = harms(groups=self.PAIR, serious=events(*((number, 0) for number in range(14))))

        assert (
            "The record names 14 kinds of serious adverse events. No other came up in more people than these 10: "
            in text
        )
        assert "these 10: - “Event 13”: 13 of 100 in “Pill”, 0 of 100 in “Cream” - “Event 12”" in text
        assert "“Event 4”" in text
        assert "“Event 3”" not in text
        assert "4 more kinds of serious adverse events are in the record but not on this page." in text

    def test_groups_stand_in_the_order_of_their_list(self):
        counts = (EventCount(group="1", affected=2), EventCount(group="0", affected=1))
        text = harms(groups=self.PAIR, serious=(AdverseEvent(term="Rash", counts=counts),))

        assert text.endswith("- “Rash”: 1 in “Pill”, 2 in “Cream”")

    def test_rare_events(self):
        assert "are listed if more than 5 % of a group had them." in harms(frequency_threshold=5.0)
        assert "are listed however rare they were." in harms(frequency_threshold=0.0)

    def test_many_groups(self):
        groups = tuple(EventGroup(id=str(number), title=f"G{number}") for number in range(6))
        some, all_ = (0, 3, 0, 0, 5, 0), (1, 2, 3, 4, 5, 6)
        text = harms(groups=groups, serious=events(some, all_))

        assert "- “Event 0”: 5 of 100 in “G4”, 3 of 100 in “G1”, none in 4 others" in text
        assert (
            "- “Event 1”: 6 of 100 in “G5”, 5 of 100 in “G4”, 4 of 100 in “G3”, 3 of 100 in “G2”, 2 other groups"
            in text
        )

    def test_deaths(self):
        groups = (
            EventGroup(title="Pill", deaths=2, deaths_from_events=1),
            EventGroup(title="Cream", deaths=1, deaths_from_events=0),
            EventGroup(title="Air", deaths=0, deaths_from_events=0),
        )
        assert (
            "- “Pill” | Died: 2; Died of an adverse event: 1 - “Cream” | Died: 1; Died of an adverse event: 0 "
            "- “Air” | Died: 0; Died of an adverse event: 0" in harms(groups=groups)
        )

    def test_deaths_that_are_not_counted_are_no_zero(self):
        assert "- “Air” | Died: no value" in harms(groups=(EventGroup(deaths=0), EventGroup(title="Air")))
        assert "Died" not in harms(groups=(EventGroup(title="x"),))

    def test_harm_groups_are_no_arms(self):
        text = harms(groups=(EventGroup(title="Pill", serious_affected=1, exposed=9),))

        assert "- “Pill” | People: 9; With a serious adverse event: 1" in text
        assert "They need not be the groups of the trial." in text


class TestShort:
    """However many groups share a sentence, its own words are few; groups without names are told apart from those."""

    @pytest.mark.parametrize("title", ["Pill", None])
    @pytest.mark.parametrize("size", [1, 3, 4, 5, 9])
    @pytest.mark.parametrize("number", [1, 1234, None])
    def test_words(self, title, size, number):
        ids = [str(one) for one in range(size)]
        arms = tuple(FlowArm(id=one, title=title) for one in ids)
        counts = tuple(FlowCount(period="p", group=one, participants=number) for one in ids)
        reasons = (FlowReason(reason=Coded(term="ADVERSE_EVENT_NOT_SERIOUS", text="x"), counts=counts),)
        milestones = tuple(Milestone(kind=kind, counts=counts) for kind in MilestoneKind)
        period = FlowPeriod(id="p", arms=arms, milestones=milestones)
        value = 0.5 if number else None
        cells = tuple(
            Value(group=one, category=category, value=value, dispersion=spread, dispersion_upper=spread)
            for one in ids
            for category, spread in (("a", None), ("b", 1.5))
        )
        outcome = main(
            countable=True,
            dispersion=DispersionType.CONFIDENCE_INTERVAL,
            confidence_level=95.0,
            categories=(Category(id="a", title="A"), Category(id="b")),
            groups=tuple(Group(id=one, arm=one, participants=number) for one in ids),
            values=cells,
            analyses=(Analysis(groups=tuple(ids), estimate=Estimate(value=1.5, lower=1.0, two_sided=False)),),
        )
        event_counts = tuple(EventCount(group=one, affected=number, exposed=number) for one in ids)
        events = (AdverseEvent(term="x", counts=event_counts),) * 12
        affected = {"exposed": number, "serious_affected": number, "non_serious_affected": number}
        groups = tuple(
            EventGroup(id=one, title=title, deaths=number, deaths_from_events=number, **affected) for one in ids
        )
        results = Results(
            flow=ParticipantFlow(periods=(period,), withdrawals=reasons),
            outcomes=(outcome,),
            adverse_events=AdverseEvents(groups=groups, serious=events, non_serious=events),
        )
        check_readable(Trial(results=results))


class TestChanges:
    """Changes of the plan and pauses are counted."""

    def test_counted(self):
        assert "The record lists 3 substantial amendments to the plan." in found_of(amendments=(Amendment(),) * 3)
        assert found_of(interrupted=True) == "The record says that the whole trial stood still for a time."


class TestGrowth:
    """The work for the section grows with the results and not with their square, and the page stays short."""

    def grown(self, size: int) -> Trial:
        ids = [str(number) for number in range(size)]
        arms = tuple(FlowArm(id=one, title=f"Arm {one}") for one in ids)
        counts = tuple(FlowCount(period="p", group=one, participants=1) for one in ids)
        started = Milestone(kind=MilestoneKind.STARTED, counts=counts)
        reasons = tuple(FlowReason(other=one, counts=counts[:1]) for one in ids)
        groups = tuple(Group(id=f"g{one}", arm=one, participants=3) for one in ids)
        values = tuple(Value(group=f"g{one}", value=1.0) for one in ids)
        return Trial(
            results=Results(
                flow=ParticipantFlow(
                    periods=(FlowPeriod(id="p", arms=arms, milestones=(started,)),), withdrawals=reasons
                ),
                outcomes=(main(groups=groups, values=values), *[Outcome(title=one) for one in ids]),
                adverse_events=AdverseEvents(
                    groups=tuple(EventGroup(id=one, title=one, deaths=1) for one in ids),
                    serious=events(*((1, 2) for _ in ids)),
                ),
            )
        )

    def test_work(self):
        small, large = (calls(functools.partial(page_of_trial, self.grown(size))) for size in (100, 400))
        assert large < 4.4 * small

    def test_page(self):
        small, large = (len(page_of_trial(self.grown(size))) for size in (100, 400))
        assert large < 1.1 * small

    @pytest.mark.corpus
    def test_real_results_give_a_few_screens(self, corpus):
        for path in some((corpus / "euctr" / "results_xml").glob("NOT_VERBATIM*")):
            body = overview(trialparse.parse(path), detail="full").partition("\n*****\n")[0].partition(DETAILS)[2]
            section = body.partition("What was found\n")[2].partition("What the status means\n")[0]
            assert 100 < len(section.splitlines()) < 300
