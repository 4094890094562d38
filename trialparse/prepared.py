"""Prepare objects at first use: once, under one lock, and published whole.

A format's types and functions are made when the first record needs them. msgspec prepares a type at its first use
without a lock, and a thread that meets a half-prepared type crashes the interpreter; generated functions share
the names that they look up. So every preparation holds the lock, and other threads wait until it is done.

There is one lock, because preparing one object prepares others. No module may prepare anything while it
is imported: another thread may hold the lock and wait for that import.

Imports at first use hold the lock too, and a fork waits for them: if a process forks in
the middle of an import, its child waits forever.
"""

import importlib
import os
import threading
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar, overload

_Arguments = ParamSpec("_Arguments")
_Made = TypeVar("_Made")


class _Lock:
    """The lock. A fork takes it, so that the child finds nothing half prepared; the child gets a new lock."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self.__enter__, after_in_parent=self.__exit__, after_in_child=self.renew)

    def renew(self) -> None:
        """Replace the lock."""
        self._held = threading.RLock()

    def __enter__(self) -> None:
        self._held.acquire()

    def __exit__(self, *_: object) -> None:
        self._held.release()


LOCK = _Lock()
"""Lock to hold while preparing something; reentrant."""


def imported_later(names: dict[str, Any], **modules: str) -> None:
    """Let names among the globals of a module mean other modules, each of which is imported when it is first used."""
    names |= {name: _Later(names, name, module) for name, module in modules.items()}


def names_later(
    package: str, names: dict[str, Any], homes: Mapping[str, str], modules: Collection[str] = ()
) -> Callable[[str], object]:
    """Return the `__getattr__` of a package, which imports the module of a name when it is first used.

    `names` are the globals of the package; `homes` has the module of each name, from the package.
    `modules` are names that mean a module of the package.
    """

    def load(name: str) -> object:
        if name not in homes and name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        with LOCK:  # a fork waits meanwhile: its child could not finish the import
            module = importlib.import_module(f"{package}.{homes.get(name, name)}")
        value: object = getattr(module, name) if name in homes else module
        names[name] = value
        return value

    return load


class _Later:
    """A module until it is imported."""

    def __init__(self, names: dict[str, Any], name: str, module: str) -> None:
        self._names, self._name, self._module = names, name, module

    def __getattr__(self, name: str) -> Any:
        """Import the module, and let the name mean it."""
        with LOCK:
            module = self._names[self._name] = importlib.import_module(self._module)
        return getattr(module, name)


def prepared(make: Callable[_Arguments, _Made]) -> Callable[_Arguments, _Made]:
    """Return a function that prepares its result once for each set of arguments, in whichever thread."""
    known: dict[Any, _Made] = {}

    @wraps(make)
    def ask(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Made:
        key = (*args, *kwargs.items()) if kwargs else args
        try:
            return known[key]
        except KeyError:
            pass
        with LOCK:
            if key not in known:
                known[key] = make(*args, **kwargs)
            return known[key]

    return ask


class prepared_property(Generic[_Made]):  # noqa: N801  used as `cached_property` is
    """A property that is prepared once per instance; the instance needs a `__dict__`."""

    def __init__(self, make: Callable[[Any], _Made]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "prepared_property[_Made]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> _Made: ...

    def __get__(self, instance: object, owner: type) -> Any:
        """Return the value and store it in the instance, so that this is not called again."""
        if instance is None:
            return self
        values = instance.__dict__
        with LOCK:
            if self._name not in values:
                values[self._name] = self._make(instance)
            return values[self._name]
