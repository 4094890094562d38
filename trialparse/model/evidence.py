"""Evidence: why a value of a Trial is what it is."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol, overload

from trialparse.diagnostics import Diagnostic, Place
from trialparse.generated.classes import frozen
from trialparse.model import Trial
from trialparse.model.paths import check_path


class Source(NamedTuple):
    """A place in the source and the words found there."""

    place: Place
    text: str


@frozen(kw_only=True, weakref_slot=False)
class Evidence:
    """The places that a field was read from.

    For a record or a list: the evidence of everything below it.
    """

    field: str
    """Path of the field, such as `interventions[0].routes[0]`."""
    sources: tuple[Source, ...] = ()
    """Places and the register's words there that the value was read from."""
    unread: tuple[Source, ...] = ()
    """Places whose words for the field could not be read; the diagnostics report why.

    If there are neither `sources` nor these, the source does not mention the field.
    """
    row: str = ""
    """The table row or rows that read it, or tried to, such as `mapping.tsv:17`, parted by blanks."""
    relation: str | None = None
    """How the register's word relates to our term: `exact`, `narrower`, `broader`, `related`; None for plain values.

    `derived` is a value that no word says: a function worked it out from the words at all these places. A value that
    the register implies has a row and no place.
    """


def check_field(path: str) -> None:
    """Raise ValueError where a trial has no such field; an index may lie beyond a trial's list.

    >>> check_field("interventions[9].name")
    >>> check_field("dates.begin")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: 'dates.begin': Dates has no field 'begin', but registered, registered_checked, ...
    """
    check_path(Trial, path)


def top_of(path: str) -> str:
    """Return the field of the Trial that holds the field at a path.

    >>> top_of("results.arms[0].title")
    'results'
    """
    return re.split(r"[.\[]", path, maxsplit=1)[0]


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """The name."""


class Evidenced(Protocol):
    """A trial with its diagnostics and evidence: a record that was read, or several that were combined."""

    @property
    def trial(self) -> Trial:
        """The trial."""

    @property
    def format(self) -> Named:
        """The format that it was read as."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """What is wrong or worth knowing."""

    @overload
    def evidence(self, field: str) -> Evidence: ...

    @overload
    def evidence(self, field: None = None) -> dict[str, Evidence]:
        """Return the evidence of a field, or without one a dict of that of all fields."""
