"""The command line: read, explain and audit trials, and describe them in plain words."""

import sys
from typing import Any

try:
    import click
    import rich  # noqa: F401  report its absence now, not in the middle of a run
except ImportError as missing:
    sys.stderr.write(f"The command line needs {missing.name}: pip install 'trialparse[cli]'\n")
    raise SystemExit(2) from None

from trialparse import __version__
from trialparse.cli import audit, diff, explain, formats, overview, read
from trialparse.cli.ending import UNHEARD, UNREADABLE, ending, let_go, stoppable
from trialparse.cli.saying import hold_closed

__all__ = ["main"]


class _Group(click.Group):
    """The commands; each ends with an exit code instead of a traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line."""
        hold_closed()
        try:
            with stoppable():
                return super().main(*args, **extra)
        except OSError as error:  # not even a message can be written
            let_go()
            raise SystemExit(UNHEARD if isinstance(error, BrokenPipeError) else UNREADABLE) from None

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Parse the arguments; --help and --version print here."""
        with ending():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with ending():
            return super().invoke(ctx)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Read clinical-trial registry exports.

    FILE is an export as the register gives it, plain, gzip or zip; `-` is standard input.

    Exit codes: 0 all was read; 1 some records could not be read, or a file gave none;
    2 the call was wrong, no file holds records, readable or not, or the output cannot be written;
    130 Ctrl-C; 141 whoever read the output has gone away, as `| head` does; 143 SIGTERM, 129 SIGHUP.
    """


for _command in (overview.overview, read.read, audit.audit, explain.explain, diff.diff, formats.formats):
    main.add_command(_command)
