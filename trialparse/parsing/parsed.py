"""The outcomes that users get: a record that was read, with its evidence and diagnostics, or a failure."""

import re
import reprlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, overload

import attrs

from trialparse.diagnostics import Diagnostic, Place, Problem, TrialParseError, UnrecognisedFormat
from trialparse.export.json import NO_HEADER, parsed_to_json
from trialparse.generated.classes import define, frozen
from trialparse.mapping.characters import odd_place, with_signs
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.kinds import Kind, kind_of
from trialparse.mapping.traced import Finding, Trace, Tracer
from trialparse.model import Identifier, Trial
from trialparse.model.building import defaults, maker
from trialparse.model.checks import contradictions, dangling_ids, passed
from trialparse.model.evidence import Evidence, Source, check_field, top_of
from trialparse.model.impossible import impossible
from trialparse.parsing.options import Options
from trialparse.parsing.record import Record
from trialparse.parsing.run import remarked_run, traced_run, tracer_of
from trialparse.prepared import imported_later
from trialparse.readers.paths import Keys

if TYPE_CHECKING:
    from trialparse.parsing import accounts
    from trialparse.parsing.audit import Audit, Word
else:
    imported_later(globals(), accounts="trialparse.parsing.accounts")

UNKNOWN = frozenset({Problem.UNKNOWN_CODE, Problem.UNKNOWN_TERM})
"""Problems with a word that no row of a code list has."""


INCOMPLETE = frozenset(
    {Problem.CUT, Problem.DUPLICATE_KEY, Problem.NOTHING_READ, Problem.UNMATCHED, Problem.WRONG_TYPE}
)
"""Problems that leave a part of the record out of the trial."""


AROUND = 40
"""How much of a text a diagnostic shows before an odd character, and from it on."""


@frozen(eq=False)
class Traces:
    """Traces by field. A look-up costs no more than what it finds."""

    _at: dict[str, list[Trace]]
    _below: dict[str, list[Trace]]

    @classmethod
    def of(cls, traces: Iterable[Trace]) -> "Traces":
        """Return the index of traces; each counts for its field and for every field that holds it."""
        at: dict[str, list[Trace]] = {}
        below: dict[str, list[Trace]] = {}
        around: dict[str, list[list[Trace]]] = {}

        def lists_of(field: str) -> list[list[Trace]]:
            """Return the lists of what is at a field or below, and of what is below each field that holds it."""
            known = around.get(field)
            if known is None:
                holder = next(_holders(field), None)
                below[field] = []
                known = around[field] = [below[field], *(lists_of(holder) if holder else ())]
            return known

        for trace in traces:
            at.setdefault(trace.field, []).append(trace)
            for found in lists_of(trace.field):
                found.append(trace)
        return cls(at, below)

    def below(self, field: str, within: str = "") -> list[Trace]:
        """Return the traces of a field and of all below it; for a part of a value `within` a field, those of the value.

        Empty if there are none.
        """
        if field in self._below:
            return self._below[field]
        while field != within and (field := next(_holders(field), "")):
            if field in self._at:
                return self._at[field]
        return []


def _holders(field: str) -> Iterator[str]:
    """Yield the paths of what holds a field, nearest first: `a[0]` and `a` for `a[0].b`."""
    while cut := max(field.rfind("."), field.rfind("["), 0):
        field = field[:cut]
        yield field


_ALL = ""
"""The key of the index of all fields."""

_ITEM = re.compile(r"([\w.]+)\[0\]")
"""The first list on the way to a field, where that is in its first item."""

_NOWHERE = Place(path="")


