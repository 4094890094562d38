"""Real CTIS exports against plain Python that knows no table: an oracle of fifteen headline fields, and an account."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.conftest import corpus_files
from trialparse.model import Trial
from trialparse.model.terms import CriterionKind, EndpointKind, Phase, Progress, Recruitment, Regulatory
from trialparse.parsing.calls import read
from trialparse.parsing.parsed import Parsed

pytestmark = pytest.mark.corpus

FILES = corpus_files("ctis")

WHY = {
    ("ENCODING", None): "the portal writes a byte order mark",
    ("RENAMED", None): "whoever kept the export has renamed its first column",
    ("UNSPLIT_LIST", "interventions[].name"): "several products in one text; names hold commas themselves",
    ("UNSPLIT_LIST", "conditions[].text"): "several conditions in one text, or one with a comma",
    ("UNSPLIT_LIST", "endpoints[].text"): "several endpoints in one text, or one with a comma",
    (
        "UNSPLIT_LIST",
        "identifiers",
    ): "two numbers of the United States in one field, which have no form to know them by",
    ("CONFLICT", "interventions[].form"): "the dictionary has another form of the product than the application",
    ("CONFLICT", "sponsors[].commercial"): "the organisation's entry says that a hospital is commercial",
    ("UNKNOWN_TERM", "interventions[].form"): "a EudraVigilance code of a form, of which no public list is known",
    ("UNKNOWN_TERM", "interventions[].authorised_form"): "the same code",
    ("ODD_CHARACTER", "interventions[].name"): "a carriage return behind the name of a substance",
    ("TRUNCATED", None): "a page of an answer of 201 records",
}
"""Why each kind of diagnostic stands: (problem, field without indices)."""

_TWO_FORMS = {("UNSPLIT_LIST", "identifiers"): 1, ("CONFLICT", "interventions[].form"): 1}
_COMMERCIAL = {("CONFLICT", "sponsors[].commercial"): 1}
_NO_FORM = {
    ("UNKNOWN_TERM", "interventions[].form"): 2,
    ("UNKNOWN_TERM", "interventions[].authorised_form"): 2,
    **_COMMERCIAL,
}
REMARKS: dict[str, dict[tuple[str, str | None], int]] = {
    "csv/CTIS_trials_20250831.skin-side.csv": {
        ("UNSPLIT_LIST", "interventions[].name"): 7,
        ("UNSPLIT_LIST", "endpoints[].text"): 13,
        ("RENAMED", None): 1,
        ("ENCODING", None): 1,
        ("UNSPLIT_LIST", "conditions[].text"): 2,
    },
    "retrieve/2022-500244-37-00.json": _COMMERCIAL,
    "retrieve/2022-500676-59-00.2023-12-03.json": _NO_FORM,
    "retrieve/2022-500676-59-00.json": _NO_FORM,
    "retrieve/2023-505613-24-00.2024-06-23.json": _TWO_FORMS,
    "retrieve/2023-505613-24-00.json": _TWO_FORMS,
    "search/search_2026-08_3_rows.json": {
        ("UNSPLIT_LIST", "interventions[].name"): 2,
        ("UNSPLIT_LIST", "endpoints[].text"): 2,
        ("TRUNCATED", None): 1,
    },
    "search/search_adenomyosis_page1.json": {
        ("UNSPLIT_LIST", "interventions[].name"): 3,
        ("UNSPLIT_LIST", "endpoints[].text"): 5,
        ("UNSPLIT_LIST", "conditions[].text"): 2,
        ("ODD_CHARACTER", "interventions[].name"): 1,
    },
}
"""How many diagnostics of each kind a file has; any other file has none."""


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def shape_of(path: Path) -> str:
    """Return which of the shapes a file is of, by where it lies and what it holds."""
    if path.parent.name != "retrieve":
        return path.parent.name
    return "retrieve" if "authorizedApplication" in json.loads(path.read_bytes()) else "v1"


def of(*shapes: str) -> pytest.MarkDecorator:
    """Run a test for each file of some shapes."""
    files = [path for path in FILES if not shapes or shape_of(path) in shapes]
    return pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in files])


@cache
def outcomes(path: Path) -> tuple[Parsed, ...]:
    found = tuple(read(path))
    assert all(one.ok for one in found)
    return found  # type: ignore[return-value]  # as just asserted


class Members(list[tuple[str, Any]]):
    """The members of an object, those that stand twice too."""


def leaves(value: Any) -> int:
    """Count scalars, nulls, empty lists and empty objects."""
    if isinstance(value, Members):
        return sum(leaves(below) for _, below in value) or 1
    return (sum(leaves(below) for below in value) or 1) if isinstance(value, list) else 1


def leaves_of(path: Path) -> list[int]:
    """Return how many leaves each record of a file has; the frame of a search page counts with its first row."""
    if path.suffix == ".csv":
        return [len(row) for row in cells(path)]
    whole = json.loads(path.read_bytes(), object_pairs_hook=Members)
    if not isinstance(whole, Members):
        return [leaves(record) for record in whole]
    listed = dict(whole).get("data")
    if listed is None:
        return [leaves(whole)]
    frame = leaves(Members((key, value) for key, value in whole if key != "data"))
    return [leaves(row) + (0 if index else frame) for index, row in enumerate(listed)]


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))[1:]


class TestAccount:
    """Every real file is read, each of its leaves is accounted for, and what is remarked on is known and explained."""

    @of()
    def test_leaves(self, path: Path) -> None:
        audits = [one.audit() for one in outcomes(path)]
        assert [audit.leaves for audit in audits] == leaves_of(path)
        for audit in audits:
            assert audit.unmapped == {}
            assert audit.withheld == 0
            assert audit.mapped + sum(audit.ignored.values()) == audit.leaves

    @of()
    def test_diagnostics(self, path: Path) -> None:
        found = Counter(
            (each.problem.name, each.field and re.sub(r"\[\d+\]", "[]", each.field))
            for one in outcomes(path)
            for each in one.diagnostics
        )
        assert found == REMARKS.get(name_of(path), {})
        assert found.keys() <= WHY.keys()

    def test_nothing_is_explained_in_vain(self) -> None:
        assert {name_of(path) for path in FILES} >= REMARKS.keys()
        assert {kind for kinds in REMARKS.values() for kind in kinds} == WHY.keys()


# The oracle: what a file says, by its own keys

PHASES = {
    "1": "I",
    "2": "I",
    "3": "I",
    "4": "II",
    "5": "III",
    "6": "IV",
    "7": "I II",
    "8": "I II",
    "9": "I II",
    "10": "II III",
    "11": "III IV",
}
"""EMA list 14."""
LABELS = {
    "human pharmacology (phase i)- first administration to humans": "I",
    "human pharmacology (phase i)- bioequivalence study": "I",
    "human pharmacology (phase i)- other": "I",
    "therapeutic exploratory (phase ii)": "II",
    "therapeutic confirmatory (phase iii)": "III",
    "therapeutic use (phase iv)": "IV",
    "phase i and phase ii (integrated)- first administration to humans": "I II",
    "phase i and phase ii (integrated)- bioequivalence study": "I II",
    "phase i and phase ii (integrated)- other": "I II",
    "phase ii and phase iii (integrated)": "II III",
    "phase iii and phase iv (integrated)": "III IV",
}
STATES = {
    "1": "UNDER_EVALUATION - -",
    "2": "AUTHORISED NOT_STARTED PENDING",
    "3": "AUTHORISED - RECRUITING",
    "4": "AUTHORISED ONGOING RECRUITING",
    "5": "AUTHORISED ONGOING ENDED",
    "6": "AUTHORISED HALTED HALTED",
    "8": "AUTHORISED ENDED ENDED",
    "11": "NOT_AUTHORISED - -",
    "Authorised, not started": "AUTHORISED NOT_STARTED PENDING",
    "Authorised, recruitment pending": "AUTHORISED NOT_STARTED PENDING",
    "Authorised, recruiting": "AUTHORISED - RECRUITING",
    "Ongoing, recruiting": "AUTHORISED ONGOING RECRUITING",
    "Ongoing, recruitment ended": "AUTHORISED ONGOING ENDED",
    "Temporarily halted": "AUTHORISED HALTED HALTED",
    "Ended": "AUTHORISED ENDED ENDED",
    "": "- - -",
}
"""Public status by code and by label (EMA/441149/2024), on three axes."""
COUNTRIES = {
    "Austria": "AT",
    "Belgium": "BE",
    "Bulgaria": "BG",
    "Croatia": "HR",
    "Cyprus": "CY",
    "Czechia": "CZ",
    "Denmark": "DK",
    "Estonia": "EE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hungary": "HU",
    "Iceland": "IS",
    "Ireland": "IE",
    "Italy": "IT",
    "Latvia": "LV",
    "Liechtenstein": "LI",
    "Lithuania": "LT",
    "Luxembourg": "LU",
    "Malta": "MT",
    "Netherlands": "NL",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "Romania": "RO",
    "Slovakia": "SK",
    "Slovenia": "SI",
    "Spain": "ES",
    "Sweden": "SE",
}


@attrs.frozen(kw_only=True)
class Headline:
    """Fifteen headline fields of a trial, in plain values; None or empty where nothing is said."""

    id: str
    titles: tuple[str | None, str | None] = (None, None)
    phases: frozenset[str] = frozenset()
    status: str = "- - -"
    planned: int | None = None
    countries: dict[str, int | str | None] = attrs.field(factory=dict)
    """What is planned in a country, in records; its public status, in rows."""
    sponsor: str | None = None
    sites: int = 0
    primary_endpoints: list[str] = attrs.field(factory=list)
    inclusion: list[str] = attrs.field(factory=list)
    products: list[tuple[str | None, tuple[str, ...]]] = attrs.field(factory=list)
    decision: str | None = None
    start: str | None = None
    numbers: frozenset[tuple[str, str]] = frozenset()
    conditions: list[str] = attrs.field(factory=list)


def words(value: str | None) -> str | None:
    """Return a text without blanks around it, None for an empty one."""
    value = (value or "").strip()
    return None if value in ("", "-", "N/A") else value


def filled(*values: str | None) -> list[str]:
    return [value for value in map(words, values) if value]


def in_order(items: Iterable[dict[str, Any]], key: str) -> list[str]:
    return filled(*(each[key] for each in sorted(items, key=lambda each: int(each["number"]))))


def of_record(record: dict[str, Any]) -> Headline:
    """Say what a record of today's portal says; a trimmed one has fewer keys."""
    application = record["authorizedApplication"]
    part = application["authorizedPartI"]
    details = part.get("trialDetails", {})
    info = details.get("trialInformation", {})
    titles = details.get("clinicalTrialIdentifiers", {})
    states = application.get("authorizedPartsII", [])
    counted = [each["recruitmentSubjectCount"] for each in states] + [part.get("rowSubjectCount", 0)]
    conditions = info.get("medicalCondition", {}).get("partIMedicalConditions") or part["medicalConditions"]
    other = titles.get("secondaryIdentifyingNumbers", {})
    numbers = {
        ("EudraCT", application.get("eudraCt", {}).get("eudraCtCode")),
        ("NCT", other.get("nctNumber", {}).get("number")),
    }
    return Headline(
        id=record["ctNumber"],
        titles=(words(titles.get("publicTitle")), words(titles.get("fullTitle"))),
        phases=frozenset(PHASES[info["trialCategory"]["trialPhase"]].split()),
        status=STATES[str(record["ctPublicStatusCode"])],
        planned=sum(counted) if states else None,  # those outside of the EEA are not all
        countries={COUNTRIES[each["mscInfo"]["mscName"]]: each["recruitmentSubjectCount"] for each in states},
        sponsor=next(each["organisation"]["name"] for each in part["sponsors"] if each["primary"]),
        sites=sum(len(each["trialSites"]) for each in states),
        primary_endpoints=in_order(info["endPoint"]["primaryEndPoints"], "endPoint"),
        inclusion=in_order(
            info.get("eligibilityCriteria", {}).get("principalInclusionCriteria", []), "principalInclusionCriteria"
        ),
        products=[
            (words(each.get("productName")), tuple(filled(*each["routes"]))) for each in part.get("products", [])
        ],
        decision=record["decisionDate"][:10],
        start=record.get("startDateEU"),
        numbers=frozenset((scheme, number) for scheme, number in numbers if number),
        conditions=list(dict.fromkeys(filled(*(each["medicalCondition"] for each in conditions)))),
    )


