"""Functions that make one value of the values at several paths: `derive boxes` and `derive joined`."""

from pathlib import Path
from typing import Any

import pytest

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.mapping import grammar
from trialparse.mapping.check import faults_of_tables
from trialparse.mapping.folder import codes_of
from trialparse.mapping.rows import Codes, Row
from trialparse.mapping.verbs import TOGETHER, NoValue, UnreadableWords, make_together
from trialparse.model.terms import MissingKind, Sex
from trialparse.readers.paths import parse_path
from trialparse.tsv import TableError

BLANK = frozenset({"", "-"})


def together(verb: str, *words: str, codes: Codes | None = None, **options: str) -> Any:
    """Return the function of a row that reads two paths."""
    row = Row(
        field="x",
        paths=(parse_path("a"), parse_path("b")),
        verb=verb,
        words=words,
        options=options,
        argument="",
        authority="observed",
        name="mapping.tsv:1",
    )
    return make_together(row, Sex, codes or codes_of("euctr"), BLANK)


class TestBoxes:
    """Several boxes are one answer together."""

    @pytest.mark.parametrize(
        ("female", "male", "sex"),
        [
            (["Yes"], ["yes "], Sex.ALL),
            (["Yes"], ["No"], Sex.FEMALE),
            (["No"], ["Yes"], Sex.MALE),
            ([], [], None),
            ([None, "Yes"], ["", "-", "No"], Sex.FEMALE),
            ([{}], [[]], None),
        ],
    )
    def test_answers(self, female: list[Any], male: list[Any], sex: Sex | None) -> None:
        assert together("boxes", "female_male", answers="yes_no")(female, male) is sex

    @pytest.mark.parametrize(
        ("female", "male", "kind"),
        [
            (["No"], ["No"], MissingKind.NONE_STATED),
            (["Information not present in EudraCT"], [], MissingKind.UNKNOWN),
        ],
    )
    def test_why_there_is_none(self, female: list[Any], male: list[Any], kind: MissingKind) -> None:
        with pytest.raises(NoValue) as caught:
            together("boxes", "female_male", answers="yes_no")(female, male)
        assert caught.value.kind is kind

    @pytest.mark.parametrize(("female", "male", "sex"), [(True, True, Sex.ALL), (False, True, Sex.MALE)])
    def test_truth_values(self, female: bool, male: bool, sex: Sex) -> None:
        assert together("boxes", "female_male", answers="truth")([female], [male]) is sex

    @pytest.mark.parametrize(
        ("female", "male", "problem"),
        [
            (["Yes"], [], Problem.BAD_VALUE),
            (["Information not present in EudraCT"], ["No"], Problem.BAD_VALUE),
            (["Perhaps"], ["Yes"], Problem.UNKNOWN_CODE),
            ([7], ["Yes"], Problem.UNKNOWN_CODE),
        ],
    )
    def test_what_is_reported(self, female: list[Any], male: list[Any], problem: Problem) -> None:
        with pytest.raises(UnreadableWords) as raised:
            together("boxes", "female_male", answers="yes_no")(female, male)
        assert raised.value.problem is problem

    def test_answers_that_mean_nothing_together(self) -> None:
        codes = dict(codes_of("euctr"))
        codes["female_male"] = {word: one for word, one in codes["female_male"].items() if word != "true+true"}
        with pytest.raises(UnreadableWords):
            together("boxes", "female_male", codes=codes, answers="yes_no")(["Yes"], ["Yes"])


class TestJoined:
    """Several texts are one text together."""

    @pytest.mark.parametrize(
        ("words", "text"), [((), "A b 7"), (("commas",), "A b, 7"), (("dashes",), "A b - 7")], ids=str
    )
    def test_signs(self, words: tuple[str, ...], text: str) -> None:
        assert together("joined", *words)([" A\n b", None, "-"], [7, {}, ""]) == text

    def test_nothing(self) -> None:
        assert together("joined")([], [None, " "]) is None

    def test_a_withheld_part_withholds_the_whole(self) -> None:
        assert together("joined")(["A"], [WITHHELD]) is None

    def test_no_text(self) -> None:
        with pytest.raises(UnreadableWords):
            together("joined")([True], ["A"])


class TestGrammar:
    """The grammar and the engine know the same verbs of several paths."""

    def test_verbs(self) -> None:
        assert {name for name, verb in grammar.VERBS.items() if verb.paths[1] is None} == set(TOGETHER)

    def test_any_other_verb(self) -> None:
        with pytest.raises(TableError, match="no verb 'txet'"):
            together("txet")


HEAD = "field\tpath\tverb\targument\tauthority\tmark\n"
FAULTS = {
    "one box": ("a\tderive\tboxes female_male answers=truth", "boxes with 1 paths"),
    "no verb": ("a; b\tboxes\tfemale_male answers=truth", "write `derive boxes`"),
    "a misspelt function": ("a; b\tderive\tboxs female_male", "no function 'boxs' (did you mean 'boxes'?)"),
    "one text": ("a\tderive\tjoined", "joined with 1 paths"),
    "no list": (
        "a; b\tderive\tboxes female_mail answers=truth",
        "no code list 'female_mail' (did you mean 'female_male'?)",
    ),
    "no answers": ("a; b\tderive\tboxes female_male", "boxes needs answers=<a code list>"),
    "unknown answers": ("a; b\tderive\tboxes female_male answers=trouth", "no code list 'trouth'"),
    "another number of boxes": ("a; b; c\tderive\tboxes female_male answers=truth", "does not answer the 3 boxes of"),
    "answers that are terms": ("a; b\tderive\tboxes female_male answers=sex", "is no answer to a box"),
    "an unknown sign": ("a; b\tderive\tjoined comma", "no word of joined 'comma' (did you mean 'commas'?)"),
}


class TestFaults:
    """A fault in such a row is reported at its line, or at the line of the code list that does not fit."""

    @pytest.mark.parametrize("name", FAULTS)
    def test_planted(self, name: str, tmp_path: Path) -> None:
        cells, expected = FAULTS[name]
        assert any(expected in fault for fault in self.of_row(tmp_path, "eligibility.sex", cells)), name

    def test_into_another_type(self, tmp_path: Path) -> None:
        assert "boxes gives no str" in self.of_row(tmp_path, "acronym", "a; b\tderive\tboxes female_male answers=truth")

    def test_into_a_list(self, tmp_path: Path) -> None:
        assert "joined fills no list" in self.of_row(tmp_path, "funding[]", "a; b\tderive\tjoined")

    @staticmethod
    def of_row(folder: Path, field: str, cells: str) -> list[str]:
        """Return the faults of a mapping that has only this row."""
        path = folder / "ctis" / "mapping.tsv"
        path.parent.mkdir()
        path.write_text(f"{HEAD}{field}\t{cells}\tobserved\n", encoding="utf-8")
        return [fault.what for fault in faults_of_tables("ctis", [path])]
