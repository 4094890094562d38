"""The order of records: protocols, the latest version first, then results; earlier versions are history.

Nothing here depends on the order in which the records were given.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

from trialparse.combining.parts import Part, Statement, time_of
from trialparse.export.json import plain
from trialparse.mapping.format import EVALUATION, LISTING, PROTOCOL, RESULTS
from trialparse.model.values import PartialDate

_KINDS = (PROTOCOL, RESULTS, EVALUATION, LISTING)
"""The kinds of record in their order; the verb `foremost` puts results first."""


def ranked(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the records that are not history, in their order: by kind, then the latest version first.

    A copy that lost characters comes behind the register's own records.

    The EU CTR gives its records no versions, and the day of entry is that of a country, not of a version; there the
    order is that of the codes of countries, third countries last.
    """
    held = sorted((part for part in parts if not part.history), key=_rank)
    return tuple(part for _, same in itertools.groupby(held, key=_rank) for part in _by_content(list(same)))


def _rank(part: Part) -> tuple[object, ...]:
    third_country = part.own is not None and part.own.code is None
    latest = 0 if part.version is None else -part.version.latest().toordinal()
    is_copy = bool(part.parsed.format.kept)
    return _KINDS.index(part.holds), third_country, is_copy, latest, part.country or ""


def _by_content(parts: list[Part]) -> list[Part]:
    """Return records of one rank in the order of their content, the one with the most first."""
    if len(parts) == 1:
        return parts
    texts = {part.index: json.dumps(plain(part.trial), sort_keys=True) for part in parts}
    return sorted(parts, key=lambda part: (-len(texts[part.index]), texts[part.index], part.parsed.format.name))


def with_history(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the records with a mark on those that a later version replaces.

    A version has the number, the register and the kind of another record, and belongs to no other country. A whole
    record replaces an earlier line of a list as well.
    """
    parts = _timed(parts)
    newest = {kind: _Newest(part for part in parts if part.holds == kind) for kind in _KINDS}

    def replaced(part: Part) -> bool:
        kinds = (LISTING, PROTOCOL) if part.holds == LISTING else (part.holds,)
        return any(newest[kind].is_after(part) for kind in kinds)

    return tuple(attrs.evolve(part, history=replaced(part)) for part in parts)


def current(statements: Sequence[Statement], *, lists: bool = False) -> list[Statement]:
    """Return the statements without those that another record of the same whole replaces.

    Of a whole record and a line of a list the later one counts, and the whole record if they are of one day. A list is
    that of the whole record, which has the details; with `lists` it is that of the later one.
    """
    if len({one.part.holds for one in statements}) == 1:
        return list(statements)
    whole, lines = (_Newest(one.part for one in statements if one.part.holds == kind) for kind in (PROTOCOL, LISTING))

    def counts(one: Statement) -> bool:
        as_whole = isinstance(one.value, tuple) and not lists
        if one.part.holds == PROTOCOL:
            return as_whole or not lines.is_after(one.part)
        if one.part.holds == LISTING and whole.of(one.part) is not None:
            return not as_whole and whole.is_before(one.part)
        return True

    return [one for one in statements if counts(one)]


def unordered(parts: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    """Give records that decide, each with the first one that it may be a version of; nothing shows which is newer."""
    firsts: dict[tuple[str, str | None], dict[str | None, Part]] = {}
    for part in parts:
        known = firsts.setdefault(_source(part), {})
        if part.country is None:
            first = next(iter(known.values()), part)
        else:
            first = known.get(None) or known.get(part.country, part)
        known.setdefault(part.country, part)
        if first.trial != part.trial and part.holds != EVALUATION:
            yield first, part


def _source(part: Part) -> tuple[str, str | None]:
    """Return what versions of one record share, except their country."""
    return part.parsed.format.name, part.trial.registry


def _timed(parts: Sequence[Part]) -> list[Part]:
    """Return the records, those of one source and one day with the time of their version."""
    days = Counter((_source(part), part.version) for part in parts)
    return [
        attrs.evolve(part, time=time_of(part.parsed))
        if part.version and days[_source(part), part.version] > 1
        else part
        for part in parts
    ]


_Moment: TypeAlias = tuple[PartialDate, str]
"""The day of a version and its time; the time is empty if it is not known."""


def _before(one: _Moment, other: _Moment) -> bool:
    """Whether a version is earlier than another one; not if the source does not show it."""
    if one[0] == other[0] and one[0].day is not None:
        return bool(one[1]) and one[1] < other[1]
    return bool(one[0].before(other[0]))


class _Newest:
    """The day of the latest version among records of one kind, by register and country."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._days: dict[str | None, dict[str | None, _Moment]] = {}
        for part in parts:
            if part.version is not None:
                days = self._days.setdefault(part.trial.registry, {})
                moment = (part.version, part.time)
                days[part.country] = max(moment, days.get(part.country, moment))
        self._latest = {registry: max(days.values()) for registry, days in self._days.items()}

    def of(self, part: Part) -> _Moment | None:
        """Return the latest version among the records that can be of the same whole; None without one or a day."""
        if part.version is None:
            return None
        days = self._days.get(part.trial.registry, {})
        if part.country is None:
            return self._latest.get(part.trial.registry)
        return max((day for day in (days.get(None), days.get(part.country)) if day is not None), default=None)

    def is_after(self, part: Part) -> bool:
        """Whether there is a later version than a record."""
        latest = self.of(part)
        return latest is not None and part.version is not None and _before((part.version, part.time), latest)

    def is_before(self, part: Part) -> bool:
        """Whether a record is later than all of them."""
        latest = self.of(part)
        return latest is not None and part.version is not None and _before(latest, (part.version, part.time))
