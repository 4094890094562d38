"""Printed forms: a record is a form as text or as a page of HTML. A table describes the lines of the form."""

import abc
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from trialparse.diagnostics import MalformedDocument, Problem, TrialParseError, UnrecognisedFormat
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.prepared import imported_later, prepared_property
from trialparse.readers.cut import Cut, Names
from trialparse.readers.layout import Layout
from trialparse.readers.notations.notation import (
    Candidate,
    Empty,
    Found,
    Notation,
    Page,
    RawRecord,
    Unreadable,
)
from trialparse.readers.paths import TRANSLATIONS, Keys
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Remark, Tree
from trialparse.readers.source import Document

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from trialparse.readers import form, form_fast, html, text
    from trialparse.readers.form import Filled, Form, Line, Span
    from trialparse.readers.text import Piece
else:
    imported_later(
        globals(),
        form="trialparse.readers.form",
        form_fast="trialparse.readers.form_fast",
        html="trialparse.readers.html",
        text="trialparse.readers.text",
    )

_HEAD = 1 << 16
"""Bytes at the beginning of a text in which a record must begin."""


@frozen(kw_only=True, eq=False, slots=False)
class Printed(Notation):
    """A printed form, whatever it is printed on."""

    translations: ClassVar[str] = TRANSLATIONS

    table: "Traversable"
    """The table of the form."""
    usual: tuple[str, ...] = ()
    """Frequent answers: a line with one of them is recognised as a whole, which is fast."""

    @property
    def tables(self) -> "tuple[Traversable, ...]":
        return (self.table,)

    @prepared_property
    def form(self) -> "Form":
        """The form, as its table describes it."""
        return form.read_form(self.table, self.usual)


@frozen(kw_only=True, eq=False, slots=False)
class Text(Printed):
    """A form that is printed as text, or many of them one after another."""

    name: ClassVar[str] = "text"
    title: ClassVar[str] = "text"
    mixes: ClassVar[bool] = True

    begins: tuple[str, ...]
    """Consecutive lines that begin a record; labels end in a colon.

    Recognition needs only the last two, because the first record of a file may lack the line before them.
    """

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Text"]]) -> bool:
        return cls._recognised(document, candidates) is not None

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Text"]]) -> Iterator[Found]:
        if cls._recognised(document, candidates) is None:
            known = cls.looked_for(candidates)
            raise UnrecognisedFormat(f"no text in which a record begins (looked for {known})")
        return _TextSplitter(limits, [one.notation for one in candidates]).records(document)

    @classmethod
    def looked_for(cls, candidates: Sequence[Candidate["Text"]]) -> str:
        """Return the lines that begin a record of the candidates, for an error message."""
        return "the lines " + "; ".join(" / ".join(one.notation.begins) for one in candidates)

    @classmethod
    def _recognised(cls, document: Document, candidates: Sequence[Candidate["Text"]]) -> "Text | None":
        """Return the candidate's notation whose lines come first near the beginning of the document."""
        return cls.first_in(document.head(_HEAD), [one.notation for one in candidates])

    @classmethod
    def first_in(cls, head: bytes, notations: Sequence["Text"]) -> "Text | None":
        """Return the notation whose lines come first in a text."""
        places = {one: text.place_of(head, one.begins[-2:]) for one in notations}
        found = [one for one in notations if places[one] >= 0]
        return min(found, key=places.__getitem__, default=None)

    @property
    def signs(self) -> Iterator[Hashable]:
        yield self.begins[-2:]

    @property
    def rank(self) -> int:
        return len(self.begins)

    def faults(self) -> Iterator[str]:
        if len(self.begins) < 2:
            yield "begins= takes two lines or more"

    def record(self, number: int, raw: bytes, limits: Limits) -> RawRecord | Unreadable:
        """Return a record that begins on this line."""
        try:
            if len(raw) > limits.nodes and raw.count(b"\n") > limits.nodes:
                raise limits.exceeded("nodes", f"the record that begins on line {number}")
            printed = text.decoded(raw, number)
        except TrialParseError as error:
            return Unreadable(error=error, path=f"line {number}")
        return TextRecord(notation=self, content=raw, printed=printed, base=(number,), limits=limits)

    def lines(self, raw: bytes) -> "Iterator[Line]":
        """Yield the lines of the form that a text has."""
        found = (self.form.known(line.rstrip("\r")) for line in raw.decode(errors="replace").split("\n"))
        return (line[0] for line in found if line is not None)


