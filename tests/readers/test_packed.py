"""What is packed is unpacked with limits, and every encoding becomes UTF-8."""

import gzip
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest

from tests.counting import some
from tests.readers.sources import BODIES, LIMITS, Trickle, contents, in_pieces, only, zipped
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem
from trialparse.limits import Limits
from trialparse.readers import archive as archive_module
from trialparse.readers import packed, xml


class TestPacked:
    """What is packed is counted while it is unpacked, and refused by name when it is broken."""

    @pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped(("a", body))])
    def test_bombs(self, pack: Callable[[bytes], bytes]) -> None:
        bomb = pack(bytes(64 << 20))
        tracemalloc.start()
        try:
            with pytest.raises(LimitExceeded, match="ratio"):
                contents(bomb)
            with pytest.raises(LimitExceeded, match="inflated"):
                contents(bomb, Limits(ratio=10_000, inflated=1 << 20))
            assert tracemalloc.get_traced_memory()[1] < 40 << 20
        finally:
            tracemalloc.stop()

    def test_members_are_counted(self) -> None:
        limits = Limits(members=3)
        with pytest.raises(LimitExceeded, match="members"):
            contents(zipped(*((str(index), b"x") for index in range(4))), limits)
        with pytest.raises(LimitExceeded, match="members"):
            contents(gzip.compress(b"x") * 4, limits)

    def test_a_source_has_no_bound_unless_asked(self) -> None:
        streams = gzip.compress(b"x") * 11_000
        assert contents(streams) == [b"x" * 11_000]
        assert contents(zipped(*((str(index), b"x") for index in range(11_000)))) == [b"x"] * 11_000

    def test_a_zip_from_a_pipe_is_held(self) -> None:
        archive = zipped(("a", b"x" * 99))
        assert contents(Trickle(archive, 7)) == [b"x" * 99]
        with pytest.raises(LimitExceeded, match="held"):
            contents(Trickle(archive, 7), Limits(held=len(archive) - 1))

    def test_work_grows_with_members(self, steps: Callable[[Callable[[], object]], int]) -> None:
        def reversed_directory(count: int) -> bytes:
            data = zipped(*((f"{index:06}", b"x") for index in range(count)))
            begin = data.index(b"PK\1\2")
            entries = [data[begin + 52 * index : begin + 52 * (index + 1)] for index in range(count)]
            return data[:begin] + b"".join(reversed(entries)) + data[begin + 52 * count :]

        few, many = reversed_directory(200), reversed_directory(400)
        assert len(contents(many)) == 400
        assert steps(lambda: contents(many)) < 2.1 * steps(lambda: contents(few))

    def test_bytes_are_counted(self) -> None:
        for way in (bytes(11), io.BytesIO(bytes(11)), io.BytesIO(zipped(("a", b"")))):
            with pytest.raises(LimitExceeded, match="bytes"):
                contents(way, Limits(bytes=10))

    @pytest.mark.parametrize("body", BODIES)
    def test_every_truncation_is_told(self, body: bytes) -> None:
        for whole in (gzip.compress(body), zipped(("a", body))):
            for length in some(range(4, len(whole)), 20):
                with pytest.raises(MalformedDocument):
                    contents(whole[:length])

    def test_a_member_that_cannot_be_read_is_named(self) -> None:
        with pytest.raises(MalformedDocument, match=r"a\.xml: compression method 12"):
            contents(zipped(("a.xml", b"x" * 99), method=zipfile.ZIP_BZIP2))
        for old, new, told in (("<H", 1, "encrypted"), ("<L", 9, "checksum")):
            data = bytearray(zipped(("a.xml", b"x" * 99)))
            struct.pack_into(old, data, data.rfind(b"PK\1\2") + (8 if new == 1 else 16), new)
            with pytest.raises(MalformedDocument, match=rf"a\.xml: .*{told}"):
                contents(bytes(data))

    @pytest.mark.parametrize("lie", [0, 5, 2**32 - 2])
    def test_a_header_that_lies_about_sizes(self, lie: int) -> None:
        data = bytearray(zipped(("a.xml", b"x" * 99)))
        struct.pack_into("<L", data, data.rfind(b"PK\1\2") + 24, lie)
        with pytest.raises(MalformedDocument, match="promises"):
            contents(bytes(data))

    def test_overlapping_members(self) -> None:
        data = zipped(("a", b"x" * 99), ("b", b"x" * 99))
        entries = data.index(b"PK\1\2"), data.rindex(b"PK\1\2")
        for size in (101, 110, 200):  # bytes of the next member, and of the directory
            longer = bytearray(data)
            struct.pack_into("<LL", longer, entries[0] + 20, size, size)
            with pytest.raises(MalformedDocument, match="overlaps"):
                contents(bytes(longer))
        twice = bytearray(data)
        twice[entries[1] + 42 : entries[1] + 46] = twice[entries[0] + 42 : entries[0] + 46]
        with pytest.raises(MalformedDocument, match="overlaps"):
            contents(bytes(twice))

    def test_prefix_and_zip64(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
            member.write(b"content")
        assert contents(file.getvalue()) == [b"content"]
        assert list(archive_module._long(struct.pack("<HHQQ", 1, 16, 7, 8), 0xFFFFFFFF, 5, 0xFFFFFFFF)) == [7, 5, 8]


class TestEncoding:
    """Every encoding that a mark or a pattern tells becomes UTF-8, and that is noted."""

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    @pytest.mark.parametrize("text", ['{"é": "\U0001f600"}', "é,ü\n1,2\n", ""])
    def test_marked(self, encoding: str, text: str) -> None:
        document = only(text.encode(encoding))
        assert document.data == text.encode()
        assert [problem for problem, _ in document.notes] == [Problem.ENCODING]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    def test_unmarked(self, encoding: str) -> None:
        for text in ('{"é": 1}', "[1]", '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'):
            document = only(text.encode(encoding))
            assert document.data == text.replace(' encoding="UTF-16"', "").encode()
            assert "without a byte order mark" in document.notes[0][1]

    @pytest.mark.parametrize(
        ("encoding", "written"),
        [
            (encoding, written)
            for encoding in ("utf-8", "UTF-16", "iso-8859-1", "Windows-1252")
            for written in ("utf-8", "utf-8-sig", "utf-16", "declared")
            # nothing can tell these two from what they declare
            if (encoding, written) not in {("iso-8859-1", "utf-8"), ("Windows-1252", "utf-8")}
        ],
    )
    def test_declarations_of_xml(self, encoding: str, written: str) -> None:
        text = f"<?xml version='1.0' encoding='{encoding}' standalone='yes'?><a>é</a>"
        document = only(text.encode(encoding if written == "declared" else written))
        assert xml.tree(xml.parse(document.read(), LIMITS)) == "é"

    def test_a_wrong_byte_is_placed(self) -> None:
        data = b"\xff\xfe" + "[1]".encode("utf-16-le") + b"\x00\xdc" + b"x\0"
        for pieces in (data, Trickle(data)):
            with pytest.raises(MalformedDocument, match="byte 8"):
                contents(pieces)
        with in_pieces(), pytest.raises(MalformedDocument, match="byte 202"):
            contents(b"\xff\xfe" + "x".encode("utf-16-le") * 100 + b"\x00\xdcx\0")

    @pytest.mark.parametrize("name", ["utf-7", "cp037", "iso-2022-jp", "bogus"])
    def test_encodings_in_which_markup_hides_are_refused(self, name: str) -> None:
        with pytest.raises(MalformedDocument):
            xml.parse(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode(), LIMITS)

    def test_every_encoding_of_the_list_is_known_to_lxml(self) -> None:
        for name in some(sorted(xml.prolog.ENCODINGS), 10):
            assert xml.tree(xml.parse(f'<?xml version="1.0" encoding="{name}"?><a>x</a>'.encode(), LIMITS)) == "x"


def test_a_deflated_member_that_goes_on_behind_its_end_is_cut_off_and_counted() -> None:
    """Bytes behind the end of the deflated stream are not content."""
    raw = zlib.compressobj(wbits=-15)
    deflated = raw.compress(b"abc") + raw.flush()
    pieces = packed.raw_inflated(iter((deflated + b"junk",)), packed.Meter(LIMITS), "a")
    assert b"".join(pieces) == b"abc"
