"""The schema and `from_json` agree on what is a trial, except where the page on JSON says so."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import some
from trialparse import Trial, from_json, schema, to_dict
from trialparse.diagnostics import MalformedDocument
from trialparse.export import SCHEMA_VERSION
from trialparse.strategies import trials

FITS = jsonschema.Draft202012Validator(schema()).is_valid

FILE = {"file": "a.zip", "member": None}
"""A file as lines of `read` have it."""

HEADERS = [
    {"source": FILE, "record": 0, "format": "x"},
    {"source": None, "record": None, "format": None, "sources": None},
    {"sources": [{**FILE, "record": 1, "format": "x"}, {**FILE, "member": "b", "record": None, "format": None}]},
    {"source": {"file": "a.json"}, "sources": []},
    {"source": "a.json"},
    {"source": [FILE]},
    {"source": {"member": "b"}},
    {"source": {"file": None}},
    {"source": {"file": "a", "member": 1}},
    {"source": {"file": "a", "other": 1}},
    {"sources": FILE},
    {"sources": ["a"]},
    {"sources": [{"record": 1}]},
    {"record": "1"},
    {"record": True},
    {"record": 1.5},
    {"format": 1},
    {"format": ["x"]},
]

OTHER = [None, True, 0, 1, 31, -1, 1.5, "", "I", "x", [], {}, ["x"], {"x": 1}, [None], [{}]]
"""What is put in the place of a value."""


def document(**fields: Any) -> dict[str, Any]:
    """Return a document of the current version."""
    return {"schema_version": SCHEMA_VERSION, **fields}


def is_read(value: Any) -> bool:
    """Whether `from_json` reads a document."""
    try:
        return isinstance(from_json(json.dumps(value)), Trial)
    except MalformedDocument:
        return False


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a document: a dict or list, and a key or index of it."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("header", HEADERS, ids=json.dumps)
def test_headers(header: dict[str, Any]) -> None:
    good = HEADERS.index(header) < 4

    assert (good, good) == (FITS(document(**header)), is_read(document(**header)))


@pytest.mark.parametrize(
    ("date", "good"),
    [
        ({"year": 2026, "month": 2, "day": 28}, True),
        ({"year": 2026, "month": 2, "day": None}, True),
        ({"year": 2026, "month": None, "day": None}, True),
        ({"year": 2026, "day": None}, True),
        ({"year": 2026, "day": 3}, False),
        ({"year": 2026, "month": None, "day": 3}, False),
        ({"month": 2}, False),
        ({"year": 0}, False),
        ({"year": 2026, "month": 13}, False),
    ],
)
def test_dates(date: dict[str, Any], good: bool) -> None:
    value = document(dates={"start": date})

    assert (good, good) == (FITS(value), is_read(value))


@given(trials(), st.booleans(), st.data())
def test_a_changed_document(trial: Trial, full: bool, data: st.DataObject) -> None:
    """A value of one type in the place of another is refused by both, or fits both."""
    value = copy.deepcopy({**to_dict(trial, full=full), **data.draw(st.sampled_from(HEADERS))})
    # versions and days that a month does not have are named on the page
    changed = [(found, key) for found, key in places(value) if key != "schema_version" and "day" not in found]
    found, key = data.draw(st.sampled_from(some(changed)))
    found[key] = data.draw(st.sampled_from(OTHER))

    assert FITS(value) is is_read(value)


class TestWhatTheyDoNotAgreeOn:
    """The page on JSON names each of these."""

    @pytest.mark.parametrize(
        "value",
        [
            document(enrolment={"planned": 15.0}),
            document(dates={"start": {"year": 2026, "month": 2, "day": 30}}),
            document(acronym="\ud800"),
            document(interventions=[{"daily_dose": {"amount": 2**53 + 1}}]),
        ],
    )
    def test_what_fits_and_is_not_read(self, value: Any) -> None:
        assert (True, False) == (FITS(value), is_read(value))

    @pytest.mark.parametrize("value", [{}, {"schema_version": None}, {"id": "x"}])
    def test_what_is_read_and_does_not_fit(self, value: Any) -> None:
        assert (False, True) == (FITS(value), is_read(value))
