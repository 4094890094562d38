"""The design in the words of a title: a question without an entry is answered if the quoted title answers it."""

import re

from trialparse.pages.view import View

_PATTERNS = {
    "allocation": re.compile(
        r"\b(?:non-?)?(?:randomi[sz]|randomis|aleatori|aléatoi|zufalls|gerandomi|losow|single[ -]arm|one[ -]arm)|"
        r"\bnon-?comparative|\buncontrolled",
        re.IGNORECASE,
    ),
    "masking": re.compile(
        r"blind|\bopen[- ]?label|\bmasked|\bin aperto|\babierto|\bouvert|\boffene?\b|\bciego|\bcieco|\baveugle|"
        r"\bopen\b(?=[ ,-])",
        re.IGNORECASE,
    ),
    "phases": re.compile(r"\bphase\s*(?:[1-4]|i{1,3}v?|iv)", re.IGNORECASE),
}
"""The words of titles for each topic, in the languages of registers."""

TITLED = tuple(_PATTERNS)
"""The topics that a title can mention."""

_TITLES = ("public_title", "scientific_title", "acronym")


def quoted_title(view: View) -> str | None:
    """Return the field of the title that the page has for its heading, None where there is no title."""
    return next((name for name in _TITLES if view.quote(name)), None)


def title_on(view: View, topic: str) -> str | None:
    """Return the field of a title that mentions a topic, that of the heading first, None where none does."""
    named = [name for name in _TITLES if view.quote(name)]
    return next((name for name in named if _PATTERNS[topic].search(getattr(view.trial, name))), None)


def named_in_title(view: View) -> list[str]:
    """Return the parts of the design that a title names."""
    return [topic for topic in ("allocation", "masking") if title_on(view, topic)]
