"""The census: what stands in a whole corpus, so that a register's silent changes are seen on the day."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from trialparse.audit import Audit
from trialparse.diagnostics import Diagnostic, MalformedDocument, Problem, TrialParseError
from trialparse.parsing import Outcome, Parsed, read

__all__ = ["Census", "Drift", "Seen", "Tally", "Word", "compare", "load", "save", "take"]

UNKNOWN = frozenset({Problem.UNKNOWN_CODE, Problem.UNKNOWN_TERM})
"""The problems that are a word which no row knows."""

_INDEX = re.compile(r"(?<=/)\d+(?=/|$)|(?<=\[)\d+(?=\])")


class Seen(NamedTuple):
    """How often a path was met."""

    records: int
    """Records in which the path stands."""
    filled: int
    """Leaves at the path that hold something, over all records."""


@attrs.frozen
class Word:
    """A word that no row knows, and for which field."""

    problem: Problem
    """UNKNOWN_CODE or UNKNOWN_TERM."""
    field: str
    """Path of the field, or of the place where the problem has no field, with `[]` for any element of a list."""
    text: str
    """The word."""


@attrs.define
class Tally:
    """What was counted in the records of one format."""

    records: int = 0
    """How many records there were."""
    audit: Audit = attrs.field(factory=Audit)
    """The account of all leaves; its places are those of `examples`."""
    paths: dict[str, Seen] = attrs.field(factory=dict)
    """Every path that was met."""
    problems: Counter[Problem] = attrs.field(factory=Counter)
    """Diagnostics by problem."""
    words: Counter[Word] = attrs.field(factory=Counter)
    """Words that no row knows."""
    examples: dict[str | Word, str] = attrs.field(factory=dict)
    """Source, record and place of the first leaf at each unmapped path, and of each unknown word."""

    def add(self, parsed: Parsed, source: str = "", index: int = 0) -> None:
        """Count a record; `source` and `index` say where it came from.

        Raises ValueError where the record was not kept (`keep_raw=False`).
        """
        audit = parsed.audit(paths=True)
        self.records += 1
        for path, filled in audit.paths.items():
            before = self.paths.get(path, Seen(0, 0))
            self.paths[path] = Seen(before.records + 1, before.filled + filled)
        for path, place in audit.places.items():
            self.examples.setdefault(path, _example(source, index, place))
        for diagnostic in parsed.diagnostics:
            self.problems[diagnostic.problem] += 1
            if diagnostic.problem in UNKNOWN:
                word = Word(diagnostic.problem, _any_element(diagnostic), diagnostic.text)
                self.words[word] += 1
                self.examples.setdefault(word, _example(source, index, diagnostic.place.path))
        # the sum of paths is kept above, with the records; to keep it twice would cost a copy for each record
        self.audit += attrs.evolve(audit, paths={}, places={})


@attrs.define
class Census:
    """What was counted in a corpus, by format; records that could not be read are counted apart."""

    formats: dict[str, Tally] = attrs.field(factory=dict)
    """The counts of each format, by its name."""
    failures: Counter[str] = attrs.field(factory=Counter)
    """Records and sources that could not be read, by the name of the error."""

    def add(self, outcome: Outcome, source: str = "", index: int = 0) -> None:
        """Count a record that was read, or a failure; `source` and `index` say where it came from."""
        if isinstance(outcome, Parsed):
            self.formats.setdefault(outcome.format.name, Tally()).add(outcome, source, index)
        else:
            self.failures[type(outcome.error).__name__] += 1

    @property
    def records(self) -> int:
        """How many records were counted."""
        return sum(tally.records for tally in self.formats.values())

    @property
    def audit(self) -> Audit:
        """The account of all leaves of all formats."""
        return sum((tally.audit for tally in self.formats.values()), Audit())


@attrs.frozen(kw_only=True)
class Drift:
    """How one format differs between two censuses."""

    records: tuple[int, int]
    """Records of the format now and then; few of them say little."""
    new: dict[str, Seen] = attrs.field(factory=dict)
    """Paths that were not there then, as they are now."""
    gone: dict[str, Seen] = attrs.field(factory=dict)
    """Paths that are not there now, as they were then."""
    emptied: dict[str, Seen] = attrs.field(factory=dict)
    """Paths that stand there now and hold nothing, as they were then."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.new or self.gone or self.emptied)

    def expected(self, path: str) -> float:
        """Return how many records of now would hold a lost path if it were as common as then.

        It tells a change from chance: 0.2 is a rare path that the sample missed, 40 is a key that was renamed.
        """
        seen = self.gone.get(path) or self.emptied.get(path)
        now, then = self.records
        return now * seen.records / then if seen and then else 0.0


def take(sources: Iterable[str | os.PathLike[str]], *, contacts: bool = True) -> Census:
    """Return the census of the records in these files; `contacts=False` keeps persons out of it.

    A file that cannot be read is counted in `failures`; OSError passes through.
    """
    census = Census()
    for source in sources:
        try:
            for index, outcome in enumerate(read(source, contacts=contacts)):
                census.add(outcome, os.fspath(source), index)
        except TrialParseError as error:
            census.failures[type(error).__name__] += 1
    return census


def compare(now: Census, then: Census) -> dict[str, Drift]:
    """Return what has changed, by format; formats of which one census has no record are left out."""
    drifts = {}
    for name in sorted(now.formats.keys() & then.formats.keys()):
        here, there = now.formats[name], then.formats[name]
        drift = Drift(
            records=(here.records, there.records),
            new={path: seen for path, seen in here.paths.items() if path not in there.paths},
            gone={path: seen for path, seen in there.paths.items() if path not in here.paths},
            emptied={
                path: seen
                for path, seen in there.paths.items()
                if seen.filled and path in here.paths and not here.paths[path].filled
            },
        )
        if drift:
            drifts[name] = drift
    return drifts


def save(census: Census, path: str | os.PathLike[str]) -> None:
    """Write the paths of a census with their counts as JSON; words and places are not written.

    A path is a key of the register, or of whatever else stood in the files.
    """
    formats = {
        name: {"records": tally.records, "paths": dict(sorted(tally.paths.items()))}
        for name, tally in sorted(census.formats.items())
    }
    text = json.dumps({"census": 1, "formats": formats}, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


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
        case {"records": int(records), "paths": dict(paths)}:
            return Tally(records=records, paths={path: _seen(path, seen) for path, seen in paths.items()})
    raise MalformedDocument(f"not a census: the counts of {name!r} are not there")


def _seen(path: str, seen: Any) -> Seen:
    match seen:
        case [int(records), int(filled)]:
            return Seen(records, filled)
    raise MalformedDocument(f"not a census: {path!r} has no two counts")


def _any_element(diagnostic: Diagnostic) -> str:
    """Return the field of a diagnostic, or its place where it has none, for any element of the lists in it.

    >>> from trialparse.diagnostics import Place
    >>> place = Place(path="/a/0/b")
    >>> _any_element(Diagnostic(problem=Problem.UNKNOWN_TERM, field="sites[3].codes", place=place, text=""))
    'sites[].codes'
    >>> _any_element(Diagnostic(problem=Problem.UNKNOWN_TERM, field=None, place=place, text=""))
    '/a//b'
    """
    return _INDEX.sub("", diagnostic.field or diagnostic.place.path)


def _example(source: str, index: int, place: str) -> str:
    record = f"record {index} " if index else ""
    return f"{source} {record}{place}".strip()
