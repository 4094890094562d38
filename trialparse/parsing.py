"""From a source to trials: recognise what it is, take it apart into records, read each one."""

import datetime
import re
import reprlib
from collections.abc import Collection, Generator, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

import attrs

from trialparse import recognition
from trialparse.as_of import passed
from trialparse.audit import Audit, Word
from trialparse.building import build, defaults
from trialparse.convert import Gone, Unread
from trialparse.diagnostics import Diagnostic, NotOneRecord, Place, Problem, Rejected, Severity, TrialParseError
from trialparse.evidence import Evidence, Source, check_field
from trialparse.languages import in_language, is_language
from trialparse.limits import Limits
from trialparse.mapping import Format, Mapping, mapping_of
from trialparse.model import Missing, Trial
from trialparse.readers.source import Document, documents
from trialparse.readers.source import Source as Input
from trialparse.record import Empty, Record, Unreadable, ledger_of
from trialparse.redaction import is_marked, redact, without_names
from trialparse.references import astray
from trialparse.terms import MissingKind
from trialparse.traced import Trace, Tracer

UNKNOWN = frozenset({Problem.UNKNOWN_CODE, Problem.UNKNOWN_TERM})
"""The problems that are a word which no row knows."""


@attrs.frozen(kw_only=True)
class Options:
    """What the caller asked for, apart from the source."""

    raise_at: Severity | None = None
    limits: Limits = attrs.field(factory=Limits)
    contacts: bool = True
    results: bool = True
    language: str | None = None
    as_of: datetime.date | None = None
    keep_raw: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse what would be passed over without a word; raises TypeError and ValueError."""
        if self.raise_at is not None and not isinstance(self.raise_at, Severity):
            raise TypeError(f"raise_at takes a Severity, not {self.raise_at!r}")
        if not isinstance(self.limits, Limits):
            raise TypeError(f"limits takes Limits, not {self.limits!r}")
        if self.language is not None and not is_language(self.language):
            raise ValueError(f"language takes an ISO 639-1 code such as 'it', not {self.language!r}")
        if self.as_of is not None and type(self.as_of) is not datetime.date:
            raise TypeError(f"as_of takes a datetime.date, not {self.as_of!r}")


@attrs.frozen(eq=False)
class Traces:
    """What was noted in a traced run, by field, so that a look-up costs no more than what it finds."""

    _at: dict[str, list[Trace]]
    _below: dict[str, list[Trace]]

    @classmethod
    def of(cls, traces: Iterable[Trace]) -> "Traces":
        """Return the index of traces; each counts for its field and for every field that holds it."""
        at: dict[str, list[Trace]] = {}
        below: dict[str, list[Trace]] = {}
        for trace in traces:
            at.setdefault(trace.field, []).append(trace)
            for field in (trace.field, *_holders(trace.field)):
                below.setdefault(field, []).append(trace)
        return cls(at, below)

    def below(self, field: str) -> list[Trace]:
        """Return what was noted of a field and of all below it; of a part of a value, what was noted of the value."""
        return self._below.get(field) or next((self._at[one] for one in _holders(field) if one in self._at), [])


def _holders(field: str) -> Iterator[str]:
    """Give the paths of what holds a field, nearest first: of `a[0].b` those are `a[0]` and `a`."""
    while cut := max(field.rfind("."), field.rfind("["), 0):
        field = field[:cut]
        yield field


def _within(field: str, top: str) -> bool:
    """Whether a field is the one at the top of a path, or lies below it."""
    return field == top or field.startswith((top + ".", top + "["))


@attrs.define(eq=False, kw_only=True, repr=False)
class Parsed:
    """One record of a source that was read."""

    trial: Trial
    """The trial."""
    format: Format
    """The format it was read as."""
    _record: Record | None
    _options: Options
    _moves: dict[str, str] = attrs.field(factory=dict)
    _diagnostics: tuple[Diagnostic, ...] | None = None
    _tracer: Tracer | None = None
    _traces: dict[str, Traces] = attrs.field(factory=dict)

    ok = True
    """True: the record was read. A `Failure` has False here."""

    @property
    def raw(self) -> bytes | dict[str, str]:
        """The record as it stood in the source: bytes of JSON or XML, the cells of a CSV row by column."""
        raw: bytes | dict[str, str] = self._kept().raw
        return raw

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong or worth knowing, most severe first; found by a second look when first asked for."""
        if self._diagnostics is None:
            self._diagnostics = self._diagnose()
        return self._diagnostics

    def evidence(self, field: str | None = None) -> Any:
        """Return the `Evidence` of a field, or with None a dict of those of all fields that the source speaks of.

        A field that the source does not speak of has evidence without sources, and so has an element beyond a list.
        Raises ValueError for a field that the model does not have, and where the record was not kept.
        """
        record = self._kept()
        if field is not None:
            check_field(field)
            moved = self._moved(field)
            return _evidence(field, self._indexed(moved).below(moved), record)
        groups: dict[str, list[Trace]] = {}
        for trace in self._traced().traces:
            groups.setdefault(trace.field, []).append(trace)
        back = {here: there for there, here in self._moves.items()}
        return {back.get(name, name): _evidence(back.get(name, name), found, record) for name, found in groups.items()}

    def language_of(self, field: str) -> str | None:
        """Return the language of a text that stands in its field because `language` asked for it, else None."""
        asked = self._options.language
        return asked.lower() if asked is not None and field in self._moves else None

    def audit(self, *, paths: bool = False) -> Audit:
        """Return the account of every leaf of the record; with `paths` also how many leaves each path has.

        Raises ValueError where the record was not kept.
        """
        return self._kept().audit(self._options.limits, paths)

    def unknown_words(self) -> dict[Word, list[Place]]:
        """Return the words that no row of a code list knows, with the places where they stand.

        Raises ValueError where the record was not kept.
        """
        record, found = self._kept(), dict[Word, list[Place]]()
        leaves = dict.fromkeys((f.keys, f.words) for f in self._traced().findings if f.problem in UNKNOWN)
        for keys, words in leaves:
            path = ledger_of(record.format).at(keys).path
            found.setdefault(Word(path, words), []).append(record.place(keys))
        return found

    def to_json(self, *, evidence: bool = True) -> str:
        """Return the trial with its diagnostics and evidence as JSON."""
        from trialparse.export import parsed_to_json

        return parsed_to_json(self, evidence=evidence)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the record and its diagnostics if they are known; whatever else was worked out is worked out again."""
        again = partial(
            Parsed,
            trial=self.trial,
            format=self.format,
            record=self._record,
            options=self._options,
            moves=self._moves,
            diagnostics=self._diagnostics,
        )
        return again, ()

    def __repr__(self) -> str:
        """Return one line that may stand in a log: format, trial, place, and how many diagnostics if that is known."""
        said = [self.format.name, reprlib.repr(self.trial.id)]
        if self._record is not None:
            said.append(_where(self._record.place(())))
        if self._diagnostics is not None:
            said.append(f"{len(self._diagnostics)} diagnostics")
        return f"<Parsed {', '.join(said)}>"

    def _kept(self) -> Record:
        if self._record is None:
            raise ValueError("the record was not kept: read it with keep_raw=True")
        return self._record

    def _traced(self) -> Tracer:
        """Return the traced run over the whole record."""
        if self._tracer is None:
            self._tracer = _trace(self._kept(), self._options)[1]
        return self._tracer

    def _indexed(self, field: str) -> Traces:
        """Return the traces by field, of the whole record if it has been run over, else of what this field needs."""
        top = _top(field)
        known = self._traces.get(top)
        if known is None:
            tracer = self._tracer or _trace(self._kept(), self._options, only=(top,))[1]
            known = Traces.of(trace for trace in tracer.traces if _within(trace.field, top))
            self._traces = {**self._traces, top: known}  # another thread may be looking at the one that was there
        return known

    def _moved(self, field: str) -> str:
        """Return where the text of a field stood before a text in another language took its place."""
        for there in (field, *_holders(field)):
            if there in self._moves:
                return self._moves[there] + field[len(there) :]
        return field

    def _diagnose(self) -> tuple[Diagnostic, ...]:
        record, tracer = self._kept(), self._traced()
        limits, line = self._options.limits, record.line_finder(self._options.limits)
        found = [
            Diagnostic(problem=f.problem, field=f.field, place=record.place(f.keys, line(f.keys)), text=f.words)
            for f in tracer.findings
        ]
        found += [
            Diagnostic(problem=Problem.UNEXPECTED, field=None, place=record.place(keys, line(keys)), text=text)
            for keys, text in record.unexpected(limits)
        ]
        found += [
            Diagnostic(problem=problem, field=None, place=place, text=text)
            for problem, place, text in record.remarks(limits)
        ]
        if _says_nothing(self.trial, mapping_of(record.format).nothing) and (unmapped := self.audit().unmapped):
            unknown = ", ".join(sorted(unmapped))[:200]
            found.append(Diagnostic(problem=Problem.NOTHING_READ, field=None, place=record.place(()), text=unknown))
        for wrong, name, text in astray(self.trial.results):
            traces = self._indexed(name).below(name)
            keys = traces[0].keys if traces else ()
            found.append(Diagnostic(problem=wrong, field=name, place=record.place(keys, line(keys)), text=text))
        found += self._passed()
        return tuple(sorted(found, key=lambda diagnostic: -diagnostic.severity))

    def _passed(self) -> Iterator[Diagnostic]:
        """Give the planned dates that had passed on the day that the caller named."""
        day = self._options.as_of
        for field, date in passed(self.trial, day) if day is not None else ():
            sources = self.evidence(field).sources
            place, text = sources[0] if sources else (self._kept().place(()), str(date))
            yield Diagnostic(problem=Problem.PASSED, field=field, place=place, text=text)


@attrs.frozen(kw_only=True, repr=False)
class Failure:
    """A record that could not be read; a value, so that its neighbours are not lost with it."""

    index: int
    """Index of the record in its source, from 0."""
    place: Place
    """Where it stands."""
    error: TrialParseError
    """Why it could not be read."""
    ok = False
    """False: the record was not read."""

    @property
    def trial(self) -> Trial:
        """Raise the error: a loop that does not look at `ok` stops here, and nothing is lost silently."""
        raise self.error

    def __repr__(self) -> str:
        """Return one line that may stand in a log; the words of the error are left to those who ask for it."""
        return f"<Failure {_where(self.place)}: {type(self.error).__name__}>"


def _where(place: Place) -> str:
    """Name a record by its place in its source, on one line however strange the names in it are."""
    names = [reprlib.repr(name) for name in (place.member, place.path) if name]
    return " ".join([f"record {place.record}", *names])


def _says_nothing(trial: Trial, nothing: Trial) -> bool:
    """Whether a trial is that of a record with nothing in it, which holds what the register implies."""
    return all(getattr(trial, name) == getattr(nothing, name) for name in defaults(Trial) if name != "missing")


def _evidence(field: str, found: list[Trace], record: Record) -> Evidence:
    relations = {trace.relation for trace in found if trace.relation is not None}
    return Evidence(
        field=field,
        sources=_sources(record, [trace for trace in found if not trace.unread]),
        unread=_sources(record, [trace for trace in found if trace.unread]),
        row=" ".join(dict.fromkeys(trace.row for trace in found)),
        relation=relations.pop() if len(relations) == 1 else None,
    )


def _sources(record: Record, traces: list[Trace]) -> tuple[Source, ...]:
    """Return places and words, each once; a value that the register implies has none."""
    return tuple(dict.fromkeys(Source(record.place(trace.keys), trace.words) for trace in traces if trace.keys))


Outcome: TypeAlias = "Parsed | Failure"


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
) -> Parsed:
    """Read the one record of a source.

    `source` is a path (a `str` is always one), bytes, or an open binary file; plain, gzip or zip.
    `format` names a format instead of having it recognised; `raise_at` raises Rejected at the first diagnostic of
    that severity or above; `contacts=False` leaves persons out of everything; `results=False` leaves results out;
    `language` (ISO 639-1) prefers translations in that language; `as_of` is a day, and planned dates before it of
    which the record does not tell what came of them are remarked upon: without a day nothing depends on the clock.

    Raises NotOneRecord where the source holds no record or several, another TrialParseError where it cannot be read,
    and OSError where a path cannot be opened.
    """
    options = Options(
        raise_at=raise_at, limits=limits, contacts=contacts, results=results, language=language, as_of=as_of
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
    if second is not None:
        several = "more than one record" if first.ok and second.ok else "several parts, of which not all could be read"
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
) -> Iterator[Outcome]:
    """Read every record of a source in order, as `Parsed` or `Failure`; arguments are those of `parse`.

    `keep_raw=False` lets go of each record's bytes to save memory; its evidence and audit then raise ValueError.
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
        ),
    )


