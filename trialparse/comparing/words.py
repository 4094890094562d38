"""Changes in words: what fields are called, and how values are written."""

import re
from typing import Any

import attrs

from trialparse.model.building import is_record
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate, Translation
from trialparse.prepared import prepared
from trialparse.tsv import files_of, read_lines
from trialparse.vocabulary import Term

_LONGEST = 80
"""Characters of one value that are shown."""
_INDEX = re.compile(r"\[\d+\]")
_NAMES = (
    *("name", "last_name", "title", "text", "lay_text", "label", "email", "value", "identifier", "type", "kind"),
    *("organisation", "reason", "code", "id"),
)
"""Fields that name an item, the best one first."""


def in_words(value: Any) -> str:
    """Return a value as people write it; long texts are cut.

    >>> in_words(None), in_words(True), in_words(PartialDate(year=2026, month=3)), in_words(frozenset())
    ('nothing', 'yes', '2026-03', 'nothing')
    """
    if value is None or value == () or value == frozenset():
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Term):
        return value.meaning
    if isinstance(value, tuple):
        return ", ".join(map(in_words, value))
    if isinstance(value, frozenset):
        return ", ".join(map(in_words, sorted(value, key=_order)))
    return _short(_written(value))


def _order(value: Any) -> Any:
    """Return what values of a set are ordered by."""
    return [*type(value)].index(value) if isinstance(value, Term) else value


def _written(value: Any) -> str:
    """Return a value that is no list."""
    if isinstance(value, PartialDate):
        return f"{value} (planned)" if value.estimated else str(value)
    if isinstance(value, Duration):
        unit = "" if value.unit is None else f" {value.unit.name.lower()}{'' if value.value == 1 else 's'}"
        return f"{value.value:g}{unit}"
    if isinstance(value, Coded):
        return value.text or value.term or "nothing"
    if isinstance(value, Code):
        return " ".join(filter(None, (value.system, value.value, value.label)))
    if isinstance(value, Identifier):
        return f"{value.scheme} {value.value}"
    if isinstance(value, Translation):
        return f"{value.text} ({value.language})" if value.language else value.text
    cls: Any = type(value)
    return name_of(value) if is_record(cls) else str(value)


def name_of(item: Any) -> str:
    """Return what an item of a list is called: its name, title or text, else its first value."""
    known = {field.name: getattr(item, field.name) for field in attrs.fields(type(item))}
    named = next((known[name] for name in _NAMES if known.get(name)), None)
    if isinstance(named, Term) and known.get("date"):
        return f"{named.meaning}, {known['date']}"
    return in_words(named if named is not None else next((value for value in known.values() if value), None))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@prepared
def _labels() -> dict[str, str]:
    return {cells["field"]: cells["words"] for _, cells in read_lines(files_of("trialparse.comparing") / "labels.tsv")}


def label(path: str) -> str:
    """Return what a field, or an item of a list, is called in a sentence.

    >>> label("countries[2].planned"), label("design.low_intervention"), label("sites[3]")
    ('planned participants', 'low intervention', 'site')
    """
    plain = _INDEX.sub("[]", path)
    known = _labels().get(plain)
    return plain.rpartition(".")[2].removesuffix("[]").replace("_", " ") if known is None else known
