"""The command that lists the formats that are known."""

import click

from trialparse.cli.saying import say
from trialparse.registries import FORMATS


@click.command()
def formats() -> None:
    """List the formats that are known."""
    width = max(len(format.name) for format in FORMATS)
    for format in FORMATS:
        say(f"{format.name:<{width}}  {format.title}")
