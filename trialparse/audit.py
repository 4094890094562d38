"""The audit: an account of every leaf of a document; each is mapped, ignored for a reason, withheld, or unmapped."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

from trialparse.paths import Key, pointer, resolved
from trialparse.records import WITHHELD, Tree
from trialparse.tables import Row

MAPPED = "mapped"
UNMAPPED = "unmapped"


@attrs.frozen(kw_only=True)
class Audit:
    """The account of one document, or with `+` of several."""

    mapped: int = 0
    """Leaves that a row reads."""
    ignored: dict[str, int] = attrs.field(factory=dict)
    """Leaves left out, by reason."""
    withheld: int = 0
    """Leaves about persons, left out because the caller asked for it."""
    unmapped: dict[str, int] = attrs.field(factory=dict)
    """Leaves that no row speaks of, by path."""
    places: dict[str, str] = attrs.field(factory=dict)
    """A place for each unmapped path."""
    paths: dict[str, int] = attrs.field(factory=dict)
    """All paths of the document with the number of their leaves that hold something."""

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
        return f"{self.leaves} leaves: " + ", ".join(shares)

    def _share(self, count: int) -> str:
        return f"{count} ({count / self.leaves:.1%})" if self.leaves else "0"


@attrs.define(eq=False)
class Ledger:
    """The rows of a mapping arranged by path, with a verdict for the leaves at each; grows as documents bring paths."""

    path: str = ""
    reads: bool = False
    below: bool = False
    keyed: bool = False
    ignore: str | None = None
    ignore_below: str | None = None
    suffixes: dict[str, str] = attrs.field(factory=dict)
    members: dict[str, "Ledger"] = attrs.field(factory=dict)
    verdict: str | None = None

    def member(self, key: str) -> "Ledger":
        """Return the entry of a member, made at first sight."""
        known = self.members.get(key) or (self.members.get("*") if self.keyed else None)
        if known is None:
            known = Ledger(
                path=f"{self.path}.{key}" if self.path else key,
                ignore_below=self.ignore_below,
                suffixes=self.suffixes,
            )
            self.members[key] = known
        return known

    def judge(self, empty: bool) -> str:
        """Return the verdict on a leaf here; an empty leaf is read by the rows that look below it."""
        if self.verdict is None:
            last = self.path.rsplit(".", 1)[-1]
            if self.reads:
                self.verdict = MAPPED
            else:
                self.verdict = self.ignore or self.ignore_below or self.suffixes.get(last) or UNMAPPED
        if empty and self.below and self.verdict == UNMAPPED:
            return MAPPED
        return self.verdict


def make_ledger(rows: Iterable[Row], wanted: Iterable[Any]) -> Ledger:
    """Arrange the rows of a mapping by path; `wanted` are the paths that its plan reads."""
    root = Ledger()
    for path in wanted:
        entry = _enter(root, resolved(path))
        entry.reads = True
    for row in rows:
        if row.verb != "ignore":
            continue
        path = row.path
        if path[0].key == "**":
            root.suffixes[path[-1].key] = row.argument
        elif path[-1].key == "**":
            entry = _enter(root, path[:-1])
            entry.ignore_below = entry.ignore = row.argument
        else:
            _enter(root, path).ignore = row.argument
    _settle(root)
    return root


def _enter(root: Ledger, path: Any) -> Ledger:
    entry = root
    for step in path:
        if step.opener:
            break
        entry.below = True
        entry = entry.member("*" if entry.keyed else step.key)
        if step.many == "{}":
            entry.below = True
            entry.keyed = True
            entry = entry.members.setdefault("*", Ledger(path=entry.path + "{}", suffixes=entry.suffixes))
    return entry


def _settle(entry: Ledger) -> None:
    """Hand the reason of a subtree down to the entries that were made before it was known."""
    for below in entry.members.values():
        if below.ignore_below is None:
            below.ignore_below = entry.ignore_below
        _settle(below)


Tally = dict[tuple[Ledger, bool], int]
"""How many leaves stand at an entry of the ledger, apart by whether they hold something."""


def audit_of(value: Tree, ledger: Ledger, base: tuple[Key, ...], redacted: bool) -> Audit:
    """Return the account of all leaves of a document; places of what is unmapped begin with `base`."""
    tally: Tally = {}
    mark = WITHHELD if redacted else None
    marks = _count([value], ledger, tally, mark)
    mapped, ignored, unmapped, filled = 0, Counter[str](), Counter[str](), Counter[str]()
    for (entry, empty), count in tally.items():
        filled[entry.path] += 0 if empty else count
        verdict = entry.judge(empty)
        if verdict is MAPPED:
            mapped += count
        elif verdict is UNMAPPED:
            unmapped[entry.path] += count
        else:
            ignored[verdict] += count
    return Audit(
        mapped=mapped,
        ignored=dict(ignored),
        withheld=marks,
        unmapped=dict(unmapped),
        places=_places(value, ledger, set(unmapped), base) if unmapped else {},
        paths=dict(filled),
    )


def _count(values: Iterable[Tree], ledger: Ledger, tally: Tally, mark: str | None) -> int:
    """Count the leaves among values at one entry, and below; return how many are withheld, which are not counted."""
    withheld = 0
    for value in values:
        if value and isinstance(value, dict):
            withheld += _count_members(value.items(), ledger, tally, mark)
            withheld += _count_members(getattr(value, "lost", ()), ledger, tally, mark)
        elif value and value.__class__ is list:
            withheld += _count(value, ledger, tally, mark)
        elif mark is not None and value.__class__ is str and mark in value:
            withheld += 1
        else:
            leaf = (ledger, value is None or value == "" or value == [] or value == {})
            tally[leaf] = tally.get(leaf, 0) + 1
    return withheld


def _count_members(pairs: Iterable[tuple[str, Tree]], ledger: Ledger, tally: Tally, mark: str | None) -> int:
    """Count the leaves among the members of an object; strings and numbers, which most are, without another call."""
    withheld, members = 0, ledger.members
    for key, value in pairs:
        entry = members.get(key) or ledger.member(key)
        kind = value.__class__
        if kind is str:
            if mark is not None and mark in value:
                withheld += 1
                continue
            leaf = (entry, not value)
        elif kind is int or kind is bool or kind is float:
            leaf = (entry, False)
        else:
            withheld += _count((value,), entry, tally, mark)
            continue
        tally[leaf] = tally.get(leaf, 0) + 1
    return withheld


def _places(value: Tree, ledger: Ledger, wanted: set[str], base: tuple[Key, ...]) -> dict[str, str]:
    """Return the first place of each path."""
    found: dict[str, str] = {}
    stack = [(value, ledger, base)]
    while stack:
        node, entry, keys = stack.pop()
        if isinstance(node, dict) and node:
            members = [*node.items(), *getattr(node, "lost", ())]
            stack.extend((below, entry.member(key), (*keys, key)) for key, below in reversed(members))
        elif isinstance(node, list) and node:
            stack.extend((below, entry, (*keys, index)) for index, below in reversed(list(enumerate(node))))
        elif entry.path in wanted:
            found.setdefault(entry.path, pointer(keys))
    return found
