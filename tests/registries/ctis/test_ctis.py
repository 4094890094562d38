"""What the CTIS fixtures say, typed by hand from the documents, and the traps of the register as laws."""

import copy
import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest

from tests.conftest import FIXTURES
from trialparse.diagnostics import NotOneRecord, Problem, Rejected, Severity, TrialParseError, UnrecognisedFormat
from trialparse.model import Country, Missing, Organisation, Status, Trial
from trialparse.model.interventions import AdvancedTherapy, Dose, Intervention
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    CellOrigin,
    CellType,
    CriterionKind,
    EndpointKind,
    EventKind,
    GeneVehicle,
    MaskedRole,
    Masking,
    MissingKind,
    Phase,
    PhaseDetail,
    PopulationGroup,
    ProductRole,
    Progress,
    Recruitment,
    Region,
    Regulatory,
    Responsibility,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
    TimeUnit,
)
from trialparse.model.values import Duration, PartialDate
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Parsed

FOLDER = FIXTURES / "ctis"
RECORDS = (
    "immunostem",
    "multinational",
    "halted",
    "early_terminated",
    "ended_with_results",
    "placebo_blinded",
    "v2_2024_06",
    "v1_as_v2",
)
"""The fixtures in today's shape of a record."""

Axes = tuple[Regulatory | None, Progress | None, Recruitment | None]

# The labels of the public status (EMA/441149/2024) on the three axes
UNDER_EVALUATION: Axes = (Regulatory.UNDER_EVALUATION, None, None)
RECRUITMENT_PENDING: Axes = (Regulatory.AUTHORISED, Progress.NOT_STARTED, Recruitment.PENDING)
AUTHORISED_RECRUITING: Axes = (Regulatory.AUTHORISED, Progress.NOT_STARTED, Recruitment.RECRUITING)
ONGOING_RECRUITING: Axes = (Regulatory.AUTHORISED, Progress.ONGOING, Recruitment.RECRUITING)
RECRUITMENT_ENDED: Axes = (Regulatory.AUTHORISED, Progress.ONGOING, Recruitment.ENDED)
TEMPORARILY_HALTED: Axes = (Regulatory.AUTHORISED, Progress.HALTED, Recruitment.HALTED)
ENDED: Axes = (Regulatory.AUTHORISED, Progress.ENDED, Recruitment.ENDED)
NOTHING: Axes = (None, None, None)

NOTIFIED = {
    EventKind.TRIAL_START,
    EventKind.RECRUITMENT_START,
    EventKind.RECRUITMENT_END,
    EventKind.RECRUITMENT_RESTART,
    EventKind.HALT,
    EventKind.RESTART,
    EventKind.EARLY_TERMINATION,
    EventKind.TRIAL_END,
}
"""What sponsors notify; the rest is the authorities' doing."""


@cache
def record(name: str) -> Parsed:
    return parse(FOLDER / f"{name}.json")


@cache
def rows(name: str) -> tuple[Parsed, ...]:
    found = tuple(read(FOLDER / name))
    assert all(one.ok for one in found)
    return found  # type: ignore[return-value]


def trial(name: str) -> Trial:
    return record(name).trial


