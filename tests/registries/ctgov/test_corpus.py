"""Real studies of ClinicalTrials.gov against plain Python that knows no table: headline fields, and twelve drifts."""

import copy
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import corpus_files
from tests.counting import some
from trialparse import Parsed, Trial, parse, read
from trialparse.model.terms import EndpointKind, SponsorRole

pytestmark = pytest.mark.corpus

V2 = [path for path in corpus_files("ctgov") if "v2" in path.parts]
CLASSIC = [path for path in corpus_files("ctgov") if "classic" in path.parts]

PHASES = {
    "NA": "NOT_APPLICABLE",
    "EARLY_PHASE1": "EARLY_I",
    "PHASE1": "I",
    "PHASE2": "II",
    "PHASE3": "III",
    "PHASE4": "IV",
}
LABELS = {
    "Not Applicable": "NA",
    "Early Phase 1": "EARLY_PHASE1",
    **{f"Phase {number}": f"PHASE{number}" for number in (1, 2, 3, 4)},
}
RECRUITMENT = {
    "NOT_YET_RECRUITING": "PENDING",
    "RECRUITING": "RECRUITING",
    "ENROLLING_BY_INVITATION": "BY_INVITATION",
    "ACTIVE_NOT_RECRUITING": "ENDED",
    "COMPLETED": "ENDED",
    "SUSPENDED": "HALTED",
    "TERMINATED": "ENDED",
    "WITHDRAWN": "ENDED",
}
AGES = {"CHILD": "UNDER_18", "ADULT": "ADULT", "OLDER_ADULT": "ELDERLY"}
SPELLED = {"RANDOMIZED": "RANDOMISED", "NON_RANDOMIZED": "NON_RANDOMISED", "NA": "NOT_APPLICABLE", "NONE": "OPEN"}
ROLES = {"CARE_PROVIDER": "CARER", "OUTCOMES_ASSESSOR": "ASSESSOR"}
MONTHS = "January February March April May June July August September October November December".split()
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

Facts = dict[str, Any]


def line(text: str | None) -> str | None:
    """Return a text on one line."""
    return None if text is None else " ".join(text.split()) or None


def prose(text: str | None) -> str | None:
    """Return a text of Markdown with the signs that it kept from being markup."""
    return None if text is None else ESCAPED.sub(r"\1", text).strip() or None


def names(values: Iterable[str]) -> list[str]:
    return sorted({*values})


def day(text: str | None) -> str | None:
    """Return a date without its time, from ISO 8601 or from English words."""
    if text is None or text[0].isdigit():
        return text and text[:10]
    month, *rest = text.replace(",", "").split()
    number = MONTHS.index(month) + 1
    return f"{rest[-1]}-{number:02}" + (f"-{int(rest[0]):02}" if len(rest) == 2 else "")


def age(text: str | None) -> tuple[float, str] | None:
    if text is None:
        return None
    number, unit = text.split()
    return float(number), unit.upper().removesuffix("S")


