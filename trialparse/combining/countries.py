"""The countries of a combined trial: one for each country and record, with the record's status and dates."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import attrs

from trialparse.combining.events import joined, matched
from trialparse.combining.origins import Origins
from trialparse.combining.parts import Part, Statement, called, get, is_empty, leaves
from trialparse.combining.ranking import current
from trialparse.combining.tables import OWN, Rules, rules_of
from trialparse.combining.verbs import LOOK_BACK, Origin
from trialparse.generated.classes import define
from trialparse.mapping.format import LISTING, RESULTS
from trialparse.model import Country
from trialparse.model.agreeing import agreed, completed
from trialparse.model.building import changed, defaults, is_record


@define(eq=False)
class _Entry:
    """A country from one record, or from several kinds of record."""

    country: Country
    origins: list[tuple[str, Origin]]
    """Its origins: the path below the country, and the place in a record."""
    parts: dict[int, Part]
    """Its records by index."""
    owners: dict[int, Part] = attrs.field(factory=dict)
    """The records that belong to this country, by index; of several kinds, if several."""
    denied: dict[str, Origin] = attrs.field(factory=dict)
    """The fields that another kind of record contradicts, and its place there."""


class Countries(NamedTuple):
    """The countries of a trial."""

    countries: tuple[Country, ...]
    own: dict[int, int]
    """For each record that belongs to a country, by its index, the index of that country."""
    denied: dict[str, Origin]
    """The fields that another kind of record contradicts, and its place there."""


def countries_of(parts: Sequence[Part], rules: Rules, origins: Origins) -> Countries:
    """Return the countries of all records, and note their origins.

    Each record that belongs to a country gives one; two records of one kind give it twice. Other kinds of record
    complete it. If two records are of the same whole, the countries are those of the later one.
    """
    fresh = [part for part in parts if not part.again]
    listing = [Statement(part, "countries", part.trial.countries, None) for part in fresh if part.trial.countries]
    first = {one.part.index for one in current(listing, lists=True)}
    behind = {one.part.index for one in listing} - first
    entries = [entry for part in fresh for entry in _entries(part, rules)]
    owned = {part.country for part in fresh if part.own is not None}
    entries.sort(key=lambda one: (not behind.isdisjoint(one.parts), not one.owners and called(one.country) in owned))
    found = list(_joined(entries, behind))
    made = Countries(tuple(entry.country for entry in found), {}, {})
    for index, entry in enumerate(found):
        for below, origin in entry.origins:
            origins.add(f"countries[{index}]{below}", [origin])
        made.own.update(dict.fromkeys(entry.owners, index))
        made.denied.update({f"countries[{index}].{field}": origin for field, origin in entry.denied.items()})
    return made


def _entries(part: Part, rules: Rules) -> Iterator[_Entry]:
    """Give the countries of a record; its own one gets the record's values for the whole trial."""
    for index, country in enumerate(part.trial.countries):
        if index == part.at:
            yield _own(part, country, rules)
        else:
            yield _Entry(country, [("", (part.index, f"countries[{index}]"))], {part.index: part})
    if part.own is not None and part.at is None:
        yield _own(part, part.own, rules)


def _own(part: Part, country: Country, rules: Rules) -> _Entry:
    """Return the country of a record; the record's values for the whole trial fill its empty fields."""
    entry = _Entry(country, [], {part.index: part}, {part.index: part})
    if part.at is not None:
        entry.origins.append(("", (part.index, f"countries[{part.at}]")))
    else:
        known = [name for name in ("code", "name") if getattr(country, name) is not None]
        entry.origins += [(f".{name}", (part.index, "id")) for name in known]
    for field in leaves():
        if part.parsed.format.has_results and rules_of(OWN).of(field).verb == RESULTS:
            continue  # the results beside the record are those of all countries
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


def _joined(entries: Sequence[_Entry], behind: set[int]) -> Iterator[_Entry]:
    """Give the entries; another kind of record joins an earlier one, rather one that it does not contradict.

    A country that only records name that a later one replaces is left out: the trial is not there any more.
    """
    known: dict[str | None, list[_Entry]] = {}
    for entry in entries:
        same = known.setdefault(called(entry.country), [])
        open_to = [one for one in same[:LOOK_BACK] if _can_join(one, entry)] if called(entry.country) else []
        if open_to:
            _join(next((one for one in open_to if _fits(one.country, entry.country)), open_to[0]), entry)
        elif behind.isdisjoint(entry.parts) or called(entry.country) is None:
            same.append(entry)
            yield entry


def _can_join(known: _Entry, entry: _Entry) -> bool:
    """Whether two entries can be one country: of two kinds of record, or of one that only lists it."""
    if not known.parts.keys().isdisjoint(entry.parts):
        return False
    kinds, other = ({part.parsed.format.name for part in one.owners.values()} for one in (known, entry))
    return kinds.isdisjoint(other)


def _fits(first: Country, second: Country) -> bool:
    """Whether two records of a country contradict each other in nothing but its name."""
    status = completed(first.status, second.status)
    if status is None:
        return False
    return completed(changed(first, name=second.name, status=status), changed(second, status=status)) is not None


def _join(known: _Entry, entry: _Entry) -> None:
    """Fill a country from another record; what it contradicts is noted."""
    _by_field(known)
    _by_field(entry)
    places = dict(reversed(entry.origins))  # the first place of a value is the one that it was read from
    lists = all(part.holds != LISTING for part in entry.parts.values())
    for name, value in _fields(entry.country):
        if is_empty(value):
            continue
        there = get(known.country, name)
        if isinstance(value, tuple):
            known_at = {item: number for number, item in enumerate(there)}
            same = matched(there, value) if name == "events" else {}
            new: list[Any] = []
            for number, item in enumerate(value):
                place = places.pop(f".{name}[{number}]", None)
                index = same.get(number, known_at.get(item))
                if index is None and (lists or not there):
                    index = known_at[item] = len(there) + len(new)
                    new.append(item)
                if index is not None and place is not None:
                    known.origins.append((f".{name}[{index}]", place))
            events = {index: joined(there[index], value[number]) for number, index in same.items()}
            united = (*(events.get(index, item) for index, item in enumerate(there)), *new)
            known.country = _with(known.country, name, united)
        elif is_empty(there) or agreed(there, value) is not None:
            known.country = _with(known.country, name, value if is_empty(there) else agreed(there, value))
        elif name != "name" and f".{name}" in places:
            known.denied[name] = places[f".{name}"]
    known.origins += places.items()
    known.parts |= entry.parts
    known.owners |= entry.owners


def _fields(record: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give the path and value of each field, with those of the records within."""
    cls: Any = type(record)
    for name, empty in defaults(cls).items():
        value = getattr(record, name)
        if is_record(empty.__class__):
            yield from _fields(value, f"{path}{name}.")
        else:
            yield path + name, value


def _by_field(entry: _Entry) -> None:
    """Part the origin of a country into those of its fields and of the elements of its lists."""
    whole = next((origin for below, origin in entry.origins if not below), None)
    if whole is not None:
        index, path = whole
        entry.origins.remove(("", whole))
        for name, value in _fields(get(entry.parts[index].trial, path)):
            filled = isinstance(value, tuple) and value
            belows = [f"{name}[{number}]" for number in range(len(value))] if filled else [name]
            entry.origins += [(f".{below}", (index, f"{path}.{below}")) for below in belows]
