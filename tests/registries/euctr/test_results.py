"""Results of the EU Clinical Trials Register: what fixtures must give, typed by hand, and what holds for real files."""

import io
import pickle
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import corpus_files
from trialparse import NotOneRecord, Parsed, Rejected, Severity, UnrecognisedFormat, parse, read, sniff
from trialparse.diagnostics import Problem
from trialparse.mapping.compiled import mapping_of
from trialparse.model import AgeGroupCount, Country, FollowUp, Missing, Publication
from trialparse.model.results import (
    AdverseEvent,
    Amendment,
    Analysis,
    ArmProduct,
    Baseline,
    BaselineMeasure,
    Category,
    Dictionary,
    Estimate,
    EventCount,
    EventGroup,
    FlowArm,
    FlowCount,
    FlowReason,
    Group,
    Interruption,
    Milestone,
    Value,
)
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    AnalysisStage,
    AnalysisType,
    ArmType,
    AssessmentType,
    BaselineKind,
    ContactKind,
    DispersionType,
    EndpointKind,
    MaskedRole,
    Masking,
    MeasureType,
    MilestoneKind,
    MissingKind,
    ObjectiveKind,
    Progress,
    Relation,
    SponsorRole,
    TimeUnit,
)
from trialparse.model.values import Coded, Duration, PartialDate
from trialparse.parsing.ledger import UNMAPPED
from trialparse.parsing.record import ledger_of
from trialparse.parsing.run import _fast
from trialparse.readers import xml
from trialparse.readers.paths import resolved, write_path
from trialparse.registries import FORMATS
from trialparse.strategies import documents
from trialparse.tsv import read_lines


def day(text: str, *, estimated: bool | None = False) -> PartialDate:
    """Return the date written as ISO 8601, one that has come to pass."""
    year, month, number = map(int, text.split("-"))
    return PartialDate(year=year, month=month, day=number, estimated=estimated)


