"""XML: hardened parsing, streamed records, plain trees, and XPaths of their values."""

import copy
import functools
import html
import io
import os
import re
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeAlias, TypeVar, cast

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.limits import DEFAULTS, Limits
from trialparse.prepared import prepared
from trialparse.readers.shapes import TEXT, Shape
from trialparse.readers.source import ONE_PIECE, Document
from trialparse.readers.xml_fast import NIL
from trialparse.readers.xml_outline import Outline

if TYPE_CHECKING:
    from lxml import etree

    Element: TypeAlias = etree._Element

Tree: TypeAlias = "str | dict[str, Tree] | list[Tree]"
"""An element as plain Python, see `tree`."""

_CHUNK = 64 << 10
_PROLOG = 1 << 20  # the root must begin within these bytes of a stream
_DEEPEST = 256  # libxml2 stops there by itself
_SHORTEST = 4  # bytes of an element or attribute: `<a/>`
_NAMESPACE = 1000  # bytes of a namespace: lxml repeats it whenever it names an element
_AROUND = 4  # times as many namespaces in a document as an element may have attributes
_SPELLINGS = 32  # ways to write the end tag of a record: more are read, but behind a record that is too large no others
_LINES = 65_535  # libxml2 counts no further: it takes the line of something nearby for what comes behind
_FEW = 16  # namespaces around a record that are written back with it, whether it uses them or not


class Prolog(NamedTuple):
    """The part of a document before its root."""

    encoding: str
    doctype: slice
    """The range of the DOCTYPE, an empty slice if there is none."""
    end: int
    """Where the root begins."""


_Made = TypeVar("_Made", bound=Callable[..., Any])


def shared(make: _Made) -> _Made:
    """Return a function that makes each object of lxml once for all threads.

    Such an object has a lock, which a thread may hold when the process forks: the child makes its own.
    """
    made = functools.cache(make)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=made.cache_clear)
    return cast("_Made", made)


@prepared
def _etree() -> Any:
    """Import lxml when the first XML is read: it costs more than the rest of the package."""
    from lxml import etree

    return etree


def _options(encoding: str) -> dict[str, Any]:
    """Return the options of every parser: nothing is fetched, nothing expanded, nothing guessed."""
    return {
        "encoding": encoding,  # found by `_opened`; libxml2 must not choose another, such as UTF-7
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
        "resolve_entities": False,
        "huge_tree": False,
        "recover": False,
        "remove_comments": True,
        "remove_pis": True,
    }


@shared
def _parser(encoding: str) -> Any:
    """Make the parser of an encoding from the closed list."""
    return _etree().XMLParser(**_options(encoding))


def _refusal(error: Any, before: int = 0) -> TrialParseError:
    """Turn an error of lxml into ours, with line and column; so many lines are before what its parser got."""
    line, column = getattr(error, "position", None) or (0, 0)
    found = str(error.msg or error).strip()
    if before:  # lxml's own words have lines of what its parser got
        line, found = line + before, _PLACE.sub("", found)
    # libxml2 names the way around each of its own limits, whatever it calls the limit.
    kind = LimitExceeded if "XML_PARSE_HUGE" in found else MalformedDocument
    what = "beyond a limit of the parser" if kind is LimitExceeded else _wrong().get(error.code, "not well-formed")
    return kind(f"line {line}, column {column}: {what}: {{found}}", found=found)


_PLACE = re.compile(r",? line \d+(?:, column \d+)?")


@functools.cache
def _wrong() -> dict[int, str]:
    """Return messages for the error codes of lxml, whose own messages hold names from the document."""
    kinds = _etree().ErrorTypes
    return {
        kinds.ERR_TAG_NAME_MISMATCH: "an end tag of another element",
        kinds.ERR_TAG_NOT_FINISHED: "cut short",
        kinds.ERR_DOCUMENT_END: "something behind the root",
        kinds.ERR_DOCUMENT_EMPTY: "no root",
        kinds.ERR_GT_REQUIRED: "a tag without an end",
        kinds.ERR_NAME_REQUIRED: "no name where one has to be",
        kinds.ERR_LT_REQUIRED: "no tag where one has to be",
        kinds.ERR_LT_IN_ATTRIBUTE: "a < in an attribute",
        kinds.ERR_ATTRIBUTE_NOT_STARTED: "an attribute without quotes",
        kinds.ERR_ATTRIBUTE_NOT_FINISHED: "an attribute that does not end",
        kinds.ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute without a value",
        kinds.ERR_ATTRIBUTE_REDEFINED: "an attribute that occurs twice",
        kinds.ERR_UNDECLARED_ENTITY: "an entity that is not declared",
        kinds.ERR_ENTITYREF_SEMICOL_MISSING: "an entity without a semicolon",
        kinds.ERR_INVALID_CHAR: "a character that XML does not have",
        kinds.ERR_INVALID_CHARREF: "a character that XML does not have",
        kinds.ERR_INVALID_ENCODING: "bytes that are not of the encoding",
        kinds.NS_ERR_UNDEFINED_NAMESPACE: "a prefix that is not declared",
    }


# --- before lxml --------------------------------------------------------------------------------------------
# All that lets XML grow, or reach for something, is in the internal subset of its DOCTYPE: entities and
# defaults of attributes. A document with one is refused before lxml sees it. A DOCTYPE without one, as
# OpenTrials writes it, is blanked: where libxml2 sees a DTD that it must not load, it takes `&name;` for
# declared there and drops it from attribute values without a word; where it sees none, it says that the
# entity is not defined.

