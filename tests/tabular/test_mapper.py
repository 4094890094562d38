"""Sources in batches become rows: the same as record by record, whatever holds them, and nothing is raised or lost."""

import gzip
import json
import pickle
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES, few, fixture_files
from tests.tabular.sources import generated
from trialparse import Failure, Limits, Place, TrialParseError, read, tabular
from trialparse.parsing.parsed import Outcome
from trialparse.tabular.sources import pieces, source_schema

FILES = fixture_files()
COMBINED = "country_differences"
"""The table that only combined records have rows in."""
EXPORT = (FIXTURES / "ctis" / "immunostem.json").read_bytes()
ROW = (FIXTURES / "ctis" / "search_row_v1.json").read_bytes()
NUMBER = "2026-590101-24-00"


def sources(*contents: bytes | str | None) -> pa.Table:
    """Return contents as a table of sources."""
    kind = pa.string() if any(isinstance(content, str) for content in contents) else pa.binary()
    return pa.table({"source": [*map(str, range(len(contents)))], "content": pa.array(contents, kind)})


def of_table(rows: pa.Table, name: str) -> pa.Table:
    """Return the rows of one table among those of all, with the columns that it has by itself."""
    columns = tabular.mapper().columns(name)
    found = rows.filter(pc.field("table") == name).select([*columns]).rename_columns([*columns.values()])
    return found.cast(source_schema(name))


def outcomes(paths: list[Any]) -> Iterator[tuple[str, Outcome]]:
    """Yield what files give, and an error of a whole file as its only failure."""
    for path in paths:
        try:
            found = [*read(path.read_bytes())]
        except TrialParseError as error:
            found = [Failure(index=0, place=Place(path=""), error=error)]
        yield from ((str(path), outcome) for outcome in found)


@pytest.fixture(scope="module")
def fixtures() -> pa.Table:
    """Return all fixtures as sources."""
    contents = [path.read_bytes() for path in FILES]
    return pa.table({"source": [*map(str, FILES)], "content": pa.array(contents, pa.binary())})


@pytest.fixture(scope="module")
def some(fixtures: pa.Table) -> pa.Table:
    """Return some of the fixtures."""
    return fixtures.take(pa.array(range(0, len(FILES), 8)))


@pytest.fixture(scope="module")
def all_rows(fixtures: pa.Table) -> pa.Table:
    """Return the rows of all tables of all fixtures."""
    return tabular.mapper().map_table(fixtures).combine_chunks()


@pytest.fixture(scope="module")
def expected() -> dict[str, pa.Table]:
    """Return the rows that all fixtures must have in each table, made record by record."""
    found: dict[str, list[pa.RecordBatch]] = {name: [] for name in tabular.SCHEMAS}
    for piece in pieces(outcomes(FILES)):
        for name, batch in piece.items():
            found[name].append(batch)
    return {name: pa.Table.from_batches(batches, source_schema(name)) for name, batches in found.items()}


class TestAllTables:
    """The rows of all tables from reading once; filtered by `table` they are the rows of each."""

    @pytest.mark.parametrize("name", tabular.SCHEMAS)
    def test_filtered_they_are_those_of_each(
        self, name: str, all_rows: pa.Table, expected: dict[str, pa.Table]
    ) -> None:
        assert (name != COMBINED) == (expected[name].num_rows > 0)
        assert expected[name].combine_chunks() == of_table(all_rows, name).combine_chunks()

    def test_no_row_is_of_another(self, all_rows: pa.Table, expected: dict[str, pa.Table]) -> None:
        assert sum(table.num_rows for table in expected.values()) == all_rows.num_rows
        assert {*expected} - {COMBINED} == {*all_rows["table"].to_pylist()}

    def test_other_columns_are_null(self, all_rows: pa.Table) -> None:
        countries = all_rows.filter(pc.field("table") == "countries")
        filled = {name for name in countries.column_names if countries[name].null_count < countries.num_rows}

        assert countries.num_rows > 20
        assert {"table", "code"} < filled
        assert filled <= {"table", *tabular.mapper().columns("countries")}


