"""Country records of the EU CTR as text and page, and its summary: what the fixtures must give, typed by hand."""

import re
from collections import Counter
from pathlib import Path

import pytest

from trialparse.diagnostics import NotOneRecord, Problem
from trialparse.model import (
    AdvancedTherapy,
    AgeGroupCount,
    Concentration,
    Condition,
    Contact,
    Country,
    Criterion,
    Dates,
    Design,
    Eligibility,
    Endpoint,
    Enrolment,
    Event,
    Intervention,
    Missing,
    Objective,
    Organisation,
    Status,
    Substance,
    Trial,
)
from trialparse.parsing import Failure, Parsed, parse, read
from trialparse.terms import (
    AgeGroup,
    Allocation,
    Assignment,
    ContactKind,
    CriterionKind,
    EndpointKind,
    EventKind,
    InterventionType,
    Masking,
    MissingKind,
    ObjectiveKind,
    Phase,
    PopulationGroup,
    ProductRole,
    Progress,
    Region,
    Regulatory,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
    TimeUnit,
)
from trialparse.values import Code, Coded, Duration, Identifier, PartialDate, Translation

NUMBER = "2016-099300-36"
PAGE = f"https://www.clinicaltrialsregister.eu/ctr-search/trial/{NUMBER}/"


def records(path: Path) -> list[Parsed]:
    """Return the records of a file, all of which are readable."""
    found = list(read(path))
    assert all(isinstance(record, Parsed) for record in found)
    return found  # type: ignore[return-value]


def day(text: str) -> PartialDate:
    """Return the date written as ISO 8601."""
    year, month, number = map(int, text.split("-"))
    return PartialDate(year=year, month=month, day=number)


def de(text: str) -> tuple[Translation, ...]:
    """Return a text in German alone."""
    return (Translation(text=text, language="de"),)


def years(number: int, months: int | None = None, days: int | None = None) -> tuple[Duration, ...]:
    """Return a length of time in the parts that are given."""
    parts = ((number, TimeUnit.YEAR), (months, TimeUnit.MONTH), (days, TimeUnit.DAY))
    return tuple(Duration(value=value, unit=unit) for value, unit in parts if value is not None)


def remarks(parsed: Parsed) -> set[tuple[Problem, str | None, str]]:
    """Return what is remarked on a record: problem, field and words."""
    return {(each.problem, each.field, each.text) for each in parsed.diagnostics}


MUSTER = Organisation(
    name="Muster Biotech GmbH",
    role=SponsorRole.PRIMARY,
    commercial=True,
    country="DE",
    contacts=(
        Contact(
            kind=ContactKind.PUBLIC,
            name="Trial Information Desk",
            organisation="Muster Biotech GmbH",
            address="Musterweg 3",
            city="Musterstadt",
            postcode="00300",
            country="Germany",
            email="trials@example.org",
            phone="+99 000300",
            fax="+99 000301",
        ),
    ),
)
EJEMPLO = Organisation(
    name="Ejemplo University Hospital",
    role=SponsorRole.CO_SPONSOR,
    commercial=False,
    country="ES",
    contacts=(
        Contact(
            kind=ContactKind.PUBLIC,
            name="Haematology Office",
            organisation="Ejemplo University Hospital",
            address="Calle De La Muestra 30",
            city="Villaejemplo",
            postcode="00030",
            country="Spain",
            email="haematology@example.org",
            phone="+99 000302",
        ),
    ),
)
MUSTER_PAYS = Organisation(name="Muster Biotech GmbH", role=SponsorRole.SUPPORT, country="DE")
PRETEND_PAYS = Organisation(name="Pretend Foundation for Rare Blood", role=SponsorRole.SUPPORT, country="US")
NETWORK = Organisation(name="Exemple Network for Rare Anaemias", role=SponsorRole.NETWORK, country="FR")