def iso(date: str | None) -> str | None:
    """Return a date as ISO 8601 that may stand with the day first."""
    date = words(date)
    return "-".join(reversed(date.split("/"))) if date and "/" in date else date


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """Give the countries of a text such as `Italy:Ongoing, recruiting, Hungary:Ended` with their labels."""
    for part in re.split(r", (?=[A-Z][A-Za-z]+:)", text):
        country, _, label = part.partition(":")
        yield COUNTRIES.get(country, country), label.strip()


def once(text: str | None) -> str | None:
    """Return a flattened list without a name behind its own copy."""
    return text and re.sub(r"(?:(?<=, )|^)([A-Z][a-z]+)(?:, \1)+(?=, |$)", r"\1", text)


def of_row(row: dict[str, Any]) -> Headline:
    """Say what a row of the search says, in any of its three shapes; lists are flattened, so they count as one item."""
    listed = row["trialCountries"]
    states = dict(labelled(listed if isinstance(listed, str) else ", ".join(listed)))
    return Headline(
        id=row["ctNumber"],
        titles=(None, words(row.get("ctTitle"))),
        phases=frozenset(LABELS[" ".join(row["trialPhase"].casefold().split())].split()),
        status=STATES[str(row.get("ctStatus", ""))],
        planned=int(row["totalNumberEnrolled"]),
        countries={code: STATES[label] for code, label in states.items()},
        sponsor=words(row.get("sponsor")),
        primary_endpoints=filled(row.get("primaryEndPoint")),
        products=[(name, ()) for name in filled(once(row.get("product")))],
        decision=iso(row.get("decisionDateOverall")),
        start=iso(row.get("startDateEU")),
        conditions=filled(row.get("conditions")),
    )