class TestColumns:
    """A column of all tables has one name and one type."""

    def test_each_name_once(self) -> None:
        """The name of a table before a name makes none that is there already."""
        names = tabular.mapper().schema.names

        assert ["table", "source", "trial", "record"] == names[:4]
        assert len(names) == len({*names})

    @pytest.mark.parametrize("table", tabular.SCHEMAS)
    def test_those_of_a_table(self, table: str) -> None:
        schema, own = tabular.mapper().schema, source_schema(table)
        columns = tabular.mapper().columns(table)

        assert own.names == [*columns.values()]
        assert own.types == [schema.field(name).type for name in columns]
        assert {f"{table}_{one}" for name, one in columns.items() if name != one} == {
            name for name, one in columns.items() if name != one
        }

    def test_types_that_differ(self) -> None:
        """One name, several types: the tables' names go before it, those of all tables that have it."""
        columns = {table: tabular.mapper().columns(table) for table in tabular.SCHEMAS}

        assert "number" == columns["periods"]["periods_number"]
        assert "number" == columns["criteria"]["criteria_number"]
        assert "number" not in tabular.mapper().schema.names
        assert "name" in columns["interventions"]

    def test_what_they_mean(self) -> None:
        schema = tabular.mapper().schema

        assert b"Name of the table" in schema.field("table").metadata[b"meaning"]
        assert b"its index in its source" in schema.field("record").metadata[b"meaning"]
        assert b"phases" == schema.field("phases").metadata[b"path"]
        assert schema.field("name").metadata is None

    def test_never_null(self) -> None:
        assert ["table", "source", "trial", "record"] == [
            field.name for field in tabular.mapper().schema if not field.nullable
        ]

    def test_of_one_table(self) -> None:
        mapper = tabular.mapper("countries")

        assert source_schema("countries") == mapper.schema
        assert mapper.schema.names == [*mapper.columns("countries")] == [*mapper.columns("countries").values()]
        with pytest.raises(ValueError, match="the rows are of 'countries', not of 'trials'"):
            mapper.columns("trials")

    def test_of_no_table(self) -> None:
        with pytest.raises(ValueError, match="no table 'country'; did you mean"):
            tabular.mapper().columns("country")


@pytest.mark.parametrize("name", ["trials", "countries", "results_outcome_values", "diagnostics"])
def test_one_table(name: str, fixtures: pa.Table, expected: dict[str, pa.Table]) -> None:
    assert expected[name].num_rows > 10
    assert expected[name].combine_chunks() == tabular.mapper(name).map_table(fixtures).combine_chunks()


class TestGenerated:
    """Generated records, some of them bad."""

    def test_nothing_is_lost(self) -> None:
        made = generated(300, 15)
        found = {name: tabular.mapper(name).map_table(made.table) for name in ("trials", "diagnostics")}
        errors = found["diagnostics"].filter(pc.field("severity") == "ERROR").to_pylist()

        assert (285, 15) == (len(made.numbers), len(made.bad))
        assert made.numbers == [(row["source"], row["record"], row["trial"]) for row in found["trials"].to_pylist()]
        assert 15 == len(errors)
        assert {*made.bad} == {(row["source"], row["record"]) for row in errors}

    def test_however_they_are_divided(self) -> None:
        made = generated(100, 5).table
        mapper = tabular.mapper()
        whole = mapper.map_table(made)
        parts = [mapper.map_table(made.slice(at, 2)) for at in range(0, made.num_rows, 2)]
        order = [("table", "ascending"), ("source", "ascending"), ("record", "ascending")]

        assert len(parts) > 5
        assert whole.sort_by(order) == pa.concat_tables(parts).sort_by(order)


