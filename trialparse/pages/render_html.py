"""The page as HTML, in which no words from outside can act as markup; templates write it, and can be replaced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from trialparse.generated.classes import define
from trialparse.model.harmless import harmless, quoted
from trialparse.pages.page import Bar, Listing, Page, Piece, Quote, Table
from trialparse.pages.render_text import own, shown, title_of
from trialparse.pages.wording import shortened
from trialparse.prepared import prepared
from trialparse.tsv import files_of

_WIDEST = 250
"""Length of the longest bar of a chart, which leaves room for its number."""

_LABEL = 48
"""Characters of a bar's label."""


def render(
    page: Page,
    *,
    full: bool = False,
    notes: bool = True,
    fragment: bool = False,
    css: str | None = None,
    templates: str | None = None,
) -> str:
    """Return the page as an HTML document, or as the part of one; all details are open if it is to be full."""
    writer = _Writer(fragment=fragment, number=page.number)
    template = environment(templates).get_template("article.html" if fragment else "page.html")
    text = template.render(
        page=page,
        full=full,
        notes=notes,
        css=Markup(_style(css)),  # noqa: S704  the page's own style, or the caller's
        title=title_of(page),
        title_language=_language(page.title.language if isinstance(page.title, Quote) else None),
        prefix=writer.prefix,
        anchor=writer.anchor,
        words=words,
        plain=shown,
        own=own,
        label=lambda name, number: page.labels[name].replace("{number}", str(number)),
        is_table=lambda block: isinstance(block, Table),
        is_list=lambda block: isinstance(block, Listing),
        scaled=_scaled,
    )
    return text.strip() + "\n"


def render_index(
    listed: Sequence[object],
    labels: Mapping[str, str],
    language: str,
    *,
    fragment: bool = False,
    css: str | None = None,
    templates: str | None = None,
) -> str:
    """Return the list of trials as an HTML document, or as the part of one."""
    template = environment(templates).get_template("index.html")
    style = Markup(_style(css))  # noqa: S704  the page's own style, or the caller's
    return template.render(listed=listed, labels=labels, language=language, fragment=fragment, css=style).strip() + "\n"


def environment(templates: str | None = None) -> Environment:
    """Return the templates: those in a folder of the caller's first, then the page's own."""
    if not templates:
        return _own_ones()
    return _environment(ChoiceLoader([FileSystemLoader(templates), _own_loader()]))


@prepared
def _own_ones() -> Environment:
    """Return the page's own templates, each of which is compiled at its first use."""
    return _environment(_own_loader())


def _own_loader() -> PackageLoader:
    return PackageLoader("trialparse.pages", "templates")


def _environment(loader: BaseLoader) -> Environment:
    return Environment(loader=loader, autoescape=True, trim_blocks=False, undefined=StrictUndefined)


def _style(css: str | None) -> str:
    """Return the style; it cannot end its element."""
    text = css
    if text is None:
        text = files_of("trialparse.pages").joinpath("templates/page.css").read_text(encoding="utf-8")
    return text.replace("</", "<\\/")


@define
class _Writer:
    """Remembers which notes have been cited, so that each can link back to where it was first."""

    fragment: bool
    """Whether the text is a part of somebody's page, which can hold several."""
    number: str
    """The number of the trial."""
    _cited: set[int] = attrs.field(factory=set)

    @property
    def prefix(self) -> str:
        """What the ids begin with: the number of the trial in a part of a page, which can hold several."""
        if not self.fragment:
            return ""
        return f"t-{''.join(char if char.isascii() and char.isalnum() else '-' for char in self.number)}-"

    def anchor(self, number: int) -> Markup:
        """Return the id of the first link to a note, nothing for the others."""
        if number in self._cited:
            return Markup()
        self._cited.add(number)
        return Markup(' id="{}cite-{}"').format(self.prefix, number)


def words(parts: Iterable[Piece]) -> Markup:
    """Return words as HTML; those from outside are in a span that keeps their direction to itself."""
    return Markup().join(_word(part) for part in parts)


def _word(part: Piece) -> Markup:
    if isinstance(part, str):
        return Markup("{}").format(own(part))
    opening, text, closing = quoted(part.text)
    span = Markup('{}<span class="quote" dir="auto"{}>{}</span>{}')
    return span.format(opening, _language(part.language), text, closing)


def _language(code: str | None) -> Markup:
    return Markup(' lang="{}"').format(harmless(code)) if code else Markup()


def _scaled(bars: tuple[Bar, ...]) -> Iterator[dict[str, Any]]:
    """Yield the bars with their widths."""
    longest = max(bar.value for bar in bars) or 1
    for bar in bars:
        label = bar.label.text if isinstance(bar.label, Quote) else bar.label
        width = round(bar.value / longest * _WIDEST, 1)
        yield {"label": shortened(harmless(label), _LABEL), "width": width, "shown": bar.shown}
