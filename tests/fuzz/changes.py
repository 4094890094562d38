"""Changes of documents at random: in the tree, in the text, in the bytes, and of what is around them."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from tests.conftest import fixture_files, refused
from trialparse import Parsed, read, sniff
from trialparse.mapping.format import Format
from trialparse.strategies import Document, maker_of
from trialparse.strategies.damage import damage
from trialparse.strategies.texts import NASTY

LARGEST = 400_000
"""Bytes beyond which a document grows no more."""

TOKENS: dict[str, list[bytes]] = {
    "json": rb'{ } [ ] , : " \ null true false NaN 1e999 -0 1e-9 0.1 "\ud800" "\u0000" "" {} [] [[]] {"":1} \u'.split(),
    "xml": rb"""< > </ /> & &amp; &#0; &#x110000; &x; <!-- --> <![CDATA[ ]]> <? ?> <!DOCTYPE xmlns="" xmlns:q="u" q:
             xsi:nil="true" xml:lang="x" <a/> = " ' <?xml-stylesheet?> """.split(),
    "csv": [b",", b'"', b'""', b"\r\n", b"\n", b"\r", b";", b"\t", b"|", b'"\n', b",,,,"],
    "text": [
        b":",
        b"\n",
        b"\r\n",
        b"\r",
        b"\n\n",
        b" ",
        b": Yes",
        b"A.",
        b"B.1.1",
        b"D.IMP: 1",
        b"Summary",
        b"\f",
        b"\x85",
    ],
    "html": rb"""< > </td> <td> <tr> </table> <table> <br> <script> <style> & &nbsp; &#0; <!-- <plaintext> <svg> <td
              colspan="9"> rowspan="9" </html> <html> <base> <select> <template>""".split(),
}
"""What means something in a notation."""
TOKENS["keyed"] = TOKENS["json"]

ODD_BYTES = [b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\x1a"]
NUMBERS = [b"0", b"-1", b"1.5", b"99999999999999999999", b"1e400", b"2026-02-30", b"00", b"0x1", "٣".encode()]
ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1252", "cp037"]


@cache
def fixtures_of(format: Format) -> tuple[bytes, ...]:
    """Return the fixtures of a format."""
    return tuple(data for data in _fixtures() if _format_of(data) is format)


@cache
def _fixtures() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in fixture_files() if not refused(path))


@cache
def _format_of(data: bytes) -> Format:
    return sniff(data)


POOL = 200
"""Documents that are made from each table: to make one takes several times as long as to change and read it."""


def fixture_of(format: Format, draw: Random) -> bytes:
    """Return a fixture of a format, a short one more often, or a document that is made if there is none."""
    known = fixtures_of(format)
    [data] = draw.choices(known, [1 / len(one) for one in known]) if known else [generated(format, draw).data]
    return data


def generated(format: Format, draw: Random) -> Document:
    """Return one of the documents made from the table of a format, many of them small."""
    return _generated(format, draw.randrange(POOL))


@cache
def _generated(format: Format, number: int) -> Document:
    return maker_of(format).document(Random(number), (1, 2, 4, 8, 16, 40)[number % 6])


def generated_in(format: Format) -> list[bytes]:
    """Return some of these documents."""
    return [_generated(format, number).data for number in range(6)]


@cache
def _trees(data: bytes) -> tuple[Any, ...]:
    return tuple(one._kept().tree() for one in read(data) if isinstance(one, Parsed))


def document_of(format: Format, draw: Random) -> Document:
    """Return a record of a fixture as a document, or where there is none a generated one."""
    if not fixtures_of(format):
        return generated(format, draw)
    data = fixture_of(format, draw)
    document = Document(format=format, tree=draw.choice(_trees(data)), data=data, expected=None)
    return document.with_tree(document.tree)


def damaged(document: Document, draw: Random, times: int) -> bytes:
    """Return a document after some damages of its tree, one upon the other."""
    found = damage(document, draw)
    for _ in range(times - 1):
        if found.tree is None:  # bytes were damaged: there is no tree any more
            break
        found = damage(document.with_tree(found.tree), draw)
    return found.data


# text and bytes -------------------------------------------------------------------------------------------------------


def _span(data: bytes, draw: Random, most: int = 2000) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + int(most ** draw.random()))


def _cut(data: bytes, draw: Random, notation: str) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _beheaded(data: bytes, draw: Random, notation: str) -> bytes:
    return data[draw.randrange(min(len(data), 300) + 1) :]


def _flipped(data: bytes, draw: Random, notation: str) -> bytes:
    at = draw.randrange(len(data) or 1)
    return data[:at] + bytes([byte ^ 1 << draw.randrange(8) for byte in data[at : at + 1]]) + data[at + 1 :]


def _shorter(data: bytes, draw: Random, notation: str) -> bytes:
    start, end = _span(data, draw)
    return data[:start] + data[end:]


