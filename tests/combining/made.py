"""Records of countries and of results, made by hand."""

from pathlib import Path
from typing import Any

from tests.combining.records import NUMBER, record
from trialparse import read
from trialparse.model import (
    Country,
    Enrolment,
    Status,
    Trial,
)
from trialparse.model.terms import (
    Phase,
    Progress,
)
from trialparse.parsing.parsed import Parsed

PHASES = {"I": Phase.I, "II": Phase.II, "III": Phase.III, "IV": Phase.IV}

PROGRESS = {
    "Ongoing": Progress.ONGOING,
    "Restarted": Progress.ONGOING,
    "Temporarily Halted": Progress.HALTED,
    "Suspended by CA": Progress.SUSPENDED,
    "Completed": Progress.ENDED,
    "Prematurely Ended": Progress.TERMINATED_EARLY,
}


def of_country(code: str | None, status: str | None = None, phases: str = "", **values: Any) -> Parsed:
    """Return the record of a member state as protocols of the EU CTR are read; without a code of a third country."""
    state = Status(text=status, trial=PROGRESS.get(status or ""))
    country = Country(code=code, name=code or "Outside EU/EEA", status=state, **values.pop("country", {}))
    made = {"id": NUMBER, "registry": "EUCTR", "phases": frozenset(PHASES[name] for name in phases.split())}
    return record(Trial(countries=(country,), **made | values))


def results(**values: Any) -> Parsed:
    """Return a record of results."""
    return record(Trial(**{"id": NUMBER, "registry": "EUCTR"} | values), "results")


TWO = [
    of_country(None, None, "IV", enrolment=Enrolment(planned=150)),
    of_country("AT", "Ongoing", "III", enrolment=Enrolment(planned=150)),
    of_country("DE", "Ongoing", "III", enrolment=Enrolment(planned=250)),
    of_country("ES", "Ongoing", "III", enrolment=Enrolment(planned=150)),
    of_country("GB", "GB - no longer in EU/EEA", "III", enrolment=Enrolment(planned=150)),
    of_country("PT", "Temporarily Halted", "III", enrolment=Enrolment(planned=250)),
    of_country("IT", "Not Authorised", "II", enrolment=Enrolment(planned=150)),
]
"""Seven records that disagree as those of 2014-002606-20 do."""

ONE = [
    of_country("AT", "Completed", "II"),
    of_country("CZ", "Completed", "II"),
    of_country("DE", "Completed", "II"),
    of_country("ES", "Prematurely Ended", "II III"),
    of_country("GB", "Completed", "II III"),
    of_country("IT", "Completed", "II III"),
    of_country("SE", "Completed", "II III"),
]
"""Seven records that disagree as those of 2012-003632-23 do."""


def of_country_xml(fixtures: Path, code: str, *changes: tuple[str, str]) -> Parsed:
    """Return the first trial of the fixture as the record of another country."""
    text = (fixtures / "euctr" / "registry.xml").read_text(encoding="utf-8")
    text = text[: text.index("</trial>")] + "</trial></trials>"
    for old, new in (("2015-099120-36-ES", f"2015-099120-36-{code}"), *changes):
        assert old in text
        text = text.replace(old, new)
    (found,) = read(text.encode())
    assert isinstance(found, Parsed)
    return found


CREAM = {"term": "CREAM", "text": "Cream"}
