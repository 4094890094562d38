"""The summary export of the EU CTR: all countries of a trial on one line, 20 trials a page."""

from pathlib import Path

import pytest

from tests.counting import readable, some, stated
from tests.registries.euctr.records import records
from tests.registries.euctr.six_countries import (
    CHILDREN,
    NUMBER,
    day,
)
from trialparse import Problem, read
from trialparse.model import (
    Condition,
    Country,
    Dates,
    Eligibility,
    Event,
    Missing,
    Organisation,
    Status,
    Trial,
)
from trialparse.model.terms import (
    AgeGroup,
    EventKind,
    MissingKind,
    Progress,
    Regulatory,
    Sex,
    SponsorRole,
    StudyType,
)
from trialparse.model.values import Code, Coded, Identifier
from trialparse.parsing.parsed import Parsed


class TestSummary:
    """The summary export: all countries of a trial on one line, 20 trials a page, several pages in one file."""

    @pytest.fixture
    def five(self, fixtures: Path) -> list[Parsed]:
        return records(fixtures / "euctr" / "summary.txt")

    @pytest.fixture
    def trials(self, five: list[Parsed]) -> list[Trial]:
        return [record.trial for record in five]

    def test_the_whole_of_one(self, trials: list[Trial]) -> None:
        ended = Status(regulatory=Regulatory.AUTHORISED, trial=Progress.TERMINATED_EARLY, text="Prematurely Ended")
        halted = Status(regulatory=Regulatory.AUTHORISED, trial=Progress.HALTED, text="Temporarily Halted")
        refused = Status(regulatory=Regulatory.NOT_AUTHORISED, text="Not Authorised")
        infections = Coded(term="10021881", text="10021881 - Infections and infestations")
        lungs = Coded(term="10038738", text="100000004855")
        assert stated(trials[3]) == Trial(
            id="2014-099306-28",
            registry="EUCTR",
            identifiers=(
                Identifier(scheme="EudraCT", value="2014-099306-28", check=True),
                Identifier(scheme="protocol", value="TRAP-6"),
            ),
            scientific_title="A trial of line ends",
            url="https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:2014-099306-28",
            study_type=StudyType.INTERVENTIONAL,
            sponsors=(Organisation(name="Voorbeeld B.V.", role=SponsorRole.PRIMARY),),
            events=(Event(kind=EventKind.DECISION_AND_OPINION, date=day("2014-06-01")),),
            conditions=(Condition(text="Sample fever and sample cough"),),
            condition_codes=(
                Code(
                    system="MedDRA",
                    value="10037660",
                    label="Pyrexia",
                    level="PT",
                    version="19.1",
                    organ_class=infections,
                ),
                Code(system="MedDRA", value="10011224", label="Cough", level="PT", version="19.1", organ_class=lungs),
            ),
            eligibility=Eligibility(
                sex=Sex.ALL,
                age_groups=frozenset({AgeGroup.UNDER_18}),
                age_subgroups=frozenset({AgeGroup.CHILD_2_5, AgeGroup.CHILD_6_11}),
            ),
            countries=(
                Country(code="NL", name="NL", status=ended),
                Country(code="DE", name="DE", status=halted),
                Country(code="BE", name="BE", status=refused),
            ),
            missing=(Missing(field="results.posted", kind=MissingKind.WITHHELD),),
        )

    @pytest.mark.parametrize(
        ("said", "posted", "missing"),
        [
            ("View results", True, ()),
            ("Removed from public view", None, ("WITHHELD",)),
            ("On request", None, ("UNREADABLE",)),
        ],
    )
    @pytest.mark.parametrize("name", ["summary.txt", "noted.txt"])
    def test_the_link_to_results(
        self, fixtures: Path, name: str, said: str, posted: bool | None, missing: tuple[str, ...]
    ) -> None:
        """The register shows them, or has taken them away; other words are reported."""
        lines = (fixtures / "euctr" / name).read_text(encoding="utf-8").splitlines(keepends=True)
        source = "".join(line for line in lines if not line.startswith("Trial results:"))
        for one in some(readable(source.replace("Link: ", f"Trial results: {said}\nLink: ").encode())):
            kinds = tuple(each.kind.name for each in one.trial.missing if each.field == "results.posted")
            assert (one.trial.results.posted, kinds) == (posted, missing)
            problems = [each.text for each in one.diagnostics if each.problem is Problem.UNKNOWN_CODE]
            assert problems == [said] * ("UNREADABLE" in missing)

    def test_pages(self, five: list[Parsed]) -> None:
        assert [record.trial.id for record in five] == [
            "2008-099303-36",
            "2011-099304-46",
            "2012-099305-15",
            "2014-099306-28",
            NUMBER,
        ]
        assert {record.format.name for record in five} == {"euctr-summary-text"}
        assert [record.diagnostics for record in five] == [()] * 5
        assert [record.audit().unmapped for record in five] == [{}] * 5

    def test_cut_texts_stay_cut(self, trials: list[Trial]) -> None:
        title, condition = trials[0].scientific_title, trials[0].conditions[0].text
        assert title is not None
        assert condition is not None
        assert (len(title), title[-5:]) == (203, "he...")
        assert (len(condition), condition[-6:]) == (203, "mos...")

    def test_a_condition_of_several_lines(self, trials: list[Trial]) -> None:
        assert [each.text for each in trials[1].conditions] == [
            "Sample stroke\nAlso called: Sample stroke Type V\nI63 - Cerebral infarction"
        ]
        assert trials[1].condition_codes == ()

    def test_the_start_date_is_no_start(self, trials: list[Trial]) -> None:
        """It is the later of two dates; of a trial without a member state, the day of the record's entry."""
        assert [[(each.kind, str(each.date)) for each in trial.events] for trial in trials] == [
            [(EventKind.DECISION_AND_OPINION, "2008-09-01")],
            [],
            [],
            [(EventKind.DECISION_AND_OPINION, "2014-06-01")],
            [(EventKind.DECISION_AND_OPINION, "2016-09-24")],
        ]
        assert [trial.dates for trial in trials] == [
            *[Dates()] * 2,
            Dates(registered=day("2012-05-01")),
            *[Dates()] * 2,
        ]

    def test_organ_classes_of_both_kinds(self, trials: list[Trial]) -> None:
        assert [
            [(each.value, each.label, each.organ_class.term) for each in trial.condition_codes if each.organ_class]
            for trial in trials
        ] == [
            [("10002034", "Anaemia", "10005329")],
            [],
            [("10037660", "Pyrexia, sample", "10021881")],
            [("10037660", "Pyrexia", "10021881"), ("10011224", "Cough", "10038738")],
            [("10002034", "Anaemia", "10005329"), ("10002272", "Anemia", "10005329")],
        ]

    def test_countries_on_one_line(self, trials: list[Trial]) -> None:
        assert [[(each.code, each.status.text) for each in trial.countries] for trial in trials] == [
            [("GB", "GB - no longer in EU/EEA"), ("SE", "Completed")],
            [("GR", "Ongoing")],
            [(None, None)],
            [("NL", "Prematurely Ended"), ("DE", "Temporarily Halted"), ("BE", "Not Authorised")],
            [
                ("DE", "Completed"),
                ("ES", "Ongoing"),
                ("IT", "Prematurely Ended"),
                ("GB", "GB - no longer in EU/EEA"),
                ("SE", "Temporarily Halted"),
                (None, None),
            ],
        ]
        assert trials[2].countries[0].name == trials[4].countries[5].name == "Outside EU/EEA"

    def test_the_statuses_are_those_of_the_country_records(self, trials: list[Trial], fixtures: Path) -> None:
        six = [record.trial for record in records(fixtures / "euctr" / "six_countries.txt")]
        assert [each.status for each in trials[4].countries] == [trial.status for trial in six]
        assert [each.code for each in trials[4].countries] == [trial.countries[0].code for trial in six]

    def test_ages_and_sex(self, trials: list[Trial]) -> None:
        assert [trial.eligibility.sex for trial in trials] == [Sex.ALL, Sex.FEMALE, Sex.MALE, Sex.ALL, Sex.ALL]
        assert trials[2].eligibility.age_groups == {AgeGroup.UNDER_18, AgeGroup.IN_UTERO}
        assert trials[2].eligibility.age_subgroups == {
            AgeGroup.INFANT,
            AgeGroup.NEWBORN,
            AgeGroup.PRETERM_NEWBORN,
        }
        assert trials[4].eligibility.age_subgroups == CHILDREN

    @pytest.mark.parametrize(
        ("line", "said", "reported"),
        [
            ("something else altogether", ["something else altogether"], []),
            ("Sample pain, chronic", ["Sample pain, chronic"], []),
            ("Sample pain, Term: Pain", [], ["diseases.text|named.Sample pain, Term"]),
            ("Term: Pain, Term: Ache", [], ["CONFLICT"]),
        ],
    )
    def test_a_disease_in_words_without_a_name(
        self, line: str, said: list[str], reported: list[str], fixtures: Path
    ) -> None:
        text = (fixtures / "euctr" / "summary.txt").read_text("utf-8")
        _, parsed, *_ = read(text.replace("Disease:\n", f"Disease:                 {line}\n").encode())
        assert isinstance(parsed, Parsed)
        assert [one.text for one in parsed.trial.conditions[1:]] == said
        assert [*parsed.audit().unmapped, *(one.problem.name for one in parsed.diagnostics)] == reported
