"""Levels: which elements of a document are its records, and which are beside them."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from trialparse.diagnostics import LimitExceeded
from trialparse.readers.xml.elements import local_name
from trialparse.readers.xml.parser import Element

Levels: TypeAlias = tuple[frozenset[str], ...]
"""For each level of a frame, from the root to a record, the local names that an element may have there; `*` is any."""


class Piece(NamedTuple):
    """What is found within the levels of a document."""

    element: "Element | LimitExceeded"
    """An element, or the error on one beyond a limit."""
    names: tuple[str, ...]
    """The local names from the root to it."""
    is_record: bool
    line: int | None = None
    """The line on which a record begins, None if that is not known."""


def within(element: Element, levels: Levels, names: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...], bool]]:
    """Yield the records at or below an element of the first level, and the elements beside them, in their order."""
    if not _is_named(element, levels[0]):
        yield element, names, False
    elif len(levels) == 1:
        yield element, names, True
    else:
        child = next(element.iterchildren("*"), None)
        while child is not None:
            following = next(child.itersiblings("*"), None)  # the record itself may be detached
            yield from within(child, levels[1:], (*names, local_name(child)))
            child = following


def _is_named(element: Element, names: frozenset[str]) -> bool:
    """Whether an element has one of these local names."""
    return "*" in names or local_name(element) in names


def names_at(element: Element, levels: Levels) -> tuple[str, ...]:
    """Return the local names from the root to an element that is a record; none if it is deeper or elsewhere."""
    names: list[str] = []
    current: Element | None = element
    for level in reversed(levels):
        if current is None:
            return ()
        name = local_name(current)
        if name not in level and "*" not in level:
            return ()
        names.append(name)
        current = current.getparent()
    return tuple(reversed(names)) if current is None else ()


def strays(element: Element, levels: Levels, last: "Element | None") -> Iterator[Piece]:
    """Yield the elements before a record of a stream, and before what it lies in, that are none; `last` was the last.

    They are still there: what comes before a record is removed with it.
    """
    around = [element, *element.iterancestors()][::-1]
    for depth in range(1, len(around)):
        for other in around[depth].itersiblings("*", preceding=True):
            if other is not last:
                found = within(other, levels[depth:], (*map(local_name, around[:depth]), local_name(other)))
                yield from (Piece(one, whole, False) for one, whole, known in found if not known)


def drop(element: Element) -> None:
    """Empty an element, and remove everything before it and before its ancestors.

    The element itself stays: the parser may still be about to add the text that follows it.
    """
    element.clear()
    current: Element | None = element
    while current is not None and (parent := current.getparent()) is not None:
        while parent[0] is not current:
            del parent[0]
        current = parent
