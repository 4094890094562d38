"""Where CTIS means something else than a field of its name seems to say."""

import json
from pathlib import Path
from typing import Any

import pytest

from trialparse import Parsed, Problem, Trial, parse
from trialparse.model.terms import EventKind, MaskedRole

Record = dict[str, Any]


def record(fixtures: Path, name: str) -> Record:
    made: Record = json.loads((fixtures / "ctis" / f"{name}.json").read_bytes())
    return made


def read(record: Record) -> Parsed:
    return parse(json.dumps(record).encode())


class TestDoses:
    """A dose and the length of a treatment are above zero: 0 and 00 only fill their field."""

    @pytest.mark.parametrize("zero", ["0", "00", "0.0"])
    @pytest.mark.parametrize(
        ("key", "field"),
        [
            ("maxDailyDoseAmount", "daily_dose.amount"),
            ("maxTotalDoseAmount", "total_dose.amount"),
            ("maxTreatmentPeriod", "duration"),
        ],
    )
    def test_zero_is_a_placeholder(self, fixtures: Path, key: str, field: str, zero: str) -> None:
        made = record(fixtures, "halted")
        [product] = made["authorizedApplication"]["authorizedPartI"]["products"]
        product[key] = zero
        parsed = read(made)
        first = parsed.trial.interventions[0]
        path = f"interventions[0].{field}"

        assert (
            None
            is {
                "duration": first.duration,
                "daily_dose.amount": first.daily_dose.amount,
                "total_dose.amount": first.total_dose.amount,
            }[field]
        )
        assert [(path, "UNREADABLE")] == [
            (one.field, one.kind.name) for one in parsed.trial.missing if one.field == path
        ]
        assert [(path, zero)] == [
            (one.field, one.text) for one in parsed.diagnostics if one.problem is Problem.PLACEHOLDER
        ]


class TestCombinationProducts:
    """The substances of a product are a list, and all of them in one text: a copy of the list, or the only place."""

    ORIGIN = "Protein - Other"

    def product(self, fixtures: Path, *substances: str, together: str) -> Parsed:
        """Return a record in which the second product has these substances."""
        made = record(fixtures, "multinational")
        known = made["authorizedApplication"]["authorizedPartI"]["products"][1]["productDictionaryInfo"]
        known["productSubstances"] = [
            {"substancePk": str(number), "actSubstName": name, "actSubstOrigin": self.ORIGIN}
            for number, name in enumerate(substances)
        ]
        known["activeSubstanceName"] = together
        return read(made)

    def names(self, parsed: Parsed) -> list[str | None]:
        return [one.name for one in parsed.trial.interventions[1].substances]

    def remarks(self, parsed: Parsed) -> list[tuple[str, str]]:
        return [
            (one.problem.name, one.text)
            for one in parsed.diagnostics
            if one.field is not None and one.field.startswith("interventions[1].substances")
        ]

    @pytest.mark.parametrize(
        ("substances", "together"),
        [
            (("ALPHAMAB", "BETAMAB"), "ALPHAMAB, BETAMAB"),
            (("BETAMAB", "ALPHAMAB"), "ALPHAMAB, BETAMAB"),
            (("ALPHAMAB",), "ALPHAMAB"),
            (("ALPHAMAB",), "Alphamab"),
            (("ALPHAMAB", "BETAMAB"), "Alphamab, Betamab"),
            (("ALPHAMAB", "BETAMAB"), "ALPHAMAB; BETAMAB"),
            (("ALPHAMAB", "BETAMAB"), "ALPHAMAB / BETAMAB"),
            (("ALPHAMAB", "BETAMAB"), "ALPHAMAB + BETAMAB"),
            (("ALPHAMAB", "BETAMAB"), "ALPHAMAB,BETAMAB"),
            (("ALPHAMAB", "BETA/GAMMAMAB"), "Beta/Gammamab; Alphamab"),
            (("SODIUM CHLORIDE, 0.9 %",), "SODIUM CHLORIDE, 0.9 %"),
            (("SODIUM CHLORIDE, 0.9 %", "BETAMAB"), "SODIUM CHLORIDE, 0.9 %, BETAMAB"),
        ],
    )
    def test_a_copy(self, fixtures: Path, substances: tuple[str, ...], together: str) -> None:
        parsed = self.product(fixtures, *substances, together=together)

        assert self.names(parsed) == [*substances]
        assert self.remarks(parsed) == []

    @pytest.mark.parametrize("parted", [", ", "; ", " / ", "/", " + ", ","])
    def test_the_only_place(self, fixtures: Path, parted: str) -> None:
        together = f"ALPHAMAB{parted}BETAMAB"
        parsed = self.product(fixtures, together=together)

        assert self.names(parsed) == [together]
        assert self.remarks(parsed) == [("UNSPLIT_LIST", together)]

    @pytest.mark.parametrize("name", ["1,2-PROPANEDIOL", "A/H5N1 ANTIGEN", "177LU-DOTATATE", "CD34+ CELLS"])
    def test_one_substance_with_a_sign_in_its_name(self, fixtures: Path, name: str) -> None:
        parsed = self.product(fixtures, together=name)

        assert self.names(parsed) == [name]
        assert self.remarks(parsed) == []

    def test_another_substance(self, fixtures: Path) -> None:
        """What is not in the list is one more substance, and is not lost."""
        parsed = self.product(fixtures, "ALPHAMAB", together="ALPHAMAB, GAMMAMAB")

        assert self.names(parsed) == ["ALPHAMAB", "ALPHAMAB, GAMMAMAB"]
        assert self.remarks(parsed) == [("UNSPLIT_LIST", "ALPHAMAB, GAMMAMAB")]


