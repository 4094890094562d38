"""What was measured: the main outcomes with their values and comparisons, the others by their titles."""

from collections.abc import Iterator

import attrs

from trialparse.model.results import Outcome
from trialparse.model.terms import EndpointKind
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out, listed
from trialparse.pages.details.found.comparisons import comparisons
from trialparse.pages.details.found.figures import figure, source, spread_of
from trialparse.pages.details.found.groups import (
    FEW,
    UNNAMED,
    Name,
    Names,
    all_names,
    names,
    names_of_table,
    shared,
    titled,
)
from trialparse.pages.page import Block, Citation, Listing, Of, Paragraph, Piece, Sentence
from trialparse.pages.results.numbers import counts_people_itself
from trialparse.pages.sentences import Line, answering, explain, gap, number_of, quoting, say, stating, tell
from trialparse.pages.view import View, look_up

LINES, IN_ALL = 12, 40
"""How many lines of values the page has for one outcome, and how many for all."""

_RANKS: tuple[tuple[EndpointKind | None, str], ...] = (
    (EndpointKind.PRIMARY, "main outcome"),
    (EndpointKind.SECONDARY, "secondary outcome"),
    (EndpointKind.OTHER, "further outcome"),
    (EndpointKind.POST_HOC, "late outcome"),
    (None, "outcome of no stated rank"),
)
"""Each rank and what an outcome of it is called."""

_OUTCOME = (
    Line("time_frame", quoting("It was measured at this time: {}"), "when it was measured"),
    Line("measure", stating(), "what kind of number the values are"),
    Line("unit", quoting("The unit is {}"), "what the unit is"),
    Line("ready", answering("", "The record says that it cannot give values"), "whether there are values"),
)


@attrs.frozen
class _Cell:
    """A value in words."""

    path: str
    """Its path."""
    group: Name | None
    """The group that it is of."""
    words: str
    """The words."""
    spread: str
    """How it spreads, in brackets."""
    by: tuple[Citation, ...]
    """What the words rest on."""


@attrs.frozen
class _Row:
    """A line of a table as an item of a list: one value, or those of a category side by side."""

    paths: tuple[str, ...]
    """The path of the values."""
    sentence: Sentence
    """The item."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the outcomes by rank; the main ones come with values, as far as those are few enough to be read."""
    outcomes = view.trial.results.outcomes
    for kind, noun in _RANKS:
        paths = [f"results.outcomes[{index}]" for index, outcome in enumerate(outcomes) if outcome.kind is kind]
        main = list(_readable(view, paths)) if kind is EndpointKind.PRIMARY else []
        if main:
            number = wording.count(len(paths), noun, f"{noun}s")
            intro = say("The record has results on {}", number, by=Of(_titles(paths), span=True))
            yield Paragraph((intro, *explain("about.endpoint", number_of(paths))))
        for readable in main:
            yield from readable
        yield from _by_title(view, paths[len(main) :], kind, f"{'more ' * bool(main)}{noun}")
    if outcomes and not any(outcome.kind is EndpointKind.PRIMARY for outcome in outcomes):
        yield Paragraph((gap(view, "results.outcomes", "what was found on a main outcome"),))


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
        rows = tuple(_rows(view, path, outcome, groups))
        room -= max(1, min(LINES, len(rows)))
        if room < 0:
            return
        head = "The main outcome is {}" if len(paths) == 1 else f"Main outcome {number}: {{}}"
        yield (
            Paragraph(tuple(_measured(view, path, outcome, head))),
            *_table(view, path, outcome, rows),
            *comparisons(view, path, groups),
        )


def _by_title(view: View, paths: list[str], kind: EndpointKind | None, noun: str) -> Iterator[Block]:
    """Yield outcomes by their titles alone."""
    if paths:
        number = wording.count(len(paths), noun, f"{noun}s")
        by = Of(_titles(paths), span=True)
        intro = say("What was found on {} is in the record but not on this page", number, by=by)
        gloss = "about.secondary endpoint" if kind is EndpointKind.SECONDARY else ""
        yield Paragraph((intro, *explain(gloss, number_of(paths))))
        yield from listed(paths, lambda path: _title(view, path), noun, f"{noun}s")


