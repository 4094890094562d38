"""When two records mean one event: one kind, one day and one application, and nothing that contradicts."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from trialparse.combining.products import filled, folded
from trialparse.model import Event, Question
from trialparse.model.agreeing import agreed, completed
from trialparse.model.applications import kind_of_key
from trialparse.model.building import changed

LOOK_BACK = 200
"""How many events of one kind and day are tried."""

_DECIDING = ("country", "decision", "progress", "outcome", "scope", "due", "answered")
"""Fields that part two events if they contradict each other."""

_LISTS = ("reasons", "details", "questions")
"""Lists that are joined."""


def matched(known: Sequence[Event], more: Sequence[Event]) -> dict[int, int]:
    """Return for events of a record the index of the same event among those of earlier records, by their own index.

    Equal events come first, then those of one application, then those whose application one record does not number.
    """
    of_day: dict[Any, list[int]] = {}
    for index, event in enumerate(known):
        of_day.setdefault(_sign(event), []).append(index)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for fits in (_equal, _of_one_application, is_same):
        for number, event in enumerate(more):
            if number in found:
                continue
            there = itertools.islice((n for n in of_day.get(_sign(event), ()) if n not in taken), LOOK_BACK)
            at = next((n for n in there if fits(known[n], event)), None)
            if at is not None:
                found[number] = at
                taken.add(at)
    return found


def is_same(one: Event, other: Event) -> bool:
    """Whether two records mean one event: its kind and day are one, and nothing else contradicts.

    The application is one if both name it so, if one names it and the other only its kind, or if one has none.
    """
    if _equal(one, other):
        return True
    if one.kind is not other.kind or one.date is None or other.date is None or one.date.day is None:
        return False
    if agreed(one.date, other.date) is None or not _applications_agree(one.application, other.application):
        return False
    return all(_agree(getattr(one, name), getattr(other, name)) for name in _DECIDING)


def joined(one: Event, other: Event) -> Event:
    """Return an event, its empty fields filled from another record; where both have a value, the first counts."""
    if one == other:
        return one
    lists = {name: tuple(_united(getattr(one, name), getattr(other, name))) for name in _LISTS}
    numbered = next((key for key in (one.application, other.application) if _kind_of(key) != key), one.application)
    event: Event = changed(filled(one, other), application=numbered or other.application, **lists)
    return event


def _equal(one: Event, other: Event) -> bool:
    return one == other


def _of_one_application(one: Event, other: Event) -> bool:
    return one.application == other.application and is_same(one, other)


def _sign(event: Event) -> Any:
    """Return what one event has in all records: its kind and its day."""
    day = event.date
    return event.kind, None if day is None else (day.year, day.month, day.day)


def _kind_of(application: str | None) -> str | None:
    """Return our term for the kind of an application; what is no key is a term already."""
    return None if application is None else kind_of_key(application) or application


def _applications_agree(one: str | None, other: str | None) -> bool:
    """Whether two names can be of one application: they are one, one is missing, or one is the kind of the other."""
    if one is None or other is None or one == other:
        return True
    return one == _kind_of(other) or other == _kind_of(one)


def _agree(one: Any, other: Any) -> bool:
    """Whether two values are one, or one of them is missing."""
    return one is None or other is None or folded(one) == folded(other) or agreed(one, other) is not None


def _united(one: tuple[Any, ...], other: tuple[Any, ...]) -> Iterator[Any]:
    """Give the elements of two lists; a question that two records have is one, with its answer."""
    rest = list(other)
    for item in one:
        for place, more in enumerate(rest[:LOOK_BACK]):
            whole = item if item == more else _whole(item, more)
            if whole is not None:
                item = whole
                del rest[place]
                break
        yield item
    yield from rest


def _whole(one: Any, other: Any) -> Any:
    """Return a question completed by another one of the same words; None for anything else."""
    asked = isinstance(one, Question) and one.text and one.text == other.text
    return completed(one, other) if asked else None
