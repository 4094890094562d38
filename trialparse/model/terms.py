"""The closed vocabularies: one meaning for the words of all registers.

`terms.tsv` has what each member means, whose definition that is, and how else people write it.
"""

from trialparse.vocabulary import Ordered, Term


class Phase(Ordered):
    """The phase of a trial (TRDS 15); `Trial.phases` is a set of these, so integrated phases are two members.

    `EARLY_I` is ClinicalTrials.gov's "Early Phase 1".
    `NOT_APPLICABLE` is always alone: the register says that phases do not apply.
    An empty set means that no phase is stated.

    Members are ordered as development goes, with `NOT_APPLICABLE` last, so that sorting never raises.
    Whether a trial has come as far as a phase is a question for `at_least`, which is False where phases do not apply.
    """

    EARLY_I = "EARLY_I"
    I = "I"  # noqa: E741  the Roman numeral is the register's own word
    II = "II"
    III = "III"
    IV = "IV"
    NOT_APPLICABLE = "NOT_APPLICABLE"

    def at_least(self, phase: "Phase") -> bool:
        """Whether this is the phase or a later one; raises TypeError for anything but a Phase.

        >>> Phase.III.at_least(Phase.II), Phase.NOT_APPLICABLE.at_least(Phase.II)
        (True, False)
        """
        if not isinstance(phase, Phase):
            raise TypeError(f"at_least takes a Phase, not {phase!r}")
        return self is not Phase.NOT_APPLICABLE and self >= phase


class PhaseDetail(Term):
    """What a register says about a phase beyond its number (EMA list 14, EudraCT E.7, ICTRP sub-phases)."""

    FIRST_IN_HUMAN = "FIRST_IN_HUMAN"
    BIOEQUIVALENCE = "BIOEQUIVALENCE"
    OTHER = "OTHER"
    INTEGRATED = "INTEGRATED"
    A = "A"
    B = "B"


class StudyType(Term):
    """Kind of study (TRDS 15)."""

    INTERVENTIONAL = "INTERVENTIONAL"
    OBSERVATIONAL = "OBSERVATIONAL"
    EXPANDED_ACCESS = "EXPANDED_ACCESS"


class Regulatory(Term):
    """First axis of status: what the authority has decided."""

    PENDING = "PENDING"
    UNDER_EVALUATION = "UNDER_EVALUATION"
    AUTHORISED = "AUTHORISED"
    AUTHORISED_WITH_CONDITIONS = "AUTHORISED_WITH_CONDITIONS"
    NOT_AUTHORISED = "NOT_AUTHORISED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    NOT_VALID = "NOT_VALID"
    CANCELLED = "CANCELLED"


class Progress(Term):
    """Second axis of status: how far the trial itself has come."""

    NOT_STARTED = "NOT_STARTED"
    ONGOING = "ONGOING"
    HALTED = "HALTED"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"
    TERMINATED_EARLY = "TERMINATED_EARLY"
    NEVER_STARTED = "NEVER_STARTED"


class Recruitment(Term):
    """Third axis of status: whether participants are being taken in (TRDS 18)."""

    PENDING = "PENDING"
    RECRUITING = "RECRUITING"
    BY_INVITATION = "BY_INVITATION"
    HALTED = "HALTED"
    ENDED = "ENDED"


class Availability(Term):
    """Whether a product can be had outside of a trial (ClinicalTrials.gov ExpandedAccessStatus)."""

    AVAILABLE = "AVAILABLE"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING"


class EventKind(Term):
    """What happened to a trial on a date."""

    SUBMISSION = "SUBMISSION"
    VALIDATION = "VALIDATION"
    REQUEST_FOR_INFORMATION = "REQUEST_FOR_INFORMATION"
    ASSESSMENT = "ASSESSMENT"
    DECISION = "DECISION"
    STATUS = "STATUS"
    TRIAL_START = "TRIAL_START"
    RECRUITMENT_START = "RECRUITMENT_START"
    RECRUITMENT_END = "RECRUITMENT_END"
    RECRUITMENT_RESTART = "RECRUITMENT_RESTART"
    HALT = "HALT"
    RESTART = "RESTART"
    EARLY_TERMINATION = "EARLY_TERMINATION"
    TRIAL_END = "TRIAL_END"
    GLOBAL_END = "GLOBAL_END"
    SERIOUS_BREACH = "SERIOUS_BREACH"
    ETHICS_OPINION = "ETHICS_OPINION"
    DECISION_AND_OPINION = "DECISION_AND_OPINION"
    RESULTS_SUBMITTED = "RESULTS_SUBMITTED"
    RESULTS_RETURNED = "RESULTS_RETURNED"
    RESULTS_SUBMISSION_CANCELLED = "RESULTS_SUBMISSION_CANCELLED"
    VIOLATION_IDENTIFIED = "VIOLATION_IDENTIFIED"
    VIOLATION_CORRECTED = "VIOLATION_CORRECTED"
    VIOLATION_ADDRESSED = "VIOLATION_ADDRESSED"
    PENALTY_IMPOSED = "PENALTY_IMPOSED"


