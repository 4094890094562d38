"""Functions between `Trial` and plain values, and one for records and combined records alike."""

import sys
from typing import NamedTuple

import trialparse
from trialparse import Combined, Masking, Parsed, Sex, Trial


class Row(NamedTuple):
    """A row of a table of trials."""

    number: str | None
    title: str
    planned: int | None
    blinded: bool
    women: bool
    countries: list[str]


def row(trial: Trial) -> Row:
    """Return the row of a trial."""
    return Row(
        number=trial.id,
        title=(trial.public_title or trial.scientific_title or "")[:20],
        planned=trial.enrolment.planned,
        blinded=bool(trial.design.masking - {Masking.OPEN}),
        women=trial.eligibility.sex in (Sex.ALL, Sex.FEMALE),
        countries=[country.code for country in trial.countries if country.code is not None],
    )


def sources(record: Parsed | Combined, field: str) -> int:
    """Return the number of places that a field was read from."""
    return len(record.evidence(field).sources)


parsed = trialparse.parse(sys.argv[1])
print(row(parsed.trial))
print(sources(parsed, "phases"), sources(trialparse.combine([parsed]), "phases"))
