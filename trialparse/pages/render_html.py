"""The page as one self-contained HTML document, in which no words from outside can act as markup."""

import html
from collections.abc import Iterable, Iterator
from importlib import resources

from trialparse.model.harmless import harmless, quoted
from trialparse.pages.page import Block, Listing, Note, Page, Piece, Section, Sentence
from trialparse.pages.render_text import own

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content security policy: the browser loads nothing, whatever the page holds."""


def render(page: Page) -> str:
    """Return the page as an HTML document."""
    return "\n".join(_Writer(page).document()) + "\n"


class _Writer:
    """Writes one page and remembers which notes have been cited, so that each can link back."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cited: set[int] = set()

    def document(self) -> Iterator[str]:
        """Yield the lines of the document."""
        style = resources.files("trialparse.pages").joinpath("page.css").read_text(encoding="utf-8")
        yield "<!DOCTYPE html>"
        yield '<html lang="en">'
        yield "<head>"
        yield '<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="color-scheme" content="light dark">'
        yield f"<title>{html.escape(harmless(self._page.title))}</title>"
        yield f"<style>\n{style}</style>"
        yield "</head>"
        yield "<body>"
        yield "<main>"
        for number, section in enumerate(self._page.sections):
            yield from self._section(section, number)
        yield '<section class="notes" aria-labelledby="notes">'
        yield '<h2 id="notes">Notes</h2>'
        yield "<ol>"
        yield from (_note(note) for note in self._page.notes)
        yield "</ol>"
        yield "</section>"
        yield "</main>"
        yield "</body>"
        yield "</html>"

    def _section(self, section: Section, number: int) -> Iterator[str]:
        level = "h2" if number else "h1"
        name = f"section-{number + 1}"
        yield f'<section aria-labelledby="{name}">'
        yield f'<{level} id="{name}">{html.escape(section.heading)}</{level}>'
        for block in section.blocks:
            yield from self._block(block)
        yield "</section>"

    def _block(self, block: Block) -> Iterator[str]:
        sentences = [self._sentence(sentence) for sentence in block.sentences]
        if isinstance(block, Listing):
            shown = len(sentences) - block.folded
            yield from _list(sentences[:shown])
            yield from _folded(sentences[shown:], block.label)
        else:
            yield f"<p>{' '.join(sentences)}</p>"

    def _sentence(self, sentence: Sentence) -> str:
        marks = "".join(self._mark(number) for number in self._page.cited(sentence))
        return f'{_words(sentence.parts)} <span class="cite">{marks}</span>{sentence.ending}'

    def _mark(self, number: int) -> str:
        """Return the link to a note; the first one to it can be linked back to."""
        anchor = "" if number in self._cited else f' id="cite-{number}"'
        self._cited.add(number)
        return f'<a href="#note-{number}"{anchor} aria-label="Note {number}">[{number}]</a>'


def _list(items: list[str]) -> Iterator[str]:
    """Yield the lines of a list."""
    yield "<ul>"
    yield from (f"<li>{one}</li>" for one in items)
    yield "</ul>"


def _folded(items: list[str], label: str) -> Iterator[str]:
    """Yield the lines of a list that opens when its label is chosen, and is open in print."""
    if items:
        yield f"<details><summary>{html.escape(label)}</summary>"
        yield from _list(items)
        yield "</details>"


def _note(note: Note) -> str:
    back = f'<a href="#cite-{note.number}" aria-label="Back to where note {note.number} is cited">↑</a>'
    return f'<li id="note-{note.number}">[{note.number}] {_words(note.parts)} {back}</li>'


def _words(parts: Iterable[Piece]) -> str:
    return "".join(_word(part) for part in parts)


def _word(part: Piece) -> str:
    """Return our own words, or words from outside in a span that keeps their direction to itself."""
    if isinstance(part, str):
        return html.escape(own(part))
    opening, text, closing = quoted(part.text)
    language = f' lang="{html.escape(part.language)}"' if part.language else ""
    return f'{opening}<span class="quote" dir="auto"{language}>{html.escape(text)}</span>{closing}'
