"""Records of the EU CTR that are odd, damaged or made to do harm: as text and as page."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import attrs
import pytest

from trialparse.combining import combine
from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, UnrecognisedFormat
from trialparse.limits import Limits
from trialparse.model.values import Code
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Failure
from trialparse.readers import form as forms
from trialparse.readers.form import LONGEST, filled
from trialparse.readers.form_fast import NotPlain, tree_of
from trialparse.registries import FORMATS

NUMBER = "2016-099300-36"
HEAD = f"Summary\nEudraCT Number: {NUMBER}\nSponsor's Protocol Code Number: TRY-1\n"
END = "P. End of Trial Status: Ongoing\n"
TEXT = next(format for format in FORMATS if format.name == "euctr-protocol-text")
FORM = TEXT.notation.form


def the_same(text: str) -> bool:
    """Whether the quick way makes of a record what the other one does, or leaves it to that one."""
    try:
        return bool(tree_of(FORM, text) == filled(FORM, text).tree)
    except NotPlain:
        return True


class Heard:
    """A pattern that notes how long the texts are that it is tried on."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.lengths: list[int] = []

    def fullmatch(self, text: str) -> re.Match[str] | None:
        self.lengths.append(len(text))
        return self.pattern.fullmatch(text)


class TestBothWays:
    """The quick way from lines to a tree gives what the other one gives, or nothing."""

    @pytest.mark.parametrize(
        "line",
        [
            " B. Sponsor Information",
            "\xa0B. Sponsor Information",
            " D.3.10.1 Concentration unit",
            "F.3.3.1 Women of childbearing potential not using contraception (note",
            "F.3.3.1 Women of childbearing potential not using contraception? : No",
            "Trial Status : Ongoing",
            "D.IMP : 1",
            "D.IMP 1234567",
            "\r\r\nmore",
        ],
    )
    def test_odd_lines(self, line: str) -> None:
        for before in ("", "E.3 Principal inclusion criteria: 1\n"):
            assert the_same(f"{before}{line}\nlast\n")

    def test_an_indented_line_goes_on_with_a_text(self) -> None:
        made = filled(FORM, "A.8 EMA Decision number of Paediatric Investigation Plan: P\n B. Sponsor Information").tree
        assert made == {"paediatric_decision": "P\n B. Sponsor Information"}

    @pytest.mark.parametrize("name", ["six_countries.txt", "traps.txt", "noted.txt", "all_boxes.txt"])
    def test_lines_in_other_places(self, fixtures: Path, name: str) -> None:
        text = (fixtures / "euctr" / name).read_bytes().decode()
        chance = random.Random(name)
        plain = 0
        for record in re.split(r"\r?\nSummary\r?\n", text)[1:]:
            lines = record.split("\n")
            for _ in range(40):
                moved = list(lines)
                taken = moved.pop(chance.randrange(len(moved)))
                moved.insert(chance.randrange(len(moved)), chance.choice(("", " ")) + taken)
                odd = "\n".join(moved) + "\n"
                assert the_same(odd)
                plain += filled(FORM, odd).tree != filled(FORM, record).tree
        assert plain  # some lines made a difference


class TestLinesInATextOfTheForm:
    """A line of a text that reads like one of the form changes that text alone, wherever in the form its place is."""

    LINES = (
        "EudraCT Number: 2014-002606-20",
        "A.2 EudraCT number: 2014-002606-20",
        "E.5.2 Secondary end point(s): see below",
        "E.7 Trial type and phase",
        "F.4.1 In the member state: 7",
        (
            "F.5 Plans for treatment or care after the subject has ended the participation in the trial"
            " (if it is different from the expected normal treatment of that condition): none"
        ),
        "G. Investigator Networks to be involved in the Trial",
        "N. Date of Competent Authority Decision: 2001-01-01",
        "P. End of Trial Status: Completed",
    )

    @pytest.mark.parametrize("line", LINES)
    def test_in_the_criteria(self, fixtures: Path, line: str) -> None:
        text = (fixtures / "euctr" / "six_countries.txt").read_bytes().decode()
        record = re.split(r"(?m)^(?=Summary\r?$)", text)[1]
        plain = parse(record.encode())
        label = "E.3 Principal inclusion criteria: "
        start = record.index(label) + len(label)
        end = record.index("\n", start) + 1
        odd = parse((record[:end] + f"{line}\r\n" + record[end:]).encode())

        first = plain.trial.eligibility.criteria[0]
        words = record[start:end].strip()
        changed = (first.text or "").replace(words, f"{words}\n{line}", 1)
        criteria = (attrs.evolve(first, text=changed), *plain.trial.eligibility.criteria[1:])
        assert odd.trial == attrs.evolve(
            plain.trial, eligibility=attrs.evolve(plain.trial.eligibility, criteria=criteria)
        )
        assert [(d.problem, d.text) for d in odd.diagnostics] == [(Problem.LOOKS_LIKE_KEY, line)]
        assert odd.audit().unmapped == {}


