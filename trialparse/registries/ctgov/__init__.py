"""ClinicalTrials.gov, the register of the United States National Library of Medicine, <https://clinicaltrials.gov>.

It holds studies of all kinds from all countries. Since 2023 its API of version 2 gives a study as JSON, by itself or in
a page of many, and the site's download gives many as one array, or as a table. Until 2024 a study was an XML document,
of which many copies are kept. Its schema grew: what it had in 2013, 2017 and 2020 is read by the rows of the JSON.
"""

from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.readers.notations import Json, Pagination, Xml

_SECTIONS = ("protocolSection", "resultsSection", "annotationSection", "documentSection", "derivedSection")

FORMATS = (
    Format(
        name="ctgov-study",
        registry="ctgov",
        title="ClinicalTrials.gov, a study (API of version 2, JSON)",
        notation=Json(keys=(frozenset({"protocolSection"}),), hints=(b'"protocolSection"',)),
        prose="markdown",
        blank=frozenset({""}),
    ),
    Format(
        name="ctgov-page",
        registry="ctgov",
        title="ClinicalTrials.gov, a page of studies (API of version 2, JSON)",
        notation=Json(
            keys=(frozenset({"studies"}),),
            hints=(b'"protocolSection"',),
            rows="studies",
            envelope=("nextPageToken", "totalCount"),
            pagination=Pagination(total=("totalCount",), further=("nextPageToken",)),
            empty="a page of ClinicalTrials.gov without studies",
        ),
        prose="markdown",
        blank=frozenset({""}),
    ),
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
)
