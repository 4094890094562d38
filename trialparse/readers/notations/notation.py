"""What all notations share. A `Notation` recognises a document and splits it; a `RawRecord` is one record in it."""

import abc
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

import attrs

from trialparse.diagnostics import WITHHELD, Place, TrialParseError
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.model.identifiers import first_numbers
from trialparse.model.values import Identifier
from trialparse.readers.cut import Cut
from trialparse.readers.json import Survey, words_of
from trialparse.readers.paths import Keys, Path
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Remark, Tree
from trialparse.readers.source import Document

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Page = tuple[Tree, list[Remark]]
"""A page without its records, and the remarks on it."""

LARGE = 1 << 20
"""Bytes of a large record; registers have hardly any."""

Kind_co = TypeVar("Kind_co", bound="Notation", covariant=True)


@frozen(kw_only=True, eq=False, slots=False)
class Notation:
    """How a format writes its records.

    This class itself is the notation of a format without documents, such as that of combined records.
    """

    name: ClassVar[str] = ""
    """`json`, `xml`, `html`, `text` or `csv`."""
    title: ClassVar[str] = ""
    """The name in messages."""
    lone: ClassVar[bool] = True
    """Whether one value may also be a list with one element; only JSON distinguishes them."""
    tabular: ClassVar[bool] = False
    """Whether all records have the same columns, so that a column that is not there is not carried."""
    mixes: ClassVar[bool] = False
    """Whether the records of one document are split by the beginnings of all formats, also of those not asked for."""
    withheld_key: ClassVar[str] = WITHHELD
    """What replaces the name of a person in a key."""
    translations: ClassVar[str] = ""
    """Ending of a key that holds the translations of another key's text; empty if there are none."""

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: "Sequence[Candidate[Any]]") -> bool:
        """Whether a document is in the notation, as far as its beginning shows; no later notation is asked then.

        `start` are its first bytes, without leading white space.
        """
        return False

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: "Sequence[Candidate[Any]]") -> "Iterator[Found]":
        """Yield the records of a document; raises UnrecognisedFormat if it has the format of no candidate."""
        raise NotImplementedError  # never called: this class claims no document

    @property
    def signs(self) -> Iterator[Hashable]:
        """Yield the signs by which documents of the format are recognised; no two formats may share one."""
        return iter(())

    @property
    def rank(self) -> int:
        """How much the format asks of a document; candidates that ask for more come first."""
        return 0

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the settings."""
        return iter(())

    @property
    def tables(self) -> "tuple[Traversable, ...]":
        """The tables of the register's folder that the notation itself reads."""
        return ()

    def holds(self, path: Path) -> bool:
        """Whether a record can have what is at a path."""
        return True

    def is_partial(self, keys: Collection[str]) -> bool:
        """Whether a record with these keys has only what was asked for, so that what is not there is not carried."""
        return False

    def leaf_paths(self, paths: set[Path]) -> set[Path]:
        """Return the paths of the leaves that are read if these paths are wanted."""
        return paths


@frozen(kw_only=True, eq=False)
class Candidate(Generic[Kind_co]):
    """A format that a document may have."""

    name: str
    title: str
    """Title of the format in messages."""
    notation: Kind_co
    selection: Callable[[], Selection]
    """Returns what the format reads of a record, and compiles its tables at the first call."""
    is_compiled: Callable[[], bool]
    """Whether they are compiled already."""


