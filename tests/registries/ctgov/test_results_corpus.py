"""Results of real studies against a reader that knows no table: every number, and what it is a number of."""

import io
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import corpus_files
from trialparse import Trial, parse
from trialparse.model import Results
from trialparse.model.results import Baseline, BaselineMeasure, EventCount, Outcome
from trialparse.model.terms import MilestoneKind

pytestmark = pytest.mark.corpus

Facts = Counter[tuple[Any, ...]]
"""Each fact: what it is, its group and row, and the number."""

FOLDER = "v2"
_POINTS = {
    "STARTED": MilestoneKind.STARTED,
    "COMPLETED": MilestoneKind.COMPLETED,
    "NOT COMPLETED": MilestoneKind.NOT_COMPLETED,
}


def studies() -> Iterator[dict[str, Any]]:
    """Give each study with results in the files of the API of version 2."""
    for file in corpus_files("ctgov"):
        if FOLDER in file.parts:
            for document in documents(file):
                found = json.loads(document)
                listed = found if isinstance(found, list) else found.get("studies", [found])
                yield from (study for study in listed if "resultsSection" in study)


def documents(file: Path) -> Iterator[bytes]:
    """Give the documents of a file: its members, if it is an archive."""
    data = file.read_bytes()
    if file.suffix == ".zip":
        archive = zipfile.ZipFile(io.BytesIO(data))
        yield from map(archive.read, archive.namelist())
    else:
        yield data


def number(words: str | None) -> float | None:
    """Return the number in a text; None for `NA`."""
    return None if words in (None, "NA") else float(words.replace(",", ""))


# the source ---------------------------------------------------------------------------------------------------------


