"""What a record costs while it is read and asked about: bytes that are allocated, for each byte of the source."""

import gc
import tracemalloc
from collections.abc import Callable
from unittest import mock

import pytest

from tests.parsing.growing import GROWING, Grown
from trialparse import Limits, Parsed, TrialParseError, read
from trialparse.parsing import ledger
from trialparse.readers.notations import notation

MOST = 40
"""Bytes of memory for each byte of a source, as SECURITY.md promises."""
SIZE = 50_000
"""Bytes of a source here; what is large, and what is remembered of it, are smaller in proportion."""


def asked(one: Parsed) -> None:
    """Ask for what a program asks of each record."""
    _ = one.diagnostics, one.audit()


def of_size(made: Grown, size: int = SIZE) -> bytes:
    """Return a document of about so many bytes, or of as many as it can have."""
    few, more = len(made(100)), len(made(200))
    return made(max(100, 100 + (size - few) * 100 // max(more - few, 1)))


def peak(data: bytes, ask: Callable[[Parsed], object], contacts: bool) -> float:
    """Return the most bytes that are allocated at once, for each byte of a source; each record is let go."""
    gc.collect()
    tracemalloc.start()
    try:
        for outcome in read(data, contacts=contacts, limits=Limits(nodes=10**9)):
            if isinstance(outcome, Parsed):
                ask(outcome)
    except TrialParseError:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most / len(data)


@pytest.mark.parametrize(
    ("format", "kind"), [(format, kind) for format, kinds in GROWING.items() for kind in kinds], ids=str
)
def test_each_byte(format: str, kind: str) -> None:
    made = GROWING[format][kind]
    data = of_size(made)
    with mock.patch.object(notation, "LARGE", SIZE // 5), mock.patch.object(ledger, "ROOM", SIZE):
        for contacts in (True, False):
            peak(made(100), asked, contacts)  # what is prepared once is not the cost of this source
        found = {contacts: peak(data, asked, contacts) for contacts in (True, False)}
    assert max(found.values()) < MOST, found
