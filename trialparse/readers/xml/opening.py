"""The opening of a document: the names and namespaces in its first bytes, by which its format is recognised."""

import re
from typing import NamedTuple

from trialparse.diagnostics import TrialParseError
from trialparse.readers.xml.prolog import behind_comment, behind_space, prolog_of
from trialparse.readers.xml.tags import DECLARATION, OPENING, START_TAG

_ATTRIBUTE = re.compile(rb"""\s++([^\s<>/=]++)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")


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
        encoding, _, place = prolog_of(head)
    except TrialParseError:
        return Root()
    found = OPENING.match(head, place)
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
        encoding, _, place = prolog_of(head)
        while len(names) < count and (found := OPENING.match(head, place)) is not None:
            names.append(found[2].decode(encoding, "replace"))
            tag = START_TAG.match(head, place)
            if tag is None or not head.startswith(b">", tag.end()):
                break
            place = behind_space(head, tag.end() + 1)
            while head.startswith((b"<!--", b"<?"), place):
                place = behind_space(head, behind_comment(head, place))
    except TrialParseError:
        pass  # what is wrong with the document is found when it is read
    return tuple(names)


def declares(head: bytes, namespace: str) -> bool:
    """Whether an element in the first bytes of a document declares a namespace: some programs declare it only there."""
    found = (match[1] or match[2] or b"" for match in DECLARATION.finditer(head))
    return any(name.decode("utf-8", "replace").strip() == namespace for name in found)
