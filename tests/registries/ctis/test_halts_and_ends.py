"""Trials of CTIS that were halted, ended early or have results, and those with a placebo."""

from collections import Counter
from typing import Any

import pytest

from tests.counting import some
from tests.registries.ctis.records import (
    AUTHORISED_RECRUITING,
    ENDED,
    ONGOING_RECRUITING,
    RECORDS,
    RECRUITMENT_PENDING,
    TEMPORARILY_HALTED,
    ages,
    amounts,
    areas,
    axes,
    by_country,
    changed,
    codes,
    conditions,
    country,
    counts,
    dates,
    day,
    document,
    endpoints,
    kinds_of_documents,
    notified,
    numbers,
    organisations,
    planned,
    products,
    sites,
    states,
    trial,
)
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    EndpointKind,
    EventKind,
    MaskedRole,
    Masking,
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
from trialparse.model.values import Duration, PartialDate


class TestHalted:
    """A trial that its sponsor has halted for safety says so on two axes, with date and reason."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("halted")
        assert numbers(one) == [
            ("CTIS", "2025-590303-35-00"),
            ("NCT", "NCT99990303"),
            ("protocol", "GBV-303-ZANDER"),
        ]
        assert one.public_title == "Zandroxilol for example carcinoma that has spread"
        assert (one.phases, one.phase_detail) == ({Phase.II}, frozenset())

    def test_status(self) -> None:
        one = trial("halted")
        assert axes(one.status) == TEMPORARILY_HALTED
        assert states(one) == {"NL": TEMPORARILY_HALTED}
        assert by_country(one, "planned", "start", "recruitment_start", "end", "first_decision") == {
            "NL": (45, "2025-10-06", "2025-10-06", None, "2025-08-21")
        }

    def test_the_halt(self) -> None:
        assert (EventKind.HALT, "2026-08-13") in notified(trial("halted"), "NL")
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        assert [reason.term for reason in halt.reasons] == ["SAFETY"]
        assert (halt.treatment_stopped, halt.still_treated, halt.benefit_risk_changed) == (True, False, True)
        assert halt.text is not None
        assert halt.text.startswith("Two participants had a serious disturbance of heart rhythm")

    def test_all_that_is_said_of_the_halt(self) -> None:
        (halt,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.HALT]
        starts = ["The risk of QT prolongation was held to be low", "Holter recording for 48 hours"]
        assert [text[: len(start)] for text, start in zip(halt.details, starts, strict=True)] == starts

    def test_the_planned_restart_is_planned(self) -> None:
        (restart,) = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.RESTART]
        assert restart.date == PartialDate(year=2027, month=2, day=1, estimated=True)

    def test_status_history(self) -> None:
        history = [e for e in country(trial("halted"), "NL").events if e.kind is EventKind.STATUS]
        assert {(day(e.date), e.decision, e.progress) for e in history} == {
            ("2025-05-26", Regulatory.UNDER_EVALUATION, None),
            ("2025-08-21", Regulatory.AUTHORISED, None),
            ("2026-08-14", Regulatory.AUTHORISED, Progress.HALTED),
        }

    def test_the_rest(self) -> None:
        one = trial("halted")
        assert products(one) == [
            (
                "Zandroxilol 20 mg/ml concentrate",
                ProductRole.TEST,
                ["INTRAVENOUS"],
                "CONCENTRATE FOR SOLUTION FOR INFUSION",
            )
        ]
        assert amounts(one.interventions[0]) == [(120.0, "mg"), (720.0, "mg")]
        assert one.interventions[0].duration == Duration(value=18, unit=TimeUnit.WEEK)
        assert conditions(one) == [("Metastatic example carcinoma", False)]
        assert areas(one) == ["C04"]
        assert counts(one) == (1, 3, 4, 4)
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADULT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
        )
        assert planned(one) == (45, 45, 0)
        assert organisations(one) == [
            ("Glashuis Biotech Voorbeeld B.V.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "NL"),
            ("Pretend Monitoring S.A.", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "FR"),
        ]
        assert sites(one) == [("Universitair Ziekenhuis Voorbeeldstad", "NL")]
        assert kinds_of_documents(one) == ["PROTOCOL", "SUBJECT_INFORMATION_AND_CONSENT"]
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("halted")) == {
            "submitted": "2025-05-26",
            "decision": "2025-08-21",
            "start": "2025-10-06",
            "estimated_recruitment_start": "2025-09-15",
            "estimated_end": "2028-06-30",
            "estimated_global_end": "2028-06-30",
            "published": "2026-08-15",
        }


class TestEarlyTerminated:
    """Early termination is an event with a reason, the public status is just: ended."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("early_terminated")
        assert numbers(one) == [("CTIS", "2024-590404-40-00"), ("protocol", "KG-404-BE")]
        assert one.public_title == "Comparison of two tablets of quintomol in healthy volunteers"
        assert (one.phases, one.phase_detail) == ({Phase.I}, {PhaseDetail.BIOEQUIVALENCE})
        assert one.design.category == "1"

    def test_status_and_countries(self) -> None:
        one = trial("early_terminated")
        assert axes(one.status) == ENDED
        assert states(one) == {"HU": ENDED, "BE": ENDED}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "end") == {
            "HU": (24, True, "2024-12-05", "2025-01-20", "2025-04-09"),
            "BE": (12, False, "2024-12-09", "2025-02-03", "2025-04-10"),
        }

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
        assert products(one) == [
            (
                "Quintomol Exemple 50 mg comprimés à libération prolongée",
                ProductRole.COMPARATOR,
                ["ORAL"],
                "PROLONGED-RELEASE TABLET",
            ),
            ("Quintomol modified-release tablet (test)", ProductRole.TEST, ["ORAL"], "PROLONGED-RELEASE TABLET"),
        ]
        for product in one.interventions:
            assert amounts(product) == [(None, None), (None, None)]
            assert product.duration is None
        assert [product.authorised for product in one.interventions] == [True, False]

    def test_the_rest(self) -> None:
        one = trial("early_terminated")
        assert conditions(one) == [("Healthy volunteers (intended for high blood pressure)", False)]
        assert [area.text for area in one.therapeutic_areas] == ["Not possible to specify"]
        assert areas(one) == [None]
        assert endpoints(one, EndpointKind.PRIMARY) == ["Cmax of quintomol", "AUC(0-72 h) of quintomol"]
        assert counts(one) == (2, 0, 3, 4)
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT}, {AgeGroup.ADULT})
        assert one.eligibility.populations == {PopulationGroup.HEALTHY_VOLUNTEERS}
        assert planned(one) == (36, 36, 0)
        assert organisations(one) == [
            ("Kitalált Generikum Kft.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "HU"),
            ("Imaginary Central Laboratory B.V.", SponsorRole.THIRD_PARTY, "LABORATORY", "NL"),
        ]
        assert Counter(sites(one)) == Counter(
            [("Mintavárosi Klinikai Farmakológiai Egység", "HU"), ("Centre De Phase I De Voorbeeld", "BE")]
        )
        assert kinds_of_documents(one) == ["PROTOCOL"]
        assert one.funding == ()
        assert (one.results.postings, one.results.share_data) == ((), None)
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("early_terminated")) == {
            "submitted": "2024-10-07",
            "decision": "2024-12-05",
            "start": "2025-01-20",
            "end": "2025-04-10",
            "global_end": "2025-04-10",
            "estimated_recruitment_start": "2025-01-13",
            "estimated_end": "2025-06-30",
            "published": "2025-04-15",
        }


