"""Who is being studied: conditions, ages, sex, and the rules on who can take part."""

from collections.abc import Iterator

from trialparse.model import Trial
from trialparse.pages import wording
from trialparse.pages.ages import ranges
from trialparse.pages.page import Block, Of, Paragraph, Sentence
from trialparse.pages.sections.excerpts import quotes
from trialparse.pages.sentences import (
    Line,
    answering,
    explain,
    filling,
    gap,
    say,
    sentence_of,
    stating,
    tell,
)
from trialparse.terms import CriterionKind

_PERSONS = (
    Line("populations", stating(), "whether patients or healthy volunteers take part", always=True),
    Line("sex", stating(), "whether women, men or both take part", always=True),
)
_AGES = (
    Line("minimum_age", filling("The lowest age is {}", wording.duration), "what the lowest age is"),
    Line("maximum_age", filling("The highest age is {}", wording.duration), "what the highest age is"),
)
_GROUPS = (
    Line(
        "vulnerable",
        answering(
            "The record says that people who need special protection can take part",
            "The record says that no group in need of special protection takes part",
            "about.vulnerable",
        ),
        "whether people in need of special protection take part",
        always=True,
    ),
)
_RARE = (
    Line(
        "rare",
        answering(
            "The record says that this is a rare disease",
            "The record says that this is not a rare disease",
            "about.rare disease",
        ),
        "whether this is a rare disease",
    ),
)

_RULES: tuple[tuple[CriterionKind | None, str, str], ...] = (
    (CriterionKind.INCLUSION, "The record has {} on who can take part", "about.inclusion criteria"),
    (CriterionKind.EXCLUSION, "The record has {} on who cannot take part", "about.exclusion criteria"),
    (None, "The record has {} that it does not sort", ""),
)


def blocks(trial: Trial) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(_conditions(trial)))
    base = "eligibility"
    yield Paragraph((*tell(trial, _PERSONS, base), *_ages(trial), *tell(trial, _GROUPS, base)))
    yield from _criteria(trial)


def _conditions(trial: Trial) -> Iterator[Sentence]:
    if not trial.conditions:
        yield gap(trial, "conditions", "what condition is studied")
    for index in range(len(trial.conditions)):
        path = f"conditions[{index}]"
        yield sentence_of(trial, "The condition is {}", path)
        yield from tell(trial, _RARE, path)


def _ages(trial: Trial) -> Iterator[Sentence]:
    """Yield the age groups as ranges, and the limits of age."""
    rules = trial.eligibility
    limits = tuple(tell(trial, _AGES, "eligibility"))
    spans = ranges(rules.age_groups, rules.age_subgroups)
    names = ("age_groups", rules.age_groups), ("age_subgroups", rules.age_subgroups)
    by = [Of((f"eligibility.{name}",)) for name, groups in names if groups]
    for number, span in enumerate(spans):
        yield say("It also gives this one: {}" if number else "The record gives this age range: {}", span, by=by)
    if not spans and not limits:
        yield gap(trial, "eligibility.age_groups", "how old people can be")
    yield from limits


def _criteria(trial: Trial) -> Iterator[Block]:
    """Yield the rules by kind, quoted."""
    criteria = trial.eligibility.criteria
    if not criteria:
        yield Paragraph((gap(trial, "eligibility.criteria", "which rules decide who can take part"),))
    for kind, template, gloss in _RULES:
        paths = [f"eligibility.criteria[{index}]" for index, rule in enumerate(criteria) if rule.kind is kind]
        if paths:
            number = wording.count(len(paths), "text", "rules")
            intro = say(template, number, by=Of(tuple(f"{path}.text" for path in paths), span=True))
            yield Paragraph((intro, *explain(gloss)))
            yield from quotes(trial, paths, "rule")
