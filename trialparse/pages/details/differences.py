"""Where the records differ: values and words that are not the same in all countries."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from trialparse.model.terms import AgeGroup
from trialparse.model.values import Duration, PartialDate
from trialparse.pages.details.excerpts import listed, paired
from trialparse.pages.details.lines import MOST
from trialparse.pages.details.naming import places
from trialparse.pages.details.versions import bare
from trialparse.pages.page import Block, OfRecords, Paragraph, Piece, Sentence, Words
from trialparse.pages.sentences import above, entries, item, sentence, worded
from trialparse.pages.tables import in_order
from trialparse.pages.view import View, look_up
from trialparse.vocabulary import Term


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section: values that differ, then the parts that differ in their words or entries.

    What each record has of its own, such as its address, is not shown as a difference.
    """
    fields = [field for field in view.texts.differences if field in view.spreads]
    plain = _with_words(view)
    for field in disagreeing(view):
        yield Paragraph(tuple(_disagreement(view, field)))
        yield from _values(view, field)
    forms = {field: _forms(view, field) for field in fields if field not in plain}
    others = [field for field, versions in forms.items() if len(versions) > 1]
    if others:
        yield Paragraph((above(view, "differ.words", *(entries([field]) for field in others)),))
        yield from listed(view, "part", others, lambda field: _versions(view, field, forms[field]))


def _with_words(view: View) -> list[str]:
    """Return the fields whose values can be put in a few words each."""
    fields = [field for field in view.texts.differences if field in view.spreads]
    return [field for field in fields if all(_words(view, one.value) for one in view.spreads[field])]


def disagreeing(view: View) -> list[str]:
    """Return the fields for which records give different values; values that read alike are no disagreement."""
    return [field for field in _with_words(view) if len({_words(view, one.value) for one in view.spreads[field]}) > 1]


def _all(view: View, field: str) -> OfRecords:
    """Return the citation of all records that have a field."""
    return OfRecords(field, tuple(range(len(view.spreads[field]))))


def _disagreement(view: View, field: str) -> Iterator[Sentence]:
    """Yield that records do not agree, and which of their values the page has elsewhere."""
    verb = view.verb(field)
    value = _words(view, look_up(view.trial, field))
    why = view.texts.phrases.get(f"rule.{verb}.{field}") if view.own_rules else None
    taken = why or view.texts.phrases.get(f"rule.{verb}")
    yield worded(view, "differ", _all(view, field), topic=view.texts.differences[field])
    by = entries([field])
    if taken:
        yield sentence((taken.sentence,), [by], ":")
    else:
        yield above(view, "differ.taken", by, value=value) if value else above(view, "differ.none", by)


def _values(view: View, field: str) -> Iterator[Block]:
    """Yield each value with its countries, the most frequent first."""
    groups: dict[tuple[Piece, ...], list[int]] = {}
    for index, one in enumerate(view.spreads[field]):
        groups.setdefault(_words(view, one.value), []).append(index)
    values = {f"{number}": (words, which) for number, (words, which) in enumerate(_by_size(groups))}
    yield from listed(view, "value", list(values), lambda key: _value(view, field, *values[key]))


def _by_size(groups: dict[tuple[Piece, ...], list[int]]) -> list[tuple[tuple[Piece, ...], list[int]]]:
    return sorted(groups.items(), key=lambda group: -len(group[1]))[:MOST]


def _value(view: View, field: str, words: tuple[Piece, ...], which: list[int]) -> Sentence:
    """Return a value and the records that have it, as an item of a list."""
    who = places(view, (view.spreads[field][index] for index in which))
    return item(paired(view, words, who), OfRecords(field, tuple(which)))


def _versions(view: View, field: str, versions: Sequence[Sequence[int]]) -> Sentence:
    """Return a part of the records with the number of its versions and who has which, as an item of a list."""
    number = view.texts.count("form", len(versions))
    who: list[Words] = [places(view, (view.spreads[field][index] for index in which)) for which in versions[:MOST]]
    more = [view.texts.count("more_item", len(versions) - MOST)] if len(versions) > MOST else []
    names = view.texts.listed([*who, *more])
    words = view.words("differ.forms", topic=view.texts.differences[field], number=number, names=names)
    return item(words, _all(view, field))


def _forms(view: View, field: str) -> list[list[int]]:
    """Return the records grouped by version of a text or list; numbers and translations do not count."""
    forms: dict[Hashable, list[int]] = {}
    for index, one in enumerate(view.spreads[field]):
        form = frozenset(Counter(map(bare, one.value)).items()) if isinstance(one.value, tuple) else one.value
        forms.setdefault(form, []).append(index)
    return list(forms.values())


def _words(view: View, value: Any) -> tuple[Piece, ...]:
    """Return a value in words; empty for a text or a list, which is too long."""
    if isinstance(value, bool):
        return view.words("answer.yes" if value else "answer.no")
    if isinstance(value, int):
        return (view.texts.number(value),)
    if isinstance(value, PartialDate):
        date = view.texts.date(value)
        return view.words("date.planned", date=date) if value.estimated else (date,)
    if isinstance(value, Duration):
        return (view.texts.length(value),)
    if isinstance(value, Term):
        return (_term(view, value),)
    if isinstance(value, frozenset):
        return view.texts.series([_term(view, term) for term in in_order(value)]) or view.words("answer.none")
    return ()


def _term(view: View, term: Term) -> str:
    """Return a term in a word or two."""
    return view.texts.plain(f"group.{term.name}") if isinstance(term, AgeGroup) else view.texts.phrase(term).short
