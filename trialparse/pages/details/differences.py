"""Where the records differ: values and words that are not the same in all countries."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from trialparse.model.values import Duration, PartialDate
from trialparse.pages import wording
from trialparse.pages.details.excerpts import listed
from trialparse.pages.details.naming import places
from trialparse.pages.details.versions import bare
from trialparse.pages.page import Block, Of, OfRecords, Paragraph, Piece, Sentence
from trialparse.pages.sentences import MOST, in_order, say
from trialparse.pages.tables import differences, key_of, phrases
from trialparse.pages.view import View, look_up
from trialparse.vocabulary import Term


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section: values that differ, then the parts that differ in their words or entries.

    What each record has of its own, such as its address, is not shown as a difference.
    """
    fields = [field for field in differences() if field in view.spreads]
    plain = _with_words(view)
    for field in disagreeing(view):
        yield Paragraph(tuple(_disagreement(view, field)))
        yield from _values(view, field)
    forms = {field: _forms(view, field) for field in fields if field not in plain}
    others = [field for field, versions in forms.items() if len(versions) > 1]
    if others:
        by = [Of((field,), span=True) for field in others]
        yield Paragraph((say("The records also differ in the words or entries on these", by=by, stop=":"),))
        yield from listed(others, lambda field: _versions(view, field, forms[field]), "part", "parts")


def _with_words(view: View) -> list[str]:
    """Return the fields whose values can be put in a few words each."""
    fields = [field for field in differences() if field in view.spreads]
    return [field for field in fields if all(_words(one.value) for one in view.spreads[field])]


def disagreeing(view: View) -> list[str]:
    """Return the fields for which records give different values; values that read alike are no disagreement."""
    return [field for field in _with_words(view) if len({_words(one.value) for one in view.spreads[field]}) > 1]


def _all(view: View, field: str) -> OfRecords:
    """Return the citation of all records that have a field."""
    return OfRecords(field, tuple(range(len(view.spreads[field]))))


def _disagreement(view: View, field: str) -> Iterator[Sentence]:
    """Yield that records do not agree, and which of their values the page has elsewhere."""
    verb = view.verb(field)
    value = _words(look_up(view.trial, field))
    others = "Of these, this page takes {}" if value else "This page takes none of them{}"
    why = phrases().get(f"rule.{verb}.{field}") if view.own_rules else None
    taken = why or phrases().get(f"rule.{verb}")
    yield say("The records do not agree on {}", differences()[field], by=_all(view, field))
    by = Of((field,), span=True)
    yield say(taken.sentence, by=by, stop=":") if taken else say(others, value, by=by, stop=":")


def _values(view: View, field: str) -> Iterator[Block]:
    """Yield each value with its countries, the most frequent first."""
    groups: dict[tuple[Piece, ...], list[int]] = {}
    for index, one in enumerate(view.spreads[field]):
        groups.setdefault(_words(one.value), []).append(index)
    values = {f"{number}": (words, which) for number, (words, which) in enumerate(_by_size(groups))}
    yield from listed(list(values), lambda key: _value(view, field, *values[key]), "value", "values")


def _by_size(groups: dict[tuple[Piece, ...], list[int]]) -> list[tuple[tuple[Piece, ...], list[int]]]:
    return sorted(groups.items(), key=lambda group: -len(group[1]))[:MOST]


def _value(view: View, field: str, words: tuple[Piece, ...], which: list[int]) -> Sentence:
    """Return a value and where it is said, as an item of a list."""
    who = places(view, (view.spreads[field][index] for index in which))
    return say("{}: {}", words, who, by=OfRecords(field, tuple(which)), stop="")


def _versions(view: View, field: str, versions: Sequence[Sequence[int]]) -> Sentence:
    """Return a part of the records with the number of its versions and who has which, as an item of a list."""
    number = wording.count(len(versions), "version", "versions")
    who = [places(view, (view.spreads[field][index] for index in which)) for which in versions[:MOST]]
    more = ((f"{len(versions) - MOST} more",),) if len(versions) > MOST else ()
    shown = tuple(part for names in (*who, *more) for part in ("; ", *names))[1:]
    return say("{}: {} ({})", differences()[field], number, shown, by=_all(view, field), stop="")


def _forms(view: View, field: str) -> list[list[int]]:
    """Return the records grouped by version of a text or list; numbers and translations do not count."""
    forms: dict[Hashable, list[int]] = {}
    for index, one in enumerate(view.spreads[field]):
        form = frozenset(Counter(map(bare, one.value)).items()) if isinstance(one.value, tuple) else one.value
        forms.setdefault(form, []).append(index)
    return list(forms.values())


def _words(value: Any) -> tuple[Piece, ...]:
    """Return a value in words; empty for a text or a list, which is too long."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, int):
        return (wording.number(value),)
    if isinstance(value, PartialDate):
        return (f"{'planned for ' * bool(value.estimated)}{wording.date(value)}",)
    if isinstance(value, Duration):
        return (wording.duration(value),)
    if isinstance(value, Term):
        return (_term(value),)
    if isinstance(value, frozenset):
        return wording.series([_term(term) for term in in_order(value)]) or ("none",)
    return ()


def _term(term: Term) -> str:
    """Return a term in a word or two."""
    known = phrases().get(key_of(term))
    if known is not None and known.short:
        return known.short
    return term.meaning
