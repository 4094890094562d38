"""What a title says of the design: a field without an entry is not silent if the quoted title says it."""

import re

from trialparse.pages.view import View

_SAID = {
    "allocation": re.compile(
        r"\b(?:non-?)?(?:randomi[sz]|randomis|aleatori|aléatoi|zufalls|gerandomi|losow|single[ -]arm|one[ -]arm)",
        re.IGNORECASE,
    ),
    "masking": re.compile(
        r"blind|\bopen[- ]?label|\bmasked|\bin aperto|\babierto|\bouvert|\boffene?\b|\bciego|\bcieco|\baveugle|"
        r"\bopen\b(?=[ ,-])",
        re.IGNORECASE,
    ),
    "phases": re.compile(r"\bphase\s*(?:[1-4]|i{1,3}v?|iv)", re.IGNORECASE),
}
"""How titles say it, in the languages of registers."""

TITLED = tuple(_SAID)
"""The topics that a title can tell of."""

_TITLES = ("public_title", "scientific_title", "acronym")


def title_on(view: View, topic: str) -> str | None:
    """Return the field of the quoted title that says something on a topic, None where it does not."""
    quoted = next((name for name in _TITLES if view.quote(name)), None)
    text = getattr(view.trial, quoted) if quoted else ""
    return quoted if quoted and _SAID[topic].search(text) else None


def named_in_title(view: View) -> list[str]:
    """Return the parts of the design that the quoted title names."""
    return [topic for topic in ("allocation", "masking") if title_on(view, topic)]
