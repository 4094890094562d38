"""Whole registers converted: nothing lost, the same output however the work is divided or interrupted."""

import io
import json
import multiprocessing
import os
import random
import signal
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import trialparse
from tests.bulk.converting import FIRST, begun, digests, in_small_shards, kill, lines_of
from tests.conftest import FIXTURES, QUICK, THOROUGH
from trialparse.bulk import shards, workers
from trialparse.bulk.conversion import NotConverted, NotResumable, NotStarted, convert
from trialparse.bulk.journal import NAME
from trialparse.bulk.parts import KINDS as KINDS_OF_PARTS
from trialparse.bulk.parts import Parts
from trialparse.bulk.shards import STDIN
from trialparse.parsing.options import Options
from trialparse.tabular import SCHEMAS

SOURCES = [
    *(
        FIXTURES / "ctis" / name
        for name in ("multinational.json", "portal.csv", "search_2026.json", "placebo_blinded.json")
    ),
    *(FIXTURES / "euctr" / name for name in ("six_countries.txt", "cut.txt", "results.xml", "not_found.html")),
    *(FIXTURES / "ctgov" / name for name in ("page.json", "empty_page.json", "studies.csv", "legacy_2016.xml")),
]
"""Sources of each notation; one is refused as a whole, one has no record."""

KINDS = ("jsonl", "csv", "parquet")

WORKERS = (2,) if QUICK else (2, 8)
"""Numbers of processes beside one."""

DEATHS = 20 if THOROUGH else 3 if QUICK else 4
"""How often runs are killed."""


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table in Parquet, in the order of its parts."""
    return [row for path in sorted((folder / name).iterdir()) for row in pq.read_table(path).to_pylist()]


def report(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return an output of each kind, made by one process."""
    made = {kind: tmp_path_factory.mktemp(kind) / "out" for kind in KINDS}
    for kind, folder in made.items():
        in_small_shards(SOURCES, folder, to=kind)
    return made


class TestNothingIsLost:
    """Each record of each source is in the output or in the report."""

    def test_read_and_reported_are_all(self, outputs: dict[str, Path], tmp_path: Path) -> None:
        summary = in_small_shards(SOURCES, outputs["parquet"], resume=True, report=tmp_path / "report")
        expected = Counter[str]()
        for path in SOURCES:
            try:
                expected.update("read" if one.ok else "failed" for one in trialparse.read(path))
            except trialparse.TrialParseError:
                expected["ends"] += 1
        *lines, sums = report(tmp_path / "report")
        bad = [line for line in lines if line["kind"] == "record"]
        ends = [Path(line["source"]).name for line in lines if line["kind"] == "source"]
        trials = table(outputs["parquet"], "trials")

        assert expected["read"] == summary.read == len(trials) == sums["read"]
        assert expected["failed"] == summary.failed == sum(line.get("count", 1) for line in bad)
        assert summary.records == summary.read + summary.failed
        assert ["not_found.html", "empty_page.json"] == ends
        assert summary.ends == 2

    def test_rows_are_those_of_the_tables(self, outputs: dict[str, Path]) -> None:
        given = [(str(path), one) for path in SOURCES[:2] for one in trialparse.read(path)]
        rows = trialparse.tabular.tables(given, only=["countries"])["countries"].to_pylist()
        made = [row for row in table(outputs["parquet"], "countries") if row["source"] in map(str, SOURCES[:2])]
        without = [{key: value for key, value in row.items() if key not in ("source", "record")} for row in made]

        assert len(rows) > 5
        assert [{key: value for key, value in row.items() if key != "record"} for row in rows] == without

    def test_lines_are_those_of_read(self, outputs: dict[str, Path]) -> None:
        lines = [line for path in sorted((outputs["jsonl"] / "trials").iterdir()) for line in report(path)]
        expected = [(str(path), one.place.record, one.trial.id) for path in SOURCES for one in _read(path)]

        assert len(expected) > 15
        assert expected == [(line["source"]["file"], line["record"], line["trial"].get("id")) for line in lines]

    def test_each_table_has_a_folder(self, outputs: dict[str, Path]) -> None:
        folders = {path.name for path in outputs["parquet"].iterdir() if path.is_dir()}

        assert folders == {*SCHEMAS}
        assert all(any((outputs["parquet"] / name).iterdir()) for name in folders)

    def test_one_bad_record_among_ten_thousand(self, tmp_path: Path) -> None:
        count = 10_000 if THOROUGH else 1_000
        place = count * 7 // 10
        source = lines_of(tmp_path / "rows.jsonl", count, {place: b'{"ctNumber": "2030-512345-15-00", "ctStatus": [}'})
        summary = convert(
            [source], tmp_path / "out", to="jsonl", diagnostics=False, report=tmp_path / "report", workers=2
        )
        bad, sums = report(tmp_path / "report")
        lines = sum(len(path.read_bytes().splitlines()) for path in (tmp_path / "out" / "trials").iterdir())

        assert (count - 1, 1, count) == (summary.read, summary.failed, sums["records"])
        assert lines == count - 1
        assert (str(source), place, "MalformedDocument") == (bad["source"], bad["record"], bad["problem"])
        assert f"line {place + 1}" in bad["path"]
        assert ["2030-512345-15-00"] == bad["numbers"]
        assert source.read_bytes()[bad["offset"] :].startswith(b'{"ctNumber": "2030-512345-15-00"')

    def test_without_contacts_the_report_has_no_words(self, tmp_path: Path) -> None:
        source = lines_of(tmp_path / "rows.jsonl", 3, {1: b'{"ctNumber": {"Ada Invented": 1, "Ada Invented": 2}, ]'})
        convert([source], tmp_path / "out", contacts=False, report=tmp_path / "report")

        assert b"MalformedDocument" in (tmp_path / "report").read_bytes()
        assert b"Invented" not in (tmp_path / "report").read_bytes()