def sniff(source: Input, *, limits: Limits = Limits()) -> Format:
    """Return the format of the first record of a source, or that of a document without records.

    Raises UnrecognisedFormat and other TrialParseErrors.
    """
    empty = _NO_DOCUMENT
    for document in documents(source, limits):
        for record in recognition.records(document, limits):
            if isinstance(record, Unreadable):
                raise record.error
            if isinstance(record, Empty) and record.format is None:
                empty = record.text
            elif record.format is not None:
                return record.format
    raise NotOneRecord("the source holds no record: it is {what}", what=empty)


_NO_DOCUMENT = "an archive without files"


def _read(source: Input, format: str | None, options: Options) -> Iterator[Outcome]:
    """Give what comes of the records of a source; its end says what the source is, in case that it gave none."""
    return _Outcomes(_records(source, format, options), options)


@attrs.frozen
class _Outcomes(Iterator[Outcome]):
    """What comes of records, one after another; unlike a generator it gives the next one after an error."""

    _records: Iterator["Record | Unreadable | Failure"]
    _options: Options

    def __next__(self) -> Outcome:
        record = next(self._records)
        try:
            return _outcome(record, self._options)
        except StopIteration as error:  # it would pass for the end of the records
            raise RuntimeError("a record raised StopIteration") from error


