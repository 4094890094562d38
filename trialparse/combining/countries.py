"""The countries of a combined trial: one for each country and record, with the record's status and dates."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from trialparse.combining.origins import Origins
from trialparse.combining.parts import Part, called, get, is_empty, leaves
from trialparse.combining.tables import Rules
from trialparse.combining.verbs import LOOK_BACK, Origin
from trialparse.model import Country
from trialparse.model.building import changed, completed


@attrs.define(eq=False)
class _Entry:
    """A country from one record, or from several that do not contradict each other."""

    country: Country
    origins: list[tuple[str, Origin]]
    """Its origins: the path below the country, and the place in a record."""
    parts: set[int]
    """The indexes of its records."""
    part: Part | None = None
    """The record that belongs to this country."""


def countries_of(parts: Sequence[Part], rules: Rules, origins: Origins) -> tuple[Country, ...]:
    """Return the countries of all records, and note their origins.

    Each record that belongs to a country gives one; two records of the same country give it twice.
    A country that a record merely lists completes the one with a record of its own, unless they contradict each other.
    """
    fresh = [part for part in parts if not part.again]
    entries: list[_Entry] = []
    lists: list[_Entry] = []
    owned = {part.country for part in fresh if part.own is not None}
    for part in fresh:
        for entry in _entries(part, rules):
            (lists if entry.part is None and called(entry.country) in owned else entries).append(entry)
    found = list(_joined([*entries, *lists]))
    for index, entry in enumerate(found):
        for below, origin in entry.origins:
            origins.add(f"countries[{index}]{below}", [origin])
    return tuple(entry.country for entry in found)


def own_index(part: Part, origins: Origins) -> int | None:
    """Return the index of the country that a record belongs to; None if there is none or the record repeats another."""
    if part.own is None or part.again:
        return None
    paths = origins.went(part.index, "id" if part.at is None else f"countries[{part.at}]")
    return next((int(path[10:].partition("]")[0]) for path in paths if path.startswith("countries[")), None)


def _entries(part: Part, rules: Rules) -> Iterator[_Entry]:
    """Give the countries of a record; its own one gets the record's values for the whole trial."""
    for index, country in enumerate(part.trial.countries):
        if index == part.at:
            yield _own(part, country, rules)
        else:
            yield _Entry(country, [("", (part.index, f"countries[{index}]"))], {part.index})
    if part.own is not None and part.at is None:
        yield _own(part, part.own, rules)


def _own(part: Part, country: Country, rules: Rules) -> _Entry:
    """Return the country of a record; the record's values for the whole trial fill its empty fields."""
    entry = _Entry(country, [], {part.index}, part)
    if part.at is not None:
        entry.origins.append(("", (part.index, f"countries[{part.at}]")))
    else:
        known = [name for name in ("code", "name") if getattr(country, name) is not None]
        entry.origins += [(f".{name}", (part.index, "id")) for name in known]
    for field in leaves():
        below = rules.of(field).country
        value = get(part.trial, field) if below else None
        if below and not is_empty(value) and is_empty(get(entry.country, below)):
            entry.country = _with(entry.country, below, value)
            entry.origins.append((f".{below}", (part.index, field)))
    return entry


def _with(holder: Any, field: str, value: Any) -> Any:
    """Return a record with a value at a path below it."""
    name, _, rest = field.partition(".")
    return changed(holder, **{name: _with(getattr(holder, name), rest, value) if rest else value})


def _joined(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """Give the entries; an entry without a record of its own is joined to an earlier one that it completes."""
    known: dict[str | None, list[_Entry]] = {}
    for entry in entries:
        same = known.setdefault(called(entry.country), [])
        if entry.part is None and any(_complete(one, entry) for one in same[:LOOK_BACK]):
            continue
        same.append(entry)
        yield entry


def _complete(known: _Entry, entry: _Entry) -> bool:
    """Complete a country from another record; return False if it is another country or contradicts it."""
    if called(known.country) is None or called(known.country) != called(entry.country) or known.parts & entry.parts:
        return False
    whole = _whole(known.country, entry.country)
    if whole is None:
        return False
    known.country = whole
    known.origins += entry.origins
    known.parts |= entry.parts
    return True


def _whole(first: Country, second: Country) -> Country | None:
    """Return the first country completed by the second, in the words of the first; None for a contradiction."""
    name, status = first.name or second.name, completed(first.status, second.status)
    if status is None:
        return None
    parts = [changed(country, name=name, status=status) for country in (first, second)]
    whole: Country | None = completed(*parts)
    return whole
