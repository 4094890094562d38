"""The grammar of the tables: each verb with its words, options, argument and type; marks, relations, openers, kinds.

The vocabulary is closed. `docs/reference/tables.md` is generated from it, and `trialparse.mapping.check` checks each
table against it at load.
"""

import enum
import re
from typing import Final

from trialparse.generated.classes import frozen
from trialparse.model.values import Code, Coded, Duration, Identifier, PartialDate
from trialparse.vocabulary import Term


class Value(enum.Enum):
    """What the argument of a verb, or the value of an option, has to be."""

    LIST = "a code list"
    SCHEME = "a scheme of `trialparse.model.identifiers`, or `any`"
    SYSTEM = "a system of codes, such as `ATC`"
    TERM = "a term"
    FUNCTION = "a function"
    REASON = "a reason to ignore"
    NAME = "a name"
    BELOW = "a path below the path of the row"
    BELOW_OR_OUT = "a path below the path of the row, or out of its list (`^.id`)"
    KEYS = "paths below the path of the row, joined by `+`, and after `:` a code list to look them up in"
    TEST = "paths below the path of the row, or out of its list, joined by `+`; `:` and a function of `derive.py`"
    RECORD = "a path from the record"
    BESIDE = "a path beside the last step of the row's path"
    CODED = "a path beside the last step, `:` and a code list"
    UNIT = "a path beside the last step, `:` and a code list; or a term of `TimeUnit`"
    ELSEWHERE = "a path from the element of the list, or the record, that the row's path starts in, `:` and words"
    WORDS = "a path beside the last step, `:` and words parted by `,`; `!` before them for all others, `-` for nothing"


@frozen
class Word:
    """A word allowed among the arguments of a verb."""

    name: str
    meaning: str


@frozen
class Option:
    """A word with a value, `name=value`."""

    name: str
    value: Value
    meaning: str


@frozen(kw_only=True)
class Verb:
    """A verb: its meaning, the types that it gives, and its arguments."""

    meaning: str
    gives: tuple[type, ...] = ()
    """The types of field that it can fill; empty for a verb that fills any field, or none."""
    argument: Value | None = None
    """What the first word has to be."""
    words: tuple[Word, ...] = ()
    options: tuple[Option, ...] = ()
    paths: tuple[int, int | None] = (1, 1)
    """The least and the greatest number of paths; None for any number."""
    several: bool = False
    """Whether a list field may take it for its single values."""
    derives: bool = False
    """Whether it is a function of several paths, which a row names behind `derive`: `derive boxes female_male`."""

    def word(self, name: str) -> Word | None:
        """Return the word of a name."""
        return next((word for word in self.words if word.name == name), None)

    def option(self, name: str) -> Option | None:
        """Return the option of a name."""
        return next((option for option in self.options if option.name == name), None)


_OF = Option("of", Value.NAME, "Belongs to the `each` row of that name, where two rows open a list at one path.")
_WHEN = Option("when", Value.WORDS, "Reads the value only where one of the words is beside it.")
_TICKED = Option(
    "ticked",
    Value.LIST,
    "Reads a box: the value is an answer of this list, and where it is `true` the box's name (the path's last key) is "
    "the word. Where no box of a set is ticked, the answers say why: none is stated, or not known. A set that lacks a "
    "box is reported as BAD_VALUE, and so are boxes that a record has only in part.",
)
_BOX = Option("box", Value.NAME, "Names the box, if registers print it in several ways: a record has one of them.")
_UNLESS = Option(
    "unless", Value.ELSEWHERE, "Names the records that lack the box by right: those with one of the words at the path."
)
_WITH = Option("with", Value.BESIDE, "Reports that the value is absent if there is one beside it.")
_READ = (_WHEN, _OF)
_THOUSANDS = Word("thousands", "Was typed by people: reads `1,000` too, and words such as `NA` as no number.")
_FILLED = Word(
    "filled", "0 cannot be true here, as in a field that had to be filled: reported as PLACEHOLDER, not taken."
)

