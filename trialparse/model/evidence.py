"""Evidence: why a value of a Trial is what it is."""

import difflib
import re
import types
import typing
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, overload

import attrs

from trialparse.diagnostics import Diagnostic, Place
from trialparse.generated.classes import frozen
from trialparse.model import Trial

_STEP = re.compile(r"([A-Za-z_]+)((?:\[\d+\])*)")


class Source(NamedTuple):
    """A place in the source and the words found there."""

    place: Place
    text: str


@frozen(kw_only=True, weakref_slot=False)
class Evidence:
    """The places that a field was read from.

    For a record or a list: the evidence of everything below it.
    """

    field: str
    """Path of the field, such as `interventions[0].routes[0]`."""
    sources: tuple[Source, ...] = ()
    """Places and the register's words there that the value was read from."""
    unread: tuple[Source, ...] = ()
    """Places whose words for the field could not be read; the diagnostics report why.

    If there are neither `sources` nor these, the source does not mention the field.
    """
    row: str = ""
    """The table row or rows that read it, or tried to, such as `mapping.tsv:17`, parted by blanks."""
    relation: str | None = None
    """How the register's word relates to our term: `exact`, `narrower`, `broader`, `related`; None for plain values.

    `derived` is a value that no word says: a function worked it out from the words at all these places. A value that
    the register implies has a row and no place.
    """


@lru_cache(maxsize=4096)
def check_field(path: str) -> None:
    """Raise ValueError where the model has no such field; an index may lie beyond a trial's list.

    >>> check_field("interventions[9].name")
    >>> check_field("dates.begin")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: 'dates.begin': Dates has no field 'begin', but registered, submitted, ...
    """
    kind: Any = Trial
    before = ""
    for step in path.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            raise ValueError(f"{path!r} is no path such as interventions[0].name: {step!r}")
        kind = _member(kind, match[1], path, before)
        before += f"{step}."
        for _ in range(match[2].count("[")):
            if typing.get_origin(kind) is not tuple:
                raise ValueError(f"{path!r}: {match[1]} is no list")
            kind = typing.get_args(kind)[0]


def _member(kind: Any, name: str, path: str, before: str) -> Any:
    """Return the type of a field of a record, None left aside; `before` is the path of the record in `path`."""
    if typing.get_origin(kind) is tuple:
        raise ValueError(f"{path!r}: {name!r} is asked of a list; say of which element, [0] for the first")
    fields = {field.name: field.type for field in attrs.fields(kind)} if attrs.has(kind) else {}
    if name not in fields:
        of = getattr(kind, "__name__", str(kind))
        raise ValueError(f"{path!r}: {of} has no field {name!r}{_meant(before, name, fields)}")
    return _without_none(fields[name])


_NAMED = 8
"""Fields that an error names."""
_TRANSLATIONS = "_translations"
_MEANT = 4
"""Fields that an error offers in place of one."""
_NEAR = 0.8
"""How like a name is that may be a slip of the pen."""
_LIKE = 0.7
"""How like a name is that may be meant where there is nothing nearer."""


def _meant(before: str, name: str, fields: Collection[str]) -> str:
    """Return which fields may be meant by a name that a record, at `before`, does not have, or some that it has."""
    name = name.lower()
    near = difflib.get_close_matches(name, fields, n=3, cutoff=_NEAR)
    worded = [one for one in fields if name in one.split("_") and not one.endswith(_TRANSLATIONS)]
    elsewhere = [one for one in _paths() if one.rpartition(".")[2] == name] if len(fields) > _NAMED else []
    elsewhere.sort(key=lambda path: path.count("["))
    found = [before + one for one in near] or [*(before + one for one in worded), *elsewhere[:3]]
    found = found or [before + one for one in difflib.get_close_matches(name, fields, n=3, cutoff=_LIKE)]
    if found:
        return f"; did you mean {' or '.join(list(dict.fromkeys(found))[:_MEANT])}?"
    more = f" and {len(fields) - _NAMED} more, which the page of the model has" if len(fields) > _NAMED else ""
    return f", but {', '.join([*fields][:_NAMED]) or 'none'}{more}"


@lru_cache(maxsize=1)
def _paths() -> tuple[str, ...]:
    """Return the paths of all fields, with [0] for an element, those with few steps first."""
    found: list[str] = []
    level: list[tuple[str, Any, tuple[Any, ...]]] = [("", Trial, ())]
    for before, kind, around in level:
        for field in attrs.fields(kind):
            path, inner = f"{before}{field.name}", _without_none(field.type)
            found.append(path)
            if typing.get_origin(inner) is tuple:
                path, inner = f"{path}[0]", typing.get_args(inner)[0]
            if attrs.has(inner) and inner not in (kind, *around):
                level.append((f"{path}.", inner, (kind, *around)))
    return tuple(found)


def _without_none(kind: Any) -> Any:
    """Return a type, None left aside."""
    if isinstance(kind, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return kind


def top_of(path: str) -> str:
    """Return the field of the Trial that holds the field at a path.

    >>> top_of("results.arms[0].title")
    'results'
    """
    return re.split(r"[.\[]", path, maxsplit=1)[0]


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """The name."""


class Evidenced(Protocol):
    """A trial with its diagnostics and evidence: a record that was read, or several that were combined."""

    @property
    def trial(self) -> Trial:
        """The trial."""

    @property
    def format(self) -> Named:
        """The format that it was read as."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """What is wrong or worth knowing."""

    @overload
    def evidence(self, field: str) -> Evidence: ...

    @overload
    def evidence(self, field: None = None) -> dict[str, Evidence]:
        """Return the evidence of a field, or without one a dict of that of all fields."""
