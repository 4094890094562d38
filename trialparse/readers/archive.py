"""Zips: their members in order, found by the directory or, where it is lost, by the headers of the members."""

# zipfile builds an object for each entry of the directory before it returns, 600 bytes for each 46 of the
# file, and lets nine kinds of foreign exceptions out. The zips of registries need a small part of it:
# stored and deflated members, found by the central directory, read in order and counted.

import array
import bisect
import heapq
import itertools
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import attrs

from trialparse.diagnostics import MalformedDocument
from trialparse.generated.classes import define
from trialparse.limits import Limits
from trialparse.readers import packed
from trialparse.readers.packed import Meter

STARTS = (b"PK\3\4", b"PK\5\6")
"""First bytes of a zip with members, and of one without."""

_STORED, _DEFLATED = 0, 8
_LONG = 0xFFFFFFFF
_ENCRYPTED = 0x2041
_STREAMED = 0x8  # sizes and checksum are behind the member (4.4.4)
_UTF8 = 0x800
_LOCAL, _ENTRY, _DESCRIPTOR = b"PK\3\4", b"PK\1\2", b"PK\7\x08"
_NO_MEMBERS = (_ENTRY, b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\6\x08")
"""What comes behind the last member: an entry of the directory, or an end record."""
_PDFS = 1000
"""How many PDFs in a zip are named; others are only counted."""
_MORE = 2
"""How many more times a zip without a directory may be read, to find what follows broken members."""
_STEP = 1 << 9
"""Bytes of a first read, where few may be enough."""
_BLOCK = 1 << 12
"""Numbers that are sorted at once: a list of numbers takes five times the memory of an array."""


class _Entry(NamedTuple):
    """What a zip holds about a member (APPNOTE.TXT 4.3.7, 4.3.12)."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    """Position of its local header in the file."""

    @property
    def is_file(self) -> bool:
        """Whether it is neither a folder nor a companion file of macOS."""
        return not (self.name.endswith("/") or "__MACOSX/" in self.name)


@define(eq=False)
class Member:
    """A file in a zip."""

    name: str | None
    """Its name; None for a part of the zip that cannot be read and has no name."""
    error: MalformedDocument | None = None
    """Why it cannot be read."""
    _archive: "Archive | None" = None
    _entry: _Entry | None = None
    _start: int = 0
    is_wrong: bool = False
    """Whether the content was read to its end, and its size or checksum differs from that in the zip."""
    _is_cut: bool = False
    """Whether the zip ends within it."""

    def content(self, meter: Meter) -> Iterator[bytes]:
        """Yield the content, unpacked; its size and checksum are checked at the end."""
        if self._archive is None or self._entry is None:
            raise RuntimeError("a member without content")
        pieces = self._archive.packed(self._start, self._entry.packed, meter)
        if self._entry.method == _DEFLATED:
            pieces = packed.raw_inflated(pieces, meter, self._entry.name)
        return packed.gunzipped(self._checked(pieces, self._entry), meter, self._entry.name)

    def _checked(self, pieces: Iterator[bytes], entry: _Entry) -> Iterator[bytes]:
        """Yield the content, and check it against what the zip holds about it."""
        size = crc = 0
        for piece in pieces:
            size += len(piece)
            if size > entry.size and not self._is_cut:
                break
            crc = zlib.crc32(piece, crc)
            yield piece
        if self._is_cut:
            raise MalformedDocument("{member}: the member is cut short", member=entry.name)
        if size != entry.size:
            self.error = MalformedDocument(
                f"{{member}}: the member does not have the {entry.size:,} bytes that the zip promises",
                member=entry.name,
            )
        elif crc != entry.crc:
            self.error = MalformedDocument("{member}: the checksum of the member is wrong", member=entry.name)
        if self.error is not None:
            self.is_wrong = True
            raise self.error


@define(eq=False)
class Archive:
    """A zip that is being read."""

    _file: BinaryIO
    limits: Limits
    size: int
    """Bytes of the zip."""
    start: int = 0
    """Bytes of the file before it. All other places are counted from there."""
    pdfs: list[str] = attrs.Factory(list)
    """Names of members that look like PDFs; if there are many, the last is their number."""
    _begins: "array.array[int] | None" = None
    """Where its members and its directory begin, sorted; None if the directory has the members in this order."""
    _lost: MalformedDocument | None = None
    """Why the directory cannot be read."""

    def members(self) -> Iterator[Member]:
        """Yield the members that are files, in the order of the directory; those that cannot be read have an error.

        If the directory cannot be read to its end, they come in the order of the file, and a member without a name
        and with the error comes last. Raises MalformedDocument if there is none at all.
        """
        if self._lost is not None:
            yield from self._salvaged(self._lost)
            return
        for entry, end in self._bounded():
            error, start = _unreadable(entry), 0
            try:
                start = self._claimed(entry, end)
            except MalformedDocument as found:
                error = error or found
            yield self._member(entry, start) if error is None else Member(entry.name, error)

    def names(self) -> Iterator[str]:
        """Yield the names of all members."""
        if self._lost is None:
            yield from (entry.name for entry in _entries(self))
        else:
            yield from (one.entry.name for one in self._walk() if one.entry is not None)

    def survey(self) -> None:
        """Look through the directory: whether it can be read, and whether it has the members in their order."""
        is_sorted, last = True, -1
        count = 0
        try:
            _, end, _, before = _directory(self)
            if before > 0 and self.at(0, 4) == _LOCAL:
                raise MalformedDocument(f"the directory of the zip lists no member in the first {before:,} bytes")
            for entry in filter(_is_file, _entries(self)):
                is_sorted = is_sorted and last < entry.at < end
                last = entry.at
                if entry.name.lower().endswith(".pdf"):
                    count += 1
                    self.pdfs += [entry.name] if count <= _PDFS else []
        except MalformedDocument as error:
            self._lost = error
            self.pdfs.clear()
            return
        self.pdfs += [f"and {count - _PDFS:,} more"] if count > _PDFS else []
        if not is_sorted:
            begins = array.array("Q", (min(entry.at, self.size) for entry in _entries(self) if entry.is_file))
            begins.append(end)
            self._begins = _sorted(begins)

    def at(self, place: int, count: int) -> bytes:
        """Read `count` bytes at a position; raises MalformedDocument if they are not all in the zip."""
        if 0 <= place <= self.size - count:
            self._file.seek(self.start + place)
            data = packed.read(self._file, count)
            if len(data) == count:
                return data
        raise MalformedDocument("the zip is cut short or points outside of itself")

    def packed(self, start: int, count: int, meter: Meter, step: int = packed.CHUNK) -> Iterator[bytes]:
        """Yield the packed bytes of a member, and count them as read; the first piece has no more than `step`."""
        place, end = start, start + count
        while place < end:
            piece = self.at(place, min(step, end - place))
            step = min(2 * step, packed.CHUNK)
            place += len(piece)
            meter.take(len(piece))
            yield piece

    def check_unchanged(self) -> None:
        """Check that a file opened here has not changed."""
        packed.check_unchanged(self._file)

    def _member(self, entry: _Entry, start: int, is_cut: bool = False) -> Member:
        return Member(entry.name, archive=self, entry=entry, start=start, is_cut=is_cut)

    def _bounded(self) -> Iterator[tuple[_Entry, int]]:
        """Yield the files of the directory, each with where the next thing begins; 0 if two begin at one place."""
        entries = filter(_is_file, _entries(self))
        if self._begins is None:
            entry = next(entries, None)
            while entry is not None:
                following = next(entries, None)
                yield entry, _directory(self)[1] if following is None else following.at
                entry = following
            return
        for one in entries:
            first, after = (find(self._begins, one.at) for find in (bisect.bisect_left, bisect.bisect_right))
            yield one, self._begins[after] if after - first == 1 and after < len(self._begins) else 0

    def _claimed(self, entry: _Entry, end: int) -> int:
        """Return where the bytes of a member begin; raises MalformedDocument if others share them, as in a zip bomb."""
        local = self.at(entry.at, 30)
        if not local.startswith(_LOCAL):
            raise MalformedDocument("{member}: the member is not where the directory says", member=entry.name)
        name_length, extra_length = struct.unpack_from("<HH", local, 26)  # its own, not those of the directory
        start = entry.at + 30 + int(name_length) + int(extra_length)
        if start + entry.packed > end:
            raise MalformedDocument("{member}: the member overlaps another one", member=entry.name)
        return start

    def _walk(self) -> "Iterator[_Found]":
        """Yield the members as they are found without the directory."""
        return _Walk(self, spare=_MORE * self.size).found()

    def _salvaged(self, lost: MalformedDocument) -> Iterator[Member]:
        """Yield the members of a zip without a directory; the error comes last, unless the zip ends within a member."""
        count, is_cut = 0, False
        for count, one in enumerate(self._walk(), 1):
            if self.limits.members is not None and count > self.limits.members:
                raise self.limits.exceeded("members", f"a zip of {count:,} members or more")
            is_cut = one.is_cut
            if one.entry is None:
                yield Member(None, one.error)
            elif one.entry.is_file:
                error = one.error or _unreadable(one.entry)
                yield self._member(one.entry, one.start, is_cut) if error is None else Member(one.entry.name, error)
        if not count:
            raise lost
        if not is_cut:
            yield Member(None, lost)


def opened(file: BinaryIO, limits: Limits, start: int = 0) -> Archive:
    """Return the zip that begins at a place of a seekable file, after a look through its directory."""
    archive = Archive(file, limits, file.seek(0, 2) - start, start)
    if limits.bytes is not None and archive.size > limits.bytes:
        raise limits.exceeded("bytes", f"a source of {archive.size:,} bytes")
    archive.survey()
    return archive


def _is_file(entry: _Entry) -> bool:
    return entry.is_file


def _sorted(numbers: "array.array[int]") -> "array.array[int]":
    """Return numbers sorted, without a list of all."""
    blocks = [array.array("Q", sorted(numbers[place : place + _BLOCK])) for place in range(0, len(numbers), _BLOCK)]
    return array.array("Q", heapq.merge(*blocks))


def _unreadable(entry: _Entry) -> MalformedDocument | None:
    """Return the error on a member that is packed in a way that cannot be read."""
    if entry.flags & _ENCRYPTED:
        return MalformedDocument("{member}: the member is encrypted", member=entry.name)
    if entry.method not in (_STORED, _DEFLATED):
        return MalformedDocument(
            f"{{member}}: compression method {entry.method} of zip is not supported", member=entry.name
        )
    return None


# --- the directory ----------------------------------------------------------------------------------------------------


class _Window:
    """Reads on from a place of a zip, in chunks."""

    def __init__(self, archive: Archive, place: int) -> None:
        self._archive = archive
        self._held, self._at = b"", 0
        self._next = place
        """The place behind what is held."""

    @property
    def place(self) -> int:
        return self._next - len(self._held) + self._at

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes; raises MalformedDocument if there are fewer."""
        end = self._at + count
        if end > len(self._held):
            left = self._held[self._at :]
            more = max(count - len(left), min(packed.CHUNK, self._archive.size - self._next))
            self._held, self._at = left + self._archive.at(self._next, more), 0
            self._next += more
            end = count
        found = self._held[self._at : end]
        self._at = end
        return found


def _entries(archive: Archive) -> Iterator[_Entry]:
    """Yield the central directory of a zip, entry by entry."""
    count, place, end, shift = _directory(archive)
    if archive.limits.members is not None and count > archive.limits.members:
        raise archive.limits.exceeded("members", f"a zip of {count:,} members")
    window = _Window(archive, place)
    for _ in range(count):
        yield _entry(window, shift)
    if window.place != end:
        raise MalformedDocument("the directory of the zip does not have the members that the zip promises")


def _directory(archive: Archive) -> tuple[int, int, int, int]:
    """Return number of members, start and end of the directory, and what to add to its places."""
    tail_at = max(0, archive.size - 22 - 0xFFFF)
    tail = archive.at(tail_at, archive.size - tail_at)
    found = tail.rfind(b"PK\5\6")
    if found < 0 or len(tail) - found < 22:
        raise MalformedDocument("the zip has no end record; it is cut short")
    end = tail_at + found
    count, length, offset = struct.unpack_from("<HLL", tail, found + 10)
    if end >= 20 and (_LONG in (length, offset) or count == 0xFFFF):
        locator = archive.at(end - 20, 20)
        if locator.startswith(b"PK\6\7"):
            end = struct.unpack_from("<Q", locator, 8)[0]
            count, length, offset = struct.unpack_from("<QQQ", archive.at(end, 56), 32)
    start = end - length
    if start < 0 or (offset > start and offset != start + archive.start):  # some count from the beginning of the file
        raise MalformedDocument("the zip has a directory that points outside of it")
    return count, start, end, start - offset


_FIXED = struct.Struct("<4s4xHH4xLLLHHH8xL")
"""An entry of the directory before its name (4.3.12), as far as it is used."""


def _entry(window: _Window, shift: int) -> _Entry:
    """Return the next entry of the directory."""
    sign, flags, method, crc, size_packed, size, name_length, extra_length, comment_length, at = _FIXED.unpack(
        window.take(46)
    )
    if sign != _ENTRY:
        raise MalformedDocument("the directory of the zip is broken")
    variable = window.take(name_length + extra_length + comment_length)
    name = _name(variable[:name_length], flags)
    if _LONG in (size, size_packed, at):
        extra = variable[name_length : name_length + extra_length]
        size, size_packed, at = _long(extra, size, size_packed, at)
    return _Entry(name, flags, method, crc, size_packed, size, at + shift)


def _name(raw: bytes, flags: int) -> str:
    """Return a name, which is only a label here: bytes that are not UTF-8 must not stop the reading."""
    return raw.decode("utf-8" if flags & _UTF8 or raw.isascii() else "cp437", "backslashreplace")


def _long(extra: bytes, *numbers: int) -> Iterator[int]:
    """Yield size, packed size and place; those too large for their own fields are in the zip64 field (4.5.3)."""
    place, wide = 0, b""
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == 1:
            wide = extra[place + 4 : place + 4 + length]
            break
        place += 4 + length
    for number in numbers:
        if number == _LONG and len(wide) >= 8:
            number, wide = struct.unpack_from("<Q", wide)[0], wide[8:]
        yield number


# --- without the directory --------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A member that was found by its local header, or a stretch in which there is none."""

    entry: _Entry | None
    end: int
    """Where it ends, and the next thing begins."""
    start: int = 0
    """Where its bytes begin."""
    error: MalformedDocument | None = None
    is_cut: bool = False
    """Whether the zip ends within it."""


@define(eq=False)
class _Walk:
    """A walk over the members of a zip by their local headers."""

    _archive: Archive
    _spare: int
    """Bytes that may still be read again, so that the work stays in proportion to the size of the zip."""
    _directory: int = attrs.field(init=False)
    """Where the directory begins; the size of the zip if the directory is lost."""

    def __attrs_post_init__(self) -> None:
        try:
            self._directory = _directory(self._archive)[1]
        except MalformedDocument:
            self._directory = self._archive.size

    def found(self) -> Iterator[_Found]:
        """Yield the members from the first to the directory, or to the end of the file."""
        place, size = 0, self._archive.size
        while place < size:
            sign = self._archive.at(place, min(4, size - place))
            if sign in _NO_MEMBERS:
                place = self._next(place)  # another zip may be behind the directory
                continue
            if sign == _LOCAL:
                one = self._at_header(place)
            elif self._is_begin(place) or place >= self._directory:
                return  # it ends within a sign, or the directory is broken at its beginning
            else:
                end = self._next(place)
                error = MalformedDocument(f"bytes {place:,} to {end:,} of the zip belong to no member")
                one = _Found(None, end, error=error)
            yield one
            place = one.end

    def _at_header(self, place: int) -> _Found:
        """Return the member whose local header is at a place."""
        archive = self._archive
        start = place + 30
        if start <= archive.size:
            head = archive.at(place, 30)
            name_length, extra_length = struct.unpack_from("<HH", head, 26)
            start += int(name_length) + int(extra_length)
        if start > archive.size:
            error = MalformedDocument("the zip is cut short within the header of a member")
            return _Found(None, archive.size, error=error, is_cut=True)
        flags, method, crc, size_packed, size = struct.unpack_from("<HH4xLLL", head, 6)
        variable = archive.at(place + 30, start - place - 30)
        size, size_packed, _ = _long(variable[name_length:], size, size_packed, 0)
        entry = _Entry(_name(variable[:name_length], flags), flags, method, crc, size_packed, size, place)
        if flags & _STREAMED:
            is_readable = method == _DEFLATED and not flags & _ENCRYPTED
            return self._streamed(entry, start) if is_readable else self._described(entry, start)
        end = start + size_packed
        return _Found(entry, end, start) if end <= archive.size else self._cut(entry, start)

    def _cut(self, entry: _Entry, start: int) -> _Found:
        """Return the member in which the zip ends; its bytes up to there can be read."""
        size = self._archive.size
        return _Found(entry._replace(packed=size - start), size, start, is_cut=True)

    def _streamed(self, entry: _Entry, start: int) -> _Found:
        """Return a deflated member whose sizes and checksum are behind it."""
        try:
            length, size, crc = self._inflated(start, entry.name)
        except MalformedDocument as error:
            return self._broken(entry, start, error)
        if length < 0:
            return self._cut(entry, start)
        end = start + length
        behind = self._behind(end, length, size, crc)
        if behind is None:
            return self._cut(entry, start)
        if not behind:
            wrong = MalformedDocument("{member}: the checksum of the member is wrong", member=entry.name)
            return _Found(entry, self._next(end), start, wrong)
        return _Found(entry._replace(packed=length, size=size, crc=crc), behind, start)

    def _inflated(self, start: int, name: str) -> tuple[int, int, int]:
        """Return packed size, size and checksum of a deflated stream; a packed size of -1 if it is cut short."""
        archive, inflater = self._archive, zlib.decompressobj(-15)
        meter = Meter(archive.limits)
        size = crc = length = 0
        for piece in itertools.chain(archive.packed(start, archive.size - start, meter, _STEP), (b"",)):
            length, left = length + len(piece), piece
            is_full = True
            while not inflater.eof and (left or is_full):
                try:
                    out = packed.step(inflater, left, name)
                except MalformedDocument:
                    self._spare -= length
                    raise
                left, is_full = inflater.unconsumed_tail, len(out) == packed.CHUNK
                meter.inflate(len(out))
                size, crc = size + len(out), zlib.crc32(out, crc)
            if inflater.eof:
                return length - len(inflater.unused_data), size, crc
        return -1, size, crc

    def _behind(self, end: int, length: int, size: int, crc: int) -> int | None:
        """Return the place behind the descriptor of a member (4.3.9); 0 if it has another, None if it is cut short.

        It has one of four forms. If two fit, it is the one behind which something begins.
        """
        tail = self._archive.at(end, min(24, self._archive.size - end))
        forms = [struct.pack("<LQQ", crc, length, size)]
        if max(length, size) <= _LONG:
            forms.insert(0, struct.pack("<LLL", crc, length, size))
        written = [sign + form for sign in (_DESCRIPTOR, b"") for form in forms]
        fitting = [end + len(one) for one in written if tail.startswith(one)]
        best = next(filter(self._is_begin, fitting), 0)
        if not best and any(len(tail) < len(one) and one.startswith(tail) for one in written):
            return None
        return best or next(iter(fitting), 0)

    def _is_begin(self, place: int) -> bool:
        """Whether a member, the directory or nothing begins at a place."""
        sign = self._archive.at(place, min(4, self._archive.size - place))
        return place == self._directory or any(known.startswith(sign) for known in (_LOCAL, *_NO_MEMBERS))

    def _described(self, entry: _Entry, start: int) -> _Found:
        """Return a member whose end is known only by its descriptor: the first one that has the right length."""
        for place in self._places(start, _DESCRIPTOR):
            tail = self._archive.at(place, min(24, self._archive.size - place))
            forms = [form for form in (struct.Struct("<4xLLL"), struct.Struct("<4xLQQ")) if len(tail) >= form.size]
            read = [(form.unpack_from(tail), place + form.size) for form in forms]
            fitting = [
                (found, end)
                for found, end in read
                if found[1] == place - start and (entry.method != _STORED or found[1] == found[2])
            ]
            if fitting:
                best = next((one for one in fitting if self._is_begin(one[1])), None)
                if best is None and len(tail) < 24:
                    break
                (crc, length, size), end = best or fitting[0]
                return _Found(entry._replace(packed=length, size=size, crc=crc), end, start)
        error = MalformedDocument("{member}: the end of the member is not known", member=entry.name)
        self._spare -= self._archive.size - start
        found = self._broken(entry, start, error)
        return self._cut(entry, start) if found.end == self._archive.size else found

    def _broken(self, entry: _Entry, start: int, error: MalformedDocument) -> _Found:
        """Return a member whose end is not known; the next one begins at the next header, if there is one."""
        end = self._next(start) if self._spare >= 0 else self._archive.size
        self._spare -= end - start
        return _Found(entry, end, start, error)

    def _next(self, start: int) -> int:
        """Return the first place from `start` on with a local header; the size of the zip if there is none."""
        return next(self._places(start, _LOCAL), self._archive.size)

    def _places(self, start: int, sign: bytes) -> Iterator[int]:
        """Yield each place from `start` on with a sign of four bytes."""
        held, begin, size, step = b"", start, self._archive.size, _STEP
        while begin + len(held) < size:
            held += self._archive.at(begin + len(held), min(step, size - begin - len(held)))
            step = min(2 * step, packed.CHUNK)
            place = held.find(sign)
            while place >= 0:
                yield begin + place
                place = held.find(sign, place + 1)
            keep = min(len(held), len(sign) - 1)
            begin, held = begin + len(held) - keep, held[len(held) - keep :]
