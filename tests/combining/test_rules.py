"""What the rules make of many records: one trial, and what stays of each."""

import itertools
import re
from importlib import resources
from typing import Any

import attrs
import pytest

from tests.combining.made import ONE, TWO, of_country, results
from tests.combining.records import NUMBER, day, measured, past, record, values_of
from tests.counting import some
from trialparse import combine
from trialparse.combining import Combined, by_trial, tools
from trialparse.combining.making import GATHERED, RECORD, WHOLE
from trialparse.combining.parts import leaves, number_of
from trialparse.combining.tables import names, rules_of
from trialparse.combining.verbs import VERBS
from trialparse.diagnostics import DifferentTrials, MalformedDocument, Place, Problem, TrialParseError
from trialparse.model import (
    AgeGroupCount,
    Condition,
    Country,
    Dates,
    Difference,
    Eligibility,
    Enrolment,
    Missing,
    Objective,
    Organisation,
    ResultPosting,
    Results,
    Status,
    Trial,
)
from trialparse.model.evidence import check_field
from trialparse.model.identifiers import identify
from trialparse.model.interventions import Intervention, Substance
from trialparse.model.results import FlowArm, FlowPeriod, Group, Outcome, ParticipantFlow, Value
from trialparse.model.terms import (
    AgeGroup,
    MissingKind,
    ObjectiveKind,
    Phase,
    ProductRole,
    Progress,
    Regulatory,
    Sex,
    TimeUnit,
)
from trialparse.model.values import Coded, Duration, Identifier, Translation
from trialparse.parsing.parsed import Failure


def _flow(arm: str) -> ParticipantFlow:
    return ParticipantFlow(periods=(FlowPeriod(arms=(FlowArm(id=arm, title="Only"),)),))


def _outcome(arm: str) -> Outcome:
    return Outcome(title="O", groups=(Group(id="G", arm=arm),), values=(Value(group="G"),))


class TestOfOneTrial:
    """Records are of one trial if they share the register's own number, and nothing else makes them so."""

    def test_the_country_behind_the_number_does_not_matter(self) -> None:
        numbers = [NUMBER, f"{NUMBER}-DE", f"EUCTR{NUMBER}-Outside-EU/EEA", f"EudraCT Number: {NUMBER}"]

        assert {NUMBER} == {number_of(Trial(id=number)) for number in numbers}

    def test_different_trials_are_named(self) -> None:
        with pytest.raises(DifferentTrials, match=r"2014-002606-20, 2012-003632-23") as raised:
            combine([*TWO, record(Trial(id="2012-003632-23"))])

        assert isinstance(raised.value, TrialParseError)

    def test_a_number_of_ctis_is_that_of_another_register(self) -> None:
        """A EudraCT number that begins as one of CTIS does not exist; if one did, it would be another trial's."""
        assert identify("2023-505613-24-00").scheme == "CTIS"
        with pytest.raises(DifferentTrials):
            combine([record(Trial(id="2023-505613-24-00")), record(Trial(id="2023-005613-24"))])

    def test_a_transitioned_trial_is_linked_and_not_combined(self) -> None:
        moved = Trial(id="2023-505613-24-00", identifiers=(Identifier(scheme="EudraCT", value=NUMBER),))
        with pytest.raises(DifferentTrials):
            combine([record(moved), TWO[0]])

    def test_versions_of_a_trial_of_ctis_share_what_stands_before_the_last_pair(self) -> None:
        assert "2023-505613-24" == combine([record(Trial(id=f"2023-505613-24-0{n}")) for n in range(2)]).trial.id

    def test_a_number_of_another_kind_gives_way_to_a_eudract_number(self) -> None:
        other = Trial(id="LOCAL-1", identifiers=(Identifier(scheme="EudraCT", value=NUMBER),))

        assert NUMBER == number_of(other)

    def test_nothing_shows_what_a_record_without_a_number_is_of(self) -> None:
        with pytest.raises(DifferentTrials, match="record 1 has no number"):
            combine([TWO[0], record(Trial())])
        assert combine([record(Trial())]).trial == Trial()

    def test_no_record_is_no_trial(self) -> None:
        with pytest.raises(ValueError, match="no records"):
            combine([])

    def test_a_record_that_could_not_be_read_raises(self) -> None:
        with pytest.raises(MalformedDocument, match="broken"):
            combine([TWO[0], Failure(index=1, place=Place(path=""), error=MalformedDocument("broken"))])

    def test_rules_have_names(self) -> None:
        with pytest.raises(ValueError, match="trialparse, ctrdata, eu-trials-tracker"):
            combine(TWO, rules="nobody")

    def test_records_of_many_trials_are_parted(self) -> None:
        others = [record(Trial(id="2012-003632-23-DE")), record(Trial()), record(Trial())]

        assert [[*TWO[:2]], [others[0]], [others[1]], [others[2]]] == by_trial(
            [TWO[0], *others[:1], TWO[1], *others[1:]]
        )


