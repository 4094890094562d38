"""Trials to JSON and back without loss; parsed records with diagnostics and evidence to JSON only."""

import json
import re
import types
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from trialparse.diagnostics import Diagnostic, Place
from trialparse.export.careful import read_carefully
from trialparse.export.header import Header, check_header, without_header
from trialparse.export.reading import Unfit, reader
from trialparse.export.version import KEY, SCHEMA_VERSION
from trialparse.export.writing import Write, writer
from trialparse.generated.classes import has_fields
from trialparse.model import Trial
from trialparse.vocabulary import Term

if TYPE_CHECKING:
    from trialparse.model.evidence import Evidence, Evidenced

__all__ = ["evidence_to_dict", "from_json", "parsed_to_json", "plain", "to_dict", "to_json", "trial_to_json", "written"]

_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that JSON allows unescaped, although they split lines, move cursors or reverse text."""

_HARMLESS = bytes(range(0x7F))
"""Bytes of characters that are none of these."""

NO_HEADER: Final[Mapping[str, Any]] = types.MappingProxyType({})


def to_dict(trial: Trial, *, full: bool = False) -> dict[str, Any]:
    """Return a trial as dicts, lists, strings, numbers, booleans and None, in the form of its JSON.

    It begins with the key `schema_version`. A field that holds its default (None, an empty list, a record with
    nothing in it) is left out, or with `full` written like any other.
    Terms are written by name, sets as sorted lists, tuples as lists; a whole number stays one and 1.0 stays 1.0.

    >>> from trialparse import Phase
    >>> to_dict(Trial(id="NCT00000102", phases=frozenset({Phase.II})))
    {'schema_version': '1.4', 'id': 'NCT00000102', 'phases': ['II']}
    """
    _check_trial(trial)
    return {KEY: SCHEMA_VERSION, **writer(type(trial), full, finite=False)(trial)}


def plain(value: Any, *, full: bool = False) -> Any:
    """Return any value of the model in the form of `to_dict`: a record, a term, a set, a tuple or a plain value.

    Raises ValueError for a record with a number that is not finite.
    """
    if isinstance(value, tuple):
        return [plain(item, full=full) for item in value]
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, Term):
        return value.name
    return writer(type(value), full, finite=True)(value) if has_fields(type(value)) else value


def to_json(trial: Trial, *, full: bool = False) -> str:
    """Return a trial as JSON on one line; `from_json` gives back an equal trial.

    The form is that of `to_dict`, and of the JSON Schema that `trialparse.schema()` returns.
    With `full` every field is written, which tools need that take the columns of a table from the first lines.
    Characters that would act on a terminal or split the line are escaped.
    Raises ValueError for values that JSON cannot hold: a number that is not finite, a lone surrogate.
    """
    _check_trial(trial)
    return written({KEY: SCHEMA_VERSION, **plain(trial, full=full)})


def from_json(text: str | bytes) -> Trial:
    """Return the trial that `to_json` or the `read` command wrote.

    Fields may be left out or null if they have a default. The keys `source`, `sources`, `record` and `format`, with
    which lines of `read` give the origin of a trial, are checked and not part of the trial.
    Raises MalformedDocument for everything else: broken JSON, a duplicate or unknown key, a value of another type,
    a value that the model refuses, a `schema_version` whose form could be misread.
    """
    return trial if (trial := _read(text)) is not None else read_carefully(text)


def trial_to_json(parsed: "Evidenced", *, full: bool = False, header: Mapping[str, Any] = NO_HEADER) -> str:
    """Return the trial of a record as `to_json` does, after the keys of `header` and the format of the record."""
    _check_header(header)
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
    _check_header(header)
    place = writer(Place, full=False, finite=True)
    whole: dict[str, Any] = {
        KEY: SCHEMA_VERSION,
        **header,
        "format": parsed.format.name,
        **more,
        "trial": {KEY: SCHEMA_VERSION, **plain(parsed.trial, full=full)},
        "diagnostics": [_diagnostic(found, place) for found in parsed.diagnostics],
    }
    if evidence:
        whole["evidence"] = {field: _evidence(found, place) for field, found in parsed.evidence().items()}
    return written(whole)


def evidence_to_dict(found: "Evidence") -> dict[str, Any]:
    """Return evidence in the form that it has in the JSON of a record."""
    return _evidence(found, writer(Place, full=False, finite=True))


# writing ------------------------------------------------------------------------------------------------------------


def written(value: Any) -> str:
    """Return a plain value as JSON on one line, with escapes for characters that act."""
    try:
        raw = msgspec.json.encode(value)
    except (TypeError, OverflowError):  # a class of a user that is a str or an int, or a number beyond 64 bits
        raw = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text = raw.decode()
    if not text.isascii() or "\x7f" in text:
        rest = raw.translate(None, _HARMLESS).decode()  # to look at each character takes long, and few are left
        if _ACTING.search(rest):
            return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def _check_header(header: Mapping[str, Any]) -> None:
    """Raise TypeError or ValueError for what JSON does not hold, as msgspec writes more: bytes, dates, NaN as null."""
    check_header(header)
    json.dumps({**header}, allow_nan=False)


def _check_trial(trial: Trial) -> None:
    if not isinstance(trial, Trial):
        raise TypeError(f"a Trial is needed, not a {type(trial).__name__}; of a record it is its `trial`")


def _diagnostic(found: Diagnostic, place: Write) -> dict[str, Any]:
    return {
        "severity": found.severity.name,
        "problem": found.problem.name,
        "field": found.field,
        "place": place(found.place),
        "text": found.text,
    }


def _evidence(found: "Evidence", place: Write) -> dict[str, Any]:
    return {
        "sources": [{"place": place(source.place), "text": source.text} for source in found.sources],
        "unread": [{"place": place(source.place), "text": source.text} for source in found.unread],
        "row": found.row,
        "relation": found.relation,
    }


# reading ------------------------------------------------------------------------------------------------------------


_FAULTS = (KeyError, OverflowError, RecursionError, TypeError, ValueError, msgspec.MsgspecError)
"""What a document that is no trial can raise."""


def _read(text: object) -> Trial | None:
    """Return the trial in a document; None for one whose faults `read_carefully` names."""
    if not isinstance(text, str | bytes):
        return None
    try:
        header, value = without_header(_value(text.encode() if isinstance(text, str) else text))
        reader(Header)(header)
        trial: Trial = reader(Trial)(value)
    except _FAULTS:
        return None
    return trial


def _value(raw: bytes) -> Any:
    r"""Return the value of a document; raises an error of `_FAULTS` for a duplicate key, and half of a surrogate pair.

    msgspec keeps the last of two values under one key. So the value is written again: a document with a duplicate key
    has more quotes. One with `\u005c` at the end of a text seems to have more, and is read with care.
    """
    value = msgspec.json.decode(raw)
    again = msgspec.json.encode(value)
    if again != raw and _quotes(again) != _quotes(raw):
        raise Unfit
    return value


def _quotes(raw: bytes) -> int:
    """Count the quotes that no backslash precedes: two for a key or a text, and one if it ends with a backslash."""
    return raw.count(b'"') - raw.count(b'\\"')
