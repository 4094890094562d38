"""A record as one part of a trial: its number, its country, and its values."""

import re
import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from trialparse.diagnostics import DifferentTrials
from trialparse.generated.classes import frozen
from trialparse.mapping.format import PROTOCOL, RESULTS
from trialparse.model import Country, Trial
from trialparse.model.building import defaults
from trialparse.model.identifiers import OTHER, REGIONS, SHARED, country_suffix, identify, without_version
from trialparse.model.terms import MissingKind
from trialparse.model.values import PartialDate
from trialparse.parsing.parsed import Parsed


@frozen(eq=False)
class Part:
    """One record of a trial."""

    index: int
    """Its index among the records, from 0."""
    parsed: Parsed
    """The record."""
    name: str
    """Number and country, such as `2014-002606-20 DE`, or number and `results`; equal names get a count.

    A version that another one replaces has its day, such as `2023-505613-24 of 2024-06-20`.
    """
    own: Country | None
    """The country whose record it is, with its code and name; None if it belongs to no country."""
    at: int | None
    """The index of that country in the record; None if the record does not list it."""
    again: bool
    """Whether its trial equals that of an earlier record."""
    gaps: Mapping[str, frozenset[MissingKind]]
    """The fields that it lists in `missing`, and why."""
    version: PartialDate | None = None
    """The day of its version: of the last change or publication, else of its file; None if it has none of them."""
    time: str = ""
    """The time of that day in the words of its source, if versions of one day have to be ordered; empty for none."""
    history: bool = False
    """Whether a later version replaces it."""
    restored: Trial | None = None
    """Its trial with the register's own words, if it is a copy that lost characters; see `copies`."""

    @property
    def trial(self) -> Trial:
        """Its trial."""
        return self.parsed.trial if self.restored is None else self.restored

    @property
    def country(self) -> str | None:
        """The code of its country, or the name if there is no code."""
        return None if self.own is None else called(self.own)

    @property
    def holds(self) -> str:
        """What it holds; see `Format.holds`."""
        return self.parsed.format.holds

    @property
    def results(self) -> bool:
        """Whether it is a record of results."""
        return self.holds == RESULTS


class Statement(NamedTuple):
    """The value of a field in a record."""

    part: Part
    """The record."""
    field: str
    """The path in the record's own trial."""
    value: Any
    """The value there."""
    country: str | None
    """The country that the value is about."""


def parts_of(records: Iterable[Parsed]) -> tuple[Part, ...]:
    """Return the records as parts of one trial; raises DifferentTrials if they are not."""
    records = tuple(records)
    number = _shared([number_of(record.trial) for record in records])
    seen: set[tuple[str, Trial]] = set()
    parts = []
    for index, record in enumerate(records):
        own, at = _own_country(record)
        whose = called(own) if own is not None else RESULTS if record.format.holds == RESULTS else None
        name = " ".join(word for word in (number, whose) if word)
        again = (record.format.name, record.trial) in seen
        seen.add((record.format.name, record.trial))
        parts.append(Part(index, record, name, own, at, again, _gaps(record.trial), version_of(record.trial)))
    return tuple(parts)


