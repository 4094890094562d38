"""The sections of the page, in reading order; some are optional."""

from collections.abc import Callable, Iterable, Iterator

import attrs

from trialparse.pages.details import about, differences, found, outcomes, people, size, status, tested
from trialparse.pages.page import Block, Gloss, Lack, Paragraph, Piece, Section, Table
from trialparse.pages.sentences import worded
from trialparse.pages.view import View

_SECTIONS: tuple[tuple[str, Callable[[View], Iterable[Block]]], ...] = (
    ("overview", about.blocks),
    ("people", people.blocks),
    ("tested", tested.blocks),
    ("size", size.blocks),
    ("outcomes", outcomes.blocks),
    ("found", found.blocks),
    ("status", status.blocks),
    ("differences", differences.blocks),
)
"""The keys of the headings and the functions that write their blocks."""

_OPTIONAL = ("found", "differences")
"""Headings that are left out if the record has nothing on them."""


def sections(view: View) -> tuple[Section, ...]:
    """Return the sections on a record.

    Each glossary entry is shown once. What no record of the kind holds is left out; the article has a sentence on it.
    """
    seen: set[tuple[Piece, ...]] = set()
    made = [(key, tuple(_without_repeats(blocks(view), seen))) for key, blocks in _SECTIONS]
    first, *others = made
    shown = [(key, blocks) for key, blocks in others if blocks or not (key in _OPTIONAL or view.partial)]
    filled = [first, *((key, blocks or (_nothing(view),)) for key, blocks in shown)]
    return tuple(Section(view.texts.plain(f"heading.{key}"), blocks) for key, blocks in filled)


def _without_repeats(blocks: Iterable[Block], seen: set[tuple[Piece, ...]]) -> Iterator[Block]:
    """Yield the blocks without repeated explanations, without what no record of the kind holds, and none empty."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
            continue
        kept = []
        for sentence in block.sentences:
            explains = all(isinstance(citation, Gloss) for citation in sentence.citations)
            if sentence.lacks:
                continue
            if not explains or sentence.parts not in seen:
                kept.append(sentence)
            if explains:
                seen.add(sentence.parts)
        if kept:
            yield attrs.evolve(block, sentences=tuple(kept))


def _nothing(view: View) -> Block:
    """Return the block for a heading to which no record of this kind holds anything."""
    return Paragraph((worded(view, "nothing.kind", Lack(view.kind.format)),))
