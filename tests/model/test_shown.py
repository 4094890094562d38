"""How a trial shows itself: one line in a log, a small table in a notebook, whatever its words are."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from tests.counting import readable
from trialparse.model import Condition, Country, Intervention, Status, Trial
from trialparse.model.terms import Phase, Progress, Recruitment, Regulatory
from trialparse.strategies import trials
from trialparse.strategies.texts import NASTY

TRIAL = Trial(
    id="2031-500000-11-00",
    registry="CTIS",
    public_title="A study of <invented> cells & patience",
    phases=frozenset({Phase.II, Phase.I}),
    status=Status(regulatory=Regulatory.AUTHORISED, trial=Progress.ONGOING, recruitment=Recruitment.RECRUITING),
    countries=(Country(code="DE"), Country(name="Neverland"), Country(code="DE")),
    conditions=(Condition(text="Muster anaemia"), Condition(lay_text="tired blood")),
    interventions=tuple(Intervention(name=f"Product {number}") for number in range(10)),
)


class Table(HTMLParser):
    """What a browser finds in a table: its caption, its rows, and every tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.caption = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert dict(attrs) in ({}, {"style": "text-align: left"})
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if "caption" in self.open:
            self.caption += data
        else:
            self.rows[-1][-1] += data


class TestLine:
    def test_what_it_says(self) -> None:
        said = "<Trial '2031-500000-11-00', phase I/II, 'A study of <invented> cells & patience'>"

        assert said == repr(TRIAL) == str(TRIAL)
        assert "<Trial 'without a number'>" == repr(Trial())
        assert "<Trial 'without a number', phase not applicable>" == repr(
            Trial(phases=frozenset({Phase.NOT_APPLICABLE}))
        )

    @given(trials())
    def test_it_is_short(self, trial: Trial) -> None:
        said = repr(trial)

        assert said.isprintable()
        assert len(said) < 700
        assert said.startswith("<Trial ")

    @pytest.mark.parametrize("words", [*NASTY, "x" * 100_000])
    def test_hostile_words(self, words: str) -> None:
        said = repr(Trial(id=words, acronym=words))

        assert said.isprintable()
        assert 1 == len(said.splitlines())
        assert len(said) < 700

    def test_fixtures(self, record_file: Path) -> None:
        for parsed in readable(record_file):
            assert len(repr(parsed.trial)) < 200


class TestCard:
    def test_what_it_says(self) -> None:
        table = Table(TRIAL._repr_html_())

        assert "A study of <invented> cells & patience" == table.caption
        assert [
            ["Number", "2031-500000-11-00"],
            ["Register", "CTIS"],
            ["Phase", "I/II"],
            ["Status", "decision: may be run; trial: running; recruitment: recruiting"],
            ["Countries", "DE; Neverland"],
            ["Conditions", "Muster anaemia; tired blood"],
            ["Products", "; ".join(f"Product {number}" for number in range(8)) + "; and 2 more"],
        ] == table.rows

    def test_which_name_is_shown(self) -> None:
        """A code before a name, and what a product is called first; words alone count."""
        trial = Trial(
            public_title=" ",
            scientific_title="\n",
            acronym="NAME",
            countries=(Country(code="FR", name="France"), Country(code="", name="Neverland")),
            conditions=(Condition(text="anaemia", lay_text="tired blood"), Condition(text=" ", lay_text="pain")),
            interventions=(
                Intervention(name="A", trade_name="B", sponsor_code="C"),
                Intervention(trade_name="D", sponsor_code="E"),
                Intervention(name=" ", trade_name="", sponsor_code="F"),
            ),
        )
        table = Table(trial._repr_html_())

        assert "NAME" == table.caption
        assert [["Countries", "FR; Neverland"], ["Conditions", "anaemia; pain"], ["Products", "A; D; F"]] == table.rows
        assert "<Trial 'without a number', 'NAME'>" == repr(trial)

    @pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0", "\u200b\ufeff"])
    def test_blank_words(self, blank: str) -> None:
        trial = Trial(id=blank, registry=blank, public_title=blank, acronym=blank, countries=(Country(code=blank),))

        assert "<Trial 'without a number'>" == repr(trial)
        assert ("A trial without a title", []) == (Table(trial._repr_html_()).caption, Table(trial._repr_html_()).rows)

    def test_what_is_not_known_has_no_row(self) -> None:
        table = Table(Trial()._repr_html_())

        assert ("A trial without a title", []) == (table.caption, table.rows)

    def test_a_status_in_words_of_the_source(self) -> None:
        assert [["Status", "Completed"]] == Table(Trial(status=Status(text="Completed"))._repr_html_()).rows

    @given(trials())
    def test_any_trial(self, trial: Trial) -> None:
        assert {"table", "caption", "b", "tr", "th", "td"} >= set(Table(trial._repr_html_()).tags)

    @pytest.mark.parametrize(
        "words", [*NASTY, "<script>alert(1)</script>", "</td></tr></table>x", "&lt;", "x" * 100_000]
    )
    def test_hostile_words(self, words: str) -> None:
        trial = Trial(id=words, registry=words, public_title=words, countries=(Country(name=words),))
        text = trial._repr_html_()

        assert {"table", "caption", "b", "tr", "th", "td"} >= set(Table(text).tags)
        assert len(text) < 3_000
        assert text.isprintable()
