"""Values that agree, though one may be more complete than the other."""

from collections.abc import Callable
from functools import cache
from typing import Any

from trialparse.generated import run
from trialparse.model.building import defaults, twin
from trialparse.model.values import PartialDate


def agreed(one: Any, other: Any) -> Any:
    """Return the value that two values agree on; None if they contradict each other.

    Dates of the same day agree if it is not stated of one whether it is planned; the other one is returned.

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


def completed(first: Any, second: Any) -> Any:
    """Return `first`, its empty fields filled from `second`, of the same class; None where they contradict each other.

    Dates of one day complete each other; see `agreed`.
    """
    cls: Any = type(first)
    return _completer(cls)(first, second)


@cache
def _completer(cls: type) -> Callable[[Any, Any], Any]:
    names: dict[str, Any] = {"twin": twin(cls), "record": cls, "agreed": agreed}
    names |= {f"d_{name}": default for name, default in defaults(cls).items()}
    lines = [f"def complete(a, b):  # {cls.__name__}"]
    for name in defaults(cls):
        lines += [f" v_{name} = a.{name}", f" w = b.{name}", f" if v_{name} != w and w != d_{name}:"]
        lines += [f"  if v_{name} != d_{name}:", f"   w = agreed(v_{name}, w)", "   if w is None: return None"]
        lines += [f"  v_{name} = w"]
    lines += [" o = twin()", *(f" o.{name} = v_{name}" for name in defaults(cls))]
    lines += [" o.__class__ = record", " return o"]
    complete: Callable[[Any, Any], Any] = run("\n".join(lines), names)["complete"]
    return complete
