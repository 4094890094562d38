"""The traced run: reads the whole document by the same plan, and notes the place and the words of each value.

It makes the same Trial as the fast run (a law of the tests), plus evidence, diagnostics and missing fields.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import attrs

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.generated.classes import define
from trialparse.mapping.opening import openers
from trialparse.mapping.plan import (
    BoxSet,
    Derived,
    Field,
    Items,
    ItemsField,
    ItemSource,
    Reading,
    RecordField,
    RecordPlan,
    ValueField,
    is_copy,
    key_of,
    opening,
    ordered,
    whole_key,
)
from trialparse.mapping.rows import Row, fold
from trialparse.mapping.verbs import NoValue, UnreadableWords, is_doubtful, strength
from trialparse.model import Missing
from trialparse.model.agreeing import agreed
from trialparse.model.building import build, defaults, maker, required
from trialparse.model.terms import MissingKind
from trialparse.model.values import Coded, PartialDate
from trialparse.readers.json import words_of
from trialparse.readers.paths import AROUND, Key, Keys, Path, place_at, write_path
from trialparse.readers.shapes import Tree


@attrs.define(eq=False)
class Node:
    """A value of the document and the keys that lead to it; inside an opened text, the keys of its leaf."""

    value: Any
    keys: Keys
    opened: bool = False
    beside: "Node | None" = None
    """A label, a unit or a condition that was read along with it."""


@attrs.define
class Trace:
    """A field, the place and words that it was read from, and the row; `unread` if the row could not read the words."""

    field: str
    keys: Keys
    words: str
    row: str
    relation: str | None = None
    unread: bool = False

    def moved(self, field: str) -> "Trace":
        """Return the trace of another field."""
        return Trace(field, self.keys, self.words, self.row, self.relation, self.unread)


class Finding(NamedTuple):
    """A problem at a place."""

    problem: Problem
    field: str | None
    keys: Keys
    words: str


def json_of(keys: Keys, value: Tree) -> str:
    """Return an object or a list as JSON."""
    return words_of(value)


def is_filled(value: Tree) -> bool:
    """Whether there are words at or below a value."""
    if isinstance(value, dict | list):
        return any(map(is_filled, value.values() if isinstance(value, dict) else value))
    return value is not None and value != ""


def is_within(value: Any, whole: Any) -> bool:
    """Whether another value contains all that a value states.

    >>> from trialparse.model.values import PartialDate
    >>> is_within("2 Main  Street", "12 Main Street, Springfield")
    True
    >>> is_within(PartialDate(year=2024), PartialDate(year=2024, month=5))
    True
    """
    if value == whole:
        return True
    if isinstance(value, str) and isinstance(whole, str):
        return fold(value) in fold(whole)
    if isinstance(value, PartialDate) and isinstance(whole, PartialDate):
        return value.earliest() <= whole.earliest() and whole.latest() <= value.latest()
    if isinstance(value, Coded) and isinstance(whole, Coded):
        if value.term is not None and whole.term is not None:
            return value.term == whole.term
        return fold(value.text or "") in fold(whole.text or "")
    return False


_missing: Callable[[str, MissingKind], Missing] = maker(Missing)
_EMPTY: dict[str, Any] = {"tuple": (), "set": frozenset()}
"""The empty value of a field, where it is not None."""

Groups = tuple[list[Node], ...]
"""The elements of each source of a record."""

Straight = tuple[tuple[Reading, tuple[str, ...], tuple[str, ...]], ...]
"""Readings, each with the keys to its leaf, and those from what holds that to its side value."""

NOTHING: Final[tuple[Any, ...]] = (None, "", [], ())
"""Where there is nothing, there is nothing below, and nothing to report."""

MORE: Final = object()
"""Mark of a field with more to note than where its value is."""


def of_fields(plan: RecordPlan, only: Collection[str], path: str = "") -> RecordPlan:
    """Return the plan of some fields, which may lie within records of a record but not in lists."""
    fields: list[Field] = []
    for field in plan.fields:
        here = path + field.name
        if here in only:
            fields.append(field)
        elif isinstance(field, RecordField) and any(name.startswith(here + ".") for name in only):
            fields.append(attrs.evolve(field, plan=of_fields(field.plan, only, here + ".")))
    return attrs.evolve(plan, fields=tuple(fields))


def first_of(group: Groups) -> int:
    """Return the first source that has an element in a group."""
    for index, part in enumerate(group):
        if part:
            return index
    raise ValueError("a group has an element")


def says_more(values: Mapping[str, Any], nothing: Mapping[str, Any], implied: Collection[str]) -> bool:
    """Whether an item has a value that was read, in a field that its list does not fill."""
    return any(name not in implied and value != nothing[name] for name, value in values.items())


def passing(groups: Iterable[Groups], known: Sequence[tuple[bool, bool]], made: list[Any]) -> Iterator[Groups]:
    """Yield the groups of the items to read; for others that the list gets, put None into it.

    The noticing run also meets an object that is absent; where some are and others are there and empty, all are read.
    """
    found = list(groups)
    if len(found) < len(known):
        known = [one for one in known if any(one)]
    if len(found) != len(known):
        known = [(True, True)] * len(found)
    for group, (gets, reads) in zip(found, known, strict=True):
        if reads:
            yield group
        elif gets:
            made.append(None)


@define
class Tracer:
    """One traced run over one document."""

    lone: bool = False
    """Whether a lone value counts as a list of one (XML cannot distinguish them)."""
    redacted: bool = False
    """Whether words about persons were taken out of the document."""
    joins: Mapping[Keys, int] = attrs.field(factory=dict)
    """Places of join keys whose words were withheld, each with a number; equal keys have equal numbers."""
    root: Tree = None
    """The document."""
    write: Callable[[Keys, Tree], str] = json_of
    """Writes an object or a list in the notation of the source."""
    known: Mapping[str, list[tuple[bool, bool]]] = attrs.field(factory=dict)
    """For lists that are read in part, by path and for each item: whether the list gets it, and whether to read it."""
    until: tuple[str, int] = ("", 0)
    """A list, by path, and the index of the item behind which nobody asks for more of it."""
    field: str | None = None
    """The field that is being read."""
    doubtful: list[tuple[str, Node]] = attrs.field(factory=list)
    """Numbers that may be nines without a value: with the field of each."""
    denied: list[tuple[Reading, Node]] = attrs.field(factory=list)
    """The boxes of the field that are answered no."""
    misshapen: set[Keys] = attrs.field(factory=set)
    """Places whose wrong shape has been reported."""
    offered: dict[Keys, tuple[ItemSource, str, Node]] = attrs.field(factory=dict)
    """Elements of `lends` rows by place: the source, the first list that offers them, and the node of their key."""
    asked: set[Keys] = attrs.field(factory=set)
    """Places of elements that were lent."""
    traces: list[Trace] = attrs.field(factory=list)
    findings: dict[Finding, None] = attrs.field(factory=dict)
    missing: list[Missing] = attrs.field(factory=list)
    gaps: set[Missing] = attrs.field(factory=set)
    """The entries of `missing` for words that say why there is no value, and are no problem."""
    lacking: defaultdict[str, Counter[MissingKind]] = attrs.field(factory=lambda: defaultdict(Counter))
    """Counts of `missing` by field and kind, so that nobody searches the list, which can be long."""

    def run(self, plan: RecordPlan, tree: Tree, only: Collection[str] | None = None) -> Any:
        """Return the root record of a document, or of `only` these fields."""
        self.root = tree
        values = self.values(plan if only is None else of_fields(plan, only), ([Node(tree, ())],), "")
        opened = opening(plan) if self.offered else set()
        for keys, (source, path, node) in self.offered.items():
            if keys not in self.asked and source.absolute not in opened:
                self.report(Problem.UNMATCHED, path, node)
        if self.doubtful and any(one.problem is Problem.SENTINEL for one in self.findings):
            for path, node in self.doubtful:
                self.report(Problem.AMBIGUOUS, path, node)
        if self.missing:
            values["missing"] = (*(values.get("missing") or ()), *self.missing)
        return build(plan.cls, values)

    def values(self, plan: RecordPlan, groups: Groups, prefix: str) -> dict[str, Any]:
        """Return the values of the fields of one record."""
        made = {}
        for field in plan.fields:
            path = prefix + field.name
            if isinstance(field, ValueField):
                value = self.agreeing(field.straight, groups, path) if field.straight else MORE
                made[field.name] = self.plain(field, groups, path) if value is MORE else value
            elif isinstance(field, ItemsField):
                made[field.name] = self.items(field, groups, path)
            else:
                made[field.name] = build(field.plan.cls, self.values(field.plan, groups, path + "."))
        return made

    # plain values ---------------------------------------------------------------------------------------------------

    def plain(self, field: ValueField, groups: Groups, path: str) -> Any:
        """Return the value of a field of plain values."""
        self.field = path
        if field.beginnings and path not in self.lacking and self.is_absent(field.beginnings, groups):
            return _EMPTY.get(field.container)
        if field.constant is not None:
            if field.row is not None:
                self.traces.append(Trace(path, (), "", field.row.name))
            return field.constant
        if field.derived and not field.readings:
            value = self.derived(field.derived, groups, path)
            if value is None:
                return _EMPTY.get(field.container)
            if field.container == "one":
                self.fill(path)
            return value
        found: list[tuple[Reading, Node, Any]] = []
        others: list[tuple[Reading, Node, Any]] = []
        self.denied = []
        for reading in field.readings:
            # words that could not be read may contradict a fallback
            second = reading.fallback and field.container == "one" and (bool(found) or self.is_unread(path))
            for start in groups[reading.source]:
                for node, value in self.converted(reading, start, path, second):
                    (others if second else found).append((reading, node, value))
        for boxes in () if self.is_unread(path) or (found and field.container == "one") else field.sets:
            self.complete(boxes, groups, path, ticked=bool(found))
        if self.denied:
            self.settle(found, path)
        if field.container == "one":
            value = self.first(found, path)
            if value is not None:
                value = self.compare(value, others, path)
            if field.derived and value is None and not self.is_unread(path):
                value = self.derived(field.derived, groups, path)
                if value is not None:
                    self.fill(path)
            return value
        if field.container == "sum":
            self.note_all(found, path)
            if path in self.lacking and +self.lacking[path]:
                return None  # a summand that is there has no number, and it is known why
            if found and any(self.lacks_numbers(reading, found, groups) for reading in field.readings):
                self.lack(path, MissingKind.INCOMPLETE)
                return None
            return sum(value for _, _, value in found) if found else None
        whole = not self.is_unread(path) and not self.lacks(path, MissingKind.WITHHELD)
        none = bool(found) and self.lacks(path, MissingKind.NONE_STATED)
        if none and any("ticked" in reading.row.options for reading in field.readings):
            self.missing.remove(_missing(path, MissingKind.NONE_STATED))
            del self.lacking[path]
        if field.container == "set":
            self.note_all(found, path)
            # if one member could not be read, the set is empty, never incomplete
            return frozenset(value for _, _, value in found) if whole else frozenset()
        if field.sets and not whole:
            self.note_all(found, path)
            return ()
        order: dict[Any, int] = {}
        for reading, node, value in found:
            self.note(reading, node, f"{path}[{order.setdefault(value, len(order))}]")
        return tuple(order)

    def agreeing(self, readings: Straight, groups: Groups, path: str) -> Any:
        """Return the value of a field if its leaves agree and there is no more to note; else `MORE`.

        Nearly all fields end here. `plain` reads the others from the beginning: nothing is noted before that is sure.
        """
        self.field = path
        if path in self.lacking:
            return MORE
        traces: list[Trace] = []
        first, behind = None, False
        for reading, keys, aside in readings:
            verb, second = reading.verb, reading.fallback and first is not None
            for start in groups[reading.source]:
                value = holder = start.value
                for key in keys:
                    if value.__class__ is dict:
                        holder, value = value, value.get(key)
                    elif value in NOTHING:
                        value = None
                        break
                    else:
                        return MORE
                side: Any = None
                if aside:
                    side = holder.get(aside[0]) if holder.__class__ is dict else MORE
                    if side is not None and (side.__class__ is not str or len(aside) > 1 or value in NOTHING):
                        return MORE  # a side value that is there alone takes the place of the leaf
                if value is None or (aside and value in NOTHING):
                    continue
                words = value if value.__class__ is str else None
                if words is None and isinstance(value, dict | list):
                    return MORE
                if self.redacted and words == WITHHELD:
                    return MORE
                try:
                    made = verb.convert(value, side) if aside else verb.convert(value)
                except (UnreadableWords, NoValue):
                    return MORE
                if made is None and words == "":
                    continue
                if not second and verb.remark is not None and verb.remark(value, made) is not None:
                    return MORE
                if aside and verb.aside is not None and verb.aside(side) is not None:
                    return MORE
                if verb.sentinel is not None and is_doubtful(value):
                    return MORE
                if made is None:
                    continue
                if behind and not second:
                    return MORE  # it comes before what fallback rows have read
                behind = second
                together = made if first is None else agreed(first, made)
                if together is not None:
                    first = together
                elif not second or not is_within(made, first):
                    return MORE
                words = words_of(value) if words is None else words
                relation = reading.relations[words] if verb.words else None
                here = start.keys if start.opened else start.keys + keys
                traces.append(Trace(path, here, words, reading.row.name, relation))
                if side:
                    here = start.keys if start.opened else (*start.keys, *keys[:-1], *aside)
                    traces.append(Trace(path, here, side, reading.row.name))
        self.traces += traces
        return first

    @staticmethod
    def is_absent(beginnings: Iterable[tuple[int, str]], groups: Groups) -> bool:
        """Whether nothing is at the keys at which the paths of a field begin."""
        for source, key in beginnings:
            for start in groups[source]:
                if start.value.__class__ is not dict or start.value.get(key) not in (None, []):
                    return False
        return True

    def lacks_numbers(self, reading: Reading, found: list[tuple[Reading, Node, Any]], groups: Groups) -> bool:
        """Whether an element that should have a number in a sum has none."""
        if reading.each is None:
            return False
        count = sum(len(self.walk(start, reading.each)) for start in groups[0])
        return sum(one is reading for one, _, _ in found) < max(1, count)

    def settle(self, found: list[tuple[Reading, Node, Any]], path: str) -> None:
        """Report boxes that are answered no where the same is answered yes, in one object or text."""
        stated = {(value, node.keys[:-1]) for _, node, value in found} if self.denied else set()
        for reading, node in self.denied:
            if any((value, node.keys[:-1]) in stated for value in reading.verb.ticked):
                self.report(Problem.CONFLICT, path, node)
            if not found:  # a box that is ticked is what the value was read from
                self.note(reading, node, path)

    def complete(self, boxes: BoxSet, groups: Groups, path: str, *, ticked: bool) -> None:
        """Report a set of boxes that lacks one; where one is left blank, the others do not deny all."""
        for start, holder in [(one, node) for one in groups[boxes.source] for node in self.walk(one, boxes.holder)]:
            answers = [
                {write_path(below): node for below in box for node in self.walk(holder, below)}
                for index, box in enumerate(boxes.boxes)
                if not self.is_apart(boxes, index, start)
            ]
            answers += [{write_path(below): node for below in boxes.beside for node in self.walk(holder, below)}]
            filled = [[node for node in found.values() if is_filled(node.value)] for found in answers]
            if not (ticked or self.denied if any(filled[:-1]) else any(filled)):
                continue  # there are no answers, or only reasons for none
            if not all(any(node.value is not None for node in found.values()) for found in answers[:-1]):
                words = {name: node.value for found in answers for name, node in found.items()}
                self.report(Problem.BAD_VALUE, path, Node(words, holder.keys, opened=True))
                for node in itertools.chain(*filled):
                    self.traces.append(Trace(path, node.keys, words_of(node.value), boxes.row.name, unread=True))
                self.lack(path, MissingKind.UNREADABLE)
            elif self.denied and not ticked and not all(filled[:-1]):
                self.gap(NoValue(MissingKind.UNKNOWN), path)

    def is_apart(self, boxes: BoxSet, index: int, start: Node) -> bool:
        """Whether a record lacks a box by right."""
        path, holds = boxes.unless.get(index, ((), None))
        return holds is not None and any(holds(node.value) for node in self.walk(start, path))

    def first(self, found: list[tuple[Reading, Node, Any]], path: str) -> Any:
        """Return the first value, completed by those that agree, which add evidence; others are reported."""
        if not found:
            return None
        first = found[0][2]
        if len(found) == 1:
            self.note(*found[0][:2], path)
            self.fill(path)
            return first
        for reading, node, value in found:
            together = agreed(first, value)
            if together is not None:
                first = together
            if together is not None or reading.as_compared(value) == reading.as_compared(first):
                self.note(reading, node, path)
            else:
                self.report(Problem.CONFLICT, path, node)
        self.fill(path)
        return first

    def compare(self, value: Any, others: list[tuple[Reading, Node, Any]], path: str) -> Any:
        """Return a value, completed by those of its fallback rows that agree; others are reported as a conflict."""
        for reading, node, other in others:
            together = agreed(value, other)
            if together is not None or is_within(other, value):
                value = value if together is None else together
                self.note(reading, node, path)
            elif reading.differs:
                self.remark(reading, node, other, path)
            else:
                self.report(Problem.CONFLICT, path, node)
        return value

    def remark(self, reading: Reading, node: Node, value: Any, path: str) -> None:
        """Report what the verb remarks on a value, such as an unknown word of an open vocabulary."""
        problem = None if reading.verb.remark is None else reading.verb.remark(node.value, value)
        if problem is not None:
            self.report(problem, path, node)

    def fill(self, path: str) -> None:
        """Remove the entries of a field that has a value now; they are near the end of the list."""
        if path not in self.lacking:
            return
        left, index = sum(self.lacking.pop(path).values()), len(self.missing)
        while left and index:
            index -= 1
            if self.missing[index].field == path:
                del self.missing[index]
                left -= 1

    def lack(self, path: str, kind: MissingKind) -> None:
        """Note why a field has no value, once: of several reasons the strongest, of equal ones the first."""
        known = next(iter(+self.lacking[path]), None) if path in self.lacking else None
        if known is None:
            self.missing.append(_missing(path, kind))
        elif strength(kind) > strength(known):
            index = len(self.missing) - 1 - self.missing[::-1].index(_missing(path, known))
            self.missing[index] = _missing(path, kind)
        else:
            return
        self.lacking[path] = Counter((kind,))

    def gap(self, gone: NoValue, path: str) -> None:
        """Note that words say why a field has no value, or has no more than it has."""
        self.lack(path, gone.kind)
        if gone.problem is None:
            self.gaps.add(_missing(path, gone.kind))

    def lacks(self, path: str, kind: MissingKind) -> bool:
        """Whether a field has been noted as having no value for this reason."""
        return path in self.lacking and self.lacking[path][kind] > 0

    def take_back(self, start: int) -> list[Missing]:
        """Remove and return the entries of `missing` from index `start` on."""
        gone = self.missing[start:]
        del self.missing[start:]
        for entry in gone:
            self.lacking[entry.field][entry.kind] -= 1
        return gone

    def note_all(self, found: list[tuple[Reading, Node, Any]], path: str) -> None:
        """Note every place that a field was read from."""
        seen = set()
        for reading, node, _ in found:
            if (reading.row.name, node.keys) not in seen:
                seen.add((reading.row.name, node.keys))
                self.note(reading, node, path)

    def note(self, reading: Reading, node: Node, path: str) -> None:
        """Note one place that a field was read from."""
        words = words_of(node.value)
        relation = reading.relations[words] if reading.verb.words else None
        self.traces.append(Trace(path, node.keys, words, reading.row.name, relation))
        if node.beside is not None:
            self.traces.append(Trace(path, node.beside.keys, words_of(node.beside.value), reading.row.name))

    def report(self, problem: Problem, path: str | None, node: Node) -> None:
        """Add a finding."""
        value = node.value
        if isinstance(value, dict | list):
            words = (json_of if node.opened else self.write)(node.keys, value)[:200]
        else:
            words = words_of(value)
        self.findings[Finding(problem, path, node.keys, words)] = None

    def report_shape(self, node: Node) -> None:
        """Report a shape that the path does not expect, once, for the first field that meets it."""
        if node.keys not in self.misshapen:
            self.misshapen.add(node.keys)
            self.report(Problem.WRONG_TYPE, self.field, node)

    def converted(self, reading: Reading, start: Node, path: str, second: bool = False) -> Iterable[tuple[Node, Any]]:
        """Return (node, value) for each value that a reading finds below `start`.

        A `second` place is read although the field has a value: words that cannot be read are reported, no more.
        """
        if reading.place:
            nodes = self.walk(start, reading.path[:-1])
            return [(Node("", node.keys), place_at(node.keys, reading.place, reading.lists)) for node in nodes]
        if reading.side is None:
            nodes = self.walk(start, reading.path)
            return self.values_of(reading, [(node, (node.value,)) for node in nodes], path, second) if nodes else ()
        pairs = [pair for parent in self.walk(start, reading.path[:-1]) for pair in self.beside(parent, reading)]
        return self.values_of(reading, pairs, path, second)

    def values_of(
        self, reading: Reading, pairs: list[tuple[Node, tuple[Any, ...]]], path: str, second: bool
    ) -> Iterator[tuple[Node, Any]]:
        """Yield (node, value) for each node with the arguments of the verb."""
        holds = reading.verb.holds
        for node, arguments in pairs:
            if holds is not None and not holds(arguments[1]):
                continue
            if isinstance(node.value, dict | list):
                if node.value:
                    self.unread(Problem.WRONG_TYPE, path, node, reading.row, second)
                continue
            if self.redacted and node.value == WITHHELD:
                if not second:
                    self.lack(path, MissingKind.WITHHELD)
                self.note(reading, node, path)
                continue
            try:
                value = reading.verb.convert(*arguments)
            except UnreadableWords as error:
                self.unread(error.problem, path, node, reading.row, second)
                continue
            except NoValue as gone:
                if gone.problem is not None:
                    self.report(gone.problem, path, node)
                if not second:
                    self.gap(gone, path)
                if gone.kind is MissingKind.NONE_STATED and reading.verb.ticked:
                    self.denied.append((reading, node))
                else:
                    self.note(reading, node, path)
                continue
            if value is None and arguments[0] in (None, ""):
                continue
            if not second and reading.verb.remark is not None:
                self.remark(reading, node, value, path)
            if not second and reading.verb.aside is not None and (problem := reading.verb.aside(arguments[1])):
                self.report(problem, path, node.beside or node)
            if reading.verb.sentinel is not None and is_doubtful(node.value):
                self.doubtful.append((path, node))
            if value is None:
                continue
            if reading.several:
                yield from ((node, part) for part in value)
            else:
                yield node, value

    def beside(self, parent: Node, reading: Reading) -> Iterator[tuple[Node, tuple[Any, ...]]]:
        """Yield the node and arguments of a reading with a side value; its node replaces an absent main node."""
        last = reading.path[-1:]
        mains: list[Node | None] = [*self.walk(parent, last)]
        side = next(iter(self.walk(parent, reading.side or ())), None)
        sides = None if side is None or isinstance(side.value, dict | list) else side.value
        for main in mains if last[0].many else (mains or [None])[:1]:
            node = main if main is not None and main.value not in (None, "") else side
            if node is not None:
                given = None if main is None or isinstance(main.value, dict | list) else main.value
                both = node if node is side or sides in (None, "") else Node(node.value, node.keys, node.opened, side)
                yield both, (given, sides)

    def unread(self, problem: Problem, path: str, node: Node, row: Row, second: bool = False) -> None:
        """Report that a row could not read a value, and note that the field lacks it, unless this is a second place."""
        self.report(problem, path, node)
        self.traces.append(Trace(path, node.keys, words_of(node.value), row.name, unread=True))
        if not second and not self.is_unread(path):
            self.lack(path, MissingKind.UNREADABLE)

    def is_unread(self, path: str) -> bool:
        """Whether the field has words that could not be read."""
        return self.lacks(path, MissingKind.UNREADABLE)

    def derived(self, several: tuple[Derived, ...], groups: Groups, path: str) -> Any:
        """Return the first result of the functions of `derive.py` that is not None."""
        return next((made for one in several if (made := self.of_function(one, groups, path)) is not None), None)

    def of_function(self, derived: Derived, groups: Groups, path: str) -> Any:
        """Return the result of one function of `derive.py` for the values at its paths."""
        lists = [
            [node for start in groups[derived.source] for node in self.walk(start, below)] for below in derived.paths
        ]
        nodes = [node for found in lists for node in found]
        wrong = [node for node in nodes if isinstance(node.value, dict | list) and node.value]
        for node in wrong:
            self.unread(Problem.WRONG_TYPE, path, node, derived.row)
        if wrong:
            return None
        values = [[node.value for node in found] for found in lists]
        for place, index, problem in derived.remarks(*values) if derived.remarks is not None else ():
            self.report(problem, path, lists[place][index])
        try:
            value = derived.function(*values)
        except UnreadableWords as error:
            for node in self.unreadable(derived, lists, error.problem) or nodes:
                self.unread(error.problem, path, node, derived.row)
            return None
        except NoValue as gone:
            self.gap(gone, path)
            self.traces += [Trace(path, node.keys, words_of(node.value), derived.row.name) for node in nodes]
            return gone.rest
        relation = "derived" if derived.row.verb == "derive" else None
        if value is not None and value not in _EMPTY.values():
            for node in nodes:
                self.traces.append(Trace(path, node.keys, words_of(node.value), derived.row.name, relation))
        return value

    @staticmethod
    def unreadable(derived: Derived, lists: list[list[Node]], problem: Problem) -> list[Node]:
        """Return the words that a function cannot read, among others that it can: they are the same problem alone.

        Only unknown words are; answers that do not fit together are one problem.
        """
        wrong: list[Node] = []
        if problem is not Problem.UNKNOWN_CODE:
            return wrong
        for place, found in enumerate(lists):
            alone = [[node.value for node in found] if place == index else [] for index in range(len(lists))]
            try:
                derived.function(*alone)
            except UnreadableWords as error:
                wrong += found if error.problem is problem else []
            except NoValue:
                continue
        return wrong

    # items ----------------------------------------------------------------------------------------------------------

    def items(self, field: ItemsField, groups: Groups, path: str) -> tuple[Any, ...]:
        """Return the records of a list."""
        plan = field.plan
        made = Items(self.plain(field.values, groups, path) if field.values is not None else ())
        unique, opened = field.unique, dict[int, Groups]()
        nothing, needed = defaults(plan.cls), required(plan.cls)
        empty: dict[MissingKind, list[Trace]] = {}
        found, known = (self.joined if field.joined else self.concatenated)(plan, groups, path), self.known.get(path)
        last = self.until[1] if path == self.until[0] and not field.merges else None
        for group in found if known is None else passing(found, known, made):
            if last is not None and len(made) > last:
                break
            prefix = f"{path}[{len(made)}]"
            traces, missing = len(self.traces), len(self.missing)
            values = self.values(plan, group, prefix + ".")
            first = first_of(group)
            opener = plan.sources[first]
            if not says_more(values, nothing, field.implied[first]) and self.gaps.issuperset(self.missing[missing:]):
                for kind in dict.fromkeys(entry.kind for entry in self.missing[missing:]):
                    empty.setdefault(kind, []).extend(trace.moved(path) for trace in self.traces[traces:])
                self.drop(traces, missing)
                continue
            values |= opener.constants
            if any(values.get(name) is None for name in needed):
                self.drop(traces, missing, path)
                continue
            if opener.constants:
                opening = self.opening(opener, group[first][0])
                self.traces += [Trace(f"{prefix}.{name}", *opening) for name in opener.constants]
            item = build(plan.cls, values)
            count = len(made)
            place = None if field.values is not None and made.has(item) else made.take(item, opener)
            if place is None:
                self.drop(traces, missing)
            elif place < count:
                self.move(traces, missing, prefix, f"{path}[{place}]")
            elif unique:
                opened[place] = group
        for place in self.damaged(unique, path, made, opened):
            first = first_of(opened[place])
            element = opened[place][first][0]
            self.report(Problem.UNMATCHED, f"{path}[{place}]", self.key(plan.sources[first], element)[0] or element)
        for kind, notes in empty.items():
            self.gap(NoValue(kind), path)
            self.traces += notes
        return tuple(made)

    def damaged(self, unique: str, path: str, items: Sequence[Any], places: Iterable[int]) -> Iterator[int]:
        """Yield the places of items of a join that lack the field which identifies them, or share it."""
        seen: set[Any] = set()
        for place in places:
            value = getattr(items[place], unique)
            if (value is None and not self.is_unread(f"{path}[{place}].{unique}")) or value in seen:
                yield place
            seen.add(value)

    def opening(self, opener: ItemSource, element: Node) -> tuple[Keys, str, str]:
        """Return keys, words and row that opened an item: those of its `need` path, else of its element."""
        row = opener.row.name if opener.row else ""
        for node in self.walk(element, opener.need) if opener.need is not None else ():
            if node.value not in (None, "", [], {}):
                return node.keys, words_of(node.value) if not isinstance(node.value, dict | list) else "", row
        return element.keys, "", row

    def drop(self, traces: int, missing: int, path: str | None = None) -> None:
        """Remove the notes of a rejected item: all traces and missing entries since these two indexes.

        With the path of its list, unread words and missing kinds are kept as notes of the list.
        """
        unread, lacking = self.traces[traces:], self.take_back(missing)
        del self.traces[traces:]
        if path is not None:
            self.traces += [trace.moved(path) for trace in unread if trace.unread]
            for kind in dict.fromkeys(entry.kind for entry in lacking):
                if not self.lacks(path, kind):
                    self.lack(path, kind)

    def move(self, traces: int, missing: int, there: str, here: str) -> None:
        """Move the notes of an item to the item that it completes: from path `there` to path `here`."""
        self.traces[traces:] = [trace.moved(here + trace.field[len(there) :]) for trace in self.traces[traces:]]
        for entry in self.take_back(missing):
            self.lack(here + entry.field[len(there) :], entry.kind)

    def concatenated(self, plan: RecordPlan, groups: Groups, path: str) -> Iterator[Groups]:
        """Yield each element in a group of its own, source after source."""
        for index, source in enumerate(plan.sources):
            before: Groups = ([],) * index
            behind: Groups = ([],) * (len(plan.sources) - index - 1)
            for element in self.elements(source, groups, path):
                yield *before, [element], *behind

    def joined(self, plan: RecordPlan, groups: Groups, path: str) -> Iterator[Groups]:
        """Yield groups of elements with the same key."""
        if plan.sources[-1].lends:
            yield from self.helped(plan, groups, path)
            return
        found: dict[Any, Groups] = {}
        for index, source in enumerate(plan.sources):
            for element in self.elements(source, groups, path):
                node, key = self.key(source, element)
                if source.completes and key not in found:
                    self.report(Problem.UNMATCHED, path, node or element)
                    continue
                if source.copy and is_copy(key, found):
                    continue
                group = found.setdefault(object() if key is None else key, tuple([] for _ in plan.sources))
                group[index].append(element)
        yield from found.values()

    def helped(self, plan: RecordPlan, groups: Groups, path: str) -> Iterator[Groups]:
        """Look up: yield each element that opens an item, with the elements that its key refers to."""
        lent: defaultdict[Any, dict[int, Node]] = defaultdict(dict)
        left: dict[Keys, tuple[int, Node]] = {}
        for index, source in enumerate(plan.sources):
            for element in self.elements(source, groups, path) if source.lends else ():
                node, key = self.key(source, element)
                if is_filled(element.value):
                    self.offered.setdefault(element.keys, (source, path, node or element))
                    lent[key].setdefault(index, element)
                    if source.remains:
                        left[element.keys] = index, element
        lent.pop(None, None)
        for index, source in enumerate(plan.sources):
            for element in self.elements(source, groups, path) if not source.lends else ():
                group: Groups = tuple([] for _ in plan.sources)
                group[index].append(element)
                node, key = self.key(source, element)
                if key is not None and key not in lent:
                    self.report(Problem.UNMATCHED, path, node or element)
                for lender, other in lent.get(key, {}).items():
                    group[lender].append(other)
                    self.asked.add(other.keys)
                    left.pop(other.keys, None)
                yield group
        for index, element in left.values():
            yield tuple([element] if place == index else [] for place in range(len(plan.sources)))

    def key(self, source: ItemSource, element: Node) -> tuple[Node | None, Any]:
        """Return the node of an element's key, and the key in the form in which keys are compared."""
        nodes = [next(iter(self.walk(element, part)), None) for part in source.key]
        key = whole_key([None if node is None else self.key_part(node, source) for node in nodes])
        return next(filter(None, nodes), None), key

    def key_part(self, node: Node, source: ItemSource) -> Any:
        """Return the form in which a part of a key is compared; None where there is none."""
        withheld = None if node.opened else self.joins.get(node.keys)
        return key_of(node.value, source.lookup) if withheld is None else withheld

    def elements(self, source: ItemSource, groups: Groups, path: str) -> list[Node]:
        """Return the elements from which a source opens items of a list, in order."""
        self.field = path
        found = [node for start in groups[source.parent] for node in self.walk(start, source.path)]
        if source.need is not None:
            need = source.need
            found = [e for e in found if any(node.value not in (None, "") for node in self.walk(e, need))]
        if source.test is not None:
            test = source.test
            found = [e for e in found if test.function(*[[n.value for n in self.walk(e, path)] for path in test.paths])]
        if source.order is not None:
            order = source.order

            def number(element: Node) -> Any:
                node = next(iter(self.walk(element, order)), None)
                return node.value if node is not None else None

            found = ordered(found, number)
        return found

    # walking --------------------------------------------------------------------------------------------------------

    def walk(self, start: Node, path: Path) -> list[Node]:
        """Return the nodes at a path below `start`; report shapes that the path does not expect."""
        value, keys, opened = start.value, start.keys, start.opened
        for done, step in enumerate(path):
            if value.__class__ is not dict or step.opener or step.key == AROUND:
                return self.spread([Node(value, keys, opened)], path[done:])
            if step.key not in value:
                return []
            below = value[step.key]
            if step.many == "[]" and below.__class__ is list and not opened:
                keys = (*keys, step.key)
                nodes = [Node(element, (*keys, index)) for index, element in enumerate(below)]
                return self.spread(nodes, path[done + 1 :])
            if step.many or (below.__class__ is list and below):
                return self.spread([Node(value, keys, opened)], path[done:])
            value, keys = below, keys if opened else (*keys, step.key)
        return [Node(value, keys, opened)]

    def spread(self, nodes: list[Node], path: Path) -> list[Node]:
        """Return the nodes at a path below several."""
        for step in path:
            if step.key == AROUND:
                nodes = [self.around(node, step.many) for node in nodes]
                continue
            if step.opener:
                nodes = [node for text in nodes for node in self.opened(text, step.key)]
            else:
                nodes = [found for node in nodes if (found := self.member(node, step.key)) is not None]
            if not nodes:
                break
            if step.many:
                nodes = [element for node in nodes for element in self.several(node, step.many)]
            elif not step.opener and any(node.value.__class__ is list for node in nodes):
                nodes = [part for node in nodes for part in self.single(node)]
        return nodes

    def around(self, node: Node, many: str) -> Node:
        """Return the object around the list that holds an element."""
        keys = node.keys[:-2] if many == "{}" or isinstance(node.keys[-1], int) else node.keys[:-1]
        value = self.root
        for key in keys:
            value = value[key]
        return Node(value, keys)

    def member(self, node: Node, key: str) -> Node | None:
        """Return a member of an object; None where there is none."""
        if isinstance(node.value, dict):
            if key not in node.value:
                return None
            return Node(node.value[key], node.keys if node.opened else (*node.keys, key), node.opened)
        if node.value not in NOTHING:
            self.report_shape(node)
        return None

    def opened(self, node: Node, opener: str) -> list[Node]:
        """Return the root of the tree that an opener makes of a leaf."""
        if isinstance(node.value, str) and node.value.strip():
            return [Node(openers()[opener](node.value), node.keys, True)]
        if node.value is not None and not isinstance(node.value, str):
            self.report_shape(node)
        return []

    def several(self, node: Node, many: str) -> list[Node]:
        """Return the elements of a list or the values of an object keyed by ids."""
        value = node.value
        if isinstance(value, list):
            if many == "{}" and value:
                self.report_shape(node)
            return [self.below(node, index, element) for index, element in enumerate(value)]
        if isinstance(value, dict) and many == "{}":
            return [self.below(node, key, element) for key, element in value.items()]
        if value is None or (value == "" and not (self.lone or node.opened)):
            return []
        if not (self.lone or node.opened or many == "[?]" or value == {}):
            self.report_shape(node)
        return [] if value == {} else [node]

    def single(self, node: Node) -> list[Node]:
        """Return the node; a list where one value was expected gives its elements and is reported."""
        if not isinstance(node.value, list) or not node.value:
            return [node]
        if not node.opened:
            self.report_shape(node)
        return [self.below(node, index, element) for index, element in enumerate(node.value)]

    @staticmethod
    def below(node: Node, key: Key, value: Any) -> Node:
        """Return the node of an element."""
        return Node(value, node.keys if node.opened else (*node.keys, key), node.opened)
