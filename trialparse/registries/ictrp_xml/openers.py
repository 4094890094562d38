"""Openers of the ICTRP's XML: registers copy the lines of a form into one text."""

import re
from collections.abc import Iterator
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
_KNOWN = tuple(sorted((*_GROUP_OF, *_FIELDS), key=len, reverse=True))
_LABELS_OF_FORM = "|".join(map(re.escape, _KNOWN))
_NUMBERED = re.compile(rf"[A-Z](?:\.\d+)+\s+(?:{_LABELS_OF_FORM})")
_LINE = re.compile(
    rf"\s*(?:[A-Z](?:\.\d+)+\s+)?({_LABELS_OF_FORM})"
    r"\s*(?::|(?<=[?)])(?=\s|$)|(?<=age range)(?=\s|$))\s*(.*)"
)
_FOREIGN = re.compile(r"\s*([A-Z][^:]{1,60}?)\s*:\s(.*)")
_CODED = re.compile(r"\s*[A-Z](?:\.\d+)+[ \t]+([^:]{1,100}?):?[ \t]*(yes|no|\d{1,9}|)[ \t]*", re.IGNORECASE)
"""Lines that read like those of a form, within a group of labels; no row reads them."""
_Node = dict[str, Any]

OPENED = {
    "eudract": Opened(
        "",
        ("text", "counts", *(name for name in _GROUPS if name != "substances"), *_FIELDS),
        "the labels of the EudraCT form, which registers copy into one text",
    ),
    "answers": Opened(
        "",
        None,
        "the answers of `Randomised: yes`, each label with a list, and the other lines as `text`; a text that has no "
        "label of EudraCT's E.7 and E.8 is `text` as a whole",
    ),
}
"""What the openers of this folder give."""


def eudract(text: str) -> dict[str, Any]:
    """Split a text by the labels of the EudraCT form; unlabelled lines become `text`.

    Labels of products, placebos and MedDRA codes fill the records of `products`, `placebos` and `codes`; each product
    has its `substances`. Only labels of the form count, so prose with colons stays whole.
    A number of subjects, among the `counts`, is that of the age group above it. A label of no form, within a group, is
    a key of its own.

    >>> eudract("Gout: acute\\nMedDRA version: 18.0\\nTerm: Gout")["text"]
    'Gout: acute'
    >>> form = eudract("Adults (18-64 years) yes\\nNumber of subjects for this age range 64")
    >>> form["ages"], form["counts"]
    ({'Adults (18-64 years)': 'yes'}, {'Adults (18-64 years)': '64'})
    >>> [product["substances"] for product in eudract("Trade Name: X\\nINN or Proposed INN: A")["products"]]
    [[{'INN or Proposed INN': 'A'}]]
    """
    form: _Node = {"text": "", "products": [], "placebos": [], "codes": [], "ages": {}, "counts": {}}
    lines = every_line(text)
    if not any(map(_may_have_label, lines)):
        form["text"] = text.strip()
        return form
    place, name = form, "text"
    last: dict[str, _Node] = {}
    age: str | None = None
    for line in lines:
        match = _LINE.fullmatch(line) if _may_have_label(line) else None
        group = _GROUP_OF.get(match[1], "form") if match is not None else ""
        if match is None or (match[1] in ("Level", "Term") and "codes" not in last):
            if not line.strip() and place is not form:
                place, name, last, age = form, "text", {}, None
            if place is not form and (foreign := _FOREIGN.fullmatch(line) or _CODED.fullmatch(line)) is not None:
                name = foreign[1]
                place[name] = f"{place[name]}\n{foreign[2]}" if name in place else foreign[2]
                continue
            place[name] = f"{place[name]}\n{line.rstrip(BLANK)}"
            continue
        name = match[1]
        if group == "ages":
            place, age = form["ages"], name
        elif name == _COUNT and age is not None:
            place, name, age = form["counts"], age, None
        else:
            place = form if group == "form" else _group(form, group, name, last)
        place[name] = f"{place[name]}\n{match[2]}" if name in place else match[2]
    return _stripped(form)


def _may_have_label(line: str) -> bool:
    """Whether a line begins with a label, with or without its number in the form; most texts have no such line."""
    text = line.lstrip()
    return text.startswith(_KNOWN) or (text[1:2] == "." and _NUMBERED.match(text) is not None)


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


