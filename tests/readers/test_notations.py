"""Notations recognise a document by what a format says, whatever the register."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialparse.diagnostics import Problem, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.readers.notations import Candidate, Csv, Empty, Json, Notation, Pagination, RawRecord, Xml
from trialparse.readers.paths import parse_path
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import Shape
from trialparse.readers.source import Document

PAGE = Json(
    keys=(frozenset({"studies"}),),
    rows="studies",
    envelope=("counts", "nextPageToken"),
    pagination=Pagination(total=("counts", "all"), further=("nextPageToken",)),
    empty="an answer without studies",
)
TABLE = Csv(columns=("Number", "Title", "Phase", "URL"), at_least=2, needed=frozenset({"Number"}))


def split(notation: Notation, data: bytes, *others: Notation) -> Iterator[Any]:
    """Return what a document holds, as a format in the notation."""
    candidates = [
        Candidate(name=f"f{n}", title="", notation=each, selection=lambda: Selection(Shape()), is_compiled=lambda: True)
        for n, each in enumerate((notation, *others))
    ]
    return type(notation).split(Document(data=data), Limits(), candidates)


class TestPages:
    """A page says by keys of its format that it is not the whole answer."""

    @given(
        rows=st.integers(0, 3),
        total=st.none() | st.integers(0, 6) | st.text() | st.booleans(),
        further=st.none() | st.booleans() | st.text(),
    )
    def test_cut(self, rows: int, total: Any, further: Any) -> None:
        page = {"counts": {"all": total}, "studies": [{"id": n} for n in range(rows)], "nextPageToken": further}
        found = [*split(PAGE, json.dumps(page).encode())]

        more = isinstance(total, int) and not isinstance(total, bool) and total > rows
        if rows:
            notes = [record.notes for record in found]
            assert notes[1:] == [()] * (rows - 1)
            said = [(problem, keys) for problem, keys, _ in notes[0]]
            if more:
                assert said == [(Problem.TRUNCATED, ("counts", "all"))]
            else:
                assert said == [(Problem.TRUNCATED, ("nextPageToken",))] * bool(further)
        else:
            (empty,) = found
            assert isinstance(empty, Empty)
            assert (empty.text != "an answer without studies") == bool(more or further)

    @pytest.mark.parametrize("page", [{"counts": 7}, {"counts": [1]}, {"counts": None}, {}])
    def test_an_envelope_of_another_shape_is_no_cut(self, page: dict[str, Any]) -> None:
        (record,) = split(PAGE, json.dumps(page | {"studies": [{"id": 1}]}).encode())

        assert record.notes == ()


class TestObjects:
    """An object is of the format that asks for most of its keys."""

    @pytest.mark.parametrize("turned", [False, True])
    def test_the_larger_set_of_keys_wins(self, turned: bool) -> None:
        small, large = Json(keys=(frozenset({"a"}),)), Json(keys=(frozenset({"x"}), frozenset({"a", "b"})))
        pair = (large, small) if turned else (small, large)

        assert [large] == [record.notation for record in split(pair[0], b'{"a": 1, "b": 2}', pair[1])]
        assert [small] == [record.notation for record in split(pair[0], b'{"a": 1}', pair[1])]

    def test_an_empty_object_means_what_its_register_says(self) -> None:
        with pytest.raises(UnrecognisedFormat, match=r"^an empty JSON object: no such trial$"):
            [*split(Json(keys=(frozenset({"a"}),), nothing="no such trial"), b"{}")]
        with pytest.raises(UnrecognisedFormat, match=r"^an empty JSON object$"):
            [*split(Json(keys=(frozenset({"a"}),)), b"{}")]


class TestColumns:
    """A table is of a format by the columns that the format needs and by how many of its columns it has."""

    @pytest.mark.parametrize(
        ("header", "known"),
        [
            ("Number,Title,Phase,URL", True),
            ("URL,Number", True),
            ("Number,Sponsor,Phase", True),
            ("Title,Phase,URL", False),  # without the one that is needed
            ("Number,Sponsor", False),  # fewer than two
        ],
    )
    def test_a_header(self, header: str, known: bool) -> None:
        row = ",".join("x" for _ in header.split(","))
        data = f"{header}\n{row}\n".encode()
        if known:
            (record,) = split(TABLE, data)
            assert isinstance(record, RawRecord)
            assert dict.fromkeys(header.split(","), "x") == record.original
        else:
            with pytest.raises(UnrecognisedFormat):
                split(TABLE, data)

    @pytest.mark.parametrize("turned", [False, True])
    def test_the_format_with_more_of_the_columns_wins(self, turned: bool) -> None:
        other = Csv(columns=("Number", "Title", "Status", "Start", "End"), at_least=2)
        pair = (other, TABLE) if turned else (TABLE, other)

        assert [other] == [one.notation for one in split(pair[0], b"Number,Title,Start\n1,2,3\n", pair[1])]
        assert [TABLE] == [one.notation for one in split(pair[0], b"Number,Title,URL\n1,2,3\n", pair[1])]


MARKUP = ("{}", "<i>{}</i>", "<b a='1'><i/>{}</b>")


class TestMarkup:
    """Markup in a text of XML belongs to the text, with attributes beside it or without."""

    @pytest.mark.parametrize("paths", [("t",), ("t.#text",), ("t.#text", "t.@a")])
    @given(
        parts=st.lists(st.tuples(st.sampled_from(MARKUP), st.text("xyz ", min_size=1))),
        attribute=st.booleans(),
    )
    def test_words(self, paths: tuple[str, ...], parts: list[tuple[str, str]], attribute: bool) -> None:
        words = "".join(text for _, text in parts)
        if not words.strip():
            words = ""
        shape = Shape()
        for path in paths:
            shape.want(parse_path(path))
        inner = "".join(markup.format(text) for markup, text in parts)
        data = f"<r><t{' a=' + chr(34) + 'v' + chr(34) if attribute else ''}>{inner}</t></r>".encode()

        (record,) = split(Xml(records=("r",)), data)
        tree = record.leaves(record.examine(Selection(shape))[0], Selection(shape))
        found = tree["t"] if isinstance(tree, dict) else ""
        assert words == (found.get("#text", "") if isinstance(found, dict) else found)
