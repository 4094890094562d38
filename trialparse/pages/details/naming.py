"""Names of registers, countries and records."""

from collections.abc import Iterable, Sequence

from trialparse.model import Country
from trialparse.pages import wording
from trialparse.pages.page import Piece, Quote
from trialparse.pages.protocols import SpreadForPage
from trialparse.pages.tables import countries
from trialparse.pages.view import View
from trialparse.pages.wording import quote

_NAMED = 5
"""How many countries a sentence names; it counts the rest."""


def register(view: View) -> str | Quote:
    """Return the name of the register that the record is from; the register's own if no folder has one."""
    return view.kind.registers.get(view.trial.registry or "") or quote(view.trial.registry) or "its register"


def is_region(view: View, country: Country) -> bool:
    """Whether the register means several countries together, without saying which."""
    return not country.code and country.name in view.kind.regions


def country_name(view: View, index: int) -> tuple[Piece, str]:
    """Return what a country is called, in English where its code is known, and the field that says so."""
    country = view.trial.countries[index]
    for field, text in (("name", country.name), ("code", country.code)):
        words = quote(text)
        if words:
            known = countries().get(country.code or "") or view.kind.regions.get(country.name or "")
            return known or words, f"countries[{index}].{field}"
    return "unnamed country", f"countries[{index}]"


def names_by_field(view: View, indices: Iterable[int]) -> dict[str, Piece]:
    """Return what some countries are called, by the fields that say so; of two records of one country the first."""
    named: dict[Piece, str] = {}
    for name, field in (country_name(view, index) for index in indices):
        named.setdefault(name, field)
    return {field: name for name, field in named.items()}


def places(view: View, spread: Iterable[SpreadForPage]) -> tuple[Piece, ...]:
    """Return the countries of some records, as many as can be read at a glance.

    A country with several records is named with their numbers, unless all are meant.
    """
    named: dict[Piece, set[int]] = {}
    records = records_by_place(view)
    for one in spread:
        named.setdefault(place(one), set()).add(one.part)
    names = [_which(name, parts, records.get(name, ())) for name, parts in named.items()]
    more = len(names) - _NAMED
    return wording.series([*names[:_NAMED], f"{more} more"] if more > 1 else names)


def _which(name: Piece, parts: set[int], records: Sequence[int]) -> Piece:
    """Return a name, with the numbers of its records unless all are meant."""
    if not isinstance(name, str) or parts.issuperset(records):
        return name
    numbers = [str(number) for number, part in enumerate(records, 1) if part in parts]
    return f"{name} (record {' and '.join(numbers)} of {len(records)})"


def records_by_place(view: View) -> dict[Piece, list[int]]:
    """Return the records by place."""
    found: dict[Piece, list[int]] = {}
    for one in view.spread("id"):
        found.setdefault(place(one), []).append(one.part)
    return found


def place(one: SpreadForPage) -> Piece:
    """Return the name of a record's country; without a country, the kind of record."""
    if one.country is None:
        return "the record of results" if one.results else one.record.kind.made_from
    return countries().get(one.country) or one.record.kind.regions.get(one.country) or Quote(one.country)
