"""The page as CommonMark with tables, in which no words from outside can act as markup."""

import re
from collections.abc import Iterable, Iterator

from trialparse.pages.page import Block, Listing, Page, Piece, Section, Sentence, Table
from trialparse.pages.render_text import noted, shown, title_of

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&~$|^#!]|/(?=/)|(?<=/)/|\.(?=[^\W\d_])|(?<=www)\.", re.IGNORECASE)
"""What marks up, in CommonMark or in a common extension of it, and what addresses are known by without a mark.

Block marks cannot begin a line. Each name of a host has a dot before a letter or behind `www`, and each address with a
scheme has `//`."""

_JOINER = "\u2060"
"""Word joiner: it has no width and parts no line, and no address can hold it."""


def render(page: Page, *, full: bool = False, notes: bool = True) -> str:
    """Return the page as CommonMark: the article, and if it is to be full, all details."""
    return "\n".join(_Writer(page, notes).lines(full=full)) + "\n"


def escaped(text: str) -> str:
    r"""Return a text with a backslash before all that could act.

    GitHub Flavored Markdown links e-mail addresses after it removes the backslashes, so there is a word joiner
    (U+2060) on both sides of each `@`.

    >>> escaped("<b> [a](b) www.example.org")
    '\\<b\\> \\[a\\](b) www\\.example\\.org'
    """
    return _SPECIAL.sub(r"\\\g<0>", text).replace("@", f"{_JOINER}\\@{_JOINER}")


class _Writer:
    """Writes one page, with or without notes."""

    def __init__(self, page: Page, notes: bool) -> None:
        self._page = page
        self._notes = notes

    def lines(self, *, full: bool) -> Iterator[str]:
        """Yield the lines of the page."""
        page = self._page
        yield f"# {heading(title_of(page))}"
        yield ""
        yield from self._block(page.lead)
        yield from self._sections(page.article, "##")
        if page.link:
            yield from ["", f"[{page.labels['register']}]({page.link})"]
        if full:
            yield from ["", f"## {page.labels['details']}"]
            yield from self._sections(page.details, "###")
        if self._notes:
            yield from ["", "---", "", f"## {page.labels['notes']}", ""]
            for note in (*page.notes, *(page.further_notes if full else ())):
                yield f"- [{note.number}] {escaped(noted(note))}"

    def _sections(self, sections: Iterable[Section], marks: str) -> Iterator[str]:
        for section in sections:
            yield from ["", f"{marks} {section.heading}"]
            for block in section.blocks:
                yield ""
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        """Yield the lines of a paragraph, a list or a table."""
        sentences = [self._sentence(sentence) for sentence in block.sentences]
        if isinstance(block, Listing):
            yield from (f"- {sentence}" for sentence in sentences)
            return
        yield " ".join(sentences)
        if isinstance(block, Table):
            yield from ["", _row(block.head), _row((("---",),) * len(block.head))]
            yield from map(_row, block.rows)

    def _sentence(self, sentence: Sentence) -> str:
        marks = "".join(f"[{number}]" for number in sentence.notes) if self._notes else ""
        return f"{_words(sentence.parts)}{' ' * bool(marks)}{marks}{sentence.ending}"


def heading(text: str) -> str:
    """Return a text for a heading: it cannot end in marks that close one, nor begin a list."""
    return escaped(text)


def _row(cells: Iterable[Iterable[Piece]]) -> str:
    return f"| {' | '.join(_words(cell) for cell in cells)} |"


def _words(parts: Iterable[Piece]) -> str:
    return escaped(shown(parts))
