"""What registers and countries are called."""

from collections.abc import Iterable

from trialparse.pages.page import Part, Quote
from trialparse.pages.tables import countries, phrases
from trialparse.pages.view import View
from trialparse.pages.wording import quote


def register(view: View) -> str | Quote:
    """Return the name of the register that the record is from."""
    known = phrases().get(f"register.{view.trial.registry}")
    return known.sentence if known else quote(view.trial.registry) or "its register"


def country_name(view: View, index: int) -> tuple[Part, str]:
    """Return what a country is called, in English where its code is known, and the field that says so."""
    country = view.trial.countries[index]
    for field, text in (("name", country.name), ("code", country.code)):
        words = quote(text)
        if words:
            return countries().get(country.code or "") or words, f"countries[{index}].{field}"
    return "unnamed country", f"countries[{index}]"


def names_by_field(view: View, indices: Iterable[int]) -> dict[str, Part]:
    """Return what some countries are called, by the fields that say so; of two records of one country the first."""
    named: dict[Part, str] = {}
    for name, field in (country_name(view, index) for index in indices):
        named.setdefault(name, field)
    return {field: name for name, field in named.items()}
