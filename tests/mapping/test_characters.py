"""Signs of the font Symbol, and characters that mean nothing to a reader."""

import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import exercised, readable, some
from trialparse import Format, Parsed, Problem, parse, to_dict
from trialparse.mapping.characters import odd_place, with_signs
from trialparse.registries import FORMATS
from trialparse.strategies import Document, documents
from trialparse.tsv import read_lines

ROWS = [cells for _, cells in read_lines(files("trialparse.mapping") / "symbol.tsv")]
PRIVATE = st.text(st.characters(codec="utf-8") | st.characters(min_codepoint=0xE000, max_codepoint=0xF8FF))


class TestSigns:
    """A sign is read where the table of the font is certain; any other character stays."""

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("chain \uf03e20 pg/mL", "chain >20 pg/mL"),
            ("a volume of \uf0b35.0 cm3", "a volume of ≥5.0 cm3"),
            ("\uf0b7 Time to event\n\uf0b7 Change", "• Time to event\n• Change"),
            ("above 37.5\uf0b0C", "above 37.5°C"),
            ("TNF\uf061 or IL-1\uf062", "TNFα or IL-1β"),
            ("5 \uf06dg; <35\uf06dm", "5 μg; <35μm"),
            ("mean \uf0b1 SD \uf0a3 3", "mean ± SD ≤ 3"),
            # bullets, boxes and arrows of Wingdings
            ("\uf06dText\n  \uf06eText\r\n\uf06c Text", "\uf06dText\n  \uf06eText\r\n\uf06c Text"),
            ("first\n\uf0a7\tsecond", "first\n\uf0a7\tsecond"),
            ("\uf0a8 yes \uf0fe no \uf0d8 next", "\uf0a8 yes \uf0fe no \uf0d8 next"),
            ("5 \uf06d, 6", "5 \uf06d, 6"),
            ("with: \uf06cHIV \uf06cHBV \uf06enausea", "with: \uf06cHIV \uf06cHBV \uf06enausea"),
            ("grade 3 \uf06dgrade 4", "grade 3 \uf06dgrade 4"),
            ("20 \uf06dmol/L and 5 \uf06dL", "20 μmol/L and 5 μL"),
        ],
    )
    def test_known_texts(self, written: str, read: str) -> None:
        assert read == with_signs(written)

    def test_the_table(self) -> None:
        """A row names its sign as Unicode does; no place is there twice, and none is a bullet or box of Wingdings."""
        for cells in some(ROWS, 100):
            assert cells["name"] == unicodedata.name(chr(int(cells["sign"], 16))).lower()
            assert cells["where"] in ("", "within")
        places = [int(cells["place"], 16) for cells in ROWS]
        assert sorted(set(places)) == places
        assert {0xF06F, 0xF0A7, 0xF0A8, 0xF0D8, 0xF0E0, 0xF0FC, 0xF0FE}.isdisjoint(places)
        assert range(0xF020, 0xF100)[-1] >= max(places)

    @given(PRIVATE)
    def test_any_text(self, text: str) -> None:
        """Only characters of the font change, each to one character."""
        read = with_signs(text)

        assert len(read) == len(text)
        assert all(was == now or "\uf020" <= was <= "\uf0ff" for was, now in zip(text, read, strict=True))

    def test_many_signs_take_time_in_proportion(self) -> None:
        """A long line of signs is one pass: half of it gives half of the text."""
        whole = with_signs("5" + "\uf06dg" * 50_000)
        assert whole == "5" + "μg" * 50_000


class TestOddCharacters:
    """Controls and characters of private use in values are reported, once for each leaf, and stay."""

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("plain text\twith\nlines\r\n", None),
            ("≥ 5 μg, naïve, 日本語, a\u200bb, \u2028, e\u0301", None),
            ("LEUPRORELIN\r, -", 11),
            ("a\r\nb\rc", 4),
            ("Infanrix\x96-IPV", 8),
            ("\x85", 0),
            ("x\0", 1),
            ("x\x7f", 1),
            ("\uf0a7 a bullet", 0),
            ("\U0010fffd", 0),
            ("\ufffe", 0),
        ],
    )
    def test_found(self, text: str, place: int | None) -> None:
        assert place == odd_place(text)

    def test_they_are_reported_where_they_are(self, fixtures: Path) -> None:
        [parsed] = readable(fixtures / "euctr" / "doubtful_results.xml")
        found = [(one.field, one.text) for one in parsed.diagnostics if one.problem is Problem.ODD_CHARACTER]

        assert found == [
            ("objectives[0].text", "To show that 5 \uf06dg work.\rTo look at safety: a rash \x96 if any."),
            ("design.protection", "\uf0a7 A board looked at the data."),
        ]

    @pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
    def test_any_document(self, format: Format) -> None:
        """What a trial holds of them is reported, in every format."""

        def law(document: Document) -> int:
            parsed = parse(document.data)
            assert isinstance(parsed, Parsed)
            told = [one for one in parsed.diagnostics if one.problem is Problem.ODD_CHARACTER]
            held = [text for text in _texts(to_dict(parsed.trial)) if odd_place(text) is not None]
            assert bool(told) or not held
            return 1

        exercised(law, 1, documents(format), few=True)


def _texts(value: object) -> list[str]:
    """Return all texts below a value."""
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in below for text in _texts(one)]
