"""Records inside of other JSON: read as by themselves, at their places, with an account of what is around."""

import ast
import io
import json
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES, few, fixture_files, refused
from tests.counting import some
from trialparse import (
    Failure,
    LimitExceeded,
    Limits,
    MalformedDocument,
    Parsed,
    Problem,
    TrialParseError,
    UnrecognisedFormat,
    parse,
    read,
    sniff,
)
from trialparse.readers import source as source_module
from trialparse.readers.paths import keys_at, pointer

TRIAL = (FIXTURES / "ctis" / "immunostem.json").read_bytes()
PAGE = (FIXTURES / "ctis" / "search_2024_06.json").read_bytes()
JSON = [path for path in fixture_files() if path.suffix == ".json" and not refused(path)]
AROUND = {"status": "ok", "more": {"a": [1, None], "b": {}}}
"""What is beside records; its leaves are status, more.a (two) and more.b."""


def parsed(source: Any, at: str | None = None, **options: Any) -> list[Parsed]:
    """Return the records of a source, all of which are read."""
    data = source if isinstance(source, bytes) else json.dumps(source).encode()
    found = [one for one in read(data, records_at=at, **options) if isinstance(one, Parsed)]
    assert found
    return found


def inside(value: bytes, keys: Sequence[str], beside: dict[str, Any], *, first: bool = False) -> bytes:
    """Return JSON with a value at the end of keys, and something beside it at each level, before it or behind."""
    for key in reversed(keys):
        others = [json.dumps({name: one})[1:-1].encode() for name, one in beside.items() if name != key]
        mine = json.dumps(key).encode() + b": " + value
        value = b"{" + b", ".join([mine, *others] if first else [*others, mine]) + b"}"
    return value


def places(one: Parsed) -> list[str]:
    return sorted({place.path for evidence in one.evidence().values() for place, _ in evidence.sources})


NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), min_size=1, max_size=3)


class TestLaw:
    """What is read inside is what is read by itself; only places have the path before them."""

    @few
    @given(st.sampled_from(JSON), NAMES, st.booleans())
    def test_any_path(self, path: Path, keys: list[str], first: bool) -> None:
        data = path.read_bytes()
        at = pointer(keys)
        alone = parsed(data)
        there = parsed(inside(data, keys, AROUND, first=first), at)

        assert keys_at(at) == tuple(keys)
        assert [one.trial for one in there] == [one.trial for one in alone]
        assert [places(one) for one in there] == [[at + place for place in places(one)] for one in alone]

    @pytest.mark.parametrize("path", JSON, ids=lambda path: path.stem)
    def test_the_account(self, path: Path) -> None:
        """Each leaf around the records is unmapped in the account of the first, at its place."""
        data = path.read_bytes()
        alone = [one.audit() for one in parsed(data)]
        there = [one.audit() for one in parsed(inside(data, ["in", "it"], AROUND), "in.it")]

        assert [one.mapped for one in there] == [one.mapped for one in alone]
        assert [one.ignored for one in there] == [one.ignored for one in alone]
        assert there[0].leaves == alone[0].leaves + 8
        assert there[0].places["in.status"] == "/in/status"
        assert there[0].places["more.a"] == "/more/a/0"
        assert [one.unmapped for one in there[1:]] == [one.unmapped for one in alone[1:]]

    def test_held_or_not(self, tmp_path: Path) -> None:
        """A long document is read part by part, with the same result; a pipe is held."""

        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        data = json.dumps({**AROUND, "x": [json.loads(TRIAL), 1, json.loads(PAGE)]}).encode()
        path = tmp_path / "a.json"
        path.write_bytes(data)
        whole = list(read(data, records_at="x"))
        with mock.patch.object(source_module, "ONE_PIECE", 1000):
            for source in (path, Pipe(data), io.BytesIO(data)):
                assert [str(one) for one in read(source, records_at="x")] == [str(one) for one in whole]
            first = next(iter(read(path, records_at="x")))
        assert isinstance(first, Parsed)
        assert first.audit() == whole[0].audit() if isinstance(whole[0], Parsed) else False
        assert len(whole) == 4

    @given(st.binary(max_size=60) | st.text(alphabet='{}[]":,x 1\n', max_size=60).map(str.encode), st.text(max_size=4))
    def test_anything(self, data: bytes, at: str) -> None:
        try:
            found = list(read(data, records_at=at))
        except TrialParseError:
            found = []
        assert all(isinstance(one, Failure) for one in found)

    @pytest.mark.parametrize("cut", range(1, 100, 7))
    def test_cut(self, cut: int) -> None:
        """A document that breaks off gives the records before that, and then the error."""
        data = inside(b"[%s, %s]" % (TRIAL, TRIAL), ["x"], {"y": "z" * 2000}, first=True)
        end = len(data) * cut // 100
        found = read(data[:end], records_at="x")
        for number in (1, 2):
            if end >= data.index(TRIAL) + number * (len(TRIAL) + 2):
                assert next(found).ok
        with pytest.raises(MalformedDocument):
            next(found)


