"""With `contacts=False` no word about a person comes out anywhere: a sweep over every text of every fixture.

One person is planted: a name, which is put into the contact fields too, for names are known from there alone; an e-mail
address and a telephone number, in the forms that docs/how-to/withhold-contacts.md lists. Each place has a number of its
own in all three, so one parse finds every place that leaks.
"""

import csv
import io
import json
import os
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counting import readable, some
from tests.parsing.planted import (
    FORMAT,
    LEFT,
    ONE_EACH,
    SOURCES,
    TURNS,
    Planter,
    Table,
    json_leaves,
    left,
    planters,
    printed,
    said,
)
from trialparse import (
    Parsed,
    read,
)
from trialparse.diagnostics import WITHHELD, Problem
from trialparse.mapping.folder import rows_of
from trialparse.readers.paths import resolved

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
SPARSE = 12 if PROFILE == "fuzz" else 0
"""In how many further documents the person is put into one place in so many."""


def sown(plant: Planter, source: bytes, name: str) -> Iterator[tuple[bytes, int]]:
    """Give documents with the person everywhere, and others with it in every so many places, all places once.

    In the profile `fuzz` each form is at each place once; in others a fixture has one of its own at each place.
    """
    for turn in range(TURNS) if PROFILE == "fuzz" else [[*SOURCES].index(name)]:
        yield plant(source, Table(FORMAT[name], turn), lambda _: True)
    for turn in range(SPARSE):
        yield plant(source, Table(FORMAT[name], turn), lambda number, turn=turn: number % SPARSE == turn)


def has_way(name: str, way: str) -> bool:
    """Whether a fixture can be sown in a way: a table with some of the columns is known by their names alone."""
    if not way.endswith("headers"):
        return True
    header = next(csv.reader(io.StringIO(SOURCES[name].read_text("utf-8-sig"))))
    return len(header) >= len(FORMAT[name].notation.columns)


CASES = [
    (name, way)
    for name, format in FORMAT.items()
    for way in planters(format)
    if (PROFILE != "quick" or way == "values" or name in ONE_EACH) and has_way(name, way)
]
"""Every fixture, sown in every way; in a fast run each way is tried on one fixture of a format."""


class TestSweep:
    """No text of any fixture lets the person out, and neither do keys, names of elements and what occurs twice."""

    @pytest.mark.parametrize(("name", "way"), CASES)
    def test_places(self, name: str, way: str) -> None:
        """`pytest -rP` gives the places that were tried, how often, and how many left something."""
        plant = planters(FORMAT[name])[way]
        found: dict[str, set[bytes]] = {}
        places, tried = 0, 0
        for source, count in sown(plant, SOURCES[name].read_bytes(), name):
            places = max(places, count)
            tried += len(re.findall(rb"n\d{5}", source))
            for part, words in left(said(source, pages=way == "values")).items():
                found.setdefault(part, set()).update(words)

        count = len({word for words in found.values() for word in words})
        sys.stdout.write(f"places: {places}, persons: {tried}, left: {count}\n")
        assert {} == found
        assert tried >= (1 if way.endswith("headers") else places // 2)  # contact fields have the name alone

    @pytest.mark.parametrize(("name", "way"), [(name, way) for name, way in CASES if way != "values"])
    def test_no_leaf_is_lost(self, name: str, way: str) -> None:
        """Keys that lose their words stay apart."""
        source, _ = planters(FORMAT[name])[way](SOURCES[name].read_bytes(), Table(FORMAT[name]), lambda _: True)
        for plain, outcome in some(zip(readable(source), readable(source, contacts=False), strict=True)):
            assert plain.audit().leaves == outcome.audit().leaves
            twice, still = (
                [f.problem for f in one.diagnostics].count(Problem.DUPLICATE_KEY) for one in (plain, outcome)
            )
            assert twice == still

    @pytest.mark.parametrize("name", ONE_EACH)
    def test_the_person_is_planted(self, name: str) -> None:
        """With contacts all that is looked for is there, in the raw record and in what is said of it."""
        table = Table(FORMAT[name])
        source, _ = planters(FORMAT[name])["values"](SOURCES[name].read_bytes(), table, lambda _: True)
        outcome = next(read(source))
        assert isinstance(outcome, Parsed)
        for part in (outcome.raw, outcome.evidence(), pickle.dumps(outcome), outcome.to_json()):
            found = set(LEFT.findall(repr(part).lower().encode()))
            assert b"brandmark" in found
            assert any(word[:3] == b"987" for word in found)
            assert not table.names or b"zoequill" in found

    @pytest.mark.parametrize("name", ONE_EACH if PROFILE == "quick" else FORMAT)
    def test_the_command_line(self, name: str, tmp_path: Path) -> None:
        source, _ = planters(FORMAT[name])["values"](SOURCES[name].read_bytes(), Table(FORMAT[name]), lambda _: True)

        assert {} == left(printed(source, tmp_path / SOURCES[name].name))

    @pytest.mark.parametrize("name", [name for name, format in FORMAT.items() if format.notation.name == "json"])
    def test_a_person_is_one_in_older_versions_too(self, name: str) -> None:
        """What a table marks in one place is withheld wherever the same keys lead to it, read or not."""
        source = SOURCES[name]
        for plain, outcome in some(zip(readable(source), readable(source, contacts=False), strict=True)):
            ends = {
                tuple(step.key for step in resolved(path))[-3:]
                for row in rows_of(plain.format)
                for path in row.paths
                if "person" in row.marks and "when" not in row.options and path[-1].key != "**"
            }
            places = [(holder[key], keys) for holder, key, keys in json_leaves(json.loads(outcome.raw))]
            assert [] == [keys for text, keys in places if keys[-3:] in ends and text not in ("", WITHHELD)]
