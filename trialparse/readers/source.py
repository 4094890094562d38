"""Sources: a path, bytes or a binary file becomes documents, unpacked, counted and in UTF-8."""

import codecs
import contextlib
import errno
import functools
import io
import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NoReturn

import attrs

from trialparse.diagnostics import MalformedDocument, Problem, TrialParseError
from trialparse.generated.classes import define
from trialparse.limits import DEFAULTS, Limits
from trialparse.readers import archive, packed

ONE_PIECE = 8 << 20
"""A document up to this many bytes is held in one piece; a longer one is a stream."""

_WHOLE = "a source that has to be read as a whole"

Input = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
Note = tuple[Problem, str]


class _Pieces(io.RawIOBase):
    """A readable file over an iterator of bytes. It ends where the iterator raises an error, which is kept."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.error: TrialParseError | None = None

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # typeshed asks for a Buffer
        """Fill `buffer` from the current piece, or from the next one that is not empty."""
        while not self._rest:
            piece = self._next()
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next(self) -> bytes | None:
        if self.error is None:
            try:
                return next(self._pieces, None)
            except TrialParseError as error:
                self.error = error
        return None


class _Stream(io.BufferedReader):
    """A file over an iterator of bytes. What comes before an error of the iterator is read first."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._file = _Pieces(pieces)
        super().__init__(self._file, packed.CHUNK)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as a file does; raises the error in place of nothing."""
        return super().read(size) or self._end()

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line as a file does; raises the error in place of nothing."""
        return super().readline(size) or self._end()

    def _end(self) -> bytes:
        if self._file.error is not None:
            raise self._file.error
        return b""


def break_behind(stream: BinaryIO) -> TrialParseError | None:
    """Return the error if the document breaks off here; None if it goes on, or ends."""
    try:
        stream.read(1)
    except TrialParseError as error:
        return error
    return None


@define(eq=False)
class Document:
    """One document of a source: a plain file, or a member of an archive.

    Up to `ONE_PIECE` bytes are in `data`. A longer document is a stream: it can be opened or read once, and after
    `hold` any number of times, one after another. Its first bytes are held for `head`. So is a document that is cut
    short or breaks off: what is before the break can be read, and the error is raised behind it.
    """

    member: str | None = None
    """Name in the archive, None outside of one."""
    data: bytes | None = None
    """The whole content as UTF-8 (or in the encoding of its XML declaration), None for a stream."""
    notes: tuple[Note, ...] = ()
    """Changes made to the bytes before reading."""
    _start: bytes = b""
    _rest: Iterator[bytes] | None = None
    _again: Callable[[], Iterator[bytes]] | None = None
    """Returns the pieces of a stream from its beginning, if its source can be searched."""
    _beside: Callable[[], Iterator[str]] | None = None
    """Yields the names of all members of its archive."""
    error: MalformedDocument | None = None
    """Why nothing of it can be read."""
    mark: int = 0
    """Bytes of its byte order mark, which is no content, if it is of UTF-8."""

    def head(self, count: int) -> bytes:
        """Return the first `count` bytes, at most `ONE_PIECE` of a stream, and consume nothing."""
        return (self._start if self.data is None else self.data)[:count]

    def names(self, count: int) -> list[str]:
        """Return the names of the first members of its archive, as far as they can be read; none outside of one."""
        found: list[str] = []
        with contextlib.suppress(MalformedDocument):
            found.extend(itertools.islice(self._beside() if self._beside is not None else (), count))
        return found

    def read(self, limits: Limits = DEFAULTS) -> bytes:
        """Return the whole content, which stays in `data`; raises `LimitExceeded` beyond `limits.record`."""
        self.check()
        if self.data is None:
            self.data = _joined(self._stream(), "record", limits)
        elif len(self.data) > limits.record:
            raise limits.exceeded("record", _WHOLE)
        return self.data

    def check(self) -> None:
        """Raise its error if nothing of it can be read."""
        if self.error is not None:
            raise self.error

    def hold(self, limits: Limits) -> None:
        """Make sure that the document can be opened more than once: hold a stream whose source cannot be searched.

        Raises `LimitExceeded` for one of more than `limits.held` bytes.
        """
        if self.data is None and self._again is None:
            self.data = _joined(self._stream(), "held", limits)

    def open(self) -> BinaryIO:
        """Return the content as a binary file, read in constant memory if the document is a stream."""
        if self.data is not None:
            return io.BytesIO(self.data)
        return _Stream(self._stream())

    def _stream(self) -> Iterator[bytes]:
        """Return the pieces of a stream; works only once, unless its source can be searched."""
        if self._rest is None:
            if self._again is not None:
                return self._again()
            raise RuntimeError("the document is a stream and has been read")
        pieces = itertools.chain((self._start,), self._rest)
        self._rest = None
        return pieces


