"""No opener loses words in silence: they are in what it gives, or another row reads the text as it is."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trialparse.mapping.faults import of_parts
from trialparse.mapping.folder import folders_with
from trialparse.mapping.grammar import OPENED, Opened
from trialparse.mapping.opening import FILE, openers, own_opened
from trialparse.mapping.rows import Row
from trialparse.readers.paths import parse_path

ALL: dict[str, Opened] = OPENED | {
    name: opened for folder in folders_with(FILE) for name, opened in own_opened(str(folder.name)).items()
}
WHOLE = sorted(name for name, opened in ALL.items() if opened.whole)

WORDS = ("Alpha", "beta", "gamma 7", "Term", "Trade Name", "Main Objective", "Level", "yes", "no", "Placebo", "text")
SIGNS = (":", ": ", ",", ", ", "(", ")", "()", "[", '"', "-", " ", "\n", "\n\n", "/", ".", "0", " 0 ")
FORM = ("Adults (18-64 years)", "Number of subjects for this age range 5", "If controlled, specify comparator, ")

texts = st.permutations((*WORDS, *FORM)).flatmap(
    lambda words: st.lists(st.sampled_from(SIGNS), min_size=1, max_size=9).map(
        lambda signs: "".join(word + sign for word, sign in zip(words, signs, strict=False))
    )
)
"""Texts in which each word comes once, with the signs by which openers part them."""

LABEL_ALONE = re.compile(r"^([^:\n]*):\s*$", re.MULTILINE)


def words_of(tree: Any) -> list[str]:
    """Return the words and numbers of a tree, in keys and values; a zero alone is none."""
    if isinstance(tree, dict):
        return [word for key, value in tree.items() for word in (*words_of(key), *words_of(value))]
    if isinstance(tree, list):
        return [word for value in tree for word in words_of(value)]
    return re.findall(r"[^\W\d_]+|[1-9]\d*", str(tree))


class TestWhole:
    """What an opener gives has all words of the text."""

    @pytest.mark.parametrize("name", WHOLE)
    @given(text=texts)
    @example(text="beta")
    @example(text="beta, Term: Alpha")
    @example(text="Term: Alpha, Term: beta")
    @example(text="Term: Alpha\nTerm: beta")
    @example(text="0 beta")
    @example(text="Alpha: Beta")
    @example(text="text: yes\nbeta")
    @example(text="(Alpha) beta (Gamma(Term) Level")
    def test_no_word_is_lost(self, name: str, text: str) -> None:
        expected = LABEL_ALONE.sub("", text) if name == "blocks" else text
        given_words = words_of(openers()[name](text)) if text.strip() else []
        assert sorted(set(words_of(expected)) - set(given_words)) == []

    @pytest.mark.parametrize("name", sorted(ALL.keys() - set(WHOLE)))
    def test_the_others_lose_some(self, name: str) -> None:
        assert words_of(openers()[name]("Alpha/beta")) != ["Alpha", "beta"]


class TestParts:
    """A row that reads a part of a text needs one that reads the whole, or its table has a fault."""

    PART = Row(field="countries[].code", paths=(parse_path("a.link|address.last"),), verb="code", where="t.tsv:2")

    def test_alone(self) -> None:
        (fault,) = of_parts([self.PART], ALL)
        assert str(fault) == "t.tsv:2: |address gives a part: a row has to read a.link too"

    @pytest.mark.parametrize(("verb", "faults"), [("text", 0), ("ignore", 1)])
    def test_beside_another_row(self, verb: str, faults: int) -> None:
        beside = Row(field="url", paths=(parse_path("a.link"),), verb=verb)
        assert len([*of_parts([self.PART, beside], ALL)]) == faults
