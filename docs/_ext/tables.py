"""Tables of the package as pages of the reference, read at build time so that they are never stale."""

import ast
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from trialparse.mapping import grammar, opening
from trialparse.mapping.folder import folders_with
from trialparse.tabular import layout, schemas
from trialparse.tsv import read_lines
from trialparse.vocabulary import Term

PACKAGE = Path(__file__).resolve().parent.parent.parent / "trialparse"

PLAIN = {
    "",
    *"authority meaning label text title made_from explanation called definition changes shows unit TRDS".split(),
}
"""Columns of prose; all others hold words of a source or of the library and are set as code."""

WHAT = {
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
FURTHER = ("A further format: {stem}", "The mapping of another format of the same register.")

HOW = "{doc}`/reference/tables` explains how to read these tables."


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a table, comments left out and short names of paths written out."""
    rows = [cells for _, cells in read_lines(path)]
    if not rows:
        raise ExtensionError(f"{path} has no rows")
    return [*rows[0]], [[*cells.values()] for cells in rows]


class Table(SphinxDirective):
    """`tsv`: a table of the package, columns that are empty throughout left out."""

    required_arguments = 1
    final_argument_whitespace = False
    option_spec: ClassVar[dict[str, Any]] = {"columns": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Make the table's nodes."""
        path = PACKAGE / self.arguments[0]
        if not path.is_file():
            raise self.error(f"{path} is no table")
        self.env.note_dependency(str(path))
        header, rows = read(path)
        wanted = self.options.get("columns", "").split() or header
        shown = [n for n, name in enumerate(header) if name in wanted and any(row[n] for row in rows)]
        return [table([header[n] for n in shown], [[row[n] for n in shown] for row in rows])]


class Verbs(SphinxDirective):
    """`verbs`: the verbs of the rules of combining, each with the first paragraph of its docstring."""

    def run(self) -> list[nodes.Node]:
        """Make the table's nodes."""
        path = PACKAGE / "combining" / "verbs.py"
        self.env.note_dependency(str(path))
        body = ast.parse(path.read_text(encoding="utf-8")).body
        says = {node.name: ast.get_docstring(node) or "" for node in body if isinstance(node, ast.FunctionDef)}
        verbs = next(
            node.value for node in body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "VERBS"
        )
        rows = [
            [key.value, " ".join(says[ast.unparse(value)].split())]
            for key, value in zip(verbs.keys, verbs.values, strict=True)
        ]
        return [table(["verb", "meaning"], rows)]


class Terms(SphinxDirective):
    """`terms`: the closed vocabularies of a module, each with its docstring, its members and what they mean."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make a section for each vocabulary, in the order of the module."""
        module = importlib.import_module(self.arguments[0])
        path = Path(str(module.__file__))
        self.env.note_dependency(str(path))
        self.env.note_dependency(str(path.with_suffix(".tsv")))
        found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Term)]
        return [self.section(one) for one in found if one.__module__ == module.__name__]

    def section(self, vocabulary: type[Term]) -> nodes.section:
        """Return the section of a vocabulary."""
        made = nodes.section(ids=[f"terms-{vocabulary.__name__}"])
        made += nodes.title("", vocabulary.__name__)
        text = (inspect.getdoc(vocabulary) or "").split("\n\n")
        made += [nodes.paragraph("", "", *_marked_up(" ".join(part.split()))) for part in text]
        rows = [[term.name, term.meaning, term.definition, term.authority] for term in vocabulary]
        made += table(["name", "meaning", "definition", "authority"], rows)
        return made


class Columns(SphinxDirective):
    """`columns`: the tables that trials become, each with its columns and what they mean."""

    def run(self) -> list[nodes.Node]:
        """Make a section for each table, and a list of the fields that are in none."""
        self.env.note_dependency(str(PACKAGE / "tabular" / layout.FILE))
        self.env.note_dependency(str(PACKAGE / "export" / "trial.schema.json"))
        left_out = nodes.section(ids=["table-none"])
        left_out += nodes.title("", "Not in a table")
        left_out += table(["field", "explanation"], [[*row] for row in layout.left_out().items()])
        return [*map(self.section, layout.layout().values()), left_out]

    def section(self, one: layout.Table) -> nodes.section:
        """Return the section of a table."""
        made = nodes.section(ids=[f"table-{one.name}"])
        made += nodes.title("", one.name)
        made += nodes.paragraph("", "", *_marked_up(f"{one.meaning} `{one.rows}`" if one.rows else one.meaning))
        keys = ("meaning", "unit", "vocabulary", "trds", "path")
        said = [(column, schemas.about(one, column)) for column in one.columns]
        rows = [[column.name, column.type, *(words.get(key, "") for key in keys)] for column, words in said]
        made += table(["column", "type", "meaning", "unit", "vocabulary", "TRDS", "path"], rows)
        return made


