"""Numbers, dates, amounts and series as people write them in English."""

import decimal
import re
from collections.abc import Sequence

from trialparse.model.values import Coded, Duration, PartialDate
from trialparse.pages.page import Piece, Quote

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_DIGITS = 3
"""How many digits a code has at the least."""


def number(value: float) -> str:
    """Return a number with commas between thousands.

    >>> number(12000), number(0.5), number(5.0), number(0.00001)
    ('12,000', '0.5', '5', '0.00001')
    """
    whole = int(value) if abs(value) < 1e15 else value
    if 1e-12 < abs(value) < 1e-4:
        return f"{decimal.Decimal(repr(value)):f}"
    return f"{whole if whole == value else value:,}"


def count(value: float, one: str, many: str) -> str:
    """Return a number and its noun.

    >>> count(1, "person", "people"), count(15, "person", "people")
    ('1 person', '15 people')
    """
    return f"{number(value)} {one if value == 1 else many}"


def people(value: int) -> str:
    """Return a number of people."""
    return count(value, "person", "people")


def date(value: PartialDate) -> str:
    """Return a date as precise as it is known.

    >>> date(PartialDate(year=2026, month=5, day=17)), date(PartialDate(year=2026, month=5))
    ('17 May 2026', 'May 2026')
    """
    day = [] if value.day is None else [str(value.day)]
    month = [] if value.month is None else [_MONTHS[value.month - 1]]
    return " ".join([*day, *month, str(value.year)])


def duration(value: Duration) -> str:
    """Return a length of time, or an age, with its unit.

    >>> from trialparse.model.terms import TimeUnit
    >>> duration(Duration(value=18, unit=TimeUnit.YEAR))
    '18 years'
    """
    if value.unit is None:
        return f"{number(value.value)} (the record gives no unit)"
    unit = value.unit.meaning
    return count(value.value, unit, f"{unit}s")


def quote(text: str | None, language: str | None = None) -> Quote | None:
    """Return a text as a quote, None if there is nothing to read in it."""
    return Quote(text, language) if text and text.strip() else None


def is_code(value: Coded) -> bool:
    """Whether a coded value of unknown meaning has but a code for its text, which tells a reader nothing.

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


def series(items: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return items with commas between them and "and" before the last.

    >>> "".join(series(["a", "b", "c"]))
    'a, b and c'
    """
    return series_of([(item,) for item in items])


def series_of(items: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Return items of several parts with commas between them and "and" before the last."""
    parts: list[Piece] = []
    for index, item in enumerate(items):
        if index:
            parts.append(" and " if index == len(items) - 1 else ", ")
        parts += item
    return tuple(parts)


def joined(items: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return items with commas between them.

    >>> "".join(joined(["a", "b", "c"]))
    'a, b, c'
    """
    return tuple(part for item in items for part in (", ", item))[1:]


def of_several(text: str) -> str:
    """Return our words on a record as words on several; `the record of` somebody stays what it is.

    >>> of_several("The record says so"), of_several("in the record's words"), of_several("The record of results has")
    ('The records say so', "in the records' words", 'The record of results has')
    """
    return _RECORD.sub(_several, text).replace(": it marks this", ": they mark this")


_RECORD = re.compile(r"\b([Tt]he record)\b(?! of)(?:('s)|( also)? (has|does|says|lists|gives|names|tells|calls)\b)?")
"""The record, what is its own or what it does."""

_SEVERAL = {"has": "have", "does": "do"}
"""What several do; else the ending falls away."""


def _several(match: re.Match[str]) -> str:
    record, own, also, verb = match.groups()
    done = f"{also or ''} {_SEVERAL.get(verb, verb[:-1])}" if verb else ""
    return f"{record}s{own[0] if own else ''}{done}"


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
