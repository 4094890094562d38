"""The floors of the house: imports go down only, and each outside library lives where it was let in."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "trialparse"
ROOT = Path(__file__).resolve().parent.parent / PACKAGE

FLOORS = {
    # 0: the words of the domain
    "trialparse.terms": 0,
    "trialparse.building": 0,  # of any attrs classes: it knows no record
    "trialparse.prepared": 0,  # knows nothing of what it makes once
    "trialparse.values": 0,
    "trialparse.model": 0,
    "trialparse.products": 0,
    "trialparse.results": 0,
    "trialparse.diagnostics": 0,
    "trialparse.identifiers": 0,
    "trialparse.limits": 0,
    # 1: bytes to records
    "trialparse.shapes": 1,
    "trialparse.readers": 1,
    "trialparse.paths": 1,  # a shape, which tells a reader what is wanted, is said in paths
    # 2: the engine
    "trialparse.openers": 2,
    "trialparse.convert": 2,
    "trialparse.tables": 2,
    "trialparse.grammar": 2,
    "trialparse.faults": 2,
    "trialparse.forms": 2,
    "trialparse.formquick": 2,
    "trialparse.plan": 2,
    "trialparse.loops": 2,
    "trialparse.quick": 2,
    "trialparse.traced": 2,
    "trialparse.mapping": 2,
    # 3: what is known of each register
    "trialparse.registries": 3,
    # 4: what users call
    "trialparse.parsing": 4,
    "trialparse.combining": 4,
    "trialparse.record": 4,
    "trialparse.recognition": 4,
    "trialparse.redaction": 4,
    "trialparse.names": 4,
    "trialparse.persons": 4,
    "trialparse.languages": 4,
    "trialparse.as_of": 4,
    "trialparse.references": 4,
    "trialparse.audit": 4,
    "trialparse.ledger": 4,
    "trialparse.evidence": 4,
    "trialparse.export": 4,
    "trialparse.schemas": 4,
    "trialparse.census": 4,
    "trialparse.outputs": 4,
    "trialparse.pages": 4,
    "trialparse.strategies": 4,
    "trialparse.cli": 4,
    "trialparse.__main__": 4,
    "trialparse": 4,
}
"""Floor of each module; a package gives its floor to what is in it, but `trialparse` only to itself."""

OUTSIDE = {
    "attrs": ("trialparse",),
    "cattrs": ("trialparse.export",),
    "click": ("trialparse.cli",),
    "hypothesis": ("trialparse.strategies",),
    "lxml": ("trialparse.readers.xml", "trialparse.readers.html"),
    "msgspec": ("trialparse.readers", "trialparse.shapes", "trialparse.mapping", "trialparse.export"),
    "rich": ("trialparse.cli", "trialparse.pages"),
}
"""Where each library from outside may be imported: modules by name, with all that is in them or begins so."""

DOMAIN = {"attrs"}
"""All that floor 0 may import from outside."""

DECODERS = ("trialparse.readers.json", "trialparse.shapes")
"""Where msgspec may turn bytes into values: the places that check UTF-8, depth and size."""
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
    """Whether a module is one of the places, is in one, or has a name that begins as one (`xml_stream`)."""
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
                elif not within(module, OUTSIDE[top]) or (here == 0 and top not in DOMAIN):
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


class TestFloors:
    """No module knows of a floor above its own, and no library is used outside of its rooms."""

    def test_the_house_stands(self) -> None:
        assert [] == breaches(ROOT)

    def test_there_is_a_house(self) -> None:
        """A walk that found nothing would find nothing wrong."""
        on = {floor(module, FLOORS) for module in modules(ROOT)}

        assert {0, 1, 2, 3, 4} == on

    def test_every_line_of_the_plan_has_its_module(self) -> None:
        known = modules(ROOT)
        planned = {name for name in FLOORS if name != PACKAGE}

        assert set() == planned - set(known), "FLOORS names modules that are gone"


class TestTheGuard:
    """The guard sees each kind of breach, however the import is written."""

    @pytest.mark.parametrize(
        ("where", "text", "said"),
        [
            ("model.py", "import trialparse.parsing", "floor 0 imports trialparse.parsing"),
            ("model.py", "from trialparse import parsing", "floor 0 imports trialparse.parsing"),
            ("model.py", "from trialparse import parse", "floor 0 imports trialparse on floor 4"),
            ("model.py", "from . import parsing", "floor 0 imports trialparse.parsing"),
            ("model.py", "from .parsing import parse", "floor 0 imports trialparse.parsing"),
            ("model.py", "def f():\n    from trialparse.parsing import parse", "floor 0 imports"),
            ("model.py", "import msgspec", "msgspec is imported outside"),
            ("readers/json.py", "from ..registries import FORMATS", "floor 1 imports trialparse.registries"),
            ("readers/json.py", "from lxml import etree", "lxml is imported outside"),
            (
                "registries/ctis/derive.py",
                "from trialparse.registries.ictrp import codes",
                "imports another one",
            ),
            ("parsing.py", "import numpy", "which OUTSIDE does not know"),
            ("attic.py", "", "on no floor"),
            ("export.py", "import msgspec\nmsgspec.json.decode(b'')", "decodes with msgspec"),
            ("export.py", "from msgspec import json as j\nj.Decoder(int)", "decodes with msgspec"),
            ("export.py", "from msgspec.json import decode\ndecode(b'')", "decodes with msgspec"),
        ],
    )
    def test_it_sees(self, tmp_path: Path, where: str, text: str, said: str) -> None:
        [breach] = breaches(_built(tmp_path, {where: text}))

        assert said in breach

    @pytest.mark.parametrize(
        ("where", "text"),
        [
            (
                "parsing.py",
                "import json\nimport attrs\nfrom trialparse.model import Trial\nfrom . import model",
            ),
            ("readers/json.py", "import msgspec\nmsgspec.json.Decoder(int)"),
            ("readers/xml_stream.py", "from lxml import etree"),
            ("export.py", "import msgspec\nmsgspec.json.encode(1)"),
            ("registries/ctis/derive.py", "from trialparse.registries.ctis import codes"),
            ("registries/__init__.py", "from trialparse.registries import ctis, ictrp"),
            ("__init__.py", "from trialparse.parsing import parse"),
        ],
    )
    def test_it_lets_be(self, tmp_path: Path, where: str, text: str) -> None:
        assert [] == breaches(_built(tmp_path, {where: text}))


def _built(folder: Path, files: dict[str, str]) -> Path:
    """Build a small package with the given files in it."""
    empty = ["", "readers/", "registries/", "registries/ctis/", "registries/ictrp/"]
    plan = {f"{name}__init__.py": "" for name in empty} | {"model.py": "", "parsing.py": ""}
    for name, text in (plan | files).items():
        path = folder / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / PACKAGE
