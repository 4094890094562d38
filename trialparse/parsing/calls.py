"""From a source to trials: recognise what it is, take it apart into records, read each one."""

import datetime
from collections import deque
from collections.abc import Generator, Iterator
from functools import partial
from typing import Any

import attrs

from trialparse.diagnostics import NotOneRecord, Place, Rejected, Severity, TrialParseError, UnrecognisedFormat
from trialparse.generated.classes import define
from trialparse.limits import Limits
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.model import Missing, Trial
from trialparse.model.building import build, defaults
from trialparse.model.terms import MissingKind
from trialparse.model.translation import in_language
from trialparse.parsing import recognise
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure, Outcome, Parsed
from trialparse.parsing.recognise import EmptyDocument
from trialparse.parsing.record import Record
from trialparse.parsing.run import fast_run, traced_run
from trialparse.parsing.unread import Unparsed, error_of_archive, one_error
from trialparse.prepared import prepared
from trialparse.readers.notations import Unreadable
from trialparse.readers.source import Document, Input, check_no_folder, documents

_NO_DOCUMENT = "an archive without files"
"""What a source without documents is."""


def parse(
    source: Input,
    *,
    format: str | None = None,
    raise_at: Severity | None = None,
    limits: Limits = Limits(),
    contacts: bool = True,
    results: bool = True,
    language: str | None = None,
    as_of: datetime.date | None = None,
    records_at: str | None = None,
) -> Parsed:
    """Read the one record of a source.

    `source` is a path (a `str` is always one), bytes, or an open binary file; plain, gzip or zip.
    `format` names a format instead of having it recognised; `raise_at` raises Rejected at the first diagnostic of
    that severity or above; `contacts=False` leaves persons out of everything; `results=False` leaves results out;
    `language` (ISO 639-1) prefers translations in that language; `as_of` is a day, and planned dates before it
    without a recorded outcome are reported: without a day nothing depends on the clock.
    `records_at` is for JSON with its records inside of something else: a JSON pointer (`/payload/records`) or names
    with dots (`payload.records`) that lead to the record, to a list of records, or to an object whose values are
    records; "" is the whole document, for such an object.

    Raises NotOneRecord where the source holds no record or several, another TrialParseError where it cannot be read,
    and OSError where a path cannot be opened.
    """
    options = Options(
        raise_at=raise_at,
        limits=limits,
        contacts=contacts,
        results=results,
        language=language,
        as_of=as_of,
        records_at=records_at,
    )
    outcomes = _read(source, format, options)
    empty, first = "", None
    try:
        first = next(outcomes)
    except StopIteration as end:
        empty = end.value
    if first is None:
        raise NotOneRecord("the source holds no record: it is {what}", what=empty)
    second = next(outcomes, None)
    if second is not None or (isinstance(first, Failure) and first.count > 1):
        all_read = first.ok and second is not None and second.ok
        several = "more than one record" if all_read else "several parts, and not all could be read"
        raise NotOneRecord(f"the source holds {several}; read() gives them all")
    if isinstance(first, Failure):
        raise first.error
    return first


def read(
    source: Input,
    *,
    format: str | None = None,
    raise_at: Severity | None = None,
    limits: Limits = Limits(),
    contacts: bool = True,
    results: bool = True,
    language: str | None = None,
    as_of: datetime.date | None = None,
    keep_raw: bool = True,
    records_at: str | None = None,
) -> Iterator[Outcome]:
    """Read every record of a source in order, as `Parsed` or `Failure`; arguments are those of `parse`.

    Equal failures that come one after another are one `Failure` with a `count`. `keep_raw=False` lets go of each
    record's bytes to save memory; its evidence and audit then raise ValueError.
    A source that is of a known format and holds no record, such as a search without results, gives none.

    Raises TrialParseError where the source as a whole cannot be read, and OSError where a path cannot be opened.
    """
    return _read(
        source,
        format,
        Options(
            raise_at=raise_at,
            limits=limits,
            contacts=contacts,
            results=results,
            language=language,
            as_of=as_of,
            keep_raw=keep_raw,
            records_at=records_at,
        ),
    )


def sniff(source: Input, *, limits: Limits = Limits(), records_at: str | None = None) -> Format:
    """Return the format of the first record of a source, or that of a document without records.

    `records_at` is that of `parse`. Raises UnrecognisedFormat and other TrialParseErrors.
    """
    check_no_folder(source)
    empty, refused = _NO_DOCUMENT, None
    document = None
    for document in documents(source, limits):
        try:
            for record in recognise.records(document, limits, at=records_at):
                if isinstance(record, Unreadable):
                    raise record.error
                if isinstance(record, EmptyDocument) and record.format is None:
                    empty = record.text
                elif record.format is not None:
                    return record.format
        except UnrecognisedFormat as error:
            if document.member is None:
                raise
            refused = refused or error
    if refused is not None and document is not None:
        raise error_of_archive(document) or refused
    raise NotOneRecord("the source holds no record: it is {what}", what=empty)


def _read(source: Input, format: str | None, options: Options) -> Iterator[Outcome]:
    """Return the outcomes of the records of a source.

    The StopIteration at the end has a description of the source as its value, for the error if there was no record.
    """
    if format is not None:
        recognise.check_name(format)
    check_no_folder(source)
    return outcomes_of(records_of(source, format, options), options)


def outcomes_of(records: Iterator[Unparsed], options: Options) -> Iterator[Outcome]:
    """Return the outcomes of records; equal failures that come one after another are one.

    The records of one source can be worked on apart: `records_of` splits it, and another process can go on from there.
    """
    return _Outcomes(records, options)


