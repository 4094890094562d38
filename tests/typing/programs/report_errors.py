"""List the trials of an export, and report the records that cannot be read."""

import sys

import trialparse
from trialparse import Severity

bad = 0
for outcome in trialparse.read(sys.argv[1], contacts=False):
    if outcome.ok is True:
        problems = [found.problem.name for found in outcome.diagnostics if found.severity >= Severity.WARNING]
        print(outcome.trial.id, outcome.format.name, *problems)
    else:
        bad += 1
        print("record", outcome.index, type(outcome.error).__name__, outcome.place.path)
print("bad", bad)
