"""What is beside a trial with its diagnostics and evidence: the page on JSON lists all keys, for no schema has them."""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from trialparse import Combined, Parsed, combine, parse, read
from trialparse.export.json import to_dict, trial_to_json

PAGE = ROOT / "docs" / "reference" / "json.md"

both = pytest.mark.parametrize("full", [False, True])


def listed() -> dict[str, set[str]]:
    """Return the keys of each object that the page lists."""
    table = PAGE.read_text("utf-8").partition("### With diagnostics or evidence")[2].partition("\n\n`evidence`")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    return {name.strip("| "): set(re.findall(r"`(\w+)`", keys)) for name, keys in rows}


def written(lines: Iterable[Any]) -> dict[str, set[str]]:
    """Return the keys of each object in lines, under the names that the page has for them."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        whose = "records together" if "rules" in line else "a record"
        found[f"the line of {whose}"] |= line.keys()
        parts = [
            *(("one of `records`", one) for one in line.get("records", ())),
            *(("one of `spread`, by field", one) for spread in line.get("spread", {}).values() for one in spread),
            *(("one of `diagnostics`", one) for one in line["diagnostics"]),
            *(("one of `evidence`, by field", one) for one in line["evidence"].values()),
        ]
        sources = [one for each in line["evidence"].values() for one in each["sources"] + each["unread"]]
        parts += [("one of its `sources` or `unread`", one) for one in sources]
        parts += [("`place`", one["place"]) for one in sources + line["diagnostics"]]
        for name, one in parts:
            found[name] |= one.keys()
    return dict(found)


@pytest.fixture
def together(fixtures: Path, tmp_path: Path) -> Combined:
    """Return records of one trial from an archive."""
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("six_countries.txt", "six_countries_results.xml"):
            made.write(fixtures / "euctr" / name, name)
    return combine(read(path))


@pytest.fixture
def versions(fixtures: Path) -> Combined:
    """Return a record of one trial, and a later version of it."""
    record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
    later = {**record, "publishDate": "2030-01-01T00:00:00"}
    return combine([parse(json.dumps(one).encode()) for one in (record, later)])


@pytest.fixture
def alone(fixtures: Path) -> Parsed:
    """Return one record."""
    [parsed] = read(fixtures / "ctis" / "immunostem.json")
    assert isinstance(parsed, Parsed)
    return parsed


@both
def test_the_page_lists_every_key(
    full: bool, together: Combined, versions: Combined, alone: Parsed, fixtures: Path
) -> None:
    """A key that comes or goes needs another version of the form: see export/version.py."""
    source = {"file": "a", "member": None}
    lines = [
        together.to_json(full=full, header={"sources": [source]}),
        alone.to_json(full=full, header={"source": source, "record": 0}),
        *(one.to_json() for one in read(fixtures / "rebec" / "registry.xml") if isinstance(one, Parsed)),
        versions.to_json(full=full),
    ]

    assert listed() == written(map(json.loads, lines))


@pytest.mark.parametrize(
    "key", ["schema_version", "format", "trial", "diagnostics", "evidence", "rules", "id", "Source"]
)
def test_a_header_replaces_nothing(key: str, together: Combined, alone: Parsed) -> None:
    for make in (alone.to_json, together.to_json, lambda header: trial_to_json(alone, header=header)):
        with pytest.raises(ValueError, match=f"'{key}' is no key of a header: source, sources, record"):
            make(header={key: "7"})


def test_records_together_in_both_forms(together: Combined) -> None:
    short, full = (json.loads(together.to_json(full=full)) for full in (False, True))

    assert to_dict(together.trial) == short.pop("trial")
    assert to_dict(together.trial, full=True) == full.pop("trial")
    assert short == full
