"""The address of a record of the EU Clinical Trials Register, which its number and country fix."""

from collections.abc import Iterable, Sequence

from trialparse.mapping.folder import codes_of
from trialparse.mapping.rows import fold
from trialparse.model.identifiers import identify

Words = Sequence[object]
"""The values at a path; None or nothing where an element is absent."""

_TRIAL = "https://www.clinicaltrialsregister.eu/ctr-search/trial/"


def page_of_record(first: Words, second: Words, kind: Words, *authorities: Words) -> str | None:
    """Return the address of the record of a country, or of the third countries."""
    number = _number((*first, *second))
    known = codes_of("euctr")["authority"]
    found = (known.get(fold(word)) for words in authorities for word in words if isinstance(word, str))
    country = next((meaning.term for meaning in found if meaning is not None), None)
    if any(fold(word) == fold("Outside EU/EEA") for word in kind if isinstance(word, str)):
        country = "3rd"
    return None if number is None or country is None else f"{_TRIAL}{number}/{country}/"


def _number(words: Iterable[object]) -> str | None:
    """Return the first EudraCT number."""
    known = (identify(word, "EudraCT") for word in words if isinstance(word, str))
    return next((one.value for one in known if one is not None and one.scheme == "EudraCT"), None)
