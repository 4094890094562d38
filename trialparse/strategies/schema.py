"""The rules of a published schema: required parts, their order, and the types of words."""

from collections.abc import Iterator
from functools import cache, cached_property
from random import Random
from typing import Any

import attrs

from trialparse.mapping.format import Format
from trialparse.readers.shapes import Tree
from trialparse.strategies.expected import Branch
from trialparse.strategies.leaves import Leaf, Route
from trialparse.strategies.trial import PLAUSIBLE, make_date
from trialparse.strategies.words import Word
from trialparse.tsv import files_of, read_lines

Names = tuple[str, ...]
"""A path by names alone."""

NIL = "@xsi:nil"
"""The key that marks an element of a tree as empty on purpose."""


@attrs.frozen
class SchemaPart:
    """An element or attribute of a schema."""

    names: Names
    needed: bool
    """Whether there has to be one in the element around it."""
    lone: bool
    """Whether there can be no second one."""
    kind: str
    """The type of its words, as XML Schema calls it; `parts` for an element that holds others."""
    nillable: bool
    facets: dict[str, str]

    @property
    def least(self) -> float:
        """The least number."""
        return float(self.facets.get("minInclusive", "-1e6"))

    @property
    def most(self) -> float:
        """The greatest number."""
        return float(self.facets.get("maxInclusive", "1e6"))


def names_of(route: Route) -> Names:
    """Return the names of a path as a table writes it."""
    return tuple(step.rstrip("[]{}?") for step in route)


@attrs.frozen(eq=False, slots=False)
class Schema:
    """A schema, its parts in the required order."""

    parts: dict[Names, SchemaPart]

    @cached_property
    def children(self) -> dict[Names, list[SchemaPart]]:
        """The parts of each element."""
        found: dict[Names, list[SchemaPart]] = {}
        for names, part in self.parts.items():
            found.setdefault(names[:-1], []).append(part)
        return found

    def needed(self, names: Names) -> Iterator[Names]:
        """Yield the required leaves of an element, at any depth, that cannot be nil."""
        for part in self.children.get(names, ()):
            if part.needed and not part.nillable:
                if part.kind == "parts":
                    yield from self.needed(part.names)
                else:
                    yield part.names

    def with_needed(self, route: Route, leaves: dict[Names, Route]) -> Iterator[Route]:
        """Yield the leaves that the elements around a leaf require beside it."""
        names = names_of(route)
        for end in range(len(names)):
            yield from (leaves[name] for name in self.needed(names[:end]) if name in leaves)

    def is_lone(self, route: Route) -> bool:
        """Whether there can be no second of what a table reads as a list."""
        part = self.parts.get(names_of(route))
        return part is not None and part.lone

    def may_lack(self, route: Route) -> bool:
        """Whether a document can be without a leaf in an element that is there, or have it without words."""
        part = self.parts.get(names_of(route))
        return part is None or not part.needed or part.nillable

    def holds(self, draft: Branch, names: Names = ()) -> bool:
        """Whether all leaves that have to have words have some."""
        for step, children in draft.items():
            here = (*names, step.rstrip("[]{}?"))
            for child in children:
                if isinstance(child, Branch):
                    if not self.holds(child, here):
                        return False
                elif child.raw is None and not self.may_lack(here):
                    return False
        there = {step.rstrip("[]{}?") for step, children in draft.items() if children}
        return all(
            part.names[-1] in there or part.nillable or (part.kind == "parts" and not [*self.needed(part.names)])
            for part in self.children.get(names, ())
            if part.needed
        )

    def apart(self, children: list[Any], route: Route) -> list[Any]:
        """Return elements of one name side by side without those that refer to the same as one before them."""
        steps = [part.names[-1] for part in self.children.get(names_of(route), ()) if part.kind == "IDREF"]
        kept: dict[Any, Any] = {}
        for child in children:
            words = [child[step][0].raw for step in steps if isinstance(child, Branch) and child.get(step)]
            kept.setdefault(tuple(words) or id(child), child)
        return list(kept.values())

    def completed(self, tree: Tree, names: Names = ()) -> Tree:
        """Return a tree in order, with those parts that have to be there and are empty."""
        if isinstance(tree, list):
            return [self.completed(one, names) for one in tree]
        part = self.parts.get(names)
        if not isinstance(tree, dict):
            return {NIL: "true"} if tree is None and part is not None and part.nillable else tree
        made: dict[str, Tree] = {}
        for child in self.children.get(names, ()):
            name = child.names[-1]
            if name in tree:
                made[name] = self.completed(tree[name], child.names)
            elif child.needed:
                made[name] = {NIL: "true"} if child.nillable else self.completed({}, child.names)
        return {**made, **{key: value for key, value in tree.items() if key not in made}}

    def fitted(self, word: Word | None, random: Random, count: int) -> Word | None:
        """Return words as the schema wants them; None for those that it has no place for. `count` is new each time."""
        part = self.parts.get(names_of(word.leaf.route)) if word is not None else None
        return word if part is None or word is None else _FITS.get(part.kind, _text)(part, word, random, count)


