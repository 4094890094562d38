"""The traps of CTIS as laws."""

import copy
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from tests.registries.ctis.records import (
    FOLDER,
    RECORDS,
    by_country,
    changed,
    counts,
    criteria,
    decided,
    document,
    products,
    record,
    rows,
    trial,
)
from trialparse.diagnostics import NotOneRecord, Problem, Rejected, Severity, TrialParseError, UnrecognisedFormat
from trialparse.model import Missing, Trial
from trialparse.model.terms import (
    CriterionKind,
    MissingKind,
    ProductRole,
)
from trialparse.model.values import PartialDate
from trialparse.parsing.calls import parse, read


def leaves(value: Any) -> int:
    """Count scalars, empty lists and empty objects."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(leaves(each) for each in below) or 1


ROLES = {
    "1": ProductRole.TEST,
    "2": ProductRole.COMPARATOR,
    "3": ProductRole.PLACEBO,
    "4": ProductRole.AUXILIARY,
}
"""EMA list 77."""


class TestRole:
    """A product's role is `mpRoleInTrial`; `part1MpRoleTypeCode` says how the product is named."""

    @pytest.mark.parametrize("name", RECORDS)
    def test_of_each_product(self, name: str) -> None:
        part = document(name)["authorizedApplication"]["authorizedPartI"]
        assert [each.role for each in trial(name).interventions] == [
            ROLES[each["mpRoleInTrial"]] for each in part["products"]
        ]

    def test_how_it_is_named_is_another_thing(self) -> None:
        assert [each.named_by and each.named_by.term for each in trial("multinational").interventions] == [
            "ATC",
            "PRODUCT",
            "PRODUCT",
            "PRODUCT",
            "SUBSTANCE",
            "PRODUCT",
        ]

    def test_one_does_not_move_the_other(self) -> None:
        def rename(made: Any) -> None:
            for product in made["authorizedApplication"]["authorizedPartI"]["products"]:
                product["part1MpRoleTypeCode"] = "2"

        one = changed("multinational", rename)
        assert products(one) == products(trial("multinational"))
        assert {each.named_by and each.named_by.term for each in one.interventions} == {"SUBSTANCE"}


