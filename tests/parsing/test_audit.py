"""The audit's walk: it counts objects by their form, and what it counts is what a plain walk over each leaf finds."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import readable, some
from trialparse import LimitExceeded, parse
from trialparse.diagnostics import WITHHELD
from trialparse.limits import Limits
from trialparse.parsing import ledger as ledgers
from trialparse.parsing.accounts import ledger_of
from trialparse.parsing.audit import Account, audit_of, kinds_of
from trialparse.parsing.ledger import MAPPED, UNMAPPED, Ledger, make_ledger
from trialparse.readers import json as reader
from trialparse.readers.paths import parse_path

KEYS = st.sampled_from(["a", "b", "c", "ids", "unheard", 'quo"ted', "back\\slash"])
TEXTS = st.sampled_from(["", "word", WITHHELD, f"of {WITHHELD}", 'said "so": no', "\\", '\\"', "\n"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
TREES = st.recursive(SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below), max_leaves=30)
OBJECTS = st.dictionaries(KEYS, TREES)


def ledger() -> Ledger:
    """Return a ledger of a few rows: a leaf, a list below an object, an object keyed by ids."""
    return make_ledger([], map(parse_path, ["a", "b.c[].a", "c.ids{}.a", "c.ids{}.b[]"]))


def leaves(value: Any, entry: Ledger) -> Iterator[tuple[Ledger, Any]]:
    """Give every leaf with its entry, one by one."""
    if value and isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, entry.member(key))
    elif value and isinstance(value, list):
        for below in value:
            yield from leaves(below, entry)
    else:
        yield entry, value


def empty(leaf: Any) -> bool:
    return leaf is None or leaf in ("", [], {})


def depth(value: Any) -> int:
    """Return how deep lists and objects are nested."""
    if isinstance(value, dict | list):
        return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)
    return 0


class TestWalk:
    """Verdicts, paths and marks are those of the leaves one by one, whatever was seen before."""

    @given(st.lists(OBJECTS, min_size=1, max_size=4), st.booleans(), st.booleans())
    def test_each_leaf_counts_once(self, documents: list[Any], redacted: bool, paths: bool) -> None:
        learning = ledger()
        for document in some(documents):
            account = Account(kinds_of(redacted=redacted, paths=paths))
            account.walk(document, learning)
            audit = audit_of(account, document, learning, (), paths)

            found = list(leaves(document, ledger()))
            plain = [
                (entry, leaf) for entry, leaf in found if not (redacted and isinstance(leaf, str) and WITHHELD in leaf)
            ]
            verdicts = Counter(entry.judge(empty(leaf)) for entry, leaf in plain)
            unmapped = Counter(entry.path for entry, leaf in plain if entry.judge(empty(leaf)) == UNMAPPED)
            assert len(found) == audit.leaves
            assert len(found) - len(plain) == audit.withheld
            assert verdicts[MAPPED] == audit.mapped
            assert dict(unmapped) == audit.unmapped
            assert audit.places.keys() == audit.unmapped.keys()
            if paths:
                filled = Counter(entry.path for entry, leaf in plain if not empty(leaf))
                assert {entry.path: filled[entry.path] for entry, _ in plain} == audit.paths

    @given(OBJECTS, st.sampled_from([None, 1]), st.booleans())
    def test_it_knows_that_the_decoder_kept_everything(self, document: Any, indent: int | None, ascii: bool) -> None:
        raw = json.dumps(document, indent=indent, ensure_ascii=ascii).encode()
        account = Account()
        account.walk(document, ledger())

        assert reader.is_whole(raw, account.survey, Limits())
        assert reader.tree(raw)[1] == []

    @given(OBJECTS.filter(bool), st.data())
    def test_it_knows_that_a_key_stands_twice(self, document: Any, data: st.DataObject) -> None:
        """However the key is written: escaped, or with white space behind it."""
        key = data.draw(st.sampled_from(sorted(document)))
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in key)
        space = data.draw(st.sampled_from(["", " ", "\n\t"]))
        written = data.draw(st.sampled_from([json.dumps(key), f'"{escaped}"']))
        raw = f"{json.dumps(document)[:-1]},{written}{space}:0}}".encode()
        account = Account()
        account.walk({**document, key: 0}, ledger())

        assert not reader.is_whole(raw, account.survey, Limits())
        assert [keys for _, keys, _ in reader.tree(raw)[1]] == [(key,)]

    def test_values_that_gave_way_are_leaves_too(self) -> None:
        """Also where an object with the same keys was seen before; in `lost` they stand beside those that stayed."""
        learning = ledger()
        for raw, count in ((b'{"b": {"a": 1}}', 1), (b'{"b": {"a": 1, "a": {"b": [2, 3]}, "a": 4}}', 4)):
            document, _ = reader.tree(raw)
            account = Account()
            account.walk(document, learning)
            assert audit_of(account, document, learning, (), True).leaves == count

    @pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
    @pytest.mark.parametrize("where", ['{"a": %d}', '{"a": [%d]}', '{"c": {"ids": {"x": %d}}}'])
    def test_it_sees_big_integers(self, number: int, where: str) -> None:
        account = Account()
        account.walk(json.loads(where % number), ledger())

        assert account.survey.big

    @given(OBJECTS)
    def test_it_holds_the_limits(self, document: Any) -> None:
        raw = json.dumps(document).encode()
        account = Account()
        account.walk(document, ledger())
        deep = depth(document)

        assert reader.is_whole(raw, account.survey, Limits(depth=max(deep - 1, 1)))
        for below in (Limits(depth=max(deep - 2, 1)), Limits(nodes=max(account.survey.nodes - 1, 1))):
            if deep > below.depth + 1 or account.survey.nodes > below.nodes:
                with pytest.raises(LimitExceeded):
                    reader.is_whole(raw, account.survey, below)
                with pytest.raises(LimitExceeded):
                    reader.tree(raw, below)

    def test_fixtures(self, record_file: Path) -> None:
        """The audit does not depend on whether the notation was looked at before."""
        for first, second in some(zip(readable(record_file), readable(record_file), strict=True)):
            assert second.diagnostics is not None
            assert first.audit() == second.audit()
            assert first.audit(paths=True) == second.audit(paths=True)


def size(entry: Ledger) -> int:
    """Return how many entries and forms a ledger holds."""
    return 1 + len(entry.forms) + len(entry.latest) + sum(map(size, entry.members.values()))


class TestMemory:
    """What a ledger remembers of documents has a bound: a full one gives way to a new one, and no audit changes."""

    def strange(self, raw: Any, number: int) -> bytes:
        raw["strange"] = {f"key {number} {index}": {f"{number}": [{}]} for index in range(50)}
        return json.dumps(raw).encode()

    def test_a_stream_of_new_keys(self, fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        format = parse(json.dumps(raw).encode()).format
        monkeypatch.setattr(ledgers, "ROOM", ledger_of(format).learnt.size + 100_000)
        sizes, seen = [], set()
        for number in range(60):
            audit = parse(self.strange(raw, number)).audit()
            assert sum(audit.unmapped.values()) == 50
            assert len(audit.unmapped) == 50
            sizes.append(size(ledger_of(format)))
            seen.add(id(ledger_of(format)))
        assert max(sizes[30:]) <= max(sizes[:30])
        assert len(seen) > 1

    def test_several_threads(self, fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        sources = [self.strange(raw, number) for number in range(80)]
        monkeypatch.setattr(ledgers, "ROOM", 30_000)
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda source: parse(source).audit(), sources))
        finally:
            sys.setswitchinterval(before)
        assert {50} == {len(audit.unmapped) for audit in found}
        assert 1 == len({audit.mapped for audit in found})
