"""The options of `read` are the same wherever they can be given, and reach it from there."""

import datetime
import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import click
import pytest
from click.testing import CliRunner

from tests.conftest import FIXTURES
from tests.counting import some
from trialparse import parse, read, tabular
from trialparse.bulk import conversion
from trialparse.cli import COMMANDS, main
from trialparse.parsing.options import Options

OPTIONS = {name: option for name, option in inspect.signature(read).parameters.items() if name != "source"}

NOT_TAKEN = {
    parse: {"keep_raw"},
    tabular.mapper: {"raise_at", "keep_raw"},
    conversion.convert: {"raise_at", "keep_raw"},
}
"""The functions with options of `read`, and those that each does not take.

The record that `parse` returns keeps its bytes. Rows have diagnostics and no records, so nothing is raised or kept.
"""

CALLS: dict[Callable[..., Any], Callable[..., object]] = {
    parse: partial(parse, b""),
    tabular.mapper: tabular.mapper,
    conversion.convert: partial(conversion.convert, [], "nowhere"),
}
"""How each function is called with options alone."""

WRONG: dict[str, Any] = {
    "format": "ctis-none",
    "raise_at": "ERROR",
    "limits": 100,
    "contacts": "no",
    "results": None,
    "language": "italian",
    "as_of": "2026-01-01",
    "keep_raw": 1,
    "records_at": ("payload",),
}
"""A wrong value of each option."""

TYPES = {bool: "boolean", str | None: "text", datetime.date | None: "datetime"}
"""The types of the options of commands, by those of `read`."""

each_function = pytest.mark.parametrize("function", NOT_TAKEN, ids=lambda function: function.__name__)


def taken(function: Callable[..., Any]) -> list[str]:
    """Return the options that a function takes, in the order of `read`."""
    return [name for name in OPTIONS if name not in NOT_TAKEN[function]]


@each_function
def test_they_are_the_same(function: Callable[..., Any]) -> None:
    """In name, order, type and default."""
    found = [option for option in inspect.signature(function).parameters.values() if option.name in OPTIONS]

    assert [OPTIONS[name] for name in some(taken(function), 7)] == found


@each_function
def test_each_is_checked_as_in_read(function: Callable[..., Any], tmp_path: Path, monkeypatch: Any) -> None:
    """A wrong value is refused in the same words, so each is passed on."""
    monkeypatch.chdir(tmp_path)
    refusals = []
    for name in some(taken(function), 7):
        for call in (partial(read, b""), CALLS[function]):
            with pytest.raises((TypeError, ValueError)) as error:
                call(**{name: WRONG[name]})
            refusals.append((type(error.value), str(error.value)))

    assert refusals[::2] == refusals[1::2]
    assert len(taken(function)) == len({*refusals})
    assert [] == [*tmp_path.iterdir()]


def test_those_of_a_call() -> None:
    fields = {field.name: field.type for field in attrs.fields(Options)}
    options = {"format": OPTIONS["format"].annotation, **fields}

    assert {name: option.annotation for name, option in OPTIONS.items()} == options
    assert {name: OPTIONS[name].default for name in fields} == attrs.asdict(Options(), recurse=False)


@pytest.mark.parametrize("name", ["audit", "convert", "diff", "explain", "overview", "read"])
def test_those_of_a_command(name: str) -> None:
    """Those with the name of one that is no choice have its type and default."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    values = command.make_context(name, [], resilient_parsing=True).params
    found = [one for one in command.params if one.name in OPTIONS and not isinstance(one.type, click.Choice)]

    assert {"contacts", "records_at"} <= {one.name for one in found}
    assert [TYPES[OPTIONS[str(one.name)].annotation] for one in found] == [one.type.name for one in found]
    assert [OPTIONS[str(one.name)].default for one in found] == [values[str(one.name)] for one in found]


def test_every_command_is_looked_at() -> None:
    commands = {name: main.get_command(click.Context(main), name) for name in COMMANDS}

    assert {"audit", "convert", "diff", "explain", "overview", "read"} == {
        name for name, command in commands.items() if command and any(one.name == "contacts" for one in command.params)
    }


def test_the_command_passes_them_to_convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def convert(sources: list[str], folder: str, **options: Any) -> conversion.Summary:
        given.update(options)
        return conversion.Summary(records=1, read=1, failed=0, ends=0, problems={})

    monkeypatch.setattr(conversion, "convert", convert)
    words = ["--no-contacts", "--no-results", "--language", "it", "--as-of", "2026-01-31", "--records-at", "payload"]
    day = datetime.date(2026, 1, 31)
    done = CliRunner().invoke(main, ["convert", str(FIXTURES / "ctis" / "halted.json"), "-o", str(tmp_path), *words])
    expected = {"contacts": False, "results": False, "language": "it", "as_of": day, "records_at": "payload"}

    assert 0 == done.exit_code, done.output
    assert expected == {name: value for name, value in given.items() if name in OPTIONS}
