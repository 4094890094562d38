"""Tests count what they looked at: a law that held of nothing fails."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from trialparse import Parsed, Trial, read
from trialparse.model.building import changed

T = TypeVar("T")
SEEDS = st.integers(0, 2**32).map(Random)


def some(found: Iterable[T], least: int = 1) -> list[T]:
    """Return what was found, which must be so many at least."""
    items = list(found)
    assert len(items) >= least, f"{len(items)} found, {least} needed"
    return items


def stated(trial: Trial) -> Trial:
    """Return a trial without what follows from its format alone: the fields that such records do not carry."""
    bare: Trial = changed(trial, not_carried=())
    return bare


def readable(source: Path | bytes, **options: Any) -> list[Parsed]:
    """Return the records of a source; all are readable, and there is at least one."""
    found = some(read(source, **options))
    assert [] == [each for each in found if not isinstance(each, Parsed)]
    return found  # type: ignore[return-value]  # as just asserted


def exercised(law: Callable[..., int], least: float, drawn: st.SearchStrategy[Any] = SEEDS, few: bool = False) -> None:
    """Hold a law on as many draws as the profile says, or on a third of them.

    It returns how much it compared: `least` for each draw, over all of them.
    """
    compared = 0
    examples = max(5, settings().max_examples // 3) if few else settings().max_examples

    @settings(max_examples=examples)
    @given(drawn)
    def draws(each: Any) -> None:
        nonlocal compared
        compared += law(each)

    draws()
    assert compared >= examples * least, compared
