"""How persons show in texts: what counts as a name, an address or a telephone number, and what does not."""

import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialparse import parse
from trialparse.diagnostics import WITHHELD, Problem
from trialparse.limits import Limits
from trialparse.parsing import emails, persons, phones, withhold
from trialparse.parsing import name_matcher as names
from trialparse.parsing.parsed import Parsed
from trialparse.parsing.persons import Persons, without_addresses
from trialparse.parsing.withhold import Finds, _person_path, with_keys


class TestAddresses:
    """Addresses and telephone numbers are taken out, in whatever way they are written."""

    @pytest.mark.parametrize(
        "text",
        [
            "ada@example.org",
            "ada.byron+x@mail.example.co.uk",
            "ada&#64;example.org",
            "ada%40example.org",
            "ada.byron [at] example.org",
            "ada.byron (at) example.org",
            "ada {AT} example (dot) org",
            "j@xn--bcher-kva.example.xn--p1ai",
            "ada.o'hara@example.org",
            "r&d.ada@example.org",
            "a" * 100 + "@example.org",
            "ada @ example.org",
            "ada@\nexample.org",
            "ada\r\n@ example.org",
            "ada at example dot org",
            "ada dot byron at mail dot example dot org",
            "ada AT example DOT org",
            "ada\uff20example\uff0eorg",
            "ada\ufe6bexample.org",
            "ada&#x40;example.org",
            "ada&commat;example&period;org",
            "ada&amp;#64;example.org",
            "ada&#000000064;example.org",
            "ada&#x000000040;example&#0000000046;org",
            "ada At example Dot org",
            "ada at example\ndot org",
            "ada\u00a0at\u00a0example\u00a0dot\u00a0org",
            "ada\tat\texample\tdot\torg",
            "ada at example [dot] org",
            "ada at example(dot)org",
            "ada.b at mail.example dot org",
            "ada@a.b.c.d.e.f.g.h.i.org",
            "ada@" + "a." * 30 + "org",
            '"ada b"@example.org',
            '"ada?b=c" @ example.org',
            "ada@[192.168.0.1]",
            "ada@[IPv6:2001:db8::1]",
            "ada(@)example.org",
            "ada [ @ ] example.org",
            "ada@uni-\nklinik.example.org",
            "ada@mail.uni-\r\nklinik.example",
        ],
    )
    def test_e_mail(self, text: str) -> None:
        assert f"to <{WITHHELD}>." == without_addresses(f"to <{text}>.")

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("ada@example.org_x", "_x"),
            ("ada@example.orgTelephone", ""),
            ("ada@example.org\u8bf7\u8054\u7cfb", "\u8bf7\u8054\u7cfb"),
            ("ada@example.org2", "2"),
            ("ada@example.org-\nNext. One", "-\nNext. One"),
            ("ada@example.org, max@example.org", f", {WITHHELD}"),
            ("ada@example.org;max@example.org", f";{WITHHELD}"),
            ("ada@example.org/max@example.org", WITHHELD),
        ],
    )
    def test_what_is_behind_an_address(self, text: str, left: str) -> None:
        assert f"{WITHHELD}{left}" == without_addresses(text)

    @pytest.mark.parametrize(
        ("before", "after"),
        [("'", "'"), ("mailto:", "mailto:"), ("http://x.org/?a=1&to=", "http://x.org/?a=1&to="), ("&lt;", "&lt;")],
    )
    def test_what_is_before_an_address(self, before: str, after: str) -> None:
        assert f"{after}{WITHHELD}" == without_addresses(f"{before}ada@example.org")

    @pytest.mark.parametrize(
        "text",
        [
            "040 123 456 78",
            "040/12345678",
            "0800 123 456 7",
            "(030) 450-570 000",
            "01 23 45 67 89",
            "01.23.45.67.89",
            "+49 30 450570000",
            "+44 (0) 20 7946 0958",
            "(+44) 20 7946 0958",
            "(+44)2079460958",
            "0039 02 1234567",
            "(617) 555-0123",
            "617-555-0123",
            "1-617-555-0123",
            "030-4505555",
            "0171-4505555",
            "91 450 55 55",
            "(22) 450 55 55",
            "(11) 94505-5555",
            "+49\u00a030\u00a0450570000",
            "040\u202f123\u202f456\u202f78",
            "030\u20114505555",
            "0171\u20134505555",
            "+49 (30) 450\u2013570",
            "\uff0b\uff14\uff19 30 450570000",
            "\uff08030\uff09450570",
            "030\n4505555",
            "040\r\n12345678",
            "+49 30\n450570000",
            "+49 30 -\n450570000",
            "+49 30 450\n55 55",
            "+49 30 450\r\n55-55",
            "+33 1 23 45\n67 89",
            "+49\n30 4505555",
            "030-\n4505555",
            "01 23 45\n67 89",
            "01 23 45\r\n67 89",
            "030-450 5555",
            "0171-450 5555",
            "0171 / 450 5555",
            "(617) 555 0123",
            "020-7946-0958",
        ],
    )
    def test_numbers_by_their_form(self, text: str) -> None:
        assert f"2024-05-01 {WITHHELD}, or" == without_addresses(f"2024-05-01 {text}, or")

    @pytest.mark.parametrize(
        "number", ["450 570", "(450) 570 000", "02/123.45.67", "450-570", "0171 1234567", "(+44) 20 79"]
    )
    @pytest.mark.parametrize(
        "word", ["Tel.:", "phone", "Fax", "mobile number:", "TÉLÉPHONE", "τηλ.", "телефон", "puh."]
    )
    def test_numbers_behind_a_word(self, word: str, number: str) -> None:
        assert f"{word} {WITHHELD}" == without_addresses(f"{word} {number}")

    @pytest.mark.parametrize("number", ["450 570", "(450) 570-1234", "4505700", "450\u2013570", "450\u00a0570"])
    @pytest.mark.parametrize(
        "word", ["T:", "T :", "F:", "M:", "P:", "ph:", "Ph.", "cell:", "Cell no.:", "Tel:-", "Tel.:\n"]
    )
    def test_numbers_behind_a_short_word(self, word: str, number: str) -> None:
        assert f"{word} {WITHHELD}" == without_addresses(f"{word} {number}")

    @pytest.mark.parametrize("number", ["987-12345", "(450) 570-1234", "98 71 23 45"])
    @pytest.mark.parametrize("word", ["cell", "Cell", "ph", "Ph"])
    def test_numbers_behind_a_short_word_without_colon(self, word: str, number: str) -> None:
        assert f"{word} {WITHHELD}" == without_addresses(f"{word} {number}")

    @pytest.mark.parametrize("number", ["4505555", "01714505555", "0171 450 555", "2512345"])
    @pytest.mark.parametrize("word", ["cell", "Cell", "ph", "Ph", "T:", "M."])
    def test_numbers_that_are_no_round_amount_behind_a_short_word(self, word: str, number: str) -> None:
        assert f"{word} {WITHHELD}" == without_addresses(f"{word} {number}")

    @pytest.mark.parametrize(
        "number", ["0304505555", "030/4505555", "450 5555", "01.23.45.67.89", "+49 30 450", "(030) 450"]
    )
    @pytest.mark.parametrize("word", ["Tel.", "Tél.", "Fax.", "tel-", "TELEFON/", "тел.", "Tel./Fax."])
    def test_numbers_joined_to_a_word(self, word: str, number: str) -> None:
        assert f"by {word}{WITHHELD}, or" == without_addresses(f"by {word}{number}, or")

    @pytest.mark.parametrize("word", ["T.", "F.", "Ph.", "cell."])
    def test_numbers_joined_to_a_short_word(self, word: str) -> None:
        assert f"{word}{WITHHELD}" == without_addresses(f"{word}0304505555")

    @pytest.mark.parametrize(
        "text", [f"Tel. 030 450570\n{line}" for line in ("2. Next", "18 years", "18-01-2024", "2024-01-18", "12 5 10")]
    )
    def test_a_number_ends_with_its_line(self, text: str) -> None:
        assert text.replace("030 450570", WITHHELD) == without_addresses(text)

    @pytest.mark.parametrize("number", ["+44 20 7946 0958", "030 450570", "450 570 000"])
    def test_brackets_around_a_number(self, number: str) -> None:
        assert f"Fax ({WITHHELD})" == without_addresses(f"Fax ({number})")

    @pytest.mark.parametrize(
        "text",
        [
            *("EU CT 2023-505613-24-00", "NCT01234567", "EudraCT 2019-003842-34", "fax 2023-505613-24-00"),
            *("ISRCTN 01234567", "DRKS00012345", "CTRI/2020/01/012345", "U1111-1234-5678", "EMEA-001234-PIP01-12"),
            *("ORG-100012345", "LOC-100012345", "550e8400-e29b-41d4-a716-446655440000", "EMA/441149/2024"),
            *("2024-05-01", "by phone (2024-05-01)", "01.02.2024", "01/02/2024 10:30", "01.02.2024 - 05.06.2024"),
            *("00000-131", "04038-002", "90035-903", "51656-65811"),
            *("10-20 000", "1 000 000 cells/kg", "(0.5) 10 20 000", "0.05 0.010 0.001", "100.000-200.000 IU"),
            *("CD34+1000000", "CD34+ 1000000", "pH 7.35-7.45", "telmisartan 40/80/12.5 mg", "stem cell 1 000 000"),
            *(
                "NDC 0169-4132-12",
                "01/2024 - 05/2025",
                "T.100000",
                "Hotel.0304505555",
                "S.T.0304505555",
                "P-0304505555",
            ),
            *("Tel.2023-505613-24-00", "cell 2500000", "cell 2 500 000", "10 12 14 16\n18 20 22 24"),
            *("T: 1 000 000", "M: 100000", "cell 1 000 000", "cell 1000000", "PH: 7.35-7.45", "pH: 7.35-7.45"),
            *("ISBN 978-3-16-148410-0", "ISBN 0-306-40615-2", "ISSN 0140-6736", "doi 10.1016/S0140-6736(05)67912-4"),
            *(
                "10.1001/jama.2013.281053",
                "C50.911, E11.65",
                "C04.588.614.250.195",
                "D018410",
                "L01XC02",
                "SCTID 73211009",
            ),
            *(
                "EudraCT 2007\u2013001234\u201312",
                "2023\u2011505613\u201124\u201100",
                "0064468/20",
                "0000-0002-1825-0097",
            ),
            *(
                "0002-8215-01",
                "CAS 1234567-89-0",
                "2004\u20132010",
                "01-02-2024",
                "12\u00a0000\u00a0000 IU",
                "1.5\u20132.5 x 10",
            ),
            *("1.5\u20132.5 x 10", "0000-0002-1825-0097"),
            *(
                "look at [1] dot blot",
                "a polka dot at 5",
                '"a" @ 5',
                "x @[1.5]",
                "at the end. Dot blots",
                "ada at x.org, dots",
            ),
            *("look at dot blot", "5 mg @ 1.5", "at example dot org", "@example.org", "a & b @ c", "P < 0.05 @ 12"),
            *("doses of 100/200/400/800 mg", "weeks 12-14-16-18-20", "2 x 10(6) 100 200", "CD(at)B", "P@b", "x@1.5"),
        ],
    )
    def test_what_is_neither(self, text: str) -> None:
        assert text == without_addresses(text)


