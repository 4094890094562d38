"""Compare two versions of a trial, field by field."""

import re
import typing
from collections.abc import Iterator
from typing import Any, TypeAlias

import attrs

from trialparse.combining import Combined
from trialparse.comparing.changes import Change, ChangeKind, Diff
from trialparse.comparing.identity import identities, paired
from trialparse.comparing.words import name_of
from trialparse.mapping.carried import Carried, carried_in_items
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import PROTOCOL, Format
from trialparse.model import Trial
from trialparse.model.building import is_record
from trialparse.model.evidence import Evidence
from trialparse.model.terms import MissingKind
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate, Translation
from trialparse.parsing.parsed import Parsed
from trialparse.prepared import prepared

Version: TypeAlias = Trial | Parsed | Combined
"""What can be compared."""

_WHOLE = (PartialDate, Duration, Code, Coded, Translation, Identifier)
"""Records that are one value: a date is one change."""
_INDEX = re.compile(r"\[\d+\]")
_PRODUCTS = "arms[].interventions"
"""Where products are named."""
_ABOUT = frozenset(("missing", "not_carried"))
"""Fields that are about other fields."""


def diff(old: Version, new: Version) -> Diff:
    """Compare two versions of a trial; each is what `parse`, `read` or `combine` gave, or a Trial.

    Lists are compared without regard to their order. A value that a record of one kind cannot hold is `not_carried`,
    never added or removed. Raises TypeError for anything else.
    """
    walk = _Walk(_Side(old), _Side(new))
    walk.compare(walk.old.trial, walk.new.trial, "", "", "")
    return Diff(changes=tuple(walk.changes), not_carried=tuple(walk.not_carried))


class _Side:
    """One of the two versions."""

    def __init__(self, version: Version) -> None:
        if not isinstance(version, Trial | Parsed | Combined):
            raise TypeError(f"diff takes what parse, read or combine give, or a Trial, not {type(version).__name__}")
        self.trial: Trial = version if isinstance(version, Trial) else version.trial
        self._version = version
        self.gaps = {entry.field: entry.kind for entry in self.trial.missing}
        """Why fields have no value, by their paths."""
        self.holders = {path for field in self.gaps for path in _upwards(field)}
        """The paths of what holds them."""
        self._lacks = {*self.trial.not_carried}
        self.formats = _formats(version)

    def lacks(self, path: str, other: "_Side") -> bool:
        """Whether records of this kind do not hold a field, given by its path without indexes."""
        if any(one in self._lacks for one in _upwards(path)) or self.is_part(other):
            return True
        return self.is_unlike(other) and "[]" in path and not any(one.has(path) for one in self._carried)

    def is_unlike(self, other: "_Side") -> bool:
        """Whether both are known to be of other formats."""
        return bool(self.formats and other.formats) and self.formats != other.formats

    def is_part(self, other: "_Side") -> bool:
        """Whether this is a line of a list or another part of what the other one is a whole record of."""
        own, others = ({one.holds for one in side.formats} for side in (self, other))
        return bool(own and others) and own != others and PROTOCOL not in own

    def holds_fewer(self, other: "_Side", path: str) -> bool:
        """Whether records of this kind may hold only some of the items of a list that those of the other kind hold."""
        if not self.is_unlike(other):
            return False
        if {one.holds for one in self.formats} != {one.holds for one in other.formats}:
            return True
        return all(one.is_thinner(another, path) for one in self._carried for another in other._carried)

    @property
    def _carried(self) -> list[Carried]:
        """What each format carries within the items of its lists."""
        return [_carried(one) for one in self.formats]

    def evidence(self, path: str) -> Evidence | None:
        """Return the evidence of a field; None for a Trial alone, and where the record was not kept."""
        if isinstance(self._version, Trial):
            return None
        try:
            return self._version.evidence(path)
        except ValueError:
            return None


def _formats(version: Version) -> frozenset[Format]:
    """Return the formats of a version; none for a Trial alone."""
    if isinstance(version, Trial):
        return frozenset()
    return frozenset(one.format for one in (version.records if isinstance(version, Combined) else (version,)))


@prepared
def _carried(format: Format) -> Carried:
    return carried_in_items(mapping_of(format).rows)


def _upwards(path: str) -> Iterator[str]:
    """Yield a path and the paths of what holds it, and the root, which is empty."""
    yield path
    while path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
        yield path


