"""The short article: six headings, and a seventh for results that the record holds."""

from collections.abc import Callable, Iterable, Iterator

from trialparse.pages.article import found, opening, outcomes, people, size, status, tested
from trialparse.pages.article.opening import lead, link, title
from trialparse.pages.article.saying import say
from trialparse.pages.page import Block, Lack, Paragraph, Section
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

_OPTIONAL = "found"
"""The heading that is only there if the record holds results."""

HEADINGS = tuple(key for key, _ in _SECTIONS)
"""The keys of all headings, in reading order."""


def heading(view: View, key: str) -> str:
    """Return a heading in the page's language."""
    return view.texts.plain(f"heading.{key}")


def article(view: View) -> tuple[Section, ...]:
    """Return the sections; a record that tells only a part has only the headings on which it tells something."""
    made = [(key, tuple(_kept(blocks(view)))) for key, blocks in _SECTIONS]
    shown = [(key, blocks) for key, blocks in made if blocks or not (key == _OPTIONAL or view.partial)]
    return tuple(Section(heading(view, key), blocks or (_nothing(view),)) for key, blocks in shown)


def _kept(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks that have something to say."""
    yield from (block for block in blocks if block.sentences)


def _nothing(view: View) -> Block:
    """Return the block for a heading on which a whole record says nothing."""
    return Paragraph((say(view, "nothing", Lack(view.kind.format)),))
