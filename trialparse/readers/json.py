"""Reading JSON: into structs that hold what a table wants, into a plain tree, or into the raw records of a document."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec

from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, TrialParseError
from trialparse.limits import Limits
from trialparse.readers.shapes import DoesNotFit, OutOfRange, Remark, Tree
from trialparse.readers.source import ONE_PIECE

_PIECE = 8192
"""Bytes checked at once: the text of a piece fits into the processor's cache."""
_BYTE = re.compile(r"(.*) \(byte (\d+)\)")
_ESCAPE = re.compile(rb"\\(.)")


def check_utf8(raw: bytes, begins: int = 0) -> None:
    """Raise MalformedDocument if bytes are not UTF-8; the decoder checks only what it keeps.

    `begins` is where they begin in the document.
    """
    place, length = 0, len(raw)
    with memoryview(raw) as view:
        while place < length:
            end = place + _PIECE
            try:
                place += codecs.utf_8_decode(view[place:end], "strict", end >= length)[1]
            except UnicodeDecodeError as error:
                raise MalformedDocument(f"not UTF-8 at byte {begins + place + error.start}: {error.reason}") from None


def struct_reader(struct: Any) -> Callable[[bytes], Any]:
    """Return the function that decodes a record's bytes into a struct; raises DoesNotFit and TrialParseError."""
    decoder = msgspec.json.Decoder(struct)
    return lambda raw: _decode(decoder, raw)


def _decode(decoder: "msgspec.json.Decoder[Any]", raw: bytes) -> Any:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        raise DoesNotFit from None
    except msgspec.DecodeError as error:
        raise MalformedDocument(f"not JSON: {error}") from None
    except RecursionError:
        raise LimitExceeded("JSON nested deeper than can be read") from None
    except UnicodeDecodeError as error:
        raise MalformedDocument(f"not UTF-8: {error.reason}") from None


@cache
def _decoder(kind: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind)


def members(raw: bytes) -> dict[str, bytes]:
    """Return the members of a JSON object as raw bytes; raises DoesNotFit where the document is no object."""
    return {key: bytes(value) for key, value in _decode(_decoder(dict[str, msgspec.Raw]), raw).items()}


def names(raw: bytes) -> Collection[str]:
    """Return the keys of a JSON object, each once; raises DoesNotFit where the document is no object."""
    found: dict[str, Any] = _decode(_decoder(dict[str, msgspec.Raw]), raw)
    return found.keys()


def elements(raw: bytes) -> list[msgspec.Raw]:
    """Return the elements of a JSON array, each a view of its bytes; raises DoesNotFit where there is no array."""
    found: list[msgspec.Raw] = _decode(_decoder(list[msgspec.Raw]), raw)
    return found


def text(raw: bytes) -> str:
    """Return a JSON string as text."""
    found: str = _decode(_decoder(str), raw)
    return found


def fault(raw: bytes | memoryview) -> tuple[str, int | None]:
    """Return what is wrong with one JSON value, and the byte that the decoder names; nothing if it is whole.

    Strings are not checked.
    """
    try:
        _decoder(msgspec.Raw).decode(raw)
    except msgspec.DecodeError as error:
        found = _BYTE.fullmatch(str(error))
        return (found[1], int(found[2])) if found else (str(error), None)
    except RecursionError:
        raise LimitExceeded("JSON nested deeper than can be read") from None
    return "", None


def is_value(raw: bytes) -> bool:
    """Whether bytes are one JSON value; strings are not checked."""
    try:
        _decode(_decoder(msgspec.Raw), raw)
    except TrialParseError:
        return False
    return True


def plain(raw: bytes, limits: Limits) -> Tree:
    """Return the whole document without remarks on its notation."""
    check_nodes(raw, limits)
    try:
        return _decode(_decoder(Any), raw)
    except DoesNotFit:
        return _careful_tree(raw, limits)[0]


def tree(raw: bytes, limits: Limits = Limits()) -> tuple[Tree, list[Remark]]:
    """Return the whole document and remarks on its notation: duplicate keys, integers beyond 64 bits.

    Raises MalformedDocument, and LimitExceeded for too many values or too deep nesting.
    """
    check_nodes(raw, limits)
    try:
        value = _decode(_decoder(Any), raw)
    except DoesNotFit:
        return _careful_tree(raw, limits)
    if is_whole(raw, _survey(value), limits):
        return value, []
    del value  # a large document is not held twice
    return _careful_tree(raw, limits)


_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_HOLLOW = re.compile(rb"[\[{][ \t\r\n]*+[\]}]")


