"""Who is being studied: conditions, ages, sex, and the rules on who can take part."""

import re
from collections.abc import Iterator

from trialparse.model import Criterion
from trialparse.model.terms import CriterionKind
from trialparse.pages.details.excerpts import in_own_words, listed
from trialparse.pages.details.gaps import gap
from trialparse.pages.details.lines import (
    MOST,
    Line,
    answering,
    enumerated,
    filling,
    listing,
    quoting,
    stating,
    write_lines,
)
from trialparse.pages.details.versions import kind_of, otherwise, shown
from trialparse.pages.facts.ages import named
from trialparse.pages.facts.texts import own_words, quoted_at
from trialparse.pages.page import Block, Listing, Paragraph, Quote, Sentence
from trialparse.pages.sentences import above, entries, explain, item, number_of, worded
from trialparse.pages.view import View

_PERSONS = (
    Line("populations", stating, "persons.populations", always=True),
    Line("sex", stating, "persons.sex", always=True),
)
_LENGTH = filling(lambda view, age: view.texts.length(age))
_AGES = (
    Line("minimum_age", _LENGTH, "persons.minimum_age"),
    Line("maximum_age", _LENGTH, "persons.maximum_age"),
)
_GROUPS = (
    Line("vulnerable", answering, "persons.vulnerable", always=True),
    Line("vulnerable_groups", listing(), "persons.groups"),
    Line("other_vulnerable_group", quoting, "persons.other_group"),
)
_RARE = (Line("rare", lambda view, value, field, key: (), "conditions.rare"),)
"""The line for a condition whose rarity has no value."""

_RULES = {
    CriterionKind.INCLUSION: "about.inclusion criteria",
    CriterionKind.EXCLUSION: "about.exclusion criteria",
    None: "",
}
"""Each kind of rule, and what explains its name."""

_NAMES = {
    CriterionKind.INCLUSION: re.compile(r"\b(e[xs]clu(?!siv)|ausschluss)", re.IGNORECASE),
    CriterionKind.EXCLUSION: re.compile(r"\b(inclus(?!iv)|einschluss)", re.IGNORECASE),
}
"""How a text of one kind names the other, in the languages of registers."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    yield Paragraph(tuple(_conditions(view)))
    base = "eligibility"
    yield Paragraph(
        (*write_lines(view, _PERSONS, base), *write_lines(view, _GROUPS, base), *write_lines(view, _AGES, base))
    )
    yield from _ages(view)
    yield from _criteria(view)


def _conditions(view: View) -> Iterator[Sentence]:
    """Yield the conditions in one sentence, and which of them are rare."""
    conditions = {f"conditions[{index}]": condition for index, condition in enumerate(view.trial.conditions)}
    found = {path: words for path in conditions if (words := quoted_at(view, path))}
    if not conditions:
        yield gap(view, "conditions", "conditions")
    for path in [path for path in conditions if path not in found][:MOST]:
        yield gap(view, f"{path}.text", "conditions.text")
    if found:
        key = view.texts.form("conditions", len(found))
        yield enumerated(view, key, {field: words for words, field in found.values()})
    for path in list(conditions)[:MOST]:
        yield from write_lines(view, _RARE, path)
    for rare in (True, False):
        group = {f"{path}.rare": found[path][0] for path in found if conditions[path].rare is rare}
        if group:
            yield _rarity(view, group, rare=rare, whole=len(group) == len(found))
            yield from explain(view, "about.rare disease")


def _rarity(view: View, group: dict[str, Quote], *, rare: bool, whole: bool) -> Sentence:
    """Return whether some conditions are rare; they are named unless they are all that there are."""
    answer = "yes" if rare else "no"
    if whole:
        return worded(view, view.texts.form(f"rare.all.{answer}", len(group)), entries(group))
    return enumerated(view, view.texts.form(f"rare.some.{answer}", len(group)), dict(group))


def _ages(view: View) -> Iterator[Block]:
    """Yield the age groups of the register, which are no limits."""
    rules = view.trial.eligibility
    groups = named(rules.age_groups, rules.age_subgroups)
    names = {"age_groups": rules.age_groups, "age_subgroups": rules.age_subgroups}
    by = [f"eligibility.{name}" for name, found in names.items() if found]
    if groups:
        yield Paragraph((*explain(view, "about.age groups"), above(view, "persons.ages", *by)))
        yield Listing(tuple(item(view.words(f"group.{group.name}"), *by) for group in groups))
    elif rules.minimum_age is None and rules.maximum_age is None:
        yield Paragraph((gap(view, "eligibility.age_groups", "age"),))


def _scope(criteria: tuple[Criterion, ...], kind: CriterionKind | None) -> str:
    """Return what texts of a kind are on: `.all` if it is both kinds, `.perhaps` if it may be the other kind too.

    Some registers have one text for all; it names the other kind, or has lines of its own for each rule.
    """
    if kind is None:
        return ""
    texts = [words[0] for rule in criteria if rule.kind is kind and (words := own_words(rule))]
    alone = all(rule.kind is kind for rule in criteria)
    names = any(_NAMES[kind].search(text) for text in texts)
    if names and len(criteria) == 1:
        return ".all" if kind is CriterionKind.INCLUSION else ".perhaps"
    lines = any(len(text.strip().splitlines()) > 1 for text in texts)
    if (alone and (names or lines)) or (names and len(texts) == 1 and kind is CriterionKind.INCLUSION):
        return ".perhaps"
    return ""


def _criteria(view: View) -> Iterator[Block]:
    """Yield the rules by kind, quoted."""
    criteria = view.trial.eligibility.criteria
    if not criteria and view.trial.eligibility.text:
        yield Paragraph(tuple(quoting(view, view.trial.eligibility.text, "eligibility.text", "criteria.text")))
    elif not criteria:
        yield Paragraph((gap(view, "eligibility.criteria", "criteria"),))
    kept = shown(view, "eligibility.criteria", kind_of)
    for kind, gloss in _RULES.items():
        paths = [f"eligibility.criteria[{index}]" for index in kept if criteria[index].kind is kind]
        if paths:
            scope = _scope(tuple(criteria[index] for index in kept), kind)
            key = view.texts.form(f"criteria.{kind.name if kind else 'open'}{scope}", len(paths))
            by = entries(f"{path}.text" for path in paths)
            intro = worded(view, key, by, n=view.texts.number(len(paths)))
            yield Paragraph((intro, *(() if scope else explain(view, gloss, number_of(paths)))))
            yield from listed(view, "rule", paths, lambda path: in_own_words(view, path))
            yield Paragraph(tuple(otherwise(view, "eligibility.criteria", kind_of, kind)))
