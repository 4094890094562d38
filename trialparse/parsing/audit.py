"""The audit: an account of every leaf of a document; each is mapped, ignored for a reason, withheld, or unmapped."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from trialparse.diagnostics import WITHHELD
from trialparse.generated.classes import define, frozen
from trialparse.mapping.rows import fold
from trialparse.model.placeholders import words_for_numbers
from trialparse.parsing.ledger import MAPPED, UNMAPPED, Blank, Ledger, Marked, ObjectShape
from trialparse.readers.json import BIG, Survey, lost_of
from trialparse.readers.paths import Key, pointer
from trialparse.readers.shapes import Tree


class Word(NamedTuple):
    """An unknown word, which no row has, at a path."""

    path: str
    """The path of such words in any record, as the audit writes it."""
    text: str
    """The word."""


@frozen(kw_only=True)
class Audit:
    """The account of one document, or with `+` of several."""

    mapped: int = 0
    """Leaves that a row reads."""
    ignored: dict[str, int] = attrs.field(factory=dict)
    """Leaves that a row ignores, by reason."""
    withheld: int = 0
    """Leaves about persons, left out because the caller asked for it."""
    matchers: dict[str, int] = attrs.field(factory=dict)
    """Documents by what found the telephone numbers in them that are withheld; empty with contacts.

    "patterns" are those of the library, which are always there. Where phonenumbers is installed, it is named with its
    version: other numbers can be found then.
    """
    unmapped: dict[str, int] = attrs.field(factory=dict)
    """Leaves that no row reads or ignores, by path."""
    places: dict[str, str] = attrs.field(factory=dict)
    """A place for each unmapped path."""
    paths: dict[str, int] = attrs.field(factory=dict)
    """Number of leaves that are not empty, by path; only with `paths=True`."""

    @property
    def leaves(self) -> int:
        """How many leaves the document has."""
        return self.mapped + sum(self.ignored.values()) + self.withheld + sum(self.unmapped.values())

    def __add__(self, other: "Audit") -> "Audit":
        """Return the account of both."""
        return Audit(
            mapped=self.mapped + other.mapped,
            ignored=dict(Counter(self.ignored) + Counter(other.ignored)),
            withheld=self.withheld + other.withheld,
            matchers=dict(Counter(self.matchers) + Counter(other.matchers)),
            unmapped=dict(Counter(self.unmapped) + Counter(other.unmapped)),
            places={**other.places, **self.places},
            paths={key: self.paths.get(key, 0) + other.paths.get(key, 0) for key in {**self.paths, **other.paths}},
        )

    def __str__(self) -> str:
        """Return the account on one line, with shares."""
        shares = [f"mapped {self._share(self.mapped)}"]
        kinds: Counter[str] = Counter()
        for reason, count in self.ignored.items():
            kinds[reason.split(" of ")[0]] += count
        shares += [f"{reason} {self._share(count)}" for reason, count in sorted(kinds.items())]
        shares += [f"withheld {self._share(self.withheld)}", f"unmapped {self._share(sum(self.unmapped.values()))}"]
        by = f" (telephone numbers by {'; '.join(sorted(self.matchers))})" if self.matchers else ""
        return f"{self.leaves} leaves: " + ", ".join(shares) + by

    def _share(self, count: int) -> str:
        return f"{count} ({count / self.leaves:.1%})" if self.leaves else "0"


Kinds = Callable[[Tree], type]


def kinds_of(*, redacted: bool = False, paths: bool = False) -> Kinds:
    """Return the function that gives the kind of a value: its class, or `Marked` and `Blank` for some strings."""
    if not redacted and not paths:
        return type

    def kind(value: Tree) -> type:
        if value.__class__ is str:
            return Blank if not value else Marked if redacted and WITHHELD in value else str
        return type(value)

    return kind


Nodes = list[tuple[Ledger, Any]]
"""Lists and objects that are not empty, each with its entry in the ledger."""


class Together(list[Any]):
    """Many lists and objects with one entry in the ledger: a pair for each would cost more than they do."""


_MANY = 1000
"""Elements of a list that are held together."""


def _each(level: Nodes) -> Iterator[tuple[Ledger, Any]]:
    """Yield each list and object of a level with its entry."""
    for entry, node in level:
        if node.__class__ is Together:
            yield from zip(itertools.repeat(entry), node)
        else:
            yield entry, node


@define
class Account:
    """The counts of one walk over a document.

    Objects are counted by form, and the leaves of each form once, at the end: that makes a walk fast.
    """

    kind: Kinds = type
    forms: list[ObjectShape] = attrs.field(factory=list)
    """The form of each object."""
    hollow: list[Ledger] = attrs.field(factory=list)
    """The entry of each empty list and object."""
    leaves: Counter[tuple[Ledger, bool]] = attrs.field(factory=Counter)
    """The other leaves outside of forms, by entry and whether they are empty."""
    texts: Counter[tuple[Ledger, str]] = attrs.field(factory=Counter)
    """The texts in which an opener sees keys."""
    verdicts: Counter[str] = attrs.field(factory=Counter)
    """Number of leaves by verdict."""
    keys: int = 0
    strings: int = 0
    elements: int = 0
    depth: int = 0
    big: bool = False
    """Whether an integer goes beyond 64 bits."""

    @property
    def survey(self) -> Survey:
        """The counts that show whether the decoder kept the whole document."""
        return Survey(self.keys, self.strings, self.keys + self.elements, self.depth, self.big)

    def walk(self, value: Tree, ledger: Ledger) -> None:
        """Count a document, level by level."""
        level: Nodes = []
        self._value(ledger, value, level)
        while level:
            below: Nodes = []
            hollow = len(self.hollow)
            self._level(level, below)
            self.depth += 1 if below or len(self.hollow) == hollow else 2
            level = below
        self._open()
        self._sum()

    def _open(self) -> None:
        """Count texts in which openers see keys.

        A text is one leaf if a row reads one of its keys, and each key that no row reads is another.
        What an opener sees is no part of the document, whose keys and strings are as they are.
        """
        for (entry, text), times in self.texts.items():
            opened, marked = entry.opened(text), self.kind(text) is Marked
            for leaf in [entry] if opened is None else _accounted(entry, *opened):
                if marked and leaf is entry:
                    self.verdicts[WITHHELD] += times
                else:
                    self.leaves[leaf, not text] += times

    def _level(self, level: Nodes, below: Nodes) -> None:
        """Count the objects and lists of one level, and gather those `below`; nearly all of an audit's time is here."""
        kind, forms, hollow, low, high = self.kind, self.forms, self.hollow, -BIG, BIG
        for entry, node in _each(level):
            if node.__class__ is not dict:
                self._elements(entry, node, below) if node.__class__ is list else self._members(entry, node, below)
                continue
            form = entry.latest.get(tuple(node))
            if form is None or form.kinds != [*map(kind, node.values())]:
                if entry.formless(node):
                    self._members(entry, node, below)
                    continue
                form = entry.form(node, kind)
            forms.append(form)
            for key, inside in form.below:
                value = node[key]
                if value:
                    below.append((inside, value))
                else:
                    hollow.append(inside)
            for key in form.integers:
                if not low <= node[key] < high:
                    self.big = True
            for key, inside in form.doubtful:
                self.leaves[inside, not node[key]] += 1
            for key, inside in form.opened:
                self.texts[inside, node[key]] += 1

    def _members(self, entry: Ledger, node: dict[str, Tree], below: Nodes) -> None:
        """Count the members of an object keyed by ids, or of one with duplicate keys: these have no form."""
        self.keys += len(node)
        for key, value in itertools.chain(node.items(), lost_of(node)):
            self._value(entry.member(key), value, below)

    def _elements(self, entry: Ledger, node: list[Tree], below: Nodes) -> None:
        """Count the elements of a list."""
        self.elements += len(node)
        if len(node) > _MANY:
            below.append((entry, Together(value for value in node if value and isinstance(value, dict | list))))
            node = [value for value in node if not value or not isinstance(value, dict | list)]
        for value in node:
            if value and value.__class__ is dict:
                below.append((entry, value))
            else:
                self._value(entry, value, below)

    def _value(self, entry: Ledger, value: Tree, below: Nodes) -> None:
        """Count one value."""
        kind = self.kind(value)
        if issubclass(kind, (dict, list)):
            if value:
                below.append((entry, value))
            else:
                self.hollow.append(entry)
            return
        self.strings += issubclass(kind, str)
        if kind is int and not -BIG <= value < BIG:
            self.big = True
        if kind in (str, Marked) and entry.opens is not None:
            self.texts[entry, value] += 1
        elif kind is Marked:
            self.verdicts[WITHHELD] += 1
        else:
            self.leaves[entry, value is None or value == ""] += 1

    def _sum(self) -> None:
        """Add the counts of the forms."""
        keys, strings, verdicts = 0, 0, defaultdict[str, int](int)
        for form, times in Counter(self.forms).items():
            keys += len(form.kinds) * times
            strings += form.strings * times
            for verdict, count in form.verdicts:
                verdicts[verdict] += count * times
        for (entry, empty), times in self._others():
            verdicts[entry.judge(empty)] += times
        self.keys += keys
        self.strings += strings
        self.verdicts.update(verdicts)

    def _others(self) -> Iterator[tuple[tuple[Ledger, bool], int]]:
        """Yield the number of leaves outside of forms, by entry and whether they are empty."""
        yield from self.leaves.items()
        for entry, times in Counter(self.hollow).items():
            yield (entry, True), times

    def tally(self) -> Iterator[tuple[tuple[Ledger, bool], int]]:
        """Yield the number of leaves by entry and whether they are empty; a key may come several times."""
        yield from self._others()
        for form, times in Counter(self.forms).items():
            for leaf in form.leaves:
                yield leaf, times


