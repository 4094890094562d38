"""Kinds of record: the words of a page for patients on records of a format, and its names of registers and regions.

Each registry's folder describes its formats in `kinds.tsv`, and names registers and regions in `names.tsv`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trialparse.generated.classes import frozen
from trialparse.mapping.folder import folders_with
from trialparse.prepared import prepared
from trialparse.tsv import read_lines


@frozen(kw_only=True)
class Kind:
    """The words of a page on records of a format, and the names that it needs.

    The names are the same for all kinds. They are here because a page gets nothing else from `mapping`.
    """

    format: str
    """Name of the format."""
    made_from: str = ""
    """What a page is made from, in its own words; empty for `a record`."""
    explanation: str = ""
    """What such a record is, in plain sentences; empty for the whole record of a trial."""
    authority: str = ""
    """Where such records come from, in words for a page."""

    @property
    def of_country(self) -> bool:
        """Whether each record is about the trial in one country."""
        return self.format in _names("country")

    @property
    def registers(self) -> Mapping[str, str]:
        """What registers are called, by the value of `Trial.registry`."""
        return _names("register")

    @property
    def regions(self) -> Mapping[str, str]:
        """What several countries together are called, by the register's name for them."""
        return _names("region")

    @property
    def pages(self) -> Mapping[str, str]:
        """The addresses of trials in their registers, with `{id}` for the number, by the value of `Trial.registry`."""
        return _names("page")


@prepared
def kinds() -> dict[str, Kind]:
    """Return the kinds of record by the name of their format."""
    return {cells["format"]: Kind(**cells) for _, cells in _rows("kinds.tsv")}


def kind_of(format: str) -> Kind:
    """Return the kind of record of a format; pages call the record of a format without a row `a record`."""
    return kinds().get(format) or Kind(format=format)


@prepared
def _names(what: str) -> dict[str, str]:
    """Return the names of registers or regions from all folders; a name of `common` gives way to any other."""
    rows = sorted(_rows("names.tsv"), key=lambda row: row[0] != "common")
    return {cells["word"]: cells["called"] for _, cells in rows if cells["what"] == what}


def _rows(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of all tables called `name`, each with the name of its folder."""
    for folder in folders_with(name):
        yield from ((str(folder.name), cells) for _, cells in read_lines(folder / name))
