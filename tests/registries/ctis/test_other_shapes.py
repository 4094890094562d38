"""What CTIS gives beside today's record: records of June 2024, search pages, the portal's CSV, evaluations."""

from typing import Any

import pytest

from tests.registries.ctis.records import (
    AUTHORISED_RECRUITING,
    ENDED,
    ONGOING_RECRUITING,
    RECRUITMENT_ENDED,
    RECRUITMENT_PENDING,
    Axes,
    ages,
    amounts,
    areas,
    axes,
    by_country,
    changed,
    conditions,
    country,
    counts,
    criteria,
    dates,
    day,
    decided,
    document,
    endpoints,
    kinds_of_documents,
    numbers,
    organisations,
    planned,
    products,
    record,
    rows,
    sites,
    states,
    trial,
)
from trialparse.model.terms import (
    AgeGroup,
    CriterionKind,
    EndpointKind,
    EventKind,
    Phase,
    ProductRole,
    Progress,
    Region,
    Regulatory,
    Sex,
    SponsorRole,
)
from trialparse.parsing.parsed import Parsed

NOTHING: Axes = (None, None, None)


def problems(parsed: Parsed) -> list[tuple[str, str | None]]:
    return [(diagnostic.problem.name, diagnostic.field) for diagnostic in parsed.diagnostics]


