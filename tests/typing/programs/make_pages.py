"""Make a page from a record, and from several together."""

import sys

from trialparse import Combined, Failure, Parsed, combine, overview, read

records = [record for record in read(sys.argv[1]) if not isinstance(record, Failure)]
together: Combined = combine(records)
one: Parsed = together.records[0]

print(overview(one).splitlines()[0], "<h1" in overview(one, format="html"))
print(overview(together, format="markdown").splitlines()[0])