def documents(source: Input, limits: Limits) -> Iterator[Document]:
    """Yield the documents of a source, one for a plain or gzip file and one for each file in a zip.

    A file of a zip that cannot be read is a document with an `error`. So is the rest of a zip that is cut short or has
    a broken directory; it is the last, and has no `member` unless that is known.

    A `str` is always a path. A binary file is read from its current position and is left open.

    Raises `OSError` for a path that cannot be read, `TypeError` for a source of another type, and
    `MalformedDocument` or `LimitExceeded` for what is in it.
    """
    if isinstance(source, bytes):
        yield from _of_bytes(source, limits)
    elif isinstance(source, bytearray | memoryview):
        yield from _of_bytes(bytes(source), limits)
    else:
        yield from _unpacked(_file(source), limits)


def _of_bytes(data: bytes, limits: Limits) -> Iterator[Document]:
    """Return the documents of bytes; plain bytes are not copied."""
    if limits.bytes is not None and len(data) > limits.bytes:
        raise limits.exceeded("bytes", f"a source of {len(data):,} bytes")
    if data.startswith(_SPECIAL) or b"\0" in data[:2]:
        return _unpacked(io.BytesIO(data), limits)
    if data.startswith(b"<?xml"):
        data, notes = _declared(data, "", "")
        return iter((Document(None, data, notes),))
    return iter((Document(None, data),))


_PATH = 4096
"""Characters of a path: no system takes more."""

_NAMED = 80
"""Characters of a path that an error names."""
_JSON = re.compile(r'[\[{]\s*(?:["\[{]|[^"\[{]*[\]}]\s*\Z)')
"""JSON, by more than its first sign: a name of a file may begin with a bracket."""


def _looks_like(text: str) -> str:
    """Return what a text that is no path looks like; nothing if it may be one."""
    start = text[:_PATH].lstrip("\ufeff \t\r\n")
    first, *below = start.splitlines() or [""]
    is_long = bool(below) or len(text) > _PATH
    if first[:1] in ("{", "[") and (is_long or _JSON.match(start)):
        return "JSON"
    if first[:1] == "<" and (is_long or start.rstrip().endswith(">")):
        return "XML"
    if below or len(text) > _PATH:
        return "CSV" if any(sign in first for sign in ",;\t|") else "text"
    return ""


def check_no_folder(source: Input) -> None:
    """Raise IsADirectoryError for a path of a folder."""
    if isinstance(source, str | os.PathLike) and os.path.isdir(source):  # noqa: PTH112  also a path of bytes
        raise IsADirectoryError(errno.EISDIR, "a folder is no source: read each of its files", os.fspath(source))


