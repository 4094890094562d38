"""Picking: what a shape wants of an element of XML, without the element's tree.

Half of what it takes to read an element is asking lxml for children, tag and text. A tree asks for all of it and keeps
all of it, of which `fit` takes a part; here what nobody wants is passed by, and nothing is made twice.
The functions are generated as attrs generates constructors, each at its first use: their text holds the names that a
table wants, and nothing that a source says. In it `e` is the element, `m` what is made of it, `c` a child, `t` its tag
and `x` its text.
"""

from collections.abc import Callable
from typing import Any

from trialparse.shapes import DoesNotFit, Shape, Tree

Pick = Callable[[Any], Tree]

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
"""The attribute that says whether an element is empty."""

_Lines = list[str]


def picker(shape: Shape) -> Pick:
    """Return the function that gives what a shape wants of an element.

    That is `fit(leaves(tree(element, limits, shape), shape), shape)`.

    Raises `DoesNotFit` where an element is not as plain as the shape expects (it has a namespace, markup in a value, a
    value that stands twice); its tree may fit all the same.
    """
    return _Objects().picker(shape) if shape.members else _text


def _is_plain(key: str, many: str, below: Shape) -> bool:
    """Whether a picker can look for a member: a child, one of several, or the value of an attribute."""
    return not (many or below.members) if key[0] == "@" else many in ("", "[]") and key[0] != "#"


def _refuse(element: Any) -> Tree:
    """Leave an element to its tree."""
    raise DoesNotFit


def _text(element: Any) -> str:
    """Return the text of an element in which no other stands."""
    if len(element):
        raise DoesNotFit
    text: str | None = element.text
    return "" if text is None or text.isspace() else text


class _Objects:
    """The pickers of elements with members, below one shape; they know each other by name."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"DoesNotFit": DoesNotFit, "nil": NIL}

    def picker(self, shape: Shape) -> Pick:
        """Return the function that gives the wanted members of an element."""
        if not all(_is_plain(key, many, below) for key, (many, below) in shape.members.items()):
            return _refuse
        exec("\n".join(["def pick(e):", *(f" {line}" for line in self.lines(shape))]), self.names)  # noqa: S102  see above
        made: Pick = self.names.pop("pick")
        return made

    def name(self, shape: Shape) -> str:
        """Return a name for the picker of a shape, which is made when it is first called."""
        name = f"p{len(self.names)}"

        def first(element: Any) -> Tree:
            self.names[name] = made = self.picker(shape)
            return made(element)

        self.names[name] = first
        return name

    def lines(self, shape: Shape) -> _Lines:
        """Return the statements of a picker."""
        children = {key: member for key, member in shape.members.items() if key[0] != "@"}
        lone = [key for key, (many, below) in children.items() if not many and not below.members]
        leaves = f"s{len(self.names)}"
        self.names[leaves] = frozenset(lone)
        lines = ["m = {}", *_attributes([key for key in shape.members if key[0] == "@"])]
        # lxml hands over a slice at once, and takes a fifth more for one after another
        lines += ["for c in e[:]:", " t = c.tag", f" if t in {leaves}:", "  if t in m or len(c): raise DoesNotFit"]
        lines += ["  x = c.text", "  m[t] = '' if x is None or x.isspace() else x"]
        for key, (many, below) in children.items():
            if key not in self.names[leaves]:
                lines += [f" elif t == {key!r}:", *self._member(key, many, below)]
        lines.append(" elif t[0] == '{': raise DoesNotFit")
        odd = "not m and not len(e) and e.text and not e.text.isspace() and not e.keys()"
        return [*lines, f"if {odd}: raise DoesNotFit", "return m"]

    def _member(self, key: str, many: str, below: Shape) -> _Lines:
        """Return the statements that put a child into its place."""
        if below.members:
            lines, value = [], f"{self.name(below)}(c)"
        else:
            lines, value = ["  if len(c): raise DoesNotFit", "  x = c.text"], "'' if x is None or x.isspace() else x"
        if many:
            return [*lines, f"  if t in m: m[t].append({value})", f"  else: m[t] = [{value}]"]
        return [*lines, "  if t in m: raise DoesNotFit", f"  m[t] = {value}"]


def _attributes(keys: list[str]) -> _Lines:
    """Return the statements that take the wanted attributes; one of a namespace may be such a one by its local name."""
    if not keys:
        return []
    lines = ["for t, x in e.items():"]
    for word, key in zip(("if", *["elif"] * len(keys)), keys, strict=False):
        lines += [f" {word} t == {key[1:]!r}: m[{key!r}] = x"]
    return [*lines, " elif t[0] == '{' and t != nil: raise DoesNotFit"]
