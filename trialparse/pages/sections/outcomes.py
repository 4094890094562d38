"""Main outcomes and safety checks: what is measured, and who watches over the trial."""

from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sections.excerpts import quotes
from trialparse.pages.sentences import Line, explain, gap, listing, own_words, say, tell
from trialparse.pages.tables import words_explained
from trialparse.terms import EndpointKind

FIRST = 3
"""How many secondary endpoints are shown."""

_RANKS: tuple[tuple[EndpointKind | None, str, str, bool], ...] = (
    (EndpointKind.PRIMARY, "The record has {}", "main outcome", True),
    (EndpointKind.SECONDARY, "It has {}", "secondary outcome", False),
    (EndpointKind.OTHER, "It also has {}", "further outcome", False),
    (None, "The record gives no rank for {}", "outcome", False),
)
"""Each rank, how it is counted, what one is called, and whether all are shown."""

_GLOSS = {EndpointKind.PRIMARY: "about.endpoint", EndpointKind.SECONDARY: "about.secondary endpoint"}

_SCOPES = (
    Line(
        "design.scopes",
        listing("What the trial looks at: {}", "What the trial looks at: {}"),
        "what the trial looks at",
    ),
)


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(tell(trial, _SCOPES)))
    yield from _endpoints(trial)
    yield Paragraph(tuple(_words(trial)))
    periods, monitoring = tuple(_periods(trial)), tuple(_monitoring(trial))
    yield from (Paragraph((sentence,)) for sentence in (*periods, *monitoring))
    if not monitoring and not periods:
        yield Paragraph((gap(trial, "monitoring", "who watches over the trial"),))


def _endpoints(trial: Trial) -> Iterator[Block]:
    """Yield the endpoints by rank, quoted."""
    for kind, template, noun, whole in _RANKS:
        paths = [f"endpoints[{index}]" for index, one in enumerate(trial.endpoints) if one.kind is kind]
        if paths:
            number = wording.count(len(paths), noun, f"{noun}s")
            intro = say(template, number, by=Of(tuple(f"{path}.text" for path in paths), span=True))
            yield Paragraph((intro, *explain(_GLOSS.get(kind, "") if kind else "")))
            most = len(paths) if whole else FIRST
            yield from quotes(trial, paths, noun, most, most)
        elif kind is EndpointKind.PRIMARY:
            yield Paragraph((gap(trial, "endpoints", "what the main outcome is"),))


def _words(trial: Trial) -> Iterator[Sentence]:
    """Yield what words mean that stand in the aims, the endpoints, the periods and the oversight."""
    texts = [words[0] for part in (*trial.objectives, *trial.endpoints) if (words := own_words(part))]
    texts += [period.description for period in trial.design.periods if period.description]
    for key in words_explained("\n".join([*texts, *trial.monitoring])):
        yield from explain(key)


def _periods(trial: Trial) -> Iterator[Sentence]:
    """Yield what the record says about each period, such as what a safety board does."""
    for index, period in enumerate(trial.design.periods):
        path = f"design.periods[{index}]"
        title, text = wording.quote(period.title), wording.quote(period.description)
        about = (Of((f"{path}.title",)), Of((f"{path}.description",)))
        if title and text:
            yield say("About the period {} the record says: {}", title, text, by=about)
        elif text:
            yield say("About a period the record says: {}", text, by=about[1:])


def _monitoring(trial: Trial) -> Iterator[Sentence]:
    """Yield what the record says about oversight."""
    for index, text in enumerate(map(wording.quote, trial.monitoring)):
        if text:
            yield say("On watching over the trial, the record says: {}", text, by=Of((f"monitoring[{index}]",)))
