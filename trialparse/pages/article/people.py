"""Who is being studied: who can take part, ages, and the rules by their number."""

from collections.abc import Iterator

from trialparse.model.terms import AgeGroup, PopulationGroup
from trialparse.pages.article.saying import By, entries, gap, say, sentence
from trialparse.pages.details.versions import kind_of, shown
from trialparse.pages.facts.ages import MINORS, adjoining, contradict, named
from trialparse.pages.facts.rules import Rule, Rules, rules_of
from trialparse.pages.page import Block, Gloss, Of, Paragraph, Piece, Sentence, Words
from trialparse.pages.view import View
from trialparse.pages.wording import coded

_POPULATIONS = {
    frozenset({PopulationGroup.PATIENTS}): "patients",
    frozenset({PopulationGroup.HEALTHY_VOLUNTEERS}): "healthy",
    frozenset(PopulationGroup): "both",
}
_RULES = "eligibility.criteria"


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    rules = rules_of(view, shown(view, _RULES, kind_of))
    yield Paragraph((*_who(view), *_ages(view, rules)))
    yield Paragraph((*_rules(view, rules), *_protected(view), *_rare(view)))


def _who(view: View) -> Iterator[Sentence]:
    """Yield whether patients or healthy volunteers can take part, and their sex."""
    who = view.trial.eligibility
    population = _POPULATIONS.get(who.populations)
    fields = [f"eligibility.{name}" for name, known in (("populations", population), ("sex", who.sex)) if known]
    said = view.words(f"who.{population or 'people'}.{who.sex.name if who.sex else 'open'}") if fields else ()
    limits, by = _limits(view)
    if said and limits:
        yield sentence(view.words("who.and", who=said, age=limits), [*fields, *by])
    elif said or limits:
        yield sentence(said or limits, [*fields, *by])
    if who.sex is None:
        yield from gap(view, "eligibility.sex", "sex")


def _protected(view: View) -> Iterator[Sentence]:
    """Yield which people in need of special protection can take part, and the ages that contradict a denial."""
    who = view.trial.eligibility
    groups: dict[str, Words] = {}
    for index, one in enumerate(who.vulnerable_groups):
        known = f"protected.{one.term}"
        words = view.texts.plain(known) if view.texts.has(known) else coded(one)
        if words:
            groups[f"eligibility.vulnerable_groups[{index}]"] = words
    other = view.quote("eligibility.other_vulnerable_group")
    if other and len(other.text.split()) <= _BRIEF:
        groups["eligibility.other_vulnerable_group"] = other
    if who.vulnerable and groups:
        by: list[By] = ["eligibility.vulnerable", entries(groups)]
        yield say(view, "protected", *by, groups=view.texts.some(list(groups.values()), _GROUPS + 1))
    elif who.vulnerable:
        yield say(view, "protected.unnamed", "eligibility.vulnerable")
    elif who.vulnerable is False and MINORS & (who.age_groups | who.age_subgroups):
        fields = [f"eligibility.{name}" for name in ("age_groups", "age_subgroups") if getattr(who, name) & MINORS]
        yield say(view, "protected.denied", "eligibility.vulnerable", *fields)


_BRIEF = 25
"""Words of a description at most for it to be in a sentence."""


def _rare(view: View) -> Iterator[Sentence]:
    """Yield that the disease is rare."""
    rare = [f"conditions[{index}].rare" for index, one in enumerate(view.trial.conditions) if one.rare]
    if rare and len(rare) == len(view.trial.conditions):
        yield say(view, "rare", entries(rare), Gloss("about.rare disease"))


_GROUPS = 2
"""How many age groups a sentence names, if it need not."""


def _limits(view: View) -> tuple[tuple[Piece, ...], list[By]]:
    """Return the limits of age from exact fields, and the fields."""
    who = view.trial.eligibility
    ends = {name: one for name in ("minimum_age", "maximum_age") if (one := getattr(who, name)) is not None}
    if not ends:
        return (), []
    key = f"age.limits.{'both' if len(ends) == 2 else next(iter(ends))}"
    slots = {name: view.texts.length(one) for name, one in ends.items()}
    return view.words(key, **slots), [f"eligibility.{name}" for name in ends]


def _ages(view: View, rules: Rules) -> Iterator[Sentence]:
    """Yield a rule that names ages, then the register's groups, which are no limits."""
    who = view.trial.eligibility
    ends = who.minimum_age is not None or who.maximum_age is not None
    rule = _told_age(view, rules)
    if rule:
        yield say(view, "age.rule", rule.field, quote=rule.quote)
    groups = named(who.age_groups, who.age_subgroups)
    if groups:
        by: list[By] = list(_cited(view, groups))
        names = [view.texts.plain(f"group.{group.name}") for group in groups]
        words = view.texts.series(list(names))
        if len(names) > _GROUPS:
            form = "run" if adjoining(groups) else "apart"
            low, high = (
                view.texts.plain(f"group.{at.name}.{end}") for at, end in ((groups[0], "low"), (groups[-1], "high"))
            )
            words = view.words(f"age.groups.{form}", low=low, high=high)
        clash = contradict(who, groups)
        key = "age.groups.clash" if clash else "age.groups.after" if ends or rules.age else "age.groups"
        yield say(view, key, *by, Gloss("about.age groups"), groups=words)
    elif not ends and not rules.age:
        yield from gap(view, "eligibility.age_groups", "age")


def _cited(view: View, groups: list[AgeGroup]) -> Iterator[str]:
    """Yield the fields that name the groups: one that names them all, else both."""
    who = view.trial.eligibility
    sets = {"age_groups": who.age_groups, "age_subgroups": who.age_subgroups}
    whole = [name for name, found in sets.items() if found.issuperset(groups)]
    yield from (f"eligibility.{name}" for name in whole[:1] or [name for name, found in sets.items() if found])


def _told_age(view: View, rules: Rules) -> Rule | None:
    """Return the rule that names ages, unless exact fields do."""
    who = view.trial.eligibility
    return rules.age if who.minimum_age is None and who.maximum_age is None else None


def _rules(view: View, rules: Rules) -> Iterator[Sentence]:
    """Yield how many rules there are; the one on the disease is quoted, the others are counted."""
    if not rules.paths:
        if not view.partial:
            yield from gap(view, _RULES, "rules")
        return
    key = "both" if rules.inclusion and rules.exclusion else "in" if rules.inclusion else "out"
    if rules.unsorted:
        key = "unsorted"
    who = view.words(f"rules.who.{key}")
    by = [entries(f"{path}.text" for path in rules.paths)]
    if rules.disease:
        yield say(view, "rules.disease", rules.disease.field, quote=rules.disease.quote)
    if not rules.one_by_one:
        yield say(view, f"rules.text.{key}", *by, number=view.texts.count("text", len(rules.paths)))
        yield say(view, "rules.rest", Of(tuple(f"{path}.text" for path in rules.paths), span=True))
        return
    quoted = {one.field.partition("].")[0] + "]" for one in (_told_age(view, rules), rules.disease) if one}
    rest = [f"{path}.text" for path in rules.paths if path not in quoted]
    number = view.texts.count("rule", len(rules.paths))
    if not rest:
        yield say(view, "rules.count.last", *by, who=who)
    elif quoted:
        form = "one" if len(quoted) == 1 else "two"
        more_rules = view.texts.count("more.rule", len(rest))
        yield say(view, f"rules.count.{form}", *by, entries(rest), number=number, who=who, more=more_rules)
    else:
        yield say(view, "rules.count.none", *by, number=number, who=who)
