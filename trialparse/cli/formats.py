"""The `formats` command: list the known formats."""

import click

from trialparse.cli.saying import say
from trialparse.registries import FORMATS


@click.command()
def formats() -> None:
    """List the known formats."""
    width = max(len(format.name) for format in FORMATS)
    for format in FORMATS:
        say(f"{format.name:<{width}}  {format.title}")
