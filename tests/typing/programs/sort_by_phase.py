"""List trials by their latest phase, those without a phase last."""

import sys

from trialparse import Phase, Trial, read


def latest(trial: Trial) -> Phase | None:
    """Return the latest phase of a trial."""
    return max(trial.phases, default=None)


def order(trial: Trial) -> tuple[bool, Phase]:
    """Return the key to sort by."""
    phase = latest(trial)
    return phase is None, phase or Phase.NOT_APPLICABLE


trials = [record.trial for path in sys.argv[1:] for record in read(path)]
for trial in sorted(trials, key=order):
    print(latest(trial), trial.id)
print(sum(phase.at_least(Phase.II) for trial in trials for phase in trial.phases))

wanted = Phase.from_name("phase 3")
words: list[str] = [wanted.value, wanted.meaning, wanted.definition, wanted.authority]
print(words[0], len(words))