def flow_of(section: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give the counts of the participant flow."""
    for at, period in enumerate(section["participantFlowModule"].get("periods", ())):
        for milestone in period.get("milestones", ()):
            for one in milestone.get("achievements", ()):
                title = milestone["type"]
                yield "flow", at, title, one["groupId"], number(one.get("numSubjects"))
        for reason in period.get("dropWithdraws", ()):
            for one in reason.get("reasons", ()):
                yield "left", at, reason["type"], one["groupId"], number(one.get("numSubjects"))


def cells_of(table: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give the cells of a table, each with the titles of its row, and what the rows rest on."""
    for part in table.get("classes", ()):
        for counted in part.get("denoms", ()):
            for one in counted["counts"]:
                yield "rests on", part.get("title"), counted["units"], one["groupId"], number(one["value"])
        for row in part.get("categories", ()):
            for cell in row.get("measurements", ()):
                bounds = [number(cell.get(key)) for key in ("spread", "lowerLimit", "upperLimit")]
                of = part.get("title"), row.get("title"), cell["groupId"]
                yield "cell", *of, number(cell["value"]), *bounds


def columns_of(table: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give the columns of tables with how many participants they have."""
    people = {
        one["groupId"]: number(one["value"])
        for counted in table.get("denoms", ())
        for one in counted["counts"]
        if counted["units"] == "Participants"
    }
    yield from (("column", one["id"], one["title"], people.get(one["id"])) for one in table.get("groups", ()))
    for counted in table.get("denoms", ()):
        if counted["units"] != "Participants":
            for one in counted["counts"]:
                yield "rests on", None, counted["units"], one["groupId"], number(one["value"])


def events_of(section: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give the counts of adverse events."""
    module = section.get("adverseEventsModule", {})
    for group in module.get("eventGroups", ()):
        for kind in ("serious", "other", "deaths"):
            yield "all", kind, group["id"], group.get(f"{kind}NumAffected"), group.get(f"{kind}NumAtRisk")
    for kind in ("seriousEvents", "otherEvents"):
        for event in module.get(kind, ()):
            for one in event.get("stats", ()):
                counts = [one.get(key) for key in ("numAffected", "numAtRisk", "numEvents")]
                yield kind, event["term"], event["organSystem"], one["groupId"], *counts


def tables_of(section: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give the facts of baseline and outcome measures."""
    baseline = section["baselineCharacteristicsModule"]
    yield from (("baseline", *fact) for fact in columns_of(baseline))
    for at, measure in enumerate(baseline.get("measures", ())):
        yield from (("baseline", at, measure["title"], *fact) for fact in cells_of(measure))
    for at, outcome in enumerate(section["outcomeMeasuresModule"]["outcomeMeasures"]):
        yield from (("outcome", at, outcome["title"], *fact) for fact in (*columns_of(outcome), *cells_of(outcome)))
        for place, analysis in enumerate(outcome.get("analyses", ())):
            p_value = analysis.get("pValue")
            keys = "paramValue", "ciLowerLimit", "ciUpperLimit", "ciPctValue", "dispersionValue"
            numbers = [number(analysis.get(key)) for key in keys]
            written = None if p_value is None else number(p_value.lstrip("<>= "))
            yield "analysis", at, place, tuple(analysis.get("groupIds", ())), written, *numbers


# the trial ----------------------------------------------------------------------------------------------------------


def flow_in(results: Results) -> Iterator[tuple[Any, ...]]:
    titles = {kind: title for title, kind in _POINTS.items()}
    places = {period.id: at for at, period in enumerate(results.flow.periods)}
    for period in results.flow.periods:
        for milestone in period.milestones:
            for one in milestone.counts:
                yield (
                    "flow",
                    places[period.id],
                    titles.get(milestone.kind, milestone.title),
                    one.group,
                    one.participants,
                )
    for reason in results.flow.withdrawals:
        for one in reason.counts:
            yield "left", places[one.period], reason.reason and reason.reason.text, one.group, one.participants


def cells_in(table: BaselineMeasure | Outcome) -> Iterator[tuple[Any, ...]]:
    rows = {row.id: row for row in table.categories}
    headings = {row.section: row.heading for row in table.categories}
    assert len(rows) == len(table.categories)
    for one in table.denominators:
        if one.section is not None:
            yield "rests on", headings.get(one.section), one.unit, one.group, one.number
    for value in table.values:
        row = rows[value.category]
        ranged = value.dispersion_upper is not None or is_ranged(table)
        spread, lower = (None, value.dispersion) if ranged else (value.dispersion, None)
        upper = value.dispersion_upper
        if value.spread is not None:
            spread, lower, upper = value.spread, value.lower, value.upper
        yield "cell", row.heading, row.title, value.group, value.value, spread, lower, upper


def is_ranged(table: BaselineMeasure | Outcome) -> bool:
    """Whether dispersions of a table are bounds."""
    return table.dispersion is not None and table.dispersion.name in (
        "FULL_RANGE",
        "INTERQUARTILE_RANGE",
        "CONFIDENCE_INTERVAL",
    )


def columns_in(table: Baseline | Outcome) -> Iterator[tuple[Any, ...]]:
    yield from (("column", one.id, one.title, one.participants) for one in table.groups)
    for one in table.denominators:
        if one.section is None:
            yield "rests on", None, one.unit, one.group, one.number


def events_in(results: Results) -> Iterator[tuple[Any, ...]]:
    events = results.adverse_events
    for group in events.groups:
        yield "all", "serious", group.id, group.serious_affected, group.serious_exposed
        yield "all", "other", group.id, group.non_serious_affected, group.non_serious_exposed
        yield "all", "deaths", group.id, group.deaths, group.deaths_exposed
    for kind, found in (("seriousEvents", events.serious), ("otherEvents", events.non_serious)):
        for event in found:
            for one in event.counts:
                system = event.organ_system and event.organ_system.text
                yield kind, event.term, system, one.group, *counts_in(one)


def counts_in(count: EventCount) -> tuple[int | None, ...]:
    return count.affected, count.exposed, count.occurrences


def tables_in(results: Results) -> Iterator[tuple[Any, ...]]:
    yield from (("baseline", *fact) for fact in columns_in(results.baseline))
    for at, measure in enumerate(results.baseline.measures):
        yield from (("baseline", at, measure.title, *fact) for fact in cells_in(measure))
    for at, outcome in enumerate(results.outcomes):
        yield from (("outcome", at, outcome.title, *fact) for fact in (*columns_in(outcome), *cells_in(outcome)))
        for place, one in enumerate(outcome.analyses):
            made = one.estimate
            numbers = made.value, made.lower, made.upper, made.confidence_level, made.dispersion_value
            yield "analysis", at, place, one.groups, one.p_value, *numbers


PARTS = {
    "flow": (flow_of, flow_in),
    "tables": (tables_of, tables_in),
    "events": (events_of, events_in),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_number_is_that_of_the_source(part: str, record_property: Callable[[str, object], None]) -> None:
    of_source, of_trial = PARTS[part]
    compared, facts, differences = 0, 0, list[tuple[str | None, Facts, Facts]]()
    for study in studies():
        trial: Trial = parse(json.dumps(study).encode()).trial
        there, here = Facts(of_source(study["resultsSection"])), Facts(of_trial(trial.results))
        compared, facts = compared + 1, facts + sum(there.values())
        if there != here:
            differences.append((trial.id, there - here, here - there))
    record_property("studies", compared)
    record_property("facts", facts)
    logging.getLogger(__name__).info("%s: %d studies, %d facts, %d differ", part, compared, facts, len(differences))

    assert not differences
    assert compared > 100
    assert facts > 2000
