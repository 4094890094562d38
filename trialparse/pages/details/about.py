"""Trial overview: what the page is made from, what the trial is called, who runs it, what it is about, and where."""

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from functools import partial

from trialparse.model import Organisation
from trialparse.model.terms import ObjectiveKind, SponsorRole
from trialparse.model.values import Coded
from trialparse.pages import wording
from trialparse.pages.details.course import ended_early
from trialparse.pages.details.excerpts import left_out, listed, sentence_of
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import MOST, Line, enumerated, listing, quoting, stating, write_lines
from trialparse.pages.details.naming import country_name, is_region, made_from, names_by_field, place, register
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.facts.texts import own_words
from trialparse.pages.page import Block, Lack, Paragraph, Piece, Sentence, Words
from trialparse.pages.sentences import above, entries, explain, item, parted, sentence, worded
from trialparse.pages.view import View

_IN_ONE_SENTENCE = 5
"""How many countries a sentence names; more go into a list."""

_PUBLIC = Line("public_title", quoting, "name.public", always=True)
_SCIENTIFIC = Line("scientific_title", quoting, "name.scientific")
_NAMES = (
    Line("acronym", quoting, "name.acronym"),
    Line("study_type", stating, "study_type", always=True),
)
_SUMMARY = (Line("brief_summary", quoting, "name.summary"),)


def _areas(view: View, areas: tuple[Coded, ...], field: str, key: str) -> Iterable[Sentence]:
    """Write the fields of medicine by their names, without the groups and numbers around them."""
    named = tuple(Coded(term=area.term, text=wording.narrowest(area.text) if area.text else None) for area in areas)
    return listing()(view, named, field, key)


