"""What is read beside, around and through an element; proven on a table of a few rows, in both runs."""

from random import Random
from typing import Any, ClassVar

import pytest

from trialparse.diagnostics import Problem
from trialparse.model import Endpoint, Trial
from trialparse.model.terms import StudyType
from trialparse.readers.paths import write_path
from trialparse.tsv import TableError


class TestUpgrade:
    """An old shape is read through the paths that stand in it."""

    def test_composition(self, table: Any) -> None:
        rows = "acronym ~ a.b ~ text\nendpoints[] ~ e[] ~ each\nendpoints[].text ~ e[].t ~ text\n"
        rows += "study_type ~ ~ constant ~ OBSERVATIONAL"
        made = table(rows, "long.way ~ a\nlist[] ~ e[]\nlist[].word ~ e[].t").both(
            {"long": {"way": {"b": "X"}}, "list": [{"word": "w"}], "a": {"b": "new shape"}}
        )

        assert ("X", (Endpoint(text="w"),), StudyType.OBSERVATIONAL) == (made.acronym, made.endpoints, made.study_type)

    def test_what_did_not_exist_falls_away(self, table: Any) -> None:
        rows = table("acronym ~ a ~ text\nbrief_summary ~ b ~ text", "x ~ a")

        assert ["acronym"] == [row.field for row in rows.mapping.rows]

    def test_what_is_new(self, table: Any) -> None:
        """A row without an old path takes what is below it out of what another row carries."""
        rows = table("acronym ~ a.b ~ text\nbrief_summary ~ a.c.d ~ text", "x ~ a\n~ a.c")

        assert ["x.b"] == [write_path(row.path) for row in rows.mapping.rows]

    def test_one_after_another(self, table: Any) -> None:
        """An older shape of an old shape: the second upgrade moves the paths that the first has led to."""
        rows = "arms[] ~ new[] ~ each\narms[].title ~ new[].t ~ text\narms[].type ~ new[].k ~ coded ~ area label=t"
        made = table(rows, "old[] ~ new[]\nold[].kind ~ new[].k", "in.it[] ~ old[]\nin.rank ~ ignore transport")

        paths = {row.field or row.argument: (write_path(row.path), row.options) for row in made.mapping.rows}
        assert paths == {
            "arms[]": ("in.it[]", {}),
            "arms[].title": ("in.it[].t", {}),
            "arms[].type": ("in.it[].kind", {"label": "t"}),
            "transport": ("in.rank", {}),
        }
        assert made.both({"in": {"it": [{"t": "A", "kind": "C04"}]}}).arms[0].title == "A"

    def test_a_way_out_of_wrapped_lists(self, table: Any) -> None:
        """The old shape may have objects around its lists; a step out leads from each."""
        rows = "arms[] ~ c[].m[] ~ each ~ if=^.u:known\narms[].title ~ c[].m[].t ~ text"
        rows += "\narms[].description ~ c[].m[].^.u ~ text"
        moves = (
            "CList.C[] ~ c[]\nCList.C[].CU ~ c[].u\nCList.C[].MList.M[] ~ c[].m[]\nCList.C[].MList.M[].MT ~ c[].m[].t"
        )
        made = table(rows, moves, known=any)

        assert "CList.C[].MList.M[].^.^.CU" in [write_path(row.path) for row in made.mapping.rows]
        assert "^.^.CU:known" == made.mapping.rows[0].options["if"]
        record = {
            "CList": {"C": [{"CU": "u", "MList": {"M": [{"MT": "a"}, {"MT": "b"}]}}, {"MList": {"M": [{"MT": "c"}]}}]}
        }
        assert [("a", "u"), ("b", "u")] == [(arm.title, arm.description) for arm in made.both(record).arms]

    def test_reasons_name_old_paths(self, table: Any) -> None:
        """Of several places that it was, a reason names the one that is nearest to what is ignored."""
        rows = "endpoints[] ~ e[] ~ each\nendpoints[].text ~ e[].t ~ text\n~ e[].l ~ ignore ~ label of e[].t"
        made = table(rows, "main[] ~ e[]\nother[] ~ e[]\nold[].** ~ ignore earlier version of main[]")

        assert {
            "main[].l": "label of main[].t",
            "other[].l": "label of other[].t",
            "old[].**": "earlier version of main[]",
        } == {write_path(row.path): row.argument for row in made.mapping.rows if row.verb == "ignore"}

    def test_a_reason_that_names_what_did_not_exist(self, table: Any) -> None:
        with pytest.raises(TableError):
            table("acronym ~ a ~ text\n~ b ~ ignore ~ label of c", "x ~ a\ny ~ b")


