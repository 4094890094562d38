"""CSV: rows as dicts of cells, each with the line it begins on."""

import csv
import itertools
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, TrialParseError
from trialparse.limits import DEFAULTS, Limits
from trialparse.readers.source import Document, Note, break_behind

HEAD = 64 << 10
"""Bytes of a document in which its header must be."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_RAW_LINE = re.compile(_LINE.pattern.encode())
_CHUNK = 64 << 10
_MANY = 1000
"""Columns of a table, and cells of a row beyond them that have a name each."""
_BOM = "\ufeff"
_DELIMITERS = ",;\t"
"""Delimiters, in order of preference if a header has equally many of two."""
_TAB = "\t"
_NAMED = re.compile(rf"sep=([{_DELIMITERS}])\r?\n?")
_QUOTED = re.compile(r'"[^"]*+"?')


class CsvRow(NamedTuple):
    """One record of a CSV."""

    line: int
    """The line it begins on, from 1."""
    header: tuple[str, ...]
    """The columns; a duplicate name gets its position, such as `Phase#7`."""
    cells: dict[str, str]
    """Cells by column; cells beyond the header by position, such as `#31`; missing cells are absent."""
    problems: tuple[Note, ...]
    """What is wrong with the header or with this row."""
    cut: bool = False
    """Whether the table ends within the row."""

    offset: int = 0
    """Bytes of the document before it."""

    @property
    def lost(self) -> tuple[str, ...]:
        """The columns without a cell."""
        return tuple(name for name in self.header if name not in self.cells)


class LargeRow(NamedTuple):
    """A record of a CSV that is beyond a limit, and was passed over."""

    line: int
    """The line it begins on, from 1."""
    offset: int
    """Bytes of the document before it."""
    error: LimitExceeded


def rows(
    source: Document | BinaryIO, limits: Limits, is_header: Callable[[list[str]], bool]
) -> Iterator[CsvRow | LargeRow]:
    """Yield the rows below the header; empty lines are skipped.

    Another header below it, which `is_header` knows by its cells, begins another table: files are put one behind the
    other. If the first of them was cut off, its last row and the header are on one line.

    The delimiter is a comma, a semicolon or a tab, whichever the header line has most of, or the one in a line
    `sep=;` before the header, which Excel reads. A row with too many or too few cells has a problem.
    The last row of a table is cut off if it has too few cells, or if the table ends behind its last delimiter.
    In a table with tabs, a quote that is not at the end of a cell as well is a sign like any other.
    A record beyond `limits.record` or `limits.nodes` is passed over; it ends with the line in which its quotes close.
    Raises `MalformedDocument` for misplaced or unclosed quotes, for NUL and for bytes that are not UTF-8, and
    `LimitExceeded` for such a header.
    """
    stream = source.open() if isinstance(source, Document) else source
    records = _records(_Lines(stream, limits))
    first = next(records, _NOTHING).header()
    if len(first) > _MANY:
        raise LimitExceeded(f"a header of {len(first):,} columns is longer than {_MANY:,}")
    columns, noted = _columns(first)
    beyond = _unlike(columns)
    for record, is_last in _until_last(_apart(records, first), is_header):
        if record.error is not None:
            yield LargeRow(record.line, record.offset, record.error)
            continue
        if is_header(record.cells):
            columns, noted = _columns([record.cells[0].removeprefix(_BOM), *record.cells[1:]])
            beyond = _unlike(columns)
            continue
        count, problems = len(record.cells), noted
        cut = is_last and (count < len(columns) or (count == len(columns) and record.open))
        if cut and record.open:
            problems = (*noted, (Problem.CUT, "nothing is behind the last delimiter, not even a line end"))
        elif count != len(columns):
            problem = Problem.CUT if cut else Problem.WRONG_TYPE
            problems = (*noted, (problem, f"{count} cells under {len(columns)} columns"))
        named = _ragged(columns, record.cells, beyond)
        yield CsvRow(record.line, columns, named, problems, cut, record.offset)


class _Record(NamedTuple):
    """A record before its cells have names."""

    line: int
    """The line it begins on."""
    cells: list[str]
    open: bool = False
    """Whether the table ends behind a delimiter in it."""
    offset: int = 0
    """Bytes of the document before it."""
    error: LimitExceeded | None = None
    """Why it is not held."""

    def header(self) -> list[str]:
        """Return the cells of the first record; raises LimitExceeded if it is not held."""
        if self.error is not None:
            raise self.error
        return self.cells


_NOTHING = _Record(0, [])


def _apart(records: Iterator[_Record], header: list[str]) -> Iterator[_Record]:
    """Yield records; a header that is on one line with the end of a table that was cut off is one of its own."""
    count = len(header)
    for record in records:
        cells, left = record.cells, len(record.cells) - count
        if left < 0 or cells[left + 1 :] != header[1:] or not cells[left].endswith(header[0]):
            yield record
            continue
        torn = cells[left].removesuffix(header[0]).removesuffix(_BOM)
        if left or torn:
            yield _Record(record.line, [*cells[:left], torn], open=not torn, offset=record.offset)
        yield _Record(record.line, header, offset=record.offset)


def _until_last(records: Iterator[_Record], is_header: Callable[[list[str]], bool]) -> Iterator[tuple[_Record, bool]]:
    """Yield records, each with whether it is the last of its table; a record before an error is not."""
    record, error = next(records, None), None
    while record is not None:
        following = None
        try:
            following = next(records, None)
        except TrialParseError as raised:
            error = raised
        yield record, error is None and (following is None or is_header(following.cells))
        if error is not None:
            raise error
        record = following


def header(document: Document, limits: Limits = DEFAULTS) -> tuple[str, ...]:
    """Return the columns by the first bytes, for recognition, as many as a table may have; empty if they are no CSV."""
    records = _records(_Lines(Document(data=document.head(HEAD)).open(), limits))
    try:
        return _columns(next(records, _NOTHING).header()[:_MANY])[0]
    except TrialParseError:
        return ()


def _columns(names: list[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Return the names of the columns, made unique, and a note for each duplicate."""
    seen: dict[str, None] = {}
    notes: list[Note] = []
    for position, name in enumerate(names, 1):
        if name in seen:
            notes.append((Problem.DUPLICATE_KEY, f"column {position} is a second '{name}'"))
            name = _free(f"{name}#{position}", seen)
        seen[name] = None
    return tuple(seen), tuple(notes)


