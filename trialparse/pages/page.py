"""The document model of the plain-language page: sections of sentences, each with its citations."""

from collections.abc import Iterator, Mapping

import attrs

from trialparse.model.terms import MissingKind


@attrs.frozen
class Quote:
    """Words of the register: shown in quotation marks, unchanged except for white space."""

    text: str
    """The words."""
    language: str | None = None
    """Their language by ISO 639-1, None where it is not known."""


Piece = str | Quote
"""Part of a sentence: our own words or a quote."""


@attrs.frozen
class Of:
    """A citation of the evidence for some fields of the Trial."""

    fields: tuple[str, ...]
    """Paths of the fields, such as `phases` or `interventions[0].routes[0]`."""
    span: bool = False
    """Whether the fields are only counted; the note then shows the first and the last."""


@attrs.frozen
class Gloss:
    """A citation of the glossary."""

    key: str
    """Key of the entry."""


@attrs.frozen
class Gap:
    """A citation of a field without a value."""

    field: str
    """Path of the field."""
    kind: MissingKind | None = None
    """Why there is no value, None where the record has no entry at all."""
    ask: str = ""
    """The question that stays open, as in: the record does not say ..."""


@attrs.frozen
class Lack:
    """A citation of something that no record of a kind holds."""

    format: str
    """Name of the format that the kind of record comes in."""
    field: str = ""
    """Path of a field that such a record never has."""


@attrs.frozen
class OfRecords:
    """A citation of what some of several records say about a field."""

    field: str
    """Path of the field."""
    which: tuple[int, ...]
    """Indices among the records that have the field."""


Citation = Of | Gloss | Gap | Lack | OfRecords
"""What a sentence rests on."""


@attrs.frozen
class Sentence:
    """One sentence, or one item of a list, with its citations."""

    parts: tuple[Piece, ...]
    """The sentence, without the full stop."""
    citations: tuple[Citation, ...]
    """What it rests on; there is always at least one."""
    stop: str = "."
    """What follows the citations."""

    @property
    def ending(self) -> str:
        """What follows the citations; nothing if the last quote ends with a stop."""
        last = self.parts[-1]
        stopped = isinstance(last, Quote) and last.text.rstrip().endswith((".", "!", "?", "…"))
        return "" if stopped and self.stop == "." else self.stop

    @property
    def lacks(self) -> bool:
        """Whether it is about something that no record of the kind holds."""
        return any(isinstance(citation, Lack) and citation.field for citation in self.citations)


@attrs.frozen
class Paragraph:
    """Sentences in one paragraph."""

    sentences: tuple[Sentence, ...]
    """The sentences, in reading order."""


@attrs.frozen
class Listing:
    """Sentences one below the other."""

    sentences: tuple[Sentence, ...]
    """The items, in the record's order."""
    folded: int = 0
    """How many items at the end are folded, in a format that can fold."""
    label: str = ""
    """What these are, such as `8 more rules`."""


Block = Paragraph | Listing
"""What a section is made of."""


@attrs.frozen
class Section:
    """A heading and its blocks."""

    heading: str
    """The heading."""
    blocks: tuple[Block, ...]
    """Paragraphs and lists, in reading order."""

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences of all blocks, in reading order."""
        for block in self.blocks:
            yield from block.sentences


@attrs.frozen
class Note:
    """A numbered note: where the words of a sentence come from."""

    number: int
    """The number that sentences cite, from 1."""
    parts: tuple[Piece, ...]
    """The note."""


@attrs.frozen
class Page:
    """The whole page, ready to be rendered."""

    title: str
    """Title of the page."""
    sections: tuple[Section, ...]
    """The sections, in reading order."""
    notes: tuple[Note, ...]
    """The notes, by number."""
    numbers: Mapping[Citation, int]
    """The note of each citation."""

    def cited(self, sentence: Sentence) -> tuple[int, ...]:
        """Return the numbers of the notes that a sentence cites, each once."""
        return tuple(sorted({self.numbers[citation] for citation in sentence.citations}))