CELLS = Intervention(
    name="Beispielcel",
    number="1",
    type=InterventionType.DRUG,
    role=ProductRole.TEST,
    sponsor_code="MUS-300",
    authorised=False,
    orphan=True,
    orphan_number="EU/3/99/9300",
    form=Coded(term="DISPERSION FOR INFUSION", text="Dispersion for infusion"),
    paediatric=False,
    routes=(
        Coded(term="INTRAVENOUS", text="Intravenous use"),
        Coded(term="INTRAOSSEOUS", text="Intraosseous use"),
    ),
    substances=(
        Substance(
            name="beispielcel",
            sponsor_code="MUS-300",
            synonyms=("Autologous blood stem cells with the pretend gene",),
            codes=(Code(system="CAS", value="99999-30-0"), Code(system="EV", value="SUB999300")),
            concentration=Concentration(
                type=Coded(term="RANGE", text="range"),
                number="2 to 20",
                low=2.0,
                high=20.0,
                unit=Coded(term="10*6{cells}/kg", text="10^6 cells/kg million cells/kilogram"),
            ),
        ),
    ),
    advanced_therapy=True,
    advanced_therapies=(AdvancedTherapy(type=TherapyType.GENE),),
    advanced_therapy_classification="Gene therapy, EMA/CAT/999300/2015",
    characteristics=(
        Coded(term="CLASSIFIED_BY_CAT", text="Classified by CAT"),
        Coded(term="GENETICALLY_MODIFIED", text="Genetically modified organisms"),
    ),
)
STIM = Intervention(
    name="Samplostim 300 solution",
    number="2",
    type=InterventionType.DRUG,
    role=ProductRole.COMPARATOR,
    trade_name="Samplostim",
    sponsor_code="SAM-2",
    authorised=True,
    holder="Pretend Pharma Ltd",
    authorisation_country="European Union",
    orphan=False,
    form=Coded(term="SOLUTION FOR INJECTION", text="Solution for injection"),
    paediatric=True,
    routes=(Coded(term="SUBCUTANEOUS", text="Subcutaneous use"),),
    substances=(
        Substance(
            name="samplostim",
            codes=(Code(system="CAS", value="99999-30-1"), Code(system="EV", value="SUB999301")),
            concentration=Concentration(
                type=Coded(term="EQUAL", text="equal"),
                number="0.3",
                low=0.3,
                unit=Coded(term="mg/mL", text="mg/ml milligram(s)/millilitre"),
            ),
        ),
        Substance(
            name="muster binding protein",
            sponsor_code="SAM-B",
            synonyms=("muster binding protein",),
            codes=(Code(system="EV", value="SUB999302"),),
            concentration=Concentration(
                type=Coded(term="UP_TO", text="up to"),
                number="8X10^2",
                unit=Coded(term="ug/mL", text="µg/ml microgram(s)/millilitre"),
            ),
        ),
    ),
    advanced_therapy=False,
    characteristics=(
        Coded(term="CHEMICAL", text="Chemical substance"),
        Coded(term="BIOLOGICAL", text="Biological substance"),
        Coded(term="RECOMBINANT", text="Recombinant"),
        Coded(term="OTHER", text="Another type"),
    ),
    other_characteristic="Stabilised mixture",
)
PLACEBO = Intervention(
    number="1",
    type=InterventionType.DRUG,
    role=ProductRole.PLACEBO,
    form=Coded(term="SOLUTION FOR INJECTION", text="Solution for injection"),
    routes=(Coded(term="SUBCUTANEOUS", text="Subcutaneous use"),),
)

