"""Elements become items: joined, listed, completed, dropped; proven on a table of a few rows, in both runs."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

import trialparse
from tests.mapping.tables import JOIN, SPLIT
from trialparse.diagnostics import Problem
from trialparse.mapping.opening import openers
from trialparse.mapping.plan import Items, ItemSource
from trialparse.model import Country, Endpoint, Event, Missing
from trialparse.model.terms import EndpointKind, EventKind, MissingKind
from trialparse.model.values import Code, Coded, PartialDate, Translation
from trialparse.tsv import TableError

REGISTRIES = Path(trialparse.__path__[0]) / "registries"


class TestJoin:
    """Elements with the same key are one item, wherever they stand and in whatever order."""

    @pytest.mark.parametrize("turn", [1, -1])
    def test_three_lists_in_different_orders(self, table: Any, turn: int) -> None:
        record = {
            "names": [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}],
            "starts": [{"country": "2", "date": "2026-02"}, {"country": "1", "date": "2026-01"}][::turn],
            "counts": [{"id": 2, "n": 20}, {"id": 3, "n": 30}, {"id": 1, "n": 10}][::turn],
        }
        found = table(JOIN).both(record).countries

        expected = {
            Country(name="A", start=PartialDate(year=2026, month=1), planned=10),
            Country(name="B", start=PartialDate(year=2026, month=2), planned=20),
            Country(planned=30),
        }
        assert expected == set(found)
        assert ["A", "B", None] == [country.name for country in found]

    def test_elements_without_a_key_are_items_of_their_own(self, table: Any) -> None:
        found = table(JOIN).both({"names": [{"name": "A"}, {"id": None, "name": "B"}], "counts": [{"n": 1}]}).countries

        assert (Country(name="A"), Country(name="B"), Country(planned=1)) == found

    def test_a_repeated_key_is_one_item(self, table: Any) -> None:
        (found,) = table(JOIN).both({"names": [{"id": "1", "name": "A"}, {"id": "1", "name": "A"}]}).countries

        assert Country(name="A") == found

    @pytest.mark.parametrize(
        ("counts", "told"),
        [
            ([{"id": "1", "n": 1, "name": "A"}], []),
            ([{"id": "9", "n": 1, "name": "A"}], ["9"]),
            ([{"id": None, "n": 1, "name": "A"}], ["null"]),
            ([{"n": 1, "name": "A"}], ['{"n": 1, "name": "A"}']),
            ([{"id": "9", "n": 1}], ["9"]),
            ([{"id": "9", "n": 1, "name": "C"}], []),
        ],
    )
    def test_a_damaged_key(self, table: Any, counts: list[Any], told: list[str]) -> None:
        """What tells items apart shows that a key is wrong: two items share it, or one lacks it."""
        rows = table("""
            countries[] ~ names[] ~ each ~ key=id unique=name
            countries[].name ~ names[].name ~ text
            countries[] ~ counts[] ~ each ~ key=id
            countries[].planned ~ counts[].n ~ integer
            countries[].name ~ counts[].name ~ text
        """)
        record = {"names": [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}], "counts": counts}
        found = rows.traced(record)

        assert told == found.unmatched
        assert found.trial == rows.quick(record)
        assert 1 == sum(country.planned or 0 for country in found.trial.countries)

    def test_disagreement_within_an_item_is_told(self, table: Any) -> None:
        traced = table(JOIN).traced({"names": [{"id": "1", "name": "A"}, {"id": "1", "name": "B"}]})

        assert [(Problem.CONFLICT, "countries[0].name")] == traced.told
        assert (Country(name="A"),) == traced.trial.countries

    def test_keys_through_a_code_list(self, table: Any) -> None:
        made = table("""
            countries[] ~ a[] ~ each ~ key=c:country
            countries[].name ~ a[].c ~ text
            countries[] ~ b[] ~ each ~ key=c:country
            countries[].planned ~ b[].n ~ integer
            """).both(
            {"a": [{"c": "ITALY"}, {"c": "nowhere"}], "b": [{"c": "NoWhere", "n": 2}, {"c": "italia", "n": 1}]}
        )

        assert (Country(name="ITALY", planned=1), Country(name="nowhere", planned=2)) == made.countries

    def test_a_list_within_a_joined_item(self, table: Any) -> None:
        made = table("""
            countries[] ~ a[] ~ each ~ key=id
            countries[].name ~ a[].name ~ text
            countries[] ~ b[] ~ each ~ key=id
            countries[].events[] ~ b[].events[] ~ each ~ kind=HALT
            countries[].events[].date ~ b[].events[].date ~ date
            """).both({"a": [{"id": "x", "name": "X"}], "b": [{"id": "x", "events": [{"date": "2026"}]}] * 2})
        halt = Event(kind=EventKind.HALT, date=PartialDate(year=2026))

        assert (Country(name="X", events=(halt, halt)),) == made.countries

    def test_constants_are_those_of_the_first_list(self, table: Any) -> None:
        made = table("""
            endpoints[] ~ a[] ~ each ~ key=id kind=PRIMARY
            endpoints[].number ~ a[].n ~ integer
            endpoints[] ~ b[] ~ each ~ key=id kind=SECONDARY
            endpoints[].text ~ b[].t ~ text
            """).both({"a": [{"id": 1, "n": 1}], "b": [{"id": 2, "t": "T"}, {"id": 1, "t": "S"}]})

        first = Endpoint(kind=EndpointKind.PRIMARY, number=1, text="S")
        assert (first, Endpoint(kind=EndpointKind.SECONDARY, text="T")) == made.endpoints


class TestLists:
    """Each element is an item, row after row; what says nothing is none."""

    def test_row_after_row_with_constants(self, table: Any) -> None:
        made = table("""
            endpoints[] ~ p[] ~ each ~ kind=PRIMARY
            endpoints[].text ~ p[].t ~ text
            endpoints[] ~ s[] ~ each ~ kind=SECONDARY
            endpoints[].text ~ s[].t ~ text
            """).both({"s": [{"t": "two"}], "p": [{"t": " one "}, {"t": ""}, {}, {"t": None}]})

        assert ["one", "two"] == [endpoint.text for endpoint in made.endpoints]

    def test_order_by_a_number(self, table: Any) -> None:
        numbers = {"c": "10", "e": None, "b": 2, "a": "1", "d": 10}
        rows = table("endpoints[] ~ e[] ~ each ~ order=n\nendpoints[].text ~ e[].t ~ text")
        made = rows.both({"e": [{"n": number, "t": text} for text, number in numbers.items()]})

        assert "abcde" == "".join(endpoint.text for endpoint in made.endpoints)

    def test_need_opens_only_where_something_stands(self, table: Any) -> None:
        made = table("""
            events[] ~ e[] ~ each ~ need=date kind=HALT as=halt
            events[].date ~ e[].date ~ date ~ of=halt
            events[] ~ e[] ~ each ~ need=end kind=RESTART as=restart
            events[].date ~ e[].end ~ date ~ of=restart
            """).both({"e": [{"date": "2025"}, {"date": "2026", "end": "2027"}, {"date": ""}]})

        kinds = [(event.kind, str(event.date)) for event in made.events]
        assert [(EventKind.HALT, "2025"), (EventKind.HALT, "2026"), (EventKind.RESTART, "2027")] == kinds

    def test_if_opens_only_where_a_function_says_so(self, table: Any) -> None:
        def later(day: list[Any], submitted: list[Any]) -> bool:
            return bool(day) and str(day[0]) >= str(submitted[0])

        rows = table(
            """
            events[] ~ e[] ~ each ~ if=on.day+^.sent:later kind=HALT
            events[].date ~ e[].on.day ~ date
            """,
            later=later,
        )
        made = rows.both({"sent": "2025", "e": [{"on": {"day": "2024"}}, {"on": {"day": "2025"}}, {}]})

        assert ["2025"] == [str(event.date) for event in made.events]

    def test_once_leaves_out_what_the_list_has(self, table: Any) -> None:
        made = table("""
            endpoints[] ~ a[] ~ each
            endpoints[].text ~ a[].t ~ text
            endpoints[] ~ b[] ~ each ~ once
            endpoints[].text ~ b[].t ~ text
            """).both({"a": [{"t": "x"}, {"t": "x"}], "b": [{"t": "x"}, {"t": "y"}]})

        assert ["x", "x", "y"] == [endpoint.text for endpoint in made.endpoints]

    def test_values_of_an_object_keyed_by_ids(self, table: Any) -> None:
        made = table("""
            endpoints[] ~ e{} ~ each
            endpoints[].text ~ e{}.t ~ text
            """).both({"e": {"17": {"t": "a"}, "4": {"t": "b"}}})

        assert ["a", "b"] == [endpoint.text for endpoint in made.endpoints]

    @pytest.mark.parametrize("value", [{"t": "a"}, [{"t": "a"}]])
    def test_a_lone_object_or_a_list(self, table: Any, value: Any) -> None:
        made = table("endpoints[] ~ e[?] ~ each\nendpoints[].text ~ e[?].t ~ text").both({"e": value})

        assert (Endpoint(text="a"),) == made.endpoints

    def test_each_value_once(self, table: Any) -> None:
        made = table("condition_codes[] ~ a[] ~ coding ~ MedDRA\ncondition_codes[] ~ b ~ coding ~ MedDRA").both(
            {"a": ["1", "2", "1"], "b": 2}
        )

        assert (Code(system="MedDRA", value="1"), Code(system="MedDRA", value="2")) == made.condition_codes


HALT = EventKind.HALT


def _source(**how: bool) -> ItemSource:
    return ItemSource(row=None, absolute=(), constants={"kind": HALT}, **how)


class TestItems:
    """An item is left out where the list has it, or completes an earlier one, at no cost of the list's square."""

    MANY = 10 * Items.LOOK_BACK

    def test_once_among_many(self) -> None:
        compared = []

        class Counted(int):
            def __eq__(self, other: object) -> bool:
                compared.append(other)
                return int(self) == other

            __hash__ = int.__hash__

        items = Items()
        for number in (*range(self.MANY), *range(self.MANY)):
            items.take(Counted(number), _source(once=True))

        assert list(range(self.MANY)) == list(items)
        assert len(compared) < 2 * Items.LOOK_BACK**2

    def test_once_where_an_item_was_completed(self) -> None:
        items = Items(Event(kind=HALT, text=str(number)) for number in range(Items.LOOK_BACK + 1))

        assert items.take(items[1], _source(once=True)) is None
        assert 1 == items.take(Event(kind=HALT, scope="a"), _source(merge=True))
        assert Event(kind=HALT, text="1", scope="a") == items[1]
        assert items.take(items[1], _source(once=True)) is None
        assert Items.LOOK_BACK + 1 == items.take(Event(kind=HALT, text="1"), _source(once=True))

    def test_an_item_looks_back_so_far_and_no_further(self) -> None:
        items = Items([Event(kind=HALT)])
        for number in range(1, Items.LOOK_BACK + 1):
            items.append(Event(kind=HALT, text=str(number)))

        assert Items.LOOK_BACK + 1 == items.take(Event(kind=HALT, text="new"), _source(merge=True))
        assert 0 == Items([Event(kind=HALT)]).take(Event(kind=HALT, text="new"), _source(merge=True))

    def test_items_of_another_kind_are_not_completed(self) -> None:
        items = Items([Event(kind=EventKind.RESTART), Event(text="no kind")])

        assert 2 == items.take(Event(kind=HALT, scope="a"), _source(merge=True))


