"""Notations: JSON, XML, CSV, and forms as text and as HTML; each is one object, which a format holds."""

from trialparse.readers.notations.csv import Csv
from trialparse.readers.notations.form import Html, Text
from trialparse.readers.notations.json import Json, Pagination
from trialparse.readers.notations.notation import (
    Candidate,
    Empty,
    Found,
    Notation,
    Page,
    RawRecord,
    Unreadable,
)
from trialparse.readers.notations.xml import Xml

NOTATIONS: tuple[type[Notation], ...] = (Json, Xml, Html, Text, Csv)
"""All notations, in the order in which a document is tried; any text may be a table."""

__all__ = [
    "NOTATIONS",
    "Candidate",
    "Csv",
    "Empty",
    "Found",
    "Html",
    "Json",
    "Notation",
    "Page",
    "Pagination",
    "RawRecord",
    "Text",
    "Unreadable",
    "Xml",
]