def zipped(**members: bytes) -> bytes:
    """Return a zip with these members; `__` is a blank in a name, and `_pdf` and `_xml` are endings."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(re.sub(r"_(pdf|PDF|xml)$", r".\1", name).replace("__", " "), data)
    return file.getvalue()


@pytest.fixture(scope="module")
def source(fixtures: Path) -> bytes:
    return (fixtures / "euctr" / "results.xml").read_bytes()


@pytest.fixture(scope="module")
def parsed(source: bytes) -> Parsed:
    return parse(source)


@pytest.fixture(scope="module")
def trial(parsed: Parsed) -> Any:
    return parsed.trial


class TestTrial:
    """What the results say of the trial."""

    def test_numbers(self, trial: Any) -> None:
        assert (trial.id, trial.registry) == ("2016-099130-40", "EUCTR")
        assert [(one.scheme, one.value, one.issuer) for one in trial.identifiers] == [
            ("EudraCT", "2016-099130-40", None),
            ("protocol", "BA-130-02", None),
            ("ISRCTN", "ISRCTN99990130", None),
            ("NCT", "NCT99990130", None),
            ("other", "EFN/7", "Example Fever Network"),
        ]
        assert trial.scientific_title == "Samplocillin or placebo for example fever in children: a randomised trial"
        assert [(one.kind, one.text) for one in trial.objectives] == [
            (ObjectiveKind.MAIN, "To see whether samplocillin shortens example fever.")
        ]
        assert trial.publications == (Publication(pubmed="99999130"),)

    def test_children(self, trial: Any) -> None:
        assert (trial.paediatric_plan, trial.paediatric_plans) == (True, ("EMEA-099130-PIP01-16",))
        assert (trial.paediatric_earlier, trial.paediatric_holder) == (False, True)

    def test_dates_keep_the_day_of_their_own_clock(self, trial: Any) -> None:
        assert trial.dates.recruitment_start == day("2017-01-01")
        assert trial.dates.primary_completion == day("2019-03-31")
        assert trial.dates.global_end == day("2019-06-30")
        assert trial.results.analysis_date == day("2019-07-01")

    def test_status_and_oversight(self, trial: Any) -> None:
        assert trial.status.trial is Progress.TERMINATED_EARLY
        assert (trial.amended, trial.data_monitoring_committee) == (True, False)

    def test_design(self, trial: Any) -> None:
        assert trial.design.allocation == {Allocation.RANDOMISED}
        assert trial.design.masking == {Masking.DOUBLE}
        assert trial.design.masked_roles == {MaskedRole.PARTICIPANT, MaskedRole.ASSESSOR}
        assert trial.design.follow_up == FollowUp(
            planned=True,
            duration=Duration(value=2, unit=TimeUnit.YEAR),
            reasons=(
                Coded(term="SAFETY", text="LONG_TERM_RATIONALE.safety"),
                Coded(term="SCIENTIFIC", text="LONG_TERM_RATIONALE.scientific"),
            ),
        )
        assert trial.design.protection == "Blood was drawn once a week at most."
        assert trial.design.background_therapy == "Paracetamol was allowed."
        assert trial.design.comparator_evidence == "There is no treatment to compare with."
        assert [(arm.title, arm.description) for arm in trial.arms] == [
            ("Samplocillin", "Ten days of samplocillin."),
            ("Placebo", None),
        ]

    def test_participants(self, trial: Any) -> None:
        assert trial.countries == (Country(code="DE", enrolled=27), Country(code="ES", enrolled=13))
        assert trial.enrolment.actual == 40
        assert trial.enrolment.by_age == (
            AgeGroupCount(group=AgeGroup.IN_UTERO, actual=0),
            AgeGroupCount(group=AgeGroup.PRETERM_NEWBORN, actual=0),
            AgeGroupCount(group=AgeGroup.NEWBORN, actual=1),
            AgeGroupCount(group=AgeGroup.INFANT, actual=9),
            AgeGroupCount(group=AgeGroup.CHILD, actual=21),
            AgeGroupCount(group=AgeGroup.ADOLESCENT, actual=8),
            AgeGroupCount(group=AgeGroup.ADULT, actual=1),
            AgeGroupCount(group=AgeGroup.AGE_65_84, actual=0),
        )

    def test_sponsors(self, trial: Any) -> None:
        first, second = trial.sponsors
        assert (first.role, first.name) == (SponsorRole.PRIMARY, "Beispiel Arzneimittel GmbH")
        assert (first.address, first.city, first.postcode, first.country) == (
            "Musterweg 1",
            "Beispielstadt",
            "00099",
            "DE",
        )
        assert [(one.kind, one.name, one.organisation, one.email, one.phone) for one in first.contacts] == [
            (
                ContactKind.PUBLIC,
                "Trial Desk Musterhaus",
                "Beispiel Arzneimittel GmbH",
                "trials@example.org",
                "+99 000 130 1",
            ),
            (
                ContactKind.SCIENTIFIC,
                "Medical Office Musterhaus",
                "Beispiel Forschung GmbH",
                "science@example.org",
                "+99 000 130 2",
            ),
        ]
        assert (second.name, second.country, second.contacts) == ("Fundación Ejemplo Fiebre", None, ())

    def test_what_changed(self, trial: Any) -> None:
        results = trial.results
        assert (results.stage, results.primary_completion) == (AnalysisStage.INTERIM, True)
        assert results.amendments == (
            Amendment(date=day("2017-09-30"), text="Children from 2 years on may take part."),
        )
        assert results.interrupted is True
        assert results.interruptions == (
            Interruption(date=day("2018-02-01"), restart=day("2018-03-15", estimated=None), text="Bottles were short."),
        )
        assert results.limitations == "The trial ended early and is small."


class TestFlow:
    """Who came in, went through and left."""

    def test_periods(self, trial: Any) -> None:
        flow = trial.results.flow
        assert (flow.recruitment, flow.screening) == (
            "Children were seen at two clinics.",
            "Fever was measured twice before.",
        )
        before, treatment = flow.periods
        assert (before.pre_assignment, before.id, before.title, before.arms) == (True, None, None, ())
        assert (treatment.pre_assignment, treatment.id, treatment.title) == (
            None,
            "PostAssignmentPeriod-10",
            "Treatment",
        )
        assert (treatment.baseline, treatment.exclusive_arms, treatment.blinded) == (True, True, True)
        assert (treatment.participants, treatment.masking_detail) == (40, "Bottles looked alike.")
        assert (treatment.allocation, treatment.masking) == (Allocation.RANDOMISED, Masking.DOUBLE)
        assert treatment.masked_roles == {MaskedRole.PARTICIPANT, MaskedRole.ASSESSOR}

    def test_arms(self, trial: Any) -> None:
        assert trial.results.flow.periods[1].arms == (
            FlowArm(
                id="Arm-21",
                title="Samplocillin",
                description="Ten days of samplocillin.",
                type=ArmType.EXPERIMENTAL,
                products=(
                    ArmProduct(
                        name="Samplocillin",
                        code="BA-130",
                        other_names="Exemplocillin",
                        dose="10 mg/kg twice a day",
                        forms=(
                            Coded(term="SOLUTION FOR INJECTION", text="100000073863"),
                            Coded(term="POWDER FOR SOLUTION FOR INFUSION", text="100000073867"),
                        ),
                        routes=(
                            Coded(term="INTRAVENOUS", text="100000073611"),
                            Coded(term="ORAL", text="100000073619"),
                        ),
                    ),
                ),
            ),
            FlowArm(id="Arm-22", title="Placebo", type=ArmType.PLACEBO_COMPARATOR, other_type="Taste only"),
        )

    def test_milestones(self, trial: Any) -> None:
        before, treatment = trial.results.flow.periods
        assert before.milestones == (
            Milestone(
                id="StartedMilestone-2",
                kind=MilestoneKind.STARTED,
                counts=(FlowCount(participants=42, comment="Called in by letter."),),
            ),
            Milestone(
                id="CompletedMilestone-1",
                kind=MilestoneKind.COMPLETED,
                counts=(FlowCount(participants=40, comment="Two had no fever."),),
            ),
            Milestone(
                id="OtherMilestone-3",
                kind=MilestoneKind.OTHER,
                title="Consent given",
                counts=(FlowCount(participants=42, comment="All but one parent at once."),),
            ),
        )
        assert treatment.milestones == (
            Milestone(
                id="StartedMilestone-12",
                kind=MilestoneKind.STARTED,
                counts=(
                    FlowCount(group="Arm-21", participants=20),
                    FlowCount(group="Arm-22", participants=20, comment="One came late."),
                ),
            ),
            Milestone(
                id="CompletedMilestone-11",
                kind=MilestoneKind.COMPLETED,
                counts=(FlowCount(group="Arm-21", participants=17), FlowCount(group="Arm-22", participants=20)),
            ),
            Milestone(
                id="OtherMilestone-13",
                kind=MilestoneKind.OTHER,
                title="First dose",
                counts=(FlowCount(group="Arm-21", participants=19),),
            ),
        )

    def test_reasons(self, trial: Any) -> None:
        period = "PostAssignmentPeriod-10"
        assert trial.results.flow.withdrawals == (
            FlowReason(
                id="ReasonNotCompleted-51",
                reason=Coded(term="OTHER", text="NOT_COMPLETED_REASON.other"),
                other="Moved away",
                counts=(
                    FlowCount(participants=2, comment="Before assignment.", detail="Temperature was normal."),
                    FlowCount(period=period, group="Arm-21", participants=2),
                ),
            ),
            FlowReason(
                id="ReasonNotCompleted-52",
                reason=Coded(term="LOST_TO_FOLLOW_UP", text="NOT_COMPLETED_REASON.lostFollowup"),
                counts=(FlowCount(period=period, group="Arm-21", participants=1),),
            ),
        )
        assert trial.results.flow.joined == (
            FlowReason(
                id="ReasonJoined-61",
                reason=Coded(term="OTHER", text="JOIN_REASON.other"),
                other="Holiday was over",
                counts=(
                    FlowCount(
                        period=period,
                        group="Arm-21",
                        participants=1,
                        comment="From the other clinic.",
                        detail="In week two.",
                    ),
                ),
            ),
        )


ALL = "BaselineReportingGroup-31"
SWAB = "SubjectAnalysisSet-81"


class TestBaseline:
    """What participants were like at the start."""

    def test_tables(self, trial: Any) -> None:
        assert trial.results.baseline == Baseline(
            reporting=Coded(term="ARMS", text="BASELINE_REPORTING_MODEL.arms"),
            groups=(
                Group(
                    id=ALL,
                    description="All who had a dose of samplocillin.",
                    arm="Arm-21",
                    period="PostAssignmentPeriod-10",
                    participants=20,
                ),
            ),
            measures=(
                BaselineMeasure(
                    kind=BaselineKind.AGE,
                    categorical=False,
                    title="Age continuous",
                    unit="AGE_UNITS.years",
                    measure=MeasureType.MEAN,
                    dispersion=DispersionType.STANDARD_DEVIATION,
                    ready=True,
                    values=(Value(group=ALL, value=7.5),),
                ),
                BaselineMeasure(kind=BaselineKind.AGE, categorical=True, title="Age categorical"),
                BaselineMeasure(
                    kind=BaselineKind.SEX,
                    categorical=True,
                    title="Gender categorical",
                    unit="Subjects",
                    ready=True,
                    categories=(Category(id="Category-71", title="Female"), Category(id="Category-72", title="Male")),
                    values=(
                        Value(group=ALL, category="Category-71", value=11.0),
                        Value(group=ALL, category="Category-72", value=0.0),
                    ),
                ),
                BaselineMeasure(
                    kind=BaselineKind.OTHER,
                    categorical=False,
                    title="Temperature",
                    unit="degrees Celsius",
                    measure=MeasureType.MEDIAN,
                    dispersion=DispersionType.FULL_RANGE,
                    ready=True,
                    values=(
                        Value(group=ALL, value=38.9, dispersion=38.1, dispersion_upper=40.2),
                        Value(group=SWAB, value=39.0, dispersion=38.5, dispersion_upper=39.9),
                    ),
                ),
                BaselineMeasure(
                    kind=BaselineKind.OTHER,
                    categorical=True,
                    title="Teeth",
                    description="Counted by the nurse.",
                    unit="Subjects",
                    ready=True,
                    categories=(
                        Category(id="Category-75", title="All there"),
                        Category(id="Category-76", title="Some missing"),
                    ),
                    groups=(Group(id="TotalBaselineGroup-36", title="Total of all arms", participants=40),),
                    values=(
                        Value(group=ALL, category="Category-75", value=99999.0),
                        Value(group=ALL, category="Category-76"),
                        Value(group=SWAB, category="Category-75", value=6.0),
                        Value(group="TotalBaselineGroup-36", category="Category-75", value=12.0),
                    ),
                ),
            ),
        )

    def test_sets(self, trial: Any) -> None:
        assert trial.results.analysis_sets == (
            Group(
                id=SWAB,
                title="Swab taken",
                description="All with a swab on day 1.",
                kind=Coded(term="SUBGROUP", text="SBJ_ANALYSIS_SET_TYPE.subgroup"),
                participants=18,
            ),
        )


FIRST, SECOND = "EndPointArmReportingGroup-41", "EndPointArmReportingGroup-42"
THIRD = "EndPointSubjectAnalysisSetReportingGroup-43"


class TestOutcomes:
    """Endpoints with what was found."""

    def test_a_table(self, trial: Any) -> None:
        outcome = trial.results.outcomes[0]
        assert (outcome.kind, outcome.title) == (EndpointKind.PRIMARY, "Days with fever")
        assert (outcome.description, outcome.time_frame) == ("Days above 38 degrees.", "Day 1 to day 28")
        assert (outcome.unit, outcome.countable, outcome.ready) == ("days", False, True)
        assert outcome.measure is MeasureType.LEAST_SQUARES_MEAN
        assert (outcome.dispersion, outcome.confidence_level) == (DispersionType.CONFIDENCE_INTERVAL, 95.0)
        assert outcome.categories == (
            Category(id="Category-91", title="Under 6 years"),
            Category(id="Category-92", title="6 years and older"),
        )
        assert outcome.groups == (
            Group(id=FIRST, arm="Arm-21", participants=19, comment="One was not seen."),
            Group(id=SECOND, arm="Arm-22", participants=20),
            Group(id=THIRD, analysis_set=SWAB, participants=18, comment="Those with a swab."),
        )

    def test_values_are_joined_by_group_and_category(self, trial: Any) -> None:
        """A value and its dispersion stand in two lists, in whatever order; nil and nines are no number, 0 is one."""
        assert trial.results.outcomes[0].values == (
            Value(group=FIRST, category="Category-91", value=3.25, dispersion=-0.5, dispersion_upper=7.0),
            Value(group=FIRST, category="Category-92"),
            Value(group=SECOND, category="Category-91"),
            Value(group=SECOND, category="Category-92", value=0.0),
            Value(group=THIRD, category="Category-91", value=4.0, dispersion=1.0, dispersion_upper=8.5),
        )

    def test_an_analysis(self, trial: Any) -> None:
        assert trial.results.outcomes[0].analyses == (
            Analysis(
                title="Samplocillin against placebo",
                description="Adjusted for age.",
                groups=(FIRST, SECOND, THIRD),
                type=AnalysisType.SUPERIORITY,
                prespecified=True,
                primary=True,
                comment="Two looks at the data.",
                method=Coded(term="OTHER", text="HYPOTHESIS_METHOD.other"),
                other_method="Example test",
                p_value=0.025,
                p_value_relation=Relation.LESS,
                test_comment="One-sided.",
                estimate=Estimate(
                    parameter=Coded(term="OTHER", text="PARAMETER_TYPE.other"),
                    other_parameter="Difference of means",
                    label="Difference in days",
                    value=-1.3,
                    confidence_level=95.0,
                    two_sided=True,
                    lower=-2.5,
                    upper=-0.1,
                    dispersion=DispersionType.STANDARD_ERROR,
                    dispersion_value=0.6,
                ),
            ),
        )

    def test_counts_of_people_are_numbers_whatever_they_are(self, trial: Any) -> None:
        outcome = trial.results.outcomes[1]
        assert (outcome.kind, outcome.title) == (EndpointKind.POST_HOC, "Children without fever")
        assert (outcome.unit, outcome.countable, outcome.measure) == (None, True, MeasureType.NUMBER)
        assert outcome.dispersion is DispersionType.NOT_APPLICABLE
        assert outcome.values == (
            Value(group="EndPointArmReportingGroup-44", value=9.0),
            Value(group="EndPointSubjectAnalysisSetReportingGroup-45", value=9999.0),
        )

    def test_nines_are_told(self, parsed: Parsed) -> None:
        fields = [
            "results.baseline.measures[0].values[0].dispersion",
            "results.outcomes[0].values[1].value",
            "results.outcomes[0].values[1].dispersion",
            "results.outcomes[0].values[1].dispersion_upper",
        ]
        assert parsed.trial.missing == tuple(Missing(field=field, kind=MissingKind.UNKNOWN) for field in fields)
        assert [(one.problem, one.field, one.text) for one in parsed.diagnostics] == [
            (Problem.SENTINEL, field, text)
            for field, text in zip(fields, ("-9999.0", "99999", "-99999.99", "99999.00"), strict=True)
        ]
        (evidence,) = parsed.evidence(fields[1]).sources
        assert evidence.text == "99999"


class TestAdverseEvents:
    """Adverse events by organ class and term, with numbers at risk."""

    def test_of_results(self, trial: Any) -> None:
        events = trial.results.adverse_events
        assert (events.description, events.time_frame) == ("Parents kept a diary.", "Day 1 to day 28")
        assert (events.frequency_threshold, events.assessment) == (2.5, AssessmentType.SYSTEMATIC)
        assert events.dictionary == Dictionary(
            name=Coded(term="MEDDRA", text="ADV_EVT_DICTIONARY_NAME.Meddra"), version="20.1"
        )
        assert events.groups == (
            EventGroup(
                id="ReportingGroup-61",
                title="Samplocillin",
                description="Had a dose of samplocillin.",
                exposed=19,
                serious_affected=1,
                non_serious_affected=5,
                deaths=0,
                deaths_from_events=0,
            ),
            EventGroup(
                id="ReportingGroup-62",
                title="Placebo",
                exposed=20,
                serious_affected=0,
                non_serious_affected=3,
                deaths=1,
            ),
        )
        assert events.serious == (
            AdverseEvent(
                term="Example rash",
                organ_system=Coded(term="10040785", text="100000004858"),
                description="After the third dose.",
                assessment=AssessmentType.SYSTEMATIC,
                other_dictionary=False,
                dictionary=Dictionary(
                    name=Coded(term="SNOMED", text="ADV_EVT_DICTIONARY_NAME.snomed"),
                    other_name="Example signs",
                    version="2",
                ),
                counts=(
                    EventCount(
                        group="ReportingGroup-61",
                        affected=1,
                        exposed=19,
                        occurrences=2,
                        related_occurrences=1,
                        deaths=0,
                        related_deaths=0,
                    ),
                ),
            ),
        )
        assert events.non_serious == (
            AdverseEvent(
                term="Headache",
                organ_system=Coded(term="10029205", text="100000004852"),
                description="Mild in all.",
                assessment=AssessmentType.NON_SYSTEMATIC,
                other_dictionary=True,
                dictionary=Dictionary(
                    name=Coded(term="OTHER", text="ADV_EVT_DICTIONARY_NAME.other"),
                    other_name="Example words",
                    version="1",
                ),
                counts=(
                    EventCount(group="ReportingGroup-61", affected=5, exposed=19, occurrences=7),
                    EventCount(group="ReportingGroup-62", affected=3, exposed=20, occurrences=3),
                ),
            ),
        )

    def test_alone(self, fixtures: Path) -> None:
        parsed = parse(fixtures / "euctr" / "adverse_events.xml")
        events = parsed.trial.results.adverse_events
        assert (parsed.format.name, parsed.trial.id, parsed.trial.registry) == (
            "euctr-adverse-events-xml",
            None,
            "EUCTR",
        )
        assert (events.description, events.time_frame) == ("From the diaries.", "Two weeks")
        assert (events.frequency_threshold, events.assessment) == (5.0, AssessmentType.SYSTEMATIC)
        assert events.dictionary == Dictionary(
            name=Coded(term="MEDDRA", text="ADV_EVT_DICTIONARY_NAME.meddra"), version="21.0"
        )
        assert events.groups == (
            EventGroup(
                id="ReportingGroup-0",
                title="All children",
                exposed=12,
                serious_affected=0,
                non_serious_affected=2,
                deaths=0,
            ),
        )
        assert events.serious == ()
        assert events.non_serious == (
            AdverseEvent(
                term="Example cough",
                organ_system=Coded(term="10038738", text="100000004855"),
                other_dictionary=False,
                counts=(EventCount(group="ReportingGroup-0", affected=2, exposed=12, occurrences=2),),
            ),
        )
        assert parsed.diagnostics == ()


class TestOngoing:
    """A trial that goes on, of which much is left open, and parts of which refer to nothing."""

    @pytest.fixture
    def trial(self, fixtures: Path) -> Any:
        parsed = parse(fixtures / "euctr" / "results_ongoing.xml")
        assert parsed.diagnostics == ()
        return parsed.trial

    def test_trial(self, trial: Any) -> None:
        assert [(one.scheme, one.value) for one in trial.identifiers] == [
            ("EudraCT", "2016-099131-22"),
            ("UTN", "U1111-9999-0131"),
        ]
        assert trial.status.trial is Progress.ONGOING
        assert (trial.paediatric_plan, trial.paediatric_earlier, trial.paediatric_holder) == (None, None, None)
        assert trial.design.follow_up == FollowUp(planned=False)
        assert trial.results.stage is AnalysisStage.FINAL
        assert (trial.countries, trial.enrolment.actual) == ((), None)
        assert trial.enrolment.by_age == (
            AgeGroupCount(group=AgeGroup.AGE_65_84, actual=3),
            AgeGroupCount(group=AgeGroup.AGE_85_PLUS, actual=2),
        )
        assert [one.name for one in trial.sponsors] == ["Laboratoire Exemple", "Exemple Santé"]
        assert [one.phone for one in trial.sponsors[0].contacts] == ["+99"]

    def test_what_refers_to_nothing_is_kept(self, trial: Any) -> None:
        (period,) = trial.results.flow.periods
        assert (period.exclusive_arms, period.baseline, period.blinded) == (False, False, False)
        assert period.milestones == (
            Milestone(
                id="StartedMilestone-3",
                kind=MilestoneKind.STARTED,
                counts=(FlowCount(group="Arm-2", participants=5),),
            ),
            Milestone(
                id="CompletedMilestone-4",
                kind=MilestoneKind.COMPLETED,
                counts=(FlowCount(group="Arm-2", participants=0),),
            ),
        )
        assert [one.counts for one in trial.results.flow.withdrawals] == [
            (FlowCount(period="PostAssignmentPeriod-1", group="Arm-2", participants=1),),
            (FlowCount(period="PostAssignmentPeriod-1", group="Arm-2", participants=2),),
        ]

    def test_an_endpoint_that_waits_for_values(self, trial: Any) -> None:
        (outcome,) = trial.results.outcomes
        assert (outcome.kind, outcome.title, outcome.unit, outcome.ready) == (None, "Answers", "people", False)
        assert outcome.groups == (Group(id="EndPointArmReportingGroup-6", arm="Arm-2"),)
        assert outcome.values == (Value(group="EndPointArmReportingGroup-6", category="Category-5", value=0.0),)
        assert outcome.analyses == ()


class TestZip:
    """The register gives results as a zip; a PDF in it is told and is no record."""

    NAME = "EU-CTR__2016-099130-40__v2__-__Results_xml"
    MEMBER = "EU-CTR 2016-099130-40 v2 - Results.xml"

    @pytest.mark.parametrize("first", [True, False])
    def test_a_pdf_beside_the_results(self, source: bytes, first: bool) -> None:
        members = {self.NAME: source, "Lay__summary_PDF": b"%PDF-1.7\n"}
        packed = zipped(**(members if first else dict(reversed(members.items()))))
        (parsed,) = read(packed)
        assert isinstance(parsed, Parsed)
        assert parsed.trial == parse(source).trial
        (told,) = [one for one in parsed.diagnostics if one.problem is Problem.NOT_READ]
        assert (told.severity, told.text, told.place.member) == (Severity.NOTE, "Lay summary.PDF", self.MEMBER)
        assert parsed.evidence("id").sources[0].place.member == self.MEMBER
        assert sniff(packed).name == "euctr-results-xml"

    def test_only_a_pdf(self) -> None:
        packed = zipped(Results_pdf=b"%PDF-1.4\n")
        assert list(read(packed)) == []
        for ask in (parse, sniff):
            with pytest.raises(NotOneRecord, match=r"it is a PDF, Results\.pdf, which may hold results"):
                ask(packed)

    def test_nothing(self) -> None:
        assert list(read(zipped())) == []
        with pytest.raises(NotOneRecord, match="an archive without files"):
            parse(zipped())

    def test_what_is_no_results(self, source: bytes) -> None:
        """One record and a part that could not be read are not two records."""
        with pytest.raises(NotOneRecord, match="of which not all could be read"):
            parse(zipped(readme=b"See the results.", **{self.NAME: source}))
        with pytest.raises(NotOneRecord, match="more than one record"):
            parse(zipped(**{self.NAME: source, "v2_xml": source}))

    def test_a_pdf_by_itself(self) -> None:
        with pytest.raises(UnrecognisedFormat, match="a PDF"):
            parse(b"%PDF-1.4\n")

    def test_a_pdf_under_another_name(self, source: bytes) -> None:
        (parsed,) = read(zipped(attachment=b"%PDF-1.4\n", **{self.NAME: source}))
        assert parsed.ok
        assert parsed.trial.id == "2016-099130-40"


class TestRecognition:
    """A root is known by its namespace, for other formats have a `result` too."""

    @pytest.mark.parametrize(
        "root", ["<result/>", "<result xmlns='urn:other'/>", "<x:adverseEvents xmlns:x='urn:other'/>"]
    )
    def test_another_namespace(self, root: str) -> None:
        with pytest.raises(UnrecognisedFormat, match="is of no known format"):
            parse(root.encode())

    def test_without_results(self, source: bytes, trial: Any) -> None:
        parsed = parse(source, results=False)
        assert parsed.trial.results == type(trial.results)()
        assert parsed.trial.missing == (Missing(field="results", kind=MissingKind.NOT_READ),)
        assert parsed.trial.countries == trial.countries
        assert parsed.trial.id == trial.id


class TestClosed:
    """What the schema does not have is told, and so is what is no number, each with its line."""

    @staticmethod
    def changed(source: bytes, old: str, new: str) -> bytes:
        assert source.decode().count(old) == 1
        return source.decode().replace(old, new).encode()

    def test_an_unknown_element(self, source: bytes) -> None:
        wrong = self.changed(source, "<postCode>00099</postCode>", "<postCode>00099</postCode><zip>7</zip>")
        line = wrong.decode().split("<zip>")[0].count("\n") + 1
        (told,) = [one for one in parse(wrong).diagnostics if one.problem is Problem.UNEXPECTED]
        assert (told.text, told.place.line, told.field) == ("7", line, None)
        assert told.place.path == "/*[1]/trialInformation/sponsors/sponsor[1]/address/zip"
        with pytest.raises(Rejected, match=rf"'7' @ line {line} "):
            parse(wrong, raise_at=Severity.ERROR)

    def test_a_count_that_is_none(self, source: bytes) -> None:
        wrong = self.changed(source, "<deathsAllCauses>1<", "<deathsAllCauses>NA<")
        line = wrong.decode().split(">NA<")[0].count("\n") + 1
        (told,) = [one for one in parse(wrong).diagnostics if one.problem is Problem.BAD_VALUE]
        assert (told.field, told.text, told.place.line) == (
            "results.adverse_events.groups[1].deaths",
            "NA",
            line,
        )

    def test_lines_are_kept_in_a_pickle(self, source: bytes) -> None:
        parsed = pickle.loads(pickle.dumps(parse(source)))
        lines = [one.place.line for one in parsed.diagnostics]
        assert lines == [one.place.line for one in parse(source).diagnostics]
        assert None not in lines

    def test_nil_says_that_an_element_is_empty_and_else_it_is_told(self, source: bytes) -> None:
        nil = '<pmid xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="{}">{}</pmid>'
        for said, text, told in (
            ("true", "", []),
            ("true", "7", ["true"]),
            ("false", "7", []),
            ("perhaps", "", ["perhaps"]),
        ):
            parsed = parse(self.changed(source, "<pmid>99999130</pmid>", nil.format(said, text)))
            assert [one.text for one in parsed.diagnostics if one.problem is Problem.UNEXPECTED] == told
            assert [one.pubmed for one in parsed.trial.publications] == [text] * bool(text)


RESULT, EVENTS = (
    next(one for one in FORMATS if one.name == f"euctr-{name}-xml") for name in ("results", "adverse-events")
)
XS = "{http://www.w3.org/2001/XMLSchema}"


class Official:
    """An official XML Schema, as far as the two of EudraCT use its language."""

    def __init__(self, folder: Path) -> None:
        roots = [etree.parse(folder / name).getroot() for name in ("results_reconstructed.xsd", "adverseEvents.xsd")]
        self.types = {one.get("name"): one for root in reversed(roots) for one in root.findall(f"{XS}complexType")}
        self.types["AdverseEvents"] = next(one for one in roots[1].findall(f"{XS}complexType[@name='AdverseEvents']"))

    def parts(self, holder: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, str, str]]:
        """Give path, least and most number and kind of each part of a type, in order."""
        extension = holder.find(f"{XS}complexContent/{XS}extension")
        if extension is not None:
            yield from self.parts(self.types[extension.get("base").partition(":")[2]], path)
        for part in (extension if extension is not None else holder).iterchildren(f"{XS}sequence", f"{XS}attribute"):
            if part.tag == f"{XS}attribute":
                least = "1" if part.get("use") == "required" else "0"
                yield ".".join((*path, f"@{part.get('name')}")), least, "1", self.kind(part)
            for element in part.iterchildren(f"{XS}element"):
                yield from self.element(element, (*path, element.get("name")))

    def element(self, element: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
        """Give an element, and what it holds."""
        most = element.get("maxOccurs", "1").replace("unbounded", "many")
        inline, name = element.find(f"{XS}complexType"), element.get("type", "")
        known = inline if inline is not None or name.startswith("xs:") else self.types.get(name.partition(":")[2])
        yield ".".join(path), element.get("minOccurs", "1"), most, self.kind(element) if known is None else "parts"
        if known is not None:
            yield from self.parts(known, path)

    @staticmethod
    def kind(part: Any) -> str:
        """Return the type of the words of a part."""
        inline = part.find(f"{XS}simpleType/{XS}restriction")
        name: str = part.get("type") if inline is None else inline.get("base")
        return name.partition(":")[2]

    def leaves(self, root: str) -> set[tuple[str, ...]]:
        """Return the paths of attributes and of elements that hold words."""
        parts = self.parts(self.types[root])
        return {tuple(path.split(".")) for path, _, _, kind in parts if kind != "parts"}


@pytest.fixture(scope="module")
def refs(corpus: Path) -> Path:
    """Return the folder of the official schemas, which stand beside the real exports."""
    folder = corpus.parent / "formats" / "euctr" / "refs"
    if not folder.is_dir():
        pytest.skip("the official schemas are not on this machine")
    return folder


@pytest.mark.corpus
class TestSchema:
    """Every element and attribute of the official schemas is mapped, or ignored for a reason."""

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_every_leaf(self, format: Any, root: str, refs: Path) -> None:
        leaves = Official(refs).leaves(root)
        ledger = ledger_of(format)

        assert len(leaves) == {"ResultSet": 373, "AdverseEvents": 44}[root]
        assert {leaf for leaf in leaves if ledger.at(leaf).judge(False) == UNMAPPED} == set()

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_no_row_reads_what_is_not_there(self, format: Any, root: str, refs: Path) -> None:
        leaves = Official(refs).leaves(root)
        known = leaves | {leaf[:end] for leaf in leaves for end in range(len(leaf))}
        paths = {resolved(path) for row in mapping_of(format).rows for path in row.paths}

        assert {write_path(path) for path in paths if tuple(step.key for step in path) not in known} == set()

    @pytest.mark.parametrize(("format", "root"), [(RESULT, "ResultSet"), (EVENTS, "AdverseEvents")])
    def test_the_table_of_the_schema(self, format: Any, root: str, refs: Path) -> None:
        """What documents are made by says the same as the schema: parts, their order and number, and their types."""
        official = Official(refs)
        rows = read_lines(files("trialparse.registries.euctr") / format.schema)

        assert [(row["path"], row["least"], row["most"], row["kind"]) for _, row in rows] == [
            *official.parts(official.types[root])
        ]

    @pytest.mark.parametrize(("format", "file"), [(RESULT, "results_reconstructed.xsd"), (EVENTS, "adverseEvents.xsd")])
    @pytest.mark.parametrize("sparse", [True, False])
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(data=st.data())
    def test_documents_that_are_made_are_valid(
        self, format: Any, file: str, sparse: bool, refs: Path, data: st.DataObject
    ) -> None:
        document = data.draw(documents(format, sparse=sparse))
        etree.XMLSchema(etree.parse(refs / file)).assertValid(etree.fromstring(document.data))

    @pytest.mark.parametrize("name", ["results", "results_ongoing", "adverse_events"])
    def test_fixtures_are_valid(self, name: str, fixtures: Path, refs: Path) -> None:
        file = "adverseEvents.xsd" if name == "adverse_events" else "results_reconstructed.xsd"
        schema = etree.XMLSchema(etree.parse(refs / file))
        schema.assertValid(etree.parse(fixtures / "euctr" / f"{name}.xml"))


NOTES: dict[str, dict[Problem, int]] = {
    "NOT_VERBATIM_rebuilt_2014-003556-31_results.xml": {Problem.SENTINEL: 31, Problem.UNKNOWN_TERM: 1},
    "NOT_VERBATIM_rebuilt_2016-003884-20_results.xml": {Problem.UNKNOWN_TERM: 12},
    "ae_shug0131_testing_stata_table_eudract.xml": {Problem.ENCODING: 1},
    "broken_ae_shug0131_negtest.xml": {Problem.UNEXPECTED: 2, Problem.BAD_VALUE: 1},
}
"""Diagnostics of real files: nines, EUTCT ids of forms that no source names, UTF-16, and what is wrong on purpose."""


def corpus_results() -> list[Path]:
    """Return the real files of results on this machine."""
    return corpus_files("euctr/results_xml")


def counted(root: Any) -> int:
    """Return the number of leaves of a document, found without the library: attributes, texts and empty elements."""
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    leaves = 0
    for element in root.iter(etree.Element):
        attributes = len(set(element.keys()) - {nil})
        said = bool((element.text or "").strip())
        leaves += attributes + said + (not said and not attributes and not len(element))
    return leaves


@pytest.mark.corpus
class TestCorpus:
    """Real files: recognised, accounted for to the leaf, diagnostics explained, and as a plain look finds them."""

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_accounted(self, path: Path) -> None:
        (parsed,) = read(path)
        assert isinstance(parsed, Parsed)
        root = etree.parse(path).getroot()
        format = RESULT if etree.QName(root).localname == "result" else EVENTS
        told = Counter(one.problem for one in parsed.diagnostics)
        audit = parsed.audit()

        assert parsed.format is format
        assert dict(told) == NOTES.get(path.name, {})
        assert audit.leaves == counted(root)
        assert sum(audit.unmapped.values()) == told[Problem.UNEXPECTED]
        assert set(audit.ignored) <= {"technical id"}

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_a_plain_look(self, path: Path) -> None:
        root = etree.parse(path).getroot()
        trial = parse(path).trial
        results, events = trial.results, trial.results.adverse_events

        def number(path: str) -> int:
            return int(root.xpath(f"count({path})"))

        def total(path: str) -> int:
            return int(root.xpath(f"sum({path})"))

        cells = [value for outcome in results.outcomes for value in outcome.values]
        assert (trial.id or "") == (root.get("eudractNumber") or "")
        assert len(results.outcomes) == number("//endPoint")
        assert sum(value.value is not None for value in cells) == number(
            "//endPoint//countableValue/value[.!=''] | //endPoint//tendencyValue/value[.!='' and .!='99999']"
        )
        assert len([one for outcome in results.outcomes for one in outcome.analyses]) == number("//statisticalAnalysis")
        assert len(events.serious) == number("//seriousAdverseEvent")
        assert len(events.non_serious) == number("//nonSeriousAdverseEvent")
        for list_, name in ((events.serious, "seriousAdverseEvent"), (events.non_serious, "nonSeriousAdverseEvent")):
            counts = [count for event in list_ for count in event.counts]
            assert sum(one.occurrences or 0 for one in counts) == total(f"//{name}//occurrences")
            assert sum(one.affected or 0 for one in counts) == total(f"//{name}//subjectsAffected")
            assert sum(one.exposed or 0 for one in counts) == total(f"//{name}//subjectsExposed")
            assert {one.group for one in counts} <= {group.id for group in events.groups}
        assert sum(one.enrolled or 0 for one in trial.countries) == total("//countrySubjectCount/subjects")
        flow = [count for period in results.flow.periods for stone in period.milestones for count in stone.counts]
        assert sum(one.participants or 0 for one in flow) == total("//*[contains(name(), 'Achievement')]/subjects")
        left = [count for reason in results.flow.withdrawals for count in reason.counts]
        assert sum(one.participants or 0 for one in left) == total("//notCompletedReasonDetails//subjects")

    @pytest.mark.parametrize("path", corpus_results(), ids=lambda path: path.name)
    def test_the_quick_run_reads_it(self, path: Path) -> None:
        """Nothing that real files hold, nines among it, is left to the slow run, except what is wrong on purpose."""
        parsed = parse(path)
        quick = _fast(parsed._kept(), mapping_of(parsed.format))
        assert (quick is None) == path.name.startswith("broken")
        assert quick in (None, parsed.trial)

    def test_what_is_wrong_on_purpose(self, corpus: Path) -> None:
        path = corpus / "euctr" / "results_xml" / "broken_ae_shug0131_negtest.xml"
        told = [(one.severity, one.place.line, one.text) for one in parse(path).diagnostics]
        assert told == [(Severity.ERROR, 27, "Group B"), (Severity.ERROR, 42, "2"), (Severity.WARNING, 821, "NA")]
        with pytest.raises(Rejected, match="line 27"):
            parse(path, raise_at=Severity.WARNING)


class TestStream:
    """A document too long to be held in one piece gives the same trial, and diagnostics on the same lines."""

    def test_the_same(self, source: bytes, trial: Any) -> None:
        with mock.patch.object(xml, "ONE_PIECE", 1):
            (streamed,) = read(source)
        assert isinstance(streamed, Parsed)
        assert streamed.trial == trial
        assert [(one.text, one.place) for one in streamed.diagnostics] == [
            (one.text, one.place) for one in parse(source).diagnostics
        ]
