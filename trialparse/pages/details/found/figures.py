"""Numbers that were found, in words: what they rest on, and how sure they are."""

from trialparse.pages.page import Citation, Gap, Of
from trialparse.pages.results.numbers import number
from trialparse.pages.view import View, look_up


def source(view: View, *fields: str) -> Citation:
    """Return what a number rests on, or that it is not there; the first field is that of the number."""
    first = fields[0]
    if look_up(view.trial, first) is None:
        return Gap(first, view.missing(first), view.texts.plain("ask.number"))
    return Of(tuple(field for field in fields if look_up(view.trial, field) is not None))


def interval(view: View, level: float | None, low: str, high: str, two_sided: bool | None) -> str:
    """Return the words on a confidence interval, from the fields of its ends."""
    slots = {"low": number(view, low), "high": number(view, high)}
    sides = ".one_sided" if two_sided is False else ""
    if level is None:
        return view.texts.plain(f"interval{sides}.unknown", **slots)
    return view.texts.plain(f"interval{sides}", level=view.texts.number(level), **slots)


def spoken(view: View, field: str) -> bool:
    """Whether the record has a number in a field, or the reason for none."""
    return look_up(view.trial, field) is not None or view.missing(field) is not None
