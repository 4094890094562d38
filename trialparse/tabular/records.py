"""What a record has besides its trial: where it comes from, and what is wrong with it."""

import os
from collections.abc import Iterator
from typing import Any, TypeAlias

from trialparse.combining import Combined
from trialparse.diagnostics import Diagnostic, Place, Problem, Severity
from trialparse.generated.classes import frozen, has_fields, outline_of
from trialparse.model import Trial
from trialparse.parsing.parsed import Failure, Parsed

Record: TypeAlias = Parsed | Combined | Trial | Failure
"""What tables are made of."""

Given: TypeAlias = Record | tuple[str | os.PathLike[str], Record]
"""A record; or the name of its source, such as a path, and the record."""

_NO_TRIAL = Trial()
"""What a record that could not be read has for a trial."""

_LONGEST_KEY = 200
"""Characters of a number in the rows of all tables; no register has longer ones, and a text could be of any length."""

_LONGEST_NUMBER = 2**14
"""Bits of a number that is written out; Python refuses much longer ones."""


@frozen(kw_only=True)
class Remark:
    """A row of the table of diagnostics."""

    severity: Severity | None = None
    """How much it matters."""
    problem: str | None = None
    """What is wrong: a member of `Problem`, or the class of the error for a record that could not be read."""
    field: str | None = None
    """Path of the field of the Trial; empty for a problem of the whole record."""
    text: str | None = None
    """The words there, or the message of the error."""
    place: Place | None = None
    """Its place in the source."""
    count: int | None = None
    """Number of records, one after another, that could not be read for this reason."""


@frozen(kw_only=True)
class Entry:
    """A record on its way into tables."""

    record: int
    """Number of the record."""
    key: str
    """The trial's number, cut where it is longer than any number; empty if there is none."""
    trial: Trial
    """The trial, empty if the record could not be read."""
    source: str | None = None
    """Name of its source, if it was given with it."""
    format: str | None = None
    """Name of the format that it was read as."""
    place: str | None = None
    """Its place in its source, on one line."""
    error: str | None = None
    """Why it could not be read: the class of the error and its message."""
    failed: int | None = None
    """Number of records, one after another, that could not be read for this reason."""
    diagnostics: tuple[Remark, ...] = ()
    """What is wrong or worth knowing."""


def entry_of(given: Given, number: int, *, diagnose: bool) -> Entry:
    """Return a record with its number, and its diagnostics if they are asked for, which takes longer than reading.

    Raises TypeError for anything but a record.
    """
    source, record = _apart(given)
    match record:
        case Parsed() | Combined():
            trial, found = record.trial, map(_remark, record.diagnostics) if diagnose else ()
            place = str(record.place) if isinstance(record, Parsed) else None
            return Entry(
                record=number,
                key=_key(trial),
                trial=trial,
                source=source,
                format=record.format.name,
                place=place,
                diagnostics=tuple(found),
            )
        case Trial():
            remarks = tuple(_unheld(record, "")) if diagnose else ()
            return Entry(record=number, key=_key(record), trial=record, source=source, diagnostics=remarks)
        case Failure():
            return Entry(
                record=number,
                key="",
                trial=_NO_TRIAL,
                source=source,
                place=str(record.place),
                error=f"{type(record.error).__name__}: {record.error}",
                failed=record.count,
                diagnostics=(_failure(record),) if diagnose else (),
            )
    raise TypeError(f"tables are made of what read, parse or combine give, not of {type(record).__name__}")


def _apart(given: Given) -> tuple[str | None, Record]:
    """Return the name of the source, if a record was given with it, and the record."""
    match given:
        case (str() | os.PathLike() as source, record) if isinstance(given, tuple):
            return str(source), record
        case _:
            return None, given


def _key(trial: Trial) -> str:
    return (trial.id or "")[:_LONGEST_KEY]


def _remark(found: Diagnostic) -> Remark:
    return Remark(
        severity=found.severity, problem=found.problem.name, field=found.field, text=found.text, place=found.place
    )


def _failure(failure: Failure) -> Remark:
    return Remark(
        severity=Severity.ERROR,
        problem=type(failure.error).__name__,
        text=str(failure.error),
        place=failure.place,
        count=failure.count,
    )


def _unheld(value: Any, path: str) -> Iterator[Remark]:
    """Yield what a trial that was made by hand holds and no table can: whole numbers beyond 64 bits, halves of pairs.

    A record that was read has none of these.
    """
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            small = value.bit_length() <= _LONGEST_NUMBER
            yield _note(Problem.BIG_INTEGER, path, str(value) if small else f"{value.bit_length()} bits")
    elif isinstance(value, str):
        if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
            yield _note(Problem.HALF_PAIR, path, value)
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from _unheld(item, f"{path}[{at}]")
    elif has_fields(type(value)):
        for name in outline_of(type(value)):
            yield from _unheld(getattr(value, name), f"{path}.{name}" if path else name)


def _note(problem: Problem, path: str, text: str) -> Remark:
    return Remark(severity=problem.severity, problem=problem.name, field=path, text=text)
