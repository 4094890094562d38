"""Copies of records that lost characters: their texts are the register's own where the record itself is at hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from trialparse.combining.parts import Part
from trialparse.mapping.rows import reduced
from trialparse.model.building import changed, defaults, is_record


def with_words(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the records; a copy gets the words of the register's own record of its country where the texts are one.

    They are one if they differ only in characters that the copy lost. Other texts of a copy stay as they are.
    """
    return tuple(_with_words(part, [one for one in parts if _is_original(one, part)]) for part in parts)


def _is_original(one: Part, copy: Part) -> bool:
    """Whether the other record is a copy of this one, which is the register's own."""
    if one.parsed.format.kept or not copy.parsed.format.kept or one.own is None:
        return False
    return (one.holds, one.trial.registry, one.country) == (copy.holds, copy.trial.registry, copy.country)


def _with_words(copy: Part, originals: Sequence[Part]) -> Part:
    if not originals:
        return copy
    kept = copy.parsed.format.kept
    found: dict[str, set[str]] = {}
    for text in (text for one in originals for text in _texts(one.trial)):
        found.setdefault(reduced(text, kept), set()).add(text)
    words = {short: texts.pop() for short, texts in found.items() if len(texts) == 1}
    return attrs.evolve(copy, restored=_restored(copy.trial, words, kept))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_record(value.__class__):
        for name in defaults(value.__class__):
            yield from _texts(getattr(value, name))


def _restored(value: Any, words: Mapping[str, str], kept: str) -> Any:
    """Return a value whose texts are those of the register where these have the same words."""
    if isinstance(value, str):
        return words.get(reduced(value, kept), value)
    if isinstance(value, tuple):
        return tuple(_restored(one, words, kept) for one in value)
    if is_record(value.__class__):
        return changed(
            value, **{name: _restored(getattr(value, name), words, kept) for name in defaults(value.__class__)}
        )
    return value
