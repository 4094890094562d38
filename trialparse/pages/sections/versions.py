"""Lists that records word otherwise: the page tells the words of one record, and who has other ones.

What each country writes in its own words would else read as several things: two versions of one rule as two rules.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from typing import Any

import attrs

from trialparse.pages.page import Sentence, Told
from trialparse.pages.sections.naming import places
from trialparse.pages.sentences import say
from trialparse.pages.view import View, look_up
from trialparse.terms import Term

Key = Callable[[Any], Hashable]
"""What two elements share that are versions of one thing, such as the kind of a rule."""

_JOINING = ("merge", "union")
"""Verbs by which a list of the trial has the elements of all records, those of the first record in front."""


def told(view: View, field: str, key: Key) -> list[int]:
    """Return which elements of a list the page tells: of each key those of the first record that has it."""
    items = look_up(view.trial, field)
    if view.verb(field) not in _JOINING or field not in view.spreads:
        return list(range(len(items)))
    most: dict[Hashable, int] = {}
    for one in view.spreads[field]:
        for found, number in Counter(map(key, one.value)).items():
            most.setdefault(found, number)
    seen: Counter[Hashable] = Counter()
    indices = []
    for index, item in enumerate(items):
        seen[key(item)] += 1
        if seen[key(item)] <= most.get(key(item), 1):
            indices.append(index)
    return indices


def otherwise(view: View, field: str, key: Key, of: Hashable, told: str = "worded") -> Iterator[Sentence]:
    """Yield that some records have other words for the elements of a key than the first record that has them."""
    versions = [
        (number, [item for item in one.value if key(item) == of])
        for number, one in enumerate(view.spreads.get(field, ()))
    ]
    first, *others = [(number, items) for number, items in versions if items] or [(0, [])]
    which = [
        number for number, items in others if not all(any(_alike(one, item) for one in first[1]) for item in items)
    ]
    if which:
        names = places(view, (view.spreads[field][number] for number in which))
        yield say(f"In {{}}, this is {told} otherwise", names, by=Told(field, tuple(which)))


def _alike(one: Any, other: Any) -> bool:
    """Whether two elements do not contradict each other: what both speak of is the same."""
    pairs = ((getattr(one, name), getattr(other, name), empty) for name, empty in _spoken(one.__class__).items())
    return all(first == second or empty in (first, second) for first, second, empty in pairs)


def bare(item: Any) -> Any:
    """Return what an element says; its number and what it says in other languages make no other version of it."""
    if not attrs.has(type(item)):
        return item
    return tuple(getattr(item, name) for name in _spoken(item.__class__))


@cache
def _spoken(cls: Any) -> dict[str, Any]:
    """Return the fields of a class that make a version, each with what it holds where nothing is said."""
    nothing = cls()
    names = [field.name for field in attrs.fields(cls) if not _ASIDE.search(field.name)]
    return {name: getattr(nothing, name) for name in names}


_ASIDE = re.compile(r"^number$|translations$")


def kind_of(item: Any) -> Term | None:
    """Return the kind of an aim, an outcome or a rule."""
    kind: Term | None = item.kind
    return kind
