"""A document: parsed as a whole, and its records, from one piece or from a stream."""

import io
from collections.abc import Iterator

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.limits import Limits
from trialparse.readers.source import ONE_PIECE, Document
from trialparse.readers.xml import lines
from trialparse.readers.xml.elements import local_name, marks, too_deep, too_large
from trialparse.readers.xml.levels import Levels, Piece, within
from trialparse.readers.xml.namespaces import Around, copied
from trialparse.readers.xml.parser import Element, parsed
from trialparse.readers.xml.prolog import opened
from trialparse.readers.xml.stream import Stream
from trialparse.readers.xml.tags import Tags

_SHORTEST = 4
"""Bytes of the shortest element or attribute: `<a/>`."""


def parse(data: bytes, limits: Limits) -> Element:
    """Return the root of a document.

    Raises `MalformedDocument` and, beyond `limits.record` or `limits.depth`, `LimitExceeded`.
    """
    if len(data) > limits.record:
        raise limits.exceeded("record", f"XML of {len(data):,} bytes")
    encoding, data = opened(data)
    Tags(limits).check(data)
    root = parsed(lines.with_line_feeds(data), encoding)
    deep = too_deep(root, limits.depth, limits)
    if deep is not None:
        raise deep
    return root


def in_one_piece(document: Document, limits: Limits) -> bool:
    """Whether a document is parsed as a whole and not as a stream, whose values are counted as they come."""
    data = document.data
    if data is None or len(data) > min(ONE_PIECE, limits.record):
        return False
    return len(data) <= limits.nodes * _SHORTEST or marks(data) <= limits.nodes


def records(document: Document, levels: Levels, limits: Limits) -> Iterator[Piece]:
    """Yield the records of a document, at levels such as `({"trials"}, {"trial", "Triall"})`, in its order.

    Within the levels an element of another name is no record.

    An element is complete when it is yielded. In a document in one piece it is detached, so that it can be kept without
    its neighbours and read in another thread; in a stream it is emptied when the next one is requested, so that memory
    does not grow with the number of records.

    In place of a record beyond a limit is the error. Raises `MalformedDocument`, behind the records before the place
    where the document is broken, and `LimitExceeded` for a stretch between two records that is beyond a limit.
    """
    if document.data is not None and in_one_piece(document, limits):
        yield from _taken_out(document.data, levels, limits)
    else:
        yield from _with_few_around(Stream(document.open(), levels, limits).elements())


def _taken_out(data: bytes, levels: Levels, limits: Limits) -> Iterator[Piece]:
    """Yield the elements of a document in one piece, each detached before it is yielded.

    One that cannot be parsed as a whole is read as a stream up to the place where it is broken, and one with more lines
    than the parser counts as a stream in which it begins anew.
    """
    if len(levels) > 1 and lines.has_too_many(data):
        yield from _copies(data, levels, limits)
        return
    many = len(data) > limits.nodes * _SHORTEST
    around = Around()
    try:
        root = parse(data, limits)
    except TrialParseError as error:
        if len(levels) == 1:
            raise
        yield from _before(error, data, levels, limits)
        return
    for element, names, is_record in within(root, levels, (local_name(root),)):
        large = too_large(element, limits) if many and is_record else None
        if large is not None:
            yield Piece(large, names, True)
            continue
        line = lines.line_of(element) if is_record else None
        if is_record and element.getparent() is not None:
            element.makeelement("around", nsmap=around.kept(element)).append(element)
        yield Piece(element, names, is_record, line)


def _before(error: TrialParseError, data: bytes, levels: Levels, limits: Limits) -> Iterator[Piece]:
    """Yield copies of the elements before the place where a document is broken, and raise the error on it."""
    try:
        yield from _copies(data, levels, limits)
    except MalformedDocument:
        raise error from None


def _copies(data: bytes, levels: Levels, limits: Limits) -> Iterator[Piece]:
    """Yield copies of the elements of a document that is read as a stream."""
    around = Around()
    for one in Stream(io.BytesIO(data), levels, limits).elements():
        element = one.element
        yield one if isinstance(element, LimitExceeded) else one._replace(element=copied(element, around))


def _with_few_around(elements: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the elements of a stream, or copies of those with many namespaces declared around them."""
    around = Around()
    for one in elements:
        element = one.element
        if one.is_record and not isinstance(element, LimitExceeded) and around.are_many(element):
            one = one._replace(element=copied(element, around))
        yield one
