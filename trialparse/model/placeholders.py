"""Placeholders: words that fill a field without information, such as "N/A"; `placeholders.tsv` lists them."""

from trialparse.model.terms import MissingKind
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines


@prepared
def _rows() -> list[dict[str, str]]:
    """Return the rows of the list."""
    return [cells for _, cells in read_lines(files_of(__package__) / "placeholders.tsv")]


@prepared
def placeholders(*, prose: bool = False) -> dict[str, MissingKind]:
    """Return the placeholders of texts, case folded, each with why the field then has no value."""
    only = ("",) if prose else ("", "names")
    return {cells["word"].casefold(): MissingKind[cells["kind"]] for cells in _rows() if cells["only"] in only}


@prepared
def words_for_numbers() -> frozenset[str]:
    """Return all placeholders, those that only stand for numbers among them, case folded."""
    return frozenset(cells["word"].casefold() for cells in _rows())
