"""Results as tables: participant flow, baseline, outcomes and their analyses, adverse events (TRDS 23).

One set of classes for all registers that post results in a structured form.
Ids (of periods, groups, categories, milestones) are those of the register. They are valid within one document: they
connect items of one `Results`, never of two. A value for a group holds the id of the group, from the list that its
class names.
A number that the register leaves open (nil, or a sign for "not calculated") is None, never 0.
The classes were checked against results of ClinicalTrials.gov as well; fields that only those fill say so.
"""

import attrs

from trialparse.model.terms import (
    Allocation,
    AnalysisType,
    ArmType,
    AssessmentType,
    BaselineKind,
    DispersionType,
    EndpointKind,
    MaskedRole,
    Masking,
    MeasureType,
    MilestoneKind,
    Relation,
)
from trialparse.model.values import Coded, PartialDate, record


@record
class Group:
    """Participants for whom values are given together; whether that is an arm the register says, or it is not one."""

    id: str | None = None
    """Id within this document."""
    title: str | None = None
    """Name of the group."""
    description: str | None = None
    """Who is in it."""
    kind: Coded | None = None
    """Kind of a set of participants, such as `INTENTION_TO_TREAT` or `SAFETY`; `TOTAL` for all groups together."""
    arm: str | None = None
    """Id of the arm that it is (`FlowArm.id`), where the register says that it is one."""
    period: str | None = None
    """Id of the period that it is of (`FlowPeriod.id`)."""
    analysis_set: str | None = None
    """Id of the set of participants that it is (`Results.analysis_sets`)."""
    participants: int | None = None
    """How many participants it has, or for how many of them there are values."""
    comment: str | None = None
    """What the source remarks on it."""


@record
class Denominator:
    """How many of something the values of a group rest on."""

    group: str | None = None
    """Id of the group."""
    unit: str | None = None
    """What is counted, in the words of the source: participants, eyes (ClinicalTrials.gov)."""
    number: int | None = None
    """How many."""
    section: str | None = None
    """Id of the section of the table whose values rest on it (`Category.section`); None for all of the table."""


# participant flow ---------------------------------------------------------------------------------------------------


@record
class ArmProduct:
    """A product that the participants of an arm were given."""

    name: str | None = None
    """Name of the product."""
    code: str | None = None
    """The sponsor's code for it."""
    other_names: str | None = None
    """Other names, in the words of the source."""
    dose: str | None = None
    """Dose and administration, in the words of the source."""
    forms: tuple[Coded, ...] = ()
    """Pharmaceutical forms; terms are EDQM standard terms in capitals."""
    routes: tuple[Coded, ...] = ()
    """Routes of administration; terms are EDQM standard terms in capitals."""


@record
class FlowArm:
    """An arm of a period, or a group that goes through all periods."""

    id: str | None = None
    """Id within this document."""
    title: str | None = None
    """Name of the arm."""
    description: str | None = None
    """What happened to its participants."""
    type: ArmType | None = None
    """Kind of arm."""
    other_type: str | None = None
    """The kind meant by `OTHER`, in the words of the source."""
    products: tuple[ArmProduct, ...] = ()
    """What its participants were given."""


@record
class FlowCount:
    """How many participants of an arm came to a milestone, or left or joined for a reason."""

    period: str | None = None
    """Id of the period (`FlowPeriod.id`), where what is counted is not in a period already."""
    group: str | None = None
    """Id of the arm (`FlowArm.id`); None for all participants of the period."""
    participants: int | None = None
    """How many."""
    units: int | None = None
    """How many of `ParticipantFlow.unit`, where something else is counted beside participants (ClinicalTrials.gov)."""
    comment: str | None = None
    """What the source remarks on the number."""
    detail: str | None = None
    """More about the reason, in the words of the source."""


