"""Every value of a combination of real records is held against the records, by a reader that knows no rules.

What a trial comes to is typed from the source. The check reads JSON alone and shares nothing with the rules.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPUS
from tests.counting import some
from trialparse import combine, read, to_json
from trialparse.combining import Combined
from trialparse.parsing.parsed import Parsed

pytestmark = pytest.mark.corpus

DOWNLOAD = CORPUS / "euctr" / "protocol_txt" / "full_download_25_records.txt"

ASIDE = ("differing", "missing", "not_carried", "id")
"""Fields that tell of the combination, and the number, whose ending differs."""


def values(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give each value of a tree of JSON with the name of its field; a date is one value, without its state."""
    if isinstance(tree, dict) and "year" in tree:
        yield name, (tree["year"], tree.get("month"), tree.get("day"))
    elif isinstance(tree, dict):
        for key, below in tree.items():
            if key not in ASIDE:
                yield from values(below, key)
    elif isinstance(tree, list):
        for below in tree:
            yield from values(below, name)
    else:
        yield name, tree


def in_json(parsed: Any) -> dict[str, Any]:
    """Return a trial as JSON."""
    told: dict[str, Any] = json.loads(to_json(parsed.trial))
    return told


def held_against(combined: Combined, current: list[Parsed]) -> int:
    """Hold every value of a trial against the records that count, both ways; return how many were compared."""
    whole = in_json(combined)
    there, here = set(values(whole)), {found for one in current for found in values(in_json(one))}
    # a value of the trial can be that of a country, and the other way round
    assert {value for _, value in there} <= {value for _, value in here}, combined.names
    assert {name for name, _ in there} <= {name for name, _ in here} | {"start", "end", "decision", "first_decision"}
    told = json.dumps(whole["countries"]) if whole.get("countries") else ""
    for one in current:
        for field, tree in in_json(one).items():
            lost = {found for found in values(tree, field) if found not in there} if field not in ASIDE else set()
            reported = any(name.split(".")[0] == field for name in combined.differs) or f'"{field}' in told
            if field == "countries":  # a row of a search writes a code where the record writes a name
                lost = {(name, value) for name, value in lost if name != "name"}
            assert not lost or reported, (combined.names, field, lost)
    return sum(1 for _ in values(whole))


def trials_of(path: Path) -> dict[str, list[Parsed]]:
    """Return the records of a file by the number that each states."""
    groups: dict[str, list[Parsed]] = {}
    for one in read(path):
        assert isinstance(one, Parsed)
        groups.setdefault(str(one.trial.id), []).append(one)
    return groups


TYPED = {
    "2011-002044-28": (["DE", "DK"], 24, ["HGT-1110"], 0),
    "2012-004439-22": (["BE", "CZ", "DE", "GB", "PL"], 400, ["AIN457", "AIN457"], 2),
}
"""Countries, planned participants, sponsor codes of products and number of placebos, read in the text by eye."""


class TestDownload:
    """A full download of 25 records of 20 trials."""

    def test_every_value(self) -> None:
        groups = trials_of(DOWNLOAD)
        compared = [held_against(combine(group[::turn]), group) for group in groups.values() for turn in (1, -1)]

        assert (20, 25) == (len(groups), sum(map(len, groups.values())))
        assert 2000 <= min(sum(compared[::2]), sum(compared[1::2]))

    @pytest.mark.parametrize("number", some(TYPED))
    def test_typed(self, number: str) -> None:
        codes, planned, products, placebos = TYPED[number]
        trial = combine(trials_of(DOWNLOAD)[number]).trial

        assert codes == [one.code for one in trial.countries]
        assert planned == trial.enrolment.planned
        assert products == [one.sponsor_code for one in trial.interventions if one.sponsor_code]
        assert placebos == sum(one.role is not None and one.role.name == "PLACEBO" for one in trial.interventions)


PAIRS = {
    "2022-500676-59-00": ("2023-12-03", ["DE"], 57, 6, "2023-06-07"),
    "2023-505613-24-00": ("2024-06-23", ["BE", "GR", "PL"], 32, 3, "2024-06-20"),
}
"""Day of the older file; countries, planned participants and products of the newer one; day of the older version."""


class TestSnapshots:
    """Two snapshots of one record, each with its row of a search."""

    @pytest.mark.parametrize("number", some(PAIRS))
    def test_every_value(self, number: str) -> None:
        older, codes, planned, products, version = PAIRS[number]
        folder = CORPUS / "ctis"
        names = [f"retrieve/{number}.{older}.json", f"search/{number}.{older}.overview_partial.json"]
        names += [f"retrieve/{number}.json", f"search/{number}.overview_partial.json"]
        records = [one for name in names for one in read(folder / name) if isinstance(one, Parsed)]
        combined = combine(records)

        assert (4, (0, 1)) == (len(records), combined.history)
        assert f"of {version}" in combined.names[0]
        assert codes == sorted(str(one.code) for one in combined.trial.countries)
        assert (planned, products) == (combined.trial.enrolment.planned, len(combined.trial.interventions))
        newest = in_json(records[2])
        assert 300 <= held_against(combined, records[2:])
        for field, tree in newest.items():
            if field not in (*ASIDE, "countries"):
                whole = set(values(in_json(combined)[field], field))
                assert set(values(tree, field)) <= whole, field
