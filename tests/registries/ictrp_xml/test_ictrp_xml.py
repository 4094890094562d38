"""XML of the WHO ICTRP DTD: what the fixtures must give, typed by hand from the XML, and what holds for real files."""

import pickle
import re
from pathlib import Path
from unittest import mock

import pytest
from lxml import etree

from tests.counting import readable, some, stated
from tests.parsing.documents import quick
from trialparse.diagnostics import Problem, UnrecognisedFormat
from trialparse.mapping.openers import quantity
from trialparse.model import Trial
from trialparse.model.terms import (
    MissingKind,
    Phase,
    PhaseDetail,
    Progress,
    Recruitment,
    TimeUnit,
)
from trialparse.model.values import Duration, PartialDate
from trialparse.parsing.calls import parse, read, sniff
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure, Parsed
from trialparse.parsing.run import traced_run
from trialparse.readers import xml
from trialparse.registries import FORMATS
from trialparse.registries.ictrp_xml.openers import answers, eudract

_ONE, _TWO = "Human pharmacology (Phase I)", "Therapeutic exploratory (Phase II)"


def records(file: Path) -> list[Parsed]:
    """Return the records of a file; all are readable."""
    return [outcome for outcome in read(file) if isinstance(outcome, Parsed)]


def trials(file: Path) -> list[Trial]:
    """Return the trials of a file."""
    return [record.trial for record in records(file)]


def one(inner: str) -> Parsed:
    """Return the record of a document with one trial."""
    (record,) = read(f"<trials><trial>{inner}</trial></trials>".encode())
    assert isinstance(record, Parsed)
    return record


WRAPPED = {
    ("root", "trials", "trial"): ("<root>\n<trials><trial>", "</trial></trials></root>"),
    ("trials", "Triall"): ('<trials subjects="rash"><Triall>', "</Triall></trials>"),
    ("Trials", "Trial"): ("<Trials><!-- all --><Trial>", "</Trial></Trials>"),
    ("Trials", "trial"): ("<Trials><trial>", "</trial></Trials>"),
    ("trials", "Trial"): ("<trials><Trial>", "</Trial></trials>"),
}
"""Documents of registers in which the elements around a record have other names."""


