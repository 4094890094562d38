"""An output is written whole or not at all, and never over an input."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from unittest import mock

import pytest

from tests.cli.commands import RUN, run, shell
from tests.conftest import QUICK
from trialparse.bulk import census
from trialparse.export.outputs import whole

BEFORE = b"what was there before\n"

HEARING = """
import signal
from trialparse.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # so does one under nohup this one
main(prog_name="trialparse")
"""

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


class Broken(BaseException):
    """Something that no `except Exception` catches, as Ctrl-C."""


@pytest.fixture
def sample(fixtures: Path) -> Path:
    """Return the sample record."""
    return fixtures / "ctis" / "immunostem.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which nothing but outputs lies."""
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def target(folder: Path) -> Path:
    """Return a file that holds something."""
    path = folder / "out.jsonl"
    path.write_bytes(BEFORE)
    return path


def _write_half(path: Path, error: type[BaseException]) -> None:
    with whole(path) as stream:
        stream.write(b"half of the new")
        raise error


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


class TestWhole:
    """What is at a path stays until all is written; then it is replaced in one step, and nothing is left beside it."""

    def test_until_the_end(self, folder: Path, target: Path) -> None:
        with whole(target) as stream:
            stream.write(b"new")
            stream.flush()
            assert BEFORE == target.read_bytes()

        assert b"new" == target.read_bytes()
        assert [target] == list(folder.iterdir())

    @pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit, Broken])
    @pytest.mark.parametrize("exists", [True, False])
    def test_whatever_is_raised(self, error: type[BaseException], exists: bool, folder: Path, target: Path) -> None:
        if not exists:
            target.unlink()
        with pytest.raises(error):
            _write_half(target, error)

        assert [target] * exists == list(folder.iterdir())
        assert not exists or target.read_bytes() == BEFORE

    @pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
    def test_whichever_step_fails(self, step: str, folder: Path, target: Path) -> None:
        failing = mock.patch(step, side_effect=OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(OSError, match="No space left"), failing, whole(target) as stream:
            stream.write(b"new")

        assert BEFORE == target.read_bytes()
        assert [target] == list(folder.iterdir())

    def test_it_is_on_the_disk_before_it_is_in_its_place(self, target: Path) -> None:
        seen = []
        sync = mock.patch("os.fsync", lambda number: seen.append((os.fstat(number).st_size, target.read_bytes())))
        with sync, whole(target) as stream:
            stream.write(b"new")

        assert [(3, BEFORE)] == seen

    @pytest.mark.skipif(os.name != "posix", reason="no permissions here")
    @pytest.mark.parametrize("before", [0o600, 0o640, 0o604, 0o666])
    def test_a_file_keeps_its_mode(self, before: int, target: Path, folder: Path) -> None:
        """So does what lies beside it, for the words are the same."""
        target.chmod(before)
        with whole(target):
            assert {before} == {mode(path) for path in folder.iterdir()}

        assert before == mode(target)

    @pytest.mark.skipif(os.name != "posix", reason="no permissions here")
    @pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
    def test_a_new_file_has_that_of_any_new_file(self, mask: int, folder: Path) -> None:
        code = f"import os; os.umask({mask})\nfrom trialparse.export.outputs import whole\nwith whole('new'): pass"
        subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, env=_environment())

        assert 0o666 & ~mask == mode(folder / "new")

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_link_is_followed(self, exists: bool, folder: Path, target: Path, tmp_path: Path) -> None:
        if not exists:
            target.unlink()
        link, relative = tmp_path / "link", tmp_path / "relative"
        link.symlink_to(target)
        relative.symlink_to("link")
        with whole(relative) as stream:
            stream.write(b"new")

        assert b"new" == target.read_bytes()
        assert (True, True) == (link.is_symlink(), relative.is_symlink())
        assert [target] == list(folder.iterdir())

    def test_a_folder_that_is_not_there(self, folder: Path) -> None:
        path = folder / "nowhere" / "out"
        with pytest.raises(FileNotFoundError) as caught, whole(path):
            pass

        assert str(path) == caught.value.filename

    def test_a_folder(self, folder: Path) -> None:
        with pytest.raises(OSError, match=str(folder)), whole(folder):
            pass

    def test_links_without_an_end(self, folder: Path) -> None:
        (folder / "link").symlink_to("link")
        with pytest.raises(OSError, match="link"), whole(folder / "link"):
            pass

    def test_a_file_that_nobody_may_write_to(self, folder: Path, target: Path) -> None:
        """Its folder would let it be replaced."""
        refused = mock.patch("pathlib.Path.open", side_effect=PermissionError(errno.EACCES, "Permission denied"))
        with pytest.raises(PermissionError), refused, whole(target):
            pass

        assert BEFORE == target.read_bytes()
        assert [target] == list(folder.iterdir())

    @needs_pipes
    def test_a_pipe_is_written_directly(self, folder: Path) -> None:
        there, here = os.pipe()
        with os.fdopen(there, "rb") as reader:
            with os.fdopen(here, "wb") as writer, whole(f"/dev/fd/{writer.fileno()}") as stream:
                stream.write(b"new")
            assert b"new" == reader.read()

    @pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
    def test_standard_output_goes_on_where_it_is(self, target: Path) -> None:
        code = "from trialparse.export.outputs import whole\nwith whole('/dev/stdout') as stream: stream.write(b'new')"
        with target.open("ab") as end:
            subprocess.run([sys.executable, "-c", code], stdout=end, check=True, env=_environment())

        assert BEFORE + b"new" == target.read_bytes()

    def test_a_device(self) -> None:
        with whole(os.devnull) as stream:
            stream.write(b"new")

        assert not Path(os.devnull).is_file()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


