"""The depth of a place in XML, followed through the bytes without keeping them."""

import re

_KINDS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"</", b">"))
"""What begins with `<` and is no start tag: how it begins, and how it ends."""
_LONGEST = max(len(sign) for sign, _ in _KINDS)
_IN_TAG = re.compile(rb"[\"'>]")
_TEXT, _TAG, _END = b"<", b"", b">"
"""What a text and an end tag end with; a start tag may end with several signs."""


class Outline:
    """A place in a well-formed document, which moves on. The encoding writes markup as ASCII does."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        """How many elements are around the place."""
        self.size = 0
        """Bytes from the beginning of the last element around which there are as many as asked for."""
        self._until = _TEXT
        """What ends the part in which the place is."""
        self._kept = b""
        """Bytes that are understood only with those behind them."""

    def follow(self, data: bytes, depth: int) -> bytes | None:
        """Move over the next bytes to the end of an element around which there are so many; return what is behind it.

        None if it does not end in them.
        """
        begin, place = len(self._kept) - self.size, 0
        data = self._kept + data
        while True:
            before, until = self.depth, self._until
            end = self._step(data, place)
            if end < 0:
                self._kept, self.size = data[len(data) + 1 + end :], len(data) - begin
                return None
            place = end
            if self.depth != depth:
                continue
            if until == _TEXT and self._until == _TAG:
                begin = place - 1
            elif until == _END or (until == _TAG and self._until == _TEXT and before == depth):
                self._kept, self.size = b"", place - begin
                return data[place:]

    def _step(self, data: bytes, place: int) -> int:
        """Return the place behind the next sign, and note what comes there.

        If the sign is not in the data, return a number below zero: -1 less the number of last bytes to be kept.
        """
        if self._until == _TAG:
            return self._in_tag(data, place)
        found = data.find(self._until, place)
        if self._until == _TEXT:
            return self._markup(data, found) if found >= 0 else -1
        if found < 0:
            return -1 - min(len(self._until) - 1, len(data) - place)
        place = found + len(self._until)
        self.depth -= self._until == _END
        self._until = _TAG if self._until in (b'"', b"'") else _TEXT
        return place

    def _markup(self, data: bytes, place: int) -> int:
        """Move behind the first signs of what begins with `<`."""
        begin = data[place : place + _LONGEST]
        for sign, until in _KINDS:
            if begin.startswith(sign):
                self._until = until
                return place + len(sign)
        if len(begin) < _LONGEST and any(sign.startswith(begin) for sign, _ in _KINDS):
            return -1 - len(begin)
        self._until = _TAG
        return place + 1

    def _in_tag(self, data: bytes, place: int) -> int:
        """Move behind the next quote of a start tag, or behind the tag."""
        found = _IN_TAG.search(data, place)
        if found is None:
            return -1 - min(1, len(data) - place)
        self._until = found[0]
        if found[0] == b">":
            self._until = _TEXT
            self.depth += data[found.start() - 1 : found.start()] != b"/"
        return found.end()
