"""Openers turn the text of one leaf into a small tree, for registers that keep lists and tables in a cell.

No word of the text is lost on the way: what an opener cannot take apart is in the tree as it is written, where a row
reads it or the audit reports it. Openers that give a part by design say so in the grammar.
"""

import json
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Opener = Callable[[str], Any]

BLANK = " \t"
"""White space within a line; any other white space is part of the text."""

# possessive quantifiers never backtrack, so no text makes these patterns slow
_PAIR = re.compile(r"(?:^|,)\s*+([^,:\s][^,:]*+):")
_NEXT_PAIR = re.compile(r",\s*+([^,:\s][^,:]*+):")
_LABELLED = re.compile(r"^\s*([^:]{1,60}?)\s*:\s*(.*)$")


def open_json(text: str) -> Any:
    """Return the list or object that the text holds as JSON; any other text gives a list of itself.

    So does JSON that would lose something: a duplicate key, a number that no float holds, half of a surrogate pair.
    """
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_finite, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return [text]
    return value if isinstance(value, list | dict) else [text]


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raises ValueError for a duplicate key."""
    made = dict(found)
    if len(made) < len(found):
        raise ValueError("duplicate key")
    return made


def _finite(text: str) -> float:
    """Return a number; raises ValueError for one that no float holds."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def lines(text: str) -> list[str]:
    """Return the lines that are not blank, stripped."""
    return [line.strip() for line in every_line(text) if line.strip()]


def every_line(text: str) -> list[str]:
    """Return the lines of a text; `str.splitlines` would also split at signs that end no line of a register."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parts(text: str) -> list[str]:
    """Return the parts between commas, stripped, each once (registers repeat them)."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


_MOST_OF_EXCEL = 32_767
"""Characters that Excel keeps of a cell; it drops those behind them (Microsoft, Excel specifications and limits)."""
_BEFORE_BAR = re.compile(
    r'(?:(?:^|(?<=[\s(\[{|]))"(?=[^\s"|])[^"|]*+\|[^"]*+(?<=[^\s|])"(?=$|[\s)\]},.;:|])|[^"|]++|")++'
)
"""A part before a bar. A bar between a quote that opens and one that closes is in it; a quote alone is no such one."""


def bars(text: str) -> list[str]:
    """Return the parts between bars, stripped; a bar within quotes parts nothing.

    The text stays as it is if a part is empty, or if Excel has cut it.

    >>> bars('Cough|Rash, severe|The "A|B" score')
    ['Cough', 'Rash, severe', 'The "A|B" score']
    """
    text = text.strip()
    found = _BEFORE_BAR.findall(text) if '"' in text else text.split("|")
    parts = [part.strip() for part in found]
    return parts if all(parts) and "|".join(found) == text and len(text) != _MOST_OF_EXCEL else [text]


def pairs(text: str) -> list[dict[str, str]]:
    """Return `name` and `value` of "BE: 10/07/2026, FR: Ongoing, recruiting"; commas within a value stay there.

    Commas before the first colon are part of the name.

    >>> pairs("Italy:Ongoing, recruiting, Hungary:Ended")[0]
    {'name': 'Italy', 'value': 'Ongoing, recruiting'}
    """
    first = _PAIR.search(text)
    if first is None:
        return [{"name": text.strip()}]
    value, *others = _NEXT_PAIR.split(text[first.end() :])
    names, values = [text[: first.end() - 1], *others[::2]], [value, *others[1::2]]
    return [{"name": name.strip(), "value": value.strip()} for name, value in zip(names, values, strict=True)]


_BRACKETED = re.compile(r"([^()]*+)(?:\(([^()]*+)\))?")


def bracketed(text: str) -> list[dict[str, str]]:
    """Return `name` and `value` of "SE(Completed) GB(GB - no longer in EU/EEA) Outside EU/EEA".

    >>> bracketed("SE(Completed) Outside EU/EEA ")
    [{'name': 'SE', 'value': 'Completed'}, {'name': 'Outside EU/EEA'}]
    """
    found = [(match[1].strip(" ,"), match[2]) for match in _BRACKETED.finditer(text)]
    return [
        {"name": name} if value is None else {"name": name, "value": value.strip()}
        for name, value in found
        if name or value
    ]


