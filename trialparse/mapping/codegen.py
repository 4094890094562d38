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
from trialparse.readers.paths import AROUND, Path, Step, unopened, write_path
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
    """The values of the names in a generated text, and the statements with which its function begins."""

    def __init__(self, **known: Any) -> None:
        self.values: dict[str, Any] = known  # a plain dict: look-ups in a subclass are slower
        self.mode = Mode()
        self.nodes = {"n"}
        """The nodes that the function has from its beginning on; other nodes are those of loops."""
        self.first: Lines = []
        """The statements with which the function begins."""
        self._shared: dict[Any, str] = {}

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

    def shared(self, beginning: str, key: Any, make: Callable[[], Any]) -> str:
        """Return the name for the value of a key, which is made at its first use."""
        if key not in self._shared:
            self._shared[key] = self.new(beginning, make())
        return self._shared[key]

    def once(self, node: str, expression: str) -> str | None:
        """Return the name for what an expression of a node gives, evaluated when the function begins.

        None if the node is that of a loop.
        """
        if node not in self.nodes:
            return None
        if expression not in self._shared:
            self._shared[expression] = f"tree{len(self.first)}"
            self.first.append(f"{self._shared[expression]} = {expression}")
        return self._shared[expression]


def function(lines: Lines, names: Names, title: str = "values") -> Callable[[Any], Any]:
    """Return the function of one node `n` with these statements; `title`, a comment, names what it returns."""
    text = "\n".join([f"def function(n):  # {title}", *indented([*names.first, *lines])])
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
        stop = ["if v is not None: break"] if first and header.startswith("for ") else []
        body = [header, *indented([*body, *stop])]
    return body


def comprehension(headers: Lines, expression: str) -> str:
    """Return the text of a list of the values of an expression in loops."""
    if not headers:
        return f"[{expression}]"
    if headers[0].startswith("if "):
        condition = headers[0].removeprefix("if ").removesuffix(":")
        return f"({comprehension(headers[1:], expression)} if {condition} else [])"
    if headers[0].startswith(f"for {expression} in ") and len(headers) == 1:
        return f"[*{headers[0].removeprefix(f'for {expression} in ').removesuffix(':')}]"
    return f"[{' '.join([expression, *(header.rstrip(':') for header in headers)])}]"


def is_there(headers: Lines, expression: str) -> str | None:
    """Return a condition that holds where loops give a value of an expression, and sometimes where they give none.

    None if there is no cheap one.
    """
    if not headers:
        return f"{expression} is not None"
    if headers[0].startswith("if "):
        return headers[0].removeprefix("if ").removesuffix(":")
    listed = headers[0].partition(" in ")[2].removesuffix(":")
    return listed if "(" not in listed else None


def loops(node: str, path: Path, names: Names, *, opened: bool = False, leaves: bool = False) -> tuple[Lines, str]:
    """Return the headers of the loops over the values at a path below `node`, and the expression for one value.

    `opened` marks a node of an opener's tree. With `leaves`, an object among the values is a wrong type.
    """
    if opened:
        if not path and not leaves:
            return [], node
        return _in_tree(node, path, names, leaves)
    headers: Lines = []
    expression = node
    for index, step in enumerate(path):
        if step.key == AROUND:
            outward = unopened(path[index:])
            lent = f"{expression}.{attribute_name(write_path(outward))}"
            if outward != path[index:]:
                inner, value = _opened(node if not headers else "", lent, path[index + len(outward) :], names, leaves)
                return [*headers, *inner], value
            if not any(one.many and one.key != AROUND for one in outward):
                return headers, lent
            return [*headers, f"for {node}l in {lent}:"], f"{node}l"
        if step.opener:
            inner, value = _opened(node if not headers else "", expression, path[index:], names, leaves)
            return [*headers, *inner], value
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


def _opened(node: str, leaf: str, path: Path, names: Names, leaves: bool) -> tuple[Lines, str]:
    """Return what `loops` does for a leaf below a node and a path that begins with its opener.

    Most trees lack most of what is looked for, so a tree is asked for a key before anything else is done.
    """
    looked = []
    if names.mode.notices:
        looked = [f"if {names.shared('is_text', _is_text, lambda: _is_text)}({leaf}):"]
    step, *below = path
    if step.many or not below or below[0].opener:
        walk = names.shared("opened", (path, leaves), lambda: _Walk(leaves).function(path))
        found = (None if leaves else names.once(node, f"{walk}({leaf})")) or f"{walk}({leaf})"
        variable = f"{leaf.partition('.')[0]}t"
        return [*looked, f"for {variable} in {found}:"], variable
    tree = f"{names.shared('open', step, lambda: _tree_of(step))}({leaf})"
    inner, value = _at_key(node, names.once(node, tree), tree, tuple(below), names, leaves)
    return [*looked, *inner], value


