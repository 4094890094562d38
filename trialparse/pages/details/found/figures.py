"""Numbers that were found, in words: what was left open, and how values spread."""

from trialparse.model.terms import MissingKind
from trialparse.pages import wording
from trialparse.pages.page import Citation, Gap, Of
from trialparse.pages.view import View, look_up

_OPEN = {
    None: "no value",
    MissingKind.UNKNOWN: "not calculated",
    MissingKind.NOT_APPLICABLE: "does not apply",
    MissingKind.WITHHELD: "withheld",
    MissingKind.UNREADABLE: "not readable",
    MissingKind.NOT_READ: "not read",
    MissingKind.DISAGREED: "records do not agree",
    MissingKind.NONE_STATED: "none",
    MissingKind.INCOMPLETE: "not complete",
}
"""Text in place of a missing number."""


def figure(view: View, field: str) -> str:
    """Return the number in a field, or why there is none."""
    value = look_up(view.trial, field)
    return _OPEN[view.missing(field)] if value is None else wording.number(value)


def source(view: View, *fields: str) -> Citation:
    """Return what a number rests on, or that it is not there; the first field is that of the number."""
    first = fields[0]
    if look_up(view.trial, first) is None:
        return Gap(first, view.missing(first), "what the number is")
    return Of(tuple(field for field in fields if look_up(view.trial, field) is not None))


def interval(view: View, level: float | None, low: str, high: str, *, sides: bool | None = None) -> str:
    """Return the words on a confidence interval, from the fields of its ends."""
    one = "one-sided " if sides is False else ""
    of = f"{wording.number(level)} % " if level is not None else ""
    return f"{one}{of}confidence interval from {figure(view, low)} to {figure(view, high)}"


def spoken(view: View, field: str) -> bool:
    """Whether the record has a number in a field, or says why there is none."""
    return look_up(view.trial, field) is not None or view.missing(field) is not None