_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,100}?\sencoding\s*=\s*["']([^"'>]{0,60})["']""")
_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^\[<>"']++|"[^"]*+"|'[^']*+')*+""")
_NOT_LINES = re.compile(rb"[^\r\n]")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_ROOT = re.compile(rb"<(?:([^\s<>/:=]++):)?([^\s<>/:=]++)(?=[\s/>])")
_ATTRIBUTE = re.compile(rb"""\s++([^\s<>/=]++)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
_DECLARATION = re.compile(rb"""\sxmlns(?::[^\s<>/=]++)?+\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))

# Encodings in which every byte below 0x40 is the ASCII character, so that markup is found without decoding.
_ENCODINGS = frozenset(
    ["utf-8", "us-ascii", "gb2312", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "koi8-r"]
    + [f"iso-8859-{part}" for part in range(1, 17) if part != 12]
    + [f"windows-125{page}" for page in range(9)]
)
_ALSO = {"utf8": "utf-8", "ascii": "us-ascii", "latin1": "iso-8859-1", "latin-1": "iso-8859-1"}


def _opened(data: bytes) -> tuple[str, bytes]:
    """Return the encoding of a document, and the document without DOCTYPE; refuses one that could make it grow."""
    encoding, doctype, _ = _prolog(data)
    if doctype.stop:
        data = data[: doctype.start] + _NOT_LINES.sub(b" ", data[doctype]) + data[doctype.stop :]
    return encoding, data


def _prolog(data: bytes) -> Prolog:
    """Return the part before the root; raises MalformedDocument.

    It is checked completely: nothing that libxml2 reads differently may come before the root, such as a second
    DOCTYPE, a second byte order mark or EBCDIC.
    """
    encoding = _encoding(data)
    place = _space(data, 0)
    doctype = slice(0)
    while data.startswith((b"<?", b"<!"), place):
        if data.startswith(b"<!DOCTYPE", place) and not doctype.stop:
            doctype = slice(place, _doctype_end(data, place))
            place = _space(data, doctype.stop)
        else:
            place = _space(data, _skipped(data, place))
    if data[place : place + 1] != b"<" or len(data) < place + 2:
        raise MalformedDocument(f"byte {place}: no element begins here")
    return Prolog(encoding, doctype, place)


def _space(data: bytes, place: int) -> int:
    """Return the place behind white space."""
    found = _SPACE.match(data, place)
    return found.end() if found else place


def _skipped(data: bytes, place: int) -> int:
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
    if name not in _ENCODINGS:
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


# libxml2 looks for an attribute with a prefix, and for each prefix, among all that came before. So attributes
# and declarations are counted before it sees them. A well-formed document has no `<` in a value: what is between two of
# them holds one start tag at the most, and each attribute of a start tag has one `=` outside of its quotes.

_VALUE = rb"""(?:"[^"<]*+"|'[^'<]*+')"""
_TAG = re.compile(rb"""<[^\s!?/<>"'](?:[^<>"']++|""" + _VALUE + rb")*+")
_WHOLE_TAG = re.compile(rb"""</?[^\s!?/<>"'](?:[^<>"']++|""" + _VALUE + rb")*+>")
_VALUES = re.compile(_VALUE)
_LEAST = 5  # bytes of an attribute: ` a=""`


class _Tags:
    """Checks the limits of start tags before the parser sees them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._namespaces: set[bytes] = set()
        """The declarations of the document, each once: all can be around one element."""
        self.is_full = False
        """Whether they are too many, so that nothing more of the document can be read."""
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
        tag = _TAG.match(data, start)
        if tag is None:
            return
        self._place = start
        limits, attributes = self._limits, _VALUES.sub(b"", tag[0]).count(b"=")
        if attributes > limits.attributes:
            raise limits.exceeded("attributes", f"an element with {attributes:,} attributes and namespaces")
        for declaration in _DECLARATION.finditer(tag[0]):
            size = len(declaration[1] or declaration[2] or b"")
            if size > _NAMESPACE:
                raise LimitExceeded(f"a namespace of {size:,} bytes is longer than {_NAMESPACE:,}")
            self._namespaces.add(declaration[0])
        if len(self._namespaces) > limits.attributes * _AROUND:
            self.is_full = True
            raise limits.exceeded(
                "attributes", f"a quarter of the {len(self._namespaces):,} namespaces of the document"
            )


# --- reading ------------------------------------------------------------------------------------------------


def parse(data: bytes, limits: Limits) -> "Element":
    """Return the root of a document.

    Raises `MalformedDocument` and, beyond `limits.record` or `limits.depth`, `LimitExceeded`.
    """
    if len(data) > limits.record:
        raise limits.exceeded("record", f"XML of {len(data):,} bytes")
    encoding, data = _opened(data)
    _Tags(limits).check(data)
    try:
        root: Element = _etree().fromstring(data, _parser(encoding))
    except _etree().LxmlError as error:
        raise _refusal(error) from error
    _check_depth(root, limits.depth, limits)
    return root


def serialise(element: "Element") -> bytes:
    """Return an element as a document in UTF-8, without what follows it."""
    data: bytes = _etree().tostring(element, encoding="utf-8", with_tail=False)
    return data


def in_one_piece(document: Document, limits: Limits) -> bool:
    """Whether a document is parsed as a whole and not as a stream, whose values are counted as they come."""
    data = document.data
    if data is None or len(data) > min(ONE_PIECE, limits.record):
        return False
    return len(data) <= limits.nodes * _SHORTEST or _marks(data) <= limits.nodes


Levels: TypeAlias = tuple[frozenset[str], ...]
"""For each level of a frame, from the root to a record, the local names that an element may have there; `*` is any."""


class Piece(NamedTuple):
    """What is found within the levels of a document."""

    element: "Element | LimitExceeded"
    """An element, or the error on one beyond a limit."""
    names: tuple[str, ...]
    """The local names from the root to it."""
    is_record: bool
    line: int | None = None
    """The line on which a record begins, None if that is not known."""


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
        yield from _with_few_around(_Stream(document.open(), levels, limits).elements())


def _taken_out(data: bytes, levels: Levels, limits: Limits) -> Iterator[Piece]:
    """Yield the elements of a document in one piece, each detached before it is yielded.

    One that cannot be parsed as a whole is read as a stream up to the place where it is broken, and one with more lines
    than the parser counts as a stream in which it begins anew.
    """
    if len(levels) > 1 and data.count(b"\n") >= _LINES - 1:
        yield from _copies(data, levels, limits)
        return
    many = len(data) > limits.nodes * _SHORTEST
    around = _Around()
    try:
        root = parse(data, limits)
    except TrialParseError as error:
        if len(levels) == 1:
            raise
        yield from _before(error, data, levels, limits)
        return
    for element, names, is_record in _elements(root, levels, (_local(root),)):
        large = _too_large(element, limits) if many and is_record else None
        if large is not None:
            yield Piece(large, names, True)
            continue
        line = line_of(element) if is_record else None
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
    around = _Around()
    for one in _Stream(io.BytesIO(data), levels, limits).elements():
        element = one.element
        yield one if isinstance(element, LimitExceeded) else one._replace(element=_copied(element, around))


def _copied(element: "Element", around: "_Around") -> "Element":
    """Return a copy of an element, with the namespaces around it that it uses."""
    made = copy.deepcopy(element)
    element.makeelement("around", nsmap=around.kept(element)).append(made)
    return made


def _with_few_around(elements: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the elements of a stream, or copies of those with many namespaces declared around them."""
    around = _Around()
    for one in elements:
        element = one.element
        if one.is_record and not isinstance(element, LimitExceeded) and around.is_much(element):
            one = one._replace(element=_copied(element, around))
        yield one


