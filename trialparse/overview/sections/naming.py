"""What registers and countries are called."""

from trialparse.model import Trial
from trialparse.overview.page import Quote
from trialparse.overview.tables import phrases


def register(trial: Trial) -> str | Quote:
    """Return the name of the register that the record is from."""
    known = phrases().get(f"register.{trial.registry}")
    return known.sentence if known else Quote(trial.registry or "")


def country_name(trial: Trial, index: int) -> tuple[Quote | str, str]:
    """Return what a country is called and the field that says so."""
    country = trial.countries[index]
    if country.name and country.name.strip():
        return Quote(country.name), f"countries[{index}].name"
    if country.code:
        return Quote(country.code), f"countries[{index}].code"
    return "unnamed country", f"countries[{index}]"
