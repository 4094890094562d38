"""The table of an outcome, and a chart of it where its numbers allow one."""

from collections.abc import Sequence

import attrs

from trialparse.generated.classes import frozen
from trialparse.model.results import Outcome
from trialparse.pages.details.found.groups import Name, Names, all_names, names_of_table, titled
from trialparse.pages.page import Bar, Piece, Sentence, Table
from trialparse.pages.results.numbers import counts_people_itself, number, with_spread
from trialparse.pages.view import View, look_up

COLUMNS, BARS = 6, 8
"""How many groups a table shows and how many bars a chart."""


@frozen
class RowName:
    """What a row is called: by its heading, its title, or both."""

    words: tuple[Piece, ...]
    """The words."""
    fields: tuple[str, ...]
    """The fields that hold them."""


Row = tuple[tuple[Piece, ...], ...]


@frozen
class Grid:
    """The cells of an outcome by category and group."""

    path: str
    """The path of the outcome."""
    outcome: Outcome
    """The outcome."""
    groups: tuple[tuple[str | None, Name], ...]
    """The groups that are shown."""
    categories: tuple[tuple[str | None, RowName | None], ...]
    """The rows; one without a name is the only one of its table."""
    cells: dict[tuple[str | None, str | None], str] = attrs.field(hash=False)
    """The path of each value."""
    left_out: int
    """How many groups are not shown."""


def grid_of(view: View, path: str) -> Grid:
    """Return the cells of an outcome."""
    outcome: Outcome = look_up(view.trial, path)
    known: Names = names_of_table(view, outcome.groups, f"{path}.groups", all_names(view))
    categories = {one.id: _row(view, f"{path}.categories[{at}]") for at, one in enumerate(outcome.categories)}
    cells: dict[tuple[str | None, str | None], str] = {}
    for index, value in enumerate(outcome.values):
        cells.setdefault((value.category, value.group), f"{path}.values[{index}]")
    order = [*known.items()]
    unnamed = [(one, _unnamed(path)) for one in dict.fromkeys(group for _, group in cells) if one not in known]
    columns = (*order, *unnamed)
    rows: list[tuple[str | None, RowName | None]] = list(categories.items())
    rows += [(one, None) for one in dict.fromkeys(category for category, _ in cells) if one not in categories]
    used = [row for row in rows if any((row[0], group) in cells for group, _ in columns)]
    return Grid(path, outcome, columns[:COLUMNS], tuple(used), cells, max(0, len(columns) - COLUMNS))


def _row(view: View, path: str) -> RowName | None:
    """Return what a row is called; None where it has no words."""
    found = {name: name_of for name in ("heading", "title") if (name_of := titled(view, path, name, "group")).known}
    words: tuple[Piece, ...] = tuple(one.words for one in found.values())
    if len(found) > 1:
        words = view.words("table.row", heading=found["heading"].words, title=found["title"].words)
    return RowName(words, tuple(one.field for one in found.values())) if found else None


def _unnamed(path: str) -> Name:
    return Name("", path, path)


def table(view: View, grid: Grid, caption: Sentence, most: int) -> Table | None:
    """Return the table of an outcome, with at most so many rows; None for one without values."""
    rows = grid.categories[:most]
    if not rows or not grid.groups:
        return None
    own = _rests_on_others(grid.outcome)
    head: list[tuple[Piece, ...]] = [view.words("table.category")]
    people = {group.id: f"{grid.path}.groups[{index}].participants" for index, group in enumerate(grid.outcome.groups)}
    head += [_head(view, name, None if own else people.get(group)) for group, name in grid.groups]
    shown: list[Row] = []
    for category, name in rows:
        cells: list[tuple[Piece, ...]] = [name.words if name else view.words("table.value")]
        for group, _ in grid.groups:
            path = grid.cells.get((category, group))
            cells.append((with_spread(view, path, grid.outcome),) if path else ("–",))
        shown.append(tuple(cells))
    drawn = bars(view, grid, own=own)
    if len(shown) == 1:
        value = shown[0][0]
        by_group = tuple((name, cell) for name, cell in zip(head[1:], shown[0][1:], strict=True))
        return Table(caption, (view.words("table.group"), value), by_group, drawn)
    return Table(caption, tuple(head), tuple(shown), drawn)


def _rests_on_others(outcome: Outcome) -> bool:
    """Whether values rest on other people than the column has: titles say on how many, or sections have numbers."""
    titles = [title for one in outcome.categories for title in (one.title, one.heading)]
    return counts_people_itself(outcome.title, *titles) or any(one.section for one in outcome.denominators)


def _head(view: View, name: Name, people: str | None) -> tuple[Piece, ...]:
    """Return the head of a column: the group, and how many people it has."""
    words: tuple[Piece, ...] = (name.words,) if name.words else view.words("table.group")
    if people is None or look_up(view.trial, people) is None:
        return words
    return view.words("table.n", group=words, n=number(view, people))


def bars(view: View, grid: Grid, *, own: bool) -> tuple[Bar, ...]:
    """Return a bar for each group, where all have a number and the numbers can be set side by side.

    Numbers of people are drawn as shares of their group, so they need to know how many that has.
    """
    if len(grid.categories) != 1 or not 2 <= len(grid.groups) <= BARS or grid.left_out or own:
        return ()
    category = grid.categories[0][0]
    people = {group.id: group.participants for group in grid.outcome.groups}
    found: list[Bar] = []
    for group, name in grid.groups:
        path = grid.cells.get((category, group))
        value = look_up(view.trial, f"{path}.value") if path else None
        if value is None or value < 0:
            return ()
        whole = people.get(group)
        if grid.outcome.countable:
            if not whole or value > whole:
                return ()
            shown = view.texts.plain("bar.of", value=view.texts.number(value), n=view.texts.number(whole))
            found.append(Bar(name.words or view.texts.plain("table.group"), value / whole, shown))
        else:
            found.append(Bar(name.words or view.texts.plain("table.group"), value, view.texts.number(value)))
    return tuple(found) if any(bar.value for bar in found) else ()


def fields_of(grid: Grid) -> Sequence[str]:
    """Return the fields that a table rests on."""
    return [f"{path}.value" for path in grid.cells.values()]