class TestJune2024:
    """A record of June 2024 has a label, no codes of states and no documents, and reads like one of today."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("v2_2024_06")
        assert numbers(one) == [
            ("CTIS", "2023-590707-29-00"),
            ("protocol", "VZOR-7"),
            ("other", "VZOR-7-EK"),
        ]
        assert one.identifiers[-1].issuer == "Ethics file"
        assert one.public_title == "Vzorkamin for shift workers who sleep badly"
        assert [each.language for each in one.public_title_translations] == ["cs"]
        assert (one.phases, one.phase_detail) == ({Phase.IV}, frozenset())

    def test_status(self) -> None:
        one = trial("v2_2024_06")
        assert axes(one.status) == ONGOING_RECRUITING
        assert one.status.text == "Ongoing, recruiting"
        assert states(one) == {"CZ": (Regulatory.AUTHORISED, None, None)}
        assert by_country(one, "planned", "reporting", "first_decision", "start", "recruitment_start") == {
            "CZ": (30, True, "2023-12-07", "2024-01-22", "2024-02-05")
        }
        assert one.design.region is Region.EEA_ONLY

    def test_product(self) -> None:
        one = trial("v2_2024_06")
        assert products(one) == [("Letní vzorek 5 mg tablety", ProductRole.TEST, ["ORAL"], "TABLET")]
        assert amounts(one.interventions[0]) == [(5.0, "mg"), (140.0, "mg")]
        assert one.interventions[0].authorisation_country == "CZ"

    def test_the_rest(self) -> None:
        one = trial("v2_2024_06")
        assert conditions(one) == [("Shift work sleep disorder", False)]
        assert areas(one) == ["C10"]
        assert counts(one) == (1, 1, 2, 2)
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT}, {AgeGroup.ADULT})
        assert planned(one) == (30, 30, 0)
        assert organisations(one) == [("Vzorová Fakultní Nemocnice", SponsorRole.PRIMARY, "HOSPITAL", "CZ")]
        assert sites(one) == [("Vzorová Fakultní Nemocnice", "CZ")]
        assert (one.documents, one.results.postings, one.results.share_data) == ((), (), None)
        assert one.missing == ()

    def test_dates(self) -> None:
        assert dates(trial("v2_2024_06")) == {
            "submitted": "2023-09-06",
            "decision": "2023-12-07",
            "start": "2024-01-22",
            "estimated_recruitment_start": "2024-01-15",
            "estimated_end": "2024-12-31",
            "estimated_global_end": "2024-12-31",
            "published": "2024-06-20",
        }


class TestTransitioned:
    """A trial that came from EudraCT starts before it is decided on, in one state years before the other."""

    def test_numbers_titles_phases(self) -> None:
        one = trial("v1_as_v2")
        assert set(numbers(one)) == {
            ("CTIS", "2022-590808-23-00"),
            ("EudraCT", "2018-099808-23"),
            ("NCT", "NCT99990808"),
            ("protocol", "STEINFREI-2"),
            ("DRKS", "DRKS99990808"),
        }
        assert one.public_title == "Sampliflozin to prevent kidney stones in the example syndrome"
        assert [each.language for each in one.scientific_title_translations] == ["fr"]
        assert (one.phases, one.transitioned) == ({Phase.II}, True)

    def test_status_and_countries(self) -> None:
        one = trial("v1_as_v2")
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {"FR": AUTHORISED_RECRUITING, "DE": ONGOING_RECRUITING}
        assert by_country(one, "planned", "reporting", "first_decision", "last_decision", "start") == {
            "FR": (20, False, "2022-12-14", "2023-10-02", "2023-02-20"),
            "DE": (40, True, "2022-12-12", "2023-09-28", "2020-03-02"),
        }
        assert [country.term for country in one.countries_elsewhere] == ["CH"]

    def test_dates(self) -> None:
        assert dates(trial("v1_as_v2")) == {
            "submitted": "2022-10-24",
            "decision": "2022-12-12",
            "start": "2020-03-02",
            "estimated_recruitment_start": "2020-02-01",
            "estimated_end": "2025-12-31",
            "estimated_global_end": "2025-12-31",
            "published": "2026-03-12",
        }
        start, decision = trial("v1_as_v2").dates.start, trial("v1_as_v2").dates.decision
        assert start is not None
        assert decision is not None
        assert start.before(decision)

    def test_the_rest(self) -> None:
        one = trial("v1_as_v2")
        assert products(one) == [
            ("Sampliflozin Beispiel 10 mg Filmtabletten", ProductRole.TEST, ["ORAL"], "FILM-COATED TABLET"),
            ("Placebo for sampliflozin 10 mg", ProductRole.PLACEBO, ["ORAL"], "FILM-COATED TABLET"),
        ]
        assert conditions(one) == [("Kidney stones in the example syndrome", True)]
        assert [code.value for code in one.condition_codes] == ["10029148"]
        assert areas(one) == ["C12"]
        assert counts(one) == (1, 2, 3, 4)
        assert criteria(one, CriterionKind.EXCLUSION)[2] == "HbA1c above 75 mmol/mol."
        assert ages(one) == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY}, {AgeGroup.ADULT, AgeGroup.AGE_65_84})
        assert planned(one) == (66, 60, 6)
        assert organisations(one) == [
            ("Universitätsmedizin Musterstadt gGmbH", SponsorRole.PRIMARY, "HOSPITAL", "DE"),
            ("Mock Data Services Limited", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "GB"),
        ]
        assert sites(one) == [
            ("Hopital De L'Exemple", "FR"),
            ("Universitätsmedizin Musterstadt gGmbH", "DE"),
            ("Klinikum Beispielhausen", "DE"),
        ]
        assert kinds_of_documents(one) == ["PROTOCOL"] + 2 * ["SUBJECT_INFORMATION_AND_CONSENT"]
        assert one.missing == ()


FLATTENED = ["conditions[0].text", "endpoints[1].text", "interventions[0].name", "sponsors[0].name", "sponsors[0].type"]
"""What rows of a search have in one text though it may be several things."""


class TestSearch:
    """A page of search results is as many trials as it has rows, and says when there are more."""

    def test_ids_and_remarks(self) -> None:
        assert [one.trial.id for one in rows("search_2026.json")] == [
            "2024-590202-44-00",
            "2026-590101-24-00",
            "2023-590505-15-00",
        ]
        first, *rest = [sorted(problems(one)) for one in rows("search_2026.json")]
        assert first == [("TRUNCATED", None), *[("UNSPLIT_LIST", field) for field in FLATTENED]]
        assert all(problem == "UNSPLIT_LIST" for one in rest for problem, _ in one)

    def test_status(self) -> None:
        assert [axes(one.trial.status) for one in rows("search_2026.json")] == [
            ONGOING_RECRUITING,
            RECRUITMENT_PENDING,
            ENDED,
        ]
        assert [states(one.trial) for one in rows("search_2026.json")] == [
            states(trial(name)) for name in ("multinational", "immunostem", "ended_with_results")
        ]

    def test_decisions_join_the_countries_by_code(self) -> None:
        one = rows("search_2026.json")[0].trial
        assert {each.code: [day(event.date) for event in each.events] for each in one.countries} == {
            "PL": ["2025-01-07"],
            "DE": ["2024-12-19"],
            "CZ": [],
            "DK": ["2026-05-11"],
            "ES": ["2024-12-18"],
        }

    def test_phases_people_and_numbers(self) -> None:
        assert [one.trial.phases for one in rows("search_2026.json")] == [
            {Phase.III},
            {Phase.I, Phase.II},
            {Phase.III, Phase.IV},
        ]
        assert [one.trial.enrolment.planned_eea for one in rows("search_2026.json")] == [160, 15, 210]
        assert [one.trial.eligibility.age_subgroups for one in rows("search_2026.json")] == [
            {AgeGroup.ADOLESCENT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
            frozenset(),
            trial("ended_with_results").eligibility.age_subgroups,
        ]
        assert {one.trial.eligibility.sex for one in rows("search_2026.json")} == {Sex.ALL}
        assert [one.trial.design.region for one in rows("search_2026.json")] == [
            Region.EEA_AND_ELSEWHERE,
            Region.EEA_ONLY,
            Region.EEA_ONLY,
        ]

    def test_dates(self) -> None:
        assert [dates(one.trial) for one in rows("search_2026.json")] == [
            {"decision": "2024-12-18", "start": "2022-02-14", "updated": "2026-10-28", "published": "2026-10-29"},
            {"decision": "2026-09-17", "updated": "2026-09-17", "published": "2026-09-18"},
            {
                "decision": "2023-08-31",
                "start": "2023-10-09",
                "end": "2025-03-10",
                "updated": "2026-06-15",
                "published": "2026-06-16",
            },
        ]

    def test_flattened_lists_stay_whole(self) -> None:
        one = rows("search_2026.json")[0].trial
        assert [each.name for each in one.sponsors] == ["INVENTA Pharma Example A/S, Fundación Ejemplo Reumatología"]
        assert conditions(one) == [("Invented polyarthritis, moderate to severe", None)]
        assert conditions(rows("search_2026.json")[2].trial) == [("Recurrent wheeze, Bronchopulmonary dysplasia", None)]
        assert len(one.interventions) == 1
        assert counts(one)[:2] == (1, 1)
        assert areas(one) == ["C05", "C20"]
        assert [each.trial.results.posted for each in rows("search_2026.json")] == [False, False, True]

    def test_rows_of_june_2024(self) -> None:
        first, second = (one.trial for one in rows("search_2024_06.json"))
        assert (first.id, second.id) == ("2023-590707-29-00", "2022-590909-42-00")
        assert states(first) == {"CZ": ONGOING_RECRUITING}
        assert states(second) == {"GR": RECRUITMENT_PENDING, "BE": ONGOING_RECRUITING, "NL": RECRUITMENT_ENDED}
        assert axes(first.status) == axes(second.status) == NOTHING
        assert (first.phases, second.phases) == ({Phase.IV}, {Phase.III})
        assert (areas(first), areas(second)) == (["C10"], ["C17", "C20"])
        assert (first.design.region, second.design.region) == (Region.EEA_ONLY, Region.EEA_AND_ELSEWHERE)
        assert (first.enrolment.planned_eea, second.enrolment.planned_eea) == (30, 412)
        assert dates(second) == {"decision": "2023-02-15", "updated": "2024-06-11"}
        assert ages(second)[:2] == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY})

    def test_row_of_the_first_portal(self) -> None:
        parsed = record("search_row_v1")
        one = parsed.trial
        assert parsed.diagnostics == ()
        assert one.id == "2022-590808-23-00"
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {"DE": ONGOING_RECRUITING, "FR": ONGOING_RECRUITING}
        assert [day(event.date) for each in one.countries for event in each.events] == ["2023-09-28", "2023-10-02"]
        assert [(event.kind, day(event.date)) for event in one.events] == [(EventKind.DECISION, "2023-09-28")]
        assert ages(one)[:2] == (Sex.ALL, {AgeGroup.ADULT, AgeGroup.ELDERLY})
        assert (one.phases, areas(one), one.enrolment.planned_eea) == ({Phase.II}, ["C12"], 60)
        assert (one.deferred, one.amended) == (False, False)
        assert dates(one) == {"start": "2020-03-02", "recruitment_start": "2020-03-16", "updated": "2023-10-02"}


class TestPortalCsv:
    """A row of the portal's CSV says the same as the record, as far as it goes; N/A says nothing."""

    def test_ids_and_remarks(self) -> None:
        assert [one.trial.id for one in rows("portal.csv")] == [
            "2024-590202-44-00",
            "2026-590101-24-00",
            "2023-590505-15-00",
            "2024-590404-40-00",
        ]
        told = [("ENCODING", None), *[("UNSPLIT_LIST", field) for field in FLATTENED]]
        assert sorted(problems(rows("portal.csv")[0])) == told
        assert {problem for one in rows("portal.csv")[1:] for problem, _ in problems(one)} <= {"UNSPLIT_LIST"}

    def test_status_by_labels(self) -> None:
        assert [axes(one.trial.status) for one in rows("portal.csv")] == [
            ONGOING_RECRUITING,
            RECRUITMENT_PENDING,
            ENDED,
            ENDED,
        ]
        assert [one.trial.status.text for one in rows("portal.csv")][:2] == [
            "Ongoing, recruiting",
            "Authorised, recruitment pending",
        ]
        names = ("multinational", "immunostem", "ended_with_results", "early_terminated")
        assert [states(one.trial) for one in rows("portal.csv")] == [states(trial(name)) for name in names]

    @pytest.mark.parametrize(
        ("index", "name"),
        [(0, "multinational"), (1, "immunostem"), (2, "ended_with_results"), (3, "early_terminated")],
    )
    def test_it_agrees_with_the_record(self, index: int, name: str) -> None:
        row, whole = rows("portal.csv")[index].trial, trial(name)
        for field in ("id", "scientific_title", "phases", "phase_detail"):
            assert getattr(row, field) == getattr(whole, field)
        assert row.enrolment.planned_eea == whole.enrolment.planned_eea
        assert (row.eligibility.sex, row.eligibility.age_groups) == ages(whole)[:2]
        assert (row.dates.start, row.dates.end, row.dates.global_end) == (
            whole.dates.start,
            whole.dates.end,
            whole.dates.global_end,
        )
        assert row.dates.decision == whole.dates.decision
        assert row.design.region is whole.design.region
        assert areas(row) == areas(whole)

    def test_fine_age_groups(self) -> None:
        assert [one.trial.eligibility.age_subgroups for one in rows("portal.csv")] == [
            {AgeGroup.ADOLESCENT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
            frozenset(),
            trial("ended_with_results").eligibility.age_subgroups,
            frozenset(),
        ]

    def test_cells_with_line_breaks_and_odd_signs(self) -> None:
        one = rows("portal.csv")[0].trial
        (product,) = one.interventions
        assert product.name is not None
        assert "without\nthe active ingredient" in product.name
        (primary,) = endpoints(one, EndpointKind.PRIMARY)
        assert primary is not None
        assert primary.rstrip("\u200b") == (
            "Proportion of participants with a 50 % improvement in the sample joint index at week 24"
        )

    def test_not_available_is_nothing(self) -> None:
        one = rows("portal.csv")[3].trial
        assert numbers(one) == [("CTIS", "2024-590404-40-00")]
        assert one.interventions == ()
        assert endpoints(one, EndpointKind.SECONDARY) == []
        assert one.missing == ()
        assert rows("portal.csv")[1].trial.dates.start is None
        assert [each.trial.results.posted for each in rows("portal.csv")] == [False, False, True, False]

    def test_a_renamed_column_is_known_by_its_place(self) -> None:
        assert [one.trial for one in rows("portal_renamed.csv")] == [one.trial for one in rows("portal.csv")]
        assert ("RENAMED", None) in problems(rows("portal_renamed.csv")[0])


class TestEvaluation:
    """The evaluation of an application knows the trial's number, what each state decided, and its conditions."""

    def test_one_trial_for_each_application(self) -> None:
        assert [one.trial.id for one in rows("evaluation.json")] == 2 * ["2022-590808-23-00"]
        assert [problems(one) for one in rows("evaluation.json")] == [[], []]

    def test_assessment_of_part_one(self) -> None:
        assert [
            [(event.kind, day(event.date), event.outcome and event.outcome.term) for event in one.trial.events]
            for one in rows("evaluation.json")
        ] == [
            [(EventKind.ASSESSMENT, "2023-09-25", "ACCEPTABLE"), (EventKind.VALIDATION, "2023-07-12", None)],
            [(EventKind.ASSESSMENT, "2022-12-07", "ACCEPTABLE"), (EventKind.VALIDATION, "2022-11-02", None)],
        ]

    def test_what_the_states_decided(self) -> None:
        modified, initial = (one.trial for one in rows("evaluation.json"))
        assert decided(modified, "FR") == [("2023-10-02", Regulatory.AUTHORISED_WITH_CONDITIONS)]
        assert decided(modified, "DE") == [("2023-09-28", Regulatory.AUTHORISED)]
        assert decided(initial, "FR") == [("2022-12-14", Regulatory.AUTHORISED)]
        assert decided(initial, "DE") == [("2022-12-12", Regulatory.AUTHORISED)]

    def test_assessment_of_part_two(self) -> None:
        france = country(rows("evaluation.json")[0].trial, "FR")
        (assessed,) = [event for event in france.events if event.kind is EventKind.ASSESSMENT]
        assert day(assessed.date) == "2023-09-27"
        assert assessed.outcome is not None
        assert assessed.outcome.term == "ACCEPTABLE_WITH_CONDITIONS"

    def test_the_condition(self) -> None:
        france, germany = (country(rows("evaluation.json")[0].trial, code) for code in ("FR", "DE"))
        (decision,) = [event for event in france.events if event.kind is EventKind.DECISION]
        assert decision.details == (
            "The second site may open once the pharmacist has finished the training in good clinical practice.",
        )
        assert all(event.details == () for event in germany.events)


class TestThreeStatuses:
    """`ctStatus` is a label, the status of an application, or a public code, by the shape that it stands in."""

    def test_in_a_record_the_public_code_counts(self) -> None:
        def application(made: Any) -> None:
            made["ctStatus"] = "Under evaluation"

        assert document("multinational")["ctStatus"] == "Authorised"
        assert axes(trial("multinational").status) == ONGOING_RECRUITING
        assert changed("multinational", application).status == trial("multinational").status

    def test_in_a_record_it_is_the_status_of_the_application(self) -> None:
        def no_code(made: Any) -> None:
            del made["ctPublicStatusCode"]

        assert axes(changed("multinational", no_code).status) == (Regulatory.AUTHORISED, None, None)
        assert axes(changed("halted", no_code).status) == (Regulatory.AUTHORISED, Progress.HALTED, None)

    def test_in_june_2024_the_label_stands_in_for_the_code(self) -> None:
        def label_only(made: Any) -> None:
            del made["ctPublicStatusCode"]
            made["ctStatus"] = "Under evaluation"

        assert axes(changed("v2_2024_06", label_only).status) == ONGOING_RECRUITING

    def test_in_a_search_row_it_is_the_public_code(self) -> None:
        assert document("search_2026")["data"][0]["ctStatus"] == 4
        assert axes(rows("search_2026.json")[0].trial.status) == ONGOING_RECRUITING

    def test_in_a_row_of_the_first_portal_it_is_the_label(self) -> None:
        assert document("search_row_v1")["ctStatus"] == "Ongoing, recruiting"
        assert axes(trial("search_row_v1").status) == ONGOING_RECRUITING
