"""The kinds of files that are not read, as the table `kinds.tsv` has them."""

import re
from collections.abc import Callable, Collection

from trialparse.diagnostics import UnrecognisedFormat
from trialparse.foreign import signs
from trialparse.generated.classes import frozen
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines


@frozen
class Kind:
    """A kind of files that is not read."""

    name: str
    sign: str
    """What shows it: `json`, `alone`, `xml`, `titled`, `columns`, `piped`, `begins`, `bytes` or `members`."""
    of: str
    """The keys, names, words, columns or bytes that show it."""
    sentence: str
    """What it is, and what to do instead."""

    @property
    def error(self) -> UnrecognisedFormat:
        """The error on such a file."""
        error = UnrecognisedFormat(self.sentence)
        error.kind = self.name
        return error


@prepared
def kinds() -> tuple[Kind, ...]:
    """Return all kinds, in the order in which they are looked for."""
    rows = (cells for _, cells in read_lines(files_of("trialparse.foreign") / "kinds.tsv"))
    return tuple(Kind(row["kind"], row["sign"], row["of"], f"{row['is']}: {row['do']}") for row in rows)


def named(name: str) -> Kind:
    """Return the kind of a name."""
    return next(kind for kind in kinds() if kind.name == name)


def kind_of(head: bytes) -> Kind | None:
    """Return the kind that a document has by its first bytes, or what is in its list; None if it is of none."""
    head = head[: signs.HEAD]
    if _is_json(head):
        return _kind_of_json(head, inside=False)
    if head.lstrip(b" \t\r\n")[:1] == b"<":
        xml = (kind for kind in _with("xml") if signs.has_root(head, kind.of))
        return next(xml, None) or next((kind for kind in _with("titled") if signs.has_title(head, kind.of)), None)
    looks = (_has_bytes, _begins, _has_columns)
    return next((kind for look in looks if (kind := look(head)) is not None), None)


def kind_inside(head: bytes) -> Kind | None:
    """Return the kind of the first object of a kind that is inside of other JSON; None if there is none."""
    return _kind_of_json(head[: signs.HEAD], inside=True) if _is_json(head) else None


def _is_json(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n")[:1] in (b"{", b"[")


def _kind_of_json(head: bytes, *, inside: bool) -> Kind | None:
    found = signs.objects(head)
    kinds = _with("json") if inside else (*_with("json"), *_with("alone"))
    for path in found:
        for kind in kinds if signs.is_inside(path) is inside else ():
            if signs.has_keys(found, kind.of, path):
                return kind
    return None


def kind_of_archive(names: Collection[str]) -> Kind | None:
    """Return the kind that a zip of files with these names has."""
    return next((kind for kind in _with("members") if {*kind.of.split()} <= {*names}), None)


def _has_bytes(head: bytes) -> Kind | None:
    return next((kind for kind in _with("bytes") if signs.has_bytes(head, kind.of.split())), None)


def _begins(head: bytes) -> Kind | None:
    text = head[:1024].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return next((kind for kind in _with("begins") if re.match(kind.of, text)), None)


def _has_columns(head: bytes) -> Kind | None:
    looks: tuple[tuple[str, Callable[[bytes], frozenset[str]]], ...] = (
        ("columns", signs.columns),
        ("piped", signs.piped),
    )
    for sign, look in looks:
        columns = look(head)
        for kind in _with(sign) if columns else ():
            if {name.strip() for name in kind.of.split(";")} <= columns:
                return kind
    return None


@prepared
def _with(sign: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in kinds() if kind.sign == sign)
