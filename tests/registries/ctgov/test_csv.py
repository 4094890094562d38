"""Tables of ClinicalTrials.gov: any choice of columns, and what their cells report."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES
from tests.counting import readable, some
from trialparse import Parsed, Problem, UnrecognisedFormat, parse
from trialparse.registries.ctgov import CLASSIC_CSV, CSV
from trialparse.registries.ctgov.cells import ages, kinds, numbers, papers, places, plan, treatments

NUMBER = "NCT Number"
TABLES = {CSV.name: FIXTURES / "ctgov" / "studies.csv", CLASSIC_CSV.name: FIXTURES / "ctgov" / "classic.csv"}
COLUMNS = {format.name: format.notation.columns for format in (CSV, CLASSIC_CSV)}
OWN = {
    CSV.name: {*CSV.notation.columns} - {*CLASSIC_CSV.notation.columns},
    CLASSIC_CSV.name: {*CLASSIC_CSV.notation.columns} - {*CSV.notation.columns},
}
"""The columns that only one of the two tables has."""


def chosen(path: Path, columns: list[str], bom: bool = False) -> bytes:
    """Return a table with some of its columns."""
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    made = io.StringIO()
    writer = csv.DictWriter(made, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + made.getvalue().encode()


def one(column: str, cell: str, classic: bool = False) -> Parsed:
    """Return the record of a table with one cell beside the number and the title."""
    cells = {NUMBER: "NCT99990001", "Title" if classic else "Study Title": "A study", column: cell}
    made = io.StringIO()
    csv.writer(made).writerows([cells.keys(), cells.values()])
    return parse(made.getvalue().encode())


class TestColumns:
    """A table has the columns that its user chose; what was not chosen is not carried."""

    @pytest.mark.parametrize("name", TABLES)
    @given(data=st.data())
    def test_any_choice(self, name: str, data: st.DataObject) -> None:
        """What a column says does not depend on the others, and no choice says anything that the whole does not."""
        others = data.draw(
            st.lists(st.sampled_from([c for c in COLUMNS[name] if c != NUMBER]), min_size=1, unique=True)
        )
        columns = data.draw(st.permutations([NUMBER, *others]))
        if name == CLASSIC_CSV.name and OWN[name].isdisjoint(columns):
            columns = [*columns, "Rank"]
        whole = [record.trial for record in readable(TABLES[name])]
        found = readable(chosen(TABLES[name], columns, bom=data.draw(st.booleans())))

        assert {record.format.name for record in found} == {name}
        assert [record.trial.id for record in found] == [trial.id for trial in whole]
        for record, trial in zip(found, whole, strict=True):
            absent = tuple(f"{field}." for field in record.trial.not_carried)
            assert [] == [field for field in trial.not_carried if not f"{field}.".startswith(absent)]
            assert record.trial.acronym == (trial.acronym if "Acronym" in columns else None)
            assert ("acronym" in record.trial.not_carried) is ("Acronym" not in columns)
            assert record.trial.phases == (trial.phases if "Phases" in columns else frozenset())
            assert record.trial.conditions == (trial.conditions if "Conditions" in columns else ())
            assert record.trial.enrolment == (trial.enrolment if "Enrollment" in columns else type(trial.enrolment)())
            assert record.trial.dates.end == (trial.dates.end if "Completion Date" in columns else None)

    def test_columns_of_both(self) -> None:
        """Where a header has no column of its own, it is of the newer table; else that with more of them counts."""
        both = sorted({*COLUMNS[CSV.name]} & {*COLUMNS[CLASSIC_CSV.name]})
        shared = [NUMBER, *(column for column in both if column != NUMBER)]
        for columns, name in (
            (shared, CSV.name),
            ([*shared, "Title"], CLASSIC_CSV.name),
            ([*shared, "Study Title"], CSV.name),
            ([*shared, "Study Title", "Status"], CSV.name),
            ([*shared, "Study Title", "Status", "Gender"], CLASSIC_CSV.name),
        ):
            row = "NCT99990001" + "," * (len(columns) - 1)
            assert parse(f"{','.join(columns)}\n{row}\n".encode()).format.name == name

    @pytest.mark.parametrize("header", ["NCT_Number,Study_Title", "NCT_Number,Title,Status", "nct_id,brief_title"])
    def test_other_names(self, header: str) -> None:
        row = "NCT99990001" + ",x" * header.count(",")
        with pytest.raises(UnrecognisedFormat, match="a table of") as found:
            parse(f"{header}\n{row}\n".encode())

        assert found.value.kind in ("ctgov-renamed", "aact")

    def test_what_others_have_added(self) -> None:
        record = parse(b"NCT Number,Study Title,My notes\nNCT99990001,A study,read\n")

        assert (record.trial.public_title, record.audit().unmapped) == ("A study", {"My notes": 1})


REPORTED = {
    "studies.csv": {
        (None, Problem.ENCODING): 1,
        ("interventions[1].name", Problem.UNSPLIT_LIST): 1,
        ("endpoints[3].text", Problem.UNSPLIT_LIST): 1,
        ("countries[2].code", Problem.UNKNOWN_CODE): 1,
        ("conditions[0].text", Problem.UNSPLIT_LIST): 1,
        ("endpoints[0].text", Problem.UNSPLIT_LIST): 1,
        ("sponsors[0].type", Problem.UNKNOWN_TERM): 1,
        ("sponsors[1].name", Problem.UNSPLIT_LIST): 1,
        ("enrolment.unspecified", Problem.AMBIGUOUS): 1,
        ("design.time_perspectives", Problem.UNKNOWN_CODE): 1,
        ("dates.start", Problem.BAD_VALUE): 1,
        ("sites[0].address", Problem.UNSPLIT_LIST): 1,
    },
    "classic.csv": {
        ("sponsors", Problem.UNSPLIT_LIST): 2,
        ("dates.first_published", Problem.BAD_VALUE): 1,
    },
    "classic_tabs.tsv": {("eligibility.age_groups", Problem.UNKNOWN_CODE): 1},
}


class TestCells:
    """What a cell cannot say for certain is kept whole, or left out, and reported."""

    @pytest.mark.parametrize("name", REPORTED)
    def test_what_is_reported(self, name: str) -> None:
        records = readable(FIXTURES / "ctgov" / name)
        found = Counter((each.field, each.problem) for record in records for each in record.diagnostics)

        assert dict(found) == REPORTED[name]

    @pytest.mark.parametrize(
        ("cell", "date", "problem"),
        [
            ("2025-08", "2025-08", None),
            ("2025", "2025", None),
            ("September 20, 2018", "2018-09-20", None),
            ("June 2017", "2017-06", None),
            ("06-08-2025", "None", Problem.BAD_VALUE),
            ("Juni 2017", "None", Problem.BAD_VALUE),
        ],
    )
    @pytest.mark.parametrize("classic", [False, True])
    def test_dates(self, cell: str, date: str, problem: Problem | None, classic: bool) -> None:
        """What may be the eighth of June or the sixth of August is neither."""
        record = one("Start Date", cell, classic)

        assert str(record.trial.dates.start) == date
        assert [each.problem for each in record.diagnostics] == [problem] * (problem is not None)

    def test_a_page_cut_off(self) -> None:
        for address, problems in (
            ("https://clinicaltrials.gov/study/NCT99990001", []),
            ("https://clin", ["BAD_VALUE"]),
        ):
            record = one("Study URL", address)

            assert [each.problem.name for each in record.diagnostics] == problems
            assert record.trial.url == (None if problems else address)

    def test_null_is_nothing(self) -> None:
        for column in some(column for column in COLUMNS[CLASSIC_CSV.name] if column not in (NUMBER, "Title", "Rank")):
            record = one(column, "null", classic=True)

            assert (column, record.trial.missing, record.diagnostics) == (column, (), ())

    @pytest.mark.parametrize(
        ("names", "types", "terms"),
        [
            ("A|B|C", "Other", ["OTHER", "OTHER", "OTHER"]),
            ("A|B", "Industry|Other", ["INDUSTRY", "OTHER"]),
            ("A|B|C", "Industry|Other", ["INDUSTRY", None, None]),
            ("A", "", [None]),
            ("", "Industry|Other", ["INDUSTRY", "OTHER"]),
            ("A|B", "Charity", [None, None]),
        ],
    )
    def test_sponsors(self, names: str, types: str, terms: list[str | None]) -> None:
        """The types belong to the sponsors as far as their number says so."""
        record = parse(
            f"NCT Number,Title,Sponsor/Collaborators,Funded Bys\nNCT99990001,A study,{names},{types}\n".encode()
        )
        found = record.trial.sponsors

        assert [each.type and each.type.term for each in found] == terms
        assert [each.role.name for each in found if each.role] == ["PRIMARY", *["SUPPORT"] * (len(terms) - 1)]
        assert [each.name for each in found] == (names.split("|") if names else [None, None])


class TestOpeners:
    """What parts a cell, where it is not as it should be."""

    def test_treatments(self) -> None:
        assert treatments("A|DRUG: B|C|other: D: E") == [
            {"name": "A"},
            {"type": "DRUG", "name": "B|C"},
            {"type": "other", "name": "D: E"},
        ]
        assert treatments("Dose: A") == [{"name": "Dose: A"}]

    def test_places(self) -> None:
        assert places("A, B, Nowhere|Spain|C") == [
            {"address": "A, B", "country": "Nowhere"},
            {"address": "", "country": "Spain"},
            {"address": "C"},
        ]
        assert places("A|B, Congo, The Democratic Republic of the") == [
            {"address": "A|B", "country": "Congo, The Democratic Republic of the"}
        ]

    def test_ages(self) -> None:
        assert ages("18 Months to 3 Years \xa0 (Child)") == {
            "minimum": {"number": "18", "unit": "Months"},
            "maximum": {"number": "3", "unit": "Years"},
            "groups": ["Child"],
        }
        assert ages("up to 5 Days") == {"maximum": {"number": "5", "unit": "Days"}}
        assert ages("CHILD, ADULT") == {"groups": ["CHILD", "ADULT"]}
        assert ages("18 to 20 Years") == {"groups": ["18 to 20 Years"]}

    def test_kinds(self) -> None:
        assert kinds("INTERVENTIONAL") == {"type": "INTERVENTIONAL"}
        assert kinds('Expanded Access:Treatment IND/Protocol"') == {
            "type": "Expanded Access",
            "access": ["Treatment IND/Protocol"],
        }

    def test_numbers(self) -> None:
        assert numbers("A") == {"first": "A"}
        assert numbers("|A") == {"first": "|A"}
        assert numbers("A|B|C") == {"first": "A", "others": ["B", "C"]}

    def test_plan(self) -> None:
        assert plan("Masking: None (Open Label)|Masking: DOUBLE") == {
            "Masking": "None (Open Label)",
            "text": "Masking: DOUBLE",
        }
        assert plan("Allocation: NA|B | Masking: SINGLE (A, B) C") == {
            "Allocation": "NA|B",
            "Masking": "SINGLE (A, B) C",
        }

    def test_papers(self) -> None:
        assert papers("A letter|B, http://example.org/x.pdf") == [{"title": "A letter|B, http://example.org/x.pdf"}]
        assert papers('"A, B", http://example.org/Prot_0') == [
            {"title": "A, B", "url": "http://example.org/Prot_0", "file": "Prot_0", "kind": "Prot_0"}
        ]
