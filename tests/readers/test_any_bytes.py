"""Any bytes become documents, rows, lines and elements, or a TrialParseError, however they are handed over."""

import contextlib
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.readers.sources import BODIES, LIMITS, Trickle, contents, in_pieces, only, zipped
from trialparse.diagnostics import TrialParseError
from trialparse.limits import Limits
from trialparse.readers import csv, jsonlines, xml
from trialparse.readers.source import Document, documents


def consume(document: Document) -> None:
    """Put a document through every reader that there is."""
    data = document.read()
    xml.root_of(data[:50])
    csv.header(document)
    jsonlines.looks_like_lines(data)
    readers: list[Callable[[], object]] = [
        lambda: xml.tree(xml.parse(data, LIMITS)),
        lambda: [xml.tree(element) for element, *_ in xml.records(document, (frozenset("t"), frozenset("r")), LIMITS)],
        lambda: list(csv.rows(document, LIMITS, lambda cells: False)),
        lambda: list(jsonlines.lines(document, LIMITS)),
    ]
    for reader in readers:
        with contextlib.suppress(TrialParseError):
            reader()


PACKS: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    gzip.compress,
    lambda body: zipped(("a.xml", body), ("b.gz", gzip.compress(body))),
)


class TestTotal:
    """Any bytes are documents or a TrialParseError, and so is what every reader makes of them."""

    @given(st.binary())
    def test_any_bytes_raise_nothing_else(self, data: bytes) -> None:
        self.survives(data)

    @given(st.sampled_from([b"\x1f\x8b\x08\0", b"PK\3\4", b"PK\5\6", b"\xff\xfe", b"<\0", b"<?xml "]), st.binary())
    def test_any_bytes_that_begin_well_raise_nothing_else(self, start: bytes, data: bytes) -> None:
        self.survives(start + data)

    @given(st.sampled_from(BODIES), st.sampled_from(PACKS), st.data())
    def test_damaged_bytes_raise_nothing_else(
        self, body: bytes, pack: Callable[[bytes], bytes], data: st.DataObject
    ) -> None:
        whole = bytearray(pack(body))
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        self.survives(bytes(whole[: data.draw(st.integers(0, len(whole)))]))

    @staticmethod
    def survives(data: bytes) -> None:
        try:
            for document in documents(data, LIMITS):
                consume(document)
        except TrialParseError:
            pass

    @pytest.mark.parametrize("path", ["/no/such/file", "nul\0", "\udc80\ud800"])
    def test_a_path_that_cannot_be_opened_is_an_oserror(self, path: str) -> None:
        with pytest.raises(OSError, match=r"."):
            contents(path)

    @pytest.mark.parametrize("wrong", [None, 3, io.StringIO("{}")])
    def test_a_call_that_makes_no_sense_is_a_typeerror(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            contents(wrong)

    @pytest.mark.parametrize("wrong", [0, -1, True, "1", 1.5])
    def test_limits_are_whole_numbers_above_zero(self, wrong: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            Limits(depth=wrong)


class TestBlind:
    """How a source is handed over, in what pieces and how it is packed makes no difference."""

    @given(st.one_of(st.binary(max_size=400), st.sampled_from(BODIES)), st.integers(1, 50))
    def test_packing_and_chunks(self, data: bytes, step: int) -> None:
        assume(not data.startswith((b"\x1f\x8b", b"PK")))
        expected = contents(data)
        packed = gzip.compress(data)
        half = gzip.compress(data[:9]) + gzip.compress(data[9:]) + b"\0" * 7
        ways: list[Any] = [bytearray(data), memoryview(data), io.BytesIO(data), Trickle(data, step)]
        ways += [packed, half, Trickle(half, step), zipped(("a", data)), zipped(("a.gz", packed))]
        ways += [zipped(("a", data), method=zipfile.ZIP_STORED), Trickle(zipped(("a", data)), step)]
        for way in ways:
            assert contents(way) == expected
        with in_pieces():
            for way in (data, packed, io.BytesIO(half), zipped(("a", data))):
                assert contents(way) == expected

    def test_paths_and_files(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        path.write_bytes(zipped(("d/", b""), ("d/a", b"1"), ("__MACOSX/d/._a", b"2"), ("b.zip", zipped(("c", b"3")))))
        with in_pieces():
            found = list(documents(path, LIMITS))
            assert [document.member for document in found] == ["d/a", "b.zip"]
            assert found[1].read().startswith(b"PK")
        with path.open("rb") as file:
            assert contents(file) == contents(str(path))
            assert not file.closed

    def test_a_stream_is_read_once_and_its_head_before(self) -> None:
        with in_pieces():
            (document,) = documents(Trickle(gzip.compress(bytes(1000))), LIMITS)
            assert document.data is None
            assert document.head(10) == document.head(10) == bytes(10)
            assert document.open().read() == bytes(1000)
            with pytest.raises(RuntimeError):
                document.open()

    @pytest.mark.parametrize("body", BODIES)
    def test_a_stream_that_can_be_searched_is_read_again(self, body: bytes) -> None:
        long = body + " \n".encode("utf-16-le" if body.startswith(b"\xff\xfe") else "utf-8") * 500
        (whole,) = contents(long)
        file = io.BytesIO(b"before" + long)
        file.seek(6)
        in_bytes = b"".join(gzip.compress(long[n : n + 1]) for n in range(4)) + gzip.compress(long[4:])
        ways = [
            file,
            in_bytes,
            gzip.compress(long),
            zipped(("a", long), ("b", long)),
            zipped(("a.gz", gzip.compress(long))),
        ]
        with in_pieces():
            streams = [one for way in ways for one in documents(way, Limits(bytes=3000, inflated=6000))]
        assert [(one.data, [one.open().read() for _ in range(3)]) for one in streams] == [(None, [whole] * 3)] * 6

    def test_bytes_are_not_copied(self) -> None:
        data = b'{"a": 1}' * 100
        assert only(data).data is data
        data = b'<?xml version="1.0" encoding="UTF-8"?><a/>'
        assert only(data).data is data
