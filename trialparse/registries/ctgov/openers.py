"""Openers of ClinicalTrials.gov: criteria below their headings, types before names, and texts that hold a design."""

import re

from trialparse.mapping.grammar import Opened
from trialparse.mapping.openers import every_line, parts
from trialparse.mapping.verbs import one_line

OPENED = {
    "criteria": Opened(
        "",
        ("inclusion", "exclusion"),
        "the items of a list below `Inclusion Criteria:` and of one below `Exclusion Criteria:`; nothing of a text "
        "with other lines",
        whole=False,
    ),
    "typed": Opened("", ("type", "name"), "`Drug: Samplocillin`"),
    "masked": Opened("", ("level", "roles"), "`Double Blind (Subject, Investigator)`"),
    "design": Opened(
        "",
        ("allocation", "scopes", "assignment", "level", "roles", "purpose", "models", "perspectives", "rest"),
        "the design in one text, `Allocation: Randomized, Masking: Double Blind (Subject, Investigator)`",
    ),
    "dated": Opened("", ("text", "date"), "`ClinicalTrials.gov processed this data on May 11, 2018`"),
    "filed": Opened("", ("folder", "name"), "`https://register.example/docs/Prot_SAP_000.pdf`"),
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
    >>> criteria("\n  Inclusion Criteria:\n\n    -  Adults with\n       cough\n")
    {'inclusion': ['Adults with cough']}
    >>> criteria("Adults with cough.")
    {}
    """
    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in every_line(text):
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
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
        indent = len(line) - len(line.lstrip())
        if item is not None and (not items or len(item[1]) == margin):
            margin = len(item[1])
            items.append(line[item.end() :])
        elif line and (not items or indent <= margin):
            return []
        elif line:
            items[-1] += f"{' ' if before and item is None else chr(10)}{one_line(line)}"
        before = line
    return items


_ROLES = frozenset({"care provider", "caregiver", "investigator", "outcomes assessor", "participant", "subject"})
_LEVEL = re.compile(r"([^()]+?)\s*\(([^()]+)\)\s*")
_LABELS = {
    "Allocation": "allocation",
    "Endpoint Classification": "scopes",
    "Intervention Model": "assignment",
    "Masking": "level",
    "Primary Purpose": "purpose",
    "Observational Model": "models",
    "Time Perspective": "perspectives",
}
_NEXT = re.compile(rf",\s+(?=(?:{'|'.join(_LABELS)}): )")


def masked(text: str) -> dict[str, str | list[str]]:
    """Split the level of masking from the roles in brackets; the level may be missing.

    >>> masked("Double Blind (Subject, Investigator)"), masked("Participant, Investigator"), masked("None (Open Label)")
    ({'level': 'Double Blind', 'roles': ['Subject', 'Investigator']}, {'roles': ['Participant', 'Investigator']}, \
{'level': 'None (Open Label)'})
    """
    both = _LEVEL.fullmatch(text)
    if both is not None and both[2].strip().casefold() != "open label":
        return {"level": both[1].strip(), "roles": parts(both[2])}
    alone = parts(text)
    if all(role.casefold() in _ROLES for role in alone):
        return {"roles": alone}
    return {"level": text.strip()}


def design(text: str) -> dict[str, str | list[str]]:
    """Take apart the text that held the whole design until 2017; the commas within brackets part nothing.

    >>> design("Endpoint Classification: Safety/Efficacy Study, Masking: Single Blind (Subject)")
    {'scopes': ['Safety', 'Efficacy'], 'level': 'Single Blind', 'roles': ['Subject']}
    """
    found: dict[str, str | list[str]] = {}
    rest = []
    for part in _NEXT.split(text.strip()):
        label, _, value = part.partition(": ")
        key = _LABELS.get(label)
        if key is None or key in found or not value.strip():
            rest.append(part)
        elif key == "level":
            found |= masked(value)
        elif key == "scopes":
            found[key] = [scope.strip() for scope in value.strip().removesuffix(" Study").split("/")]
        else:
            found[key] = parts(value) if key in ("models", "perspectives") else value.strip()
    return found | {"rest": rest} if rest else found


_DATED = re.compile(r"(.*\S)\s+on\s+(\S[^,]*(?:, \d{4})?)\s*")


def dated(text: str) -> dict[str, str]:
    """Split a sentence from the date at its end.

    >>> dated("ClinicalTrials.gov processed this data on May 11, 2018")
    {'text': 'ClinicalTrials.gov processed this data', 'date': 'May 11, 2018'}
    """
    match = _DATED.fullmatch(text)
    return {"text": text} if match is None else {"text": match[1].strip(), "date": match[2].strip()}


def filed(text: str) -> dict[str, str]:
    """Split the name of a file from the address of its folder.

    >>> filed("https://register.example/docs/Prot_SAP_000.pdf")
    {'folder': 'https://register.example/docs/', 'name': 'Prot_SAP_000.pdf'}
    """
    folder, slash, name = text.strip().rpartition("/")
    return {"folder": folder + slash, "name": name}
