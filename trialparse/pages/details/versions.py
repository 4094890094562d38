"""Lists that records word differently: the page shows the words of one record and names the records that differ.

Otherwise two versions of one rule, in the words of two countries, would read as two rules.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import attrs

from trialparse.pages.details.lines import MOST
from trialparse.pages.details.naming import places
from trialparse.pages.page import OfRecords, Piece, Sentence, Words
from trialparse.pages.sentences import worded
from trialparse.pages.view import View, look_up
from trialparse.vocabulary import Term

Key = Callable[[Any], Hashable]
"""What versions of one thing share, such as the kind of a rule."""

_JOINING = ("merge", "products", "union")
"""Verbs that combine a list from all records, the first record first."""


def shown(view: View, field: str, key: Key) -> list[int]:
    """Return the indices that the page shows: for each key, the elements of the first record that has it."""
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


def otherwise(
    view: View,
    field: str,
    key: Key,
    of: Hashable,
    wording: str = "otherwise",
    aspects: Mapping[str, str] = MappingProxyType({}),
    **slots: Words,
) -> Iterator[Sentence]:
    """Yield that some records word the elements of a key differently from the first record that has them.

    `wording` is the key of the sentence; `aspects` names what each field is about, to name where the records differ.
    """
    versions = [
        (number, [item for item in one.value if key(item) == of])
        for number, one in enumerate(view.spreads.get(field, ()))
    ]
    (_, first), *others = [(number, items) for number, items in versions if items] or [(0, [])]
    found = {number: unlike for number, items in others if (unlike := _unlike(first, items))}
    if found:
        who = places(view, (view.spreads[field][number] for number in found))
        about = [words for name, words in aspects.items() if any(name in unlike for unlike in found.values())]
        by = OfRecords(field, tuple(found))
        if about:
            yield worded(view, f"{wording}.in", by, places=who, aspects=view.texts.series(about), **slots)
        else:
            yield worded(view, wording, by, places=who, **slots)


def only_in(view: View, field: str, key: Key, of: Hashable, name: Piece) -> Iterator[Sentence]:
    """Yield which records name something, or which do not, whichever are fewer."""
    named: dict[bool, list[int]] = {True: [], False: []}
    for number, one in enumerate(view.spreads.get(field, ())):
        named[any(key(item) == of for item in one.value)].append(number)
    fewer = len(named[True]) < len(named[False])
    which = named[fewer]
    if named[False] and which:
        who = places(view, (view.spreads[field][number] for number in which))
        by = OfRecords(field, tuple(which))
        yield worded(view, "named.only" if fewer else "named.not", by, name=name, places=who)


def _unlike(first: Sequence[Any], items: Sequence[Any]) -> set[str]:
    """Return the fields whose values contradict those of the first record."""
    known = set(map(bare, first))
    unlike: set[str] = set()
    for item in [item for item in items if bare(item) not in known][:MOST]:
        unlike |= min((_contradictions(one, item) for one in first[:MOST]), key=len)
    return unlike


def _contradictions(one: Any, other: Any) -> set[str]:
    """Return the fields that both fill with different values."""
    pairs = ((name, getattr(one, name), getattr(other, name), empty) for name, empty in _spoken(one.__class__).items())
    return {name for name, first, second, empty in pairs if first != second and empty not in (first, second)}


def bare(item: Any) -> Any:
    """Return the content of an element without its number and translations, which make no other version."""
    if not attrs.has(type(item)):
        return item
    return tuple(getattr(item, name) for name in _spoken(item.__class__))


@cache
def _spoken(cls: Any) -> dict[str, Any]:
    """Return the fields of a class that make a version, each with its empty value."""
    nothing = cls()
    names = [field.name for field in attrs.fields(cls) if not _ASIDE.search(field.name)]
    return {name: getattr(nothing, name) for name in names}


_ASIDE = re.compile(r"^number$|translations$")


def kind_of(item: Any) -> Term | None:
    """Return the kind of an aim, an outcome or a rule."""
    kind: Term | None = item.kind
    return kind
