"""A first-in-human trial of CTIS: each fact has evidence."""

import json
from typing import Any

import pytest

from tests.counting import some
from tests.registries.ctis.records import (
    RECORDS,
    at,
    document,
    notified,
    record,
    trial,
)


def said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class TestImmunostem:
    """A first-in-human gene therapy, authorised in Italy and not started, is read whole and without a remark."""

    def test_nothing_is_remarked_and_nothing_left_over(self) -> None:
        parsed = record("immunostem")
        assert parsed.diagnostics == ()
        assert parsed.audit().unmapped == {}

    def test_status_and_country(self) -> None:
        one = trial("immunostem")
        assert notified(one, "IT") == set()


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