class _Around:
    """The namespaces that are declared around records.

    lxml writes an element with all of them. If there are many, each record keeps only those that it uses.
    """

    def __init__(self) -> None:
        self._parent: Element | None = None
        self._names: dict[Any, str] = {}

    def is_much(self, element: "Element") -> bool:
        """Whether there are too many around an element to keep all."""
        if (parent := element.getparent()) is not self._parent:
            self._parent, self._names = parent, {} if parent is None else _accepted(parent.nsmap)
        return len(self._names) > _FEW

    def kept(self, element: "Element") -> dict[Any, str]:
        """Return those that an element keeps besides the ones of its own names.

        A prefix before a colon in the value of an attribute is used as well, such as that of `xsi:type`.
        """
        if not self.is_much(element):
            return self._names
        prefixes = {str(value).partition(":")[0] for value in _qualified()(element)}
        return {name: self._names[name] for name in prefixes & self._names.keys()}


def _accepted(names: dict[Any, str]) -> dict[Any, str]:
    """Return the namespaces that lxml accepts for a new element: its pull parser reads others as well."""
    try:
        _etree().Element("around", nsmap=names)
    except ValueError:
        return {} if len(names) == 1 else {name: one for name, one in names.items() if _accepted({name: one})}
    return names


@shared
def _qualified() -> Any:
    """Compile the XPath for values of attributes that may begin with a prefix."""
    return _etree().XPath("descendant-or-self::*/@*[contains(., ':')]", smart_strings=False)


def _elements(
    element: "Element", levels: Levels, names: tuple[str, ...]
) -> Iterator[tuple["Element", tuple[str, ...], bool]]:
    """Yield the records at or below an element of the first level, and the elements beside them, in their order."""
    if not _is_named(element, levels[0]):
        yield element, names, False
    elif len(levels) == 1:
        yield element, names, True
    else:
        child = next(element.iterchildren("*"), None)
        while child is not None:
            following = next(child.itersiblings("*"), None)  # the record itself may be detached
            yield from _elements(child, levels[1:], (*names, _local(child)))
            child = following


def _is_named(element: "Element", names: frozenset[str]) -> bool:
    """Whether an element has one of these local names."""
    return "*" in names or _local(element) in names


def _children(name: str, element: "Element") -> Iterator["Element"]:
    """Return the children of a local name."""
    return element.iterchildren(f"{{*}}{name}")


def apart(
    element: "Element", name: str, owners: tuple[str, str] | None, limits: Limits
) -> Iterator[tuple[int | None, "Element"]]:
    """Yield an element once for each child called `name`, without the other such children, with a number from 0.

    `owners` are the attribute with the key of such a child, and the attribute by which other children refer to a key;
    a child that refers to another key is replaced by an empty element.

    An element with fewer than two such children is yielded unchanged, without a number. It is always the same element:
    to keep it, copy it.

    Raises `LimitExceeded` if the elements around them would be read more often than `limits.nodes` allows.
    """
    found = list(_children(name, element)) if name else []
    if len(found) < 2:
        yield None, element
        return
    place = element.index(found[0])
    for child in found:
        element.remove(child)
    if _nodes()(element) * len(found) > limits.nodes:
        what = f"<{{root}}> with the elements around {len(found):,} <{name}>"
        raise limits.exceeded("nodes", what, root=_local(element))
    key, owner = owners or ("", "")
    owned = [other for other in element if owner and other.get(owner) is not None]
    for number, child in enumerate(found):
        others = [other for other in owned if other.get(owner) != child.get(key)]
        hollow = [other.makeelement(other.tag) for other in others]
        for other, empty in zip(others, hollow, strict=True):
            element.replace(other, empty)
        element.insert(place, child)
        yield number, element
        element.remove(child)
        for other, empty in zip(others, hollow, strict=True):
            element.replace(empty, other)


