"""Six country records and the results that contradict them: what they come to, typed by hand from files and rules.

The files are `six_countries.txt` and `six_countries_results.xml`, the rules those of `combining/rules/trialparse.tsv`.
"""

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest

from tests.combining.records import past, read_back, values_of
from tests.counting import some
from tests.registries.euctr.six_countries import (
    ANAEMIA,
    BLOOD,
    CELLS,
    CHILDREN,
    COMPARATORS,
    CONTRACEPTION,
    EJEMPLO,
    INCAPABLE,
    MUSTER,
    MUSTER_PAYS,
    NETWORK,
    NUMBER,
    PAGE,
    PLACEBO,
    PRETEND_PAYS,
    SCOPES,
    STIM,
    TITLE,
    day,
    years,
)
from trialparse import combine, from_json, schema, to_json
from trialparse.combining import Combined
from trialparse.diagnostics import Problem
from trialparse.export.json import to_dict
from trialparse.model import (
    AgeGroupCount,
    Arm,
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
    FollowUp,
    Missing,
    Objective,
    Organisation,
    Results,
    Status,
    Trial,
)
from trialparse.model.interventions import AdvancedTherapy, Intervention, Substance
from trialparse.model.results import FlowArm, FlowCount, FlowPeriod, Milestone, ParticipantFlow
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    AnalysisStage,
    ArmType,
    Assignment,
    ContactKind,
    CriterionKind,
    EndpointKind,
    EventKind,
    InterventionType,
    Masking,
    MilestoneKind,
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
)
from trialparse.model.values import Coded, Identifier, Translation
from trialparse.parsing.parsed import Parsed

STORED = ("DE", "ES", "IT", "GB", "SE", "Outside EU/EEA")
"""Whose records stand in the file, in its order."""


def also(**texts: str) -> tuple[Translation, ...]:
    """Return a text in other languages."""
    return tuple(Translation(text=text, language=language) for language, text in texts.items())


# the countries ------------------------------------------------------------------------------------------------------


def decided(decision: str, opinion: str, outcome: str = "Favourable", reasons: str | None = None) -> dict[str, Any]:
    """Return what section N of a record comes to."""
    term = outcome.upper().replace("-", "_")
    return {
        "first_decision": day(decision),
        "events": (
            Event(kind=EventKind.DECISION, date=day(decision), decision=Regulatory.AUTHORISED),
            Event(
                kind=EventKind.ETHICS_OPINION, date=day(opinion), outcome=Coded(term=term, text=outcome), text=reasons
            ),
        ),
    }


SEVERAL = {"single_site": False, "multiple_sites": True}

COUNTRIES = (
    Country(
        code="DE",
        status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ENDED, text="Completed"),
        authority="Germany - PEI",
        planned=30,
        enrolled=29,
        sites=4,
        duration=years(4, 6, 15),
        **SEVERAL,
        **decided("2016-09-24", "2016-12-16"),
    ),
    Country(
        code="ES",
        status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ONGOING, text="Ongoing"),
        authority="Spain - AEMPS",
        planned=40,
        enrolled=41,
        sites=5,
        duration=years(4),
        **SEVERAL,
        **decided("2016-09-01", "2016-08-01"),
    ),
    Country(
        code="GB",
        status=Status(text="GB - no longer in EU/EEA"),
        authority="UK - MHRA",
        planned=25,
        enrolled=25,
        sites=3,
        duration=years(4, 6, 15),
        **SEVERAL,
        **decided("2016-08-15", "2016-07-04"),
    ),
    Country(
        code="IT",
        status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.TERMINATED_EARLY, text="Prematurely Ended"),
        authority="Italy - Italian Medicines Agency",
        planned=20,
        enrolled=7,
        single_site=True,
        multiple_sites=False,
        duration=years(4, 6, 15),
        **decided("2016-11-02", "2016-10-10"),
    ),
    Country(
        code="SE",
        status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.HALTED, text="Temporarily Halted"),
        authority="Sweden - MPA",
        planned=15,
        sites=2,
        duration=years(4, 6, 15),
        **SEVERAL,
        **decided("2017-03-01", "2017-02-02", "Not-Favourable", "The leaflet for children\nwas too hard to read"),
    ),
    Country(name="Outside EU/EEA"),
    Country(code="CA", enrolled=36),
)
"""The countries, without what their records say otherwise; Canada is in the results alone, which have no Swede."""