def _free(name: str, taken: dict[str, None]) -> str:
    """Return `name`, or a longer one if a column has this name."""
    while name in taken:
        name += "#"
    return name


def _unlike(columns: tuple[str, ...]) -> str:
    """Return a prefix that no column has: `#`, or several."""
    start = "#"
    while any(column.startswith(start) for column in columns):
        start += "#"
    return start


def _ragged(columns: tuple[str, ...], cells: list[str], beyond: str) -> dict[str, str]:
    """Return the cells of a row by column, also if it does not fit its header.

    Cells far beyond the header are one, with a tab between them: each name would cost more than its cell.
    """
    named = dict(zip(columns, cells, strict=False))
    end = len(columns) + _MANY
    for position, cell in enumerate(cells[len(columns) : end], len(columns) + 1):
        named[f"{beyond}{position}"] = cell
    if len(cells) > end:
        named[f"{beyond}{end + 1}"] = "\t".join(cells[end:])
    return named


class _TooLarge(Exception):
    """The record that is being read is beyond a limit."""

    def __init__(self, error: LimitExceeded) -> None:
        super().__init__()
        self.error = error


class _Lines:
    """The lines of a stream as text; it keeps those of the current record."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.number = 0
        self.record: list[str] = []
        self.begun = 0
        """Bytes before the current record."""
        self._offset = 0
        """Bytes before the next line."""
        self._stream = stream
        self._limits = limits
        self._size = 0
        self._ready: Iterator[tuple[str, int]] = iter(())
        self._is_torn = False
        """Whether the next line is too long."""
        self._held = b""
        """What was read of the lines behind those that are ready."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        ready = next(self._ready, None)
        if ready is None:
            self._ready = self._read()
            ready = next(self._ready)
        line, size = ready
        self.number += 1
        self.record.append(line)
        self._offset += size
        self._size += len(line)
        if self._size > self._limits.record:
            raise _TooLarge(self._limits.exceeded("record", f"the record that ends beyond line {self.number}"))
        # Cells cost more than bytes; a record needs as many delimiters as it has cells.
        if self._size > self._limits.nodes and sum(map(line.count, _DELIMITERS)) > self._limits.nodes:
            raise _TooLarge(self._limits.exceeded("nodes", f"the record on line {self.number}"))
        return line

    def begin(self) -> None:
        """Forget the record before."""
        self.record.clear()
        self._size = 0
        self.begun = self._offset

    def pass_over(self, is_quoted: bool) -> None:
        """Move to the end of a record that is too large: of its line, or if cells are quoted where quotes close."""
        quotes, ends = sum(line.count('"') for line in self.record), not self._is_torn
        self._is_torn = False
        while (not ends or (is_quoted and quotes % 2)) and (ready := next(self._ready, None)) is not None:
            quotes, ends = quotes + ready[0].count('"'), True
            self._offset += ready[1]
            self.number += 1
        while (not ends or (is_quoted and quotes % 2)) and (piece := self._piece()):
            for found in _RAW_LINE.finditer(piece):
                quotes, ends = quotes + found[0].count(b'"'), found[0].endswith((b"\r", b"\n"))
                self._offset += len(found[0])
                self.number += ends
                if ends and not (is_quoted and quotes % 2):
                    self._held = piece[found.end() :] + self._held
                    break

    def _piece(self) -> bytes:
        """Return a part of what comes next, in which no line end is split."""
        piece, self._held = self._held, b""
        if len(piece) < 2:
            piece += self._stream.readline(min(_CHUNK, self._limits.record))
        if piece.endswith(b"\r"):
            more = self._stream.readline(1)
            if more != b"\r":
                return piece + more
            self._held = more
        return piece

    def _read(self) -> Iterator[tuple[str, int]]:
        """Read up to the next line feed: one line, or several if some end with a carriage return.

        A line in which the document breaks off is part of the break.
        """
        data, self._held = self._held, b""
        if not data.endswith(b"\n"):
            data += self._stream.readline(max(0, self._limits.record + 1 - len(data)))
        if not data:
            raise StopIteration
        if len(data) > self._limits.record:
            cut = data.rfind(b"\r", 0, -2 if data.endswith(b"\r\n") else -1) + 1
            if not cut:
                self._held, self._is_torn = data, True
                raise _TooLarge(self._limits.exceeded("record", f"line {self.number + 1}"))
            data, self._held = data[:cut], data[cut:]
        elif not data.endswith(b"\n") and (broken := break_behind(self._stream)) is not None:
            data = data[: data.rfind(b"\r") + 1]
            if not data:
                raise broken
        text = self._decoded(data)
        if "\r" not in text or (text.endswith("\r\n") and text.find("\r") == len(text) - 2):
            return iter(((text, len(data)),))
        return ((found[0], len(found[0].encode())) for found in _LINE.finditer(text))

    def _decoded(self, data: bytes) -> str:
        """Return a line as text."""
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise MalformedDocument(f"line {self.number + 1}: not UTF-8 at its byte {error.start}") from error
        if "\0" in text:
            raise MalformedDocument(f"line {self.number + 1}: a NUL character")
        return text


