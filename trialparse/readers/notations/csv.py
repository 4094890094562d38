"""CSV: a record is a row."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from trialparse.diagnostics import MalformedDocument, Problem, UnrecognisedFormat
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.prepared import imported_later, prepared_property
from trialparse.readers.cut import Cut, Places
from trialparse.readers.notations.notation import (
    Candidate,
    Empty,
    Found,
    Notation,
    Page,
    RawRecord,
    Unreadable,
)
from trialparse.readers.paths import Keys
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import Remark, Tree
from trialparse.readers.source import Document

if TYPE_CHECKING:
    from trialparse.readers import csv
else:
    imported_later(globals(), csv="trialparse.readers.csv")


@frozen(kw_only=True, eq=False, slots=False)
class Csv(Notation):
    """Rows below a header."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "CSV"
    tabular: ClassVar[bool] = True

    columns: tuple[str, ...]
    """All columns of a file, in their order."""
    at_least: int
    """How many of the columns a header must have, whichever they are."""
    needed: frozenset[str] = frozenset()
    """Columns that a header must have, unless it has five of six of all columns."""
    unless: frozenset[str] = frozenset()
    """Columns of a format that is alike: a header with as many of them as of its own columns, or more, has that one."""
    empty: str = "a table without a row below its header"
    """What to call a document without records."""

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Csv"]]) -> bool:
        header = csv.header(document)
        return any(one.notation.fits(header) for one in candidates)

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Csv"]]) -> Iterator[Found]:
        header = csv.header(document, limits)
        fitting = [one.notation for one in candidates if one.notation.fits(header)]
        best = max(fitting, key=lambda notation: len(notation.known(header)), default=None)
        if best is None:
            seen = ", ".join(header[:6])
            raise UnrecognisedFormat("no CSV of known columns (saw {seen})", seen=seen[:200])
        return best.rows(document, header, limits)

    @property
    def signs(self) -> Iterator[Hashable]:
        yield frozenset(self.columns)

    @property
    def rank(self) -> int:
        return self.at_least

    def faults(self) -> Iterator[str]:
        if len({*self.columns}) < len(self.columns):
            yield "two columns are called the same"
        if not 0 < self.at_least <= len(self.columns):
            yield f"at_least={self.at_least} of {len(self.columns)} columns"
        for name in sorted(self.needed.difference(self.columns)):
            yield f"no column {name!r}, which is needed"

    @prepared_property
    def known_columns(self) -> frozenset[str]:
        """The columns of the format."""
        return frozenset(self.columns)

    def known(self, header: tuple[str, ...]) -> list[str]:
        """Return the columns of a header that are columns of the format."""
        return [name for name in header if name in self.columns]

    def fits(self, header: tuple[str, ...]) -> bool:
        """Whether a table with this header has the format."""
        known = self.known(header)
        if len(known) < self.at_least or len(known) <= len(self.unless.intersection(header)):
            return False
        return self.needed <= {*known} or 6 * len(known) >= 5 * len(self.columns)

    def renamed(self, header: tuple[str, ...]) -> dict[str, str]:
        """Return the format's name for each column of a header that has another name and is known by its place.

        There are as many columns as in the format, and most of them have its names.
        """
        if len(header) != len(self.columns) or 2 * len(self.known(header)) <= len(header):
            return {}
        pairs = zip(header, self.columns, strict=True)
        return {there: here for there, here in pairs if there not in self.columns and here not in header}

    def rows(self, document: Document, header: tuple[str, ...], limits: Limits) -> Iterator[Found]:
        """Yield the rows of a table."""
        known, columns, row = frozenset(self.columns), dict[str, str](), None
        renamed: list[str] = []
        seen: tuple[str, ...] = ()

        def is_header(cells: list[str]) -> bool:
            count = len(known.intersection(cells))
            return count >= self.at_least and 2 * count > len(cells)

        for row in csv.rows(document, limits, is_header):
            if isinstance(row, csv.LargeRow):
                yield Unreadable(error=row.error, path=f"line {row.line}", offset=row.offset)
                continue
            if row.header is not seen:
                seen, columns = row.header, self.renamed(row.header)
                renamed = [f"{there} (known as {here})" for there, here in columns.items()]
            notes = tuple((problem, (), text) for problem, text in row.problems)
            notes += tuple((Problem.RENAMED, (), text) for text in renamed)
            renamed = []
            yield CsvRecord(
                notation=self,
                content=row.cells,
                base=(row.line,),
                limits=limits,
                offset=row.offset,
                notes=notes,
                columns=columns,
                lost=tuple(columns.get(name, name) for name in row.lost) if row.cut else None,
            )
        if row is None and header[-1] != self.columns[-1] and not document.head(csv.HEAD).endswith((b"\n", b"\r")):
            raise MalformedDocument("line 1: the table ends within its header")
        if row is None:
            yield Empty(notation=self, text=self.empty)


@define(kw_only=True, eq=False)
class CsvRecord(RawRecord):
    """A row; `content` has its cells by column."""

    columns: dict[str, str] = attrs.field(factory=dict)
    """Renamed columns: the name in the file -> the name in the format."""
    lost: tuple[str, ...] | None = None
    """The columns without a cell in a row that is cut off; None if it is not."""

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        return {self.columns.get(column, column): cell for column, cell in self.content.items()}, ()

    def cut(self, tree: Callable[[], Tree]) -> Cut | None:
        if self.lost is None:
            return None
        names = [(column,) for column in tree()]
        return Cut(kept=Places.of(names), lost=Places.of((column,) for column in self.lost), torn=Places.of(names[-1:]))

    def keys(self) -> Collection[str]:
        found = {self.columns.get(column, column) for column in (*self.content, *(self.lost or ()))}
        known: frozenset[str] = self.notation.known_columns
        return found if found.issubset(known) else known  # an unknown column may be one of them

    def headers(self) -> set[str]:
        return {*self.columns}

    def written(self, tree: Tree, selection: Selection) -> dict[str, str]:
        there = self._there()
        return {there.get(column, column): cell for column, cell in tree.items()}

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        return {"columns": {names.get(there, there): here for there, here in self.columns.items()}}

    def path(self, keys: Keys) -> str:
        there = self._there()
        return f"line {self.base[0]}" + "".join(f", column {there.get(str(key), key)}" for key in keys)

    def _there(self) -> dict[str, str]:
        """Return the renamed columns: the name in the format -> the name in the file."""
        return {here: there for there, here in self.columns.items()}