class TestWrapped:
    """A record is the same whatever the elements around it are called, and its places have their names."""

    @pytest.mark.parametrize("path", WRAPPED)
    @pytest.mark.parametrize("streamed", [False, True])
    def test_the_same_trials(self, fixtures: Path, path: tuple[str, ...], streamed: bool) -> None:
        source = (fixtures / "rebec" / "registry.xml").read_text(encoding="utf-8")
        inner = re.findall(r"<trial>(.*?)</trial>", source, re.DOTALL)
        begin, end = WRAPPED[path]
        opened, closed = f"<{path[-1]}>", f"</{path[-1]}>"
        data = f"<?xml version='1.0'?>{begin}{(closed + opened).join(some(inner, 2))}{end}".encode()
        with mock.patch.object(xml.document, "ONE_PIECE", 1 if streamed else xml.document.ONE_PIECE):
            found = readable(data)
            places = [one.evidence("id").sources[0].place.path for one in found]

        assert [one.trial for one in found] == [one.trial for one in records(fixtures / "rebec" / "registry.xml")]
        assert [one.audit().unmapped for one in found] == [{}] * len(inner)
        root = etree.fromstring(data)
        assert [root.xpath(place)[0].text for place in places] == [one.trial.id for one in found]
        assert {place.split("[")[0] for place in places} == {"/" + "/".join(path)}
        again = pickle.loads(pickle.dumps(found[-1]))
        assert again.evidence("id") == found[-1].evidence("id")

    @pytest.mark.parametrize(
        "data",
        [
            b"<root><other/></root>",
            b"<root>trials</root>",
            b"<Trials/>",
            b"<Trials><Trial><TrialID>NCT1</TrialID></Trial></Trials>",
            b"<trials><Triall/></trials>",
            b"<root><trials><trial><other/></trial></trials></root>",
        ],
    )
    def test_other_documents_are_refused(self, data: bytes) -> None:
        with pytest.raises(UnrecognisedFormat):
            list(read(data))

    @pytest.mark.parametrize("streamed", [False, True])
    @pytest.mark.parametrize("mixed", ["trial Triall", "Triall trial", "Trial trial Triall trial"])
    def test_several_names_in_one_document(self, fixtures: Path, mixed: str, streamed: bool) -> None:
        source = (fixtures / "rebec" / "registry.xml").read_text(encoding="utf-8")
        (inner, *_) = some(re.findall(r"<trial>(.*?)</trial>", source, re.DOTALL))
        data = f"<trials>{''.join(f'<{name}>{inner}</{name}>' for name in mixed.split())}</trials>".encode()
        with mock.patch.object(xml.document, "ONE_PIECE", 1 if streamed else xml.document.ONE_PIECE):
            found = readable(data)
            places = [one.evidence("id").sources[0].place.path for one in found]

        assert len(found) == len(mixed.split())
        root = etree.fromstring(data)
        assert [root.xpath(place)[0].getparent().getparent() for place in places] == [*root]

    @pytest.mark.parametrize("streamed", [False, True])
    @pytest.mark.parametrize(
        ("document", "strays"),
        [
            ("<trials><extra/>{0}</trials>", ["trials/extra[1]"]),
            ("<trials>{0}<extra>{0}</extra>{0}<extra/></trials>", ["trials/extra[1]", "trials/extra[2]"]),
            ("<root><trials>{0}</trials>{0}</root>", ["root/trial[1]"]),
            ("<root><trials>{0}</trials><more>{0}</more><trials>{0}</trials></root>", ["root/more[1]"]),
            ("<trials><extra/></trials>", ["trials/extra[1]"]),
        ],
    )
    def test_what_is_no_record_is_reported(
        self, fixtures: Path, document: str, strays: list[str], streamed: bool
    ) -> None:
        source = (fixtures / "rebec" / "registry.xml").read_text(encoding="utf-8")
        (inner, *_) = some(re.findall(r"<trial>.*?</trial>", source, re.DOTALL))
        outside = document.replace("<extra>{0}", "").replace("<more>{0}", "").replace("</trials>{0}", "")
        with mock.patch.object(xml.document, "ONE_PIECE", 1 if streamed else xml.document.ONE_PIECE):
            found = list(read(document.format(inner).encode()))

        assert [one.place.path for one in found if isinstance(one, Failure)] == [f"/{stray}" for stray in strays]
        assert len([one for one in found if isinstance(one, Parsed)]) == outside.count("{0}")

    @pytest.mark.parametrize(
        ("document", "around"),
        [
            (b"<trials><Mustermann/></trials>", "trials"),
            (b"<root><trials><Mustermann/></trials></root>", "root/trials"),
        ],
    )
    def test_a_name_that_is_none_of_the_format_is_withheld(self, document: bytes, around: str) -> None:
        (found,) = read(document, contacts=False)
        assert isinstance(found, Failure)
        assert found.place.path == f"/{around}"
        assert "Mustermann" not in f"{found!r} {found.error}"

    @pytest.mark.parametrize("data", [b"<trials/>", b"<root><trials/></root>", b"<root>\n<trials></trials></root>"])
    def test_empty_answers(self, data: bytes) -> None:
        assert list(read(data)) == []
        assert sniff(data) is not None


def day(text: str, *, estimated: bool | None = None) -> PartialDate:
    """Return the date written as ISO 8601."""
    year, month, number = map(int, text.split("-"))
    return PartialDate(year=year, month=month, day=number, estimated=estimated)


def numbers(trial: Trial) -> list[tuple[str, str]]:
    """Return the identifiers of a trial as (scheme, value)."""
    return [(number.scheme, number.value) for number in trial.identifiers]