class TestTables:
    """Every field has a rule, every rule has a verb, an authority and a field, and every measure can be read."""

    @pytest.mark.parametrize("name", names())
    def test_every_field_has_a_rule(self, name: str) -> None:
        for field in some(leaves(), 100):
            rule = rules_of(name).of(field)
            assert rule.authority
            assert rule.verb in (*VERBS, "each", RECORD, WHOLE)
            assert (rule.verb == "each") == (field in GATHERED) or name != "trialparse"

    def test_every_field_of_the_trial_has_a_row(self) -> None:
        fields: Any = attrs.fields(Trial)
        rows = rules_of("trialparse").fields
        tops = {row.partition(".")[0] for row in rows}

        assert {field.name for field in fields} == tops

    @pytest.mark.parametrize("name", names())
    def test_every_row_has_a_field(self, name: str) -> None:
        tops = {field.partition(".")[0] for field in leaves()}

        assert [] == [row for row in rules_of(name).fields if row not in (*leaves(), *tops, "*")]

    def test_what_is_said_of_a_country_is_a_field_of_it(self) -> None:
        below = {rules_of("trialparse").of(field).country for field in leaves()} - {""}

        assert below
        for field in below:
            check_field(f"countries[0].{field}")

    @pytest.mark.parametrize("name", names()[1:])
    def test_every_measure_reads_fields(self, name: str) -> None:
        """A path that led nowhere would read as silence of all records."""
        checked = 0
        for row in tools._rows(name):
            for reading in row.of:
                for _, path in reading.paths:
                    path = re.sub(r"status\[trial=[\w|]+\]", "status", path)  # a condition on what is no list
                    root, _, rest = re.sub(r"\[(\w+=[\w|]+)?\]", "[0]", path).partition(".")
                    if root == "country":
                        check_field(f"countries[0].{rest}")
                    elif root not in ("record", "trial"):
                        check_field(f"{root}.{rest}" if rest else root)
                    checked += 1
        assert checked

    def test_every_verb_is_used_and_explained(self) -> None:
        tables = resources.files("trialparse.combining") / "rules"
        words = {word for file in tables.iterdir() for word in file.read_text(encoding="utf-8").split()}

        assert [] == [name for name, verb in VERBS.items() if name not in words or not verb.__doc__]


