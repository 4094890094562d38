"""The strategies that the library ships: what they draw is valid, varied, cheap and serves other projects' tests."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from trialparse.model import Trial
from trialparse.registries import FORMATS
from trialparse.strategies import Document, damaged, documents, maker_of, trials
from trialparse.strategies.damage import damage, nodes

every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)


class TestTrials:
    """Trials are valid and of all kinds."""

    @given(trials())
    def test_a_trial(self, trial: Trial) -> None:
        assert isinstance(trial, Trial)
        assert trial == trial
        hash(trial)

    def test_every_field_is_filled_some_time(self) -> None:
        from trialparse.strategies.trial import make_trial

        empty, missing = Trial(), set(Trial.__slots__)
        for seed in range(1500):
            trial = make_trial(Random(seed))
            missing -= {name for name in missing if getattr(trial, name) != getattr(empty, name)}
            if not missing:
                break

        assert set() == missing


class TestDocuments:
    """Documents are made by the name of their format, from a seed, and hold every path of the table some time."""

    @given(st.data())
    def test_by_name(self, data: st.DataObject) -> None:
        document = data.draw(documents("ctis-retrieve"))

        assert isinstance(document, Document)
        assert b"authorizedApplication" in document.data

    def test_no_such_format(self) -> None:
        with pytest.raises(ValueError, match="no format"):
            documents("nothing")

    @every_format
    def test_the_same_seed_makes_the_same_document(self, format) -> None:  # type: ignore[no-untyped-def]
        maker = maker_of(format)

        assert maker.document(Random(7), 4) == maker.document(Random(7), 4)

    @every_format
    def test_most_paths_come_up(self, format) -> None:  # type: ignore[no-untyped-def]
        maker = maker_of(format)
        if not maker.read:
            pytest.skip(f"the table of {format.name} reads nothing yet")
        wanted = {step.rstrip("[]{}?") for leaf in maker.read for step in leaf.route if not step.startswith("|")}
        inner = {s for leaf in maker.read for i, s in enumerate(leaf.route) if any(t[0] == "|" for t in leaf.route[:i])}
        missing = wanted - inner
        for seed in range(150):
            missing -= {key for keys, _ in nodes(maker.document(Random(seed), 20).tree) for key in keys}
            if len(missing) * 10 <= len(wanted):
                break

        assert len(missing) * 10 <= len(wanted)

    def test_cost(self, steps: Callable[[Callable[[], object]], int]) -> None:
        """A sparse document costs some 90,000 lines of Python, and a larger one no square of its size."""
        maker, seeds = maker_of(FORMATS[0]), 5

        def make(size: int) -> None:
            for seed in range(seeds):
                maker.document(Random(seed), size)

        make(40)
        assert steps(lambda: make(6)) < seeds * 150_000
        assert steps(lambda: make(40)) < 8 * steps(lambda: make(5))


class TestDamaged:
    """Damage changes the document, says what it did, and leaves the original alone."""

    @every_format
    @few
    @given(data=st.data())
    def test_it_is_told(self, format, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
        document = data.draw(documents(format))
        before = (document.data, repr(document.tree))
        found = data.draw(damaged(document))

        assert found.kind in found.text or found.kind == "flipped"
        assert (document.data, repr(document.tree)) == before

    def test_all_kinds_come_up(self) -> None:
        maker = maker_of(FORMATS[0])
        named = set("replaced emptied renamed deleted doubled wrapped unwrapped cut flipped".split())
        kinds: set[str] = set()
        for seed in range(300):
            kinds.add(damage(maker.document(Random(seed), 5), Random(seed)).kind)
            if kinds == named:
                break

        assert named == kinds
