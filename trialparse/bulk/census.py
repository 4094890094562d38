"""The census: counts of everything in a corpus, so that silent changes of a register show up on the day."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from trialparse.diagnostics import MalformedDocument, Problem, TrialParseError
from trialparse.export.outputs import whole
from trialparse.generated.classes import define, frozen
from trialparse.parsing.audit import Audit, Word
from trialparse.parsing.calls import read
from trialparse.parsing.parsed import Outcome, Parsed

__all__ = ["Census", "Drift", "Seen", "Tally", "Word", "compare", "load", "save", "take"]

_STEP = re.compile(r"\.|\{\}")
"""Where a path can be cut: before a key, and before the values of an object whose keys are ids."""


class Seen(NamedTuple):
    """How often a path was seen."""

    records: int
    """Records that have the path."""
    filled: int
    """Leaves at the path that are not empty, over all records."""


@define
class Tally:
    """The counts for the records of one format."""

    records: int = 0
    """Number of records."""
    audit: Audit = attrs.field(factory=Audit)
    """The account of all leaves; its places are in `examples`."""
    paths: dict[str, Seen] = attrs.field(factory=dict)
    """Every path that was seen."""
    problems: Counter[Problem] = attrs.field(factory=Counter)
    """Diagnostics by problem."""
    words: Counter[Word] = attrs.field(factory=Counter)
    """Unknown words, which no row has, with the number of leaves that hold them."""
    worded: bool = True
    """Whether words were counted; a census saved by an early version has none."""
    examples: dict[str | Word, str] = attrs.field(factory=dict)
    """Source, record and place of the first leaf at each unmapped path, and of each unknown word."""

    @property
    def unknown(self) -> bool:
        """Whether there is an unknown key or word: no row has it."""
        return bool(self.audit.unmapped or self.words)

    def add(self, parsed: Parsed, source: str = "", index: int = 0) -> None:
        """Count a record; `source` and `index` are its origin.

        Raises ValueError if the record was not kept (`keep_raw=False`).
        """
        audit, diagnostics, unknown = parsed.audit(paths=True), parsed.diagnostics, parsed.unknown_words()
        # nothing below can fail: a record is counted whole or not at all
        self.records += 1
        for path, filled in audit.paths.items():
            before = self.paths.get(path, Seen(0, 0))
            self.paths[path] = Seen(before.records + 1, before.filled + filled)
        for path, place in audit.places.items():
            self.examples.setdefault(path, _example(source, index, place))
        for diagnostic in diagnostics:
            self.problems[diagnostic.problem] += 1
        for word, places in unknown.items():
            self.words[word] += len(places)
            self.examples.setdefault(word, _example(source, index, places[0].path))
        # paths are summed above, with the records; summing them twice would cost a copy for each record
        self.audit += attrs.evolve(audit, paths={}, places={})


@define
class Census:
    """The counts for a corpus by format; failures are counted separately."""

    formats: dict[str, Tally] = attrs.field(factory=dict)
    """The counts of each format, by its name."""
    failures: Counter[str] = attrs.field(factory=Counter)
    """Records and sources that could not be read, by the name of the error."""

    def add(self, outcome: Outcome, source: str = "", index: int = 0) -> None:
        """Count a record that was read, or a failure; `source` and `index` are its origin."""
        if isinstance(outcome, Parsed):
            tally = self.formats.get(outcome.format.name, Tally())
            tally.add(outcome, source, index)
            self.formats[outcome.format.name] = tally
        else:
            self.failures[type(outcome.error).__name__] += outcome.count

    @property
    def records(self) -> int:
        """Number of records."""
        return sum(tally.records for tally in self.formats.values())

    @property
    def unknown(self) -> bool:
        """Whether there is an unknown key or word: no row has it."""
        return any(tally.unknown for tally in self.formats.values())

    @property
    def audit(self) -> Audit:
        """The account of all leaves of all formats."""
        return sum((tally.audit for tally in self.formats.values()), Audit())


@frozen(kw_only=True)
class Drift:
    """How one format differs between two censuses."""

    records: tuple[int, int]
    """Records of the format now and then; small numbers mean little."""
    new: dict[str, Seen] = attrs.field(factory=dict)
    """New paths, with their counts now."""
    gone: dict[str, Seen] = attrs.field(factory=dict)
    """Paths with nothing at or below them now, with their counts then."""
    emptied: dict[str, Seen] = attrs.field(factory=dict)
    """Paths that were filled then and are empty now, or in a list that is empty now, with their counts then."""
    words: dict[Word, int] = attrs.field(factory=dict)
    """New unknown words, with the number of leaves that hold them now."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.new or self.gone or self.emptied or self.words)

    def expected(self, path: str) -> float:
        """Return how many of the records now would hold a lost path if it were as common as then.

        This separates change from chance: 0.2 is a rare path that the sample missed, 40 is a renamed key.
        """
        seen = self.gone.get(path) or self.emptied.get(path)
        now, then = self.records
        return now * seen.records / then if seen and then else 0.0


