"""What the status means: decision, progress and recruitment, dates, results, and where the record is from."""

from collections.abc import Iterator

import attrs

from trialparse.model.terms import EventKind, MissingKind, Region
from trialparse.pages import stages, wording
from trialparse.pages.details import course, found
from trialparse.pages.details.excerpts import listed
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Gap, Gloss, Of, Paragraph, Piece, Sentence
from trialparse.pages.sentences import Line, answering, dating, explain, gap, quoting, say, stating, tell
from trialparse.pages.tables import phrase
from trialparse.pages.view import View, look_up

_TEXT = Line("status.text", quoting("The status in the register's words is {}"), "which words the status has")
_AXES = (
    Line("status.regulatory", stating("The decision: {}"), "what the authorities have decided", always=True),
    Line("status.trial", stating("The progress: {}"), "how far the trial has come", always=True),
    Line("status.recruitment", stating("Joining: {}"), "whether people can join", always=True),
)
_ASPECTS = {
    "status.regulatory": "the decision",
    "status.trial": "the progress",
    "status.recruitment": "joining",
}
"""What each part of the status is about."""


def _moved(view: View, value: bool, field: str) -> Iterator[Sentence]:
    """Say that the trial moved, in the direction that its register knows."""
    own = f"status.moved.{view.trial.registry}"
    if value:
        (words,) = view.words(own if view.texts.has(own) else "status.moved")
        yield say("{}", words, by=(Of((field,)), Gloss("about.transition")))


_TRANSITION = Line("transitioned", _moved, "whether it moved between registers")
_RESULTS_POSTED = answering(
    "The record says that results are posted", "The record says that no results are posted", "about.results"
)
_LINES = (
    Line("submitted", dating("date of the first application"), "when the application was sent"),
    Line("decision", dating("date of the first decision"), "when the first decision was made"),
    Line("start", dating("start date"), "when the trial starts", always=True),
    Line("recruitment_start", dating("first date for taking in people"), "when people can first join"),
    Line(
        "estimated_recruitment_start",
        dating("first date for taking in people", planned=True),
        "when people are planned to join",
    ),
    Line("end", dating("end date"), "when the trial ended"),
    Line("global_end", dating("end date in all countries"), "when the trial ends in all countries"),
    Line("estimated_end", dating("end date", planned=True), "which end date is planned"),
    Line(
        "estimated_global_end",
        dating("end date in all countries", planned=True),
        "which end date is planned in all countries",
    ),
)
_RESULTS = (
    Line("results.posted", _RESULTS_POSTED, "whether results are posted"),
    Line("dates.results_posted", dating("date of the first results"), "when results were posted"),
    Line("results.summary", quoting("On the results, the record says: {}"), "what the results are"),
)
_DEFERRED = Line(
    "deferred",
    answering("Parts of the record are to be made public only later"),
    "whether parts of it are held back",
)
_RECORD = (
    Line("registered", dating("date of registration"), "when the trial was registered"),
    Line("updated", dating("date of the record's last change"), "when it was last changed"),
    Line("published", dating("date of this version"), "when this version was made public"),
)
_ENDS = ("end", "global_end", "estimated_end", "estimated_global_end")
_VERSIONS = ("updated", "published")
_OUTDATED_BY = {
    "estimated_recruitment_start": ("recruitment_start", "start", "end", "global_end"),
    "estimated_end": ("end", "global_end"),
    "estimated_global_end": ("global_end",),
}
"""Planned dates, each with the dates that make it history."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    decisions = tuple(_decisions(view))
    yield Paragraph(tuple(_status(view, _of_country(view, _AXES[1:] if decisions else _AXES))))
    yield from _countries(view)
    yield from decisions
    yield from course.blocks(view)
    yield Paragraph(tuple(_dates(view)))
    yield Paragraph((*tell(view, _RESULTS), *_no_results(view), *_address(view)))
    postings = [f"results.postings[{index}]" for index in range(len(view.trial.results.postings))]
    if postings:
        yield Paragraph((say("The record lists these results", by=Of(("results.postings",), span=True), stop=":"),))
        yield from listed(postings, lambda path: _posting(view, path), "entry", "entries")
    record = (*tell(view, (_DEFERRED,)), *tell(view, _RECORD, "dates"))
    yield Paragraph((*record, *_none_of(view, _VERSIONS, "dates.updated", "when it was last changed")))


def _of_country(view: View, axes: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines of a status; the record of one country tells the status in that country."""
    name = country_name(view, view.country)[0] if view.country is not None else None
    if not isinstance(name, str):
        return axes
    return tuple(attrs.evolve(line, write=stating(f"{_IN[line.field]} in {name}: {{}}")) for line in axes)


_IN = {"status.regulatory": "The decision", "status.trial": "The progress", "status.recruitment": "Joining"}
"""How the parts of a status begin."""


def _status(view: View, axes: tuple[Line, ...]) -> Iterator[Sentence]:
    """Yield the three parts of the status; parts that the register's words may hold are not called missing."""
    words = () if view.missing(_TEXT.field) is MissingKind.DISAGREED else tuple(tell(view, (_TEXT,)))
    silent = [line for line in axes if words and _silent(view, line.field)]
    stated = tuple(tell(view, [line for line in axes if line not in silent]))
    if words or not all(sentence.lacks for sentence in stated):
        yield from explain("about.trial status")
    yield from words
    yield from stated
    if silent:
        aspects = wording.series([_ASPECTS[line.field] for line in silent])
        gaps = [Gap(line.field, None, line.ask) for line in silent]
        yield say("Beyond these words, the record tells nothing about {}", aspects, by=gaps)


