"""Characters of texts: signs of the font Symbol become characters, and what is no character for a reader is found.

Texts from Word have the ≥ of this font as a character of private use, which prints as nothing elsewhere. `symbol.tsv`
lists the signs that are certain.
"""

import re
from typing import NamedTuple

from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

_FONT = re.compile("[\uf020-\uf0ff]")
_ODD = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]|\r(?!\n)"
)
"""Controls that are no white space, a lone carriage return, characters of private use, and code points without one."""


class _Signs(NamedTuple):
    """The signs of the table."""

    certain: dict[int, str]
    """Signs by code point, wherever they are."""
    within: dict[str, str]
    """Signs by character that are certain within a line, between characters or before a unit."""
    sign: re.Pattern[str]
    """One of these where it is certain."""


_MICRO = "\uf06d"
_UNITS = r"(?:g|l|L|m|M|mol|Mol|kat|V|A|W|Ci|Gy|Sv|S|s|sec|IU|U)(?![^\W\d_])"
"""Units that a μ is put before, with nothing of a word behind."""


@prepared
def _signs() -> _Signs:
    """Return the signs of the table."""
    certain: dict[int, str] = {}
    within: dict[str, str] = {}
    for _, cells in read_lines(files_of(__package__) / "symbol.tsv"):
        place, sign = int(cells["place"], 16), chr(int(cells["sign"], 16))
        if cells["where"] == "within":
            within[chr(place)] = sign
        else:
            certain[place] = sign
    some = f"[{''.join(within)}]"
    return _Signs(certain, within, re.compile(rf"(?<=\S){some}(?=\w)|(?<=\d\s){_MICRO}(?={_UNITS})"))


def with_signs(text: str) -> str:
    """Return a text with the certain signs of the font Symbol as characters; its length stays.

    >>> with_signs("\\uf0b3 5 \\uf06dg"), with_signs("\\uf0a7 a bullet of another font")
    ('≥ 5 μg', '\\uf0a7 a bullet of another font')
    """
    if text.isascii() or _FONT.search(text) is None:
        return text
    signs = _signs()
    found = signs.sign.sub(lambda match: signs.within[match[0]], text)
    return found.translate(signs.certain)


def odd_place(text: str) -> int | None:
    """Return the place of the first character of a text that is none for a reader; None if there is no such character.

    A carriage return is one if it ends no line together with a line feed.
    """
    found = _ODD.search(text)
    return None if found is None else found.start()
