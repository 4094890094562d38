"""The command line: read, explain and audit trials, and tell them in plain words."""

import errno
import sys
from typing import Any

try:
    import click
    import rich  # noqa: F401  its absence shall be told now, not in the midst of a run
except ImportError as missing:
    sys.stderr.write(f"The command line needs {missing.name}: pip install 'trialparse[cli]'\n")
    raise SystemExit(2) from None

from trialparse.cli import audit, explain, formats, overview, read
from trialparse.cli.reading import UNREADABLE
from trialparse.cli.saying import plain

__all__ = ["main"]


class _Unwritable(click.ClickException):
    """Output cannot be written."""

    exit_code = UNREADABLE


class _Group(click.Group):
    """The commands, with a word instead of a traceback where output cannot be written."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has gone away (`| head`) is left to click, which stays quiet."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise _Unwritable(plain(f"cannot write: {error.strerror or error}")) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trialparse")
def main() -> None:
    """Read clinical-trial registry exports.

    FILE is an export as the register gives it, plain, gzip or zip; `-` is standard input.

    Exit codes: 0 all was read; 1 some records could not be read, or a file gave none;
    2 the call was wrong, or no file holds records, readable or not.
    """


for _command in (overview.overview, read.read, audit.audit, explain.explain, formats.formats):
    main.add_command(_command)
