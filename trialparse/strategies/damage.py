"""Damage: one thing about a document made wrong, as people, programs and cables do."""

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs

from trialparse.readers.paths import Key, Keys
from trialparse.readers.shapes import Tree
from trialparse.strategies.document import Document
from trialparse.strategies.notation import write
from trialparse.strategies.texts import NASTY

_AGAIN = "a-key-for-the-second-time"


@attrs.frozen(kw_only=True)
class Damaged:
    """A document with one damage."""

    data: bytes
    """The document as it is now."""
    kind: str
    """`replaced`, `emptied`, `renamed`, `deleted`, `doubled`, `wrapped`, `unwrapped`, `cut` or `flipped`."""
    keys: Keys
    """Keys of the damaged node from the root of the record; of a renamed one the former; () for damage to bytes."""
    text: str
    """What was done, for people."""
    tree: Tree = None
    """The record as plain values; None for damage to bytes."""


def nodes(value: Tree, keys: Keys = ()) -> Iterator[tuple[Keys, Tree]]:
    """Give keys and value of every node below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield (*keys, key), below
        yield from nodes(below, (*keys, key))


def damage(document: Document, random: Random) -> Damaged:
    """Return a document with one damage."""
    found = list(nodes(document.tree))
    if not found or random.randrange(6) == 0:
        return _bytes_damaged(document.data, random)
    keys, value = random.choice(found)
    kind = random.choice(sorted(_KINDS))
    tree = copy.deepcopy(document.tree)
    parent = tree
    for key in keys[:-1]:
        parent = parent[key]
    text = _KINDS[kind](parent, keys[-1], value, random)
    data = write(document.format, tree)
    if kind == "doubled":
        data = data.replace(_AGAIN.encode(), str(keys[-1]).encode())
    return Damaged(data=data, kind=kind, keys=keys, text=f"{kind} {'/'.join(map(str, keys))}{text}", tree=tree)


def _bytes_damaged(data: bytes, random: Random) -> Damaged:
    place = random.randrange(len(data))
    if random.randrange(2):
        return Damaged(data=data[:place], kind="cut", keys=(), text=f"cut at byte {place}")
    bit = 1 << random.randrange(8)
    flipped = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
    return Damaged(data=flipped, kind="flipped", keys=(), text=f"bit {bit} of byte {place} flipped")


def nasty_value(random: Random) -> Any:
    """Return a value that hardly belongs anywhere."""
    xml_safe = [text for text in NASTY if text.isprintable()]
    return random.choice(
        (
            random.choice(xml_safe),
            True,
            False,
            0,
            -1,
            1.5,
            2**70,
            "",
            " ",
            [],
            {},
            [[]],
            {"nosuchkey": None},
            ["a", "b"],
            "2026-02-30",
        )
    )


def _replace(parent: Any, key: Key, value: Tree, random: Random) -> str:
    parent[key] = nasty_value(random)
    return f" by {parent[key]!r}"


def _empty(parent: Any, key: Key, value: Tree, random: Random) -> str:
    parent[key] = None
    return ""


def _delete(parent: Any, key: Key, value: Tree, random: Random) -> str:
    del parent[key]
    return ""


def _rename(parent: Any, key: Key, value: Tree, random: Random) -> str:
    if isinstance(parent, list):
        return _replace(parent, key, value, random)
    parent[f"{key}X"] = parent.pop(key)
    return " with an X"


def _double(parent: Any, key: Key, value: Tree, random: Random) -> str:
    if isinstance(parent, list):
        parent.insert(int(key), copy.deepcopy(value))
    else:
        parent[_AGAIN] = nasty_value(random) if random.randrange(2) else copy.deepcopy(value)
    return ""


def _wrap(parent: Any, key: Key, value: Tree, random: Random) -> str:
    parent[key] = [value]
    return " in a list"


def _unwrap(parent: Any, key: Key, value: Tree, random: Random) -> str:
    if not isinstance(value, list) or not value:
        return _wrap(parent, key, value, random)
    parent[key] = value[0]
    return ": its first element"


_KINDS: dict[str, Callable[[Any, Key, Tree, Random], str]] = {
    "replaced": _replace,
    "emptied": _empty,
    "deleted": _delete,
    "renamed": _rename,
    "doubled": _double,
    "wrapped": _wrap,
    "unwrapped": _unwrap,
}