def _read(path: Path) -> "list[trialparse.Parsed]":
    try:
        return [one for one in trialparse.read(path) if isinstance(one, trialparse.Parsed)]
    except trialparse.TrialParseError:
        return []


class TestTheSameOutput:
    """The output depends on the sources alone."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_any_number_of_workers(self, kind: str, outputs: dict[str, Path], tmp_path: Path) -> None:
        for number in WORKERS:
            in_small_shards(SOURCES, tmp_path / str(number), to=kind, workers=number)
        made = [digests(tmp_path / str(number)) for number in WORKERS]

        assert len(digests(outputs[kind])) > 5
        assert [digests(outputs[kind])] * len(WORKERS) == made

    @pytest.mark.parametrize("kind", KINDS[:2] if QUICK else KINDS)
    def test_of_runs_that_are_killed(self, kind: str, outputs: dict[str, Path], tmp_path: Path) -> None:
        draw, killed = random.Random(5), 0
        for _ in range(DEATHS):
            process = begun(SOURCES, tmp_path / "out", kind, 2)
            time.sleep(draw.uniform(0.4, 2.5))
            killed += process.poll() is None
            kill(process)
        process = begun(SOURCES, tmp_path / "out", kind, 2)
        said, _ = process.communicate()

        assert process.returncode == 0, said
        assert killed
        assert digests(outputs[kind]) == digests(tmp_path / "out")
        assert not [path for path in (tmp_path / "out").rglob(".*") if path.name != NAME]

    def test_of_runs_whose_workers_are_killed(self, outputs: dict[str, Path], tmp_path: Path) -> None:
        deaths = 0

        def moved(records: int, done: int) -> None:
            nonlocal deaths
            children = multiprocessing.active_children()
            if deaths < DEATHS and children:
                deaths += 1
                os.kill(children[0].pid or 0, signal.SIGKILL)

        in_small_shards(SOURCES, tmp_path / "out", workers=2, moved=moved, report=tmp_path / "report")
        said = [line for line in report(tmp_path / "report") if line["kind"] == "process"]

        assert deaths == DEATHS
        assert len(said) <= deaths
        assert digests(outputs["parquet"]) == digests(tmp_path / "out")

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_records_that_are_read_one_by_one(self, kind: str, tmp_path: Path) -> None:
        """As they are in a part that is begun again, because a process has died."""
        names = [*map(str, SOURCES)]
        for folder in ("many", "one"):
            parts = Parts(folder=tmp_path / folder, kind=KINDS_OF_PARTS[kind], diagnose=True)
            for shard in shards.shards(names, None, Options()):
                parts.write(shards.outcomes(shard.items(), Options()), shard.number, singly=folder == "one")

        assert digests(tmp_path / "many")
        assert digests(tmp_path / "many") == digests(tmp_path / "one")

    @pytest.mark.parametrize("kind", [*KINDS_OF_PARTS])
    def test_of_systems_that_rename_no_open_file(
        self, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As Windows."""
        streams: list[tuple[Path, Any]] = []
        closed: list[bool] = []
        open_it, replace_it = Path.open, Path.replace

        def opened(path: Path, *args: Any, **options: Any) -> Any:
            streams.append((path, open_it(path, *args, **options)))
            return streams[-1][1]

        def replace(path: Path, target: Path) -> Path:
            closed.extend(stream.closed for name, stream in streams if name == path)
            return replace_it(path, target)

        monkeypatch.setattr(Path, "open", opened)
        monkeypatch.setattr(Path, "replace", replace)
        parts = Parts(folder=tmp_path, kind=KINDS_OF_PARTS[kind], diagnose=True)
        [shard] = shards.shards([str(FIRST)], None, Options())
        tables = parts.write(shards.outcomes(shard.items(), Options()), 0)
        parts.finish([(0, table) for table in tables])

        assert len(closed) >= len(tables) > 0
        assert all(closed)

    def test_of_a_database_whose_folder_has_something_else_in_it(self, tmp_path: Path) -> None:
        """As `.DS_Store`, which macOS makes."""
        other = tmp_path / "out" / ".parts" / ".DS_Store"

        def moved(records: int, done: int) -> None:
            other.touch()

        summary = convert([FIRST], tmp_path / "out", to="duckdb", moved=moved)

        assert 1 == summary.read
        assert [".DS_Store"] == [path.name for path in other.parent.iterdir()]
        assert (tmp_path / "out" / "trials.duckdb").exists()

    def test_of_sources_that_change_between_runs(self, tmp_path: Path) -> None:
        sources = [tmp_path / f"{number}.json" for number in range(4)]
        for source in sources:
            source.write_bytes(FIRST.read_bytes())
        in_small_shards(sources, tmp_path / "out", to="jsonl")
        sources[1].write_bytes(FIRST.read_bytes().replace(b"Probefen", b"Probitol"))
        in_small_shards(sources[:3], tmp_path / "out", to="jsonl", resume=True)
        in_small_shards(sources[:3], tmp_path / "again", to="jsonl")

        assert 3 == len(digests(tmp_path / "again"))
        assert digests(tmp_path / "again") == digests(tmp_path / "out")

    def test_of_two_runs_over_other_sources_between(self, tmp_path: Path) -> None:
        """A run over other sources that is stopped leaves nothing of its own to the next one."""
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl")
        before = digests(tmp_path / "out")

        def stop(records: int, done: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            in_small_shards(SOURCES[2:4], tmp_path / "out", to="jsonl", resume=True, moved=stop)
        between = digests(tmp_path / "out")
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl", resume=True)

        assert before != between
        assert before == digests(tmp_path / "out")

    def test_what_is_done_is_not_done_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        given: list[int] = []
        give = workers.Workers.give

        def noted(self: Any, shard: Any) -> None:
            given.append(shard.number)
            give(self, shard)

        monkeypatch.setattr(workers.Workers, "give", noted)
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl")
        first = [*given]
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl", resume=True)

        assert len(first) > 1
        assert first == given

    def test_of_runs_whose_parts_were_removed(self, tmp_path: Path) -> None:
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl")
        before = digests(tmp_path / "out")
        first, *_ = sorted((tmp_path / "out" / "trials").iterdir())
        first.unlink()
        in_small_shards(SOURCES[:2], tmp_path / "out", to="jsonl", resume=True)

        assert first.exists()
        assert before == digests(tmp_path / "out")

    def test_of_standard_input(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with io.TextIOWrapper(FIRST.open("rb")) as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            summary = convert([STDIN], tmp_path / "out", to="jsonl")

        assert 1 == summary.read


class TestFoldersThatCannotBeUsed:
    def test_one_with_something_else_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        with pytest.raises(NotResumable, match="not empty"):
            convert([FIRST], tmp_path, resume=True)

        assert ["notes.txt"] == [path.name for path in tmp_path.iterdir()]

    def test_one_with_a_conversion(self, tmp_path: Path) -> None:
        convert([FIRST], tmp_path / "out", to="jsonl")
        before = digests(tmp_path / "out")
        with pytest.raises(NotResumable, match="holds a conversion: resume it"):
            convert([FIRST], tmp_path / "out", to="jsonl")
        with pytest.raises(NotResumable, match="other settings: contacts, "):
            convert([FIRST], tmp_path / "out", contacts=False, resume=True)

        assert before == digests(tmp_path / "out")

    def test_one_that_another_run_converts_to(self, tmp_path: Path) -> None:
        seen: list[str] = []

        def moved(records: int, done: int) -> None:
            with pytest.raises(NotResumable, match="another run"):
                convert([FIRST], tmp_path / "out", to="jsonl", resume=True)
            seen.append("refused")

        convert([FIRST], tmp_path / "out", to="jsonl", moved=moved)

        assert ["refused"] == seen


class TestSourcesThatGoWrong:
    def test_one_that_changes(self, tmp_path: Path) -> None:
        source = tmp_path / "many.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for number in range(9):
                archive.write(FIRST, f"{number}.json")

        def moved(records: int, done: int) -> None:
            with source.open("ab") as file:
                file.write(b"more")

        sources, found = [source, FIRST], tmp_path / "report"
        summary = in_small_shards(sources, tmp_path / "out", to="jsonl", moved=moved, report=found)
        [line] = [line for line in report(tmp_path / "report") if line["kind"] == "source"]

        assert 1 == summary.ends
        assert "the file changed while it was read" == line["text"]
        assert 10 == summary.read

    def test_ones_that_are_not_there(self, tmp_path: Path) -> None:
        summary = convert([tmp_path / "none.json", FIRST], tmp_path / "out", report=tmp_path / "report")
        line, _ = report(tmp_path / "report")
        [row] = [row for row in table(tmp_path / "out", "diagnostics") if row["source"] == str(tmp_path / "none.json")]

        assert (1, 1) == (summary.ends, summary.read)
        assert "it cannot be opened: No such file or directory" == line["text"] == row["text"]


class TestSourcesThatAreNamed:
    def test_one_of_several_names_has_the_first(self, tmp_path: Path) -> None:
        (tmp_path / "link.json").symlink_to(FIRST)
        sources = [FIRST, tmp_path / "link.json", FIRST.parent / ".." / FIRST.parent.name / FIRST.name]
        summary = convert(sources, tmp_path / "out")

        assert 1 == summary.read
        assert [str(FIRST)] == [row["source"] for row in table(tmp_path / "out", "trials")]

    def test_one_path_is_no_list(self, tmp_path: Path) -> None:
        for one in (str(FIRST), FIRST):
            with pytest.raises(TypeError, match="sources is a list of paths"):
                convert(one, tmp_path / "out")  # type: ignore[arg-type]  # one path is no list of paths

        assert not (tmp_path / "out").exists()

    def test_a_report_is_none_of_them(self, tmp_path: Path) -> None:
        source = tmp_path / "one.json"
        source.write_bytes(FIRST.read_bytes())
        with pytest.raises(ValueError, match="is one of the sources"):
            convert([source], tmp_path / "out", report=f"{tmp_path}/./one.json")

        assert FIRST.read_bytes() == source.read_bytes()


class TestRunsThatCannotGoOn:
    """The report says why."""

    @pytest.mark.parametrize("kind", ["jsonl", "duckdb"])
    def test_one_whose_parts_are_removed(self, kind: str, tmp_path: Path) -> None:
        removed: list[Path] = []

        def moved(records: int, done: int) -> None:
            if not removed:
                removed.append(
                    next(path for path in (tmp_path / "out").rglob("part-*") if path.parent.name == "trials")
                )
                removed[0].unlink()

        with pytest.raises(FileNotFoundError, match="removed during the run"):
            in_small_shards(SOURCES[:3], tmp_path / "out", to=kind, report=tmp_path / "report", moved=moved)
        ended, _ = report(tmp_path / "report")
        again = in_small_shards(SOURCES[:3], tmp_path / "out", to=kind, resume=True)

        assert ("run", "it was removed during the run") == (ended["kind"], ended["text"])
        assert again.read == in_small_shards(SOURCES[:3], tmp_path / "other", to=kind).read
        assert 1 == len(removed)

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), NotStarted("no"), NotConverted("no")])
    def test_each_has_a_line(self, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(self: Any, shard: Any) -> None:
            raise error

        monkeypatch.setattr(workers.Workers, "give", fails)
        with pytest.raises(type(error)):
            in_small_shards(SOURCES[:3], tmp_path / "out", to="jsonl", report=tmp_path / "report")
        ended, sums = report(tmp_path / "report")

        assert ("run", type(error).__name__) == (ended["kind"], ended["problem"])
        assert ended["text"] in str(error)
        assert "sums" == sums["kind"]
