"""The table of harms: how many people of each group had an adverse event, and how many died."""

from trialparse.pages.details.found.groups import titled
from trialparse.pages.page import Piece, Sentence, Table
from trialparse.pages.results.numbers import number
from trialparse.pages.view import View, look_up

BASE = "results.adverse_events"
COLUMNS = {
    "exposed": "",
    "serious_affected": "serious_exposed",
    "non_serious_affected": "non_serious_exposed",
    "deaths": "deaths_exposed",
    "deaths_from_events": "",
}
"""The numbers of people, each with the number among whom they were counted, where that is one of its own."""
ROWS = 12
"""How many groups the table shows."""


def table(view: View, caption: Sentence) -> Table | None:
    """Return the table, None where the record counts nobody; a column without any number is left out."""
    groups = view.trial.results.adverse_events.groups
    known = [name for name in COLUMNS if any(getattr(group, name) is not None for group in groups)]
    if not known or known == ["exposed"]:
        return None
    rows: list[tuple[tuple[Piece, ...], ...]] = []
    for index in range(min(ROWS, len(groups))):
        path = f"{BASE}.groups[{index}]"
        name = titled(view, path, "title", "group")
        rows.append(((name.words,), *((_people(view, path, column),) for column in known)))
    head = [view.words("table.group"), *(view.words(f"table.{column}") for column in known)]
    return Table(caption, tuple(head), tuple(rows))


def _people(view: View, path: str, column: str) -> str:
    """Return a number of people, and among how many they were counted where the record has a number for that."""
    shown, whole = number(view, f"{path}.{column}"), COLUMNS[column] and f"{path}.{COLUMNS[column]}"
    if not whole or look_up(view.trial, f"{path}.{column}") is None or look_up(view.trial, whole) is None:
        return shown
    return view.texts.plain("bar.of", value=shown, n=number(view, whole))


def fields_of(view: View) -> list[str]:
    """Return the fields that the table rests on."""
    return [f"{BASE}.groups[{index}]" for index in range(len(view.trial.results.adverse_events.groups))]
