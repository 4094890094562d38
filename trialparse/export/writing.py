"""Records to dicts, by a function for each class that is generated at its first record."""

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

from trialparse.export.fields import Field, fields
from trialparse.generated import Lines, indented, later, run
from trialparse.prepared import prepared

Write = Callable[[Any], dict[str, Any]]
"""A function from a record to its dict."""


@prepared
def writer(cls: type, full: bool, finite: bool) -> Write:
    """Return the function that writes records of a class, with `full` all their fields.

    With `finite` it raises ValueError for a number that JSON cannot hold.
    """
    names: dict[str, Any] = {"finite": _finite}
    for field in fields(cls):
        names[f"d_{field.name}"] = field.default
        if field.is_record:
            later(names, f"w_{field.name}", partial(writer, field.kind, full, finite))
    if full:
        body = [" return {", *(f"  {field.name!r}: {_any(field, finite)}," for field in fields(cls)), " }"]
    else:
        first = sorted(fields(cls), key=lambda field: not field.required)  # those that are always there
        body = [" o = {}", *(line for field in first for line in indented(_unlike(field, finite))), " return o"]
    text = "\n".join([f"def write(v):  # {cls.__name__}", *body])
    write: Write = run(text, names)["write"]
    return write


def _any(field: Field, finite: bool) -> str:
    """Return the expression for what a field holds, whatever it is."""
    expression = _written(field, "x", finite)
    if expression == "x":
        return f"v.{field.name}"
    if field.container is not None:
        return _written(field, f"v.{field.name}", finite)
    return f"None if (x := v.{field.name}) is None else {expression}"


def _unlike(field: Field, finite: bool) -> Lines:
    """Return the statements that write a field unless it holds its default."""
    written = f"o[{field.name!r}] = {_written(field, 'x', finite)}"
    lines = [f"x = v.{field.name}"]
    if field.required:
        return [*lines, written]
    if field.default is None:
        return [*lines, f"if x is not None: {written}"]
    if field.container is not None:
        return [*lines, f"if x: {written}"]
    other = f"x is not d_{field.name} and x != d_{field.name}"  # most records share the default
    return [*lines, f"if {other}: {written}"]


def _written(field: Field, value: str, finite: bool) -> str:
    """Return the expression for a value that is not None."""
    if field.container is frozenset:
        return f"sorted([term._name_ for term in {value}])"
    if field.is_record:
        write = f"w_{field.name}"
        return f"{write}({value})" if field.container is None else f"[{write}(one) for one in {value}]"
    if field.container is not None:
        return f"list({value})"
    if field.is_term:
        return f"{value}._name_"
    return f"finite({value})" if finite and float in field.kinds else value


def _finite(value: float) -> float:
    """Return a number; raises ValueError for one that JSON does not have. A whole number may be beyond any float."""
    if type(value) is not int and not isfinite(value):
        raise ValueError(f"Out of range float values are not JSON compliant: {value!r}")
    return value
