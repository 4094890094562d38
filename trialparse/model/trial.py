"""The Trial: one frozen object for every register, named after the WHO Trial Registration Data Set (TRDS)."""

import re

import attrs

from trialparse.model.card import card, first_of, line, phases_in_words, status_in_words
from trialparse.model.countries import check_country
from trialparse.model.interventions import Intervention
from trialparse.model.paths import check_path
from trialparse.model.results import (
    AdverseEvents,
    Agreement,
    Amendment,
    Baseline,
    Group,
    Interruption,
    Outcome,
    ParticipantFlow,
)
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    AnalysisStage,
    Assignment,
    Availability,
    Biospecimens,
    ContactKind,
    CriterionKind,
    DocumentContent,
    EndpointKind,
    EventKind,
    InterventionType,
    MaskedRole,
    Masking,
    MissingKind,
    ObjectiveKind,
    ObservationalModel,
    Phase,
    PhaseDetail,
    PopulationGroup,
    Progress,
    Purpose,
    Recruitment,
    Region,
    Regulatory,
    Responsibility,
    Sampling,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
    TimePerspective,
)
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate, Translation, record

_INDEX = re.compile(r"\[\d*\]")


@record
class Objective:
    """What the trial is meant to find out."""

    kind: ObjectiveKind | None = None
    """Main or secondary."""
    number: int | None = None
    """Its number in the register's list."""
    text: str | None = None
    """The objective in the words of the source."""
    translations: tuple[Translation, ...] = ()
    """The text in other languages."""


@record
class Arm:
    """A group of participants and what happens to it."""

    title: str | None = None
    """Short name of the arm."""
    description: str | None = None
    """What happens to the participants of the arm."""
    type: Coded | None = None
    """Experimental, comparator and so on."""
    interventions: tuple[str, ...] = ()
    """Names of the interventions that its participants get, as `Trial.interventions` has them."""


@record
class Period:
    """A stretch of the trial with its own design (CTIS periodDetails)."""

    title: str | None = None
    """Name of the period."""
    number: str | None = None
    """Its place in the register's list."""
    description: str | None = None
    """What happens in the period."""
    allocation: Allocation | None = None
    """How participants come into the arms."""
    masking: Masking | None = None
    """Blinding in the period."""
    masked_roles: frozenset[MaskedRole] = frozenset()
    """Who is blinded."""
    arms: tuple[Arm, ...] = ()
    """The arms of the period."""


@record
class FollowUp:
    """Whether and how long participants are to be followed up after the trial."""

    planned: bool | None = None
    """Whether it is planned."""
    duration: Duration | None = None
    """For how long."""
    reasons: tuple[Coded, ...] = ()
    """What for: `SAFETY`, `EFFICACY`, `ETHICAL`, `REGULATORY`, `SCIENTIFIC`."""


@record
class Parameter:
    """A characteristic of the trial by the name that the source has for it (CDISC trial summary)."""

    name: str | None = None
    """Short name, such as `TPHASE`."""
    label: str | None = None
    """Its name for people."""
    value: str | None = None
    """What the source says."""
    display: str | None = None
    """The same for people, where the value is a code."""
    scope: str | None = None
    """For what the value holds, in the words of the source."""


