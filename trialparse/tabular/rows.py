"""Go from records to the rows of a table, list by list: a level for each list in the path of the rows."""

from collections.abc import Callable, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from trialparse.generated.classes import define
from trialparse.tabular.paths import Values, full, steps_of
from trialparse.tabular.records import Entry


class Level(NamedTuple):
    """A list on the way to the rows of a table."""

    path: str
    """Its path from an `Entry` on; empty for the records themselves."""
    gets: tuple[Callable[[Any], Any], ...]
    """What gives the list of an item of the level above, one for each field that is taken in turn."""
    names: tuple[str, ...]
    """The names of these fields."""
    many: bool
    """Whether they are lists; else values, which may be absent."""


ROOT = Level("", (), (), many=True)
"""The records."""


def levels_of(rows: str) -> tuple[Level, ...]:
    """Return the levels of a table, from the path of its rows; the first one is that of the records."""
    if not rows:
        return (ROOT,)
    levels, before = [ROOT], 0
    written = full(rows).split(".")
    steps = steps_of(rows)
    for at, step in enumerate(steps, start=1):
        if step.is_row:
            way = [name for one in steps[before : at - 1] for name in one.names]
            gets = tuple(attrgetter(".".join([*way, name])) for name in step.names)
            levels.append(Level(".".join(written[:at]), gets, step.names, step.many))
            before = at
    return tuple(levels)


def rest_of(path: str, levels: Sequence[Level]) -> tuple[int, int]:
    """Return the index of the deepest level that a path goes through, and the number of its steps up to there."""
    written = full(path).split(".")
    ways = [level.path.split(".") if level.path else [] for level in levels]
    return max((at, len(way)) for at, way in enumerate(ways) if written[: len(way)] == way)


@define(eq=False)
class Rows:
    """The items of a level in some records, and which item of the level above each belongs to."""

    items: Values
    parents: list[int]
    """For each item the index of what it belongs to, in the level above."""
    slots: list[int]
    """The same, with a number for each of the fields that are taken in turn."""
    positions: list[int]
    """Its place in its list, from 0."""


class Chunk:
    """Some records, and the items of each level in them, which tables share."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        count = len(entries)
        self._known = {"": Rows([*entries], [*range(count)], [*range(count)], [*range(count)])}

    def rows(self, levels: Sequence[Level]) -> list[Rows]:
        """Return the items of each of these levels."""
        found = [self._known[""]]
        for level in levels[1:]:
            if level.path not in self._known:
                self._known[level.path] = _below(found[-1].items, level)
            found.append(self._known[level.path])
        return found


def _below(items: Values, level: Level) -> Rows:
    """Return the items of a level below those of the level above."""
    turns = len(level.gets)
    lists: Values = [*map(level.gets[0], items)] if turns == 1 else [get(item) for item in items for get in level.gets]
    if not level.many:
        lists = [() if value is None else (value,) for value in lists]
    counts = [*map(len, lists)]
    slots = [*chain.from_iterable(map(repeat, range(len(lists)), counts))]
    parents = slots if turns == 1 else [slot // turns for slot in slots]
    return Rows([*chain.from_iterable(lists)], parents, slots, [*chain.from_iterable(map(range, counts))])
