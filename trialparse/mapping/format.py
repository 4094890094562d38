"""Formats: the shapes in which registers publish their records."""

import attrs

from trialparse.readers.html import Layout


@attrs.frozen(kw_only=True, eq=False)
class Format:
    """A shape in which a register publishes its records."""

    name: str
    """`ctis-retrieve`, `ctis-search` and so on."""
    registry: str
    """Folder of the registry among `trialparse.registries`."""
    reader: str
    """`json`, `xml` or `csv`; `text` or `html` for a form."""
    title: str
    """Title for readers."""
    table: str = "mapping.tsv"
    """File of the mapping."""
    upgrade: str | None = None
    """File of the upgrade, for an old shape."""
    keys: tuple[frozenset[str], ...] = ()
    """Alternative sets of keys: a record has all keys of one set (JSON)."""
    columns: tuple[str, ...] = ()
    """Columns of the file (CSV)."""
    hints: tuple[bytes, ...] = ()
    """Bytes near the beginning of a document (JSON) at which the format is tried before the document is skimmed."""
    records: tuple[str, ...] = ()
    """Where the records are in a document: the key of a page's rows (JSON), the element names (XML); else the root.

    The element name `*` is any.
    """
    blank: frozenset[str] = frozenset({""})
    """Words that mean an empty cell."""
    children: frozenset[str] = frozenset()
    """Elements that identify the format: a record has at least one, records of other formats have none (XML)."""
    namespaces: tuple[str, ...] = ()
    """Namespaces allowed for the root, "" for none; if empty, the root may be in any namespace (XML)."""
    unqualified: bool = False
    """Whether only the root has a namespace and its descendants have none (XML)."""
    closed: bool = False
    """Whether a published schema is complete, so that anything no row reads is reported (XML)."""
    schema: str = ""
    """File with the rules of that schema, from which tests make documents."""
    declares: str = ""
    """A namespace that the root or an early element declares besides its own (XML)."""
    several: str = ""
    """A repeatable element (XML): each of its elements, together with everything around it, is one record."""
    owners: tuple[str, str] | None = None
    """The attribute with the key of that element, and the attribute by which elements around it refer to a key."""
    parts: "tuple[EmbeddedFormat, ...]" = ()
    """Formats embedded in its records."""
    form: str = ""
    """File of the form (text, HTML)."""
    usual: tuple[str, ...] = ()
    """Answers of most lines of the form: a line with one of them is recognised as a whole (text)."""
    layout: Layout | None = None
    """Layout of the rows of its pages (HTML)."""
    begins: tuple[str, ...] = ()
    """Consecutive lines that begin a record, labels with a colon (text); the first record may lack the first line."""
    refusals: tuple[tuple[str, str], ...] = ()
    """Words of a page without a record, each with the reason to report (HTML)."""
    envelope: tuple[str, ...] = ()
    """Keys of a page besides its rows (JSON)."""
    empty: str = "a document without records"
    """What to call a document without records."""
    holds: str = "protocol"
    """Kind of record: `protocol`, `results`, or `listing` for a line of a list; used by `combine`."""


@attrs.frozen(kw_only=True)
class EmbeddedFormat:
    """A part of a record in the format of another register, whose rows read it."""

    registry: str
    """Folder of the other registry."""
    table: str
    """File of the other mapping."""
    at: str
    """The element that holds it."""
    fields: frozenset[str]
    """The fields of the Trial that are read from it."""
