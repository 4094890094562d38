"""Trials to JSON and back without loss; parsed records with diagnostics and evidence to JSON only."""

import json
import math
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from trialparse.diagnostics import Diagnostic, MalformedDocument, Place
from trialparse.export.header import HEADER, Header, check_header
from trialparse.export.version import KEY, SCHEMA_VERSION, check_version
from trialparse.model import Trial
from trialparse.prepared import prepared
from trialparse.vocabulary import Term

if TYPE_CHECKING:
    from cattrs import Converter

    from trialparse.model.evidence import Evidence, Evidenced, Source

__all__ = ["from_json", "parsed_to_json", "plain", "to_dict", "to_json", "trial_to_json", "written"]

_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that JSON allows unescaped, although they split lines, move cursors or reverse text."""

_SURROGATE = re.compile("[\ud800-\udfff]")

_SHOWN = 5
"""Number of faults that a message names."""


NO_HEADER: Final[Mapping[str, Any]] = types.MappingProxyType({})


def to_dict(trial: Trial, *, full: bool = False) -> dict[str, Any]:
    """Return a trial as dicts, lists, strings, numbers, booleans and None, in the form of its JSON.

    It begins with the key `schema_version`. A field that holds its default (None, an empty list, a record with
    nothing in it) is left out, or with `full` written like any other.
    Terms are written by name, sets as sorted lists, tuples as lists; a whole number stays one and 1.0 stays 1.0.

    >>> from trialparse import Phase
    >>> to_dict(Trial(id="NCT00000102", phases=frozenset({Phase.II})))
    {'schema_version': '1.3', 'id': 'NCT00000102', 'phases': ['II']}
    """
    if not isinstance(trial, Trial):
        raise TypeError(f"a Trial is needed, not a {type(trial).__name__}; of a record it is its `trial`")
    return {KEY: SCHEMA_VERSION, **plain(trial, full=full)}


def plain(value: Any, *, full: bool = False) -> Any:
    """Return any value of the model in the form of `to_dict`: a record, a term, a set, a tuple or a plain value."""
    if isinstance(value, tuple):
        return [plain(item, full=full) for item in value]
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    return _writer(full).unstructure(value)


def to_json(trial: Trial, *, full: bool = False) -> str:
    """Return a trial as JSON on one line; `from_json` gives back an equal trial.

    The form is that of `to_dict`, and of the JSON Schema that `trialparse.schema()` returns.
    With `full` every field is written, which tools need that take the columns of a table from the first lines.
    Characters that would act on a terminal or split the line are escaped.
    Raises ValueError for values that JSON cannot hold: a number that is not finite, a lone surrogate.
    """
    return written(to_dict(trial, full=full))


def from_json(text: str | bytes) -> Trial:
    """Return the trial that `to_json` or the `read` command wrote.

    Fields may be left out or null if they have a default. The keys `source`, `sources`, `record` and `format`, with
    which lines of `read` say where a trial comes from, are checked and not part of the trial.
    Raises MalformedDocument for everything else: broken JSON, a duplicate or unknown key, a value of another type,
    a value that the model refuses, a `schema_version` whose form could be misread.
    """
    value, converter = _read(text), _reader()
    from cattrs import BaseValidationError  # which the converter has loaded

    if type(value) is dict:
        check_version(value.pop(KEY, None))
        header = {key: value.pop(key) for key in HEADER if key in value}
    else:
        header = {}
    try:
        converter.structure(header, Header)
        trial: Trial = converter.structure(value, Trial)
    except (BaseValidationError, _Unfit) as error:
        raise MalformedDocument("not a Trial: {faults}", faults=_faults(error)) from None
    return trial


def trial_to_json(parsed: "Evidenced", *, full: bool = False, header: Mapping[str, Any] = NO_HEADER) -> str:
    """Return the trial of a record as `to_json` does, after the keys of `header` and the format of the record."""
    check_header(header)
    start = {KEY: SCHEMA_VERSION, **header, "format": parsed.format.name}
    return written({**start, **plain(parsed.trial, full=full)})


def parsed_to_json(
    parsed: "Evidenced",
    *,
    evidence: bool = True,
    full: bool = False,
    header: Mapping[str, Any] = NO_HEADER,
    **more: Any,
) -> str:
    """Return a record as JSON on one line: format, trial, diagnostics, and with `evidence` the evidence of its fields.

    A place is an object with `path`, and with `record`, `member`, `of` and `part` unless they are 0 or None.
    `full` writes every field of the trial; `header` adds keys before the format, and `more` adds keys after it.
    Raises ValueError if the record was not kept (`keep_raw=False`) and `evidence` is true, and for a key of `header`
    other than `source`, `sources` and `record`.
    """
    check_header(header)
    whole: dict[str, Any] = {
        KEY: SCHEMA_VERSION,
        **header,
        "format": parsed.format.name,
        **more,
        "trial": to_dict(parsed.trial, full=full),
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in parsed.diagnostics],
    }
    if evidence:
        whole["evidence"] = {field: _evidence(found) for field, found in parsed.evidence().items()}
    return written(whole)


# writing ------------------------------------------------------------------------------------------------------------


def written(value: Any) -> str:
    """Return a plain value as JSON on one line, with escapes for characters that act."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    text.encode()  # a lone surrogate raises here and not at the far end of a pipeline
    return text


