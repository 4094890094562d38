"""How a field of the Trial becomes sentences: what is said of a value, and what where there is none."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from typing import Any

import attrs

from trialparse.model.interventions import Dose
from trialparse.model.terms import MissingKind
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import stages, wording
from trialparse.pages.facts.titles import TITLED, title_on
from trialparse.pages.page import Citation, Gap, Gloss, Lack, Of, OfRecords, Piece, Quote, Sentence
from trialparse.pages.tables import differences, entry, key_of, phrase, phrases
from trialparse.pages.view import View, look_up
from trialparse.vocabulary import Term

MOST = 40
"""How many entries of a list the page shows at most; it says how many more there are."""

Words = Piece | tuple[Piece, ...]
"""What fills a place in a sentence."""

Writer = Callable[[View, Any, str], Iterable[Sentence]]
"""Writes sentences on the value of the field at this path."""


def say(template: str, *words: Words, by: Citation | Iterable[Citation], stop: str = ".") -> Sentence:
    """Return a sentence with words in the places marked `{}`, and what it rests on."""
    first, *rest = template.split("{}")
    parts: list[Piece] = [first]
    for word, after in zip(words, rest, strict=True):
        parts += [*(word if isinstance(word, tuple) else (word,)), after]
    citations = (by,) if isinstance(by, Of | Gloss | Gap | Lack | OfRecords) else tuple(by)
    return Sentence(tuple(part for part in parts if part), citations, stop)


def explain(key: str | Term, case: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a glossary entry, none where the glossary has no such entry."""
    found = entry(key if isinstance(key, str) else key_of(key), case)
    if found is not None:
        for sentence in parted(found.explanation):
            yield Sentence((sentence,), (Gloss(found.key),))


def number_of(things: Sized) -> str:
    """Return the case of the glossary for one thing, or for several."""
    return "one" if len(things) == 1 else ""


def parted(text: str) -> list[str]:
    """Return the sentences of a text of ours, without their full stops."""
    return [sentence.removesuffix(".") for sentence in re.split(r"(?<=\.) ", text) if sentence]


_NO_VALUE: dict[MissingKind | None, str] = {
    None: "The record does not say {}",
    MissingKind.NOT_APPLICABLE: "The record does not say {}: it marks this as not applicable",
    MissingKind.UNKNOWN: "The record does not say {}: it marks this as unknown",
    MissingKind.WITHHELD: "The record does not say {}: the entry is withheld",
    MissingKind.UNREADABLE: "The record has words on {}, but this page could not read them",
    MissingKind.NOT_READ: "This page does not say {}: that part was not read",
    MissingKind.DISAGREED: "The records of this trial do not agree on {}",
    MissingKind.NONE_STATED: "The record does not say {}: it chooses none of the answers",
    MissingKind.INCOMPLETE: "The record does not say {}: it has only some of the numbers",
}


_SEVERAL_OPEN: dict[MissingKind | None, str] = {
    None: "The record does not answer {} questions on this",
    MissingKind.NOT_APPLICABLE: "The record marks {} entries on this as not applicable",
    MissingKind.UNKNOWN: "The record marks {} entries on this as unknown",
    MissingKind.WITHHELD: "In the record, {} entries on this are withheld",
    MissingKind.UNREADABLE: "The record has {} entries on this that this page could not read",
    MissingKind.NOT_READ: "On this page, {} entries on this are missing, for that part was not read",
    MissingKind.DISAGREED: "The records of this trial do not agree on {} entries on this",
    MissingKind.NONE_STATED: "The record chooses none of the answers to {} questions on this",
    MissingKind.INCOMPLETE: "The record has {} entries on this with only some of the numbers",
}
"""What is said of several things that a record leaves open for one reason."""