TITLE = (
    "A randomised, double-blind, placebo-controlled trial of beispielcel after samplostim"
    " in children and adults with muster anaemia"
)
IDENTIFIERS = (
    Identifier(scheme="EudraCT", value=NUMBER, check=True),
    Identifier(scheme="ISRCTN", value="ISRCTN99990300"),
    Identifier(scheme="NCT", value="NCT99990300"),
    Identifier(scheme="UTN", value="U1111-9999-0300"),
    Identifier(scheme="other", value="PRETEND IND 99300"),
    Identifier(scheme="protocol", value="MUSTER-300"),
)
ANAEMIA = (
    Code(
        system="MedDRA",
        value="10002034",
        label="Anaemia",
        level="PT",
        version="19.0",
        organ_class=Coded(term="10005329", text="10005329 - Blood and lymphatic system disorders"),
    ),
    Code(
        system="MedDRA",
        value="10002272",
        label="Anemia",
        level="LLT",
        version="20.1",
        organ_class=Coded(term="10005329", text="100000004851"),
    ),
)
BLOOD = Coded(term="C15", text="Diseases [C] - Hemic and Lymphatic Diseases [C15]")
SCOPES = (
    Coded(term="THERAPY", text="Therapy"),
    Coded(term="SAFETY", text="Safety"),
    Coded(term="EFFICACY", text="Efficacy"),
    Coded(term="OTHER", text="Others"),
)
COMPARATORS = (
    Coded(term="MEDICINAL_PRODUCT", text="Other medicinal product(s)"),
    Coded(term="PLACEBO", text="Placebo"),
    Coded(term="OTHER", text="Other"),
)
BY_AGE = (
    AgeGroupCount(group=AgeGroup.UNDER_18, planned=70),
    AgeGroupCount(group=AgeGroup.INFANT, planned=10),
    AgeGroupCount(group=AgeGroup.CHILD, planned=40),
    AgeGroupCount(group=AgeGroup.ADOLESCENT, planned=20),
    AgeGroupCount(group=AgeGroup.ADULT, planned=75),
    AgeGroupCount(group=AgeGroup.ELDERLY, planned=5),
)
CHILDREN = frozenset({AgeGroup.INFANT, AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11, AgeGroup.ADOLESCENT})
CONTRACEPTION = Coded(
    term="WOMEN_USING_CONTRACEPTION", text="Women of childbearing potential using contraception"
)
INCAPABLE = Coded(term="INCAPABLE_OF_CONSENT", text="Incapable of giving consent")

COMPLETED = Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ENDED, text="Completed")

