"""What is in a folder and is no file is named, never opened, and counts as a file that cannot be read."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from tests.cli.commands import RUN, run, shell
from trialparse.cli import reading
from trialparse.readers import packed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the kinds of files are those of POSIX")


@pytest.fixture
def sample(fixtures: Path) -> Path:
    """Return the sample record."""
    return fixtures / "ctis" / "immunostem.json"


@pytest.fixture
def folder(sample: Path, tmp_path: Path) -> Path:
    """Return a folder in which a record lies."""
    path = tmp_path / "folder"
    path.mkdir()
    (path / "good.json").write_bytes(sample.read_bytes())
    return path


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket may be no longer than about 100 bytes
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


Kind = Callable[[Path], None]
KINDS: dict[str, tuple[Kind, str]] = {
    "a named pipe": (os.mkfifo, "a named pipe"),
    "a socket": (_socket, "a socket"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "a device"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "a link that leads nowhere"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "a link that leads nowhere"),
    "a link to a folder elsewhere": (lambda path: path.symlink_to("/"), "a link to a folder elsewhere"),
}


@pytest.mark.parametrize("kind", KINDS)
class TestNoFile:
    """A pipe would keep the run waiting forever; each is named with what it is, and the files are read."""

    @pytest.mark.parametrize("command", ["read", "overview", "audit"])
    def test_it_is_named(self, command: str, kind: str, folder: Path) -> None:
        (folder / "below").mkdir()
        path = folder / "below" / "strange"
        make, words = KINDS[kind]
        make(path)
        if command == "read" and kind in ("a named pipe", "a device"):  # what waits forever shall not wait here
            done = shell(command, folder)
            found = done.returncode, done.stdout.decode(), done.stderr.decode()
        else:
            result = run(command, folder)
            found = result.exit_code, result.stdout, result.stderr

        assert (1, f"{path}: not read: {words}\n") == (found[0], found[2])
        assert "2026-590101-24-00" in found[1] or "1 records, 0 bad" in found[1]

    def test_alone(self, kind: str, tmp_path: Path) -> None:
        (tmp_path / "only").mkdir()
        make, words = KINDS[kind]
        make(tmp_path / "only" / "strange")
        result = run("read", tmp_path / "only")

        assert (2, "") == (result.exit_code, result.stdout)
        assert f"{tmp_path / 'only' / 'strange'}: not read: {words}\n" == result.stderr

    def test_it_counts(self, kind: str, folder: Path) -> None:
        KINDS[kind][0](folder / "strange")

        assert "1 records, 0 bad, 1 file unreadable" in run("audit", folder).stdout

    def test_hidden(self, kind: str, folder: Path) -> None:
        KINDS[kind][0](folder / ".strange")

        assert (0, "") == (run("read", folder).exit_code, run("read", folder).stderr)


class TestLinks:
    """Links lead to files; a run that goes round in circles ends, and reads nothing twice."""

    @pytest.mark.parametrize("leads", [".", "..", "../folder/below", "below"])
    def test_circles(self, leads: str, folder: Path) -> None:
        (folder / "below").mkdir()
        (folder / "below" / "also.json").write_bytes((folder / "good.json").read_bytes())
        (folder / "circle").symlink_to(leads)
        result = run("read", folder)

        assert 2 == len(result.stdout.splitlines())
        assert (1 if leads == ".." else 0) == result.exit_code

    def test_files(self, sample: Path, folder: Path) -> None:
        (folder / "link.json").symlink_to(sample)

        assert 2 == len(run("read", folder).stdout.splitlines())


class TestFolders:
    """A folder that cannot be listed is named, at whatever depth it lies."""

    def test_one_that_refuses(self, folder: Path) -> None:
        closed = folder / "closed"
        closed.mkdir()
        listing = os.scandir
        refused = PermissionError(13, "Permission denied")

        def scandir(path: str) -> "os._ScandirIterator[str]":
            if Path(path) == closed:
                raise refused
            return listing(path)

        with mock.patch("os.scandir", scandir):
            result = run("read", folder)

        assert (1, 1) == (result.exit_code, len(result.stdout.splitlines()))
        assert f"{closed}: not read: the folder cannot be listed: Permission denied\n" == result.stderr

    def test_one_whose_name_is_too_long(self, folder: Path) -> None:
        """No permission stops the superuser, but a path that is too long does."""
        with _nested(folder, "d" * 200, 40):
            result = shell("read", folder)

        assert (1, 1) == (result.returncode, len(result.stdout.splitlines()))
        assert b"not read: the folder cannot be listed: File name too long" in result.stderr

    def test_many_in_each_other(self, folder: Path) -> None:
        """More of them than Python lets functions call each other."""
        with _nested(folder, "d", 1200):
            result = shell("read", folder)

        assert (0, b"") == (result.returncode, result.stderr)


@contextmanager
def _nested(folder: Path, name: str, depth: int) -> Iterator[None]:
    """Make folders in each other, deeper than a path may be long, and remove them."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        here = _moved(here, name)
    try:
        yield
    finally:
        for _ in range(depth):
            here = _moved(here, "..")
            os.rmdir(name, dir_fd=here)
        os.close(here)


