"""Verbs: pure functions from a source value to a value of the model."""

import datetime
import enum
import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from trialparse.diagnostics import WITHHELD, Problem
from trialparse.generated.classes import frozen
from trialparse.mapping.characters import with_signs
from trialparse.mapping.grammar import VERBATIM
from trialparse.mapping.rows import Codes, Meaning, Row, fold
from trialparse.model.building import maker
from trialparse.model.identifiers import OTHER, PROTOCOL, canonical, identify, is_placeholder
from trialparse.model.placeholders import placeholders
from trialparse.model.terms import MissingKind, TimeUnit
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate
from trialparse.readers.shapes import OutOfRange
from trialparse.tsv import TableError

Convert = Callable[..., Any]
"""Value at the path, and for some verbs a value beside it -> value of the model."""

Fillers = dict[str, MissingKind]
"""Placeholders by folded word, each with why there is no value."""

LONGEST: Final = 40
"""A text with more characters is no placeholder, so it need not be looked up."""


class UnreadableWords(Exception):
    """The words cannot be made into a value."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.name)
        self.problem = problem


class NoValue(Exception):
    """The words say why there is no value.

    `problem` is the diagnostic to emit; None if the word is in the code list. `rest` is the value of the other words.
    """

    def __init__(self, kind: MissingKind, problem: Problem | None = None, rest: Any = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.problem = problem
        self.rest = rest


@frozen
class Gap:
    """What the fast run has in place of a value, where words say why there is none, or no more; no Trial keeps it."""

    kind: MissingKind
    rest: Any = None
    """What else the field holds; None if it holds nothing."""


class _Noted(threading.local):
    """What the fast run in this thread notes: where it has left a Gap in the Trial that it fills, and remarks."""

    def __init__(self) -> None:
        self.fields: list[str] = []
        """The fields of the Trial with one."""
        self.odd: list[str] = []
        """The fields that only the traced run can read, or would report something about."""
        self.items: dict[str, list[tuple[bool, bool]]] = {}
        """The lists with items that the traced run would report something about."""
        self.offered: set[int] = set()
        """Elements that lists could have looked up, and those that they did look up."""
        self.asked: set[int] = set()
        self.clear()

    def clear(self) -> None:
        """Forget the run before."""
        self.gap = False
        """Whether there is one in the field that is being filled."""
        self.remark = False
        """Whether the traced run would report something about the field that is being filled."""
        self.fields.clear()
        self.odd.clear()
        self.items.clear()
        self.offered.clear()
        self.asked.clear()


NOTED: Final = _Noted()
_GAPS = {kind: Gap(kind) for kind in MissingKind}
_STRENGTH = {MissingKind.UNREADABLE: 3, MissingKind.WITHHELD: 2, MissingKind.NONE_STATED: 0}


def strength(kind: MissingKind) -> int:
    """Return how much a reason for an absent value counts beside others: most, if words are there and not in the Trial.

    Least if none is stated: a box that is left open may be ticked.
    """
    return _STRENGTH.get(kind, 1)


def or_gap(convert: Convert) -> Convert:
    """Return the function with a Gap in place of a NoValue that is no problem."""

    def converted(*args: Any) -> Any:
        try:
            return convert(*args)
        except NoValue as gone:
            if gone.problem is not None:
                raise
            NOTED.gap = True
            return with_rest(_GAPS[gone.kind], gone.rest)

    return converted


def gaps_of(fillers: Fillers) -> dict[str, Gap]:
    """Return the placeholders, each with the Gap that the fast run leaves for it."""
    return {word: _GAPS[kind] for word, kind in fillers.items()}


def same_gap(first: Gap | None, second: Gap) -> Gap:
    """Return the gap of a field with several words that say why there is no value: the strongest, or else the first.

    `first` is what this function has returned for the words before, and holds nothing else.
    """
    if first is not None and (second.kind is first.kind or strength(second.kind) <= strength(first.kind)):
        return first
    return second if second.rest is None else _GAPS[second.kind]


def with_rest(gap: Gap, rest: Any) -> Gap:
    """Return the gap of a field that also holds something."""
    return Gap(gap.kind, rest) if rest else gap


@frozen
class Prose:
    """A way in which prose is written."""

    sign: str
    """What is in each text that is not plain already."""
    plain: Callable[[str], str]
    """The function that makes it plain."""


@frozen
class Verb:
    """A verb made ready for one row."""

    convert: Convert
    """Value at the path -> value of the model, or None if nothing is stated; raises UnreadableWords and NoValue."""
    remark: Callable[[Any, Any], Problem | None] | None = None
    """(value at the path, value of the model) -> a problem to report, or None."""
    words: dict[str, Meaning] | None = None
    """The code list that the verb reads."""
    ticked: frozenset[Any] = frozenset()
    """For a box of a set, the values that a yes stands for."""
    known: "Known | None" = None
    """Cache of the verb: results by value, or by pair of value and side; None if it has none."""
    blank: frozenset[str] | None = None
    """For `text`, the words that mean "empty"; the fast run strips and compares in place."""
    fillers: Fillers = attrs.field(factory=dict)
    """For `text`, the placeholders: words that say why there is no text."""
    line: bool = False
    """Whether the text is one line; the fast run calls `one_line` only if there is white space to collapse."""
    prose: Prose | None = None
    """For `text`, how prose is written; the fast run makes plain only what has the sign."""
    sentinel: Convert | None = None
    """For numbers that may be written as nines: a reader that returns NOT_CALCULATED for nines."""
    aside: Callable[[Any], Problem | None] | None = None
    """Side value -> a problem to report, where the value is read without it; None if there is none."""
    holds: Callable[[Any], bool] | None = None
    """Condition of `when=`: whether the side value allows the value to be read."""
    bare: "Verb | None" = None
    """The verb without this condition."""
    withheld: bool = False
    """Whether the words may be the mark of those that were withheld; the fast run looks for it."""
    plain: type | None = None
    """The class whose values the verb returns unchanged (whole numbers up to 64 bits)."""


def fillers_of(row: Row) -> Fillers:
    """Return the placeholders of a row; none where words are meant literally, and for countries.

    In place of a number no words are meant literally. Of numbers that were found, `thousands` marks those that
    are written by people, who write why there is none; elsewhere a schema has numbers alone.
    In prose, "none" is an answer; in a line, which names something, it is none.
    """
    if row.verb in ("integer", "number"):
        found = _IN_RESULTS if "thousands" in row.words else {}
        return found if row.field.startswith("results.") else placeholders()
    if VERBATIM.fullmatch(row.field) or any("country" in name for name in row.words[:1]):
        return {}
    return placeholders(prose=row.verb == "text" and "one-line" not in row.words)


_IN_RESULTS: Final = dict.fromkeys(placeholders(), MissingKind.UNKNOWN)
"""Placeholders in the place of a number that was found: there is none to give, whatever the reason."""


def lengths_of(fillers: Fillers) -> frozenset[int]:
    """Return the lengths of placeholders: a text of another length is none, so it need not be looked up."""
    return frozenset(map(len, fillers))


def _filled_with(value: Any, fillers: Fillers) -> MissingKind | None:
    """Return the reason that a placeholder gives; None for other words."""
    return fillers.get(value.strip().casefold()) if value.__class__ is str and len(value) <= LONGEST else None


def _text(blank: frozenset[str], fillers: Fillers | None = None) -> Convert:
    known = fillers or {}
    lengths = lengths_of(known)

    def text(value: Any) -> str | None:
        if value.__class__ is str:
            stripped: str = (value if value.isascii() else with_signs(value)).strip()
            if stripped in blank:
                return None
            if len(stripped) in lengths and (kind := known.get(stripped.casefold())) is not None:
                raise NoValue(kind)
            return stripped
        if value is None:
            return None
        if value.__class__ is bool:
            raise UnreadableWords(Problem.WRONG_TYPE)
        return format_number(value)

    return text


def unrepeated(text: str) -> str:
    """Return a flattened list without exact repeats: of all of it, and of a part that has words behind its own copy.

    A part elsewhere may belong to the item before it, as the second "5 mg" of "A, 5 mg, B, 5 mg", so it stays.

    >>> unrepeated("Placebo, 5 mg, Placebo, 5 mg"), unrepeated("Samplocillin, Samplocillin, Placebo")
    ('Placebo, 5 mg', 'Samplocillin, Placebo')
    """
    parts = text.split(", ")
    count = len(parts)
    if len(set(parts)) == count:
        return text
    for size in range(1, min(count // 2, _MOST_PARTS) + 1):
        if parts[size] == parts[0] and count % size == 0 and parts[size:] == parts[:-size]:
            return ", ".join(parts[:size])
    kept = [part for at, part in enumerate(parts) if not at or part != parts[at - 1] or not part[:1].isalpha()]
    return text if len(kept) == count else ", ".join(kept)


_MOST_PARTS: Final = 50
"""Parts of a flattened list that is looked for as a repeated whole."""


def _flattened_text(text: Convert) -> Convert:
    """Return a reader of a text that may be a flattened list, whose exact repeats are read once."""

    def flattened(value: Any) -> str | None:
        made = text(value)
        return unrepeated(made) if made is not None and ", " in made else made

    return flattened


def _flattened(value: Any, made: Any) -> Problem | None:
    """Report a text that may be a list which the register joined into one text."""
    return Problem.UNSPLIT_LIST if isinstance(made, str) and ", " in made else None


_JOINED = re.compile(r", |(?<=[^\W\d_]{3})(?:\s*;\s*|\s*/\s*|\s\+\s|,)(?=[^\W\d_]{3})")
"""What parts names in one text: a comma; a semicolon, slash, plus or bare comma between words, not between numbers or
within a name such as `1,2-DIOL` or `H5N1/A`."""


def _joined_names(value: Any, made: Any) -> Problem | None:
    """Report a text that may be names which the register joined into one text."""
    return Problem.UNSPLIT_LIST if isinstance(made, str) and _JOINED.search(made) is not None else None


def _unparted(value: Any, made: Any) -> Problem | None:
    """Report a part of a list that is several, since the bar between them may be within one of them."""
    return Problem.UNSPLIT_LIST if isinstance(made, str) and "|" in made else None


def one_line(text: str) -> str:
    """Return a text with its runs of white space as single blanks, as `normalize-space` of XPath 1.0 does."""
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:  # most texts skip this
        text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
        text = " ".join(filter(None, text.split(" ")))
    return text.strip()


def _line(blank: frozenset[str], fillers: Fillers | None = None) -> Convert:
    text = _text(blank, fillers)

    def line(value: Any) -> Any:
        if value.__class__ is str:
            value = one_line(value if value.isascii() else with_signs(value))
        return text(value)

    return line


def _prose(text: Convert, prose: Prose) -> Convert:
    """Return a reader of prose that is written in another way than as plain text."""

    def read_prose(value: Any) -> str | None:
        made: str | None = text(prose.plain(value) if value.__class__ is str and prose.sign in value else value)
        return made

    return read_prose


_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])", re.ASCII)
"""A backslash before a sign of ASCII, which CommonMark shows as that sign."""


def unescaped(text: str) -> str:
    """Return a text of Markdown without the backslashes that keep a sign from being markup; lists stay as they are.

    >>> unescaped(r"LDL-C \\>=160 mg/dL, 1.73 m\\^2")
    'LDL-C >=160 mg/dL, 1.73 m^2'
    """
    return _ESCAPED.sub(r"\1", text)


_ITEM: Final = re.compile(r"(?:[-*•]|\d{1,3}[.)]) +")
"""How an item of a list begins, behind what indents it."""


def unwrapped(text: str) -> str:
    """Return a text that is cut at a width with one line for each paragraph and each item of a list.

    Such a text begins on a line of its own, and its lines are indented; a text of another kind stays as it is.
    A line that is indented less than the words of an item does not belong to it. A carriage return ends a line, too,
    and was not put there by who cut the text.

    >>> unwrapped("\\n  One\\n  two.\\n\\n    -  Three\\n       four\\n  Five"), unwrapped("One\\ntwo")
    ('One two.\\n\\n- Three four\\nFive', 'One\\ntwo')
    """
    lines = text.expandtabs().replace("\r\n", "\r").replace("\r", "\r\n").split("\n")
    if len(lines) < 2 or lines[0].strip():
        return text
    made: list[str] = []
    margin = -1  # what a line that goes on with the last one is indented by, at least; negative if none does
    for line in lines:
        words = line.strip()
        if not words:
            made += [""] if made and made[-1] else []
            margin = -1
            continue
        item = _ITEM.match(words)
        indent = len(line) - len(line.lstrip())
        words = one_line(words)
        if item is None and 0 <= margin <= indent:
            made[-1] += f" {words}"
        else:
            made.append(words)
            margin = 0 if item is None else indent + item.end()
        if line[-1] == "\r":
            margin = -1
    return "\n".join(made).strip()


def _behind(text: Convert) -> Convert:
    """Return a reader of a text whose beginning is the side value."""

    def both(value: Any, before: Any = None) -> str | None:
        return " ".join(part for part in (text(before), text(value)) if part is not None) or None

    return both


def format_number(value: object) -> str:
    """Return a number as a register would write it: 8.0 is "8"."""
    if isinstance(value, OutOfRange):
        return value.text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


_WHOLE = re.compile(r"\+?\d{1,18}(\.0*)?", re.ASCII)
DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})", re.ASCII)
_ZEROS = re.compile(r"00+", re.ASCII)
_GROUPED = re.compile(r"\+?[1-9]\d{0,2}(?:\.\d{3})+|\+?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
"""A whole number with points or commas that may part thousands, or a fraction."""
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3}){1,5}(?:\.\d{0,18})?", re.ASCII)
_NINES = re.compile(r"-?9{4,18}(\.(9{1,18}|0{1,18}))?", re.ASCII)
_FEW_NINES = re.compile(r"-?999(\.(9{1,18}|0{1,18}))?", re.ASCII)

NOT_CALCULATED = math.nan * 1
"""Mark of the fast run for a number written as nines; compared by identity, removed from every Trial."""


def _scalar(blank: frozenset[str], read: Callable[[Any], Any], fillers: Fillers | None = None) -> Convert:
    """Wrap a reader of stripped strings and numbers: blanks and None give None, an unread placeholder a NoValue."""
    nothing = "" in blank

    def scalar(value: Any) -> Any:
        if value == "" and nothing:
            return None
        if value.__class__ is str:
            value = value.strip()
            if value in blank:
                return None
        elif value is None:
            return None
        try:
            return read(value)
        except UnreadableWords:
            kind = _filled_with(value, fillers or {})
            if kind is None:
                raise
        raise NoValue(kind)

    return scalar


def read_integer(value: Any) -> int:
    """Return a whole number: a count or a position, never below 0; raises UnreadableWords."""
    kind = value.__class__
    if kind is int and 0 <= value < 2**63:
        return int(value)
    if kind is float and value.is_integer() and 0 <= value < 2**53:
        return int(value)
    if kind is str:
        if _ZEROS.fullmatch(value):
            raise UnreadableWords(Problem.PLACEHOLDER)
        if _GROUPED.fullmatch(value):
            raise UnreadableWords(Problem.AMBIGUOUS)
        if _WHOLE.fullmatch(value):
            return int(value.split(".")[0])
    raise UnreadableWords(Problem.BAD_VALUE)


def _above_zero(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader of numbers or durations where 0 cannot be true, so that it is a placeholder."""

    def read_filled(value: Any) -> Any:
        made = read(value)
        if (made.value if made.__class__ is Duration else made) == 0:
            raise UnreadableWords(Problem.PLACEHOLDER)
        return made

    return read_filled


