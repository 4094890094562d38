"""A record of a document before it is mapped: its format, its place, and its raw record in the notation."""

from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import attrs

from trialparse.diagnostics import Place, Problem
from trialparse.generated.classes import define
from trialparse.mapping import compiled
from trialparse.mapping.compiled import mapping_of, wanted
from trialparse.mapping.format import Format
from trialparse.mapping.rows import Row
from trialparse.model.building import maker
from trialparse.parsing.audit import (
    Account,
    Audit,
    Kinds,
    audit_of,
    is_placeholder,
    kinds_of,
    unmapped,
    without_passed_over,
    without_reasons,
)
from trialparse.parsing.conditions import conditional, passed_over
from trialparse.parsing.ledger import UNMAPPED, Ledger, make_ledger
from trialparse.parsing.reasons import Claim, Nodes, claims_of, refuted
from trialparse.prepared import LOCK
from trialparse.readers.cut import Cut
from trialparse.readers.json import Survey, words_of
from trialparse.readers.notations import Json, Page, RawRecord
from trialparse.readers.paths import Keys, Step, pointer
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Names, Remark, Tree

T = TypeVar("T")


@define(eq=False, kw_only=True)
class Record:
    """One record of a document. It adds format and place to its raw record, and keeps what was read of it."""

    format: Format
    raw: RawRecord
    """The record in its notation."""
    index: int = 0
    member: str | None = None
    redacted: bool = False
    """Whether words about persons were withheld."""
    joins: dict[Keys, int] = attrs.field(factory=dict)
    """Places of join keys that lost words; keys that were equal have the same number."""
    _tree: Tree = None
    _examined: tuple[Tree, tuple[Remark, ...]] | None = None

    # its values -------------------------------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What the mapping of its format reads."""
        return mapping_of(self.format).selection

    def struct(self, mapping: compiled.Mapping) -> tuple[Any, set[Names]] | None:
        """Return what the mapping reads as a struct, and where something was of a wrong type; None if nothing fits.

        It is not kept: a record that users hold is pickled, and read by several threads.
        """
        selection = mapping.selection
        try:
            return self.raw.struct(selection, self.tree), set()
        except DoesNotFit:
            pass
        try:
            return selection.mend(self.raw.fitted(self.tree(), selection))
        except DoesNotFit:
            return None

    def tree(self) -> Tree:
        """Return the whole record as a plain tree, as the mapping reads it."""
        tree = self._tree  # another thread may let go of it
        if tree is None:
            tree = self._tree = self._read()
        return tree

    def _read(self) -> Tree:
        """Read the tree the cheap way if there is one and `examined` was not called."""
        if self._examined is None:
            try:
                return self.raw.read()
            except DoesNotFit:
                pass
        return self.leaves(self.examined()[0])

    def leaves(self, tree: Tree) -> Tree:
        """Return a tree of the record with a leaf wherever the mapping wants one."""
        return self.raw.leaves(tree, self.selection)

    def examined(self) -> tuple[Tree, tuple[Remark, ...]]:
        """Return the whole tree of the record and the remarks on it, read once; raises LimitExceeded."""
        if self._examined is None:
            self._examined = self.raw.examine(self.selection)
        return self._examined

    def walked(self, walk: Callable[[Tree], tuple[T, Survey]]) -> T:
        """Return what a walk over the whole tree finds; if it shows that there are no remarks, it saves `examine`."""
        if self.raw.is_surveyable and self._examined is None:
            tree = self.tree()
            found, survey = walk(tree)
            if self.raw.is_whole(survey):
                self._examined = tree, ()
                return found
            del tree, found  # a large record is not held twice
            self._tree = None
        return walk(self.examined()[0])[0]

    def check_limits(self) -> None:
        """Raise LimitExceeded even if the leaves that the mapping reads are within the limits."""
        self.raw.check_limits()
        if self.raw.must_examine():
            self.examined()

    def cut(self) -> Cut | None:
        """Return what the record lacks because it was cut off; None if it is whole."""
        return self.raw.cut(self.tree)

    def settle(self) -> None:
        """Drop what must not be handed out: what another thread could change, and what is cheap to make again."""
        self.raw.settle()
        if self.raw.drops_tree and self._examined is None:
            self._tree = None

    def changed(self, tree: Tree, names: Mapping[str, str], page: Page, **values: Any) -> "Record":
        """Return the record with another tree, in which words were withheld.

        `names` has the new names of renamed keys; `page` is the new page; `values` are other attributes, with `notes`.
        """
        raw = self.raw.changed(tree, names, page, values.pop("notes"), self.selection)
        leaves = self.leaves(tree)
        return attrs.evolve(self, raw=raw, tree=leaves, examined=(tree, ()), redacted=True, **values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the arguments that make the record again; its notation is that of its format.

        Trees are read again on request, except the one from which words were withheld.
        """
        own = {str(field.alias): getattr(self, field.name) for field in attrs.fields(Record)}
        del own["raw"], own["tree"]
        if not self.redacted:
            del own["examined"]
        return _unpickled, (type(self.raw), self.raw.state(), own)

    # its places and remarks -------------------------------------------------------------------------------------------

    def remarks(self) -> list[tuple[Problem, Place, str]]:
        """Return the remarks on the record; the first record of a document also has those on the document."""
        around = [(problem, (*self.raw.page_base, *keys), text) for problem, keys, text in self.raw.page()[1]]
        found = [(problem, self.place_in_document(keys), text) for problem, keys, text in (*self.raw.notes, *around)]
        return found + [(problem, self.place(keys), text) for problem, keys, text in self.examined()[1]]

    def place_in_document(self, keys: Keys) -> Place:
        """Return the place of what keys from the root of the document lead to."""
        return Place(path=pointer(keys), record=self.index, member=self.member)

    def place(self, keys: Keys, line: int | None = None) -> Place:
        """Return the place of what keys within the record lead to."""
        made: Place = maker(Place)(self.raw.path(keys), self.index, self.member, None, 0, line)
        return made

    def place_at(self, path: str) -> Place:
        """Return the place at a path of the source."""
        made: Place = maker(Place)(path, self.index, self.member)
        return made

    # the account of its leaves ----------------------------------------------------------------------------------------

    def ledger(self) -> Ledger:
        """Return the ledger of the record's format; for a large record it is one of its own, with a bound."""
        return new_ledger(self.format, bounded=True) if self.raw.is_large() else ledger_of(self.format)

    def unexpected(self) -> Iterator[tuple[Keys, str]]:
        """Yield keys and words of each leaf that no row reads, if the schema of the format is complete."""
        if self.format.closed:
            tree, ledger = self.examined()[0], self.ledger()
            nodes = Nodes(tree)
            passed = self._passed_over(nodes)
            verdict = partial(_verdict, ledger, passed)
            for keys, value in unmapped(tree, ledger):
                yield keys, words_of(value)
            left = [(keys, value) for keys, value in passed.items() if verdict(keys) == UNMAPPED]
            left += [(keys, value) for keys, value, _ in refuted(nodes, self._claims(), verdict)]
            for keys, value in left:
                if not is_placeholder(value):
                    yield keys, words_of(value)

    def audit(self, paths: bool = False) -> Audit:
        """Return the account of every leaf; the first record of a page also counts the leaves of the page."""
        ledger, kinds = self.ledger(), kinds_of(redacted=self.redacted, paths=paths)
        account = self._account(ledger, kinds)
        tree = self.examined()[0]
        nodes = Nodes(tree)
        passed = self._passed_over(nodes)
        audit = audit_of(account, tree, ledger, self.raw.base, paths)
        audit = without_passed_over(audit, passed, ledger, self.raw.base)
        claims = [claim for claim in self._claims() if claim.reason in audit.ignored]
        false = refuted(nodes, claims, partial(_verdict, ledger, passed))
        audit = without_reasons(audit, false, ledger, self.raw.base)
        if not self.raw.begins_page:
            return audit
        value, ledger, account = self.raw.page()[0], _page_ledger(self.raw.notation, self.raw.page_way), Account(kinds)
        account.walk(value, ledger)
        return audit + audit_of(account, value, ledger, self.raw.page_base, paths)

    def _passed_over(self, nodes: Nodes) -> dict[Keys, Tree]:
        """Return the leaves that rows would read under another condition, by their keys."""
        return dict(passed_over(nodes, conditional(mapping_of(self.format))))

    def _claims(self) -> tuple[Claim, ...]:
        """Return what the rows of the format say of leaves that they ignore."""
        return claims_of(mapping_of(self.format))

    def _account(self, ledger: Ledger, kinds: Kinds) -> Account:
        """Return the account of all leaves."""

        def walk(tree: Tree) -> tuple[Account, Survey]:
            account = Account(kinds)
            account.walk(tree, ledger)
            return account, account.survey

        return self.walked(walk)


def _unpickled(kind: Callable[..., RawRecord], raw: Mapping[str, Any], own: Mapping[str, Any]) -> Record:
    """Return a record from its pickle."""
    return Record(raw=kind(notation=own["format"].notation, **raw), **own)


def _verdict(ledger: Ledger, passed: Container[Keys], keys: Keys) -> str:
    """Return the verdict on the leaf that keys lead to; those that every row has `passed` over are not read."""
    entry = ledger.at(keys)
    return entry.otherwise(empty=False) if keys in passed else entry.judge(False)


def _page_ledger(notation: Json, way: tuple[str, ...]) -> Ledger:
    """Return the ledger of a page without its records, to which a `way` of keys leads: all of it is transport."""
    paths = [(*map(Step, way), Step(key), Step("**")) for key in notation.envelope]
    return make_ledger([Row(field="", paths=(path,), verb="ignore", argument="transport") for path in paths], ())


_LEDGERS: dict[Format, Ledger] = {}


def ledger_of(format: Format) -> Ledger:
    """Return the ledger of a format's records.

    A ledger learns the paths of documents, so it is kept until it is full. Then a new one takes its place; others may
    go on with the full one, because nothing is taken out of it.
    """
    with LOCK:
        known = _LEDGERS.get(format)
        if known is None or known.full:
            known = _LEDGERS[format] = new_ledger(format)
    return known


def new_ledger(format: Format, *, bounded: bool = False) -> Ledger:
    """Return a ledger that has seen no record."""
    mapping = mapping_of(format)
    return make_ledger(mapping.rows, format.notation.leaf_paths(wanted(mapping.plan)), bounded=bounded)
