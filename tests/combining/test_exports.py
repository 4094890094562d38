"""Three exports of one trial, combined value by value."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.combining.made import CREAM, of_country_xml
from tests.combining.records import day, values_of
from tests.counting import stated
from trialparse import combine, overview, read
from trialparse.combining import Combined
from trialparse.diagnostics import Problem
from trialparse.export.json import plain
from trialparse.model import (
    Difference,
)
from trialparse.model.terms import (
    Phase,
    Regulatory,
    Sex,
)
from trialparse.parsing.parsed import Parsed


@pytest.fixture
def exported(fixtures: Path) -> Combined:
    """Return three exports of one trial."""
    return combine(
        [
            of_country_xml(fixtures, "ES"),
            of_country_xml(
                fixtures,
                "DE",
                ("(Phase III): yes", "(Phase III): no"),
                ("<target_size>240", "<target_size>260"),
                (">Not Recruiting<", ">Authorised-recruitment may be ongoing or finished<"),
                ("<country2>Italy", "<country2>Germany"),
            ),
            of_country_xml(fixtures, "Outside-EU/EEA", (">Not Recruiting<", ">NA<")),
        ]
    )


GERMANY, SPAIN, THIRD = "2017-099140-40 DE", "2017-099140-40 ES", "2017-099140-40 Outside EU/EEA"
PLAIN = '[{"name":"Provastatin","form":{"term":"CREAM","text":"Cream"}}]'

EXPECTED = {
    "id": "2017-099140-40",
    "registry": "EUCTR",
    "identifiers": [
        {"scheme": "EudraCT", "value": "2017-099140-40", "check": True},
        {"scheme": "protocol", "value": "PRV-17"},
    ],
    "public_title": "Provastatin cream for sample rash",
    "scientific_title": "A randomised, double-blind trial of provastatin against placebo in people with sample rash",
    "acronym": "RASH",
    "url": "https://euctr.example.org/search?query=2017-099140-40",
    "objectives": [{"kind": "MAIN", "text": "To compare the skin score at week 12."}],
    "study_type": "INTERVENTIONAL",
    "design": {
        "text": "Controlled: yes\nRandomised: yes\nOpen: no\nSingle blind: no\nDouble blind: yes\nParallel group: yes\n"
        "Cross over: no\nOther: no",
        "controlled": True,
        "allocation": ["RANDOMISED"],
        "masking": ["DOUBLE"],
        "assignment": ["PARALLEL"],
    },
    "phases": ["II", "III"],
    "status": {"regulatory": "AUTHORISED"},
    "countries": [
        {
            "code": "DE",
            "name": "Germany",
            "status": {"regulatory": "AUTHORISED", "text": "Authorised-recruitment may be ongoing or finished"},
            "first_decision": {"year": 2017, "month": 5, "day": 15},
            "differing": [
                {"field": "phases", "value": '["III"]'},
                {"field": "interventions", "value": PLAIN},
                {"field": "enrolment.planned", "value": "120"},
                {"field": "dates.registered", "value": '{"year":2017,"month":3,"day":2}'},
            ],
        },
        {"code": "SE", "name": "Sweden"},
        {
            "code": "ES",
            "name": "Spain",
            "status": {"text": "Not Recruiting"},
            "first_decision": {"year": 2017, "month": 6, "day": 1},
            "end": {"year": 2019, "month": 9, "day": 30},
            "differing": [
                {"field": "public_title", "value": "Crema de provastatina para la erupción de muestra"},
                {"field": "acronym", "value": "RASH-ES"},
            ],
        },
        {"code": "CL", "name": "Chile"},
        {
            "name": "Outside EU/EEA",
            "status": {"text": "NA"},
            "end": {"year": 2019, "month": 10, "day": 31},
            "differing": [
                {"field": "phases", "value": '["III"]'},
                {"field": "interventions", "value": PLAIN},
                {"field": "eligibility.sex", "value": "FEMALE"},
                {"field": "enrolment.planned", "value": "120"},
                {"field": "dates.registered", "value": '{"year":2018,"month":1,"day":11}'},
            ],
        },
    ],
    "conditions": [{"text": "Sample rash"}],
    "interventions": [{"name": "Provastatin", "sponsor_code": "PRV-1", "form": CREAM}],
    "endpoints": [{"kind": "PRIMARY", "text": "Skin score at week 12"}],
    "eligibility": {
        "sex": "ALL",
        "age_groups": ["ADULT", "ELDERLY"],
        "criteria": [{"kind": "INCLUSION", "text": "1. Sample rash for more than six weeks."}],
    },
    "enrolment": {"planned": 150},
    "dates": {
        "registered": {"year": 2017, "month": 2, "day": 20},
        "decision": {"year": 2017, "month": 5, "day": 15},
        "end": {"year": 2019, "month": 10, "day": 31},
    },
    "sponsors": [{"name": "Exempel Läkemedel AB", "role": "PRIMARY"}],
    "missing": [
        {"field": "status.trial", "kind": "NOT_APPLICABLE"},
        {"field": "status.recruitment", "kind": "NOT_APPLICABLE"},
        {"field": "status.text", "kind": "DISAGREED"},
    ],
}
"""What the three records of fixtures/euctr/countries.xml come to, typed from the XML and the table of rules."""


class TestFixture:
    """Three exports of one trial, value by value."""

    @pytest.fixture
    def combined(self, fixtures: Path) -> Combined:
        return combine(read(fixtures / "euctr" / "countries.xml"))

    def test_the_trial(self, combined: Combined) -> None:
        assert EXPECTED == plain(stated(combined.trial))

    def test_what_differs(self, combined: Combined) -> None:
        assert (GERMANY, SPAIN, THIRD) == combined.names
        assert (
            "public_title",
            "acronym",
            "phases",
            "status.text",
            "interventions",
            "eligibility.sex",
            "enrolment.planned",
            "dates.registered",
            "dates.decision",
            "dates.end",
        ) == combined.differs

    @pytest.mark.parametrize(
        ("field", "spread"),
        [
            ("phases", [("DE", {Phase.III}), ("ES", {Phase.II, Phase.III}), ("Outside EU/EEA", {Phase.III})]),
            ("enrolment.planned", [("DE", 120), ("ES", 150), ("Outside EU/EEA", 120)]),
            ("dates.end", [("ES", day("2019-09-30")), ("Outside EU/EEA", day("2019-10-31"))]),
            ("status.regulatory", [("DE", Regulatory.AUTHORISED)]),
            ("eligibility.sex", [("DE", Sex.ALL), ("ES", Sex.ALL), ("Outside EU/EEA", Sex.FEMALE)]),
            ("interventions[0].sponsor_code", [("ES", "PRV-1")]),
        ],
    )
    def test_spread(self, combined: Combined, field: str, spread: list[tuple[str, Any]]) -> None:
        assert spread == values_of(combined, field)

    @pytest.mark.parametrize(
        ("field", "places"),
        [
            ("phases", [f"{GERMANY}: /trials/trial[1]/main/phase", f"{SPAIN}: record 1 /trials/trial[2]/main/phase"]),
            ("enrolment.planned", [f"{SPAIN}: record 1 /trials/trial[2]/main/target_size"]),
            ("dates.end", [f"{THIRD}: record 2 /trials/trial[3]/main/results_date_completed"]),
            ("countries[0].status.text", [f"{GERMANY}: /trials/trial[1]/main/recruitment_status"]),
            ("countries[1].code", [f"{GERMANY}: /trials/trial[1]/countries/country2[2]"]),
            ("countries[4].name", [f"{THIRD}: record 2 /trials/trial[3]/main/trial_id"]),
            ("countries[4].differing[2].value", [f"{THIRD}: record 2 /trials/trial[3]/criteria/gender"]),
        ],
    )
    def test_places(self, combined: Combined, field: str, places: list[str]) -> None:
        assert places == [*dict.fromkeys(str(one.place) for one in combined.evidence(field).sources)][: len(places)]

    def test_diagnostics(self, combined: Combined) -> None:
        told = [(one.problem, one.field, one.place.part) for one in combined.diagnostics]

        assert [*combined.differs] == [field for _, field, _ in told]
        assert {Problem.DIFFERS} == {problem for problem, _, _ in told}
        assert (Problem.DIFFERS, "enrolment.planned", 0) in told


class TestExports:
    """Records of a format are combined with all that they are: places, words, diagnostics."""

    def test_the_trial(self, exported: Combined) -> None:
        trial = exported.trial

        assert ("2015-099120-36", {Phase.II, Phase.III}, 260) == (trial.id, trial.phases, trial.enrolment.planned)
        assert [
            ("PT", None),
            ("DE", "Authorised-recruitment may be ongoing or finished"),
            ("ES", "Not Recruiting"),
            ("IT", None),
            (None, "NA"),
        ] == [(one.code, one.status.text) for one in trial.countries]
        assert (Difference(field="phases", value='["II"]'),) == trial.countries[1].differing
        assert ("phases", "status.text", "enrolment.planned") == exported.differs

    def test_evidence_is_truthful(self, exported: Combined) -> None:
        evidence = exported.evidence()
        trees = [etree.fromstring(one.raw) for one in exported.records]

        assert {"phases", "countries[1].status.text", "countries[1].differing[0].value"} <= {*evidence}
        for field, found in evidence.items():
            assert {*found.sources} <= {*exported.evidence(field).sources}
            for source in found.sources:
                path = re.sub(r"^/trials/trial\[1\]", ".", source.place.path)
                (element,) = trees[source.place.part].xpath(path)
                words = " ".join("".join(element.itertext()).split())
                assert " ".join(source.text.split()) in words

    def test_the_evidence_of_one_record_is_its_own(self, exported: Combined) -> None:
        record = exported.records[0]
        own, combined = record.evidence(), combine([record]).evidence()

        assert own.keys() <= combined.keys()
        for field, found in own.items():
            places = [(source.place.path, source.text) for source in found.sources]
            assert places == [(source.place.path, source.text) for source in combined[field].sources]

    def test_pages(self, exported: Combined) -> None:
        text = " ".join(overview(exported, detail="full").split())

        assert "The records do not agree on the phase [" in text
        assert re.search(r"2015-099120-36 DE: …/main[:/][^\[]*phase “yes”", text)

    def test_diagnostics_of_records(self, fixtures: Path) -> None:
        odd = of_country_xml(fixtures, "DE", ("<target_size>240", "<target_size>many"))
        told = [
            one
            for one in combine([odd, of_country_xml(fixtures, "ES")]).diagnostics
            if one.field == "enrolment.planned"
        ]

        assert [(Problem.BAD_VALUE, "2015-099120-36 DE", 0)] == [
            (one.problem, one.place.of, one.place.part) for one in told
        ]
        assert 240 == combine([odd, of_country_xml(fixtures, "ES")]).trial.enrolment.planned

    def test_languages(self, fixtures: Path) -> None:
        first = next(iter(read(fixtures / "ctis" / "immunostem.json", language="it")))
        assert isinstance(first, Parsed)
        combined = combine([first])
        fields = [field for field in ("public_title", "scientific_title") if first.language_of(field)]

        assert [first.language_of(field) for field in fields] == [combined.language_of(field) for field in fields]
        assert None is combined.language_of("registry")
