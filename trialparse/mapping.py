"""A format and its mapping made ready: rows, plan, the shape wanted of a document, and the quick run."""

import importlib
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

import attrs

from trialparse import faults
from trialparse.faults import Fault
from trialparse.forms import Form, read_form
from trialparse.model import Trial
from trialparse.paths import Path, Step, resolved
from trialparse.plan import ItemsField, RecordField, RecordPlan, ValueField, links, make_plan
from trialparse.prepared import prepared, prepared_property
from trialparse.quick import Fill, compile_plan
from trialparse.readers import json
from trialparse.readers.html import Layout
from trialparse.readers.picking import picker
from trialparse.shapes import Shape, Tree, struct_of, to_struct
from trialparse.tables import (
    Codes,
    Row,
    TableError,
    compose,
    kind_of,
    lines_of,
    read_codes,
    read_mapping,
    read_upgrade,
    where_of,
    with_boxes,
)


@attrs.frozen(kw_only=True, eq=False)
class Format:
    """A form in which a register gives its records."""

    name: str
    """`ctis-retrieve`, `ctis-search` and so on."""
    registry: str
    """Folder of the registry among `trialparse.registries`."""
    reader: str
    """`json`, `xml` or `csv`; `text` or `html` for a form."""
    title: str
    """What it is, for people."""
    table: str = "mapping.tsv"
    """File of the mapping."""
    upgrade: str | None = None
    """File of the upgrade, for an old shape."""
    keys: tuple[frozenset[str], ...] = ()
    """Sets of keys of which a record has one (JSON)."""
    columns: tuple[str, ...] = ()
    """Columns of the file (CSV)."""
    hints: tuple[bytes, ...] = ()
    """Bytes near the beginning of a document (JSON) at which the format is tried before the document is skimmed."""
    records: tuple[str, ...] = ()
    """Where records stand in a document: the key of a page's rows (JSON), the element names (XML); else the root.

    The element name `*` is any.
    """
    blank: frozenset[str] = frozenset({""})
    """Words that stand for an empty cell."""
    children: frozenset[str] = frozenset()
    """Elements of which a record has one at least (XML); what records of other formats have as well is no sign."""
    namespaces: tuple[str, ...] = ()
    """Namespaces of which the root is in one (XML), "" being none; where none are named the root can be in any."""
    unqualified: bool = False
    """Whether only the root is in its namespace and what stands in it is in none (XML)."""
    closed: bool = False
    """Whether a published schema says all that a record can hold, so that what no row knows is told (XML)."""
    schema: str = ""
    """File of what that schema asks for, by which documents are made for tests."""
    declares: str = ""
    """A namespace that the root, or an element in the beginning of the document, declares besides its own (XML)."""
    several: str = ""
    """An element of the record (XML): where it stands several times, each with all that stands around is a record."""
    owners: tuple[str, str] | None = None
    """The attribute that is its key, and the one by which what stands around it says to whose key it belongs."""
    parts: "tuple[Part, ...]" = ()
    """What its records hold of other formats."""
    form: str = ""
    """File of the form (text, HTML)."""
    usual: tuple[str, ...] = ()
    """Answers that most lines of the form have: a line with one of them is known as a whole (text)."""
    layout: Layout | None = None
    """What the rows of its pages are (HTML)."""
    begins: tuple[str, ...] = ()
    """Consecutive lines that begin a record, labels with a colon (text); the first record may lack the first line."""
    refusals: tuple[tuple[str, str], ...] = ()
    """Words of a page without a record, and what it is (HTML)."""
    envelope: tuple[str, ...] = ()
    """What a page says of itself beside its rows (JSON)."""
    empty: str = "a document without records"
    """What a document of it is that holds no record."""
    holds: str = "protocol"
    """What a record tells of a trial: `protocol`, `results`, or `listing` for a line of a list; `combine` asks."""


