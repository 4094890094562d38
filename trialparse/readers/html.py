"""HTML: the rows of a page's tables that hold an answer, with the place of each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from trialparse.diagnostics import LimitExceeded, MalformedDocument
from trialparse.limits import Limits
from trialparse.prepared import prepared
from trialparse.readers import xml
from trialparse.readers.layout import Layout

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Labelled(Protocol):
    """A line of a form."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def label(self) -> str:
        """Its label."""

    @property
    def kind(self) -> str:
        """What it can be."""


class Cell(NamedTuple):
    """A cell of a table with an answer in it."""

    text: str
    """The answer in lines as they are shown."""
    language: str | None
    """The language beside it."""
    path: str
    """XPath of the cell."""


class HtmlRow(NamedTuple):
    """A row of a table."""

    label: str
    """Code and label as they are printed, with a blank between them; of a heading also the answer in it."""
    answers: tuple[Cell, ...]
    """The answer, or those in several languages; none for a heading."""
    path: str
    """XPath of the row."""
    is_torn: bool = False
    """Whether the page was cut off within it."""


def rows(raw: bytes, layout: Layout, limits: Limits) -> Iterator[HtmlRow]:
    """Yield the rows with a heading, or a label and its answer, in the order of the page.

    Raises `MalformedDocument` for what is no page or several, and `LimitExceeded` for one with more elements than
    `limits.nodes`, or that is deeper or has longer words than the parser takes.
    """
    root = _page(raw, limits)
    last = next(reversed([*root.iter("tr")]), None) if ends_in_row(raw) else None
    torn = set() if last is None else {last, *last.iterancestors("tr")}
    for number, row in enumerate(root.iter("tr"), start=1):
        made = _row(row, number, layout)
        if made is not None:
            yield made._replace(is_torn=True) if row in torn else made


@prepared
def _etree() -> Any:
    """Import lxml when the first page is read and not before."""
    from lxml import etree

    return etree


def _page(raw: bytes, limits: Limits) -> "Element":
    """Return the root of a page."""
    if len(raw) > limits.nodes and raw.count(b"<") - raw.count(b"</") > limits.nodes:
        raise limits.exceeded("nodes", "the page")
    etree = _etree()
    options: dict[str, Any] = {"encoding": encoding_of(raw), "no_network": True, "huge_tree": False}
    parser = etree.HTMLParser(**options, remove_comments=True, remove_pis=True)
    try:
        if not has_plain_tags(raw, limits.attributes):
            etree.fromstring(raw, etree.HTMLParser(**options | {"target": _Attributes(limits)}))
        root: Element | None = etree.fromstring(raw, parser)
    except LimitExceeded:
        raise
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise MalformedDocument("no HTML page: {found}", found=str(error)) from None
    if root is None:
        raise MalformedDocument("no HTML page: it is empty")
    stopped = next((error for error in parser.error_log if error.level_name == "FATAL"), None)
    if stopped is not None:  # the parser returns what it has read so far, as if the page ended there
        raise LimitExceeded("line {line} of the page: {found}", line=stopped.line, found=stopped.message.strip())
    if any(beside.tag == "html" for beside in root.itersiblings()):
        raise MalformedDocument("several HTML pages in one document: save each of them by itself")
    if _elements()(root) > limits.nodes:
        raise limits.exceeded("nodes", "the page")
    return root


@xml.shared
def _elements() -> Any:
    """Compile the count of elements."""
    return _etree().XPath("count(descendant-or-self::*)")


@prepared
def _no_plain_tag(attributes: int) -> re.Pattern[bytes]:
    """Return the pattern of a `<` that may begin an element, and no plain tag with so many attributes at the most."""
    attribute = rb"""\s++[\w.:-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'))?+"""
    return re.compile(rb"<(?![/!?\s]|[a-zA-Z][\w.:-]*+(?:%b){0,%d}+\s*+/?+>)" % (attribute, min(attributes, _MOST)))


_MOST = 1000
"""Attributes of a plain tag, whatever the limit."""


def has_plain_tags(raw: bytes, attributes: int) -> bool:
    """Whether each start tag of a page is one that every parser reads alike, with so many attributes at the most.

    Then the page need not be parsed twice. A quoted value without `<` and `>` cannot go on behind its tag.
    """
    return _no_plain_tag(attributes).search(raw) is None


class _Attributes:
    """Holds the limit of attributes before a tree is made: the parser hangs each one behind all others of its element.

    It takes the place of the tree in the same parser, as only that finds the tags of a page that is not well made.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag."""
        if len(attributes) > self._limits.attributes:
            raise self._limits.exceeded("attributes", f"<{{tag}}> with {len(attributes):,} attributes", tag=tag)

    def close(self) -> None:
        """Take the end of the page."""


_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?(iso-8859-\d{1,2}|windows-125\d|utf-8)""", re.IGNORECASE)
"""A declared encoding; browsers save pages in these."""


def encoding_of(raw: bytes) -> str:
    """Return the encoding of a page: UTF-8, else the one that it declares; raises `MalformedDocument`."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(raw[:4096])
        name = declared[1].decode("ascii", "replace") if declared else "utf-8"
        try:
            raw.decode(name)
        except (LookupError, ValueError):
            raise MalformedDocument(f"no HTML page in {name}: byte {error.start} is none of its signs") from None
        return name
    return "utf-8"


_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))")


def has_halves(raw: bytes) -> bool:
    """Whether a page has half of a surrogate pair as a character reference, which the parser reads as U+FFFD."""
    if b"&#" not in raw:
        return False
    numbers = (int(found[1] or found[2], 16 if found[1] else 10) for found in _REFERENCE.finditer(raw))
    return any(0xD800 <= number < 0xE000 for number in numbers)


