"""Six country records of one trial, and results: what they come to, value by value, typed from the records."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from tests.combining.records import day, measured, past, read_back, record, values_of
from tests.counting import stated
from trialparse import combine, overview, read
from trialparse.diagnostics import Problem
from trialparse.export.json import plain
from trialparse.model import Country, Dates, Enrolment, Status, Trial
from trialparse.model.terms import Phase, Progress
from trialparse.parsing.parsed import Parsed

NUMBER = "2014-099150-81"


TITLE = "A randomised, double-blind trial of provastatin cream against placebo in adults with sample rash"


ON_SKIN = {
    "form": {"term": "CREAM", "text": "Cream"},
    "routes": [{"term": "CUTANEOUS", "text": "Cutaneous use"}],
}


PROVASTATIN: dict[str, Any] = {
    "name": "provastatin 1% cream",
    "number": "1",
    "role": "TEST",
    "sponsor_code": "PRV-1",
    "substances": [{"name": "PROVASTATIN"}],
    **ON_SKIN,
}


PLACEBO = {"number": "1", "type": "DRUG", "role": "PLACEBO", **ON_SKIN}


ZINC = {
    "name": "Zinc paste",
    "number": "2",
    "role": "COMPARATOR",
    "form": {"term": "CUTANEOUS PASTE", "text": "Cutaneous paste"},
}


PAST = {"estimated": False}
"""The state of a day that has come to pass, in the form of `to_dict`."""


def date(text: str) -> dict[str, int]:
    """Return a day in the form of `to_dict`."""
    return dict(zip(("year", "month", "day"), map(int, text.split("-")), strict=True))


SITES = {"single_site": False, "multiple_sites": True, "sites": 3}


FAVOURABLE = {"term": "FAVOURABLE", "text": "Favourable"}


NOT_FAVOURABLE = {"term": "NOT_FAVOURABLE", "text": "Not-Favourable"}


def decided(decision: str, opinion: str, outcome: dict[str, str]) -> dict[str, Any]:
    """Return what the sections N of a record come to."""
    return {
        "first_decision": date(decision),
        "events": [
            {"kind": "DECISION", "date": date(decision), "decision": "AUTHORISED"},
            {"kind": "ETHICS_OPINION", "date": date(opinion), "outcome": outcome},
        ],
    }


COUNTRIES: list[dict[str, Any]] = [
    {
        "code": "AT",
        "status": {"regulatory": "AUTHORISED", "trial": "ONGOING", "text": "Ongoing"},
        "authority": "Austria - BASG",
        "planned": 20,
        **SITES,
        **decided("2014-11-10", "2014-11-03", FAVOURABLE),
    },
    {
        "code": "DE",
        "status": {"regulatory": "AUTHORISED", "trial": "HALTED", "text": "Temporarily Halted"},
        "authority": "Germany - BfArM",
        "planned": 40,
        **SITES,
        **decided("2014-12-01", "2014-12-15", FAVOURABLE),
    },
    {
        "code": "ES",
        "status": {"regulatory": "AUTHORISED", "trial": "ENDED", "text": "Completed"},
        "authority": "Spain - AEMPS",
        "planned": 25,
        **SITES,
        **decided("2015-01-12", "2014-12-22", FAVOURABLE),
    },
    {
        "code": "GB",
        "status": {"text": "GB - no longer in EU/EEA"},
        "authority": "UK - MHRA",
        "planned": 30,
        "single_site": True,
        "multiple_sites": False,
        **decided("2014-10-30", "2014-11-20", FAVOURABLE),
    },
    {
        "code": "IT",
        "status": {"regulatory": "NOT_AUTHORISED", "text": "Not Authorised"},
        "authority": "Italy - Italian Medicines Agency",
        "planned": 15,
        **SITES,
        **decided("2015-02-01", "2015-01-20", NOT_FAVOURABLE),
    },
    {"name": "Outside EU/EEA"},
]
"""The countries, without what their records say otherwise of the trial."""


OF_150 = {"enrolment.planned": 150, "enrolment.planned_eea": 100}


BY_AGE = {
    150: [{"group": "ADULT", "planned": 110}, {"group": "ELDERLY", "planned": 40}],
    250: [{"group": "ADULT", "planned": 190}, {"group": "ELDERLY", "planned": 60}],
}


LINK = f"https://www.clinicaltrialsregister.eu/ctr-search/trial/{NUMBER}/"


DIFFERING: list[dict[str, Any]] = [
    {
        "url": LINK + "AT/",
        "design.masking": ["DOUBLE"],
        "phases": ["III"],
        "interventions": [PROVASTATIN, PLACEBO],
        **OF_150,
        "enrolment.by_age": BY_AGE[150],
        "dates.registered": date("2014-10-02"),
    },
    {
        "url": LINK + "DE/",
        "design.masking": ["DOUBLE"],
        "phases": ["III"],
        "interventions": [PROVASTATIN | {"name": "Provastatin 1% cream"}, ZINC, PLACEBO],
        "enrolment.by_age": BY_AGE[250],
    },
    {
        "url": LINK + "ES/",
        "design.masking": ["DOUBLE"],
        "phases": ["II", "III"],
        "interventions": [PROVASTATIN, PLACEBO],
        **OF_150,
        "enrolment.by_age": BY_AGE[150],
        "dates.registered": date("2014-10-20"),
    },
    {
        "public_title": "Provastatin cream for an itchy rash",
        "url": LINK + "GB/",
        "design.masking": ["DOUBLE"],
        "phases": ["III"],
        "interventions": [{name: value for name, value in PROVASTATIN.items() if name != "sponsor_code"}, PLACEBO],
        **OF_150,
        "enrolment.by_age": BY_AGE[150],
        "dates.registered": date("2014-10-06"),
    },
    {
        "scientific_title": "Studio randomizzato di provastatina crema contro placebo in adulti con eruzione",
        "url": LINK + "IT/",
        "design.masking": ["SINGLE"],
        "phases": ["II"],
        "interventions": [PROVASTATIN, PLACEBO],
        **OF_150,
        "enrolment.by_age": BY_AGE[150],
        "dates.registered": date("2014-11-11"),
    },
    {
        "url": LINK + "3rd/",
        "design.masking": ["DOUBLE"],
        "phases": ["IV"],
        "interventions": [PROVASTATIN, PLACEBO],
        "eligibility.sex": "FEMALE",
        "enrolment.by_age": BY_AGE[250],
        "dates.registered": date("2015-03-17"),
    },
]
"""What the record of each country says otherwise."""


TOGETHER: dict[str, Any] = {
    "id": NUMBER,
    "registry": "EUCTR",
    "identifiers": [
        {"scheme": "EudraCT", "value": NUMBER, "check": True},
        {"scheme": "protocol", "value": "PRV-17"},
    ],
    "public_title": "Provastatin cream for sample rash",
    "public_title_translations": [
        {"text": "Crema de provastatina para la erupción de muestra", "language": "es"},
    ],
    "scientific_title": TITLE,
    "objectives": [{"kind": "MAIN", "text": "To compare the skin score at week 12."}],
    "study_type": "INTERVENTIONAL",
    "design": {
        "allocation": ["RANDOMISED"],
        "masking": ["DOUBLE", "SINGLE"],
        "controlled": True,
        "single_site": False,
        "multiple_sites": True,
    },
    "phases": ["II", "III", "IV"],
    "status": {"regulatory": "AUTHORISED", "trial": "ONGOING"},
    "countries": COUNTRIES,
    "countries_elsewhere": [{"term": "CL", "text": "Chile"}, {"term": "KR", "text": "Korea, Republic of"}],
    "conditions": [{"text": "Sample rash", "rare": False}],
    "interventions": [PROVASTATIN, PLACEBO, ZINC],
    "endpoints": [{"kind": "PRIMARY", "text": "Skin score", "time_frame": "Week 12"}],
    "eligibility": {
        "sex": "ALL",
        "age_groups": ["ADULT", "ELDERLY"],
        "populations": ["PATIENTS"],
        "criteria": [{"kind": "INCLUSION", "text": "1. Sample rash for more than six weeks."}],
    },
    "enrolment": {"planned": 250, "planned_eea": 180, "by_age": [*BY_AGE[150], *BY_AGE[250]]},
    "dates": {
        "registered": date("2014-09-29"),
        "decision": date("2014-10-30"),
        "global_end": date("2019-03-01") | PAST,
    },
    "sponsors": [{"name": "Exempel Läkemedel AB", "role": "PRIMARY", "commercial": True, "country": "SE"}],
    "paediatric_plan": False,
    "first_authorised_in": {"term": "CL", "text": "Chile"},
    "missing": [
        {"field": "countries[3].status.trial", "kind": "UNKNOWN"},
        {"field": "url", "kind": "DISAGREED"},
        {"field": "status.text", "kind": "DISAGREED"},
    ],
}
"""What the six records come to together."""


FOUND = Trial(
    id=NUMBER,
    registry="EUCTR",
    status=Status(trial=Progress.ENDED),
    dates=Dates(global_end=day("2019-05-30"), recruitment_start=day("2014-12-09")),
    enrolment=Enrolment(actual=143),
    countries=(Country(code="ES", enrolled=90), Country(code="CL", enrolled=53)),
)
"""Results that contradict the protocols: the trial is over everywhere, and later than Spain says."""


@pytest.fixture
def records(fixtures: Path) -> list[Parsed]:
    return [one for one in read(fixtures / "euctr" / "combined.txt") if isinstance(one, Parsed)]


@pytest.fixture
def with_results(records: list[Parsed]) -> list[Parsed]:
    return [*records, record(FOUND, "results")]


class TestSixCountries:
    """The records come to one trial, and nothing that one of them says is lost."""

    def test_the_trial(self, records: list[Parsed]) -> None:
        made = plain(stated(combine(records).trial))
        differing = [
            {one["field"]: read_back(one["value"]) for one in country.pop("differing")} for country in made["countries"]
        ]

        assert TOGETHER == made
        assert DIFFERING == differing

    def test_names(self, records: list[Parsed]) -> None:
        names = [f"{NUMBER} {name}" for name in ("AT", "DE", "ES", "GB", "IT", "Outside EU/EEA")]

        assert names == [*combine(records).names]

    def test_spread(self, records: list[Parsed]) -> None:
        combined = combine(records)

        assert [
            ("AT", {Phase.III}),
            ("DE", {Phase.III}),
            ("ES", {Phase.II, Phase.III}),
            ("GB", {Phase.III}),
            ("IT", {Phase.II}),
            ("Outside EU/EEA", {Phase.IV}),
        ] == values_of(combined, "phases")
        assert [("AT", Progress.ONGOING), ("DE", Progress.HALTED), ("ES", Progress.ENDED)] == values_of(
            combined, "status.trial"
        )
        assert [("ES", past("2019-03-01"))] == values_of(combined, "dates.global_end")
        assert [("DE", "Zinc paste")] == values_of(combined, "interventions[2].name")
        assert ["provastatin 1% cream", "Provastatin 1% cream"] == [
            value for _, value in values_of(combined, "interventions[0].name")[:2]
        ]

    def test_evidence(self, records: list[Parsed], fixtures: Path) -> None:
        """Places are lines of the file, and the words stand there."""
        lines = (fixtures / "euctr" / "combined.txt").read_text(encoding="utf-8").splitlines()
        combined = combine(records)
        for field in ("phases", "enrolment.planned", "countries[4].status.text", "interventions[2].name", "sponsors"):
            sources = combined.evidence(field).sources
            assert sources
            for source in sources:
                number = re.search(r"line (\d+)", source.place.path)
                assert number is not None
                assert source.text.strip() in lines[int(number[1]) - 1]
                assert combined.names[source.place.part] == source.place.of

    def test_results_come_first(self, with_results: list[Parsed]) -> None:
        combined = combine(with_results)
        trial = combined.trial

        assert (Progress.ENDED, day("2019-05-30"), 143) == (
            trial.status.trial,
            trial.dates.global_end,
            trial.enrolment.actual,
        )
        assert ["status.trial", "dates.global_end"] == [
            one.field for one in combined.diagnostics if one.problem is Problem.CONFLICT
        ]
        assert [("ES", "Completed", 90), (None, None, None), ("CL", None, 53)] == [
            (one.code, one.status.text, one.enrolled) for one in (trial.countries[n] for n in (2, 5, 6))
        ]

    def test_page(self, with_results: list[Parsed]) -> None:
        text = re.sub(r" (\[\d+\])+", "", " ".join(overview(combine(with_results[:-1]), detail="full").split()))

        assert (
            "- phase 3: Austria, Germany and the United Kingdom - phase 2 and phase 3: Spain - phase 2: Italy" in text
        )
        assert "- the United Kingdom: “GB - no longer in EU/EEA” - Italy: refused" in text

    def test_published(self, records: list[Parsed], with_results: list[Parsed]) -> None:
        assert {
            "number_of_countries": 6,
            "trial_status": 2,
            "any_terminated": 0,
            "min_end_date": past("2019-03-01"),
            "max_end_date": past("2019-03-01"),
            "phase": 0,
            "rare_disease": 0,
            "single_blind": 2,
            "healthy_volunteers": 0,
            "bioequivalence": 0,
            "includes_pip": 0,
            "has_results": 0,
            "sponsor_status": 1,
            "trial_title": TITLE,
            "results_expected": 0,
        } == measured(records, "eu-trials-tracker", datetime.date(2021, 1, 1))
        assert {
            "unique_record": f"{NUMBER} AT",
            "status": "Ongoing",
            "status_class": "ongoing",
            "phase": "phase 3",
            "start_date": day("2014-11-10"),
            "sponsor_type": "for profit",
            "sample_size": 150,
            "has_results": "no",
        } == measured(records, "ctrdata")
        assert ["Completed", "completed", day("2014-12-09"), 143, "yes"] == [
            measured(with_results, "ctrdata")[name]
            for name in ("status", "status_class", "start_date", "sample_size", "has_results")
        ]
        assert {"status": "Temporarily Halted"} == measured(records, "machado-t")
        assert {"status": "Ongoing"} == measured(records, "mdr")
        assert "ongoing" == measured(records, "opentrials")["status"]