@record
class Design:
    """How the trial is built (TRDS 15)."""

    text: str | None = None
    """The design in the words of the source, where the register has it as one text."""
    allocation: frozenset[Allocation] = frozenset()
    """How participants come into arms, over all periods."""
    assignment: frozenset[Assignment] = frozenset()
    """Parallel, crossover and so on."""
    other_assignment: str | None = None
    """The assignment meant by `OTHER`, in the words of the source."""
    other_assignment_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    purpose: Purpose | None = None
    """What the interventions are for (ClinicalTrials.gov)."""
    observational_models: frozenset[ObservationalModel] = frozenset()
    """How participants of an observational study are found and followed (ClinicalTrials.gov)."""
    time_perspectives: frozenset[TimePerspective] = frozenset()
    """When an observational study looks at its participants (ClinicalTrials.gov)."""
    assignment_text: str | None = None
    """The assignment, in the words of the source."""
    masking: frozenset[Masking] = frozenset()
    """Blinding, over all periods."""
    masked_roles: frozenset[MaskedRole] = frozenset()
    """Who is blinded, over all periods."""
    masking_text: str | None = None
    """How blinding is done, in the words of the source."""
    controlled: bool | None = None
    """Whether the source calls it controlled (EudraCT E.8.1)."""
    comparators: tuple[Coded, ...] = ()
    """What it is compared with: another medicinal product, placebo, something else (EudraCT E.8.2)."""
    other_comparator: str | None = None
    """The comparator meant by `OTHER`, in the words of the source."""
    other_comparator_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    arms: int | None = None
    """Number of arms (EudraCT E.8.2.4)."""
    groups: int | None = None
    """Number of groups of an observational study (ClinicalTrials.gov)."""
    scopes: tuple[Coded, ...] = ()
    """What is looked at: safety, efficacy, pharmacokinetics and so on (EMA list 13, EudraCT E.6)."""
    other_scope: str | None = None
    """The scope meant by `OTHER`, in the words of the source."""
    other_scope_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    substudy: bool | None = None
    """Whether it contains a sub-study (EudraCT E.2.3)."""
    substudies: str | None = None
    """Title, date, version and objectives of the sub-studies, in the words of the source."""
    substudies_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    periods: tuple[Period, ...] = ()
    """The periods of the trial, in the register's order."""
    parameters: tuple[Parameter, ...] = ()
    """All characteristics that the source has by name, also those that other fields are read from."""
    region: Region | None = None
    """Where it runs, seen from the European Economic Area."""
    single_site: bool | None = None
    """Whether it runs at one site in all."""
    multiple_sites: bool | None = None
    """Whether it runs at several sites; a source may say both."""
    multinational: bool | None = None
    """Whether it runs in several member states (EudraCT E.8.5)."""
    sites_eea: int | None = None
    """Sites planned in the European Economic Area."""
    duration: tuple[Duration, ...] = ()
    """How long it is meant to run in all countries: parts that add up, such as 2 years and 6 months."""
    end_definition: str | None = None
    """What counts as the end of the trial, in the words of the source."""
    end_definition_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    low_intervention: bool | None = None
    """Whether it is a low-intervention trial (Regulation (EU) 536/2014, Article 2(2)(3))."""
    low_intervention_reason: str | None = None
    """Why it is one, in the words of the source."""
    category: str | None = None
    """Publication category in CTIS: `1`, `2` or `3` (EMA list 71)."""
    category_reason: str | None = None
    """Why this category, in the words of the source."""
    follow_up: FollowUp = attrs.field(factory=FollowUp)
    """Follow-up after the trial."""
    protection: str | None = None
    """What was done to protect participants, in the words of the source."""
    background_therapy: str | None = None
    """What participants of all arms are given besides, in the words of the source."""
    comparator_evidence: str | None = None
    """Why the comparator was chosen, in the words of the source."""
    patient_registry: bool | None = None
    """Whether it is a registry of patients (ClinicalTrials.gov)."""
    target_follow_up: Duration | None = None
    """For how long each participant of a registry of patients is followed (ClinicalTrials.gov)."""
    biospecimens: Biospecimens | None = None
    """Whether samples are kept, and whether DNA can be read from them (ClinicalTrials.gov)."""
    biospecimens_text: str | None = None
    """Which samples are kept, in the words of the source."""


@record
class Question:
    """What an authority asks the sponsor about an application, and what the sponsor answers."""

    text: str | None = None
    """The question, in the words of the authority."""
    answer: str | None = None
    """The answer, in the words of the sponsor."""
    number: str | None = None
    """Its number in the request."""
    part: str | None = None
    """The part of the application that it is about, in the words of the source: `Part I - Clinical`."""
    document: str | None = None
    """The document that it is about, in the words of the source: `Protocol`."""
    answered: PartialDate | None = None
    """When the sponsor sent the answer."""


@record
class Event:
    """Something that happened to the trial, with its date."""

    kind: EventKind | None = None
    """What happened."""
    date: PartialDate | None = None
    """When."""
    date_unknown: bool | None = None
    """Whether the source says that it does not know the date (ClinicalTrials.gov)."""
    decision: Regulatory | None = None
    """What was decided, or the status that began on the first axis."""
    progress: Progress | None = None
    """The status that began on the second axis."""
    outcome: Coded | None = None
    """Outcome of an assessment or a validation."""
    application: str | None = None
    """The application that it belongs to: `IN`, `SM-1` and so on, or our term for its kind."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the country whose authority acted, where the event is not of that country alone."""
    scope: str | None = None
    """What a modification changes, in the words of the source."""
    reasons: tuple[Coded, ...] = ()
    """Why, for a halt or an early termination (EMA lists 18 and 51)."""
    text: str | None = None
    """What the source says about it."""
    details: tuple[str, ...] = ()
    """Further words of the source, such as conditions of a decision or areas of a breach."""
    due: PartialDate | None = None
    """The day by which the sponsor has to answer, for a request for information."""
    answered: PartialDate | None = None
    """When the sponsor answered, for a request for information."""
    questions: tuple[Question, ...] = ()
    """The questions of a request for information, with their answers."""
    treatment_stopped: bool | None = None
    """Whether treatment was stopped, for a halt."""
    still_treated: bool | None = None
    """Whether participants are still being treated, for a halt."""
    benefit_risk_changed: bool | None = None
    """Whether the balance of benefit and risk has changed, for a halt, a breach or a notification."""


@record
class Status:
    """Three axes that are never compared with each other."""

    regulatory: Regulatory | None = None
    """What the authority has decided."""
    trial: Progress | None = None
    """How far the trial has come."""
    recruitment: Recruitment | None = None
    """Whether participants are being taken in (TRDS 18)."""
    text: str | None = None
    """The status in the words of the source, where the source has words."""
    last_known: Recruitment | None = None
    """Recruitment as it was known last, where the register does not know the status any more (ClinicalTrials.gov)."""
    why_stopped: str | None = None
    """Why the trial was stopped, suspended or withdrawn, in the words of the source."""


@record
class Difference:
    """What the record of one country says of the trial as a whole, where all records together come to another value."""

    field: str
    """Path of the field of the Trial, such as `phases`."""
    value: str
    """The value in that record: a text or a term unchanged, anything else as JSON in the form of `to_dict`."""