@record
class Milestone:
    """A point that participants come to in a period."""

    id: str | None = None
    """Id within this document."""
    kind: MilestoneKind | None = None
    """The start of the period, its end, or another point."""
    title: str | None = None
    """Name of another point."""
    comment: str | None = None
    """What the source remarks on it (ClinicalTrials.gov)."""
    counts: tuple[FlowCount, ...] = ()
    """How many came to it."""


@record
class FlowReason:
    """Why participants left before the end, or came in after the start."""

    id: str | None = None
    """Id within this document."""
    reason: Coded | None = None
    """The reason."""
    other: str | None = None
    """The reason meant by `OTHER`, in the words of the source."""
    comment: str | None = None
    """What the source remarks on it (ClinicalTrials.gov)."""
    counts: tuple[FlowCount, ...] = ()
    """How many, by period and arm."""


@record
class FlowPeriod:
    """A period of the trial as it was run."""

    id: str | None = None
    """Id within this document."""
    title: str | None = None
    """Name of the period."""
    pre_assignment: bool | None = None
    """True for the time before participants came into arms."""
    baseline: bool | None = None
    """Whether baseline characteristics are those at the start of this period."""
    exclusive_arms: bool | None = None
    """Whether no participant is in two arms of the period."""
    participants: int | None = None
    """How many participants were in the period, where arms share some."""
    allocation: Allocation | None = None
    """How participants came into the arms."""
    blinded: bool | None = None
    """Whether the source says that somebody was blinded."""
    masking: Masking | None = None
    """Blinding in the period."""
    masked_roles: frozenset[MaskedRole] = frozenset()
    """Who was blinded."""
    masking_detail: str | None = None
    """How blinding was done, in the words of the source."""
    arms: tuple[FlowArm, ...] = ()
    """The arms of the period."""
    milestones: tuple[Milestone, ...] = ()
    """Start, end and other points, with how many came to them."""


@record
class ParticipantFlow:
    """Who came in, went through and left."""

    recruitment: str | None = None
    """How participants were found, in the words of the source."""
    screening: str | None = None
    """What happened before they came into arms, in the words of the source."""
    unit: str | None = None
    """What is counted beside participants, in the words of the source, such as eyes (ClinicalTrials.gov)."""
    arms: tuple[FlowArm, ...] = ()
    """Groups that go through all periods (ClinicalTrials.gov); arms of one period are listed in that period."""
    periods: tuple[FlowPeriod, ...] = ()
    """The periods, that before assignment first."""
    withdrawals: tuple[FlowReason, ...] = ()
    """Why participants did not complete a period."""
    joined: tuple[FlowReason, ...] = ()
    """Why participants came in after the start of a period."""


# what is measured ---------------------------------------------------------------------------------------------------


@record
class Category:
    """A row of a table of values."""

    id: str | None = None
    """Id within this document: that of the register, or the place of the row where the register gives none."""
    title: str | None = None
    """What is counted or measured in it; None where its section has one row, or the table has."""
    section: str | None = None
    """Id of the section of the table in which it lies (the class of ClinicalTrials.gov)."""
    heading: str | None = None
    """Title of that section, such as a point in time."""


@record
class Value:
    """One cell of a table of values: a number for a group, and for a category where there are several."""

    group: str | None = None
    """Id of the group."""
    category: str | None = None
    """Id of the category."""
    value: float | None = None
    """The number; a count, or the measure that `MeasureType` names, in the unit of the table; None where left open."""
    dispersion: float | None = None
    """What `DispersionType` names; the lower bound where that is a range or an interval."""
    dispersion_upper: float | None = None
    """The upper bound, where the dispersion is a range or an interval."""
    spread: float | None = None
    """A standard deviation or the like beside bounds, where the source gives both though it names one dispersion; then
    `dispersion` is empty (ClinicalTrials.gov)."""
    lower: float | None = None
    """The lower bound beside such a spread."""
    upper: float | None = None
    """The upper bound beside such a spread."""
    comment: str | None = None
    """What the source remarks on it, such as why there is no number (ClinicalTrials.gov)."""


