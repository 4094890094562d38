"""Building frozen records at speed: a twin without guards is filled, then becomes the record.

The constructor of a frozen attrs class checks and freezes, which costs ten times the filling.
A subclass without those guards can be filled by plain assignment; giving the instance the record's own class
afterwards makes it frozen, hashable, comparable and picklable like any other.
What the constructor would have checked is a law of the tests: every parsed Trial passes it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from trialparse.generated import run
from trialparse.generated.classes import has_fields, outline_of


@cache
def twin(cls: type) -> type:
    """Return a subclass of the record class `cls` whose instances are made empty and can be assigned to.

    It adds no slot. Between two classes that have slots of their own, Python would compare the names of all slots each
    time that an instance changes its class.
    """
    free = {"__init__": object.__init__, "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(f"{cls.__name__}Twin", (cls,), {"__slots__": (), **free})


@cache
def defaults(cls: type) -> dict[str, Any]:
    """Return what the fields of a record class hold where nothing is read; None for those it cannot be without."""
    found = {}
    for name, (_, default) in outline_of(cls).items():
        factory = getattr(default, "factory", None)
        if factory is not None:
            default = build(factory, {}) if is_record(factory) else factory()
        found[name] = None if default is attrs.NOTHING else default
    return found


@cache
def is_record(cls: type) -> bool:
    """Whether a class is one of records; `has_fields` looks further each time."""
    return has_fields(cls)


@cache
def required(cls: type) -> tuple[str, ...]:
    """Return the fields that a record cannot be without."""
    return tuple(name for name, (_, default) in outline_of(cls).items() if default is attrs.NOTHING)


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
    """Return a record with these values and the defaults; no function is generated for it."""
    made = twin(cls)()
    for name, value in (defaults(cls) | values).items():
        setattr(made, name, value)
    made.__class__ = cls
    return made


def is_same(one: Any, other: Any) -> bool:
    """Whether two records are equal, without the method of their class that compares them."""
    if not is_record(one.__class__) or one.__class__ is not other.__class__:
        return bool(one == other)
    return all(is_same(getattr(one, name), getattr(other, name)) for name in defaults(one.__class__))


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
