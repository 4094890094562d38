"""Faults planted in tables: each is reported with folder, file and line when the table is loaded."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.counting import some
from trialparse.mapping import check, folder, grammar, sound
from trialparse.mapping.check import faults_of, faults_of_tables
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.faults import unknown
from trialparse.mapping.folder import folders_with
from trialparse.mapping.openers import OPENERS
from trialparse.mapping.rows import read_mapping
from trialparse.mapping.verbs import make_verb
from trialparse.registries import FORMATS
from trialparse.tsv import TableError

pytestmark = pytest.mark.exhaustive

REGISTRIES = ROOT / "trialparse" / "registries"
Cells = list[str]
Plant = Callable[[Cells], None]


def of_its_folder(cells: list[str]) -> bool:
    """Whether a `derive` row names a function of its own folder."""
    return cells[3].split()[0] not in grammar.FUNCTIONS


def row_of(verb: str, fits: Callable[[Cells], bool] = lambda cells: True) -> Callable[[Cells], bool]:
    """Return whether a row has a verb, and what else is asked of it."""
    return lambda cells: len(cells) > 4 and cells[2] == verb and fits(cells)


def lone(cells: Cells) -> bool:
    """Whether a row reads a field of one value from a plain path."""
    return "[" not in cells[0] and "[" not in cells[1] and "|" not in cells[1] and "^" not in cells[1]


def put(column: int, text: str) -> Plant:
    def change(cells: Cells) -> None:
        cells[column] = text

    return change


def add(column: int, text: str) -> Plant:
    def change(cells: Cells) -> None:
        cells[column] = f"{cells[column]} {text}".strip()

    return change


def swap(column: int, old: str, new: str) -> Plant:
    def change(cells: Cells) -> None:
        assert old in cells[column]
        cells[column] = cells[column].replace(old, new, 1)

    return change


def cut(cells: Cells) -> None:
    del cells[3:]


def conditional(cells: Cells) -> bool:
    return ":is_assessed" in cells[3]


MAPPING: dict[str, tuple[Callable[[Cells], bool], Plant, str]] = {
    "an unknown verb": (row_of("text"), put(2, "txet"), "no verb 'txet' (did you mean 'text'?)"),
    "an unknown mark": (row_of("text"), add(5, "unsene"), "no mark 'unsene' (did you mean 'unseen'?)"),
    "the mark personal": (
        row_of("text", lambda cells: "person" in cells[5]),
        swap(5, "person", "personal"),
        "no mark 'personal' (did you mean 'person'?)",
    ),
    "an unknown word of each": (row_of("each"), add(3, "onnce"), "no word of each 'onnce' (did you mean 'once'?)"),
    "an unknown word of date": (
        row_of("date"),
        put(3, "dayfirst"),
        "no word of date 'dayfirst' (did you mean 'day-first'?)",
    ),
    "a word twice": (row_of("date", lambda cells: cells[3] == "actual"), add(3, "actual"), "'actual' twice"),
    "an unknown option": (row_of("text", lone), add(3, "colour=red"), "no option of text 'colour'"),
    "an unknown option of each": (row_of("each"), add(3, "colour=red"), "no field 'colour'"),
    "no argument": (row_of("code", lone), put(3, ""), "code needs a code list"),
    "no code list": (row_of("code", lone), put(3, "phaze"), "no code list 'phaze' (did you mean 'phase'?)"),
    "no scheme": (row_of("identifier"), put(3, "EudraTC"), "no scheme 'EudraTC' (did you mean 'EudraCT'?)"),
    "no function": (row_of("derive"), put(3, "no_such_function"), "no function 'no_such_function'"),
    "a condition without a function": (
        row_of("each", conditional),
        swap(3, ":is_", ":was_"),
        "no function 'was_assessed'",
    ),
    "a condition of another number of paths": (row_of("each", conditional), swap(3, "if=", "if=a+"), "does not take"),
    "a condition that names no function": (
        row_of("each", conditional),
        swap(3, ":is_assessed", ""),
        "is not paths below",
    ),
    "another number of paths": (row_of("derive", of_its_folder), swap(1, ";", "; a.b;"), "does not take"),
    "no opener": (row_of("text", lone), add(1, ""), ""),
    "no mark of a list": (
        row_of("text", lambda cells: "[]" in cells[0] and "[]" in cells[1]),
        swap(0, "[]", ""),
        "is a list: write",
    ),
    "a mark of a list on a lone field": (row_of("text", lone), add(0, ""), ""),
    "no field": (row_of("text", lone), put(0, "no_such_field"), "Trial: no field 'no_such_field'"),
    "no field below": (row_of("text", lone), put(0, "design.no_such_field"), "Design: no field 'no_such_field'"),
    "a field below a value": (row_of("text", lone), put(0, "url.path"), "url holds no fields"),
    "text into an integer": (row_of("integer", lone), put(2, "text"), "text gives no int"),
    "text into a date": (row_of("date", lambda cells: not cells[3]), put(2, "text"), "text gives no PartialDate"),
    "text into a vocabulary": (
        row_of("code", lambda cells: cells[3] == "phase"),
        put(2, "text"),
        "text gives no Phase",
    ),
    "integer into text": (
        row_of("text", lambda cells: lone(cells) and not cells[3]),
        put(2, "integer"),
        "integer gives no str",
    ),
    "code into Coded": (row_of("coded", lambda cells: "=" not in cells[3]), put(2, "code"), "code gives no Coded"),
    "a boolean into a list": (
        row_of("text", lambda cells: cells[0].endswith("[]")),
        put(2, "number"),
        "number gives no str",
    ),
    "a key that no row has": (
        row_of("each", lambda cells: "key=" in cells[3]),
        swap(3, "key=", "key=noSuchKey+"),
        "key=noSuchKey: no row has",
    ),
    "of= that names nothing": (row_of("text"), add(3, "of=nothing_there"), "no row 'nothing_there'"),
    "an empty name": (row_of("each"), add(3, "as="), "as= is no name"),
    "a reason that is none": (row_of("ignore"), put(3, "boring"), "no reason to ignore 'boring'"),
    "a reason without a path": (row_of("ignore"), put(3, "label of"), "no reason to ignore"),
    "a term that the vocabulary lacks": (
        row_of("each", lambda cells: "kind=" in cells[3]),
        swap(3, "kind=", "kind=X"),
        "no term of",
    ),
    "a constant that is no term": (
        row_of("constant", lambda cells: cells[0] == "study_type"),
        put(3, "INTERVENTIONEL"),
        "no term of StudyType 'INTERVENTIONEL' (did you mean 'INTERVENTIONAL'?)",
    ),
    "no authority": (row_of("text"), put(4, ""), "no authority"),
    "a stray blank": (row_of("text"), swap(2, "text", "text "), "a stray blank"),
    "two blanks in a word": (row_of("ignore", lambda c: " " in c[3]), swap(3, " ", "  "), "a stray blank"),
    "too few cells": (row_of("text"), cut, "3 cells for the columns"),
    "an undefined short name": (row_of("text", lone), put(1, "$undefined.name"), "no short name '$undefined'"),
    "a path that is none": (row_of("text", lone), put(1, "a..b"), "is not a path"),
    "a field in a row that ignores": (row_of("ignore"), put(0, "url"), "a row has a field, or ignores"),
    "two paths of a text": (row_of("text", lone), swap(1, "", "a.b; "), "text with 2 paths"),
    "planned= without a code list": (
        row_of("date", lambda cells: not cells[3]),
        put(3, "planned=type"),
        "planned=type is not a path beside the last step, `:` and a code list",
    ),
    "planned= of no code list": (
        row_of("date", lambda cells: not cells[3]),
        put(3, "planned=type:phaze"),
        "no code list 'phaze' (did you mean 'phase'?)",
    ),
    "a unit that is none": (row_of("duration"), put(3, "unit=YAER"), "no unit 'YAER' (did you mean 'YEAR'?)"),
}
del (
    MAPPING["no opener"],
    MAPPING["a mark of a list on a lone field"],
)  # planted below: they add to a cell without a blank


def planted(folder: Path, table: str, fits: Callable[[Cells], bool], change: Plant) -> tuple[Path, int]:
    """Plant a fault in a copy of a table, and return the copy and the number of the changed line."""
    lines = (REGISTRIES / table).read_text(encoding="utf-8").splitlines()
    header = next(index for index, line in enumerate(lines) if line and line[0] not in "#$")
    columns = lines[header].count("\t") + 1
    for index, line in enumerate(lines[header + 1 :], start=header + 1):
        cells = line.split("\t")
        cells += [""] * (columns - len(cells))
        if line and not line.startswith(("#", "$")) and fits(cells):
            change(cells)
            lines[index] = "\t".join(cells)
            path = folder / table
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return path, index + 1
    raise LookupError(table)


def reported(registry: str, path: Path, line: int) -> list[str]:
    """Return what is reported of a line."""
    return [one.what for one in faults_of_tables(registry, [path]) if one.where == f"{registry}/{path.name}:{line}"]


class TestMapping:
    """A fault in a row of a mapping is reported at its line."""

    @pytest.mark.parametrize("name", MAPPING)
    def test_planted(self, name: str, tmp_path: Path) -> None:
        fits, change, expected = MAPPING[name]
        for table in ("ctis/mapping.tsv", "euctr/results.tsv", "ictrp_xml/mapping.tsv", "ctr_xml/mapping.tsv"):
            try:
                path, line = planted(tmp_path, table, fits, change)
            except (LookupError, AssertionError):
                continue
            found = reported(table.partition("/")[0], path, line)
            assert any(expected in what for what in found), found
            return
        pytest.fail("no row of any table fits")

    @pytest.mark.parametrize(
        ("column", "text", "expected"),
        [
            (1, "|unopenable", "no opener 'unopenable'"),
            (1, "|lines", "|lines gives a list: write |lines[]"),
            (1, "|quantity[]", "|quantity gives one object: write |quantity"),
            (1, "|quantity.numbr", "|quantity has no key 'numbr' (did you mean 'number'?)"),
            (1, "|lines[].text", "|lines has texts, and no keys"),
            (0, "[]", "is no list"),
        ],
    )
    def test_planted_without_a_blank(self, column: int, text: str, expected: str, tmp_path: Path) -> None:
        def change(cells: Cells) -> None:
            cells[column] += text

        path, line = planted(tmp_path, "ctis/mapping.tsv", row_of("text", lone), change)
        assert any(expected in what for what in reported("ctis", path, line))

    def test_a_path_with_and_without_the_mark_of_a_list(self, tmp_path: Path) -> None:
        path, line = planted(
            tmp_path, "ctis/mapping.tsv", row_of("text", lambda c: c[1].count("[]") == 1), swap(1, "[]", "[?]")
        )
        assert any(
            re.search(r"\[\?\] is \w+\[\] in ctis/mapping.tsv:\d+", what) for what in reported("ctis", path, line)
        )

    def test_a_row_twice(self, tmp_path: Path) -> None:
        text = (REGISTRIES / "ctis" / "mapping.tsv").read_text(encoding="utf-8")
        lines = text.splitlines()
        first = next(index for index, line in enumerate(lines) if row_of("text")(line.split("\t")))
        (tmp_path / "ctis").mkdir()
        path = tmp_path / "ctis" / "mapping.tsv"
        path.write_text(text + lines[first] + "\n", encoding="utf-8")
        assert reported("ctis", path, len(lines) + 1) == [f"the same as ctis/mapping.tsv:{first + 1}"]

    def test_two_rows_of_a_name(self, tmp_path: Path) -> None:
        rows = (
            "endpoints[]\ta[]\teach\tas=one kind=PRIMARY\tobserved",
            "endpoints[]\tb[]\teach\tas=one kind=SECONDARY\tobserved",
            "endpoints[].text\ta[].text\ttext\tof=one\tobserved",
            "endpoints[].text\tb[].text\ttext\tof=one\tobserved",
        )
        assert self.of_rows(tmp_path, *rows) == ["ctis/mapping.tsv:3: as=one is the name of ctis/mapping.tsv:2 as well"]

    def test_items_of_which_nothing_is_read(self, tmp_path: Path) -> None:
        found = self.of_rows(tmp_path, "endpoints[]\ta[]\teach\t\tobserved", "url\tb\ttext\t\tobserved")
        assert found == ["ctis/mapping.tsv:2: no row below reads from the items of endpoints[] that it opens"]

    def test_what_is_ignored_already(self, tmp_path: Path) -> None:
        rows = ("\ta.**\tignore\ttransport\tobserved", "\ta.b\tignore\ttransport\tobserved")
        assert self.of_rows(tmp_path, *rows) == [
            "ctis/mapping.tsv:3: ctis/mapping.tsv:2 ignores it for the same reason"
        ]

    def test_wrong_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "ctis" / "mapping.tsv"
        path.parent.mkdir()
        path.write_text("field\tpath\tverb\targument\tauthor\tmark\n", encoding="utf-8")
        (fault,) = faults_of_tables("ctis", [path])
        assert str(fault) == "ctis/mapping.tsv:1: no table has the columns field, path, verb, argument, author, mark"

    def test_all_faults_are_raised_at_once(self, tmp_path: Path) -> None:
        found = self.of_rows(tmp_path, "url\ta\ttxet\t\tobserved", "nothing\tb\ttext\tx\tobserved\tunsene")
        assert [line.partition(": ")[0] for line in found] == [
            "ctis/mapping.tsv:2",
            "ctis/mapping.tsv:3",
            "ctis/mapping.tsv:3",
            "ctis/mapping.tsv:3",
        ]

    @staticmethod
    def of_rows(folder: Path, *rows: str) -> list[str]:
        """Return the faults of a mapping that has only these rows."""
        path = folder / "ctis" / "mapping.tsv"
        path.parent.mkdir()
        path.write_text("\n".join(("field\tpath\tverb\targument\tauthority\tmark", *rows)) + "\n", encoding="utf-8")
        return [str(fault) for fault in faults_of_tables("ctis", [path])]


def any_row(cells: Cells) -> bool:
    return True


OTHERS: dict[str, tuple[str, Callable[[Cells], bool], Plant, str]] = {
    "a misspelt relation": ("ctis/codes.tsv", any_row, put(3, "exakt"), "no relation 'exakt' (did you mean 'exact'?)"),
    "a mark of a code": ("ctis/codes.tsv", any_row, put(5, "unsene"), "no mark 'unsene'"),
    "a kind of missing": ("ctis/codes.tsv", any_row, put(2, "?UNKNOWM"), "no kind of missing 'UNKNOWM'"),
    "no term": ("ctis/codes.tsv", any_row, put(2, ""), "no term"),
    "no list": ("ctis/codes.tsv", any_row, put(0, ""), "no list"),
    "a kind of line": (
        "euctr/form.tsv",
        any_row,
        put(3, "anwser"),
        "no kind of line 'anwser' (did you mean 'answer'?)",
    ),
    "a mark of a form": ("euctr/form.tsv", any_row, put(4, "alwyas"), "no mark 'alwyas' (did you mean 'always'?)"),
    "an old path that is none": ("ctis/v1.tsv", any_row, put(0, "a..b"), "is not a path"),
}


class TestOtherTables:
    """A fault in a code list, a form or an upgrade is reported at its line."""

    @pytest.mark.parametrize("name", OTHERS)
    def test_planted(self, name: str, tmp_path: Path) -> None:
        table, fits, change, expected = OTHERS[name]
        registry = table.partition("/")[0]
        path, line = planted(tmp_path, table, fits, change)
        mapping = tmp_path / registry / "mapping.tsv"
        mapping.write_bytes((REGISTRIES / registry / "mapping.tsv").read_bytes())
        found = [one.what for one in faults_of_tables(registry, [path, mapping]) if one.where == f"{table}:{line}"]
        assert any(expected in what for what in found), found

    @pytest.mark.parametrize(
        ("table", "column", "fits"),
        [
            ("ctis/v1.tsv", 1, lambda cells: not cells[1].startswith("ignore")),
            ("euctr/form.tsv", 2, lambda cells: cells[3] == "answer"),
        ],
    )
    def test_a_path_that_the_mapping_lacks(
        self, table: str, column: int, fits: Callable[[Cells], bool], tmp_path: Path
    ) -> None:
        registry = table.partition("/")[0]
        path, line = planted(tmp_path, table, fits, put(column, "no.such.path"))
        mapping = tmp_path / registry / "mapping.tsv"
        mapping.write_bytes((REGISTRIES / registry / "mapping.tsv").read_bytes())
        found = [one.what for one in faults_of_tables(registry, [path, mapping]) if one.where == f"{table}:{line}"]
        assert found == ["the mapping has no path no.such.path"]


class TestSound:
    """The tables as they are have no fault, and a faulty one is refused with all that is wrong in its registry."""

    @pytest.mark.parametrize("registry", sorted(path.parent.name for path in REGISTRIES.glob("*/__init__.py")))
    def test_registries(self, registry: str) -> None:
        assert faults_of(registry) == []

    def test_a_format_with_a_faulty_table_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (format,) = (one for one in FORMATS if one.name == "ctis-evaluation")
        for file in (*REGISTRIES.glob("ctis/*.tsv"), *REGISTRIES.glob("*/derive.py"), *REGISTRIES.glob("common/*.tsv")):
            (tmp_path / file.parent.name).mkdir(exist_ok=True)
            (tmp_path / file.parent.name / file.name).write_bytes(file.read_bytes())
        planted(tmp_path, "ctis/evaluation.tsv", row_of("text"), put(2, "txet"))
        planted(tmp_path, "ctis/search.tsv", row_of("text"), put(2, "txet"))
        for module in (folder, check):
            monkeypatch.setattr(module, "folder_of", lambda registry: tmp_path / registry)
        with pytest.raises(TableError) as caught:
            check.check.__wrapped__(format)  # type: ignore[attr-defined]
        lines = str(caught.value).splitlines()
        assert [re.sub(r"\d+", "N", line) for line in lines] == [
            "ctis/evaluation.tsv:N: no verb 'txet' (did you mean 'text'?)",
            "ctis/search.tsv:N: no verb 'txet' (did you mean 'text'?)",
        ]


class TestGrammar:
    """The grammar has what the engine can do, and no more."""

    def test_openers(self) -> None:
        assert grammar.OPENED.keys() == OPENERS.keys()

    def test_openers_give_what_the_grammar_says(self) -> None:
        texts = ("a: b, c: d", "18Y", "x (y)", "Adults: yes\nChildren: no", "1 to 5", "http://a/b", '["a"]')
        for name, opened in some(grammar.OPENED.items()):
            for text in texts:
                made = OPENERS[name](text)
                assert isinstance(made, list) == (opened.many == "[]") or name == "json"
                for part in made if isinstance(made, list) else [made]:
                    if opened.keys is not None:
                        assert set(part) <= set(opened.keys) if opened.keys else isinstance(part, str)

    def test_verbs(self) -> None:
        for format in FORMATS:
            mapping_of(format)
        verbs = {row.verb for format in FORMATS for row in mapping_of(format).rows}
        assert verbs == grammar.VERBS.keys()
        assert callable(make_verb)

    def test_every_word_option_and_mark_is_used(self) -> None:
        rows = [row for format in FORMATS for row in mapping_of(format).rows]
        written = [row for one in FORMATS for row in read_mapping(folder.folder_of(one.registry) / one.table)]
        used = {(row.verb, word) for row in (*rows, *written) for word in (*row.words, *row.options)}
        unused = {
            (name, one.name)
            for name, verb in grammar.VERBS.items()
            for one in (*verb.words, *verb.options)
            if one.name not in ("of", "when") and (name, one.name) not in used
        }
        assert unused == set()
        assert {mark for row in rows for mark in row.marks} == grammar.MARKS.keys()

    def test_the_nearest_name(self) -> None:
        assert unknown("mark", "personal", grammar.MARKS) == "no mark 'personal' (did you mean 'person'?)"
        assert unknown("mark", "qqqq", grammar.MARKS) == "no mark 'qqqq'"


class TestKnownToBeSound:
    """The folders that `sound.tsv` calls sound are so, and a folder that has changed is looked at again."""

    def test_it_is_current(self) -> None:
        names = [str(folder.name) for folder in folders_with("__init__.py")]
        assert {name: sound.digest_of(name) for name in names} == sound._known(), "python tests/snapshots/write.py"
        assert [] == [fault for name in names for fault in faults_of(name)]

    def test_a_changed_folder_is_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        format = some([*FORMATS])[0]
        assert sound.is_sound(format)
        monkeypatch.setattr(sound, "digest_of", lambda registry: "another")
        assert not sound.is_sound(format)