class TestCensus:
    """`census.save` is such an output."""

    def test_what_cannot_be_written_as_json(self, target: Path) -> None:
        taken = census.Census(formats={"x": census.Tally(paths={"a": census.Seen(1, object())})})  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            census.save(taken, target)

        assert BEFORE == target.read_bytes()

    def test_a_full_disk(self, target: Path, folder: Path) -> None:
        failing = mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(OSError, match="No space left"), failing:
            census.save(census.Census(), target)

        assert BEFORE == target.read_bytes()
        assert [target] == list(folder.iterdir())


WRITING: dict[str, Callable[[Path], list[str | Path]]] = {
    "read": lambda target: ["read", "-o", target],
    "read --combine": lambda target: ["read", "--combine", "-o", target],
    "audit": lambda target: ["audit", "--save", target],
}


@pytest.mark.parametrize("command", WRITING)
class TestCommand:
    """The file that a command writes is replaced when all is read, also with bad records; otherwise it stays."""

    def test_it_is_replaced(self, command: str, sample: Path, target: Path, folder: Path) -> None:
        assert 0 == run(*WRITING[command](target), sample).exit_code
        assert json.loads(target.read_bytes())
        assert [target] == list(folder.iterdir())

    def test_with_bad_records(self, command: str, sample: Path, target: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text("{}")

        assert 1 == run(*WRITING[command](target), sample, bad).exit_code
        assert json.loads(target.read_bytes())

    @pytest.mark.parametrize("words", ["", "no trial", '{"data": []}', "<trials/>"])
    def test_without_records(self, command: str, words: str, target: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad"
        bad.write_text(words)

        assert 2 == run(*WRITING[command](target), bad).exit_code
        assert BEFORE == target.read_bytes()
        assert 2 == run(*WRITING[command](tmp_path / "new"), bad).exit_code
        assert not (tmp_path / "new").exists()

    def test_an_error_of_ours(self, command: str, sample: Path, target: Path, folder: Path) -> None:
        with mock.patch("trialparse.cli.reading.FileRun.made", side_effect=RuntimeError("not of one record")):
            assert isinstance(run(*WRITING[command](target), sample).exception, RuntimeError)

        assert BEFORE == target.read_bytes()
        assert [target] == list(folder.iterdir())

    def test_where_nothing_can_be_written(self, command: str, sample: Path, folder: Path) -> None:
        result = run(*WRITING[command](folder / "nowhere" / "out"), sample)

        assert 2 == result.exit_code
        assert f"Error: cannot write {folder / 'nowhere' / 'out'}: No such file or directory\n" == result.stderr

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
    def test_a_full_disk(self, command: str, sample: Path) -> None:
        result = shell(*WRITING[command](Path("/dev/full")), sample)

        assert (2, b"Error: cannot write: No space left on device\n") == (result.returncode, result.stderr)


CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
"""Signals that end a run, and its exit code."""


class TestSignals:
    """A signal in the midst of a file: what was there stays, and nothing is left beside it."""

    @needs_pipes
    @pytest.mark.parametrize(
        ("command", "name"),
        [
            (command, name)
            for command in WRITING
            for name in CODES
            if not QUICK or "SIGINT" == name or "read" == command
        ],
    )
    def test_a_signal(self, command: str, name: str, sample: Path, target: Path, folder: Path, tmp_path: Path) -> None:
        with waiting([*WRITING[command](target), sample], tmp_path) as (process, end):
            assert BEFORE == target.read_bytes()
            process.send_signal(getattr(signal, name))
            end.close()  # a signal that came just before the process waits does not wake it
            output, messages = process.communicate(timeout=60)

        assert (CODES[name], b"", b"") == (process.returncode, output, messages)
        assert BEFORE == target.read_bytes()
        assert [target] == list(folder.iterdir())


@contextmanager
def waiting(command: list[str | Path], folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", BinaryIO]]:
    """Start a command that reads one more file, a named pipe; give the process, and the end to write to."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    whole_command = [sys.executable, "-c", HEARING, *command, pipe]
    with subprocess.Popen(whole_command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            while (number := _opened(pipe)) is None:
                assert process.poll() is None, "the process does not read the pipe"
                time.sleep(0.01)
            with os.fdopen(number, "wb", buffering=0) as end:
                yield process, end
        finally:
            process.kill()


def _opened(pipe: Path) -> int | None:
    """Open a named pipe to write; None where nobody reads it yet."""
    with suppress(OSError):
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    return None


Link = Callable[[Path, Path], None]
LINKS: dict[str, Link] = {
    "itself": lambda new, old: None,
    "hard link": lambda new, old: os.link(old, new),
    "symbolic link": lambda new, old: new.symlink_to(old),
    "link to a link": lambda new, old: (new.with_name("between").symlink_to(old), new.symlink_to("between"))[0],
}


class TestNeverOverAnInput:
    """No command writes to a file that it reads, by whatever name it goes."""

    @pytest.fixture
    def source(self, sample: Path, folder: Path) -> Path:
        """Return a file that may be written to."""
        path = folder / "source.json"
        path.write_bytes(sample.read_bytes())
        return path

    @pytest.fixture(params=LINKS)
    def name(self, request: pytest.FixtureRequest, source: Path, tmp_path: Path) -> Path:
        """Return a name of that file."""
        if request.param == "itself":
            return source
        (tmp_path / "names").mkdir()
        path = tmp_path / "names" / "name"
        LINKS[request.param](path, source)
        return path

    @pytest.mark.parametrize("command", WRITING)
    @pytest.mark.parametrize("whole_folder", [False, True])
    def test_files_and_folders(self, command: str, whole_folder: bool, name: Path, source: Path, sample: Path) -> None:
        result = run(*WRITING[command](name), source.parent if whole_folder else source)

        assert (2, "") == (result.exit_code, result.stdout)
        assert f"{name} is one of the files to be read" in result.stderr
        assert sample.read_bytes() == source.read_bytes()

    @pytest.mark.parametrize(
        ("command", "name"),
        [
            (command, link)
            for command in WRITING
            for link in LINKS
            if not QUICK or "read" == command or "itself" == link
        ],
        indirect=["name"],
    )
    def test_standard_input(self, command: str, name: Path, source: Path, sample: Path) -> None:
        with source.open("rb") as data:
            assert 2 == shell(*WRITING[command](name), "-", stdin=data).returncode
        assert sample.read_bytes() == source.read_bytes()

    def test_the_census_of_before(self, sample: Path, source: Path, tmp_path: Path) -> None:
        """It may be replaced, since it is read before the files are; it stays where nothing could be read."""
        then, link, less = tmp_path / "census.json", tmp_path / "link.json", tmp_path / "less.json"
        run("audit", sample, "--save", then)
        before = then.read_bytes()
        link.symlink_to(then)
        less.write_text('{"ctNumber": "2026-590101-24-00", "authorizedApplication": {}}')
        source.write_bytes(b"nothing")

        for name in (then, link):
            assert 2 == run("audit", source, "--against", then, "--save", name).exit_code
            assert before == then.read_bytes()
        for name in (then, link):
            found = run("audit", less, "--against", then, "--save", name)
            assert ("no path is new, gone" in found.stdout) is (name == link)
            assert 0 == found.exit_code
        assert before != then.read_bytes()

    @pytest.mark.parametrize("command", [["read"], ["overview"], ["audit"], ["explain"]])
    def test_standard_output(self, command: list[str], source: Path, sample: Path) -> None:
        """`>>` onto a file that is read would grow while it is read."""
        with source.open("ab") as end:
            result = subprocess.run(
                [*RUN, *command, source, *(["id"] if command == ["explain"] else [])],
                stdout=end,
                stderr=subprocess.PIPE,
                timeout=120,
                check=False,
            )

        assert 2 == result.returncode
        assert f"standard output, {source}, is one of the files to be read".encode() in result.stderr
        assert sample.read_bytes() == source.read_bytes()

    def test_a_device_is_both(self, sample: Path) -> None:
        assert 0 == run("read", sample, "-o", os.devnull).exit_code
        assert 2 == run("read", os.devnull, "-o", os.devnull).exit_code


def test_a_caller_that_uses_the_command_keeps_its_signals(sample: Path) -> None:
    """What a run asks for it gives back."""
    before: Any = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    assert 0 == run("read", sample).exit_code
    assert before == {number: signal.getsignal(number) for number in before}