def _records(lines: _Lines) -> Iterator[_Record]:
    """Yield the records of a table, its header first."""
    begin, width = 1, -1
    try:
        first = next(lines, None)
        if first is None:
            return
        if named := _NAMED.fullmatch(first):
            begin, first = 2, next(lines, "")
    except _TooLarge as large:
        yield _Record(begin, [], error=large.error)
        return
    delimiter = named[1] if named else _delimiter(first)
    reader = csv.reader(itertools.chain((first,), lines), delimiter=delimiter, strict=True)
    while True:
        try:
            found = _next(reader, lines, delimiter, width, begin)
        except _TooLarge as large:
            lines.pass_over(is_quoted=delimiter != _TAB)
            yield _Record(begin, [], offset=lines.begun, error=large.error)
        else:
            if found is None:
                return
            offset = lines.begun
            for number, cells in enumerate(found if found != [[]] else []):
                ends_open = not cells[-1] and lines.record[-1].endswith(delimiter)
                yield _Record(begin + number, cells, ends_open, offset)
                offset += len(lines.record[number].encode()) if len(found) > 1 else 0
            width = len(found[0]) - 1 if width < 0 else width
        lines.begin()
        begin = lines.number + 1


def _next(
    reader: "Iterator[list[str]]", lines: _Lines, delimiter: str, width: int, begin: int
) -> list[list[str]] | None:
    """Return the cells of the next record, or of the lines in it if their quotes are signs; None at the end."""
    unquoted: list[list[str]] = []
    try:
        cells = next(reader, None)
    except csv.Error as error:
        is_whole = _is_long(error) and len(lines.record) == 1 and lines.record[0].count('"') % 2 == 0
        unquoted = [] if is_whole else _unquoted(lines.record, delimiter, width)
        return unquoted or [_long(lines, delimiter, begin, error)]
    if cells is None:
        return None
    if delimiter == _TAB and len(lines.record) > 1:
        unquoted = _unquoted(lines.record, delimiter, width)
    return unquoted or [cells]


