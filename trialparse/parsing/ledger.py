"""The ledger: the rows of a mapping arranged by path, so that each leaf of a document finds its verdict."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from trialparse.diagnostics import WITHHELD
from trialparse.generated.classes import define
from trialparse.mapping.opening import keyed_openers, openers
from trialparse.mapping.rows import COPIES, PLAIN, Row, target_of
from trialparse.readers.paths import PLACES, Path, Step, resolved
from trialparse.readers.shapes import TEXT, Tree

MAPPED = "mapped"
UNMAPPED = "unmapped"

ROOM = 16 << 20
"""Bytes, by a rough count, that a ledger remembers of documents; one that remembers more gives way to a new one."""
MANY = 1000
"""Members of an object of a large document beyond which no other object is thought to be like it."""
FURTHER = "*"
"""In a path: any key that no row names, once a ledger for one document is full."""

_ENTRY, _MEMBER = 600, 120
"""Bytes that an entry and a member of a form take besides the words of keys and paths."""


class Blank(str):
    """Kind of an empty string, where a walk distinguishes it from others."""

    __slots__ = ()


class Marked(str):
    """Kind of a string from which words about persons were withheld."""

    __slots__ = ()


@define
class Learnt:
    """How many bytes the entries of one ledger remember together, by a rough count."""

    size: int = 0
    bounded: bool = False
    """Whether the ledger is that of one large document: once it is full, it has one entry for all new keys of a place.

    A ledger for all documents has no such bound, because the paths of a document must not depend on others.
    """


@define(eq=False)
class ObjectShape:
    """What an object comes to at one entry, for all objects with the same keys and values of the same kinds."""

    kinds: list[type]
    """The kinds of its values."""
    strings: int = 0
    """How many of its values are strings."""
    leaves: "list[tuple[Ledger, bool]]" = attrs.field(factory=list)
    """The entries of its leaves, each with whether the leaf is empty."""
    verdicts: list[tuple[str, int]] = attrs.field(factory=list)
    """How many of its leaves have which verdict."""
    integers: list[str] = attrs.field(factory=list)
    """The keys of whole numbers, which may be too big."""
    below: "list[tuple[str, Ledger]]" = attrs.field(factory=list)
    """The keys of lists and objects."""
    doubtful: "list[tuple[str, Ledger]]" = attrs.field(factory=list)
    """The keys of strings whose verdict depends on whether they are empty."""
    opened: "list[tuple[str, Ledger]]" = attrs.field(factory=list)
    """The keys of texts in which an opener sees more keys."""


@define(eq=False)
class Ledger:
    """The verdict on one path, with the entries below it; `member` and `form` remember what documents bring."""

    path: str = ""
    written: bool = False
    reads: bool = False
    below: bool = False
    keyed: bool = False
    ignore: str | None = None
    ignore_empty: str | None = None
    """Why a leaf is ignored here that holds nothing, where one that holds something is not."""
    ignore_below: str | None = None
    original: "Ledger | None" = None
    """The entry that this one repeats, or is an earlier version of: what is unknown there is unknown here."""
    whole: bool = False
    """Whether a row reads the leaf as it is; keys that an opener sees in it are still accounted for."""
    inside: dict[str, "Ledger"] = attrs.field(factory=dict)
    """The verdicts of the rows on the keys that an opener sees in the text, by the name of the opener."""
    suffixes: dict[str, str] = attrs.field(factory=dict)
    members: dict[str, "Ledger"] = attrs.field(factory=dict)
    forms: dict[tuple[Any, ...], ObjectShape] = attrs.field(factory=dict)
    latest: dict[tuple[str, ...], ObjectShape] = attrs.field(factory=dict)
    verdicts: tuple[str, str] | None = None
    learnt: Learnt = attrs.field(factory=Learnt)

    @property
    def opens(self) -> str | None:
        """The opener through which a text is read here, if its keys are to be accounted for."""
        return next(iter(self.inside)) if len(self.inside) == 1 else None

    def opened(self, text: Tree) -> "tuple[Ledger, Tree] | None":
        """Return what an opener sees in a text, with its entry; None if it sees nothing, or the leaf is one."""
        name = self.opens
        if name is None or not isinstance(text, str) or not text.strip():
            return None
        tree = _filled(openers()[name](text))
        return (self.inside[name], tree) if isinstance(tree, dict | list) and tree else None

    @property
    def full(self) -> bool:
        """Whether it remembers so much that a new one should take its place."""
        return self.learnt.size > (ROOM // 4 if self.learnt.bounded else ROOM)

    def member(self, key: str) -> "Ledger":
        """Return the entry of a member, made at first sight."""
        known = self._known(key)
        if known is None and self.learnt.bounded and self.full and key not in self.suffixes:
            key = FURTHER
            known = self._known(key)
        if known is None:
            known = self._below(key)
            self.members[key] = known
            self.learnt.size += _ENTRY + len(known.path) + len(key)
        return known

    def at(self, keys: Iterable[str | int]) -> "Ledger":
        """Return the entry that keys lead to; an index leads to no other."""
        entry = self
        for key in keys:
            entry = entry.member(key) if isinstance(key, str) else entry
        return entry

    def _known(self, key: str) -> "Ledger | None":
        return self.members.get(key) or (self.members.get("*") if self.keyed else None)

    def _below(self, key: str) -> "Ledger":
        """Return a new entry for a member; `{}` are the values of an object keyed by ids."""
        path = self.path + key if key == "{}" else f"{self.path}.{key}" if self.path else key
        return Ledger(
            path=path,
            ignore_below=self.ignore_below,
            original=self._of_original(key),
            suffixes=self.suffixes,
            learnt=self.learnt,
        )

    def _of_original(self, key: str) -> "Ledger | None":
        """Return the member of the original, which does not remember it: nobody would make it forget."""
        if self.original is None:
            return None
        return self.original._known("*" if key == "{}" else key) or self.original._below(key)

    def judge(self, empty: bool) -> str:
        """Return the verdict on a leaf here; an empty leaf is read by the rows that look below it."""
        return (self.verdicts or self._judged())[empty]

    def _judged(self) -> tuple[str, str]:
        self.verdicts = self._verdict(False), self._verdict(True)
        return self.verdicts

    def _verdict(self, empty: bool) -> str:
        return MAPPED if self.reads else self.otherwise(empty)

    def otherwise(self, empty: bool) -> str:
        """Return the verdict on a leaf here that no row reads."""
        last = self.path.rsplit(".", 1)[-1]
        reason = self.ignore or (self.ignore_empty if empty else None) or self.suffixes.get(last)
        verdict = reason or self._caught(empty)
        return MAPPED if verdict == UNMAPPED and empty and self.below else verdict

    def _caught(self, empty: bool) -> str:
        """Return the verdict of a catch-all above; for a copy it holds as far as the original is known."""
        if self.original is None or self.ignore_below is None:
            return self.ignore_below or UNMAPPED
        there = self.original.judge(empty)
        return there if there in (UNMAPPED, *PLAIN) else self.ignore_below

    def formless(self, value: dict[str, Tree]) -> bool:
        """Whether no form is made of an object: one keyed by ids, and in one large document one of many keys."""
        return self.keyed or (self.learnt.bounded and (len(value) > MANY or self.full))

    def form(self, value: dict[str, Tree], kind: Callable[[Tree], type]) -> ObjectShape:
        """Return the form of an object here, made at first sight; it is then the latest with these keys."""
        kinds = [*map(kind, value.values())]
        form = self.forms.get((*value, *kinds)) or self._form(value, kinds)
        self.latest[tuple(value)] = form
        return form

    def _form(self, value: dict[str, Tree], kinds: list[type]) -> ObjectShape:
        form = ObjectShape(kinds)
        verdicts: list[str] = []
        for key, kind in zip(value, kinds, strict=True):
            entry = self.members.get(key) or self.member(key)
            if issubclass(kind, (dict, list)):
                form.below.append((key, entry))
                continue
            filled, empty = entry.verdicts or entry._judged()
            form.strings += issubclass(kind, str)
            if kind is int:
                form.integers.append(key)
            if kind in (str, Marked) and entry.opens is not None:
                form.opened.append((key, entry))
            elif kind is str and filled != empty:
                form.doubtful.append((key, entry))
            elif kind is Marked:
                verdicts.append(WITHHELD)
            else:
                blank = kind is Blank or kind is type(None)
                form.leaves.append((entry, blank))
                verdicts.append(empty if blank else filled)
        form.verdicts = [*Counter(verdicts).items()]
        self.forms[*value, *kinds] = form
        self.learnt.size += sum(map(len, value)) + _MEMBER * len(value)
        return form


def make_ledger(rows: Iterable[Row], wanted: Iterable[Any], *, bounded: bool = False) -> Ledger:
    """Arrange the rows of a mapping by path; `wanted` are the paths that its plan reads. See `Learnt.bounded`."""
    root = Ledger()
    for path in wanted:
        if not path or path[-1].key not in PLACES:
            _read(root, resolved(path))
    copies: list[tuple[Ledger, Path]] = []
    for row in rows:
        if row.verb == "ignore":
            copies += _ignore(root, row)
    for entry, path in copies:
        entry.original = _enter(root, path)
    _settle(root)
    root.learnt.size, root.learnt.bounded = 0, bounded
    return root


def _read(root: Ledger, path: Path) -> None:
    """Enter a path that is read: its leaf, and what an opener sees in it."""
    opening = next((index for index, step in enumerate(path) if step.opener), len(path))
    entry = _enter(root, path[:opening])
    entry.reads = True
    if opening < len(path) and path[opening].key in keyed_openers():
        _read(_inside(entry, path[opening]), path[opening + 1 :])
    else:
        entry.whole = True


def _inside(entry: Ledger, step: Step) -> Ledger:
    """Return the entry of what an opener gives."""
    if step.key not in entry.inside:
        entry.inside[step.key] = Ledger(path=f"{entry.path}|{step.key}", learnt=entry.learnt)
    return entry.inside[step.key]


def _filled(tree: Tree) -> Tree:
    """Return the tree of an opener without what is empty: that comes from the opener, not from the text."""
    if isinstance(tree, dict):
        return {key: value for key, below in tree.items() if (value := _filled(below)) not in ("", None, {}, [])}
    if isinstance(tree, list):
        return [value for below in tree if (value := _filled(below)) not in ("", None, {}, [])]
    return tree


def _ignore(root: Ledger, row: Row) -> Iterator[tuple[Ledger, Path]]:
    """Enter a row that ignores; give the entry of a catch-all for a copy, and the path of the original."""
    path, last = row.path, row.path[-1].key
    if path[0].key == "**":
        if "person" not in row.marks:  # such a row marks whom to withhold; what it would hide is still looked at
            root.suffixes[last] = row.argument
    elif last == "**":
        entry = _enter(root, path[:-1])
        entry.ignore_below = row.argument
        if row.argument.startswith(COPIES):
            yield entry, target_of(row.argument)
        else:
            entry.ignore = row.argument
    else:
        alone = [path[:-1]] if last == TEXT and len(path) > 1 else []  # the text of an element that has no attributes
        for entry in (_enter(root, each) for each in (path, *alone)):
            if "empty" in row.marks:
                entry.ignore_empty = row.argument
            else:
                entry.ignore = row.argument


def _enter(root: Ledger, path: Any) -> Ledger:
    entry = root
    for step in path:
        if step.opener:
            entry = _inside(entry, step)
            continue
        entry.below = True
        entry = entry.member("*" if entry.keyed else step.key)
        entry.written = True
        if step.many == "{}":
            entry.below = True
            entry.keyed = True
            entry = entry.members.setdefault("*", entry._below("{}"))
            entry.written = True
    return entry


def _settle(entry: Ledger) -> None:
    """Hand the reason of a subtree down to the entries that were made before it was known."""
    for key, below in entry.members.items():
        if below.ignore_below is None:
            below.ignore_below = entry.ignore_below
            below.original = entry._of_original("{}" if key == "*" else key)
        _settle(below)
