"""Numbers of trials: which register gave them, their canonical form, their check digits.

Nothing is guessed. A text belongs to a scheme only if the whole text has the scheme's form; any other text is kept
unchanged under scheme `other`. Letters and digits are ASCII: no full-width digit, no dotless i.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from trialparse.model.building import maker
from trialparse.model.placeholders import words_for_numbers
from trialparse.model.values import Identifier
from trialparse.prepared import prepared, prepared_property

PROTOCOL = "protocol"
"""The scheme of a sponsor's own number: any form."""
OTHER = "other"
"""The scheme of a number that no row below has."""
SHARED = frozenset(("EudraCT",))
"""Schemes whose number several records of one trial share: a record for each country, and one of results."""


def _crc_pair(value: str) -> bool:
    """Whether the third part of YYYY-NNNNNN-CC begins the decimal CRC-32 of the ten digits before it."""
    year, sequence, pair = value.split("-")[:3]
    return str(zlib.crc32(f"{year}{sequence}".encode("ascii")))[:2] == pair


def _actrn_digits(value: str) -> bool:
    """Whether the last three of the fourteen digits are the negated sums of the first five and next six."""
    digits = [int(digit) for digit in value.removeprefix("ACTRN")]
    first, second = -sum(digits[:5]) % 10, -sum(digits[5:11]) % 10
    return digits[11:] == [first, second, (first + second) % 10]


class NumberPattern(NamedTuple):
    """One way in which a scheme's numbers are written."""

    scheme: str
    """The scheme."""
    pattern: str
    """Regular expression for the whole text, without blanks, with hyphens for dashes, ignoring case."""
    canonical: str
    """The canonical form, made of the groups of the pattern."""
    source: str
    """Who documents it."""
    check: Callable[[str], bool] | None = None
    """Checks the check digits of a canonical form."""
    bare: bool = False
    """Whether the pattern is too general to be tried unless the scheme is expected."""
    lower: bool = False
    """Whether the groups are in lower case rather than in upper case."""
    version: str = ""
    """What follows the canonical form: a count of versions, made of the groups too; one trial has several."""

    def value(self, groups: Sequence[str]) -> str:
        """Return the canonical form with its version, made of the groups of the pattern."""
        return (self.canonical + self.version).format(*[group.lower() if self.lower else group for group in groups])


# Neither the EMA nor the ANZCTR publishes a rule for its check digits. Both rules were found by analysis: the
# first holds for 44,766 of 44,806 published EudraCT and EU CT numbers (most of the others are invented or
# mistyped), the second for 138 of 138 ACTRNs. Both are fit for a remark, not for a refusal.
_CRC = "EU CTR and CTIS: YYYY-NNNNNN-CC; CC, found by analysis, begins the decimal CRC-32 of YYYYNNNNNN"
_SUM = "ANZCTR: 126 YY NNNNNN and three check digits, found by analysis; p at the end of a provisional number"
_ICTRP = "WHO ICTRP, TrialID of the exports"
_ISRCTN = "ISRCTN, secondary numbers"

_EU_SUFFIX = r"(?:-(?:[A-Z]{2,3}|3RD|OUTSIDE-EU/EEA))?"
_EU_CT = r"(?:(?:CTIS|EUCT(?:NUMBER|NO\.?)?)[:#-]?)?"
_EUDRACT = r"(?:(?:EUCTR){1,2}|EUDRACT(?:NUMBER|NO\.?)?)[:#-]?"
_JAPAN = r"(?:JPRN-?)?"

