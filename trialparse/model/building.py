"""Building frozen records at speed: a twin with the same slots is filled, then becomes the record.

The constructor of a frozen attrs class checks and freezes, which costs ten times the filling.
A class with the same slots and without those guards can be filled by plain assignment; giving the instance the
record's own class afterwards makes it frozen, hashable, comparable and picklable like any other.
What the constructor would have checked is a law of the tests: every parsed Trial passes it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from trialparse.generated import run


@cache
def twin(cls: type) -> type:
    """Return the class with the slots of the record class `cls` and nothing else."""
    slots = tuple(attribute.name for attribute in attrs.fields(cls))
    return type(f"{cls.__name__}Twin", (), {"__slots__": slots})


@cache
def defaults(cls: type) -> dict[str, Any]:
    """Return what the fields of a record class hold where nothing is read; None for those it cannot be without."""
    found = {}
    for attribute in attrs.fields(cls):
        default: Any = None if attribute.default is attrs.NOTHING else attribute.default
        found[attribute.name] = getattr(default, "factory", lambda default=default: default)()
    return found


@cache
def is_record(cls: type) -> bool:
    """Whether a class is one of records; `attrs.has` looks further each time."""
    return attrs.has(cls)


@cache
def required(cls: type) -> tuple[str, ...]:
    """Return the fields that a record cannot be without."""
    return tuple(attribute.name for attribute in attrs.fields(cls) if attribute.default is attrs.NOTHING)


@cache
def maker(cls: type) -> Callable[..., Any]:
    """Return a function that makes a record from values in the order of its fields; those left out are defaults."""
    names: dict[str, Any] = {"Twin": twin(cls), "Record": cls}
    names |= {f"d_{name}": default for name, default in defaults(cls).items()}
    lines = [f"def make({', '.join(f'{name}=d_{name}' for name in defaults(cls))}):  # {cls.__name__}", " o = Twin()"]
    lines += [f" o.{name} = {name}" for name in defaults(cls)]
    lines += [" o.__class__ = Record", " return o"]
    make: Callable[..., Any] = run("\n".join(lines), names)["make"]
    return make


def build(cls: type, values: dict[str, Any]) -> Any:
    """Return a record with these values and the defaults."""
    return maker(cls)(**values)


def changed(record: Any, **values: Any) -> Any:
    """Return a record with these values in the place of its own."""
    cls: Any = type(record)
    values_of, places = _by_place(cls)
    kept = list(values_of(record))
    for name, value in values.items():
        kept[places[name]] = value
    return maker(cls)(*kept)


@cache
def _by_place(cls: type) -> tuple[Callable[[Any], Iterable[Any]], dict[str, int]]:
    """Return the function that gives the values of a record by place, and the places of its fields."""
    names = [*defaults(cls)]
    values_of = attrgetter(*names) if len(names) > 1 else lambda record: [getattr(record, name) for name in names]
    return values_of, {name: place for place, name in enumerate(names)}
