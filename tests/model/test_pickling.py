"""Pickles and copies of records: the class once, then values without names, and none for a class that has changed."""

import copy
import pickle
import pickletools
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import readable, some
from trialparse import model, to_json
from trialparse.model import Coded, Trial
from trialparse.model.values import record
from trialparse.strategies import trials

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@record
class Alone:
    """A record with one field."""

    values: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Noted(Coded):
    """A record as users extend it."""

    note: str = "none"


def classes() -> list[type]:
    """Return the record classes of the model that its package lists."""
    return some(found for name in model.__all__ if attrs.has(found := getattr(model, name)))


class TestTheSame:
    """What comes back is equal, to the type of each number, and as frozen as any record."""

    @given(trials(), st.sampled_from(PROTOCOLS))
    def test_a_pickle(self, trial: Trial, protocol: int) -> None:
        self.holds(trial, pickle.loads(pickle.dumps(trial, protocol)))

    @given(trials(), st.sampled_from([copy.copy, copy.deepcopy, attrs.evolve]))
    def test_a_copy(self, trial: Trial, make: Any) -> None:
        self.holds(trial, make(trial))

    def holds(self, trial: Trial, again: Trial) -> None:
        assert type(again) is Trial
        assert to_json(trial, full=True) == to_json(again, full=True)
        assert (trial, hash(trial)) == (again, hash(again))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            again.id = "other"  # type: ignore[misc]  # it is frozen, which is what is tested

    @pytest.mark.parametrize("values", [(), ("a",), ("a", "b")])
    def test_one_field(self, values: tuple[str, ...]) -> None:
        alone = Alone(values=values)

        assert alone == pickle.loads(pickle.dumps(alone)) == copy.deepcopy(alone)

    def test_a_class_of_a_user_keeps_its_fields(self) -> None:
        noted = Noted(text="x", note="y")
        again = pickle.loads(pickle.dumps((Coded(text="x"), noted)))

        assert (Coded(text="x"), noted) == again
        assert (Coded, Noted) == tuple(map(type, again))
        assert noted == copy.deepcopy(noted)


class TestWhatItHolds:
    """A pickle names each class once and no field."""

    def test_no_field(self, record_file: Path) -> None:
        names = {name for cls in classes() for name in attrs.fields_dict(cls)}
        for parsed in readable(record_file):
            texts = strings(pickle.dumps(attrs.evolve(parsed.trial, not_carried=(), missing=())))
            assert not texts.keys() & {name for name in names if "_" in name}

    def test_each_class_once(self, fixtures: Path) -> None:
        [parsed] = readable(fixtures / "ctis" / "immunostem.json")
        texts = strings(pickle.dumps(parsed.trial))

        assert Counter({"Trial": 1, "Coded": 1, "Country": 1}) == Counter(
            {name: texts[name] for name in ("Trial", "Coded", "Country")}
        )


def strings(blob: bytes) -> Counter[str]:
    """Return the strings of a pickle, and how often each is written."""
    return Counter(found for _, found, _ in pickletools.genops(blob) if isinstance(found, str))


class TestAnotherVersion:
    """A pickle of a class whose fields have changed is refused: no value comes under a wrong name."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"second": str | None, "first": str | None},
            {"first": str | None},
            {"first": str | None, "second": str | None, "third": str | None},
            {"first": str | None, "other": str | None},
            {"first": str | None, "second": int | None},
        ],
        ids=["another order", "one fewer", "one more", "another name", "another type"],
    )
    def test_it_is_refused(self, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        old = named({"first": str | None, "second": str | None}, monkeypatch)
        blob = pickle.dumps(old(first="a", second="b"))
        assert old(first="a", second="b") == pickle.loads(blob)

        named(fields, monkeypatch)
        with pytest.raises(pickle.UnpicklingError, match="Changing has other fields in the version of trialparse"):
            pickle.loads(blob)


def named(fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a record class with these fields, which is the `Changing` of this module from now on."""
    body = {"__annotations__": fields, "__module__": __name__, **dict.fromkeys(fields)}
    made = record(type("Changing", (), body))
    monkeypatch.setitem(globals(), "Changing", made)
    return made
