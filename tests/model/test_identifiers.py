"""Laws of identifiers, and examples with the authority behind each."""

import re
from re import _parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import exercised
from trialparse.model import identifiers
from trialparse.model.identifiers import FORMS, canonical, country_suffix, identify, is_placeholder, url, variants
from trialparse.model.values import Identifier

SCHEMES = sorted({form.scheme for form in FORMS})
EXPECTED = st.none() | st.sampled_from([*SCHEMES, "protocol", "other", "JPRN", "ANZCTR", "a hospital's office"])
OWN = [form for form in FORMS if not form.bare]


def written(form):
    """Texts of a form, as far as its pattern goes."""
    return st.from_regex(re.compile(form.pattern, re.ASCII), fullmatch=True)


NUMBERS = st.sampled_from(FORMS).flatmap(written)
TEXTS = st.text() | NUMBERS | st.text("NCTISREU0158-–/. \u200bjp\u0661", max_size=25)

# Text, expected scheme, scheme, value, check; the trials are published ones.
EXAMPLES = [
    # ICTRP, ClinicalTrials.gov
    ("NCT04246242", None, "NCT", "NCT04246242", None),
    (" nct 0424 6242 ", None, "NCT", "NCT04246242", None),
    ("NCT: 04246242", "ClinicalTrials.gov", "NCT", "NCT04246242", None),
    # EU CTR; ICTRP adds EUCTR and a country
    ("2020-000936-23", None, "EudraCT", "2020-000936-23", True),
    ("EUCTR2020-000936-23-FR", None, "EudraCT", "2020-000936-23", True),
    ("EUCTREUCTR2020-000936-23-3rd", None, "EudraCT", "2020-000936-23", True),  # opentrials issue 247
    ("EUCTR2020-000936-23-Outside-EU/EEA", "EUCTR", "EudraCT", "2020-000936-23", True),
    ("2020–000936–23", "EudraCT", "EudraCT", "2020-000936-23", True),
    ("EudraCT number: 2020-000936-23", None, "EudraCT", "2020-000936-23", True),
    ("202000093623", "EudraCT", "EudraCT", "2020-000936-23", True),
    ("2020-001808-41", None, "EudraCT", "2020-001808-41", False),  # a slip for -42
    ("2009-012345-67", None, "EudraCT", "2009-012345-67", False),  # invented
    ("CTIS2020-005891-36-00", None, "EudraCT", "2020-005891-36", True),  # ISRCTN secondary number
    # EU CTIS
    ("2023-508884-59-00", None, "CTIS", "2023-508884-59-00", True),
    ("CTIS2023-508884-59-00", "CTIS", "CTIS", "2023-508884-59-00", True),
    ("2023-508884-59", None, "CTIS", "2023-508884-59", True),
    ("2022-501234-11-00", None, "CTIS", "2022-501234-11-00", False),  # invented
    # ISRCTN XML: <isrctn> has digits only
    ("ISRCTN62918594", None, "ISRCTN", "ISRCTN62918594", None),
    ("62918594", "ISRCTN", "ISRCTN", "ISRCTN62918594", None),
    # ANZCTR
    ("ACTRN12616000736448", None, "ACTRN", "ACTRN12616000736448", True),
    ("12616000736448p", "ANZCTR", "ACTRN", "ACTRN12616000736448", True),
    ("ACTRN12624000123456", None, "ACTRN", "ACTRN12624000123456", False),  # invented
    # WHO UTN
    ("U1111-1121-8947", None, "UTN", "U1111-1121-8947", None),
    ("UTN: U1111-1121-8947", None, "UTN", "U1111-1121-8947", None),
    ("1111 1121 8947", "UTN", "UTN", "U1111-1121-8947", None),
    # ICTRP, TrialID
    ("DRKS00021208", None, "DRKS", "DRKS00021208", None),
    ("JPRN-jRCT2031200035", None, "jRCT", "jRCT2031200035", None),
    ("jrcts031200035", "JPRN", "jRCT", "jRCTs031200035", None),
    ("JPRN-UMIN000040235", None, "UMIN", "UMIN000040235", None),
    ("C000000123", "UMIN", "UMIN", "JPRN-C000000123", None),
    ("JPRN-JapicCTI-205238", None, "JapicCTI", "JapicCTI-205238", None),
    ("JMA-IIA00412", None, "JMA-IIA", "JMA-IIA00412", None),
    ("chictr2000029953", None, "ChiCTR", "ChiCTR2000029953", None),
    ("ChiCTR-TRC-13003000", None, "ChiCTR", "ChiCTR-TRC-13003000", None),
    ("CTRI/2020/06/025928", None, "CTRI", "CTRI/2020/06/025928", None),
    ("IRCT20100228003449N27", None, "IRCT", "IRCT20100228003449N27", None),
    ("KCT0005003", "CRIS", "KCT", "KCT0005003", None),
    ("PACTR202004801273802", None, "PACTR", "PACTR202004801273802", None),
    ("rbr-5KKPG6", None, "RBR", "RBR-5kkpg6", None),
    ("SLCTR/2020/011", None, "SLCTR", "SLCTR/2020/011", None),
    ("TCTR20200405001", None, "TCTR", "TCTR20200405001", None),
    ("NL8460", "NL", "NTR", "NL8460", None),
    ("NTR 1234", None, "NTR", "NTR1234", None),
    ("NL-OMON12345", "NTR", "NL-OMON", "NL-OMON12345", None),
    ("RPCEC00000321", None, "RPCEC", "RPCEC00000321", None),
    ("PER-010-20", None, "PER", "PER-010-20", None),
    ("010-20", "REPEC", "PER", "PER-010-20", None),
    ("LBCTR2020043459", None, "LBCTR", "LBCTR2020043459", None),
    # EudraCT results XSD; EMA for modifications
    ("EMEA-001318-PIP01-12", None, "EMEA PIP", "EMEA-001318-PIP01-12", None),
    ("EMEA-001318-PIP01-12-M01", "PIP", "EMEA PIP", "EMEA-001318-PIP01-12-M01", None),
    # ISRCTN secondary numbers
    ("IRAS ID: 298897", None, "IRAS", "IRAS298897", None),
    ("49816", "CPMS", "CPMS", "CPMS49816", None),
    # Look-alikes of EudraCT and NTR numbers
    ("2019-A01234-53", None, "ID-RCB", "2019-A01234-53", None),
    ("NL12345.078.20", None, "CCMO", "NL12345.078.20", None),
]