def named_apart(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the records with names of their own: history with its day, and a count behind equal names."""
    names: Counter[str] = Counter()
    found = []
    for part in parts:
        name = f"{part.name} of {part.version}" if part.history else part.name
        names[name] += 1
        found.append(attrs.evolve(part, name=f"{name} ({names[name]})" if names[name] > 1 else name))
    return tuple(found)


def version_of(trial: Trial) -> PartialDate | None:
    """Return the day of the version of a record: of its last change or publication, else of its file."""
    days = [day for day in (trial.dates.updated, trial.dates.published) if day is not None]
    return max(days, default=trial.dates.exported)


_TIME = re.compile(r"\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(\.\d+)?Z?")

_MIDNIGHT = "00:00:00"
"""The time of a day without one."""


def time_of(record: Parsed) -> str:
    """Return the time of the version of a record, in the words of its source; empty without one, or for another zone.

    Times are ordered as texts.
    """
    version = version_of(record.trial)
    for field in ("dates.updated", "dates.published", "dates.exported"):
        if version is None or get(record.trial, field) != version:
            continue
        try:
            found = [_TIME.fullmatch(source.text.strip()) for source in record.evidence(field).sources]
        except ValueError:  # the record was not kept
            return ""
        times = [match[1] + (match[2] or "").rstrip("0").rstrip(".") for match in found if match is not None]
        return max((time for time in times if time != _MIDNIGHT), default="")
    return ""


def _gaps(trial: Trial) -> dict[str, frozenset[MissingKind]]:
    """Return the fields that are missing, and why."""
    gaps: dict[str, frozenset[MissingKind]] = {}
    for entry in trial.missing:
        gaps[entry.field] = gaps.get(entry.field, frozenset()) | {entry.kind}
    return gaps


def number_of(trial: Trial) -> str | None:
    """Return the number that identifies the trial of a record; None if it has none.

    It is the register's own, in canonical form, without a country behind it and without a version. If that has no known
    form, it is a number that all records of a trial share.

    >>> number_of(Trial(id="EUCTR2014-002606-20-DE")), number_of(Trial(id="2023-505613-24-01"))
    ('2014-002606-20', '2023-505613-24')
    """
    own = identify(trial.id) if trial.id is not None else None
    if own is None or own.scheme == OTHER:
        known = [one.value for one in trial.identifiers if one.scheme in SHARED]
        return known[0] if known else None if own is None else own.value
    return without_version(own)


def called(country: Country) -> str | None:
    """Return the code of a country, or its name if it has no code."""
    return country.code or country.name


def _shared(numbers: list[str | None]) -> str:
    """Return the number of all records; raises DifferentTrials if there are several, or some have none."""
    known = list(dict.fromkeys(number for number in numbers if number is not None))
    if len(known) > 1:
        raise DifferentTrials("the records are of different trials: {numbers}", numbers=", ".join(known))
    if len(numbers) > 1 and None in numbers:
        raise DifferentTrials(f"record {numbers.index(None)} has no number, so nothing shows which trial it is of")
    return known[0] if known else ""


def _own_country(record: Parsed) -> tuple[Country | None, int | None]:
    """Return the country that a record belongs to, and its index: by the number's ending, or as the only one.

    Of several countries, as a record with results lists them, it is the only one whose authority the record names.
    """
    trial = record.trial
    if record.format.holds != PROTOCOL:
        return None, None
    suffix = country_suffix(trial.id or "")
    if suffix is None:
        several = len(trial.countries) > 1
        own = [(one, at) for at, one in enumerate(trial.countries) if one.authority is not None or not several]
        return own[0] if len(own) == 1 and called(own[0][0]) else (None, None)
    if suffix in REGIONS:
        return Country(name=REGIONS[suffix]), None
    found = next((n for n, country in enumerate(trial.countries) if country.code == suffix), None)
    return (Country(code=suffix), None) if found is None else (trial.countries[found], found)


# fields of a trial --------------------------------------------------------------------------------------------------


def leaves() -> tuple[str, ...]:
    """Return the fields of a Trial that have a rule: its own, and those of the records within it."""
    return _LEAVES


def _leaves() -> Iterator[str]:
    cls: Any = Trial
    for field in attrs.fields(cls):
        within = attrs.fields(field.type) if isinstance(field.type, type) and attrs.has(field.type) else ()
        yield from [f"{field.name}.{below.name}" for below in within] or [field.name]


_LEAVES = tuple(_leaves())


def _holders(cls: Any) -> Iterator[type]:
    """Give the classes of records that a record always has, even without values."""
    for field in attrs.fields(cls):
        inner = typing.get_args(field.type)[0] if typing.get_origin(field.type) is tuple else field.type
        if isinstance(inner, type) and attrs.has(inner):
            if inner is field.type:
                yield inner
            yield from _holders(inner)


_HOLDERS = frozenset(_holders(Trial))


def get(value: Any, field: str) -> Any:
    """Return the value at a path; None if a list is too short or there is no such field."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", field):
        if value is None:
            return None
        if name:
            value = getattr(value, name, None)
        else:
            value = value[int(index)] if isinstance(value, tuple) and int(index) < len(value) else None
    return value


def is_empty(value: Any) -> bool:
    """Whether a value is empty."""
    if value is None or value == () or value == frozenset():
        return True
    cls: Any = type(value)
    return cls in _HOLDERS and all(getattr(value, name) == none for name, none in defaults(cls).items())


def statements_in(part: Part, field: str, below: str = "") -> Iterator[Statement]:
    """Give the value of a field in a record, or without one the values of its countries.

    `below` is the path of the same value below a country.
    """
    value = get(part.trial, field)
    if not is_empty(value):
        yield Statement(part, field, value, part.country)
    elif below:
        for index, country in enumerate(part.trial.countries):
            value = get(country, below)
            if not is_empty(value):
                yield Statement(part, f"countries[{index}].{below}", value, called(country))
