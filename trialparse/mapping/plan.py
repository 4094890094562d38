"""The plan: the rows of a mapping arranged like the Trial that they fill; the fast and the traced run both read it."""

import itertools
import re
import types
import typing
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from trialparse.generated.classes import frozen, outline_of
from trialparse.mapping.rows import BESIDE, Codes, Meaning, Row, fold, reduced
from trialparse.mapping.verbs import (
    PARTED,
    TOGETHER,
    Known,
    Verb,
    condition,
    fillers_of,
    format_number,
    make_together,
    make_verb,
    term_of,
    with_signs_read,
)
from trialparse.model.agreeing import completed
from trialparse.model.values import Coded
from trialparse.readers.paths import (
    AROUND,
    NESTED_PLACE,
    PLACE,
    PLACES,
    Path,
    Step,
    begins_with,
    parse_path,
    resolved,
    unopened,
    write_path,
)
from trialparse.tsv import TableError

Derive = Callable[..., Any]


@frozen(kw_only=True)
class Reading:
    """One place that a field is read from."""

    row: Row
    source: int
    """Index of the source, among those of the record it belongs to, that the path starts from."""
    path: Path
    """Path from an element of that source."""
    verb: Verb
    side: Path | None = None
    """Path of the side value (a label, a unit), from the object that holds the path's last step."""
    several: bool = False
    """Whether the verb returns a set or tuple whose values are added to the field one by one."""
    fallback: bool = False
    """Whether the reading counts only if the others give nothing."""
    differs: bool = False
    """Whether a fallback may differ by right."""
    opened: bool = False
    """Whether the source's elements come from an opener."""
    each: Path | None = None
    """Of a sum: path, from the record, of the elements that have a number each."""
    same: Mapping[str, Meaning] = attrs.field(factory=dict)
    """The list of words that do not differ where they have one term."""
    kept: str = ""
    """The characters of words that the source did not drop, if it dropped others."""
    place: Path = ()
    """Path, from the record, of the element whose place it reads; empty for a reading of words."""
    lists: int = 1
    """In how many lists it is a place: its own, and those around that."""

    @cached_property
    def relations(self) -> Known:
        """The relation to our term of each word that it has read; None if its code list lacks the word."""
        meanings = self.verb.words or {}
        return Known(lambda words: None if (meaning := meanings.get(fold(words))) is None else meaning.relation)

    def as_compared(self, value: Any) -> Any:
        """Return the form in which a value is compared with others of its field."""
        meaning = self.same.get(fold(value)) if self.same else None
        if meaning is not None:
            return meaning.term
        return reduced(value, self.kept) if self.kept and isinstance(value, str) else value


@frozen(kw_only=True)
class Derived:
    """A function of several paths, of a verb or of `derive.py`, and the paths whose values it receives."""

    row: Row
    source: int
    paths: tuple[Path, ...]
    function: Derive
    remarks: Derive | None = None
    """The function that reports problems of the same values: place of the path, place of the value, and problem."""
    opened: bool = False


@frozen(kw_only=True)
class BoxSet:
    """Boxes that a form prints together: a record has all of them, or none."""

    source: int
    holder: Path
    """Path from an element of that source to the object that holds the boxes."""
    boxes: tuple[tuple[Path, ...], ...]
    """For each box the paths from there that it may be at."""
    beside: tuple[Path, ...]
    """Paths from there to what is printed with them."""
    row: Row
    """The row of the first box."""
    unless: Mapping[int, tuple[Path, Callable[[Any], bool]]] = attrs.field(factory=dict)
    """For boxes, by index, that some records lack by right: a path from the element, and the test of what is there."""
    opened: bool = False


