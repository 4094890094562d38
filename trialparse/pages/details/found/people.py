"""Who took part: how many people began each period, how many went to its end, and why the others did not."""

from collections.abc import Iterable, Iterator

from trialparse.model.results import FlowCount, FlowPeriod, FlowReason
from trialparse.model.terms import MilestoneKind
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out, listed, paired
from trialparse.pages.details.found.figures import source
from trialparse.pages.details.found.groups import FEW, Names, arms_of, shared, titled
from trialparse.pages.details.lines import Line, answering, write_lines
from trialparse.pages.page import Block, Paragraph, Piece, Sentence, Words
from trialparse.pages.results import flow
from trialparse.pages.results.numbers import number
from trialparse.pages.sentences import By, above, entries, item, worded
from trialparse.pages.view import View, look_up

PERIODS = 4
"""The periods that the page shows at most."""

_POINTS = (MilestoneKind.STARTED, MilestoneKind.COMPLETED)
"""The points of a period that one sentence names."""

_SHARED = Line("exclusive_arms", answering, "flow.exclusive")

Counts = dict[str, FlowCount]
"""Counts of people by path."""

Reasons = dict[str | None, dict[str, Counts]]
"""Counts of people who left or joined, by the period and by the path of the reason."""


def blocks(view: View) -> Iterator[Block]:
    """Yield how people went through the periods."""
    course = view.trial.results.flow
    left = _by_period(course.withdrawals, "results.flow.withdrawals")
    joined = _by_period(course.joined, "results.flow.joined")
    for index, period in enumerate(course.periods[:PERIODS]):
        path = f"results.flow.periods[{index}]"
        arms = arms_of(view, path)
        yield Paragraph((*_together(view, path, period), *write_lines(view, (_SHARED,), path)))
        yield from _arms(view, path, period)
        yield from _points(view, path, period)
        for kind, counts in (("left", left), ("joined", joined)):
            yield from _reasons(view, kind, period, counts.get(period.id, {}), arms)
    rest = [f"results.flow.periods[{index}]" for index in range(PERIODS, len(course.periods))]
    yield Paragraph(tuple(left_out(view, "period", rest)))


def _by_period(reasons: tuple[FlowReason, ...], path: str) -> Reasons:
    """Return the counts by the period that they are of."""
    found: Reasons = {}
    for index, reason in enumerate(reasons):
        for at, count in enumerate(reason.counts):
            of = found.setdefault(count.period, {}).setdefault(f"{path}[{index}]", {})
            of[f"{path}[{index}].counts[{at}]"] = count
    return found


def _came(path: str, period: FlowPeriod, kind: MilestoneKind) -> Counts:
    """Return how many came to the points of a period that are of a kind."""
    return {
        f"{path}.milestones[{index}].counts[{at}]": count
        for index, milestone in enumerate(period.milestones)
        if milestone.kind is kind
        for at, count in enumerate(milestone.counts)
    }


def _fields(counts: Iterable[str]) -> tuple[str, ...]:
    """Return the fields of the numbers."""
    return tuple(f"{path}.participants" for path in counts)


def _total(counts: Counts, period: FlowPeriod) -> int | None:
    """Return all people together, None where a number is open or people may be counted twice."""
    numbers = [count.participants for count in counts.values() if count.participants is not None]
    whole = len(numbers) == len(counts) and (len(numbers) == 1 or period.exclusive_arms is not False)
    return sum(numbers) if numbers and whole else None


def _together(view: View, path: str, period: FlowPeriod) -> Iterator[Sentence]:
    """Yield how many people were in a period, or in the time before they came into groups."""
    case = "before" if period.pre_assignment else "within"
    clauses: list[Words] = []
    by: list[By] = []
    for kind in _POINTS:
        counts = _came(path, period, kind)
        total = _total(counts, period)
        if total is not None:
            key = f"flow.{case}.{kind.name}{'.then' if clauses else ''}"
            clauses.append(view.words(view.texts.form(key, total), n=view.texts.number(total)))
            by.append(entries(_fields(counts)))
    if not clauses and period.participants is not None:
        key = view.texts.form("flow.took_part", period.participants)
        clauses.append(view.words(key, n=view.texts.number(period.participants)))
        by.append(f"{path}.participants")
    if clauses:
        yield _in_period(view, path, period, view.texts.series(clauses), by)