def _place(place: Place) -> dict[str, Any]:
    return attrs.asdict(place, filter=lambda attribute, value: attribute.name == "path" or value not in (0, None))


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "severity": diagnostic.severity.name,
        "problem": diagnostic.problem.name,
        "field": diagnostic.field,
        "place": _place(diagnostic.place),
        "text": diagnostic.text,
    }


def _evidence(found: "Evidence") -> dict[str, Any]:
    return {
        "sources": [_source(source) for source in found.sources],
        "unread": [_source(source) for source in found.unread],
        "row": found.row,
        "relation": found.relation,
    }


def _source(source: "Source") -> dict[str, Any]:
    return {"place": _place(source.place), "text": source.text}


# reading ------------------------------------------------------------------------------------------------------------


def _read(text: str | bytes) -> Any:
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


def _faults(error: Exception) -> str:
    """Describe the faults and their paths, without words of the document."""
    from cattrs import transform_error

    faults = transform_error(error, path="$", format_exception=_fault)
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return "; ".join(faults[:_SHOWN] + more)


def _fault(error: BaseException, kind: type | None) -> str:
    from cattrs.errors import ForbiddenExtraKeysError

    if isinstance(error, _Unfit):
        return str(error)
    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown key {min(error.extra_fields)[:60]!r}"
    if isinstance(error, KeyError):
        return "is missing"
    return f"is refused: {str(error)[:200]}"


# the converter ------------------------------------------------------------------------------------------------------


class _Unfit(ValueError):
    """A value of another type than the model's."""


@prepared
def _writer(full: bool) -> "Converter":
    """Make a converter at first use: importing cattrs takes longer than reading a trial."""
    from cattrs import Converter

    converter = Converter(omit_if_default=not full)
    converter.register_unstructure_hook_func(_is_term, lambda term: term.name)
    converter.register_unstructure_hook_func(_is_set, lambda terms: sorted(term.name for term in terms))
    converter.get_unstructure_hook(Trial)  # makes the hooks of all classes in a Trial now, in one thread
    return converter


@prepared
def _reader() -> "Converter":
    """Make the converter that reads; see `_writer`."""
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
                raise _Unfit("is no object")
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
        raise _Unfit("holds a lone surrogate")
    if type(value) in (typing.get_args(kind) or (kind,)):
        return value
    if kind is float and type(value) is int and abs(value) <= 2**53:
        return float(value)
    raise _Unfit(f"is not {_SCALARS.get(kind, 'a number')}")


def _term(value: Any, kind: type[Term]) -> Term:
    term = kind.__members__.get(value) if type(value) is str else None
    if term is None:
        raise _Unfit(f"is no {kind.__name__}")
    return term


def _items(kind: Any, converter: "Converter") -> Callable[[Any, Any], Any]:
    """Return a function that reads a list into a tuple or a set."""
    container: type = typing.get_origin(kind)
    listed: Any = types.GenericAlias(list, typing.get_args(kind)[:1])
    inner = converter.get_structure_hook(listed)

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not list:
            raise _Unfit("is no list")
        made = container(inner(value, listed))
        if len(made) != len(value):
            raise _Unfit("holds a term twice")
        return made

    return structure
