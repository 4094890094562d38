"""Generated functions can be read: a command prints them, and tracebacks show their lines."""

import ast
import subprocess
import sys
import traceback

import pytest

from tests.conftest import FIXTURES
from trialparse.generated import TEXTS, run

pytestmark = pytest.mark.exhaustive


@pytest.mark.parametrize(
    ("name", "functions"),
    [("ctis/immunostem.json", "Trial"), ("euctr/results.xml", "Trial"), ("euctr/traps.txt", "Intervention")],
)
def test_the_command_prints_what_reading_a_source_needs(name: str, functions: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trialparse.cli.generated", str(FIXTURES / name)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    tree = ast.parse(done.stdout)
    assert len([node for node in tree.body if isinstance(node, ast.FunctionDef)]) > 40
    assert f"def function(n):  # {functions}\n" in done.stdout


def test_a_traceback_shows_the_line() -> None:
    made = run("def strange(n):\n return n.nothing_of_that_name", {})["strange"]
    with pytest.raises(AttributeError) as raised:
        made(1)

    assert " return n.nothing_of_that_name".strip() in "".join(traceback.format_exception(raised.value))


def test_equal_texts_are_compiled_once() -> None:
    before = len(TEXTS)
    for number in range(3):
        assert number == run("def one_more(n):\n return number", {"number": number})["one_more"](0)

    assert len(TEXTS) == before + 1
