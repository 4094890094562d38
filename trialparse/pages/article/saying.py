"""How the article says a thing: beside what the whole page has, quotes of whole sentences and what it leaves out."""

from collections.abc import Iterator, Sequence

from trialparse.pages.facts.excerpts import excerpt
from trialparse.pages.page import Gap, Quote, Sentence, Words
from trialparse.pages.saying import By, above, entries, say, sentence
from trialparse.pages.view import View

__all__ = ["QUOTED", "By", "above", "entries", "gap", "more", "quoting", "say", "sentence"]

QUOTED = 60
"""Words of the register that the article quotes at once, at most; only whole sentences are quoted."""


def gap(view: View, field: str, key: str) -> Iterator[Sentence]:
    """Yield that the record leaves a question open; nothing where no record of the kind holds the answer."""
    kind = view.missing(field)
    if kind is None and view.never(field):
        return
    ask = view.texts.plain(f"ask.{key}")
    yield say(view, f"gap.{kind.name if kind else 'none'}", Gap(field, kind, ask), ask=ask)


def quoting(view: View, key: str, text: str, field: str, *by: By, most: int = QUOTED, **slots: Words) -> Sentence:
    """Return a sentence that quotes as many whole sentences as are few enough to be read, and says what it leaves out.

    The wording has a case for a text that goes on, `.more`, and one for a text without a short sentence, `.long`.
    """
    found = excerpt(text, most)
    if found is None:
        return say(view, f"{key}.long", field, *by, **slots)
    words = Quote(found.text, view.language(field))
    return say(view, key if found.whole else f"{key}.more", field, *by, quote=words, **slots)


def more(view: View, noun: str, paths: Sequence[str]) -> Iterator[Sentence]:
    """Yield how many entries are only in the details."""
    if paths:
        yield say(view, "more", entries(paths), number=view.texts.count(f"more.{noun}", len(paths)))
