"""Documents drawn for a format, the fixtures, and what a place in a document holds."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from trialparse import TrialParseError, read
from trialparse.mapping.compiled import mapping_of
from trialparse.mapping.format import Format
from trialparse.mapping.noticing import is_odd
from trialparse.mapping.traced import Trace, Tracer
from trialparse.model import Trial
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.run import finished, remarked_run
from trialparse.readers.shapes import Tree
from trialparse.registries import FORMATS
from trialparse.strategies import Damaged, Document, documents, maker_of
from trialparse.strategies.damage import damage

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
json_formats = pytest.mark.parametrize(
    "format", [format for format in FORMATS if format.notation.name == "json"], ids=lambda format: format.name
)


def drawn(data: st.DataObject, format: Format) -> Document:
    """Draw a document of a format; skip where its table is not written yet."""
    if not maker_of(format).read:
        pytest.skip(f"the table of {format.name} reads nothing yet")
    return data.draw(documents(format))


def damaged_records(format: Format, random: Random, **options: Any) -> tuple[Damaged, list[Parsed]]:
    """Return a damaged document of a format and the records that can be read of it."""
    found = damage(maker_of(format).document(random, 3), random)
    return found, [outcome for outcome in outcomes(found.data, **options) if outcome.ok]


def outcomes(source: Path | bytes, **options: Any) -> list[Any]:
    """Return all that a source gives, none where it is refused as a whole."""
    try:
        return list(read(source, **options))
    except TrialParseError:
        return []


def quick(parsed: Parsed) -> Trial | None:
    """Return what the fast run makes of a record; None where it leaves a field to the traced run."""
    record = parsed._kept()
    mapping = mapping_of(record.format)
    fitted = record.struct(mapping)
    filled = None if fitted is None or fitted[1] else mapping.fill(fitted[0])
    return None if filled is None or filled.odd else filled.trial


def traced(parsed: Parsed) -> tuple[Trial, Tracer]:
    """Return what the traced run makes of a record."""
    record = parsed._kept()
    lone, redacted = record.format.notation.lone, record.redacted
    tracer = Tracer(lone=lone, redacted=redacted, joins=record.joins, write=record.raw.words)
    mapping = mapping_of(record.format)
    return finished(tracer.run(mapping.plan, record.tree()), record, mapping), tracer


def odd_words(tracer: Tracer) -> list[Trace]:
    """Return the traces whose words have a character that means nothing to a reader."""
    return [trace for trace in tracer.traces if is_odd(trace.words)]


def assert_agreed(parsed: Parsed, text: str = "") -> None:
    """Assert that the runs over a record agree: on the trial, the findings and the odd characters."""
    trial, tracer = traced(parsed)
    assert trial == parsed.trial, text
    remarked = remarked_run(parsed._kept(), parsed._options)
    assert list(tracer.findings) == list(remarked.findings), text
    assert odd_words(tracer) == odd_words(remarked), text


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give path and value of every plain field of a trial that is not its default."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from flat(item, f"{path}[{index}]")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from flat(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif value is not None and value != frozenset():
        yield path, value


def at(tree: Tree, pointer: str) -> Any:
    """Return what stands at a JSON pointer."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    return tree


ODD = ("0", "unlimited-ish", "99999", "-1", "2026-02-30", "N/A", "no such word", "None", "true", "1", "1900-01-01")
"""Words that mean nothing, or something else, in most fields."""


def put(tree: Tree, keys: tuple[Any, ...], value: Any) -> bool:
    """Put a value in the place of the leaf that keys lead to, and return whether there is one.

    In XML one element may be there for a list of one, and an element with attributes for its text.
    """
    *way, last = keys
    for key in way:
        if isinstance(tree, list) != isinstance(key, int):
            if isinstance(key, int):
                continue
            tree = tree[0]
        if isinstance(tree, dict) and key not in tree:
            return False
        tree = tree[key]
    if not isinstance(tree, dict | list) or (isinstance(tree, dict) and last not in tree):
        return False
    if isinstance(tree, list) != isinstance(last, int) or isinstance(tree[last], dict | list):
        return False
    tree[last] = value
    return True


def _leaves(tree: Tree, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, dict) and tree:
        for key, below in tree.items():
            yield from _leaves(below, (*keys, key))
    elif isinstance(tree, list) and tree:
        for index, below in enumerate(tree):
            yield from _leaves(below, (*keys, index))
    else:
        yield keys
