"""Lists: up to a bound they are shown whole, the rest is counted; what is long can be folded."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import MOST
from trialparse.pages.facts.texts import quoted_at
from trialparse.pages.page import Block, Listing, Paragraph, Piece, Sentence
from trialparse.pages.sentences import entries, item, worded
from trialparse.pages.view import View

OPEN, FIRST = 10, 5
"""A list of up to `OPEN` entries is never folded; of a longer one the first `FIRST` stay in sight."""


def listed(
    view: View,
    noun: str,
    paths: Sequence[str],
    write: Callable[[str], Sentence],
    *,
    whole: bool = False,
    once: bool = False,
) -> Iterator[Block]:
    """Yield a list with an item for each path, and how many more there are if it is cut.

    `noun` is the key of what the items are called; with `whole`, nothing of the list is folded, and with `once` what
    reads the same is one item, as two equal records of one country are.
    """
    items = tuple(map(write, paths[:MOST]))
    if once:
        items = _once(items)
    yield Listing(items) if whole else folded(view, noun, items)
    yield Paragraph(tuple(left_out(view, noun, paths[MOST:])))


def _once(items: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the items with those of the same words made one, which cites what each of them does."""
    found: dict[tuple[Piece, ...], Sentence] = {}
    for one in items:
        there = found.get(one.parts)
        found[one.parts] = attrs.evolve(one, citations=(*there.citations, *one.citations)) if there else one
    return tuple(found.values())


def folded(view: View, noun: str, items: tuple[Sentence, ...]) -> Listing:
    """Return a list whose end is folded if it is long."""
    away = 0 if len(items) <= OPEN else len(items) - FIRST
    return Listing(items, away, view.texts.count(f"folded.{noun}", away))


def left_out(view: View, noun: str, paths: Sequence[str]) -> Iterator[Sentence]:
    """Yield how many entries of a list are not shown."""
    if paths:
        yield worded(view, "left_out", entries(paths), number=view.texts.count(f"more.{noun}", len(paths)))


def in_own_words(view: View, base: str) -> Sentence:
    """Return an item of a list: the words of the value at a path, or the sentence that it has none."""
    found = quoted_at(view, base)
    return gap(view, f"{base}.text", "entry") if found is None else item((found[0],), found[1])


def sentence_of(view: View, key: str, base: str) -> Sentence:
    """Return a sentence that quotes the words of the value at a path."""
    found = quoted_at(view, base)
    return gap(view, f"{base}.text", "entry") if found is None else worded(view, key, found[1], quote=found[0])


def paired(view: View, name: Piece | tuple[Piece, ...], value: Piece | tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return a name and its value, as the items of many lists are."""
    return view.words("pair", name=name, value=value)
