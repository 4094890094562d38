"""What the fields of a record hold, as their JSON has it."""

import types
import typing
from typing import Any, NamedTuple

import attrs

from trialparse.generated.classes import has_fields, outline_of
from trialparse.model.building import defaults
from trialparse.prepared import prepared
from trialparse.vocabulary import Term


class Field(NamedTuple):
    """One field of a record."""

    name: str
    kinds: tuple[type, ...]
    """The types of its value, or of the items in it, None left aside: one, or two types of numbers."""
    container: type | None
    """What holds the items: `tuple`, `frozenset`, or None."""
    required: bool
    default: Any
    """What it holds if it is left out."""

    @property
    def kind(self) -> type:
        """The type of its value, or of the items in it; of two types of numbers the first."""
        return self.kinds[0]

    @property
    def is_record(self) -> bool:
        """Whether it holds a record, or records."""
        return has_fields(self.kind)

    @property
    def is_term(self) -> bool:
        """Whether it holds a term, or terms."""
        return issubclass(self.kind, Term)

    @property
    def terms(self) -> dict[str, Term]:
        """The terms that it can hold, by name; none if it holds something else."""
        return {term.name: term for term in self.kind} if issubclass(self.kind, Term) else {}


@prepared
def fields(cls: type) -> tuple[Field, ...]:
    """Return the fields of a record class in their order."""
    found = []
    for name, (held, default) in outline_of(cls).items():
        union = typing.get_args(held) if isinstance(held, types.UnionType) else (held,)
        kinds = tuple(kind for kind in union if kind is not type(None))
        container = typing.get_origin(kinds[0])
        found.append(
            Field(
                name=name,
                kinds=kinds if container is None else typing.get_args(kinds[0])[:1],
                container=container,
                required=default is attrs.NOTHING,
                default=defaults(cls)[name],
            )
        )
    return tuple(found)
