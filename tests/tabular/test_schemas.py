"""The schema of a table: the same whatever the records, and each column explains itself."""

from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from tests.tabular.made import filled
from trialparse import Trial, read, tabular
from trialparse.model import terms


def schemas(records) -> dict[str, pa.Schema]:  # type: ignore[no-untyped-def]
    """Return the schemas of the tables of these records."""
    return {name: table.schema for name, table in tabular.tables(records).items()}


class TestSchemas:
    """No column depends on the data."""

    def test_of_no_record(self) -> None:
        assert {**tabular.SCHEMAS} == schemas([])
        assert 55 < len(tabular.SCHEMAS)

    def test_of_an_empty_trial(self) -> None:
        assert {**tabular.SCHEMAS} == schemas([Trial()])

    def test_of_trials_with_nearly_all_fields(self) -> None:
        assert {**tabular.SCHEMAS} == schemas(filled(Random(seed)) for seed in range(3))

    def test_of_each_fixture(self, record_file: Path) -> None:
        assert {**tabular.SCHEMAS} == schemas(read(record_file))

    def test_metadata_are_the_same_too(self) -> None:
        found = tabular.tables([Trial()])

        assert all(found[name].schema.equals(schema, check_metadata=True) for name, schema in tabular.SCHEMAS.items())

    def test_one_by_its_name(self) -> None:
        assert tabular.schema("countries") is tabular.SCHEMAS["countries"]


class TestMetadata:
    """Each column says what it means."""

    @pytest.mark.parametrize(
        ("table", "column", "said"),
        [
            ("trials", "phases", {"path": "phases", "trds": "15", "vocabulary": "Phase"}),
            ("trials", "planned", {"path": "enrolment.planned", "trds": "17", "unit": "participants"}),
            ("countries", "start_date", {"path": "countries[].start", "trds": "11"}),
            ("dates", "date", {"path": "dates.*"}),
            ("interventions", "form", {"path": "interventions[].form.term", "trds": "13"}),
            ("results_adverse_events", "list", {"path": "results.adverse_events.{serious,non_serious}[]"}),
        ],
    )
    def test_one(self, table: str, column: str, said: dict[str, str]) -> None:
        metadata = tabular.schema(table).field(column).metadata or {}
        found = {key.decode(): text.decode() for key, text in metadata.items()}

        assert said.items() <= found.items()
        assert len(found["meaning"]) > 5

    def test_each_item_of_the_data_set(self) -> None:
        named = {
            item
            for schema in tabular.SCHEMAS.values()
            for field in schema
            for item in (field.metadata or {}).get(b"trds", b"").decode().split(", ")
        }

        assert {str(number) for number in range(1, 25)} == named - {""}

    def test_each_vocabulary_is_one(self) -> None:
        named = {
            (field.metadata or {}).get(b"vocabulary", b"").decode()
            for schema in tabular.SCHEMAS.values()
            for field in schema
        } - {"", "Severity"}

        assert len(named) > 30
        assert [] == [name for name in named if not hasattr(terms, name)]

    def test_keys_are_never_null(self) -> None:
        keys = [field.name for field in tabular.schema("country_events") if not field.nullable]

        assert ["trial", "record", "country_index", "event_index"] == keys