def document(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def changed(name: str, change: Callable[[Any], object]) -> Trial:
    """Return the trial of a fixture after a change of its document."""
    made = document(name)
    change(made)
    return parse(json.dumps(made).encode()).trial


def day(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def axes(status: Status) -> Axes:
    return status.regulatory, status.trial, status.recruitment


def numbers(one: Trial) -> list[tuple[str, str]]:
    return [(number.scheme, number.value) for number in one.identifiers]


def states(one: Trial) -> dict[str | None, Axes]:
    return {country.code: axes(country.status) for country in one.countries}


def by_country(one: Trial, *fields: str) -> dict[str | None, tuple[Any, ...]]:
    """Return the named fields of each country, dates as text."""
    values = {country.code: [getattr(country, field) for field in fields] for country in one.countries}
    return {code: tuple(str(v) if isinstance(v, PartialDate) else v for v in found) for code, found in values.items()}


def country(one: Trial, code: str) -> Country:
    (found,) = [each for each in one.countries if each.code == code]
    return found


def notified(one: Trial, code: str) -> set[tuple[EventKind, str]]:
    """Return what the sponsor has notified as having happened in a country."""
    return {
        (event.kind, str(event.date))
        for event in country(one, code).events
        if event.kind in NOTIFIED and event.date is not None and not event.date.estimated
    }


def decided(one: Trial, code: str) -> list[tuple[str | None, Regulatory | None]]:
    return [(day(e.date), e.decision) for e in country(one, code).events if e.kind is EventKind.DECISION]


def products(one: Trial) -> list[tuple[str | None, ProductRole | None, list[str | None], str | None]]:
    return [
        (each.name, each.role, [route.term for route in each.routes], each.form and each.form.term)
        for each in one.interventions
    ]


def amounts(product: Intervention) -> list[tuple[float | None, str | None]]:
    doses: list[Dose] = [product.daily_dose, product.total_dose]
    return [(dose.amount, dose.unit and dose.unit.term) for dose in doses]


def codes(product: Intervention) -> set[tuple[str, str]]:
    return {(code.system, code.value) for code in product.codes}


def organisations(one: Trial) -> list[tuple[str | None, SponsorRole | None, str | None, str | None]]:
    return [(each.name, each.role, each.type and each.type.term, each.country) for each in one.sponsors]


def duties(organisation: Organisation) -> list[str | None]:
    return [duty.term for duty in organisation.duties]


def endpoints(one: Trial, kind: EndpointKind) -> list[str | None]:
    return [each.text for each in one.endpoints if each.kind is kind]


def criteria(one: Trial, kind: CriterionKind) -> list[str | None]:
    return [each.text for each in one.eligibility.criteria if each.kind is kind]


def counts(one: Trial) -> tuple[int, int, int, int]:
    """Return how many primary and secondary endpoints, inclusion and exclusion criteria there are."""
    return (
        len(endpoints(one, EndpointKind.PRIMARY)),
        len(endpoints(one, EndpointKind.SECONDARY)),
        len(criteria(one, CriterionKind.INCLUSION)),
        len(criteria(one, CriterionKind.EXCLUSION)),
    )


def ages(one: Trial) -> tuple[Sex | None, frozenset[AgeGroup], frozenset[AgeGroup]]:
    return one.eligibility.sex, one.eligibility.age_groups, one.eligibility.age_subgroups


def planned(one: Trial) -> tuple[int | None, int | None, int | None]:
    return one.enrolment.planned, one.enrolment.planned_eea, one.enrolment.planned_elsewhere


def dates(one: Trial) -> dict[str, str]:
    found = {name: getattr(one.dates, name) for name in one.dates.__slots__}
    return {name: str(date) for name, date in found.items() if date is not None}


def areas(one: Trial) -> list[str | None]:
    return [area.term for area in one.therapeutic_areas]


def conditions(one: Trial) -> list[tuple[str | None, bool | None]]:
    return [(condition.text, condition.rare) for condition in one.conditions]


def sites(one: Trial) -> list[tuple[str | None, str | None]]:
    return [(site.name, site.country) for site in one.sites]


def kinds_of_documents(one: Trial) -> list[str | None]:
    return [each.type and each.type.term for each in one.documents]


def applications(one: Trial) -> dict[tuple[EventKind | None, str | None], str | None]:
    """Return the dates of what happened to each application."""
    return {(each.kind, each.application): day(each.date) for each in one.events if each.application is not None}


def problems(parsed: Parsed) -> list[tuple[str, str | None]]:
    return [(diagnostic.problem.name, diagnostic.field) for diagnostic in parsed.diagnostics]


def leaves(value: Any) -> int:
    """Count scalars, empty lists and empty objects."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(leaves(each) for each in below) or 1


def at(value: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        value = value[int(key) if isinstance(value, list) else key.replace("~1", "/").replace("~0", "~")]
    return value


def said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# One class a document


class TestImmunostem:
    """A first-in-human gene therapy, authorised in Italy and not started, is read whole and without a remark."""

    def test_nothing_is_remarked_and_nothing_left_over(self) -> None:
        parsed = record("immunostem")
        assert parsed.diagnostics == ()
        assert parsed.audit().unmapped == {}
        assert parsed.trial.missing == ()

    def test_numbers(self) -> None:
        assert trial("immunostem").id == "2026-590101-24-00"
        assert trial("immunostem").registry == "CTIS"
        assert numbers(trial("immunostem")) == [("CTIS", "2026-590101-24-00"), ("protocol", "IMMUNOSTEM")]
        assert trial("immunostem").transitioned is False

    def test_titles(self) -> None:
        one = trial("immunostem")
        assert one.public_title == (
            "A first study in people of a gene therapy made from the patient's own stem cells in early type 1 diabetes"
        )
        assert one.scientific_title == (
            "A first-in-human phase I/II study on the safety of a gene therapy with autologous haematopoietic stem and "
            "progenitor cells expressing PD-L1 in adults with type 1 diabetes of recent onset (IMMUNOSTEM)"
        )
        assert [(each.language, each.text) for each in one.public_title_translations] == [
            (
                "it",
                (
                    "Primo studio nell’uomo di una terapia genica con le cellule staminali del paziente stesso "
                    "nel diabete di tipo 1 all’esordio"
                ),
            )
        ]
        assert one.scientific_title_translations == ()

    def test_phase_code_7(self) -> None:
        one = trial("immunostem")
        assert one.study_type is StudyType.INTERVENTIONAL
        assert one.phases == {Phase.I, Phase.II}
        assert one.phase_detail == {PhaseDetail.FIRST_IN_HUMAN, PhaseDetail.INTEGRATED}

    def test_design(self) -> None:
        design = trial("immunostem").design
        assert design.allocation == {Allocation.NON_RANDOMISED}
        assert design.masking == {Masking.OPEN}
        assert design.masked_roles == frozenset()
        assert [scope.term for scope in design.scopes] == ["SAFETY", "THERAPY", "EFFICACY"]
        assert [(period.number, period.title) for period in design.periods] == [("1", "Pilot phase")]
        assert (design.region, design.category, design.low_intervention) == (Region.EEA_ONLY, "2", False)
        assert [arm.title for arm in trial("immunostem").arms] == ["hPD-L1 gene-modified CD34+ cells"]

    def test_status_and_country(self) -> None:
        one = trial("immunostem")
        assert axes(one.status) == RECRUITMENT_PENDING
        assert states(one) == {"IT": RECRUITMENT_PENDING}
        assert by_country(one, "planned", "reporting", "first_decision", "last_decision") == {
            "IT": (15, True, "2026-09-17", "2026-09-17")
        }
        assert by_country(one, "start", "recruitment_start", "end") == {"IT": (None, None, None)}
        assert notified(one, "IT") == set()
        assert decided(one, "IT") == [("2026-09-17", Regulatory.AUTHORISED)]

    def test_status_of_the_application_over_time(self) -> None:
        history = [e for e in country(trial("immunostem"), "IT").events if e.kind is EventKind.STATUS]
        assert {(day(event.date), event.decision) for event in history} == {
            ("2026-05-11", Regulatory.UNDER_EVALUATION),
            ("2026-09-17", Regulatory.AUTHORISED),
        }

    def test_application(self) -> None:
        assert applications(trial("immunostem")) == {
            (EventKind.SUBMISSION, "IN"): "2026-05-11",
            (EventKind.ASSESSMENT, "IN"): "2026-09-14",
            (EventKind.DECISION, "IN"): "2026-09-17",
        }

    def test_condition(self) -> None:
        one = trial("immunostem")
        assert conditions(one) == [("Type 1 diabetes mellitus, early", False)]
        assert [(code.system, code.value, code.level, code.version) for code in one.condition_codes] == [
            ("MedDRA", "10067584", "PT", "27.1")
        ]
        assert areas(one) == ["C20", "C18"]

    def test_product(self) -> None:
        one = trial("immunostem")
        (product,) = one.interventions
        assert products(one) == [
            (
                "Autologous CD34+ HSPCs transduced ex vivo with a lentiviral vector encoding the hPD-L1 cDNA",
                ProductRole.TEST,
                ["INTRAVENOUS"],
                "DISPERSION FOR INFUSION",
            )
        ]
        assert amounts(product) == [(10.0, "10*6{cells}/kg"), (10.0, "10*6{cells}/kg")]
        assert product.duration == Duration(value=1, unit=TimeUnit.DAY)
        assert (product.authorised, product.orphan, product.paediatric, product.chemical) == (False,) * 4
        assert codes(product) == {("EV", "PRD99377142")}
        assert [(each.name, [code.value for code in each.codes]) for each in product.substances] == [
            ("AUTOLOGOUS CD34+ CELLS TRANSDUCED WITH LENTIVIRAL VECTOR ENCODING HPD-L1", ["SUB99825"])
        ]
        assert [each.term for each in product.characteristics] == ["RECOMBINANT", "GENETICALLY_MODIFIED"]

    def test_advanced_therapy(self) -> None:
        (product,) = trial("immunostem").interventions
        assert product.advanced_therapies == (
            AdvancedTherapy(
                type=TherapyType.GENE,
                cell_origin=CellOrigin.AUTOLOGOUS,
                cell_type=CellType.STEM,
                cell_detail="CD34+ haematopoietic stem and progenitor cells collected by apheresis after mobilisation",
                vehicle=GeneVehicle.VIRAL_VECTOR,
                gene="hPD-L1 (CD274) cDNA",
                genetically_modified=True,
                modified_cells="CD34+ haematopoietic stem and progenitor cells",
                description="Gene therapy ex vivo: the cells of the patient are transduced outside the body with a "
                "third-generation lentiviral vector (viral vector) and given back by one infusion.",
                classification="EMA/CAT/999001/2025",
            ),
        )

    def test_endpoints_and_criteria(self) -> None:
        one = trial("immunostem")
        assert counts(one) == (1, 3, 8, 8)
        assert endpoints(one, EndpointKind.PRIMARY) == [PRIMARY_ENDPOINT]
        assert criteria(one, CriterionKind.INCLUSION)[2] == "Age ≥ 18 and ≤ 40 years."
        assert criteria(one, CriterionKind.EXCLUSION)[5] == "QTcF > 470 msec."
        assert one.objectives[0].text == "To evaluate the safety of the study treatment."
        assert len(one.objectives) == 3

    def test_who_and_how_many(self) -> None:
        one = trial("immunostem")
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT}, {AgeGroup.ADULT})
        assert (one.eligibility.minimum_age, one.eligibility.maximum_age) == (None, None)
        assert one.eligibility.populations == {PopulationGroup.PATIENTS}
        assert one.eligibility.vulnerable is False
        assert planned(one) == (15, 15, 0)

    def test_dates(self) -> None:
        assert dates(trial("immunostem")) == {
            "submitted": "2026-05-11",
            "decision": "2026-09-17",
            "estimated_recruitment_start": "2027-01-15",
            "estimated_end": "2031-12-31",
            "estimated_global_end": "2031-12-31",
            "published": "2026-09-18",
        }

    def test_sponsor_site_and_contacts(self) -> None:
        one = trial("immunostem")
        assert organisations(one) == [
            ("Fondazione Ospedale Universitario Di Borgo Esempio", SponsorRole.PRIMARY, "HOSPITAL", "IT")
        ]
        assert one.sponsors[0].commercial is False
        assert {code.value for code in one.sponsors[0].codes} == {"ORG-199938429", "LOC-199965557"}
        assert sites(one) == [("Fondazione Ospedale Universitario Di Borgo Esempio", "IT")]
        assert one.sites[0].department == "Diabetes and Stem Cell Transplant Unit"
        assert [contact.name for contact in one.contacts] == ["Clinical Trials Office", "Tessa Testperson"]
        assert one.funding == ("Fondo di Esempio per la Ricerca sul Diabete",)

    def test_documents_and_results(self) -> None:
        one = trial("immunostem")
        assert kinds_of_documents(one) == [
            "PROTOCOL",
            "PROTOCOL_SYNOPSIS",
            "PROTOCOL_SYNOPSIS",
            "RECRUITMENT_ARRANGEMENTS",
            "SUBJECT_INFORMATION_AND_CONSENT",
        ]
        assert one.documents[4].version == "v1"
        assert one.results.postings == ()
        assert one.results.share_data is not None
        assert one.results.share_data.term == "YES"


PRIMARY_ENDPOINT = (
    "Safety of the treatment, measured by the number and description of adverse events, vital signs and laboratory "
    "tests, and by the frequency and severity of adverse events and serious adverse events, over the first 3, 12 and "
    "24 months of the pilot phase."
)
FACTS = {
    "conditions[0].text": "Type 1 diabetes mellitus, early",
    "interventions[0].name": "Autologous CD34+ HSPCs transduced ex vivo with a lentiviral vector encoding the hPD-L1 "
    "cDNA",
    "interventions[0].routes[0]": "INTRAVENOUS USE",
    "interventions[0].advanced_therapies[0].type": "3",
    "interventions[0].advanced_therapies[0].cell_origin": "1",
    "interventions[0].advanced_therapies[0].cell_type": "1",
    "interventions[0].advanced_therapies[0].vehicle": "3",
    "phases": "7",
    "phase_detail": "7",
    "status.regulatory": "2",
    "status.trial": "2",
    "status.recruitment": "2",
    "enrolment.planned_eea": "15",
    "objectives[0].text": "To evaluate the safety of the study treatment.",
    "endpoints[0].text": PRIMARY_ENDPOINT,
}
"""What is publicly known of the trial that the fixture is a twin of: field, and the words of the document for it."""

INCLUSION = (
    "Able to give signed informed consent",
    "Male or female patient.",
    "Age ≥ 18 and ≤ 40 years.",
    "Able to follow all procedures of the protocol",
    "Type 1 diabetes of recent onset: the drug product should be given within 180 days",
    "HbA1c ≥ 53 and ≤ 150 mmol/mol.",
    "At least two positive autoantibodies",
    "Basal C-peptide ≥ 0.2 nmol/L (≥ 0.6 ng/mL).",
)
EXCLUSION = (
    "Not willing to sign the informed consent.",
    "Type 2 diabetes.",
    "Any other chronic disease that is not stable.",
    "Serious systemic infection in the four weeks before",
    "Current treatment with cytotoxic anti-cancer medicines.",
    "QTcF > 470 msec.",
    "Ketoacidosis or hypoglycaemic coma in the last two weeks.",
    "Presence of a cancer",
)


class TestEvidence:
    """Each fact of IMMUNOSTEM has evidence, and the places of the evidence hold its words."""

    @pytest.mark.parametrize(("field", "words"), FACTS.items(), ids=FACTS)
    def test_a_fact_is_where_the_evidence_says(self, field: str, words: str) -> None:
        sources = record("immunostem").evidence(field).sources
        assert words in {source.text for source in sources}
        assert all(said(at(document("immunostem"), place.path)) == text for place, text in sources)

    def test_the_sum_cites_its_parts(self) -> None:
        assert [text for _, text in record("immunostem").evidence("enrolment.planned").sources] == ["15", "0"]

    @pytest.mark.parametrize(("first", "starts"), [(0, INCLUSION), (8, EXCLUSION)], ids=["inclusion", "exclusion"])
    def test_criteria(self, first: int, starts: tuple[str, ...]) -> None:
        for index, start in enumerate(starts, first):
            (source,) = record("immunostem").evidence(f"eligibility.criteria[{index}].text").sources
            assert source.text.startswith(start)
            assert at(document("immunostem"), source.place.path) == source.text

    @pytest.mark.parametrize("name", RECORDS)
    def test_every_place_holds_its_words(self, name: str) -> None:
        whole = document(name)
        for evidence in record(name).evidence().values():
            for place, text in evidence.sources:
                value = at(whole, place.path)
                # a list or an object that a field comes from has no words of its own
                assert text.strip() == ("" if isinstance(value, dict | list) else said(value).strip())


class TestMultinational:
    """Five states in five different stages, a halt, co-sponsor and third parties, six products in four roles."""

    def test_numbers(self) -> None:
        one = trial("multinational")
        assert one.id == "2024-590202-44-00"
        assert set(numbers(one)) == {
            ("CTIS", "2024-590202-44-00"),
            ("EudraCT", "2021-099021-35"),
            ("NCT", "NCT99990202"),
            ("ISRCTN", "ISRCTN99990202"),
            ("UTN", "U1111-9999-0202"),
            ("protocol", "INV-0202-301"),
            ("jRCT", "jRCT9999990202"),
            ("other", "999,202"),
        }
        assert len(one.identifiers) == 8
        assert one.identifiers[-1].issuer == "IND"
        assert one.transitioned is True

    def test_titles_and_their_translations(self) -> None:
        one = trial("multinational")
        assert one.public_title == "Fabulamab in adults and adolescents with invented polyarthritis"
        assert one.scientific_title is not None
        assert "adolescents with  moderate" in one.scientific_title  # the double blank is the source's
        assert [each.language for each in one.scientific_title_translations] == ["pl", "es"]
        assert [each.language for each in one.public_title_translations] == ["es", "pl"]
        assert one.public_title_translations[0].text == "Fabulamab en adultos y adolescentes con poliartritis inventada"

    def test_phase_code_5(self) -> None:
        assert trial("multinational").phases == {Phase.III}
        assert trial("multinational").phase_detail == frozenset()

    def test_design(self) -> None:
        one = trial("multinational")
        assert one.design.allocation == {Allocation.RANDOMISED, Allocation.NOT_APPLICABLE}
        assert one.design.masking == {Masking.DOUBLE, Masking.OPEN}
        assert one.design.masked_roles == {
            MaskedRole.PARTICIPANT,
            MaskedRole.INVESTIGATOR,
            MaskedRole.MONITOR,
            MaskedRole.CARER,
        }
        assert [period.masking for period in one.design.periods] == [Masking.DOUBLE, Masking.OPEN]
        assert [len(period.arms) for period in one.design.periods] == [3, 1]
        assert [arm.title for arm in one.arms] == [
            "Fabulamab + mockotrexate",
            "Mockotrexate",
            "Fabulamab alone",
            "Fabulamab",
        ]
        assert one.design.region is Region.EEA_AND_ELSEWHERE

    def test_status(self) -> None:
        one = trial("multinational")
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {
            "PL": TEMPORARILY_HALTED,
            "DE": RECRUITMENT_ENDED,
            "CZ": UNDER_EVALUATION,
            "DK": RECRUITMENT_PENDING,
            "ES": ONGOING_RECRUITING,
        }

    def test_countries(self) -> None:
        one = trial("multinational")
        assert by_country(one, "planned", "first_decision", "last_decision", "reporting") == {
            "PL": (36, "2025-01-07", "2026-06-29", False),
            "DE": (48, "2024-12-19", "2026-07-02", False),
            "CZ": (None, None, None, None),
            "DK": (12, "2026-05-11", "2026-07-03", False),
            "ES": (64, "2024-12-18", "2026-06-30", True),
        }
        assert by_country(one, "start", "recruitment_start", "end") == {
            "PL": ("2022-05-09", "2022-05-30", None),
            "DE": ("2022-03-21", "2022-04-04", None),
            "CZ": (None, None, None),
            "DK": (None, None, None),
            "ES": ("2022-02-14", "2025-07-01", None),
        }
        assert [(each.term, each.text) for each in one.countries_elsewhere] == [
            ("US", "United States"),
            ("MX", "Mexico"),
            ("CH", "Switzerland"),
        ]

    def test_decisions_of_a_country_on_each_application(self) -> None:
        assert Counter(decided(trial("multinational"), "PL")) == Counter(
            [
                ("2025-01-07", Regulatory.AUTHORISED_WITH_CONDITIONS),
                ("2025-06-26", Regulatory.AUTHORISED),
                ("2025-10-14", Regulatory.AUTHORISED),
                ("2026-06-29", Regulatory.AUTHORISED),
            ]
        )
        assert ("2026-07-02", Regulatory.AUTHORISED_WITH_CONDITIONS) in decided(trial("multinational"), "DE")
        assert decided(trial("multinational"), "CZ") == []

    def test_applications(self) -> None:
        found = applications(trial("multinational"))
        assert {app: date for (kind, app), date in found.items() if kind is EventKind.SUBMISSION} == {
            "IN": "2024-11-05",
            "SM-1": "2025-04-08",
            "NSM-1": "2025-10-14",
            "AM-1": "2026-02-02",
            "SM-2": "2026-04-20",
        }
        assert {app: date for (kind, app), date in found.items() if kind is EventKind.DECISION} == {
            "IN": "2024-12-18",
            "SM-1": "2025-06-24",
            "NSM-1": "2025-10-14",
            "AM-1": "2026-05-11",
            "SM-2": "2026-06-29",
        }
        conditional = Regulatory.AUTHORISED_WITH_CONDITIONS
        assert {e.application for e in trial("multinational").events if e.decision is conditional} == {"SM-1", "SM-2"}

    def test_conditions_and_areas(self) -> None:
        one = trial("multinational")
        assert conditions(one) == [("Invented polyarthritis, moderate to severe", False)]
        assert [each.language for each in one.conditions[0].translations] == ["es", "pl"]
        assert [(code.value, code.level) for code in one.condition_codes] == [("10036030", "LLT"), ("10059176", "PT")]
        assert areas(one) == ["C05", "C20"]

    def test_products(self) -> None:
        assert products(trial("multinational")) == [
            ("Other analgesics and antipyretics", ProductRole.AUXILIARY, ["ORAL"], None),
            (
                "Fabulamab 150 mg solution for injection in pre-filled pen",
                ProductRole.TEST,
                ["SUBCUTANEOUS"],
                "SOLUTION FOR INJECTION IN PRE-FILLED PEN",
            ),
            (
                "Placebo solution for injection in pre-filled pen, matching fabulamab, without\nthe active ingredient",
                ProductRole.PLACEBO,
                ["SUBCUTANEOUS"],
                "SOLUTION FOR INJECTION IN PRE-FILLED PEN",
            ),
            ("Mockotrexate Beispiel 15 mg Tabletten", ProductRole.COMPARATOR, ["ORAL"], "TABLET"),
            ("FOLINAMOCK\r, -", ProductRole.AUXILIARY, ["ORAL"], "TABLET"),
            ("Placebo tablet for mockotrexate", ProductRole.PLACEBO, ["ORAL"], "TABLET"),
        ]

    def test_doses(self) -> None:
        pills, fabulamab, placebo, mockotrexate, vitamin, tablet = trial("multinational").interventions
        assert amounts(pills) == [(4.0, "g"), (208.0, "g")]
        assert amounts(fabulamab) == [(300.0, "mg"), (7800.0, "mg")]
        assert amounts(mockotrexate) == [(15.0, "mg"), (780.0, "mg")]
        assert amounts(vitamin) == [(5.0, "mg"), (260.0, "mg")]
        assert amounts(placebo) == amounts(tablet) == [(None, None), (None, None)]
        assert {each.duration for each in trial("multinational").interventions} == {
            Duration(value=52, unit=TimeUnit.WEEK)
        }

    def test_codes_of_products(self) -> None:
        pills, fabulamab, placebo, mockotrexate, *_ = trial("multinational").interventions
        assert {("ATC", "N02B"), ("EV", "SCP99354747")} <= codes(pills)
        assert codes(fabulamab) == {("EV", "PRD99364573")}
        assert codes(placebo) == set()
        assert codes(mockotrexate) == {
            ("ATC", "L04AX98"),
            ("EV", "PRD99283222"),
            ("MA", "EU/1/99/9901/003"),
            ("MRP", "EMEA/H/C/999901"),
        }
        assert (mockotrexate.authorised, mockotrexate.authorisation_country) == (True, "EU")

    def test_substances(self) -> None:
        named = [[each.name for each in p.substances if each.name] for p in trial("multinational").interventions]
        assert named == [[], ["FABULAMAB"], [], ["MOCKOTREXATE"], ["FOLINAMOCK"], []]

    def test_endpoints(self) -> None:
        one = trial("multinational")
        assert counts(one) == (1, 4, 12, 9)
        assert endpoints(one, EndpointKind.SECONDARY) == [
            "Change from baseline in the sample disability score at week 24, week 36 and week 52",
            "Proportion of participants in remission at week 52",
            "Number of participants with serious adverse events until week 60",
            "Trough serum concentration of fabulamab at week 24 in participants aged 12 to 17 years",
        ]

    def test_who_and_how_many(self) -> None:
        one = trial("multinational")
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.UNDER_18, AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADOLESCENT, AgeGroup.ADULT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
        )
        assert one.eligibility.vulnerable is True
        assert planned(one) == (470, 160, 310)

    def test_dates(self) -> None:
        assert dates(trial("multinational")) == {
            "submitted": "2024-11-05",
            "decision": "2024-12-18",
            "start": "2022-02-14",
            "estimated_recruitment_start": "2021-10-01",
            "estimated_end": "2027-09-30",
            "estimated_global_end": "2027-12-15",
            "published": "2026-10-29",
        }

    def test_sponsors(self) -> None:
        one = trial("multinational")
        assert organisations(one) == [
            ("INVENTA Pharma Example A/S", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "DK"),
            ("Fundación Ejemplo Reumatología", SponsorRole.CO_SPONSOR, "EDUCATIONAL_INSTITUTION", "ES"),
            ("Imaginary Central Laboratory B.V.", SponsorRole.THIRD_PARTY, "LABORATORY", "NL"),
            ("Mock Data Services Limited", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "GB"),
            ("Pretend Monitoring S.A.", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "FR"),
        ]
        assert [each.commercial for each in one.sponsors] == [True, False, True, True, True]
        assert one.sponsors[0].responsibilities == set(Responsibility)
        assert [each.responsibilities for each in one.sponsors[1:]] == 4 * [frozenset()]

    def test_duties_of_third_parties(self) -> None:
        laboratory, services, monitors = trial("multinational").sponsors[2:]
        assert duties(laboratory) == ["LABORATORY_ANALYSIS"]
        assert duties(services) == ["DATA_MANAGEMENT", "ELECTRONIC_DATA_CAPTURE", "INTERACTIVE_RESPONSE"]
        assert duties(monitors) == ["ON_SITE_MONITORING", "OTHER", "SAFETY_REPORTING"]
        assert monitors.duties[1].text == "Home nursing and training in self-injection"

    def test_sites(self) -> None:
        one = trial("multinational")
        assert Counter(site.country for site in one.sites) == Counter(DK=1, ES=2, PL=1, DE=2)
        assert ("Szpital Kliniczny w Przykładowie", "PL") in sites(one)
        assert ("Clínica Muestra Del Sur", "ES") in sites(one)

    def test_documents_and_what_else_there_is(self) -> None:
        one = trial("multinational")
        assert Counter(kinds_of_documents(one)) == Counter(
            PROTOCOL=1, PROTOCOL_SYNOPSIS=3, RECRUITMENT_ARRANGEMENTS=4, SUBJECT_INFORMATION_AND_CONSENT=8
        )
        assert len({each.id for each in one.documents}) == 16
        assert one.paediatric_plans == ("EMEA-999202-PIP01-21",)
        assert one.scientific_advice == ("European Medicines Agency",)
        assert one.funding == ("INVENTA Pharma Example A/S", "Fundación Ejemplo Reumatología")
        assert [(each.text is not None, each.pubmed, each.url) for each in one.publications] == [
            (True, None, None),
            (False, "99990202", None),
            (False, None, "https://example.org/pubmed/99990202"),
        ]
        assert one.results.postings == ()
        assert one.missing == ()

    def test_associated_trial(self) -> None:
        (other,) = trial("multinational").associated_trials
        assert other.title == "A phase 2 dose-finding study of fabulamab in invented polyarthritis"
        assert other.identifier is not None
        assert (other.identifier.scheme, other.identifier.value) == ("EudraCT", "2019-099011-11")


class TestMultinationalInDetail:
    """What stands below the headlines of a record is read too: translations, periods, arms, origins, contacts."""

    def test_translations(self) -> None:
        one = trial("multinational")
        assert [(each.language, each.text) for each in one.objectives[0].translations] == [
            ("es", "Demostrar que fabulamab con mockotrexato es superior a mockotrexato solo en la semana 24."),
            ("pl", "Wykazanie wyższości fabulamabu z mokotreksatem nad samym mokotreksatem w 24. tygodniu."),
        ]
        assert [(each.language, each.text) for each in one.objectives[1].translations] == [
            ("pl", "Ocena bezpieczeństwa fabulamabu."),
            ("es", "Evaluar la seguridad de fabulamab."),
        ]
        assert [each.language for each in one.endpoints[0].translations] == ["pl", "es"]
        second = one.eligibility.criteria[1]
        assert second.text == "Age 12 years or over at the time of consent."
        assert [(each.language, each.text) for each in second.translations] == [
            ("pl", "Wiek co najmniej 12 lat w chwili wyrażenia zgody."),
            ("es", "Edad de 12 años o más en el momento del consentimiento."),
        ]

    def test_a_language_without_its_name(self) -> None:
        def nameless(made: Any) -> None:
            part = made["authorizedApplication"]["authorizedPartI"]["trialDetails"]
            for each in part["clinicalTrialIdentifiers"]["fullTitleTranslations"]:
                del each["languageDescription"]

        found = changed("multinational", nameless).scientific_title_translations
        assert found == trial("multinational").scientific_title_translations

    def test_periods(self) -> None:
        blind, extension = trial("multinational").design.periods
        assert (blind.allocation, extension.allocation) == (Allocation.RANDOMISED, Allocation.NOT_APPLICABLE)
        assert (len(blind.masked_roles), extension.masked_roles) == (4, frozenset())
        assert blind.description == "24 weeks, randomised 2:1:1, double-dummy."
        assert blind.arms + extension.arms == trial("multinational").arms
        assert [arm.description for arm in trial("multinational").arms] == [
            "Fabulamab 150 mg every week by injection under the skin and mockotrexate tablets once a week",
            "Mockotrexate tablets and placebo injections",
            "Fabulamab injections and placebo tablets",
            "Fabulamab 150 mg every week",
        ]

    def test_names_of_countries(self) -> None:
        assert {each.name for each in trial("multinational").countries} == {
            "Poland",
            "Germany",
            "Czechia",
            "Denmark",
            "Spain",
        }

    def test_products(self) -> None:
        pills, fabulamab, _, mockotrexate, vitamin, _ = trial("multinational").interventions
        assert [each.modified for each in trial("multinational").interventions] == [
            False,
            None,
            None,
            False,
            False,
            None,
        ]
        assert [each.origin for each in fabulamab.substances] == ["Protein - Other"]
        assert {each.origin for each in (*mockotrexate.substances, *vitamin.substances)} == {"Chemical"}
        assert (pills.other_characteristic, fabulamab.other_characteristic) == ("analgesic", "Monoclonal antibody")
        assert (fabulamab.sponsor_code, fabulamab.holder) == ("INV-0202", "INVENTA PHARMA EXAMPLE A/S")
        assert fabulamab.manufacturing == "IMPX99002/00004"

    def test_codes_and_their_labels(self) -> None:
        pills, _, _, mockotrexate, *_ = trial("multinational").interventions
        found = [(each.value, each.label, each.level) for each in pills.codes if each.system == "ATC"]
        found += [(each.value, each.label, each.level) for each in mockotrexate.codes if each.system == "ATC"]
        assert found == [("N02B", "OTHER ANALGESICS AND ANTIPYRETICS", "3"), ("L04AX98", "MOCKOTREXATE", "5")]
        assert ("EV", "SUB99144") in codes(pills)

    def test_addresses(self) -> None:
        assert [(each.address, each.city, each.postcode) for each in trial("multinational").sponsors] == [
            ("Opdigtet Allé 3", "Eksempelkøbing", "0000"),
            ("Calle De La Muestra 22", "Villaejemplo", "00022"),
            ("Verzonnenweg 9", "Voorbeeldstad", "0000 AB"),
            ("1 Placeholder Lane", "Sampleton", "ZZ99 9ZZ"),
            ("Rue De L'Exemple 7", "Exempleville", "99000"),
        ]
        (spanish,) = [each for each in trial("multinational").sites if each.city == "Puerto Modelo"]
        assert spanish.address == "Plaza Supuesta 4, Edificio B"

    def test_contacts(self) -> None:
        primary, other, laboratory, *_ = trial("multinational").sponsors
        assert [(each.name, each.email) for each in primary.contacts] == [
            ("Clinical Trial Information Desk", "trials@example.org"),
            ("Dr Fanny Fictitious", "fanny.fictitious@example.org"),
        ]
        assert [each.name for each in other.contacts] == ["Oficina de ensayos", "Paz Imaginaria"]
        assert [(each.email, each.phone) for each in laboratory.contacts] == [("lab@example.eu", "+99 000 202 0003")]
        assert Counter(each.name for each in trial("multinational").contacts) == Counter(
            each.name for sponsor in (primary, other) for each in sponsor.contacts
        )


class TestHalted:
    """A trial that its sponsor has halted for safety says so on two axes, with date and reason."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("halted")
        assert numbers(one) == [
            ("CTIS", "2025-590303-35-00"),
            ("NCT", "NCT99990303"),
            ("protocol", "GBV-303-ZANDER"),
        ]
        assert one.public_title == "Zandroxilol for example carcinoma that has spread"
        assert (one.phases, one.phase_detail) == ({Phase.II}, frozenset())

    def test_status(self) -> None:
        one = trial("halted")
        assert axes(one.status) == TEMPORARILY_HALTED
        assert states(one) == {"NL": TEMPORARILY_HALTED}
        assert by_country(one, "planned", "start", "recruitment_start", "end", "first_decision") == {
            "NL": (45, "2025-10-06", "2025-10-06", None, "2025-08-21")
        }

    def test_the_halt(self) -> None:
        assert (EventKind.HALT, "2026-08-13") in notified(trial("halted"), "NL")
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        assert [reason.term for reason in halt.reasons] == ["SAFETY"]
        assert (halt.treatment_stopped, halt.still_treated, halt.benefit_risk_changed) == (True, False, True)
        assert halt.text is not None
        assert halt.text.startswith("Two participants had a serious disturbance of heart rhythm")

    def test_all_that_is_said_of_the_halt(self) -> None:
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        starts = ["The risk of QT prolongation was held to be low", "Holter recording for 48 hours"]
        assert [text[: len(start)] for text, start in zip(halt.details, starts, strict=True)] == starts

    def test_the_planned_restart_is_planned(self) -> None:
        (restart,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.RESTART]
        assert restart.date == PartialDate(year=2027, month=2, day=1, estimated=True)

    def test_status_history(self) -> None:
        history = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.STATUS]
        assert {(day(e.date), e.decision, e.progress) for e in history} == {
            ("2025-05-26", Regulatory.UNDER_EVALUATION, None),
            ("2025-08-21", Regulatory.AUTHORISED, None),
            ("2026-08-14", Regulatory.AUTHORISED, Progress.HALTED),
        }

    def test_the_rest(self) -> None:
        one = trial("halted")
        assert products(one) == [
            (
                "Zandroxilol 20 mg/ml concentrate",
                ProductRole.TEST,
                ["INTRAVENOUS"],
                "CONCENTRATE FOR SOLUTION FOR INFUSION",
            )
        ]
        assert amounts(one.interventions[0]) == [(120.0, "mg"), (720.0, "mg")]
        assert one.interventions[0].duration == Duration(value=18, unit=TimeUnit.WEEK)
        assert conditions(one) == [("Metastatic example carcinoma", False)]
        assert areas(one) == ["C04"]
        assert counts(one) == (1, 3, 4, 4)
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADULT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
        )
        assert planned(one) == (45, 45, 0)
        assert organisations(one) == [
            ("Glashuis Biotech Voorbeeld B.V.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "NL"),
            ("Pretend Monitoring S.A.", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "FR"),
        ]
        assert sites(one) == [("Universitair Ziekenhuis Voorbeeldstad", "NL")]
        assert kinds_of_documents(one) == ["PROTOCOL", "SUBJECT_INFORMATION_AND_CONSENT"]
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("halted")) == {
            "submitted": "2025-05-26",
            "decision": "2025-08-21",
            "start": "2025-10-06",
            "estimated_recruitment_start": "2025-09-15",
            "estimated_end": "2028-06-30",
            "estimated_global_end": "2028-06-30",
            "published": "2026-08-15",
        }


