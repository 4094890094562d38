"""A scheme that has a pattern can be drawn, read and told from its versions, without a word about it elsewhere."""

from random import Random

import pytest

from trialparse.model.identifiers import FORMS, SHARED, identify, url, without_version
from trialparse.model.values import Identifier
from trialparse.strategies.numbers import make_number

SCHEMES = sorted({form.scheme for form in FORMS})
VERSIONED = sorted({form.scheme for form in FORMS if form.version})


class TestDrawn:
    """The strategies draw numbers from the patterns of any scheme."""

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_a_number_of_every_scheme_identifies_itself(self, scheme: str) -> None:
        for seed in range(50):
            number = make_number(scheme, Random(seed))
            assert number is not None
            assert identify(number.value, scheme) == number

    def test_they_differ(self) -> None:
        assert len({make_number("EudraCT", Random(seed)) for seed in range(50)}) == 50

    @pytest.mark.parametrize("scheme", ["any", "protocol"])
    def test_numbers_of_no_scheme(self, scheme: str) -> None:
        number = make_number(scheme, Random(3))
        assert number == identify(number.value, None if scheme == "any" else scheme)

    def test_an_unknown_scheme(self) -> None:
        assert make_number("LOCAL", Random(3)) is None


class TestVersions:
    """A version is a part of the number that several records of one trial do not share."""

    @pytest.mark.parametrize("scheme", VERSIONED)
    def test_only_a_version_has_a_page(self, scheme: str) -> None:
        number = next(one for seed in range(99) if (one := make_number(scheme, Random(seed))) and url(one))
        bare = Identifier(scheme=scheme, value=without_version(number))

        assert bare.value != number.value
        assert url(bare) is None
        assert without_version(bare) == bare.value

    @pytest.mark.parametrize("scheme", sorted({*SCHEMES} - {*VERSIONED}))
    def test_any_other_number_is_that_of_the_trial(self, scheme: str) -> None:
        number = make_number(scheme, Random(1))
        assert without_version(number) == number.value

    def test_what_has_no_form_stays(self) -> None:
        assert without_version(Identifier(scheme="CTIS", value="2023-1")) == "2023-1"

    def test_shared_numbers_are_of_known_schemes(self) -> None:
        assert set(SCHEMES) >= SHARED
