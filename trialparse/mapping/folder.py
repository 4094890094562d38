"""Read a registry's folder: the rows of its formats, its code lists, and the functions of its `derive.py`."""

import importlib
from typing import Any

import attrs

from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.mapping.rows import Codes, Row, compose, joined, read_codes, read_mapping, read_upgrade
from trialparse.prepared import prepared
from trialparse.readers.paths import Step
from trialparse.tsv import files_of


def folder_of(registry: str) -> Any:
    """Return the folder of a registry."""
    return files_of(f"trialparse.registries.{registry}")


def folders_with(name: str) -> list[Any]:
    """Return the folders of registries that have a file called `name`, in the order of the folders' names."""
    folders = (folder for folder in files_of("trialparse.registries").iterdir() if (folder / name).is_file())
    return sorted(folders, key=lambda folder: str(folder.name))


def formats_in(registry: str) -> tuple[Format, ...]:
    """Return the formats of a registry's folder."""
    return tuple(getattr(importlib.import_module(f"trialparse.registries.{registry}"), "FORMATS", ()))


@prepared
def rows_of(format: Format) -> tuple[Row, ...]:
    """Return the mapping rows of a format; an upgrade moves them to the paths of the old shape."""
    folder = folder_of(format.registry)
    rows = read_mapping(folder / format.table)
    for upgrade in format.upgrades:
        rows = compose(rows, read_upgrade(folder / upgrade))
    rows += [row for part in format.parts for row in _embedded(part)]
    return tuple(_in_prose(row, format.prose) for row in rows if all(map(format.notation.holds, row.paths)))


def _embedded(part: EmbeddedFormat) -> list[Row]:
    """Return the rows of an embedded format, with its element before their paths."""
    rows = read_mapping(folder_of(part.registry) / part.table)
    return [_led(row, part) for row in rows if not row.field or part.reads(row.field)]


def _in_prose(row: Row, prose: str) -> Row:
    """Return a row that reads prose with the word for the way in which the format writes it."""
    if row.verb != "text" or "prose" not in row.words:
        return row
    return attrs.evolve(row, words=tuple(prose if word == "prose" else word for word in row.words))


def _led(row: Row, part: EmbeddedFormat) -> Row:
    """Return a row with the element of its format before each path; a catch-all row stays as it is."""
    catches = row.paths[:1] and row.path[0].key == "**"
    return (
        row if catches or not part.at else attrs.evolve(row, paths=tuple((Step(part.at), *path) for path in row.paths))
    )


def registries_of(format: Format) -> list[str]:
    """Return the registries whose folders hold the rows and words of a format, its own first."""
    return list(dict.fromkeys([format.registry, *(part.registry for part in format.parts)]))


@prepared
def codes_of(registry: str) -> Codes:
    """Return the code lists of a registry."""
    return joined(read_codes(*code_files(registry)), _common_codes())


@prepared
def _common_codes() -> Codes:
    """Return the code lists that registries share; a registry's own list replaces a shared one."""
    return read_codes(*code_files("common"))


def code_files(registry: str) -> list[Any]:
    """Return the code tables in a registry's folder, in the order of their names."""
    tables = (
        file for file in folder_of(registry).iterdir() if file.name.startswith("codes") and file.name.endswith(".tsv")
    )
    return sorted(tables, key=lambda file: str(file.name))


def functions_of(registry: str) -> dict[str, Any]:
    """Return the functions of a registry's `derive.py`, by name, and those of `common` that it does not replace."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(("common", registry)):
        if (folder_of(name) / "derive.py").is_file():
            found |= vars(importlib.import_module(f"trialparse.registries.{name}.derive"))
    return found
