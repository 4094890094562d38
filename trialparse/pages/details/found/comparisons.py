"""How groups compare in an outcome: estimates and P values as the record gives them, and no judgement."""

from collections.abc import Iterator

from trialparse.model.results import Analysis, Estimate
from trialparse.model.terms import DispersionType, Relation
from trialparse.pages import wording
from trialparse.pages.details.excerpts import left_out
from trialparse.pages.details.found.figures import interval, spoken
from trialparse.pages.details.found.groups import FEW, Names
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import Line, answering, write_lines
from trialparse.pages.page import Block, Of, Paragraph, Piece, Sentence, Words
from trialparse.pages.sentences import By, entries, explain, worded
from trialparse.pages.view import View, look_up

MOST_COMPARED = 5
"""How many comparisons of one outcome the page shows."""


def comparisons(view: View, path: str, groups: Names) -> Iterator[Block]:
    """Yield the statistical analyses of an outcome."""
    paths = [f"{path}.analyses[{index}]" for index in range(len(look_up(view.trial, path).analyses))]
    for analysis in paths[:MOST_COMPARED]:
        yield Paragraph((_compared(view, analysis, groups), *write_lines(view, _ANALYSIS, analysis)))
    yield Paragraph(tuple(left_out(view, "comparison", paths[MOST_COMPARED:])))


def _compared(view: View, path: str, groups: Names) -> Sentence:
    """Return which groups were looked at; of many, what the analysis is called."""
    analysis: Analysis = look_up(view.trial, path)
    names = [groups[group] for group in analysis.groups if group in groups]
    title = wording.quote(analysis.title, view.language(f"{path}.title"))
    if names and (len(names) <= FEW or not title):
        by: list[By] = [entries([f"{path}.groups"]), *(one.field for one in names[:FEW])]
        return worded(view, "compared", *by, groups=view.texts.some([one.words for one in names], FEW + 1))
    if title:
        return worded(view, "compared.titled", f"{path}.title", title=title)
    return gap(view, f"{path}.groups", "compared")


def _estimate(view: View, value: float, field: str, key: str) -> Iterator[Sentence]:
    """Write what is estimated, how large it is, and how sure that is."""
    path = field.removesuffix(".value")
    estimate: Estimate = look_up(view.trial, path)
    what, named = _parameter(view, path, estimate)
    bounds = [one for one in (f"{path}.lower", f"{path}.upper") if spoken(view, one)]
    by: list[By] = [*([named] if named else []), Of((field, *bounds))]
    slots: dict[str, Words] = {"what": what, "value": view.texts.number(value)}
    if bounds:
        slots["range"] = interval(view, estimate.confidence_level, f"{path}.lower", f"{path}.upper", estimate.two_sided)
    yield worded(view, f"{key}.range" if bounds else key, *by, **slots)
    if estimate.parameter is not None:
        yield from explain(view, f"parameter.{estimate.parameter.term}")
    if bounds:
        yield from explain(view, DispersionType.CONFIDENCE_INTERVAL)


def _parameter(view: View, path: str, estimate: Estimate) -> tuple[tuple[Piece, ...], str]:
    """Return what is estimated, in plain words if there are some, and its field."""
    known = view.texts.phrases.get(f"parameter.{estimate.parameter.term}") if estimate.parameter else None
    if known:
        return (known.short,), f"{path}.parameter"
    for name, text in (("other_parameter", estimate.other_parameter), ("label", estimate.label)):
        words = wording.quote(text, view.language(f"{path}.{name}"))
        if words:
            return view.words("estimate.of", what=words), f"{path}.{name}"
    stated = wording.coded(estimate.parameter) if estimate.parameter and not estimate.parameter.term else None
    if stated:
        return view.words("estimate.of", what=stated), f"{path}.parameter"
    return view.words("estimate.open"), ""


def _p_value(view: View, value: float, field: str, key: str) -> Iterator[Sentence]:
    """Write the P value, or its bound, and what it is."""
    relation: Relation | None = look_up(view.trial, f"{field}_relation")
    by = Of((field, f"{field}_relation") if relation else (field,))
    number = view.texts.number(value)
    if relation in (None, Relation.EQUAL):
        yield worded(view, key, by, value=number)
    else:
        yield worded(view, f"{key}.bound", by, relation=view.texts.phrase(relation).short, value=number)
    yield from explain(view, "about.p-value")


_ANALYSIS = (
    Line("prespecified", answering, "compared.prespecified"),
    Line("estimate.value", _estimate, "estimate"),
    Line("p_value", _p_value, "p_value"),
)
