"""CTIS records of the first portal: an upgrade table leads them to today's paths, and today's mapping reads them."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.counting import some
from tests.parsing.documents import quick
from trialparse.diagnostics import Problem
from trialparse.mapping.folder import rows_of
from trialparse.mapping.rows import read_upgrade
from trialparse.model import Trial
from trialparse.model.interventions import Intervention
from trialparse.model.terms import (
    AgeGroup,
    ContactKind,
    CriterionKind,
    EndpointKind,
    EventKind,
    Phase,
    ProductRole,
    Progress,
    Recruitment,
    Regulatory,
    Sex,
    SponsorRole,
)
from trialparse.model.values import Coded
from trialparse.parsing.calls import parse
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.run import traced_run
from trialparse.readers.paths import Path as SourcePath
from trialparse.readers.paths import write_path
from trialparse.registries.ctis import RETRIEVE_V1

OPEN = {"lastUpdated"}
"""Leaves that no row speaks of: today's record has no place that means the same."""

SNAPSHOTS = ("2022-500676-59-00.2023-12-03.json", "2022-500676-59-00.json")
"""One trial of the corpus at two times, between which its second substantial modification was authorised."""


@pytest.fixture(scope="module")
def old(fixtures: Path) -> Parsed:
    """Return the made-up trial as the first portal gave it."""
    return parse(fixtures / "ctis" / "v1.json")


@pytest.fixture(scope="module")
def today(fixtures: Path) -> Parsed:
    """Return the same trial as the portal gives it today."""
    return parse(fixtures / "ctis" / "v1_as_v2.json")


def differences(one: Any, other: Any, field: str = "") -> Iterator[str]:
    """Give the fields in which two values differ; lists of unlike length differ as a whole."""
    if attrs.has(type(one)) and type(one) is type(other):
        for attribute in attrs.fields(type(one)):
            name = attribute.name
            yield from differences(getattr(one, name), getattr(other, name), f"{field}.{name}" if field else name)
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (this, that) in enumerate(zip(one, other, strict=True)):
            yield from differences(this, that, f"{field}[{index}]")
    elif one != other:
        yield field


def name_of(product: Intervention) -> str | None:
    """Return what a product is called; one that is named by an ATC code has the name of its substance only."""
    return product.name or next((substance.name for substance in product.substances), None)


def agrees(parsed: Parsed) -> bool:
    """Whether the fast run takes the record and makes what the traced run makes."""
    made = quick(parsed)
    return made is not None and made == traced_run(parsed._kept(), Options())[0]


def unmapped(parsed: Parsed) -> set[str]:
    return set(parsed.audit().unmapped)


# What the fixture says, typed by hand


UNKNOWN_GROUP = "11"
"""A vulnerable group by a code of a list that is not known."""


def test_it_is_a_record_of_the_first_portal(old: Parsed) -> None:
    assert old.format is RETRIEVE_V1
    assert [one.text for one in old.diagnostics] == [UNKNOWN_GROUP]


def test_identifiers_and_titles(old: Parsed) -> None:
    trial = old.trial
    assert [(number.scheme, number.value) for number in trial.identifiers] == [
        ("CTIS", "2022-590808-23-00"),
        ("EudraCT", "2018-099808-23"),
        ("NCT", "NCT99990808"),
        ("protocol", "STEINFREI-2"),
        ("DRKS", "DRKS99990808"),
    ]
    assert trial.public_title == "Sampliflozin to prevent kidney stones in the example syndrome"
    assert [translation.language for translation in trial.public_title_translations] == ["fr"]


def test_the_public_label_is_the_public_status(old: Parsed) -> None:
    status = old.trial.status
    assert status.text == "Ongoing, recruiting"
    assert (status.regulatory, status.trial, status.recruitment) == (
        Regulatory.AUTHORISED,
        Progress.ONGOING,
        Recruitment.RECRUITING,
    )


