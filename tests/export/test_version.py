"""The version of the JSON form: every document has it, a changed form needs a new one, others are refused by name."""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialparse import combine, export, from_json, parse, read, schema, to_json
from trialparse.diagnostics import MalformedDocument
from trialparse.export import version
from trialparse.export.header import HEADER
from trialparse.export.json import to_dict
from trialparse.export.version import SCHEMA_VERSION
from trialparse.model import Trial
from trialparse.parsing.parsed import Parsed
from trialparse.tsv import read_lines

VERSIONS = [cells for _, cells in read_lines(Path(export.__file__).with_name("versions.tsv"))]


def digest(schema: Any) -> str:
    """Return a digest of the form that a schema describes: without its version, and without words for people."""

    def bare(value: Any, *, names: bool = False) -> Any:
        if isinstance(value, dict):
            kept = {key: below for key, below in value.items() if names or key not in ("description", "title", "$id")}
            return {key: bare(below, names=key in ("properties", "$defs") and not names) for key, below in kept.items()}
        return [bare(item) for item in value] if isinstance(value, list) else value

    form = copy.deepcopy(schema)
    del form["properties"]["schema_version"]
    text = json.dumps(bare(form), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class TestAChangedForm:
    """A form that differs from that of its version fails here."""

    def test_it_has_a_new_version(self) -> None:
        assert SCHEMA_VERSION == VERSIONS[-1]["version"]
        assert VERSIONS[-1]["digest"] == digest(schema()), (
            "the form of the JSON has changed: raise SCHEMA_VERSION in export/version.py, "
            f"and add a row with the digest {digest(schema())} to export/versions.tsv"
        )

    def test_every_change_is_seen(self) -> None:
        changes: list[Any] = [
            lambda form: form["properties"].update(new={"type": "string"}),
            lambda form: form["properties"].pop("acronym"),
            lambda form: form["$defs"]["Phase"]["enum"].append("V"),
            lambda form: form["$defs"]["PartialDate"]["properties"].pop("estimated"),
            lambda form: form["$defs"]["PartialDate"]["required"].append("day"),
            lambda form: form["$defs"]["Code"]["properties"]["label"].update(type="integer"),
            lambda form: form["$defs"]["Identifier"]["properties"]["scheme"].update(default="NCT"),
            lambda form: form["$defs"].pop("Sex"),
        ]
        for change in changes:
            form = schema()
            change(form)
            assert digest(form) != digest(schema())

    def test_a_field_named_as_a_keyword_counts(self) -> None:
        """Fields of the model are called `description` and `title`, as the words for people are in a schema."""
        form = schema()
        del form["$defs"]["Intervention"]["properties"]["description"]

        assert digest(form) != digest(schema())

    def test_other_words_are_no_other_form(self) -> None:
        form = schema()
        form["description"] = form["properties"]["acronym"]["description"] = "Other words."

        assert digest(form) == digest(schema())

    def test_versions_only_rise(self) -> None:
        numbers = [tuple(map(int, row["version"].split("."))) for row in VERSIONS]

        assert numbers == sorted(set(numbers))
        assert all(row["changes"] for row in VERSIONS)


class TestItIsEverywhere:
    """Every document has the version, and the schema is of that version."""

    def test_the_schema(self) -> None:
        assert f"urn:trialparse:trial:{SCHEMA_VERSION}" == schema()["$id"]
        assert {"type": "string", "const": SCHEMA_VERSION} == {
            key: value for key, value in schema()["properties"]["schema_version"].items() if key != "description"
        }

    @pytest.mark.parametrize("full", [False, True])
    def test_documents(self, full: bool, fixtures: Path) -> None:
        [parsed] = read(fixtures / "ctis" / "immunostem.json")
        assert isinstance(parsed, Parsed)
        combined = combine([parsed])
        for text in (
            to_json(parsed.trial, full=full),
            json.dumps(to_dict(parsed.trial, full=full)),
            parsed.to_json(full=full),
            combined.to_json(full=full),
            json.dumps(json.loads(parsed.to_json(full=full))["trial"]),
        ):
            assert "schema_version" == next(iter(json.loads(text)))
            assert SCHEMA_VERSION == json.loads(text)["schema_version"]

    def test_a_document_of_another_version_does_not_fit(self) -> None:
        check = jsonschema.Draft202012Validator(schema())

        assert check.is_valid({"schema_version": SCHEMA_VERSION})
        assert not check.is_valid({"schema_version": "0.9"})
        assert not check.is_valid({})


class TestOtherVersions:
    """What could be misread is refused, and the message names both versions."""

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [("1.0", "1.0"), ("1.4", "1.0"), ("1.4", "1.3"), ("1.10", "1.9"), ("2.1", "2.0"), ("1.0", None)],
    )
    def test_read(self, ours: str, theirs: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(version, "SCHEMA_VERSION", ours)

        assert Trial(id="x") == from_json(json.dumps({"schema_version": theirs, "id": "x"}))
        assert Trial(id="x") == from_json('{"id": "x"}')

    @pytest.mark.parametrize(
        ("ours", "theirs", "said"),
        [
            ("1.0", "1.1", "1.1 is newer than"),
            ("1.9", "1.10", "1.10 is newer than"),
            ("1.0", "2.0", "2.0 is newer than"),
            ("2.0", "1.7", "1.7 is older than"),
            ("1.0", "0.9", "0.9 is older than"),
        ],
    )
    def test_refused(self, ours: str, theirs: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(version, "SCHEMA_VERSION", ours)
        with pytest.raises(MalformedDocument, match=f"schema_version {said}"):
            from_json(json.dumps({"schema_version": theirs, "new": 1}))

    def test_both_versions_are_named(self) -> None:
        with pytest.raises(MalformedDocument) as caught:
            from_json('{"schema_version": "9.0"}')

        assert f"schema_version 9.0 is newer than those read here: 1.0 to {SCHEMA_VERSION}" == str(caught.value)

    @pytest.mark.parametrize(
        "theirs", [1, 1.0, "", "1", "1.0.0", "one", "1.0\n", "-1.0", "1.٣", "9" * 5000 + ".0", [], {}, True]
    )
    def test_no_version(self, theirs: Any) -> None:
        with pytest.raises(MalformedDocument, match="is no version such as 1"):
            from_json(json.dumps({"schema_version": theirs}))

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
    def test_nothing_else_is_raised(self, theirs: Any) -> None:
        try:
            assert Trial() == from_json(json.dumps({"schema_version": theirs}))
        except MalformedDocument:
            return


class TestHeader:
    """Keys that say where a line comes from are no fields; the schema knows them, and reading leaves them aside."""

    def test_none_is_a_field(self) -> None:
        assert not {*HEADER, "schema_version"} & {field.name for field in Trial.__attrs_attrs__}  # type: ignore[attr-defined]

    def test_they_are_in_the_schema(self) -> None:
        assert {*HEADER, "schema_version"} < schema()["properties"].keys()

    def test_they_are_left_aside(self, fixtures: Path) -> None:
        trial = parse(fixtures / "ctis" / "immunostem.json").trial
        line = {
            "source": {"file": "a.zip", "member": "b.json"},
            "record": 3,
            "format": "ctis-retrieve",
            **to_dict(trial),
        }

        assert trial == from_json(json.dumps(line))
        assert jsonschema.Draft202012Validator(schema()).is_valid(line)