_TOPIC = (
    Line("conditions", listing("text"), "topic", always=True),
    Line("therapeutic_areas", _areas, "topic.area"),
)
_PLACES = (
    Line("design.region", stating, "region"),
    Line("status.trial", partial(stating, explained=False), "status"),
)
_PARTS = {None: "sponsor.open", SponsorRole.PRIMARY: "sponsor.PRIMARY", SponsorRole.CO_SPONSOR: "sponsor.CO_SPONSOR"}
"""Sentences on an organisation by its part; third parties are left out."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(_origin(view)))
    public, scientific = (wording.quote(one) for one in (view.trial.public_title, view.trial.scientific_title))
    both = (_PUBLIC, _SCIENTIFIC) if public and scientific and public != scientific else ()
    titles = both or ((_SCIENTIFIC,) if scientific and not public else (_PUBLIC,))
    yield Paragraph((*write_lines(view, titles), *_numbers(view), *write_lines(view, _NAMES)))
    yield Paragraph(tuple(write_lines(view, _SUMMARY)))
    yield Paragraph((*_sponsors(view), *_aims(view), *write_lines(view, _TOPIC)))
    yield from _running_on(
        (*_countries(view), *_elsewhere(view), Paragraph(tuple(write_lines(view, _PLACES))), *_ended_early(view))
    )


def _origin(view: View) -> Iterator[Sentence]:
    """Yield what the page is made from, and what such a record is."""
    if view.several:
        yield from _records(view)
    elif wording.quote(view.trial.registry):
        yield worded(view, "origin", "registry", made=made_from(view, view.kind), register=register(view))
    else:
        yield gap(view, "registry", "registry")
    for words in parted(view.explanation):
        yield sentence((words,), [Lack(view.kind.format)])


def _records(view: View) -> Iterator[Sentence]:
    """Yield how many records the page is made from, their countries, and that they may differ."""
    records = view.texts.count("record", view.records)
    if wording.quote(view.trial.registry):
        yield worded(view, "origin.records", "id", records=records, register=register(view))
    else:
        yield worded(view, "origin.records.open", "id", records=records)
    if view.history:
        n = view.texts.number(view.history)
        yield worded(view, view.texts.form("origin.history", view.history), "id", n=n)
    spread = view.spread("id")
    counts = Counter(place(view, one) for one in spread if one.country is not None)
    if counts:
        yield worded(view, view.texts.form("origin.countries", counts.total()), "id", names=_counted(view, counts))
    others = Counter(place(view, one) for one in spread if one.country is None and not one.results)
    if others:
        yield worded(view, view.texts.form("origin.others", len(others)), "id", names=_counted(view, others))
    results = sum(one.results for one in spread)
    if results:
        yield worded(view, view.texts.form("origin.results", results), "id", n=view.texts.number(results))
    yield from explain(view, "about.records") if len(counts) > 1 else ()
    if view.spreads and not view.own_rules:
        yield worded(view, "origin.rules", "id", tool=view.rules)


def _counted(view: View, counts: Counter[Piece]) -> tuple[Piece, ...]:
    """Return names, each with how often it is there if that is more than once."""
    names: list[Words] = [
        view.words("origin.often", name=name, records=view.texts.count("record", often)) if often > 1 else name
        for name, often in counts.items()
    ]
    return view.texts.some(names, MOST + 1)


def _numbers(view: View) -> Iterator[Sentence]:
    """Yield the trial's number, the sponsor's code and the other numbers."""
    trial = view.trial
    own = wording.quote(trial.id)
    if own is None:
        yield gap(view, "id", "name.number")
    else:
        yield worded(view, "name.number", "id", "registry", register=register(view), number=own)
    codes: dict[str, Piece] = {}
    others: dict[str, Piece] = {}
    for index, one in enumerate(trial.identifiers):
        number = wording.quote(one.value)
        if number and one.scheme == "protocol":
            codes[f"identifiers[{index}]"] = number
        elif number and one.value != trial.id:
            others[f"identifiers[{index}]"] = number
    for key, numbers in (("name.code", codes), ("name.others", others)):
        if numbers:
            yield enumerated(view, view.texts.form(key, len(numbers)), numbers)


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
    for field, (key, words) in list(behind.items())[:MOST]:
        yield worded(view, key, field, name=words)
    if others:
        yield enumerated(view, "sponsor.others", dict(others))
    yield from explain(view, "about.sponsor") if behind else [gap(view, "sponsors", "sponsor")]
    yield from left_out(view, "organisation", list(behind)[MOST:])


def _part(sponsor: Organisation) -> Hashable:
    """Return what makes organisations of two records one: for the primary sponsor the role, else the name."""
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
        yield gap(view, "objectives", "aim.main")
    for path, kind in list(main.items())[:MOST]:
        yield sentence_of(view, "aim.main" if kind else "aim.open", path)
    for kind in dict.fromkeys(main.values()):
        yield from otherwise(view, "objectives", kind_of, kind)
    yield from left_out(view, "aim", list(main)[MOST:])


def _countries(view: View) -> Iterator[Block]:
    """Yield where the trial runs."""
    trial = view.trial
    regions = [index for index, country in enumerate(trial.countries) if is_region(view, country)]
    names = names_by_field(view, [index for index in range(len(trial.countries)) if index not in regions])
    yield from _places(view, "countries.listed", names)
    if regions and not view.several:
        name, field = country_name(view, regions[0])
        yield Paragraph((worded(view, "countries.region", field, name=name),))
    if not trial.countries and not trial.countries_elsewhere:
        yield Paragraph((gap(view, "countries", "countries"),))


def _elsewhere(view: View) -> Iterator[Block]:
    """Yield the countries outside of the register's own area, in the page's language where their codes are known."""
    known = {country.code for country in view.trial.countries if country.code}
    names = {
        f"countries_elsewhere[{index}]": name
        for index, other in enumerate(view.trial.countries_elsewhere)
        if other.term not in known and (name := view.texts.countries.get(other.term or "") or wording.coded(other))
    }
    yield from _places(view, "countries.elsewhere", names)
    if not names and view.missing("countries_elsewhere") is not None:
        yield Paragraph((gap(view, "countries_elsewhere", "countries.elsewhere"),))


def _ended_early(view: View) -> Iterator[Block]:
    """Yield the countries in which the trial ended early."""
    names = names_by_field(view, [index for index in ended_early(view) if index is not None])
    yield from _places(view, "countries.ended_early", names)


def _places(view: View, key: str, names: dict[str, Piece]) -> Iterator[Block]:
    """Yield countries after some words on them: a few in the same sentence, many in a list; nothing for none."""
    n = view.texts.number(len(names))
    if len(names) > _IN_ONE_SENTENCE:
        yield Paragraph((above(view, f"{key}.many", entries(names), n=n),))
        yield from listed(view, "country", list(names), lambda path: item((names[path],), path))
    elif names:
        yield Paragraph((enumerated(view, view.texts.form(key, len(names)), names, n=n),))


def _running_on(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with paragraphs that follow each other made one."""
    for paragraphs, group in itertools.groupby(blocks, lambda block: isinstance(block, Paragraph)):
        if paragraphs:
            yield Paragraph(tuple(sentence for block in group for sentence in block.sentences))
        else:
            yield from group
