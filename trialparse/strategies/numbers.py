"""Numbers of trials, drawn from the patterns of their schemes."""

import re
from functools import cache
from random import Random

from trialparse.model.identifiers import FORMS, OTHER, PROTOCOL, NumberPattern, is_placeholder
from trialparse.model.values import Identifier

_MOST = 100_000
"""How many numbers to draw until one has the right check digits: two digits take some hundred, three a thousand."""
_LETTER = "QRZ"
"""Letters that begin no number of a scheme."""

_TOKEN = re.compile(r"\\d|\\.|\[[^\]]+\]|\(\?:[^()]+\)|[\w/-]", re.ASCII)
_TIMES = re.compile(r"\{(\d+)(?:,(\d+))?\}|(\?)", re.ASCII)
_GROUP = re.compile(r"(?<!\\)\((?!\?)((?:[^()]|\(\?:[^()]+\))+)\)")


def make_number(scheme: str, random: Random) -> Identifier | None:
    """Return a number of a scheme with its right check digits; `any` and `protocol` have numbers of no scheme.

    None for an unknown scheme.

    >>> make_number("NCT", Random(1)).scheme
    'NCT'
    """
    if scheme in ("any", PROTOCOL):
        name = OTHER if scheme == "any" else PROTOCOL
        return Identifier(scheme=name, value=f"Number {random.choice(_LETTER)}/{random.randint(1000, 9998)}")
    forms = [form for form in FORMS if form.scheme == scheme]
    for _ in range(_MOST if forms else 0):
        form = random.choice(forms)
        value = form.value([_written(group, random) for group in _groups(form)])
        if (form.check is None or form.check(value)) and not is_placeholder(value):
            return Identifier(scheme=scheme, value=value, check=form.check and True)
    return None


@cache
def _groups(form: NumberPattern) -> tuple[str, ...]:
    """Return the groups of a form's pattern."""
    return tuple(_GROUP.findall(form.pattern))


def _written(pattern: str, random: Random) -> str:
    """Return a text that a simple pattern matches.

    >>> _written(r"A\\d{3}(?:-[B-D])?", Random(1))
    'A872-D'
    """
    drawn = ""
    for pieces, least, most in _parts(pattern):
        times = least if least == most else random.randint(least, most)
        drawn += "".join(random.choices(pieces, k=times))
    return drawn


@cache
def _parts(pattern: str) -> tuple[tuple[tuple[str, ...], int, int], ...]:
    """Return the parts of a pattern: the texts to choose from, the least and the greatest number of times."""
    parts, place = [], 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            raise ValueError(f"{pattern!r} is too involved to be drawn from, at {pattern[place:]!r}")
        often = _TIMES.match(pattern, token.end())
        place = token.end() if often is None else often.end()
        least, most = (1, 1) if often is None else (int(often[1] or 0), int(often[2] or often[1] or 1))
        parts.append((_choices(token[0]), least, most))
    return tuple(parts)


def _choices(piece: str) -> tuple[str, ...]:
    """Return the texts that one part of a pattern may be; of a part in parentheses some."""
    if piece == r"\d":
        return tuple("0123456789")
    if piece.startswith("("):
        return tuple([_written(piece[3:-1], Random(seed)) for seed in range(9)])  # noqa: S311  no secret
    spans = re.findall(r"(.)-(.)|(.)", piece[1:-1]) if piece.startswith("[") else [("", "", piece[-1])]
    return tuple([chr(one) for first, last, lone in spans for one in range(ord(first or lone), ord(last or lone) + 1)])
