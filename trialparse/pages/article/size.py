"""Phase and study size: what the phase means, and how many people are planned and have joined."""

from collections.abc import Iterator

from trialparse.model.terms import Phase, PhaseDetail
from trialparse.pages import stages
from trialparse.pages.article.differing import differs, spelt_out
from trialparse.pages.article.sentences import By, gap, in_title, sentence, worded
from trialparse.pages.details.naming import country_name
from trialparse.pages.facts.titles import title_on
from trialparse.pages.page import Block, Gap, Gloss, Lack, Paragraph, Sentence, Words
from trialparse.pages.tables import in_order, key_of
from trialparse.pages.view import View

_FEW = 100
"""Up to how many people a trial with a phase 1 is called small; the glossary cites whose number this is."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph((*_phase(view), *_planned(view), *_small(view), *_joined(view)))


def _phase(view: View) -> Iterator[Sentence]:
    """Yield the phases and what they mean."""
    phases = view.trial.phases
    if not phases:
        titled = title_on(view, "phases")
        if titled:
            ask = view.texts.plain("ask.phase")
            yield in_title(view, [titled], ask, [Gap("phases", view.missing("phases"), ask)])
        elif not view.partial:
            yield from gap(view, "phases", "phase")
        return
    terms = [term for term in in_order(phases) if term is not Phase.NOT_APPLICABLE]
    if phases == {Phase.NOT_APPLICABLE}:
        yield worded(view, "phase.none", "phases", Gloss("Phase.NOT_APPLICABLE"))
        return
    if differs(view, "phases"):
        yield spelt_out(view, "phases", lambda value: _phases(view, value))
        for term in terms:
            yield sentence(view.words(f"phase.{key_of(term)}"), [Gloss(key_of(term))])
        return
    words = _phases(view, phases)
    integrated = PhaseDetail.INTEGRATED in view.trial.phase_detail and len(terms) > 1
    by: list[By] = ["phases", *(["phase_detail"] if integrated else [])]
    clauses = [view.words(f"phase.{key_of(term)}") for term in terms]
    if len(terms) == 1:
        yield worded(view, "phase.one", *by, Gloss(key_of(terms[0])), phases=words, clauses=clauses[0])
    else:
        yield worded(view, "phase.integrated" if integrated else "phase.several", *by, phases=words)
        for term, clause in zip(terms, clauses, strict=True):
            yield sentence(clause, [Gloss(key_of(term))])
    if PhaseDetail.BIOEQUIVALENCE in view.trial.phase_detail:
        yield worded(view, "phase.bioequivalence", "phase_detail", Gloss("PhaseDetail.BIOEQUIVALENCE"))


def _phases(view: View, phases: frozenset[Phase]) -> Words:
    """Return phases in a few words."""
    return view.texts.series([view.texts.phrase(term).short for term in in_order(phases)]) or view.words("unlike.none")


def _planned(view: View) -> Iterator[Sentence]:
    """Yield how many people are planned: in all, in the EEA, or in the only country that the record has a plan for."""
    numbers, texts = view.trial.enrolment, view.texts
    own = [index for index, one in enumerate(view.trial.countries) if one.planned is not None]
    home = view.country if view.country is not None and view.trial.countries[view.country].planned is not None else None
    plan = {"planned": numbers.planned, "planned_eea": numbers.planned_eea}
    total, eea = ({"people": texts.count("person", one)} if one is not None else {} for one in plan.values())
    unlike = [
        f"enrolment.{name}" for name, one in plan.items() if one is not None and differs(view, f"enrolment.{name}")
    ]
    if unlike:
        for field in unlike:
            yield spelt_out(view, field, texts.number)
        return
    if total and len(own) == 1 and view.trial.countries[own[0]].planned == numbers.planned:
        name, field = country_name(view, own[0])
        key = "size.one_in" if numbers.planned == 1 else "size.all_in"
        yield worded(view, key, "enrolment.planned", field, country=name, **total)
    elif total and numbers.planned_eea not in (None, numbers.planned) and numbers.planned_elsewhere != 0:
        eea_part = texts.number(numbers.planned_eea or 0)
        fields: list[By] = ["enrolment.planned", "enrolment.planned_eea", _EEA]
        if home is None:
            yield worded(view, "size.part", *fields, eea=eea_part, **total)
        else:
            name, field = country_name(view, home)
            part = texts.number(view.trial.countries[home].planned or 0)
            by = [*fields, f"countries[{home}].planned", field]
            yield worded(view, "size.part.country", *by, eea=eea_part, country=name, part=part, **total)
    elif total:
        yield worded(view, "size.planned", "enrolment.planned", **total)
        yield from _at_home(view, home)
    elif eea:
        yield worded(view, "size.eea", "enrolment.planned_eea", _EEA, **eea)
    if not total and len(own) == 1 and view.trial.countries[own[0]].planned != numbers.planned_eea:
        name, field = country_name(view, own[0])
        people = texts.count("person", view.trial.countries[own[0]].planned or 0)
        yield worded(view, "size.country", f"countries[{own[0]}].planned", field, country=name, people=people)
    elif view.one_number and (numbers.actual, numbers.unspecified) != (None, None):
        return
    elif not total and not eea and not own and not view.partial:
        yield from gap(view, "enrolment.planned", "planned")


def _at_home(view: View, home: int | None) -> Iterator[Sentence]:
    """Yield how many are planned in the country whose record this is."""
    if home is not None:
        name, field = country_name(view, home)
        people = view.texts.count("person", view.trial.countries[home].planned or 0)
        yield worded(view, "size.country.part", f"countries[{home}].planned", field, country=name, people=people)


_EEA = Gloss("Region.EEA_ONLY")


def _small(view: View) -> Iterator[Sentence]:
    """Yield that an early trial is small, as such trials are."""
    planned = view.trial.enrolment.planned
    if planned is None or differs(view, "enrolment.planned") or differs(view, "phases"):
        return
    if 0 < planned <= _FEW and Phase.I in view.trial.phases:
        yield worded(view, "size.small", "enrolment.planned", "phases", Gloss("about.small"))


def _joined(view: View) -> Iterator[Sentence]:
    """Yield how many people have joined, or that records of this kind do not hold it."""
    joined = view.trial.enrolment.actual
    silent = view.never("enrolment.actual") and not view.partial and view.stage != stages.OVER
    if joined is not None:
        noun = "took_part" if view.stage == stages.OVER else "joined"
        yield worded(view, "size.joined", "enrolment.actual", number=view.texts.count(noun, joined))
    elif (number := view.trial.enrolment.unspecified) is not None:
        yield worded(view, "size.unspecified", "enrolment.unspecified", people=view.texts.count("person", number))
    elif silent:
        yield worded(view, "size.joined.never", Lack(view.kind.format, "enrolment.actual"))
    elif not view.partial and not view.one_number:
        yield from gap(view, "enrolment.actual", "joined")
