"""Lists of values as Arrow arrays; no value makes them fail."""

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from trialparse.tabular.paths import Values

Array: TypeAlias = "pa.Array[Any]"

ITEMS: dict[str, Any] = {
    "string": pa.large_string(),  # of 64-bit offsets: no number of texts is too large for one
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "precision": pa.large_string(),
    "index": pa.int64(),
    "name": pa.large_string(),
}
"""The Arrow type for each type of a column that is not a list."""


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")


def arrow_type(kind: str) -> Any:
    """Return the Arrow type for a type of columns.tsv: `int`, or `[int]` for lists."""
    item = kind.strip("[]")
    return ITEMS[item] if item == kind else pa.list_(pa.field("element", ITEMS[item]))  # as Parquet calls it


def array_of(values: Values, kind: str) -> Array:
    """Return values as an array of the type for `kind`.

    Dates become their first days. A number beyond 64 bits becomes null, half of a surrogate pair U+FFFD.
    """
    if values.count(None) == len(values):  # as most columns of a table are, and this takes a quarter of the time
        nothing: Array = pa.nulls(len(values), ITEMS[kind])
        return nothing
    prepare = _PREPARED.get(kind)
    made: Array
    try:
        made = pa.array(values if prepare is None else [*map(prepare, values)], ITEMS[kind])
    except (OverflowError, TypeError, ValueError):  # errors of Arrow are of these, and so are those of an encoding
        made = pa.array([*map(_HELD[kind], values)], ITEMS[kind])
    return made


def lists_of(begins: Sequence[int | None], items: Values, kind: str) -> Array:
    """Return lists as an array: items, and where in them each list begins, None for null, and the last one ends."""
    items_made = array_of(items, kind.strip("[]"))
    return pa.ListArray.from_arrays(pa.array(begins, pa.int32()), items_made, type=arrow_type(kind))


def _day(date: Any) -> datetime.date | None:
    """Return the first day that a date can mean."""
    return None if date is None else date.earliest()


def _precision(date: Any) -> str | None:
    """Return how much of a date is stated."""
    if date is None:
        return None
    return "year" if date.month is None else "month" if date.day is None else "day"


def _text(value: str | None) -> str | None:
    """Return a text of characters only."""
    return None if value is None else _HALF.sub("\ufffd", _PAIR.sub(_joined, value))


def _joined(pair: re.Match[str]) -> str:
    """Return the character that two halves stand for."""
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _int(value: int | None) -> int | None:
    return None if value is None or not -(2**63) <= value < 2**63 else int(value)


def _float(value: float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


_PREPARED: dict[str, Callable[[Any], Any]] = {"date": _day, "precision": _precision}
"""What makes of a value what Arrow takes."""

_HELD: dict[str, Callable[[Any], Any]] = {"int": _int, "float": _float, "string": _text}
"""What makes of a value that an array cannot hold one that it can."""
