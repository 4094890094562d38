"""Read a table file: rows by column, each with its line, without comments and with short names expanded."""

import itertools
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable


class TableError(Exception):
    """Tables break the grammar: each line of the message is one fault, with folder, file and line.

    The fault is in trialparse or in a registry's tables, never in a source.
    """


def where_of(file: Traversable, line: int | str = "") -> str:
    """Return folder, file and line: `ctis/mapping.tsv:17`."""
    return f"{getattr(file, 'parent', file).name}/{file.name}:{line}"


def read_lines(file: Traversable) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (file and line, cells by column) for each row of a table."""
    lines = file.read_text(encoding="utf-8").splitlines()
    name = file.name
    header: list[str] = []
    names: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("$"):
            names[cells[0]] = [written for cell in cells[1:] for [written] in _written_out([cell], names)]
        elif not header:
            header = cells
        elif len(cells) > len(header):
            raise TableError(f"{where_of(file, number)}: more cells than columns")
        else:
            cells += [""] * (len(header) - len(cells))
            for row in _written_out(cells, names) if "$" in line else (cells,):
                yield f"{name}:{number}", dict(zip(header, row, strict=True))


def lines_of(file: Traversable) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (folder, file and line; cells by column) for each row of a table."""
    folder = where_of(file).rpartition("/")[0]
    for name, cells in read_lines(file):
        yield f"{folder}/{name}", cells


def name_of(where: str) -> str:
    """Return file and line of a row whose folder, file and line these are."""
    return where.rpartition("/")[2]


def columns_of(file: Traversable) -> tuple[str, ...]:
    """Return the columns of a table; none if it has no header."""
    lines = file.read_text(encoding="utf-8").splitlines()
    header = next((line for line in lines if line.strip() and line[0] not in "#$"), "")
    return tuple(cell.strip() for cell in header.split("\t"))


_NAME = re.compile(r"\$\w+")


def _written_out(cells: list[str], names: dict[str, list[str]]) -> Iterator[list[str]]:
    """Give the cells with their short names expanded, once for each path of a name."""
    used = [*dict.fromkeys(name for cell in cells if "$" in cell for name in _NAME.findall(cell) if name in names)]
    for paths in itertools.product(*(names[name] for name in used)):
        yield [_with_names(cell, dict(zip(used, paths, strict=True))) for cell in cells]


def _with_names(cell: str, chosen: dict[str, str]) -> str:
    return _NAME.sub(lambda match: chosen.get(match[0], match[0]), cell) if "$" in cell else cell
