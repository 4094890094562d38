"""The compiled mapping of a format: its rows, its plan, what it reads of a record, and its fast run."""

import itertools
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from trialparse.generated.classes import frozen
from trialparse.mapping.carried import keys_of, not_carried, not_carried_in_part, ways_in, ways_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import ItemsField, RecordField, RecordPlan, ValueField, fields_with, of_redacted
from trialparse.mapping.planning import plan_of
from trialparse.mapping.rows import Codes, Row
from trialparse.mapping.sound import is_sound
from trialparse.model import Trial
from trialparse.prepared import imported_later, prepared, prepared_property
from trialparse.readers.paths import Path, write_path
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import Names, Shape, Tree

if TYPE_CHECKING:
    from trialparse.mapping import fast
    from trialparse.mapping.fast import Filled
    from trialparse.mapping.noticing import Noticed
else:
    imported_later(globals(), fast="trialparse.mapping.fast")

_SHORT = 1 << 18
"""Bytes of a record that the traced run reads in less time than compiling takes."""


@frozen(eq=False, slots=False)
class Mapping:
    """The mapping of one format, compiled part by part at first use."""

    format: Format
    rows: tuple[Row, ...]
    codes: Codes
    plan: RecordPlan
    _turns: Iterator[int] = attrs.field(factory=itertools.count)

    @property
    def is_compiled(self) -> bool:
        """Whether what reads a record is compiled already."""
        return "selection" in vars(self)

    def is_worth_compiling(self, content: Any) -> bool:
        """Whether to compile for a record with this content: not for the first one, if it is short.

        The traced run reads that one as it stands, in less time than compiling takes.
        """
        return next(self._turns) > 0 or self.is_compiled or not isinstance(content, bytes) or len(content) > _SHORT

    @prepared_property
    def selection(self) -> Selection:
        """What the mapping reads of a record."""
        return Selection(_shape_of(self.plan))

    @prepared_property
    def shapes(self) -> dict[str, Shape]:
        """The shape that each field of the Trial reads from a record."""
        plan = self.plan
        return {field.name: _shape_of(attrs.evolve(plan, fields=(field,))) for field in plan.fields}

    @prepared_property
    def fill(self) -> "Callable[[Any], Filled]":
        """The fast run: struct -> Trial, and the fields for the traced run."""
        return fast.compile_plan(self.plan)

    @prepared_property
    def fill_redacted(self) -> "Callable[[Any], Filled]":
        """The fast run over a record in which words about persons were withheld."""
        return fast.compile_plan(of_redacted(self.plan))

    @prepared_property
    def joining(self) -> frozenset[str]:
        """The fields of the Trial for which elements are joined by a key."""
        return frozenset(fields_with(self.plan, attrgetter("key")))

    @prepared_property
    def notice(self) -> "Callable[[Any], Noticed]":
        """The noticing run: struct -> what the traced run would report something about."""
        return fast.compile_noticing(self.plan)

    @prepared_property
    def regular(self) -> frozenset[str]:
        """The keys, or columns, without which a record does not carry what is read there."""
        rows = self.rows if self.format.notation.tabular else [row for row in self.rows if "regular" in row.marks]
        return frozenset[str]().union(*map(keys_of, rows))

    @prepared_property
    def ways(self) -> frozenset[Names]:
        """The ways of keys that lead to what the rows read."""
        return frozenset[Names]().union(*map(ways_of, self.rows))

    @prepared_property
    def nothing(self) -> Trial:
        """The trial of an empty record: it has only what the register implies for all its trials."""
        trial: Trial = self.fill(self.selection.empty).trial
        return trial


def lacking(mapping: Mapping, columns: Collection[str]) -> tuple[str, ...]:
    """Return the fields that a record with these columns, or keys, does not carry."""
    return _lacking(mapping, mapping.regular.intersection(columns))


@lru_cache(maxsize=256)
def _lacking(mapping: Mapping, columns: frozenset[str]) -> tuple[str, ...]:
    return not_carried(mapping.rows, columns, table=mapping.format.notation.tabular)


def lacking_in_part(mapping: Mapping, tree: Tree) -> tuple[str, ...]:
    """Return the fields that a record does not carry which has only what was asked for."""
    return _lacking_in_part(mapping, ways_in(tree, mapping.ways))


@lru_cache(maxsize=256)
def _lacking_in_part(mapping: Mapping, there: frozenset[Names]) -> tuple[str, ...]:
    return not_carried_in_part(mapping.rows, there)


def mapping_of(format: Format, *, results: bool = True) -> Mapping:
    """Return the mapping of a format; without `results` it omits the field `results`."""
    return _mapping(format, results)


@prepared
def _mapping(format: Format, results: bool) -> Mapping:
    if not is_sound(format):
        from trialparse.mapping.check import check

        check(format)
    rows, codes, plan = plan_of(format, results)
    return Mapping(format, rows, codes, plan)


def _shape_of(plan: RecordPlan) -> Shape:
    shape = Shape()
    for path in sorted(wanted(plan), key=write_path):  # any order will do, but the generated text shows it
        shape.want(path)
    return shape


def wanted(plan: RecordPlan) -> set[Path]:
    """Return the paths, from the root of a record, that a plan reads."""
    found: set[Path] = set()
    for source in plan.sources:
        found |= {source.absolute + path for path in source.looks_at}
    for field in plan.fields:
        if isinstance(field, RecordField):
            found |= wanted(field.plan)
        elif isinstance(field, ItemsField):
            found |= wanted(field.plan)
            if field.values is not None:
                found |= _wanted_values(field.values, plan)
        else:
            found |= _wanted_values(field, plan)
    return found


def _wanted_values(field: ValueField, plan: RecordPlan) -> set[Path]:
    found = set()
    for reading in field.readings:
        base = plan.sources[reading.source].absolute
        found.add(base + reading.path)
        if reading.side is not None:
            found.add(base + reading.path[:-1] + reading.side)
        if reading.each is not None:
            found.add(reading.each)
    for derived in field.derived:
        base = plan.sources[derived.source].absolute
        found |= {base + path for path in derived.paths}
    return found