def read_number(value: Any) -> float:
    """Return a finite number; raises UnreadableWords."""
    kind = value.__class__
    if kind is float and math.isfinite(value):
        return float(value)
    if kind is int and abs(value) < 2**63:
        return float(value)
    if kind is str:
        if _ZEROS.fullmatch(value):
            raise UnreadableWords(Problem.PLACEHOLDER)
        if DECIMAL.fullmatch(value):
            return float(value)
        comma = value.replace(",", ".")
        if value.count(",") == 1 and "." not in value and DECIMAL.fullmatch(comma) and len(value.split(",")[1]) != 3:
            return float(comma)
    raise UnreadableWords(Problem.BAD_VALUE)


def _with_thousands(read: Convert) -> Convert:
    """Return a reader of numbers in which commas part thousands."""

    def read_parted(value: Any) -> Any:
        if value.__class__ is str and "," in value and _THOUSANDS.fullmatch(value):
            value = value.replace(",", "")
        return read(value)

    return read_parted


def _read_count(value: Any) -> float:
    """Return a number as `read_number` does; raises UnreadableWords for `1.000`, which may be a thousand."""
    if value.__class__ is str and _GROUPED.fullmatch(value):
        raise UnreadableWords(Problem.AMBIGUOUS)
    return read_number(value)


