"""Arguments that no function takes."""

import trialparse

trialparse.parse(1)  # error: parse, PathLike[str]
trialparse.parse("export.json", "ctis-retrieve")  # error: positional
trialparse.parse("export.json", contacts="no")  # error: contacts, bool
trialparse.parse("export.json", raise_at="ERROR")  # error: raise_at, Severity
trialparse.parse("export.json", as_of="2026-01-01")  # error: as_of, date
trialparse.read("export.json", lang="de")  # error: lang

parsed = trialparse.parse("export.json")
trialparse.to_json(parsed)  # error: to_json, Trial
trialparse.combine(parsed)  # error: combine, Iterable
trialparse.combine([parsed.trial])  # error: Trial, Parsed
trialparse.overview(parsed, format="pdf")  # error: format, markdown
trialparse.combine([parsed]).records.append(parsed)  # error: append