def _records(
    source: Input, format: str | None, options: Options
) -> Generator["Record | Unreadable | Failure", None, str]:
    """Give the records of a source as they stand in it; what it returns says what the source is if it gave none."""
    index, empty = 0, _NO_DOCUMENT
    for document in _documents(source, options):
        reason = None
        try:
            for record in recognition.records(document, options.limits, format):
                if isinstance(record, Empty):
                    empty = record.text
                    continue
                record.index = index
                yield record
                index += 1
        except TrialParseError as error:
            reason = _told(error, options)
        if reason is not None:  # an error that is raised in the block above keeps the one before as its context
            if document.member is None:
                raise reason from None
            place = Place(path="", record=index, member=document.member)
            yield Failure(index=index, place=place, error=reason)
            index += 1
    return empty


def _documents(source: Input, options: Options) -> Iterator[Document]:
    """Give the documents of a source; without contacts neither their names nor errors hold words of it."""
    if options.contacts:
        yield from documents(source, options.limits)
        return
    try:
        yield from without_names(documents(source, options.limits))
    except TrialParseError as error:
        reason = error.without_words()
    else:
        return
    raise reason


def _told(error: TrialParseError, options: Options) -> TrialParseError:
    """Return an error as the caller may see it; the diagnostic of a changed record has no persons in it."""
    if options.contacts:
        return error
    return Rejected(error.diagnostic) if isinstance(error, Rejected) else error.without_words()


