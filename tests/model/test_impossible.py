"""Numbers of one trial that cannot all be true."""

from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from tests.counting import exercised, readable, some
from trialparse import Problem
from trialparse.model import Country, Duration, Eligibility, Enrolment, Results, Trial
from trialparse.model.impossible import impossible
from trialparse.model.results import (
    AdverseEvent,
    AdverseEvents,
    Analysis,
    Baseline,
    BaselineMeasure,
    Estimate,
    EventCount,
    EventGroup,
    FlowCount,
    FlowPeriod,
    FlowReason,
    Group,
    Milestone,
    Outcome,
    ParticipantFlow,
    Value,
)
from trialparse.model.terms import AgeGroup, MilestoneKind, TimeUnit
from trialparse.model.trial import AgeGroupCount
from trialparse.strategies import documents

YEAR, MONTH = TimeUnit.YEAR, TimeUnit.MONTH


def of_events(group: EventGroup, *, serious: tuple[EventCount, ...] = (), other: tuple[EventCount, ...] = ()) -> Trial:
    """Return a trial with adverse events of one group."""
    kinds = [(AdverseEvent(counts=counts),) if counts else () for counts in (serious, other)]
    return Trial(results=Results(adverse_events=AdverseEvents(groups=(group,), serious=kinds[0], non_serious=kinds[1])))


def of_flow(
    completed: int, *, joined: int | None = None, left: int | None = None, groups: tuple[Group, ...] = ()
) -> Trial:
    """Return a trial with a period that 110 started in arm A."""
    counts = [(FlowCount(group="A", participants=number),) for number in (110, completed)]
    milestones = (
        Milestone(kind=MilestoneKind.STARTED, counts=counts[0]),
        Milestone(kind=MilestoneKind.COMPLETED, counts=counts[1]),
    )
    reasons = [
        () if number is None else (FlowReason(counts=(FlowCount(period="P", group="A", participants=number),)),)
        for number in (joined, left)
    ]
    periods = (FlowPeriod(id="P", milestones=milestones),)
    flow = ParticipantFlow(periods=periods, joined=reasons[0], withdrawals=reasons[1])
    return Trial(results=Results(flow=flow, baseline=Baseline(groups=groups)))


def left_for_reasons(*numbers: int) -> Trial:
    """Return a trial with a period that 110 started in arm A, and that so many left for a reason each."""
    counts = [FlowCount(period="P", group="A", participants=number) for number in numbers]
    started = Milestone(kind=MilestoneKind.STARTED, counts=(FlowCount(group="A", participants=110),))
    periods = (FlowPeriod(id="P", milestones=(started,)),)
    reasons = tuple(FlowReason(counts=(count,)) for count in counts)
    return Trial(results=Results(flow=ParticipantFlow(periods=periods, withdrawals=reasons)))


def in_periods(*numbers: int, analysed: int) -> Trial:
    """Return a trial in which so many started each period in arm A, and so many of the arm were analysed."""
    started = [
        Milestone(kind=MilestoneKind.STARTED, counts=(FlowCount(group="A", participants=number),)) for number in numbers
    ]
    periods = tuple(FlowPeriod(id=str(at), milestones=(one,)) for at, one in enumerate(started))
    groups = (Group(arm="A", participants=analysed),)
    return Trial(results=Results(flow=ParticipantFlow(periods=periods), baseline=Baseline(groups=groups)))


def of_outcome(outcome: Outcome) -> Trial:
    """Return a trial with one outcome."""
    return Trial(results=Results(outcomes=(outcome,)))


def of_analysis(analysis: Analysis) -> Trial:
    """Return a trial with one analysis."""
    return of_outcome(Outcome(analyses=(analysis,)))


def aged(least: Duration, most: Duration) -> Trial:
    """Return a trial with a minimum and a maximum age."""
    return Trial(eligibility=Eligibility(minimum_age=least, maximum_age=most))


