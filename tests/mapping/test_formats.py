"""Formats are checked when they are loaded: their settings, their files, and what they are recognised by."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from trialparse import TrialParseError, read
from trialparse.mapping.check import check, faults_of_signs
from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.readers.layout import Layout
from trialparse.readers.notations import Csv, Html, Json, Notation, Pagination, Text, Xml
from trialparse.registries import FORMATS
from trialparse.tsv import TableError

FORM = files("trialparse.registries.euctr") / "form.tsv"
LAYOUT = Layout(("a", "b", "c"), ("d", "e"), ("f",))
KEYS = (frozenset({"id"}),)


def format_with(**settings: Any) -> Format:
    """Return a sound format of CTIS with other settings."""
    sound: dict[str, Any] = {"name": "tiny", "registry": "ctis", "title": "Tiny", "notation": Json(keys=KEYS)}
    return Format(**sound | settings)


FAULTS: dict[str, tuple[Format, str]] = {
    "no name": (format_with(name=""), "no name"),
    "no title": (format_with(title=""), "no title"),
    "kind of record": (
        format_with(holds="result"),
        "no kind of record 'result': it is 'protocol', 'results', 'listing' or 'evaluation'",
    ),
    "prose": (
        format_with(prose="html"),
        "no way to write prose 'html': it is 'markdown', 'wrapped' or empty",
    ),
    "no notation": (format_with(notation=Notation()), "no notation: it is Json(), Xml(), Csv(), Text() or Html()"),
    "registry": (format_with(registry="ctsi"), "no registry 'ctsi' (did you mean 'ctis'?)"),
    "embedded registry": (
        format_with(parts=(EmbeddedFormat(registry="eucrt", table="cta.tsv", at="x", fields=frozenset()),)),
        "no registry 'eucrt' (did you mean 'euctr'?)",
    ),
    "table": (format_with(table="maping.tsv"), "no table ctis/maping.tsv"),
    "upgrade": (format_with(upgrade="v2.tsv"), "no table ctis/v2.tsv"),
    "an upgrade further back": (format_with(upgrade=("v1.tsv", "v0.tsv")), "no table ctis/v0.tsv"),
    "whole and chosen": (format_with(notation=Json(keys=KEYS, whole="a", chosen=True)), "whole= with chosen="),
    "schema": (format_with(schema="schema.tsv"), "no table ctis/schema.tsv"),
    "embedded table": (
        format_with(parts=(EmbeddedFormat(registry="euctr", table="ctb.tsv", at="x", fields=frozenset()),)),
        "no table euctr/ctb.tsv",
    ),
    "form": (
        format_with(notation=Text(table=FORM.parent / "from.tsv", begins=("A:", "B:"))),
        "no table euctr/from.tsv",
    ),
    "no keys": (format_with(notation=Json(keys=())), "no keys: any object would be one of the format"),
    "empty keys": (format_with(notation=Json(keys=(frozenset(),))), "no keys: any object would be one of the format"),
    "envelope": (format_with(notation=Json(keys=KEYS, envelope=("page",))), "envelope= without rows="),
    "pagination": (
        format_with(notation=Json(keys=KEYS, pagination=Pagination(total=("count",)))),
        "pagination= without rows=",
    ),
    "page key": (
        format_with(notation=Json(keys=KEYS, rows="data", pagination=Pagination(further=("next",)))),
        "pagination: 'next' is not in the envelope",
    ),
    "no element": (
        format_with(notation=Xml(records=())),
        "records= takes the names of elements, from the root to a record",
    ),
    "lone element": (
        format_with(notation=Xml(records="study")),  # type: ignore[arg-type]
        "records= takes the names of elements, from the root to a record",
    ),
    "any root": (
        format_with(notation=Xml(records=("*",))),
        "any document would be one of the format: name its root, its namespace, or one that it declares",
    ),
    "unqualified": (format_with(notation=Xml(records=("a",), unqualified=True)), "unqualified= without namespaces="),
    "owners": (format_with(notation=Xml(records=("a",), owners=("OID", "Ref"))), "owners= without several="),
    "equal columns": (
        format_with(notation=Csv(columns=("a", "a"), at_least=1)),
        "two columns are called the same",
    ),
    "too many columns": (format_with(notation=Csv(columns=("a",), at_least=2)), "at_least=2 of 1 columns"),
    "no columns": (format_with(notation=Csv(columns=("a",), at_least=0)), "at_least=0 of 1 columns"),
    "needed column": (
        format_with(notation=Csv(columns=("a",), at_least=1, needed=frozenset({"b"}))),
        "no column 'b', which is needed",
    ),
    "one line": (format_with(notation=Text(table=FORM, begins=("A:",))), "begins= takes two lines or more"),
    "no hints": (
        format_with(notation=Html(table=FORM, layout=LAYOUT, hints=())),
        "no hints: any page would be one of the format",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_with_its_place(name: str) -> None:
    format, fault = FAULTS[name]

    with pytest.raises(TableError) as raised:
        check(format)

    assert f"{format.registry}/__init__.py: {format.name}: {fault}" in str(raised.value).splitlines()


def test_all_faults_of_a_format_are_raised_at_once() -> None:
    format = format_with(title="", holds="", notation=Json(keys=(), envelope=("page",)))

    with pytest.raises(TableError) as raised:
        check(format)

    assert 4 == len(str(raised.value).splitlines())


def test_every_format_of_ours_is_sound() -> None:
    assert 14 <= len(FORMATS)
    assert [] == [fault for format in FORMATS for fault in format.faults()]
    assert [] == [*faults_of_signs(FORMATS)]


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_two_formats_alike_are_reported(format: Format) -> None:
    """Whatever the notation: another format with the same signs cannot be told apart, and neither can its name."""
    twin = attrs.evolve(format, name="twin", notation=attrs.evolve(format.notation))

    assert {f"{format.registry}/__init__.py: twin: recognised by the same as {format.name}"} == {
        str(fault) for fault in faults_of_signs((*FORMATS, twin))
    }
    assert f"{format.registry}/__init__.py: two formats {format.name}" in {
        str(fault) for fault in faults_of_signs((*FORMATS, attrs.evolve(twin, name=format.name)))
    }


def fitting(path: Path) -> Iterator[Format]:
    """Yield the formats as which a source can be read, whatever it is recognised as."""
    for format in FORMATS:
        try:
            if any(outcome.ok for outcome in read(path, format=format.name)):
                yield format
        except TrialParseError:
            pass


def test_the_order_of_formats_does_not_matter(fixture_file: Path) -> None:
    """A source is of the one format that asks for more than any other that would take it."""
    found = sorted(fitting(fixture_file), key=lambda format: format.notation.rank)
    records = [outcome for outcome in read(fixture_file) if outcome.ok]

    assert bool(found) == bool(records)
    assert {format.name for format in found[-1:]} == {record.format.name for record in records}
    assert not {format.notation.rank for format in found[-2:-1]} & {format.notation.rank for format in found[-1:]}
