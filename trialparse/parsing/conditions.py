"""Conditions: a leaf that every row passes over, because a word beside it or its element forbids it, is not mapped."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from trialparse.generated.classes import frozen
from trialparse.mapping.compiled import Mapping as Compiled
from trialparse.mapping.plan import Condition, ItemsField, ItemSource, RecordField, RecordPlan, ValueField
from trialparse.parsing.reasons import Nodes, nodes_beside
from trialparse.prepared import prepared
from trialparse.readers.paths import Keys, Path, resolved
from trialparse.readers.shapes import Tree

Tests = tuple[tuple[Path, Condition], ...]
"""For an item, the elements that have to pass a condition, from the outermost, each with its path from the record."""


@frozen
class Reader:
    """How one row reads the leaves at a path: those of elements that open an item, and beside certain words."""

    tests: Tests = ()
    """What must hold of the elements around a leaf."""
    beside: Path | None = None
    """Path, from the record, of the word beside a leaf that `when` asks for; None without `when`."""
    holds: Callable[[Any], bool] | None = None
    """Whether the row reads a leaf beside this word."""

    @property
    def always(self) -> bool:
        """Whether it reads every leaf at its path."""
        return not self.tests and self.holds is None

    @cached_property
    def _asked(self) -> list[tuple[Path, Callable[..., bool], list[Path]]]:
        """The conditions: the path of elements, the function, and the paths, from the record, whose values it gets."""
        return [(start, one.function, [resolved(start + path) for path in one.paths]) for start, one in self.tests]

    def reads(self, tree: Tree, keys: Keys) -> bool:
        """Whether it reads the leaf that keys lead to, for the element around it or for one of those beside it."""
        for start, function, paths in self._asked:
            elements = [place for place, _ in nodes_beside(tree, resolved(start), keys)]
            if not any(function(*[_values(tree, path, place) for path in paths]) for place in elements):
                return False
        if self.holds is None or self.beside is None:
            return True
        words = _values(tree, self.beside, keys)
        return self.holds(words[0] if words else None)


def passed_over(nodes: Nodes, readers: Mapping[Path, Iterable[Reader]]) -> Iterator[tuple[Keys, Tree]]:
    """Yield keys and value of each leaf that no row reads though rows read other leaves at its path."""
    for path, found in readers.items():
        for keys, leaf in nodes.at(path):
            if isinstance(leaf, dict | list) or leaf is None or leaf == "":
                continue
            if not any(reader.reads(nodes.tree, keys) for reader in found):
                yield keys, leaf


@prepared
def conditional(mapping: Compiled) -> Mapping[Path, tuple[Reader, ...]]:
    """Return the paths that rows read under conditions alone, with these rows."""
    found: defaultdict[Path, list[Reader]] = defaultdict(list)
    for path, reader in _readers(mapping.plan, [() for _ in mapping.plan.sources]):
        if not any(step.opener for step in path):
            found[resolved(path)].append(reader)
    return {path: tuple(readers) for path, readers in found.items() if not any(one.always for one in readers)}


def _readers(plan: RecordPlan, tests: list[Tests]) -> Iterator[tuple[Path, Reader]]:
    """Yield each path that a plan reads, with its conditions; `tests` are those of the elements of its sources."""
    for source in plan.sources:
        yield from ((source.absolute + path, Reader()) for path in (*source.key, *filter(None, [source.order])))
    for field in plan.fields:
        values = field.values if isinstance(field, ItemsField) else field
        if isinstance(values, ValueField):
            yield from _of_values(values, plan, tests)
        if isinstance(field, RecordField):
            yield from _readers(field.plan, tests)
        elif isinstance(field, ItemsField):
            inner = [tests[source.parent] + tuple(_conditions(source)) for source in field.plan.sources]
            yield from _readers(field.plan, inner)


def _conditions(source: ItemSource) -> Iterator[tuple[Path, Condition]]:
    """Yield what has to hold of an element of a source before it opens an item."""
    if source.need is not None:
        yield source.absolute, Condition(paths=(source.need,), function=_is_stated)
    if source.test is not None:
        yield source.absolute, source.test


def _is_stated(values: list[Any]) -> bool:
    """Whether there is a value."""
    return any(value not in (None, "") for value in values)


def _of_values(field: ValueField, plan: RecordPlan, tests: list[Tests]) -> Iterator[tuple[Path, Reader]]:
    """Yield the paths of a field of plain values."""
    for reading in field.readings:
        path = plan.sources[reading.source].absolute + reading.path
        side = None if reading.side is None else resolved(path[:-1] + reading.side)
        holds = None if side is None else reading.verb.holds
        yield path, Reader(tests[reading.source], side if holds else None, holds)
        if side is not None:
            yield side, Reader(tests[reading.source])
    for derived in field.derived:
        base = plan.sources[derived.source].absolute
        yield from ((base + path, Reader(tests[derived.source])) for path in derived.paths)


def _values(tree: Tree, path: Path, keys: Keys) -> list[Any]:
    """Return the values at a path, in the elements of the lists that keys lead through."""
    return [node for _, node in nodes_beside(tree, path, keys)]
