"""The leaves that a table reads, each with all uses of its words."""

import typing
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from trialparse.mapping.plan import ItemsField, ItemSource, Reading, RecordField, RecordPlan, ValueField
from trialparse.mapping.rows import Codes, Meaning, Row
from trialparse.readers.paths import Path, begins_with, resolved

Route = tuple[str, ...]
"""A path as words: each step as the table has it."""


@attrs.frozen(eq=False)
class Use:
    """One thing that is made of the words at a leaf."""

    verb: str
    """The verb; `split` for coded lists; for the rest what the words are for: `label`, `issuer`, `unit`, `when`,
    `key`, `order`, `need`, `derive` or `ignore`."""
    words: dict[str, Meaning] | None = None
    """The code list, where the words must be of one."""
    scheme: str = ""
    """Of an identifier."""
    forms: tuple[str, ...] = ()
    """Words of the row, such as `day-first`."""
    join: int = 0
    """Which join a key is of."""
    row: Row | None = None
    """The row that makes something of them."""
    side: Path = ()
    """Path, from the object around the leaf, of what has to be one of the row's words (`when`)."""
    wanted: tuple[str, ...] = ()
    """Those words."""


@attrs.define(eq=False)
class Leaf:
    """A place for words."""

    route: Route
    inside: str = ""
    """The innermost opener around it."""
    opened: bool = False
    """Whether an opener takes it apart."""
    uses: list[Use] = attrs.field(factory=list)
    with_it: set[Route] = attrs.field(factory=set)
    """Leaves that it needs: keys, numbers that order, the value that a label belongs to."""
    perhaps: set[Route] = attrs.field(factory=set)
    """Leaves that are beside it in real documents."""
    facet: bool = False
    """Whether it is a variant of the leaf beside one word."""

    def has(self, *verbs: str) -> bool:
        """Whether one of the verbs uses it."""
        return any(use.verb in verbs for use in self.uses)

    def serves(self, row: Row) -> bool:
        """Whether its words are made for a row."""
        return not self.facet or any(use.row is row for use in self.uses)

    @property
    def conditions(self) -> list[tuple[Path, str]]:
        """The words that decide its use, each with its path beside the leaf."""
        return list(dict.fromkeys((use.side, word) for use in self.uses for word in use.wanted))

    def beside(self, side: Path, word: str) -> "Leaf":
        """Return the variant of the leaf beside this word."""
        uses = [use for use in self.uses if not use.wanted or (use.side == side and word in use.wanted)]
        return attrs.evolve(self, uses=uses, facet=True)


def route_of(path: Path) -> Route:
    """Return a path as words."""
    return tuple(str(step) for step in path)