def test_a_text_around_a_list_is_opened_for_each_element(table: Any) -> None:
    rows = "endpoints[] ~ o.e[] ~ each\nendpoints[].text ~ o.e[].t ~ text\n"
    rows += "endpoints[].title ~ o.e[].^.q|quantity.unit ~ text"
    made = table(rows).both({"o": {"q": "18 Months", "e": [{"t": "a"}, {"t": "b"}]}})

    assert [("a", "Months"), ("b", "Months")] == [(one.text, one.title) for one in made.endpoints]


AROUND = """
countries[] ~ apps[].decisions[] ~ each ~ key=id
countries[].name ~ apps[].decisions[].id ~ text
countries[].events[] ~ apps[].decisions[] ~ each ~ kind=DECISION
countries[].events[].text ~ apps[].decisions[].word ~ text
countries[].events[].application ~ apps[].decisions[].^.number ~ text
countries[].events[].scope ~ apps[].decisions[].^.about.scope ~ text
interventions[] ~ products[] ~ each ~ key=id
interventions[].name ~ products[].name ~ text
interventions[] ~ groups[].products{} ~ each ~ key=id need=^.mia
interventions[].manufacturing ~ groups[].products{}.^.mia ~ text
"""


class TestAround:
    """An element of a list can say what the object around the list says, and evidence shows it there."""

    RECORD: ClassVar[dict[str, Any]] = {
        "apps": [
            {"number": "IN", "about": {"scope": "all"}, "decisions": [{"id": "IT", "word": "yes"}, {"id": "ES"}]},
            {"number": "SM-1", "decisions": [{"id": "IT", "word": "no"}]},
            {"number": "SM-2"},
        ],
        "products": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}],
        "groups": [{"mia": "M", "products": {"x": {"id": 2}}}, {"products": {"y": {"id": 9}}}],
    }

    def test_both_runs(self, table: Any) -> None:
        italy, spain = table(AROUND).both(self.RECORD).countries

        assert [("yes", "IN", "all"), ("no", "SM-1", None)] == [(e.text, e.application, e.scope) for e in italy.events]
        assert [(None, "IN", "all")] == [(e.text, e.application, e.scope) for e in spain.events]

    def test_need_and_objects_keyed_by_ids(self, table: Any) -> None:
        products = table(AROUND).both(self.RECORD).interventions

        assert [("A", None), ("B", "M")] == [(one.name, one.manufacturing) for one in products]

    def test_evidence(self, table: Any) -> None:
        traces = {trace.field: trace.keys for trace in table(AROUND).traced(self.RECORD).traces}

        assert ("apps", 0, "number") == traces["countries[1].events[0].application"]
        assert ("groups", 0, "mia") == traces["interventions[1].manufacturing"]

    def test_a_lone_object_for_a_list(self, table: Any) -> None:
        record = {"apps": [{"number": "IN", "decisions": {"id": "IT"}}]}
        traced = table(AROUND).traced(record)

        assert [Problem.WRONG_TYPE] == [problem for problem, _ in traced.told]
        assert ["IN"] == [event.application for event in traced.trial.countries[0].events]

    def test_nothing_of_a_record_stays_with_the_next(self, table: Any) -> None:
        rows = table(AROUND)
        rows.quick(self.RECORD)

        (italy,) = rows.quick({"apps": [{"decisions": [{"id": "IT", "word": "yes"}]}]}).countries

        assert [("yes", None)] == [(event.text, event.application) for event in italy.events]

    def test_documents(self, table: Any) -> None:
        rows = table(AROUND)
        for seed in range(300):
            document = rows.maker.document(Random(seed), 6)

            assert document.expected == rows.both(document.tree)

    @pytest.mark.parametrize(
        "row",
        [
            "acronym ~ ^.a ~ text",
            "arms[].title ~ p[].a.^.b ~ text",
            "arms[].title ~ p[].^ ~ text",
            "arms[].title ~ p[].^.^.a ~ text",
            "arms[].title ~ p[].^.q[].a ~ text",
            "arms[].title ~ p[].^.a|json ~ text",
        ],
    )
    def test_it_leads_to_a_leaf_and_no_further(self, table: Any, row: str) -> None:
        with pytest.raises(TableError):
            table(f"arms[] ~ p[] ~ each\n{row}")


