"""Openers of ClinicalTrials.gov: criteria below their headings, and interventions with their type before the name."""

import re

from trialparse.mapping.grammar import Opened
from trialparse.registries.ctgov.cells import CELLS, ages, kinds, numbers, papers, places, plan, treatments

__all__ = ["OPENED", "ages", "criteria", "kinds", "numbers", "papers", "places", "plan", "treatments", "typed"]

OPENED = CELLS | {
    "criteria": Opened(
        "",
        ("inclusion", "exclusion"),
        "the items of a list below `Inclusion Criteria:`, and of one below `Exclusion Criteria:`; nothing of a text "
        "with other lines",
        whole=False,
    ),
    "typed": Opened("", ("type", "name"), "`Drug: Samplocillin`"),
}
"""What the openers of this folder give."""

_TYPES = frozenset(
    {
        "behavioral",
        "biological",
        "combination product",
        "combination_product",
        "device",
        "diagnostic test",
        "diagnostic_test",
        "dietary supplement",
        "dietary_supplement",
        "drug",
        "genetic",
        "other",
        "procedure",
        "radiation",
    }
)
"""The labels of types, as they are written before a name and as values of the API."""
_HEADING = re.compile(r"(?:key )?(in|ex)clusion(?: criteria)?\s*:?", re.IGNORECASE)
_ITEM = re.compile(r"( *)(?:[-*•]|\d{1,3}\\?[.)]) +(?=\S)")


def typed(text: str) -> dict[str, str]:
    """Split the type from the name of an intervention; a text without a known type is a name.

    >>> typed("Drug: Samplocillin: oral"), typed("Samplocillin: oral")
    ({'type': 'Drug', 'name': 'Samplocillin: oral'}, {'name': 'Samplocillin: oral'})
    """
    before, colon, after = text.partition(":")
    if colon and before.strip().casefold() in _TYPES and after.strip():
        return {"type": before.strip(), "name": after.strip()}
    return {"name": text.strip()}


def criteria(text: str) -> dict[str, list[str]]:
    r"""Split criteria of eligibility where headings and items are plain.

    Each section has one heading and nothing but items of one list; what is indented below an item belongs to it.

    >>> criteria("Inclusion Criteria:\n\n* Adults\n   * or older\n* Cough\n\nExclusion Criteria:\n\n1. Fever")
    {'inclusion': ['Adults\n* or older', 'Cough'], 'exclusion': ['Fever']}
    >>> criteria("Adults with cough.")
    {}
    """
    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
            kind = f"{heading[1].lower()}clusion"
            if kind in sections:
                return {}
            lines = sections[kind] = []
        elif line.strip():
            if lines is None:
                return {}
            lines.append(line.rstrip())
    found = {kind: _items(lines) for kind, lines in sections.items() if lines}
    return {kind: items for kind, items in found.items() if items} if all(found.values()) else {}


def _items(lines: list[str]) -> list[str]:
    """Return the items of a list, each with what is indented below it; none if a line belongs to no item."""
    first = _ITEM.match(lines[0])
    if first is None:
        return []
    margin, items = len(first[1]), []
    for line in lines:
        item = _ITEM.match(line)
        if item is not None and len(item[1]) == margin:
            items.append(line[item.end() :])
        elif len(line) - len(line.lstrip()) > margin:
            items[-1] += f"\n{line.lstrip()}"
        else:
            return []
    return items
