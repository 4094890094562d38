"""The page as plain text, wrapped at 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

from trialparse.model.harmless import harmless, quoted
from trialparse.pages.page import Block, Fact, Listing, Note, Page, Piece, Section, Sentence, Table

WIDTH = 80
"""Columns of a line; only words that are longer go beyond."""


def render(page: Page, *, full: bool = False, notes: bool = True) -> str:
    """Return the page as plain text: the article, and if it is to be full, all details."""
    return "\n".join(_Writer(page, notes).lines(full=full)) + "\n"


class _Writer:
    """Writes one page, with or without notes."""

    def __init__(self, page: Page, notes: bool) -> None:
        self._page = page
        self._notes = notes

    def lines(self, *, full: bool) -> Iterator[str]:
        """Yield the lines of the page."""
        page = self._page
        title = title_of(page)
        yield from _wrapped(title, "", "")
        yield "=" * min(WIDTH, len(title))
        yield ""
        yield from self._block(page.lead)
        yield from self._sections(page.article, "-")
        if page.link:
            yield from ["", f"{page.labels['register']}:", page.link]
        if full:
            yield from ["", page.labels["details"], "=" * len(page.labels["details"])]
            yield from self._sections(page.details, "-")
        if self._notes:
            yield from ["", "*" * 5, page.labels["notes"], ""]
            yield from self._noted(page.notes)
            if full:
                yield from self._noted(page.further_notes)

    def _sections(self, sections: Iterable[Section], line: str) -> Iterator[str]:
        for section in sections:
            yield from ["", section.heading, line * len(section.heading)]
            for block in section.blocks:
                yield ""
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        """Yield the lines of a paragraph, a list or a table."""
        sentences = [self._sentence(sentence) for sentence in block.sentences]
        if isinstance(block, Listing):
            for sentence in sentences:
                yield from _wrapped(sentence, "- ", "  ")
            return
        yield from _wrapped(" ".join(sentences), "", "")
        if isinstance(block, Table):
            yield ""
            yield from _table(block)

    def _sentence(self, sentence: Sentence) -> str:
        marks = "".join(f"[{number}]" for number in sentence.notes) if self._notes else ""
        return f"{shown(sentence.parts)}{' ' * bool(marks)}{marks}{sentence.ending}"

    def _noted(self, notes: Iterable[Note]) -> Iterator[str]:
        for note in notes:
            mark = f"[{note.number}] "
            yield from _wrapped(noted(note), mark, " " * len(mark))


def _table(table: Table) -> Iterator[str]:
    """Yield a table as one line for each row: its head, and each value with the head of its column."""
    for row in table.rows:
        cells = [f"{shown(head)}: {shown(cell)}" for head, cell in zip(table.head[1:], row[1:], strict=True)]
        yield from _wrapped(f"{shown(row[0])} | {'; '.join(cells)}", "- ", "  ")


def title_of(page: Page) -> str:
    """Return the title on one line, harmless."""
    return harmless(page.title if isinstance(page.title, str) else page.title.text)


def noted(note: Note) -> str:
    """Return what a note shows, with the end of its path."""
    facts = "; ".join(_fact(fact) for fact in note.facts)
    return f"{own(note.short)}: {facts}" if note.short else facts


def _fact(fact: Fact) -> str:
    return f"{own(fact.name)} {shown(fact.parts)}" if fact.name else shown(fact.parts)


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
        expand_tabs=False,  # harmless words have no white space but blanks
        replace_whitespace=False,
    )
