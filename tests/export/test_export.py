"""Trials as JSON: nothing is lost on the way, nothing else is taken for a trial, and the schema tells the truth."""

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, corpus_files
from tests.counting import readable
from trialparse import schema as shipped_schema
from trialparse.diagnostics import MalformedDocument, TrialParseError
from trialparse.export.json import from_json, parsed_to_json, plain, to_dict, to_json
from trialparse.export.schema import generate, schema
from trialparse.export.version import SCHEMA_VERSION
from trialparse.model import Missing, Trial
from trialparse.model.interventions import Dose, Intervention
from trialparse.model.terms import MissingKind, Phase
from trialparse.model.values import Duration
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Parsed
from trialparse.strategies import trials
from trialparse.strategies.texts import NASTY

VALIDATOR = jsonschema.Draft202012Validator(schema())


def kinds(value: Any) -> Any:
    """Return a value with the types of its numbers, which `==` does not tell apart."""
    if attrs.has(type(value)):
        return {field.name: kinds(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, tuple):
        return [kinds(item) for item in value]
    return type(value), value


both = pytest.mark.parametrize("full", [False, True])
"""Both forms: without what has no value, and with every field."""


@both
class TestRoundTrip:
    """from_json(to_json(trial)) == trial, to the type of each number, in both forms."""

    @given(trial=trials())
    def test_nothing_is_lost(self, full: bool, trial: Trial) -> None:
        back = from_json(to_json(trial, full=full))

        assert trial == back
        assert kinds(trial) == kinds(back)
        assert hash(trial) == hash(back)
        assert trial == pickle.loads(pickle.dumps(back))

    @given(trial=trials())
    def test_text_bytes_and_other_readers_agree(self, full: bool, trial: Trial) -> None:
        text = to_json(trial, full=full)

        assert trial == from_json(text.encode())
        assert to_dict(trial, full=full) == json.loads(text)
        assert trial.public_title == orjson.loads(_narrow(text)).get("public_title")

    @given(trial=trials())
    def test_writing_is_stable(self, full: bool, trial: Trial) -> None:
        assert to_json(trial, full=full) == to_json(from_json(to_json(trial, full=full)), full=full)

    @given(trial=trials())
    def test_every_trial_fits_the_schema(self, full: bool, trial: Trial) -> None:
        assert [] == list(VALIDATOR.iter_errors(json.loads(to_json(trial, full=full))))

    def test_fixtures(self, full: bool, record_file: Path) -> None:
        for parsed in readable(record_file):
            _holds(parsed.trial, full)

    @pytest.mark.corpus
    @pytest.mark.parametrize(("register", "records"), [("ctis", 34), ("euctr", 89), ("rebec", 10)])
    def test_real_exports(self, full: bool, register: str, records: int) -> None:
        found = [parsed.trial for path in corpus_files(register) for parsed in _read_records(path)]
        for trial in found:
            _holds(trial, full)

        assert len(found) >= records

    @pytest.mark.parametrize("number", [8, 8.0, 0, 0.5, 1e300, -(2**70)])
    def test_numbers_stay_what_they_are(self, full: bool, number: float) -> None:
        trial = Trial(interventions=(Intervention(duration=Duration(value=number)),))

        assert repr(number) == repr(from_json(to_json(trial, full=full)).interventions[0].duration.value)  # type: ignore[union-attr]


class TestForm:
    """The form is compact, sorted, and harmless wherever it is shown."""

    def test_defaults_are_left_out(self) -> None:
        assert '{"schema_version":"1.4"}' == to_json(Trial())
        assert {"interventions": [{}]} == plain(Trial(interventions=(Intervention(daily_dose=Dose()),)))

    def test_terms_by_name_and_sets_sorted(self) -> None:
        trial = Trial(
            phases=frozenset({Phase.II, Phase.I}),
            missing=(Missing(field="acronym", kind=MissingKind.UNKNOWN),),
        )

        assert {"phases": ["I", "II"], "missing": [{"field": "acronym", "kind": "UNKNOWN"}]} == plain(trial)

    @pytest.mark.parametrize("words", NASTY)
    def test_words_do_not_act(self, words: str) -> None:
        text = to_json(Trial(public_title=words))

        assert 1 == len(text.splitlines())
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u202e\u202c" for char in text)
        assert words == from_json(text).public_title

    @pytest.mark.parametrize("write", [to_dict, to_json])
    def test_anything_but_a_trial(self, write: Any, fixtures: Path) -> None:
        parsed = parse(fixtures / "ctis" / "immunostem.json")
        for other in (parsed, None, {}, "NCT00000102", (parsed.trial,)):
            with pytest.raises(TypeError, match=f"a Trial is needed, not a {type(other).__name__}"):
                write(other)

    def test_what_json_cannot_hold_is_refused(self) -> None:
        for trial in (
            Trial(acronym="\ud800"),
            Trial(interventions=(Intervention(duration=Duration(value=float("inf"))),)),
        ):
            with pytest.raises(ValueError, match=r"surrogates|JSON"):
                to_json(trial)

    def test_any_value_of_the_model(self) -> None:
        assert [{"value": 2, "unit": "DAY"}] == plain((_days(2),))
        assert ["I", "IV"] == plain(frozenset({Phase.IV, Phase.I}))
        assert None is plain(None)


class TestStrict:
    """Anything that is no Trial is a MalformedDocument that tells where; no other error comes out."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "not JSON"),
            ("null", "is no object @ $"),
            ("[]", "is no object @ $"),
            ('{"id": 5}', "is not a string @ $.id"),
            ('{"nonsense": 1}', "unknown key 'nonsense'"),
            ('{"enrolment": {"planned": true}}', "is not a whole number @ $.enrolment.planned"),
            ('{"enrolment": {"planned": 5.0}}', "is not a whole number"),
            ('{"transitioned": 1}', "is not true or false"),
            ('{"phases": "I"}', "is no list @ $.phases"),
            ('{"phases": ["V"]}', "is no Phase @ $.phases[0]"),
            ('{"phases": [["I"]]}', "is no Phase"),
            ('{"phases": ["I", "I"]}', "holds a term twice"),
            ('{"status": []}', "is no object @ $.status"),
            ('{"dates": {"start": {"year": 2023, "month": 2, "day": 29}}}', "is refused"),
            ('{"dates": {"start": {"year": 0}}}', "is refused"),
            ('{"dates": {"start": {"year": null}}}', "is not a whole number"),
            ('{"missing": [{"field": "id"}]}', "is missing @ $.missing[0].kind"),
            ('{"interventions": [{"duration": {"value": "1"}}]}', "is not a number"),
            ('{"interventions": [{"duration": {"value": NaN}}]}', "not JSON: NaN"),
            ('{"interventions": [{"duration": {"value": 1e999}}]}', "beyond what a float holds"),
            ('{"id": "a", "id": "b"}', "a duplicate key"),
            ('{"id": "\\ud800"}', "lone surrogate"),
            (b'{"id": "\xff"}', "not UTF-8 at byte 8"),
            ('{"id": %s}' % ("1" * 5000), "not JSON that can be read"),
            ("[" * 100_000, "nested too deep"),
        ],
    )
    def test_refused(self, text: str | bytes, said: str) -> None:
        with pytest.raises(MalformedDocument) as caught:
            from_json(text)

        assert said in str(caught.value)

    def test_null_is_the_default(self) -> None:
        assert Trial() == from_json('{"id": null, "design": null, "phases": null, "sites": []}')

    @given(trials(), st.data())
    def test_damage_raises_nothing_else(self, trial: Trial, data: st.DataObject) -> None:
        text = to_json(trial)
        cut = data.draw(st.integers(0, len(text)))
        put = data.draw(st.sampled_from(["", "null", "[", "}", '"', "1", ",", "\0", "{}"]))
        try:
            assert isinstance(from_json(text[:cut] + put + text[cut + 1 :]), Trial)
        except MalformedDocument:
            return

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
    def test_other_json_raises_nothing_else(self, value: Any) -> None:
        for name in attrs.fields_dict(Trial):
            try:
                from_json(json.dumps({name: value}))
            except MalformedDocument:
                continue

    def test_many_faults_are_counted(self) -> None:
        with pytest.raises(MalformedDocument, match="and 2 more"):
            from_json('{"phases": [1, 2, 3, 4, 5, 6, 7]}')


class TestSchema:
    """The shipped schema is that of the model, and every exported Trial fits it."""

    def test_the_shipped_file_is_of_the_model_as_it_is(self) -> None:
        assert generate() == schema(), "run: python -m trialparse.export.schema > trialparse/export/trial.schema.json"

    def test_it_is_printed_as_it_is_shipped(self) -> None:
        printed = subprocess.run([sys.executable, "-m", "trialparse.export.schema"], capture_output=True, check=True)
        shipped = ROOT / "trialparse" / "export" / "trial.schema.json"

        assert shipped.read_bytes() == printed.stdout.replace(b"\r\n", b"\n")

    def test_the_check_of_the_schema_does_not_raise(self) -> None:
        jsonschema.Draft202012Validator.check_schema(schema())

    def test_it_can_be_changed_without_harm(self) -> None:
        schema().clear()

        assert schema()

    @pytest.mark.parametrize("wrong", [{"x": 1}, {"id": 1}, {"phases": ["V"]}, {"dates": {"start": {"month": 1}}}])
    def test_what_is_refused_does_not_fit(self, wrong: Any) -> None:
        assert not VALIDATOR.is_valid(wrong)
        with pytest.raises(MalformedDocument):
            from_json(json.dumps(wrong))

    def test_everything_is_described(self) -> None:
        for part in (schema(), *schema()["$defs"].values()):
            assert part["description"]
            assert all(field["description"] for field in part.get("properties", {}).values())


class TestWhole:
    """A reading with all that is known of it is one JSON object."""

    def test_parts(self, fixtures: Path) -> None:
        parsed = parse(fixtures / "ctis" / "immunostem.json")
        whole = json.loads(parsed_to_json(parsed))

        assert ["schema_version", "format", "trial", "diagnostics", "evidence"] == list(whole)
        assert whole["schema_version"] == whole["trial"]["schema_version"] == SCHEMA_VERSION
        assert parsed.format.name == whole["format"]
        assert parsed.trial == from_json(json.dumps(whole["trial"]))
        assert parsed.evidence().keys() == whole["evidence"].keys()
        for field, found in whole["evidence"].items():
            evidence = parsed.evidence(field)
            assert (evidence.row, evidence.relation) == (found["row"], found["relation"])
            assert [source.text for source in evidence.sources] == [source["text"] for source in found["sources"]]

    def test_diagnostics(self, fixtures: Path) -> None:
        record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        part = record["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]
        part["trialCategory"]["trialPhase"] = "\x1b[31m99"
        parsed = parse(json.dumps(record).encode())
        whole = json.loads(parsed_to_json(parsed, evidence=False))

        assert "evidence" not in whole
        assert ["\x1b[31m99"] == [
            source["text"] for source in json.loads(parsed_to_json(parsed))["evidence"]["phases"]["unread"]
        ]
        assert {
            "severity": "WARNING",
            "problem": "UNKNOWN_CODE",
            "field": "phases",
            "place": {
                "path": "/authorizedApplication/authorizedPartI/trialDetails/trialInformation/trialCategory/trialPhase"
            },
            "text": "\x1b[31m99",
        } in whole["diagnostics"]

    def test_evidence_needs_the_record(self, fixtures: Path) -> None:
        [parsed] = read(fixtures / "ctis" / "immunostem.json", keep_raw=False)

        assert "trial" in json.loads(parsed_to_json(parsed, evidence=False))  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="keep_raw"):
            parsed_to_json(parsed)  # type: ignore[arg-type]


def test_the_package_gives_the_function() -> None:
    assert schema() == shipped_schema()


def test_cattrs_is_loaded_when_first_needed() -> None:
    code = "import sys, trialparse, trialparse.export; print('cattrs' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False" == run.stdout.strip()


def _holds(trial: Trial, full: bool) -> None:
    """Hold one form of a trial to the law: it fits the schema, and gives the trial back."""
    text = to_json(trial, full=full)

    assert trial == from_json(text)
    assert [] == list(VALIDATOR.iter_errors(json.loads(text)))


def _read_records(path: Path) -> Iterator[Parsed]:
    """Yield the records of a file that can be read; a file that is refused gives none."""
    try:
        yield from (one for one in read(path) if isinstance(one, Parsed))
    except TrialParseError:
        return


def _days(count: int) -> Duration:
    from trialparse.model.terms import TimeUnit

    return Duration(value=count, unit=TimeUnit.DAY)


def _narrow(text: str) -> str:
    """Return JSON without integers beyond 64 bits, which orjson does not read."""
    return json.dumps(json.loads(text, parse_int=lambda digits: int(digits) % 2**63))