GERMANY = Trial(
    id=NUMBER,
    registry="EUCTR",
    identifiers=IDENTIFIERS,
    public_title="Corrected blood stem cells for people with muster anaemia",
    public_title_translations=de("Korrigierte Blutstammzellen für Menschen mit Muster-Anämie"),
    scientific_title=TITLE,
    scientific_title_translations=de(
        "Eine randomisierte, doppelblinde, placebokontrollierte Prüfung von Beispielcel nach Samplostim"
        " bei Kindern und Erwachsenen mit Muster-Anämie"
    ),
    acronym="MUSTERCELL",
    acronym_translations=de("MUSTERZELLE"),
    url=PAGE + "DE/",
    objectives=(
        Objective(
            kind=ObjectiveKind.MAIN,
            text="To compare the need for transfusions",
            translations=de("Vergleich des Bedarfs an Transfusionen"),
        ),
        Objective(
            kind=ObjectiveKind.SECONDARY,
            text="To describe safety,\nand how long corrected cells last",
            translations=de("Sicherheit,\nund wie lange korrigierte Zellen bleiben"),
        ),
    ),
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        allocation=frozenset({Allocation.RANDOMISED}),
        assignment=frozenset({Assignment.PARALLEL, Assignment.OTHER}),
        other_assignment="Adults begin before children",
        other_assignment_translations=de("Erwachsene beginnen vor Kindern"),
        masking=frozenset({Masking.DOUBLE}),
        controlled=True,
        comparators=COMPARATORS,
        other_comparator="Regular transfusion",
        other_comparator_translations=de("Regelmäßige Transfusion"),
        arms=3,
        scopes=SCOPES,
        other_scope="Long-term engraftment",
        other_scope_translations=de("Langfristiges Anwachsen"),
        substudy=True,
        substudies="Marrow imaging, 2016-02-01, version 1: to see where cells settle",
        substudies_translations=de("Bildgebung des Marks, 2016-02-01, Version 1"),
        region=Region.EEA_AND_ELSEWHERE,
        multinational=True,
        sites_eea=20,
        duration=years(5, 3, 10),
        end_definition="Last visit of the last participant",
        end_definition_translations=de("Letzte Visite"),
    ),
    phases=frozenset({Phase.III}),
    status=COMPLETED,
    countries=(
        Country(
            code="DE",
            authority="Germany - PEI",
            status=COMPLETED,
            planned=30,
            single_site=False,
            multiple_sites=True,
            sites=4,
            duration=years(4, 6, 15),
            first_decision=day("2016-09-24"),
            events=(
                Event(kind=EventKind.DECISION, date=day("2016-09-24"), decision=Regulatory.AUTHORISED),
                Event(
                    kind=EventKind.ETHICS_OPINION,
                    date=day("2016-12-16"),
                    outcome=Coded(term="FAVOURABLE", text="Favourable"),
                ),
            ),
        ),
    ),
    countries_elsewhere=(
        Coded(term="CA", text="Canada"),
        Coded(term="DE", text="Germany"),
        Coded(term="KR", text="Korea, Republic of"),
    ),
    conditions=(
        Condition(
            text="Muster anaemia",
            translations=de("Muster-Anämie"),
            lay_text="Too few red blood cells",
            lay_text_translations=de("Zu wenige rote Blutkörperchen"),
            rare=True,
        ),
    ),
    condition_codes=ANAEMIA,
    therapeutic_areas=(BLOOD,),
    interventions=(CELLS, STIM, PLACEBO),
    endpoints=(
        Endpoint(
            kind=EndpointKind.PRIMARY,
            text="Months without transfusion",
            translations=de("Monate ohne Transfusion"),
            time_frame="Month 24",
            time_frame_translations=de("Monat 24"),
        ),
        Endpoint(
            kind=EndpointKind.SECONDARY,
            text="Adverse events\nCorrected cells in blood",
            translations=de("Unerwünschte Ereignisse\nKorrigierte Zellen im Blut"),
            time_frame="Months 6, 12 and 24",
            time_frame_translations=de("Monate 6, 12 und 24"),
        ),
    ),
    eligibility=Eligibility(
        sex=Sex.ALL,
        age_groups=frozenset({AgeGroup.UNDER_18, AgeGroup.ADULT, AgeGroup.ELDERLY}),
        age_subgroups=CHILDREN,
        populations=frozenset({PopulationGroup.PATIENTS}),
        vulnerable=True,
        vulnerable_groups=(CONTRACEPTION, INCAPABLE, Coded(term="OTHER", text="Others")),
        incapable_of_consent="Children below the age of consent",
        incapable_of_consent_translations=de("Kinder"),
        other_vulnerable_group="People far from a centre",
        other_vulnerable_group_translations=de("Menschen fern eines Zentrums"),
        criteria=(
            Criterion(
                kind=CriterionKind.INCLUSION,
                text="1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L",
                translations=de("1. Muster-Anämie seit mindestens einem Jahr\n\n2. Hämoglobin < 80 g/L"),
            ),
            Criterion(
                kind=CriterionKind.EXCLUSION,
                text="1. A donor among brothers and sisters\n2. Pregnancy",
                translations=de("1. Spender unter Geschwistern\n2. Schwangerschaft"),
            ),
        ),
    ),
    enrolment=Enrolment(planned=150, planned_eea=110, by_age=BY_AGE),
    dates=Dates(registered=day("2016-05-12"), decision=day("2016-09-24"), global_end=day("2021-06-30")),
    sponsors=(MUSTER, EJEMPLO, MUSTER_PAYS, PRETEND_PAYS, NETWORK),
    funding=("Muster Biotech GmbH", "Pretend Foundation for Rare Blood"),
    paediatric_plan=True,
    paediatric_decision="P/0999/2015",
    aftercare="Usual care by the family doctor",
    aftercare_translations=de("Übliche Behandlung"),
    data_monitoring_committee=True,
)