# what the records come to together ----------------------------------------------------------------------------------

GERMAN_TITLE = (
    "Eine randomisierte, doppelblinde, placebokontrollierte Prüfung von Beispielcel nach Samplostim"
    " bei Kindern und Erwachsenen mit Muster-Anämie"
)
SPANISH_TITLE = (
    "Ensayo aleatorizado, doble ciego y controlado con placebo de beispielcel tras samplostim"
    " en niños y adultos con anemia de muestra"
)
ITALIAN_TITLE = "Studio randomizzato, in doppio cieco, di beispielcel dopo samplostim nell'anemia campione"
SWEDISH_TITLE = "En randomiserad, dubbelblind prövning av beispielcel vid exempelanemi"
FOUND_TITLE = "A trial of beispielcel in children and adults with muster anaemia"
GERMAN_LAY = "Korrigierte Blutstammzellen für Menschen mit Muster-Anämie"
SPANISH_LAY = "Células madre corregidas para personas con anemia de muestra"

SKIN = Intervention(
    name="Provaderm",
    number="3",
    type=InterventionType.BIOLOGICAL,
    role=ProductRole.TEST,
    sponsor_code="PRO-3",
    authorised=False,
    orphan=False,
    form=Coded(term="IMPLANT", text="Implant"),
    paediatric=False,
    routes=(Coded(term="IMPLANTATION", text="Implantation"),),
    substances=(
        Substance(
            name="Skin cells on a pretend scaffold",
            synonyms=("Skin cells on a pretend scaffold",),
        ),
    ),
    advanced_therapy=True,
    advanced_therapies=(
        AdvancedTherapy(type=TherapyType.SOMATIC_CELL),
        AdvancedTherapy(type=TherapyType.TISSUE_ENGINEERED),
    ),
    characteristics=(Coded(term="COMBINED_ADVANCED_THERAPY", text="Combination with a device"),),
)
"""The product that only Italy has."""
INCLUSION = "1. Muster anaemia for at least one year\n\n2. Haemoglobin < 80 g/L"
EXCLUSION = "1. A donor among brothers and sisters\n2. Pregnancy"
AIM = "To compare the need for transfusions"
SECOND_AIM = "To describe safety,\nand how long corrected cells last"

COUNTS = (
    AgeGroupCount(group=AgeGroup.UNDER_18, planned=70),
    AgeGroupCount(group=AgeGroup.INFANT, planned=10, actual=8),
    AgeGroupCount(group=AgeGroup.CHILD, planned=40, actual=37),
    AgeGroupCount(group=AgeGroup.ADOLESCENT, planned=20, actual=19),
    AgeGroupCount(group=AgeGroup.ADULT, planned=75, actual=70),
    AgeGroupCount(group=AgeGroup.ELDERLY, planned=5),
    AgeGroupCount(group=AgeGroup.IN_UTERO, actual=0),
    AgeGroupCount(group=AgeGroup.PRETERM_NEWBORN, actual=0),
    AgeGroupCount(group=AgeGroup.NEWBORN, actual=0),
    AgeGroupCount(group=AgeGroup.AGE_65_84, actual=4),
    AgeGroupCount(group=AgeGroup.AGE_85_PLUS, actual=0),
)

FOUND_SPONSOR = Organisation(
    name="MUSTER-BIOTECH GmbH",
    role=SponsorRole.PRIMARY,
    address="Musterweg 3",
    city="Musterstadt",
    postcode="00300",
    country="DE",
    contacts=(
        Contact(
            kind=ContactKind.PUBLIC,
            name="Results Desk",
            organisation="MUSTER-BIOTECH GmbH",
            email="results@example.org",
            phone="+99 000303",
        ),
    ),
)

