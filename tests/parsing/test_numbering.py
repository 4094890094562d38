"""Telephone numbers by the plans of countries: what phonenumbers adds, and that an audit has what found them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from random import Random

import pytest

from tests.conftest import FIXTURES, ROOT
from trialparse import parse, read
from trialparse.diagnostics import WITHHELD
from trialparse.parsing import numbering, phones
from trialparse.parsing.audit import Audit
from trialparse.parsing.persons import without_addresses
from trialparse.parsing.phones import CONTACT, LABELLED, TELEPHONE

phonenumbers = pytest.importorskip("phonenumbers", reason="phonenumbers, of the extra `contacts`, is not installed")

SOURCE = FIXTURES / "ctis" / "immunostem.json"
FAR = "x" * 100


def national(number: "phonenumbers.PhoneNumber") -> str:
    """Return all digits of a number as its country writes it for calls within."""
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return str(phonenumbers.normalize_digits_only(shown))


class TestPlans:
    """What is a number of a country is what phonenumbers has as one."""

    @pytest.mark.parametrize("country", numbering._COUNTRIES)
    def test_examples_of_a_country(self, country: str) -> None:
        kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
        found = [phonenumbers.example_number_for_type(country, kind) for kind in kinds]
        written = [national(number) for number in found if number is not None]
        long = [digits for digits in written if len(digits) >= numbering._LEAST]

        assert len(long) > 0
        assert [] == [digits for digits in long if not numbering.is_of_a_country(digits)]

    def test_digits_that_are_a_number_are_valid_in_some_country(self) -> None:
        random = Random(18)
        drawn = [str(random.randrange(10**6, 10**11)).rjust(random.randrange(7, 12), "0") for _ in range(2000)]
        numbers = [digits for digits in drawn if numbering.is_of_a_country(digits)]
        valid = [
            any(
                phonenumbers.is_valid_number(phonenumbers.parse(digits, country))
                for country in numbering._countries(len(digits), digits.startswith("0"))
            )
            for digits in numbers
        ]

        assert len(numbers) > 200
        assert len(drawn) - len(numbers) > 100
        assert all(valid)

    @pytest.mark.parametrize("digits", ["", "0", "123456", "0" * 7, "1" * 16, "1000000", "1234567890123456789"])
    def test_digits_that_are_none(self, digits: str) -> None:
        assert not numbering.is_of_a_country(digits)


class TestTexts:
    """Only where a telephone is named, or in the field of a contact."""

    @pytest.mark.parametrize(
        "number", ["914 505 555", "91-4505555", "0304505555", "22.450.55.55", "914\u00a0505\u00a0555"]
    )
    @pytest.mark.parametrize("text", ["Telephone of the office, {}", "{} is the phone", "Fax and telephone are:\n- {}"])
    def test_near_a_word(self, text: str, number: str) -> None:
        assert text.format(WITHHELD) == without_addresses(text.format(number))

    @pytest.mark.parametrize("text", ["Office, {}", f"Phone {FAR} {{}}", "at Tel Aviv, {}", "microphones: {}"])
    def test_not_elsewhere(self, text: str) -> None:
        """In the field of a contact it is one wherever it is."""
        assert text.format("914 505 555") == without_addresses(text.format("914 505 555"))
        assert text.format(WITHHELD) == without_addresses(text.format("914 505 555"), CONTACT)

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "by phone, 2023-505613-24-00",
                "phone on 2024-05-01",
                "phone (01.02.2024)",
                "phone: EudraCT 2019-003842-34",
            ),
            *(
                "a phone call at 12:30, 1 000 000 cells",
                "phone 12 weeks, 100-200 mg, 10 000 IU",
                "NCT01234567 by phone",
            ),
        ],
    )
    def test_what_is_no_number(self, text: str) -> None:
        assert text == without_addresses(text)

    def test_many_numbers_in_a_row(self) -> None:
        text = "Offices 07922680360 07922680314 Fax:07922680360"

        assert f"Offices {WITHHELD} {WITHHELD} Fax:{WITHHELD}" == without_addresses(text)


class Reading:
    """A pattern, and how many signs of texts it was given."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.signs = 0

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        self.signs += min(end, len(text)) - start
        return self.pattern.search(text, start, end)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        self.signs += len(text)
        return self.pattern.finditer(text)


