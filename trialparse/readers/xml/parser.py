"""lxml: imported at first use, with parsers that fetch, expand and guess nothing, and its errors as ours."""

import functools
import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.prepared import prepared

if TYPE_CHECKING:
    from lxml.etree import _Element

Element: TypeAlias = "_Element"
"""An element of lxml."""

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
def etree() -> Any:
    """Import lxml when the first XML is read: it costs more than the rest of the package."""
    from lxml import etree as imported

    return imported


def _options(encoding: str) -> dict[str, Any]:
    """Return the options of every parser: nothing is fetched, nothing expanded, nothing guessed."""
    return {
        "encoding": encoding,  # read from the prolog; libxml2 must not choose another, such as UTF-7
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


_PLACE = re.compile(r",? line \d+(?:, column \d+)?")


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


@functools.cache
def _wrong() -> dict[int, str]:
    """Return messages for the error codes of lxml, whose own messages hold names from the document."""
    kinds = etree().ErrorTypes
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


def parsed(data: bytes, encoding: str) -> Element:
    """Return the root of a document without DOCTYPE; the encoding is from the closed list."""
    try:
        root: Element = etree().fromstring(data, _parser(encoding))
    except etree().LxmlError as error:
        raise _refusal(error) from error
    return root


@shared
def _parser(encoding: str) -> Any:
    """Make the parser of an encoding."""
    return etree().XMLParser(**_options(encoding))


def pull_parser(encoding: str, names: Iterable[str]) -> Any:
    """Make a parser that is fed in pieces, with events for the elements of some local names; `*` is any."""
    tags = [f"{{*}}{name}" for name in names]
    return etree().XMLPullParser(events=("start", "end"), tag=tags, **_options(encoding))


def feed(parser: Any, chunk: bytes, before: int) -> None:
    """Give a chunk to a parser; so many lines are before what it got."""
    try:
        parser.feed(chunk)
    except etree().LxmlError as error:
        raise _refusal(error, before) from error


def close(parser: Any, before: int) -> "Element | None":
    """Close a parser; return the root, with what is left of it."""
    try:
        root: Element | None = parser.close()
    except etree().LxmlError as error:
        raise _refusal(error, before) from error
    return root


def serialise(element: Element) -> bytes:
    """Return an element as a document in UTF-8, without what follows it."""
    data: bytes = etree().tostring(element, encoding="utf-8", with_tail=False)
    return data