def _marked_up(text: str) -> list[nodes.Node]:
    """Return a text with what is between backticks as code."""
    parts = text.split("`")
    return [nodes.literal(text=part) if at % 2 else nodes.Text(part) for at, part in enumerate(parts) if part]


class Grammar(SphinxDirective):
    """`grammar`: a part of the closed vocabulary of tables, from `trialparse.mapping.grammar`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table's nodes."""
        self.env.note_dependency(str(PACKAGE / "mapping" / "grammar.py"))
        parts: dict[str, Callable[[], list[nodes.Node]]] = {
            "verbs": _verbs,
            "openers": _openers,
            "reasons": lambda: [_meanings("reason", grammar.REASONS)],
            "marks": lambda: [_meanings("mark", grammar.MARKS)],
            "relations": lambda: [_meanings("relation", grammar.RELATIONS)],
            "kinds": lambda: [_meanings("kind", grammar.FORM_KINDS)],
        }
        return parts[self.arguments[0]]()


def _openers() -> list[nodes.Node]:
    """Return a table of the openers: those of all tables, then those of one folder."""
    of_all = [[f"|{name}{one.many}", _given(one), one.meaning] for name, one in grammar.OPENED.items()]
    of_one = [
        [f"|{name}{one.many}", _given(one), f"{one.meaning} (in {folder.name} only)"]
        for folder in folders_with(opening.FILE)
        for name, one in opening.own_opened(folder.name).items()
    ]
    return [table(["opener", "gives", "meaning"], of_all + of_one)]


def _given(opened: grammar.Opened) -> str:
    """Say what an opener gives: texts, or objects with keys."""
    keys = "any key" if opened.keys is None else ", ".join(opened.keys) or "text"
    return f"list of {keys}" if opened.many else keys


def _meanings(column: str, meanings: dict[str, str]) -> nodes.Node:
    return table([column, "meaning"], [[name, meaning] for name, meaning in meanings.items()])


def _verbs() -> list[nodes.Node]:
    """Return a table of the verbs, with a row for each of their words and options."""
    rows: list[list[str]] = []
    for name, verb in grammar.VERBS.items():
        given = ", ".join(kind.__name__ for kind in verb.gives)
        name = f"derive {name}" if verb.derives else name
        rows.append([name, "" if verb.argument is None else f"<{verb.argument.value}>", given, verb.meaning])
        rows += [["", word.name, "", word.meaning] for word in verb.words]
        rows += [["", f"{one.name}=<{one.value.value}>", "", one.meaning] for one in verb.options]
    return [table(["verb", "argument", "gives", "meaning"], rows)]


def table(header: list[str], rows: list[list[str]]) -> nodes.Node:
    """Return a table's nodes."""
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=1) for _ in header]
    group += nodes.thead("", _row(header, [""] * len(header)))
    body = nodes.tbody()
    body += [_row(row, header) for row in rows]
    group += body
    made = nodes.table("", group)
    made["classes"] += ["colwidths-auto"]
    return nodes.container("", made, classes=["table-wrapper"])


def _row(cells: list[str], columns: list[str]) -> nodes.row:
    """Make a row; what a register writes is never read as markup."""
    row = nodes.row()
    for cell, column in zip(cells, columns, strict=True):
        words = nodes.Text(cell) if column in PLAIN else nodes.literal(text=cell)
        row += nodes.entry("", nodes.paragraph("", "", words) if cell else nodes.paragraph())
    return row


def write_registries(app: Sphinx) -> None:
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
    """Return the page of one register: the docstring of its module, then each of its tables."""
    tables = sorted(folder.glob("*.tsv"), key=lambda path: (path.name != "mapping.tsv", path.name))
    if not tables:
        raise ExtensionError(f"{folder} has no tables")
    module = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    says = ast.get_docstring(module) or ""
    parts = [f"# {folder.name}", says, HOW]
    for table in tables:
        title, text = what(table)
        parts += [f"## {title}", text, f"```{{tsv}} registries/{folder.name}/{table.name}\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


def what(table: Path) -> tuple[str, str]:
    """Return the caption of a table: by its name, or by the columns that it has."""
    if table.name in WHAT:
        return WHAT[table.name]
    header = read(table)[0]
    title, text = next((caption for column, caption in BY_COLUMN.items() if column in header), FURTHER)
    return title.format(stem=table.stem), text


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the pages before any page is read."""
    app.add_directive("tsv", Table)
    app.add_directive("verbs", Verbs)
    app.add_directive("grammar", Grammar)
    app.add_directive("terms", Terms)
    app.add_directive("columns", Columns)
    app.connect("builder-inited", write_registries)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
