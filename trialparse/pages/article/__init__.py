"""The short article: six headings, and a seventh for results; those to which a record can hold nothing are left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from trialparse.pages.article import found, opening, outcomes, people, size, status, tested
from trialparse.pages.article.differing import doubted
from trialparse.pages.article.opening import lead, link, title
from trialparse.pages.article.sentences import worded
from trialparse.pages.details.differences import disagreeing
from trialparse.pages.page import Block, Gap, Paragraph, Section, Sentence
from trialparse.pages.view import View

__all__ = ["HEADINGS", "article", "heading", "lead", "link", "title"]

_SECTIONS: tuple[tuple[str, Callable[[View], Iterable[Block]]], ...] = (
    ("overview", opening.blocks),
    ("people", people.blocks),
    ("tested", tested.blocks),
    ("size", size.blocks),
    ("outcomes", outcomes.blocks),
    ("found", found.blocks),
    ("status", status.blocks),
)
"""Keys of the headings, and the functions that write their blocks."""

HEADINGS = tuple(key for key, _ in _SECTIONS)
"""The keys of all headings, in reading order."""


def heading(view: View, key: str) -> str:
    """Return a heading in the page's language."""
    return view.texts.plain(f"heading.{key}")


def article(view: View) -> tuple[Section, ...]:
    """Return the sections with content: what a record leaves open is mentioned, what it cannot hold is not asked."""
    differing = disagreeing(view) if view.several else []
    made = [(key, _made(view, tuple(_kept(blocks(view))), differing)) for key, blocks in _SECTIONS]
    return tuple(Section(heading(view, key), blocks) for key, blocks in made if blocks)


def _made(view: View, blocks: tuple[Block, ...], differing: list[str]) -> tuple[Block, ...]:
    """Return the blocks of a section: open questions in one sentence, and a mark on what records differ on."""
    asks: list[Gap] = []
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            asks += [gap for one in block.sentences for gap in _open(view, one)]
            block = Paragraph(tuple(one for one in block.sentences if not _open(view, one)))
        found.append(doubted(view, block, differing))
    if len(asks) < _SEVERAL:
        return tuple(doubted(view, block, differing) for block in blocks)
    parts = [asks[at : at + _ASKS] for at in range(0, len(asks), _ASKS)]
    return (*_kept(found), Paragraph(tuple(_unanswered(view, some) for some in parts)))


_SEVERAL, _ASKS = 2, 3
"""From how many open questions on they are asked in one sentence, and how many a sentence has."""


def _open(view: View, sentence: Sentence) -> tuple[Gap, ...]:
    """Return the open questions of a sentence that has nothing else; empty for any other sentence."""
    gaps = tuple(one for one in sentence.citations if isinstance(one, Gap) and one.kind is None and one.ask)
    if len(gaps) < len(sentence.citations):
        return ()
    return gaps if sentence.parts == _unanswered(view, gaps).parts else ()


def _unanswered(view: View, gaps: Sequence[Gap]) -> Sentence:
    """Return the sentence that the record has no entry for some questions."""
    return worded(view, "gap.none", *gaps, ask=view.texts.series([one.ask for one in gaps], "or"))


def _kept(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with content."""
    yield from (block for block in blocks if block.sentences)
