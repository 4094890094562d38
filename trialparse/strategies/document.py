"""Documents made from a table: paths are chosen, a draft of words is drawn along them, and written down."""

from collections.abc import Iterable
from functools import cached_property
from random import Random
from typing import Any

import attrs

from trialparse.mapping.carried import not_carried, not_carried_in_part, ways_in, ways_of
from trialparse.mapping.format import Format
from trialparse.mapping.plan import RecordPlan
from trialparse.mapping.rows import Codes, Row
from trialparse.readers.paths import Path
from trialparse.readers.shapes import Tree
from trialparse.strategies.expected import Branch, Reader, reach
from trialparse.strategies.leaves import Leaf, Route, Survey, survey
from trialparse.strategies.notation import CLOSED, needed, put_together, whole, write
from trialparse.strategies.schema import Schema, names_of, schema_of
from trialparse.strategies.words import Cannot, Word, make_word


@attrs.frozen(kw_only=True)
class Document:
    """A document and what it must parse to."""

    format: Format
    """The format, which is that of the table it was made from."""
    tree: Tree
    """The record as plain values."""
    data: bytes
    """The document: the record within whatever the format puts around it."""
    expected: Any
    """The trial (or, for a table of another record class, the record) that was drawn."""

    def with_tree(self, tree: Tree) -> "Document":
        """Return the document with another record; what it must parse to is not known then."""
        return attrs.evolve(self, tree=tree, data=write(self.format, tree), expected=None)