class TestWork:
    """What a record costs grows with its length, not with the square of it, and no line costs more than another."""

    @pytest.mark.parametrize(
        "block",
        [
            "G.4 Investigator Network to be involved in the Trial: {n}\nG.4.1 Name of Organisation: Net {n}\n",
            "D.IMP: {n}\nD.3.1 Product name: Product {n}\n",
            "E.3 Principal inclusion criteria (es): {n}\nEudraCT Number: 1\n",
        ],
    )
    def test_many_blocks(self, block: str, steps: Callable[[Callable[[], object]], int]) -> None:
        def read_all(count: int) -> None:
            parsed = parse((HEAD + "".join(block.format(n=n) for n in range(count)) + END).encode())
            assert parsed.evidence()
            assert parsed.diagnostics is not None

        read_all(1)
        assert steps(lambda: read_all(400)) < 2.2 * steps(lambda: read_all(200))  # a square would be 4 times as much

    @pytest.mark.parametrize("line", ["E.3 {}", "D.IMP{}x", "E.3 x{}x"])
    @pytest.mark.parametrize("sign", [":", " ", "(", "? "])
    def test_lines_that_are_tried_in_many_ways(
        self, line: str, sign: str, steps: Callable[[Callable[[], object]], int]
    ) -> None:
        def read_all(count: int, length: int) -> None:
            text = f"{line.format(sign * length)}\n" * count
            parse((HEAD + "E.3 Principal inclusion criteria: x\n" + text).encode())

        read_all(1, 10)
        few = steps(lambda: read_all(50, 10))
        assert steps(lambda: read_all(50, 100)) < 1.1 * few
        assert steps(lambda: read_all(100, 10)) < 2.2 * few

    @pytest.mark.parametrize("sign", [" ", "(", "x", "\u00a0", "( "])
    def test_no_pattern_is_tried_on_a_long_line(self, sign: str) -> None:
        with mock.patch.object(forms, "_LANGUAGE", Heard(forms._LANGUAGE)) as pattern:
            for length in (10, 2 * LONGEST):
                FORM.known(f"E.3 {sign * length}(es): x")
        assert 0 < max(pattern.lengths) <= LONGEST


