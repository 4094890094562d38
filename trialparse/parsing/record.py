"""One record of a document, not yet mapped: its format, its raw record in the notation of the source, and its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from trialparse.diagnostics import Place, Problem
from trialparse.mapping import compiled
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.parsing.audit import Account, Audit, Kinds, audit_of, kinds_of, unmapped
from trialparse.parsing.ledger import Ledger, make_ledger
from trialparse.prepared import LOCK
from trialparse.readers.json import Remark, words_of
from trialparse.readers.notations import Json, Page, RawRecord
from trialparse.readers.paths import Keys, Step, pointer
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Tree


@attrs.define(eq=False, kw_only=True)
class Record:
    """One record of a document: it knows its format and place, and asks its raw record for all else."""

    format: Format
    raw: RawRecord
    """The record as its notation has it."""
    index: int = 0
    member: str | None = None
    redacted: bool = False
    """Whether words about persons were taken out of it."""
    joins: dict[Keys, int] = attrs.field(factory=dict)
    """Places of keys that lists are joined by and that lost words, each with a number: the same for keys alike."""
    _struct: Any = None
    _tree: Tree = None
    _surveyed: tuple[Tree, tuple[Remark, ...]] | None = None

    # what is read of it -----------------------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is read of such a record."""
        return mapping_of(self.format).selection

    def struct(self, mapping: compiled.Mapping) -> Any:
        """Return the record as a struct of what the mapping reads; None where it does not fit."""
        if self._struct is None:
            try:
                self._struct = self.raw.struct(mapping.selection, self.tree)
            except DoesNotFit:
                return None
        return self._struct

    def tree(self) -> Tree:
        """Return the whole record as a plain tree, as the mapping reads it."""
        if self._tree is None:
            self._tree = self._read()
        return self._tree

    def _read(self) -> Tree:
        if self._surveyed is None:
            try:
                return self.raw.read()
            except DoesNotFit:
                pass
        return self.leaves(self.surveyed()[0])

    def leaves(self, tree: Tree) -> Tree:
        """Return a tree of the record as the mapping reads it."""
        return self.raw.leaves(tree, self.selection)

    def surveyed(self) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole record and what is odd about its notation; raises LimitExceeded."""
        if self._surveyed is None:
            self._surveyed = self.raw.look(self.selection)
        return self._surveyed

    def hold(self) -> None:
        """Hold the limits that a look at a part of the record would not meet."""
        if self.raw.needs_look():
            self.surveyed()

    def settle(self) -> None:
        """Make the record fit to be handed out: whichever thread looks at it, nothing that it holds changes any more.

        It lets go of the struct, whose class pickle could not find.
        """
        self._struct = None
        self.raw.settle()
        if self.raw.rereads and self._surveyed is None:
            self._tree = None

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> "Record":
        """Return the record with another tree, in which words were withheld.

        `names` are the keys that have other names, `page` is its page from now on, `notes` what was odd before.
        """
        raw = self.raw.changed(tree, names, page, values.pop("notes"), self.selection)
        leaves = self.leaves(tree)
        return attrs.evolve(self, raw=raw, tree=leaves, struct=None, surveyed=(tree, ()), redacted=True, **values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the values by which the record can be made again; its notation is that of its format."""
        own = {str(field.alias): getattr(self, field.name) for field in attrs.fields(Record)}
        del own["raw"]
        return _made_again, (type(self.raw), self.raw.values(), own)

    # where it is, and what is odd about it ----------------------------------------------------------------------------

    def remarks(self) -> list[tuple[Problem, Place, str]]:
        """Return what is odd about the notation of the record, and about its document for the first one of it."""
        around = [(problem, (*self.raw.base[:-2], *keys), text) for problem, keys, text in self.raw.page()[1]]
        found = [(problem, self.place_in_document(keys), text) for problem, keys, text in (*self.raw.notes, *around)]
        return found + [(problem, self.place(keys), text) for problem, keys, text in self.surveyed()[1]]

    def place_in_document(self, keys: Keys) -> Place:
        """Return the place of keys from the root of the document."""
        return Place(path=pointer(keys), record=self.index, member=self.member)

    def place(self, keys: Keys, line: int | None = None) -> Place:
        """Return the place of keys within the record."""
        return Place(path=self.raw.path(keys), record=self.index, member=self.member, line=line)

    # what becomes of its leaves ---------------------------------------------------------------------------------------

    def ledger(self) -> Ledger:
        """Return the ledger of the record's format."""
        return ledger_of(self.format)

    def unexpected(self) -> Iterator[tuple[Keys, str]]:
        """Yield keys and words of each leaf that no row reads, where a schema has all that can be there."""
        if self.format.closed:
            for keys, value in unmapped(self.surveyed()[0], self.ledger()):
                yield keys, words_of(value)

    def audit(self, paths: bool = False) -> Audit:
        """Return the account of every leaf of the record, and of its page for the first record of one."""
        ledger, kinds = self.ledger(), kinds_of(redacted=self.redacted, paths=paths)
        account = self._account(ledger, kinds)
        audit = audit_of(account, self.surveyed()[0], ledger, self.raw.base, paths)
        if not self.raw.pages:
            return audit
        value, ledger, account = self.raw.page()[0], _page_ledger(self.raw.notation), Account(kinds)
        account.walk(value, ledger)
        return audit + audit_of(account, value, ledger, self.raw.base[:-2], paths)

    def _account(self, ledger: Ledger, kinds: Kinds) -> Account:
        """Return the account of all leaves; where it shows that the notation is not odd, no look is needed."""
        account = Account(kinds)
        if self.raw.accounts and self._surveyed is None:
            tree = self.tree()
            account.walk(tree, ledger)
            if self.raw.is_whole(account.survey):
                self._surveyed = tree, ()
                return account
            account = Account(kinds)
        account.walk(self.surveyed()[0], ledger)
        return account


def _made_again(kind: Callable[..., RawRecord], raw: Mapping[str, Any], own: Mapping[str, Any]) -> Record:
    """Return a pickled record."""
    return Record(raw=kind(notation=own["format"].notation, **raw), **own)


def _page_ledger(notation: Json) -> Ledger:
    """Return the ledger of a page without its records."""
    paths = [(Step(key), Step("**")) for key in notation.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


_LEDGERS: dict[Format, Ledger] = {}


def ledger_of(format: Format) -> Ledger:
    """Return the ledger of a format's records.

    It learns from the documents, so it is kept; a full one gives way to a new one, and whoever is still at work with it
    goes on: nothing is taken out of a ledger.
    """
    with LOCK:
        known = _LEDGERS.get(format)
        if known is None or known.full:
            mapping = mapping_of(format)
            known = _LEDGERS[format] = make_ledger(mapping.rows, format.notation.read_paths(wanted(mapping.plan)))
    return known
