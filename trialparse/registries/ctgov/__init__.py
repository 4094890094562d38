"""ClinicalTrials.gov, the register of the United States National Library of Medicine, <https://clinicaltrials.gov>.

It holds studies of all kinds from all countries. Since 2023 its API of version 2 gives a study as JSON, by itself or in
a page of many, and the download of the site gives many as one array, or as a table; up to 2024 the table had other
columns. The API of 2019 to 2024 gave pages of whole studies (`full_studies`), or of fields that were asked for
(`study_fields`), with a text at each leaf. Until 2024 a study was also an XML document, and people keep many copies;
what its schema had in 2013, 2017 and 2020 is read by the rows of the JSON.
"""

from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.readers.notations import Csv, Json, Pagination, Xml

_ENVELOPE = (
    "APIVrs",
    "DataVrs",
    "Expression",
    "NStudiesAvail",
    "NStudiesFound",
    "MinRank",
    "MaxRank",
    "NStudiesReturned",
)
_PAGINATION = Pagination(total=("NStudiesFound",))

_COLUMNS = (
    "NCT Number",
    "Study Title",
    "Study URL",
    "Acronym",
    "Study Status",
    "Brief Summary",
    "Study Results",
    "Conditions",
    "Interventions",
    "Primary Outcome Measures",
    "Secondary Outcome Measures",
    "Other Outcome Measures",
    "Sponsor",
    "Collaborators",
    "Sex",
    "Age",
    "Phases",
    "Enrollment",
    "Funder Type",
    "Study Type",
    "Study Design",
    "Other IDs",
    "Start Date",
    "Primary Completion Date",
    "Completion Date",
    "First Posted",
    "Results First Posted",
    "Last Update Posted",
    "Locations",
    "Study Documents",
)
_CLASSIC_COLUMNS = (
    "Rank",
    "NCT Number",
    "Title",
    "Acronym",
    "Status",
    "Study Results",
    "Conditions",
    "Interventions",
    "Outcome Measures",
    "Sponsor/Collaborators",
    "Gender",
    "Age",
    "Phases",
    "Enrollment",
    "Funded Bys",
    "Study Type",
    "Study Designs",
    "Other IDs",
    "Start Date",
    "Primary Completion Date",
    "Completion Date",
    "First Posted",
    "Results First Posted",
    "Last Update Posted",
    "Locations",
    "Study Documents",
    "URL",
)
_NEEDED = frozenset({"NCT Number"})

CSV = Format(
    name="ctgov-csv",
    registry="ctgov",
    title="ClinicalTrials.gov, a table of studies (CSV)",
    table="csv.tsv",
    notation=Csv(  # people choose columns; those that both tables have may be all
        columns=_COLUMNS, at_least=2, needed=_NEEDED, unless=frozenset(_CLASSIC_COLUMNS) - _NEEDED
    ),
    prose="markdown",
    blank=frozenset({""}),
    holds="listing",
)
CLASSIC_CSV = Format(
    name="ctgov-classic-csv",
    registry="ctgov",
    title="ClinicalTrials.gov, a table of studies (CSV or TSV up to 2024)",
    table="classic_csv.tsv",
    notation=Csv(columns=_CLASSIC_COLUMNS, at_least=2, needed=_NEEDED, unless=frozenset(_COLUMNS)),
    blank=frozenset({"", "null"}),
    holds="listing",
)

FORMATS = (
    Format(
        name="ctgov-study",
        registry="ctgov",
        title="ClinicalTrials.gov, a study (API of version 2, JSON)",
        notation=Json(keys=(frozenset({"protocolSection"}),), hints=(b'"protocolSection"',), whole="hasResults"),
        prose="markdown",
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-page",
        registry="ctgov",
        title="ClinicalTrials.gov, a page of studies (API of version 2, JSON)",
        notation=Json(
            keys=(frozenset({"studies"}),),
            hints=(b'"studies"',),  # or else the hint of a study would be the only one of a page
            rows="studies",
            envelope=("nextPageToken", "totalCount"),
            pagination=Pagination(total=("totalCount",), further=("nextPageToken",)),
            empty="a page of ClinicalTrials.gov without studies",
            whole="hasResults",
        ),
        prose="markdown",
        blank=frozenset({""}),
    ),
    CSV,
    CLASSIC_CSV,
    Format(
        name="ctgov-xml",
        registry="ctgov",
        title="ClinicalTrials.gov, a study (XML up to 2024)",
        notation=Xml(records=("clinical_study",), namespaces=("",)),
        upgrade="xml_paths.tsv",
        parts=(EmbeddedFormat(registry="ctgov", table="xml.tsv"),),
        prose="wrapped",
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-classic",
        registry="ctgov",
        title="ClinicalTrials.gov, a page of studies (API of 2019 to 2024, JSON)",
        upgrade=("classic.tsv", "classic_row.tsv"),
        notation=Json(
            keys=(frozenset({"FullStudies"}),),
            around=frozenset({"FullStudiesResponse"}),
            rows="FullStudies",
            envelope=_ENVELOPE,
            pagination=_PAGINATION,
            empty="a page of ClinicalTrials.gov without studies",
        ),
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-classic-row",
        registry="ctgov",
        title="ClinicalTrials.gov, a study with its rank (API of 2019 to 2024, JSON)",
        upgrade=("classic.tsv", "classic_row.tsv"),
        notation=Json(keys=(frozenset({"Rank", "Study"}),), around=frozenset({"FullStudy"})),
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-classic-study",
        registry="ctgov",
        title="ClinicalTrials.gov, a study (API of 2019 to 2024, JSON)",
        upgrade="classic.tsv",
        notation=Json(keys=(frozenset({"ProtocolSection"}),), around=frozenset({"Study"})),
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-classic-fields",
        registry="ctgov",
        title="ClinicalTrials.gov, chosen fields of studies (API of 2019 to 2024, JSON)",
        table="classic_fields.tsv",
        notation=Json(
            keys=(frozenset({"StudyFields"}),),
            around=frozenset({"StudyFieldsResponse"}),
            rows="StudyFields",
            envelope=(*_ENVELOPE, "FieldList"),
            pagination=_PAGINATION,
            empty="an answer of ClinicalTrials.gov without studies",
            chosen=True,
        ),
        blank=frozenset({""}),
        holds="listing",
    ),
)