class TestCompletes:
    """What only completes an item opens none, and is reported where there is none."""

    ROWS = """
        interventions[] ~ products[] ~ each ~ key=id
        interventions[].name ~ products[].name ~ text
        interventions[] ~ groups[].products[] ~ each ~ key=id completes need=^.mia
        interventions[].manufacturing ~ groups[].products[].^.mia ~ text
        """

    @pytest.mark.parametrize("stray", [{"id": 9}, {"id": None}, {}])
    def test_a_stray_element(self, table: Any, stray: Any) -> None:
        rows = table(self.ROWS)
        groups = [{"mia": "M", "products": [{"id": 1}, stray]}, {"products": [{"id": 8}]}]
        record = {"products": [{"id": 1, "name": "A"}, {"name": "B"}], "groups": groups}
        traced = rows.traced(record)

        assert [("A", "M"), ("B", None)] == [(one.name, one.manufacturing) for one in traced.trial.interventions]
        assert [(Problem.UNMATCHED, "interventions")] == traced.told
        assert traced.trial == rows.quick(record)

    def test_documents(self, table: Any) -> None:
        rows = table(self.ROWS)
        for seed in range(300):
            document = rows.maker.document(Random(seed), 6)

            assert document.expected == rows.both(document.tree)


class TestDropped:
    """An item without what it must have is none; words for it are said to be of its list, not of another item."""

    ROWS = """
        acronym_translations[] ~ p[] ~ each
        acronym_translations[].text ~ p[].v ~ text
        acronym_translations[].language ~ p[].k ~ code ~ route
        """

    def test_the_list_lacks_it(self, table: Any) -> None:
        traced = table(self.ROWS).traced({"p": [{"v": True, "k": "skin"}, {"k": "not known"}, {"v": "A"}]})

        assert (Translation(text="A"),) == traced.trial.acronym_translations
        assert [("acronym_translations", MissingKind.UNREADABLE)] == [
            (entry.field, entry.kind) for entry in traced.missing
        ]
        assert [(Problem.WRONG_TYPE, "acronym_translations[0].text")] == traced.told

    def test_words_that_say_why_there_is_nothing_are_for_an_empty_list(self, table: Any) -> None:
        assert (Missing(field="acronym_translations", kind=MissingKind.UNKNOWN),) == (
            table(self.ROWS).both({"p": [{"k": "not known"}, {"k": "not known"}]}).missing
        )

    def test_the_fast_run_leaves_it_to_the_traced_run(self, table: Any) -> None:
        rows = table("""
            identifiers[] ~ p[] ~ each
            identifiers[].value ~ p[].v ~ text
            identifiers[].issuer ~ p[].i ~ text
            identifiers[].url ~ p[].u ~ text
            """)
        record = {"p": [{"i": "N/A", "u": "https://register.example"}, {"v": "A", "u": "B"}]}

        assert (Missing(field="identifiers", kind=MissingKind.NOT_APPLICABLE),) == rows.traced(record).trial.missing
        assert ("identifiers",) == rows.surprises(record)
        assert () == rows.surprises({"p": [{"v": "A", "i": "N/A"}, {"u": "B"}]})

    def test_the_next_item_lacks_nothing(self, table: Any) -> None:
        rows = table("""
            acronym_translations[] ~ q[] ~ each
            acronym_translations[].text ~ q[].v ~ text
            acronym_translations[].language ~ q[].k ~ code ~ unit
            acronym_translations[].language ~ q[].l ~ text ~ ~ fallback
            """)
        traced = rows.traced({"q": [{"k": "no such word"}, {"v": "A", "l": "PT"}]})

        assert (Translation(text="A", language="PT"),) == traced.trial.acronym_translations
        assert [("acronym_translations", MissingKind.UNREADABLE)] == [(one.field, one.kind) for one in traced.missing]


