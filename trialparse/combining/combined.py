"""One trial made from several records, with the interface of one record and the differences between them."""

import reprlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from operator import add, attrgetter, itemgetter
from typing import Any, ClassVar, Literal, overload

import attrs

from trialparse.combining.copies import with_words
from trialparse.combining.differing import written
from trialparse.combining.making import COMPARED, GATHERED, Made, differ, make, statements_of
from trialparse.combining.parts import Part, get, is_empty, leaves, named_apart, parts_of, statements_in
from trialparse.combining.ranking import ranked, unordered, with_history
from trialparse.combining.spread import Spread, in_record, of_record, spread_of
from trialparse.combining.tables import OWN, Rule, Rules, check_name, rules_of
from trialparse.diagnostics import Diagnostic, Place, Problem
from trialparse.export.json import NO_HEADER, parsed_to_json, plain
from trialparse.generated.classes import frozen
from trialparse.mapping.format import Format
from trialparse.mapping.kinds import Kind
from trialparse.model import Country, Trial
from trialparse.model.checks import contradictions
from trialparse.model.evidence import Evidence, check_field
from trialparse.model.impossible import impossible
from trialparse.parsing.audit import Audit
from trialparse.parsing.parsed import Failure, Outcome, Parsed
from trialparse.readers.notations import Notation

COMBINED = Format(name="combined", registry="", title="records of one trial together", notation=Notation())
"""The format of a trial that was made from several records."""

KIND = Kind(format=COMBINED.name, made_from="the records of a trial")
"""The kind of record that several records make together."""


def combine(records: Iterable[Outcome], *, rules: str = OWN) -> "Combined":
    """Combine several records of one trial.

    `rules` names the rules that choose the values of the trial: `trialparse`, or those of a published tool
    such as `ctrdata` or `eu-trials-tracker`; the page on combining records lists them all.

    Records are of one trial if they share the register's own number; EudraCT puts a country behind it.
    Raises DifferentTrials if they are not, the error of a `Failure` among them, ValueError if there are no records
    or no rules of that name, and TypeError for anything but a record.
    """
    check_name(rules)
    read = [_readable(record) for record in records]
    if not read:
        raise ValueError("there are no records to combine")
    return Combined(named_apart(with_history(with_words(parts_of(read)))), rules_of(rules))


def _readable(record: Outcome) -> Parsed:
    if isinstance(record, Parsed):
        return record
    if isinstance(record, Failure):
        raise record.error
    raise TypeError(f"combine takes what parse and read give, not {type(record).__name__}")