def named(text: str) -> dict[str, str | list[str]]:
    """Return the values of "Version: 19.0, Term: Pain, chronic" by their names; commas within a value stay there.

    Words without a name are the `text`. A name that comes twice has a list of its values.

    >>> named("Version: 19.0, Term: Pain, chronic"), named("Pain")
    ({'Version': '19.0', 'Term': 'Pain, chronic'}, {'text': 'Pain'})
    """
    found: dict[str, list[str]] = {}
    for pair in pairs(text):
        name, value = (pair["name"], pair["value"]) if "value" in pair else ("text", pair["name"])
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def address(text: str) -> dict[str, str]:
    """Return the last part of the path of a URL.

    >>> address("https://register.example/trial/2010-012345-12/ES/")
    {'last': 'ES'}
    """
    return {"last": text.strip().rstrip("/").rpartition("/")[2]}


_RANGE = re.compile(r"\s*([+-]?[\d.]{1,40})\s*(?:(?:to|-)\s*([+-]?[\d.]{1,40})\s*|-\s*)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)


def range_of(text: str) -> dict[str, str]:
    """Return the number or the two numbers of a text; empty if it is no plain number, so another row reads the text.

    >>> range_of("20 to 100"), range_of("0.4"), range_of("150-"), range_of("8X10^11")
    ({'low': '20', 'high': '100'}, {'low': '0.4'}, {'low': '150'}, {})
    """
    match = _RANGE.fullmatch(text)
    if match is None or not all(part is None or _PLAIN.fullmatch(part) for part in match.groups()):
        return {}
    return {"low": match[1]} if match[2] is None else {"low": match[1], "high": match[2]}


def blocks(text: str) -> list[dict[str, str]]:
    """Return blocks of "Label: value" lines, separated by an empty line; a line without label continues the last.

    A label that a block has already begins another block. A block whose labels all lack values is left out.

    >>> blocks("Name: A\\nName: B")
    [{'Name': 'A'}, {'Name': 'B'}]
    """
    found: list[dict[str, str]] = []
    for block in re.split(r"\n\s*\n", "\n".join(every_line(text))):
        parts: list[dict[str, str]] = [{}]
        label = ""
        for line in [line.strip(BLANK) for line in every_line(block) if line.strip()]:
            match = _LABELLED.match(line)
            if match is not None:
                label = match[1]
                if label in parts[-1]:
                    parts.append({})
                parts[-1][label] = match[2]
            else:
                label = label or "text"
                parts[-1][label] = f"{parts[-1].get(label, '')}\n{line}".strip()
        found += [{name: value for name, value in part.items() if value} for part in parts if any(part.values())]
    return found


_QUANTITY = re.compile(r"([+-]?\d[\d.,]*+)\s*+\(?([^\d\s().][^\d().]{0,60}+)?[.)]*+", re.ASCII)


def quantity(text: str) -> dict[str, str]:
    """Return `number` and `unit` of "18Y" or "6 Months"; there is no number for a zero, which means no limit.

    >>> quantity("18Y"), quantity("0Y")
    ({'number': '18', 'unit': 'Y'}, {'number': '', 'unit': 'Y'})
    """
    text = text.strip()
    match = _QUANTITY.fullmatch(text)
    number, unit = (match[1], match[2] or "") if match is not None else (text, "")
    return {"number": number if number.strip("0.,") else "", "unit": unit}


def remembering(opener: Opener) -> Opener:
    """Return the opener with a cache: the rows of several fields open the same leaf."""
    kept = lru_cache(maxsize=64)(opener)
    return lambda text: kept(text) if len(text) < 20_000 else opener(text)


_ALL: dict[str, Opener] = {
    "json": open_json,
    "lines": lines,
    "parts": parts,
    "bars": bars,
    "pairs": pairs,
    "blocks": blocks,
    "quantity": quantity,
    "bracketed": bracketed,
    "named": named,
    "address": address,
    "range": range_of,
}
OPENERS: dict[str, Opener] = {name: remembering(opener) for name, opener in _ALL.items()}
"""The openers of the engine by name. Their results are shared and must not be changed."""
