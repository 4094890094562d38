"""Check tables against the grammar before they are used; all faults of a registry are raised at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from trialparse.mapping import faults, opening
from trialparse.mapping.faults import Fault, table_kind, unknown
from trialparse.mapping.folder import (
    code_files,
    codes_of,
    folder_of,
    folders_with,
    formats_in,
    functions_of,
    registries_of,
)
from trialparse.mapping.format import Format
from trialparse.mapping.grammar import FUNCTIONS, OPENED
from trialparse.mapping.opening import opened_of, openers_of, own_opened
from trialparse.mapping.planning import plan_of
from trialparse.mapping.rows import read_mapping, read_upgrade
from trialparse.model import Trial
from trialparse.prepared import prepared
from trialparse.readers.paths import resolved
from trialparse.tsv import TableError, lines_of, where_of


@prepared
def check(format: Format) -> None:
    """Raise TableError if the format or one of its tables has a fault; it lists all faults of the registry."""
    found = [*_faults_of_format(format)] or [fault for part in _needed(format) for fault in faults_of_tables(*part)]
    if found:
        raise TableError("\n".join(dict.fromkeys(map(str, (*found, *_faults_of_registries(format))))))


def _needed(format: Format) -> Iterator[tuple[str, list[Any]]]:
    """Yield each registry that a format needs, with the tables needed."""
    yield format.registry, tables_of(format) + code_files(format.registry)
    named = (folder_of(format.registry) / name for name in ("kinds.tsv", "names.tsv"))
    yield format.registry, [file for file in named if file.is_file()]
    for part in format.parts:
        if part.registry != format.registry:
            yield part.registry, [folder_of(part.registry) / part.table]
    yield "common", code_files("common")


def _faults_of_registries(format: Format) -> Iterator[Fault]:
    """Yield all faults in the folders of a format."""
    known = [folder.name for folder in folders_with("__init__.py")]
    for registry in (*registries_of(format), "common"):
        yield from faults_of(registry) if registry in known else ()


def tables_of(format: Format) -> list[Any]:
    """Return the tables of its folder that a format names: without code lists, and without those of other folders."""
    folder = folder_of(format.registry)
    own = [part.table for part in format.parts if part.registry == format.registry]
    return [*(folder / name for name in (format.table, *format.upgrades, *own)), *format.notation.tables]


def _faults_of_format(format: Format) -> Iterator[Fault]:
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


def faults_of_signs(formats: Iterable[Format]) -> Iterator[Fault]:
    """Yield a fault for two formats that share a sign, by which they are recognised, or a name."""
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


def faults_of(registry: str) -> list[Fault]:
    """Return the faults of all tables in a registry's folder, and of its formats."""
    files = (file for file in folder_of(registry).iterdir() if file.name.endswith(".tsv"))
    tables = sorted(files, key=lambda file: str(file.name))
    formats = formats_in(registry)
    found = [fault for format in formats for fault in _faults_of_format(format)] + faults_of_tables(registry, tables)
    if not formats and "mapping.tsv" in {file.name for file in tables}:
        found.append(Fault(f"{registry}/__init__.py", "no FORMATS"))
    return found or [*_faults_of_plans(formats)]


def _faults_of_plans(formats: Iterable[Format]) -> Iterator[Fault]:
    """Yield the fault of each plan that cannot be made; it shows only when rows are put together."""
    for format in formats:
        try:
            plan_of(format)
        except TableError as error:
            yield Fault(*str(error).split(": ", 1))


def faults_of_tables(registry: str, tables: Iterable[Any]) -> list[Fault]:
    """Return the faults of these tables of a registry."""
    found: list[Fault] = []
    sound: dict[str, list[Any]] = {}
    for file in tables:
        faulty = [*faults.of_text(file)]
        found += faulty
        if not faulty:
            sound.setdefault(str(table_kind(file)), []).append(file)
    for file in sound.get("codes", ()):
        found += [fault for where, cells in lines_of(file) for fault in faults.of_code_row(where, cells)]
    for kind, rule in (("kinds", faults.of_kind_row), ("names", faults.of_name_row)):
        for file in sound.get(kind, ()):
            found += [fault for where, cells in lines_of(file) for fault in rule(where, cells)]
    for file in sound.get("kinds", ()):
        found += _faults_of_kinds(registry, file)
    for file in sound.get("names", ()):
        found += _faults_of_names(registry, file)
    try:
        codes, rows = dict(codes_of(registry)), [row for file in sound.get("mapping", ()) for row in read_mapping(file)]
        moves = [move for file in sound.get("upgrade", ()) for move in read_upgrade(file)]
    except TableError as error:
        return found + [Fault(*line.split(": ", 1)) for line in str(error).splitlines()]
    opened = opened_of(registry)
    found += [fault for row in rows for fault in faults.of_row(row, opened)]
    found += faults.of_model(rows, Trial)
    found += faults.of_lists(rows, codes, Trial)
    functions = functions_of(registry)
    found += faults.of_functions(rows, functions)
    taken = sorted(FUNCTIONS & functions.keys())
    found += [Fault(f"{registry}/derive.py", f"{name!r} is a function of the grammar") for name in taken]
    found += faults.of_openers(registry, own_opened(registry), openers_of(registry), _elsewhere(registry))
    for file in sound.get("mapping", ()):
        together = [row for row in rows if row.where.startswith(where_of(file))]
        found += [*faults.of_neighbours(together), *faults.of_parts(together, opened)]
    if rows:
        found += faults.of_moves(moves, rows)
        known = {tuple(step.key for step in resolved(path)) for row in rows for path in row.paths}
        for file in sound.get("form", ()):
            found += [fault for where, cells in lines_of(file) for fault in faults.of_form_row(where, cells, known)]
    return found


def _faults_of_kinds(registry: str, file: Any) -> Iterator[Fault]:
    """Yield a fault for each row about a format that the registry does not have."""
    known = [format.name for format in formats_in(registry)]
    for where, cells in lines_of(file):
        if cells["format"] and cells["format"] not in known:
            yield Fault(where, unknown("format", cells["format"], known))


def _faults_of_names(registry: str, file: Any) -> Iterator[Fault]:
    """Yield a fault for each name that another registry gives too; a registry may replace a name of `common`."""
    folders = [folder for folder in folders_with("names.tsv") if folder.name not in (registry, "common")]
    others = [(where, cells) for folder in folders for where, cells in lines_of(folder / "names.tsv")]
    given = {(cells["what"], cells["word"]): where for where, cells in others if registry != "common"}
    for where, cells in lines_of(file):
        first = given.setdefault((cells["what"], cells["word"]), where)
        if first != where:
            yield Fault(where, f"{cells['what']} {cells['word']!r} has a name in {first}")


def _elsewhere(registry: str) -> set[str]:
    """Return the names of openers that are taken, by the engine or by another folder."""
    folders = {str(folder.name) for folder in folders_with(opening.FILE)} - {registry}
    return {*OPENED, *(name for folder in folders for name in own_opened(folder))}