def _read_calculated(value: Any) -> float:
    """Return a number as `read_number` does; raises NoValue for nines, which mean "not calculated"."""
    if _is_nines(value):
        raise NoValue(MissingKind.UNKNOWN, Problem.SENTINEL)
    return read_number(value)


def _calculated_or_mark(value: Any) -> float:
    return NOT_CALCULATED if _is_nines(value) else read_number(value)


def _is_nines(value: Any) -> bool:
    """Whether a number is nines and nothing else."""
    text = str(value)
    return "9999" in text and _NINES.fullmatch(text) is not None


def is_doubtful(value: Any) -> bool:
    """Whether a number may be nines as well, where a record has others."""
    text = str(value)
    return "999" in text and _FEW_NINES.fullmatch(text.strip()) is not None


def read_boolean(value: Any) -> bool:
    """Return a truth value; raises UnreadableWords."""
    if value.__class__ is bool:
        return bool(value)
    if value in ("true", "false"):
        return bool(value == "true")
    raise UnreadableWords(Problem.BAD_VALUE)


_ISO_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII
)
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: \d{1,2}:\d{2})?", re.ASCII)
_ENGLISH = re.compile(r"([A-Z][a-z]{2,8}) (?:(\d{1,2}), )?(\d{4})", re.ASCII)
_MONTHS: Final = {
    name: str(number)
    for number, name in enumerate(
        "January February March April May June July August September October November December".split(), 1
    )
}


