"""Elements: their names, and the limits of their depth and size."""

from collections.abc import Iterator
from typing import Any

from trialparse.diagnostics import LimitExceeded
from trialparse.limits import Limits
from trialparse.readers.xml.parser import Element, etree, shared

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
"""The attribute that says whether an element is empty."""
_DEEPEST = 256
"""How deep libxml2 reads: beyond that it raises an error itself."""
_MANY = 50_000
"""Elements and attributes of a large document."""


def bare(name: str) -> str:
    """Return a name without its namespace."""
    return name[name.rfind("}") + 1 :]


def local_name(element: Element) -> str:
    """Return the local name of an element."""
    return bare(str(element.tag))


def tag_name(element: Element) -> str:
    """Return the name of an element as it is in its tags."""
    return f"{element.prefix}:{local_name(element)}" if element.prefix else local_name(element)


def child_names(element: Element) -> Iterator[str]:
    """Yield the local names of the children of an element."""
    return map(local_name, element)


@shared
def _deeper(depth: int) -> Any:
    """Compile the XPath that finds whether an element is deeper than `depth`, itself included."""
    return etree().XPath(f"boolean(.{'/*' * depth})")


def too_deep(element: Element, depth: int, limits: Limits) -> LimitExceeded | None:
    """Return the error on an element that is deeper than `depth`."""
    if depth < 1 or (depth < _DEEPEST and _deeper(depth)(element)):
        return limits.exceeded("depth", "XML")
    return None


def nodes_in(element: Element) -> float:
    """Return the number of elements and attributes of an element, itself and those below it."""
    found: float = _counter()(element)
    return found


@shared
def _counter() -> Any:
    """Compile the XPath that counts elements and attributes."""
    return etree().XPath("count(descendant-or-self::*) + count(descendant-or-self::*/@*)")


def too_large(element: Element, limits: Limits) -> LimitExceeded | None:
    """Return the error on an element with too many elements and attributes."""
    if nodes_in(element) > limits.nodes:
        return limits.exceeded("nodes", "<{name}>", name=local_name(element))
    return None


def has_many_nodes(element: Element) -> bool:
    """Whether an element has as many elements and attributes below it as a large document."""
    return nodes_in(element) > _MANY


def marks(chunk: bytes) -> int:
    """Count possible elements and attributes: cheaply, and never too few."""
    return chunk.count(b"<") - chunk.count(b"</") + chunk.count(b"=")


def growth(size: int, nodes: int, limits: Limits) -> LimitExceeded:
    """Return the error on a stretch without the end of a record that is beyond a limit."""
    if size > limits.record:
        return limits.exceeded("record", f"a stretch of {size:,} bytes without the end of a record")
    return limits.exceeded("nodes", f"a stretch of {nodes:,} nodes without the end of a record")
