"""Main outcomes and safety checks: what is measured, and who watches over the trial."""

from collections.abc import Iterator

from trialparse.model.terms import EndpointKind
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out, listed
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.page import Block, Of, Paragraph, Piece, Sentence
from trialparse.pages.sentences import MOST, Line, answering, explain, gap, item, number_of, own_words, say, tell
from trialparse.pages.tables import phrases, words_explained
from trialparse.pages.view import View

_RANKS: tuple[tuple[EndpointKind | None, str, str], ...] = (
    (EndpointKind.PRIMARY, "The record has {}", "main outcome"),
    (EndpointKind.SECONDARY, "It has {}", "secondary outcome"),
    (EndpointKind.OTHER, "It also has {}", "further outcome"),
    (EndpointKind.POST_HOC, "After the data were seen it got {}", "late outcome"),
    (None, "The record gives no rank for {}", "outcome"),
)
"""Each rank, how it is counted, and what one is called."""

_GLOSS = {EndpointKind.PRIMARY: "about.endpoint", EndpointKind.SECONDARY: "about.secondary endpoint"}


_COMMITTEE = Line(
    "data_monitoring_committee",
    answering(
        "The trial has a data monitoring committee",
        "The trial has no data monitoring committee",
        "data monitoring committee",
    ),
    "whether a committee looked at the data",
)


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield from _scopes(view)
    yield from _endpoints(view)
    yield Paragraph(tuple(_words(view)))
    periods, monitoring, committee = tuple(_periods(view)), tuple(_monitoring(view)), tuple(tell(view, (_COMMITTEE,)))
    yield from (Paragraph((sentence,)) for sentence in (*periods, *monitoring))
    yield Paragraph(committee)
    if not monitoring and not periods and not committee:
        yield Paragraph((gap(view, "monitoring", "who watches over the trial"),))


def _scopes(view: View) -> Iterator[Block]:
    """Yield what the trial looks at, in plain words where our tables have some."""
    scopes = {
        f"design.scopes[{index}]": words
        for index, scope in enumerate(view.trial.design.scopes)
        if (words := _scope(scope)) is not None
    }
    if scopes:
        yield Paragraph((say("The trial looks at", by=Of(tuple(scopes), span=True), stop=":"),))
        yield from listed(list(scopes), lambda path: say("{}", scopes[path], by=Of((path,)), stop=""), "aim", "aims")
    elif view.missing("design.scopes") is not None:
        yield Paragraph((gap(view, "design.scopes", "what the trial looks at"),))


def _scope(scope: Coded) -> Piece | None:
    """Return what the trial looks at in a word or two."""
    known = phrases().get(f"scope.{scope.term}")
    return known.short if known else wording.coded(scope)


def _endpoints(view: View) -> Iterator[Block]:
    """Yield the endpoints by rank, quoted; main ones are never folded."""
    found, kept = _found(view), shown(view, "endpoints", kind_of)
    for kind, template, noun in _RANKS:
        paths = [f"endpoints[{index}]" for index in kept if view.trial.endpoints[index].kind is kind]
        primary = kind is EndpointKind.PRIMARY
        if paths:
            number = wording.count(len(paths), noun, f"{noun}s")
            intro = say(template, number, by=Of(tuple(f"{path}.text" for path in paths), span=True))
            yield Paragraph((intro, *explain(_GLOSS.get(kind, "") if kind else "", number_of(paths))))
            yield from listed(paths, lambda path: item(view, path), noun, f"{noun}s", whole=primary)
            yield Paragraph(tuple(otherwise(view, "endpoints", kind_of, kind)))
        elif primary and found:
            yield Paragraph((say("The main outcomes stand below, with what was found", by=Of(found, span=True)),))
        elif primary:
            yield Paragraph((gap(view, "endpoints", "what the main outcome is"),))


def _found(view: View) -> tuple[str, ...]:
    """Return the fields of the main outcomes among the results."""
    return tuple(
        f"results.outcomes[{index}].title"
        for index, outcome in enumerate(view.trial.results.outcomes)
        if outcome.kind is EndpointKind.PRIMARY
    )


def _words(view: View) -> Iterator[Sentence]:
    """Yield the meanings of words in the aims, the endpoints, the periods and the oversight."""
    trial = view.trial
    aims = [trial.objectives[index] for index in shown(view, "objectives", kind_of)]
    ends = [trial.endpoints[index] for index in shown(view, "endpoints", kind_of)]
    texts = [words[0] for part in (*aims, *ends) if (words := own_words(part))]
    texts += [period.description for period in trial.design.periods if period.description]
    for key in words_explained("\n".join([*texts, *trial.monitoring])):
        yield from explain(key)


def _periods(view: View) -> Iterator[Sentence]:
    """Yield what the record says about each period, such as what a safety board does."""
    for index, period in enumerate(view.trial.design.periods[:MOST]):
        path = f"design.periods[{index}]"
        title, text = wording.quote(period.title), wording.quote(period.description)
        about = (Of((f"{path}.title",)), Of((f"{path}.description",)))
        if title and text:
            yield say("About the period {} the record says: {}", title, text, by=about)
        elif text:
            yield say("About a period the record says: {}", text, by=about[1:])


def _monitoring(view: View) -> Iterator[Sentence]:
    """Yield what the record says about oversight."""
    paths = {f"monitoring[{index}]": wording.quote(text) for index, text in enumerate(view.trial.monitoring)}
    texts = {path: text for path, text in paths.items() if text}
    for path, text in list(texts.items())[:MOST]:
        yield say("On watching over the trial, the record says: {}", text, by=Of((path,)))
    yield from left_out(list(texts)[MOST:], "text on this", "texts on this")
