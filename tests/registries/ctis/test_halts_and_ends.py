"""Trials of CTIS that were halted, ended early or have results, and those with a placebo."""

from typing import Any

import pytest

from tests.counting import some
from tests.registries.ctis.records import (
    ONGOING_RECRUITING,
    RECORDS,
    TEMPORARILY_HALTED,
    amounts,
    axes,
    changed,
    country,
    day,
    document,
    notified,
    trial,
)
from trialparse.model.terms import (
    EventKind,
    SponsorRole,
)
from trialparse.model.values import PartialDate


class TestHalted:
    """A trial that its sponsor has halted for safety says so on two axes, with date and reason."""

    def test_the_halt(self) -> None:
        assert (EventKind.HALT, "2026-08-13") in notified(trial("halted"), "NL")
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        assert halt.text is not None
        assert halt.text.startswith("Two participants had a serious disturbance of heart rhythm")

    def test_all_that_is_said_of_the_halt(self) -> None:
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        starts = ["The risk of QT prolongation was held to be low", "Holter recording for 48 hours"]
        assert [text[: len(start)] for text, start in zip(halt.details, starts, strict=True)] == starts


class TestEarlyTerminated:
    """Early termination is an event with a reason, the public status is just: ended."""

    @pytest.mark.parametrize(
        ("code", "start", "end"), [("HU", "2025-01-20", "2025-04-09"), ("BE", "2025-02-03", "2025-04-10")]
    )
    def test_notifications(self, code: str, start: str, end: str) -> None:
        assert notified(trial("early_terminated"), code) == {
            (EventKind.TRIAL_START, start),
            (EventKind.RECRUITMENT_START, start),
            (EventKind.EARLY_TERMINATION, end),
        }

    @pytest.mark.parametrize("code", ["HU", "BE"])
    def test_reason(self, code: str) -> None:
        events = [e for e in country(trial("early_terminated"), code).events if e.kind is EventKind.EARLY_TERMINATION]
        assert [reason.term for event in events for reason in event.reasons] == ["SAFETY"]

    def test_products_without_doses(self) -> None:
        one = trial("early_terminated")
        for product in one.interventions:
            assert amounts(product) == [(None, None), (None, None)]
            assert product.duration is None


class TestEndedWithResults:
    """A trial at its end has ends by country, one for all, and postings of results of three kinds."""

    def test_low_intervention(self) -> None:
        design = trial("ended_with_results").design
        assert design.low_intervention_reason is not None
        assert design.low_intervention_reason.startswith("Both medicines are authorised")

    def test_a_summary_is_withdrawn(self) -> None:
        def withdraw(made: Any) -> None:
            made["results"]["laypersonResults"][0]["withdrawDate"] = "2026-06-30T10:00:00.1"

        postings = changed("ended_with_results", withdraw).results.postings
        assert [day(posting.withdrawn) for posting in postings] == [None, None, "2026-06-30", None]


class TestPlaceboBlinded:
    """A placebo is a product without substance; a state without events has not started; Greek letters stay."""

    def test_status_and_countries(self) -> None:
        one = trial("placebo_blinded")
        assert notified(one, "GR") == set()


class TestHaltAndRestart:
    """A halt ends with the restart that is notified; a planned one is a plan."""

    def test_restarted_in_spain(self) -> None:
        one = trial("multinational")
        assert notified(one, "ES") == {
            (EventKind.TRIAL_START, "2022-02-14"),
            (EventKind.RECRUITMENT_START, "2022-02-28"),
            (EventKind.HALT, "2025-03-19"),
            (EventKind.RESTART, "2025-07-01"),
            (EventKind.RECRUITMENT_RESTART, "2025-07-01"),
            (EventKind.RECRUITMENT_START, "2025-07-01"),  # so the periods call the restart
        }
        assert axes(country(one, "ES").status) == ONGOING_RECRUITING

    def test_halted_in_poland(self) -> None:
        one = trial("multinational")
        assert notified(one, "PL") == {
            (EventKind.TRIAL_START, "2022-05-09"),
            (EventKind.RECRUITMENT_START, "2022-05-30"),
            (EventKind.HALT, "2025-03-19"),
        }
        (restart,) = [each for each in country(one, "PL").events if each.kind is EventKind.RESTART]
        assert restart.date == PartialDate(year=2027, month=1, day=15, estimated=True)
        assert axes(country(one, "PL").status) == TEMPORARILY_HALTED

    def test_the_others_were_not_halted(self) -> None:
        for code in ("DE", "DK", "CZ"):
            assert EventKind.HALT not in {event.kind for event in country(trial("multinational"), code).events}

    @pytest.mark.parametrize("code", ["ES", "PL"])
    def test_reason(self, code: str) -> None:
        halts = [e for e in country(trial("multinational"), code).events if e.kind is EventKind.HALT]
        assert [reason.term for event in halts for reason in event.reasons] == ["PRODUCT"]


class TestOnce:
    """What happened once is one event, though the register tells of it in two lists."""

    @pytest.mark.parametrize(("name", "code"), [("halted", "NL"), ("multinational", "ES"), ("multinational", "PL")])
    def test_a_halt(self, name: str, code: str) -> None:
        (halt,) = [event for event in country(trial(name), code).events if event.kind is EventKind.HALT]
        assert halt.date is not None
        assert halt.reasons

    @pytest.mark.parametrize("code", ["HU", "BE"])
    def test_an_early_termination(self, code: str) -> None:
        events = country(trial("early_terminated"), code).events
        (end,) = [event for event in events if event.kind is EventKind.EARLY_TERMINATION]
        assert end.date is not None
        assert end.reasons

    @pytest.mark.parametrize("name", RECORDS)
    def test_an_assessment_of_part_one(self, name: str) -> None:
        assessed = [event for event in trial(name).events if event.kind is EventKind.ASSESSMENT]
        assert len(assessed) == len({event.application for event in assessed})

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_start(self, name: str) -> None:
        for each in some(trial(name).countries):
            starts = [event for event in each.events if event.kind is EventKind.TRIAL_START]
            assert len(starts) == len({event.date for event in starts})

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_sponsor(self, name: str) -> None:
        found = [organisation.name for organisation in trial(name).sponsors]
        assert len(found) == len(set(found))
        roles = [organisation.role for organisation in trial(name).sponsors]
        assert roles[0] is SponsorRole.PRIMARY
        assert roles.count(SponsorRole.PRIMARY) == 1

    @pytest.mark.parametrize("name", RECORDS)
    def test_a_condition(self, name: str) -> None:
        part = document(name)["authorizedApplication"]["authorizedPartI"]
        assert len(trial(name).conditions) == len(part["medicalConditions"])
