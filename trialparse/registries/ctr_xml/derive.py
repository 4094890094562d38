"""Derived fields of CTR-XML: an address on one line."""

from collections.abc import Sequence
from typing import Any

from trialparse.diagnostics import WITHHELD
from trialparse.mapping.verbs import one_line

Words = Sequence[Any]


def address_line(*parts: Words) -> str | None:
    """Return an address on one line; None where words of it were withheld."""
    words = [one_line(word) for part in parts for word in part if isinstance(word, str) and word.strip()]
    return None if not words or WITHHELD in words else ", ".join(words)
