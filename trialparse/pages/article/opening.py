"""The title and the first section: what the trial tests and for whom, its aim, who runs it, and where."""

import re
from collections.abc import Iterator

from trialparse.model import Country
from trialparse.model.terms import (
    InterventionType,
    ObjectiveKind,
    PhaseDetail,
    ProductRole,
    Progress,
    Purpose,
    Region,
    Regulatory,
    SponsorRole,
)
from trialparse.pages import stages
from trialparse.pages.article.sentences import By, entries, gap, more, quoting, sentence, worded
from trialparse.pages.article.status import predicates
from trialparse.pages.details.differences import disagreeing
from trialparse.pages.details.naming import country_name, is_region, made_from, names_by_field, register
from trialparse.pages.details.versions import kind_of, shown
from trialparse.pages.facts.texts import own_words, quoted_at
from trialparse.pages.facts.titles import named_in_title
from trialparse.pages.facts.treatments import therapies, treatments
from trialparse.pages.page import Block, Gap, Gloss, Lack, Of, OfRecords, Paragraph, Piece, Quote, Sentence, Words
from trialparse.pages.sentences import parted
from trialparse.pages.tables import key_of
from trialparse.pages.view import View
from trialparse.pages.wording import coded

_CONDITIONS, _COUNTRIES, _NAMES = 3, 5, 2
"""How many conditions, countries and treatments a sentence names; it counts the rest."""

_BRIEF = 15
"""Words of a name or a condition at most for it to be in the first sentence."""

_ID = re.compile(r"[A-Z0-9][A-Z0-9/.-]{3,40}")
"""A number that needs no quotation marks."""


def title(view: View) -> Piece:
    """Return the title of the trial, or what the page calls it."""
    for field in ("public_title", "scientific_title", "acronym"):
        words = view.quote(field)
        if words:
            return words
    number = view.quote("id")
    if number is None and view.partial and view.kind.made_from:
        return view.kind.made_from[:1].upper() + view.kind.made_from[1:]
    named = view.words("title.unnumbered") if number is None else view.words("title", number=number)
    return "".join(part if isinstance(part, str) else part.text for part in named)


def lead(view: View) -> Paragraph:
    """Return what the page is made from, in which register, and the day that it is as of."""
    by: list[By] = ["registry", "id"]
    if view.of_country and view.country is not None:
        by.append(country_name(view, view.country)[1])
    slots: dict[str, Words] = {
        "register": register(view),
        "number": _number(view),
        "made": _made_from(view),
        "records": view.texts.count("record", view.records),
    }
    key = "lead.stored" if view.stored else "lead" if view.trial.registry or view.several else "lead.free"
    if view.as_of is None:
        what, field, date = view.dated or ("undated", None, None)
        slots["date"] = view.texts.date(date) if date else ""
        undated = worded(
            view, "lead.open", Gap("dates.updated", view.missing("dates.updated"), view.texts.plain("ask.day"))
        )
        return Paragraph((worded(view, f"{key}.{what}", *by, *([field] if field else []), **slots), undated))
    field, date = view.as_of
    return Paragraph((worded(view, key, *by, field, date=view.texts.date(date), **slots),))


def _made_from(view: View) -> Words:
    """Return what the page is made from; the record of one country is called by that."""
    if view.country is None or not view.of_country:
        return made_from(view, view.kind)
    name, _ = country_name(view, view.country)
    return view.words("lead.country", country=name)


def _number(view: View) -> tuple[Piece, ...]:
    """Return the number of the trial; only one of a known form needs no quotation marks."""
    number = view.quote("id")
    if number is None:
        return view.words("number.none")
    return view.words("number", number=number.text if _ID.fullmatch(number.text) else number)


def link(view: View) -> str:
    """Return the address of the trial in its register; only a number of the register's own form makes one."""
    address = view.kind.pages.get(view.trial.registry or "", "")
    number = _EUROPEAN.match(view.trial.id or "")
    return address.replace("{id}", number[0]) if address and number else ""


