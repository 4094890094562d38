"""Equal failures of one document that come one after another are one with a count: each class docstring is a law."""

import io
import json
import pickle
import zipfile
from itertools import groupby
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from trialparse import Failure, MalformedDocument, NotOneRecord, TrialParseError, parse, read
from trialparse.bulk.census import take
from trialparse.cli import main
from trialparse.parsing.parsed import Outcome

GOOD = b'{"ctNumber": "2026-590101-24-00", "trialCountries": []}'
KINDS = {"good": GOOD, "value": b"1", "empty": b"{}", "keys": b'{"a": 1}', "others": b'{"b": 1}'}


def runs(kinds: list[str]) -> list[tuple[int, int]]:
    """Return index and count of the outcomes that records of these kinds must have."""
    found, index = [], 0
    for kind, same in groupby(kinds):
        count = len([*same])
        found += [(index + n, 1) for n in range(count)] if kind == "good" else [(index, count)]
        index += count
    return found


def shown(outcome: Outcome) -> tuple[int, int]:
    return (outcome.index, outcome.count) if isinstance(outcome, Failure) else (outcome.place.record, 1)


class TestFolded:
    """Counts add up to the records, indexes go on behind them, and nothing else is one."""

    @given(st.lists(st.sampled_from(sorted(KINDS)), min_size=1), st.booleans())
    def test_runs(self, kinds: list[str], contacts: bool) -> None:
        found = list(read(b"[" + b",".join(map(KINDS.__getitem__, kinds)) + b"]", contacts=contacts))
        if contacts:
            assert [shown(one) for one in found] == runs(kinds)
        else:  # the keys are withheld, and then two kinds are the same
            assert [shown(one) for one in found] == runs([kind.replace("others", "keys") for kind in kinds])
        assert [one.place.path for one in found] == [f"/{shown(one)[0]}" for one in found]

    def test_members_are_apart(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in "abc":
                archive.writestr(name, b"[1, 1]")
        found = list(read(file.getvalue()))
        assert [(shown(one), one.place.member) for one in found] == [((0, 2), "a"), ((2, 2), "b"), ((4, 2), "c")]

    def test_what_comes_after(self) -> None:
        found = read(b"[1, 1, 1, ")
        assert shown(next(found)) == (0, 3)
        with pytest.raises(MalformedDocument, match="truncated"):
            next(found)
        found = read(b"[1, 1, 1]")
        assert [shown(one) for one in found] == [(0, 3)]
        assert list(found) == []

    def test_one_record(self) -> None:
        with pytest.raises(TrialParseError, match="single JSON value"):
            parse(b"[1]")
        for several in (b"[1, 1]", b"[1, " + GOOD + b"]", b"[" + GOOD + b", 1]"):
            with pytest.raises(NotOneRecord, match="not all could be read"):
                parse(several)

    def test_shown_and_pickled(self) -> None:
        [failure] = read(b"[1, 1, 1]")
        assert repr(failure) == "<Failure record 0 '/0' and 2 after it: UnrecognisedFormat>"
        assert repr(pickle.loads(pickle.dumps(failure))) == repr(failure)

    def test_many_are_not_held(self) -> None:
        assert len(pickle.dumps(list(read(b"[" + b"1," * 9999 + b"1]")))) < 2000


class TestReports:
    """Reports count records, whether their failures are one or not."""

    def test_command(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(b"[1, 1, " + GOOD + b", {}]")
        result = CliRunner().invoke(main, ["read", str(path)])
        assert result.exit_code == 1
        assert [json.loads(line)["record"] for line in result.stdout.splitlines()] == [2]
        first, second = result.stderr.splitlines()
        assert "record 0 /0 and 1 after it: UnrecognisedFormat" in first
        assert "record 3 /3: UnrecognisedFormat" in second

    @pytest.mark.parametrize(("record", "code"), [(1, 1), (2, 1), (4, 2)])
    def test_one_record_of_it(self, tmp_path: Path, record: int, code: int) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(b"[1, 1, " + GOOD + b", {}]")
        result = CliRunner().invoke(main, ["explain", str(path), "id", "--record", str(record)])
        assert result.exit_code == code
        assert ("2026-590101-24-00 id" in result.stdout) is (record == 2)
        assert ("there is no record" in result.stderr) is (code == 2)

    def test_census(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(b"[1, 1, " + GOOD + b", {}]")
        census = take([path])
        assert (census.records, census.failures) == (1, {"UnrecognisedFormat": 3})
