"""635 studies say the same in a table and in the JSON of the same day.

The cells are compared with the JSON as it is, by plain Python that reads no table of this library, and what the library
makes of the two with each other.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPUS, corpus_files
from tests.counting import readable, some
from trialparse import Parsed, Trial
from trialparse.model import Endpoint
from trialparse.model.terms import EndpointKind, SponsorRole, StudyType

pytestmark = pytest.mark.corpus

TABLE = CORPUS / "ctgov" / "csv" / "marcmorcos_635_studies_2025-04.csv"
STUDIES = CORPUS / "ctgov" / "v2" / "download" / "marcmorcos_635_studies_2025-04.json.zip"
COUNT = 635

Study = dict[str, Any]


@cache
def rows() -> dict[str, dict[str, str]]:
    """Return the cells of the table by the number of the study."""
    table = csv.DictReader(io.StringIO(TABLE.read_text("utf-8-sig"), newline=""))
    return {row["NCT Number"]: row for row in table}


@cache
def studies() -> dict[str, Study]:
    """Return the studies by their numbers."""
    with zipfile.ZipFile(STUDIES) as archive:
        found = [json.loads(archive.read(name)) for name in archive.namelist()]
    return {at(study, "identification.nctId"): study for study in found}


@cache
def trials(path: Path) -> dict[str, Trial]:
    """Return the trials of a source by their numbers."""
    return {str(record.trial.id): record.trial for record in readable(path)}


def at(study: Study, path: str, default: Any = "") -> Any:
    """Return what a module of the protocol has at a path, such as `identification.nctId`."""
    module, *keys = path.split(".")
    found: Any = study["protocolSection"].get(f"{module}Module", {})
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return default if found is None else found


# what the site makes of a study for each cell -------------------------------------------------------------------------


def outcomes(kind: str) -> Callable[[Study], str]:
    def made(study: Study) -> str:
        found = at(study, f"outcomes.{kind}Outcomes", [])
        keys = ("measure", "description", "timeFrame")
        return "|".join(", ".join(one[key] for key in keys if key in one) for one in found)

    return made


def design(study: Study) -> str:
    """Return the design. Of an observational study the table has neither model nor perspective, and a `p` instead."""
    if at(study, "design.studyType") == "OBSERVATIONAL":
        return "Observational Model: |Time Perspective: p"
    found = at(study, "design.designInfo", {})
    masking = found.get("maskingInfo", {})
    roles = f" ({', '.join(masking['whoMasked'])})" if "whoMasked" in masking else ""
    cells = {
        "Allocation": found.get("allocation", ""),
        "Intervention Model": found.get("interventionModel", ""),
        "Masking": masking.get("masking", "") + roles,
        "Primary Purpose": found.get("primaryPurpose", ""),
    }
    return "|".join(f"{label}: {said}" for label, said in cells.items())


def locations(study: Study) -> str:
    keys = ("facility", "city", "state", "zip", "country")
    return "|".join(
        ", ".join(one[key] for key in keys if key in one) for one in at(study, "contactsLocations.locations", [])
    )


def papers(study: Study) -> str:
    number = at(study, "identification.nctId")
    folder = f"https://cdn.clinicaltrials.gov/large-docs/{number[-2:]}/{number}/"
    found = study.get("documentSection", {}).get("largeDocumentModule", {}).get("largeDocs", [])
    return "|".join(f"{one['label']}, {folder}{one['filename']}" for one in found)


CELLS: dict[str, Callable[[Study], str]] = {
    "Study Title": lambda study: at(study, "identification.briefTitle"),
    "Study URL": lambda study: "https://clinicaltrials.gov/study/" + at(study, "identification.nctId"),
    "Acronym": lambda study: at(study, "identification.acronym"),
    "Study Status": lambda study: at(study, "status.overallStatus"),
    "Study Results": lambda study: "YES" if study["hasResults"] else "NO",
    "Conditions": lambda study: "|".join(at(study, "conditions.conditions", [])),
    "Interventions": lambda study: "|".join(
        f"{one['type']}: {one['name']}" for one in at(study, "armsInterventions.interventions", [])
    ),
    "Primary Outcome Measures": outcomes("primary"),
    "Secondary Outcome Measures": outcomes("secondary"),
    "Other Outcome Measures": outcomes("other"),
    "Sponsor": lambda study: at(study, "sponsorCollaborators.leadSponsor.name"),
    "Collaborators": lambda study: "|".join(one["name"] for one in at(study, "sponsorCollaborators.collaborators", [])),
    "Sex": lambda study: at(study, "eligibility.sex"),
    "Age": lambda study: ", ".join(at(study, "eligibility.stdAges", [])),
    "Phases": lambda study: "|".join(at(study, "design.phases", [])),
    "Enrollment": lambda study: str(at(study, "design.enrollmentInfo.count")),
    "Funder Type": lambda study: at(study, "sponsorCollaborators.leadSponsor.class"),
    "Study Type": lambda study: at(study, "design.studyType"),
    "Study Design": design,
    "Other IDs": lambda study: "|".join(
        [
            at(study, "identification.orgStudyIdInfo.id"),
            *(one["id"] for one in at(study, "identification.secondaryIdInfos", [])),
        ]
    ),
    "Start Date": lambda study: at(study, "status.startDateStruct.date"),
    "Primary Completion Date": lambda study: at(study, "status.primaryCompletionDateStruct.date"),
    "Completion Date": lambda study: at(study, "status.completionDateStruct.date"),
    "First Posted": lambda study: at(study, "status.studyFirstPostDateStruct.date"),
    "Results First Posted": lambda study: at(study, "status.resultsFirstPostDateStruct.date"),
    "Last Update Posted": lambda study: at(study, "status.lastUpdatePostDateStruct.date"),
    "Locations": locations,
    "Study Documents": papers,
}
"""What each cell of the table must be, from the JSON of the study."""


# what the library makes of both ---------------------------------------------------------------------------------------


def endpoints(trial: Trial, kind: EndpointKind) -> list[str]:
    """Return the endpoints of a kind, each as one text: the table has commas between what JSON has by itself."""

    def text(one: Endpoint) -> str:
        return ", ".join(said for said in (one.text, one.description, one.time_frame) if said is not None)

    return [text(one) for one in trial.endpoints if one.kind is kind]


def addresses(trial: Trial) -> list[tuple[str, str | None]]:
    """Return the sites, each as an address and a country: the table has commas between the parts of an address."""
    return [
        (", ".join(said for said in (one.name, one.address, one.city, one.state, one.postcode) if said), one.country)
        for one in trial.sites
    ]


def numbers(trial: Trial) -> list[tuple[str, str]]:
    """Return the numbers without further ones of this register, which the table lacks."""
    return [(one.scheme, one.value) for one in trial.identifiers if one.scheme != "NCT"]


def said(date: object) -> str:
    """Return a date without whether it is planned, which the table lacks."""
    return str(date)


FIELDS: dict[str, Callable[[Trial], object]] = {
    "NCT Number": lambda trial: trial.id,
    "Study Title": lambda trial: trial.public_title,
    "Acronym": lambda trial: trial.acronym,
    "Study Status": lambda trial: (trial.status.trial, trial.status.recruitment, trial.status.text),
    "Study Results": lambda trial: trial.results.posted,
    "Conditions": lambda trial: trial.conditions,
    "Interventions": lambda trial: [(one.type, one.name) for one in trial.interventions],
    "Primary Outcome Measures": lambda trial: endpoints(trial, EndpointKind.PRIMARY),
    "Secondary Outcome Measures": lambda trial: endpoints(trial, EndpointKind.SECONDARY),
    "Other Outcome Measures": lambda trial: endpoints(trial, EndpointKind.OTHER),
    "Sponsor": lambda trial: [one.name for one in trial.sponsors if one.role is SponsorRole.PRIMARY],
    "Collaborators": lambda trial: [one.name for one in trial.sponsors if one.role is SponsorRole.SUPPORT],
    "Sex": lambda trial: trial.eligibility.sex,
    "Age": lambda trial: trial.eligibility.age_groups,
    "Phases": lambda trial: trial.phases,
    "Enrollment": lambda trial: {trial.enrolment.planned, trial.enrolment.actual, trial.enrolment.unspecified} - {None},
    "Funder Type": lambda trial: [one.type for one in trial.sponsors if one.role is SponsorRole.PRIMARY],
    "Study Type": lambda trial: trial.study_type,
    "Study Design": lambda trial: (
        *(trial.design.allocation, trial.design.assignment, trial.design.masking, trial.design.masked_roles),
        trial.design.purpose,
    ),
    "Other IDs": numbers,
    "Start Date": lambda trial: said(trial.dates.start),
    "Primary Completion Date": lambda trial: said(trial.dates.primary_completion),
    "Completion Date": lambda trial: said(trial.dates.end),
    "First Posted": lambda trial: said(trial.dates.first_published),
    "Results First Posted": lambda trial: said(trial.dates.results_posted),
    "Last Update Posted": lambda trial: said(trial.dates.published),
    "Locations": addresses,
    "Countries": lambda trial: [(one.code, one.name) for one in trial.countries],
    "Study Documents": lambda trial: [
        (one.title, one.type, one.contents, one.file_name) for one in trial.documents if one.title is not None
    ],
}
"""What the library has for each column, without addresses of files, which JSON lacks."""


class TestSameStudies:
    """The table and the JSON are of the same studies."""

    def test_all_are_there(self) -> None:
        assert COUNT == len(rows()) == len(studies()) == len(trials(TABLE)) == len(trials(STUDIES))
        assert rows().keys() == studies().keys() == trials(TABLE).keys() == trials(STUDIES).keys()

    def test_each_column_is_compared(self) -> None:
        columns = some(next(iter(rows().values())), 29)

        assert {*columns} == {"NCT Number", *CELLS}
        assert {*columns} - FIELDS.keys() == {"Study URL"}

    @pytest.mark.parametrize("column", CELLS)
    def test_cells_are_made_of_the_json(self, column: str) -> None:
        different = {number for number, row in rows().items() if row[column] != CELLS[column](studies()[number])}

        assert different == set()

    @pytest.mark.parametrize("column", FIELDS)
    def test_trials_say_the_same(self, column: str) -> None:
        field = FIELDS[column]
        different = {
            number: (field(one), field(other))
            for number, one in trials(TABLE).items()
            if field(one) != field(other := trials(STUDIES)[number])
        }

        assert different == {}

    def test_facts(self) -> None:
        """Something is compared in each column: the cells that are not empty."""
        facts = Counter(column for row in rows().values() for column, cell in row.items() if cell)

        assert facts.keys() == {"NCT Number", *CELLS}
        assert min(facts.values()) == facts["Study Documents"] == 24
        assert facts.total() == 15_173

    def test_what_the_table_lost(self) -> None:
        """Of observational studies the site wrote `p`; that is reported, and nothing of the design is taken."""
        observational = [trial for trial in trials(TABLE).values() if trial.study_type is StudyType.OBSERVATIONAL]

        assert len(observational) == 105
        assert {(trial.design.observational_models, trial.design.time_perspectives) for trial in observational} == {
            (frozenset(), frozenset())
        }


WHY = {
    ("UNKNOWN_CODE", "design.time_perspectives"): "in April 2025 the site wrote `p` for each perspective",
    ("UNSPLIT_LIST", "sponsors"): "up to 2024 each type is named once, and there are more sponsors than types",
}
"""Why each kind of diagnostic stands: (problem, field)."""
REMARKS: dict[str, dict[tuple[str, str], int]] = {
    "csv/marcmorcos_635_studies_2025-04.csv": {("UNKNOWN_CODE", "design.time_perspectives"): 105},
    "tsv/kaust_2020-04-06.tsv": {("UNSPLIT_LIST", "sponsors"): 13},
}
"""What is reported of each table; nothing of the others."""
RECORDS = {
    "csv/aliza0811_ctg-studies.csv": 172,
    "csv/kranthik0_2024-10.csv": 35,
    "csv/marcmorcos_635_studies_2025-04.csv": 635,
    "csv/onlyjazz_2022-09.csv": 682,
    "csv/saravana87_2025-06.csv": 839,
    "csv/surfiniaburger_2025-07.csv": 2677,
    "tsv/kaust_2020-04-06.tsv": 306,
}


class TestAllTables:
    """Every table is read, no cell is left over, and each kind of report is explained."""

    def tables(self) -> Iterator[tuple[str, list[Parsed]]]:
        base = CORPUS / "ctgov"
        for path in corpus_files("ctgov"):
            if path.suffix in (".csv", ".tsv"):
                yield str(path.relative_to(base)), readable(path)

    def test_account(self) -> None:
        counts, remarks, unmapped = dict[str, int](), dict[str, Counter[tuple[str, str]]](), Counter[str]()
        formats: dict[str, set[str]] = {}
        for name, records in self.tables():
            counts[name] = len(records)
            formats[name] = {record.format.name for record in records}
            for record in records:
                unmapped.update(record.audit().unmapped)
                for one in record.diagnostics:
                    remarks.setdefault(name, Counter())[one.problem.name, str(one.field)] += 1

        assert counts == RECORDS
        assert unmapped == {}
        assert remarks == REMARKS
        assert WHY.keys() == {kind for kinds in REMARKS.values() for kind in kinds}
        assert formats == {name: {"ctgov-classic-csv" if name.startswith("tsv") else "ctgov-csv"} for name in RECORDS}
