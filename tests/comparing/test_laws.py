"""Comparing versions: what is the same is no change, and each change is found where it is."""

import typing
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from tests.comparing.versions import Way, another, at, items, leaves, shuffled, with_value, without_item, written
from tests.counting import exercised, readable
from tests.parsing.documents import every_format, outcomes
from trialparse import ChangeKind, Diff, Trial, diff
from trialparse.comparing.identity import identities
from trialparse.mapping.format import Format
from trialparse.model.building import build
from trialparse.strategies import maker_of
from trialparse.strategies.trial import make_trial

_ABOUT = ("missing", "not_carried")


def _in_a_key(trial: Trial, path: Way) -> bool:
    """Whether a value tells an item apart that it belongs to."""
    new = with_value(trial, path, another)
    return any(_keys(at(trial, path[:end])) != _keys(at(new, path[:end])) for end in range(len(path)))


def _is_told_apart(trial: Trial, path: Way) -> bool:
    """Whether each item that a value belongs to has a key that none beside it has."""
    for end, step in enumerate(path):
        if isinstance(step, int):
            beside = at(trial, path[:end])
            own = [known for known in enumerate(_keys(beside[step])) if known[1] is not None]
            others = [known for index, one in enumerate(beside) if index != step for known in enumerate(_keys(one))]
            if all(known in others for known in own):
                return False
    return True


def _keys(item: Any) -> list[Any]:
    identity = identities().get(type(item))
    return [] if identity is None else [key.read(item) for key in identity.keys]


def _said(found: Diff) -> list[str]:
    """Return the changes as text: pytest takes minutes to show what is different between two lists of records."""
    return [str(change) for change in found]


class TestTheSame:
    """Nothing is a change that is none."""

    def test_a_trial_and_itself(self) -> None:
        def law(random: Random) -> int:
            trial = make_trial(random)
            assert [] == _said(diff(trial, trial))
            return 1

        exercised(law, 1)

    @every_format
    def test_lists_in_another_order(self, format: Format) -> None:
        def law(random: Random) -> int:
            trial = maker_of(format).document(random, 40).expected
            other = shuffled(trial, random)
            assert [] == _said(diff(trial, other))
            return trial != other

        exercised(law, 0.2, few=True)

    def test_fixtures_in_another_order(self, record_file: Path) -> None:
        pairs = [(one.trial, shuffled(one.trial, Random(1))) for one in readable(record_file)]

        assert [] == [change for old, new in pairs for change in _said(diff(old, new))]

    @pytest.mark.corpus
    def test_real_records_in_another_order(self, corpus_file: Path) -> None:
        pairs = [(one.trial, shuffled(one.trial, Random(2))) for one in outcomes(corpus_file) if one.ok]

        assert [] == [change for old, new in pairs for change in _said(diff(old, new))]


class TestOneChange:
    """One change is one change, with both values, at its field; lists may be in another order."""

    def test_a_value(self, record_file: Path) -> None:
        random = Random(3)
        held = 0
        for record in readable(record_file):
            trial = record.trial
            found = leaves(trial)
            held += sum(self._hold(trial, path, random) for path in random.sample(found, min(len(found), 12)))

        assert held

    @staticmethod
    def _hold(trial: Trial, path: Way, random: Random) -> bool:
        *holder, name = path
        if path[0] in _ABOUT or name in getattr(identities().get(type(at(trial, tuple(holder)))), "order", ()):
            return False
        old, new = at(trial, path), with_value(trial, path, another)
        changes = diff(trial, new).changes
        if _in_a_key(trial, path):  # another item, or one that was renamed
            assert {True} == {written(path[:1]) in change.field or "arms" in change.field for change in changes}
            return True
        [change] = changes
        assert (written(path), ChangeKind.CHANGED) == (change.field, change.kind)
        assert (old, another(old)) == (change.old, change.new)
        again = diff(trial, shuffled(new, random)).changes
        if _is_told_apart(trial, path) or len(again) == 1:
            assert [(ChangeKind.CHANGED, old, another(old))] == [(one.kind, one.old, one.new) for one in again]
        else:  # nothing shows which of two items it is that changed
            assert [ChangeKind.ADDED, ChangeKind.REMOVED] == sorted((one.kind for one in again), key=str)
        return True

    def test_an_item_that_is_gone(self, record_file: Path) -> None:
        random = Random(4)
        held = 0
        for record in readable(record_file):
            trial = record.trial
            gaps = {entry.field for entry in trial.missing}
            known = [path for path in items(trial) if path[0] not in _ABOUT and written(path[:-1]) not in gaps]
            for path in random.sample(known, min(len(known), 12)):
                gone = at(trial, path)
                shorter = without_item(trial, path)
                [removed] = _about(diff(trial, shorter).changes, path)
                assert (ChangeKind.REMOVED, gone, None) == (removed.kind, removed.old, removed.new)
                [added] = _about(diff(shorter, trial).changes, path)
                assert (ChangeKind.ADDED, None, gone) == (added.kind, added.old, added.new)
                held += 1

        assert held


def _about(changes: Any, path: Way) -> list[Any]:
    """Return the changes, without those of arms that follow from a product that is gone."""
    return [change for change in changes if path[0] == "arms" or not change.field.startswith("arms")]


def test_each_class_of_items_is_known_by_something() -> None:
    """A class that is an item of a list has a row, or is one value, or has nothing but its whole."""

    def classes(cls: Any, seen: set[Any]) -> set[Any]:
        for field in attrs.fields(cls):
            inner = typing.get_args(field.type)[0] if typing.get_origin(field.type) is tuple else field.type
            if isinstance(inner, type) and attrs.has(inner) and inner not in seen:
                if inner is not field.type:
                    seen.add(inner)
                classes(inner, seen)
        return seen

    whole = {"Missing", "Duration"}
    assert whole == {cls.__name__ for cls in classes(Trial, set()) - identities().keys()}


def test_each_row_reads_its_class() -> None:
    """A key that names no field of its class is found here, not with the first record that has one."""
    known = identities()

    assert [] == [cls for cls, identity in known.items() if not identity.keys]
    assert [] == [cls for cls, one in known.items() if not one.order <= {field.name for field in attrs.fields(cls)}]
    assert len(known) == len([[key.read(_blank(cls)) for key in identity.keys] for cls, identity in known.items()])


def _blank(cls: Any) -> Any:
    """Return a record of a class with nothing in it."""
    return build(cls, {})
