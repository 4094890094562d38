"""A leaf that rows read only under a condition is mapped where the condition holds."""

import json
from pathlib import Path

import pytest

from trialparse import Parsed, parse
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.parsing.conditions import conditional
from trialparse.registries import FORMATS

STUDY = "ctr_xml/study.xml"
GERMAN = b'<TranslatedText xml:lang="de">Lumenestat gegen'
PATH = "Study.GlobalVariables.StudyName.StudyNameLocalizations.TranslatedText.#text"


def read(fixtures: Path, *changes: tuple[bytes, bytes]) -> Parsed:
    source = (fixtures / STUDY).read_bytes()
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    return parse(source)


class TestWordsBeside:
    """A value is mapped if a row asks for the word beside it."""

    def test_a_title_in_a_language_is(self, fixtures: Path) -> None:
        assert PATH not in read(fixtures).audit().unmapped

    @pytest.mark.parametrize("word", [b"", b' xml:lang=""'])
    def test_a_title_in_none_is_not(self, fixtures: Path, word: bytes) -> None:
        audit = read(fixtures, (GERMAN, GERMAN.replace(b' xml:lang="de"', word))).audit()
        assert sum(count for path, count in audit.unmapped.items() if "StudyName" in path) == 1

    def test_the_number_of_leaves_stays(self, fixtures: Path) -> None:
        plain = read(fixtures).audit()
        changed = read(fixtures, (GERMAN, GERMAN.replace(b"de", b""))).audit()
        assert plain.leaves == changed.leaves
        assert plain.mapped == changed.mapped + 1


class TestItems:
    """A value of an element is mapped if the element may open an item."""

    def test_what_a_modification_repeats_is_carried_over(self, fixtures: Path) -> None:
        audit = parse((fixtures / "ctis/multinational.json").read_bytes()).audit()
        assert audit.ignored["carried over"] == 3

    def test_what_repeats_nothing_is_unmapped(self, fixtures: Path) -> None:
        made = json.loads((fixtures / "ctis/multinational.json").read_bytes())
        (found,) = [one for one in made["authorizedApplication"]["applicationInfo"] if one["businessKey"] == "NSM-1"]
        found["partI"]["assessmentOutcome"] = "not_acceptable"
        audit = parse(json.dumps(made).encode()).audit()
        assert [path for path in audit.unmapped if path.endswith("partI.assessmentOutcome")]

    def test_a_day_without_an_outcome_is_unmapped(self, fixtures: Path) -> None:
        made = json.loads((fixtures / "ctis/immunostem.json").read_bytes())
        (found,) = made["authorizedApplication"]["applicationInfo"]
        found["partI"]["assessmentOutcome"] = None
        audit = parse(json.dumps(made).encode()).audit()
        assert [path for path in audit.unmapped if path.endswith("partI.assessmentOutcomeDate")]


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_conditions_are_of_paths_that_nothing_else_reads(format: Format) -> None:
    readers = [reader for found in conditional(mapping_of(format)).values() for reader in found]
    assert not [reader for reader in readers if reader.always]