FORMS: tuple[NumberPattern, ...] = (
    # The last pair counts resubmissions. A number without it is known too; the pair is not ours to add.
    NumberPattern("CTIS", _EU_CT + r"(20\d\d)-(5\d{5})-(\d\d)-(\d\d)", "{0}-{1}-{2}", _CRC, _crc_pair, version="-{3}"),
    NumberPattern("CTIS", _EU_CT + r"(20\d\d)-(5\d{5})-(\d\d)", "{0}-{1}-{2}", _CRC, _crc_pair),
    NumberPattern("EudraCT", rf"(20\d\d)-(0\d{{5}})-(\d\d){_EU_SUFFIX}", "{0}-{1}-{2}", _CRC, _crc_pair),
    # ICTRP: EUCTR and a country suffix, one row a member state; some exports have the prefix twice.
    NumberPattern("EudraCT", rf"{_EUDRACT}(20\d\d)-?(0\d{{5}})-?(\d\d){_EU_SUFFIX}", "{0}-{1}-{2}", _CRC, _crc_pair),
    # ISRCTN's field for EU CT numbers holds EudraCT numbers in the clothes of CTIS.
    NumberPattern("EudraCT", r"CTIS[:#-]?(20\d\d)-(0\d{5})-(\d\d)(?:-\d\d)?", "{0}-{1}-{2}", _ISRCTN, _crc_pair),
    NumberPattern("EudraCT", r"(20\d\d)-?(0\d{5})-?(\d\d)", "{0}-{1}-{2}", _CRC, _crc_pair, bare=True),
    NumberPattern("NCT", r"NCT[:#-]?(\d{8})", "NCT{0}", "ClinicalTrials.gov API v2: NCT and 8 digits"),
    NumberPattern("ISRCTN", r"ISRCTN[:#-]?(\d{8})", "ISRCTN{0}", "ISRCTN API"),
    NumberPattern("ISRCTN", r"(\d{8})", "ISRCTN{0}", "ISRCTN API: the element <isrctn> holds the digits", bare=True),
    NumberPattern("UTN", r"(?:UTN[:#-]?)?U?(1111)-?(\d{4})-?(\d{4})", "U{0}-{1}-{2}", "WHO UTN", bare=True),
    NumberPattern("UTN", r"(?:UTN[:#-]?)?U(1111)-(\d{4})-(\d{4})", "U{0}-{1}-{2}", "WHO UTN: constant block 1111"),
    NumberPattern("DRKS", r"DRKS[:#-]?(\d{8})", "DRKS{0}", _ICTRP),
    NumberPattern("ACTRN", r"ACTRN[:#-]?(126\d{11})P?", "ACTRN{0}", _SUM, _actrn_digits),
    NumberPattern("ACTRN", r"(126\d{11})P?", "ACTRN{0}", _SUM, _actrn_digits, bare=True),
    NumberPattern("jRCT", _JAPAN + r"JRCTS[:#-]?(\d{9})", "jRCTs{0}", "jRCT, trials under the Clinical Trials Act"),
    NumberPattern("jRCT", _JAPAN + r"JRCT[:#-]?(\d{10})", "jRCT{0}", _ICTRP),
    NumberPattern("UMIN", _JAPAN + r"UMIN[:#-]?(\d{9})", "UMIN{0}", _ICTRP),
    NumberPattern("UMIN", r"JPRN-?C(\d{9})", "JPRN-C{0}", "UMIN-CTR, older form, with the prefix that makes it known"),
    NumberPattern("UMIN", r"C(\d{9})", "JPRN-C{0}", "UMIN-CTR, older form", bare=True),
    NumberPattern("JapicCTI", _JAPAN + r"JAPICCTI-?(\d{6})", "JapicCTI-{0}", _ICTRP),
    NumberPattern("JMA-IIA", _JAPAN + r"JMA-?IIA-?(\d{5})", "JMA-IIA{0}", _ICTRP),
    NumberPattern("ChiCTR", r"CHICTR[:#-]?(\d{10})", "ChiCTR{0}", _ICTRP),
    NumberPattern("ChiCTR", r"CHICTR-([A-Z]{2,5})-(\d{8})", "ChiCTR-{0}-{1}", "WHO ICTRP, numbers before 2018"),
    NumberPattern("ITMCTR", r"ITMCTR[:#-]?(\d{10})", "ITMCTR{0}", "WHO ICTRP, Source_Register ITMCTR"),
    NumberPattern("ITMCTR", r"CHIMCTR[:#-]?(\d{10})", "ChiMCTR{0}", "the same register under its earlier name"),
    NumberPattern("CTRI", r"CTRI[/-](\d{4})[/-](\d{2,3})[/-](\d{6})", "CTRI/{0}/{1}/{2}", _ICTRP),
    NumberPattern("IRCT", r"IRCT[:#-]?(\d{11,14}N\d{1,3})", "IRCT{0}", _ICTRP),
    NumberPattern("KCT", r"KCT[:#-]?(\d{7})", "KCT{0}", _ICTRP),
    NumberPattern("PACTR", r"PACTR[:#-]?(\d{15,16})", "PACTR{0}", _ICTRP),
    NumberPattern(
        "RBR",
        r"RBR-?([2-9][2-9BCDFGHJKMNPQRSTVWXYZ]{5,6})",
        "RBR-{0}",
        "ReBEC: 27 signs, no vowel",
        lower=True,
    ),
    NumberPattern("SLCTR", r"SLCTR[/-](\d{4})[/-](\d{3})", "SLCTR/{0}/{1}", _ICTRP),
    NumberPattern("TCTR", r"TCTR[:#-]?(\d{11})", "TCTR{0}", _ICTRP),
    NumberPattern("NTR", r"NTR[:#-]?(\d{1,4})", "NTR{0}", "Netherlands Trial Register to 2018"),
    NumberPattern("NTR", r"NL[:#-]?(\d{1,4})", "NL{0}", "Netherlands Trial Register 2018 to 2022"),
    NumberPattern("NL-OMON", r"NL-?OMON-?(\d{5})", "NL-OMON{0}", "WHO ICTRP, Overview of Medical Research (OMON)"),
    NumberPattern("RPCEC", r"RPCEC[:#-]?(\d{8})", "RPCEC{0}", _ICTRP),
    NumberPattern("PER", r"PER-?(\d{3}-\d\d(?:-[A-Z])?)", "PER-{0}", _ICTRP),
    NumberPattern("PER", r"(\d{3}-\d\d(?:-[A-Z])?)", "PER-{0}", "REPEC, which writes no prefix", bare=True),
    NumberPattern("LBCTR", r"LBCTR[:#-]?(\d{10})", "LBCTR{0}", _ICTRP),
    NumberPattern("EMEA PIP", r"EMEA-(\d{6})-PIP-?(\d\d)-(\d\d)", "EMEA-{0}-PIP{1}-{2}", "EudraCT results XSD"),
    NumberPattern(
        "EMEA PIP",
        r"EMEA-(\d{6})-PIP-?(\d\d)-(\d\d)-(M\d\d)",
        "EMEA-{0}-PIP{1}-{2}-{3}",
        "EMA, decisions on modified paediatric investigation plans",
    ),
    NumberPattern("IRAS", r"IRAS(?:ID)?[:#-]?(\d{6,7})", "IRAS{0}", _ISRCTN),
    NumberPattern("IRAS", r"(\d{6,7})", "IRAS{0}", _ISRCTN, bare=True),
    NumberPattern("CPMS", r"CPMS(?:ID)?[:#-]?(\d{4,5})", "CPMS{0}", _ISRCTN),
    NumberPattern("CPMS", r"(\d{4,5})", "CPMS{0}", _ISRCTN, bare=True),
    NumberPattern("ID-RCB", r"(\d{4})-(A\d{5})-(\d\d)", "{0}-{1}-{2}", "ANSM, not to be taken for a EudraCT number"),
    NumberPattern("CCMO", r"NL(\d{5}\.\d{3}\.\d\d)", "NL{0}", "CCMO, file number of an ethics committee"),
    NumberPattern("CIV-ID", r"CIV-(\d\d)-(\d\d)-(\d{6})", "CIV-{0}-{1}-{2}", "Eudamed, device investigations"),
    NumberPattern("SNCTP", r"SNCTP[:#-]?(\d{9})", "SNCTP{0}", "Swiss National Clinical Trials Portal"),
)
"""Every form of every scheme, in the order in which they are tried."""

