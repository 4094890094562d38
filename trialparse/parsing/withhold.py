"""Keeping persons out: records in which the words about persons are replaced before anything is read from them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import attrs

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.generated.classes import define
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.folder import rows_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import joins
from trialparse.mapping.traced import Node, Tracer
from trialparse.mapping.verbs import condition
from trialparse.parsing.numbering import matcher
from trialparse.parsing.persons import Persons
from trialparse.parsing.phones import ANYTHING, about
from trialparse.parsing.record import Record
from trialparse.prepared import prepared, prepared_property
from trialparse.readers.json import BIG, Duplicates, Survey
from trialparse.readers.paths import Key, Keys, Path, resolved
from trialparse.readers.shapes import OutOfRange, Tree
from trialparse.readers.source import Document

MARKS: Final = ("name", "person", "organisation")
"""The marks of rows about persons; where a place has several, the first counts."""
NAME, PERSON, ORGANISATION, TEXT = range(4)
"""What is at a place: the meaning of a mark, or any text."""
NewKeys = dict[str, str]
"""Keys that have a person in them -> what they are called instead."""


def redact(record: Record) -> Record:
    """Return the record with the words about persons replaced, everywhere in it; its tree is changed in place.

    Replaced are the values of contact fields, e-mail addresses and telephone numbers anywhere, and the names in
    contact fields where they occur in other fields. Different keys may be alike without a name, so the record
    holds which of them were one: lists are joined as they would be with all words.
    """
    path = _person_path(frozenset((*_routes(record.format),)))
    whole, finds = record.walked(partial(_look, path=path))
    tree, remarks = record.examined()
    around, beside = record.raw.page()
    finds.keys.update(record.raw.headers())
    if record.raw.around is not None:
        finds.keys.update(key for key in record.raw.base if isinstance(key, str))
    finds.look([around], _person_path(frozenset()))
    read = record.leaves(tree)
    persons = Persons(finds.names() if read is tree else _names(read, path))
    keys_of_joins = _keys_of_joins(record, read)
    held = finds.change(persons)
    names = finds.renamed(persons, record.format.notation.withheld_key)
    changed, around = with_keys(whole[0], names), with_keys(around, names)
    cleared = [
        (problem, _renamed(keys, names), WITHHELD if path.at(keys).leads else persons.out_of(text))
        for problem, keys, text in remarks
    ]
    notes = [(problem, _renamed(keys, names), persons.out_of(text)) for problem, keys, text in record.raw.notes]
    notes += [
        (problem, (*record.raw.base, *keys), text) for problem, keys, text in record.raw.remarks_on(changed, cleared)
    ]
    return record.changed(
        changed,
        names,
        (around, [(problem, _renamed(keys, names), WITHHELD) for problem, keys, _ in beside]),
        notes=tuple(notes),
        joins=_numbered({_renamed(keys, names): text for keys, text in keys_of_joins if text in held}),
        matcher=matcher(),
    )


def _look(tree: Tree, path: "PersonPath") -> tuple[tuple[list[Tree], "Finds"], Survey]:
    """Return a list with the tree, what is in it, and what a look at all of it has counted."""
    whole, finds = [tree], Finds()
    survey = finds.look(whole, path)
    return (whole, finds), survey


def without_names(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield documents with a number instead of the name in an archive, which may be that of a person."""
    for number, document in enumerate(documents, 1):
        if document.member is not None:
            document.member = f"{WITHHELD} {number}"
        if document.error is not None:
            document.error = document.error.without_words()
        document.notes = tuple(
            (problem, WITHHELD if problem is Problem.NOT_READ else text) for problem, text in document.notes
        )
        yield document


def _renamed(keys: Keys, names: NewKeys) -> Keys:
    """Return the keys that lead to a place where some have other names."""
    return tuple(names.get(key, key) if isinstance(key, str) else key for key in keys)


def _names(read: Tree, path: "PersonPath") -> set[tuple[str, ...]]:
    """Return the names of persons in XML as the mapping reads it: a name is one however it is marked up."""
    plain = Finds()
    plain.look([read], path)
    return plain.names()


def _keys_of_joins(record: Record, read: Tree) -> list[tuple[Keys, str]]:
    """Return the texts by which lists are joined, each with its place as the traced run names it."""
    tracer, root = Tracer(lone=record.format.notation.lone), Node(read, ())
    nodes = [node for path in _joins(record.format) for node in tracer.walk(root, path)]
    return [(node.keys, node.value) for node in nodes if isinstance(node.value, str)]