def date_reader(words: tuple[str, ...]) -> Convert:
    """Return a reader of ISO 8601 dates; `words` add other forms, and mark dates as planned or past."""
    estimated = True if "estimated" in words else False if "actual" in words else None
    day_first, month_first, english = "day-first" in words, "month-first" in words, "english" in words
    make = maker(PartialDate)

    def read_date(value: Any) -> PartialDate:
        if value.__class__ is not str:
            raise UnreadableWords(Problem.BAD_VALUE)
        match = _ISO_DATE.fullmatch(value)
        if match is not None:
            year, month, day = match.groups()
        elif day_first and (match := _DAY_FIRST.fullmatch(value)) is not None:
            day, month, year = match.groups()
        elif month_first and (match := _MONTH_FIRST.fullmatch(value)) is not None:
            month, day, year = match.groups()
        elif english and (match := _ENGLISH.fullmatch(value)) is not None and match[1] in _MONTHS:
            month, day, year = _MONTHS[match[1]], match[2], match[3]
        else:
            raise UnreadableWords(Problem.BAD_VALUE)
        try:
            datetime.date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            raise UnreadableWords(Problem.BAD_VALUE) from None
        made: PartialDate = make(int(year), int(month) if month else None, int(day) if day else None, estimated)
        return made

    return read_date


def _staged_date(row: Row, codes: Codes, blank: frozenset[str], fillers: Fillers) -> Verb:
    """Make a reader of dates; the words beside a date say whether it is planned."""
    name = row.options["planned"].partition(":")[2]
    dates = {state: _scalar(blank, date_reader((*row.words, *words)), fillers) for state, words in _STAGES.items()}
    planned = _scalar(blank, code_reader(_list_of(codes, name, row), bool, False))

    def stage(side: Any) -> tuple[bool | None, Problem | None]:
        try:
            return planned(side), None
        except UnreadableWords as error:
            return None, error.problem

    def read_date(value: Any, side: Any = None) -> Any:
        return dates[stage(side)[0]](value)

    return Verb(read_date, remark=_far, aside=lambda side: stage(side)[1], known=KnownPairs(read_date))


_STAGES: Final[dict[bool | None, tuple[str, ...]]] = {True: ("estimated",), False: ("actual",), None: ()}

_YEARS = range(1901, 2061)
"""Plausible years for a trial to begin, end or be decided upon; 1900 means no date."""


def _far(value: Any, made: Any) -> Problem | None:
    """Report a date whose year can only be a slip."""
    return Problem.IMPLAUSIBLE if made is not None and made.year not in _YEARS else None


class Known(dict[Any, Any]):
    """Cache of a reader: registers repeat themselves, and values are frozen.

    `known[value]` costs a dict look-up for words seen before.
    """

    apart: type | None = Gap
    """The class of results that are kept apart: who gives a gap notes it."""

    def __init__(self, read: Convert) -> None:
        super().__init__({None: None})
        self.read = read
        self.gaps: dict[Any, Gap] = {}

    def __missing__(self, value: Any) -> Any:
        kind = value.__class__
        key = (kind, value) if kind is bool or (kind is int and value in (0, 1)) else value
        if key is not value and key in self:
            return self[key]
        if key in self.gaps:
            NOTED.gap = True
            return self.gaps[key]
        result = self.read(value)
        self.keep(key, result, key is not value or _is_key(value))
        return result

    def keep(self, key: Any, result: Any, is_key: bool) -> None:
        """Remember a result, unless the cache is full or other values are equal to the key."""
        kept = self.gaps if result.__class__ is self.apart else self
        if is_key and len(kept) < 4096:
            kept[key] = result


class KnownBoxes(Known):
    """Cache of a reader of boxes in the fast run, which keeps gaps: a form has many a box that is answered no."""

    apart = None


class KnownPairs(Known):
    """Cache of a reader of a value and its side value: `known[value, side]`."""

    def __missing__(self, pair: tuple[Any, Any]) -> Any:
        if pair in self.gaps:
            NOTED.gap = True
            return self.gaps[pair]
        result = self.read(*pair)
        self.keep(pair, result, _is_key(pair[0]) and _is_key(pair[1]))
        return result


def _is_key(value: Any) -> bool:
    """Whether all values equal to it as a dict key are read alike: 2 and 2.0 are, 1 and True are not."""
    if value.__class__ is str:
        return len(value) < 200
    return value is None or (value.__class__ is int and 1 < value < 10**12)


def _known(blank: frozenset[str], read: Convert, fillers: Fillers | None = None) -> Known:
    return Known(_scalar(blank, read, fillers))


_MISSING = {f"?{kind.name}": kind for kind in MissingKind}
_TRUTH = {"true": True, "false": False}


