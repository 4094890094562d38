"""CITATION.cff is valid in the Citation File Format 1.2.0, and agrees with the metadata of the package."""

import re
import tomllib
from typing import Any

import pytest

from tests.conftest import ROOT

yaml = pytest.importorskip("yaml", reason="the file is YAML; pip install 'trialparse[test]'")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = {"authors", "cff-version", "message", "title"}
KEYS = REQUIRED | set(
    "abstract commit contact date-released doi identifiers keywords license license-url preferred-citation references "
    "repository repository-artifact repository-code type url version".split()
)
"""Keys of the format: the schema guide of its version 1.2.0, "Valid keys"."""
ENTITY = {"name"} | set(
    "address alias city country date-end date-start email fax location orcid post-code region tel website".split()
)
"""Keys of an author that is no person; `name` is required."""
PERSON = set(
    "address affiliation alias city country email family-names fax given-names name-particle name-suffix orcid "
    "post-code region tel website".split()
)
"""Keys of a person, of which none is required."""


def faults(found: Any) -> list[str]:
    """Return what breaks the format, a line each."""
    if not isinstance(found, dict):
        return ["the file is no mapping"]
    said = [f"{key} is missing" for key in sorted(REQUIRED - found.keys())]
    said += [f"{key} is no key of the format" for key in sorted(found.keys() - KEYS)]
    said += [
        f"{key} is no text"
        for key in ("abstract", "cff-version", "license", "message", "title", "url", "version")
        if key in found and not (isinstance(found[key], str) and found[key])
    ]
    if found.get("cff-version") != "1.2.0":
        said.append("cff-version is not 1.2.0")
    if found.get("type", "software") not in ("software", "dataset"):
        said.append("type is neither software nor dataset")
    if "date-released" in found and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(found["date-released"])):
        said.append("date-released is no day")
    for key in ("authors", "keywords"):
        listed = found.get(key, ["one"])
        if not isinstance(listed, list) or not listed or any(listed.count(one) > 1 for one in listed):
            said.append(f"{key} is no list without repeats")
    authors = found.get("authors")
    for author in authors if isinstance(authors, list) else []:
        if not isinstance(author, dict) or not (author.keys() <= PERSON or {"name"} <= author.keys() <= ENTITY):
            said.append(f"{author} is neither a person nor an entity")
    return said


CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


class TestCitation:
    """The file is valid, and has nothing that the package's metadata has otherwise."""

    def test_it_is_valid(self) -> None:
        assert [] == faults(CITATION)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"cff-version": 1.2}, "cff-version is no text"),
            ({"cff-version": "1.1.0"}, "cff-version is not 1.2.0"),
            ({"licence": "MIT"}, "licence is no key of the format"),
            ({"title": ""}, "title is no text"),
            ({"type": "library"}, "type is neither software nor dataset"),
            ({"authors": [{"organisation": "x"}]}, "{'organisation': 'x'} is neither a person nor an entity"),
            ({"authors": []}, "authors is no list without repeats"),
            ({"keywords": ["a", "a"]}, "keywords is no list without repeats"),
            ({"date-released": "2026"}, "date-released is no day"),
        ],
    )
    def test_a_fault_is_found(self, change: dict[str, Any], said: str) -> None:
        assert said in faults(CITATION | change)

    def test_each_required_key(self) -> None:
        assert ["authors is missing"] == faults({key: CITATION[key] for key in CITATION if key != "authors"})

    def test_it_agrees_with_the_package(self) -> None:
        package = {
            "title": PROJECT["name"],
            "abstract": PROJECT["description"],
            "authors": PROJECT["authors"],
            "license": PROJECT["license"],
            "keywords": PROJECT["keywords"],
        }
        assert package == {key: CITATION[key] for key in package}

    def test_the_version_is_not_written_once_more(self) -> None:
        assert {"version", "date-released"}.isdisjoint(CITATION)
