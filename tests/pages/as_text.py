"""Pages of fixtures and of trials made by hand, as text that tests compare."""

import re
import sys
from collections.abc import Callable
from typing import Any

import attrs

import trialparse
from tests.conftest import FIXTURES
from trialparse.mapping.kinds import Kind, kind_of
from trialparse.model import Trial
from trialparse.model.evidence import Evidence
from trialparse.pages import overview


def records(name: str, **options: Any) -> list[Any]:
    """Return the records of a fixture."""
    return list(trialparse.read(FIXTURES / name, **options))


DETAILS = "\nAll details\n===========\n"
"""What is between the article and its details in a text."""


def plain(page: str) -> str:
    """Return the details of a page as text on one line, or the article where the page has no details, without notes."""
    text = page.partition("\n*****\n")[0]
    text = " ".join((text.partition(DETAILS)[2] or text).split())
    return re.sub(r" (\[\d+\])+", "", text)


def told(name: str, index: int = 0) -> str:
    """Return the page of a record of a fixture as text on one line."""
    return plain(overview(records(name)[index], detail="full"))


@attrs.frozen
class Made:
    """A trial made by hand in the place of a parsed record."""

    trial: Trial
    format: Any

    def evidence(self, field: str) -> Evidence:
        return Evidence(field=field)

    @property
    def kind(self) -> Kind:
        return kind_of(self.format.name)

    def language_of(self, field: str) -> str | None:
        return None


def page_of_trial(trial: Trial, form: str = "text", name: str = "test", detail: str = "full") -> str:
    """Return the page of a trial made by hand."""
    made = Made(trial, attrs.make_class("Format", {"name": attrs.field(default=name)})())
    return overview(made, format=form, detail=detail)


def told_of(**fields: Any) -> str:
    """Return the page of a trial made by hand as text on one line."""
    return plain(page_of_trial(Trial(**fields)))


def article(name: str, index: int = 0) -> str:
    """Return the article on a record of a fixture as text on one line."""
    return plain(overview(records(name)[index]))


def article_of(name: str = "test", **fields: Any) -> str:
    """Return the article on a trial made by hand as text on one line."""
    return plain(page_of_trial(Trial(**fields), name=name, detail="short"))


def calls(act: Callable[[], object]) -> int:
    """Count the calls of functions while something is done."""
    number = 0

    def note(*_: object) -> None:
        nonlocal number
        number += 1

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return number
