"""Citations become numbered notes; facts from one place share a note."""

import re
from collections.abc import Iterable, Iterator

import attrs

from trialparse.generated.classes import define
from trialparse.model.evidence import Evidence, Source
from trialparse.pages.page import (
    Block,
    Citation,
    Fact,
    Gap,
    Gloss,
    Lack,
    Listing,
    Note,
    OfRecords,
    Paragraph,
    Piece,
    Quote,
    Section,
    Sentence,
    Table,
)
from trialparse.pages.tables import joined
from trialparse.pages.view import View
from trialparse.pages.wording import shortened

LONGEST = 160
"""Characters of the register's words that a note shows at most."""

MOST = 12
"""Facts that a note shows at most; it counts the others."""

SAME = 3
"""Places of one field that a note shows at most."""

_NAMED = 60
"""Characters of a place that a note shows at most where a whole path disturbs."""

Key = tuple[object, ...]
"""What the facts of one note share."""


@define
class _Draft:
    """A note in the making."""

    number: int
    place: str
    short: str
    facts: dict[Fact, None] = attrs.field(factory=dict)


@define
class Notes:
    """Numbers the citations of sentences by first citation, and keeps what each note shows."""

    _view: View
    _first: int = 1
    _drafts: dict[Key, _Draft] = attrs.field(factory=dict)
    _known: dict[Citation, tuple[int, ...]] = attrs.field(factory=dict)

    def of_sections(self, sections: Iterable[Section]) -> tuple[Section, ...]:
        """Return sections whose sentences have the numbers of their notes."""
        return tuple(attrs.evolve(one, blocks=tuple(map(self._of_block, one.blocks))) for one in sections)

    def of_paragraph(self, paragraph: Paragraph) -> Paragraph:
        """Return a paragraph whose sentences have the numbers of their notes."""
        return Paragraph(tuple(map(self._of_sentence, paragraph.sentences)))

    @property
    def shown(self) -> tuple[Note, ...]:
        """The notes, by number."""
        return tuple(
            Note(draft.number, self._bounded(tuple(draft.facts)), draft.place, draft.short)
            for draft in self._drafts.values()
        )

    @property
    def next(self) -> int:
        """The number of the next note."""
        return self._first + len(self._drafts)

    def _of_block(self, block: Block) -> Block:
        if isinstance(block, Table):
            return attrs.evolve(block, caption=self._of_sentence(block.caption))
        if isinstance(block, Listing):
            return attrs.evolve(block, sentences=tuple(map(self._of_sentence, block.sentences)))
        return self.of_paragraph(block)

    def _of_sentence(self, sentence: Sentence) -> Sentence:
        numbers = {number for citation in sentence.citations for number in self._numbers(citation)}
        return attrs.evolve(sentence, notes=tuple(sorted(numbers)))

    def _numbers(self, citation: Citation) -> tuple[int, ...]:
        """Return the notes of a citation, which at its first occurrence add to what they show."""
        if citation not in self._known:
            found = dict.fromkeys(self._noted(*one) for one in _shown(citation, self._view))
            self._known[citation] = tuple(found)
        return self._known[citation]

    def _noted(self, key: Key, place: str, short: str, facts: Iterable[Fact]) -> int:
        draft = self._drafts.setdefault(key, _Draft(self.next, place, short))
        draft.facts.update(dict.fromkeys(facts))
        return draft.number

    def _bounded(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Return the facts, of very many the first and how many more there are."""
        facts = _folded(facts)
        if len(facts) <= MOST:
            return facts
        more = self._view.texts.count("more_place", len(facts) - MOST + 1)
        return (*facts[: MOST - 1], Fact("", (more,)))


def _folded(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts with the words of one place once; their first note follows."""
    found: dict[tuple[str, Piece], tuple[Piece, ...]] = {}
    for fact in facts:
        known = found.setdefault((fact.name, fact.parts[0]), fact.parts)
        found[fact.name, fact.parts[0]] = known if len(known) > 1 else fact.parts
    return tuple(Fact(name, joined(parts)) for (name, _), parts in found.items())


_Shown = tuple[Key, str, str, tuple[Fact, ...]]
"""The key of a note, what holds its places, the end of that, and the facts that a citation adds."""


def _shown(citation: Citation, view: View) -> Iterator[_Shown]:
    """Yield what a citation adds to which notes."""
    if isinstance(citation, Gloss):
        found = view.texts.glossary[citation.key]
        topic = (
            found.authority
            if "." not in citation.key or citation.key.startswith("about.")
            else citation.key.split(".")[0]
        )
        yield (Gloss, topic), "", view.texts.plain("note.glossary"), (Fact("", (found.authority,)),)
    elif isinstance(citation, Lack):
        kind = view.texts.named("authority", view.kind.format, view.kind.authority)
        kind = kind or view.texts.named("made_from", view.kind.format, view.kind.made_from)
        words = view.words("note.kind.several") if view.several else view.words("note.kind", kind=kind)
        yield (Lack,), "", "", (Fact("", words),)
    elif isinstance(citation, Gap):
        yield from _of_gap(citation, view)
    elif isinstance(citation, OfRecords):
        yield from _of_records(citation, view)
    elif citation.span:
        yield from _of_span(citation.fields, view)
    else:
        for field in citation.fields:
            yield from _of_field(field, view)


def _of_gap(citation: Gap, view: View) -> Iterator[_Shown]:
    """Yield that a field has no value, and the words there if any."""
    if citation.kind is not None:
        sources = view.parsed.evidence(citation.field).sources
        if sources:
            key, place, short, facts = _placed(sources, view)
            yield key, place, short, (*facts, Fact("", view.words(f"note.gap.{citation.kind.name}")))
            return
    words = view.words(f"note.gap.{citation.kind.name if citation.kind else 'none'}")
    about = citation.field if view.stored else citation.ask or view.texts.differences.get(citation.field, "")
    yield (Gap, citation.kind), "", "", (Fact("", words), *((Fact("", (about,)),) if about else ()))


def _of_field(field: str, view: View) -> Iterator[_Shown]:
    """Yield the places of a field; a field of no place follows from the kind of record."""
    evidence = view.parsed.evidence(field)
    yield (
        _placed(evidence.sources, view, view.language(field), _relation(view, evidence))
        if evidence.sources
        else _whole(field, view)
    )


def _of_span(fields: tuple[str, ...], view: View) -> Iterator[_Shown]:
    """Yield the first of several fields, and of how many it is."""
    key, place, short, facts = next(iter(_of_field(fields[0], view)))
    if len(fields) == 1:
        yield key, place, short, facts
        return
    number = view.words("note.first", n=view.texts.number(len(fields)))
    yield key, place, short, (Fact(facts[0].name, joined((*facts[0].parts, *number))),)


def _of_records(citation: OfRecords, view: View) -> Iterator[_Shown]:
    """Yield the values of some of several records: the first and the last, and how many there are."""
    spread = view.spreads[citation.field]
    sources = [found for index in citation.which if (found := spread[index].evidence().sources)]
    number = view.texts.count("record", len(citation.which))
    facts = [_fact(found[0], view) for found in dict.fromkeys((sources[0], sources[-1]) if sources else ())]
    topic = view.texts.differences.get(citation.field, citation.field)
    head = Fact("", view.words("note.records", records=number, topic=topic))
    yield (OfRecords, citation), "", "", (head, *facts)


def _whole(field: str, view: View) -> _Shown:
    """Return the note on a fact without a place: it follows from the format, or the record came without its source."""
    words = view.words("note.stored" if view.stored else "note.whole")
    about = field if view.stored else view.texts.differences.get(field, "")
    return (None,), "", "", (Fact("", words), *((Fact("", (about,)),) if about else ()))


def _placed(sources: tuple[Source, ...], view: View, language: str | None = None, relation: str = "") -> _Shown:
    """Return the words at places; the first place decides which note shows them."""
    unlike = list({source.text: source for source in reversed(sources)}.values())[::-1]
    holder, leaf = _parted(sources[0], view)
    facts = [_fact(source, view, holder, language, relation) for source in unlike[:SAME]]
    if len(unlike) > SAME:
        facts.append(Fact(leaf, (view.texts.count("more_place", len(unlike) - SAME),)))
    return (holder,), holder, _end(holder), tuple(facts)


def _fact(source: Source, view: View, within: str = "", language: str | None = None, relation: str = "") -> Fact:
    """Return the words at a place; of a place outside of the note's, with its path."""
    holder, leaf = _parted(source, view)
    name = leaf if holder == within else f"{_end(holder)}{' ' if holder.endswith(_ROOT) else '/'}{leaf}".strip(" /")
    text = shortened(source.text, LONGEST)
    words: Piece = Quote(text, language) if text else view.texts.plain("note.wordless")
    return Fact(name, (words, relation) if relation else (words,))


def _relation(view: View, evidence: Evidence) -> str:
    """Return how close the register's word and our term are, where they are not the same."""
    if evidence.relation in (None, "exact"):
        return ""
    return f" ({view.texts.plain(f'note.relation.{evidence.relation}')})"


_INDEX = re.compile(r"(?:/\d+|\[\d+\])$")
"""The number of an entry, in a JSON pointer or in XPath."""


_ROOT = "/*[1]"
"""The root of an XML document; what is directly in it, or in the root of a JSON document, needs no path."""


def _parted(source: Source, view: View) -> tuple[str, str]:
    """Return what holds a place and its name there; entries of one list are in one holder, a line is its own."""
    path, place = source.place.path, _in_words(source, view)
    if not path.startswith("/"):
        return place, ""
    before = place.removesuffix(path)  # the record, among several, and the member of an archive
    holder, _, leaf = path.removesuffix("/text()").rpartition("/")
    if holder in ("", _ROOT):
        return f"{before}{_ROOT}", leaf
    index = _INDEX.search(holder)
    if index:
        return f"{before}{holder[: index.start()]}", f"{index[0].strip('/')}/{leaf}"
    return f"{before}{holder}", leaf


def _in_words(source: Source, view: View) -> str:
    """Return a place on one line: the record, among several, the member of an archive, and the path."""
    place = source.place
    of = f"{place.of}:" if place.of else ""
    record = view.texts.plain("note.place.record", number=str(place.record)) if place.record else ""
    return " ".join(part for part in (of, place.member, record, place.path) if part)


def _end(place: str) -> str:
    """Return the end of a path behind the record that it is in; what is no path is cut."""
    found = _PLACED.fullmatch(place)
    if found is None:
        return shortened(place, _NAMED)
    before, path = found.groups()
    return " ".join(part for part in (before.strip(), "" if path == _ROOT else f"…/{path.rpartition('/')[2]}") if part)


_PLACED = re.compile(r"((?:.*[:\w] )?)(/\S*)")
"""A path, and what is before it."""
