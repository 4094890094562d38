"""Paths of fields, such as `interventions[0].name`: whether a class has them, and which one may be meant."""

import re
import types
import typing
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from trialparse.prepared import imported_later

if TYPE_CHECKING:
    import difflib
else:
    imported_later(globals(), difflib="difflib")

_STEP = re.compile(r"([A-Za-z_]+)((?:\[\d+\])*)")


@lru_cache(maxsize=4096)
def check_path(root: type, path: str) -> None:
    """Raise ValueError where a class of the model has no field at a path; an index may lie beyond any list."""
    kind: Any = root
    before = ""
    for step in path.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            raise ValueError(f"{path!r} is no path such as interventions[0].name: {step!r}")
        kind = _member(root, kind, match[1], path, before)
        before += f"{step}."
        for _ in range(match[2].count("[")):
            if typing.get_origin(kind) is not tuple:
                raise ValueError(f"{path!r}: {match[1]} is no list")
            kind = typing.get_args(kind)[0]


def _member(root: type, kind: Any, name: str, path: str, before: str) -> Any:
    """Return the type of a field of a record, None left aside; `before` is the path of the record in `path`."""
    if typing.get_origin(kind) is tuple:
        raise ValueError(f"{path!r}: {name!r} is asked of a list; choose an element, such as [0]")
    fields = {field.name: field.type for field in attrs.fields(kind)} if attrs.has(kind) else {}
    if name not in fields:
        of = getattr(kind, "__name__", str(kind))
        raise ValueError(f"{path!r}: {of} has no field {name!r}{_meant(root, before, name, fields)}")
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


def _meant(root: type, before: str, name: str, fields: Collection[str]) -> str:
    """Return which fields may be meant by a name that a record, at `before`, does not have, or some that it has."""
    name = name.lower()
    near = difflib.get_close_matches(name, fields, n=3, cutoff=_NEAR)
    worded = [one for one in fields if name in one.split("_") and not one.endswith(_TRANSLATIONS)]
    elsewhere = [one for one in _paths(root) if one.rpartition(".")[2] == name] if len(fields) > _NAMED else []
    elsewhere.sort(key=lambda path: path.count("["))
    found = [before + one for one in near] or [*(before + one for one in worded), *elsewhere[:3]]
    found = found or [before + one for one in difflib.get_close_matches(name, fields, n=3, cutoff=_LIKE)]
    if found:
        return f"; did you mean {' or '.join(list(dict.fromkeys(found))[:_MEANT])}?"
    more = f" and {len(fields) - _NAMED} more, which the page of the model has" if len(fields) > _NAMED else ""
    return f", but {', '.join([*fields][:_NAMED]) or 'none'}{more}"


@lru_cache(maxsize=1)
def _paths(root: type) -> tuple[str, ...]:
    """Return the paths of all fields, with [0] for an element, those with few steps first."""
    found: list[str] = []
    level: list[tuple[str, Any, tuple[Any, ...]]] = [("", root, ())]
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