_EUROPEAN = re.compile(r"\d{4}-\d{6}-\d{2}(?:-\d{2})?(?![0-9])")
"""The number of a trial in a register of the European Union, without a country behind it."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    lacking = _lacking(view)
    described = bool(view.trial.conditions or view.quote("scientific_title") or view.quote("public_title"))
    yield Paragraph((*_kind(view), *(_lacks(view, lacking) if described else ())))
    yield Paragraph((*_subject(view), *_first(view), *(_type(view) if described else ()), *_now(view)))
    yield Paragraph((*_aim(view), *_sponsors(view), *_countries(view)))


def _kind(view: View) -> Iterator[Sentence]:
    """Yield what such a record is, where it is not the whole record of a trial."""
    if view.several:
        if view.history:
            yield worded(view, "opening.history", "id", number=view.texts.count("version", view.history))
        if len({one.country for one in view.spread("id") if one.country}) > 1:
            yield worded(view, "opening.records", "id", Gloss("about.records"))
        fields = disagreeing(view)
        if fields:
            topics = view.texts.some([view.texts.differences[field] for field in fields], _COUNTRIES - 2)
            by = [OfRecords(field, tuple(range(len(view.spreads[field])))) for field in fields[:_COUNTRIES]]
            yield worded(view, "opening.differ", *by, topics=topics)
        return
    for words in parted(view.explanation):
        yield sentence((words,), [Lack(view.kind.format)])
    if view.country is not None:
        name, field = country_name(view, view.country)
        key = "opening.country" if view.of_country else "opening.country.copy"
        yield worded(view, key, field, country=name)


def _subject(view: View) -> Iterator[Sentence]:
    """Yield what is tested, and for which condition."""
    what, by = _what(view)
    conditions = _conditions(view)
    brief = {field: words for field, words in conditions.items() if len(words.text.split()) <= _BRIEF}
    first = PhaseDetail.FIRST_IN_HUMAN in view.trial.phase_detail
    case = ".first" if first else ""
    by += ["phase_detail"] if first and what else []
    if what and brief:
        yield worded(
            view, f"opening.tests{case}", *by, *brief, what=what, condition=view.texts.series(list(brief.values()))
        )
    elif what:
        yield worded(view, f"opening.tests.alone{case}", *by, what=what)
    elif brief:
        yield worded(view, "opening.about", *brief, condition=view.texts.series(list(brief.values())))
    for field, words in conditions.items():
        if field not in brief and not brief:
            yield quoting(view, "opening.condition", words.text, field)
            break
    yield from _plain(view)
    shown_too = len(brief) or min(1, len(conditions))
    rest = [f"conditions[{index}]" for index in range(len(view.trial.conditions))]
    yield from more(view, "condition", rest[shown_too:] if len(rest) > _CONDITIONS else ())
    if not conditions:
        yield from gap(view, "conditions", "condition")


def _conditions(view: View) -> dict[str, Quote]:
    """Return the first conditions in the register's words, else in its words for the public; the same words once."""
    found: dict[str, tuple[str, Quote]] = {}
    for index in shown(view, "conditions", lambda _: None):
        lay = view.quote(f"conditions[{index}].lay_text")
        words = quoted_at(view, f"conditions[{index}]") or (lay and (lay, f"conditions[{index}].lay_text"))
        if words:
            found.setdefault(" ".join(words[0].text.casefold().split()), (words[1], words[0]))
    return dict(list(found.values())[:_CONDITIONS])


def _plain(view: View) -> Iterator[Sentence]:
    """Yield the condition in the register's words for the public."""
    for index, one in enumerate(view.trial.conditions[:1]):
        words = view.quote(f"conditions[{index}].lay_text")
        quoted = own_words(one)
        if words and quoted and words.text.casefold() != quoted[0].casefold():
            yield quoting(view, "opening.lay", words.text, f"conditions[{index}].lay_text")


