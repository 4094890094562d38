"""Change the tables at random and see whether the tests notice: `python tests/mutate.py --seed 1 --count 200`.

Each change is one that a person could make by mistake: another term of the list, another letter in a word, another
relation, path, field, kind of line or reason to ignore, an option, mark or row less, two terms or paths swapped.
It is made in a copy of the project, without real exports, and is noticed by

    the loader   the tables no longer fit the grammar
    a test       those that hold the tables come first, all others follow for what these let pass

The lines that follow are the changes that nothing noticed. Exit code 1 if they are more than one in fifty.
"""

import argparse
import importlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("trialparse", "tests", "fixtures", "docs", "README.md", "SECURITY.md", "LICENSE", "pyproject.toml")
SHARES = {"codes": 8, "mapping": 8, "upgrade": 2, "form": 2}
"""How many of twenty changes are made to which kind of table; schemas are for the tests alone."""
KEPT = 0.98
FIRST = (
    "test_expected.py",
    "test_snapshots.py",
    "test_laws.py",
    "test_reasons.py",
    "test_withheld.py",
    "test_engine.py",
)
"""Test files in the order in which they are likely to notice a change that `test_tables.py` let pass."""

Cells = list[str]
Change = tuple[str, Cells | None]
"""What is done, and the cells of the row then; None for a row that is gone."""


class Table:
    """A table of a registry as lines."""

    def __init__(self, file: Path) -> None:
        from trialparse.mapping.grammar import COLUMNS

        self.file = file
        self.lines = file.read_text("utf-8").splitlines()
        plain = [(place, text.split("\t")) for place, text in enumerate(self.lines) if text and text[0] not in "#$"]
        (_, self.columns), *rows = plain
        self.rows = {place: cells + [""] * (len(self.columns) - len(cells)) for place, cells in rows}
        self.kind = next(kind for kind, columns in COLUMNS.items() if columns == tuple(self.columns))

    def column(self, name: str) -> int:
        """Return the place of a column."""
        return self.columns.index(name)

    def without(self, place: int, cells: Cells | None) -> str:
        """Return the text of the table with one row changed."""
        lines = [*self.lines]
        lines[place : place + 1] = [] if cells is None else ["\t".join(cells).rstrip("\t")]
        return "\n".join(lines) + "\n"


# changes --------------------------------------------------------------------------------------------------------------


def changes(table: Table, place: int, draw: random.Random) -> Iterator[Change]:
    """Give a change of each kind that a row allows."""
    row = table.rows[place]
    yield "row dropped", None
    for name, change in CHANGES[table.kind]:
        column = table.column(name)
        value = change(table, row, row[column], draw)
        if value is not None and value != row[column]:
            yield f"{name}: {row[column]!r} -> {value!r}", [*row[:column], value, *row[column + 1 :]]


