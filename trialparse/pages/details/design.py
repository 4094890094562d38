"""How the trial is built: how people are sorted into groups, who knows what, groups and periods."""

from collections.abc import Iterator

from trialparse.model import Arm, Period
from trialparse.pages import wording
from trialparse.pages.details.excerpts import listed
from trialparse.pages.page import Block, Of, Paragraph, Piece, Quote, Sentence
from trialparse.pages.sentences import (
    Line,
    answering,
    explain,
    number_of,
    quoting,
    say,
    stating,
    tell,
)
from trialparse.pages.tables import phrase
from trialparse.pages.view import View

_PARTLY = "In part of the trial, {}"
"""Sentence for terms that hold for different periods."""

_BUILD = (
    Line("text", quoting("On how it is built, the record says: {}"), "how the trial is built"),
    Line("allocation", stating(several=_PARTLY), "how people are sorted into groups", always=True),
    Line("masking", stating(several=_PARTLY), "who knows which treatment is given", always=True),
    Line("masked_roles", stating(), "who is not told the treatment"),
    Line(
        "low_intervention",
        answering("The record calls it a low-intervention trial", gloss="about.low intervention"),
        "whether it is a low-intervention trial",
    ),
)


def blocks(view: View) -> Iterator[Block]:
    """Yield what is said of the design."""
    yield Paragraph(tuple(tell(view, _BUILD, "design")))
    yield from _arms(view.trial.arms)
    yield from _periods(view.trial.design.periods)


def _arms(arms: tuple[Arm, ...]) -> Iterator[Block]:
    """Yield the arms that have words, each with what happens in it."""
    items = {f"arms[{index}]": texts for index, arm in enumerate(arms) if (texts := _texts(arm))}
    if items:
        number = wording.count(len(items), "group", "groups")
        by = Of(tuple(items), span=True)
        yield Paragraph((say("The record names {}", number, by=by), *explain("about.arm", number_of(items))))
        yield from listed(list(items), lambda path: _arm(items[path], path), "group", "groups")


def _texts(arm: Arm) -> list[Quote]:
    """Return the title and the description of an arm, as far as there are words."""
    return [text for text in map(wording.quote, (arm.title, arm.description)) if text]


def _arm(texts: list[Quote], path: str) -> Sentence:
    """Return an arm as an item of a list."""
    return say(": ".join("{}" for _ in texts), *texts, by=Of((path,)), stop="")


def _periods(periods: tuple[Period, ...]) -> Iterator[Block]:
    """Yield the periods and, where they differ, how each is built."""
    if len(periods) < 2:
        return
    at = {f"design.periods[{index}]": period for index, period in enumerate(periods)}
    number = wording.number(len(periods))
    by = Of(tuple(f"{path}.title" for path in at), span=True)
    yield Paragraph((say("The trial has {} periods", number, by=by, stop=":"),))
    yield from listed(list(at), lambda path: _period(at[path], path), "period", "periods")


def _period(period: Period, path: str) -> Sentence:
    """Return a period as an item of a list: its title, allocation and blinding."""
    parts: list[Piece] = [wording.quote(period.title) or "a period without a title"]
    fields = [f"{path}.title"]
    for field, term in (("allocation", period.allocation), ("masking", period.masking)):
        if term is not None:
            parts += [": " if len(parts) == 1 else ", ", phrase(term).short]
            fields.append(f"{path}.{field}")
    return say("{}", tuple(parts), by=[Of((field,)) for field in fields], stop="")
