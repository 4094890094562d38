"""The closed vocabularies: one meaning for the words of all registers."""

import enum
import functools


class Term(enum.Enum):
    """A closed vocabulary whose members are written by name in JSON and in the tables."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    def __str__(self) -> str:
        return self.name


@functools.total_ordering
class Phase(Term):
    """The phase of a trial (TRDS 15); `Trial.phases` is a set of these, so integrated phases are two members.

    `EARLY_I` is ClinicalTrials.gov's "Early Phase 1".
    `NOT_APPLICABLE` is always alone: the register says that phases do not apply.
    An empty set means that no phase is stated.
    Members are ordered, so `max(trial.phases)` and `phase >= Phase.II` answer what they seem to ask.
    """

    NOT_APPLICABLE = 0
    EARLY_I = 1
    I = 2  # noqa: E741  the Roman numeral is the register's own word
    II = 3
    III = 4
    IV = 5

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Phase):
            return NotImplemented
        return bool(self.value < other.value)


class PhaseDetail(Term):
    """What a register says about a phase beyond its number (EMA list 14, EudraCT E.7, ICTRP sub-phases)."""

    FIRST_IN_HUMAN = "first administration to humans"
    BIOEQUIVALENCE = "bioequivalence study"
    OTHER = "other human pharmacology"
    INTEGRATED = "one protocol runs through two phases"
    A = "sub-phase a"
    B = "sub-phase b"


class StudyType(Term):
    """Kind of study (TRDS 15)."""

    INTERVENTIONAL = "participants are assigned to an intervention"
    OBSERVATIONAL = "participants are observed"
    EXPANDED_ACCESS = "treatment outside of a trial"


class Regulatory(Term):
    """First axis of status: what the authority has decided."""

    PENDING = "sent, not yet under evaluation"
    UNDER_EVALUATION = "no decision yet"
    AUTHORISED = "may be run"
    AUTHORISED_WITH_CONDITIONS = "may be run under conditions"
    NOT_AUTHORISED = "refused"
    SUSPENDED = "authorisation suspended by the authority"
    REVOKED = "authorisation taken back by the authority"
    EXPIRED = "authorisation ran out before the first participant"
    WITHDRAWN = "application withdrawn by the sponsor"
    LAPSED = "application lapsed"
    NOT_VALID = "application not valid"
    CANCELLED = "application cancelled"


class Progress(Term):
    """Second axis of status: how far the trial itself has come."""

    NOT_STARTED = "authorised, not started"
    ONGOING = "running"
    HALTED = "stopped for a time by the sponsor"
    SUSPENDED = "stopped for a time by the authority"
    ENDED = "over"
    TERMINATED_EARLY = "over before its planned end"
    NEVER_STARTED = "given up before the first participant"


class Recruitment(Term):
    """Third axis of status: whether participants are being taken in (TRDS 18)."""

    PENDING = "not yet recruiting"
    RECRUITING = "recruiting"
    BY_INVITATION = "by invitation only"
    HALTED = "stopped for a time"
    ENDED = "no longer recruiting"


class EventKind(Term):
    """What happened to a trial on a date."""

    SUBMISSION = "application sent"
    VALIDATION = "an application was found to be complete, or not"
    ASSESSMENT = "the assessment of an application was concluded"
    DECISION = "the authority decided"
    STATUS = "the status of the application changed"
    TRIAL_START = "trial started"
    RECRUITMENT_START = "recruitment started"
    RECRUITMENT_END = "recruitment ended"
    RECRUITMENT_RESTART = "recruitment taken up again"
    HALT = "temporary halt"
    RESTART = "trial taken up again"
    EARLY_TERMINATION = "ended before its planned end"
    TRIAL_END = "trial ended"
    GLOBAL_END = "trial ended in all countries"
    SERIOUS_BREACH = "serious breach of the Regulation or the protocol"
    ETHICS_OPINION = "an ethics committee gave its opinion"


class Sex(Term):
    """Who may take part by sex (TRDS 14)."""

    ALL = "female and male"
    FEMALE = "female"
    MALE = "male"


class AgeGroup(Term):
    """Age groups of EudraCT F.1 and CTIS, both the coarse list (EMA 15) and the fine one (EMA 16)."""

    IN_UTERO = "before birth"
    UNDER_18 = "0 to 17 years"
    PRETERM_NEWBORN = "newborn before week 37"
    NEWBORN = "0 to 27 days"
    INFANT = "28 days to 23 months"
    CHILD = "2 to 11 years"
    CHILD_2_5 = "2 to 5 years"
    CHILD_6_11 = "6 to 11 years"
    ADOLESCENT = "12 to 17 years"
    ADULT = "18 to 64 years"
    ELDERLY = "65 years and older"
    AGE_65_84 = "65 to 84 years"
    AGE_85_PLUS = "85 years and older"


class Allocation(Term):
    """How participants come into arms (EMA list 57, CDISC C25196)."""

    RANDOMISED = "by chance"
    NON_RANDOMISED = "not by chance"
    NOT_APPLICABLE = "one arm, or no allocation"


class Assignment(Term):
    """How arms follow each other or run side by side (EudraCT E.8.1, ClinicalTrials.gov interventionModel)."""

    SINGLE_GROUP = "one arm"
    PARALLEL = "arms side by side"
    CROSSOVER = "participants change from one arm to another"
    FACTORIAL = "combinations of interventions"
    SEQUENTIAL = "arms one after another"
    OTHER = "another design"


class Masking(Term):
    """Blinding (EMA list 58, CDISC C49658)."""

    OPEN = "none"
    SINGLE = "single blind"
    DOUBLE = "double blind"


class MaskedRole(Term):
    """Who is blinded (EMA list 59)."""

    PARTICIPANT = "participant"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    ANALYST = "analyst"
    CARER = "carer"
    ASSESSOR = "assessor of outcomes"


class ProductRole(Term):
    """Role of a product in the trial (EMA list 77)."""

    TEST = "what is studied"
    COMPARATOR = "what it is compared with"
    PLACEBO = "looks the same, has no active substance"
    AUXILIARY = "needed by the trial, not studied"


class InterventionType(Term):
    """Kind of intervention (TRDS 13, ClinicalTrials.gov InterventionType)."""

    DRUG = "medicinal product"
    BIOLOGICAL = "biological product"
    DEVICE = "device"
    PROCEDURE = "procedure or surgery"
    RADIATION = "radiation"
    BEHAVIOURAL = "behavioural"
    GENETIC = "gene transfer, stem cell or recombinant DNA"
    DIETARY_SUPPLEMENT = "dietary supplement"
    DIAGNOSTIC_TEST = "diagnostic test"
    COMBINATION = "combination product"
    OTHER = "other"


class TherapyType(Term):
    """Kind of advanced therapy (EMA list 48)."""

    SOMATIC_CELL = "somatic cell therapy"
    TISSUE_ENGINEERED = "tissue engineered product"
    GENE = "gene therapy"


class CellOrigin(Term):
    """Where cells come from (EMA list 20)."""

    AUTOLOGOUS = "from the patient"
    ALLOGENEIC = "from another human"
    XENOGENEIC = "from an animal"


class CellType(Term):
    """Kind of cell (EMA list 21)."""

    STEM = "stem cell"
    DIFFERENTIATED = "differentiated cell"
    OTHER = "other cell"


class GeneTransfer(Term):
    """Where genes are transferred (EMA list 110)."""

    IN_VIVO = "in the body"
    EX_VIVO = "outside the body"


class GeneVehicle(Term):
    """What carries the gene (EMA list 5)."""

    NAKED_NUCLEIC_ACID = "naked nucleic acid"
    COMPLEX_NUCLEIC_ACID = "complexed nucleic acid"
    VIRAL_VECTOR = "viral vector"
    OTHER = "other"


class SponsorRole(Term):
    """Part an organisation plays (TRDS 5, 6)."""

    PRIMARY = "primary sponsor"
    CO_SPONSOR = "co-sponsor"
    THIRD_PARTY = "does duties for the sponsor"
    SUPPORT = "gives money or material"
    NETWORK = "network of investigators"


class Responsibility(Term):
    """What a sponsor answers for where there are several (Regulation (EU) 536/2014, Article 72(2))."""

    LEGISLATION = "compliance with the obligations of a sponsor"
    CONTACT_POINT = "contact point for questions"
    CORRECTIVE_MEASURES = "implementation of measures under Article 77"


class ContactKind(Term):
    """What a contact is for (TRDS 7, 8)."""

    PUBLIC = "questions of the public"
    SCIENTIFIC = "scientific questions"
    INVESTIGATOR = "investigator at a site"
    LEGAL_REPRESENTATIVE = "legal representative of the sponsor in the Union"
    UNION = "contact of the sponsor in the Union"


class EndpointKind(Term):
    """Rank of an endpoint (TRDS 19, 20)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OTHER = "other"
    POST_HOC = "thought of after the data were seen"