@define(eq=False, kw_only=True, repr=False)
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
    _remarked: Tracer | None = None
    _traces: dict[str, Traces] = attrs.field(factory=dict)
    _place: Place = _NOWHERE
    """The place, once the record is gone."""

    ok: ClassVar[Literal[True]] = True
    """True: the record was read. A `Failure` has False here."""

    @property
    def raw(self) -> bytes | dict[str, str]:
        """The record as it was in the source: bytes, or the cells of a CSV row by column."""
        raw: bytes | dict[str, str] = self._kept().raw.original
        return raw

    @property
    def place(self) -> Place:
        """Its place in its source: index of the record, member of the archive, path of the record, bytes before it."""
        return self._place if self._record is None else self._record.own_place

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong or worth knowing, most severe first; found by the traced run at the first request."""
        if self._diagnostics is None:
            self._diagnostics = self._diagnose()
        return self._diagnostics

    @property
    def complete(self) -> bool:
        """Whether no problem was reported that leaves a part of the record out of the trial, such as a cut.

        The diagnostics find out, which takes longer than reading.
        """
        return not any(one.problem in INCOMPLETE for one in self.diagnostics)

    @property
    def kind(self) -> Kind:
        """The words of a page on records of this format, and the names that it needs."""
        return kind_of(self.format.name)

    @overload
    def evidence(self, field: str) -> Evidence: ...

    @overload
    def evidence(self, field: None = None) -> dict[str, Evidence]: ...

    def evidence(self, field: str | None = None) -> Evidence | dict[str, Evidence]:
        """Return the `Evidence` of a field, or with None a dict of those of all fields that the source speaks of.

        A field that the source does not speak of has evidence without sources, and so has an element beyond a list.
        Raises ValueError for a field that the model does not have, and where the record was not kept.
        """
        record = self._kept()
        if field is not None:
            check_field(field)
            moved = self._moved(field)
            return _evidence(field, self._found(moved), record)
        groups = defaultdict[str, list[Trace]](list)
        for trace in self._traced().traces:
            groups[trace.field].append(trace)
        back = {here: there for there, here in self._moves.items()}
        named = {back.get(name, name): found for name, found in groups.items()} if back else groups
        return {name: _evidence(name, found, record) for name, found in named.items()}

    def language_of(self, field: str) -> str | None:
        """Return the language of a text that is in its field because `language` asked for it, else None."""
        asked = self._options.language
        return asked.lower() if asked is not None and field in self._moves else None

    def audit(self, *, paths: bool = False) -> "Audit":
        """Return the account of every leaf of the record; with `paths` also how many leaves each path has.

        Raises ValueError where the record was not kept.
        """
        return accounts.audit(self._kept(), paths)

    def unknown_words(self) -> "dict[Word, list[Place]]":
        """Return the words that no row of a code list knows, with their places.

        Raises ValueError where the record was not kept.
        """
        unknown = [(one.keys, one.words) for one in self._remarks().findings if one.problem in UNKNOWN]
        return accounts.unknown_words(self._kept(), unknown)

    def to_json(self, *, evidence: bool = True, full: bool = False, header: Mapping[str, Any] = NO_HEADER) -> str:
        """Return the trial with its diagnostics and evidence as JSON.

        With `full` every field of the trial is written; `header` has keys to begin with: `source` and `record`.
        Raises ValueError if the record was not kept and `evidence` is true, and for other keys of a header.
        """
        return parsed_to_json(self, evidence=evidence, full=full, header=header)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the record, and its diagnostics if they are known; everything else is made again on request."""
        again = partial(
            Parsed,
            trial=self.trial,
            format=self.format,
            record=self._record,
            options=self._options,
            moves=self._moves,
            diagnostics=self._diagnostics,
            place=self._place,
        )
        return again, ()

    def __repr__(self) -> str:
        """Return one line for a log: format, trial, place, and how many diagnostics if that is known."""
        parts = [self.format.name, reprlib.repr(self.trial.id)]
        parts.append(_where(self.place))
        if self._diagnostics is not None:
            parts.append(f"{len(self._diagnostics)} diagnostics")
        return f"<Parsed {', '.join(parts)}>"

    def _kept(self) -> Record:
        if self._record is None:
            raise ValueError("the record was not kept: read it with keep_raw=True")
        return self._record

    def _traced(self) -> Tracer:
        """Return the traced run over the whole record."""
        if self._tracer is None:
            self._tracer = traced_run(self._kept(), self._options)[1]
        return self._tracer

    def _remarks(self) -> Tracer:
        """Return a run that has all findings: over the whole record, or over the fields with something to report."""
        if self._remarked is None:
            self._remarked = self._tracer or remarked_run(self._kept(), self._options)
        return self._remarked

    def _found(self, field: str) -> list[Trace]:
        """Return the traces of a field, from the traced run over all fields if there was one.

        Who asks for the first item of a list often asks for no other, so a run over that list ends behind the item. If
        it finds nothing, or for another item, a run over the whole top field follows.
        """
        top = top_of(field) if self._tracer is None else _ALL
        if top not in self._traces and (item := _ITEM.match(field)) is not None:
            found = self._indexed(item[0]).below(field, within=item[0])
            if found:
                return found
        return self._indexed(top).below(field)

    def _indexed(self, part: str) -> Traces:
        """Return the traces of a top field, of the first item of a list, or of all; from one run, which is kept."""
        known = self._traces.get(part)
        if known is None:
            known = Traces.of((self._tracer or tracer_of(self._kept(), self._options, part)).traces)
            self._traces = {**self._traces, part: known}  # another thread may be looking at the one that was there
        return known

    def _moved(self, field: str) -> str:
        """Return where the text of a field was before `language` moved a translation into the field."""
        for there in (field, *_holders(field)):
            if there in self._moves:
                return self._moves[there] + field[len(there) :]
        return field

    def _diagnose(self) -> tuple[Diagnostic, ...]:
        record = self._kept()
        remarks, tracer = record.remarks(), self._remarks()
        line = record.raw.line_finder()
        found = [
            Diagnostic(problem=f.problem, field=f.field, place=record.place(f.keys, line(f.keys)), text=f.words)
            for f in _each_once(tracer.findings)
        ]
        found += [
            Diagnostic(problem=Problem.UNEXPECTED, field=None, place=record.place(keys, line(keys)), text=text)
            for keys, text in accounts.unexpected(record)
        ]
        found += [Diagnostic(problem=problem, field=None, place=place, text=text) for problem, place, text in remarks]
        if _is_empty(self.trial, mapping_of(record.format).nothing) and (unmapped := self.audit().unmapped):
            unknown = ", ".join(sorted(unmapped))[:200]
            found.append(Diagnostic(problem=Problem.NOTHING_READ, field=None, place=record.place(()), text=unknown))
        wrong = [(Problem.CONFLICT, name, text) for name, text in contradictions(self.trial)]
        wrong += [(Problem.IMPOSSIBLE, name, text) for name, text in impossible(self.trial)]
        for problem, name, text in (*dangling_ids(self.trial.results), *wrong):
            traces = self._found(name)
            keys = traces[0].keys if traces else ()
            found.append(Diagnostic(problem=problem, field=name, place=record.place(keys, line(keys)), text=text))
        found += self._odd_characters()
        found += self._passed()
        return tuple(sorted(found, key=attrgetter("severity"), reverse=True))

    def _odd_characters(self) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each leaf with a character that means nothing to a reader, and for its copies none."""
        record, seen = self._kept(), set[Keys | tuple[str, str]]()
        line = record.raw.line_finder()
        for trace in self._remarks().traces:
            at = odd_place(with_signs(trace.words))
            if at is not None and trace.keys not in seen and (trace.field, trace.words) not in seen:
                seen |= {trace.keys, (trace.field, trace.words)}
                place = record.place(trace.keys, line(trace.keys))
                words = trace.words[max(0, at - AROUND) : at + AROUND]
                yield Diagnostic(problem=Problem.ODD_CHARACTER, field=trace.field, place=place, text=words)

    def _passed(self) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each planned date that had passed on the day of `as_of`."""
        day = self._options.as_of
        for field, date in passed(self.trial, day) if day is not None else ():
            sources = self.evidence(field).sources
            place, text = sources[0] if sources else (self._kept().place(()), str(date))
            yield Diagnostic(problem=Problem.PASSED, field=field, place=place, text=text)