@frozen(kw_only=True)
class ValueField:
    """A field that holds plain values."""

    name: str
    container: str
    """`one`, `tuple`, `set` or `sum`."""
    readings: tuple[Reading, ...] = ()
    derived: tuple[Derived, ...] = ()
    """Functions to try in order if no reading gives a value."""
    sets: tuple[BoxSet, ...] = ()
    """The sets of boxes that it is read from."""
    constant: Any = None
    row: Row | None = None

    @cached_property
    def straight(self) -> tuple[tuple[Reading, tuple[str, ...], tuple[str, ...]], ...]:
        """The readings of a field of one value if there is no more to reading it than to follow keys, else nothing.

        Each has the keys to its leaf, and those from what holds that to its side value. An opener, a list, a box,
        a condition and a function are more.
        """
        if self.container != "one" or self.derived or self.sets or not all(map(_is_straight, self.readings)):
            return ()
        return tuple((reading, _keys_of(reading.path), _keys_of(reading.side or ())) for reading in self.readings)

    @cached_property
    def beginnings(self) -> tuple[tuple[int, str], ...]:
        """The sources of its readings, each with the first key of a path: where none has anything, the field is empty.

        Empty if that is not so: there are boxes or functions, or a path begins with more than a key.
        """
        paths = [(one.source, path) for one in self.readings for path in _read_by(one)]
        aside = (AROUND, *PLACES)
        plain = all(
            path and path[0].key not in aside and not any(step.opener for step in path[:2]) for _, path in paths
        )
        if self.derived or self.sets or self.container == "sum" or not plain:
            return ()
        return tuple(dict.fromkeys((source, path[0].key) for source, path in paths))


def _read_by(reading: Reading) -> Iterator[Path]:
    """Yield the path of a reading, and that of its side value."""
    yield reading.path
    if reading.side is not None:
        yield reading.path[:-1] + reading.side


def _is_straight(reading: Reading) -> bool:
    """Whether keys lead to the leaf of a reading and to its side value, and that is all to it."""
    steps = (*reading.path, *(reading.side or ()))
    bent = any(step.many or step.opener or step.key in (AROUND, *PLACES) for step in steps)
    return not bent and not reading.several and reading.verb.holds is None


def _keys_of(path: Path) -> tuple[str, ...]:
    """Return the keys of a path."""
    return tuple(step.key for step in path)


@frozen(kw_only=True)
class RecordField:
    """A field that holds one record, read from the same elements as the record around it."""

    name: str
    plan: "RecordPlan"


@frozen(kw_only=True)
class ItemsField:
    """A field that holds a list of records, opened by `each` rows; rows of plain values come before them."""

    name: str
    plan: "RecordPlan"
    values: ValueField | None = None

    @cached_property
    def joined(self) -> bool:
        """Whether elements are joined by a key."""
        return any(source.key for source in self.plan.sources)

    @cached_property
    def unique(self) -> str:
        """The field of the items that each has and no two share; empty if there is none."""
        return next((source.unique for source in self.plan.sources if source.unique), "")

    @cached_property
    def merges(self) -> bool:
        """Whether an element may complete an item that is there."""
        return any(source.merge for source in self.plan.sources)

    @cached_property
    def implied(self) -> tuple[frozenset[str], ...]:
        """For items of each source the fields that no words fill."""
        fixed = {one.name for one in self.plan.fields if isinstance(one, ValueField) and one.constant is not None}
        return tuple(frozenset((*fixed, *source.constants)) for source in self.plan.sources)


Field = ValueField | RecordField | ItemsField


@frozen
class Condition:
    """A function of `derive.py` and the paths, from an element, whose values it receives; it returns a bool."""

    paths: tuple[Path, ...]
    function: Callable[..., bool]


@frozen(kw_only=True)
class ItemSource:
    """Where the items of a list come from: the elements at a path."""

    row: Row | None
    absolute: Path
    parent: int = 0
    path: Path = ()
    key: tuple[Path, ...] = ()
    """Paths whose values together are the join key; empty without a join."""
    lookup: Mapping[str, Any] | None = None
    """Code list through which keys are compared."""
    unique: str = ""
    """Field of the items that each has and no two share."""
    order: Path | None = None
    need: Path | None = None
    """Path that must have a value for an item to be opened."""
    test: Condition | None = None
    """What must hold for an item to be opened."""
    once: bool = False
    """Whether an item is left out if the list has an equal one."""
    merge: bool = False
    """Whether an item completes the first item that has the same constants and does not contradict it."""
    copy: bool = False
    """Whether an element whose key is a list of other keys opens no item."""
    completes: bool = False
    """Whether elements only complete items opened by the sources before."""
    remains: bool = False
    """Whether a lending element becomes an item itself if no item refers to its key."""
    lends: bool = False
    """Look-up: whether elements open no item but are attached to each item that refers to their key."""
    name: str = ""
    constants: Mapping[str, Any] = attrs.field(factory=dict)
    parent_opened: bool = False

    @property
    def looks_at(self) -> tuple[Path, ...]:
        """The paths, from an element, that decide whether and where it opens an item."""
        tested = () if self.test is None else self.test.paths
        return (*self.key, *filter(None, (self.order, self.need)), *tested)

    @property
    def opened(self) -> bool:
        """Whether the elements come from an opener."""
        return any(step.opener for step in self.absolute)