@record
class Country:
    """A country of recruitment (TRDS 11) with its own status and dates."""

    code: str | None = None
    """ISO 3166-1 alpha-2 code."""
    name: str | None = None
    """Name in the words of the source."""
    status: Status = attrs.field(factory=Status)
    """Status in this country."""
    reporting: bool | None = None
    """Whether this member state assessed Part I for all (reporting member state)."""
    authority: str | None = None
    """The competent authority, in the words of the source."""
    planned: int | None = None
    """Participants planned in this country."""
    enrolled: int | None = None
    """Participants taken in in this country."""
    single_site: bool | None = None
    """Whether it runs at one site in this country."""
    multiple_sites: bool | None = None
    """Whether it runs at several sites in this country; a source may say both."""
    sites: int | None = None
    """Sites planned in this country."""
    duration: tuple[Duration, ...] = ()
    """How long it is meant to run in this country: parts that add up, such as 2 years and 6 months."""
    first_decision: PartialDate | None = None
    """First decision on the trial in this country."""
    last_decision: PartialDate | None = None
    """Latest decision on the trial in this country."""
    start: PartialDate | None = None
    """Start of the trial in this country, as the register holds it now."""
    recruitment_start: PartialDate | None = None
    """Start of recruitment in this country, as the register holds it now."""
    recruitment_started: bool | None = None
    """Whether recruitment has started in this country, where the register says so separately from the date."""
    recruitment_end: PartialDate | None = None
    """End of recruitment in this country."""
    recruitment_duration: tuple[Duration, ...] = ()
    """How long recruitment is meant to go on in this country."""
    end: PartialDate | None = None
    """End of the trial in this country."""
    events: tuple[Event, ...] = ()
    """What happened in this country, in the register's order."""
    differing: tuple[Difference, ...] = ()
    """What this country's own record says otherwise; only in a trial that `combine` made of several records."""


@record
class Condition:
    """A disease or condition under study (TRDS 12)."""

    text: str | None = None
    """The condition in the words of the source."""
    lay_text: str | None = None
    """The condition in words for the public."""
    lay_text_translations: tuple[Translation, ...] = ()
    """Those words in other languages."""
    rare: bool | None = None
    """Whether it is a rare disease."""
    codes: tuple[Code, ...] = ()
    """Codes for it."""
    translations: tuple[Translation, ...] = ()
    """The text in other languages."""


@record
class Endpoint:
    """What is measured (TRDS 19, 20)."""

    kind: EndpointKind | None = None
    """Primary or secondary."""
    number: int | None = None
    """Its number in the register's list."""
    title: str | None = None
    """A short name, where the source has one beside the text."""
    text: str | None = None
    """The endpoint in the words of the source."""
    translations: tuple[Translation, ...] = ()
    """The text in other languages."""
    description: str | None = None
    """More about it, in the words of the source."""
    time_frame: str | None = None
    """When it is measured, in the words of the source."""
    time_frame_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    time_frame_expressions: tuple[str, ...] = ()
    """The same in a formal language."""
    safety: bool | None = None
    """Whether the source says that it is about safety."""


@record
class Criterion:
    """A criterion of eligibility (TRDS 14)."""

    kind: CriterionKind | None = None
    """Inclusion or exclusion."""
    number: int | None = None
    """Its number in the register's list."""
    text: str | None = None
    """The criterion in the words of the source."""
    translations: tuple[Translation, ...] = ()
    """The text in other languages."""
    expressions: tuple[str, ...] = ()
    """The criterion in a formal language."""


@record
class Eligibility:
    """Who may take part (TRDS 14)."""

    sex: Sex | None = None
    """Sex of the participants."""
    gender_based: bool | None = None
    """Whether it depends on the gender that people see themselves as (ClinicalTrials.gov)."""
    gender_text: str | None = None
    """More about gender, in the words of the source."""
    age_groups: frozenset[AgeGroup] = frozenset()
    """Coarse age groups (EMA list 15)."""
    age_subgroups: frozenset[AgeGroup] = frozenset()
    """Fine age groups (EMA list 16)."""
    minimum_age: Duration | None = None
    """Lower limit of age; None with no entry in `Trial.missing` is: not stated."""
    maximum_age: Duration | None = None
    """Upper limit of age; None with no entry in `Trial.missing` is: not stated."""
    populations: frozenset[PopulationGroup] = frozenset()
    """Patients, healthy volunteers, or both."""
    healthy_volunteers: bool | None = None
    """Whether people without the condition may take part (ClinicalTrials.gov)."""
    vulnerable: bool | None = None
    """Whether vulnerable groups take part."""
    vulnerable_groups: tuple[Coded, ...] = ()
    """The vulnerable groups that take part."""
    incapable_of_consent: str | None = None
    """More about participants who cannot consent, in the words of the source (EudraCT F.3.3.6.1)."""
    incapable_of_consent_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    other_vulnerable_group: str | None = None
    """The vulnerable group meant by `OTHER`, in the words of the source."""
    other_vulnerable_group_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    criteria: tuple[Criterion, ...] = ()
    """Criteria in numeric order, inclusion before exclusion."""
    text: str | None = None
    """All criteria in one text, in the words of the source, where the register has them so."""
    study_population: str | None = None
    """From whom participants of an observational study are chosen, in the words of the source."""
    sampling: Sampling | None = None
    """How participants of an observational study are chosen (ClinicalTrials.gov)."""


