"""Real protocol exports of the EU CTR against plain Python that knows no form: an account and headline fields."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import corpus_files
from tests.counting import some
from trialparse.model import Trial
from trialparse.parsing.calls import read
from trialparse.parsing.parsed import Parsed
from trialparse.registries.euctr.derive import page_of_record

pytestmark = pytest.mark.corpus

FILES = [path for path in corpus_files("euctr") if path.parent.name in ("protocol_txt", "protocol_html", "summary_txt")]

SHAPES = {
    "protocol_txt/ctrdata_sample_10_records.txt": ("euctr-protocol-text", 10),
    "protocol_txt/full_download_25_records.txt": ("euctr-protocol-text", 25),
    "protocol_html/opentrials_no_results.html": ("euctr-protocol-html", 1),
    "protocol_html/ebmdatalab_2015-000590-12_DE.html": ("euctr-protocol-html", 1),
    "summary_txt/miracle_summary_first_40_trials.txt": ("euctr-summary-text", 40),
}
"""The format of each file and the number of its records."""

WHY = {
    ("UNKNOWN_TERM", "condition_codes[].organ_class"): (
        "EUTCT ids below the level of an organ class, which no public list has; all are of one year of MedDRA"
    ),
    ("ODD_CHARACTER", "eligibility.criteria[].text"): "square bullets of the font Wingdings",
    ("ODD_CHARACTER", "interventions[].name"): "a dash of Windows-1252",
    ("ODD_CHARACTER", "interventions[].trade_name"): "the same",
    ("ODD_CHARACTER", "objectives[].text"): "the same",
    ("IMPOSSIBLE", "enrolment.by_age[].planned"): "more children (F.1.1) than people in the whole trial (F.4.2.2)",
}
"""Why each kind of diagnostic stands: (problem, field without indices)."""

REMARKS: dict[str, dict[tuple[str, str | None], int]] = {
    "protocol_txt/full_download_25_records.txt": {
        ("ODD_CHARACTER", "eligibility.criteria[].text"): 2,
        ("ODD_CHARACTER", "interventions[].name"): 1,
        ("ODD_CHARACTER", "interventions[].trade_name"): 1,
        ("ODD_CHARACTER", "objectives[].text"): 2,
        ("IMPOSSIBLE", "enrolment.by_age[].planned"): 2,
    },
    "summary_txt/miracle_summary_first_40_trials.txt": {("UNKNOWN_TERM", "condition_codes[].organ_class"): 5},
}
"""How many diagnostics of each kind a file has; any other file has none."""


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def of(*folders: str) -> pytest.MarkDecorator:
    """Run a test for each file in some folders, or in all."""
    files = [path for path in FILES if not folders or path.parent.name in folders]
    return pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in files])


@cache
def outcomes(path: Path) -> tuple[Parsed, ...]:
    found = tuple(read(path))
    assert all(one.ok for one in found)
    return found


# What a file holds, counted by the looks of its lines and cells ------------------------------------------------------

HEAD = (
    r"EudraCT Number|Sponsor's Protocol Code Number|National Competent Authority|Clinical Trial Type|Trial Status"
    r"|Date on which this record was first entered in the EudraCT database|Link"
)
SHORT = (
    r"EudraCT Number|Sponsor Protocol Number|Sponsor Name|Full Title|Start Date|Medical condition|Disease"
    r"|Population Age|Gender|Trial protocol|Link"
)
CODE = r"[A-Z]\.(?:IMP|\d+(?:\.\d+)*(?: (?:and|to) [A-Z]\.\d+(?:\.\d+)*)?)?"
LISTS = ("D.3.7 ", "D.8.4 ", "E.8.6.3 ")
"""Answers of which each line is one of a list."""
HEADINGS = ("B.4 ", "B.5 ")
"""Headings that end in a colon."""
OPENING = "E.1.2 Medical condition or disease under investigation"
"""A line without an answer that opens a term."""
NOTE = "(For clinical trials recorded in the database before"
"""What begins a note that older records print between a label and its answer."""
NUMBERED = r"(?:Sponsor|D\.IMP|B\.Sponsor|D\.8 Placebo|G\.4 Investigator Network to be involved in the Trial):? \d+"


def records_in(path: Path) -> list[list[str]]:
    """Return the lines of each record of a text."""
    lines = re.split(r"\r?\n", path.read_bytes().decode())
    if path.parent.name == "summary_txt":
        starts = [place for place, line in enumerate(lines) if line.startswith("EudraCT Number:")]
    else:
        starts = [place for place, line in enumerate(lines) if line.strip() == "Summary"]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def lines_of(record: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Give each line with a code and label, and the lines that go on with it."""
    held: list[str] = []
    for line in record:
        if re.match(rf"{CODE}[ \t:]|(?:{HEAD}):|{NUMBERED}$|MedDRA Classification$|Summary$", line):
            if held:
                yield held[0], held[1:]
            held = []
        held.append(line)
    yield held[0], held[1:]


