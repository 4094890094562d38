"""The numbering plans of countries, from the library phonenumbers if it is installed."""

import re
from functools import lru_cache
from typing import Any, Final

from trialparse.prepared import prepared

PATTERNS: Final = "patterns"
"""The matcher that needs no other library: the patterns in `phones`."""
_COUNTRIES: Final = (
    *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT"),
    *("LI", "LT", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    *("AU", "BR", "CA", "CN", "IL", "IN", "JP", "NZ", "TR", "US"),
)
"""Countries whose numbers are found without the code of the country; nearly any digits are a number of Luxembourg."""
_KINDS: Final = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)
_LEAST: Final = 7
"""The fewest digits of a number: fewer are a number in too many countries."""
_TRUNK: Final = "0"
"""The digit that most countries write before an area code; digits without it are not a number of theirs."""
_OFTEN_WITHOUT_TRUNK: Final = frozenset(("BR", "CN", "LI"))
"""Countries that have this digit and write many numbers without it, by their formats in phonenumbers."""


@prepared
def matcher() -> str:
    """Return what finds telephone numbers: "patterns", with the name and version of phonenumbers if it is installed.

    Which numbers are found depends on it, so an audit records it.
    """
    library = _library()
    return PATTERNS if library is None else f"{PATTERNS}, phonenumbers {library.__version__}"


def is_of_a_country(digits: str) -> bool:
    """Whether digits are a telephone number as a country writes it for calls within; False without phonenumbers."""
    if len(digits) < _LEAST:
        return False
    return any(_pattern(country).fullmatch(digits) for country in _countries(len(digits), digits[:1] == _TRUNK))


@prepared
def _library() -> Any:
    try:
        import phonenumbers
    except ImportError:
        return None
    return phonenumbers


@lru_cache
def _countries(length: int, trunk: bool) -> tuple[str, ...]:
    """Return the countries that have numbers of so many digits, with or without a 0 at the beginning."""
    return tuple(
        country for country in (_COUNTRIES if _library() is not None else ()) if _has(country, length, trunk=trunk)
    )


def _has(country: str, length: int, *, trunk: bool) -> bool:
    least, most = _trunks(country)
    lengths = _plan(country).general_desc.possible_length
    return (trunk or not least) and any(length - digits in lengths for digits in range(least, most + 1))


@lru_cache
def _pattern(country: str) -> re.Pattern[str]:
    """Return what all digits of a number match."""
    kinds = [getattr(_plan(country), kind) for kind in _KINDS]
    forms = dict.fromkeys(kind.national_number_pattern for kind in kinds if kind is not None)
    least, most = _trunks(country)
    return re.compile(f"{_TRUNK}{{{least},{most}}}(?:{'|'.join(form for form in forms if form)})")


def _trunks(country: str) -> tuple[int, int]:
    """Return the fewest and the most trunk digits before a number."""
    has = int(_plan(country).national_prefix == _TRUNK)
    return 0 if country in _OFTEN_WITHOUT_TRUNK else has, has


def _plan(country: str) -> Any:
    """Return the numbering plan of a country."""
    return _library().PhoneMetadata.metadata_for_region(country)