def _outcome(record: "Record | Unreadable | Failure", options: Options) -> Outcome:
    if isinstance(record, Failure):
        return record
    if isinstance(record, Unreadable):
        return Failure(index=record.index, place=record.place(), error=_told(record.error, options))
    try:
        return _parsed(record, options)
    except TrialParseError as error:
        return Failure(index=record.index, place=record.place(()), error=_told(error, options))


def _parsed(record: Record, options: Options) -> Parsed:
    if not options.contacts:
        record = redact(record, options.limits)
    mapping = mapping_of(record.format, results=options.results)
    tracer = None
    reader = record.format.reader
    if reader == "html" or (reader == "json" and len(record.raw) > options.limits.nodes):
        record.surveyed(options.limits)  # a shorter record of JSON cannot have more values than the limit
    trial = _untraced(record, mapping, options) if options.raise_at is None else None
    record.settle()
    if trial is None:
        trial, tracer = _trace(record, options)
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
        parsed.diagnostics  # noqa: B018  found now, since it cannot be found later
        parsed._record = parsed._tracer = None
        parsed._traces = {}
    return parsed


def _quick(record: Record, mapping: Mapping) -> Trial | None:
    """Return the trial of a record without surprises, None where the traced run has to look."""
    struct = record.struct(mapping)
    if struct is None:
        return None
    try:
        trial: Trial = mapping.fill(struct)
    except (Unread, Gone):
        return None
    return trial


