"""Records of CTIS as tests read them, and short forms of what they hold."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.conftest import FIXTURES
from trialparse.model import Country, Status, Trial
from trialparse.model.interventions import Dose, Intervention
from trialparse.model.terms import (
    AgeGroup,
    CriterionKind,
    EndpointKind,
    EventKind,
    ProductRole,
    Progress,
    Recruitment,
    Regulatory,
    Sex,
)
from trialparse.model.values import PartialDate
from trialparse.parsing.calls import parse, read
from trialparse.parsing.parsed import Parsed

FOLDER = FIXTURES / "ctis"

RECORDS = (
    "immunostem",
    "multinational",
    "halted",
    "early_terminated",
    "ended_with_results",
    "placebo_blinded",
    "v2_2024_06",
    "v1_as_v2",
)
"""The fixtures in today's shape of a record."""
Axes = tuple[Regulatory | None, Progress | None, Recruitment | None]
ONGOING_RECRUITING: Axes = (Regulatory.AUTHORISED, Progress.ONGOING, Recruitment.RECRUITING)
TEMPORARILY_HALTED: Axes = (Regulatory.AUTHORISED, Progress.HALTED, Recruitment.HALTED)

NOTIFIED = {
    EventKind.TRIAL_START,
    EventKind.RECRUITMENT_START,
    EventKind.RECRUITMENT_END,
    EventKind.RECRUITMENT_RESTART,
    EventKind.HALT,
    EventKind.RESTART,
    EventKind.EARLY_TERMINATION,
    EventKind.TRIAL_END,
}
"""What sponsors notify; the rest is the authorities' doing."""


@cache
def record(name: str) -> Parsed:
    return parse(FOLDER / f"{name}.json")


@cache
def rows(name: str) -> tuple[Parsed, ...]:
    found = tuple(read(FOLDER / name))
    assert found
    assert all(one.ok for one in found)
    return found  # type: ignore[return-value]  # as just asserted


def trial(name: str) -> Trial:
    return record(name).trial


def document(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def changed(name: str, change: Callable[[Any], object]) -> Trial:
    """Return the trial of a fixture after a change of its document."""
    made = document(name)
    change(made)
    return parse(json.dumps(made).encode()).trial


def day(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def axes(status: Status) -> Axes:
    return status.regulatory, status.trial, status.recruitment


def states(one: Trial) -> dict[str | None, Axes]:
    return {country.code: axes(country.status) for country in one.countries}


def by_country(one: Trial, *fields: str) -> dict[str | None, tuple[Any, ...]]:
    """Return the named fields of each country, dates as text."""
    values = {country.code: [getattr(country, field) for field in fields] for country in one.countries}
    return {code: tuple(str(v) if isinstance(v, PartialDate) else v for v in found) for code, found in values.items()}


def country(one: Trial, code: str) -> Country:
    (found,) = [each for each in one.countries if each.code == code]
    return found


def notified(one: Trial, code: str) -> set[tuple[EventKind, str]]:
    """Return what the sponsor has notified as having happened in a country."""
    return {
        (event.kind, str(event.date))
        for event in country(one, code).events
        if event.kind in NOTIFIED and event.date is not None and not event.date.estimated
    }


def decided(one: Trial, code: str) -> list[tuple[str | None, Regulatory | None]]:
    return [(day(e.date), e.decision) for e in country(one, code).events if e.kind is EventKind.DECISION]


def products(one: Trial) -> list[tuple[str | None, ProductRole | None, list[str | None], str | None]]:
    return [
        (each.name, each.role, [route.term for route in each.routes], each.form and each.form.term)
        for each in one.interventions
    ]


def amounts(product: Intervention) -> list[tuple[float | None, str | None]]:
    doses: list[Dose] = [product.daily_dose, product.total_dose]
    return [(dose.amount, dose.unit and dose.unit.term) for dose in doses]


def endpoints(one: Trial, kind: EndpointKind) -> list[str | None]:
    return [each.text for each in one.endpoints if each.kind is kind]


def criteria(one: Trial, kind: CriterionKind) -> list[str | None]:
    return [each.text for each in one.eligibility.criteria if each.kind is kind]


def counts(one: Trial) -> tuple[int, int, int, int]:
    """Return how many primary and secondary endpoints, inclusion and exclusion criteria there are."""
    return (
        len(endpoints(one, EndpointKind.PRIMARY)),
        len(endpoints(one, EndpointKind.SECONDARY)),
        len(criteria(one, CriterionKind.INCLUSION)),
        len(criteria(one, CriterionKind.EXCLUSION)),
    )


def ages(one: Trial) -> tuple[Sex | None, frozenset[AgeGroup], frozenset[AgeGroup]]:
    return one.eligibility.sex, one.eligibility.age_groups, one.eligibility.age_subgroups


def areas(one: Trial) -> list[str | None]:
    return [area.term for area in one.therapeutic_areas]


def kinds_of_documents(one: Trial) -> list[str | None]:
    return [each.type and each.type.term for each in one.documents]


def at(value: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        value = value[int(key) if isinstance(value, list) else key.replace("~1", "/").replace("~0", "~")]
    return value
