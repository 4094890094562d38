"""How groups compare in an outcome: estimates and P values as the record gives them, and no judgement."""

from collections.abc import Iterator

from trialparse.model.results import Analysis, Estimate
from trialparse.model.terms import DispersionType, Relation
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.found.figures import interval, spoken
from trialparse.pages.details.found.groups import FEW, Names
from trialparse.pages.page import Block, Of, Paragraph, Piece, Sentence
from trialparse.pages.sentences import Line, answering, explain, gap, say, tell
from trialparse.pages.tables import phrase, phrases
from trialparse.pages.view import View, look_up

MOST_COMPARED = 5
"""How many comparisons of one outcome the page shows."""


def comparisons(view: View, path: str, groups: Names) -> Iterator[Block]:
    """Yield the statistical analyses of an outcome."""
    paths = [f"{path}.analyses[{index}]" for index in range(len(look_up(view.trial, path).analyses))]
    for analysis in paths[:MOST_COMPARED]:
        yield Paragraph((_compared(view, analysis, groups), *tell(view, _ANALYSIS, analysis)))
    yield Paragraph(tuple(left_out(paths[MOST_COMPARED:], "comparison", "comparisons")))


def _compared(view: View, path: str, groups: Names) -> Sentence:
    """Return which groups were looked at; of many, what the analysis is called."""
    analysis: Analysis = look_up(view.trial, path)
    names = [groups[group] for group in analysis.groups if group in groups]
    title = wording.quote(analysis.title, view.language(f"{path}.title"))
    if names and (len(names) <= FEW or not title):
        words = wording.series([one.words for one in names[:FEW]])
        rest: tuple[Piece, ...] = (f" and {wording.number(len(names) - FEW)} more",) if len(names) > FEW else ()
        by = (Of((f"{path}.groups",), span=True), *(Of((one.field,)) for one in names[:FEW]))
        return say("One analysis looks at {}", (*words, *rest), by=by)
    if title:
        return say("One analysis is called {}", title, by=Of((f"{path}.title",)))
    return gap(view, f"{path}.groups", "which groups were compared")


def _estimate(view: View, value: float, field: str) -> Iterator[Sentence]:
    """Say what is estimated, how large it is, and how sure that is."""
    path = field.removesuffix(".value")
    estimate: Estimate = look_up(view.trial, path)
    what, named = _parameter(view, path, estimate)
    bounds = [one for one in (f"{path}.lower", f"{path}.upper") if spoken(view, one)]
    range_ = interval(view, estimate.confidence_level, f"{path}.lower", f"{path}.upper", sides=estimate.two_sided)
    by = (*([Of((named,))] if named else []), Of((field, *bounds)))
    yield say("The {} is {}{}", what, wording.number(value), f" ({range_})" * bool(bounds), by=by)
    if estimate.parameter is not None:
        yield from explain(f"parameter.{estimate.parameter.term}")
    if bounds:
        yield from explain(DispersionType.CONFIDENCE_INTERVAL)


def _parameter(view: View, path: str, estimate: Estimate) -> tuple[tuple[Piece, ...], str]:
    """Return what is estimated, in plain words if there are some, and the field that says so."""
    known = phrases().get(f"parameter.{estimate.parameter.term}") if estimate.parameter else None
    if known:
        return (known.short,), f"{path}.parameter"
    for name, text in (("other_parameter", estimate.other_parameter), ("label", estimate.label)):
        words = wording.quote(text, view.language(f"{path}.{name}"))
        if words:
            return ("estimate for ", words), f"{path}.{name}"
    return ("estimate",), ""


def _p_value(view: View, value: float, field: str) -> Iterator[Sentence]:
    """Say the P value, or its bound, and what it is."""
    relation: Relation | None = look_up(view.trial, f"{field}_relation")
    than = "" if relation in (None, Relation.EQUAL) else f"{phrase(relation).short} "
    fields = (field, f"{field}_relation") if relation else (field,)
    yield say("The p-value is {}{}", than, wording.number(value), by=Of(fields))
    yield from explain("about.p-value")


_ANALYSIS = (
    Line("prespecified", answering("", "It was planned only after the data were seen"), "when it was planned"),
    Line("estimate.value", _estimate, "how large the difference is"),
    Line("p_value", _p_value, "what the p-value is"),
)