class TestPhases:
    """Phase III in one country and II in another is the set of both, with its spread and who says so."""

    def test_the_set(self) -> None:
        assert {Phase.II, Phase.III, Phase.IV} == combine(TWO).trial.phases

    def test_the_spread(self) -> None:
        said = [(code, {Phase.III}) for code in ("AT", "DE", "ES", "GB")]
        rest = [("IT", {Phase.II}), ("PT", {Phase.III}), ("Outside EU/EEA", {Phase.IV})]

        assert [*said, *rest] == values_of(combine(TWO), "phases")

    def test_the_difference_is_told(self) -> None:
        combined = combine(TWO)
        told = [(one.problem, one.field, one.place.of) for one in combined.diagnostics]

        assert "phases" in combined.differs
        assert (Problem.DIFFERS, "phases", f"{NUMBER} AT") in told

    def test_each_country_keeps_its_own(self) -> None:
        own = {one.code: one.differing for one in combine(TWO).trial.countries}

        assert (Difference(field="phases", value='["II"]'), Difference(field="enrolment.planned", value="150")) == own[
            "IT"
        ]
        assert (Difference(field="phases", value='["III"]'),) == own["DE"]

    def test_a_set_with_an_unread_member_is_none(self) -> None:
        unread = of_country("FR", "Ongoing", missing=(Missing(field="phases", kind=MissingKind.UNREADABLE),))
        trial = combine([TWO[1], unread]).trial

        assert (frozenset(), (Missing(field="phases", kind=MissingKind.UNREADABLE),)) == (
            trial.phases,
            trial.missing[:1],
        )


class TestStatus:
    """A trial runs while it runs in one country, has ended when it has in all that say; results come first."""

    @pytest.mark.parametrize(
        ("words", "progress"),
        [
            (("Ongoing", "Completed"), Progress.ONGOING),
            (("Temporarily Halted", "Completed", None), Progress.HALTED),
            (("Completed", "Prematurely Ended"), Progress.ENDED),
            (("Prematurely Ended", "Prematurely Ended"), Progress.TERMINATED_EARLY),
            (("Completed", None), Progress.ENDED),
            ((None, None), None),
        ],
    )
    def test_over_countries(self, words: tuple[str | None, ...], progress: Progress | None) -> None:
        records = [of_country(code, word) for code, word in zip(("AT", "DE", "ES"), words, strict=False)]

        assert progress is combine(records).trial.status.trial
        assert progress is combine(records[::-1]).trial.status.trial

    def test_results_come_first_and_the_conflict_is_told(self) -> None:
        over = results(status=Status(trial=Progress.ENDED), dates=Dates(global_end=day("2024-05-30")))
        combined = combine([of_country("ES", "Ongoing"), over])
        (conflict,) = [one for one in combined.diagnostics if one.problem is Problem.CONFLICT]

        assert Progress.ENDED is combined.trial.status.trial
        assert [("ES", Progress.ONGOING), (None, Progress.ENDED)] == values_of(combined, "status.trial")
        assert ("status.trial", f"{NUMBER} ES", "ONGOING") == (
            conflict.field,
            conflict.place.of,
            conflict.text,
        )
        assert day("2024-05-30") == combined.trial.dates.global_end
        assert ("results", "union") == (combined.verb("status.trial"), combined.verb("phases"))

    def test_results_from_before_the_end(self) -> None:
        """A trial that had not ended when results were posted may have a later end."""
        before = results(status=Status(trial=Progress.ONGOING))

        assert Progress.ENDED is combine([of_country("ES", "Completed"), before]).trial.status.trial
        assert Progress.ONGOING is combine([before]).trial.status.trial
        assert "precedence" == combine([of_country("ES", "Completed"), before]).verb("status.trial")
        assert "Completed" == measured([of_country("ES", "Completed"), before], "ctrdata")["status"]

    def test_results_that_agree_are_no_conflict(self) -> None:
        over = results(status=Status(trial=Progress.ENDED))

        assert () == combine([of_country("ES", "Completed"), over]).diagnostics

    def test_words_that_differ_stay_with_their_countries(self) -> None:
        combined = combine(TWO)

        assert combined.trial.status.text is None
        assert Missing(field="status.text", kind=MissingKind.DISAGREED) in combined.trial.missing
        assert ["Ongoing", "Not Authorised"] == [combined.trial.countries[index].status.text for index in (0, 4)]

    def test_axes_stand_apart(self) -> None:
        allowed = Country(code="FR", status=Status(regulatory=Regulatory.AUTHORISED))
        refused = Country(code="IT", status=Status(regulatory=Regulatory.NOT_AUTHORISED))
        records = [record(Trial(id=NUMBER, countries=(country,))) for country in (refused, allowed)]

        assert Status(regulatory=Regulatory.AUTHORISED) == combine(records).trial.status

    def test_a_line_of_a_list_speaks_for_its_countries(self) -> None:
        listing = Trial(
            id=NUMBER,
            countries=(
                Country(code="SE", status=Status(text="Completed", trial=Progress.ENDED)),
                Country(code="FR", status=Status(text="Ongoing", trial=Progress.ONGOING)),
            ),
        )
        combined = combine([of_country("SE", "Completed"), record(listing, "listing")])

        assert Progress.ONGOING is combined.trial.status.trial
        assert ["SE", "FR"] == [country.code for country in combined.trial.countries]
        assert {0, 1} == {source.place.part for source in combined.evidence("countries[0]").sources}


