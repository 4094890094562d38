"""What comes before the first record of a source: if nothing of it is read, the source as a whole gets one error."""

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import attrs

from trialparse.diagnostics import MalformedDocument, TrialParseError, UnrecognisedFormat
from trialparse.parsing.parsed import Failure, is_like
from trialparse.parsing.record import Record
from trialparse.prepared import imported_later
from trialparse.readers.notations import Unreadable
from trialparse.readers.source import Document

if TYPE_CHECKING:
    from trialparse import foreign
else:
    imported_later(globals(), foreign="trialparse.foreign")

Unparsed: TypeAlias = Record | Unreadable | Failure
"""A record that was found and is not read yet, or what should be one and cannot be read."""

_OF_NOTHING = (UnrecognisedFormat, MalformedDocument)
"""Errors on what no limit and no setting would read."""
_MOST = 1000
"""Failures that are held; with more of different kinds each is given by itself."""
_NAMES = 1000
"""Files of an archive whose names are looked at."""


def one_error(
    found: Generator[Unparsed, None, str],
    opened: Sequence[Document],
    for_caller: Callable[[TrialParseError], TrialParseError],
) -> Generator[Unparsed, None, str]:
    """Yield what was found; if nothing is read, and a part is of a known kind, raise one error on the source instead.

    `for_caller` makes of it what the caller may see.
    `opened` has the last file that was opened in an archive, and so the names of all; nothing if there is none.
    """
    held: list[Unreadable | Failure] = []
    while True:
        try:
            one = next(found)
        except StopIteration as end:
            error = _error(held, opened[-1] if opened else None)
            if error is None:
                yield from held
                return str(end.value)
            break
        except Exception as broken:  # an error of the file itself, too, comes after what was found before it
            error = _error(held, None) if isinstance(broken, TrialParseError) else None
            if error is None:
                yield from held
                raise
            break
        if isinstance(one, Record) or len(held) >= _MOST or not isinstance(one.error, _OF_NOTHING):
            yield from held
            yield one
            return (yield from found)
        _hold(held, one)
    raise for_caller(error)


def error_of_archive(last: Document) -> UnrecognisedFormat | None:
    """Return the error on an archive that is a file of a known kind, by the names in it; `last` is one file of it."""
    kind = foreign.kind_of_archive(last.names(_NAMES))
    return None if kind is None else kind.error


def _hold(held: list[Unreadable | Failure], one: Unreadable | Failure) -> None:
    """Add a failure to those that are held; like ones are one."""
    last = held[-1] if held else None
    if last is not None and is_like(last.error, _member(last), one.error, _member(one)):
        held[-1] = attrs.evolve(last, count=last.count + one.count)
    else:
        held.append(one)


def _kind(error: TrialParseError) -> str | None:
    """Return the kind of files that an error is about."""
    return error.kind if isinstance(error, UnrecognisedFormat) else None


def _member(one: Unreadable | Failure) -> str | None:
    return one.place.member if isinstance(one, Failure) else one.member


def _error(held: list[Unreadable | Failure], last: Document | None) -> TrialParseError | None:
    """Return the error on a source in which nothing else was found; None if it has none as a whole."""
    whole = None if last is None or not held else error_of_archive(last)
    if whole is not None:
        return whole
    kinds = {_kind(one.error) for one in held}
    known = next((e for e in (one.error for one in held) if isinstance(e, UnrecognisedFormat) and e.kind), None)
    if known is None or not all(isinstance(one.error, _OF_NOTHING) for one in held):
        return None
    if len(held) == 1:
        return known
    count = sum(one.count for one in held)
    which = "the first" if held[0].error is known else "one"
    parts = "parts" if last is None else "files"
    error = known.behind(f"none of its {count:,} {parts} is read; {which} is ")
    error.kind = kinds.pop() if len(kinds) == 1 else None
    return error
