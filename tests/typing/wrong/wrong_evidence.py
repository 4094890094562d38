"""Evidence of one field, and of all of them."""

import trialparse

parsed = trialparse.parse("export.json")
print(parsed.evidence("id")["x"])  # error: Evidence
print(parsed.evidence().sources)  # error: dict[str, Evidence], sources
print(parsed.evidence()["id"].places)  # error: Evidence, places
print(parsed.evidence(0))  # error: overload, evidence
for text, place in parsed.evidence("id").sources:
    print(place.upper(), text.path, text.words)  # error: Place, words

combined = trialparse.combine([parsed])
print(combined.evidence("id")["x"])  # error: Evidence
print(combined.evidence().row)  # error: dict[str, Evidence], row