def another(name: str, *alike: str) -> Callable[..., str | None]:
    """Return the change of a cell to that of another row with the same cells in other columns."""

    def change(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
        columns = [table.column(column) for column in alike]
        rows = [one for one in table.rows.values() if all(one[column] == row[column] for column in columns)]
        others = sorted({one[table.column(name)] for one in rows} - {value, ""})
        return draw.choice(others) if value and others else None

    return change


def lettered(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change one letter or digit, so that the words are no others of the table."""
    places = [place for place, letter in enumerate(value) if letter.isalnum()]
    if not places:
        return None
    place = draw.choice(places)
    letter = draw.choice("0123456789" if value[place].isdigit() else "abcdefghijklmnopqrstuvwxyz")
    made = value[:place] + letter + value[place + 1 :]
    words = {cell.casefold() for one in table.rows.values() for cell in one}
    return made if made.casefold() not in words else None


def key_lettered(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change a letter of the last key of a path."""
    match = re.search(r"(\w)([^\w.]*)$", value)
    return None if match is None else f"{value[: match.start(1)]}{draw.choice('qxz')}{match[2]}"


def related(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change the relation."""
    from trialparse.mapping.grammar import RELATIONS

    return draw.choice(sorted(RELATIONS.keys() - {value}))


def kind_of_line(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change the kind of a line."""
    from trialparse.mapping.grammar import FORM_KINDS

    return draw.choice(sorted(FORM_KINDS.keys() - {value}))


def one_less(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Drop a word, option or mark."""
    verb = row[table.columns.index("verb")] if "verb" in table.columns else ""
    words = value.split()
    if not words or verb in ("ignore", "constant"):
        return None
    gone = draw.randrange(len(words))
    return " ".join(words[:gone] + words[gone + 1 :])


def mark_less(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Drop a mark."""
    words = value.split()
    if not words:
        return None
    words.remove(draw.choice(words))
    return " ".join(words)


def reason(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change why a path is ignored.

    A row such as `**.email` with the mark `person` says whom to withhold, and its reason is given nowhere.
    """
    if "person" in row[-1] and row[0 if table.kind == "upgrade" else 1].startswith("**"):
        return None
    from trialparse.mapping.rows import COPIES, PLAIN

    ignored = value.removeprefix("ignore ")
    if ignored == value and "verb" in table.columns and row[table.column("verb")] != "ignore":
        return None
    if ignored == value and table.kind == "upgrade":
        return None
    before = value[: len(value) - len(ignored)]
    kind, of, path = ignored.partition(" of ")
    if not of:
        return before + draw.choice(sorted({*PLAIN} - {ignored}))
    return before + draw.choice(sorted({*COPIES, "label of "} - {f"{kind} of "})) + path


def constant(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change a term that a row states to one that another row states in its place."""
    words = value.split()
    stated = [place for place, word in enumerate(words) if re.fullmatch(r"(\w+=)?[A-Z_]+", word)]
    if not stated or row[table.column("verb")] not in ("constant", "each", "date"):
        return None
    place = draw.choice(stated)
    name, sign, term = words[place].rpartition("=")
    seen = {
        w.rpartition("=")[2] for one in table.rows.values() for w in one[3].split() if name and w.startswith(f"{name}=")
    }
    others = sorted(seen - {term})
    if not others:
        return None
    words[place] = name + sign + draw.choice(others)
    return " ".join(words)


def field(table: Table, row: Cells, value: str, draw: random.Random) -> str | None:
    """Change a field to another one of the same record and type."""
    import attrs

    from trialparse.model import Trial
    from trialparse.strategies.leaves import target_of

    cls: Any = Trial
    *around, last = value.split(".")
    for step in around:
        cls = target_of(cls, step.removesuffix("[]"))
    if not value or not attrs.has(cls):
        return None
    fields = attrs.fields_dict(cls)
    wanted = fields[last.removesuffix("[]")].type
    others = [name for name, one in fields.items() if one.type == wanted and name != last.removesuffix("[]")]
    ending = "[]" if last.endswith("[]") else ""
    return ".".join([*around, draw.choice(others) + ending]) if others else None


CHANGES: dict[str, tuple[tuple[str, Callable[..., str | None]], ...]] = {
    "codes": (
        ("term", another("term", "list")),
        ("word", lettered),
        ("relation", related),
        ("mark", mark_less),
    ),
    "mapping": (
        ("path", key_lettered),
        ("path", another("path", "verb")),
        ("field", field),
        ("argument", one_less),
        ("argument", reason),
        ("argument", constant),
        ("mark", mark_less),
    ),
    "upgrade": (
        ("old", key_lettered),
        ("old", another("old")),
        ("new", another("new")),
        ("new", reason),
        ("mark", mark_less),
    ),
    "form": (
        ("label", lettered),
        ("code", lettered),
        ("path", another("path", "kind")),
        ("kind", kind_of_line),
        ("mark", mark_less),
    ),
}
"""The columns that are changed, by kind of table, and how."""


def drawn(seed: int, count: int) -> Iterator[tuple[Table, int, Change]]:
    """Give changes of the tables, the same for the same seed."""
    tables: dict[str, list[Table]] = defaultdict(list)
    for file in sorted((ROOT / "trialparse" / "registries").glob("*/*.tsv")):
        table = Table(file)
        tables[table.kind].append(table)
    for number in range(1, count + 1):
        draw = random.Random(f"{seed} {number}")
        [kind] = draw.choices([*SHARES], [*SHARES.values()])
        table, place = draw.choice([(table, place) for table in tables[kind] for place in table.rows])
        yield table, place, draw.choice(list(changes(table, place, draw)))


# noticing -------------------------------------------------------------------------------------------------------------


def other_files() -> list[str]:
    """Return the other test files in the order in which they are likely to notice."""
    rank = {name: place for place, name in enumerate(FIRST)}
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(f) for f in sorted(found, key=lambda f: rank.get(f.name, len(rank))) if f.name != "test_tables.py"]


def holding(table: Table, row: Cells) -> list[tuple[str, str, str]]:
    """Return registry, file and section of all that `test_tables.py` compares, what a change of a row reaches first."""
    from trialparse.mapping.check import tables_of

    registry, tables = table.file.parent.name, snapshots()
    order = {"codes": ("words", "lists", "paths", "form"), "form": ("form", "paths", "lists", "words")}
    names = order.get(table.kind, ("lists", "paths", "words", "form"))
    near = {row[0]} if table.kind == "codes" else set()
    for format in tables.FORMATS:
        if table.file.name in {file.name for file in tables_of(format)} and format.registry == registry:
            near.add(format.name)
    found = [(*part, section) for part in tables.parts() for section in tables.sections_of(*part)]
    return sorted(found, key=lambda one: (one[0] != registry, one[2] not in near, names.index(one[1])))


def snapshots() -> Any:
    """Return the module that says what the tables come to."""
    return importlib.import_module("tests.snapshots.tables")


def held(registry: str, name: str, section: str) -> bool:
    """Whether a section is as it was reviewed; the first line that differs decides."""
    tables = snapshots()
    text = (Path(tables.__file__).parent / registry / f"{name}.tsv").read_text("utf-8")
    _, here, after = f"\n{text}".partition(f"\n# {section}\n")
    before = iter(after.partition("\n# ")[0].removesuffix("\n").split("\n"))
    now = tables.sections_of(registry, name)[section]()
    return bool(here) and all(line == next(before, None) for line in now) and next(before, "") == ""


def noticed(table: Table, row: Cells, *, others: bool = True) -> str:
    """Return who notices that the table has been changed; "" for nobody. Without `others` few tests are run."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # whatever has been imported is there already, and no table has been read
        os.close(reading)
        os.write(writing, _loaded_and_held(table, row).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        name = answer.read()
    _, status = os.waitpid(child, 0)
    if name or status:
        return name or "a child that ends early"
    if not others:
        return ""
    return failed(other_files())


def failed(tests: list[str]) -> str:
    """Return the first of these tests that fails, or ""."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    match = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    if run.returncode == 0 or match is not None:
        return match[1] if match is not None else ""
    raise SystemExit(f"pytest ends with {run.returncode}: {run.stdout[-2000:]}{run.stderr[-2000:]}")


def _loaded_and_held(table: Table, row: Cells) -> str:
    """Return what notices the change: the loader, a case of `test_tables.py`, or "" for neither."""
    from trialparse.tsv import TableError

    for part in holding(table, row):
        case = f"test_tables.py {'/'.join(part)}"
        try:
            if not held(*part):
                return case
        except TableError:
            return "the loader"
        except Exception as error:  # noqa: BLE001  whatever is raised fails the test
            return f"{case} {type(error).__name__}"
    return ""


def run(seed: int, count: int, only: list[int], *, others: bool) -> int:
    """Make the changes in this copy of the project, print what becomes of each, and return an exit code."""
    snapshots()  # imported once, for all children
    table, place, _ = next(drawn(seed, 1))
    if name := noticed(table, table.rows[place], others=False):
        say(f"{name} fails without a change")
        return 2
    survivors, by = [], Counter[str]()
    for number, (table, place, (text, cells)) in enumerate(drawn(seed, count), start=1):
        if only and number not in only:
            continue
        where = f"{table.file.parent.name}/{table.file.name}:{place + 1}"
        before = table.file.read_text("utf-8")
        table.file.write_text(table.without(place, cells), "utf-8")
        try:
            name = noticed(table, table.rows[place], others=others)
        finally:
            table.file.write_text(before, "utf-8")
        if "::" in name and failed([name]):
            say(f"{name} fails without a change")
            return 2
        by[name if name == "the loader" else re.split("::| ", name)[0].rpartition("/")[2] or "nobody"] += 1
        about = f"{where}  {' | '.join(table.rows[place][:3])}  {text}"
        say(f"{number:>4}  {name or 'SURVIVES'}  {about}")
        if not name:
            survivors.append(about)
    count = by.total()
    say(f"\nseed {seed}: {count - len(survivors)} of {count} noticed, {1 - len(survivors) / count:.1%}")
    for name, times in by.most_common():
        say(f"{times:>6} by {name}")
    say("\n".join(["", *survivors]))
    return int(len(survivors) > (1 - KEPT) * count)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201  a command prints


def main() -> int:
    """Copy the project, and run there."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1, help="draw other changes")
    arguments.add_argument("--count", type=int, default=200, help="how many changes")
    arguments.add_argument("--only", type=int, nargs="*", default=[], help="make only the changes of these numbers")
    arguments.add_argument("--quick", action="store_true", help="ask only the loader and test_tables.py")
    arguments.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.here:
        return run(asked.seed, asked.count, asked.only, others=not asked.quick)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "around" / "project"
        copy.mkdir(parents=True)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        environment = {name: value for name, value in os.environ.items() if name != "TRIALPARSE_CORPUS"}
        environment |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, str(copy / "tests" / Path(__file__).name), *sys.argv[1:], "--here"]
        return subprocess.run(command, cwd=copy, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
