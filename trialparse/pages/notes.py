"""Citations become numbered notes: places with the register's words, or the glossary's authority."""

from collections.abc import Iterable, Iterator

from trialparse.pages.page import Citation, Gap, Gloss, Note, Of, Page, Part, Quote, Section
from trialparse.pages.sources import Evidence, Parsed
from trialparse.pages.tables import glossary
from trialparse.pages.wording import count, shortened

LONGEST = 240
"""Characters of the register's words that a note shows at the most."""

SPAN = 3
"""Places that a note shows at the most where they are only counted."""


def numbered(title: str, sections: Iterable[Section], parsed: Parsed) -> Page:
    """Return the page with its notes, numbered by first citation; two citations may share a note."""
    sections = tuple(sections)
    by_parts: dict[tuple[Part, ...], int] = {}
    numbers: dict[Citation, int] = {}
    for citation in _citations(sections):
        if citation not in numbers:
            parts = _parts(citation, parsed)
            numbers[citation] = by_parts.setdefault(parts, len(by_parts) + 1)
    notes = tuple(Note(number, parts) for parts, number in by_parts.items())
    return Page(title, sections, notes, numbers)


def _citations(sections: Iterable[Section]) -> Iterator[Citation]:
    for section in sections:
        for sentence in section.sentences():
            yield from sentence.citations


def _parts(citation: Citation, parsed: Parsed) -> tuple[Part, ...]:
    """Return the words of a note."""
    if isinstance(citation, Gloss):
        return _of_glossary(citation.key)
    if isinstance(citation, Gap):
        return _of_gap(citation, parsed)
    evidence = [parsed.evidence(field) for field in citation.fields]
    return _of_sources(evidence, span=citation.span) or (
        f"The record as a whole, read as {parsed.format.name}; no single place for {_fields(citation)}",
    )


def _fields(citation: Of) -> str:
    return ", ".join(citation.fields)


def _of_glossary(key: str) -> tuple[Part, ...]:
    entry = glossary()[key]
    return ("Glossary: ", Quote(entry.explanation), f" ({entry.authority})")


def _of_gap(citation: Gap, parsed: Parsed) -> tuple[Part, ...]:
    if citation.kind is None:
        return (f"No entry in the record for {citation.field}",)
    reason = f"No value for {citation.field}: {citation.kind.value}"
    sources = _of_sources([parsed.evidence(citation.field)])
    return (f"{reason}. ", *sources) if sources else (reason,)


def _of_sources(evidence: Iterable[Evidence], *, span: bool = False) -> tuple[Part, ...]:
    """Return the words and their places; of words that stand in several places the first place and how many more."""
    places: dict[tuple[str, str], dict[str, None]] = {}
    for one in evidence:
        match = "" if one.relation in (None, "exact") else f" (match: {one.relation})"
        for source in one.sources:
            places.setdefault((source.text, match), {})[str(source.place)] = None
    shown = [_entry(*words, *found) for words, found in places.items()]
    if span and len(shown) > SPAN:
        shown = [shown[0], (f"{len(shown) - 2} more places",), shown[-1]]
    parts = [part for entry in shown for part in ("; ", *entry) if part]
    return tuple(parts[1:])


def _entry(text: str, match: str, place: str, *others: str) -> tuple[Part, ...]:
    """Return a place, the words there and how often they stand elsewhere."""
    words: Part = Quote(shortened(text, LONGEST)) if text.strip() else "(empty)"
    again = f" (and {count(len(others), 'more place', 'more places')})" if others else ""
    return (f"{place}: ", words, again, match)
