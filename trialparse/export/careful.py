"""Reading a document with care: whatever keeps it from being a trial is named with its place.

This takes longer than `reading`, so only documents that are refused there come here.
"""

import json
import math
import re
import types
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from trialparse.diagnostics import MalformedDocument
from trialparse.export.header import Header, without_header
from trialparse.export.reading import WHOLE, Unfit
from trialparse.model import Trial
from trialparse.prepared import prepared
from trialparse.vocabulary import Term

if TYPE_CHECKING:
    from cattrs import Converter

_SURROGATE = re.compile("[\ud800-\udfff]")

_SHOWN = 5
"""Number of faults that a message names."""


def read_carefully(text: str | bytes) -> Trial:
    """Return the trial in a document; raises MalformedDocument with up to five faults and their places."""
    value, converter = loads(text), _converter()
    from cattrs import BaseValidationError  # which the converter has loaded

    header, value = without_header(value)
    try:
        converter.structure(header, Header)
        trial: Trial = converter.structure(value, Trial)
    except (BaseValidationError, Unfit) as error:
        raise MalformedDocument("not a Trial: {faults}", faults=_faults(error)) from None
    return trial


# JSON ---------------------------------------------------------------------------------------------------------------


def loads(text: str | bytes) -> Any:
    """Return the JSON value of a text; refuse anything that two readers could read differently."""
    try:
        if isinstance(text, bytes):
            text = text.decode()
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise MalformedDocument("not JSON: nested too deep") from None
    except UnicodeDecodeError as error:
        raise MalformedDocument(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise MalformedDocument(f"not JSON: {error}") from None
    except MalformedDocument:
        raise
    except ValueError as error:  # a whole number of more digits than Python reads
        raise MalformedDocument(f"not JSON that can be read: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedDocument("not a Trial: a duplicate key in one object")
    return made


def _no_constant(word: str) -> None:
    raise MalformedDocument(f"not JSON: {word}")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedDocument("a number beyond what a float holds")
    return number


# faults -------------------------------------------------------------------------------------------------------------


def _faults(error: Exception) -> str:
    """Describe the faults and their paths, without words of the document."""
    from cattrs import transform_error

    faults = transform_error(error, path="$", format_exception=_fault)
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return "; ".join(faults[:_SHOWN] + more)


def _fault(error: BaseException, kind: type | None) -> str:
    from cattrs.errors import ForbiddenExtraKeysError

    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown key {min(error.extra_fields)[:60]!r}"
    if isinstance(error, KeyError):
        return "is missing"
    return f"is refused: {str(error)[:200]}"


# the converter ------------------------------------------------------------------------------------------------------


@prepared
def _converter() -> "Converter":
    """Make the converter at first use: importing cattrs takes longer than reading a trial."""
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn

    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook_func(_is_term, _term)
    for kind in _SCALARS:
        converter.register_structure_hook(kind, _scalar)
    converter.register_structure_hook(int | float, _scalar)
    converter.register_structure_hook_factory(_is_set, lambda kind: _items(kind, converter))
    converter.register_structure_hook_factory(_is_tuple, lambda kind: _items(kind, converter))

    @converter.register_structure_hook_factory(attrs.has)
    def record(cls: Any) -> Callable[[Any, Any], Any]:
        make = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)

        def structure(value: Any, kind: Any) -> Any:
            if type(value) is not dict:
                raise Unfit("is no object")
            return make(_without_nulls(value, cls), kind)

        return structure

    converter.get_structure_hook(Trial)
    return converter


def _without_nulls(value: dict[str, Any], cls: Any) -> dict[str, Any]:
    """Drop nulls of fields that have a default; elsewhere null has the wrong type."""
    if None not in value.values():
        return value
    optional = {field.name for field in attrs.fields(cls) if field.default is not attrs.NOTHING}
    return {key: below for key, below in value.items() if below is not None or key not in optional}


def _is_term(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Term)


def _is_set(kind: Any) -> bool:
    return typing.get_origin(kind) is frozenset


def _is_tuple(kind: Any) -> bool:
    return typing.get_origin(kind) is tuple


_SCALARS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number"}


def _scalar(value: Any, kind: Any) -> Any:
    """Return a value that already has its type; only a float may be written without its point."""
    if kind is str and type(value) is str and _SURROGATE.search(value):
        raise Unfit("holds a lone surrogate")
    if type(value) in (typing.get_args(kind) or (kind,)):
        return value
    if kind is float and type(value) is int and abs(value) <= WHOLE:
        return float(value)
    raise Unfit(f"is not {_SCALARS.get(kind, 'a number')}")


def _term(value: Any, kind: type[Term]) -> Term:
    term = kind.__members__.get(value) if type(value) is str else None
    if term is None:
        raise Unfit(f"is no {kind.__name__}")
    return term


def _items(kind: Any, converter: "Converter") -> Callable[[Any, Any], Any]:
    """Return a function that reads a list into a tuple or a set."""
    container: type = typing.get_origin(kind)
    listed: Any = types.GenericAlias(list, typing.get_args(kind)[:1])
    inner = converter.get_structure_hook(listed)

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not list:
            raise Unfit("is no list")
        made = container(inner(value, listed))
        if len(made) != len(value):
            raise Unfit("holds a term twice")
        return made

    return structure
