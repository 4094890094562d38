"""Who is being studied: who can take part, ages, and the rules by their number."""

from collections.abc import Iterator

from trialparse.model.terms import AgeGroup, PopulationGroup, TimeUnit
from trialparse.model.values import Duration
from trialparse.pages.article.sentences import By, entries, gap, in_parts, sentence, worded
from trialparse.pages.details.versions import kind_of, shown
from trialparse.pages.facts.ages import MINORS, contradict, named, runs
from trialparse.pages.facts.rules import Rule, Rules, rules_of
from trialparse.pages.page import Block, Gloss, Paragraph, Piece, Sentence, Words
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
    key = f"who.{population or 'people'}.{who.sex.name if who.sex else 'open'}"
    key = f"{key}.minors" if MINORS & (who.age_groups | who.age_subgroups) and view.texts.has(f"{key}.minors") else key
    words = view.words(key) if fields else ()
    limits, by = _limits(view)
    if words:
        yield sentence(words, fields)
    if who.healthy_volunteers is not None and not who.populations:
        answer = "yes" if who.healthy_volunteers else "no"
        yield worded(view, f"who.healthy_volunteers.{answer}", "eligibility.healthy_volunteers")
    if limits:
        yield sentence(limits, by)
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
        for number, some in enumerate(in_parts(view, groups, _AT_ONCE)):
            key = "protected.also" if number else "protected"
            yield worded(
                view, key, "eligibility.vulnerable", entries(some), groups=view.texts.series(list(some.values()))
            )
    elif who.vulnerable:
        yield worded(view, "protected.unnamed", "eligibility.vulnerable")
    elif who.vulnerable is False and MINORS & (who.age_groups | who.age_subgroups):
        fields = [f"eligibility.{name}" for name in ("age_groups", "age_subgroups") if getattr(who, name) & MINORS]
        yield worded(view, "protected.denied", "eligibility.vulnerable", *fields)


_AT_ONCE = 14
"""Words of groups that a sentence has at most."""

_BRIEF = 25
"""Words of a description at most for it to be in a sentence."""


def _rare(view: View) -> Iterator[Sentence]:
    """Yield that the disease is rare."""
    rare = [f"conditions[{index}].rare" for index, one in enumerate(view.trial.conditions) if one.rare]
    if rare and len(rare) == len(view.trial.conditions):
        yield worded(view, "rare", entries(rare), Gloss("about.rare disease"))


_GROUPS = 2
"""How many age groups a sentence names, if it need not."""


def _limits(view: View) -> tuple[tuple[Piece, ...], list[By]]:
    """Return the limits of age from exact fields, and the fields."""
    who = view.trial.eligibility
    ends = {name: one for name in ("minimum_age", "maximum_age") if (one := getattr(who, name)) is not None}
    if not ends:
        return (), []
    by: list[By] = [f"eligibility.{name}" for name in ends]
    bounds = {name: one for name, one in ends.items() if _bounds(name, one)}
    if not bounds:
        return view.words("age.limits.none"), by
    key = f"age.limits.{'both' if len(bounds) == 2 else next(iter(bounds))}"
    slots = {name: view.texts.length(one) for name, one in bounds.items()}
    if len({one.unit for one in bounds.values()}) < len(bounds):
        slots["minimum_age"] = view.texts.number(bounds["minimum_age"].value)
    return view.words(key, **slots), by


_OLDEST = 120
"""An age in years that nobody is kept out by."""


def _bounds(name: str, age: Duration) -> bool:
    """Whether a limit of age keeps anyone out; forms that want a number get 0 or 150."""
    if name == "minimum_age":
        return age.value > 0
    return not (age.value >= _OLDEST and age.unit in (None, TimeUnit.YEAR))


