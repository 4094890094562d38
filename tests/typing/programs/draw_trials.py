"""Property tests of a user's own function, with the strategies of the library."""

from hypothesis import given
from hypothesis import strategies as st

from trialparse import Phase, Trial, from_json, parse, strategies, to_json


def label(trial: Trial) -> str:
    """Return a label for a trial."""
    return f"phase {max(trial.phases)}" if trial.phases else "no phase"


@given(strategies.trials())
def every_trial_has_a_label(trial: Trial) -> None:
    assert label(trial).removeprefix("phase ") in {*Phase.__members__, "no phase"}
    assert from_json(to_json(trial)) == trial


@given(st.data())
def every_document_is_read(data: st.DataObject) -> None:
    document = data.draw(strategies.documents("ctis-retrieve"))
    assert parse(document.data).trial == document.expected


if __name__ == "__main__":
    every_trial_has_a_label()
    every_document_is_read()
    print("all hold")