THIRD_COUNTRY = Trial(
    id=NUMBER,
    registry="EUCTR",
    identifiers=IDENTIFIERS,
    public_title="Corrected blood stem cells for people with muster anaemia",
    scientific_title=TITLE,
    acronym="MUSTERCELL",
    url=PAGE + "3rd/",
    objectives=(
        Objective(kind=ObjectiveKind.MAIN, text="To compare the need for transfusions"),
        Objective(kind=ObjectiveKind.SECONDARY, text="To describe safety,\nand how long corrected cells last"),
    ),
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        allocation=frozenset({Allocation.RANDOMISED}),
        assignment=frozenset({Assignment.PARALLEL, Assignment.OTHER}),
        other_assignment="Adults begin before children",
        masking=frozenset({Masking.DOUBLE}),
        controlled=True,
        comparators=COMPARATORS,
        other_comparator="Regular transfusion",
        arms=3,
        scopes=SCOPES,
        other_scope="Long-term engraftment",
        substudy=False,
        single_site=False,
        multiple_sites=True,
        duration=years(5, 3, 10),
        end_definition="Last visit of the last participant",
    ),
    phases=frozenset({Phase.III}),
    countries=(Country(name="Outside EU/EEA"),),
    countries_elsewhere=(Coded(term="CA", text="Canada"), Coded(term="KR", text="Korea, Republic of")),
    conditions=(Condition(text="Muster anaemia", lay_text="Too few red blood cells", rare=True),),
    condition_codes=ANAEMIA,
    therapeutic_areas=(BLOOD,),
    interventions=(CELLS, STIM, PLACEBO),
    endpoints=(
        Endpoint(kind=EndpointKind.PRIMARY, text="Months without transfusion", time_frame="Month 24"),
        Endpoint(
            kind=EndpointKind.SECONDARY,
            text="Adverse events\nCorrected cells in blood",
            time_frame="Months 6, 12 and 24",
        ),
    ),
    eligibility=Eligibility(
        sex=Sex.ALL,
        age_groups=frozenset({AgeGroup.UNDER_18, AgeGroup.ADULT, AgeGroup.ELDERLY}),
        age_subgroups=CHILDREN,
        populations=frozenset({PopulationGroup.PATIENTS}),
        vulnerable=True,
        vulnerable_groups=(CONTRACEPTION, INCAPABLE),
        incapable_of_consent="Children below the age of consent",
        criteria=(
            Criterion(
                kind=CriterionKind.INCLUSION,
                text="1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L",
            ),
            Criterion(
                kind=CriterionKind.EXCLUSION, text="1. A donor among brothers and sisters\n2. Pregnancy"
            ),
        ),
    ),
    enrolment=Enrolment(planned=160, by_age=BY_AGE),
    dates=Dates(registered=day("2018-03-21")),
    sponsors=(MUSTER, MUSTER_PAYS),
    funding=("Muster Biotech GmbH",),
    paediatric_plan=True,
    paediatric_decision="P/0999/2015",
    aftercare="Usual care by the family doctor",
    first_authorised_in=Coded(term="CA", text="Canada"),
    data_monitoring_committee=True,
)


