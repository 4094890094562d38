"""What users import from `trialparse`: each name is there, is typed, and is loaded at first use."""

import ast
import importlib
import re
import subprocess
import sys

import attrs
import pytest
from click.testing import CliRunner

import trialparse
from tests.conftest import ROOT
from trialparse.cli import main
from trialparse.model import terms, values

PUBLIC = sorted(trialparse.__all__)
INIT = (ROOT / "trialparse" / "__init__.py").read_text(encoding="utf-8")


def static_homes() -> dict[str, str]:
    """Return the module that type checkers import each name from."""
    blocks = {ast.unparse(node.test): node for node in ast.parse(INIT).body if isinstance(node, ast.If)}
    return {
        alias.name: f"{node.module}"
        for node in blocks["TYPE_CHECKING"].body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname is None
    }


def static_modules() -> dict[str, str]:
    """Return the modules that type checkers find as attributes of the package."""
    found = re.findall(r"^    from trialparse import (\w+) as (\w+)$", INIT, re.MULTILINE)
    return {name: f"trialparse.{module}" for module, name in found}


def vocabularies() -> list[str]:
    """Return the names of the closed vocabularies, whatever bases they share."""
    kinds = [kind for kind in vars(terms).values() if isinstance(kind, type) and issubclass(kind, terms.Term)]
    return sorted(kind.__name__ for kind in kinds if kind.__members__)


class TestNames:
    """The list of public names, the table of homes and the imports of type checkers agree."""

    @pytest.mark.parametrize("name", PUBLIC)
    def test_it_can_be_imported(self, name: str) -> None:
        value = getattr(trialparse, name)
        assert getattr(importlib.import_module(value.__module__), name) is value

    def test_type_checkers_know_the_same_names(self) -> None:
        homes = {name: f"trialparse.{home}" for name, home in trialparse._HOME.items()}
        assert homes == static_homes()
        assert PUBLIC == sorted(homes)

    def test_each_is_named_once(self) -> None:
        assert len(PUBLIC) == len(set(PUBLIC))
        assert sorted(trialparse._HOME) == sorted(" ".join(trialparse._HOMES.values()).split())

    def test_each_vocabulary(self) -> None:
        assert len(vocabularies()) > 30
        assert [] == [name for name in vocabularies() if name not in PUBLIC]

    def test_each_value(self) -> None:
        kinds = [kind for kind in vars(values).values() if isinstance(kind, type) and attrs.has(kind)]
        assert len(kinds) > 5
        assert [] == [kind.__name__ for kind in kinds if kind.__name__ not in PUBLIC]

    def test_a_name_of_two_things_stays_out(self) -> None:
        """`Outcome` is an outcome of a trial in `trialparse.model`, and of a reading in `trialparse.parsing`."""
        assert "Outcome" not in PUBLIC

    def test_dir_is_what_is_public(self) -> None:
        assert dir(trialparse) == sorted([*PUBLIC, "examples"])

    @pytest.mark.parametrize("name", ["examples", "strategies"])
    def test_modules_are_loaded_at_first_use(self, name: str) -> None:
        code = f"import sys, trialparse; print('trialparse.{name}' in sys.modules, trialparse.{name}.__name__)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

        assert done.stdout == f"False trialparse.{name}\n"
        assert {name: f"trialparse.{name}"}.items() <= static_modules().items()

    def test_a_name_that_the_changelog_offers_is_public_or_internal_on_the_page(self) -> None:
        page = (ROOT / "docs" / "explanation" / "stability.md").read_text("utf-8")
        table = (ROOT / "docs" / "changelog.md").read_text("utf-8").partition("own code:\n")[2].partition("\n- ")[0]
        offered = [
            name for row in table.splitlines() for name in re.findall(r"`(trialparse\.[\w.]+)`", row.split(" | ")[-1])
        ]

        assert "trialparse.vocabulary.Term" in offered
        assert [] == [name for name in [*offered, "trialparse.__version__"] if f"`{name}`" not in page]

    def test_an_unknown_name(self) -> None:
        with pytest.raises(AttributeError, match="module 'trialparse' has no attribute 'Outcome'"):
            trialparse.Outcome  # noqa: B018

    def test_importing_loads_no_part(self) -> None:
        code = "import sys, trialparse; dir(trialparse); print(*sorted(n for n in sys.modules if 'trialparse' in n))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout.split() == ["trialparse", "trialparse.prepared"]


class TestVersion:
    """The version is written in one place."""

    def test_the_command(self) -> None:
        said = CliRunner().invoke(main, ["--version"], prog_name="trialparse").output
        assert said == f"trialparse, version {trialparse.__version__}\n"

    def test_the_changelog(self) -> None:
        newest = re.findall(r"^## (\S+)", (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8"), re.MULTILINE)
        assert newest[0] == trialparse.__version__

    def test_no_other_place(self) -> None:
        assert INIT.count(f'"{trialparse.__version__}"') == 1
        assert trialparse.__version__ not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
