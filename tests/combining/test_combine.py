"""One trial from many records: what the rules make of them, what stays of each, what published tools make of them."""

import datetime
import json
import re
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.combining.records import NUMBER, day, measured, record, values_of
from tests.conftest import few
from trialparse import combine, from_json, overview, published, read, schema, to_json
from trialparse.combining import Combined, by_trial, tools
from trialparse.combining.making import COMPARED, GATHERED, RECORD, WHOLE
from trialparse.combining.origins import Origins
from trialparse.combining.parts import get, is_empty, leaves, number_of
from trialparse.combining.tables import names, rules_of
from trialparse.combining.verbs import VERBS, same
from trialparse.diagnostics import DifferentTrials, MalformedDocument, Place, Problem, TrialParseError
from trialparse.export.json import to_dict
from trialparse.mapping.format import Format
from trialparse.model import (
    AgeGroupCount,
    Condition,
    Country,
    Dates,
    Design,
    Difference,
    Eligibility,
    Enrolment,
    Event,
    Missing,
    Objective,
    Organisation,
    ResultPosting,
    Results,
    Status,
    Trial,
)
from trialparse.model.building import changed
from trialparse.model.evidence import Evidence, check_field
from trialparse.model.identifiers import identify
from trialparse.model.interventions import Intervention, Substance
from trialparse.model.results import FlowArm, FlowPeriod, Group, Outcome, ParticipantFlow, Value
from trialparse.model.terms import (
    AgeGroup,
    EventKind,
    Masking,
    MissingKind,
    ObjectiveKind,
    Phase,
    PhaseDetail,
    PopulationGroup,
    ProductRole,
    Progress,
    Regulatory,
    Sex,
    SponsorRole,
    TimeUnit,
)
from trialparse.model.values import Coded, Duration, Identifier, Translation
from trialparse.pages.sections.versions import bare
from trialparse.pages.tables import differences
from trialparse.parsing.parsed import Failure, Parsed
from trialparse.registries import FORMATS
from trialparse.strategies import documents, trials

PHASES = {"I": Phase.I, "II": Phase.II, "III": Phase.III, "IV": Phase.IV}


PROGRESS = {
    "Ongoing": Progress.ONGOING,
    "Restarted": Progress.ONGOING,
    "Temporarily Halted": Progress.HALTED,
    "Suspended by CA": Progress.SUSPENDED,
    "Completed": Progress.ENDED,
    "Prematurely Ended": Progress.TERMINATED_EARLY,
}


VALIDATOR = jsonschema.Draft202012Validator(schema())


def of_country(code: str | None, status: str | None = None, phases: str = "", **values: Any) -> Parsed:
    """Return the record of a member state as protocols of the EU CTR are read; without a code of a third country."""
    state = Status(text=status, trial=PROGRESS.get(status or ""))
    country = Country(code=code, name=code or "Outside EU/EEA", status=state, **values.pop("country", {}))
    made = {"id": NUMBER, "registry": "EUCTR", "phases": frozenset(PHASES[name] for name in phases.split())}
    return record(Trial(countries=(country,), **made | values))


def results(**values: Any) -> Parsed:
    """Return a record of results."""
    return record(Trial(**{"id": NUMBER, "registry": "EUCTR"} | values), "results")


def _flow(arm: str) -> ParticipantFlow:
    return ParticipantFlow(periods=(FlowPeriod(arms=(FlowArm(id=arm, title="Only"),)),))


def _outcome(arm: str) -> Outcome:
    return Outcome(title="O", groups=(Group(id="G", arm=arm),), values=(Value(group="G"),))


TWO = [
    of_country(None, None, "IV", enrolment=Enrolment(planned=150)),
    of_country("AT", "Ongoing", "III", enrolment=Enrolment(planned=150)),
    of_country("DE", "Ongoing", "III", enrolment=Enrolment(planned=250)),
    of_country("ES", "Ongoing", "III", enrolment=Enrolment(planned=150)),
    of_country("GB", "GB - no longer in EU/EEA", "III", enrolment=Enrolment(planned=150)),
    of_country("PT", "Temporarily Halted", "III", enrolment=Enrolment(planned=250)),
    of_country("IT", "Not Authorised", "II", enrolment=Enrolment(planned=150)),
]
"""Seven records that disagree as those of 2014-002606-20 do."""


ONE = [
    of_country("AT", "Completed", "II"),
    of_country("CZ", "Completed", "II"),
    of_country("DE", "Completed", "II"),
    of_country("ES", "Prematurely Ended", "II III"),
    of_country("GB", "Completed", "II III"),
    of_country("IT", "Completed", "II III"),
    of_country("SE", "Completed", "II III"),
]
"""Seven records that disagree as those of 2012-003632-23 do."""


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
        for field in leaves():
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
        said = [("Outside EU/EEA", {Phase.IV}), *((code, {Phase.III}) for code in ("AT", "DE", "ES", "GB", "PT"))]

        assert [*said, ("IT", {Phase.II})] == values_of(combine(TWO), "phases")

    def test_the_difference_is_told(self) -> None:
        combined = combine(TWO)
        told = [(one.problem, one.field, one.place.of) for one in combined.diagnostics]

        assert "phases" in combined.differs
        assert (Problem.DIFFERS, "phases", f"{NUMBER} Outside EU/EEA") in told

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
        """That a trial had not ended when results were posted says nothing against an end that is told of later."""
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
        assert ["Ongoing", "Not Authorised"] == [combined.trial.countries[index].status.text for index in (1, 6)]

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
        assert [0, 1] == [source.place.part for source in combined.evidence("countries[0]").sources]


