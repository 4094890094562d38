"""One product stays one, whatever each country calls it."""

from typing import Any

import pytest

from tests.combining.made import of_country, results
from tests.counting import some
from trialparse import combine, overview
from trialparse.combining import Combined
from trialparse.model.interventions import Concentration, Intervention, Substance
from trialparse.model.terms import InterventionType, ProductRole
from trialparse.model.values import Coded

VIAL = Coded(term="CONCENTRATE FOR SOLUTION FOR INFUSION", text="Concentrate for solution for infusion")
MG = Coded(term="mg/mL", text="mg/ml")


def product(name: str | None, code: str | None = "SM-0501", number: float = 5.0, **values: Any) -> Intervention:
    """Return a product as a country records it."""
    strength = Concentration(type=Coded(term="EQUAL", text="equal"), number=str(number), low=number, unit=MG)
    substance = Substance(name=values.pop("substance", "Samplumab"), concentration=strength)
    made: dict[str, Any] = {"role": ProductRole.TEST, "form": VIAL, "type": InterventionType.DRUG}
    return Intervention(name=name, sponsor_code=code, substances=(substance,), **made | values)


def together(*lists: tuple[Intervention, ...]) -> Combined:
    """Return the trial of a record for each list of products."""
    codes = ("AT", "BE", "DE", "ES", "FR", "IT", "NL")
    return combine([of_country(code, interventions=one) for code, one in zip(codes, lists, strict=False)])


class TestOneProduct:
    """Code, form, strength and orphan number make a product."""

    def test_seven_countries(self) -> None:
        """Three names, three holders, and boxes that came later: one product."""
        said = [
            product("SM-0501", orphan=False),
            product("Samplumab", orphan=True, orphan_number="EU/3/10/9749", holder="Muster Ltd"),
            product("SAMPLUMAB", "sm-0501", holder="MUSTER LTD."),
            product("SM-0501", form=Coded(term=VIAL.term, text=VIAL.text and VIAL.text.upper())),
            product(None, trade_name="Samplus"),
            product("Samplumab", substance="SAMPLUMAB"),
            product("SM-0501", description="A text of one country"),
        ]
        combined = together(*((one,) for one in said))
        (found,) = combined.trial.interventions

        assert ("SM-0501", "SM-0501", True, "EU/3/10/9749") == (
            found.name,
            found.sponsor_code,
            found.orphan,
            found.orphan_number,
        )
        assert ("Muster Ltd", "Samplus", "A text of one country") == (found.holder, found.trade_name, found.description)
        assert ["SM-0501", "Samplumab", "SAMPLUMAB", "SM-0501", "Samplumab", "SM-0501"] == [
            one.value for one in combined.spread("interventions[0].name")
        ]

    @pytest.mark.parametrize(
        "other",
        [
            product("Samplumab", number=10.0),
            product("Samplumab", form=Coded(term="TABLET", text="Tablet")),
            product("Samplumab", orphan_number="EU/3/11/9999"),
            product("Samplumab", "SM-0502"),
            product("Samplumab", role=ProductRole.COMPARATOR),
        ],
    )
    def test_two_products(self, other: Intervention) -> None:
        one = product("SM-0501", orphan_number="EU/3/10/9749")

        assert (one, other) == together((one,), (other,)).trial.interventions

    def test_two_strengths_in_each_country(self) -> None:
        low, high = product("S", number=100.0), product("S", number=200.0)
        trial = together((low, high), (high, low), (product("T", number=200.0),)).trial

        assert (low, high) == trial.interventions


class TestWithoutAName:
    """A product without a name is called by its substance, from whichever record has one."""

    def test_its_name_is_in_another_country(self) -> None:
        nameless = product(None, None, role=ProductRole.COMPARATOR, substance="exemplarin")
        named = product("Exemplar", None, role=ProductRole.COMPARATOR, substance="Exemplarin")
        for lists in some(([nameless, named], [named, nameless])):
            (found,) = together(*((one,) for one in lists)).trial.interventions
            assert "Exemplar" == found.name

    def test_its_substance_is_in_another_country(self) -> None:
        blank = Intervention(sponsor_code="C-1", role=ProductRole.COMPARATOR, form=VIAL)
        told = product(None, "C-1", role=ProductRole.COMPARATOR, substance="exemplarin")

        assert (told,) == together((blank,), (told,)).trial.interventions

    def test_the_page_calls_it_by_its_substance(self) -> None:
        three = tuple(
            product(None, None, role=ProductRole.COMPARATOR, substance=name) for name in ("abin", "becin", "cedin")
        )
        words = " ".join(overview(together((product("S"),), three), detail="full").split())

        for name in some(("abin", "becin", "cedin")):
            assert f"is “{name}”" in words

    def test_two_trade_names_of_one_substance_are_two(self) -> None:
        one, other = product("Exemplar", None), product("Otherplar", None)

        assert (one, other) == together((one,), (other,)).trial.interventions


def test_results_name_no_other_product() -> None:
    """What results call by another case is the same."""
    combined = combine([of_country("AT", interventions=(product("S"),)), results(interventions=(product("s"),))])

    assert (product("S"),) == combined.trial.interventions
