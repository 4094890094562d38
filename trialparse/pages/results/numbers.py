"""Numbers of results in words: what was left open, how values spread, and on how many people they rest."""

import re

from trialparse.model.results import Outcome
from trialparse.model.terms import DispersionType
from trialparse.pages.view import View, look_up

_OWN = re.compile(r"\bn\s*=\s*\d", re.IGNORECASE)
"""How a title says on how many people its values rest; those numbers count, and not those of the column."""


def number(view: View, field: str) -> str:
    """Return the number in a field, or why there is none."""
    value = look_up(view.trial, field)
    if value is not None:
        return view.texts.number(value)
    kind = view.missing(field)
    return view.texts.plain(f"value.{kind.name if kind else 'none'}")


def with_spread(view: View, cell: str, outcome: Outcome) -> str:
    """Return a value and in brackets how it spreads, as far as the record has it."""
    shown = number(view, f"{cell}.value")
    kind = outcome.dispersion
    ends = (f"{cell}.dispersion", f"{cell}.dispersion_upper")
    if (
        look_up(view.trial, f"{cell}.value") is None
        or kind is DispersionType.NOT_APPLICABLE
        or not _spoken(view, *ends)
    ):
        return shown
    name = kind.name if kind else "OTHER"
    both = kind in _TWO or _spoken(view, ends[1])
    key = f"spread.{name}.{'range' if both else 'one'}"
    if not view.texts.has(key):
        key = f"spread.OTHER.{'range' if both else 'one'}"
    level = "" if outcome.confidence_level is None else view.texts.number(outcome.confidence_level)
    if kind is DispersionType.CONFIDENCE_INTERVAL and not level:
        key = f"{key}.unknown"
    slots = {"low": number(view, ends[0]), "high": number(view, ends[1]), "level": level}
    used = {name: words for name, words in slots.items() if f"{{{name}}}" in view.texts.wordings[key].text}
    return view.texts.plain("spread", value=shown, spread=view.texts.plain(key, **used))


_TWO = (DispersionType.CONFIDENCE_INTERVAL, DispersionType.INTERQUARTILE_RANGE, DispersionType.FULL_RANGE)
"""The spreads of two numbers."""


def _spoken(view: View, *fields: str) -> bool:
    """Whether the record has a number in one of some fields, or the reason for none."""
    return any(look_up(view.trial, one) is not None or view.missing(one) is not None for one in fields)


def counts_people_itself(*titles: str | None) -> bool:
    """Whether a title says on how many people its values rest.

    >>> counts_people_itself("Days with fever (n=4,26)"), counts_people_itself("Days with fever")
    (True, False)
    """
    return any(_OWN.search(title) for title in titles if title)
