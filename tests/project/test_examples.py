"""Where examples are looked for, and what of their table goes into the wheel."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from trialparse import examples


class TestPlaces:
    """A folder `fixtures` beside an installed package is somebody else's, unless it is that of a clone."""

    def test_in_a_clone(self) -> None:
        assert [ROOT / "fixtures"] == examples._places(ROOT / "trialparse" / "examples")[1:]

    def test_installed(self, tmp_path: Path) -> None:
        folder = tmp_path / "site-packages" / "trialparse" / "examples"
        (tmp_path / "site-packages" / "fixtures").mkdir(parents=True)

        assert [folder / "files"] == examples._places(folder)


def test_comments_and_blank_lines_of_the_table_are_no_examples(tmp_path: Path) -> None:
    interface = pytest.importorskip("hatchling.builders.hooks.plugin.interface", reason="needs hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / module.FOLDER
    folder.mkdir(parents=True)
    (folder / "examples.tsv").write_text(
        "# first\n\nname\tfile\tformat\n# second\na\tctis/a.json\tx\n\n", encoding="utf-8"
    )
    data: dict[str, Any] = {"force_include": {}}
    hook = module.ExamplesHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    hook.initialize("standard", data)

    assert isinstance(hook, interface.BuildHookInterface)
    assert {"fixtures/ctis/a.json": f"{module.FOLDER}/files/ctis/a.json"} == data["force_include"]
