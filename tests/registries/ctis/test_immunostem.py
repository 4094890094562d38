"""A first-in-human trial of CTIS: each fact has evidence."""

import json
from typing import Any

import pytest

from tests.counting import some
from tests.registries.ctis.records import (
    RECORDS,
    RECRUITMENT_PENDING,
    ages,
    amounts,
    applications,
    areas,
    at,
    axes,
    by_country,
    codes,
    conditions,
    country,
    counts,
    criteria,
    dates,
    day,
    decided,
    document,
    endpoints,
    kinds_of_documents,
    notified,
    numbers,
    organisations,
    planned,
    products,
    record,
    sites,
    states,
    trial,
)
from trialparse.model.interventions import AdvancedTherapy
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    CellOrigin,
    CellType,
    CriterionKind,
    EndpointKind,
    EventKind,
    GeneVehicle,
    Masking,
    Phase,
    PhaseDetail,
    PopulationGroup,
    ProductRole,
    Region,
    Regulatory,
    Sex,
    SponsorRole,
    StudyType,
    TherapyType,
    TimeUnit,
)
from trialparse.model.values import Duration


def said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


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
        for index, start in some(enumerate(starts, first), 6):
            (source,) = record("immunostem").evidence(f"eligibility.criteria[{index}].text").sources
            assert source.text.startswith(start)
            assert at(document("immunostem"), source.place.path) == source.text

    @pytest.mark.parametrize("name", RECORDS)
    def test_every_place_holds_its_words(self, name: str) -> None:
        whole = document(name)
        found = [source for evidence in record(name).evidence().values() for source in evidence.sources]
        for place, text in some(found, 50):
            value = at(whole, place.path)
            # a list or an object that a field comes from has no words of its own
            assert text.strip() == ("" if isinstance(value, dict | list) else said(value).strip())