VERBS: Final[dict[str, Verb]] = {
    "each": Verb(
        meaning="Opens one item of the list field for each element at the path, or one for the record without a path. "
        "`field=TERM` gives its items a constant.",
        words=(
            Word("once", "Leaves out an item that the list has already."),
            Word(
                "merge",
                "Lets an item complete the first one that it does not contradict and whose constants it shares.",
            ),
            Word("copy", "With `key`: opens no item for a key that is those of other items, parted by `, `."),
            Word("completes", "Opens no item: the elements belong to those that the rows above have opened."),
            Word("lends", "Opens no item: attaches the element with this key to each item that refers to it."),
            Word("remains", "With `lends`: makes an item of an element to which no item refers."),
        ),
        options=(
            Option("key", Value.KEYS, "Joins elements with the same key to one item."),
            Option(
                "unique",
                Value.NAME,
                "Names a field that each item has and no two items share; where that fails, the key of the later "
                "element is reported as UNMATCHED.",
            ),
            Option("order", Value.BELOW, "Sorts by a number, or true before false."),
            Option("need", Value.BELOW_OR_OUT, "Opens an item only where something is at the path."),
            Option("if", Value.TEST, "Opens an item only where a function of `derive.py` says yes of what is there."),
            Option("as", Value.NAME, "Names the row for `of=`."),
            _OF,
        ),
        paths=(0, 1),
    ),
    "text": Verb(
        meaning="The words, stripped; a number becomes its digits.",
        gives=(str,),
        words=(
            Word("one-line", "Collapses white space: for what is one line, in a notation that may be laid out."),
            Word(
                "flattened",
                "May be a list: exact repeats of a part are taken once, and a text that still has `, ` is reported as "
                "UNSPLIT_LIST.",
            ),
            Word("names", "With `flattened`: words with `;`, `/`, ` + ` or `,` between them are reported too."),
            Word("parted", "Is a part of a list: one that still has `|` is reported as UNSPLIT_LIST."),
            Word(
                "prose",
                "Is prose, in the way in which the format writes it (`Format.prose`): one of the next two, or plain.",
            ),
            Word("markdown", "Leaves out the backslash by which Markdown keeps the sign behind it from being markup."),
            Word(
                "wrapped",
                "Of a text that begins on a line of its own: joins the lines of each paragraph and of each item of a "
                "list, and leaves out what indents them. Another text stays as it is.",
            ),
        ),
        options=(
            Option("behind", Value.BESIDE, "Puts the words beside it, and a blank, before the words."),
            Option("same", Value.LIST, "Words that this list gives one term, as an old and a new name, do not differ."),
            *_READ,
        ),
        several=True,
    ),
    "integer": Verb(
        meaning="A whole number, never below 0. `00` is reported as PLACEHOLDER, and `1.000`, which may be a thousand, "
        "as AMBIGUOUS; neither is taken.",
        gives=(int,),
        words=(_FILLED, _THOUSANDS),
        options=_READ,
    ),
    "number": Verb(
        meaning="A number. `00` is reported as PLACEHOLDER and not taken.",
        gives=(float,),
        words=(
            Word(
                "sentinel",
                "Reports nines (9999, -99999.99) as SENTINEL and takes no number; in a record with such nines, 999 is "
                "taken and reported as AMBIGUOUS.",
            ),
            Word(
                "count", "Counts something: `1.000`, which may be a thousand, is reported as AMBIGUOUS and not taken."
            ),
            _FILLED,
            _THOUSANDS,
        ),
        options=_READ,
    ),
    "boolean": Verb(meaning="A truth value, from true and false only.", gives=(bool,), options=_READ),
    "date": Verb(
        meaning="A PartialDate; the time of day is left out.",
        gives=(PartialDate,),
        words=(
            Word("estimated", "The date is planned."),
            Word("actual", "The date has been."),
            Word("day-first", "Reads 31/12/2026 too."),
            Word("month-first", "Reads 12/31/2026 and 12/31/2026 08:00 too."),
            Word("english", "Reads `June 2017` and `June 1, 2017` too."),
        ),
        options=(
            Option(
                "planned", Value.CODED, "The words beside it say whether the date is planned: `true`, `false`, `-`."
            ),
            *_READ,
        ),
    ),
    "duration": Verb(
        meaning="A Duration.",
        gives=(Duration,),
        words=(Word("iso", "Reads ISO 8601, such as `P18M`."), _FILLED),
        options=(
            Option("unit", Value.UNIT, "The unit of the number."),
            Option("worded", Value.LIST, "With `iso`: reads `26 weeks` too, with a unit of this list, and its words."),
            *_READ,
        ),
        several=True,
    ),
    "code": Verb(
        meaning="The term of a closed vocabulary; on a set field all terms of the word.",
        gives=(Term, bool, str),
        argument=Value.LIST,
        options=(_TICKED, _BOX, _UNLESS, _WITH, *_READ),
        several=True,
    ),
    "coded": Verb(
        meaning="A Coded: our term and the register's words.",
        gives=(Coded,),
        argument=Value.LIST,
        words=(
            Word(
                "split", "Several Coded of a flattened list if each part is a known word; else one, and UNSPLIT_LIST."
            ),
            Word(
                "spaced",
                "Several Coded of words with blanks between them if there is one way to part them so that each is "
                "known; else one, and UNSPLIT_LIST.",
            ),
            Word("free", "The list has the usual words, and any others are as good: they are not reported."),
            Word("bracketed", "Words that end in a code in brackets, `Cancer [C04]`, mean what the code means."),
        ),
        options=(Option("label", Value.BESIDE, "Takes the words from beside the value."), _TICKED, _BOX, *_READ),
        several=True,
    ),
    "coding": Verb(meaning="A Code of a system.", gives=(Code,), argument=Value.SYSTEM, options=_READ, several=True),
    "identifier": Verb(
        meaning="An Identifier, or several where each part of the text is a known number.",
        gives=(Identifier,),
        argument=Value.SCHEME,
        options=(Option("label", Value.BESIDE, "Names the issuer."), *_READ),
        several=True,
    ),
    "canonical": Verb(
        meaning="A number in canonical form, as a text.",
        gives=(str,),
        argument=Value.SCHEME,
        options=_READ,
        several=True,
    ),
    "sum": Verb(
        meaning="The sum over all `sum` rows of the field and all elements of their paths. It is empty if one of the "
        "numbers cannot be read, or is a word that says why there is none.",
        gives=(int,),
        options=(
            Option(
                "each",
                Value.RECORD,
                "Each element at this path, and one at least, has a number; without it the sum is INCOMPLETE.",
            ),
        ),
    ),
    "place": Verb(
        meaning="The place of the element at the path in its list, from 1. The item is made of that element, or of one "
        "in it. It is an id where the register gives none.",
        gives=(str,),
        words=(Word("nested", "The place in the list around that comes first: `2.1` is the first in the second."),),
        options=(_OF,),
    ),
    "constant": Verb(meaning="A value that the register implies.", argument=Value.TERM, paths=(0, 0), several=True),
    "boxes": Verb(
        meaning="The term for several boxes: their answers, joined by `+` (`true+false`), are a word of the list. "
        "Boxes that are all left open say nothing; if only some are open, that is reported.",
        gives=(Term,),
        argument=Value.LIST,
        options=(
            Option("answers", Value.LIST, "The answers to a box: each word means `true`, `false` or nothing."),
            _OF,
        ),
        paths=(2, None),
        derives=True,
    ),
    "joined": Verb(
        meaning="The texts at the paths on one line, in the order of the paths, with a blank between them.",
        gives=(str,),
        words=(Word("commas", "Puts `, ` between the texts."), Word("dashes", "Puts ` - ` between the texts.")),
        options=(_OF,),
        paths=(2, None),
        derives=True,
    ),
    "derive": Verb(
        meaning="What a function makes of the values at the paths, parted by `;`. It is `boxes`, `joined`, or one of "
        "`derive.py`.",
        argument=Value.FUNCTION,
        options=(_OF,),
        paths=(1, None),
        several=True,
    ),
    "ignore": Verb(meaning="Nothing. `**.id` is any path that ends so, `a.**` all below `a`.", argument=Value.REASON),
}
"""The verbs of a mapping."""