@attrs.frozen(kw_only=True)
class Part:
    """What stands in the records of a format as it does in those of another register's, which has the rows for it."""

    registry: str
    """Folder of the other registry."""
    table: str
    """File of the other mapping."""
    at: str
    """The element that it stands in."""
    fields: frozenset[str]
    """The fields of the Trial that are read from it."""

    @property
    def rows(self) -> list[Row]:
        """The rows of the other format, led to where it stands here; rows that ignore a key wherever it is stay."""
        rows = read_mapping(_folder(self.registry) / self.table)
        return [self._led(row) for row in rows if not row.field or _top(row) in self.fields]

    def _led(self, row: Row) -> Row:
        catches = row.paths[:1] and row.path[0].key == "**"
        return row if catches else attrs.evolve(row, paths=tuple((Step(self.at), *path) for path in row.paths))


def _top(row: Row) -> str:
    """Return the field of the Trial that a row is for."""
    return re.split(r"[.\[]", row.field, maxsplit=1)[0]


@attrs.frozen(eq=False, slots=False)
class Mapping:
    """The mapping of one format, compiled part by part at first use."""

    format: Format
    rows: tuple[Row, ...]
    codes: Codes
    plan: RecordPlan

    @prepared_property
    def shape(self) -> Shape:
        """What the mapping wants of a record."""
        return _shape_of(self.plan)

    @prepared_property
    def shapes(self) -> dict[str, Shape]:
        """What each field of the Trial wants of a record."""
        plan = self.plan
        return {field.name: _shape_of(attrs.evolve(plan, fields=(field,))) for field in plan.fields}

    @prepared_property
    def fill(self) -> Fill:
        """The quick run: struct -> Trial."""
        return compile_plan(self.plan)

    @prepared_property
    def fills(self) -> dict[str, Fill]:
        """The quick run field by field: struct -> Trial in which one field is filled."""
        plan = self.plan
        return {field.name: compile_plan(attrs.evolve(plan, fields=(field,))) for field in plan.fields}

    @prepared_property
    def struct(self) -> Any:
        """The struct class of a source record, ready for any thread."""
        struct = struct_of(self.shape)
        to_struct({}, struct)  # msgspec prepares the types below it here, and not when several threads ask at once
        return struct

    @prepared_property
    def empty(self) -> Any:
        """A struct of a record with nothing in it."""
        return self.struct()

    @prepared_property
    def nothing(self) -> Trial:
        """The trial of a record with nothing in it: what the register implies of all its trials."""
        trial: Trial = self.fill(self.empty)
        return trial

    @prepared_property
    def read(self) -> Callable[[bytes], Any]:
        """The decoder of a record's bytes into a struct."""
        return json.struct_reader(self.struct)

    @prepared_property
    def pick(self) -> Callable[[Any], Tree]:
        """What is wanted of an element of XML, without its tree; raises DoesNotFit for an element that is not plain."""
        return picker(self.shape) if self.shape.members else lambda element: {}

    def convert(self, fitted: Tree) -> Any:
        """Return a tree of what the mapping wants as a struct; raises DoesNotFit."""
        return to_struct(fitted, self.struct)


def _folder(registry: str) -> Any:
    return files(f"trialparse.registries.{registry}")


@prepared
def rows_of(format: Format) -> tuple[Row, ...]:
    """Return the mapping rows of a format; an old shape's are led back to its own paths."""
    folder = _folder(format.registry)
    rows = read_mapping(folder / format.table)
    if format.upgrade is not None:
        rows = compose(rows, read_upgrade(folder / format.upgrade))
    return (*rows, *(row for part in format.parts for row in part.rows))


def registries_of(format: Format) -> list[str]:
    """Return the folders that a format's rows and words are from."""
    return list(dict.fromkeys([format.registry, *(part.registry for part in format.parts)]))


@prepared
def codes_of(registry: str) -> Codes:
    """Return the code lists of a registry."""
    own = read_codes(*code_files(registry))
    return {**_common_codes(), **own}


@prepared
def _common_codes() -> Codes:
    """Return the code lists that registries share; one of its own takes the place of a shared one."""
    return read_codes(*code_files("common"))


def code_files(registry: str) -> list[Any]:
    """Return the code tables in a registry's folder, in the order of their names."""
    tables = (
        file for file in _folder(registry).iterdir() if file.name.startswith("codes") and file.name.endswith(".tsv")
    )
    return sorted(tables, key=lambda file: str(file.name))


def mapping_of(format: Format, *, results: bool = True) -> Mapping:
    """Return the mapping of a format; without `results` it leaves out what is found below `results`."""
    return _mapping(format, results)


