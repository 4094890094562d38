"""Standard streams that are closed, full or left by their reader: an exit code and a message, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import RUN
from tests.conftest import FIXTURES, QUICK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the shell of these tests is that of POSIX")

WRITERS = ["formats", "--help", "read {}", "overview {}"]
"""One for each way in which commands print."""
TELLING = WRITERS if QUICK else [*WRITERS, "--version", "read --help", "audit {}", "explain {} id"]
"""Commands that print something."""


@pytest.fixture
def sample(fixtures: Path) -> Path:
    """Return the sample record."""
    return fixtures / "ctis" / "immunostem.json"


def shell(command: str, *, data: bytes = b"", streams: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run a command with its streams as a shell connects them."""
    words = ["sh", "-c", f'"$0" "$@" {streams}', *RUN, *command.split()]
    return subprocess.run(words, input=data, capture_output=True, timeout=120, check=False)


def left(command: str, *, number: int = 1) -> tuple[int, bytes]:
    """Run a command with a stream whose reader has gone away; return the exit code and what the other stream has."""
    reader, writer = os.pipe()
    os.close(reader)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    streams["stdout" if number == 1 else "stderr"] = writer
    try:
        with subprocess.Popen([*RUN, *command.split()], stdin=subprocess.DEVNULL, **streams) as process:
            output, messages = process.communicate(timeout=120)
    finally:
        os.close(writer)
    return process.returncode, messages if number == 1 else output


class TestClosed:
    """A run that needs a stream which is closed says so, and ends with 2 before it reads anything."""

    @pytest.mark.parametrize("command", TELLING)
    def test_output(self, command: str, sample: Path) -> None:
        result = shell(command.format(sample), streams=">&-")

        assert 2 == result.returncode
        assert b"Error: cannot write: standard output is closed\n" == result.stderr

    def test_input(self) -> None:
        for command in ("read -", "overview -", "audit -", "explain - id"):
            result = shell(command, streams="<&-")

            assert (2, b"-: standard input is closed\n") == (result.returncode, result.stderr)

    def test_input_among_files(self, sample: Path) -> None:
        """It is one more file that cannot be read."""
        result = shell(f"read - {sample}", streams="<&-")

        assert (1, 1) == (result.returncode, len(result.stdout.splitlines()))

    def test_messages(self, sample: Path) -> None:
        """A message that cannot be written is not passed over."""
        assert 2 == shell("read -", data=b"{}", streams="2>&-").returncode
        assert 2 == shell(f"read - {sample}", data=b"{}", streams="2>&-").returncode
        assert 2 == shell("read nowhere.json", streams="2>&-").returncode

    def test_what_is_not_needed(self, sample: Path, tmp_path: Path) -> None:
        output = tmp_path / "out.jsonl"
        expected = shell(f"read {sample}").stdout

        for streams in ("<&-", "2>&-", "<&- 2>&-"):
            result = shell(f"read {sample}", streams=streams)
            assert (0, expected) == (result.returncode, result.stdout)
        assert 0 == shell(f"read {sample} -o {output}", streams="<&- >&- 2>&-").returncode
        assert expected == output.read_bytes()

    def test_no_file_takes_its_place(self, sample: Path, tmp_path: Path) -> None:
        """The system gives the first file that is opened the number of a stream that is closed."""
        code = "import os, sys; from trialparse.cli.streams import hold_closed; hold_closed()\n"
        code += f"sys.exit(os.open({str(sample)!r}, os.O_RDONLY) < 3)"
        words = ["sh", "-c", '"$0" "$@" <&- >&- 2>&-', sys.executable, "-c", code]

        assert 0 == subprocess.run(words, timeout=120, check=False).returncode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
class TestFull:
    """Output that finds no room is reported and ends with 2."""

    @pytest.mark.parametrize("command", WRITERS)
    def test_output(self, command: str, sample: Path) -> None:
        result = shell(command.format(sample), streams=">/dev/full")

        assert 2 == result.returncode
        assert b"Error: cannot write: No space left on device\n" == result.stderr

    @pytest.mark.parametrize("command", ["read nowhere.json", "nonsense", "read - {}"])
    def test_messages(self, command: str, sample: Path) -> None:
        assert 2 == shell(command.format(sample), data=b"{}", streams="2>/dev/full").returncode


class TestLeft:
    """A run whose output nobody reads any more (`| head`) ends without a word, and with a code of its own: 141."""

    @pytest.mark.parametrize("command", WRITERS)
    def test_output(self, command: str, sample: Path) -> None:
        assert (141, b"") == left(command.format(sample))

    @pytest.mark.parametrize("command", ["read nowhere.json", "nonsense", "read /dev/null"])
    def test_messages(self, command: str) -> None:
        assert (141, b"") == left(command, number=2)

    def test_bad_records_have_another_code(self, sample: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text("{}")

        assert 1 == shell(f"read {bad} {sample}").returncode
        assert 141 == left(f"read {sample} {bad}")[0]

    def test_head(self, sample: Path) -> None:
        """As it is typed: the first line comes, the run ends, and nothing is reported."""
        files = " ".join([str(sample)] * 60)
        words = 'r=$( { { "$0" "$@" || echo $? >&3; } | head -n 1 >&4; } 3>&1 ) 4>&1; echo "code $r"'
        result = subprocess.run(
            ["sh", "-c", words, *RUN, "read", *files.split()], capture_output=True, timeout=120, check=False
        )
        line, code = result.stdout.splitlines()

        assert (b"code 141", b"") == (code, result.stderr)
        assert shell(f"read {sample}").stdout.rstrip() == line


def test_help_tells_all_codes() -> None:
    """Whoever reads a code can look it up."""
    words = " ".join(shell("--help").stdout.decode().split())

    for code in ("0 all was read", "1 some records", "2 the call", "130 Ctrl-C", "141", "143 SIGTERM", "129 SIGHUP"):
        assert code in words


INTERRUPTED = """
import sys
from trialparse.__main__ import main

module = sys.argv.pop(1)

class Interrupts:
    def find_spec(self, name, path, target=None):
        if name == module:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
main()
"""
"""Ctrl-C comes while a module is imported."""


class TestInterrupted:
    """Ctrl-C ends a run with its exit code while the command line, or what it needs, is being imported, too."""

    @pytest.mark.parametrize("module", ["trialparse.cli", "click", "trialparse.cli.read", "trialparse.parsing"])
    def test_while_it_is_imported(self, module: str) -> None:
        words = [sys.executable, "-c", INTERRUPTED, module, "read", str(FIXTURES / "ctis" / "immunostem.json")]
        done = subprocess.run(words, capture_output=True, timeout=120, check=False)
        assert (130, b"") == (done.returncode, done.stderr)