class TestSplit:
    """A flattened list is parted only when every part is a known term."""

    @pytest.mark.parametrize(
        ("text", "terms"),
        [("oral use, skin", ["ORAL", "DERMAL"]), ("Skin and mouth", ["DERMAL", "ORAL"]), ("oral use", ["ORAL"])],
    )
    def test_known(self, table: Any, text: str, terms: list[str]) -> None:
        (item,) = table(SPLIT).both({"p": [{"r": text}]}).interventions

        assert terms == [route.term for route in item.routes]

    def test_unknown(self, table: Any) -> None:
        traced = table(SPLIT).traced({"p": [{"r": "oral use, by moonlight"}]})

        assert (Coded(text="oral use, by moonlight"),) == traced.trial.interventions[0].routes
        assert [Problem.UNSPLIT_LIST] == [problem for problem, _ in traced.told]


# What is wrong with the engine as it is; each goes when it is put right. -----------------------------------------


class TestFoundOnce:
    """What the laws once found is kept as its smallest example."""

    def test_pairs_of_a_text_without_a_colon(self) -> None:
        assert isinstance(openers()["pairs"]("no colon"), list)

    def test_a_set_with_one_unread_member_is_empty(self, table: Any) -> None:
        assert frozenset() == table("phases[] ~ p[] ~ code ~ phase").traced({"p": ["1", "new word"]}).trial.phases

    def test_an_item_of_constants_is_none_in_both_runs(self, table: Any) -> None:
        rows = table("events[] ~ e[] ~ each\nevents[].kind ~ ~ constant ~ HALT\nevents[].date ~ e[].d ~ date")

        assert () == rows.both({"e": [{}]}).events

    def test_a_part_that_says_nothing_leaves_the_others(self, table: Any) -> None:
        (item,) = table(SPLIT).traced({"p": [{"r": "oral use, not known"}]}).trial.interventions

        assert "ORAL" in [route.term for route in item.routes] or item.routes[0].text == "oral use, not known"

    def test_a_known_word_without_term_is_not_told(self, table: Any) -> None:
        assert [] == table(SPLIT).traced({"p": [{"r": "nothing"}]}).told

    def test_the_words_of_a_source_that_are_our_own(self, table: Any) -> None:
        table("acronym ~ a ~ text").both({"a": "(withheld)"})

    def test_a_list_row_without_rows_below(self, table: Any) -> None:
        first = "endpoints[] ~ a[] ~ each\nendpoints[].text ~ a[].t ~ text\n"

        with pytest.raises(TableError):
            table(first + "endpoints[] ~ b[] ~ each ~ kind=PRIMARY")
