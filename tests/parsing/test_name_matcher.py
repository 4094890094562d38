"""Taking names out of texts: what a plain search for each name finds, at a price that does not grow with the names."""

import json
import re
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import FrameType
from typing import Any, Literal
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trialparse import parse
from trialparse.diagnostics import WITHHELD
from trialparse.parsing.name_matcher import TITLE, Names, replace, tokens

WORDS = st.sampled_from(["Ada", "BYRON", "King", "de", "Ü"])
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(tuple).filter(lambda name: name != ("de",) * len(name))
TEXTS = st.lists(st.one_of(WORDS, st.sampled_from([" ", " ", ", ", ". ", "_", "(", "-", "x", "\n"]))).map("".join)


_BLANKS = r"[ .,_\n]+"
_STANDS = r"(?<![^\W_])(?:(?<![^\W_]-)|(?=[a-z]))(?=({})(?![^\W_]|-[^\W_a-z]))"
_INITIAL = "Ü"
_SKIPPED = rf"(?:[ .,_\n(]|(?<![^\W_])(?<![^\W_]-){_INITIAL}(?![^\W_]|-[^\W_a-z]))+"


def plainly(names: set[tuple[str, ...]], text: str, mark: str) -> str:
    """Return a text with a mark for each stretch that names stand in, each name searched for by itself."""
    found = [
        (match.start(), match.end(1))
        for name in names
        for between in (_BLANKS, _SKIPPED)
        if between == _BLANKS or _INITIAL not in name
        for match in re.finditer(_STANDS.format(between.join(name)), text)
    ]
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if stretches and start < stretches[-1][1]:
            start, before = stretches.pop()
            end = max(end, before)
        stretches.append((start, end))
    for start, end in reversed(stretches):
        text = text[:start] + mark + text[end:]
    return text


