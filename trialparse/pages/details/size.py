"""Phase and study size: the phases explained, and how many people are planned and were taken in."""

from collections.abc import Callable, Iterable, Iterator

from trialparse.model.terms import Phase, Region
from trialparse.pages import wording
from trialparse.pages.details.excerpts import listed
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sentences import Line, Writer, explain, filling, in_order, say, stating, tell
from trialparse.pages.tables import phrase
from trialparse.pages.view import View


def _phases(view: View, phases: frozenset[Phase], field: str) -> Iterable[Sentence]:
    """Yield the phases in one sentence, then what each means."""
    terms = in_order(phases)
    if phases == {Phase.NOT_APPLICABLE}:
        yield say(phrase(Phase.NOT_APPLICABLE).sentence, by=Of((field,)))
    else:
        words = wording.series([phrase(term).short for term in terms])
        yield say("This trial is in {}", words, by=Of((field,)))
    for term in terms:
        yield from explain(term)


def _planned(number: int) -> str:
    """Say how many people are planned."""
    return {0: "none are planned", 1: "1 is planned"}.get(number, f"{wording.number(number)} are planned")


_PHASE = (
    Line("phases", _phases, "which phase the trial is in", always=True),
    Line("phase_detail", stating(), "more about the phase"),
)


def _in_eea(template: str, words: Callable[[int], str]) -> Writer:
    """Say a number of people in the EEA, and what the EEA is."""

    def write(view: View, value: int, field: str) -> Iterable[Sentence]:
        yield say(template, words(value), by=Of((field,)))
        yield from explain(Region.EEA_ONLY)

    return write


_TOTAL = Line(
    "planned", filling("The plan is for {} in all", wording.people), "how many people are planned", always=True
)
_EEA = Line("planned_eea", _in_eea("Of these, {} in the EEA", _planned), "how many are planned in the EEA")
_EEA_ALONE = Line("planned_eea", _in_eea("In the EEA, the plan is for {}", wording.people), _EEA.ask, always=True)
_ELSEWHERE = Line(
    "planned_elsewhere",
    filling("Outside of the EEA, {}", _planned),
    "how many are planned outside of the EEA",
)
_JOINED = Line(
    "actual",
    filling("According to the record, {} have joined", wording.people),
    "how many people have joined",
    always=True,
)


def _numbers(view: View) -> tuple[Line, ...]:
    """Return the lines on numbers; the EEA's number is alone if there is no total."""
    planned = view.trial.enrolment
    only_eea = view.never("enrolment.planned") and not view.never("enrolment.planned_eea")
    if planned.planned is None and (planned.planned_eea is not None or only_eea):
        return (_EEA_ALONE, _ELSEWHERE, _JOINED)
    return (_TOTAL, _EEA, _ELSEWHERE, _JOINED)


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(tell(view, _PHASE)))
    yield Paragraph(tuple(tell(view, _numbers(view), "enrolment")))
    planned = {
        f"countries[{index}].planned": index
        for index, country in enumerate(view.trial.countries)
        if country.planned is not None
    }
    if len(planned) > 1:
        yield Paragraph((say("The plan by country is as follows", by=Of(tuple(planned), span=True), stop=":"),))
        yield from listed(list(planned), lambda path: _country(view, planned[path]), "country", "countries", once=True)


def _country(view: View, index: int) -> Sentence:
    """Return how many people are planned in a country, as an item of a list."""
    name, field = country_name(view, index)
    planned = wording.people(view.trial.countries[index].planned or 0)
    return say("{}: {}", name, planned, by=(Of((field,)), Of((f"countries[{index}].planned",))), stop="")
