"""What was measured: the main outcomes with their values and comparisons, the others by their titles."""

from collections.abc import Iterator

from trialparse.pages import wording
from trialparse.pages.page import Block, Citation, Listing, Of, Paragraph, Part, Sentence
from trialparse.pages.sections.excerpts import left_out, listed
from trialparse.pages.sections.found.figures import figure, interval, source, spread_of
from trialparse.pages.sections.found.groups import FEW, UNNAMED, Names, all_names, names, names_of_table, titled
from trialparse.pages.sentences import Line, answering, explain, gap, number_of, quoting, say, stating, tell
from trialparse.pages.tables import phrase, phrases
from trialparse.pages.view import View, look_up
from trialparse.results import Analysis, Outcome
from trialparse.terms import DispersionType, EndpointKind, Relation
from trialparse.values import Coded

VALUES, IN_ALL = 12, 60
"""How many values of one outcome are told, and how many of all outcomes."""

COMPARISONS = 5
"""How many comparisons of one outcome are told."""

_RANKS: tuple[tuple[EndpointKind | None, str], ...] = (
    (EndpointKind.PRIMARY, "main outcome"),
    (EndpointKind.SECONDARY, "secondary outcome"),
    (EndpointKind.OTHER, "further outcome"),
    (EndpointKind.POST_HOC, "late outcome"),
    (None, "outcome of no stated rank"),
)
"""Each rank and what an outcome of it is called."""


def _estimate(view: View, value: float, field: str) -> Iterator[Sentence]:
    """Say how large a difference is estimated to be, and how sure that is."""
    path = field.removesuffix(".value")
    estimate = look_up(view.trial, path)
    words, named = _parameter(view, path, estimate.parameter)
    low, high = f"{path}.lower", f"{path}.upper"
    bounds = [one for one in (low, high) if look_up(view.trial, one) is not None or view.missing(one) is not None]
    around = f" ({interval(view, estimate.confidence_level, low, high, sides=estimate.two_sided)})" if bounds else ""
    by: list[Citation] = [Of((named,)), Of((field, *bounds))]
    yield say("The {} is {}{}", words, wording.number(value), around, by=by)
    if estimate.parameter is not None:
        yield from explain(f"parameter.{estimate.parameter.term}")
    if bounds:
        yield from explain(DispersionType.CONFIDENCE_INTERVAL)


def _parameter(view: View, path: str, parameter: Coded | None) -> tuple[tuple[Part, ...], str]:
    """Return what is estimated, in plain words if there are some, and the field that says so."""
    known = phrases().get(f"parameter.{parameter.term}") if parameter else None
    if known:
        return (known.short,), f"{path}.parameter"
    for name in ("other_parameter", "label"):
        field = f"{path}.{name}"
        words = wording.quote(look_up(view.trial, field), view.language(field))
        if words:
            return ("estimate for ", words), field
    return ("estimate",), f"{path}.value"


def _p_value(view: View, value: float, field: str) -> Iterator[Sentence]:
    """Say the P value, or its bound, and what it is."""
    relation: Relation | None = look_up(view.trial, f"{field}_relation")
    than = f"{phrase(relation).short} " if relation not in (None, Relation.EQUAL) else ""
    fields = (field, *([f"{field}_relation"] if relation else []))
    yield say("The p-value is {}{}", than, wording.number(value), by=Of(fields))
    yield from explain("about.p-value")


_OUTCOME = (
    Line("time_frame", quoting("It was measured at this time: {}"), "when it was measured"),
    Line("measure", stating(), "what kind of number the values are"),
    Line("unit", quoting("The unit is {}"), "what the unit is"),
    Line("ready", answering("", "The record says that it cannot give values"), "whether there are values"),
)
_ANALYSIS = (
    Line("prespecified", answering("", "It was planned only after the data were seen"), "when it was planned"),
    Line("estimate.value", _estimate, "how large the difference is"),
    Line("p_value", _p_value, "what the p-value is"),
)


def blocks(view: View) -> Iterator[Block]:
    """Yield the outcomes by rank; the main ones come with values, as far as those are few enough to be read."""
    outcomes = view.trial.results.outcomes
    known = all_names(view)
    for kind, noun in _RANKS:
        paths = [f"results.outcomes[{index}]" for index, outcome in enumerate(outcomes) if outcome.kind is kind]
        whole = _readable(view, paths) if kind is EndpointKind.PRIMARY else []
        if whole:
            number = wording.count(len(paths), noun, f"{noun}s")
            intro = say("The record has results on {}", number, by=Of(_titles(paths), span=True))
            yield Paragraph((intro, *explain("about.endpoint", number_of(paths))))
        for index, path in enumerate(whole, 1):
            yield from _outcome(view, path, "" if len(paths) == 1 else f" {index}", known)
        yield from _by_title(view, paths[len(whole) :], kind, f"{'more ' * bool(whole)}{noun}")
    if outcomes and not any(outcome.kind is EndpointKind.PRIMARY for outcome in outcomes):
        yield Paragraph((gap(view, "results.outcomes", "what was found on a main outcome"),))


def _titles(paths: list[str]) -> tuple[str, ...]:
    """Return the fields of the titles."""
    return tuple(f"{path}.title" for path in paths)