FOUND = Results(
    stage=AnalysisStage.FINAL,
    analysis_date=past("2021-12-01"),
    primary_completion=True,
    flow=ParticipantFlow(
        recruitment="No participant was taken in in Sweden.",
        periods=(
            FlowPeriod(
                id="PostAssignmentPeriod-1",
                title="Overall trial",
                baseline=True,
                exclusive_arms=True,
                allocation=Allocation.RANDOMISED,
                blinded=True,
                masking=Masking.DOUBLE,
                arms=(
                    FlowArm(id="Arm-4", title="Beispielcel", type=ArmType.EXPERIMENTAL),
                    FlowArm(id="Arm-5", title="Placebo", type=ArmType.PLACEBO_COMPARATOR),
                ),
                milestones=(
                    Milestone(
                        id="StartedMilestone-3",
                        kind=MilestoneKind.STARTED,
                        counts=(FlowCount(group="Arm-4", participants=92), FlowCount(group="Arm-5", participants=46)),
                    ),
                    Milestone(
                        id="CompletedMilestone-2",
                        kind=MilestoneKind.COMPLETED,
                        counts=(FlowCount(group="Arm-4", participants=90), FlowCount(group="Arm-5", participants=46)),
                    ),
                ),
            ),
        ),
    ),
)

TOGETHER = Trial(
    id=NUMBER,
    registry="EUCTR",
    identifiers=(
        Identifier(scheme="EudraCT", value=NUMBER, check=True),
        Identifier(scheme="ISRCTN", value="ISRCTN99990300"),
        Identifier(scheme="NCT", value="NCT99990300"),
        Identifier(scheme="UTN", value="U1111-9999-0300"),
        Identifier(scheme="other", value="PRETEND IND 99300"),
        Identifier(scheme="protocol", value="MUSTER-300"),
        Identifier(scheme="protocol", value="MUSTER-300-SE"),
        Identifier(scheme="protocol", value="MUSTER300"),
    ),
    public_title="Corrected blood stem cells for people with muster anaemia",
    public_title_translations=also(de=GERMAN_LAY, es=SPANISH_LAY),
    scientific_title=FOUND_TITLE,
    scientific_title_translations=also(de=GERMAN_TITLE, es=SPANISH_TITLE, it=ITALIAN_TITLE, sv=SWEDISH_TITLE),
    acronym="MUSTERCELL",
    acronym_translations=also(de="MUSTERZELLE"),
    objectives=(
        Objective(kind=ObjectiveKind.MAIN, text=AIM + "."),
        Objective(kind=ObjectiveKind.MAIN, text=AIM, translations=also(de="Vergleich des Bedarfs an Transfusionen")),
        Objective(
            kind=ObjectiveKind.SECONDARY,
            text=SECOND_AIM,
            translations=also(de="Sicherheit,\nund wie lange korrigierte Zellen bleiben"),
        ),
    ),
    study_type=StudyType.INTERVENTIONAL,
    design=Design(
        allocation=frozenset({Allocation.RANDOMISED}),
        assignment=frozenset({Assignment.PARALLEL, Assignment.OTHER}),
        other_assignment="Adults begin before children",
        other_assignment_translations=also(de="Erwachsene beginnen vor Kindern"),
        masking=frozenset({Masking.DOUBLE}),
        controlled=True,
        comparators=COMPARATORS,
        other_comparator="Regular transfusion",
        other_comparator_translations=also(de="Regelmäßige Transfusion"),
        scopes=SCOPES,
        other_scope="Long-term engraftment",
        other_scope_translations=also(de="Langfristiges Anwachsen"),
        substudy=True,
        substudies="Marrow imaging, 2016-02-01, version 1: to see where cells settle",
        substudies_translations=also(de="Bildgebung des Marks, 2016-02-01, Version 1"),
        region=Region.EEA_AND_ELSEWHERE,
        single_site=False,
        multiple_sites=True,
        multinational=True,
        sites_eea=20,
        duration=years(5, 3, 10),
        end_definition="Last visit of the last participant",
        end_definition_translations=also(de="Letzte Visite"),
        follow_up=FollowUp(planned=False),
    ),
    phases=frozenset({Phase.II, Phase.III}),
    status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ENDED),
    countries=COUNTRIES,
    countries_elsewhere=(
        Coded(term="CA", text="Canada"),
        Coded(term="DE", text="Germany"),
        Coded(term="KR", text="Korea, Republic of"),
    ),
    conditions=(
        Condition(
            text="Muster anaemia",
            translations=also(de="Muster-Anämie", es="Anemia de muestra"),
            lay_text="Too few red blood cells",
            lay_text_translations=also(de="Zu wenige rote Blutkörperchen"),
            rare=True,
        ),
    ),
    condition_codes=ANAEMIA,
    therapeutic_areas=(BLOOD,),
    interventions=(CELLS, STIM, PLACEBO, SKIN),
    arms=(Arm(title="Beispielcel"), Arm(title="Placebo")),
    endpoints=(
        Endpoint(
            kind=EndpointKind.PRIMARY,
            text="Months without transfusion",
            translations=also(de="Monate ohne Transfusion"),
            time_frame="Month 24",
            time_frame_translations=also(de="Monat 24"),
        ),
        Endpoint(
            kind=EndpointKind.SECONDARY,
            text="Adverse events\nCorrected cells in blood",
            translations=also(de="Unerwünschte Ereignisse\nKorrigierte Zellen im Blut"),
            time_frame="Months 6, 12 and 24",
            time_frame_translations=also(de="Monate 6, 12 und 24"),
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
        incapable_of_consent_translations=also(de="Kinder"),
        other_vulnerable_group="People far from a centre",
        other_vulnerable_group_translations=also(de="Menschen fern eines Zentrums"),
        criteria=(
            Criterion(
                kind=CriterionKind.INCLUSION,
                text=INCLUSION,
                translations=also(de="1. Muster-Anämie seit mindestens einem Jahr\n\n2. Hämoglobin < 80 g/L"),
            ),
            Criterion(
                kind=CriterionKind.EXCLUSION,
                text=EXCLUSION,
                translations=also(
                    de="1. Spender unter Geschwistern\n2. Schwangerschaft",
                    es="1. Donante entre hermanos\n2. Embarazo",
                ),
            ),
            Criterion(kind=CriterionKind.INCLUSION, text=INCLUSION + "\n3. Lives within two hours of a centre"),
            Criterion(kind=CriterionKind.EXCLUSION, text="1. A donor in the family\n2. Pregnancy"),
        ),
    ),
    enrolment=Enrolment(planned=250, planned_eea=110, actual=138, by_age=COUNTS),
    dates=Dates(
        registered=day("2016-05-12"),
        decision=day("2016-08-15"),
        recruitment_start=past("2017-02-01"),
        primary_completion=past("2021-08-31"),
        global_end=past("2021-08-31"),
    ),
    sponsors=(
        MUSTER,
        EJEMPLO,
        MUSTER_PAYS,
        PRETEND_PAYS,
        NETWORK,
        FOUND_SPONSOR,
        Organisation(name="MUSTER-BIOTECH", role=SponsorRole.PRIMARY),
    ),
    funding=("Muster Biotech GmbH", "Pretend Foundation for Rare Blood"),
    paediatric_plan=True,
    paediatric_decision="P/0999/2015",
    paediatric_earlier=False,
    paediatric_holder=False,
    aftercare="Usual care by the family doctor",
    aftercare_translations=also(de="Übliche Behandlung"),
    first_authorised_in=Coded(term="CA", text="Canada"),
    data_monitoring_committee=True,
    results=FOUND,
    missing=(
        Missing(field="phase_detail", kind=MissingKind.NONE_STATED),
        Missing(field="countries[2].status.trial", kind=MissingKind.UNKNOWN),
        Missing(field="url", kind=MissingKind.DISAGREED),
        Missing(field="design.arms", kind=MissingKind.DISAGREED),
        Missing(field="status.text", kind=MissingKind.DISAGREED),
    ),
)
"""What six records and the results come to together."""