def _silent(view: View, field: str) -> bool:
    """Whether the record has no entry for a part of the status."""
    return getattr(view.trial.status, field.removeprefix("status.")) is None and view.missing(field) is None


def _countries(view: View) -> Iterator[Block]:
    """Yield the countries with their status and dates, where they differ or the trial has none of its own."""
    countries = view.trial.countries
    own = {(country.status, country.start, country.end) for country in countries}
    axes = {
        f"countries[{index}].status": index
        for index, country in enumerate(countries)
        if country.status.text
        or (country.status.regulatory, country.status.trial, country.status.recruitment) != (None, None, None)
    }
    if axes and (len(own) > 1 or view.trial.status.trial is None):
        yield Paragraph((say("The record gives this status by country", by=Of(tuple(axes), span=True), stop=":"),))
        yield from listed(list(axes), lambda path: _standing(view, axes[path]), "country", "countries", once=True)


def _standing(view: View, index: int) -> Sentence:
    """Return a country's name, status and dates, as an item of a list."""
    country, path = view.trial.countries[index], f"countries[{index}]"
    name, field = country_name(view, index)
    words: list[Piece] = []
    fields = [field]
    for axis in ("regulatory", "trial", "recruitment"):
        term = getattr(country.status, axis)
        if term is not None:
            words += [", ", phrase(term, stages.of_country(country)).short]
            fields.append(f"{path}.status.{axis}")
    if not words and (text := wording.quote(country.status.text)):
        words += [", ", text]
        fields.append(f"{path}.status.text")
    for edge in ("start", "end"):
        date = getattr(country, edge)
        if date is not None:
            words += [", ", f"{'planned ' if date.estimated else ''}{edge} {wording.date(date)}"]
            fields.append(f"{path}.{edge}")
    return say("{}: {}", name, tuple(words[1:]), by=[Of((one,)) for one in fields], stop="")


def _decisions(view: View) -> Iterator[Block]:
    """Yield what was decided in each country, for a record that has decisions but no status."""
    items = {
        f"countries[{index}].events[{number}]": index
        for index, country in enumerate(view.trial.countries)
        for number, event in enumerate(country.events)
        if event.kind is EventKind.DECISION and event.decision is not None
    }
    if items and view.trial.status.regulatory is None:
        yield Paragraph((say("The record gives these decisions by country", by=Of(tuple(items), span=True), stop=":"),))
        yield from listed(list(items), lambda path: _decision(view, path, items[path]), "decision", "decisions")


def _decision(view: View, path: str, index: int) -> Sentence:
    """Return a decision of a country and its date, as an item of a list."""
    event = look_up(view.trial, path)
    name, field = country_name(view, index)
    words = phrase(event.decision).short if event.decision else ""
    date = f", {wording.date(event.date)}" if event.date else ""
    return say("{}: {}{}", name, words, date, by=(Of((field,)), Of((path,))), stop="")


def _dates(view: View) -> Iterator[Sentence]:
    """Yield the dates of the trial; of plans only those that have not been overtaken."""
    yield from tell(view, (_TRANSITION,))
    yield from tell(view, [line for line in _LINES if not _overtaken(view, line.field)], "dates")
    yield from _none_of(view, _ENDS, "dates.end", "when the trial ends")


def _overtaken(view: View, name: str) -> bool:
    """Whether a planned date is history, for what was planned has come."""
    outcomes = _OUTDATED_BY.get(name, ())
    if name == "estimated_global_end" and view.trial.design.region is Region.EEA_ONLY:
        outcomes = (*outcomes, "end")
    return stages.came(getattr(view.trial.dates, outcome) for outcome in outcomes)


def _address(view: View) -> Iterator[Sentence]:
    """Yield where the results are, unless the results section says so."""
    yield from () if found.holds(view) else tell(view, (found.ADDRESS,))


def _no_results(view: View) -> Iterator[Sentence]:
    """Yield the sentence that the record has no results, unless it says so itself or has some."""
    results, ask = view.trial.results, "what the results are"
    if results.posted is not None or results.postings or found.holds(view):
        return
    if view.missing("results") is not None or view.never("results"):
        yield gap(view, "results", ask)
    elif view.trial.dates.results_posted is None and not wording.quote(results.summary):
        yield say("The record lists no results", by=Gap("results.postings", None, ask))
    elif not wording.quote(results.summary):
        yield say("The results themselves are not in the record", by=Gap("results.postings", None, ask))


_POSTINGS = {
    "SUMMARY": "summary of the results",
    "LAY_SUMMARY": "summary of the results for the public",
    "CLINICAL_STUDY_REPORT": "clinical study report",
}


def _posting(view: View, path: str) -> Sentence:
    """Return what was posted and when, as an item of a list."""
    posting = look_up(view.trial, path)
    term = posting.kind.term if posting.kind is not None else None
    words: list[Piece] = [_POSTINGS.get(term or "", "results")]
    if posting.submitted is not None:
        words.append(f", {wording.date(posting.submitted)}")
    return say("{}", tuple(words), by=Of((path,), span=True), stop="")


def _none_of(view: View, names: tuple[str, ...], field: str, ask: str) -> Iterator[Sentence]:
    """Yield the sentence that the record has none of some dates, unless a reason was given."""
    if all(getattr(view.trial.dates, name) is None for name in names) and view.missing(field) is None:
        yield gap(view, field, ask)
