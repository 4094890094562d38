"""The page as plain text, wrapped at 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

from trialparse.model.harmless import harmless, quoted
from trialparse.pages.page import Block, Listing, Page, Piece, Sentence

WIDTH = 80
"""Columns of a line; only words that are longer go beyond."""


def render(page: Page) -> str:
    """Return the page as plain text."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    for number, section in enumerate(page.sections):
        if number:
            yield ""
        yield section.heading
        yield ("-" if number else "=") * len(section.heading)
        for block in section.blocks:
            yield ""
            yield from _block(page, block)
    yield from ["", "*" * 5, "Notes", ""]
    for note in page.notes:
        mark = f"[{note.number}] "
        yield from _wrapped(shown(note.parts), mark, " " * len(mark))


def _block(page: Page, block: Block) -> Iterator[str]:
    """Yield the lines of a paragraph or a list."""
    sentences = [_sentence(page, sentence) for sentence in block.sentences]
    if isinstance(block, Listing):
        for sentence in sentences:
            yield from _wrapped(sentence, "- ", "  ")
    else:
        yield from _wrapped(" ".join(sentences), "", "")


def _sentence(page: Page, sentence: Sentence) -> str:
    marks = "".join(f"[{number}]" for number in page.cited(sentence))
    return f"{shown(sentence.parts)} {marks}{sentence.ending}"


def shown(parts: Iterable[Piece]) -> str:
    """Return the parts as one harmless text, the quotes in quotation marks."""
    return "".join(own(part) if isinstance(part, str) else "".join(quoted(part.text)) for part in parts)


def own(text: str) -> str:
    """Return our own words made harmless, as they may hold paths; white space at the ends is kept."""
    lead, trail = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{lead}{harmless(text)}{trail}" if text.strip() else " " * bool(text)


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
