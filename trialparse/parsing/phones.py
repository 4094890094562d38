"""Telephone numbers in texts: by their form, by a word before them, and by the numbering plans of countries."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from trialparse.parsing.numbering import is_of_a_country


class Phone(NamedTuple):
    """Where a telephone number is in a text, and what showed that it is one."""

    start: int
    end: int
    shown_by: str


# --- words ------------------------------------------------------------------------------------------------------------

_WORDS = (
    *(
        "tel",
        "tél",
        "telf",
        "telef",
        "teléf",
        "tlf",
        "tlfn",
        "tfn",
        "tfno",
        "telefon",
        "telefón",
        "telefono",
        "teléfono",
    ),
    *(
        "telefone",
        "telefoon",
        "telefonas",
        "telefonnummer",
        "telephone",
        "téléphone",
        "teileafón",
        "fón",
        "fono",
        "fon",
    ),
    *(
        "phone",
        "cellphone",
        "hotline",
        "helpline",
        "rufnummer",
        "durchwahl",
        "handy",
        "mob",
        "mobil",
        "mobile",
        "mobiel",
    ),
    *("mobiil", "mobilní", "mobitel", "móvil", "mowbajl", "telemóvel", "cellulare", "portable", "komórka", "komórkowy"),
    *("gsm", "tālr", "tālrunis", "puh", "puhelin", "matkapuhelin", "fax", "telefax", "télécopie", "faks", "faksas"),
    *("fakss", "faksi", "facs", "τηλ", "τηλέφωνο", "κιν", "κινητό", "φαξ", "тел", "телефон", "моб", "мобилен", "факс"),
)
"""Words for telephones in the languages of the EU."""
_SHORT_WORDS = ("T", "P", "F", "M", "Ph", "PH", "ph", "cell", "Cell", "CELL")
"""Short words, which have other meanings in medicine; "pH" is not among them."""


def _joined_to(words: Iterable[str], signs: str) -> str:
    """Return a pattern that looks back from a number to a word joined to it by one of some signs, but not in a DOI."""
    by_length = sorted(words, key=len)
    alike = ["|".join(same) for _, same in groupby(by_length, len)]
    return "|".join(rf"(?<=(?<![\w.])(?<![0-9]/)(?:{same})[{signs}][+(0-9])" for same in alike)


# --- numbers ----------------------------------------------------------------------------------------------------------

_BLANKS = "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f"
_MORE_BLANKS = "\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2066\u2067\u2068\u2069\u3000\ufeff"
_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_BLANKS + _MORE_BLANKS, " "),
        **dict.fromkeys(_DASHES, "-"),
        **dict(zip("\uff0b\uff08\uff09\uff0e\uff0f\u2215\u2044", "+().///", strict=True)),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)
"""The plain sign for each blank, dash and sign of another width: one for one, so places stay."""
_ODD = re.compile(f"[{''.join(map(chr, _ALIKE))}]")
_NO_DIGIT = re.compile(r"[^0-9]")
_ENOUGH = re.compile(r"[0-9\uff10-\uff19](?:[^0-9\uff10-\uff19a-zA-Z,;]{0,4}[0-9\uff10-\uff19]){4}")
"""As many digits as the shortest telephone number has, in any text."""
_BETWEEN = r"[ ()./-]{0,3}"
_END_OF_LINE = r"[ -]{0,2}\r?\n[ -]{0,2}"
_LINE = (
    rf"(?:{_END_OF_LINE}(?=[0-9]{{2}}(?:[0-9]|[ -][0-9]{{2}}))"
    r"(?![0-9]{1,2}-[0-9]{1,2}-[0-9]{4}(?![0-9])|[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])))"
)
"""The end of a line within a number: at least three digits follow that are neither the number of an item nor a date."""
_JOINED = rf"(?:(?i:{_joined_to(_WORDS, '/.,-')})|{_joined_to(_SHORT_WORDS, '.')})"
"""A word that a sign joins to the number, looking back; any other word and its number are a code."""
_BREAK = re.compile(_END_OF_LINE)
_DIGITS = re.compile(
    r"[+(0-9](?<!\w[+(0-9])(?=[+ ()./\r\n-]{0,6}[0-9](?:[ ()./\r\n-]{0,6}[0-9]){4})"
    rf"(?:(?<![\w)][/.,-][+(0-9])|{_JOINED})"
    r"(?:(?<!\()|(?=\+?[0-9 ]{1,8}\))\+?)"
    r"(?![0-9]{3,4}-(?:[0-9]{2}|[0-9]{6})-[0-9]{2}|[0-9]{0,2}[./-][0-9]{1,2}[./-][0-9]{4}(?![0-9]))"
    rf"(?:{_BETWEEN}[0-9])+(?:{_LINE}[0-9](?:{_BETWEEN}[0-9])*)?"
)
"""Enough digits for a telephone number, but not a date or the number of a trial; a bracket before them ends in them."""
_FORMS = re.compile(
    r"""(?<![\w/.,-])(?:
        \(\+[0-9]{1,4}\)(?:[ ()./-]{0,3}[0-9]){5,12}                         # (+49) 30 450570
        |(?![0-9]{1,9}/[0-9]{2}(?![0-9]))(?:\+|00[ ]?(?=[1-9]))              # +49 30 450, 0049 (0)30 450, not 001234/20
            [0-9](?:[ ()./-]{0,3}[0-9]){6,14}
        |\(0[0-9]{1,4}\)(?:[ ./-]{0,3}[0-9]){5,10}                           # (030) 450-570 000
        |\([1-9][0-9]\)[ ]?(?:[0-9]{3}(?:[ -][0-9]{2}){2}                    # (22) 450 55 55, (11) 4505-5555
            |9?[0-9]{4}[ -]?[0-9]{4})
        |(?:1[-. ])?(?:\([0-9]{3}\)[ ]?|[0-9]{3}[-.])[0-9]{3}[-.][0-9]{4}    # (617) 555-0123, 617.555.0123
        |\([2-9][0-9]{2}\)[ ]?[2-9][0-9]{2}[ ][0-9]{4}                        # (617) 555 0123
        |(?=(?:[ /.-]{0,2}[0-9]){9})0[1-9][0-9]{0,3}                            # 040 123 456 78, 0800 123 456 7
            [ /][ ]?[0-9]{2,8}(?:[ .-][0-9]{2,8}){0,4}(?:[ .-][0-9])?
        |(?=(?:-?[0-9]){9})0[1-9][0-9]{0,3}-[0-9]{6,8}                       # 030-4505555, 0171-4505555
        |0[1-9][0-9]{1,3}[ ]?[-/][ ]?(?=(?:[ -]?[0-9]){7})                      # 030-450 5555, 0171 / 450 5555,
            [0-9]{3,8}(?:[ -][0-9]{2,4}){0,2}                                   # 020-7946-0958
        |0[1-9](?:[.-][0-9]{2}){4}                                           # 01.23.45.67.89
        |(?<![0-9][ ])[1-9][0-9][ ][0-9]{3}[ ][0-9]{2}[ ][0-9]{2}(?![ ]?[0-9])  # 91 450 55 55
    )(?![0-9])""",
    re.VERBOSE,
)
"""A telephone number, as its form alone shows."""

# --- words before numbers ---------------------------------------------------------------------------------------------

_BEFORE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)\W{{0,2}}(?:(?:number|nummer|número|numero|no|nr|n)(?!\w))?\W{{0,3}}\Z",
    re.IGNORECASE,
)
_SHORT_BEFORE = re.compile(
    rf"(?<![\w.])(?:(?:{'|'.join(_SHORT_WORDS)})(?:[ ]?(?:no|No|number))?[ ]{{0,2}}(?P<colon>[:.]{{1,2}})"
    r"|P[hH]|ph|[cC]ell|CELL)[ ]{0,2}\Z"
)
_NAMED = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)(?<!tel(?= (?-i:[A-Z])))", re.IGNORECASE)
"""A word for a telephone near a number; "Tel Aviv" is a city."""
_BEHIND = 32
"""How many signs before a number may hold the word that belongs to it."""
_AROUND = 80
"""How many signs on each side of a number may hold a word for telephones, where numbering plans are known."""
_WITHOUT_STOPS = re.compile(r"[+(]?[0-9][0-9 ()/-]*")
"""Digits without stops: with stops they may be decimals."""
_AMOUNT = re.compile(r"[1-9][0-9]{0,2}(?:0{3,}|(?:[ ][0-9]{3})+)")
"""Digits that may be an amount: round, or with a blank before each thousand."""
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[ ]?000)+")
"""Digits that are an amount of thousands; behind a short word with a colon other amounts are numbers."""
_MOST: Final = 15
"""The most digits of a number; of longer digits each part may be one."""
_PARTS = re.compile(r"[^ ]+")

# --- fields -----------------------------------------------------------------------------------------------------------

ANYTHING, CONTACT, LABELLED, TELEPHONE = range(4)
"""What a field is about, by its name: anything, a contact, what ends in a short word, or a telephone.