class TestShapes:
    """What may be at the place."""

    @pytest.mark.parametrize("at", ["payload", "/payload"])
    def test_a_record(self, at: str) -> None:
        assert parse(inside(TRIAL, ["payload"], {}), records_at=at).trial == parse(TRIAL).trial
        assert sniff(inside(TRIAL, ["payload"], {}), records_at=at).name == "ctis-retrieve"

    def test_a_map(self) -> None:
        """The values of an object without a format are the records, each below its key."""
        record = json.loads(TRIAL)
        for at, around in (("", {"1": record, "2": record}), ("x", {"x": {"1": record, "2": record}, "y": 1})):
            first, second = parsed(around, at)

            assert first.evidence("id").sources[0].place.path == f"{pointer(keys_at(at))}/1/ctNumber"
            assert second.evidence("id").sources[0].place.path == f"{pointer(keys_at(at))}/2/ctNumber"

    def test_a_map_with_something_else(self) -> None:
        data = json.dumps({"total": 2, "1": json.loads(TRIAL), "2": {"a": 1}}).encode()
        total, first, second = read(data, records_at="")

        assert (total.ok, first.ok, second.ok) == (False, True, False)
        assert [one.place.path for one in (total, second) if isinstance(one, Failure)] == ["/total", "/2"]

    def test_the_document_itself(self) -> None:
        assert parse(TRIAL, records_at="").trial == parse(TRIAL).trial
        assert len(parsed(b"[%s, %s]" % (TRIAL, TRIAL), "")) == 2

    def test_a_record_with_a_record_in_it(self) -> None:
        """What is of a format itself is not taken apart, whatever its members are."""
        for at in ("", "x"):
            data = json.dumps({"first": json.loads(TRIAL), **json.loads(TRIAL)}).encode()
            (one,) = read(inside(data, ["x"], {}) if at else data, records_at=at)

            assert isinstance(one, Parsed)
            assert one.trial == parse(TRIAL).trial
            assert one.audit().unmapped

    def test_a_long_map_is_not_held(self) -> None:
        """The members of a map are looked at one by one, also if the first is no record."""
        data = json.dumps({"total": 1, **{str(n): json.loads(TRIAL) for n in range(9)}}).encode()
        found = list(read(data, records_at="", limits=Limits(record=2 * len(TRIAL))))

        assert [one.ok for one in found] == [False, *[True] * 9]

    def test_a_page(self) -> None:
        """The page keeps its own account, its remarks, and its place in the document."""
        page = json.loads(PAGE)
        page["pagination"]["totalRecords"] = 99
        first, _ = parsed({"x": [page], "y": 1}, "x")
        (remark,) = [one for one in first.diagnostics if one.problem is Problem.TRUNCATED]

        assert remark.text == "2 of 99 records"
        assert first.audit().unmapped == {"y": 1}
        assert first.audit().ignored["transport"] >= 2

    def test_lines(self) -> None:
        """In JSON lines it is the place in each line."""
        line = json.dumps({"doc": json.loads(TRIAL), "k": 1}).encode()
        first, failure, third = read(line + b'\n{"other": 1}\n' + line, records_at="doc")

        assert isinstance(first, Parsed)
        assert isinstance(third, Parsed)
        assert isinstance(failure, Failure)
        assert failure.place.path == "/line 2"
        assert third.audit().unmapped == {"k": 1}

    def test_a_key_that_occurs_twice(self) -> None:
        """Nothing is lost: what is at each of them is read."""
        found = parsed(b'{"x": %s, "x": [%s], "y": 1, "y": 2}' % (TRIAL, TRIAL), "x")
        told = [one for one in found[0].diagnostics if one.problem is Problem.DUPLICATE_KEY]

        assert len(found) == 2
        assert {one.place.path for one in told} == {"/x", "/y"}

    def test_without_contacts(self) -> None:
        """What is around a record is withheld as what is in it."""
        around = {"from": "ada.person@example.org", "x": json.loads(TRIAL)}
        (one,) = parsed(around, "x", contacts=False)
        (other,) = parsed(around, "x")

        assert b"ada.person" not in pickle.dumps(one)
        assert b"ada.person" in pickle.dumps(other)
        assert pickle.loads(pickle.dumps(other)).audit() == other.audit()
        assert one.audit().withheld == parse(TRIAL, contacts=False).audit().withheld + 1

    @pytest.mark.parametrize("limits", [Limits(), Limits(depth=6)], ids=["read", "not read"])
    def test_keys_that_name_persons(self, limits: Limits) -> None:
        """The key of a record is a word of the source: without contacts no place has a person in it."""
        name = next(str(one.name) for one in parse(TRIAL).trial.contacts if one.name)
        source = {name: json.loads(TRIAL), f"{name} 2": 1, "ada.person@example.org": json.loads(PAGE)}
        data = json.dumps({"x": source}).encode()
        plain = [str(one.place) for one in read(data, records_at="x")]
        held = list(read(data, records_at="x", contacts=False, limits=limits))

        assert name in plain[0]
        assert "ada.person" in plain[2]
        assert len(held) == len(plain)
        for word in (name, "ada.person"):
            assert not any(word in f"{one.place} {one!r}" for one in held)
            assert word.encode() not in pickle.dumps(held)
        assert all(place.startswith("/x/") for one in held if isinstance(one, Parsed) for place in places(one))

    def test_a_long_path(self) -> None:
        """How deep a path leads has the limit of a document's depth."""

        def at(depth: int) -> list[Any]:
            data = b'{"a":' * depth + TRIAL + b"}" * depth
            return list(read(data, records_at="/a" * depth))

        assert [one.ok for one in at(100)] == [True]
        with pytest.raises(LimitExceeded, match="the path to the records is beyond the limit depth=100"):
            at(101)


