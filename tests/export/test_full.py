"""The full form: every field of every record of the model, so that no tool takes an absent key for an absent column."""

import json
from typing import Any

import attrs
import pytest
from hypothesis import given

from trialparse.export.json import plain, to_dict, to_json
from trialparse.model import Missing, Status, Trial
from trialparse.model.terms import MissingKind
from trialparse.model.values import Coded
from trialparse.parsing.calls import read
from trialparse.strategies import trials


def lacking(written: Any, value: Any, path: str = "$") -> list[str]:
    """Return the paths of the fields of a value that its written form has no key for, or has too many."""
    if isinstance(value, tuple):
        return [one for at, item in enumerate(value) for one in lacking(written[at], item, f"{path}[{at}]")]
    if not attrs.has(type(value)):
        return []
    fields = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
    wrong = [f"{path}.{name}" for name in fields.keys() ^ written.keys()]
    return wrong + [
        one
        for name, below in fields.items()
        if name in written
        for one in lacking(written[name], below, f"{path}.{name}")
    ]


class TestFull:
    @given(trials())
    def test_every_field_is_there(self, trial: Trial) -> None:
        assert [] == lacking(plain(trial, full=True), trial)

    @given(trials())
    def test_what_has_a_value_is_the_same_in_both(self, trial: Trial) -> None:
        assert _is_part(plain(trial), plain(trial, full=True))

    def test_an_empty_trial(self) -> None:
        full = to_dict(Trial(), full=True)

        assert ["schema_version", *attrs.fields_dict(Trial)] == list(full)
        assert (None, [], []) == (full["acronym"], full["phases"], full["sites"])
        assert dict.fromkeys(attrs.fields_dict(Status)) == full["status"]

    def test_any_value_of_the_model(self) -> None:
        gap = Missing(field="acronym", kind=MissingKind.UNKNOWN)

        assert [{"field": "acronym", "kind": "UNKNOWN"}] == plain((gap,), full=True)
        assert [{"term": None, "text": "x"}] == plain((Coded(text="x"),), full=True)
        assert [{"text": "x"}] == plain((Coded(text="x"),))

    def test_records_of_one_table_have_the_same_columns(self, fixtures: Any) -> None:
        """The case that lost two columns in silence: the first lines of a file decide on the columns of a table."""
        trials = [one.trial for one in read(fixtures / "ctis" / "portal.csv") if one.ok]
        short, full = ([{*json.loads(to_json(one, full=full))} for one in trials] for full in (False, True))

        assert len(trials) > 2
        assert any(keys != short[0] for keys in short)
        assert all(keys == full[0] for keys in full)


def _is_part(short: Any, full: Any) -> bool:
    """Whether all that a short form holds is in the full form, and in the same places."""
    if isinstance(short, dict):
        return all(name in full and _is_part(below, full[name]) for name, below in short.items())
    if isinstance(short, list):
        return len(short) == len(full) and all(map(_is_part, short, full))
    return type(short) is type(full) and bool(short == full)


@pytest.mark.parametrize("full", [False, True])
def test_the_form_of_a_record_says_so(full: bool, fixtures: Any) -> None:
    [parsed] = read(fixtures / "ctis" / "immunostem.json")

    whole = json.loads(parsed.to_json(full=full))  # type: ignore[union-attr]
    assert json.loads(to_json(parsed.trial, full=full)) == whole["trial"]