def _what(view: View) -> tuple[Words, list[By]]:
    """Return what is tested in a few words (the kind of an advanced therapy, else names, else a number), and fields.

    A product whose role is not known can be a placebo or what the trial compares with: it is not called tested.
    """
    kept = shown(view, "interventions", lambda one: (one.name, one.role))
    advanced = {path: one.type for path, one in therapies(view, kept).items() if one.type}
    if len(set(advanced.values())) == 1:
        path, kind = next(iter(advanced.items()))
        return view.words(f"what.{key_of(kind)}"), [f"{path}.type"]
    tests = [one for one in treatments(view, kept) if one.role is ProductRole.TEST]
    names = {one.field: one.name for one in tests if one.name and len(one.name.text.split()) <= _BRIEF}
    if names and len(names) == len(tests) <= _NAMES:
        return view.texts.series(list(names.values())), list(names)
    kinds = {view.trial.interventions[index].type for one in tests for index in one.indices}
    medicines = {InterventionType.DRUG, InterventionType.BIOLOGICAL, None}
    if len(tests) > 1:
        noun = "medicine" if kinds <= medicines else "treatment"
        return view.texts.count(noun, len(tests)), [entries(one.field for one in tests)]
    return (view.words("what.one"), [tests[0].field]) if tests else ("", [])


def _first(view: View) -> Iterator[Sentence]:
    """Yield that people get the product for the first time."""
    if PhaseDetail.FIRST_IN_HUMAN in view.trial.phase_detail and not _what(view)[0]:
        yield worded(view, "opening.first", "phase_detail")


def _type(view: View) -> Iterator[Sentence]:
    """Yield what type of study it is, and what that means."""
    kind = view.trial.study_type
    if kind is not None:
        yield worded(view, f"opening.{key_of(kind)}", "study_type", Gloss(key_of(kind)))
    purpose = view.trial.design.purpose
    if purpose is not None and purpose is not Purpose.OTHER:
        yield worded(view, "opening.purpose", "design.purpose", purpose=view.texts.phrase(purpose).short)


def _aim(view: View) -> Iterator[Sentence]:
    """Yield the main aim, unless the main outcome repeats it."""
    kept = shown(view, "objectives", kind_of)
    aims = [view.trial.objectives[index] for index in kept]
    main = [index for index, one in zip(kept, aims, strict=True) if one.kind is not ObjectiveKind.SECONDARY]
    outcomes = {words[0] for one in view.trial.endpoints if (words := own_words(one))}
    for index in main[:1]:
        words = own_words(view.trial.objectives[index])
        if words and words[0] not in outcomes:
            yield quoting(view, "opening.aim", words[0], f"objectives[{index}].{words[1]}")


def _sponsors(view: View) -> Iterator[Sentence]:
    """Yield who takes charge."""
    kept = shown(view, "sponsors", lambda one: one.role if one.role is SponsorRole.PRIMARY else one.name)
    names = {
        f"sponsors[{index}].name": words
        for index in kept
        if view.trial.sponsors[index].role is SponsorRole.PRIMARY and (words := view.quote(f"sponsors[{index}].name"))
    }
    unlike: dict[str, tuple[str, Quote]] = {}
    for field, words in names.items():
        unlike.setdefault(" ".join(words.text.casefold().split()), (field, words))
    names = dict(unlike.values())
    if names:
        first = dict(list(names.items())[:_COUNTRIES])
        key = f"opening.sponsor.{'one' if len(names) == 1 else 'other'}"
        yield worded(view, key, *first, Gloss("about.sponsor"), names=view.texts.series(list(first.values())))
        return
    open_ = {
        f"sponsors[{index}].name": words
        for index in kept
        if view.trial.sponsors[index].role is None and (words := view.quote(f"sponsors[{index}].name"))
    }
    if open_:
        called = view.texts.some(list(open_.values()), _COUNTRIES)
        yield worded(view, "opening.sponsor.open", entries(open_), names=called)
    elif not view.partial:
        yield from gap(view, "sponsors", "sponsor")