class TestRefused:
    """What is not there is said in one sentence, which has the keys that are there."""

    @pytest.mark.parametrize(
        ("source", "at", "words"),
        [
            (b'{"a": 1, "b": 2}', "x", "there is nothing at /x, where the records should be; .* the keys 'a, b'"),
            (b'{"a": {"x": 1}}', "a.y", "there is nothing at /a/y"),
            (b'{"a": [{"x": 1}]}', "a.x", "there is nothing at /a/x"),
            (b'[{"x": 1}]', "x", "there is nothing at /x: the document is no JSON object"),
            (b'{"x": "text"}', "x", "what is at '/x' is a single JSON value, no record"),
            (b'{"x": []}', "x", "what is at '/x' is an empty JSON array"),
            (b'{"a": [{"x": 1}]}', "a.0", "no place leads into a list, which is read whole"),
            (b"<trials/>", "x", "records_at is for JSON, and the document is XML"),
        ],
    )
    def test_messages(self, source: bytes, at: str, words: str) -> None:
        with pytest.raises(UnrecognisedFormat, match=words) as found:
            list(read(source, records_at=at))
        assert len(str(found.value)) < 300

    def test_an_element_that_is_no_record(self) -> None:
        first, second = read(b'{"x": [1, %s]}' % TRIAL, records_at="x")

        assert isinstance(first, Failure)
        assert str(first.error) == "an element of what is at '/x' is a single JSON value"
        assert second.ok

    def test_no_record_there(self) -> None:
        with pytest.raises(UnrecognisedFormat, match="with the keys 'a' is of no known format"):
            parse(b'{"x": {"a": 1}}', records_at="x")

    @pytest.mark.parametrize("kind", [{"ctrname": "x", "_id": 1}, {"drksId": 1, "lastUpdate": 2}], ids=str)
    def test_the_error_is_about_the_place(self, kind: dict[str, Any]) -> None:
        """Of what kind the rest is does not matter: what is at the place, or not, is said."""
        for source in (json.dumps({**kind, "b": kind}).encode(), b'{"a": 1, "b": %s}' % json.dumps(kind).encode()):
            with pytest.raises(UnrecognisedFormat, match="there is nothing at /x") as nothing:
                list(read(source, records_at="x"))
            with pytest.raises(UnrecognisedFormat) as found:
                list(read(source, records_at="b"))
            assert nothing.value.kind is None
            assert found.value.kind is not None

    def test_braces_in_the_path(self) -> None:
        with pytest.raises(UnrecognisedFormat, match=r"there is nothing at /\{a\}"):
            parse(b'{"x": 1}', records_at="{a}")

    def test_a_place_of_another_type(self) -> None:
        with pytest.raises(TypeError, match="records_at takes names"):
            parse(TRIAL, records_at=("payload",))  # type: ignore[arg-type]

    def test_what_is_around_has_a_limit(self) -> None:
        data = inside(TRIAL, ["x"], {name: ["y" * 100] * 100 for name in "abcdef"}, first=True)

        assert parse(data, records_at="x").ok
        with pytest.raises(LimitExceeded, match="what is around the records is beyond the limit record"):
            parse(data, records_at="x", limits=Limits(record=50_000))


