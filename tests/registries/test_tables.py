"""What each word, path, list and line of the tables comes to: a change of a table changes a file, and is read there."""

import difflib
import itertools

import pytest

from tests.conftest import ROOT
from tests.counting import some
from tests.snapshots import tables, write
from trialparse.tsv import read_lines

pytestmark = pytest.mark.exhaustive

SNAPSHOTS = ROOT / "tests" / "snapshots"
REGISTRIES = ROOT / "trialparse" / "registries"

ANEW = f"`{write.COMMAND}` writes it anew; the change is reviewed as a diff"


@pytest.mark.parametrize(("registry", "name"), tables.parts())
def test_the_tables_come_to_what_was_reviewed(registry: str, name: str) -> None:
    path = write.table_place(registry, name)
    before, now = path.read_text("utf-8") if path.exists() else "", tables.text_of(registry, name)
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "snapshot", "now", n=0, lineterm="")
    assert before == now, "\n".join([f"{registry}/{name}.tsv differs; {ANEW}", *itertools.islice(lines, 60)])


def test_each_file_is_of_a_registry() -> None:
    assert sorted(SNAPSHOTS.rglob("*.tsv")) == sorted(write.table_place(*part) for part in tables.parts()), ANEW


def test_each_list_is_read_by_a_row() -> None:
    """A list that nothing reads could say anything."""
    assert not [path for path in SNAPSHOTS.rglob("words.tsv") if tables.UNREAD in path.read_text("utf-8")]


def test_each_sum_names_what_has_a_number() -> None:
    """Without `each=` a sum is too low where a number is absent, and nothing says so."""
    rows = [cells for file in REGISTRIES.glob("*/*.tsv") for _, cells in read_lines(file) if cells.get("verb") == "sum"]
    assert [] == [cells["field"] for cells in some(rows, 4) if "each=" not in cells["argument"]]