def gap(view: View, field: str, ask: str) -> Sentence:
    """Return the sentence that the record does not answer a question; or, of its kind of record, that none does."""
    kind = view.missing(field)
    if kind is None and view.never(field):
        return say(ask, by=Lack(view.kind.format, field), stop="")
    topic = field.removeprefix("design.")
    titled = title_on(view, topic) if topic in TITLED else None
    if titled:
        return say(
            "The register has no entry here for {}; see the title", ask, by=(Gap(field, kind, ask), Of((titled,)))
        )
    return say(_NO_VALUE[kind], ask, by=Gap(field, kind, ask))


def gaps(view: View, asks: dict[str, str]) -> Iterator[Sentence]:
    """Yield what a record leaves open of several things, one sentence for each reason."""
    of: dict[MissingKind | None, dict[str, str]] = {}
    for field, ask in asks.items():
        of.setdefault(view.missing(field), {})[field] = ask
    for kind, some in of.items():
        if len(some) == 1:
            yield from (gap(view, *one) for one in some.items())
        else:
            by = [Gap(field, kind, ask) for field, ask in some.items()]
            yield say(_SEVERAL_OPEN[kind], wording.number(len(some)), by=by)


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


def tell(view: View, lines: Iterable[Line], base: str = "") -> Iterator[Sentence]:
    """Yield the sentences on several fields, in order."""
    holder = look_up(view.trial, base)
    open_: dict[str, str] = {}
    for line in lines:
        field = f"{base}.{line.field}" if base else line.field
        value = look_up(holder, line.field)
        if not _empty(value):
            yield from _doubted(line.write(view, value, field), _doubt(view, value, field))
        elif line.always:
            yield gap(view, field, line.ask)
        elif view.missing(field) is not None:
            open_[field] = line.ask
    yield from gaps(view, open_)


