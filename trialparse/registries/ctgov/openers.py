"""Openers of ClinicalTrials.gov: lists below their headings, a type before a name, numbers with words around them."""

import re

from trialparse.mapping.grammar import Opened

OPENED = {
    "criteria": Opened(
        "",
        ("inclusion", "exclusion"),
        "the items of a list below `Inclusion Criteria:` and of one below `Exclusion Criteria:`; nothing of a text with "
        "other lines",
        whole=False,
    ),
    "typed": Opened("", ("type", "name"), "`Drug: Samplocillin`"),
    "compared": Opened("", ("relation", "number"), "`<0.001`"),
    "levelled": Opened("", ("level", "kind"), "`95% Confidence Interval`, `CONFIDENCE_95`"),
    "versioned": Opened("", ("name", "version"), "`MedDRA 26.0`, `MedDRA (11.1)`"),
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


_COMPARED = re.compile(r"\s*([<>≤≥=]{1,2})\s*(\S.*)")


def compared(text: str) -> dict[str, str]:
    """Split the sign before a number from it.

    >>> compared("<0.001"), compared("0.02")
    ({'relation': '<', 'number': '0.001'}, {'number': '0.02'})
    """
    match = _COMPARED.fullmatch(text)
    return {"number": text.strip()} if match is None else {"relation": match[1], "number": match[2].strip()}


_LEVELLED = re.compile(r"\s*(?:(\d{1,2}(?:\.\d{1,4})?) ?% (\S.*)|(CONFIDENCE)_(\d\d)(\d?))\s*", re.ASCII)


def levelled(text: str) -> dict[str, str]:
    """Split the level in percent from the kind of an interval; the API of version 2 writes 97.5 as `975`.

    >>> levelled("95% Confidence Interval"), levelled("CONFIDENCE_975")
    ({'level': '95', 'kind': 'Confidence Interval'}, {'level': '97.5', 'kind': 'CONFIDENCE'})
    >>> levelled("Full Range")
    {'kind': 'Full Range'}
    """
    match = _LEVELLED.fullmatch(text)
    if match is None:
        return {"kind": text.strip()}
    if match[1] is not None:
        return {"level": match[1], "kind": match[2].strip()}
    return {"level": match[4] + (f".{match[5]}" if match[5] else ""), "kind": match[3]}


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
