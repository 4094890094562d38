"""Read the records at the paths of a published rule: all protocols, results, or the one chosen for all."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from trialparse.combining.combined import Combined
from trialparse.combining.making import protocols_of, the_chosen
from trialparse.combining.parts import Part, called, number_of
from trialparse.combining.spread import Spread, spread_of
from trialparse.generated.classes import frozen
from trialparse.mapping.format import PROTOCOL
from trialparse.model import Country
from trialparse.vocabulary import Term

_STEP = re.compile(r"(\w+)(\[(?:(\w+)=([\w|]+))?\])?")

_WISHED = "BE"
"""The member state whose record ctrdata prefers."""


class ReadValue(NamedTuple):
    """One value of a record, or that it has none."""

    spread: Spread
    """The record and the value."""
    value: Any
    """The value; None if the record has none."""
    word: str | None
    """The value as a word."""
    known: bool = True
    """Whether the tool has a word for it, if it has words of its own."""


class ReadPaths(NamedTuple):
    """Paths to read, each with the group of records."""

    paths: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> "ReadPaths":
        """Return the paths in a cell.

        >>> ReadPaths.parse("chosen:phases design.masking").paths
        (('chosen', 'phases'), ('protocol', 'design.masking'))
        """
        found = (word.rpartition(":") for word in text.split())
        return cls(tuple((who or "protocol", path) for who, _, path in found))


@frozen(eq=False)
class Reader:
    """Reads the records of a trial."""

    _groups: Mapping[str, Sequence[Part]]
    _countries: Mapping[int, Country]
    """The country of each record that belongs to one, with its status and dates."""

    @classmethod
    def of(cls, combined: Combined) -> "Reader":
        """Return a reader of the records; those that repeat another one, and history, are left out."""
        parts = [part for part in combined._parts if not (part.again or part.history)]
        protocols = protocols_of(parts)
        groups = {
            "all": parts,
            "protocol": protocols,
            "results": [part for part in parts if part.results],
            "first": protocols[:1],
            "chosen": [the_chosen(protocols, _WISHED)] if protocols else [],
        }
        return cls(groups, combined._own_countries)

    def read(self, reading: ReadPaths) -> Iterator[ReadValue]:
        """Give the values of each record; a record without one at a path gives a single None."""
        for who, path in reading.paths:
            for part in self._groups[who]:
                for country, values in self._values(part, path):
                    for value in list(values) or [None]:
                        yield ReadValue(spread_of(part, path, value, country), value, _word(value))

    def _values(self, part: Part, path: str) -> Iterator[tuple[str | None, Iterable[Any]]]:
        """Give the values of a record at a path by country; a line of a list counts as one record for each country."""
        root, _, rest = path.partition(".")
        if root == "record":
            yield part.country, [{"holds": part.parsed.format.holds, "name": part.name}[rest]]
        elif root == "trial":
            yield part.country, [{"number": number_of(part.trial)}[rest]]
        elif root != "country":
            yield part.country, _walk(part.trial, path)
        elif part.own is not None or part.holds == PROTOCOL:
            yield part.country, _walk(self._countries.get(part.index), rest)
        else:
            yield from ((called(country), _walk(country, rest)) for country in part.trial.countries)


def _walk(value: Any, path: str) -> Iterator[Any]:
    """Give the values at a path, one by one from sets and lists; a condition filters elements."""
    step, _, rest = path.partition(".")
    if not step:
        yield from value if isinstance(value, frozenset) else [value]
    if not step or value is None:
        return
    match = _STEP.fullmatch(step)
    if match is None:
        raise ValueError(f"no step of a path: {step!r}")
    name, key, wanted = match.group(1, 3, 4)
    below = getattr(value, name)
    for one in below if isinstance(below, tuple) else [below]:
        if key is None or _word(getattr(one, key)) in wanted.split("|"):
            yield from _walk(one, rest)


def _word(value: Any) -> str | None:
    """Return a value as a word: a term by its name, a truth value as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Term):
        return value.name
    return None if value is None else str(value)
