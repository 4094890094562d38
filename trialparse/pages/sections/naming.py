"""What registers and countries are called."""

from trialparse.model import Trial
from trialparse.pages.page import Quote
from trialparse.pages.tables import phrases
from trialparse.pages.wording import quote


def register(trial: Trial) -> str | Quote:
    """Return the name of the register that the record is from."""
    known = phrases().get(f"register.{trial.registry}")
    return known.sentence if known else quote(trial.registry) or "its register"


def country_name(trial: Trial, index: int) -> tuple[Quote | str, str]:
    """Return what a country is called and the field that says so."""
    country = trial.countries[index]
    for field, text in (("name", country.name), ("code", country.code)):
        words = quote(text)
        if words:
            return words, f"countries[{index}].{field}"
    return "unnamed country", f"countries[{index}]"
