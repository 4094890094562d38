"""A selection: what a mapping reads of a record, and the structs that hold it."""

from collections.abc import Callable
from typing import Any

import attrs

from trialparse.prepared import prepared_property
from trialparse.readers import json
from trialparse.readers.shapes import Shape, Tree, fit, struct_of, to_struct
from trialparse.readers.xml_fast import picker


@attrs.frozen(eq=False, slots=False)
class Selection:
    """The shape that is read of a record, whatever its notation; each part is made at first use."""

    shape: Shape

    @prepared_property
    def struct(self) -> Any:
        """The struct class of a record, ready for any thread."""
        struct = struct_of(self.shape)
        to_struct({}, struct)  # msgspec prepares nested types now, not in several threads at once
        return struct

    @prepared_property
    def empty(self) -> Any:
        """The struct of an empty record."""
        return self.struct()

    @prepared_property
    def read(self) -> Callable[[bytes], Any]:
        """The decoder of a JSON record's bytes into a struct."""
        return json.struct_reader(self.struct)

    @prepared_property
    def pick(self) -> Callable[[Any], Tree]:
        """Picks the values of the shape from an XML element, without its tree; raises DoesNotFit."""
        return picker(self.shape) if self.shape.members else lambda element: {}

    def fit(self, tree: Tree) -> Tree:
        """Return what the shape has of a tree; raises DoesNotFit."""
        return fit(tree, self.shape)

    def convert(self, fitted: Tree) -> Any:
        """Return a fitted tree as a struct; raises DoesNotFit."""
        return to_struct(fitted, self.struct)
