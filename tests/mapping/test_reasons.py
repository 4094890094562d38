"""Reasons to ignore are true: what is said to be a copy stands where the row says, in every record at hand."""

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.counting import readable
from trialparse import TrialParseError, parse, read
from trialparse.mapping.rows import Row, fold, target_of
from trialparse.model.placeholders import placeholders
from trialparse.parsing.accounts import ledger_for
from trialparse.parsing.ledger import MAPPED, UNMAPPED, Ledger, make_ledger
from trialparse.parsing.parsed import Parsed
from trialparse.readers.paths import parse_path

Leaf = tuple[Ledger, Any]


def verdicts(document: Any, wanted: list[str], **ignored: str) -> dict[str, str]:
    """Return path and verdict of each leaf, where these paths are read and these are ignored; `__` is a dot."""
    rows = [
        Row(
            field="",
            paths=(parse_path(path.replace("_all", "**").replace("__", ".")),),
            verb="ignore",
            argument=reason.removesuffix("!"),
            marks=frozenset({"empty"} if reason.endswith("!") else ()),
        )
        for path, reason in ignored.items()
    ]
    ledger = make_ledger(rows, map(parse_path, wanted))
    return {entry.path: entry.judge(leaf in (None, "", [], {})) for entry, leaf in leaves(document, ledger)}


def leaves(value: Any, entry: Ledger) -> Iterator[Leaf]:
    """Give every leaf with its entry."""
    if value and isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, entry.member(key))
    elif value and isinstance(value, list):
        for below in value:
            yield from leaves(below, entry)
    else:
        yield entry, value


def above(path: str) -> Iterator[str]:
    """Give a path and those that it lies below."""
    while path:
        yield path
        path = path.removesuffix("{}") if path.endswith("{}") else path.rpartition(".")[0]


def named(reason: str) -> str:
    """Return the path that a reason names, as the ledger writes it."""
    return ".".join(step.key + step.many.replace("[]", "").replace("[?]", "") for step in target_of(reason))


def untrue(parsed: Parsed) -> list[tuple[str, str, Any]]:
    """Return the leaves of a record of which the reason to ignore them does not hold: path, reason, value.

    A duplicate stands, folded, at the path that its row names; below a catch-all, at the same path of the original.
    Where a label or an earlier version is ignored, something stands at or below the path that the row names.
    """
    found = list(leaves(parsed._kept().examined()[0], ledger_for(parsed._kept())))
    blank = {fold(word) for word in parsed.format.blank} | placeholders().keys()
    words: dict[str, set[str]] = defaultdict(set)
    for entry, leaf in found:
        words[entry.path].add(fold(leaf))
    full = {path for entry, leaf in found if leaf not in (None, "", [], {}) for path in above(entry.path)}
    wrong = []
    for entry, leaf in found:
        reason = entry.judge(leaf in (None, "", [], {}))
        kind, of, _ = reason.partition(" of ")
        if leaf in (None, "", [], {}) or fold(leaf) in blank or not of:
            continue
        if kind == "duplicate":
            copied = entry.original.path if entry.original is not None and not entry.ignore else named(reason)
            true = fold(leaf) in words[copied]
        else:
            true = named(reason) in full
        if not true:
            wrong.append((entry.path, reason, leaf))
    return wrong


def untrue_in(source: Path) -> list[str]:
    """Return the reasons of a source that are not true; what cannot be read has none."""
    with contextlib.suppress(TrialParseError):
        return [reason for outcome in read(source) if isinstance(outcome, Parsed) for reason in untrue(outcome)]
    return []


class TestCopies:
    """Below a catch-all for a copy only that is ignored which the rows know of the original."""

    def test_what_is_known_of_the_original(self) -> None:
        part = {"read": 1, "id": 2, "made": 3, "new": 4, "list": [{"read": 5, "new": 6}], "none": []}
        found = verdicts(
            {"copy": [part]},
            ["part.read", "part.list[].read", "part.none[].read"],
            copy___all="duplicate of part",
            part__made="transport",
            _all__id="technical id",
        )

        assert found == {
            "copy.read": "duplicate of part",
            "copy.id": "technical id",
            "copy.made": "transport",
            "copy.new": UNMAPPED,
            "copy.list.read": "duplicate of part",
            "copy.list.new": UNMAPPED,
            "copy.none": "duplicate of part",
        }

    def test_a_copy_within_a_copy(self) -> None:
        found = verdicts(
            {"old": {"groups": {"items": [{"a": 1, "b": 2}]}}},
            ["part.items[].a"],
            old___all="earlier version of part",
            part__groups__items___all="duplicate of part.items[]",
        )

        assert found == {"old.groups.items.a": "earlier version of part", "old.groups.items.b": UNMAPPED}

    def test_an_original_keyed_by_ids(self) -> None:
        found = verdicts({"copy": {"a": 1, "b": 2}}, ["parts{}.a"], copy___all="duplicate of parts{}")

        assert found == {"copy.a": "duplicate of parts{}", "copy.b": UNMAPPED}

    def test_what_a_row_reads_in_a_copy(self) -> None:
        found = verdicts({"copy": {"a": 1, "b": 2}}, ["part.b", "copy.a"], copy___all="duplicate of part")

        assert found == {"copy.a": MAPPED, "copy.b": "duplicate of part"}

    def test_another_catch_all_is_told_nothing(self) -> None:
        assert verdicts({"a": {"new": 1}}, [], a___all="transport") == {"a.new": "transport"}


class TestEmpty:
    """A row marked `empty` ignores a list in which nothing has ever stood, until something does."""

    def test_it_holds_nothing(self) -> None:
        for nothing in ([], {}, "", None):
            assert verdicts({"a": nothing}, [], a="transport!") == {"a": "transport"}

    def test_it_holds_something(self) -> None:
        for something in (["x"], "x", 0):
            assert verdicts({"a": something}, [], a="transport!") == {"a": UNMAPPED}
        assert verdicts({"a": [{"b": 1}]}, [], a="transport!") == {"a.b": UNMAPPED}

    def test_strings_in_a_list_of_events(self, fixtures: Path) -> None:
        record = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        record["events"]["unexpectedEvents"] = ["something happened"]

        assert parse(json.dumps(record).encode()).audit().unmapped == {"events.unexpectedEvents": 1}


class TestTrue:
    """What is ignored as a copy or a label of a path is one, in every record."""

    def test_fixtures(self, record_file: Path) -> None:
        assert [] == [reason for parsed in readable(record_file) for reason in untrue(parsed)]

    def test_corpus(self, corpus_file: Path) -> None:
        assert [] == untrue_in(corpus_file)
