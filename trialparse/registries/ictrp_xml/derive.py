"""Fields of the ICTRP DTD that no row can read: numbers by their issuers, ages of zero, codes of keywords."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from trialparse.diagnostics import Problem
from trialparse.mapping.folder import codes_of
from trialparse.mapping.openers import quantity
from trialparse.mapping.rows import fold, read_codes
from trialparse.mapping.verbs import Known, NoValue, code_reader, one_line
from trialparse.model import Missing
from trialparse.model.building import maker
from trialparse.model.identifiers import OTHER, PROTOCOL, country_suffix, identify
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import InterventionType, MissingKind
from trialparse.model.values import Code, Identifier
from trialparse.tsv import files_of

Words = Sequence[str | None]
"""The values at a path; None or nothing where an element is absent."""

Remark = tuple[int, int, Problem]
"""A problem: the place of its path among those of the row, and of its value among those at the path."""


def _stripped(words: Words) -> list[str]:
    """Return the words, stripped; other rows of the same paths report values that are not text."""
    return [stripped for word in words if word.__class__ is str and (stripped := word.strip())]


# --- numbers (TRDS 1 and 3: "Secondary Identifying Numbers: ... issuing authority and number") -----------------------

_SCHEMES = {
    "us nct number": "NCT",
    "clinicaltrials.gov": "NCT",
    "isrctn number": "ISRCTN",
    "who utn": "UTN",
    "who universal trial reference number (utrn)": "UTN",
    "sponsor protocol code": PROTOCOL,
}
"""Issuing authorities that determine the scheme; any other number is recognised by its own form, or not at all."""


_SCHEME_OF = Known(lambda issuer: _SCHEMES.get(fold(issuer)))


def identifiers(own: Words, universal: Words, numbers: Words, issuers: Words) -> tuple[Identifier, ...]:
    """Return the trial's own number, its universal number and the secondary ones with their issuers."""
    found = [identify(one_line(word)) for word in _stripped(own)]
    found += [identify(word, "UTN") for word in _stripped(universal)]
    given = [one_line(word) for word in numbers if isinstance(word, str)]
    by = [one_line(word) for word in issuers if isinstance(word, str)]
    if len(by) != len(given):  # one of them was left out, so the pairs are not known
        by = [""] * len(given)
    found += [_secondary(number, issuer) for number, issuer in zip(given, by, strict=True)]
    return tuple(dict.fromkeys(number for number in found if number is not None))


def identifiers_remarks(own: Words, universal: Words, numbers: Words, issuers: Words) -> Iterator[Remark]:
    """Yield what is wrong with numbers: check digits, placeholders, another scheme than that of the issuer."""
    given = [(index, one_line(word)) for index, word in enumerate(numbers) if isinstance(word, str)]
    by = [one_line(word) for word in issuers if isinstance(word, str)]
    schemes = [_SCHEME_OF[issuer] for issuer in by] if len(by) == len(given) else [None] * len(given)
    found: list[tuple[int, int, str, str | None]] = []
    found += [(0, index, word, None) for index, word in enumerate(own) if isinstance(word, str)]
    found += [(1, index, word, "UTN") for index, word in enumerate(universal) if isinstance(word, str)]
    found += [(2, index, word, scheme) for (index, word), scheme in zip(given, schemes, strict=True)]
    for place, index, text, expected in found:
        word = text.strip()
        number = identify(one_line(word), expected) if word else None
        if number is None:
            if word:
                yield place, index, Problem.PLACEHOLDER
        elif number.check is False:
            yield place, index, Problem.BAD_CHECK
        elif expected not in (None, PROTOCOL) and number.scheme not in (expected, OTHER):
            yield place, index, Problem.OTHER_SCHEME
    if len(by) != len(given):
        yield from ((3, index, Problem.UNMATCHED) for index, issuer in enumerate(issuers) if issuer)


def _secondary(number: str, issuer: str) -> Identifier | None:
    scheme = _SCHEME_OF[issuer]
    found = identify(number, scheme)
    if found is not None and found.scheme == OTHER and scheme is None and issuer:
        given: Identifier = maker(Identifier)(OTHER, found.value, None, issuer)
        return given
    return found


