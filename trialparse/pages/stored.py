"""A trial without its record: one that was stored, or made in another way."""

from collections.abc import Mapping
from types import MappingProxyType

from trialparse.generated.classes import frozen
from trialparse.model import Trial
from trialparse.model.evidence import Evidence


@frozen
class _Format:
    name: str = ""


@frozen
class _Kind:
    """A kind of record that is not known."""

    format: str = ""
    made_from: str = ""
    explanation: str = ""
    authority: str = ""
    of_country: bool = False
    registers: Mapping[str, str] = MappingProxyType({})
    pages: Mapping[str, str] = MappingProxyType({})
    regions: Mapping[str, str] = MappingProxyType({})


@frozen
class Stored:
    """A trial in the place of a record; no place of it is known."""

    trial: Trial
    """The trial."""
    format: _Format = _Format()
    """A format without a name."""
    kind: _Kind = _Kind()
    """A kind of record that is not known."""

    def evidence(self, field: str) -> Evidence:
        """Return evidence without places."""
        return Evidence(field=field)

    def language_of(self, field: str) -> str | None:
        """Return None, for nobody has chosen a language."""
        return None