# Names under which sources mean a scheme or a family of schemes: Source_Register of the ICTRP and the
# registers' own names. A scheme is also known by its own name, whatever the case.
_NAMES: dict[str, tuple[str, ...]] = {
    "EUCTR": ("EudraCT",),
    "EU Clinical Trials Register": ("EudraCT",),
    "EudraCT number": ("EudraCT",),
    "Clinical Trials Information System": ("CTIS",),
    "EU CT number": ("CTIS",),
    "EUCT": ("CTIS",),
    "ClinicalTrials.gov": ("NCT",),
    "ANZCTR": ("ACTRN",),
    "German Clinical Trials Register": ("DRKS",),
    "CRIS": ("KCT",),
    "JPRN": ("jRCT", "UMIN", "JapicCTI", "JMA-IIA"),
    "UMIN-CTR": ("UMIN",),
    "REBEC": ("RBR",),
    "REPEC": ("PER",),
    "NL": ("NTR", "NL-OMON"),
    "NTR": ("NTR", "NL-OMON"),
    "Netherlands Trial Register": ("NTR", "NL-OMON"),
    "WHO": ("UTN",),
    "WHO UTN": ("UTN",),
    "PIP": ("EMEA PIP",),
    "EMA PIP": ("EMEA PIP",),
}

