"""Openers: the text of one leaf made into a small tree, for registers that keep lists and tables in a cell."""

import json
import re
from collections.abc import Callable
from typing import Any

Opener = Callable[[str], Any]

_PAIR = re.compile(r"(?:^|,)\s*([^,:]+?)\s*:")
_ANSWER = re.compile(r"^(.*?):\s*(yes|no|)\s*$", re.IGNORECASE)
_FLAT_ANSWER = re.compile(r"\s*([^:\n]+?):\s*(yes|no|)(?=\s*(?:[A-Z]|$))")
_LABELLED = re.compile(r"^\s*([^:]{1,60}?)\s*:\s*(.*)$")


def open_json(text: str) -> Any:
    """Return the JSON value written in the text; text that is none is a list of itself."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    return value if isinstance(value, list | dict) else [text]


def lines(text: str) -> list[str]:
    """Return the lines that are not blank, stripped."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def parts(text: str) -> list[str]:
    """Return the parts between commas, stripped, each once (registers repeat them)."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def pairs(text: str) -> list[dict[str, str]]:
    """Return `name` and `value` of "BE: 10/07/2026, FR: Ongoing, recruiting"; commas within a value stay there.

    >>> pairs("Italy:Ongoing, recruiting, Hungary:Ended")[0]
    {'name': 'Italy', 'value': 'Ongoing, recruiting'}
    """
    found = list(_PAIR.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        {"name": match[1], "value": text[match.end() : end].strip()} for match, end in zip(found, ends, strict=True)
    ]


def ticked(text: str) -> list[str]:
    """Return the labels of the "label: yes" lines whose answer is yes; line breaks may have been lost.

    >>> ticked("Human pharmacology (Phase I): no Therapeutic exploratory (Phase II): yes")
    ['Therapeutic exploratory (Phase II)']
    """
    answers: list[tuple[str, str]] = []
    for line in lines(text):
        whole = _ANSWER.match(line)
        if whole is not None and ":" not in whole[1]:
            answers.append((whole[1], whole[2]))
        else:
            answers.extend((match[1], match[2]) for match in _FLAT_ANSWER.finditer(line))
    return [label.strip() for label, answer in answers if answer.lower() == "yes"]


def blocks(text: str) -> list[dict[str, str]]:
    """Return blocks of "Label: value" lines, parted by an empty line; a line without label goes on with the last.

    A block whose labels all lack values says nothing and is left out.
    """
    found: list[dict[str, str]] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        values: dict[str, str] = {}
        label = ""
        for line in lines(block):
            match = _LABELLED.match(line)
            if match is not None:
                label = match[1]
                values[label] = match[2]
            elif label:
                values[label] = f"{values[label]}\n{line}".strip()
            else:
                values["text"] = f"{values.get('text', '')}\n{line}".strip()
        if any(values.values()):
            found.append({name: value for name, value in values.items() if value})
    return found


OPENERS: dict[str, Opener] = {
    "json": open_json,
    "lines": lines,
    "parts": parts,
    "pairs": pairs,
    "ticked": ticked,
    "blocks": blocks,
}