def _doubted(sentences: Iterable[Sentence], doubt: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield what is said of a value, then the doubt, then what the words mean."""
    said = list(sentences)
    first = next((n for n, one in enumerate(said) if all(isinstance(by, Gloss) for by in one.citations)), len(said))
    yield from (*said[:first], *doubt, *said[first:])


def _doubt(view: View, value: object, field: str) -> Iterator[Sentence]:
    """Yield that some records say otherwise; the last section says which."""
    others = [index for index, one in enumerate(view.spreads.get(field, ())) if one.value != value]
    if others and field in differences() and not isinstance(value, str | tuple):
        yield say("Not all records say so", by=OfRecords(field, tuple(others)))


def _empty(value: object) -> bool:
    """Whether a value says nothing."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Dose):
        return value.amount is None
    return value is None or value == () or value == frozenset()


def quoting(template: str, gloss: str = "") -> Writer:
    """Say a text in the register's words."""

    def write(view: View, value: str, field: str) -> Iterator[Sentence]:
        yield say(template, Quote(value, view.language(field)), by=Of((field,)))
        yield from explain(gloss)

    return write


def wording_of(template: str, vocabulary: str = "") -> Writer:
    """Say a coded value: by the phrase that its vocabulary has for our term, else in the register's words.

    Words that are but a code tell a reader nothing, and are left out.
    """

    def write(view: View, value: Coded, field: str) -> Iterator[Sentence]:
        known = phrases().get(f"{vocabulary}.{value.term}")
        words = wording.coded(value)
        if known is not None:
            yield say(known.sentence, by=Of((field,)))
        elif words is not None and not wording.is_code(value):
            yield say(template, words, by=Of((field,)))

    return write


def stating(template: str = "{}", *, several: str = "", explained: bool = True) -> Writer:
    """Say a term, or the terms of a set in their order, each with its explanation.

    `several` is the template for each of several terms, where they do not hold at once.
    """

    def write(view: View, value: Term | Collection[Term], field: str) -> Iterator[Sentence]:
        known = in_order(value)
        for term in known:
            words = phrase(term, view.case(term)).sentence
            if several and len(known) > 1:
                words = several.replace("{}", words[:1].lower() + words[1:])
            words = template.replace("{}", words)
            besides = view.besides(term)
            by = [Of((field,)), *([Of(besides, span=True)] if besides else [])]
            yield say(words[:1].upper() + words[1:], by=by)
            yield from explain(term, view.case(term)) if explained else ()

    return write


def in_order(value: Term | Collection[Term]) -> list[Term]:
    """Return the terms of a set in the order in which their vocabulary lists them."""
    terms = [value] if isinstance(value, Term) else list(value)
    return [term for term in type(terms[0]) if term in terms] if terms else []


def answering(yes: str, no: str = "", gloss: str = "") -> Writer:
    """Say what a yes or a no means; a no without words is passed over."""

    def write(view: View, value: bool, field: str) -> Iterator[Sentence]:
        answer = yes if value else no
        if answer:
            yield say(answer, by=Of((field,)))
            yield from explain(gloss)

    return write


def filling(template: str, words: Callable[[Any], Words]) -> Writer:
    """Say a value after putting it in words of our own."""

    def write(view: View, value: Any, field: str) -> Iterator[Sentence]:
        yield say(template, words(value), by=Of((field,)))

    return write


def dating(noun: str, *, planned: bool = False) -> Writer:
    """Say a date, and whether it is only planned; a plan for a trial that is over is history."""

    def write(view: View, value: PartialDate, field: str) -> Iterator[Sentence]:
        plan = planned or value.estimated
        verb = "was" if plan and view.stage == stages.OVER else "is"
        yield say(f"The {'planned ' * bool(plan)}{noun} {verb} {{}}", wording.date(value), by=Of((field,)))

    return write


def listing(one: str, many: str, attribute: str = "") -> Writer:
    """Say several values, or an attribute of each, in the register's words in one sentence; codes are left out."""

    def write(view: View, values: tuple[Any, ...], field: str) -> Iterator[Sentence]:
        quotes: dict[str, Piece] = {}
        for index, value in enumerate(values):
            path = f"{field}[{index}]" + f".{attribute}" * bool(attribute)
            text = getattr(value, attribute) if attribute else value
            words = wording.coded(text) if isinstance(text, Coded) else wording.quote(text, view.language(path))
            if words is not None and not (isinstance(text, Coded) and wording.is_code(text)):
                quotes[path] = words
        if quotes:
            yield enumerated(one if len(quotes) == 1 else many, quotes)

    return write


def enumerated(template: str, words: dict[str, Piece]) -> Sentence:
    """Return a sentence with a series of words, each from its field; of very many, it says how many more there are."""
    fields, parts = tuple(words), list(words.values())
    rest = fields[MOST:]
    more = [f"{wording.number(len(rest))} more"] if rest else []
    by = [Of(fields[:MOST]), *([Of(rest, span=True)] if rest else [])]
    return say(template, wording.series([*parts[:MOST], *more]), by=by)


def own_words(value: Any) -> tuple[str, str] | None:
    """Return the text of an objective, endpoint, criterion or condition, and its path below the value.

    If there is no text, the first translation replaces it.
    """
    if not _empty(value.text):
        return value.text, "text"
    for index, translation in enumerate(value.translations):
        if not _empty(translation.text):
            return translation.text, f"translations[{index}].text"
    return None


def quoted_at(view: View, base: str) -> tuple[Quote, str] | None:
    """Return the words of the value at a path as a quote in its language, and the field that they are from."""
    words = own_words(look_up(view.trial, base))
    if words is None:
        return None
    field = f"{base}.{words[1]}"
    return Quote(words[0], view.language(field)), field


def item(view: View, base: str) -> Sentence:
    """Return an item of a list: the words of the value at a path, or the sentence that it has none."""
    found = quoted_at(view, base)
    if found is None:
        return gap(view, f"{base}.text", "what this entry is")
    return say("{}", found[0], by=Of((found[1],)), stop="")


def sentence_of(view: View, template: str, base: str) -> Sentence:
    """Return a sentence that quotes the words of the value at a path."""
    found = quoted_at(view, base)
    if found is None:
        return gap(view, f"{base}.text", "what this entry is")
    return say(template, found[0], by=Of((found[1],)))