@record
class BaselineMeasure:
    """What participants were like at the start, in one respect."""

    kind: BaselineKind | None = None
    """Age, sex, or something else."""
    categorical: bool | None = None
    """Whether participants are counted in categories; else a number is measured of each."""
    title: str | None = None
    """What it is."""
    description: str | None = None
    """More about it, in the words of the source."""
    unit: str | None = None
    """Unit of the values, in the words of the source."""
    measure: MeasureType | None = None
    """What the values are of the numbers measured."""
    dispersion: DispersionType | None = None
    """What the dispersions are."""
    confidence_level: float | None = None
    """Level in percent, where the dispersion is a confidence interval."""
    percentages: bool | None = None
    """Whether the register works percentages out of the counts (ClinicalTrials.gov)."""
    unit_counted: str | None = None
    """The unit of the denominators that its percentages rest on, in the words of the source (ClinicalTrials.gov)."""
    ready: bool | None = None
    """Whether the source says that its values can be given."""
    population: str | None = None
    """Of whom the values are, in the words of the source (ClinicalTrials.gov)."""
    denominators: tuple[Denominator, ...] = ()
    """What its values rest on, where that is not what those of `Baseline` do (ClinicalTrials.gov)."""
    categories: tuple[Category, ...] = ()
    """The rows of its table."""
    groups: tuple[Group, ...] = ()
    """Groups of this table only, such as that of all participants; the others are those of `Baseline.groups`."""
    values: tuple[Value, ...] = ()
    """The cells; groups are those of this table, of `Baseline.groups` and of `Results.analysis_sets`."""


@record
class Baseline:
    """What participants were like at the start."""

    reporting: Coded | None = None
    """Whether the groups are the arms, `ARMS`, or the period as a whole, `PERIOD`."""
    population: str | None = None
    """Of whom the tables are, in the words of the source (ClinicalTrials.gov)."""
    unit_analysed: str | None = None
    """What was analysed beside participants, in the words of the source: eyes, say (ClinicalTrials.gov)."""
    denominators: tuple[Denominator, ...] = ()
    """What values rest on besides `Group.participants`, such as eyes (ClinicalTrials.gov)."""
    groups: tuple[Group, ...] = ()
    """The columns of the tables."""
    measures: tuple[BaselineMeasure, ...] = ()
    """The tables: age and sex, then others."""


@record
class Estimate:
    """A parameter that was estimated, such as a difference of means."""

    parameter: Coded | None = None
    """Kind of parameter."""
    other_parameter: str | None = None
    """The kind meant by `OTHER`, in the words of the source."""
    label: str | None = None
    """What is estimated, in the words of the source."""
    value: float | None = None
    """Point estimate."""
    confidence_level: float | None = None
    """Level of the confidence interval in percent."""
    two_sided: bool | None = None
    """Whether the interval has two sides."""
    lower: float | None = None
    """Lower limit of the interval."""
    upper: float | None = None
    """Upper limit of the interval."""
    lower_comment: str | None = None
    """Why there is no lower limit, in the words of the source (ClinicalTrials.gov)."""
    upper_comment: str | None = None
    """Why there is no upper limit."""
    dispersion: DispersionType | None = None
    """What tells the variability of the estimate: a standard deviation or a standard error."""
    dispersion_value: float | None = None
    """That number."""
    comment: str | None = None
    """What the source remarks on the estimate (ClinicalTrials.gov)."""


