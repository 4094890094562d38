"""The `formats` command: list the known formats."""

import click

from trialparse.cli.streams import echo


@click.command()
def formats() -> None:
    """List the known formats."""
    from trialparse.registries import FORMATS

    width = max(len(format.name) for format in FORMATS)
    for format in FORMATS:
        echo(f"{format.name:<{width}}  {format.title}")
