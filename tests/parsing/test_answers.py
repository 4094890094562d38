"""What a source turns out to be: an answer without records, an archive in another one, a page with more than rows."""

import gzip
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.counting import some
from trialparse.diagnostics import NotOneRecord, Problem, Severity, TrialParseError, UnrecognisedFormat
from trialparse.model import Missing
from trialparse.model.values import Coded
from trialparse.parsing.calls import parse, read, sniff
from trialparse.parsing.parsed import Failure, Outcome, Parsed
from trialparse.registries.ctis import PORTAL_CSV

EMPTY_PAGE = b'{"showWarning": false, "pagination": {"totalRecords": 0}, "data": []}'


def parsed(source: bytes | Path) -> list[Parsed]:
    """Return the records of a source, all of which are readable."""
    found = list(read(source))
    assert all(isinstance(outcome, Parsed) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Parsed)]


def refusal(source: bytes) -> TrialParseError:
    """Return why a source cannot be read, be it the whole of it or its only member."""
    try:
        (outcome,) = read(source)
    except TrialParseError as error:
        return error
    assert isinstance(outcome, Failure)
    return outcome.error


def zipped(data: bytes) -> bytes:
    """Return a zip with one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", data)
    return file.getvalue()


class TestNoRecord:
    """A source of a known format without records gives none, and `parse` says what it is."""

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            (EMPTY_PAGE, "an answer of the register's search without results"),
            (b"[" + EMPTY_PAGE + b"]", "an answer of the register's search without results"),
            (EMPTY_PAGE.replace(b"0", b"40"), "without results, 0 of 40 records"),
            (b"<trials/>", "a document <trials> without a <trial>"),
            (b"PK\5\6" + bytes(18), "an archive without files"),
            ((",".join(PORTAL_CSV.notation.columns) + "\n").encode(), "a table without a row below its header"),
        ],
    )
    def test_it_is_told_as_what_it_is(self, source: bytes, said: str) -> None:
        assert list(read(source)) == []
        with pytest.raises(NotOneRecord, match=f"the source holds no record: it is .*{re.escape(said)}$"):
            parse(source)

    def test_an_element_that_is_no_record_is_a_failure(self) -> None:
        (found,) = read(b"<trials>\n<record><main/></record></trials>")
        assert isinstance(found, Failure)
        assert "<record>" in str(found.error)

    def test_its_format_is_known_all_the_same(self) -> None:
        assert sniff(EMPTY_PAGE).name == "ctis-search"
        assert sniff(b"<trials/>").name == "ictrp-registry-xml"
        with pytest.raises(NotOneRecord, match="an archive without files"):
            sniff(b"PK\5\6" + bytes(18))

    def test_among_others_it_is_passed_by(self, fixtures: Path) -> None:
        page = (fixtures / "ctis" / "search_2026.json").read_bytes()
        line = json.dumps(json.loads(page)).encode()
        for source in (b"[" + EMPTY_PAGE + b"," + page + b"]", EMPTY_PAGE + b"\n" + line):
            assert [one.trial for one in read(source)] == [one.trial for one in read(page)]


class TestArchives:
    """Only the outer archive is opened; one within it is told as what it is."""

    @pytest.mark.parametrize("inner", [zipped, lambda data: gzip.compress(gzip.compress(data))])
    @pytest.mark.parametrize("outer", [gzip.compress, zipped])
    def test_an_archive_within_an_archive(
        self, inner: Callable[[bytes], bytes], outer: Callable[[bytes], bytes]
    ) -> None:
        error = refusal(outer(inner(b"{}")))
        assert isinstance(error, UnrecognisedFormat)
        assert re.match(r"a (zip|gzip) within an archive", str(error))


class TestLines:
    """A line of JSON lines may be any JSON value that a document may be."""

    def test_arrays(self, fixtures: Path) -> None:
        line = json.dumps(json.loads((fixtures / "ctis" / "evaluation.json").read_bytes())).encode()
        assert line.startswith(b"[")
        *found, nothing = read(line + b"\n" + line + b"\nnull\n")
        assert [one.trial for one in found] == [one.trial for one in read(line)] * 2
        assert isinstance(nothing, Failure)
        assert (str(nothing.place), str(nothing.error)) == (
            f"record {len(found)} /line 3",
            "the document is a single JSON value, not an export",
        )


class TestNumbersOfFailures:
    """A record that cannot be read has the numbers of registers that it begins with, and the first is its own."""

    def test_of_json(self, fixtures: Path) -> None:
        expected, found = [], []
        for path in (*fixtures.glob("ctis/*.json"), *fixtures.glob("ctgov/*.json")):
            try:
                record = parse(path)
            except TrialParseError:
                continue
            line = json.dumps(json.loads(path.read_bytes())).encode()
            number = record.trial.id
            if number is not None and number.encode() in line[:1000]:
                expected.append(number)
                found += [one.numbers[0].value for one in read(line + b"\n" + line[:-1] + b"\n") if not one.ok]

        assert len(expected) > 15
        assert expected == found

    @pytest.mark.parametrize(
        "name", ["ctgov/study.json", "ctgov/legacy_2016.xml", "ctgov/classic.csv", "euctr/cut.txt"]
    )
    def test_of_records_in_any_notation(self, fixtures: Path, name: str) -> None:
        records, refused = [*read(fixtures / name)], [*read(fixtures / name, raise_at=min(Severity))]
        found = [(one.trial.id, other.numbers) for one, other in zip(records, refused, strict=True) if not other.ok]

        assert found
        assert all(own in [one.value for one in numbers] for own, numbers in found)


def told(outcome: Outcome) -> set[tuple[Problem, str]]:
    """Return problems and places of a record."""
    assert isinstance(outcome, Parsed)
    return {(found.problem, found.place.path) for found in outcome.diagnostics}


class TestPages:
    """What a page says beside its rows is accounted for with its first record."""

    @pytest.fixture
    def page(self, fixtures: Path) -> str:
        """Return a page of two rows without its opening brace."""
        return (fixtures / "ctis" / "search_2024_06.json").read_text("utf-8").lstrip().removeprefix("{")

    def test_unknown_keys_are_unmapped(self, page: str) -> None:
        first, second = parsed(f'{{"hint": {{"b": [0]}}, {page}'.encode())
        assert (first.audit().unmapped, first.audit().places) == ({"hint.b": 1}, {"hint.b": "/hint/b/0"})
        assert second.audit().unmapped == {}

    @pytest.mark.parametrize("colon", [":", " : "])
    def test_keys_that_stand_twice_are_told(self, page: str, colon: str) -> None:
        twice = f'"data"{colon}[{{"ctNumber"{colon}"1"}}], "pagination"{colon}{{"a"{colon}1}}, '
        first, second = parsed(f"{{{twice}{page}".replace('":', f'"{colon}').encode())
        assert told(first) >= {(Problem.DUPLICATE_KEY, "/data"), (Problem.DUPLICATE_KEY, "/pagination")}
        assert Problem.DUPLICATE_KEY not in {problem for problem, _ in told(second)}
        assert first.audit().unmapped == {"data.ctNumber": 1}

    def test_nor_are_their_words_where_contacts_are_left_out(self, page: str) -> None:
        (first, _) = read(('{"pagination": "Ada Person", ' + page).encode(), contacts=False)
        assert isinstance(first, Parsed)
        (doubled,) = [found for found in first.diagnostics if found.problem is Problem.DUPLICATE_KEY]
        assert doubled.text == "(withheld)"

    def test_in_what_it_says_of_itself_too(self, page: str) -> None:
        first, _ = parsed(("[{" + page.replace('"totalPages"', '"totalRecords"') + "]").encode())
        assert (Problem.DUPLICATE_KEY, "/0/pagination/totalRecords") in told(first)

    def test_keys_that_stand_once_are_not_told(self, page: str) -> None:
        for colon in (":", " : "):
            first, _ = parsed(("{" + page.replace('":', f'"{colon}')).encode())
            assert told(first) == set()


class TestTables:
    """A table's places are those of the file, whatever parts its cells and whatever its columns are called there."""

    @pytest.mark.parametrize("contacts", [True, False])
    def test_a_renamed_column(self, fixtures: Path, contacts: bool) -> None:
        file = fixtures / "ctis" / "portal_renamed.csv"
        here = file.read_text("utf-8-sig").partition(",")[0]
        assert here not in PORTAL_CSV.notation.columns
        first, *_ = read(file, contacts=contacts)
        assert isinstance(first, Parsed)
        ((place, words),) = first.evidence("id").sources
        assert (place.path, words) == (f"line 2, column {here}", first.trial.id)
        assert isinstance(first.raw, dict)
        assert first.raw[here] == words
        assert PORTAL_CSV.notation.columns[0] not in first.raw

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_what_a_spreadsheet_makes_of_it(self, fixtures: Path, delimiter: str) -> None:
        import csv

        file = fixtures / "ctis" / "portal.csv"
        made = io.StringIO()
        with file.open(encoding="utf-8-sig", newline="") as table:
            csv.writer(made, delimiter=delimiter).writerows(csv.reader(table))
        for one, other in some(zip(parsed(made.getvalue().encode()), parsed(file), strict=True), 3):
            assert (one.trial, one.evidence()) == (other.trial, other.evidence())
            assert {found.problem for found in one.diagnostics} <= {found.problem for found in other.diagnostics}


