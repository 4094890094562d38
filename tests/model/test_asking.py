"""Questions that a trial answers from its fields: its countries, kinds of product, and what its record can hold."""

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import FIXTURES, fixture_files, refused
from tests.counting import exercised, readable, some
from trialparse import Coded, InterventionType, Recruitment, TherapyType, Trial
from trialparse.mapping.carried import all_fields
from trialparse.model import Country, Intervention
from trialparse.model.countries import country_codes
from trialparse.model.interventions import AdvancedTherapy
from trialparse.strategies import projected, trials
from trialparse.tsv import files_of, read_lines

ABOUT = ("missing", "not_carried")
"""Fields about other fields."""
ITALY, SPAIN = Country(code="IT", planned=15), Country(code="ES")


class TestCountries:
    """Countries are found by their ISO code, and by nothing that looks like one."""

    def test_by_code(self) -> None:
        trial = Trial(countries=(SPAIN, ITALY), countries_elsewhere=(Coded(term="CH"), Coded(text="Narnia")))

        assert (trial.country("IT"), trial.country("FR"), trial.country("CH")) == (ITALY, None, None)
        assert trial.country_codes == {"ES", "IT", "CH"}

    def test_of_a_real_shape(self) -> None:
        [parsed] = readable(FIXTURES / "ctis" / "multinational.json")
        spain = parsed.trial.country("ES")

        assert spain is not None
        assert spain.status.recruitment is Recruitment.RECRUITING
        assert parsed.trial.country_codes > {"ES", "DE", "PL"}

    @pytest.mark.parametrize("code", ["it", "Italy", "ITA", "", "I1", "ÎT", "I T", "XX", "ZZ"])
    def test_no_code(self, code: str) -> None:
        with pytest.raises(ValueError, match="is no ISO 3166-1 alpha-2 code"):
            Trial(countries=(ITALY,)).country(code)

    @pytest.mark.parametrize(("code", "meant"), [("UK", "GB"), ("EL", "GR"), ("it", "IT"), ("uk", "GB")])
    def test_the_code_that_may_be_meant(self, code: str, meant: str) -> None:
        with pytest.raises(ValueError, match=f"'{code}' is no ISO 3166-1 alpha-2 code; did you mean '{meant}'"):
            Trial().country(code)

    def test_codes_are_those_that_trials_have(self) -> None:
        """Codes, and what stands for others, are as the registers' words for countries have them."""
        words = {
            cells["word"]: cells["term"]
            for _, cells in read_lines(files_of("trialparse.registries.common") / "codes_country_code.tsv")
            if len(cells["word"]) == 2
        }

        named = {
            cells["term"] for _, cells in read_lines(files_of("trialparse.registries.common") / "codes_country.tsv")
        }

        assert len(words) > 240
        assert words.items() <= country_codes().items()
        assert {*words.values(), *named} - {"-"} == {*country_codes().values()}

    def test_each_country_with_a_code_is_found(self) -> None:
        read = [
            one.trial
            for path in fixture_files("ctis") + fixture_files("euctr")
            if not refused(path)
            for one in readable(path)
        ]
        listed = some(
            [(trial, country) for trial in read for country in trial.countries if country.code is not None], 50
        )

        for trial, country in listed:
            found = trial.country(f"{country.code}")
            assert found is not None
            assert (found.code, found.code in trial.country_codes) == (country.code, True)


class TestKinds:
    """Kinds of products are sets, without those of which nothing is said."""

    def test_products(self) -> None:
        gene, cell = AdvancedTherapy(type=TherapyType.GENE), AdvancedTherapy(type=TherapyType.SOMATIC_CELL)
        trial = Trial(
            interventions=(
                Intervention(type=InterventionType.BIOLOGICAL, advanced_therapies=(gene, AdvancedTherapy())),
                Intervention(type=InterventionType.BIOLOGICAL, advanced_therapies=(cell, gene)),
                Intervention(type=InterventionType.DEVICE),
                Intervention(),
            )
        )

        assert trial.intervention_types == {InterventionType.BIOLOGICAL, InterventionType.DEVICE}
        assert trial.therapy_types == {TherapyType.GENE, TherapyType.SOMATIC_CELL}

    def test_of_a_real_shape(self) -> None:
        [parsed] = readable(FIXTURES / "ctis" / "immunostem.json")

        assert parsed.trial.therapy_types == {TherapyType.GENE}

    @given(trials())
    def test_of_any_trial(self, trial: Trial) -> None:
        assert trial.intervention_types == {one.type for one in trial.interventions} - {None}


class TestCarries:
    """A field is carried unless it, or what holds it, is on the list; what has a value is carried."""

    def test_what_has_a_value(self) -> None:
        def law(data: st.DataObject) -> int:
            one = data.draw(projected(data.draw(trials())))
            trial = one.trial
            filled = [path for path in all_fields() if attrgetter(path)(trial) != attrgetter(path)(Trial())]
            assert [] == [path for path in filled if path not in ABOUT and not trial.carries(path)]
            lacked = [path for path in all_fields() if not trial.carries(path)]
            assert {*trial.not_carried} <= {*lacked}
            return len(lacked)

        exercised(law, 5, st.data())

    def test_a_row_of_a_search(self) -> None:
        row = readable(FIXTURES / "ctis" / "search_2026.json")[0].trial

        assert (row.carries("phases"), row.carries("enrolment.planned"), row.carries("sites")) == (True, False, False)

    def test_paths_through_lists_and_empty_records(self) -> None:
        trial = Trial(not_carried=("sites", "enrolment.planned"))
        held = ["countries[].planned", "countries[0].planned", "eligibility.minimum_age.value", "interventions[7].name"]

        assert [True] * 4 == [trial.carries(path) for path in held]
        assert [False] * 2 == [trial.carries(path) for path in ("sites[].name", "sites[3].codes[0].value")]

    @pytest.mark.parametrize("path", ["phase", "country", "country_codes", "id.upper", "phases[]", "", "sites.name"])
    def test_no_such_field(self, path: str) -> None:
        with pytest.raises(ValueError, match=r"is no path|has no field|is no list|asked of a list"):
            Trial().carries(path)
