"""XML: a record is an element; where elements of one kind in it are records of their own, each becomes one."""

import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from trialparse.diagnostics import WITHHELD, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.readers import html, xml
from trialparse.readers.json import Remark
from trialparse.readers.notations.notation import (
    Candidate,
    Empty,
    Found,
    Notation,
    Page,
    RawRecord,
    Unreadable,
)
from trialparse.readers.paths import Keys, Path, Step
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import TEXT, DoesNotFit, Tree, leaves
from trialparse.readers.source import Document

_HEAD = 1 << 16
"""Bytes at the beginning of a document in which its root is."""
ANY = "*"
"""In the path of records: an element of any name."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Xml(Notation):
    """Elements of XML."""

    name: ClassVar[str] = "xml"
    title: ClassVar[str] = "XML"
    withheld_key: ClassVar[str] = WITHHELD.strip("()")

    records: tuple[str, ...]
    """The names of the elements from the root to a record; `*` is any name."""
    children: frozenset[str] = frozenset()
    """Elements that identify the format: a record has at least one, records of other formats have none."""
    namespaces: tuple[str, ...] = ()
    """Namespaces allowed for the root, "" for none; if empty, the root may be in any namespace."""
    unqualified: bool = False
    """Whether only the root has a namespace and its descendants have none."""
    declares: str = ""
    """A namespace that the root or an early element declares besides its own."""
    several: str = ""
    """A repeatable element: each of its elements, together with everything around it, is one record."""
    owners: tuple[str, str] | None = None
    """The attribute with the key of that element, and the attribute by which elements around it refer to a key."""
    empty: str = "a document without records"
    """What to call a document without records."""

    @classmethod
    def looks(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Xml"]]) -> bool:
        if start[:1] != b"<":
            return False
        head = document.head(_HEAD)
        return cls._of(head, candidates) is not None or not html.is_page(head)

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Xml"]]) -> Iterator[Found]:
        head = document.head(_HEAD)
        found = cls._of(head, candidates)
        if found is not None:
            return found.elements(document, limits)
        root = xml.root_of(head)
        if not root.name:
            xml.parse(document.read(), limits)
        known = cls.looked_for(candidates)
        where = " in the namespace {namespace!r}" if root.namespace else ""
        raise UnrecognisedFormat(
            f"XML with the root <{{name}}>{where} is of no known format (looked for {known})",
            name=root.name,
            namespace=root.namespace[:200],
        )

    @classmethod
    def looked_for(cls, candidates: Sequence[Candidate["Xml"]]) -> str:
        return ", ".join(dict.fromkeys(one.notation.root for one in candidates))

    @classmethod
    def _of(cls, head: bytes, candidates: Sequence[Candidate["Xml"]]) -> "Xml | None":
        """Return the notation of a document with this beginning."""
        root = xml.root_of(head)
        return next((one.notation for one in candidates if root.name and one.notation.has_root(root, head)), None)

    @property
    def root(self) -> str:
        """What the root of a document is, in words."""
        declares = f" with something of {self.declares}" if self.declares else ""
        where = f" in {self.namespaces[0]}" if self.namespaces and not declares else ""
        return ("any root" if self.records[0] == ANY else f"<{self.records[0]}>") + where + declares

    @property
    def signs(self) -> Iterator[Hashable]:
        for namespace in (self.namespaces or (None,)) if self.records else ():
            yield self.records[0], namespace, self.declares

    @property
    def rank(self) -> int:
        return 4 * (self.records[:1] != (ANY,)) + 2 * bool(self.namespaces) + bool(self.declares)

    def faults(self) -> Iterator[str]:
        if type(self.records) is not tuple or not self.records or not all(self.records):
            yield "records= takes the names of elements, from the root to a record"
        elif self.records[0] == ANY and not self.namespaces and not self.declares:
            yield "any document would be one of the format: name its root, its namespace, or one that it declares"
        if self.unqualified and not self.namespaces:
            yield "unqualified= without namespaces="
        if self.owners is not None and not self.several:
            yield "owners= without several="

    def has_root(self, root: xml.Root, head: bytes) -> bool:
        """Whether a document with this root and beginning is of the format."""
        if self.records[0] not in (ANY, root.name) or (self.namespaces and root.namespace not in self.namespaces):
            return False
        return not self.declares or self.declares in root.declared or xml.declares(head, self.declares)

    def elements(self, document: Document, limits: Limits) -> Iterator[Found]:
        """Yield the records of a document whose root is known; the first one has to be of the format."""
        lasting = xml.in_one_piece(document, limits)
        index = -1
        for index, element in enumerate(xml.records(document, self.records, limits)):
            base: Keys = (*self.records[1:], index)
            if self.children and self.children.isdisjoint(xml.child_names(element)):
                error = self._unknown(xml.child_names(element))
                if index == 0:
                    raise error
                yield Unreadable(error=error, path=self.place(base))
                continue
            for number, part in xml.apart(element, self.several, self.owners, limits):
                lasts = lasting and number is None
                yield XmlRecord(notation=self, element=part, base=base, limits=limits, number=number, lasts=lasts)
        if index < 0:
            yield Empty(notation=self, text=self.empty)

    def place(self, keys: Keys) -> str:
        """Return the XPath of what keys lead to within a document."""
        return xml.xpath(keys, "/" + (ANY if self.unqualified else self.records[0]))

    def read_paths(self, paths: set[Path]) -> set[Path]:
        """Return the paths, and those of the texts of leaves that have attributes or markup."""
        leaves = {tuple(itertools.takewhile(lambda step: not step.opener, path)) for path in paths}
        texts = {(*path, Step(TEXT)) for path in leaves}
        return paths | texts | {path[:-1] for path in leaves if path and path[-1].key == TEXT}

    def _unknown(self, names: Iterator[str]) -> UnrecognisedFormat:
        """Return the error on an element that has the name of a record and nothing else of one."""
        seen = ", ".join(f"<{name}>" for name in itertools.islice(dict.fromkeys(itertools.islice(names, 1000)), 12))
        known = ", ".join(f"<{name}>" for name in sorted(self.children))
        what = "a root in its namespace" if self.records[-1] == ANY else f"a <{self.records[-1]}>"
        inside = "{seen}" if seen else "nothing in it"
        return UnrecognisedFormat(f"{what} with {inside} is of no known format (looked for {known})", seen=seen)


@attrs.define(kw_only=True, eq=False)
class XmlRecord(RawRecord):
    """An element of XML."""

    _element: Any = None
    """The element that the record is; whoever asks for its bytes has them made."""
    lasts: bool = True
    """Whether the element stays as it is when the next record is read."""
    number: int | None = None
    """Which of the elements it holds that occur several times in the document, one for each record; from 0."""
    _line: int | None = None
    cleared: bool = False
    """Whether words were withheld, so that no line of the source is that of the record."""

    def settle(self) -> None:
        if not self.lasts:
            self._line, self.content, self._element = self.line, self.original, None

    @property
    def original(self) -> bytes:
        """The record as a document of XML."""
        if self.content is None and self._element is not None:
            self.content = xml.serialise(self._element)
        made: bytes = self.content
        return made

    @property
    def line(self) -> int | None:
        """The line of the document on which the record begins, where it is known."""
        if self._line is None and self._element is not None and self.number is None:
            self._line = xml.line_of(self._element)
        return self._line

    def values(self) -> dict[str, Any]:
        """Return the values by which the record can be made again: its bytes, for an element belongs to a parser."""
        return RawRecord.values(self) | {"line": self.line, "content": self.original, "element": None}

    def renewed(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        return {"element": None, "cleared": True}

    def line_finder(self) -> Callable[[Keys], int | None]:
        if self.cleared or self.line is None:
            return lambda keys: None
        element = self._parsed()
        lines, before = xml.Lines(element), self.line - (xml.line_of(element) or 0)
        return lambda keys: before + (lines.of(keys) or 0)

    def _parsed(self) -> Any:
        return self._element if self._element is not None else xml.parse(self.original, self.limits)

    def look(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        return xml.tree(self._parsed(), self.limits, selection.shape), ()

    def leaves(self, tree: Tree, selection: Selection) -> Tree:
        """Return a tree in which an element that the mapping wants as a leaf is its text."""
        return leaves(tree, selection.shape)

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        """Return the struct; an element that is not plain is read by its tree."""
        if self._element is not None:
            try:
                picked = selection.pick(self._element)
            except DoesNotFit:
                return RawRecord.struct(self, selection, tree)
            return selection.convert(picked)
        return RawRecord.struct(self, selection, tree)

    def written(self, tree: Tree, selection: Selection) -> bytes:
        name = self.notation.records[-1].replace(ANY, "record")
        if self.notation.unqualified:
            name = f"{{{self.notation.namespaces[0]}}}{name}"
        return xml.serialise(xml.element(tree, name, selection.shape))

    def words(self, keys: Keys, value: Tree) -> str:
        names = [key for key in (*self.notation.records[-1:], *keys) if isinstance(key, str)]
        return xml.written(value, names[-1].replace(ANY, "record"))

    def path(self, keys: Keys) -> str:
        if self.number is not None and keys[:1] == (self.notation.several,):
            keys = (keys[0], self.number, *keys[1:])
        place: str = self.notation.place((*self.base, *keys))
        return place