@pytest.mark.parametrize(("text", "expected", "scheme", "value", "check"), EXAMPLES)
def test_examples(text, expected, scheme, value, check):
    assert identify(text, expected) == Identifier(scheme=scheme, value=value, check=check)


@pytest.mark.parametrize(
    ("text", "expected", "scheme"),
    [
        ("2023-508884-59-00", "EudraCT", "CTIS"),
        ("2020-000936-23", "NCT", "EudraCT"),
        ("NCT04246242", "Ethics committee", "NCT"),
        ("nct 04246242", "ISRCTN", "NCT"),
    ],
)
def test_a_number_in_a_field_for_others_is_what_it_is(text, expected, scheme):
    assert identify(text, expected) == identify(text)
    assert identify(text, expected).scheme == scheme


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GSK1325756", "NCT"),  # opentrials issue 271: a drug code
        ("NCT04246242/Prot", None),
        ("NCT04246242 and NCT04246243", None),
        ("NCT0424624２", "NCT"),  # a full-width digit
        ("NCT0424624٢", "NCT"),  # an Arabic one
        ("ıSRCTN62918594", "ISRCTN"),  # a dotless i
        ("iſrctn62918594", "ISRCTN"),  # a long s
        ("62918594", None),
        ("C000000123", None),
        ("RBR-aeioub", None),
        ("ABC-1", "Ethics committee"),
    ],
)
def test_other_form_is_kept_as_it_stands(text, expected):
    assert identify(f" {text}\n", expected) == Identifier(scheme="other", value=text, issuer=expected)


