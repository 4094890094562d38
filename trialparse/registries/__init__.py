"""The registers, one folder each, and the list of their formats."""

import copyreg
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from trialparse.mapping.check import faults_of_signs
from trialparse.mapping.format import Format
from trialparse.tsv import TableError


def _formats() -> Iterator[Format]:
    """Yield the formats of every folder that has some."""
    for folder in pkgutil.iter_modules(__path__):
        yield from getattr(importlib.import_module(f"{__name__}.{folder.name}"), "FORMATS", ())


FORMATS = tuple(sorted(_formats(), key=lambda format: format.name))
"""All formats, by name; recognition needs no order."""

if faults := [*faults_of_signs(FORMATS)]:
    raise TableError("\n".join(map(str, faults)))

_BY_NAME = {format.name: format for format in FORMATS}


def format_of(name: str) -> Format:
    """Return the format called `name`; raises KeyError if there is none."""
    return _BY_NAME[name]


def _reduced(format: Format) -> str | tuple[Any, ...]:
    """Pickle a format as its name, so that each process uses its own format, compiled once."""
    known = _BY_NAME.get(format.name) is format
    return (format_of, (format.name,)) if known else object.__reduce_ex__(format, 2)


copyreg.pickle(Format, _reduced)
