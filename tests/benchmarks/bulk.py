"""What it costs to convert: `python tests/benchmarks/bulk.py [MB] [MEMBERS] [NAMES]` prints a table.

For each notation a source of so many megabytes is made of fixtures, each record with a number of its own, and a zip of
so many members. Each is converted to Parquet by one process and by two. The columns:

    MB/s       bytes of the source, unpacked, for each second of processor time, of all processes together
    reading    share of this time that goes into reading alone, with diagnostics
    reader     the most memory that the process took which takes the sources apart, beyond what it took before
    worker     the most memory that a process took which reads and writes, beyond one that has imported pyarrow
    two        how much faster two processes are than one, if each had a processor of its own: the time of all when one
               works, by that of the busiest when two do
    shared     how evenly two share their work: the time of all when two work, by that of the busiest. Where this is
               higher than `two`, a processor takes longer for the same work while the other is busy too

Below the first source is what DuckDB takes, in the process that takes the sources apart.
Memory is what Linux counts for a process in its own time, so it is 0 on other systems.
"""

import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import trialparse
from trialparse.bulk import conversion
from trialparse.bulk.journal import Done
from trialparse.bulk.shards import Shard

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


def joined(before: bytes, between: bytes, after: bytes) -> Callable[[Path, float, int], int]:
    """Return what writes records with something between them, and returns the bytes written."""

    def write(path: Path, size: float, members: int) -> int:
        with path.open("wb") as file:
            file.write(before)
            for number, record in enumerate(records()):
                file.write((between if number else b"") + record)
                if file.tell() >= size:
                    break
            file.write(after)
            return file.tell()

    return write


def xml(path: Path, size: float, members: int) -> int:
    """Write trials in one file of XML."""
    text = (FIXTURES / "rebec" / "registry.xml").read_text("utf-8")
    start, end = text.index("<trial>"), text.index("</trial>") + len("</trial>")
    [own] = re.findall(r"<trial_id>([^<]+)<", text[start:end])
    with path.open("w", encoding="utf-8") as file:
        file.write("<trials>")
        for number in range(int(size / (end - start)) + 1):
            file.write(text[start:end].replace(own, f"RBR-{number:06}"))
        file.write("</trials>")
        return file.tell()


def printed(path: Path, size: float, members: int) -> int:
    """Write printed forms one after another."""
    text = (FIXTURES / "euctr" / "six_countries.txt").read_bytes()
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(text + b"\n")
        return file.tell()


def packed(path: Path, size: float, members: int) -> int:
    """Write a zip of many members."""
    text = (FIXTURES / "ctgov" / "expanded_access.json").read_text("utf-8")
    own = json.loads(text)["protocolSection"]["identificationModule"]["nctId"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(f"{number}.json", text.replace(own, f"NCT{90000000 + number}"))
        return sum(member.file_size for member in archive.infolist())


KINDS = {
    "lines.jsonl": joined(b"", b"\n", b"\n"),
    "array.json": joined(b"[", b",\n", b"]"),
    "trials.xml": xml,
    "printed.txt": printed,
    "many.zip": packed,
}


_STATUS = Path("/proc/self/status")


def memory() -> int:
    """Return the most memory that this process has taken, in KiB."""
    found = re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text()) if _STATUS.exists() else None
    return int(found[1]) if found else 0


def seconds(who: int) -> float:
    """Return the processor time of this process or of its children that have ended."""
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


def noted(shard: Shard, begin: Callable[[int], None], **settings: Any) -> Done:
    """Convert a shard as a process does, and note what the process took until now, beside the output."""
    done = convert_shard(shard, begin, **settings)
    note = settings["parts"].folder.parent / f"{os.getpid()}.note"
    note.write_text(f"{memory()} {time.process_time()}")
    return done


convert_shard = conversion._convert


def _idle(pipe: Connection) -> None:
    import pyarrow as pa
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.parquet

    pa.array(["x"])  # it imports more at the first array
    pipe.send(memory())


def _read(pipe: Connection, path: Path) -> None:
    """Send the time of reading alone."""
    for one in trialparse.read(path):
        if isinstance(one, trialparse.Parsed):
            one.diagnostics  # noqa: B018  it finds them
    pipe.send(time.process_time())


class Taken(NamedTuple):
    """What a conversion took."""

    seconds: float
    """Time of all processes."""
    busiest: float
    """Time of the one that worked most."""
    reader: int
    """The most memory of the process that takes the sources apart, in KiB, beyond what it took before."""
    worker: int
    """The most memory of a process that reads and writes."""


def _converted(pipe: Connection, path: Path, workers: int, to: str = "parquet") -> None:
    before = memory()
    conversion._convert = noted
    with tempfile.TemporaryDirectory() as folder:
        conversion.convert([path], Path(folder) / "out", to=to, workers=workers)
        notes = [note.read_text().split() for note in Path(folder).glob("*.note")]
    own, others = seconds(resource.RUSAGE_SELF), seconds(resource.RUSAGE_CHILDREN)
    busiest = max(own, *(float(time) for _, time in notes))
    pipe.send(Taken(own + others, busiest, memory() - before, max(int(most) for most, _ in notes)))


def in_own_process(act: Callable[..., None], *arguments: object) -> Any:
    """Return what a function sends from a process of its own, so that one measurement does not see another."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=act, args=(there, *arguments))
    process.start()
    found = here.recv()
    process.join()
    return found


def main(megabytes: float = 10, members: int = 5000, *names: str) -> None:
    """Print the table."""
    idle: int = in_own_process(_idle)
    print(f"a process that has imported pyarrow: {idle >> 10} MiB")
    print(f"{'source':14}{'MB':>8}{'MB/s':>8}{'reading':>9}{'reader':>10}{'worker':>10}{'two':>6}{'shared':>8}")
    for name in names or KINDS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            size = KINDS[name](path, megabytes * 1e6, members) / 1e6
            alone: float = in_own_process(_read, path)
            one: Taken = in_own_process(_converted, path, 1)
            two: Taken = in_own_process(_converted, path, 2)
            most = max(one.worker, two.worker) - idle
            print(
                f"{name:14}{size:8.0f}{size / one.seconds:8.2f}{alone / one.seconds:9.0%}"
                f"{max(one.reader, two.reader) >> 10:6} MiB{most >> 10:6} MiB{one.seconds / two.busiest:6.2f}"
                f"{two.seconds / two.busiest:8.2f}",
                flush=True,
            )
            if name == next(iter(KINDS)):
                database: Taken = in_own_process(_converted, path, 1, "duckdb")
                print(
                    f"to DuckDB: {database.seconds / one.seconds:.2f} of the time, {database.reader >> 10} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3]), *sys.argv[3:])