def audit_of(account: Account, value: Tree, ledger: Ledger, base: tuple[Key, ...], paths: bool) -> Audit:
    """Return the audit of a document from the account of a walk; places of unmapped leaves begin with `base`."""
    unmapped, filled = Counter[str](), Counter[str]()
    for (entry, empty), times in account.tally() if paths or account.verdicts[UNMAPPED] else ():
        filled[entry.path] += 0 if empty else times
        if entry.judge(empty) == UNMAPPED:
            unmapped[entry.path] += times
    apart = (MAPPED, UNMAPPED, WITHHELD)
    return Audit(
        mapped=account.verdicts[MAPPED],
        ignored={reason: count for reason, count in account.verdicts.items() if reason not in apart},
        withheld=account.verdicts[WITHHELD],
        unmapped=dict(unmapped),
        places=_places(value, ledger, set(unmapped), base) if unmapped else {},
        paths=dict(filled) if paths else {},
    )


PLACEHOLDER = "placeholder"
"""Why a placeholder is ignored that repeats nothing."""


def without_passed_over(
    audit: Audit, passed: Mapping[tuple[Key, ...], Tree], ledger: Ledger, base: tuple[Key, ...]
) -> Audit:
    """Return the audit with the leaves that every row has `passed` over as they would count if no row read them."""
    mapped, ignored, missed, places = audit.mapped, Counter(audit.ignored), Counter(audit.unmapped), dict(audit.places)
    for keys, leaf in passed.items():
        if isinstance(leaf, str) and WITHHELD in leaf:
            continue
        mapped -= 1
        entry = ledger.at(keys)
        reason = PLACEHOLDER if is_placeholder(leaf) else entry.otherwise(empty=False)
        if reason == UNMAPPED:
            missed[entry.path] += 1
            places.setdefault(entry.path, pointer((*base, *keys)))
        else:
            ignored[reason] += 1
    return attrs.evolve(audit, mapped=mapped, ignored=dict(ignored), unmapped=dict(missed), places=places)