def _text(part: SchemaPart, word: Word, random: Random, count: int) -> Word | None:
    text = str(word.raw)
    if "pattern" in part.facets or "sample" in part.facets:
        word.raw = part.facets.get("sample", text)
        return word
    least, most = int(part.facets.get("minLength", 0)), int(part.facets.get("maxLength", 10**6))
    if len(text) > most:
        if not _is_free(word.leaf):
            return None
        text = text[:most].strip() or "x"
    word.raw = text + "x" * (least - len(text))
    return word


def _is_free(leaf: Leaf) -> bool:
    """Whether any words will do at a leaf."""
    return not leaf.has("code", "coded", "identifier")


def _name(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    word.raw = f"Part-{count}"
    return word


def _reference(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    text = str(word.raw)
    word.raw = text if text.startswith("Part-") else f"Part-{count}"
    return word


def _truth(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    word.raw = random.choice(("true", "false", "1", "0", "\n true\n"))
    return word


def _moment(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    date = make_date(random, years=PLAUSIBLE)
    while date.day is None:
        date = make_date(random, years=PLAUSIBLE)
    word.raw = f"{date}T{random.choice(('00:00:00', '23:59:59.5'))}{random.choice(('Z', '+02:00', '-11:00', ''))}"
    word.value = date
    return word


def _integer(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    if not str(word.raw).strip().isdigit() or not part.least <= int(str(word.raw)) <= part.most:
        word.value = random.randint(max(0, int(part.least)), min(9_000, int(part.most)))
        word.raw = str(word.value)
    return word


def _term(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    if word.leaf.has("ignore"):
        word.raw = str(random.randint(0, 99))
    return word


def _long(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    return (_term if word.leaf.has("code", "coded", "ignore") else _integer)(part, word, random, count)


def _decimal(part: SchemaPart, word: Word, random: Random, count: int) -> Word:
    if not part.least <= float(word.value) <= part.most:
        word.value = random.randint(max(0, int(part.least)), int(min(part.most, 900.0)))
        word.raw = str(word.value)
    return word


_FITS: dict[str, Any] = {
    "ID": _name,
    "IDREF": _reference,
    "boolean": _truth,
    "dateTime": _moment,
    "int": _integer,
    "nonNegativeInteger": _integer,
    "long": _long,
    "short": _term,
    "decimal": _decimal,
}
"""How words of a type are made to fit; other types are texts."""


@cache
def schema_of(format: Format) -> Schema | None:
    """Return the schema of a format, None for one without."""
    if not format.schema:
        return None
    rows = read_lines(files_of(f"trialparse.registries.{format.registry}") / format.schema)
    return Schema({part.names: part for _, cells in rows for part in (_part(cells),)})


def _part(cells: dict[str, str]) -> SchemaPart:
    words = cells["facets"].split()
    facets = dict(word.split("=", 1) for word in words if "=" in word)
    return SchemaPart(
        tuple(cells["path"].split(".")),
        cells["least"] != "0",
        cells["most"] == "1",
        cells["kind"],
        "nillable" in words,
        facets,
    )
