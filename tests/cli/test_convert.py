"""`trialparse convert`: exit codes, what it says at the end, and what ends it from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bulk.converting import lines_of
from tests.cli.commands import RUN, run, shell
from tests.conftest import FIXTURES

ONE = FIXTURES / "ctis" / "immunostem.json"
SEVERAL = FIXTURES / "ctis" / "portal.csv"
EMPTY = FIXTURES / "ctgov" / "empty_page.json"


HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""Lets a program hear Ctrl-C where the shell that started it lets it be ignored."""


class TestExitCodes:
    def test_all_was_read(self, tmp_path: Path) -> None:
        found = run("convert", ONE, SEVERAL, "-o", tmp_path / "out", "--workers", 1)

        assert 0 == found.exit_code, found.output
        assert found.stderr.startswith("records: 5 read, 0 not read\n")
        assert 5 == pq.read_table(tmp_path / "out" / "trials").num_rows

    def test_some_was_not(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_bytes(b"{")
        found = run("convert", ONE, bad, "-o", tmp_path / "out", "--report", tmp_path / "report")
        line, sums = map(json.loads, (tmp_path / "report").read_bytes().splitlines())

        assert 1 == found.exit_code, found.output
        assert "files that have no record or were not read to their end: 1" in found.stderr
        assert (str(bad), "source") == (line["source"], line["kind"])
        assert (1, 1, 0, 1) == (sums["records"], sums["read"], sums["failed"], sums["ends"])

    def test_some_is_no_file(self, tmp_path: Path) -> None:
        sources = tmp_path / "sources"
        sources.mkdir()
        (sources / "one.json").write_bytes(ONE.read_bytes())
        (sources / "link").symlink_to("nowhere")
        (sources / "b\udcff").symlink_to("nowhere")
        os.mkfifo(sources / "pipe")
        found = run("convert", sources, "-o", tmp_path / "out", "--report", tmp_path / "report", "--to", "jsonl")
        *lines, sums = map(json.loads, (tmp_path / "report").read_bytes().splitlines())

        assert 1 == found.exit_code, found.output
        assert "link: not read: a link that leads nowhere" in found.stderr
        assert ["b\\xff", "link", "pipe"] == [line["source"].rpartition("/")[2] for line in lines]
        assert "it is not read: a named pipe" == lines[-1]["text"]
        assert (1, 1, 0, 3) == (sums["records"], sums["read"], sums["failed"], sums["ends"])

    @pytest.mark.parametrize("source", [EMPTY, FIXTURES / "euctr" / "not_found.html"])
    def test_no_record(self, tmp_path: Path, source: Path) -> None:
        found = run("convert", source, "-o", tmp_path / "out")

        assert 2 == found.exit_code, found.output
        assert found.stderr.startswith("records: 0 read")

    def test_a_folder_that_is_not_empty(self, tmp_path: Path) -> None:
        (tmp_path / "mine").touch()
        found = run("convert", ONE, "-o", tmp_path)

        assert 2 == found.exit_code
        assert "is not empty, so choose another folder" in found.stderr

    def test_a_second_run(self, tmp_path: Path) -> None:
        first = run("convert", ONE, "-o", tmp_path / "out", "--to", "jsonl")
        second = run("convert", ONE, "-o", tmp_path / "out", "--to", "jsonl")
        third = run("convert", ONE, "-o", tmp_path / "out", "--to", "jsonl", "--resume")

        assert (0, 2, 0) == (first.exit_code, second.exit_code, third.exit_code)
        assert first.stderr == third.stderr

    def test_the_disk_is_full(self, tmp_path: Path) -> None:
        command = [
            *RUN,
            "convert",
            str(FIXTURES / "ctgov" / "results.json"),
            "-o",
            str(tmp_path / "out"),
            "--to",
            "csv",
        ]
        limited = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", *command]
        found = subprocess.run(limited, capture_output=True, check=False, timeout=120)
        left = [*(tmp_path / "out").rglob(".*part-*")]

        assert 2 == found.returncode, found.stderr
        assert b"cannot write" in found.stderr
        assert b"Traceback" not in found.stderr
        assert [] == left

    def test_the_journal_cannot_be_written(self, tmp_path: Path) -> None:
        bad = {number: b'{"k%d": 1}' % number for number in range(1, 300)}  # each has a line, in the journal too
        source = lines_of(tmp_path / "many.jsonl", 300, bad)
        command = [*RUN, "convert", str(source), "-o", str(tmp_path / "out"), "--to", "jsonl", "--report", "-"]
        limited = ["sh", "-c", 'ulimit -f 32; exec "$@"', "sh", *command, "--workers", "1"]
        found = subprocess.run(limited, capture_output=True, check=False, timeout=120)
        lines = [json.loads(line) for line in found.stdout.splitlines()]

        assert 2 == found.returncode, found.stderr
        assert b"cannot write" in found.stderr
        assert b"Traceback" not in found.stderr
        assert ["run", "sums"] == [line["kind"] for line in lines]
        assert 0 == lines[-1]["records"]

    def test_who_reads_the_report_has_gone(self, tmp_path: Path) -> None:
        command = [*RUN, "convert", str(ONE), "-o", str(tmp_path / "out"), "--report", "-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            said = process.stderr.read()

        assert 141 == process.returncode, said
        assert b"Traceback" not in said

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_signals(self, tmp_path: Path, number: int, code: int) -> None:
        python, option, program = RUN
        program = f"{HEARD}; {program}"
        process = subprocess.Popen(
            [python, option, program, "convert", "-", "-o", str(tmp_path / "out"), "--to", "jsonl", "--workers", "1"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        while not (tmp_path / "out").is_dir():
            time.sleep(0.05)
            assert process.poll() is None
        process.send_signal(number)
        _, said = process.communicate()

        assert code == process.returncode, said
        assert b"Traceback" not in said


class TestFiles:
    def test_the_output_is_no_input(self, tmp_path: Path) -> None:
        (tmp_path / "one.json").write_bytes(ONE.read_bytes())
        first = run("convert", tmp_path, "-o", tmp_path / "out", "--to", "jsonl")
        second = run("convert", tmp_path, "-o", tmp_path / "out", "--to", "jsonl", "--resume")

        assert first.stderr.startswith("records: 1 read, 0 not read\n")
        assert first.stderr == second.stderr

    @pytest.mark.parametrize("name", ["one.json", "./one.json", "link.json"])
    def test_a_report_is_no_source(self, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("one.json").write_bytes(ONE.read_bytes())
        Path("link.json").symlink_to("one.json")
        found = run("convert", name, SEVERAL, "-o", "out", "--report", "one.json")

        assert 2 == found.exit_code, found.output
        assert "is one of the files to be read" in found.stderr
        assert ONE.read_bytes() == Path("one.json").read_bytes()

    def test_a_report_in_a_folder_of_sources(self, tmp_path: Path) -> None:
        sources = tmp_path / "sources"
        sources.mkdir()
        (sources / "one.json").write_bytes(ONE.read_bytes())
        (sources / "two.json").write_bytes(ONE.read_bytes())
        refused = run("convert", sources, "-o", tmp_path / "out", "--report", sources / "one.json")
        options = ("-o", tmp_path / "out", "--report", sources / "report", "--to", "jsonl")
        first, second = run("convert", sources, *options), run("convert", sources, *options, "--resume")

        assert (2, 0, 0) == (refused.exit_code, first.exit_code, second.exit_code)
        assert ONE.read_bytes() == (sources / "one.json").read_bytes()
        assert first.stderr == second.stderr
        assert first.stderr.startswith("records: 2 read, 0 not read\n")

    def test_one_that_was_named_is_not_left_out(self, tmp_path: Path) -> None:
        run("convert", ONE, "-o", tmp_path / "out", "--to", "jsonl")
        inside = tmp_path / "out" / "other.json"
        inside.write_bytes(ONE.read_bytes())
        found = run("convert", ONE, inside, "-o", tmp_path / "out", "--to", "jsonl", "--resume")

        assert 2 == found.exit_code
        assert "other.json is in the folder of the output" in found.stderr

    def test_there_is_none_but_a_pipe(self, tmp_path: Path) -> None:
        (tmp_path / "sources").mkdir()
        os.mkfifo(tmp_path / "sources" / "pipe")
        options = ("-o", tmp_path / "out", "--report", tmp_path / "report", "--to", "jsonl")
        found = run("convert", tmp_path / "sources", *options)
        line, sums = map(json.loads, (tmp_path / "report").read_bytes().splitlines())

        assert 2 == found.exit_code
        assert "it is not read: a named pipe" == line["text"]
        assert (0, 1) == (sums["records"], sums["ends"])

    def test_standard_input_and_a_file_of_that_name(self, tmp_path: Path) -> None:
        (tmp_path / "-").write_bytes(ONE.read_bytes())
        words = ("convert", "-", "./-", "-o", "out", "--to", "jsonl")
        found = shell(*words, input=ONE.read_bytes(), cwd=tmp_path)

        assert b"records: 2 read, 0 not read" in found.stderr

    def test_standard_input(self, tmp_path: Path) -> None:
        found = shell("convert", "-", "-o", tmp_path / "out", "--to", "jsonl", input=ONE.read_bytes())
        [line] = (tmp_path / "out" / "trials" / "part-000000.jsonl").read_bytes().splitlines()

        assert 0 == found.returncode, found.stderr
        assert "-" == json.loads(line)["source"]["file"]

    def test_a_database(self, tmp_path: Path) -> None:
        duckdb = pytest.importorskip("duckdb")
        found = run("convert", ONE, SEVERAL, "-o", tmp_path / "out", "--to", "duckdb")
        run("convert", ONE, SEVERAL, "-o", tmp_path / "parquet")
        with duckdb.connect(str(tmp_path / "out" / "trials.duckdb"), read_only=True) as database:
            names = sorted(name for (name,) in database.execute("SHOW TABLES").fetchall())
            counts = {name: database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in names}
            joined = database.execute(
                "SELECT count(DISTINCT code) FROM countries JOIN trials USING (source, record)"
            ).fetchall()
        expected = {
            path.name: pq.read_table(path).num_rows for path in (tmp_path / "parquet").iterdir() if path.is_dir()
        }
        again = run("convert", ONE, SEVERAL, "-o", tmp_path / "out", "--to", "duckdb", "--resume")

        assert (0, 0) == (found.exit_code, again.exit_code), found.output
        assert expected == counts
        assert joined[0][0] > 3
        assert [".trialparse.journal", "trials.duckdb"] == sorted(path.name for path in (tmp_path / "out").iterdir())

    def test_results_and_contacts_are_left_out(self, tmp_path: Path) -> None:
        source = FIXTURES / "ctgov" / "results.json"
        run("convert", source, "-o", tmp_path / "all")
        run("convert", source, "-o", tmp_path / "some", "--no-results", "--no-contacts")
        [results, no_results] = [
            pq.read_table(tmp_path / name / "results_milestones").num_rows for name in ("all", "some")
        ]
        [contacts, no_contacts] = [
            {row["name"] for row in pq.read_table(tmp_path / name / "contacts").to_pylist()} for name in ("all", "some")
        ]

        assert results
        assert not no_results
        assert contacts - no_contacts
        assert no_contacts <= {"(withheld)", None}


def test_help_names_what_is_written() -> None:
    said = run("convert", "--help").output

    assert "[parquet|csv|jsonl|duckdb]" in said
    assert sys.executable not in said  # defaults that depend on the machine are described, not shown
