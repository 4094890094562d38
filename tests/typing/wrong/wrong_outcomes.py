"""What a record does not have and a failure has, and the other way round."""

import trialparse
from trialparse import Failure, Parsed

for outcome in trialparse.read("export.json"):
    print(outcome.error)  # error: Parsed, error
    if outcome.ok:
        print(outcome.error)  # error: Parsed, error
    if outcome.ok is True:
        print(outcome.error)  # error: Parsed, error
    else:
        print(outcome.diagnostics)  # error: Failure, diagnostics
    if isinstance(outcome, Failure):
        print(outcome.evidence("id"))  # error: Failure, evidence

record: Parsed = next(trialparse.read("export.json"))  # error: Parsed, Failure
trialparse.by_trial(trialparse.read("export.json"))  # error: by_trial, Parsed
trialparse.overview(next(trialparse.read("export.json")))  # error: overview, RecordForPage
