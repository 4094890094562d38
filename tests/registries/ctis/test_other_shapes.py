"""What CTIS gives beside today's record: records of June 2024, search pages, the portal's CSV, evaluations."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FIXTURES
from tests.counting import readable, some
from tests.registries.ctis.records import (
    ONGOING_RECRUITING,
    Axes,
    ages,
    areas,
    axes,
    changed,
    country,
    counts,
    day,
    document,
    endpoints,
    record,
    rows,
    states,
    trial,
)
from trialparse import parse
from trialparse.diagnostics import MalformedDocument, Problem, Severity
from trialparse.model.terms import (
    AgeGroup,
    EndpointKind,
    EventKind,
    Progress,
    Regulatory,
    Sex,
)
from trialparse.parsing.parsed import Parsed
from trialparse.registries.ctis.derive import sponsors, sponsors_remarks

NOTHING: Axes = (None, None, None)


def problems(parsed: Parsed) -> list[tuple[str, str | None]]:
    return [(diagnostic.problem.name, diagnostic.field) for diagnostic in parsed.diagnostics]


class TestGluedTables:
    """Downloads that are put one behind the other are as many tables."""

    @pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_whole(self, fixtures: Path, between: bytes, mark: bytes) -> None:
        table = (fixtures / "ctis" / "portal.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
        trials = [one.trial for one in readable(table)]
        found = readable(table + between + mark + table)

        assert len(trials) == 4
        assert trials * 2 == [one.trial for one in found]
        assert all(one.complete for one in found)

    def test_other_order(self, fixtures: Path) -> None:
        """The second header says what is in the columns below it."""
        lines = list(csv.reader(io.StringIO((fixtures / "ctis" / "portal.csv").read_text("utf-8-sig"))))
        stream = io.StringIO()
        csv.writer(stream).writerows([*lines, *(line[::-1] for line in lines)])
        trials = [one.trial for one in readable(fixtures / "ctis" / "portal.csv")]

        assert trials * 2 == [one.trial for one in readable(stream.getvalue().encode())]

    def test_cut_off(self, fixtures: Path) -> None:
        """A table cut at each byte of its last row, and a whole one behind it, are the same as both apart."""
        table = (fixtures / "ctis" / "portal.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
        trials = [one.trial for one in readable(table)]
        start, parted = table.rindex(b"\n", 0, -2) + 1, 0
        for end in range(start + 1, len(table)):
            try:
                found = readable(table[:end] + table)
            except MalformedDocument:  # cut within quotes
                continue
            parted += 1
            assert trials == [one.trial for one in found][-4:]
            assert found[3].trial in trials or found[3].diagnostics[0].severity >= Severity.WARNING
        assert parted > 60


class TestTransitioned:
    """A trial that came from EudraCT starts before it is decided on, in one state years before the other."""

    def test_dates(self) -> None:
        start, decision = trial("v1_as_v2").dates.start, trial("v1_as_v2").dates.decision
        assert start is not None
        assert decision is not None
        assert start.before(decision)


FLATTENED = ["conditions[0].text", "endpoints[1].text", "interventions[0].name"]
"""What rows of a search have in one text though it may be several things."""


class TestSearch:
    """A page of search results is as many trials as it has rows, and says when there are more."""

    def test_ids_and_remarks(self) -> None:
        first, *rest = [sorted(problems(one)) for one in rows("search_2026.json")]
        assert first == [
            ("ODD_CHARACTER", FLATTENED[2]),
            ("TRUNCATED", None),
            *[("UNSPLIT_LIST", field) for field in FLATTENED],
        ]
        assert all(problem == "UNSPLIT_LIST" for one in rest for problem, _ in one)

    def test_status(self) -> None:
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
        assert [one.trial.eligibility.age_subgroups for one in rows("search_2026.json")] == [
            {AgeGroup.ADOLESCENT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
            frozenset(),
            trial("ended_with_results").eligibility.age_subgroups,
        ]
        assert {one.trial.eligibility.sex for one in rows("search_2026.json")} == {Sex.ALL}

    def test_sponsors_are_split_where_that_is_certain(self) -> None:
        """As many names as types; a name with commas stays whole, and what may be several is reported."""
        told = [
            [(one.problem.name, one.text) for one in row.diagnostics if one.field == "sponsors"]
            for row in rows("portal_sponsors.csv")
        ]
        assert told == [
            [],
            [("UNSPLIT_LIST", "Gamma, Sons and Company, Ltd.")],
            [],
            [
                ("UNSPLIT_LIST", "Epsilon Pharma, Ltd., Zeta University"),
                ("UNSPLIT_LIST", "Pharmaceutical company, Educational Institution"),
            ],
            [("UNKNOWN_TERM", "Trust, for the public")],
            [],
        ]
        evidence = rows("portal_sponsors.csv")[0].evidence("sponsors[1].name")
        assert [one.text for one in evidence.sources] == [
            "Alpha Pharma Inc., Beta Pharma GmbH",
            "Pharmaceutical company, Pharmaceutical company",
        ]

    @pytest.mark.parametrize(
        "name",
        [
            "Acme, Inc.",
            "Acme, LLC",
            "Acme, S.A.",
            "Acme, GmbH",
            "Acme, B.V.",
            "Acme, Sp. z o.o.",
            "Acme LLC, a subsidiary of Example",
            ", Acme",
            "N/A, Acme GmbH",
        ],
    )
    def test_what_cannot_be_a_sponsor_is_a_part_of_a_name(self, name: str) -> None:
        said = [name], ["Pharmaceutical company, Pharmaceutical company"]
        (sponsor,) = sponsors(*said)

        assert sponsor.name == name
        assert sponsor.type is not None
        assert sponsor.type.text == "Pharmaceutical company"
        assert [*sponsors_remarks(*said)] == [(0, 0, Problem.UNSPLIT_LIST)]

    @pytest.mark.parametrize(
        "name", ["search_2026.json", "search_row_v1.json", "portal.csv", "multinational.json", "v1.json"]
    )
    def test_the_address_is_derived_from_the_number(self, name: str) -> None:
        for row in some(rows(name)):
            assert row.trial.url == f"https://euclinicaltrials.eu/ctis-public/view/{row.trial.id}"
            assert row.evidence("url").relation == "derived"
            assert [one.text for one in row.evidence("url").sources] == [row.trial.id]

    def test_a_number_of_another_scheme_fixes_no_address(self, fixtures: Path) -> None:
        changed = (
            (fixtures / "ctis" / "search_row_v1.json").read_bytes().replace(b'"ctNumber": "20', b'"ctNumber": "X20')
        )
        [row] = readable(changed)
        assert row.trial.url is None

    def test_flattened_lists_stay_whole(self) -> None:
        one = rows("search_2026.json")[0].trial
        assert len(one.interventions) == 1
        assert counts(one)[:2] == (1, 1)

    def test_rows_of_june_2024(self) -> None:
        first, second = (one.trial for one in rows("search_2024_06.json"))
        assert axes(first.status) == axes(second.status) == NOTHING

    def test_nothing_is_told_of_a_row_of_the_first_portal(self) -> None:
        assert record("search_row_v1").diagnostics == ()


class TestPortalCsv:
    """A row of the portal's CSV says the same as the record, as far as it goes; N/A says nothing."""

    def test_ids_and_remarks(self) -> None:
        told = [("ENCODING", None), *[("UNSPLIT_LIST", field) for field in FLATTENED]]
        assert sorted(problems(rows("portal.csv")[0])) == told
        assert {problem for one in rows("portal.csv")[1:] for problem, _ in problems(one)} <= {
            "UNSPLIT_LIST",
            "PLACEHOLDER",
        }

    def test_status_by_labels(self) -> None:
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
        by_country = [one.planned for one in whole.countries]  # the register adds up those that it has
        assert row.enrolment.planned_eea == sum(planned for planned in by_country if planned is not None)
        assert (whole.enrolment.planned_eea is None) is (None in by_country)
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
        assert endpoints(one, EndpointKind.SECONDARY) == []

    def test_a_renamed_column_is_known_by_its_place(self) -> None:
        assert [one.trial for one in rows("portal_renamed.csv")] == [one.trial for one in rows("portal.csv")]
        assert ("RENAMED", None) in problems(rows("portal_renamed.csv")[0])


