"""A run over files: records in order, what is wrong told on standard error, and the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, BinaryIO

import attrs
import click

from trialparse.cli.arguments import STDIN
from trialparse.cli.saying import plain
from trialparse.combining import Combined, by_trial, combine
from trialparse.diagnostics import TrialParseError
from trialparse.parsing import Failure, Outcome, Parsed, read

READ, SOME_BAD, UNREADABLE = 0, 1, 2
"""Exit codes: all was read; some records were not, or a file gave none; the call was wrong or no file gave a record."""


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _nothing() -> None:
    pass


@attrs.define
class Reading:
    """A run over files: gives records in order, tells on stderr of what could not be read, and counts."""

    options: dict[str, Any]
    """Arguments for `read`."""
    tell: Callable[[str], None] = attrs.field(default=_tell)
    """Where messages go."""
    moved: Callable[[], None] = attrs.field(default=_nothing)
    """Called when a record has been counted."""
    records: int = 0
    """Records that were read or found to be bad."""
    bad: int = 0
    """Records that could not be read."""
    unreadable: int = 0
    """Files that could not be read, or not to their end."""
    empty: int = 0
    """Files that were read and gave no record."""

    def outcomes(self, file: str) -> Iterator[tuple[int, Outcome]]:
        """Give (index, outcome) for each record of a file; failures are told and given as well."""
        outcomes = self._started(file)
        for index in count():
            outcome = self._next(outcomes, file, first=not index)
            if outcome is None:
                return
            self.records += 1
            self.moved()
            if isinstance(outcome, Failure):
                self.bad += 1
                self.tell(plain(f"{file}: {_where(outcome)}: {self._reason(outcome.error)}"))
            yield index, outcome

    def parsed(self, file: str, record: int | None = None) -> Iterator[Parsed]:
        """Give the records of a file that could be read, or only the one of an index."""
        for index, outcome in self.outcomes(file):
            if record in (None, index) and isinstance(outcome, Parsed):
                yield outcome
            if record == index:
                return
        if record is not None and not self.unreadable and not self.empty:
            raise click.UsageError(f"there is no record {record}; the records are counted from 0")

    @property
    def code(self) -> int:
        """The exit code."""
        if not self.records:
            return UNREADABLE
        return SOME_BAD if self.bad or self.unreadable or self.empty else READ

    def _started(self, file: str) -> Iterator[Outcome]:
        source: str | BinaryIO = sys.stdin.buffer if file == STDIN else file
        return read(source, **self.options)

    def _next(self, outcomes: Iterator[Outcome], file: str, *, first: bool) -> "Outcome | None":
        """Return the next outcome; None at the end, and where the file as a whole cannot be read on."""
        try:
            return next(outcomes)
        except StopIteration as end:
            if first:
                self.empty += 1
                self.tell(plain(f"{file}: no record: it is {end.value}"))
            return None
        except TrialParseError as error:
            reason = self._reason(error)
        except OSError as error:
            reason = error.strerror or type(error).__name__
        self.unreadable += 1
        self.tell(plain(f"{file}: {reason}"))
        return None

    def refuse(self, file: str, error: TrialParseError) -> None:
        """Tell of a record that could be read, but not looked at as a whole."""
        self.bad += 1
        self.tell(plain(f"{file}: {self._reason(error)}"))

    def _reason(self, error: Exception) -> str:
        """Say why; without contacts in none of the words of the source, for they could be about a person."""
        said: object = error
        if not self.options.get("contacts", True):
            kind = (type(error).__doc__ or "").strip().rstrip(".")  # a foreign error may say anything
            said = error.without_words() if isinstance(error, TrialParseError) else kind
        return f"{type(error).__name__}: {said}"


def _where(failure: Failure) -> str:
    """Name a record that could not be read: member of the archive, index, number, place."""
    parts = (failure.place.member, f"record {failure.index}", failure.place.path)
    return " ".join(part for part in parts if part)


def together(records: Iterable[Parsed], rules: str) -> Iterator[Combined]:
    """Give trials with all their records, in the order in which they first come; it needs all records at once."""
    for group in by_trial(records):
        yield combine(group, rules=rules)