def term_of(name: str, target: Any) -> Any:
    """Return the term called `name` in the target type: a member, a truth value, or the name itself."""
    if isinstance(target, type) and issubclass(target, enum.Enum):
        return target[name]
    return _TRUTH[name] if target is bool else name


def code_reader(words: dict[str, Meaning], target: Any, many: bool) -> Convert:
    """Return a reader of a code list's words: the term, or with `many` the frozenset of the word's terms."""

    def read_code(value: Any) -> Any:
        if value.__class__ is bool:
            value = "true" if value else "false"
        meaning = words.get(fold(format_number(value) if isinstance(value, float) else value))
        if meaning is None:
            raise UnreadableWords(Problem.UNKNOWN_CODE)
        if meaning.term in ("", "-"):
            return None
        if meaning.term in _MISSING:
            raise NoValue(_MISSING[meaning.term])
        return read_terms(meaning, target, many)

    return read_code


def read_terms(meaning: Meaning, target: Any, many: bool) -> Any:
    """Return what a word means in the target type; raises KeyError for a term that the type does not have."""
    if many:
        return frozenset(term_of(term, target) for term in meaning.terms)
    return term_of(meaning.terms[0], target)


def _list_of(codes: Codes, name: str, row: Row) -> dict[str, Meaning]:
    if name not in codes:
        raise TableError(f"{row.where}: no code list {name!r}")
    return codes[name]


def make_verb(row: Row, target: Any, many: bool, codes: Codes, blank: frozenset[str]) -> Verb:
    """Make the verb of `row` ready; `target` is the type of one value of the field, `many` marks a set."""
    verb = _verb(row, target, many, codes, blank)
    if "ticked" in row.options and verb.words is not None:
        verb = attrs.evolve(verb, ticked=_ticked(verb, many and row.verb == "code"))
    _, _, words = row.options.get("when", "").partition(":")
    if not words:
        return verb
    holds = condition(words)

    def convert_when(value: Any, side: Any = None) -> Any:
        return verb.convert(value) if holds(side) else None

    if verb.known is None:
        return attrs.evolve(verb, convert=convert_when, holds=holds, bare=verb, plain=None)
    return attrs.evolve(verb, convert=convert_when, holds=holds, bare=verb, known=KnownPairs(convert_when))


def _ticked(verb: Verb, many: bool) -> frozenset[Any]:
    """Return the values that a box of a set stands for."""
    yes = next((word for word, meaning in (verb.words or {}).items() if meaning.text is not None), None)
    if yes is None:
        return frozenset()
    made = verb.convert(yes)
    return made if many else frozenset((made,))


def condition(words: str) -> Callable[[Any], bool]:
    """Return the test of a side value against the words of `when=<key>:<words>`.

    `-` means nothing is stated; after `!`, any word except these passes.
    """
    # an argument cannot hold blanks: END_OF_TRIAL also matches "End of Trial"
    wanted = frozenset(fold(word.replace("_", " ")) for word in words.removeprefix("!").split(","))
    other = words.startswith("!")

    def holds(side: Any) -> bool:
        word = "-" if side is None else fold(str(side).replace("_", " ")) or "-"
        return word != "-" and word not in wanted if other else word in wanted

    return holds


def _verb(row: Row, target: Any, many: bool, codes: Codes, blank: frozenset[str]) -> Verb:
    word, fillers = row.words[0] if row.words else "", fillers_of(row)
    digits = any(map(str.isdigit, blank))  # a blank that is written as a number: the verb has to look at each
    if row.verb == "text" and "behind" in row.options:
        return Verb(_behind(_line(blank) if "one-line" in row.words else _text(blank)))
    if row.verb == "text" and "flattened" in row.words:
        remark = _joined_names if "names" in row.words else _flattened
        return Verb(_flattened_text((_line if "one-line" in row.words else _text)(blank, fillers)), remark)
    parted = _unparted if "parted" in row.words else None
    if row.verb == "text" and not _PROSE.keys().isdisjoint(row.words):
        prose = next(way for word, way in _PROSE.items() if word in row.words)
        return Verb(_prose(_text(blank, fillers), prose), parted, blank=blank, fillers=fillers, prose=prose)
    if row.verb == "text":
        line = "one-line" in row.words
        return Verb((_line if line else _text)(blank, fillers), parted, blank=blank, line=line, fillers=fillers)
    if row.verb in ("integer", "number") and "thousands" in row.words:
        read = _with_thousands(read_integer if row.verb == "integer" else read_number)
        return Verb(_scalar(blank, read, fillers), plain=None if digits else int if row.verb == "integer" else float)
    if row.verb == "integer" and "filled" in row.words:
        return Verb(_scalar(blank, _above_zero(read_integer), fillers))
    if row.verb in ("integer", "sum"):
        return Verb(
            _scalar(blank, read_integer, fillers),
            known=_known(blank, read_integer, fillers),
            plain=None if digits else int,
        )
    if row.verb == "number" and "sentinel" in row.words:
        return Verb(
            _scalar(blank, _read_calculated, fillers),
            sentinel=_scalar(blank, _calculated_or_mark, fillers),
            plain=None if digits else float,
        )
    if row.verb == "number" and "count" in row.words:
        return Verb(_scalar(blank, _read_count, fillers))
    if row.verb == "number" and "filled" in row.words:
        return Verb(_scalar(blank, _above_zero(read_number), fillers))
    if row.verb == "number":
        return Verb(_scalar(blank, read_number, fillers), plain=None if digits else float)
    if row.verb == "boolean":
        return Verb(_scalar(blank, read_boolean, fillers), plain=bool)
    if row.verb == "date" and "planned" in row.options:
        return _staged_date(row, codes, blank, fillers)
    if row.verb == "date":
        return _remembering(_known(blank, date_reader(row.words), fillers), remark=_far)
    if row.verb == "code":
        words = _list_of(codes, word, row)
        return _remembering(_known(blank, code_reader(words, target, many), fillers), words=words)
    if row.verb == "coded":
        return _coded(_list_of(codes, word, row), row, blank, fillers)
    if row.verb == "coding":
        return _remembering(_known(blank, _code_of(word, fillers)))
    if row.verb == "identifier":
        return _identifier(word, blank)
    if row.verb == "canonical":
        return Verb(_scalar(blank, lambda value: canonical(_plain(value), word)))
    if row.verb == "duration":
        return _duration(row, codes, blank, fillers)
    raise TableError(f"{row.where}: no verb {row.verb!r}")