def within(tree: Any, *keys: str) -> Any:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def expected(study: dict[str, Any]) -> Facts:
    """Return forty facts of a study of version 2, by the names and schemas of its OpenAPI file."""

    def module(name: str) -> dict[str, Any]:
        return within(study, "protocolSection", f"{name}Module") or {}

    identification, status, design = module("identification"), module("status"), module("design")
    sponsors, arms, outcomes = module("sponsorCollaborators"), module("armsInterventions"), module("outcomes")
    eligibility, places, references = module("eligibility"), module("contactsLocations"), module("references")
    conditions, oversight, sharing = module("conditions"), module("oversight"), module("ipdSharingStatement")
    info, enrolment = design.get("designInfo") or {}, design.get("enrollmentInfo") or {}
    overall = status.get("overallStatus")
    locations = places.get("locations", ())
    planned = [one for kind in ("primary", "secondary", "other") for one in outcomes.get(f"{kind}Outcomes", ())]
    return {
        "id": identification.get("nctId"),
        "aliases": [*identification.get("nctIdAliases", ())],
        "own number": line(within(identification, "orgStudyIdInfo", "id")),
        "brief title": line(identification.get("briefTitle")),
        "official title": line(identification.get("officialTitle")),
        "acronym": line(identification.get("acronym")),
        "organisation": line(within(identification, "organization", "fullName")),
        "status": overall,
        "recruitment": RECRUITMENT.get(overall),
        "why stopped": line(status.get("whyStopped")),
        "verified": day(status.get("statusVerifiedDate")),
        "start": day(within(status, "startDateStruct", "date")),
        "start is planned": {"ACTUAL": False, "ESTIMATED": True}.get(within(status, "startDateStruct", "type")),
        "primary completion": day(within(status, "primaryCompletionDateStruct", "date")),
        "completion": day(within(status, "completionDateStruct", "date")),
        "first submitted": day(status.get("studyFirstSubmitDate")),
        "first posted": day(within(status, "studyFirstPostDateStruct", "date")),
        "last posted": day(within(status, "lastUpdatePostDateStruct", "date")),
        "results posted": day(within(status, "resultsFirstPostDateStruct", "date")),
        "sponsor": line(within(sponsors, "leadSponsor", "name")),
        "collaborators": [line(one.get("name")) for one in sponsors.get("collaborators", ())],
        "committee": oversight.get("oversightHasDmc"),
        "regulated drug": oversight.get("isFdaRegulatedDrug"),
        "summary": prose(module("description").get("briefSummary")),
        "conditions": [line(one) for one in conditions.get("conditions", ())],
        "keywords": [*dict.fromkeys(line(one) for one in conditions.get("keywords", ()))],
        "type": design.get("studyType"),
        "phases": names(PHASES[one] for one in design.get("phases", ())),
        "allocation": names(SPELLED[one] for one in [info["allocation"]] if one) if "allocation" in info else [],
        "masking": [SPELLED.get(one, one) for one in [within(info, "maskingInfo", "masking")] if one],
        "masked": names(ROLES.get(one, one) for one in within(info, "maskingInfo", "whoMasked") or ()),
        "enrolment": (enrolment.get("type"), enrolment.get("count")),
        "arms": [line(one.get("label")) for one in arms.get("armGroups", ())],
        "interventions": [line(one["name"]) for one in arms.get("interventions", ()) if one.get("name")],
        "outcomes": [line(one.get("measure")) for one in planned],
        "sex": eligibility.get("sex"),
        "minimum age": age(eligibility.get("minimumAge")),
        "maximum age": age(eligibility.get("maximumAge")),
        "age groups": names(AGES[one] for one in eligibility.get("stdAges", ())),
        "healthy": eligibility.get("healthyVolunteers"),
        "criteria": prose(eligibility.get("eligibilityCriteria")),
        "cities": [line(one.get("city")) for one in locations],
        "facilities": [line(one.get("facility")) for one in locations],
        "countries": [*dict.fromkeys(line(one.get("country")) for one in locations if one.get("country"))],
        "references": [line(one.get("citation")) for one in references.get("references", ())],
        "shares data": sharing.get("ipdSharing"),
        "has results": study.get("hasResults"),
    }


