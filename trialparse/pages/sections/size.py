"""Phase and study size: the phases explained, and how many people are planned and were taken in."""

from collections.abc import Iterable, Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Listing, Of, Paragraph, Sentence
from trialparse.pages.sections.naming import country_name
from trialparse.pages.sentences import Line, explain, filling, in_order, say, stating, tell
from trialparse.pages.tables import phrase
from trialparse.terms import Phase


def _phases(phases: frozenset[Phase], field: str) -> Iterable[Sentence]:
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
_NUMBERS = (
    Line(
        "planned",
        filling("The plan is for {} in all", wording.people),
        "how many people are planned",
        always=True,
    ),
    Line(
        "planned_eea",
        filling("Of these, {} in the EEA", _planned),
        "how many are planned in the EEA",
    ),
    Line(
        "planned_elsewhere",
        filling("Outside of the EEA, {}", _planned),
        "how many are planned outside of the EEA",
    ),
    Line(
        "actual",
        filling("According to the record, {} have joined", wording.people),
        "how many people have joined",
        always=True,
    ),
)


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(tell(trial, _PHASE)))
    yield Paragraph(tuple(tell(trial, _NUMBERS, "enrolment")))
    planned = [index for index, country in enumerate(trial.countries) if country.planned is not None]
    if len(planned) > 1:
        by = Of(tuple(f"countries[{index}].planned" for index in planned), span=True)
        yield Paragraph((say("The plan by country is as follows", by=by),))
        yield Listing(tuple(_country(trial, index) for index in planned))


def _country(trial: Trial, index: int) -> Sentence:
    """Return how many people are planned in a country, as an item of a list."""
    name, field = country_name(trial, index)
    planned = wording.people(trial.countries[index].planned or 0)
    return say("{}: {}", name, planned, by=(Of((field,)), Of((f"countries[{index}].planned",))), stop="")