def of_cells(row: list[str]) -> Headline:
    """Say what a row of the portal's CSV says, by the places of its cells; N/A is an empty cell."""
    return Headline(
        id=row[0],
        titles=(None, words(row[2])),
        phases=frozenset(LABELS[" ".join(row[12].casefold().split())].split()),
        status=STATES[row[3]],
        planned=int(row[8]),
        countries={code: STATES[label] for code, label in labelled(row[4])},
        sponsor=words(row[21]),
        primary_endpoints=filled(row[14]),
        products=[(name, ()) for name in filled(once(row[13]))],
        decision=iso(row[16]),
        start=iso(row[17]),
        conditions=filled(row[10]),
    )


def said_by(path: Path) -> list[Headline]:
    """Say what each record of a file says."""
    if path.suffix == ".csv":
        return [of_cells(row) for row in cells(path)]
    whole = json.loads(path.read_bytes())
    if "authorizedApplication" in whole:
        return [of_record(whole)]
    return [of_row(row) for row in whole.get("data", [whole])]


# The same of a Trial


def axes(status: Any) -> str:
    """Return a status as the oracle writes it."""
    terms: tuple[Regulatory | Progress | Recruitment | None, ...] = (
        status.regulatory,
        status.trial,
        status.recruitment,
    )
    return " ".join(term.name if term else "-" for term in terms)