_PROSE: Final = {"markdown": Prose("\\", unescaped), "wrapped": Prose("\n", unwrapped)}
"""The ways to write prose, by the word of a row."""

TOGETHER = ("boxes", "joined", "derive")
"""Verbs that make one value of the values at several paths."""


def make_together(row: Row, target: Any, codes: Codes, blank: frozenset[str]) -> Convert:
    """Return the function that makes one value of the values at each path of a row, for the verbs in the grammar."""
    if row.verb == "boxes":
        return _boxes(row, target, codes, blank)
    if row.verb == "joined":
        return _joined(row, blank)
    raise TableError(f"{row.where}: no verb {row.verb!r}")


def with_signs_read(function: Convert) -> Convert:
    """Return a function of several paths that gets the signs of the font Symbol as characters."""

    def signed(found: Sequence[Any]) -> Sequence[Any]:
        for one in found:
            if one.__class__ is str and not one.isascii():  # ASCII has none of these signs
                return [with_signs(one) if one.__class__ is str else one for one in found]
        return found

    return lambda *found: function(*map(signed, found))


def _leaves(values: Sequence[Any]) -> Iterator[Any]:
    """Yield the values without empty objects and lists; others are reported before a verb sees them."""
    return (value for value in values if value.__class__ is not dict and value.__class__ is not list)


def _boxes(row: Row, target: Any, codes: Codes, blank: frozenset[str]) -> Convert:
    """Return a reader of several boxes that are one answer together."""
    term = Known(code_reader(_list_of(codes, row.words[0], row), target, False))
    answers = _known(blank, code_reader(_list_of(codes, row.options.get("answers", ""), row), str, False))

    def answer(found: Sequence[Any]) -> str | NoValue | None:
        try:
            return next((stated for value in _leaves(found) if (stated := answers[value]) is not None), None)
        except NoValue as gone:
            return gone

    def boxes(*found: Sequence[Any]) -> Any:
        by_box = [answer(values) for values in found]
        given = [one for one in by_box if isinstance(one, str)]
        if given and len(given) < len(by_box):  # another box is open, so their common meaning is not known
            raise UnreadableWords(Problem.BAD_VALUE)
        for gone in by_box:
            if isinstance(gone, NoValue):
                raise gone
        return term["+".join(given)] if given else None

    return boxes


_SIGNS = {"commas": ", ", "dashes": " - "}
"""What `joined` puts between two texts, by the word of the row."""


def _joined(row: Row, blank: frozenset[str]) -> Convert:
    """Return a reader of texts that are one text together; there is none if one of them was withheld."""
    between = next((sign for word, sign in _SIGNS.items() if word in row.words), " ")
    text, fillers = _line(blank), fillers_of(row)
    lengths = lengths_of(fillers)

    def joined(*found: Sequence[Any]) -> str | None:
        texts, stated = [], []
        for values in found:
            for value in _leaves(values):
                words = text(value)
                if words is not None:
                    texts.append(words)
                    if len(words) not in lengths or _filled_with(words, fillers) is None:
                        stated.append(words)
        if texts and not stated:
            raise NoValue(fillers[texts[0].casefold()])
        return None if not stated or WITHHELD in texts else between.join(stated)

    return joined


def _code_of(system: str, fillers: Fillers) -> Convert:
    """Return a reader of codes of a system."""
    make = maker(Code)

    def read_coding(value: Any) -> Code:
        kind = _filled_with(value, fillers)
        if kind is not None:
            raise NoValue(kind)
        made: Code = make(system, _plain(value))
        return made

    return read_coding


def _remembering(known: Known, **rest: Any) -> Verb:
    return Verb(known.__getitem__, known=known, **rest)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        raise UnreadableWords(Problem.WRONG_TYPE)
    return with_signs(value) if isinstance(value, str) else format_number(value)


PARTED = frozenset(("split", "spaced"))
"""Words of a row whose values may be lists, flattened into one text."""
_LONGEST_WORD = 16
"""How many blanks a word of a list with blanks between its words may have."""
_BARE = re.compile(r"(?:.* )?([a-z]) - .* (\1\d\d)", re.ASCII | re.DOTALL)
_LONGEST_AREA = 300
"""How long words around a code without brackets may be."""
_IN_BRACKETS = re.compile(r"\[([a-z]\d\d)\]", re.ASCII)
_BEHIND_BRACKETS = re.compile(r"(?<=\d\]),", re.ASCII)


class Bracketed(dict[str, Meaning]):
    """A code list that also accepts words which end in one of its words in brackets, and hold no other.

    Where a source lost the brackets, the letter of the branch before the words shows what the code is.
    """

    def __contains__(self, word: object) -> bool:
        """Whether the code in brackets, or else the words, are known."""
        return super().__contains__(_in_brackets(str(word)))

    def get(self, word: str, default: Any = None) -> Any:
        """Return what the code in brackets means, or else the words."""
        return super().get(_in_brackets(word), default)


def _in_brackets(word: str) -> str:
    found = _IN_BRACKETS.findall(word) if word.endswith("]") else []
    bare = _BARE.fullmatch(word) if not found and len(word) < _LONGEST_AREA else None
    return found[0] if len(found) == 1 else bare[2] if bare is not None else word