In a field about a telephone every number is that of one.
"""
_OF_TELEPHONE = re.compile(
    r"phone|telefon|(?:\b|_)(?:tel|fax|mobile)(?![a-z])|(?<=[a-z])(?:Tel|Fax)(?![a-z])|(?:\b|_)(?:Tel|Fax|TEL|FAX)(?![a-z])"
    r"|Phone|PHONE|Telefon"
)
_OF_CONTACT = re.compile("[cC]ontact|CONTACT|[kK]ontakt")


@lru_cache(4096)
def about(name: str) -> int:
    """Return what a field is about: ANYTHING, CONTACT, LABELLED or TELEPHONE.

    >>> [about(name) for name in ("title", "contacts", "Office, T", "sponsor_tel", "B.5.4 Telephone number")]
    [0, 1, 2, 3, 3]
    """
    if _OF_TELEPHONE.search(name):
        return TELEPHONE
    if _SHORT_BEFORE.search(f"{name[-_BEHIND:]}:"):
        return LABELLED
    return CONTACT if _OF_CONTACT.search(name) else ANYTHING


# --- all of them ------------------------------------------------------------------------------------------------------


def phones(text: str, field: int = ANYTHING) -> list[Phone]:
    """Return where the telephone numbers of a text are; `field` is what its field is about.

    >>> text = "Tel. 450 570, (030) 450-570 000; 2023-505613-24-00"
    >>> [(text[start:end], shown_by) for start, end, shown_by in phones(text)]
    [('450 570', 'word'), ('(030) 450-570 000', 'form')]
    """
    if not text.isascii():
        if _ENOUGH.search(text) is None:
            return []
        text = _ODD.sub(_usual, text)
    first = _DIGITS.search(text)
    return [] if first is None else [*_found(text, first.start(), field)]


def _usual(odd: re.Match[str]) -> str:
    return odd[0].translate(_ALIKE)


def _found(text: str, first: int, field: int) -> Iterator[Phone]:
    """Yield the numbers of a text, whose first digits are at a place."""
    words = _Words(text)
    for digits in _DIGITS.finditer(text, first):
        start, end = digits.span()
        if field == TELEPHONE:
            yield Phone(start, end, "field")
        elif _BEFORE.search(text, max(0, start - _BEHIND), start):
            yield Phone(start, end, "word")
        elif _is_behind_short_word(text, digits, field):
            yield Phone(start, end, "short word")
        else:
            yield from _shown_by_themselves(digits, field, words)


def _is_behind_short_word(text: str, digits: re.Match[str], field: int) -> bool:
    """Whether digits are behind a short word, or in a field that ends in one, and are not an amount."""
    word = _SHORT_BEFORE.search(text, max(0, digits.start() - _BEHIND), digits.start())
    labelled = field == LABELLED if word is None else word["colon"] is not None
    if (word is None and not labelled) or _WITHOUT_STOPS.fullmatch(digits[0]) is None:
        return False
    return (_THOUSANDS if labelled else _AMOUNT).fullmatch(digits[0]) is None


def _shown_by_themselves(digits: re.Match[str], field: int, words: "_Words") -> Iterator[Phone]:
    """Yield the numbers that their form shows, or digits near a word for telephones that are a number of a country."""
    line, place = _on_one_line(digits)
    by_form = [Phone(place(found.start()), place(found.end()), "form") for found in _FORMS.finditer(line)]
    if by_form:
        yield from by_form
        return
    if field != CONTACT and not words.are_near(*digits.span()):
        return
    parts = [(0, len(line))] if _has_few(line) else [part.span() for part in _PARTS.finditer(line)]
    for begin, end in parts:
        if is_of_a_country(_NO_DIGIT.sub("", line[begin:end])):
            yield Phone(place(begin), place(end), "numbering plan")


class _Words:
    """The words for telephones in a text, found when the first number needs them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [word.span() for word in _NAMED.finditer(self._text)]

    def are_near(self, start: int, end: int) -> bool:
        """Whether a whole word is near a number."""
        first = bisect_left(self._spans, (start - _AROUND, 0))
        return first < len(self._spans) and self._spans[first][1] <= end + _AROUND


def _on_one_line(digits: re.Match[str]) -> tuple[str, Callable[[int], int]]:
    """Return digits with a blank for the end of a line, and a function from a place in them to that in the text."""
    start, broken = digits.start(), _BREAK.search(digits[0])
    if broken is None:
        return digits[0], start.__add__
    first, second = broken.span()
    line = f"{digits[0][:first]} {digits[0][second:]}"
    return line, lambda place: start + place + (second - first - 1 if place > first else 0)


def _has_few(digits: str) -> bool:
    return len(_NO_DIGIT.sub("", digits)) <= _MOST