def opened(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a path as `documents` does, so that a change during reading is noticed; raises `OSError`."""
    return _file(path)


def _file(source: str | os.PathLike[str] | BinaryIO) -> BinaryIO:
    """Return a source that is no bytes as a binary file."""
    if isinstance(source, str | os.PathLike):
        try:
            return packed.Owned(source)
        except ValueError as error:  # a NUL or a lone surrogate in the path: there is no such file
            found = OSError(errno.EINVAL, str(error), os.fspath(source))
            found.__cause__ = error
        except OSError as error:
            found = error
        notation = _looks_like(source) if isinstance(source, str) else ""
        if isinstance(source, str) and notation:
            what = f"a str is a path, and this one looks like {notation}: pass bytes, as text.encode() gives them"
            raise type(found)(found.errno, what, *([source] if len(source) <= _NAMED else ()))
        raise found
    if not hasattr(source, "read"):
        raise TypeError(f"a source is a path, bytes or a binary file, not {type(source).__name__}")
    return source


def _unpacked(file: BinaryIO, limits: Limits) -> Iterator[Document]:
    """Yield the documents of an open file, plain or packed."""
    can_search = getattr(file, "seekable", bool)()
    start = file.tell() if can_search else 0

    def again() -> Iterator[bytes]:
        file.seek(start)
        meter = packed.Meter(limits)
        return packed.gunzipped(packed.pieces(file, meter), meter, None)

    meter = packed.Meter(limits)
    pieces = packed.pieces(file, meter)
    first = next(pieces, b"")
    if first.startswith(archive.STARTS):
        yield from _documents_of_zip(file if can_search else _searchable(first, pieces, limits), limits, start)
        return
    content = packed.gunzipped(itertools.chain((first,), pieces), meter, None)
    document = _document(None, content, again if can_search else None)
    if document.error is not None or isinstance(document._rest, _Broken):
        packed.check_unchanged(file)  # nothing of a short file that changed is read
    yield document


def _searchable(first: bytes, pieces: Iterator[bytes], limits: Limits) -> BinaryIO:
    """Return a file that can be searched, with the pieces of one that cannot: a zip is read from its end."""
    return io.BytesIO(_joined(itertools.chain((first,), pieces), "held", limits))


def _joined(pieces: Iterator[bytes], limit: str, limits: Limits) -> bytes:
    """Return the bytes of all pieces; raises `LimitExceeded` if they are beyond a limit."""
    most: int = getattr(limits, limit)
    parts, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise limits.exceeded(limit, _WHOLE)
        parts.append(piece)
    return b"".join(parts)


# --- encoding -----------------------------------------------------------------------------------------------

_MARKS = (  # the longer ones first: UTF-32 LE begins as UTF-16 LE does
    (b"\xff\xfe\0\0", "utf-32-le", "UTF-32 LE byte order mark"),
    (b"\0\0\xfe\xff", "utf-32-be", "UTF-32 BE byte order mark"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 LE byte order mark"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 BE byte order mark"),
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 byte order mark"),
)
_SPECIAL = (b"\x1f\x8b", *archive.STARTS, *(mark for mark, _, _ in _MARKS))
_UNMARKED = re.compile(
    rb"(?P<utf_32_le>[<{\[]\0\0\0)|(?P<utf_32_be>\0\0\0[<{\[])|(?P<utf_16_le>[<{\[]\0)|(?P<utf_16_be>\0[<{\[])"
)
_DECLARED = re.compile(rb"""(<\?xml\s[^>]{0,100}?)\s+encoding\s*=\s*["']([^"'>]{0,60})["']""")


def _documents_of_zip(file: BinaryIO, limits: Limits, start: int) -> Iterator[Document]:
    """Yield the members, those that are files, of the zip that begins at a place of a file."""
    opened = archive.opened(file, limits, start)
    meter = packed.Meter(limits)
    notes = tuple((Problem.NOT_READ, name) for name in opened.pdfs)
    for member in opened.members():
        if member.error is not None:
            yield Document(member.name, error=member.error, beside=opened.names)
            continue
        again = functools.partial(_content_again, member, attrs.evolve(meter))
        document = _document(member.name, member.content(meter), again)
        if member.is_wrong:  # all of it was read
            document = Document(member.name, error=member.error)
        document._beside = opened.names
        if not is_pdf(document):
            document.notes, notes = document.notes + notes, ()
        yield document
    opened.check_unchanged()


def _content_again(member: archive.Member, before: packed.Meter) -> Iterator[bytes]:
    """Return the content of a member once more; what is counted begins as it was `before`."""
    return member.content(attrs.evolve(before))


def is_pdf(document: Document) -> bool:
    """Whether a document is a PDF."""
    return document.head(1024).lstrip(b" \t\r\n").startswith(b"%PDF-")


def _document(member: str | None, pieces: Iterator[bytes], again: Callable[[], Iterator[bytes]] | None) -> Document:
    """Make the document of pieces: one piece if they are few, and in UTF-8; `again` returns the pieces once more."""
    start, rest = _gathered(pieces)
    length, encoding, note = _encoding(start)
    if encoding:
        start, rest = _gathered(_marked_off(itertools.chain((start,), rest or ()), length, encoding, member))
    start, notes = _declared(start, encoding, note)
    mark = length if encoding == "utf-8" else 0
    if rest is None:
        return Document(member, start, notes, mark=mark)
    if isinstance(rest, _Broken):
        broken = rest
        if not start:
            return Document(member, error=broken.error)
        return Document(member, None, notes, start, broken, lambda: itertools.chain((start,), broken), mark=mark)
    if again is not None and encoding:
        as_they_are = again

        def again() -> Iterator[bytes]:
            return _marked_off(as_they_are(), length, encoding, member)

    return Document(member, None, notes, start, rest, again, mark=mark)


def _marked_off(pieces: Iterator[bytes], length: int, encoding: str, member: str | None) -> Iterator[bytes]:
    """Return pieces in UTF-8 without their byte order mark of so many bytes."""
    pieces = _without(pieces, length)
    return pieces if encoding == "utf-8" else _transcoded(pieces, encoding, length, member)


def _without(pieces: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield pieces without their first bytes."""
    for piece in pieces:
        yield piece[count:]
        count = max(0, count - len(piece))


class _Broken(Iterator[bytes]):
    """What is behind the bytes of a document that breaks off: an error, whenever it is asked for."""

    def __init__(self, error: MalformedDocument) -> None:
        self.error = error

    def __next__(self) -> NoReturn:
        raise self.error


def _gathered(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """Return the first `ONE_PIECE` bytes or more, and the pieces after them, None if there are none."""
    parts: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > ONE_PIECE:
                return b"".join(parts), pieces
    except MalformedDocument as error:
        return b"".join(parts), _Broken(error)
    return b"".join(parts), None


def _encoding(start: bytes) -> tuple[int, str, str]:
    """Return length of the byte order mark, encoding and note of a document that is not plain UTF-8."""
    for mark, encoding, note in _MARKS:
        if start.startswith(mark):
            return len(mark), encoding, note
    if found := _UNMARKED.match(start):
        encoding = str(found.lastgroup).replace("_", "-")
        return 0, encoding, f"{encoding[:6].upper()} {encoding[7:].upper()} without a byte order mark"
    return 0, "", ""


def _transcoded(pieces: Iterable[bytes], encoding: str, place: int, member: str | None) -> Iterator[bytes]:
    """Yield pieces in UTF-8; `place` is where they begin in the document."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in itertools.chain(filter(None, pieces), (b"",)):
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding).encode()
            wrong, named = place - kept + error.start, packed.named(member)
            raise MalformedDocument(f"{named}no {encoding} at byte {wrong}", member=member or "") from error
        place += len(piece)
        if text:
            yield text.encode()


def _declared(start: bytes, encoding: str, note: str) -> tuple[bytes, tuple[Note, ...]]:
    """Remove a wrong encoding from the XML declaration, and note it."""
    notes: tuple[Note, ...] = ((Problem.ENCODING, note),) if encoding else ()
    if not start.startswith(b"<?xml") or not (found := _DECLARED.match(start)):
        return start, notes
    declared = found[2].decode("ascii", "backslashreplace")
    if declared.lower() in ("utf-8", "utf8"):
        return start, notes
    # Programs that write XML to a string declare UTF-16 and then save it in another encoding.
    if not encoding and declared.lower().startswith(("utf-16", "utf16", "ucs-2", "iso-10646-ucs", "utf-32")):
        notes = ((Problem.ENCODING, f"declared as {declared}, yet of single bytes"),)
    if not notes:
        return start, notes
    return found[1] + start[found.end() :], notes
