"""Writing a plain tree as XML, the inverse of `readers.xml.tree`, for records from which persons were taken out."""

from typing import Any

from trialparse.records import Tree


def document(tree: Tree, name: str) -> bytes:
    """Return a tree as an XML document whose root is called `name`; namespaces and comments are gone."""
    from lxml import etree

    root = etree.Element(name)
    todo: list[tuple[Any, Tree]] = [(root, tree)]
    while todo:
        element, value = todo.pop()
        if not isinstance(value, dict):
            element.text = str(value)
            continue
        for key, below in value.items():
            if key == "#text":
                element.text = str(below)
            elif key.startswith("@"):
                element.set(key[1:], str(below))
            else:
                values = below if isinstance(below, list) else [below]
                todo.extend((etree.SubElement(element, key), one) for one in values)
    written: bytes = etree.tostring(root, encoding="utf-8")
    return written