@record
class AgeGroupCount:
    """How many participants of an age group."""

    group: AgeGroup
    """The age group."""
    planned: int | None = None
    """Planned."""
    actual: int | None = None
    """Taken in."""


@record
class Enrolment:
    """How many participants (TRDS 17)."""

    planned: int | None = None
    """Planned in all."""
    planned_eea: int | None = None
    """Planned in the European Economic Area."""
    planned_elsewhere: int | None = None
    """Planned outside of the European Economic Area."""
    actual: int | None = None
    """Taken in."""
    unspecified: int | None = None
    """Participants, where the source does not say whether they are planned or taken in."""
    recruitment_duration: tuple[Duration, ...] = ()
    """How long recruitment is meant to go on."""
    by_age: tuple[AgeGroupCount, ...] = ()
    """Numbers by age group; groups may lie within each other, so they are not to be added up."""


@record
class Dates:
    """Dates of the trial as a whole; those of a country are in `Country` and its events."""

    registered: PartialDate | None = None
    """Registered (TRDS 2)."""
    registered_checked: PartialDate | None = None
    """First version that met the register's criteria of quality was sent (ClinicalTrials.gov)."""
    first_published: PartialDate | None = None
    """First publication of the record."""
    submitted: PartialDate | None = None
    """First application sent."""
    decision: PartialDate | None = None
    """First decision."""
    start: PartialDate | None = None
    """Start, or first enrolment (TRDS 16)."""
    recruitment_start: PartialDate | None = None
    """Start of recruitment."""
    end: PartialDate | None = None
    """End in the European Economic Area, or completion (TRDS 22)."""
    global_end: PartialDate | None = None
    """End in all countries (TRDS 22)."""
    primary_completion: PartialDate | None = None
    """Last examination of a participant for the primary endpoint."""
    recruitment_end: PartialDate | None = None
    """End of recruitment."""
    estimated_start: PartialDate | None = None
    """Planned start, where the source records it separately from the start."""
    estimated_primary_completion: PartialDate | None = None
    """Last measurement for the primary endpoint as planned."""
    estimated_recruitment_start: PartialDate | None = None
    """Start of recruitment as planned."""
    estimated_end: PartialDate | None = None
    """End as planned."""
    estimated_global_end: PartialDate | None = None
    """End in all countries as planned."""
    updated: PartialDate | None = None
    """Last change of the record."""
    verified: PartialDate | None = None
    """The sponsor last confirmed the record."""
    published: PartialDate | None = None
    """Publication of this version of the record."""
    results_posted: PartialDate | None = None
    """First posting of results (TRDS 23)."""
    results_submitted: PartialDate | None = None
    """Results first sent (ClinicalTrials.gov)."""
    results_checked: PartialDate | None = None
    """Results that met the register's criteria of quality were first sent (ClinicalTrials.gov)."""
    results_comments_posted: PartialDate | None = None
    """Results first posted with the comments of the register's review (ClinicalTrials.gov)."""
    estimated_results: PartialDate | None = None
    """When results were first sent, as the register estimates it while it does not post them (ClinicalTrials.gov)."""
    delay_submitted: PartialDate | None = None
    """Certificate or request to delay results first sent (ClinicalTrials.gov)."""
    delay_checked: PartialDate | None = None
    """Such a request that met the register's criteria of quality was first sent (ClinicalTrials.gov)."""
    delay_posted: PartialDate | None = None
    """Such a request was first posted (ClinicalTrials.gov)."""
    exported: PartialDate | None = None
    """When the file was made, as it says itself."""


@record
class Contact:
    """A person or office to turn to (TRDS 7, 8)."""

    kind: ContactKind | None = None
    """What the contact is for."""
    roles: tuple[str, ...] = ()
    """What the contact is for, in the words of the source."""
    name: str | None = None
    """Name of the person or office."""
    title: Coded | None = None
    """Title of the person (EMA list 109)."""
    first_name: str | None = None
    """First name."""
    last_name: str | None = None
    """Last name."""
    qualifications: tuple[str, ...] = ()
    """Qualifications of the person, in the words of the source."""
    organisation: str | None = None
    """Organisation of the contact."""
    address: str | None = None
    """Postal address in the words of the source."""
    city: str | None = None
    """City, where the source has it apart."""
    postcode: str | None = None
    """Post code, where the source has it apart."""
    country: str | None = None
    """Country in the words of the source."""
    email: str | None = None
    """E-mail address."""
    phone: str | None = None
    """Telephone number."""
    phone_extension: str | None = None
    """Extension of the telephone number."""
    fax: str | None = None
    """Fax number."""
    organisation_email: str | None = None
    """E-mail address of the organisation, where the register records it separately from the contact's."""
    organisation_phone: str | None = None
    """Telephone number of the organisation, where the register records it separately from the contact's."""


