"""Valid trials, made from the annotations of the model."""

import calendar
import enum
import types
import typing
from functools import cache
from random import Random
from typing import Any

import attrs

from trialparse.model import Trial
from trialparse.model.terms import Phase
from trialparse.model.values import PartialDate
from trialparse.strategies.texts import plain_text

_DEEP = 4


def make_trial(random: Random) -> Trial:
    """Return a trial with a few fields filled."""
    made: Trial = _record(Trial, random, 0)
    return made


@cache
def _fields(cls: type) -> tuple[tuple[str, Any, bool], ...]:
    """Return name, annotation and whether it must be filled, of each field of a record class."""
    return tuple((field.name, field.type, field.default is attrs.NOTHING) for field in attrs.fields(cls))


def _record(cls: type, random: Random, depth: int) -> Any:
    if cls is PartialDate:
        return make_date(random)
    fields = _fields(cls)
    chosen = {random.randrange(len(fields)) for _ in range(random.randint(0, 5 if depth < _DEEP else 0))}
    values = {
        name: _value(annotation, random, depth + 1)
        for index, (name, annotation, needed) in enumerate(fields)
        if needed or index in chosen
    }
    return cls(**values)


PLAUSIBLE = (1901, 1999, 2024, 2026, 2060)
"""Years that cause no diagnostic."""


def make_date(random: Random, estimated: bool | None = None, years: tuple[int, ...] = ()) -> PartialDate:
    """Return a valid date, often with a day; `years` limits the year."""
    year = random.choice(years or (1, 1900, 1999, 2024, 2026, 9999, random.randint(1000, 9999)))
    month = random.randint(1, 12) if random.randrange(4) else None
    day = random.randint(1, calendar.monthrange(year, month)[1]) if month and random.randrange(4) else None
    if estimated is None:
        estimated = random.choice((None, True, False))
    return PartialDate(year=year, month=month, day=day, estimated=estimated)


def _value(annotation: Any, random: Random, depth: int) -> Any:
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return _value(random.choice([part for part in arguments if part is not type(None)]), random, depth)
    if origin is tuple:
        return tuple(_value(arguments[0], random, depth) for _ in range(random.randint(0, 2)))
    if origin is frozenset:
        members = frozenset(_value(arguments[0], random, depth) for _ in range(random.randint(0, 2)))
        return frozenset({Phase.NOT_APPLICABLE}) if Phase.NOT_APPLICABLE in members else members
    if issubclass(annotation, enum.Enum):
        return random.choice(list(annotation))
    if attrs.has(annotation):
        return _record(annotation, random, depth)
    return _SCALARS[annotation](random)


_SCALARS: dict[Any, Any] = {
    str: plain_text,
    bool: lambda random: random.choice((True, False)),
    int: lambda random: random.choice((0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, random.randint(0, 10_000))),
    float: lambda random: random.choice((0.0, 0.1, -1.5, 1e300, 5e-324, random.randint(0, 99) / 4)),
}