class TestEarlyTerminated:
    """Early termination is an event with a reason, the public status is just: ended."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("early_terminated")
        assert numbers(one) == [("CTIS", "2024-590404-40-00"), ("protocol", "KG-404-BE")]
        assert one.public_title == "Comparison of two tablets of quintomol in healthy volunteers"
        assert (one.phases, one.phase_detail) == ({Phase.I}, {PhaseDetail.BIOEQUIVALENCE})
        assert one.design.category == "1"

    def test_status_and_countries(self) -> None:
        one = trial("early_terminated")
        assert axes(one.status) == ENDED
        assert states(one) == {"HU": ENDED, "BE": ENDED}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "end") == {
            "HU": (24, True, "2024-12-05", "2025-01-20", "2025-04-09"),
            "BE": (12, False, "2024-12-09", "2025-02-03", "2025-04-10"),
        }

    @pytest.mark.parametrize(
        ("code", "start", "end"), [("HU", "2025-01-20", "2025-04-09"), ("BE", "2025-02-03", "2025-04-10")]
    )
    def test_notifications(self, code: str, start: str, end: str) -> None:
        assert notified(trial("early_terminated"), code) == {
            (EventKind.TRIAL_START, start),
            (EventKind.RECRUITMENT_START, start),
            (EventKind.EARLY_TERMINATION, end),
        }

    @pytest.mark.parametrize("code", ["HU", "BE"])
    def test_reason(self, code: str) -> None:
        events = [e for e in country(trial("early_terminated"), code).events if e.kind is EventKind.EARLY_TERMINATION]
        assert [reason.term for event in events for reason in event.reasons] == ["SAFETY"]

    def test_products_without_doses(self) -> None:
        one = trial("early_terminated")
        assert products(one) == [
            (
                "Quintomol Exemple 50 mg comprimés à libération prolongée",
                ProductRole.COMPARATOR,
                ["ORAL"],
                "PROLONGED-RELEASE TABLET",
            ),
            ("Quintomol modified-release tablet (test)", ProductRole.TEST, ["ORAL"], "PROLONGED-RELEASE TABLET"),
        ]
        for product in one.interventions:
            assert amounts(product) == [(None, None), (None, None)]
            assert product.duration is None
        assert [product.authorised for product in one.interventions] == [True, False]

    def test_the_rest(self) -> None:
        one = trial("early_terminated")
        assert conditions(one) == [("Healthy volunteers (intended for high blood pressure)", False)]
        assert [area.text for area in one.therapeutic_areas] == ["Not possible to specify"]
        assert areas(one) == [None]
        assert endpoints(one, EndpointKind.PRIMARY) == ["Cmax of quintomol", "AUC(0-72 h) of quintomol"]
        assert counts(one) == (2, 0, 3, 4)
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT}, {AgeGroup.ADULT})
        assert one.eligibility.populations == {PopulationGroup.HEALTHY_VOLUNTEERS}
        assert planned(one) == (36, 36, 0)
        assert organisations(one) == [
            ("Kitalált Generikum Kft.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "HU"),
            ("Imaginary Central Laboratory B.V.", SponsorRole.THIRD_PARTY, "LABORATORY", "NL"),
        ]
        assert Counter(sites(one)) == Counter(
            [("Mintavárosi Klinikai Farmakológiai Egység", "HU"), ("Centre De Phase I De Voorbeeld", "BE")]
        )
        assert kinds_of_documents(one) == ["PROTOCOL"]
        assert one.funding == ()
        assert (one.results.postings, one.results.share_data) == ((), None)
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("early_terminated")) == {
            "submitted": "2024-10-07",
            "decision": "2024-12-05",
            "start": "2025-01-20",
            "end": "2025-04-10",
            "global_end": "2025-04-10",
            "estimated_recruitment_start": "2025-01-13",
            "estimated_end": "2025-06-30",
            "published": "2025-04-15",
        }


class TestEndedWithResults:
    """A trial at its end has ends by country, one for all, and postings of results of three kinds."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("ended_with_results")
        assert numbers(one) == [
            ("CTIS", "2023-590505-15-00"),
            ("ISRCTN", "ISRCTN99990505"),
            ("protocol", "PETIT-SOUFFLE"),
        ]
        assert one.public_title == "Respirexal for wheeze in childhood"
        assert [(each.language, each.text) for each in one.public_title_translations] == [
            ("fr", "Le respirexal pour la respiration sifflante chez l’enfant")
        ]
        assert (one.phases, one.phase_detail) == ({Phase.III, Phase.IV}, {PhaseDetail.INTEGRATED})

    def test_low_intervention(self) -> None:
        design = trial("ended_with_results").design
        assert (design.low_intervention, design.category) == (True, "3")
        assert design.low_intervention_reason is not None
        assert design.low_intervention_reason.startswith("Both medicines are authorised")
        assert [(scope.term, scope.text) for scope in design.scopes][-1] == ("OTHER", "Burden for families")
        assert (design.masking, design.masked_roles) == ({Masking.SINGLE}, {MaskedRole.ANALYST})

    def test_status_and_countries(self) -> None:
        one = trial("ended_with_results")
        assert axes(one.status) == ENDED
        assert states(one) == {"IE": ENDED, "FR": ENDED}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "end") == {
            "IE": (60, False, "2023-09-04", "2023-11-20", "2025-02-28"),
            "FR": (150, True, "2023-08-31", "2023-10-09", "2025-03-10"),
        }
        assert notified(one, "IE") == {
            (EventKind.TRIAL_START, "2023-11-20"),
            (EventKind.RECRUITMENT_START, "2023-11-20"),
            (EventKind.RECRUITMENT_END, "2024-10-31"),
            (EventKind.TRIAL_END, "2025-02-28"),
        }

    def test_products_and_device(self) -> None:
        one = trial("ended_with_results")
        assert products(one) == [
            (
                "Respirexa Exemple 50 micrograms pressurised inhalation, suspension",
                ProductRole.TEST,
                ["INHALATION"],
                "PRESSURISED INHALATION, SUSPENSION",
            ),
            ("NEBUSAMPLE", ProductRole.COMPARATOR, ["INHALATION"], None),
        ]
        inhaler, nebuliser = one.interventions
        assert amounts(inhaler) == [(200.0, "ug"), (16800.0, "ug")]
        assert amounts(nebuliser) == [(2.0, "mg"), (168.0, "mg")]
        assert (inhaler.paediatric, nebuliser.paediatric) == (True, False)
        (device,) = inhaler.devices
        assert (device.name, device.ce_marked) == ("PUFFHALER", True)
        assert (device.type and device.type.term, device.combination and device.combination.term) == (
            "MEDICAL_DEVICE",
            "COMBINED_NOT_INTEGRAL",
        )
        assert nebuliser.devices == ()

    def test_who_and_how_many(self) -> None:
        one = trial("ended_with_results")
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.UNDER_18},
            {
                AgeGroup.PRETERM_NEWBORN,
                AgeGroup.NEWBORN,
                AgeGroup.INFANT,
                AgeGroup.CHILD_2_5,
                AgeGroup.CHILD_6_11,
                AgeGroup.ADOLESCENT,
            },
        )
        assert one.eligibility.vulnerable is True
        assert planned(one) == (210, 210, 0)

    def test_conditions_endpoints_sponsor(self) -> None:
        one = trial("ended_with_results")
        assert conditions(one) == [("Recurrent wheeze", False), ("Bronchopulmonary dysplasia", False)]
        assert areas(one) == ["C08", "C16"]
        assert counts(one) == (1, 2, 3, 2)
        assert organisations(one) == [
            ("Centre Hospitalier Universitaire D'Exempleville", SponsorRole.PRIMARY, "HOSPITAL", "FR")
        ]
        assert sites(one) == [
            ("Centre Hospitalier Universitaire D'Exempleville", "FR"),
            ("Exampletown Children's Hospital", "IE"),
        ]
        assert one.paediatric_plans == ("EMEA-999505-PIP02-20",)
        assert len(one.documents) == 4
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("ended_with_results")) == {
            "submitted": "2023-06-05",
            "decision": "2023-08-31",
            "start": "2023-10-09",
            "end": "2025-03-10",
            "global_end": "2025-03-10",
            "estimated_recruitment_start": "2023-10-02",
            "estimated_end": "2025-03-31",
            "estimated_global_end": "2025-03-31",
            "published": "2026-06-16",
        }

    def test_postings(self) -> None:
        postings = trial("ended_with_results").results.postings
        assert [
            (posting.kind and posting.kind.term, posting.type, posting.version, day(posting.submitted))
            for posting in postings
        ] == [
            ("SUMMARY", "Final", "Initial", "2026-02-24"),
            ("SUMMARY", "Final", "Updated", "2026-05-06"),
            ("LAY_SUMMARY", None, None, "2026-02-24"),
            ("CLINICAL_STUDY_REPORT", None, None, "2026-06-15"),
        ]
        assert [day(posting.outcome_date) for posting in postings] == [None, None, None, "2026-05-28"]
        assert [posting.withdrawn for posting in postings] == 4 * [None]

    def test_a_summary_is_withdrawn(self) -> None:
        def withdraw(made: Any) -> None:
            made["results"]["laypersonResults"][0]["withdrawDate"] = "2026-06-30T10:00:00.1"

        postings = changed("ended_with_results", withdraw).results.postings
        assert [day(posting.withdrawn) for posting in postings] == [None, None, "2026-06-30", None]