_WORDS = st.sampled_from(
    [
        "Ada",
        "ADA",
        "Byron",
        "byron",
        "Byron-King",
        "van",
        "den",
        "Dr.",
        "M.",
        "O'Hara",
        "Éva",
        "E\u0301va",
        "deVries",
        "Office",
    ]
)


@given(
    called=st.lists(st.lists(_WORDS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=8),
    text=st.lists(_WORDS | st.sampled_from([",", "(", "of"]), max_size=12).map(" ".join),
    whole=st.booleans(),
)
def test_few_persons_are_found_as_all_are(called: list[tuple[str, ...]], text: str, whole: bool) -> None:
    """A text that names few is looked through for these, one that names many for all: both find the same."""
    parts = [(" ".join(name),) if whole else name for name in called]
    known = [persons.forms(name) for name in parts]
    found = Persons(parts)
    for place in (persons.ANYWHERE, persons.ORGANISATIONS):
        everyone = names.Names(set().union(*(forms[place] for forms in known)))
        assert names.replace(text, [everyone], WITHHELD) == found._without(text, place)


class TestNames:
    """A full name is taken out, and a surname beside a title; a single word is not."""

    ADA = Persons([("Ada", "Augusta", "Byron")])

    @pytest.mark.parametrize(
        "text",
        [
            *("Ada Augusta Byron", "Ada Byron", "BYRON Ada", "Byron, Ada", "Dr. Byron", "Prof Byron", "Frau BYRON"),
            *("Dott.ssa Byron", "CV_Ada_Byron"),
            *("Prof. Dr. med. Byron", "Dr. rer. nat. habil. Byron", "Dr Med Byron", "P.I.: Byron", "C.I. : BYRON"),
            *('Ada "Lovelace" Byron', "Byron „Lovelace“ Ada", "Ada «Lovelace» Byron", "Dr. h. c. mult. Byron"),
        ],
    )
    def test_full_names(self, text: str) -> None:
        assert "byron" not in self.ADA.out_of(f"by {text}.").lower()

    @pytest.mark.parametrize(
        "text",
        ["Byron syndrome", "Ada", "Augusta", "Byron-Street 3", "Dr. Ada", "ada byron", "med. Byron", 'Ada "x y" Byron'],
    )
    def test_words(self, text: str) -> None:
        assert text == self.ADA.out_of(text)

    def test_short_surnames_are_parts_of_too_many_words(self) -> None:
        assert "Dr. Li" == Persons([("Ada", "Li")]).out_of("Dr. Li")

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            *(
                ("Ada Byron", text)
                for text in ("Byron, Ada", "BYRON Ada", "Ada M. Byron", "Prof. A. Byron", "Dr Byron")
            ),
            *(("Ada M. Byron", text) for text in ("Ada Byron", "Byron, Ada", "Byron, Ada M.", "Ada Byron's")),
            *(("Prof. Dr. med. Ada Byron", text) for text in ("Byron Ada", "ADA BYRON", "Dr. Byron-led")),
            *((field, "Byron Ada") for field in ("Ada Byron (PI)", "Ada Byron, MD", "Byron, Ada", "Byron, Ada M.")),
            *((f"Max Roe{sign}Ada Byron", "Byron Ada") for sign in (" and ", " und ", "/", " / ", ", ", "; ", " & ")),
            *((f"{office}, Ada Byron", "Byron Ada") for office in ("Clinical Trials Office", "Oncology", "Ward")),
            *(("Maria Byron King", text) for text in ("Byron King, Maria", "Dr. Byron King")),
            *(
                ("Ada van den Byron", text)
                for text in ("van den Byron, Ada", "VAN DEN BYRON Ada", "Frau van den Byron")
            ),
            *(
                ("Ada-Lea Byron", text)
                for text in ("Ada Lea Byron", "Ada–Lea Byron", "Byron, Ada-Lea", "Byron Ada Lea")
            ),
            *(("Ada O’Byron", text) for text in ("O'Byron, Ada", "Prof. O´Byron’s")),
        ],
    )
    def test_persons_in_one_field(self, field: str, text: str) -> None:
        assert "byron" not in Persons([(field,)]).out_of(f"by {text}.").lower()

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("Multiple Sclerosis Research", "An MS Research programme in Italy"),
            ("Multiple Sclerosis Research", "Dr. Research"),
            ("Novo Pharma", "Metformin SR Pharma tablets"),
            ("Clinical Trials Information", "Information Clinical"),
            ("Novo Nordisk A/S", "Nordisk Novo"),
            ("Oddělení klinických studií", "Studií Oddělení"),
            ("Studienzentrum Musterstadt", "Prof. Musterstadt"),
            ("Información de ensayos", "Dr. Ensayos"),
            ("Type 1 Diabetes", "Diabetes Type"),
            ("Ada Byron, Clinical Trials Office", "the Clinical Trials Office"),
            ("Maria Pump", "an MS Pump"),
        ],
    )
    def test_offices_have_no_surnames(self, field: str, text: str) -> None:
        assert text == Persons([(field,)]).out_of(text)

    @pytest.mark.parametrize("office", ["Clinical Trials Office", "Hotline for Type 2", "MS Research"])
    def test_offices_are_withheld_as_they_are_called(self, office: str) -> None:
        assert f"by {WITHHELD}." == Persons([(office,)]).out_of(f"by {office}.")

    @pytest.mark.parametrize("field", ["Ada Byron", "Roe, Max and Ada Byron"])
    def test_organisations_keep_names_of_one_field(self, field: str) -> None:
        assert "Ada Byron" == Persons([(field,)]).out_of_organisation("Ada Byron")

    def test_an_organisation_may_be_called_as_its_office(self) -> None:
        office = Persons([("Byron Trials",)])

        assert "Byron Trials" == office.out_of_organisation("Byron Trials")
        assert WITHHELD == office.out_of("Byron Trials")

    def test_an_organisation_is_no_person(self) -> None:
        assert "Byron Hospital, Dr. Byron" == self.ADA.out_of_organisation("Byron Hospital, Dr. Byron")
        assert WITHHELD == self.ADA.out_of_organisation("Ada Byron")


