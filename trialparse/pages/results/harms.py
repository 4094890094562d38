"""The table of harms: how many people of each group had an adverse event, and how many died."""

from trialparse.pages.details.found.groups import titled
from trialparse.pages.page import Piece, Sentence, Table
from trialparse.pages.results.numbers import number
from trialparse.pages.view import View

BASE = "results.adverse_events"
_COLUMNS = ("exposed", "serious_affected", "non_serious_affected", "deaths", "deaths_from_events")
ROWS = 12
"""How many groups the table shows."""


def table(view: View, caption: Sentence) -> Table | None:
    """Return the table, None where the record counts nobody; a column without any number is left out."""
    groups = view.trial.results.adverse_events.groups
    known = [name for name in _COLUMNS if any(getattr(group, name) is not None for group in groups)]
    if not known or known == ["exposed"]:
        return None
    rows: list[tuple[tuple[Piece, ...], ...]] = []
    for index in range(min(ROWS, len(groups))):
        path = f"{BASE}.groups[{index}]"
        name = titled(view, path, "title", "group")
        rows.append(((name.words,), *((number(view, f"{path}.{column}"),) for column in known)))
    head = [view.words("table.group"), *(view.words(f"table.{column}") for column in known)]
    return Table(caption, tuple(head), tuple(rows))


def fields_of(view: View) -> list[str]:
    """Return the fields that the table rests on."""
    return [f"{BASE}.groups[{index}]" for index in range(len(view.trial.results.adverse_events.groups))]