class TestContents:
    """What the two columns may be."""

    @pytest.mark.parametrize(
        "kind",
        [
            pa.binary(),
            pa.large_binary(),
            pa.binary_view(),
            pa.binary(len(EXPORT)),
            pa.string(),
            pa.large_string(),
            pa.string_view(),
            pa.dictionary(pa.int32(), pa.string()),
            pa.dictionary(pa.int8(), pa.binary()),
        ],
        ids=str,
    )
    def test_types(self, kind: pa.DataType) -> None:
        is_text = "string" in str(kind)
        contents = pa.array([EXPORT.decode() if is_text else EXPORT, None], pa.string() if is_text else pa.binary())
        given = contents.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else contents.cast(kind)
        found = tabular.mapper().map_table(pa.table({"source": ["0", "1"], "content": given}))

        assert kind == given.type
        assert tabular.mapper().map_table(sources(EXPORT, None)) == found
        assert 1 == found["table"].to_pylist().count("trials")

    @pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
    def test_dictionaries_of_contents(self, kind: pa.DataType) -> None:
        contents = pa.DictionaryArray.from_arrays(pa.array([1, None, 1], pa.int8()), pa.array([b"", EXPORT], kind))
        rows = tabular.mapper().map_table(pa.table({"source": ["a", "b", "c"], "content": contents})).to_pylist()

        assert ["a", "c"] == [row["source"] for row in rows if row["table"] == "trials"]
        assert ["the content is null"] == [row["text"] for row in rows if row["source"] == "b"]

    @pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int16(), pa.string())])
    def test_types_of_names(self, kind: pa.DataType) -> None:
        names = pa.array(["a/ä.json", None])
        names = names.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else names.cast(kind)
        found = tabular.mapper("trials").map_table(pa.table({"content": [EXPORT, EXPORT], "source": names}))

        assert ["a/ä.json", ""] == found["source"].to_pylist()

    def test_several_records_and_packed_ones(self) -> None:
        record = json.loads(EXPORT)
        lines = b"\n".join([json.dumps(record).encode()] * 3)
        found = tabular.mapper("trials").map_table(
            sources(lines, gzip.compress(lines), json.dumps([record] * 2).encode())
        )

        assert [("0", 0), ("0", 1), ("0", 2), ("1", 0), ("1", 1), ("1", 2), ("2", 0), ("2", 1)] == [
            *zip(found["source"].to_pylist(), found["record"].to_pylist(), strict=True)
        ]

    @pytest.mark.parametrize("encoding", ["ISO-8859-1", "us-ascii", "utf-16", "no such one"])
    def test_a_text_is_utf_8_whatever_it_declares(self, encoding: str) -> None:
        """What decoded it has not changed its declaration, and read as that it would be another text."""
        xml = (FIXTURES / "rebec" / "registry.xml").read_text("utf-8")
        declared = xml.replace('encoding="UTF-8"', f'encoding="{encoding}"', 1)
        one, other = (tabular.mapper("trials").map_table(sources(text)) for text in (xml, declared))

        assert declared != xml
        assert not xml.isascii()
        assert 1 < one.num_rows
        assert one == other

    def test_other_columns_are_left_aside(self) -> None:
        given = sources(EXPORT).append_column("length", pa.array([1])).append_column("length", pa.array([2]))

        assert [NUMBER] == tabular.mapper("trials").map_table(given)["trial"].to_pylist()

    @pytest.mark.parametrize(
        ("given", "error", "message"),
        [
            ({"path": ["a"], "content": [b""]}, ValueError, "no columns are named 'source'.* there are path, content"),
            ({"source": ["a"]}, ValueError, "no columns are named 'content'"),
            ({"source": [1], "content": [b""]}, TypeError, "'source' takes texts, and is of type int64"),
            ({"source": [b"a"], "content": [b""]}, TypeError, "'source' takes texts, and is of type binary"),
            ({"source": ["a"], "content": [["a"]]}, TypeError, "'content' takes bytes or texts, and is of type list"),
            ({"source": ["a"], "content": [1.5]}, TypeError, "'content' takes bytes or texts, and is of type double"),
        ],
    )
    def test_wrong_columns(self, given: dict[str, Any], error: type[Exception], message: str) -> None:
        table = pa.table(given)
        with pytest.raises(error, match=message):
            tabular.mapper().map_table(table)
        with pytest.raises(error, match=message):
            tabular.mapper().map_table(table.slice(0, 0))
        with pytest.raises(error, match=message):
            next(tabular.mapper()(iter(table.to_batches())))

    def test_a_column_that_is_there_twice(self) -> None:
        twice = sources(EXPORT).append_column("source", pa.array(["b"]))
        with pytest.raises(ValueError, match="2 columns are named 'source'"):
            tabular.mapper().map_table(twice)

    def test_no_sources(self) -> None:
        assert tabular.mapper().schema.empty_table() == tabular.mapper().map_table(sources())
        assert [] == [*tabular.mapper()(iter([]))]


