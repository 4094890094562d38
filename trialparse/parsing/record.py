"""One record of a document, not yet mapped, and what each notation has to say about it."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import attrs

from trialparse.diagnostics import Place, Problem, TrialParseError
from trialparse.limits import DEFAULTS, Limits
from trialparse.mapping.compiled import Mapping, mapping_of, wanted
from trialparse.mapping.folder import form_of, layout_of
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.mapping.traced import json_of, words_of
from trialparse.parsing.audit import Account, Audit, Kinds, audit_of, kinds_of, unmapped
from trialparse.parsing.ledger import Ledger, make_ledger
from trialparse.prepared import LOCK
from trialparse.readers import html, json, xml
from trialparse.readers.form import Filled, filled, filled_rows
from trialparse.readers.form_fast import NotPlain, tree_of
from trialparse.readers.html import encoding_of, has_end, has_halves, rows
from trialparse.readers.paths import Key, Path, Step, pointer
from trialparse.readers.shapes import TEXT, DoesNotFit, Tree, fit, leaves
from trialparse.readers.text import decoded

Keys = tuple[Key, ...]
Remark = tuple[Problem, Keys, str]


@attrs.define(eq=False, kw_only=True)
class Record:
    """One record of a document, not yet mapped."""

    format: Format
    _raw: Any = None
    _text: str | None = None
    """The record as text until it has been read, for a form."""
    _element: Any = None
    """The element that the record is, for XML; whoever asks for its bytes has them made."""
    lasts: bool = True
    """Whether the element stays as it is when the next record is read."""
    base: Keys = ()
    """Keys that lead to the record within its document."""
    number: int | None = None
    """Which of the elements it holds that stand in the document several times, one for each record; from 0."""
    index: int = 0
    member: str | None = None
    notes: tuple[Remark, ...] = ()
    """What was odd before the record itself was looked at; the keys start at the document."""
    redacted: bool = False
    """Whether words about persons were taken out of it."""
    joins: dict[Keys, int] = attrs.field(factory=dict)
    """Places of keys that lists are joined by and that lost words, each with a number: the same for keys alike."""
    envelope: bytes | None = None
    """The page that the record stood in, without its records if no key stands twice; held by the first of a page."""
    _enveloped: tuple[Tree, list[Remark]] | None = None
    """The rest of that page, and what is odd about its notation, once somebody asked for it."""
    columns: dict[str, str] = attrs.field(factory=dict)
    """Columns of a CSV that stand in the file under another name: the name there -> that of the format."""
    _struct: Any = None
    _tree: Tree = None
    _surveyed: tuple[Tree, tuple[Remark, ...]] | None = None
    _line: int | None = None
    _filled: Filled | None = None
    """The answers of a record that is printed in a form."""

    @property
    def raw(self) -> Any:
        """Bytes of JSON or XML; the cells of a CSV row."""
        if self._raw is None and self._element is not None:
            self._raw = xml.serialise(self._element)
        return self._raw

    @property
    def text(self) -> str:
        """The record as text."""
        return self._text if self._text is not None else decoded(self.raw, int(self.base[0]))

    def settle(self) -> None:
        """Make the record fit to be handed out: whichever thread looks at it, nothing that it holds changes any more.

        It lets go of an element that does not last, of the struct, whose class pickle could not find, and of what led
        to it.
        """
        if not self.lasts:
            self._line, self._raw, self._element = self.line, self.raw, None
        self._struct = self._filled = self._text = None
        if self.format.reader == "text" and self._surveyed is None:
            self._tree = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the bytes instead of the element, which belongs to a parser."""
        values = {str(field.alias): getattr(self, field.name) for field in attrs.fields(Record)}
        changed = {"line": self.line, "raw": self.raw, "element": None, "filled": None, "text": None}
        return partial(Record, **values | changed), ()

    @property
    def line(self) -> int | None:
        """The line of the document on which the record begins, where its notation has such and they are known."""
        if self._line is None and self._element is not None and self.number is None:
            self._line = xml.line_of(self._element)
        return self._line

    def line_finder(self, limits: Limits) -> Callable[[Keys], int | None]:
        """Return the function that gives the line of the document on which stands what keys lead to."""
        if self.format.reader != "xml" or self.redacted or self.line is None:
            return lambda keys: None
        element = self._element if self._element is not None else xml.parse(self.raw, limits)
        lines, before = xml.Lines(element), self.line - (xml.line_of(element) or 0)
        return lambda keys: before + (lines.of(keys) or 0)

    def struct(self, mapping: Mapping) -> Any:
        """Return the record as a struct of what the mapping wants; None where it does not fit."""
        if self._struct is None:
            try:
                whole = self.format.reader == "json"
                self._struct = mapping.read(self.raw) if whole else mapping.convert(self._wanted(mapping))
            except DoesNotFit:
                return None
        return self._struct

    def _wanted(self, mapping: Mapping) -> Tree:
        """Return what the mapping wants of the record; an element that is not plain is read by its tree."""
        if self.format.reader == "text":
            return self.tree(DEFAULTS)  # what is not wanted of it is passed by when it becomes a struct
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
            elif self.format.reader == "text" and self._surveyed is None:
                self._tree = self._printed(limits)
            else:
                self._tree = self.leaves(self.surveyed(limits)[0])
        return self._tree

    def _printed(self, limits: Limits) -> Tree:
        """Return the answers of a record that is a text; whoever asks where they stand has it read with more care."""
        try:
            return tree_of(form_of(self.format), self.text)
        except NotPlain:
            return self.surveyed(limits)[0]

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
        around = [(problem, (*self.base[:-2], *keys), text) for problem, keys, text in self.around(limits)[1]]
        found = [(problem, self.place_in_document(keys), text) for problem, keys, text in (*self.notes, *around)]
        return found + [(problem, self.place(keys), text) for problem, keys, text in self.surveyed(limits)[1]]

    def place_in_document(self, keys: Keys) -> Place:
        """Return the place of keys from the root of the document."""
        return Place(path=pointer(keys), record=self.index, member=self.member)

    def place(self, keys: Keys, line: int | None = None) -> Place:
        """Return the place of keys within the record."""
        return Place(path=PLACES[self.format.reader](self, keys), record=self.index, member=self.member, line=line)

    def unexpected(self, limits: Limits) -> Iterator[tuple[Keys, str]]:
        """Give keys and words of each leaf that no row speaks of, where a schema says all that can stand there."""
        if self.format.closed:
            for keys, value in unmapped(self.surveyed(limits)[0], ledger_of(self.format)):
                yield keys, words_of(value)

    def filled(self, limits: Limits = DEFAULTS) -> Filled:
        """Return the answers of a record that is printed in a form, and where each of them stands."""
        if self._filled is None:
            form = form_of(self.format)
            if self.format.reader == "text":
                self._filled = filled(form, self.text)
            else:
                self._filled = filled_rows(form, rows(self.raw, layout_of(self.format), limits))
        return self._filled

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
        value, ledger = self.around(limits)[0], ledger_of(self.format, envelope=True)
        account = Account(kinds_of(redacted=self.redacted, paths=paths))
        account.walk(value, ledger)
        return audit_of(account, value, ledger, self.base[:-2], paths)

    def around(self, limits: Limits) -> tuple[Tree, list[Remark]]:
        """Return what stands in the page beside its records, and what is odd about its notation."""
        if self.envelope is None:
            return {}, []
        if self._enveloped is None:
            (rows,) = self.format.records
            tree, remarks = json.tree(self.envelope, limits)
            tree.pop(rows, None)
            told = [(problem, keys, text) for problem, keys, text in remarks if keys[0] != rows or len(keys) == 1]
            self._enveloped = tree, told
        return self._enveloped


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
    """A document of a known format that holds no record, which is an answer too; so is a PDF among others."""

    format: Format | None
    text: str
    """What it is."""