@define(kw_only=True, eq=False)
class RawRecord(abc.ABC):
    """One record of a document in its notation. It gives its tree, and the path and words of each value."""

    notation: Any
    content: Any = None
    """The record as it was in the source, None if it is made on request; see `original`."""
    limits: Limits
    """Bounds on the cost of reading it."""
    base: Keys = ()
    """Keys that lead to the record within its document."""
    notes: tuple[Remark, ...] = ()
    """Remarks made when the document was split; their keys start at its root."""
    around: str | None = None
    """The path of what holds it, if its own has a name from the source that is not of the format."""
    offset: int | None = None
    """Bytes of its document before it; None if that is not known."""

    is_surveyable: ClassVar[bool] = False
    """Whether a walk over the tree can show that there are no remarks, so that `examine` is not needed."""
    drops_tree: ClassVar[bool] = False
    """Whether a finished record forgets its tree to save memory, and reads it again on request."""

    @property
    def original(self) -> Any:
        """The record as it was in the source: bytes, or the cells of a row."""
        return self.content

    @property
    def numbers(self) -> tuple[Identifier, ...]:
        """Numbers of registers in its first bytes, or cells."""
        original = self.original
        if isinstance(original, Mapping):
            original = "\n".join(map(str, original.values())).encode("ascii", "replace")
        return first_numbers(original) if isinstance(original, bytes) else ()

    # what each notation defines ---------------------------------------------------------------------------------------

    @abc.abstractmethod
    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        """Read the whole record with care: return its tree and the remarks on it; raises LimitExceeded."""

    @abc.abstractmethod
    def written(self, tree: Tree, selection: Selection) -> Any:
        """Return a tree of the record written in the notation, as `content` holds it."""

    @abc.abstractmethod
    def path(self, keys: Keys) -> str:
        """Return the path, in the notation, of what keys within the record lead to."""

    def words(self, keys: Keys, value: Tree) -> str:
        """Return the value at keys, often an object or a list, in the words of the source."""
        return words_of(value)

    def read(self) -> Tree:
        """Return the tree without remarks, cheaper than `examine`; raises DoesNotFit if only `examine` can."""
        raise DoesNotFit

    def leaves(self, tree: Tree, selection: Selection) -> Tree:
        """Return the tree as a mapping reads it: what the mapping wants as a leaf is a leaf."""
        return tree

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        """Return the record as a struct; `tree` returns its whole tree. Raises DoesNotFit."""
        return selection.convert(self.fitted(tree(), selection))

    def fitted(self, tree: Tree, selection: Selection) -> Tree:
        """Return the tree with lone values in lists where lists are wanted, if the notation has no lists of one."""
        return selection.fit(tree)

    def check_limits(self) -> None:  # noqa: B027  most notations are within the limits once they are split
        """Raise LimitExceeded for a record whose bytes show that it has too many values."""

    def is_large(self) -> bool:
        """Whether the record is so large that what is learnt of it is let go with it."""
        return isinstance(self.content, bytes) and len(self.content) > LARGE

    def must_examine(self) -> bool:
        """Whether only `examine` can show that the record is within the limits."""
        return False

    def line_finder(self) -> Callable[[Keys], int | None]:
        """Return a function from keys to the line of the document, None where lines are not known."""
        return lambda keys: None

    def remarks_on(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        """Return the remarks on a tree in which words were withheld; `remarks` are those on the original, cleared."""
        return remarks

    def is_whole(self, survey: Survey) -> bool:
        """Whether the survey of a walk shows that there are no remarks; raises LimitExceeded."""
        return False

    def cut(self, tree: Callable[[], Tree]) -> Cut | None:
        """Return what the record lacks because it was cut off, None if it is whole; `tree` returns its whole tree."""
        return None

    def keys(self) -> Collection[str]:
        """Return the outermost keys of the record, or the columns of its table."""
        return ()

    def is_partial(self) -> bool:
        """Whether the record has only what was asked for, so that what is not there is not carried."""
        return False

    def headers(self) -> set[str]:
        """Return names in the source that are not keys of the tree, such as the headers of renamed columns."""
        return set()

    def page(self) -> Page:
        """Return the page around the record without its records, and the remarks on it; only JSON has pages."""
        return {}, []

    @property
    def begins_page(self) -> bool:
        """Whether the record is the first of a page."""
        return False

    @property
    def page_base(self) -> Keys:
        """The keys that lead to what `page` returns."""
        return self.base[:-2]

    @property
    def page_way(self) -> tuple[str, ...]:
        """The keys within what `page` returns that lead to the page with the rows."""
        return ()

    def settle(self) -> None:  # noqa: B027  most notations have nothing to drop
        """Drop what another thread could change, and what is valid only until the next record is read."""

    def changed(
        self, tree: Tree, names: Mapping[str, str], page: Page, notes: tuple[Remark, ...], selection: Selection
    ) -> "RawRecord":
        """Return the record with another tree, in which words were withheld.

        `names` has the new names of renamed keys; `page` is the new page.
        """
        base = self.base
        if self.around is not None:
            base = tuple(names.get(key, key) if isinstance(key, str) else key for key in base)
        made = attrs.evolve(self, content=None, base=base, notes=notes, **self.changes(names, page))
        made.content = made.written(tree, selection)
        return made

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        """Return the other attributes that change with the tree."""
        return {}

    def state(self) -> dict[str, Any]:
        """Return the arguments that make the record again, without the notation: pickle stores them."""
        fields = {str(field.alias): getattr(self, field.name) for field in attrs.fields(type(self))}
        return {name: value for name, value in fields.items() if name != "notation"}


@define(kw_only=True, eq=False)
class Unreadable:
    """A part of a document that should be a record and cannot be read as one."""

    error: TrialParseError
    path: str
    """Where it is."""
    around: str | None = None
    """The path of what holds it, if its own has a name from the source that is not of the format."""
    content: bytes = b""
    """What it is, where that is known."""
    is_line: bool = False
    """Whether `content` is a whole line of JSON lines, for which no place was given."""
    offset: int | None = None
    """Bytes of the document before it; None if that is not known."""
    count: int = 1
    """Number of parts, one after another, that cannot be read for this reason; it is the first."""
    numbers: tuple[Identifier, ...] = ()
    """Numbers of registers in its first bytes."""
    index: int = 0
    member: str | None = None

    def place(self, *, words: bool = True) -> Place:
        """Return where it is, or without such `words` where it is within."""
        path = self.path if words or self.around is None else self.around
        return Place(path=path, record=self.index, member=self.member, offset=self.offset)


@frozen(kw_only=True)
class Empty:
    """A document, or a page in it, of a known format that holds no record."""

    notation: Notation
    text: str
    """What it is, for the error if the whole source holds no record."""


Found: TypeAlias = "RawRecord | Unreadable | Empty"
"""What a document is split into."""
