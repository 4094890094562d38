"""What a noticing run looks at beside the values: everything that the traced run would report something about.

Its statements stand among those of the fast run. They read each place that the traced run reads, and set
`noted.remark` where it would report a problem or find an odd character. Where that is not cheap to know, they set it
as well: then a field is traced for nothing, which costs time and changes no diagnostic.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from trialparse.generated import Lines, indented
from trialparse.mapping.characters import odd_place, with_signs
from trialparse.mapping.codegen import Names
from trialparse.mapping.plan import Derived, Field, ItemsField, Reading
from trialparse.mapping.traced import is_within
from trialparse.mapping.verbs import (
    NOTED,
    Gap,
    Known,
    KnownPairs,
    NoValue,
    UnreadableWords,
    Verb,
    is_doubtful,
)
from trialparse.model.agreeing import agreed

REMARK = "noted.remark = True"
"""The statement that notes that the traced run would report something."""


Met = list[tuple[bool, bool]]
"""For each item that a list could get: whether it gets it, and whether the traced run would report on it."""


class Noticed(NamedTuple):
    """What the traced run would report something about."""

    fields: frozenset[str]
    """The fields that it has to read whole."""
    items: dict[str, Met]
    """Other lists, of which it has to read some items."""


# fields --------------------------------------------------------------------------------------------------------------


def before_field(field: Field) -> Lines:
    """Return the statement that begins the notes on the items of a field."""
    return ["met = []"] if isinstance(field, ItemsField) else []


def of_item(lines: Lines) -> Lines:
    """Return the statements that make an item `v`, and those that note what was met in it."""
    before = ["known = noted.remark", "noted.remark = False"]
    note = "met.append((v is not None and v.__class__ is not gap, noted.remark))"
    return [*before, *lines, note, "noted.remark = known"]


def of_field(field: Field, path: str) -> Lines:
    """Return the statements that note what was met in a field."""
    lines = [f"if noted.remark: noted.remark = False; noted.odd.append({path!r})"]
    if isinstance(field, ItemsField):
        note = f"noted.items[{path!r}] = met"
        if field.values is not None:  # its items are compared with other values
            note = f"noted.odd.append({path!r})"
        lines.append(f"elif any([remark for _, remark in met]): {note}")
    return lines


# one place -----------------------------------------------------------------------------------------------------------


def of_value(reading: Reading, names: Names) -> Lines:
    """Return the statement that looks at a value as it is in the source, `u`."""
    verb = reading.verb
    if verb.remark is None and verb.sentinel is None:
        return [f"if u.__class__ is str and not u.isprintable() and {names.new('odd', is_odd)}(u): {REMARK}"]
    return [f"if u is not None and {names.new('r', Known(partial(_is_remarked, verb)))}[u]: {REMARK}"]


def of_pair(reading: Reading, names: Names) -> Lines:
    """Return the statement that looks at a value `u` and its side value `w` as they are in the source."""
    known = names.new("r", KnownPairs(partial(_is_pair_remarked, reading.verb)))
    return [f"if (u is not None or w is not None) and {known}[u, w]: {REMARK}"]


def is_odd(text: str) -> bool:
    """Whether a text has a character that means nothing to a reader."""
    return odd_place(text) is not None and odd_place(with_signs(text)) is not None


def _is_remarked(verb: Verb, value: Any) -> bool:
    """Whether the traced run reports something about a value that it reads."""
    return _has_odd((value,)) or _is_reported(verb, value, value)


def _has_odd(values: Iterable[Any]) -> bool:
    """Whether a text among values has a character that means nothing to a reader."""
    return any(one.__class__ is str and not one.isprintable() and is_odd(one) for one in values)


def _is_pair_remarked(verb: Verb, value: Any, side: Any) -> bool:
    """Whether the traced run reports something about a value that it reads together with a side value."""
    if verb.holds is not None and not verb.holds(side):
        return False
    return _has_odd((value, side)) or _is_reported(verb, side if value in (None, "") else value, value, side)


def _is_reported(verb: Verb, word: Any, *values: Any) -> bool:
    """Whether the verb, or what it makes of values, is a problem."""
    try:
        made = verb.convert(*values)
    except NoValue as gone:
        return gone.problem is not None
    except UnreadableWords:
        return True
    if made is None and values[0] in (None, ""):
        return False
    if verb.aside is not None and verb.aside(values[1]) is not None:
        return True
    doubtful = verb.sentinel is not None and is_doubtful(word)
    return doubtful or (verb.remark is not None and verb.remark(word, made) is not None)


# several places of one value -----------------------------------------------------------------------------------------


def of_first(readings: Iterable[tuple[Reading, Lines, Lines]], names: Names) -> Lines:
    """Return the statements for a field of one value, from those of its readings: all of its places are read.

    `kept` is the first value, `later` has those of fallback rows behind it.
    """
    readings = list(readings)
    if len(readings) == 1 and not readings[0][1] and not readings[0][0].several:
        return readings[0][2]
    second = any(reading.fallback for reading, _, _ in readings)
    lines = ["kept = None", *(["later = []"] if second else [])]
    for reading, headers, body in readings:
        differs = names.new("same", partial(_same_or_noted, reading))
        take = ["if v is None: pass", "elif kept is None: kept = v", f"elif kept != v: kept = {differs}(kept, v)"]
        if reading.fallback:
            lines.append("behind = kept is not None")
            once = f"if kept != v: later.append(({names.new('reading', reading)}, v))"
            take = [take[0], "elif behind:", f" {once}", *take[1:]]
        if reading.several:
            take = ["for v in v or ():", *indented(take)]
        lines += _nested(headers, [*body, *take])
    look = [f"if later: {names.new('look', _look_at_fallbacks)}(kept, later)"] if second else []
    return [*lines, *look, "v = kept"]


def _nested(headers: Lines, body: Lines) -> Lines:
    for header in reversed(headers):
        body = [header, *indented(body)]
    return body


def _same_or_noted(reading: Reading, first: Any, value: Any) -> Any:
    """Return the first value, completed by one that agrees; note one that does not."""
    together = agreed(first, value)
    if together is None and reading.as_compared(first) != reading.as_compared(value):
        NOTED.remark = True
    return first if together is None else together


def _look_at_fallbacks(value: Any, others: Iterable[tuple[Reading, Any]]) -> None:
    """Note a value of a fallback row that differs."""
    for reading, other in others:
        if agreed(value, other) is None and not is_within(other, value):
            NOTED.remark = NOTED.remark or not reading.differs or reading.verb.remark is not None


# boxes ---------------------------------------------------------------------------------------------------------------


def of_denial(reading: Reading, names: Names) -> Lines:
    """Return the statement that sets apart a box which is answered no."""
    ticked = names.new("ticked", reading.verb.ticked)
    return [f"if v.__class__ is gap and v.kind is none_stated: denied.append({ticked})"]


def of_denials(container: str, names: Names) -> Lines:
    """Return the statement that looks for a box which is answered yes and no."""
    stated = "(v,)" if container == "one" else "s"
    return [f"if denied and {names.new('both', _is_both)}(denied, {stated}): {REMARK}"]


def _is_both(denied: Iterable[frozenset[Any]], stated: Iterable[Any]) -> bool:
    """Whether a box is answered yes and no."""
    known = set(stated)
    return any(not values.isdisjoint(known) for values in denied)


# functions and lists -------------------------------------------------------------------------------------------------


def of_function(derived: Derived, arguments: str, names: Names) -> Lines:
    """Return the statement that looks at the values that a function of several paths receives."""
    return [f"if {names.new('r', partial(_is_any_remarked, derived))}({arguments}): {REMARK}"]


def _is_any_remarked(derived: Derived, *found: Sequence[Any]) -> bool:
    """Whether the traced run reports something about the values of a function."""
    if any(map(_has_odd, found)):
        return True
    return derived.remarks is not None and any(True for _ in derived.remarks(*found))


def of_unique(unique: str, names: Names) -> Lines:
    """Return the statement that looks for items which lack the field that identifies them, or share it."""
    return [f"if {names.new('damaged', partial(_is_damaged, unique))}(v): {REMARK}"] if unique else []


def _is_damaged(unique: str, items: Any) -> bool:
    """Whether an item lacks the field that identifies it, or shares it with another."""
    values = [getattr(item, unique) for item in ((items.rest or ()) if items.__class__ is Gap else items)]
    return None in values or any(value.__class__ is Gap for value in values) or len(set(values)) < len(values)