@pytest.fixture
def euctr(fixtures: Path) -> list[Trial]:
    return trials(fixtures / "euctr" / "registry.xml")


@pytest.fixture
def rebec(fixtures: Path) -> list[Trial]:
    return trials(fixtures / "rebec" / "registry.xml")


def test_second_places(fixtures: Path) -> None:
    """What does not stand where it mostly does is read from where else it can stand."""
    (trial,) = trials(fixtures / "euctr" / "second_places.xml")

    assert trial.acronym == "PLACE-BONE"
    assert (trial.phases, trial.phase_detail) == ({Phase.II}, {PhaseDetail.A})
    assert (trial.status.trial, trial.status.recruitment) == (Progress.HALTED, Recruitment.HALTED)
    assert [(code.value, code.label, code.level, code.version) for code in trial.condition_codes] == [
        ("10031252", "Osteomyelitis", "LLT", "18.0"),
        ("10005940", "Bone and joint infections", "PT", "18.1"),
    ]
    assert [product.name for product in trial.interventions] == ["Probinavir Ejemplo 20 mg/ml"]


def test_the_words_of_the_design_are_kept(euctr: list[Trial]) -> None:
    assert euctr[2].design.text is not None
    assert euctr[2].design.text.startswith("Controlled: yes\nRandomised: yes")


@pytest.mark.parametrize("register", ["euctr", "rebec"])
class TestAccount:
    """A fixture is read without surprise: nothing but "None" to tell, no leaf left over, and the two runs agree."""

    def test_nothing_to_tell(self, fixtures: Path, register: str) -> None:
        for record in readable(fixtures / register / "registry.xml"):
            found = {(one.problem, one.text) for one in record.diagnostics if one.field != "acronym"}
            assert found <= {(Problem.PLACEHOLDER, "None")}
            assert {one.problem for one in record.diagnostics} <= {Problem.PLACEHOLDER, Problem.CONFLICT}

    def test_every_leaf_is_accounted_for(self, fixtures: Path, register: str) -> None:
        for record in readable(fixtures / register / "registry.xml"):
            assert record.audit().unmapped == {}

    def test_the_runs_agree(self, fixtures: Path, register: str) -> None:
        for record in readable(fixtures / register / "registry.xml"):
            assert agrees(record)


