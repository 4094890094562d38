"""Cells of ClinicalTrials.gov's tables that hold several facts, with bars between them."""

import re

from trialparse.mapping.folder import codes_of
from trialparse.mapping.grammar import Opened
from trialparse.mapping.openers import bars
from trialparse.mapping.rows import fold

CELLS = {
    "treatments": Opened("[]", ("type", "name"), "`DRUG: Samplocillin|OTHER: Placebo`"),
    "places": Opened("[]", ("address", "country"), "`A Clinic, A Town, 12345, Germany|A Surgery, A City, Spain`"),
    "numbers": Opened("", ("first", "others"), "`INV-0202|2026-590101-24-00`: the sponsor's number, and the others"),
    "kinds": Opened("", ("type", "access"), "`Expanded Access:Individual Patients|Treatment IND/Protocol`"),
    "ages": Opened("", ("minimum", "maximum", "groups"), "`18 Years to 75 Years (Adult, Older Adult)`, `ADULT, CHILD`"),
    "plan": Opened("", None, "`Allocation: RANDOMIZED|Masking: SINGLE (PARTICIPANT)` by its labels, and `roles`"),
    "papers": Opened("[]", ("title", "url", "file", "kind"), "`Study Protocol, https://example.org/Prot_000.pdf`"),
}
"""What the openers for cells give."""


def treatments(text: str) -> list[dict[str, str]]:
    """Return the types and names of interventions; what follows a bar and has no type belongs to the name before it.

    >>> treatments("DRUG: Samplocillin|DEVICE: Inhaler A|B")
    [{'type': 'DRUG', 'name': 'Samplocillin'}, {'type': 'DEVICE', 'name': 'Inhaler A|B'}]
    """
    types = codes_of("ctgov")["intervention_type"]
    found: list[dict[str, str]] = []
    for part in text.strip().split("|"):
        kind, colon, name = part.partition(":")
        if colon and fold(kind) in types:
            found.append({"type": kind.strip(), "name": name.strip()})
        elif found:
            found[-1]["name"] += f"|{part}"
        else:
            found.append({"name": part})
    return found


def places(text: str) -> list[dict[str, str]]:
    """Return the country of each place, and its address without it; what names no country belongs to what follows it.

    >>> places("A Clinic, Seoul, Korea, Republic of|A Town, Spain")
    [{'address': 'A Clinic, Seoul', 'country': 'Korea, Republic of'}, {'address': 'A Town', 'country': 'Spain'}]
    >>> places("Clinic A|B, A Town, Spain")
    [{'address': 'Clinic A|B, A Town', 'country': 'Spain'}]
    """
    found: list[dict[str, str]] = []
    begun = ""
    for part in text.split("|"):
        place = _place(part.strip())
        if "country" in place:
            found.append({"address": begun + place.get("address", ""), "country": place["country"]})
            begun = ""
        else:
            begun += f"{part.strip()}|"
    return [*found, {"address": begun[:-1]}] if begun else found


_LONGEST_COUNTRY = 3
"""Parts between commas of a country's name, at most."""


def _place(text: str) -> dict[str, str]:
    """Return the country that ends a text, known or else behind its last comma, and the words before it."""
    parts = text.split(", ")
    countries = codes_of("ctgov")["country"]
    for start in range(max(0, len(parts) - _LONGEST_COUNTRY), len(parts)):
        country = ", ".join(parts[start:])
        if fold(country) in countries:
            break
    else:
        if len(parts) == 1:
            return {"address": text}
        start, country = len(parts) - 1, parts[-1]
    address = ", ".join(parts[:start])
    return {"address": address, "country": country} if address else {"country": country}


def numbers(text: str) -> dict[str, str | list[str]]:
    """Return the number that the sponsor gave, which is always first, and the others.

    >>> numbers("INV-0202|2026-590101-24-00")
    {'first': 'INV-0202', 'others': ['2026-590101-24-00']}
    """
    first, *others = bars(text)
    return {"first": first, "others": others} if others else {"first": first}