class TestBlindedRoles:
    """Who is blinded is a list of objects, as other lists of codes are."""

    def test_objects(self, fixtures: Path) -> None:
        parsed = read(record(fixtures, "placebo_blinded"))

        assert parsed.trial.design.masked_roles == {
            MaskedRole.PARTICIPANT,
            MaskedRole.INVESTIGATOR,
            MaskedRole.ANALYST,
        }
        assert parsed.evidence("design.masked_roles").sources[0].place.path.endswith("/blindedRoles/0/code")
        assert parsed.audit().unmapped == {}

    def test_plain_values_are_reported(self, fixtures: Path) -> None:
        """No real record has them."""
        made = record(fixtures, "placebo_blinded")
        design = made["authorizedApplication"]["authorizedPartI"]["trialDetails"]["protocolInformation"]["studyDesign"]
        for period in design["periodDetails"]:
            period["blindedRoles"] = ["1", "2"]

        assert Problem.WRONG_TYPE in {one.problem for one in read(made).diagnostics}


class TestKindsOfProduct:
    """A product is biological if all that is said of its kind says so; a placebo is filed under medicines."""

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ({"characteristics": ["4"]}, "BIOLOGICAL"),
            ({"characteristics": ["7", "8"]}, "BIOLOGICAL"),
            ({"characteristics": ["Immunilogical"]}, "BIOLOGICAL"),
            ({"characteristics": ["11"]}, "DRUG"),
            ({"characteristics": ["11"], "allSubstancesChemicals": False}, "DRUG"),
            ({"allSubstancesChemicals": True}, "DRUG"),
            ({"characteristics": ["4", "11"]}, None),
            ({"characteristics": ["4"], "allSubstancesChemicals": True}, None),
            ({"allSubstancesChemicals": False}, None),
            ({}, None),
            ({"anAdvancedTherapyMedicinalProduct": True, "characteristics": ["11"]}, "BIOLOGICAL"),
            ({"anAdvancedTherapyMedicinalProduct": False, "characteristics": ["11"]}, "DRUG"),
            ({"therapies": [{"advancedTherapyType": "3"}]}, "BIOLOGICAL"),
            ({"mpRoleInTrial": "3"}, "DRUG"),
        ],
    )
    def test_it_is_derived(self, fixtures: Path, said: dict[str, Any], kind: str | None) -> None:
        made = record(fixtures, "multinational")
        product = made["authorizedApplication"]["authorizedPartI"]["products"][1]
        for key in ("characteristics", "allSubstancesChemicals", "anAdvancedTherapyMedicinalProduct", "therapies"):
            product.pop(key, None)
        product.update(said)
        parsed = read(made)

        found = parsed.trial.interventions[1].type
        assert kind == (found and found.name)
        assert parsed.evidence("interventions[1].type").relation == (None if kind is None else "derived")


