"""What verbs and openers make of words; proven on a table of a few rows, in both runs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.tables import SEVERAL_PLACES, Table, cell
from trialparse.diagnostics import Problem
from trialparse.mapping.opening import openers
from trialparse.model import Endpoint, Trial
from trialparse.model.terms import MissingKind, Phase, StudyType, TimeUnit
from trialparse.model.values import Coded, Duration, Identifier, PartialDate
from trialparse.tsv import TableError


class TestSeveralPlaces:
    """A field takes the first value; another value is reported, unless it says less, or may say something else."""

    def test_agreement(self, table: Any) -> None:
        assert "x" == table(SEVERAL_PLACES).both({"a": "x", "b": " x ", "c": "x"}).acronym

    @pytest.mark.parametrize(
        ("first", "second", "told"),
        [("x y z", "Y  Z", []), ("x", "x y", [Problem.CONFLICT]), ("x", "", []), ("x", ["x"], [Problem.WRONG_TYPE])],
    )
    def test_a_fallback_that_is_not_needed(self, table: Any, first: str, second: Any, told: list[Problem]) -> None:
        traced = table("acronym ~ a ~ text\nacronym ~ b ~ text ~ ~ fallback").traced({"a": first, "b": second})

        assert (first, [(one, "acronym") for one in told]) == (traced.trial.acronym, traced.told)
        assert () == traced.trial.missing

    @pytest.mark.parametrize(
        ("first", "second", "told"),
        [
            ("2024-05-17", "2024-05", []),
            ("2024-05", "2024-05-17", [Problem.CONFLICT]),
            ("2024-05-17", "2024-05-18", [Problem.CONFLICT]),
            ("2024-05-17", "soon", [Problem.BAD_VALUE]),
        ],
    )
    def test_a_date_that_is_not_needed(self, table: Any, first: str, second: str, told: list[Problem]) -> None:
        traced = table("dates.start ~ a ~ date\ndates.start ~ b ~ date ~ ~ fallback").traced({"a": first, "b": second})

        assert [(one, "dates.start") for one in told] == traced.told
        assert first == str(traced.trial.dates.start)

    def test_a_fallback_that_may_differ(self, table: Any) -> None:
        rows = table("acronym ~ a ~ text\nacronym ~ b ~ text ~ ~ fallback differs")

        assert "x" == rows.both({"a": "x", "b": "y"}).acronym
        assert [(Problem.WRONG_TYPE, "acronym")] == rows.traced({"a": "x", "b": ["y"]}).told

    def test_conflict(self, table: Any) -> None:
        traced = table(SEVERAL_PLACES).traced({"a": "x", "b": "y"})

        assert ("x", [(Problem.CONFLICT, "acronym")]) == (traced.trial.acronym, traced.told)

    def test_fallback(self, table: Any) -> None:
        assert "z" == table(SEVERAL_PLACES).both({"a": "-", "c": "z"}).acronym

    def test_sum(self, table: Any) -> None:
        rows = "enrolment.planned ~ a[].n ~ sum\nenrolment.planned ~ rest ~ sum"

        assert 37 == table(rows).both({"a": [{"n": 5}, {"n": "30"}, {"n": None}], "rest": 2}).enrolment.planned
        assert table(rows).both({}).enrolment.planned is None

    @pytest.mark.parametrize(
        ("word", "why"),
        [
            (None, MissingKind.INCOMPLETE),
            ("", MissingKind.INCOMPLETE),
            ("1.000", MissingKind.UNREADABLE),
            ("-1", MissingKind.UNREADABLE),
            ("N/A", MissingKind.NOT_APPLICABLE),
        ],
    )
    @pytest.mark.parametrize("place", ["first", "last", "rest"])
    def test_a_sum_lacks_a_number(self, table: Any, word: str | None, why: MissingKind, place: str) -> None:
        rows = table("enrolment.planned ~ a[].n ~ sum ~ each=a[]\nenrolment.planned ~ rest ~ sum ~ each=whole")
        numbers = {"first": 5, "last": 7, "rest": 2} | {place: word}
        record = {"a": [{"n": numbers["first"]}, {"n": numbers["last"]}], "rest": numbers["rest"], "whole": "x"}

        trial = rows.traced(record).trial
        assert trial.enrolment.planned is None
        assert [("enrolment.planned", why)] == [(one.field, one.kind) for one in trial.missing]


class TestValues:
    """What verbs make of words."""

    @pytest.mark.parametrize("word", ["1.000", "1,000", "4.038"])
    def test_a_count_that_may_be_thousands(self, table: Any, word: str) -> None:
        rows = "results.outcomes[] ~ o[] ~ each\nresults.outcomes[].confidence_level ~ o[].n ~ number ~ count"
        traced = table(rows).traced({"o": [{"n": word}, {"n": "4038"}]})

        assert traced.told == [(Problem.AMBIGUOUS, "results.outcomes[0].confidence_level")]
        assert [one.confidence_level for one in traced.trial.results.outcomes] == [None, 4038.0]

    def test_constant(self, table: Any) -> None:
        assert StudyType.INTERVENTIONAL == table("study_type ~ ~ constant ~ INTERVENTIONAL").both({}).study_type

    def test_label(self, table: Any) -> None:
        rows = table("interventions[] ~ p[] ~ each\ninterventions[].form ~ p[].code ~ coded ~ route label=name")
        found = rows.both({"p": [{"code": "SKIN", "name": "On the skin"}, {"name": "oral use"}, {"code": "skin"}]})

        forms = [item.form for item in found.interventions]
        words = [("DERMAL", "On the skin"), ("ORAL", "oral use"), ("DERMAL", "skin")]
        assert [Coded(term=term, text=text) for term, text in words] == forms

    @pytest.mark.parametrize(
        ("text", "term", "told"),
        [
            ("Diseases [C] - Neoplasms [C04]", "C04", []),
            ("Diseases [C] - Cancer [C04]", "C04", []),
            ("Whatever  [c04]", "C04", []),
            ("[C04]", "C04", []),
            ("C04", "C04", []),
            ("not known", None, []),
            ("Diseases [C] - Neoplasms [C99]", None, [Problem.UNKNOWN_TERM]),
            ("Neoplasms [C04] of the skin", None, [Problem.UNKNOWN_TERM]),
            ("Neoplasms C04", None, [Problem.UNKNOWN_TERM]),
            ("Neoplasms [C16] [C04]", None, [Problem.UNKNOWN_TERM]),
            ("Neoplasms [C04], Abnormalities [C16]", None, [Problem.UNSPLIT_LIST]),
        ],
    )
    def test_a_code_in_brackets_decides(self, table: Any, text: str, term: str | None, told: list[Problem]) -> None:
        rows = table("therapeutic_areas[] ~ a ~ coded ~ area bracketed")
        traced = rows.traced({"a": text})

        assert [Coded(term=term, text=text)] == [*traced.trial.therapeutic_areas]
        assert [(problem, "therapeutic_areas") for problem in told] == traced.told

    def test_a_flattened_list_of_words_with_codes(self, table: Any) -> None:
        """Commas within words part nothing; the relation is that of the code."""
        rows = table("therapeutic_areas[] ~ a ~ coded ~ area bracketed split")
        made = rows.both({"a": "D [C] - Neoplasms [C04], D [C] - Congenital, Hereditary, and Neonatal [C16]"})

        assert ["C04", "C16"] == [area.term for area in made.therapeutic_areas]
        assert "D [C] - Congenital, Hereditary, and Neonatal [C16]" == made.therapeutic_areas[1].text
        assert ["narrower"] == [trace.relation for trace in rows.traced({"a": "Abnormalities [C16]"}).traces]

    def test_unit(self, table: Any) -> None:
        rows = "eligibility.minimum_age ~ age.n ~ duration ~ unit=u:unit\n"
        rows += "eligibility.maximum_age ~ max ~ duration ~ unit=YEAR"
        made = table(rows).both({"age": {"n": "18", "u": "M"}, "max": 65.5}).eligibility

        assert Duration(value=18, unit=TimeUnit.MONTH) == made.minimum_age
        assert Duration(value=65.5, unit=TimeUnit.YEAR) == made.maximum_age

    def test_when(self, table: Any) -> None:
        rows = "dates.start ~ e[].date ~ date ~ when=type:START,BEGIN"
        made = table(rows).both({"e": [{"type": "END", "date": "2027"}, {"type": "begin", "date": "2026"}]})

        assert PartialDate(year=2026) == made.dates.start

    def test_sets_take_all_terms_of_a_word(self, table: Any) -> None:
        rows = table("phases[] ~ p[] ~ code ~ phase")

        assert {Phase.I, Phase.II} == rows.both({"p": ["BOTH", 1, "none"]}).phases

    def test_words_that_say_why_there_is_no_value(self, table: Any) -> None:
        traced = table("phases[] ~ p ~ code ~ phase").traced({"p": "gone"})

        assert [("phases", MissingKind.NOT_APPLICABLE)] == [(m.field, m.kind) for m in traced.missing]
        assert [] == traced.told

    def test_day_first(self, table: Any) -> None:
        made = table("dates.start ~ d ~ date ~ day-first actual").both({"d": "7/4/2026"})

        assert PartialDate(year=2026, month=4, day=7, estimated=False) == made.dates.start

    @pytest.mark.parametrize("text", ["4/7/2026", "04/07/2026 16:45", "2026-04-07T16:45"])
    def test_month_first(self, table: Any, text: str) -> None:
        made = table("dates.start ~ d ~ date ~ month-first").both({"d": text})

        assert PartialDate(year=2026, month=4, day=7) == made.dates.start

    def test_a_month_comes_first_where_a_row_says_so(self, table: Any) -> None:
        for words, text in (("month-first", "31/12/2026"), ("", "12/31/2026"), ("month-first", "4/2026")):
            traced = table(f"dates.start ~ d ~ date ~ {words}").traced({"d": text})

            assert [(Problem.BAD_VALUE, "dates.start")] == traced.told

    def test_derive_receives_its_paths_only(self, table: Any) -> None:
        rows = table("acronym ~ a; b[] ~ derive ~ added", added=lambda a, b: "+".join([*a, *b]) or None)

        assert "x+y+z" == rows.both({"a": "x", "b": ["y", "z"], "c": "no"}).acronym

    def test_placeholders_and_checks(self, table: Any) -> None:
        traced = table("identifiers[] ~ a[] ~ identifier ~ NCT").traced({"a": ["NCT00000000", "nct 01234567"]})

        assert (Identifier(scheme="NCT", value="NCT01234567"),) == traced.trial.identifiers
        assert [(Problem.PLACEHOLDER, "identifiers")] == traced.told

    @pytest.mark.parametrize(
        ("text", "values", "told"),
        [
            ("NCT04246242; nct 04246243", ["NCT04246242", "NCT04246243"], []),
            ("NCT04246242 and\nISRCTN62918594,2019-001588-63", ["NCT04246242", "ISRCTN62918594", "2019-001588-63"], []),
            ("NCT04665037 NCT04665038/NCT04665039", ["NCT04665037", "NCT04665038", "NCT04665039"], []),
            ("NCT04246242, to follow", ["NCT04246242, to follow"], []),
            ("75,061; 125,097", ["75,061; 125,097"], [(Problem.UNSPLIT_LIST, "identifiers")]),
            ("A" + " " * 300_000 + "B", ["A" + " " * 300_000 + "B"], []),
        ],
        ids=["two", "three", "blanks", "one and words", "two without form", "long"],
    )
    def test_several_numbers_in_one_field(self, table: Any, text: str, values: list[str], told: list[Any]) -> None:
        rows = table("identifiers[] ~ a ~ identifier ~ any label=by")
        traced = rows.traced({"a": text})

        assert values == [one.value for one in traced.trial.identifiers]
        assert told == traced.told
        assert traced.trial == rows.quick({"a": text})

    def test_a_number_of_another_scheme_is_told(self, table: Any) -> None:
        traced = table("identifiers[] ~ a ~ identifier ~ EudraCT").traced({"a": "NCT04246242"})

        assert (Identifier(scheme="NCT", value="NCT04246242"),) == traced.trial.identifiers
        assert [(Problem.OTHER_SCHEME, "identifiers")] == traced.told

    def test_the_issuer_of_no_number_is_no_placeholder(self, table: Any) -> None:
        traced = table("identifiers[] ~ a ~ identifier ~ any label=by").traced({"by": "null"})

        assert ((), []) == (traced.trial.identifiers, traced.told)


class TestKnown:
    """What was read before does not matter: 1, 1.0 and True are one key to a dict and three things to a table."""

    ROWS = """
        countries[] ~ c[] ~ each ~ key=k
        countries[].name ~ c[].k ~ text
        condition_codes[] ~ d ~ coding ~ MedDRA
        design.scopes[] ~ e ~ coded ~ route label=f
        """
    VALUES = (0, 1, 2, True, 2.0, "2", 10**12, 10.0**12, 2**63)

    @pytest.mark.parametrize("first", VALUES)
    @pytest.mark.parametrize("second", VALUES)
    def test_any_two(self, table: Any, first: Any, second: Any) -> None:
        def record(value: Any) -> Any:
            return {"c": [{"k": value}, {"k": "2"}], "d": value, "e": value, "f": value}

        def outcome(rows: Table) -> Any:
            return rows.quick(record(second)), rows.surprises(record(second))

        used, fresh = table(self.ROWS), table(self.ROWS)
        used.quick(record(first))

        assert outcome(fresh) == outcome(used)


class TestOpeners:
    """The text of a leaf becomes a small tree, in which the path goes on."""

    def test_json_in_a_cell(self, table: Any) -> None:
        rows = table("endpoints[] ~ e|json[] ~ each\nendpoints[].text ~ e|json[].t ~ text")

        assert (Endpoint(text="a"),) == rows.both({"e": '[{"t": "a"}]'}).endpoints
        assert () == rows.both({"e": ""}).endpoints

    def test_pairs_joined_with_a_list(self, table: Any) -> None:
        made = table("""
            countries[] ~ p|pairs[] ~ each ~ key=name:country
            countries[].code ~ p|pairs[].name ~ code ~ country
            countries[].start ~ p|pairs[].value ~ date ~ day-first
            """).both({"p": "Italy: 10/07/2026, Spain: 11/07/2026, Italia: 10/07/2026"})

        assert ["IT", "ES"] == [country.code for country in made.countries]

    def test_lines_parts_blocks(self, table: Any) -> None:
        made = table("""
            funding[] ~ l|lines[] ~ text
            monitoring[] ~ p|parts[] ~ text
            conditions[] ~ b|blocks[] ~ each
            conditions[].text ~ b|blocks[].Name of it ~ text
            """).both(
            {
                "l": " a\n\nb ",
                "p": "x, y ,x",
                "b": "Name of it: C\n\nName of it:\n\nOther: z",
            }
        )

        assert (("a", "b"), ("x", "y")) == (made.funding, made.monitoring)
        assert ["C"] == [condition.text for condition in made.conditions]

    @given(st.text(alphabet=st.sampled_from('ab:,;\n yesno{}[]"1Y/.-'), max_size=30))
    def test_no_text_raises(self, text: str) -> None:
        opened = {name: opener(text) for name, opener in openers().items() if text.strip() and name != "pairs"}
        assert not text.strip() or openers().keys() - {"pairs"} == opened.keys()


BOXES = """
phases[] ~ phase.Phase 2 ~ code ~ box ticked=answer
phases[] ~ phase.Phase 3 ~ code ~ box ticked=answer
design.scopes[] ~ scope.Safety ~ coded ~ scope ticked=answer
"""


class TestBoxes:
    """A box that is ticked is the word that its name is."""

    def test_ticked(self, table: Any) -> None:
        record = {"phase": {"Phase 2": "Yes", "Phase 3": "yes"}, "scope": {"Safety": "YES"}}
        trial = table(BOXES).both(record)

        assert {Phase.II, Phase.III} == trial.phases
        assert (Coded(term="SAFETY", text="Safety"),) == trial.design.scopes

    def test_not_ticked(self, table: Any) -> None:
        trial = table(BOXES).both({"phase": {"Phase 2": "no", "Phase 3": "yes"}, "scope": {"Safety": "no"}})

        assert {Phase.III} == trial.phases
        assert () == trial.design.scopes

    def test_an_unknown_answer_is_told(self, table: Any) -> None:
        traced = table(BOXES).traced(
            {"phase": {"Phase 2": "perhaps", "Phase 3": "yes"}, "scope": {"Safety": "perhaps"}}
        )

        assert frozenset() == traced.trial.phases
        assert () == traced.trial.design.scopes
        assert {(Problem.UNKNOWN_CODE, "phases"), (Problem.UNKNOWN_CODE, "design.scopes")} == set(traced.told)

    def test_the_name_of_a_box_has_to_be_a_word_of_the_list(self, table: Any) -> None:
        with pytest.raises(TableError, match=r"'Efficacy' is no word of 'scope'"):
            table("design.scopes[] ~ scope.Efficacy ~ coded ~ scope ticked=answer")


class TestFlattened:
    """Exact repeats in a flattened list are read once, where a part is certain to be an item."""

    @pytest.mark.parametrize(
        ("text", "read", "told"),
        [
            ("Placebo, Placebo", "Placebo", False),
            ("A, B, A, B, A, B", "A, B", True),
            ("Upadamock, Upadamock, Placebo for upadamock", "Upadamock, Placebo for upadamock", True),
            ("A 5 mg, tablet, B 5 mg, tablet", "A 5 mg, tablet, B 5 mg, tablet", True),
            ("scores of 0, 0, 1", "scores of 0, 0, 1", True),
            ("A, B, A", "A, B, A", True),
            ("Placebo", "Placebo", False),
        ],
    )
    def test_repeats(self, table: Any, text: str, read: str, told: bool) -> None:
        made = table("acronym ~ a ~ text ~ flattened")

        assert read == made.quick({"a": text}).acronym == made.traced({"a": text}).trial.acronym
        assert [(Problem.UNSPLIT_LIST, "acronym")] * told == made.traced({"a": text}).told


class TestParted:
    """Parts between bars are read one by one, and one that still has a bar is reported."""

    @pytest.mark.parametrize(
        ("text", "read", "told"),
        [
            ("Cough| Rash |Itch", ("Cough", "Rash", "Itch"), []),
            ("Cough, dry", ("Cough, dry",), []),
            ("Cough||Rash", ("Cough||Rash",), [0]),
            ("|Cough", ("|Cough",), [0]),
            ('Itch|"Cough|Rash" score|a 5" tube', ("Itch", '"Cough|Rash" score', 'a 5" tube'), [1]),
            ('a 5" tube|a 7" tube', ('a 5" tube', 'a 7" tube'), []),
            ('the "cough|the "rash', ('the "cough', 'the "rash'), []),
            ("Cough|" + "x" * 32_761, ("Cough|" + "x" * 32_761,), [0]),
            ("Cough|" + "x" * 32_762, ("Cough", "x" * 32_762), []),
        ],
    )
    @pytest.mark.parametrize("words", ["parted", "one-line parted", "markdown parted"])
    def test_parts(self, table: Any, text: str, read: tuple[str, ...], told: list[int], words: str) -> None:
        """Excel keeps 32,767 characters of a cell, so one of that length may have lost a part."""
        made = table(f"conditions[] ~ a|bars[] ~ each\nconditions[].text ~ a|bars[] ~ text ~ {words}")
        traced = made.traced({"a": text})

        assert read == tuple(one.text for one in made.quick({"a": text}).conditions)
        assert read == tuple(one.text for one in traced.trial.conditions)
        assert [(Problem.UNSPLIT_LIST, f"conditions[{index}].text") for index in told] == traced.told


class TestNumbersOfForms:
    """Durations in ISO 8601, and zeros in fields that had to be filled."""

    @pytest.mark.parametrize(
        ("text", "value", "unit"),
        [
            ("P18Y", 18, "YEAR"),
            ("P1Y6M", 18, "MONTH"),
            ("P2W", 2, "WEEK"),
            ("P1W3D", 10, "DAY"),
            ("PT36H", 36, "HOUR"),
            ("P0Y", 0, "YEAR"),
        ],
    )
    def test_durations(self, table: Any, text: str, value: int, unit: str) -> None:
        made = table("eligibility.minimum_age ~ a ~ duration ~ iso").both({"a": text}).eligibility.minimum_age

        assert Duration(value=value, unit=TimeUnit[unit]) == made

    @pytest.mark.parametrize("text", ["P", "PT", "P1Y1D", "P1M1W", "P1DT2H", "18Y", "-P1Y", "P1.5Y", "PT30M"])
    def test_what_is_no_duration_of_one_unit(self, table: Any, text: str) -> None:
        traced = table("eligibility.minimum_age ~ a ~ duration ~ iso").traced({"a": text})

        assert [(Problem.BAD_VALUE, "eligibility.minimum_age")] == traced.told

    def test_zero_says_nothing_in_a_field_that_had_to_be_filled(self, table: Any) -> None:
        filled = table("enrolment.planned ~ a ~ integer ~ filled")

        assert 7 == filled.both({"a": "7"}).enrolment.planned
        traced = filled.traced({"a": 0})
        assert traced.trial.enrolment.planned is None
        assert [(Problem.PLACEHOLDER, "enrolment.planned")] == traced.told

    @pytest.mark.parametrize(
        ("row", "zeros"),
        [
            ("interventions[].daily_dose.amount ~ p.a ~ number ~ filled", [0, 0.0, "0", "0.00", "00"]),
            ("interventions[].duration ~ p.a ~ duration ~ filled unit=DAY", [0, "0", "0.0", "00"]),
            ("interventions[].duration ~ p.a ~ duration ~ iso filled", ["P0D", "P0Y0M"]),
        ],
    )
    def test_a_dose_or_a_treatment_is_above_zero(self, table: Any, row: str, zeros: list[Any]) -> None:
        made = table(f"interventions[] ~ p ~ each\ninterventions[].name ~ p.b ~ text\n{row}")
        for value in zeros:
            traced = made.traced({"p": {"a": value, "b": "Product"}})
            assert ["PLACEHOLDER"] == [problem.name for problem, _ in traced.told]
            assert [MissingKind.UNREADABLE] == [one.kind for one in traced.missing]

    @pytest.mark.parametrize("verb", ["integer", "number", "integer ~ filled"])
    def test_several_zeros_are_a_filler_wherever_they_are(self, table: Any, verb: str) -> None:
        """A number that may be 0 is written 0; 00 and 000 only fill their place."""
        field = "design.follow_up.duration" if verb == "number" else "enrolment.planned"
        field = "results.adverse_events.frequency_threshold" if verb == "number" else field
        made = table(f"{field} ~ a ~ {verb}")
        for value in ("00", " 000 ", "0" * 30):
            assert (field.split(".")[0],) == made.surprises({"a": value})
            assert [(Problem.PLACEHOLDER, field)] == made.traced({"a": value}).told
        for value, number in (("007", 7), ("0010", 10)):
            held: Any = made.both({"a": value})
            for name in field.split("."):
                held = getattr(held, name)
            assert number == held

    @pytest.mark.parametrize(
        "value", ["1.000", "+1.000", "12.000", "1.500", "1.000.000", "1,000", "250,000", "1,500,000"]
    )
    def test_a_count_that_may_be_thousands(self, table: Any, value: str) -> None:
        """A point or a comma before three digits parts thousands, or a fraction."""
        traced = table("enrolment.planned ~ a ~ integer").traced({"a": value})

        assert (None, [(Problem.AMBIGUOUS, "enrolment.planned")]) == (traced.trial.enrolment.planned, traced.told)

    @pytest.mark.parametrize(("value", "number"), [("1.0", 1), ("1.00", 1), ("1000.000", 1000), ("0.000", 0), (1.0, 1)])
    def test_a_count_that_may_not(self, table: Any, value: Any, number: int) -> None:
        assert number == table("enrolment.planned ~ a ~ integer").both({"a": value}).enrolment.planned

    @pytest.mark.parametrize("value", [-1, -1.0, "-1", "-0", "- 1"])
    def test_a_count_is_not_negative(self, table: Any, value: Any) -> None:
        traced = table("enrolment.planned ~ a ~ integer").traced({"a": value})

        assert (None, [(Problem.BAD_VALUE, "enrolment.planned")]) == (traced.trial.enrolment.planned, traced.told)


CELLS = """
$arms ~ arms[] ~ sets[]
field ~ path ~ verb ~ argument ~ mark ~ authority
results.outcomes[] ~ ends[] ~ each
results.outcomes[].title ~ ends[].title ~ text
results.outcomes[].values[] ~ ends[].$arms.counts.n[] ~ each ~ key=^.^.id+row
results.outcomes[].values[].group ~ ends[].$arms.counts.n[].^.^.id ~ text
results.outcomes[].values[].category ~ ends[].$arms.counts.n[].row ~ text
results.outcomes[].values[].value ~ ends[].$arms.counts.n[].is ~ number ~ sentinel
results.outcomes[].values[] ~ ends[].$arms.spread[] ~ each ~ key=^.id+row
results.outcomes[].values[].group ~ ends[].$arms.spread[].^.id ~ text
results.outcomes[].values[].category ~ ends[].$arms.spread[].row ~ text
results.outcomes[].values[].dispersion ~ ends[].$arms.spread[].is ~ number ~ sentinel
results.outcomes[].values[].dispersion_upper ~ ends[].$arms.spread[].to ~ number ~ sentinel
"""


class TestCells:
    """Names for several paths, steps out over several objects, keys of several parts, and nines that are no numbers."""

    @pytest.fixture
    def cells(self, table: Any) -> Any:
        """Return the table, whose names stand before its header."""
        return table(CELLS)

    @staticmethod
    def values(trial: Trial) -> list[tuple[Any, ...]]:
        return [
            (value.group, value.category, value.value, value.dispersion, value.dispersion_upper)
            for outcome in trial.results.outcomes
            for value in outcome.values
        ]

    def test_joined_by_what_stands_around_and_inside(self, cells: Any) -> None:
        record = {
            "ends": [
                {
                    "arms": [
                        {"id": "A", "counts": {"n": [cell(1, "x"), cell(2, "y")]}, "spread": [cell(0.5, "y", to=3)]},
                        {"id": "B", "counts": {"n": [cell(0)]}, "spread": [cell(9)]},
                    ],
                    "sets": [{"id": "S", "counts": {"n": [cell(4, "x")]}}],
                },
                {"arms": [{"id": "A", "counts": {"n": [cell(7)]}, "spread": [cell(8, "x")]}]},
            ]
        }
        assert self.values(cells.both(record)) == [
            ("A", "x", 1.0, None, None),
            ("A", "y", 2.0, 0.5, 3.0),
            ("B", None, 0.0, 9.0, None),
            ("S", "x", 4.0, None, None),
            ("A", None, 7.0, None, None),
            ("A", "x", None, 8.0, None),
        ]

    def test_evidence(self, cells: Any) -> None:
        traced = cells.traced({"ends": [{"sets": [{"id": "S", "counts": {"n": [cell(4)]}}]}]})
        traces = {trace.field: trace.keys for trace in traced.traces}
        assert traces["results.outcomes[0].values[0].group"] == ("ends", 0, "sets", 0, "id")

    def test_without_any_part_of_the_key(self, cells: Any) -> None:
        record = {"ends": [{"arms": [{"counts": {"n": [cell(1), cell(2)]}, "spread": [cell(3)]}]}]}
        assert [value[2:4] for value in self.values(cells.both(record))] == [(1.0, None), (2.0, None), (None, 3.0)]

    @pytest.mark.parametrize(
        "nines", ["9999", " 99999 ", "-999999", "9999.0", "-99999.99", 99999, -9999.0, "99999.000"]
    )
    def test_nines_are_told(self, cells: Any, nines: Any) -> None:
        record = {"ends": [{"title": "T"}, {"arms": [{"id": "A", "counts": {"n": [cell(1), cell(nines, "x")]}}]}]}
        traced = cells.traced(record)
        field = "results.outcomes[1].values[1].value"
        assert traced.told == [(Problem.SENTINEL, field)]
        assert [(one.field, one.kind) for one in traced.missing] == [(field, MissingKind.UNKNOWN)]
        assert self.values(traced.trial) == [("A", None, 1.0, None, None), ("A", "x", None, None, None)]
        assert cells.quick(record) == traced.trial

    @pytest.mark.parametrize("number", ["999", "9999.5", "99990", "19999", "9999.09", ".9999", "99.99", 999.9])
    def test_other_numbers_are_numbers(self, cells: Any, number: Any) -> None:
        trial = cells.both({"ends": [{"arms": [{"id": "A", "counts": {"n": [cell(number)]}}]}]})
        assert self.values(trial) == [("A", None, float(number), None, None)]

    @pytest.mark.parametrize("few", ["999", " 999 ", "-999", "999.0", "999.9", "-999.99", 999, 999.0])
    def test_three_nines_beside_more(self, cells: Any, few: Any) -> None:
        """Where a record has nines that are no value, 999 is a number or one of them; alone it is a number."""
        sets = [{"arms": [{"id": "A", "counts": {"n": [cell(few)]}}]}]
        assert cells.traced({"ends": sets}).told == []
        told = cells.traced({"ends": [*sets, {"arms": [{"id": "B", "counts": {"n": [cell("99999")]}}]}]})
        assert told.told == [
            (Problem.SENTINEL, "results.outcomes[1].values[0].value"),
            (Problem.AMBIGUOUS, "results.outcomes[0].values[0].value"),
        ]
        assert self.values(told.trial)[0][2] == float(few)

    @pytest.mark.parametrize("number", ["99", "998", "1999", "9990", "999.5", "99.9"])
    def test_other_numbers_beside_nines(self, cells: Any, number: str) -> None:
        record = {"ends": [{"arms": [{"id": "A", "counts": {"n": [cell(number), cell("99999", "x")]}}]}]}
        assert cells.traced(record).told == [(Problem.SENTINEL, "results.outcomes[0].values[1].value")]

    def test_nines_beside_a_number(self, cells: Any) -> None:
        """Two cells with one key: the number counts, wherever it stands."""
        for pair in ([cell(9999), cell(5)], [cell(5), cell(9999)]):
            record = {"ends": [{"arms": [{"id": "A", "counts": {"n": pair}}]}]}
            traced = cells.traced(record)
            assert self.values(traced.trial) == [("A", None, 5.0, None, None)]
            # the fast run may leave it to the other
            assert cells.surprises(record) == ("results",) or cells.quick(record) == traced.trial

    def test_many_different_sets_of_sources(self, table: Any) -> None:
        """Items that share no pattern are filled all the same, when as many functions are made as shall be."""
        count = 6
        rows = "\n".join(
            f"condition_codes[] ~ l{number}[] ~ each ~ key=id\ncondition_codes[].{field} ~ l{number}[].v ~ text"
            for number, field in enumerate(("system", "value", "label", "level", "version", "version"))
        )
        lists: dict[str, list[Any]] = {f"l{number}": [] for number in range(count)}
        for present in range(1, 1 << count):
            for number in range(count):
                if present >> number & 1:
                    lists[f"l{number}"].append({"id": str(present), "v": f"v{present}"})
        found = table(rows).both(lists).condition_codes
        assert len(found) == 1 << count - 1  # those with the field that a code cannot be without

    def test_a_text_behind_another(self, table: Any) -> None:
        rows = table("contacts[] ~ p[] ~ each\ncontacts[].phone ~ p[].n ~ text ~ one-line behind=c")
        record = {"p": [{"c": "+99", "n": " 000  1 "}, {"n": "2"}, {"c": "+99"}, {"c": " ", "n": ""}]}
        assert [one.phone for one in rows.both(record).contacts] == ["+99 000 1", "2", "+99"]
