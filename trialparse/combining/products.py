"""When two records mean one product: one code or name, one form, one strength and one orphan number."""

from collections.abc import Iterator
from typing import Any

from trialparse.mapping.rows import fold
from trialparse.model.agreeing import agreed
from trialparse.model.building import build, defaults, is_record
from trialparse.model.interventions import Intervention, Substance
from trialparse.model.values import Coded


def folded(value: Any) -> Any:
    """Return a value for comparison, without differences of case and white space; a coded word is its term.

    >>> folded("Film-coated  Tablet") == folded("film-coated tablet")
    True
    """
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, Coded):
        return folded(value.text) if value.term is None else value.term
    if isinstance(value, tuple):
        return tuple(map(folded, value))
    cls: Any = type(value)
    return (cls, *(folded(getattr(value, name)) for name in defaults(cls))) if is_record(cls) else value


def signs_of(product: Intervention) -> Iterator[tuple[str, Any]]:
    """Give what can identify a product: its name, its code, the names of its substances."""
    signs = {"name": product.name, "sponsor_code": product.sponsor_code, "substances": _substances(product)}
    yield from ((key, sign) for key, value in signs.items() if (sign := folded(value)))


def is_same(one: Intervention, other: Intervention) -> bool:
    """Whether two records mean one product.

    It has one code, or one name and no two codes, or one of them gives no name and the substances are the same;
    and role, form, strength and orphan number agree. Other fields do not part it: they may differ by country.
    """
    if one.form is None or other.form is None or folded(one.form) != folded(other.form):
        return False
    if not (_agree(one.role, other.role) and _agree(one.orphan_number, other.orphan_number)):
        return False
    return _agree(_strength(one), _strength(other)) and _has_one_sign(one, other)


def _has_one_sign(one: Intervention, other: Intervention) -> bool:
    if one.sponsor_code and other.sponsor_code:
        return bool(folded(one.sponsor_code) == folded(other.sponsor_code))
    if one.name and other.name:
        return bool(folded(one.name) == folded(other.name))
    return bool(_substances(one)) and _substances(one) == _substances(other)


def _substances(product: Intervention) -> tuple[str, ...]:
    return tuple(sorted(folded(one.name) for one in product.substances if one.name))


def _strength(product: Intervention) -> tuple[Any, ...]:
    """Return the strengths of a product; empty if the record gives none."""
    given: list[Any] = [product.strength]
    for one in product.substances:
        how = one.concentration
        number = how.number if how.low is None else (how.low, how.high)
        given.append(None if number is None and not one.strength else (how.type, number, how.unit, one.strength))
    return tuple(sorted((folded(one) for one in given if one), key=repr))


def _agree(one: Any, other: Any) -> bool:
    """Whether two values are the same, or one of them is empty."""
    return not one or not other or bool(folded(one) == folded(other))


def filled(one: Any, other: Any) -> Any:
    """Return a record, its empty fields filled from the other one; where both have a value, the first counts."""
    cls: Any = type(one)
    values = {}
    for name, empty in defaults(cls).items():
        first, second = getattr(one, name), getattr(other, name)
        if first == empty:
            values[name] = second
        elif is_record(empty.__class__):
            values[name] = filled(first, second)
        elif name == "substances" and _same_names(first, second):
            values[name] = tuple(map(filled, first, second))
        else:
            values[name] = agreed(first, second) or first
    return build(cls, values)


def _same_names(one: tuple[Substance, ...], other: tuple[Substance, ...]) -> bool:
    return [folded(item.name) for item in one] == [folded(item.name) for item in other]
