"""What happened on the way: halts, restarts and early ends, where, when and why."""

from collections.abc import Iterator

from trialparse.model import Event, Trial
from trialparse.overview import wording
from trialparse.overview.page import Of, Sentence
from trialparse.overview.sections.naming import country_name
from trialparse.overview.sentences import Line, Words, answering, explain, gap, listing, quoting, say, tell
from trialparse.overview.tables import phrase
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


def sentences(trial: Trial) -> Iterator[Sentence]:
    """Yield the events of the trial as a whole and then those by country."""
    for number, event in enumerate(trial.events):
        if event.kind in _TOLD:
            yield from _event(trial, event, f"events[{number}]", "In the trial as a whole", ())
    for index, country in enumerate(trial.countries):
        name, field = country_name(trial, index)
        for number, event in enumerate(country.events):
            if event.kind in _TOLD:
                path = f"countries[{index}].events[{number}]"
                yield from _event(trial, event, path, ("In ", name), (field,))
    if trial.status.trial is Progress.TERMINATED_EARLY and not _ended_early(trial):
        yield gap(trial, "events", "why the trial ended early")


def _ended_early(trial: Trial) -> bool:
    """Whether an event says that the trial ended early."""
    events = [*trial.events, *(event for country in trial.countries for event in country.events)]
    return any(event.kind is EventKind.EARLY_TERMINATION for event in events)


def _event(trial: Trial, event: Event, path: str, where: Words, named: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield what happened, where, when and why."""
    if event.kind is None:
        return
    words: list[Words] = [where, phrase(event.kind).short]
    fields = [*named, f"{path}.kind"]
    if event.date is not None:
        words.append(("planned for " if event.date.estimated else "") + wording.date(event.date))
        fields.append(f"{path}.date")
    template = "{}, {}" if event.date is None else "{}, {} ({})"
    yield say(template, *words, by=[Of((field,)) for field in fields])
    yield from explain(event.kind)
    why = listing("The reason given is {}", "The reasons given are {}")
    yield from tell(trial, (Line("reasons", why, "the reason", always=_TOLD[event.kind]), *_ABOUT), path)