# what the record of each country says otherwise ----------------------------------------------------------------------

ALL = "identifiers url objectives design.arms conditions interventions eligibility.criteria enrolment.by_age sponsors"
"""What every record says otherwise than all of them together."""

TITLED = f"{ALL} scientific_title"
"""The same with the full title, which is that of the results."""

OTHERWISE = {
    "DE": f"{TITLED} public_title_translations scientific_title_translations phases enrolment.planned dates.global_end",
    "ES": f"{TITLED} public_title_translations scientific_title_translations phases endpoints dates.registered",
    "IT": f"{ALL} scientific_title_translations design.substudy endpoints eligibility.vulnerable_groups"
    " enrolment.planned dates.registered dates.global_end funding",
    "GB": f"{TITLED} design.substudy phases endpoints eligibility.vulnerable_groups enrolment.planned dates.registered"
    " funding",
    "SE": f"{TITLED} scientific_title_translations design.substudy phases endpoints eligibility.vulnerable_groups"
    " dates.registered funding",
    "Outside EU/EEA": f"{TITLED} design.substudy phases countries_elsewhere endpoints eligibility.vulnerable_groups"
    " enrolment.planned dates.registered funding",
}
"""In which fields each record says something else."""

BY_AGE = [
    {"group": "UNDER_18", "planned": 70},
    {"group": "INFANT", "planned": 10},
    {"group": "CHILD", "planned": 40},
    {"group": "ADOLESCENT", "planned": 20},
    {"group": "ADULT", "planned": 75},
    {"group": "ELDERLY", "planned": 5},
]

