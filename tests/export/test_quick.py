"""The generated functions agree with what is slower and plain: `read_carefully`, and a walk over the fields."""

import copy
import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import exercised, readable, some
from tests.export.test_agreement import HEADERS, OTHER, places
from trialparse import MalformedDocument, Trial, from_json, to_dict, to_json
from trialparse.diagnostics import Place
from trialparse.export.careful import read_carefully
from trialparse.export.json import _read, plain, trial_to_json, written
from trialparse.model.interventions import Intervention
from trialparse.model.values import Duration
from trialparse.strategies import trials
from trialparse.strategies.texts import NASTY
from trialparse.vocabulary import Term

ACTING = "\x7f\x80\x9f\u061c\u200e\u2028\u202e\u2066\u2069\ufeff"
"""Characters that act, each beside others that do not, such as \xa0 and \u2010."""

MORE = [*OTHER, 2**53, 2**53 + 1, -(10**30), 1e300, 12, "EARLY_I", {"year": 2024}, {"text": "x"}, [{"text": "x"}]]
"""What is put in the place of a value."""


def walked(value: Any, full: bool) -> Any:
    """Return a value in the form of its JSON, by a walk over the fields of its records.

    In the short form the fields that are always there come first.
    """
    if isinstance(value, tuple):
        return [walked(one, full) for one in value]
    if isinstance(value, frozenset):
        return sorted(term.name for term in value)
    if isinstance(value, Term):
        return value.name
    if not attrs.has(type(value)):
        return value
    first = sorted(attrs.fields(type(value)), key=lambda field: not full and field.default is not attrs.NOTHING)
    held = {field: getattr(value, field.name) for field in first}
    return {field.name: walked(one, full) for field, one in held.items() if full or one != default(field)}


def default(field: Any) -> Any:
    """Return what a field holds by itself."""
    return getattr(field.default, "factory", lambda: field.default)()


def carefully(text: str | bytes) -> Trial | None:
    """Return the trial in a document, None if it is refused."""
    try:
        return read_carefully(text)
    except MalformedDocument:
        return None


class TestWriting:
    """The order of keys and the types of numbers are those of the walk."""

    @given(trials(), st.booleans())
    def test_as_the_walk(self, trial: Trial, full: bool) -> None:
        expected = repr(walked(trial, full))

        assert expected == repr(plain(trial, full=full))
        version, *fields = to_dict(trial, full=full).items()
        assert expected == repr(dict(fields))
        assert repr(dict([version, *fields])) == repr(json.loads(to_json(trial, full=full)))

    @pytest.mark.parametrize("full", [False, True])
    def test_records(self, full: bool, record_file: Path) -> None:
        for parsed in readable(record_file):
            assert repr(walked(parsed.trial, full)) == repr(plain(parsed.trial, full=full))

    @given(
        st.text(st.characters(codec="utf-8") | st.sampled_from(ACTING + '\xa0\u2010\x00"\\ é')) | st.sampled_from(NASTY)
    )
    def test_texts(self, text: str) -> None:
        """They are those of the standard library, with escapes for characters that act."""
        whole = json.dumps([text], ensure_ascii=False, separators=(",", ":"))
        acting = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"

        assert re.sub(acting, lambda found: f"\\u{ord(found[0]):04x}", whole) == written([text])

    @pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
    @pytest.mark.parametrize("full", [False, True])
    def test_numbers_that_json_does_not_have(self, number: float, full: bool) -> None:
        trial = Trial(interventions=(Intervention(duration=Duration(value=number)),))

        with pytest.raises(ValueError, match="not JSON compliant"):
            to_json(trial, full=full)
        with pytest.raises(ValueError, match="not JSON compliant"):
            plain((trial,), full=full)
        assert repr(number) == repr(to_dict(trial, full=full)["interventions"][0]["duration"]["value"])

    def test_classes_of_a_user(self) -> None:
        class Name(str):
            __slots__ = ()

        class Count(int):
            pass

        trial = Trial(id=Name("a\x7f"), interventions=(Intervention(duration=Duration(value=Count(3))),))

        assert '"id":"a\\u007f","interventions":[{"duration":{"value":3}}]}' in to_json(trial)

    @given(st.builds(Place, path=st.text(), record=st.integers(0, 3), line=st.none() | st.integers(1, 3)))
    def test_places(self, place: Place) -> None:
        """A place says its path, and what is neither 0 nor None."""
        held = attrs.asdict(place)
        expected = {name: one for name, one in held.items() if name == "path" or one not in (0, None)}

        assert repr(expected) == repr(plain(place))

    @pytest.mark.parametrize(
        ("value", "error"), [(b"x", TypeError), (datetime.date(2024, 1, 1), TypeError), (float("nan"), ValueError)]
    )
    def test_headers(self, value: Any, error: type[Exception], fixtures: Path) -> None:
        """A header holds what JSON holds, and nothing that msgspec would write beyond it."""
        [parsed] = readable(fixtures / "ctis" / "immunostem.json")
        for write in (parsed.to_json, lambda header: trial_to_json(parsed, header=header)):
            with pytest.raises(error):
                write(header={"source": {"file": value}})


