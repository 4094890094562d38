"""XML: a record is an element, or one of several repeated elements in it with everything around them."""

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from trialparse.diagnostics import WITHHELD, LimitExceeded, UnrecognisedFormat
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.prepared import imported_later, prepared_property
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
from trialparse.readers.shapes import TEXT, DoesNotFit, Remark, Tree, leaves
from trialparse.readers.source import Document

if TYPE_CHECKING:
    from trialparse.readers import html, xml
else:
    imported_later(globals(), html="trialparse.readers.html", xml="trialparse.readers.xml")

_HEAD = 1 << 16
"""Bytes at the beginning of a document in which its root must begin."""
_NAME = 50
"""Characters of the name of a root that an error quotes."""
_NAMESPACE = 45
"""Characters of a namespace that an error quotes."""
_CHILDREN = 8
"""Names of children that an error lists."""
_SEEN = 80
"""Characters of the names of elements that an error quotes."""
ANY = "*"
"""In the path of records: an element of any name."""


@frozen(kw_only=True, eq=False, slots=False)
class Xml(Notation):
    """Elements of XML."""

    name: ClassVar[str] = "xml"
    title: ClassVar[str] = "XML"
    withheld_key: ClassVar[str] = WITHHELD.strip("()")

    records: tuple[str, ...]
    """The names of the elements from the root to a record; `*` is any name."""
    aliases: Mapping[str, tuple[str, ...]] = {}
    """Other names of these elements. A root with such a name counts if the first thing in it has a known name."""
    wrapper: str = ""
    """Name of a root that somebody put around such a document."""
    children: frozenset[str] = frozenset()
    """Elements that identify the format: a record has at least one, records of other formats have none."""
    namespaces: tuple[str, ...] = ()
    """Namespaces allowed for the root, "" for none; if empty, the root may be in any namespace."""
    unqualified: bool = False
    """Whether only the root has a namespace and its descendants have none."""
    declares: str = ""
    """A namespace that the root or an early element declares besides its own."""
    several: str = ""
    """Name of a repeated element: each of these elements, together with everything around them, is one record."""
    owners: tuple[str, str] | None = None
    """Two attributes: the one with the key of such an element, and the one by which elements around refer to it."""
    empty: str = "a document without records"
    """What to call a document without records."""

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Xml"]]) -> bool:
        if start[:1] != b"<":
            return False
        head = document.head(_HEAD)
        return cls._recognised(xml.root_of(head), head, candidates) is not None or not html.is_page(head)

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Xml"]]) -> Iterator[Found]:
        head = document.head(_HEAD)
        root = xml.root_of(head)
        found = cls._recognised(root, head, candidates)
        if found is not None:
            return found.elements(document, root, limits)
        if not root.name:
            xml.parse(document.read(limits), limits)  # raises what is wrong with the document, if anything is
        roots = [one.notation for one in candidates]
        known = ", ".join(dict.fromkeys(one.root if one.records[0] in (ANY, root.name) else one.tag for one in roots))
        where = " in the namespace {namespace!r}" if root.namespace else ""
        raise UnrecognisedFormat(
            f"XML with the root <{{name}}>{where} is of no known format (looked for {known})",
            name=root.name[:_NAME],
            namespace=root.namespace[:_NAMESPACE],
        )

    @classmethod
    def _recognised(cls, root: "xml.Root", head: bytes, candidates: Sequence[Candidate["Xml"]]) -> "Xml | None":
        """Return the first candidate's notation that a document with this root and beginning has."""
        return next((one.notation for one in candidates if root.name and one.notation.has_root(root, head)), None)

    @property
    def tag(self) -> str:
        """The root as a tag."""
        return "any root" if self.records[0] == ANY else f"<{self.records[0]}>"

    @property
    def root(self) -> str:
        """Description of the root, for an error message."""
        declares = f" with something of {self.declares}" if self.declares else ""
        where = f" in {self.namespaces[0]}" if self.namespaces and not declares else ""
        return self.tag + where + declares

    @property
    def signs(self) -> Iterator[Hashable]:
        for namespace in (self.namespaces or (None,)) if self.records else ():
            yield self.records[0], namespace, self.declares
        yield from ((alias, self.records) for alias in (*self.aliases.get(self.records[0], ()), self.wrapper) if alias)

    @property
    def rank(self) -> int:
        # the name of the root says more than its namespace, and that more than another namespace that it declares
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

    def has_root(self, root: "xml.Root", head: bytes) -> bool:
        """Whether a document with this root and beginning is of the format."""
        if self.levels_of(root, head) is None or (self.namespaces and root.namespace not in self.namespaces):
            return False
        return not self.declares or self.declares in root.declared or xml.declares(head, self.declares)

    @prepared_property
    def levels(self) -> "xml.Levels":
        """The names that an element may have at each level, from the root to a record."""
        return tuple(frozenset((name, *self.aliases.get(name, ()))) for name in self.records)

    def levels_of(self, root: "xml.Root", head: bytes) -> "xml.Levels | None":
        """Return the names at each level of a document with this beginning; None if it is of another format."""
        levels = self.levels
        if self.records[0] in (ANY, root.name):
            return levels
        first, *others = xml.opening_names(head, 2) if self.aliases or self.wrapper else ("",)
        if first == self.wrapper and levels[0].issuperset(others[:1] or [""]):
            return (frozenset({first}), *levels)
        return levels if first in levels[0] and others and others[0] in levels[1] else None

    def elements(self, document: Document, root: "xml.Root", limits: Limits) -> Iterator[Found]:
        """Yield the records of a document with this root; raises UnrecognisedFormat if the first does not fit."""
        levels = self.levels_of(root, document.head(_HEAD)) or self.levels
        lasting = xml.in_one_piece(document, limits)
        seen: Counter[tuple[str, ...]] = Counter()
        for element, names, is_record, line in xml.records(document, levels, limits):
            base: Keys = (*names[1:], seen[names])
            first, seen[names] = not seen, seen[names] + 1
            if isinstance(element, LimitExceeded):
                yield Unreadable(error=element, path=self.place(base, names[0]))
                continue
            if not is_record:
                path, around = self.place(base, names[0]), self.place(names[1:-1], names[0])
                yield Unreadable(error=self._stray(names), path=path, around=around)
                continue
            if self.children and self.children.isdisjoint(xml.child_names(element)):
                error = self._unknown(xml.child_names(element), names[-1])
                if first:
                    raise error
                yield Unreadable(error=error, path=self.place(base, names[0]))
                continue
            for number, part in xml.apart(element, self.several, self.owners, limits):
                yield XmlRecord(
                    notation=self,
                    element=part,
                    root=names[0],
                    base=base,
                    limits=limits,
                    number=number,
                    lasts=lasting and number is None,
                    line=line if number is None else None,
                )
        if not seen:
            yield Empty(notation=self, text=self.empty)

    def place(self, keys: Keys, root: str) -> str:
        """Return the XPath of what keys within a document with a root of this name lead to."""
        return xml.xpath(keys, "/" + (ANY if self.unqualified else root))

    def leaf_paths(self, paths: set[Path]) -> set[Path]:
        """Return the paths with and without `#text`: the text of a leaf with attributes or markup is below it."""
        leaves = {tuple(itertools.takewhile(lambda step: not step.opener, path)) for path in paths}
        texts = {(*path, Step(TEXT)) for path in leaves}
        return paths | texts | {path[:-1] for path in leaves if path and path[-1].key == TEXT}

    def _stray(self, names: tuple[str, ...]) -> UnrecognisedFormat:
        """Return the error on an element beside records that has the name of none."""
        known = self.records[-1]
        return UnrecognisedFormat(
            f"a <{{name}}> where a document of this format has records, each a <{known}>", name=names[-1]
        )

    def _unknown(self, names: Iterator[str], record: str) -> UnrecognisedFormat:
        """Return the error on an element with the name of a record and no child that a record has."""
        seen = ", ".join(f"<{name}>" for name in itertools.islice(dict.fromkeys(itertools.islice(names, 1000)), 12))
        children = [f"<{name}>" for name in sorted(self.children)]
        known = ", ".join(children[:_CHILDREN]) + (", ..." if len(children) > _CHILDREN else "")
        what = "a root in its namespace" if record == ANY else f"a <{record}>"
        inside = "{seen}" if seen else "nothing in it"
        return UnrecognisedFormat(f"{what} with {inside} is of no known format (looked for {known})", seen=seen[:_SEEN])


