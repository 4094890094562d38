"""One record of a document, not yet mapped; each notation has a class of its own in `trialparse.parsing.records`."""

import abc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias

import attrs

from trialparse.diagnostics import WITHHELD, Place, Problem, TrialParseError
from trialparse.limits import DEFAULTS, Limits
from trialparse.mapping import compiled
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.mapping.traced import json_of, words_of
from trialparse.parsing.audit import Account, Audit, Kinds, audit_of, kinds_of, unmapped
from trialparse.parsing.ledger import Ledger, make_ledger
from trialparse.prepared import LOCK
from trialparse.readers.paths import Key, Path, pointer
from trialparse.readers.shapes import DoesNotFit, Tree, fit

Keys = tuple[Key, ...]
Remark = tuple[Problem, Keys, str]


@attrs.define(eq=False, kw_only=True)
class Record(abc.ABC):
    """One record of a document: its tree, its words and where they are, in its notation."""

    lone: ClassVar[bool] = True
    """Whether a lone value may be a list of one: only JSON can tell them apart."""
    withheld_key: ClassVar[str] = WITHHELD
    """What replaces a name in a key."""

    format: Format
    _raw: Any = None
    limits: Limits = DEFAULTS
    """What a look at it may cost: those of the caller, whatever asks first."""
    base: Keys = ()
    """Keys that lead to the record within its document."""
    index: int = 0
    member: str | None = None
    notes: tuple[Remark, ...] = ()
    """What was odd before the record itself was looked at; the keys start at the document."""
    redacted: bool = False
    """Whether words about persons were taken out of it."""
    joins: dict[Keys, int] = attrs.field(factory=dict)
    """Places of keys that lists are joined by and that lost words, each with a number: the same for keys alike."""
    _struct: Any = None
    _tree: Tree = None
    _surveyed: tuple[Tree, tuple[Remark, ...]] | None = None

    # what each notation knows -----------------------------------------------------------------------------------------

    @abc.abstractmethod
    def look(self) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole record and what is odd about its notation; raises LimitExceeded."""

    @abc.abstractmethod
    def written(self, tree: Tree) -> Any:
        """Return a tree of the record in the notation of its raw form."""

    @classmethod
    @abc.abstractmethod
    def path_of(cls, format: Format | None, base: Keys) -> str:
        """Return the path of a record, or of a part of a document that is none."""

    @abc.abstractmethod
    def path(self, keys: Keys) -> str:
        """Return the path of what keys lead to within the record."""

    @property
    def raw(self) -> Any:
        """The record as it was: bytes, or the cells of a row."""
        return self._raw

    def words(self, keys: Keys, value: Tree) -> str:
        """Return an object or a list of the record in the words of its source."""
        return json_of(keys, value)

    def read(self) -> Tree:
        """Return the whole record as the mapping reads it."""
        return self.leaves(self.surveyed()[0])

    def leaves(self, tree: Tree) -> Tree:
        """Return a tree of the record as the mapping reads it."""
        return tree

    def wanted(self, mapping: compiled.Mapping) -> Tree:
        """Return what a mapping wants of the record."""
        return fit(self.tree(), mapping.shape)

    def make_struct(self, mapping: compiled.Mapping) -> Any:
        """Return the record as a struct; raises DoesNotFit."""
        return mapping.convert(self.wanted(mapping))

    def hold(self) -> None:  # noqa: B027  most notations have nothing to hold
        """Hold the limits that a look at a part of the record would not meet."""

    def line_finder(self) -> Callable[[Keys], int | None]:
        """Return the function that gives the line of the document for what keys lead to, where lines are known."""
        return lambda keys: None

    def account(self, ledger: Ledger, kinds: Kinds) -> Account:
        """Return the account of all leaves of the record."""
        account = Account(kinds)
        account.walk(self.surveyed()[0], ledger)
        return account

    def said(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        """Return what is odd about the notation of a tree in which words were withheld."""
        return remarks

    @classmethod
    def read_paths(cls, paths: set[Path]) -> set[Path]:
        """Return the paths at which leaves are read, where these are wanted."""
        return paths

    # the page that the record was in: only JSON has such --------------------------------------------------------------

    def around(self) -> tuple[Tree, list[Remark]]:
        """Return the page of the record without its records, and what is odd about its notation."""
        return {}, []

    # what all share ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Make the record fit to be handed out: whichever thread looks at it, nothing that it holds changes any more.

        It lets go of the struct, whose class pickle could not find.
        """
        self._struct = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the values by which the record can be made again."""
        return partial(type(self), **self.values()), ()

    def values(self) -> dict[str, Any]:
        """Return the values by which the record can be made again."""
        return {str(field.alias): getattr(self, field.name) for field in attrs.fields(type(self))}

    def struct(self, mapping: compiled.Mapping) -> Any:
        """Return the record as a struct of what the mapping wants; None where it does not fit."""
        if self._struct is None:
            try:
                self._struct = self.make_struct(mapping)
            except DoesNotFit:
                return None
        return self._struct

    def tree(self) -> Tree:
        """Return the whole record as a plain tree, as the mapping reads it."""
        if self._tree is None:
            self._tree = self.read()
        return self._tree

    def surveyed(self) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole record and what is odd about its notation; raises LimitExceeded."""
        if self._surveyed is None:
            self._surveyed = self.look()
        return self._surveyed

    def headers(self) -> set[str]:
        """Return the names in the source that are no keys of the tree."""
        return set()

    def changed(self, tree: Tree, names: Mapping[str, str], page: tuple[Tree, list[Remark]], **values: Any) -> "Record":
        """Return the record with another tree, in which words were withheld.

        `names` are the keys that have other names, `page` is what `around` gives from now on.
        """
        made = attrs.evolve(
            self,
            **{
                "raw": None,
                "tree": self.leaves(tree),
                "struct": None,
                "surveyed": (tree, ()),
                "redacted": True,
                **values,
            },
        )
        return attrs.evolve(made, raw=made.written(tree))

    def remarks(self) -> list[tuple[Problem, Place, str]]:
        """Return what is odd about the notation of the record, and about its document for the first one of it."""
        around = [(problem, (*self.base[:-2], *keys), text) for problem, keys, text in self.around()[1]]
        found = [(problem, self.place_in_document(keys), text) for problem, keys, text in (*self.notes, *around)]
        return found + [(problem, self.place(keys), text) for problem, keys, text in self.surveyed()[1]]

    def place_in_document(self, keys: Keys) -> Place:
        """Return the place of keys from the root of the document."""
        return Place(path=pointer(keys), record=self.index, member=self.member)

    def place(self, keys: Keys, line: int | None = None) -> Place:
        """Return the place of keys within the record."""
        return Place(path=self.path(keys), record=self.index, member=self.member, line=line)

    def ledger(self) -> Ledger:
        """Return the ledger of the record's format."""
        return ledger_of(self.format, type(self).read_paths)

    def unexpected(self) -> Iterator[tuple[Keys, str]]:
        """Give keys and words of each leaf that no row reads, where a schema has all that can be there."""
        if self.format.closed:
            for keys, value in unmapped(self.surveyed()[0], self.ledger()):
                yield keys, words_of(value)

    def audit(self, paths: bool = False) -> Audit:
        """Return the account of every leaf of the record, and of its page for the first record of one."""
        ledger, kinds = self.ledger(), kinds_of(redacted=self.redacted, paths=paths)
        account = self.account(ledger, kinds)
        return audit_of(account, self.surveyed()[0], ledger, self.base, paths)


