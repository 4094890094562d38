"""The program of the page on testing a pipeline runs as copied: on a wheel, with Hypothesis alone, slowly."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.project.conftest import ran

pytestmark = pytest.mark.exhaustive

PAGE = (ROOT / "docs" / "how-to" / "test-your-pipeline.md").read_text(encoding="utf-8")
[PROGRAM] = re.findall(r"<!-- program -->\n```python\n(.*?)```\n", PAGE, re.DOTALL)

HARNESS = """
import importlib.metadata, importlib.util, runpy, sys, time

NEEDED = {"trialparse", "attrs", "cattrs", "lxml", "msgspec", "typing_extensions", "hypothesis", "sortedcontainers"}
HOLDERS = importlib.metadata.packages_distributions()
OTHERS = {name for name, holders in HOLDERS.items() if NEEDED.isdisjoint(holders)}

class Absent:
    "Finds nothing of what is installed here beside the library, what it needs, and Hypothesis."
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in OTHERS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
program, slower, clock = sys.argv[1], float(sys.argv[2]), time.perf_counter
time.perf_counter = lambda: clock() * slower
from hypothesis import Phase, settings
settings.register_profile(
    "as it is, but each run the same, and nothing shrunk", deadline=200, suppress_health_check=(), database=None,
    derandomize=True, phases=[Phase.generate], report_multiple_bugs=False, max_examples=100 if sys.argv[3:] else 25,
)
settings.load_profile("as it is, but each run the same, and nothing shrunk")
assert importlib.util.find_spec("trialparse").origin.startswith(sys.path[0])
if law := "".join(sys.argv[3:]):
    runpy.run_path(program)[law]()
else:
    runpy.run_path(program, run_name="__main__")
"""


def run(program: str, folder: Path, installed: Path, slower: int = 1, law: str = "", code: int = 0) -> str:
    """Run a program as users do, or one law of it; on a faster clock the machine is a slower one to it."""
    path = folder / "test_pipeline.py"
    path.write_text(program, encoding="utf-8")
    return ran("-c", HARNESS, str(path), str(slower), *law.split(), path=installed, code=code)


def test_it_runs_on_a_machine_that_is_slower_fifty_times(tmp_path: Path, installed: Path) -> None:
    assert run(PROGRAM, tmp_path, installed, slower=50) == "5 laws hold\n"


def test_the_settings_are_needed(tmp_path: Path, installed: Path) -> None:
    """On such a machine the program without its line of settings fails, and for its time alone."""
    bare = re.sub(r"settings\.\w+\(.*\n", "", PROGRAM)
    assert PROGRAM.count("settings.") == 2 + bare.count("settings.")
    assert re.search("DeadlineExceeded|FailedHealthCheck", run(bare, tmp_path, installed, slower=50, code=1))


def test_nothing_else_is_needed(tmp_path: Path, installed: Path) -> None:
    said = run("import rich", tmp_path, installed, code=1)
    assert said.endswith("ModuleNotFoundError: No module named 'rich'\n")


@pytest.mark.parametrize(
    ("right", "wrong", "law"),
    [
        (
            "new[column] if trial.carries(field) else row[column]",
            "new[column]",
            "test_a_thinner_record_takes_nothing_away",
        ),
        ("{Problem.CUT, ", "{", "test_a_broken_download_is_noticed"),
        ("except trialparse.TrialParseError as error", "except OSError as error", "test_a_broken_download_is_noticed"),
    ],
)
def test_a_slip_is_found(right: str, wrong: str, law: str, tmp_path: Path, installed: Path) -> None:
    assert right in PROGRAM
    assert law in run(PROGRAM.replace(right, wrong), tmp_path, installed, law=law, code=1)
