"""The table of who took part: how many people of each group began a period and how many went to its end."""

from trialparse.model.results import FlowPeriod
from trialparse.model.terms import MilestoneKind
from trialparse.pages.details.found.groups import arms_of
from trialparse.pages.page import Piece, Sentence, Table
from trialparse.pages.results.numbers import number
from trialparse.pages.view import View

_KINDS = (MilestoneKind.STARTED, MilestoneKind.COMPLETED)
_ROWS = 12
"""How many groups the table shows."""


def table(view: View, path: str, period: FlowPeriod, caption: Sentence) -> Table | None:
    """Return the table of a period with several groups, None for one without such numbers."""
    arms = arms_of(view, path)
    at: dict[tuple[str | None, MilestoneKind], str] = {}
    for index, milestone in enumerate(period.milestones):
        for place, count in enumerate(milestone.counts):
            if milestone.kind in _KINDS and milestone.kind is not None:
                at.setdefault((count.group, milestone.kind), f"{path}.milestones[{index}].counts[{place}].participants")
    kinds = [kind for kind in _KINDS if any(of is kind for _, of in at)]
    rows: list[tuple[tuple[Piece, ...], ...]] = []
    for group, name in list(arms.items())[:_ROWS]:
        fields = [at.get((group, kind)) for kind in kinds]
        if any(fields):
            rows.append(((name.words,), *((number(view, field),) if field else ("–",) for field in fields)))
    if len(arms) < 2 or not rows:
        return None
    return Table(
        caption, (view.words("table.group"), *(view.words(f"table.{kind.name}") for kind in kinds)), tuple(rows)
    )


def fields_of(path: str, period: FlowPeriod) -> list[str]:
    """Return the fields that the table rests on."""
    return [
        f"{path}.milestones[{index}].counts[{place}].participants"
        for index, milestone in enumerate(period.milestones)
        if milestone.kind in _KINDS
        for place in range(len(milestone.counts))
    ]
