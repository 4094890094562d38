"""Trial overview: what the page is made from, what the trial is called, who runs it, what it is about, and where."""

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

from trialparse.model import Organisation
from trialparse.model.terms import ObjectiveKind, SponsorRole
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details.course import ended_early
from trialparse.pages.details.excerpts import left_out, listed
from trialparse.pages.details.naming import country_name, is_region, names_by_field, place, register
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.page import Block, Lack, Of, Paragraph, Piece, Sentence
from trialparse.pages.sentences import (
    MOST,
    Line,
    enumerated,
    explain,
    gap,
    listing,
    own_words,
    parted,
    quoting,
    say,
    sentence_of,
    stating,
    tell,
)
from trialparse.pages.tables import countries
from trialparse.pages.view import View

_IN_ONE_SENTENCE = 5
"""How many countries a sentence names; more go into a list."""

_PUBLIC = Line("public_title", quoting("The title of the trial is {}"), "what the title is", always=True)
_SCIENTIFIC = Line("scientific_title", quoting("Its scientific title is {}"), "what the full title is")
_NAMES = (
    Line("acronym", quoting("Its short name is {}"), "what the short name is"),
    Line("study_type", stating(), "what type of study this is", always=True),
)
_SUMMARY = (Line("brief_summary", quoting("The record's own summary says: {}"), "what the summary is"),)


def _areas(view: View, areas: tuple[Coded, ...], field: str) -> Iterator[Sentence]:
    """Say the fields of medicine by their names, without the groups and numbers around them."""
    named = tuple(Coded(term=area.term, text=wording.narrowest(area.text) if area.text else None) for area in areas)
    yield from listing(
        "The register files it under this field of medicine: {}", "The register files it under these fields: {}"
    )(view, named, field)


