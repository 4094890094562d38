"""What reading costs, as ratios to decoding the same bytes in the same run; prints, asserts nothing.

    python tests/benchmarks/ratios.py FILES...        records, XML and text files, pages and rows, each by itself
    python tests/benchmarks/ratios.py --asked FILES...        what comes with reading, against reading
    python tests/benchmarks/ratios.py --handed-on FILES...    writing, reading and pickling the trials, against parsing
    python tests/benchmarks/ratios.py --pool FILES...         two processes against one
    python tests/benchmarks/ratios.py --start         the first use in fresh processes, and compiling the tables

Times are process CPU times, the best of many rounds in which all candidates take turns, so that a busy machine
touches all of them alike. Install the package with its `test` extra first: the yardsticks are orjson and lxml.
"""

import argparse
import os
import pickle
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

import trialparse
from trialparse.mapping.compiled import mapping_of
from trialparse.registries import FORMATS

Work = Callable[[], object]


def best(works: dict[str, Work], rounds: int = 30, times: int = 3) -> dict[str, float]:
    """Return the least time of each work in seconds."""
    least = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.process_time()
            for _ in range(times):
                work()
            least[name] = min(least[name], (time.process_time() - begin) / times)
    return least


def show(title: str, least: dict[str, float], yardstick: str) -> None:
    """Print one line: the yardstick in microseconds, the rest as ratios to it."""
    unit = least[yardstick]
    ratios = "  ".join(f"{name} {value / unit:.2f}" for name, value in least.items() if name != yardstick)
    print(f"{title}: {yardstick} {unit * 1e6:.0f} µs  {ratios}")


def json_record(path: Path) -> None:
    """Time one JSON record: reading, then audit and evidence of it when asked."""
    raw = path.read_bytes()
    parsed = trialparse.parse(raw)
    works: dict[str, Work] = {
        "orjson.loads": lambda: orjson.loads(raw),
        "parse": lambda: trialparse.parse(raw),
        "parse+audit": lambda: trialparse.parse(raw).audit(),
        "parse(contacts=False)": lambda: trialparse.parse(raw, contacts=False),
        "parse+evidence(phases)": lambda: trialparse.parse(raw).evidence("phases"),
        "parse+diagnostics": lambda: trialparse.parse(raw).diagnostics,
    }
    show(f"{path.name} ({parsed.format.name}, {len(raw):,} bytes)", best(works), "orjson.loads")


def xml_file(path: Path) -> None:
    """Time a file of XML: all its trials, with and without their results."""
    raw = path.read_bytes()
    works: dict[str, Work] = {
        "etree.fromstring": lambda: etree.fromstring(raw),
        "read": lambda: [outcome.ok for outcome in trialparse.read(raw)],
        "read(results=False)": lambda: [outcome.ok for outcome in trialparse.read(raw, results=False)],
    }
    show(f"{path.name} ({len(raw):,} bytes)", best(works, rounds=30, times=1), "etree.fromstring")


def text_file(path: Path) -> None:
    """Time a file of records printed as text, against parting its lines at their colons."""
    raw = path.read_bytes()

    def part() -> None:
        for line in raw.decode().split("\n"):
            line.partition(":")

    works: dict[str, Work] = {
        "split+partition": part,
        "split+partition (kept)": lambda: [line.partition(":") for line in raw.decode().split("\n")],
        "read": lambda: [outcome.ok for outcome in trialparse.read(raw)],
    }
    show(f"{path.name} ({len(raw):,} bytes)", best(works, rounds=10, times=1), "split+partition")


def records_of(path: Path) -> None:
    """Time a file of rows, or a page, by its records."""
    raw = path.read_bytes()
    count = len(list(trialparse.read(raw)))
    spent = best({"read": lambda: [outcome.ok for outcome in trialparse.read(raw)]}, rounds=15, times=1)["read"]
    print(f"{path.name} ({len(raw):,} bytes): {count:,} records, {spent / max(count, 1) * 1e6:.0f} µs each")


def trials_of(source: Path | bytes) -> list[trialparse.Trial]:
    """Return the trials of a source."""
    return [outcome.trial for outcome in trialparse.read(source) if outcome.ok]


def asked(path: Path) -> None:
    """Time what users ask for beside the trials of a source, against reading it."""
    raw = path.read_bytes()

    def each(ask: Callable[[trialparse.Parsed], object], **options: Any) -> Work:
        return lambda: [ask(one) for one in trialparse.read(raw, **options) if isinstance(one, trialparse.Parsed)]

    works: dict[str, Work] = {
        "read": each(lambda one: one.trial),
        "diagnostics": each(lambda one: one.diagnostics),
        "raise_at": each(lambda one: one.trial, raise_at=trialparse.Severity.ERROR),
        "keep_raw=False": each(lambda one: one.trial, keep_raw=False),
        "contacts=False": each(lambda one: one.trial, contacts=False),
        "evidence": each(lambda one: one.evidence()),
        "audit": each(lambda one: one.audit()),
        "page": each(trialparse.overview),
    }
    if path.suffix == ".json":
        wrong = with_wrong_type(raw)
        works["wrong type"] = lambda: trialparse.parse(wrong)
    show(f"{path.name} ({len(raw):,} bytes)", best(works, rounds=10, times=1), "read")


def with_wrong_type(raw: bytes) -> bytes:
    """Return a JSON record with an object in the place of its first text that the trial has."""
    tree = orjson.loads(raw)
    found = trialparse.parse(raw).evidence("public_title").sources[:1]
    for source in found:
        *above, last = source.place.path.removeprefix("/").split("/")
        holder = tree
        for key in above:
            holder = holder[int(key) if isinstance(holder, list) else key]
        holder[last] = {"text": holder[last]}
    return orjson.dumps(tree)


