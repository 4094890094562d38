"""Results of the EU Clinical Trials Register: what fixtures must give, typed by hand, and what holds for real files."""

from pathlib import Path
from typing import Any

import pytest

from trialparse import Parsed, parse
from trialparse.diagnostics import Problem
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


def day(text: str, *, estimated: bool | None = False) -> PartialDate:
    """Return the date written as ISO 8601, one that has come to pass."""
    year, month, number = map(int, text.split("-"))
    return PartialDate(year=year, month=month, day=number, estimated=estimated)


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
