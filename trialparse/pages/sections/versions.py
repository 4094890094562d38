"""Lists that records word otherwise: the page tells the words of one record, and who has other ones.

What each country writes in its own words would else read as several things: two versions of one rule as two rules.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from trialparse.building import changed, completed
from trialparse.pages.page import Sentence, Told
from trialparse.pages.sections.naming import places
from trialparse.pages.sentences import own_words, say
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


def otherwise(view: View, field: str, key: Key, of: Hashable, verb: str) -> Iterator[Sentence]:
    """Yield that some records have other words for the elements of a key than the first record that has them.

    `verb` is what such records do, in the singular and without what they do it to: `word`.
    """
    versions = [
        (number, [item for item in one.value if key(item) == of])
        for number, one in enumerate(view.spreads.get(field, ()))
    ]
    first, *others = [(number, items) for number, items in versions if items] or [(0, [])]
    which = [
        number for number, items in others if not all(any(_alike(one, item) for one in first[1]) for item in items)
    ]
    if which:
        names = places(view.spreads[field][number] for number in which)
        yield say(f"{{}} {verb}{'s' * (len(names) == 1)} this otherwise", names, by=Told(field, tuple(which)))


def _alike(one: Any, other: Any) -> bool:
    """Whether two elements do not contradict each other; their numbers and other languages left aside."""
    if hasattr(one, "text"):
        return own_words(one) == own_words(other) or (one.text is None) != (other.text is None)
    return completed(changed(one, number=None), changed(other, number=None)) is not None


def kind_of(item: Any) -> Term | None:
    """Return the kind of an aim, an outcome or a rule."""
    kind: Term | None = item.kind
    return kind