def handed_on(path: Path) -> None:
    """Time what a program does with trials, against parsing them: JSON and pickles, out and in."""
    raw = path.read_bytes()
    records = [outcome for outcome in trialparse.read(raw) if outcome.ok]
    trials = [record.trial for record in records]
    texts = [trialparse.to_json(trial) for trial in trials]
    full = [trialparse.to_json(trial, full=True) for trial in trials]
    blobs, whole = [*map(pickle.dumps, trials)], [*map(pickle.dumps, records)]
    works: dict[str, Work] = {
        "parse": lambda: trials_of(raw),
        "to_json": lambda: [trialparse.to_json(trial) for trial in trials],
        "to_json(full=True)": lambda: [trialparse.to_json(trial, full=True) for trial in trials],
        "to_dict": lambda: [trialparse.to_dict(trial) for trial in trials],
        "from_json": lambda: [trialparse.from_json(text) for text in texts],
        "from_json of the full form": lambda: [trialparse.from_json(text) for text in full],
        "dumps": lambda: [pickle.dumps(trial) for trial in trials],
        "loads": lambda: [pickle.loads(blob) for blob in blobs],
        "dumps of Parsed": lambda: [pickle.dumps(record) for record in records],
        "loads of Parsed": lambda: [pickle.loads(blob) for blob in whole],
    }
    sizes = f"{len(raw):,} bytes, JSON {sum(map(len, texts)):,}, pickles {sum(map(len, blobs)):,}"
    show(f"{path.name} ({sizes})", best(works), "parse")


def pool(paths: list[Path], times: int = 200) -> None:
    """Print the CPU time of one process, then of the parent and the workers of a pool of two that return trials."""
    many = [path for _ in range(times) for path in paths]
    for path in paths:  # all is made before the clock starts, and the workers are forked with it
        pickle.loads(pickle.dumps(trials_of(path)))
    began = time.process_time()
    for path in many:
        trials_of(path)
    alone = time.process_time() - began
    began, before = time.process_time(), _children()
    with ProcessPoolExecutor(2) as both:
        for _ in both.map(trials_of, many, chunksize=4):
            pass
    parent, workers = time.process_time() - began, _children() - before
    print(
        f"{len(many)} files: one process {alone:.2f} s; pool of two: parent {parent / alone:.2f} of that, "
        f"workers {workers / alone:.2f}, at best {max(parent, workers / 2) / alone:.2f}"
    )


def _children() -> float:
    """Return the CPU time of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run Python in a process of its own."""
    words = [sys.executable, *arguments]
    return subprocess.run(words, capture_output=True, check=True, env=os.environ | environment)


def start() -> None:
    """Time what a program pays once: each step in fresh processes, the median of them."""
    record = Path(__file__).resolve().parents[2] / "fixtures" / "ctis" / "immunostem.json"
    parse = f"trialparse.parse({str(record)!r})"
    statements = {
        "the libraries": "import attrs, msgspec, lxml.etree",
        "import trialparse": "import trialparse",
        "all that reads": "import trialparse.parsing.calls",
        "first parse": f"import trialparse; {parse}",
        "first and second parse": f"import trialparse; {parse}; {parse}",
        "first parse and diagnostics": f"import trialparse; {parse}.diagnostics",
    }
    for name, statement in statements.items():
        code = f"import time; t = time.process_time(); {statement}; print(time.process_time() - t)"
        runs = [float(_run("-c", code).stdout) for _ in range(9)]
        print(f"{name}: {statistics.median(runs) * 1e3:.0f} ms")
    complete = {"_TRIALPARSE_COMPLETE": "bash_complete", "COMP_WORDS": "trialparse re", "COMP_CWORD": "1"}
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "trialparse --version": (["--version"], {}),
        "trialparse re<TAB>": ([], complete),
        "trialparse read --re<TAB>": ([], complete | {"COMP_WORDS": "trialparse read --re", "COMP_CWORD": "2"}),
        "trialparse read RECORD": (["read", str(record)], {}),
    }
    for name, (arguments, environment) in commands.items():
        runs = []
        for _ in range(9):
            before = _children()
            _run("-m", "trialparse", *arguments, **environment)
            runs.append(_children() - before)
        print(f"{name}: {statistics.median(runs) * 1e3:.0f} ms, with Python itself")
    for format in FORMATS:
        begin = time.process_time()
        mapping = mapping_of(format)
        _ = mapping.fill, mapping.selection.struct, mapping.selection.read if format.notation.name == "json" else None
        print(f"compile {format.name}: {(time.process_time() - begin) * 1e3:.0f} ms")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--asked", action="store_true")
    parser.add_argument("--handed-on", action="store_true")
    parser.add_argument("--pool", action="store_true")
    arguments = parser.parse_args()
    if arguments.start:
        start()
    if arguments.pool:
        pool(arguments.files)
        return
    for path in arguments.files:
        time_one = {".xml": xml_file, ".txt": text_file, ".html": records_of, ".csv": records_of}.get(
            path.suffix, json_record
        )
        try:
            (asked if arguments.asked else handed_on if arguments.handed_on else time_one)(path)
        except trialparse.NotOneRecord:
            records_of(path)
        except trialparse.TrialParseError as error:
            print(f"{path.name}: {error}")


if __name__ == "__main__":
    main()
