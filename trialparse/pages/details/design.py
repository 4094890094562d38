"""How the trial is built: how people are sorted into groups, who knows what, groups and periods."""

from collections.abc import Iterator

from trialparse.model import Arm, Period
from trialparse.pages import wording
from trialparse.pages.details.excerpts import listed, paired
from trialparse.pages.details.lines import Line, answering, quoting, stating, write_lines
from trialparse.pages.page import Block, Paragraph, Piece, Quote, Sentence
from trialparse.pages.sentences import above, entries, explain, item, number_of, worded
from trialparse.pages.view import View

_BUILD = (
    Line("text", quoting, "built.text"),
    Line("allocation", stating, "built.allocation", always=True),
    Line("masking", stating, "built.masking", always=True),
    Line("masked_roles", stating, "built.masked_roles"),
    Line("low_intervention", answering, "built.low_intervention", gloss="about.low intervention"),
)


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks on the design."""
    yield Paragraph(tuple(write_lines(view, _BUILD, "design")))
    yield from _arms(view)
    yield from _periods(view)


def _arms(view: View) -> Iterator[Block]:
    """Yield the arms that have words, each with what happens in it."""
    items = {f"arms[{index}]": texts for index, arm in enumerate(view.trial.arms) if (texts := _texts(arm))}
    if items:
        n = view.texts.number(len(items))
        intro = worded(view, view.texts.form("arms", len(items)), entries(items), n=n)
        yield Paragraph((intro, *explain(view, "about.arm", number_of(items))))
        yield from listed(view, "group", list(items), lambda path: _arm(view, items[path], path))


def _texts(arm: Arm) -> list[Quote]:
    """Return the title and the description of an arm, as far as there are words."""
    return [text for text in map(wording.quote, (arm.title, arm.description)) if text]


def _arm(view: View, texts: list[Quote], path: str) -> Sentence:
    """Return an arm as an item of a list."""
    return item(paired(view, *texts) if len(texts) > 1 else texts, path)


def _periods(view: View) -> Iterator[Block]:
    """Yield the periods and, where they differ, how each is built."""
    periods = view.trial.design.periods
    if len(periods) < 2:
        return
    at = {f"design.periods[{index}]": period for index, period in enumerate(periods)}
    by = entries(f"{path}.title" for path in at)
    yield Paragraph((above(view, "periods", by, n=view.texts.number(len(periods))),))
    yield from listed(view, "period", list(at), lambda path: _period(view, at[path], path))


def _period(view: View, period: Period, path: str) -> Sentence:
    """Return a period as an item of a list: its title, allocation and blinding."""
    title: Piece = wording.quote(period.title) or view.texts.plain("unnamed.period")
    terms = {"allocation": period.allocation, "masking": period.masking}
    known = {f"{path}.{name}": view.texts.phrase(term).short for name, term in terms.items() if term is not None}
    words = paired(view, title, view.texts.listed(list(known.values()), "list.middle")) if known else (title,)
    return item(words, f"{path}.title", *known)
