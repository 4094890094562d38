"""How a field of the Trial becomes sentences: those on its value, and those where it has none.

Each writer has its wordings, which begin with the key of the line:

| writer | wordings |
|---|---|
| `quoting` | the key, with `{quote}` |
| `coding` | the key, with `{value}`; none where the vocabulary has a phrase |
| `filling` | the key, with `{value}` |
| `counting` | the key with `.one`, `.other`, perhaps `.none`, with `{n}` |
| `listing` | the key with `.one` and `.other`, with `{names}` |
| `answering` | the key with `.yes`, `.no` or both |
| `dating` | the key, and with `.planned` and `.planned.over`, with `{date}` |
| `stating` | the key if a term needs words around it, with `{state}`; with `.partly` for one of several |
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from trialparse.generated.classes import frozen
from trialparse.model.interventions import Dose
from trialparse.model.values import Coded, PartialDate
from trialparse.pages import stages, wording
from trialparse.pages.details.gaps import gap, gaps
from trialparse.pages.page import Gloss, Of, OfRecords, Piece, Quote, Sentence, Words
from trialparse.pages.sentences import By, entries, explain, sentence, worded
from trialparse.pages.tables import in_order
from trialparse.pages.view import View, look_up
from trialparse.vocabulary import Term

MOST = 40
"""How many entries of a list the page shows at most; a sentence counts the others."""

Writer = Callable[[View, Any, str, str], Iterable[Sentence]]
"""Writes sentences on the value of the field at a path, with the wordings of a key."""


@frozen
class Line:
    """A field, the writer of the sentences on its value, and the question that it answers."""

    field: str
    """Path of the field, below the base that `write_lines` is given."""
    write: Writer
    """Writes the sentences on its value."""
    key: str
    """The key of its wordings; that of the question begins with `ask.`."""
    always: bool = False
    """Whether a record without any entry is worth a sentence."""
    gloss: str = ""
    """The key of what explains its words."""
    _ask: str = ""

    @property
    def ask(self) -> str:
        """The key of the question, as in: the record does not say ..."""
        return self._ask or self.key


def write_lines(view: View, lines: Iterable[Line], base: str = "") -> Iterator[Sentence]:
    """Yield the sentences on several fields, in order."""
    holder = look_up(view.trial, base)
    open_: dict[str, str] = {}
    for line in lines:
        field = f"{base}.{line.field}" if base else line.field
        value = look_up(holder, line.field)
        if not _empty(value):
            written = list(line.write(view, value, field, line.key))
            yield from _doubted(written, _doubt(view, value, field))
            yield from explain(view, line.gloss) if written else ()
        elif line.always:
            yield gap(view, field, line.ask)
        elif view.missing(field) is not None:
            open_[field] = line.ask
    yield from gaps(view, open_)


def _doubted(written: list[Sentence], doubt: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield the sentences on a value, then the doubt, then what the words mean."""
    first = next(
        (n for n, one in enumerate(written) if all(isinstance(by, Gloss) for by in one.citations)), len(written)
    )
    yield from (*written[:first], *doubt, *written[first:])


def _doubt(view: View, value: object, field: str) -> Iterator[Sentence]:
    """Yield that some records differ; the last section lists them."""
    others = [index for index, one in enumerate(view.spreads.get(field, ())) if one.value != value]
    if others and field in view.texts.differences and not isinstance(value, str | tuple):
        yield worded(view, "differ.doubt", OfRecords(field, tuple(others)))


def _empty(value: object) -> bool:
    """Whether a value is empty."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Dose):
        return value.amount is None
    return value is None or value == () or value == frozenset()


def quoting(view: View, value: str, field: str, key: str) -> Iterator[Sentence]:
    """Write a text in the register's words."""
    yield worded(view, key, field, quote=Quote(value, view.language(field)))


def coding(vocabulary: str = "") -> Writer:
    """Write a coded value: by the phrase that its vocabulary has for our term, else in the register's words.

    Words that are but a code mean nothing to a reader, and are left out.
    """

    def write(view: View, value: Coded, field: str, key: str) -> Iterator[Sentence]:
        known = view.texts.phrases.get(f"{vocabulary}.{value.term}")
        words = wording.coded(value)
        if known is not None:
            yield sentence([known.of(view.several)], [field])
        elif words is not None and not wording.is_code(value):
            yield worded(view, key, field, value=words)

    return write


def stating(
    view: View, value: Term | Collection[Term], field: str, key: str, *, explained: bool = True, **slots: Words
) -> Iterator[Sentence]:
    """Write a term, or the terms of a set in their order, each with its explanation."""
    known = in_order(value)
    form = f"{key}.partly" if len(known) > 1 else key
    for term in known:
        state = view.phrase(term)
        words = view.words(form, state=state, **slots) if view.texts.has(form) else (state,)
        besides = view.besides(term)
        yield sentence(words, [field, *([entries(besides)] if besides else [])])
        yield from explain(view, term, view.case(term)) if explained else ()


def answering(view: View, value: bool, field: str, key: str) -> Iterator[Sentence]:
    """Write what a yes or a no means; an answer without words is passed over."""
    form = f"{key}.{'yes' if value else 'no'}"
    if view.texts.has(form):
        yield worded(view, form, field)


def filling(words: Callable[[View, Any], Words]) -> Writer:
    """Write a value after putting it in words of our own."""

    def write(view: View, value: Any, field: str, key: str) -> Iterator[Sentence]:
        yield worded(view, key, field, value=words(view, value))

    return write


def counting(view: View, value: int, field: str, key: str) -> Iterator[Sentence]:
    """Write a number of people."""
    yield worded(view, view.texts.form(key, value), field, n=view.texts.number(value))


def dating(view: View, value: PartialDate, field: str, key: str, *, planned: bool = False) -> Iterator[Sentence]:
    """Write a date, and whether it is only planned; a plan for a trial that is over is history."""
    form = key
    if planned or value.estimated:
        form = f"{key}.planned.over" if view.stage == stages.OVER else f"{key}.planned"
    yield worded(view, form, field, date=view.texts.date(value))


def listing(attribute: str = "") -> Writer:
    """Write several values, or an attribute of each, in the register's words in one sentence; codes are left out."""

    def write(view: View, values: tuple[Any, ...], field: str, key: str) -> Iterator[Sentence]:
        quotes: dict[str, Piece] = {}
        for index, value in enumerate(values):
            path = f"{field}[{index}]" + f".{attribute}" * bool(attribute)
            text = getattr(value, attribute) if attribute else value
            words = wording.coded(text) if isinstance(text, Coded) else wording.quote(text, view.language(path))
            if words is not None and not (isinstance(text, Coded) and wording.is_code(text)):
                quotes[path] = words
        if quotes:
            yield enumerated(view, view.texts.form(key, len(quotes)), quotes)

    return write


def enumerated(view: View, key: str, words: dict[str, Piece], **slots: Words) -> Sentence:
    """Return a sentence with a series of words, each from its field; of very many, it counts the others."""
    fields, parts = tuple(words), list(words.values())
    rest = fields[MOST:]
    more = [view.texts.count("more_item", len(rest))] if rest else []
    by: list[By] = [Of(fields[:MOST]), *([entries(rest)] if rest else [])]
    return worded(view, key, *by, names=view.texts.series([*parts[:MOST], *more]), **slots)
