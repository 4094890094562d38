"""Numbers that were found, in words: what was left open, and how values spread."""

from trialparse.model.terms import DispersionType, MissingKind
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
}
"""Text in place of a missing number."""

_ONE: dict[DispersionType | None, str] = {
    None: "spread {}",
    DispersionType.STANDARD_DEVIATION: "standard deviation {}",
    DispersionType.STANDARD_ERROR: "standard error {}",
    DispersionType.GEOMETRIC_COEFFICIENT_OF_VARIATION: "geometric coefficient of variation {} %",
}
"""How a spread of one number is put."""

_TWO: dict[DispersionType | None, str] = {
    None: "spread from {} to {}",
    DispersionType.INTERQUARTILE_RANGE: "middle half from {} to {}",
    DispersionType.FULL_RANGE: "lowest {}, highest {}",
}
"""How a spread of two numbers is put."""


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


def spread_of(view: View, cell: str, kind: DispersionType | None, level: float | None) -> str:
    """Return in brackets how the value of a cell spreads, nothing where the record does not say."""
    low, high = f"{cell}.dispersion", f"{cell}.dispersion_upper"
    open_ = look_up(view.trial, f"{cell}.value") is None and not any(look_up(view.trial, one) for one in (low, high))
    if kind is DispersionType.NOT_APPLICABLE or open_ or not (spoken(view, low) or spoken(view, high)):
        return ""
    if kind is DispersionType.CONFIDENCE_INTERVAL:
        return f" ({interval(view, level, low, high)})"
    if kind in _TWO and (kind is not None or spoken(view, high)):
        return f" ({_TWO[kind].format(figure(view, low), figure(view, high))})"
    return f" ({_ONE[kind].format(figure(view, low))})"


def interval(view: View, level: float | None, low: str, high: str, *, sides: bool | None = None) -> str:
    """Return the words on a confidence interval, from the fields of its ends."""
    one = "one-sided " if sides is False else ""
    of = f"{wording.number(level)} % " if level is not None else ""
    return f"{one}{of}confidence interval from {figure(view, low)} to {figure(view, high)}"


def spoken(view: View, field: str) -> bool:
    """Whether the record has a number in a field, or says why there is none."""
    return look_up(view.trial, field) is not None or view.missing(field) is not None