@frozen(kw_only=True)
class RecordPlan:
    """How one record class is filled."""

    cls: type
    fields: tuple[Field, ...]
    sources: tuple[ItemSource, ...]


def make_plan(
    cls: type, rows: list[Row], codes: Codes, derive: Mapping[str, Derive], blank: frozenset[str], kept: str = ""
) -> RecordPlan:
    """Arrange the rows of a mapping by the record class that they fill; raises TableError."""
    maker = _Maker(codes, derive, blank, kept)
    tasks = [(tuple(row.field.split(".")), row) for row in rows if row.verb != "ignore"]
    return maker.record(cls, tasks, (ItemSource(row=None, absolute=()),))


_Task = tuple[tuple[str, ...], Row]


@frozen
class _Maker:
    codes: Codes
    derive: Mapping[str, Derive]
    blank: frozenset[str]
    kept: str
    verbs: dict[Any, Verb] = attrs.field(factory=dict)

    def record(self, cls: type, tasks: list[_Task], sources: tuple[ItemSource, ...]) -> RecordPlan:
        """Plan one record class from the rows whose remaining field path starts in it."""
        known = {name: kind for name, (kind, _) in outline_of(cls).items()}
        groups: dict[str, list[_Task]] = {}
        for path, row in tasks:
            name = path[0].removesuffix("[]")
            if name not in known:
                raise TableError(f"{row.where}: {cls.__name__} has no field {name!r}")
            groups.setdefault(name, []).append((path, row))
        fields = tuple(self.field(name, known[name], groups[name], sources) for name in known if name in groups)
        return RecordPlan(cls=cls, fields=fields, sources=sources)

    def field(self, name: str, annotation: Any, tasks: list[_Task], sources: tuple[ItemSource, ...]) -> Field:
        """Plan one field."""
        container, target = element_of(annotation)
        row = tasks[0][1]
        if tasks[0][0][0].endswith("[]") != (container != "one"):
            raise TableError(f"{row.where}: {name} is{' not' * (container == 'one')} a list")
        here = [row for path, row in tasks if len(path) == 1 and row.verb != "each"]
        openers = [row for path, row in tasks if len(path) == 1 and row.verb == "each"]
        below = [(path[1:], row) for path, row in tasks if len(path) > 1]
        values = self.value(name, container, target, here, sources) if here else None
        if not below:
            if values is None:
                raise TableError(f"{row.where}: nothing is read for {name}")
            return values
        if container == "one":
            return RecordField(name=name, plan=self.record(target, below, sources))
        own = tuple(self.source(opener, target, sources) for opener in openers)
        if not own:
            raise TableError(f"{row.where}: no `each` row opens {name}")
        plan = self.record(target, below, own)
        if any(one.lends and not other.lends for one, other in itertools.pairwise(own)) or own[0].lends:
            raise TableError(f"{row.where}: rows that lend come after those that open items")
        idle = set(range(len(own))) - _used(plan)
        if idle:
            raise TableError(f"{openers[min(idle)].where}: no row reads from the items that it opens")
        return ItemsField(name=name, plan=plan, values=values)

    def source(self, row: Row, cls: type, parents: tuple[ItemSource, ...]) -> ItemSource:
        """Plan the elements of an `each` row."""
        parent, path = _start(row, row.path, parents)
        known = {name: kind for name, (kind, _) in outline_of(cls).items()}
        options = dict(row.options)
        key, _, lookup = options.pop("key", "").partition(":")
        order, need, name, unique, test = (options.pop(word, "") for word in ("order", "need", "as", "unique", "if"))
        options.pop("of", None)
        if unique and unique not in known:
            raise TableError(f"{row.where}: {cls.__name__} has no field {unique!r}")
        constants = {}
        for field, term in options.items():
            if field not in known:
                raise TableError(f"{row.where}: {cls.__name__} has no field {field!r}")
            constants[field] = term_of(term, element_of(known[field])[1])
            if element_of(known[field])[1] is Coded:
                constants[field] = Coded(term=term)
        return ItemSource(
            row=row,
            absolute=row.path,
            parent=parent,
            path=path,
            key=tuple(_outward(row, parse_path(part), row.path) for part in key.split("+") if part),
            lookup={word: meaning.terms for word, meaning in self.codes[lookup].items()} if lookup else None,
            unique=unique,
            order=parse_path(order) if order else None,
            need=_outward(row, parse_path(need), row.path) if need else None,
            test=self.test(row, test) if test else None,
            once="once" in row.words,
            merge="merge" in row.words,
            copy="copy" in row.words,
            completes="completes" in row.words,
            remains="remains" in row.words,
            lends="lends" in row.words,
            name=name,
            constants=constants,
            parent_opened=parents[parent].opened,
        )

    def test(self, row: Row, words: str) -> Condition:
        """Plan the option `if` of an `each` row: paths and a function."""
        paths, _, function = words.partition(":")
        parts = tuple(_outward(row, parse_path(part), row.path) for part in paths.split("+"))
        return Condition(paths=parts, function=self.derive[function])

    def value(
        self, name: str, container: str, target: Any, rows: list[Row], sources: tuple[ItemSource, ...]
    ) -> ValueField:
        """Plan a field of plain values."""
        first = rows[0]
        if first.verb == "constant":
            term = term_of(first.words[0], target)
            constant = {"one": term, "tuple": (term,), "set": frozenset((term,))}[container]
            return ValueField(name=name, container=container, constant=constant, row=first)
        plain = list(itertools.takewhile(lambda row: row.verb not in TOGETHER, rows))
        derived = tuple(self.derived(row, target, sources) for row in rows[len(plain) :])
        if not plain:
            return ValueField(name=name, container=container, derived=derived, row=first)
        if derived and container != "one":
            row = derived[0].row
            raise TableError(f"{row.where}: a {row.verb} row may follow other rows only in a field of one value")
        readings = tuple(
            reading for row in plain for reading in self.readings(row, target, container == "set", sources)
        )
        if first.verb == "sum":
            container = "sum"
        sets = tuple(_sets_of(readings))
        return ValueField(name=name, container=container, readings=readings, derived=derived, sets=sets, row=first)

    def derived(self, row: Row, target: Any, sources: tuple[ItemSource, ...]) -> Derived:
        """Plan a row that reads several paths together; only such rows may follow it."""
        if row.verb not in TOGETHER:
            raise TableError(f"{row.where}: follows a row of {' or '.join(TOGETHER)}, where it would never be read")
        starts = [_start(row, path, sources) for path in row.paths]
        if len({source for source, _ in starts}) != 1:
            raise TableError(f"{row.where}: the paths of a {row.verb} row start at one element")
        own = row.verb == "derive"
        function = (
            with_signs_read(self.derive[row.words[0]]) if own else make_together(row, target, self.codes, self.blank)
        )
        return Derived(
            row=row,
            source=starts[0][0],
            paths=tuple(_outward(row, path, sources[source].absolute) for source, path in starts),
            function=function,
            remarks=self.derive.get(f"{row.words[0]}_remarks") if own else None,
            opened=sources[starts[0][0]].opened,
        )

    def readings(self, row: Row, target: Any, many: bool, sources: tuple[ItemSource, ...]) -> list[Reading]:
        """Plan a row for each source that it belongs to."""
        if row.verb == "place":
            return _places(row, sources)
        key = (row.verb, row.words, row.argument, target, many, bool(fillers_of(row)))
        if key not in self.verbs:
            self.verbs[key] = make_verb(row, target, many, self.codes, self.blank)
        verb = self.verbs[key]
        side = next((row.options[option] for option in BESIDE if option in row.options), "")
        side = side.partition(":")[0]
        found = []
        for source, path in _starts(row, row.path, sources):
            path = _outward(row, path, sources[source].absolute)
            beside = parse_path(side) if side and not side.isupper() else None
            if beside and beside[0].key == AROUND:
                beside = _outward(row, beside, row.path[:-1])
            found.append(
                Reading(
                    row=row,
                    source=source,
                    path=path,
                    verb=verb,
                    side=beside,
                    several=(many and row.verb == "code") or row.verb == "identifier" or bool(PARTED & {*row.words}),
                    fallback="fallback" in row.marks,
                    differs="differs" in row.marks,
                    opened=sources[source].opened,
                    each=_of_record(row, sources) if "each" in row.options else None,
                    same=self.codes[row.options["same"]] if "same" in row.options else {},
                    kept=self.kept,
                )
            )
        return found


