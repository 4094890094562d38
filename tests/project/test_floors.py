"""The floors of the house hold: see `house.py`."""

from pathlib import Path

import pytest

from tests.house import FLOORS, PACKAGE, ROOT, breaches, circles, floor, graph, modules, shown


class TestFloors:
    """No module knows of a floor above its own, and no library is used outside of its rooms."""

    def test_the_house_stands(self) -> None:
        assert [] == breaches(ROOT)

    def test_there_is_a_house(self) -> None:
        """A walk that found nothing would find nothing wrong."""
        on = {floor(module, FLOORS) for module in modules(ROOT)}

        assert {*range(10)} == on

    def test_no_circles(self) -> None:
        assert [] == circles(graph(ROOT))

    def test_few_files_lie_outside_of_the_rooms(self) -> None:
        assert len(list(ROOT.glob("*.py"))) <= 8

    def test_the_house_can_be_printed(self) -> None:
        assert "0 circles, 0 breaches" in shown(ROOT)

    def test_every_line_of_the_plan_has_its_module(self) -> None:
        known = modules(ROOT)
        planned = {name for name in FLOORS if name != PACKAGE}

        assert set() == planned - set(known), "FLOORS names modules that are gone"


class TestTheGuard:
    """The guard sees each kind of breach, however the import is written."""

    @pytest.mark.parametrize(
        ("where", "text", "said"),
        [
            ("limits.py", "import trialparse.parsing", "floor 0 imports trialparse.parsing"),
            ("limits.py", "from trialparse import parsing", "floor 0 imports trialparse.parsing"),
            ("limits.py", "from trialparse import parse", "floor 0 imports trialparse on floor 9"),
            ("limits.py", "from . import parsing", "floor 0 imports trialparse.parsing"),
            ("limits.py", "from .parsing import parse", "floor 0 imports trialparse.parsing"),
            ("limits.py", "def f():\n    from trialparse.parsing import parse", "floor 0 imports"),
            ("limits.py", "import msgspec", "msgspec is imported outside"),
            ("readers/json.py", "from ..registries import FORMATS", "floor 2 imports trialparse.registries"),
            ("readers/json.py", "from lxml import etree", "lxml is imported outside"),
            ("readers/xml/stream.py", "from lxml import etree", "lxml is imported outside"),
            (
                "registries/ctis/derive.py",
                "from trialparse.registries.ictrp import codes",
                "imports another one",
            ),
            ("parsing/__init__.py", "import numpy", "which OUTSIDE does not know"),
            ("attic.py", "", "on no floor"),
            ("readers/csv.py", "import msgspec\nmsgspec.json.decode(b'')", "decodes with msgspec"),
            ("readers/csv.py", "from msgspec import json as j\nj.Decoder(int)", "decodes with msgspec"),
            ("readers/csv.py", "from msgspec.json import decode\ndecode(b'')", "decodes with msgspec"),
        ],
    )
    def test_it_sees(self, tmp_path: Path, where: str, text: str, said: str) -> None:
        [breach] = breaches(_built(tmp_path, {where: text}))

        assert said in breach

    @pytest.mark.parametrize(
        ("where", "text"),
        [
            (
                "parsing/__init__.py",
                "import json\nimport attrs\nfrom trialparse.model import Trial\nfrom . import model",
            ),
            ("readers/json.py", "import msgspec\nmsgspec.json.Decoder(int)"),
            ("readers/xml/parser.py", "from lxml import etree"),
            ("readers/json_parts.py", "import msgspec\nmsgspec.json.Decoder(int)"),
            ("readers/csv.py", "import msgspec\nmsgspec.json.encode(1)"),
            ("registries/ctis/derive.py", "from trialparse.registries.ctis import codes"),
            ("registries/__init__.py", "from trialparse.registries import ctis, ictrp"),
            ("__init__.py", "from trialparse.parsing import parse"),
        ],
    )
    def test_it_lets_be(self, tmp_path: Path, where: str, text: str) -> None:
        assert [] == breaches(_built(tmp_path, {where: text}))


def _built(folder: Path, files: dict[str, str]) -> Path:
    """Build a small package with the given files in it."""
    empty = ["", "model/", "parsing/", "readers/", "registries/", "registries/ctis/", "registries/ictrp/"]
    plan = {f"{name}__init__.py": "" for name in empty} | {"limits.py": ""}
    for name, text in (plan | files).items():
        path = folder / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / PACKAGE


class TestCircles:
    """A circle of imports is found, however long it is."""

    def test_it_sees(self) -> None:
        assert [{"a", "b", "c"}] == circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
        assert [] == circles({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"a"}})