def check_nodes(raw: bytes, limits: Limits) -> None:
    """Raise LimitExceeded for a document of too many values before any is made; it has a comma between two of them."""
    if len(raw) > limits.nodes and sum(map(raw.count, (b",", b"[", b"{"))) > limits.nodes:
        bare = _STRING.sub(b"", raw)
        hollow = sum(1 for _ in _HOLLOW.finditer(bare))
        if sum(map(bare.count, (b",", b"[", b"{"))) - hollow > limits.nodes:
            raise limits.exceeded("nodes", "the number of values in the record")


class Survey(NamedTuple):
    """Counts of a decoded document, to check that the decoder kept everything."""

    keys: int
    strings: int
    """Strings among the values."""
    nodes: int
    depth: int
    big: bool
    """Whether an integer goes beyond 64 bits."""


def is_whole(raw: bytes, survey: Survey, limits: Limits) -> bool:
    """Whether a decoded document has everything in its text and needs no remarks; raises LimitExceeded.

    Each key and each string has two quotes, so a text with more quotes has a duplicate key.
    """
    _check_limits(survey, limits)
    return not survey.big and _quotes(raw) == 2 * (survey.keys + survey.strings)


def _quotes(raw: bytes) -> int:
    """Count the quotes around keys and strings."""
    return raw.count(b'"') - (_ESCAPE.findall(raw).count(b'"') if b"\\" in raw else 0)


def _check_limits(survey: Survey, limits: Limits) -> None:
    """Raise LimitExceeded where a document is beyond a limit."""
    if survey.depth > limits.depth + 1:
        raise limits.exceeded("depth", "the nesting of the document")
    if survey.nodes > limits.nodes:
        raise limits.exceeded("nodes", "the number of values in the record")


def _survey(value: Tree) -> Survey:
    """Count what a tree has, level by level."""
    keys, strings, nodes, depth, big = 0, 0, 0, 0, False
    level: list[Any] = [value]
    while level:
        depth += 1
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                keys += len(node)
                children: Any = node.values()
            elif isinstance(node, list):
                children = node
            else:
                children = (node,)
            nodes += len(children)
            for child in children:
                kind = child.__class__
                if kind is str:
                    strings += 1
                elif kind is dict or kind is list or kind is Duplicates:
                    below.append(child)
                elif kind is int and not -BIG <= child < BIG:
                    big = True
        level = below
    return Survey(keys, strings, nodes, depth, big)


BIG = 2**63
"""Whole numbers must be below it."""


class Duplicates(dict[str, Any]):
    """An object with duplicate keys; `lost` holds the values that later ones replaced, in a list for each key."""

    __slots__ = ("lost",)

    def __init__(self, members: dict[Any, Any], lost: dict[Any, list[Any]]) -> None:
        super().__init__(members)
        self.lost = lost


def lost_of(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield key and value of each member of an object that a later one replaced."""
    return ((key, value) for key, values in getattr(node, "lost", {}).items() for value in values)


def _careful_tree(raw: bytes, limits: Limits) -> tuple[Tree, list[Remark]]:
    """Decode with the standard library, which has hooks for pairs and constants."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        lost: dict[str, list[Any]] = {}
        for key, value in found:
            if key in lost:
                lost[key].append(made[key])
            elif key in made:
                lost[key] = [made[key]]
            made[key] = value
        return Duplicates(made, lost) if lost else made

    def constant(word: str) -> None:
        raise MalformedDocument(f"not JSON: {word}")

    def integer(digits: str) -> int:
        if len(digits) > 4000:
            raise LimitExceeded(f"an integer of {len(digits)} digits")
        return int(digits)

    if paired(raw) != raw:
        raise MalformedDocument("not UTF-8, or half of a surrogate pair")
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=pairs,
            parse_constant=constant,
            parse_int=integer,
            parse_float=OutOfRange.read,
        )
    except RecursionError:
        raise LimitExceeded("JSON nested deeper than can be read") from None
    except UnicodeError:
        raise MalformedDocument("not UTF-8, or half of a surrogate pair") from None
    except json.JSONDecodeError as error:
        raise MalformedDocument(f"not JSON: {error.msg} (byte {error.pos})") from None
    _check_limits(_survey(value), limits)
    return value, remarks(value)


def remarks(value: Any) -> list[Remark]:
    """Return the remarks on the notation of a document, in its order; beyond many they are one, with their number."""
    return few(_remarks(value))


