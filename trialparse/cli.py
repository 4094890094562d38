"""The command line: read, explain and audit trials, and tell them in plain words."""

import errno
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeVar

import attrs

try:
    import click
    import rich  # noqa: F401  its absence shall be told now, not in the midst of a run
except ImportError as missing:
    sys.stderr.write(f"The command line needs {missing.name}: pip install 'trialparse[cli]'\n")
    raise SystemExit(2) from None

from trialparse.diagnostics import Rejected, Severity, TrialParseError
from trialparse.parsing import Failure, Outcome, Parsed, read

if TYPE_CHECKING:
    from trialparse.census import Census, Drift
    from trialparse.evidence import Evidence
    from trialparse.tables import Row

__all__ = ["main"]

READ, SOME_BAD, UNREADABLE = 0, 1, 2
"""Exit codes: all was read; some records or files were not; the call was wrong or nothing could be read."""

STDIN = "-"

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Line: TypeAlias = tuple[str, str, str]


class _Unwritable(click.ClickException):
    """Output cannot be written."""

    exit_code = UNREADABLE


class _Group(click.Group):
    """The commands, with a word instead of a traceback where output cannot be written."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has gone away (`| head`) is left to click, which stays quiet."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise _Unwritable(_plain(f"cannot write: {error.strerror or error}")) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trialparse")
def main() -> None:
    """Read clinical-trial registry exports.

    FILE is an export as the register gives it, plain, gzip or zip; `-` is standard input.

    Exit codes: 0 all was read, 1 some records or files were not, 2 the call was wrong or nothing could be read.
    """


# what the commands share --------------------------------------------------------------------------------------------


def _contacts_option(command: _Command) -> _Command:
    return click.option(
        "--contacts/--no-contacts",
        default=True,
        help="Whether persons, e-mail addresses and telephone numbers stay in.",
    )(command)


def _language_option(command: _Command) -> _Command:
    return click.option("--language", metavar="XX", help="Prefer texts in this language (ISO 639-1).")(command)


def _record_option(command: _Command) -> _Command:
    return click.option(
        "--record", "record", type=click.IntRange(min=0), help="Only the record of this index, from 0."
    )(command)


_file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, readable=False))
_files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, readable=False), metavar="FILES..."
)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _nothing() -> None:
    pass


@attrs.define
class Reading:
    """A run over files: gives records in order, tells on stderr of what could not be read, and counts."""

    options: dict[str, Any]
    """Arguments for `read`."""
    tell: Callable[[str], None] = attrs.field(default=_tell)
    """Where messages go."""
    moved: Callable[[], None] = attrs.field(default=_nothing)
    """Called when a record has been counted."""
    records: int = 0
    """Records that were read or found to be bad."""
    bad: int = 0
    """Records that could not be read."""
    unreadable: int = 0
    """Files that could not be read, or not to their end."""

    def outcomes(self, file: str) -> Iterator[tuple[int, Outcome]]:
        """Give (index, outcome) for each record of a file; failures are told and given as well."""
        outcomes = self._started(file)
        index = 0
        while outcomes is not None and (outcome := self._next(outcomes, file)) is not None:
            self.records += 1
            self.moved()
            if isinstance(outcome, Failure):
                self.bad += 1
                self.tell(_plain(f"{file}: {_where(outcome)}: {self._reason(outcome.error)}"))
            yield index, outcome
            index += 1

    def parsed(self, file: str, record: int | None = None) -> Iterator[Parsed]:
        """Give the records of a file that could be read, or only the one of an index."""
        for index, outcome in self.outcomes(file):
            if record in (None, index) and isinstance(outcome, Parsed):
                yield outcome
            if record == index:
                return
        if record is not None and not self.unreadable:
            raise click.UsageError(f"there is no record {record}; the records are counted from 0")

    @property
    def code(self) -> int:
        """The exit code."""
        if self.unreadable and not self.records:
            return UNREADABLE
        return SOME_BAD if self.bad or self.unreadable else READ

    def _started(self, file: str) -> Iterator[Outcome] | None:
        source: str | BinaryIO = sys.stdin.buffer if file == STDIN else file
        return read(source, **self.options)

    def _next(self, outcomes: Iterator[Outcome], file: str) -> "Outcome | None":
        """Return the next outcome; None at the end, and where the file as a whole cannot be read on."""
        try:
            return next(outcomes, None)
        except TrialParseError as error:
            reason = self._reason(error)
        except OSError as error:
            reason = error.strerror or type(error).__name__
        self.unreadable += 1
        self.tell(_plain(f"{file}: {reason}"))
        return None

    def refuse(self, file: str, error: TrialParseError) -> None:
        """Tell of a record that could be read, but not looked at as a whole."""
        self.bad += 1
        self.tell(_plain(f"{file}: {self._reason(error)}"))

    def _reason(self, error: TrialParseError) -> str:
        """Say why; without contacts in none of the words of the source, for they could be about a person."""
        if self.options.get("contacts", True):
            return f"{type(error).__name__}: {error}"
        if isinstance(error, Rejected):
            found = error.diagnostic
            return f"Rejected: {found.problem.meaning}, for {found.field or 'the document'} @ {found.place}"
        return f"{type(error).__name__}: {(type(error).__doc__ or '').partition(';')[0].strip().rstrip('.')}"


def _where(failure: Failure) -> str:
    """Name a record that could not be read: member of the archive, index, number, place."""
    parts = (failure.place.member, f"record {failure.index}", failure.place.path)
    return " ".join(part for part in parts if part)


def _plain(text: str) -> str:
    """Return words from outside on one line, without characters that act on a terminal."""
    from trialparse.pages.harmless import harmless

    return harmless(text)


def _say(text: str = "") -> None:
    """Print a text, with escapes for what the terminal's encoding lacks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding))


