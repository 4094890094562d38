"""A run over files: records in order, problems on standard error, and the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypeAlias, TypeVar

import attrs
import click

from trialparse.cli.ending import READ, SOME_BAD, UNREADABLE
from trialparse.cli.files import STDIN, listed
from trialparse.cli.streams import plain
from trialparse.diagnostics import TrialParseError
from trialparse.generated.classes import define, frozen
from trialparse.prepared import imported_later

if TYPE_CHECKING:
    from trialparse import combining, parsing
    from trialparse.combining import Combined
    from trialparse.parsing import Failure, Outcome, Parsed
else:
    imported_later(globals(), combining="trialparse.combining", parsing="trialparse.parsing")

T = TypeVar("T")
R = TypeVar("R")


@frozen
class Found(Generic[T]):
    """A record, or what was made of it, and where it was found."""

    file: str
    """The file."""
    index: int
    """Index of the record in the file, from 0."""
    it: T
    """The record."""


class _End(NamedTuple):
    """The end of a file."""

    description: str | None
    """What the file is, if it gave no record; None if it could not be read to its end."""
    error: TrialParseError | OSError | None = None
    """The error that stopped it and has not been reported yet."""


def _report(line: str) -> None:
    click.echo(line, err=True)


def _nothing() -> None:
    pass


@define
class FileRun:
    """A run over files: give records in order, report on stderr what could not be read, and count."""

    options: dict[str, Any]
    """Arguments for `read`."""
    report: Callable[[str], None] = attrs.field(default=_report)
    """Function that prints a message."""
    moved: Callable[[], None] = attrs.field(default=_nothing)
    """Function to call when a record has been counted."""
    records: int = 0
    """Records that were read, good or bad."""
    bad: int = 0
    """Records that could not be read, or could not be used."""
    unreadable: int = 0
    """Files that could not be read, or not to their end."""
    empty: int = 0
    """Files that were read and gave no record."""

    def files(self, names: Iterable[str]) -> list[str]:
        """Return the files named and those in folders; report entries of folders that cannot be read."""
        files, unread = listed(names)
        for path, reason in unread:
            self._unread(path, f"not read: {reason}")
        return files

    def outcomes(self, file: str) -> "Iterator[Found[Outcome]]":
        """Give the outcome of each record of a file; report failures, and give them as well."""
        source: str | BinaryIO = sys.stdin.buffer if file == STDIN else file
        try:
            outcomes, following = parsing.read(source, **self.options), 0
        except OSError as error:  # it has become a folder
            self._ended(file, _End(None, error), first=True)
            return
        for index, step in self.made((Found(file, following, outcomes) for _ in count()), _step):
            if isinstance(step, _End):
                self._ended(file, step, first=not index)
                return
            records = _count(step)
            following += records
            self.records += records
            self.moved()
            if isinstance(step, parsing.Failure):
                self.bad += records
                self.report(plain(f"{file}: {_where(step)}: {self._reason(step.error)}"))
            yield Found(file, index, step)

    def parsed(self, file: str, record: int | None = None) -> "Iterator[Found[Parsed]]":
        """Give the records of a file that could be read, or only the one with an index."""
        for found in self.outcomes(file):
            if record in (None, found.index) and isinstance(found.it, parsing.Parsed):
                yield Found(file, found.index, found.it)
            if record is not None and record < found.index + _count(found.it):
                return
        if record is not None and not self.unreadable and not self.empty:
            raise click.UsageError(f"there is no record {record}; the records are counted from 0")

    def made(self, records: Iterable[Found[T]], make: Callable[[Found[T]], R]) -> Iterator[R]:
        """Give what `make` returns for each record; report an error and go on with the next record."""
        for found in records:
            try:
                made = make(found)
            except click.ClickException:  # the call is wrong, not the record
                raise
            except Exception as error:  # noqa: BLE001  one bad record must not stop the others
                self.bad += 1
                self.report(plain(f"{found.file}: record {found.index}: {self._reason(error)}"))
            else:
                yield made

    @property
    def code(self) -> int:
        """The exit code."""
        if not self.records and not self.bad:
            return UNREADABLE
        return SOME_BAD if self.bad or self.unreadable or self.empty else READ

    def _ended(self, file: str, end: _End, *, first: bool) -> None:
        """Report a file that gave no record or could not be read to its end."""
        if isinstance(end.error, OSError):
            self._unread(file, end.error.strerror or type(end.error).__name__)
        elif end.error is not None:
            self._unread(file, self._reason(end.error))
        elif end.description is None:
            self._unread(file, "not read to its end")
        elif first:
            self.empty += 1
            self.report(plain(f"{file}: no record: it is {end.description}"))

    def _unread(self, file: str, reason: str) -> None:
        self.unreadable += 1
        self.report(plain(f"{file}: {reason}"))

    def _reason(self, error: Exception) -> str:
        """Describe an error; without contacts leave out words of the source, which could be about a person."""
        if self.options.get("contacts", True):
            return f"{type(error).__name__}: {error}"
        if isinstance(error, TrialParseError):
            error = error.without_words()
            return f"{type(error).__name__}: {error}"
        return type(error).__name__  # the message of a foreign error may hold anything


def _step(found: "Found[Iterator[Outcome]]") -> "tuple[int, Outcome | _End]":
    """Return the next outcome with its index, or the end of the file."""
    try:
        return found.index, next(found.it)
    except StopIteration as end:
        return found.index, _End(end.value)
    except (TrialParseError, OSError) as error:
        return found.index, _End(None, error)


def _where(failure: "Failure") -> str:
    """Name a record that could not be read: member of the archive, index, number, place."""
    more = f"and {failure.count - 1:,} after it" if failure.count > 1 else ""
    parts = (failure.place.member, f"record {failure.index}", failure.place.path, more)
    return " ".join(part for part in parts if part)


def _count(outcome: "Outcome") -> int:
    """Return the number of records that an outcome is of."""
    return outcome.count if isinstance(outcome, parsing.Failure) else 1


Group: TypeAlias = "list[Found[Parsed]]"
"""The records of one trial."""


def trials(records: "Iterable[Found[Parsed]]", rules: str | None) -> Iterator[Found[Group]]:
    """Give the records of each trial, with the place of the first one; without rules give each record by itself.

    Trials come in the order of their first records. Grouping needs all records, so it reads them all first.
    """
    if rules is None:
        for found in records:
            yield Found(found.file, found.index, [found])
        return
    places = {id(found.it): found for found in records}
    for group in combining.by_trial(found.it for found in places.values()):
        first = places[id(group[0])]
        yield Found(first.file, first.index, [places[id(one)] for one in group])


def trial_of(group: Group, rules: str | None) -> "Parsed | Combined":
    """Return the records of a trial combined by rules, or without rules the record itself."""
    return group[0].it if rules is None else combining.combine([found.it for found in group], rules=rules)