def _places(row: Row, sources: tuple[ItemSource, ...]) -> list[Reading]:
    """Plan a row that reads the place of an element, which is that of a source or around it."""
    wanted, found = row.options.get("of", ""), []
    key, lists = (NESTED_PLACE, 2) if "nested" in row.words else (PLACE, 1)
    for index, source in enumerate(sources):
        if begins_with(source.absolute, row.path) and (not wanted or source.name == wanted):
            left = source.absolute[len(row.path) :][::-1]
            outward = tuple(Step(AROUND, step.many) for step in left)
            path = (*outward, Step(key))
            found.append(Reading(row=row, source=index, path=path, verb=Verb(str), place=row.path, lists=lists))
    listed = [step for step in row.path if step.many == "[]"]
    whole = len(listed) >= lists and listed[-1] is row.path[-1] and not any(step.opener for step in row.path)
    if not found or not whole:
        raise TableError(f"{row.where}: place is that of an element of a list, which an item is made of or lies in")
    return found


def opening(plan: RecordPlan) -> set[Path]:
    """Return the paths whose elements start a list item of their own, not only inside their parent."""
    found = {source.absolute for source in plan.sources if (not source.lends and source.path) or source.remains}
    for field in plan.fields:
        if not isinstance(field, ValueField):
            found |= opening(field.plan)
    return found


