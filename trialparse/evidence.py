"""Evidence: why a value of a Trial is what it is."""

from typing import NamedTuple

import attrs

from trialparse.diagnostics import Place


class Source(NamedTuple):
    """A place in the source and the words that stand there."""

    place: Place
    text: str


@attrs.frozen(kw_only=True)
class Evidence:
    """The places that a field was read from.

    For a record or a list it is the evidence of all that lies below.
    """

    field: str
    """Path of the field, such as `interventions[0].routes[0]`."""
    sources: tuple[Source, ...] = ()
    """Places and the register's words there; none where the source does not speak of the field."""
    row: str = ""
    """The table row or rows that made it, such as `mapping.tsv:17`, parted by blanks."""
    relation: str | None = None
    """How the register's word relates to our term: `exact`, `narrower`, `broader`, `related`; None for plain values."""
