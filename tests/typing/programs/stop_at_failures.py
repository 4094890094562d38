"""The shortest way to tell records from failures; mypy understands it.

Pyright does not narrow by the truth of an attribute, and asks for the comments.
"""

import sys

import trialparse

for outcome in trialparse.read(sys.argv[1]):
    if outcome.ok:
        print(outcome.trial.id)
    else:
        reason = outcome.error  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
        print("not read:", str(reason)[:13])  # pyright: ignore[reportUnknownArgumentType]