ANY_GROUPS = [
    {"term": "WOMEN_USING_CONTRACEPTION", "text": "Women of childbearing potential using contraception"},
    {"term": "INCAPABLE_OF_CONSENT", "text": "Incapable of giving consent"},
]
END = {"year": 2021, "month": 6, "day": 30, "estimated": False}
EARLY_END = {"year": 2021, "month": 5, "day": 14, "estimated": False}

VALUES: dict[str, dict[str, Any]] = {
    "DE": {"phases": ["III"], "enrolment.planned": 150, "design.arms": 3, "dates.global_end": END},
    "ES": {"phases": ["III"], "design.arms": 3, "dates.registered": {"year": 2016, "month": 6, "day": 1}},
    "IT": {"enrolment.planned": 150, "design.arms": 2, "design.substudy": False, "dates.global_end": EARLY_END},
    "GB": {"phases": ["III"], "enrolment.planned": 150, "design.arms": 3, "funding": ["Muster Biotech GmbH"]},
    "SE": {"phases": ["III"], "design.arms": 3, "eligibility.vulnerable_groups": ANY_GROUPS},
    "Outside EU/EEA": {
        "phases": ["III"],
        "enrolment.planned": 160,
        "design.arms": 3,
        "countries_elsewhere": [{"term": "CA", "text": "Canada"}, {"term": "KR", "text": "Korea, Republic of"}],
    },
}
"""Some of these values; each record also has its own page and the same planned numbers by age."""
PAGES = dict(zip(STORED, ("DE/", "ES/", "IT/", "GB/", "SE/", "3rd/"), strict=True))

DIFFER = (
    "identifiers public_title_translations scientific_title scientific_title_translations url objectives"
    " design.arms design.substudy phases status.trial status.text countries_elsewhere conditions interventions"
    " endpoints eligibility.vulnerable_groups eligibility.criteria enrolment.planned enrolment.by_age"
    " dates.registered dates.decision dates.global_end sponsors funding"
)
"""Of which fields the records do not say the same."""


@pytest.fixture(scope="module")
def lines(fixtures: Path) -> list[str]:
    return (fixtures / "euctr" / "six_countries.txt").read_text(encoding="utf-8").splitlines()


def differing(trial: Trial) -> dict[str, dict[str, Any]]:
    """Return what the record of each country says otherwise."""
    return {
        country.code or country.name or "": {one.field: read_back(one.value) for one in country.differing}
        for country in trial.countries
    }


class TestTrial:
    """Every value is the one that its rule makes of what stands in the files."""

    @pytest.mark.parametrize("field", [field.name for field in attrs.fields(Trial) if field.name != "not_carried"])
    def test_value(self, combined: Combined, field: str) -> None:
        found = getattr(combined.trial, field)
        if field == "countries":
            found = tuple(attrs.evolve(country, differing=()) for country in found)

        assert getattr(TOGETHER, field) == found

    def test_what_no_record_carries(self, combined: Combined) -> None:
        """Results carry what protocols do not; what neither carries, the trial does not."""
        lists = [record.trial.not_carried for record in combined.records]

        assert "results.outcomes" in lists[0] or "results" in lists[0]
        assert not any(field.startswith("results.outcomes") for field in combined.trial.not_carried)
        assert "scientific_title" in {*lists[0], *lists[-1]} or "scientific_title" not in combined.trial.not_carried
        assert "design.periods" in combined.trial.not_carried

    def test_what_countries_say_otherwise(self, combined: Combined) -> None:
        found = differing(combined.trial)

        assert {"CA": {}} | {name: set(fields.split()) for name, fields in OTHERWISE.items()} == {
            name: set(fields) or {} for name, fields in found.items()
        }
        for name, values in VALUES.items():
            whole = values | {"url": PAGE + PAGES[name], "enrolment.by_age": BY_AGE}
            assert whole == {field: found[name][field] for field in whole}

    def test_nothing_that_a_record_says_is_lost(self, combined: Combined) -> None:
        """A list that differs stands in the country as the record has it, to the last product."""
        order = (0, 1, 3, 2, 4, 5)  # by the codes of countries
        for country, index in some(zip(combined.trial.countries, order, strict=False), 6):
            record = combined.records[index]
            found = {one.field: read_back(one.value) for one in country.differing}
            own = to_dict(record.trial)
            for field in ("interventions", "sponsors", "objectives", "conditions"):
                assert own[field] == found[field]

    def test_names(self, combined: Combined) -> None:
        assert [f"{NUMBER} {name}" for name in (*STORED, "results")] == [*combined.names]