class TestRecord:
    """A record is its element for as long as that lasts, and its bytes when asked."""

    @pytest.mark.parametrize("register", ["euctr", "rebec"])
    def test_a_record_without_surprise_is_read_without_its_tree(self, fixtures: Path, register: str) -> None:
        with mock.patch.object(xml, "tree", side_effect=AssertionError):
            assert trials(fixtures / register / "registry.xml")

    @pytest.mark.parametrize("change", [("<trials>", "<trials xmlns='urn:u'>"), ("<main>", "<main kept='yes'>")])
    def test_other_notation_gives_the_same_trials(self, fixtures: Path, change: tuple[str, str]) -> None:
        file = fixtures / "rebec" / "registry.xml"
        text = file.read_text("utf-8").replace(*change)
        assert change[1] in text
        assert [outcome.trial for outcome in read(text.encode())] == trials(file)

    def test_the_bytes_are_those_of_the_record_alone(self) -> None:
        first, second = read(b"<trials> <trial><main/></trial>\n<trial><main> </main> </trial> </trials>")
        assert isinstance(first, Parsed)
        assert isinstance(second, Parsed)
        assert (first.raw, second.raw) == (b"<trial><main/></trial>", b"<trial><main> </main> </trial>")

    def test_a_root_that_is_known_is_no_page_whatever_it_holds(self) -> None:
        assert [outcome.ok for outcome in read(b"<trials><!-- <html> --><trial><main/></trial></trials>")] == [True]

    def test_two_odd_ages_are_both_missing(self, fixtures: Path) -> None:
        data = (fixtures / "rebec" / "registry.xml").read_bytes()
        data = re.sub(rb"<agemin>[^<]*<", b"<agemin>0<", data)
        data = re.sub(rb"<agemax>[^<]*<", b"<agemax>unlimited-ish<", data)
        for record in readable(data):
            assert [(entry.field, entry.kind) for entry in record.trial.missing][:2] == [
                ("eligibility.minimum_age", MissingKind.NOT_APPLICABLE),
                ("eligibility.maximum_age", MissingKind.UNREADABLE),
            ]

    def test_a_stream_makes_no_difference(self, fixtures: Path) -> None:
        whole = records(fixtures / "rebec" / "registry.xml")
        with mock.patch.object(xml.document, "ONE_PIECE", 1):
            streamed = records(fixtures / "rebec" / "registry.xml")
        assert [record.trial for record in streamed] == [record.trial for record in whole]
        assert [record.raw for record in streamed] == [record.raw for record in whole]
        assert [record.evidence() for record in streamed] == [record.evidence() for record in whole]

    def test_pickling_keeps_all_that_can_be_asked(self, fixtures: Path) -> None:
        for record in readable(fixtures / "rebec" / "registry.xml"):
            again = pickle.loads(pickle.dumps(record))
            assert again.trial == record.trial
            assert again.raw == record.raw
            assert again.evidence() == record.evidence()
            assert again.audit() == record.audit()

    def test_persons_are_left_out_of_the_bytes_too(self) -> None:
        inner = b"<contacts><contact><lastname>Fictitious</lastname></contact></contacts>"
        (record,) = read(b"<trials><trial><main/>" + inner + b"</trial></trials>", contacts=False)
        assert isinstance(record, Parsed)
        assert b"Fictitious" not in record.raw


def agrees(parsed: Parsed) -> bool:
    """Whether the fast run reads the record, and just as the traced run does."""
    made = quick(parsed)
    return made is not None and made == traced_run(parsed._kept(), Options())[0]


OTHER = "<trial_identification/><contacts/><secondary_ids/>"
"""Children of a trial of OpenTrials, of which the ICTRP's DTD has the last two as well."""


@pytest.mark.parametrize("piece", [1, 8 << 20])
class TestRecognition:
    """A record is known by its children: what has none of them is no trial, wherever it stands, streamed or not."""

    def test_the_first_record_tells_what_the_document_is(self, piece: int) -> None:
        known = r".* of no known format .looked for .*<main>"
        for inner, said in (
            (OTHER, "trials in OpenTrials XML"),
            ("<contacts/><a/>", f"with <contacts>, <a>{known}"),
            ("text", f"with nothing in it{known}"),
        ):
            data = f"<trials><trial>{inner}</trial><trial><main/></trial></trials>".encode()
            with mock.patch.object(xml.document, "ONE_PIECE", piece):
                for ask in (parse, sniff, lambda source: list(read(source))):
                    with pytest.raises(UnrecognisedFormat, match=said):
                        ask(data)

    def test_a_later_record_is_a_failure_in_its_place(self, piece: int) -> None:
        inners = ("<main/>", OTHER, "<x:criteria xmlns:x='urn:x'/>")
        data = f"<trials>{''.join(f'<trial>{inner}</trial>' for inner in inners)}</trials>".encode()
        with mock.patch.object(xml.document, "ONE_PIECE", piece):
            first, second, third = read(data)
        assert (first.ok, second.ok, third.ok) == (True, False, True)
        assert isinstance(second, Failure)
        assert isinstance(second.error, UnrecognisedFormat)
        assert (second.index, str(second.place)) == (1, "record 1 /trials/trial[2]")
        assert isinstance(third, Parsed)
        assert third.evidence("registry").sources == ()

    def test_each_child_of_the_list_is_enough(self, piece: int) -> None:
        (format,) = (format for format in FORMATS if format.name == "ictrp-registry-xml")
        for child in some(format.notation.children, 3):
            with mock.patch.object(xml.document, "ONE_PIECE", piece):
                assert [record.ok for record in read(f"<trials><trial><{child}/></trial></trials>".encode())] == [True]