class Sex(Term):
    """Who may take part by sex (TRDS 14)."""

    ALL = "ALL"
    FEMALE = "FEMALE"
    MALE = "MALE"


class AgeGroup(Term):
    """Age groups of EudraCT F.1 and CTIS, both the coarse list (EMA 15) and the fine one (EMA 16)."""

    IN_UTERO = "IN_UTERO"
    UNDER_18 = "UNDER_18"
    PRETERM_NEWBORN = "PRETERM_NEWBORN"
    NEWBORN = "NEWBORN"
    INFANT = "INFANT"
    CHILD = "CHILD"
    CHILD_2_5 = "CHILD_2_5"
    CHILD_6_11 = "CHILD_6_11"
    ADOLESCENT = "ADOLESCENT"
    ADULT = "ADULT"
    ELDERLY = "ELDERLY"
    AGE_65_84 = "AGE_65_84"
    AGE_85_PLUS = "AGE_85_PLUS"


class Allocation(Term):
    """How participants come into arms (EMA list 57, CDISC C25196)."""

    RANDOMISED = "RANDOMISED"
    NON_RANDOMISED = "NON_RANDOMISED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Assignment(Term):
    """How arms follow each other or run side by side (EudraCT E.8.1, ClinicalTrials.gov interventionModel)."""

    SINGLE_GROUP = "SINGLE_GROUP"
    PARALLEL = "PARALLEL"
    CROSSOVER = "CROSSOVER"
    FACTORIAL = "FACTORIAL"
    SEQUENTIAL = "SEQUENTIAL"
    OTHER = "OTHER"


class Purpose(Term):
    """What the interventions are for (ClinicalTrials.gov PrimaryPurpose)."""

    TREATMENT = "TREATMENT"
    PREVENTION = "PREVENTION"
    DIAGNOSTIC = "DIAGNOSTIC"
    SUPPORTIVE_CARE = "SUPPORTIVE_CARE"
    SCREENING = "SCREENING"
    HEALTH_SERVICES_RESEARCH = "HEALTH_SERVICES_RESEARCH"
    BASIC_SCIENCE = "BASIC_SCIENCE"
    DEVICE_FEASIBILITY = "DEVICE_FEASIBILITY"
    EDUCATION = "EDUCATION"
    OTHER = "OTHER"


class ObservationalModel(Term):
    """How participants of an observational study are found and followed (ClinicalTrials.gov ObservationalModel)."""

    COHORT = "COHORT"
    CASE_CONTROL = "CASE_CONTROL"
    CASE_ONLY = "CASE_ONLY"
    CASE_CROSSOVER = "CASE_CROSSOVER"
    ECOLOGIC = "ECOLOGIC"
    FAMILY_BASED = "FAMILY_BASED"
    DEFINED_POPULATION = "DEFINED_POPULATION"
    NATURAL_HISTORY = "NATURAL_HISTORY"
    OTHER = "OTHER"


class TimePerspective(Term):
    """When an observational study looks at its participants (ClinicalTrials.gov DesignTimePerspective)."""

    RETROSPECTIVE = "RETROSPECTIVE"
    PROSPECTIVE = "PROSPECTIVE"
    CROSS_SECTIONAL = "CROSS_SECTIONAL"
    LONGITUDINAL = "LONGITUDINAL"
    OTHER = "OTHER"


class Biospecimens(Term):
    """Whether samples of participants are kept (ClinicalTrials.gov BioSpecRetention)."""

    NONE = "NONE"
    WITHOUT_DNA = "WITHOUT_DNA"
    WITH_DNA = "WITH_DNA"


class Masking(Term):
    """Blinding (EMA list 58, CDISC C49658, ClinicalTrials.gov DesignMasking)."""

    OPEN = "OPEN"
    SINGLE = "SINGLE"
    DOUBLE = "DOUBLE"
    TRIPLE = "TRIPLE"
    QUADRUPLE = "QUADRUPLE"


class MaskedRole(Term):
    """Who is blinded (EMA list 59)."""

    PARTICIPANT = "PARTICIPANT"
    INVESTIGATOR = "INVESTIGATOR"
    MONITOR = "MONITOR"
    ANALYST = "ANALYST"
    CARER = "CARER"
    ASSESSOR = "ASSESSOR"