def _readable(view: View, paths: list[str]) -> list[str]:
    """Return the outcomes at the beginning whose values together are few enough to be read."""
    whole: list[str] = []
    room = IN_ALL
    for path in paths:
        room -= max(1, min(VALUES, len(look_up(view.trial, path).values)))
        if room < 0:
            break
        whole.append(path)
    return whole


def _by_title(view: View, paths: list[str], kind: EndpointKind | None, noun: str) -> Iterator[Block]:
    """Yield outcomes by their titles alone."""
    if paths:
        number = wording.count(len(paths), noun, f"{noun}s")
        are = "is" if len(paths) == 1 else "are"
        intro = say(
            f"What was found on {{}} {are} in the record but not on this page",
            number,
            by=Of(_titles(paths), span=True),
            stop=":",
        )
        secondary = kind is EndpointKind.SECONDARY
        yield Paragraph((intro, *(explain("about.secondary endpoint", number_of(paths)) if secondary else ())))
        yield from listed(paths, lambda path: _title(view, path), noun, f"{noun}s")


def _title(view: View, path: str) -> Sentence:
    """Return the title of an outcome as an item of a list."""
    title = titled(view, path, "title", "an outcome without a title")
    return say("{}", title.words, by=Of((title.field,)), stop="")


def _outcome(view: View, path: str, number: str, known: Names) -> Iterator[Block]:
    """Yield all that is told of an outcome: what was measured, the values, the comparisons."""
    outcome: Outcome = look_up(view.trial, path)
    title = titled(view, path, "title", "without a title")
    head = f"Main outcome{number}: {{}}" if number else "The main outcome is {}"
    yield Paragraph(
        (
            say(head, title.words, by=Of((title.field,))),
            *tell(view, _OUTCOME, path),
            *(explain(outcome.dispersion) if outcome.dispersion else ()),
        )
    )
    groups = names_of_table(view, outcome.groups, f"{path}.groups", known)
    yield from _values(view, path, outcome, groups)
    analyses = [f"{path}.analyses[{index}]" for index in range(len(outcome.analyses))]
    for analysis in analyses[:COMPARISONS]:
        yield Paragraph(tuple(_analysis(view, analysis, groups)))
    yield Paragraph(tuple(left_out(analyses[COMPARISONS:], "comparison", "comparisons")))


def _values(view: View, path: str, outcome: Outcome, groups: Names) -> Iterator[Block]:
    """Yield the values, those of one category together, so that groups stand side by side."""
    last = len(outcome.categories)
    order = {category.id: index for index, category in reversed([*enumerate(outcome.categories)])}
    rows = sorted(enumerate(outcome.values), key=lambda row: order.get(row[1].category, last))
    cells = {f"{path}.values[{index}]": value for index, value in rows}
    categories = names(view, outcome.categories, f"{path}.categories")
    people = {group.id: f"{path}.groups[{index}].participants" for index, group in enumerate(outcome.groups)}

    def item(cell: str) -> Sentence:
        value = cells[cell]
        named = [one for one in (categories.get(value.category), groups.get(value.group)) if one]
        words, by = _value(view, cell, outcome, people.get(value.group))
        title = wording.joined([one.words for one in named]) or (UNNAMED,)
        return say("{}: {}", title, words, by=(*(Of((one.field,)) for one in named), *by), stop="")

    if cells:
        yield Listing(tuple(map(item, [*cells][:VALUES])))
        yield Paragraph(tuple(left_out([*cells][VALUES:], "value of this outcome", "values of this outcome")))
    elif outcome.ready is not False:
        yield Paragraph((gap(view, f"{path}.values", "which values were found"),))


def _value(view: View, cell: str, outcome: Outcome, people: str | None) -> tuple[str, list[Citation]]:
    """Return the words on a value: the number, how it spreads, and on how many people it rests."""
    field = f"{cell}.value"
    value = look_up(view.trial, field)
    by = [source(view, field, f"{cell}.dispersion", f"{cell}.dispersion_upper")]
    spread = spread_of(view, cell, outcome.dispersion, outcome.confidence_level)
    number = look_up(view.trial, people) if people else None
    if value is None or people is None or number is None:
        return f"{figure(view, field)}{spread}", by
    part = bool(outcome.countable) and value == int(value) and 0 <= value <= number
    joint = " of " if part else f"{spread}, from "
    return f"{wording.number(value)}{joint}{wording.people(number)}", [*by, Of((people,))]


def _analysis(view: View, path: str, groups: Names) -> Iterator[Sentence]:
    """Yield which groups were compared and what came of it; it is no judgement on a treatment."""
    analysis: Analysis = look_up(view.trial, path)
    compared = [groups[group] for group in analysis.groups if group in groups]
    title = wording.quote(analysis.title, view.language(f"{path}.title"))
    if compared and len(compared) <= FEW:
        words: tuple[Part, ...] = wording.series([one.words for one in compared])
        by = [Of((f"{path}.groups",)), *(Of((one.field,)) for one in compared)]
        yield say("One analysis looks at {}", words, by=by)
    elif title:
        yield say("One analysis is called {}", title, by=Of((f"{path}.title",)))
    else:
        yield gap(view, f"{path}.groups", "which groups were compared")
    yield from tell(view, _ANALYSIS, path)
