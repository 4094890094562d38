"""Recognising what a source is, offline and from its bytes alone, and taking it apart into records."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from trialparse.diagnostics import MalformedDocument, Problem, TrialParseError, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.mapping.compiled import Mapping, mapping_of
from trialparse.mapping.format import Format
from trialparse.parsing.record import Empty, Found, Keys, Record, Remark, Unreadable
from trialparse.parsing.records import CsvRecord, JsonRecord, PageRecord, TextRecord, XmlRecord
from trialparse.readers import csv, json, jsonlines, text, xml
from trialparse.readers.shapes import DoesNotFit, attribute_name
from trialparse.readers.source import ONE_PIECE, Document, is_pdf
from trialparse.registries import FORMATS

_HEAD = 2048
"""Bytes of a document in which a format's hints are looked for."""


def records(document: Document, limits: Limits, name: str | None = None) -> Iterator[Found]:
    """Give the records of a document in order; raises TrialParseError where it is of no known format.

    A document that holds none gives an `Empty`, and so does a page without rows among others.
    """
    formats = tuple(format for format in FORMATS if name in (None, format.name))
    if not formats:
        raise UnrecognisedFormat(f"there is no format {name!r}; known are {', '.join(f.name for f in FORMATS)}")
    by = _by_notation(formats)
    start = document.head(4096).lstrip(b" \t\r\n")[:1024]
    if is_pdf(document):
        found = _pdf(document)
    elif start[:1] in (b"{", b"["):
        found = _json_records(document, limits, by["json"])
    elif start[:1] == b"<":
        found = _xml_records(document, limits, by["xml"], by["html"])
    elif not start:
        raise UnrecognisedFormat("the document is empty")
    elif kind := next((kind for mark, kind in _PACKED.items() if start.startswith(mark)), None):
        raise UnrecognisedFormat(f"a {kind} within an archive, of which only the outer one is opened: unpack it first")
    elif (printed := _printed(document, by["text"])) is not None:
        found = _text_records(document, limits, printed)
    else:
        found = _csv_records(document, limits, by["csv"])
    notes = tuple((problem, (), text) for problem, text in document.notes)
    for record in found:
        if not isinstance(record, Empty):
            record.member = document.member
        if isinstance(record, Record):
            record.limits = limits
            record.notes += notes
            notes = ()  # what is odd about the document is told once, with its first record
        yield record


def _by_notation(formats: Iterable[Format]) -> dict[str, tuple[Format, ...]]:
    """Return formats by their notation, each in the order in which they are tried."""
    found: dict[str, tuple[Format, ...]] = {"json": (), "xml": (), "html": (), "text": (), "csv": ()}
    for format in formats:
        found[format.reader] += (format,)
    return found


_KNOWN = _by_notation(FORMATS)


def _pdf(document: Document) -> Iterator[Found]:
    """Give nothing for a PDF in an archive, which is no record; one by itself is no export."""
    if document.member is None:
        raise UnrecognisedFormat("a PDF: it may hold results, for people to read; it is not read")
    yield Empty(format=None, text=f"a PDF, {document.member}, which may hold results and is not read")


_PACKED = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip"}
"""What a document begins with that is itself an archive."""


# JSON -------------------------------------------------------------------------------------------------------------


def _json_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    if document.data is None and jsonlines.looks_like_lines(document.head(ONE_PIECE)):
        yield from _line_records(document, limits, formats)
        return
    raw = document.read()
    whole = json.paired(raw)
    found = _whole_records(whole, document, limits, formats)
    yield from found if whole is raw else _remarked(found, json.halves(raw))