def test_who_may_take_part_and_how_many(old: Parsed) -> None:
    trial = old.trial
    assert trial.eligibility.sex is Sex.ALL
    assert trial.eligibility.age_groups == {AgeGroup.ADULT, AgeGroup.ELDERLY}
    assert trial.eligibility.age_subgroups == {AgeGroup.ADULT, AgeGroup.AGE_65_84}
    kinds = [criterion.kind for criterion in trial.eligibility.criteria]
    assert kinds == 3 * [CriterionKind.INCLUSION] + 4 * [CriterionKind.EXCLUSION]
    # 20 in France and 40 in Germany, counted once though they stand in five lists, and 6 in Switzerland
    assert (trial.enrolment.planned, trial.enrolment.planned_eea, trial.enrolment.planned_elsewhere) == (66, 60, 6)
    assert trial.countries_elsewhere == (Coded(term="CH", text="Switzerland"),)


def test_a_member_state_is_one_country_wherever_it_stands(old: Parsed) -> None:
    france, germany = old.trial.countries
    assert (france.code, germany.code) == ("FR", "DE")
    assert (france.planned, germany.planned) == (20, 40)
    assert (france.reporting, germany.reporting) == (False, True)
    assert (str(france.first_decision), str(germany.first_decision)) == ("2022-12-14", "2022-12-12")
    assert (str(france.start), str(germany.start)) == ("2023-02-20", "2020-03-02")
    assert (str(france.recruitment_start), str(germany.recruitment_start)) == ("2023-03-01", "2020-03-16")


def test_notifications_are_events_and_periods_do_not_repeat_them(old: Parsed) -> None:
    for country in some(old.trial.countries, 2):
        for kind in (EventKind.TRIAL_START, EventKind.RECRUITMENT_START):
            assert [event.kind for event in country.events].count(kind) == 1


def test_applications_and_dates(old: Parsed) -> None:
    trial = old.trial
    said = [(event.kind, str(event.date), event.application) for event in trial.events]
    for event in (
        (EventKind.SUBMISSION, "2022-10-24", "IN"),
        (EventKind.ASSESSMENT, "2022-12-07", "IN"),
        (EventKind.DECISION, "2022-12-12", "IN"),
        (EventKind.SUBMISSION, "2023-07-03", "SM-1"),
        (EventKind.ASSESSMENT, "2023-09-25", "SM-1"),
        (EventKind.DECISION, "2023-09-28", "SM-1"),
    ):
        assert said.count(event) == 1
    assert str(trial.dates.submitted) == "2022-10-24"
    assert str(trial.dates.start) == "2020-03-02"
    assert str(trial.dates.estimated_end) == "2025-12-31"


def test_products(old: Parsed) -> None:
    tested, placebo = old.trial.interventions
    assert (tested.role, placebo.role) == (ProductRole.TEST, ProductRole.PLACEBO)
    assert [substance.name for substance in tested.substances] == ["SAMPLIFLOZIN"]
    assert ("ATC", "A10BK98") in [(code.system, code.value) for code in tested.codes]
    assert tested.duration is not None
    assert tested.duration.value == 26
    assert tested.authorised is True
    assert tested.substances[0].synonyms == ("SAMPLIFLOZIN ANHYDROUS", "BSP-99")
    assert [product.no_dossier_reason for product in (tested, placebo)] == [
        "Refer to the summary of product characteristics",
        "Placebo without active substance",
    ]
    assert [product.manufacturing for product in (tested, placebo)] == ["IMPX99005/00001", None]
    assert {product.advanced_therapy for product in (tested, placebo)} == {False}
    assert {product.with_device for product in (tested, placebo)} == {False}


def test_applications_are_validated(old: Parsed) -> None:
    validated = [event for event in old.trial.events if event.kind is EventKind.VALIDATION]
    assert [(str(event.date), event.application, event.outcome) for event in validated] == [
        ("2023-07-12", "SM-1", Coded(term="VALID", text="Valid")),
        ("2022-11-02", "IN", Coded(term="VALID", text="Valid")),
    ]


def test_a_changed_balance_of_benefit_and_risk_is_told(fixtures: Path) -> None:
    """The form holds false where nobody says anything; true is told."""
    record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    before = parse(json.dumps(record).encode()).trial.countries
    record["mscTrialNotificationsInfoList"][0]["mscNotificationsListInfo"][0]["isBenefitRisckBalanceChange"] = True
    after = parse(json.dumps(record).encode()).trial.countries

    assert {event.benefit_risk_changed for country in before for event in country.events} == {None}
    assert [event.kind for country in after for event in country.events if event.benefit_risk_changed] == [
        EventKind.RECRUITMENT_START
    ]


