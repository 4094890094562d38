"""Trees: elements as plain Python, read and written, and the XPaths of their values."""

from typing import Any, TypeAlias

from trialparse.diagnostics import MalformedDocument
from trialparse.limits import DEFAULTS, Limits
from trialparse.readers.shapes import TEXT, Shape
from trialparse.readers.xml.elements import NIL, bare, local_name
from trialparse.readers.xml.parser import Element, etree, serialise

Tree: TypeAlias = "str | dict[str, Tree] | list[Tree]"
"""An element as plain Python, see `tree`."""


def tree(element: Element, limits: Limits = DEFAULTS, shape: Shape | None = None) -> Tree:
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
    # A loop in place of a recursion: a child is put in its place at once and filled later, so that order holds.
    while todo:
        current, node, wanted = todo.pop()
        attributes = len(current.keys())
        left -= 1 + attributes + len(current)
        if left < 0:
            raise limits.exceeded("nodes", "<{name}>", name=local_name(element))
        if attributes > limits.attributes:  # libxml2 searches them from the first one
            raise limits.exceeded(
                "attributes", "<{name}> with {count:,} attributes", name=local_name(current), count=attributes
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
            _put(node, f"@{bare(name)}", value)
    wanted = {} if shape is None else shape.members
    texts = [element.text or ""]
    for child in element:
        name = child.tag if child.tag[0] != "{" else bare(child.tag)
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


def _is_true(element: Element) -> bool:
    """Whether `xsi:nil` is true to the element: empty, or not."""
    said = (element.get(NIL) or "").strip()
    empty = not len(element) and not (element.text or "").strip()
    return said in ("false", "0") or (said in ("true", "1") and empty)


def _put(node: dict[str, Tree], key: str, value: Tree) -> None:
    """Put a value under a key, in a list if it is not the first one."""
    if key not in node:
        node[key] = value
    elif isinstance(there := node[key], list):
        there.append(value)
    else:
        node[key] = [there, value]


def element(value: Tree, name: str, shape: Shape | None = None) -> Element:
    """Return the element called `name` whose tree is `value`; text among children comes first.

    If `shape` wants the words of an element, they include those of its markup, which is left out.
    Raises `MalformedDocument` for characters that XML does not have.
    """
    top: Element = etree().Element(name)
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
    parent: Element, key: str, value: Tree, shape: Shape | None, todo: list[tuple[Element, Tree, Shape | None]]
) -> None:
    """Put the value under a key of a tree into the element."""
    wanted = {} if shape is None else shape.members
    for item in value if isinstance(value, list) else [value]:
        if key == TEXT:
            parent.text = str(item)
        elif key.startswith("@"):
            parent.set(key[1:], str(item))
        elif shape is None or not shape.wants_text:
            todo.append((etree().SubElement(parent, key), item, wanted[key][1] if key in wanted else None))


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


def _step(key: str | int) -> str:
    """Return one step of an XPath."""
    if isinstance(key, int):
        return f"[{key + 1}]"
    return "/text()" if key == TEXT else f"/{key}"