class TestNumericOrder:
    """Criteria and endpoints stand by number, though the register sorts the numbers as text."""

    def test_the_source_is_sorted_as_text(self) -> None:
        part = document("multinational")["authorizedApplication"]["authorizedPartI"]
        listed = part["trialDetails"]["trialInformation"]["eligibilityCriteria"]["principalInclusionCriteria"]
        assert [each["number"] for each in listed] == [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9]

    def test_twelve_criteria_in_order(self) -> None:
        texts = criteria(trial("multinational"), CriterionKind.INCLUSION)
        starts = (
            "Signed informed consent",
            "Age 12 years or over",
            "Invented polyarthritis by the 2099 sample criteria",
            "4.\tAt least six swollen",
            "C-reactive protein",
            "Inadequate response",
            "Stable dose of glucocorticoids",
            "Body weight  ≥ 40 kg.",
            "Negative test for tuberculosis",
            "Vaccinations up to date",
            "Women of childbearing potential",
            "Willing to learn",
        )
        assert [str(text).startswith(start) for text, start in zip(texts, starts, strict=True)] == 12 * [True]

    @pytest.mark.parametrize("name", RECORDS)
    def test_numbers_rise_and_inclusion_goes_first(self, name: str) -> None:
        ranks = {CriterionKind.INCLUSION: 0, CriterionKind.EXCLUSION: 1}
        found = [(ranks[each.kind], each.number) for each in trial(name).eligibility.criteria if each.kind]
        assert found == sorted(found)  # type: ignore[type-var]  # every criterion has a number
        assert {number for rank, number in found if rank == 0} == set(range(1, counts(trial(name))[2] + 1))

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_of_the_source_does_not_matter(self, seed: int) -> None:
        def shuffle(made: Any) -> None:
            part = made["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]
            for lists in (part["eligibilityCriteria"], part["endPoint"]):
                for listed in lists.values():
                    random.Random(seed).shuffle(listed)

        one = changed("multinational", shuffle)
        assert one.eligibility == trial("multinational").eligibility
        assert one.endpoints == trial("multinational").endpoints


class TestDates:
    """CTIS writes a date in six forms, and each is the day that it means."""

    @pytest.mark.parametrize(
        "text",
        [
            "2024-04-24",
            "2024-04-24T15:14:59",
            "2024-04-24T12:46:14.39",
            "2024-04-24T15:14:59.077",
            "2024-04-24T03:39:42.53126887",
            "2024-04-24T03:39:42.531268872",
        ],
    )
    def test_in_records(self, text: str) -> None:
        one = changed("immunostem", lambda made: made.update(decisionDate=text))
        assert one.dates.decision == PartialDate(year=2024, month=4, day=24)

    def test_day_first_in_rows(self) -> None:
        one = changed("search_row_v1", lambda made: made.update(decisionDateOverall="03/04/2024"))
        assert one.dates.decision == PartialDate(year=2024, month=4, day=3)

    @pytest.mark.parametrize("text", ["DE: 24/04/2024, FR: 23/10/2024", "FR:2024-10-23, DE:2024-04-24"])
    def test_by_country_in_rows(self, text: str) -> None:
        one = changed("search_row_v1", lambda made: made.update(decisionDate=text))
        assert decided(one, "DE") == [("2024-04-24", None)]
        assert decided(one, "FR") == [("2024-10-23", None)]

    def test_what_has_happened_is_told_from_what_is_planned(self) -> None:
        known = trial("multinational").dates
        assert known.start is not None
        assert known.start.estimated is False
        assert known.estimated_end is not None
        assert known.estimated_end.estimated is True


LISTS = ("memberStatesConcerned", "authorizedPartsII", "decisions", "ctMSCsByApplication", "trialEvents", "halts")


def _turn(made: Any, which: str) -> None:
    """Turn one of the lists of member states round."""
    application = made["authorizedApplication"]
    if which in application:
        application[which].reverse()
    elif which == "trialEvents":
        made["events"][which].reverse()
    elif which == "halts":
        made["events"]["temporaryHaltList"].reverse()
    else:
        for each in application["applicationInfo"]:
            each[which].reverse()


def _states_whole(one: Trial) -> dict[str | None, tuple[Any, ...]]:
    fields = "name status planned reporting first_decision last_decision start recruitment_start end"
    plain = by_country(one, *fields.split())
    return {each.code: (*plain[each.code], Counter(each.events)) for each in one.countries}


class TestJoinedLists:
    """A member state is one country, whatever the order of the six lists that it stands in."""

    @pytest.mark.parametrize("which", LISTS)
    @pytest.mark.parametrize("name", ["multinational", "v1_as_v2", "early_terminated"])
    def test_the_order_of_a_list_does_not_matter(self, name: str, which: str) -> None:
        one = changed(name, lambda made: _turn(made, which))
        assert _states_whole(one) == _states_whole(trial(name))

    @pytest.mark.parametrize("name", RECORDS)
    def test_no_state_stands_twice(self, name: str) -> None:
        found = [each.code for each in trial(name).countries]
        assert None not in found
        assert len(found) == len(set(found))

    def test_a_state_twice_in_one_application_is_one_country_with_two_decisions(self) -> None:
        def twice(made: Any) -> None:
            decisions = made["authorizedApplication"]["applicationInfo"][0]["decisions"]
            decisions.append(copy.deepcopy(decisions[0]) | {"decisionDate": "2026-10-01T08:00:00.1"})

        one = changed("immunostem", twice)
        assert len(one.countries) == 1
        assert {date for date, _ in decided(one, "IT")} == {"2026-09-17", "2026-10-01"}


class TestEmptyAnswers:
    """An empty value is an absent one, an empty page holds no trials, and an empty answer is no record."""

    @pytest.mark.parametrize("source", [b"{}", b"[]", b"<!doctype html><html><body></body></html>", b""])
    def test_the_answer_for_an_unknown_trial(self, source: bytes) -> None:
        with pytest.raises(TrialParseError) as caught:
            parse(source)
        assert isinstance(caught.value, UnrecognisedFormat | NotOneRecord)

    def test_a_page_without_rows(self) -> None:
        page = {"showWarning": False, "pagination": {"totalRecords": 0, "currentPage": 0}, "data": []}
        source = json.dumps(page).encode()
        assert list(read(source)) == []
        with pytest.raises(NotOneRecord):
            parse(source)

    @pytest.mark.parametrize("name", RECORDS)
    def test_empty_is_absent(self, name: str) -> None:
        assert parse(json.dumps(pruned(document(name))).encode()).trial == trial(name)

    @pytest.mark.parametrize("name", RECORDS)
    def test_null_is_absent(self, name: str) -> None:
        def nothing(made: Any) -> None:
            made["results"] = made["documents"] = made["correctiveMeasures"] = None
            made["authorizedApplication"]["trialGlobalEnd"] = None

        def absent(made: Any) -> None:
            for key in ("results", "documents", "correctiveMeasures"):
                made.pop(key, None)
            del made["authorizedApplication"]["trialGlobalEnd"]

        assert changed(name, nothing) == changed(name, absent)

    def test_a_record_in_words_of_its_own_is_told(self) -> None:
        source = b'{"ctNumber": null, "authorizedApplication": {"partOne": {"title": "A trial"}, "phases": [1]}}'
        told = [(one.problem, one.place.path, one.text) for one in parse(source).diagnostics]
        assert [(Problem.NOTHING_READ, "", "authorizedApplication.partOne.title, authorizedApplication.phases")] == told
        with pytest.raises(Rejected):
            parse(source, raise_at=Severity.ERROR)

    @pytest.mark.parametrize(
        "source",
        [
            b'{"ctNumber": null, "authorizedApplication": {}}',
            b'{"ctNumber": "2026-590101-24-00", "authorizedApplication": {"partOne": {"title": "A trial"}}}',
        ],
    )
    def test_a_record_that_is_only_poor_is_not(self, source: bytes) -> None:
        assert parse(source).diagnostics == ()

    def test_results_left_out_are_told_from_none(self) -> None:
        left_out = parse(FOLDER / "ended_with_results.json", results=False).trial
        assert left_out.results.postings == ()
        assert Missing(field="results", kind=MissingKind.NOT_READ) in left_out.missing


def pruned(value: Any) -> Any:
    """Return a document without empty texts, lists and objects in its objects."""
    if isinstance(value, dict):
        return {key: pruned(below) for key, below in value.items() if below not in ("", [], {})}
    return [pruned(below) for below in value] if isinstance(value, list) else value


SECOND_PLACES = {
    "placebo_blinded": [(Problem.CONFLICT, "interventions[1].form", "CONCENTRATE FOR SOLUTION FOR INFUSION")],
    "multinational": [
        (Problem.ODD_CHARACTER, "interventions[4].name", "FOLINAMOCK\r, -"),
    ],
}
"""What is said of real records too: the dictionary has another form of the product, names end in a carriage return."""


class TestAccount:
    """Every leaf of a fixture is mapped or ignored for a reason, and no record of today is remarked upon."""

    @pytest.mark.parametrize("name", RECORDS)
    def test_records(self, name: str) -> None:
        audit = record(name).audit()
        assert audit.unmapped == {}
        assert audit.withheld == 0
        assert audit.mapped + sum(audit.ignored.values()) == leaves(document(name))
        assert [(one.problem, one.field, one.text) for one in record(name).diagnostics] == SECOND_PLACES.get(name, [])

    @pytest.mark.parametrize("name", ["search_2026.json", "search_2024_06.json", "evaluation.json", "portal.csv"])
    def test_lists(self, name: str) -> None:
        assert all(one.audit().unmapped == {} for one in rows(name))

    def test_leaves_of_an_evaluation(self) -> None:
        found: Iterable[int] = (one.audit().leaves for one in rows("evaluation.json"))
        assert list(found) == [leaves(each) for each in document("evaluation")]

    def test_cells(self) -> None:
        assert {one.audit().leaves for one in itertools.chain(rows("portal.csv"), rows("portal_renamed.csv"))} == {24}


class TestSecondPlaces:
    """What does not stand where it mostly does is read from where else it can stand."""

    @pytest.fixture
    def trial(self) -> Trial:
        return record("second_places").trial

    def test_nothing_is_told(self) -> None:
        assert () == record("second_places").diagnostics

    def test_organisations(self, trial: Trial) -> None:
        sponsor, third = trial.sponsors
        (site,) = trial.sites
        contacts = sponsor.contacts[-1], *third.contacts, *site.contacts
        assert {(contact.email, contact.phone) for contact in contacts} == {(None, None)}
