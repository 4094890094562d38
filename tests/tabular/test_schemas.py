"""The schema of a table: the same whatever the records, and each column explains itself."""

import re
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from tests.tabular.made import filled
from trialparse import Trial, read, tabular
from trialparse.model import terms


def schemas(records: Iterable[Any]) -> dict[str, pa.Schema]:
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
            ("results_adverse_events", "list_name", {"path": "results.adverse_events.{serious,non_serious}[]"}),
        ],
    )
    def test_one(self, table: str, column: str, said: dict[str, str]) -> None:
        metadata = tabular.schema(table).field(column).metadata or {}
        found = {key.decode(): text.decode() for key, text in metadata.items()}

        assert said.items() <= found.items()
        assert len(found["meaning"]) > 5

    @pytest.mark.parametrize(
        ("table", "column", "items"),
        [
            ("trials", "acronym", "10"),
            ("trials", "countries_elsewhere", "11"),
            ("trials", "recruitment_start_precision", "16"),
            ("countries", "regulatory_status", "18"),
            ("countries", "authority", None),
            ("country_questions", "answered_estimated", None),
            ("country_differences", "value", None),
            ("condition_codes", "value", "12"),
            ("organisation_contacts", "name", "7, 8"),
            ("site_contacts", "email", "7, 8"),
        ],
    )
    def test_items_that_no_words_name(self, table: str, column: str, items: str | None) -> None:
        found = (tabular.schema(table).field(column).metadata or {}).get(b"trds")

        assert items == (None if found is None else found.decode())

    def test_meanings_are_those_of_tables(self) -> None:
        """`None`, the lines of a docstring and the table of a register are the model's, and mean nothing here."""
        said = [(field.metadata or {})[b"meaning"].decode() for schema in tabular.SCHEMAS.values() for field in schema]

        assert len(said) > 900
        assert [] == [text for text in said if re.search(r"\bNone\b|\n|knows|  ", text)]
        assert sum("null" in text for text in said) > 50

    def test_fields_that_explain_themselves(self) -> None:
        said = {name: (tabular.schema("trials").field(name).metadata or {})[b"meaning"] for name in ("sex", "planned")}

        assert {
            "sex": b"Sex of the participants.",
            "planned": b"How many participants (TRDS 17). Planned in all.",
        } == said

    @pytest.mark.parametrize(("column", "of"), [("intervention_types", "interventions"), ("countries", "countries")])
    def test_parallel_lists(self, column: str, of: str) -> None:
        said = (tabular.schema("trials").field(column).metadata or {})[b"meaning"].decode()

        assert said.endswith(f"One for each of `{of}`, in this order; null where it has none.")

    def test_the_mapping_lists_its_tables(self) -> None:
        assert repr(tabular.SCHEMAS).startswith(f"<schemas of {len(tabular.SCHEMAS)} tables: trials, details, ")

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