def of_redacted(plan: RecordPlan) -> RecordPlan:
    """Return the plan for records in which words about persons were withheld."""

    def marked(field: ValueField) -> ValueField:
        readings = [attrs.evolve(one, verb=attrs.evolve(one.verb, withheld=True)) for one in field.readings]
        return attrs.evolve(field, readings=tuple(readings))

    fields: list[Field] = []
    for field in plan.fields:
        if isinstance(field, ValueField):
            fields.append(marked(field))
        elif isinstance(field, RecordField):
            fields.append(attrs.evolve(field, plan=of_redacted(field.plan)))
        else:
            values = None if field.values is None else marked(field.values)
            fields.append(attrs.evolve(field, plan=of_redacted(field.plan), values=values))
    return attrs.evolve(plan, fields=tuple(fields))


def fields_with(plan: RecordPlan, wanted: Callable[[ItemSource], Any]) -> Iterator[str]:
    """Yield the fields of a record in which, or below which, a source of items is wanted."""
    for field in plan.fields:
        if not isinstance(field, ValueField):
            own = field.plan.sources if isinstance(field, ItemsField) else ()
            if any(map(wanted, own)) or any(fields_with(field.plan, wanted)):
                yield field.name


def _sets_of(readings: Iterable[Reading]) -> Iterator[BoxSet]:
    """Yield the sets of boxes among the readings of a field."""
    holders: dict[tuple[int, Path], list[Reading]] = {}
    for reading in readings:
        if "ticked" in reading.row.options or "with" in reading.row.options:
            holders.setdefault((reading.source, reading.path[:-1]), []).append(reading)
    for (source, holder), found in holders.items():
        boxes: dict[str, list[Path]] = {}
        unless = {}
        for reading in found:
            boxes.setdefault(reading.row.options.get("box", reading.row.name), []).append(reading.path[-1:])
            path, _, words = reading.row.options.get("unless", "").partition(":")
            if words:
                unless[len(boxes) - 1] = parse_path(path), condition(words)
        beside = tuple(parse_path(one.row.options["with"]) for one in found if "with" in one.row.options)
        if len(boxes) > 1 or beside:
            yield BoxSet(
                source=source,
                holder=holder,
                boxes=tuple(map(tuple, boxes.values())),
                beside=beside,
                row=found[0].row,
                unless=unless,
                opened=found[0].opened,
            )


def _used(plan: RecordPlan) -> set[int]:
    """Return the sources from which the fields of a record are read."""
    used: set[int] = set()
    for field in plan.fields:
        values = field.values if isinstance(field, ItemsField) else field
        if isinstance(values, ValueField):
            used |= {reading.source for reading in values.readings}
            used |= {derived.source for derived in values.derived}
        if isinstance(field, ItemsField):
            used |= {source.parent for source in field.plan.sources}
        elif isinstance(field, RecordField):
            used |= _used(field.plan)
    return used


