"""Pages of many trials: a file name for each, and a page with the list of them."""

import re
from typing import Any

import attrs

from trialparse.generated.classes import define, frozen
from trialparse.model.harmless import harmless
from trialparse.pages.page import Page
from trialparse.pages.render_markdown import escaped
from trialparse.pages.render_text import shown, title_of
from trialparse.pages.tables import texts

ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html"}
"""How the names of files end, by format."""

_INDEX = "index"
_KEPT = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST = 80
"""Characters of a number that a file name keeps."""


@frozen
class Listed:
    """A trial of the list."""

    file: str
    """The name of its file."""
    number: str
    """Its number."""
    title: str
    """Its title on one line."""
    about: str = ""
    """What its page is made from: of several records of one trial, which."""


@define
class Index:
    """The list of the pages that were made; no two have one name, also where case does not count."""

    format: str
    """Their format."""
    language: str
    """The language of their own words."""
    listed: list[Listed] = attrs.field(factory=list)
    """The trials, in the order of their pages."""
    _names: set[str] = attrs.field(factory=lambda: {_INDEX})

    def add(self, page: Page) -> str:
        """Note a page, and return the name of its file."""
        stem = _KEPT.sub("-", page.number)[:_LONGEST].strip("-.") or "trial"
        name, number = stem, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{stem}-{number}"
        self._names.add(name.casefold())
        file = f"{name}{ENDINGS[self.format]}"
        self.listed.append(Listed(file, harmless(page.number), title_of(page), _about(page)))
        return file

    @property
    def file(self) -> str:
        """The name of the file of the list."""
        return f"{_INDEX}{ENDINGS[self.format]}"

    def render(self, **options: Any) -> str:
        """Return the list as a page of the same format."""
        labels = {name: texts(self.language).wordings[f"label.{name}"].text for name in ("index", "number", "title")}
        if self.format == "html":
            from trialparse.pages import render_html

            return render_html.render_index(self.listed, labels, self.language, **options)
        if self.format == "markdown":
            lines = [
                f"- [{escaped(one.title)}]({one.file}) {escaped(one.number)}. {escaped(one.about)}"
                for one in self.listed
            ]
            return "\n".join([f"# {labels['index']}", "", *lines]) + "\n"
        heading = [labels["index"], "=" * len(labels["index"]), ""]
        return (
            "\n".join(
                [*heading, *(f"{one.number}  {one.title}\n    {one.about}\n    {one.file}" for one in self.listed)]
            )
            + "\n"
        )


def _about(page: Page) -> str:
    """Return on one line what a page is made from."""
    first = page.lead.sentences[0]
    return f"{' '.join(shown(first.parts).split())}{first.ending}"
