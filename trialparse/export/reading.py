"""Dicts to records, by a function for each class that is generated at its first record.

These functions accept what `careful` accepts, and refuse the rest without words.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import attrs

from trialparse.export.fields import Field, fields
from trialparse.generated import Lines, indented, later, run
from trialparse.model.building import twin
from trialparse.model.values import OWN_VALIDATOR
from trialparse.prepared import prepared

Read = Callable[[Any], Any]
"""A function from a value of JSON to a record."""

WHOLE: Final = 2**53
"""Up to here a float holds every whole number."""


class Unfit(ValueError):
    """A value of another type than the model's."""


@prepared
def reader(cls: type) -> Read:
    """Return the function that reads records of a class.

    It raises ValueError, KeyError, OverflowError or TypeError for any other value.
    """
    attributes = attrs.fields_dict(cls)
    names: dict[str, Any] = {"twin": twin(cls), "record": cls, "Unfit": Unfit, "_as_float": _as_float}
    names["includes"] = frozenset(attributes).issuperset
    body = ["if v.__class__ is not dict or not includes(v): raise Unfit", "o = twin()"]
    for field in fields(cls):
        if field.is_record:
            later(names, f"r_{field.name}", partial(reader, field.kind))
        elif field.is_term:
            names[f"t_{field.name}"] = field.terms
        if field.required:
            body += [f"x = v[{field.name!r}]", *_read(field)]
        else:
            default = repr(field.default) if field.default in (None, ()) else f"d_{field.name}"
            names[f"d_{field.name}"] = field.default
            body += [f"x = v.get({field.name!r})", f"if x is None: o.{field.name} = {default}"]
            body += ["else:", *indented(_read(field))]
        if (check := attributes[field.name].metadata.get(OWN_VALIDATOR)) is not None:
            names |= {f"c_{field.name}": check, f"a_{field.name}": attributes[field.name]}
            body.append(f"c_{field.name}(o, a_{field.name}, o.{field.name})")
    body.append("o.__class__ = record")
    if hasattr(cls, "__attrs_post_init__"):
        body.append("o.__attrs_post_init__()")
    text = "\n".join([f"def read(v):  # {cls.__name__}", *indented([*body, "return o"])])
    read: Read = run(text, names)["read"]
    return read


def _read(field: Field) -> Lines:
    """Return the statements that read a value into a field."""
    put = f"o.{field.name} ="
    if field.container is None:
        return [*_unless(field, "x"), f"{put} {_value(field, 'x')}"]
    lines = ["if x.__class__ is not list: raise Unfit"]
    if field.container is frozenset:
        return [*lines, f"{put} s = frozenset([{_value(field, 'i')} for i in x])", "if len(s) != len(x): raise Unfit"]
    if unless := _unless(field, "i"):
        return [*lines, "for i in x:", *indented(unless), f"{put} tuple(x)"]
    return [*lines, f"{put} tuple([{_value(field, 'i')} for i in x])"]


def _unless(field: Field, value: str) -> Lines:
    """Return the statement that refuses a plain value of another type; values of other types check themselves."""
    if field.is_record or field.is_term or field.kinds == (float,):
        return []
    return [f"if {' and '.join(f'{value}.__class__ is not {kind.__name__}' for kind in field.kinds)}: raise Unfit"]


def _value(field: Field, value: str) -> str:
    """Return the expression for what a value means."""
    if field.is_record:
        return f"r_{field.name}({value})"
    if field.is_term:
        return f"t_{field.name}[{value}]"
    return f"_as_float({value})" if field.kinds == (float,) else value


def _as_float(value: Any) -> float:
    """Return a number as a float; raises Unfit for anything else, and for whole numbers that a float does not hold."""
    if type(value) is float:
        return value
    if type(value) is int and abs(value) <= WHOLE:
        return float(value)
    raise Unfit
