"""The registers: which are read and planned, where their exports are, and a page for each folder of tables."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from tables import PACKAGE, read

from trialparse.registries import FORMATS
from trialparse.tsv import read_lines

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
REGISTERS, DOWNLOADS = REFERENCE / "registers.tsv", REFERENCE / "downloads.tsv"

CAPTIONS = {
    "codes.tsv": (
        "The register's words",
        "Each word of the register, our term for it, and the relation between both.",
    ),
    "mapping.tsv": ("The mapping", "Each row says where a field is read from and how."),
}
BY_COLUMN = {
    "old": ("An older shape: {stem}", "Which path of today each path of an older shape is."),
    "label": ("A form: {stem}", "The lines of a printed record, in their order."),
    "kind": ("A published schema: {stem}", "What the schema requires; the tests make valid documents from it."),
    "made_from": ("What the page says about a record", "Texts of the overview page for each format."),
    "called": ("What the page calls a register", "Names on the overview page for the words of the record."),
    "list": ("Further words: {stem}", "Words of the register, our terms for them, and the relation between both."),
}
FURTHER = ("A further format: {stem}", "Each row says where a field is read from and how.")

HOW = "{doc}`/reference/tables` explains how to read these tables. Each is searchable; a long one is folded."
SHARED = "Code lists that registers share"


class Registers(SphinxDirective):
    """`registers`: all registers, read and planned, with their formats and where to get them."""

    def run(self) -> list[nodes.Node]:
        """Make the table's nodes."""
        self.env.note_dependency(str(REGISTERS))
        return self.parse_text_to_nodes("\n".join(registers_lines("/reference/registries/")))


class Downloads(SphinxDirective):
    """`downloads`: the formats of a register's folder, with their notation and how to get them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make a definition for each format."""
        self.env.note_dependency(str(DOWNLOADS))
        formats = {one.name: one for one in FORMATS if one.registry == self.arguments[0]}
        rows = [row for _, row in read_lines(DOWNLOADS) if row["format"] in formats]
        if len(rows) != len(formats):
            raise self.error(f"{DOWNLOADS} has {len(rows)} of the formats {', '.join(formats)}")
        made = [f"`{row['format']}`\n: {formats[row['format']].title}. {row['get']}" for row in rows]
        return self.parse_text_to_nodes("\n\n".join(made))


def registers_lines(pages: str) -> list[str]:
    """Return the lines of the Markdown table of registers; those that are read lead to their pages in a folder."""
    lines = ["| register | formats | state | where |", "|---|---|---|---|"]
    for _, row in read_lines(REGISTERS):
        name = f"[{row['register']}]({pages}{row['folder']}.md)" if row["folder"] else row["register"]
        lines.append(f"| {name} | {row['formats']} | {row['state']} | {row['get']} |")
    return lines


def write_pages(app: Sphinx) -> None:
    """Write a page for each register's folder; git ignores them."""
    folder = Path(app.srcdir) / "reference" / "registries"
    pages = {path.parent.name: page(path.parent) for path in sorted(PACKAGE.glob("registries/*/__init__.py"))}
    for name, text in pages.items():
        target = folder / f"{name}.md"
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
    for old in folder.glob("*.md"):
        if old.stem not in pages and old.stem != "index":
            old.unlink()


def page(folder: Path) -> str:
    """Return the page of one register: a summary, its formats, then each of its tables."""
    tables = sorted(folder.glob("*.tsv"), key=lambda path: (path.name != "mapping.tsv", path.name))
    if not tables:
        raise ExtensionError(f"{folder} has no tables")
    names = {row["folder"]: row["register"] for _, row in read_lines(REGISTERS)}
    says = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    parts = [f"# {names.get(folder.name, SHARED)}", says, summary(tables)]
    if folder.name in names:
        parts += ["## Formats, and how to get them", f"```{{downloads}} {folder.name}\n```"]
    parts += ["## Tables", HOW]
    for table in tables:
        title, text = caption(table)
        parts += [f"### {title}", text, f"```{{tsv}} registries/{folder.name}/{table.name}\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(tables: list[Path]) -> str:
    """Return a sentence with the numbers of rows that read, that ignore and that translate."""
    counts = Counter(_does(header, row) for header, rows in map(read, tables) for row in rows)
    said = [
        (counts["reads"], "rows read a value of the source into a field of the trial"),
        (counts["ignores"], "rows ignore one for a stated reason"),
        (counts["translates"], "rows give a word of the source its term"),
    ]
    shown = [f"{number:,} {words}" for number, words in said if number]
    return f"{', '.join(shown)}." if shown else ""


def _does(header: list[str], row: list[str]) -> str:
    """Return what a row of a table does with the source, empty for a row that does none of it."""
    cells = dict(zip(header, row, strict=True))
    if "verb" in cells:
        return "ignores" if cells["verb"] == "ignore" else "reads"
    return "translates" if "term" in cells else ""


def caption(table: Path) -> tuple[str, str]:
    """Return the caption of a table: by its name, or by the columns that it has."""
    if table.name in CAPTIONS:
        return CAPTIONS[table.name]
    header = read(table)[0]
    title, text = next((caption for column, caption in BY_COLUMN.items() if column in header), FURTHER)
    own = [one for one in FORMATS if one.registry == table.parent.name]
    users = [one.name for one in own if table.name in (one.table, *one.upgrades)]
    return title.format(stem=", ".join(users) or table.stem), text


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives, and the pages before any page is read."""
    app.add_directive("registers", Registers)
    app.add_directive("downloads", Downloads)
    app.connect("builder-inited", write_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