def headline(trial: Trial, by_country: str) -> Headline:
    """Return what the parser made; of a country, `planned` or `status`."""
    assert trial.id is not None
    decision, start = trial.dates.decision, trial.dates.start
    shown = {each.code: each.planned if by_country == "planned" else axes(each.status) for each in trial.countries}
    numbers = {(each.scheme, each.value) for each in trial.identifiers}
    return Headline(
        id=trial.id,
        titles=(trial.public_title, trial.scientific_title),
        phases=frozenset(phase.name for phase in trial.phases),
        status=axes(trial.status),
        # rows tell those in the EEA only
        planned=trial.enrolment.planned if trial.enrolment.planned is not None else trial.enrolment.planned_eea,
        countries={str(code): value for code, value in shown.items()},
        sponsor=", ".join(one.name for one in trial.sponsors if one.role is None and one.name)  # of a row: all
        or next((one.name for one in trial.sponsors), None),
        sites=len(trial.sites),
        primary_endpoints=filled(*(each.text for each in trial.endpoints if each.kind is EndpointKind.PRIMARY)),
        inclusion=filled(*(each.text for each in trial.eligibility.criteria if each.kind is CriterionKind.INCLUSION)),
        products=[(each.name, tuple(filled(*(route.text for route in each.routes)))) for each in trial.interventions],
        decision=None if decision is None else str(decision),
        start=None if start is None else str(start),
        numbers=frozenset(number for number in numbers if number[0] in ("EudraCT", "NCT")),
        conditions=filled(*(each.text for each in trial.conditions)),
    )


class TestOracle:
    """Plain code with the keys of the source, and no table, finds the same headline fields as the parser."""

    @of("retrieve", "partial", "search", "csv")
    @pytest.mark.parametrize("field", [field.name for field in attrs.fields(Headline)])
    def test_field(self, path: Path, field: str) -> None:
        by_country = "planned" if shape_of(path) in ("retrieve", "partial") else "status"
        made = [getattr(headline(one.trial, by_country), field) for one in outcomes(path)]
        assert made == [getattr(said, field) for said in said_by(path)]

    def test_there_is_something_to_compare(self) -> None:
        compared = [path for path in FILES if shape_of(path) in ("retrieve", "partial", "search", "csv")]
        said = [each for path in compared for each in said_by(path)]
        assert len(said) >= 20
        empty = Headline(id="")
        for field in attrs.fields(Headline):
            assert any(getattr(each, field.name) != getattr(empty, field.name) for each in said), field.name


