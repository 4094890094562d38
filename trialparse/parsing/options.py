"""The options of `parse` and `read`."""

import datetime

import attrs

from trialparse.diagnostics import Severity
from trialparse.generated.classes import frozen
from trialparse.limits import Limits
from trialparse.model.translation import check_language


@frozen(kw_only=True)
class Options:
    """The options of a call; see `parse` and `read` for each."""

    raise_at: Severity | None = None
    limits: Limits = attrs.field(factory=Limits)
    contacts: bool = True
    results: bool = True
    language: str | None = None
    as_of: datetime.date | None = None
    keep_raw: bool = True
    records_at: str | None = None

    def __attrs_post_init__(self) -> None:
        """Check what would otherwise be ignored or fail late; raises TypeError and ValueError."""
        if self.raise_at is not None and not isinstance(self.raise_at, Severity):
            raise TypeError(f"raise_at takes a Severity, not {self.raise_at!r}")
        if not isinstance(self.limits, Limits):
            raise TypeError(f"limits takes Limits, not {self.limits!r}")
        if self.language is not None:
            check_language(self.language)
        if self.as_of is not None and type(self.as_of) is not datetime.date:
            raise TypeError(f"as_of takes a datetime.date, not {self.as_of!r}")
        if self.records_at is not None and not isinstance(self.records_at, str):
            raise TypeError(f"records_at takes names such as 'payload.records', not {self.records_at!r}")
        for name in ("contacts", "results", "keep_raw"):
            if not isinstance(value := getattr(self, name), bool):
                raise TypeError(f"{name} takes True or False, not {value!r}")
