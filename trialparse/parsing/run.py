"""The runs over a record: the fast run, field by field after a surprise, and the traced run for the rest."""

from collections.abc import Collection
from typing import Any

import attrs

from trialparse.mapping.compiled import Mapping, lacking, mapping_of
from trialparse.mapping.traced import Tracer
from trialparse.mapping.verbs import NoValue, UnreadableWords
from trialparse.model import Missing, Trial
from trialparse.model.building import build, changed, defaults
from trialparse.model.evidence import top_of
from trialparse.parsing.gaps import with_gaps
from trialparse.parsing.options import Options
from trialparse.parsing.record import Record
from trialparse.parsing.withhold import is_marked


def fast_run(record: Record, mapping: Mapping, options: Options) -> Trial | None:
    """Return the trial of a record; None if the traced run has to read the whole record.

    The traced run reads only odd fields: those in which the fast run met a surprise or words were withheld.
    """
    trial = _whole(record, mapping, options)
    return None if trial is None else finished(trial, record, mapping)


def finished(trial: Trial, record: Record, mapping: Mapping) -> Trial:
    """Return a trial with what follows from the source as a whole: what its columns carry, and where it was cut off."""
    cut = record.cut()
    if mapping.regular and (lacks := lacking(mapping, record.raw.keys())) != trial.not_carried:
        trial = changed(trial, not_carried=lacks)
    return trial if cut is None else with_gaps(trial, cut, mapping)


def _whole(record: Record, mapping: Mapping, options: Options) -> Trial | None:
    """Return the trial of a record as if the record were whole."""
    trial, odd = _filled(record, mapping), frozenset[str]()
    if trial is None:
        trial, odd = _by_field(record, mapping)
    if trial is not None and record.redacted:
        tree = record.tree()
        odd |= {name for name, shape in mapping.shapes.items() if is_marked(tree, shape)}
    if trial is None or not odd:
        return trial
    if "missing" in odd:
        return None
    again, _ = _traced_run(record, options, odd)
    values = {name: getattr(again if name in odd else trial, name) for name in defaults(Trial)}
    stated = len(_stated_missing(record, mapping))
    kept = [entry for entry in trial.missing[stated:] if top_of(entry.field) not in odd]
    values["missing"] = (*trial.missing[:stated], *_in_order(mapping, [*kept, *again.missing]))
    made: Trial = build(Trial, values)
    return made


def _filled(record: Record, mapping: Mapping) -> Trial | None:
    """Return the trial of a record without surprises, filled at once; None if it has one."""
    struct = record.struct(mapping)
    if struct is None:
        return None
    try:
        trial: Trial = mapping.fill(struct)
    except (UnreadableWords, NoValue):
        return None
    return trial


def _stated_missing(record: Record, mapping: Mapping) -> tuple[Missing, ...]:
    """Return the entries of `missing` that rows read; the others come from the fields themselves."""
    fill = mapping.fills.get("missing")
    return () if fill is None else fill(record.struct(mapping)).missing


def _by_field(record: Record, mapping: Mapping) -> tuple[Trial | None, frozenset[str]]:
    """Return the trial of a record, filled field by field, and the names of the fields with a surprise.

    In `missing`, the entries that rows read come first.
    """
    struct = record.struct(mapping)
    if struct is None:
        return None, frozenset()
    values: dict[str, Any] = {}
    stated: tuple[Missing, ...] = ()
    missing: list[Missing] = []
    for name, fill in mapping.fills.items():
        try:
            part: Trial = fill(struct)
        except (UnreadableWords, NoValue):
            continue
        values[name] = getattr(part, name)
        if name == "missing":
            stated = part.missing
        else:
            missing += part.missing
    odd = mapping.fills.keys() - values.keys()
    values["missing"] = (*stated, *missing)
    return (None if "missing" in odd else build(Trial, values)), frozenset(odd)


def _in_order(mapping: Mapping, missing: list[Missing]) -> list[Missing]:
    """Return entries of `missing` in the order of the traced run: by field."""
    names = [field.name for field in mapping.plan.fields]
    return sorted(missing, key=lambda entry: names.index(top_of(entry.field)))


def traced_run(record: Record, options: Options, only: Collection[str] | None = None) -> tuple[Trial, Tracer]:
    """Run over the whole record, or for `only` these fields of the Trial, with places and problems noted."""
    trial, tracer = _traced_run(record, options, only)
    return finished(trial, record, mapping_of(record.format, results=options.results)), tracer


def _traced_run(record: Record, options: Options, only: Collection[str] | None) -> tuple[Trial, Tracer]:
    """Make the traced run as if the record were whole."""
    tracer = Tracer(
        lone=record.format.notation.lone, redacted=record.redacted, joins=record.joins, write=record.raw.words
    )
    plan = mapping_of(record.format, results=options.results).plan
    if only is not None:
        plan = attrs.evolve(plan, fields=tuple(field for field in plan.fields if field.name in only))
    return tracer.run(plan, record.tree()), tracer
