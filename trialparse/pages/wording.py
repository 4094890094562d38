"""Words of the register: as quotes, and what can be read of coded values."""

import re

from trialparse.model.values import Coded
from trialparse.pages.page import Piece, Quote

_DIGITS = 3
"""How many digits a code has at the least."""


def quote(text: str | None, language: str | None = None) -> Quote | None:
    """Return a text as a quote, None if there is nothing to read in it."""
    return Quote(text, language) if text and text.strip() else None


def is_code(value: Coded) -> bool:
    """Whether a coded value of unknown meaning has but a code for its text, which means nothing to a reader.

    >>> is_code(Coded(text="PHF00230MIG")), is_code(Coded(text="TABLET"))
    (True, False)
    """
    text = (value.text or "").strip()
    digits = sum(char.isdigit() for char in text)
    return not (value.term or "").strip() and text.isalnum() and text == text.upper() and digits >= _DIGITS


_BRANCH = r"([^\[\]]++)\[[\w.]++\]\s*+(?:-\s*+)?"  # possessive, so that no text makes it slow
"""A name of a classification and, in brackets, its code."""


def narrowest(text: str) -> str:
    """Return the last of several names that a classification gives, from the widest on, each with its code in brackets.

    >>> narrowest("Diseases [C] - Eye Diseases [C11]"), narrowest("Pain [severe]")
    ('Eye Diseases', 'Pain [severe]')
    """
    names = re.findall(_BRANCH, text) if re.fullmatch(f"(?:{_BRANCH})++", text) else []
    return names[-1].strip() if len(names) > 1 else text


def coded(value: Coded) -> Piece | None:
    """Return the register's words of a coded value; where it has but a number, our term.

    Words in capitals that we know the meaning of come in small letters, which are easier to read and no quote.

    >>> coded(Coded(term="DOSE_RESPONSE", text="9"))
    'dose response'
    >>> coded(Coded(term="TABLET", text="TABLET")), coded(Coded(term="TABLET", text="Tablets"))
    ('tablet', Quote(text='Tablets', language=None))
    """
    text = value.text or ""
    if value.term and value.term.strip():
        if not any(char.isalpha() for char in text):
            return value.term.replace("_", " ").lower()
        if text.isupper() and len(text) > 4:
            return " ".join(text.lower().split())
    return quote(value.text)


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut between words and with an ellipsis if it was longer.

    >>> shortened("one two three", 10)
    'one two …'
    """
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return f"{(head.rpartition(' ')[0] or head).rstrip()} …"