@prepared
def _mapping(format: Format, results: bool) -> Mapping:
    _check(format)
    folders = registries_of(format)
    codes: Codes = {name: words for folder in reversed(folders) for name, words in codes_of(folder).items()}
    rows, codes = with_boxes(rows_of(format), codes)
    kept = [row for row in rows if results or row.field.split(".")[0] != "results"]
    functions = {name: function for folder in reversed(folders) for name, function in _functions(folder).items()}
    return Mapping(format, rows, codes, make_plan(Trial, kept, codes, functions, format.blank))


@prepared
def _check(format: Format) -> None:
    """Raise TableError where a table that a format reads has a fault, with the faults of all tables of its registry."""
    names = [name for name in (format.table, format.upgrade, format.form) if name]
    read = [(format.registry, [_folder(format.registry) / name for name in names] + code_files(format.registry))]
    read += [(part.registry, [_folder(part.registry) / part.table]) for part in format.parts]
    read.append(("common", code_files("common")))
    for registry, tables in read:
        if found := faults_of(registry, tables):
            every = faults_of(registry)
            raise TableError("\n".join(dict.fromkeys(map(str, (*found, *every)))))


def faults_of(registry: str, tables: Iterable[Any] | None = None) -> list[Fault]:
    """Return the faults of tables of a registry, or of all that its folder has."""
    if tables is None:
        every = (file for file in _folder(registry).iterdir() if file.name.endswith(".tsv"))
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
    try:
        codes, rows = codes_of(registry), [row for file in sound.get("mapping", ()) for row in read_mapping(file)]
        moves = [move for file in sound.get("upgrade", ()) for move in read_upgrade(file)]
    except TableError as error:
        return found + [Fault(*line.split(": ", 1)) for line in str(error).splitlines()]
    found += [fault for row in rows for fault in faults.of_row(row)]
    found += faults.of_model(rows, Trial)
    found += faults.of_lists(rows, codes, Trial)
    found += faults.of_functions(rows, _functions(registry))
    for file in sound.get("mapping", ()):
        found += faults.of_neighbours([row for row in rows if row.where.startswith(where_of(file))])
    if rows:
        found += faults.of_moves(moves, rows)
        known = {tuple(step.key for step in resolved(path)) for row in rows for path in row.paths}
        for file in sound.get("form", ()):
            found += [fault for where, cells in lines_of(file) for fault in faults.of_form_row(where, cells, known)]
    return found


@prepared
def form_of(format: Format) -> Form:
    """Return the form in which the records of a format are printed."""
    return read_form(_folder(format.registry) / format.form, format.usual)


def layout_of(format: Format) -> Layout:
    """Return what the rows of a format's pages are; raises TableError where the format does not say."""
    if format.layout is None:
        raise TableError(f"{format.name} says nothing of the rows of its pages")
    return format.layout


def _functions(registry: str) -> dict[str, Any]:
    if not (_folder(registry) / "derive.py").is_file():
        return {}
    module = importlib.import_module(f"trialparse.registries.{registry}.derive")
    return dict(vars(module))


def _shape_of(plan: RecordPlan) -> Shape:
    shape = Shape()
    for path in sorted(wanted(plan), key=len, reverse=True):
        shape.want(path)
    return shape


def wanted(plan: RecordPlan) -> set[Path]:
    """Return the paths, from the root of a record, that a plan reads."""
    found: set[Path] = set()
    for source in plan.sources:
        for option in (*source.key, source.order, source.need):
            if option is not None:
                found.add(source.absolute + option)
    found |= {*links(plan)}
    for field in plan.fields:
        if isinstance(field, RecordField):
            found |= wanted(field.plan)
        elif isinstance(field, ItemsField):
            found |= wanted(field.plan)
            if field.values is not None:
                found |= _wanted_values(field.values, plan)
        else:
            found |= _wanted_values(field, plan)
    return found


def _wanted_values(field: ValueField, plan: RecordPlan) -> set[Path]:
    found = set()
    for reading in field.readings:
        base = plan.sources[reading.source].absolute
        found.add(base + reading.path)
        if reading.side is not None:
            found.add(base + reading.path[:-1] + reading.side)
    for derived in field.derived:
        base = plan.sources[derived.source].absolute
        found |= {base + path for path in derived.paths}
    return found