def _ways(tokens: list[str], words: Mapping[str, Meaning]) -> list[str] | None:
    """Return the only way to part some words so that each part is known; None if there is none, or several.

    >>> known = dict.fromkeys(["sudan", "south sudan", "chad"])
    >>> _ways(["South", "Sudan", "Chad"], known), _ways(["Chad", "and", "Sudan"], known)
    (['South Sudan', 'Chad'], None)
    """
    counts, ends = [1], [0]
    for end in range(1, len(tokens) + 1):
        found = [
            start
            for start in range(max(0, end - _LONGEST_WORD), end)
            if counts[start] and fold(" ".join(tokens[start:end])) in words
        ]
        counts.append(min(2, sum(counts[start] for start in found)))
        ends.append(found[0] if found else -1)
    if counts[-1] != 1:
        return None
    parts, end = list[str](), len(tokens)
    while end:
        parts.append(" ".join(tokens[ends[end] : end]))
        end = ends[end]
    return parts[::-1]


def _coded(words: dict[str, Meaning], row: Row, blank: frozenset[str], fillers: Fillers) -> Verb:
    """Make a reader of open vocabularies: a word alone, a word with its label, a flattened list, or a box to tick."""
    box = "ticked" in row.options
    bracketed = "bracketed" in row.words
    words = Bracketed(words) if bracketed else words

    def parts_of(value: Any) -> list[str]:
        return _BEHIND_BRACKETS.split(_plain(value)) if bracketed else _plain(value).split(",")

    def read_coded(value: Any) -> Coded | None:
        text = _plain(value)
        meaning = words.get(fold(text))
        if meaning is None and (kind := _filled_with(text, fillers)) is not None:
            raise NoValue(kind)
        if box and meaning is None:
            raise UnreadableWords(Problem.UNKNOWN_CODE)
        term = None if meaning is None or meaning.term == "-" else meaning.term
        if term in _MISSING:
            raise NoValue(_MISSING[term])
        if box and meaning is not None:
            if meaning.text is None:
                return None
            text = meaning.text
        made: Coded = make(term, text)
        return made

    def remark(value: Any, made: Any) -> Problem | None:
        if made is None or fold(_plain(value)) in words:
            return None
        parts = [fold(part) for part in parts_of(value)]
        flat = len(parts) > 1 and all(part in words for part in parts)
        return Problem.UNSPLIT_LIST if flat else Problem.UNKNOWN_TERM

    make = maker(Coded)
    one = _known(blank, read_coded)
    if "spaced" in row.words:
        return _spaced(one.__getitem__, words)
    if "split" in row.words:
        return _split(one.__getitem__, words, parts_of)
    if "label" in row.options:
        return _labelled(one.__getitem__, _text(blank), words, remark, fillers)
    return _remembering(one, remark=None if "free" in row.words else remark, words=words)


def _labelled(
    one: Callable[[Any], Coded | None],
    text: Callable[[Any], str | None],
    words: dict[str, Meaning],
    remark: Callable[[Any, Any], Problem | None],
    fillers: Fillers,
) -> Verb:
    """Make a reader of a word and its label beside it: the label gives the text, and the term if the word is none."""
    make = maker(Coded)

    def is_filler(value: Any) -> bool:
        return _filled_with(value, fillers) is not None and fold(value) not in words

    def read_with_label(value: Any, label: Any = None) -> Coded | None:
        if is_filler(value):  # a word beside it may state more
            value = None if label is not None and not is_filler(label) else value
        made = one(value)
        if made is not None and is_filler(label):
            return made
        label_text = text(label)
        if made is None:
            return one(label_text)
        both: Coded = made if label_text is None else make(made.term, label_text)
        return both

    return Verb(read_with_label, remark, words, known=KnownPairs(read_with_label))


def _split(one: Callable[[Any], Coded | None], words: dict[str, Meaning], parts_of: Callable[[Any], list[str]]) -> Verb:
    """Make a reader of a flattened list: several if each part is a known word, else one."""

    def split(value: Any) -> tuple[Coded, ...] | None:
        whole = one(value)
        if whole is None:
            return None
        if whole.term is not None:
            return tuple(Coded(term=term.strip(), text=whole.text) for term in whole.term.split("|"))
        try:
            parts = [one(part) for part in parts_of(value)]
        except NoValue:
            return (whole,)
        found = tuple(part for part in parts if part is not None and part.term is not None)
        return found if len(found) == len(parts) else (whole,)

    def remark(value: Any, made: Any) -> Problem | None:
        if made is None or made[0].term is not None or fold(_plain(value)) in words:
            return None
        return Problem.UNSPLIT_LIST if "," in _plain(value) else Problem.UNKNOWN_TERM

    known = Known(split)
    return Verb(known.__getitem__, remark, words, known=known)


def _spaced(one: Callable[[Any], Coded | None], words: dict[str, Meaning]) -> Verb:
    """Make a reader of words joined by blanks: several if there is exactly one way to part them, else one."""

    def spaced(value: Any) -> tuple[Coded, ...] | None:
        whole = one(value)
        if whole is None or whole.term is not None or fold(whole.text or "") in words:
            return None if whole is None else (whole,)
        parts = _ways(_plain(value).split(), words)
        try:
            made = [one(part) for part in parts or ()]
        except NoValue:
            return (whole,)
        return tuple([part for part in made if part is not None]) or (whole,)

    def remark(value: Any, made: Any) -> Problem | None:
        if made is None or len(made) > 1 or fold(_plain(value)) in words:
            return None
        tokens = _plain(value).split()
        spans = [fold(" ".join(tokens[:end])) for end in range(1, min(len(tokens), _LONGEST_WORD))]
        ends = [fold(" ".join(tokens[-end:])) for end in range(1, min(len(tokens), _LONGEST_WORD))]
        flat = any(one in words for one in spans) and any(one in words for one in ends)
        return Problem.UNSPLIT_LIST if flat else Problem.UNKNOWN_TERM

    known = Known(spaced)
    return Verb(known.__getitem__, remark, words, known=known)