@record
class Organisation:
    """A sponsor, co-sponsor or third party with duties (TRDS 5, 6)."""

    name: str | None = None
    """Name."""
    role: SponsorRole | None = None
    """Part it plays."""
    roles: tuple[str, ...] = ()
    """Parts it plays, in the words of the source."""
    decision: Coded | None = None
    """What it has decided on the trial, for an ethics committee."""
    type: Coded | None = None
    """Kind of organisation."""
    commercial: bool | None = None
    """Whether the register calls it commercial."""
    codes: tuple[Code, ...] = ()
    """Codes of the organisation, such as its OMS number."""
    address: str | None = None
    """Street address on one line."""
    city: str | None = None
    """City."""
    postcode: str | None = None
    """Post code."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the country."""
    responsibilities: frozenset[Responsibility] = frozenset()
    """What it answers for where there are several sponsors."""
    duties: tuple[Coded, ...] = ()
    """Duties it does for the sponsor (EMA list 68)."""
    contacts: tuple[Contact, ...] = ()
    """Whom to turn to."""


@record
class Site:
    """A place where participants are seen."""

    name: str | None = None
    """Name of the organisation."""
    status: Status = attrs.field(factory=Status)
    """Status at this site."""
    department: str | None = None
    """Department."""
    type: Coded | None = None
    """Kind of organisation."""
    commercial: bool | None = None
    """Whether the register calls it commercial."""
    codes: tuple[Code, ...] = ()
    """Codes of the organisation, such as its OMS number."""
    address: str | None = None
    """Street address on one line."""
    city: str | None = None
    """City."""
    state: str | None = None
    """State, province or county."""
    postcode: str | None = None
    """Post code."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the country."""
    latitude: float | None = None
    """Latitude in degrees, as the register has it for the city."""
    longitude: float | None = None
    """Longitude in degrees."""
    contacts: tuple[Contact, ...] = ()
    """Investigator and other contacts."""


@record
class Document:
    """A published document."""

    title: str | None = None
    """Title."""
    type: Coded | None = None
    """Kind of document."""
    contents: frozenset[DocumentContent] = frozenset()
    """What it contains, where the register says so."""
    version: str | None = None
    """Version given by the sponsor."""
    date: PartialDate | None = None
    """Date of this version."""
    changed: PartialDate | None = None
    """When it was changed last."""
    file_type: str | None = None
    """Kind of file."""
    file_name: str | None = None
    """Name of the file."""
    size: int | None = None
    """Size of the file in bytes."""
    url: str | None = None
    """Address of the file."""
    id: str | None = None
    """The register's stable id of the document."""


@record
class Retraction:
    """A notice that a publication was retracted."""

    pubmed: str | None = None
    """PubMed number of the notice."""
    text: str | None = None
    """Reference of the notice in the words of the source."""


@record
class Publication:
    """A publication about the trial."""

    text: str | None = None
    """Reference in the words of the source."""
    pubmed: str | None = None
    """PubMed number."""
    url: str | None = None
    """Address of the publication."""
    kind: Coded | None = None
    """What it is to the trial: `BACKGROUND`, `RESULT`, or `DERIVED`, which the register found by the trial's number."""
    retractions: tuple[Retraction, ...] = ()
    """Notices that it was retracted."""


@record
class Link:
    """A page of the web about the trial."""

    title: str | None = None
    """What it is, in the words of the source."""
    url: str | None = None
    """Address."""


@record
class SharedData:
    """Data or documents of the trial that others can get (ClinicalTrials.gov availIpds)."""

    type: Coded | None = None
    """What it is."""
    id: str | None = None
    """Its number where it is kept."""
    url: str | None = None
    """Address."""
    text: str | None = None
    """More about it, in the words of the source."""


@record
class DataSharing:
    """How data of participants are to be shared (TRDS 24); whether they are is `Results.share_data`."""

    text: str | None = None
    """The plan in the words of the source."""
    documents: tuple[Coded, ...] = ()
    """What is shared besides: `STUDY_PROTOCOL`, `STATISTICAL_ANALYSIS_PLAN` and so on."""
    time_frame: str | None = None
    """From when, and for how long, in the words of the source."""
    access: str | None = None
    """Who gets them, for what and how, in the words of the source."""
    url: str | None = None
    """Address of more about it."""
    available: tuple[SharedData, ...] = ()
    """What can be had already."""


@record
class ExpandedAccess:
    """Treatment with the product outside of a trial, under the rules of the United States (21 CFR 312.300)."""

    exists: bool | None = None
    """Whether the source says that there is such access."""
    number: str | None = None
    """Number of its record in the register."""
    availability: Availability | None = None
    """Whether the product can be had so."""
    individual: bool | None = None
    """Whether it is for single patients."""
    intermediate: bool | None = None
    """Whether it is for groups of patients of intermediate size."""
    treatment: bool | None = None
    """Whether it is under a treatment IND or protocol, for many patients."""
    trials: int | None = None
    """How many trials name this record as their expanded access."""


