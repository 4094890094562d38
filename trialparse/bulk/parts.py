"""The parts of a conversion: files of a shard, which appear whole, and what they become at the end."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from trialparse.bulk.shards import Read
from trialparse.export.json import parsed_to_json, trial_to_json
from trialparse.generated.classes import frozen
from trialparse.parsing.parsed import Parsed

TRIALS = "trials"
"""The table that has a row, or a line, for each record that was read."""

DATABASE = "trials.duckdb"
"""Name of the database."""

_PART = re.compile(r"(?:\.\d+\.)?part-\d{6}\.(?:jsonl|parquet|csv)")
"""Name of a part, and of one that is being written: it has the number of its process before it."""


@frozen(kw_only=True)
class Kind:
    """A kind of output."""

    name: str
    ending: str
    """Ending of the files of its parts."""
    below: str = ""
    """Folder of the parts within that of the conversion; empty if it is the same one."""


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="jsonl", ending="jsonl"),
        Kind(name="parquet", ending="parquet"),
        Kind(name="csv", ending="csv"),
        Kind(name="duckdb", ending="parquet", below=".parts"),
    )
}
"""The kinds of output by name."""


@frozen(kw_only=True)
class Parts:
    """The parts of a conversion in a folder: one for each table and shard that has rows of it."""

    folder: Path
    kind: Kind
    diagnose: bool
    """Whether to look for diagnostics."""

    def check(self) -> None:
        """Raise ImportError, with what to install, where a library is not there."""
        if self.kind.name != "jsonl":
            from trialparse import tabular  # noqa: F401  the import fails with what to install
        if self.kind.name == "duckdb":
            from trialparse.tabular import database

            database.check_installed()

    def prepare(self) -> None:
        """Prepare a process that does nothing but write parts."""
        if self.kind.name != "jsonl":
            from trialparse.tabular import files

            files.give_back_memory()

    def write(self, found: Iterable[Read], number: int, *, singly: bool = False) -> list[str]:
        """Write the parts of a shard, in place of those it had, and return the names of their tables.

        `singly` takes the records one by one, which takes longer.
        Each part appears whole, and all of them are on the disk when this returns; an error leaves none half written.
        """
        with ExitStack() as stack:
            hidden: dict[str, BinaryIO] = {}

            def opened(table: str) -> BinaryIO:
                path = self._path(table, number)
                path.parent.mkdir(parents=True, exist_ok=True)
                beside = _hidden(path)
                stack.callback(beside.unlink, missing_ok=True)
                hidden[table] = stack.enter_context(beside.open("wb"))
                return hidden[table]

            self._write(found, opened, singly=singly)
            for stream in hidden.values():
                stream.flush()
                os.fsync(stream.fileno())
                stream.close()  # Windows renames no open file
            for table in self._tables():
                path = self._path(table, number)
                if table in hidden:
                    _hidden(path).replace(path)
                else:
                    path.unlink(missing_ok=True)
            for table in hidden:
                _sync(self._path(table, number).parent)
        return sorted(hidden)

    def has(self, number: int, tables: Iterable[str]) -> bool:
        """Whether the parts of a shard are there; they may have been removed."""
        return all(self._path(table, number).exists() for table in tables)

    def finish(self, parts: Iterable[tuple[int, str]]) -> None:
        """Leave exactly these parts, by number and table; each table that has none gets one without rows.

        Raises FileNotFoundError where one of them was removed after it was written.
        """
        kept = {self._path(table, number) for number, table in parts}
        for path in sorted(kept):
            if not path.exists():
                raise FileNotFoundError(errno.ENOENT, "it was removed during the run", os.fspath(path))
        for table in self._tables():
            for path in self._there(table):
                if path not in kept:
                    path.unlink()
        full = {path.parent.name for path in kept}
        for table in self._tables():
            if table not in full:
                self._write_empty(table)
        if self.kind.name == "duckdb":
            self._build(kept)

    def _tables(self) -> list[str]:
        if self.kind.name == "jsonl":
            return [TRIALS]
        from trialparse.tabular import SCHEMAS

        return [*SCHEMAS]

    def _path(self, table: str, number: int) -> Path:
        return self.folder / self.kind.below / table / f"part-{number:06}.{self.kind.ending}"

    def _there(self, table: str) -> Iterator[Path]:
        """Yield the parts of a table that are there, also those that a run left half written."""
        folder = self._path(table, 0).parent
        for path in [*folder.iterdir()] if folder.is_dir() else ():
            if _PART.fullmatch(path.name):
                yield path

    def _write(self, found: Iterable[Read], opened: Callable[[str], BinaryIO], *, singly: bool) -> None:
        if self.kind.name == "jsonl":
            _write_lines(found, opened, diagnose=self.diagnose)
            return
        from trialparse.tabular import files, sources
        from trialparse.tabular.building import RECORDS

        given = ((read.source, read.outcome) for read in found)
        rows = sources.pieces(given, diagnose=self.diagnose, at_once=1 if singly else RECORDS)
        files.write(rows, self.kind.ending, opened)

    def _write_empty(self, table: str) -> None:
        path = self._path(table, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = _hidden(path)
        with beside.open("wb") as stream:
            if self.kind.name != "jsonl":
                from trialparse.tabular import files

                files.write_empty(table, self.kind.ending, stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)

    def _build(self, kept: set[Path]) -> None:
        """Make the database of all parts, and remove them."""
        from trialparse.tabular import database

        beside = self.folder / f".{DATABASE}"
        for left in self.folder.glob(f".{DATABASE}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        by_table = {table: sorted(self._there(table)) for table in self._tables()}
        try:
            database.build(beside, by_table)
            with beside.open("r+b") as stream:  # Windows writes no file to the disk that is open for reading
                os.fsync(stream.fileno())
            beside.replace(self.folder / DATABASE)
        finally:
            beside.unlink(missing_ok=True)
        for table, paths in by_table.items():
            for path in paths:
                path.unlink()
            _remove(self._path(table, 0).parent)
        _remove(self.folder / self.kind.below)


def _hidden(path: Path) -> Path:
    """Return the name that a part has while this process writes it."""
    return path.with_name(f".{os.getpid()}.{path.name}")


def _write_lines(found: Iterable[Read], opened: Callable[[str], BinaryIO], *, diagnose: bool) -> None:
    """Write each record that was read as a line of JSON, as the `read` command does."""
    stream: BinaryIO | None = None
    for read in found:
        parsed = read.outcome
        if isinstance(parsed, Parsed):
            source = {"file": read.source, "member": parsed.place.member}
            header = {"source": source, "record": parsed.place.record}
            if diagnose:
                line = parsed_to_json(parsed, evidence=False, header=header)
            else:
                line = trial_to_json(parsed, header=header)
            stream = stream or opened(TRIALS)
            stream.write(line.encode() + b"\n")


def _remove(folder: Path) -> None:
    """Remove a folder, unless a system has put something into it, as macOS does with `.DS_Store`."""
    with suppress(OSError):
        folder.rmdir()


def _sync(folder: Path) -> None:
    """Write the names in a folder to the disk, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
