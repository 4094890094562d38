"""The wheel, built once for the tests of what users install, and programs that run with it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does, into a temporary folder."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel here, without network")
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = folder.glob("trialparse-*-py3-none-any.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def ran(*arguments: str, path: Path, code: int = 0) -> str:
    """Return what a program prints, in a process that finds the library in a folder and not in the clone.

    Of one that shall fail, return what it reports.
    """
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=path,
        env=os.environ | {"PYTHONPATH": str(path)},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout
