"""Start tags: how they are written, and their limits, checked before the parser sees them.

libxml2 looks for an attribute with a prefix, and for each prefix, among all that came before. So attributes and
declarations of namespaces are counted first. A well-formed document has no `<` in a value: what is between two of them
holds one start tag at the most, and each attribute of a start tag has one `=` outside of its quotes.
"""

import re
from collections.abc import Iterator

from trialparse.diagnostics import LimitExceeded
from trialparse.limits import Limits

VALUE = rb"""(?:"[^"<]*+"|'[^'<]*+')"""
"""A value of an attribute, in its quotes."""
START_TAG = re.compile(rb"""<[^\s!?/<>"'](?:[^<>"']++|""" + VALUE + rb")*+")
"""A start tag, up to its `>`."""
TAG = re.compile(rb"""</?[^\s!?/<>"'](?:[^<>"']++|""" + VALUE + rb")*+>")
"""A whole start tag or end tag."""
_VALUES = re.compile(VALUE)
DECLARATION = re.compile(rb"""\sxmlns(?::[^\s<>/=]++)?+\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
"""A declaration of a namespace in a start tag; a group for each kind of quote."""
OPENING = re.compile(rb"<(?:([^\s<>/:=]++):)?([^\s<>/:=]++)(?=[\s/>])")
"""The beginning of a start tag: prefix and local name."""
_NAMESPACE = 1000
"""Bytes of the longest namespace that is read: lxml repeats it whenever it names an element."""
_AROUND = 4
"""How many times as many namespaces a document may have as an element attributes."""
_LEAST = 5
"""Bytes of the shortest attribute: ` a=""`."""


class Tags:
    """Checks the limits of start tags before the parser sees them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._namespaces: set[bytes] = set()
        """The declarations of the document, each once: all can be around one element."""
        self.is_full = False
        """Whether there are too many, so that nothing more of the document can be read."""
        self._place = 0
        """Where the tag is that was looked at last."""

    def split(self, data: bytes) -> tuple[bytes, LimitExceeded | None]:
        """Return a part of a document up to a tag that is beyond the limits, and the error on that."""
        error = None
        while True:
            try:
                self.check(data)
            except LimitExceeded as found:
                data, error = data[: self._place], found
            else:
                return data, error

    def check(self, data: bytes) -> None:
        """Take a document, or a part of it in which no tag is cut; raises LimitExceeded."""
        for start, end in self._long(data):
            if data.count(b"=", start, end) > self._limits.attributes:
                self._check_tag(data, start)
        place = data.find(b"xmlns")
        while place >= 0:
            start, end = data.rfind(b"<", 0, place), data.find(b"<", place)
            end = len(data) if end < 0 else end
            if start >= 0:
                self._check_tag(data, start)
            place = data.find(b"xmlns", end)

    def _long(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield stretches without `<` that are long enough for a tag with too many attributes."""
        stride = max(1, self._limits.attributes * _LEAST // 2)
        place = 0
        while place < len(data):
            found = data.find(b"<", place, place + stride)
            if found >= 0:
                place += stride
                continue
            end = data.find(b"<", place)
            end = len(data) if end < 0 else end
            yield max(data.rfind(b"<", 0, place), 0), end
            place = end

    def _check_tag(self, data: bytes, start: int) -> None:
        """Check the limits of a start tag; it may also be a comment."""
        tag = START_TAG.match(data, start)
        if tag is None:
            return
        self._place = start
        limits, attributes = self._limits, _VALUES.sub(b"", tag[0]).count(b"=")
        if attributes > limits.attributes:
            raise limits.exceeded("attributes", f"an element with {attributes:,} attributes and namespaces")
        for declaration in DECLARATION.finditer(tag[0]):
            size = len(declaration[1] or declaration[2] or b"")
            if size > _NAMESPACE:
                raise LimitExceeded(f"a namespace of {size:,} bytes is longer than {_NAMESPACE:,}")
            self._namespaces.add(declaration[0])
        if len(self._namespaces) > limits.attributes * _AROUND:
            self.is_full = True
            raise limits.exceeded(
                "attributes", f"a quarter of the {len(self._namespaces):,} namespaces of the document"
            )