@pytest.mark.parametrize("text", ["ABC 12-3", "NCT04246242"])
def test_protocol_takes_any_form(text):
    assert identify(f" {text} ", "protocol") == Identifier(scheme="protocol", value=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--",
        "–",
        ".",
        "??",
        "\u200b",
        "N/A",
        "n.a.",
        "NA",
        "None",
        "nil",
        "Nil known",
        "not applicable",
        "Not yet assigned",
        "TBD",
        "unknown",
        "无",
        "0",
        "000-000",
        "XXXX",
        "NCT",
        "NCT0xxxxxxx",
        "NCT00000000",
        "NCT 0000 0000",
        "NCT11111111",
        "NCT12345678",
        "NCT87654321",
        "NCT99999999",
        "ISRCTN00000000",
        "ISRCTN12345678",
        "ISRCTN 12345678",
        "2020-000000-00",
        "EUCTR0000-000000-00-GB",
        "U1111-0000-0000",
        "U1111-1111-1111",
        "CTRI/2020/01/000000",
        "SLCTR/2020/000",
        "JPRN-JapicCTI-000000",
        "-" * 1000,
        "UTN: U1111-0000-0000",
    ],
)
def test_placeholders_stand_for_none(text):
    assert is_placeholder(text)
    assert identify(text) is None
    assert identify(text, "NCT") is None
    assert canonical(text, "protocol") is None


@pytest.mark.parametrize("text", ["NCT00000102", "KCT0000001", "RPCEC00000001", "IRAS222222", "A-1", "0010", "NL1"])
def test_small_numbers_are_no_placeholders(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("EUCTR2019-001588-63-ES", "ES"),
        ("2019-001588-63-gb", "GB"),
        ("EUCTREUCTR2019-001588-63-3RD", "3rd"),
        ("EUCTR2019-001588-63-Outside-EU/EEA", "Outside-EU/EEA"),
        ("2019-001588-63", None),
        ("2023-508884-59-00", None),
        ("NCT04246242", None),
    ],
)
def test_country_suffix(text, suffix):
    assert country_suffix(text) == suffix


@given(TEXTS, EXPECTED)
def test_no_text_raises_and_canonical_is_a_fixed_point(text, scheme):
    found = identify(text, scheme)

    assert found is None or not (is_placeholder(text) or is_placeholder(found.value))
    if found is not None:
        assert canonical(text, scheme) == found.value
        assert identify(found.value, scheme) == found
        assert variants(found)[0] == found.value
        assert url(found) is None or url(found).isascii()


@given(st.text(), st.text(), st.text())
def test_no_scheme_raises(text, scheme, country):
    identify(text, scheme)
    country_suffix(text)
    if scheme:
        found = Identifier(scheme=scheme, value=text)
        assert variants(found, country)[0] == text
        assert url(found) is None


@pytest.mark.parametrize("form", OWN, ids=lambda form: form.canonical)
@given(data=st.data())
def test_form_names_its_scheme_whether_it_is_expected_or_not(form, data):
    text = data.draw(written(form))
    found = identify(text)

    assert found == identify(text, form.scheme) == identify(text, form.scheme.lower())
    assert found is None or found.scheme == form.scheme


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.canonical)
@given(data=st.data())
def test_every_canonical_form_speaks_for_itself(form, data):
    found = identify(data.draw(written(form)), form.scheme)

    assert found is None or identify(found.value) == found


@given(
    st.sampled_from(OWN).flatmap(written),
    st.sampled_from("‐‑‒–—−﹣－"),
    st.sampled_from(" \t\xa0\u200b\ufeff"),
)
def test_case_dashes_and_blanks_do_not_matter(text, dash, blank):
    for same in (text.lower(), text.upper(), text.replace("-", dash), blank + blank.join(text) + blank):
        assert identify(same) == identify(text)


def test_variants_lead_back():
    def law(text):
        found = identify(text)
        written_so = () if found is None else variants(found)  # a number of noughts is a placeholder
        for variant in written_so:
            again = identify(variant, found.scheme)
            assert again is not None
            assert again.scheme == found.scheme
            assert again.value == found.value or (found.scheme == "CTIS" and again.value == found.value[:14])
        return len(written_so)

    exercised(law, 1, st.sampled_from(OWN).flatmap(written))


@given(st.integers(2004, 2099), st.integers(1, 999_999), st.sampled_from("05"))
def test_eu_numbers_have_one_right_pair(year, number, first):
    stem = f"{year}-{first}{number % 99_999 + 1:05d}"
    checks = [identify(f"{stem}-{pair:02d}") for pair in range(100)]

    assert [found.check for found in checks].count(True) == 1


@given(st.integers(0, 13), st.integers(1, 9))
def test_actrn_check_finds_every_wrong_digit(place, step):
    digits = list("12616000736448")
    digits[place] = str((int(digits[place]) + step) % 10)
    found = identify("ACTRN" + "".join(digits))

    assert found.check is (None if place < 3 else False)