@attrs.define
class Survey:
    """One pass over a plan."""

    codes: Codes
    leaves: dict[Route, Leaf] = attrs.field(factory=dict)
    joins: int = 0
    of_field: dict[int, frozenset[Route]] = attrs.field(factory=dict)
    """By id of a field of the plan: the leaves that it or anything below it reads."""
    _seen: list[Route] = attrs.field(factory=list)

    def at(self, path: Path) -> Leaf:
        """Return the leaf at a path from the root."""
        path = resolved(path)
        route = route_of(path)
        self._seen.append(route)
        if route not in self.leaves:
            openers = [step for step in path if step.opener]
            self.leaves[route] = Leaf(route, openers[-1].key if openers else "")
        for index, step in enumerate(path):
            if step.opener:
                self.at(path[:index]).opened = True
        return self.leaves[route]

    def record(self, plan: RecordPlan, above: frozenset[Route] = frozenset()) -> None:
        """Take in a record; `above` are the keys and numbers of the lists around it."""
        for field in plan.fields:
            before = len(self._seen)
            if isinstance(field, RecordField):
                self.record(field.plan, above)
            elif isinstance(field, ItemsField):
                if field.values is not None:
                    self.value(field.values, plan, above)
                self.items(field.plan, above)
            else:
                self.value(field, plan, above)
            self.of_field[id(field)] = frozenset(self._seen[before:])

    def items(self, plan: RecordPlan, above: frozenset[Route]) -> None:
        """Take in a list of records with its keys and numbers."""
        self.joins += 1
        found = set(above)
        for source in plan.sources:
            found |= set(self.options(source))
            if source.lends:
                self._seen.append(route_of(source.absolute))  # unused elements are reported
        self.record(plan, frozenset(found))

    def options(self, source: ItemSource) -> Iterator[Route]:
        """Take in what an `each` row looks at."""
        keys = [("key", path) for path in source.key]
        tested = [("derive", path) for path in source.test.paths] if source.test is not None else []
        for verb, path in (*keys, ("order", source.order), ("need", source.need), *tested):
            if path is not None:
                leaf = self.at(source.absolute + path)
                listed = self._list(source.row, "key") if verb == "key" and source.lookup is not None else None
                leaf.uses.append(Use(verb, listed, join=self.joins))
                yield leaf.route

    def _list(self, row: Row | None, option: str) -> dict[str, Meaning]:
        return self.codes[row.options[option].partition(":")[2]] if row is not None else {}

    def value(self, field: ValueField, plan: RecordPlan, above: frozenset[Route]) -> None:
        """Take in a field of plain values."""
        for reading in field.readings:
            if reading.place:
                self._seen.append(route_of(reading.place))  # an empty element has a place
                continue
            base = plan.sources[reading.source].absolute
            leaf = self.at(base + reading.path)
            leaf.uses.append(attrs.evolve(self.use(reading), row=reading.row, **_condition(reading)))
            leaf.with_it |= above - {leaf.route}
            if reading.side is not None:
                beside = self.at(base + reading.path[:-1] + reading.side)
                beside.uses.append(self.side(reading.row))
                beside.with_it |= {leaf.route, *above} - {beside.route}
                leaf.perhaps.add(beside.route)
        for boxes in field.sets:
            base = plan.sources[boxes.source].absolute + boxes.holder
            together = {self.at(base + box[0]).route for box in boxes.boxes}
            for box in boxes.boxes:
                for path in box:
                    leaf = self.at(base + path)
                    leaf.with_it |= together - {self.at(base + other).route for other in box}
        for derived in field.derived:
            base = plan.sources[derived.source].absolute
            for path in derived.paths:
                self.at(base + path).uses.append(self.part(derived.row))

    def part(self, row: Row) -> Use:
        """Return the use of a value that a row reads together with others."""
        if row.verb == "boxes":
            return Use("code", self.codes[row.options["answers"]])
        return Use("text" if row.verb == "joined" else row.verb)

    def side(self, row: Row) -> Use:
        """Return the use of the side value of a row."""
        if "when" in row.options:
            return Use("when", forms=tuple(row.options["when"].partition(":")[2].removeprefix("!").split(",")))
        if row.verb == "identifier":
            return Use("issuer")
        option = {"duration": "unit", "date": "planned"}.get(row.verb)
        return Use("unit", self._list(row, option)) if option else Use("label")

    def use(self, reading: Reading) -> Use:
        """Return the use of the value of a row."""
        row = reading.row
        if row.verb in ("code", "coded"):
            verb = "split" if "split" in row.words else row.verb
            return Use(verb, self.codes[row.words[0]], forms=row.words)
        if row.verb == "duration" and "iso" in row.words:
            return Use("iso", forms=row.words)
        if row.verb in ("identifier", "canonical"):
            return Use("identifier", scheme=row.words[0] if row.words else "")
        return Use("integer" if row.verb == "sum" else row.verb, forms=row.words)


def _condition(reading: Reading) -> dict[str, Any]:
    """Return the words that a row requires beside its own."""
    words = reading.row.options.get("when", "").partition(":")[2]
    if not words or reading.side is None or words.startswith("!"):
        return {}
    return {"side": reading.side, "wanted": tuple(word for word in words.split(",") if word != "-")}


def survey(plan: RecordPlan, rows: Iterable[Row], codes: Codes) -> Survey:
    """Return the paths that a mapping reads or ignores, except catch-alls and paths ignored only if empty."""
    found = Survey(codes)
    found.record(plan)
    ignoring = [row for row in rows if row.verb == "ignore" and "empty" not in row.marks]
    ignored = [row.path for row in ignoring if not any(step.key == "**" for step in row.path)]
    taken = [tuple(route) for route in found.leaves]
    for path in ignored:
        route = route_of(path)
        bare = tuple(str(step.key) for step in path)
        if not any(_overlap(bare, _bare(other)) for other in taken):
            found.leaves[route] = Leaf(route, uses=[Use("ignore")])
    return found


def _bare(route: Route) -> Route:
    return tuple(step.rstrip("[]{}?") for step in route)


def _overlap(one: Route, other: Route) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def target_of(cls: type, name: str) -> Any:
    """Return the type of one value of a field."""
    annotation = attrs.fields_dict(cls)[name].type
    while typing.get_origin(annotation) is not None:
        annotation = next(part for part in typing.get_args(annotation) if part not in (type(None), Ellipsis))
    return annotation


__all__ = ["Leaf", "Route", "Use", "begins_with", "route_of", "survey", "target_of"]
