"""What the status means: decision, progress and recruitment, dates, results, and where the record is from."""

from collections.abc import Iterator
from functools import partial

import attrs

from trialparse.model.terms import EventKind, MissingKind, Region
from trialparse.pages import stages, wording
from trialparse.pages.details import course, found
from trialparse.pages.details.excerpts import listed, paired
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import Line, Writer, answering, dating, quoting, stating, write_lines
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Gap, Gloss, Paragraph, Sentence, Words
from trialparse.pages.sentences import above, entries, explain, item, worded
from trialparse.pages.view import View, look_up

_TEXT = Line("status.text", quoting, "status.text")
_AXES = (
    Line("status.regulatory", stating, "status.regulatory", always=True),
    Line("status.trial", stating, "status.trial", always=True),
    Line("status.recruitment", stating, "status.recruitment", always=True),
)


def _moved(view: View, value: bool, field: str, key: str) -> Iterator[Sentence]:
    """Write that the trial moved, in the direction that its register records."""
    own = f"{key}.{view.trial.registry}"
    if value:
        yield worded(view, own if view.texts.has(own) else key, field, Gloss("about.transition"))


_TRANSITION = Line("transitioned", _moved, "status.moved")
_PLANNED = partial(dating, planned=True)
_LINES = (
    Line("submitted", dating, "day.submitted"),
    Line("decision", dating, "day.decision"),
    Line("start", dating, "day.start", always=True),
    Line("recruitment_start", dating, "day.recruitment_start"),
    Line("estimated_recruitment_start", _PLANNED, "day.recruitment_start", ask="day.estimated_recruitment_start"),
    Line("end", dating, "day.end"),
    Line("global_end", dating, "day.global_end"),
    Line("estimated_end", _PLANNED, "day.end", ask="day.estimated_end"),
    Line("estimated_global_end", _PLANNED, "day.global_end", ask="day.estimated_global_end"),
)
_RESULTS = (
    Line("results.posted", answering, "posted", gloss="about.results"),
    Line("dates.results_posted", dating, "day.results_posted"),
    Line("results.summary", quoting, "posted.summary"),
)
_DEFERRED = Line("deferred", answering, "deferred")
_RECORD = (
    Line("registered", dating, "day.registered"),
    Line("updated", dating, "day.updated"),
    Line("published", dating, "day.published"),
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
    yield Paragraph((*write_lines(view, _RESULTS), *_no_results(view), *_address(view)))
    postings = [f"results.postings[{index}]" for index in range(len(view.trial.results.postings))]
    if postings:
        yield Paragraph((above(view, "postings", entries(["results.postings"])),))
        yield from listed(view, "entry", postings, lambda path: _posting(view, path))
    record = (*write_lines(view, (_DEFERRED,)), *write_lines(view, _RECORD, "dates"))
    yield Paragraph((*record, *_none_of(view, _VERSIONS, "dates.updated", "day.updated")))


def _of_country(view: View, axes: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines of a status; the record of one country has the status in that country."""
    name = country_name(view, view.country)[0] if view.country is not None else None
    if not isinstance(name, str):
        return axes
    write: Writer = partial(stating, country=name)
    return tuple(attrs.evolve(line, write=write, key=f"{line.key}.country", ask=line.ask) for line in axes)


def _status(view: View, axes: tuple[Line, ...]) -> Iterator[Sentence]:
    """Yield the three parts of the status; parts that the register's words may hold are not called missing."""
    words = () if view.missing(_TEXT.field) is MissingKind.DISAGREED else tuple(write_lines(view, (_TEXT,)))
    silent = [line for line in axes if words and _silent(view, line.field)]
    stated = tuple(write_lines(view, [line for line in axes if line not in silent]))
    if words or not all(sentence.lacks for sentence in stated):
        yield from explain(view, "about.trial status")
    yield from words
    yield from stated
    if silent:
        aspects = view.texts.series([view.texts.plain(f"aspect.{line.field}") for line in silent])
        gaps = [Gap(line.field, None, view.texts.plain(f"ask.{line.ask}")) for line in silent]
        yield worded(view, "status.beyond", *gaps, aspects=aspects)


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
        yield Paragraph((above(view, "standing", entries(axes)),))
        yield from listed(view, "country", list(axes), lambda path: _standing(view, axes[path]), once=True)


def _standing(view: View, index: int) -> Sentence:
    """Return a country's name, status and dates, as an item of a list."""
    country, path = view.trial.countries[index], f"countries[{index}]"
    name, field = country_name(view, index)
    words: list[Words] = []
    fields = [field]
    for axis in ("regulatory", "trial", "recruitment"):
        term = getattr(country.status, axis)
        if term is not None:
            words.append(view.texts.phrase(term, stages.of_country(country)).short)
            fields.append(f"{path}.status.{axis}")
    if not words and (text := wording.quote(country.status.text)):
        words.append(text)
        fields.append(f"{path}.status.text")
    for edge in ("start", "end"):
        date = getattr(country, edge)
        if date is not None:
            key = f"standing.{edge}.planned" if date.estimated else f"standing.{edge}"
            words.append(view.words(key, date=view.texts.date(date)))
            fields.append(f"{path}.{edge}")
    return item(paired(view, name, view.texts.listed(words, "list.middle")), *fields)


def _decisions(view: View) -> Iterator[Block]:
    """Yield what was decided in each country, for a record that has decisions but no status."""
    items = {
        f"countries[{index}].events[{number}]": index
        for index, country in enumerate(view.trial.countries)
        for number, event in enumerate(country.events)
        if event.kind is EventKind.DECISION and event.decision is not None
    }
    if items and view.trial.status.regulatory is None:
        yield Paragraph((above(view, "decisions", entries(items)),))
        yield from listed(view, "decision", list(items), lambda path: _decision(view, path, items[path]))


def _decision(view: View, path: str, index: int) -> Sentence:
    """Return a decision of a country and its date, as an item of a list."""
    event = look_up(view.trial, path)
    name, field = country_name(view, index)
    words = [view.texts.phrase(event.decision).short, *([view.texts.date(event.date)] if event.date else [])]
    return item(paired(view, name, view.texts.listed(words, "list.middle")), field, path)


def _dates(view: View) -> Iterator[Sentence]:
    """Yield the dates of the trial; of plans only those that have not been overtaken."""
    yield from write_lines(view, (_TRANSITION,))
    yield from write_lines(view, [line for line in _LINES if not _overtaken(view, line.field)], "dates")
    yield from _none_of(view, _ENDS, "dates.end", "day.ends")


def _overtaken(view: View, name: str) -> bool:
    """Whether a planned date is history, for what was planned has come."""
    outcomes = _OUTDATED_BY.get(name, ())
    if name == "estimated_global_end" and view.trial.design.region is Region.EEA_ONLY:
        outcomes = (*outcomes, "end")
    return stages.came(getattr(view.trial.dates, outcome) for outcome in outcomes)


def _address(view: View) -> Iterator[Sentence]:
    """Yield where the results are, unless the results section has it."""
    yield from () if found.holds(view) else write_lines(view, (found.ADDRESS,))


def _no_results(view: View) -> Iterator[Sentence]:
    """Yield the sentence that the record has no results, unless it states that itself or has some."""
    results = view.trial.results
    if results.posted is not None or results.postings or found.holds(view):
        return
    by = Gap("results.postings", None, view.texts.plain("ask.results"))
    if view.missing("results") is not None or view.never("results"):
        yield gap(view, "results", "results")
    elif view.trial.dates.results_posted is None and not wording.quote(results.summary):
        yield worded(view, "posted.none", by)
    elif not wording.quote(results.summary):
        yield worded(view, "posted.outside", by)


def _posting(view: View, path: str) -> Sentence:
    """Return what was posted and when, as an item of a list."""
    posting = look_up(view.trial, path)
    term = posting.kind.term if posting.kind is not None else None
    key = f"posting.{term}" if view.texts.has(f"posting.{term}") else "posting.other"
    date = [view.texts.date(posting.submitted)] if posting.submitted is not None else []
    return item(view.texts.listed([view.words(key), *date], "list.middle"), entries([path]))


def _none_of(view: View, names: tuple[str, ...], field: str, key: str) -> Iterator[Sentence]:
    """Yield the sentence that the record has none of some dates, unless a reason was given."""
    if all(getattr(view.trial.dates, name) is None for name in names) and view.missing(field) is None:
        yield gap(view, field, key)
