"""Zips give every member that is whole, and an error for each other part; what is held does not grow with them."""

import io
import itertools
import struct
import tracemalloc
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import some
from tests.readers.sources import LIMITS, Trickle, contents
from tests.readers.sources import zipped as zipped_members
from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.limits import Limits
from trialparse.readers import archive
from trialparse.readers.source import documents

BODIES = {"a.json": b'{"a": 1}', "d/b.txt": b"text " * 40, "c": b"", "d.xml": bytes(range(256)) * 3}


class _Unseekable(io.RawIOBase):
    """A file to which a zip is written as to a pipe: sizes come behind each member."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def zipped(streamed: bool, method: int, wide: bool = False) -> tuple[bytes, list[int]]:
    """Return a zip of the bodies, and where each member ends."""
    file: Any = _Unseekable() if streamed else io.BytesIO()
    ends = []
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in BODIES.items():
            with made.open(name, "w", force_zip64=wide) as member:
                member.write(data)
            ends.append(made.start_dir)
    return bytes(file.data if streamed else file.getvalue()), ends


def found(data: Any, limits: Limits = LIMITS) -> tuple[dict[str | None, bytes], list[tuple[str | None, str]]]:
    """Return the content of the members that can be read, and the errors on what cannot, each with its member."""
    whole, lost = dict[str | None, bytes](), []
    for document in documents(data, limits):
        try:
            content = document.read()
        except MalformedDocument as error:
            lost.append((document.member, str(error)))
            continue
        assert document.member not in whole, f"{document.member} comes twice"
        whole[document.member] = content
    return whole, lost


WAYS = [*itertools.product([False, True], [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], [False, True])]
in_any_way = pytest.mark.parametrize(("streamed", "method", "wide"), WAYS)


@in_any_way
class TestCut:
    """A zip that is cut anywhere gives the members that are whole, and one error on the rest, which names a member."""

    def test_everywhere(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        assert found(data) == (BODIES, [])
        counts = []
        for length in range(31, len(data)):
            whole = [end <= length for end in ends].index(False) if length < ends[-1] else len(ends)
            try:
                members, lost = found(data[:length])
            except MalformedDocument:
                assert not whole
                continue
            whole += "c" in members and whole == 2  # of an empty member nothing is missing if its descriptor is cut
            assert list(members.items()) == list(BODIES.items())[:whole]
            (only,) = lost
            counts.append(whole)
            if whole < len(ends):
                assert only[1].endswith("cut short") or "within the header" in only[1]
                assert only[0] in (None, list(BODIES)[whole])
        assert {*counts} == {0, 1, 2, 3, 4}

    def test_from_a_pipe(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        cut = data[: ends[1] + 20]
        assert found(Trickle(cut, 7)) == found(cut)
        assert len(found(cut)[0]) == 2
        with pytest.raises(LimitExceeded, match="held"):
            found(Trickle(cut, 7), Limits(held=len(cut) - 1))

    def test_members_are_counted(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        assert len(found(data[: ends[-1]], Limits(members=4))[0]) == 4
        with pytest.raises(LimitExceeded, match="members"):
            found(data[: ends[-1]], Limits(members=3))


@in_any_way
class TestBroken:
    """What is wrong with a member, or with the directory, costs no other member."""

    def test_a_byte_in_a_member(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        damaged = bytearray(data)
        damaged[ends[0] + 30 + len("d/b.txt") + 20 * wide + 3] ^= 0xFF  # in the content of the second one
        for whole in (bytes(damaged), bytes(damaged[: ends[-1]])):
            members, lost = found(whole)
            assert {name: members[name] for name in ("a.json", "c", "d.xml")} == {
                name: BODIES[name] for name in ("a.json", "c", "d.xml")
            }
            assert "d/b.txt" not in members
            assert lost[0][0] == "d/b.txt"

    def test_a_byte_in_the_directory(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        entries = [place for place in range(ends[-1], len(data)) if data.startswith(b"PK\1\2", place)]
        for place in some(entries, 4):
            damaged = data[:place] + b"XX" + data[place + 2 :]
            assert found(damaged) == (BODIES, [(None, "the directory of the zip is broken")])

    @given(draw=st.data())
    def test_any_bytes(self, streamed: bool, method: int, wide: bool, draw: st.DataObject) -> None:
        """A member with the right checksum is what it was, and nothing else is raised."""
        damaged = bytearray(zipped(streamed, method, wide)[0])
        for _ in range(draw.draw(st.integers(1, 4))):
            damaged[draw.draw(st.integers(4, len(damaged) - 1))] = draw.draw(st.integers(0, 255))
        cut = bytes(damaged[: draw.draw(st.integers(30, len(damaged)))])
        try:
            members, lost = found(cut)
        except TrialParseError as error:
            members, lost = {}, [(None, str(error))]
        assert {*members.values()} <= {*BODIES.values()}
        assert len(members) == len(BODIES) or lost


@in_any_way
class TestPlace:
    """A zip is read from where its file stands, with and without its directory."""

    def test_behind_members(self, streamed: bool, method: int, wide: bool) -> None:
        data, ends = zipped(streamed, method, wide)
        before = data[: ends[1]]
        for length, lost in ((len(data), 0), (ends[-1], 1)):
            file = io.BytesIO(before + data[:length])
            file.seek(len(before))
            members, errors = found(file)
            assert members == BODIES
            assert len(errors) == lost

    def test_places_counted_from_the_beginning_of_the_file(self, streamed: bool, method: int, wide: bool) -> None:
        file = io.BytesIO(b"x" * 100)
        file.seek(0, 2)
        with zipfile.ZipFile(file, "a", method) as made:
            for name, data in BODIES.items():
                with made.open(name, "w", force_zip64=wide) as member:
                    member.write(data)
        file.seek(100)
        assert found(file) == (BODIES, [])


class TestOne:
    """A member that cannot be read is named, and those beside it are read."""

    def outcome(self, damage: Any) -> tuple[list[str | None], list[tuple[str | None, str]]]:
        data = bytearray(zipped(False, zipfile.ZIP_DEFLATED)[0])
        begin = data.index(b"PK\1\2")
        damage(data, data.index(b"PK\1\2", begin + 1))  # the entry of the second member
        members, lost = found(bytes(data))
        return [*members], lost

    @pytest.mark.parametrize(
        ("form", "at", "value", "told"),
        [
            ("<H", 8, 1, "the member is encrypted"),
            ("<H", 10, 12, "compression method 12 of zip is not supported"),
            ("<L", 16, 9, "the checksum of the member is wrong"),
            ("<L", 24, 5, "the member does not have the 5 bytes that the zip promises"),
            ("<L", 42, 50, "the member is not where the directory says"),
            ("<L", 42, 0, "the member overlaps another one"),
            ("<L", 20, 999, "the member overlaps another one"),
        ],
    )
    def test_an_entry(self, form: str, at: int, value: int, told: str) -> None:
        names, lost = self.outcome(lambda data, place: struct.pack_into(form, data, place + at, value))
        assert ("d/b.txt", f"d/b.txt: {told}") in lost
        twice = ["a.json"] if value == 0 else []  # two members at one place: none of them is read
        assert names == [name for name in BODIES if name not in ("d/b.txt", *twice)]

    def test_what_is_between_members(self) -> None:
        data, ends = zipped(False, zipfile.ZIP_DEFLATED)
        members, lost = found(data[: ends[0]] + b"junk" + data[ends[0] : ends[-1]])
        assert members == BODIES
        assert [name for name, _ in lost] == [None, None]
        assert "belong to no member" in lost[0][1]

    @pytest.mark.parametrize("second", [False, True])
    def test_two_zips_in_one_file(self, second: bool) -> None:
        """The directory of the last one has only its own members."""
        other = zipped_members(("e.json", b"{}"), ("f.json", b"[]"))
        data = zipped(second, zipfile.ZIP_DEFLATED)[0]
        members, lost = found(data + other)
        assert list(members.items()) == [*BODIES.items(), ("e.json", b"{}"), ("f.json", b"[]")]
        assert lost == [(None, f"the directory of the zip lists no member in the first {len(data):,} bytes")]

    def test_a_zip_cut_behind_a_zip_in_it(self) -> None:
        inner = zipped_members(("x.json", b"[1]"), ("y.json", b"[2]"))
        parts = (("a.json", b"{}"), ("b.json", b"[]"), ("inner.zip", inner), ("c.json", b"[3]"))
        data = zipped_members(*parts, method=zipfile.ZIP_STORED)
        members, lost = found(data[: data.index(inner) + len(inner)])
        assert [*members][:2] == ["a.json", "b.json"]
        assert "lists no member in the first" in lost[-1][1]

    def test_what_comes_before_a_zip(self) -> None:
        """A program that unpacks a zip is put before it."""
        with io.BytesIO(b"MZ" + bytes(1000) + zipped(False, zipfile.ZIP_DEFLATED)[0]) as file:
            (*members,) = archive.opened(file, LIMITS).members()
        assert [(one.name, one.error) for one in members] == [(name, None) for name in BODIES]

    def test_a_bomb_without_a_directory(self) -> None:
        file = _Unseekable()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:  # type: ignore[call-overload]
            made.writestr("a", bytes(8 << 20))
        with pytest.raises(LimitExceeded, match="ratio"):
            found(bytes(file.data[: file.data.index(b"PK\1\2")]))


class TestWork:
    """The work on a zip without a directory is in proportion to its bytes, whatever stands in them."""

    def test_many_headers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        header = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"a"
        stored = zlib.compressobj(0, wbits=-15)  # blocks that are stored hold the headers behind as their content
        body = stored.compress(header * 600) + stored.flush(zlib.Z_FULL_FLUSH)
        looked = []
        at = archive.Archive.at
        monkeypatch.setattr(
            archive.Archive, "at", lambda self, place, count: looked.append(count) or at(self, place, count)
        )
        with pytest.raises(MalformedDocument):
            contents(header + body + b"\xff" * 9)
        assert sum(looked) < 40 * len(body)

    @pytest.mark.parametrize("broken", [range(10, 31, 10), range(1, 1000, 7)])
    def test_many_broken_members(self, broken: range, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each of them costs what is read of it, and no other member."""
        file: Any = _Unseekable()
        begins = []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for number in range(1000):
                begins.append(len(file.data))
                made.writestr(f"{number:04}", b"".join(b"%d," % (number * each) for each in range(200)))
        for number in broken:
            file.data[begins[number] + 34 : begins[number] + 38] = b"\xff" * 4
        looked = []
        at = archive.Archive.at
        monkeypatch.setattr(
            archive.Archive, "at", lambda self, place, count: looked.append(count) or at(self, place, count)
        )
        members, lost = found(bytes(file.data[: begins[-1] + 40]))
        assert [*members] == [f"{number:04}" for number in range(999) if number not in broken]
        assert len(lost) == len(broken) + 1
        assert sum(looked) < 12 * len(file.data)


