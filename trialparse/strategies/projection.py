"""Projections: what a thinner record holds of a trial, such as a row of a search of what the whole record holds."""

import re
from collections.abc import Collection
from operator import attrgetter
from random import Random
from typing import Any

import attrs

from trialparse.mapping.carried import all_fields, carried_by_none
from trialparse.model import Trial
from trialparse.model.building import changed, defaults

KEPT = frozenset(("id", "registry", "identifiers", "missing", "not_carried"))
"""Fields that every record has: those by which it is one of this trial, and those about other fields."""
_NOTHING = Trial()
_INDEX = re.compile(r"\[\d+\]")


@attrs.frozen(kw_only=True)
class Projection:
    """A trial as a thinner record holds it."""

    whole: Trial
    """The trial."""
    trial: Trial
    """What the thinner record holds of it: equal, but the fields in its `not_carried` are empty."""
    left_out: tuple[str, ...]
    """The fields in `not_carried` that have a value in the whole trial, in the order of the model."""


def project(trial: Trial, lacked: Collection[str]) -> Projection:
    """Return a trial without these fields, given by their paths, and without those that its own record lacks."""
    paths = carried_by_none([{*lacked, *trial.not_carried}])
    thin, left_out = trial, []
    for path in paths:
        thinner = _without(thin, path.split("."))
        if thinner != thin:
            left_out.append(path)
        thin = thinner
    kept = tuple(entry for entry in trial.missing if not _is_within(entry.field, paths))
    return Projection(whole=trial, trial=changed(thin, missing=kept, not_carried=paths), left_out=tuple(left_out))


def choose(trial: Trial, random: Random) -> list[str]:
    """Return fields that a thinner record may lack: some of those with a value, if there are any, and some others."""
    paths = [path for path in all_fields() if path not in KEPT]
    filled = [path for path in paths if attrgetter(path)(trial) != attrgetter(path)(_NOTHING)]
    return random.sample(filled, random.randint(min(1, len(filled)), len(filled))) + random.sample(
        paths, random.randrange(20)
    )


def _without(record: Any, names: list[str]) -> Any:
    """Return a record whose field at this path has its default."""
    name, *below = names
    cls: Any = type(record)
    value = _without(getattr(record, name), below) if below else defaults(cls)[name]
    return changed(record, **{name: value})


def _is_within(field: str, paths: Collection[str]) -> bool:
    """Whether a field is at one of the paths, or below one."""
    bare = _INDEX.sub("", field)
    return any(bare == path or bare.startswith(f"{path}.") for path in paths)
