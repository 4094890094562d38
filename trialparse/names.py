"""Names: any number of them taken out of texts in one pass over each text (Aho and Corasick, 1975)."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import attrs

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s.,]")
"""A word, with hyphens and apostrophes within it, or a sign that parts names; blanks, stops and commas do not."""
_CAPITAL = re.compile(r"[A-Z\u00c0-\uffff][^\W_]*(?:[-'’][^\W_]+)*")
"""A word that begins as names do, or is in letters without capitals."""

Tokens = Sequence[str]

TITLE = "DR"
"""The word of a name that stands for any title."""
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
        *("ΚΑΘ", "ПРОФ", "Д-Р"),
    )
)
"""Titles in the languages of the EU, in capitals; "Dott.ssa" is two words."""


def tokens(text: str) -> list[str]:
    """Return the words of a text and the signs that part names.

    >>> tokens("Byron-King, A.  (née O'Hara)")
    ['Byron-King', 'A', '(', 'née', "O'Hara", ')']
    """
    return _TOKEN.findall(text)


def fold(token: str) -> str:
    """Return the form in which words are compared: capital letters, for what is written small is another word.

    >>> [fold(token) for token in ("Byron", "BYRON", "byron", "Frau")]
    ['BYRON', 'BYRON', 'byron', 'DR']
    """
    capitals = token.upper()
    return TITLE if capitals in TITLES else token if token.islower() else capitals


@attrs.define(eq=False)
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

    >>> Names([["Ada", "Byron"], ["Byron", "King"]]).replace("ADA BYRON KING, Ada Byronson", "…")
    '…, Ada Byronson'
    """

    def __init__(self, names: Iterable[Tokens]) -> None:
        self._start = _State()
        self._written: set[str] = set()
        """How one word of each name can be written; most texts hold none of them."""
        for name in names:
            capitals = [word for word in name if _CAPITAL.fullmatch(word) and word != TITLE]
            if capitals:
                word = capitals[-1]
                self._written |= {word, word.upper(), word.title(), word.capitalize()}
                self._add(name)
        self._link()

    def replace(self, text: str, mark: str) -> str:
        """Return a text with a mark in place of each name; names that overlap share one."""
        if self._written.isdisjoint(_CAPITAL.findall(text)):
            return text
        found = [*_TOKEN.finditer(text)]
        parts, done = [], 0
        for start, end in _united(self._spans([fold(token[0]) for token in found])):
            parts += [text[done : found[start].start()], mark]
            done = found[end - 1].end()
        return "".join([*parts, text[done:]])

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

    def _spans(self, words: Tokens) -> Iterator[tuple[int, int]]:
        """Give start and end of the longest name that ends at each word where one does."""
        state: _State | None = None
        for end, word in enumerate(words, 1):
            state = self._after(state, word)
            if state is not None and state.longest:
                yield end - state.longest, end


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
