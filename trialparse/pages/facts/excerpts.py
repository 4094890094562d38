"""Whole sentences of a text: the page never quotes a part of one."""

import itertools
import re
from collections.abc import Iterator

from trialparse.generated.classes import frozen

_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
"""Where a sentence ends within a line."""

_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$")
"""A number or letter that counts items."""

_SHORT = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|vs|approx|incl|excl|etc|no|Dr|cf|St)\.$", re.IGNORECASE)
"""What ends in a full stop and does not end a sentence."""


@frozen
class Excerpt:
    """The first whole sentences of a text."""

    text: str
    """The sentences."""
    whole: bool
    """Whether they are all of it."""


_MARK = re.compile(r"[-–—•·*]|o\s|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")
"""What begins an item of a list."""

_STOPPED = (".", ";", ":", "!", "?")
"""How a line ends that the next one does not go on."""


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text; each line is one at least, unless it is only the width that ends lines.

    >>> sentences_of("1. Age 18 or more. Able to walk, e.g. with a stick.\\n2. No fever")
    ['1. Age 18 or more.', 'Able to walk, e.g. with a stick.', '2. No fever']
    >>> sentences_of("At risk by the\\nlevel of X in plasma;\\nNo fever")
    ['At risk by the level of X in plasma;', 'No fever']
    """
    return [one for line in _lines(text) for one in _of_line(line) if one]


def _lines(text: str) -> list[str]:
    """Return the lines of a text with those joined that go on.

    A line that begins in small letters goes on the one before. Where there is one, the text is set to a width:
    there, a line also goes on one that ends without a stop.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    pairs = [(before, line) for before, line in itertools.pairwise(lines) if _open(before) and line]
    wrapped = any(_goes_on(line) for _, line in pairs)
    found: list[str] = []
    before = ""
    for line in lines:
        if found and line and _open(before) and (_goes_on(line) or (wrapped and not _MARK.match(line))):
            found[-1] = f"{found[-1]} {line}"
        elif line:
            found.append(line)
        before = line
    return found


def _open(line: str) -> bool:
    """Whether a line has words and no stop at its end."""
    return bool(line) and not line.endswith(_STOPPED)


def _goes_on(line: str) -> bool:
    """Whether a line begins in the midst of a sentence."""
    return line[:1].islower() and not _MARK.match(line)


def _of_line(line: str) -> Iterator[str]:
    """Yield the sentences of a line; numbers of items and short words do not end one."""
    held = ""
    for part in _END.split(line):
        held = f"{held} {part}".strip()
        if not _NUMBER.match(held) and not _SHORT.search(held):
            yield held
            held = ""
    if held:
        yield held


def excerpt(text: str, most: int) -> Excerpt | None:
    """Return as many whole sentences from the start of a text as have `most` words together, None where none does."""
    found = sentences_of(text)
    kept: list[str] = []
    for sentence in found:
        if len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return Excerpt(" ".join(kept), whole=len(kept) == len(found)) if kept else None
