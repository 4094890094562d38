"""The plain-language page: a short article on a trial that a patient can read, and all details behind it.

Each sentence cites what it rests on. Data flow one way: a record becomes a `View`, that becomes sentences, these get
the numbers of their notes, and the whole is a `Page`, which a renderer writes.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from trialparse.model import Trial
from trialparse.pages import render_markdown, render_text
from trialparse.pages.article import article, lead, link, title
from trialparse.pages.details import sections
from trialparse.pages.index import Index
from trialparse.pages.notes import Notes
from trialparse.pages.page import Page
from trialparse.pages.protocols import RecordForPage
from trialparse.pages.stored import Stored
from trialparse.pages.tables import ENGLISH, texts
from trialparse.pages.view import View

__all__ = ["DETAIL", "FORMATS", "overview", "overviews", "page_in", "page_of"]

_PLAIN: dict[str, Callable[..., str]] = {"text": render_text.render, "markdown": render_markdown.render}
"""The renderers that need no further library."""

FORMATS = (*_PLAIN, "html")
"""The formats that a page can be written in."""

DETAIL = ("short", "full")
"""How much of a page text and Markdown have."""


def overview(
    parsed: RecordForPage | Trial,
    *,
    format: Literal["text", "markdown", "html"] = "text",
    detail: Literal["short", "full"] = "short",
    language: str = ENGLISH,
    notes: bool = True,
    fragment: bool = False,
    css: str | None = None,
    templates: str | None = None,
) -> str:
    """Return the plain-language page on a record, on several combined ones or on a stored trial.

    The page is a short article; with `detail="full"`, all details follow. An HTML page always holds both: its
    details are folded, and with `detail="full"` they are open.
    Every sentence ends in the numbers of its notes, which show the places in the source and the words there.
    `notes=False` leaves out notes and numbers. `language` is that of the page's own words.
    Words of the register are in quotation marks, unchanged except for white space.

    HTML takes three more: `fragment=True` gives the body alone, for a page of yours; `css` takes the place of the
    page's own style; `templates` is a folder whose templates take the place of those of the same name.
    HTML needs jinja2, which the extra `cli` installs.
    Raises ValueError for an unknown format, detail or language.
    """
    page = page_of(parsed, language=language, details=_has_details(format, detail))
    return _written(page, format, detail, notes, fragment, css, templates)


def overviews(
    records: Iterable[RecordForPage | Trial],
    *,
    format: Literal["text", "markdown", "html"] = "html",
    language: str = ENGLISH,
    fragment: bool = False,
    css: str | None = None,
    templates: str | None = None,
    **options: Any,
) -> Iterator[tuple[str, str]]:
    """Yield a file name and the page for each record, and at the end the page that lists them all.

    The options are those of `overview`.
    """
    index = Index(format, language)
    html: dict[str, Any] = {"fragment": fragment, "css": css, "templates": templates}
    for record in records:
        yield page_in(index, record, **html, **options)
    yield index.file, index.render(**html if format == "html" else {})


def page_in(
    index: Index,
    parsed: RecordForPage | Trial,
    *,
    detail: Literal["short", "full"] = "short",
    notes: bool = True,
    fragment: bool = False,
    css: str | None = None,
    templates: str | None = None,
) -> tuple[str, str]:
    """Return a file name and the page of a record that an index is to list."""
    page = page_of(parsed, language=index.language, details=_has_details(index.format, detail))
    text = _written(page, index.format, detail, notes, fragment, css, templates)
    return index.add(page), text


def _has_details(format: str, detail: str) -> bool:
    """Whether a page that is written in a format has the details."""
    return format == "html" or detail == "full"


def _written(
    page: Page, format: str, detail: str, notes: bool, fragment: bool, css: str | None, templates: str | None
) -> str:
    """Return a page in a format."""
    for name, value, known in (("format", format, FORMATS), ("detail", detail, DETAIL)):
        if value not in known:
            raise ValueError(f"{name} is one of {', '.join(known)}, not {value!r}")
    full = detail == "full"
    if format == "html":
        from trialparse.pages import render_html

        return render_html.render(page, full=full, notes=notes, fragment=fragment, css=css, templates=templates)
    return _PLAIN[format](page, full=full, notes=notes)


_LABELS = ("notes", "details", "details_notes", "contents", "register", "back", "note")


def page_of(parsed: RecordForPage | Trial, *, language: str = ENGLISH, details: bool = True) -> Page:
    """Return the page, with or without the details, as a document model, before it is written in a format."""
    record = Stored(parsed) if isinstance(parsed, Trial) else parsed
    view = View.of(record, texts(language))
    notes = Notes(view)
    first = notes.of_paragraph(lead(view))
    short = notes.of_sections(article(view))
    further = Notes(view, notes.next)
    long = further.of_sections(sections(view)) if details else ()
    labels = {name: view.texts.wordings[f"label.{name}"].text for name in _LABELS}
    return Page(
        language, view.trial.id or "", title(view), first, short, long, notes.shown, further.shown, labels, link(view)
    )
