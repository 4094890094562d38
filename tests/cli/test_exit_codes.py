"""Exit codes: those of the table in the documentation, each of which some run has, and no other."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import RUN, run
from tests.conftest import FIXTURES, ROOT
from tests.foreign.samples import SAMPLES

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the signals are those of POSIX")

SAMPLE = FIXTURES / "ctis" / "immunostem.json"
FIELD = {"explain": ["id"]}
COMMANDS = ["read", "audit", "overview", "explain"]

SIGNALLED = """
import os, signal, sys
from trialparse.cli import main, reading

number = int(sys.argv.pop(1))
signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
reading.listed = lambda names: os.kill(os.getpid(), number)
main()
"""
"""A run that gets a signal once it has begun."""


def documented() -> set[int]:
    """Return the codes in the table of the how-to."""
    text = (ROOT / "docs" / "how-to" / "handle-problems.md").read_text(encoding="utf-8")
    table = text.partition("| code | |\n|---|---|\n")[2].partition("\n\n")[0]
    return {int(code) for row in table.splitlines() for code in re.findall(r"\d+", row.split("|")[1])}


def on(command: str, *files: Path) -> int:
    return run(command, *files, *FIELD.get(command, [])).exit_code


def written(folder: Path, data: bytes) -> Path:
    path = folder / "export"
    path.write_bytes(data)
    return path


def signalled(number: int) -> int:
    words = [sys.executable, "-c", SIGNALLED, str(number), "read", str(SAMPLE)]
    return subprocess.run(words, capture_output=True, timeout=120, check=False).returncode


def unheard() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run([*RUN, "read", str(SAMPLE)], stdout=writer, timeout=120, check=False).returncode
    finally:
        os.close(writer)


def some_bad(folder: Path, command: str) -> int:
    lines = b"\n".join(b"".join(data.splitlines()) for data in (SAMPLE.read_bytes(), b'{"other": 1}'))
    return on(command, written(folder, lines))


EMPTY = b'{"pagination": {"totalRecords": 0}, "data": []}'

RUNS: dict[str, tuple[int, Callable[[Path, str], int]]] = {
    "all is read": (0, lambda folder, command: on(command, SAMPLE)),
    "a record is bad": (1, some_bad),
    "a file is bad": (1, lambda folder, command: on(command, SAMPLE, written(folder, b"Dear all,"))),
    "a file is of another kind": (1, lambda folder, command: on(command, SAMPLE, written(folder, SAMPLES["xlsx"]))),
    "a file has no record": (1, lambda folder, command: on(command, SAMPLE, written(folder, EMPTY))),
    "no file is read": (2, lambda folder, command: on(command, written(folder, b"Dear all,"))),
    "no file is of a kind that is read": (2, lambda folder, command: on(command, written(folder, SAMPLES["rss"]))),
    "no file has a record": (2, lambda folder, command: on(command, written(folder, EMPTY))),
    "there is no such file": (2, lambda folder, command: on(command, folder / "missing")),
    "there is no such option": (2, lambda folder, command: run(command, SAMPLE, "--nothing").exit_code),
    "there are no records there": (2, lambda folder, command: run_at(command, "payload")),
}


def run_at(command: str, place: str) -> int:
    return run(command, SAMPLE, *FIELD.get(command, []), "--records-at", place).exit_code


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", RUNS)
def test_a_run(name: str, command: str, tmp_path: Path) -> None:
    code, act = RUNS[name]

    assert code == act(tmp_path, command)
    assert code in documented()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal(name: str, code: int) -> None:
    assert code == signalled(getattr(signal, name))


def test_nobody_reads() -> None:
    assert unheard() == 141


def test_each_is_documented() -> None:
    assert documented() == {code for code, _ in RUNS.values()} | {130, 143, 129, 141}