class ProductRole(Term):
    """Role of a product in the trial (EMA list 77)."""

    TEST = "TEST"
    COMPARATOR = "COMPARATOR"
    PLACEBO = "PLACEBO"
    AUXILIARY = "AUXILIARY"


class InterventionType(Term):
    """Kind of intervention (TRDS 13, ClinicalTrials.gov InterventionType)."""

    DRUG = "DRUG"
    BIOLOGICAL = "BIOLOGICAL"
    DEVICE = "DEVICE"
    PROCEDURE = "PROCEDURE"
    RADIATION = "RADIATION"
    BEHAVIOURAL = "BEHAVIOURAL"
    GENETIC = "GENETIC"
    DIETARY_SUPPLEMENT = "DIETARY_SUPPLEMENT"
    DIAGNOSTIC_TEST = "DIAGNOSTIC_TEST"
    COMBINATION = "COMBINATION"
    OTHER = "OTHER"


class TherapyType(Term):
    """Kind of advanced therapy (EMA list 48)."""

    SOMATIC_CELL = "SOMATIC_CELL"
    TISSUE_ENGINEERED = "TISSUE_ENGINEERED"
    GENE = "GENE"


class CellOrigin(Term):
    """Where cells come from (EMA list 20)."""

    AUTOLOGOUS = "AUTOLOGOUS"
    ALLOGENEIC = "ALLOGENEIC"
    XENOGENEIC = "XENOGENEIC"


class CellType(Term):
    """Kind of cell (EMA list 21)."""

    STEM = "STEM"
    DIFFERENTIATED = "DIFFERENTIATED"
    OTHER = "OTHER"


class GeneTransfer(Term):
    """Where genes are transferred (EMA list 110)."""

    IN_VIVO = "IN_VIVO"
    EX_VIVO = "EX_VIVO"


class GeneVehicle(Term):
    """What carries the gene (EMA list 5)."""

    NAKED_NUCLEIC_ACID = "NAKED_NUCLEIC_ACID"
    COMPLEX_NUCLEIC_ACID = "COMPLEX_NUCLEIC_ACID"
    VIRAL_VECTOR = "VIRAL_VECTOR"
    OTHER = "OTHER"


class SponsorRole(Term):
    """Part an organisation plays (TRDS 5, 6)."""

    PRIMARY = "PRIMARY"
    CO_SPONSOR = "CO_SPONSOR"
    THIRD_PARTY = "THIRD_PARTY"
    SUPPORT = "SUPPORT"
    NETWORK = "NETWORK"


class Responsibility(Term):
    """What a sponsor answers for where there are several (Regulation (EU) 536/2014, Article 72(2))."""

    LEGISLATION = "LEGISLATION"
    CONTACT_POINT = "CONTACT_POINT"
    CORRECTIVE_MEASURES = "CORRECTIVE_MEASURES"


class ContactKind(Term):
    """What a contact is for (TRDS 7, 8)."""

    PUBLIC = "PUBLIC"
    SCIENTIFIC = "SCIENTIFIC"
    INVESTIGATOR = "INVESTIGATOR"
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    UNION = "UNION"
    OFFICIAL = "OFFICIAL"
    RESPONSIBLE_PARTY = "RESPONSIBLE_PARTY"
    RESULTS = "RESULTS"


class EndpointKind(Term):
    """Rank of an endpoint (TRDS 19, 20)."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"
    OTHER = "OTHER"
    POST_HOC = "POST_HOC"


class ObjectiveKind(Term):
    """Rank of an objective."""

    MAIN = "MAIN"
    SECONDARY = "SECONDARY"


class CriterionKind(Term):
    """Which way a criterion decides (TRDS 14)."""

    INCLUSION = "INCLUSION"
    EXCLUSION = "EXCLUSION"


class Region(Term):
    """Where a trial runs, seen from the European Economic Area (CTIS trialRegionCode)."""

    EEA_ONLY = "EEA_ONLY"
    NON_EEA_ONLY = "NON_EEA_ONLY"
    EEA_AND_ELSEWHERE = "EEA_AND_ELSEWHERE"


class Sampling(Term):
    """How participants of an observational study are chosen (ClinicalTrials.gov SamplingMethod)."""

    PROBABILITY = "PROBABILITY"
    NON_PROBABILITY = "NON_PROBABILITY"


class PopulationGroup(Term):
    """Groups of participants (EMA list 17)."""

    HEALTHY_VOLUNTEERS = "HEALTHY_VOLUNTEERS"
    PATIENTS = "PATIENTS"


class TimeUnit(Term):
    """Unit of a duration (EMA list 141) or an age (TRDS 14)."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


