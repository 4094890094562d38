"""The page on adding a registry is run as it is printed: its files are written into a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

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


def test_the_page_runs_as_printed(tmp_path: Path) -> None:
    files = FILE.findall(PAGE.read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "trialparse", tmp_path / "trialparse", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", RUN, str(PAGE)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert [
        "fixtures/exampleland/study.json",
        "fixtures/exampleland/study.xml",
        "trialparse/registries/exampleland/__init__.py",
        "trialparse/registries/exampleland/codes.tsv",
        "trialparse/registries/exampleland/kinds.tsv",
        "trialparse/registries/exampleland/mapping.tsv",
        "trialparse/registries/exampleland/names.tsv",
        "trialparse/registries/exampleland/xml.tsv",
    ] == sorted(name for name, _ in files)
    attempted, failed = map(int, done.stdout.split()[-2:])
    assert failed == 0, done.stdout
    assert attempted >= 18