def child_names(element: "Element") -> Iterator[str]:
    """Yield the local names of the children of an element."""
    return map(_local, element)


def _local(element: "Element") -> str:
    """Return the local name of an element."""
    return _bare(str(element.tag))


class _Stream:
    """A stream of XML, which is parsed piece by piece.

    A record that is beyond a limit is passed over, without a parser; what is behind it goes to another one.
    """

    def __init__(self, stream: BinaryIO, levels: Levels, limits: Limits) -> None:
        self._levels, self._limits = levels, limits
        self._encoding, first = _opened(stream.read(_PROLOG))
        self._chunks = _WholeTags(_chunks(first, stream), limits)
        self._tags = _Tags(limits)
        self._names = _spelled({name for name in levels[-1] if name != "*"}, first, self._encoding)
        """How records are named in tags, as far as that is known."""
        self._ends = self._end_tags()
        """The tags with which they may end."""
        self._lines = 0
        """Line ends of the document up to the place."""
        self._begin(b"", 0)

    def _end_tags(self) -> "re.Pattern[bytes]":
        names = _any_of(self._names, self._encoding)
        return re.compile(rb"</" + names + rb"[ \t\r\n]*>|<" + names + rb"(?:\s(?:[^<>\"'/]++|" + _VALUE + rb")*+)?/>")

    def _begin(self, around: bytes, depth: int) -> None:
        """Begin with a new parser, behind the start tags of so many elements that are around the place."""
        names = [f"{{*}}{name}" for name in self._levels[-1]]
        self._parser = _etree().XMLPullParser(events=("start", "end"), tag=names, **_options(self._encoding))
        self._size = self._nodes = 0
        """What the parser got since the last record."""
        self._open: Element | None = None
        """The record that has begun."""
        self._last: Element | None = None
        self._held: list[bytes] | None = []
        """What the parser got since a place around which there are `_depth` elements; None if that is too much."""
        self._depth = depth
        self._before = self._lines
        """Line ends before what the parser got."""
        if around:
            _feed(self._parser, around, 0)
            list(self._parser.read_events())

    def elements(self) -> Iterator[Piece]:
        """Yield the elements; raises MalformedDocument and LimitExceeded."""
        levels = self._levels
        while (chunk := self._next()) is not None:
            large = chunk if isinstance(chunk, LimitExceeded) else None
            whole = self._chunks.take(_WHOLE_TAG) if isinstance(chunk, LimitExceeded) else chunk
            error = (yield from self._parsed(whole)) or large
            if error is not None:
                is_in_tag = self._open is None and (yield from self._begun(error))
                yield from self._passed_over(error, is_in_tag=is_in_tag)
        root = _close(self._parser, self._before)
        if root is not None and len(levels) > 1:
            found = _elements(root, levels, (_local(root),))
            yield from (Piece(one, names, False) for one, names, known in found if not known)

    def _next(self) -> bytes | LimitExceeded | None:
        """Return the next chunk, or the error on a tag or a text that is too long; None at the end."""
        try:
            return self._chunks.next()
        except LimitExceeded as error:
            return error

    def _parsed(self, chunk: bytes) -> Generator[Piece, None, LimitExceeded | None]:
        """Parse a chunk, record by record; yield the records that end in it, and what is beside them.

        Return the error on what is beyond a limit; what is behind it is not taken.
        """
        whole, error = self._tags.split(chunk)
        place, known = 0, frozenset(self._names)
        for end, is_exact in _stops(whole, [found.end() for found in self._ends.finditer(whole)]):
            part, place = whole[place:end], end
            wrong: TrialParseError | None = None
            try:
                self._feed(part)
            except TrialParseError as found:
                wrong = found
            yield from self._ended(known if is_exact else frozenset())
            if wrong is None and (self._measured() > self._limits.record or self._nodes > self._limits.nodes):
                wrong = _growth(self._size, self._nodes, self._limits)
            if isinstance(wrong, LimitExceeded) and self._open is not None:
                error = wrong
                break
            if wrong is not None:
                raise wrong
        self._chunks.back(chunk[place:])
        return error

    def _feed(self, data: bytes) -> None:
        """Give bytes to the parser, and hold them in case that it cannot go on."""
        self._size, self._nodes = self._size + len(data), self._nodes + _marks(data)
        if self._held is not None:
            self._held.append(data)
            if self._size > self._limits.record + _PROLOG:
                self._held = None
        self._lines += data.count(b"\n")
        _feed(self._parser, data, self._before)

    def _begun(self, error: LimitExceeded) -> Generator[Piece, None, bool]:
        """Begin the record whose start tag is beyond a limit, without its attributes; return whether there is one."""
        begin = self._chunks.take(_ROOT)
        if self._held is None or not begin or self._tags.is_full:
            return False
        self._held.append(begin)
        try:
            _feed(self._parser, begin + b">", self._before)
        except MalformedDocument:  # its prefix is declared in the tag
            raise error from None
        yield from self._ended(frozenset())
        return self._open is not None

    def _ended(self, exact: frozenset[str]) -> Iterator[Piece]:
        """Yield the records that end in what was parsed, each behind what is beside it.

        One with a name of `exact` ends with it, if it is the last.
        """
        levels, limits = self._levels, self._limits
        is_exact = False
        for event, element in self._parser.read_events():
            names = _names_at(element, levels)
            is_exact = event == "end" and bool(names) and _tag_name(element) in exact
            if names and event == "start":
                self._open = element
                name = _tag_name(element)
                if name not in self._names and len(self._names) < _SPELLINGS:
                    self._names.add(name)
                    self._ends = self._end_tags()
            elif names:
                yield from _strays(element, levels, self._last)
                large = _too_deep(element, limits.depth - len(levels) + 1, limits)
                if large is None and self._nodes > limits.nodes:
                    large = _too_large(element, limits)
                if large is None and self._measured() > limits.record:
                    large = _growth(self._size, 0, limits)
                yield Piece(element if large is None else large, names, True, self._line(element))
                _drop(element)
                self._last, self._open = element, None
                self._size = self._nodes = 0
        if is_exact:
            self._held, self._depth = [], len(levels) - 1
            if self._last is not None and self._depth and self._lines - self._before > _LINES // 2:
                self._begin(self._around(self._last), self._depth)

    def _line(self, element: "Element") -> int | None:
        """Return the line of the document on which an element begins."""
        line = line_of(element)
        return None if line is None else line + self._before

    def _measured(self) -> int:
        """Return what the parser got since the record began, or since the last one if none has begun."""
        if self._size > self._limits.record and self._open is not None and self._held:
            outline, _ = self._outlined(self._held)
            self._size = min(self._size, outline.size)
        return self._size

    def _outlined(self, held: list[bytes]) -> tuple[Outline, bytes | None]:
        """Follow what the parser got; return what is behind the last record if it has ended."""
        outline, rest = Outline(self._depth), None
        for data in filter(None, held):
            rest = data
            while rest:
                rest = outline.follow(rest, len(self._levels) - 1)
        return outline, rest

    def _passed_over(self, error: LimitExceeded, *, is_in_tag: bool) -> Iterator[Piece]:
        """Yield the error on the record that has begun, and go on behind it; raise the error if there is none.

        The place may be in the start tag of the record.
        """
        record, held, depth = self._open, self._held, len(self._levels) - 1
        if record is None or held is None or self._tags.is_full or not depth:
            raise error
        names, line = _names_at(record, self._levels), self._line(record)
        yield from _strays(record, self._levels, self._last)
        around = self._around(record)
        self._open = self._last = record = None  # nothing of the parser is held while the rest goes by
        outline, rest = self._outlined(held)
        has_ended = rest == b""
        if outline.depth <= depth and not has_ended and not is_in_tag:
            raise error
        yield Piece(error, names, True, line)
        if not has_ended:
            self._begin(b"", 0)
            self._follow(outline, depth, f"the record on line {line}" if line else "a record")
        self._begin(around, depth)

    def _follow(self, outline: Outline, depth: int, what: str) -> None:
        """Move to the end of a record."""
        for data in self._chunks.raw():
            self._lines += data.count(b"\n")
            rest = outline.follow(data, depth)
            if rest is not None:
                self._lines -= rest.count(b"\n")
                self._chunks.back(rest)
                return
        raise MalformedDocument(f"the document is cut short in {what}")

    def _around(self, element: "Element") -> bytes:
        """Return the start tags around an element, on one line."""
        return b"".join(self._start_tag(one) for one in [*element.iterancestors()][::-1])

    def _start_tag(self, element: "Element") -> bytes:
        """Return a start tag of an element without its attributes."""
        declared = "".join(
            f' xmlns{":" if prefix else ""}{prefix or ""}="{html.escape(name).translate(_WRITTEN)}"'
            for prefix, name in element.nsmap.items()
        )
        return f"<{_tag_name(element)}{declared}>".encode(self._encoding, "xmlcharrefreplace")


