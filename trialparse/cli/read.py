"""The command that writes each record as a line of JSON."""

import datetime
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from trialparse.cli.arguments import (
    STDIN,
    all_files,
    combine_option,
    contacts_option,
    files_argument,
    language_option,
)
from trialparse.cli.progress import watching
from trialparse.cli.reading import Reading, together
from trialparse.cli.saying import plain, printing, write
from trialparse.combining import Combined
from trialparse.diagnostics import Severity, TrialParseError
from trialparse.parsing import Parsed


@click.command(name="read")
@files_argument
@contacts_option
@click.option("--results/--no-results", default=True, help="Whether results are read.")
@language_option
@click.option(
    "--raise-at",
    type=click.Choice([severity.name.lower() for severity in Severity]),
    help="Take a record with a diagnostic of this severity or above as bad.",
)
@click.option("--diagnostics", is_flag=True, help="Write format, trial and diagnostics instead of the trial alone.")
@click.option("--evidence", is_flag=True, help="As --diagnostics, with the places and words behind every field.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Remark upon planned dates before this day of which the record does not tell what came of them.",
)
@combine_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True), help="Write to this file.")
def read(
    files: tuple[str, ...],
    contacts: bool,
    results: bool,
    language: str | None,
    raise_at: str | None,
    diagnostics: bool,
    evidence: bool,
    as_of: datetime.datetime | None,
    combine: bool,
    rules: str,
    output: str | None,
) -> None:
    """Write each record as one line of JSON, or with --combine each trial.

    Of folders among FILES all files are read, apart from hidden ones.
    Records and files that cannot be read are told on standard error, and the rest goes on.
    """
    from trialparse.export import to_json

    severity = None if raise_at is None else Severity[raise_at.upper()]
    day = None if as_of is None else as_of.date()
    options = {"contacts": contacts, "results": results, "language": language, "raise_at": severity, "as_of": day}
    reading = Reading(options)
    paths = all_files(files)
    with _opened(output, paths) as stream:
        watch, watched = watching(paths, reading, output is None and printing())
        with watch:
            records = ((file, parsed) for file in watched for parsed in reading.parsed(file))
            for name, found in _trials(records, rules) if combine else records:
                try:
                    whole = diagnostics or evidence
                    line = found.to_json(evidence=evidence) if whole else to_json(found.trial)
                except TrialParseError as error:  # a limit that only a look at the whole record meets
                    reading.refuse(name, error)
                    continue
                write(stream, line)
    raise click.exceptions.Exit(reading.code)


def _trials(records: Iterable[tuple[str, Parsed]], rules: str) -> Iterator[tuple[str, Combined]]:
    """Give trials with all their records, each with the name of its first record."""
    for one in together((parsed for _, parsed in records), rules):
        yield one.names[0], one


def _opened(output: str | None, sources: list[str]) -> AbstractContextManager[BinaryIO]:
    """Open the file to write to, unless it is one of those to be read."""
    if output is None or output == STDIN:
        return nullcontext(sys.stdout.buffer)
    path = Path(output)
    if path.exists() and any(source != STDIN and path.samefile(source) for source in sources):
        raise click.UsageError(f"{plain(output)} is one of the files to be read")
    try:
        return path.open("wb")
    except OSError as error:
        raise click.UsageError(f"{plain(output)}: {error.strerror}") from None
