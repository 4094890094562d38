"""A record of a document before it is mapped: its format, its place, and its raw record in the notation."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from trialparse.diagnostics import Place, Problem
from trialparse.generated.classes import define
from trialparse.mapping import compiled
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.model.building import maker
from trialparse.readers.cut import Cut
from trialparse.readers.json import Survey
from trialparse.readers.notations import Page, RawRecord
from trialparse.readers.paths import Keys, pointer
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
    matcher: str = ""
    """What the telephone numbers were found by that were withheld; empty where nothing was to be withheld."""
    joins: dict[Keys, int] = attrs.field(factory=dict)
    """Places of join keys that lost words; keys that were equal have the same number."""
    _tree: Tree = None
    _examined: tuple[Tree, tuple[Remark, ...]] | None = None

    @property
    def redacted(self) -> bool:
        """Whether words about persons were withheld."""
        return bool(self.matcher)

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

        `names` has the new names of renamed keys; `page` is the new page; `values` are other attributes, with `notes`
        and `matcher`.
        """
        raw = self.raw.changed(tree, names, page, values.pop("notes"), self.selection)
        leaves = self.leaves(tree)
        return attrs.evolve(self, raw=raw, tree=leaves, examined=(tree, ()), **values)

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

    @property
    def own_place(self) -> Place:
        """The place of the record itself."""
        made: Place = maker(Place)(self.raw.path(()), self.index, self.member, None, 0, None, self.raw.offset)
        return made

    def place_at(self, path: str) -> Place:
        """Return the place at a path of the source."""
        made: Place = maker(Place)(path, self.index, self.member)
        return made


def _unpickled(kind: Callable[..., RawRecord], raw: Mapping[str, Any], own: Mapping[str, Any]) -> Record:
    """Return a record from its pickle."""
    return Record(raw=kind(notation=own["format"].notation, **raw), **own)
