"""A trial of CTIS in five states, typed by hand from the document."""

from collections import Counter

from tests.registries.ctis.records import (
    Axes,
    decided,
    kinds_of_documents,
    trial,
)
from trialparse.model import Organisation
from trialparse.model.terms import (
    Regulatory,
)

# The labels of the public status (EMA/441149/2024) on the three axes
UNDER_EVALUATION: Axes = (Regulatory.UNDER_EVALUATION, None, None)


def duties(organisation: Organisation) -> list[str | None]:
    return [duty.term for duty in organisation.duties]


class TestMultinational:
    """Five states in five different stages, a halt, co-sponsor and third parties, six products in four roles."""

    def test_decisions_of_a_country_on_each_application(self) -> None:
        assert Counter(decided(trial("multinational"), "PL")) == Counter(
            [
                ("2025-01-07", Regulatory.AUTHORISED_WITH_CONDITIONS),
                ("2025-06-26", Regulatory.AUTHORISED),
                ("2025-10-14", Regulatory.AUTHORISED),
                ("2026-06-29", Regulatory.AUTHORISED),
            ]
        )
        assert ("2026-07-02", Regulatory.AUTHORISED_WITH_CONDITIONS) in decided(trial("multinational"), "DE")
        assert decided(trial("multinational"), "CZ") == []

    def test_sites(self) -> None:
        one = trial("multinational")
        assert Counter(site.country for site in one.sites) == Counter(DK=1, ES=2, PL=1, DE=2)

    def test_documents_and_what_else_there_is(self) -> None:
        one = trial("multinational")
        assert Counter(kinds_of_documents(one)) == Counter(
            PROTOCOL=1, PROTOCOL_SYNOPSIS=3, RECRUITMENT_ARRANGEMENTS=4, SUBJECT_INFORMATION_AND_CONSENT=8
        )
        assert len({each.id for each in one.documents}) == 16
        assert [each.text is not None for each in one.publications] == [True, False, False]


class TestMultinationalInDetail:
    """What stands below the headlines of a record is read too: translations, periods, arms, origins, contacts."""

    def test_periods(self) -> None:
        blind, extension = trial("multinational").design.periods
        assert blind.arms + extension.arms == trial("multinational").arms

    def test_contacts(self) -> None:
        primary, other, *_ = trial("multinational").sponsors
        assert Counter(each.name for each in trial("multinational").contacts) == Counter(
            each.name for sponsor in (primary, other) for each in sponsor.contacts
        )
