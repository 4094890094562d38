"""Keys that a format may have around a record or a page: read as by itself, with an account of what is around."""

import io
import json
import pickle
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES, few
from tests.counting import some
from tests.fuzz.held import hold
from trialparse import (
    Failure,
    Limits,
    MalformedDocument,
    NotOneRecord,
    Parsed,
    Problem,
    TrialParseError,
    UnrecognisedFormat,
    parse,
    read,
)
from trialparse.readers import source as source_module

PAGE = json.loads((FIXTURES / "ctgov" / "full_studies.json").read_bytes())
ROWS = PAGE["FullStudiesResponse"]["FullStudies"]
TRIALS = [one.trial for one in read(json.dumps(PAGE).encode()) if isinstance(one, Parsed)]


def records(source: Any, **options: Any) -> list[Parsed]:
    data = source if isinstance(source, bytes) else json.dumps(source).encode()
    found = [one for one in read(data, **options) if isinstance(one, Parsed)]
    assert found
    return found


def study(number: int) -> Any:
    return ROWS[number]["Study"]


FORMS: dict[str, tuple[Any, list[str]]] = {
    "a page": (PAGE, [f"/FullStudiesResponse/FullStudies/{at}/Study" for at in (0, 1)]),
    "a page by itself": (PAGE["FullStudiesResponse"], [f"/FullStudies/{at}/Study" for at in (0, 1)]),
    "pages": (
        [PAGE, PAGE],
        [f"/{page}/FullStudiesResponse/FullStudies/{at}/Study" for page in (0, 1) for at in (0, 1)],
    ),
    "a row": ({"FullStudy": ROWS[0]}, ["/FullStudy/Study"]),
    "rows": (ROWS, ["/0/Study", "/1/Study"]),
    "a study below its key": ({"Study": study(0)}, ["/Study"]),
    "a row without its rank": ({"FullStudy": {"Study": study(0)}}, ["/FullStudy/Study"]),
    "studies": ([study(0), {"Study": study(1)}], ["/0", "/1/Study"]),
    "the key is not the first": ({"a": 1, **PAGE}, [f"/FullStudiesResponse/FullStudies/{at}/Study" for at in (0, 1)]),
}


class TestLaw:
    """What is around changes the places, and nothing else of a record."""

    @pytest.mark.parametrize("name", FORMS)
    @pytest.mark.parametrize("held", [True, False])
    def test_each_form(self, name: str, held: bool, tmp_path: Path) -> None:
        source, places = FORMS[name]
        path = tmp_path / "a.json"
        path.write_text(json.dumps(source))
        with mock.patch.object(source_module, "ONE_PIECE", 8 << 20 if held else 1000):
            found = [one for one in read(path) if isinstance(one, Parsed)]

        assert [one.trial for one in found] == [*TRIALS, *TRIALS][: len(places)]
        ids = [one.evidence("id").sources[0].place.path for one in found]
        assert ids == [f"{place}/ProtocolSection/IdentificationModule/NCTId" for place in places]

    def test_lines(self) -> None:
        lines = b"\n".join(json.dumps(one).encode() for one in ({"FullStudy": ROWS[0]}, {"Study": study(1)}))

        assert [one.trial for one in records(lines)] == TRIALS

    @few
    @given(st.lists(st.sampled_from(["a", "b", "FullStudy", "Study"]), max_size=4))
    def test_below_a_place(self, keys: list[str]) -> None:
        """Keys around a record may be below a place that the caller names."""
        source: Any = {"FullStudiesResponse": PAGE["FullStudiesResponse"], "beside": 1}
        for key in reversed(["x", *keys]):
            source = {key: source}
        found = records(source, records_at=".".join(["x", *keys]))

        assert [one.trial for one in found] == TRIALS
        assert found[0].audit().unmapped == {f"{'.'.join(['x', *keys])}.beside": 1}

    @few
    @given(st.sampled_from(["FullStudiesResponse", "FullStudy", "Study"]), st.binary(max_size=40))
    def test_anything_below_the_key(self, key: str, data: bytes) -> None:
        for source in (b'{"%s": %s}' % (key.encode(), data), b'{"%s": %s' % (key.encode(), data)):
            try:
                found = list(read(source))
            except TrialParseError:
                found = []
            assert not any(one.ok for one in found)