class TestCountries:
    """Each record of a country gives a country of its own, and what others merely list completes it."""

    def test_a_third_country_is_kept(self) -> None:
        country = combine(TWO).trial.countries[6]

        assert (None, "Outside EU/EEA", Status()) == (country.code, country.name, country.status)

    def test_the_same_country_twice_is_twice(self) -> None:
        again = of_country("SE", "Completed", "III", acronym="Other")
        combined = combine([of_country("SE", "Completed", "III", acronym="One"), again])

        assert ["SE", "SE"] == [country.code for country in combined.trial.countries]
        assert [f"{NUMBER} SE", f"{NUMBER} SE (2)"] == [*combined.names]
        assert [(), (Difference(field="acronym", value="One"),)] == [one.differing for one in combined.trial.countries]

    def test_results_are_of_no_country(self) -> None:
        """A record of results of a trial in one country lists that country; it is not that country's record."""
        found = results(countries=(Country(code="ES", enrolled=12),))
        combined = combine([of_country("ES", "Completed"), found])

        assert [("ES", "Completed", 12)] == [
            (one.code, one.status.text, one.enrolled) for one in combined.trial.countries
        ]
        assert {0, 1} == {source.place.part for source in combined.evidence("countries[0]").sources}
        assert [f"{NUMBER} ES", f"{NUMBER} results"] == [*combined.names]

    def test_what_contradicts_a_country_is_told(self) -> None:
        """A country is one whatever kinds of record list it; its own record counts, and the difference is reported."""
        found = results(countries=(Country(code="ES", planned=12),))
        combined = combine([of_country("ES", country={"planned": 10}), found])

        assert [10] == [one.planned for one in combined.trial.countries]
        assert [(Problem.DIFFERS, "countries[0].planned", f"{NUMBER} results", "12")] == [
            (one.problem, one.field, one.place.of, one.text) for one in combined.diagnostics
        ]
        assert [10, 12] == [one.value for one in combined.spread("countries[0].planned")]

    def test_the_status_of_the_whole_record_is_that_of_its_country(self) -> None:
        """Registry XML tells the status of the record, and lists all countries in each."""
        places = (Country(code="ES", name="Spain"), Country(code="PT", name="Portugal"))
        spain = Trial(id=f"{NUMBER}-ES", countries=places, status=Status(text="Authorised"))
        portugal = Trial(id=f"{NUMBER}-PT", countries=places, status=Status(text="Not Recruiting"))
        combined = combine([record(spain), record(portugal)])

        assert [("ES", "Authorised"), ("PT", "Not Recruiting")] == [
            (one.code, one.status.text) for one in combined.trial.countries
        ]
        assert f"{NUMBER} PT" == combined.evidence("countries[1].status.text").sources[0].place.of

    def test_no_difference_without_another_record(self) -> None:
        assert all(not country.differing for country in combine(TWO[:1]).trial.countries)