def leaves_of_line(line: str, more: list[str]) -> int:
    """Count what a line and those that go on with it hold."""
    if line.startswith(LISTS) and ":" in line:
        return sum(1 for part in (line.rpartition(":")[2], *more) if part.strip()) or 1
    if re.fullmatch(NUMBERED, line) or (line.startswith("F.3.3.1 ") and NOTE in " ".join(more)):
        return 1
    if not re.search(r":(?:[ \t]|$)|\? ", line) or line.startswith(HEADINGS):
        return 0
    return 2 if re.search(r"\([a-z]{2}\):(?:\s|$)", line) else 1


def leaves_of_text(path: Path) -> list[int]:
    """Count what each record of a text holds."""
    if path.parent.name == "summary_txt":
        return [sum(1 for line in record if re.match(rf"(?:{SHORT}):", line)) for record in records_in(path)]
    return [sum(leaves_of_line(*parts) for parts in lines_of(record)) for record in records_in(path)]


def leaves_of_page(path: Path) -> list[int]:
    """Count what a page holds."""
    from lxml import html

    root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    count = len(root.xpath("//td[@class='cellLighterGrey']"))
    for cell in root.xpath("//td[@class='third']"):
        code = cell.getparent().xpath("string(td[@class='first'])").strip()
        inner = cell.xpath(".//td")
        if inner:
            count += len(inner)
        elif code + " " in LISTS:
            count += sum(1 for text in cell.xpath(".//text()") if text.strip()) or 1
        else:
            count += 1
    for cell in root.xpath("//td[@class='cellBlue']"):
        text = " ".join(cell.text_content().split())
        count += bool(re.fullmatch(NUMBERED, text)) or text == OPENING
    return [count]


class TestAccount:
    """Every real file is read, each of its leaves is accounted for, and what is remarked on is known and explained."""

    def test_all_files_are_known(self) -> None:
        assert {name_of(path) for path in FILES} == SHAPES.keys()

    @of()
    def test_format_and_records(self, path: Path) -> None:
        found = outcomes(path)
        assert ({one.format.name for one in found}, len(found)) == (
            {SHAPES[name_of(path)][0]},
            SHAPES[name_of(path)][1],
        )

    @of()
    def test_leaves(self, path: Path) -> None:
        audits = [one.audit() for one in outcomes(path)]
        there = leaves_of_page(path) if path.suffix == ".html" else leaves_of_text(path)
        assert [audit.leaves for audit in audits] == there
        for audit in audits:
            assert audit.unmapped == {}
            assert audit.withheld == 0
            assert audit.mapped + sum(audit.ignored.values()) == audit.leaves

    @of()
    def test_diagnostics(self, path: Path) -> None:
        found = Counter(
            (each.problem.name, each.field and re.sub(r"\[\d+\]", "[]", each.field))
            for one in outcomes(path)
            for each in one.diagnostics
        )
        assert found == REMARKS.get(name_of(path), {})
        assert found.keys() <= WHY.keys()

    def test_nothing_is_explained_in_vain(self) -> None:
        assert {name_of(path) for path in FILES} >= REMARKS.keys()
        assert {kind for kinds in REMARKS.values() for kind in kinds} == WHY.keys()


# The oracle: what a file says, by its own labels ----------------------------------------------------------------------


