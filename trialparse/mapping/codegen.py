"""Generated functions: their source text, and loops over the values at a path.

Each function looks up its names in a dictionary of its own; its text holds only such names and attribute names.
"""

from collections.abc import Callable, Iterable
from typing import Any

import attrs

from trialparse.diagnostics import Problem
from trialparse.generated import Lines, indented, later, run
from trialparse.mapping.opening import openers
from trialparse.mapping.verbs import NOTED, UnreadableWords
from trialparse.prepared import LOCK
from trialparse.readers.paths import AROUND, Path, Step, write_path
from trialparse.readers.shapes import attribute_name

Gather = Callable[[Any], Iterable[Any]]
_NOTHING: dict[str, Any] = {}


@attrs.frozen
class Mode:
    """What the function that fills a record does beside that."""

    whole: bool = False
    """Whether the values read must be whole, because they are compared with others: no gap stands in for one."""
    notices: bool = False
    """Whether it notes what the traced run would report."""
    path: str | None = None
    """How the paths of its fields begin, as `results.` does; None if that is not needed."""

    def within(self, *, whole: bool, path: str | None = None) -> "Mode":
        """Return the mode for a part of the record, which is whole if this is."""
        return Mode(whole=self.whole or whole, notices=self.notices, path=path)


class Names:
    """The values of the names in a generated text."""

    def __init__(self, **known: Any) -> None:
        self.values: dict[str, Any] = known  # a plain dict: look-ups in a subclass are slower
        self.mode = Mode()

    def new(self, beginning: str, value: Any) -> str:
        """Return a name for a value."""
        name = f"{beginning}{len(self.values)}"
        self.values[name] = value
        return name

    def later(self, beginning: str, make: Callable[[], Callable[[Any], Any]]) -> str:
        """Return a name for a function that is made on its first call."""
        name = f"{beginning}{len(self.values)}"
        later(self.values, name, make)
        return name


def function(lines: Lines, names: Names, title: str = "values") -> Callable[[Any], Any]:
    """Return the function of one node `n` with these statements; `title` says in its text what it gives."""
    text = "\n".join([f"def function(n):  # {title}", *indented(lines)])
    made: Callable[[Any], Any] = run(text, names.values)["function"]
    return made


class Later(dict[int, Callable[[Any], Any]]):
    """Functions by index, made on first use."""

    def __init__(self, makers: list[Callable[[], Callable[[Any], Any]]]) -> None:
        super().__init__()
        self.makers = makers

    def __missing__(self, index: int) -> Callable[[Any], Any]:
        with LOCK:
            if index not in self:
                self[index] = self.makers[index]()
        return self[index]


def nested(headers: Lines, body: Lines, *, first: bool = False) -> Lines:
    """Return the body inside loops; with `first`, they end as soon as `v` has a value."""
    for header in reversed(headers):
        stop = ["if v is not None: break"] if first else []
        body = [header, *indented([*body, *stop])]
    return body


def comprehension(headers: Lines, expression: str) -> str:
    """Return a list comprehension of an expression."""
    if headers and headers[0].startswith("if"):
        headers = ["for _ in (None,):", *headers]
    return f"[{' '.join([expression, *(header.rstrip(':') for header in headers)])}]"


def loops(node: str, path: Path, names: Names, *, opened: bool = False, leaves: bool = False) -> tuple[Lines, str]:
    """Return the headers of the loops over the values at a path below `node`, and the expression for one value.

    `opened` marks a node of an opener's tree. With `leaves`, an object among the values is a wrong type.
    """
    if opened:
        if not path and not leaves:
            return [], node
        name = names.new("below", _below("", path, leaves))
        return [f"for {node}t in {name}({node}):"], f"{node}t"
    headers: Lines = []
    expression = node
    for index, step in enumerate(path):
        if step.key == AROUND:
            lent = f"{expression}.{attribute_name(write_path(path[index:]))}"
            if not any(one.many and one.key != AROUND for one in path[index:]):
                return headers, lent
            return [*headers, f"for {node}l in {lent}:"], f"{node}l"
        if step.opener:
            behind = _behind(path[index:], leaves)
            name = names.new("opened", _noting(behind) if names.mode.notices else behind)
            return [*headers, f"for {node}t in {name}({expression}):"], f"{node}t"
        expression = f"{expression}.{attribute_name(step.key)}"
        if step.many:
            variable = f"{node}{len(headers)}"
            headers.append(f"for {variable} in {_elements(expression, step.many, names)}:")
            expression = variable
    return headers, expression


