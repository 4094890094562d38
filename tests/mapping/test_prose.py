"""Prose as formats write it, with the escapes of Markdown or with lines cut at a width; and dates in English."""

import datetime
import string
import textwrap
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import some
from trialparse.diagnostics import Problem
from trialparse.mapping.folder import rows_of
from trialparse.mapping.verbs import date_reader, unescaped, unwrapped
from trialparse.model.values import PartialDate
from trialparse.registries import FORMATS

SIGNS = st.text("ab 1.\n" + string.punctuation + "é•≥", max_size=40)
WORDS = st.lists(st.text("abcé(),;:=<>", min_size=1, max_size=12), min_size=1, max_size=30)


def escaped(text: str) -> str:
    """Return a text with a backslash before each sign that may be markup."""
    return "".join(f"\\{sign}" if sign in string.punctuation else sign for sign in text)


class TestMarkdown:
    """`markdown` leaves out the backslash before a sign of ASCII, and nothing else."""

    @given(SIGNS)
    def test_what_was_escaped_comes_back(self, text: str) -> None:
        assert text == unescaped(escaped(text))

    @given(SIGNS.map(lambda text: text.replace("\\", "/")))
    def test_a_text_without_a_backslash_stays_as_it_is(self, text: str) -> None:
        assert text == unescaped(text)

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            (r"LDL-C \>=160", "LDL-C >=160"),
            (r"be\\homogenised", r"be\homogenised"),
            (r"\\\>", r"\>"),
            (r"1\. a\_b \[c\] \~2 \| \`d\`", "1. a_b [c] ~2 | `d`"),
            (r"study\&#39;s \&lt;30%", "study&#39;s &lt;30%"),
            (r"C:\new \é \1 \ end", r"C:\new \é \1 \ end"),
            ("* one\n   * two\\*", "* one\n   * two*"),
        ],
    )
    def test_examples(self, table: Any, written: str, meant: str) -> None:
        rows = table("brief_summary ~ a ~ text ~ markdown\nacronym ~ a ~ text")

        assert meant == rows.both({"a": written}).brief_summary
        assert written.strip() == rows.both({"a": written}).acronym


class TestWrapped:
    """`wrapped` gives each paragraph and each item of a list a line of its own, with all words in their order."""

    @given(st.text("ab1.-*• \n\t\r", max_size=60))
    def test_no_word_is_lost(self, text: str) -> None:
        assert text.split() == unwrapped(text).split()
        assert unwrapped(text) == unwrapped(unwrapped(text))

    @given(st.lists(WORDS, min_size=1, max_size=4), st.integers(20, 100), st.integers(0, 12))
    def test_paragraphs_come_back_from_any_width(self, paragraphs: list[list[str]], width: int, indent: int) -> None:
        lines = [" ".join(words) for words in paragraphs]
        cut = [textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in lines]

        assert "\n\n".join(lines) == unwrapped("\n" + textwrap.indent("\n\n".join(cut), " " * indent) + "\n    ")

    @given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["-  {}", "*  {}", "{n}. {}"]))
    def test_items_come_back(self, items: list[list[str]], sign: str) -> None:
        lines = [sign.format(" ".join(words), n=number) for number, words in enumerate(items, start=1)]
        cut = "\n".join(textwrap.fill(line, 40, initial_indent=" " * 8, subsequent_indent=" " * 12) for line in lines)

        assert [line.split() for line in lines] == [line.split() for line in unwrapped(f"\n{cut}").split("\n")]

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("\n      One\n      two.\n\n\n      Three\n    ", "One two.\n\nThree"),
            ("\nInclusion Criteria:\n\n        -  Aged\n           18\n\n        -  Cough", None),
            ("\n  -  Aged\n     18\n  or not", "- Aged 18\nor not"),
            ("\n  a\r\n  b\r\r  c", "a\nb\n\nc"),
            ("One\n  two", "One\n  two"),
        ],
    )
    def test_examples(self, table: Any, written: str, meant: str | None) -> None:
        meant = meant or "Inclusion Criteria:\n\n- Aged 18\n\n- Cough"

        assert meant == table("brief_summary ~ a ~ text ~ wrapped").both({"a": written}).brief_summary