def _spelled(names: set[str], data: bytes, encoding: str) -> set[str]:
    """Return the names of elements as they are in tags, with each prefix that one has in these bytes."""
    if not names:
        return set()
    tags = re.compile(rb"<([^\s<>/:]++:" + _any_of(names, encoding) + rb")[\s/>]")
    found = {tag[1].decode(encoding, "ignore") for tag in tags.finditer(data)}
    return {*names, *sorted(found)[:_SPELLINGS]}


def _any_of(names: set[str], encoding: str) -> bytes:
    """Return a pattern for one of some names."""
    return b"(?:" + b"|".join(re.escape(name.encode(encoding, "ignore")) for name in sorted(names)) + b")"


_WRITTEN = {ord(space): f"&#{ord(space)};" for space in "\t\n\r"}
"""White space as it is written in an attribute, where XML reads it as a blank."""


def _tag_name(element: "Element") -> str:
    """Return the name of an element as it is in its tags."""
    return f"{element.prefix}:{_local(element)}" if element.prefix else _local(element)


def _strays(element: "Element", levels: Levels, last: "Element | None") -> Iterator[Piece]:
    """Yield the elements before a record of a stream, and before what it lies in, that are none; `last` was the last.

    They are still there: what comes before a record is removed with it.
    """
    around = [element, *element.iterancestors()][::-1]
    for depth in range(1, len(around)):
        for other in around[depth].itersiblings("*", preceding=True):
            if other is not last:
                found = _elements(other, levels[depth:], (*map(_local, around[:depth]), _local(other)))
                yield from (Piece(one, whole, False) for one, whole, known in found if not known)