class TestCountries:
    """Each record of a country gives a country of its own, and what others merely list completes it."""

    def test_a_third_country_is_kept(self) -> None:
        country = combine(TWO).trial.countries[0]

        assert (None, "Outside EU/EEA", Status()) == (country.code, country.name, country.status)

    def test_the_same_country_twice_is_twice(self) -> None:
        again = of_country("SE", "Completed", "III", acronym="Other")
        combined = combine([of_country("SE", "Completed", "III", acronym="One"), again])

        assert ["SE", "SE"] == [country.code for country in combined.trial.countries]
        assert [f"{NUMBER} SE", f"{NUMBER} SE (2)"] == [*combined.names]
        assert [(), (Difference(field="acronym", value="Other"),)] == [
            one.differing for one in combined.trial.countries
        ]

    def test_results_are_of_no_country(self) -> None:
        """A record of results of a trial in one country lists that country; it is not that country's record."""
        found = results(countries=(Country(code="ES", enrolled=12),))
        combined = combine([of_country("ES", "Completed"), found])

        assert [("ES", "Completed", 12)] == [
            (one.code, one.status.text, one.enrolled) for one in combined.trial.countries
        ]
        assert [0, 1] == [source.place.part for source in combined.evidence("countries[0]").sources]
        assert [f"{NUMBER} ES", f"{NUMBER} results"] == [*combined.names]

    def test_what_contradicts_a_country_stands_beside_it(self) -> None:
        found = results(countries=(Country(code="ES", planned=12),))
        combined = combine([of_country("ES", country={"planned": 10}), found])

        assert [10, 12] == [one.planned for one in combined.trial.countries]

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
        first = documents[order[0]].trial.results
        made = combined.trial.results

        assert (first.flow, first.outcomes, "L") == (made.flow, made.outcomes, made.limitations)
        assert [of.part for of in combined.spread("results.flow")] == [1, 2]
        assert (gap in combined.trial.missing) == (order == (0, 1))
        assert {1} == {source.place.part for source in combined.evidence("results.flow").sources}

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


class TestAnswers:
    """A Combined answers as a Parsed does, and names record and place."""

    def test_evidence(self) -> None:
        found = combine(TWO).evidence("phases")

        assert [f"{NUMBER} Outside EU/EEA: /phases", f"{NUMBER} AT: /phases"] == [
            str(source.place) for source in found.sources[:2]
        ]
        assert [*range(7)] == [source.place.part for source in found.sources]
        rule = combine(TWO).rule("phases")
        assert f"{rule.name} table.tsv:1" == found.row
        assert ("union", True) == (rule.verb, rule.name.startswith("trialparse.tsv:"))

    def test_evidence_holds_only_those_who_say_so(self) -> None:
        assert ["250", "250"] == [source.text for source in combine(TWO).evidence("enrolment.planned").sources]

    def test_evidence_of_a_difference_is_that_of_its_record(self) -> None:
        combined = combine(TWO)
        sources = combined.evidence("countries[6].differing[0]").sources

        assert [(f"{NUMBER} IT: /phases", str(TWO[6].trial.phases))] == [(str(one.place), one.text) for one in sources]

    def test_a_field_that_the_model_does_not_have(self) -> None:
        for ask in (combine(TWO).evidence, combine(TWO).spread, combine(TWO).rule):
            with pytest.raises(ValueError, match="has no field"):
                ask("phase")

    def test_a_field_that_nobody_speaks_of(self) -> None:
        assert Evidence(field="acronym") == combine(TWO).evidence("acronym")
        assert () == combine(TWO).spread("acronym")

    def test_spread_of_what_holds_several_fields(self) -> None:
        assert 7 == len(combine(TWO).spread("enrolment"))
        assert [("AT", "AT")] == values_of(combine(TWO), "countries[1].code")
        assert f"{NUMBER} AT" == combine(TWO).spread("countries[1].code")[0].evidence().sources[0].place.of

    def test_json(self) -> None:
        combined = combine(TWO)
        whole = json.loads(combined.to_json())

        assert ("combined", "trialparse") == (whole["format"], whole["rules"])
        assert {"name": f"{NUMBER} AT", "country": "AT", "format": "test-protocol"} == whole["records"][1]
        assert {"record": 6, "country": "IT", "field": "phases", "value": ["II"]} == whole["spread"]["phases"][6]
        assert combined.trial == from_json(json.dumps(whole["trial"]))
        assert {"path": "/phases", "of": f"{NUMBER} IT", "part": 6} == whole["evidence"]["phases"]["sources"][6][
            "place"
        ]
        VALIDATOR.validate(whole["trial"])
        assert "evidence" not in json.loads(combined.to_json(evidence=False))

    def test_repr(self) -> None:
        assert f"<Combined '{NUMBER} AT', 2 records by mdr>" == repr(combine(TWO[1:3], rules="mdr"))
        assert "<Spread IT" in repr(combine(TWO).spread("phases"))

    def test_audit(self, fixtures: Path) -> None:
        records = [one for one in read(fixtures / "euctr" / "countries.xml") if isinstance(one, Parsed)]
        audits = [one.audit() for one in records]

        assert sum(one.leaves for one in audits) == combine(records).audit().leaves
        assert {} == combine(records).audit().unmapped

    def test_records_that_were_not_kept(self, fixtures: Path) -> None:
        first, *_ = read(fixtures / "euctr" / "registry.xml", keep_raw=False)
        combined = combine([first, of_country_xml(fixtures, "DE", ("(Phase III): yes", "(Phase III): no"))])

        assert [Problem.DIFFERS] == list({one.problem for one in combined.diagnostics if one.field == "phases"})
        with pytest.raises(ValueError, match="keep_raw"):
            combined.evidence("phases")


