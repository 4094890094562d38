"""The prolog: the part of a document before its root, read before the parser sees it.

All that lets XML grow, or fetch something, is in the internal subset of its DOCTYPE: entities and defaults of
attributes. A document with one is refused. A DOCTYPE without one, as OpenTrials writes it, is blanked: where libxml2
sees a DTD that it must not load, it takes `&name;` for declared there and drops it from attribute values without an
error; where it sees none, it reports that the entity is not defined.
"""

import re
from typing import NamedTuple

from trialparse.diagnostics import MalformedDocument

PROLOG = 1 << 20
"""The root must begin within these bytes of a stream."""
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,100}?\sencoding\s*=\s*["']([^"'>]{0,60})["']""")
_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^\[<>"']++|"[^"]*+"|'[^']*+')*+""")
_NOT_LINES = re.compile(rb"[^\r\n]")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))
ENCODINGS = frozenset(
    ["utf-8", "us-ascii", "gb2312", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "koi8-r"]
    + [f"iso-8859-{part}" for part in range(1, 17) if part != 12]
    + [f"windows-125{page}" for page in range(9)]
)
"""Those in which every byte below 0x40 is the ASCII character, so that markup is found without decoding."""
_ALSO = {"utf8": "utf-8", "ascii": "us-ascii", "latin1": "iso-8859-1", "latin-1": "iso-8859-1"}
"""Other names of encodings that documents declare."""


class Prolog(NamedTuple):
    """The part of a document before its root."""

    encoding: str
    doctype: slice
    """The range of the DOCTYPE, an empty slice if there is none."""
    end: int
    """Where the root begins."""


def opened(data: bytes) -> tuple[str, bytes]:
    """Return the encoding of a document, and the document without DOCTYPE; refuses one that could make it grow."""
    encoding, doctype, _ = prolog_of(data)
    if doctype.stop:
        data = data[: doctype.start] + _NOT_LINES.sub(b" ", data[doctype]) + data[doctype.stop :]
    return encoding, data


def prolog_of(data: bytes) -> Prolog:
    """Return the part before the root; raises MalformedDocument.

    It is checked completely: nothing that libxml2 reads differently may come before the root, such as a second
    DOCTYPE, a second byte order mark or EBCDIC.
    """
    encoding = _encoding(data)
    place = behind_space(data, 0)
    doctype = slice(0)
    while data.startswith((b"<?", b"<!"), place):
        if data.startswith(b"<!DOCTYPE", place) and not doctype.stop:
            doctype = slice(place, _doctype_end(data, place))
            place = behind_space(data, doctype.stop)
        else:
            place = behind_space(data, behind_comment(data, place))
    if data[place : place + 1] != b"<" or len(data) < place + 2:
        raise MalformedDocument(f"byte {place}: no element begins here")
    return Prolog(encoding, doctype, place)


def behind_space(data: bytes, place: int) -> int:
    """Return the place behind white space."""
    found = _SPACE.match(data, place)
    return found.end() if found else place


def behind_comment(data: bytes, place: int) -> int:
    """Return the place behind a comment or processing instruction."""
    for begin, end in _SKIPPED:
        if data.startswith(begin, place):
            found = data.find(end, place + len(begin))
            if found >= 0:
                return found + len(end)
    raise MalformedDocument(f"byte {place}: no comment, instruction or DOCTYPE that ends")


def _encoding(data: bytes) -> str:
    """Return the encoding that a document declares."""
    found = _DECLARED.match(data)
    if not found:
        return "utf-8"
    declared = found[1].decode("ascii", "backslashreplace")
    name = _ALSO.get(declared.lower(), declared.lower())
    if name not in ENCODINGS:
        raise MalformedDocument("XML in the encoding {declared!r} is not read", declared=declared)
    return name


def _doctype_end(data: bytes, place: int) -> int:
    """Return the place behind a DOCTYPE that declares nothing."""
    found = _DOCTYPE.match(data, place)
    end = found.end() if found else place
    if data[end : end + 1] == b"[":
        raise MalformedDocument(f"byte {end}: a DOCTYPE with declarations is not read")
    if data[end : end + 1] != b">":
        raise MalformedDocument(f"byte {place}: a DOCTYPE that does not end")
    return end + 1