@frozen(kw_only=True, repr=False)
class Failure:
    """A record that could not be read. It is a value, so that the records after it are read.

    Equal failures that come one after another are one, with their number as its `count`.
    """

    index: int
    """Index of the record in its source, from 0."""
    place: Place
    """Its place."""
    error: TrialParseError
    """Why it could not be read."""
    count: int = 1
    """Number of records, one after another, that could not be read for this reason; it is the first.

    They are in one document, or are files of an archive that are all of one kind (`UnrecognisedFormat.kind`).
    """
    numbers: tuple[Identifier, ...] = ()
    """Numbers of registers in the first bytes of the record, as far as those are known; its own is often the first."""
    ok: ClassVar[Literal[False]] = False
    """False: the record was not read."""

    @property
    def trial(self) -> Trial:
        """Raise the error: a loop that does not look at `ok` stops here, and nothing is lost silently."""
        raise self.error

    def __repr__(self) -> str:
        """Return one line for a log; the words of the error are left to those who ask for it."""
        more = f" and {self.count - 1} after it" if self.count > 1 else ""
        return f"<Failure {_where(self.place)}{more}: {type(self.error).__name__}>"

    def is_like(self, other: "Failure") -> bool:
        """Whether another failure has the same reason in the same document, or in an archive is of the same kind."""
        return is_like(self.error, self.place.member, other.error, other.place.member)