class TestPlaceboBlinded:
    """A placebo is a product without substance; a state without events has not started; Greek letters stay."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("placebo_blinded")
        assert numbers(one) == [("CTIS", "2025-590606-27-00"), ("NCT", "NCT99990606"), ("protocol", "ERD-606")]
        assert one.public_title == "Orphazemab or placebo for late-onset sample myopathy"
        assert (one.phases, one.phase_detail) == ({Phase.II, Phase.III}, {PhaseDetail.INTEGRATED})

    def test_blinding(self) -> None:
        design = trial("placebo_blinded").design
        assert (design.allocation, design.masking) == ({Allocation.RANDOMISED}, {Masking.DOUBLE})
        assert design.masked_roles == {MaskedRole.PARTICIPANT, MaskedRole.INVESTIGATOR, MaskedRole.ANALYST}
        assert [(period.title, len(period.arms)) for period in design.periods] == [
            ("Part A, 12 weeks", 3),
            ("Part B, 52 weeks", 2),
        ]
        assert [scope.term for scope in design.scopes] == ["EFFICACY", "SAFETY", "PHARMACODYNAMIC", "DOSE_RESPONSE"]

    def test_status_and_countries(self) -> None:
        one = trial("placebo_blinded")
        assert axes(one.status) == AUTHORISED_RECRUITING
        assert states(one) == {"GR": RECRUITMENT_PENDING, "ES": AUTHORISED_RECRUITING}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "recruitment_start") == {
            "GR": (7, False, "2025-12-17", None, None),
            "ES": (18, True, "2025-12-15", "2026-02-09", "2026-03-02"),
        }
        assert notified(one, "GR") == set()
        assert notified(one, "ES") == {
            (EventKind.TRIAL_START, "2026-02-09"),
            (EventKind.RECRUITMENT_START, "2026-03-02"),
        }

    def test_products(self) -> None:
        one = trial("placebo_blinded")
        assert products(one) == [
            ("Placebo solution for infusion", ProductRole.PLACEBO, ["INTRAVENOUS"], "SOLUTION FOR INFUSION"),
            (
                "Orphazemab Ejemplo 100 mg solution for infusion",
                ProductRole.TEST,
                ["INTRAVENOUS"],
                "SOLUTION FOR INFUSION",
            ),
        ]
        placebo, tested = one.interventions
        assert (placebo.substances, placebo.codes) == ((), ())
        assert amounts(placebo) == [(10.0, "mL"), (260.0, "mL")]
        assert amounts(tested) == [(10.0, "mg/kg"), (260.0, "mg/kg")]
        assert [(each.orphan, each.orphan_number) for each in one.interventions] == [
            (False, None),
            (True, "EU/3/99/9606"),
        ]
        assert {("ATC", "M09AX98"), ("MA", "EU/1/99/9906/001")} <= codes(tested)

    def test_rare_disease(self) -> None:
        one = trial("placebo_blinded")
        assert conditions(one) == [("Late-onset sample myopathy", True)]
        assert [(code.value, code.level) for code in one.condition_codes] == [("10028641", "PT"), ("10074939", "LLT")]
        assert areas(one) == ["C05", "C18", "C16"]

    def test_the_rest(self) -> None:
        one = trial("placebo_blinded")
        assert counts(one) == (2, 3, 4, 3)
        assert endpoints(one, EndpointKind.PRIMARY) == [
            "Part A: change in muscle glycogen at week 12",
            "Part B: change in six-minute walk distance from baseline to week 52",
        ]
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADULT, AgeGroup.AGE_65_84},
        )
        assert planned(one) == (45, 25, 20)
        assert [each.term for each in one.countries_elsewhere] == ["US"]
        assert organisations(one) == [
            ("Ejemplo Rare Diseases S.L.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "ES")
        ]
        assert sites(one) == [
            ("Hospital Universitario De Villaejemplo", "ES"),
            ("Γενικό Νοσοκομείο Παραδείγματος", "GR"),
        ]
        assert one.sites[1].contacts[0].last_name == "Φανταστική"
        assert len(one.documents) == 2
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("placebo_blinded")) == {
            "submitted": "2025-09-15",
            "decision": "2025-12-15",
            "start": "2026-02-09",
            "estimated_recruitment_start": "2026-02-02",
            "estimated_end": "2029-03-31",
            "estimated_global_end": "2029-03-31",
            "published": "2026-03-04",
        }


class TestJune2024:
    """A record of June 2024 has a label, no codes of states and no documents, and reads like one of today."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("v2_2024_06")
        assert numbers(one) == [
            ("CTIS", "2023-590707-29-00"),
            ("protocol", "VZOR-7"),
            ("other", "VZOR-7-EK"),
        ]
        assert one.identifiers[-1].issuer == "Ethics file"
        assert one.public_title == "Vzorkamin for shift workers who sleep badly"
        assert [each.language for each in one.public_title_translations] == ["cs"]
        assert (one.phases, one.phase_detail) == ({Phase.IV}, frozenset())

    def test_status(self) -> None:
        one = trial("v2_2024_06")
        assert axes(one.status) == ONGOING_RECRUITING
        assert one.status.text == "Ongoing, recruiting"
        assert states(one) == {"CZ": (Regulatory.AUTHORISED, None, None)}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "recruitment_start") == {
            "CZ": (30, True, "2023-12-07", "2024-01-22", "2024-02-05")
        }
        assert one.design.region is Region.EEA_ONLY

    def test_product(self) -> None:
        one = trial("v2_2024_06")
        assert products(one) == [("Letní vzorek 5 mg tablety", ProductRole.TEST, ["ORAL"], "TABLET")]
        assert amounts(one.interventions[0]) == [(5.0, "mg"), (140.0, "mg")]
        assert one.interventions[0].authorisation_country == "CZ"

    def test_the_rest(self) -> None:
        one = trial("v2_2024_06")
        assert conditions(one) == [("Shift work sleep disorder", False)]
        assert areas(one) == ["C10"]
        assert counts(one) == (1, 1, 2, 2)
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT}, {AgeGroup.ADULT})
        assert planned(one) == (30, 30, 0)
        assert organisations(one) == [("Vzorová Fakultní Nemocnice", SponsorRole.PRIMARY, "HOSPITAL", "CZ")]
        assert sites(one) == [("Vzorová Fakultní Nemocnice", "CZ")]
        assert (one.documents, one.results.postings, one.results.share_data) == ((), (), None)
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("v2_2024_06")) == {
            "submitted": "2023-09-06",
            "decision": "2023-12-07",
            "start": "2024-01-22",
            "estimated_recruitment_start": "2024-01-15",
            "estimated_end": "2024-12-31",
            "estimated_global_end": "2024-12-31",
            "published": "2024-06-20",
        }