class TestEndedWithResults:
    """A trial at its end has ends by country, one for all, and postings of results of three kinds."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("ended_with_results")
        assert numbers(one) == [
            ("CTIS", "2023-590505-15-00"),
            ("ISRCTN", "ISRCTN99990505"),
            ("protocol", "PETIT-SOUFFLE"),
        ]
        assert one.public_title == "Respirexal for wheeze in childhood"
        assert [(each.language, each.text) for each in one.public_title_translations] == [
            ("fr", "Le respirexal pour la respiration sifflante chez l’enfant")
        ]
        assert (one.phases, one.phase_detail) == ({Phase.III, Phase.IV}, {PhaseDetail.INTEGRATED})

    def test_low_intervention(self) -> None:
        design = trial("ended_with_results").design
        assert (design.low_intervention, design.category) == (True, "3")
        assert design.low_intervention_reason is not None
        assert design.low_intervention_reason.startswith("Both medicines are authorised")
        assert [(scope.term, scope.text) for scope in design.scopes][-1] == ("OTHER", "Burden for families")
        assert (design.masking, design.masked_roles) == ({Masking.SINGLE}, {MaskedRole.ANALYST})

    def test_status_and_countries(self) -> None:
        one = trial("ended_with_results")
        assert axes(one.status) == ENDED
        assert states(one) == {"IE": ENDED, "FR": ENDED}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "end") == {
            "IE": (60, False, "2023-09-04", "2023-11-20", "2025-02-28"),
            "FR": (150, True, "2023-08-31", "2023-10-09", "2025-03-10"),
        }
        assert notified(one, "IE") == {
            (EventKind.TRIAL_START, "2023-11-20"),
            (EventKind.RECRUITMENT_START, "2023-11-20"),
            (EventKind.RECRUITMENT_END, "2024-10-31"),
            (EventKind.TRIAL_END, "2025-02-28"),
        }

    def test_products_and_device(self) -> None:
        one = trial("ended_with_results")
        assert products(one) == [
            (
                "Respirexa Exemple 50 micrograms pressurised inhalation, suspension",
                ProductRole.TEST,
                ["INHALATION"],
                "PRESSURISED INHALATION, SUSPENSION",
            ),
            ("NEBUSAMPLE", ProductRole.COMPARATOR, ["INHALATION"], None),
        ]
        inhaler, nebuliser = one.interventions
        assert amounts(inhaler) == [(200.0, "ug"), (16800.0, "ug")]
        assert amounts(nebuliser) == [(2.0, "mg"), (168.0, "mg")]
        assert (inhaler.paediatric, nebuliser.paediatric) == (True, False)
        (device,) = inhaler.devices
        assert (device.name, device.ce_marked) == ("PUFFHALER", True)
        assert (device.type and device.type.term, device.combination and device.combination.term) == (
            "MEDICAL_DEVICE",
            "COMBINED_NOT_INTEGRAL",
        )
        assert nebuliser.devices == ()

    def test_who_and_how_many(self) -> None:
        one = trial("ended_with_results")
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.UNDER_18},
            {
                AgeGroup.PRETERM_NEWBORN,
                AgeGroup.NEWBORN,
                AgeGroup.INFANT,
                AgeGroup.CHILD_2_5,
                AgeGroup.CHILD_6_11,
                AgeGroup.ADOLESCENT,
            },
        )
        assert one.eligibility.vulnerable is True
        assert planned(one) == (210, 210, 0)

    def test_conditions_endpoints_sponsor(self) -> None:
        one = trial("ended_with_results")
        assert conditions(one) == [("Recurrent wheeze", False), ("Bronchopulmonary dysplasia", False)]
        assert areas(one) == ["C08", "C16"]
        assert counts(one) == (1, 2, 3, 2)
        assert organisations(one) == [
            ("Centre Hospitalier Universitaire D'Exempleville", SponsorRole.PRIMARY, "HOSPITAL", "FR")
        ]
        assert sites(one) == [
            ("Centre Hospitalier Universitaire D'Exempleville", "FR"),
            ("Exampletown Children's Hospital", "IE"),
        ]
        assert one.paediatric_plans == ("EMEA-999505-PIP02-20",)
        assert len(one.documents) == 4
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("ended_with_results")) == {
            "submitted": "2023-06-05",
            "decision": "2023-08-31",
            "start": "2023-10-09",
            "end": "2025-03-10",
            "global_end": "2025-03-10",
            "estimated_recruitment_start": "2023-10-02",
            "estimated_end": "2025-03-31",
            "estimated_global_end": "2025-03-31",
            "published": "2026-06-16",
        }

    def test_postings(self) -> None:
        postings = trial("ended_with_results").results.postings
        assert [
            (posting.kind and posting.kind.term, posting.type, posting.version, day(posting.submitted))
            for posting in postings
        ] == [
            ("SUMMARY", "Final", "Initial", "2026-02-24"),
            ("SUMMARY", "Final", "Updated", "2026-05-06"),
            ("LAY_SUMMARY", None, None, "2026-02-24"),
            ("CLINICAL_STUDY_REPORT", None, None, "2026-06-15"),
        ]
        assert [day(posting.outcome_date) for posting in postings] == [None, None, None, "2026-05-28"]
        assert [posting.withdrawn for posting in postings] == 4 * [None]

    def test_a_summary_is_withdrawn(self) -> None:
        def withdraw(made: Any) -> None:
            made["results"]["laypersonResults"][0]["withdrawDate"] = "2026-06-30T10:00:00.1"

        postings = changed("ended_with_results", withdraw).results.postings
        assert [day(posting.withdrawn) for posting in postings] == [None, None, "2026-06-30", None]


class TestPlaceboBlinded:
    """A placebo is a product without substance; a state without events has not started; Greek letters stay."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("placebo_blinded")
        assert numbers(one) == [("CTIS", "2025-590606-27-00"), ("NCT", "NCT99990606"), ("protocol", "ERD-606")]
        assert one.public_title == "Orphazemab or placebo for late-onset sample myopathy"
        assert (one.phases, one.phase_detail) == ({Phase.II, Phase.III}, {PhaseDetail.INTEGRATED})

    def test_blinding(self) -> None:
        design = trial("placebo_blinded").design
        assert (design.allocation, design.masking) == ({Allocation.RANDOMISED}, {Masking.DOUBLE})
        assert design.masked_roles == {MaskedRole.PARTICIPANT, MaskedRole.INVESTIGATOR, MaskedRole.ANALYST}
        assert [(period.title, len(period.arms)) for period in design.periods] == [
            ("Part A, 12 weeks", 3),
            ("Part B, 52 weeks", 2),
        ]
        assert [scope.term for scope in design.scopes] == ["EFFICACY", "SAFETY", "PHARMACODYNAMIC", "DOSE_RESPONSE"]

    def test_status_and_countries(self) -> None:
        one = trial("placebo_blinded")
        assert axes(one.status) == AUTHORISED_RECRUITING
        assert states(one) == {"GR": RECRUITMENT_PENDING, "ES": AUTHORISED_RECRUITING}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "recruitment_start") == {
            "GR": (7, False, "2025-12-17", None, None),
            "ES": (18, True, "2025-12-15", "2026-02-09", "2026-03-02"),
        }
        assert notified(one, "GR") == set()
        assert notified(one, "ES") == {
            (EventKind.TRIAL_START, "2026-02-09"),
            (EventKind.RECRUITMENT_START, "2026-03-02"),
        }

    def test_products(self) -> None:
        one = trial("placebo_blinded")
        assert products(one) == [
            ("Placebo solution for infusion", ProductRole.PLACEBO, ["INTRAVENOUS"], "SOLUTION FOR INFUSION"),
            (
                "Orphazemab Ejemplo 100 mg solution for infusion",
                ProductRole.TEST,
                ["INTRAVENOUS"],
                "SOLUTION FOR INFUSION",
            ),
        ]
        placebo, tested = one.interventions
        assert (placebo.substances, placebo.codes) == ((), ())
        assert amounts(placebo) == [(10.0, "mL"), (260.0, "mL")]
        assert amounts(tested) == [(10.0, "mg/kg"), (260.0, "mg/kg")]
        assert [(each.orphan, each.orphan_number) for each in one.interventions] == [
            (False, None),
            (True, "EU/3/99/9606"),
        ]
        assert {("ATC", "M09AX98"), ("MA", "EU/1/99/9906/001")} <= codes(tested)

    def test_rare_disease(self) -> None:
        one = trial("placebo_blinded")
        assert conditions(one) == [("Late-onset sample myopathy", True)]
        assert [(code.value, code.level) for code in one.condition_codes] == [("10028641", "PT"), ("10074939", "LLT")]
        assert areas(one) == ["C05", "C18", "C16"]

    def test_the_rest(self) -> None:
        one = trial("placebo_blinded")
        assert counts(one) == (2, 3, 4, 3)
        assert endpoints(one, EndpointKind.PRIMARY) == [
            "Part A: change in muscle glycogen at week 12",
            "Part B: change in six-minute walk distance from baseline to week 52",
        ]
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADULT, AgeGroup.AGE_65_84},
        )
        assert planned(one) == (45, 25, 20)
        assert [each.term for each in one.countries_elsewhere] == ["US"]
        assert organisations(one) == [
            ("Ejemplo Rare Diseases S.L.", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "ES")
        ]
        assert sites(one) == [
            ("Hospital Universitario De Villaejemplo", "ES"),
            ("Γενικό Νοσοκομείο Παραδείγματος", "GR"),
        ]
        assert one.sites[1].contacts[0].last_name == "Φανταστική"
        assert len(one.documents) == 2
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("placebo_blinded")) == {
            "submitted": "2025-09-15",
            "decision": "2025-12-15",
            "start": "2026-02-09",
            "estimated_recruitment_start": "2026-02-02",
            "estimated_end": "2029-03-31",
            "estimated_global_end": "2029-03-31",
            "published": "2026-03-04",
        }


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
        applied = [event for event in trial(name).events if event.kind is EventKind.SUBMISSION]
        assert len(assessed) == len(applied)

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