def _moved(here: int, name: str) -> int:
    """Open a folder from another one, which is closed."""
    there = os.open(name, os.O_RDONLY, dir_fd=here)
    os.close(here)
    return there


class TestNamed:
    """What is named is opened, whatever it is."""

    def test_a_pipe(self, sample: Path, tmp_path: Path) -> None:
        words = f'cat "{sample}" | "$0" "$@" /dev/fd/0'
        result = subprocess.run(["sh", "-c", words, *RUN, "read"], capture_output=True, timeout=120, check=False)

        assert shell("read", sample).stdout.replace(str(sample).encode(), b"/dev/fd/0") == result.stdout
        assert (0, b"") == (result.returncode, result.stderr)


class TestGone:
    """A file that has gone, or has become a folder, since it was listed is that file's failure."""

    @pytest.mark.parametrize("combine", [False, True])
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda path: path.unlink(), "No such file or directory"),
            (lambda path: (path.unlink(), path.mkdir()), "a folder is no source: read each of its files"),
            (lambda path: path.write_bytes(b""), "UnrecognisedFormat: the document is empty, so fetch it again"),
        ],
    )
    def test_it_is_named(
        self, change: Callable[[Path], object], words: str, combine: bool, sample: Path, folder: Path
    ) -> None:
        last = folder / "last.json"
        last.write_bytes(sample.read_bytes())
        listing = reading.listed

        def listed(names: object) -> object:
            found = listing(names)  # type: ignore[arg-type]
            change(folder / "good.json")
            return found

        with mock.patch.object(reading, "listed", listed):
            result = run("read", folder, *["--combine"] * combine)

        assert (1, 1) == (result.exit_code, len(result.stdout.splitlines()))
        assert f"{folder / 'good.json'}: {words}\n" == result.stderr

    @pytest.mark.parametrize("command", [["read"], ["read", "--combine"], ["overview"], ["audit"]])
    def test_one_that_changes_while_it_is_read(self, command: list[str], sample: Path, folder: Path) -> None:
        (folder / "last.json").write_bytes(sample.read_bytes())
        changing, take = folder / "good.json", packed.read
        taken: list[bytes] = []

        def taking(file: object, count: int) -> bytes:
            piece = take(file, count)  # type: ignore[arg-type]
            if not taken:
                os.truncate(changing, 20)
            taken.append(piece)
            return piece

        with mock.patch.object(packed, "read", taking):
            result = run(*command, folder)

        assert 1 == result.exit_code
        assert f"{changing}: MalformedDocument: the file changed while it was read\n" == result.stderr
        assert "2026-590101-24" in result.stdout or "1 records" in result.stdout