LENT = """
sponsors[] ~ parts[] ~ each ~ key=ref
sponsors[].city ~ parts[].c ~ text
sponsors[] ~ others[] ~ each ~ key=ref role=THIRD_PARTY
sponsors[].city ~ others[].city ~ text
sponsors[] ~ known[] ~ each ~ key=id lends
sponsors[].name ~ known[].name ~ text
"""


class TestLent:
    """What an element refers to stands beside it, as often as it is referred to."""

    def names(self, trial: Trial) -> list[str | None]:
        return [sponsor.name for sponsor in trial.sponsors]

    def test_two_references_to_one(self, table: Any) -> None:
        record = {"parts": [{"ref": "1"}, {"ref": "2"}], "others": [{"ref": 1, "city": "C"}]}
        record["known"] = [{"id": "2", "name": "B"}, {"id": "1", "name": "A"}]

        assert ["A", "B", "A"] == self.names(table(LENT).both(record))

    def test_a_reference_that_leads_nowhere_is_told(self, table: Any) -> None:
        lent = table(LENT)
        traced = lent.traced({"parts": [{"ref": "1", "c": "C"}, {"c": "D"}]})

        assert [(Problem.UNMATCHED, "sponsors")] == traced.told
        assert traced.trial == lent.quick({"parts": [{"ref": "1", "c": "C"}, {"c": "D"}]})

    def test_what_nothing_refers_to_is_told(self, table: Any) -> None:
        lent = table(LENT)
        record = {
            "parts": [{"ref": "1"}],
            "known": [{"id": "1", "name": "A"}, {"id": "1", "name": "B"}, {"name": "C"}, {}],
        }
        traced = lent.traced(record)

        assert [(Problem.UNMATCHED, "sponsors")] * 2 == traced.told
        assert ["A"] == self.names(traced.trial) == self.names(lent.quick(record))

    def test_what_remains(self, table: Any) -> None:
        lent = table(LENT.replace("lends", "lends remains"))
        record = {
            "parts": [{"ref": "1"}],
            "known": [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}, {"name": "C"}, {}],
        }

        assert ["A", "B", "C"] == self.names(lent.both(record))

    def test_what_is_an_item_elsewhere_need_not_be_referred_to(self, table: Any) -> None:
        lent = table("""
            arms[] ~ arms[] ~ each ~ key=ref
            arms[].title ~ arms[].title ~ text
            arms[] ~ products[] ~ each ~ key=id lends
            arms[].interventions[] ~ products[].name ~ text
            interventions[] ~ products[] ~ each
            interventions[].name ~ products[].name ~ text
            """)
        made = lent.both(
            {"arms": [{"ref": "1", "title": "T"}], "products": [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}]}
        )

        assert (("A",), ["A", "B"]) == (made.arms[0].interventions, [product.name for product in made.interventions])

    def test_lenders_stand_last(self, table: Any) -> None:
        with pytest.raises(TableError, match="come after those that open items"):
            table("sponsors[] ~ known[] ~ each ~ key=id lends\nsponsors[].name ~ known[].name ~ text")


