"""attrs classes whose methods are made at first use.

attrs compiles the constructor, the comparison, the hash and the text of a class when the class is defined, which takes
about a millisecond. A process that reads one record never needs them of most classes. So `frozen` and `define` give a
class its slots at once, and let attrs make the rest when something first asks for it: the constructor at the first
instance, all else at the first `==`, `hash`, `repr` or copy. From then on the class has the methods that attrs made,
and is as fast as any other.

Nothing here holds a lock: two threads that ask at once both let attrs make the methods, and either ones will do.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar, get_origin

import attrs

__all__ = ["MADE", "Outline", "define", "frozen", "has_fields", "outline_of"]

Outline = dict[str, tuple[Any, Any]]
"""Type and default of each field of a class, by name; the default is attrs.NOTHING where there is none."""

_OUTLINES: dict[type, Outline] = {}
"""The outlines of the classes that were defined here."""

MADE: list[type] = []
"""The classes for which attrs has made something in this process, oldest first."""

_FIRST = ("__attrs_attrs__", "__attrs_own_setattr__", "__match_args__", "__setattr__")
"""What comes with the constructor."""
_OTHERS = ("__attrs_props__", "__replace__")
_SLOTTED = ("__getstate__", "__setstate__")
_NOT_COPIED = ("__dict__", "__weakref__")
"""What belongs to one class, and not to another one with the same body."""


def outline_of(cls: type) -> Outline:
    """Return types and defaults of the fields of a class, those that `attrs.fields` has, without its methods made."""
    known = _OUTLINES.get(cls)
    return {one.name: (one.type, one.default) for one in attrs.fields(cls)} if known is None else known


def has_fields(cls: type) -> bool:
    """Whether a class is one of attrs, as `attrs.has` decides, without its methods made."""
    return cls in _OUTLINES or attrs.has(cls)


class _Later:
    """What stands in a class for an attribute until attrs makes it."""

    __slots__ = ("_make", "_name")

    def __init__(self, name: str, make: Callable[[], None]) -> None:
        self._name, self._make = name, make

    def __get__(self, instance: object, owner: type) -> Any:
        """Let attrs make the class, and return what it has under this name now."""
        self._make()
        if isinstance(instance, type):  # as `inspect.signature` asks since Python 3.13
            made = vars(instance)[self._name]
            return made.__get__(instance, owner) if hasattr(made, "__get__") else made
        return getattr(owner if instance is None else instance, self._name)


def _decorator(make: Callable[..., Any], *, is_frozen: bool) -> Callable[..., Any]:
    """Return a decorator that takes what one of attrs takes."""

    def decorate(cls: type | None = None, /, **options: Any) -> Any:
        if cls is None:
            return lambda given: _defined(given, make, is_frozen, options)
        return _defined(cls, make, is_frozen, options)

    return decorate


def _defined(written: type, make: Callable[..., type], is_frozen: bool, options: dict[str, Any]) -> type:
    """Return the class for one as it is written, with the slots that attrs would give it."""
    slotted = options.get("slots", True)
    if slotted and any(isinstance(value, cached_property) for value in vars(written).values()):
        return make(written, **options)  # attrs gives such a class slots that are not those of its fields
    body = {name: value for name, value in vars(written).items() if name not in _NOT_COPIED}
    body["__qualname__"] = written.__qualname__
    kinds = {name: kind for name, kind in get_annotations(written).items() if not _is_of_class(kind)}
    first, others = _names(body, is_frozen, options)

    def again(body: dict[str, Any]) -> type:
        copy: type = type(written)(written.__name__, written.__bases__, body)
        return copy

    def finish(names: list[str], **fewer: bool) -> None:
        made = vars(make(again(dict(body)), **options | fewer))
        MADE.append(cls)
        for name in names:
            if isinstance(vars(cls).get(name), _Later):
                if name in made:
                    setattr(cls, name, made[name])
                else:
                    with suppress(AttributeError):  # another thread was faster
                        delattr(cls, name)

    own = {name: value for name, value in body.items() if name not in kinds}
    if slotted:
        own["__slots__"] = _slots(written, kinds, weak=options.get("weakref_slot", True))
    own |= {name: _Later(name, partial(finish, first, repr=False, eq=False)) for name in first}
    own |= {name: _Later(name, partial(finish, others)) for name in others}
    cls = again(own)
    _OUTLINES[cls] = _outline(cls, {name: (kind, _default(body, name)) for name, kind in kinds.items()})
    for value in own.values():
        for cell in getattr(value, "__closure__", None) or ():  # of a function that uses `super()`
            if cell.cell_contents is written:
                cell.cell_contents = cls
    return cls


def _names(body: dict[str, Any], is_frozen: bool, options: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the names of what attrs makes for a class with this body: what each instance needs, and all else."""
    first = [*_FIRST, "__delattr__"] if is_frozen else [*_FIRST]
    first += ["__init__"] if options.get("init", True) else []
    others = [*_OTHERS, *(_SLOTTED if options.get("slots", True) else ())]
    others += ["__repr__"] if options.get("repr", True) else []
    if options.get("eq", True) and "__eq__" not in body:
        others += ["__eq__", "__ne__", *(["__hash__"] if is_frozen else [])]  # Python lets no other be hashed
    return [name for name in first if name not in body], [name for name in others if name not in body]


def _slots(written: type, kinds: dict[str, Any], *, weak: bool) -> tuple[str, ...]:
    """Return the slots that a class has beside those of its bases."""
    above = {slot for base in written.__mro__[1:-1] for slot in vars(base).get("__slots__", ())}
    weak = weak and not any("__weakref__" in vars(base) for base in written.__mro__[1:-1])
    return (*(name for name in kinds if name not in above), *(["__weakref__"] if weak else []))


def _outline(cls: type, own: Outline) -> Outline:
    """Return the outline of a class: the fields of its bases, then its own."""
    above: Outline = {}
    for base in reversed(cls.__mro__[1:-1]):
        above |= _OUTLINES.get(base, {})
    return {name: one for name, one in above.items() if name not in own} | own


def _default(body: dict[str, Any], name: str) -> Any:
    """Return the default of a field; that of `attrs.field` is in an attribute that a test holds."""
    value = body.get(name, attrs.NOTHING)
    return getattr(value, "_default", attrs.NOTHING) if type(value).__name__ == "_CountingAttr" else value


def _is_of_class(kind: Any) -> bool:
    return kind is ClassVar or get_origin(kind) is ClassVar


if TYPE_CHECKING:  # so that type checkers know them as what they do
    from attrs import define, frozen
else:
    define = _decorator(attrs.define, is_frozen=False)
    frozen = _decorator(attrs.frozen, is_frozen=True)
