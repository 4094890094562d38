"""The value of a field in one record, beside those of the others."""

import reprlib
from typing import Any

import attrs

from trialparse.combining.parts import Part
from trialparse.diagnostics import Place
from trialparse.generated.classes import frozen
from trialparse.mapping.format import RESULTS
from trialparse.model.evidence import Evidence, Source
from trialparse.parsing.parsed import Parsed


@frozen(eq=False, repr=False)
class Spread:
    """The value of a field in one record of a trial."""

    country: str | None
    """Country that the value is about: ISO 3166-1 alpha-2 code, or name if it has none; None for no country."""
    value: Any
    """The value, of the field's type."""
    record: Parsed
    """The record."""
    field: str
    """Path of the value in the trial of the record, such as `status.trial` or `countries[0].status.trial`."""
    part: int
    """Index of the record in `Combined.records`, from 0."""
    _name: str

    @property
    def results(self) -> bool:
        """Whether the record is one of results."""
        return self.record.format.holds == RESULTS

    def evidence(self) -> Evidence:
        """Return the evidence of the value in its record; raises ValueError if the record was not kept."""
        return of_record(self.record.evidence(self.field), self._name, self.part)

    def __repr__(self) -> str:
        """Return country and value on one line."""
        return f"<Spread {self.country} {reprlib.repr(self.value)}>"


def of_record(evidence: Evidence, name: str, part: int) -> Evidence:
    """Return the evidence with places that name their record."""

    def named(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(Source(in_record(source.place, name, part), source.text) for source in sources)

    return attrs.evolve(evidence, sources=named(evidence.sources), unread=named(evidence.unread))


def in_record(place: Place, name: str, part: int) -> Place:
    """Return the place with the name of its record."""
    return attrs.evolve(place, of=name or None, part=part)


def spread_of(part: Part, field: str, value: Any, country: str | None) -> Spread:
    """Return the `Spread` of a value."""
    return Spread(country, value, part.parsed, field, part.index, part.name)
