"""A selection: what a mapping reads of a record, and the functions that read it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trialparse.generated.classes import frozen
from trialparse.prepared import imported_later, prepared_property
from trialparse.readers import json
from trialparse.readers.shapes import Names, Shape, Tree, fit, mended, struct_of, to_struct

if TYPE_CHECKING:
    from trialparse.readers.xml import picker
else:
    imported_later(globals(), picker="trialparse.readers.xml.picker")


@frozen(eq=False, slots=False)
class Selection:
    """The shape of what is read of a record, and what reads it, made at first use; it serves every notation."""

    shape: Shape

    @prepared_property
    def struct(self) -> Any:
        """The struct class of the shape."""
        struct = struct_of(self.shape)
        to_struct({}, struct)  # msgspec prepares nested types now, and not later in several threads at once
        return struct

    @prepared_property
    def empty(self) -> Any:
        """The struct of an empty record."""
        return self.struct()

    @prepared_property
    def read(self) -> Callable[[bytes], Any]:
        """Decodes the bytes of a JSON record into a struct; raises DoesNotFit and TrialParseError."""
        return json.struct_reader(self.struct)

    @prepared_property
    def pick(self) -> Callable[[Any], Tree]:
        """Picks what the shape wants from an XML element, without making its tree; raises DoesNotFit."""
        return picker.picker(self.shape) if self.shape.members else lambda element: {}

    def fit(self, tree: Tree) -> Tree:
        """Return the part of a tree that the shape wants."""
        return fit(tree, self.shape)

    def mend(self, fitted: Tree) -> tuple[Any, set[Names]]:
        """Return what fits of a fitted tree as a struct, and where something was of a wrong type; raises DoesNotFit."""
        tree, wrong = mended(fitted, self.shape)
        return self.convert(tree), wrong

    def convert(self, fitted: Tree) -> Any:
        """Return a fitted tree as a struct; raises DoesNotFit."""
        return to_struct(fitted, self.struct)
