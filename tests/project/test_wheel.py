"""The wheel that users install: every table, the schema and the type marker, and nothing of ours alone."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.counting import some
from tests.project.conftest import ran
from trialparse import __version__
from trialparse.tsv import read_lines

FILES = {row["name"]: row["file"] for _, row in read_lines(ROOT / "trialparse" / "examples" / "examples.tsv")}
"""The files of the examples, in `fixtures/`."""
STORED = "trialparse/examples/files"
"""Where the wheel has them."""

EDITABLE = """
import sys
from hatchling.build import build_editable
print(build_editable(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Return the names of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the archive and unpack it."""
    folder = tmp_path_factory.mktemp("source")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(folder / f"trialparse-{__version__}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"trialparse-{__version__}"


class TestWheel:
    """What stands in the package's folder is in the wheel, and nothing else is."""

    def test_it_holds_the_whole_package(self, names: set[str]) -> None:
        standing = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "trialparse").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        samples = {f"trialparse/examples/files/{file}" for file in FILES.values()}

        assert len(samples) > 5
        assert standing | samples == {name for name in names if name.startswith("trialparse/")}

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


class TestExamples:
    """What is installed has the examples, each as `fixtures/` has it, and so has an editable installation."""

    def test_the_wheel_has_those_of_the_clone(self, installed: Path) -> None:
        code = (
            "import sys, trialparse; from trialparse import examples\n"
            "for name in examples.names(): print(examples.path(name).is_relative_to(sys.argv[1]), "
            "trialparse.sniff(examples.data(name)).name, *{one.ok for one in trialparse.read(examples.path(name))})"
        )
        printed = ran("-c", code, str(installed), path=installed)
        formats = [row["format"] for _, row in read_lines(ROOT / "trialparse" / "examples" / "examples.tsv")]

        assert printed.splitlines() == [f"True {name} True" for name in formats]
        for file in some(FILES.values(), 5):
            assert (ROOT / "fixtures" / file).read_bytes() == (installed / STORED / file).read_bytes()

    def test_without_the_files(self, wheel: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(tmp_path, [name for name in archive.namelist() if "/examples/files/" not in name])
        code = (
            "from trialparse import examples\n"
            "try: examples.path('rebec')\nexcept FileNotFoundError as error: print(str(error)[:41])"
        )

        assert ran("-c", code, path=tmp_path) == "the example 'rebec' is not installed: the\n"

    def test_an_editable_installation_has_none_of_its_own(self, tmp_path: Path) -> None:
        """It would put a folder without modules beside the package, which type checkers take for it."""
        pytest.importorskip("editables", reason="hatchling makes an editable installation with it")
        done = subprocess.run(
            [sys.executable, "-c", EDITABLE, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode == 0, done.stderr
        with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as archive:
            assert [] == [name for name in archive.namelist() if name.startswith("trialparse/")]


class TestSource:
    """The archive of the source has what builds the wheel, its tests and its documentation."""

    def test_it_holds_what_git_has(self, source: Path) -> None:
        held = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
        listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
        if listed.returncode:
            pytest.skip("this is no clone, so what belongs to it is not known")

        assert {*listed.stdout.splitlines()} - held == set()
        assert {"PKG-INFO", "hatch_build.py", "CONTRIBUTING.md", "CITATION.cff"} <= held

    def test_its_wheel_is_the_same(self, source: Path, names: set[str], tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
            capture_output=True,
            text=True,
            cwd=source,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        [made] = tmp_path.glob("*.whl")
        with zipfile.ZipFile(made) as archive:
            assert names == set(archive.namelist())
