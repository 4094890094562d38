"""Words from outside on one line and without characters that act instead of being read."""

import unicodedata

_JOINERS = frozenset("\u00ad\u200c\u200d")
"""Soft hyphen, non-joiner and joiner: spelling, not control."""

_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff")
"""Spaces of no width and marks of direction: white space to a reader."""

_ACTING = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Categories of controls, formats (bidi overrides, tags), private characters, which each font shows differently, and
lone surrogates."""

_MARKS = (("“", "”"), ("«", "»"), ("‹", "›"), ("「", "」"), ("『", "』"))
"""Pairs of quotation marks, in order of preference."""


def harmless(text: str) -> str:
    """Return a text on one line, each acting character replaced by U+FFFD.

    >>> harmless("a\\n b\\u202e")
    'a b\\ufffd'
    """
    return " ".join((text if text.isprintable() else "".join(map(_seen, text))).split())


def _seen(char: str) -> str:
    """Return what is shown for one character."""
    if char.isprintable() or char.isspace() or char in _JOINERS:
        return char
    if char in _UNSEEN:
        return ""
    return "\ufffd" if unicodedata.category(char) in _ACTING or _no_character(ord(char)) else char


def _no_character(code: int) -> bool:
    """Whether a code point is one of those that Unicode keeps from being characters."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def quoted(text: str) -> tuple[str, str, str]:
    """Return the opening mark, the harmless text and the closing mark; the marks do not occur in the text."""
    text = harmless(text)
    for opening, closing in _MARKS:
        if opening not in text and closing not in text:
            return opening, text, closing
    return "“", text.replace("“", "‘").replace("”", "’"), "”"
