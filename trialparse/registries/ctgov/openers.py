"""Openers of ClinicalTrials.gov: lists below headings, a type before a name, ages and other numbers among words."""

import re

from trialparse.mapping.grammar import Opened
from trialparse.mapping.openers import every_line
from trialparse.mapping.verbs import one_line
from trialparse.registries.ctgov.cells import CELLS, ages, kinds, numbers, papers, places, plan, treatments
from trialparse.registries.ctgov.legacy import LEGACY, dated, design, filed, masked

__all__ = [
    "OPENED",
    "age",
    "ages",
    "compared",
    "criteria",
    "dated",
    "design",
    "filed",
    "kinds",
    "levelled",
    "masked",
    "numbers",
    "papers",
    "places",
    "plan",
    "treatments",
    "typed",
    "versioned",
]

OPENED = (
    CELLS
    | LEGACY
    | {
        "age": Opened("", ("number", "unit"), "`18 Years`, and `0 Days`, which is a limit"),
        "criteria": Opened(
            "",
            ("inclusion", "exclusion"),
            "the items of a list below `Inclusion Criteria:` and of one below `Exclusion Criteria:`; nothing of a text "
            "with other lines",
            whole=False,
        ),
        "typed": Opened("", ("type", "name"), "`Drug: Samplocillin`"),
        "compared": Opened("", ("relation", "number"), "`<0.001`"),
        "levelled": Opened("", ("level", "kind"), "`95% Confidence Interval`"),
        "versioned": Opened("", ("name", "version"), "`MedDRA 26.0`, `MedDRA (11.1)`"),
    }
)
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
_AGE = re.compile(r"(\d{1,9}) *([A-Za-z]{1,20})")
_LONGEST_HEADING = 80
"""Characters of a line, with what indents it, up to which it can be a heading."""
_HEADING = re.compile(r"(?:key )?(in|ex)clusion(?: criteria)?\s*:?", re.IGNORECASE)
_ITEM = re.compile(r"( *)(?:[-*•]|\d{1,3}\\?[.)]) +(?=\S)")


def age(text: str) -> dict[str, str]:
    """Split the number from the unit; a text of another form is the number, which no row can read.

    >>> age("0 Days"), age("eighteen")
    ({'number': '0', 'unit': 'Days'}, {'number': 'eighteen'})
    """
    match = _AGE.fullmatch(text.strip())
    return {"number": text.strip()} if match is None else {"number": match[1], "unit": match[2]}


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
    >>> criteria("\n  Inclusion Criteria:\n\n    -  Adults with\n       cough\n")
    {'inclusion': ['Adults with cough']}
    >>> criteria("Adults with cough.")
    {}
    """
    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in every_line(text):
        short = len(line) <= _LONGEST_HEADING and "clusion" in line.lower()
        if short and (heading := _HEADING.fullmatch(line.strip())) is not None:
            kind = f"{heading[1].lower()}clusion"
            if kind in sections:
                return {}
            lines = sections[kind] = []
        elif lines is not None:
            lines.append(line.rstrip())
        elif line.strip():
            return {}
    found = {kind: _items(lines) for kind, lines in sections.items() if any(lines)}
    return {kind: items for kind, items in found.items() if items} if all(found.values()) else {}


def _items(lines: list[str]) -> list[str]:
    """Return the items of a list, each with what is indented below it; none if a line belongs to no item."""
    items: list[str] = []
    margin, before = -1, ""
    for line in lines:
        item = _ITEM.match(line)
        if item is not None and (not items or len(item[1]) == margin):
            margin = len(item[1])
            items.append(line[item.end() :])
        elif line and (not items or len(line) - len(line.lstrip()) <= margin):
            return []
        elif line:
            items[-1] += f"{' ' if before and item is None else chr(10)}{one_line(line)}"
        before = line
    return items


_COMPARED = re.compile(r"\s*([<>≤≥=]{1,2})\s*(\S.*)")


def compared(text: str) -> dict[str, str]:
    """Split the sign before a number from it.

    >>> compared("<0.001"), compared("0.02")
    ({'relation': '<', 'number': '0.001'}, {'number': '0.02'})
    """
    match = _COMPARED.fullmatch(text)
    return {"number": text.strip()} if match is None else {"relation": match[1], "number": match[2].strip()}


_LEVELLED = re.compile(r"\s*(\d{1,2}(?:\.\d{1,4})?) ?% (\S.*)", re.ASCII)


def levelled(text: str) -> dict[str, str]:
    """Split the level in percent from the kind of an interval.

    >>> levelled("95% Confidence Interval"), levelled("Full Range")
    ({'level': '95', 'kind': 'Confidence Interval'}, {'kind': 'Full Range'})
    """
    match = _LEVELLED.fullmatch(text)
    return {"kind": text.strip()} if match is None else {"level": match[1], "kind": match[2].strip()}


_VERSIONED = re.compile(
    r"\s*([A-Za-z](?:[A-Za-z -]*[A-Za-z])?)[ -]{0,2}(\(?)(?:[vV]ersion |[vV])?(\d[\d.]*)(\)?)\s*", re.ASCII
)


def versioned(text: str) -> dict[str, str]:
    """Split the version from the name of a dictionary.

    >>> versioned("MedDRA 26.0"), versioned("MedDRA(15.0)"), versioned("CTC-3.0")
    ({'name': 'MedDRA', 'version': '26.0'}, {'name': 'MedDRA', 'version': '15.0'}, {'name': 'CTC', 'version': '3.0'})
    >>> versioned("MedDRA (Unspecified)"), versioned("18.1")
    ({'name': 'MedDRA (Unspecified)'}, {'name': '18.1'})
    """
    match = _VERSIONED.fullmatch(text)
    if match is None or (match[2] == "(") != (match[4] == ")"):
        return {"name": text.strip()}
    return {"name": match[1], "version": match[3]}
