"""Read exports and count their trials by phase."""

import sys
from collections import Counter

import trialparse

counts: Counter[trialparse.Phase] = Counter()
without = 0
for path in sys.argv[1:]:
    for record in trialparse.read(path):
        phases = record.trial.phases
        counts.update(phases)
        without += not phases

for phase, count in sorted(counts.items()):
    print(phase, count)
print("no phase", without)
