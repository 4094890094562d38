"""What the record of Germany in `six_countries.txt` says, typed by hand; other records say much of it again."""

from trialparse.model import (
    AgeGroupCount,
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
    Missing,
    Objective,
    Organisation,
    Status,
    Trial,
)
from trialparse.model.interventions import AdvancedTherapy, Concentration, Intervention, Substance
from trialparse.model.terms import (
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
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate, Translation

NUMBER = "2016-099300-36"


PAGE = f"https://www.clinicaltrialsregister.eu/ctr-search/trial/{NUMBER}/"


def day(text: str, estimated: bool | None = None) -> PartialDate:
    """Return the date written as ISO 8601."""
    year, month, number = map(int, text.split("-"))
    return PartialDate(year=year, month=month, day=number, estimated=estimated)


def de(text: str) -> tuple[Translation, ...]:
    """Return a text in German alone."""
    return (Translation(text=text, language="de"),)


def years(number: int, months: int | None = None, days: int | None = None) -> tuple[Duration, ...]:
    """Return a length of time in the parts that are given."""
    parts = ((number, TimeUnit.YEAR), (months, TimeUnit.MONTH), (days, TimeUnit.DAY))
    return tuple(Duration(value=value, unit=unit) for value, unit in parts if value is not None)


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
    type=InterventionType.BIOLOGICAL,
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
    type=InterventionType.BIOLOGICAL,
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


CONTRACEPTION = Coded(term="WOMEN_USING_CONTRACEPTION", text="Women of childbearing potential using contraception")


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
    dates=Dates(
        registered=day("2016-05-12"), decision=day("2016-09-24"), global_end=day("2021-06-30", estimated=False)
    ),
    sponsors=(MUSTER, EJEMPLO, MUSTER_PAYS, PRETEND_PAYS, NETWORK),
    funding=("Muster Biotech GmbH", "Pretend Foundation for Rare Blood"),
    paediatric_plan=True,
    paediatric_decision="P/0999/2015",
    aftercare="Usual care by the family doctor",
    aftercare_translations=de("Übliche Behandlung"),
    data_monitoring_committee=True,
    missing=(Missing(field="phase_detail", kind=MissingKind.NONE_STATED),),
)
