"""Partial dates: days that they can mean, equality that says what it says, and an order that agrees with it."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import some
from trialparse.model.values import PartialDate


@st.composite
def dates(draw: st.DrawFn) -> PartialDate:
    """Draw dates of few years, so that equal parts are common."""
    day = draw(st.dates(datetime.date(2023, 12, 1), datetime.date(2025, 2, 1)))
    precision = draw(st.integers(1, 3))
    month, number = day.month if precision > 1 else None, day.day if precision > 2 else None
    return PartialDate(year=day.year, month=month, day=number, estimated=draw(st.sampled_from([None, True, False])))


def on(text: str, estimated: bool | None = None) -> PartialDate:
    """Return the date that a text in ISO 8601 says."""
    year, month, day = (*map(int, text.split("-")), None, None)[:3]
    return PartialDate(year=year or 0, month=month, day=day, estimated=estimated)


class TestDays:
    """`earliest` and `latest` are the first and the last day of what is known."""

    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2024", (2024, 1, 1), (2024, 12, 31)),
            ("2024-02", (2024, 2, 1), (2024, 2, 29)),
            ("2023-02", (2023, 2, 1), (2023, 2, 28)),
            ("2023-02-17", (2023, 2, 17), (2023, 2, 17)),
            ("9999-12", (9999, 12, 1), (9999, 12, 31)),
        ],
    )
    def test_of(self, text: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
        assert (datetime.date(*first), datetime.date(*last)) == (on(text).earliest(), on(text).latest())

    @given(dates())
    def test_in_order(self, date: PartialDate) -> None:
        assert date.earliest() <= date.latest()


class TestOrder:
    """By the first day, then by the last, then past, planned, not stated; equal in order means equal."""

    def test_as_documented(self) -> None:
        in_order = [
            on("2023-12-31"),
            on("2024-01-01", False),
            on("2024-01-01", True),
            on("2024-01-01"),
            on("2024-01"),
            on("2024"),
            on("2024-01-02"),
        ]

        assert in_order == sorted([*in_order[3:], *in_order[:3]])
        assert (in_order[0], in_order[-1]) == (min(in_order), max(in_order))

    @given(dates(), dates())
    def test_it_agrees_with_equality(self, one: PartialDate, other: PartialDate) -> None:
        assert 1 == (one < other) + (one == other) + (one > other)
        assert (one <= other, one >= other) == (one < other or one == other, one > other or one == other)
        assert (one < other) is (other > one)

    @given(st.lists(dates(), min_size=3, max_size=5))
    def test_it_is_transitive(self, drawn: list[PartialDate]) -> None:
        for one, other in some(itertools.combinations(sorted(drawn), 2), 3):
            assert one <= other

    @given(dates(), dates())
    def test_before_never_contradicts_it(self, one: PartialDate, other: PartialDate) -> None:
        before = one.before(other)

        assert not before or one < other
        assert before is not False or not one < other or one.earliest() == other.earliest()

    def test_equality_is_of_all_that_it_says(self) -> None:
        alike = [on("2024"), on("2024-01"), on("2024-01-01"), on("2024", True), on("2024", False)]

        for one, other in some(itertools.combinations(alike, 2), 10):
            assert one != other
        assert on("2024", True) == on("2024", True)

    @pytest.mark.parametrize("other", [datetime.date(2024, 1, 1), "2024", 2024, None])
    def test_no_order_with_anything_else(self, other: object) -> None:
        for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
            assert NotImplemented is getattr(on("2024"), compare)(other)
        assert on("2024") != other
