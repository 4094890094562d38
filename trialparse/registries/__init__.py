"""The registers, one folder each, and the list of their formats."""

import copyreg
from typing import Any

from trialparse.mapping.format import Format
from trialparse.registries import ctis, ctr_xml, euctr, ictrp_xml

FORMATS = (*ctis.FORMATS, *euctr.FORMATS, *ictrp_xml.FORMATS, *ctr_xml.FORMATS)
"""All formats, in the order in which they are tried."""

_BY_NAME = {format.name: format for format in FORMATS}


def format_of(name: str) -> Format:
    """Return the format called `name`; raises KeyError if there is none."""
    return _BY_NAME[name]


def _reduced(format: Format) -> str | tuple[Any, ...]:
    """Pickle a format as its name, so that each process uses its own format, compiled once."""
    known = _BY_NAME.get(format.name) is format
    return (format_of, (format.name,)) if known else object.__reduce_ex__(format, 2)


copyreg.pickle(Format, _reduced)
