"""The census: everything in a corpus is counted once, and what changes between two censuses is seen."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import fixture_files
from trialparse.bulk.census import Census, Drift, Seen, compare, load, save, take
from trialparse.diagnostics import MalformedDocument
from trialparse.parsing.audit import Word
from trialparse.parsing.calls import parse, read

INFORMATION = ("authorizedApplication", "authorizedPartI", "trialDetails", "trialInformation")
PHASE = ".".join((*INFORMATION, "trialCategory", "trialPhase"))


@pytest.fixture
def written(fixtures: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the sample record with a change."""

    def write(name: str, change: Callable[[Any], None] = lambda record: None) -> Path:
        record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        change(record)
        path = tmp_path / name
        path.write_text(json.dumps(record), encoding="utf-8")
        return path

    return write


def category(record: Any) -> Any:
    """Return the object that holds the phase."""
    for key in INFORMATION:
        record = record[key]
    return record["trialCategory"]


def rename(record: Any) -> None:
    category(record)["trialPhaze"] = category(record).pop("trialPhase")


def empty(record: Any) -> None:
    category(record)["trialPhase"] = None


def reword(record: Any) -> None:
    category(record)["trialPhase"] = "77"


class TestCounts:
    """A census is the sum of the audits and diagnostics of its records."""

    def test_leaves(self) -> None:
        files = fixture_files("ctis")
        census = take(files)
        audits = [outcome.audit() for file in files for outcome in read(file) if outcome.ok]

        assert sum(audit.leaves for audit in audits) == census.audit.leaves
        assert sum(audit.mapped for audit in audits) == census.audit.mapped
        assert len(audits) == census.records
        assert not census.failures

    def test_paths(self, written: Callable[..., Path]) -> None:
        census = take([written("a.json"), written("b.json"), written("c.json", empty), written("d.json", rename)])
        [tally] = census.formats.values()

        assert Seen(records=3, filled=2) == tally.paths[PHASE]
        assert Seen(records=1, filled=1) == tally.paths[PHASE.replace("Phase", "Phaze")]

    def test_unknown_keys(self, written: Callable[..., Path]) -> None:
        file = written("new.json", rename)
        [tally] = take([written("old.json"), file]).formats.values()
        path = PHASE.replace("Phase", "Phaze")

        assert 1 == tally.audit.unmapped[path]
        assert f"{file} /{path.replace('.', '/')}" == tally.examples[path]

    def test_unknown_words(self, written: Callable[..., Path]) -> None:
        files = [written("a.json", reword), written("b.json", reword), written("c.json")]
        [tally] = take(files).formats.values()
        word = Word(PHASE, "77")

        assert {word: 2} == tally.words
        assert f"{files[0]} /{PHASE.replace('.', '/')}" == tally.examples[word]

    def test_a_word_counts_once_for_each_leaf(self, fixtures: Path, tmp_path: Path) -> None:
        """However many fields it is read for, and in whatever element of a list or object it stands."""
        record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
        parts = [part["mscInfo"] for run in record["applications"] for part in run["partIIInfo"].values()]
        for state in parts:
            state["trialStatus"] = "Dormant"
        path = tmp_path / "v1.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        [tally] = take([path]).formats.values()

        state = Word("applications.partIIInfo{}.mscInfo.trialStatus", "Dormant")
        assert {state: len(parts)} == {word: count for word, count in tally.words.items() if word.text == "Dormant"}

    def test_failures(self, written: Callable[..., Path], tmp_path: Path) -> None:
        bad = tmp_path / "page.html"
        bad.write_text("<html></html>")
        lines = tmp_path / "lines.jsonl"
        lines.write_bytes(written("a.json").read_bytes() + b"\n{}\n" + written("b.json").read_bytes() + b"\n")
        census = take([bad, lines])

        assert {"UnrecognisedFormat": 2} == census.failures
        assert 2 == census.records

    def test_one_by_one(self, written: Callable[..., Path]) -> None:
        census = Census()
        census.add(parse(written("a.json")), "here", 4)
        census.add(parse(written("b.json", reword)), "there", 5)
        [tally] = census.formats.values()

        assert [f"there record 5 /{PHASE.replace('.', '/')}"] == [tally.examples[word] for word in tally.words]