def _untraced(record: Record, mapping: Mapping, options: Options) -> Trial | None:
    """Return the trial of a record of which the traced run looks at some fields at most; None where it has to at all.

    Those are the fields in which the quick run met words that are no value, or marks of what was withheld.
    """
    trial, odd = _quick(record, mapping), frozenset[str]()
    if trial is None:
        trial, odd = _by_field(record, mapping)
    if trial is not None and record.redacted:
        tree = record.tree(options.limits)
        odd |= {name for name, shape in mapping.shapes.items() if is_marked(tree, shape)}
    if trial is None or not odd:
        return trial
    if "missing" in odd:
        return None
    again, _ = _trace(record, options, only=odd)
    values = {name: getattr(again if name in odd else trial, name) for name in defaults(Trial)}
    stated = len(_stated_missing(record, mapping))
    kept = [entry for entry in trial.missing[stated:] if _top(entry.field) not in odd]
    values["missing"] = (*trial.missing[:stated], *_in_order(mapping, [*kept, *again.missing]))
    made: Trial = build(Trial, values)
    return made


def _stated_missing(record: Record, mapping: Mapping) -> tuple[Missing, ...]:
    """Return what rows of the table read into `missing`, whichever field it is about."""
    fill = mapping.fills.get("missing")
    return () if fill is None else fill(record.struct(mapping)).missing


def _by_field(record: Record, mapping: Mapping) -> tuple[Trial | None, frozenset[str]]:
    """Return what the quick run makes of a record field by field, and the fields in which it meets a surprise.

    The entries of `missing` that rows read come first.
    """
    struct = record.struct(mapping)
    if struct is None:
        return None, frozenset()
    values: dict[str, Any] = {}
    stated: tuple[Missing, ...] = ()
    missing: list[Missing] = []
    for name, fill in mapping.fills.items():
        try:
            part: Trial = fill(struct)
        except (Unread, Gone):
            continue
        values[name] = getattr(part, name)
        if name == "missing":
            stated = part.missing
        else:
            missing += part.missing
    odd = mapping.fills.keys() - values.keys()
    values["missing"] = (*stated, *missing)
    return (None if "missing" in odd else build(Trial, values)), frozenset(odd)


def _in_order(mapping: Mapping, missing: list[Missing]) -> list[Missing]:
    """Return entries of `missing` by their fields, as the traced run comes upon them."""
    names = [field.name for field in mapping.plan.fields]
    return sorted(missing, key=lambda entry: names.index(_top(entry.field)))


def _top(field: str) -> str:
    """Return the field of the Trial in which a field lies."""
    return re.split(r"[.\[]", field, maxsplit=1)[0]


def _trace(record: Record, options: Options, only: Collection[str] | None = None) -> tuple[Trial, Tracer]:
    """Run over the whole record, or over `only` these fields of the Trial and what lies below them."""
    tracer = Tracer(
        lone=record.format.reader != "json", redacted=record.redacted, joins=record.joins, write=record.words
    )
    plan = mapping_of(record.format, results=options.results).plan
    if only is not None:
        plan = attrs.evolve(plan, fields=tuple(field for field in plan.fields if field.name in only))
    return tracer.run(plan, record.tree(options.limits)), tracer


def _without_results(trial: Trial) -> Trial:
    """Return the trial with the remark that results were not read."""
    values = {name: getattr(trial, name) for name in defaults(Trial)}
    values["missing"] = (*trial.missing, Missing(field="results", kind=MissingKind.NOT_READ))
    made: Trial = build(Trial, values)
    return made
