"""Measures of published tools, by their rules and with their gaps, so that a count can be repeated."""

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from trialparse.combining.cases import decide, parse_cases
from trialparse.combining.combined import Combined
from trialparse.combining.reading import Reader, ReadPaths, ReadValue
from trialparse.combining.spread import Spread
from trialparse.combining.tables import OWN, check_name, names
from trialparse.combining.verbs import by_last_day
from trialparse.mapping.rows import fold
from trialparse.model.values import PartialDate
from trialparse.tsv import files_of, read_lines


class Measure(NamedTuple):
    """The value of a published tool for a trial."""

    value: Any
    """The value as the tool writes it: a number or a word, a date as `PartialDate`; None if the tool has none."""
    rule: str
    """The rule in words."""
    row: str
    """The row of the table, such as `eu_trials_tracker.tsv:9`."""
    sources: tuple[Spread, ...]
    """The values of the records behind it."""


class _Row(NamedTuple):
    """A row of a table of measures."""

    name: str
    measure: str
    of: tuple[ReadPaths, ...]
    words: dict[str, str]
    rule: str
    argument: str
    authority: str


def published(combined: Combined, name: str, *, as_of: datetime.date | None = None) -> Mapping[str, Measure]:
    """Return the measures of a published tool for a trial by name, each with value, rule and sources.

    `name` is `ctrdata`, `eu-trials-tracker`, `opentrials`, `mdr` or `machado-t`; the rules that combined the records do
    not matter. `as_of` is the day of the count: measures that depend on a day have no value without one.
    Raises ValueError if no tool has that name.
    """
    check_name(name)
    if name == OWN:
        raise ValueError(f"published rules are {', '.join(one for one in names() if one != OWN)}, not {name!r}")
    reader = Reader.of(combined)
    made: dict[str, Measure] = {}
    for row in _rows(name):
        value, used = _measured(row, reader, made, as_of)
        made[row.measure] = Measure(value, row.authority, row.name, tuple(one.spread for one in used))
    return made


def _measured(
    row: _Row, reader: Reader, made: Mapping[str, Measure], day: datetime.date | None
) -> tuple[Any, list[ReadValue]]:
    """Return the value of a measure and its sources, from the first places that give one."""
    if row.rule == "due":
        return _due(row.argument, made, day), []
    value, values = None, list[ReadValue]()
    for reading in row.of:
        values = [_in_words(one, row.words) for one in reader.read(reading)]
        value = _RULES[row.rule](values, row.argument)
        if value:
            break
    return value, [one for one in values if one.spread.value is not None]


def _in_words(one: ReadValue, words: Mapping[str, str]) -> ReadValue:
    """Translate a value to the words of the tool, if it has words of its own."""
    word = None if one.word is None else fold(one.word)
    if word is None or word not in words:
        return one._replace(known=not words)
    return one._replace(word=words[word] or None)


# rules --------------------------------------------------------------------------------------------------------------


def _cases(values: list[ReadValue], argument: str) -> Any:
    return decide(parse_cases(argument), values)


def _first(values: list[ReadValue], argument: str) -> Any:
    value = next((one.value for one in values if one.value is not None), None)
    before = argument.removeprefix("before=")
    return f"{before}{value}" if before and value is not None else value


def _known(values: list[ReadValue], argument: str) -> Any:
    return next((one.word for one in values if one.word is not None and one.known), None)


def _smallest(values: list[ReadValue], argument: str) -> Any:
    texts = sorted(one.value for one in values if one.value is not None)
    return texts[0][: int(argument)] if texts else None


def _sum(values: list[ReadValue], argument: str) -> Any:
    numbers = [one.value for one in values if one.value is not None]
    return sum(numbers) if numbers else None


def _count(values: list[ReadValue], argument: str) -> Any:
    return len(values)


def _earliest(values: list[ReadValue], argument: str) -> Any:
    return min(_dates(values, argument), default=None)


def _latest(values: list[ReadValue], argument: str) -> Any:
    return max(_dates(values, argument), key=by_last_day, default=None)


def _dates(values: list[ReadValue], argument: str) -> Iterator[PartialDate]:
    """Give the dates; a month becomes the day in the argument, if there is one."""
    day = argument.removeprefix("day=")
    for one in values:
        date = one.value
        if date is not None:
            filled = bool(day) and date.month is not None and date.day is None
            yield PartialDate(year=date.year, month=date.month, day=int(day)) if filled else date


_RULES = {
    "cases": _cases,
    "first": _first,
    "known": _known,
    "smallest": _smallest,
    "sum": _sum,
    "count": _count,
    "earliest": _earliest,
    "latest": _latest,
}


def _due(argument: str, made: Mapping[str, Measure], day: datetime.date | None) -> int | None:
    """Return whether results are due on a day: the trial ended long ago everywhere and is not exempt."""
    if day is None:
        return None
    parts = dict(part.split("=") for part in argument.split())
    ended, exempt = _is(parts["status"], made), _is(parts["phase"], made) and _is(parts["plan"], made)
    end = made[parts["end"]].value
    try:
        before = day.replace(year=day.year - int(parts["years"])) - datetime.timedelta(days=int(parts["days"]))
    except ValueError:  # the 29th of February
        before = day.replace(year=day.year - int(parts["years"]), day=28) - datetime.timedelta(days=int(parts["days"]))
    return int(ended and end is not None and end.latest() < before and not exempt)


def _is(words: str, made: Mapping[str, Measure]) -> bool:
    """Whether a measure has the value in `name:value`."""
    name, _, value = words.partition(":")
    return str(made[name].value) == value


# tables -------------------------------------------------------------------------------------------------------------


@cache
def _rows(name: str) -> tuple[_Row, ...]:
    """Return the measures of a tool."""
    file = files_of("trialparse.combining") / "measures" / f"{name.replace('-', '_')}.tsv"
    return tuple(
        _Row(
            name=row,
            measure=cells["measure"],
            of=tuple(ReadPaths.parse(part) for part in cells["of"].split(" | ") if part != "="),
            words=_words(cells["words"]),
            rule=cells["rule"],
            argument=cells["argument"],
            authority=cells["authority"],
        )
        for row, cells in read_lines(file)
    )


def _words(cell: str) -> dict[str, str]:
    """Return the folded words of a register, each with the word of the tool."""
    pairs = (part.partition("=") for part in cell.split(";") if part.strip())
    return {fold(word): ours.strip() for word, _, ours in pairs}
