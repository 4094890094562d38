"""Limits on the cost of a source."""

import attrs

from trialparse.diagnostics import LimitExceeded
from trialparse.generated.classes import frozen


def _positive(_: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    """Check that a limit is a whole number above zero."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"Limits.{attribute.name} takes an int, not {value!r}")
    if value <= 0:
        raise ValueError(f"Limits.{attribute.name} must be above 0, not {value}")


def _limit(default: int) -> int:
    """Make the field for one limit."""
    number: int = attrs.field(default=default, validator=_positive)
    return number


def _unbounded() -> int | None:
    """Make the field for one limit that has no default."""
    number: int | None = attrs.field(default=None, validator=attrs.validators.optional(_positive))
    return number


@frozen(kw_only=True)
class Limits:
    """Bounds on what one source may cost; a source beyond one of them raises `LimitExceeded`.

    A source as a whole has no bound unless you set one: it is read record by record, and what can do harm is bounded
    for each record. These defaults are far above any record seen in a registry.

    >>> Limits(depth=20).depth
    20
    """

    bytes: int | None = _unbounded()
    """Bytes of a source as given: no bound."""
    inflated: int | None = _unbounded()
    """Bytes of a source after decompression, all members and layers together: no bound."""
    ratio: int = _limit(200)
    """Decompressed bytes for each compressed byte, not counting the first MiB: 200."""
    depth: int = _limit(100)
    """Nesting of a document: 100. XML is never read deeper than 256, whatever you set."""
    nodes: int = _limit(1_000_000)
    """Values in one record: 1,000,000. They are counted before they are made."""
    attributes: int = _limit(256)
    """Attributes of one element: 256. Finding one takes time in proportion to their number.

    Namespaces that an XML element declares count as well. A document has at most four times as many different ones,
    and each has at most 1,000 bytes, whatever you set.
    """
    members: int | None = _unbounded()
    """Members of a zip, or consecutive gzip streams: no bound."""
    record: int = _limit(64 << 20)
    """Bytes of one record: 64 MiB. An HTML page is one record, and so is what is around the rows of a JSON page.

    A record takes up to 40 bytes of memory for each of its own, and more if it is XML or a page of nothing but tags,
    keyed JSON, or a text of very short lines. `nodes` bounds their number: set both lower for strangers.
    """
    held: int = _limit(512 << 20)
    """Bytes of a zip, or of a page or object of JSON, that comes from a pipe and has to be held: 512 MiB."""

    def exceeded(self, name: str, what: str, /, **words: str | int) -> LimitExceeded:
        """Return the error for `what`, a sentence with words of the source, that exceeds the limit `name`."""
        return LimitExceeded(f"{what} is beyond the limit {name}={getattr(self, name):,}", **words)


DEFAULTS = Limits()
"""The default limits."""
