"""Write trials as JSON, read them again, and write one of one's own."""

import json
import sys
from typing import Any

import trialparse
from trialparse import Identifier, PartialDate, Phase, Trial
from trialparse.model import Document

parsed = trialparse.parse(sys.argv[1])

text: str = trialparse.to_json(parsed.trial)
again: trialparse.Trial = trialparse.from_json(text)
print(again == parsed.trial, again is parsed.trial)

plain: dict[str, Any] = trialparse.to_dict(parsed.trial)
print(plain["id"], plain["phases"], json.loads(text) == plain)

whole: dict[str, Any] = json.loads(parsed.to_json(evidence=False))
print(sorted(whole))

own = Trial(
    id="X-1",
    identifiers=(Identifier(value="X-1"),),
    phases=frozenset({Phase.II}),
    documents=(Document(date=PartialDate(year=2026, month=5)),),
)
print(trialparse.to_json(own))

try:
    trialparse.from_json('{"phases": ["V"]}')
except trialparse.MalformedDocument as error:
    print(error)
