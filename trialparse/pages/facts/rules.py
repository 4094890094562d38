"""The rules on who can take part: how many there are, and which name an age or the disease."""

import re
from collections.abc import Iterator

from trialparse.generated.classes import frozen
from trialparse.model.terms import CriterionKind
from trialparse.pages.facts.entries import one_by_one
from trialparse.pages.facts.excerpts import sentences_of
from trialparse.pages.facts.texts import own_words
from trialparse.pages.page import Quote
from trialparse.pages.view import View

LONGEST = 60
"""Words of a rule that the article quotes at most."""

_AGE = re.compile(
    r"\b(?:aged?|years?|yrs?|âge|âgée?s?|ans|alter|jahren?|età|anni|edad|años|idade|anos|leeftijd|jaar|wiek|lat|alder|år)\b",
    re.IGNORECASE,
)
"""How a text names an age, in the languages of registers."""

_AGED = re.compile(r"\b(?:aged?|old|âgée?s?|alter|età|edad|idade|leeftijd|wiek|alder)\b", re.IGNORECASE)
"""A word that is only used of ages."""

_AGE_LIMIT = re.compile(r"(?:≥|≤|>|<|\bbetween\b|\bat least\b|\d\s*(?:-|–|to)\s*\d|\b18\b)")
"""How a limit of age is put."""

_BARS = re.compile(
    r"\b(?:non[ -]?inclu|exclu(?!siv)|ausschluss|esclusion|esclus|uitsluit|wyklucz|wy[łl][ąa]cz|"
    r"vylu[cč]|udeluk|eksklu|exklu)\w*"
    r"(?:\s+(?:crit|krit)\w*)?\s*(?:[:(\n–-]|$)|"
    r"\b(?:crit|krit)\w*\s+(?:d[ei]s?\s+|d['’]\s*|of\s+)?(?:non[ -]?inclu|exclu|esclus)",
    re.IGNORECASE,
)
"""The heading of rules on who cannot take part, in the languages of registers."""

_SAME = 5
"""Letters of a word at least for it to name a disease."""

_COMMON = frozenset(
    "acute adult adults chronic disease diseases disorder disorders moderate moderately mild patient patients people "
    "severe severely syndrome treatment early active infection infections other without"
    " primary secondary advanced stage related prevention therapy volunteers healthy subjects".split()
)
"""Words of conditions that are common to many diseases."""


@frozen
class Rule:
    """A rule, or a sentence of a text with several rules."""

    quote: Quote
    """Its words."""
    field: str
    """Where they are."""
    number: str = ""
    """Its number in the record, which other rules can point to."""


@frozen
class Rules:
    """The rules that the article quotes, and the paths of all."""

    age: Rule | None
    """A rule that names an age."""
    disease: Rule | None
    """Another rule, which names the disease."""
    inclusion: tuple[str, ...]
    """The paths of the rules on who can take part."""
    exclusion: tuple[str, ...]
    """The paths of those on who cannot."""
    unsorted: tuple[str, ...]
    """The paths of rules of no stated kind."""
    one_by_one: bool
    """Whether each rule is an entry of its own, so that they can be counted."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all rules."""
        return (*self.inclusion, *self.exclusion, *self.unsorted)


def rules_of(view: View, kept: list[int]) -> Rules:
    """Return the rules at some indices."""
    criteria = view.trial.eligibility.criteria
    by_kind: dict[CriterionKind | None, list[str]] = {}
    for index in kept:
        by_kind.setdefault(criteria[index].kind, []).append(f"eligibility.criteria[{index}]")
    joining = [index for index in kept if criteria[index].kind is not CriterionKind.EXCLUSION]
    found = list(_sentences(view, joining))
    age = _age(found)
    disease = next((one for one in found if one != age and _names_disease(view, one)), None)
    return Rules(
        age=age,
        disease=disease,
        inclusion=tuple(by_kind.get(CriterionKind.INCLUSION, ())),
        exclusion=tuple(by_kind.get(CriterionKind.EXCLUSION, ())),
        unsorted=tuple(by_kind.get(None, ())),
        one_by_one=one_by_one([(criteria[index].kind, criteria[index].number) for index in kept]),
    )


def _sentences(view: View, indices: list[int]) -> Iterator[Rule]:
    """Yield the sentences of the rules, as far as they are short enough."""
    for index in indices:
        words = own_words(view.trial.eligibility.criteria[index])
        if words:
            field = f"eligibility.criteria[{index}].{words[1]}"
            for sentence in sentences_of(_joining(words[0]))[:MOST_SENTENCES]:
                if len(sentence.split()) <= LONGEST and not sentence.endswith(":"):
                    yield Rule(Quote(sentence.rstrip(" ;,"), view.language(field)), field, _number(view, index))


def _joining(text: str) -> str:
    """Return a text up to where it turns to who cannot take part."""
    heading = _BARS.search(text)
    return text[: heading.start()] if heading else text


def _number(view: View, index: int) -> str:
    """Return the number of a rule in the record, empty where it has none or its words begin with it."""
    rule = view.trial.eligibility.criteria[index]
    words = own_words(rule)
    if rule.number is None or (words and re.match(rf"\W*{rule.number}\b", words[0])):
        return ""
    return view.texts.number(rule.number)


MOST_SENTENCES = 400
"""Sentences of one text that are looked through."""


def _age(found: list[Rule]) -> Rule | None:
    """Return the rule that names an age: rather one with a limit and a word that is only used of ages."""
    named = [one for one in found if _AGE.search(one.quote.text) and re.search(r"\d", one.quote.text)]
    sure = [one for one in named if _AGED.search(one.quote.text)]
    limits = [one for one in sure if _AGE_LIMIT.search(one.quote.text)]
    return next(iter([*limits, *sure]), None)


def _names_disease(view: View, rule: Rule) -> bool:
    """Whether a rule has a word of the conditions that is not common to many diseases."""
    conditions = view.trial.conditions[:MOST_SENTENCES]
    texts = " ".join(words[0] if (words := own_words(one)) else one.lay_text or "" for one in conditions)
    return not _specific_words(texts).isdisjoint(_specific_words(rule.quote.text))


def _specific_words(text: str) -> set[str]:
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return {word for word in words if len(word) >= _SAME and word not in _COMMON}
