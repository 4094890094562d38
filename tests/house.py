"""The floors of the house: imports go down only, without circles, and outside libraries stay in their rooms.

`python tests/house.py` prints floors, rooms and arrows.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "trialparse"
ROOT = Path(__file__).resolve().parent.parent / PACKAGE

FLOORS = {
    # 0: what can be wrong, what a source may cost, a table file as it is, what is made once, vocabularies, examples
    "trialparse.diagnostics": 0,
    "trialparse.limits": 0,
    "trialparse.tsv": 0,
    "trialparse.prepared": 0,
    "trialparse.generated": 0,
    "trialparse.vocabulary": 0,
    "trialparse.examples": 0,
    # 1: what a trial is
    "trialparse.model": 1,
    # 2: bytes to records; trials to pages and to other tools
    "trialparse.readers": 2,
    "trialparse.export": 2,
    "trialparse.pages": 2,
    # 3: what is not read; a table becomes a Trial
    "trialparse.foreign": 3,
    "trialparse.mapping": 3,
    # 4: what is known of each register
    "trialparse.registries": 4,
    # 5: a source becomes records that were read
    "trialparse.parsing": 5,
    # 6: several records of a trial, and what tests draw
    "trialparse.combining": 6,
    "trialparse.strategies": 6,
    # 7: versions of a trial, each of one record or of several; trials as tables of other tools
    "trialparse.comparing": 7,
    "trialparse.tabular": 7,
    # 8: many files
    "trialparse.bulk": 8,
    # 9: what users call
    "trialparse.cli": 9,
    "trialparse.__main__": 9,
    "trialparse": 9,
}
"""Floor of each module; a package gives its floor to what is in it, but `trialparse` only to itself."""

OUTSIDE = {
    "attrs": ("trialparse",),
    "cattrs": ("trialparse.export",),
    "click": ("trialparse.cli",),
    "duckdb": ("trialparse.tabular.database",),
    "hypothesis": ("trialparse.strategies",),
    "jinja2": ("trialparse.pages.render_html",),
    "markupsafe": ("trialparse.pages.render_html",),
    "lxml": ("trialparse.readers.xml.parser", "trialparse.readers.html"),
    "msgspec": ("trialparse.readers", "trialparse.export.json"),
    "phonenumbers": ("trialparse.parsing.numbering",),
    "pyarrow": ("trialparse.tabular",),
    "rich": ("trialparse.cli", "trialparse.pages"),
}
"""Where each library from outside may be imported: modules by name, with all that is in them or begins so."""

DOMAIN = {"attrs"}
"""All that the two lowest floors may import from outside."""

DECODERS = ("trialparse.readers.json", "trialparse.readers.shapes", "trialparse.export.json")
"""Where msgspec may turn bytes into values: those that check UTF-8, depth and size, or write the value again."""
DECODING = {
    f"msgspec.{notation}.{name}" for notation in ("json", "msgpack", "toml", "yaml") for name in ("decode", "Decoder")
}


def modules(root: Path) -> dict[str, Path]:
    """Return each module of the package under `root` by its dotted name."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def floor(module: str, floors: dict[str, int]) -> int | None:
    """Return the floor of a module, None if nobody has given it one."""
    name = module
    while name != PACKAGE:
        if name in floors:
            return floors[name]
        name = name.rpartition(".")[0]
    return floors.get(module)


def imports(tree: ast.Module, module: str, path: Path, known: set[str]) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield line, module and bound names of every import, wherever in the file it stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield node.lineno, alias.name, {alias.asname: alias.name} if alias.asname else {top: top}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if full in known else base, {alias.asname or alias.name: full}


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for the expression of that form, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def within(module: str, places: tuple[str, ...]) -> bool:
    """Whether a module is one of the places, is in one, or has a name that begins as one (`json_parts`)."""
    return any(module == place or module.startswith((f"{place}.", f"{place}_")) for place in places)