class TestTransitioned:
    """A trial that came from EudraCT starts before it is decided on, in one state years before the other."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("v1_as_v2")
        assert set(numbers(one)) == {
            ("CTIS", "2022-590808-23-00"),
            ("EudraCT", "2018-099808-23"),
            ("NCT", "NCT99990808"),
            ("protocol", "STEINFREI-2"),
            ("DRKS", "DRKS99990808"),
        }
        assert one.public_title == "Sampliflozin to prevent kidney stones in the example syndrome"
        assert [each.language for each in one.scientific_title_translations] == ["fr"]
        assert (one.phases, one.transitioned) == ({Phase.II}, True)

    def test_status_and_countries(self) -> None:
        one = trial("v1_as_v2")
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {"FR": AUTHORISED_RECRUITING, "DE": ONGOING_RECRUITING}
        assert by_country(one, "planned", "reporting", "first_decision", "last_decision", "start") == {
            "FR": (20, False, "2022-12-14", "2023-10-02", "2023-02-20"),
            "DE": (40, True, "2022-12-12", "2023-09-28", "2020-03-02"),
        }
        assert [country.term for country in one.countries_elsewhere] == ["CH"]

    def test_dates(self) -> None:
        assert dates(trial("v1_as_v2")) == {
            "submitted": "2022-10-24",
            "decision": "2022-12-12",
            "start": "2020-03-02",
            "estimated_recruitment_start": "2020-02-01",
            "estimated_end": "2025-12-31",
            "estimated_global_end": "2025-12-31",
            "published": "2026-03-12",
        }
        start, decision = trial("v1_as_v2").dates.start, trial("v1_as_v2").dates.decision
        assert start is not None
        assert decision is not None
        assert start.before(decision)

    def test_the_rest(self) -> None:
        one = trial("v1_as_v2")
        assert products(one) == [
            ("Sampliflozin Beispiel 10 mg Filmtabletten", ProductRole.TEST, ["ORAL"], "FILM-COATED TABLET"),
            ("Placebo for sampliflozin 10 mg", ProductRole.PLACEBO, ["ORAL"], "FILM-COATED TABLET"),
        ]
        assert conditions(one) == [("Kidney stones in the example syndrome", True)]
        assert [code.value for code in one.condition_codes] == ["10029148"]
        assert areas(one) == ["C12"]
        assert counts(one) == (1, 2, 3, 4)
        assert criteria(one, CriterionKind.EXCLUSION)[2] == "HbA1c above 75 mmol/mol."
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY}, {AgeGroup.ADULT, AgeGroup.AGE_65_84})
        assert planned(one) == (66, 60, 6)
        assert organisations(one) == [
            ("Universitätsmedizin Musterstadt gGmbH", SponsorRole.PRIMARY, "HOSPITAL", "DE"),
            ("Mock Data Services Limited", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "GB"),
        ]
        assert sites(one) == [
            ("Hopital De L'Exemple", "FR"),
            ("Universitätsmedizin Musterstadt gGmbH", "DE"),
            ("Klinikum Beispielhausen", "DE"),
        ]
        assert kinds_of_documents(one) == ["PROTOCOL"] + 2 * ["SUBJECT_INFORMATION_AND_CONSENT"]
        assert one.missing == ()


FLATTENED = ["conditions[0].text", "endpoints[1].text", "interventions[0].name", "sponsors[0].name", "sponsors[0].type"]
"""What rows of a search have in one text though it may be several things."""


class TestSearch:
    """A page of search results is as many trials as it has rows, and says when there are more."""

    def test_ids_and_remarks(self) -> None:
        assert [one.trial.id for one in rows("search_2026.json")] == [
            "2024-590202-44-00",
            "2026-590101-24-00",
            "2023-590505-15-00",
        ]
        first, *rest = [sorted(problems(one)) for one in rows("search_2026.json")]
        assert first == [("TRUNCATED", None), *[("UNSPLIT_LIST", field) for field in FLATTENED]]
        assert all(problem == "UNSPLIT_LIST" for one in rest for problem, _ in one)

    def test_status(self) -> None:
        assert [axes(one.trial.status) for one in rows("search_2026.json")] == [
            ONGOING_RECRUITING,
            RECRUITMENT_PENDING,
            ENDED,
        ]
        assert [states(one.trial) for one in rows("search_2026.json")] == [
            states(trial(name)) for name in ("multinational", "immunostem", "ended_with_results")
        ]

    def test_decisions_join_the_countries_by_code(self) -> None:
        one = rows("search_2026.json")[0].trial
        assert {each.code: [day(event.date) for event in each.events] for each in one.countries} == {
            "PL": ["2025-01-07"],
            "DE": ["2024-12-19"],
            "CZ": [],
            "DK": ["2026-05-11"],
            "ES": ["2024-12-18"],
        }

    def test_phases_people_and_numbers(self) -> None:
        assert [one.trial.phases for one in rows("search_2026.json")] == [
            {Phase.III},
            {Phase.I, Phase.II},
            {Phase.III, Phase.IV},
        ]
        assert [one.trial.enrolment.planned_eea for one in rows("search_2026.json")] == [160, 15, 210]
        assert [one.trial.eligibility.age_subgroups for one in rows("search_2026.json")] == [
            {AgeGroup.ADOLESCENT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
            frozenset(),
            trial("ended_with_results").eligibility.age_subgroups,
        ]
        assert {one.trial.eligibility.sex for one in rows("search_2026.json")} == {Sex.ALL}
        assert [one.trial.design.region for one in rows("search_2026.json")] == [
            Region.EEA_AND_ELSEWHERE,
            Region.EEA_ONLY,
            Region.EEA_ONLY,
        ]

    def test_dates(self) -> None:
        assert [dates(one.trial) for one in rows("search_2026.json")] == [
            {"decision": "2024-12-18", "start": "2022-02-14", "updated": "2026-10-28", "published": "2026-10-29"},
            {"decision": "2026-09-17", "updated": "2026-09-17", "published": "2026-09-18"},
            {
                "decision": "2023-08-31",
                "start": "2023-10-09",
                "end": "2025-03-10",
                "updated": "2026-06-15",
                "published": "2026-06-16",
            },
        ]

    def test_flattened_lists_stay_whole(self) -> None:
        one = rows("search_2026.json")[0].trial
        assert [each.name for each in one.sponsors] == ["INVENTA Pharma Example A/S, Fundación Ejemplo Reumatología"]
        assert conditions(one) == [("Invented polyarthritis, moderate to severe", None)]
        assert conditions(rows("search_2026.json")[2].trial) == [("Recurrent wheeze, Bronchopulmonary dysplasia", None)]
        assert len(one.interventions) == 1
        assert counts(one)[:2] == (1, 1)
        assert areas(one) == ["C05", "C20"]
        assert [each.trial.results.posted for each in rows("search_2026.json")] == [False, False, True]

    def test_rows_of_june_2024(self) -> None:
        first, second = (one.trial for one in rows("search_2024_06.json"))
        assert (first.id, second.id) == ("2023-590707-29-00", "2022-590909-42-00")
        assert states(first) == {"CZ": ONGOING_RECRUITING}
        assert states(second) == {"GR": RECRUITMENT_PENDING, "BE": ONGOING_RECRUITING, "NL": RECRUITMENT_ENDED}
        assert axes(first.status) == axes(second.status) == NOTHING
        assert (first.phases, second.phases) == ({Phase.IV}, {Phase.III})
        assert (areas(first), areas(second)) == (["C10"], ["C17", "C20"])
        assert (first.design.region, second.design.region) == (Region.EEA_ONLY, Region.EEA_AND_ELSEWHERE)
        assert (first.enrolment.planned_eea, second.enrolment.planned_eea) == (30, 412)
        assert dates(second) == {"decision": "2023-02-15", "updated": "2024-06-11"}
        assert ages(second)[:2] == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY})

    def test_row_of_the_first_portal(self) -> None:
        parsed = record("search_row_v1")
        one = parsed.trial
        assert parsed.diagnostics == ()
        assert one.id == "2022-590808-23-00"
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {"DE": ONGOING_RECRUITING, "FR": ONGOING_RECRUITING}
        assert [day(event.date) for each in one.countries for event in each.events] == ["2023-09-28", "2023-10-02"]
        assert [(event.kind, day(event.date)) for event in one.events] == [(EventKind.DECISION, "2023-09-28")]
        assert ages(one)[:2] == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY})
        assert (one.phases, areas(one), one.enrolment.planned_eea) == ({Phase.II}, ["C12"], 60)
        assert (one.deferred, one.amended) == (False, False)
        assert dates(one) == {"start": "2020-03-02", "recruitment_start": "2020-03-16", "updated": "2023-10-02"}


class TestPortalCsv:
    """A row of the portal's CSV says the same as the record, as far as it goes; N/A says nothing."""

    def test_ids_and_remarks(self) -> None:
        assert [one.trial.id for one in rows("portal.csv")] == [
            "2024-590202-44-00",
            "2026-590101-24-00",
            "2023-590505-15-00",
            "2024-590404-40-00",
        ]
        told = [("ENCODING", None), *[("UNSPLIT_LIST", field) for field in FLATTENED]]
        assert sorted(problems(rows("portal.csv")[0])) == told
        assert {problem for one in rows("portal.csv")[1:] for problem, _ in problems(one)} <= {"UNSPLIT_LIST"}

    def test_status_by_labels(self) -> None:
        assert [axes(one.trial.status) for one in rows("portal.csv")] == [
            ONGOING_RECRUITING,
            RECRUITMENT_PENDING,
            ENDED,
            ENDED,
        ]
        assert [one.trial.status.text for one in rows("portal.csv")][:2] == [
            "Ongoing, recruiting",
            "Authorised, recruitment pending",
        ]
        names = ("multinational", "immunostem", "ended_with_results", "early_terminated")
        assert [states(one.trial) for one in rows("portal.csv")] == [states(trial(name)) for name in names]

    @pytest.mark.parametrize(
        ("index", "name"),
        [(0, "multinational"), (1, "immunostem"), (2, "ended_with_results"), (3, "early_terminated")],
    )
    def test_it_agrees_with_the_record(self, index: int, name: str) -> None:
        row, whole = rows("portal.csv")[index].trial, trial(name)
        for field in ("id", "scientific_title", "phases", "phase_detail"):
            assert getattr(row, field) == getattr(whole, field)
        assert row.enrolment.planned_eea == whole.enrolment.planned_eea
        assert (row.eligibility.sex, row.eligibility.age_groups) == ages(whole)[:2]
        assert (row.dates.start, row.dates.end, row.dates.global_end) == (
            whole.dates.start,
            whole.dates.end,
            whole.dates.global_end,
        )
        assert row.dates.decision == whole.dates.decision
        assert row.design.region is whole.design.region
        assert areas(row) == areas(whole)

    def test_fine_age_groups(self) -> None:
        assert [one.trial.eligibility.age_subgroups for one in rows("portal.csv")] == [
            {AgeGroup.ADOLESCENT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
            frozenset(),
            trial("ended_with_results").eligibility.age_subgroups,
            frozenset(),
        ]

    def test_cells_with_line_breaks_and_odd_signs(self) -> None:
        one = rows("portal.csv")[0].trial
        (product,) = one.interventions
        assert product.name is not None
        assert "without\nthe active ingredient" in product.name
        (primary,) = endpoints(one, EndpointKind.PRIMARY)
        assert primary is not None
        assert primary.rstrip("\u200b") == (
            "Proportion of participants with a 50 % improvement in the sample joint index at week 24"
        )

    def test_not_available_is_nothing(self) -> None:
        one = rows("portal.csv")[3].trial
        assert numbers(one) == [("CTIS", "2024-590404-40-00")]
        assert one.interventions == ()
        assert endpoints(one, EndpointKind.SECONDARY) == []
        assert one.missing == ()
        assert rows("portal.csv")[1].trial.dates.start is None
        assert [each.trial.results.posted for each in rows("portal.csv")] == [False, False, True, False]

    def test_a_renamed_column_is_known_by_its_place(self) -> None:
        assert [one.trial for one in rows("portal_renamed.csv")] == [one.trial for one in rows("portal.csv")]
        assert ("RENAMED", None) in problems(rows("portal_renamed.csv")[0])


class TestEvaluation:
    """The evaluation of an application knows the trial's number, what each state decided, and its conditions."""

    def test_one_trial_for_each_application(self) -> None:
        assert [one.trial.id for one in rows("evaluation.json")] == 2 * ["2022-590808-23-00"]
        assert [problems(one) for one in rows("evaluation.json")] == [[], []]

    def test_assessment_of_part_one(self) -> None:
        assert [
            [(event.kind, day(event.date), event.outcome and event.outcome.term) for event in one.trial.events]
            for one in rows("evaluation.json")
        ] == [
            [(EventKind.ASSESSMENT, "2023-09-25", "ACCEPTABLE"), (EventKind.VALIDATION, "2023-07-12", None)],
            [(EventKind.ASSESSMENT, "2022-12-07", "ACCEPTABLE"), (EventKind.VALIDATION, "2022-11-02", None)],
        ]

    def test_what_the_states_decided(self) -> None:
        modified, initial = (one.trial for one in rows("evaluation.json"))
        assert decided(modified, "FR") == [("2023-10-02", Regulatory.AUTHORISED_WITH_CONDITIONS)]
        assert decided(modified, "DE") == [("2023-09-28", Regulatory.AUTHORISED)]
        assert decided(initial, "FR") == [("2022-12-14", Regulatory.AUTHORISED)]
        assert decided(initial, "DE") == [("2022-12-12", Regulatory.AUTHORISED)]

    def test_assessment_of_part_two(self) -> None:
        france = country(rows("evaluation.json")[0].trial, "FR")
        (assessed,) = [event for event in france.events if event.kind is EventKind.ASSESSMENT]
        assert day(assessed.date) == "2023-09-27"
        assert assessed.outcome is not None
        assert assessed.outcome.term == "ACCEPTABLE_WITH_CONDITIONS"

    def test_the_condition(self) -> None:
        france, germany = (country(rows("evaluation.json")[0].trial, code) for code in ("FR", "DE"))
        (decision,) = [event for event in france.events if event.kind is EventKind.DECISION]
        assert decision.details == (
            "The second site may open once the pharmacist has finished the training in good clinical practice.",
        )
        assert all(event.details == () for event in germany.events)


# The traps of the register


class TestThreeStatuses:
    """`ctStatus` is a label, the status of an application, or a public code, by the shape that it stands in."""

    def test_in_a_record_the_public_code_counts(self) -> None:
        def application(made: Any) -> None:
            made["ctStatus"] = "Under evaluation"

        assert document("multinational")["ctStatus"] == "Authorised"
        assert axes(trial("multinational").status) == ONGOING_RECRUITING
        assert changed("multinational", application).status == trial("multinational").status

    def test_in_a_record_it_is_the_status_of_the_application(self) -> None:
        def no_code(made: Any) -> None:
            del made["ctPublicStatusCode"]

        assert axes(changed("multinational", no_code).status) == (Regulatory.AUTHORISED, None, None)
        assert axes(changed("halted", no_code).status) == (Regulatory.AUTHORISED, Progress.HALTED, None)

    def test_in_june_2024_the_label_stands_in_for_the_code(self) -> None:
        def label_only(made: Any) -> None:
            del made["ctPublicStatusCode"]
            made["ctStatus"] = "Under evaluation"

        assert axes(changed("v2_2024_06", label_only).status) == ONGOING_RECRUITING

    def test_in_a_search_row_it_is_the_public_code(self) -> None:
        assert document("search_2026")["data"][0]["ctStatus"] == 4
        assert axes(rows("search_2026.json")[0].trial.status) == ONGOING_RECRUITING

    def test_in_a_row_of_the_first_portal_it_is_the_label(self) -> None:
        assert document("search_row_v1")["ctStatus"] == "Ongoing, recruiting"
        assert axes(trial("search_row_v1").status) == ONGOING_RECRUITING


ROLES = {
    "1": ProductRole.TEST,
    "2": ProductRole.COMPARATOR,
    "3": ProductRole.PLACEBO,
    "4": ProductRole.AUXILIARY,
}
"""EMA list 77."""


class TestRole:
    """A product's role is `mpRoleInTrial`; `part1MpRoleTypeCode` says how the product is named."""

    @pytest.mark.parametrize("name", RECORDS)
    def test_of_each_product(self, name: str) -> None:
        part = document(name)["authorizedApplication"]["authorizedPartI"]
        assert [each.role for each in trial(name).interventions] == [
            ROLES[each["mpRoleInTrial"]] for each in part["products"]
        ]

    def test_how_it_is_named_is_another_thing(self) -> None:
        assert [each.named_by and each.named_by.term for each in trial("multinational").interventions] == [
            "ATC",
            "PRODUCT",
            "PRODUCT",
            "PRODUCT",
            "SUBSTANCE",
            "PRODUCT",
        ]

    def test_one_does_not_move_the_other(self) -> None:
        def rename(made: Any) -> None:
            for product in made["authorizedApplication"]["authorizedPartI"]["products"]:
                product["part1MpRoleTypeCode"] = "2"

        one = changed("multinational", rename)
        assert products(one) == products(trial("multinational"))
        assert {each.named_by and each.named_by.term for each in one.interventions} == {"SUBSTANCE"}


class TestNumericOrder:
    """Criteria and endpoints stand by number, though the register sorts the numbers as text."""

    def test_the_source_is_sorted_as_text(self) -> None:
        part = document("multinational")["authorizedApplication"]["authorizedPartI"]
        listed = part["trialDetails"]["trialInformation"]["eligibilityCriteria"]["principalInclusionCriteria"]
        assert [each["number"] for each in listed] == [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9]

    def test_twelve_criteria_in_order(self) -> None:
        texts = criteria(trial("multinational"), CriterionKind.INCLUSION)
        starts = (
            "Signed informed consent",
            "Age 12 years or over",
            "Invented polyarthritis by the 2099 sample criteria",
            "4.\tAt least six swollen",
            "C-reactive protein",
            "Inadequate response",
            "Stable dose of glucocorticoids",
            "Body weight  ≥ 40 kg.",
            "Negative test for tuberculosis",
            "Vaccinations up to date",
            "Women of childbearing potential",
            "Willing to learn",
        )
        assert [str(text).startswith(start) for text, start in zip(texts, starts, strict=True)] == 12 * [True]

    @pytest.mark.parametrize("name", RECORDS)
    def test_numbers_rise_and_inclusion_goes_first(self, name: str) -> None:
        ranks = {CriterionKind.INCLUSION: 0, CriterionKind.EXCLUSION: 1}
        found = [(ranks[each.kind], each.number) for each in trial(name).eligibility.criteria if each.kind]
        assert found == sorted(found)  # type: ignore[type-var]
        assert {number for rank, number in found if rank == 0} == set(range(1, counts(trial(name))[2] + 1))

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_of_the_source_does_not_matter(self, seed: int) -> None:
        def shuffle(made: Any) -> None:
            part = made["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]
            for lists in (part["eligibilityCriteria"], part["endPoint"]):
                for listed in lists.values():
                    random.Random(seed).shuffle(listed)

        one = changed("multinational", shuffle)
        assert one.eligibility == trial("multinational").eligibility
        assert one.endpoints == trial("multinational").endpoints


class TestDates:
    """CTIS writes a date in six forms, and each is the day that it means."""

    @pytest.mark.parametrize(
        "text",
        [
            "2024-04-24",
            "2024-04-24T15:14:59",
            "2024-04-24T12:46:14.39",
            "2024-04-24T15:14:59.077",
            "2024-04-24T03:39:42.53126887",
            "2024-04-24T03:39:42.531268872",
        ],
    )
    def test_in_records(self, text: str) -> None:
        one = changed("immunostem", lambda made: made.update(decisionDate=text))
        assert one.dates.decision == PartialDate(year=2024, month=4, day=24)

    def test_day_first_in_rows(self) -> None:
        one = changed("search_row_v1", lambda made: made.update(decisionDateOverall="03/04/2024"))
        assert one.dates.decision == PartialDate(year=2024, month=4, day=3)

    @pytest.mark.parametrize("text", ["DE: 24/04/2024, FR: 23/10/2024", "FR:2024-10-23, DE:2024-04-24"])
    def test_by_country_in_rows(self, text: str) -> None:
        one = changed("search_row_v1", lambda made: made.update(decisionDate=text))
        assert decided(one, "DE") == [("2024-04-24", None)]
        assert decided(one, "FR") == [("2024-10-23", None)]

    def test_what_has_happened_is_told_from_what_is_planned(self) -> None:
        known = trial("multinational").dates
        assert known.start is not None
        assert known.start.estimated is False
        assert known.estimated_end is not None
        assert known.estimated_end.estimated is True


LISTS = ("memberStatesConcerned", "authorizedPartsII", "decisions", "ctMSCsByApplication", "trialEvents", "halts")


def _turn(made: Any, which: str) -> None:
    """Turn one of the lists of member states round."""
    application = made["authorizedApplication"]
    if which in application:
        application[which].reverse()
    elif which == "trialEvents":
        made["events"][which].reverse()
    elif which == "halts":
        made["events"]["temporaryHaltList"].reverse()
    else:
        for each in application["applicationInfo"]:
            each[which].reverse()


def _states_whole(one: Trial) -> dict[str | None, tuple[Any, ...]]:
    fields = "name status planned reporting first_decision last_decision start recruitment_start end"
    plain = by_country(one, *fields.split())
    return {each.code: (*plain[each.code], Counter(each.events)) for each in one.countries}


class TestJoinedLists:
    """A member state is one country, whatever the order of the six lists that it stands in."""

    @pytest.mark.parametrize("which", LISTS)
    @pytest.mark.parametrize("name", ["multinational", "v1_as_v2", "early_terminated"])
    def test_the_order_of_a_list_does_not_matter(self, name: str, which: str) -> None:
        one = changed(name, lambda made: _turn(made, which))
        assert _states_whole(one) == _states_whole(trial(name))

    @pytest.mark.parametrize("name", RECORDS)
    def test_no_state_stands_twice(self, name: str) -> None:
        found = [each.code for each in trial(name).countries]
        assert None not in found
        assert len(found) == len(set(found))

    def test_a_state_twice_in_one_application_is_one_country_with_two_decisions(self) -> None:
        def twice(made: Any) -> None:
            decisions = made["authorizedApplication"]["applicationInfo"][0]["decisions"]
            decisions.append(copy.deepcopy(decisions[0]) | {"decisionDate": "2026-10-01T08:00:00.1"})

        one = changed("immunostem", twice)
        assert len(one.countries) == 1
        assert {date for date, _ in decided(one, "IT")} == {"2026-09-17", "2026-10-01"}


class TestHaltAndRestart:
    """A halt ends with the restart that is notified; a planned one is a plan."""

    def test_restarted_in_spain(self) -> None:
        one = trial("multinational")
        assert notified(one, "ES") == {
            (EventKind.TRIAL_START, "2022-02-14"),
            (EventKind.RECRUITMENT_START, "2022-02-28"),
            (EventKind.HALT, "2025-03-19"),
            (EventKind.RESTART, "2025-07-01"),
            (EventKind.RECRUITMENT_RESTART, "2025-07-01"),
            (EventKind.RECRUITMENT_START, "2025-07-01"),  # so the periods call the restart
        }
        assert axes(country(one, "ES").status) == ONGOING_RECRUITING

    def test_halted_in_poland(self) -> None:
        one = trial("multinational")
        assert notified(one, "PL") == {
            (EventKind.TRIAL_START, "2022-05-09"),
            (EventKind.RECRUITMENT_START, "2022-05-30"),
            (EventKind.HALT, "2025-03-19"),
        }
        (restart,) = [each for each in country(one, "PL").events if each.kind is EventKind.RESTART]
        assert restart.date == PartialDate(year=2027, month=1, day=15, estimated=True)
        assert axes(country(one, "PL").status) == TEMPORARILY_HALTED

    def test_the_others_were_not_halted(self) -> None:
        for code in ("DE", "DK", "CZ"):
            assert EventKind.HALT not in {event.kind for event in country(trial("multinational"), code).events}

    @pytest.mark.parametrize("code", ["ES", "PL"])
    def test_reason(self, code: str) -> None:
        halts = [e for e in country(trial("multinational"), code).events if e.kind is EventKind.HALT]
        assert [reason.term for event in halts for reason in event.reasons] == ["PRODUCT"]


class TestOnce:
    """What happened once is one event, though the register tells of it in two lists."""

    @pytest.mark.parametrize(("name", "code"), [("halted", "NL"), ("multinational", "ES"), ("multinational", "PL")])
    def test_a_halt(self, name: str, code: str) -> None:
        (halt,) = [event for event in country(trial(name), code).events if event.kind is EventKind.HALT]
        assert halt.date is not None
        assert halt.reasons

    @pytest.mark.parametrize("code", ["HU", "BE"])
    def test_an_early_termination(self, code: str) -> None:
        events = country(trial("early_terminated"), code).events
        (end,) = [event for event in events if event.kind is EventKind.EARLY_TERMINATION]
        assert end.date is not None
        assert end.reasons

    @pytest.mark.parametrize("name", RECORDS)
    def test_an_assessment_of_part_one(self, name: str) -> None:
        assessed = [event for event in trial(name).events if event.kind is EventKind.ASSESSMENT]
        applied = [event for event in trial(name).events if event.kind is EventKind.SUBMISSION]
        assert len(assessed) == len(applied)

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_start(self, name: str) -> None:
        for each in trial(name).countries:
            starts = [event for event in each.events if event.kind is EventKind.TRIAL_START]
            assert len(starts) == len({event.date for event in starts})

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_sponsor(self, name: str) -> None:
        found = [organisation.name for organisation in trial(name).sponsors]
        assert len(found) == len(set(found))
        roles = [organisation.role for organisation in trial(name).sponsors]
        assert roles[0] is SponsorRole.PRIMARY
        assert roles.count(SponsorRole.PRIMARY) == 1

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_condition(self, name: str) -> None:
        part = document(name)["authorizedApplication"]["authorizedPartI"]
        assert len(trial(name).conditions) == len(part["medicalConditions"])


class TestEmptyAnswers:
    """An empty value is an absent one, an empty page holds no trials, and an empty answer is no record."""

    @pytest.mark.parametrize("source", [b"{}", b"[]", b"<!doctype html><html><body></body></html>", b""])
    def test_the_answer_for_an_unknown_trial(self, source: bytes) -> None:
        with pytest.raises(TrialParseError) as caught:
            parse(source)
        assert isinstance(caught.value, UnrecognisedFormat | NotOneRecord)

    def test_a_page_without_rows(self) -> None:
        page = {"showWarning": False, "pagination": {"totalRecords": 0, "currentPage": 0}, "data": []}
        source = json.dumps(page).encode()
        assert list(read(source)) == []
        with pytest.raises(NotOneRecord):
            parse(source)

    @pytest.mark.parametrize("name", RECORDS)
    def test_empty_is_absent(self, name: str) -> None:
        assert parse(json.dumps(pruned(document(name))).encode()).trial == trial(name)

    @pytest.mark.parametrize("name", RECORDS)
    def test_null_is_absent(self, name: str) -> None:
        def nothing(made: Any) -> None:
            made["results"] = made["documents"] = made["correctiveMeasures"] = None
            made["authorizedApplication"]["trialGlobalEnd"] = None

        def absent(made: Any) -> None:
            for key in ("results", "documents", "correctiveMeasures"):
                made.pop(key, None)
            del made["authorizedApplication"]["trialGlobalEnd"]

        assert changed(name, nothing) == changed(name, absent)

    def test_a_record_in_words_of_its_own_is_told(self) -> None:
        source = b'{"ctNumber": null, "authorizedApplication": {"partOne": {"title": "A trial"}, "phases": [1]}}'
        told = [(one.problem, one.place.path, one.text) for one in parse(source).diagnostics]
        assert [(Problem.NOTHING_READ, "", "authorizedApplication.partOne.title, authorizedApplication.phases")] == told
        with pytest.raises(Rejected):
            parse(source, raise_at=Severity.ERROR)

    @pytest.mark.parametrize(
        "source",
        [
            b'{"ctNumber": null, "authorizedApplication": {}}',
            b'{"ctNumber": "2026-590101-24-00", "authorizedApplication": {"partOne": {"title": "A trial"}}}',
        ],
    )
    def test_a_record_that_is_only_poor_is_not(self, source: bytes) -> None:
        assert parse(source).diagnostics == ()

    def test_results_left_out_are_told_from_none(self) -> None:
        left_out = parse(FOLDER / "ended_with_results.json", results=False).trial
        assert left_out.results.postings == ()
        assert Missing(field="results", kind=MissingKind.NOT_READ) in left_out.missing


def pruned(value: Any) -> Any:
    """Return a document without empty texts, lists and objects in its objects."""
    if isinstance(value, dict):
        return {key: pruned(below) for key, below in value.items() if below not in ("", [], {})}
    return [pruned(below) for below in value] if isinstance(value, list) else value


class TestAccount:
    """Every leaf of a fixture is mapped or ignored for a reason, and no record of today is remarked upon."""

    @pytest.mark.parametrize("name", RECORDS)
    def test_records(self, name: str) -> None:
        audit = record(name).audit()
        assert audit.unmapped == {}
        assert audit.withheld == 0
        assert audit.mapped + sum(audit.ignored.values()) == leaves(document(name))
        assert record(name).diagnostics == ()

    @pytest.mark.parametrize("name", ["search_2026.json", "search_2024_06.json", "evaluation.json", "portal.csv"])
    def test_lists(self, name: str) -> None:
        assert all(one.audit().unmapped == {} for one in rows(name))

    def test_leaves_of_an_evaluation(self) -> None:
        found: Iterable[int] = (one.audit().leaves for one in rows("evaluation.json"))
        assert list(found) == [leaves(each) for each in document("evaluation")]

    def test_cells(self) -> None:
        assert {one.audit().leaves for one in itertools.chain(rows("portal.csv"), rows("portal_renamed.csv"))} == {24}


class TestSecondPlaces:
    """What does not stand where it mostly does is read from where else it can stand."""

    @pytest.fixture
    def trial(self) -> Trial:
        return record("second_places").trial

    def test_nothing_is_told(self) -> None:
        assert () == record("second_places").diagnostics

    def test_languages_by_number(self, trial: Trial) -> None:
        texts = [
            *trial.public_title_translations,
            *trial.scientific_title_translations,
            *(text for objective in trial.objectives for text in objective.translations),
            *(text for condition in trial.conditions for text in condition.translations),
            *(text for criterion in trial.eligibility.criteria for text in criterion.translations),
            *(text for endpoint in trial.endpoints for text in endpoint.translations),
        ]
        assert [text.language for text in texts] == ["nl"] * 8

    def test_status(self, trial: Trial) -> None:
        assert trial.status == Status(regulatory=Regulatory.AUTHORISED, trial=Progress.HALTED)
        assert [(state.code, state.name, axes(state.status)) for state in trial.countries] == [
            ("NL", "Netherlands", (Regulatory.AUTHORISED, None, None)),
            ("BE", None, (Regulatory.AUTHORISED, Progress.HALTED, None)),
            ("DE", None, (Regulatory.AUTHORISED, None, None)),
            ("ES", None, (Regulatory.AUTHORISED, None, None)),
            ("FR", "France", (Regulatory.AUTHORISED, Progress.HALTED, None)),
            ("IT", None, (Regulatory.AUTHORISED, None, None)),
            ("GR", None, (Regulatory.AUTHORISED, None, None)),
            ("PL", None, (Regulatory.AUTHORISED, None, None)),
            ("HU", "Hungary", (Regulatory.UNDER_EVALUATION, None, None)),
        ]

    def test_decisions(self, trial: Trial) -> None:
        assert {state.code: day(state.first_decision) for state in trial.countries if state.first_decision} == {
            "NL": "2025-08-21",
            "BE": "2025-08-22",
            "FR": "2025-08-23",
            "IT": "2025-08-24",
        }
        assert [event.application for event in trial.countries[0].events if event.kind is EventKind.DECISION] == [
            "INITIAL"
        ]
        assert [(event.kind, event.application, event.decision) for event in trial.events] == [
            (EventKind.SUBMISSION, "INITIAL", None),
            (EventKind.DECISION, "INITIAL", Regulatory.AUTHORISED),
            (EventKind.ASSESSMENT, "INITIAL", None),
        ]

    def test_a_start_that_was_corrected(self, trial: Trial) -> None:
        starts = [day(event.date) for event in trial.countries[0].events if event.kind is EventKind.TRIAL_START]
        assert starts == ["2025-10-06", "2025-10-01"]

    def test_products(self, trial: Trial) -> None:
        product = trial.interventions[0]
        assert [each.name for each in trial.interventions] == [
            "Probinavir 20 mg/ml concentrate",
            "EXEMPLOXACIN",
            "Serotonin (5HT3) antagonists",
        ]
        assert product.description == "An inhibitor of the example kinase"
        assert product.sponsor_code == "PLC-310"
        assert product.substances[0].origin == "Chemical"
        assert product.form is not None
        assert product.form.term == "CONCENTRATE FOR SOLUTION FOR INFUSION"

    def test_organisations(self, trial: Trial) -> None:
        sponsor, third = trial.sponsors
        (site,) = trial.sites
        assert sponsor.commercial is True
        assert [each.address for each in (sponsor, third, site)] == [
            "Verzonnenweg 30",
            "Rue De L'Exemple 7",
            "Fantasielaan 2",
        ]
        contacts = sponsor.contacts[-1], *third.contacts, *site.contacts
        assert {(contact.email, contact.phone) for contact in contacts} == {(None, None)}
        assert [(contact.organisation_email, contact.organisation_phone) for contact in contacts] == [
            ("vertegenwoordiging@example.eu", "+99 000 310 0007"),
            ("monitoring@example.eu", "+99 000 310 0003"),
            ("vera.verzonnen@example.eu", "+99 000 310 0004"),
        ]

    def test_a_state_of_which_only_recruitment_is_said(self) -> None:
        (row,) = rows("search_row_apart.json")
        assert [(state.code, axes(state.status)) for state in row.trial.countries] == [
            ("DE", RECRUITMENT_PENDING),
            ("FR", (None, None, Recruitment.RECRUITING)),
        ]
