"""Fields and terms that are not there, values that may be missing, frozen fields."""

import trialparse
from trialparse import Identifier, PartialDate, Phase, Problem, Progress, Trial
from trialparse import Outcome  # error: Outcome

parsed = trialparse.parse("export.json")
trial: Trial = parsed.trial
number: str = trial.id  # error: str | None
print(trial.title)  # error: Trial, title
print(Phase.V)  # error: Phase, V
print(trial.dates.start.year)  # error: None, year
print(PartialDate(2026))  # error: positional
print(Identifier(scheme="CTIS"))  # error: value
print(PartialDate(year=2026) < 2027)  # error: <, PartialDate
print(Phase.II < Progress.ENDED)  # error: <, Phase
code: int = Problem.CONFLICT.value  # error: str, int
name: int = Phase.II.value  # error: str, int
trialparse.to_json(parsed)  # error: to_json, Trial
print(Trial(phases={Phase.II}))  # error: phases, frozenset[Phase]
trial.phases.add(Phase.I)  # error: frozenset[Phase], add
trial.id = "X-1"  # error: id, Trial, read-only
trial.dates.start = None  # error: start, Dates, read-only
parsed.evidence("id").row = ""  # error: row, Evidence, read-only
