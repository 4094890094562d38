"""The journal of a conversion: a file with a line for each shard that is done; a killed run may cut the last."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import attrs

from trialparse.bulk.shards import Shard
from trialparse.generated.classes import frozen

NAME = ".trialparse.journal"
"""Name of the file in the folder of the conversion."""


class NotResumable(ValueError):
    """A folder in which a conversion can neither begin nor go on."""


@frozen(kw_only=True)
class Done:
    """What became of a shard."""

    number: int
    digest: str
    """The digest of the shard."""
    records: int
    """Records, read or not."""
    failed: int
    """Records that could not be read."""
    ends: int
    """Sources that could not be read to their end, or hold no record."""
    problems: dict[str, int]
    """Diagnostics by problem, and failures by error."""
    lines: list[dict[str, Any]]
    """Lines of the report; the journal leaves them on the disk."""
    tables: list[str]
    """Tables that have rows of it."""


class Journal:
    """The journal of a conversion. Only one run at a time can have it open."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], *, resume: bool) -> None:
        """Open the journal of a folder, and make both where they are not there.

        `settings` is all that the output depends on besides the sources. Raises NotResumable where the folder holds
        something else, or a conversion that is not to be resumed or has other settings; OSError passes through.
        """
        self._settings = json.loads(json.dumps(settings))
        self._done: dict[int, Done] = {}
        self._places: dict[int, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME
        if not path.exists() and any(folder.iterdir()):
            raise NotResumable(f"{folder} is not empty, so choose another folder")
        if path.exists() and not resume:
            raise NotResumable(f"{folder} holds a conversion: resume it, or choose another folder")
        self._file: FileIO = path.open("a+b", buffering=0)  # what cannot be written must not be tried again
        try:
            _lock(self._file, folder)
            self._read(folder)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def done_with(self, shard: Shard) -> Done | None:
        """Return what became of a shard; None if it is not done, or has changed since."""
        done = self._done.get(shard.number)
        return done if done is not None and done.digest == shard.digest else None

    def add(self, done: Done) -> None:
        """Note that a shard is done; it is on the disk when this returns."""
        place = self._file.seek(0, os.SEEK_END)
        self._write(attrs.asdict(done))
        self._keep(done, place)

    def forget(self, number: int) -> None:
        """Forget a shard before its parts are replaced; it is forgotten on the disk when this returns."""
        if number in self._done:
            del self._done[number]
            self._write({"forget": number})

    def shorten(self, count: int) -> None:
        """Forget the shards from a number on: the sources hold no more."""
        for number in sorted(number for number in self._done if number >= count):
            self.forget(number)

    def clear(self) -> None:
        """Forget all shards, as their parts have become something else."""
        self._file.truncate(0)
        self._write(self._settings)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the report, shard by shard; they stay on the disk until then."""
        with self._reader() as file:
            for number in sorted(self._done):
                file.seek(self._places[number])
                yield from json.loads(file.readline())["lines"]

    @property
    def done(self) -> list[Done]:
        """What became of the shards, in their order."""
        return [done for _, done in sorted(self._done.items())]

    def tables(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each shard with each table that has rows of it."""
        return ((done.number, table) for done in self.done for table in done.tables)

    @property
    def totals(self) -> dict[str, Any]:
        """The sums over all shards: records, those read, failed, ends, and problems with the most frequent first."""
        problems = Counter[str]()
        for one in self._done.values():
            problems.update(one.problems)
        records, failed, ends = (sum(getattr(one, name) for one in self._done.values()) for name in _COUNTS)
        return {
            "records": records,
            "read": records - failed,
            "failed": failed,
            "ends": ends,
            "problems": dict(sorted(problems.items(), key=lambda found: (-found[1], found[0]))),
        }

    def _read(self, folder: Path) -> None:
        """Read the whole lines, and cut off what comes after them."""
        whole = 0
        with self._reader() as file:
            file.seek(0)
            for number, line in enumerate(file):
                value = _line(line)
                if value is None:
                    break
                whole += len(line)
                if number == 0:
                    self._check(value, folder)
                elif "forget" in value:
                    self._done.pop(value["forget"], None)
                else:
                    self._keep(Done(**value), whole - len(line))
        self._file.truncate(whole)
        if not whole:
            self._write(self._settings)

    def _keep(self, done: Done, place: int) -> None:
        """Hold what became of a shard, without its lines: there may be many."""
        self._done[done.number] = attrs.evolve(done, lines=[])
        self._places[done.number] = place

    def _check(self, settings: Mapping[str, Any], folder: Path) -> None:
        names = sorted(
            name for name in settings.keys() | self._settings.keys() if settings.get(name) != self._settings.get(name)
        )
        if names:
            raise NotResumable(f"{folder} holds a conversion with other settings: {', '.join(names)}")

    def _write(self, value: Mapping[str, Any]) -> None:
        left = json.dumps(value).encode() + b"\n"
        while left:
            left = left[self._file.write(left) :]
        os.fsync(self._file.fileno())

    def _reader(self) -> BinaryIO:
        """Return the file for reading; closing that leaves this one open."""
        return open(self._file.fileno(), "rb", closefd=False)


_COUNTS = ("records", "failed", "ends")


def _line(line: bytes) -> dict[str, Any] | None:
    """Return the value of a line; None for one that was cut."""
    try:
        value = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _lock(file: BinaryIO, folder: Path) -> None:
    """Keep other runs out until the file is closed, on systems with such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotResumable(f"another run is converting to {folder}") from None
