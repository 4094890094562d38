"""What the page says about a kind of record and calls a register lies in the registers' folders."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from trialparse.combining.combined import KIND
from trialparse.mapping.check import faults_of_tables
from trialparse.mapping.kinds import Kind, kind_of, kinds
from trialparse.model import Country, Trial
from trialparse.model.evidence import Evidence
from trialparse.model.values import Coded
from trialparse.pages import overview
from trialparse.pages.wording import narrowest
from trialparse.registries import FORMATS
from trialparse.tsv import read_lines

REGISTRIES = Path(__file__).resolve().parent.parent.parent / "trialparse" / "registries"
NAMED = {format.name: format.registry for format in FORMATS}


NEW = SimpleNamespace(name="new-format")


@attrs.frozen
class Record:
    """A trial made by hand, in a format that no table of the page knows."""

    trial: Trial
    format: Any = NEW

    @property
    def kind(self) -> Kind:
        return kind_of(self.format.name)

    def evidence(self, field: str) -> Evidence:
        return Evidence(field=field)

    def language_of(self, field: str) -> str | None:
        return None


def told(**fields: Any) -> str:
    """Return the page on one line."""
    return " ".join(overview(Record(Trial(**fields)), detail="full").split())


class TestFolders:
    """A folder describes its own formats."""

    @pytest.mark.parametrize("table", sorted(REGISTRIES.glob("*/kinds.tsv")), ids=lambda path: path.parent.name)
    def test_kinds_are_of_the_folder(self, table: Path) -> None:
        assert {NAMED[cells["format"]] for _, cells in read_lines(table)} == {table.parent.name}

    def test_names_are_unique(self) -> None:
        names = [
            (cells["what"], cells["word"]) for table in REGISTRIES.glob("*/names.tsv") for _, cells in read_lines(table)
        ]
        assert names
        assert len(names) == len(set(names))

    def test_the_kind_of_several_records_is_that_of_no_format(self) -> None:
        assert KIND.format not in kinds()
        assert KIND.registers["CTIS"] == "the register CTIS of the European Union"


class TestWithoutATable:
    """A format without a row, and a register without a name, give a good page."""

    def test_a_format(self) -> None:
        assert "This page is made from a record in the register CTIS" in told(registry="CTIS", id="1")

    def test_a_register(self) -> None:
        text = told(registry="NEWREG", id="1")
        assert "This page is made from a record in “NEWREG”" in text
        assert "Its number in “NEWREG” is “1”" in text

    def test_nothing_at_all(self) -> None:
        assert "which register it is from" in told()

    def test_a_region_of_a_register(self) -> None:
        assert "It is the record for countries outside of the EEA" in told(countries=(Country(name="Outside EU/EEA"),))
        assert "The record lists 1 country: “Elsewhere”" in told(countries=(Country(name="Elsewhere"),))


class TestFieldsOfMedicine:
    """A name of a classification is shown without the wider names and the codes around it."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Diseases [C] - Eye Diseases [C11]", "Eye Diseases"),
            ("Diseases [C] - Eye Diseases [C11] - Dry-Eye Syndromes [C11.496]", "Dry-Eye Syndromes"),
            ("Diseases [C]-Eye Diseases[C11] - Dry-Eye Syndromes [C114]", "Dry-Eye Syndromes"),
            ("Pain [severe]", "Pain [severe]"),
            ("Eye diseases", "Eye diseases"),
            ("A [B] C", "A [B] C"),
            (" [B] - [C]", "[B] - [C]"),
        ],
    )
    def test_shown(self, text: str, shown: str) -> None:
        assert f"under this field of medicine: “{shown}" in told(therapeutic_areas=(Coded(text=text),))

    @pytest.mark.parametrize("text", ["A [C]" + " " * 30_000 + "x", "A [C] - " * 9_000, "a " * 30_000, "[" * 30_000])
    def test_a_long_text_comes_to_an_end(self, text: str) -> None:
        narrowest(text)


KINDS = "format\tmade_from\texplanation\tauthority\n"
NAMES = "what\tword\tcalled\n"
FAULTS = {
    "no text": ("kinds", f"{KINDS}ctis-csv\t\t\t", "no made_from"),
    "no format": ("kinds", f"{KINDS}\ta record\t\t", "no format"),
    "an explanation by nobody": ("kinds", f"{KINDS}ctis-csv\ta record\tIt is short.\t", "no authority"),
    "no kind of name": ("names", f"{NAMES}registre\tX\tthe X", "no kind of name 'registre' (did you mean 'register'?)"),
    "no name": ("names", f"{NAMES}register\tX\t", "no called"),
    "no word": ("names", f"{NAMES}register\t\tthe X", "no word"),
}


class TestFaults:
    """A fault in the tables for the page is reported at its line."""

    @pytest.mark.parametrize("name", FAULTS)
    def test_planted(self, name: str, tmp_path: Path) -> None:
        stem, text, expected = FAULTS[name]
        path = tmp_path / "ctis" / f"{stem}.tsv"
        path.parent.mkdir()
        path.write_text(text + "\n", encoding="utf-8")
        (fault,) = faults_of_tables("ctis", [path])
        assert fault.where == f"ctis/{stem}.tsv:2"
        assert expected in fault.what
