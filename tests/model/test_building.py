"""Records are filled as instances of a twin, and are records afterwards like any other."""

import attrs
import pytest

from trialparse.model import Trial
from trialparse.model.building import build, twin
from trialparse.model.interventions import Intervention
from trialparse.model.values import Coded, PartialDate


@pytest.mark.parametrize("cls", [Coded, PartialDate, Intervention, Trial])
def test_a_twin_adds_nothing(cls: type) -> None:
    """Between classes of one layout Python changes the class of an instance without a look at its slots."""
    assert twin(cls).__mro__[1] is cls
    assert twin(cls).__basicsize__ == cls.__basicsize__
    assert twin(cls) is twin(cls)


def test_what_is_built_is_a_record() -> None:
    made = build(Coded, {"term": "ORAL", "text": "oral use"})
    assert type(made) is Coded
    assert made == Coded(term="ORAL", text="oral use")
    assert hash(made) == hash(Coded(term="ORAL", text="oral use"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.term = "SKIN"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del made.term
