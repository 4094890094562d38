"""Names of registers, countries and records."""

from collections.abc import Iterable, Sequence

from trialparse.model import Country
from trialparse.pages.page import Piece, Quote
from trialparse.pages.protocols import KindForPage, SpreadForPage
from trialparse.pages.view import View
from trialparse.pages.wording import quote

_NAMED = 5
"""How many countries a sentence names; it counts the rest."""


def register(view: View) -> str | Quote:
    """Return the name of the register that the record is from; the register's own if no folder has one."""
    own = view.trial.registry or ""
    return view.texts.named("register", own, view.kind.registers.get(own)) or quote(own) or _unnamed(view, "register")


def is_region(view: View, country: Country) -> bool:
    """Whether the register means several countries together, without naming them."""
    return not country.code and country.name in view.kind.regions


def country_name(view: View, index: int) -> tuple[Piece, str]:
    """Return what a country is called, in the page's language where its code is known, and its field."""
    country = view.trial.countries[index]
    for field, text in (("name", country.name), ("code", country.code)):
        words = quote(text)
        if words:
            known = view.texts.countries.get(country.code or "") or _region(view, country.name or "")
            return known or words, f"countries[{index}].{field}"
    return _unnamed(view, "country"), f"countries[{index}]"


def _region(view: View, name: str) -> str:
    """Return what several countries together are called; empty where no language folder has them."""
    return view.texts.named("region", name, view.kind.regions.get(name))


def _unnamed(view: View, what: str) -> str:
    return view.texts.plain(f"unnamed.{what}")


def names_by_field(view: View, indices: Iterable[int]) -> dict[str, Piece]:
    """Return what some countries are called, by their fields; of two records of one country the first."""
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
        named.setdefault(place(view, one), set()).add(one.part)
    names = [_which(view, name, parts, records.get(name, ())) for name, parts in named.items()]
    return view.texts.some(names, _NAMED + 1)


def _which(view: View, name: Piece, parts: set[int], records: Sequence[int]) -> Piece:
    """Return a name, with the numbers of its records unless all are meant."""
    if not isinstance(name, str) or parts.issuperset(records):
        return name
    numbers = view.texts.series([str(number) for number, part in enumerate(records, 1) if part in parts])
    words = view.words("place.records", name=name, numbers=numbers, all=str(len(records)))
    return "".join(map(str, words))


def records_by_place(view: View) -> dict[Piece, list[int]]:
    """Return the records by place."""
    found: dict[Piece, list[int]] = {}
    for one in view.spread("id"):
        found.setdefault(place(view, one), []).append(one.part)
    return found


def place(view: View, one: SpreadForPage) -> Piece:
    """Return the name of a record's country; without a country, the kind of record."""
    if one.country is None:
        return view.texts.plain("place.results") if one.results else made_from(view, one.record.kind)
    return view.texts.countries.get(one.country) or _region(view, one.country) or Quote(one.country)


def made_from(view: View, kind: KindForPage) -> str:
    """Return what a page is made from, by the kind of record."""
    return view.texts.named("made_from", kind.format, kind.made_from) or view.texts.plain("place.record")
