"""Read a table file: rows by column, each with its line, without comments and with short names expanded."""

import importlib
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class TableError(Exception):
    """Tables break the grammar: each line of the message is one fault, with folder, file and line.

    The fault is in trialparse or in a registry's tables, never in a source.
    """


def files_of(package: str) -> "Traversable":
    """Return the folder of a package; `importlib.resources`, which imports much, is only needed inside of a zip."""
    folder = Path(importlib.import_module(package).__path__[0])
    if folder.is_dir():
        return folder
    from importlib.resources import files

    return files(package)


def where_of(file: "Traversable", line: int | str = "") -> str:
    """Return folder, file and line: `ctis/mapping.tsv:17`."""
    return f"{getattr(file, 'parent', file).name}/{file.name}:{line}"


class Table:
    """A table file, whose rows are taken apart when they are asked for."""

    def __init__(self, file: "Traversable") -> None:
        self._file = file
        self.name = file.name
        self.folder = where_of(file).partition("/")[0]
        self._header: list[str] = []
        self._names: dict[str, list[str]] = {}

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of each line that is a row; those before it gave the columns and short names."""
        for number, line in enumerate(self._file.read_text(encoding="utf-8").splitlines(), start=1):
            if line[:1] == "#" or not line.strip():
                continue
            if line[0] == "$" and not self._header:
                name, *cells = _cells(line)
                self._names[name] = [written for cell in cells for [written] in _written_out([cell], self._names)]
            elif not self._header:
                self._header = _cells(line)
            else:
                yield number, line

    def rows(self, number: int, line: str) -> Iterator[dict[str, str]]:
        """Yield cells by column for each row that a line stands for."""
        header, cells = self._header, _cells(line)
        if len(cells) > len(header):
            raise TableError(f"{where_of(self._file, number)}: more cells than columns")
        cells += [""] * (len(header) - len(cells))
        for row in _written_out(cells, self._names) if "$" in line else (cells,):
            yield dict(zip(header, row, strict=True))


def _cells(line: str) -> list[str]:
    """Return the cells of a line without the blanks around them."""
    return [*map(str.strip, line.split("\t"))]


def read_lines(file: "Traversable") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (file and line, cells by column) for each row of a table."""
    table = Table(file)
    for number, line in table.lines():
        for cells in table.rows(number, line):
            yield f"{table.name}:{number}", cells


def lines_of(file: "Traversable") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (folder, file and line; cells by column) for each row of a table."""
    table = Table(file)
    for number, line in table.lines():
        for cells in table.rows(number, line):
            yield f"{table.folder}/{table.name}:{number}", cells


def name_of(where: str) -> str:
    """Return file and line of a row whose folder, file and line these are."""
    return where.rpartition("/")[2]


def columns_of(file: "Traversable") -> tuple[str, ...]:
    """Return the columns of a table; none if it has no header."""
    lines = file.read_text(encoding="utf-8").splitlines()
    header = next((line for line in lines if line.strip() and line[0] not in "#$"), "")
    return tuple(cell.strip() for cell in header.split("\t"))


_NAME = re.compile(r"(\$\w+)")


def _written_out(cells: list[str], names: dict[str, list[str]]) -> Iterable[list[str]]:
    """Give the cells with their short names expanded, once for each path of a name."""
    parts = [_NAME.split(cell) if "$" in cell else [cell] for cell in cells]
    used = [*dict.fromkeys(part for cell in parts for part in cell if part in names)]
    if not used:
        return (cells,)
    found = []
    for paths in itertools.product(*(names[name] for name in used)):
        chosen = dict(zip(used, paths, strict=True))
        found.append(["".join([chosen.get(part, part) for part in cell]) for cell in parts])
    return found