class TestEvaluation:
    """The evaluation of an application knows the trial's number, what each state decided, and its conditions."""

    def test_one_trial_for_each_application(self) -> None:
        assert [problems(one) for one in rows("evaluation.json")] == [[], []]

    def test_a_condition_is_of_its_country(self) -> None:
        germany = country(rows("evaluation.json")[0].trial, "DE")
        assert {()} == {event.details for event in germany.events}

    def test_a_modification_that_is_not_substantial_shows_the_assessment_of_an_earlier_application(self) -> None:
        made = evaluation("NON SUBSTANTIAL MODIFICATION")
        assert [(one.kind, one.application) for one in made.trial.events][:1] == [(EventKind.ASSESSMENT, None)]

    def test_an_unknown_kind_of_application_is_reported(self) -> None:
        made = evaluation("SOMETHING ELSE", without_keys=True)
        assert Problem.UNKNOWN_CODE in {one.problem for one in made.diagnostics}

    @pytest.mark.parametrize(("flag", "term"), [("outOfScope", "OUT_OF_SCOPE"), ("inComplete", "INCOMPLETE")])
    def test_a_flag_is_how_the_validation_ended(self, flag: str, term: str) -> None:
        (ended,) = [one for one in evaluation(**{flag: True}).trial.events if one.kind is EventKind.VALIDATION]
        assert ended.outcome is not None
        assert ended.outcome.term == term

    def test_a_withdrawal_is_an_event(self) -> None:
        found = evaluation(applicationWithdrawn=True).trial.events
        assert (EventKind.STATUS, Regulatory.WITHDRAWN) in [(one.kind, one.decision) for one in found]

    def test_a_new_member_is_unmapped(self) -> None:
        assert evaluation(somethingNew="words").audit().unmapped == {"validationConclusion.somethingNew": 1}


def evaluation(kind: str | None = None, *, without_keys: bool = False, **flags: Any) -> Parsed:
    """Return the first evaluation of the fixture, of another kind of application or with other flags."""
    made = json.loads((FIXTURES / "ctis" / "evaluation.json").read_bytes())[:1]
    made[0]["validationConclusion"].update(flags)
    if kind is not None:
        made[0]["validationConclusion"]["applicationType"] = kind
    if without_keys:
        parts = [made[0], *made[0]["partIIEvaluationList"]]
        for requests in (
            part.get(name, ()) for part in parts for name in ("validationRfis", "partIRfis", "partIIRfis")
        ):
            for request in requests:
                request.pop("businessKey", None)
    return parse(json.dumps(made).encode())


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
