"""Generated functions: their source text, and loops over the values at a path.

Each function looks up its names in a dictionary of its own; its text holds only such names and attribute names.
"""

from collections.abc import Callable, Iterable
from typing import Any

from trialparse.diagnostics import Problem
from trialparse.generated import Lines, indented, later, run
from trialparse.generated.classes import frozen
from trialparse.mapping.opening import openers
from trialparse.mapping.verbs import NOTED, UnreadableWords
from trialparse.prepared import LOCK
from trialparse.readers.paths import AROUND, Path, write_path
from trialparse.readers.shapes import attribute_name

Gather = Callable[[Any], Iterable[Any]]
_NOTHING: dict[str, Any] = {}


@frozen
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
        name = names.new("below", _Walk(leaves).function(path))
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
    return _Walk(leaves).function(path)


def _noting(behind: Gather) -> Gather:
    """Return the function that also notes a leaf which is no text: the traced run reports it."""

    def noting(leaf: Any) -> Iterable[Any]:
        if leaf is not None and not isinstance(leaf, str):
            NOTED.remark = True
        return behind(leaf)

    return noting


class _Walk:
    """Generates the function that gives all values at a path within an opener's tree.

    Most trees lack most of what is looked for, so the function ends where the first thing is lacking. Keys and openers
    are names in its text: paths of the same form share one.
    """

    def __init__(self, leaves: bool) -> None:
        self._names: dict[str, Any] = {"is_leaf": _is_leaf}
        self._wanted = "if v.__class__ is str or is_leaf(v)" if leaves else ""
        self._loops = 0

    def function(self, path: Path) -> Gather:
        """Return the function of what the path begins at."""
        body = self._steps(path)
        lines = ["r = []", *body, "return r"] if self._loops else [*body, "return ()"]
        text = "\n".join(["def walk(v):  # what an opened text holds", *indented(lines)])
        made: Gather = run(text, self._names)["walk"]
        return made

    def _steps(self, path: Path) -> Lines:
        """Return the statements that take the value `v` to the end of the path."""
        if not path:
            found = "r.append(v)" if self._loops else "return (v,)"
            return [f"{self._wanted}: {found}"] if self._wanted else [found]
        step, *rest = path
        away = "continue" if self._loops else "return ()"
        several = "v if v.__class__ is list"
        if step.opener:
            name = self._named("o", openers()[step.key])
            lines = [f"if not isinstance(v, str) or not v or v.isspace(): {away}", f"v = {name}(v)"]
            several = "v.values() if isinstance(v, dict)" if step.many == "{}" else several
        else:
            name = self._named("k", step.key)
            lines = [f"if not isinstance(v, dict): {away}", f"v = v.get({name})", f"if v is None: {away}"]
        if not step.many:
            return [*lines, *self._steps(tuple(rest))]
        self._loops += 1
        return [*lines, f"for v in ({several} else (v,)):", *indented(self._steps(tuple(rest)))]

    def _named(self, beginning: str, value: Any) -> str:
        """Return a name for a value."""
        name = f"{beginning}{len(self._names)}"
        self._names[name] = value
        return name


def _is_leaf(value: Any) -> bool:
    if isinstance(value, dict | list):
        if value:
            raise UnreadableWords(Problem.WRONG_TYPE)
        return False
    return True
