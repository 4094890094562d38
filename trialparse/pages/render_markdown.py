"""The page as CommonMark, in which no words from outside can act as markup."""

import re
from collections.abc import Iterable, Iterator

from trialparse.pages.page import Block, Listing, Page, Piece, Sentence
from trialparse.pages.render_text import shown

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&~$|^#!]|/(?=/)|(?<=/)/|\.(?=[^\W\d_])|(?<=www)\.", re.IGNORECASE)
"""What marks up, in CommonMark or in a common extension of it, and what addresses are known by without a mark.

Block marks cannot begin a line. Each name of a host has a dot before a letter or behind `www`, and each address with a
scheme has `//`."""

_JOINER = "\u2060"
"""Word joiner: it has no width and parts no line, and no address can hold it."""


def render(page: Page) -> str:
    """Return the page as CommonMark."""
    return "\n".join(_lines(page)) + "\n"


def escaped(text: str) -> str:
    r"""Return a text with a backslash before all that could act.

    GitHub Flavored Markdown links e-mail addresses after it removes the backslashes, so there is a word joiner
    (U+2060) on both sides of each `@`.

    >>> escaped("<b> [a](b) www.example.org")
    '\\<b\\> \\[a\\](b) www\\.example\\.org'
    """
    return _SPECIAL.sub(r"\\\g<0>", text).replace("@", f"{_JOINER}\\@{_JOINER}")


def _lines(page: Page) -> Iterator[str]:
    for number, section in enumerate(page.sections):
        yield from [""] * bool(number)
        yield f"{'##' if number else '#'} {section.heading}"
        for block in section.blocks:
            yield ""
            yield from _block(page, block)
    yield from ["", "---", "", "## Notes", ""]
    for note in page.notes:
        yield f"- [{note.number}] {_words(note.parts)}"


def _block(page: Page, block: Block) -> Iterator[str]:
    """Yield the lines of a paragraph or a list."""
    sentences = [_sentence(page, sentence) for sentence in block.sentences]
    if isinstance(block, Listing):
        yield from (f"- {sentence}" for sentence in sentences)
    else:
        yield " ".join(sentences)


def _sentence(page: Page, sentence: Sentence) -> str:
    marks = "".join(f"[{number}]" for number in page.cited(sentence))
    return f"{_words(sentence.parts)} {marks}{sentence.ending}"


def _words(parts: Iterable[Piece]) -> str:
    return escaped(shown(parts))