# What papers and the ICTRP print beside the canonical form {v}; {n} is the number without its letters.
_PRINTED: dict[str, tuple[str, ...]] = {
    "EudraCT": ("EUCTR{v}", "EudraCT {v}", "EudraCT: {v}"),
    "CTIS": ("CTIS{v}", "EUCT {v}", "EUCT: {v}"),
    "ISRCTN": ("ISRCTN {n}",),
    "NCT": ("NCT {n}",),
    "UTN": ("UTN {v}",),
    "jRCT": ("JPRN-{v}",),
    "UMIN": ("JPRN-{v}",),
    "JapicCTI": ("JPRN-{v}",),
    "JMA-IIA": ("JPRN-{v}",),
    "NTR": ("{a} {n}",),
    "PER": ("{n}",),
    "IRAS": ("IRAS ID: {n}", "IRAS {n}", "{n}"),
    "CPMS": ("CPMS: {n}", "CPMS {n}", "{n}"),
}

# Pages by the register's own number. Registers that are not here number their pages otherwise or are closed;
# the ICTRP shows their trials by TrialID.
_PAGES: dict[str, str] = {
    "CTIS": "https://euclinicaltrials.eu/ctis-public/view/{v}",
    "EudraCT": "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{v}",
    "NCT": "https://clinicaltrials.gov/study/{v}",
    "ISRCTN": "https://www.isrctn.com/{v}",
    "DRKS": "https://drks.de/search/en/trial/{v}",
    "ACTRN": "https://www.anzctr.org.au/{v}.aspx",
    "RBR": "https://ensaiosclinicos.gov.br/rg/{v}",
    "TCTR": "https://www.thaiclinicaltrials.org/show/{v}",
    "NL-OMON": "https://onderzoekmetmensen.nl/en/trial/{n}",
}
_ICTRP_PAGE = "https://trialsearch.who.int/Trial2.aspx?TrialID={v}"
_JAPANESE = frozenset(_NAMES["JPRN"])
_ICTRP_SCHEMES = _JAPANESE | frozenset(
    ("ChiCTR", "ITMCTR", "CTRI", "IRCT", "KCT", "PACTR", "SLCTR", "NTR", "RPCEC", "PER", "LBCTR")
)