def _in_tree(node: str, path: Path, names: Names, leaves: bool) -> tuple[Lines, str]:
    """Return what `loops` does for a node of an opener's tree."""
    names.values["nothing"] = _NOTHING
    tree = names.once(node, f"{node} if {node}.__class__ is dict else nothing") if path and not path[0].opener else None
    if tree is not None:
        return _at_key(node, tree, tree, path, names, leaves)
    walk = names.shared("below", (path, leaves), lambda: _Walk(leaves).function(path))
    return [f"for {node}t in {walk}({node}):"], f"{node}t"


def _at_key(node: str, known: str | None, tree: str, path: Path, names: Names, leaves: bool) -> tuple[Lines, str]:
    """Return what `loops` does for the tree of a node, by its name if it has one, and a path that begins with a key."""
    step = path[0]
    if known is not None and leaves and len(path) == 1 and not step.many:
        leaf = f"{names.shared('leaf', _leaf, lambda: _leaf)}({known}.get({step.key!r}))"
        alone = names.once(node, leaf) if names.mode.path is None else None  # in the root, a surprise is one of a field
        return [], alone or leaf
    name = known or f"tree_{len(names.values)}"
    asked = known or f"({name} := {tree})"
    walk = names.shared("below", (step.many, path[1:], leaves), lambda: _Walk(leaves).at_key(path))
    return [f"if {step.key!r} in {asked}:", f"for {name}v in {walk}({name}[{step.key!r}]):"], f"{name}v"


def _tree_of(step: Step) -> Callable[[Any], Any]:
    """Return the function that opens a leaf and gives its tree; an empty one if it is no text or no tree of keys."""
    opener = openers()[step.key]

    def tree(leaf: Any) -> Any:
        if not isinstance(leaf, str) or not leaf or leaf.isspace():
            return _NOTHING
        made = opener(leaf)
        return made if made.__class__ is dict else _NOTHING

    return tree


def _leaf(value: Any) -> Any:
    """Return a value of a tree if it is a leaf; None for an empty object or list."""
    return value if value.__class__ is str or value is None or _is_leaf(value) else None


def _is_text(leaf: Any) -> bool:
    """Whether a leaf is a text, as most are; one that is none is noted: the traced run reports it."""
    if leaf is not None and not isinstance(leaf, str):
        NOTED.remark = True
    return isinstance(leaf, str)


class _Walk:
    """Generates the function that gives all values at a path within an opener's tree.

    The function ends where the first thing is lacking. Keys and openers are names in its text: paths of the same form
    share one.
    """

    def __init__(self, leaves: bool) -> None:
        self._names: dict[str, Any] = {"is_leaf": _is_leaf}
        self._wanted = "if v.__class__ is str or is_leaf(v)" if leaves else ""
        self._loops = 0

    def function(self, path: Path) -> Gather:
        """Return the function of what the path begins at."""
        return self._function(self._steps(path))

    def at_key(self, path: Path) -> Gather:
        """Return the function of the value at the key that the path begins with."""
        return self._function(["if v is None: return ()", *self._within(path[0], path[1:])])

    def _function(self, body: Lines) -> Gather:
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
        if step.opener:
            name = self._named("o", openers()[step.key])
            lines = [f"if not isinstance(v, str) or not v or v.isspace(): {away}", f"v = {name}(v)"]
        else:
            name = self._named("k", step.key)
            lines = [f"if not isinstance(v, dict): {away}", f"v = v.get({name})", f"if v is None: {away}"]
        return [*lines, *self._within(step, tuple(rest))]

    def _within(self, step: Step, rest: Path) -> Lines:
        """Return the statements that take what is behind a step on, each by itself if the step leads to many."""
        if not step.many:
            return self._steps(rest)
        self._loops += 1
        several = (
            "v.values() if isinstance(v, dict)" if step.opener and step.many == "{}" else "v if v.__class__ is list"
        )
        return [f"for v in ({several} else (v,)):", *indented(self._steps(rest))]

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
