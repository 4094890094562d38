"""What was found: who took part, the first main outcome with its values, and the harms; the details have the rest."""

from collections.abc import Iterator

from trialparse.model.terms import EndpointKind
from trialparse.pages.article.sentences import By, above, entries, more, quoting, worded
from trialparse.pages.details.found import holds
from trialparse.pages.page import Block, Gloss, Paragraph, Sentence
from trialparse.pages.results import flow, harms, outcomes
from trialparse.pages.tables import key_of
from trialparse.pages.view import View

_ROWS = 6
"""Rows of an outcome that the article shows."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section, none where the record holds no results itself."""
    if not holds(view):
        return
    yield Paragraph(tuple(_stage(view)))
    yield from _flow(view)
    yield from _outcome(view)
    yield from _harms(view)
    yield Paragraph(tuple(_limits(view)))


def _stage(view: View) -> Iterator[Sentence]:
    """Yield whether these are all data."""
    stage = view.trial.results.stage
    if stage is not None:
        yield worded(view, f"found.{key_of(stage)}", "results.stage", *_gloss(view, key_of(stage)))
    if not view.trial.results.outcomes and not view.trial.results.adverse_events.groups:
        yield worded(view, "found.details", entries(["results"]))


def _gloss(view: View, key: str) -> list[By]:
    return [Gloss(key)] if key in view.texts.glossary else []


def _flow(view: View) -> Iterator[Block]:
    """Yield the table of the first period with groups."""
    for index, period in enumerate(view.trial.results.flow.periods):
        path = f"results.flow.periods[{index}]"
        fields = flow.fields_of(path, period)
        title = view.quote(f"{path}.title")
        if period.pre_assignment or not fields:
            continue
        key = "found.flow.period" if title else "found.flow"
        by: list[By] = [entries(fields), *([f"{path}.title"] if title else [])]
        found = flow.table(view, path, period, above(view, key, *by, **({"title": title} if title else {})))
        if found:
            yield found
            return


def _outcome(view: View) -> Iterator[Block]:
    """Yield the first main outcome that has values."""
    all_ = view.trial.results.outcomes
    main = [index for index, one in enumerate(all_) if one.kind is EndpointKind.PRIMARY] or list(range(len(all_)))
    with_values = [index for index in main if all_[index].values and all_[index].title]
    for index in with_values[:1]:
        path, one = f"results.outcomes[{index}]", all_[index]
        grid = outcomes.grid_of(view, path)
        primary = sum(each.kind is EndpointKind.PRIMARY for each in all_)
        key = "found.other" if not primary else "found.main" if primary == 1 else "found.first"
        by = [entries(f"results.outcomes[{each}].title" for each in main)] if key == "found.first" else []
        number = view.texts.count("main_outcome", primary)
        yield Paragraph(
            (quoting(view, key, one.title or "", f"{path}.title", *by, number=number), *_measure(view, path))
        )
        caption = above(view, "found.values", entries(outcomes.fields_of(grid)))
        found = outcomes.table(view, grid, caption, _ROWS)
        if found:
            yield found
    hidden = [index for index, one in enumerate(all_) if one.posted is False]
    left = [index for index in range(len(all_)) if index not in (*with_values[:1], *hidden)]
    yield Paragraph(
        (
            *more(view, "found_outcome", [f"results.outcomes[{index}].title" for index in left]),
            *_hidden(view, [f"results.outcomes[{index}].posted" for index in hidden]),
        )
    )


def _hidden(view: View, fields: list[str]) -> Iterator[Sentence]:
    """Yield on how many outcomes the register does not show what was found."""
    if fields:
        key = view.texts.form("found.hidden", len(fields))
        yield worded(view, key, entries(fields), n=view.texts.number(len(fields)))


def _measure(view: View, path: str) -> Iterator[Sentence]:
    """Yield when it was measured and in which unit."""
    time, unit = view.quote(f"{path}.time_frame"), view.quote(f"{path}.unit")
    if time and len(time.text.split()) <= _BRIEF and unit:
        yield worded(view, "found.time_unit", f"{path}.time_frame", f"{path}.unit", time=time, unit=unit)
    elif unit:
        yield worded(view, "found.unit", f"{path}.unit", unit=unit)


_BRIEF = 30
"""Words of a time that the article quotes at most."""


def _harms(view: View) -> Iterator[Block]:
    """Yield the table of harms, and what adverse events are."""
    events = view.trial.results.adverse_events
    fields = harms.fields_of(view)
    found = harms.table(view, above(view, "found.harms", entries(fields))) if fields else None
    if found:
        yield Paragraph(
            (worded(view, "outcomes.adverse.serious", Gloss("adverse event"), Gloss("serious adverse event")),)
        )
        yield found
    kinds = [f"{harms.BASE}.serious[{index}].term" for index in range(len(events.serious))]
    kinds += [f"{harms.BASE}.non_serious[{index}].term" for index in range(len(events.non_serious))]
    yield Paragraph(tuple(more(view, "harm", kinds)))


def _limits(view: View) -> Iterator[Sentence]:
    """Yield the limits of the results in the record's words."""
    text = view.trial.results.limitations
    if text and text.strip():
        yield quoting(view, "found.limits", text, "results.limitations")