class TestRules:
    """Each value names the rule that made it, and keeps what each record says beside it."""

    @pytest.mark.parametrize(
        ("field", "verb", "argument"),
        [
            ("id", "number", ""),
            ("scientific_title", "foremost", "first"),
            ("url", "all_agree", ""),
            ("design.arms", "all_agree", ""),
            ("design.substudy", "any", ""),
            ("design.follow_up", "results", "first"),
            ("phases", "union", ""),
            ("status.trial", "results", "only ENDED|TERMINATED_EARLY precedence"),
            ("countries", "each", ""),
            ("eligibility.age_subgroups", "union", ""),
            ("enrolment.planned", "maximum", ""),
            ("enrolment.actual", "results", "maximum"),
            ("dates.registered", "earliest", ""),
            ("dates.decision", "earliest", ""),
            ("dates.recruitment_start", "results", "earliest"),
            ("dates.global_end", "results", "latest"),
            ("sponsors", "merge", "name with contacts codes"),
            ("data_monitoring_committee", "any", ""),
            ("results.flow", "whole", ""),
        ],
    )
    def test_rule(self, combined: Combined, field: str, verb: str, argument: str) -> None:
        rule = combined.rule(field)

        assert verb == rule.verb
        assert " ".join(rule.argument).startswith(argument)
        rows = combined.evidence(field).row.split()
        assert rows[0] == rule.name or field == "countries"

    def test_fields_that_differ(self, combined: Combined) -> None:
        assert DIFFER.split() == [*combined.differs]

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("phases", {"DE": "III", "ES": "III", "IT": "II III", "GB": "III", "SE": "III", "Outside EU/EEA": "III"}),
            ("status.trial", {"DE": "ENDED", "ES": "ONGOING", "IT": "TERMINATED_EARLY", "SE": "HALTED", None: "ENDED"}),
            (
                "enrolment.planned",
                {"DE": "150", "ES": "250", "IT": "150", "GB": "150", "SE": "250", "Outside EU/EEA": "160"},
            ),
            ("enrolment.actual", {None: "138"}),
            ("design.arms", {"DE": "3", "ES": "3", "IT": "2", "GB": "3", "SE": "3", "Outside EU/EEA": "3"}),
            ("dates.global_end", {"DE": "2021-06-30", "IT": "2021-05-14", None: "2021-08-31"}),
            ("interventions[3].name", {"IT": "Provaderm"}),
            ("interventions[0].orphan", dict.fromkeys(STORED, "True") | {"SE": "False"}),
            ("interventions[0].number", dict.fromkeys(STORED, "1") | {"ES": "2"}),
            (
                "interventions[1].role",
                {"DE": "COMPARATOR", "ES": "COMPARATOR", "IT": "COMPARATOR", "Outside EU/EEA": "COMPARATOR"},
            ),
            ("sponsors[0].name", dict.fromkeys(STORED, "Muster Biotech GmbH")),
            ("sponsors[5].name", {None: "MUSTER-BIOTECH GmbH"}),
        ],
    )
    def test_spread(self, combined: Combined, field: str, said: dict[str | None, str]) -> None:
        def word(value: Any) -> str:
            if isinstance(value, frozenset):
                return " ".join(sorted(one.name for one in value))
            return str(getattr(value, "name", value))

        assert said == {country: word(value) for country, value in values_of(combined, field)}

    def test_sponsors_as_each_record_has_them(self, combined: Combined) -> None:
        names = {one.country: [sponsor.name for sponsor in one.value] for one in combined.spread("sponsors")}
        muster, pretend, network = "Muster Biotech GmbH", "Pretend Foundation for Rare Blood", NETWORK.name
        alone = [muster, muster]

        assert names == {
            "DE": [muster, EJEMPLO.name, muster, pretend, network],
            "ES": [muster, EJEMPLO.name, muster, pretend],
            "IT": alone,
            "GB": alone,
            "SE": alone,
            "Outside EU/EEA": alone,
            None: ["MUSTER-BIOTECH GmbH", "MUSTER-BIOTECH"],
        }