class TestSixCountries:
    """One trial in six country records that disagree: each record says what its lines say."""

    @pytest.fixture
    def six(self, fixtures: Path) -> list[Parsed]:
        return records(fixtures / "euctr" / "six_countries.txt")

    @pytest.fixture
    def trials(self, six: list[Parsed]) -> list[Trial]:
        return [record.trial for record in six]

    def test_germany(self, trials: list[Trial]) -> None:
        assert trials[0] == GERMANY

    def test_third_country(self, trials: list[Trial]) -> None:
        """1.17: no status, no member state, no decision, and labels of its own."""
        assert trials[5] == THIRD_COUNTRY

    def test_nothing_is_remarked_on(self, six: list[Parsed]) -> None:
        assert [record.diagnostics for record in six] == [()] * 6

    def test_all_leaves_are_read(self, six: list[Parsed]) -> None:
        assert [record.audit().unmapped for record in six] == [{}] * 6

    def test_countries_and_numbers(self, trials: list[Trial]) -> None:
        assert {trial.id for trial in trials} == {NUMBER}
        assert [trial.countries[0].code for trial in trials] == ["DE", "ES", "IT", "GB", "SE", None]
        assert [trial.countries[0].authority for trial in trials] == [
            "Germany - PEI",
            "Spain - AEMPS",
            "Italy - Italian Medicines Agency",
            "UK - MHRA",
            "Sweden - MPA",
            None,
        ]
        assert [trial.url for trial in trials] == [PAGE + end for end in ("DE/", "ES/", "IT/", "GB/", "SE/", "3rd/")]
        assert [[number.scheme for number in trial.identifiers] for trial in trials] == [
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "other", "protocol"],
            ["EudraCT", "protocol"],
            ["EudraCT", "ISRCTN", "NCT", "UTN", "other", "protocol"],
        ]
        assert [trial.identifiers[-1].value for trial in trials] == ["MUSTER-300"] * 4 + ["MUSTER-300-SE", "MUSTER-300"]

    def test_status(self, trials: list[Trial]) -> None:
        assert [trial.status.text for trial in trials] == [
            "Completed",
            "Ongoing",
            "Prematurely Ended",
            "GB - no longer in EU/EEA",
            "Temporarily Halted",
            None,
        ]
        assert [trial.status.trial for trial in trials] == [
            Progress.ENDED,
            Progress.ONGOING,
            Progress.TERMINATED_EARLY,
            None,
            Progress.HALTED,
            None,
        ]
        assert [trial.status.regulatory for trial in trials] == [
            Regulatory.AUTHORISED,
            Regulatory.AUTHORISED,
            Regulatory.AUTHORISED,
            None,
            Regulatory.AUTHORISED,
            None,
        ]
        assert all(trial.status == trial.countries[0].status for trial in trials)

    def test_what_left_the_register_is_unknown_not_absent(self, trials: list[Trial]) -> None:
        """1.13: a British record that was open when the country left says nothing of what came of the trial."""
        assert [trial.missing for trial in trials] == [
            (),
            (),
            (),
            (
                Missing(field="status.trial", kind=MissingKind.UNKNOWN),
                Missing(field="countries[0].status.trial", kind=MissingKind.UNKNOWN),
            ),
            (),
            (),
        ]

    def test_phases(self, trials: list[Trial]) -> None:
        assert [trial.phases for trial in trials] == [
            {Phase.III},
            {Phase.III},
            {Phase.II, Phase.III},
            {Phase.III},
            {Phase.III},
            {Phase.III},
        ]

    def test_planned_numbers(self, trials: list[Trial]) -> None:
        assert [trial.countries[0].planned for trial in trials] == [30, 40, 20, 25, 15, None]
        assert [trial.enrolment.planned_eea for trial in trials] == [110, 110, 110, 110, 110, None]
        assert [trial.enrolment.planned for trial in trials] == [150, 250, 150, 150, 250, 160]

    def test_dates(self, trials: list[Trial]) -> None:
        assert [str(trial.dates.registered) for trial in trials] == [
            "2016-05-12",
            "2016-06-01",
            "2016-07-20",
            "2016-05-30",
            "2017-01-09",
            "2018-03-21",
        ]
        assert [str(trial.dates.global_end) for trial in trials] == [
            "2021-06-30",
            "None",
            "2021-05-14",
            "None",
            "None",
            "None",
        ]
        assert [[str(event.date) for event in trial.countries[0].events] for trial in trials] == [
            ["2016-09-24", "2016-12-16"],
            ["2016-09-01", "2016-08-01"],
            ["2016-11-02", "2016-10-10"],
            ["2016-08-15", "2016-07-04"],
            ["2017-03-01", "2017-02-02"],
            [],
        ]

    def test_an_unfavourable_opinion_with_its_reasons(self, trials: list[Trial]) -> None:
        decision, opinion = trials[4].countries[0].events
        assert decision.decision is Regulatory.AUTHORISED
        assert opinion.outcome == Coded(term="NOT_FAVOURABLE", text="Not-Favourable")
        assert opinion.text == "The leaflet for children\nwas too hard to read"

    def test_titles_in_the_language_of_the_tag(self, trials: list[Trial]) -> None:
        """1.11: the English title of Italy is empty."""
        assert [trial.scientific_title for trial in trials] == [TITLE, TITLE, None, TITLE, TITLE, TITLE]
        assert [[(said.language, said.text[:9]) for said in t.scientific_title_translations] for t in trials] == [
            [("de", "Eine rand")],
            [("es", "Ensayo al")],
            [("it", "Studio ra")],
            [],
            [("sv", "En random")],
            [],
        ]

    def test_products_in_the_order_and_number_of_each_country(self, trials: list[Trial]) -> None:
        """1.9: a role may be empty, and products are numbered anew in each country."""
        test, comparator, placebo = ProductRole.TEST, ProductRole.COMPARATOR, ProductRole.PLACEBO
        cells, stim = "Beispielcel", "Samplostim 300 solution"
        assert [[(p.number, p.role, p.name) for p in trial.interventions] for trial in trials] == [
            [("1", test, cells), ("2", comparator, stim), ("1", placebo, None)],
            [("1", comparator, stim), ("2", test, cells), ("1", placebo, None)],
            [("1", None, cells), ("2", comparator, stim), ("3", test, "Provaderm"), ("1", placebo, None)],
            [("1", test, cells), ("2", None, stim), ("1", placebo, None)],
            [("1", test, cells), ("1", placebo, None)],
            [("1", test, cells), ("2", comparator, stim), ("1", placebo, None)],
        ]
        assert [[p.orphan for p in trial.interventions if p.name == cells] for trial in trials] == [
            [True],
            [True],
            [True],
            [True],
            [False],
            [True],
        ]

    def test_advanced_therapies(self, trials: list[Trial]) -> None:
        skin = trials[2].interventions[2]
        assert skin.advanced_therapy is True
        assert [each.type for each in skin.advanced_therapies] == [
            TherapyType.SOMATIC_CELL,
            TherapyType.TISSUE_ENGINEERED,
        ]
        assert [each.term for each in skin.characteristics] == ["COMBINED_ADVANCED_THERAPY"]
        assert [substance.name for substance in skin.substances] == ["Skin cells on a pretend scaffold"]

    def test_criteria(self, trials: list[Trial]) -> None:
        inclusion = "1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L"
        exclusion = "1. A donor among brothers and sisters\n2. Pregnancy"
        assert [tuple(each.text for each in trial.eligibility.criteria) for trial in trials] == [
            (inclusion, exclusion),
            (inclusion + "\n3. Lives within two hours of a centre", exclusion),
            (inclusion, exclusion),
            (inclusion, exclusion.replace("among brothers and sisters", "in the family")),
            (inclusion, exclusion),
            (inclusion, exclusion),
        ]

    def test_sites_and_length_in_each_country(self, trials: list[Trial]) -> None:
        assert [(t.countries[0].single_site, t.countries[0].multiple_sites, t.countries[0].sites) for t in trials] == [
            (False, True, 4),
            (False, True, 5),
            (True, False, None),
            (False, True, 3),
            (False, True, 2),
            (None, None, None),
        ]
        assert [trial.countries[0].duration for trial in trials] == [
            years(4, 6, 15),
            years(4),
            years(4, 6, 15),
            years(4, 6, 15),
            years(4, 6, 15),
            (),
        ]
        assert [trial.design.arms for trial in trials] == [3, 3, 2, 3, 3, 3]

    def test_sponsors(self, trials: list[Trial]) -> None:
        assert [[sponsor.role for sponsor in trial.sponsors] for trial in trials] == [
            [SponsorRole.PRIMARY, SponsorRole.CO_SPONSOR, SponsorRole.SUPPORT, SponsorRole.SUPPORT, SponsorRole.NETWORK],
            [SponsorRole.PRIMARY, SponsorRole.CO_SPONSOR, SponsorRole.SUPPORT, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
            [SponsorRole.PRIMARY, SponsorRole.SUPPORT],
        ]

    def test_evidence_names_the_lines(self, six: list[Parsed], fixtures: Path) -> None:
        lines = (fixtures / "euctr" / "six_countries.txt").read_bytes().decode().split("\r\n")
        (source,) = six[4].evidence("countries[0].events[1].text").sources
        first, last = (int(number) for number in re.findall(r"\d+", source.place.path)[:2])
        assert lines[first - 1].endswith("unfavourable opinion: The leaflet for children")
        assert lines[last - 1] == "was too hard to read"
        assert source.place.record == 4