def _chunks(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream whose beginning has been read."""
    for place in range(0, len(first), _CHUNK):
        yield first[place : place + _CHUNK]
    while chunk := stream.read(_CHUNK):
        yield chunk


def _stops(data: bytes, ends: list[int]) -> Iterator[tuple[int, bool]]:
    """Yield the ends of the pieces in which data go to the parser, each with whether it is one of `ends`.

    libxml2 refuses what is longer than ten million bytes before it has looked at it.
    """
    place = 0
    for number, end in enumerate([*ends, len(data)]):
        yield from ((one, False) for one in range(place + _CHUNK, end, _CHUNK))
        yield end, number < len(ends)
        place = end


class _WholeTags:
    """Chunks of a document, cut so that no tag is split."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        self._chunks, self._limits = chunks, limits
        self._held: list[bytes] = []
        self._size = 0
        self._error: TrialParseError | None = None
        """Why the document breaks off."""

    def next(self) -> bytes | None:
        """Return the next chunk, None at the end; raises LimitExceeded for a long one without the beginning of a tag.

        Raises the error with which the document breaks off.
        """
        held = b"".join(self._held)  # with whole tags if they were taken back
        cut = held.rfind(b"<", 1)
        if cut > 0:
            self._held, self._size = [held[cut:]], len(held) - cut
            return held[:cut]
        while (chunk := self._read()) is not None:
            cut = chunk.rfind(b"<")
            if cut >= 0:
                whole = b"".join((*self._held, chunk[:cut]))
                self._held, self._size = [chunk[cut:]], len(chunk) - cut
                return whole
            self._held.append(chunk)
            self._size += len(chunk)
            _check_growth(self._size, 0, self._limits)
        whole, self._held = b"".join(self._held), []
        if self._error is not None:
            whole = whole[: whole.rfind(b">") + 1]
            if not whole:
                raise self._error
        return whole or None

    def back(self, data: bytes) -> None:
        """Take bytes back."""
        if data:
            self._held.insert(0, data)
            self._size += len(data)

    def take(self, pattern: "re.Pattern[bytes]") -> bytes:
        """Return what a pattern matches at the place, and move behind it."""
        held = b"".join(self._held)
        found = pattern.match(held)
        taken = found[0] if found else b""
        self._held, self._size = [held[len(taken) :]], len(held) - len(taken)
        return taken

    def raw(self) -> Iterator[bytes]:
        """Yield what is left as it is, in any pieces."""
        while self._held:
            piece = self._held.pop(0)
            self._size -= len(piece)
            yield piece
        while (chunk := self._read()) is not None:
            yield chunk
        if self._error is not None:
            raise self._error

    def _read(self) -> bytes | None:
        if self._error is None:
            try:
                return next(self._chunks, None)
            except TrialParseError as error:  # what comes before it is read first
                self._error = error
        return None


def _feed(parser: Any, chunk: bytes, before: int) -> None:
    """Give a chunk to a parser; so many lines are before what it got."""
    try:
        parser.feed(chunk)
    except _etree().LxmlError as error:
        raise _refusal(error, before) from error


def _close(parser: Any, before: int) -> "Element | None":
    """Close a parser; return the root, with what is left of it."""
    try:
        root: Element | None = parser.close()
    except _etree().LxmlError as error:
        raise _refusal(error, before) from error
    return root


def _marks(chunk: bytes) -> int:
    """Count possible elements and attributes: cheaply, and never too few."""
    return chunk.count(b"<") - chunk.count(b"</") + chunk.count(b"=")


def _check_growth(size: int, nodes: int, limits: Limits) -> None:
    """Check the limits between the ends of two records."""
    if size > limits.record or nodes > limits.nodes:
        raise _growth(size, nodes, limits)


def _growth(size: int, nodes: int, limits: Limits) -> LimitExceeded:
    """Return the error on a stretch without the end of a record that is beyond a limit."""
    if size > limits.record:
        return limits.exceeded("record", f"a stretch of {size:,} bytes without the end of a record")
    return limits.exceeded("nodes", f"a stretch of {nodes:,} nodes without the end of a record")


def _names_at(element: "Element", levels: Levels) -> tuple[str, ...]:
    """Return the local names from the root to an element that is a record; none if it is deeper or elsewhere."""
    names: list[str] = []
    current: Element | None = element
    for level in reversed(levels):
        if current is None:
            return ()
        name = _local(current)
        if name not in level and "*" not in level:
            return ()
        names.append(name)
        current = current.getparent()
    return tuple(reversed(names)) if current is None else ()


def _drop(element: "Element") -> None:
    """Empty an element, and remove everything before it and before its ancestors.

    The element itself stays: the parser may still be about to add the text that follows it.
    """
    element.clear()
    current: Element | None = element
    while current is not None and (parent := current.getparent()) is not None:
        while parent[0] is not current:
            del parent[0]
        current = parent


@shared
def _deeper(depth: int) -> Any:
    """Compile the XPath that finds whether an element is deeper than `depth`, itself included."""
    return _etree().XPath(f"boolean(.{'/*' * depth})")


def _check_depth(element: "Element", depth: int, limits: Limits) -> None:
    """Check the limit of depth; it costs little beside parsing."""
    deep = _too_deep(element, depth, limits)
    if deep is not None:
        raise deep


def _too_deep(element: "Element", depth: int, limits: Limits) -> LimitExceeded | None:
    """Return the error on an element that is deeper than `depth`."""
    if depth < 1 or (depth < _DEEPEST and _deeper(depth)(element)):
        return limits.exceeded("depth", "XML")
    return None


@shared
def _nodes() -> Any:
    """Compile the count of elements and attributes."""
    return _etree().XPath("count(descendant-or-self::*) + count(descendant-or-self::*/@*)")


def _too_large(element: "Element", limits: Limits) -> LimitExceeded | None:
    """Return the error on an element with too many elements and attributes."""
    if _nodes()(element) > limits.nodes:
        return limits.exceeded("nodes", "<{name}>", name=_local(element))
    return None


_MANY = 50_000


def has_many_nodes(element: "Element") -> bool:
    """Whether an element has as many elements and attributes below it as a large document."""
    return bool(_nodes()(element) > _MANY)


class Root(NamedTuple):
    """The root of a document by its first bytes."""

    name: str = ""
    """Its local name, "" if there is none."""
    namespace: str = ""
    """Its namespace, "" for none."""
    declared: frozenset[str] = frozenset()
    """The namespaces that it declares."""


def root_of(head: bytes) -> Root:
    """Return the root by the first bytes of a document.

    It never raises and does not parse: parsing the first 64 KiB took longer than parsing a document of that size.
    `records` checks the rest.
    """
    try:
        encoding, _, place = _prolog(head)
    except TrialParseError:
        return Root()
    found = _ROOT.match(head, place)
    if found is None:
        return Root()
    namespaces: dict[bytes, str] = {}
    place = found.end()
    while (attribute := _ATTRIBUTE.match(head, place)) is not None:
        name, place = attribute[1], attribute.end()
        if name == b"xmlns" or name.startswith(b"xmlns:"):
            namespaces[name[6:]] = (attribute[2] or attribute[3] or b"").decode(encoding, "replace").strip()
    own = namespaces.get(found[1] or b"", "")
    return Root(found[2].decode(encoding, "replace"), own, frozenset(namespaces.values()))


def opening_names(head: bytes, count: int) -> tuple[str, ...]:
    """Return the local names of the elements with which a document begins, each the first thing in the one before.

    >>> opening_names(b"<root>\\n <trials subjects='pain'><trial><main/>", 3)
    ('root', 'trials', 'trial')
    """
    names: list[str] = []
    try:
        encoding, _, place = _prolog(head)
        while len(names) < count and (found := _ROOT.match(head, place)) is not None:
            names.append(found[2].decode(encoding, "replace"))
            tag = _TAG.match(head, place)
            if tag is None or not head.startswith(b">", tag.end()):
                break
            place = _space(head, tag.end() + 1)
            while head.startswith((b"<!--", b"<?"), place):
                place = _space(head, _skipped(head, place))
    except TrialParseError:
        pass  # what is wrong with the document is found when it is read
    return tuple(names)


def declares(head: bytes, namespace: str) -> bool:
    """Whether an element in the first bytes of a document declares a namespace: some programs declare it only there."""
    found = (match[1] or match[2] or b"" for match in _DECLARATION.finditer(head))
    return any(name.decode("utf-8", "replace").strip() == namespace for name in found)


# --- plain trees --------------------------------------------------------------------------------------------


def tree(element: "Element", limits: Limits = DEFAULTS, shape: Shape | None = None) -> Tree:
    """Return an element as plain Python.

    An element with neither attributes nor children is its text, `""` when blank. An attribute `xsi:nil` (XML Schema 1,
    2.6.2) does not count if it is true to the element. Any other element is a dict:
    children by local name, repeated ones as a list in order; attributes as `@name`, by local name too; text
    that is not blank under `#text`, joined if there are children in it. If `shape` wants the words of the element
    and no children, `#text` is its string value (XPath 1.0, 5.2): its children are markup, and their words are its own.

    Raises `LimitExceeded` beyond `limits.nodes` or `limits.attributes`.
    """
    top: dict[str, Tree] = {}
    left = limits.nodes
    todo: list[_Task] = [(element, top, shape)]
    # Iterative: a child is put in its place at once and filled later, so that order holds and the stack is
    # ours.
    while todo:
        current, node, wanted = todo.pop()
        attributes = len(current.keys())
        left -= 1 + attributes + len(current)
        if left < 0:
            raise limits.exceeded("nodes", "<{name}>", name=_local(element))
        if attributes > limits.attributes:  # libxml2 searches them from the first one
            raise limits.exceeded(
                "attributes", "<{name}> with {count:,} attributes", name=_local(current), count=attributes
            )
        _fill(current, node, wanted, todo)
    if not top.keys() - {TEXT}:
        return top.get(TEXT, "")
    return top


_Task: TypeAlias = "tuple[Element, dict[str, Tree], Shape | None]"
"""An element, the dict to fill with it, and its shape, if any."""


def _fill(element: Any, node: dict[str, Tree], shape: Shape | None, todo: list[_Task]) -> None:
    """Fill the dict of an element, and note which children are dicts too.

    This loop takes half of the time of reading XML, most of it inside lxml.
    """
    for name, value in element.items():
        if name != NIL or not _is_true(element):
            _put(node, f"@{_bare(name)}", value)
    wanted = {} if shape is None else shape.members
    texts = [element.text or ""]
    for child in element:
        name = child.tag if child.tag[0] != "{" else _bare(child.tag)
        if len(child) or (child.keys() and not (child.keys() == [NIL] and _is_true(child))):
            todo.append((child, value := {}, wanted[name][1] if name in wanted else None))
        else:
            value = child.text or ""
            if value.isspace():  # `<a>\n</a>` is laid out, not filled in
                value = ""
        if name in node:
            _put(node, name, value)
        else:
            node[name] = value
        if tail := child.tail:
            texts.append(tail)
    markup = len(element) and shape is not None and shape.wants_text
    text = "".join(element.itertext() if markup else texts)
    if text and not text.isspace():
        node[TEXT] = text


def _is_true(element: "Element") -> bool:
    """Whether `xsi:nil` is true to the element: empty, or not."""
    said = (element.get(NIL) or "").strip()
    empty = not len(element) and not (element.text or "").strip()
    return said in ("false", "0") or (said in ("true", "1") and empty)


def _bare(name: str) -> str:
    """Return a name without its namespace."""
    return name[name.rfind("}") + 1 :]


def _put(node: dict[str, Tree], key: str, value: Tree) -> None:
    """Put a value under a key, in a list if it is not the first one."""
    if key not in node:
        node[key] = value
    elif isinstance(there := node[key], list):
        there.append(value)
    else:
        node[key] = [there, value]


# --- trees written ---------------------------------------------------------------------------------------------


def element(value: Tree, name: str, shape: Shape | None = None) -> "Element":
    """Return the element called `name` whose tree is `value`; text among children comes first.

    If `shape` wants the words of an element, they include those of its markup, which is left out.
    Raises `MalformedDocument` for characters that XML does not have.
    """
    top: Element = _etree().Element(name)
    todo: list[tuple[Element, Tree, Shape | None]] = [(top, value, shape)]
    try:
        while todo:
            current, value, shape = todo.pop()
            if isinstance(value, dict):
                for key, below in value.items():
                    _grow(current, key, below, shape, todo)
            elif isinstance(value, str):
                current.text = value or None
    except ValueError as error:
        raise MalformedDocument("<{name}>: {found}", name=name, found=str(error)) from error
    return top


def _grow(
    parent: "Element", key: str, value: Tree, shape: Shape | None, todo: list[tuple["Element", Tree, Shape | None]]
) -> None:
    """Put the value under a key of a tree into the element."""
    wanted = {} if shape is None else shape.members
    for item in value if isinstance(value, list) else [value]:
        if key == TEXT:
            parent.text = str(item)
        elif key.startswith("@"):
            parent.set(key[1:], str(item))
        elif shape is None or not shape.wants_text:
            todo.append((_etree().SubElement(parent, key), item, wanted[key][1] if key in wanted else None))


def written(value: Tree, name: str) -> str:
    """Return a tree, or the trees of several elements, as XML."""
    values = value if isinstance(value, list) else [value]
    return "".join(serialise(element(one, name)).decode() for one in values)


def xpath(keys: tuple[str | int, ...], root: str) -> str:
    """Return the XPath 1.0 of the value under `keys` in the tree of the element at `root`.

    >>> xpath(("trial", 1, "main", "phase"), "trials")
    '/trials/trial[2]/main/phase'
    >>> xpath(("main", "@id"), "/trials/trial[1]")
    '/trials/trial[1]/main/@id'

    Names are local names: in a document with a namespace, read each as `*[local-name()="…"]`.
    """
    return f"/{root.lstrip('/')}" + "".join(map(_step, keys))


Shifts: TypeAlias = tuple[tuple[int, int | None], ...]
"""Numbers of elements in document order, and from each on the lines between where it was and where it is written.

None where the line on which it was is not known.
"""


def shifts_of(element: "Element", data: bytes) -> Shifts:
    """Return how lines shift when an element is written as `data`, which has no comments and no line ends in tags."""
    last, behind = element, 0
    while len(last):
        last = last[-1]
        behind += _line_ends(last.tail)
    behind += _line_ends(last.text)
    begin, end = line_of(element), line_of(last)
    if begin is None or (end is not None and end - begin == data.count(b"\n") - behind):
        return ()
    found: list[tuple[int, int | None]] = [(0, 0)]
    written, number = 0, 0
    for event, one in _etree().iterwalk(element, events=("start", "end")):
        if event == "end":
            written += _line_ends(one.tail)
            continue
        line = line_of(one)
        shift = None if line is None else line - begin - written
        if shift != found[-1][1]:
            found.append((number, shift))
        written += _line_ends(one.text)
        number += 1
    return tuple(found)


def _line_ends(text: str | None) -> int:
    return text.count("\n") if text else 0


class Lines:
    """Line numbers of elements, found by their keys in the element's tree.

    Where that was read from what `serialise` wrote, `shifts` are those of the element that was written.
    """

    def __init__(self, element: "Element", shifts: Shifts = ()) -> None:
        self._root = element
        self._shifts = shifts
        self._numbers = {one: number for number, one in enumerate(element.iter("*"))} if shifts else {}
        self._children: dict[Element, dict[str, list[Element]]] = {}

    def of(self, keys: tuple[str | int, ...]) -> int | None:
        """Return the line of the element at some keys, or of the last one on the way that exists."""
        element, index = self._root, 0
        while index < len(keys) and str(keys[index])[0] not in "@#":
            name, number = str(keys[index]), keys[index + 1] if index + 1 < len(keys) else None
            many = isinstance(number, int)
            named = self._named(element).get(name, [])
            place = number if isinstance(number, int) else 0
            if place >= len(named):
                break
            element, index = named[place], index + 1 + many
        line = line_of(element)
        number = self._numbers.get(element, 0)
        shift = next((lines for first, lines in reversed(self._shifts) if first <= number), 0)
        return None if line is None or shift is None else line + shift

    def _named(self, element: "Element") -> dict[str, list["Element"]]:
        """Return the children of an element by local name."""
        if element not in self._children:
            found = self._children[element] = {}
            for child in element:
                found.setdefault(_local(child), []).append(child)
        return self._children[element]


def line_of(element: Any) -> int | None:
    """Return the line of an element, None if it is beyond those that the parser counts."""
    line: int | None = element.sourceline
    if line is not None and not len(element) and element.text is element.tail is None and element.getnext() is None:
        line = copy.copy(element).sourceline  # by itself: beyond them lxml gives the line of what is before it
    return None if line is None or line >= _LINES else line


def _step(key: str | int) -> str:
    """Return one step of an XPath."""
    if isinstance(key, int):
        return f"[{key + 1}]"
    return "/text()" if key == TEXT else f"/{key}"