@record
class FdaOversight:
    """What the Food and Drug Administration of the United States has to do with the trial (ClinicalTrials.gov)."""

    drug: bool | None = None
    """Whether it studies a drug that the administration regulates."""
    device: bool | None = None
    """Whether it studies a device that the administration regulates."""
    unapproved_device: bool | None = None
    """Whether it studies a device that the administration has neither approved nor cleared."""
    paediatric_surveillance: bool | None = None
    """Whether it is a paediatric study that the administration ordered after it had approved a device."""
    export: bool | None = None
    """Whether the product is made in the United States and exported from there."""
    applicable_trial: bool | None = None
    """Whether the trial is an applicable one by section 801 of the FDA Amendments Act, as records said up to 2017."""
    violation: bool | None = None
    """Whether the administration has found that the trial breaks section 801."""


@record
class Topic:
    """A heading under which the register lists the trial, as it works it out from the record (ClinicalTrials.gov)."""

    id: str | None = None
    """The register's id of the heading."""
    name: str | None = None
    """The heading."""
    found: str | None = None
    """The word of the record that led to it."""
    relevance: Coded | None = None
    """How near it is to the words of the record: `HIGH`, `LOW`."""


@record
class ResultsSubmission:
    """A round in which results were sent to the register and sent back (ClinicalTrials.gov)."""

    number: int | None = None
    """The register's number of it."""
    submitted: PartialDate | None = None
    """When the sponsor sent results."""
    returned: PartialDate | None = None
    """When the register sent them back with comments."""
    cancelled: PartialDate | None = None
    """When the sponsor took them back."""
    cancelled_date_unknown: bool | None = None
    """Whether the source says that it does not know that date."""


@record
class ResultPosting:
    """A posted summary or report of results (TRDS 23)."""

    kind: Coded | None = None
    """Scientific summary, lay summary or clinical study report."""
    type: str | None = None
    """Its type in the words of the source, such as final or intermediate."""
    submitted: PartialDate | None = None
    """When it was sent."""
    withdrawn: PartialDate | None = None
    """When it was withdrawn."""
    outcome_date: PartialDate | None = None
    """Outcome of the marketing authorisation procedure, for a clinical study report."""
    version: str | None = None
    """Version in the words of the source."""


@record
class Results:
    """What is known of the results (TRDS 23)."""

    posted: bool | None = None
    """Whether the register says that results are posted."""
    postings: tuple[ResultPosting, ...] = ()
    """What has been posted."""
    summary: str | None = None
    """Summary in the words of the source."""
    url: str | None = None
    """Address of the results."""
    share_data: Coded | None = None
    """Plan to share data of participants (TRDS 24)."""
    stage: AnalysisStage | None = None
    """Whether results are those of all data, or of an earlier look at them."""
    analysis_date: PartialDate | None = None
    """Date of the analysis."""
    primary_completion: bool | None = None
    """Whether they are those of the data for the primary endpoint."""
    flow: ParticipantFlow = attrs.field(factory=ParticipantFlow)
    """Who came in, went through and left."""
    analysis_sets: tuple[Group, ...] = ()
    """Sets of participants, other than arms, for which values are given."""
    baseline: Baseline = attrs.field(factory=Baseline)
    """What participants were like at the start."""
    outcomes: tuple[Outcome, ...] = ()
    """Endpoints with what was found."""
    adverse_events: AdverseEvents = attrs.field(factory=AdverseEvents)
    """Adverse events."""
    amendments: tuple[Amendment, ...] = ()
    """Substantial amendments to the protocol."""
    interrupted: bool | None = None
    """Whether the source says that the trial was interrupted everywhere for a time."""
    interruptions: tuple[Interruption, ...] = ()
    """When it was interrupted."""
    limitations: str | None = None
    """Limitations and caveats, in the words of the source."""
    agreement: Agreement = attrs.field(factory=Agreement)
    """What binds investigators who want to publish results."""


@record
class AssociatedTrial:
    """A trial that this one goes with."""

    identifier: Identifier | None = None
    """Its number."""
    title: str | None = None
    """Its title."""
    sponsor: str | None = None
    """Its sponsor."""


@record
class Missing:
    """A field that the source mentions but that has no value."""

    field: str
    """Path of the field, such as `interventions[0].form`."""
    kind: MissingKind
    """Why there is no value."""


