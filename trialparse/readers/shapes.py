"""Shapes: the parts of a document that a table reads, and struct classes that hold only them."""

import keyword
import math
from typing import Annotated, Any

import attrs
import msgspec

from trialparse.diagnostics import Problem
from trialparse.generated.classes import define
from trialparse.readers.paths import AROUND, PLACES, Keys, Path, resolved, unopened, write_path

Tree = Any
"""A document as plain values: dict, list, str, int, float, bool and None."""
Remark = tuple[Problem, Keys, str]
"""Something odd about how a document is written, beside its values: the problem, its place and its words."""

TEXT = "#text"
"""The key of the text of an element of XML that has attributes or children beside it."""


class OutOfRange(float):
    """A JSON number beyond the range of a float, with its digits as written."""

    text: str

    @classmethod
    def read(cls, text: str) -> float:
        """Return the number in a text, as a plain float if one can hold it."""
        number = float(text)
        if math.isfinite(number):
            return number
        made = cls(number)
        made.text = text
        return made


@define
class Shape:
    """The wanted members below one node, each with its kind (one, list, keyed)."""

    members: dict[str, tuple[str, "Shape"]] = attrs.field(factory=dict)
    lent: set[Path] = attrs.field(factory=set)
    """Paths out of the list (`^`) whose values are copied into each element."""
    placed: set[str] = attrs.field(factory=set)
    """The keys of places that are copied into each element."""

    def want(self, path: Path) -> None:
        """Add a path, up to its first opener: in the document the rest is text."""
        shape = self
        for index, step in enumerate(path):
            if step.opener:
                break
            if step.key in PLACES:
                shape.placed.add(step.key)
                break
            if step.key == AROUND:
                shape.lent.add(unopened(path[index:]))
                self.want(resolved(path))
                return
            many, below = shape.members.get(step.key, (step.many, None))
            if many != step.many:
                raise ValueError(f"{step.key!r} is wanted both as {many!r} and as {step.many!r}")
            below = below or Shape()
            shape.members[step.key] = (many, below)
            shape = below

    def meets(self, names: "Names") -> bool:
        """Whether something is wanted at a place, above or below which there may be more."""
        shape = self
        for name in names:
            if name not in shape.members:
                return False
            shape = shape.members[name][1]
        return True

    @property
    def wants_leaf(self) -> bool:
        """Whether the value itself is wanted, and nothing below it."""
        return not self.members and not self.placed

    @property
    def wants_text(self) -> bool:
        """Whether the words of an element of XML are wanted, by themselves or beside its attributes."""
        return not self.members or (TEXT in self.members and all(key[0] == "@" for key in self.members.keys() - {TEXT}))


class DoesNotFit(Exception):
    """A record does not have the shape of the structs; the traced run reports where."""


Scalar = str | int | float | bool | None


def attribute_name(key: str) -> str:
    """Return the attribute of a struct that holds a member.

    >>> attribute_name("class")
    'class_'
    """
    plain = key.isascii() and key.isidentifier() and not key.startswith("_") and not keyword.iskeyword(key)
    return key + "_" if plain or keyword.iskeyword(key) else "x" + key.encode().hex() + "_"


_EMPTY_LIST = Annotated[list[Any], msgspec.Meta(max_length=0)]
"""Some registers write an empty list for an object keyed by ids without entries."""


def struct_of(shape: Shape, name: str = "Record") -> type[msgspec.Struct]:
    """Make the struct class of a shape; the decoder skips members that it lacks.

    Missing objects become an empty struct, lists become (), leaves become None,
    so that a chain of attributes never breaks.
    """
    fields: list[tuple[str, Any, Any]] = []
    for key, (many, below) in shape.members.items():
        kind: Any = Scalar if below.wants_leaf else struct_of(below, key)
        if many == "":
            default = None if below.wants_leaf else kind()
            fields.append((attribute_name(key), kind, default))
        elif many == "[]":
            fields.append((attribute_name(key), list[kind], ()))
        elif many == "{}":
            fields.append((attribute_name(key), dict[str, kind] | _EMPTY_LIST | None, None))
        else:
            fields.append((attribute_name(key), list[kind] | kind, ()))
    fields += [(attribute_name(write_path(path)), Any, _lent_of(path)) for path in sorted(shape.lent, key=write_path)]
    fields += [(attribute_name(key), Any, None) for key in sorted(shape.placed)]
    return msgspec.defstruct(
        name,
        fields,
        frozen=not shape.lent and not shape.placed,
        gc=False,
        rename={attribute_name(key): key for key in shape.members},
        module=__name__,
    )


