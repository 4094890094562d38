"""JSON whose keys a converter made of the lines of a form: read as the form's own records are."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from trialparse.diagnostics import Problem
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.prepared import imported_later, prepared_property
from trialparse.readers import json
from trialparse.readers.json import Survey
from trialparse.readers.notations.json import Json, JsonRecord
from trialparse.readers.paths import TRANSLATIONS, Keys, Path, pointer
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Remark, Tree

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from trialparse.readers import form, keyed
else:
    imported_later(globals(), form="trialparse.readers.form", keyed="trialparse.readers.keyed")


@frozen(kw_only=True, eq=False, slots=False)
class KeyedJson(Json):
    """Objects of JSON whose keys are the codes and labels of a form."""

    name: ClassVar[str] = "keyed"
    title: ClassVar[str] = "JSON"
    lone: ClassVar[bool] = True
    translations: ClassVar[str] = TRANSLATIONS

    table: "Traversable"
    """The table of the form, as the register prints it."""
    own: "Traversable"
    """The table of the lines that the converter calls otherwise, and of the lists that it makes."""
    elements: frozenset[str] = frozenset()
    """The keys of elements of XML that the converter put beside the form."""
    attributes: frozenset[str] = frozenset()
    """The names of their attributes, and of those of the root around them."""

    @property
    def tables(self) -> "tuple[Traversable, ...]":
        return (self.table, self.own)

    @prepared_property
    def form(self) -> "keyed.KeyedForm":
        """The form, and how the converter names its lines."""
        own = form.read_form(self.own)
        return keyed.KeyedForm(form.read_form(self.table), own, self.elements, self.attributes)

    def record(self, raw: bytes, base: Keys, limits: Limits) -> JsonRecord:
        return KeyedRecord(notation=self, content=raw, base=base, limits=limits)

    def holds(self, path: Path) -> bool:
        return not path or self.form.holds(tuple(step.key for step in path if not step.opener))


@define(kw_only=True, eq=False)
class KeyedRecord(JsonRecord):
    """An object of JSON whose keys are the codes and labels of a form."""

    is_surveyable: ClassVar[bool] = False

    _made: "keyed.Keyed | None" = None
    """The tree with the places of its values, until the record is settled."""
    _odd: tuple[Remark, ...] = ()
    """The remarks on the object itself."""

    def settle(self) -> None:
        self._made = None
        super().settle()

    def state(self) -> dict[str, Any]:
        return super().state() | {"made": None}

    def made(self) -> "keyed.Keyed":
        """Return the tree and its places, read once."""
        if self._made is None:
            value, odd = json.tree(self.content, self.limits)
            self._made, self._odd = self.notation.form.read(value), tuple(odd)
        return self._made

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        json.check_utf8(self.content)
        made = self.made()
        found = [*self._odd, *made.remarks]
        return made.tree, tuple((problem, made.of_source(keys), text) for problem, keys, text in found)

    def read(self) -> Tree:
        raise DoesNotFit

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        return selection.convert(self.fitted(tree(), selection))

    def fitted(self, tree: Tree, selection: Selection) -> Tree:
        return selection.fit(tree)

    def is_whole(self, survey: Survey) -> bool:
        return False

    def written(self, tree: Tree, selection: Selection) -> bytes:
        return json.encode(self.notation.form.written(tree))

    def path(self, keys: Keys) -> str:
        return pointer((*self.base, *(self.made().place(keys) if keys else ())))

    def remarks_on(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        return [one for one in remarks if one[0] is Problem.LOOKS_LIKE_KEY] + super().remarks_on(tree, remarks)

    def changes(self, names: Any, page: Any) -> dict[str, Any]:
        return super().changes(names, page) | {"made": None, "odd": ()}
