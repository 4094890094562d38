"""What tables cost, as ratios to parsing the same records; prints, asserts nothing.

    python tests/benchmarks/tables.py FILES...

Times are process CPU times, the best of several rounds in which all candidates take turns. The tables of a file are of
100 records, those of the file again and again: each column has a price of its own, which records share.
The last line has the records of all files, each once. Install the package with its `arrow` extra first.
"""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain, cycle, islice
from pathlib import Path

import trialparse
from trialparse import tabular
from trialparse.parsing.parsed import Outcome

RECORDS = 100
ROUNDS = 5

FLAT = ["trials"]
NESTED = [name for name in tabular.SCHEMAS if name not in ("trials", "diagnostics")]


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds that a work takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def costs(sources: list[bytes], count: int | None = None) -> dict[str, float]:
    """Return the CPU seconds for a number of records of these sources; without it for each of them once."""

    def read() -> Iterator[Outcome]:
        """Read the sources, again and again if they have fewer records than asked for."""
        again = sources if count is None else cycle(sources)
        return islice(chain.from_iterable(map(trialparse.read, again)), count)

    records = [*read()]
    works: dict[str, Callable[[], object]] = {
        "parse": lambda: [one.trial for one in read()],
        "trials": lambda: tabular.tables(records, only=FLAT),
        "nested": lambda: tabular.tables(records, only=NESTED),
        "nested of one": lambda: [tabular.tables([one], only=NESTED) for one in records],
        "all, reading and diagnostics included": lambda: tabular.tables(read()),
        "to_json": lambda: [trialparse.to_json(one.trial) for one in records],
    }
    least = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            least[name] = min(least[name], spent(work))
    return least | {"records": len(records)}


def show(title: str, least: dict[str, float]) -> None:
    """Print one line: the time to parse a record, and the rest in parts of it."""
    count = least.pop("records")
    parse = least.pop("parse")
    ratios = "  ".join(f"{work} {took / parse:.2f}" for work, took in least.items())
    print(f"{title}: parse {parse / count * 1e6:.0f} µs  {ratios}")


def main() -> None:
    """Print a line for each file, and one for all."""
    paths = [*map(Path, sys.argv[1:])]
    for path in paths:
        show(path.name, costs([path.read_bytes()], RECORDS))
    show("all", costs([path.read_bytes() for path in paths]))


if __name__ == "__main__":
    main()