class TestOrigins:
    """A field is from where it, what holds it and what lies below it are from; not from where its neighbours are."""

    def test_what_lies_below(self) -> None:
        origins = Origins()
        for number, path in enumerate(("a[10].b", "a[2]", "ab", "a.c", "a", "a[2].d", "aa[0]")):
            origins.add(path, [(number, path)])

        assert [4, 0, 1, 3, 5] == [index for index, _ in origins.there("a")]
        assert [(1, "a[2]"), (5, "a[2].d")] == origins.there("a[2]")
        origins.add("a[2].e", [(9, "x")])
        assert [(1, "a[2]"), (5, "a[2].d"), (9, "x")] == origins.there("a[2]")


class TestOverview:
    """The page of several records says what they do not agree on, who says what, and what it goes by itself."""

    def told(self, records: list[Parsed], **options: Any) -> str:
        text = " ".join(overview(combine(records, **options)).partition("*****")[0].split())
        return re.sub(r" (\[\d+\])+", "", text)

    def test_differences(self) -> None:
        text = self.told([*TWO, results(status=Status(trial=Progress.ENDED))])

        assert "This page is made from 8 records of one trial in the older EU register EudraCT." in text
        assert (
            "There are records of countries outside of the EEA, Austria, Germany, Spain, the United Kingdom, Portugal"
            " and Italy. 1 record tells what was found. Each country keeps a record of its own on a trial." in text
        )
        assert (
            "The records do not agree on the phase. This page takes all of them: "
            "- phase 3: Austria, Germany, Spain, the United Kingdom and Portugal "
            "- phase 4: countries outside of the EEA - phase 2: Italy" in text
        )
        assert (
            "The records do not agree on how far the trial has come. "
            "This page takes what the record of results says, for it is about all countries: "
            "- running: Austria, Germany and Spain "
            "- halted: Portugal - ended: the record of results" in text
        )
        assert "on how many people are planned in all. This page takes the highest: - 150:" in text

    def test_records_without_number_or_register(self) -> None:
        assert "This page is made from 1 record of one trial." in self.told([record(Trial(phases=frozenset()))])

    def test_countries_without_code(self) -> None:
        """What a register calls a country stays a quote, also where it has two records."""
        here = (Country(name="Ruritania"),)
        records = [record(Trial(id=NUMBER, countries=here, acronym=name)) for name in "ab"]

        assert "There are records of “Ruritania” (2 records)." in self.told(records)

    def test_status_by_country(self) -> None:
        text = self.told(TWO)

        assert "- Austria: running - Germany: running - Spain: running - the United Kingdom: “GB - no longer" in text
        assert "This page counts it as running as long as it runs in one country: - running: Austria" in text

    def test_texts_and_lists(self) -> None:
        records = [of_country(code, None, acronym=code, conditions=(Condition(text=code),)) for code in ("AT", "DE")]

        assert (
            "The records also differ in the words or entries on these: - the short name: 2 versions (Austria; Germany) "
            "- the condition: 2 versions (Austria; Germany)" in self.told(records)
        )

    def test_many_countries(self) -> None:
        codes = "AT BE BG HR CY CZ DK EE".split()
        text = self.told([of_country(code, None, "III") for code in codes] + [of_country("SE", None, "II")])

        assert "- phase 3: Austria, Belgium, Bulgaria, Croatia, Cyprus and 3 more - phase 2: Sweden" in text

    def test_notes_name_the_record(self) -> None:
        assert f"{NUMBER} IT: /phases:" in " ".join(overview(combine(TWO)).split())

    def test_other_rules(self) -> None:
        text = self.told(TWO, rules="ctrdata")

        assert "Where they differ, this page does as the tool ctrdata does." in text
        assert "The records do not agree on the phase. Of these, this page takes phase 3: - phase 3: Austria" in text
        assert "how far the trial has come. Of these, this page takes halted: -" in self.told(TWO, rules="machado-t")

    def test_records_of_one_mind(self) -> None:
        assert "Where the records differ" not in overview(combine(ONE[:3]))


