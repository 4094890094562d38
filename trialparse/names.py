"""Names: any number of words and phrases taken out of texts in one pass over each text (Aho and Corasick, 1975)."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import attrs

_TOKEN = re.compile(r"\w+|\W")

Tokens = Sequence[str]


@attrs.define(eq=False)
class _State:
    """That the last `length` tokens are how one name, or several, begin."""

    name: Tokens = ()
    """One of them."""
    length: int = 0
    follows: dict[str, "_State"] = attrs.field(factory=dict)
    whole: bool = False
    """Whether a name is no longer than this."""
    fallback: "_State | None" = None
    """The same of fewer tokens, as many as there can be; None where there are none."""
    inner: int = 0
    """Tokens of the longest whole name among those fewer; 0 where there is none."""


class Names:
    """Names that are to be taken out of texts; a name stands where no letter or digit touches it.

    >>> Names(["Ada Byron", "Byron King"]).replace("Ada Byron King, Ada Byronson", "…")
    '…, Ada Byronson'
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._start = _State()
        for name in names:
            self._add(_TOKEN.findall(name))
        self._link()

    def replace(self, text: str, mark: str) -> str:
        """Return a text with a mark in place of each name; names that overlap share one."""
        tokens = _TOKEN.findall(text)
        if self._start.follows.keys().isdisjoint(tokens):
            return text
        parts, done = [], 0
        for start, end in _united(self._spans(tokens)):
            parts += [*tokens[done:start], mark]
            done = end
        return "".join([*parts, *tokens[done:]])

    def _add(self, name: Tokens) -> None:
        state = self._start
        for token in name:
            below = state.follows.get(token)
            if below is None:
                below = state.follows[token] = _State(name, state.length + 1)
            state = below
        state.whole = state is not self._start

    def _link(self) -> None:
        """Give each state its fallback: short states first, for they are what longer ones fall back to."""
        waiting = deque(self._start.follows.values())
        while waiting:
            state = waiting.popleft()
            for token, below in state.follows.items():
                fewer = below.fallback = self._after(state.fallback, token)
                if fewer is not None:
                    stands = fewer.whole and _can_begin(below.name, below.length - fewer.length)
                    below.inner = fewer.length if stands else fewer.inner
                waiting.append(below)

    def _after(self, state: _State | None, token: str) -> _State | None:
        """Return the state of one more token, or of as many of the last ones as can be."""
        while state is not None:
            if token in state.follows:
                return state.follows[token]
            state = state.fallback
        return self._start.follows.get(token)

    def _spans(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Give start and end of the longest name that ends at each token where one does."""
        state: _State | None = None
        for end, token in enumerate(tokens, 1):
            state = self._after(state, token)
            if state is not None and (state.whole or state.inner):
                stands = state.whole and _can_begin(tokens, end - state.length)
                length = state.length if stands else state.inner
                if length and _can_end(tokens, end):
                    yield end - length, end


def _can_begin(tokens: Tokens, start: int) -> bool:
    """Whether no letter or digit stands right before a token; words are whole tokens, so only a sign can have one."""
    return not start or _is_word(tokens[start]) or not _is_word(tokens[start - 1])


def _can_end(tokens: Tokens, end: int) -> bool:
    """Whether no letter or digit stands right behind the last token before `end`."""
    return end == len(tokens) or _is_word(tokens[end - 1]) or not _is_word(tokens[end])


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


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
