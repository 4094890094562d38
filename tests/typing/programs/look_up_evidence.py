"""Show where the values of a trial come from."""

import sys

import trialparse
from trialparse import Evidence, Source


def line(source: Source) -> str:
    """Return the last step of a place, and the words there."""
    place, text = source
    return f"{place.path.rpartition('/')[2]}: {text}"


parsed = trialparse.parse(sys.argv[1])

one: Evidence = parsed.evidence("enrolment.planned")
print(one.field, [line(source) for source in one.sources], one.row != "")

every: dict[str, Evidence] = parsed.evidence()
for field in sorted(every):
    if field.startswith("dates."):
        print(field, *(line(source) for source in every[field].sources), sep=" | ")

sure = [found.field for found in every.values() if found.relation == "exact"]
print(len(sure) > 3, "phases" in every)