@attrs.define
class Maker:
    """Makes the documents of one table."""

    format: Format
    plan: RecordPlan
    rows: Iterable[Row]
    codes: Codes
    _facets: dict[Leaf, tuple[tuple[Leaf, tuple[Path, str] | None], ...]] = attrs.field(factory=dict)
    pools: dict[int, list[Any]] = attrs.field(factory=dict)
    """Raw keys drawn so far, by join; of one document."""

    made: int = 0
    """How many words were made; of one document."""

    @cached_property
    def schema(self) -> Schema | None:
        """What a published schema asks for."""
        return schema_of(self.format)

    @cached_property
    def by_names(self) -> dict[tuple[str, ...], Route]:
        """The leaves that can be written, by name."""
        return {names_of(leaf.route): leaf.route for leaf in (*self.read, *self.ignored)}

    @cached_property
    def survey(self) -> Survey:
        """What the table reads, and where."""
        return survey(self.plan, self.rows, self.codes)

    @cached_property
    def leaves(self) -> dict[Route, Leaf]:
        """The leaves that the table reads or ignores."""
        return self.survey.leaves

    @cached_property
    def read(self) -> tuple[Leaf, ...]:
        """Leaves whose words are known beforehand; `uncovered` has the others."""
        return tuple(
            leaf
            for leaf in self.leaves.values()
            if not leaf.opened and not leaf.has("ignore") and (self._can(leaf) or self.facets(leaf))
        )

    def facets(self, leaf: Leaf) -> tuple[tuple[Leaf, tuple[Path, str] | None], ...]:
        """Return a leaf that no words serve as it is beside each word on which it depends what is made of it."""
        if leaf not in self._facets:
            found = [] if self._can(leaf) else [(leaf.beside(*known), known) for known in leaf.conditions]
            self._facets[leaf] = tuple((facet, known) for facet, known in found if self._can(facet))
        return self._facets[leaf]

    @cached_property
    def ignored(self) -> tuple[Leaf, ...]:
        """Leaves that the table ignores."""
        return tuple(leaf for leaf in self.leaves.values() if leaf.has("ignore"))

    @cached_property
    def uncovered(self) -> tuple[str, ...]:
        """Paths for which no words can be made, or nothing can be expected."""
        covered = {leaf.route for leaf in (*self.read, *self.ignored)}
        covered |= {leaf.route for leaf in self.leaves.values() if leaf.opened}
        return tuple(".".join(leaf.route) for leaf in self.leaves.values() if leaf.route not in covered)

    def _can(self, leaf: Leaf) -> bool:
        openers = {step.strip("|[]{}") for step in leaf.route if step.startswith("|")}
        if not openers <= CLOSED:
            return False
        for seed in range(5):
            try:
                make_word(leaf, Random(seed), self.format.notation.name, self.format.blank)  # noqa: S311  no secret
                return True
            except Cannot:
                pass
        return False

    def document(self, random: Random, size: int) -> Document:
        """Return a document of about `size` paths."""
        self.made = 0
        for _ in range(50):
            self.pools.clear()
            routes = self.chosen(random, size)
            for left in range(20):
                draft = self.branch(_tree_of(routes), (), random)
                if draft or not left:
                    break
            _agree(draft)
            expected = self.settled(draft, frozenset(routes))
            if self.schema is None or self.schema.holds(draft):
                break
        tree = self.complete(put_together(draft, random))
        if self.format.notation.is_partial(tree):
            expected = attrs.evolve(expected, not_carried=self.lacking_in_part(tree))
        elif any("regular" in row.marks for row in self.rows):
            expected = attrs.evolve(expected, not_carried=not_carried(self.rows, tree))
        return Document(format=self.format, tree=tree, data=write(self.format, tree, random), expected=expected)

    def lacking_in_part(self, tree: Tree) -> tuple[str, ...]:
        """Return the fields that a record does not carry which has only what was asked for."""
        return not_carried_in_part(self.rows, ways_in(tree, {way for row in self.rows for way in ways_of(row)}))

    def chosen(self, random: Random, size: int) -> list[Route]:
        """Return a choice of paths, with those that they need beside them."""
        known = set(self.by_names.values())
        found: dict[Route, None] = {}
        todo = [random.choice(self.read).route for _ in range(size)] if self.read else []
        while todo:
            route = todo.pop()
            if route in found or route not in known:
                continue
            found[route] = None
            leaf = self.leaves[route]
            todo += sorted(leaf.with_it)
            todo += [other for other in sorted(leaf.perhaps) if random.randrange(3)]
            if self.schema is not None:
                todo += self.schema.with_needed(route, self.by_names)
        if self.ignored and self.schema is None and random.randrange(2):
            found[random.choice(self.ignored).route] = None
        return _one_opener(list(found))

    def branch(self, steps: dict[str, Any], at: Route, random: Random) -> Branch:
        """Return a node with words at the chosen paths below it."""
        node = Branch()
        for step, below in steps.items():
            many = step.endswith(("[]", "{}", "[?]"))
            lone = not many or (self.schema is not None and self.schema.is_lone((*at, step)))
            count = 1 if lone else random.choice((1, 1, 2, 2, 3, 0))
            made = [self.child((*at, step), below, random) for _ in range(count)]
            node[step] = [child for child in made if child is not None]
            if self.schema is not None:
                node[step] = self.schema.apart(node[step], (*at, step))
            for child in made:
                if isinstance(child, Branch):
                    child.around = node
        return node

    def child(self, route: Route, below: dict[str, Any], random: Random) -> Branch | Word | None:
        """Return a node or words; None where the document shall lack them."""
        if below:
            return self.branch(below, route, random)
        leaf = self.leaves[route]
        if random.randrange(8) == 0 and (self.schema is None or self.schema.may_lack(route)):
            return None if leaf.inside or random.randrange(2) else Word(leaf, None)
        return self.word(leaf, random)

    def word(self, leaf: Leaf, random: Random) -> Word | None:
        """Return words; a key repeats one of another list as a rule."""
        join = next((use.join for use in leaf.uses if use.verb == "key"), 0)
        pool = self.pools.setdefault(join, [])
        for _ in range(6):
            try:
                made, beside = random.choice(self.facets(leaf) or ((leaf, None),))
                word = self.fitted(make_word(made, random, self.format.notation.name, self.format.blank), random)
            except Cannot:
                continue
            if word is None:
                continue
            word.beside = beside
            if not join:
                return word
            if self._is_name(leaf):
                pool.append(word)
                return word
            if pool and random.randrange(3):
                again = random.choice(pool)
                if again.leaf is leaf or (_free(leaf) and _free(again.leaf)):
                    return Word(leaf, again.raw, again.value)
                if _free(leaf) or str(again.raw).casefold() != str(word.raw).casefold():
                    continue
            pool.append(word)
            return word
        return None

    def fitted(self, word: Word, random: Random) -> Word | None:
        """Return words as a published schema wants them."""
        self.made += 1
        return word if self.schema is None else self.schema.fitted(word, random, self.made)

    def _is_name(self, leaf: Leaf) -> bool:
        """Whether the words of a leaf occur only where something refers to them."""
        part = None if self.schema is None else self.schema.parts.get(names_of(leaf.route))
        return part is not None and part.kind == "ID"

    def settled(self, draft: Branch, routes: frozenset[Route]) -> Any:
        """Return what a draft must give, after removing words that the engine would report."""
        written = routes | {route[:index] for route in routes for index in range(len(route))}
        quiet = frozenset(f for f, read in self.survey.of_field.items() if read and not read & written)
        for left in reversed(range(12)):
            reader = Reader(self.codes, self.format.blank, quiet)
            put_together(draft, None)
            expected = reader.root(self.plan, draft)
            if not reader.repairs:
                return expected
            for copied, words in reader.repairs:
                for word in words:
                    keyed = not isinstance(word, Word) or word.leaf.has("key", "order", "need")
                    if isinstance(copied, Word) and left > 6 and not keyed:
                        word.raw, word.value = copied.raw, copied.value
                    else:
                        word.raw = None
        raise AssertionError("the draft does not settle")

    def complete(self, tree: dict[str, Any]) -> dict[str, Any]:
        """Return the record with the keys by which its format is known, and with what a schema wants besides."""
        if self.schema is not None:
            tree = self.schema.completed(tree)
        tree = whole(self.format.notation, tree)
        return tree | {key: self._nothing(key) for key in needed(self.format.notation, tree)}

    def _nothing(self, key: str) -> Any:
        for route in self.leaves:
            if route[0] in (key, f"{key}[?]", f"{key}{{}}"):
                return {} if len(route) > 1 or route[0] != key else None
            if route[0] == f"{key}[]":
                return []
        return None


def _agree(draft: Branch) -> None:
    """Put the words that a leaf depends on beside it."""
    for children in draft.values():
        for child in children:
            if isinstance(child, Branch):
                _agree(child)
            elif child.beside is not None:
                side, raw = child.beside
                for word in reach(draft, side):
                    word.raw = raw


def _free(leaf: Leaf) -> bool:
    """Whether any words will do at a leaf."""
    return not leaf.has("code", "coded", "split", "unit", "date", "integer", "number", "boolean", "identifier")


def _tree_of(routes: Iterable[Route]) -> dict[str, Any]:
    """Return paths as nested steps."""
    tree: dict[str, Any] = {}
    for route in routes:
        node = tree
        for step in route:
            node = node.setdefault(step, {})
    return tree


def _one_opener(routes: list[Route]) -> list[Route]:
    """Leave out paths through a second opener of the same text."""
    first: dict[Route, str] = {}
    kept = []
    for route in routes:
        places = [(route[:index], step) for index, step in enumerate(route) if step.startswith("|")]
        if all(first.setdefault(before, step) == step for before, step in places):
            kept.append(route)
    return kept


__all__ = ["Document", "Maker"]