# Squeezed again. NCT00000000 (opentrials issue 367), NCT11111111, NCT12345678, NCT87654321, NCT99999999,
# ISRCTN00000000 and ISRCTN12345678 have all been seen. A digit other than zero has to come eight times, for
# the six of an IRAS number may well be alike.
_FILLER = re.compile(
    r"0+|x+|[a-z]{1,12}0{4,}|[a-z]{0,12}([1-9])\1{7,}|[a-z]{0,12}(?:123456789?0?|9?87654321)"
    r"|(?:nct|isrctn|drks|euctr|actrn|ctis)\d{0,4}x{4,}|(?:utn)?u11110{8}",
    re.ASCII,
)
# A right frame around a sequence of zeros.
_ZERO_SEQUENCE = re.compile(
    r"[A-Z]{0,10}[:#-]?\d{4}-000000-\d\d(?:-[A-Z\d/-]{2,14})?"
    r"|CTRI[/-]\d{4}[/-]\d{2,3}[/-]000000|SLCTR[/-]\d{4}[/-]000",
    re.ASCII | re.IGNORECASE,
)
_SQUEEZE = re.compile(r"[\W_]+")
_SUFFIXED = re.compile(
    rf"(?:{_EUDRACT})?20\d\d-?0\d{{5}}-?\d\d-([A-Z]{{2,3}}|3RD|OUTSIDE-EU/EEA)", re.ASCII | re.IGNORECASE
)
_SUFFIX_CASE = {"3RD": "3rd", "OUTSIDE-EU/EEA": "Outside-EU/EEA"}

OUTSIDE = "Outside EU/EEA"
"""What EudraCT calls all countries that are not member states (guide to EudraCT, third country file)."""
REGIONS = dict.fromkeys(_SUFFIX_CASE.values(), OUTSIDE)
"""The suffixes that are no code of a country, each with the name of what it means."""

# Every dash that papers and word processors put for a hyphen; signs without width and the soft hyphen vanish.
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_UNSEEN: dict[int, str] = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")
_TYPOGRAPHY = _DASHES | _UNSEEN
_LONGEST = 200
"""No number is longer; longer texts are not tried."""


class _Forms:
    """Patterns tried in order, as one regular expression that is compiled on first use."""

    def __init__(self, forms: Iterable[NumberPattern]) -> None:
        self.forms = tuple(forms)

    @prepared_property
    def pattern(self) -> re.Pattern[str]:
        """The combined expression; the name of the outer group holds the index of its pattern."""
        either = "|".join(f"(?P<f{index}>{form.pattern})" for index, form in enumerate(self.forms))
        return re.compile(either or "(?!)", re.ASCII | re.IGNORECASE)

    @prepared_property
    def inner(self) -> dict[str, tuple[NumberPattern, slice]]:
        """Each pattern by the name of its outer group, with the slice of the groups that are its own."""
        places = [*self.pattern.groupindex.values(), self.pattern.groups + 1]
        own = [slice(outer, following - 1) for outer, following in pairwise(places)]
        return dict(zip(self.pattern.groupindex, zip(self.forms, own, strict=True), strict=True))

    def match(self, text: str) -> tuple[NumberPattern, tuple[str, ...]] | None:
        """Return the first pattern that matches the whole text, and the text of its groups."""
        found = self.pattern.fullmatch(text)
        if found is None or found.lastgroup is None:
            return None
        form, inner = self.inner[found.lastgroup]
        return form, tuple([group.upper() for group in found.groups()[inner]])


SCHEMES = frozenset((*(form.scheme for form in FORMS), PROTOCOL))
"""The schemes by which a table may name a number."""
_VERSIONED = frozenset(form.scheme for form in FORMS if form.version)
_SCHEMES = {form.scheme.casefold(): (form.scheme,) for form in FORMS}
_EXPECTED = {
    name: _Forms(form for form in FORMS if form.scheme in schemes)
    for name, schemes in (_SCHEMES | {name.casefold(): schemes for name, schemes in _NAMES.items()}).items()
}
_OPEN = _Forms(form for form in FORMS if not form.bare)
_NONE = _Forms(())

