"""Recognising what a source is, offline and from its bytes alone, and taking it apart into records."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from trialparse.audit import Account, Audit, Kinds, audit_of, kinds_of
from trialparse.diagnostics import MalformedDocument, Place, Problem, TrialParseError, UnrecognisedFormat
from trialparse.ledger import Ledger, make_ledger
from trialparse.limits import DEFAULTS, Limits
from trialparse.mapping import Format, Mapping, mapping_of, wanted
from trialparse.paths import Key, Path, Step, pointer
from trialparse.readers import json
from trialparse.readers.source import ONE_PIECE, Document
from trialparse.records import TEXT, WITHHELD, DoesNotFit, Tree, attribute_name, fit, leaves
from trialparse.registries import FORMATS
from trialparse.tables import Row
from trialparse.traced import json_of

if TYPE_CHECKING:
    from trialparse.readers import csv

Keys = tuple[Key, ...]
Remark = tuple[Problem, Keys, str]


@attrs.define(eq=False, kw_only=True)
class Record:
    """One record of a document, not yet mapped."""

    format: Format
    _raw: Any = None
    _element: Any = None
    """The element that the record is, for XML; whoever asks for its bytes has them made."""
    base: Keys = ()
    """Keys that lead to the record within its document."""
    index: int = 0
    member: str | None = None
    notes: tuple[Remark, ...] = ()
    """What was odd before the record itself was looked at; the keys start at the document."""
    redacted: bool = False
    """Whether words about persons were taken out of it."""
    envelope: bytes | None = None
    """The page that the record stood in, without its records if no key stands twice; held by the first of a page."""
    columns: dict[str, str] = attrs.field(factory=dict)
    """Columns of a CSV that stand in the file under another name: the name there -> that of the format."""
    _struct: Any = None
    _tree: Tree = None
    _surveyed: tuple[Tree, tuple[Remark, ...]] | None = None

    @property
    def raw(self) -> Any:
        """Bytes of JSON or XML; the cells of a CSV row."""
        if self._raw is None and self._element is not None:
            from trialparse.readers import xml

            self._raw = xml.serialise(self._element)
        return self._raw

    def settle(self) -> None:
        """Hold the bytes instead of the element, which does not last."""
        self._raw, self._element = self.raw, None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the bytes instead of the element, which belongs to a parser."""
        values = {str(field.alias): getattr(self, field.name) for field in attrs.fields(Record)}
        return partial(Record, **values | {"raw": self.raw, "element": None}), ()

    def struct(self, mapping: Mapping) -> Any:
        """Return the record as a struct of what the mapping wants; None where it does not fit."""
        if self._struct is not None:
            return self._struct
        try:
            if self.format.reader == "json":
                return mapping.read(self.raw)
            return mapping.convert(self._wanted(mapping))
        except DoesNotFit:
            return None

    def _wanted(self, mapping: Mapping) -> Tree:
        """Return what the mapping wants of the record; an element that is not plain is read by its tree."""
        if self._element is not None:
            try:
                return mapping.pick(self._element)
            except DoesNotFit:
                pass
        return fit(self.tree(DEFAULTS), mapping.shape)

    def tree(self, limits: Limits) -> Tree:
        """Return the whole record as a plain tree, as the mapping reads it."""
        if self._tree is None:
            if self.format.reader == "json":
                self._tree = json.plain(self.raw, limits)
            else:
                self._tree = self.leaves(self.surveyed(limits)[0])
        return self._tree

    def leaves(self, tree: Tree) -> Tree:
        """Return a tree of the record as the mapping reads it: a text of XML without what stands in and beside it."""
        return leaves(tree, mapping_of(self.format).shape) if self.format.reader == "xml" else tree

    def written(self, tree: Tree) -> Any:
        """Return a tree of the record in the notation of its raw form."""
        return WRITERS[self.format.reader](self, tree)

    def words(self, keys: Keys, value: Tree) -> str:
        """Return an object or a list that stands in the record in the notation of the source."""
        return WORDS[self.format.reader](self, keys, value)

    def surveyed(self, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole record and what is odd about its notation; raises LimitExceeded."""
        if self._surveyed is None:
            self._surveyed = READERS[self.format.reader](self, limits)
        return self._surveyed

    def remarks(self, limits: Limits) -> list[tuple[Problem, Place, str]]:
        """Return what is odd about the notation of the record, and about its document for the first one of it."""
        around = [(problem, (*self.base[:-2], *keys), text) for problem, keys, text in self._around(limits)[1]]
        if self.redacted:
            around = [(problem, keys, WITHHELD) for problem, keys, _ in around]
        found = [(problem, self.place_in_document(keys), text) for problem, keys, text in (*self.notes, *around)]
        return found + [(problem, self.place(keys), text) for problem, keys, text in self.surveyed(limits)[1]]

    def place_in_document(self, keys: Keys) -> Place:
        """Return the place of keys from the root of the document."""
        return Place(path=pointer(keys), record=self.index, member=self.member)

    def place(self, keys: Keys) -> Place:
        """Return the place of keys within the record."""
        return Place(path=PLACES[self.format.reader](self, keys), record=self.index, member=self.member)

    def forget_struct(self) -> None:
        """Let go of the struct, which has been read and which pickle could not find the class of."""
        self._struct = None

    def audit(self, limits: Limits, paths: bool = False) -> Audit:
        """Return the account of every leaf of the record, and of its page for the first record of one."""
        ledger, kinds = ledger_of(self.format), kinds_of(redacted=self.redacted, paths=paths)
        account = self._account(ledger, kinds, limits)
        if account is None:
            account = Account(kinds)
            account.walk(self.surveyed(limits)[0], ledger)
        audit = audit_of(account, self.surveyed(limits)[0], ledger, self.base, paths)
        if self.envelope is not None:
            audit += self._of_envelope(limits, paths)
        return audit

    def _account(self, ledger: Ledger, kinds: Kinds, limits: Limits) -> Account | None:
        """Return the account of a record of which it shows that its notation is not odd, which saves a walk over it."""
        if self._surveyed is not None or self.format.reader != "json":
            return None
        value, account = self.tree(limits), Account(kinds)
        account.walk(value, ledger)
        if not json.is_whole(self.raw, account.survey, limits):
            return None
        self._surveyed = value, ()
        return account

    def _of_envelope(self, limits: Limits, paths: bool) -> Audit:
        value, ledger = self._around(limits)[0], _envelope_ledger(self.format)
        account = Account(kinds_of(paths=paths))
        account.walk(value, ledger)
        return audit_of(account, value, ledger, self.base[:-2], paths)

    def _around(self, limits: Limits) -> tuple[Tree, list[Remark]]:
        """Return what stands in the page beside its records, and what is odd about its notation."""
        if self.envelope is None:
            return {}, []
        (rows,) = self.format.records
        tree, remarks = json.tree(self.envelope, limits)
        tree.pop(rows, None)
        return tree, [(problem, keys, text) for problem, keys, text in remarks if keys[0] != rows or len(keys) == 1]


@attrs.define(eq=False, kw_only=True)
class Unreadable:
    """A part of a document that is no record of a known format."""

    error: TrialParseError
    base: Keys = ()
    index: int = 0
    member: str | None = None
    format: Format | None = None
    """The format of its neighbours, where that says how places are written."""

    def place(self) -> Place:
        """Return where it stands."""
        path = pointer(self.base) if self.format is None else PLACES[self.format.reader](self, ())
        return Place(path=path, record=self.index, member=self.member)


@attrs.frozen(kw_only=True)
class Empty:
    """A document of a known format that holds no record, which is an answer too."""

    format: Format
    text: str
    """What it is."""


Found: TypeAlias = "Record | Unreadable | Empty"


@cache
def ledger_of(format: Format) -> Ledger:
    """Return the ledger of a format; it learns from the documents, so it is made once."""
    mapping = mapping_of(format)
    paths = wanted(mapping.plan)
    if format.reader == "xml":
        paths |= set(map(_text_path, paths))
    return make_ledger(mapping.rows, paths)


def _text_path(path: Path) -> Path:
    """Return where the text of a leaf stands that has attributes or markup beside it."""
    return (*itertools.takewhile(lambda step: not step.opener, path), Step(TEXT))


@cache
def _envelope_ledger(format: Format) -> Ledger:
    """Return the ledger of what stands in a page beside its records."""
    paths = [(Step(key), Step("**")) for key in format.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


def _json_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    json.check_utf8(record.raw)
    value, remarks = json.tree(record.raw, limits)
    return value, tuple(remarks)


def _xml_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    from trialparse.readers import xml

    element = record._element
    if element is None:
        element = xml.parse(record.raw, limits)
    return xml.tree(element, limits, mapping_of(record.format).shape), ()


def _csv_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    known = record.columns
    return {known.get(column, column): cell for column, cell in record.raw.items()}, ()


_HEAD = 2048
"""Bytes of a document in which a format's hints are looked for."""

READERS: dict[str, Callable[[Record, Limits], tuple[Tree, tuple[Remark, ...]]]] = {
    "json": _json_tree,
    "xml": _xml_tree,
    "csv": _csv_tree,
}


def _xml_bytes(record: Record, tree: Tree) -> bytes:
    from trialparse.readers import xml

    return xml.serialise(xml.element(tree, record.format.records[-1], mapping_of(record.format).shape))


def _csv_cells(record: Record, tree: Tree) -> dict[str, str]:
    there = _there(record)
    return {there.get(column, column): cell for column, cell in tree.items()}


WRITERS: dict[str, Callable[[Record, Tree], Any]] = {
    "json": lambda record, tree: json.encode(tree),
    "xml": _xml_bytes,
    "csv": _csv_cells,
}


def _xml_words(record: Record, keys: Keys, value: Tree) -> str:
    from trialparse.readers import xml

    names = [key for key in (*record.format.records[-1:], *keys) if isinstance(key, str)]
    return xml.written(value, names[-1])


WORDS: dict[str, Callable[[Record, Keys, Tree], str]] = {
    "json": lambda record, keys, value: json_of(keys, value),
    "xml": _xml_words,
    "csv": lambda record, keys, value: json_of(keys, value),
}


def _xpath(record: Record | Unreadable, keys: Keys) -> str:
    from trialparse.readers import xml

    root = record.format.records[0] if record.format is not None else ""
    return xml.xpath((*record.base, *keys), "/" + root)


def _cell(record: Record | Unreadable, keys: Keys) -> str:
    there = _there(record) if isinstance(record, Record) else {}
    return f"line {record.base[0]}" + "".join(f", column {there.get(str(key), key)}" for key in keys)


def _there(record: Record) -> dict[str, str]:
    """Return the columns that stand in the file under another name, by the name that the format has for them."""
    return {here: there for there, here in record.columns.items()}


PLACES: dict[str, Callable[[Record | Unreadable, Keys], str]] = {
    "json": lambda record, keys: pointer((*record.base, *keys)),
    "xml": _xpath,
    "csv": _cell,
}


def records(document: Document, limits: Limits, name: str | None = None) -> Iterator[Found]:
    """Give the records of a document in order; raises TrialParseError where it is of no known format.

    A document that holds none gives an `Empty`, and so does a page without rows among others.
    """
    formats = tuple(format for format in FORMATS if name in (None, format.name))
    if not formats:
        raise UnrecognisedFormat(f"there is no format {name!r}; known are {', '.join(f.name for f in FORMATS)}")
    start = document.head(4096).lstrip(b" \t\r\n")[:1024]
    if start[:1] in (b"{", b"["):
        found = _json_records(document, limits, formats)
    elif start[:1] == b"<":
        found = _xml_records(document, limits, formats)
    elif not start:
        raise UnrecognisedFormat("the document is empty")
    elif kind := next((kind for mark, kind in _PACKED.items() if start.startswith(mark)), None):
        raise UnrecognisedFormat(f"a {kind} within an archive, of which only the outer one is opened: unpack it first")
    else:
        found = _csv_records(document, limits, formats)
    notes = tuple((problem, (), text) for problem, text in document.notes)
    for record in found:
        if not isinstance(record, Empty):
            record.member = document.member
        if isinstance(record, Record):
            record.notes += notes
            notes = ()  # what is odd about the document is told once, with its first record
        yield record


_PACKED = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip"}
"""What a document begins with that is itself an archive."""


# JSON -------------------------------------------------------------------------------------------------------------


def _json_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    from trialparse.readers import jsonlines

    if document.data is None and jsonlines.looks_like_lines(document.head(ONE_PIECE)):
        yield from _line_records(document, limits, formats)
        return
    raw = document.read()
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
                return Record(format=format, raw=raw, struct=struct)
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
        if format.reader != "json" or not any(keys <= members.keys() for keys in format.keys):
            continue
        if not format.records:
            yield Record(format=format, raw=raw, base=base)
        else:
            yield from _page_records(format, raw, members, base)
        return
    raise UnrecognisedFormat(_unknown_object(members))


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
        record = Record(format=format, raw=row, base=(*base, key, index))
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
    from trialparse.readers import jsonlines

    for number, line in jsonlines.lines(document, limits):
        try:
            json.check_utf8(line)
        except TrialParseError as error:
            yield Unreadable(error=error, base=(f"line {number}",))
            continue
        for record in _tolerant(line, formats, ()):
            if isinstance(record, Unreadable):
                record.base = (f"line {number}",)
            yield record


def _unknown_object(members: dict[str, bytes]) -> str:
    if not members:
        return "an empty JSON object: CTIS answers so where it knows no trial of that number"
    known = "; ".join(f"{f.name}: {', '.join(sorted(f.keys[0]))}" for f in FORMATS if f.reader == "json" and f.keys)
    return f"a JSON object with the keys {', '.join(list(members)[:12])!r} is of no known format (looked for {known})"


# XML --------------------------------------------------------------------------------------------------------------


def _xml_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    from trialparse.readers import xml

    head = document.head(1 << 16)
    name = xml.root_name(head)
    for format in formats:
        if format.reader == "xml" and format.records[0] == name:
            yield from _element_records(document, limits, format)
            return
    if name.lower() == "html" or b"<html" in head[:4096].lower():
        raise UnrecognisedFormat("an HTML page, not an export: the address of a portal was saved instead of its data")
    if not name:
        xml.parse(document.read(), limits)
    known = ", ".join(f"<{format.records[0]}>" for format in FORMATS if format.reader == "xml")
    raise UnrecognisedFormat(f"XML with the root <{name}> is of no known format (looked for {known})")


def _element_records(document: Document, limits: Limits, format: Format) -> Iterator[Found]:
    """Give the records of a document of which the root is known; the first one has to be of the format."""
    from trialparse.readers import xml

    lasting = xml.in_one_piece(document, limits)
    index = -1
    for index, element in enumerate(xml.records(document, format.records, limits)):
        base: Keys = (*format.records[1:], index)
        if format.children and format.children.isdisjoint(xml.child_names(element)):
            error = UnrecognisedFormat(_unknown_element(xml.child_names(element), format))
            if index == 0:
                raise error
            yield Unreadable(error=error, base=base, format=format)
            continue
        record = Record(format=format, element=element, base=base)
        yield record
        if not lasting:
            record.settle()
    if index < 0:
        yield Empty(format=format, text=format.empty)


def _unknown_element(names: Iterator[str], format: Format) -> str:
    """Say what was seen in an element that has the name of a record and nothing else of one."""
    seen = ", ".join(f"<{name}>" for name in itertools.islice(dict.fromkeys(itertools.islice(names, 1000)), 12))
    known = ", ".join(f"<{name}>" for name in sorted(format.children))
    return f"a <{format.records[-1]}> with {seen or 'nothing in it'} is of no known format (looked for {known})"


# CSV --------------------------------------------------------------------------------------------------------------


def _csv_records(document: Document, limits: Limits, formats: Iterable[Format]) -> Iterator[Found]:
    from trialparse.readers import csv

    header = csv.header(document, limits)
    for format in formats:
        if format.reader == "csv":
            names = _columns(header, format)
            if names is not None:
                yield from _row_records(csv.rows(document, limits), format, names)
                return
    seen = ", ".join(header[:6]) or repr(document.head(40))
    raise UnrecognisedFormat(f"neither JSON nor XML, and no CSV whose columns are known (saw {seen[:200]})")


def _row_records(rows: "Iterator[csv.Row]", format: Format, columns: dict[str, str]) -> Iterator[Found]:
    """Give the rows of a table; `columns` are those that stand there under another name."""
    renamed = [f"{there} (known as {here})" for there, here in columns.items()]
    row = None
    for row in rows:
        notes = tuple((problem, (), text) for problem, text in row.problems)
        notes += tuple((Problem.RENAMED, (), text) for text in renamed)
        renamed = []
        yield Record(format=format, raw=row.cells, base=(row.line,), notes=notes, columns=columns)
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
