"""Versions of a trial for tests: the same in another order, with one value changed, with one item gone or renamed."""

import re
import typing
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs

from trialparse.comparing.walk import has_parts
from trialparse.model import Trial
from trialparse.model.building import changed
from trialparse.model.values import Duration, PartialDate
from trialparse.vocabulary import Term

Step = str | int


def shuffled(trial: Trial, random: Random) -> Trial:
    """Return a trial with its lists in another order; parts that add up to a duration keep theirs."""
    moves: dict[str, str] = {}
    made: Trial = _shuffled(trial, random, "", "", moves)
    missing = [changed(entry, field=_moved(entry.field, moves)) for entry in made.missing]
    moved: Trial = changed(made, missing=tuple(missing))
    return moved


def _moved(field: str, moves: dict[str, str]) -> str:
    """Return the path of a field in the shuffled trial."""
    holder = next((one for one in _holders(field) if one in moves), "")
    return moves[holder] + field[len(holder) :] if holder else field


def _holders(field: str) -> Iterator[str]:
    yield field
    for cut in sorted((found.start() for found in re.finditer(r"[.\[]", field)), reverse=True):
        yield field[:cut]


def _shuffled(record: Any, random: Random, old: str, new: str, moves: dict[str, str]) -> Any:
    """Return a record whose lists are in another order; note where each item went."""
    values = {}
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        before, after = (f"{path}.{field.name}" if path else field.name for path in (old, new))
        if has_parts(value):
            values[field.name] = _shuffled(value, random, before, after, moves)
        elif isinstance(value, tuple) and typing.get_args(field.type)[0] is not Duration:
            order = random.sample(range(len(value)), len(value))
            items = []
            for place, index in enumerate(order):
                paths = f"{before}[{index}]", f"{after}[{place}]"
                moves[paths[0]] = paths[1]
                item = value[index]
                items.append(_shuffled(item, random, *paths, moves) if has_parts(item) else item)
            values[field.name] = tuple(items)
    return changed(record, **values)


Way = tuple[Step, ...]
"""Names and indexes that lead from a trial to a value."""


def values(record: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Yield each value of a record, of the records in it, and of the items of its lists, with the way to it."""
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        listed = isinstance(value, tuple) and typing.get_args(field.type)[0] is not Duration
        for step, one in enumerate(value) if listed else [(None, value)]:
            here = (*way, field.name) if step is None else (*way, field.name, step)
            yield here, one
            if has_parts(one):
                yield from values(one, here)


def leaves(trial: Trial) -> list[Way]:
    """Return the way to each plain value of a record."""
    plain = (str, int, float, PartialDate, Term)
    return [way for way, value in values(trial) if isinstance(way[-1], str) and isinstance(value, plain)]


def items(trial: Trial) -> list[Way]:
    """Return the way to each item of a list."""
    return [way for way, _ in values(trial) if isinstance(way[-1], int)]


def at(value: Any, path: Way) -> Any:
    """Return what a way leads to."""
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, str(step))
    return value


def with_value(value: Any, path: Way, make: Callable[[Any], Any]) -> Any:
    """Return a trial in which one value is what `make` makes of it."""
    if not path:
        return make(value)
    step, *rest = path
    if isinstance(step, int):
        return (*value[:step], with_value(value[step], tuple(rest), make), *value[step + 1 :])
    return changed(value, **{step: with_value(getattr(value, step), tuple(rest), make)})


def without_item(trial: Trial, path: Way) -> Trial:
    """Return a trial without an item; entries of `missing` about later items follow them."""
    *holder, index = path
    assert isinstance(index, int)
    made = with_value(trial, tuple(holder), lambda items: (*items[:index], *items[index + 1 :]))
    prefix = written(tuple(holder))
    missing = []
    for entry in made.missing:
        found = re.match(rf"{re.escape(prefix)}\[(\d+)\](.*)", entry.field)
        place = -1 if found is None else int(found[1])
        if found is None or place < index:
            missing.append(entry)
        elif place > index:
            missing.append(changed(entry, field=f"{prefix}[{place - 1}]{found[2]}"))
    shorter: Trial = changed(made, missing=tuple(missing))
    return shorter


def written(path: Way) -> str:
    """Return a way as the path of a field.

    >>> written(("countries", 2, "planned"))
    'countries[2].planned'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def another(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Term):
        known = [*type(value)]
        return known[known.index(value) - 1]
    if isinstance(value, PartialDate):
        return changed(value, year=value.year - 1 if value.year > 1 else 2, month=None, day=None)
    if isinstance(value, str):
        return value + " changed"
    return value + 1