def test_whether_recruitment_has_started(old: Parsed) -> None:
    assert {country.code: country.recruitment_started for country in old.trial.countries} == {"DE": True, "FR": True}


def test_the_versions_of_the_sponsor_are_one_sponsor(old: Parsed) -> None:
    sponsor, third = old.trial.sponsors
    assert (sponsor.role, sponsor.name) == (SponsorRole.PRIMARY, "Universitätsmedizin Musterstadt gGmbH")
    assert (third.role, third.name) == (SponsorRole.THIRD_PARTY, "Mock Data Services Limited")
    assert [contact.kind for contact in sponsor.contacts] == [
        ContactKind.PUBLIC,
        ContactKind.SCIENTIFIC,
        ContactKind.LEGAL_REPRESENTATIVE,
        ContactKind.UNION,
        ContactKind.PUBLIC,  # the organisation's own address
    ]
    assert [contact.name for contact in sponsor.contacts[:2]] == ["Studienzentrale", "Paula Platzhalter"]
    assert [contact.name for contact in old.trial.contacts] == ["Studienzentrale", "Paula Platzhalter"]


def test_conditions_endpoints_and_areas(old: Parsed) -> None:
    trial = old.trial
    assert trial.phases == {Phase.II}
    assert [(condition.text, condition.rare) for condition in trial.conditions] == [
        ("Kidney stones in the example syndrome", True)
    ]
    assert [(code.system, code.value) for code in trial.condition_codes] == [("MedDRA", "10029148")]
    assert [area.term for area in trial.therapeutic_areas] == ["C12"]
    kinds = [endpoint.kind for endpoint in trial.endpoints]
    assert kinds == [EndpointKind.PRIMARY, EndpointKind.SECONDARY, EndpointKind.SECONDARY]


# The same trial in both shapes

SAME = (
    "id identifiers public_title public_title_translations scientific_title scientific_title_translations objectives "
    "phases phase_detail conditions condition_codes therapeutic_areas eligibility enrolment endpoints funding "
    "countries_elsewhere paediatric_plans"
).split()
"""Fields in which both shapes say the same."""

UNLIKE = {
    "interventions[0].authorisation_country",  # NL, then EU
    "interventions[1].authorisation_country",  # IS, then nothing: a placebo has none
    # the first portal told less of a placebo
    "interventions[1].form",
    "interventions[1].routes",
    "interventions[1].duration",
    "interventions[1].authorised",
    "interventions[1].orphan",
    # only the first portal tells of strength, synonyms, devices and dossiers; there, the group has an authorisation
    "interventions[0].strength",
    "interventions[0].substances[0].strength",
    "interventions[0].substances[0].synonyms",
    "interventions[0].manufacturing",
    *(
        f"interventions[{index}].{name}"
        for index in (0, 1)
        for name in ("with_device", "advanced_therapy", "no_dossier_reason")
    ),
    "design.region",
    "status.text",  # the label, then the code
}
"""Fields in which the sources themselves differ."""


@pytest.mark.parametrize("field", SAME)
def test_both_shapes_say_the_same(old: Parsed, today: Parsed, field: str) -> None:
    there, here = getattr(old.trial, field), getattr(today.trial, field)
    if field == "eligibility":  # only the first portal tells which vulnerable groups take part
        there = attrs.evolve(there, vulnerable_groups=())
    assert there == here


def test_where_the_shapes_differ(old: Parsed, today: Parsed) -> None:
    fields = ("interventions", "design", "status")
    found = {
        place for name in fields for place in differences(getattr(old.trial, name), getattr(today.trial, name), name)
    }
    assert found == UNLIKE


# The account


def test_every_leaf_of_the_fixture_is_accounted_for(old: Parsed) -> None:
    assert unmapped(old) <= OPEN


NOT_IN_FIXTURE = {"applications[].eudraCtInfo"}
"""Moves that real records have and the fixture has not; the next test but one shows them."""


