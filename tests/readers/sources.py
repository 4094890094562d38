"""Sources as tests hand them over, and what readers make of them."""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from trialparse.limits import Limits
from trialparse.readers import packed, source, xml
from trialparse.readers.source import Document, documents

LIMITS = Limits()


class Trickle(io.RawIOBase):
    """A file that cannot be searched and gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int = 1) -> None:
        self._data, self._step = io.BytesIO(data), step

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(self._step, size) if size >= 0 else self._step)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def contents(given_source: Any, limits: Limits = LIMITS) -> list[bytes]:
    return [document.read() for document in documents(given_source, limits)]


def only(data: bytes) -> Document:
    (document,) = documents(data, LIMITS)
    return document


@contextlib.contextmanager
def in_pieces() -> Iterator[None]:
    """Make every document of more than a few bytes a stream."""
    with mock.patch.object(source, "ONE_PIECE", 64), mock.patch.object(packed, "CHUNK", 16):
        yield


@contextlib.contextmanager
def xml_in_chunks(size: int, *, one_piece: int = 1, last_line: int = 65_535) -> Iterator[None]:
    """Read XML of more than a few bytes as a stream, in chunks of some size, by a parser that counts so many lines."""
    with (
        mock.patch.object(xml.document, "ONE_PIECE", one_piece),
        mock.patch.object(xml.chunks, "_CHUNK", size),
        mock.patch.object(xml.lines, "LAST_LINE", last_line),
    ):
        yield


BODIES = (
    b'<?xml version="1.0"?>\n<!DOCTYPE t SYSTEM "t.dtd">\n<t><r a="1">x<b/>y</r><r>&amp;</r></t>',
    b'a,b,"c d"\n1,"2\n3",4\n5,6\n',
    b'{"a": 1}\n{"a": [2]}\n',
    "é <\U0001f600".encode("utf-16"),
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
NAMES = st.sampled_from(["a", "b", "main", "é"])


def elements(depth: int = 3) -> st.SearchStrategy[str]:
    """XML of an element."""
    inner = st.just("") if depth == 0 else st.lists(st.one_of(elements(depth - 1), TEXTS.map(escaped))).map("".join)
    attributes = st.dictionaries(st.sampled_from(["x", "y"]), TEXTS.map(escaped)).map(
        lambda found: "".join(f' {name}="{value}"' for name, value in found.items())
    )
    return st.builds("<{0}{1}>{2}</{0}>".format, NAMES, attributes, inner)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def declared(count: int, size: int = 4) -> str:
    """Return declarations of namespaces, each of so many bytes."""
    return "".join(f' xmlns:p{number}="{number:0>{size}}"' for number in range(count))
