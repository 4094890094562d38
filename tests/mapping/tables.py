"""Tables of a few rows, written in a test and read in both runs."""

import contextlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from trialparse.diagnostics import Problem
from trialparse.mapping.compiled import Mapping
from trialparse.mapping.faults import of_row
from trialparse.mapping.format import Format
from trialparse.mapping.plan import make_plan
from trialparse.mapping.rows import compose, read_codes, read_mapping, read_upgrade, with_boxes
from trialparse.mapping.traced import Tracer
from trialparse.model import Trial
from trialparse.readers.notations import Json
from trialparse.readers.shapes import DoesNotFit
from trialparse.strategies.document import Maker
from trialparse.tsv import TableError

BLANK = frozenset({"", "-"})
FORMAT = Format(name="tiny", registry="tiny", title="", notation=Json(keys=(frozenset({"id"}),)), blank=BLANK)

CODES = """\
country	Italy	IT	exact
country	Italia	IT	exact
country	Spain	ES	exact
phase	1	I	exact
phase	both	I II	exact
phase	none	-	exact
phase	gone	?NOT_APPLICABLE	exact
route	oral use	ORAL	exact
route	skin	DERMAL	exact
route	skin and mouth	DERMAL|ORAL	exact
route	nothing	-	exact
route	not known	?UNKNOWN	exact
unit	y	YEAR	exact
unit	m	MONTH	exact
truth	yes	true	exact
answer	yes	true	exact
answer	no	false	exact
box	Phase 2	II	exact
box	Phase 3	III	exact
scope	Safety	SAFETY	exact
area	C04	C04	exact
area	C16	C16	narrower
area	not known	-	exact
"""


class Table:
    """A table written in a test."""

    def __init__(self, folder: Path, text: str, *upgrades: str, **derive: Any) -> None:
        def written(name: str, header: str, body: str) -> Path:
            path = folder / name
            path.write_text(header + "\n" + body, encoding="utf-8")
            return path

        def tabbed(lines: str) -> str:
            return "\n".join("\t".join(cell.strip() for cell in line.split("~")) for line in lines.strip().splitlines())

        header = "field\tpath\tverb\targument\tmark\tauthority"
        header = "" if "field ~ path" in text else header
        rows = read_mapping(written("mapping.tsv", header, tabbed(text)))
        faults = [str(fault) for row in rows for fault in of_row(row) if fault.what != "no authority"]
        if faults:
            raise TableError("\n".join(faults))
        for lines in upgrades:
            rows = compose(rows, read_upgrade(written("v1.tsv", "old\tnew\tauthority\tmark", tabbed(lines))))
        rows, codes = with_boxes(rows, read_codes(written("codes.tsv", "list\tword\tterm\trelation", CODES)))
        self.mapping = Mapping(FORMAT, tuple(rows), codes, make_plan(Trial, list(rows), codes, derive, BLANK))
        self.maker = Maker(FORMAT, self.mapping.plan, rows, codes)

    def quick(self, record: Any) -> Trial:
        made: Trial = self.mapping.fill(self.struct(record)).trial
        return made

    def surprises(self, record: Any) -> tuple[str, ...]:
        """Return the fields that the fast run cannot read."""
        return self.mapping.fill(self.struct(record)).odd

    def struct(self, record: Any) -> Any:
        return self.mapping.selection.read(json.dumps(record).encode())

    def traced(self, record: Any) -> SimpleNamespace:
        tracer = Tracer()
        trial = tracer.run(self.mapping.plan, record)
        with contextlib.suppress(DoesNotFit):
            assert not tracer.findings or any(self.mapping.notice(self.struct(record)))
        told = [(finding.problem, finding.field) for finding in tracer.findings]
        unmatched = [finding.words for finding in tracer.findings if finding.problem is Problem.UNMATCHED]
        return SimpleNamespace(trial=trial, told=told, traces=tracer.traces, missing=trial.missing, unmatched=unmatched)

    def both(self, record: Any) -> Trial:
        """Return what both runs make of a record, silently."""
        traced = self.traced(record)
        assert [] == traced.told
        assert traced.trial == self.quick(record)
        trial: Trial = traced.trial
        return trial


JOIN = """
countries[] ~ names[] ~ each ~ key=id
countries[].name ~ names[].name ~ text
countries[] ~ starts[] ~ each ~ key=country
countries[].start ~ starts[].date ~ date
countries[] ~ counts[] ~ each ~ key=id
countries[].planned ~ counts[].n ~ integer
"""


def cell(is_: Any, row: str | None = None, **rest: Any) -> dict[str, Any]:
    """Return a cell of a table."""
    return {"is": is_, **({} if row is None else {"row": row}), **rest}


SEVERAL_PLACES = "acronym ~ a ~ text\nacronym ~ b ~ text\nacronym ~ c ~ text ~ ~ fallback"
SPLIT = "interventions[] ~ p[] ~ each\ninterventions[].routes[] ~ p[].r ~ coded ~ route split"
