"""What happened on the way: halts, restarts and early ends, where, when and why."""

from collections.abc import Iterator

from trialparse.model import Event, Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sections.naming import country_name
from trialparse.pages.sentences import Line, Words, answering, explain, gap, listing, missing, quoting, say, tell
from trialparse.pages.tables import phrase
from trialparse.terms import EventKind, Progress

_TOLD = {
    EventKind.HALT: True,
    EventKind.RESTART: False,
    EventKind.RECRUITMENT_RESTART: False,
    EventKind.EARLY_TERMINATION: True,
    EventKind.SERIOUS_BREACH: False,
}
"""What is told, and whether a record without a reason for it is worth a sentence."""

_ABOUT = (
    Line("reasons", listing("The reason given is {}", "The reasons given are {}"), "the reason"),
    Line("text", quoting("On this, the record says: {}"), "more on this"),
    Line("details", listing("It adds: {}", "It adds: {}"), "further words on this"),
    Line(
        "treatment_stopped",
        answering("The record says that treatment was stopped", "The record says that treatment went on"),
        "whether treatment was stopped",
    ),
    Line(
        "still_treated",
        answering("Some people were still being treated", "Nobody was still being treated"),
        "whether people were still being treated",
    ),
    Line(
        "benefit_risk_changed",
        answering(
            "The record says that the balance of benefit and risk has changed",
            "The record says that the balance of benefit and risk has not changed",
        ),
        "whether benefit and risk have changed",
    ),
)


Paths = tuple[tuple[str, Event], ...]
"""What a register tells of one happening: events, each with its path."""


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the events of the trial as a whole and then those of each country."""
    yield Paragraph(tuple(_all(trial, trial.events, "events", "In the trial as a whole", ())))
    for index, country in enumerate(trial.countries):
        name, field = country_name(trial, index)
        path = f"countries[{index}].events"
        yield Paragraph(tuple(_all(trial, country.events, path, ("In ", name), (field,))))
    if trial.status.trial is Progress.TERMINATED_EARLY and not ended_early(trial):
        yield Paragraph((gap(trial, "events", "why the trial ended early"),))


def _all(
    trial: Trial, events: tuple[Event, ...], path: str, where: Words, named: tuple[str, ...]
) -> Iterator[Sentence]:
    """Yield the events of one country, or of the trial as a whole."""
    for happening in _happenings(events, path):
        yield from _told(trial, happening, where, named)


def ended_early(trial: Trial) -> list[int | None]:
    """Return the countries in which an event says that the trial ended early, None for the trial as a whole."""
    parts = [(None, trial.events), *((index, country.events) for index, country in enumerate(trial.countries))]
    return [where for where, events in parts if any(event.kind is EventKind.EARLY_TERMINATION for event in events)]


def _happenings(events: tuple[Event, ...], path: str) -> list[Paths]:
    """Return the events that are told; those of one kind and not of two dates are one happening.

    Registers tell a halt twice: once in a list of dates and once in a notice with the reason.
    """
    found: list[Paths] = []
    for number, event in enumerate(events):
        if event.kind not in _TOLD:
            continue
        entry = (f"{path}[{number}]", event)
        same = [index for index, other in enumerate(found) if _same(other, event)]
        if same:
            found[same[-1]] = (*found[same[-1]], entry)
        else:
            found.append((entry,))
    return found


def _same(happening: Paths, event: Event) -> bool:
    """Whether an event is of the kind of a happening and gives it no second date."""
    dates = {str(one.date) for _, one in (*happening, ("", event)) if one.date is not None}
    return happening[0][1].kind is event.kind and len(dates) <= 1


def _told(trial: Trial, happening: Paths, where: Words, named: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield what happened, where, when and why."""
    kind = happening[0][1].kind
    if kind is None:
        return
    words: list[Words] = [where, phrase(kind).short]
    fields = [*named, *(f"{path}.kind" for path, _ in happening)]
    dated = [(path, event.date) for path, event in happening if event.date is not None]
    for path, date in dated[:1]:
        words.append(("planned for " if date.estimated else "") + wording.date(date))
        fields.append(f"{path}.date")
    yield say("{}, {} ({})" if dated else "{}, {}", *words, by=[Of((field,)) for field in fields])
    yield from explain(kind)
    reasons = f"{happening[0][0]}.reasons"
    if _TOLD[kind] and not any(event.reasons for _, event in happening) and missing(trial, reasons) is None:
        yield gap(trial, reasons, "the reason")
    for path, _ in happening:
        yield from tell(trial, _ABOUT, path)