def is_page(head: bytes) -> bool:
    """Whether a document is a page of HTML, by its first bytes."""
    return xml.root_of(head).name.lower() == "html" or b"<html" in head[:4096].lower()


def has_end(raw: bytes) -> bool:
    """Whether a page is complete, not cut off."""
    return _ends(raw) or _ends(raw.lower())


def _ends(raw: bytes) -> bool:
    """Whether the end of a page is in it, in small letters; it is found from behind."""
    return raw.rfind(b"</html") >= 0


def ends_in_row(raw: bytes) -> bool:
    """Whether a page was cut off within a row of a table."""
    if _ends(raw):  # most pages do, in these letters
        return False
    raw = raw.lower()
    return not _ends(raw) and raw.rfind(b"<tr") > raw.rfind(b"</tr")


def _row(row: Any, number: int, layout: Layout) -> HtmlRow | None:
    """Return the content of a row of a page, which has this number in it, by the classes of its cells."""
    cells = [cell for cell in row[:] if cell.tag == "td"]  # lxml hands over a slice at once
    names = tuple([cell.get("class", "") for cell in cells])
    path = f"(//tr)[{number}]"
    if names == layout.coded:
        return HtmlRow(f"{_text(cells[0])} {_text(cells[1])}", _answers(cells[2], f"{path}/td[3]", row, number), path)
    if names == layout.bare:
        return HtmlRow(_text(cells[0]).removesuffix(":"), _answers(cells[1], f"{path}/td[2]", row, number), path)
    if names and names[0] in layout.headings:
        return HtmlRow(" ".join([_folded(_words(cell)) for cell in cells]).strip(), (), path)
    return None


def _text(cell: "Element") -> str:
    """Return the label in a cell on one line; some contain no-break spaces."""
    return " ".join(_words(cell).split())


def _words(cell: "Element") -> str:
    """Return all text in a cell."""
    return "".join(map(str, cell.itertext())) if len(cell) else cell.text or ""


_SPACE = " \t\n\f\r"
"""White space of HTML ("ASCII whitespace" of its standard); any other is part of the text."""


def _folded(text: str) -> str:
    """Return a text on one line as a page shows it."""
    for sign in _SPACE[1:]:
        text = text.replace(sign, " ")
    return " ".join(filter(None, text.split(" ")))


def _answers(cell: "Element", path: str, around: "Element", number: int) -> tuple[Cell, ...]:
    """Return the answers in a cell: its text, or the rows of a nested table, each with its language.

    `around` is the row of the cell, and `number` its number in the page; those within it come next.

    Rows of the form that have come into it because a table was not closed are rows of their own.
    """
    if not len(cell):
        return (Cell(_shown(_flat(cell.text)), None, path),)
    numbered = {row: place for place, row in enumerate(around.iter("tr"), start=number)}
    inner = [(row, [below for below in row if below.tag == "td"]) for row in cell.iter("tr")]
    strange: set[Element] = set()
    for row, cells in inner:
        if cells and cells[0].get("class") and row not in strange:
            strange.update(row.iter())
    found = [
        Cell(
            _lines(cells[0], strange),
            _lines(cells[1], strange) or None if len(cells) > 1 else None,
            f"(//tr)[{numbered[row]}]/td[1]",
        )
        for row, cells in inner
        if cells and row not in strange
    ]
    return tuple(found) or (Cell(_lines(cell, strange), None, path),)


def _lines(cell: "Element", strange: "set[Element]") -> str:
    """Return the text of a cell in lines as shown, without the text of some elements."""
    parts: list[str] = [_flat(cell.text)]
    for below in cell.iterdescendants():
        if below not in strange:
            parts += ["\n" if below.tag == "br" else _flat(below.text), _flat(below.tail)]
    return _shown("".join(parts))


def _shown(text: str) -> str:
    """Return a text in lines without the white space around each."""
    if "\n" not in text:
        return text.strip()
    return "\n".join([line.strip(_SPACE) for line in text.split("\n")]).strip()


def _flat(text: str | None) -> str:
    """Return a text without its line breaks, which a page shows as blanks."""
    if text is None:
        return ""
    if "\n" in text or "\r" in text:
        return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return text


def page(lines: Iterable[tuple[Labelled, str | None, str]], layout: Layout) -> bytes:
    """Return a page of the lines of a form that holds their answers in cells of the same classes."""
    rows = "\n".join(_written(line, language, text, layout) for line, language, text in lines)
    return f"<!DOCTYPE html>\n<html><body><table>\n{rows}\n</table></body></html>\n".encode()


def _written(line: Labelled, language: str | None, text: str, layout: Layout) -> str:
    """Return a line as the row of a table."""
    words = escape(f"{line.code} {line.label}".strip())
    if line.kind == "heading":
        return _cells(layout.headings, (words,))
    if line.kind == "numbered":
        return _cells(layout.headings, (f"{words}: {escape(text)}",))
    answer = "<br>".join(escape(part) for part in text.split("\n"))
    if language is not None:
        answer = f"<table><tr><td>{answer}</td><td>{escape(language)}</td></tr></table>"
    if not line.code:
        return _cells(layout.bare, (f"{words}:", answer))
    return _cells(layout.coded, (escape(line.code), escape(line.label), answer))


def _cells(names: tuple[str, ...], texts: tuple[str, ...]) -> str:
    """Return a row of cells; of equivalent classes, the first one."""
    cells = "".join(f'<td class="{name}">{text}</td>' for name, text in zip(names, texts, strict=False))
    return f"<tr>{cells}</tr>"