class _Walk:
    """A walk over both versions."""

    def __init__(self, old: _Side, new: _Side) -> None:
        self.old, self.new = old, new
        self.changes: list[Change] = []
        self.not_carried: dict[str, None] = {}
        products = old.trial.interventions, new.trial.interventions
        same = [(here, there) for here, there in paired(*products) if here is not None and there is not None]
        self._names = {products[0][here].name: products[1][there].name for here, there in same}
        """The names of products, and what they are called since."""

    def compare(self, old: Any, new: Any, before: str, after: str, about: str) -> None:
        """Compare two records of one class at the paths `before` and `after`."""
        if old == new and before not in self.old.holders and after not in self.new.holders:
            return
        cls: Any = type(new)
        order = identities()[cls].order if cls in identities() else ()
        for field in attrs.fields(cls):
            if field.name in order or (cls is Trial and field.name in _ABOUT):
                continue
            paths = _below(before, field.name), _below(after, field.name)
            values = getattr(old, field.name), getattr(new, field.name)
            if isinstance(field.type, type) and is_record(field.type) and field.type not in _WHOLE:
                self._gap_of_record(*paths, about)
                self.compare(*values, *paths, about)
            elif typing.get_origin(field.type) is tuple and typing.get_args(field.type)[0] is not Duration:
                self._lists(*values, *paths, about)
            else:
                self._values(*values, *paths, about)

    def _gap_of_record(self, before: str, after: str, about: str) -> None:
        """Compare why a record has no values, where a version gives a reason for all of it."""
        self._values(None, None, before, after, about)

    def _values(self, old: Any, new: Any, before: str, after: str, about: str) -> None:
        """Compare two values, or why there are none."""
        old = self.old.gaps.get(before) if _is_empty(old) else old
        new = self.new.gaps.get(after) if _is_empty(new) else new
        if old == new or self._is_not_carried(old, new, after):
            return
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
        self._note(kind, old, new, before, after, about)

    def _is_not_carried(self, old: Any, new: Any, path: str) -> bool:
        """Whether nothing is known of a change, because one version does not carry the field; note that."""
        for value, side, other in ((old, self.old, self.new), (new, self.new, self.old)):
            if value is MissingKind.NOT_READ or (value is None and side.lacks(_plain(path), other)):
                self.not_carried[_plain(path)] = None
                return True
        return False

    def _lists(self, old: tuple[Any, ...], new: tuple[Any, ...], before: str, after: str, about: str) -> None:
        """Compare two lists, item by item."""
        gaps = before in self.old.gaps or after in self.new.gaps
        if not (old and new) and (gaps or not (old or new) or self._is_not_carried(old or None, new or None, after)):
            self._values(old, new, before, after, about)
            return
        known = tuple(self._names.get(name, name) for name in old) if _plain(after).endswith(_PRODUCTS) else old
        for here, there in paired(known, new):
            paths = f"{before}[{here}]", f"{after}[{there}]"
            if self._is_left_out(here, there, _plain(after)):
                self.not_carried[_plain(after)] = None
            elif here is None:
                self._note(ChangeKind.ADDED, None, new[there or 0], *paths, about)
            elif there is None:
                self._note(ChangeKind.REMOVED, old[here], None, *paths, about)
            elif has_parts(new[there]):
                self.compare(old[here], new[there], *paths, ", ".join(filter(None, (about, name_of(new[there])))))
            elif known[here] != new[there]:
                self._note(ChangeKind.CHANGED, old[here], new[there], *paths, about)

    def _is_left_out(self, old: int | None, new: int | None, path: str) -> bool:
        """Whether an item is in one version alone because records like the other one hold only some items."""
        thin, full = (self.old, self.new) if old is None else (self.new, self.old)
        return None in (old, new) and thin.holds_fewer(full, path)

    def _note(self, kind: ChangeKind, old: Any, new: Any, before: str, after: str, about: str) -> None:
        """Note a change with its evidence."""
        self.changes.append(
            Change(
                field=before if kind is ChangeKind.REMOVED else after,
                kind=kind,
                old=old,
                new=new,
                old_evidence=None if kind is ChangeKind.ADDED else self.old.evidence(before),
                new_evidence=None if kind is ChangeKind.REMOVED else self.new.evidence(after),
                about=about,
            )
        )


def has_parts(value: Any) -> bool:
    """Whether a value is a record whose fields are compared one by one."""
    cls: Any = type(value)
    return is_record(cls) and cls not in _WHOLE


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _plain(path: str) -> str:
    """Return a path without the indexes of items."""
    return _INDEX.sub("[]", path)


def _is_empty(value: Any) -> bool:
    return value is None or value == () or value == frozenset()