@frozen
class _TextSplitter:
    """Splits a text into the records of several formats, in any order."""

    limits: Limits
    notations: Sequence[Text]

    def records(self, document: Document) -> Iterator[Found]:
        """Yield the records of a text.

        A text may also end in the first lines of a record, which are no record: they become an `Unreadable`.
        """
        pieces = text.pieces(document, [one.begins for one in self.notations], self.limits)
        for piece in self.apart(self.named(pieces)):
            if piece.error is not None:
                yield Unreadable(error=piece.error, path=f"line {piece.number}", offset=piece.offset)
                continue
            if piece.beginning is None:
                yield _unreadable(piece.number, piece.offset, "text before the first record that is a part of one")
                continue
            places = [place for one in self.notations if (place := text.begun(piece.raw, one.begins)) > 0]
            end = min(places, default=len(piece.raw))
            found = self.of(piece).record(piece.number, piece.raw[:end], self.limits)
            found.offset = piece.offset
            yield found
            if end < len(piece.raw):
                number = piece.number + piece.raw.count(b"\n", 0, end)
                yield _unreadable(number, piece.offset + end, "the text ends in the first lines of a record")

    def of(self, piece: "Piece") -> Text:
        """Return the notation of a piece."""
        return self.notations[piece.beginning or 0]

    def named(self, pieces: "Iterator[Piece]") -> "Iterator[Piece]":
        """Yield pieces that have a beginning, except a part of a record before the first of them.

        Other text before the first record is part of that record.
        """
        before: Piece | None = None
        for piece in pieces:
            if piece.error is not None:
                yield piece  # what is before the first record is let go with it
            elif piece.beginning is None and not self._is_part(piece):
                before = piece
                continue
            elif before is None:
                yield piece
            else:
                yield before._replace(raw=before.raw + piece.raw, beginning=piece.beginning)
            before = None

    def _is_part(self, piece: "Piece") -> bool:
        """Whether text before the first record is a part of another one: it has answers, or no end of its last line."""
        known = (line for one in self.notations for line in one.lines(piece.raw))
        return not piece.raw.endswith(b"\n") or any(line.kind != "heading" for line in known)

    def apart(self, pieces: "Iterator[Piece]") -> "Iterator[Piece]":
        """Yield pieces as records. A text of a form with codes may contain the beginning of a record.

        If the lines of that form go on behind it, it is part of the text.
        """
        first: Piece | None = None
        behind: list[Piece] = []
        size = 0
        try:
            for piece in pieces:
                size += len(piece.raw)
                if piece.error is not None:
                    yield from () if first is None else self._parted(first, behind)
                    yield piece
                    first, behind = None, []
                    continue
                if first is not None:
                    if self._is_inside(piece, first) and size <= self.limits.record and self._is_open(first, behind):
                        behind.append(piece)
                        continue
                    if behind:
                        yield from self._parted(first, behind)
                        behind = []
                    else:
                        yield first
                first, size = piece, len(piece.raw)
        except TrialParseError:  # what is before the error is read
            if first is not None:
                yield from self._parted(first, behind)
            raise
        if first is not None:
            yield from self._parted(first, behind)

    def _is_inside(self, piece: "Piece", first: "Piece") -> bool:
        """Whether a piece may be part of a text in a record: it is of another format, or lacks the first line."""
        if first.beginning is None:
            return False
        own = self.of(piece).begins
        return piece.beginning != first.beginning or (len(own) > 2 and not piece.raw.startswith(own[0].encode()))

    def _is_open(self, first: "Piece", behind: "list[Piece]") -> bool:
        """Whether a record, of a form with codes, may go on behind the pieces of other formats behind it."""
        notation = self.of(first)
        return bool(behind or (notation.form.codes and not any(line.last for line in notation.lines(first.raw))))

    def _parted(self, first: "Piece", behind: "list[Piece]") -> "Iterator[Piece]":
        """Yield a record, with the pieces behind it up to the last one in which its form goes on, and the others."""
        notation, count, reached = self.of(first), 0, -1
        for number, piece in enumerate((first, *behind)):
            orders = [line.order for line in notation.lines(piece.raw) if line.code]
            if number and orders and 0 <= reached <= orders[0]:
                count = number
            if number in (0, count) and orders:
                reached = orders[-1]
        yield first._replace(raw=first.raw + b"".join(piece.raw for piece in behind[:count]))
        yield from behind[count:]


def _unreadable(number: int, offset: int, what: str) -> Unreadable:
    """Return the part of a text that begins on a line and is no record, described by `what` in the library's words."""
    return Unreadable(error=MalformedDocument(f"line {number}: {what}"), path=f"line {number}", offset=offset)


@frozen(kw_only=True, eq=False, slots=False)
class Html(Printed):
    """A form that is printed as a page of HTML."""

    name: ClassVar[str] = "html"
    title: ClassVar[str] = "HTML"

    layout: Layout
    """Layout of the rows of a page."""
    hints: tuple[bytes, ...]
    """Bytes that a page of the format contains, every one of them."""
    refusals: tuple[tuple[str, str], ...] = ()
    """Words by which the register says that there is no record, each with what to call such a page."""

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Html"]]) -> bool:
        return start[:1] == b"<" and html.is_page(document.head(_HEAD))

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Html"]]) -> Iterator[Found]:
        raw = document.read(limits)
        for notation in (one.notation for one in candidates):
            if all(hint in raw for hint in notation.hints):
                return iter((PageRecord(notation=notation, content=raw, base=(1,), limits=limits, offset=0),))
            for words, meaning in notation.refusals:
                if words.encode() in raw:
                    return iter((Empty(notation=notation, text=meaning),))
        known = "; ".join(one.title for one in candidates)
        raise UnrecognisedFormat(
            "an HTML page, not an export: the address of a portal was saved instead of its data; "
            f"save the export (the only pages that are read: {known})"
        )

    @property
    def signs(self) -> Iterator[Hashable]:
        yield frozenset(self.hints)

    @property
    def rank(self) -> int:
        return len(self.hints)

    def faults(self) -> Iterator[str]:
        if not self.hints:
            yield "no hints: any page would be one of the format"


