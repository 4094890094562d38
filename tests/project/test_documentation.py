"""The documentation has every public name, every format and every register; nothing in it is left out or made up."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trialparse
from tests.conftest import ROOT
from trialparse.model import interventions, results
from trialparse.registries import FORMATS
from trialparse.tsv import read_lines
from trialparse.vocabulary import Term

REFERENCE = ROOT / "docs" / "reference"
REGISTERS = [row for _, row in read_lines(REFERENCE / "registers.tsv")]
DOWNLOADS = [row for _, row in read_lines(REFERENCE / "downloads.tsv")]

ENTRY = re.compile(r"^\.\. auto(class|exception|function|module):: (\S+)$(?:\n +:members: +(.+)$)?", re.MULTILINE)


def found(path: str) -> Any:
    """Return what a dotted name leads to: a module, or what is in one."""
    module, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        return getattr(found(module), name)


def documented() -> Iterator[Any]:
    """Yield every object that a page of the reference has an entry for."""
    for page in sorted(REFERENCE.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for kind, path, members in ENTRY.findall(text):
            one = found(path)
            yield from [getattr(one, name) for name in members.split(", ")] if kind == "module" else [one]
        for path in re.findall(r"^```\{terms\} (\S+)$", text, re.MULTILINE):
            terms = [one for one in vars(found(path)).values() if isinstance(one, type) and issubclass(one, Term)]
            yield from [one for one in terms if one.__module__ == path]


ENTRIES = [*documented()]


def has_entry(one: Any) -> bool:
    """Whether a page of the reference has an entry for an object."""
    return any(one is entry for entry in ENTRIES)


class TestReference:
    """What is public has an entry, once."""

    @pytest.mark.parametrize("name", trialparse.__all__)
    def test_each_public_name(self, name: str) -> None:
        assert has_entry(getattr(trialparse, name))

    def test_each_class_of_the_model(self) -> None:
        classes = [getattr(trialparse.model, name) for name in trialparse.model.__all__]
        for module in (interventions, results):
            classes += [one for one in vars(module).values() if getattr(one, "__module__", "") == module.__name__]
        classes = [one for one in classes if isinstance(one, type)]

        assert len(classes) > 90
        assert [] == [one.__name__ for one in classes if not has_entry(one)]

    def test_no_entry_is_there_twice(self) -> None:
        classes = [one for one in ENTRIES if callable(one)]
        assert len(classes) == len({*map(id, classes)})

    def test_each_module_and_class_that_the_page_on_stability_names(self) -> None:
        page = (ROOT / "docs" / "explanation" / "stability.md").read_text("utf-8").partition("Everything else")[0]
        named = {path: found(path) for path in re.findall(r"`(trialparse\.[\w.]+)`", page) if "__" not in path}
        homes = {getattr(one, "__module__", "") for one in ENTRIES}

        assert len(named) > 5
        assert [] == [path for path, one in named.items() if isinstance(one, type) and not has_entry(one)]
        modules = [path for path, one in named.items() if not isinstance(one, type)]
        assert [] == [path for path in modules if not any(home.startswith(path) for home in homes)]


class TestRegisters:
    """The tables of registers and downloads, and what the README has of them."""

    def test_each_format_has_a_download(self) -> None:
        assert sorted(row["format"] for row in DOWNLOADS) == sorted(one.name for one in FORMATS)
        assert [] == [row["format"] for row in DOWNLOADS if not row["get"]]

    def test_those_that_are_read_have_formats(self) -> None:
        assert {row["folder"] for row in REGISTERS if row["state"] == "read"} == {one.registry for one in FORMATS}
        assert {row["state"] for row in REGISTERS} == {"read", "planned"}
        assert [] == [row["register"] for row in REGISTERS if (row["state"] == "read") != bool(row["folder"])]

    def test_the_readme_has_the_same_rows(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        lines = [line for line in readme.splitlines() if line.startswith("| ")][1:]
        assert lines == [
            f"| {row['register']} | {row['formats']} | {row['state']} | {row['get']} |" for row in REGISTERS
        ]


class TestLinks:
    """Links of README lead to files of the project, and to headings in them."""

    def test_readme(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)\s]+)\)", readme) if "://" not in link]
        assert len(links) > 10
        for link in links:
            path, _, heading = link.partition("#")
            assert (ROOT / path).is_file(), link
            assert not heading or heading in anchors(ROOT / path), link


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


class TestTutorial:
    """The notebook is whole: each cell has been run, in order; `.ci/run` runs them again."""

    def test_each_cell_has_been_run(self) -> None:
        notebook = json.loads((ROOT / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

        assert len(cells) > 10
        assert [cell["execution_count"] for cell in cells] == [*range(1, len(cells) + 1)]
        assert [] == [cell["source"] for cell in cells if not cell["outputs"]]
