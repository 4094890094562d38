"""The command that tells each trial in plain words."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from trialparse.cli.arguments import (
    all_files,
    combine_option,
    contacts_option,
    files_argument,
    language_option,
    record_option,
)
from trialparse.cli.reading import Reading, together
from trialparse.cli.saying import say, write
from trialparse.combining import Combined
from trialparse.parsing import Parsed

_BETWEEN = {"text": "\n" + "=" * 72 + "\n", "markdown": "\n---\n"}


@click.command()
@files_argument
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", show_default=True)
@record_option
@combine_option
@language_option
@contacts_option
def overview(
    files: tuple[str, ...],
    form: Any,
    record: int | None,
    combine: bool,
    rules: str,
    language: str | None,
    contacts: bool,
) -> None:
    """Tell each trial in plain words.

    Every sentence of the page says what it rests on.
    """
    from trialparse.pages import overview as page

    reading = Reading({"language": language, "contacts": contacts})
    records: Iterator[Parsed] = (parsed for file in all_files(files) for parsed in reading.parsed(file, record))
    trials: Iterator[Parsed | Combined] = together(records, rules) if combine else records
    first = True
    for trial in _one_by_one(trials, alone=form == "html"):
        if not first:
            say(_BETWEEN[form])
        _out(page(trial, format=form), form == "html")
        first = False
    raise click.exceptions.Exit(reading.code)


def _one_by_one(records: Iterator[Parsed | Combined], *, alone: bool) -> Iterator[Parsed | Combined]:
    """Give the records; `alone` refuses a second one before anything is printed."""
    first = next(records, None)
    if first is None:
        return
    second = next(records, None) if alone else None
    if second is not None:
        raise click.UsageError("there are several records, which are no single HTML document; choose one with --record")
    yield from chain((first,), records)


def _out(text: str, document: bool) -> None:
    """Print a page; a document declares its encoding and has it whatever the terminal's is."""
    if document:
        write(sys.stdout.buffer, text)
    else:
        say(text.rstrip("\n"))
