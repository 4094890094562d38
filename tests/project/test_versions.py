"""The versions of Python that the project names are those under which `.ci/run` runs the tests."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
[LOOKED_FOR] = [line.split() for line in re.findall(r'^VERSIONS="([\d. ]+)"', RUN, re.MULTILINE)]


class TestVersions:
    """Nothing names a version that is not tested, and nothing is tested that is not named."""

    def test_the_classifiers(self) -> None:
        found = [
            re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one)
            for one in PROJECT["project"]["classifiers"]
        ]
        assert LOOKED_FOR == [match[1] for match in found if match]

    def test_the_oldest(self) -> None:
        assert PROJECT["project"]["requires-python"] == f">={LOOKED_FOR[0]}"
        assert PROJECT["tool"]["mypy"]["python_version"] == LOOKED_FOR[0]

    def test_the_one_that_is_used(self) -> None:
        """`find_python` tries each version by its name, the newest first, after what `python3` runs."""
        [names] = re.findall(r"for name in (python3 .*); do", RUN)
        assert names.split() == ["python3", *(f"python{version}" for version in reversed(LOOKED_FOR)), "python"]

    def test_the_readme(self) -> None:
        assert f"from {LOOKED_FOR[0]} to {LOOKED_FOR[-1]}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="`.ci/run` is a script for bash, which is not here")
class TestFindVersion:
    """A Python is found by running it, on the PATH or among the versions of pyenv."""

    def find(self, version: str, folder: Path) -> str:
        """Return what `find_version` finds with a folder as the PATH."""
        functions = [
            re.search(rf"^{name}\(\) {{$.*?^}}$", RUN, re.MULTILINE | re.DOTALL)
            for name in ("version_of", "find_version")
        ]
        script = "\n".join(
            ["set -euo pipefail", *(match[0] for match in functions if match), f"find_version {version}"]
        )
        done = subprocess.run(
            [str(shutil.which("bash")), "-c", script],
            env={"PATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else f"{done.returncode}{done.stdout}{done.stderr}"

    def command(self, path: Path, says: str) -> None:
        """Write a command that says something for whatever it is asked, or fails if it has nothing to say."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{f'echo {says}' if says else 'exit 127'}\n", encoding="utf-8")
        path.chmod(0o755)

    def test_on_the_path(self, tmp_path: Path) -> None:
        self.command(tmp_path / "python3.98", "3.98")
        assert self.find("3.98", tmp_path) == "3.98\n"

    def test_a_shim_that_runs_nothing(self, tmp_path: Path) -> None:
        self.command(tmp_path / "python3.98", "")
        assert self.find("3.98", tmp_path) == "1"

    def test_a_python_of_another_version(self, tmp_path: Path) -> None:
        self.command(tmp_path / "python3.98", "3.97")
        assert self.find("3.98", tmp_path) == "1"

    def test_not_there(self, tmp_path: Path) -> None:
        assert self.find("3.98", tmp_path) == "1"

    def test_a_version_of_pyenv(self, tmp_path: Path) -> None:
        self.command(tmp_path / "python3.98", "")
        self.command(tmp_path / "pyenv", str(tmp_path / "root"))
        self.command(tmp_path / "root" / "versions" / "3.9.8" / "bin" / "python3", "3.9")
        self.command(tmp_path / "root" / "versions" / "3.98.1" / "bin" / "python3", "3.98")
        assert self.find("3.98", tmp_path) == "3.98\n"
        assert self.find("3.97", tmp_path) == "1"