_BETWEEN = (re.compile(r"[;,\n]|\s(?:and|or)\s"), re.compile(r"[;,/\s]"))  # no repetition: the text may be long
"""Separators of numbers that share a field: first for numbers with blanks and slashes, then for those without."""


def _parted(text: str) -> tuple[Identifier, ...] | None:
    """Return the numbers of a text if there are several and each has a known form."""
    for between in _BETWEEN:
        parts = [identify(part) for part in between.split(text) if part.strip()]
        known = tuple([part for part in parts if part is not None and part.scheme != OTHER])
        if len(known) == len(parts) > 1:
            return known
    return None


def _identifier(word: str, blank: frozenset[str]) -> Verb:
    """Make a reader of numbers of one scheme, or (`any`) of any scheme, with the issuer as side value.

    A field with several numbers gives all of them if each has a known form, else one number of scheme `other`.
    """
    scheme = None if word == "any" else word
    name = _text(blank)

    def read_identifier(value: Any, issuer: Any = None) -> tuple[Identifier, ...] | None:
        plain = value.strip() if isinstance(value, str) else value
        if plain is None or plain in blank:
            return None
        made = identify(_plain(value), scheme)
        if made is None or made.scheme != OTHER:
            return None if made is None else (made,)
        several = _parted(made.value) if scheme != PROTOCOL else None
        if several is not None:
            return several
        given = made.issuer if issuer is None else name(issuer)
        return (maker(Identifier)(made.scheme, made.value, made.check, given),)

    def remark(value: Any, made: tuple[Identifier, ...] | None) -> Problem | None:
        if made is None:
            text = _plain(value).strip() if value is not None else ""
            return Problem.PLACEHOLDER if text not in blank and is_placeholder(text) else None
        if any(number.check is False for number in made):
            return Problem.BAD_CHECK
        if made[0].scheme == OTHER and ";" in made[0].value:
            return Problem.UNSPLIT_LIST
        foreign = scheme not in (None, PROTOCOL) and any(number.scheme != scheme for number in made)
        return Problem.OTHER_SCHEME if foreign else None

    return Verb(read_identifier, remark)


_ISO_DURATION = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:0+M)?(?:0+S)?)?", re.ASCII
)


def read_iso_duration(value: Any) -> Duration:
    """Return an ISO 8601 duration in its smallest unit if the units convert exactly; raises UnreadableWords.

    >>> read_iso_duration("P1Y6M")
    Duration(value=18, unit=TimeUnit.MONTH)
    """
    match = _ISO_DURATION.fullmatch(value) if isinstance(value, str) else None
    years, months, weeks, days, hours = [part and int(part) for part in match.groups()] if match else [None] * 5
    parts = ((months, years, 12, TimeUnit.MONTH, TimeUnit.YEAR), (days, weeks, 7, TimeUnit.DAY, TimeUnit.WEEK))
    found = [(small or 0) + (great or 0) * size if small is not None else great for small, great, size, _, _ in parts]
    units = [small_unit if small is not None else great_unit for small, _, _, small_unit, great_unit in parts]
    stated = [(number, unit) for number, unit in zip(found, units, strict=True) if number is not None]
    if hours is not None:
        stated.append((hours, TimeUnit.HOUR))
    if len(stated) != 1:
        raise UnreadableWords(Problem.BAD_VALUE)
    ((number, unit),) = stated
    made: Duration = maker(Duration)(number, unit)
    return made


_WORDED = re.compile(r"(\d{1,6}+(?:\.\d{1,6}+)?+)\s*+(\D[^\n]*+)", re.ASCII)


def _worded_duration(words: dict[str, Meaning]) -> Convert:
    """Return a reader of ISO 8601 durations, of a number and a unit in words, and of words for no duration."""
    unit = code_reader(words, TimeUnit, False)

    def read_worded(value: Any) -> Duration | None:
        if not isinstance(value, str) or value.startswith("P"):
            return read_iso_duration(value)
        match = _WORDED.fullmatch(value)
        try:
            term = unit(value if match is None else match[2])
        except UnreadableWords:
            raise UnreadableWords(Problem.BAD_VALUE) from None
        if match is None:  # a unit without a number
            raise UnreadableWords(Problem.BAD_VALUE)
        number = float(match[1])
        made: Duration = maker(Duration)(int(number) if number.is_integer() else number, term)
        return made

    return read_worded


def _duration(row: Row, codes: Codes, blank: frozenset[str], fillers: Fillers) -> Verb:
    """Make a reader of durations; the unit is named in the row or is the side value."""
    if "iso" in row.words:
        worded = row.options.get("worded")
        read = read_iso_duration if worded is None else _worded_duration(_list_of(codes, worded, row))
        read = _above_zero(read) if "filled" in row.words else read
        return _remembering(_known(blank, read, fillers))
    where, _, name = row.options.get("unit", "").partition(":")
    unit = TimeUnit[where] if where.isupper() else None
    number = _scalar(blank, _above_zero(read_number) if "filled" in row.words else read_number, fillers)
    words = _list_of(codes, name, row) if name else None
    units = _known(blank, code_reader(words, TimeUnit, False)).__getitem__ if words is not None else None

    make = maker(Duration)

    def read_duration(value: Any, side: Any = None) -> Duration | None:
        found = number(value)
        term = units(side) if units is not None else unit  # without a number, too: an unknown unit is reported
        if found is None:
            return None
        made: Duration = make(int(found) if found.is_integer() else found, term)
        return made

    known = KnownPairs(read_duration) if where and unit is None else Known(read_duration)
    return Verb(read_duration, known=known)