@pytest.mark.parametrize(("unit", "times"), [(")+1", 0), ("12.5 (3.1)\n", 1), ("914505555 x ", 1)])
@pytest.mark.parametrize("before", ["", "telephone "])
def test_a_text_is_read_for_words_once(monkeypatch: pytest.MonkeyPatch, unit: str, times: int, before: str) -> None:
    """However many numbers it has: the words are not looked for around each, and not at all if there is none."""
    reading = Reading(phones._NAMED)
    monkeypatch.setattr(phones, "_NAMED", reading)
    text = before + unit * 500
    phones.phones(text)

    assert times * len(text) == reading.signs


class TestFields:
    """The name of a field is a word before the number in it."""

    @pytest.mark.parametrize(
        ("field", "number", "withheld"),
        [
            *(("officeTelephone", number, True) for number in ("450 570", "914 505 555", "12345678")),
            *(("contactOfOffice", number, held) for number, held in (("450 570", False), ("914 505 555", True))),
            *(("Office, T", number, True) for number in ("450 570", "4505700")),
            *(("other", number, False) for number in ("450 570", "914 505 555", "4505700")),
        ],
    )
    def test_of_a_record(self, field: str, number: str, withheld: bool) -> None:
        tree = json.loads(SOURCE.read_bytes())
        tree["zz"] = [{field: f"Room 5, {number}"}, {field: ["x", f"Room 6, {number}"]}]
        raw = json.loads(parse(json.dumps(tree).encode(), contacts=False).raw)["zz"]
        said = WITHHELD if withheld else number

        assert [{field: f"Room 5, {said}"}, {field: ["x", f"Room 6, {said}"]}] == raw

    @pytest.mark.parametrize("text", ["1 000 000", "0.123456", "12.345.678"])
    def test_a_label_is_no_telephone_of_an_amount(self, text: str) -> None:
        assert text == without_addresses(text, LABELLED)
        assert WITHHELD == without_addresses("4505700", LABELLED) == without_addresses("450.570", TELEPHONE)


class TestAudit:
    """An audit has what telephone numbers were found by, so that no result depends on the machine in silence."""

    MATCHER = f"patterns, phonenumbers {phonenumbers.__version__}"

    def test_of_a_record(self) -> None:
        audit = parse(SOURCE, contacts=False).audit()

        assert {self.MATCHER: 1} == audit.matchers
        assert str(audit).endswith(f" (telephone numbers by {self.MATCHER})")

    def test_with_contacts_there_is_none(self) -> None:
        assert {} == parse(SOURCE).audit().matchers

    def test_of_several(self) -> None:
        audits = [outcome.audit() for outcome in read(SOURCE, contacts=False)] * 2
        total = sum(audits, Audit(matchers={"patterns": 1}))

        assert {"patterns": 1, self.MATCHER: 2} == total.matchers

    def test_of_a_page(self) -> None:
        found = [outcome.audit().matchers for outcome in read(FIXTURES / "ctgov" / "page.json", contacts=False)]

        assert len(found) > 0
        assert [{self.MATCHER: 1}] * len(found) == found


WITHOUT = """
import sys
sys.modules["phonenumbers"] = None
import json
from trialparse import parse
tree = json.loads(open(sys.argv[1], "rb").read())
tree["zz"] = ["Telephone of the office, 914 505 555", "Telephone: 914 505 555, 030-4505555, a@example.org"]
parsed = parse(json.dumps(tree).encode(), contacts=False)
print(json.dumps([json.loads(parsed.raw)["zz"], parsed.audit().matchers]))
"""


def test_without_the_library() -> None:
    """The patterns alone find what they find with it; what needs a plan stays, and the audit has what was used."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(SOURCE)], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    )
    texts, matchers = json.loads(done.stdout)

    assert ["Telephone of the office, 914 505 555", "Telephone: (withheld), (withheld), (withheld)"] == texts
    assert {"patterns": 1} == matchers
