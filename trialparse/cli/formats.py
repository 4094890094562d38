"""The `formats` command: list the known formats."""

import click

from trialparse.cli.saying import say


@click.command()
def formats() -> None:
    """List the known formats."""
    from trialparse.registries import FORMATS

    width = max(len(format.name) for format in FORMATS)
    for format in FORMATS:
        say(f"{format.name:<{width}}  {format.title}")
