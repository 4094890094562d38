"""The sections of the page, in reading order; some are optional."""

from collections.abc import Callable, Iterable, Iterator

import attrs

from trialparse.pages.details import about, differences, found, outcomes, people, size, status, tested
from trialparse.pages.page import Block, Gloss, Lack, Paragraph, Piece, Section, Sentence, Table
from trialparse.pages.sentences import say
from trialparse.pages.view import View
from trialparse.pages.wording import of_several

_SECTIONS: tuple[tuple[str, Callable[[View], Iterable[Block]]], ...] = (
    ("Trial overview", about.blocks),
    ("Who is being studied", people.blocks),
    ("What the study tests", tested.blocks),
    ("Phase and study size", size.blocks),
    ("Main outcomes and safety checks", outcomes.blocks),
    ("What was found", found.blocks),
    ("What the status means", status.blocks),
    ("Where the records differ", differences.blocks),
)
"""The headings and the functions that write their blocks."""

_OPTIONAL = ("What was found", "Where the records differ")
"""Headings that are left out if the record has nothing on them."""


def sections(view: View) -> tuple[Section, ...]:
    """Return the sections on a record.

    Each glossary entry is shown once. What no record of the kind holds is left out; the article says it in a sentence.
    """
    said: set[tuple[Piece, ...]] = set()
    made = [(heading, tuple(_without_repeats(blocks(view), said))) for heading, blocks in _SECTIONS]
    (heading, overview), *others = made
    first = Section(heading, tuple(overview))
    shown = [(heading, blocks) for heading, blocks in others if blocks or not (heading in _OPTIONAL or view.partial)]
    made_of = (first, *(Section(heading, blocks or (_nothing(view),)) for heading, blocks in shown))
    return tuple(map(_of_several, made_of)) if view.several else made_of


def _of_several(section: Section) -> Section:
    """Return a section whose own words are on several records."""
    return Section(section.heading, tuple(map(_in_plural, section.blocks)))


def _in_plural(block: Block) -> Block:
    def plural(sentence: Sentence) -> Sentence:
        parts = tuple(of_several(part) if isinstance(part, str) else part for part in sentence.parts)
        return attrs.evolve(sentence, parts=parts)

    if isinstance(block, Table):
        return attrs.evolve(block, caption=plural(block.caption))
    return attrs.evolve(block, sentences=tuple(map(plural, block.sentences)))


def _without_repeats(blocks: Iterable[Block], said: set[tuple[Piece, ...]]) -> Iterator[Block]:
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
            if not explains or sentence.parts not in said:
                kept.append(sentence)
            if explains:
                said.add(sentence.parts)
        if kept:
            yield attrs.evolve(block, sentences=tuple(kept))


def _nothing(view: View) -> Block:
    """Return the block for a heading on which no record of this kind says anything."""
    return Paragraph((say("A record of this kind says nothing on this", by=Lack(view.kind.format)),))
