"""Recognising what a source is, offline and from its bytes alone: the notations are asked in their order."""

from collections.abc import Iterator
from typing import Any

import attrs

from trialparse.diagnostics import UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.parsing.record import Record
from trialparse.readers import csv
from trialparse.readers.notations import NOTATIONS, Candidate, Found, Notation, RawRecord, Text, Unreadable
from trialparse.readers.selection import Selection
from trialparse.readers.source import Document, is_pdf
from trialparse.registries import FORMATS

_START = 4096
"""Bytes at the beginning of a document in which something other than white space must be."""


@attrs.frozen(kw_only=True)
class EmptyDocument:
    """A document of a known format that holds no record, which is an answer too; so is a PDF among others."""

    format: Format | None
    text: str
    """What it is."""


def records(
    document: Document, limits: Limits, name: str | None = None
) -> Iterator["Record | Unreadable | EmptyDocument"]:
    """Yield the records of a document in order; raises TrialParseError where it is of no known format.

    A document that holds none gives an `EmptyDocument`, and so does a page without rows among others.
    """
    if name is not None and name not in (known := [format.name for format in FORMATS]):
        raise UnrecognisedFormat(f"there is no format {name!r}; known are {', '.join(known)}")
    start = document.head(_START).lstrip(b" \t\r\n")
    if is_pdf(document):
        yield _pdf(document)
        return
    if not start:
        raise UnrecognisedFormat("the document is empty")
    for mark, kind in _PACKED.items():
        if start.startswith(mark):
            raise UnrecognisedFormat(f"a {kind} within an archive: only the outer one is opened, so unpack it first")
    notes = tuple((problem, (), text) for problem, text in document.notes)
    for found in _split(document, start, limits, name):
        if isinstance(found, RawRecord):
            found.notes += notes
            notes = ()  # what is odd about the document is reported once, with its first record
            yield Record(format=_FORMATS[found.notation], raw=found, member=document.member)
        elif isinstance(found, Unreadable):
            found.member = document.member
            yield found
        else:
            yield EmptyDocument(format=None if found.notation is None else _FORMATS[found.notation], text=found.text)


def _split(document: Document, start: bytes, limits: Limits, name: str | None) -> Iterator[Found]:
    """Return the raw records of a document, by the first notation that it can be in."""
    for notation, candidates in _CANDIDATES.items():
        if notation.looks(document, start, candidates):
            named = [one for one in candidates if name in (None, one.name)]
            if not named:
                what = notation.title
                raise UnrecognisedFormat(f"the document is {what}, and so no {name}")
            return notation.split(document, limits, named)
    raise _unknown(document)


def _candidates(notation: type[Notation]) -> list[Candidate[Any]]:
    """Return the formats in a notation; those that ask for more are tried first."""
    found = (_candidate(format) for format in FORMATS if isinstance(format.notation, notation))
    return sorted(found, key=lambda one: (-one.notation.rank, one.name))


def _candidate(format: Format) -> Candidate[Any]:
    def selection() -> Selection:
        return mapping_of(format).selection

    return Candidate(name=format.name, title=format.title, notation=format.notation, selection=selection)


_CANDIDATES = {notation: _candidates(notation) for notation in NOTATIONS}
_FORMATS = {format.notation: format for format in FORMATS}


def _unknown(document: Document) -> UnrecognisedFormat:
    """Return the error on a document of no known format, with what was seen of it."""
    known = Text.looked_for(_CANDIDATES[Text])
    seen = ", ".join(csv.header(document)[:6]) or repr(document.head(40))
    return UnrecognisedFormat(
        "neither JSON nor XML, no CSV of known columns, and no text in which a record begins (saw {seen}; "
        f"looked for {known})",
        seen=seen[:200],
    )


def _pdf(document: Document) -> EmptyDocument:
    """Return that a PDF in an archive is no record; one by itself is no export."""
    if document.member is None:
        raise UnrecognisedFormat("a PDF: it may hold results, for people to read; it is not read")
    return EmptyDocument(format=None, text=f"a PDF, {document.member}, which may hold results and is not read")


_PACKED = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip"}
"""What a document begins with that is itself an archive."""
