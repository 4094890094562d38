"""How the tests run: Hypothesis profiles, the project's fixtures, real exports where there are any.

A test that names one of these arguments runs once for each file:

    fixture_file     every fixture that is a source
    ctis_file        the fixtures of one register, for any folder of fixtures/: `<folder>_file`
    record_file      every fixture that has records
    corpus_file      every real export; the test counts as marked `corpus`
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
PACKAGE = str(ROOT / "trialparse")
CORPUS = Path(os.environ.get("TRIALPARSE_CORPUS") or ROOT.parent / "shared" / "corpus")

EXPECTED = (".expected.json",)
"""Endings of files in fixtures/ that tell what a source must give; they are no sources themselves."""
NO_SOURCE = (".md", ".py", ".pyc", "MANIFEST.tsv")
"""Endings of names of files that stand beside sources, in fixtures/ and in the corpus."""

# what tests share, in modules of their folders, asserts with values as the tests do
pytest.register_assert_rewrite(*(f"tests.{path.name}" for path in sorted((ROOT / "tests").iterdir()) if path.is_dir()))

_slow = [HealthCheck.too_slow]  # a busy machine is no fault of the code; `deadline` is off for the same reason
# `quick` and `ci` are the same run for everyone; what nobody has seen yet is for `fuzz`, which draws new seeds
settings.register_profile("quick", max_examples=10, deadline=None, suppress_health_check=_slow, derandomize=True)
settings.register_profile(
    "ci", max_examples=15, deadline=None, suppress_health_check=_slow, derandomize=True, print_blob=True
)
settings.register_profile("fuzz", max_examples=10_000, deadline=None, suppress_health_check=_slow, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

QUICK = settings().max_examples <= 10
"""Whether this is the quick profile, in which processes that cost a second each are started once for each kind."""

THOROUGH = settings().max_examples > 1000
"""Whether this is the profile `fuzz`, which looks at each kind of a thing; the others look at some of each."""

few = settings(max_examples=max(5, settings().max_examples // 3))
"""For a law whose examples are costly: a third of the draws of the profile."""


def sources(folder: Path) -> list[Path]:
    """Return the sources in `folder` and below it, in a fixed order."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith((*NO_SOURCE, *EXPECTED))
    )


def fixture_files(register: str = "") -> list[Path]:
    """Return the project's own sources, of one register or of all."""
    files = sources(FIXTURES / register)
    assert files, f"no fixtures in {FIXTURES / register}"
    return files


def refused(path: Path) -> bool:
    """Whether a fixture is refused as a whole, as its expectations say."""
    return '"_refused"' in path.with_name(path.stem + EXPECTED[0]).read_text("utf-8")


def corpus_files(register: str = "") -> list[Path]:
    """Return the real exports on this machine, all those of one register or some of each; empty where there are none.

    Of all registers, the profile `fuzz` has every export. The others leave out large ones, and take some of a folder
    that has many: the tests of the register read them all.
    """
    files = sources(CORPUS / register)
    if register or THOROUGH:
        return files
    folders: dict[Path, list[Path]] = {}
    for path in files:
        if path.stat().st_size < _LARGE:
            folders.setdefault(path.parent, []).append(path)
    return [path for found in folders.values() for path in found[:: -(-len(found) // _MANY)]]


_LARGE = 800_000
"""Bytes of an export that tests of all registers leave out."""
_MANY = 10
"""Exports of a folder that tests of all registers read at most."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for files once for each of them."""
    for name in metafunc.fixturenames:
        folder = name.removesuffix("_file")
        if name == "corpus_file":
            files, base = corpus_files(), CORPUS
        elif name == "fixture_file":
            files, base = fixture_files(), FIXTURES
        elif name == "record_file":
            files, base = [path for path in fixture_files() if not refused(path)], FIXTURES
        elif folder != name and (FIXTURES / folder).is_dir():
            files, base = fixture_files(folder), FIXTURES
        else:
            continue
        marks = [pytest.mark.corpus] if base == CORPUS else []
        metafunc.parametrize(
            name, [pytest.param(path, id=path.relative_to(base).as_posix(), marks=marks) for path in files]
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that need real exports where there are none."""
    if CORPUS.is_dir():
        return
    skip = pytest.mark.skip(reason="no real exports here: set TRIALPARSE_CORPUS to a folder of them")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Return the folder of the project's own sources."""
    return FIXTURES


def _steps(act: Callable[[], object]) -> int:
    number = 0

    def note(frame: FrameType, event: str, argument: object) -> object:
        nonlocal number
        if event == "call" and not frame.f_code.co_filename.startswith((PACKAGE, "<")):
            return None
        number += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        act()
    finally:
        sys.settrace(before)
    return number


@pytest.fixture(scope="session")
def steps() -> Callable[[Callable[[], object]], int]:
    """Return the function that counts the lines of the library that run while something is done.

    Each round of a loop is one at least, so work that grows with the square is seen where calls would hide it.
    A busy machine counts as an idle one does.
    """
    return _steps


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real exports; for tests that are marked `corpus`."""
    return CORPUS