def _repeated(data: bytes, draw: Random, notation: str) -> bytes:
    start, end = _span(data, draw)
    times = min(draw.choice((2, 2, 3, 3, 5, 10, 50, 1000)), LARGEST // (end - start + 1) + 1)
    return data[:end] + data[start:end] * times + data[end:]


def _moved(data: bytes, draw: Random, notation: str) -> bytes:
    start, end = _span(data, draw)
    rest = data[:start] + data[end:]
    at = draw.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _inserted(data: bytes, draw: Random, notation: str) -> bytes:
    at = draw.randrange(len(data) + 1)
    token = draw.choice((*TOKENS[notation], *ODD_BYTES))
    return data[:at] + token * draw.choice((1, 1, 1, 2, 200)) + data[at:]


def _swapped_token(data: bytes, draw: Random, notation: str) -> bytes:
    token = draw.choice(TOKENS[notation])
    places = [found.start() for found in re.finditer(re.escape(token), data)]
    if not places:
        return _inserted(data, draw, notation)
    at = draw.choice(places)
    return data[:at] + draw.choice((*TOKENS[notation], b"")) + data[at + len(token) :]


def _other_word(data: bytes, draw: Random, notation: str) -> bytes:
    """Put another word in the place of one: nasty, a number, or one of the document itself."""
    words = [*re.finditer(rb"[\w.-]{2,}", data)]
    if not words:
        return data
    word = draw.choice(words)
    new = draw.choice((draw.choice(NUMBERS), draw.choice(NASTY).encode("utf-8", "replace"), draw.choice(words)[0]))
    return data[: word.start()] + new + data[word.end() :]


def _long_word(data: bytes, draw: Random, notation: str) -> bytes:
    words = [*re.finditer(rb"[\w.-]{2,}", data)]
    if not words:
        return data
    word = draw.choice(words)
    piece = draw.choice((b"x", b"1", b" ", b"a ", b".", b"(", b"@a", b"1-", b",", "é".encode(), b"\n"))
    return data[: word.start()] + piece * draw.choice((300, 5000, 50_000)) + data[word.end() :]


def _spliced(data: bytes, draw: Random, notation: str) -> bytes:
    """Join the beginning of a document to the end of another one."""
    other = draw.choice(_fixtures())
    return data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other) + 1) :]


def _after_another(data: bytes, draw: Random, notation: str) -> bytes:
    other = draw.choice((data, draw.choice(_fixtures())))
    return draw.choice((b"\n", b"", b"\n\n", b",", b"\x00")).join(draw.sample((data, other), 2))


def _encoded(data: bytes, draw: Random, notation: str) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def _nested(data: bytes, draw: Random, notation: str) -> bytes:
    depth = draw.choice((3, 90, 101, 300, 3000))
    around = {"json": (b"[", b"]"), "keyed": (b'{"a":', b"}"), "xml": (b"<a>", b"</a>"), "html": (b"<div>", b"</div>")}
    opening, closing = around.get(notation, (b'"', b'"'))
    start, end = draw.choice(((0, len(data)), _span(data, draw)))
    return data[:start] + opening * depth + data[start:end] + closing * depth + data[end:]


def _packed(data: bytes, draw: Random, notation: str) -> bytes:
    if draw.randrange(2):
        return gzip.compress(data, 1, mtime=0)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as zipped:
        for number in range(draw.choice((1, 1, 3))):
            zipped.writestr(zipfile.ZipInfo(f"{number}"), data)  # without the time of now
    return archive.getvalue()


CHANGES: tuple[Callable[[bytes, Random, str], bytes], ...] = (
    _cut,
    _beheaded,
    _flipped,
    _shorter,
    _repeated,
    _moved,
    _inserted,
    _inserted,
    _swapped_token,
    _swapped_token,
    _other_word,
    _other_word,
    _long_word,
    _spliced,
    _after_another,
    _encoded,
    _nested,
    _packed,
)
"""Changes of a text or of bytes; what is more likely to reach a record stands there twice."""


def changed(data: bytes, draw: Random, notation: str, times: int = 1) -> bytes:
    """Return a document after some changes, one upon the other."""
    for _ in range(times):
        data = draw.choice(CHANGES)(data, draw, notation)[: 2 * LARGEST]
    return data


# what is tried --------------------------------------------------------------------------------------------------------


def _as_it_is(format: Format, draw: Random) -> bytes:
    """Return a document made from the table, one that no other try has."""
    return maker_of(format).document(draw, draw.choice((1, 2, 2, 4, 8))).data


def _generated_and_damaged(format: Format, draw: Random) -> bytes:
    return damaged(generated(format, draw), draw, draw.choice((1, 1, 2, 4)))


def _fixture_damaged(format: Format, draw: Random) -> bytes:
    return damaged(document_of(format, draw), draw, draw.choice((1, 2, 4, 8)))


def _fixture_changed(format: Format, draw: Random) -> bytes:
    return changed(fixture_of(format, draw), draw, format.notation.name, draw.choice((1, 1, 2, 4, 8)))


def _generated_and_changed(format: Format, draw: Random) -> bytes:
    return changed(generated(format, draw).data, draw, format.notation.name, draw.choice((1, 1, 2, 4)))


KINDS: tuple[Callable[[Format, Random], bytes], ...] = (
    _as_it_is,
    _generated_and_damaged,
    _generated_and_damaged,
    _generated_and_changed,
    _generated_and_changed,
    _fixture_damaged,
    _fixture_damaged,
    _fixture_changed,
    _fixture_changed,
    _fixture_changed,
)
"""How a document is made; ten, so that each is a tenth."""


def made(format: Format, seed: object, number: int) -> bytes:
    """Return the document of a number, the same for the same seed."""
    return KINDS[number % len(KINDS)](format, Random(f"{seed} {format.name} {number}"))
