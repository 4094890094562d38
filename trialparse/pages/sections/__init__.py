"""The six sections of the page, in reading order."""

from collections.abc import Callable, Iterable, Iterator

from trialparse.model import Trial
from trialparse.pages.page import Block, Gloss, Section, Sentence
from trialparse.pages.sections import about, outcomes, people, size, status, tested

_SECTIONS: tuple[tuple[str, Callable[[Trial], Iterable[Block]]], ...] = (
    ("Trial overview", about.blocks),
    ("Who is being studied", people.blocks),
    ("What the study tests", tested.blocks),
    ("Phase and study size", size.blocks),
    ("Main outcomes and safety checks", outcomes.blocks),
    ("What the status means", status.blocks),
)
"""The headings and what writes the blocks below them."""


def sections(trial: Trial) -> tuple[Section, ...]:
    """Return the sections on a trial; what the glossary says is said once."""
    said: set[Sentence] = set()
    return tuple(Section(heading, tuple(_without_repeats(blocks(trial), said))) for heading, blocks in _SECTIONS)


def _without_repeats(blocks: Iterable[Block], said: set[Sentence]) -> Iterator[Block]:
    """Yield the blocks without the explanations that were given before, and without blocks left empty."""
    for block in blocks:
        kept = []
        for sentence in block.sentences:
            explains = all(isinstance(citation, Gloss) for citation in sentence.citations)
            if not explains or sentence not in said:
                kept.append(sentence)
            if explains:
                said.add(sentence)
        if kept:
            yield type(block)(tuple(kept))