@define(kw_only=True, eq=False)
class XmlRecord(RawRecord):
    """An element of XML."""

    _element: Any = None
    """The element; its bytes are made on request."""
    root: str
    """The name of the root of its document."""
    lasts: bool = True
    """Whether the element stays unchanged when the next record is read."""
    number: int | None = None
    """Index of the element of `Xml.several` that it holds; None if the document has no more than one."""
    line: int | None = None
    """Line of the document on which the record begins; None if not known."""
    _shifts: "xml.Shifts" = ()
    """How lines shift from the source to `content`, where that stands for the element."""
    cleared: bool = False
    """Whether words were withheld, so that lines are those of another document than the source."""

    def settle(self) -> None:
        if not self.lasts:
            self.content, self._shifts = self.original, self.shifts
            self._element = None

    @property
    def original(self) -> bytes:
        """The record as an XML document."""
        if self.content is None and self._element is not None:
            self.content = xml.serialise(self._element)
        made: bytes = self.content
        return made

    @property
    def shifts(self) -> "xml.Shifts":
        """How lines shift from the source to the record as a document by itself."""
        return self._shifts if self._element is None else xml.shifts_of(self._element, self.original)

    def state(self) -> dict[str, Any]:
        """Return the arguments that make the record again, with bytes in place of the element: lxml has no pickles."""
        made = {"line": self.line, "content": self.original, "shifts": self.shifts, "element": None, "root": self.root}
        return super().state() | made

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        return {"element": None, "cleared": True}

    def is_large(self) -> bool:
        return super().is_large() or (self._element is not None and xml.has_many_nodes(self._element))

    def line_finder(self) -> Callable[[Keys], int | None]:
        if self.cleared or self.line is None:
            return lambda keys: None
        element = self._parsed()
        begin, lines = xml.line_of(element), xml.Lines(element, self._shifts)
        if begin is None:
            return lambda keys: None
        before = self.line - begin

        def line_at(keys: Keys) -> int | None:
            line = lines.of(keys)
            return None if line is None else before + line

        return line_at

    def _parsed(self) -> Any:
        return self._element if self._element is not None else xml.parse(self.original, self.limits)

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        return xml.tree(self._parsed(), self.limits, selection.shape), ()

    def leaves(self, tree: Tree, selection: Selection) -> Tree:
        """Return the tree with each element that the mapping wants as a leaf replaced by its text."""
        return leaves(tree, selection.shape)

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        """Return the struct, picked from the element itself if that is plain, and otherwise from its tree."""
        if self._element is None:
            return super().struct(selection, tree)
        try:
            picked = selection.pick(self._element)
        except DoesNotFit:
            return super().struct(selection, tree)
        return selection.convert(picked)

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
        place: str = self.notation.place((*self.base, *keys), self.root)
        return place
