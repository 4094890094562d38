"""Whatever goes wrong with one record is that record's report: its neighbours are read, and their output is there."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.cli.commands import run
from trialparse import combining, pages
from trialparse.combining import Combined
from trialparse.export import json as export
from trialparse.parsing import calls as parsing
from trialparse.parsing.parsed import Parsed

NUMBERS = [f"2026-590101-{number:02}-00" for number in (24, 25, 26)]
BAD = NUMBERS[1]
SURROGATE = "\ud800"


@pytest.fixture
def lines(fixtures: Path, tmp_path: Path) -> Path:
    """Return a file of three records, each with a number of its own."""
    record = json.dumps(json.loads((fixtures / "ctis" / "immunostem.json").read_bytes()))
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(record.replace(NUMBERS[0], number) for number in NUMBERS))
    return path


class Strange(Exception):
    """An error that nobody has thought of."""


def failing(owner: Any, name: str, error: BaseException) -> AbstractContextManager[Any]:
    """Let a function fail where it is called for the second record."""
    works = getattr(owner, name)

    def fails(one: Any, *arguments: Any, **options: Any) -> Any:
        if BAD in _number(one):
            raise error
        return works(one, *arguments, **options)

    return mock.patch.object(owner, name, fails)


def _number(one: Any) -> str:
    """Return the number of a record, in whatever state of reading it is."""
    if isinstance(one, list):
        one = one[0]
    if isinstance(one, Parsed | Combined):
        one = one.trial
    return str(one.id) if hasattr(one, "id") else one.raw.original.decode()


STEPS: dict[str, tuple[list[str], list[str], Any, str]] = {
    "read: the record": (["read"], [], parsing, "_parsed"),
    "read: the line": (["read"], [], export, "trial_to_json"),
    "read: the evidence": (["read", "--evidence"], [], Parsed, "to_json"),
    "read --combine: the record": (["read", "--combine"], [], parsing, "_parsed"),
    "read --combine: together": (["read", "--combine"], [], combining, "combine"),
    "read --combine: the line": (["read", "--combine"], [], export, "trial_to_json"),
    "read --combine: the evidence": (["read", "--combine", "--evidence"], [], Combined, "to_json"),
    "overview: the record": (["overview"], [], parsing, "_parsed"),
    "overview: the page": (["overview"], [], pages, "overview"),
    "overview --combine: together": (["overview", "--combine"], [], combining, "combine"),
    "overview --combine: the page": (["overview", "--combine"], [], pages, "overview"),
    "audit: the record": (["audit", "--json"], [], parsing, "_parsed"),
    "audit: the account": (["audit", "--json"], [], Parsed, "audit"),
    "audit: the words": (["audit", "--json"], [], Parsed, "unknown_words"),
    "explain: the record": (["explain"], ["id"], parsing, "_parsed"),
    "explain: the evidence": (["explain"], ["id"], Parsed, "evidence"),
}


@pytest.mark.parametrize("step", STEPS)
class TestAnyError:
    """At every step, any error: named with file, record and type; the others are reported; the exit code is 1."""

    @pytest.mark.parametrize("error", [Strange("odd"), KeyError("x"), MemoryError(), RecursionError()])
    def test_it_is_told(self, step: str, error: Exception, lines: Path) -> None:
        command, field, owner, name = STEPS[step]
        with failing(owner, name, error):
            result = run(*command, lines, *field)

        assert 1 == result.exit_code
        assert result.stderr.startswith(f"{lines}: record 1: {type(error).__name__}")
        assert 1 == len(result.stderr.splitlines())
        if command[0] == "audit":
            whole = json.loads(result.stdout)
            assert (1, 2) == (whole["bad"], whole["formats"]["ctis-retrieve"]["records"])
        else:
            assert [True, False, True] == [number in result.stdout for number in NUMBERS]

    def test_one_that_means_an_end(self, step: str, lines: Path) -> None:
        """StopIteration is how an iterator says that there is nothing more."""
        command, field, owner, name = STEPS[step]
        with failing(owner, name, StopIteration()):
            result = run(*command, lines, *field)

        assert 1 == result.exit_code
        assert result.stderr.startswith(f"{lines}: record 1: ")
        assert NUMBERS[2] in result.stdout or 2 == json.loads(result.stdout)["formats"]["ctis-retrieve"]["records"]

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(7)])
    def test_what_ends_the_run_does(self, step: str, error: BaseException, lines: Path) -> None:
        command, field, owner, name = STEPS[step]
        with failing(owner, name, error):
            result = run(*command, lines, *field)

        assert (7 if isinstance(error, SystemExit) else 130, "") == (result.exit_code, result.stderr)

    def test_no_word_of_a_person(self, step: str, lines: Path) -> None:
        command, field, owner, name = STEPS[step]
        with failing(owner, name, Strange("Ada Person")):
            result = run(*command, lines, *field, "--no-contacts")

        assert f"{lines}: record 1: Strange\n" == result.stderr


class TestCounts:
    """A record is counted whole or not at all."""

    @pytest.mark.parametrize("name", ["audit", "unknown_words"])
    def test_census(self, name: str, lines: Path) -> None:
        good = lines.with_name("good.jsonl")
        first, _, last = lines.read_text().splitlines()
        good.write_text(f"{first}\n{last}")
        with failing(Parsed, name, Strange()):
            result = run("audit", "--json", lines)

        assert json.loads(run("audit", "--json", good).stdout)["formats"] == json.loads(result.stdout)["formats"]

    def test_a_format_of_which_no_record_is_counted(self, lines: Path) -> None:
        with mock.patch.object(Parsed, "audit", side_effect=Strange()):
            result = run("audit", "--json", lines)

        assert (1, 3) == (result.exit_code, json.loads(result.stdout)["bad"])
        assert {} == json.loads(result.stdout)["formats"]


class TestUnencodable:
    """A line that is no Unicode text is an error of its record, and no byte of it is written."""

    @pytest.mark.parametrize("command", [["read"], ["read", "--combine"]])
    def test_a_line(self, command: list[str], lines: Path, tmp_path: Path) -> None:
        works: Callable[..., str] = export.trial_to_json
        output = tmp_path / "out.jsonl"

        def strange(trial: Any, **options: Any) -> str:
            return works(trial, **options).replace(BAD, SURROGATE)

        with mock.patch.object(export, "trial_to_json", strange):
            result = run(*command, lines)
            written = run(*command, lines, "-o", output)

        assert (1, 1) == (result.exit_code, written.exit_code)
        assert f"{lines}: record 1: UnicodeEncodeError: " in result.stderr
        assert [NUMBERS[0], NUMBERS[2]] == [json.loads(line)["id"] for line in result.stdout.splitlines()]
        assert result.stdout == output.read_text(encoding="utf-8")

    def test_a_page(self, lines: Path) -> None:
        with mock.patch.object(pages, "overview", return_value=SURROGATE):
            result = run("overview", lines)

        assert (0, 3) == (result.exit_code, result.stdout.count("\\ud800"))


class TestTheReaderItself:
    """Where the reader of a file fails for good, the file is named as well, and the next file is read."""

    def test_it_is_told(self, lines: Path) -> None:
        works = parsing.records_of

        def breaking(*arguments: Any) -> Iterator[Any]:
            for index, record in enumerate(works(*arguments)):
                if index == 1:
                    raise Strange("odd")
                yield record

        with mock.patch.object(parsing, "records_of", breaking):
            result = run("read", lines, lines)

        assert 1 == result.exit_code
        assert [f"{lines}: record 1: Strange: odd", f"{lines}: not read to its end"] * 2 == result.stderr.splitlines()
        assert 2 == len(result.stdout.splitlines())
