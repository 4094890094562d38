"""What no text can hold, and what no float can: each class docstring is a law."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trialparse import Failure, Problem, from_json, overview, parse, read, to_json
from trialparse.model.terms import MissingKind
from trialparse.parsing.parsed import Parsed

HALVES = ("\\ud800", "\\uDFFF", "\\ud83d\\u0041", "\\udc00\\ud800")
"""Halves of surrogate pairs as JSON writes them."""


def written(parsed: Parsed) -> list[str]:
    """Return all that is written of a record; each of it is text that can be encoded."""
    texts = [to_json(parsed.trial), parsed.to_json(), overview(parsed), repr(parsed)]
    texts += [str(diagnostic) for diagnostic in parsed.diagnostics]
    for text in texts:
        text.encode()
    assert from_json(texts[0]) == parsed.trial
    return texts


def with_first(data: bytes, before: bytes, after: str) -> bytes:
    """Return a document with a text put behind the first match of what stands before it."""
    made = data.replace(before, before + after.encode(), 1)
    assert made != data
    return made


class TestHalves:
    """Half of a surrogate pair is read as U+FFFD and reported, and takes no neighbour along."""

    @pytest.mark.parametrize("half", HALVES)
    @pytest.mark.parametrize("contacts", [True, False])
    def test_in_a_text(self, half: str, contacts: bool, fixtures: Path) -> None:
        data = with_first((fixtures / "ctis" / "immunostem.json").read_bytes(), b'"publicTitle": "', half)
        parsed = parse(data, contacts=contacts)
        assert parsed.trial.public_title is not None
        assert parsed.trial.public_title.startswith("\ufffd")
        (found,) = [one for one in parsed.diagnostics if one.problem is Problem.HALF_PAIR]
        assert found.place.path.endswith("/publicTitle")
        written(parsed)

    @pytest.mark.parametrize("half", HALVES)
    def test_in_a_key(self, half: str, fixtures: Path) -> None:
        data = with_first((fixtures / "ctis" / "immunostem.json").read_bytes(), b"{", f'"zz{half}":[],')
        parsed = parse(data)
        assert len([one for one in parsed.diagnostics if one.problem is Problem.HALF_PAIR]) == 1
        assert len(parsed.audit().unmapped) == 1
        written(parsed)

    def test_a_pair_and_an_escaped_backslash_are_none(self, fixtures: Path) -> None:
        data = with_first(
            (fixtures / "ctis" / "immunostem.json").read_bytes(), b'"publicTitle": "', "\\ud83d\\ude00 \\\\ud800 "
        )
        parsed = parse(data)
        assert (parsed.trial.public_title or "").startswith("\U0001f600 \\ud800 ")
        assert Problem.HALF_PAIR not in {one.problem for one in parsed.diagnostics}

    @pytest.mark.parametrize("form", ["array", "lines", "page"])
    def test_neighbours(self, form: str, fixtures: Path) -> None:
        if form == "page":
            page = json.loads((fixtures / "ctis" / "search_2026.json").read_bytes())
            page["data"][1]["ctTitle"] = "\ud800"
            page["more\udc00"] = ""
            data = json.dumps(page).encode()
        else:
            record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
            whole = json.dumps(record)
            broken = whole.replace('"publicTitle": "', '"publicTitle": "\\ud800', 1)
            assert broken != whole
            between = {"array": ", ", "lines": "\n"}[form]
            data = between.join((whole, broken, whole)).encode()
            data = b"[" + data + b"]" if form == "array" else data
        found = list(read(data))
        assert [one.ok for one in found] == [True, True, True]
        reported = [[d.problem for d in one.diagnostics].count(Problem.HALF_PAIR) for one in found]
        assert reported == ([1, 1, 0] if form == "page" else [0, 1, 0])
        for one in found:
            written(one)

    def test_in_each_cell(self, fixtures: Path) -> None:
        text = (fixtures / "ctis" / "portal.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        kept = 0
        for column in range(len(rows[1])):
            for cell in ('["\\ud800"]', '{"a": "\\udfff"}', "[1e400, NaN]", '{"a": 1, "a": 2}', '"\\ud800"'):
                changed = [list(row) for row in rows]
                changed[1][column] = cell
                out = io.StringIO()
                csv.writer(out).writerows(changed)
                found = list(read(out.getvalue().encode()))
                assert not any(isinstance(one, Failure) for one in found)
                kept += json.dumps(cell)[1:-1] in written(found[0])[0]
        assert kept > 20

    def test_in_a_value_that_a_doubled_key_loses(self, fixtures: Path) -> None:
        data = with_first((fixtures / "ctis" / "immunostem.json").read_bytes(), b"{", '"zz":"\\ud800","zz":"",')
        assert Problem.HALF_PAIR in {one.problem for one in parse(data).diagnostics}

    def test_many_cost_no_square(self, steps: Callable[[Callable[[], object]], int]) -> None:
        def page(count: int) -> bytes:
            row = b'{"ctNumber":"\\ud800","ctTitle":"a"}'
            return b'{"pagination":{},"data":[' + b",".join([row] * count) + b"]}"

        list(read(page(2)))
        few, many = (steps(lambda count=count: list(read(page(count)))) for count in (100, 400))
        assert many < 5 * few

    def test_in_a_page_and_in_xml(self, fixtures: Path) -> None:
        page = (fixtures / "euctr" / "protocol.html").read_bytes()
        marked = re.sub(rb'(class="third">)', rb"\1&#xD800;&#57343; ", page)
        assert marked != page
        parsed = parse(marked)
        written(parsed)
        assert Problem.HALF_PAIR in {one.problem for one in parsed.diagnostics}
        xml = (fixtures / "rebec" / "registry.xml").read_bytes()
        assert not any(one.ok for one in _outcomes(xml.replace(b"<public_title>", b"<public_title>&#xD800;")))


def _outcomes(data: bytes) -> list[Any]:
    from trialparse import TrialParseError

    try:
        return list(read(data))
    except TrialParseError:
        return []


class TestNumbers:
    """A number that no float holds keeps its words, with contacts and without."""

    @pytest.mark.parametrize("number", ["1e400", "-1E+400", "1" * 400, "1" * 30, "1.5", "0.5e999"])
    def test_with_and_without_contacts(self, number: str, fixtures: Path) -> None:
        data = (fixtures / "ctis" / "immunostem.json").read_bytes()
        made = re.sub(rb'"rowSubjectCount": ?\d+', b'"rowSubjectCount":' + number.encode(), data)
        assert made != data
        plain, withheld = parse(made), parse(made, contacts=False)
        unread = [[m for m in one.trial.missing if m.kind is MissingKind.UNREADABLE] for one in (plain, withheld)]
        assert unread[0] == unread[1] != []
        assert number.encode() in plain.raw
        assert number.encode() in withheld.raw
        for parsed in (plain, withheld):
            (source,) = parsed.evidence("enrolment.planned_elsewhere").unread
            assert source.text == number
            assert number in {one.text for one in parsed.diagnostics}
            written(parsed)

    def test_in_a_text(self, fixtures: Path) -> None:
        data = re.sub(
            rb'"publicTitle": ?"[^"]*"',
            b'"publicTitle":1e400',
            (fixtures / "ctis" / "immunostem.json").read_bytes(),
        )
        for contacts in (True, False):
            assert parse(data, contacts=contacts).trial.public_title == "1e400"
