"""What a page needs of a record, or of several records together.

`Parsed` and `Combined` fit these protocols; `pages` does not import them, because it is on a lower floor.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from trialparse.model import Trial
from trialparse.model.evidence import Evidence, Named


class KindForPage(Protocol):
    """The words of a page on records of a format, and its names of registers and regions."""

    @property
    def format(self) -> str:
        """Name of the format."""

    @property
    def made_from(self) -> str:
        """What a page is made from, in its own words."""

    @property
    def explanation(self) -> str:
        """What such a record is, in plain sentences; empty for the whole record of a trial."""

    @property
    def authority(self) -> str:
        """Where such records come from, in words for a page."""

    @property
    def of_country(self) -> bool:
        """Whether each record is about the trial in one country."""

    @property
    def registers(self) -> Mapping[str, str]:
        """What registers are called, by the value of `Trial.registry`."""

    @property
    def pages(self) -> Mapping[str, str]:
        """The addresses of trials in their registers, with `{id}` for the number, by the value of `Trial.registry`."""

    @property
    def regions(self) -> Mapping[str, str]:
        """What several countries together are called, by the register's name for them."""


class RecordForPage(Protocol):
    """A record that was read."""

    @property
    def trial(self) -> Trial:
        """The trial."""

    @property
    def format(self) -> Named:
        """Its format."""

    @property
    def kind(self) -> KindForPage:
        """The kind of record."""

    def evidence(self, field: str) -> Evidence:
        """Return the evidence for the field at this path, with all that lies below it."""

    def language_of(self, field: str) -> str | None:
        """Return the language of a text if it was chosen for the language that the caller asked for, else None."""


class SpreadForPage(Protocol):
    """The value of a field in one record of several."""

    @property
    def country(self) -> str | None:
        """Country that the value is about: its code, or its name if it has none; None for no country."""

    @property
    def value(self) -> Any:
        """The value."""

    @property
    def record(self) -> RecordForPage:
        """The record."""

    @property
    def part(self) -> int:
        """Index of the record, from 0."""

    @property
    def results(self) -> bool:
        """Whether the record is one of results."""

    def evidence(self) -> Evidence:
        """Return the evidence for the value."""


@runtime_checkable
class RecordsForPage(RecordForPage, Protocol):
    """Several records of one trial, whose values may differ."""

    @property
    def differs(self) -> Sequence[str]:
        """The fields whose values differ."""

    @property
    def history(self) -> Sequence[int]:
        """The indices of the records that a later version replaces."""

    @property
    def names(self) -> Sequence[str]:
        """The name of each record."""

    @property
    def rules(self) -> str:
        """Name of the rules by which the records were combined."""

    def spread(self, field: str) -> Sequence[SpreadForPage]:
        """Return the value of a field in each record that has one."""

    def verb(self, field: str) -> str:
        """Return the verb that made the value of the trial from those of the records, such as `union`."""