class TestPublished:
    """Published rules give what their tools are known to give (their known gaps among it)."""

    def test_trial_one(self) -> None:
        """2012-003632-23: three tools, three answers."""
        tracker = measured(ONE, "eu-trials-tracker")

        assert (2, 1, 1) == (tracker["phase"], tracker["trial_status"], tracker["any_terminated"])
        assert {"status": "Prematurely Ended"} == measured(ONE, "machado-t")
        assert "phase 2" == measured(ONE, "ctrdata")["phase"]
        assert "phase 2+3" == measured(ONE[3:], "ctrdata")["phase"]
        over = results(status=Status(trial=Progress.ENDED))
        assert ["completed", "completed"] == [
            measured([*records, over], "ctrdata")["status_class"] for records in (ONE, ONE[3:4])
        ]
        assert "ended early" == measured(ONE[3:4], "ctrdata")["status_class"]

    def test_trial_two(self) -> None:
        """2014-002606-20: discordant, 3, Ongoing, Temporarily Halted."""
        tracker = measured(TWO, "eu-trials-tracker")

        assert (0, 3) == (tracker["phase"], tracker["trial_status"])
        assert {"status": "Ongoing"} == measured(TWO, "mdr")
        assert {"status": "Temporarily Halted"} == measured(TWO, "machado-t")

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (("Ongoing", "Restarted"), 0),
            (("Completed", "Prematurely Ended"), 1),
            (("Completed", "Ongoing"), 2),
            (("Suspended by CA", "Ongoing"), 3),
            ((None, None), 4),
            (("Ongoing", None), 3),
            (("Completed", "GB - no longer in EU/EEA"), 2),
            (("Trial now transitioned", "Trial now transitioned"), 3),
        ],
    )
    def test_status_of_the_tracker(self, words: tuple[str | None, ...], status: int) -> None:
        records = [of_country(code, word) for code, word in zip(("AT", "DE"), words, strict=True)]

        assert status == measured(records, "eu-trials-tracker")["trial_status"]

    @pytest.mark.parametrize(
        ("phases", "end", "plan", "due"),
        [
            ("III", "2018-06-01", False, 1),
            ("III", "2019-06-01", False, 0),
            ("I", "2018-06-01", False, 0),
            ("I", "2018-06-01", True, 1),
        ],
    )
    def test_results_that_are_due(self, phases: str, end: str, plan: bool, due: int) -> None:
        dates = [Dates(global_end=day(end)), Dates(global_end=day("2017-01-01"))]
        records = [
            of_country(code, "Completed", phases, dates=date, paediatric_plan=plan)
            for code, date in zip(("AT", "DE"), dates, strict=True)
        ]
        tracker = measured(records, "eu-trials-tracker", datetime.date(2020, 2, 29))

        assert (due, day(end), day("2017-01-01")) == (
            tracker["results_expected"],
            tracker["max_end_date"],
            tracker["min_end_date"],
        )
        assert None is measured(records, "eu-trials-tracker")["results_expected"]

    def test_a_line_of_a_list_is_as_many_records_as_it_has_countries(self) -> None:
        countries = [
            Country(code=code, status=Status(text=word)) for code, word in (("SE", "Completed"), ("FR", "Ongoing"))
        ]
        listing = record(Trial(id=NUMBER, countries=(*countries, Country(name="Outside EU/EEA"))), "listing")
        alone, beside = measured([listing], "eu-trials-tracker"), measured([listing, ONE[0]], "eu-trials-tracker")

        assert (3, 2) == (alone["number_of_countries"], alone["trial_status"])
        assert (1, 1) == (beside["number_of_countries"], beside["trial_status"])

    def test_a_sponsor_of_no_stated_kind_is_counted(self) -> None:
        """All commercial is 1; one of which it is not said makes it 2. Of those who support no kind is asked (B.4)."""
        support = Organisation(name="S", role=SponsorRole.SUPPORT)
        sponsors = (
            Organisation(name="A", commercial=True, role=SponsorRole.PRIMARY),
            Organisation(name="B", role=SponsorRole.CO_SPONSOR),
        )

        assert [1, 2, 3] == [
            measured([of_country("AT", sponsors=(*some, support))], "eu-trials-tracker")["sponsor_status"]
            for some in (sponsors[:1], sponsors, sponsors[1:])
        ]

    def test_yes_no_and_discordant(self) -> None:
        def protocol(code: str, rare: bool, healthy: bool) -> Parsed:
            groups = {PopulationGroup.PATIENTS, *([PopulationGroup.HEALTHY_VOLUNTEERS] if healthy else [])}
            return of_country(
                code,
                conditions=(Condition(rare=rare),),
                eligibility=Eligibility(populations=frozenset(groups)),
                design=Design(masking=frozenset({Masking.SINGLE})),
                phase_detail=frozenset({PhaseDetail.BIOEQUIVALENCE} if rare else ()),
                sponsors=(Organisation(role=SponsorRole.PRIMARY, commercial=rare),),
                scientific_title=f"{code} title" * 50,
            )

        tracker = measured([protocol("DE", True, False), protocol("AT", False, False)], "eu-trials-tracker")

        assert [2, 0, 1, 2, 2] == [
            tracker[name]
            for name in ("rare_disease", "healthy_volunteers", "single_blind", "bioequivalence", "sponsor_status")
        ]
        assert ("AT title" * 50)[:200] == tracker["trial_title"]
        assert (2, 0) == (tracker["number_of_countries"], tracker["has_results"])
        assert 1 == measured([protocol("DE", True, True), results()], "eu-trials-tracker")["has_results"]

    def test_the_record_that_stands_for_the_trial(self) -> None:
        def chosen(*codes: str | None) -> str:
            name: str = measured([of_country(code) for code in codes], "ctrdata")["unique_record"]
            return name.removeprefix(NUMBER).strip()

        assert ["BE", "AT", "AT", "GB", "Outside EU/EEA"] == [
            chosen("AT", "BE"),
            chosen("AT", "DE"),
            chosen("GB", "AT"),
            chosen(None, "GB"),
            chosen(None),
        ]

    def test_numbers_of_ctrdata(self) -> None:
        ages = {AgeGroup.UNDER_18: 5, AgeGroup.CHILD: 3, AgeGroup.ADULT: 60, AgeGroup.ELDERLY: 10}
        by_age = tuple(AgeGroupCount(group=group, planned=number) for group, number in ages.items())
        events = (Event(kind=EventKind.ETHICS_OPINION, date=day("2015-03-20")),)
        protocol = of_country(
            "AT",
            "Suspended by CA",
            "III IV",
            enrolment=Enrolment(planned=200, by_age=by_age),
            country={"first_decision": day("2015-03-01"), "events": events},
            sponsors=(
                Organisation(role=SponsorRole.PRIMARY, commercial=True),
                Organisation(role=SponsorRole.CO_SPONSOR, commercial=False),
                Organisation(role=SponsorRole.SUPPORT),
            ),
        )
        counted = results(
            countries=(Country(code="AT", enrolled=20), Country(code="US", enrolled=30)),
            dates=Dates(recruitment_start=day("2015-04")),
        )
        before, after = measured([protocol], "ctrdata"), measured([protocol, counted], "ctrdata")

        assert (75, day("2015-03-20"), "no") == (before["sample_size"], before["start_date"], before["has_results"])
        assert (50, day("2015-04-15"), "yes") == (after["sample_size"], after["start_date"], after["has_results"])
        assert ("Suspended by CA", None) == (before["status"], before["status_class"])
        assert ("phase 3", "mixed") == (before["phase"], before["sponsor_type"])

    def test_opentrials(self) -> None:
        protocol = of_country(
            "AT", "Suspended by CA", enrolment=Enrolment(planned=7), dates=Dates(global_end=day("2018"))
        )

        assert {
            "id": f"EUCTR{NUMBER}",
            "status": "suspended",
            "recruitment_status": None,
            "completion_date": day("2018"),
            "target_size": 7,
        } == measured([protocol], "opentrials")
        assert None is measured(TWO[4:], "opentrials")["status"]

    def test_a_status_that_mdr_takes_for_none(self) -> None:
        assert {"status": "Completed"} == measured([ONE[3], ONE[0], TWO[4]], "mdr")
        assert {"status": "Unknown"} == measured([TWO[4]], "machado-t")

    def test_trials_by_published_rules(self) -> None:
        found = {name: combine(TWO, rules=name).trial for name in names()}

        assert {
            "trialparse": ({Phase.II, Phase.III, Phase.IV}, Progress.ONGOING, 250),
            "ctrdata": ({Phase.III}, Progress.ONGOING, 150),
            "eu-trials-tracker": (set(), Progress.ONGOING, 250),
            "machado-t": ({Phase.II, Phase.III, Phase.IV}, Progress.HALTED, 250),
            "mdr": ({Phase.IV}, Progress.ONGOING, 150),
            "opentrials": ({Phase.IV}, None, 150),
        } == {name: (set(one.phases), one.status.trial, one.enrolment.planned) for name, one in found.items()}
        assert {Phase.II} == combine(ONE, rules="eu-trials-tracker").trial.phases

    def test_sources_and_rules(self) -> None:
        measure = published(combine(TWO), "eu-trials-tracker")["trial_status"]

        assert [("AT", "Ongoing"), ("DE", "Ongoing")] == [(one.country, one.value) for one in measure.sources[:2]]
        assert 6 == len(measure.sources)
        assert measure.row.startswith("eu_trials_tracker.tsv:")
        assert "Running 0" in measure.rule

    def test_names(self) -> None:
        for name in ("trialparse", "nobody"):
            with pytest.raises(ValueError, match="ctrdata, eu-trials-tracker"):
                published(combine(TWO), name)


