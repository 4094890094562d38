"""Recognise the format of a document, offline and from its bytes alone: ask the notations in their order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trialparse.diagnostics import TrialParseError, UnrecognisedFormat
from trialparse.generated.classes import frozen
from trialparse.limits import Limits
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.model.identifiers import first_numbers
from trialparse.parsing.record import Record
from trialparse.prepared import imported_later
from trialparse.readers.notations import NOTATIONS, Candidate, Found, Json, Notation, RawRecord, Text, Unreadable
from trialparse.readers.paths import Keys, keys_at, pointer
from trialparse.readers.selection import Selection
from trialparse.readers.source import Document, is_pdf
from trialparse.registries import FORMATS

if TYPE_CHECKING:
    from trialparse import foreign
else:
    imported_later(globals(), foreign="trialparse.foreign")

_START = 4096
"""A document has something other than white space within this many bytes."""
_LONGEST = 120
"""Characters of a place that an error quotes."""
_PACKED = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip"}
"""First bytes of archives."""


@frozen(kw_only=True)
class EmptyDocument:
    """A document, or a page in it, of a known format that holds no record; also a PDF in an archive.

    It is `Empty` of a notation with the format, which notations do not know.
    """

    format: Format | None
    """None for a PDF."""
    text: str
    """What it is, for the error if the whole source holds no record."""


def check_name(name: str) -> None:
    """Raise UnrecognisedFormat if there is no format of this name."""
    known = [format.name for format in FORMATS]
    if name not in known:
        raise UnrecognisedFormat(f"there is no format {name!r}; known are {', '.join(known)}")


def records(
    document: Document, limits: Limits, name: str | None = None, at: str | None = None
) -> Iterator["Record | Unreadable | EmptyDocument"]:
    """Yield the records of a document in order; `name` is the only format it may have, and `at` where its records are.

    Raises TrialParseError for a document of no known format.
    """
    document.check()
    found = _records(document, limits, name, at)
    try:
        first = next(found, None)
    except TrialParseError as error:
        refused = _refused(document, error, at)
    else:
        if first is not None:
            yield _of_kind(first)
        yield from map(_of_kind, found)
        return
    raise refused


def _records(
    document: Document, limits: Limits, name: str | None, at: str | None
) -> "Iterator[Record | Unreadable | EmptyDocument]":
    """Yield the records of a document."""
    start = document.head(_START).lstrip(b" \t\r\n")
    if is_pdf(document):
        yield _pdf(document)
        return
    if not start:
        raise UnrecognisedFormat("the document is empty, so fetch it again")
    for mark, kind in _PACKED.items():
        if start.startswith(mark):
            raise UnrecognisedFormat(f"a {kind} within an archive: only the outer one is opened, so unpack it first")
    notes = tuple((problem, (), text) for problem, text in document.notes)
    is_first = True
    for found in _split(document, start, limits, name, at):
        if name is not None and isinstance(found, RawRecord):
            what = _FORMAT_OF[found.notation].name
            if name != what:
                error = UnrecognisedFormat(f"a record of {what}, and so no {name}")
                if is_first:
                    raise error
                found = Unreadable(error=error, path=found.path(()))
        is_first = False
        if isinstance(found, RawRecord | Unreadable) and found.offset is not None:
            found.offset += document.mark
        if isinstance(found, RawRecord):
            if notes:  # only the first record has the remarks on the document
                found.notes += notes
                notes = ()
            yield Record(format=_FORMAT_OF[found.notation], raw=found, member=document.member)
        elif isinstance(found, Unreadable):
            found.member = document.member
            yield found
        else:
            yield EmptyDocument(format=_FORMAT_OF[found.notation], text=found.text)


def _split(document: Document, start: bytes, limits: Limits, name: str | None, at: str | None) -> Iterator[Found]:
    """Return the raw records of a document, split by the first notation that claims it."""
    for notation, candidates in _CANDIDATES.items():
        if notation.claims(document, start, candidates):
            named = [one for one in candidates if name in (None, one.name)]
            if not named:
                what = notation.title
                raise UnrecognisedFormat(f"the document is {what}, and so no {name}")
            if at is not None:
                if not issubclass(notation, Json):
                    what = notation.title
                    raise UnrecognisedFormat(f"records_at is for JSON, and the document is {what}")
                return notation.split_within(document, limits, named, keys_at(at))
            return notation.split(document, limits, candidates if notation.mixes else named)
    raise _unknown(document)


def _refused(document: Document, error: TrialParseError, at: str | None) -> TrialParseError:
    """Return the error on a document that cannot be read from its beginning: what it is, where that is known."""
    head = document.head(foreign.HEAD)
    if at is not None and head.lstrip(b" \t\r\n").startswith((b"{", b"[")):
        return error  # it is about what is at the place
    return _what_it_is(head, error)


def _what_it_is(head: bytes, error: TrialParseError) -> TrialParseError:
    """Return the error with the kind of a document, by its beginning; if that is not known, the error as it is."""
    kind = foreign.kind_of(head)
    if kind is not None:
        return kind.error
    place = _place_of_records(head) if isinstance(error, UnrecognisedFormat) else None
    if place is not None:
        return _wrapped(place)
    kind = foreign.kind_inside(head)
    return error if kind is None else kind.error


def _wrapped(place: str) -> UnrecognisedFormat:
    """Return the error on JSON that has its records at a place."""
    what = "{place!r}" if len(place) <= _LONGEST else "the JSON pointer to them"
    error = UnrecognisedFormat(
        f"JSON with records inside of it: pass records_at={what}, or --records-at on the command line", place=place
    )
    error.kind = "wrapped"
    return error


def _place_of_records(head: bytes) -> str | None:
    """Return where JSON has records, by its beginning: the pointer to the first, or to what holds several."""
    kinds = [keys for one in _CANDIDATES[Json] for keys in one.notation.keys]
    places: list[Keys] = []
    for path, names in foreign.objects(head).items():
        is_within = bool(places) and path[: len(places[-1])] == places[-1]  # such as a row of a page
        if path and not is_within and any(keys <= names for keys in kinds):
            places.append(path)
    if len(places) > 1 and all(isinstance(path[-1], str) for path in places):
        places = list({path[:-1]: path for path in places})  # the object that has them as values
    if len(places) != 1:
        return None
    place = _without_indices(places[0])
    return None if 0 in place else pointer(place)


def _without_indices(path: Keys) -> Keys:
    """Return a path without the steps into lists at its end."""
    while path and path[-1] == 0:
        path = path[:-1]
    return path


def _of_kind(found: "Record | Unreadable | EmptyDocument") -> "Record | Unreadable | EmptyDocument":
    """Return what was found; what is of no known format has an error with its kind, where that is known."""
    if isinstance(found, Unreadable):
        start, found.content = found.content[: foreign.HEAD], b""
        found.numbers = first_numbers(start)
        if isinstance(found.error, UnrecognisedFormat) and start:
            found.error = _what_it_is(start, found.error) if found.is_line else _kind_within(start, found.error)
    return found


def _kind_within(head: bytes, error: UnrecognisedFormat) -> UnrecognisedFormat:
    """Return the error with the kind of a part of a document; no place leads to records in it."""
    kind = foreign.kind_of(head) or foreign.kind_inside(head)
    return error if kind is None else kind.error


def _candidates(notation: type[Notation]) -> list[Candidate[Any]]:
    """Return the formats in a notation, those that ask for more of a document first."""
    found = (_candidate(format) for format in FORMATS if isinstance(format.notation, notation))
    return sorted(found, key=lambda one: (-one.notation.rank, one.name))


def _candidate(format: Format) -> Candidate[Any]:
    """Return a format as a notation sees it; it is compiled only when the notation asks for the selection."""

    def selection() -> Selection:
        return mapping_of(format).selection

    def is_compiled() -> bool:
        return mapping_of(format).is_compiled

    return Candidate(
        name=format.name, title=format.title, notation=format.notation, selection=selection, is_compiled=is_compiled
    )


_CANDIDATES = {notation: _candidates(notation) for notation in NOTATIONS}
_FORMAT_OF = {format.notation: format for format in FORMATS}


def _unknown(document: Document) -> UnrecognisedFormat:
    """Return the error on a document that no notation claims, with its first words."""
    known = Text.looked_for(_CANDIDATES[Text])
    from trialparse.readers import csv

    seen = ", ".join(csv.header(document)[:6]) or repr(document.head(40))
    return UnrecognisedFormat(
        "neither JSON nor XML, no CSV of known columns, and no text in which a record begins (saw {seen}; "
        f"looked for {known})",
        seen=seen[:200],
    )


def _pdf(document: Document) -> EmptyDocument:
    """Return a PDF in an archive as an empty document; raises UnrecognisedFormat for a PDF by itself."""
    if document.member is None:
        raise foreign.named("pdf").error
    return EmptyDocument(format=None, text=f"a PDF, {document.member}, which may hold results and is not read")