class TestSuggested:
    """Without the argument, the error says which place to pass; with it the records are read."""

    @pytest.mark.parametrize(
        ("source", "count"),
        [
            pytest.param({"payload": json.loads(TRIAL)}, 1, id="record"),
            pytest.param({"a": 1, "payload": {"records": [json.loads(TRIAL)] * 2}}, 2, id="list"),
            pytest.param({"data": [json.loads(TRIAL)]}, 1, id="data"),
            pytest.param({"2021": json.loads(TRIAL), "2022": json.loads(TRIAL)}, 2, id="map"),
            pytest.param({"x": {"2021": json.loads(TRIAL), "2022": json.loads(TRIAL)}}, 2, id="map below"),
            pytest.param({"result": json.loads(PAGE)}, 2, id="page"),
            pytest.param({"/a": json.loads(TRIAL)}, 1, id="slash"),
            pytest.param({"a.b": [json.loads(TRIAL)]}, 1, id="dot"),
            pytest.param({"": json.loads(TRIAL)}, 1, id="empty"),
            pytest.param({"": {"~": {"é\n'\"": json.loads(TRIAL)}}}, 1, id="escapes"),
            pytest.param(
                {"other": {"drksId": 1, "lastUpdate": 2}, "payload": json.loads(TRIAL)}, 1, id="beside another kind"
            ),
        ],
    )
    def test_it_is_right(self, source: dict[str, Any], count: int) -> None:
        for data in (json.dumps(source).encode(), json.dumps(source, ensure_ascii=False).encode()):
            assert len(parsed(data, suggested(data))) == count

    @few
    @given(NAMES, st.booleans(), st.sampled_from([TRIAL, b"[%s, %s]" % (TRIAL, TRIAL), PAGE]))
    def test_any_path(self, keys: list[str], first: bool, value: bytes) -> None:
        """The place that is suggested is that of what was wrapped."""
        data = inside(value, keys, {"s": 1}, first=first)

        assert suggested(data) == pointer(keys)
        assert [one.trial for one in parsed(data, suggested(data))] == [one.trial for one in parsed(value)]

    def test_lines(self) -> None:
        """In JSON lines it is the place in each line, in one sentence for all lines."""
        line = json.dumps({"p": json.loads(TRIAL)}).encode()
        data = b"\n".join([line] * 3)

        assert suggested(data) == "/p"
        assert len(parsed(data, "/p")) == 3

    def test_an_archive(self) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for number in range(3):
                archive.writestr(f"{number}.json", b'{"p": %s}' % TRIAL)

        assert suggested(made.getvalue()) == "/p"

    def test_a_long_place(self) -> None:
        with pytest.raises(UnrecognisedFormat, match="records_at=the JSON pointer to them") as found:
            parse(inside(TRIAL, ["x" * 500], {}))
        assert len(str(found.value)) < 300

    @pytest.mark.parametrize(
        "source",
        [
            [{"p": json.loads(TRIAL)}],
            {"a": json.loads(TRIAL), "b": {"c": json.loads(TRIAL)}},
            {"a": [json.loads(TRIAL)], "b": [json.loads(TRIAL)]},
        ],
        ids=["list", "two places", "two lists"],
    )
    def test_where_there_is_none(self, source: Any) -> None:
        """No place leads into the elements of a list, and none to records at several places."""
        with pytest.raises(UnrecognisedFormat) as found:
            parse(json.dumps(source).encode())
        assert "records_at" not in str(found.value)


def suggested(data: bytes) -> str:
    """Return the place that the error on a source names."""
    with pytest.raises(UnrecognisedFormat, match="JSON with records inside of it: pass records_at=") as found:
        parse(data)
    assert found.value.kind == "wrapped"
    said = str(found.value).partition("records_at=")[2].removesuffix(", or --records-at on the command line")
    at: str = ast.literal_eval(said)
    return at


def test_what_is_looked_at() -> None:
    assert len(some(JSON, 15)) >= 15
