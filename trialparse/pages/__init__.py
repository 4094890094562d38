"""The plain-language page: a trial in sentences that a patient can read, each with what it rests on."""

from collections.abc import Callable
from typing import Literal

from trialparse.pages import render_html, render_markdown, render_text
from trialparse.pages.notes import numbered
from trialparse.pages.page import Page
from trialparse.pages.protocols import RecordForPage
from trialparse.pages.sections import sections
from trialparse.pages.view import View

__all__ = ["FORMATS", "overview", "page_of"]

_RENDERERS: dict[str, Callable[[Page], str]] = {
    "text": render_text.render,
    "markdown": render_markdown.render,
    "html": render_html.render,
}

FORMATS = tuple(_RENDERERS)
"""The formats that a page can be written in."""


def overview(parsed: RecordForPage, *, format: Literal["text", "markdown", "html"] = "text") -> str:
    """Return the plain-language page on a parsed record as text, Markdown or one HTML document.

    Every sentence ends in the numbers of its notes.
    A note shows the place in the source and the register's words, or the glossary's entry.
    Words of the register are in quotation marks, unchanged except for white space.
    Raises ValueError for an unknown `format`.
    """
    if format not in _RENDERERS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    return _RENDERERS[format](page_of(parsed))


def page_of(parsed: RecordForPage) -> Page:
    """Return the page as a document model, before it is written in a format."""
    number = f": {parsed.trial.id}" if parsed.trial.id else ""
    view = View.of(parsed)
    return numbered(f"Trial overview{number}", sections(view), view)
