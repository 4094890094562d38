"""Picking: takes the values that a shape wants from an XML element without making its tree.

Half of the cost of reading an element is asking lxml for children, tag and text. A tree asks for everything, and `fit`
keeps a part of it; a picker skips what the shape does not want and makes nothing twice.
The functions are generated, each at its first use. In their text `e` is the element, `ec` a child of it, `et` its tag,
`x` its text, and `m` what is made of the element, `y` of a child.
"""

from collections.abc import Callable
from typing import Any

from trialparse.generated import Lines, indented, run
from trialparse.prepared import LOCK, prepared
from trialparse.readers.shapes import TEXT, DoesNotFit, Shape, Tree
from trialparse.readers.xml.elements import NIL

Pick = Callable[[Any], Tree]


def picker(shape: Shape) -> Pick:
    """Return the function that picks what a shape wants from an element.

    That is `fit(leaves(tree(element, limits, shape), shape), shape)`.

    The function raises `DoesNotFit` for an element that is not plain (a namespace below an element without one, markup
    in a value, a repeated value); its tree may still fit.
    """
    if not shape.members:
        return _text
    pickers = prepared(
        lambda qualified: _refuse if qualified and not _is_all_plain(shape) else _Objects(qualified).picker(shape)
    )
    return lambda element: pickers(len(element) > 0 and element[0].tag[0] == "{")(element)


def _is_plain(shape: Shape) -> bool:
    """Whether a picker can find all members: children, lists of children, attributes, and text without children."""
    return (TEXT not in shape.members or shape.wants_text) and all(
        not (many or below.members) if key[0] in "@#" else many in ("", "[]")
        for key, (many, below) in shape.members.items()
    )


def _is_all_plain(shape: Shape) -> bool:
    """Whether a shape is plain, and all below it, without text: in a namespace, markup in it is the rule."""
    return (
        _is_plain(shape)
        and TEXT not in shape.members
        and all(_is_all_plain(below) for _, below in shape.members.values())
    )


def _refuse(element: Any) -> Tree:
    """Refuse every element: the shape wants what only a tree can give."""
    raise DoesNotFit


def _text(element: Any) -> str:
    """Return the text of an element without children."""
    if len(element):
        raise DoesNotFit
    text: str | None = element.text
    return "" if text is None or text.isspace() else text


class _Objects:
    """The pickers of elements with members, below one shape; they call each other by name.

    Those of `qualified` elements take their local names, which costs a fifth more.
    """

    def __init__(self, qualified: bool) -> None:
        self.qualified = qualified
        self.names: dict[str, Any] = {"DoesNotFit": DoesNotFit, "nil": NIL}

    def picker(self, shape: Shape) -> Pick:
        """Return the function that gives the wanted members of an element."""
        if not _is_plain(shape):
            return _refuse
        lines = ["def pick(e):", *indented([*self.lines(shape, "e", "m"), "return m"])]
        made: Pick = run("\n".join(lines), self.names)["pick"]
        return made

    def name(self, shape: Shape) -> str:
        """Return a name for the picker of a shape, which is made on its first call."""
        name = f"p{len(self.names)}"

        def first(element: Any) -> Tree:
            with LOCK:
                if self.names[name] is first:
                    self.names[name] = self.picker(shape)
            return self.names[name](element)

        self.names[name] = first
        return name

    def lines(self, shape: Shape, e: str, m: str) -> Lines:
        """Return the statements that make of the element called `e` what is called `m`."""
        c, t = f"{e}c", f"{e}t"
        children = {key: member for key, member in shape.members.items() if key[0] not in "@#"}
        leaves = frozenset(key for key, (many, below) in children.items() if not many and not below.members)
        branches: list[tuple[str, Lines]] = []
        if leaves:
            name = f"s{len(self.names)}"
            self.names[name] = leaves
            texts = [f"if {t} in {m} or len({c}): raise DoesNotFit", f"x = {c}.text"]
            branches.append((f"{t} in {name}", [*texts, f"{m}[{t}] = {_TEXT}"]))
        branches += [
            (f"{t} == {key!r}", self._member(key, many, below, c, m))
            for key, (many, below) in children.items()
            if key not in leaves
        ]
        if not self.qualified:
            branches.append((f"{t}[0] == '{{'", ["raise DoesNotFit"]))
        lines = [f"{m} = {{}}", *_attributes(shape, e, m)]
        if TEXT in shape.members:
            text = [f"x = {e}.text", f"if x is not None and not x.isspace(): {m}[{TEXT!r}] = x"]
            return [*lines, f"if len({e}): raise DoesNotFit", *text]
        # lxml hands over a slice at once, and takes a fifth more for one after another
        lines += [f"for {c} in {e}[:]:", f" {t} = {c}.tag"]
        lines += [f" {t} = {t}[{t}.rfind('}}') + 1:]"] if self.qualified else []
        for word, (condition, body) in zip(("if", *["elif"] * len(branches)), branches, strict=False):
            lines += indented([f"{word} {condition}:", *indented(body)])
        odd = f"not {m} and not len({e}) and {e}.text and not {e}.text.isspace() and not {e}.keys()"
        return [*lines, f"if {odd}: raise DoesNotFit"]

    def _member(self, key: str, many: str, below: Shape, c: str, m: str) -> Lines:
        """Return the statements that put a child into its place; a call for a small child would cost too much."""
        lines, value = [], "y"
        if below.members and _is_plain(below) and not any(one.members for _, one in below.members.values()):
            lines = self.lines(below, c, value)
        elif below.members:
            value = f"{self.name(below)}({c})"
        else:
            lines, value = [f"if len({c}): raise DoesNotFit", f"x = {c}.text"], _TEXT
        if many:
            return [*lines, f"if {key!r} in {m}: {m}[{key!r}].append({value})", f"else: {m}[{key!r}] = [{value}]"]
        return [f"if {key!r} in {m}: raise DoesNotFit", *lines, f"{m}[{key!r}] = {value}"]


_TEXT = "'' if x is None or x.isspace() else x"


def _attributes(shape: Shape, e: str, m: str) -> Lines:
    """Return the statements that take the wanted attributes; one in a namespace may match by its local name."""
    keys = [key for key in shape.members if key[0] == "@"]
    if not keys:
        return []
    lines = [f"for a, x in {e}.items():"]
    for word, key in zip(("if", *["elif"] * len(keys)), keys, strict=False):
        lines += [f" {word} a == {key[1:]!r}: {m}[{key!r}] = x"]
    return [*lines, " elif a[0] == '{' and a != nil: raise DoesNotFit"]