def _lent_of(path: Path) -> tuple[()] | None:
    """Return what an element has of a path out of its list before it is lent: a lone value, or those of a list."""
    return () if any(step.many and step.key != AROUND for step in path) else None


def leaves(tree: Tree, shape: Shape) -> Tree:
    """Return a tree of XML in which each element wanted as a leaf is its text.

    If the shape wants attributes, an element without attributes has its text at the same place as one that has some.

    >>> leaves({"title": {"@lang": "en", "#text": "Hello"}}, Shape({"title": ("", Shape())}))
    {'title': 'Hello'}
    """
    if isinstance(tree, list):
        return [leaves(element, shape) for element in tree]
    if not isinstance(tree, dict):
        return {TEXT: tree} if tree and any(key[0] in "@#" for key in shape.members) else tree
    if shape.wants_leaf:
        return tree.get(TEXT, "")
    if shape.wants_text:  # its markup is in its words
        return {key: value for key, value in tree.items() if key[0] in "@#"} or ""
    wanted = shape.members
    return {key: leaves(value, wanted[key][1]) if key in wanted else value for key, value in tree.items()}


def fit(tree: Tree, shape: Shape) -> Tree:
    """Return the wanted part of a tree, with lone values in lists where the shape wants lists."""
    if not isinstance(tree, dict) or shape.wants_leaf:
        # an element without children is its text; blank text is an empty object
        return {} if tree == "" and shape.members else tree
    made = {}
    for key, (many, below) in shape.members.items():
        if key in tree:
            value = tree[key]
            if not many and not below.members:
                made[key] = value
            elif many == "[]":
                values = value if isinstance(value, list) else [value]
                made[key] = [fit(element, below) for element in values]
            else:
                made[key] = fit(value, below)
    return made


Names = tuple[str, ...]
"""Keys without the places in lists between them."""


def mended(tree: Tree, shape: Shape) -> tuple[Tree, set[Names]]:
    """Return the wanted part of a tree, without what is of a wrong type, and where that was.

    An empty value where a list or an object is wanted (null, an empty text, list or object) is of no type.

    >>> shape = Shape({"a": ("", Shape()), "b": ("[]", Shape())})
    >>> mended({"a": {"deep": 1}, "b": [None, 2], "c": 3}, shape)
    ({'b': [None, 2]}, {('a',)})
    """
    wrong: set[Names] = set()
    made = _mended(tree, shape, (), wrong)
    return ({} if made is _NOTHING else made), wrong


_NOTHING: Any = object()


def _mended(value: Tree, shape: Shape, names: Names, wrong: set[Names]) -> Tree:
    """Return one value for a shape; _NOTHING where it is empty, or of a wrong type."""
    if shape.wants_leaf:
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, OutOfRange)):
            return value
        wrong.add(names)
        return _NOTHING
    if isinstance(value, dict):
        made = {}
        for key, (many, below) in shape.members.items():
            if key in value:
                found = _mended_member(value[key], many, below, (*names, key), wrong)
                if found is not _NOTHING:
                    made[key] = found
        return made
    if not _is_empty(value):
        wrong.add(names)
    return _NOTHING


def _mended_member(value: Tree, many: str, shape: Shape, names: Names, wrong: set[Names]) -> Tree:
    """Return a member for a shape, which may want several values."""
    if many == "{}" and isinstance(value, dict):
        return {key: _element(below, shape, names, wrong) for key, below in value.items()}
    if many in ("[]", "[?]") and isinstance(value, list):
        return [_element(below, shape, names, wrong) for below in value]
    if many in ("", "[?]"):
        return _mended(value, shape, names, wrong)
    if not _is_empty(value):
        wrong.add(names)
    return _NOTHING


def _element(value: Tree, shape: Shape, names: Names, wrong: set[Names]) -> Tree:
    """Return an element for a shape; an empty one stays, because places in lists count."""
    made = _mended(value, shape, names, wrong)
    return made if made is not _NOTHING else None if shape.wants_leaf else {}


def _is_empty(value: Tree) -> bool:
    """Whether a value is empty."""
    return value is None or value in ("", [], {})


def to_struct(tree: Tree, struct: type[msgspec.Struct]) -> msgspec.Struct:
    """Return a fitted tree as a struct; raises DoesNotFit."""
    try:
        return msgspec.convert(tree, struct)
    except (msgspec.ValidationError, RecursionError):
        raise DoesNotFit from None