SUBJECTS = Outcome(unit="Subjects", countable=True, groups=(Group(id="G", participants=20),))
EXPOSED = EventGroup(id="E", exposed=118)
FOUND = [
    (
        of_events(EventGroup(exposed=118, non_serious_affected=174)),
        "groups[0].non_serious_affected",
        "174, and 118 exposed",
    ),
    (
        of_events(EventGroup(exposed=118, serious_exposed=3, serious_affected=4)),
        "groups[0].serious_affected",
        "4, and 3",
    ),
    (of_events(EventGroup(exposed=118, deaths=119)), "groups[0].deaths", "119, and 118 exposed"),
    (of_events(EventGroup(deaths=1, deaths_from_events=2)), "groups[0].deaths_from_events", "2, and 1 deaths"),
    (
        of_events(EXPOSED, other=(EventCount(group="E", affected=120, exposed=119),)),
        "non_serious[0].counts[0].affected",
        "120, and 119 exposed",
    ),
    (
        of_events(EXPOSED, serious=(EventCount(group="E", affected=119),)),
        "serious[0].counts[0].affected",
        "119, and 118 exposed",
    ),
    (
        of_events(EventGroup(id="E", serious_affected=2), serious=(EventCount(group="E", affected=3),)),
        "serious[0].counts[0].affected",
        "3, and 2 with any such event",
    ),
    (
        of_events(EXPOSED, other=(EventCount(group="E", affected=3, occurrences=2),)),
        "non_serious[0].counts[0].affected",
        "3, and 2 occurrences",
    ),
    (
        of_events(EXPOSED, serious=(EventCount(related_occurrences=3, occurrences=2),)),
        "serious[0].counts[0].related_occurrences",
        "3, and 2 occurrences",
    ),
    (
        of_events(EXPOSED, serious=(EventCount(deaths=3, affected=2),)),
        "serious[0].counts[0].deaths",
        "3, and 2 affected",
    ),
    (
        of_events(EXPOSED, serious=(EventCount(deaths=3, related_deaths=4),)),
        "serious[0].counts[0].related_deaths",
        "4, and 3 deaths",
    ),
]
OF_EVENTS = [(trial, f"results.adverse_events.{field}", said) for trial, field, said in FOUND]
OTHERS = [
    (of_flow(111), "results.flow.periods[0].milestones[1].counts[0].participants", "111, and 110 taken in"),
    (of_flow(119, joined=8), "results.flow.periods[0].milestones[1].counts[0].participants", "119, and 118 taken in"),
    (of_flow(0, left=111), "results.flow.withdrawals[0].counts[0].participants", "111, and 110 taken in"),
    (
        of_flow(1, groups=(Group(arm="A", participants=111),)),
        "results.baseline.groups[0].participants",
        "111, and 110 taken in",
    ),
    (
        of_outcome(attrs.evolve(SUBJECTS, values=(Value(group="G", value=21.0),))),
        "results.outcomes[0].values[0].value",
        "21, and 20 in the group",
    ),
    (
        Trial(
            results=Results(
                baseline=Baseline(
                    groups=(Group(id="G", participants=20),),
                    measures=(
                        BaselineMeasure(categorical=True, unit="subjects", values=(Value(group="G", value=20.5),)),
                    ),
                )
            )
        ),
        "results.baseline.measures[0].values[0].value",
        "20.5, and 20 in the group",
    ),
    (
        of_outcome(Outcome(values=(Value(dispersion=3.5, dispersion_upper=1.0),))),
        "results.outcomes[0].values[0].dispersion",
        "3.5, and 1 the upper bound",
    ),
    (of_outcome(Outcome(confidence_level=950.0)), "results.outcomes[0].confidence_level", "950, and 100 percent"),
    (of_analysis(Analysis(p_value=1.5)), "results.outcomes[0].analyses[0].p_value", "1.5, and 1 at most"),
    (
        of_analysis(Analysis(estimate=Estimate(lower=2.0, upper=1.0))),
        "results.outcomes[0].analyses[0].estimate.lower",
        "2, and 1 the upper limit",
    ),
    (
        of_analysis(Analysis(estimate=Estimate(confidence_level=101.0))),
        "results.outcomes[0].analyses[0].estimate.confidence_level",
        "101, and 100 percent",
    ),
    (
        Trial(results=Results(adverse_events=AdverseEvents(frequency_threshold=500.0))),
        "results.adverse_events.frequency_threshold",
        "500, and 100 percent at most",
    ),
    (
        Trial(enrolment=Enrolment(planned=10, planned_eea=11)),
        "enrolment.planned_eea",
        "11, and 10 in the whole trial",
    ),
    (
        Trial(enrolment=Enrolment(actual=10, by_age=(AgeGroupCount(group=AgeGroup.ADULT, actual=11),))),
        "enrolment.by_age[0].actual",
        "11, and 10 in the whole trial",
    ),
    (
        Trial(enrolment=Enrolment(planned=10), countries=(Country(planned=11),)),
        "countries[0].planned",
        "11, and 10 in the whole trial",
    ),
    (
        Trial(enrolment=Enrolment(planned=10, planned_elsewhere=11)),
        "enrolment.planned_elsewhere",
        "11, and 10 in the whole trial",
    ),
    (
        Trial(enrolment=Enrolment(planned=10, planned_eea=5, planned_elsewhere=6)),
        "enrolment.planned_elsewhere",
        "6, and 5 in the EEA, and 10 in the whole trial",
    ),
    (
        Trial(enrolment=Enrolment(planned=20, by_age=(AgeGroupCount(group=AgeGroup.ADULT, planned=5000),))),
        "enrolment.by_age[0].planned",
        "5000, and 20 in the whole trial",
    ),
    (
        left_for_reasons(60, 51),
        "results.flow.withdrawals[1].counts[0].participants",
        "51, with the others 111, and 110 taken in",
    ),
    (
        aged(Duration(value=3, unit=YEAR), Duration(value=30, unit=MONTH)),
        "eligibility.minimum_age",
        "3 YEAR, and 30 MONTH",
    ),
    (aged(Duration(value=65), Duration(value=18)), "eligibility.minimum_age", "65, and 18 the maximum age"),
]