def found(trial: Trial) -> Facts:
    """Return the same facts of a trial."""
    own = [one.value for one in trial.identifiers if one.scheme == "protocol" and one.issuer is None]
    lead = [one.name for one in trial.sponsors if one.role is SponsorRole.PRIMARY]
    counts = {
        "ACTUAL": trial.enrolment.actual,
        "ESTIMATED": trial.enrolment.planned,
        None: trial.enrolment.unspecified,
    }
    counted = [(kind, count) for kind, count in counts.items() if count is not None]
    kinds = [EndpointKind.PRIMARY, EndpointKind.SECONDARY, EndpointKind.OTHER]

    def name(term: Any) -> str | None:
        return None if term is None else str(term.name)

    def years(duration: Any) -> tuple[float, str] | None:
        return None if duration is None else (float(duration.value), duration.unit.name)

    def written(date: Any) -> str | None:
        return None if date is None else str(date)

    return {
        "id": trial.id,
        "aliases": [one.value for one in trial.identifiers if one.scheme == "NCT" and one.value != trial.id],
        "own number": own[0] if own else None,
        "brief title": trial.public_title,
        "official title": trial.scientific_title,
        "acronym": trial.acronym,
        "organisation": trial.record_provider,
        "status": trial.status.text,
        "recruitment": name(trial.status.recruitment),
        "why stopped": trial.status.why_stopped,
        "verified": written(trial.dates.verified),
        "start": written(trial.dates.start),
        "start is planned": trial.dates.start.estimated if trial.dates.start else None,
        "primary completion": written(trial.dates.primary_completion),
        "completion": written(trial.dates.end),
        "first submitted": written(trial.dates.registered),
        "first posted": written(trial.dates.first_published),
        "last posted": written(trial.dates.published),
        "results posted": written(trial.dates.results_posted),
        "sponsor": lead[0] if lead else None,
        "collaborators": [one.name for one in trial.sponsors if one.role is SponsorRole.SUPPORT],
        "committee": trial.data_monitoring_committee,
        "regulated drug": trial.fda.drug,
        "summary": trial.brief_summary,
        "conditions": [one.text for one in trial.conditions],
        "keywords": [*trial.keywords],
        "type": name(trial.study_type),
        "phases": names(one.name for one in trial.phases),
        "allocation": names(one.name for one in trial.design.allocation),
        "masking": names(one.name for one in trial.design.masking),
        "masked": names(one.name for one in trial.design.masked_roles),
        "enrolment": counted[0] if counted else (None, None),
        "arms": [one.title for one in trial.arms],
        "interventions": [one.name for one in trial.interventions if one.name],
        "outcomes": [one.text for kind in kinds for one in trial.endpoints if one.kind is kind],
        "sex": name(trial.eligibility.sex),
        "minimum age": years(trial.eligibility.minimum_age),
        "maximum age": years(trial.eligibility.maximum_age),
        "age groups": names(one.name for one in trial.eligibility.age_groups),
        "healthy": trial.eligibility.healthy_volunteers,
        "criteria": trial.eligibility.text,
        "cities": [one.city for one in trial.sites],
        "facilities": [one.name for one in trial.sites],
        "countries": [one.name for one in trial.countries],
        "references": [one.text for one in trial.publications],
        "shares data": trial.results.share_data.text if trial.results.share_data else None,
        "has results": trial.results.posted,
    }


