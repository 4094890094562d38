"""Limits on the cost of a source."""

import attrs

from trialparse.diagnostics import LimitExceeded


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


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds on what one source may cost; a source beyond one of them raises `LimitExceeded`.

    The defaults are far above any record seen in a registry.

    >>> Limits(depth=20).depth
    20
    """

    bytes: int = _limit(512 << 20)
    """Bytes of a source as given: 512 MiB."""
    inflated: int = _limit(1 << 30)
    """Bytes of a source after decompression, all members and layers together: 1 GiB."""
    ratio: int = _limit(200)
    """Decompressed bytes for each compressed byte, not counting the first MiB: 200."""
    depth: int = _limit(100)
    """Nesting of a document: 100. XML is never read deeper than 256, whatever you set."""
    nodes: int = _limit(1_000_000)
    """Values in one record: 1,000,000."""
    attributes: int = _limit(256)
    """Attributes of one element: 256. Finding one takes time in proportion to their number.

    Namespaces that an XML element declares count as well. A document has at most four times as many different ones,
    and each has at most 1,000 bytes, whatever you set.
    """
    members: int = _limit(10_000)
    """Members of a zip, or consecutive gzip streams: 10,000."""
    record: int = _limit(64 << 20)
    """Bytes of one JSON line, or of one record of CSV, XML or text: 64 MiB."""

    def exceeded(self, name: str, what: str, /, **words: str | int) -> LimitExceeded:
        """Return the error for `what`, a sentence with words of the source, that exceeds the limit `name`."""
        return LimitExceeded(f"{what} is beyond the limit {name}={getattr(self, name):,}", **words)


DEFAULTS = Limits()
"""The default limits."""
