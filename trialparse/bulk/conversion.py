"""Convert whole registers: any number of sources to files of tables or lines, by several processes."""

import datetime
import errno
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any

import attrs

from trialparse.bulk.journal import Done, Journal, NotResumable
from trialparse.bulk.parts import KINDS, Parts
from trialparse.bulk.shards import STDIN, Item, Read, Shard, outcomes, shards
from trialparse.bulk.workers import Lost, NotStarted, Workers
from trialparse.diagnostics import LimitExceeded, Place, TrialParseError
from trialparse.export.outputs import whole
from trialparse.export.version import SCHEMA_VERSION
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.parsing.numbering import matcher
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure
from trialparse.parsing.recognise import check_name
from trialparse.parsing.record import Record

__all__ = ["NotConverted", "NotResumable", "NotStarted", "Summary", "convert"]

_STOPPED = "the process stopped each time at this record; perhaps it ran out of memory"
_FAULT = "trialparse could not read or write the record: {error}; please report it"


class NotConverted(RuntimeError):
    """A part cannot be converted, even with all its records given up."""


_RESTARTS = 20
"""Restarts of a shard after which all of it is given up."""


@frozen(kw_only=True)
class Summary:
    """What became of the records of all sources, also of those that an earlier run had converted."""

    records: int
    """Records, read or not."""
    read: int
    """Records that were read."""
    failed: int
    """Records that could not be read; each is in the report."""
    ends: int
    """Sources that could not be read to their end, or hold no record; each is in the report."""
    problems: dict[str, int]
    """Number of diagnostics by problem, and of records that could not be read by error; the most frequent first."""


def convert(
    sources: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    unread: Iterable[tuple[str, str]] = (),
    to: str = "parquet",
    workers: int = 1,
    resume: bool = False,
    report: str | os.PathLike[str] | None = None,
    diagnostics: bool = True,
    format: str | None = None,
    limits: Limits = Limits(),
    contacts: bool = True,
    results: bool = True,
    language: str | None = None,
    as_of: datetime.date | None = None,
    records_at: str | None = None,
    moved: Callable[[int, int], None] = lambda records, done: None,
) -> Summary:
    """Convert all records of sources to files in a folder, and return what became of them.

    `sources` are paths of files, each read once, by its first name; `-` is standard input. `unread` are other paths
    that were found and cannot be read, such as a link that leads nowhere, each with the reason: they are reported.
    `to` is `parquet`, `csv` or `jsonl`, with a folder for each table and in it one file for about 3 MiB of the sources,
    or `duckdb`, with one database. Tables are those of `tabular` with `source` before the other columns; `record` is
    the index in the source. Lines are those of `trialparse read`.
    `workers` processes share the work; the output does not depend on their number. A process that dies is replaced.
    `resume` goes on where an earlier run in the folder has ended, however it ended; what has changed in the sources
    since is converted again. `report` is a file that gets a line of JSON for each record and source that
    could not be read, and a last one with the sums. `diagnostics=False` does not look for problems in the records
    that were read, which takes longer than reading them. `moved` is called with the number of records and the
    bytes of the sources that are done. The other arguments are those of `read`.

    Raises NotResumable where the folder has something else in it or the output of other settings, ValueError for an
    unknown `to` and a report that is one of the sources, TypeError for one path in place of several, ImportError where
    a library is missing, OSError where a file cannot be written, NotStarted where no process can start, and
    NotConverted where they die whatever they read. In a program of your own, call it below
    `if __name__ == "__main__":`, because it starts processes.
    """
    if to not in KINDS:
        raise ValueError(f"there is no output {to!r}; there are {', '.join(KINDS)}")
    if workers < 1:
        raise ValueError(f"workers is a number from 1, not {workers}")
    if format is not None:
        check_name(format)
    options = Options(
        limits=limits, contacts=contacts, results=results, language=language, as_of=as_of, records_at=records_at
    )
    parts = Parts(folder=Path(folder), kind=KINDS[to], diagnose=diagnostics)
    parts.check()
    if report is not None and not Path(report).absolute().parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", os.fspath(report))
    names = _once(sources)
    if report is not None and os.path.realpath(report) in names:
        raise ValueError(f"{os.fspath(report)} is one of the sources")
    with Journal(parts.folder, _settings(parts, options, format), resume=resume) as journal:
        run = _Run(journal=journal, parts=parts, moved=moved)
        try:
            with Workers(workers, partial(_convert, parts=parts, options=options)) as processes:
                count = run.all(shards(names.values(), format, options, unread), processes)
            journal.shorten(count)
            parts.finish(journal.tables())
        except (OSError, NotConverted, NotStarted) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            ended = {"kind": "run", "problem": type(error).__name__, "text": reason}
            _report(report, journal, [*run.lost, ended])
            raise
        _report(report, journal, run.lost)
        if KINDS[to].below:
            journal.clear()
        return Summary(**journal.totals)


