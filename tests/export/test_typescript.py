"""The TypeScript types say what the schema says, and a compiler holds every trial of the fixtures to them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import run
from tests.conftest import fixture_files, refused
from tests.counting import some
from trialparse import read, schema, to_dict, typescript
from trialparse.export import typescript as module
from trialparse.export.version import SCHEMA_VERSION

TYPES = typescript()
DECLARED = re.compile(r"^export (?:interface|type) (\w+)", re.MULTILINE)


class TestDeclared:
    """Each object, field and vocabulary of the schema is declared once."""

    def test_names(self) -> None:
        assert DECLARED.findall(TYPES) == ["Trial", *schema()["$defs"]]

    def test_fields(self) -> None:
        form = schema()
        found = 0
        for name, definition in some((form["$defs"] | {"Trial": form}).items(), 50):
            block = re.search(rf"^export interface {name} {{\n(.*?)^}}$", TYPES, re.MULTILINE | re.DOTALL)
            fields = re.findall(r"^  (\w+)(\??): ", block[1], re.MULTILINE) if block else []
            required = definition.get("required", ())
            expected = [(key, "" if key in required else "?") for key in definition.get("properties", ())]
            assert expected == fields, name
            found += len(fields)
        assert found > 300

    def test_a_form_that_it_does_not_know_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        form = schema()
        form["properties"]["id"] = {"description": "x", "type": "map"}
        monkeypatch.setattr(module, "schema", lambda: form)
        with pytest.raises(KeyError):
            typescript()

    def test_a_comment_ends_where_it_shall(self) -> None:
        assert "/** a *\\/ b */\n" == module._words("a */ b", "")

    def test_the_command(self) -> None:
        assert run("schema", "--typescript").stdout == TYPES
        assert json.loads(run("schema").stdout) == schema()


@pytest.mark.exhaustive
class TestChecked:
    """A compiler takes the JSON of each trial as a `Trial`, and refuses what is none."""

    @staticmethod
    def checked(folder: Path, *values: Any) -> "subprocess.CompletedProcess[str]":
        """Let the compiler look at values that are declared as trials; skip the test where it is not installed."""
        pytest.importorskip("deno", reason="deno holds a TypeScript compiler: pip install 'trialparse[programs]'")
        (folder / "trial.ts").write_text(TYPES, encoding="utf-8")
        lines = [f"export const t{number}: Trial = {json.dumps(value)};" for number, value in enumerate(values)]
        (folder / "use.ts").write_text(
            "\n".join(['import type { Trial } from "./trial.ts";', *lines]), encoding="utf-8"
        )
        return subprocess.run(
            [sys.executable, "-m", "deno", "check", "--no-remote", "--no-config", "use.ts"],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env=os.environ | {"DENO_DIR": str(folder / "cache"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"},
        )

    def test_each_trial(self, tmp_path: Path) -> None:
        trials = [one.trial for path in fixture_files() if not refused(path) for one in read(path) if one.ok]
        values = [to_dict(trial, full=full) for trial in some(trials, 50) for full in (False, True)]
        done = self.checked(tmp_path, *values)

        assert done.returncode == 0, done.stderr[:2000]

    def test_what_is_none(self, tmp_path: Path) -> None:
        """Each line has an error of its own."""
        good = {"schema_version": SCHEMA_VERSION}
        bad: list[dict[str, Any]] = [
            {},
            {"schema_version": "0.9"},
            {**good, "phases": ["V"]},
            {**good, "phase": ["I"]},
            {**good, "id": 5},
            {**good, "enrolment": {"planned": "many"}},
            {**good, "dates": {"end": {"month": 1}}},
            {**good, "countries": {"code": "IT"}},
        ]
        done = self.checked(tmp_path, good, *bad)

        assert done.returncode == 1
        assert {*re.findall(r"use\.ts:(\d+):", done.stderr)} == {str(3 + number) for number in range(len(bad))}
