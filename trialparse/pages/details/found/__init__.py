"""What was found: what the results are of, who took part, what was measured, which harms there were, what changed."""

from collections.abc import Iterator

from trialparse.model import Results
from trialparse.pages import wording
from trialparse.pages.details.found import harms, measured, people, who
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sentences import Line, answering, dating, explain, quoting, say, stating, tell
from trialparse.pages.view import View

_ABOUT = (
    Line("stage", stating(), "whether these results are final"),
    Line("analysis_date", dating("date of the analysis"), "when the data were looked at"),
    Line(
        "primary_completion",
        answering("It is the analysis of the data on the main outcomes"),
        "whether it looks at the main outcomes",
    ),
)
ADDRESS = Line("results.url", quoting("The record gives this address for the results: {}"), "where the results are")
_STOOD_STILL = Line(
    "interrupted",
    answering("The record says that the whole trial stood still for a time"),
    "whether the whole trial stood still",
)
_LIMITATIONS = Line(
    "limitations", quoting("On the limits of these results, the record says: {}"), "what limits these results"
)


_RESULTS = (
    "stage",
    "analysis_date",
    "primary_completion",
    "flow",
    "analysis_sets",
    "baseline",
    "outcomes",
    "adverse_events",
    "amendments",
    "interrupted",
    "interruptions",
    "limitations",
)
"""Fields that hold results, and do not only tell that there are some."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section, none where the record holds no results itself."""
    if holds(view):
        found = [block for block in _found(view) if block.sentences]
        yield from found or [
            Paragraph((say("The record has results that this page does not show", by=Of(("results",), span=True)),))
        ]


def _found(view: View) -> Iterator[Block]:
    """Yield the blocks on results."""
    yield Paragraph((*tell(view, _ABOUT, "results"), *tell(view, (ADDRESS,))))
    yield from people.blocks(view)
    yield from who.blocks(view)
    yield from measured.blocks(view)
    yield from harms.blocks(view)
    yield Paragraph((*_changes(view), *tell(view, (_LIMITATIONS,), "results")))


def holds(view: View) -> bool:
    """Whether the record holds results itself, and does not only tell of them or lead to them."""
    results, none = view.trial.results, Results()
    return any(getattr(results, name) != getattr(none, name) for name in _RESULTS)


def _changes(view: View) -> Iterator[Sentence]:
    """Yield how often the plan was changed and how often the trial was interrupted."""
    results = view.trial.results
    if results.amendments:
        number = wording.count(len(results.amendments), "substantial amendment", "substantial amendments")
        yield say("The record lists {} to the plan", number, by=Of(("results.amendments",), span=True))
        yield from explain("about.substantial amendment")
    if results.interruptions:
        number = wording.count(len(results.interruptions), "time", "times")
        yield say("The whole trial stood still {}", number, by=Of(("results.interruptions",), span=True))
    else:
        yield from tell(view, (_STOOD_STILL,), "results")