class TestAround:
    """What is around a page is transport if the format names it, and is unmapped otherwise."""

    def test_the_account(self) -> None:
        first, second = records({**PAGE, "extra": {"a": 1}})

        assert first.audit().unmapped == {"extra.a": 1}
        assert first.audit().places == {"extra.a": "/extra/a"}
        assert second.audit().unmapped == {}
        assert records(PAGE)[0].audit().unmapped == {}
        assert first.audit().ignored["transport"] == 9 + second.audit().ignored["transport"] - 1 + 3

    def test_beside_a_study(self) -> None:
        (one,) = records([{"Study": study(0), "note": "x"}])

        assert one.audit().places == {"note": "/0/note"}

    def test_a_cut_page(self) -> None:
        found = [one for one in records([PAGE])[0].diagnostics if one.problem is Problem.TRUNCATED]

        assert [(one.place.path, one.text) for one in some(found)] == [
            ("/0/FullStudiesResponse/NStudiesFound", "2 of 5 records")
        ]

    def test_a_key_twice(self) -> None:
        data = json.dumps({"Study": study(0)}).encode()[:-1] + b', "Study": ' + json.dumps(study(1)).encode() + b"}"
        first, second = records(data)

        assert [first.trial, second.trial] == TRIALS
        assert [one.place.path for one in first.diagnostics if one.problem is Problem.DUPLICATE_KEY] == ["/Study"]

    def test_without_contacts(self) -> None:
        data = json.dumps({**PAGE, "extra": "carla@example.org"}).encode()
        first = records(data, contacts=False)[0]

        assert b"carla@example.org" not in pickle.dumps(first)
        assert first.audit().places == {}


class TestRefused:
    """A key that may be around a record is no record."""

    @pytest.mark.parametrize(
        "source",
        [
            {"Study": 1},
            {"Study": [study(0)]},
            {"FullStudy": {}},
            {"FullStudy": {"Study": {"other": 1}}},
            {"FullStudiesResponse": {"APIVrs": "1.01.05"}},
        ],
        ids=["a number", "a list", "empty", "another key", "no rows"],
    )
    def test_other_things_below_it(self, source: Any) -> None:
        with pytest.raises(UnrecognisedFormat):
            parse(json.dumps(source).encode())

    @pytest.mark.parametrize("rows", [1, {}, "text"])
    def test_no_rows(self, rows: Any) -> None:
        with pytest.raises(MalformedDocument, match="'FullStudies' of a page is no list of rows"):
            parse(json.dumps({"FullStudiesResponse": {"FullStudies": rows}}).encode())

    def test_no_studies(self) -> None:
        with pytest.raises(NotOneRecord, match=r"a page of ClinicalTrials\.gov without studies"):
            parse(b'{"FullStudiesResponse": {"NStudiesFound": 0, "FullStudies": []}}')

    @pytest.mark.parametrize("depth", [6, 90])
    def test_around_itself(self, depth: int) -> None:
        source = study(0)
        for _ in range(depth):
            source = {"Study": source}
        with pytest.raises(UnrecognisedFormat):
            parse(json.dumps(source).encode(), limits=Limits(depth=200))


class TestRows:
    """A row of a page that is no object is no record, and the others are read."""

    @pytest.mark.parametrize("rows", ["FullStudies", "studies"])
    @pytest.mark.parametrize("value", ["6.8", '"text"', "null", "[]", " [{}]"])
    def test_no_object(self, rows: str, value: str) -> None:
        first, second = read(b'{"%s": [%s,\n{}]}' % (rows.encode(), value.encode()))

        assert isinstance(first, Failure)
        assert isinstance(first.error, MalformedDocument)
        assert f"a row of '{rows}' is no object" == str(first.error)
        assert (f"/{rows}/0", f"/{rows}/1") == (first.place.path, second.place.path)
        assert isinstance(second, Parsed)


class TestCut:
    """A page that breaks off gives the rows before that."""

    @pytest.mark.parametrize("contacts", [True, False])
    @pytest.mark.parametrize("end", [', "a"', "}", '}, "FullStudiesResponse": 3', '}, "FullStudiesResponse": []'])
    def test_what_is_around(self, end: str, contacts: bool) -> None:
        """A page that breaks off, or another value of its key, is no place to look for what is around the rows."""
        data = b'{"FullStudiesResponse": {"FullStudies": %s%s' % (json.dumps(ROWS).encode(), end.encode())
        held = hold(data, agreement=True, operations=True, contacts=contacts)

        assert (2, 0, 1) == (held.records, held.failures, held.refused)
        assert (2, 1) == (held.agreed, held.asked)

    @pytest.mark.parametrize("one_piece", [8 << 20, 1000])
    def test_rows_before_the_end(self, one_piece: int) -> None:
        whole = json.dumps(PAGE).encode()
        data = whole[: whole.index(b'"Rank": 2') + 1000]
        with mock.patch.object(source_module, "ONE_PIECE", one_piece):
            found = read(io.BytesIO(data))
            first = next(found)
            assert isinstance(first, Parsed)
            assert first.trial == TRIALS[0]
            with pytest.raises(MalformedDocument):
                next(found)