def test_a_name_that_is_the_name_of_an_element_is_withheld_as_one() -> None:
    parsed = parse(
        b"<trials><trial><main><trial_id>RBR-23abcd</trial_id></main><Ada_Byron>x</Ada_Byron><contacts><contact>"
        b"<firstname>Ada</firstname><lastname>Byron</lastname></contact></contacts></trial></trials>",
        contacts=False,
    )

    assert "RBR-23abcd" == parsed.trial.id
    assert b"Byron" not in parsed.raw
    assert b"<withheld>x</withheld>" in parsed.raw


def test_a_lost_value_about_a_person_is_not_told(fixtures: Path) -> None:
    """A key that stands twice is told with the value that gave way."""
    source = (fixtures / "ctis" / "immunostem.json").read_bytes()
    contact = json.loads(source)["authorizedApplication"]["authorizedPartI"]["sponsors"][0]["publicContacts"][0]
    name = json.dumps(contact["functionalName"]).encode()
    twice = source.replace(b'"functionalName": ' + name, b'"functionalName": "Zzyzx", "functionalName": ' + name)
    outcome = parse(twice, contacts=False)

    assert twice != source
    assert "DUPLICATE_KEY" in {found.problem.name for found in outcome.diagnostics}
    assert "Zzyzx" not in str(outcome.diagnostics)


