"""The fast run does nothing twice, and nothing for what is not there; these tests count calls."""

from collections.abc import Sequence
from typing import Any

import pytest

from trialparse.mapping import codegen
from trialparse.mapping.openers import named
from trialparse.mapping.opening import openers
from trialparse.mapping.verbs import NOTED, Gap, Known, KnownPairs, NoValue, or_gap
from trialparse.model.terms import MissingKind

FORM = """
public_title ~ form|named.Title ~ text
scientific_title ~ form|named.Name ~ text
acronym ~ form|named.Acronym ~ text
acronym ~ form|named.Short ~ text
"""


class TestOpening:
    """A text that holds a form is opened once, however many rows read it."""

    def test_once(self, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[str] = []

        def counted(text: str) -> Any:
            opened.append(text)
            return named(text)

        monkeypatch.setattr(codegen, "openers", lambda: {**openers(), "named": counted})
        trial = table(FORM).quick({"id": "1", "form": "Title: Gout, Short: GO"})
        assert opened == ["Title: Gout, Short: GO"]
        assert (trial.public_title, trial.scientific_title, trial.acronym) == ("Gout", None, "GO")

    @pytest.mark.parametrize("form", [None, "", "  ", "Gout", "Title: A, Title: B", "Title: , Acronym: A"])
    def test_any_text(self, table: Any, form: str | None) -> None:
        made = table(FORM)
        record = {"id": "1", "form": form}
        trial, traced = made.quick(record), made.traced(record).trial
        names = {"public_title", "scientific_title", "acronym"} - {*made.surprises(record)}
        assert {name: getattr(trial, name) for name in names} == {name: getattr(traced, name) for name in names}

    def test_many_texts(self, table: Any) -> None:
        """The names of what is opened are those of nothing else, however many there are."""
        rows = [f"identifiers[] ~ cell{number}|named.Number ~ identifier ~ any" for number in range(40)]
        record = {"id": "1"} | {f"cell{number}": f"Number: K{number}x" for number in range(40)}
        made = table("\n".join(rows)).both(record)
        assert [one.value for one in made.identifiers] == [f"K{number}x" for number in range(40)]


class TestFunctions:
    """A function of several paths that gives the same of nothing each time is not called for nothing."""

    ROW = "public_title ~ a; b[] ~ derive ~ together"

    def test_it_is_called_where_something_is_there(self, table: Any) -> None:
        calls: list[tuple[Any, ...]] = []

        def together(*found: Sequence[str]) -> str | None:
            calls.append(found)
            return " ".join([word for words in found for word in words if word]) or None

        made = table(self.ROW, together=together)
        assert made.quick({"id": "1"}).public_title is None
        calls.clear()
        assert made.quick({"id": "1"}).public_title is None
        assert calls == []
        assert made.quick({"id": "1", "b": ["x"]}).public_title == "x"
        assert made.quick({"id": "1", "a": "y"}).public_title == "y"
        assert len(calls) == 2

    def test_what_it_gives_of_nothing_is_given(self, table: Any) -> None:
        made = table(self.ROW, together=lambda a, b: "nothing" if not any((*a, *b)) else "some")
        assert made.both({"id": "1"}).public_title == "nothing"
        assert made.both({"id": "1", "a": "y"}).public_title == "some"

    def test_a_surprise_at_nothing_stays_one(self, table: Any) -> None:
        def together(a: Sequence[str], b: Sequence[str]) -> str:
            if not any((*a, *b)):
                raise NoValue(MissingKind.UNKNOWN)
            return "some"

        assert table(self.ROW, together=together).traced({"id": "1"}).missing


class TestGaps:
    """Words that say why there is no value are read once; each time, the gap is noted."""

    @pytest.mark.parametrize(("kind", "key"), [(Known, "N/A"), (KnownPairs, ("N/A", "unit"))])
    def test_words_seen_before(self, kind: type[Known], key: Any) -> None:
        read: list[Any] = []

        def reader(*values: Any) -> Any:
            read.append(values)
            raise NoValue(MissingKind.NOT_APPLICABLE)

        known = kind(or_gap(reader))
        for _ in range(3):
            NOTED.clear()
            assert known[key] == Gap(MissingKind.NOT_APPLICABLE)
            assert NOTED.gap
        NOTED.clear()
        assert len(read) == 1
