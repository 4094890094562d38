"""Published rules give what their tools are known to give, their known gaps among it."""

import datetime

import pytest

from tests.combining.made import ONE, TWO, of_country, results
from tests.combining.records import NUMBER, day, measured, record
from trialparse import combine, published
from trialparse.combining.tables import names
from trialparse.model import (
    AgeGroupCount,
    Condition,
    Country,
    Dates,
    Design,
    Eligibility,
    Enrolment,
    Event,
    Organisation,
    Status,
    Trial,
)
from trialparse.model.terms import (
    AgeGroup,
    EventKind,
    Masking,
    Phase,
    PhaseDetail,
    PopulationGroup,
    Progress,
    SponsorRole,
)
from trialparse.parsing.parsed import Parsed


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
        """All commercial is 1; one whose kind is not stated makes it 2. Supporters have no kind (B.4)."""
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