class TestBadOnes:
    """What cannot be read has a row in `diagnostics`, and nothing is raised."""

    def test_of_a_source(self) -> None:
        found = tabular.mapper().map_table(sources(EXPORT, None, b"", b"\x00", EXPORT))
        rows = [row for row in of_table(found, "diagnostics").to_pylist() if row["severity"] == "ERROR"]

        assert ["0", "4"] == of_table(found, "trials")["source"].to_pylist()
        assert [("1", 0, 1), ("2", 0, 1), ("3", 0, 1)] == [(row["source"], row["record"], row["count"]) for row in rows]
        assert ["the content is null", "the document is empty, so fetch it again"] == [row["text"] for row in rows][:2]
        assert {"UnrecognisedFormat"} == {row["problem"] for row in rows}

    def test_records_before_the_error_of_a_source_are_kept(self) -> None:
        """The row of the error has the index that follows them, those that are no records counted."""
        record = json.dumps(json.loads(EXPORT)).encode()
        cut = b"[" + b",".join([record, b"{}", b"{}", record, record[: len(record) // 2]])
        found = tabular.mapper().map_table(sources(cut))
        errors = of_table(found, "diagnostics").filter(pc.field("severity") == "ERROR")

        assert [0, 3] == of_table(found, "trials")["record"].to_pylist()
        assert [(1, 2), (4, 1)] == [*zip(errors["record"].to_pylist(), errors["count"].to_pylist(), strict=True)]
        assert "MalformedDocument" == errors["problem"].to_pylist()[-1]

    @few
    @given(contents=st.lists(st.one_of(st.none(), st.binary(max_size=100), st.just(ROW)), max_size=5))
    def test_of_any_bytes(self, contents: list[bytes | None]) -> None:
        found = tabular.mapper().map_table(sources(*contents))
        kept = {int(one) for one in found["source"].to_pylist()}
        trials = of_table(found, "trials")["source"].to_pylist()

        assert {*range(len(contents))} == kept
        assert [str(at) for at, content in enumerate(contents) if content == ROW] == trials

    @few
    @given(at=st.integers(0, len(EXPORT) - 1))
    def test_of_cut_texts(self, at: int) -> None:
        found = tabular.mapper().map_table(sources(EXPORT[:at].decode("utf-8", "ignore")))

        assert 1 <= of_table(found, "diagnostics").num_rows
        assert 0 == of_table(found, "trials").num_rows


class TestBatches:
    """Batches are bounded, and few records are held."""

    @pytest.mark.parametrize("table", [None, "countries"])
    def test_by_rows(self, table: str | None, monkeypatch: pytest.MonkeyPatch, some: pa.Table) -> None:
        whole = tabular.mapper(table).map_table(some)
        monkeypatch.setattr("trialparse.tabular.engines._ROWS", 5)
        found = [*tabular.mapper(table)(iter(some.to_batches()))]
        order = [("source", "ascending"), ("record", "ascending")]
        order = order if table else [("table", "ascending"), *order]

        assert len(found) > 5
        assert max(batch.num_rows for batch in found) <= 5
        assert whole.sort_by(order) == pa.Table.from_batches(found).sort_by(order)

    @pytest.mark.parametrize(("table", "most"), [(None, 2**15), ("trials", 2**13)])
    def test_by_bytes(self, table: str | None, most: int, monkeypatch: pytest.MonkeyPatch, some: pa.Table) -> None:
        monkeypatch.setattr("trialparse.tabular.engines._BYTES", most)
        found = [*tabular.mapper(table)(iter(some.to_batches()))]

        assert len(found) > 5
        assert any(batch.num_rows > 1 for batch in found)
        assert [] == [batch for batch in found if batch.nbytes > most and batch.num_rows > 1]

    def test_as_they_are(self, fixtures: pa.Table) -> None:
        """A batch has rows of many tables, as each table has few of one record."""
        found = [*tabular.mapper()(iter(fixtures.to_batches()))]

        assert 1 <= len(found) < 10
        assert len({*found[0]["table"].to_pylist()}) > 10
        assert max(batch.nbytes for batch in found) <= 2**24
        assert {tabular.mapper().schema} == {batch.schema for batch in found}

    def test_a_stream_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("trialparse.tabular.engines._ROWS", 100)
        [batch] = sources(EXPORT).to_batches()
        taken = 0

        def stream() -> Iterator[pa.RecordBatch]:
            nonlocal taken
            while True:
                taken += 1
                yield batch

        [first] = islice(tabular.mapper("trials")(stream()), 1)

        assert 50 <= first.num_rows <= 100
        assert 128 == taken


class TestOptions:
    """The arguments are those of `read`."""

    def test_they_are_used(self) -> None:
        with_results = (FIXTURES / "ctgov" / "results.json").read_bytes()
        inside = b'{"payload": {"records": [' + EXPORT + b"]}}"

        assert 0 < tabular.mapper("results_outcomes").map_table(sources(with_results)).num_rows
        assert 0 == tabular.mapper("results_outcomes", results=False).map_table(sources(with_results)).num_rows
        assert 0 < tabular.mapper("contacts").map_table(sources(EXPORT)).num_rows
        assert ["ctis-retrieve"] == tabular.mapper("trials", records_at="payload.records").map_table(sources(inside))[
            "format"
        ].to_pylist()
        assert 0 == tabular.mapper("trials", format="ctgov-study").map_table(sources(EXPORT)).num_rows
        assert 0 == tabular.mapper("trials", limits=Limits(record=100)).map_table(sources(EXPORT)).num_rows

    def test_contacts_withheld(self) -> None:
        persons = tabular.mapper("contacts").map_table(sources(EXPORT))
        names = {name for name in persons["name"].to_pylist() if name}
        withheld = tabular.mapper(contacts=False).map_table(sources(EXPORT))
        left = {text for column in withheld.columns for text in column.to_pylist() if isinstance(text, str)}

        assert len(names) >= 1
        assert set() == names & left

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"table": "country"}, ValueError, "no table 'country'"),
            ({"format": "ctiss"}, ValueError, "ctiss"),
            ({"contacts": "no"}, TypeError, "contacts takes True or False"),
            ({"language": "xyz"}, ValueError, "xyz"),
            ({"limits": 5}, TypeError, "limits takes Limits"),
        ],
    )
    def test_wrong_ones(self, options: dict[str, Any], error: type[Exception], message: str) -> None:
        """They are refused here, and not in each process of a cluster."""
        with pytest.raises(error, match=message):
            tabular.mapper(**options)


class TestPickle:
    """It goes to other processes."""

    @pytest.mark.parametrize("table", [None, "trials"])
    def test_it_is_small(self, table: str | None) -> None:
        mapper = tabular.mapper(table, contacts=False, limits=Limits(depth=30))
        text = pickle.dumps(mapper)
        again = pickle.loads(text)

        assert len(text) < 1000
        assert mapper.map_table(sources(EXPORT)) == again.map_table(sources(EXPORT))
        assert mapper.schema.equals(again.schema, check_metadata=True)

    def test_its_method_too(self) -> None:
        """Ray and Dask send the method."""
        method = pickle.loads(pickle.dumps(tabular.mapper("trials").map_table))

        assert [NUMBER] == method(sources(EXPORT))["trial"].to_pylist()

    def test_repr(self) -> None:
        assert "<Mapper of all tables>" == repr(tabular.mapper())
        assert "<Mapper of countries>" == repr(tabular.mapper("countries"))
