"""Citations become numbered notes: places with the register's words, or the glossary's authority."""

from collections.abc import Iterable, Iterator

from trialparse.model.evidence import Evidence
from trialparse.model.terms import MissingKind
from trialparse.pages.page import Citation, Gap, Gloss, Lack, Note, Of, OfRecords, Page, Piece, Quote, Section
from trialparse.pages.tables import glossary
from trialparse.pages.view import View
from trialparse.pages.wording import count, of_several, shortened

LONGEST = 240
"""Characters of the register's words that a note shows at most."""

SPAN = 3
"""Places that a note shows at most if they are only counted."""

_WORDLESS = "(an entry without words of its own)"
"""What a note shows for a place without words: an object that holds entries, or an entry that was left blank."""

_REASONS = {
    None: "",
    MissingKind.NOT_APPLICABLE: "; the record says that this does not apply",
    MissingKind.UNKNOWN: "; the record says that this is not known",
    MissingKind.WITHHELD: "; the entry is withheld",
    MissingKind.UNREADABLE: "; there are words that this page could not read",
    MissingKind.NOT_READ: "; this part was left out when the record was read",
    MissingKind.DISAGREED: "",
    MissingKind.NONE_STATED: "; the record answers that there is none",
    MissingKind.INCOMPLETE: "; the record has only some of the numbers that add up to it",
}
"""Reasons for a missing value, as a note words them."""


def numbered(title: str, sections: Iterable[Section], view: View) -> Page:
    """Return the page with its notes, numbered by first citation; two citations may share a note."""
    sections = tuple(sections)
    by_parts: dict[tuple[Piece, ...], int] = {}
    numbers: dict[Citation, int] = {}
    for citation in _citations(sections):
        if citation not in numbers:
            parts = _parts(citation, view)
            numbers[citation] = by_parts.setdefault(parts, len(by_parts) + 1)
    notes = tuple(Note(number, parts) for parts, number in by_parts.items())
    return Page(title, sections, notes, numbers)


def _citations(sections: Iterable[Section]) -> Iterator[Citation]:
    for section in sections:
        for sentence in section.sentences():
            yield from sentence.citations


def _parts(citation: Citation, view: View) -> tuple[Piece, ...]:
    """Return the words of a note."""
    if isinstance(citation, Gloss):
        return _of_glossary(citation.key)
    if isinstance(citation, Lack):
        return _of_kind(view)
    if isinstance(citation, Gap):
        return _of_gap(citation, view)
    if isinstance(citation, OfRecords):
        return _of_records(citation, view)
    return _of_sources(citation.fields, view, span=citation.span) or _of_whole(citation, view)


def _of_glossary(key: str) -> tuple[Piece, ...]:
    entry = glossary()[key]
    return ("Glossary: ", Quote(entry.explanation), f" ({entry.authority})")


def _of_kind(view: View) -> tuple[Piece, ...]:
    return (f"Kind of record: {view.kind.authority} (read as {view.kind.format})",)


def _of_whole(citation: Of, view: View) -> tuple[Piece, ...]:
    """Return the note for what the format itself implies."""
    names = list(citation.fields)
    if citation.span and len(names) > SPAN:
        names = [names[0], count(len(names) - 2, "more field", "more fields"), names[-1]]
    fields = f"field {names[0]}" if len(names) == 1 else f"fields {', '.join(names)}"
    read = "" if view.several else f", read as {view.parsed.format.name}"
    return (_own(f"The record as a whole{read}; no single place says this ({fields})", view),)


def _own(words: str, view: View) -> str:
    """Return our words, for one record or for several."""
    return of_several(words) if view.several else words


def _of_gap(citation: Gap, view: View) -> tuple[Piece, ...]:
    """Return the question without an answer, its field, the reason, and the words there if any."""
    lead = "The records do not agree on" if citation.kind is MissingKind.DISAGREED else "No entry in the record says"
    reason = _own(f"{lead} {citation.ask} (field {citation.field}){_REASONS[citation.kind]}", view)
    sources = _of_sources((citation.field,), view) if citation.kind is not None else ()
    return (f"{reason}. ", *sources) if sources else (reason,)


def _of_sources(fields: Iterable[str], view: View, *, span: bool = False) -> tuple[Piece, ...]:
    """Return the words and their places; for words in several places, the first place and how many more."""
    return _shown(((view.parsed.evidence(field), view.language(field)) for field in fields), span=span)


def _of_records(citation: OfRecords, view: View) -> tuple[Piece, ...]:
    """Return the words of some records and their places; of many, the first and the last."""
    spread = view.spreads[citation.field]
    found = _shown(((spread[index].evidence(), None) for index in citation.which), span=True)
    return found or (f"{count(len(citation.which), 'record', 'records')} of the trial (field {citation.field})",)


def _shown(found: Iterable[tuple[Evidence, str | None]], *, span: bool) -> tuple[Piece, ...]:
    """Return the words and places of evidence, each with its language where that is known."""
    places: dict[tuple[Quote, str], dict[str, None]] = {}
    for evidence, language in found:
        match = _match(evidence)
        for source in evidence.sources:
            places.setdefault((Quote(source.text, language), match), {})[str(source.place)] = None
    shown = [_entry(*words, *found) for words, found in places.items()]
    if span and len(shown) > SPAN:
        shown = [shown[0], (f"{count(len(shown) - 2, 'more place', 'more places')}",), shown[-1]]
    parts = [part for entry in shown for part in ("; ", *entry) if part]
    return tuple(parts[1:])


def _match(evidence: Evidence) -> str:
    """Return how close the register's word and our term are, where they are not the same."""
    return "" if evidence.relation in (None, "exact") else f" (match: {evidence.relation})"


def _entry(words: Quote, match: str, place: str, *others: str) -> tuple[Piece, ...]:
    """Return a place, the words there, and the number of other places with them."""
    text = shortened(words.text, LONGEST)
    again = f" (and {count(len(others), 'more place', 'more places')})" if others else ""
    return (f"{place}: ", Quote(text, words.language) if text else _WORDLESS, again, match)
