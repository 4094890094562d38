"""Valid trials for Hypothesis, made from the model's own types."""

import enum
import types
import typing
from functools import cache
from typing import Any

import attrs
from hypothesis import strategies as st

from trialparse.model import Trial
from trialparse.values import PartialDate

NASTY = (
    "",
    "\0",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\r\nb\u2028c\u2029d\x85e",
    "\u202eltr\u202c",
    "\ufeff\u200b\ufffe\uffff",
    "</script><script>alert(1)</script>",
    '"quoted" \\ and {"json": [null]}',
    "e\u0301 \U0001f9ec \U0010ffff",
    "null",
    "1e999",
)
"""Words that have broken something somewhere."""


def texts() -> st.SearchStrategy[str]:
    """Return texts, a good part of them nasty, none with surrogates: a source cannot hold those."""
    return st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.sampled_from(NASTY))


def dates() -> st.SearchStrategy[PartialDate]:
    """Return dates of every precision."""
    estimated = st.none() | st.booleans()
    parts = st.dates().flatmap(
        lambda day: st.sampled_from([{}, {"month": day.month}, {"month": day.month, "day": day.day}]).map(
            lambda known: {"year": day.year, **known}
        )
    )
    return st.builds(lambda known, planned: PartialDate(**known, estimated=planned), parts, estimated)


def trials() -> st.SearchStrategy[Trial]:
    """Return valid trials; most of their fields hold the default, as in real ones."""
    return of(Trial)


@cache
def of(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of an annotated type."""
    if kind is PartialDate:
        return dates()
    if attrs.has(kind):
        return st.deferred(lambda: _records(kind))
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return st.one_of([of(part) for part in inner])
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(of(inner[0]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    return _PLAIN[kind]


def _records(cls: type) -> st.SearchStrategy[Any]:
    """Return records of a class in which some of the optional fields are filled."""
    fields = {field.name: field for field in attrs.fields(cls)}
    needed = {name: of(field.type) for name, field in fields.items() if field.default is attrs.NOTHING}
    others = sorted(fields.keys() - needed.keys())

    @st.composite
    def made(draw: st.DrawFn) -> Any:
        chosen = draw(st.lists(st.sampled_from(others), max_size=4, unique=True)) if others else []
        values = {name: draw(strategy) for name, strategy in needed.items()}
        return cls(**values, **{name: draw(of(fields[name].type)) for name in chosen})

    return made()


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    type(None): st.none(),
    str: texts(),
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
}