class TestAssessments:
    """An application repeats what was concluded of those before it; this is no event of its own."""

    def assessed(self, trial: Trial) -> list[tuple[str | None, str]]:
        return [(one.application, str(one.date)) for one in trial.events if one.kind is EventKind.ASSESSMENT]

    def application(self, made: Record, key: str) -> Record:
        applications = made["authorizedApplication"]["applicationInfo"]
        found: Record
        (found,) = [one for one in applications if one["businessKey"] == key]
        return found

    def test_a_modification_that_is_not_substantial_and_a_later_state_have_none(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        shown = {one["businessKey"] for one in made["authorizedApplication"]["applicationInfo"]}
        assert shown == {"IN", "SM-1", "NSM-1", "AM-1", "SM-2"}
        parsed = read(made)
        assert self.assessed(parsed.trial) == [("SM-2", "2026-06-26"), ("IN", "2024-12-13"), ("SM-1", "2025-06-20")]
        assert parsed.audit().ignored["carried over"] == 3

    def test_a_modification_of_part_two_leaves_part_one(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        self.application(made, "SM-2")["modScope"] = "PART_II"
        parsed = read(made)
        assert self.assessed(parsed.trial) == [("IN", "2024-12-13"), ("SM-1", "2025-06-20")]
        spain = next(one for one in parsed.trial.countries if one.code == "ES")
        assert "SM-2" in {one.application for one in spain.events if one.kind is EventKind.ASSESSMENT}

    def test_a_modification_of_part_one_leaves_part_two(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        self.application(made, "SM-2")["modScope"] = "PART_I"
        found = [
            one.application
            for country in read(made).trial.countries
            for one in country.events
            if one.kind is EventKind.ASSESSMENT
        ]
        assert "SM-1" in found
        assert "SM-2" not in found

    def test_it_is_not_before_the_submission(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        assert self.application(made, "SM-2")["submissionDate"] == "2026-04-20"
        self.application(made, "SM-2")["partI"]["assessmentOutcomeDate"] = "2026-04-19"
        assert "SM-2" not in dict(self.assessed(read(made).trial))

    def test_without_a_day_it_is_one_all_the_same(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        self.application(made, "SM-2")["partI"].update(assessmentOutcome="not_acceptable", assessmentOutcomeDate=None)
        assert ("SM-2", "None") in self.assessed(read(made).trial)

    def test_the_key_says_which_kind_it_is_where_nothing_else_does(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        self.application(made, "NSM-1")["type"] = None
        assert "NSM-1" not in dict(self.assessed(read(made).trial))

    def test_an_initial_application_has_nothing_to_repeat(self, fixtures: Path) -> None:
        made = record(fixtures, "multinational")
        self.application(made, "IN")["partI"]["assessmentOutcomeDate"] = "2004-12-13"
        assert ("IN", "2004-12-13") in self.assessed(read(made).trial)


class TestFirstDecisions:
    """A member state that is still to decide shows the day of the submission as its first decision."""

    def state(self, fixtures: Path, day: str) -> Parsed:
        made = record(fixtures, "immunostem")
        (application,) = made["authorizedApplication"]["applicationInfo"]
        (state,) = made["authorizedApplication"]["memberStatesConcerned"]
        assert application["submissionDate"] == "2026-05-11"
        made["authorizedApplication"]["authorizedPartsII"] = application["partIIInfo"] = []
        state["mscPublicStatusCode"], state["firstDecisionDate"] = 1, day
        return read(made)

    def test_it_is_no_decision(self, fixtures: Path) -> None:
        parsed = self.state(fixtures, "2026-05-11T09:00:00")
        assert parsed.trial.countries[0].first_decision is None
        assert not [one for one in parsed.audit().unmapped if "firstDecisionDate" in one]

    def test_another_day_is_reported(self, fixtures: Path) -> None:
        parsed = self.state(fixtures, "2026-05-14T09:00:00")
        assert parsed.trial.countries[0].first_decision is None
        assert [one for one in parsed.audit().unmapped if "firstDecisionDate" in one]
