"""What a page needs of a record, or of several together: the trial, the kind, the format and the evidence of fields."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol, runtime_checkable

from trialparse.model import Trial
from trialparse.model.evidence import Evidence, Named


class KindForPage(Protocol):
    """A kind of record, and how a page about it names registers and regions."""

    @property
    def format(self) -> str:
        """Name of the format."""

    @property
    def made_from(self) -> str:
        """What the page is made from."""

    @property
    def explanation(self) -> str:
        """What such a record is, in plain sentences; empty for the whole record of a trial."""

    @property
    def authority(self) -> str:
        """Where such records are from."""

    @property
    def never(self) -> AbstractSet[str]:
        """Paths of fields that no such record holds."""

    @property
    def registers(self) -> Mapping[str, str]:
        """What registers are called, by the value of `Trial.registry`."""

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
        """Return the language of a text that was chosen because that language was asked for."""


class SpreadForPage(Protocol):
    """What one record of several says of a field."""

    @property
    def country(self) -> str | None:
        """The country that it says it of: its code, or its name where it has none; None for no country."""

    @property
    def value(self) -> Any:
        """The value."""

    @property
    def record(self) -> RecordForPage:
        """The record."""

    @property
    def part(self) -> int:
        """Which record it is, counted from 0."""

    @property
    def results(self) -> bool:
        """Whether the record is one of results."""

    def evidence(self) -> Evidence:
        """Return the evidence for the value."""


@runtime_checkable
class RecordsForPage(RecordForPage, Protocol):
    """Several records of one trial, which do not always say the same."""

    @property
    def differs(self) -> Sequence[str]:
        """The fields whose values differ."""

    @property
    def names(self) -> Sequence[str]:
        """What each of them is called."""

    @property
    def rules(self) -> str:
        """The name of the rules by which the trial was made."""

    def spread(self, field: str) -> Sequence[SpreadForPage]:
        """Return what each record says of a field."""

    def verb(self, field: str) -> str:
        """Return the verb by which the value of the trial was found among theirs, such as `union`."""
