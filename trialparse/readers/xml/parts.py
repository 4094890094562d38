"""Parts: a record for each of several repeated elements, with everything around them."""

from collections.abc import Iterator

from trialparse.limits import Limits
from trialparse.readers.xml.elements import local_name, nodes_in
from trialparse.readers.xml.parser import Element


def apart(
    element: Element, name: str, owners: tuple[str, str] | None, limits: Limits
) -> Iterator[tuple[int | None, Element]]:
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
    if nodes_in(element) * len(found) > limits.nodes:
        what = f"<{{root}}> with the elements around {len(found):,} <{name}>"
        raise limits.exceeded("nodes", what, root=local_name(element))
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


def _children(name: str, element: Element) -> Iterator[Element]:
    """Return the children of a local name."""
    return element.iterchildren(f"{{*}}{name}")
