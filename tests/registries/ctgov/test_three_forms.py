"""One study in several forms is one Trial: where two differ, one has no place for it, or it was changed between."""

import enum
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.conftest import corpus_files
from trialparse.model import Trial
from trialparse.model.values import Coded, Duration, PartialDate
from trialparse.parsing.calls import parse

ABSENT = "the XML has no place for it"
LABELS = "words of a form, which its code lists bring together elsewhere"
LATER = "it was changed between the two exports"

NEVER_IN_XML = {
    "arms.interventions": "an intervention names its arms, and no arm its interventions",
    "condition_ancestors": ABSENT,
    "condition_codes.value": "MeSH terms without numbers",
    "condition_topics": ABSENT,
    "eligibility.age_groups": ABSENT,
    "identifiers.issuer": ABSENT,
    "identifiers.kind": ABSENT,
    "intervention_ancestors": ABSENT,
    "intervention_codes.value": "MeSH terms without numbers",
    "intervention_topics": ABSENT,
    "record_provider_type": ABSENT,
    "design.arms": "the XML alone counts arms",
    "dates.exported": "the day of each export",
    "missing": "the XML alone has words for nothing: N/A, Unknown",
    "results.posted": "the XML has results or has none",
}
FROM_VERSION_2 = NEVER_IN_XML | {
    "contacts.kind": "who sends results that are not posted is not in the XML",
    "contacts.name": "who sends results that are not posted is not in the XML",
    "contacts.roles": f"{LABELS}; contacts have none in XML",
    "countries.name": "the register has another name for a country since",
    "dates.estimated_results": ABSENT,
    "documents.changed": ABSENT,
    "documents.size": ABSENT,
    "documents.type": ABSENT,
    "events.date": "events are by kind in XML, and in their order in JSON",
    "events.kind": "events are by kind in XML, and in their order in JSON",
    "expanded_access.availability": ABSENT,
    "expanded_access.number": ABSENT,
    "identifiers.url": ABSENT,
    "no_analysis_plan": ABSENT,
    "publications": "kind by element alone; retractions, and what the register found, are not in XML",
    "results_submissions": ABSENT,
    "sites.contacts.roles": f"{LABELS}; contacts have none in XML",
    "sites.latitude": ABSENT,
    "sites.longitude": ABSENT,
    "sites.status.text": LABELS,
    "status.text": LABELS,
}
"""Fields of a made-up study that differ between the JSON of version 2 and the XML of 2020."""

FROM_CLASSIC = NEVER_IN_XML | {
    "intervention_codes.label": LATER,
    "intervention_codes.system": LATER,
    "interventions.arms": "the same arms in another order",
    "results.baseline.measures.title": LATER,
    "results.limitations": "not in that JSON",
    "sponsors.type": "the XML has four classes, and Other for all others",
}
"""Fields of a real study that differ between the classic JSON of 2023 and the XML of 2018."""

_GROUP = re.compile(r"(?:FG|BG|OG|EG)(\d{3})|[PBOE](\d+)")
_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+", re.MULTILINE)


def facts(value: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Yield each value below one with its field: codes by their term, groups by number, texts without their layout."""
    if isinstance(value, Coded):
        yield ".".join(path), value.term or value.text
    elif isinstance(value, enum.Enum | PartialDate | Duration):
        yield ".".join(path), str(value)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if field.name != "not_carried":
                yield from facts(getattr(value, field.name), *path, field.name)
    elif isinstance(value, tuple):
        for one in value:
            yield from facts(one, *path)
    elif isinstance(value, str):
        group = _GROUP.fullmatch(value)
        said = " ".join(_MARK.sub("", value).split())
        yield ".".join(path), said if group is None else str(int(group[1]) + 1 if group[1] else int(group[2]))
    elif value not in (None, frozenset()):
        yield ".".join(path), value


def by_field(trial: Trial) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for field, value in facts(trial):
        found[field].append(value)
    return dict(found)


def compared(one: Trial, other: Trial) -> tuple[int, set[str]]:
    """Return how many facts agree, and the fields that differ."""
    here, there = by_field(one), by_field(other)
    differing = {field for field in here.keys() | there.keys() if here.get(field) != there.get(field)}
    return sum(len(here[field]) for field in here.keys() - differing), differing


def explained(field: str, why: dict[str, str]) -> set[str]:
    """Return what explains a field: itself, or the record that it is a field of."""
    return {known for known in why if field == known or field.startswith(f"{known}.")}


def test_version_2_and_xml(fixtures: Path) -> None:
    newer, older = (parse(fixtures / "ctgov" / name).trial for name in ("study.json", "legacy_2020.xml"))
    same, differing = compared(newer, older)

    assert [field for field in sorted(differing) if not explained(field, FROM_VERSION_2)] == []
    assert {known for field in differing for known in explained(field, FROM_VERSION_2)} == FROM_VERSION_2.keys()
    assert same >= 180


@pytest.mark.corpus
def test_classic_json_and_xml() -> None:
    """A study with results that is there in two forms."""
    json, xml = (path for path in sorted(corpus_files("ctgov")) if path.stem == "aact_NCT00023673")
    same, differing = compared(parse(json).trial, parse(xml).trial)

    assert [field for field in sorted(differing) if not explained(field, FROM_CLASSIC)] == []
    assert {known for field in differing for known in explained(field, FROM_CLASSIC)} == FROM_CLASSIC.keys()
    assert same >= 2600
