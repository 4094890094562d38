"""Kinds of record: what a patient reads about a record of a format, and what registers and regions are called.

Each registry's folder has its own: `kinds.tsv` for its formats, `names.tsv` for the words by which it names things.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from trialparse.mapping.folder import folders_with
from trialparse.prepared import prepared
from trialparse.tsv import read_lines


def _fields(words: str) -> frozenset[str]:
    """Return the paths in a cell that holds several."""
    return frozenset(words.split())


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of record, which is a format, and the names that a page about such a record needs."""

    format: str
    """Name of the format."""
    made_from: str = "a record"
    """What a page about it is made from."""
    explanation: str = ""
    """What such a record is, in plain sentences; empty for the whole record of a trial."""
    authority: str = ""
    """Where such records are from."""
    never: frozenset[str] = attrs.field(default="", converter=_fields)
    """Paths of fields that no such record holds."""

    @property
    def registers(self) -> Mapping[str, str]:
        """What registers are called, by the value of `Trial.registry`."""
        return _names("register")

    @property
    def regions(self) -> Mapping[str, str]:
        """What several countries together are called, by the register's name for them."""
        return _names("region")


@prepared
def kinds() -> dict[str, Kind]:
    """Return the kinds of record by the name of their format."""
    return {cells["format"]: Kind(**cells) for _, cells in _rows("kinds.tsv")}


def kind_of(format: str) -> Kind:
    """Return the kind of record of a format; a format without a row is a record and no more is said about it."""
    return kinds().get(format) or Kind(format=format)


@prepared
def _names(what: str) -> dict[str, str]:
    """Return what registers or regions are called, from all folders; a folder's own name wins over that of `common`."""
    rows = sorted(_rows("names.tsv"), key=lambda row: row[0] != "common")
    return {cells["word"]: cells["called"] for _, cells in rows if cells["what"] == what}


def _rows(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of the tables of a name, folder after folder, each with the folder's name."""
    for folder in folders_with(name):
        yield from ((str(folder.name), cells) for _, cells in read_lines(folder / name))