def element_of(annotation: Any) -> tuple[str, Any]:
    """Return the container (`one`, `tuple`, `set`) and the type of one value of a field."""
    origin = typing.get_origin(annotation)
    if origin is tuple:
        return "tuple", typing.get_args(annotation)[0]
    if origin is frozenset:
        return "set", typing.get_args(annotation)[0]
    if origin in (types.UnionType, typing.Union):
        return "one", next(part for part in typing.get_args(annotation) if part is not type(None))
    return "one", annotation


def _starts(row: Row, path: Path, sources: tuple[ItemSource, ...]) -> list[tuple[int, Path]]:
    """Return (index, path from there) of the sources that a row's path starts from: the longest that fit."""
    wanted = row.options.get("of", "")
    fitting = [
        index
        for index, source in enumerate(sources)
        if begins_with(path, source.absolute) and (not wanted or source.name == wanted)
    ]
    if not fitting:
        raise TableError(f"{row.where}: {write_path(path)} lies below none of the rows that open its list")
    longest = max(len(sources[index].absolute) for index in fitting)
    return [(index, path[longest:]) for index in fitting if len(sources[index].absolute) == longest]


def _start(row: Row, path: Path, sources: tuple[ItemSource, ...]) -> tuple[int, Path]:
    return _starts(row, path, sources)[0]


def _of_record(row: Row, sources: tuple[ItemSource, ...]) -> Path:
    """Return the path, from the record, of the elements that a sum has a number for."""
    if sources[0].absolute:
        raise TableError(f"{row.where}: each= is for a sum over the record, not over the items of a list")
    return parse_path(row.options["each"])


def _outward(row: Row, path: Path, element: Path) -> Path:
    """Return a path below an element, in which each step out (`^`) has the kind of the list that it leaves."""
    if all(step.key != AROUND for step in path):
        return path
    steps = next((index for index, step in enumerate(path) if step.key != AROUND), len(path))
    left, leaf = element[-steps:][::-1] if steps else (), path[steps:]
    listed = row.verb == "derive"  # a function takes the values of a list too
    plain = leaf and all((listed or not step.many) and step.key != AROUND for step in leaf)
    beside = row.path[-len(path) :] == path and any(option in row.options for option in BESIDE)
    if not plain or beside or not steps or len(left) < steps or not left[0].many:
        raise TableError(f"{row.where}: `^` leads from an element of a list to a lone leaf of an object around it")
    if any(step.opener for step in element):
        raise TableError(f"{row.where}: `^` does not lead out of what an opener made")
    return (*(attrs.evolve(step, many=out.many) for step, out in zip(path, left, strict=False)), *leaf)


def lent(plan: RecordPlan) -> set[Path]:
    """Return the paths, from the root, that lead out of a list."""
    found: set[Path] = set()
    for source in plan.sources:
        found |= {source.absolute + path for path in source.looks_at if path[0].key == AROUND}
    for field in plan.fields:
        values = field.values if isinstance(field, ItemsField) else field
        if isinstance(values, ValueField):
            paths = [plan.sources[one.source].absolute + one.path for one in values.readings if one.path]
            beside = [
                (plan.sources[one.source].absolute, one.path[:-1], one.side) for one in values.readings if one.side
            ]
            paths += [base + path + side for base, path, side in beside]
            paths += [plan.sources[one.source].absolute + path for one in values.derived for path in one.paths]
            found |= {unopened(path) for path in paths if any(step.key == AROUND for step in path)}
        if not isinstance(field, ValueField):
            found |= lent(field.plan)
    return found


def placed(plan: RecordPlan) -> set[Path]:
    """Return the paths, from the root, of elements and then of the places that are read of them."""
    found: set[Path] = set()
    for field in plan.fields:
        values = field.values if isinstance(field, ItemsField) else field
        if isinstance(values, ValueField):
            found |= {(*one.place, one.path[-1]) for one in values.readings if one.place}
        if not isinstance(field, ValueField):
            found |= placed(field.plan)
    return found


