"""Problems of a source as values: places, diagnostics and the errors of the library."""

from typing import Any, Final, Self

import attrs

from trialparse.generated.classes import frozen
from trialparse.vocabulary import Ordered, Term

WITHHELD: Final = "(withheld)"
"""The mark that replaces withheld words: those about persons, and in an error those of the source."""


class Severity(Ordered):
    """How much a problem matters, least first; `raise_at` takes one."""

    NOTE = "NOTE"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Problem(Term):
    """The closed list of problems, each with its severity."""

    severity: Severity
    """How much it matters."""

    UNKNOWN_TERM = "UNKNOWN_TERM", Severity.NOTE
    UNKNOWN_CODE = "UNKNOWN_CODE", Severity.WARNING
    BAD_VALUE = "BAD_VALUE", Severity.WARNING
    SENTINEL = "SENTINEL", Severity.WARNING
    IMPLAUSIBLE = "IMPLAUSIBLE", Severity.NOTE
    BAD_CHECK = "BAD_CHECK", Severity.NOTE
    OTHER_SCHEME = "OTHER_SCHEME", Severity.NOTE
    PLACEHOLDER = "PLACEHOLDER", Severity.NOTE
    CONFLICT = "CONFLICT", Severity.WARNING
    IMPOSSIBLE = "IMPOSSIBLE", Severity.WARNING
    DIFFERS = "DIFFERS", Severity.NOTE
    UNMATCHED = "UNMATCHED", Severity.WARNING
    AMBIGUOUS = "AMBIGUOUS", Severity.WARNING
    UNSPLIT_LIST = "UNSPLIT_LIST", Severity.NOTE
    NOTHING_READ = "NOTHING_READ", Severity.ERROR
    UNEXPECTED = "UNEXPECTED", Severity.ERROR
    WRONG_TYPE = "WRONG_TYPE", Severity.ERROR
    DUPLICATE_KEY = "DUPLICATE_KEY", Severity.ERROR
    BIG_INTEGER = "BIG_INTEGER", Severity.NOTE
    ENCODING = "ENCODING", Severity.NOTE
    HALF_PAIR = "HALF_PAIR", Severity.WARNING
    ODD_CHARACTER = "ODD_CHARACTER", Severity.NOTE
    LOOKS_LIKE_KEY = "LOOKS_LIKE_KEY", Severity.NOTE
    PASSED = "PASSED", Severity.NOTE
    NOT_READ = "NOT_READ", Severity.NOTE
    RENAMED = "RENAMED", Severity.NOTE
    TRUNCATED = "TRUNCATED", Severity.WARNING
    CUT = "CUT", Severity.ERROR

    def __new__(cls, name: str, severity: Severity) -> Self:
        """Make a member whose value is its name."""
        made = object.__new__(cls)
        made._value_ = name
        made.severity = severity
        return made


@frozen(kw_only=True, weakref_slot=False)
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
    """Line of the document, from 1; only in diagnostics of XML.

    None where it is not known: the parser counts 65,534 lines, and begins anew between records.
    """
    offset: int | None = None
    """Bytes before the record in its file or member of an archive, unpacked, and in UTF-8 if it is in UTF-16 or UTF-32.

    Only in the place of a record or of a failure, and not of XML.
    """

    def __str__(self) -> str:
        """Return the place on one line."""
        parts = [f"{self.of}:"] if self.of else []
        parts += [self.member] if self.member else []
        if self.record:
            parts.append(f"record {self.record}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        return " ".join([*parts, self.path])


@frozen(kw_only=True)
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
    """The source is of no known format; the message says what it is, or what was expected and what was found."""

    kind: str | None = None
    """The kind of files that it is, such as `ctgov-xml`, `xlsx` or `own-line`; None if that is not known."""

    def behind(self, beginning: str) -> "UnrecognisedFormat":
        """Return an error whose sentence has a beginning before that of this one; it has no kind."""
        return UnrecognisedFormat(beginning + self._sentence, **self._words)

    def without_words(self) -> Self:
        """Return the error without words of the source; the kind is a word of the library."""
        bare = super().without_words()
        bare.kind = self.kind
        return bare


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