def test_every_move_is_exercised_or_unseen(old: Parsed) -> None:
    """A row that leads to a path of today shows in the fixture, or no real record has it yet."""
    moves = read_upgrade(files("trialparse.registries.ctis") / "v1.tsv")
    leading = [move for move in moves if move.new is not None and "unseen" not in move.marks]
    paths = old.audit(paths=True).paths
    idle = {write_path(move.old) for move in leading if not any(below(path, move.old) for path in paths)}
    assert idle == NOT_IN_FIXTURE


def below(path: str, old: SourcePath) -> bool:
    """Whether a path as the audit writes it is `old` or lies below it."""
    start = ".".join(step.key + step.many.removesuffix("[]").removesuffix("[?]") for step in old)
    return path == start or path.startswith((f"{start}.", f"{start}{{}}"))


def test_an_application_tells_that_the_trial_came_from_eudract(fixtures: Path) -> None:
    tree = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    for application in tree["applications"]:
        application["eudraCtInfo"] = {"eudraCtCode": "2018-099808-23", "hasVhp": False, "isTransitioned": True}
    parsed = parse(json.dumps(tree).encode())
    assert parsed.trial.transitioned is True
    assert parsed.trial.identifiers == parse(fixtures / "ctis" / "v1.json").trial.identifiers
    assert unmapped(parsed) <= OPEN


def test_the_quick_run_takes_the_fixture(old: Parsed) -> None:
    assert agrees(old)


def test_no_row_reads_what_only_stood_in_versions_gone_by() -> None:
    """Part I stands once more in each application; of it only the assessment is read."""
    repeated = [row for row in rows_of(RETRIEVE_V1) if row.verb != "ignore" for path in row.paths if is_repeat(path)]
    assert {row.path[2].key for row in repeated} == {"assessmentOutcome", "assessmentOutcomeDate"}


def is_repeat(path: SourcePath) -> bool:
    return [step.key for step in path[:2]] == ["applications", "partI"]


PERSONS = {
    "firstName",
    "lastName",
    "functionalName",
    "functionalEmailAddress",
    "telephone",
    "phoneNumber",
    "email",
    "phone",
}


def people(tree: Any) -> Iterator[str]:
    """Give the words at the members that are about persons, in older versions too."""
    if isinstance(tree, list):
        for element in tree:
            yield from people(element)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in PERSONS and isinstance(value, str):
                yield value
            else:
                yield from people(value)


def test_without_contacts_nobody_is_left_in_older_versions_either(fixtures: Path) -> None:
    path = fixtures / "ctis" / "v1.json"
    named = {word for word in people(json.loads(path.read_bytes())) if word}
    assert "Aline" in named
    raw = parse(path, contacts=False).raw
    assert isinstance(raw, bytes)
    assert named.isdisjoint(people(json.loads(raw)))


def test_a_short_name_below_an_id_is_left_out_too(fixtures: Path) -> None:
    """partIIInfo is keyed by ids; an investigator of an older version with a name too short to be searched for."""
    tree = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    for part in tree["applications"][-1]["partIIInfo"].values():
        for site in part["trialSites"]:
            site["personInfo"]["lastName"] = "Ng"
    raw = parse(json.dumps(tree).encode(), contacts=False).raw
    assert isinstance(raw, bytes)
    assert b'"Ng"' not in raw


def test_an_application_without_part_ii_has_a_list_for_an_object(fixtures: Path) -> None:
    tree = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    tree["applications"][0]["partIIInfo"] = []
    parsed = parse(json.dumps(tree).encode())
    assert agrees(parsed)
    assert [one.text for one in parsed.diagnostics] == [UNKNOWN_GROUP]
    assert len(parsed.trial.countries) == 2


def test_a_member_state_without_part_ii_is_a_country(fixtures: Path) -> None:
    """One whose Part II is still under evaluation stands only among the member states concerned."""
    tree = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    tree["memberStatesConcerned"].append(
        {
            "id": 2899,
            "mscName": "Italy",
            "countryName": "Italy",
            "countryOrganisationId": 2018,
            "recruitmentSubjectCount": 5,
            "trialStatus": "Under evaluation",
            "reportingStatusCode": "Under evaluation",
            "isProposedRms": False,
        }
    )
    trial = parse(json.dumps(tree).encode()).trial
    italy = next(country for country in trial.countries if country.code == "IT")
    assert italy.status.regulatory is Regulatory.UNDER_EVALUATION
    assert trial.enrolment.planned is None  # how many there is not known yet