def _whole_records(raw: bytes, document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    """Give the records of a document that is held in one piece."""
    hinted = _hinted(raw, formats)
    if hinted is not None:
        yield hinted
        return
    try:
        json.check_utf8(raw)
        yield from _value_records(raw, formats, ())
    except MalformedDocument:
        if not jsonlines.looks_like_lines(raw):
            raise
        yield from _line_records(document, limits, formats)


def _remarked(found: Iterable[Found], remarks: list[Remark]) -> Iterator[Found]:
    """Give records, each with the remarks on its own values; the first one also has those on what no record holds."""
    within: dict[int, dict[Keys, list[Remark]]] = {}
    first = True
    for record in found:
        if isinstance(record, Record):
            here = record.base
            if len(here) not in within:  # records of one document have places of one length, or of few
                within[len(here)] = _by_place(remarks, len(here))
            own = within[len(here)].get(here, [])
            beside = [remark for remark in remarks if remark[1][: len(here) - 1] != here[:-1]] if first and here else []
            record.notes += (*beside, *own)
            first = False
        yield record


def _by_place(remarks: list[Remark], length: int) -> dict[Keys, list[Remark]]:
    """Return remarks by the first keys of their places."""
    found: dict[Keys, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark[1][:length], []).append(remark)
    return found


def _hinted(raw: bytes, formats: Iterable[Format]) -> Record | None:
    """Return the record of a document that a format's struct fits at once, which saves a pass over its bytes."""
    head = raw[:_HEAD]
    for format in formats:
        if any(hint in head for hint in format.hints):
            mapping = mapping_of(format)
            try:
                struct = mapping.read(raw)
            except (DoesNotFit, TrialParseError):
                return None
            if any(_holds(struct, mapping, keys) for keys in format.keys):
                json.check_utf8(raw)
                return JsonRecord(format=format, raw=raw, struct=struct)
    return None


def _holds(struct: Any, mapping: Mapping, keys: frozenset[str]) -> bool:
    empty = mapping.empty
    names = [attribute_name(key) for key in keys if key in mapping.shape.members]
    return bool(names) and all(getattr(struct, name) is not getattr(empty, name) for name in names)


def _value_records(raw: bytes, formats: Iterable[Format], base: Keys) -> Iterator[Found]:
    """Give the records of one JSON value: a record, a page of rows, or an array of such."""
    try:
        members = json.members(raw)
    except DoesNotFit:
        yield from _array_records(raw, formats, base)
        return
    for format in formats:
        if not any(keys <= members.keys() for keys in format.keys):
            continue
        if not format.records:
            yield JsonRecord(format=format, raw=raw, base=base)
        else:
            yield from _page_records(format, raw, members, base)
        return
    raise _unknown_object(members)


def _page_records(format: Format, raw: bytes, members: dict[str, bytes], base: Keys) -> Iterator[Found]:
    (key,) = format.records
    try:
        rows = json.elements(members[key])
    except DoesNotFit:
        raise MalformedDocument(f"{key!r} of a page is no list of rows") from None
    cut = _truncation(members, len(rows))
    if not rows:
        yield Empty(format=format, text=", ".join((format.empty, *(text for _, _, text in cut))))
    envelope = json.join({name: value for name, value in members.items() if name != key})
    if not json.each_once(raw, members):
        envelope = raw
    for index, row in enumerate(rows):
        record = JsonRecord(format=format, raw=row, base=(*base, key, index))
        if index == 0:
            record.envelope = envelope
            record.notes = cut
        yield record


def _truncation(members: dict[str, bytes], count: int) -> tuple[Remark, ...]:
    """Tell that a page is not the whole answer, where its envelope says so."""
    envelope = json.tree(members.get("pagination", b"{}"))[0]
    total = envelope.get("totalRecords") if isinstance(envelope, dict) else None
    if isinstance(total, int) and total > count:
        return ((Problem.TRUNCATED, ("pagination", "totalRecords"), f"{count} of {total} records"),)
    return ()


def _array_records(raw: bytes, formats: Iterable[Format], base: Keys) -> Iterator[Found]:
    try:
        elements = json.elements(raw)
    except DoesNotFit:
        raise UnrecognisedFormat("the document is a single JSON value, not an export") from None
    if not elements:
        raise UnrecognisedFormat("the document is an empty JSON array: there are no records in it")
    for index, element in enumerate(elements):
        yield from _tolerant(element, formats, (*base, index))


def _tolerant(raw: bytes, formats: Iterable[Format], base: Keys) -> Iterator[Found]:
    """Give the records of one value among others; what is wrong with it stays with it."""
    try:
        if len(base) > 4:
            raise UnrecognisedFormat("arrays within arrays are not an export")
        yield from _value_records(raw, formats, base)
    except TrialParseError as error:
        yield Unreadable(error=error, base=base)


def _line_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    for number, line in jsonlines.lines(document, limits):
        try:
            json.check_utf8(line)
        except TrialParseError as error:
            yield Unreadable(error=error, base=(f"line {number}",))
            continue
        whole = json.paired(line)
        found = _tolerant(whole, formats, ())
        for record in found if whole is line else _remarked(found, json.halves(line)):
            if isinstance(record, Unreadable):
                record.base = (f"line {number}",)
            yield record


def _unknown_object(members: dict[str, bytes]) -> UnrecognisedFormat:
    if not members:
        return UnrecognisedFormat("an empty JSON object: CTIS answers so where it knows no trial of that number")
    known = "; ".join(f"{f.name}: {', '.join(sorted(f.keys[0]))}" for f in _KNOWN["json"] if f.keys)
    return UnrecognisedFormat(
        f"a JSON object with the keys {{keys!r}} is of no known format (looked for {known})",
        keys=", ".join(list(members)[:12]),
    )


# XML --------------------------------------------------------------------------------------------------------------


def _xml_records(
    document: Document, limits: Limits, formats: Iterable[Format], pages: Iterable[Format]
) -> Iterator[Found]:
    head = document.head(1 << 16)
    root = xml.root_of(head)
    name = root.name
    for format in formats:
        if name and _is_root(root, format, head):
            yield from _element_records(document, limits, format)
            return
    if name.lower() == "html" or b"<html" in head[:4096].lower():
        found = _page_record(document, pages)
        if found is not None:
            yield found
            return
        known = "; ".join(format.title for format in _KNOWN["html"])
        raise UnrecognisedFormat(
            "an HTML page, not an export: the address of a portal was saved instead of its data; "
            f"save the export (the only pages that are read: {known})"
        )
    if not name:
        xml.parse(document.read(), limits)
    known = ", ".join(dict.fromkeys(map(_looked_for, _KNOWN["xml"])))
    where = " in the namespace {namespace!r}" if root.namespace else ""
    raise UnrecognisedFormat(
        f"XML with the root <{{name}}>{where} is of no known format (looked for {known})",
        name=name,
        namespace=root.namespace[:200],
    )


def _is_root(root: xml.Root, format: Format, head: bytes) -> bool:
    """Whether a document with this root and beginning is of the format."""
    if format.records[0] not in ("*", root.name) or (format.namespaces and root.namespace not in format.namespaces):
        return False
    return not format.declares or format.declares in root.declared or xml.declares(head, format.declares)


def _looked_for(format: Format) -> str:
    """Return what the root of a format is."""
    declares = f" with something of {format.declares}" if format.declares else ""
    where = f" in {format.namespaces[0]}" if format.namespaces and not declares else ""
    return ("any root" if format.records[0] == "*" else f"<{format.records[0]}>") + where + declares


def _element_records(document: Document, limits: Limits, format: Format) -> Iterator[Found]:
    """Give the records of a document of which the root is known; the first one has to be of the format."""
    lasting = xml.in_one_piece(document, limits)
    index = -1
    for index, element in enumerate(xml.records(document, format.records, limits)):
        base: Keys = (*format.records[1:], index)
        if format.children and format.children.isdisjoint(xml.child_names(element)):
            error = _unknown_element(xml.child_names(element), format)
            if index == 0:
                raise error
            yield Unreadable(error=error, base=base, format=format, kind=XmlRecord)
            continue
        for number, part in xml.apart(element, format.several, format.owners, limits):
            yield XmlRecord(format=format, element=part, base=base, number=number, lasts=lasting and number is None)
    if index < 0:
        yield Empty(format=format, text=format.empty)


def _unknown_element(names: Iterator[str], format: Format) -> UnrecognisedFormat:
    """Return the error that says what was seen in an element that has the name of a record and nothing else of one."""
    seen = ", ".join(f"<{name}>" for name in itertools.islice(dict.fromkeys(itertools.islice(names, 1000)), 12))
    known = ", ".join(f"<{name}>" for name in sorted(format.children))
    what = "a root in its namespace" if format.records[-1] == "*" else f"a <{format.records[-1]}>"
    inside = "{seen}" if seen else "nothing in it"
    return UnrecognisedFormat(f"{what} with {inside} is of no known format (looked for {known})", seen=seen)


# Forms ------------------------------------------------------------------------------------------------------------


def _printed(document: Document, formats: Iterable[Format]) -> Format | None:
    """Return the format of a text in whose beginning there is that of a record."""
    head = document.head(1 << 16)
    return next((f for f in formats if text.begins(head, f.begins[-2:])), None)


def _text_records(document: Document, limits: Limits, format: Format) -> Iterator[Found]:
    for number, raw in text.records(document, format.begins, limits):
        try:
            if len(raw) > limits.nodes and raw.count(b"\n") > limits.nodes:
                raise limits.exceeded("nodes", f"the record that begins on line {number}")
            yield TextRecord(format=format, raw=raw, text=text.decoded(raw, number), base=(number,))
        except TrialParseError as error:
            yield Unreadable(error=error, base=(number,), format=format, kind=TextRecord)


def _page_record(document: Document, formats: Iterable[Format]) -> "Found | None":
    """Return the record that a page is, or what it is without one; None where the page is not known."""
    raw = document.read()
    for format in formats:
        if all(hint in raw for hint in format.hints):
            return PageRecord(format=format, raw=raw, base=(1,))
        for words, what in format.refusals:
            if words.encode() in raw:
                return Empty(format=format, text=what)
    return None


# CSV --------------------------------------------------------------------------------------------------------------


def _csv_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    header = csv.header(document, limits)
    for format in formats:
        names = _columns(header, format)
        if names is not None:
            yield from _row_records(csv.rows(document, limits), format, names)
            return
    seen = ", ".join(header[:6]) or repr(document.head(40))
    printed = "; ".join(" / ".join(format.begins) for format in _KNOWN["text"])
    raise UnrecognisedFormat(
        "neither JSON nor XML, no CSV of known columns, and no text in which a record begins (saw {seen}; "
        f"looked for the lines {printed})",
        seen=seen[:200],
    )


def _row_records(rows: Iterator[csv.Row], format: Format, columns: dict[str, str]) -> Iterator[Found]:
    """Give the rows of a table; `columns` are those that stand there under another name."""
    renamed = [f"{there} (known as {here})" for there, here in columns.items()]
    row = None
    for row in rows:
        notes = tuple((problem, (), text) for problem, text in row.problems)
        notes += tuple((Problem.RENAMED, (), text) for text in renamed)
        renamed = []
        yield CsvRecord(format=format, raw=row.cells, base=(row.line,), notes=notes, columns=columns)
    if row is None:
        yield Empty(format=format, text=format.empty)


def _columns(header: tuple[str, ...], format: Format) -> dict[str, str] | None:
    """Return the format's column for each of a header's that was renamed and is known by its place.

    None where fewer than four in five columns are the format's.
    """
    columns = format.columns
    known = [name for name in header if name in columns]
    if len(known) * 5 < len(columns) * 4:
        return None
    if len(header) != len(columns):
        return {}
    pairs = zip(header, columns, strict=True)
    return {there: here for there, here in pairs if there not in columns and here not in header}
