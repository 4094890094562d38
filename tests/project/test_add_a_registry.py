"""The page on adding a registry is run as it is printed: its files are written into a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-to" / "add-a-registry.md"
FILE = re.compile(
    r"`((?:trialparse|fixtures)/[\w/]+\.\w+)`[^`\n]*(?:`[\w.]+`[^`\n]*)*:\n\n```\w+\n(.*?)```\n", re.DOTALL
)
"""A file of the page: its name in a line that ends with a colon, then its text in a fence."""

RUN = """
import doctest, sys
found = doctest.testfile(sys.argv[1], module_relative=False, encoding="utf-8")
print(found.attempted, found.failed)
"""


def files_of_the_page() -> dict[str, str]:
    """Return the files that the page shows, by their names."""
    return dict(FILE.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "trialparse", folder / "trialparse", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(package: Path, files: dict[str, str], code: str, *arguments: str) -> str:
    """Run code with these files in the copy of the package, and return what it prints."""
    for folder in ("trialparse/registries/exampleland", "fixtures"):
        shutil.rmtree(package / folder, ignore_errors=True)
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=package,
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout


def test_the_page_runs_as_printed(package: Path) -> None:
    files = files_of_the_page()
    printed = run(package, files, RUN, str(PAGE))

    assert [
        "fixtures/exampleland/study.json",
        "fixtures/exampleland/study.xml",
        "trialparse/registries/exampleland/__init__.py",
        "trialparse/registries/exampleland/codes.tsv",
        "trialparse/registries/exampleland/kinds.tsv",
        "trialparse/registries/exampleland/mapping.tsv",
        "trialparse/registries/exampleland/names.tsv",
        "trialparse/registries/exampleland/xml.tsv",
    ] == sorted(files)
    attempted, failed = map(int, printed.split()[-2:])
    assert failed == 0, printed
    assert attempted >= 20


FAULTS = {
    "formats misspelt": ("__init__.py", "FORMATS = (", "FORMAT = (", "__init__.py: no FORMATS"),
    "no such registry": (
        "__init__.py",
        'registry="exampleland"',
        'registry="exampeland"',
        "no registry 'exampeland' (did you mean 'exampleland'?)",
    ),
    "no such table": ("__init__.py", '"xml.tsv"', '"xlm.tsv"', "exampleland-xml: no table exampleland/xlm.tsv"),
    "no path to a record": (
        "__init__.py",
        'records=("study",)',
        'records="study"',
        "exampleland-xml: records= takes the names of elements, from the root to a record",
    ),
    "a list that no row opens": (
        "mapping.tsv",
        "conditions[]\tconditions[]\teach\t\tguide 8\n",
        "",
        "exampleland/mapping.tsv:9: no `each` row opens conditions",
    ),
    "a list that stands in": (
        "mapping.tsv",
        "each\t\tguide 8",
        "each\t\tguide 8\tfallback",
        "mapping.tsv:9: the mark 'fallback' is for rows that give values",
    ),
    "a kind of no format": (
        "kinds.tsv",
        "exampleland-xml",
        "exampleland-xlm",
        "kinds.tsv:3: no format 'exampleland-xlm' (did you mean 'exampleland-xml'?)",
    ),
    "the name of another": (
        "names.tsv",
        "register\tEXR",
        "register\tEUCTR",
        "names.tsv:2: register 'EUCTR' has a name in euctr/names.tsv:2",
    ),
}
"""What a newcomer gets wrong: the file, words of it, what stands there instead, and what is reported."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported(package: Path, name: str) -> None:
    file, old, new, reported = FAULTS[name]
    files = files_of_the_page()
    path = f"trialparse/registries/exampleland/{file}"
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    code = "from trialparse.mapping.check import faults_of\nprint(*faults_of('exampleland'), sep='\\n')"

    assert reported in run(package, files, code)


def test_a_name_of_our_own_wins_over_a_common_one(package: Path) -> None:
    files = files_of_the_page()
    files["trialparse/registries/exampleland/names.tsv"] += "register\tDRKS\tour own name\n"
    code = """if True:
        from trialparse.mapping.check import faults_of
        from trialparse.mapping.kinds import kind_of
        print(faults_of("exampleland"), kind_of("exampleland-xml").registers["DRKS"])
    """

    assert run(package, files, code) == "[] our own name\n"


@pytest.mark.parametrize("attribute", ["", ' lang="en"'])
def test_the_text_of_an_element_is_one_with_attributes_or_without(package: Path, attribute: str) -> None:
    """Read, opened or ignored, a text beside attributes is accounted for where no attribute is."""
    files = files_of_the_page()
    files["trialparse/registries/exampleland/xml.tsv"] += (
        "enrolment.planned\tsize.#text|quantity.number\tinteger\t\tguide 6\n\tsize.@lang\tignore\ttransport\tguide 6\n"
        "acronym\tshort.@lang\ttext\tone-line\tguide 3\n\tshort.#text\tignore\ttransport\tguide 3\n"
    )
    study = f"<phase{attribute.replace('lang', 'code')}>Phase 1/2</phase><size{attribute}>7</size>"
    study += f"<title{attribute}>T</title><short{attribute}>noise</short>"
    files["fixtures/one.xml"] = f'<study xmlns="https://register.example.org/1" number="E">{study}</study>'
    code = """if True:
        from trialparse import parse
        found = parse("fixtures/one.xml")
        print(found.trial.public_title, sorted(found.trial.phases), found.trial.enrolment.planned, found.trial.acronym)
        print(found.audit().unmapped, found.diagnostics)
    """

    assert run(package, files, code) == f"T [Phase.I, Phase.II] 7 {'en' if attribute else None}\n{{}} ()\n"
