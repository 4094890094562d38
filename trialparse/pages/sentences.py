"""Sentences of the page: a wording of its language, its places filled, with its citations."""

import re
from collections.abc import Iterable, Iterator, Sequence, Sized

from trialparse.pages.page import Citation, Gap, Gloss, Lack, Of, OfRecords, Piece, Sentence, Words
from trialparse.pages.tables import joined, key_of
from trialparse.pages.view import View
from trialparse.vocabulary import Term

By = str | Citation
"""What a sentence rests on: a field, or another citation."""

CITATIONS = (Of, Gloss, Gap, Lack, OfRecords)


def worded(view: View, key: str, *by: By, **slots: Words) -> Sentence:
    """Return the sentence of a wording, with its places filled."""
    return sentence(view.words(key, **slots), by)


def above(view: View, key: str, *by: By, **slots: Words) -> Sentence:
    """Return a sentence above a table or a list."""
    return sentence(view.words(key, **slots), by, ":")


def sentence(parts: Sequence[Piece], by: Iterable[By], stop: str = ".") -> Sentence:
    """Return a sentence with a capital letter at the start."""
    parts = joined(parts)
    if isinstance(parts[0], str):
        parts = (parts[0][:1].upper() + parts[0][1:], *parts[1:])
    return Sentence(parts, _cited(by), stop)


def item(parts: Sequence[Piece], *by: By) -> Sentence:
    """Return an item of a list."""
    return Sentence(joined(parts), _cited(by), "")


def _cited(by: Iterable[By]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(one if isinstance(one, CITATIONS) else Of((one,)) for one in by))


def entries(fields: Iterable[str]) -> Of:
    """Return the citation of fields that are only counted."""
    return Of(tuple(fields), span=True)


def explain(view: View, key: str | Term, case: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a glossary entry, none where the glossary has no such entry."""
    found = view.texts.entry(key if isinstance(key, str) else key_of(key), case)
    if found is not None:
        yield from (Sentence((words,), (Gloss(found.key),)) for words in parted(found.explanation))


def number_of(things: Sized) -> str:
    """Return the case of the glossary for one thing, or for several."""
    return "one" if len(things) == 1 else ""


def parted(text: str) -> list[str]:
    """Return the sentences of a text of ours, without their full stops."""
    return [one.removesuffix(".") for one in re.split(r"(?<=\.) ", text) if one]