@record
class Analysis:
    """A statistical analysis of an outcome."""

    title: str | None = None
    """Its name."""
    description: str | None = None
    """What was done, in the words of the source."""
    groups: tuple[str, ...] = ()
    """Ids of the groups of the outcome that are compared."""
    type: AnalysisType | None = None
    """What was to be shown."""
    type_comment: str | None = None
    """More about that, such as the margin, in the words of the source (ClinicalTrials.gov)."""
    non_inferiority_tested: bool | None = None
    """Whether it was tested that one is not inferior to another, or equivalent (ClinicalTrials.gov)."""
    prespecified: bool | None = None
    """Whether it was planned before the data were seen."""
    primary: bool | None = None
    """Whether it is the primary analysis."""
    comment: str | None = None
    """What the source remarks on it."""
    method: Coded | None = None
    """Method of the test of the hypothesis."""
    other_method: str | None = None
    """The method meant by `OTHER`, in the words of the source."""
    p_value: float | None = None
    """The P value, or its bound."""
    p_value_relation: Relation | None = None
    """How the true P value compares with the number: equal, less and so on."""
    p_value_comment: str | None = None
    """What the source remarks on the P value (ClinicalTrials.gov)."""
    test_comment: str | None = None
    """What the source remarks on the test."""
    estimate: Estimate = attrs.field(factory=Estimate)
    """The parameter that was estimated."""


@record
class Outcome:
    """An endpoint with what was found."""

    kind: EndpointKind | None = None
    """Primary, secondary, other or post hoc."""
    title: str | None = None
    """What was measured."""
    description: str | None = None
    """More about it, in the words of the source."""
    time_frame: str | None = None
    """When it was measured, in the words of the source."""
    safety: bool | None = None
    """Whether the source says that it is about safety (ClinicalTrials.gov up to 2016)."""
    unit: str | None = None
    """Unit of the values, in the words of the source."""
    countable: bool | None = None
    """Whether participants are counted; else a number is measured of each."""
    measure: MeasureType | None = None
    """What the values are of the numbers measured."""
    dispersion: DispersionType | None = None
    """What the dispersions are."""
    confidence_level: float | None = None
    """Level in percent, where the dispersion is a confidence interval."""
    ready: bool | None = None
    """Whether the source says that its values can be given."""
    posted: bool | None = None
    """Whether what was found is posted (ClinicalTrials.gov)."""
    anticipated_posting: PartialDate | None = None
    """When it is to be posted."""
    percentages: bool | None = None
    """Whether the register works percentages out of the counts (ClinicalTrials.gov)."""
    unit_counted: str | None = None
    """The unit of the denominators that its percentages rest on, in the words of the source (ClinicalTrials.gov)."""
    population: str | None = None
    """Who was analysed, in the words of the source (ClinicalTrials.gov)."""
    unit_analysed: str | None = None
    """What was analysed, in the words of the source, where that is not participants: eyes, say (ClinicalTrials.gov)."""
    denominators: tuple[Denominator, ...] = ()
    """What its values rest on besides `Group.participants`, such as eyes; of a section, participants too
    (ClinicalTrials.gov)."""
    categories: tuple[Category, ...] = ()
    """The rows of its table."""
    groups: tuple[Group, ...] = ()
    """The columns of its table."""
    values: tuple[Value, ...] = ()
    """The cells of its table."""
    analyses: tuple[Analysis, ...] = ()
    """Statistical analyses."""


# adverse events -----------------------------------------------------------------------------------------------------


@record
class Dictionary:
    """The dictionary that terms of adverse events are of."""

    name: Coded | None = None
    """Its name: `MEDDRA`, `SNOMED` or `OTHER`."""
    other_name: str | None = None
    """The name meant by `OTHER`, in the words of the source."""
    version: str | None = None
    """Its version."""