def _title(view: View, path: str) -> Sentence:
    """Return the title of an outcome as an item of a list."""
    title = titled(view, path, "title", "an outcome without a title")
    return say("{}", title.words, by=Of((title.field,)), stop="")


def _measured(view: View, path: str, outcome: Outcome, head: str) -> Iterator[Sentence]:
    """Yield what was measured, when, and what kind of numbers came of it."""
    title = titled(view, path, "title", "an outcome without a title")
    yield say(head, title.words, by=Of((title.field,)))
    yield from tell(view, _OUTCOME, path)
    yield from explain(outcome.dispersion) if outcome.dispersion else ()


def _table(view: View, path: str, outcome: Outcome, rows: tuple[_Row, ...]) -> Iterator[Block]:
    """Yield the values, as many as can be read, and how many more there are."""
    if rows:
        rest = [cell for row in rows[LINES:] for cell in row.paths]
        yield Listing(tuple(row.sentence for row in rows[:LINES]))
        yield Paragraph(tuple(left_out(rest, "value of this outcome", "values of this outcome")))
    elif outcome.ready is not False:
        yield Paragraph((gap(view, f"{path}.values", "which values were found"),))


def _rows(view: View, path: str, outcome: Outcome, groups: Names) -> Iterator[_Row]:
    """Yield the lines of the table, by category and then by group."""
    categories = names(view, outcome.categories, f"{path}.categories")
    people = {group.id: f"{path}.groups[{index}].participants" for index, group in enumerate(outcome.groups)}
    cells: dict[str | None, list[_Cell]] = {category: [] for category in categories}
    for index, value in enumerate(outcome.values):
        cell = _cell(view, f"{path}.values[{index}]", outcome, groups.get(value.group), people.get(value.group))
        cells.setdefault(value.category, []).append(cell)
    for category, row in cells.items():
        yield from _row(categories.get(category), row)


def _row(category: Name | None, row: list[_Cell]) -> Iterator[_Row]:
    """Yield one line for a category, where its values are few and short; else a line for each value."""
    named = [(cell.words, cell.group) for cell in row if cell.group and cell.group.known and not cell.spread]
    if category and len(named) == len(row) > 1 and len(row) <= FEW:
        by = [Of((category.field,)), *(one for cell in row for one in cell.by)]
        yield _Row(tuple(cell.path for cell in row), say("{}: {}", category.words, shared(named), by=by, stop=""))
        return
    for cell in row:
        heads = [one for one in (category, cell.group) if one]
        title: tuple[Piece, ...] = wording.joined([one.words for one in heads]) or (UNNAMED,)
        by = [*(Of((one.field,)) for one in heads), *cell.by]
        yield _Row((cell.path,), say("{}: {}{}", title, cell.words, cell.spread, by=by, stop=""))


def _cell(view: View, path: str, outcome: Outcome, group: Name | None, people: str | None) -> _Cell:
    """Return a value in words: the number, on how many people it rests, and how it spreads."""
    field = f"{path}.value"
    value = look_up(view.trial, field)
    spread = spread_of(view, path, outcome.dispersion, outcome.confidence_level)
    by = [
        *([Of((group.field,))] if group else []),
        source(view, field, f"{path}.dispersion", f"{path}.dispersion_upper"),
    ]
    number = look_up(view.trial, people) if people else None
    own = counts_people_itself(outcome.title, *(category.title for category in outcome.categories))
    if value is None or people is None or number is None or own:
        return _Cell(path, group, figure(view, field), spread, tuple(by))
    part = outcome.countable and value == int(value) and 0 <= value <= number
    joint = "of" if part else "from"
    words = f"{wording.number(value)} {joint} {wording.people(number)}"
    return _Cell(path, group, words, spread, (*by, Of((people,))))