def _elements(expression: str, many: str, names: Names) -> str:
    if many == "[]":
        return expression
    if many == "{}":
        names.values["nothing"] = _NOTHING
        return f"({expression} or nothing).values()"
    names.values["several"] = _several
    return f"several({expression})"


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def gather(path: Path, *, opened: bool = False, leaves: bool = False) -> Gather:
    """Return the function that gives all values at a path below a node."""
    names = Names()
    return function([f"return {comprehension(*loops('n', path, names, opened=opened, leaves=leaves))}"], names)


def one(path: Path, *, opened: bool = False, leaves: bool = False) -> Callable[[Any], Any]:
    """Return the function that gives the first value at a path below a node, or None."""
    names = Names()
    headers, expression = loops("n", path, names, opened=opened, leaves=leaves)
    return function([*nested(headers, [f"return {expression}"]), "return None"], names)


def _behind(path: Path, leaves: bool) -> Gather:
    """Return the function that opens a leaf with the first step of the path and gives the values at the rest."""
    opener, below = openers()[path[0].key], _below(path[0].many, path[1:], leaves)
    return lambda leaf: below(opener(leaf)) if isinstance(leaf, str) and leaf.strip() else ()


def _noting(behind: Gather) -> Gather:
    """Return the function that also notes a leaf which is no text: the traced run reports it."""

    def noting(leaf: Any) -> Iterable[Any]:
        if leaf is not None and not isinstance(leaf, str):
            NOTED.remark = True
        return behind(leaf)

    return noting


Walk = Callable[[list[Any]], list[Any]]
"""One step: from the values reached so far to the values below them."""


def _below(many: str, path: Path, leaves: bool) -> Gather:
    """Return the function that gives all values at a path below an opener's tree."""
    walks = [*_spread(many), *(walk for step in path for walk in _walks(step))]
    if leaves:
        walks.append(_only_leaves)

    def below(tree: Any) -> list[Any]:
        values = [tree]
        for walk in walks:
            values = walk(values)
        return values

    return below


def _spread(many: str) -> list[Walk]:
    """Return the steps into the elements of lists, or the values of objects keyed by ids."""
    if many == "[]":
        return [lambda values: [part for value in values for part in (value if value.__class__ is list else (value,))]]
    if many == "{}":
        return [lambda v: [part for value in v for part in (value.values() if isinstance(value, dict) else (value,))]]
    return []


def _walks(step: Step) -> list[Walk]:
    """Return the steps into a member of objects, or through an opener."""
    key = step.key
    if step.opener:
        opener = openers()[key]
        return [lambda texts: [opener(t) for t in texts if isinstance(t, str) and t.strip()], *_spread(step.many)]
    member: Walk = lambda values: [  # noqa: E731
        found for value in values if isinstance(value, dict) and (found := value.get(key)) is not None
    ]
    return [member, *_spread("[]" if step.many else "")]


def _only_leaves(values: list[Any]) -> list[Any]:
    """Return the leaves; raises UnreadableWords for an object or a list that is not empty."""
    return [value for value in values if value.__class__ is str or _is_leaf(value)]


def _is_leaf(value: Any) -> bool:
    if isinstance(value, dict | list):
        if value:
            raise UnreadableWords(Problem.WRONG_TYPE)
        return False
    return True
