"""A registry's folder may have openers of its own, which are checked as those of the engine are."""

from pathlib import Path

import pytest

from trialparse.mapping import check, faults, grammar, opening
from trialparse.mapping.check import faults_of_tables
from trialparse.mapping.folder import folders_with
from trialparse.mapping.grammar import Opened
from trialparse.mapping.opening import opened_of, openers, openers_of, own_opened

FOLDERS = [str(folder.name) for folder in folders_with(opening.FILE)]
TEXTS = ("a: b", "Trade Name: X\nINN or Proposed INN: Y", "Main Objective: Z\n\nTerm: pain", "Timepoint(s)", "-")


def of_row(folder: Path, registry: str, path: str) -> list[str]:
    """Return the faults of a mapping of a registry that reads one path."""
    table = folder / registry / "mapping.tsv"
    table.parent.mkdir()
    row = f"public_title\t{path}\ttext\t\tobserved"
    table.write_text(f"field\tpath\tverb\targument\tauthority\tmark\n{row}\n", encoding="utf-8")
    return [fault.what for fault in faults_of_tables(registry, [table])]


class TestOwn:
    """What a folder adds is known under its name, and its tables only may use it."""

    def test_there_are_some(self) -> None:
        assert FOLDERS

    @pytest.mark.parametrize("registry", FOLDERS)
    def test_each_has_a_function_and_gives_what_it_says(self, registry: str) -> None:
        assert openers_of(registry).keys() == own_opened(registry).keys() <= openers().keys()
        for name, opened in own_opened(registry).items():
            for text in TEXTS:
                made = openers()[name](text)
                assert isinstance(made, list) == (opened.many == "[]")
                for part in made if isinstance(made, list) else [made]:
                    assert opened.keys is None or set(part) <= set(opened.keys)

    def test_the_own_table_uses_it(self, tmp_path: Path) -> None:
        assert of_row(tmp_path, "ictrp_xml", "a|eudract.text") == []

    def test_its_keys_are_checked(self, tmp_path: Path) -> None:
        (fault,) = of_row(tmp_path, "ictrp_xml", "a|eudract.Main Objektive")
        assert fault == "|eudract has no key 'Main Objektive' (did you mean 'Main Objective'?)"

    def test_the_table_of_another_register_does_not(self, tmp_path: Path) -> None:
        (fault,) = of_row(tmp_path, "ctis", "a|eudract.text")
        assert fault == "no opener 'eudract'"

    def test_common_openers_are_for_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shared = {"shared": Opened("", None, "for all")}
        monkeypatch.setattr(opening, "own_opened", lambda registry: shared if registry == "common" else {})
        assert opened_of("ctis").keys() == {*grammar.OPENED, "shared"}


class TestFaults:
    """An opener without a function, or with the name of another one, is a fault of its folder."""

    def test_no_function(self) -> None:
        (fault,) = faults.of_openers("new", {"parted": Opened("", None, "parts")}, {}, ())
        assert str(fault) == "new/openers.py: no function 'parted'"

    @pytest.mark.parametrize("name", ["lines", "eudract"])
    def test_a_name_that_is_taken(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        own = {"ctis": {name: Opened("", None, "mine")}}
        known = check.own_opened
        monkeypatch.setattr(check, "own_opened", lambda registry: own.get(registry) or known(registry))
        monkeypatch.setattr(check, "openers_of", lambda registry: dict.fromkeys(own.get(registry, ()), known))
        assert f"ctis/openers.py: another opener has the name {name!r}" in map(str, faults_of_tables("ctis", []))
