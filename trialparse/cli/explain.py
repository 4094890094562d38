"""The `explain` command: print where the value of a field comes from."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

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
from trialparse.cli.reading import FileRun, trial_of, trials
from trialparse.cli.streams import echo, plain

if TYPE_CHECKING:
    from trialparse.combining import Combined
    from trialparse.mapping.rows import Row
    from trialparse.model.evidence import Evidence, Source
    from trialparse.parsing.parsed import Parsed


@click.command()
@files_argument
@click.argument("field")
@record_option
@combine_option
@language_option
@contacts_option
@records_at_option
def explain(
    files: tuple[str, ...],
    field: str,
    record: int | None,
    combine: bool,
    rules: str,
    language: str | None,
    contacts: bool,
    records_at: str | None,
) -> None:
    """Explain where the value of a field comes from.

    Prints the places in FILES, the register's words there, and the rows of the table that read them.
    With --combine, it is the value of all records of a trial: the rule that chose, and what each record has.
    FIELD is a path into the trial, such as `phases`, `dates.start` or `interventions[0].routes[0]`.
    """
    _check(field)
    reading = FileRun({"language": language, "contacts": contacts, "records_at": records_at})
    paths = reading.files(files)
    keep_from(None, paths)
    by = rules if combine else None
    records = (found for file in paths for found in reading.parsed(file, record))
    for lines in reading.made(trials(records, by), lambda found: list(_lines(trial_of(found.it, by), field))):
        echo("\n".join(lines))
    raise click.exceptions.Exit(reading.code)


_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")


def _check(field: str) -> None:
    """Raise UsageError for a field that the model does not have."""
    from trialparse.model.evidence import check_field

    try:
        check_field(field)
    except ValueError as error:
        raise click.UsageError(plain(str(error))) from None


def _value_at(value: Any, field: str) -> Any:
    """Return the value at a path into a trial; raises UsageError for an element that a list does not have."""
    for name, index in _STEP.findall(field):
        if value is None:
            return None
        if name:
            value = getattr(value, name)
        elif int(index) < len(value):
            value = value[int(index)]
        else:
            raise click.UsageError(f"{field}: there are {len(value)} elements, counted from 0; there is no [{index}]")
    return value


def _lines(it: "Parsed | Combined", field: str) -> Iterator[str]:
    """Give lines with the value of a field and its origin."""
    from trialparse.parsing import Parsed

    value = _value_at(it.trial, field)
    evidence = it.evidence(field)
    yield plain(f"{it.trial.id or it.format.name}  {field} = {_written(value)}")
    for missing in it.trial.missing:
        if missing.field == field:
            yield f"  {missing.kind.name}: {missing.kind.meaning}"
    if isinstance(it, Parsed):
        if not evidence.row:
            yield f"  {_silence(it, field)}"
        yield from _read(it, evidence)
        return
    yield from (f"  {line}" for line in _chosen(it, field))
    yield from _places(evidence.unread, "could not be read")


def _read(parsed: "Parsed", evidence: "Evidence") -> Iterator[str]:
    """Give lines with the places in a record, the words there and the rows that read them."""
    yield from _places(evidence.sources)
    yield from _places(evidence.unread, "could not be read")
    if evidence.relation is not None:
        yield f"  relation of the register's words to our terms: {evidence.relation}"
    for line in dict.fromkeys([*_mapping_rows(parsed, evidence), *_code_rows(parsed, evidence)]):
        yield "  " + plain(line)


def _places(sources: "tuple[Source, ...]", what: str = "") -> Iterator[str]:
    for source in sources:
        words = repr(source.text) if source.text or what else "there is such an entry"
        yield "  " + plain(f"{source.place}: {words} {what}".rstrip())


def _chosen(combined: "Combined", field: str) -> Iterator[str]:
    """Give lines with the rule for a field, and what each record has of it, with its places and rows."""
    from trialparse.combining.combined import leaf_of

    chosen = combined.chosen(field)
    if leaf_of(field) is None:
        yield "what is in it has rules of its own: ask for one of its fields"
        chosen = ()
    else:
        rule, verb = combined.rule(field), combined.verb(field)
        yield plain(f"{rule.name}: {rule.field}, {' '.join((rule.verb, *rule.argument))}{_cited(rule.authority)}")
        if verb != rule.verb:
            yield f"decided by: {verb}"
    taken = {(one.part, one.field) for one in chosen}
    spread = combined.spread(field)
    for one in spread:
        how = "taken" if (one.part, one.field) in taken else "not taken"
        yield plain(f"{combined.names[one.part]}: {_written(one.value)}{f' ({how})' if taken else ''}")
        yield from _read(one.record, one.evidence())
    if not spread:
        yield "no record has a value"


def _written(value: Any) -> str:
    """Return a value as JSON on one line."""
    from trialparse.export import json as export

    return json.dumps(export.plain(value), ensure_ascii=False)


def _silence(parsed: "Parsed", field: str) -> str:
    """Return in words how far it is known that the source does not mention a field."""
    if field in parsed.trial.not_carried:
        return "sources of this kind do not carry it"
    unmapped = sum(parsed.audit().unmapped.values())
    if unmapped:
        return f"nothing is where it would be read; no row reads {unmapped} other leaves of the record: see `audit`"
    return "the source does not mention it"


def _mapping_rows(parsed: "Parsed", evidence: "Evidence") -> Iterator[str]:
    """Describe the rows that read a value."""
    from trialparse.mapping.rows import row_path

    for row in _rows(parsed, evidence):
        origin = f" <- {row_path(row)}" if row.paths else ""
        yield f"{row.name}: {row.field}{origin}, {f'{row.verb} {row.argument}'.strip()}{_cited(row.authority)}"


def _code_rows(parsed: "Parsed", evidence: "Evidence") -> Iterator[str]:
    """Describe the rows of the code lists that map the register's words to terms."""
    from trialparse.mapping.compiled import mapping_of
    from trialparse.mapping.folder import registries_of
    from trialparse.mapping.rows import fold
    from trialparse.mapping.verbs import Bracketed

    lists = mapping_of(parsed.format).codes
    words = dict.fromkeys(source.text for source in evidence.sources)
    for row in _rows(parsed, evidence):
        for name in row.words:
            known = lists.get(name, {})
            known = Bracketed(known) if "bracketed" in row.words else known
            for word in words:
                meaning = known.get(fold(word))
                if meaning is not None:
                    authority = _authorities(*registries_of(parsed.format)).get(meaning.row, "")
                    yield f"{meaning.row}: {word!r} is {meaning.term}, {meaning.relation}{_cited(authority)}"


def _rows(parsed: "Parsed", evidence: "Evidence") -> Iterator["Row"]:
    from trialparse.mapping.compiled import mapping_of

    names = evidence.row.split()
    return (row for row in mapping_of(parsed.format).rows if row.name in names)


def _cited(authority: str) -> str:
    return f" [{authority}]" if authority else ""


@cache
def _authorities(*registries: str) -> dict[str, str]:
    """Return the authority of each row of these registries' code lists, by the name of the row."""
    from trialparse.mapping.folder import code_files
    from trialparse.tsv import read_lines

    tables = [file for registry in ("common", *reversed(registries)) for file in code_files(registry)]
    return {name: cells.get("authority", "") for table in tables for name, cells in read_lines(table)}
