"""Rows of CSV and lines of JSON come as they stand, with their numbers."""

import csv as stdlib_csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import exercised
from tests.readers.sources import LIMITS, TEXTS, only
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem
from trialparse.limits import Limits
from trialparse.readers import csv, jsonlines


def rows(data: bytes, limits: Limits = LIMITS) -> list[csv.CsvRow]:
    """Return the rows of a table, all of which must be within the limits; raises the error on the first that is not."""
    found: list[csv.CsvRow] = []
    for row in csv.rows(only(data), limits, lambda cells: False):
        if isinstance(row, csv.LargeRow):
            raise row.error
        found.append(row)
    return found


class TestCsv:
    """Rows are what the csv module reads, and a row that does not fit has a problem."""

    @given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1), st.sampled_from(",;"), st.data())
    def test_agrees_with_the_csv_module(self, table: list[list[str]], delimiter: str, data: st.DataObject) -> None:
        file = io.StringIO()
        end = data.draw(st.sampled_from(["\n", "\r\n"]))
        writer = stdlib_csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=stdlib_csv.QUOTE_ALL)
        writer.writerows([["h", "i"], *table])
        text = file.getvalue()
        assert [list(row.cells.values()) for row in rows(text.encode())] == table
        with mock.patch.object(stdlib_csv, "reader", side_effect=too_long(stdlib_csv.reader)):
            assert [list(row.cells.values()) for row in rows(text.encode())] == table

    def test_long_cells(self) -> None:
        limit = stdlib_csv.field_size_limit()
        cell = 'x, "y"\n' * 50_000
        quoted = cell.replace('"', '""')
        found = rows(f'a,b\n1,"{quoted}"\n"{quoted}",2\n3,4\n'.encode())
        assert [tuple(row.cells.values()) for row in found] == [("1", cell), (cell, "2"), ("3", "4")]
        assert [row.line for row in found] == [2, 50_003, 100_004]
        assert stdlib_csv.field_size_limit() == limit
        with pytest.raises(LimitExceeded, match="record"):
            rows(f'a,b\n1,"{quoted}"\n'.encode(), Limits(record=200_000))

    def test_ragged_rows_go_on(self) -> None:
        first, second, third = rows(b"a,b\n1\n\n1,2,3,4\n5,6\n")
        assert (first.line, first.cells) == (2, {"a": "1"})
        assert (second.line, second.cells) == (4, {"a": "1", "b": "2", "#3": "3", "#4": "4"})
        assert [row.problems != () for row in (first, second, third)] == [True, True, False]

    def test_a_name_that_stands_twice(self) -> None:
        (row,) = rows(b"a,b,a,,a#3,\n1,2,3,4,5,6\n")
        assert row.cells == {"a": "1", "b": "2", "a#3": "3", "": "4", "a#3#5": "5", "#6": "6"}
        assert {problem for problem, _ in row.problems} == {Problem.DUPLICATE_KEY}

    @pytest.mark.parametrize(
        ("data", "line"),
        [(b'a,b\n1,2\n"x', 3), (b'a,b\n"x"y,1\n', 2), (b"a,b\n1,\xff\n", 2), (b"a,b\n\n1,\0\n", 3), (b'"a\nb', 1)],
    )
    def test_malformed_with_its_line(self, data: bytes, line: int) -> None:
        with pytest.raises(MalformedDocument, match=f"line {line}"):
            rows(data)

    def test_line_ends_and_delimiters(self) -> None:
        for end in ("\n", "\r\n", "\r"):
            found = rows(f'"a;,,,";b{end}1;"2{end}3"{end}4;5{end}'.encode())
            assert [(row.line, *row.cells.values()) for row in found] == [(2, "1", f"2{end}3"), (4, "4", "5")]

    @pytest.mark.parametrize("last", ["", "5\r", "5\n", "5\r\n", "5"])
    @pytest.mark.parametrize("record", range(10, 40))
    def test_lines_with_carriage_returns_are_measured_one_by_one(self, record: int, last: str) -> None:
        data = "a,b\r" + "12,34\r" * 20 + last
        found = rows(data.encode(), Limits(record=record))
        assert [[*row.cells.values()] for row in found] == [["12", "34"]] * 20 + [["5"]] * bool(last)
        assert [row.line for row in found] == [*range(2, 22 + bool(last))]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("first", [False, True])
    def test_the_header_tells_what_parts_cells(self, delimiter: str, first: bool) -> None:
        named = f"sep={delimiter}\r\n" if first else ""
        data = f'{named}a{delimiter}"b,;"{delimiter}c\r\n1{delimiter}",;\t"{delimiter}2\r\n'.encode()
        (row,) = rows(data)
        assert row.cells == {"a": "1", "b,;": ",;\t", "c": "2"}
        assert row.line == 2 + first
        assert csv.header(only(data)) == ("a", "b,;", "c")

    @pytest.mark.parametrize(
        ("cells", "read"),
        [
            (['"a" b', "c"], None),
            (["a", '"b", c'], None),
            (['"a', "b"], None),
            (["a", '"b'], None),
            (['a"', '5" b'], None),
            (['"a"', '"b ""c"""'], ["a", 'b "c"']),
        ],
    )
    def test_quotes_in_a_table_with_tabs(self, cells: list[str], read: list[str] | None) -> None:
        """A quote that does not close at the end of its cell is a sign like any other, in its line and no other."""
        lines = ["h\ti", "1\t2", "\t".join(cells), "3\t4", "\t".join(cells), "5\t6"]
        found = rows("\r\n".join(lines).encode() + b"\r\n")

        assert [list(row.cells.values()) for row in found] == [
            ["1", "2"],
            read or cells,
            ["3", "4"],
            read or cells,
            ["5", "6"],
        ]
        assert [row.line for row in found] == [2, 3, 4, 5, 6]
        assert {row.problems for row in found} == {()}

    @pytest.mark.parametrize("count", [3, 20_000])
    def test_a_quote_in_a_long_table_with_tabs(self, count: int) -> None:
        """However much is behind it, a quote that does not close is a sign like any other."""
        found = rows(b'h\ti\n1\t"2\n' + b"3456\t7890\n" * count)
        assert [[*row.cells.values()] for row in found] == [["1", '"2'], *[["3456", "7890"]] * count]
        assert [row.line for row in found] == [*range(2, count + 3)]

    def test_a_quote_in_a_long_line_with_tabs(self) -> None:
        cell = '"' + "x " * 100_000
        found = rows(f"h\ti\n{cell}\t1\n2\t3\n".encode())
        assert [[*row.cells.values()] for row in found] == [[cell, "1"], ["2", "3"]]

    def test_lines_of_a_cell_in_a_table_with_tabs(self) -> None:
        """A quoted cell may have several lines; what is neither that nor lines of so many cells is malformed."""
        (row,) = rows(b'h\ti\tj\n"a\nb"\tc\t"d\n"\n')
        assert list(row.cells.values()) == ["a\nb", "c", "d\n"]
        for data in (b'h\ti\tj\n"a\tb\n1\t2\t3\n', b'h\ti\tj\n"a" b\tc\n'):
            with pytest.raises(MalformedDocument, match="line 2"):
                rows(data)

    def test_a_long_cell_in_a_table_with_tabs(self) -> None:
        cell = "x " * 100_000
        (row,) = rows(f'h\ti\n"{cell}"\t1\n'.encode())
        assert row.cells == {"h": cell, "i": "1"}

    def test_header(self) -> None:
        assert csv.header(only(b'a,"b ""c"""\n1')) == ("a", 'b "c"')
        assert csv.header(only(b'a,"b')) == csv.header(only(b"")) == csv.header(only(b"a\0")) == ()

    def test_cells_are_counted(self) -> None:
        with pytest.raises(LimitExceeded, match="nodes"):
            rows(b"a,b\n" + b"," * 2000, Limits(nodes=1000))

    def test_a_row_beyond_a_limit_ends_with_its_own_line(self) -> None:
        """Whatever ends lines, in cells that are quoted or not; the rows beside it are what they were."""

        def law(drawn: tuple[list[tuple[int, str, str, bool]], int]) -> int:
            parts, chunk = drawn
            data, expected = "a,b\r", []
            for count, unit, end, quoted in parts:
                place = len(re.findall(r"\r\n|\r|\n", data)) + 1, len(data.encode())
                quote = '"' if quoted or unit in ENDS else ""
                data += f"{quote}1{quote},{quote}{unit * count}{quote}{end}"
                expected.append((*place, None if count >= 100 else {"a": "1", "b": unit * count}))
            with mock.patch.object(csv, "_CHUNK", chunk):
                found = [*csv.rows(only(data.encode()), Limits(record=99), lambda cells: False)]
            assert [
                (one.line, one.offset, None if isinstance(one, csv.LargeRow) else one.cells) for one in found
            ] == expected
            return sum(cells is None for *_, cells in expected[:-1])

        row = st.tuples(
            st.sampled_from([0, 3, 20, 100, 250]),
            st.sampled_from(["x", "é", *ENDS]),
            st.sampled_from(ENDS),
            st.booleans(),
        )
        table = st.lists(row, min_size=1, max_size=8)
        exercised(law, 0.5, st.tuples(table, st.sampled_from([1, 7, 64, 64 << 10])))

    def test_a_row_beyond_a_limit_before_many_line_ends(self) -> None:
        for end in ENDS:
            data = f"a,b{end}1,2{end}1,{'x' * 200}{end * 50_000}3,4{end}".encode()
            found = [*csv.rows(only(data), Limits(record=99), lambda cells: False)]
            assert [(one.line, isinstance(one, csv.LargeRow)) for one in found] == [
                (2, False),
                (3, True),
                (50_003, False),
            ]