class TestConditions:
    """A value is read where what stands beside it is one of some words, is none of them, or is nothing."""

    def test_another_word(self, table: Any) -> None:
        other = table("public_title ~ t.text ~ text ~ when=lang:!en,en-GB")

        assert "A" == other.both({"t": {"lang": "de", "text": "A"}}).public_title
        assert other.both({"t": {"lang": "EN-gb", "text": "A"}}).public_title is None
        assert other.both({"t": {"text": "A"}}).public_title is None

    def test_nothing(self, table: Any) -> None:
        alone = table("public_title ~ t.text ~ text ~ when=lang:-")

        assert alone.both({"t": {"lang": "de", "text": "A"}}).public_title is None
        for beside in ({}, {"lang": None}, {"lang": ""}, {"lang": " "}):
            assert "A" == alone.both({"t": {"text": "A", **beside}}).public_title

    def test_each_value_of_a_list(self, table: Any) -> None:
        listed = table("funding[] ~ p[].v[] ~ text ~ when=name:X")

        assert ("A", "B") == listed.both({"p": [{"name": "Y", "v": ["C"]}, {"name": "X", "v": ["A", "B"]}]}).funding

    def test_a_word_of_the_object_around_a_list(self, table: Any) -> None:
        around = table("funding[] ~ p[].v[].text ~ text ~ when=^.name:X\nacronym ~ p[].v[].text ~ text ~ when=^.name:Y")
        made = around.both(
            {"p": [{"name": "Y", "v": [{"text": "C"}]}, {"name": "X", "v": [{"text": "A"}, {"text": "B"}]}]}
        )

        assert (("A", "B"), "C") == (made.funding, made.acronym)

    def test_what_is_not_read_is_not_remarked_on(self, table: Any) -> None:
        assert (
            () == table("identifiers[] ~ a.b ~ identifier ~ any when=c:X").both({"a": {"b": "0", "c": "Y"}}).identifiers
        )


class TestDerivedBehind:
    """A function stands in where the other rows of a field are silent."""

    TABLE = "acronym ~ a ~ text\nacronym ~ b; c ~ derive ~ both"

    @staticmethod
    def function(one: list[Any], other: list[Any]) -> str | None:
        return "".join(word for word in (*one, *other) if word) or None

    def test_first_the_rows(self, table: Any) -> None:
        behind = table(self.TABLE, both=self.function)

        assert "A" == behind.both({"a": "A", "b": "B"}).acronym
        assert "BC" == behind.both({"a": "", "b": "B", "c": "C"}).acronym
        assert behind.both({}).acronym is None

    def test_one_function_for_each_source(self, table: Any) -> None:
        made = table(
            """
            contacts[] ~ a[] ~ each
            contacts[].phone ~ a[].x; a[].y ~ derive ~ both
            contacts[] ~ b[] ~ each
            contacts[].phone ~ b[].x; b[].y ~ derive ~ both
            """,
            both=self.function,
        ).both({"a": [{"x": "1", "y": "2"}], "b": [{"x": "3"}]})

        assert ["12", "3"] == [contact.phone for contact in made.contacts]

    @pytest.mark.parametrize(
        "rows",
        [
            "acronym ~ b; c ~ derive ~ both\nacronym ~ a ~ text",
            "funding[] ~ a ~ text\nfunding[] ~ b; c ~ derive ~ both",
        ],
    )
    def test_where_it_cannot_stand(self, table: Any, rows: str) -> None:
        with pytest.raises(TableError):
            table(rows, both=self.function)