def breaches(root: Path, floors: dict[str, int] = FLOORS) -> list[str]:
    """Return what under `root` breaks the house rules, each on one line."""
    found = []
    files = modules(root)
    for module, path in files.items():
        here = floor(module, floors)
        if here is None:
            found.append(f"{module}: on no floor; say in FLOORS where it belongs")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names: dict[str, str] = {}
        for line, target, bound in imports(tree, module, path, set(files)):
            names |= bound
            top = target.partition(".")[0]
            if top == PACKAGE:
                there = floor(target, floors)
                if there is None:
                    found.append(f"{module}:{line}: imports {target}, which is on no floor")
                elif there > here:
                    found.append(f"{module}:{line}: floor {here} imports {target} on floor {there}")
                elif siblings(module, target):
                    found.append(f"{module}:{line}: a register imports another one, {target}")
            elif top not in sys.stdlib_module_names:
                if top not in OUTSIDE:
                    found.append(f"{module}:{line}: imports {top}, which OUTSIDE does not know")
                elif not within(module, OUTSIDE[top]) or (here <= 1 and top not in DOMAIN):
                    found.append(f"{module}:{line}: {top} is imported outside of its rooms")
        if not within(module, DECODERS):
            for node in ast.walk(tree):
                if isinstance(node, ast.Name | ast.Attribute):
                    head, dot, rest = dotted(node).partition(".")
                    if names.get(head, "") + dot + rest in DECODING:
                        found.append(f"{module}:{node.lineno}: decodes with msgspec outside of the readers")
    return found


def siblings(module: str, target: str) -> bool:
    """Whether the two are in folders of different registers; `registries/__init__` gathers them all."""
    ours, theirs = (name.split(".")[:3] for name in (module, target))
    return ours[:2] == [PACKAGE, "registries"] == theirs[:2] and len(ours) == len(theirs) == 3 and ours != theirs


def graph(root: Path) -> dict[str, set[str]]:
    """Return the modules of ours that each module imports, those for type checkers included."""
    files = modules(root)
    arrows: dict[str, set[str]] = {}
    for module, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = {target for _, target, _ in imports(tree, module, path, set(files))}
        arrows[module] = {target for target in found if target in files and target != module}
    arrows.pop(PACKAGE, None)
    return arrows


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that import each other around."""
    reached: dict[str, set[str]] = {}
    for module, targets in arrows.items():
        seen: set[str] = set()
        todo = [*targets]
        while todo:
            target = todo.pop()
            if target not in seen:
                seen.add(target)
                todo += arrows.get(target, ())
        reached[module] = seen
    rings = {frozenset(m for m in seen if module in reached.get(m, ())) for module, seen in reached.items()}
    return [set(ring) for ring in rings if ring]


def room(module: str) -> str:
    """Return the folder that a module is in, or the module itself where it is in none."""
    parts = module.split(".")
    return ".".join(parts[:2])


def shown(root: Path) -> str:
    """Return floors, rooms and arrows as text."""
    arrows, files = graph(root), modules(root)
    between = {(room(one), room(two)) for one, targets in arrows.items() for two in targets if room(one) != room(two)}
    rooms: dict[int, dict[str, int]] = {}
    for module in files:
        if module != PACKAGE:
            inside = rooms.setdefault(floor(module, FLOORS) or 0, {})
            inside[room(module)] = inside.get(room(module), 0) + 1
    lines = []
    for level in sorted(rooms, reverse=True):
        for name, count in sorted(rooms[level].items()):
            below = sorted(two.removeprefix(f"{PACKAGE}.") for one, two in between if one == name)
            lines.append(f"{level}  {name.removeprefix(f'{PACKAGE}.'):<12} {count:>3} modules  -> {', '.join(below)}")
    flat = len(list(root.glob("*.py")))
    count = sum(map(len, rooms.values()))
    lines.append(
        f"{len(files)} modules in {count} rooms on {len(rooms)} floors, {len(between)} arrows between rooms, "
        f"{len(circles(arrows))} circles, {len(breaches(root))} breaches, {flat} files directly in {PACKAGE}/"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    print(shown(ROOT))  # noqa: T201  a command prints