ENDS = ("\r", "\n", "\r\n")
"""What may end a line."""


def too_long(reader: Any) -> Callable[..., Iterator[list[str]]]:
    """Make a csv.reader that finds a cell too long in every record but the first."""

    def read(lines: Iterator[str], **options: Any) -> Any:
        inner = reader(lines, **options)
        state = {"first": True}

        class Reader:
            def __iter__(self) -> Any:
                return self

            def __next__(self) -> list[str]:
                if state.pop("first", False):
                    return list(next(inner))
                next(lines)
                raise stdlib_csv.Error("field larger than field limit (131072)")

        return Reader()

    return read


class TestJsonLines:
    """Lines come as they stand, with their number."""

    def test_lines(self) -> None:
        data = b'{"a":1}\r\n\n \t\n [2] \n\x0c\n3'
        found = list(jsonlines.lines(only(data), LIMITS))
        assert [one[:3] for one in found] == [(1, 0, b'{"a":1}'), (4, 14, b"[2]"), (5, 19, b"\x0c"), (6, 21, b"3")]
        assert [one.error for one in found] == [None] * 4
        assert all(data.startswith(one.raw, one.offset) for one in found)

    def test_a_long_line_is_passed_over(self) -> None:
        found = list(jsonlines.lines(only(b"1\n" + b"x" * 100 + b"\n2\n"), Limits(record=99)))
        assert [one[:3] for one in found] == [(1, 0, b"1"), (2, 2, b""), (3, 103, b"2")]
        assert [str(one.error) for one in found if one.error] == ["line 2 is beyond the limit record=99"]

    @pytest.mark.parametrize(
        "head",
        [
            b'{"a":1}\n{"b',
            b'\n{}\r\n\n {"a": 1}\n',
            b"[1]\n[2]",
            b"[{}]\n[{",
            b"{}\nnull",
            b"[]\nbroken\n3",
            b'{"a": 1\n{"b": 2}',
        ],
    )
    def test_what_looks_like_lines(self, head: bytes) -> None:
        assert jsonlines.looks_like_lines(head)

    @pytest.mark.parametrize(
        "head", [b"", b"{}", b'{\n "a": {}\n}', b'{"a": {}\n}', b"[{}\n{}", b"[\n{}\n]", b"a\n{}", b"[]\nx"]
    )
    def test_what_does_not(self, head: bytes) -> None:
        assert not jsonlines.looks_like_lines(head)
