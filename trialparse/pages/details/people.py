"""Who is being studied: conditions, ages, sex, and the rules on who can take part."""

import re
from collections.abc import Iterator

from trialparse.model import Criterion
from trialparse.model.terms import CriterionKind
from trialparse.pages import wording
from trialparse.pages.details.excerpts import listed
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.facts.ages import named
from trialparse.pages.page import Block, Listing, Of, Paragraph, Quote, Sentence
from trialparse.pages.sentences import (
    MOST,
    Line,
    answering,
    enumerated,
    explain,
    filling,
    gap,
    item,
    listing,
    number_of,
    own_words,
    quoted_at,
    quoting,
    say,
    stating,
    tell,
)
from trialparse.pages.view import View

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
        ),
        "whether people in need of special protection take part",
        always=True,
    ),
    Line("vulnerable_groups", listing("This group is {}", "These groups are {}"), "which groups those are"),
    Line("other_vulnerable_group", quoting("On another group, the record says: {}"), "which other group that is"),
)
_RARITY = {
    True: ("is a rare disease", "are rare diseases"),
    False: ("is not a rare disease", "are not rare diseases"),
}
"""Sentences on whether one condition, or several, are rare."""

_RARE = (Line("rare", lambda view, value, field: (), "whether this is a rare disease"),)
"""The line for a condition whose rarity has no value."""

_RULES: tuple[tuple[CriterionKind | None, str, str], ...] = (
    (CriterionKind.INCLUSION, "The record has {} on who can take part", "about.inclusion criteria"),
    (CriterionKind.EXCLUSION, "The record has {} on who cannot take part", "about.exclusion criteria"),
    (None, "The record has {} that it does not sort", ""),
)

_ALL_IN_ONE = "The record tells in one text who can take part, and who cannot"
_PERHAPS = {
    CriterionKind.INCLUSION: ", and perhaps on who cannot",
    CriterionKind.EXCLUSION: ", and perhaps on who can",
}
_NAMES = {
    CriterionKind.INCLUSION: re.compile(r"\b(e[xs]clu(?!siv)|ausschluss)", re.IGNORECASE),
    CriterionKind.EXCLUSION: re.compile(r"\b(inclus(?!iv)|einschluss)", re.IGNORECASE),
}
"""How a text of one kind names the other, in the languages of registers."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(_conditions(view)))
    base = "eligibility"
    yield Paragraph((*tell(view, _PERSONS, base), *tell(view, _GROUPS, base), *tell(view, _AGES, base)))
    yield from _ages(view)
    yield from _criteria(view)


def _conditions(view: View) -> Iterator[Sentence]:
    """Yield the conditions in one sentence, and which of them are rare."""
    conditions = {f"conditions[{index}]": condition for index, condition in enumerate(view.trial.conditions)}
    found = {path: words for path in conditions if (words := quoted_at(view, path))}
    if not conditions:
        yield gap(view, "conditions", "what condition is studied")
    for path in [path for path in conditions if path not in found][:MOST]:
        yield gap(view, f"{path}.text", "what this condition is")
    if found:
        template = "The condition is {}" if len(found) == 1 else "The conditions are {}"
        yield enumerated(template, {field: words for words, field in found.values()})
    for path in list(conditions)[:MOST]:
        yield from tell(view, _RARE, path)
    for rare, (one, many) in _RARITY.items():
        group = {f"{path}.rare": found[path][0] for path in found if conditions[path].rare is rare}
        if group:
            yield _rarity(group, one if len(group) == 1 else many, whole=len(group) == len(found))
            yield from explain("about.rare disease")


def _rarity(group: dict[str, Quote], are: str, *, whole: bool) -> Sentence:
    """Return whether some conditions are rare; they are named unless they are all that there are."""
    if whole:
        template = f"The record says that {'this' if len(group) == 1 else 'these'} {are}"
        return say(template, by=Of(tuple(group), span=True))
    return enumerated(f"The record says that {{}} {are}", dict(group))


def _ages(view: View) -> Iterator[Block]:
    """Yield the age groups of the register, which are no limits."""
    rules = view.trial.eligibility
    groups = named(rules.age_groups, rules.age_subgroups)
    names = {"age_groups": rules.age_groups, "age_subgroups": rules.age_subgroups}
    by = [Of((f"eligibility.{name}",)) for name, found in names.items() if found]
    if groups:
        intro = say("The register files the trial under these age groups", by=by, stop=":")
        yield Paragraph((*explain("about.age groups"), intro))
        words = [view.texts.plain(f"group.{group.name}") for group in groups]
        yield Listing(tuple(say("{}", one, by=by, stop="") for one in words))
    elif rules.minimum_age is None and rules.maximum_age is None:
        yield Paragraph((gap(view, "eligibility.age_groups", "how old people can be"),))


def _mixed(criteria: tuple[Criterion, ...], kind: CriterionKind | None) -> str:
    """Return what is said of texts of a kind that may hold the other kind too, nothing where they do not.

    Some registers have one text for all; it names the other kind, or has lines of its own for each rule.
    """
    if kind is None:
        return ""
    texts = [words[0] for rule in criteria if rule.kind is kind and (words := own_words(rule))]
    alone = all(rule.kind is kind for rule in criteria)
    names = any(_NAMES[kind].search(text) for text in texts)
    if names and len(criteria) == 1:
        return _ALL_IN_ONE if kind is CriterionKind.INCLUSION else _PERHAPS[kind]
    lines = any(len(text.strip().splitlines()) > 1 for text in texts)
    if (alone and (names or lines)) or (names and len(texts) == 1 and kind is CriterionKind.INCLUSION):
        return _PERHAPS[kind]
    return ""


def _criteria(view: View) -> Iterator[Block]:
    """Yield the rules by kind, quoted."""
    criteria = view.trial.eligibility.criteria
    if not criteria:
        yield Paragraph((gap(view, "eligibility.criteria", "which rules decide who can take part"),))
    kept = shown(view, "eligibility.criteria", kind_of)
    for kind, template, gloss in _RULES:
        paths = [f"eligibility.criteria[{index}]" for index in kept if criteria[index].kind is kind]
        if paths:
            number = wording.count(len(paths), "text", "rules")
            by = Of(tuple(f"{path}.text" for path in paths), span=True)
            mixed = _mixed(tuple(criteria[index] for index in kept), kind)
            intro = say(_ALL_IN_ONE, by=by) if mixed == _ALL_IN_ONE else say(template + mixed, number, by=by)
            yield Paragraph((intro, *(() if mixed else explain(gloss, number_of(paths)))))
            yield from listed(paths, lambda path: item(view, path), "rule", "rules")
            yield Paragraph(tuple(otherwise(view, "eligibility.criteria", kind_of, kind)))