def answers(record: list[str], label: str) -> list[str]:
    """Return what stands behind a label, with the lines that go on with it."""
    found = []
    for line, more in lines_of(record):
        if line.startswith(label + ":"):
            found.append("\n".join((line[len(label) + 1 :], *more)).strip())
    return [text.translate(SYMBOLS) for text in found if text]


SYMBOLS = str.maketrans("\uf03e\uf0b3\uf0b7\uf0b0\uf06d", ">≥•°μ")
"""Signs of the font Symbol in these files, as they read there: a limit, a bullet, degrees, micrometres."""


def words(text: str | None) -> str | None:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split()) if text is not None else None


def ragged(text: str | None) -> str:
    """Return a text without the blanks at the ends of its lines."""
    return re.sub(r"[ \t]+$", "", text or "", flags=re.MULTILINE)


def said(value: object) -> list[str]:
    """Return a value as an answer; none where nothing was answered."""
    return [] if value is None else [str(value)]


class TestAddresses:
    """The address that number and country give is the link that the record has, so that it can stand in for one."""

    @of("protocol_txt")
    def test_the_address_of_a_record(self, path: Path) -> None:
        for lines, one in some(zip(records_in(path), outcomes(path), strict=True)):
            made = page_of_record(
                answers(lines, "A.2 EudraCT number"),
                (),
                answers(lines, "Clinical Trial Type"),
                answers(lines, "A.1 Member State Concerned"),
                answers(lines, "National Competent Authority"),
            )
            assert made == one.trial.url

    @of("protocol_html")
    def test_a_page_has_no_link(self, path: Path) -> None:
        [page] = outcomes(path)
        [country] = page.trial.countries
        assert (
            page.trial.url == f"https://www.clinicaltrialsregister.eu/ctr-search/trial/{page.trial.id}/{country.code}/"
        )
        assert page.evidence("url").relation == "derived"