def _in_period(view: View, path: str, period: FlowPeriod, people: Words, by: list[By]) -> Sentence:
    """Return the sentence that names the period."""
    title = wording.quote(period.title, view.language(f"{path}.title"))
    if period.pre_assignment:
        return worded(view, "flow.before", *by, people=people)
    if title:
        return worded(view, "flow.period", f"{path}.title", *by, title=title, people=people)
    return worded(view, "flow.period.untitled", *by, people=people)


def _arms(view: View, path: str, period: FlowPeriod) -> Iterator[Block]:
    """Yield how many of each arm began a period and how many went to its end, as a table."""
    fields = [*flow.fields_of(path, period), *(name.field for name in arms_of(view, path).values())]
    found = flow.table(view, path, period, above(view, "flow.by_group", entries(fields)))
    if found is not None:
        yield found


def _points(view: View, path: str, period: FlowPeriod) -> Iterator[Block]:
    """Yield how many people came to other points of a period."""
    others = {
        f"{path}.milestones[{index}]": {
            f"{path}.milestones[{index}].counts[{at}]": count for at, count in enumerate(milestone.counts)
        }
        for index, milestone in enumerate(period.milestones)
        if milestone.kind is MilestoneKind.OTHER and milestone.counts
    }
    totals = {point: total for point, counts in others.items() if (total := _total(counts, period)) is not None}

    def named(point: str) -> Sentence:
        title = titled(view, point, "title", "point")
        people = view.texts.count("people", totals[point])
        return item(paired(view, title.words, people), title.field, entries(_fields(others[point])))

    if totals:
        yield Paragraph((above(view, "flow.points", entries(f"{point}.title" for point in totals)),))
        yield from listed(view, "point", list(totals), named)


def _reasons(view: View, kind: str, period: FlowPeriod, reasons: dict[str, Counts], arms: Names) -> Iterator[Block]:
    """Yield why people left or joined, with how many."""

    def reason(path: str) -> Sentence:
        words, field = _why(view, kind, path)
        numbers, by = _numbers(view, period, reasons[path], arms)
        return item(paired(view, words, numbers), field, *by)

    if reasons:
        yield Paragraph((above(view, f"flow.{kind}", entries(f"{path}.reason" for path in reasons)),))
        yield from listed(view, "reason", list(reasons), reason)


def _numbers(view: View, period: FlowPeriod, counts: Counts, arms: Names) -> tuple[tuple[Piece, ...], list[By]]:
    """Return how many left or joined, and what that rests on: by arm where there are few."""
    named = {
        f"{path}.participants": name for path, one in counts.items() if (name := arms.get(one.group)) and name.known
    }
    if len(arms) > 1 and len(named) == len(counts) <= FEW:
        words = shared(view, ((number(view, field), name) for field, name in named.items()))
        by: list[By] = [one for field, name in named.items() for one in (name.field, source(view, field))]
        return view.texts.listed(words, "list.middle"), by
    total = _total(counts, period)
    people = view.words("flow.no_total") if total is None else (view.texts.count("people", total),)
    return people, [entries(_fields(counts))]


def _why(view: View, kind: str, path: str) -> tuple[Piece, str]:
    """Return why people left or joined, and its field."""
    one = look_up(view.trial, path)
    other = wording.quote(one.other, view.language(f"{path}.other"))
    known = view.texts.phrases.get(f"{kind}.{one.reason.term}") if one.reason else None
    if other:
        return other, f"{path}.other"
    if known:
        return known.short, f"{path}.reason"
    words = wording.coded(one.reason) if one.reason else None
    return words or view.texts.plain("unnamed.reason"), f"{path}.reason"
