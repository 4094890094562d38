"""The `overview` command: describe each trial in plain words."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import click

from trialparse.cli.arguments import (
    combine_option,
    contacts_option,
    files_argument,
    language_option,
    record_option,
    records_at_option,
)
from trialparse.cli.files import keep_from
from trialparse.cli.reading import FileRun, Found, Group, trial_of, trials
from trialparse.cli.streams import echo, line, write

T = TypeVar("T")

_BETWEEN = {"text": "\n" + "=" * 72 + "\n", "markdown": "\n---\n"}


@click.command()
@files_argument
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", show_default=True)
@click.option("--detail", type=click.Choice(["short", "full"]), default="short", show_default=True)
@click.option("--notes/--no-notes", default=True, help="Write or leave out the notes and their numbers.")
@click.option("--fragment", is_flag=True, help="With HTML, write only what goes into a page of yours.")
@click.option(
    "--css", type=click.Path(exists=True, dir_okay=False), help="With HTML, use this style in place of the page's own."
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False),
    help="With HTML, use the templates in this folder in place of those of the same name.",
)
@click.option(
    "--page-language", "page_language", metavar="XX", default="en", show_default=True, help="Language of the page."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, writable=True),
    metavar="DIR",
    help="Write a page for each trial, and an index of them, into this folder.",
)
@record_option
@combine_option
@language_option
@contacts_option
@records_at_option
def overview(
    files: tuple[str, ...],
    form: Any,
    detail: Any,
    notes: bool,
    fragment: bool,
    css: str | None,
    templates: str | None,
    page_language: str,
    output: str | None,
    record: int | None,
    combine: bool,
    rules: str,
    language: str | None,
    contacts: bool,
    records_at: str | None,
) -> None:
    """Describe each trial in plain words.

    Every sentence of the page cites its source.
    The page is a short article; --detail full adds all details. In HTML they are there, folded.
    """
    from trialparse.pages import overview as page

    reading = FileRun({"language": language, "contacts": contacts, "records_at": records_at})
    paths = reading.files(files)
    keep_from(None, paths)
    by = rules if combine else None
    options: dict[str, Any] = {
        "format": form,
        "detail": detail,
        "notes": notes,
        "language": _known(page_language),
        "fragment": fragment,
        "css": None if css is None else Path(css).read_text(encoding="utf-8"),
        "templates": templates,
    }
    records = (one for file in paths for one in reading.parsed(file, record))
    if output is not None:
        _into(Path(output), reading, paths, trials(records, by), by, options)
    else:
        found = _one_by_one(trials(records, by), alone=form == "html" and not fragment)
        for number, text in enumerate(reading.made(found, lambda one: page(trial_of(one.it, by), **options))):
            if number and form != "html":
                echo(_BETWEEN[form])
            _out(text, form == "html")
    raise click.exceptions.Exit(reading.code)


def _known(language: str) -> str:
    """Return a language that there are words for."""
    from trialparse.pages.tables import languages

    if language not in languages():
        raise click.BadParameter(f"the page is written in {', '.join(languages())}", param_hint="--page-language")
    return language


def _into(
    folder: Path,
    reading: FileRun,
    paths: list[str],
    found: Iterator[Found[Group]],
    by: str | None,
    options: dict[str, Any],
) -> None:
    """Write a page for each trial into a folder, and then the index."""
    from trialparse.pages import page_in
    from trialparse.pages.index import Index

    folder.mkdir(parents=True, exist_ok=True)
    index = Index(options.pop("format"), options.pop("language"))
    for file, text in reading.made(found, lambda one: page_in(index, trial_of(one.it, by), **options)):
        _keep(folder / file, text, paths)
    if index.listed:
        html = {name: options[name] for name in ("fragment", "css", "templates")} if index.format == "html" else {}
        _keep(folder / index.file, index.render(**html), paths)


def _keep(path: Path, text: str, inputs: list[str]) -> None:
    """Write a page; it replaces an older one whole, but none of the files that are read."""
    from trialparse.export.outputs import whole

    if path.exists():
        keep_from(str(path), inputs)
    with whole(path) as stream:
        write(stream, line(text))


def _one_by_one(found: Iterator[T], *, alone: bool) -> Iterator[T]:
    """Give the trials; with `alone`, refuse a second one before anything is printed."""
    first = next(found, None)
    if first is None:
        return
    second = next(found, None) if alone else None
    if second is not None:
        raise click.UsageError(
            "there are several records, which are no single HTML document; choose one with --record, "
            "or write a page for each into a folder with -o"
        )
    yield from chain((first,), found)


def _out(text: str, document: bool) -> None:
    """Print a page; an HTML document keeps the encoding that it declares, whatever the terminal's is."""
    if document:
        write(sys.stdout.buffer, line(text))
    else:
        echo(text.rstrip("\n"))
