"""What a process does when it first uses the library, counted in fresh processes: modules, classes, functions."""

import json
import os
import subprocess
import sys
from functools import cache

import click
import pytest

from tests.conftest import FIXTURES, ROOT
from trialparse.cli import COMMANDS, main

OF_OTHERS = {f"trialparse.readers.{name}" for name in ("csv", "form", "form_fast", "html", "keyed", "text", "xml")} | {
    "lxml.etree"
}
"""What reads notations other than JSON."""

COUNTED = """
import json, sys
import re._compiler
patterns, compile = [], re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: patterns.append(pattern) or compile(pattern, flags)
import trialparse
planned = []
if sys.argv[1:]:
    trialparse.parse
    from trialparse.mapping import planning
    make_plan = planning.make_plan
    planning.make_plan = lambda *arguments: planned.append(1) or make_plan(*arguments)
    for source in sys.argv[1:]:
        trialparse.parse(source)
from trialparse.generated import TEXTS
from trialparse.generated.classes import MADE, _OUTLINES
print(json.dumps([sorted(sys.modules), len(patterns), len(planned), len(TEXTS), len({*MADE}), len(_OUTLINES)]))
"""


def ran(*arguments: str, **environment: str) -> str:
    """Return what a fresh process prints."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=True, env=os.environ | environment
    )
    return done.stdout


class Counts:
    """What there is in a process that has read sources."""

    def __init__(self, *sources: str) -> None:
        modules, *numbers = json.loads(ran("-c", COUNTED, *(str(FIXTURES / source) for source in sources)))
        self.modules: set[str] = {*modules}
        self.patterns, self.plans, self.functions, self.made, self.classes = numbers


counts = cache(Counts)
ONE, TWO = ("ctis/immunostem.json",), ("ctis/immunostem.json", "ctis/immunostem.json")


class TestImport:
    """`import trialparse` imports no part of it."""

    def test_modules(self) -> None:
        code = "import sys, trialparse; print(*sorted(sys.modules))"
        modules = {*ran("-c", code).split()}

        assert {"trialparse", "trialparse.prepared"} == {name for name in modules if name.startswith("trialparse")}
        assert {"attrs", "msgspec", "lxml"}.isdisjoint(modules)


class TestOneRecord:
    """The first record, if it is short, is read without what is for many records, or for others."""

    def test_modules_of_other_notations(self) -> None:
        assert OF_OTHERS.isdisjoint(counts(*ONE).modules)
        assert {"trialparse.readers.json", "msgspec"} <= counts(*ONE).modules

    def test_libraries_for_other_tasks(self) -> None:
        assert {"cattrs", "click", "jinja2", "lxml", "rich"}.isdisjoint(counts(*ONE).modules)

    def test_only_its_format_is_planned(self) -> None:
        assert counts(*ONE).plans == 1

    def test_no_function_fills_it(self) -> None:
        """A handful make records of the model, which a table needs."""
        assert counts(*ONE).functions < 12

    def test_the_second_one_has_its_functions(self) -> None:
        assert counts(*TWO).functions > 40
        assert counts(*TWO).plans == 1

    def test_most_classes_have_no_methods_yet(self) -> None:
        found = counts(*ONE)

        assert found.made < 60 < 120 < found.classes

    def test_patterns(self) -> None:
        """Some 40 are of the libraries."""
        assert counts(*ONE).patterns < 95


class TestCommandLine:
    """A command is imported when it runs or is completed, and what reads sources when it reads one."""

    @staticmethod
    def modules(*arguments: str, **environment: str) -> set[str]:
        """Return the modules of ours at the end of a run, without the package."""
        code = "import atexit, runpy, sys\natexit.register(lambda: print('', *sys.modules))\n"
        code += "runpy.run_module('trialparse', run_name='__main__', alter_sys=True)"
        return {*ran("-c", code, *arguments, **environment).splitlines()[-1].split()}

    @pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["-h"]], ids=str)
    def test_no_command_runs(self, arguments: list[str]) -> None:
        found = self.modules(*arguments)

        assert "trialparse.cli" in found
        assert {f"trialparse.cli.{name}" for name in COMMANDS}.isdisjoint(found)
        assert {"attrs", "msgspec", "trialparse.model", "trialparse.parsing"}.isdisjoint(found)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_the_help_of_a_command(self, name: str) -> None:
        found = self.modules(name, "--help")

        assert {f"trialparse.cli.{name}"} == {f"trialparse.cli.{one}" for one in COMMANDS} & found
        assert {"msgspec", "trialparse.model", "trialparse.parsing", "trialparse.registries"}.isdisjoint(found)

    @pytest.mark.parametrize(
        ("words", "said", "imported"),
        [
            ("trialparse re", "plain,read", set()),
            ("trialparse --ver", "plain,--version", set()),
            ("trialparse read --diag", "plain,--diagnostics", {"trialparse.cli.read"}),
            ("trialparse read --rules tri", "plain,trialparse", {"trialparse.cli.read"}),
        ],
    )
    def test_completion(self, words: str, said: str, imported: set[str]) -> None:
        asked = {"_TRIALPARSE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        code = "import atexit, sys\natexit.register(lambda: print('', *sys.modules))\n"
        *lines, modules = ran("-c", f"{code}from trialparse.__main__ import main\nmain()", **asked).splitlines()

        assert lines == [said]
        assert imported == {f"trialparse.cli.{name}" for name in COMMANDS} & {*modules.split()}
        assert {"msgspec", "trialparse.model", "trialparse.parsing"}.isdisjoint(modules.split())

    def test_the_list_says_what_the_commands_say(self) -> None:
        context = click.Context(main)
        commands = {name: main.get_command(context, name) for name in main.list_commands(context)}

        assert {name: command.get_short_help_str(100) for name, command in commands.items() if command} == COMMANDS
        assert main.get_command(context, "nothing") is None