_TOPIC = (
    Line(
        "conditions",
        listing("The trial is about {}", "The trial is about {}", "text"),
        "what condition the trial is about",
        always=True,
    ),
    Line("therapeutic_areas", _areas, "what field of medicine this is"),
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
"""Sentences on an organisation by its part; third parties are left out."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(_origin(view)))
    public, scientific = (wording.quote(one) for one in (view.trial.public_title, view.trial.scientific_title))
    both = (_PUBLIC, _SCIENTIFIC) if public and scientific and public != scientific else ()
    titles = both or ((_SCIENTIFIC,) if scientific and not public else (_PUBLIC,))
    yield Paragraph((*tell(view, titles), *_numbers(view), *tell(view, _NAMES)))
    yield Paragraph(tuple(tell(view, _SUMMARY)))
    yield Paragraph((*_sponsors(view), *_aims(view), *tell(view, _TOPIC)))
    yield from _running_on(
        (*_countries(view), *_elsewhere(view), Paragraph(tuple(tell(view, _PLACES))), *_ended_early(view))
    )


def _origin(view: View) -> Iterator[Sentence]:
    """Yield what the page is made from, and what such a record is."""
    if view.several:
        yield from _records(view)
    elif wording.quote(view.trial.registry):
        yield say("This page is made from {} in {}", view.kind.made_from, register(view), by=Of(("registry",)))
    else:
        yield gap(view, "registry", "which register it is from")
    for sentence in parted(view.kind.explanation):
        yield say(sentence, by=Lack(view.kind.format))


def _records(view: View) -> Iterator[Sentence]:
    """Yield how many records the page is made from, their countries, and that they may differ."""
    by = Of(("id",))
    where = (" in ", register(view)) if wording.quote(view.trial.registry) else ()
    yield say(
        "This page is made from {} of one trial{}", wording.count(view.records, "record", "records"), where, by=by
    )
    if view.history:
        old = "is an earlier version and does" if view.history == 1 else "are earlier versions and do"
        yield say(f"{{}} of them {old} not count", wording.number(view.history), by=by)
    spread = view.spread("id")
    counts = Counter(place(one) for one in spread if one.country is not None)
    if counts:
        template = "There are records of {}" if counts.total() > 1 else "One of them is the record of {}"
        yield say(template, _counted(counts), by=by)
    others = Counter(place(one) for one in spread if one.country is None and not one.results)
    if others:
        yield say(f"Among them {'is' if len(others) == 1 else 'are'} {{}}", _counted(others), by=by)
    results = sum(one.results for one in spread)
    if results:
        yield say("{} what was found", wording.count(results, "record tells", "records tell"), by=by)
    yield from explain("about.records") if len(counts) > 1 else ()
    if view.spreads and not view.own_rules:
        yield say("Where they differ, this page does as the tool {} does", view.rules, by=by)


def _counted(counts: Counter[Piece]) -> tuple[Piece, ...]:
    """Return names, each with how often it is there if that is more than once."""
    names: list[tuple[Piece, ...]] = [
        (name, f" ({often} records)" * (often > 1)) for name, often in list(counts.items())[:MOST]
    ]
    if len(counts) > MOST:
        names.append((f"{len(counts) - MOST} more",))
    return wording.series_of(names)


def _numbers(view: View) -> Iterator[Sentence]:
    """Yield the trial's number, the sponsor's code and the other numbers."""
    trial = view.trial
    own = wording.quote(trial.id)
    if own is None:
        yield gap(view, "id", "what number the trial has")
    else:
        yield say("Its number in {} is {}", register(view), own, by=(Of(("id",)), Of(("registry",))))
    codes: dict[str, Piece] = {}
    others: dict[str, Piece] = {}
    for index, one in enumerate(trial.identifiers):
        number = wording.quote(one.value)
        if number and one.scheme == "protocol":
            codes[f"identifiers[{index}]"] = number
        elif number and one.value != trial.id:
            others[f"identifiers[{index}]"] = number
    if codes:
        yield enumerated(f"The sponsor's own code for the plan {'is' if len(codes) == 1 else 'is one of'} {{}}", codes)
    if others:
        yield enumerated("It also has the number {}" if len(others) == 1 else "It also has the numbers {}", others)


def _sponsors(view: View) -> Iterator[Sentence]:
    """Yield who runs the trial; organisations that only do duties for the sponsor are passed over."""
    kept = set(shown(view, "sponsors", _part))
    behind = {
        f"sponsors[{index}].name": (_PARTS[sponsor.role], words)
        for index, sponsor in enumerate(view.trial.sponsors)
        if index in kept and sponsor.role in _PARTS and (words := wording.quote(sponsor.name))
    }
    others = {
        f"sponsors[{index}].name": words
        for index, sponsor in enumerate(view.trial.sponsors)
        if index not in kept and sponsor.role is SponsorRole.PRIMARY and (words := wording.quote(sponsor.name))
    }
    for field, (template, words) in list(behind.items())[:MOST]:
        yield say(template, words, by=Of((field,)))
    if others:
        yield enumerated("Other records name the sponsor as {}", dict(others))
    yield from explain("about.sponsor") if behind else [gap(view, "sponsors", "who the sponsor is")]
    yield from left_out(list(behind)[MOST:], "organisation", "organisations")


def _part(sponsor: Organisation) -> Hashable:
    """Return by what the page takes organisations of two records for one: there is one sponsor, else the name tells."""
    return sponsor.role, None if sponsor.role is SponsorRole.PRIMARY else sponsor.name


def _aims(view: View) -> Iterator[Sentence]:
    """Yield the main objective, or objectives of no stated rank."""
    kept = set(shown(view, "objectives", kind_of))
    main = {
        f"objectives[{index}]": objective.kind
        for index, objective in enumerate(view.trial.objectives)
        if index in kept and objective.kind is not ObjectiveKind.SECONDARY and own_words(objective)
    }
    if not main:
        yield gap(view, "objectives", "what the main aim is")
    for path, kind in list(main.items())[:MOST]:
        yield sentence_of(
            view, "Its main aim, in the record's words, is: {}" if kind else "An aim of the trial is: {}", path
        )
    for kind in dict.fromkeys(main.values()):
        yield from otherwise(view, "objectives", kind_of, kind)
    yield from left_out(list(main)[MOST:], "aim", "aims")


def _countries(view: View) -> Iterator[Block]:
    """Yield where the trial runs."""
    trial = view.trial
    regions = [index for index, country in enumerate(trial.countries) if is_region(view, country)]
    names = names_by_field(view, [index for index in range(len(trial.countries)) if index not in regions])
    if names:
        number = wording.count(len(names), "country", "countries")
        yield from _places(f"The record lists {number}", names)
    if regions and not view.several:
        name, field = country_name(view, regions[0])
        yield Paragraph((say("It is the record for {}", name, by=Of((field,))),))
    if not trial.countries and not trial.countries_elsewhere:
        yield Paragraph((gap(view, "countries", "in which countries the trial runs"),))


def _elsewhere(view: View) -> Iterator[Block]:
    """Yield the countries outside of the register's own area, in English where their codes are known."""
    known = {country.code for country in view.trial.countries if country.code}
    names = {
        f"countries_elsewhere[{index}]": name
        for index, other in enumerate(view.trial.countries_elsewhere)
        if other.term not in known and (name := countries().get(other.term or "") or wording.coded(other))
    }
    if names:
        yield from _places(
            f"The record also names {wording.count(len(names), 'other country', 'other countries')}", names
        )
    elif view.missing("countries_elsewhere") is not None:
        yield Paragraph((gap(view, "countries_elsewhere", "which other countries take part"),))


def _ended_early(view: View) -> Iterator[Block]:
    """Yield the countries in which the trial ended early."""
    names = names_by_field(view, [index for index in ended_early(view) if index is not None])
    if names:
        yield from _places(f"It ended early in {wording.count(len(names), 'country', 'countries')}", names)


def _places(intro: str, names: dict[str, Piece]) -> Iterator[Block]:
    """Yield countries after some words on them: a few in the same sentence, many in a list."""
    if len(names) <= _IN_ONE_SENTENCE:
        yield Paragraph((enumerated(f"{intro}: {{}}", names),))
    else:
        yield Paragraph((say(intro, by=Of(tuple(names), span=True), stop=":"),))
        yield from listed(
            list(names), lambda path: say("{}", names[path], by=Of((path,)), stop=""), "country", "countries"
        )


def _running_on(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with paragraphs that follow each other made one."""
    for paragraphs, group in itertools.groupby(blocks, lambda block: isinstance(block, Paragraph)):
        if paragraphs:
            yield Paragraph(tuple(sentence for block in group for sentence in block.sentences))
        else:
            yield from group
