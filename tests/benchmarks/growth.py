"""How the cost of reading grows with a source; prints, asserts nothing.

    python tests/benchmarks/growth.py [FORMATS...]            every list and thing of every format, or of some
    python tests/benchmarks/growth.py --each [FORMATS...]     a line for each of them

Each is doubled, and the exponent is the binary logarithm of what the cost is multiplied by: 1 is in proportion, 2 the
square. What every source costs is taken off first. Work is counted in lines of the library that run, which no busy
machine changes; CPU time beside it includes the decoders, which are not in Python.
"""

import argparse
import functools
import itertools
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import _steps
from tests.parsing.growing import Grown, growths
from trialparse import Parsed, TrialParseError, read

Asked = Callable[[bytes], object]


def _each(ask: Callable[[Parsed], object], *, contacts: bool = True) -> Asked:
    """Return the function that reads a source and asks for something of each of its records."""

    def asked(data: bytes) -> None:
        try:
            for outcome in read(data, contacts=contacts):
                if isinstance(outcome, Parsed):
                    ask(outcome)
        except TrialParseError:
            pass

    return asked


ASKED: dict[str, Asked] = {
    "parse": _each(lambda one: one.trial),
    "diagnostics": _each(lambda one: one.diagnostics),
    "contacts=False": _each(lambda one: one.trial, contacts=False),
    "evidence": _each(lambda one: one.evidence()),
    "audit": _each(lambda one: one.audit()),
}


def exponent(first: float, second: float, third: float) -> float:
    """Return by what power something grows that has these costs when it is there n, 2n and 4n times."""
    return math.log2(max(third - second, 1e-9) / max(second - first, 1e-9))


def times_of(ask: Asked, sources: list[bytes]) -> list[float]:
    """Return the least CPU time for each source."""
    least = [math.inf] * len(sources)
    for _ in range(2):
        for place, data in enumerate(sources):
            began = time.process_time()
            ask(data)
            least[place] = min(least[place], time.process_time() - began)
    return least


def measured(made: Grown, few: int) -> dict[str, tuple[float | None, float | None]]:
    """Return the exponents of work and of CPU time, by what is asked; None where there is next to no growth."""
    sources = [made(few * n) for n in (1, 2, 4)]
    found: dict[str, tuple[float | None, float | None]] = {}
    for name, ask in ASKED.items():
        ask(sources[0])
        counted = [_steps(functools.partial(ask, data)) for data in sources]
        spent = times_of(ask, sources)
        work = exponent(*counted) if counted[1] - counted[0] > few / 2 else None
        found[name] = work, exponent(*spent) if spent[1] - spent[0] > 1e-3 else None
    return found


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="only every so many-th kind, for a first look")
    arguments = parser.parse_args()
    found: dict[str, dict[str, dict[str, tuple[float | None, float | None]]]] = {}
    for format, kind, made in itertools.islice(growths(), 0, None, arguments.every):
        if arguments.formats and format not in arguments.formats:
            continue
        of_kind = found.setdefault(format, {})[kind] = measured(
            made, 10 if kind.startswith(("list ", "text ")) else 100
        )
        if arguments.each:
            shown = "  ".join(f"{name} {_shown(work)} ({_shown(spent)})" for name, (work, spent) in of_kind.items())
            print(f"{format} {kind}: {shown}", flush=True)
    for format, kinds in found.items():
        print(f"\n{format}: {len(kinds)} kinds")
        for name in ASKED:
            works = {kind: work for kind, of_kind in kinds.items() if (work := of_kind[name][0]) is not None}
            if not works:
                continue
            above = ", ".join(f"{kind} {work:.2f}" for kind, work in works.items() if work > 1.1)
            spent = sorted(used for of_kind in kinds.values() if (used := of_kind[name][1]) is not None)
            middle = f", CPU time {spent[len(spent) // 2]:.2f} in the middle" if spent else ""
            print(
                f"  {name}: {min(works.values()):.2f} to {max(works.values()):.2f}{middle}"
                + (f"; above 1.1: {above}" if above else "")
            )


def _shown(number: float | None) -> str:
    return "-" if number is None else f"{number:.2f}"


if __name__ == "__main__":
    main()