_COMPARATOR = "If controlled, specify comparator, "
_COMPARATORS = ("Placebo", "Other")
"""Labels that follow that of the comparator. The first is of no other box; the second may have been one above it."""
_SHORT = ("Controlled", "Randomised", "Open", "Single blind", "Double blind", "Parallel group", "Cross over")
_LONG = (
    *(f"{_COMPARATOR}{product}" for product in ("Other Medicinal Product", "Other Medicinial Product", *_COMPARATORS)),
    "Number of treatment arms in the trial",
    *(
        f"{phase} {between}({number})"
        for phase, number in (
            ("Human pharmacology", "Phase I"),
            ("Therapeutic exploratory", "Phase II"),
            ("Therapeutic confirmatory", "Phase III"),
            ("Therapeutic use", "Phase IV"),
        )
        for between in ("", "- ")
    ),
)


def _any_of(labels: tuple[str, ...]) -> str:
    """Return the pattern of labels, in which any white space counts as a blank."""
    return "|".join(re.escape(label).replace("\\ ", "[ \\t]+") for label in labels)


# a label is at the beginning of a line, or, where line breaks are lost, behind an answer; a long one is anywhere
_BOX = re.compile(
    rf"(?:(?:^|(?<=[:\d])|(?<=yes)|(?<=no))[ \t]*({_any_of((*_SHORT, *_COMPARATORS))})|({_any_of(_LONG)}))[ \t]*:",
    re.IGNORECASE,
)
_LABELS = {label.casefold(): label for label in (*_SHORT, *_COMPARATORS, *_LONG)}
# possessive quantifiers never backtrack, so no text makes these patterns slow
_OTHER = re.compile(r"[ \t]*+([^:]{1,200}+):(.*+)")
_BEFORE_OTHER = re.compile(r"[ \t]*+(yes|no|\d{1,4}+)[ \t]++([A-Z][^:]{1,200}+:.*+)", re.IGNORECASE)
_YES_NO = ("yes", "no")


def answers(text: str) -> dict[str, Any]:
    """Return the answers of the "label: yes" lines by label, and the other lines as `text`; line breaks may be lost.

    A label of another form is a key like those of this one; lines without a label go on with its answer.

    >>> answers("Human pharmacology (Phase I): no Therapeutic use (Phase IV): yes")
    {'Human pharmacology (Phase I)': ['no'], 'Therapeutic use (Phase IV)': ['yes']}
    >>> answers("Open: no\\nOpen-label: yes")
    {'Open': ['no'], 'Open-label': ['yes']}
    >>> answers("2-3")
    {'text': '2-3'}
    """
    boxes: list[tuple[str, list[str]]] = []
    """Labels and answers in their order; a label of another form is open for more lines."""
    known, rest = list[str](), list[str]()
    for line in every_line(text):
        for label, answer in _boxes(line) if ":" in line else [("", line)]:  # most texts are prose
            if label in _LABELS.values():
                known.append(answer)
            if label:
                boxes.append((label, [answer]))
            elif boxes and boxes[-1][0] not in _LABELS.values():
                boxes[-1][1].append(answer)
            elif answer.strip():
                rest.append(answer)
    alone = len(known) == len(boxes) and not rest
    if not known or not (any(answer.casefold() in _YES_NO for answer in known) or (alone and not any(known))):
        return {"text": text.strip()}
    found: dict[str, Any] = {}
    compared = ""
    for label, lines in boxes:
        compared = _COMPARATOR if label.startswith((_COMPARATOR, _COMPARATORS[0])) else compared
        label = compared + label if label in _COMPARATORS else label
        found.setdefault(label, []).append("\n".join(lines).strip())
    if rest:
        text = "\n".join(rest).strip()
        found["text"] = [*found["text"], text] if "text" in found else text
    return found


def _boxes(line: str) -> Iterator[tuple[str, str]]:
    """Yield labels and answers of a line; what has no label has an empty one."""
    boxes = list(_BOX.finditer(line))
    begins = [*(box.start() for box in boxes), len(line)]
    yield from _others(line[: begins[0]])
    for box, end in zip(boxes, begins[1:], strict=True):
        answer = line[box.end() : end]
        more = _BEFORE_OTHER.fullmatch(answer)
        yield (
            _LABELS[" ".join((box[1] or box[2]).split()).casefold()],
            (more[1] if more is not None else answer).strip(),
        )
        if more is not None:
            yield from _others(more[2])


def _others(text: str) -> Iterator[tuple[str, str]]:
    """Yield the label of another form with its answer, or a text without a label."""
    other = _OTHER.fullmatch(text)
    if other is not None and other[1].strip():
        yield " ".join(other[1].split()), other[2].strip()
    elif text.strip():
        yield "", text
