"""Whether a record lists things one by one, or has a text for all of a kind: texts cannot be counted as things."""

from collections import Counter
from collections.abc import Collection, Hashable


def one_by_one(entries: Collection[tuple[Hashable, int | None]]) -> bool:
    """Whether entries, each with its kind and its number in the record, are one thing each.

    An entry without a number that is alone of its kind can hold anything: many registers have one text for all.

    >>> one_by_one([("rule", 1)]), one_by_one([("rule", None)]), one_by_one([("rule", None), ("rule", None)])
    (True, False, True)
    """
    kinds = Counter(kind for kind, _ in entries)
    return any(number is not None for _, number in entries) or any(many > 1 for many in kinds.values())
