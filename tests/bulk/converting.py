"""How the tests of conversions convert: in small shards, so that few records make many."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conftest import FIXTURES
from trialparse.bulk import shards
from trialparse.bulk.conversion import Summary, convert

SMALL = 15_000
"""Bytes of a small shard."""

FIRST = FIXTURES / "ctis" / "multinational.json"

PROGRAM = (
    "import sys\n"
    "from trialparse.bulk import conversion, shards\n"
    f"shards._BYTES = {SMALL}\n"
    "*sources, folder, to, workers = sys.argv[1:]\n"
    "conversion.convert(sources, folder, to=to, workers=int(workers), resume=True)\n"
)
"""A program that converts in small shards, and goes on where an earlier run ended."""


def in_small_shards(sources: "list[Path]", folder: Path, **options: Any) -> Summary:
    """Convert sources in small shards."""
    before = shards._BYTES
    shards._BYTES = SMALL
    try:
        return convert(sources, folder, **options)
    finally:
        shards._BYTES = before


def lines_of(path: Path, count: int, bad: dict[int, bytes]) -> Path:
    """Write JSON lines: a fixture with a number of its own in each, and other bytes in some places."""
    record = json.dumps(json.loads((FIXTURES / "ctis" / "search_row_apart.json").read_bytes())).encode()
    with path.open("wb") as file:
        for number in range(count):
            file.write(bad.get(number, record) + b"\n")
    return path


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file of an output, without the journal."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def begun(sources: list[Path], folder: Path, to: str, workers: int) -> "subprocess.Popen[bytes]":
    """Begin to convert, or go on, in a process with a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, (*sources, folder, to, workers))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process with all that it has started."""
    with suppress(ProcessLookupError):  # it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def dies_at_the_bad_one(task: list[int], begin: Any) -> int:
    """Work on numbers, and die at the number 13."""
    for step, number in enumerate(task):
        begin(step)
        if number == 13:
            os._exit(1)
    return len(task)


def has_no_room(task: Any, begin: Any) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")
