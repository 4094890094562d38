"""The audit: an account of every leaf of a document; each is mapped, ignored for a reason, withheld, or unmapped."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

from trialparse.paths import Key, pointer
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
        known = self.members.get("*" if self.keyed else key)
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
        entry = _enter(root, path)
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


@attrs.define
class Auditor:
    """One walk over one document."""

    mapped: int = 0
    withheld: int = 0
    ignored: Counter[str] = attrs.field(factory=Counter)
    unmapped: Counter[str] = attrs.field(factory=Counter)
    places: dict[str, str] = attrs.field(factory=dict)
    filled: Counter[str] = attrs.field(factory=Counter)

    def walk(self, value: Tree, ledger: Ledger, keys: tuple[Key, ...] = ()) -> None:
        """Account for all leaves below a value."""
        if isinstance(value, dict) and value:
            for key, below in value.items():
                self.walk(below, ledger.member(key), (*keys, key))
            for key, lost in getattr(value, "lost", ()):
                self.walk(lost, ledger.member(key), (*keys, key))
        elif isinstance(value, list) and value:
            for index, below in enumerate(value):
                self.walk(below, ledger, (*keys, index))
        else:
            self.leaf(value, ledger, keys)

    def leaf(self, value: Tree, ledger: Ledger, keys: tuple[Key, ...]) -> None:
        """Account for one leaf."""
        empty = value is None or value == "" or value == [] or value == {}
        verdict = ledger.judge(empty)
        self.filled[ledger.path] += not empty
        if isinstance(value, str) and WITHHELD in value:
            self.withheld += 1
        elif verdict is MAPPED:
            self.mapped += 1
        elif verdict is UNMAPPED:
            self.unmapped[ledger.path] += 1
            self.places.setdefault(ledger.path, pointer(keys))
        else:
            self.ignored[verdict] += 1

    def result(self) -> Audit:
        """Return the account."""
        return Audit(
            mapped=self.mapped,
            ignored=dict(self.ignored),
            withheld=self.withheld,
            unmapped=dict(self.unmapped),
            places=self.places,
            paths=dict(self.filled),
        )