def _once(sources: Iterable[str | os.PathLike[str]]) -> dict[str, str]:
    """Return the names of sources by their real paths: each file once, by the first of its names."""
    if isinstance(sources, str | bytes | os.PathLike):
        raise TypeError(f"sources is a list of paths, such as [{sources!r}], not one path")
    names: dict[str, str] = {}
    for source in sources:
        name = os.fspath(source)
        names.setdefault(name if name == STDIN else os.path.realpath(name), name)
    return names


def _settings(parts: Parts, options: Options, format: str | None) -> dict[str, Any]:
    """Return what the output depends on besides the sources."""
    libraries = ("trialparse",) if parts.kind.name == "jsonl" else ("trialparse", "pyarrow")
    return {
        "to": parts.kind.name,
        "diagnostics": parts.diagnose,
        "format": format,
        **{name: repr(value) for name, value in attrs.asdict(options, recurse=False).items()},
        "versions": [SCHEMA_VERSION, *map(_version, libraries)],
        "numbers": "" if options.contacts else matcher(),
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # it is not installed, but on the path
        return ""


@define
class _Run:
    """A run over shards."""

    journal: Journal
    parts: Parts
    moved: Callable[[int, int], None]
    lost: list[dict[str, Any]] = attrs.field(factory=list)
    """Lines of the report on processes that died."""
    _records: int = 0
    _times: Counter[int] = attrs.field(factory=Counter)
    """How often each shard was begun again."""
    _suspects: dict[int, int | None] = attrs.field(factory=dict)
    """The item of each shard at which the last process died."""
    _given_up: defaultdict[int, set[int]] = attrs.field(factory=lambda: defaultdict(set))
    """The items of each shard that were given up."""

    def all(self, some: Iterable[Shard], processes: "Workers[Shard, Done]") -> int:
        """Have the shards converted that are not done, and return the number of all."""
        count = 0
        for shard in some:
            count += 1
            done = self.journal.done_with(shard)
            if done is not None and self.parts.has(done.number, done.tables):
                self._moved(shard, done)
                continue
            self.journal.forget(shard.number)
            while processes.is_full:
                self._collect(processes)
            processes.give(shard)
        while processes.is_busy:
            self._collect(processes)
        return count

    def _collect(self, processes: "Workers[Shard, Done]") -> None:
        for shard, result in processes.results():
            if isinstance(result, Lost):
                processes.give(self._again(shard, result))
            else:
                self.journal.add(result)
                self._moved(shard, result)

    def _moved(self, shard: Shard, done: Done) -> None:
        self._records += done.records
        self.moved(self._records, shard.done)

    def _again(self, shard: Shard, lost: Lost) -> Shard:
        """Return a shard whose process died, to be begun again.

        From the second time on the records are read one by one, and the process reports each. Where it dies twice at
        the same one, that record is given up, and its neighbours are read. If that does not help, all are given up.
        """
        self._times[shard.number] += 1
        what = f"an error ({lost.error})" if lost.error else "a process was stopped"
        text = f"{what} at part {shard.number}, which was begun again"
        self.lost.append({"kind": "process", "problem": "Lost", "text": text})
        if self._times[shard.number] > 2 * _RESTARTS:
            raise NotConverted(f"part {shard.number} cannot be converted: {what} each time")
        items = [*shard.items()]
        step, suspect = lost.step, self._suspects.get(shard.number)
        self._suspects[shard.number] = step
        if self._times[shard.number] > _RESTARTS or (step is not None and step in self._given_up[shard.number]):
            return shard.with_items(_given_up(item, lost) for item in items)
        if step is not None and step == suspect:
            self._given_up[shard.number].add(step)
            items[step] = _given_up(items[step], lost)
        return shard.with_items(items)


def _given_up(item: Item, lost: Lost) -> Item:
    """Return a failure in the place of a record."""
    found = item.found
    if not isinstance(found, Record):
        return item
    error = TrialParseError(_FAULT, error=lost.error) if lost.error else LimitExceeded(_STOPPED)
    place = Place(path="", record=found.index, member=found.member, offset=found.raw.offset)
    failure = Failure(index=found.index, place=place, error=error, numbers=found.raw.numbers)
    return item._replace(found=failure)


def _convert(shard: Shard, begin: Callable[[int], None], *, parts: Parts, options: Options) -> Done:
    """Read the records of a shard and write its parts."""
    parts.prepare()
    tally = _Tally(diagnose=parts.diagnose)
    tables = parts.write(tally.counted(outcomes(_begun(shard, begin), options)), shard.number, singly=shard.careful)
    return Done(
        number=shard.number,
        digest=shard.digest,
        records=tally.records,
        failed=tally.failed,
        ends=tally.ends,
        problems=dict(tally.problems),
        lines=tally.lines,
        tables=tables,
    )


def _begun(shard: Shard, begin: Callable[[int], None]) -> Iterator[Item]:
    """Yield the items of a shard; report each that is begun, where a process has died before."""
    for step, item in enumerate(shard.items()):
        if shard.careful:
            begin(step)
        yield item


@define
class _Tally:
    """The counts of a shard."""

    diagnose: bool
    records: int = 0
    failed: int = 0
    ends: int = 0
    problems: Counter[str] = attrs.field(factory=Counter)
    lines: list[dict[str, Any]] = attrs.field(factory=list)

    def counted(self, found: Iterable[Read]) -> Iterator[Read]:
        """Yield what was read, and count it."""
        for read in found:
            outcome = read.outcome
            if isinstance(outcome, Failure):
                self._fail(read, outcome)
            else:
                self.records += 1
                if self.diagnose:
                    self.problems.update(one.problem.name for one in outcome.diagnostics)
            yield read

    def _fail(self, read: Read, failure: Failure) -> None:
        problem = type(failure.error).__name__
        self.problems[problem] += failure.count
        if read.ends:
            self.ends += 1
        else:
            self.records += failure.count
            self.failed += failure.count
        self.lines.append(_line(read, failure, problem))


def _line(read: Read, failure: Failure, problem: str) -> dict[str, Any]:
    """Return the line of the report on a record, or on a source."""
    place = failure.place
    line = {
        "kind": "source" if read.ends else "record",
        "source": read.source,
        "member": place.member,
        "record": failure.index,
        "count": failure.count if failure.count > 1 else None,
        "numbers": [str(one.value) for one in failure.numbers] or None,
        "path": place.path or None,
        "offset": place.offset,
        "problem": problem,
        "text": str(failure.error),
    }
    return {key: value for key, value in line.items() if value is not None}


def _report(path: str | os.PathLike[str] | None, journal: Journal, lost: Iterable[dict[str, Any]]) -> None:
    """Write the report: a line for each record and source that could not be read, and the sums."""
    if path is None:
        return
    with whole(path) as stream:
        for line in chain(journal.lines(), lost, [{"kind": "sums", **journal.totals}]):
            stream.write(json.dumps(line).encode() + b"\n")