FUNCTIONS: Final = frozenset(name for name, verb in VERBS.items() if verb.derives)
"""The functions of several paths that all registries share."""

REASONS: Final[dict[str, str]] = {
    "technical id": "a key of the register's database",
    "transport": "how the answer was made or the procedure went, not what the trial is",
    "data collection": "how data are collected and when: the design of case report forms, their schedule and workflow",
    "carried over": "what was decided of an earlier application, which later applications repeat",
    "label of": "words for what is read at the path, or part of it",
    "duplicate of": "the same again: the same value is at the path",
    "earlier version of": "what the path held before a modification; behind `by` may be the key of a date, which is "
    "looked for outward from both and shows which is earlier",
}
"""Why a row may ignore. A reason that ends in `of` names a path; it counts only in a record that has something there:
in the same element of a list that holds both, or in the element with the same key, if a join brings them together."""

MARKS: Final[dict[str, str]] = {
    "unseen": "no real record has shown the row yet",
    "fallback": "gives the value where the rows above read nothing; otherwise it is read, and compared with theirs",
    "differs": "of a fallback: may say something else by right, which is no conflict; the authority says why",
    "person": "tells about a natural person, or a contact point, which may be one: withheld where it is",
    "name": "with `person`: the name of one, or a part of it, which is searched for in the rest of the record too",
    "organisation": "names an organisation or its city: it loses nothing but the full name of a person",
    "empty": "of a row that ignores: only where nothing is there",
    "regular": "in every record of some years: one without the key, empty or not, does not carry the field",
}
"""The marks of a mapping."""

