"""Values that say the same, though one may know more than the other."""

from typing import Any

from trialparse.model.values import PartialDate


def agreed(one: Any, other: Any) -> Any:
    """Return what two values say together; None if they contradict each other.

    Dates of the same day agree if one does not say whether it is planned; the other one is returned.

    >>> day, actual = PartialDate(year=2019), PartialDate(year=2019, estimated=False)
    >>> agreed(day, actual) == agreed(actual, day) == actual
    True
    >>> agreed(actual, PartialDate(year=2019, estimated=True)) is None
    True
    """
    if one == other:
        return one
    dates = one.__class__ is PartialDate and other.__class__ is PartialDate
    if dates and (one.year, one.month, one.day) == (other.year, other.month, other.day):
        return other if one.estimated is None else one if other.estimated is None else None
    return None
