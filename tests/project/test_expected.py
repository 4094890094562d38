"""Every fixture gives what was typed by hand beside it, in `<name>.expected.json`.

The form of these files is described in fixtures/README.md. This module reads them and knows no register.
"""

import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.conftest import EXPECTED, FIXTURES, fixture_files, refused
from tests.counting import readable, some
from trialparse import TrialParseError, parse
from trialparse.model import Country, Duration, Missing, PartialDate, Trial
from trialparse.model.terms import MissingKind, Phase
from trialparse.vocabulary import Term

PATHS = 12
"""How many paths are expected of a record at the least."""
ABOUT = ("id", "registry", "identifiers")
"""Each record has an expectation at or below each of these, `null` or `[]` where the source has none."""

NAME = re.compile(r"(\w+)((?:\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)(?:\.|$)")
BRACKETS = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")


def beside(path: Path) -> Path:
    """Return the file that holds what the source at `path` must give."""
    return path.with_name(path.stem + EXPECTED[0])


def plain(value: object) -> Any:
    """Return a value as the expectations write it."""
    match value:
        case Term():
            return value.name
        case frozenset():
            return sorted(plain(each) for each in value)
        case tuple() | list():
            return [plain(each) for each in value]
        case PartialDate():
            return str(value)
        case Duration():
            return f"{value.value} {value.unit.name}" if value.unit else f"{value.value}"
    if attrs.has(type(value)):
        held = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
        empty = (None, (), frozenset())
        return {name: found for name, each in held.items() if each not in empty and (found := plain(each)) != {}}
    return value


def step(values: list[Any], inside: str) -> list[Any]:
    """Follow one pair of brackets: an index, `*`, or `field=value`."""
    if inside == "*":
        return values
    if inside.isdecimal():
        return [values[int(inside)]]
    field, sign, wanted = inside.partition("=")
    assert sign, f"[{inside}] is neither an index, nor *, nor field=value"
    chosen = [each for each in values if str(plain(at(each, field))) == wanted]
    if len(chosen) != 1:
        raise LookupError(f"{len(chosen)} of {len(values)} have {inside}")
    return chosen


def held(value: Any, name: str) -> Any:
    """Return what a field of a record holds; a record's methods and properties are no fields."""
    if not attrs.has(type(value)) or name not in attrs.fields_dict(type(value)):
        raise AttributeError(f"{type(value).__name__} has no field {name}")
    return getattr(value, name)


def at(value: Any, path: str) -> Any:
    """Return what `value` has at `path`."""
    if path.startswith("len(") and path.endswith(")"):
        return len(at(value, path[4:-1]))
    values, several, end = [value], False, 0
    while end < len(path):
        match = NAME.match(path, end)
        assert match, f"no path: {path!r}"
        end = match.end()
        values = [held(each, match[1]) for each in values]
        for inside in BRACKETS.findall(match[2]):
            several = several or inside == "*"
            values = [chosen for each in values for chosen in step(list(each), inside)]
    return values if several else values[0]


def found_at(trial: Trial, path: str) -> Any:
    """Return what the trial has at `path` in the form of the expectations, or why it has nothing there."""
    try:
        return plain(at(trial, path))
    except (LookupError, AttributeError) as error:
        return f"nothing: {type(error).__name__}: {error}"


def differences(expected: dict[str, Any], trial: Trial) -> list[str]:
    """Return every path whose value differs, with both values."""
    different = []
    for path, value in expected.items():
        found = found_at(trial, path)
        if written(found) != written(value):
            different.append(f"{path}:\n    expected {written(value)}\n    found    {written(found)}")
    return different


def written(value: Any) -> str:
    """Return a value as JSON: 1, 1.0 and true are three values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def expectation(path: Path) -> dict[str, Any]:
    """Return what is typed beside the source at `path`."""
    held: dict[str, Any] = json.loads(beside(path).read_text("utf-8"), object_pairs_hook=once)
    return held


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a path that is typed twice."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"twice: {sorted({name for name in names if names.count(name) > 1})}"
    return dict(pairs)


def test_a_source_gives_what_was_typed(record_file: Path) -> None:
    expected = expectation(record_file)
    parsed = readable(record_file)
    assert {each.format.name for each in parsed} == {expected["_format"]}
    assert len(parsed) == len(expected["trials"])
    different = [
        f"record {number}: {line}"
        for number, (typed, each) in enumerate(zip(expected["trials"], parsed, strict=True), start=1)
        for line in differences(typed, each.trial)
    ]
    assert not different, f"{beside(record_file).name} and the trial differ:\n" + "\n".join(different)


def test_a_source_without_records_is_refused_as_was_typed() -> None:
    for path in some(path for path in fixture_files() if refused(path)):
        expected = expectation(path)
        assert expected.keys() == {"_source", "_refused"}
        with pytest.raises(TrialParseError) as refusal:
            parse(path)
        assert type(refusal.value).__name__ == expected["_refused"]


def test_a_source_has_enough_expectations(record_file: Path) -> None:
    expected = expectation(record_file)
    assert expected["_source"].startswith("typed from the source")
    assert expected.keys() - {"_unmapped"} == {"_source", "_format", "trials"}
    assert expected["trials"]
    for typed in expected["trials"]:
        assert len(typed) >= PATHS, f"{len(typed)} paths for {typed.get('id')}"
        assert not [name for name in ABOUT if not any(re.search(rf"\b{name}\b", path) for path in typed)]


def test_each_expectation_lies_beside_its_source() -> None:
    files = {beside(path) for path in fixture_files()}
    assert files == set(FIXTURES.rglob("*" + EXPECTED[0]))
    assert len(files) == len(fixture_files())


def test_a_wrong_expectation_is_reported(record_file: Path) -> None:
    """Each path, each with another value, is one difference: none of them compares nothing."""
    expected = expectation(record_file)
    for typed, parsed in some(zip(expected["trials"], readable(record_file), strict=True)):
        wrong = {path: ["another value", value] for path, value in typed.items()}
        assert len(typed) == len(differences(wrong, parsed.trial))


class TestPaths:
    """A path names one value, or the values of all items of a list."""

    TRIAL = Trial(
        phases=frozenset({Phase.II, Phase.I}),
        countries=(Country(code="FR", start=PartialDate(year=2026, month=5)), Country(code="DE", planned=0)),
        missing=(Missing(field="countries[0].planned", kind=MissingKind.UNKNOWN),),
    )

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("phases", ["I", "II"]),
            ("countries[*].code", ["FR", "DE"]),
            ("countries[0].start", "2026-05"),
            ("countries[code=DE].planned", 0),
            ("countries[code=DE]", {"code": "DE", "planned": 0}),
            ("len(countries)", 2),
            ("missing[field=countries[0].planned].kind", "UNKNOWN"),
            ("enrolment.planned", None),
            ("endpoints", []),
        ],
    )
    def test_it_gives_a_value(self, path: str, value: Any) -> None:
        assert [] == differences({path: value}, self.TRIAL)

    @pytest.mark.parametrize("path", ["nation", "countries[2].code", "countries[code=IT].planned", "phases.first"])
    def test_what_is_not_there_is_reported(self, path: str) -> None:
        [difference] = differences({path: None}, self.TRIAL)
        assert "nothing: " in difference

    @pytest.mark.parametrize(("path", "value"), [("countries[1].planned", False), ("countries[1].planned", 0.0)])
    def test_a_number_is_no_truth_value(self, path: str, value: Any) -> None:
        assert 1 == len(differences({path: value}, self.TRIAL))