@define(eq=False)
class _Outcomes(Iterator[Outcome]):
    """The outcomes of records. Unlike a generator it goes on with the next record after an error."""

    _records: Iterator[Unparsed]
    _options: Options
    _following: "Outcome | Exception | None" = None
    """What came after the last failures."""

    def __next__(self) -> Outcome:
        outcome, self._following = self._following, None
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is None:
            outcome = self._one()
        return self._folded(outcome) if isinstance(outcome, Failure) else outcome

    def _folded(self, failure: Failure) -> Failure:
        """Return a failure and the equal ones after it as one, and keep what comes after them."""
        count = failure.count
        try:
            following = self._one()
            while isinstance(following, Failure) and following.is_like(failure):
                count += following.count
                following = self._one()
            self._following = following
        except Exception as error:  # noqa: BLE001  whatever it is, it comes after the failure and is raised there
            self._following = error
        return attrs.evolve(failure, count=count) if count > failure.count else failure

    def _one(self) -> Outcome:
        """Return the outcome of the next record."""
        record = next(self._records)
        try:
            return _outcome(record, self._options)
        except StopIteration as error:  # it would look like the end of the records
            raise RuntimeError("a record raised StopIteration") from error


def records_of(source: Input, format: str | None, options: Options) -> Generator[Unparsed, None, str]:
    """Yield the records of a source in order; return a description of the source, in case it holds none."""
    opened: deque[Document] = deque(maxlen=1)
    found = _each(_noted(_documents(source, options), opened), format, options)
    return one_error(found, opened, partial(_for_caller, options=options))


def _noted(documents: Iterator[Document], opened: "deque[Document]") -> Iterator[Document]:
    """Yield documents, and note the last one that is of an archive."""
    for document in documents:
        if document.member is not None:
            opened.append(document)
        yield document


def _each(documents: Iterator[Document], format: str | None, options: Options) -> Generator[Unparsed, None, str]:
    """Yield the records of documents, and a failure for each file or part of an archive that cannot be read."""
    index, empty = 0, _NO_DOCUMENT
    for document in documents:
        reason = None
        try:
            for record in recognise.records(document, options.limits, format, options.records_at):
                if isinstance(record, EmptyDocument):
                    empty = record.text
                    continue
                record.index = index
                yield record
                index += 1
        except TrialParseError as error:
            reason = _for_caller(error, options)
        if reason is not None:  # raised in the block above, it would have the original error as its context
            if document.member is None and document.error is None:
                raise reason from None
            place = Place(path="", record=index, member=document.member)
            yield Failure(index=index, place=place, error=reason)
            index += 1
    return empty


def _documents(source: Input, options: Options) -> Iterator[Document]:
    """Yield the documents of a source; without contacts their names and errors have no words of the source."""
    if options.contacts:
        yield from documents(source, options.limits)
        return
    try:
        yield from _withholding().without_names(documents(source, options.limits))
    except TrialParseError as error:
        reason = error.without_words()
    else:
        return
    raise reason


def _for_caller(error: TrialParseError, options: Options) -> TrialParseError:
    """Return an error as the caller may see it: without contacts it has no words of the source.

    Rejected keeps its diagnostic, which is about a record whose persons are withheld already.
    """
    if options.contacts:
        return error
    return Rejected(error.diagnostic) if isinstance(error, Rejected) else error.without_words()


def _outcome(record: Unparsed, options: Options) -> Outcome:
    """Return what a record is read as; an error of the record becomes a Failure."""
    if isinstance(record, Failure):
        return record
    if isinstance(record, Unreadable):
        return Failure(
            index=record.index,
            place=record.place(words=options.contacts),
            error=_for_caller(record.error, options),
            count=record.count,
            numbers=record.numbers,
        )
    try:
        return _parsed(record, options)
    except TrialParseError as error:
        around = None if options.contacts else record.raw.around
        place = record.own_place if around is None else attrs.evolve(record.own_place, path=around)
        return Failure(index=record.index, place=place, error=_for_caller(error, options), numbers=record.raw.numbers)


def _parsed(record: Record, options: Options) -> Parsed:
    """Read one record: withhold, run, choose the language, and reject, as the options ask; raises TrialParseError."""
    if not options.contacts:
        record = _withholding().redact(record)
    mapping = mapping_of(record.format, results=options.results)
    tracer = None
    record.check_limits()
    trial = fast_run(record, mapping, options) if mapping.is_worth_compiling(record.raw.content) else None
    record.settle()
    if trial is None:
        trial, tracer = traced_run(record, options)
        record.settle()
    if not options.results:
        trial = _without_results(trial)
    moves: dict[str, str] = {}
    if options.language is not None:
        trial, moves = in_language(trial, options.language)
    parsed = Parsed(trial=trial, format=record.format, record=record, options=options, moves=moves, tracer=tracer)
    if options.raise_at is not None:
        for diagnostic in parsed.diagnostics:
            if diagnostic.severity >= options.raise_at:
                raise Rejected(diagnostic)
    if not options.keep_raw:
        parsed.diagnostics  # noqa: B018  find them now: without the record they cannot be found later
        parsed._place = parsed.place
        parsed._record = parsed._tracer = parsed._remarked = None
        parsed._traces = {}
    return parsed


@prepared
def _withholding() -> Any:
    """Return the module that keeps persons out; the patterns of their names take time to prepare."""
    from trialparse.parsing import withhold

    return withhold


def _without_results(trial: Trial) -> Trial:
    """Return the trial with an entry in `missing` that results were not read."""
    values = {name: getattr(trial, name) for name in defaults(Trial)}
    values["missing"] = (*trial.missing, Missing(field="results", kind=MissingKind.NOT_READ))
    made: Trial = build(Trial, values)
    return made