class TestValues:
    """Each rule does what it says, and where records are of one mind there is nothing to tell."""

    def combined(self, *values: dict[str, Any]) -> Combined:
        return combine(
            [of_country(code, None, **value) for code, value in zip(("AT", "DE", "ES"), values, strict=False)]
        )

    def test_numbers_and_dates(self) -> None:
        trial = self.combined(
            {"enrolment": Enrolment(planned=150), "dates": Dates(registered=day("2014-05-02"), end=day("2018"))},
            {"enrolment": Enrolment(planned=250), "dates": Dates(registered=day("2014-05"), end=day("2018-03-01"))},
            {"dates": Dates(registered=day("2014-06-01"), end=day("2017-12-31"))},
        ).trial

        assert 250 == trial.enrolment.planned
        assert (day("2014-05"), day("2018")) == (trial.dates.registered, trial.dates.end)

    def test_ages(self) -> None:
        def ages(low: int, high: int | None, unit: TimeUnit | None = TimeUnit.YEAR) -> dict[str, Any]:
            top = None if high is None else Duration(value=high, unit=TimeUnit.YEAR)
            return {"eligibility": Eligibility(minimum_age=Duration(value=low, unit=unit), maximum_age=top)}

        found = self.combined(ages(18, 65), ages(24, None, TimeUnit.MONTH)).trial.eligibility
        unknown = self.combined(ages(18, 65), ages(12, 70, None)).trial

        assert (Duration(value=24, unit=TimeUnit.MONTH), Duration(value=65, unit=TimeUnit.YEAR)) == (
            found.minimum_age,
            found.maximum_age,
        )
        assert (None, 70) == (unknown.eligibility.minimum_age, unknown.eligibility.maximum_age.value)
        assert Missing(field="eligibility.minimum_age", kind=MissingKind.DISAGREED) in unknown.missing

    @pytest.mark.parametrize(
        ("said", "sex"),
        [((Sex.FEMALE, Sex.ALL), Sex.ALL), ((Sex.FEMALE, Sex.FEMALE), Sex.FEMALE), ((Sex.FEMALE, Sex.MALE), None)],
    )
    def test_sex(self, said: tuple[Sex, ...], sex: Sex | None) -> None:
        assert sex is self.combined(*({"eligibility": Eligibility(sex=one)} for one in said)).trial.eligibility.sex

    def test_yes_if_one_says_yes(self) -> None:
        assert [True, False, None] == [
            self.combined(*({"paediatric_plan": word} for word in words)).trial.paediatric_plan
            for words in ((False, True), (False, None), (None, None))
        ]

    def test_products_of_one_name_complete_each_other(self) -> None:
        plain = Intervention(name="Samplocillin", role=ProductRole.TEST)
        told = Intervention(name="Samplocillin", sponsor_code="S-1", substances=(Substance(name="samplocillin"),))
        other = Intervention(name="Samplocillin", role=ProductRole.COMPARATOR)
        combined = self.combined({"interventions": (plain,)}, {"interventions": (told,)}, {"interventions": (other,)})
        first, second = combined.trial.interventions

        assert (ProductRole.TEST, "S-1", "samplocillin") == (first.role, first.sponsor_code, first.substances[0].name)
        assert other == second
        assert [("AT", "Samplocillin"), ("DE", "Samplocillin")] == values_of(combined, "interventions[0].name")
        assert [("DE", "S-1")] == values_of(combined, "interventions[0].sponsor_code")
        assert [1] == [source.place.part for source in combined.evidence("interventions[0].sponsor_code").sources]

    def test_numbers_of_products_are_left_aside(self) -> None:
        """EudraCT numbers products anew in each country."""
        one, other = Intervention(name="S", number="1"), Intervention(name="S", number="3")
        placebo = (
            Intervention(role=ProductRole.PLACEBO, number="1"),
            Intervention(role=ProductRole.PLACEBO, number="2"),
        )
        trial = self.combined({"interventions": (one, *placebo)}, {"interventions": (placebo[1], other)}).trial

        assert (one, *placebo) == trial.interventions

    def test_a_box_does_not_part_a_product(self) -> None:
        """D.2.5 is ticked once there is a designation: older records say no, and each keeps what it says."""
        plain = {"name": "S", "role": ProductRole.TEST}
        said: tuple[dict[str, Any], ...] = (
            {"orphan": False, "authorised": False},
            {"orphan": True, "orphan_number": "EU/3/99/9301", "authorised": None},
            {"orphan": None, "authorised": False, "paediatric": False},
        )
        combined = self.combined(*({"interventions": (Intervention(**plain, **one),)} for one in said))

        assert (
            Intervention(**plain, orphan=True, orphan_number="EU/3/99/9301", authorised=False, paediatric=False),
        ) == combined.trial.interventions
        assert [False, True] == [value for _, value in values_of(combined, "interventions[0].orphan")]
        assert ["interventions"] == [one.field for country in combined.trial.countries for one in country.differing][:1]

    def test_each_country_has_its_own_authorisation(self) -> None:
        """D.2.1.2 is the country that authorised the product; the first one that is named stays, the others as well."""
        products = [Intervention(name="S", authorisation_country=place) for place in (None, "Austria", "Spain")]
        combined = self.combined(*({"interventions": (one,)} for one in products))

        assert (products[1],) == combined.trial.interventions
        assert ["Austria", "Spain"] == [
            value for _, value in values_of(combined, "interventions[0].authorisation_country")
        ]

    def test_another_form_is_another_product(self) -> None:
        forms = [Coded(term=form, text=form) for form in ("TABLET", "CREAM")]
        products = [Intervention(name="S", orphan=True, form=form) for form in forms]

        assert (*products,) == self.combined(*({"interventions": (one,)} for one in products)).trial.interventions

    def test_texts_in_other_languages_are_joined(self) -> None:
        def said(text: str | None, language: str) -> dict[str, Any]:
            words = (Translation(text=f"words in {language}", language=language),)
            return {"objectives": (Objective(kind=ObjectiveKind.MAIN, text=text, translations=words),)}

        objectives = self.combined(
            said("To compare", "es"), said("to  COMPARE", "pl"), said(None, "el")
        ).trial.objectives

        assert [("To compare", ["es", "pl"]), (None, ["el"])] == [
            (one.text, [two.language for two in one.translations]) for one in objectives
        ]

    def test_many_elements_of_one_name(self) -> None:
        """What a hostile record holds costs no square of its length."""
        lists = [tuple(Intervention(name="S", description=f"{code}{n}") for n in range(1000)) for code in ("AT", "DE")]

        assert 2000 == len(self.combined(*({"interventions": one} for one in lists)).trial.interventions)

    def test_two_products_of_one_record_are_never_one(self) -> None:
        twice = (Intervention(name="Placebo"), Intervention(name="Placebo"))

        assert twice == self.combined({"interventions": twice}, {"interventions": twice[:1]}).trial.interventions

    def test_names_are_the_same_in_whatever_case(self) -> None:
        names = (
            Organisation(name="Some  Hospital", commercial=False),
            Organisation(name="SOME HOSPITAL", city="Ghent"),
        )
        sponsors = self.combined(*({"sponsors": (one,)} for one in names)).trial.sponsors

        assert (Organisation(name="Some  Hospital", commercial=False, city="Ghent"),) == sponsors

    def test_numbers_by_age_complete_each_other(self) -> None:
        plan = of_country("AT", enrolment=Enrolment(by_age=(AgeGroupCount(group=AgeGroup.ADULT, planned=60),)))
        done = results(enrolment=Enrolment(by_age=(AgeGroupCount(group=AgeGroup.ADULT, actual=58),), actual=58))
        enrolment = combine([plan, done]).trial.enrolment

        assert (AgeGroupCount(group=AgeGroup.ADULT, planned=60, actual=58),) == enrolment.by_age
        assert 58 == enrolment.actual

    def test_results_stand_where_the_record_of_results_has_them(self) -> None:
        found = results(results=Results(summary="Found", postings=(ResultPosting(type="final"),)))
        combined = combine([of_country("AT", results=Results(summary="See there", url="u")), found])

        assert ("Found", "u", 1) == (
            combined.trial.results.summary,
            combined.trial.results.url,
            len(combined.trial.results.postings),
        )

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_tables_of_two_documents_are_never_mixed(self, order: tuple[int, int]) -> None:
        """Ids are made afresh for each document, so a group of one leads nowhere among the arms of another."""
        gap = Missing(field="results.outcomes[0].values[0].value", kind=MissingKind.UNKNOWN)
        documents = [
            results(
                results=Results(flow=_flow("Arm-1"), outcomes=(_outcome("Arm-1"),), limitations="L"), missing=(gap,)
            ),
            results(results=Results(flow=_flow("Arm-7"))),
        ]
        combined = combine([of_country("AT"), *(documents[index] for index in order)])
        first = documents[0].trial.results  # it says most
        made = combined.trial.results

        assert (first.flow, first.outcomes, "L") == (made.flow, made.outcomes, made.limitations)
        assert [of.part for of in combined.spread("results.flow")] == [1 + order.index(0), 1 + order.index(1)]
        assert gap in combined.trial.missing
        assert {1 + order.index(0)} == {source.place.part for source in combined.evidence("results.flow").sources}

    def test_a_value_that_another_record_has_is_not_missing(self) -> None:
        gap = Missing(field="acronym", kind=MissingKind.UNKNOWN)

        assert () == self.combined({"missing": (gap,)}, {"acronym": "A"}).trial.missing
        assert (gap,) == self.combined({"missing": (gap,)}, {"missing": (gap,)}).trial.missing

    def test_what_is_missing_follows_its_element(self) -> None:
        gap = Missing(field="interventions[0].form", kind=MissingKind.WITHHELD)
        first, second = Intervention(name="One"), Intervention(name="Two")
        combined = self.combined({"interventions": (first,)}, {"interventions": (second,), "missing": (gap,)})

        assert (Missing(field="interventions[1].form", kind=MissingKind.WITHHELD),) == combined.trial.missing

    def test_records_of_one_mind(self) -> None:
        assert ((), ()) == (combine(ONE[:3]).differs, combine(ONE[:3]).diagnostics)

    def test_the_order_of_a_list_is_no_difference(self) -> None:
        conditions = (Condition(text="A"), Condition(text="B"))

        assert () == self.combined({"conditions": conditions}, {"conditions": conditions[::-1]}).differs