VERBATIM: Final = re.compile(
    r"(?:results|design\.parameters)\b.*|(?:.*\.)?(?:\w*country|countries\[\]\.name|status\.text)"
)
"""Fields in which a placeholder is a word like any other: labels of results, countries (NA), a status as written."""

CODE_MARKS: Final = ("unseen",)
"""The marks of a code list and of an upgrade."""

RELATIONS: Final[dict[str, str]] = {
    "exact": "the word means the term",
    "narrower": "the word means less than the term",
    "broader": "the word means more than the term",
    "related": "the word means something near the term",
}
"""How a word and its term relate."""


@frozen
class Opened:
    """What an opener makes of a text."""

    many: str
    """`[]` for a list, `` for an object."""
    keys: tuple[str, ...] | None
    """The keys of each object; none where there are texts, None for any."""
    meaning: str
    whole: bool = True
    """Whether all words of the text are in what it gives; if not, another row has to read the text as it is."""


OPENED: Final[dict[str, Opened]] = {
    "json": Opened("[]", None, "the JSON list or object that is written in the text"),
    "lines": Opened("[]", (), "the lines that are not blank"),
    "parts": Opened("[]", (), "the parts between commas, each once"),
    "bars": Opened("[]", (), "the parts between `|`, if it is not within quotes; a text with an empty part is one"),
    "pairs": Opened("[]", ("name", "value"), "`BE: 10/07/2026, FR: 11/07/2026` or `Belgium:4`"),
    "bracketed": Opened("[]", ("name", "value"), "`SE(Completed) Outside EU/EEA`"),
    "blocks": Opened("[]", None, "the lines `Label: value` of blocks that an empty line parts"),
    "quantity": Opened("", ("number", "unit"), "`18Y`, `6 Months`"),
    "named": Opened("", None, "the values of `Version: 19.0, Term: Pain` by their names, the other words as `text`"),
    "range": Opened("", ("low", "high"), "`20 to 100`, `5`", whole=False),
    "address": Opened("", ("last",), "the end of the path of a URL", whole=False),
}
"""The openers: each makes a small tree of the text of one leaf, in which the path goes on. A folder may add its own."""

FORM_KINDS: Final[dict[str, str]] = {
    "heading": "has no answer; its path, if it has one, says within which list it is",
    "numbered": "ends in a number, with or without a colon before it",
    "answer": "has its answer on the line, and nowhere else",
    "text": "has an answer that may run over the lines below, and may come in other languages: `label (es):`",
    "lines": "has an answer whose lines are a list",
    "noted": "is that of an `answer` with a note in its label; the answer is behind the last colon",
}
"""The kinds of line in a form."""

FORM_MARKS: Final[dict[str, str]] = {
    "always": "is printed even without an answer",
    "regular": "is in every real record",
    "last": "is in the last block of a record: one without it, or another such line, was cut off",
    "unseen": "is in no real record",
}
"""The marks of a line in a form."""

NAMED: Final[dict[str, str]] = {
    "register": "a register, by the value of `Trial.registry`",
    "region": "several countries together, by the register's name for them",
    "country": "a format whose records are each about one country, by its name",
    "page": "the address of a trial in its register, by the value of `Trial.registry`; `{id}` is its number",
}
"""What a table of names can name."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "mapping": ("field", "path", "verb", "argument", "authority", "mark"),
    "codes": ("list", "word", "term", "relation", "authority", "mark"),
    "upgrade": ("old", "new", "authority", "mark"),
    "form": ("code", "label", "path", "kind", "mark"),
    "schema": ("path", "least", "most", "kind", "facets"),
    "kinds": ("format", "made_from", "explanation", "authority"),
    "names": ("what", "word", "called"),
}
"""The columns of each kind of table."""

OMITTED: Final = {"format": 3}
"""How many of its last cells a row of a table may omit, by the first column; one if it is not here, the mark."""