class TestDiagnostics:
    """What the records do not agree on is told, and where results contradict protocols it is a conflict."""

    def test_conflicts(self, combined: Combined) -> None:
        found = [one.field for one in combined.diagnostics if one.problem is Problem.CONFLICT]

        assert ["status.trial", "dates.global_end"] == found

    def test_differences(self, combined: Combined) -> None:
        found = [one.field for one in combined.diagnostics if one.problem is Problem.DIFFERS]

        assert [field for field in DIFFER.split() if field not in ("status.trial", "dates.global_end")] == found

    def test_they_tell_who_says_otherwise(self, combined: Combined) -> None:
        told = {one.field: (one.place.of, one.text) for one in combined.diagnostics if one.field in DIFFER.split()}

        assert (f"{NUMBER} ES", "Ongoing") == told["status.trial"]
        assert (f"{NUMBER} DE", "2021-06-30") == told["dates.global_end"]
        assert (f"{NUMBER} DE", "150") == told["enrolment.planned"]
        assert (f"{NUMBER} DE", TITLE) == told["scientific_title"]


class TestEvidence:
    """Places name the record, and the words stand there."""

    def test_words_stand_at_their_places(self, combined: Combined, lines: list[str]) -> None:
        seen: Counter[str] = Counter()
        for found in combined.evidence().values():
            for source in found.sources:
                place = source.place
                assert combined.names[place.part or 0] == place.of
                number = re.match(r"(?:record \d+ )?lines? (\d+)(?:-(\d+))?", place.path)
                if number is not None and source.text:
                    first = int(number[1])
                    last = int(number[2] or first)
                    words = source.text.split()
                    assert words
                    assert all(word in " ".join(lines[first - 1 : last]) for word in words)
                    seen[place.of or ""] += 1
        assert {f"{NUMBER} {name}" for name in STORED} == set(seen)

    def test_results_are_named(self, combined: Combined) -> None:
        sources = combined.evidence("dates.global_end").sources

        assert [(f"{NUMBER} results", "/*[1]/trialInformation/globalEndOfTrialDate", "2021-08-31T00:00:00+02:00")] == [
            (source.place.of, source.place.path, source.text) for source in sources
        ]

    def test_an_element_of_several_records(self, combined: Combined) -> None:
        """Who has the product, in their order; the one of Spain is the second there."""
        found = combined.evidence("interventions[0].name").sources

        assert [f"{NUMBER} {name}" for name in STORED] == [source.place.of for source in found]


class TestExport:
    """The combined trial is one as any other: it validates, and comes back."""

    def test_json(self, combined: Combined) -> None:
        text = combined.to_json()
        told = json.loads(text)

        jsonschema.Draft202012Validator(schema()).validate(told["trial"])
        assert combined.trial == from_json(json.dumps(told["trial"]))
        assert [f"{NUMBER} {name}" for name in (*STORED, "results")] == [one["name"] for one in told["records"]]
        assert set(DIFFER.split()) == set(told["spread"])
        assert from_json(to_json(combined.trial)) == combined.trial


class TestOrder:
    """The order of the records changes nothing."""

    def test_shuffled(self, records: list[Parsed], combined: Combined) -> None:
        rotated = [records[index:] + records[:index] for index in range(7)]
        chance = random.Random(300)
        shuffled = [chance.sample(records, len(records)) for _ in range(20)]
        for order in some([*rotated, *shuffled, records[::-1]], 28):
            assert combined.trial == combine(order).trial
