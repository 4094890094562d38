"""What tables cost, as ratios to parsing the same sources; prints, asserts nothing.

    python tests/benchmarks/tables.py FILES...

Times are process CPU times, the best of several rounds in which all candidates take turns. The tables are made of 100
records that have been read, those of the file again and again; a single record pays for all columns by itself.
Install the package with its `arrow` extra first.
"""

import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import trialparse
from trialparse import tabular

RECORDS = 100
ROUNDS = 7

FLAT = ["trials"]
NESTED = [name for name in tabular.SCHEMAS if name not in ("trials", "diagnostics")]


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds that a work takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def costs(raw: bytes) -> dict[str, float]:
    """Return the CPU seconds that parsing a record takes, and making tables of it."""
    read = [one for one in trialparse.read(raw) if isinstance(one, trialparse.Parsed)]
    many = [*islice(cycle(read), RECORDS)]
    works: dict[str, tuple[int, Callable[[], object]]] = {
        "parse": (len(read), lambda: [one.trial for one in trialparse.read(raw)]),
        "trials": (RECORDS, lambda: tabular.tables(many, only=FLAT)),
        "nested": (RECORDS, lambda: tabular.tables(many, only=NESTED)),
        "nested of one record": (1, lambda: tabular.tables(many[:1], only=NESTED)),
        "to_json": (RECORDS, lambda: [trialparse.to_json(one.trial) for one in many]),
    }
    least = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, (records, work) in works.items():
            least[name] = min(least[name], spent(work) / records)
    return least


def main() -> None:
    """Print a line for each file, and one for a record of each."""
    every = [(path.name, costs(path.read_bytes())) for path in map(Path, sys.argv[1:])]
    for name, least in [*every, ("all", {work: sum(one[work] for _, one in every) for work in every[0][1]})]:
        ratios = "  ".join(f"{work} {took / least['parse']:.2f}" for work, took in least.items() if work != "parse")
        print(f"{name}: parse {least['parse'] * 1e6:.0f} µs  {ratios}")


if __name__ == "__main__":
    main()