class TestWhatRecordsSay:
    """Headline fields are what stands behind their labels in the file."""

    @of("protocol_txt")
    def test_country_records(self, path: Path) -> None:
        for lines, one in some(zip(records_in(path), outcomes(path), strict=True)):
            trial = one.trial
            (country,) = trial.countries
            assert [trial.id] == answers(lines, "A.2 EudraCT number")
            assert said(country.authority) == answers(lines, "A.1 Member State Concerned")
            assert said(country.status.text) == answers(lines, "P. End of Trial Status")
            assert [trial.url] == answers(lines, "Link")
            where = (trial.url or "").rstrip("/").rpartition("/")[2]
            assert said(country.code) == ([] if where == "3rd" else [where])
            assert [trial.scientific_title] == answers(lines, "A.3 Full title of the trial")
            assert said(country.planned) == answers(lines, "F.4.1 In the member state")
            assert said(trial.enrolment.planned) == answers(lines, "F.4.2.2 In the whole clinical trial")
            assert [str(trial.dates.registered)] == answers(
                lines, "Date on which this record was first entered in the EudraCT database"
            )
            assert [str(event.date) for event in country.events] == answers(
                lines, "N. Date of Competent Authority Decision"
            ) + answers(lines, "N. Date of Ethics Committee Opinion")
            ticked = {phase.name for phase in trial.phases}
            assert ticked == {
                numeral
                for numeral, label in (
                    ("I", "E.7.1 Human pharmacology (Phase I)"),
                    ("II", "E.7.2 Therapeutic exploratory (Phase II)"),
                    ("III", "E.7.3 Therapeutic confirmatory (Phase III)"),
                    ("IV", "E.7.4 Therapeutic use (Phase IV)"),
                )
                if answers(lines, label) == ["Yes"]
            }
            texts = [ragged(criterion.text) for criterion in trial.eligibility.criteria]
            labels = ("E.3 Principal inclusion criteria", "E.4 Principal exclusion criteria")
            assert texts == [ragged(text) for label in labels for text in answers(lines, label)]
            products = [each.number for each in trial.interventions]
            assert products == answers(lines, "D.IMP") + answers(lines, "D.8 Placebo")
            assert [code.value for code in trial.condition_codes] == answers(lines, "E.1.2 Classification code")
            substances = [substance for each in trial.interventions for substance in each.substances]
            assert [one.concentration.number for one in substances if one.concentration.number is not None] == answers(
                lines, "D.3.10.3 Concentration number"
            )
            labels = (
                "E.8.6.3 If E.8.6.1 or E.8.6.2 are Yes, specify the regions in which trial sites are planned",
                "E.8.6.3 Specify the countries outside of the EEA in which trial sites are planned",
            )
            places = [text for label in labels for text in answers(lines, label)]
            assert [place.text for place in trial.countries_elsewhere] == [
                text for place in places for text in place.split("\n") if text
            ]

    @of("summary_txt")
    def test_summaries(self, path: Path) -> None:
        for lines, one in some(zip(records_in(path), outcomes(path), strict=True)):
            said: dict[str, list[str]] = {}
            for line in lines:
                key, colon, value = line.partition(":")
                if colon and re.fullmatch(SHORT, key):
                    said.setdefault(key, []).append(value.strip())
            trial = one.trial
            assert [trial.id] == said["EudraCT Number"]
            assert [words(trial.scientific_title)] == [words(text) for text in said["Full Title"]]
            assert [trial.sponsors[0].name] == [words(text) for text in said["Sponsor Name"]]
            assert [trial.url] == said["Link"]
            said_dates = [text for text in said["Start Date"] if not text.startswith("Information")]
            entered = [] if trial.dates.registered is None else [str(trial.dates.registered)]
            assert [*(str(event.date) for event in trial.events), *entered] == said_dates
            assert trial.dates.start is None
            assert len(trial.condition_codes) == sum(1 for text in said["Disease"] if text)
            assert "".join(f"{each.name}({each.status.text}) " for each in trial.countries).replace(
                "(None)", ""
            ).strip() == (said["Trial protocol"][0].strip())
            first_lines = [(condition.text or "").split("\n")[0] for condition in trial.conditions]
            assert first_lines == [text for text in said["Medical condition"] if text]

    def test_the_date_of_a_summary_is_the_later_of_two(self) -> None:
        """The country records of the same trials say what "Start Date" is: no start."""
        records: dict[str | None, list[Trial]] = {}
        for path in (path for path in FILES if path.parent.name == "protocol_txt"):
            for one in outcomes(path):
                records.setdefault(one.trial.id, []).append(one.trial)
        compared = 0
        for path in (path for path in FILES if path.parent.name == "summary_txt"):
            for summary in (one.trial for one in outcomes(path) if one.trial.id in records):
                countries = [country for trial in records[summary.id] for country in trial.countries]
                later = {max(str(event.date) for event in country.events) for country in countries if country.events}
                assert {str(event.date) for event in summary.events} <= later
                entered = {trial.dates.registered for trial in records[summary.id]}
                assert {summary.dates.registered} <= {None, *entered}
                compared += len(summary.events) + (summary.dates.registered is not None)
        assert compared == 20

    @of("protocol_html")
    def test_page(self, path: Path) -> None:
        from lxml import html

        def cell(code: str) -> list[str]:
            found = root.xpath(f"//td[@class='first' and normalize-space()='{code}']/../td[@class='third']")
            return [" ".join(" ".join(one.itertext()).split()) for one in found]

        root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
        (one,) = outcomes(path)
        trial = one.trial
        assert [trial.id] == cell("A.2")
        assert [words(trial.scientific_title)] == cell("A.3")
        assert [each.name for each in trial.interventions if each.name] == cell("D.3.1")
        assert [substance.name for each in trial.interventions for substance in each.substances] == (
            cell("D.3.8") or cell("D.3.9.3")  # the older form has no name of its own
        )
        codes = Counter(code.value for each in trial.interventions for s in each.substances for code in s.codes)
        assert codes == Counter(cell("D.3.9.1") + cell("D.3.9.4"))
        assert [words(each.text) for each in trial.eligibility.criteria] == cell("E.3") + cell("E.4")
        assert [str(trial.countries[0].planned)] == cell("F.4.1")
        assert {phase.name for phase in trial.phases} == {"III"}
        assert [str(each.planned) for each in trial.enrolment.by_age] == cell("F.1.2.1") + cell("F.1.3.1")