# --- countries: the number of a record may end in one ----------------------------------------------------------------


def country_of_id(own: Words, listed: Words) -> tuple[()]:
    """Return nothing: the countries are those that are listed."""
    return ()


def country_of_id_remarks(own: Words, listed: Words) -> Iterator[Remark]:
    """Yield a number whose country is not among those listed, if all of these are known."""
    words = codes_of("ictrp_xml")["country"]
    known = [words.get(fold(word)) for word in _stripped(listed)]
    codes = {meaning.term for meaning in known if meaning is not None}
    for index, word in enumerate(own):
        country = country_suffix(word) if isinstance(word, str) else None
        if country is not None and len(country) == 2 and known and None not in known and country not in codes:
            yield 0, index, Problem.CONFLICT


# --- ages: "0" is no limit --------------------------------------------------------------------------------------------


_WITHOUT_LIMIT = tuple(
    Missing(field=f"eligibility.{limit}_age", kind=MissingKind.NOT_APPLICABLE) for limit in ("minimum", "maximum")
)
_IS_NONE = Known(lambda age: quantity(age)["number"] == "")


def age_limits(least: Words, most: Words) -> tuple[Missing, ...]:
    """Return the limits of age that the register denies by a zero."""
    return tuple(
        [
            missing
            for missing, words in zip(_WITHOUT_LIMIT, (least, most), strict=True)
            for word in _stripped(words)
            if _IS_NONE[word]
        ]
    )


# --- codes ------------------------------------------------------------------------------------------------------------

_TREE_NUMBER = re.compile(r"[A-Z]\d\d(\.\d{3})+", re.ASCII | re.IGNORECASE)
_ICD = re.compile(r"[A-Z]\d\d\.\d{1,2}", re.ASCII | re.IGNORECASE)
_SHORT = re.compile(r"[A-Z]\d\d", re.ASCII | re.IGNORECASE)
_BRANCHES = {
    letter: int(number)
    for letter, number in (word.split(":") for word in "A:21 B:5 C:26 D:27 E:7 F:4 G:17 H:2 I:3 J:3 N:6 V:4".split())
} | dict.fromkeys("KLMZ", 1)
"""Letters of MeSH with the number of their branches: where one has the code, ICD-10 may not be what is meant."""


def keyword_codes(keywords: Words) -> tuple[Code, ...]:
    """Return keywords as codes: tree numbers of DeCS (which includes MeSH) and ICD-10 by their form.

    Words, and codes that may be of either, are of the system `keyword`.
    """
    words = dict.fromkeys(_stripped(keywords))
    stated = [word for word in words if word.casefold() not in placeholders()]
    made = tuple([_CODE[word] for word in stated])
    gone = next((word for word in words if word.casefold() in placeholders()), None)
    if gone is not None:
        raise NoValue(placeholders()[gone.casefold()], rest=made)
    return made


def _code(word: str) -> Code:
    word = one_line(word)
    made: Code = maker(Code)(_system(word), word)
    return made


_CODE = Known(_code)


def _system(word: str) -> str:
    if _TREE_NUMBER.fullmatch(word):
        return "DeCS"
    if _ICD.fullmatch(word):
        return "ICD-10"
    if _SHORT.fullmatch(word) and not 1 <= int(word[1:]) <= _BRANCHES.get(word[0].upper(), 0):
        return "ICD-10"
    return "keyword"


@cache
def _types() -> Known:
    """Return the reader of the code list of kinds of intervention."""
    words = read_codes(files_of(__package__) / "codes.tsv")["intervention_type"]
    return Known(code_reader(words, InterventionType, False))


def intervention_type(codes: Words) -> InterventionType | None:
    """Return the kind of the interventions if all have the same; raises UnreadableWords for an unknown word."""
    kinds: set[InterventionType] = set()
    why: NoValue | None = None
    for word in _stripped(codes):
        try:
            kind = _types()[word]
        except NoValue as gone:
            why = gone
            continue
        if kind is not None:
            kinds.add(kind)
    if why is not None and not kinds:
        raise why
    return kinds.pop() if len(kinds) == 1 else None