def documents(path: Path) -> Iterator[Any]:
    """Yield the JSON documents in a file, which may be a zip."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json") and "__MACOSX" not in name:
                    yield json.loads(archive.read(name))
    else:
        yield json.loads(path.read_bytes())


def studies(path: Path) -> Iterator[Any]:
    """Yield the studies of version 2 in a file, in order."""
    for document in documents(path):
        if isinstance(document, list):
            yield from document
        else:
            yield from document.get("studies", [document])


@cache
def compared() -> tuple[int, Counter[str], dict[str, list[Any]]]:
    """Return the number of studies, how often each fact is there, and what differs."""
    count, facts, differing = 0, Counter[str](), dict[str, list[Any]]()
    for path in V2:
        for study, parsed in zip(studies(path), read(path), strict=True):
            assert isinstance(parsed, Parsed)
            count += 1
            right, ours = expected(study), found(parsed.trial)
            facts.update(key for key, value in right.items() if value not in (None, [], (None, None)))
            for key in right:
                if right[key] != ours[key]:
                    differing.setdefault(key, []).append((parsed.trial.id, right[key], ours[key]))
    return count, facts, differing


class TestVersion2:
    """What a study says in its JSON is what its trial says."""

    def test_facts(self) -> None:
        count, facts, differing = compared()

        assert count > 1000
        assert len(expected({})) >= 40
        assert sum(facts.values()) > 20 * count
        assert {key for key, number in facts.items() if number} == {*expected({})}
        assert {key: (len(found), found[0]) for key, found in differing.items()} == {}


def classic(study: dict[str, Any]) -> Facts:
    """Return facts of a classic study, by the names of its data structure."""

    def module(name: str) -> dict[str, Any]:
        return within(study, "ProtocolSection", f"{name}Module") or {}

    def listed(holder: dict[str, Any], name: str) -> list[Any]:
        return within(holder, f"{name}List", name) or []

    def yes(text: str | None) -> bool | None:
        return None if text is None else text != "No"

    identification, status, design = module("Identification"), module("Status"), module("Design")
    sponsors, arms, places = module("SponsorCollaborators"), module("ArmsInterventions"), module("ContactsLocations")
    eligibility, enrolment = module("Eligibility"), design.get("EnrollmentInfo") or {}
    locations = listed(places, "Location")
    outcomes = [
        line(one[f"{kind}OutcomeMeasure"])
        for kind in ("Primary", "Secondary", "Other")
        for one in listed(module("Outcomes"), f"{kind}Outcome")
    ]
    kinds = {"Actual": "ACTUAL", "Anticipated": "ESTIMATED"}
    return {
        "id": identification.get("NCTId"),
        "own number": line(within(identification, "OrgStudyIdInfo", "OrgStudyId")),
        "brief title": line(identification.get("BriefTitle")),
        "official title": line(identification.get("OfficialTitle")),
        "acronym": line(identification.get("Acronym")),
        "organisation": line(within(identification, "Organization", "OrgFullName")),
        "status": status.get("OverallStatus"),
        "verified": day(status.get("StatusVerifiedDate")),
        "start": day(within(status, "StartDateStruct", "StartDate")),
        "start is planned": {"Actual": False, "Anticipated": True}.get(
            within(status, "StartDateStruct", "StartDateType")
        ),
        "completion": day(within(status, "CompletionDateStruct", "CompletionDate")),
        "first submitted": day(status.get("StudyFirstSubmitDate")),
        "last posted": day(within(status, "LastUpdatePostDateStruct", "LastUpdatePostDate")),
        "sponsor": line(within(sponsors, "LeadSponsor", "LeadSponsorName")),
        "collaborators": [line(one["CollaboratorName"]) for one in listed(sponsors, "Collaborator")],
        "committee": yes(module("Oversight").get("OversightHasDMC")),
        "conditions": [line(one) for one in listed(module("Conditions"), "Condition")],
        "keywords": [*dict.fromkeys(line(one) for one in listed(module("Conditions"), "Keyword"))],
        "type": design["StudyType"].upper(),
        "phases": names(PHASES[LABELS[one]] for one in listed(design, "Phase")),
        "enrolment": (kinds[enrolment["EnrollmentType"]], int(enrolment["EnrollmentCount"])),
        "arms": [line(one["ArmGroupLabel"]) for one in listed(arms, "ArmGroup")],
        "interventions": [line(one["InterventionName"]) for one in listed(arms, "Intervention")],
        "outcomes": outcomes,
        "sex": eligibility["Gender"].upper(),
        "minimum age": age(eligibility.get("MinimumAge")),
        "maximum age": age(eligibility.get("MaximumAge")),
        "healthy": yes(eligibility.get("HealthyVolunteers")),
        "criteria": eligibility["EligibilityCriteria"].strip(),
        "cities": [line(one["LocationCity"]) for one in locations],
        "facilities": [line(one.get("LocationFacility")) for one in locations],
        "countries": [*dict.fromkeys(line(one["LocationCountry"]) for one in locations)],
    }


def classic_studies(path: Path) -> list[Any]:
    return [row["Study"] for row in json.loads(path.read_bytes())["FullStudiesResponse"]["FullStudies"]]


class TestClassic:
    """The same of studies in JSON of the API of 2019 to 2024."""

    def test_facts(self) -> None:
        count, differing = 0, Counter[str]()
        for path in some(CLASSIC, 3):
            for study, parsed in zip(classic_studies(path), read(path), strict=True):
                assert isinstance(parsed, Parsed)
                right, ours = classic(study), found(parsed.trial)
                count += len(right)
                differing.update(key for key in right if right[key] != ours[key])

        assert count == 102 * 32
        assert differing == {}

    def test_each_leaf_is_accounted_for(self) -> None:
        parsed = [one for path in some(CLASSIC, 3) for one in read(path) if isinstance(one, Parsed)]

        assert len(parsed) == 102
        assert Counter(path for one in parsed for path in one.audit().unmapped) == {}
        assert Counter(told.problem.name for one in parsed for told in one.diagnostics) == {"TRUNCATED": 1}


def at(*path: str, value: Any) -> Callable[[Any], None]:
    """Return a change that puts a value at a path, if what holds it is there."""

    def change(study: Any) -> None:
        holder = within(study, *path[:-1])
        if isinstance(holder, dict):
            holder[path[-1]] = value

    return change


def without(module: str) -> Callable[[Any], None]:
    def change(study: Any) -> None:
        study["ProtocolSection"].pop(module, None)

    return change


P, DESIGN, STATUS, ARMS = "ProtocolSection", "DesignModule", "StatusModule", "ArmsInterventionsModule"
DRIFTS: dict[str, tuple[Callable[[Any], None], str | None]] = {
    "a new phase": (at(P, DESIGN, "PhaseList", value={"Phase": ["Phase 2a/b"]}), "UNKNOWN_CODE"),
    "null for phases": (at(P, DESIGN, "PhaseList", value=None), None),
    "a new status": (at(P, STATUS, "OverallStatus", value="Paused"), "UNKNOWN_CODE"),
    "a new type": (
        at(
            P,
            ARMS,
            "InterventionList",
            value={"Intervention": [{"InterventionType": "Quantum", "InterventionName": "x"}]},
        ),
        "UNKNOWN_CODE",
    ),
    "no name": (at(P, ARMS, "InterventionList", value={"Intervention": [{"InterventionType": "Drug"}]}), None),
    "text for a list": (at(P, ARMS, "InterventionList", value="aspirin"), "WRONG_TYPE"),
    "a number": (at(P, DESIGN, "EnrollmentInfo", value={"EnrollmentCount": 100, "EnrollmentType": "Actual"}), None),
    "a date that is none": (at(P, STATUS, "StartDateStruct", value={"StartDate": "soon"}), "BAD_VALUE"),
    "no design": (without(DESIGN), None),
    "no status": (without(STATUS), None),
    "no sponsor": (without("SponsorCollaboratorsModule"), None),
    "a new section": (at("FutureSection", value={"a": [1, {"b": 2}]}), None),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_drift_of_classic_studies(name: str) -> None:
    """Whatever changes in a study, the study is read, and what cannot be read is reported."""
    change, problem = DRIFTS[name]
    silent = []
    for study in some([study for path in CLASSIC for study in classic_studies(path)], 102):
        changed = copy.deepcopy(study)
        change(changed)
        parsed = parse(json.dumps({"Study": changed}).encode())
        told = {one.problem.name for one in parsed.diagnostics}
        applies = problem is not None and json.dumps(changed) != json.dumps(study)
        unread = name == "a new section" and not parsed.audit().unmapped
        if (applies and problem not in told) or unread:
            silent.append((parsed.trial.id, told))
    assert silent == []


def test_criteria_are_those_of_the_text() -> None:
    """Criteria that were split from their text are parts of it."""
    count = 0
    for path in V2[:200]:
        for parsed in read(path):
            assert isinstance(parsed, Parsed)
            text = re.sub(r"\s", "", parsed.trial.eligibility.text or "")
            for criterion in parsed.trial.eligibility.criteria:
                count += 1
                assert re.sub(r"\s", "", criterion.text or "") in text
    assert count > 500
