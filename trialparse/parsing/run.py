"""The runs over a record: the fast run, field by field after a surprise, and the traced run for the rest."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from trialparse.mapping import compiled
from trialparse.mapping.compiled import lacking, lacking_in_part, mapping_of
from trialparse.mapping.traced import Tracer
from trialparse.model import Missing, Trial
from trialparse.model.building import build, changed, defaults
from trialparse.model.evidence import top_of
from trialparse.parsing.gaps import with_gaps
from trialparse.parsing.options import Options
from trialparse.parsing.record import Record
from trialparse.readers.shapes import Names

if TYPE_CHECKING:
    from trialparse.mapping.fast import Filled
    from trialparse.mapping.noticing import Met

NO_ITEMS: "Final[Mapping[str, Met]]" = MappingProxyType({})
NO_ITEM: Final = ("", 0)


def fast_run(record: Record, mapping: compiled.Mapping, options: Options) -> Trial | None:
    """Return the trial of a record; None if the traced run has to read the whole record.

    The traced run reads only odd fields: those in which the fast run met a surprise, or something of a wrong type, and
    those whose elements are joined by keys that were withheld.
    """
    trial = _whole(record, mapping, options)
    return None if trial is None else finished(trial, record, mapping)


def finished(trial: Trial, record: Record, mapping: compiled.Mapping) -> Trial:
    """Return a trial with what follows from the source as a whole: what it carries, and where it was cut off."""
    cut = record.cut()
    lacks = trial.not_carried
    if record.raw.is_partial():
        lacks = lacking_in_part(mapping, record.tree())
    elif mapping.regular:
        lacks = lacking(mapping, record.raw.keys())
    if lacks != trial.not_carried:
        trial = changed(trial, not_carried=lacks)
    return trial if cut is None else with_gaps(trial, cut, mapping)


def _whole(record: Record, mapping: compiled.Mapping, options: Options) -> Trial | None:
    """Return the trial of a record as if the record were whole."""
    fitted = record.struct(mapping)
    if fitted is None:
        return None
    struct, wrong = fitted
    filled = (mapping.fill_redacted if record.redacted else mapping.fill)(struct)
    odd = {*filled.odd, *_reading(wrong, mapping), *(mapping.joining if record.joins else ())}
    if not odd:
        trial: Trial = filled.trial
        return trial
    return None if "missing" in odd else _together(filled, _traced_run(record, options, odd)[0], odd, mapping)


def _together(filled: "Filled", again: Trial, odd: Collection[str], mapping: compiled.Mapping) -> Trial:
    """Return the trial of the fast run with the odd fields of the traced run."""
    trial = filled.trial
    values = {name: getattr(again if name in odd else trial, name) for name in defaults(Trial)}
    kept = [entry for entry in trial.missing[filled.stated :] if top_of(entry.field) not in odd]
    values["missing"] = (*trial.missing[: filled.stated], *_in_order(mapping, [*kept, *again.missing]))
    made: Trial = build(Trial, values)
    return made


def _reading(wrong: Collection[Names], mapping: compiled.Mapping) -> Iterator[str]:
    """Yield the fields that read what is of a wrong type."""
    for name, shape in mapping.shapes.items() if wrong else ():
        if any(map(shape.meets, wrong)):
            yield name


def _in_order(mapping: compiled.Mapping, missing: list[Missing]) -> list[Missing]:
    """Return entries of `missing` in the order of the traced run: by field."""
    names = [field.name for field in mapping.plan.fields]
    return sorted(missing, key=lambda entry: names.index(top_of(entry.field)))


def remarked_run(record: Record, options: Options) -> Tracer:
    """Return the traced run over the fields that it reports something about: its findings are those of the whole.

    Its traces have each odd character that a field was read from.
    """
    mapping = mapping_of(record.format, results=options.results)
    fitted = record.struct(mapping)
    if fitted is None:
        return _traced_run(record, options, None)[1]
    struct, wrong = fitted
    fields, items = mapping.notice(struct)
    whole = fields | frozenset(_reading(wrong, mapping))
    items = {field: known for field, known in items.items() if field not in whole and top_of(field) not in whole}
    if not whole and not items:
        return Tracer()
    return _traced_run(record, options, {*whole, *items}, items)[1]


def traced_run(record: Record, options: Options, only: Collection[str] | None = None) -> tuple[Trial, Tracer]:
    """Run over the whole record, or for `only` these fields of the Trial, with places and problems noted."""
    trial, tracer = _traced_run(record, options, only)
    return finished(trial, record, mapping_of(record.format, results=options.results)), tracer


def tracer_of(record: Record, options: Options, field: str) -> Tracer:
    """Return the traced run over a field of the Trial, or over a list up to an item such as `design.periods[0]`."""
    path, item, index = field.partition("[")
    until = (path, int(index.removesuffix("]"))) if item else NO_ITEM
    return _traced_run(record, options, (path,), until=until)[1]


def _traced_run(
    record: Record,
    options: Options,
    only: Collection[str] | None,
    items: "Mapping[str, Met]" = NO_ITEMS,
    until: tuple[str, int] = NO_ITEM,
) -> tuple[Trial, Tracer]:
    """Make the traced run as if the record were whole; see `Tracer.known` for `items`, and `Tracer.until`."""
    tracer = Tracer(
        lone=record.format.notation.lone,
        redacted=record.redacted,
        joins=record.joins,
        write=record.raw.words,
        known=items,
        until=until,
    )
    plan = mapping_of(record.format, results=options.results).plan
    return tracer.run(plan, record.tree(), only), tracer