def comparisons(cls: type, work: Callable[[], object]) -> int:
    """Return how often two values of a class were compared."""
    compare, count = cls.__eq__, itertools.count()

    def counted(one: object, other: object) -> Any:
        next(count)
        return compare(one, other)

    with mock.patch.object(cls, "__eq__", counted):
        work()
    return next(count)


class TestLongLists:
    """What is done with an item of a long list is not done with all the others: twice as many take twice as long."""

    @staticmethod
    def record(fixtures: Path, count: int) -> bytes:
        """Return a record with many translations of an unknown language and many areas that are told once each."""
        record = json.loads((fixtures / "ctis" / "multinational.json").read_bytes())
        part = record["authorizedApplication"]["authorizedPartI"]
        identifiers = part["trialDetails"]["clinicalTrialIdentifiers"]
        (translation, *_) = identifiers["fullTitleTranslations"]
        identifiers["fullTitleTranslations"] = [dict.fromkeys(translation, f"X{index}") for index in range(count)]
        (area, *_) = part["therapeuticAreas"]
        part["therapeuticAreas"] = [dict.fromkeys(area, f"X{index}") for index in range(count)]
        return json.dumps(record).encode()

    @pytest.mark.parametrize("cls", [Coded, Missing])
    def test_values_are_compared_with_few_others(self, fixtures: Path, cls: type) -> None:
        few, many = (self.record(fixtures, count) for count in (100, 200))
        once, twice = (comparisons(cls, lambda data=data: parse(data).diagnostics) for data in (few, many))
        assert twice <= 2 * once + 100


class TestArguments:
    """What a caller asks for is checked when it is asked for."""

    @pytest.mark.parametrize("name", ["contacts", "results", "keep_raw"])
    @pytest.mark.parametrize("value", ["no", 0, None])
    def test_a_truth_value(self, name: str, value: Any) -> None:
        with pytest.raises(TypeError, match=f"^{name} takes True or False, not "):
            read(b"{}", **{name: value})

    def test_an_unknown_format_is_an_error_whatever_the_source(self, fixtures: Path) -> None:
        source = io.BytesIO()
        with zipfile.ZipFile(source, "w") as archive:
            for name in ("a.json", "b.json"):
                archive.write(fixtures / "ctis" / "immunostem.json", name)
        for data in (source.getvalue(), b"", b"x"):
            with pytest.raises(UnrecognisedFormat, match=r"^there is no format 'nope'; known are "):
                read(data, format="nope")
            with pytest.raises(UnrecognisedFormat, match=r"^there is no format 'nope'; known are "):
                parse(data, format="nope")