def _is_long(error: csv.Error) -> bool:
    """Whether a cell is too long for the csv module."""
    return str(error).startswith("field larger")


def _unquoted(lines: list[str], delimiter: str, width: int) -> list[list[str]]:
    """Return the cells of lines in which a quote is a sign like any other; none if a line has too few or too many.

    So it is in tables with tabs, by the media type text/tab-separated-values (IANA); programs quote cells there too.
    """
    if delimiter != _TAB or any(line.count(_TAB) != width for line in lines):
        return []
    return [line.rstrip("\r\n").split(_TAB) for line in lines]


def _delimiter(line: str) -> str:
    """Return the delimiter of a header line."""
    return max(_DELIMITERS, key=_QUOTED.sub("", line).count)


# The csv module refuses a cell of more than `csv.field_size_limit()` characters, 131,072 unless the program
# has set another limit, and the limit can only be changed for the whole program. The sites of a large trial are
# longer, so a record with such a cell is split here. It must follow RFC 4180: a quote within an unquoted cell,
# which the csv module accepts, is an error.


def _long(lines: _Lines, delimiter: str, begin: int, error: csv.Error) -> list[str]:
    """Return the cells of a record with a cell too long for the csv module; raise any other error."""
    if not _is_long(error):
        raise MalformedDocument(f"line {begin}: {error}") from error
    open_quote = sum(line.count('"') for line in lines.record) % 2
    while open_quote:
        line = next(lines, None)
        if line is None:
            raise MalformedDocument(f"line {begin}: a quote that does not close") from error
        open_quote ^= line.count('"') % 2
    return _split("".join(lines.record), delimiter, begin)


def _split(text: str, delimiter: str, begin: int) -> list[str]:
    """Split a record into cells."""
    text = text.removesuffix("\n").removesuffix("\r")
    cells: list[str] = []
    place = 0
    while place <= len(text):
        cell, place = _cell(text, place, delimiter, begin)
        cells.append(cell)
    return cells


def _cell(text: str, place: int, delimiter: str, begin: int) -> tuple[str, int]:
    """Return the cell at a position, and the position after its delimiter."""
    if not text.startswith('"', place):
        end = text.find(delimiter, place)
        end = len(text) if end < 0 else end
        if '"' in text[place:end]:
            raise MalformedDocument(f"line {begin}: a quote within a cell that is not quoted")
        return text[place:end], end + 1
    end = text.find('"', place + 1)
    while text.startswith('"', end + 1):
        end = text.find('"', end + 2)
    if end < 0 or not (end + 1 == len(text) or text.startswith(delimiter, end + 1)):
        raise MalformedDocument(f"line {begin}: '{delimiter}' expected after '\"'")
    return text[place + 1 : end].replace('""', '"'), end + 2
