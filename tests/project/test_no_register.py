"""The engine knows no register: what does lies in the folder of the register."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trialparse.registries import FORMATS
from trialparse.tsv import read_lines

PACKAGE = Path(__file__).resolve().parent.parent.parent / "trialparse"
REGISTRIES = PACKAGE / "registries"

NAMES = sorted(
    {"EudraCT"}
    | {format.registry.removesuffix("_xml") for format in FORMATS}
    | {format.name for format in FORMATS}
    | {
        cells["word"]
        for table in REGISTRIES.glob("*/names.tsv")
        for _, cells in read_lines(table)
        if cells["what"] == "register"
    }
)
NAMED = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, NAMES))})(?![a-z])", re.IGNORECASE)

ALLOWED = {
    "model/identifiers.py": "the schemes of numbers, which registers share",
}


def modules() -> dict[str, Path]:
    """Return the modules that are in no register's folder."""
    found = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {name: path for name, path in found.items() if not name.startswith("registries/")}


def words_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the names and the texts of a module, each with its line, without docstrings and comments."""
    tree = ast.parse(text)
    bodies = (node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list))
    said = {id(node.value) for body in bodies for node in body if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in said:
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.lineno, node.name


def named(text: str) -> list[str]:
    """Return the lines of a module with the name of a register."""
    return [f"{line}: {words}" for line, words in words_of(text) if NAMED.search(words)]


@pytest.mark.parametrize("name", [name for name in modules() if name not in ALLOWED])
def test_no_module_names_a_register(name: str) -> None:
    assert named(modules()[name].read_text(encoding="utf-8")) == []


def test_exceptions_are_modules() -> None:
    assert ALLOWED.keys() <= modules().keys()


@pytest.mark.parametrize("name", ["details", "phrases", "differences", "countries"])
def test_no_words_of_the_page_name_a_register(name: str) -> None:
    lines = (PACKAGE / "pages" / "en" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 10
    assert [line for line in lines if NAMED.search(line)] == []


@pytest.mark.parametrize(
    "text", ['if scheme == "CTIS": pass', "_EUDRACT = 1", "def eudract(): pass", 'kinds = {"euctr-cta-xml": 1}']
)
def test_a_register_in_the_engine_is_found(text: str) -> None:
    assert len(named(text)) == 1


def test_what_only_looks_alike_is_none() -> None:
    assert named('"""CTIS writes so."""\nnumber = "connected"  # as CTIS has it') == []