Found: TypeAlias = "Record | Unreadable | Empty"


_LEDGERS: dict[tuple[Format, bool], Ledger] = {}


def ledger_of(format: Format, *, envelope: bool = False) -> Ledger:
    """Return the ledger of a format's records, or of what stands in a page beside them.

    It learns from the documents, so it is kept; a full one gives way to a new one, and whoever is still at work with it
    goes on: nothing is taken out of a ledger.
    """
    with LOCK:
        known = _LEDGERS.get((format, envelope))
        if known is None or known.full:
            known = _LEDGERS[format, envelope] = _envelope_ledger(format) if envelope else _record_ledger(format)
    return known


def _record_ledger(format: Format) -> Ledger:
    mapping = mapping_of(format)
    paths = wanted(mapping.plan)
    if format.reader == "xml":
        paths |= set(map(_text_path, paths)) | {path[:-1] for path in paths if path[-1].key == TEXT}
    return make_ledger(mapping.rows, paths)


def _text_path(path: Path) -> Path:
    """Return where the text of a leaf stands that has attributes or markup beside it."""
    return (*itertools.takewhile(lambda step: not step.opener, path), Step(TEXT))


def _envelope_ledger(format: Format) -> Ledger:
    paths = [(Step(key), Step("**")) for key in format.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


def _json_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    json.check_utf8(record.raw)
    value, remarks = json.tree(record.raw, limits)
    return value, tuple(remarks)


def _xml_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    element = record._element
    if element is None:
        element = xml.parse(record.raw, limits)
    return xml.tree(element, limits, mapping_of(record.format).shape), ()


def _csv_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    known = record.columns
    return {known.get(column, column): cell for column, cell in record.raw.items()}, ()


def _form_tree(record: Record, limits: Limits) -> tuple[Tree, tuple[Remark, ...]]:
    made = record.filled(limits)
    doubts: list[Remark] = []
    if record.format.reader == "html" and (encoding := encoding_of(record.raw)) != "utf-8":
        doubts.append((Problem.ENCODING, (), f"the page is in {encoding}"))
    if record.format.reader == "html" and not has_end(record.raw):
        doubts.append((Problem.TRUNCATED, (), "the page has no end"))
    if record.format.reader == "html" and has_halves(record.raw):
        doubts.append((Problem.HALF_PAIR, (), "in the page"))
    doubts += [(Problem.LOOKS_LIKE_KEY, keys, text) for keys, text in made.doubts]
    doubts += [(Problem.DUPLICATE_KEY, keys, text) for keys, text in made.second]
    return made.tree, tuple(doubts)


READERS: dict[str, Callable[[Record, Limits], tuple[Tree, tuple[Remark, ...]]]] = {
    "json": _json_tree,
    "xml": _xml_tree,
    "csv": _csv_tree,
    "text": _form_tree,
    "html": _form_tree,
}


def _xml_bytes(record: Record, tree: Tree) -> bytes:
    format = record.format
    name = format.records[-1].replace("*", "record")
    if format.unqualified:
        name = f"{{{format.namespaces[0]}}}{name}"
    return xml.serialise(xml.element(tree, name, mapping_of(record.format).shape))


def _csv_cells(record: Record, tree: Tree) -> dict[str, str]:
    there = _there(record)
    return {there.get(column, column): cell for column, cell in tree.items()}


def _form_text(record: Record, tree: Tree) -> bytes:
    return form_of(record.format).printed(tree).encode()


def _form_page(record: Record, tree: Tree) -> bytes:
    return html.page(form_of(record.format).print(tree), layout_of(record.format))


WRITERS: dict[str, Callable[[Record, Tree], Any]] = {
    "json": lambda record, tree: json.encode(tree),
    "xml": _xml_bytes,
    "csv": _csv_cells,
    "text": _form_text,
    "html": _form_page,
}


def _xml_words(record: Record, keys: Keys, value: Tree) -> str:
    names = [key for key in (*record.format.records[-1:], *keys) if isinstance(key, str)]
    return xml.written(value, names[-1].replace("*", "record"))


WORDS: dict[str, Callable[[Record, Keys, Tree], str]] = {
    "json": lambda record, keys, value: json_of(keys, value),
    "xml": _xml_words,
    "csv": lambda record, keys, value: json_of(keys, value),
    "text": lambda record, keys, value: json_of(keys, value),
    "html": lambda record, keys, value: json_of(keys, value),
}


def _xpath(record: Record | Unreadable, keys: Keys) -> str:
    root = record.format.records[0] if record.format is not None else ""
    root = "*" if record.format is not None and record.format.unqualified else root
    if isinstance(record, Record) and record.number is not None and keys[:1] == (record.format.several,):
        keys = (keys[0], record.number, *keys[1:])
    return xml.xpath((*record.base, *keys), "/" + root)


def _cell(record: Record | Unreadable, keys: Keys) -> str:
    there = _there(record) if isinstance(record, Record) else {}
    return f"line {record.base[0]}" + "".join(f", column {there.get(str(key), key)}" for key in keys)


def _lines(record: Record | Unreadable, keys: Keys) -> str:
    """Return the lines on which an answer stands, or all that is below some keys."""
    first = int(record.base[0])
    if isinstance(record, Unreadable) or not keys:
        return f"line {first}"
    found = record.filled().at(keys)
    if found is None:
        return f"line {first}"
    start, end, label, _ = found
    lines = f"line {first + start}" if start == end else f"lines {first + start}-{first + end}"
    return f"{lines}, {label}" if label else lines


def _row(record: Record | Unreadable, keys: Keys) -> str:
    """Return the XPath of the cell in which an answer stands, or of the first one of what is below some keys."""
    found = record.filled().at(keys) if isinstance(record, Record) and keys else None
    return "/html" if found is None else found.path


def _there(record: Record) -> dict[str, str]:
    """Return the columns that stand in the file under another name, by the name that the format has for them."""
    return {here: there for there, here in record.columns.items()}


PLACES: dict[str, Callable[[Record | Unreadable, Keys], str]] = {
    "json": lambda record, keys: pointer((*record.base, *keys)),
    "xml": _xpath,
    "csv": _cell,
    "text": _lines,
    "html": _row,
}