def _countries(view: View) -> Iterator[Sentence]:
    """Yield where the trial runs or is planned; a country that refused it is named with the status."""
    trial = view.trial
    known = {country.code for country in trial.countries if country.code}
    others = {
        f"countries_elsewhere[{index}]": called
        for index, one in enumerate(trial.countries_elsewhere)
        if one.term not in known and (called := view.texts.countries.get(one.term or "") or coded(one))
    }
    if not view.of_country:
        of = [index for index, one in enumerate(trial.countries) if not is_region(view, one) and not _declined(one)]
        names = names_by_field(view, of)
        outside = trial.design.region is Region.EEA_AND_ELSEWHERE and not trial.countries_elsewhere
        if names:
            key = "opening.where.alone" if outside and len(names) == 1 else "opening.where"
            first = view.texts.some(list(names.values()), _COUNTRIES)
            where = view.words(key, number=view.texts.count("country", len(names)), countries=first)
            yield worded(view, f"opening.countries{_case(view)}", Of(tuple(names), span=True), where=where)
        if names and outside:
            yield worded(view, f"opening.outside{_case(view)}", "design.region", Gloss("Region.EEA_ONLY"))
        regions = [index for index, one in enumerate(trial.countries) if is_region(view, one)]
        for index in regions[:1] if not view.several else ():
            name, field = country_name(view, index)
            yield worded(view, f"opening.region{_case(view)}", field, country=name)
    if others:
        key = "opening.elsewhere" if trial.countries else "opening.elsewhere.alone"
        number = view.texts.count("more_country" if trial.countries else "country", len(others))
        by = Of(tuple(others), span=True)
        yield worded(view, key, by, number=number, countries=view.texts.some(list(others.values()), _COUNTRIES))
    if not trial.countries and not others and not view.partial:
        yield from gap(view, "countries", "countries")


_DECLINED = frozenset(
    {
        Regulatory.NOT_AUTHORISED,
        Regulatory.WITHDRAWN,
        Regulatory.LAPSED,
        Regulatory.NOT_VALID,
        Regulatory.CANCELLED,
        Regulatory.EXPIRED,
    }
)
"""Decisions after which a trial does not run in a country and is no longer planned there."""


def _declined(country: Country) -> bool:
    """Whether a trial was never to run in a country."""
    return country.status.regulatory in _DECLINED


_CASES = {
    Progress.NOT_STARTED: ".ahead",
    Progress.ONGOING: ".begun",
    Progress.ENDED: ".over",
    Progress.TERMINATED_EARLY: ".over",
}
"""Cases of the sentence on countries, by the progress of the trial."""


def _case(view: View) -> str:
    """Return the case of the sentence on countries: by the progress of the trial, else of all its countries."""
    trial = view.trial
    if trial.status.trial is Progress.NOT_STARTED and view.starts:
        return ""
    if trial.status.trial is not None:
        own = _CASES.get(trial.status.trial, "")
        ended = any(_CASES.get(one.status.trial) == ".over" for one in trial.countries if one.status.trial)
        return ".mixed" if own == ".begun" and ended else own
    cases = {_CASES.get(one.status.trial, "") if one.status.trial else "" for one in trial.countries}
    return cases.pop() if len(cases) == 1 else ".mixed" if cases == {".begun", ".over"} else ""


def _now(view: View) -> Iterator[Sentence]:
    """Yield at once that a trial is over or stands still."""
    found = predicates(view)
    urgent = [field for field in found if field == "status.trial" and view.stage == stages.OVER and not view.partial]
    for field in urgent:
        where = country_name(view, view.country) if view.country is not None else None
        key = "opening.now.country" if where else "opening.now"
        yield worded(view, key, field, country=where[0] if where else "", state=found[field])


def _lacking(view: View) -> dict[str, str]:
    """Return what a partial record can have nothing on, each with a field; the quoted title may still mention it."""
    if not view.partial:
        return {}
    return {
        topic: field
        for topic, field in view.lacking.items()
        if not (topic == "design" and named_in_title(view))
        if not (topic == "status" and any(one.status.trial or one.status.regulatory for one in view.trial.countries))
    }


def _lacks(view: View, lacking: dict[str, str]) -> Iterator[Sentence]:
    """Yield in one sentence what such a record has nothing on."""
    if lacking:
        words = [view.texts.plain(f"topic.{topic}") for topic in lacking]
        by = [Lack(view.kind.format, field) for field in lacking.values()]
        yield worded(view, "opening.lacks", *by, topics=view.texts.series(words))