@define(kw_only=True, eq=False)
class FormRecord(RawRecord):
    """A record that is printed in a form."""

    _filled: "Filled | None" = None
    """The answers with their places, until the record is settled."""
    _torn: tuple[Names, ...] | None = None
    """What `torn` returned before words were withheld."""

    def settle(self) -> None:
        self._filled = None

    def state(self) -> dict[str, Any]:
        return super().state() | {"filled": None}

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        return {"filled": None, "torn": self.torn()}

    @abc.abstractmethod
    def is_torn(self) -> bool:
        """Whether the record ends within an answer, or may do so."""

    def torn(self) -> tuple[Names, ...] | None:
        """Return the answer in whose line the record ends, if it has one; None if the last line is whole."""
        return self.filled().torn if self.is_torn() else self._torn

    @abc.abstractmethod
    def fill(self) -> "Filled":
        """Read the answers and their places from the content."""

    def filled(self) -> "Filled":
        """Return the answers and their places, read once."""
        if self._filled is None:
            self._filled = self.fill()
        return self._filled

    def span(self, keys: Keys) -> "Span | None":
        """Return the place of an answer; None for the record itself and for keys without an answer."""
        return self.filled().at(keys) if keys else None

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        made = self.filled()
        doubts = [(Problem.LOOKS_LIKE_KEY, keys, text) for keys, text in made.doubts]
        doubts += [(Problem.DUPLICATE_KEY, keys, text) for keys, text in made.second]
        found = self.notation.form.cut(made.tree, self.torn())
        if found is not None:
            ends = made.last_keys()
            doubts += [(Problem.CUT, ends if text.startswith("it ends") else (), text) for text in found[0]]
        return made.tree, tuple(doubts)

    def cut(self, tree: Callable[[], Tree]) -> Cut | None:
        found = self.notation.form.cut(tree(), self.torn())
        return None if found is None else found[1]


@define(kw_only=True, eq=False)
class TextRecord(FormRecord):
    """A form that is printed as text."""

    drops_tree: ClassVar[bool] = True

    _printed: str | None = None
    """The record as text, until the record is settled."""

    @property
    def text(self) -> str:
        """The record as text."""
        return self._printed if self._printed is not None else text.decoded(self.content, int(self.base[0]))

    def settle(self) -> None:
        self._printed = None
        super().settle()

    def state(self) -> dict[str, Any]:
        return super().state() | {"printed": None}

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        return super().changes(names, page) | {"printed": None}

    def is_torn(self) -> bool:
        return not self.content.endswith(b"\n")

    def fill(self) -> "Filled":
        return form.filled(self.notation.form, self.text)

    def read(self) -> Tree:
        """Return the answers without their places."""
        try:
            return form_fast.tree_of(self.notation.form, self.text)
        except form_fast.NotPlain:
            raise DoesNotFit from None

    def fitted(self, tree: Tree, selection: Selection) -> Tree:
        return tree  # lists are lists already, and msgspec skips what is not wanted

    def written(self, tree: Tree, selection: Selection) -> bytes:
        printed: str = self.notation.form.printed(tree)
        return printed.encode()

    def path(self, keys: Keys) -> str:
        """Return the lines of an answer, or of all that is below some keys."""
        first, found = int(self.base[0]), self.span(keys)
        if found is None:
            return f"line {first}"
        start, end, label, _ = found
        lines = f"line {first + start}" if start == end else f"lines {first + start}-{first + end}"
        return f"{lines}, {label}" if label else lines


@define(kw_only=True, eq=False)
class PageRecord(FormRecord):
    """A form that is printed as a page of HTML."""

    def must_examine(self) -> bool:
        return True

    def is_torn(self) -> bool:
        return html.ends_in_row(self.content)

    def fill(self) -> "Filled":
        rows = html.rows(self.content, self.notation.layout, self.limits)
        return form.filled_rows(self.notation.form, rows, is_torn=self.is_torn())

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        tree, remarks = super().examine(selection)
        doubts: list[Remark] = []
        if (encoding := html.encoding_of(self.content)) != "utf-8":
            doubts.append((Problem.ENCODING, (), f"the page is in {encoding}"))
        if not html.has_end(self.content) and all(problem is not Problem.CUT for problem, _, _ in remarks):
            doubts.append((Problem.CUT, (), "the page has no end"))
        if html.has_halves(self.content):
            doubts.append((Problem.HALF_PAIR, (), "in the page"))
        return tree, (*doubts, *remarks)

    def written(self, tree: Tree, selection: Selection) -> bytes:
        return html.page(self.notation.form.print(tree), self.notation.layout)

    def path(self, keys: Keys) -> str:
        """Return the XPath of the cell of an answer, or of the first one below some keys."""
        found = self.span(keys)
        return "/html" if found is None else found.path
