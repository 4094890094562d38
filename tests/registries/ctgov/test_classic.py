"""Classic JSON of ClinicalTrials.gov: an upgrade table leads it to the paths of version 2, whose mapping reads it."""

import copy
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.conftest import FIXTURES
from tests.counting import some
from trialparse import Parsed, Trial, parse, read
from trialparse.mapping.rows import read_upgrade
from trialparse.readers.paths import Path as Way
from trialparse.readers.paths import Step, write_path

SOURCE = FIXTURES / "ctgov" / "full_studies.json"
MOVES = read_upgrade(files("trialparse.registries.ctgov") / "classic.tsv")
LEADING = {move.old: move for move in MOVES if move.old and move.new is not None}


def studies(data: bytes) -> list[Any]:
    return [row["Study"] for row in json.loads(data)["FullStudiesResponse"]["FullStudies"]]


def leaves(tree: Any, way: Way = (), places: tuple[int, ...] = ()) -> Iterator[tuple[Way, tuple[int, ...], Any]]:
    """Yield the path of each leaf, the places in the lists on it, and the leaf."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, list):
                for place, one in enumerate(value):
                    yield from leaves(one, (*way, Step(key, "[]")), (*places, place))
            else:
                yield from leaves(value, (*way, Step(key)), places)
    else:
        yield way, places, tree


def put(tree: dict[str, Any], way: Way, places: tuple[int, ...], leaf: Any) -> None:
    """Put a leaf at a path, with one place for each list on it."""
    holder: Any = tree
    left = list(places)
    for number, step in enumerate(way):
        empty: Any = {} if number + 1 < len(way) else leaf
        if step.many:
            elements = holder.setdefault(step.key, [])
            place = left.pop(0)
            elements += [copy.copy(empty) for _ in range(place + 1 - len(elements))]
            if number + 1 == len(way):
                elements[place] = leaf
            holder = elements[place]
        else:
            holder = holder.setdefault(step.key, empty)


def moved(study: Any) -> dict[str, Any]:
    """Return a study with each word at its path of version 2."""
    made: dict[str, Any] = {"hasResults": "ResultsSection" in study}
    for way, places, leaf in leaves(study):
        new = LEADING[way].new
        assert new is not None
        put(made, new, places, leaf)
    return made


def same(classic: Trial, now: Trial) -> bool:
    """Whether two records hold the same; the older one does not say whether results are posted."""
    assert classic.results.posted is None
    results = attrs.evolve(now.results, posted=None)
    return classic == attrs.evolve(now, results=results, not_carried=classic.not_carried)


def compared(data: bytes) -> list[str]:
    """Return the numbers of the studies that are not the same at the paths of version 2."""
    found = []
    for study, classic in zip(studies(data), read(data), strict=True):
        assert isinstance(classic, Parsed)
        now = parse(json.dumps(moved(study)).encode())
        if not same(classic.trial, now.trial):
            found.append(classic.trial.id or "")
    return found


def test_both_forms_give_the_same_trial() -> None:
    assert len(studies(SOURCE.read_bytes())) == 2
    assert compared(SOURCE.read_bytes()) == []


def test_every_move_is_exercised() -> None:
    """The fixture has something at each old path, as one leaf or below it."""
    there = {way for study in studies(SOURCE.read_bytes()) for way, _, _ in leaves(study)}
    there |= {way[:length] for way in there for length in range(len(way))}

    assert [write_path(old) for old in some(LEADING, 300) if old not in there] == []


def test_a_path_has_one_place() -> None:
    """Each way leads to one path of version 2, and no two to the same."""
    news = [move.new for move in some(MOVES, 300)]
    assert len({*news}) == len(news)
    assert len(LEADING) == len([move for move in MOVES if move.old])


@pytest.mark.parametrize("contacts", [True, False])
def test_persons_are_withheld_in_both_forms(contacts: bool) -> None:
    both = [
        [parse(json.dumps(form).encode(), contacts=contacts) for form in ({"Study": study}, moved(study))]
        for study in studies(SOURCE.read_bytes())
    ]

    assert [same(classic.trial, now.trial) for classic, now in both] == [True, True]
    assert [b"Paula Example" in classic.raw or b"Otto Example" in classic.raw for classic, _ in both] == [contacts] * 2


class TestFields:
    """An answer of chosen fields: what was not asked for is not carried, and an empty list is."""

    def test_what_is_not_carried(self) -> None:
        first, second = (one.trial for one in read(FIXTURES / "ctgov" / "study_fields.json") if isinstance(one, Parsed))

        assert first.not_carried == second.not_carried
        assert {"acronym", "dates.verified", "eligibility.maximum_age", "arms"} <= {*first.not_carried}
        asked = {"id", "phases", "countries", "sponsors", "dates.published", "eligibility.sex", "interventions"}
        assert asked.isdisjoint(first.not_carried)
        assert second.phases == frozenset()

    @pytest.mark.parametrize("left_out", ["Phase", "LocationCountry", "Gender"])
    def test_one_field_less(self, left_out: str) -> None:
        whole = json.loads((FIXTURES / "ctgov" / "study_fields.json").read_bytes())
        trials = [one.trial for one in read(json.dumps(whole).encode()) if isinstance(one, Parsed)]
        for row in whole["StudyFieldsResponse"]["StudyFields"]:
            del row[left_out]
        fewer = [one.trial for one in read(json.dumps(whole).encode()) if isinstance(one, Parsed)]

        lacked = {"Phase": "phases", "LocationCountry": "countries", "Gender": "eligibility.sex"}[left_out]
        assert [{*after.not_carried} - {*before.not_carried} for before, after in zip(trials, fewer, strict=True)] == [
            {lacked}
        ] * 2


@pytest.mark.corpus
def test_real_studies_give_the_same_trial(corpus: Path) -> None:
    count = 0
    for path in sorted((corpus / "ctgov" / "classic").iterdir()):
        count += len(studies(path.read_bytes()))
        assert compared(path.read_bytes()) == []
    assert count == 102
