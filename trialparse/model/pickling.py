"""Pickles of records: the class once, then the values of each record in the order of its fields.

attrs stores the names of all fields with each record, and sets them one by one. Here a pickle has a `_Maker` for each
class. Reading it gives the function that makes records from their values; it refuses a class whose fields have changed.
"""

import copyreg
import zlib
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from trialparse.model.building import maker

Reduce = Callable[[Any], tuple["_Maker", tuple[Any, ...]]]
"""A function that returns what pickle and copy make a record from."""


def pickled_by_position(cls: type) -> None:
    """Let pickle and copy store the values of records of a class without their names; its subclasses are not concerned.

    The functions are made when the first record of the class is pickled.
    """

    def first(record: Any) -> tuple["_Maker", tuple[Any, ...]]:
        reduce = _reducer(cls)
        copyreg.pickle(cls, reduce)
        return reduce(record)

    copyreg.pickle(cls, first)


def _reducer(cls: type) -> Reduce:
    names, make = [field.name for field in attrs.fields(cls)], _Maker(cls)
    if len(names) == 1:  # then attrgetter returns the value and no tuple
        [name] = names
        return lambda record: (make, (getattr(record, name),))
    values = attrgetter(*names)
    return lambda record: (make, values(record))


class _Maker:
    """Makes records of a class; its pickle names the class and shows whether the fields are the same."""

    __slots__ = ("_cls",)

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __call__(self, *values: Any) -> Any:
        return maker(self._cls)(*values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the class and the digest of its fields."""
        return _unpickled, (self._cls, _digest(self._cls))


def _unpickled(cls: type, digest: int) -> Callable[..., Any]:
    """Return the function that makes records of a class; raises UnpicklingError if its fields have changed."""
    if digest != _digest(cls):
        import pickle  # which is there: it is reading

        raise pickle.UnpicklingError(f"{cls.__name__} has other fields in the version of trialparse that pickled it")
    return maker(cls)


@cache
def _digest(cls: type) -> int:
    """Return a number that changes with the names, the order and the types of the fields of a class."""
    return zlib.crc32("\n".join(f"{field.name}: {field.type}" for field in attrs.fields(cls)).encode())