@record
class EventGroup:
    """Participants whose adverse events are counted together; such a group is no arm, and is joined to none."""

    id: str | None = None
    """Id within this document."""
    title: str | None = None
    """Name of the group."""
    description: str | None = None
    """Who is in it."""
    exposed: int | None = None
    """Participants at risk, where that is one number for all kinds of events."""
    serious_affected: int | None = None
    """Participants with a serious adverse event."""
    serious_exposed: int | None = None
    """Participants at risk of a serious adverse event, where that is a number of its own (ClinicalTrials.gov)."""
    non_serious_affected: int | None = None
    """Participants with another adverse event, as far as those are reported."""
    non_serious_exposed: int | None = None
    """Participants at risk of another adverse event, where that is a number of its own (ClinicalTrials.gov)."""
    deaths: int | None = None
    """Participants who died, of whatever cause."""
    deaths_exposed: int | None = None
    """Participants among whom deaths were counted, where that is a number of its own (ClinicalTrials.gov)."""
    deaths_from_events: int | None = None
    """Participants who died of an adverse event."""


@record
class EventCount:
    """How often an adverse event happened in a group."""

    group: str | None = None
    """Id of the group (`EventGroup.id`)."""
    affected: int | None = None
    """Participants affected."""
    exposed: int | None = None
    """Participants at risk."""
    occurrences: int | None = None
    """How often it happened."""
    related_occurrences: int | None = None
    """How often it happened in causal relation to the treatment."""
    deaths: int | None = None
    """Participants who died of it."""
    related_deaths: int | None = None
    """Participants who died of it in causal relation to the treatment."""


@record
class AdverseEvent:
    """A kind of adverse event."""

    term: str | None = None
    """The term, in the words of the source."""
    organ_system: Coded | None = None
    """Organ system; our term is the code of the MedDRA system organ class, such as `10007541` for cardiac disorders."""
    description: str | None = None
    """More about it, in the words of the source."""
    assessment: AssessmentType | None = None
    """How it was found, where that is not as for the others."""
    other_dictionary: bool | None = None
    """Whether its term is of another dictionary than the others'."""
    dictionary: Dictionary = attrs.field(factory=Dictionary)
    """The dictionary of its term, where that is another one, or where each term has its own (ClinicalTrials.gov)."""
    counts: tuple[EventCount, ...] = ()
    """How often it happened, by group."""


@record
class AdverseEvents:
    """Adverse events; groups are those of this part only."""

    description: str | None = None
    """What the source says about them."""
    time_frame: str | None = None
    """Over what time they were gathered, in the words of the source."""
    frequency_threshold: float | None = None
    """Percentage of a group that events which are not serious have to go beyond to be reported."""
    assessment: AssessmentType | None = None
    """How they were found."""
    mortality_comment: str | None = None
    """What the source remarks on deaths (ClinicalTrials.gov)."""
    dictionary: Dictionary = attrs.field(factory=Dictionary)
    """The dictionary of their terms."""
    groups: tuple[EventGroup, ...] = ()
    """The groups for which they are counted."""
    serious: tuple[AdverseEvent, ...] = ()
    """Serious adverse events."""
    non_serious: tuple[AdverseEvent, ...] = ()
    """Other adverse events."""


# what binds those who publish ------------------------------------------------------------------------------------


@record
class Agreement:
    """What binds investigators who want to publish results (ClinicalTrials.gov certain agreements)."""

    employees: bool | None = None
    """Whether all principal investigators are employed by the sponsor."""
    restrictive: bool | None = None
    """Whether an agreement restricts what those who are not may say or publish."""
    restriction: Coded | None = None
    """Kind of restriction: `EMBARGO_60_DAYS`, `EMBARGO_OVER_60_DAYS`, `OTHER`."""
    text: str | None = None
    """The restriction in the words of the source."""


# what changed -------------------------------------------------------------------------------------------------------


@record
class Amendment:
    """A substantial amendment to the protocol."""

    date: PartialDate | None = None
    """When."""
    text: str | None = None
    """What was changed, in the words of the source."""


@record
class Interruption:
    """A time in which the trial was interrupted everywhere."""

    date: PartialDate | None = None
    """When it began."""
    restart: PartialDate | None = None
    """When the trial was taken up again."""
    text: str | None = None
    """Why, in the words of the source."""
