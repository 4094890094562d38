"""How the trial is built: how people are sorted into groups, who knows what, groups and periods."""

from collections.abc import Iterator

from trialparse.model import Arm, Period, Trial
from trialparse.pages import wording
from trialparse.pages.page import Block, Listing, Of, Paragraph, Part, Sentence
from trialparse.pages.sections.excerpts import FIRST, MOST
from trialparse.pages.sentences import (
    Line,
    answering,
    explain,
    quoting,
    say,
    stating,
    tell,
)
from trialparse.pages.tables import phrase

_PARTLY = "In part of the trial, {}"
"""How terms are told that hold for different periods."""

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


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield what is said of the design."""
    yield Paragraph(tuple(tell(trial, _BUILD, "design")))
    yield from _arms(trial)
    yield from _periods(trial)


def _arms(trial: Trial) -> Iterator[Block]:
    """Yield the arms, each with what happens in it."""
    arms = [item for index, arm in enumerate(trial.arms) for item in _arm(arm, f"arms[{index}]")]
    if not arms:
        return
    fields = tuple(f"arms[{index}]" for index in range(len(trial.arms)))
    number = wording.count(len(arms), "group", "groups")
    yield Paragraph((say("The record names {}", number, by=Of(fields, span=True)), *explain("about.arm")))
    shown = arms if len(arms) <= MOST else arms[:FIRST]
    yield Listing(tuple(shown))
    yield Paragraph(tuple(_more(len(arms) - len(shown), fields)))


def _arm(arm: Arm, path: str) -> Iterator[Sentence]:
    """Yield an arm as an item of a list, if it has words."""
    texts = [text for text in map(wording.quote, (arm.title, arm.description)) if text]
    if texts:
        yield say(": ".join("{}" for _ in texts), *texts, by=Of((path,)), stop="")


def _more(number: int, fields: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield how many arms are not shown."""
    if number:
        words = wording.count(number, "more group is", "more groups are")
        yield say("{} in the record but not on this page", words, by=Of(fields, span=True))


def _periods(trial: Trial) -> Iterator[Block]:
    """Yield the periods and, where they differ, how each is built."""
    periods = trial.design.periods
    if len(periods) < 2:
        return
    paths = [f"design.periods[{index}]" for index in range(len(periods))]
    number = wording.number(len(periods))
    intro = say("The trial has {} periods", number, by=Of(tuple(f"{path}.title" for path in paths), span=True))
    yield Paragraph((intro,))
    yield Listing(tuple(_period(period, path) for period, path in zip(periods, paths, strict=True)))


def _period(period: Period, path: str) -> Sentence:
    """Return a period as an item of a list: its title, allocation and blinding."""
    title: Part = _title(period)
    terms = [("allocation", period.allocation), ("masking", period.masking)]
    parts: list[Part] = [title]
    fields = [f"{path}.title"]
    for field, term in terms:
        if term is not None:
            parts += [": " if len(parts) == 1 else ", ", phrase(term).short]
            fields.append(f"{path}.{field}")
    return say("{}", tuple(parts), by=[Of((field,)) for field in fields], stop="")


def _title(period: Period) -> Part:
    """Return what a period is called."""
    return wording.quote(period.title) or "a period without a title"
