"""The `schema` command: print the form of the JSON for other programs."""

import click

from trialparse.cli.streams import echo


@click.command()
@click.option("--typescript", is_flag=True, help="Print TypeScript types instead.")
def schema(typescript: bool) -> None:
    """Print the JSON Schema of a trial."""
    import json

    from trialparse.export import schema as form
    from trialparse.export import typescript as types

    echo(types.typescript().rstrip("\n") if typescript else json.dumps(form.schema(), indent=2))
