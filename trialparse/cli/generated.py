"""Print the functions that are generated to read a source: `python -m trialparse.cli.generated SOURCE`."""

import click

from trialparse import Failure, TrialParseError, read
from trialparse.generated import TEXTS


@click.command(help=__doc__)
@click.argument("source", type=click.Path(exists=True))
def main(source: str) -> None:
    """Read a source and print each function generated for it, below the name that tracebacks show."""
    try:
        for _ in read(source):  # the first record may be read without these functions
            pass
        for outcome in read(source):
            if isinstance(outcome, Failure):
                click.echo(f"# {outcome.error}", err=True)
    except TrialParseError as error:
        raise click.ClickException(str(error)) from None
    for name, text in TEXTS.items():
        click.echo(f"# {name}\n{text}\n")


if __name__ == "__main__":
    main()
