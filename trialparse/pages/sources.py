"""What the page needs of a parsed record: its Trial, its format and the evidence for each field."""

from collections.abc import Sequence
from typing import Protocol

from trialparse.diagnostics import Place
from trialparse.model import Trial


class Source(Protocol):
    """A place in the source and the words there."""

    @property
    def place(self) -> Place:
        """Where the words stand."""

    @property
    def text(self) -> str:
        """The register's words."""


class Evidence(Protocol):
    """Why a field has its value."""

    @property
    def sources(self) -> Sequence[Source]:
        """The places that were read, none where nothing in the source speaks of the field."""

    @property
    def relation(self) -> str | None:
        """How the register's word relates to our term: exact, narrower, broader or related."""


class Format(Protocol):
    """The format that a record was read in."""

    @property
    def name(self) -> str:
        """Name of the format."""


class Parsed(Protocol):
    """A record that was read."""

    @property
    def trial(self) -> Trial:
        """The trial."""

    @property
    def format(self) -> Format:
        """Its format."""

    def evidence(self, field: str) -> Evidence:
        """Return the evidence for the field at this path, with all that lies below it."""

    def language_of(self, field: str) -> str | None:
        """Return the language of a text that stands where it does because that language was asked for."""
