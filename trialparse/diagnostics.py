"""Problems of a source as values: places, diagnostics and the errors of the library."""

import enum
from typing import Any, Final, Self

import attrs

WITHHELD: Final = "(withheld)"
"""The mark that replaces withheld words: those about persons, and in an error those of the source."""


class Severity(enum.IntEnum):
    """How much a problem matters; `raise_at` takes one."""

    NOTE = 1
    """The Trial is right, but something is worth knowing."""
    WARNING = 2
    """A value could not be read or is in doubt."""
    ERROR = 3
    """The shape of the source is not what its format promises."""


class Problem(enum.Enum):
    """The closed list of problems, each with its severity."""

    UNKNOWN_TERM = ("an unknown word of an open vocabulary; kept as text", Severity.NOTE)
    UNKNOWN_CODE = ("an unknown word of a closed vocabulary", Severity.WARNING)
    BAD_VALUE = ("words in another form than the field needs", Severity.WARNING)
    SENTINEL = ("nines in place of a number that was not calculated; not taken as a number", Severity.WARNING)
    IMPLAUSIBLE = ("a date whose year must be a slip; kept as it is", Severity.NOTE)
    BAD_CHECK = ("an identifier whose check digits are wrong", Severity.NOTE)
    OTHER_SCHEME = ("a number of another scheme than its field is for; kept as what it is", Severity.NOTE)
    PLACEHOLDER = ("a placeholder in place of an identifier or a number", Severity.NOTE)
    CONFLICT = ("places that should agree do not; the first one counts", Severity.WARNING)
    DIFFERS = ("records of one trial that disagree; the rule of the field decides", Severity.NOTE)
    UNMATCHED = ("data that refer to an item that is not in its list", Severity.WARNING)
    AMBIGUOUS = ("an id shared by several elements of a list; it is unclear which is meant", Severity.WARNING)
    UNSPLIT_LIST = ("a flattened list that could not be split with certainty", Severity.NOTE)
    NOTHING_READ = (
        "a record whose content is all unknown; no field could be read",
        Severity.ERROR,
    )
    UNEXPECTED = ("an element or attribute that is not in the format's published schema", Severity.ERROR)
    WRONG_TYPE = ("a value of another type or shape than the format's", Severity.ERROR)
    DUPLICATE_KEY = (
        "a duplicate key in one object; the last one counts, in a form the first",
        Severity.ERROR,
    )
    BIG_INTEGER = ("an integer beyond 64 bits", Severity.NOTE)
    ENCODING = ("a byte order mark or an encoding other than UTF-8", Severity.NOTE)
    HALF_PAIR = ("half of a surrogate pair, which is no character; read as U+FFFD", Severity.WARNING)
    LOOKS_LIKE_KEY = ("a line of a text that looks like a field of its own; kept in the text", Severity.NOTE)
    PASSED = ("a planned date that has passed without a recorded outcome", Severity.NOTE)
    NOT_READ = ("a PDF beside the record, which may hold results and is not read", Severity.NOTE)
    RENAMED = ("a renamed column, recognised by its position", Severity.NOTE)
    TRUNCATED = ("the source holds fewer records than it says there are, or a page has no end", Severity.WARNING)

    def __init__(self, meaning: str, severity: Severity) -> None:
        self.meaning = meaning
        self.severity = severity

    def __repr__(self) -> str:
        return f"Problem.{self.name}"


@attrs.frozen(kw_only=True)
class Place:
    """A place in a source."""

    path: str
    """JSON pointer, XPath, or the column of a CSV."""
    record: int = 0
    """Index of the record in its source, from 0."""
    member: str | None = None
    """Member of the archive, for a zip."""
    of: str | None = None
    """The record, among several of one trial: number and country, such as `2014-002606-20 DE`."""
    part: int = 0
    """Index of that record in `Combined.records`, from 0."""
    line: int | None = None
    """Line of the document, from 1; only in diagnostics of XML."""

    def __str__(self) -> str:
        """Return the place on one line."""
        parts = [f"{self.of}:"] if self.of else []
        parts += [self.member] if self.member else []
        if self.record:
            parts.append(f"record {self.record}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        return " ".join([*parts, self.path])


@attrs.frozen(kw_only=True)
class Diagnostic:
    """A problem, its field, its place and the words there."""

    problem: Problem
    """What is wrong."""
    field: str | None
    """Path of the field of the Trial; None for a problem of the whole document."""
    place: Place
    """Where it is."""
    text: str
    """The words there."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.problem.severity

    def __str__(self) -> str:
        """Return the diagnostic on one line: severity, what, which words, where."""
        field = f" for {self.field}" if self.field else ""
        return f"{self.severity.name.lower()}: {self.problem.meaning}{field}: {self.text!r} @ {self.place}"


class TrialParseError(ValueError):
    """Base class of every error that trialparse raises about a source.

    The message is a sentence of the library; numbers and words of the source are its named arguments.
    Without arguments the sentence is used as it is.

    >>> error = MalformedDocument("<{name}> with {count:,} attributes", name="person", count=3000)
    >>> str(error), str(error.without_words())
    ('<person> with 3,000 attributes', '<(withheld)> with 3,000 attributes')
    """

    def __init__(self, sentence: str = "", /, **words: str | int) -> None:
        super().__init__(sentence.format_map(words) if words else sentence)
        self._sentence, self._words = sentence, words

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the arguments."""
        return _made, (type(self), self._sentence, self._words), {**self.__dict__}

    def without_words(self) -> Self:
        """Return an error of the same class that holds no word of the source.

        Numbers and the library's own words stay. Cause, context and traceback are dropped: they refer to the source.
        """
        held = {name: WITHHELD if word and isinstance(word, str) else word for name, word in self._words.items()}
        return type(self)(self._sentence, **held)


def _made(kind: type[TrialParseError], sentence: str, words: dict[str, str | int]) -> TrialParseError:
    """Return the error that was pickled."""
    return kind(sentence, **words)


class UnrecognisedFormat(TrialParseError):
    """The source is of no known format; the message says what was expected and what was found."""


class MalformedDocument(TrialParseError):
    """The source breaks the rules of its own notation."""


class LimitExceeded(TrialParseError):
    """The source exceeds a limit of `Limits`."""


class NotOneRecord(TrialParseError):
    """`parse` got a source with no record or with several; `read` takes those."""


class DifferentTrials(TrialParseError):
    """`combine` got records of different trials, or records without a number that shows their trial."""


class Rejected(TrialParseError):
    """A diagnostic at or above `raise_at`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the arguments."""
        return type(self), (self.diagnostic,), {**self.__dict__}

    def without_words(self) -> Self:
        """Return the error without the words there and the member of the archive; the path stays."""
        place = self.diagnostic.place
        bare = attrs.evolve(place, member=WITHHELD if place.member else None)
        return type(self)(attrs.evolve(self.diagnostic, place=bare, text=WITHHELD))
