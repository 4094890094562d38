"""How much a source may cost before it is refused."""

import attrs

from trialparse.diagnostics import LimitExceeded


def _positive(_: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    """Hold that a limit is a whole number above zero."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"Limits.{attribute.name} takes an int, not {value!r}")
    if value <= 0:
        raise ValueError(f"Limits.{attribute.name} must be above 0, not {value}")


def _limit(default: int) -> int:
    """Make the field of one limit."""
    number: int = attrs.field(default=default, validator=_positive)
    return number


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds on what one source may cost; a source beyond one of them raises `LimitExceeded`.

    The defaults are far above every record that a registry has been seen to publish.

    >>> Limits(depth=20).depth
    20
    """

    bytes: int = _limit(512 << 20)
    """Bytes of a source as it is given: 512 MiB."""
    inflated: int = _limit(1 << 30)
    """Bytes that a source becomes when it is decompressed, all its members and layers together: 1 GiB."""
    ratio: int = _limit(200)
    """Bytes decompressed for each byte compressed; the first MiB is not counted: 200."""
    depth: int = _limit(100)
    """Nesting of a document: 100. XML is never read deeper than 256, whatever is set here."""
    nodes: int = _limit(1_000_000)
    """Values in one record: 1,000,000."""
    attributes: int = _limit(256)
    """Attributes of one element: 256. To find one takes as long as there are many.

    Namespaces that an element of XML declares count as well; a document has at most four times as many different ones,
    and each has at most 1,000 bytes, whatever is set here.
    """
    members: int = _limit(10_000)
    """Members of a zip, or gzip streams one after another: 10,000."""
    record: int = _limit(64 << 20)
    """Bytes of one JSON line, one CSV record or one record of XML or text: 64 MiB."""

    def exceeded(self, name: str, what: str, /, **words: str | int) -> LimitExceeded:
        """Return the error of `what`, a sentence with words of the source, being beyond the limit called `name`."""
        return LimitExceeded(f"{what} is beyond the limit {name}={getattr(self, name):,}", **words)


DEFAULTS = Limits()
"""The limits where none are given."""