class TestReading:
    """A document is read at once if and only if it is read with care, and as the same trial."""

    @given(trials(), st.booleans(), st.booleans())
    def test_what_is_written(self, trial: Trial, full: bool, plainly: bool) -> None:
        text = json.dumps(to_dict(trial, full=full), indent=1) if plainly else to_json(trial, full=full)

        assert trial == _read(text) == _read(text.encode()) == read_carefully(text)

    def test_a_changed_value(self) -> None:
        exercised(self.changed, 1, st.tuples(trials(), st.booleans(), st.data()))

    def changed(self, drawn: tuple[Trial, bool, st.DataObject]) -> int:
        trial, full, data = drawn
        value = copy.deepcopy({**to_dict(trial, full=full), **data.draw(st.sampled_from(HEADERS))})
        changes = data.draw(st.lists(st.sampled_from(MORE), max_size=2))
        for other in changes:
            found, key = data.draw(st.sampled_from(some(places(value))))
            found[key] = copy.deepcopy(other)
        if data.draw(st.booleans()):
            found, key = data.draw(st.sampled_from(some(places(value))))
            if isinstance(found, dict):
                found[data.draw(st.sampled_from([key, f"{key}s", key.upper()]))] = found.pop(key)
        return self.same(json.dumps(value, ensure_ascii=data.draw(st.booleans())))

    @given(trials(), st.data())
    def test_a_damaged_text(self, trial: Trial, data: st.DataObject) -> None:
        text = to_json(trial)
        cut = data.draw(st.integers(0, len(text)))
        put = data.draw(st.sampled_from(["", "null", "[", "}", '"', "1", ",", "\0", "{}", " ", "\\", "\\ud800", "\n"]))
        assert self.same(text[:cut] + put + text[cut + data.draw(st.integers(0, 1)) :])

    @given(trials(), st.data())
    def test_a_key_that_is_there_twice(self, trial: Trial, data: st.DataObject) -> None:
        """However strange the texts are that it is hidden among: quotes, backslashes, colons."""
        odd = st.text(st.sampled_from('\\":, {}[]')) | st.sampled_from(['\\"', '\\\\"', '":"', '\\\\":'])
        trial = attrs.evolve(trial, public_title=data.draw(odd), acronym=data.draw(odd))
        text = to_json(trial)
        first, again = data.draw(odd), data.draw(st.sampled_from(["public_title", "acronym"]))
        doubled = text.replace("{", f'{{"{again}" :{json.dumps(first)},', 1)

        assert carefully(doubled) is None
        assert _read(doubled) is None
        assert trial == _read(text)

    @pytest.mark.parametrize(
        "text",
        [
            '{"dates": {"start": {"year": 2024, "month": %s}}}' % 10**30,
            '{"interventions": [{"daily_dose": {"amount": %s}}]}' % 2**53,
            '{"interventions": [{"daily_dose": {"amount": %s}}]}' % (2**53 + 1),
            '{"interventions": [{"duration": {"value": %s}}]}' % 2**70,
            '{"interventions": [{"duration": {"value": 1e999}}]}',
            '{"interventions": [{"duration": {"value": -0}}]}',
            '{"interventions": [{"duration": {"value": 1E2}}]}',
            '{"interventions": [{"duration": {}}]}',
            '{"interventions": [null]}',
            '{"phases": [null]}',
            '{"phases": [{}]}',
            '{"phases": ["I", "I"]}',
            '{"phases": "I"}',
            '{"transitioned": 1}',
            '{"enrolment": {"planned": true}}',
            '{"enrolment": {"planned": 5.0}}',
            '{"acronym": "\\\\", "acronym": 1, "public_title": "\\\\\\""}',
            '{"acronym": "a\\u005cb", "public_title": "\\u0022"}',
            '{"funding": [null]}',
            '{"funding": {"a": 1}}',
            '{"not_carried": [1]}',
            '{"id": "\\ud83d\\ude00"}',
            '{"id": "\\ud83d"}',
            '{"i\\u0064": "x"}',
            '{"id": "x", "i\\u0064": "x"}',
            '\ufeff{"id": "x"}',
            ' {"id": "x"}\r\n\t ',
            '{"id": "x"} {}',
            '{"id": "x",}',
            "{'id': 'x'}",
            '{"id": "a\tb"}',
            '{"schema_version": "0.9"}',
        ],
    )
    def test_texts(self, text: str) -> None:
        assert self.same(text)

    @pytest.mark.parametrize(
        "raw", [b'{"id": "\xff"}', b'{"\xff": 1}', b'{"id": "\xed\xa0\x80"}', b"\xff", "{}".encode("utf-16")]
    )
    def test_bytes(self, raw: bytes) -> None:
        assert carefully(raw) is None is _read(raw)

    def test_a_backslash_by_its_number(self) -> None:
        """Written again, it hides the quote behind it; so the document is read with care, which is no fault of it."""
        text = '{"acronym": "a\\u005c"}'

        assert _read(text) is None
        assert Trial(acronym="a\\") == from_json(text)

    @pytest.mark.parametrize("other", [None, 1, memoryview(b'{ "id": "x"}'), ["{}"]])
    def test_neither_text_nor_bytes(self, other: Any) -> None:
        with pytest.raises(TypeError):
            from_json(other)

    def same(self, text: str) -> int:
        """Hold both readings against each other; return 1."""
        one, other = _read(text), carefully(text)
        assert one == other
        assert one is None or (other is not None and repr(attrs.asdict(one)) == repr(attrs.asdict(other)))
        return 1


ONCE = """
import sys
import trialparse
from trialparse.generated import TEXTS

trial = trialparse.Trial(id="x", phases=frozenset({trialparse.Phase.II}))
assert trial == trialparse.from_json(trialparse.to_json(trial))
print("cattrs" in sys.modules, *sorted(text.splitlines()[0] for text in TEXTS.values()), sep="|")
"""


def test_nothing_is_made_before_it_is_needed() -> None:
    run = subprocess.run([sys.executable, "-c", ONCE], capture_output=True, text=True, check=True)
    made = "def read(v):  # Header|def read(v):  # Trial|def write(v):  # Trial"

    assert f"False|{made}" == run.stdout.strip()
