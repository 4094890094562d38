"""The wheel that users install: every table, the schema and the type marker, and nothing of ours alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trialparse import __version__

pytest.importorskip("hatchling", reason="hatchling builds the wheel here, without network")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does, into a temporary folder."""
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


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Return the names of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class TestWheel:
    """What stands in the package's folder is in the wheel, and nothing else is."""

    def test_it_holds_the_whole_package(self, names: set[str]) -> None:
        standing = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "trialparse").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

        assert standing == {name for name in names if name.startswith("trialparse/")}

    @pytest.mark.parametrize(
        "name",
        [
            "trialparse/py.typed",
            "trialparse/registries/ctis/mapping.tsv",
            "trialparse/registries/ctis/codes.tsv",
        ],
    )
    def test_it_holds_what_is_no_code(self, names: set[str], name: str) -> None:
        assert name in names

    def test_it_holds_the_schema(self, names: set[str]) -> None:
        assert [name for name in names if name.startswith("trialparse/") and name.endswith("schema.json")]

    def test_it_holds_nothing_else(self, names: set[str]) -> None:
        tops = {name.partition("/")[0] for name in names}

        assert {"trialparse", f"trialparse-{__version__}.dist-info"} == tops

    def test_it_carries_the_licence(self, names: set[str]) -> None:
        assert [name for name in names if ".dist-info/" in name and name.endswith("LICENSE")]
