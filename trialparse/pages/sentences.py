"""How a field of the Trial becomes sentences: what is said of a value, and what where there is none."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import attrs

from trialparse.model import Dose, Trial
from trialparse.pages import wording
from trialparse.pages.page import Citation, Gap, Gloss, Of, Part, Quote, Sentence
from trialparse.pages.tables import glossary, key_of, phrase
from trialparse.terms import MissingKind, Term
from trialparse.values import Coded, PartialDate

Words = Part | tuple[Part, ...]
"""What fills a place in a sentence."""

Writer = Callable[[Any, str], Iterable[Sentence]]
"""Writes sentences on a value that stands in the field at this path."""


def say(template: str, *words: Words, by: Citation | Iterable[Citation], stop: str = ".") -> Sentence:
    """Return a sentence with words in the places marked `{}`, and what it rests on."""
    first, *rest = template.split("{}")
    parts: list[Part] = [first]
    for word, after in zip(words, rest, strict=True):
        parts += [*(word if isinstance(word, tuple) else (word,)), after]
    citations = (by,) if isinstance(by, Of | Gloss | Gap) else tuple(by)
    return Sentence(tuple(part for part in parts if part), citations, stop)


def explain(key: str | Term) -> Iterator[Sentence]:
    """Yield the sentences of a glossary entry, none where the glossary has no such entry."""
    key = key if isinstance(key, str) else key_of(key)
    entry = glossary().get(key)
    for sentence in [] if entry is None else re.split(r"(?<=\.) ", entry.explanation):
        yield Sentence((sentence.removesuffix("."),), (Gloss(key),))


_NO_VALUE: dict[MissingKind | None, str] = {
    None: "The record does not say {}",
    MissingKind.NOT_APPLICABLE: "The record does not say {}: it marks this as not applicable",
    MissingKind.UNKNOWN: "The record does not say {}: it marks this as unknown",
    MissingKind.WITHHELD: "The record does not say {}: the entry is withheld",
    MissingKind.UNREADABLE: "The record has words on {}, but this page could not read them",
    MissingKind.NOT_READ: "This page does not say {}: that part was not read",
}


def missing(trial: Trial, field: str) -> MissingKind | None:
    """Return why the field, or what holds it, has no value; None where the record has no entry."""
    kinds = {entry.field: entry.kind for entry in trial.missing}
    while field and field not in kinds:
        field = re.sub(r"(^|\.)\w+$|\[\d+\]$", "", field)
    return kinds.get(field)


def gap(trial: Trial, field: str, ask: str) -> Sentence:
    """Return the sentence that the record does not answer a question."""
    kind = missing(trial, field)
    return say(_NO_VALUE[kind], ask, by=Gap(field, kind))


@attrs.frozen
class Line:
    """A field, what is said of its value, and the question that it answers."""

    field: str
    """Path of the field, below the base that `tell` is given."""
    write: Writer
    """Writes the sentences on its value."""
    ask: str
    """The question, as in: the record does not say ..."""
    always: bool = False
    """Whether a record without any entry is worth a sentence."""


def tell(trial: Trial, lines: Iterable[Line], base: str = "") -> Iterator[Sentence]:
    """Yield the sentences on several fields, in order."""
    for line in lines:
        field = f"{base}.{line.field}" if base else line.field
        value = look_up(trial, field)
        if not _empty(value):
            yield from line.write(value, field)
        elif line.always or missing(trial, field) is not None:
            yield gap(trial, field, line.ask)


def look_up(trial: Trial, field: str) -> Any:
    """Return the value at a path such as `interventions[0].form`."""
    value: Any = trial
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", field):
        value = value[int(index)] if index else getattr(value, name)
    return value


def _empty(value: object) -> bool:
    """Whether a value says nothing."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Dose):
        return value.amount is None
    return value is None or value == () or value == frozenset()


def quoting(template: str, gloss: str = "") -> Writer:
    """Say a text in the register's words."""

    def write(value: str, field: str) -> Iterator[Sentence]:
        yield say(template, Quote(value), by=Of((field,)))
        yield from explain(gloss)

    return write