MARKED = '<public_title xml:lang="en" x="1">Effects <i>in <b>vivo</b></i> of A</public_title>'


class TestMarkup:
    """A text keeps all of its words, whatever attributes and inline elements it has; those are unmapped leaves."""

    @pytest.mark.parametrize(
        ("element", "said", "unmapped"),
        [
            ('<public_title xml:lang="en">Hello</public_title>', "Hello", {"@lang": 1}),
            ("<public_title>Hello <i>in vivo</i> world</public_title>", "Hello in vivo world", {"i": 1}),
            (
                "<public_title><b>Hello</b>, <i>you</i> <b>there</b></public_title>",
                "Hello, you there",
                {"b": 2, "i": 1},
            ),
            (MARKED, "Effects in vivo of A", {"@lang": 1, "@x": 1, "i.#text": 1, "i.b": 1}),
            ('<public_title xml:lang="en"> </public_title>', None, {"@lang": 1}),
        ],
    )
    def test_the_words_are_those_of_the_element(self, element: str, said: str | None, unmapped: dict[str, int]) -> None:
        record = one(f"<main><trial_id>X1</trial_id>{element}</main>")
        assert record.trial.public_title == said
        assert record.diagnostics == ()
        assert agrees(record)
        account = record.audit()
        assert account.unmapped == {f"main.public_title.{path}": count for path, count in unmapped.items()}
        assert account.mapped == 1 + (said is not None)

    def test_evidence_is_the_element(self) -> None:
        ((place, words),) = one(f"<main>{MARKED}</main>").evidence("public_title").sources
        root = etree.fromstring(f"<trials><trial><main>{MARKED}</main></trial></trials>")
        assert root.xpath(f"string({place.path})") == words == "Effects in vivo of A"

    def test_wherever_a_text_is_read(self) -> None:
        """By an opener, by a function, as one of several, as a side, and as a code."""
        mark = ' a="b"'
        inner = (
            f"<main><trial_id{mark}>X1</trial_id><phase{mark}>{_ONE}: yes\n{_TWO}: <b>no</b>\n"
            "Therapeutic confirmatory - (Phase III): no\nTherapeutic use (Phase IV): no</phase></main>"
            f"<countries><country2{mark}>Brazil</country2><country2><b>Portugal</b></country2></countries>"
            f"<criteria><agemin{mark}>18 <i>years</i></agemin><gender{mark}>Female</gender></criteria>"
            f"<contacts><contact><firstname{mark}>A</firstname><lastname><i>B</i></lastname></contact></contacts>"
        )
        record = one(inner)
        plain = one(re.sub(r"</?[bi]>", "", inner.replace(mark, "")))
        assert record.trial == plain.trial
        assert record.trial.phases == {Phase.I}
        assert [contact.name for contact in record.trial.contacts] == ["A B"]
        assert agrees(record)
        assert record.diagnostics == ()

    def test_persons_are_left_out_across_markup(self) -> None:
        inner = (
            '<main><public_title x="Ada Person">By <b>Ada</b> Person</public_title><acronym>A<i>D</i>A</acronym></main>'
            '<contacts><contact><lastname x="y">Ada <i>Person</i></lastname></contact></contacts>'
        )
        whole = one(inner)
        (record,) = read(f"<trials><trial>{inner}</trial></trials>".encode(), contacts=False)
        assert isinstance(record, Parsed)
        assert record.trial.public_title == "By (withheld)"
        assert record.trial.acronym == "ADA"
        assert record.raw == (
            b'<trial><main><public_title x="(withheld)">By (withheld)</public_title><acronym>ADA</acronym></main>'
            b'<contacts><contact><lastname x="(withheld)">(withheld)</lastname></contact></contacts></trial>'
        )
        assert record.audit().leaves == whole.audit().leaves
        assert record.diagnostics == ()
        (again,) = read(b"<trials>" + record.raw + b"</trials>")
        assert again.trial.public_title == record.trial.public_title


