"""Words: a value first, then the words that a register would write for it."""

import calendar
from collections.abc import Callable
from random import Random
from typing import Any

import attrs

from trialparse.model.terms import TimeUnit
from trialparse.model.values import Duration, PartialDate
from trialparse.readers.paths import Path
from trialparse.strategies.leaves import Leaf
from trialparse.strategies.numbers import make_number
from trialparse.strategies.texts import padded, plain_text, recased
from trialparse.strategies.trial import PLAUSIBLE, make_date

Raw = str | int | float | bool | None


@attrs.define(eq=False)
class Word:
    """The words at a leaf of a document, and the value for which they were written."""

    leaf: Leaf
    raw: Raw
    """What the document holds; None for null."""
    value: Any = None
    """The date, number, truth value or identifier."""
    beside: tuple[Path, str] | None = None
    """Path and word that must be beside it."""

    @property
    def text(self) -> str:
        """The words as a text field holds them."""
        return self.raw.strip() if isinstance(self.raw, str) else str(self.raw)


class Cannot(Exception):
    """No words serve all uses of a leaf with a known outcome."""


LISTED = ("code", "coded", "split", "unit")
NUMBERS = ("integer", "number", "duration", "order")


def make_word(leaf: Leaf, random: Random, notation: str, blank: frozenset[str]) -> Word:
    """Return words that serve all uses of a leaf; raises Cannot."""
    if leaf.has("ignore"):
        return Word(leaf, random.choice((0, 1.5, True, "noise", None)) if notation == "json" else "noise")
    word = _made(leaf, random, notation)
    if word.text in blank:
        raise Cannot
    if isinstance(word.raw, str):
        if leaf.inside and (word.raw != word.raw.strip() or not word.raw):
            raise Cannot
    elif notation != "json" or leaf.inside not in ("", "json"):
        word.raw = str(word.raw).lower() if isinstance(word.raw, bool) else str(word.raw)
    return word


def _made(leaf: Leaf, random: Random, notation: str) -> Word:
    kinds = [kind for kind in _KINDS if leaf.has(*kind[0])]
    numbered = kinds[0] if kinds and leaf.has("order") else None
    if numbered is not None and len(kinds) > 1:  # a truth value orders as well as a number
        kinds.remove(next(kind for kind in kinds if kind[0] is NUMBERS))
    if len(kinds) > 1 or (kinds and kinds[0][1] is not _listed and leaf.has("label")):
        raise Cannot
    if kinds:
        return kinds[0][1](leaf, random)
    if leaf.has("when") and random.randrange(3):
        return Word(leaf, random.choice(next(use.forms for use in leaf.uses if use.verb == "when")))
    text = plain_text(random, notation, leaf.inside)
    if ", " in text and any("flattened" in use.forms for use in leaf.uses):
        raise Cannot
    if leaf.has("coding", "text", "label", "key", "need", "derive") and not leaf.inside and random.randrange(9) == 0:
        return Word(leaf, random.choice((7, 10**9)))
    return Word(leaf, text if leaf.has("key") else padded(random, text, leaf.inside))


def candidates(leaf: Leaf) -> list[str]:
    """Return the words that all code lists of a leaf know."""
    lists = [use.words for use in leaf.uses if use.verb in LISTED and use.words is not None]
    barred = {"parts": ",", "bars": "|", "pairs": ",:", "blocks": ":"}.get(leaf.inside, "")
    known = [word for word in lists[0] if all(word in words for words in lists[1:]) and not set(barred) & set(word)]
    # what a flattened list makes of a word without term is not laid down
    return [word for word in known if lists[0][word].term != "-"] if leaf.has("split") else known


_candidates: dict[Leaf, list[str]] = {}


def _listed(leaf: Leaf, random: Random) -> Word:
    known = _candidates.get(leaf)
    if known is None:
        known = _candidates[leaf] = candidates(leaf)
    if not known:
        raise Cannot
    word = random.choice(known)
    bracketed = any("bracketed" in use.row.words for use in leaf.uses if use.row is not None)
    if leaf.has("split") and not leaf.inside and not bracketed:
        single = [one for one in (random.choice(known) for _ in range(random.randint(1, 3))) if "," not in one]
        word = random.choice((",", ", ")).join(dict.fromkeys(single)) or word
        return Word(leaf, word)
    if word.isdigit() and word == str(int(word)) and random.randrange(2):
        return Word(leaf, int(word))
    return Word(leaf, padded(random, recased(random, word), leaf.inside))


def _date(leaf: Leaf, random: Random) -> Word:
    date = make_date(random, years=PLAUSIBLE)
    text = str(date)
    if date.day is not None and random.randrange(3) == 0:
        text += random.choice(("T00:00:00", "T23:59:59.999", "T12:30:00Z", " 08:00", "T12:30:00.123456+02:00"))
    elif random.randrange(2):
        forms = set[str].intersection(*(set(use.forms) for use in leaf.uses if use.verb == "date"))
        text = random.choice([text, *(written(date) for form, written in _DATES.items() if form in forms)])
    return Word(leaf, text, date)


def _day_first(date: PartialDate) -> str:
    return "/".join(reversed(str(date).split("-")))


def _month_first(date: PartialDate) -> str:
    return str(date) if date.day is None else f"{date.month}/{date.day}/{date.year}"


def _english(date: PartialDate) -> str:
    if date.month is None:
        return str(date)
    month = calendar.month_name[date.month]
    return f"{month} {date.year}" if date.day is None else f"{month} {date.day:02}, {date.year}"


_DATES = {"day-first": _day_first, "month-first": _month_first, "english": _english}
"""How the words of a row may write a date."""


def _number(leaf: Leaf, random: Random) -> Word:
    number: int | float = random.choice((0, 1, 7, 15, 60, 2**31, random.randint(0, 5000)))
    if leaf.has("number", "duration") and not leaf.has("integer", "order", "text", "key") and random.randrange(3) == 0:
        number += 0.5
    if any("filled" in use.forms for use in leaf.uses):
        number = number or 1
    return Word(leaf, random.choice((number, str(number))), number)


def _iso_duration(leaf: Leaf, random: Random) -> Word:
    unit = random.choice((TimeUnit.YEAR, TimeUnit.MONTH, TimeUnit.WEEK, TimeUnit.DAY))
    number = random.randint(any("filled" in use.forms for use in leaf.uses), 99)
    return Word(leaf, f"P{number}{unit.name[0]}", Duration(value=number, unit=unit))


def _truth(leaf: Leaf, random: Random) -> Word:
    if leaf.has("text", "coding", "key"):
        raise Cannot
    value = random.choice((True, False))
    return Word(leaf, random.choice((value, str(value).lower())), value)


def _identifier(leaf: Leaf, random: Random) -> Word:
    schemes = {use.scheme for use in leaf.uses if use.verb == "identifier"}
    if len(schemes) > 1:
        raise Cannot
    number = make_number(schemes.pop(), random)
    if number is None:
        raise Cannot
    return Word(leaf, number.value, number)


_KINDS: tuple[tuple[tuple[str, ...], Callable[[Leaf, Random], Word]], ...] = (
    (LISTED, _listed),
    (("date",), _date),
    (("iso",), _iso_duration),
    (NUMBERS, _number),
    (("boolean",), _truth),
    (("identifier",), _identifier),
)


def dated(date: PartialDate, forms: tuple[str, ...]) -> PartialDate:
    """Return the date as a row marks it: planned, past, or neither."""
    estimated = True if "estimated" in forms else False if "actual" in forms else None
    return PartialDate(year=date.year, month=date.month, day=date.day, estimated=estimated)
