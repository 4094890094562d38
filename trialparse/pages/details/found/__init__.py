"""What was found: what the results are of, who took part, what was measured, which harms there were, what changed."""

from collections.abc import Iterator

from trialparse.model import Results
from trialparse.pages.details.found import harms, measured, people, who
from trialparse.pages.details.lines import Line, answering, dating, quoting, stating, tell
from trialparse.pages.page import Block, Paragraph, Sentence
from trialparse.pages.saying import entries, explain, say
from trialparse.pages.view import View

_ABOUT = (
    Line("stage", stating, "results.stage"),
    Line("analysis_date", dating, "day.analysis"),
    Line("primary_completion", answering, "results.primary_completion"),
)
ADDRESS = Line("results.url", quoting, "results.url")
_STOOD_STILL = Line("interrupted", answering, "results.interrupted")
_LIMITATIONS = Line("limitations", quoting, "results.limitations")


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
        yield from found or [Paragraph((say(view, "results.unshown", entries(["results"])),))]


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
    amendments, interruptions = len(results.amendments), len(results.interruptions)
    if amendments:
        key = view.texts.form("results.amendments", amendments)
        yield say(view, key, entries(["results.amendments"]), n=view.texts.number(amendments))
        yield from explain(view, "about.substantial amendment")
    if interruptions:
        key = view.texts.form("results.interruptions", interruptions)
        yield say(view, key, entries(["results.interruptions"]), n=view.texts.number(interruptions))
    else:
        yield from tell(view, (_STOOD_STILL,), "results")