@attrs.define(eq=False, kw_only=True)
class Unreadable:
    """A part of a document that is no record of a known format."""

    error: TrialParseError
    base: Keys = ()
    index: int = 0
    member: str | None = None
    format: Format | None = None
    """The format of its neighbours, where that says how places are written."""
    kind: type[Record] | None = None
    """The class of its neighbours."""

    def place(self) -> Place:
        """Return where it is."""
        path = pointer(self.base) if self.kind is None else self.kind.path_of(self.format, self.base)
        return Place(path=path, record=self.index, member=self.member)


@attrs.frozen(kw_only=True)
class Empty:
    """A document of a known format that holds no record, which is an answer too; so is a PDF among others."""

    format: Format | None
    text: str
    """What it is."""


Found: TypeAlias = "Record | Unreadable | Empty"

_LEDGERS: dict[Format, Ledger] = {}


def ledger_of(format: Format, read_paths: Callable[[set[Path]], set[Path]]) -> Ledger:
    """Return the ledger of a format's records; `read_paths` gives the paths of leaves for those that are wanted.

    It learns from the documents, so it is kept; a full one gives way to a new one, and whoever is still at work with it
    goes on: nothing is taken out of a ledger.
    """
    with LOCK:
        known = _LEDGERS.get(format)
        if known is None or known.full:
            mapping = mapping_of(format)
            known = _LEDGERS[format] = make_ledger(mapping.rows, read_paths(wanted(mapping.plan)))
    return known