class TestDrift:
    """A path is new, gone, or no longer filled; all else is no drift."""

    def test_itself(self) -> None:
        census = take(fixture_files("ctis"))

        assert {} == compare(census, census)

    def test_renamed(self, written: Callable[..., Path]) -> None:
        [drift] = compare(take([written("now.json", rename)]), take([written("then.json")])).values()

        assert ([PHASE.replace("Phase", "Phaze")], [PHASE], []) == (
            list(drift.new),
            list(drift.gone),
            list(drift.emptied),
        )
        assert 1 == drift.expected(PHASE)
        assert 0 == drift.expected("elsewhere")

    def test_emptied(self, written: Callable[..., Path]) -> None:
        [drift] = compare(take([written("now.json", empty)]), take([written("then.json")])).values()

        assert ([], [], [PHASE]) == (list(drift.new), list(drift.gone), list(drift.emptied))

    @staticmethod
    def documents(*entries: Any) -> Callable[[Any], None]:
        """Return a change that puts these documents in."""
        return lambda record: record.update(documents=list(entries))

    def drift(self, written: Callable[..., Path], now: Any, then: Any) -> Drift:
        censuses = take([written("now.json", now)]), take([written("then.json", then)])
        return compare(*censuses).get("ctis-retrieve", Drift(records=(1, 1)))

    def test_a_list_was_filled(self, written: Callable[..., Path]) -> None:
        """What was empty and now holds something is not gone, for it stands below."""
        drift = self.drift(written, self.documents({"title": "A"}), self.documents())

        assert (["documents.title"], [], []) == (list(drift.new), list(drift.gone), list(drift.emptied))

    def test_a_list_was_emptied(self, written: Callable[..., Path]) -> None:
        """What stood in it is not gone but no longer filled, and the list itself is not new."""
        drift = self.drift(written, self.documents(), self.documents({"title": "A", "version": None}))

        assert ([], [], ["documents.title"]) == (list(drift.new), list(drift.gone), list(drift.emptied))

    def test_a_key_left_a_list(self, written: Callable[..., Path]) -> None:
        """Where others stand in the list it is gone, though the list is empty in other records."""
        then = take([written("then.json", self.documents({"title": "A", "version": "1"}))])
        now = take([written("a.json", self.documents({"title": "A"})), written("b.json", self.documents())])
        [drift] = compare(now, then).values()

        assert ([], ["documents.version"], []) == (list(drift.new), list(drift.gone), list(drift.emptied))

    def test_a_value_became_an_object(self, written: Callable[..., Path]) -> None:
        drift = self.drift(written, self.documents({"title": {"en": "A"}}), self.documents({"title": "A"}))

        assert (["documents.title.en"], [], []) == (list(drift.new), list(drift.gone), list(drift.emptied))

    def test_a_new_word(self, written: Callable[..., Path], tmp_path: Path) -> None:
        then = take([written("then.json")])
        now = take([written("a.json", reword), written("b.json", reword)])
        save(then, tmp_path / "census.json")
        for before in (then, load(tmp_path / "census.json")):
            [drift] = compare(now, before).values()

            assert ({Word(PHASE, "77"): 2}, {}, {}) == (drift.words, drift.new, drift.gone)
        assert {} == compare(then, now)

    def test_a_census_without_words(self, written: Callable[..., Path], tmp_path: Path) -> None:
        """One that an early version saved says nothing of words, so none of them is new."""
        path = tmp_path / "census.json"
        save(take([written("then.json")]), path)
        whole = json.loads(path.read_bytes())
        for tally in whole["formats"].values():
            del tally["words"]
        path.write_text(json.dumps(whole), encoding="utf-8")

        assert {} == compare(take([written("now.json", reword)]), load(path))

    def test_chance(self, written: Callable[..., Path]) -> None:
        """What stood in one record of two is expected in half of the records."""
        then = take([written("a.json"), written("b.json", rename)])
        [drift] = compare(take([written("now.json", rename)]), then).values()

        assert 0.5 == drift.expected(PHASE)

    def test_other_formats_say_nothing(self, fixtures: Path) -> None:
        now = take([fixtures / "ctis" / "portal.csv"])
        then = take([fixtures / "ctis" / "immunostem.json"])

        assert {} == compare(now, then)


class TestFile:
    """What is saved is loaded again; anything else is a MalformedDocument."""

    def test_round_trip(self, tmp_path: Path) -> None:
        census = take(fixture_files("ctis"))
        save(census, tmp_path / "census.json")
        loaded = load(tmp_path / "census.json")

        assert {} == compare(census, loaded) == compare(loaded, census)
        assert census.records == loaded.records
        for part in ("paths", "words"):
            assert {name: getattr(tally, part) for name, tally in census.formats.items()} == {
                name: getattr(tally, part) for name, tally in loaded.formats.items()
            }

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "null",
            "[]",
            "{}",
            "\x80",
            "[" * 100_000,
            '{"census": 2, "formats": {}}',
            '{"census": 1, "formats": []}',
            '{"census": 1, "formats": {"a": []}}',
            '{"census": 1, "formats": {"a": {"records": "1", "paths": {}}}}',
            '{"census": 1, "formats": {"a": {"records": 1, "paths": {"b": [1]}}}}',
            '{"census": 1, "formats": {"a": {"records": 1, "paths": {"b": {"0": 1, "1": 2}}}}}',
            '{"census": 1, "formats": {"a": {"records": 1, "paths": {}, "words": {"b": 1}}}}',
            '{"census": 1, "formats": {"a": {"records": 1, "paths": {}, "words": [["b", "c"]]}}}',
        ],
    )
    def test_refused(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "census.json"
        path.write_bytes(text.encode("latin-1"))

        with pytest.raises(MalformedDocument, match="not a census"):
            load(path)

    def test_a_missing_file_is_an_oserror(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="nowhere"):
            load(tmp_path / "nowhere.json")