def _remarks(value: Any) -> Iterator[Remark]:
    for at, node in holders(value):
        for name, lost in lost_of(node):
            yield Problem.DUPLICATE_KEY, (*at, name), json.dumps(lost)[:200]
        for key, below in members_of(node):
            if isinstance(below, int) and not -BIG <= below < BIG:
                yield Problem.BIG_INTEGER, (*at, key), str(below)


_MANY = 1000
"""Remarks on one problem of a record that are reported each by itself."""


def few(found: Iterable[Remark]) -> list[Remark]:
    """Return remarks; those beyond the first thousand on a problem are one, which has their number."""
    kept: list[Remark] = []
    counts: Counter[Problem] = Counter()
    for remark in found:
        counts[remark[0]] += 1
        if counts[remark[0]] <= _MANY:
            kept.append(remark)
    more = [(problem, count - _MANY) for problem, count in counts.items() if count > _MANY]
    return kept + [(problem, (), f"and {count:,} more") for problem, count in more]


def members_of(node: Any) -> Iterable[tuple[str | int, Any]]:
    """Return the members of an object, or the elements of a list with their indexes; of anything else nothing."""
    if isinstance(node, _Pairs):
        return ((_HALF.sub("\ufffd", key), value) for key, value in node)
    return node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()


def holders(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each object and list of a document with its keys, in the order of the document; the document itself too.

    What waits is one iterator for each level, however many members an object has.
    """
    yield (), value
    stack: list[tuple[tuple[str | int, ...], Iterator[tuple[str | int, Any]]]] = [((), iter(members_of(value)))]
    while stack:
        at, members = stack[-1]
        for key, node in members:
            if isinstance(node, dict | list):
                here = (*at, key)
                yield here, node
                stack.append((here, iter(members_of(node))))
                break
        else:
            stack.pop()


def words_of(value: Any) -> str:
    """Return a source value in the words of the source: strings as they are, the rest as JSON writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, OutOfRange):
        return value.text
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is int:
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise LimitExceeded("nested too deeply to be quoted") from None


def each_once(raw: bytes, members: dict[str, bytes]) -> bool:
    """Whether a JSON object has no duplicate keys; `members` are the members that were kept."""
    return _quotes(raw) == 2 * len(members) + sum(map(_quotes, members.values()))


def join(members: dict[str, bytes]) -> bytes:
    """Return a JSON object of raw members."""
    return msgspec.json.encode({name: msgspec.Raw(value) for name, value in members.items()})


def encode(value: Tree) -> bytes:
    """Return a tree as JSON bytes; a number that no float holds keeps its digits."""
    return msgspec.json.encode(value, enc_hook=_as_written)


def _as_written(value: Any) -> Any:
    if isinstance(value, OutOfRange):
        return msgspec.Raw(value.text.encode())
    raise NotImplementedError  # what msgspec asks of a hook that does not know a type


# halves of surrogate pairs --------------------------------------------------------------------------------------------

_ESCAPED = re.compile(
    rb"\\(?:u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|([dD][89a-fA-F][0-9a-fA-F]{2}))|.)", re.DOTALL
)
"""An escape of a string: a surrogate pair, half of one (the group), or any other."""
_SURROGATE = re.compile(rb"\\u[dD]")
_HALF = re.compile("[\ud800-\udfff]")


def paired(raw: bytes) -> bytes:
    """Return a document with U+FFFD for each half of a surrogate pair, which no text can hold.

    >>> paired(rb'["\\ud83d\\ude00 \\ud83d \\\\ud83d"]')
    b'["\\\\ud83d\\\\ude00 \\\\ufffd \\\\\\\\ud83d"]'
    """
    if b"\\" not in raw or _SURROGATE.search(raw, raw.find(b"\\")) is None:  # looking for one byte is fastest
        return raw
    return _ESCAPED.sub(lambda found: found[0] if found[1] is None else b"\\ufffd", raw)


class _Pairs(list[tuple[str, Any]]):
    """All members of an object, including duplicate keys."""


def halves(raw: bytes) -> list[Remark]:
    """Return where a document has halves of surrogate pairs; for a long document, only that it has some."""
    if len(raw) > ONE_PIECE:
        return [(Problem.HALF_PAIR, (), "in the document")]
    try:
        whole = json.loads(raw, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return []
    return few(_halves(whole))


def _halves(whole: Any) -> Iterator[Remark]:
    for at, node in holders(whole):
        if isinstance(node, _Pairs):
            yield from ((Problem.HALF_PAIR, at, "in a key") for key, _ in node if _HALF.search(key))
        for key, below in members_of(node):
            if isinstance(below, str) and _HALF.search(below):
                yield Problem.HALF_PAIR, (*at, key), "in a text"
