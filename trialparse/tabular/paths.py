"""Paths through the model: which records they pass, and functions that take many values along them at once."""

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from trialparse.export.fields import Field, fields
from trialparse.generated.classes import has_fields
from trialparse.tabular.records import Entry
from trialparse.tsv import TableError

Values: TypeAlias = list[Any]
Get: TypeAlias = Callable[[Values], Values]
"""What gives a value for each of many."""
GetLists: TypeAlias = Callable[[Values], tuple[list[int], Values]]
"""What gives the items of lists, one list for each of many: where each begins, and the last ends; then all items."""


class Step(NamedTuple):
    """A step of a path."""

    owner: type
    """The class of the record that it begins at."""
    field: Field
    """The field that it leads to; the first one, if there are several."""
    names: tuple[str, ...]
    """The name of the field; or several, each of which is taken in turn."""
    many: bool
    """Whether it goes on to the items of a list."""

    @property
    def is_row(self) -> bool:
        """Whether it leads to something that there can be several of."""
        return self.many or len(self.names) > 1


def steps_of(path: str) -> list[Step]:
    """Return the steps of a path.

    A path is one of a Trial, such as `countries[].status.regulatory`; `{a,b}` takes several fields in turn, `*` all of
    a record. With `@` it is one of an `Entry`. Raises TableError if there is no such path.
    """
    found = []
    owner: Any = Entry
    for written in full(path).split("."):
        name = written.removesuffix("[]")
        known = {field.name: field for field in fields(owner)} if has_fields(owner) else {}
        names = tuple(known) if name == "*" else tuple(name.strip("{}").split(","))
        if not known.keys() >= {*names}:
            raise TableError(f"{path}: {getattr(owner, '__name__', owner)} has no {written}")
        field = known[names[0]]
        if written.endswith("[]") and field.container is not tuple:
            raise TableError(f"{path}: {written} is no list")
        if any((known[one].kinds, known[one].container) != (field.kinds, field.container) for one in names):
            raise TableError(f"{path}: the fields of {written} are of several types")
        found.append(Step(owner, field, names, written.endswith("[]")))
        owner = field.kind
    return found


def full(path: str) -> str:
    """Return a path from an `Entry` on."""
    return path.removeprefix("@") if path.startswith("@") else f"trial.{path}" if path else "trial"


# many values at once ------------------------------------------------------------------------------------------------


def along(steps: Sequence[Step]) -> Get:
    """Return what gives the value at the end of a path without lists; None if a record on the way is None.

    Terms are given by name.
    """
    gets: list[Get] = []
    names: list[str] = []
    absent = False
    for at, step in enumerate(steps, start=1):
        names += step.names
        may_be_absent = step.field.default is None and not step.field.required
        if may_be_absent or at == len(steps):
            gets.append(_each(attrgetter(".".join(names)), absent))
            names = []
        absent = absent or may_be_absent
    if steps and steps[-1].field.is_term and steps[-1].field.container is None:
        gets.append(_each(_name, absent=True))
    return _one_after_another(gets)


def lists_along(steps: Sequence[Step]) -> GetLists:
    """Return what gives the items at the end of a path through lists, or of a list or a set at its end."""
    lists: list[Get] = []
    way: list[Step] = []
    for step in steps:
        way.append(step)
        if step.field.container is not None:
            in_order = [_sorted] if step.field.container is frozenset else []
            lists.append(_one_after_another([along(way), *in_order]))
            way = []
    last = along(way)

    def get(values: Values) -> tuple[list[int], Values]:
        begins = [*range(len(values) + 1)]
        for one in lists:
            found = one(values)
            ends = [0, *accumulate(map(len, found))]
            begins = [ends[begin] for begin in begins]
            values = [*chain.from_iterable(found)]
        return begins, last(values)

    return get


_name: Callable[[Any], Any] = attrgetter("_name_")
"""The name of a term; `Term.value` gives the same, by a function of Python."""


def _sorted(values: Values) -> Values:
    """Return sets of terms as the JSON of a trial has them: their names in order."""
    return [sorted(map(_name, value)) if value else () for value in values]


def _each(get: Callable[[Any], Any], absent: bool) -> Get:
    """Return what applies a function to each value; if some may be absent, to each that is there."""
    if absent:
        return lambda values: [None if value is None else get(value) for value in values]
    return lambda values: [*map(get, values)]


def _one_after_another(gets: Sequence[Get]) -> Get:
    """Return what applies functions in turn."""

    def get(values: Values) -> Values:
        for one in gets:
            values = one(values)
        return values

    return gets[0] if len(gets) == 1 else get
