"""Tables that break the grammar are refused, and documents are made for those that keep it."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.tables import JOIN, SEVERAL_PLACES, SPLIT
from trialparse.diagnostics import Problem
from trialparse.mapping.verbs import NoValue, UnreadableWords
from trialparse.model import Trial
from trialparse.readers.paths import parse_path, write_path
from trialparse.tsv import TableError

KEYS = st.sampled_from(["a", "b c", "@x", "#text"])


class TestGrammar:
    """A table that breaks the grammar is refused when it is made ready."""

    @pytest.mark.parametrize(
        "row",
        [
            "no_such_field ~ a ~ text",
            "acronym ~ a ~ no_such_verb",
            "phases[] ~ a ~ code ~ no_such_list",
            "phases ~ a ~ code ~ phase",
            "endpoints[].text ~ a ~ text",
            "~ a ~ ignore ~ because",
            "~ a ~ ignore ~ transport, mostly",
            "~ a ~ ignore ~ label of ",
            "~ a ~ ignore ~ duplicate of b[",
            "~ a ~ ignore ~ earlier version of .b",
            "acronym ~ a[ ~ text",
        ],
    )
    def test_refused(self, table: Any, row: str) -> None:
        with pytest.raises(TableError):
            table(row)

    @given(st.lists(st.tuples(KEYS, st.sampled_from(["", "[]", "{}", "[?]"])), min_size=1))
    def test_paths_are_written_as_they_are_read(self, steps: list[tuple[str, str]]) -> None:
        text = ".".join(key + many for key, many in steps)

        assert text == write_path(parse_path(text))


class TestGenerated:
    """Documents made from these tables, too, give in both runs what they were made from."""

    @pytest.mark.parametrize("rows", [JOIN, SEVERAL_PLACES, SPLIT])
    def test_documents(self, table: Any, rows: str) -> None:
        made = table(rows)
        for seed in range(100):
            document = made.maker.document(Random(seed), 5)
            traced = made.traced(document.tree)
            told = [problem for problem, _ in traced.told if problem is not Problem.CONFLICT or "fallback" not in rows]
            assert (document.expected, []) == (traced.trial, told)
            try:
                assert document.expected == made.quick(document.tree)
            except (UnreadableWords, NoValue):
                assert document.expected.missing


class TestFacets:
    """Documents are made for a table also where it depends on what stands beside a value what is made of it."""

    TABLE = """
        enrolment.planned ~ p[].v ~ integer ~ when=k:A
        dates.start ~ p[].v ~ date ~ when=k:B
        phases[] ~ p[].v ~ code ~ phase when=k:C
        """
    FIELDS = frozenset({"enrolment", "dates", "phases"})

    def test_documents(self, table: Any) -> None:
        facets = table(self.TABLE)
        seen: set[str] = set()
        for seed in range(200):
            document = facets.maker.document(Random(seed), 3)
            traced = facets.traced(document.tree)
            assert (document.expected, []) == (traced.trial, traced.told)
            seen |= {
                name
                for name in ("enrolment", "dates", "phases")
                if getattr(traced.trial, name) != getattr(Trial(), name)
            }

        assert () == facets.maker.uncovered
        assert self.FIELDS == seen
