"""The command that tells each trial in plain words."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from trialparse.cli.arguments import contacts_option, file_argument, language_option, record_option
from trialparse.cli.reading import Reading
from trialparse.cli.saying import say, write
from trialparse.parsing import Parsed

_BETWEEN = {"text": "\n" + "=" * 72 + "\n", "markdown": "\n---\n"}


@click.command()
@file_argument
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", show_default=True)
@record_option
@language_option
@contacts_option
def overview(file: str, form: Any, record: int | None, language: str | None, contacts: bool) -> None:
    """Tell each trial in plain words.

    Every sentence of the page says what it rests on.
    """
    from trialparse.pages import overview as page

    reading = Reading({"language": language, "contacts": contacts})
    first = True
    for parsed in _one_by_one(reading.parsed(file, record), alone=form == "html"):
        if not first:
            say(_BETWEEN[form])
        _out(page(parsed, format=form), form == "html")
        first = False
    raise click.exceptions.Exit(reading.code)


def _one_by_one(records: Iterator[Parsed], *, alone: bool) -> Iterator[Parsed]:
    """Give the records; `alone` refuses a second one before anything is printed."""
    first = next(records, None)
    if first is None:
        return
    second = next(records, None) if alone else None
    if second is not None:
        raise click.UsageError("FILE has several records, which are no single HTML document; choose one with --record")
    yield from chain((first,), records)


def _out(text: str, document: bool) -> None:
    """Print a page; a document declares its encoding and has it whatever the terminal's is."""
    if document:
        write(sys.stdout.buffer, text)
    else:
        say(text.rstrip("\n"))
