"""The `audit` command: account for everything in files, and report what has changed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from trialparse.cli.arguments import contacts_option, files_argument, records_at_option
from trialparse.cli.ending import READ, SOME_BAD, UNREADABLE
from trialparse.cli.files import keep_from
from trialparse.cli.progress import watching
from trialparse.cli.reading import FileRun
from trialparse.cli.streams import echo, plain
from trialparse.diagnostics import TrialParseError

if TYPE_CHECKING:
    from trialparse.bulk.census import Census, Drift

_Line: TypeAlias = tuple[str, str, str]


@click.command()
@files_argument
@contacts_option
@records_at_option
@click.option("--save", "saved", type=click.Path(dir_okay=False, writable=True), help="Write the census to this file.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False),
    help="Report what has changed since this census.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--exit-code", "exit_code", is_flag=True, help="Exit with 1 for drift, an unknown key or an unknown word."
)
def audit(
    files: tuple[str, ...],
    contacts: bool,
    records_at: str | None,
    saved: str | None,
    against: str | None,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Account for everything in FILES.

    Every leaf is mapped, ignored for a stated reason, withheld, or unmapped; words that no table knows are listed.
    """
    from trialparse.bulk.census import Census, compare, load, save

    then = None
    if against is not None:
        try:
            then = load(against)
        except (TrialParseError, OSError) as error:
            shown = error if contacts or isinstance(error, OSError) else error.without_words()
            raise click.UsageError(plain(f"{against}: {shown}")) from None
    reading, census = FileRun({"contacts": contacts, "records_at": records_at}), Census()
    paths = reading.files(files)
    keep_from(None, paths if against is None else [*paths, against])
    if saved is not None:
        keep_from(saved, paths)  # the census that it replaces may be the one to compare with, which is read by now
    watch, watched = watching(paths, reading, to_terminal=False)
    with watch:
        outcomes = (found for file in watched for found in reading.outcomes(file))
        for _ in reading.made(outcomes, lambda found: census.add(found.it, found.file, found.index)):
            pass
    drifts = {} if then is None else compare(census, then)
    if as_json:
        echo(json.dumps(_account(census, drifts, reading), indent=1))
    else:
        _print_account(census, reading)
        if then is not None:
            _print_drifts(drifts, census)
    if saved is not None and reading.code != UNREADABLE:  # otherwise there is no new census to save
        save(census, saved)
    raise click.exceptions.Exit(reading.code or (SOME_BAD if exit_code and (drifts or census.unknown) else READ))


def _account(census: "Census", drifts: dict[str, "Drift"], reading: FileRun) -> dict[str, Any]:
    """Return the account as plain values."""
    formats = {}
    for name, tally in sorted(census.formats.items()):
        formats[name] = {
            "records": tally.records,
            "leaves": tally.audit.leaves,
            "mapped": tally.audit.mapped,
            "ignored": tally.audit.ignored,
            "withheld": tally.audit.withheld,
            "matchers": tally.audit.matchers,
            "unmapped": [
                {"path": path, "count": count, "example": tally.examples.get(path)}
                for path, count in _most(tally.audit.unmapped)
            ],
            "problems": {problem.name: count for problem, count in tally.problems.most_common()},
            "unknown_words": [
                {"path": word.path, "text": word.text, "count": count, "example": tally.examples[word]}
                for word, count in tally.words.most_common()
            ],
        }
    drift = {
        name: {
            "records": list(drift.records),
            "new": sorted(drift.new),
            "gone": {path: drift.expected(path) for path in drift.gone},
            "emptied": {path: drift.expected(path) for path in drift.emptied},
            "words": [
                {"path": word.path, "text": word.text, "count": drift.words[word]} for word in sorted(drift.words)
            ],
        }
        for name, drift in drifts.items()
    }
    counts = {"bad": reading.bad, "unreadable": reading.unreadable, "empty": reading.empty}
    return {**counts, "formats": formats, "drift": drift}


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return Counter(counts).most_common()


def _print_account(census: "Census", reading: FileRun) -> None:
    files = "1 file" if reading.unreadable == 1 else f"{reading.unreadable} files"
    counts = f"{census.records} records, {reading.bad} bad, {files} unreadable, {reading.empty} without records"
    echo(counts)
    if len(census.formats) > 1:
        echo(f"all: {census.audit}")
    for name, tally in sorted(census.formats.items()):
        echo(f"\n{name}, {tally.records} records: {tally.audit}")
        unmapped = tally.audit.unmapped
        lines = [
            (sum(unmapped[path] for path in paths), name, tally.examples.get(paths[0], ""))
            for name, paths in _folded(unmapped, tally.paths)
        ]
        rows = [(str(count), name, example) for count, name, example in sorted(lines, key=lambda line: -line[0])]
        _print_rows("unmapped paths, with an example", rows)
        words = [
            (str(count), f"{word.path}: {word.text!r}", tally.examples[word])
            for word, count in tally.words.most_common()
        ]
        _print_rows("unknown words, with an example", words)
        rest = [(str(count), problem.name, problem.meaning) for problem, count in tally.problems.most_common()]
        _print_rows("diagnostics", rest)


_FEW = 4
"""Paths of one subtree that are printed one by one."""


def _folded(paths: Iterable[str], known: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return lines for paths, with what each is for: a path, or a subtree with no other known path if it has many.

    >>> _folded(["new.a", "new.b", "new.c.d", "new.c.e", "new.f", "old.x"], ["old.y"])
    [('new.** (5 paths)', ['new.a', 'new.b', 'new.c.d', 'new.c.e', 'new.f']), ('old.x', ['old.x'])]
    """
    paths = list(paths)
    others = {above for path in {*known}.difference(paths) for above in _upwards(path)}
    below: dict[str, list[str]] = {}
    for path in paths:
        below.setdefault(next((above for above in _upwards(path) if above not in others), path), []).append(path)
    lines: list[tuple[str, list[str]]] = []
    for top, found in below.items():
        few = len(found) <= _FEW
        lines += [(path, [path]) for path in found] if few else [(f"{top}.** ({len(found):,} paths)", found)]
    return lines


def _upwards(path: str) -> Iterator[str]:
    """Yield what a path lies in, outermost first, and the path."""
    yield from (path[:at] for at, sign in enumerate(path) if sign == ".")
    yield path


def _print_drifts(drifts: dict[str, "Drift"], census: "Census") -> None:
    if not drifts:
        echo("\nno path is new, gone or empty since then, and no word is new")
    for name, drift in drifts.items():
        now, then = drift.records
        echo(f"\n{name} since then ({now} records, {then} then)")
        folded = _folded(drift.new, census.formats[name].paths)
        rows = [(str(max(drift.new[path].records for path in paths)), line, "records") for line, paths in folded]
        _print_rows("new paths", rows)
        for title, paths in (("paths that are gone", drift.gone), ("paths no longer filled", drift.emptied)):
            rows = [(f"{drift.expected(path):.1f}", path, "records expected") for path in paths]
            _print_rows(title, sorted(rows, key=lambda row: -float(row[0])))
        words = [(str(drift.words[word]), f"{word.path}: {word.text!r}", "") for word in sorted(drift.words)]
        _print_rows("new words that no row knows", words)


def _print_rows(title: str, rows: list[_Line]) -> None:
    """Print rows, the first column aligned to the right."""
    if rows:
        echo(f"  {title}:")
    for first, second, third in rows:
        echo(f"  {first:>7}  {plain(second)}  ({plain(third)})" if third else f"  {first:>7}  {plain(second)}")
