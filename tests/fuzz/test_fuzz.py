"""The attack and the fuzzer look at what they should, and notice what is wrong."""

import gzip
import pickle
import zipfile
from collections import Counter
from random import Random
from typing import Any
from unittest import mock

import pytest

from tests.conftest import FIXTURES
from tests.counting import some
from tests.fuzz import attack, changes, harness, held
from tests.fuzz.changes import CHANGES, KINDS, changed, made
from tests.fuzz.held import OPTIONS, Disagreement, Held, hold, options_of
from tests.parsing.documents import every_format
from trialparse import Limits, MalformedDocument, Parsed, parse
from trialparse.mapping.format import Format
from trialparse.registries import FORMATS

STUDY = (FIXTURES / "ctgov" / "study.json").read_bytes()


class TestHeld:
    """What must hold of any bytes is noticed where it does not."""

    def test_what_is_counted(self) -> None:
        assert Held(records=1, agreed=1, asked=1) == hold(STUDY, agreement=True, operations=True)
        assert Held(records=1) == hold(STUDY)
        assert Held(refused=1) == hold(b"{", agreement=True, operations=True)
        assert Held(records=1, failures=1) == hold(b'{"studies": [1, {}]}')
        assert Held(records=2, refused=1) == Held(records=1) + Held(records=1, refused=1)

    def test_runs_are_compared_where_they_see_one_record(self) -> None:
        assert [1, 1, 0, 0] == [hold(STUDY, agreement=True, **options).agreed for options in OPTIONS]

    def test_a_limit_is_an_answer(self) -> None:
        deep = STUDY.rstrip()[:-1] + b', "deep": %s1%s}' % (b"[" * 30, b"]" * 30)

        assert hold(deep, agreement=True, operations=True, limits=Limits(depth=30)).records

    @pytest.mark.parametrize("answer", ["a value", MalformedDocument("x")])
    def test_something_else(self, answer: object) -> None:
        with mock.patch.object(held, "read", return_value=iter([answer])), pytest.raises(Disagreement):
            hold(b"")

    def test_a_foreign_exception(self) -> None:
        with mock.patch.object(Parsed, "audit", side_effect=KeyError), pytest.raises(KeyError):
            hold(STUDY, operations=True)

    def test_runs_that_differ(self) -> None:
        other = parse(FIXTURES / "ctgov" / "withheld.json")
        parsed = parse(STUDY)
        parsed.trial = other.trial
        with mock.patch.object(held, "read", return_value=iter([parsed])), pytest.raises(Disagreement):
            hold(STUDY, agreement=True)

    def test_a_pickle_that_differs(self) -> None:
        other = parse(FIXTURES / "ctgov" / "withheld.json")
        with mock.patch.object(pickle, "loads", return_value=other), pytest.raises(Disagreement):
            hold(STUDY, operations=True)


class TestMade:
    """Documents are the same for the same seed, of every kind, and many of them can be read."""

    @every_format
    def test_again(self, format: Format) -> None:
        first = [made(format, 1, number) for number in range(len(KINDS))]
        total = sum((hold(data) for data in some(first)), Held())

        assert first == [made(format, 1, number) for number in range(len(KINDS))]
        assert first != [made(format, 2, number) for number in range(len(KINDS))]
        assert total.records > 0

    @pytest.mark.parametrize("change", sorted({*CHANGES}, key=lambda change: change.__name__))
    def test_each_change(self, change: Any) -> None:
        """Each changes documents of each notation, also one that is empty."""
        for notation in some(sorted({format.notation.name for format in FORMATS}), 6):
            found = {change(STUDY, Random(seed), notation) for seed in range(8)}
            assert found != {STUDY}
            assert isinstance(change(b"", Random(1), notation), bytes)

    def test_how_large(self) -> None:
        found = [changed(STUDY, Random(seed), "json", 8) for seed in range(60)]

        assert max(map(len, some(found))) <= 2 * changes.LARGEST


class TestAttack:
    """The table has what was done, and what was wrong."""

    def test_a_line(self) -> None:
        [format] = [one for one in FORMATS if one.name == "ctis-search-row"]
        line = attack.Line(format.name)
        attack.attack(format, 1, range(60), line)
        name, *cells = attack.row(line)

        assert (format.name, 60, 0, 0) == (name, line.count, line.foreign, line.disagreements)
        assert (10, 10) == (line.compared, line.operated)
        assert line.held.records > 10
        assert line.reading[0] > 0
        assert len(attack.COLUMNS) == len([name, *cells])
        assert "60 documents: 10 compared, 10 asked for everything" in attack.table([line])

    def test_shares(self) -> None:
        """One document in ten of each kind is compared, and one in twenty is asked for everything."""
        turns = [number // len(KINDS) for number in range(5000)]

        assert 500 == sum(attack.is_compared(turn) for turn in turns)
        assert 250 == sum(attack.is_asked(turn) for turn in turns)

    @pytest.mark.parametrize(("error", "found"), [(KeyError("x"), (3, 0)), (Disagreement("x"), (0, 3))])
    def test_what_is_wrong(self, error: Exception, found: Any, capsys: pytest.CaptureFixture[str]) -> None:
        line = attack.Line("ctgov-study")
        [format] = [one for one in FORMATS if one.name == line.name]
        with mock.patch.object(attack, "hold", side_effect=[Held(), error, error, error, Held()]):
            attack.attack(format, 1, range(4), line)

        assert found == (line.foreign, line.disagreements)
        assert 1 == capsys.readouterr().out.count("ctgov-study --only 0, read with")

    def test_options(self) -> None:
        found = Counter(str(options_of(number)) for number in range(10))

        assert {str(options): 4 if options == {} else 2 for options in OPTIONS} == found
        assert {"contacts"} == {name for number in range(5) for name in options_of(number, comparable=True)}


class TestHarness:
    """Each harness begins with documents that are read, and holds an input to the law."""

    @pytest.mark.parametrize("name", harness.NOTATIONS)
    def test_seeds(self, name: str) -> None:
        found = some(harness.seeds(name), 4)
        for data in found[::5]:
            harness.hold_one(name, data)
        read = sum((hold(data) for data in found), Held())

        assert read.records >= len(found) / 2
        assert max(map(len, found)) <= harness.LARGEST

    def test_an_archive(self) -> None:
        data = harness.archive([STUDY, b"x"], zipfile.ZIP_DEFLATED)

        assert (2, 1) == ((found := hold(data)).records, found.failures)
        assert gzip.compress(STUDY, mtime=0) in harness.archive([STUDY], zipfile.ZIP_STORED)

    def test_what_is_found(self, tmp_path: Any) -> None:
        found = harness.Found(tmp_path / "a")
        for data in (b"one", b"two"):
            try:
                raise KeyError(data)
            except KeyError as error:
                found.note(data, error)
        written = sorted(path.read_bytes() for path in (tmp_path / "a").iterdir() if not path.suffix)

        assert [b"one"] == written
