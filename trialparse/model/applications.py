"""Keys of applications, as `Event.application` has them: `IN`, `SM-1`, `NSM-2`."""

from typing import Final

_KINDS: Final = {
    "IN": "INITIAL",
    "SM": "SUBSTANTIAL_MODIFICATION",
    "NSM": "NON_SUBSTANTIAL_MODIFICATION",
    "AM": "ADDITION_OF_MEMBER_STATE",
}
"""Our term for the kind of an application, by the letters of its key (Regulation (EU) 536/2014, as CTIS has them)."""


def kind_of_key(key: str) -> str | None:
    """Return our term for the kind of an application from its key; None for what is no key.

    >>> kind_of_key("SM-1"), kind_of_key("IN"), kind_of_key("SUBSTANTIAL_MODIFICATION")
    ('SUBSTANTIAL_MODIFICATION', 'INITIAL', None)
    """
    return _KINDS.get(key.partition("-")[0])