class TestNames:
    """A name is taken out wherever its words stand one after the other, and nothing else is."""

    @given(st.sets(NAMES, max_size=5), TEXTS)
    @example({("Ada", "BYRON"), ("BYRON", "Ada"), ("Ada",)}, "Ada BYRON Ada")
    @example({("Ada", "BYRON", "Ada", "King"), ("BYRON", "Ada")}, "Ada BYRON Ada Ada BYRON Ada King")
    def test_what_a_plain_search_finds(self, names: set[tuple[str, ...]], text: str) -> None:
        assert plainly(names, text, "#") == replace(text, [Names(names)], "#")

    def test_no_part_of_overlapping_names_is_left(self) -> None:
        names = Names([("Ada", "Byron"), ("Byron", "King")])

        assert replace("by Ada Byron King.", [names], WITHHELD) == f"by {WITHHELD}."

    @pytest.mark.parametrize("text", ["ADA BYRON", "Ada BYRON", "Ada\n Byron", "Ada, Byron", "CV_Ada_Byron.pdf"])
    def test_other_ways_to_write_a_name(self, text: str) -> None:
        assert "yron" not in replace(text, [Names([("Ada", "Byron")])], "#").lower()

    @pytest.mark.parametrize("text", ["ada byron", "Ada-Byron-Street", "Ada: Byron", "Ada Byrons", "Ada and Byron"])
    def test_other_words(self, text: str) -> None:
        assert text == replace(text, [Names([("Ada", "Byron")])], "#")

    @pytest.mark.parametrize("text", ["Ada Byron's", "Ada Byron’s", "ADA BYRON'S", "Ada Byron-led", "d'Ada Byron"])
    def test_what_is_joined_to_a_name(self, text: str) -> None:
        assert text.replace("ADA BYRON", "#").replace("Ada Byron", "#") == replace(
            text, [Names([("Ada", "Byron")])], "#"
        )

    @pytest.mark.parametrize("text", ["Ada-Byron-Street", "Ada Byron-Klinik", "Ada Byron-2"])
    def test_what_is_another_word(self, text: str) -> None:
        assert text == replace(text, [Names([("Ada", "Byron")])], "#")

    @pytest.mark.parametrize(
        "text", ["Séan O’Neil", "Séan O‘Neil", normalize("NFD", "Séan O'Neil"), "Séan O'N\u00adeil", "SÉAN O´NEIL"]
    )
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_other_signs_for_the_same(self, form: Literal["NFC", "NFD"], text: str) -> None:
        name = tokens(normalize(form, "Séan O'Neil"))

        assert "by #." == replace(f"by {text}.", [Names([name])], "#")

    @pytest.mark.parametrize("text", ["Jean\u2010Pierre Roux", "Jean\u2011Pierre ROUX"])
    def test_other_hyphens(self, text: str) -> None:
        assert "#" == replace(text, [Names([("Jean-Pierre", "Roux")])], "#")

    @pytest.mark.parametrize("text", ["Ada M. Byron", "Ada M Byron", "ADA A. B. BYRON", "“Ada M. Byron”"])
    def test_initials_within_a_name(self, text: str) -> None:
        assert "#" == replace(text, [Names([("Ada", "Byron")])], "#").strip("“”")

    @pytest.mark.parametrize("text", ["Ada/Byron", "Ada / Byron", "Ada (Byron)", "Ada (M. Byron)", "ADA [Byron]"])
    def test_signs_within_a_name(self, text: str) -> None:
        assert "by #." == replace(f"by {text}.", [Names([("Ada", "Byron")])], "#")

    @pytest.mark.parametrize("text", ["Dr Roe", "Dr. Roe", "DR. ROE", "MS. Roe", "Ms Roe", "PROF Roe", "Prof. A. Roe"])
    def test_titles(self, text: str) -> None:
        assert "#" == replace(text, [Names([(TITLE, "Roe")])], "#")

    @pytest.mark.parametrize("text", ["Fr. Roe", "FR. ROE", "Hr Roe", "PI: Roe", "PI : A. ROE", "Investigator: Roe"])
    def test_more_titles_and_roles(self, text: str) -> None:
        assert "by #." == replace(f"by {text}.", [Names([(TITLE, "Roe")])], "#")

    @pytest.mark.parametrize("text", ["MS Roe", "SR ROE", "DR Roe", "FR Roe", "HR ROE", "PI Roe", ": Roe", "API: Roe"])
    def test_abbreviations_that_are_no_titles(self, text: str) -> None:
        assert text == replace(text, [Names([(TITLE, "Roe")])], "#")


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python a work takes, the turns of comprehensions among them."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


class TestGrowth:
    """Twice the names, or twice the text, cost about twice as much."""

    def test_names_that_almost_match_everywhere(self) -> None:
        def work(size: int) -> Callable[[], object]:
            return lambda: replace("A " * size, [Names([["A"] * size + ["B"], ["A"] * 4])], "#")

        assert steps(work(400)) < 2.2 * steps(work(200))

    @pytest.fixture
    def record(self, fixtures: Path) -> Callable[[int], bytes]:
        """Return a function that gives a record with as many contacts as it is told."""
        whole = json.loads((fixtures / "ctis" / "immunostem.json").read_bytes())
        sponsor = whole["authorizedApplication"]["authorizedPartI"]["sponsors"][0]
        (contact, *_) = sponsor["publicContacts"]

        def write(count: int) -> bytes:
            contacts = [deepcopy(contact) | {"functionalName": f"Office{n} of{n % 7}"} for n in range(count)]
            sponsor["publicContacts"] = contacts
            return json.dumps(whole).encode()

        return write

    def test_records_with_many_contacts(self, record: Callable[[int], bytes]) -> None:
        parse(record(1), contacts=False)
        few, many = record(200), record(400)

        assert steps(lambda: parse(many, contacts=False)) < 2.2 * steps(lambda: parse(few, contacts=False))
        assert "Office399" not in str(parse(many, contacts=False).raw)

    def test_no_pattern_is_made_of_names(self, record: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        """A pattern of many names tries each of them at each place, within one step of Python."""
        parse(record(1), contacts=False)
        monkeypatch.setattr(re, "compile", lambda *_: pytest.fail("a pattern was made of a record"))
        parse(record(2), contacts=False)
