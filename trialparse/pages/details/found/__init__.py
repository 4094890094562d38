"""What was found: what the results are of, who took part, what was measured, which harms there were, what changed."""

from collections.abc import Iterator

from trialparse.model import Results
from trialparse.pages.details.found import harms, measured, people, who
from trialparse.pages.details.lines import Line, answering, dating, quoting, stating, write_lines
from trialparse.pages.page import Block, Paragraph, Sentence
from trialparse.pages.sentences import entries, explain, worded
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
"""Fields that hold results, and not only that there are some."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section, none where the record holds no results itself."""
    if holds(view):
        found = [block for block in _found(view) if block.sentences]
        yield from found or [Paragraph((worded(view, "results.unshown", entries(["results"])),))]


def _found(view: View) -> Iterator[Block]:
    """Yield the blocks on results."""
    yield Paragraph((*write_lines(view, _ABOUT, "results"), *write_lines(view, (ADDRESS,))))
    yield from people.blocks(view)
    yield from who.blocks(view)
    yield from measured.blocks(view)
    yield from harms.blocks(view)
    yield Paragraph((*_changes(view), *write_lines(view, (_LIMITATIONS,), "results")))


def holds(view: View) -> bool:
    """Whether the record holds results itself, and does not only mention them or lead to them."""
    results, none = view.trial.results, Results()
    return any(getattr(results, name) != getattr(none, name) for name in _RESULTS)


def _changes(view: View) -> Iterator[Sentence]:
    """Yield how often the plan was changed and how often the trial was interrupted."""
    results = view.trial.results
    amendments, interruptions = len(results.amendments), len(results.interruptions)
    if amendments:
        key = view.texts.form("results.amendments", amendments)
        yield worded(view, key, entries(["results.amendments"]), n=view.texts.number(amendments))
        yield from explain(view, "about.substantial amendment")
    if interruptions:
        key = view.texts.form("results.interruptions", interruptions)
        yield worded(view, key, entries(["results.interruptions"]), n=view.texts.number(interruptions))
    else:
        yield from write_lines(view, (_STOOD_STILL,), "results")