def is_like(error: TrialParseError, member: str | None, other: TrialParseError, its_member: str | None) -> bool:
    """Whether two errors are the same, in one document or about files of one kind."""
    if (type(error), str(error)) != (type(other), str(other)):
        return False
    return member == its_member or (isinstance(error, UnrecognisedFormat) and error.kind is not None)


Outcome: TypeAlias = "Parsed | Failure"


def _where(place: Place) -> str:
    """Name a record by its place in its source, on one line however strange the names in it are."""
    names = [reprlib.repr(name) for name in (place.member, place.path) if name]
    return " ".join([f"record {place.record}", *names])


def _each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; an unknown word that several fields read, and a contradiction that copies repeat, is one."""
    seen: set[Any] = set()
    for one in findings:
        mark: Any = one
        if one.problem in UNKNOWN:
            mark = one.problem, one.keys, one.words
        elif one.problem is Problem.CONFLICT:
            mark = one.problem, one.field, one.words
        if mark not in seen:
            seen.add(mark)
            yield one


_ABOUT = ("missing", "not_carried")
"""Fields that are about other fields."""


def _is_empty(trial: Trial, nothing: Trial) -> bool:
    """Whether a trial equals that of an empty record, which has only what the register implies."""
    return all(getattr(trial, name) == getattr(nothing, name) for name in defaults(Trial) if name not in _ABOUT)


def _evidence(field: str, found: list[Trace], record: Record) -> Evidence:
    """Return the evidence of a field from its traces."""
    make: Callable[..., Evidence] = maker(Evidence)
    if len(found) == 1:  # nearly all fields are read from one place
        (trace,) = found
        here = (Source(record.place(trace.keys), trace.words),) if trace.keys else ()
        read, unread = ((), here) if trace.unread else (here, ())
        return make(field, read, unread, trace.row, trace.relation)
    relations = {trace.relation for trace in found if trace.relation is not None}
    return make(
        field,
        _sources(record, [trace for trace in found if not trace.unread]),
        _sources(record, [trace for trace in found if trace.unread]),
        " ".join(dict.fromkeys([trace.row for trace in found])),
        relations.pop() if len(relations) == 1 else None,
    )


def _sources(record: Record, traces: list[Trace]) -> tuple[Source, ...]:
    """Return places and words, each once; a value that the register implies has no place."""
    path = record.raw.path
    found = dict.fromkeys([(path(trace.keys), trace.words) for trace in traces if trace.keys])
    return tuple([Source(record.place_at(path), words) for path, words in found])