_make = maker(Identifier)


def _compact(text: str) -> str:
    """Return the text with hyphens for dashes and without blanks."""
    plain = text if text.isascii() else text.translate(_TYPOGRAPHY)
    return "".join(plain.split())


def _found(text: str, forms: _Forms) -> tuple[NumberPattern, tuple[str, ...]] | None:
    """Return the first pattern that matches the whole text, and the text of its groups."""
    compact = _compact(text)
    return forms.match(compact) if len(compact) <= _LONGEST else None


def _match(text: str, forms: _Forms) -> Identifier | None:
    """Return the identifier by the first pattern that matches the whole text."""
    found = _found(text, forms)
    if found is None:
        return None
    form, groups = found
    value = form.value(groups)
    made: Identifier = _make(form.scheme, value, form.check and form.check(value))
    return made


@prepared
def _no_numbers() -> frozenset[str]:
    """Return the words that fill a field for want of a number, squeezed."""
    return frozenset(_SQUEEZE.sub("", word) for word in words_for_numbers())


def is_placeholder(text: str) -> bool:
    """Whether the text is a placeholder, not a number.

    >>> [is_placeholder(text) for text in ("N/A", "-", "NCT00000000", "Nil known", "NCT04246242")]
    [True, True, True, True, False]
    """
    squeezed = _SQUEEZE.sub("", text).casefold()
    return (
        not squeezed
        or squeezed in _no_numbers()
        or _FILLER.fullmatch(squeezed) is not None
        or _ZERO_SEQUENCE.fullmatch(_compact(text)) is not None
    )


@lru_cache(1024)  # registers give a trial's own number in several places
def identify(text: str, scheme: str | None = None) -> Identifier | None:
    """Return the identifier that the text is, None for a placeholder.

    `scheme` is the scheme, or the register, or the family of registers that the text is expected to be of. A
    number of another scheme is what it is. A text that has no scheme's form is kept under `other`, with the
    expected scheme as its issuer.

    >>> identify("EUCTR2020-000936-23-FR")
    Identifier(scheme='EudraCT', value='2020-000936-23', check=True, issuer=None, kind=None, url=None)
    >>> identify("2020/17", "EudraCT")
    Identifier(scheme='other', value='2020/17', check=None, issuer='EudraCT', kind=None, url=None)
    """
    name = OTHER if scheme is None else scheme.strip().casefold()
    known = _match(text, _EXPECTED[name]) if name in _EXPECTED else None
    if known is None and name != PROTOCOL:
        known = _match(text, _OPEN)
    if is_placeholder(text if known is None else known.value):  # UTN 111100000000 is one in its canonical form only
        return None
    if known is not None:
        return known
    value, issuer = text.strip(), None if name == OTHER else scheme
    made: Identifier = _make(PROTOCOL, value) if name == PROTOCOL else _make(OTHER, value, None, issuer)
    return made


def canonical(text: str, scheme: str | None = None) -> str | None:
    """Return the value of the identifier that the text is, None for a placeholder.

    >>> canonical("ctri-2020-06-025928", "CTRI")
    'CTRI/2020/06/025928'
    """
    identifier = identify(text, scheme)
    return None if identifier is None else identifier.value


def country_suffix(text: str) -> str | None:
    """Return the country that ICTRP and EU CTR put behind a EudraCT number, None where there is none.

    It is an ISO 3166 code, or one of `REGIONS`; the canonical form goes without.

    >>> country_suffix("EUCTR2020-000936-23-FR")
    'FR'
    """
    found = _SUFFIXED.fullmatch(_compact(text))
    if found is None:
        return None
    suffix = found[1].upper()
    return _SUFFIX_CASE.get(suffix, suffix)


