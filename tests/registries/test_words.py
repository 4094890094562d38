"""Words that matter most against what was typed from the official lists, or against the words themselves.

What the library makes of each word is in `snapshots/<registry>/words.tsv`, which `test_tables.py` holds to the library.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.exhaustive

[SNAPSHOTS] = {path.parent for path in (ROOT / "tests").rglob("snapshots/write.py")}
REGISTRIES = sorted(path.parent.name for path in SNAPSHOTS.rglob("words.tsv"))


def words(registry: str, name: str) -> dict[str, dict[str, str]]:
    """Return the words of a code list, with the fields that each fills."""
    found, section = {}, ""
    for line in (SNAPSHOTS / registry / "words.tsv").read_text("utf-8").splitlines():
        if line.startswith("# "):
            section = line[2:]
        elif section == name:
            word, _, value, *_ = [*line.split("\t"), "", ""]
            found[word] = dict(part.split("=", 1) for part in value.split("; ") if "=" in part)
    return found


def said(registry: str, name: str, field: str) -> dict[str, str]:
    """Return the words of a code list with what a field comes to; "" for nothing."""
    return {word: filled.get(field, "") for word, filled in words(registry, name).items()}


class TestPhases:
    """A phase is what the number in its name says."""

    NUMERALS: ClassVar = {"0": "EARLY_I", "1": "I", "2": "II", "3": "III", "4": "IV"}
    CODES = ("I", "I", "I", "II", "III", "IV", "I II", "I II", "I II", "II III", "III IV")
    """EMA/679063/2021, list 14, codes 1 to 11: thrice phase I, three phases, thrice I and II, and so on."""
    NUMBERLESS: ClassVar = {"post-market": "IV", "post marketing surveillance": "IV"}

    def named(self, word: str) -> str:
        """Return the phases whose numbers are in a word; letters such as those of IIa are no part of it."""
        if re.search("early|phase[ -]?0|^0", word, re.IGNORECASE):
            return "EARLY_I"
        numbers = re.findall(
            r"(?:(?<![A-Za-z])|(?<=[Pp]hase)|(?<=PHASE))(IV|I{1,3}|[1-4])(?=[abAB]?(?![A-Za-z]))", word
        )
        found = {self.NUMERALS.get(number, number) for number in numbers}
        return " ".join(sorted(found)) or self.NUMBERLESS.get(word.casefold(), "")

    @pytest.mark.parametrize("registry", [name for name in REGISTRIES if words(name, "phase")])
    def test_they_are_those_that_the_word_names(self, registry: str) -> None:
        read = said(registry, "phase", "phases")
        codes = dict(zip(map(str, range(1, 12)), self.CODES, strict=True)) if registry == "ctis" else {}
        named = {word: codes.get(word, self.named(word)) for word in read}
        silent = {word for word, phases in read.items() if phases == "NOT_APPLICABLE" and not named[word]}
        assert {word: phases for word, phases in named.items() if word not in silent} == {
            word: phases for word, phases in read.items() if word not in silent
        }

    def test_what_does_not_apply_says_so(self) -> None:
        read = said("ictrp_xml", "phase", "phases")
        assert {word.casefold() for word, phases in read.items() if phases == "NOT_APPLICABLE"} == {
            *("n/a", "na", "n/", "n\\\\a", "not applicable")
        }


class TestStatus:
    """What the state of a trial is, typed from the registers' own lists."""

    PORTAL = (
        ("Under evaluation", ""),
        ("Authorised, recruitment pending", "NOT_STARTED"),
        ("Authorised, recruiting", ""),
        ("Ongoing, recruiting", "ONGOING"),
        ("Ongoing, recruitment ended", "ONGOING"),
        ("Temporarily halted", "HALTED"),
        ("Suspended", "SUSPENDED"),
        ("Ended", "ENDED"),
        ("Expired", ""),
        ("Revoked", ""),
        ("Not authorised", ""),
        ("Cancelled", ""),
    )
    """The states of the CTIS portal in the order of their codes, from 1; only an "ongoing" trial has begun."""

    def test_of_the_portal(self) -> None:
        read = said("ctis", "status.trial", "status.trial")
        assert {word: read[word] for word, _ in self.PORTAL} == dict(self.PORTAL)

    @pytest.mark.parametrize("axis", ["trial", "recruitment", "regulatory"])
    def test_a_code_of_the_portal_is_its_label(self, axis: str) -> None:
        read = words("ctis", f"status.{axis}")
        assert [read[str(code)] for code in range(1, 13)] == [read[label] for label, _ in self.PORTAL]

    def test_of_the_eu_ctr(self) -> None:
        """FAQ of the EU Clinical Trials Register on "Trial status"."""
        read = said("euctr", "status.trial", "countries[0].status.trial")
        typed = {
            "Ongoing": "ONGOING",
            "Completed": "ENDED",
            "Prematurely Ended": "TERMINATED_EARLY",
            "Restarted": "ONGOING",
            "Temporarily Halted": "HALTED",
            "Suspended by CA": "SUSPENDED",
            "Not Authorised": "",
        }
        assert {word: read[word] for word in typed} == typed


def test_a_sign_is_what_it_shows() -> None:
    assert said("euctr", "relation", "results.outcomes[0].analyses[0].p_value_relation") == {
        "=": "EQUAL",
        "<": "LESS",
        "<=": "LESS_OR_EQUAL",
        "≤": "LESS_OR_EQUAL",
        ">": "GREATER",
        ">=": "GREATER_OR_EQUAL",
        "≥": "GREATER_OR_EQUAL",
    }


