"""Tables are checked against the grammar at load; all faults of a registry are raised at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from trialparse.mapping import faults, opening
from trialparse.mapping.faults import Fault, kind_of, unknown
from trialparse.mapping.folder import code_files, codes_of, folder_of, folders_with, functions_of, registries_of
from trialparse.mapping.format import Format
from trialparse.mapping.grammar import OPENED
from trialparse.mapping.opening import opened_of, own_opened
from trialparse.mapping.rows import read_mapping, read_upgrade
from trialparse.model import Trial
from trialparse.prepared import prepared
from trialparse.readers.paths import resolved
from trialparse.tsv import TableError, lines_of, where_of


@prepared
def check(format: Format) -> None:
    """Raise TableError if a table of the format has a fault; it lists the faults of all tables of the registry."""
    if faulty := [*_of_format(format)]:
        raise TableError("\n".join(map(str, faulty)))
    folder = folder_of(format.registry)
    read = [(format.registry, tables_of(format) + code_files(format.registry))]
    read += [(format.registry, [folder / name]) for name in ("kinds.tsv", "names.tsv") if (folder / name).is_file()]
    read += [(part.registry, [folder_of(part.registry) / part.table]) for part in format.parts]
    read.append(("common", code_files("common")))
    for registry, tables in read:
        if found := faults_of(registry, tables):
            every = faults_of(registry)
            raise TableError("\n".join(dict.fromkeys(map(str, (*found, *every)))))


def tables_of(format: Format) -> list[Any]:
    """Return the tables that a format names, besides code lists and those of embedded formats."""
    folder, notation = folder_of(format.registry), format.notation
    named = [folder / name for name in (format.table, format.upgrade) if name]
    return named + [getattr(notation, setting) for setting in notation.tables]


def _of_format(format: Format) -> Iterator[Fault]:
    """Yield the faults of a format: its settings, and tables and folders that do not exist."""
    where = f"{format.registry}/__init__.py"
    faulty = [*format.faults()]
    registries = [folder.name for folder in folders_with("__init__.py")]
    faulty += [unknown("registry", name, registries) for name in registries_of(format) if name not in registries]
    if not faulty:
        tables = tables_of(format) + [folder_of(part.registry) / part.table for part in format.parts]
        tables += [folder_of(format.registry) / format.schema] if format.schema else []
        faulty += [f"no table {where_of(file)[:-1]}" for file in tables if not file.is_file()]
    yield from (Fault(where, f"{format.name}: {text}") for text in faulty)


def of_signs(formats: Iterable[Format]) -> Iterator[Fault]:
    """Yield formats that are alike in what they are recognised by, and formats with one name."""
    signs: dict[Any, Format] = {}
    for format in formats:
        named = [("name", format.name), *((type(format.notation), sign) for sign in format.notation.signs)]
        for sign in named:
            first = signs.setdefault(sign, format)
            if first is not format:
                text = f"{format.name}: recognised by the same as {first.name}"
                yield Fault(
                    f"{format.registry}/__init__.py", text if sign[0] != "name" else f"two formats {format.name}"
                )


def faults_of(registry: str, tables: Iterable[Any] | None = None) -> list[Fault]:
    """Return the faults of these tables of a registry, or of all tables in its folder."""
    if tables is None:
        every = (file for file in folder_of(registry).iterdir() if file.name.endswith(".tsv"))
        tables = sorted(every, key=lambda file: str(file.name))
    found: list[Fault] = []
    sound: dict[str, list[Any]] = {}
    for file in tables:
        faulty = [*faults.of_text(file)]
        found += faulty
        if not faulty:
            sound.setdefault(str(kind_of(file)), []).append(file)
    for file in sound.get("codes", ()):
        found += [fault for where, cells in lines_of(file) for fault in faults.of_code_row(where, cells)]
    for kind, rule in (("kinds", faults.of_kind_row), ("names", faults.of_name_row)):
        for file in sound.get(kind, ()):
            found += [fault for where, cells in lines_of(file) for fault in rule(where, cells)]
    try:
        codes, rows = codes_of(registry), [row for file in sound.get("mapping", ()) for row in read_mapping(file)]
        moves = [move for file in sound.get("upgrade", ()) for move in read_upgrade(file)]
    except TableError as error:
        return found + [Fault(*line.split(": ", 1)) for line in str(error).splitlines()]
    opened = opened_of(registry)
    found += [fault for row in rows for fault in faults.of_row(row, opened)]
    found += faults.of_model(rows, Trial)
    found += faults.of_lists(rows, codes, Trial)
    found += faults.of_functions(rows, functions_of(registry))
    found += faults.of_openers(registry, own_opened(registry), opening.functions_of(registry), _elsewhere(registry))
    for file in sound.get("mapping", ()):
        found += faults.of_neighbours([row for row in rows if row.where.startswith(where_of(file))])
    if rows:
        found += faults.of_moves(moves, rows)
        known = {tuple(step.key for step in resolved(path)) for row in rows for path in row.paths}
        for file in sound.get("form", ()):
            found += [fault for where, cells in lines_of(file) for fault in faults.of_form_row(where, cells, known)]
    return found


def _elsewhere(registry: str) -> set[str]:
    """Return the names of the openers that the engine or another folder has."""
    folders = {str(folder.name) for folder in folders_with(opening.FILE)} - {registry}
    return {*OPENED, *(name for folder in folders for name in own_opened(folder))}
