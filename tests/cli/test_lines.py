"""Lines of `read` say where they come from: file, member, record, format, and the version of their form."""

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.commands import run
from trialparse import combine, from_json, read, schema, to_dict
from trialparse.export.version import SCHEMA_VERSION

CHECK = jsonschema.Draft202012Validator(schema())


@pytest.fixture
def archive(fixtures: Path, tmp_path: Path) -> Path:
    """Return a zip of two fixtures, the second with several records."""
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("ctis/immunostem.json", "euctr/countries.xml"):
            made.write(fixtures / name, Path(name).name)
    return path


def lines(*arguments: Any) -> list[Any]:
    """Return what `read` writes, line by line."""
    return [json.loads(line) for line in run("read", *arguments).stdout.splitlines()]


class TestSource:
    def test_each_line_names_its_source(self, archive: Path, fixtures: Path) -> None:
        csv = fixtures / "ctis" / "portal.csv"
        found = lines(archive, csv)
        here = [(str(archive), "immunostem.json"), *[(str(archive), "countries.xml")] * 3]

        assert [*here, *[(str(csv), None)] * (len(found) - 4)] == [
            (line["source"]["file"], line["source"]["member"]) for line in found
        ]
        assert [0, 1, 2, 3, *range(len(found) - 4)] == [line["record"] for line in found]
        assert ["ctis-retrieve", *["ictrp-registry-xml"] * 3] == [line["format"] for line in found[:4]]
        assert {SCHEMA_VERSION} == {line["schema_version"] for line in found}

    def test_a_line_is_a_document(self, archive: Path) -> None:
        texts = run("read", archive).stdout.splitlines()

        assert [one.trial for one in read(archive)] == [from_json(text) for text in texts]
        assert all(CHECK.is_valid(json.loads(text)) for text in texts)

    @pytest.mark.parametrize("more", [[], ["--diagnostics"], ["--evidence"], ["--full"]])
    def test_it_can_be_left_out(self, more: list[str], archive: Path) -> None:
        bare, found = lines(archive, "--no-source", *more), lines(archive, *more)
        for line in found:
            del line["source"], line["record"]

        assert bare == found
        assert all(line["format"] and line["schema_version"] for line in bare)

    @pytest.mark.parametrize("more", [[], ["--evidence"]])
    def test_a_combined_trial_names_each_source(self, more: list[str], fixtures: Path) -> None:
        protocols, results = (fixtures / "euctr" / name for name in ("six_countries.txt", "six_countries_results.xml"))
        [line] = lines("--combine", protocols, results, *more)
        places = [
            {"file": str(protocols), "member": None, "record": at, "format": "euctr-protocol-text"} for at in range(6)
        ]
        places += [{"file": str(results), "member": None, "record": 0, "format": "euctr-results-xml"}]

        assert places == line.pop("sources")
        assert ("combined", SCHEMA_VERSION) == (line["format"], line["schema_version"])
        assert not {"source", "record"} & line.keys()
        trial = combine([*read(protocols), *read(results)]).trial
        assert trial == from_json(json.dumps(line["trial"] if more else line))
        assert [line] == lines("--combine", "--no-source", protocols, results, *more)

    def test_a_combined_line_is_a_document(self, fixtures: Path) -> None:
        assert all(CHECK.is_valid(line) for line in lines("--combine", fixtures / "euctr" / "countries.xml"))

    @pytest.mark.parametrize("more", [[], ["--diagnostics"], ["--evidence"]])
    def test_a_combined_line_in_full(self, more: list[str], fixtures: Path) -> None:
        path = fixtures / "euctr" / "six_countries.txt"
        [line] = lines("--combine", "--full", path, *more)
        whole = to_dict(combine(read(path)).trial, full=True)

        assert whole == (line["trial"] if more else {key: below for key, below in line.items() if key in whole})

    def test_without_contacts_names_of_members_are_withheld(self, archive: Path) -> None:
        found = lines(archive, "--no-contacts")

        assert ["(withheld) 1", *["(withheld) 2"] * 3] == [line["source"]["member"] for line in found]
        assert {str(archive)} == {line["source"]["file"] for line in found}, "the path is the caller's own"

    @pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
    def test_a_name_that_is_no_text(self, fixtures: Path, tmp_path: Path) -> None:
        path = tmp_path / os.fsdecode(b"caf\xe9.json")
        path.write_bytes((fixtures / "ctis" / "immunostem.json").read_bytes())
        [line] = lines(path)

        assert line["source"]["file"].endswith(r"/caf\xe9.json")


class TestPlace:
    """A record knows its place, also where it was not kept."""

    @pytest.mark.parametrize("keep_raw", [True, False])
    def test_of(self, keep_raw: bool, archive: Path) -> None:
        places = [one.place for one in read(archive, keep_raw=keep_raw)]

        assert [(0, "immunostem.json"), *[(at, "countries.xml") for at in (1, 2, 3)]] == [
            (place.record, place.member) for place in places
        ]
        assert len(places) == len({place.path for place in places if place.path}) + (places[0].path == "")


def test_full_lines_have_the_same_keys(fixtures: Path) -> None:
    found = lines("--full", fixtures / "ctis" / "portal.csv", fixtures / "ctis" / "immunostem.json")

    assert 1 == len({tuple(line) for line in found})
    assert len(found) > 3
