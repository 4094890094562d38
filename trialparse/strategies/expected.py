"""What a table makes of a draft: its grammar once more, without places or speed, from words whose value is known.

Nothing of the two runs of the engine is used here. A field whose places disagree is no silent document:
such words are collected in `repairs`, to be taken out of the draft.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from trialparse.mapping.grammar import VERBATIM
from trialparse.mapping.plan import (
    BoxSet,
    Derived,
    ItemsField,
    ItemSource,
    Reading,
    RecordField,
    RecordPlan,
    ValueField,
    is_copy,
    opening,
    whole_key,
)
from trialparse.mapping.rows import Codes, Meaning, Row, fold
from trialparse.mapping.verbs import NoValue, UnreadableWords
from trialparse.model import Missing
from trialparse.model.building import defaults
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import MissingKind
from trialparse.model.values import Code, Coded, Duration
from trialparse.readers.paths import AROUND, Path
from trialparse.strategies.leaves import Leaf, route_of, target_of
from trialparse.strategies.words import Word, dated


class Branch(dict[str, list[Any]]):
    """A node of a draft: its children by step, as the step is written in the table; a text that is opened, too."""

    raw: str | None = None
    """The text, where an opener takes the node apart."""
    around: "Branch | None" = None
    """The node around it."""


Groups = tuple[list[Any], ...]


def reach(node: Any, path: Path) -> list[Any]:
    """Return the nodes at a path below a node."""
    nodes = [node]
    for step in route_of(path):
        if step.startswith(AROUND):
            nodes = [found.around for found in nodes]
            continue
        nodes = [child for found in nodes if isinstance(found, Branch) for child in found.get(step, ())]
    return nodes


def place_of(node: Any, path: Path, lists: int) -> str:
    """Return the place of a node in the last lists on the path to it."""
    places: list[str] = []
    for step in path[::-1]:
        if step.many:
            places.insert(0, str(1 + next(i for i, one in enumerate(node.around[str(step)]) if one is node)))
        node = node.around
    return ".".join(places[-lists:])


def words_in(node: Any) -> list[Word]:
    """Return all words at and below a node."""
    if not isinstance(node, Branch):
        return [node] if isinstance(node, Word) else []
    return [word for children in node.values() for child in children for word in words_in(child)]


def raw_of(node: Any) -> Any:
    """Return what the document holds at a node."""
    return node.raw if isinstance(node, Word | Branch) else None


def defaults_of(cls: type) -> dict[str, Any]:
    """Return the empty values of the fields of a record; NOTHING for a required one."""
    found = {}
    for field in attrs.fields(cls):
        default = field.default
        found[field.name] = default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]
    return found


def number_of(raw: Any) -> tuple[int, int]:
    """Return a sort key: numbers by value, true before false, everything else last."""
    if isinstance(raw, bool):
        return (0, int(not raw))
    return (0, int(raw)) if str(raw).strip().isdigit() else (1, 0)


class Reported(Exception):
    """The engine would report the words."""


class Without(Exception):
    """The words say why there is no value."""

    def __init__(self, kind: MissingKind, rest: Any = None) -> None:
        self.kind = kind
        self.rest = rest


@attrs.define
class Reader:
    """One reading of one draft."""

    codes: Codes
    blank: frozenset[str]
    quiet: frozenset[int] = frozenset()
    """Fields, by id, for which nothing was written."""
    missing: list[tuple[str, MissingKind]] = attrs.field(factory=list)
    repairs: list[tuple[Word | None, list[Any]]] = attrs.field(factory=list)
    """(words to copy, words to take out)."""
    offered: dict[int, tuple[Path, Any]] = attrs.field(factory=dict)
    """Elements of `lends` rows by id, each with its path."""
    asked: set[int] = attrs.field(factory=set)
    """Ids of elements that were lent."""

    def root(self, plan: RecordPlan, draft: Branch) -> Any:
        """Return the record that a draft must give."""
        values = self.record(plan, ([draft],), "")
        opened = opening(plan)
        for path, element in [other for name, other in self.offered.items() if name not in self.asked]:
            if path in opened:
                continue
            if words := [word for word in words_in(element) if word.raw is not None]:
                self.repairs.append((None, words))
        made = plan.cls(**values)
        missing = tuple(Missing(field=field, kind=kind) for field, kind in self.missing)
        return attrs.evolve(made, missing=missing) if missing else made

    def record(self, plan: RecordPlan, groups: Groups, path: str) -> dict[str, Any]:
        """Return the values of the fields of one record."""
        values: dict[str, Any] = {}
        for field in plan.fields:
            if id(field) in self.quiet:
                continue
            here = path + field.name
            if isinstance(field, RecordField):
                values[field.name] = field.plan.cls(**self.record(field.plan, groups, here + "."))
            elif isinstance(field, ItemsField):
                values[field.name] = self.items(field, plan, groups, here)
            else:
                values[field.name] = self.plain(field, plan.cls, groups, here)
        return values

    # lists ----------------------------------------------------------------------------------------------------------

    def items(self, field: ItemsField, above: RecordPlan, groups: Groups, path: str) -> tuple[Any, ...]:
        """Return the items of a list."""
        plan = field.plan
        made = list(self.plain(field.values, above.cls, groups, path)) if field.values is not None else []
        empty = defaults_of(plan.cls)
        fixed = {one.name for one in plan.fields if isinstance(one, ValueField) and one.constant is not None}
        silent: dict[MissingKind, None] = {}
        for group in self.joined(plan, groups):
            gone = len(self.missing)
            values = self.record(plan, group, f"{path}[{len(made)}].")
            opener = next(source for source, part in zip(plan.sources, group, strict=True) if part)
            constants = opener.constants
            stated = any(value != empty[name] for name, value in values.items() if name not in {*fixed, *constants})
            values |= constants
            lacking = any(values.get(name) is None for name, default in empty.items() if default is attrs.NOTHING)
            if not stated:
                silent |= dict.fromkeys(kind for _, kind in self.missing[gone:])
                del self.missing[gone:]
                continue
            if lacking:
                lost = [kind for _, kind in self.missing[gone:]]
                del self.missing[gone:]
                for kind in lost:
                    self.lack(path, kind)
                continue
            item = plan.cls(**values)
            if (field.values is not None or opener.once) and item in made:
                del self.missing[gone:]
                continue
            place = self.merged(made, item, opener.constants) if opener.merge else None
            if place is None:
                made.append(item)
            else:
                there, here = f"{path}[{len(made)}]", f"{path}[{place}]"
                self.missing[gone:] = [(here + field[len(there) :], kind) for field, kind in self.missing[gone:]]
        for kind in silent:
            self.lack(path, kind)
        return tuple(made)

    def lack(self, path: str, kind: MissingKind) -> None:
        """Note why a field has no value, once: that none is stated counts least."""
        known = next((entry for entry in self.missing if entry[0] == path), None)
        if known is None:
            self.missing.append((path, kind))
        elif known[1] is MissingKind.NONE_STATED:
            self.missing[self.missing.index(known)] = (path, kind)

    @staticmethod
    def merged(made: list[Any], item: Any, constants: Mapping[str, Any]) -> int | None:
        """Complete the first item that has the same constants and contradicts nothing."""
        fields = attrs.fields_dict(type(item))
        for index, there in enumerate(made):
            pairs = {name: (getattr(there, name), getattr(item, name)) for name in fields}
            cls: Any = type(item)
            silent = defaults(cls)
            stated = {name: [value for value in pair if value != silent[name]] for name, pair in pairs.items()}
            agree = all(len(values) < 2 or values[0] == values[1] for values in stated.values())
            if agree and all(pairs[name][0] == value for name, value in constants.items()):
                made[index] = attrs.evolve(there, **{name: values[0] for name, values in stated.items() if values})
                return index
        return None

    def joined(self, plan: RecordPlan, groups: Groups) -> list[Groups]:
        """Return groups of elements with the same key."""
        if plan.sources[-1].lends:
            return self.helped(plan, groups)
        together: dict[Any, Groups] = {}
        for index, source in enumerate(plan.sources):
            for element in self.elements(source, groups):
                key = self.key(source, element)
                mark = key if key is not None else (index, id(element))
                if source.completes and mark not in together:
                    needed = [node for node in reach(element, source.need or ()) if isinstance(node, Word)]
                    self.repairs.append((None, needed or [node for key in source.key for node in reach(element, key)]))
                    continue
                if source.copy and is_copy(mark, together):
                    continue
                together.setdefault(mark, tuple([] for _ in plan.sources))[index].append(element)
        return list(together.values())

    def helped(self, plan: RecordPlan, groups: Groups) -> list[Groups]:
        """Look up: return each element that opens an item, with the elements that its key refers to."""
        found: list[Groups] = []
        left: dict[int, Groups] = {}
        asked: set[int] = set()
        for index, source in enumerate(plan.sources):
            for element in self.elements(source, groups):
                if source.lends:
                    self.offered[id(element)] = source.absolute, element
                    if source.remains:
                        left[id(element)] = tuple([element] if p == index else [] for p in range(len(plan.sources)))
                    continue
                key = self.key(source, element)
                group: Groups = tuple([element] if place == index else [] for place in range(len(plan.sources)))
                for place, lender in enumerate(plan.sources):
                    for other in self.elements(lender, groups) if lender.lends and key is not None else ():
                        if self.key(lender, other) == key:
                            group[place].append(other)
                            self.asked.add(id(other))
                            asked.add(id(other))
                            break
                if key is not None and not any(part for place, part in enumerate(group) if place != index):
                    self.repairs.append((None, [node for path in source.key for node in reach(element, path)]))
                found.append(group)
        return found + [group for name, group in left.items() if name not in asked]

    def key(self, source: ItemSource, element: Any) -> Any:
        """Return the join key of an element."""
        return whole_key([self.key_part(source, path, element) for path in source.key])

    def key_part(self, source: ItemSource, path: Path, element: Any) -> Any:
        """Return a part of the join key of an element."""
        raw = next((raw_of(node) for node in reach(element, path)), None)
        if raw is None or raw == "":
            return None
        if source.row is not None and source.lookup is not None:
            meaning = self.codes[source.row.options["key"].partition(":")[2]].get(fold(raw))
            return ("word", fold(raw)) if meaning is None else ("term", meaning.term)
        return ("raw", str(raw))

    def elements(self, source: ItemSource, groups: Groups) -> list[Any]:
        """Return the elements that open items, in order."""
        found = [element for start in groups[source.parent] for element in reach(start, source.path)]
        if source.need is not None:
            need = source.need
            found = [one for one in found if any(raw_of(node) not in (None, "") for node in reach(one, need))]
        if source.test is not None:
            test = source.test
            found = [e for e in found if test.function(*[[raw_of(n) for n in reach(e, path)] for path in test.paths])]
        if source.order is not None:
            order = source.order
            found.sort(key=lambda one: number_of(next((raw_of(node) for node in reach(one, order)), None)))
        return found

    # plain values ---------------------------------------------------------------------------------------------------

    def plain(self, field: ValueField, cls: type, groups: Groups, path: str) -> Any:
        """Return the value of a field of plain values."""
        if field.constant is not None:
            return field.constant
        if field.derived and not field.readings:
            value = self.derived(field.derived, groups, target_of(cls, field.name), path)
            if value is None:
                return {"tuple": (), "set": frozenset()}.get(field.container)
            if field.container == "one":
                self.missing = [one for one in self.missing if one[0] != path]
            return value
        found: list[tuple[Reading, list[Any], Any]] = []
        target = target_of(cls, field.name)
        for reading in field.readings:
            if not (found and reading.fallback and field.container == "one"):
                for start in groups[reading.source]:
                    found += self.read(reading, start, target, path)
        values = [value for _, _, value in found]
        for boxes in field.sets if not found or field.container != "one" else ():
            self.whole(boxes, groups)
        if field.container == "one":
            value = self.first(found, path)
            if value is None and field.derived:
                value = self.derived(field.derived, groups, target_of(cls, field.name), path)
                if value is not None:
                    self.missing = [(field, kind) for field, kind in self.missing if field != path]
            return value
        if field.container == "sum":
            for reading in field.readings if values else ():
                if reading.each is not None:
                    count = sum(1 for start in groups[0] for _ in reach(start, reading.each))
                    if sum(one is reading for one, _, _ in found) < max(1, count):
                        self.missing.append((path, MissingKind.INCOMPLETE))
                        return None
            return sum(values) if values else None
        if values and any("ticked" in reading.row.options for reading in field.readings):
            self.missing = [one for one in self.missing if one != (path, MissingKind.NONE_STATED)]
        return frozenset(values) if field.container == "set" else tuple(dict.fromkeys(values))

    def whole(self, boxes: BoxSet, groups: Groups) -> None:
        """Take out the words of a set of boxes that lacks one."""
        for start, holder in [(one, node) for one in groups[boxes.source] for node in reach(one, boxes.holder)]:
            answers = [[node for path in box for node in reach(holder, path)] for box in boxes.boxes]
            for index, (path, holds) in boxes.unless.items():
                if any(holds(raw_of(node)) for node in reach(start, path)):
                    answers[index] = answers[index - 1]
            beside = [node for path in boxes.beside for node in reach(holder, path)]
            filled = [[node for node in found if self.words_at(node)] for found in [*answers, beside]]
            if any(filled) and not all(filled[:-1]):
                self.repairs.append((None, [node for found in filled for node in found]))

    def derived(self, several: tuple[Derived, ...], groups: Groups, target: Any, path: str) -> Any:
        """Return the first result of the functions that is not None."""
        for derived in several:
            try:
                value = self.of_function(derived, groups, target)
            except Without as without:
                self.lack(path, without.kind)
                value = without.rest
            if value is not None:
                return value
        return None

    def of_function(self, derived: Derived, groups: Groups, target: Any) -> Any:
        """Return what a verb, or a function of the registry, makes of the values at its paths."""
        lists = [[n for start in groups[derived.source] for n in reach(start, below)] for below in derived.paths]
        if derived.row.verb == "boxes":
            return self.boxes(derived, lists, target)
        if derived.row.verb == "joined":
            return self.together(derived.row, [word for found in lists for n in found if (word := self.words_at(n))])
        values = [[raw_of(node) for node in found] for found in lists]
        for place, index, _ in derived.remarks(*values) if derived.remarks is not None else ():
            self.repairs.append((None, [lists[place][index]]))
        try:
            return derived.function(*values)
        except NoValue as gone:
            raise Without(gone.kind, gone.rest) from None
        except UnreadableWords:  # the engine would report it
            self.repairs.append((None, [node for found in lists for node in found]))
            return None

    def boxes(self, derived: Derived, lists: list[list[Any]], target: Any) -> Any:
        """Return the term for boxes that all have an answer; if only some have one, the words are to be repaired."""
        row, answers, why = derived.row, [], list[str]()
        for found in lists:
            terms = [self.meaning(row.options["answers"], word.text).term for n in found if (word := self.words_at(n))]
            why += [term for term in terms if term.startswith("?")]
            answers.append(next((term for term in terms if term in ("true", "false")), ""))
        if all(answers):
            term = self.meaning(row.words[0], "+".join(answers)).term
            if term.startswith("?"):
                raise Without(MissingKind[term.removeprefix("?")])
            return None if term == "-" else self.member(target, term)
        if any(answers):
            self.repairs.append((None, [node for found in lists for node in found]))
        elif why:
            raise Without(MissingKind[why[0].removeprefix("?")])
        return None

    @staticmethod
    def together(row: Row, words: list[Word]) -> str | None:
        """Return words as one text on one line."""
        between = ", " if "commas" in row.words else " - " if "dashes" in row.words else " "
        fillers = placeholders()
        stated = [word for word in words if word.text.casefold() not in fillers]
        if words and not stated:
            raise Without(fillers[words[0].text.casefold()])
        words = stated
        return between.join(re.sub("[ \\t\\r\\n]+", " ", word.text) for word in words) or None

    def first(self, found: list[tuple[Reading, list[Any], Any]], path: str) -> Any:
        """Return the first value; words of another one are to be repaired."""
        if not found:
            return None
        _, words, first = found[0]
        for _, others, value in found[1:]:
            if value != first:
                same = len(words) == len(others) == 1 and words[0].leaf is others[0].leaf
                self.repairs.append((words[0] if same else None, others))
        self.missing = [(field, kind) for field, kind in self.missing if field != path]
        return first

    def read(self, reading: Reading, start: Any, target: Any, path: str) -> Iterable[tuple[Reading, list[Any], Any]]:
        """Return the values that a reading finds below an element, each with its words."""
        pairs: list[tuple[Any, Any]]
        if reading.place:
            return [
                (reading, [], place_of(node, reading.place, reading.lists)) for node in reach(start, reading.path[:-1])
            ]
        if reading.side is None:
            pairs = [(node, None) for node in reach(start, reading.path)]
        else:
            pairs = []
            for parent in reach(start, reading.path[:-1]):
                side = next(iter(reach(parent, reading.side)), None)
                words = reach(parent, reading.path[-1:])
                several = reading.path[-1].many
                pairs += [(word, side) for word in (words if several else [*words, None][:1])]
        found = []
        for word, side in pairs:
            words = [node for node in (word, side) if isinstance(node, Word)]
            try:
                value = self.value(reading, self.words_at(word), self.words_at(side), target)
            except Reported:
                self.repairs.append((None, words))
            except Without as without:
                self.lack(path, without.kind)
            else:
                parts = value if reading.several and value is not None else (value,)
                found += [(reading, words, part) for part in parts if part is not None]
        return found

    def words_at(self, node: Any) -> Word | None:
        """Return the words at a node, None where it is empty."""
        if isinstance(node, Branch):
            node = Word(Leaf(()), node.raw)  # a text that an opener takes apart
        return None if node is None or node.raw is None or node.text in self.blank else node

    def stage(self, row: Row, side: Word | None) -> tuple[str, ...]:
        """Return the word of a row for the words beside a date: planned or past."""
        if side is None or "planned" not in row.options:
            return ()
        terms = self.terms(row.options["planned"].partition(":")[2], side)
        return {"true": ("estimated",), "false": ("actual",)}.get(next(iter(terms), ""), ())

    def value(self, reading: Reading, word: Word | None, side: Word | None, target: Any) -> Any:
        """Return what a row makes of words; raises Reported and Without."""
        row = reading.row
        if "when" in row.options:
            words = row.options["when"].partition(":")[2]
            wanted = [fold(word.replace("_", " ")) for word in words.removeprefix("!").split(",")]
            beside = "-" if side is None else fold(str(side.raw).replace("_", " "))
            if beside in ("-", *wanted) if words.startswith("!") else beside not in wanted:
                return None
            side = None
        if word is not None and not word.leaf.serves(row):
            raise Reported
        if row.verb == "coded":
            return self.coded(reading, word, side)
        if "behind" in row.options:
            return " ".join(self.text(row, part) for part in (side, word) if part is not None) or None
        if word is None:
            return None
        if row.verb in ("text", "coding") and not VERBATIM.fullmatch(row.field):
            kind = placeholders(prose=row.verb == "text" and "one-line" not in row.words).get(word.text.casefold())
            if kind is not None:
                raise Without(kind)
        if row.verb == "text":
            return self.text(row, word)
        if row.verb == "coding":
            return Code(system=row.words[0], value=word.text)
        if row.verb == "date":
            return dated(word.value, (*row.words, *self.stage(row, side)))
        if row.verb == "number":
            return float(word.value)
        if row.verb == "code":
            terms = self.terms(row.words[0], word)
            members = [self.member(target, term) for term in terms]
            return (frozenset(members) if reading.several else members[0]) if members else None
        if row.verb == "duration":
            return self.duration(reading, word, side)
        if row.verb == "canonical":
            return word.value.value
        if row.verb == "identifier":
            other = side is not None and word.value.scheme == "other"
            return (attrs.evolve(word.value, issuer=side.text) if other and side is not None else word.value,)
        return word.value

    @staticmethod
    def text(row: Row, word: Word) -> str:
        """Return the words, on one line where the row asks for it."""
        return re.sub("[ \\t\\r\\n]+", " ", word.text) if "one-line" in row.words else word.text

    def coded(self, reading: Reading, word: Word | None, side: Word | None) -> Any:
        """Return the term and the words, or those of the label."""
        name = reading.row.words[0]
        if word is None:
            word, side = side, None
        if word is None:
            return None
        if "split" in reading.row.words and fold(word.text) not in self.codes[name]:
            parts = [part.strip() for part in word.text.split(",")]
            return tuple(Coded(term=self.only(name, part), text=part) for part in parts)
        if "ticked" in reading.row.options:
            box = self.meaning(name, word.text)
            self.terms(name, word)
            return None if box.text is None else Coded(term=box.term, text=box.text)
        term = " ".join(self.terms(name, word)) or None
        text = (side or word).text
        if "split" in reading.row.words and term is not None:
            return tuple(Coded(term=one.strip(), text=text) for one in term.split("|"))
        made = Coded(term=term, text=text)
        return (made,) if reading.several else made

    def only(self, name: str, part: str) -> str:
        """Return the term of a part of a list, which must be known."""
        term = self.meaning(name, part).term
        if term.startswith(("?", "-")):
            raise Reported
        return term

    def duration(self, reading: Reading, word: Word, side: Word | None) -> Duration:
        """Return a number and its unit."""
        if "iso" in reading.row.words:
            made: Duration = word.value
            return made
        where, _, name = reading.row.options["unit"].partition(":")
        unit = target_of(Duration, "unit")
        if where.isupper():
            return Duration(value=word.value, unit=unit[where])
        terms = self.terms(name, side) if side is not None else ()
        return Duration(value=word.value, unit=unit[terms[0]] if terms else None)

    def terms(self, name: str, word: Word) -> tuple[str, ...]:
        """Return the terms of a word in a code list."""
        terms = tuple(self.meaning(name, word.text).term.split())
        if terms and terms[0].startswith("?"):
            raise Without(MissingKind[terms[0].removeprefix("?")])
        return () if terms == ("-",) else terms

    def meaning(self, name: str, word: str) -> Meaning:
        """Return what a word means."""
        meaning = self.codes[name].get(fold(word))
        if meaning is None:
            raise Reported
        return meaning

    @staticmethod
    def member(target: Any, term: str) -> Any:
        """Return the term of a type."""
        if target is bool:
            return {"true": True, "false": False}[term]
        return term if target is str else target[term]
