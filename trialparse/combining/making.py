"""Make one trial from its parts, and note the origin of each value."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from trialparse.combining.countries import countries_of
from trialparse.combining.differing import with_differences
from trialparse.combining.origins import Origins
from trialparse.combining.parts import Part, Statement, get, is_empty, leaves, statements_in
from trialparse.combining.ranking import current
from trialparse.combining.tables import Rule, Rules
from trialparse.combining.verbs import VERBS, Origin, Verdict, differing, results_first
from trialparse.generated.classes import frozen
from trialparse.mapping.carried import carried_by_none
from trialparse.mapping.format import PROTOCOL
from trialparse.model import Missing, Trial
from trialparse.model.building import build, changed
from trialparse.model.terms import MissingKind

GATHERED = ("countries", "missing", "not_carried")
"""Fields that are gathered from all records, whatever the rules."""

COMPARED = tuple(field for field in leaves() if field not in (*GATHERED, "id"))
"""Fields on which records can disagree; not `id`, whose ending names the country."""

SHARED = ("union", "every", "lowest_of_every")
"""Verbs that make one set from the sets of all records."""

_HIDDEN = frozenset({MissingKind.UNREADABLE, MissingKind.WITHHELD})
"""Reasons for an empty set whose members exist in the source."""

_NONE: frozenset[MissingKind] = frozenset()

RECORD = "record"
"""The verb that uses only one record and those of results: `record 1 first` the first one, `record BE first` that of
a country; the verb for their values follows."""

WHOLE = "whole"
"""The verb that takes a field from one record only, because its ids are valid in that record only."""


@frozen(eq=False)
class Made:
    """A trial made from several records."""

    trial: Trial
    """The trial."""
    origins: Origins
    """The origins of its values."""
    overruled: tuple[str, ...]
    """Fields on which a record of results contradicts the others."""
    verbs: dict[str, str]
    """The verbs that decided, if they are not those of the rules."""
    own: dict[int, int]
    """For each record that belongs to a country, by its index, the index of that country."""
    denied: dict[str, Origin]
    """The fields of countries that another kind of record contradicts, and its place there."""


def make(parts: Sequence[Part], rules: Rules) -> Made:
    """Make the trial from its parts, ranked, by the rules."""
    origins, values, verbs = Origins(), dict[str, Any](), dict[str, str]()
    disagreed, overruled = [], []
    for field in leaves():
        if field in GATHERED:
            continue
        origins.add(field, ((part.index, field) for part in parts if field in part.gaps))
        verdict = decide(parts, field, rules.of(field))
        if verdict is None:
            origins.add(field, ((part.index, field) for part in parts))
            continue
        for below, found in verdict.origins.items():
            origins.add(field + below, found)
        if verdict.agreed:
            values[field] = verdict.value
        else:
            disagreed.append(Missing(field=field, kind=MissingKind.DISAGREED))
        if verdict.overruled:
            overruled.append(field)
        if verdict.by:
            verbs[field] = verdict.by
    values["not_carried"] = carried_by_none(part.trial.not_carried for part in parts)
    countries = countries_of(parts, rules, origins)
    values["countries"] = countries.countries
    trial = _trial(values)
    values["countries"] = with_differences(parts, trial, rules, origins, countries.own, COMPARED)
    origins.add("missing", ((part.index, "missing") for part in parts))
    values["missing"] = (*_missing(parts, _trial(values), origins), *disagreed)
    return Made(_trial(values), origins, tuple(overruled), verbs, countries.own, countries.denied)


def decide(parts: Sequence[Part], field: str, rule: Rule) -> Verdict | None:
    """Apply a rule to the values of a field; None if no part has one.

    The rules of some tools go by the place of a record in the file.
    """
    verb, argument = rule.verb, rule.argument
    if verb == WHOLE:
        return _of_one(parts, field)
    if verb == RECORD:
        wished, verb, *words = argument
        argument = tuple(words)
        parts = sorted(parts, key=lambda part: part.index)
        one = the_chosen(parts, wished)
        parts = [one, *(part for part in parts if part.results and part is not one)]
    elif "last" in (verb, *argument):
        parts = sorted(parts, key=lambda part: part.index)
    statements = current([one for part in parts for one in statements_in(part, field, rule.country)])
    if not statements:
        return None
    verdict = VERBS[verb](statements, argument)
    if (
        verb in SHARED
        and isinstance(verdict.value, frozenset)
        and any(part.gaps.get(field, _NONE) & _HIDDEN for part in parts)
    ):
        return verdict._replace(value=frozenset())  # never part of a set: a member could not be read
    return verdict


def _of_one(parts: Sequence[Part], field: str) -> Verdict | None:
    """Return the field of one record: of those that fill its holder, results or the one that counts most."""
    holder = field.partition(".")[0]
    filled = [part for part in parts if not is_empty(get(part.trial, holder))]
    one = next((part for part in filled if part.results), filled[0] if filled else None)
    if one is None or not any(True for part in filled for _ in statements_in(part, field)):
        return None
    return Verdict(get(one.trial, field), {"": [(one.index, field)]})


def protocols_of(parts: Sequence[Part]) -> list[Part]:
    """Return the records that are protocols; without any, the lines of lists."""
    return [part for part in parts if part.holds == PROTOCOL] or [part for part in parts if not part.results]


def the_chosen(parts: Sequence[Part], wished: str) -> Part:
    """Return the record chosen to represent the trial: for `1` the first, else that of a country, else the first one.

    A British record counts only if no other member state has one, and that of a third country only by itself.
    """
    protocols = protocols_of(parts) or list(parts)
    if wished == "1":
        return protocols[0]
    of_members = [part for part in protocols if part.own is not None and part.own.code]
    within = [part for part in of_members if part.country != "GB"] or of_members or protocols
    return next((part for part in within if part.country == wished), within[0])


def _trial(values: dict[str, Any]) -> Trial:
    """Build the trial from its values by field."""
    cls: Any = Trial
    tops: dict[str, Any] = {}
    for field, value in values.items():
        top, _, below = field.partition(".")
        if below:
            tops.setdefault(top, {})[below] = value
        else:
            tops[top] = value
    kinds: dict[str, Any] = {field.name: field.type for field in attrs.fields(cls)}
    made = {top: build(kinds[top], value) if isinstance(value, dict) else value for top, value in tops.items()}
    trial: Trial = build(Trial, made)
    return trial


def _missing(parts: Sequence[Part], trial: Trial, origins: Origins) -> Iterator[Missing]:
    """Give the reasons for empty fields that no other record fills, each reason once."""
    before: set[Missing] = set()
    for part in parts:
        new = [
            changed(entry, field=field)
            for entry in part.trial.missing
            for field in origins.here(part.index, entry.field)
            if is_empty(get(trial, field)) or not is_empty(get(part.trial, entry.field))
        ]
        yield from (entry for entry in new if entry not in before)
        before.update(new)


def statements_of(parts: Sequence[Part], field: str, rules: Rules) -> list[Statement]:
    """Return the statement of each record on a field; that of a record that states none is an empty set or list.

    For a single value a box that is answered no states nothing, as another form may have other boxes.
    """
    found = []
    for part in parts:
        values = list(statements_in(part, field, rules.of(field).country))
        empty = get(part.trial, field)
        if not values and empty is not None and MissingKind.NONE_STATED in part.gaps.get(field, _NONE):
            values.append(Statement(part, field, empty, part.country))
        found += values
    return results_first(found) if rules.of(field).verb == "foremost" else found


def differ(statements: Sequence[Statement]) -> bool:
    """Whether the records disagree on a field."""
    return any(differing(statements))
