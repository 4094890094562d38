"""Records made by hand, and what they come to."""

import datetime
import json
from typing import Any

import attrs

from trialparse import combine, published
from trialparse.combining import Combined
from trialparse.combining.parts import get, is_empty, leaves
from trialparse.diagnostics import Place
from trialparse.mapping.format import Format
from trialparse.model import (
    Trial,
)
from trialparse.model.evidence import Evidence, Source
from trialparse.model.values import PartialDate
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Parsed
from trialparse.readers.notations import Notation

NUMBER = "2014-002606-20"


class Told(Parsed):
    """A record without a document: the evidence of a field is its value, at the path of the field."""

    def evidence(self, field: str | None = None) -> Any:
        if field is None:
            return {name: self.evidence(name) for name in leaves() if not is_empty(get(self.trial, name))}
        value = get(self.trial, field)
        sources = () if is_empty(value) else (Source(Place(path=f"/{field}"), str(value)),)
        return Evidence(field=field, sources=sources, row="table.tsv:1" if sources else "")


def record(trial: Trial, holds: str = "protocol") -> Parsed:
    """Return a record of a trial as if it had been read."""
    format = Format(name=f"test-{holds}", registry="", title="", notation=Notation(), holds=holds)
    return Told(trial=trial, format=format, record=None, options=Options(), diagnostics=())


def day(text: str) -> PartialDate:
    """Return a date written as ISO 8601."""
    year, *rest = map(int, text.split("-"))
    return PartialDate(year=year, month=rest[0] if rest else None, day=rest[1] if rest[1:] else None)


def values_of(combined: Combined, field: str) -> list[tuple[str | None, Any]]:
    """Return countries and values of a spread."""
    return [(one.country, one.value) for one in combined.spread(field)]


def measured(records: list[Parsed], tool: str, as_of: datetime.date | None = None) -> dict[str, Any]:
    """Return what a tool counts, without sources."""
    return {name: measure.value for name, measure in published(combine(records), tool, as_of=as_of).items()}


def read_back(text: str) -> Any:
    """Return the value of a difference: JSON, or a text as it stands."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def past(text: str) -> Any:
    """Return a day that has come to pass, as results have them."""
    return attrs.evolve(day(text), estimated=False)
