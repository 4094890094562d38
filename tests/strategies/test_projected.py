"""Projections are thinner records of one trial: nothing is added or changed, and nothing but a gap is removed."""

import operator

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from tests.conftest import FIXTURES
from tests.counting import exercised, readable
from trialparse import MissingKind, Trial, diff, from_json, parse, to_json
from trialparse.model import Identifier, Intervention, Missing
from trialparse.model.building import defaults
from trialparse.registries import FORMATS
from trialparse.strategies import Projection, documents, projected, trials
from trialparse.strategies.projection import project

DRAWN = trials().flatmap(projected)
ROWS = ("ctis/search_2026.json", "ctis/portal.csv")
"""Rows of trials whose whole records are among the fixtures too."""
WHOLE = ("ctis/immunostem.json", "ctis/multinational.json", "ctis/ended_with_results.json")


def value_at(trial: Trial, path: str) -> object:
    """Return what a field of a trial holds."""
    return operator.attrgetter(path)(trial)


class TestProjection:
    """What is left out is empty and not carried; all else is as in the whole trial."""

    def test_what_is_left_out_is_empty(self) -> None:
        def law(one: Projection) -> int:
            lacked = one.trial.not_carried
            assert [] == [path for path in lacked if value_at(one.trial, path) != value_at(Trial(), path)]
            assert [] == [path for path in one.left_out if value_at(one.whole, path) == value_at(one.trial, path)]
            assert {*one.left_out} <= {*lacked}
            return len(lacked)

        exercised(law, 10, DRAWN)

    def test_what_is_left_is_the_same(self) -> None:
        def law(one: Projection) -> int:
            tops = {path.partition(".")[0] for path in one.trial.not_carried} | {"missing", "not_carried"}
            names = [name for name in defaults(Trial) if name not in tops]
            assert [] == [name for name in names if getattr(one.whole, name) != getattr(one.trial, name)]
            return len(names)

        exercised(law, 10, DRAWN)

    def test_a_comparison_finds_no_change(self) -> None:
        """What a thinner record does not hold is not removed, and is not added by the whole one."""

        def law(one: Projection) -> int:
            for found in (diff(one.whole, one.trial), diff(one.trial, one.whole)):
                assert [] == [str(change) for change in found]
                inside = [
                    path for path in one.left_out if any(f"{at}.".startswith(f"{path}.") for at in found.not_carried)
                ]
                assert inside == [*one.left_out]
            return len(one.left_out)

        exercised(law, 1, DRAWN.filter(lambda one: one.left_out))

    def test_no_gap_is_left_of_what_is_not_carried(self) -> None:
        """A gap in a list of products goes with the products."""
        gap = Missing(field="interventions[0].type", kind=MissingKind.UNREADABLE)
        other = Missing(field="phases", kind=MissingKind.UNREADABLE)
        trial = Trial(interventions=(Intervention(name="x"),), missing=(gap, other))
        one = project(trial, ["interventions", "design"])

        assert (("interventions",), (other,)) == (one.left_out, one.trial.missing)

    @given(DRAWN)
    def test_it_is_written_and_read_again(self, one: Projection) -> None:
        assert from_json(to_json(one.trial)) == one.trial


class TestLikeAFormat:
    """With a format, what its records do not hold is left out."""

    @given(st.data())
    def test_a_row_holds_no_more(self, data: st.DataObject) -> None:
        """Where a real row of a search holds something, so does the projection of the whole record."""
        rows = [row for name in ROWS for row in readable(FIXTURES / name)]
        looked = 0
        for name in WHOLE:
            trial = parse(FIXTURES / name).trial
            for row in [row for row in rows if row.trial.id == trial.id]:
                one = data.draw(projected(trial, row.format))
                assert one.trial.id == trial.id
                lacked = {*one.trial.not_carried} - {*trial.not_carried}
                assert [] == [path for path in lacked if value_at(row.trial, path) != value_at(Trial(), path)]
                looked += len(one.left_out)

        assert looked > 50

    @given(st.data())
    def test_documents_of_a_format_are_their_own_projection(self, data: st.DataObject) -> None:
        trial = data.draw(documents("ctis-retrieve")).expected
        one = data.draw(projected(trial, "ctis-retrieve"))

        assert (one.trial, one.left_out) == (trial, ())

    @pytest.mark.parametrize("name", [one.name for one in FORMATS])
    def test_numbers_and_register_stay(self, name: str) -> None:
        trial = Trial(id="A-1", registry="CTIS", identifiers=(Identifier(value="A-1"),), acronym="X")
        one = find(projected(trial, name), lambda one: True)

        assert (one.trial.id, one.trial.registry, one.trial.identifiers) == ("A-1", "CTIS", trial.identifiers)
        assert not {"id", "registry", "identifiers"} & {*one.trial.not_carried}

    def test_no_such_format(self) -> None:
        with pytest.raises(ValueError, match="no format 'nothing'"):
            projected(Trial(), "nothing")