_WORD = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z0-9](?:[A-Za-z0-9]|[-/.](?=[A-Za-z0-9])){7,40}(?![A-Za-z0-9])")
_DIGIT = re.compile(rb"\d")
_FIRST = 4096
"""Bytes that are searched for numbers."""


def first_numbers(content: bytes) -> tuple[Identifier, ...]:
    """Return the numbers of registers in the first 4,096 bytes of a text of any notation, each once, in their order.

    Only a word whose form no other number has counts, and no placeholder or number with a wrong check digit.

    >>> [one.value for one in first_numbers(b'{"ctNumber": "2030-500001-29-00", "x": ["NCT90000001", "2030-01-31"]}')]
    ['2030-500001-29-00', 'NCT90000001']
    """
    words = (found[0] for found in _WORD.finditer(content[:_FIRST]) if _DIGIT.search(found[0]))
    numbers = map(identify, (word.decode("ascii") for word in words))
    return tuple(dict.fromkeys(one for one in numbers if one and one.scheme != OTHER and one.check is not False))


def _form_of(identifier: Identifier) -> tuple[NumberPattern, tuple[str, ...]] | None:
    """Return the pattern whose form the value has, and the text of its groups; None if it is no canonical form."""
    found = _found(identifier.value, _EXPECTED.get(identifier.scheme.casefold(), _NONE))
    if found is None or (found[0].scheme, found[0].value(found[1])) != (identifier.scheme, identifier.value):
        return None
    return found


def without_version(identifier: Identifier) -> str:
    """Return the number that all versions of a trial share, such as a CTIS number without its last pair.

    >>> without_version(Identifier(scheme="CTIS", value="2023-505613-24-01"))
    '2023-505613-24'
    """
    found = _form_of(identifier)
    if found is None:
        return identifier.value
    form, groups = found
    return form._replace(version="").value(groups)


def _number(value: str) -> str:
    """Return the value without the letters, and the hyphen, that begin it."""
    return value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")


def variants(identifier: Identifier, country: str | None = None) -> tuple[str, ...]:
    """Return the forms in which papers and the ICTRP print the number, the canonical one first.

    With a country a EudraCT number comes as the ICTRP has it too. A number with a version comes without it too.

    >>> variants(Identifier(scheme="EudraCT", value="2020-000936-23"), country="FR")[-1]
    'EUCTR2020-000936-23-FR'
    """
    value = identifier.value
    if _form_of(identifier) is None:
        return (value,)
    number = _number(value)
    values = dict.fromkeys((value, without_version(identifier)))
    found = [*values]
    for printed in _PRINTED.get(identifier.scheme, ()):
        letters = value.removesuffix(number)
        found += [printed.format(v=one, n=number, a=letters) for one in values]
    if value.startswith("JPRN-C"):
        found = [value, value.removeprefix("JPRN-")]
    if country is not None and identifier.scheme == "EudraCT":
        found.append(f"EUCTR{value}-{country}")
    return tuple(dict.fromkeys(found))


def url(identifier: Identifier) -> str | None:
    """Return the address of the trial's page in its register, or in the ICTRP; None where there is none.

    >>> url(Identifier(scheme="NCT", value="NCT04246242"))
    'https://clinicaltrials.gov/study/NCT04246242'
    """
    value, scheme = identifier.value, identifier.scheme
    found = _form_of(identifier)
    if found is None or (scheme in _VERSIONED and not found[0].version):  # pages are of versions
        return None
    if scheme in _ICTRP_SCHEMES:
        from urllib.parse import quote

        japanese = scheme in _JAPANESE and not value.startswith("JPRN-")
        return _ICTRP_PAGE.format(v=quote(f"JPRN-{value}" if japanese else value))
    page = _PAGES.get(scheme)
    return None if page is None else page.format(v=value, n=_number(value))
