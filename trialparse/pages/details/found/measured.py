"""What was measured: the main outcomes with their values and comparisons, the others by their titles."""

from collections.abc import Iterator

from trialparse.model.results import Outcome
from trialparse.model.terms import EndpointKind
from trialparse.model.values import PartialDate
from trialparse.pages.details.excerpts import left_out, listed
from trialparse.pages.details.found.comparisons import comparisons
from trialparse.pages.details.found.groups import all_names, names_of_table, titled
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import Line, answering, quoting, stating, write_lines
from trialparse.pages.page import Block, Citation, Gap, Paragraph, Sentence
from trialparse.pages.results.outcomes import Grid, grid_of, table
from trialparse.pages.sentences import above, entries, explain, item, number_of, worded
from trialparse.pages.view import View, look_up

LINES, IN_ALL = 12, 40
"""How many lines of values the page has for one outcome, and how many for all."""

_RANKS: dict[EndpointKind | None, str] = {
    EndpointKind.PRIMARY: "main_outcome",
    EndpointKind.SECONDARY: "secondary_outcome",
    EndpointKind.OTHER: "further_outcome",
    EndpointKind.POST_HOC: "late_outcome",
    None: "unranked_outcome",
}
"""Each rank, and the key of what an outcome of it is called."""


def _expected(view: View, value: PartialDate, field: str, key: str) -> Iterator[Sentence]:
    """Write when what was found is to be shown."""
    yield worded(view, key, field, date=view.texts.date(value))


_OUTCOME = (
    Line("time_frame", quoting, "measured.time_frame"),
    Line("measure", stating, "measured.measure"),
    Line("unit", quoting, "measured.unit"),
    Line("ready", answering, "measured.ready"),
    Line("posted", answering, "measured.posted"),
    Line("anticipated_posting", _expected, "measured.expected"),
)


def blocks(view: View) -> Iterator[Block]:
    """Yield the outcomes by rank; the main ones come with values, as far as those are few enough to be read."""
    outcomes = view.trial.results.outcomes
    for kind, noun in _RANKS.items():
        paths = [
            f"results.outcomes[{index}]"
            for index, outcome in enumerate(outcomes)
            if outcome.kind is kind and not _is_hidden(outcome)
        ]
        main = list(_readable(view, paths)) if kind is EndpointKind.PRIMARY else []
        if main:
            key = view.texts.form("measured", len(paths))
            intro = worded(view, key, entries(_titles(paths)), n=view.texts.number(len(paths)))
            yield Paragraph((intro, *explain(view, "about.endpoint", number_of(paths))))
        for readable in main:
            yield from readable
        yield from _by_title(view, paths[len(main) :], kind, f"more_{noun}" if main else noun)
    hidden = [f"results.outcomes[{index}]" for index, outcome in enumerate(outcomes) if _is_hidden(outcome)]
    if hidden:
        key = view.texts.form("measured.hidden", len(hidden))
        by = entries(f"{path}.posted" for path in hidden)
        yield Paragraph((worded(view, key, by, n=view.texts.number(len(hidden))),))
    if outcomes and not any(outcome.kind is EndpointKind.PRIMARY for outcome in outcomes):
        yield Paragraph((gap(view, "results.outcomes", "measured"),))


def _is_hidden(outcome: Outcome) -> bool:
    """Whether the register does not show what was found on an outcome; of a main one, its own lines have that."""
    return outcome.posted is False and outcome.kind is not EndpointKind.PRIMARY


def _titles(paths: list[str]) -> tuple[str, ...]:
    """Return the fields of the titles."""
    return tuple(f"{path}.title" for path in paths)


def _readable(view: View, paths: list[str]) -> Iterator[tuple[Block, ...]]:
    """Yield the blocks of each outcome, from the first on, as long as all lines together are few enough to be read."""
    known = all_names(view)
    room = IN_ALL
    for number, path in enumerate(paths, 1):
        outcome: Outcome = look_up(view.trial, path)
        groups = names_of_table(view, outcome.groups, f"{path}.groups", known)
        grid = grid_of(view, path)
        room -= max(1, min(LINES, len(grid.categories)))
        if room < 0:
            return
        yield (
            Paragraph(tuple(_measured(view, path, outcome, number if len(paths) > 1 else 0))),
            *_table(view, path, grid),
            *comparisons(view, path, groups),
        )


def _by_title(view: View, paths: list[str], kind: EndpointKind | None, noun: str) -> Iterator[Block]:
    """Yield outcomes by their titles alone."""
    if paths:
        key = view.texts.form(f"measured.{noun}", len(paths))
        intro = worded(view, key, entries(_titles(paths)), n=view.texts.number(len(paths)))
        gloss = "about.secondary endpoint" if kind is EndpointKind.SECONDARY else ""
        yield Paragraph((intro, *explain(view, gloss, number_of(paths))))
        yield from listed(view, noun.removeprefix("more_"), paths, lambda path: _title(view, path))


def _title(view: View, path: str) -> Sentence:
    """Return the title of an outcome as an item of a list."""
    title = titled(view, path, "title", "outcome")
    return item((title.words,), title.field)


def _measured(view: View, path: str, outcome: Outcome, number: int) -> Iterator[Sentence]:
    """Yield what was measured, when, and what kind of numbers came of it; the only main outcome has no number."""
    title = titled(view, path, "title", "outcome")
    if number:
        yield worded(view, "measured.numbered", title.field, number=str(number), title=title.words)
    else:
        yield worded(view, "measured.only", title.field, title=title.words)
    yield from write_lines(view, _OUTCOME, path)
    yield from explain(view, outcome.dispersion) if outcome.dispersion else ()


def _table(view: View, path: str, grid: Grid) -> Iterator[Block]:
    """Yield the values as a table, as many as can be read, and how many more there are."""
    caption = above(view, "measured.values", *_cited(view, grid))
    found = table(view, grid, caption, LINES) if grid.cells else None
    if found is not None:
        yield found
        shown = {(category, group) for category, _ in grid.categories[:LINES] for group, _ in grid.groups}
        rest = [cell for at, cell in grid.cells.items() if at not in shown]
        yield Paragraph(tuple(left_out(view, "value_of_outcome", rest)))
    elif grid.outcome.ready is not False and grid.outcome.posted is not False:
        yield Paragraph((gap(view, f"{path}.values", "measured.values"),))


def _cited(view: View, grid: Grid) -> list[Citation]:
    """Return what a table rests on, and the first number that the record leaves open."""
    fields = [name.field for _, name in grid.groups]
    fields += [field for _, name in grid.categories if name for field in name.fields]
    fields += [f"{grid.path}.groups[{index}].participants" for index in range(len(grid.outcome.groups))]
    cells = [f"{cell}.{name}" for cell in grid.cells.values() for name in ("value", "dispersion", "dispersion_upper")]
    known = [one for one in (*fields, *cells) if look_up(view.trial, one) is not None]
    left_open = [one for one in cells if look_up(view.trial, one) is None and view.missing(one) is not None]
    gaps = [Gap(one, view.missing(one), view.texts.plain("ask.number")) for one in left_open[:1]]
    return [entries(known), *gaps]
