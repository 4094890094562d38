"""How persons show in texts: the forms of their names, e-mail addresses and telephone numbers."""

import re
from collections.abc import Iterable, Sequence

from trialparse.names import TITLE, TITLES, Names, tokens
from trialparse.shapes import WITHHELD

Name = tuple[str, ...]

# --- names ------------------------------------------------------------------------------------------------------------

_DEGREES = frozenset(("MED", "HABIL", "NAT", "RER", "SC", "MD", "PHD", "PH", "MSC", "BSC", "MPH", "DPHIL", "FRCP"))
"""Words around a name that are no part of it, in capitals."""
_SHORT = 4
"""Letters that a surname has at least where it is looked for beside a title."""


def forms(parts: Sequence[str]) -> tuple[set[Name], set[Name]]:
    """Return how a name can stand in any text, and how it can stand where an organisation is named.

    A name is given by its parts, the surname last, or whole as the only part. A whole name can be that of an office
    as well, so it is left to organisations, and is nowhere turned round or shortened.

    >>> forms(["Ada", "Byron"])[1] == {("Ada", "Byron"), ("Byron", "Ada"), ("ADA", "BYRON"), ("BYRON", "ADA")}
    True
    >>> forms(["Trials Office"])[1]
    set()
    """
    *before, last = map(_plain, parts)
    given = tuple(word for part in before for word in part)
    surname = last if given else last[-1:]
    whole = given + last
    turned = {order for few in (given, given[:1]) for order in (few + surname, surname + few)} if given else set()
    titled = {(TITLE, *surname)} if sum(map(len, surname)) >= _SHORT else set()
    return _written({whole} | turned | titled), _written(turned)


def _plain(part: str) -> Name:
    """Return the words of a part of a name without titles."""
    return tuple(word for word in tokens(part) if word.upper() not in TITLES and word.upper() not in _DEGREES)


def _written(names: set[Name]) -> set[Name]:
    """Return names of two words or more with their forms in capitals."""
    return {form for name in names if len(name) > 1 for form in (name, tuple(word.upper() for word in name))}


# --- e-mail addresses -------------------------------------------------------------------------------------------------

_AT_SIGN = re.compile(r"[@&%(\[{](?:(?<=@)|(?<=&)#64;|(?<=%)40|(?<=[(\[{])\s?[aA][tT]\s?[)\]}])")
_AT = r"(?:@|&#64;|%40|\s?[(\[{]\s?[aA][tT]\s?[)\]}]\s?)"
_DOT = r"(?:\.|\s?[(\[{]\s?[dD][oO][tT]\s?[)\]}]\s?)"
_LABEL = r"[^\s@<>()\[\]{},;:\"'.&%]{1,63}"
_EMAIL = re.compile(
    rf"[^\s@<>()\[\]{{}},;:\"'&%]{{1,64}}{_AT}(?:{_LABEL}{_DOT}){{1,8}}(?:xn--[\w-]{{1,59}}|[^\W\d_]{{2,24}})(?!\w)"
)

# --- telephone numbers ------------------------------------------------------------------------------------------------

_DIGITS = re.compile(
    r"[+(0-9](?<![\w/.,-][+(0-9])(?:(?<!\()|(?=\+?[0-9 ]{1,8}\))\+?)"
    r"(?![0-9]{3,4}-(?:[0-9]{2}|[0-9]{6})-[0-9]{2}|[0-9]{0,2}[./][0-9]{1,2}[./][0-9]{4}(?![0-9]))"
    r"(?:[ ()./-]{0,3}[0-9]){5,}"
)
"""Digits enough for a telephone number, but no date nor number of a trial; a bracket before them is closed in them."""
_PHONES = re.compile(
    r"""(?<![\w/.,-])(?:
        \(\+[0-9]{1,4}\)(?:[ ()./-]{0,3}[0-9]){5,12}                         # (+49) 30 450570
        |(?:\+|00[ ]?(?=[1-9]))[0-9](?:[ ()./-]{0,3}[0-9]){6,14}             # +49 30 450, 0049 (0)30 450
        |\(0[0-9]{1,4}\)(?:[ ./-]{0,3}[0-9]){5,10}                           # (030) 450-570 000
        |(?:1[-. ])?(?:\([0-9]{3}\)[ ]?|[0-9]{3}[-.])[0-9]{3}[-.][0-9]{4}    # (617) 555-0123, 617.555.0123
        |(?=(?:[ /.-]?[0-9]){9})0[1-9][0-9]{0,3}[ /][0-9]{2,8}(?:[ .-][0-9]{2,8}){0,4}(?:[ .-][0-9])?    # 0800 123 456 7
        |0[1-9](?:[.-][0-9]{2}){4}                                           # 01.23.45.67.89
    )(?![0-9])""",
    re.VERBOSE,
)
"""What is a telephone number by its form."""
_PHONE_WORDS = (
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
"""Words for telephones in the languages of the EU; "pH", "cell" and "T" have other meanings in medicine."""
_BEFORE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_PHONE_WORDS)})(?!\w)\W{{0,2}}(?:(?:number|nummer|número|numero|no|nr|n)(?!\w))?\W{{0,3}}\Z",
    re.IGNORECASE,
)
_BEHIND = 32
"""Signs before a number among which such a word is looked for."""


def without_addresses(text: str) -> str:
    """Return a text with marks in place of its e-mail addresses and telephone numbers.

    >>> without_addresses("Tel. 450 570, (030) 450-570 000, a.b [at] example.org; 2023-505613-24-00")
    'Tel. (withheld), (withheld), (withheld); 2023-505613-24-00'
    """
    if _AT_SIGN.search(text):
        text = _EMAIL.sub(WITHHELD, text)
    return _DIGITS.sub(_without_phones, text)


def _without_phones(digits: re.Match[str]) -> str:
    start = digits.start()
    if _BEFORE.search(digits.string, max(0, start - _BEHIND), start):
        return WITHHELD
    return _PHONES.sub(WITHHELD, digits[0])


# --- all of them ------------------------------------------------------------------------------------------------------


class Persons:
    """The persons of one record: what is taken out of its texts."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        known = [forms(parts) for parts in names]
        self._anywhere = Names(set().union(*(anywhere for anywhere, _ in known)))
        self._organisations = Names(set().union(*(sure for _, sure in known)))

    def out_of(self, text: str) -> str:
        """Return a text without persons; a single word is none."""
        if text.isalpha():
            return text
        return self._anywhere.replace(without_addresses(text), WITHHELD)

    def out_of_organisation(self, name: str) -> str:
        """Return the name of an organisation without persons; it may be called as an office of the record is."""
        return self._organisations.replace(without_addresses(name), WITHHELD)
