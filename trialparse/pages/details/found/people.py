"""Who took part: how many people began each period, how many went to its end, and why the others did not."""

from collections.abc import Iterable, Iterator

from trialparse.model.results import FlowCount, FlowPeriod, FlowReason
from trialparse.model.terms import MilestoneKind
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out, listed
from trialparse.pages.details.found.figures import figure, source
from trialparse.pages.details.found.groups import FEW, Names, names, shared, titled
from trialparse.pages.page import Block, Citation, Of, Paragraph, Piece, Sentence
from trialparse.pages.results import flow
from trialparse.pages.sentences import Line, answering, say, tell
from trialparse.pages.tables import phrases
from trialparse.pages.view import View, look_up

PERIODS = 4
"""Of how many periods the page tells."""

_VERBS = {MilestoneKind.STARTED: "started", MilestoneKind.COMPLETED: "completed it"}
_BEFORE = {MilestoneKind.STARTED: "came in", MilestoneKind.COMPLETED: "went on"}
"""How it is put that people came to a point: of a period, and of the time before they came into groups."""

_WHY = {"left": "People left early for these reasons", "joined": "People came in later for these reasons"}

_SHARED = Line(
    "exclusive_arms",
    answering("", "A person could be in several groups of this period"),
    "whether a person could be in several groups",
)

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
        arms = names(view, period.arms, f"{path}.arms")
        yield Paragraph((*_together(view, path, period), *tell(view, (_SHARED,), path)))
        yield from _arms(view, path, period)
        yield from _points(view, path, period)
        for kind, counts in (("left", left), ("joined", joined)):
            yield from _reasons(view, kind, period, counts.get(period.id, {}), arms)
    rest = [f"results.flow.periods[{index}]" for index in range(PERIODS, len(course.periods))]
    yield Paragraph(tuple(left_out(rest, "period", "periods")))


def _by_period(reasons: tuple[FlowReason, ...], path: str) -> Reasons:
    """Return the counts by the period that they are of."""
    found: Reasons = {}
    for index, reason in enumerate(reasons):
        for number, count in enumerate(reason.counts):
            of = found.setdefault(count.period, {}).setdefault(f"{path}[{index}]", {})
            of[f"{path}[{index}].counts[{number}]"] = count
    return found


def _came(path: str, period: FlowPeriod, kind: MilestoneKind) -> Counts:
    """Return how many came to the points of a period that are of a kind."""
    return {
        f"{path}.milestones[{index}].counts[{number}]": count
        for index, milestone in enumerate(period.milestones)
        if milestone.kind is kind
        for number, count in enumerate(milestone.counts)
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
    """Yield how many people were in a period."""
    title = wording.quote(period.title, view.language(f"{path}.title"))
    where: tuple[Piece, ...] = ("In the period ", title) if title else ("In a period without a title",)
    by: list[Citation] = [Of((f"{path}.title",))] if title else []
    if period.pre_assignment:
        where, by = ("Before people were sorted into groups",), []
    words: list[str] = []
    for kind, verb in (_BEFORE if period.pre_assignment else _VERBS).items():
        counts = _came(path, period, kind)
        total = _total(counts, period)
        if total is not None:
            number = (wording.number(total) if total else "none") if words else wording.people(total)
            words.append(f"{number} {verb}")
            by.append(Of(_fields(counts), span=True))
    if not words and period.participants is not None:
        words.append(f"{wording.people(period.participants)} took part")
        by.append(Of((f"{path}.participants",)))
    if words:
        yield say("{}, {}", where, " and ".join(words), by=by)


def _arms(view: View, path: str, period: FlowPeriod) -> Iterator[Block]:
    """Yield how many of each arm began a period and how many went to its end, as a table."""
    fields = [*flow.fields_of(path, period), *(f"{path}.arms[{index}].title" for index in range(len(period.arms)))]
    found = flow.table(view, path, period, say("By group, it was so", by=Of(tuple(fields), span=True), stop=":"))
    if found is not None:
        yield found


def _points(view: View, path: str, period: FlowPeriod) -> Iterator[Block]:
    """Yield how many people came to other points of a period."""
    others = {
        f"{path}.milestones[{index}]": {
            f"{path}.milestones[{index}].counts[{number}]": count for number, count in enumerate(milestone.counts)
        }
        for index, milestone in enumerate(period.milestones)
        if milestone.kind is MilestoneKind.OTHER and milestone.counts
    }
    totals = {point: total for point, counts in others.items() if (total := _total(counts, period)) is not None}

    def item(point: str) -> Sentence:
        title = titled(view, point, "title", "a point without a name")
        by = (Of((title.field,)), Of(_fields(others[point]), span=True))
        return say("{}: {}", title.words, wording.people(totals[point]), by=by, stop="")

    if totals:
        by = Of(tuple(f"{point}.title" for point in totals), span=True)
        yield Paragraph((say("The record also says how many came to other points", by=by, stop=":"),))
        yield from listed(list(totals), item, "point", "points")


def _reasons(view: View, kind: str, period: FlowPeriod, reasons: dict[str, Counts], arms: Names) -> Iterator[Block]:
    """Yield why people left or joined, with how many."""

    def item(path: str) -> Sentence:
        words, field = _why(view, kind, path)
        numbers, by = _numbers(view, period, reasons[path], arms)
        return say("{}: {}", words, numbers, by=(Of((field,)), *by), stop="")

    if reasons:
        yield Paragraph((say(_WHY[kind], by=Of(tuple(f"{path}.reason" for path in reasons), span=True), stop=":"),))
        yield from listed(list(reasons), item, "reason", "reasons")


def _numbers(view: View, period: FlowPeriod, counts: Counts, arms: Names) -> tuple[tuple[Piece, ...], list[Citation]]:
    """Return how many left or joined, and what that rests on: by arm where there are few."""
    named = {
        f"{path}.participants": name for path, one in counts.items() if (name := arms.get(one.group)) and name.known
    }
    if len(arms) > 1 and len(named) == len(counts) <= FEW:
        words = shared((figure(view, field), name) for field, name in named.items())
        return words, [one for field, name in named.items() for one in (Of((name.field,)), source(view, field))]
    total = _total(counts, period)
    number = "no number for all groups together" if total is None else wording.people(total)
    return (number,), [Of(_fields(counts), span=True)]


def _why(view: View, kind: str, path: str) -> tuple[Piece, str]:
    """Return why people left or joined, and the field that says so."""
    one = look_up(view.trial, path)
    other = wording.quote(one.other, view.language(f"{path}.other"))
    known = phrases().get(f"{kind}.{one.reason.term}") if one.reason else None
    if other:
        return other, f"{path}.other"
    if known:
        return known.short, f"{path}.reason"
    return (wording.coded(one.reason) if one.reason else None) or "no reason given", f"{path}.reason"
