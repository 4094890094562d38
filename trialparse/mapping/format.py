"""Formats: the shapes in which registers publish their records."""

from collections.abc import Iterator

from trialparse.generated.classes import frozen
from trialparse.readers.notations import Notation

PROTOCOL, RESULTS, LISTING, EVALUATION = "protocol", "results", "listing", "evaluation"
"""The values of `Format.holds`."""


@frozen(kw_only=True, eq=False)
class Format:
    """A shape in which a register publishes its records."""

    name: str
    """Such as `ctis-retrieve`; `format=` of `parse` takes it."""
    registry: str
    """Folder of the registry among `trialparse.registries`."""
    title: str
    """Title in listings and messages."""
    notation: Notation
    """How its records are written: `Json`, `Xml`, `Csv`, `Text` or `Html` of `trialparse.readers.notations`."""
    table: str = "mapping.tsv"
    """File of the mapping."""
    upgrade: str | tuple[str, ...] = ()
    """File of the upgrade, which moves the rows of the mapping to the paths of an old shape; the next moves those."""
    blank: frozenset[str] = frozenset({""})
    """Values that mean that there is no value."""
    kept: str = ""
    """The characters of words that are left, if who made the source dropped all others; empty if nobody did."""
    prose: str = ""
    """How prose is written, where a row marks it as prose: `markdown`, `wrapped`, or empty for plain text."""
    closed: bool = False
    """Whether a published schema is complete, so that anything no row reads is reported."""
    schema: str = ""
    """File with the rules of that schema, from which tests make documents."""
    parts: "tuple[EmbeddedFormat, ...]" = ()
    """Formats embedded in its records."""
    holds: str = PROTOCOL
    """Content of a record: `protocol`, `results`, `listing` for a line of a list, or `evaluation`; for `combine`."""

    @property
    def upgrades(self) -> tuple[str, ...]:
        """The files of the upgrades, in the order in which they move the rows."""
        return (self.upgrade,) if isinstance(self.upgrade, str) else self.upgrade

    @property
    def has_results(self) -> bool:
        """Whether a record holds results, by itself or beside what it is about."""
        return self.holds == RESULTS or any(part.holds == RESULTS for part in self.parts)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the settings, the notation's own included."""
        if not self.name or not self.title:
            yield "no name" if not self.name else "no title"
        if self.holds not in (PROTOCOL, RESULTS, LISTING, EVALUATION):
            kinds = f"{PROTOCOL!r}, {RESULTS!r}, {LISTING!r} or {EVALUATION!r}"
            yield f"no kind of record {self.holds!r}: it is {kinds}"
        if self.prose not in ("", "markdown", "wrapped"):
            yield f"no way to write prose {self.prose!r}: it is 'markdown', 'wrapped' or empty"
        if type(self.notation) is Notation:
            yield "no notation: it is Json(), Xml(), Csv(), Text() or Html()"
        yield from self.notation.faults()


@frozen(kw_only=True)
class EmbeddedFormat:
    """A part of a record in another format, often that of another register; rows of that register read it."""

    registry: str
    """Folder of the other registry."""
    table: str
    """File of the other mapping."""
    at: str = ""
    """The element that holds it; empty if it is beside the record's own keys."""
    fields: frozenset[str] = frozenset()
    """The fields of the Trial that are read from it, such as `results` or `design.protection`; empty for all."""

    holds: str = PROTOCOL
    """Content of the part, as `Format.holds`."""

    def reads(self, field: str) -> bool:
        """Whether a field, such as `results.flow.periods[]`, is read from it."""
        names = field.replace("[]", "").split(".")
        return not self.fields or any(".".join(names[:depth]) in self.fields for depth in range(1, len(names) + 1))
