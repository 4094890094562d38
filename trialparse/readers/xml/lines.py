"""Lines: on which line of its document an element begins, and how lines shift where it is written again."""

import copy
import re
from typing import Any, TypeAlias

from trialparse.readers.xml.elements import local_name
from trialparse.readers.xml.parser import Element, etree

LAST_LINE = 65_535
"""How far libxml2 counts: for what comes behind it gives the line of something nearby."""
_CR = re.compile(rb"\r(?!\n)")


def with_line_feeds(data: bytes) -> bytes:
    """Return bytes with LF in place of each CR by itself, which libxml2 does not count; XML reads it as LF (2.11)."""
    return _CR.sub(b"\n", data) if _single_returns(data) else data


def has_too_many(data: bytes) -> bool:
    """Whether a document has more lines than the parser counts."""
    return data.count(b"\n") + _single_returns(data) >= LAST_LINE - 1


def _single_returns(data: bytes) -> int:
    """Return how many line ends are a CR by itself."""
    return data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0


def line_of(element: Any) -> int | None:
    """Return the line of an element, None if it is beyond those that the parser counts."""
    line: int | None = element.sourceline
    if line is not None and not len(element) and element.text is element.tail is None and element.getnext() is None:
        line = copy.copy(element).sourceline  # by itself: beyond them lxml gives the line of what is before it
    return None if line is None or line >= LAST_LINE else line


Shifts: TypeAlias = tuple[tuple[int, int | None], ...]
"""Numbers of elements in document order, and from each on the lines between where it was and where it is written.

None where the line on which it was is not known.
"""


def shifts_of(element: Element, data: bytes) -> Shifts:
    """Return how lines shift when an element is written as `data`, which has no comments and no line ends in tags."""
    last, behind = element, 0
    while len(last):
        last = last[-1]
        behind += _line_ends(last.tail)
    behind += _line_ends(last.text)
    begin, end = line_of(element), line_of(last)
    if begin is None or (end is not None and end - begin == data.count(b"\n") - behind):
        return ()
    found: list[tuple[int, int | None]] = [(0, 0)]
    written, number = 0, 0
    for event, one in etree().iterwalk(element, events=("start", "end")):
        if event == "end":
            written += _line_ends(one.tail)
            continue
        line = line_of(one)
        shift = None if line is None else line - begin - written
        if shift != found[-1][1]:
            found.append((number, shift))
        written += _line_ends(one.text)
        number += 1
    return tuple(found)


def _line_ends(text: str | None) -> int:
    return text.count("\n") if text else 0


class Lines:
    """Line numbers of elements, found by their keys in the element's tree.

    Where that was read from what `serialise` wrote, `shifts` are those of the element that was written.
    """

    def __init__(self, element: Element, shifts: Shifts = ()) -> None:
        self._root = element
        self._shifts = shifts
        self._numbers = {one: number for number, one in enumerate(element.iter("*"))} if shifts else {}
        self._children: dict[Element, dict[str, list[Element]]] = {}

    def of(self, keys: tuple[str | int, ...]) -> int | None:
        """Return the line of the element at some keys, or of the last one on the way that exists."""
        element, index = self._root, 0
        while index < len(keys) and str(keys[index])[0] not in "@#":
            name, number = str(keys[index]), keys[index + 1] if index + 1 < len(keys) else None
            many = isinstance(number, int)
            named = self._named(element).get(name, [])
            place = number if isinstance(number, int) else 0
            if place >= len(named):
                break
            element, index = named[place], index + 1 + many
        line = line_of(element)
        number = self._numbers.get(element, 0)
        shift = next((lines for first, lines in reversed(self._shifts) if first <= number), 0)
        return None if line is None or shift is None else line + shift

    def _named(self, element: Element) -> dict[str, list[Element]]:
        """Return the children of an element by local name."""
        if element not in self._children:
            found = self._children[element] = {}
            for child in element:
                found.setdefault(local_name(child), []).append(child)
        return self._children[element]