def test_the_start_stands_twice_and_a_difference_is_told(fixtures: Path) -> None:
    tree = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    del tree["trialStartDate"]
    assert str(parse(json.dumps(tree).encode()).trial.dates.start) == "2020-03-02"
    tree["trialStartDate"] = "2020-03-03"
    problems = [diagnostic.problem for diagnostic in parse(json.dumps(tree).encode()).diagnostics]
    assert problems == [Problem.CONFLICT, Problem.UNKNOWN_TERM]


# Real records

RECORDS = ("2022-500244-37-00.json", *SNAPSHOTS)

COMMERCIAL = (Problem.CONFLICT, "true")
"""A hospital whose entry in the organisation service says that it is commercial; the sponsor says that it is not."""
UNKNOWN_FORM = (Problem.UNKNOWN_TERM, "PHF00230MIG")
"""A pharmaceutical form by a code whose meaning no record tells, of four products."""
REMARKS = {
    "2022-500244-37-00.json": [COMMERCIAL],
    SNAPSHOTS[0]: [COMMERCIAL, *4 * [UNKNOWN_FORM]],
    SNAPSHOTS[1]: [COMMERCIAL, *4 * [UNKNOWN_FORM]],
}


@pytest.mark.corpus
@pytest.mark.parametrize("name", RECORDS)
def test_real_records(corpus: Path, name: str) -> None:
    parsed = parse(corpus / "ctis" / "retrieve" / name)
    assert parsed.format is RETRIEVE_V1
    assert unmapped(parsed) <= OPEN
    assert agrees(parsed)
    assert [(diagnostic.problem, diagnostic.text) for diagnostic in parsed.diagnostics] == REMARKS[name]


@pytest.fixture(scope="module")
def snapshots(corpus: Path) -> tuple[Trial, Trial]:
    """Return the real trial at two times."""
    earlier, later = (parse(corpus / "ctis" / "retrieve" / name).trial for name in SNAPSHOTS)
    return earlier, later


@pytest.mark.corpus
@pytest.mark.parametrize(
    "field",
    "id identifiers phases conditions condition_codes therapeutic_areas public_title scientific_title objectives "
    "endpoints eligibility enrolment status contacts".split(),
)
def test_what_the_modification_left_alone(snapshots: tuple[Trial, Trial], field: str) -> None:
    earlier, later = snapshots
    assert getattr(earlier, field) == getattr(later, field)


@pytest.mark.corpus
def test_the_products_are_the_same_in_another_order(snapshots: tuple[Trial, Trial]) -> None:
    earlier, later = snapshots
    assert len({name_of(product) for product in earlier.interventions}) == 6
    assert {essence(product) for product in earlier.interventions} == {essence(each) for each in later.interventions}
    assert earlier.interventions != later.interventions


def essence(product: Intervention) -> Intervention:
    """Return a product without what the modification changed: why it has no dossier, and how synonyms are written."""
    substances = tuple(attrs.evolve(substance, synonyms=()) for substance in product.substances)
    return attrs.evolve(product, substances=substances, no_dossier_reason=None)


@pytest.mark.corpus
def test_what_the_modification_changed(snapshots: tuple[Trial, Trial]) -> None:
    earlier, later = snapshots
    assert (len(earlier.sites), len(later.sites)) == (1, 36)
    assert {event.application for event in earlier.events} - {None} == {"IN", "SM-1", "NSM-1"}
    assert {event.application for event in later.events} - {None} == {"IN", "SM-1", "NSM-1", "SM-2"}
    # no change of meaning: CTIS writes lists of a new version in another order
    assert set(earlier.sponsors) == set(later.sponsors)
    assert earlier.sponsors != later.sponsors
    assert set(earlier.design.scopes) == set(later.design.scopes)
    assert earlier.design.scopes != later.design.scopes