def test_names_of_elements_however_deep() -> None:
    depth = 5000
    tree: Any = 1
    for _ in range(depth):
        tree = {"jane@roe.org": [tree]}
    finds = Finds()
    finds.look([tree], _person_path(frozenset()))
    tree = with_keys(tree, finds.renamed(Persons([]), WITHHELD))

    for _ in range(depth):
        assert [*tree] == [WITHHELD]
        (tree,) = tree[WITHHELD]
    assert tree == 1


def test_a_deep_record_with_persons_in_its_keys(fixtures: Path) -> None:
    source = (fixtures / "ctis" / "immunostem.json").read_text()
    depth = 900
    deep = '{"jane@roe.org":' * depth + "1" + "}" * depth
    outcome = parse(f'{source.rstrip()[:-1]}, "zz": {deep}}}'.encode(), contacts=False, limits=Limits(depth=100000))

    assert outcome.ok
    assert b"roe.org" not in outcome.raw


USER = """<User OID="U">{}</User>"""
STUDY = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:ctr="http://www.cdisc.org/ns/ctr/v1.0" FileOID="F"><Study
OID="S"><GlobalVariables><StudyName>Ada Byron, Max Roe</StudyName></GlobalVariables></Study><AdminData>{}</AdminData>
</ODM>"""


class TestNamesOfOneObject:
    """A name is found by what the fields of one contact say together, and by each that has a whole name."""

    @pytest.mark.parametrize(
        "fields",
        [
            "<FullName>Ada Byron</FullName>",
            "<DisplayName>Ada</DisplayName><FullName>Ada Byron</FullName>",
            "<DisplayName>Ada Byron</DisplayName><FullName>A. Byron</FullName>",
            "<DisplayName>abyron</DisplayName><FirstName>Ada</FirstName><LastName>Byron</LastName>",
            "<FirstName>Ada</FirstName><FirstName>Augusta</FirstName><LastName>Byron</LastName>",
            "<FirstName>Ada</FirstName><LastName>King</LastName><LastName>Byron</LastName>",
        ],
    )
    def test_fields(self, fields: str) -> None:
        raw = str(parse(STUDY.format(USER.format(fields)).encode(), contacts=False).raw)

        assert "Byron" not in raw
        assert "Max Roe" in raw

    def test_a_part_that_gave_way(self, fixtures: Path) -> None:
        record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
        record["title"] = "of Ada Byron and Ada King"
        sites = record["authorizedPartsII"][0]["trialSites"]
        sites[0]["personInfo"] = {"firstName": "Ada", "lastName": "King", "was": "Byron"}
        parsed = parse(json.dumps(record).replace('"was"', '"lastName"').encode(), contacts=False)

        assert b"of (withheld) and (withheld)" in parsed.raw


def test_keys_that_are_alike_without_words_stay_apart_in_joins(fixtures: Path) -> None:
    """In the record of the first portal an object has the ids of countries for keys."""
    record = json.loads((fixtures / "ctis" / "v1.json").read_bytes())
    for application in record["applications"]:
        parts = application["partIIInfo"]
        if isinstance(parts, dict):
            application["partIIInfo"] = {f"ada{key}@example.org": part for key, part in parts.items()}
    source = json.dumps(record).encode()
    plain, parsed = parse(source), parse(source, contacts=False)

    assert plain.trial.countries == parsed.trial.countries
    assert plain.audit().leaves == parsed.audit().leaves
    assert b"example.org" not in pickle.dumps(parsed)


class TestKeysOfJoins:
    """Lists are joined by keys with a name in them as they are with contacts; found by the fuzzer."""

    RECORD: ClassVar[dict[str, Any]] = {
        "ctNumber": "2023-505613-24-00",
        "authorizedApplication": {
            "authorizedPartI": {
                "sponsors": [{"publicContacts": [{"functionalName": "Ada Byron"}, {"functionalName": "Max Roe"}]}],
                "products": [{"id": "1 Ada Byron", "productName": "A"}, {"id": "1 Max Roe", "productName": "B"}],
                "productRoleGroupInfos": [
                    {"miaNumber": "MIA 2", "products": [{"id": "1 Max Roe"}, {"id": "1 (withheld)"}]},
                    {"miaNumber": "MIA 3", "products": [{"id": "1 (withheld)"}]},
                ],
                "medicalConditions": [{"medicalCondition": f"Syndrome of {name}"} for name in ("Ada Byron", "Max Roe")],
            }
        },
    }

    def test_keys_that_are_alike_without_a_name_stay_apart(self) -> None:
        trial = self.parsed().trial

        assert [("A", None), ("B", "MIA 2")] == [(item.name, item.manufacturing) for item in trial.interventions]

    def test_nothing_is_lost(self) -> None:
        conditions = self.parsed().trial.conditions

        assert ["Syndrome of (withheld)"] * 2 == [condition.text for condition in conditions]

    def test_what_none_of_them_belongs_to_is_told_without_a_name(self) -> None:
        told = [found for found in self.parsed().diagnostics if found.problem is Problem.UNMATCHED]

        assert ["1 (withheld)"] * 2 == [found.text for found in told]

    def test_they_stay_apart_in_evidence_and_in_a_pickle(self) -> None:
        parsed = pickle.loads(pickle.dumps(self.parsed()))

        assert "interventions[0].manufacturing" not in parsed.evidence()
        assert ["MIA 2"] == [source.text for source in parsed.evidence("interventions[1].manufacturing").sources]
        assert b"Roe" not in pickle.dumps(parsed)

    @staticmethod
    def parsed() -> Parsed:
        return parse(json.dumps(TestKeysOfJoins.RECORD).encode(), contacts=False)


# --- no pattern backtracks without bound ------------------------------------------------------------------------------

PATTERNS = {
    f"{module.__name__}.{name}": pattern.pattern
    for module in (names, persons, emails, phones)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}


def followed(pattern: Any, least: int = 0) -> Iterator[int]:
    """Give for each repeat without bound how many signs must follow it at least."""
    items = list(pattern)
    for index, (operator, argument) in enumerate(items):
        behind = least + sum(len_of(item) for item in items[index + 1 :])
        for inner in argument if isinstance(argument, tuple | list) else ():
            for branch in inner if isinstance(inner, list) else (inner,):
                if hasattr(branch, "getwidth"):
                    yield from followed(branch, behind)
        if "REPEAT" in str(operator) and argument[1] > 1000:
            yield behind


def len_of(item: Any) -> int:
    """Return how many signs an item takes at least; an assertion counts as one, for it can fail."""
    operator, argument = item
    if "REPEAT" in str(operator):
        return int(argument[0])
    return 1


@pytest.mark.parametrize("name", PATTERNS)
def test_nothing_must_follow_a_repeat_without_bound(name: str) -> None:
    """Then a pattern never goes back into it; all other repeats have bounds."""
    parser = vars(re)["_parser"]

    assert {*followed(parser.parse(PATTERNS[name], re.VERBOSE if "\n" in PATTERNS[name] else 0))} <= {0}


def test_the_structure_is_seen() -> None:
    parser = vars(re)["_parser"]

    assert {*followed(parser.parse(r"(?:a+b)*c"))} == {1, 2}
    assert {*followed(parser.parse(r"a+b?|x{2,}"))} == {0}


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_what_gave_way_is_withheld_however_many_objects_are_looked_at_together(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(withhold, "_AT_ONCE", at_once)
    text = (fixtures / "ctis" / "immunostem.json").read_text(encoding="utf-8")
    many = ", ".join(f'{{"said": "by ada{number}@example.org", "said": "nothing"}}' for number in range(5))
    source = text.replace("{", f'{{"zz": [{many}], ', 1).encode()
    plain, withheld = parse(source), parse(source, contacts=False)

    assert all(f"ada{number}@example.org" in str(plain.diagnostics) for number in range(5))
    assert "@example.org" not in f"{withheld.raw!r} {withheld.diagnostics} {withheld.trial}"
