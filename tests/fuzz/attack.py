"""The long attack: read changed fixtures and generated documents of every format, and print what came of it.

    python tests/fuzz/attack.py [--seed 1] [--count 5000] [-o TABLE] [FORMATS...]     so many documents of each format
    python tests/fuzz/attack.py --seed 1 --only 4711 -o FILE FORMAT                   write one document to a file

A document is a fixture or one that the table makes, changed in its tree, its text or its bytes; the same for the same
seed, so what is found can be made again. Each is read; for a tenth of them the fast and the traced run are compared,
and for a twentieth every record answers everything that can be asked (`tests/fuzz/held.py`). CPU time is that of
reading or of reading with all that is asked. Memory is the most that the process held in RAM beyond what it had before,
and 0 where the system is not Linux. What is wrong is printed with its number; exit code 1 if anything is.
"""

import argparse
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import attrs

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.fuzz.changes import KINDS, made
from tests.fuzz.held import Disagreement, Held, hold, options_of
from trialparse.mapping.format import Format
from trialparse.registries import FORMATS

AGREEMENT, OPERATIONS = 10, 20
"""Both runs are compared for one document in so many, and all is asked of one in so many; each kind has its share."""

TURN = 100
"""Documents of a format before the next one has its turn."""

Worst = tuple[float, int]
"""The worst of something, and the number of the document."""


@attrs.define
class Line:
    """The results for the documents of a format."""

    name: str
    count: int = 0
    held: Held = attrs.field(factory=Held)
    compared: int = 0
    operated: int = 0
    foreign: int = 0
    disagreements: int = 0
    reading: Worst = (0.0, 0)
    asking: Worst = (0.0, 0)
    memory: Worst = (0.0, 0)
    asking_memory: Worst = (0.0, 0)
    known: set[tuple[object, ...]] = attrs.field(factory=set)
    """Where something went wrong before."""

    def wrong(self, number: int, options: object, error: Exception) -> None:
        """Print what is wrong, once for each line of the code, and the number by which the document is made again."""
        found = traceback.extract_tb(error.__traceback__)
        where = type(error), found[-1].filename, found[-1].lineno
        if where not in self.known:
            self.known.add(where)
            last = "".join(traceback.format_exception(error)[-8:])
            print(f"{self.name} --only {number}, read with {options}:\n{last}", flush=True)

    def note(self, number: int, seconds: float, memory: float, *, plain: bool) -> None:
        """Note what a document cost to read (`plain`), or to read and ask."""
        if plain:
            self.reading = max(self.reading, (seconds, number))
            self.memory = max(self.memory, (memory, number))
        else:
            self.asking = max(self.asking, (seconds, number))
            self.asking_memory = max(self.asking_memory, (memory, number))


@contextmanager
def cost(line: Line, number: int, *, plain: bool) -> Iterator[None]:
    """Note the CPU time and the memory of what is done within."""
    before, start = _from_now(), time.process_time()
    try:
        yield
    finally:
        line.note(number, time.process_time() - start, _most() - before, plain=plain)


_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def _from_now() -> float:
    """Let the most memory be counted from now on, and return how much it is, in MiB."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")
    return _most()


def _most() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text()) if _STATUS.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def is_compared(turn: int) -> bool:
    """Whether both runs are compared for the documents of this turn; a turn has one document of each kind."""
    return turn % AGREEMENT == 0


def is_asked(turn: int) -> bool:
    """Whether everything is asked of the documents of this turn."""
    return turn % OPERATIONS == OPERATIONS // 4


def attack(format: Format, seed: int, numbers: range, line: Line) -> None:
    """Hold the documents of a format to what must hold of them, and note what comes of it."""
    hold(made(format, seed, 0), agreement=True, operations=True)  # what is prepared at first use does not count
    for number in numbers:
        data, turn = made(format, seed, number), number // len(KINDS)
        agreement, operations = is_compared(turn), is_asked(turn)
        options = options_of(Random(f"{seed} {number}").randrange(5), comparable=agreement)
        line.count += 1
        line.compared += agreement
        line.operated += operations
        try:
            with cost(line, number, plain=not agreement and not operations):
                line.held += hold(data, agreement=agreement, operations=operations, **options)
        except Disagreement as error:
            line.disagreements += 1
            line.wrong(number, options, error)
        except Exception as error:  # noqa: BLE001  whatever else is raised is what we look for
            line.foreign += 1
            line.wrong(number, options, error)


COLUMNS = (
    "format", "documents", "records", "failures", "refused", "compared", "asked", "foreign", "disagreements",
    "reading: worst ms", "MiB", "asking: worst ms", "MiB",
)  # fmt: skip


def row(line: Line) -> list[str]:
    """Return the cells of a line; the worst ones with the number of the document."""
    held = line.held
    numbers = [line.count, held.records, held.failures, held.refused, held.agreed, held.asked, line.foreign]
    worst = [(1000 * line.reading[0], line.reading[1]), line.memory, (1000 * line.asking[0], line.asking[1])]
    costs = [f"{value:.0f} (#{number})" for value, number in (*worst, line.asking_memory)]
    return [line.name, *map(str, (*numbers, line.disagreements)), *costs]


def table(lines: list[Line]) -> str:
    """Return what came of all formats as a table, with the sums below."""
    total = sum((line.held for line in lines), Held())
    count, compared, operated, foreign, apart = (
        sum(getattr(line, name) for line in lines)
        for name in ("count", "compared", "operated", "foreign", "disagreements")
    )
    rows = ["\t".join(cells) for cells in (COLUMNS, *map(row, lines))]
    sums = f"{count} documents: {compared} compared, {operated} asked for everything; {total}"
    return "\n".join([*rows, sums, f"{foreign} foreign exceptions, {apart} disagreements"]) + "\n"


def main() -> int:
    """Attack the formats that are named, or all; each has its turn, so that a run that is ended has tried them all."""
    parser = argparse.ArgumentParser(description="Read changed fixtures and generated documents of every format.")
    parser.add_argument("formats", nargs="*", metavar="FORMATS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=5000, help="documents of each format")
    parser.add_argument("--only", type=int, help="the number of one document, which is written to the output")
    parser.add_argument("-o", "--output", type=Path, help="where the table is written after each turn")
    asked = parser.parse_args()
    formats = [format for format in FORMATS if not asked.formats or format.name in asked.formats]
    if asked.only is not None:
        asked.output.write_bytes(made(formats[0], asked.seed, asked.only))
        return 0
    lines = {format: Line(format.name) for format in formats}
    for start in range(0, asked.count, TURN):
        for format in formats:
            attack(format, asked.seed, range(start, min(start + TURN, asked.count)), lines[format])
        if asked.output is not None:
            asked.output.write_text(table([*lines.values()]), "utf-8")
    print(table([*lines.values()]))
    return 1 if any(line.foreign or line.disagreements for line in lines.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