def wording_of(template: str) -> Writer:
    """Say a coded value in the register's words."""

    def write(value: Any, field: str) -> Iterator[Sentence]:
        words = wording.coded(value)
        if words is not None:
            yield say(template, words, by=Of((field,)))

    return write


def stating(template: str = "{}", *, several: str = "", explained: bool = True) -> Writer:
    """Say a term, or the terms of a set in their order, each with its explanation.

    `several` is the template for each of several terms, where they do not hold at once.
    """

    def write(value: Term | Collection[Term], field: str) -> Iterator[Sentence]:
        known = in_order(value)
        for term in known:
            words = phrase(term).sentence
            if several and len(known) > 1:
                words = several.replace("{}", words[:1].lower() + words[1:])
            words = template.replace("{}", words)
            yield say(words[:1].upper() + words[1:], by=Of((field,)))
            yield from explain(term) if explained else ()

    return write


def in_order(value: Term | Collection[Term]) -> list[Term]:
    """Return the terms of a set in the order in which their vocabulary lists them."""
    terms = [value] if isinstance(value, Term) else list(value)
    return [term for term in type(terms[0]) if term in terms] if terms else []


def answering(yes: str, no: str = "", gloss: str = "") -> Writer:
    """Say what a yes or a no means; a no without words is passed over."""

    def write(value: bool, field: str) -> Iterator[Sentence]:
        answer = yes if value else no
        if answer:
            yield say(answer, by=Of((field,)))
            yield from explain(gloss)

    return write


def filling(template: str, words: Callable[[Any], Words]) -> Writer:
    """Say a value after putting it in words of our own."""

    def write(value: Any, field: str) -> Iterator[Sentence]:
        yield say(template, words(value), by=Of((field,)))

    return write


def dating(noun: str, *, planned: bool = False) -> Writer:
    """Say a date, and whether it is only planned."""

    def write(value: PartialDate, field: str) -> Iterator[Sentence]:
        template = f"The planned {noun} is {{}}" if planned or value.estimated else f"The {noun} is {{}}"
        yield say(template, wording.date(value), by=Of((field,)))

    return write


def listing(one: str, many: str, attribute: str = "") -> Writer:
    """Say several values, or an attribute of each, in the register's words in one sentence."""

    def write(values: tuple[Any, ...], field: str) -> Iterator[Sentence]:
        quotes, fields = [], []
        for index, value in enumerate(values):
            text = getattr(value, attribute) if attribute else value
            words = wording.coded(text) if isinstance(text, Coded) else wording.quote(text)
            if words is not None:
                quotes.append(words)
                fields.append(f"{field}[{index}]" + (f".{attribute}" if attribute else ""))
        if quotes:
            yield say(one if len(quotes) == 1 else many, wording.series(quotes), by=Of(tuple(fields)))

    return write


def own_words(value: Any) -> tuple[str, str] | None:
    """Return the text of an objective, endpoint, criterion or condition and where it stands below the value.

    Where there is no text, the first translation stands in for it.
    """
    if not _empty(value.text):
        return value.text, "text"
    for index, translation in enumerate(value.translations):
        if not _empty(translation.text):
            return translation.text, f"translations[{index}].text"
    return None


def item(trial: Trial, base: str) -> Sentence:
    """Return an item of a list: the words of the value at a path, or the sentence that it has none."""
    words = own_words(look_up(trial, base))
    if words is None:
        return gap(trial, f"{base}.text", "what this entry is")
    return say("{}", Quote(words[0]), by=Of((f"{base}.{words[1]}",)), stop="")


def sentence_of(trial: Trial, template: str, base: str) -> Sentence:
    """Return a sentence that quotes the words of the value at a path."""
    entry = item(trial, base)
    if not isinstance(entry.parts[0], Quote):
        return entry
    return say(template, entry.parts[0], by=entry.citations)
