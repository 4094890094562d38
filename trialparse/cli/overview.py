"""The `overview` command: describe each trial in plain words."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeVar

import click

from trialparse.cli.arguments import (
    combine_option,
    contacts_option,
    files_argument,
    language_option,
    record_option,
)
from trialparse.cli.files import keep_from
from trialparse.cli.reading import FileRun, trial_of, trials
from trialparse.cli.saying import line, say, write

T = TypeVar("T")

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
    """Describe each trial in plain words.

    Every sentence of the page cites its source.
    """
    from trialparse.pages import overview as page

    reading = FileRun({"language": language, "contacts": contacts})
    paths = reading.files(files)
    keep_from(None, paths)
    by = rules if combine else None
    records = (one for file in paths for one in reading.parsed(file, record))
    found = _one_by_one(trials(records, by), alone=form == "html")
    first = True
    for text in reading.made(found, lambda one: page(trial_of(one.it, by), format=form)):
        if not first:
            say(_BETWEEN[form])
        _out(text, form == "html")
        first = False
    raise click.exceptions.Exit(reading.code)


def _one_by_one(found: Iterator[T], *, alone: bool) -> Iterator[T]:
    """Give the trials; with `alone`, refuse a second one before anything is printed."""
    first = next(found, None)
    if first is None:
        return
    second = next(found, None) if alone else None
    if second is not None:
        raise click.UsageError("there are several records, which are no single HTML document; choose one with --record")
    yield from chain((first,), found)


def _out(text: str, document: bool) -> None:
    """Print a page; an HTML document keeps the encoding that it declares, whatever the terminal's is."""
    if document:
        write(sys.stdout.buffer, line(text))
    else:
        say(text.rstrip("\n"))
