"""Foreign bytes put into documents of every format, in a place that is read and in one that is not."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from tests.fuzz.changes import fixtures_of, generated
from tests.parsing.damage import NOTATIONS as DAMAGES
from tests.parsing.damage import WORD
from tests.parsing.documents import outcomes
from trialparse import Parsed, to_json
from trialparse.mapping.format import Format

NOBODY = "nobody reads this"
"""A name that no table has."""

JSON = ("json", "keyed")
"""The notations in which a value is a whole JSON text."""

MARK = WORD.encode()
QUOTED = b'"%s"' % MARK


class Graft(NamedTuple):
    """A document in two parts, between which something is put."""

    place: str
    """`read`: a text that is in the trial; `around`: an object or a list from which fields are read; `unread`."""
    notation: str
    before: bytes
    after: bytes

    def of(self, raw: bytes) -> bytes:
        """Return the document with raw bytes in the place, which in JSON is that of a whole value."""
        return self.before + raw + self.after

    def of_text(self, text: str) -> bytes:
        """Return the document with a text in the place, written as the notation writes one."""
        return self.of(WRITTEN[self.notation](text))


def _cell(text: str) -> bytes:
    return b'"%s"' % text.replace('"', '""').encode("utf-8", "replace")


def _element_text(text: str) -> bytes:
    return escape(legal(text)).encode("utf-8", "replace")


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "json": lambda text: json.dumps(text).encode(),
    "keyed": lambda text: json.dumps(text).encode(),
    "csv": _cell,
    "xml": _element_text,
    "html": _element_text,
    "text": lambda text: text.encode("utf-8", "replace"),
}
"""How a text is written in the place of a value, by the name of the notation."""


def legal(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


@cache
def grafts(format: Format) -> tuple[Graft, ...]:
    """Return a document of a format with each kind of place: of the shortest fixture that has them, or a made one."""
    notation = format.notation.name
    made = (generated(format, Random(seed)).data for seed in range(50))
    for source in (*sorted(fixtures_of(format), key=len), *made):
        found = _places(source, format)
        if len(found) == 2:
            if notation in JSON and (around := next(_around(source), None)) is not None:
                found["around"] = around
            return tuple(Graft(place, notation, *_parted(one, notation)) for place, one in found.items())
    raise AssertionError(f"no place in a document of {format.name}")


def _places(source: bytes, format: Format) -> dict[str, bytes]:
    """Return a document with the mark in a text that is in the trial, and one with it where nobody reads it."""
    found: dict[str, bytes] = {}
    notation = format.notation.name
    for damage in DAMAGES[notation](source):
        if _holds(damage.damaged, notation):
            if "read" not in found and _is_in_trial(damage.damaged, format):
                found["read"] = damage.damaged
            unread = UNREAD[notation](damage.damaged)
            if "unread" not in found and _is_in_trial(unread, format) is False:
                found["unread"] = unread
            if len(found) == 2:
                break
    return found


def _holds(document: bytes, notation: str) -> bool:
    """Whether the mark is in the document once, by itself: no element of a list, and no attribute."""
    beside = {"xml": b">%s", "html": b">%s"}.get(notation, b"%s") % MARK
    return document.count(MARK) == 1 and beside in document and b"[%s]" % QUOTED not in document


def _parted(document: bytes, notation: str) -> tuple[bytes, bytes]:
    before, mark, after = document.partition(QUOTED if notation in JSON else MARK)
    assert mark
    return before, after


def _is_in_trial(document: bytes, format: Format) -> bool | None:
    """Whether the mark is in the trial; None where no record of the format can be read."""
    found = [one for one in outcomes(document) if isinstance(one, Parsed) and one.format is format]
    return any(WORD in to_json(one.trial) for one in found) if found else None


def _around(source: bytes) -> Iterator[bytes]:
    """Yield JSON with the mark in the place of an object or a list without which the trial is another."""
    tree, before = json.loads(source), _trials(source)
    holders: list[Any] = [tree]
    while holders:
        holder = holders.pop()
        for key, below in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(below, dict | list) and below:
                holder[key] = WORD
                found = json.dumps(tree).encode()
                if _trials(found) not in ([], before):
                    yield found
                holder[key] = below
                holders.append(below)


def _trials(source: bytes) -> list[str]:
    return [to_json(one.trial) for one in outcomes(source) if isinstance(one, Parsed)]


def _unread_key(read: bytes) -> bytes:
    return re.sub(rb'"(?:[^"\\]|\\.)*":\s*' + QUOTED, b'"%s": %s' % (NOBODY.encode(), QUOTED), read)


def _unread_element(read: bytes) -> bytes:
    tree = etree.fromstring(read)
    name = NOBODY.replace(" ", "-")
    for element in tree.iter(etree.Element):
        if WORD in (element.text or ""):
            element.tag = name
        for attribute, value in element.attrib.items():
            if WORD in value:
                del element.attrib[attribute]
                element.set(name, value)
    return etree.tostring(tree)


def _unread_column(read: bytes) -> bytes:
    header, first, *rows = csv.reader(io.StringIO(read.decode("utf-8-sig")))
    plain = [cell if WORD not in cell else "" for cell in first]
    out = io.StringIO()
    csv.writer(out).writerows([[*header, NOBODY], [*plain, WORD], *([*row, ""] for row in rows)])
    return out.getvalue().encode()


def _unread_line(read: bytes) -> bytes:
    return re.sub(rb"(?m)^[^:\n]*:\s+" + MARK, b"%s: %s" % (NOBODY.encode(), MARK), read)


def _unread_row(read: bytes) -> bytes:
    at = read.rindex(b"<tr", 0, read.index(MARK))
    row = b"<tr><td>%s</td><td>%s</td></tr>" % (NOBODY.encode(), MARK)
    return read[:at] + row + read[at:].replace(MARK, b"x")


UNREAD: dict[str, Callable[[bytes], bytes]] = {
    "json": _unread_key,
    "keyed": _unread_key,
    "xml": _unread_element,
    "csv": _unread_column,
    "text": _unread_line,
    "html": _unread_row,
}
"""From a document whose mark is read to one whose mark is where nobody reads."""
