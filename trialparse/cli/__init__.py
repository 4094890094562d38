"""The command line: read, explain and audit trials, and describe them in plain words.

The module of a command is imported when the command is, so that help, version and completion take little time.
"""

import importlib
import sys
from typing import Any, Final

try:
    import click
    import click.shell_completion
    import rich  # noqa: F401  report its absence now, not in the middle of a run
except ImportError as missing:
    sys.stderr.write(f"The command line needs {missing.name}: pip install 'trialparse[cli]'\n")
    raise SystemExit(2) from None

from trialparse import __version__
from trialparse.cli.ending import UNHEARD, UNREADABLE, ending, let_go, stoppable
from trialparse.cli.streams import hold_closed

__all__ = ["main"]

COMMANDS: Final = {
    "audit": "Account for everything in FILES.",
    "convert": "Convert all records of FILES to Parquet, CSV, JSON lines or a database.",
    "diff": "Show what is different between two versions.",
    "explain": "Explain where the value of a field comes from.",
    "formats": "List the known formats.",
    "overview": "Describe each trial in plain words.",
    "read": "Write each record, or with --combine each trial, as one line of JSON.",
    "schema": "Print the JSON Schema of a trial.",
}
"""What each command does; the command is the function of that name in the module of that name."""


class _Group(click.Group):
    """The commands; each ends with an exit code instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, and import it."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        """Return the commands and options that begin so."""
        named = [name for name in COMMANDS if name.startswith(incomplete)]
        found = [click.shell_completion.CompletionItem(name, help=COMMANDS[name]) for name in named]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

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
