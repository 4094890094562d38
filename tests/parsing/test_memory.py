"""What a record costs while it is read and asked about: bytes that are allocated, for each byte of the source."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from tests.conftest import THOROUGH
from tests.parsing.growing import GROWING, Grown
from tests.parsing.test_growth import drawn
from trialparse import Failure, Limits, Parsed, Problem, TrialParseError, read
from trialparse.diagnostics import LimitExceeded
from trialparse.parsing import ledger, withhold
from trialparse.readers import json, xml
from trialparse.readers.notations import notation

pytestmark = pytest.mark.exhaustive

MOST = 100
"""Bytes of memory for each byte that a source is longer, as SECURITY.md promises; most kinds take less than 40."""
DEARER = {"euctr-protocol-text": 260, "euctr-summary-text": 260}
"""The same for formats that keep a place for each line."""
_ONCE = 1_000_000
"""Bytes that are allocated now and then, whatever the source: for a new ledger when the one before it is full."""
_RUNS = 4
"""Runs: one has to be within what is allowed. When Python collects garbage in circles depends on what ran before."""
_ASKED = 50
"""Records of a source that are asked: each is let go, so more of them would cost no more."""
SIZE = 20_000
"""Bytes of a source here; what is large, and what is remembered of it, are smaller in proportion."""


def asked(one: Parsed) -> None:
    """Ask for what a program asks of each record."""
    _ = one.diagnostics, one.audit()


def of_size(made: Grown, size: int = SIZE) -> bytes:
    """Return a document of about so many bytes, or of as many as it can have."""
    few, more = len(made(100)), len(made(200))
    return made(max(100, 100 + (size - few) * 100 // max(more - few, 1)))


def peak(data: bytes, ask: Callable[[Parsed], object], contacts: bool) -> int:
    """Return the most bytes that are allocated at once while a source is read; each record is let go."""
    gc.collect()
    tracemalloc.start()
    try:
        for index, outcome in enumerate(read(data, contacts=contacts, limits=Limits(nodes=10**9))):
            if isinstance(outcome, Parsed) and index < _ASKED:
                ask(outcome)
    except TrialParseError:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most


@contextmanager
def in_proportion() -> Iterator[None]:
    """Make what is remembered of a large record, whatever its size, as small as the sources here."""
    with (
        mock.patch.object(notation, "LARGE", SIZE // 5),
        mock.patch.object(xml.elements, "_MANY", SIZE // 100),
        mock.patch.object(ledger, "ROOM", SIZE),
        mock.patch.object(json, "_MANY", 10),
        mock.patch.object(withhold, "_AT_ONCE", 10),
    ):
        yield


@pytest.mark.parametrize(("format", "kind"), drawn(1000)[:: 1 if THOROUGH else 17])
def test_each_byte(format: str, kind: str) -> None:
    """A longer source costs no more for each byte that it is longer; what any source costs is left aside."""
    made = GROWING[format][kind]
    short, long = of_size(made, SIZE // 2), of_size(made)
    with in_proportion():
        for contacts in (True, False):
            for outcome in read(long, contacts=contacts):  # what is prepared once is not the cost of this source
                _ = outcome.ok and asked(outcome)
        allowed = DEARER.get(format, MOST) * (len(long) - len(short)) + _ONCE
        for _ in range(_RUNS):
            more = {contacts: peak(long, asked, contacts) - peak(short, asked, contacts) for contacts in (True, False)}
            if max(more.values()) < allowed:
                break
    assert max(more.values()) < allowed, (more, len(short), len(long))


ROW = b'{"ctNumber": "2026-590101-24-00", "trialCountries": [], '


class TestFew:
    """What there is to report of many is one with their number, and what is too much is refused before it is made."""

    @pytest.mark.parametrize("member", [b'"zz": 1, ', b'"zz": {"a": 1, "a": 2}, '])
    def test_doubled_keys(self, member: bytes) -> None:
        [outcome] = read(ROW + member * 1501 + b'"z": 1}')
        assert isinstance(outcome, Parsed)
        found = [one for one in outcome.diagnostics if one.problem is Problem.DUPLICATE_KEY]
        assert len(found) == 1001
        assert found[-1].text == ("and 500 more" if b"a" not in member else "and 501 more")
        assert outcome.audit().unmapped["zz" if b"a" not in member else "zz.a"] >= 1501

    def test_values_are_counted_first(self) -> None:
        for values in (b"1," * 1001, b"[]," * 1001, b'{"a":[1]},' * 501):
            raw = ROW + b'"zz": [' + values + b"1]}"
            [failure] = read(b"[" + raw + b"]", limits=Limits(nodes=1000))
            assert isinstance(failure, Failure)
            assert isinstance(failure.error, LimitExceeded)
        raw = ROW + b'"zz": "' + b"[,{" * 1001 + b'"}'
        [outcome] = read(raw, limits=Limits(nodes=1000))
        assert outcome.ok

    def test_columns(self) -> None:
        made = GROWING["ctis-csv"]["columns"]
        assert [outcome.ok for outcome in read(made(900))] == [True]
        with pytest.raises(LimitExceeded, match=r"a header of 1,1\d\d columns is longer than 1,000"):
            list(read(made(1100)))

    def test_cells_beyond_the_header(self) -> None:
        *_, outcome = read(GROWING["ctis-csv"]["cells"](3000))
        assert isinstance(outcome, Parsed)
        assert isinstance(outcome.raw, dict)
        assert "\t".join(outcome.raw.values()).count("1") == 3000
        assert len(outcome.raw) < 1100

    def test_paths_of_a_large_record(self) -> None:
        """Beyond those that a ledger has room for, the keys of a place are one in the audit."""
        data = GROWING["ctis-search-row"]["short keys"](2000)
        with in_proportion():
            [outcome] = read(data)
            assert isinstance(outcome, Parsed)
            audits = [outcome.audit() for _ in range(2)]
        assert audits[0] == audits[1]
        assert audits[0].unmapped["*"] > 1000
        assert sum(audits[0].unmapped.values()) >= 2000
