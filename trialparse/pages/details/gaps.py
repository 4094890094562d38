"""What a record leaves open."""

from trialparse.model.terms import MissingKind
from trialparse.pages.facts.titles import TITLED, title_on
from trialparse.pages.page import Gap, Lack, Sentence
from trialparse.pages.sentences import worded
from trialparse.pages.view import View


def gap(view: View, field: str, key: str, **slots: str) -> Sentence:
    """Return the sentence that the record does not answer a question; or, of its kind of record, that none does."""
    ask, kind = view.texts.plain(f"ask.{key}", **slots), view.missing(field)
    if kind is None and view.never(field):
        return Sentence((ask,), (Lack(view.kind.format, field),), "")
    topic = field.removeprefix("design.")
    titled = title_on(view, topic) if topic in TITLED else None
    if titled:
        return worded(view, "gap.title", Gap(field, kind, ask), titled, ask=ask)
    return worded(view, f"gap.{_name(kind)}", Gap(field, kind, ask), ask=ask)


def gaps(view: View, asks: dict[str, str]) -> list[Sentence]:
    """Return what a record leaves open of several fields, each with its question: one sentence for each reason."""
    of: dict[MissingKind | None, dict[str, str]] = {}
    for field, key in asks.items():
        of.setdefault(view.missing(field), {})[field] = key
    return [_together(view, kind, some) for kind, some in of.items()]


def _together(view: View, kind: MissingKind | None, asks: dict[str, str]) -> Sentence:
    """Return the sentence on what a record leaves open for one reason."""
    if len(asks) == 1:
        [(field, key)] = asks.items()
        return gap(view, field, key)
    by = [Gap(field, kind, view.texts.plain(f"ask.{key}")) for field, key in asks.items()]
    return worded(view, f"gaps.{_name(kind)}", *by, number=view.texts.number(len(asks)))


def _name(kind: MissingKind | None) -> str:
    """Return what the keys of the tables call a reason."""
    return "none" if kind is None else kind.name
