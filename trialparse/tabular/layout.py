"""Read columns.tsv: which tables there are, what one row of each is, and which columns it has."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from trialparse.prepared import prepared
from trialparse.tsv import TableError, files_of, read_lines

FILE = "columns.tsv"
EVERY, NONE = "*", "-"
"""What stands for all tables, and for no table, in the column `table`."""

TYPES = ("string", "bool", "int", "float", "date", "precision", "index", "name", "[string]", "[float]")
"""Types of columns; `date` in the file makes three: the first day, the precision, and whether it is planned."""

_NAME = re.compile(r"[a-z][a-z_]*")


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: str
    path: str
    """Where its values are in a Trial, or with `@` in what else there is of a record."""
    meaning: str = ""
    """What it means, where the words of the model's fields do not do."""
    unit: str = ""
    """Its unit, or the column of the table that has the unit of each value."""
    trds: str = ""
    """Items of the TRDS, where the words of the model's fields name none or others; `-` for none."""

    @property
    def is_list(self) -> bool:
        """Whether its values are lists."""
        return self.type.startswith("[")


class Table(NamedTuple):
    """A table."""

    name: str
    rows: str
    """The path of what a row is, such as `countries[]`; empty where it is a record."""
    meaning: str
    """What a row is."""
    columns: tuple[Column, ...]


@prepared
def layout() -> dict[str, Table]:
    """Return the tables by name, in the order of the file."""
    tables: dict[str, Table] = {}
    common: list[Column] = []
    for where, cells in _rows():
        name = cells["table"]
        if name == NONE:
            continue
        if not cells["column"]:
            tables[name] = Table(name, cells["path"], cells["meaning"], tuple(common))
        elif name == EVERY:
            common += _columns(where, cells)
        else:
            tables[name] = tables[name]._replace(columns=(*tables[name].columns, *_columns(where, cells)))
    return tables


@prepared
def left_out() -> dict[str, str]:
    """Return the fields that no table has, with the reasons; `*` at the beginning of a path stands for any."""
    return {cells["path"]: cells["meaning"] for _, cells in _rows() if cells["table"] == NONE}


def table_of(name: str) -> Table:
    """Return a table by its name; raises ValueError for another one, with the names that may be meant."""
    if name not in layout():
        meant = " or ".join(get_close_matches(str(name), layout()))
        raise ValueError(f"there is no table {name!r}; {f'did you mean {meant}?' if meant else 'SCHEMAS has them all'}")
    return layout()[name]


def _rows() -> Iterator[tuple[str, dict[str, str]]]:
    """Return the rows of the file: file and line, and cells by column."""
    return read_lines(files_of("trialparse.tabular") / FILE)


def _columns(where: str, cells: dict[str, str]) -> Iterator[Column]:
    """Yield the columns of a row of the file: three for a date, else one."""
    name, kind, path, meaning = (cells[key] for key in ("column", "type", "path", "meaning"))
    if kind not in TYPES or not _NAME.fullmatch(name):
        raise TableError(f"{where}: {name} of type {kind!r} is no column")
    trds = cells["trds"]
    yield Column(name, kind, path, meaning, cells["unit"], trds)
    if kind == "date":
        about = f"How much of `{name}` the source states: `year`, `month` or `day`; `{name}` is its first day."
        yield Column(f"{name}_precision", "precision", path, about, trds=trds)
        about = f"True where `{name}` is planned, False where it has come to pass, null where the source does not say."
        yield Column(f"{name}_estimated", "bool", f"{path}.estimated", about, trds=trds)
