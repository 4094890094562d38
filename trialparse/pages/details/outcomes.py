"""Main outcomes and safety checks: what is measured, and who watches over the trial."""

from collections.abc import Iterator

from trialparse.model.terms import EndpointKind
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details.excerpts import in_own_words, left_out, listed
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import MOST, Line, answering, write_lines
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.facts.texts import own_words
from trialparse.pages.page import Block, Paragraph, Piece, Sentence
from trialparse.pages.sentences import above, entries, explain, item, number_of, worded
from trialparse.pages.view import View, look_up

_RANKS: dict[EndpointKind | None, str] = {
    EndpointKind.PRIMARY: "main_outcome",
    EndpointKind.SECONDARY: "secondary_outcome",
    EndpointKind.OTHER: "further_outcome",
    EndpointKind.POST_HOC: "late_outcome",
    None: "outcome",
}
"""Each rank, and the key of what an outcome of it is called."""

_GLOSS = {EndpointKind.PRIMARY: "about.endpoint", EndpointKind.SECONDARY: "about.secondary endpoint"}

_COMMITTEE = Line("data_monitoring_committee", answering, "committee", gloss="data monitoring committee")


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield from _scopes(view)
    yield from _endpoints(view)
    yield Paragraph(tuple(_words(view)))
    periods, monitoring, committee = (
        tuple(_periods(view)),
        tuple(_monitoring(view)),
        tuple(write_lines(view, (_COMMITTEE,))),
    )
    yield from (Paragraph((sentence,)) for sentence in (*periods, *monitoring))
    yield Paragraph(committee)
    if not monitoring and not periods and not committee:
        yield Paragraph((gap(view, "monitoring", "monitoring"),))


def _scopes(view: View) -> Iterator[Block]:
    """Yield what the trial looks at, in plain words where our tables have some."""
    scopes = {
        f"design.scopes[{index}]": words
        for index, scope in enumerate(view.trial.design.scopes)
        if (words := _scope(view, scope)) is not None
    }
    if scopes:
        yield Paragraph((above(view, "scopes", entries(scopes)),))
        yield from listed(view, "aim", list(scopes), lambda path: item((scopes[path],), path))
    elif view.missing("design.scopes") is not None:
        yield Paragraph((gap(view, "design.scopes", "scopes"),))


def _scope(view: View, scope: Coded) -> Piece | None:
    """Return what the trial looks at in a word or two."""
    known = view.texts.phrases.get(f"scope.{scope.term}")
    return known.short if known else wording.coded(scope)


def _endpoints(view: View) -> Iterator[Block]:
    """Yield the endpoints by rank, quoted; main ones are never folded."""
    found, kept = _found(view), shown(view, "endpoints", kind_of)
    for kind, noun in _RANKS.items():
        paths = [f"endpoints[{index}]" for index in kept if view.trial.endpoints[index].kind is kind]
        primary = kind is EndpointKind.PRIMARY
        if paths:
            key = view.texts.form(f"endpoints.{noun}", len(paths))
            by = entries(f"{path}.text" for path in paths)
            intro = worded(view, key, by, n=view.texts.number(len(paths)))
            gloss = _GLOSS.get(kind, "") if kind else ""
            yield Paragraph((intro, *explain(view, gloss, number_of(paths))))
            yield from listed(view, noun, paths, lambda path: in_own_words(view, path), whole=primary)
            yield Paragraph(tuple(otherwise(view, "endpoints", kind_of, kind)))
        elif primary and found:
            yield Paragraph((worded(view, "endpoints.below", entries(found)),))
        elif primary:
            yield Paragraph((gap(view, "endpoints", "outcome"),))


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
    for key in view.texts.words_explained("\n".join([*texts, *trial.monitoring])):
        yield from explain(view, key)


def _periods(view: View) -> Iterator[Sentence]:
    """Yield the facts of the record on each period, such as what a safety board does."""
    for index in range(len(view.trial.design.periods[:MOST])):
        path = f"design.periods[{index}]"
        title, text = (wording.quote(look_up(view.trial, f"{path}.{name}")) for name in ("title", "description"))
        if title and text:
            yield worded(view, "period.text", f"{path}.title", f"{path}.description", title=title, quote=text)
        elif text:
            yield worded(view, "period.text.untitled", f"{path}.description", quote=text)


def _monitoring(view: View) -> Iterator[Sentence]:
    """Yield the facts of the record on oversight."""
    paths = {f"monitoring[{index}]": wording.quote(text) for index, text in enumerate(view.trial.monitoring)}
    texts = {path: text for path, text in paths.items() if text}
    for path, text in list(texts.items())[:MOST]:
        yield worded(view, "monitoring", path, quote=text)
    yield from left_out(view, "text_on_this", list(texts)[MOST:])
