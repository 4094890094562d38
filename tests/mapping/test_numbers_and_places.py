"""The place of an element as an id, and numbers with commas or a word in their place; in both runs."""

from random import Random
from typing import Any, ClassVar

import pytest

from trialparse.diagnostics import Problem
from trialparse.model.terms import MissingKind
from trialparse.tsv import TableError

PLACES = """
results.flow.periods[] ~ periods[] ~ each
results.flow.periods[].id ~ periods[] ~ place
results.flow.periods[].title ~ periods[].title ~ text
results.flow.withdrawals[] ~ periods[].left[] ~ each
results.flow.withdrawals[].other ~ periods[].left[].why ~ text
results.flow.withdrawals[].counts[] ~ periods[].left[].counts[] ~ each
results.flow.withdrawals[].counts[].period ~ periods[] ~ place
results.flow.withdrawals[].counts[].participants ~ periods[].left[].counts[].number ~ integer
results.outcomes[] ~ tables[] ~ each
results.outcomes[].title ~ tables[].title ~ text
results.outcomes[].categories[] ~ tables[].parts[].rows[] ~ each
results.outcomes[].categories[].id ~ tables[].parts[].rows[] ~ place ~ nested
results.outcomes[].categories[].section ~ tables[].parts[] ~ place
results.outcomes[].categories[].title ~ tables[].parts[].rows[].name ~ text
results.outcomes[].values[] ~ tables[].parts[].rows[].cells[] ~ each
results.outcomes[].values[].category ~ tables[].parts[].rows[] ~ place ~ nested
results.outcomes[].values[].value ~ tables[].parts[].rows[].cells[].number ~ number ~ thousands
"""

CELLS = {"cells": [{"number": 4}]}


class TestPlace:
    """Rows of a table without ids are numbered, and so is what refers to them."""

    RECORD: ClassVar[dict[str, Any]] = {
        "periods": [
            {"title": "One"},
            {"title": "Two", "left": [{"why": "moved", "counts": [{"number": 3}, {"number": 4}]}]},
        ],
        "tables": [
            {"title": "A", "parts": [{"rows": [{"name": "x", "cells": [{"number": "1"}]}]}]},
            {
                "title": "B",
                "parts": [
                    {},
                    {
                        "rows": [
                            {"name": "y", "cells": [{"number": 2}, {"number": "3,000"}]},
                            {"cells": [{"number": 4}]},
                        ]
                    },
                ],
            },
        ],
    }

    def test_both_runs(self, table: Any) -> None:
        results = table(PLACES).both(self.RECORD).results
        first, second = results.outcomes

        assert ["1", "2"] == [period.id for period in results.flow.periods]
        assert [("2", 3), ("2", 4)] == [(one.period, one.participants) for one in results.flow.withdrawals[0].counts]
        assert [("1.1", "1", "x")] == [(one.id, one.section, one.title) for one in first.categories]
        assert [("2.1", "2", "y"), ("2.2", "2", None)] == [(c.id, c.section, c.title) for c in second.categories]
        assert [("2.1", 2.0), ("2.1", 3000.0), ("2.2", 4.0)] == [(one.category, one.value) for one in second.values]

    def test_it_is_evidence_of_no_words(self, table: Any) -> None:
        traced = table(PLACES).traced(self.RECORD)
        found = {trace.field: (trace.keys, trace.words) for trace in traced.traces}

        assert (("tables", 1, "parts", 1, "rows", 1), "") == found["results.outcomes[1].categories[1].id"]
        assert (("periods", 1), "") == found["results.flow.withdrawals[0].counts[1].period"]

    def test_documents(self, table: Any) -> None:
        made, seen = table(PLACES), 0
        for seed in range(100):
            document = made.maker.document(Random(seed), 5)
            traced = made.traced(document.tree)
            seen += sum(len(outcome.categories) for outcome in traced.trial.results.outcomes)
            assert (document.expected, []) == (traced.trial, traced.told)
        assert seen > 20

    @pytest.mark.parametrize(
        "row",
        [
            "results.outcomes[].categories[].id ~ tables[].parts[] ~ place",
            "results.outcomes[].categories[].id ~ tables[].other[] ~ place",
            "results.outcomes[].categories[].id ~ tables[].parts ~ place",
            "results.outcomes[].categories[].id ~ tables[] ~ place ~ nested",
        ],
    )
    def test_no_place_of_an_item(self, table: Any, row: str) -> None:
        rows = "results.outcomes[] ~ tables[] ~ each\nresults.outcomes[].title ~ tables[].t ~ text\n"
        rows += "results.outcomes[].categories[] ~ tables[].parts ~ each\n"

        with pytest.raises(TableError, match="place is that of an element"):
            table(f"{rows}{row}")


NUMBERS = """
enrolment.planned ~ planned ~ integer ~ thousands
results.adverse_events.frequency_threshold ~ threshold ~ number ~ thousands
"""


class TestThousands:
    """Commas part thousands where a table says so, and nothing else."""

    @pytest.mark.parametrize(
        ("words", "number"),
        [("804,831", 804831.0), ("1,234,567.5", 1234567.5), ("-26,300", -26300.0), (".05", 0.05), ("-.90", -0.9)],
    )
    def test_numbers(self, table: Any, words: str, number: float) -> None:
        assert number == table(NUMBERS).both({"threshold": words}).results.adverse_events.frequency_threshold

    def test_whole_numbers(self, table: Any) -> None:
        assert 26300 == table(NUMBERS).both({"planned": "26,300"}).enrolment.planned

    @pytest.mark.parametrize("words", ["1,2", "0,5", "1,0000", "12,34,567", ",123", "1,234,", "0,123"])
    def test_no_numbers(self, table: Any, words: str) -> None:
        traced = table(NUMBERS).traced({"planned": words})

        assert (None, [(Problem.BAD_VALUE, "enrolment.planned")]) == (traced.trial.enrolment.planned, traced.told)

    @pytest.mark.parametrize("words", ["NA", "n/a"])
    def test_a_word_in_the_place_of_a_number(self, table: Any, words: str) -> None:
        """In results, too, it says that there is none, and is no error."""
        traced = table(NUMBERS).traced({"threshold": words})
        field = "results.adverse_events.frequency_threshold"

        assert [] == traced.told
        assert [(field, MissingKind.UNKNOWN)] == [(one.field, one.kind) for one in traced.trial.missing]
