"""A form in which a register gives its records, and what its documents look like."""

import attrs

from trialparse.readers.html import Layout


@attrs.frozen(kw_only=True, eq=False)
class Format:
    """A form in which a register gives its records."""

    name: str
    """`ctis-retrieve`, `ctis-search` and so on."""
    registry: str
    """Folder of the registry among `trialparse.registries`."""
    reader: str
    """`json`, `xml` or `csv`; `text` or `html` for a form."""
    title: str
    """What it is, for people."""
    table: str = "mapping.tsv"
    """File of the mapping."""
    upgrade: str | None = None
    """File of the upgrade, for an old shape."""
    keys: tuple[frozenset[str], ...] = ()
    """Sets of keys of which a record has one (JSON)."""
    columns: tuple[str, ...] = ()
    """Columns of the file (CSV)."""
    hints: tuple[bytes, ...] = ()
    """Bytes near the beginning of a document (JSON) at which the format is tried before the document is skimmed."""
    records: tuple[str, ...] = ()
    """Where records stand in a document: the key of a page's rows (JSON), the element names (XML); else the root.

    The element name `*` is any.
    """
    blank: frozenset[str] = frozenset({""})
    """Words that stand for an empty cell."""
    children: frozenset[str] = frozenset()
    """Elements of which a record has one at least (XML); what records of other formats have as well is no sign."""
    namespaces: tuple[str, ...] = ()
    """Namespaces of which the root is in one (XML), "" being none; where none are named the root can be in any."""
    unqualified: bool = False
    """Whether only the root is in its namespace and what stands in it is in none (XML)."""
    closed: bool = False
    """Whether a published schema says all that a record can hold, so that what no row knows is told (XML)."""
    schema: str = ""
    """File of what that schema asks for, by which documents are made for tests."""
    declares: str = ""
    """A namespace that the root, or an element in the beginning of the document, declares besides its own (XML)."""
    several: str = ""
    """An element of the record (XML): where it stands several times, each with all that stands around is a record."""
    owners: tuple[str, str] | None = None
    """The attribute that is its key, and the one by which what stands around it says to whose key it belongs."""
    parts: "tuple[EmbeddedFormat, ...]" = ()
    """What its records hold of other formats."""
    form: str = ""
    """File of the form (text, HTML)."""
    usual: tuple[str, ...] = ()
    """Answers that most lines of the form have: a line with one of them is known as a whole (text)."""
    layout: Layout | None = None
    """What the rows of its pages are (HTML)."""
    begins: tuple[str, ...] = ()
    """Consecutive lines that begin a record, labels with a colon (text); the first record may lack the first line."""
    refusals: tuple[tuple[str, str], ...] = ()
    """Words of a page without a record, and what it is (HTML)."""
    envelope: tuple[str, ...] = ()
    """What a page says of itself beside its rows (JSON)."""
    empty: str = "a document without records"
    """What a document of it is that holds no record."""
    holds: str = "protocol"
    """What a record tells of a trial: `protocol`, `results`, or `listing` for a line of a list; `combine` asks."""


@attrs.frozen(kw_only=True)
class EmbeddedFormat:
    """What stands in the records of a format as it does in those of another register's, which has the rows for it."""

    registry: str
    """Folder of the other registry."""
    table: str
    """File of the other mapping."""
    at: str
    """The element that it stands in."""
    fields: frozenset[str]
    """The fields of the Trial that are read from it."""
