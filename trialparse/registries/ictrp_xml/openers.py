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
    "codes": ("MedDRA version", "Level", "Classification code", "Term", "System Organ Class"),
}
_FIELDS = (
    "Main Objective",
    "Secondary Objective",
    "Primary end point(s)",
    "Secondary end point(s)",
    "Timepoint(s) of evaluation of this end point",
    "Therapeutic area",
    "Are the trial subjects under 18?",
    "Number of subjects for this age range",
    "Adults (18-64 years)",
    "Elderly (>=65 years)",
)
_GROUP_OF = {label: group for group, labels in _GROUPS.items() for label in labels}
_LINE = re.compile(
    r"\s*(?:[A-Z](?:\.\d+)+\s+)?("
    + "|".join(map(re.escape, sorted((*_GROUP_OF, *_FIELDS), key=len, reverse=True)))
    + r")\s*(?::|(?<=[?)])(?=\s|$)|(?<=age range)(?=\s|$))\s*(.*)"
)
_LABEL = re.compile("|".join(map(re.escape, (*_GROUP_OF, *_FIELDS))))
_Node = dict[str, Any]

OPENED = {
    "eudract": Opened(
        "",
        ("text", *(name for name in _GROUPS if name != "substances"), *_FIELDS),
        "the labels of the EudraCT form, which registers copy into one text",
    ),
}
"""What the openers of this folder give."""


def eudract(text: str) -> dict[str, Any]:
    """Split a text by the labels of the EudraCT form; unlabelled lines become `text`.

    Labels of products, placebos and MedDRA codes fill the records of `products`, `placebos` and `codes`; each product
    has its `substances`. Only labels of the form count, so prose with colons stays whole.

    >>> eudract("Gout: acute\\nMedDRA version: 18.0\\nTerm: Gout")["text"]
    'Gout: acute'
    >>> [product["substances"] for product in eudract("Trade Name: X\\nINN or Proposed INN: A")["products"]]
    [[{'INN or Proposed INN': 'A'}]]
    """
    form: _Node = {"text": "", "products": [], "placebos": [], "codes": []}
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
            place[name] = f"{place[name]}\n{line.rstrip(BLANK)}"
            continue
        name = match[1]
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
        node[name] = value.strip() if isinstance(value, str) else [_stripped(below) for below in value]
    return node