def _ages(view: View, rules: Rules) -> Iterator[Sentence]:
    """Yield a rule that names ages, then the register's groups, which are no limits."""
    who = view.trial.eligibility
    ends = who.minimum_age is not None or who.maximum_age is not None
    rule = _age_rule(view, rules)
    if rule:
        yield _quoted(view, "age.rule", rule)
    groups = named(who.age_groups, who.age_subgroups)
    if groups:
        by: list[By] = list(_cited(view, groups))
        names = [view.texts.plain(f"group.{group.name}") for group in groups]
        if len(names) > _GROUPS:
            names = [_run(view, run) for run in runs(groups)]
        words = view.texts.series(list(names))
        clash = contradict(who, groups)
        key = "age.groups.clash" if clash else "age.groups.after" if ends or rules.age else "age.groups"
        yield worded(view, key, *by, Gloss("about.age groups"), groups=words)
    elif not ends and not rules.age:
        yield from gap(view, "eligibility.age_groups", "age")


def _run(view: View, run: list[AgeGroup]) -> str:
    """Return what groups that adjoin are called together; the unit comes once."""
    if len(run) == 1:
        return view.texts.plain(f"group.{run[0].name}")
    low, high = view.texts.plain(f"group.{run[0].name}.low"), f"group.{run[-1].name}.high"
    if not view.texts.has(high):
        return view.texts.plain("age.groups.run.open", low=low)
    until = view.texts.plain(high)
    before, _, unit = low.rpartition(" ")
    return view.texts.plain("age.groups.run", low=before if unit == until.rpartition(" ")[2] else low, high=until)


def _quoted(view: View, key: str, rule: Rule) -> Sentence:
    """Return a sentence that quotes a rule, with its number in the record if that is not in its words."""
    if not rule.number:
        return worded(view, key, rule.field, quote=rule.quote)
    number = f"{rule.field.partition('].')[0]}].number"
    return worded(view, f"{key}.numbered", rule.field, number, quote=rule.quote, number=rule.number)


def _cited(view: View, groups: list[AgeGroup]) -> Iterator[str]:
    """Yield the fields that name the groups: one that names them all, else both."""
    who = view.trial.eligibility
    sets = {"age_groups": who.age_groups, "age_subgroups": who.age_subgroups}
    whole = [name for name, found in sets.items() if found.issuperset(groups)]
    yield from (f"eligibility.{name}" for name in whole[:1] or [name for name, found in sets.items() if found])


def _age_rule(view: View, rules: Rules) -> Rule | None:
    """Return the rule that names ages, unless exact fields do."""
    who = view.trial.eligibility
    return rules.age if who.minimum_age is None and who.maximum_age is None else None


def _rules(view: View, rules: Rules) -> Iterator[Sentence]:
    """Yield how many rules there are; the one on the disease is quoted, the others are counted."""
    if not rules.paths:
        if view.trial.eligibility.text:
            yield worded(view, "rules.text.unsorted", "eligibility.text")
        elif not view.partial:
            yield from gap(view, _RULES, "rules")
        return
    key = "both" if rules.inclusion and rules.exclusion else "in" if rules.inclusion else "out"
    if rules.unsorted:
        key = "unsorted"
    who = view.words(f"rules.who.{key}")
    by = [entries(f"{path}.text" for path in rules.paths)]
    if rules.disease:
        yield _quoted(view, "rules.disease", rules.disease)
    if not rules.one_by_one:
        yield worded(view, f"rules.text.{key}", *by)
        return
    quoted = {one.field.partition("].")[0] + "]" for one in (_age_rule(view, rules), rules.disease) if one}
    rest = [f"{path}.text" for path in rules.paths if path not in quoted]
    number = view.texts.count("rule", len(rules.paths))
    if not rest:
        yield worded(view, "rules.count.last", *by, who=who)
    elif quoted:
        form = "one" if len(quoted) == 1 else "two"
        more_rules = view.texts.count("more.rule", len(rest))
        yield worded(view, f"rules.count.{form}", *by, entries(rest), number=number, who=who, more=more_rules)
    else:
        yield worded(view, "rules.count.none", *by, number=number, who=who)
