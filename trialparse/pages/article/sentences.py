"""Sentences of the article: beside those of the whole page, quotes of whole sentences and what is left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trialparse.pages.facts.excerpts import excerpt
from trialparse.pages.facts.titles import quoted_title
from trialparse.pages.page import Gap, Quote, Sentence, Words, pieces
from trialparse.pages.sentences import By, above, entries, sentence, worded
from trialparse.pages.view import View

__all__ = ["QUOTED", "By", "above", "entries", "gap", "more", "quoting", "sentence", "worded"]

QUOTED = 60
"""Words of the register that the article quotes at once, at most; only whole sentences are quoted."""


def gap(view: View, field: str, key: str) -> Iterator[Sentence]:
    """Yield that the record leaves a question open; nothing where no record of the kind holds the answer."""
    kind = view.missing(field)
    if kind is None and (view.never(field) or not view.applies(key)):
        return
    ask = view.texts.plain(f"ask.{key}")
    wording = f"gap.{kind.name if kind else 'none'}"
    wording = f"{wording}.{key}" if view.texts.has(f"{wording}.{key}") else wording
    yield worded(view, wording, Gap(field, kind, ask), ask=ask)


def in_title(view: View, fields: Sequence[str], ask: Words, by: Iterable[By]) -> Sentence:
    """Return the sentence that the register has no entry for a question, and that a title answers it.

    A title that is not the heading of the page is quoted.
    """
    hidden = next((field for field in fields if field != quoted_title(view)), None)
    title = view.quote(hidden) if hidden else None
    if hidden and title:
        return worded(view, f"gap.title.{hidden}", *by, *fields, ask=ask, title=title)
    return worded(view, "gap.title", *by, *fields, ask=ask)


def quoting(view: View, key: str, text: str, field: str, *by: By, most: int = QUOTED, **slots: Words) -> Sentence:
    """Return a sentence that quotes as many whole sentences as are few enough to be read, and marks what is left out.

    The wording has a case for a text that goes on, `.more`, and one for a text without a short sentence, `.long`.
    """
    found = excerpt(text, most)
    if found is None:
        return worded(view, f"{key}.long", field, *by, **slots)
    words = Quote(found.text.rstrip(" ;,") or found.text, view.language(field))
    return worded(view, key if found.whole else f"{key}.more", field, *by, quote=words, **slots)


def in_parts(view: View, words: Mapping[str, Words], most: int) -> Iterator[dict[str, Words]]:
    """Yield things for several sentences, each with so many words at most."""
    part: dict[str, Words] = {}
    for field, one in words.items():
        if part and sum(map(_length, part.values())) + _length(one) > most:
            yield part
            part = {}
        part[field] = one
    if part:
        yield part


def _length(words: Words) -> int:
    return 1 + sum(len((one if isinstance(one, str) else one.text).split()) for one in pieces(words))


def more(view: View, noun: str, paths: Sequence[str]) -> Iterator[Sentence]:
    """Yield how many entries are only in the details."""
    if paths:
        yield worded(view, "more", entries(paths), number=view.texts.count(f"more.{noun}", len(paths)))