def _files(names: Iterable[str]) -> list[str]:
    """Return the files, and those in the folders and below, in a fixed order; hidden ones are left out."""
    found: list[str] = []
    for name in names:
        folder = Path(name)
        if name == STDIN or not folder.is_dir():
            found.append(name)
            continue
        below = sorted(path for path in folder.rglob("*") if path.is_file())
        found += [str(path) for path in below if not any(part[0] == "." for part in path.relative_to(folder).parts)]
    if not found:
        raise click.UsageError("there are no files in there")
    return found


class _Bar:
    """A progress bar over files on stderr; it keeps out of the way of messages and of output on the same terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.fields[records]} records"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=self.console, transient=True)

    def tell(self, line: str) -> None:
        """Print a message above the bar."""
        self.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def over(self, files: list[str], reading: Reading) -> Iterator[str]:
        """Give the files while the bar moves on."""
        task = self.progress.add_task("", total=len(files), records=0)
        reading.moved = lambda: self.progress.update(task, records=reading.records)
        for file in files:
            yield file
            self.progress.advance(task)


def _watched(
    files: list[str], reading: Reading, to_terminal: bool
) -> tuple[AbstractContextManager[Any], Iterable[str]]:
    """Return what is to be entered, and the files; with a progress bar where stderr is a terminal of its own."""
    if to_terminal or not sys.stderr.isatty():
        return nullcontext(), files
    bar = _Bar()
    reading.tell = bar.tell
    return bar.progress, bar.over(files, reading)


def _printing() -> bool:
    """Whether standard output is a terminal, which is then no place for a bar."""
    return bool(sys.stdout.isatty())


# overview -----------------------------------------------------------------------------------------------------------

_BETWEEN = {"text": "\n" + "=" * 72 + "\n", "markdown": "\n---\n"}


@main.command()
@_file_argument
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", show_default=True)
@_record_option
@_language_option
@_contacts_option
def overview(file: str, form: Any, record: int | None, language: str | None, contacts: bool) -> None:
    """Tell each trial in plain words.

    Every sentence of the page says what it rests on.
    """
    from trialparse.pages import overview as page

    reading = Reading({"language": language, "contacts": contacts})
    first = True
    for parsed in _one_by_one(reading.parsed(file, record), alone=form == "html"):
        if not first:
            _say(_BETWEEN[form])
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
        _write(sys.stdout.buffer, text)
    else:
        _say(text.rstrip("\n"))


def _write(stream: BinaryIO, line: str) -> None:
    stream.write(line.rstrip("\n").encode() + b"\n")
    stream.flush()


# read ---------------------------------------------------------------------------------------------------------------


@main.command(name="read")
@_files_argument
@_contacts_option
@click.option("--results/--no-results", default=True, help="Whether results are read.")
@_language_option
@click.option(
    "--raise-at",
    type=click.Choice([severity.name.lower() for severity in Severity]),
    help="Take a record with a diagnostic of this severity or above as bad.",
)
@click.option("--diagnostics", is_flag=True, help="Write format, trial and diagnostics instead of the trial alone.")
@click.option("--evidence", is_flag=True, help="As --diagnostics, with the places and words behind every field.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True), help="Write to this file.")
def read_(
    files: tuple[str, ...],
    contacts: bool,
    results: bool,
    language: str | None,
    raise_at: str | None,
    diagnostics: bool,
    evidence: bool,
    output: str | None,
) -> None:
    """Write each record as one line of JSON.

    Of folders among FILES all files are read, apart from hidden ones.
    Records and files that cannot be read are told on standard error, and the rest goes on.
    """
    from trialparse.export import parsed_to_json, to_json

    severity = None if raise_at is None else Severity[raise_at.upper()]
    reading = Reading({"contacts": contacts, "results": results, "language": language, "raise_at": severity})
    found = _files(files)
    with _opened(output, found) as stream:
        watch, watched = _watched(found, reading, output is None and _printing())
        with watch:
            for file in watched:
                for parsed in reading.parsed(file):
                    try:
                        whole = diagnostics or evidence
                        line = parsed_to_json(parsed, evidence=evidence) if whole else to_json(parsed.trial)
                    except TrialParseError as error:  # a limit that only a look at the whole record meets
                        reading.refuse(file, error)
                        continue
                    _write(stream, line)
    raise click.exceptions.Exit(reading.code)


def _opened(output: str | None, sources: list[str]) -> AbstractContextManager[BinaryIO]:
    """Open the file to write to, unless it is one of those to be read."""
    if output is None or output == STDIN:
        return nullcontext(sys.stdout.buffer)
    path = Path(output)
    if path.exists() and any(source != STDIN and path.samefile(source) for source in sources):
        raise click.UsageError(f"{_plain(output)} is one of the files to be read")
    try:
        return path.open("wb")
    except OSError as error:
        raise click.UsageError(f"{_plain(output)}: {error.strerror}") from None


# audit --------------------------------------------------------------------------------------------------------------


@main.command()
@_files_argument
@_contacts_option
@click.option("--save", "saved", type=click.Path(dir_okay=False, writable=True), help="Write the census to this file.")
@click.option(
    "--against", type=click.Path(exists=True, dir_okay=False), help="Tell what has changed since this census was saved."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(files: tuple[str, ...], contacts: bool, saved: str | None, against: str | None, as_json: bool) -> None:
    """Account for all that stands in FILES.

    Every leaf is mapped, ignored for a stated reason, withheld, or unmapped; the words that no table knows are listed.
    """
    from trialparse.census import Census, compare, load, save

    then = None
    if against is not None:
        try:
            then = load(against)
        except (TrialParseError, OSError) as error:
            raise click.UsageError(_plain(f"{against}: {error}")) from None
    reading, census = Reading({"contacts": contacts}), Census()
    watch, watched = _watched(_files(files), reading, to_terminal=False)
    with watch:
        for file in watched:
            for index, outcome in reading.outcomes(file):
                try:
                    census.add(outcome, file, index)
                except TrialParseError as error:
                    reading.refuse(file, error)
    if saved is not None:
        try:
            save(census, saved)
        except OSError as error:
            raise click.UsageError(_plain(f"{saved}: {error.strerror}")) from None
    drifts = {} if then is None else compare(census, then)
    if as_json:
        _say(json.dumps(_account(census, drifts, reading), indent=1))
    else:
        _print_account(census, reading)
        if then is not None:
            _print_drifts(drifts)
    raise click.exceptions.Exit(reading.code)


def _account(census: "Census", drifts: dict[str, "Drift"], reading: Reading) -> dict[str, Any]:
    """Return the account as plain values."""
    formats = {}
    for name, tally in sorted(census.formats.items()):
        formats[name] = {
            "records": tally.records,
            "leaves": tally.audit.leaves,
            "mapped": tally.audit.mapped,
            "ignored": tally.audit.ignored,
            "withheld": tally.audit.withheld,
            "unmapped": [
                {"path": path, "count": count, "example": tally.examples.get(path)}
                for path, count in _most(tally.audit.unmapped)
            ],
            "problems": {problem.name: count for problem, count in tally.problems.most_common()},
            "unknown_words": [
                {
                    "problem": word.problem.name,
                    "field": word.field,
                    "text": word.text,
                    "count": count,
                    "example": tally.examples[word],
                }
                for word, count in tally.words.most_common()
            ],
        }
    drift = {
        name: {
            "records": list(drift.records),
            "new": sorted(drift.new),
            "gone": {path: drift.expected(path) for path in drift.gone},
            "emptied": {path: drift.expected(path) for path in drift.emptied},
        }
        for name, drift in drifts.items()
    }
    return {"bad": reading.bad, "unreadable": reading.unreadable, "formats": formats, "drift": drift}


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return Counter(counts).most_common()


def _print_account(census: "Census", reading: Reading) -> None:
    _say(f"{census.records} records, {reading.bad} bad, {reading.unreadable} files unreadable")
    if len(census.formats) > 1:
        _say(f"all: {census.audit}")
    for name, tally in sorted(census.formats.items()):
        _say(f"\n{name}, {tally.records} records: {tally.audit}")
        unmapped = [(str(count), path, tally.examples.get(path, "")) for path, count in _most(tally.audit.unmapped)]
        _print_rows("unmapped paths, with an example", unmapped)
        words = [
            (str(count), f"{word.field}: {word.text!r}", tally.examples[word])
            for word, count in tally.words.most_common()
        ]
        _print_rows("unknown words, with an example", words)
        rest = [(str(count), problem.name, problem.meaning) for problem, count in tally.problems.most_common()]
        _print_rows("diagnostics", rest)


def _print_drifts(drifts: dict[str, "Drift"]) -> None:
    if not drifts:
        _say("\nno path is new, gone or empty since then")
    for name, drift in drifts.items():
        now, then = drift.records
        _say(f"\n{name} since then ({now} records, {then} then)")
        _print_rows("new paths", [(str(seen.records), path, "records") for path, seen in drift.new.items()])
        for title, paths in (("paths that are gone", drift.gone), ("paths no longer filled", drift.emptied)):
            rows = [(f"{drift.expected(path):.1f}", path, "records expected") for path in paths]
            _print_rows(title, sorted(rows, key=lambda row: -float(row[0])))


def _print_rows(title: str, rows: list[_Line]) -> None:
    """Print rows with their first column to the right."""
    if rows:
        _say(f"  {title}:")
    for first, second, third in rows:
        _say(f"  {first:>7}  {_plain(second)}  ({_plain(third)})" if third else f"  {first:>7}  {_plain(second)}")


# explain ------------------------------------------------------------------------------------------------------------


@main.command()
@_file_argument
@click.argument("field")
@_record_option
@_language_option
@_contacts_option
def explain(file: str, field: str, record: int | None, language: str | None, contacts: bool) -> None:
    """Tell why a field is what it is.

    Told are the places in FILE, the register's words there, and the rows of the table that read them.
    FIELD is a path into the trial, such as `phases`, `dates.start` or `interventions[0].routes[0]`.
    """
    reading = Reading({"language": language, "contacts": contacts})
    for parsed in reading.parsed(file, record):
        _print_evidence(parsed, field)
    raise click.exceptions.Exit(reading.code)


_STEP = re.compile(r"([a-z_]+)((?:\[\d{1,9}\])*)")


def _value_at(value: Any, field: str) -> Any:
    """Return the value at a path into a trial; raises UsageError where there is none."""
    for step in field.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            raise click.UsageError(f"{_plain(field)!r} is not a path such as interventions[0].name")
        if value is None:
            return None
        names = [attribute.name for attribute in attrs.fields(type(value))] if attrs.has(type(value)) else []
        if match[1] not in names:
            raise click.UsageError(
                f"{type(value).__name__} has no field {match[1]!r}, but {', '.join(names) or 'none'}"
            )
        value = getattr(value, match[1])
        for index in re.findall(r"\d+", match[2]):
            if not isinstance(value, tuple) or int(index) >= len(value):
                size = len(value) if isinstance(value, tuple) else "no"
                raise click.UsageError(f"{match[1]} has {size} elements, counted from 0: there is no [{index}]")
            value = value[int(index)]
    return value


def _print_evidence(parsed: Parsed, field: str) -> None:
    from trialparse.export import plain

    value = json.dumps(plain(_value_at(parsed.trial, field)), ensure_ascii=False)
    evidence = parsed.evidence(field)
    _say(_plain(f"{parsed.trial.id or parsed.format.name}  {field} = {value}"))
    for missing in parsed.trial.missing:
        if missing.field == field:
            _say(f"  {missing.kind.name}: {missing.kind.value}")
    if not evidence.sources and not evidence.row:
        _say("  the source does not speak of it")
    for source in evidence.sources:
        _say("  " + _plain(f"{source.place}: {source.text!r}"))
    if evidence.relation is not None:
        _say(f"  relation of the register's words to our terms: {evidence.relation}")
    for line in dict.fromkeys([*_mapping_rows(parsed, evidence), *_code_rows(parsed, evidence)]):
        _say("  " + _plain(line))


def _mapping_rows(parsed: Parsed, evidence: "Evidence") -> Iterator[str]:
    """Describe the rows that read a value."""
    from trialparse.tables import row_path

    for row in _rows(parsed, evidence):
        origin = f" <- {row_path(row)}" if row.paths else ""
        yield f"{row.name}: {row.field}{origin}, {f'{row.verb} {row.argument}'.strip()}{_cited(row.authority)}"


def _code_rows(parsed: Parsed, evidence: "Evidence") -> Iterator[str]:
    """Describe the rows of the code lists that turned the register's words into terms."""
    from trialparse.mapping import codes_of
    from trialparse.tables import fold

    lists = codes_of(parsed.format.registry)
    words = dict.fromkeys(source.text for source in evidence.sources)
    for row in _rows(parsed, evidence):
        for name in row.words:
            for word in words:
                meaning = lists.get(name, {}).get(fold(word))
                if meaning is not None:
                    authority = _authorities(parsed.format.registry).get(meaning.row, "")
                    yield f"{meaning.row}: {word!r} is {meaning.term}, {meaning.relation}{_cited(authority)}"


def _rows(parsed: Parsed, evidence: "Evidence") -> Iterator["Row"]:
    from trialparse.mapping import rows_of

    names = evidence.row.split()
    return (row for row in rows_of(parsed.format) if row.name in names)


def _cited(authority: str) -> str:
    return f" [{authority}]" if authority else ""


@cache
def _authorities(registry: str) -> dict[str, str]:
    """Return what each row of a registry's code lists rests on."""
    from trialparse.tables import read_lines

    table = resources.files(f"trialparse.registries.{registry}") / "codes.tsv"
    return {name: cells.get("authority", "") for name, cells in read_lines(table)}


# formats ------------------------------------------------------------------------------------------------------------


@main.command()
def formats() -> None:
    """List the formats that are known."""
    from trialparse.registries import FORMATS

    width = max(len(format.name) for format in FORMATS)
    for format in FORMATS:
        _say(f"{format.name:<{width}}  {format.title}")