class TestLayout:
    """What is one line by nature is one, however the XML is laid out; long texts keep their lines."""

    def test_one_line(self) -> None:
        laid = "\n    Effects  of\n    A\u00a0B\t\n  "
        tags = ("public_title", "acronym", "primary_sponsor", "trial_id", "url", "study_design")
        inner = "".join(f"<{tag}>{laid}</{tag}>" for tag in tags)
        names = f"<contacts><contact><lastname>{laid}</lastname><city>{laid}</city></contact></contacts>"
        record = one(f"<main>{inner}</main>{names}<criteria><inclusion_criteria>{laid}</inclusion_criteria></criteria>")
        trial, line = record.trial, "Effects of A\u00a0B"
        assert (trial.public_title, trial.acronym, trial.sponsors[0].name) == (line, line, line)
        assert (trial.id, trial.url, trial.identifiers[0].value) == (line, line, line)
        assert (trial.contacts[0].name, trial.contacts[0].last_name, trial.contacts[0].address) == (line, line, line)
        assert trial.design.text == trial.eligibility.criteria[0].text == laid.strip()
        assert {source.text for source in record.evidence("public_title").sources} == {laid}
        assert agrees(record)


class TestShapes:
    """A shape that is none of the format's is told with its field, its place and the words of the XML."""

    @pytest.mark.parametrize(
        ("inner", "field", "path", "text"),
        [
            (
                "<main><public_title>A</public_title><public_title k='v'>B</public_title></main>",
                "public_title",
                "/trials/trial[1]/main/public_title",
                "<public_title>A</public_title><public_title>B</public_title>",
            ),
            ("<main><url>U</url></main><main/>", "id", "/trials/trial[1]/main", "<main><url>U</url></main><main/>"),
            ("<main>words</main>", "id", "/trials/trial[1]/main", "words"),
        ],
    )
    def test_told_once(self, inner: str, field: str, path: str, text: str) -> None:
        (told,) = [found for found in one(inner).diagnostics if found.problem is Problem.WRONG_TYPE]
        assert (told.field, told.place.path, told.text) == (field, path, text)


