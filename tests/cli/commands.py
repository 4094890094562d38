"""How the tests of the command line run commands."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click.testing

from trialparse.cli import main

RUN = [sys.executable, "-c", "from trialparse.cli import main; main(prog_name='trialparse')"]


def run(*arguments: str | Path, data: bytes | None = None) -> click.testing.Result:
    """Run a command in this process."""
    return click.testing.CliRunner().invoke(main, [str(argument) for argument in arguments], input=data)


def shell(*arguments: str | Path, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a process of its own."""
    return subprocess.run([*RUN, *map(str, arguments)], capture_output=True, timeout=120, check=False, **options)
