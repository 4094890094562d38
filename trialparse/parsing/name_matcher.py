"""Names: any number of them taken out of texts in one pass over each text (Aho and Corasick, 1975)."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from unicodedata import normalize

import attrs

from trialparse.generated.classes import define

Tokens = Sequence[str]

# --- words ------------------------------------------------------------------------------------------------------------

TITLE = "Dr."
"""The word of a name that stands for any title; no word is compared in this form."""
TITLES = frozenset(
    (
        *(
            "DR",
            "DRA",
            "DRS",
            "DOC",
            "DOCENT",
            "DOTT",
            "SSA",
            "DOTTORESSA",
            "PROF",
            "PROFA",
            "PROFESSOR",
            "PROFESSORIN",
        ),
        *("PROFESSEUR", "PROFESOR", "PROFESORA", "PROFESSORE", "MR", "MRS", "MS", "HERR", "HERRN", "FRAU", "MONSIEUR"),
        *("MADAME", "MME", "MLLE", "SR", "SRA", "SEÑOR", "SEÑORA", "SIG", "SIGNOR", "SIGNORA", "DHR", "MEVR", "ΔΡ"),
        *("FR", "HR", "ΚΑΘ", "ПРОФ", "Д-Р"),
    )
)
"""Titles in the languages of the EU, in capitals; "Dott.ssa" is two words."""


_ROLES = r"(?:CI|PI|C\.I\.|P\.I\.|[cC]ontact|CONTACT|[iI]nvestigator)"
"""What a person does, which is like a title where a colon is behind it."""
_ABBREVIATIONS = frozenset(title for title in TITLES if len(title) < 4 and title.isascii())
"""Titles that in capitals, and without a stop, are more often something else: multiple sclerosis, slow release."""

_APOSTROPHES = "'\u2018\u2019\u00b4\u2032"
_HYPHENS = "-\u2010\u2011"
_ACCENTS = "\u0300-\u036f"
_UNSEEN = "\u00ad\u200c\u200d\u2060\ufeff"
"""Signs that are not seen, such as a hyphen for the end of a line."""
_ALIKE = str.maketrans(
    {**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-"), **dict.fromkeys(_UNSEEN, None)}
)
_JOINT = rf"(?:[{_HYPHENS}](?![a-zß-öø-ÿά-ώ])|[{_APOSTROPHES}](?![sS](?![^\W_])))"
"""What joins two words to one: no hyphen before a small letter ("Byron-led"), nor the apostrophe of "Byron's"."""
_WITHIN = f"[{_ACCENTS}{_UNSEEN}]"
_WORD = rf"[^\W_]+(?:(?:{_WITHIN}{{1,4}}{_JOINT}?|{_JOINT})[^\W_]+)*{_WITHIN}{{0,4}}"
_ELISION = rf"(?i:[dl]|(?:a|da|de|ne|su)ll|(?:jus)?qu)[{_APOSTROPHES}](?=[^\W_])"
"""What French and Italian join to the word behind it: "d'Ada"."""
_TOKEN = re.compile(
    rf"(?<![^\W_])(?:(?:{'|'.join(sorted(_ABBREVIATIONS))})\.|{_ROLES}\s?:|(?!{_ELISION}){_WORD})"
    rf"|[^\w\s.,\u200b{_APOSTROPHES}{_ACCENTS}{_UNSEEN}]"
)
"""A word, or a sign that parts names; blanks, stops, commas and apostrophes do not."""
_CAPITAL = re.compile(r"[A-Z\u00c0-\uffff](?<=[^\W_])[^\W_]*")
"""What begins as names do, or is in letters without capitals: a word, or what a hyphen or an apostrophe joins to it."""
_NOT_SEEN = re.compile(f"[{_UNSEEN}]")


def tokens(text: str) -> list[str]:
    """Return the words of a text and the signs that part names.

    >>> tokens("Byron-King, A.  (née O'Hara)")
    ['Byron-King', 'A', '(', 'née', "O'Hara", ')']
    >>> tokens("the Byron-led study, Byron's study, d'Ada")
    ['the', 'Byron', '-', 'led', 'study', 'Byron', 's', 'study', 'Ada']
    """
    return _TOKEN.findall(text)


def fold(token: str) -> str:
    """Return the form in which words are compared: capital letters, for what is written small is another word.

    >>> [fold(token) for token in ("Byron", "BYRON", "byron", "O\u2019Hara", "Frau", "MS", "MS.")]
    ['BYRON', 'BYRON', 'byron', "O'HARA", 'Dr.', 'MS', 'Dr.']
    """
    if not token.isascii():
        token = normalize("NFC", token.translate(_ALIKE))
    if _is_title(token):
        return TITLE
    return token if token.islower() else token.upper()


def _is_title(word: str) -> bool:
    return is_role(word) or (word not in _ABBREVIATIONS and word.removesuffix(".").upper() in TITLES)


def is_role(word: str) -> bool:
    """Whether a word is a role with its colon."""
    return len(word) > 1 and word.endswith(":")


def capitals(text: str) -> Iterator[str]:
    """Yield what begins as names do, in capitals: each word of a name that is not in small letters."""
    if not text.isascii():
        text = normalize("NFC", _NOT_SEEN.sub("", text))
    return map(str.upper, _CAPITAL.findall(text))


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isupper()


_WITHIN_NAMES = frozenset("/()[]")
"""Signs that may be between the words of a name."""
_QUOTES = frozenset('"\u201c\u201d\u201e\u201f\u00ab\u00bb')
_OF_TITLES = frozenset(
    ("MED", "DENT", "VET", "PHARM", "PHIL", "RER", "NAT", "SC", "HABIL", "UNIV", "H", "C", "HC", "MULT")
)
"""Words that a title may have behind it, in capitals: "Dr. rer. nat."."""


def _full(words: Tokens) -> Iterator[int]:
    """Yield the places of the words of names: no initials, signs, words in quotes, nor what belongs to a title.

    >>> [*_full(["IVO", '"', "MAX", '"', "INVENTED", "/", "Dr.", "med", "ROE"])]
    [0, 4, 6, 8]
    """
    titled, behind = False, 0
    for place, word in enumerate(words):
        if place < behind or _is_initial(word) or word in _WITHIN_NAMES:
            continue
        if word in _QUOTES and words[place + 2 : place + 3] and words[place + 2] in _QUOTES:
            behind = place + 3
            continue
        if titled and word.upper() in _OF_TITLES:
            continue
        titled = word == TITLE
        yield place


def _closed(words: Tokens, start: int, end: int) -> int:
    """Return the end of a name, with the bracket that is opened in it."""
    opened = {*words[start:end]} & {"(", "["}
    return end + 1 if opened and words[end : end + 1] in ([")"], ["]"]) else end


# --- names ------------------------------------------------------------------------------------------------------------


@define(eq=False)
class _State:
    """That the last `length` words are how one name, or several, begin."""

    length: int = 0
    follows: dict[str, "_State"] = attrs.field(factory=dict)
    whole: bool = False
    """Whether a name is no longer than this."""
    fallback: "_State | None" = None
    """The same of fewer words, as many as there can be; None where there are none."""
    longest: int = 0
    """Words of the longest whole name that ends here; 0 where none does."""


class Names:
    """Names, each a sequence of words, that are to be taken out of texts; words all in small letters are no name.

    Initials may stand between the words of a name, and so may a slash, brackets and a word in quotes.

    >>> replace("ADA BYRON KING, Ada Byronson", [Names([["Ada", "Byron"], ["Byron", "King"]])], "…")
    '…, Ada Byronson'
    """

    def __init__(self, names: Iterable[Tokens]) -> None:
        self._start = _State()
        for name in names:
            if any(True for word in name if word != TITLE and not word.islower() for _ in capitals(word)):
                self._add(name)
        self._link()

    def _add(self, name: Tokens) -> None:
        state = self._start
        for word in map(fold, name):
            below = state.follows.get(word)
            if below is None:
                below = state.follows[word] = _State(state.length + 1)
            state = below
        state.whole = True

    def _link(self) -> None:
        """Give each state its fallback: short states first, for they are what longer ones fall back to."""
        waiting = deque(self._start.follows.values())
        while waiting:
            state = waiting.popleft()
            fewer = state.fallback
            state.longest = state.length if state.whole else fewer.longest if fewer is not None else 0
            for word, below in state.follows.items():
                below.fallback = self._after(fewer, word)
                waiting.append(below)

    def _after(self, state: _State | None, word: str) -> _State | None:
        """Return the state of one more word, or of as many of the last ones as can be."""
        while state is not None:
            if word in state.follows:
                return state.follows[word]
            state = state.fallback
        return self._start.follows.get(word)

    def stretches(self, words: Tokens) -> list[tuple[int, int]]:
        """Return start and end of names, with and without the initials and the signs among the words."""
        spans = [*self._spans(words)]
        full = [*_full(words)]
        if len(full) < len(words):
            bare = self._spans([words[place] for place in full])
            spans += [(full[start], _closed(words, full[start], full[end - 1] + 1)) for start, end in bare]
        return spans

    def _spans(self, words: Tokens) -> Iterator[tuple[int, int]]:
        """Yield start and end of the longest name that ends at each word where one does."""
        state: _State | None = None
        for end, word in enumerate(words, 1):
            state = self._after(state, word)
            if state is not None and state.longest:
                yield end - state.longest, end


def replace(text: str, names: Iterable[Names], mark: str) -> str:
    """Return a text with a mark in place of each name; names that overlap share one."""
    found = [*_TOKEN.finditer(text)]
    words = [fold(token[0]) for token in found]
    spans = sorted((span for some in names for span in some.stretches(words)), key=itemgetter(1))
    parts, done = [], 0
    for start, end in _united(spans):
        parts += [text[done : found[start].start()], mark]
        done = found[end - 1].end()
    return "".join([*parts, text[done:]])


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans, which come by their ends, with those that overlap as one.

    >>> _united([(0, 1), (2, 3), (1, 4), (4, 5)])
    [(0, 1), (1, 4), (4, 5)]
    """
    united: list[tuple[int, int]] = []
    for start, end in spans:
        while united and start < united[-1][1]:
            start = min(start, united.pop()[0])
        united.append((start, end))
    return united
