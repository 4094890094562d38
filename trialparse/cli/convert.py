"""The `convert` command: whole registers to files of tables or lines."""

import datetime
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialparse.cli.arguments import as_of_option, contacts_option, files_argument, language_option, records_at_option
from trialparse.cli.ending import READ, SOME_BAD, UNREADABLE
from trialparse.cli.files import STDIN, keep_from, listed
from trialparse.cli.streams import plain

if TYPE_CHECKING:
    from trialparse.bulk.conversion import Summary

_STDOUT = "/dev/stdout"
_REPORT = b'{"kind": "'
"""How a report begins."""

_KINDS = ("parquet", "csv", "jsonl", "duckdb")


@click.command(name="convert")
@files_argument
@click.option("--to", type=click.Choice(_KINDS), default=_KINDS[0], show_default=True, help="What to write.")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="Write to this folder.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    metavar="N",
    help="Number of processes that read; by default one for each processor. The output does not depend on it.",
)
@click.option("--resume", is_flag=True, help="Go on where an earlier run to this folder ended, if there was one.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True),
    help="Write a line of JSON for each record and file that could not be read, and one with the sums.",
)
@click.option(
    "--diagnostics/--no-diagnostics", default=True, help="Look for problems in records that were read, or not."
)
@contacts_option
@click.option("--results/--no-results", default=True, help="Read or leave out results.")
@language_option
@as_of_option
@records_at_option
def convert(
    files: tuple[str, ...],
    to: str,
    folder: str,
    workers: int,
    resume: bool,
    report: str | None,
    diagnostics: bool,
    contacts: bool,
    results: bool,
    language: str | None,
    as_of: datetime.date | None,
    records_at: str | None,
) -> None:
    """Convert all records of FILES to Parquet, CSV, JSON lines or a database.

    FOLDER gets a folder for each table, or `trials.duckdb`. The tables are joined by `source` and `record`.
    From folders among FILES all files are read except hidden ones.
    A run that was ended or killed goes on with --resume; its output is that of one run.
    At the end standard error has the number of records and of problems of each kind.
    """
    paths, unread = _sources(files, folder, report)
    for path, reason in unread:
        click.echo(plain(f"{path}: not read: {reason}"), err=True)
    if not paths and not unread:
        raise click.UsageError("there are no files to read")
    keep_from(None if report == STDIN else report, paths)
    if report == STDIN and not Path(_STDOUT).exists():
        raise click.UsageError("this system has no name for standard output: give the report a file")
    from trialparse.bulk.conversion import NotConverted, NotResumable, NotStarted
    from trialparse.bulk.conversion import convert as run

    with _progress(paths) as moved:
        try:
            summary = run(
                paths,
                folder,
                unread=unread,
                to=to,
                workers=workers,
                resume=resume,
                report=_STDOUT if report == STDIN else report,
                diagnostics=diagnostics,
                contacts=contacts,
                results=results,
                language=language,
                as_of=as_of,
                records_at=records_at,
                moved=moved,
            )
        except (NotResumable, ImportError) as error:
            raise click.UsageError(plain(str(error))) from None
        except (NotConverted, NotStarted) as error:
            raise OSError(str(error)) from None
    for line in _described(summary):
        click.echo(line, err=True)
    if not summary.records:
        raise click.exceptions.Exit(UNREADABLE)
    raise click.exceptions.Exit(SOME_BAD if summary.failed or summary.ends else READ)


def _sources(files: tuple[str, ...], folder: str, report: str | None) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the files to read, and what cannot be read, each with the reason.

    The output and an earlier report in a folder of sources are no sources; a file that was named is never left out.
    """
    named = {os.path.realpath(file) for file in files if file == STDIN or not Path(file).is_dir()}
    for file in files:
        if os.path.realpath(file) in named and _is_below(file, folder):
            raise click.UsageError(plain(f"{file} is in the folder of the output"))
    found, unread = listed(files)
    paths = []
    for path in found:
        is_report = report is not None and _is_below(path, report) and _is_report(path)
        if os.path.realpath(path) in named or not (_is_below(path, folder) or is_report):
            paths.append(path)
    return paths, unread


def _is_report(path: str) -> bool:
    """Whether a file in a folder of sources is an earlier report, or empty."""
    try:
        with Path(path).open("rb") as file:
            return file.read(len(_REPORT)) in (b"", _REPORT)
    except OSError:  # it is reported when it is read
        return False


def _is_below(path: str, folder: str) -> bool:
    """Whether a file is in the folder of the output, or in one below it."""
    return path != STDIN and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _described(summary: "Summary") -> Iterator[str]:
    """Yield the lines about what became of all records."""
    yield f"records: {summary.read:,} read, {summary.failed:,} not read"
    if summary.ends:
        yield f"files that have no record or were not read to their end: {summary.ends:,}"
    for problem, count in summary.problems.items():
        yield f"{count:9,} {problem}"


@contextmanager
def _progress(paths: list[str]) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows records, bytes and the time that is left, if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda records, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[records]:,} records"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=_size(paths), records=0)
        yield lambda records, done: progress.update(task, completed=done, records=records)


def _size(paths: list[str]) -> int | None:
    """Return the bytes of all files; None if the size of one is not known before it is read."""
    total = 0
    for path in paths:
        try:
            found = os.stat(path) if path != STDIN else os.fstat(sys.stdin.fileno())  # noqa: PTH116  also a path of bytes
        except OSError:  # it is reported when it is read
            continue
        if path == STDIN or not stat.S_ISREG(found.st_mode):
            return None
        total += found.st_size
    return total