def joins(plan: RecordPlan) -> Iterator[Path]:
    """Yield the paths, from the root, of join keys."""
    yield from (resolved(source.absolute + part) for source in plan.sources for part in source.key)
    for field in plan.fields:
        if not isinstance(field, ValueField):
            yield from joins(field.plan)


def joined_sources(plan: RecordPlan) -> Iterator[tuple[ItemSource, ...]]:
    """Yield the sources of each list whose elements a key brings together."""
    for field in plan.fields:
        if isinstance(field, ItemsField):
            sources = tuple(source for source in field.plan.sources if source.key)
            if len(sources) > 1:
                yield sources
        if not isinstance(field, ValueField):
            yield from joined_sources(field.plan)


class Items(list[Any]):
    """The growing items of one list; a new item may equal an earlier one, or complete it."""

    LOOK_BACK = 200
    """How many items back to look for one to complete: more than registers need, but bounded."""
    _known: Counter[Any] | None = None
    """Counts of the first `_counted` items, made once the list is too long to search."""
    _counted = 0

    def take(self, item: Any, source: ItemSource) -> int | None:
        """Add an item; return its index, that of the item it completes, or None if it is left out."""
        if source.once and self.has(item):
            return None
        if source.merge:
            for place in range(max(0, len(self) - self.LOOK_BACK), len(self)):
                there = self[place]
                for name, constant in source.constants.items():
                    if getattr(there, name) != constant:
                        break
                else:
                    whole = completed(there, item)
                    if whole is not None:
                        self.put(place, whole)
                        return place
        self.append(item)
        return len(self) - 1

    def has(self, item: Any) -> bool:
        """Whether an equal item is there."""
        if len(self) <= self.LOOK_BACK:
            return item in self
        if self._known is None:
            self._known = Counter()
        self._known.update(self[self._counted :])
        self._counted = len(self)
        return self._known[item] > 0

    def put(self, place: int, item: Any) -> None:
        """Replace the item at an index."""
        if self._known is not None and place < self._counted:
            self._known.update({self[place]: -1, item: 1})
        self[place] = item


def key_of(value: Any, lookup: Mapping[str, Any] | None) -> Any:
    """Return the form in which join keys are compared; None where there is no key."""
    if value is None or value == "" or isinstance(value, dict | list):
        return None
    if lookup is not None:
        folded = fold(value)
        return lookup.get(folded, folded)
    return value if isinstance(value, str) else format_number(value)


def whole_key(parts: list[Any]) -> Any:
    """Return the key made of these parts; None if all of them are missing."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return tuple(parts) if any(part is not None for part in parts) else None


_PARTED = re.compile(r"[,;/+]")
"""What parts the items of a flattened list."""


def is_copy(key: Any, keys: Collection[Any]) -> bool:
    """Whether a join key is a flattened list of other keys, whatever parts them; case is no difference.

    >>> is_copy("A, B", {"B": 1, "A": 2}), is_copy("A, C", {"A": 1}), is_copy("A, 5 %", {"A, 5 %": 1})
    (True, False, False)
    >>> is_copy("Alpha / beta", {"ALPHA": 1, "BETA": 2}), is_copy("a/b;C", {"A/B": 1, "C": 2})
    (True, True)
    """
    if not isinstance(key, str) or key in keys:
        return False
    items = {tuple(map(fold, _PARTED.split(one))) for one in keys if isinstance(one, str)}
    most = max(map(len, items), default=0)
    begun: tuple[str, ...] = ()
    for part in _PARTED.split(key):  # an item may hold a sign that parts others
        begun = (*begun, fold(part))
        if begun in items:
            begun = ()
        elif len(begun) >= most:
            return False
    return not begun


def ordered(elements: list[Any], first: Callable[[Any], Any]) -> list[Any]:
    """Return elements sorted by the number that `first` returns for each."""
    numbers = [order_of(first(element)) for element in elements]
    return [elements[place] for place in sorted(range(len(elements)), key=numbers.__getitem__)]


def order_of(value: Any) -> tuple[int, int]:
    """Return a sort key: numbers by value, true before false, everything else last in its own order."""
    if value.__class__ is int and -(2**63) < value < 2**63:
        return (0, value)
    if isinstance(value, bool):
        return (0, 0 if value else 1)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, int | float) and abs(value) < 2**63:
        return (0, int(value))
    return (1, 0)
