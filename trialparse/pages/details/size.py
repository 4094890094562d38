"""Phase and study size: the phases explained, and how many people are planned and were taken in."""

from collections.abc import Iterable, Iterator

import attrs

from trialparse.model.terms import Phase
from trialparse.pages.details.excerpts import listed, paired
from trialparse.pages.details.lines import Line, counting, filling, stating, write_lines
from trialparse.pages.details.naming import country_name
from trialparse.pages.page import Block, Paragraph, Sentence
from trialparse.pages.sentences import above, entries, explain, item, sentence, worded
from trialparse.pages.tables import in_order
from trialparse.pages.view import View


def _phases(view: View, phases: frozenset[Phase], field: str, key: str) -> Iterable[Sentence]:
    """Yield the phases in one sentence, then what each means."""
    terms = in_order(phases)
    if phases == {Phase.NOT_APPLICABLE}:
        yield sentence((view.phrase(Phase.NOT_APPLICABLE),), [field])
    else:
        words = view.texts.series([view.texts.phrase(term).short for term in terms])
        yield worded(view, "phase.several", field, phases=words)
    for term in terms:
        yield from explain(view, term)


_PHASE = (
    Line("phases", _phases, "phase", always=True),
    Line("phase_detail", stating, "phase.detail"),
)

_PEOPLE = filling(lambda view, number: view.texts.count("people", number))
_TOTAL = Line("planned", _PEOPLE, "size.total", always=True)
_EEA = Line("planned_eea", counting, "size.of_eea", gloss="Region.EEA_ONLY")
_EEA_ALONE = attrs.evolve(_EEA, write=_PEOPLE, key="size.in_eea", ask=_EEA.ask, always=True)
_ELSEWHERE = Line("planned_elsewhere", counting, "size.elsewhere")
_JOINED = Line("actual", counting, "size.taken_in", always=True)
_EITHER = Line("unspecified", counting, "size.unspecified")


def _numbers(view: View) -> tuple[Line, ...]:
    """Return the lines on numbers; the EEA's number is alone if there is no total."""
    planned = view.trial.enrolment
    if planned.unspecified is not None and planned.planned is None and planned.actual is None:
        return (_EITHER,)
    only_eea = view.never("enrolment.planned") and not view.never("enrolment.planned_eea")
    if planned.planned is None and (planned.planned_eea is not None or only_eea):
        return (_EEA_ALONE, _ELSEWHERE, _JOINED)
    return (_TOTAL, _EEA, _ELSEWHERE, _JOINED)


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(write_lines(view, _PHASE)))
    yield Paragraph(tuple(write_lines(view, _numbers(view), "enrolment")))
    planned = {
        f"countries[{index}].planned": index
        for index, country in enumerate(view.trial.countries)
        if country.planned is not None
    }
    if len(planned) > 1:
        yield Paragraph((above(view, "size.by_country", entries(planned)),))
        yield from listed(view, "country", list(planned), lambda path: _country(view, planned[path]), once=True)


def _country(view: View, index: int) -> Sentence:
    """Return how many people are planned in a country, as an item of a list."""
    name, field = country_name(view, index)
    planned = view.texts.count("people", view.trial.countries[index].planned or 0)
    return item(paired(view, name, planned), field, f"countries[{index}].planned")
