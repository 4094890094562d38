"""Who the people were: how many of each age and sex, and which tables have more."""

from collections.abc import Iterator

from trialparse.model.results import BaselineMeasure, Group
from trialparse.model.terms import BaselineKind
from trialparse.pages.details.excerpts import listed, paired
from trialparse.pages.details.found.groups import titled
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sentences import above, entries, item, worded
from trialparse.pages.view import View, look_up


def blocks(view: View) -> Iterator[Block]:
    """Yield how many people of each age and sex took part, and that there are tables."""
    yield from _ages(view)
    yield from _sexes(view)
    yield Paragraph(tuple(_tables(view)))


def _ages(view: View) -> Iterator[Block]:
    """Yield how many people of each age took part."""
    ages = {
        f"enrolment.by_age[{index}].actual": view.texts.plain(f"group.{count.group.name}")
        for index, count in enumerate(view.trial.enrolment.by_age)
        if count.actual
    }

    def age(field: str) -> Sentence:
        return item(paired(view, ages[field], view.texts.count("people", look_up(view.trial, field))), field)

    if ages:
        yield Paragraph((above(view, "who.by_age", entries(ages)),))
        yield from listed(view, "age_group", list(ages), age, whole=True)


def _sexes(view: View) -> Iterator[Block]:
    """Yield how many people of each sex took part, where the record counts them together and not only by group."""
    for index, measure in enumerate(view.trial.results.baseline.measures):
        whole = _of_all(view, measure)
        if measure.kind is BaselineKind.SEX and measure.categorical and whole is not None:
            yield from _by_sex(view, _together(f"results.baseline.measures[{index}]", measure, whole))


def _of_all(view: View, measure: BaselineMeasure) -> Group | None:
    """Return the column of all people together, if the table has one."""
    shared = view.trial.results.baseline.groups
    totals = [group for group in shared if group.kind is not None and group.kind.term == "TOTAL"]
    found = measure.groups or totals or [group for group in shared if group.arm is None and group.period is None]
    return found[0] if len(found) == 1 else None


def _by_sex(view: View, counts: dict[str, str]) -> Iterator[Block]:
    """Yield the numbers of people, each with its category."""
    if counts:
        yield Paragraph((above(view, "who.by_sex", entries(counts)),))
        yield from listed(view, "sex", list(counts), lambda field: _sex(view, field, counts[field]), whole=True)


def _together(path: str, measure: BaselineMeasure, whole: Group) -> dict[str, str]:
    """Return the path of the category of each number in the column of all people, by the field of the number."""
    categories = {category.id: f"{path}.categories[{index}]" for index, category in enumerate(measure.categories)}
    return {
        f"{path}.values[{index}].value": categories[value.category]
        for index, value in enumerate(measure.values)
        if value.group == whole.id and value.category in categories and value.value is not None
    }


def _sex(view: View, field: str, category: str) -> Sentence:
    """Return how many people of a sex took part, as an item of a list."""
    name = titled(view, category, "title", "sex")
    name = name if name.known else titled(view, category, "heading", "sex")
    number = view.texts.count("people", look_up(view.trial, field))
    return item(paired(view, name.words, number), Of((name.field, field)))


def _tables(view: View) -> Iterator[Sentence]:
    """Yield how many tables describe people at the start."""
    titles = tuple(
        f"results.baseline.measures[{index}].title" for index in range(len(view.trial.results.baseline.measures))
    )
    if titles:
        n = view.texts.number(len(titles))
        yield worded(view, view.texts.form("who.tables", len(titles)), entries(titles), n=n)
