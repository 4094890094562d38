"""What happened on the way, or is planned: halts, restarts and early ends, where, when and why."""

from collections.abc import Iterator

from trialparse.model import Event
from trialparse.model.terms import EventKind, Progress
from trialparse.model.values import PartialDate
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import MOST, Line, answering, listing, quoting, write_lines
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Paragraph, Sentence, Words
from trialparse.pages.sentences import explain, worded
from trialparse.pages.view import View

_SHOWN = {
    EventKind.HALT: True,
    EventKind.RESTART: False,
    EventKind.RECRUITMENT_RESTART: False,
    EventKind.EARLY_TERMINATION: True,
    EventKind.SERIOUS_BREACH: False,
}
"""The kinds of event that the page shows, and whether a missing reason is worth a sentence."""

_ABOUT = (
    Line("reasons", listing(), "course.reasons"),
    Line("text", quoting, "course.text"),
    Line("details", listing(), "course.details"),
    Line("treatment_stopped", answering, "course.treatment_stopped"),
    Line("still_treated", answering, "course.still_treated"),
    Line("benefit_risk_changed", answering, "course.benefit_risk_changed"),
)


Paths = list[tuple[str, Event]]
"""The events of one happening, each with its path."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the happenings of the trial as a whole and then those of each country."""
    trial = view.trial
    found: list[tuple[Paths, Words, tuple[str, ...]]] = [
        (happening, view.words("course.whole"), ()) for happening in _happenings(trial.events, "events")
    ]
    for index, country in enumerate(trial.countries):
        name, field = country_name(view, index)
        happenings = _happenings(country.events, f"countries[{index}].events")
        found += [(happening, view.words("course.country", country=name), (field,)) for happening in happenings]
    for happening, where, named in found[:MOST]:
        yield Paragraph(tuple(_happening(view, happening, where, named)))
    yield Paragraph(tuple(left_out(view, "event", [paths[0][0] for paths, _, _ in found[MOST:]])))
    if trial.status.why_stopped:
        yield Paragraph((why_stopped(view),))
    elif trial.status.trial is Progress.TERMINATED_EARLY and not ended_early(view):
        yield Paragraph((gap(view, "events", "early"),))


def why_stopped(view: View) -> Sentence:
    """Return why the trial was stopped, in the words of the record."""
    return worded(view, "status.why_stopped", "status.why_stopped", reason=view.quote("status.why_stopped") or "")


def ended_early(view: View) -> list[int | None]:
    """Return the countries in which the trial ended early by an event, None for the trial as a whole."""
    parts = [(None, view.trial.events), *((index, one.events) for index, one in enumerate(view.trial.countries))]
    return [where for where, events in parts if any(map(_early_end, events))]


def _early_end(event: Event) -> bool:
    """Whether an event is an early end that has come, not one that is planned."""
    return event.kind is EventKind.EARLY_TERMINATION and not _planned(event)


def _planned(event: Event) -> bool:
    """Whether an event is a plan."""
    return event.date is not None and bool(event.date.estimated)


def _happenings(events: tuple[Event, ...], path: str) -> list[Paths]:
    """Return the events that the page shows; events of one kind without different dates are one happening.

    Registers report a halt twice: once in a list of dates and once in a notice with the reason.
    """
    found: list[Paths] = []
    kinds: dict[EventKind, dict[str, Paths]] = {}
    for number, event in enumerate(events):
        if event.kind is None or event.kind not in _SHOWN:
            continue
        days, day = kinds.setdefault(event.kind, {}), str(event.date or "")
        if "" in days:
            days[day] = days.pop("")
        elif day not in days and (day or not days):
            found.append(days.setdefault(day, []))
        happening = days[day] if day in days else next(reversed(days.values()))
        happening.append((f"{path}[{number}]", event))
    return found


def _happening(view: View, happening: Paths, where: Words, named: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield what happened or is planned, where, when and why."""
    kind = happening[0][1].kind
    if kind is None:
        return
    dates = {f"{path}.date": event.date for path, event in happening if event.date is not None}
    field, date = next(iter(dates.items()), ("", None))
    by = [*named, *(f"{path}.kind" for path, _ in happening), *([field] if field else [])]
    yield _sentence(view, kind, date, where, by)
    yield from explain(view, kind)
    reasons = f"{happening[0][0]}.reasons"
    if _SHOWN[kind] and not any(event.reasons for _, event in happening) and view.missing(reasons) is None:
        yield gap(view, reasons, "course.reasons")
    for path, _ in happening[:MOST]:
        yield from write_lines(view, _ABOUT, path)


def _sentence(view: View, kind: EventKind, date: PartialDate | None, where: Words, by: list[str]) -> Sentence:
    """Return the sentence on a happening that is or was planned, or that has come."""
    what = view.texts.phrase(kind).short
    if date is None:
        return worded(view, "course", *by, where=where, what=what)
    plan = view.texts.phrases.get(f"plan.{kind.name}")
    if date.estimated and plan:
        return worded(view, "course.plan", *by, where=where, what=plan.sentence, at=view.texts.at(date))
    key = "course.planned" if date.estimated else "course.dated"
    return worded(view, key, *by, where=where, what=what, date=view.texts.date(date))