class TestDaysThatAgree:
    """Dates of one day agree if one does not say whether it is planned; what one knows more is kept."""

    @pytest.mark.parametrize("field", ["global_end", "start", "recruitment_end", "published", "end"])
    @pytest.mark.parametrize("turn", [1, -1])
    def test_one_knows_more(self, field: str, turn: int) -> None:
        plain, happened = (Dates(**{field: one}) for one in (day("2019-01-04"), past("2019-01-04")))
        for others in (
            [of_country("AT", dates=plain), results(dates=happened)],
            [of_country("AT", dates=happened), results(dates=plain)],
            [of_country("AT", dates=plain), of_country("DE", dates=happened)],
        ):
            combined = combine(others[::turn])

            assert past("2019-01-04") == getattr(combined.trial.dates, field)
            assert () == combined.differs
            assert not combined.diagnostics
            assert {0, 1} == {one.place.part for one in combined.evidence(f"dates.{field}").sources}

    def test_planned_and_past_are_two(self) -> None:
        planned = attrs.evolve(day("2019-01-04"), estimated=True)
        dates = [Dates(global_end=one) for one in (day("2019-01-04"), planned, past("2019-01-04"))]
        for order in some(itertools.permutations(dates), 6):
            combined = combine(
                [of_country(code, dates=one) for code, one in zip(("AT", "DE", "ES"), order, strict=True)]
            )

            assert ("dates.global_end",) == combined.differs
            assert past("2019-01-04") == combined.trial.dates.global_end

    def test_countries_complete_each_other(self) -> None:
        listed = results(countries=(Country(code="ES", end=past("2019-01-04")),))
        combined = combine([of_country("ES", country={"end": day("2019-01-04")}), listed])

        assert [past("2019-01-04")] == [one.end for one in combined.trial.countries]