@prepared
def _joins(format: Format) -> tuple[Path, ...]:
    """Return the paths of the keys that lists are joined by; what an opener makes of a text has no place of its own."""
    paths = dict.fromkeys(joins(mapping_of(format).plan))
    return tuple(path for path in paths if not any(step.opener for step in path))


def _numbered(words: dict[Keys, str]) -> dict[Keys, int]:
    """Return a number for each place, the same for the same text."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(words.values()))}
    return {keys: numbers[text] for keys, text in words.items()}


# --- where persons are ------------------------------------------------------------------------------------------------

_Steps = tuple[tuple[str, str], ...]
_Route = tuple[_Steps, int, int, str]
"""The steps that are left to a place, what is there, and the place of its row among those of names, or WHOLE.

At last the condition of a row about a person, as `when=` has it; empty for one that holds of any value.
"""
WHOLE: Final = -1
"""In a route: the text is a whole name, whatever other names its object has."""


@prepared
def _routes(format: Format) -> tuple[_Route, ...]:
    """Return the routes to all that a table marks."""
    marked = [
        (path, kind, kind == NAME and row.verb == "text" and row.field.endswith(".name"), row.options.get("when", ""))
        for row in rows_of(format)
        for path in row.paths
        for kind, mark in enumerate(MARKS)
        if mark in row.marks
    ]
    routes = tuple(
        (_steps(path), kind, WHOLE if whole else rank, when if kind <= PERSON else "")
        for rank, (path, kind, whole, when) in enumerate(marked)
    )
    ending = format.notation.translations
    return routes + tuple(_translated(route, ending) for route in routes if ending and route[1] <= PERSON)


def _translated(route: _Route, ending: str) -> _Route:
    """Return the route to the translations of a text, which are about the same person, read or not."""
    *steps, (key, _) = route[0]
    return (*steps, (key + ending, "")), PERSON, 0, ""


def _steps(path: Path) -> _Steps:
    """Return the steps of a path to the leaf; what lies behind an opener is its text."""
    steps = resolved(path)
    opened = next((index for index, step in enumerate(steps) if step.opener), len(steps))
    return tuple((step.key, step.many) for step in steps[:opened])


class PersonPath:
    """Which routes lead on from a place in a document; there are as many paths as the table needs."""

    def __init__(self, routes: frozenset[_Route]) -> None:
        ends = [(kind, rank) for steps, kind, rank, when in routes if not steps and not when]
        personal = [steps for steps, kind, _, _ in routes if kind <= PERSON]
        self.routes = routes
        self.conditions = frozenset(when for steps, _, _, when in routes if not steps and when)
        """The conditions, on a value beside this one, under which it is about a person."""
        kind, self.rank = min(ends, default=(TEXT, 0))
        self.ends = kind <= PERSON
        """Whether all that is here is about a person."""
        self.leads = bool(personal)
        """Whether something here or below may be."""
        # words where an object about a person should be are about a person
        self.kind = PERSON if kind > PERSON and any(steps and steps[0][0] != "**" for steps in personal) else kind
        self.marks = self.ends or self.kind != TEXT
        """Whether rows mark what is here."""

    @prepared_property
    def below(self) -> dict[Key, "PersonPath"]:
        """The paths of the members that routes name."""
        return {key: self._after(key) for steps, *_ in self.routes for key, _ in steps[:2]}

    @prepared_property
    def beside(self) -> "PersonPath":
        """The path of all other members."""
        return self._after(None)

    def at(self, keys: Iterable[Key]) -> "PersonPath":
        """Return the path at some keys from here; the elements of a list have that of the list."""
        path = self
        for key in keys:
            path = path if isinstance(key, int) else path.below.get(key, path.beside)
        return path

    def given(self, met: frozenset[str]) -> "PersonPath":
        """Return the path where some of the conditions are met and the others are not."""
        kept = (route for route in self.routes if route[0] or not route[3] or route[3] in met)
        return _person_path(frozenset((*route[:3], "" if not route[0] else route[3]) for route in kept))

    def _after(self, key: str | None) -> "PersonPath":
        return _person_path(frozenset(rest for route in self.routes for rest in _rest(route, key)))


@prepared
def _person_path(routes: frozenset[_Route]) -> PersonPath:
    return PersonPath(routes)


def _rest(route: _Route, key: str | None) -> Iterable[_Route]:
    """Yield what is left of a route below a member; the ids of an object keyed by ids are a step of their own."""
    steps, kind, rank, when = route
    if not steps:
        if kind <= PERSON:
            yield (), PERSON, 0, ""
        return
    (step, many), rest = steps[0], steps[1:]
    if step == "**":
        yield route
        if not rest or rest[0][0] == key:
            yield rest[1:], kind, rank, when
    elif step in (key, "*"):
        yield rest, kind, rank, when
        if many == "{}":
            yield (("*", ""), *rest), kind, rank, when


# --- what is there ----------------------------------------------------------------------------------------------------

_Place = tuple[Any, Any, PersonPath]
"""An object and a key of it, or a list and an index; and the path."""
_Values = dict[PersonPath, list[Any]]
"""Values of a document by their paths."""
_LEAVES: Final = frozenset((str, type(None), bool, int, float, OutOfRange))


_AT_ONCE: Final = 1000
"""Lists and objects that are looked at together; each takes more memory then than by itself."""


@define
class Finds:
    """The texts of a record, each once with all its places, by what they are; and the keys of its objects.

    Registers repeat themselves: what becomes of a text is found out once, and only its places are touched.
    """

    places: tuple[dict[str, list[_Place]], ...] = attrs.field(factory=lambda: tuple(defaultdict(list) for _ in MARKS))
    """The places of texts that rows mark."""
    texts: set[str] = attrs.field(factory=set)
    """All other texts."""
    fields: dict[str, int] = attrs.field(factory=dict)
    """What the fields of texts are about, where these are for contacts by their names."""
    holders: list[tuple[PersonPath, list[Any]]] = attrs.field(factory=list)
    """Objects and lists, by their paths."""
    keys: set[str] = attrs.field(factory=set)
    owners: dict[int, int] = attrs.field(factory=dict)
    """The object that holds a list of names, or a member that gave way to a later one of its key; both by id."""

    def look(self, whole: list[Tree], path: PersonPath) -> Survey:
        """Take in all texts and keys of the one tree in a list, level by level, and return what the tree has."""
        keys, strings, nodes, depth, big = 0, 0, -1, -1, False
        level: _Values = {path: [whole]}
        while level:
            depth += 1
            below: _Values = defaultdict(list)
            for path, holders in level.items():
                self.holders.append((path, holders))
                members: _Values = defaultdict(list)
                done = 0
                while done < len(holders):
                    some = holders[done : done + _AT_ONCE]
                    done += len(some)
                    for form, objects in self._forms(some, holders, path, members).items():
                        keys += len(form) * len(objects)
                        self._take_objects(form, objects, path, members)
                for beneath, values in members.items():
                    kinds: dict[type, list[Any]] = defaultdict(list)
                    for value in values:
                        kinds[value.__class__].append(value)
                    nodes += len(values)
                    strings += len(kinds[str])
                    if beneath.kind == TEXT:
                        self.texts.update(kinds[str])
                    big = big or not all(-BIG <= number < BIG for number in kinds[int])
                    for kind in kinds.keys() - _LEAVES:
                        below[beneath] += kinds[kind]
            level = below
        return Survey(keys, strings, nodes, depth, big)

    def _forms(
        self, some: list[Any], holders: list[Any], path: PersonPath, members: _Values
    ) -> dict[tuple[str, ...], list[Any]]:
        """Take in the elements of some lists, and return objects by their keys; what gave way joins `holders`."""
        forms: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for holder in some:
            if holder.__class__ is list:
                members[path] += holder
                if path.marks:
                    for index, value in enumerate(holder):
                        self._mark(holder, index, value, path)
                continue
            if holder.__class__ is not dict:
                if path.leads:
                    self.owners[id(holder.lost)] = id(holder)
                holders.append(holder.lost)
            forms[(*holder,)].append(holder)
        return forms

    def _take_objects(self, form: tuple[str, ...], objects: list[Any], path: PersonPath, members: _Values) -> None:
        """Take in the members of objects that have the same keys."""
        self.keys.update(form)
        below, beside = path.below, path.beside
        for key, values in zip(form, zip(*(holder.values() for holder in objects), strict=True), strict=True):
            beneath = below.get(key, beside)
            if field := about(key):
                self._take_contacts(field, values)
            if beneath.conditions:
                for holder, value in zip(objects, values, strict=True):
                    found = beneath.given(self._met(beneath.conditions, holder))
                    members[found].append(value)
                    self._mark(holder, key, value, found)
                continue
            members[beneath] += values
            if beneath.kind != TEXT:
                for holder, value in zip(objects, values, strict=True):
                    self._mark(holder, key, value, beneath)

    def _take_contacts(self, field: int, values: Iterable[Any]) -> None:
        """Note the texts among values of fields that are for contacts, and in lists of them."""
        for value in values:
            for text in value if value.__class__ is list else (value,):
                if text.__class__ is str:
                    self.fields[text] = max(field, self.fields.get(text, ANYTHING))

    def _met(self, conditions: frozenset[str], holder: Any) -> frozenset[str]:
        """Return those of some conditions that an object meets; all where it has what gave way, whoever that was."""
        if id(holder) in self.owners:
            return conditions
        return frozenset(when for when in conditions if _holds(when, holder))

    def _mark(self, holder: Any, key: Any, value: Any, path: PersonPath) -> None:
        """Note the place of a value that rows mark."""
        kind = value.__class__
        if kind is str:
            self.places[path.kind][value].append((holder, key, path))
        elif kind not in _LEAVES:
            if path.kind == NAME and kind is list:
                self.owners[id(value)] = self.owners.get(id(holder), id(holder))
        elif path.ends and value is not None:
            self.places[PERSON][str(value)].append((holder, key, path))

    def names(self) -> set[tuple[str, ...]]:
        """Return the names of persons: whole ones, and parts in one object in the order of the table.

        Where an object has several texts for a part, each is one with the other parts. A whole name of one word is
        the surname where an object has other parts.
        """
        names: set[tuple[str, ...]] = set()
        surnames: dict[int, list[str]] = defaultdict(list)
        objects: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for text, places in self.places[NAME].items():
            for holder, _, path in places if text.strip() else ():
                if path.rank == WHOLE:
                    names.add((text,))
                    if len(text.split()) == 1:
                        surnames[self.owners.get(id(holder), id(holder))].append(text)
                else:
                    objects[self.owners.get(id(holder), id(holder))][path.rank].append(text)
        for owner, parts in objects.items():
            ranks = sorted(parts)
            names.update((*(parts[rank][0] for rank in ranks), surname) for surname in surnames[owner])
            for rank in ranks:
                names.update(tuple(text if r == rank else parts[r][0] for r in ranks) for text in parts[rank])
        return names

    def change(self, persons: Persons) -> set[str]:
        """Take persons out of the texts, and return those that held some."""
        held = set()
        for places, change in zip(self.places, (_withheld, _withheld, persons.out_of_organisation), strict=True):
            for text, where in places.items():
                changed = change(text)
                if changed != text:
                    held.add(text)
                    for holder, key, _ in where:
                        holder[key] = changed
        field, out_of = self.fields.get, persons.out_of
        others = {text: changed for text in self.texts if (changed := out_of(text, field(text, ANYTHING))) != text}
        self._put(others)
        return held | others.keys()

    def _put(self, changes: Mapping[str, str]) -> None:
        """Put changed texts in the place of those that no row marks."""
        for path, holders in self.holders if changes else ():
            for holder in holders:
                below, beside = (path.below, path.beside) if isinstance(holder, dict) else ({}, path)
                items = [*holder.items()] if isinstance(holder, dict) else enumerate(holder)
                for key in [key for key, value in items if value.__class__ is str and value in changes]:
                    if below.get(key, beside).kind == TEXT:
                        holder[key] = changes[holder[key]]

    def renamed(self, persons: Persons, mark: str) -> NewKeys:
        """Return a name for each key that has a person in it, where hardly any has; no two keys become one."""
        renamed = {key: name.replace(WITHHELD, mark) for key in self.keys if (name := persons.out_of(key)) != key}
        names: NewKeys = {}
        taken, numbers = set(self.keys), Counter[str]()
        for key, name in sorted(renamed.items()):
            free = name
            while free in taken:
                numbers[name] += 1
                free = f"{name}{numbers[name] + 1}"
            taken.add(free)
            names[key] = free
        return names


def _holds(when: str, holder: Any) -> bool:
    """Whether the members of an object meet a condition: one that is there twice does if either value does."""
    key, _, words = when.partition(":")
    value = holder.get(key)
    before = holder.lost.get(key, ()) if isinstance(holder, Duplicates) else ()
    return any(map(condition(words), (*(value if isinstance(value, list) else (value,)), *before)))


def _withheld(text: str) -> str:
    return WITHHELD if text else text


def with_keys(tree: Tree, names: NewKeys) -> Tree:
    """Return a copy of a tree, however deep, in which keys have other names; the tree itself where none has."""
    top = [tree]
    holders: list[Any] = [top] if names else []
    for holder in holders:
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(value, dict | list):
                holder[key] = _with_keys(value, names)
                holders.append(holder[key])
                holders += [holder[key].lost] if isinstance(holder[key], Duplicates) else []
    return top[0]


def _with_keys(value: Tree, names: NewKeys) -> Tree:
    if not isinstance(value, dict):
        return [*value]
    made = dict(zip(_renamed((*value,), names), value.values(), strict=True))
    if isinstance(value, Duplicates):
        return Duplicates(made, _with_keys(value.lost, names))
    return made