@frozen(eq=False, repr=False, slots=False)
class Combined:
    """Several records of one trial, and the trial that they make; it has the interface of `Parsed`."""

    _parts: tuple[Part, ...]
    _rules: Rules

    ok: ClassVar[Literal[True]] = True
    """Always True: records that could not be read cannot be combined."""
    format = COMBINED
    """The format; its name is `combined`."""
    kind = KIND
    """The kind of record: several together."""

    @property
    def complete(self) -> bool:
        """Whether each of the records that decide is complete; see `Parsed.complete`."""
        return all(part.parsed.complete for part in self._parts if not part.history)

    @property
    def rules(self) -> str:
        """The name of the rules."""
        return self._rules.name

    @property
    def records(self) -> tuple[Parsed, ...]:
        """The records, in the order given."""
        return tuple(part.parsed for part in self._parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each record: number and country, such as `2014-002606-20 DE`."""
        return tuple(part.name for part in self._parts)

    @property
    def history(self) -> tuple[int, ...]:
        """The indices of the records that a later version replaces: they are kept and named, and decide nothing."""
        return tuple(part.index for part in self._parts if part.history)

    @cached_property
    def _ranked(self) -> tuple[Part, ...]:
        """The records that decide, the one that counts most first."""
        return ranked(self._parts)

    @property
    def trial(self) -> Trial:
        """The trial that the records make."""
        return self._made.trial

    @cached_property
    def _made(self) -> Made:
        return make(self._ranked, self._rules)

    def spread(self, field: str) -> tuple[Spread, ...]:
        """Return the value of a field in each record, with its country; records without a value are left out.

        The record that counts most is first; those that a later version replaces are left out.
        The value of a record that states none, as by answering each box with no, is empty.
        For an element of a list, such as `interventions[0].name`, only records with that element count.
        Raises ValueError for a field that the model does not have.
        """
        check_field(field)
        if field in leaves() and field not in GATHERED:
            statements = statements_of(self._ranked, field, self._rules)
        elif "[" in field:
            origins = ((self._parts[index], path) for index, path in self._made.origins.there(field))
            statements = [one for part, path in origins for one in statements_in(part, path)]
        else:
            statements = [one for part in self._ranked for one in statements_in(part, field)]
        return tuple(spread_of(one.part, one.field, one.value, one.country) for one in statements)

    def chosen(self, field: str) -> tuple[Spread, ...]:
        """Return those of `spread` that the value of the trial was made from; none if it is empty or disagreed.

        Raises ValueError for a field that the model does not have.
        """
        spread = self.spread(field)
        if is_empty(get(self.trial, field)):
            return ()
        origins = set(self._made.origins.there(field))
        return tuple(one for one in spread if (one.part, one.field) in origins and not is_empty(one.value))

    def rule(self, field: str) -> Rule:
        """Return the rule for a field: its row in the table, its verb, its authority.

        Raises ValueError for a field that the model does not have.
        """
        check_field(field)
        return self._rules.of(leaf_of(field) or field)

    def verb(self, field: str) -> str:
        """Return the verb that decided on a field: that of its rule, or the one behind it if there are no results."""
        return self._made.verbs.get(field) or self.rule(field).verb

    @cached_property
    def differs(self) -> tuple[str, ...]:
        """The fields on which the records disagree, in the order of the model, without countries."""
        return tuple(field for field in COMPARED if differ(statements_of(self._ranked, field, self._rules)))

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of each record and of the records together, most severe first.

        Those of a record that a later version replaces name no field, as it decides on none.
        """
        found = [*self._disagreements(), *self._unordered()]
        found += [one for part in self._parts for one in self._diagnostics(part)]
        found += self._wrong(found)
        return tuple(sorted(found, key=attrgetter("severity"), reverse=True))

    @overload
    def evidence(self, field: str) -> Evidence: ...

    @overload
    def evidence(self, field: None = None) -> dict[str, Evidence]: ...

    def evidence(self, field: str | None = None) -> Evidence | dict[str, Evidence]:
        """Return the `Evidence` of a field, or with None a dict with that of all fields in the records.

        Its places name their record, and its rows begin with the rule that decided.
        Raises ValueError for a field that the model does not have, and if a record was not kept.
        """
        if field is None:
            return self._all_evidence()
        check_field(field)
        origins = sorted(self._made.origins.there(field), key=itemgetter(0))
        return self._together(field, [(index, self.records[index].evidence(path)) for index, path in origins])

    def language_of(self, field: str) -> str | None:
        """Return the language of a text that is in its field because of the argument `language`, else None."""
        found = (self.records[index].language_of(path) for index, path in self._made.origins.there(field))
        return next(found, None)

    def audit(self, *, paths: bool = False) -> Audit:
        """Return the account of every leaf of all records, as `Parsed.audit` does for one.

        Raises ValueError if a record was not kept.
        """
        return reduce(add, (record.audit(paths=paths) for record in self.records))

    def to_json(self, *, evidence: bool = True, full: bool = False, header: Mapping[str, Any] = NO_HEADER) -> str:
        """Return the trial as JSON, with its records, diagnostics, evidence and the differences between records.

        With `full` every field of the trial is written; `header` has a key to begin with: `sources`.
        Raises ValueError if a record was not kept and `evidence` is true, and for other keys of a header.
        """

        def as_json(one: Spread) -> dict[str, Any]:
            return {"record": one.part, "country": one.country, "field": one.field, "value": plain(one.value)}

        records = [
            {"name": part.name, "country": part.country, "format": part.parsed.format.name}
            | ({"history": True} if part.history else {})
            for part in self._parts
        ]
        spread = {field: [as_json(one) for one in self.spread(field)] for field in self.differs}
        more = {"rules": self.rules, "records": records, "spread": spread}
        return parsed_to_json(self, evidence=evidence, full=full, header=header, **more)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the records and the rules; the trial is made again."""
        return Combined, (self._parts, self._rules)

    def __repr__(self) -> str:
        """Return one line that is safe to log: the number of the trial and the count of its records."""
        return f"<Combined {reprlib.repr(self.names[0])}, {len(self.names)} records by {self.rules}>"

    @cached_property
    def _own_countries(self) -> dict[int, Country]:
        """The country of each record that belongs to one, by the index of the record."""
        return {index: self.trial.countries[at] for index, at in self._made.own.items()}

    # the parts of evidence and diagnostics --------------------------------------------------------------------------

    def _all_evidence(self) -> dict[str, Evidence]:
        """Return the evidence of all fields that the trial has from its records."""
        groups: dict[str, list[tuple[int, Evidence]]] = {}
        for part in sorted(self._ranked, key=attrgetter("index")):
            for path, found in part.parsed.evidence().items():
                for field in self._made.origins.went(part.index, path):
                    groups.setdefault(field, []).append((part.index, found))
        return {field: self._together(field, found) for field, found in groups.items()}

    def _together(self, field: str, found: list[tuple[int, Evidence]]) -> Evidence:
        """Join the evidence of several records for one field."""
        named = [of_record(one, self._parts[index].name, index) for index, one in found]
        relations = {one.relation for one in named if one.relation is not None}
        rows = [row for one in named for row in one.row.split()]
        return Evidence(
            field=field,
            sources=tuple(dict.fromkeys(source for one in named for source in one.sources)),
            unread=tuple(dict.fromkeys(source for one in named for source in one.unread)),
            row=" ".join(dict.fromkeys([*self._rule_of(field), *rows])) if rows else "",
            relation=relations.pop() if len(relations) == 1 else None,
        )

    def _rule_of(self, field: str) -> Iterator[str]:
        """Give the name of the rule that decided on a field."""
        leaf = leaf_of(field)
        if leaf is not None:
            yield self._rules.of(leaf).name

    def _diagnostics(self, part: Part) -> Iterator[Diagnostic]:
        """Give the diagnostics of a record with the fields of the combined trial and places that name the record."""
        for found in part.parsed.diagnostics:
            field = None if part.history else found.field
            if field is not None:
                field = next(iter(self._made.origins.here(part.index, field)), field.partition("[")[0])
            yield attrs.evolve(found, field=field, place=in_record(found.place, part.name, part.index))

    def _wrong(self, known: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Give the contradictions within the combined trial, without those that a record has in the same field."""
        there = {(one.problem, one.field) for one in known}
        found = [(Problem.CONFLICT, field, text) for field, text in contradictions(self.trial)]
        found += [(Problem.IMPOSSIBLE, field, text) for field, text in impossible(self.trial)]
        for problem, field, text in found:
            if (problem, field) not in there:
                yield Diagnostic(problem=problem, field=field, place=self._place_behind(field), text=text)

    def _place_behind(self, field: str) -> Place:
        """Return the first place of a value of the combined trial; without evidence the record that it is from."""
        for index, path in sorted(self._made.origins.there(field), key=itemgetter(0)):
            part = self._parts[index]
            return _place_of(spread_of(part, path, get(part.trial, path), None))[0]
        return Place(path="")

    def _unordered(self) -> Iterator[Diagnostic]:
        """Give a diagnostic for two versions of one record if nothing shows which is newer.

        Other fields on which they disagree are in `differs`.
        """
        for one, other in unordered(self._ranked):
            if Counter(one.trial.countries) != Counter(other.trial.countries):
                text = f"{other.version or 'no day'}: it cannot be ordered among the versions of the record"
                place = in_record(other.parsed.place, other.name, other.index)
                yield Diagnostic(problem=Problem.CONFLICT, field="countries", place=place, text=text)

    def _disagreements(self) -> Iterator[Diagnostic]:
        """Give one diagnostic for each field on which the records disagree."""
        for field in self.differs:
            value = get(self.trial, field)
            spread = self.spread(field)
            other = next((one for one in spread if one.value != value), spread[0])
            problem = Problem.CONFLICT if field in self._made.overruled else Problem.DIFFERS
            place, text = _place_of(other)
            yield Diagnostic(problem=problem, field=field, place=place, text=text)
        for field, (index, path) in self._made.denied.items():
            part = self._parts[index]
            place, text = _place_of(spread_of(part, path, get(part.trial, path), None))
            yield Diagnostic(problem=Problem.DIFFERS, field=field, place=place, text=text)


def _place_of(one: Spread) -> tuple[Place, str]:
    """Return the place and the words of a value; for a record that was not kept, the place is only its name."""
    try:
        sources = one.evidence().sources
    except ValueError:
        sources = ()
    if sources:
        return sources[0].place, sources[0].text
    return in_record(Place(path=""), one._name, one.part), written(one.value)[:200]


def leaf_of(field: str) -> str | None:
    """Return the field with a rule of its own that is, or contains, a field; None for one that contains several."""
    top = field.partition("[")[0]
    return next((one for one in (top, ".".join(top.split(".")[:2])) if one in leaves()), None)
