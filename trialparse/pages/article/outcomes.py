"""Main outcomes and safety checks: what is measured, and who watches over the trial."""

import re
from collections.abc import Iterator

from trialparse.model.terms import EndpointKind
from trialparse.pages.article.sentences import By, entries, gap, in_parts, more, quoting, worded
from trialparse.pages.details.versions import kind_of, shown
from trialparse.pages.facts.entries import one_by_one
from trialparse.pages.facts.excerpts import sentences_of
from trialparse.pages.facts.texts import own_words
from trialparse.pages.page import Block, Gloss, Paragraph, Quote, Sentence, Words
from trialparse.pages.view import View, look_up
from trialparse.pages.wording import coded

_BOARD = ("data monitoring committee", "safety monitoring board")
"""Keys of the glossary for those who look at the data while a trial runs."""

_EVENTS = ("adverse event", "serious adverse event")
"""Keys of the glossary for harms."""

_WORDS = 2
"""How many further words of quotes are explained."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    main = tuple(_main(view))
    watched = tuple(_watched(view))
    quoted = " ".join(part.text for one in (*main, *watched) for part in one.parts if isinstance(part, Quote))
    yield Paragraph((*_scopes(view), *main, *_secondary(view)))
    yield Paragraph((*_words(view, quoted), *watched))


def _scopes(view: View) -> Iterator[Sentence]:
    """Yield what the trial looks at in plain words."""
    words: dict[str, Words] = {}
    for index, scope in enumerate(view.trial.design.scopes):
        known = f"scope.{scope.term}"
        scope_words = (
            view.texts.plain(known) if view.texts.has(known) else coded(scope) if scope.term != "OTHER" else None
        )
        if scope_words:
            words[f"design.scopes[{index}]"] = scope_words
    if words:
        for number, some in enumerate(in_parts(view, words, _AT_ONCE)):
            key = "outcomes.scopes.also" if number else "outcomes.scopes"
            yield worded(view, key, entries(some), scopes=view.texts.series(list(some.values())))


_AT_ONCE = 20
"""Words of scopes that a sentence has at most."""


def _text(view: View, index: int) -> tuple[str, str] | None:
    """Return the words of an endpoint and their field; without a text, its title."""
    one = view.trial.endpoints[index]
    words = own_words(one)
    if words:
        return _FIRST.sub("", words[0], count=1) if _FIRST.match(words[0]) else words[
            0
        ], f"endpoints[{index}].{words[1]}"
    return (one.title, f"endpoints[{index}].title") if one.title and one.title.strip() else None


_FIRST = re.compile(r"\s*\(?1[.)]\s+(?!.*\b2[.)]\s)", re.DOTALL)
"""The number before a text that counts no further."""


def _main(view: View) -> Iterator[Sentence]:
    """Yield the first two main outcomes and how many more there are."""
    kept = shown(view, "endpoints", kind_of)
    of = [index for index in kept if view.trial.endpoints[index].kind is EndpointKind.PRIMARY]
    unranked = [index for index in kept if view.trial.endpoints[index].kind is None]
    main = [index for index in of if _text(view, index)]
    if main:
        number = view.texts.count("main_outcome", len(of))
        keys = ("main.only",) if len(of) == 1 else ("main.first", "main.second")
        keys = keys if _listed(view, of) else ("main.text",)
        for key, index in zip(keys, main, strict=False):
            text, field = _text(view, index) or ("", "")
            counted = [entries(f"endpoints[{one}].text" for one in of)] if key == "main.first" else []
            gloss = [Gloss("about.endpoint")] if key != "main.second" else []
            yield quoting(view, f"outcomes.{key}", text, field, *counted, *gloss, number=number)
        yield from more(view, "main_outcome", [f"endpoints[{index}].text" for index in main[len(keys) :]])
    elif unranked:
        found = [index for index in unranked if _text(view, index)]
        for index in found[:1]:
            text, field = _text(view, index) or ("", "")
            listed = _listed(view, unranked)
            counted = [entries(f"endpoints[{one}].text" for one in unranked)] if listed else []
            number = view.texts.count("outcome", len(unranked))
            yield quoting(
                view, "outcomes.unranked" if listed else "outcomes.unranked.text", text, field, *counted, number=number
            )
    elif view.trial.results.outcomes:
        yield worded(view, "outcomes.below", entries(["results.outcomes"]))
    elif not view.partial:
        yield from gap(view, "endpoints", "outcome")


def _secondary(view: View) -> Iterator[Sentence]:
    """Yield how many secondary outcomes there are."""
    kept = shown(view, "endpoints", kind_of)
    of = [index for index in kept if view.trial.endpoints[index].kind is EndpointKind.SECONDARY]
    if of:
        number = view.texts.count("secondary_outcome", len(of))
        case = ("one" if len(of) == 1 else "other") if _listed(view, of) else "text"
        by: list[By] = [entries(f"endpoints[{index}].text" for index in of), Gloss("about.secondary endpoint")]
        yield worded(view, f"outcomes.secondary.{case}", *by, number=number)


def _listed(view: View, indices: list[int]) -> bool:
    """Whether outcomes of one kind are entries of a list, and not one text, which can have several."""
    return one_by_one([(None, view.trial.endpoints[index].number) for index in indices])


def _words(view: View, quoted: str) -> Iterator[Sentence]:
    """Yield what words of the quotes mean; harms are explained only where the page mentions them."""
    keys = view.texts.words_explained(quoted)
    if "serious adverse event" in keys:
        yield worded(view, "outcomes.adverse.serious", *map(Gloss, _EVENTS))
    elif "adverse event" in keys:
        yield worded(view, "outcomes.adverse", Gloss("adverse event"))
    for key in [key for key in keys if key not in (*_EVENTS, *_BOARD)][:_WORDS]:
        for one in view.texts.sentences_of_entry(key)[:1]:
            yield Sentence((one,), (Gloss(key),))


def _watched(view: View) -> Iterator[Sentence]:
    """Yield who looks at the data while the trial runs."""
    trial = view.trial
    if trial.data_monitoring_committee is not None:
        by: list[By] = ["data_monitoring_committee"]
        key = f"outcomes.committee.{'yes' if trial.data_monitoring_committee else 'no'}"
        yield worded(view, key, *by, *([Gloss(_BOARD[0])] if trial.data_monitoring_committee else []))
        return
    for field, key, slots in _oversight(view):
        found = next((one for one in sentences_of(look_up(trial, field)) if view.texts.words_explained(one)), None)
        board = [word for word in view.texts.words_explained(found or "") if word in _BOARD]
        if found and board:
            quote = Quote(found, view.language(field))
            yield worded(
                view,
                key,
                field,
                *slots.values(),
                quote=quote,
                **{name: view.quote(one) or "" for name, one in slots.items()},
            )
            return


def _oversight(view: View) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the texts on it: the field, the wording, and what fills its other places."""
    for index in range(len(view.trial.monitoring)):
        yield f"monitoring[{index}]", "outcomes.watched", {}
    for index, period in enumerate(view.trial.design.periods):
        path = f"design.periods[{index}]"
        if period.description and view.quote(f"{path}.title"):
            yield f"{path}.description", "outcomes.watched.period", {"title": f"{path}.title"}
        elif period.description:
            yield f"{path}.description", "outcomes.watched", {}
