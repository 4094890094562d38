"""The `read` command: write each record as a line of JSON."""

import datetime
import os
from typing import TYPE_CHECKING, Any

import click

from trialparse.cli.arguments import (
    as_of_option,
    combine_option,
    contacts_option,
    files_argument,
    language_option,
    records_at_option,
)
from trialparse.cli.ending import UNREADABLE
from trialparse.cli.files import opened
from trialparse.cli.progress import watching
from trialparse.cli.reading import FileRun, Found, Group, trial_of, trials
from trialparse.cli.streams import line, printing, write
from trialparse.diagnostics import Severity

if TYPE_CHECKING:
    from trialparse.parsing.parsed import Parsed


@click.command(name="read")
@files_argument
@contacts_option
@records_at_option
@click.option("--results/--no-results", default=True, help="Read or leave out results.")
@language_option
@click.option(
    "--raise-at",
    type=click.Choice([severity.name.lower() for severity in Severity]),
    help="Reject records with a diagnostic of this severity or above.",
)
@click.option("--diagnostics", is_flag=True, help="Write format, trial and diagnostics instead of the trial alone.")
@click.option("--evidence", is_flag=True, help="Like --diagnostics, with the places and words behind every field.")
@as_of_option
@combine_option
@click.option("--full", is_flag=True, help="Write every field, also where it has no value.")
@click.option("--source/--no-source", default=True, help="Write or leave out file, member and record of each line.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True), help="Write to this file.")
def read(
    files: tuple[str, ...],
    contacts: bool,
    records_at: str | None,
    results: bool,
    language: str | None,
    raise_at: str | None,
    diagnostics: bool,
    evidence: bool,
    as_of: datetime.date | None,
    combine: bool,
    rules: str,
    full: bool,
    source: bool,
    output: str | None,
) -> None:
    """Write each record, or with --combine each trial, as one line of JSON.

    A line begins with the version of its schema, its source and its format.
    From folders among FILES all files are read except hidden ones.
    Records and files that cannot be read are reported on standard error; reading goes on with the next one.
    The output file replaces an older one at the end, and only if a record was found.
    """
    from trialparse.export.json import trial_to_json

    severity = None if raise_at is None else Severity[raise_at.upper()]
    options = {"contacts": contacts, "results": results, "language": language, "raise_at": severity, "as_of": as_of}
    options |= {"records_at": records_at}
    reading = FileRun(options)
    paths = reading.files(files)

    by = rules if combine else None

    def line_of(found: Found[Group]) -> bytes:
        trial = trial_of(found.it, by)
        header = _header(found.it, combined=combine) if source else {}
        if diagnostics or evidence:
            return line(trial.to_json(evidence=evidence, full=full, header=header))
        return line(trial_to_json(trial, full=full, header=header))

    with opened(output, paths) as stream:
        watch, watched = watching(paths, reading, output is None and printing())
        with watch:
            records = (found for file in watched for found in reading.parsed(file))
            for made in reading.made(trials(records, by), line_of):
                write(stream, made)
        if reading.code == UNREADABLE:  # nothing was written that could replace the file
            raise click.exceptions.Exit(UNREADABLE)
    raise click.exceptions.Exit(reading.code)


def _header(group: Group, *, combined: bool) -> dict[str, Any]:
    """Return the keys on the origin of a line: of one record, or of each that was combined."""
    if combined:
        return {"sources": [_file(found) | _record(found) | {"format": found.it.format.name} for found in group]}
    [found] = group
    return {"source": _file(found), **_record(found)}


def _file(found: "Found[Parsed]") -> dict[str, Any]:
    name = os.fsencode(found.file).decode("utf-8", "backslashreplace")  # a name may have bytes that are no UTF-8
    return {"file": name, "member": found.it.place.member}


def _record(found: "Found[Parsed]") -> dict[str, Any]:
    return {"record": found.index}