class TestPage:
    """A page from which something is missing is refused or remarked on."""

    ROW = (
        '<tr><td class="first">E.3</td>'
        '<td class="second">Principal inclusion criteria</td><td class="third">{}</td></tr>'
    )
    START = (
        '<html><body><table><tr><td class="cellGrey">EudraCT Number:</td>'
        f'<td class="cellLighterGrey">{NUMBER}</td></tr>'
    )
    END = "</table></body></html>"

    @pytest.mark.parametrize("within", ["<b>" * 5000 + "x", "x" * 11_000_000], ids=["deep", "long"])
    def test_what_the_parser_gives_up_on(self, within: str) -> None:
        (outcome,) = read((self.START + self.ROW.format(within) + self.END).encode())
        assert isinstance(outcome, Failure)
        assert isinstance(outcome.error, LimitExceeded)

    def test_several_pages(self) -> None:
        page = self.START + self.ROW.format("x") + self.END
        (outcome,) = read((page + page).encode())
        assert isinstance(outcome, Failure)
        assert isinstance(outcome.error, MalformedDocument)

    def test_a_page_that_was_cut_off(self, fixtures: Path) -> None:
        page = (fixtures / "euctr" / "protocol.html").read_bytes()
        assert [d.problem for d in parse(page).diagnostics] == []
        for share in (3, 2):
            assert Problem.CUT in [d.problem for d in parse(page[: len(page) // share]).diagnostics]

    def test_the_limits_of_the_caller(self, fixtures: Path) -> None:
        with pytest.raises(LimitExceeded, match="nodes=100"):
            parse(fixtures / "euctr" / "protocol.html", limits=Limits(nodes=100))


class TestPlacebo:
    """A placebo that a record denies is no product, and one of which it does not say is one."""

    @pytest.mark.parametrize(
        ("answer", "count"), [(b" Yes", 1), (b" No", 0), (b" Information not present in EudraCT", 0), (b"", 1)]
    )
    def test_answers(self, answer: bytes, count: int) -> None:
        lines = b"Summary\nEudraCT Number: 2016-099300-36\nSponsor's Protocol Code Number: AB-1\nD.8 Placebo: 1\n"
        parsed = parse(lines + b"D.8.1 Is a Placebo used in this Trial?" + answer + b"\nD.8.3 Pharmaceutical form: \n")

        assert count == len(parsed.trial.interventions)


class TestEncoding:
    """A page is read in UTF-8, or in what it says that it is in, and never in a guess."""

    def page(self, head: bytes, title: bytes) -> bytes:
        rows = b'<tr><td class="cellGrey">EudraCT Number:</td><td class="cellLighterGrey">2016-099300-36</td></tr>'
        rows += b'<tr class="tricell"><td class="first">A.3</td><td class="second">Full title of the trial</td>'
        return (
            b"<html><head>"
            + head
            + b"</head><body><table>"
            + rows
            + b"<td class='third'>"
            + title
            + b"</td></tr><tr><td class='first'>P.</td><td class='second'>End of Trial Status</td><td class='third'>"
            + b"</td></tr></table></body></html>"
        )

    def test_a_page_that_says_so(self) -> None:
        parsed = parse(self.page(b'<meta charset="windows-1252">', b"Caf\xe9 \x80"))

        assert "Café €" == parsed.trial.scientific_title
        assert [Problem.CUT, Problem.ENCODING] == [one.problem for one in parsed.diagnostics]  # it has two lines

    @pytest.mark.parametrize("head", [b"", b'<meta charset="utf-8">', b'<meta charset="zip">', b'<meta charset="no">'])
    def test_a_page_that_does_not(self, head: bytes) -> None:
        with pytest.raises(MalformedDocument, match="byte"):
            parse(self.page(head, b"Caf\xe9"))


class TestWrongFiles:
    """A file that is none of a register's is refused with what was looked for, so that one knows what to save."""

    def test_another_page(self) -> None:
        with pytest.raises(UnrecognisedFormat, match=r"save the export .*page of a country record"):
            parse(b"<html><body>Search results</body></html>")

    def test_another_text(self) -> None:
        with pytest.raises(UnrecognisedFormat, match=r"no text in which a record begins .*EudraCT Number:"):
            parse(b"Dear all,\nhere is the trial.\n")

    def test_another_root(self) -> None:
        with pytest.raises(UnrecognisedFormat, match=r"any root in http://eudract\.emea"):
            parse(b'<result xmlns="http://other.example"/>')


class TestLost:
    """What a record says is in the trial, whatever stands beside it."""

    def test_a_term_of_meddra_without_its_code(self) -> None:
        text = "MedDRA Classification\nE.1.2 Version: 9.1\nE.1.2 Level: LLT\nE.1.2 Term: Sample rash\n"
        assert parse((HEAD + text).encode()).trial.condition_codes == (
            Code(system="MedDRA", label="Sample rash", level="LLT", version="9.1"),
        )

    def test_a_contact_in_another_language_is_withheld(self) -> None:
        text = "Sponsor 1\nB.5.2 Functional name of contact point (es): Zelda Quux\n"
        parsed = parse((HEAD + text).encode(), contacts=False)
        assert b"Quux" not in parsed.raw
        assert "Quux" not in parsed.to_json()


class TestLimits:
    """A record beyond a limit is told, wherever it stands in its file."""

    def test_a_record_of_too_many_lines_is_lost_alone(self, fixtures: Path) -> None:
        data = (fixtures / "euctr" / "six_countries.txt").read_bytes()
        long = data.replace(b"\nE.4 ", b"\n" * 2000 + b"\nE.4 ", 1)

        found = list(read(long, limits=Limits(nodes=1500)))
        assert [one.ok for one in found] == [False, True, True, True, True, True]
        assert isinstance(found[0], Failure)
        assert isinstance(found[0].error, LimitExceeded)

    def test_a_record_of_too_many_bytes_is_lost_alone(self, fixtures: Path) -> None:
        data = (fixtures / "euctr" / "six_countries.txt").read_bytes()
        size = max(map(len, re.split(rb"(?m)^(?=Summary\r?$)", data)))
        first = data.replace(b"\nE.4 ", b" " * size + b"\nE.4 ", 1)

        for source, which in ((data + b" " * size, 5), (first, 0)):
            found = list(read(source, limits=Limits(record=size + 1000)))
            assert [one.ok for one in found] == [number != which for number in range(6)]
            (failure,) = [one for one in found if isinstance(one, Failure)]
            assert f"record={size + 1000:,}" in str(failure.error)


class TestProductCodes:
    """A word for nothing is no code, so it does not make one product of two."""

    def test_products_of_two_countries_without_a_code(self) -> None:
        product = "D.IMP: 1\n{name}D.3.2 Product code: NA\nD.3.4 Pharmaceutical form: Tablet\n"
        records = [
            parse((HEAD + product.format(name=name)).encode()) for name in ("", "D.3.1 Product name: Samplostim\n")
        ]
        assert {item.name for item in combine(records).trial.interventions} == {None, "Samplostim"}
        assert {item.sponsor_code for one in records for item in one.trial.interventions} == {None}


def test_rows_of_the_form_in_an_answer_are_rows_of_their_own() -> None:
    """A table that is not closed draws what follows into its cell; nothing of it becomes part of the answer there."""
    row = '<tr class="tricell"><td class="first">{}</td><td class="second">{}</td><td class="third">{}</td></tr>'
    number = '<tr><td class="cellGrey">EudraCT Number:</td><td class="cellLighterGrey">2016-099300-36</td></tr>'
    title = row.format("A.3", "Full title of the trial", "<table><tr><td>A title</td></tr>")
    plan = row.format("A.7", "Trial is part of a Paediatric Investigation Plan", "Yes")
    trial = parse(f"<html><body><table>{number}{title}{plan}</table></body></html>".encode()).trial

    assert (trial.scientific_title, trial.scientific_title_translations) == ("A title", ())
    assert trial.paediatric_plan is True