class TestWords:
    """A word means what its row says; one without a row is told and never guessed."""

    @pytest.mark.parametrize(
        ("word", "phases"),
        [
            ("2-3", {Phase.II, Phase.III}),
            ("Phase 2-3", {Phase.II, Phase.III}),
            ("1-2", {Phase.I, Phase.II}),
            ("Phase I/II", {Phase.I, Phase.II}),
            ("Phase III", {Phase.III}),
            ("n/a", {Phase.NOT_APPLICABLE}),
            ("", set()),
            (
                f"{_ONE}: no\n {_TWO}: no\nTherapeutic confirmatory - (Phase III): no\nTherapeutic use (Phase IV): no",
                set(),
            ),
        ],
    )
    def test_phases(self, word: str, phases: set[Phase]) -> None:
        record = one(f"<main><phase>\n  {word} </phase></main>")
        assert record.trial.phases == phases
        assert not record.diagnostics

    @pytest.mark.parametrize("word", ["Phase 23", "II and a half", "Other: phase 2"])
    def test_an_unknown_phase_is_told(self, word: str) -> None:
        record = one(f"<main><phase>{word}</phase></main>")
        assert record.trial.phases == set()
        assert {found.problem for found in record.diagnostics} == {Problem.UNKNOWN_CODE}

    def test_an_unknown_register_is_told(self) -> None:
        record = one("<main><trial_id>X1</trial_id><reg_name>Nowhere</reg_name></main>")
        assert record.trial.registry is None
        assert [(found.problem, found.field) for found in record.diagnostics] == [(Problem.UNKNOWN_CODE, "registry")]

    @pytest.mark.parametrize(
        ("word", "estimated"), [("anticipated", True), ("Actual", False), ("", None), ("other", None)]
    )
    def test_the_type_of_enrolment(self, word: str, estimated: bool | None) -> None:
        record = one(f"<main><date_enrolment>2008-11-01</date_enrolment><type_enrolment>{word}</type_enrolment></main>")
        assert record.trial.dates.start == day("2008-11-01", estimated=estimated)

    def test_a_date_that_is_none_is_told(self) -> None:
        record = one("<main><date_enrolment>31/02/2020</date_enrolment></main>")
        assert record.trial.dates.start is None
        assert Problem.BAD_VALUE in {found.problem for found in record.diagnostics}

    @pytest.mark.parametrize(
        ("word", "age"),
        [
            ("18Y", Duration(value=18, unit=TimeUnit.YEAR)),
            ("3M", Duration(value=3, unit=TimeUnit.MONTH)),
            ("18 years", Duration(value=18, unit=TimeUnit.YEAR)),
            ("28 Days", Duration(value=28, unit=TimeUnit.DAY)),
            ("18 years.", Duration(value=18, unit=TimeUnit.YEAR)),
            ("80(Year)", Duration(value=80, unit=TimeUnit.YEAR)),
            ("90", Duration(value=90, unit=None)),
            ("", None),
        ],
    )
    def test_ages(self, word: str, age: Duration | None) -> None:
        record = one(f"<criteria><agemin>{word}</agemin></criteria>")
        assert record.trial.eligibility.minimum_age == age
        assert record.trial.missing == ()
        assert not record.diagnostics

    @pytest.mark.parametrize("word", ["0", "0Y"])
    def test_a_zero_is_no_limit(self, word: str) -> None:
        record = one(f"<criteria><agemax>{word}</agemax></criteria>")
        assert record.trial.eligibility.maximum_age is None
        assert [gone.kind for gone in record.trial.missing] == [MissingKind.NOT_APPLICABLE]

    def test_an_age_that_is_none_is_told(self) -> None:
        record = one("<criteria><agemin>any adult</agemin></criteria>")
        assert {found.problem for found in record.diagnostics} == {Problem.BAD_VALUE}

    def test_a_country_is_told_once(self) -> None:
        record = one("<countries><country2>Brazil</country2><country2>Brazil</country2></countries>")
        assert [country.code for country in record.trial.countries] == ["BR"]

    def test_a_container_of_white_space_is_empty(self) -> None:
        record = one("<main>\n</main><secondary_ids>\n  </secondary_ids><contacts>\n<contact> </contact>\n</contacts>")
        assert stated(record.trial) == Trial()
        assert record.diagnostics == ()
        assert agrees(record)

    def test_a_number_whose_issuer_is_left_out(self) -> None:
        ids = "<secondary_id><sec_id>12/7</sec_id></secondary_id><secondary_id><sec_id>8</sec_id>"
        ids += "<issuing_authority>CEP</issuing_authority></secondary_id>"
        record = one(f"<main/><secondary_ids>{ids}</secondary_ids>")
        assert [(number.value, number.issuer) for number in record.trial.identifiers] == [("12/7", None), ("8", None)]
        assert agrees(record)


class TestEudractForm:
    """Labels of the form part a text, and only they do."""

    def test_each_inn_begins_a_substance_and_each_product_a_product(self) -> None:
        form = eudract(
            "Trade Name: A\nINN or Proposed INN: X\nCAS Number: 1-1-1\nINN or Proposed INN: Y\n"
            "Trade Name: B\nINN or Proposed INN: Z"
        )
        assert [product["Trade Name"] for product in form["products"]] == ["A", "B"]
        names = [[found["INN or Proposed INN"] for found in product["substances"]] for product in form["products"]]
        assert names == [["X", "Y"], ["Z"]]

    def test_prose_stays_whole(self) -> None:
        text = "Level: high\n\nTerm: preterm\nGroup A: 5 mg\nGroup B: nothing"
        assert eudract(text)["text"] == text
        record = one(f"<main><i_freetext>{text}</i_freetext></main>")
        assert [found.description for found in record.trial.interventions] == [text]

    def test_small_openers(self) -> None:
        assert answers("Open: yes\nB: no") == {"Open": ["yes"], "B": ["no"]}
        assert answers("A: yes\nB: no") == {"text": "A: yes\nB: no"}
        assert answers("A and B") == {"text": "A and B"}
        assert answers("of two arms\nRandomised: yes") == {"Randomised": ["yes"], "text": "of two arms"}
        assert quantity("about 3") == {"number": "about 3", "unit": ""}


