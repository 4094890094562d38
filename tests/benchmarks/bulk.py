"""What it costs to convert: `python tests/benchmarks/bulk.py [MB] [MEMBERS]` prints a table.

For each notation a source of so many megabytes is made of fixtures, each record with a number of its own, and a zip of
so many members. Each is converted to Parquet by one process and by two. The columns:

    MB/s       bytes of the source for each second of processor time, of all processes together
    reading    share of this time that goes into reading alone, with diagnostics
    memory     the most that one of the reading processes takes, beyond one that has imported trialparse and pyarrow
    two        how much faster two processes could be: time of all by that of the busiest, if each had its own processor
"""

import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import trialparse
from trialparse.bulk import conversion

FIXTURES = ROOT / "fixtures"


def records() -> Iterator[bytes]:
    """Yield records of CTIS without end, each with a number of its own."""
    names = ("immunostem", "multinational", "halted")
    texts = [json.dumps(json.loads((FIXTURES / "ctis" / f"{name}.json").read_bytes())) for name in names]
    numbers = [str(json.loads(text)["ctNumber"]) for text in texts]
    count = 0
    while True:
        own = f"2030-{500000 + count // 100:06}-{count % 100:02}-00"
        yield texts[count % 3].replace(numbers[count % 3], own).encode()
        count += 1


def joined(before: bytes, between: bytes, after: bytes) -> Callable[[Path, float, int], None]:
    """Return what writes records with something between them."""

    def write(path: Path, size: float, members: int) -> None:
        with path.open("wb") as file:
            file.write(before)
            for number, record in enumerate(records()):
                file.write((between if number else b"") + record)
                if file.tell() >= size:
                    break
            file.write(after)

    return write


def xml(path: Path, size: float, members: int) -> None:
    """Write trials in one file of XML."""
    text = (FIXTURES / "rebec" / "registry.xml").read_text("utf-8")
    start, end = text.index("<trial>"), text.index("</trial>") + len("</trial>")
    [own] = re.findall(r"<trial_id>([^<]+)<", text[start:end])
    with path.open("w", encoding="utf-8") as file:
        file.write("<trials>")
        for number in range(int(size / (end - start)) + 1):
            file.write(text[start:end].replace(own, f"RBR-{number:06}"))
        file.write("</trials>")


def printed(path: Path, size: float, members: int) -> None:
    """Write printed forms one after another."""
    text = (FIXTURES / "euctr" / "six_countries.txt").read_bytes()
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(text + b"\n")


def packed(path: Path, size: float, members: int) -> None:
    """Write a zip of many members."""
    text = (FIXTURES / "ctis" / "search_row_apart.json").read_text("utf-8")
    [own] = re.findall(r"\d{4}-5\d{5}-\d\d-\d\d", text)[:1]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(
                f"{number}.json", text.replace(own, f"2030-{500000 + number // 100:06}-{number % 100:02}-00")
            )


KINDS = {
    "lines.jsonl": joined(b"", b"\n", b"\n"),
    "array.json": joined(b"[", b",\n", b"]"),
    "trials.xml": xml,
    "printed.txt": printed,
    "many.zip": packed,
}


def used(who: int) -> float:
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


def reading(path: Path) -> float:
    """Return the time of reading alone."""
    start = time.process_time()
    for one in trialparse.read(path):
        if isinstance(one, trialparse.Parsed):
            one.diagnostics  # noqa: B018  it finds them
    return time.process_time() - start


def converting(path: Path, workers: int) -> tuple[float, float, int]:
    """Return the time of this process and of its children, and the most memory in KiB that a child took."""
    before = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        conversion.convert([path], Path(folder) / "out", workers=workers)
    after = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN)
    return after[0] - before[0], after[1] - before[1], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _idle(pipe: "multiprocessing.connection.Connection") -> None:
    import pyarrow as pa

    from trialparse.tabular import files  # noqa: F401

    pa.array(["x"])  # it imports more at the first array
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def in_own_process(act: Callable[..., None], *arguments: object) -> object:
    """Return what a function sends from a process of its own, so that one measurement does not see another."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=act, args=(there, *arguments))
    process.start()
    found = here.recv()
    process.join()
    return found


def _measured(pipe: "multiprocessing.connection.Connection", path: Path, workers: int) -> None:
    pipe.send(converting(path, workers))


def _read(pipe: "multiprocessing.connection.Connection", path: Path) -> None:
    pipe.send(reading(path))


def main(megabytes: float = 10, members: int = 5000) -> None:
    """Print the table."""
    idle = in_own_process(_idle)
    print(f"a process that reads nothing: {int(str(idle)) // 1024} MiB")
    print(f"{'source':14}{'MB':>8}{'MB/s':>8}{'reading':>9}{'memory':>10}{'two':>6}")
    for name, write in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            write(path, megabytes * 1e6, members)
            size = path.stat().st_size / 1e6
            alone = in_own_process(_read, path)
            own, children, most = in_own_process(_measured, path, 1)  # type: ignore[misc]
            parent, pair, more = in_own_process(_measured, path, 2)  # type: ignore[misc]
            total = own + children
            print(
                f"{name:14}{size:8.0f}{size / total:8.2f}{float(str(alone)) / total:9.0%}"
                f"{(max(most, more) - int(str(idle))) // 1024:6} MiB{total / max(parent, pair / 2):6.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3]))