class DocumentContent(Term):
    """What a document contains (ClinicalTrials.gov document types)."""

    PROTOCOL = "PROTOCOL"
    STATISTICAL_ANALYSIS_PLAN = "STATISTICAL_ANALYSIS_PLAN"
    INFORMED_CONSENT = "INFORMED_CONSENT"


class AnalysisStage(Term):
    """How far the data had come that results were made of (EudraCT list ANALYSIS_STAGE)."""

    INTERIM = "INTERIM"
    FINAL = "FINAL"


class ArmType(Term):
    """Kind of arm (EudraCT list ARM_TYPE, ClinicalTrials.gov ArmGroupType)."""

    EXPERIMENTAL = "EXPERIMENTAL"
    ACTIVE_COMPARATOR = "ACTIVE_COMPARATOR"
    PLACEBO_COMPARATOR = "PLACEBO_COMPARATOR"
    SHAM_COMPARATOR = "SHAM_COMPARATOR"
    NO_INTERVENTION = "NO_INTERVENTION"
    OTHER = "OTHER"


class MilestoneKind(Term):
    """A point that participants come to in a period (ClinicalTrials.gov flow milestones)."""

    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    NOT_COMPLETED = "NOT_COMPLETED"
    OTHER = "OTHER"


class BaselineKind(Term):
    """What is reported about participants at the start."""

    AGE = "AGE"
    SEX = "SEX"
    OTHER = "OTHER"


class MeasureType(Term):
    """What the values of a table are of the numbers measured (EudraCT list MEASURE_TYPE, CT.gov MeasureParam)."""

    NUMBER = "NUMBER"
    COUNT_OF_PARTICIPANTS = "COUNT_OF_PARTICIPANTS"
    COUNT_OF_UNITS = "COUNT_OF_UNITS"
    MEAN = "MEAN"
    MEDIAN = "MEDIAN"
    LEAST_SQUARES_MEAN = "LEAST_SQUARES_MEAN"
    GEOMETRIC_LEAST_SQUARES_MEAN = "GEOMETRIC_LEAST_SQUARES_MEAN"
    GEOMETRIC_MEAN = "GEOMETRIC_MEAN"
    LOG_MEAN = "LOG_MEAN"


class DispersionType(Term):
    """What tells how far values lie apart (EudraCT list ENDPOINT_DISPERSION, CT.gov MeasureDispersionType)."""

    NOT_APPLICABLE = "NOT_APPLICABLE"
    STANDARD_DEVIATION = "STANDARD_DEVIATION"
    STANDARD_ERROR = "STANDARD_ERROR"
    INTERQUARTILE_RANGE = "INTERQUARTILE_RANGE"
    FULL_RANGE = "FULL_RANGE"
    CONFIDENCE_INTERVAL = "CONFIDENCE_INTERVAL"
    GEOMETRIC_COEFFICIENT_OF_VARIATION = "GEOMETRIC_COEFFICIENT_OF_VARIATION"


class AnalysisType(Term):
    """What an analysis was to show (EudraCT list ANALYSIS_TYPE, CT.gov NonInferiorityType)."""

    SUPERIORITY = "SUPERIORITY"
    NON_INFERIORITY = "NON_INFERIORITY"
    EQUIVALENCE = "EQUIVALENCE"
    NON_INFERIORITY_OR_EQUIVALENCE = "NON_INFERIORITY_OR_EQUIVALENCE"
    SUPERIORITY_OR_OTHER = "SUPERIORITY_OR_OTHER"
    OTHER = "OTHER"


class Relation(Term):
    """How a true number compares with the number that is given for it."""

    EQUAL = "EQUAL"
    LESS = "LESS"
    LESS_OR_EQUAL = "LESS_OR_EQUAL"
    GREATER = "GREATER"
    GREATER_OR_EQUAL = "GREATER_OR_EQUAL"


class AssessmentType(Term):
    """How adverse events were found (EudraCT list ADV_EVT_ASSESS_TYPE, CT.gov EventAssessment)."""

    SYSTEMATIC = "SYSTEMATIC"
    NON_SYSTEMATIC = "NON_SYSTEMATIC"


class MissingKind(Term):
    """Why a field has no value though the source speaks of it."""

    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNKNOWN = "UNKNOWN"
    WITHHELD = "WITHHELD"
    UNREADABLE = "UNREADABLE"
    NOT_READ = "NOT_READ"
    DISAGREED = "DISAGREED"
    NONE_STATED = "NONE_STATED"
    INCOMPLETE = "INCOMPLETE"