def codes(name: str) -> Iterator[tuple[str, str]]:
    """Give the words of a shared list with the code of the last country that each fills."""
    for word, filled in words("common", name).items():
        read = [value for field, value in filled.items() if re.fullmatch(r"countries\[\d\]\.code", field)]
        yield word, read[-1] if read else ""


def test_a_country_has_the_code_that_the_page_names_it_by() -> None:
    """The table of names on the page is another one, and is used the other way round."""
    page = [line.split("\t") for line in (ROOT / "trialparse/pages/en/countries.tsv").read_text("utf-8").splitlines()]
    names = {cells[1].casefold(): cells[0] for cells in page if len(cells) > 1}
    read = [(word, code) for word, code in codes("country") if word.casefold() in names]
    assert len(read) > 150
    assert read == [(word, names[word.casefold()]) for word, _ in read]


def test_a_code_of_two_letters_means_itself() -> None:
    read = [(word, code) for word, code in codes("country_code") if len(word) == 2]
    assert len(read) > 240
    assert {(word, code) for word, code in read if word != code} == {("UK", "GB"), ("EL", "GR")}


class TestVocabularies:
    """Words of forms, routes, units and countries, typed from real records and from lists of others."""

    FORMS: ClassVar = {
        "LYOPHILISATE FOR SOLUTION FOR INFUSION": "POWDER FOR SOLUTION FOR INFUSION",
        "LYOPHILISATE FOR SOLUTION FOR INJECTION": "POWDER FOR SOLUTION FOR INJECTION",
        "LYOPHILISATE AND SOLVENT FOR SOLUTION FOR INJECTION": "POWDER AND SOLVENT FOR SOLUTION FOR INJECTION",
        "OROMUCOSAL SPRAY": "OROMUCOSAL SPRAY",
        "INJECTION": "",
        "INFUSION": "",
        "ORAL DROPS": "",
    }
    """A freeze-dried form is a powder (Ph. Eur. 0520); a name wider than any of EDQM has no term, and is known."""
    ROUTES: ClassVar = {"TOPICAL USE (NONCURRENT)": "TOPICAL", "PARENTERAL USE (NONCURRENT)": "PARENTERAL"}
    UNITS: ClassVar = {
        "mg/g milligram(s)/gram": "mg/g",
        "CFU/ml": "[CFU]/mL",
        "million IU": "M[iU]",
        "% (W/V)": "%{weight/volume}",
        "IU/ml": "[iU]/mL",
        "ng/ml nanogram(s)/millilitre": "ng/mL",
    }
    COUNTRIES: ClassVar = {
        "East Timor": "TL",
        "Zaire": "CD",
        "Libyan Arab Jamahiriya": "LY",
        "Macedonia, the former Yugoslav Republic of": "MK",
        "German Democratic Republic": "DE",
        "Swaziland": "SZ",
        "Burma": "MM",
        "Serbia and Montenegro": "",
        "USSR": "",
    }
    """Former names; a country that is several today has no code."""

    @pytest.mark.parametrize(
        ("name", "field", "typed"),
        [
            ("form", "interventions[0].form", FORMS),
            ("route", "interventions[0].routes[0]", ROUTES),
            ("unit", "interventions[0].substances[0].concentration.unit", UNITS),
            ("country", "countries[0].code", COUNTRIES),
        ],
    )
    def test_each_has_its_term(self, name: str, field: str, typed: dict[str, str]) -> None:
        read = said("common", name, field)
        assert {word: read[word].split("|")[0] for word in typed} == typed

    def test_a_retired_name_of_a_route_means_what_the_name_means(self) -> None:
        read = {
            word: term.split("|")[0] for word, term in said("common", "route", "interventions[0].routes[0]").items()
        }
        retired = [word for word in read if word.endswith(" (NONCURRENT)")]
        assert len(retired) > 10
        assert [read[word] for word in retired] == [read[word.removesuffix(" (NONCURRENT)")] for word in retired]

    def test_an_id_of_the_eutct_is_one_country(self) -> None:
        """The ids follow the English names, so that those which were inferred lie between their neighbours."""
        read = words("euctr", "eutct_country")
        ids = {value["interventions[0].used_before_in[0]"].split("|")[0]: int(word) for word, value in read.items()}
        assert len(ids) == len(read) > 100
        typed = [
            "BE",
            "BR",
            "BG",
            "DE",
            "GI",
            "GR",
            "HU",
            "IE",
            "IL",
            "IT",
            "LT",
            "LU",
            "MT",
            "MX",
            "NL",
            "PE",
            "PH",
            "PL",
        ]
        typed += ["PT", "RO", "RU", "SE", "CH", "TW", "UA", "AE", "GB", "US"]
        assert sorted(typed, key=ids.__getitem__) == typed
        assert ids["CH"] == 100000000536

    def test_an_inferred_id_says_so(self) -> None:
        lines = [
            line.split("\t") for line in (ROOT / "trialparse/registries/euctr/codes_eutct.tsv").read_text().split("\n")
        ]
        inferred = {cells[3] for cells in lines if len(cells) > 4 and cells[4].startswith("inferred")}
        assert inferred == {"related"}
