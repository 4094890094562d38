"""Lists: up to a bound they are shown whole, the rest is counted; what is long can be folded."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from trialparse.pages import wording
from trialparse.pages.page import Block, Listing, Of, Paragraph, Piece, Sentence
from trialparse.pages.sentences import MOST, say

OPEN, FIRST = 10, 5
"""A list of up to `OPEN` entries is never folded; of a longer one the first `FIRST` stay in sight."""


def listed(
    paths: Sequence[str],
    write: Callable[[str], Sentence],
    one: str,
    many: str,
    *,
    whole: bool = False,
    once: bool = False,
) -> Iterator[Block]:
    """Yield a list with an item for each path, and how many more there are if it is cut.

    `one` and `many` are what the items are called; with `whole`, nothing of the list is folded, and with `once` what
    reads the same is one item, as two records of one country are that say the same.
    """
    items = tuple(map(write, paths[:MOST]))
    if once:
        items = _once(items)
    yield Listing(items) if whole else folded(items, one, many)
    yield Paragraph(tuple(left_out(paths[MOST:], one, many)))


def _once(items: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the items with those of the same words made one, which cites what each of them does."""
    found: dict[tuple[Piece, ...], Sentence] = {}
    for item in items:
        there = found.get(item.parts)
        found[item.parts] = attrs.evolve(item, citations=(*there.citations, *item.citations)) if there else item
    return tuple(found.values())


def folded(items: tuple[Sentence, ...], one: str, many: str) -> Listing:
    """Return a list whose end is folded if it is long."""
    away = 0 if len(items) <= OPEN else len(items) - FIRST
    return Listing(items, away, wording.count(away, f"more {one}", f"more {many}"))


def left_out(paths: Sequence[str], one: str, many: str) -> Iterator[Sentence]:
    """Yield how many entries of a list are not shown."""
    if paths:
        number = wording.count(len(paths), f"more {one} is", f"more {many} are")
        yield say("{} in the record but not on this page", number, by=Of(tuple(paths), span=True))