class TestImpossible:
    """What cannot be true is named by field; what may be true in some trial is left alone."""

    @pytest.mark.parametrize(("trial", "field", "said"), OF_EVENTS + OTHERS)
    def test_found(self, trial: Trial, field: str, said: str) -> None:
        [(found, text)] = impossible(trial)

        assert found == field
        assert text.startswith(said)

    @pytest.mark.parametrize(
        "trial",
        [
            Trial(),
            of_events(EventGroup(id="E", exposed=5, serious_affected=5, deaths=5, deaths_from_events=5)),
            of_events(EXPOSED, other=(EventCount(group="E", affected=118, occurrences=250),)),
            of_events(EXPOSED, serious=(EventCount(group="other", affected=500),)),
            of_flow(118, joined=8, left=118),
            in_periods(50, 48, analysed=98),
            left_for_reasons(60, 50),
            of_flow(1, groups=(Group(arm="B", participants=500), Group(participants=500))),
            of_outcome(attrs.evolve(SUBJECTS, unit="events", values=(Value(group="G", value=21.0),))),
            of_outcome(attrs.evolve(SUBJECTS, countable=False, values=(Value(group="G", value=21.0),))),
            of_outcome(Outcome(values=(Value(value=9.0, dispersion=3.5),))),
            of_analysis(
                Analysis(p_value=1.0, estimate=Estimate(value=9.0, lower=1.0, upper=1.0, confidence_level=95.0))
            ),
            Trial(
                enrolment=Enrolment(planned=10, planned_eea=4, planned_elsewhere=6), countries=(Country(enrolled=99),)
            ),
            aged(Duration(value=1, unit=YEAR), Duration(value=18)),
            aged(Duration(value=12, unit=MONTH), Duration(value=1, unit=YEAR)),
        ],
    )
    def test_left_alone(self, trial: Trial) -> None:
        assert [] == list(impossible(trial))

    def test_it_is_reported_where_the_number_is(self, fixtures: Path) -> None:
        [parsed] = readable(fixtures / "euctr" / "doubtful_results.xml")
        found = [one for one in parsed.diagnostics if one.problem is Problem.IMPOSSIBLE]
        results = "results.{}".format
        events = "results.adverse_events.{}".format

        assert [(one.field, one.text) for one in found] == [
            (results("flow.periods[0].milestones[1].counts[0].participants"), "119, and 118 taken in"),
            (results("outcomes[0].groups[1].participants"), "61, and 60 taken in"),
            (events("groups[0].non_serious_affected"), "174, and 118 exposed"),
            (events("groups[0].deaths_from_events"), "2, and 1 deaths"),
            (events("serious[0].counts[0].affected"), "3, and 2 with any such event"),
            (events("serious[0].counts[0].affected"), "3, and 2 occurrences"),
            (events("serious[0].counts[0].related_occurrences"), "4, and 2 occurrences"),
        ]
        assert found[2].place.path.endswith("reportingGroup/subjectsAffectedByNonSeriousAdverseEvents")
        assert found[2].place.line is not None

    def test_any_trial(self) -> None:
        """Each finding names a field of the trial that holds the number it begins with; few documents have any."""

        def law(trials: list[Trial]) -> int:
            findings = [(trial, *finding) for trial in trials for finding in impossible(trial)]
            for trial, field, said in findings:
                held: Any = trial
                for step in field.replace("[", ".").replace("]", "").split("."):
                    held = held[int(step)] if step.isdecimal() else getattr(held, step)
                number = held.value if isinstance(held, Duration) else held
                assert float(said.partition(",")[0].partition(" ")[0]) == pytest.approx(number)
            return len(findings)

        drawn = documents("euctr-results-xml", sparse=False).map(lambda document: document.expected)
        exercised(law, 0.1, st.lists(drawn, min_size=4, max_size=4))

    def test_each_check_is_of_a_register_that_has_both(self, fixtures: Path) -> None:
        """The fields of a check are filled from fixtures, so that no check is of numbers that nobody gives."""
        names = {field.rpartition(".")[2] for _, field, _ in OF_EVENTS + OTHERS}
        sources = [*(fixtures / "euctr").glob("*.xml"), *(fixtures / "rebec").glob("*.xml")]
        sources.append(fixtures / "ctis" / "immunostem.json")
        filled = {
            name.rpartition(".")[2] for source in sources for parsed in readable(source) for name in parsed.evidence()
        }
        some(names & filled, len(names))
