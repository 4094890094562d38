"""Suites of other projects: what is JSON is read, what is none is refused, and no string does harm."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, fixture_files, refused
from tests.counting import some
from trialparse import Failure, TrialParseError, parse, read
from trialparse.model.placeholders import placeholders
from trialparse.parsing.parsed import Parsed
from trialparse.readers.json import tree

SUITES = ROOT.parent / "shared" / "suites"
PARSING = sorted((SUITES / "nst_json" / "test_parsing").glob("*.json"))
NAUGHTY = SUITES / "blns" / "blns.json"
XML = sorted((SUITES / "defusedxml").rglob("*.xml"))
REFUSED_XML = {"xmlbomb", "xmlbomb2", "quadratic", "cyclic", "dtd_element", "external", "external_file"}
"""Documents that declare something; a DOCTYPE that declares nothing (`dtd`) is read as if it were not there."""

needs_json_suite = pytest.mark.skipif(not PARSING, reason="no JSON suite beside the checkout")
needs_naughty_strings = pytest.mark.skipif(not NAUGHTY.is_file(), reason="no naughty strings beside the checkout")
needs_xml_suite = pytest.mark.skipif(not XML, reason="no XML suite beside the checkout")
json_suite = pytest.mark.parametrize("path", PARSING, ids=lambda path: path.stem)


def read_or_refused(data: bytes) -> Any:
    """Return the tree of a document, None where it is refused."""
    try:
        return tree(data)
    except TrialParseError:
        return None


@needs_json_suite
class TestJson:
    """What must be read is read, what must be refused is refused with TrialParseError, the rest is either."""

    @json_suite
    def test_a_document(self, path: Path) -> None:
        found = read_or_refused(path.read_bytes())

        kind = path.name[0]  # y: is JSON, n: is none, i: each decoder may decide
        assert found is not None or kind in "ni"
        assert found is None or kind in "yi"
        assert kind != "y" or json.loads(path.read_bytes()) == found[0]

    @json_suite
    @pytest.mark.parametrize("key", ["ctStatus", "nobody reads this"])
    def test_within_a_record(self, path: Path, key: str) -> None:
        """A record with the document in it is refused, or its diagnostics and audit can be asked for."""
        start = b'{"ctNumber":"2023-500001-11-00","authorizedApplication":{},"'
        data = start + key.encode() + b'":' + path.read_bytes() + b"}"
        refused: list[object] = []
        try:
            for outcome in read(data):
                if isinstance(outcome, Parsed):
                    str((outcome.diagnostics, outcome.audit()))
                else:
                    refused.append(outcome)
        except TrialParseError as error:
            refused.append(error)
        assert [] == [each for each in refused if not isinstance(each, Failure | TrialParseError)]
        assert refused == [] or not path.name.startswith("y_")

    @json_suite
    def test_as_a_source(self, path: Path) -> None:
        """None of the documents is an export."""
        with pytest.raises(TrialParseError):
            parse(path.read_bytes())


@needs_xml_suite
class TestXml:
    """Bombs and outside entities are refused before they go off."""

    @pytest.mark.parametrize("path", XML, ids=lambda path: path.stem)
    def test_a_document(self, path: Path) -> None:
        from trialparse.limits import Limits
        from trialparse.readers import xml

        refused = False
        try:
            xml.tree(xml.parse(path.read_bytes(), Limits()))
        except TrialParseError:
            refused = True
        assert refused == (path.stem in REFUSED_XML)


def _with_strings(value: Any, strings: list[str], count: list[int]) -> Any:
    """Return a tree with the next string in the place of each text."""
    if isinstance(value, dict):
        return {key: _with_strings(below, strings, count) for key, below in value.items()}
    if isinstance(value, list):
        return [_with_strings(below, strings, count) for below in value]
    if isinstance(value, str):
        count[0] += 1
        return strings[count[0] % len(strings)]
    return value


FIXTURES = [path for path in fixture_files() if path.suffix == ".json" and not refused(path)]


@needs_naughty_strings
class TestNaughtyStrings:
    """Every string in every text leaf of every JSON fixture: records or failures, and titles stay as they are."""

    @pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
    def test_each_in_some_leaf(self, path: Path) -> None:
        """The strings move on by one leaf in each round."""
        strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        for round_ in some(range(0, len(strings), 103), 5):
            data = json.dumps(_with_strings(document, strings, [round_]), ensure_ascii=False).encode()
            for outcome in some(read(data)):
                assert isinstance(outcome, Parsed | Failure)
                if outcome.ok:
                    str((outcome.diagnostics, outcome.evidence(), outcome.audit()))

    def test_a_title_is_kept_as_it_is(self) -> None:
        for text in some(json.loads(NAUGHTY.read_text(encoding="utf-8")), 500):
            record = {"ctNumber": "2023-500001-11-00", "decisionDateOverall": None, "ctTitle": text}
            data = json.dumps(record).encode()
            trial = parse(data).trial
            says_nothing = " ".join(text.casefold().split()) in placeholders(prose=True)
            assert trial.scientific_title == (None if says_nothing else text.strip() or None)
            assert (trial.missing != ()) is says_nothing
            assert "2023-500001-11-00" == parse(data, contacts=False).trial.id
