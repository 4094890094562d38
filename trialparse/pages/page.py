"""The document model of the page: an article and its details, made of sentences, each with its citations."""

from collections.abc import Iterator, Mapping

from trialparse.generated.classes import frozen
from trialparse.model.terms import MissingKind


@frozen
class Quote:
    """Words of the register: shown in quotation marks, unchanged except for white space."""

    text: str
    """The words."""
    language: str | None = None
    """Their language by ISO 639-1, None where it is not known."""


Piece = str | Quote
"""Part of a sentence: our own words or a quote."""

Words = Piece | tuple[Piece, ...]
"""What fills a place in a sentence."""


def pieces(words: Words) -> tuple[Piece, ...]:
    """Return words as a tuple of pieces."""
    return words if isinstance(words, tuple) else (words,)


@frozen
class Of:
    """A citation of the evidence for some fields of the Trial."""

    fields: tuple[str, ...]
    """Paths of the fields, such as `phases` or `interventions[0].routes[0]`."""
    span: bool = False
    """Whether the fields are only counted; the note then shows the first and the last."""


@frozen
class Gloss:
    """A citation of the glossary."""

    key: str
    """Key of the entry."""


@frozen
class Gap:
    """A citation of a field without a value."""

    field: str
    """Path of the field."""
    kind: MissingKind | None = None
    """Why there is no value, None where the record has no entry at all."""
    ask: str = ""
    """The question that stays open, as in: the record does not say ..."""


@frozen
class Lack:
    """A citation of something that no record of a kind holds."""

    format: str
    """Name of the format that the kind of record comes in."""
    field: str = ""
    """Path of a field that such a record never has."""


@frozen
class OfRecords:
    """A citation of the values of a field in some of several records."""

    field: str
    """Path of the field."""
    which: tuple[int, ...]
    """Indices among the records that have the field."""


Citation = Of | Gloss | Gap | Lack | OfRecords
"""What a sentence rests on."""


@frozen
class Sentence:
    """One sentence, or one item of a list, with its citations."""

    parts: tuple[Piece, ...]
    """The sentence, without the full stop."""
    citations: tuple[Citation, ...]
    """What it rests on; there is always at least one."""
    stop: str = "."
    """What follows the citations."""
    notes: tuple[int, ...] = ()
    """The numbers of the notes that show what it rests on, once the page has notes."""

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


@frozen
class Paragraph:
    """Sentences in one paragraph."""

    sentences: tuple[Sentence, ...]
    """The sentences, in reading order."""


@frozen
class Listing:
    """Sentences one below the other."""

    sentences: tuple[Sentence, ...]
    """The items, in the record's order."""
    folded: int = 0
    """How many items at the end are folded, in a format that can fold."""
    label: str = ""
    """What these are, such as `8 more rules`."""


@frozen
class Bar:
    """A bar of a chart."""

    label: Piece
    """What it is of."""
    value: float
    """Its length."""
    shown: str
    """Its value in words."""


@frozen
class Table:
    """A table below a sentence, which cites what the cells rest on, and perhaps a chart of its values."""

    caption: Sentence
    """What the table shows."""
    head: tuple[tuple[Piece, ...], ...]
    """The heads of the columns."""
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]
    """The cells by row; the first one of each is its head."""
    bars: tuple[Bar, ...] = ()
    """The chart; empty where the numbers allow none."""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentence above it."""
        return (self.caption,)


Block = Paragraph | Listing | Table
"""What a section is made of."""


@frozen
class Section:
    """A heading and its blocks."""

    heading: str
    """The heading."""
    blocks: tuple[Block, ...]
    """Paragraphs, lists and tables, in reading order."""

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences of all blocks, in reading order."""
        for block in self.blocks:
            yield from block.sentences


@frozen
class Fact:
    """What a note shows of one place."""

    name: str
    """The end of the place's path; empty where the note is about one place."""
    parts: tuple[Piece, ...]
    """The words there."""


@frozen
class Note:
    """A numbered note: where the words of a sentence come from."""

    number: int
    """The number that sentences cite, from 1."""
    facts: tuple[Fact, ...]
    """What it shows."""
    place: str = ""
    """The path of what holds the places; empty for a note on no place."""
    short: str = ""
    """The end of that path, for formats in which a whole path disturbs."""


@frozen
class Page:
    """The whole page, ready to be rendered."""

    language: str
    """The language of its own words."""
    number: str
    """The number of the trial; empty where it has none."""
    title: Piece
    """The title of the trial, or what the page calls it."""
    lead: Paragraph
    """What the page is made from, and the day of that record."""
    article: tuple[Section, ...]
    """The sections of the short article, in reading order."""
    details: tuple[Section, ...]
    """The sections of all details."""
    notes: tuple[Note, ...]
    """The notes of the article, by number."""
    further_notes: tuple[Note, ...]
    """The notes of the details; their numbers go on from those of the article."""
    labels: Mapping[str, str]
    """What a renderer itself writes, such as `Notes`, by key."""
    link: str = ""
    """The address of the trial in its register; empty where it is not known."""

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences of the article and then those of the details."""
        yield from self.lead.sentences
        for section in (*self.article, *self.details):
            yield from section.sentences()
