"""Which items of a list are the same in two versions of a trial."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from trialparse.model.building import defaults, is_record
from trialparse.model.values import Duration
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines

_PART = re.compile(r"(?P<path>[a-z_.]+)(?:\[(?P<system>\w+)(?: (?P<prefix>[\w-]+))?\])?")

Read = Callable[[Any], Any]
"""What gives the value of a key for an item; None where the item lacks it."""


class Key(NamedTuple):
    """What may make two items the same one."""

    read: Read
    firm: bool
    """Whether items for which it differs are two items, never one that was renamed."""


class Identity(NamedTuple):
    """What makes two items of a class the same one."""

    keys: tuple[Key, ...] = ()
    """In the order in which they are tried."""
    place: Read | None = None
    """Gives the place of an item among others; None if that is its place in the list."""
    order: frozenset[str] = frozenset()
    """Fields that only count the items."""


Pair = tuple[int | None, int | None]
"""The indexes of an item in the old and in the new list; None where it is not there."""


def paired(old: Sequence[Any], new: Sequence[Any]) -> list[Pair]:
    """Return which items are the same, in the order of the new list; those that are gone come last.

    Items that are equal are the same. Then a key counts that one item alone has on each side. At last an item that was
    renamed is the same as the one whose place it has.
    """
    identity = identities().get(type(next(iter((*old, *new)), None)), Identity())
    left = _Left(old, new, [key.read for key in identity.keys if key.firm])
    left.pair_equal()
    for key in identity.keys:
        left.pair_by(key.read)
    if identity.place is not None:
        left.pair_by(identity.place)
    if identity.keys:
        left.pair_by_neighbours()
    return left.pairs()


class _Left:
    """The items of two lists that are not yet paired; items that differ in a `firm` key never are."""

    def __init__(self, old: Sequence[Any], new: Sequence[Any], firm: Sequence[Read]) -> None:
        self._old, self._new, self._firm = old, new, firm
        self._gone = dict.fromkeys(range(len(old)))
        self._came = dict.fromkeys(range(len(new)))
        self._found: dict[int, int] = {}
        """The index of an item in the new list -> its index in the old one."""

    def _pair(self, old: int, new: int) -> None:
        self._found[new] = old
        del self._gone[old], self._came[new]

    def pair_equal(self) -> None:
        """Pair items that are equal, each with one other; lists in them may be in another order."""
        for form in _FORMS:
            places = _places((form(self._old[index]), index) for index in reversed(self._gone))
            for index in [*self._came] if places else ():
                if same := places.get(form(self._new[index])):
                    self._pair(same.pop(), index)

    def pair_by(self, read: Read) -> None:
        """Pair items that alone have a key, on each side."""
        old = _places((read(self._old[index]), index) for index in self._gone)
        new = _places((read(self._new[index]), index) for index in self._came)
        for value in old.keys() & new.keys() - {None}:
            if len(old[value]) == len(new[value]) == 1:
                self._pair_if_alike(old[value][0], new[value][0])

    def pair_by_neighbours(self) -> None:
        """Pair items that are alone between the same neighbours on both sides."""
        old, new = self._gaps(self._gone, {*self._found.values()}), self._gaps(self._came, self._found.keys())
        known = {after: [*gone] for after, gone in old.items()}
        for after, came in new.items():
            gone = known.get(-1 if after == -1 else self._found[after], [])
            if len(gone) == len(came):
                for one, other in zip(gone, came, strict=True):
                    self._pair_if_alike(one, other)

    def _gaps(self, left: Iterable[int], paired: Iterable[int]) -> dict[int, list[int]]:
        """Return indexes by the index of the paired item before them, -1 where there is none."""
        gaps: dict[int, list[int]] = {}
        known = sorted(paired)
        place, after = 0, -1
        for index in sorted(left):
            while place < len(known) and known[place] < index:
                after = known[place]
                place += 1
            gaps.setdefault(after, []).append(index)
        return gaps

    def _pair_if_alike(self, old: int, new: int) -> None:
        for read in self._firm:
            values = read(self._old[old]), read(self._new[new])
            if None not in values and values[0] != values[1]:
                return
        self._pair(old, new)

    def pairs(self) -> list[Pair]:
        """Return all pairs, and the items without another one."""
        return [*((self._found.get(index), index) for index in range(len(self._new))), *((i, None) for i in self._gone)]


def unordered(value: Any) -> Any:
    """Return a form of a value that is equal for values which differ in nothing but the order of their lists."""
    if isinstance(value, tuple) and not (value and isinstance(value[0], Duration)):  # parts that add up keep theirs
        return frozenset(Counter(map(unordered, value)).items())
    cls: Any = type(value)
    if is_record(cls):
        return (cls, *(unordered(getattr(value, name)) for name in defaults(cls)))
    return value


def _as_it_is(value: Any) -> Any:
    return value


_FORMS: tuple[Read, ...] = (_as_it_is, unordered)
"""Forms in which items are compared; the second one takes longer."""


def _places(values: Iterable[tuple[Any, int]]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for value, index in values:
        found.setdefault(value, []).append(index)
    return found


# the table ------------------------------------------------------------------------------------------------------------


@prepared
def identities() -> dict[type, Identity]:
    """Return the rows of identity.tsv by class."""
    return dict(_identities())


def _identities() -> Iterator[tuple[type, Identity]]:
    from trialparse import model
    from trialparse.model import interventions, results, trial, values

    for _, cells in read_lines(files_of("trialparse.comparing") / "identity.tsv"):
        homes = (model, trial, values, interventions, results)
        cls = next(getattr(home, cells["class"]) for home in homes if hasattr(home, cells["class"]))
        written = [key.strip() for key in cells["keys"].split("|") if key]
        keys = [Key(_reader(key.removeprefix("!")), key.startswith("!")) for key in written]
        place = _reader(cells["place"]) if cells["place"] else None
        yield cls, Identity(tuple(keys), place, frozenset(cells["order"].split()))


def _reader(key: str) -> Read:
    """Return the function that reads a key; the first of its parts has to be there."""
    parts = [_part(part.strip()) for part in key.split("+")]

    def read(item: Any) -> Any:
        values = tuple(part(item) for part in parts)
        return values if values[0] is not None and any(value is not None for value in values[1:] or values) else None

    return read


def _part(written: str) -> Read:
    """Return the function that reads a part of a key."""
    match = _PART.fullmatch(written)
    if match is None:
        raise ValueError(f"identity.tsv: {written!r} is no part of a key")
    path, system, prefix = match["path"].split("."), match["system"], match["prefix"] or ""

    def read(item: Any) -> Any:
        value = item
        for name in path:
            value = tuple(getattr(one, name) for one in value) if isinstance(value, tuple) else getattr(value, name)
            if value is None:
                return None
        if system is not None:
            value = tuple(one.value for one in value if one.system == system and (one.value or "").startswith(prefix))
        return (frozenset(value) if isinstance(value, tuple) else value) or None

    return read
