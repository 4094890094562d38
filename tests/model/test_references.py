"""Where ids in results lead: nowhere and to several things is told, with the place where the id stands."""

import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from trialparse import Problem, Rejected, Severity, combine, parse
from trialparse.model import Results
from trialparse.model.checks import dangling_ids
from trialparse.model.results import (
    AdverseEvent,
    AdverseEvents,
    Analysis,
    Baseline,
    BaselineMeasure,
    Category,
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

WHOLE = Results(
    flow=ParticipantFlow(
        periods=(
            FlowPeriod(
                id="P1",
                arms=(FlowArm(id="A1"), FlowArm(id="A2")),
                milestones=(Milestone(counts=(FlowCount(group="A1"), FlowCount(group="A2"), FlowCount())),),
            ),
        ),
        withdrawals=(FlowReason(counts=(FlowCount(period="P1", group="A2"),)),),
    ),
    analysis_sets=(Group(id="S1"),),
    baseline=Baseline(
        groups=(Group(id="B1", arm="A1", period="P1"),),
        measures=(
            BaselineMeasure(
                categories=(Category(id="C1"),),
                groups=(Group(id="T1"),),
                values=(Value(group="B1", category="C1"), Value(group="S1"), Value(group="T1"), Value()),
            ),
        ),
    ),
    outcomes=(
        Outcome(
            groups=(Group(id="G1", arm="A1"), Group(id="G2", analysis_set="S1")),
            categories=(Category(id="C2"),),
            values=(Value(group="G1", category="C2"), Value(group="G2")),
            analyses=(Analysis(groups=("G1", "G2")),),
        ),
    ),
    adverse_events=AdverseEvents(
        groups=(EventGroup(id="E1"),), serious=(AdverseEvent(counts=(EventCount(group="E1"),)),)
    ),
)
"""Results in which every id leads to where its field says."""

CASES = {
    # an id of the document, and what another one in its place is told as
    "A1": [
        "flow.periods[0].milestones[0].counts[0].group",
        "baseline.groups[0].arm",
        "outcomes[0].groups[0].arm",
    ],
    "A2": ["flow.periods[0].milestones[0].counts[1].group", "flow.withdrawals[0].counts[0].group"],
    "P1": ["flow.withdrawals[0].counts[0].period", "baseline.groups[0].period"],
    "S1": ["outcomes[0].groups[1].analysis_set", "baseline.measures[0].values[1].group"],
    "B1": ["baseline.measures[0].values[0].group"],
    "T1": ["baseline.measures[0].values[2].group"],
    "C1": ["baseline.measures[0].values[0].category"],
    "C2": ["outcomes[0].values[0].category"],
    "G1": ["outcomes[0].values[0].group", "outcomes[0].analyses[0].groups[0]"],
    "G2": ["outcomes[0].values[1].group", "outcomes[0].analyses[0].groups[1]"],
    "E1": ["adverse_events.serious[0].counts[0].group"],
}


class TestAstray:
    """An id is astray where the list that its field is about does not have it, wherever else it may stand."""

    def test_every_id_leads_somewhere(self) -> None:
        assert [] == list(dangling_ids(WHOLE))
        assert [] == list(dangling_ids(Results()))

    @pytest.mark.parametrize(("name", "fields"), CASES.items())
    def test_a_name_that_is_gone(self, name: str, fields: list[str]) -> None:
        """Whatever has the id gets another one; all that refer to it are told, and nothing else."""
        found = {(Problem.UNMATCHED, f"results.{field}", name) for field in fields}

        assert found == set(dangling_ids(_without(WHOLE, name)))

    def test_a_group_of_another_list(self) -> None:
        outcome = Outcome(groups=(Group(id="G1"),), values=(Value(group="B1"),))
        results = attrs.evolve(WHOLE, outcomes=(outcome,))

        assert [(Problem.UNMATCHED, "results.outcomes[0].values[0].group", "B1")] == list(dangling_ids(results))

    def test_groups_through_all_periods(self) -> None:
        """Where groups are those of the whole flow, as in ClinicalTrials.gov, periods count them."""
        period = FlowPeriod(milestones=(Milestone(counts=(FlowCount(group="FG0"), FlowCount(group="FG1"))),))
        flow = ParticipantFlow(arms=(FlowArm(id="FG0"),), periods=(period,))

        assert [(Problem.UNMATCHED, "results.flow.periods[0].milestones[0].counts[1].group", "FG1")] == list(
            dangling_ids(Results(flow=flow))
        )

    def test_an_id_that_stands_twice(self) -> None:
        events = AdverseEvents(groups=(EventGroup(id="E1"), EventGroup(id="E2"), EventGroup(id="E1"), EventGroup()))

        assert [(Problem.AMBIGUOUS, "results.adverse_events.groups[2].id", "E1")] == list(
            dangling_ids(Results(adverse_events=events))
        )

    def test_lists_may_share_ids(self) -> None:
        """The same id in two lists is no doubt: a field says of which list its id is."""
        outcome = Outcome(groups=(Group(id="G1"),), values=(Value(group="G1"),))

        assert [] == list(dangling_ids(Results(outcomes=(outcome, outcome))))


class TestTold:
    """What is astray is a diagnostic at the place of the id, and can be refused."""

    @pytest.fixture
    def source(self, fixtures: Path) -> bytes:
        source = (fixtures / "euctr" / "results.xml").read_bytes()
        return source.replace(b"<armComparisonGroupId>EndPointArmReportingGroup-41<", b"<armComparisonGroupId>Arm-21<")

    def test_the_place(self, source: bytes) -> None:
        parsed = parse(source)
        (told,) = (found for found in parsed.diagnostics if found.problem is Problem.UNMATCHED)
        line = source[: source.index(b"<armComparisonGroupId>Arm-21<")].count(b"\n") + 1

        assert ("results.outcomes[0].analyses[0].groups[0]", "Arm-21", line) == (told.field, told.text, told.place.line)
        assert told.place.path.endswith("/statisticalAnalysis/armComparisonGroupId[1]")

    def test_a_reason_that_the_document_does_not_have(self, fixtures: Path) -> None:
        source = (fixtures / "euctr" / "results.xml").read_bytes()
        parsed = parse(source.replace(b'reasonNotCompletedId="ReasonNotCompleted-51"', b'reasonNotCompletedId="R-9"'))
        (told,) = (found for found in parsed.diagnostics if found.problem is Problem.UNMATCHED)

        assert "R-9" == told.text
        assert told.field is not None
        assert re.fullmatch(r"results\.flow\.withdrawals\[\d+\]\.id", told.field)
        assert told.place.path.endswith("/@reasonNotCompletedId")

    def test_values_of_two_groups_with_one_id(self, source: bytes) -> None:
        """Nothing tells which of the two a value is of, so the groups are told to be one in name."""
        parsed = parse(source.replace(b'id="EndPointArmReportingGroup-42"', b'id="EndPointArmReportingGroup-41"'))

        assert (Problem.AMBIGUOUS, "results.outcomes[0].groups[1].id") in [
            (found.problem, found.field) for found in parsed.diagnostics
        ]

    def test_refused(self, source: bytes) -> None:
        with pytest.raises(Rejected, match="Arm-21"):
            parse(re.sub(b"9999+", b"8", source), raise_at=Severity.WARNING)

    def test_without_results(self, source: bytes) -> None:
        assert () == parse(source, results=False).diagnostics

    def test_a_record_among_others(self, source: bytes, fixtures: Path) -> None:
        combined = combine([parse(source), parse(fixtures / "euctr" / "results.xml")])
        (told,) = (found for found in combined.diagnostics if found.problem is Problem.UNMATCHED)

        assert told.place.part == 0
        assert told.field == "results.outcomes"  # of two records of results that say the same, one is the trial's


def _without(value: Any, name: str) -> Any:
    """Return a value in which whatever has an id has another one; what refers to it stays."""
    if isinstance(value, tuple):
        return tuple(_without(one, name) for one in value)
    if not attrs.has(type(value)):
        return value
    values = {field.name: _without(getattr(value, field.name), name) for field in attrs.fields(type(value))}
    if values.get("id") == name:
        values["id"] = "X"
    return attrs.evolve(value, **values)