def without_reasons(
    audit: Audit, refuted: Iterable[tuple[tuple[Key, ...], Tree, str]], ledger: Ledger, base: tuple[Key, ...]
) -> Audit:
    """Return the audit with the leaves whose reason to be ignored is `refuted` among those that are unmapped."""
    ignored, missed, places = Counter(audit.ignored), Counter(audit.unmapped), dict(audit.places)
    for keys, leaf, reason in refuted:
        ignored[reason] -= 1
        if is_placeholder(leaf):
            ignored[PLACEHOLDER] += 1
        else:
            path = ledger.at(keys).path
            missed[path] += 1
            places.setdefault(path, pointer((*base, *keys)))
    return attrs.evolve(audit, ignored=dict(+ignored), unmapped=dict(missed), places=places)


def is_placeholder(leaf: Tree) -> bool:
    """Whether a leaf only fills its place."""
    return isinstance(leaf, str) and fold(leaf) in words_for_numbers()


def _places(value: Tree, ledger: Ledger, wanted: set[str], base: tuple[Key, ...]) -> dict[str, str]:
    """Return the first place of each path."""
    found: dict[str, str] = {}
    for entry, keys, _ in _leaves(value, ledger, base):
        if entry.path in wanted and entry.path not in found:
            found[entry.path] = pointer(keys)
    return found


def unmapped(value: Tree, ledger: Ledger) -> Iterator[tuple[tuple[Key, ...], Tree]]:
    """Yield keys and value of each leaf that no row reads or ignores."""
    for entry, keys, leaf in _leaves(value, ledger, ()):
        if entry.judge(leaf in (None, "", {}, [])) == UNMAPPED:
            yield keys, leaf


def _leaves(value: Tree, ledger: Ledger, base: tuple[Key, ...]) -> Iterator[tuple[Ledger, tuple[Key, ...], Tree]]:
    """Yield entry, keys and value of each leaf, in the order of the document; what waits is an iterator a level."""
    stack = [iter([(ledger, base, value)])]
    while stack:
        for entry, keys, node in stack[-1]:
            if node and isinstance(node, dict | list):
                stack.append(_below(entry, keys, node))
                break
            opened = entry.opened(node)
            if opened is None:
                yield entry, keys, node
            else:
                yield from ((leaf, keys, node) for leaf in _accounted(entry, *opened))
        else:
            stack.pop()


def _below(entry: Ledger, keys: tuple[Key, ...], node: Tree) -> Iterator[tuple[Ledger, tuple[Key, ...], Tree]]:
    """Yield entry, keys and value of each member or element."""
    if isinstance(node, dict):
        for key, below in itertools.chain(node.items(), lost_of(node)):
            yield entry.member(key), (*keys, key), below
    else:
        for index, below in enumerate(node):
            yield entry, (*keys, index), below


def _accounted(entry: Ledger, inner: Ledger, tree: Tree) -> Iterator[Ledger]:
    """Yield the entries of what an opener sees in a text that no row reads, and of the text if a row reads the rest."""
    leaves = [leaf for leaf, _, _ in _leaves(tree, inner, ())]
    unread = [leaf for leaf in leaves if leaf.judge(False) == UNMAPPED]
    if entry.whole or len(unread) < len(leaves):
        yield entry
    yield from unread