def test_variants_as_printed():
    assert variants(identify("2020-000936-23"), country="FR") == (
        "2020-000936-23",
        "EUCTR2020-000936-23",
        "EudraCT 2020-000936-23",
        "EudraCT: 2020-000936-23",
        "EUCTR2020-000936-23-FR",
    )
    assert variants(identify("2023-508884-59-00"))[:4] == (
        "2023-508884-59-00",
        "2023-508884-59",
        "CTIS2023-508884-59-00",
        "CTIS2023-508884-59",
    )
    assert variants(identify("UMIN000040235")) == ("UMIN000040235", "JPRN-UMIN000040235")
    assert variants(identify("C000000123", "UMIN")) == ("JPRN-C000000123", "C000000123")
    assert variants(identify("PER-010-20")) == ("PER-010-20", "010-20")
    assert variants(identify("NTR1234")) == ("NTR1234", "NTR 1234")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("NCT04246242", "https://clinicaltrials.gov/study/NCT04246242"),
        ("ISRCTN62918594", "https://www.isrctn.com/ISRCTN62918594"),
        ("2023-508884-59-00", "https://euclinicaltrials.eu/ctis-public/view/2023-508884-59-00"),
        ("2023-508884-59", None),
        ("CTRI/2020/06/025928", "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI/2020/06/025928"),
        ("UMIN000040235", "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-UMIN000040235"),
        ("JPRN-C000000123", "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-C000000123"),
        ("NL-OMON12345", "https://onderzoekmetmensen.nl/en/trial/12345"),
        ("U1111-1121-8947", None),
        ("ABC-1", None),
    ],
)
def test_url(text, page):
    assert url(identify(text)) == page


def test_url_needs_the_canonical_form():
    assert url(Identifier(scheme="NCT", value="nct04246242\ud800")) is None


class Heard:
    """A pattern that notes how long the texts are that it is tried on."""

    def __init__(self, pattern, lengths):
        self.pattern, self.lengths = pattern, lengths

    def fullmatch(self, text):
        self.lengths.append(len(text))
        return self.pattern.fullmatch(text)


@pytest.mark.parametrize("part", ["0", "1", "x", "N", "EUCTR", "-", " ", "2020-0", "NCT0", "a" * 12 + "1"])
def test_long_texts_are_not_tried(part, monkeypatch):
    """The patterns of numbers may try a text in many ways, so they are tried on nothing longer than a number."""
    lengths = []
    for forms in {*identifiers._EXPECTED.values(), identifiers._OPEN}:
        monkeypatch.setitem(vars(forms), "pattern", Heard(forms.pattern, lengths))
    for times in (1, 20_000):
        identify.cache_clear()
        identify(part * times)
        identify(part * times, "EudraCT")
        country_suffix(part * times)
    identify.cache_clear()

    assert lengths
    assert max(lengths) <= identifiers._LONGEST


def unbounded(pattern):
    """Count repeats without bound that can follow each other, or stand within each other, in what a pattern matches."""
    number = 0
    for kind, what in pattern:
        match str(kind), what:
            case "BRANCH", (_, branches):
                number += max(map(unbounded, branches))
            case "SUBPATTERN", (*_, inner):
                number += unbounded(inner)
            case "MAX_REPEAT" | "MIN_REPEAT", (_, most, inner):
                number += unbounded(inner) * (2 if most > 100 else 1) + (most > 100)
            case "POSSESSIVE_REPEAT" | "ATOMIC_GROUP" | "ASSERT" | "ASSERT_NOT" | "GROUPREF_EXISTS", _:
                raise NotImplementedError(kind)
    return number


def test_what_is_tried_on_a_long_text_cannot_take_its_square():
    """Of repeats without bound there is one at the most on a way through a pattern."""
    bounded = identifiers._ZERO_SEQUENCE, identifiers._SUFFIXED
    assert [unbounded(_parser.parse(one.pattern)) for one in bounded] == [0, 0]
    assert [unbounded(_parser.parse(one.pattern)) for one in (identifiers._FILLER, identifiers._SQUEEZE)] == [1, 1]
    assert [unbounded(_parser.parse(one)) for one in ("[a-z]*0+|x", "(?:a|b+)*", "a{9}|(b|c*)d")] == [2, 3, 1]
