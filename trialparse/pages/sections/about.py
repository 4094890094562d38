"""Trial overview: what the trial is called, who runs it, what it is about, and where."""

import re
from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Of, Paragraph, Quote, Sentence
from trialparse.pages.sections.course import ended_early
from trialparse.pages.sections.naming import country_name, register
from trialparse.pages.sentences import (
    Line,
    explain,
    gap,
    listing,
    own_words,
    quoting,
    say,
    sentence_of,
    stating,
    tell,
)
from trialparse.terms import ObjectiveKind, SponsorRole
from trialparse.values import Coded

_PUBLIC = Line("public_title", quoting("The title of the trial is {}"), "what the title is", always=True)
_SCIENTIFIC = Line("scientific_title", quoting("Its scientific title is {}"), "what the full title is")
_NAMES = (
    Line("acronym", quoting("Its short name is {}"), "what the short name is"),
    Line("study_type", stating(), "what type of study this is", always=True),
)
_SUMMARY = (Line("brief_summary", quoting("The record's own summary says: {}"), "what the summary is"),)
_BRANCH = re.compile(r"[^\[\]]*\[[A-Z]\] ?- ?(.+?) ?\[[A-Z]\d+\]")
"""How CTIS writes a field of medicine: the group, its letter, the name, its number."""


def _areas(areas: tuple[Coded, ...], field: str) -> Iterator[Sentence]:
    """Say the fields of medicine by their names, without the groups and numbers around them."""
    named = tuple(
        Coded(term=area.term, text=match[1]) if (match := _BRANCH.fullmatch(area.text or "")) else area
        for area in areas
    )
    yield from listing(
        "The register files it under this field of medicine: {}", "The register files it under these fields: {}"
    )(named, field)


_TOPIC = (
    Line(
        "conditions",
        listing("The trial is about {}", "The trial is about {}", "text"),
        "what condition the trial is about",
        always=True,
    ),
    Line(
        "therapeutic_areas",
        _areas,
        "what field of medicine this is",
    ),
)
_PLACES = (
    Line("design.region", stating(), "in which part of the world it runs"),
    Line("status.trial", stating(explained=False), "how far the trial has come"),
)
_PARTS = {
    None: "An organisation behind it is {}",
    SponsorRole.PRIMARY: "The sponsor is {}",
    SponsorRole.CO_SPONSOR: "A co-sponsor is {}",
}
"""How an organisation is told by its part; third parties are passed over."""


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    scientific = wording.quote(trial.scientific_title) and not wording.quote(trial.public_title)
    title = _SCIENTIFIC if scientific else _PUBLIC
    yield Paragraph((*tell(trial, (title,)), *_numbers(trial), *tell(trial, _NAMES)))
    yield Paragraph(tuple(tell(trial, _SUMMARY)))
    yield Paragraph((*_sponsors(trial), *_aims(trial), *tell(trial, _TOPIC)))
    yield Paragraph((*_countries(trial), *tell(trial, _PLACES), *_ended_early(trial)))


def _numbers(trial: Trial) -> Iterator[Sentence]:
    """Yield the trial's number, the sponsor's code and the other numbers."""
    own = wording.quote(trial.id)
    if own is None:
        yield gap(trial, "id", "what number the trial has")
    else:
        yield say("Its number in {} is {}", register(trial), own, by=(Of(("id",)), Of(("registry",))))
    others: dict[str, Quote] = {}
    for index, one in enumerate(trial.identifiers):
        code = wording.quote(one.value)
        if code and one.scheme == "protocol":
            yield say("The sponsor's own code for the plan is {}", code, by=Of((f"identifiers[{index}]",)))
        elif code and one.value != trial.id:
            others[f"identifiers[{index}]"] = code
    if others:
        template = "It also has the number {}" if len(others) == 1 else "It also has the numbers {}"
        yield say(template, wording.series(list(others.values())), by=Of(tuple(others)))


def _sponsors(trial: Trial) -> Iterator[Sentence]:
    """Yield who runs the trial; organisations that only do duties for the sponsor are passed over."""
    named = False
    for index, sponsor in enumerate(trial.sponsors):
        words = wording.quote(sponsor.name)
        template = _PARTS.get(sponsor.role)
        if words and template:
            named = True
            yield say(template, words, by=Of((f"sponsors[{index}].name",)))
    yield from explain("about.sponsor") if named else [gap(trial, "sponsors", "who the sponsor is")]


def _aims(trial: Trial) -> Iterator[Sentence]:
    """Yield the main objective, or objectives of no stated rank."""
    main = [
        (index, objective.kind)
        for index, objective in enumerate(trial.objectives)
        if objective.kind is not ObjectiveKind.SECONDARY and own_words(objective)
    ]
    if not main:
        yield gap(trial, "objectives", "what the main aim is")
    for index, kind in main:
        template = "Its main aim, in the record's words, is: {}" if kind else "An aim of the trial is: {}"
        yield sentence_of(trial, template, f"objectives[{index}]")


def _countries(trial: Trial) -> Iterator[Sentence]:
    """Yield where the trial runs."""
    if not trial.countries and not trial.countries_elsewhere:
        yield gap(trial, "countries", "in which countries the trial runs")
    if trial.countries:
        named = [country_name(trial, index) for index in range(len(trial.countries))]
        quotes, fields = zip(*named, strict=True)
        number = wording.count(len(quotes), "country", "countries")
        yield say("The record lists {}: {}", number, wording.series(quotes), by=Of(fields))
    elsewhere = listing("It names one more country: {}", "It also names these countries: {}")
    yield from tell(trial, (Line("countries_elsewhere", elsewhere, "which other countries take part"),))


def _ended_early(trial: Trial) -> Iterator[Sentence]:
    """Yield the countries in which the trial ended early."""
    places = [country_name(trial, index) for index in ended_early(trial) if index is not None]
    if places:
        names, fields = zip(*places, strict=True)
        yield say("It ended early in {}", wording.series(names), by=Of(fields))