class TestProse:
    """A row that says `prose` is read as its format writes prose."""

    @pytest.mark.parametrize("prose", ["", "markdown", "wrapped"])
    def test_the_format_gives_the_word(self, prose: str) -> None:
        formats = some({format.registry: format for format in FORMATS if format.prose}.values())
        for format in formats:
            own = {row.where: row.words for row in rows_of(format) if format.prose in row.words}
            other = {row.where: row.words for row in rows_of(attrs.evolve(format, prose=prose)) if row.where in own}

            assert len(own) == len(other) > 0
            assert {(prose,)} == set(other.values())

    def test_a_placeholder_in_prose_is_a_word(self, table: Any) -> None:
        assert "None" == table("brief_summary ~ a ~ text ~ markdown").both({"a": "None"}).brief_summary
        assert table("brief_summary ~ a ~ text ~ markdown").both({"a": "-"}).brief_summary is None


DATES = st.dates(datetime.date(1901, 1, 1), datetime.date(2060, 12, 31))


class TestEnglish:
    """`english` reads the name of the month; what is no date of the calendar is reported."""

    @given(DATES)
    def test_days_and_months(self, day: datetime.date) -> None:
        read = date_reader(("english",))
        month = f"{day:%B}"

        assert PartialDate(year=day.year, month=day.month, day=day.day) == read(f"{month} {day.day}, {day.year}")
        assert PartialDate(year=day.year, month=day.month) == read(f"{month} {day.year}")
        assert read(day.isoformat()) == read(f"{month} {day.day}, {day.year}")

    @pytest.mark.parametrize(
        "written", ["Juni 2017", "june 2017", "Jun 2017", "June 31, 2017", "June 2017 ,", "1 June 2017", "06-08-2025"]
    )
    def test_other_words_are_no_date(self, table: Any, written: str) -> None:
        traced = table("dates.start ~ a ~ date ~ english").traced({"a": written})

        assert (None, [(Problem.BAD_VALUE, "dates.start")]) == (traced.trial.dates.start, traced.told)

    def test_only_where_a_row_asks_for_it(self, table: Any) -> None:
        assert [(Problem.BAD_VALUE, "dates.start")] == table("dates.start ~ a ~ date").traced({"a": "June 2017"}).told


class TestPlanned:
    """`planned=` asks the words beside a date whether it is planned."""

    ROW = "dates.start ~ d.date ~ date ~ english planned=type:answer"

    @pytest.mark.parametrize(
        ("said", "planned"), [({"type": "Yes"}, True), ({"type": "no"}, False), ({}, None), ({"type": "-"}, None)]
    )
    @pytest.mark.parametrize("written", ["2017-06-01", "June 1, 2017"])
    def test_the_words_decide(self, table: Any, said: dict[str, str], planned: bool | None, written: str) -> None:
        made = table(self.ROW).both({"d": {"date": written, **said}})

        assert PartialDate(year=2017, month=6, day=1, estimated=planned) == made.dates.start

    def test_words_without_a_date_give_none(self, table: Any) -> None:
        assert table(self.ROW).both({"d": {"type": "yes"}}).dates.start is None

    @pytest.mark.parametrize("said", ["perhaps", "gone", 1])
    def test_unknown_words_are_reported_and_the_date_stays(self, table: Any, said: Any) -> None:
        record = {"d": {"date": "2017", "type": said}}
        traced = table(self.ROW).traced(record)

        assert PartialDate(year=2017) == traced.trial.dates.start == table(self.ROW).quick(record).dates.start
        assert ([(Problem.UNKNOWN_CODE, "dates.start")], ()) == (traced.told, traced.missing)

    def test_a_date_that_is_none_is_reported_for_itself(self, table: Any) -> None:
        traced = table(self.ROW).traced({"d": {"date": "soon", "type": "yes"}})

        assert (None, [(Problem.BAD_VALUE, "dates.start")]) == (traced.trial.dates.start, traced.told)