class ObjectiveKind(Term):
    """Rank of an objective."""

    MAIN = "main"
    SECONDARY = "secondary"


class CriterionKind(Term):
    """Which way a criterion decides (TRDS 14)."""

    INCLUSION = "must be met"
    EXCLUSION = "must not be met"


class Region(Term):
    """Where a trial runs, seen from the European Economic Area (CTIS trialRegionCode)."""

    EEA_ONLY = "only in the EEA"
    NON_EEA_ONLY = "only outside of the EEA"
    EEA_AND_ELSEWHERE = "in and outside of the EEA"


class PopulationGroup(Term):
    """Groups of participants (EMA list 17)."""

    HEALTHY_VOLUNTEERS = "healthy volunteers"
    PATIENTS = "patients"


class TimeUnit(Term):
    """Unit of a duration (EMA list 141) or an age (TRDS 14)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class AnalysisStage(Term):
    """How far the data had come that results were made of (EudraCT list ANALYSIS_STAGE)."""

    INTERIM = "before all data were there"
    FINAL = "all data were there"


class ArmType(Term):
    """Kind of arm (EudraCT list ARM_TYPE, ClinicalTrials.gov ArmGroupType)."""

    EXPERIMENTAL = "gets what is studied"
    ACTIVE_COMPARATOR = "gets another treatment to compare with"
    PLACEBO_COMPARATOR = "gets placebo"
    NO_INTERVENTION = "gets no product of the trial"
    OTHER = "other"


class MilestoneKind(Term):
    """A point that participants come to in a period (ClinicalTrials.gov flow milestones)."""

    STARTED = "began the period"
    COMPLETED = "went through the period to its end"
    OTHER = "another point"


class BaselineKind(Term):
    """What is reported about participants at the start."""

    AGE = "age"
    SEX = "sex"
    OTHER = "something that this trial asked for"


class MeasureType(Term):
    """What the values of a table are of the numbers measured (EudraCT list MEASURE_TYPE, CT.gov MeasureParam)."""

    NUMBER = "the number itself"
    MEAN = "arithmetic mean"
    MEDIAN = "median"
    LEAST_SQUARES_MEAN = "least squares mean"
    GEOMETRIC_MEAN = "geometric mean"
    LOG_MEAN = "log mean"


class DispersionType(Term):
    """What tells how far values lie apart (EudraCT list ENDPOINT_DISPERSION, CT.gov MeasureDispersionType)."""

    NOT_APPLICABLE = "there is none"
    STANDARD_DEVIATION = "standard deviation"
    STANDARD_ERROR = "standard error"
    INTERQUARTILE_RANGE = "inter-quartile range"
    FULL_RANGE = "lowest to highest"
    CONFIDENCE_INTERVAL = "confidence interval"
    GEOMETRIC_COEFFICIENT_OF_VARIATION = "geometric coefficient of variation, in percent"


class AnalysisType(Term):
    """What an analysis was to show (EudraCT list ANALYSIS_TYPE, CT.gov NonInferiorityType)."""

    SUPERIORITY = "one group does better"
    NON_INFERIORITY = "one group does not do worse than by a margin"
    EQUIVALENCE = "groups do the same within a margin"
    OTHER = "other"


class Relation(Term):
    """How a true number compares with the number that is given for it."""

    EQUAL = "="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


class AssessmentType(Term):
    """How adverse events were found (EudraCT list ADV_EVT_ASSESS_TYPE, CT.gov EventAssessment)."""

    SYSTEMATIC = "by asking or examining all participants"
    NON_SYSTEMATIC = "as participants told of them"


class MissingKind(Term):
    """Why a field has no value though the source speaks of it."""

    NOT_APPLICABLE = "the register says that it does not apply"
    UNKNOWN = "the register says that it is not known"
    WITHHELD = "withheld, by the register or because persons were to stay out"
    UNREADABLE = "there are words that no row of the table knows; a diagnostic holds them"
    NOT_READ = "left out because the caller asked for it"
    DISAGREED = "the records of the trial say different things, and none of them counts more"
