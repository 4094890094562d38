"""Namespaces that are declared around a record, which it keeps when it leaves its document."""

import copy
import html
from typing import Any

from trialparse.readers.xml.elements import tag_name
from trialparse.readers.xml.parser import Element, etree, shared

_FEW = 16
"""How many namespaces around a record stay with it, whether it uses them or not."""
_WRITTEN = {ord(space): f"&#{ord(space)};" for space in "\t\n\r"}
"""White space as it is written in an attribute, where XML reads it as a blank."""


class Around:
    """The namespaces that are declared around records.

    lxml writes an element with all of them. If there are many, each record keeps only those that it uses.
    """

    def __init__(self) -> None:
        self._parent: Element | None = None
        self._names: dict[Any, str] = {}

    def are_many(self, element: Element) -> bool:
        """Whether so many are around an element that it does not keep them all."""
        if (parent := element.getparent()) is not self._parent:
            self._parent, self._names = parent, {} if parent is None else _accepted(parent.nsmap)
        return len(self._names) > _FEW

    def kept(self, element: Element) -> dict[Any, str]:
        """Return those that an element keeps besides the ones of its own names.

        A prefix before a colon in the value of an attribute is used as well, such as that of `xsi:type`.
        """
        if not self.are_many(element):
            return self._names
        prefixes = {str(value).partition(":")[0] for value in _qualified()(element)}
        return {name: self._names[name] for name in prefixes & self._names.keys()}


def _accepted(names: dict[Any, str]) -> dict[Any, str]:
    """Return the namespaces that lxml accepts for a new element: its pull parser reads others as well."""
    try:
        etree().Element("around", nsmap=names)
    except ValueError:
        return {} if len(names) == 1 else {name: one for name, one in names.items() if _accepted({name: one})}
    return names


@shared
def _qualified() -> Any:
    """Compile the XPath for values of attributes that may begin with a prefix."""
    return etree().XPath("descendant-or-self::*/@*[contains(., ':')]", smart_strings=False)


def copied(element: Element, around: Around) -> Element:
    """Return a copy of an element, with the namespaces around it that it uses."""
    made = copy.deepcopy(element)
    element.makeelement("around", nsmap=around.kept(element)).append(made)
    return made


def start_tags(element: Element, encoding: str) -> bytes:
    """Return the start tags around an element, on one line and without attributes."""
    return b"".join(_start_tag(one, encoding) for one in [*element.iterancestors()][::-1])


def _start_tag(element: Element, encoding: str) -> bytes:
    """Return a start tag of an element with the namespaces that are declared there."""
    declared = "".join(
        f' xmlns{":" if prefix else ""}{prefix or ""}="{html.escape(name).translate(_WRITTEN)}"'
        for prefix, name in element.nsmap.items()
    )
    return f"<{tag_name(element)}{declared}>".encode(encoding, "xmlcharrefreplace")