# laws ---------------------------------------------------------------------------------------------------------------

COUNTRIES = [*(Country(code=code, name=code) for code in ("DE", "ES", "IT")), Country(name="Outside EU/EEA")]


MANY = st.lists(st.tuples(trials(), st.sampled_from(COUNTRIES), st.booleans()), min_size=1, max_size=4)


def drawn(parts: list[tuple[Trial, Country, bool]]) -> list[Parsed]:
    """Return records of one trial: any trials, made those of countries or of results."""
    return [
        record(
            changed(trial, id=NUMBER, countries=() if is_results else (country,)),
            "results" if is_results else "protocol",
        )
        for trial, country, is_results in parts
    ]


class TestLaws:
    """What holds of any records of one trial."""

    @given(trials())
    def test_one_record_changes_nothing_but_what_is_said_by_country(self, trial: Trial) -> None:
        combined = combine([record(trial)])
        by_country = {field for field in leaves() if rules_of("trialparse").of(field).country}

        for field in set(leaves()) - by_country - {"countries"}:
            assert get(trial, field) == get(combined.trial, field), field
        assert ((), ()) == (combined.diagnostics, combined.differs) or by_country.issuperset(combined.differs)

    @given(MANY)
    def test_a_combined_trial_is_a_trial(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        trial = combine(drawn(parts)).trial

        assert trial == from_json(to_json(trial))
        VALIDATOR.validate(json.loads(to_json(trial)))

    @given(MANY, st.sampled_from(["text", "markdown", "html"]), st.sampled_from(names()))
    def test_any_records_have_a_page(self, parts: list[tuple[Trial, Country, bool]], form: Any, rules: str) -> None:
        """Whatever records say, and by whatever rules, there is a page of all of them together."""
        records = drawn(parts)
        number = f"{len(records)} record{'s' * (len(records) > 1)}"

        assert f"made from {number} of one trial" in " ".join(
            overview(combine(records, rules=rules), format=form).split()
        )

    @given(MANY, st.randoms(use_true_random=False))
    def test_order_changes_what_depends_on_it(self, parts: list[tuple[Trial, Country, bool]], random: Any) -> None:
        records = drawn(parts)
        combined, again = combine(records), combine(random.sample(records, len(records)))
        for field in COMPARED:
            rule = combined.rule(field)
            value, other = get(combined.trial, field), get(again.trial, field)
            if "first" in (rule.verb, *rule.argument) or rule.verb == "merge":
                continue
            assert Counter(value) == Counter(other) if isinstance(value, tuple) else value == other, field
        assert {*combined.differs} == {*again.differs}

    @given(MANY)
    def test_each_value_of_a_spread_stands_in_its_record(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        combined = combine(drawn(parts))
        for field in COMPARED:
            for one in combined.spread(field):
                assert one.value == get(combined.records[one.part].trial, one.field)
                assert one.record is combined.records[one.part]
            if not rules_of("trialparse").of(field).country:
                speakers = [index for index, one in enumerate(combined.records) if not is_empty(get(one.trial, field))]
                assert speakers == [one.part for one in combined.spread(field)]

    @given(MANY, st.data())
    def test_a_record_twice_says_nothing_new(
        self, parts: list[tuple[Trial, Country, bool]], data: st.DataObject
    ) -> None:
        records = drawn(parts)
        again = data.draw(st.sampled_from(records))
        once, twice = combine(records), combine([*records, again])

        assert once.trial == twice.trial
        assert [*once.records, again] == [*twice.records]

    @given(MANY)
    def test_nothing_of_a_country_is_lost(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        combined = combine(drawn(parts))
        for index, country in combined._own_countries.items():
            differing = {one.field: one.value for one in country.differing}
            for field in COMPARED:
                value = get(combined.records[index].trial, field)
                kept = is_empty(value) or same(value, get(combined.trial, field)) or field in differing
                assert kept or get(country, combined.rule(field).country) == value, field

    @given(MANY, st.sampled_from(names()))
    def test_no_rules_fail(self, parts: list[tuple[Trial, Country, bool]], name: str) -> None:
        combined = combine(drawn(parts), rules=name)

        assert combined.trial == from_json(to_json(combined.trial))
        if name != "trialparse":
            assert published(combined, name, as_of=datetime.date(2024, 2, 29))

    @given(MANY)
    def test_every_page_can_be_written(self, parts: list[tuple[Trial, Country, bool]]) -> None:
        combined = combine(drawn(parts))
        text = overview(combined)

        shown = [field for field in combined.differs if field in differences() and unlike(combined, field)]
        assert ("Where the records differ" in text) == bool(shown)

    def test_what_the_page_tells_is_compared(self) -> None:
        assert {*differences()} <= {*COMPARED}


def unlike(combined: Combined, field: str) -> bool:
    """Whether records differ in more than numbers and translations, which the page leaves aside."""
    values = [one.value for one in combined.spread(field)]
    forms = [frozenset(Counter(map(bare, one)).items()) if isinstance(one, tuple) else one for one in values]
    return any(one != forms[0] for one in forms)


class TestAnyFormat:
    """A record of any format, and two of them, answer together as one does alone."""

    @pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
    @few
    @given(data=st.data())
    def test_documents(self, format: Format, data: st.DataObject) -> None:
        documents_read = [list(read(data.draw(documents(format)).data)) for _ in range(2)]
        found = [one for records in documents_read for one in records if isinstance(one, Parsed)]
        one, *others = [combine(group) for group in by_trial(found)]
        own, whole = one.records[0].evidence(), one.evidence()

        assert len(found) == sum(len(combined.records) for combined in (one, *others))
        if len(one.records) == 1:
            assert own.keys() <= whole.keys()
            assert all(
                [(source.place.path, source.text) for source in own[field].sources]
                == [(source.place.path, source.text) for source in whole[field].sources]
                for field in own
            )
        for combined in (one, *others):
            VALIDATOR.validate(json.loads(combined.to_json())["trial"])
            assert overview(combined)
            assert all(published(combined, name) for name in names()[1:])


# records of a register ----------------------------------------------------------------------------------------------


def of_country_xml(fixtures: Path, code: str, *changes: tuple[str, str]) -> Parsed:
    """Return the first trial of the fixture as the record of another country."""
    text = (fixtures / "euctr" / "registry.xml").read_text(encoding="utf-8")
    text = text[: text.index("</trial>")] + "</trial></trials>"
    for old, new in (("2015-099120-36-ES", f"2015-099120-36-{code}"), *changes):
        assert old in text
        text = text.replace(old, new)
    (found,) = read(text.encode())
    assert isinstance(found, Parsed)
    return found


@pytest.fixture
def exported(fixtures: Path) -> Combined:
    """Return three exports of one trial."""
    return combine(
        [
            of_country_xml(fixtures, "ES"),
            of_country_xml(
                fixtures,
                "DE",
                ("(Phase III): yes", "(Phase III): no"),
                ("<target_size>240", "<target_size>260"),
                (">Not Recruiting<", ">Authorised-recruitment may be ongoing or finished<"),
                ("<country2>Italy", "<country2>Germany"),
            ),
            of_country_xml(fixtures, "Outside-EU/EEA", (">Not Recruiting<", ">NA<")),
        ]
    )


GERMANY, SPAIN, THIRD = "2017-099140-40 DE", "2017-099140-40 ES", "2017-099140-40 Outside EU/EEA"


CREAM = {"term": "CREAM", "text": "Cream"}


PLAIN = '[{"name":"Provastatin","form":{"term":"CREAM","text":"Cream"}}]'


EXPECTED = {
    "id": "2017-099140-40",
    "registry": "EUCTR",
    "identifiers": [
        {"scheme": "EudraCT", "value": "2017-099140-40", "check": True},
        {"scheme": "protocol", "value": "PRV-17"},
    ],
    "public_title": "Provastatin cream for sample rash",
    "scientific_title": "A randomised, double-blind trial of provastatin against placebo in people with sample rash",
    "acronym": "RASH",
    "url": "https://euctr.example.org/search?query=2017-099140-40",
    "objectives": [{"kind": "MAIN", "text": "To compare the skin score at week 12."}],
    "study_type": "INTERVENTIONAL",
    "design": {
        "text": "Controlled: yes\nRandomised: yes\nOpen: no\nSingle blind: no\nDouble blind: yes\nParallel group: yes\n"
        "Cross over: no\nOther: no",
        "allocation": ["RANDOMISED"],
        "masking": ["DOUBLE"],
    },
    "phases": ["II", "III"],
    "status": {"regulatory": "AUTHORISED"},
    "countries": [
        {
            "code": "DE",
            "name": "Germany",
            "status": {"regulatory": "AUTHORISED", "text": "Authorised-recruitment may be ongoing or finished"},
            "first_decision": {"year": 2017, "month": 5, "day": 15},
            "differing": [
                {"field": "phases", "value": '["III"]'},
                {"field": "interventions", "value": PLAIN},
                {"field": "enrolment.planned", "value": "120"},
                {"field": "dates.registered", "value": '{"year":2017,"month":3,"day":2}'},
            ],
        },
        {"code": "SE", "name": "Sweden"},
        {
            "code": "ES",
            "name": "Spain",
            "status": {"text": "Not Recruiting"},
            "first_decision": {"year": 2017, "month": 6, "day": 1},
            "end": {"year": 2019, "month": 9, "day": 30},
            "differing": [
                {"field": "public_title", "value": "Crema de provastatina para la erupción de muestra"},
                {"field": "acronym", "value": "RASH-ES"},
            ],
        },
        {"code": "CL", "name": "Chile"},
        {
            "name": "Outside EU/EEA",
            "status": {"text": "NA"},
            "end": {"year": 2019, "month": 10, "day": 31},
            "differing": [
                {"field": "phases", "value": '["III"]'},
                {"field": "interventions", "value": PLAIN},
                {"field": "eligibility.sex", "value": "FEMALE"},
                {"field": "enrolment.planned", "value": "120"},
                {"field": "dates.registered", "value": '{"year":2018,"month":1,"day":11}'},
            ],
        },
    ],
    "conditions": [{"text": "Sample rash"}],
    "interventions": [{"name": "Provastatin", "sponsor_code": "PRV-1", "form": CREAM}],
    "endpoints": [{"kind": "PRIMARY", "text": "Skin score at week 12"}],
    "eligibility": {
        "sex": "ALL",
        "age_groups": ["ADULT", "ELDERLY"],
        "criteria": [{"kind": "INCLUSION", "text": "1. Sample rash for more than six weeks."}],
    },
    "enrolment": {"planned": 150},
    "dates": {
        "registered": {"year": 2017, "month": 2, "day": 20},
        "decision": {"year": 2017, "month": 5, "day": 15},
        "end": {"year": 2019, "month": 10, "day": 31},
    },
    "sponsors": [{"name": "Exempel Läkemedel AB", "role": "PRIMARY"}],
    "missing": [{"field": "status.text", "kind": "DISAGREED"}],
}
"""What the three records of fixtures/euctr/countries.xml come to, typed from the XML and the table of rules."""


class TestFixture:
    """Three exports of one trial, value by value."""

    @pytest.fixture
    def combined(self, fixtures: Path) -> Combined:
        return combine(read(fixtures / "euctr" / "countries.xml"))

    def test_the_trial(self, combined: Combined) -> None:
        assert EXPECTED == to_dict(combined.trial)

    def test_what_differs(self, combined: Combined) -> None:
        assert (GERMANY, SPAIN, THIRD) == combined.names
        assert (
            "public_title",
            "acronym",
            "phases",
            "status.text",
            "interventions",
            "eligibility.sex",
            "enrolment.planned",
            "dates.registered",
            "dates.decision",
            "dates.end",
        ) == combined.differs

    @pytest.mark.parametrize(
        ("field", "spread"),
        [
            ("phases", [("DE", {Phase.III}), ("ES", {Phase.II, Phase.III}), ("Outside EU/EEA", {Phase.III})]),
            ("enrolment.planned", [("DE", 120), ("ES", 150), ("Outside EU/EEA", 120)]),
            ("dates.end", [("ES", day("2019-09-30")), ("Outside EU/EEA", day("2019-10-31"))]),
            ("status.regulatory", [("DE", Regulatory.AUTHORISED)]),
            ("eligibility.sex", [("DE", Sex.ALL), ("ES", Sex.ALL), ("Outside EU/EEA", Sex.FEMALE)]),
            ("interventions[0].sponsor_code", [("ES", "PRV-1")]),
        ],
    )
    def test_spread(self, combined: Combined, field: str, spread: list[tuple[str, Any]]) -> None:
        assert spread == values_of(combined, field)

    @pytest.mark.parametrize(
        ("field", "places"),
        [
            ("phases", [f"{GERMANY}: /trials/trial[1]/main/phase", f"{SPAIN}: record 1 /trials/trial[2]/main/phase"]),
            ("enrolment.planned", [f"{SPAIN}: record 1 /trials/trial[2]/main/target_size"]),
            ("dates.end", [f"{THIRD}: record 2 /trials/trial[3]/main/results_date_completed"]),
            ("countries[0].status.text", [f"{GERMANY}: /trials/trial[1]/main/recruitment_status"]),
            ("countries[1].code", [f"{GERMANY}: /trials/trial[1]/countries/country2[2]"]),
            ("countries[4].name", [f"{THIRD}: record 2 /trials/trial[3]/main/trial_id"]),
            ("countries[4].differing[2].value", [f"{THIRD}: record 2 /trials/trial[3]/criteria/gender"]),
        ],
    )
    def test_places(self, combined: Combined, field: str, places: list[str]) -> None:
        assert places == [*dict.fromkeys(str(one.place) for one in combined.evidence(field).sources)][: len(places)]

    def test_diagnostics(self, combined: Combined) -> None:
        told = [(one.problem, one.field, one.place.part) for one in combined.diagnostics]

        assert [*combined.differs] == [field for _, field, _ in told]
        assert {Problem.DIFFERS} == {problem for problem, _, _ in told}
        assert (Problem.DIFFERS, "enrolment.planned", 0) in told


class TestExports:
    """Records of a format are combined with all that they are: places, words, diagnostics."""

    def test_the_trial(self, exported: Combined) -> None:
        trial = exported.trial

        assert ("2015-099120-36", {Phase.II, Phase.III}, 260) == (trial.id, trial.phases, trial.enrolment.planned)
        assert [
            ("ES", "Not Recruiting"),
            ("PT", None),
            ("IT", None),
            ("DE", "Authorised-recruitment may be ongoing or finished"),
            (None, "NA"),
        ] == [(one.code, one.status.text) for one in trial.countries]
        assert (Difference(field="phases", value='["II"]'),) == trial.countries[3].differing
        assert ("phases", "status.text", "enrolment.planned") == exported.differs

    def test_evidence_is_truthful(self, exported: Combined) -> None:
        evidence = exported.evidence()
        trees = [etree.fromstring(one.raw) for one in exported.records]

        assert {"phases", "countries[3].status.text", "countries[3].differing[0].value"} <= {*evidence}
        for field, found in evidence.items():
            assert {*found.sources} <= {*exported.evidence(field).sources}
            for source in found.sources:
                path = re.sub(r"^/trials/trial\[1\]", ".", source.place.path)
                (element,) = trees[source.place.part].xpath(path)
                words = " ".join("".join(element.itertext()).split())
                assert " ".join(source.text.split()) in words

    def test_the_evidence_of_one_record_is_its_own(self, exported: Combined) -> None:
        record = exported.records[0]
        own, combined = record.evidence(), combine([record]).evidence()

        assert own.keys() <= combined.keys()
        for field, found in own.items():
            places = [(source.place.path, source.text) for source in found.sources]
            assert places == [(source.place.path, source.text) for source in combined[field].sources]

    def test_pages(self, exported: Combined) -> None:
        text = " ".join(overview(exported).split())

        assert "The records do not agree on the phase [" in text
        assert "2015-099120-36 DE: /trials/trial[1]/main/phase: “Therapeutic exploratory (Phase II)”" in text

    def test_diagnostics_of_records(self, fixtures: Path) -> None:
        odd = of_country_xml(fixtures, "DE", ("<target_size>240", "<target_size>many"))
        told = [
            one
            for one in combine([odd, of_country_xml(fixtures, "ES")]).diagnostics
            if one.field == "enrolment.planned"
        ]

        assert [(Problem.BAD_VALUE, "2015-099120-36 DE", 0)] == [
            (one.problem, one.place.of, one.place.part) for one in told
        ]
        assert 240 == combine([odd, of_country_xml(fixtures, "ES")]).trial.enrolment.planned

    def test_languages(self, fixtures: Path) -> None:
        first = next(iter(read(fixtures / "ctis" / "immunostem.json", language="it")))
        assert isinstance(first, Parsed)
        combined = combine([first])
        fields = [field for field in ("public_title", "scientific_title") if first.language_of(field)]

        assert [first.language_of(field) for field in fields] == [combined.language_of(field) for field in fields]
        assert None is combined.language_of("registry")


def test_coded_words_stay(fixtures: Path) -> None:
    """Elements of lists are told apart by all that they hold."""
    records = [of_country("AT", countries_elsewhere=(Coded(term="US", text="USA"),)), of_country("DE")]

    assert (Coded(term="US", text="USA"),) == combine(records).trial.countries_elsewhere
