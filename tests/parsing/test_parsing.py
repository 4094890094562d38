"""What `parse` and `read` give beside the trial: evidence of what could not be read, and lines that may be logged."""

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.counting import readable, some
from trialparse import LimitExceeded, parse, read
from trialparse.mapping.traced import words_of
from trialparse.parsing.parsed import Failure

INFORMATION = "/authorizedApplication/authorizedPartI/trialDetails/trialInformation"
PHASE = f"{INFORMATION}/trialCategory/trialPhase"


def at(tree: Any, pointer: str) -> Any:
    """Return what stands at a JSON pointer of names."""
    for key in pointer.split("/")[1:]:
        tree = tree[key]
    return tree


@pytest.fixture
def sample(fixtures: Path) -> Callable[..., bytes]:
    """Return a function that writes the sample record with a change."""

    def write(change: Callable[[Any], Any] = lambda record: None) -> bytes:
        record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        change(record)
        return json.dumps(record).encode()

    return write


class TestUnread:
    """Words that could not be read are evidence of their field, told apart from those of its value."""

    def test_a_code(self, sample: Callable[..., bytes]) -> None:
        parsed = parse(sample(lambda record: at(record, f"{INFORMATION}/trialCategory").update(trialPhase="13")))
        evidence = parsed.evidence("phases")

        assert [(PHASE, "13")] == [(source.place.path, source.text) for source in evidence.unread]
        assert evidence.sources == ()
        assert evidence.row
        assert evidence == parsed.evidence()["phases"]
        assert evidence.row == parse(sample()).evidence("phases").row

    def test_a_value_of_another_shape(self, sample: Callable[..., bytes]) -> None:
        """Its words are those of the document, as JSON writes them."""
        parsed = parse(sample(lambda record: at(record, f"{INFORMATION}/trialCategory").update(trialPhase={"a": None})))

        assert ['{"a": null}'] == [source.text for source in parsed.evidence("phases").unread]

    @pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}])
    def test_a_value_too_deep_to_be_told(self, wrap: Callable[[Any], Any]) -> None:
        """Where the stack ends is told as a limit, however much of it there was."""
        value: Any = 0
        for _ in range(100_000):
            value = wrap(value)

        with pytest.raises(LimitExceeded):
            words_of(value)

    def test_an_item_that_cannot_be_one(self, sample: Callable[..., bytes]) -> None:
        """An item that lacks what its class requires is none; its words are said of the list."""

        def garble(record: Any) -> None:
            criteria = at(record, f"{INFORMATION}/eligibilityCriteria")["principalInclusionCriteria"]
            for criterion in criteria:
                criterion["principalInclusionCriteria"] = {"a": 1}

        parsed = parse(sample(garble))

        assert '{"a": 1}' in [source.text for source in parsed.evidence("eligibility.criteria").unread]

    def test_a_value_that_was_read(self, sample: Callable[..., bytes]) -> None:
        assert () == parse(sample()).evidence("phases").unread


class TestFields:
    """Evidence is given for the fields of the model; to ask for another is an error and not an empty answer."""

    @pytest.mark.parametrize(
        ("field", "says"),
        [
            ("nope", "Trial has no field 'nope', but id, registry"),
            ("dates.begin", "Dates has no field 'begin', but registered"),
            ("start", "did you mean dates.start"),
            ("title", "did you mean public_title or scientific_title"),
            ("Phases", "did you mean phases"),
            ("phase", "did you mean phases"),
            ("enrolment.enrolled", "actual"),
            ("zzz", "more, which the page of the model has"),
            ("interventions.name", "choose an element"),
            ("phases[0]", "phases is no list"),
            ("id[0]", "id is no list"),
            ("id.upper", "str has no field 'upper'"),
            ("phases.name", "no field 'name'"),
            ("interventions[x].name", "is no path such as"),
            ("", "is no path such as"),
            ("__class__", "no field '__class__'"),
        ],
    )
    def test_no_such_field(self, field: str, says: str, sample: Callable[..., bytes]) -> None:
        with pytest.raises(ValueError, match=f"^{re.escape(repr(field))}.*{re.escape(says)}"):
            parse(sample()).evidence(field)

    @pytest.mark.parametrize("field", ["interventions[99]", "interventions[99].routes[7].term", "dates.start.year"])
    def test_nothing_there(self, field: str, sample: Callable[..., bytes]) -> None:
        evidence = parse(sample()).evidence(field)

        assert (field, ()) == (evidence.field, evidence.unread)

    def test_all_that_a_record_fills(self, record_file: Path) -> None:
        for parsed in readable(record_file):
            for field in some(parsed.evidence(), 5):
                assert parsed.evidence(field).field == field


class TestRepr:
    """What reaches a log says which record it was, on one line, and not what the record says."""

    def test_a_record(self, sample: Callable[..., bytes]) -> None:
        parsed = parse(sample())

        assert f"<Parsed ctis-retrieve, {parsed.trial.id!r}, record 0>" == repr(parsed)

    def test_diagnostics_once_they_are_known(self, sample: Callable[..., bytes]) -> None:
        parsed = parse(sample(lambda record: at(record, f"{INFORMATION}/trialCategory").update(trialPhase="13")))
        count = len(parsed.diagnostics)

        assert repr(parsed).endswith(f", record 0, {count} diagnostics>")

    def test_a_row_of_a_page(self, fixtures: Path) -> None:
        rows = list(read(fixtures / "ctis" / "search_2026.json"))

        assert repr(rows[1]).endswith("record 1 '/data/1'>")

    def test_a_record_that_was_let_go(self, sample: Callable[..., bytes], tmp_path: Path) -> None:
        path = tmp_path / "sample.json"
        path.write_bytes(sample())
        (parsed,) = read(path, keep_raw=False)

        assert repr(parsed) == repr(pickle.loads(pickle.dumps(parsed)))
        assert "ctis-retrieve" in repr(parsed)

    def test_names_on_one_line(self, sample: Callable[..., bytes]) -> None:
        parsed = parse(sample(lambda record: record.update(ctNumber="Ann\nOther " * 100)))

        assert "\n" not in repr(parsed)
        assert len(repr(parsed)) < 200

    @pytest.mark.parametrize("contacts", [True, False])
    def test_a_failure(self, contacts: bool, sample: Callable[..., bytes]) -> None:
        source = b'{"name": "Ann Other"}\n' + sample() + b"\n"
        failure = next(iter(read(source, contacts=contacts)))

        assert isinstance(failure, Failure)
        assert repr(failure).startswith("<Failure record 0")
        assert repr(failure).endswith(": UnrecognisedFormat>")
        assert "Ann" not in repr(failure)