def take(sources: Iterable[str | os.PathLike[str]], *, contacts: bool = True) -> Census:
    """Take the census of the records in these files; `contacts=False` keeps persons out of it.

    A file that cannot be read is counted in `failures`; OSError passes through.
    """
    census = Census()
    for source in sources:
        try:
            for outcome in read(source, contacts=contacts):
                census.add(outcome, os.fspath(source), outcome.place.record)
        except TrialParseError as error:
            census.failures[type(error).__name__] += 1
    return census


def compare(now: Census, then: Census) -> dict[str, Drift]:
    """Return what has changed by format; formats that only one census has are left out."""
    names = sorted(now.formats.keys() & then.formats.keys())
    drifts = {name: _drift(now.formats[name], then.formats[name]) for name in names}
    return {name: drift for name, drift in drifts.items() if drift}


def _drift(now: Tally, then: Tally) -> Drift:
    """Return what has changed in one format."""
    here, before = _reached(now.paths), _reached(then.paths)
    holding = _reached(path for path, seen in now.paths.items() if seen.filled)
    hollow = now.paths.keys() - holding
    lost = {path: seen for path, seen in then.paths.items() if path not in here}
    within = {path for path in lost if not hollow.isdisjoint(_above(path))}
    return Drift(
        records=(now.records, then.records),
        new={path: seen for path, seen in now.paths.items() if path not in before},
        gone={path: seen for path, seen in lost.items() if path not in within},
        emptied={path: seen for path, seen in then.paths.items() if seen.filled and path in hollow | within},
        words={word: count for word, count in now.words.items() if then.worded and word not in then.words},
    )


def _reached(paths: Iterable[str]) -> set[str]:
    """Return these paths and all paths above them."""
    return {above for path in paths for above in (path, *_above(path))}


def _above(path: str) -> list[str]:
    """Return the paths above a path.

    >>> _above("parts{}.sites.name")
    ['parts', 'parts{}', 'parts{}.sites']
    """
    return [path[: cut.start()] for cut in _STEP.finditer(path)]


def save(census: Census, path: str | os.PathLike[str]) -> None:
    """Write the paths and the unknown words of a census with their counts, but no places, as JSON.

    The file is written whole: an older one stays until then, and if anything is raised.
    Paths and words come from the files. If these name persons, pass on only a census taken with `contacts=False`.
    """
    formats = {
        name: {
            "records": tally.records,
            "paths": dict(sorted(tally.paths.items())),
            "words": sorted([*word, count] for word, count in tally.words.items()),
        }
        for name, tally in sorted(census.formats.items())
    }
    text = json.dumps({"census": 1, "formats": formats}, indent=1)
    with whole(path) as stream:
        stream.write(f"{text}\n".encode())


def load(path: str | os.PathLike[str]) -> Census:
    """Read a census that `save` wrote; raises MalformedDocument for anything else, OSError passes through."""
    try:
        whole = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise MalformedDocument(f"not a census: {error}") from None
    if not isinstance(whole, dict) or whole.get("census") != 1 or not isinstance(whole.get("formats"), dict):
        raise MalformedDocument("not a census that this version of trialparse wrote")
    return Census(formats={name: _loaded(name, tally) for name, tally in whole["formats"].items()})


def _loaded(name: str, tally: Any) -> Tally:
    """Return the counts of one format as they were written."""
    match tally:
        case {"records": int(records), "paths": dict(paths), **rest}:
            words = rest.get("words")
            return Tally(
                records=records,
                paths={path: _seen(path, seen) for path, seen in paths.items()},
                words=Counter() if words is None else _words(name, words),
                worded=words is not None,
            )
    raise MalformedDocument("not a census: the counts of {name!r} are not there", name=name)


def _seen(path: str, seen: Any) -> Seen:
    match seen:
        case [int(records), int(filled)]:
            return Seen(records, filled)
    raise MalformedDocument("not a census: {path!r} does not have two counts", path=path)


def _words(name: str, words: Any) -> Counter[Word]:
    found = Counter[Word]()
    for entry in words if isinstance(words, list) else [words]:
        match entry:
            case [str(path), str(text), int(count)]:
                found[Word(path, text)] += count
            case _:
                raise MalformedDocument("not a census: the words of {name!r} have no path, text and count", name=name)
    return found


def _example(source: str, index: int, place: str) -> str:
    record = f"record {index} " if index else ""
    return f"{source} {record}{place}".strip()