class TestPersons:
    """With `contacts=False` no word about a person is left."""

    def test_names_are_gone(self, fixtures: Path) -> None:
        for outcome in readable(fixtures / "rebec" / "registry.xml", contacts=False):
            text = repr(outcome.trial)
            for name in ("Inventada", "Fictício", "Mítica", "@example.org", "+99 000", "Rua do Exemplo"):
                assert name not in text


@pytest.mark.corpus
class TestRealFiles:
    """Real files of the DTD leave nothing over, and say in the Trial what an XPath finds in them."""

    def files(self, corpus: Path) -> list[Path]:
        """Return the files whose trials have the elements of the DTD without attributes."""
        found = [path for path in sorted((corpus / "rebec").glob("*.xml")) if path.stem != "vitamin-c-opentrials"]
        return [path for path in found if etree.parse(path).getroot().find("trial/main") is not None]

    def test_account(self, corpus: Path) -> None:
        files = self.files(corpus)
        assert files
        for file in files:
            for record in records(file):
                assert record.audit().unmapped == {}
                known = {Problem.PLACEHOLDER, Problem.OTHER_SCHEME}
                assert {one.problem for one in record.diagnostics if one.field != "acronym"} <= known
                assert agrees(record)

    def test_headlines(self, corpus: Path) -> None:
        for file in some(self.files(corpus)):
            for node, trial in some(zip(etree.parse(file).getroot().iterfind("trial"), trials(file), strict=True)):
                assert trial.id == (node.findtext("main/trial_id") or "").strip()
                assert trial.registry == (node.findtext("main/reg_name") or "").strip()
                assert str(trial.enrolment.planned) == (node.findtext("main/target_size") or "").strip()
                assert len(trial.countries) == len({name.text for name in node.iterfind("countries/country2")})
                assert all(country.code for country in trial.countries)
                assert trial.sponsors[0].name == (node.findtext("main/primary_sponsor") or "").strip()
                assert trial.dates.start is not None
                words = (node.findtext("main/phase") or "").strip().split("-")
                assert trial.phases == {{"2": Phase.II, "3": Phase.III, "4": Phase.IV}[word] for word in words}

    def test_elements_with_attributes_are_read_and_those_are_unmapped(self, corpus: Path) -> None:
        (marked,) = records(corpus / "rebec" / "vitamin-c-opentrials.xml")
        (plain,) = records(corpus / "rebec" / "vitamin-c-ictrp.xml")
        assert marked.diagnostics == ()
        assert marked.audit().unmapped["main.public_title.@lang"] == 1
        assert marked.trial.public_title == plain.trial.public_title
        assert marked.trial.scientific_title == plain.trial.scientific_title

    def test_another_format_with_the_same_root_is_told(self, corpus: Path) -> None:
        with pytest.raises(UnrecognisedFormat, match="OpenTrials"):
            parse(corpus / "rebec" / "generated-from-test-otxml.xml")


@pytest.mark.parametrize("text", ["I. adults \nII. of any weight", "An endpoint, \nwith its Term: pain \nend"])
def test_prose_stays_as_it_is_written(text: str) -> None:
    """A text none of whose lines begins with a label of the form keeps its blanks."""
    assert eudract(text)["text"] == text
