"""Tell records from failures by their class."""

import sys
from typing import assert_never

from trialparse import Failure, Parsed, TrialParseError, read


def told(outcome: Parsed | Failure) -> str:
    """Return a line for a record or a failure."""
    match outcome:
        case Parsed(trial=trial):
            return f"read {trial.id}"
        case Failure(error=error):
            return f"not read: {type(error).__name__}"
        case _:
            assert_never(outcome)


try:
    outcomes = list(read(sys.argv[1]))
except (TrialParseError, OSError) as error:
    raise SystemExit(str(error)) from None

for each in outcomes:
    print(told(each))
good = [each for each in outcomes if isinstance(each, Parsed)]
print(len(good), "of", len(outcomes))
