"""Texts that have broken parsers before, and texts that every notation can hold."""

from random import Random

from trialparse.diagnostics import WITHHELD

NASTY = (
    *("Σίσυφος", "مرحبا", "שלום\u200f", "日本語", "e\u0301", "ﬀ", "İstanbul", "straße", "\U0001f9ec", "a\u200bb"),
    *("\ufeffx", "x\u0000y", "x\u0085y", "\u2028", "<b>&amp;</b>", "]]>", "<!--", '"quoted"', "it's", "\\", "\\u0041"),
    *("{}", "[1]", "null", "N/A.", "true", "0", "-1", "1e5", "=cmd|' /C calc'!A0", "a,b", "a;b", "a: b", "a\tb"),
    *("x\uf0a7y", "\ue000", "a\r\nb", "a\nb", "  ", "$ref", "../../etc", "%s%n", "{0}", "' OR 1=1", "x" * 300),
)
"""Pieces of text."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BARRED = {
    "xml": dict.fromkeys([*range(9), 11, 12, *range(14, 32), 13, 0xFFFE, 0xFFFF]),
    "csv": dict.fromkeys([0]),
    "text": dict.fromkeys([10, 13]),
    "html": dict.fromkeys([*range(32), *range(127, 160), 0xFFFE, 0xFFFF]),
    "json": {},
    "keyed": {},
}
"""Signs that a notation cannot hold, or not unchanged."""
_SEPARATORS = {
    "lines": dict.fromkeys(map(ord, "\n\r")),
    "parts": dict.fromkeys(map(ord, ",")),
    "bars": dict.fromkeys(map(ord, '|"')),
    "pairs": dict.fromkeys(map(ord, ",:")),
    "blocks": dict.fromkeys(map(ord, ":\n\r")),
}
"""Signs by which an opener parts a text."""


def plain_text(random: Random, notation: str = "json", inside: str = "") -> str:
    """Return a text without blanks around it; never an empty one, nor a placeholder."""
    text = "".join(random.choice(_LETTERS) for _ in range(random.randint(1, 4)))
    if random.randrange(3) == 0:
        text = random.choice((text, "")) + random.choice(NASTY) + random.choice((text, ""))
    text = text.translate(_BARRED[notation]).translate(_SEPARATORS.get(inside, {})).strip()
    return text if text not in ("", "-", "N/A", WITHHELD) else "x"


def padded(random: Random, text: str, inside: str = "") -> str:
    """Return a text with blanks around it now and then; an opener takes its parts without."""
    return text if inside or random.randrange(8) else random.choice((" ", "\n", "  ")) + text + " "


def recased(random: Random, word: str) -> str:
    """Return a word of a code list in another case or with other blanks now and then."""
    from trialparse.mapping.rows import fold

    kinds = (word, word, word.upper(), word.capitalize(), word.replace(" ", "  "))
    chosen = random.choice(kinds)
    return chosen if fold(chosen) == word else word
