"""A question that is answered says something: no is an answer, and a word that only fills a field is none."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.conftest import ROOT
from tests.counting import some
from trialparse import parse, read
from trialparse.diagnostics import Problem
from trialparse.mapping.compiled import mapping_of
from trialparse.model import Allocation, Missing, Trial
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import MissingKind
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.run import fast_run, traced_run
from trialparse.registries import FORMATS

pytestmark = pytest.mark.exhaustive

EUCTR = ROOT / "fixtures" / "euctr"
FORM = next(one.notation.form for one in FORMATS if one.name == "euctr-protocol-text")
FORMS = {
    "all_boxes.txt": (b": Yes", b": No"),
    "protocol.html": (b"> Yes <", b"> No <"),
    "registry.xml": (b": yes", b": no"),
    "cta.xml": (b">1</", b">0</"),
}
"""Sources with boxes, each with how its boxes are answered yes and no."""


def records(data: bytes) -> list[Parsed]:
    """Return the records of a source, all of which can be read."""
    found = list(read(data))
    assert all(isinstance(parsed, Parsed) for parsed in found)
    return [parsed for parsed in found if isinstance(parsed, Parsed)]


def both(parsed: Parsed) -> Trial:
    """Return the trial, on which both runs agree."""
    mapping = mapping_of(parsed.format)
    traced, _ = traced_run(parsed._record, Options())
    assert fast_run(parsed._record, mapping, Options()) == traced == parsed.trial
    return parsed.trial


def sets_of(parsed: Parsed) -> set[str]:
    """Return the fields of a format that a set of boxes fills."""
    rows = [row for row in mapping_of(parsed.format).rows if "ticked" in row.options]
    sets = defaultdict(set)
    for row in rows:
        sets[row.field, row.path[:-1], row.options.get("of")].add(row.path)
    return {field for (field, *_), paths in sets.items() if len(paths) > 1} | {"eligibility.sex"}


def with_values(value: Any, fields: Iterable[str], path: str = "", plain: str = "") -> Iterable[str]:
    """Yield the places in a trial of those fields that have a value."""
    for attribute in attrs.fields(type(value)):
        below, here, there = getattr(value, attribute.name), f"{path}{attribute.name}", f"{plain}{attribute.name}"
        if {there, f"{there}[]"} & set(fields) and below not in (None, (), frozenset()):
            yield here
        elif attrs.has(type(below)):
            yield from with_values(below, fields, f"{here}.", f"{there}.")
        elif isinstance(below, tuple):
            for index, item in enumerate(below):
                if attrs.has(type(item)):
                    yield from with_values(item, fields, f"{here}[{index}].", f"{there}[].")


class TestBoxes:
    """Boxes that are all answered no leave their field empty, and `missing` says that none is stated."""

    @pytest.mark.parametrize("name", FORMS)
    def test_all_of_them_are_answered_no(self, name: str) -> None:
        yes, no = FORMS[name]
        data = (EUCTR / name).read_bytes()
        changed = data.replace(yes, no).replace(b">-1<", b">0<").replace(b"Information not present in EudraCT", b"No")
        changed = (
            changed.replace(b") yes", b") no").replace(b"? yes", b"? no").replace(b"(Phase IV): <", b"(Phase IV): no<")
        )
        for before, after in some(zip(records(data), records(changed), strict=True)):
            ticked = {*with_values(before.trial, sets_of(before))} - {"interventions[0].advanced_therapies"}
            assert len(ticked) > 3
            trial = both(after)
            stated = {entry.field for entry in trial.missing if entry.kind is MissingKind.NONE_STATED}
            assert {place for place in ticked if "advanced_therapies" not in place} <= stated
            assert not stated & {*with_values(trial, sets_of(after))}

    def test_a_box_left_open_by_a_word_counts_more(self) -> None:
        """Who does not know one answer cannot say that there is none."""
        *_, last = records((EUCTR / "answers.txt").read_bytes())
        assert [entry.kind for entry in last.trial.missing if entry.field == "phases"] == [MissingKind.UNKNOWN]

    @pytest.mark.parametrize("again", ["E.7.2 Therapeutic exploratory (Phase II): No\n", ""])
    def test_fast_and_traced_agree(self, again: str) -> None:
        data = (EUCTR / "answers.txt").read_text("utf-8")
        assert [both(parsed).id for parsed in records((data + again).encode())] == [
            "2018-099401-42",
            "2018-099402-16",
            "2018-099403-36",
        ]

    def test_yes_and_no_for_the_same_is_a_conflict(self) -> None:
        _, record = records((EUCTR / "answers_registry.xml").read_bytes())
        assert (Problem.CONFLICT, "design.masking", "no") in [
            (one.problem, one.field, one.text) for one in record.diagnostics
        ]
        both(record)


def position(line: str) -> int:
    """Return the position of a line in the form."""
    known = FORM.known(line)
    assert known is not None
    return int(known[0].order)


class TestAllocation:
    """Not randomised says more only where there are several arms."""

    @pytest.mark.parametrize(
        ("said", "allocation"),
        [
            ("Randomised: yes", {Allocation.RANDOMISED}),
            ("Randomised: no\nNumber of treatment arms in the trial: 2", {Allocation.NON_RANDOMISED}),
            ("Randomised: no\nParallel group: yes", {Allocation.NON_RANDOMISED}),
            ("Randomised: no\nParallel group: no\nNumber of treatment arms in the trial: 1", set()),
            ("Randomised: no\nIf controlled, specify comparator, Placebo: yes", set()),
            ("Randomised: no", set()),
        ],
    )
    def test_the_same_in_both_formats(self, said: str, allocation: set[Allocation]) -> None:
        lines = said.replace("yes", "Yes").replace("no", "No")
        for label, code in {
            "Randomised": "E.8.1.1 Randomised",
            "Parallel group": "E.8.1.5 Parallel group",
            "If controlled, specify comparator, Placebo": "E.8.2.2 Placebo",
            "Number of treatment arms": "E.8.2.4 Number of treatment arms",
        }.items():
            lines = lines.replace(label, code)
        text = (EUCTR / "line_ends.txt").read_text("utf-8").replace("\r", "")
        asked = [f"{line.words}: " for line in FORM.single if line.code.startswith("E.8.") and line.words not in lines]
        design = sorted([*lines.split("\n"), *asked], key=position)
        rest = [line for line in text.split("\n") if not line.startswith("E.8.")]
        place = next(index for index, line in enumerate(rest) if line.startswith("F."))
        xml = f"<trials><trial><main><trial_id>X</trial_id><study_design>{said}</study_design></main></trial></trials>"
        for data in ("\n".join([*rest[:place], *design, *rest[place:]]), xml):
            trial = both(parse(data.encode()))
            assert trial.design.allocation == allocation
            entry = Missing(field="design.allocation", kind=MissingKind.NONE_STATED)
            assert (entry in trial.missing) == (not allocation)


class TestPlaceholders:
    """A word that only fills a field never beats a stated value, and is never dropped without an entry."""

    @pytest.mark.parametrize("word", [word for word in placeholders() if word != "na"])
    @pytest.mark.parametrize("name", ["answers.txt", "answers_registry.xml"])
    def test_a_name(self, name: str, word: str) -> None:
        label, other = ("D.3.1 Product name: ", "D.2.1.1.1 Trade name: Nayatrop 5 mg\n")
        if name.endswith("xml"):
            label, other = "Product Name: ", "Trade Name: Exemplum Forte\n"
        text = (EUCTR / name).read_text("utf-8")
        assert text.count(f"{label}NA\n") == 1
        first = records(text.replace(f"{label}NA\n", f"{label}{word.upper()}\n").encode())[0]
        assert both(first).interventions[0].name == other.partition(": ")[2].strip()
        alone = records(text.replace(f"{label}NA\n", f"{label}{word}\n").replace(other, "").encode())[0]
        assert both(alone).interventions[0].name is None
        assert Missing(field="interventions[0].name", kind=placeholders()[word]) in alone.trial.missing

    @pytest.mark.parametrize(
        ("name", "index", "line", "own", "trade"),
        [
            ("answers.txt", 0, "D.3.1 Product name: {}", "NA", "Nayatrop 5 mg"),
            ("protocol.html", 1, ">{}<", "Samplostim 300 solution", "Samplostim"),
            ("cta.xml", 1, "<name>{}<", "Cartilage sheet", "Knorpelin"),
            ("registry.xml", 0, "Product Name: {}\n", "Samplocillin", "Samplocillin Ejemplo 1 g"),
        ],
    )
    def test_in_every_format_that_has_a_trade_name(
        self, name: str, index: int, line: str, own: str, trade: str
    ) -> None:
        text = (EUCTR / name).read_text("utf-8")
        assert text.count(line.format(own)) == 1
        changed = text.replace(line.format(own), line.format("Not Applicable"))
        product = both(records(changed.encode())[0]).interventions[index]
        assert (product.name, product.trade_name) == (trade, trade)

    def test_a_country_is_none(self) -> None:
        """NA is Namibia, or at least a country as the source writes it."""
        first = records((EUCTR / "answers_registry.xml").read_bytes())[0].trial
        assert [country.name for country in first.countries] == ["Portugal", "NA"]

    def test_there_is_one_list(self) -> None:
        """No format has a list of its own."""
        assert {word for format in FORMATS for word in format.blank} <= {"", "null", "999999000000"}


class TestEmbeddedForms:
    """A label of a form within a text is accounted for as a key is."""

    TEXT = (EUCTR / "answers_registry.xml").read_text("utf-8")

    def test_a_label_that_no_row_reads_is_unmapped(self) -> None:
        first, second = records(self.TEXT.encode())
        place = "main.i_freetext|eudract.products.substances.Route of preparation of the sample"
        assert first.audit().unmapped == {place: 1}
        assert second.audit().unmapped == {}
        assert first.audit().places[place].endswith("i_freetext")

    def test_such_a_label_is_a_leaf_of_its_own(self) -> None:
        """The cell is one leaf, whatever is read in it."""
        first = records(self.TEXT.encode())[0].audit()
        again = records(self.TEXT.replace("Route of preparation of the sample: by hand\n", "").encode())[0].audit()
        assert (first.leaves, first.mapped) == (again.leaves + 1, again.mapped)

    @pytest.mark.parametrize(
        "path", sorted((EUCTR / name) for name in ("summary.txt", "registry.xml", "countries.xml"))
    )
    def test_what_is_read_is_mapped(self, path: Path) -> None:
        assert {} == {
            key: count for parsed in records(path.read_bytes()) for key, count in parsed.audit().unmapped.items()
        }


class TestDerived:
    """A function of several paths reports what a verb would."""

    def told(self, inner: str) -> set[tuple[Problem, str | None, str]]:
        xml = f"<trials><trial>{inner}</trial></trials>"
        return {(one.problem, one.field, one.text) for one in parse(xml.encode()).diagnostics}

    def test_the_fixture(self) -> None:
        first, second = records((EUCTR / "answers_registry.xml").read_bytes())
        assert {(one.problem, one.field, one.text) for one in first.diagnostics} == {
            (Problem.BAD_CHECK, "identifiers", "2019-099411-13"),
            (Problem.PLACEHOLDER, "identifiers", "NCT00000000"),
            (Problem.UNKNOWN_CODE, "countries[1].code", "NA"),
        }
        assert (Problem.CONFLICT, "countries", "2019-099412-37-FR") in {
            (one.problem, one.field, one.text) for one in second.diagnostics
        }

    @pytest.mark.parametrize("number", ["2019-099411-13", "NCT00000000", "NCT99990120"])
    def test_numbers_are_told_as_in_a_text(self, number: str) -> None:
        """The same number, once in a form and once in registry XML."""
        text = (EUCTR / "line_ends.txt").read_text("utf-8").replace("\r", "")
        line = f"A.5.1 ISRCTN (International Standard Randomised Controlled Trial) Number: {number}\n"
        start, mark, end = text.partition("\nD. IMP") if "\nD. IMP" in text else text.partition("\nE. General")
        in_text = {
            (one.problem, one.text) for one in parse((start.rstrip() + "\n" + line + mark + end).encode()).diagnostics
        }
        pair = f"<sec_id>{number}</sec_id><issuing_authority>ISRCTN Number</issuing_authority>"
        in_xml = self.told(
            f"<main><trial_id>2019-099411-11</trial_id></main><secondary_ids><secondary_id>{pair}</secondary_id></secondary_ids>"
        )
        assert {(problem, text) for problem, _, text in in_xml} == {one for one in in_text if one[1] == number}

    @pytest.mark.parametrize(
        ("end", "countries", "conflict"),
        [
            ("ES", ["Spain"], False),
            ("ES", ["Portugal", "Italy"], True),
            ("ES", [], False),
            ("ES", ["Portugal", "Erewhon"], False),
            ("Outside-EU/EEA", ["Chile"], False),
        ],
    )
    def test_the_country_of_the_number(self, end: str, countries: list[str], conflict: bool) -> None:
        listed = "".join(f"<country2>{name}</country2>" for name in countries)
        told = self.told(
            f"<main><trial_id>2015-099120-36-{end}</trial_id></main><countries>{listed}</countries><criteria/>"
        )
        assert ((Problem.CONFLICT, "countries", f"2015-099120-36-{end}") in told) == conflict
