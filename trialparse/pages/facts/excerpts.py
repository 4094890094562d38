"""Whole sentences of a text: the page never quotes a part of one."""

import re
from collections.abc import Iterator

import attrs

_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
"""Where a sentence ends within a line."""

_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$")
"""A number or letter that counts items."""

_SHORT = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|vs|approx|incl|excl|etc|no|Dr|cf|St)\.$", re.IGNORECASE)
"""What ends in a full stop and does not end a sentence."""


@attrs.frozen
class Excerpt:
    """The first whole sentences of a text."""

    text: str
    """The sentences."""
    whole: bool
    """Whether they are all of it."""


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text; each line is one at least.

    >>> sentences_of("1. Age 18 or more. Able to walk, e.g. with a stick.\\n2. No fever")
    ['1. Age 18 or more.', 'Able to walk, e.g. with a stick.', '2. No fever']
    """
    return [one for line in text.splitlines() for one in _of_line(line.strip()) if one]


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
