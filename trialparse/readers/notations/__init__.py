"""Notations: JSON, XML, CSV, and printed forms as text or HTML. Each format holds one as its `notation`."""

from trialparse.readers.notations.csv import Csv
from trialparse.readers.notations.form import Html, Text
from trialparse.readers.notations.json import Json, Pagination
from trialparse.readers.notations.keyed import KeyedJson
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
"""All notations, in the order in which they are asked. CSV is last, because any text may be a table."""

__all__ = [
    "NOTATIONS",
    "Candidate",
    "Csv",
    "Empty",
    "Found",
    "Html",
    "Json",
    "KeyedJson",
    "Notation",
    "Page",
    "Pagination",
    "RawRecord",
    "Text",
    "Unreadable",
    "Xml",
]
