"""Gaps: a record that was cut off, or lacks a part, has only some of the answers that some fields are read from."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialparse.generated.classes import frozen
from trialparse.mapping import compiled
from trialparse.model import Missing, Trial
from trialparse.model.building import changed
from trialparse.model.terms import MissingKind
from trialparse.prepared import prepared
from trialparse.readers.cut import Cut, Names
from trialparse.readers.paths import resolved


def with_gaps(trial: Trial, cut: Cut, mapping: compiled.Mapping) -> Trial:
    """Return the trial of a record that was cut off without what the cut makes wrong.

    A set that the cut reaches is empty; a list and a text keep what there is. `missing` lists all of them, and no
    field as one for which the record answers that there is none.
    """
    gaps: dict[Missing, None] = {}
    for field, read in _read_from(mapping).items():
        steps = field.split(".")
        if read.is_reached(cut, several=steps[-1].endswith("[]")):
            found = list(_places(trial, steps, ""))
            place, value = next((each for each in found if each[1]), found[0]) if read.torn(cut) else found[0]
            if place and isinstance(value, frozenset):
                trial = _emptied(trial, steps)
            gaps[Missing(field=place, kind=MissingKind.UNREADABLE)] = None
    gaps.pop(Missing(field="", kind=MissingKind.UNREADABLE), None)
    reached = {entry.field for entry in gaps}
    kept = [entry for entry in trial.missing if entry.field not in reached or entry in gaps]
    made: Trial = changed(trial, missing=tuple(dict.fromkeys((*kept, *gaps))))
    return made


@frozen
class _Read:
    """Where a field is read from."""

    names: tuple[Names, ...]

    def torn(self, cut: Cut) -> bool:
        """Whether it is read from the answer in which the cut may be."""
        return any(map(cut.torn.meet, self.names))

    def is_reached(self, cut: Cut, *, several: bool) -> bool:
        """Whether a cut leaves only a part of the answers that the field is read from; `several` if it holds several.

        One value is that of the first answer, which later ones do not change.
        """
        if self.torn(cut):
            return True
        if not several:
            return False
        partly = any(map(cut.kept.meet, self.names)) and any(map(cut.lost.meet, self.names))
        return partly or not cut.lists.isdisjoint(self.names)


@prepared
def _read_from(mapping: compiled.Mapping) -> Mapping[str, _Read]:
    """Return for each field of the Trial where it is read from."""
    found: dict[str, list[Names]] = {}
    for row in mapping.rows:
        if row.field and row.field != "missing[]":
            found.setdefault(row.field, []).extend(map(_names, row.paths))
    return {field: _Read(tuple(names)) for field, names in found.items() if names}


def _names(path: Any) -> Names:
    """Return the keys of a path up to its first opener."""
    names = []
    for step in resolved(path):
        if step.opener:
            break
        names.append(step.key)
    return tuple(names)


def _places(record: Any, steps: list[str], path: str) -> Iterator[tuple[str, Any]]:
    """Yield path and value of a field, in a list that of the last item first; no path if there is no such item."""
    name = steps[0].removesuffix("[]")
    path, value = f"{path}.{name}".lstrip("."), getattr(record, name)
    if len(steps) == 1:
        yield path, value
    elif steps[0].endswith("[]"):
        for index in reversed(range(len(value))):
            yield from _places(value[index], steps[1:], f"{path}[{index}]")
    elif value is not None:
        yield from _places(value, steps[1:], path)
    yield "", None


def _emptied(record: Any, steps: list[str]) -> Any:
    """Return a record in which a set, in a list that of the last item, is empty."""
    name = steps[0].removesuffix("[]")
    value = getattr(record, name)
    if len(steps) == 1:
        return changed(record, **{name: frozenset()})
    if steps[0].endswith("[]"):
        return changed(record, **{name: (*value[:-1], _emptied(value[-1], steps[1:]))})
    return changed(record, **{name: _emptied(value, steps[1:])})