class TestMemory:
    """What is held of a zip does not grow with its members."""

    def peak(self, count: int, turned: bool) -> int:
        made = io.BytesIO()
        header = struct.Struct("<4sHHHHHLLLHH")
        entries = []
        for number in range(count):
            entry = struct.pack(
                "<4sHHHHHHLLLHHHHHLL",
                b"PK\1\2",
                20,
                20,
                0,
                0,
                0,
                0,
                zlib.crc32(b"x"),
                1,
                1,
                6,
                0,
                0,
                0,
                0,
                0,
                made.tell(),
            )
            name = b"%06d" % number
            entries.append(entry + name)
            made.write(header.pack(b"PK\3\4", 20, 0, 0, 0, 0, zlib.crc32(b"x"), 1, 1, 6, 0) + name + b"x")
        directory = b"".join(reversed(entries) if turned else entries)
        start = made.tell()
        made.write(directory + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0))
        del entries, directory
        made.seek(0)
        found = 0
        tracemalloc.start()
        try:
            for member in archive.opened(made, LIMITS).members():
                found += member.error is None
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert found == count
        return most

    def test_in_order(self) -> None:
        assert self.peak(20_000, turned=False) < self.peak(5_000, turned=False) + 15_000

    def test_in_another_order(self) -> None:
        """A place takes eight bytes, and some more while they are sorted."""
        assert self.peak(20_000, turned=True) < self.peak(5_000, turned=True) + 15_000 * 8 * 4

    def test_pdfs_are_named_up_to_a_number(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            for number in range(1_203):
                made.writestr(f"{number}.pdf", b"%PDF-1.4")
            made.writestr("a", b"x")
        *_, last = documents(file.getvalue(), LIMITS)
        assert len(last.notes) == 1_001
        assert last.notes[-1][1] == "and 203 more"
