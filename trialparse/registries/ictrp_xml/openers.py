"""Openers of the ICTRP's XML: registers copy the lines of a form into one text."""

import re
from typing import Any

from trialparse.mapping.grammar import Opened
from trialparse.mapping.openers import BLANK, every_line

_GROUPS = {
    "products": ("Trade Name", "Product Name", "Product Code", "Pharmaceutical Form"),
    "placebos": ("Pharmaceutical form of the placebo", "Route of administration of the placebo"),
    "substances": (
        "INN or Proposed INN",
        "CAS Number",
        "Current Sponsor code",
        "Other descriptive name",
        "EV Substance Code",
        "Concentration unit",
        "Concentration type",
        "Concentration number",
    ),
    "ages": ("Are the trial subjects under 18?", "Adults (18-64 years)", "Elderly (>=65 years)"),
    "codes": ("MedDRA version", "Level", "Classification code", "Term", "System Organ Class"),
}
_COUNT = "Number of subjects for this age range"
_FIELDS = (
    "Main Objective",
    "Secondary Objective",
    "Primary end point(s)",
    "Secondary end point(s)",
    "Timepoint(s) of evaluation of this end point",
    "Therapeutic area",
    _COUNT,
)
_GROUP_OF = {label: group for group, labels in _GROUPS.items() for label in labels}
_LINE = re.compile(
    r"\s*(?:[A-Z](?:\.\d+)+\s+)?("
    + "|".join(map(re.escape, sorted((*_GROUP_OF, *_FIELDS), key=len, reverse=True)))
    + r")\s*(?::|(?<=[?)])(?=\s|$)|(?<=age range)(?=\s|$))\s*(.*)"
)
_FOREIGN = re.compile(r"\s*([A-Z][^:]{1,60}?)\s*:\s(.*)")
"""A line that reads like one of a form, within a group of labels; no row reads it."""
_LABEL = re.compile("|".join(map(re.escape, (*_GROUP_OF, *_FIELDS))))
_Node = dict[str, Any]

OPENED = {
    "eudract": Opened(
        "",
        ("text", *(name for name in _GROUPS if name != "substances"), *_FIELDS),
        "the labels of the EudraCT form, which registers copy into one text",
    ),
    "answers": Opened(
        "",
        None,
        "the answers of `Randomised: yes`, each label with a list, and the other lines as `text`",
    ),
}
"""What the openers of this folder give."""


def eudract(text: str) -> dict[str, Any]:
    """Split a text by the labels of the EudraCT form; unlabelled lines become `text`.

    Labels of products, placebos and MedDRA codes fill the records of `products`, `placebos` and `codes`; each product
    has its `substances`. Only labels of the form count, so prose with colons stays whole.
    A number of subjects belongs to the age group above it. A label of no form, within a group, is a key of its own.

    >>> eudract("Gout: acute\\nMedDRA version: 18.0\\nTerm: Gout")["text"]
    'Gout: acute'
    >>> eudract("Adults (18-64 years) yes\\nNumber of subjects for this age range 64")["ages"]
    {'Adults (18-64 years)': {'answer': 'yes', 'count': '64'}}
    >>> [product["substances"] for product in eudract("Trade Name: X\\nINN or Proposed INN: A")["products"]]
    [[{'INN or Proposed INN': 'A'}]]
    """
    form: _Node = {"text": "", "products": [], "placebos": [], "codes": [], "ages": {}}
    if _LABEL.search(text) is None:
        form["text"] = text.strip()
        return form
    place, name = form, "text"
    last: dict[str, _Node] = {}
    for line in every_line(text):
        match = _LINE.fullmatch(line)
        group = _GROUP_OF.get(match[1], "form") if match is not None else ""
        if match is None or (match[1] in ("Level", "Term") and "codes" not in last):
            if not line.strip() and place is not form:
                place, name, last = form, "text", {}
            if place is not form and (foreign := _FOREIGN.fullmatch(line)) is not None:
                name = foreign[1]
                place[name] = f"{place[name]}\n{foreign[2]}" if name in place else foreign[2]
                continue
            place[name] = f"{place[name]}\n{line.rstrip(BLANK)}"
            continue
        name = match[1]
        if group == "ages":
            last["ages"] = form["ages"].setdefault(name, {})
            place, name = last["ages"], "answer"
        elif name == _COUNT and "ages" in last:
            place, name = last.pop("ages"), "count"
        else:
            place = form if group == "form" else _group(form, group, name, last)
        place[name] = f"{place[name]}\n{match[2]}" if name in place else match[2]
    return _stripped(form)


def _group(form: _Node, group: str, label: str, last: dict[str, _Node]) -> _Node:
    """Return the record of a group that a label belongs to: the open one, or a new one if it has the label."""
    if group not in last or label in last[group]:
        around = form
        if group == "substances":
            around = last.get("products") or _group(form, "products", "", last)
        else:
            last.pop("substances", None)
        last[group] = {"substances": []} if group == "products" else {}
        around[group].append(last[group])
    return last[group]


def _stripped(node: _Node) -> _Node:
    """Return a node without white space around its texts."""
    for name, value in node.items():
        if isinstance(value, dict):
            _stripped(value)
        else:
            node[name] = value.strip() if isinstance(value, str) else [_stripped(below) for below in value]
    return node


# possessive quantifiers never backtrack, so no text makes these patterns slow
_ANSWER = re.compile(r"([^:]*+(?::[^:]*+)*?):\s*+(yes|no|)\s*+", re.IGNORECASE)
_FLAT_ANSWER = re.compile(r"([^:\n]{1,200}+):[ \t]*+(yes|no|\d{1,4}|)(?=[ \t]*+(?:[A-Z]|$))")
_COMPARATOR = "If controlled, specify comparator, "
_COMPARATORS = ("Placebo", "Other")
"""Labels that follow that of the comparator, and may have been those of other boxes above it."""


def answers(text: str) -> dict[str, Any]:
    """Return the answers of the "label: yes" lines by label, and the other lines as `text`; line breaks may be lost.

    >>> answers("Human pharmacology (Phase I): no Therapeutic use (Phase IV): yes")
    {'Human pharmacology (Phase I)': ['no'], 'Therapeutic use (Phase IV)': ['yes']}
    >>> answers("2-3")
    {'text': '2-3'}
    """
    found: dict[str, Any] = {}
    rest: list[str] = []
    said: list[tuple[str, str]] = []
    for line in every_line(text):
        whole = _ANSWER.fullmatch(line) if ":" in line else None  # most texts are prose
        if whole is not None and ":" not in whole[1]:
            said.append((whole[1], whole[2]))
            continue
        if ":" in line:
            said += [(match[1], match[2]) for match in _FLAT_ANSWER.finditer(line)]
            line = _FLAT_ANSWER.sub("", line)
        if line.strip():
            rest.append(line)
    if not any(answer.lower() in ("yes", "no") for _, answer in said) and (rest or any(answer for _, answer in said)):
        return {"text": text.strip()}
    compared = ""
    for label, answer in said:
        label = " ".join(label.split())
        compared = _COMPARATOR if label.startswith(_COMPARATOR) else compared
        label = compared + label if label in _COMPARATORS else label
        found.setdefault(label, []).append(answer)
    if rest:
        text = "\n".join(rest).strip()
        found["text"] = [*found["text"], text] if "text" in found else text
    return found
