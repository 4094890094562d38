"""The records of each notation: JSON, XML, CSV, and forms as text and as pages."""

import abc
import itertools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import attrs

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.mapping import compiled
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.folder import form_of, layout_of
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.parsing.audit import Account, Audit, Kinds, audit_of, kinds_of
from trialparse.parsing.ledger import Ledger, make_ledger
from trialparse.parsing.record import Keys, Record, Remark
from trialparse.readers import html, json, xml
from trialparse.readers.form import Filled, Span, filled, filled_rows
from trialparse.readers.form_fast import NotPlain, tree_of
from trialparse.readers.paths import Path, Step, pointer
from trialparse.readers.shapes import TEXT, DoesNotFit, Tree, leaves
from trialparse.readers.text import decoded

Page = tuple[Tree, list[Remark]]
"""A page without its records, and what is odd about its notation."""

# JSON -----------------------------------------------------------------------------------------------------------------


@attrs.define(eq=False, kw_only=True)
class JsonRecord(Record):
    """An object of JSON."""

    lone: ClassVar[bool] = False

    envelope: bytes | None = None
    """The page that the record was in, without its records if no key occurs twice; held by the first of a page."""
    _enveloped: tuple[Tree, list[Remark]] | None = None
    """The page without its records, and what is odd about its notation, once it was looked for."""

    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        json.check_utf8(self.raw)
        value, remarks = json.tree(self.raw, self.limits)
        return value, tuple(remarks)

    def read(self) -> Tree:
        return json.plain(self.raw, self.limits)

    def make_struct(self, mapping: compiled.Mapping) -> Any:
        return mapping.read(self.raw)

    def hold(self) -> None:
        if len(self.raw) > self.limits.nodes:  # a shorter record cannot have more values than the limit
            self.surveyed()

    def written(self, tree: Tree) -> bytes:
        return json.encode(tree)

    @classmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        return pointer(base)

    def path(self, keys: Keys) -> str:
        return pointer((*self.base, *keys))

    def said(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        return json.remarks(tree)  # what a remark quotes is cut short and in the notation of JSON

    def account(self, ledger: Ledger, kinds: Kinds) -> Account:
        """Return the account of all leaves; it shows whether the notation is odd, which saves a walk."""
        if self._surveyed is None:
            value, account = self.tree(), Account(kinds)
            account.walk(value, ledger)
            if json.is_whole(self.raw, account.survey, self.limits):
                self._surveyed = value, ()
                return account
        return Record.account(self, ledger, kinds)

    def around(self) -> tuple[Tree, list[Remark]]:
        if self.envelope is None:
            return {}, []
        if self._enveloped is None:
            (rows,) = self.format.records
            tree, remarks = json.tree(self.envelope, self.limits)
            tree.pop(rows, None)
            own = [(problem, keys, text) for problem, keys, text in remarks if keys[0] != rows or len(keys) == 1]
            self._enveloped = tree, own
        return self._enveloped

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> Record:
        envelope = None if self.envelope is None else json.encode(page[0])
        return Record.changed(self, tree, names, page, envelope=envelope, enveloped=page, **values)

    def audit(self, paths: bool = False) -> Audit:
        audit = Record.audit(self, paths)
        if self.envelope is None:
            return audit
        value, ledger = self.around()[0], _envelope_ledger(self.format)
        account = Account(kinds_of(redacted=self.redacted, paths=paths))
        account.walk(value, ledger)
        return audit + audit_of(account, value, ledger, self.base[:-2], paths)


def _envelope_ledger(format: Format) -> Ledger:
    """Return the ledger of a page without its records."""
    paths = [(Step(key), Step("**")) for key in format.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


# XML ------------------------------------------------------------------------------------------------------------------


@attrs.define(eq=False, kw_only=True)
class XmlRecord(Record):
    """An element of XML."""

    withheld_key: ClassVar[str] = WITHHELD.strip("()")

    _element: Any = None
    """The element that the record is; whoever asks for its bytes has them made."""
    lasts: bool = True
    """Whether the element stays as it is when the next record is read."""
    number: int | None = None
    """Which of the elements it holds that occur several times in the document, one for each record; from 0."""
    _line: int | None = None

    @property
    def raw(self) -> Any:
        """The record as a document of XML."""
        if self._raw is None and self._element is not None:
            self._raw = xml.serialise(self._element)
        return self._raw

    @property
    def line(self) -> int | None:
        """The line of the document on which the record begins, where it is known."""
        if self._line is None and self._element is not None and self.number is None:
            self._line = xml.line_of(self._element)
        return self._line

    def settle(self) -> None:
        if not self.lasts:
            self._line, self._raw, self._element = self.line, self.raw, None
        Record.settle(self)

    def values(self) -> dict[str, Any]:
        """Return the values by which the record can be made again: its bytes, for an element belongs to a parser."""
        return Record.values(self) | {"line": self.line, "raw": self.raw, "element": None}

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> Record:
        return Record.changed(self, tree, names, page, element=None, **values)

    def line_finder(self) -> Callable[[Keys], int | None]:
        if self.redacted or self.line is None:
            return lambda keys: None
        element = self._parsed()
        lines, before = xml.Lines(element), self.line - (xml.line_of(element) or 0)
        return lambda keys: before + (lines.of(keys) or 0)

    def _parsed(self) -> Any:
        return self._element if self._element is not None else xml.parse(self.raw, self.limits)

    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        return xml.tree(self._parsed(), self.limits, mapping_of(self.format).shape), ()

    def leaves(self, tree: Tree) -> Tree:
        """Return a tree in which an element that the mapping wants as a leaf is its text."""
        return leaves(tree, mapping_of(self.format).shape)

    def wanted(self, mapping: compiled.Mapping) -> Tree:
        """Return what a mapping wants; an element that is not plain is read by its tree."""
        if self._element is not None:
            try:
                return mapping.pick(self._element)
            except DoesNotFit:
                pass
        return Record.wanted(self, mapping)

    def written(self, tree: Tree) -> bytes:
        name = self.format.records[-1].replace("*", "record")
        if self.format.unqualified:
            name = f"{{{self.format.namespaces[0]}}}{name}"
        return xml.serialise(xml.element(tree, name, mapping_of(self.format).shape))

    def words(self, keys: Keys, value: Tree) -> str:
        names = [key for key in (*self.format.records[-1:], *keys) if isinstance(key, str)]
        return xml.written(value, names[-1].replace("*", "record"))

    @classmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        root = "" if format is None else "*" if format.unqualified else format.records[0]
        return xml.xpath(base, "/" + root)

    def path(self, keys: Keys) -> str:
        if self.number is not None and keys[:1] == (self.format.several,):
            keys = (keys[0], self.number, *keys[1:])
        return self.path_of(self.format, (*self.base, *keys))

    @classmethod
    def read_paths(cls, paths: set[Path]) -> set[Path]:
        """Return the paths, and those of the texts of leaves that have attributes or markup."""
        texts = {(*itertools.takewhile(lambda step: not step.opener, path), Step(TEXT)) for path in paths}
        return paths | texts | {path[:-1] for path in paths if path[-1].key == TEXT}


# CSV ------------------------------------------------------------------------------------------------------------------


@attrs.define(eq=False, kw_only=True)
class CsvRecord(Record):
    """A row of a CSV; `raw` are its cells by column."""

    columns: dict[str, str] = attrs.field(factory=dict)
    """Columns that have another name in the file: the name there -> that of the format."""

    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        return {self.columns.get(column, column): cell for column, cell in self.raw.items()}, ()

    def headers(self) -> set[str]:
        return {*self.columns}

    def written(self, tree: Tree) -> dict[str, str]:
        there = self._there()
        return {there.get(column, column): cell for column, cell in tree.items()}

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> Record:
        columns = {names.get(there, there): here for there, here in self.columns.items()}
        return Record.changed(self, tree, names, page, columns=columns, **values)

    @classmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        return f"line {base[0]}"

    def path(self, keys: Keys) -> str:
        there = self._there()
        return f"line {self.base[0]}" + "".join(f", column {there.get(str(key), key)}" for key in keys)

    def _there(self) -> dict[str, str]:
        """Return the columns that have another name in the file, by the name of the format."""
        return {here: there for there, here in self.columns.items()}


# forms ----------------------------------------------------------------------------------------------------------------


@attrs.define(eq=False, kw_only=True)
class FormRecord(Record):
    """A record that is printed in a form."""

    _filled: Filled | None = None
    """The answers, and where each of them is."""

    def settle(self) -> None:
        self._filled = None
        Record.settle(self)

    def values(self) -> dict[str, Any]:
        return Record.values(self) | {"filled": None}

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> Record:
        return Record.changed(self, tree, names, page, filled=None, **values)

    @abc.abstractmethod
    def fill(self) -> Filled:
        """Return the answers of the record."""

    def filled(self) -> Filled:
        """Return the answers of the record, and where each of them is."""
        if self._filled is None:
            self._filled = self.fill()
        return self._filled

    def span(self, keys: Keys) -> Span | None:
        """Return where an answer is; None for the record itself and where nothing is."""
        return self.filled().at(keys) if keys else None

    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        made = self.filled()
        doubts = [(Problem.LOOKS_LIKE_KEY, keys, text) for keys, text in made.doubts]
        doubts += [(Problem.DUPLICATE_KEY, keys, text) for keys, text in made.second]
        return made.tree, tuple(doubts)


@attrs.define(eq=False, kw_only=True)
class TextRecord(FormRecord):
    """A form that is printed as text."""

    _text: str | None = None
    """The record as text until it has been read."""

    @property
    def text(self) -> str:
        """The record as text."""
        return self._text if self._text is not None else decoded(self.raw, int(self.base[0]))

    def settle(self) -> None:
        self._text = None
        if self._surveyed is None:
            self._tree = None
        FormRecord.settle(self)

    def values(self) -> dict[str, Any]:
        return FormRecord.values(self) | {"text": None}

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> Record:
        return FormRecord.changed(self, tree, names, page, text=None, **values)

    def fill(self) -> Filled:
        return filled(form_of(self.format), self.text)

    def read(self) -> Tree:
        """Return the answers; whoever asks where they are has the text read with more care."""
        if self._surveyed is None:
            try:
                return tree_of(form_of(self.format), self.text)
            except NotPlain:
                pass
        return self.surveyed()[0]

    def wanted(self, mapping: compiled.Mapping) -> Tree:
        return self.tree()  # what is not wanted is passed by when it becomes a struct

    def written(self, tree: Tree) -> bytes:
        return form_of(self.format).printed(tree).encode()

    @classmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        return f"line {base[0]}"

    def path(self, keys: Keys) -> str:
        """Return the lines of an answer, or of all that is below some keys."""
        first, found = int(self.base[0]), self.span(keys)
        if found is None:
            return f"line {first}"
        start, end, label, _ = found
        lines = f"line {first + start}" if start == end else f"lines {first + start}-{first + end}"
        return f"{lines}, {label}" if label else lines


@attrs.define(eq=False, kw_only=True)
class PageRecord(FormRecord):
    """A form that is printed as a page of HTML."""

    def hold(self) -> None:
        self.surveyed()

    def fill(self) -> Filled:
        return filled_rows(form_of(self.format), html.rows(self.raw, layout_of(self.format), self.limits))

    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        tree, remarks = FormRecord.look(self)
        doubts: list[Remark] = []
        if (encoding := html.encoding_of(self.raw)) != "utf-8":
            doubts.append((Problem.ENCODING, (), f"the page is in {encoding}"))
        if not html.has_end(self.raw):
            doubts.append((Problem.TRUNCATED, (), "the page has no end"))
        if html.has_halves(self.raw):
            doubts.append((Problem.HALF_PAIR, (), "in the page"))
        return tree, (*doubts, *remarks)

    def written(self, tree: Tree) -> bytes:
        return html.page(form_of(self.format).print(tree), layout_of(self.format))

    @classmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        return "/html"

    def path(self, keys: Keys) -> str:
        """Return the XPath of the cell of an answer, or of the first one below some keys."""
        found = self.span(keys)
        return "/html" if found is None else found.path
