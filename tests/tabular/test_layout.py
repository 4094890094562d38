"""The table of columns: each path is one of the model, and each field of a trial is in a column, or left out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from trialparse.export.fields import fields
from trialparse.generated.classes import has_fields
from trialparse.model import Trial
from trialparse.model.values import PartialDate
from trialparse.tabular.layout import Column, Table, layout, left_out, table_of
from trialparse.tabular.paths import full, steps_of
from trialparse.tabular.rows import levels_of, rest_of
from trialparse.tabular.schemas import about
from trialparse.tsv import TableError

BESIDE_A_UNIT = ("trials", "details", "countries", "interventions", "substances")
COLUMNS = [(table, column) for table in layout().values() for column in table.columns]
HELD = {
    "string": {str},
    "bool": {bool},
    "int": {int},
    "float": {float, int},
    "date": {PartialDate},
    "precision": {PartialDate},
}
"""What columns of a type are made of."""


def leaves(cls: Any, before: str) -> Iterator[str]:
    """Yield the paths of the values in a record that hold no others; a date is one."""
    for field in fields(cls):
        many = field.container is tuple and has_fields(field.kind)
        path = f"{before}.{field.name}{'[]' if many else ''}".removeprefix(".")
        if has_fields(field.kind) and field.kind is not PartialDate:
            yield from leaves(field.kind, path)
        else:
            yield path


def written_out(path: str) -> Iterator[str]:
    """Yield the paths of a column for each of the fields that are taken in turn."""
    found = [""]
    for step in steps_of(path)[1:]:
        names = [name + ("[]" if step.many else "") for name in step.names]
        found = [f"{one}.{name}".removeprefix(".") for one in found for name in names]
    yield from found


def is_left_out(path: str) -> bool:
    """Whether a path is one that is left out, or below one."""
    return any(one[1:] in path if one.startswith("*") else path.startswith(one) for one in left_out())


def fits(table: Table, column: Column) -> bool:
    """Whether the type of a column is that of what its path leads to."""
    steps = steps_of(column.path)
    _, taken = rest_of(column.path, levels_of(table.rows))
    if column.type in ("index", "name"):
        return taken == len(steps)
    field = steps[-1].field
    is_list = any(step.many for step in steps[taken:]) or (field.container is not None and not steps[-1].many)
    return column.is_list == is_list and (str if field.is_term else field.kind) in HELD[column.type.strip("[]")]


def lacking(paths: Iterator[str]) -> list[str]:
    """Return those of the paths that no column has and that are not left out."""
    had = {path for _, column in COLUMNS if column.path[:1] != "@" for path in written_out(column.path)}
    return [path for path in paths if path not in had and not is_left_out(path)]


class TestModel:
    """Columns and model agree."""

    def test_columns_hold_what_their_paths_lead_to(self) -> None:
        assert len(COLUMNS) > 900
        assert [] == [(table.name, column.name) for table, column in COLUMNS if not fits(table, column)]

    def test_a_column_of_another_type_would_be_seen(self) -> None:
        table = table_of("trials")
        wrong = [Column("a", "int", "id"), Column("a", "string", "phases"), Column("a", "[string]", "status.trial")]

        assert [False, False, False] == [fits(table, column) for column in wrong]

    def test_each_field_of_a_trial_is_in_a_column_or_left_out(self) -> None:
        assert len([*leaves(Trial, "")]) > 700
        assert [] == lacking(leaves(Trial, ""))

    def test_a_new_field_would_be_seen(self) -> None:
        new = ["age", "countries[].population", "results.outcomes[].values[].median"]

        assert new == lacking(iter(new))

    def test_what_is_left_out_is_there_and_in_no_column(self) -> None:
        had = {path for _, column in COLUMNS if column.path[:1] != "@" for path in written_out(column.path)}

        assert [] == [path for path in had if is_left_out(path)]
        assert [] == [one for one in left_out() if not any(one.removeprefix("*") in path for path in leaves(Trial, ""))]
        assert [] == [one for one, reason in left_out().items() if len(reason) < 20]

    def test_a_path_that_is_none(self) -> None:
        for path, said in {
            "countries[].population": "Country has no population",
            "phases[]": "no list",
            "{id,phases}": "several types",
            "id.more": "has no more",
        }.items():
            with pytest.raises(TableError, match=said):
                steps_of(path)


class TestTables:
    """What is true of each table."""

    @pytest.mark.parametrize("table", layout().values(), ids=list(layout()))
    def test_its_columns(self, table: Table) -> None:
        names = [column.name for column in table.columns]
        keys = [column.path for column in table.columns if column.type in ("index", "name")]
        lists = [level for level in levels_of(table.rows)[1:] if level.many]
        choices = [level for level in levels_of(table.rows)[1:] if len(level.names) > 1]

        assert ["trial", "record"] == names[:2]
        assert [] == [name for name, count in Counter(names).items() if count > 1]
        assert sorted(full(key) for key in keys) == sorted(level.path for level in (*lists, *choices))
        assert [] == [column.name for column in table.columns if len(about(table, column)["meaning"]) < 4]
        assert table.meaning.endswith(".")

    @pytest.mark.parametrize("table", layout().values(), ids=list(layout()))
    def test_numbers_name_the_column_of_their_unit(self, table: Table) -> None:
        """A number beside a column of units has its name, so that nobody compares months with years."""
        names = {column.name for column in table.columns}
        measured = {
            column.name: unit
            for column in table.columns
            for stem in (column.name, column.name.rpartition("_")[0])
            for unit in (f"{stem}_unit", f"{stem}_units")
            if ("float" in column.type or column.name.endswith("_number")) and unit in names
        }

        named = {column.name: column.unit for column in table.columns if column.unit.endswith(("_unit", "_units"))}

        assert measured == named
        assert (table.name in BESIDE_A_UNIT) == bool(measured)

    def test_trials_is_flat(self) -> None:
        assert 40 <= len(table_of("trials").columns) <= 80
        assert "" == table_of("trials").rows

    def test_another_name(self) -> None:
        with pytest.raises(ValueError, match=r"no table 'trial'; did you mean trials"):
            table_of("trial")