def kinds(text: str) -> dict[str, str | list[str]]:
    """Return the type of a study, and for whom expanded access is; a quote at the end is a slip of the site.

    >>> kinds('Expanded Access:Individual Patients|Treatment IND/Protocol"')
    {'type': 'Expanded Access', 'access': ['Individual Patients', 'Treatment IND/Protocol']}
    """
    kind, _, access = text.partition(":")
    found = [part.strip(' "') for part in access.split("|")]
    return {"type": kind.strip(' "'), "access": found} if access.strip(' "') else {"type": kind.strip(' "')}


_AGE = r"(\d{1,6} [A-Za-z]{1,20})"
_AGES = re.compile(
    rf"(?:{_AGE} to {_AGE}|{_AGE} and older|up to {_AGE})?+\s*+(?:\(([^()]++)\)|([^()\d]*+))", re.IGNORECASE
)


def ages(text: str) -> dict[str, dict[str, str] | list[str]]:
    """Return the least and the greatest age, each with its unit, and the groups of ages.

    >>> ages("18 Years and older \\xa0 (Adult, Older Adult)")
    {'minimum': {'number': '18', 'unit': 'Years'}, 'groups': ['Adult', 'Older Adult']}
    """
    match = _AGES.fullmatch(text.strip())
    if match is None:
        return {"groups": [text.strip()]}
    limits = {"minimum": match[1] or match[3], "maximum": match[2] or match[4]}
    found: dict[str, dict[str, str] | list[str]] = {key: _age(age) for key, age in limits.items() if age is not None}
    groups = [group.strip() for group in (match[5] or match[6] or "").split(",")]
    return found | {"groups": groups} if any(groups) else found


def _age(text: str) -> dict[str, str]:
    number, _, unit = text.partition(" ")
    return {"number": number, "unit": unit}


_BEFORE_LABEL = re.compile(r"\|(?=\s{0,3}[A-Z][A-Za-z ]{3,40}:)")
_WITH_ROLES = re.compile(r"([^()]++)\(([^()]++)\)")
_MASKING, _ROLES = "Masking", "roles"


def plan(text: str) -> dict[str, str | list[str]]:
    """Return the parts of a design by their labels, and the roles in brackets behind the masking.

    >>> plan("Allocation: NA | Masking: Double (Participant, Investigator)")
    {'Allocation': 'NA', 'Masking': 'Double', 'roles': ['Participant', 'Investigator']}
    """
    found: dict[str, str | list[str]] = {}
    for part in _BEFORE_LABEL.split(text.strip()):
        label, colon, value = part.partition(":")
        label = label.strip() if colon and label.strip() not in found else "text"
        value = value.strip() if label != "text" else f"{found.get('text', '')}\n{part}".strip()
        roles = _WITH_ROLES.fullmatch(value) if label == _MASKING else None
        if roles is not None and fold(value) not in codes_of("ctgov")["masking"]:
            found |= {_MASKING: roles[1].strip(), _ROLES: [role.strip() for role in roles[2].split(",")]}
        else:
            found[label] = value
    return found


_KIND = re.compile(r"([A-Za-z_]{1,40})_\d{1,6}\.[A-Za-z]{1,9}")


def papers(text: str) -> list[dict[str, str]]:
    """Return the title of each document, its address, its file, and the kind that the file's name begins with.

    >>> papers("Study Protocol, https://example.org/Prot_000.pdf")
    [{'title': 'Study Protocol', 'url': 'https://example.org/Prot_000.pdf', 'file': 'Prot_000.pdf', 'kind': 'Prot'}]
    """
    found = [_paper(part) for part in text.split("|")]
    return found if all("url" in paper for paper in found) else [{"title": text.strip()}]


def _paper(text: str) -> dict[str, str]:
    """Return a document; one without an address is a title."""
    title, _, address = text.rpartition(", http")
    if not title or any(map(str.isspace, address.strip())):
        return {"title": text.strip()}
    url = f"http{address.strip()}"
    file = url.rpartition("/")[2]
    kind = _KIND.fullmatch(file)
    return {"title": title.strip().strip('"'), "url": url, "file": file, "kind": file if kind is None else kind[1]}
