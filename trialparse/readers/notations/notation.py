"""What all notations share: a notation recognises a document and splits it; a raw record is one record in it."""

import abc
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import attrs

from trialparse.diagnostics import WITHHELD, Place, TrialParseError
from trialparse.limits import Limits
from trialparse.readers.json import Remark, Survey, words_of
from trialparse.readers.paths import Keys, Path
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Tree
from trialparse.readers.source import Document

Page = tuple[Tree, list[Remark]]
"""A page without its records, and what is odd about its notation."""

Kind_co = TypeVar("Kind_co", bound="Notation", covariant=True)


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Notation:
    """How a format writes its records; this one is the notation of records that no document holds."""

    name: ClassVar[str] = ""
    """`json`, `xml`, `html`, `text` or `csv`."""
    title: ClassVar[str] = ""
    """The name for readers."""
    lone: ClassVar[bool] = True
    """Whether a lone value may be a list of one: only JSON can tell them apart."""
    withheld_key: ClassVar[str] = WITHHELD
    """What replaces a name in a key."""
    translations: ClassVar[str] = ""
    """How a key ends that holds the translations of another; empty if there are none."""
    tables: ClassVar[tuple[str, ...]] = ()
    """The names of the settings that name a table in the folder of the register."""

    @classmethod
    def looks(cls, document: Document, start: bytes, candidates: "Sequence[Candidate[Any]]") -> bool:
        """Whether a document can be in the notation; `start` are its first bytes without white space before them."""
        return False

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: "Sequence[Candidate[Any]]") -> "Iterator[Found]":
        """Yield the records of a document; raises UnrecognisedFormat if it is of none of these formats."""
        raise NotImplementedError

    @classmethod
    def looked_for(cls, candidates: "Sequence[Candidate[Any]]") -> str:
        """Return what a document of these formats has that none was recognised by."""
        return ""

    @property
    def signs(self) -> Iterator[Hashable]:
        """Yield what a document of the format has; two formats with an equal sign cannot be told apart."""
        return iter(())

    @property
    def rank(self) -> int:
        """How much a document must have; a format that asks for more is tried before one that asks for less."""
        return 0

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the settings."""
        return iter(())

    def read_paths(self, paths: set[Path]) -> set[Path]:
        """Return the paths at which leaves are read, where these are wanted."""
        return paths


@attrs.frozen(kw_only=True, eq=False)
class Candidate(Generic[Kind_co]):
    """A format that a document may have."""

    name: str
    title: str
    """The title for readers."""
    notation: Kind_co
    selection: Callable[[], Selection]
    """Gives what is read of a record; made at first use."""


@attrs.define(kw_only=True, eq=False)
class RawRecord(abc.ABC):
    """One record of a document, as its notation has it: its tree, its words and where they are."""

    notation: Any
    content: Any = None
    """The record as it was, if it is held so; see `original`."""
    limits: Limits
    """What a look at it may cost."""
    base: Keys = ()
    """Keys that lead to the record within its document."""
    notes: tuple[Remark, ...] = ()
    """What was odd before the record itself was looked at; the keys start at the document."""

    accounts: ClassVar[bool] = False
    """Whether the survey of a walk can show that the notation is not odd, which saves a look."""
    rereads: ClassVar[bool] = False
    """Whether the tree is made again at need, and not kept."""

    @property
    def original(self) -> Any:
        """The record as it was: bytes, or the cells of a row."""
        return self.content

    # what each notation knows -----------------------------------------------------------------------------------------

    @abc.abstractmethod
    def look(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole record and what is odd about its notation; raises LimitExceeded."""

    @abc.abstractmethod
    def written(self, tree: Tree, selection: Selection) -> Any:
        """Return a tree of the record in the notation of its content."""

    @abc.abstractmethod
    def path(self, keys: Keys) -> str:
        """Return the path of what keys lead to within the record."""

    def words(self, keys: Keys, value: Tree) -> str:
        """Return an object or a list of the record in the words of its source."""
        return words_of(value)

    def read(self) -> Tree:
        """Return the tree at less cost than by a look; raises DoesNotFit where there is no such way."""
        raise DoesNotFit

    def leaves(self, tree: Tree, selection: Selection) -> Tree:
        """Return a tree of the record as a mapping reads it."""
        return tree

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        """Return the record as a struct; `tree` gives its whole tree at need. Raises DoesNotFit."""
        return selection.convert(selection.fit(tree()))

    def needs_look(self) -> bool:
        """Whether the record may be beyond a limit that only a look at all of it meets."""
        return False

    def line_finder(self) -> Callable[[Keys], int | None]:
        """Return the function that gives the line of the document for what keys lead to, where lines are known."""
        return lambda keys: None

    def said(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        """Return what is odd about the notation of a tree in which words were withheld."""
        return remarks

    def is_whole(self, survey: Survey) -> bool:
        """Whether the survey of a walk shows that the notation is not odd; raises LimitExceeded."""
        return False

    def headers(self) -> set[str]:
        """Return the names in the source that are no keys of the tree."""
        return set()

    def page(self) -> Page:
        """Return the page that the record was in without its records, and what is odd about it: only JSON has such."""
        return {}, []

    @property
    def pages(self) -> bool:
        """Whether the record is the first of a page."""
        return False

    def settle(self) -> None:  # noqa: B027  most notations hold nothing else
        """Let go of what another thread could change, or what does not outlive the next record."""

    def changed(
        self, tree: Tree, names: Mapping[str, str], page: Page, notes: tuple[Remark, ...], selection: Selection
    ) -> "RawRecord":
        """Return the record with another tree, in which words were withheld.

        `names` are the keys that have other names, `page` is what `page` gives from now on.
        """
        made = attrs.evolve(self, content=None, notes=notes, **self.renewed(names, page))
        made.content = made.written(tree, selection)
        return made

    def renewed(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        """Return the other values that change with the tree."""
        return {}

    def values(self) -> dict[str, Any]:
        """Return the values by which the record can be made again, without the notation."""
        fields = {str(field.alias): getattr(self, field.name) for field in attrs.fields(type(self))}
        return {name: value for name, value in fields.items() if name != "notation"}


@attrs.define(kw_only=True, eq=False)
class Unreadable:
    """A part of a document that is no record of a known format."""

    error: TrialParseError
    path: str
    """Where it is."""
    index: int = 0
    member: str | None = None

    def place(self) -> Place:
        """Return where it is."""
        return Place(path=self.path, record=self.index, member=self.member)


@attrs.frozen(kw_only=True)
class Empty:
    """A document of a known format without records, which is an answer too; so is a PDF among others."""

    notation: Notation | None
    text: str
    """What it is."""


Found: TypeAlias = "RawRecord | Unreadable | Empty"
