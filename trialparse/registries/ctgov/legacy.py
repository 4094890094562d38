"""Openers of texts in the XML of ClinicalTrials.gov that hold several facts: a design, a level of masking, a date."""

import re

from trialparse.mapping.grammar import Opened
from trialparse.mapping.openers import parts

LEGACY = {
    "masked": Opened("", ("level", "roles"), "`Double Blind (Subject, Investigator)`"),
    "design": Opened(
        "",
        ("allocation", "scopes", "assignment", "level", "roles", "purpose", "models", "perspectives", "rest"),
        "the design in one text, `Allocation: Randomized, Masking: Double Blind (Subject, Investigator)`",
    ),
    "dated": Opened("", ("text", "date"), "`ClinicalTrials.gov processed this data on May 11, 2018`"),
    "filed": Opened("", ("folder", "name"), "`https://register.example/docs/Prot_SAP_000.pdf`"),
}
"""What these openers give."""

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
