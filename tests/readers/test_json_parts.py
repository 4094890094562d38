"""JSON read part by part is JSON read at once: each class docstring is a law."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, cast
from unittest import mock

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import few, fixture_files
from tests.counting import some
from tests.readers.sources import LIMITS, Trickle, in_pieces, zipped
from trialparse import TrialParseError, foreign
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem
from trialparse.limits import Limits
from trialparse.parsing import recognise
from trialparse.parsing.recognise import EmptyDocument
from trialparse.parsing.record import Record
from trialparse.readers import json as reader
from trialparse.readers import json_parts, jsonlines
from trialparse.readers.notations import Unreadable
from trialparse.readers.notations import json as notation
from trialparse.readers.source import documents

ROW = '{"ctNumber": "2023-000000-11-00", "ctTitle": "a]b", "trialCountries": ["DE:2"]}'
RECORD = '{"ctNumber": "2023-000000-11-00", "ctPublicStatusCode": 4, "authorizedApplication": {"x": [{}, "{\\"]"]}}'


def page(*rows: str, after: str = "false") -> str:
    return '{"pagination": {"totalRecords": 9}, "data": [' + ", ".join(rows) + '], "showWarning": ' + after + "}"


def tail(*rows: str, after: str) -> str:
    """Return a page whose rows come first."""
    return '{"data": [' + ", ".join(rows) + "], " + after + "}"


DOCUMENTS = (
    f"[{RECORD}, {ROW},\n {RECORD} ]",
    page(ROW, ROW, ROW),
    f"[{page(ROW)}, {RECORD}, [{page(ROW, ROW)}, {ROW}]]",
    RECORD,
    ' [ 1, 2.5e3 ,null, true, "x" , {}, [], [[]], 12] ',
    "[]",
    page(),
    tail('{"a": 1}', after=f'"pagination": {{}}, "data": [{ROW}, {ROW}], "zz": 1, "zz": 2'),
    tail(ROW, after='"pagination": {}, "data": 5'),
    '{"pagination": [], "data": {"a": 1}}',
    '{"a": [1, {"data": [1]}], "data": [1]}',
    f'[{RECORD}, {{"a\\ud800": "\\ud83d\\ude00 \\udc00", "ctNumber": 1}}, {ROW[:-1]}, "zz": "\\ud83d"}}]',
    page(ROW, f'{ROW[:-1]}, "zz": ["\\udfff"]}}', after='"\\ud800"'),
)

Outcome = tuple[Any, ...]


def outcomes(source: Any, limits: Limits = LIMITS) -> list[Outcome]:
    """Return all that is found in a source, down to the words of its errors."""
    found: list[Outcome] = []
    try:
        for document in documents(source, limits):
            for one in recognise.records(document, limits):  # those before an error count
                found += [_outcome(one)]
    except TrialParseError as error:
        found.append((type(error), str(error)))
    return found


def _outcome(one: Record | Unreadable | EmptyDocument) -> Outcome:
    if isinstance(one, Record):
        return one.format.name, one.raw.content, one.raw.base, one.raw.notes, one.raw.envelope, one.raw.page()
    if isinstance(one, Unreadable):
        return type(one.error), str(one.error), one.path
    return one.text, one.format


def in_parts(source: Any, chunk: int, limits: Limits = LIMITS) -> list[Outcome]:
    """Return the same of a source that is a stream, and whose JSON is read so many bytes at a time."""
    with (
        in_pieces(),
        mock.patch.object(notation, "ONE_PIECE", 0),
        mock.patch.object(json_parts, "_CHUNK", chunk),
    ):
        return outcomes(source, limits)


def agree(data: bytes, chunk: int, limits: Limits = LIMITS) -> int:
    """Check that every way to read a document has the same outcome; return the number of records."""
    with mock.patch.object(foreign, "HEAD", 64):  # no more of a stream in pieces is held to say what it is
        expected = outcomes(data, limits)
        for source in (data, io.BytesIO(data), Trickle(data, 30), gzip.compress(data), zipped(("a", data))):
            found = in_parts(source, chunk, limits)
            assert found == expected
    return len(expected)


def damaged(data: bytes, random: Random) -> bytes:
    """Return a document that is cut, or in which some bytes are others."""
    made = bytearray(data)
    for _ in range(random.randint(0, 2)):
        made[random.randrange(len(made))] = random.choice(b'{}[],:"\\x1 \xff\x00')
    return bytes(made[: random.choice((len(made), random.randint(1, len(made))))])


class TestAnyChunk:
    """The records, their places, remarks and pages, and the errors do not depend on how a document is read."""

    @pytest.mark.parametrize("text", DOCUMENTS)
    def test_documents(self, text: str) -> None:
        for chunk in (1, 2, 7, 64, 100_000):
            assert agree(text.encode(), chunk)

    @pytest.mark.parametrize("text", DOCUMENTS)
    @few
    @given(random=st.randoms(use_true_random=False), chunk=st.integers(1, 200))
    def test_damaged_documents(self, text: str, random: Random, chunk: int) -> None:
        data = damaged(text.encode(), random)
        assume(not jsonlines.looks_like_lines(reader.paired(data)) and data.lstrip()[:1] in (b"{", b"["))
        assert agree(data, chunk)

    @pytest.mark.parametrize("path", [path for path in fixture_files() if path.suffix == ".json"], ids=lambda p: p.name)
    def test_fixtures(self, path: Path) -> None:
        data = path.read_bytes()
        for written in (data, b"[" + data + b",\n" + data + b"]"):
            expected = some(outcomes(written))
            for chunk in (1000, 64 << 10):
                assert in_parts(io.BytesIO(written), chunk) == expected

    @pytest.mark.parametrize("text", DOCUMENTS)
    @pytest.mark.parametrize("record", [10, 30, 80, 120, 160, 200, 1000])
    def test_limits(self, text: str, record: int) -> None:
        for chunk in (1, 50, 1000):
            assert agree(text.encode(), chunk, Limits(record=record))

    @given(
        values=st.lists(
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats(allow_nan=False, allow_infinity=False)
                | st.text(),
                lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
                max_leaves=8,
            )
        ),
        indent=st.sampled_from([None, 0, 3]),
        chunk=st.integers(1, 60),
    )
    def test_values(self, values: list[Any], indent: int | None, chunk: int) -> None:
        raw = json.dumps(values, indent=indent, ensure_ascii=False).encode("utf-8", "replace")
        with mock.patch.object(json_parts, "_CHUNK", chunk):
            cursor = json_parts.Cursor(io.BytesIO(raw + b" "), LIMITS)
            assert [*json_parts.elements(cursor)] == [*map(bytes, reader.elements(raw))]
            assert cursor.peek() == b""


class TestBroken:
    """A document that is broken gives the records before the break, and then its error."""

    @pytest.mark.parametrize(
        ("text", "records"),
        [
            (f"[{RECORD}, {RECORD}, {RECORD[:50]}", 2),
            (f"[{RECORD}, {RECORD}", 2),
            (f"[{RECORD},]", 1),
            (f"[{RECORD} {RECORD}]", 1),
            (f"[{RECORD}, {RECORD}] x", 2),
            (f"[{RECORD}, {{nothing}}, {RECORD}]", 1),
            (f"[{RECORD[:-1]}", 0),
            (page(ROW, ROW)[:-1], 2),
            (page(ROW, ROW).partition('], "show')[0][:-3], 1),
            (page(ROW, ROW).partition('], "show')[0][:-3].replace('"pagination"', '"other"'), 0),
            (page(ROW)[:60], 0),
            (page(ROW, ROW) + "}", 2),
            (page()[:20], 0),
        ],
    )
    def test_records_come_first(self, text: str, records: int) -> None:
        *found, error = outcomes(text.encode())
        assert error[0] is MalformedDocument
        assert len(found) == records
        with pytest.raises(MalformedDocument) as whole:  # the words and the place are those of the decoder
            (reader.elements if text[0] == "[" else reader.members)(text.encode())
        if "trailing characters" not in error[1]:  # for which it names the place after
            assert error[1] == str(whole.value)

    def test_wrong_bytes_are_of_their_record(self) -> None:
        for text, name in ((f"[{ROW}, {ROW}, {ROW}]", "ctis-search-row"), (page(ROW, ROW, ROW), "ctis-search")):
            data = text.encode()
            wrong = data.replace(b"a]b", b"a\xffb", 2).replace(b"a\xffb", b"a]b", 1)
            first, second, third = outcomes(wrong)
            assert first[0] == third[0] == name
            assert second[0] is MalformedDocument
            assert second[2].endswith("/1")


class TestPages:
    """The first row has the page around it, whatever comes before and after the rows."""

    def test_what_comes_after(self) -> None:
        text = tail(ROW, ROW, after='"pagination": {"totalRecords": 9}')
        for found in (outcomes(text.encode()), in_parts(io.BytesIO(text.encode()), 10)):
            first, second = found
            assert [(problem, said) for problem, _, said in first[3]] == [(Problem.TRUNCATED, "2 of 9 records")]
            assert json.loads(first[4]) == {"pagination": {"totalRecords": 9}}
            assert second[3:5] == ((), None)

    def test_a_pipe_is_held_within_its_limit(self) -> None:
        data = page(*[ROW] * 100).encode()
        assert len(in_parts(Trickle(data, 99), 50)) == 100
        (error,) = in_parts(Trickle(data, 99), 50, Limits(held=len(data) - 1))
        assert error[0] is LimitExceeded
        array = b"[" + b",".join([ROW.encode()] * 100) + b"]"
        assert len(in_parts(Trickle(array, 99), 50, Limits(held=1))) == 100


class TestCost:
    """The work is in proportion to the bytes, and only what is read is held."""

    @pytest.mark.parametrize(
        "part",
        [ROW, RECORD, "1", '{"a": "\\ud800"}', "[" + "[1]," * 20 + "1]", '"' + "x" * 500 + '"', " " * 50 + "{}"],
    )
    def test_no_square(self, part: str, steps: Callable[[Callable[[], object]], int]) -> None:
        def read_all(count: int) -> object:
            data = b"[" + b",".join([part.encode()] * count) + b"]"
            cursor = json_parts.Cursor(io.BytesIO(data), LIMITS)
            return [len(one) for one in json_parts.elements(cursor)]

        assert steps(lambda: read_all(4000)) < 2.2 * steps(lambda: read_all(2000))

    def test_what_is_looked_at(self) -> None:
        look, looked = reader.fault, 0

        def counted(view: Any) -> Any:
            nonlocal looked
            looked += len(view)
            return look(view)

        for size in (10_000, 100_000, 1_000_000):
            raw, looked = b'["' + b"x" * size + b'", "' + b"\\ud83d\\ude00" * (size // 12) + b'"]', 0
            with mock.patch.object(reader, "fault", counted), mock.patch.object(json_parts, "_CHUNK", 1000):
                assert len([*json_parts.elements(json_parts.Cursor(io.BytesIO(raw), LIMITS))]) == 2
            assert looked < 12 * len(raw)

    def test_what_is_held(self) -> None:
        def pieces() -> Iterator[bytes]:
            yield b"["
            for number in range(20_000):
                yield (b"," if number else b"") + ROW.encode()
                assert len(cursor._held) < 4 * 1000
            yield b"]"

        class Stream(io.RawIOBase):
            rest = pieces()

            def read(self, size: int = -1) -> bytes:
                return next(self.rest, b"")

        cursor = json_parts.Cursor(cast(BinaryIO, Stream()), LIMITS)
        assert sum(1 for _ in json_parts.elements(cursor)) == 20_000