# One trial at two times

PAIR = ("2023-505613-24-00.2024-06-23.json", "2023-505613-24-00.json")

DIFFERENCES = {
    "scientific_title_translations": "order of the languages",
    "objectives": "order of the languages of their translations",
    "design": "order of the scopes",
    "status": "the label of 2024-06 is gone; the three axes are the same",
    "countries": "later decisions and restarts of recruitment; in 2024-06 they had no public code of their own",
    "countries_elsewhere": "order",
    "conditions": "order of the languages of their translations",
    "interventions": "order",
    "endpoints": "order of the languages of their translations",
    "eligibility": "order of the languages of the translations of its criteria",
    "dates": "published later",
    "events": "five more applications",
    "sponsors": "order of the third parties",
    "sites": "order, and one site of seven is gone",
    "documents": "the portal lists 42; in 2024-06 it listed none",
    "results": "the plan to share data is stated",
    "missing": "order of the interventions, one of which has a code without a label",
}
"""The fields in which the two differ, and why."""

OTHER_KEYS = {
    "publishDate": "published later",
    "ctPublicStatus": "only in 2024-06",
    "trialRegion": "worded otherwise",
    "trialRegionCode": "only today",
    "documents": "empty in 2024-06",
    "events": "restarts",
    "authorizedApplication": "modifications, new ids, other orders",
}
"""The members of the document that differ, and why."""


@pytest.fixture(scope="module")
def pair(corpus: Path) -> tuple[Trial, Trial]:
    """Return the trial as of June 2024 and as of 2026."""
    before, after = (outcomes(corpus / "ctis" / "retrieve" / name)[0].trial for name in PAIR)
    return before, after


def untranslated(items: Iterable[Any]) -> list[Any]:
    """Return records without their translations."""
    return [attrs.evolve(each, translations=()) for each in items]


class TestPair:
    """Two years and a new portal later a trial is the same, but for what has happened to it."""

    def test_fields(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        names = [field.name for field in attrs.fields(Trial)]
        assert {name for name in names if getattr(before, name) != getattr(after, name)} == DIFFERENCES.keys()

    def test_members(self, corpus: Path) -> None:
        before, after = (json.loads((corpus / "ctis" / "retrieve" / name).read_bytes()) for name in PAIR)
        differ = {key for key in {**before, **after} if before.get(key) != after.get(key)}
        assert differ == OTHER_KEYS.keys()

    def test_phases(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        assert before.phases == after.phases == {Phase.II}

    def test_conditions(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        assert untranslated(before.conditions) == untranslated(after.conditions)
        assert len(before.conditions) == 1

    def test_products(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        assert Counter(before.interventions) == Counter(after.interventions)
        assert len(before.interventions) == 3

    def test_what_differs_only_in_order(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        for name in ("countries_elsewhere", "interventions", "scientific_title_translations"):
            assert Counter(getattr(before, name)) == Counter(getattr(after, name))
        assert Counter(before.design.scopes) == Counter(after.design.scopes)
        for name in ("objectives", "endpoints"):
            assert untranslated(getattr(before, name)) == untranslated(getattr(after, name))
        assert untranslated(before.eligibility.criteria) == untranslated(after.eligibility.criteria)
        assert Counter(each.name for each in before.sponsors) == Counter(each.name for each in after.sponsors)

    def test_what_has_happened(self, pair: tuple[Trial, Trial]) -> None:
        before, after = pair
        assert axes(before.status) == axes(after.status) == "AUTHORISED ONGOING RECRUITING"
        assert (before.status.text, after.status.text) == ("Ongoing, recruiting", None)
        assert (len(before.sites), len(after.sites)) == (7, 6)
        assert (len(before.documents), len(after.documents)) == (0, 42)
        assert [str(trial.dates.published) for trial in pair] == ["2024-06-20", "2025-08-20"]
        assert {each.application for each in before.events} <= {each.application for each in after.events}
        assert [len({each.application for each in trial.events} - {None}) for trial in pair] == [1, 6]

    def test_corrected_starts_of_recruitment(self, pair: tuple[Trial, Trial]) -> None:
        starts = [{each.code: str(each.recruitment_start) for each in trial.countries} for trial in pair]
        assert [found["PL"] for found in starts] == ["2023-03-24", "2025-05-22"]
        assert [found["BE"] for found in starts] == ["2021-10-31", "2022-10-31"]
        assert starts[0]["GR"] == starts[1]["GR"]