@record
class Trial:
    """A clinical trial as one register describes it."""

    id: str | None = None
    """The trial's number in the register it was read from (TRDS 1): as in `identifiers`, or as written there."""
    registry: str | None = None
    """The register (TRDS 1): `CTIS`, `EUCTR`, `REBEC` and so on."""
    identifiers: tuple[Identifier, ...] = ()
    """All numbers of the trial (TRDS 1, 3)."""
    public_title: str | None = None
    """Title for the public (TRDS 9)."""
    public_title_translations: tuple[Translation, ...] = ()
    """The public title in other languages."""
    scientific_title: str | None = None
    """Full title (TRDS 10)."""
    scientific_title_translations: tuple[Translation, ...] = ()
    """The full title in other languages."""
    acronym: str | None = None
    """Acronym."""
    acronym_translations: tuple[Translation, ...] = ()
    """The acronym in other languages."""
    brief_summary: str | None = None
    """Summary in the words of the source."""
    detailed_description: str | None = None
    """A longer description in the words of the source."""
    detailed_description_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    url: str | None = None
    """Address of the record at the register."""
    objectives: tuple[Objective, ...] = ()
    """Main objective, then secondary ones in numeric order."""
    study_type: StudyType | None = None
    """Kind of study (TRDS 15)."""
    design: Design = attrs.field(factory=Design)
    """How it is built (TRDS 15)."""
    phases: frozenset[Phase] = frozenset()
    """Phases as a set (TRDS 15)."""
    phase_detail: frozenset[PhaseDetail] = frozenset()
    """What is said about the phases beyond their numbers."""
    other_phase_detail: str | None = None
    """The phase detail meant by `OTHER`, in the words of the source."""
    other_phase_detail_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    status: Status = attrs.field(factory=Status)
    """Status of the trial as a whole (TRDS 18)."""
    countries: tuple[Country, ...] = ()
    """Countries with their own status and dates (TRDS 11)."""
    countries_elsewhere: tuple[Coded, ...] = ()
    """Countries outside of the register's own area, by ISO 3166-1 alpha-2 code.

    EudraCT lists there (E.8.6.3) all countries in which sites are planned, member states as well.
    """
    countries_removed: tuple[Coded, ...] = ()
    """Countries that the record once listed and does not any more, by ISO 3166-1 alpha-2 code."""
    conditions: tuple[Condition, ...] = ()
    """Conditions under study (TRDS 12)."""
    keywords: tuple[str, ...] = ()
    """Keywords in the words of the source."""
    condition_codes: tuple[Code, ...] = ()
    """Codes for the conditions together, where the register does not say for which (MedDRA in CTIS)."""
    condition_ancestors: tuple[Code, ...] = ()
    """Codes of wider terms than those of the conditions (MeSH in ClinicalTrials.gov)."""
    condition_topics: tuple[Topic, ...] = ()
    """Headings under which the register lists its conditions."""
    therapeutic_areas: tuple[Coded, ...] = ()
    """Therapeutic areas; terms are the code of the branch, such as `C20`."""
    interventions: tuple[Intervention, ...] = ()
    """Products and other interventions (TRDS 13)."""
    intervention_codes: tuple[Code, ...] = ()
    """Codes for the interventions together, where the register does not say for which (MeSH in ClinicalTrials.gov)."""
    intervention_ancestors: tuple[Code, ...] = ()
    """Codes of wider terms than those."""
    intervention_topics: tuple[Topic, ...] = ()
    """Headings under which the register lists its interventions."""
    arms: tuple[Arm, ...] = ()
    """Arms of the trial, over all periods."""
    endpoints: tuple[Endpoint, ...] = ()
    """Primary endpoints, then secondary ones, in numeric order (TRDS 19, 20)."""
    eligibility: Eligibility = attrs.field(factory=Eligibility)
    """Who may take part (TRDS 14)."""
    enrolment: Enrolment = attrs.field(factory=Enrolment)
    """How many participants (TRDS 17)."""
    dates: Dates = attrs.field(factory=Dates)
    """Dates of the trial as a whole (TRDS 2, 16, 22, 23)."""
    events: tuple[Event, ...] = ()
    """What happened to the trial as a whole: applications and their decisions."""
    sponsors: tuple[Organisation, ...] = ()
    """Primary sponsor first, then co-sponsors and third parties (TRDS 5, 6)."""
    record_provider: str | None = None
    """Organisation that keeps the record in the register (ClinicalTrials.gov)."""
    record_provider_type: Coded | None = None
    """Kind of that organisation."""
    funding: tuple[str, ...] = ()
    """Sources of money or material support (TRDS 4)."""
    responsible_party: Coded | None = None
    """Who answers for the trial: the sponsor, the investigator, or one who is both (ClinicalTrials.gov)."""
    oversight: tuple[Organisation, ...] = ()
    """Ethics committees and authorities that oversee the trial (TRDS 21)."""
    fda_regulated: bool | None = None
    """Whether the Food and Drug Administration of the United States regulates what is studied."""
    investigational_new_drug: bool | None = None
    """Whether the trial is run under an IND or IDE of that administration."""
    fda: FdaOversight = attrs.field(factory=FdaOversight)
    """What that administration has to do with the trial beyond that."""
    sites: tuple[Site, ...] = ()
    """Where participants are seen."""
    contacts: tuple[Contact, ...] = ()
    """Contacts of the trial as a whole (TRDS 7, 8)."""
    documents: tuple[Document, ...] = ()
    """Published documents."""
    publications: tuple[Publication, ...] = ()
    """Publications."""
    links: tuple[Link, ...] = ()
    """Pages of the web about the trial."""
    data_sharing: DataSharing = attrs.field(factory=DataSharing)
    """How data of participants are to be shared (TRDS 24)."""
    expanded_access: ExpandedAccess = attrs.field(factory=ExpandedAccess)
    """Treatment with the product outside of a trial."""
    results_submissions: tuple[ResultsSubmission, ...] = ()
    """When results were sent to the register and sent back."""
    results_waived: bool | None = None
    """Whether the duty to send results was waived (ClinicalTrials.gov)."""
    no_analysis_plan: bool | None = None
    """Whether the source says that there is no statistical analysis plan."""
    delayed_posting: bool | None = None
    """Whether the register delays posting what it has of the trial, for a device that is not approved."""
    paediatric_plan: bool | None = None
    """Whether it is part of a paediatric investigation plan."""
    paediatric_decision: str | None = None
    """Number of the decision on that plan (P/...)."""
    paediatric_plans: tuple[str, ...] = ()
    """Numbers of paediatric investigation plans (EMEA-...)."""
    paediatric_earlier: bool | None = None
    """Whether it is of those completed before Regulation (EC) 1901/2006 (its Article 45)."""
    paediatric_holder: bool | None = None
    """Whether it is of those sent by the holder of a marketing authorisation (Article 46 of that regulation)."""
    scientific_advice: tuple[str, ...] = ()
    """Authorities that gave scientific advice."""
    associated_trials: tuple[AssociatedTrial, ...] = ()
    """Trials that this one goes with."""
    deferred: bool | None = None
    """Whether publication of parts of the record is deferred."""
    amended: bool | None = None
    """Whether the trial has been modified since it was authorised."""
    transitioned: bool | None = None
    """Whether it came from EudraCT into CTIS."""
    aftercare: str | None = None
    """Treatment or care after the participation has ended, in the words of the source (EudraCT F.5)."""
    aftercare_translations: tuple[Translation, ...] = ()
    """The same in other languages."""
    first_authorised_in: Coded | None = None
    """The country outside of the register's area in which it was first authorised (EudraCT H.4.1)."""
    data_monitoring_committee: bool | None = None
    """Whether it has an independent data monitoring committee."""
    monitoring: tuple[str, ...] = ()
    """What the source says about oversight, such as a data monitoring committee."""
    results: Results = attrs.field(factory=Results)
    """What is known of the results (TRDS 23)."""
    missing: tuple[Missing, ...] = ()
    """Fields that the source mentions but that have no value; another empty field is absent from it or not carried."""
    not_carried: tuple[str, ...] = ()
    """Fields that records of this kind do not hold, such as `design.allocation`: empty, they say nothing of the trial.

    They follow from what is read of the format and, in a table, from its columns. A field counts with all below it.
    """

    @property
    def country_codes(self) -> frozenset[str]:
        """ISO codes of all countries in which the trial is planned or runs: `countries` and `countries_elsewhere`."""
        codes = (*(one.code for one in self.countries), *(one.term for one in self.countries_elsewhere))
        return frozenset(code for code in codes if code is not None)

    @property
    def intervention_types(self) -> frozenset[InterventionType]:
        """Kinds of the interventions, in whatever role; where the source states none for a product, none is here."""
        return frozenset(one.type for one in self.interventions if one.type is not None)

    @property
    def therapy_types(self) -> frozenset[TherapyType]:
        """Kinds of advanced therapy among the products, in whatever role, such as gene therapy."""
        therapies = (therapy for product in self.interventions for therapy in product.advanced_therapies)
        return frozenset(one.type for one in therapies if one.type is not None)

    def country(self, code: str) -> Country | None:
        """Return what is known of the trial in a country, by its ISO 3166-1 alpha-2 code; None if it is not listed.

        Only `countries` have status, dates and numbers of their own; one in `countries_elsewhere` is no `Country`, and
        `country_codes` has the codes of both. Raises ValueError for what is no such code, as `Italy`, `it` and `UK`
        would find nothing in any trial.

        >>> Trial(countries=(Country(code="IT", planned=15),)).country("IT").planned
        15
        """
        check_country(code)
        return next((one for one in self.countries if one.code == code), None)

    def carries(self, field: str) -> bool:
        """Whether records of this kind hold a field, given by its path: it, and what holds it, is not in `not_carried`.

        The path may go through lists: `countries[].planned` and `countries[0].planned` are the same, whatever the trial
        lists. Raises ValueError for a path that the model does not have.

        >>> trial = Trial(not_carried=("design.allocation", "enrolment"))
        >>> trial.carries("design"), trial.carries("design.allocation"), trial.carries("enrolment.planned")
        (True, False, False)
        >>> Trial().carries("phase")
        Traceback (most recent call last):
        ...
        ValueError: 'phase': Trial has no field 'phase'; did you mean phases?
        """
        check_path(Trial, field.replace("[]", "[0]"))
        path = f"{_INDEX.sub('', field)}."
        return not any(path.startswith(f"{lacked}.") for lacked in self.not_carried)

    def __repr__(self) -> str:
        """Return one line for a log: number, phases, title."""
        return line(self.id, self.phases, self._title)

    def _repr_html_(self) -> str:
        """Return a small table for a notebook: title, number, phase, status, countries, conditions, products."""
        status = self.status
        axes = status_in_words(status.regulatory, status.trial, status.recruitment)
        return card(
            self._title,
            {
                "Number": (self.id,),
                "Register": (self.registry,),
                "Phase": (phases_in_words(self.phases),),
                "Status": axes or (status.text,),
                "Countries": (first_of(country.code, country.name) for country in self.countries),
                "Conditions": (first_of(condition.text, condition.lay_text) for condition in self.conditions),
                "Products": (first_of(one.name, one.trade_name, one.sponsor_code) for one in self.interventions),
            },
        )

    @property
    def _title(self) -> str | None:
        """The first title that has words."""
        return first_of(self.public_title, self.scientific_title, self.acronym)
