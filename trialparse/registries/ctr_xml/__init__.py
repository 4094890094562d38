"""CTR-XML: studies in CDISC ODM with the extension for trial registries, as sponsors' systems write them.

No real file was available: the table is based on the fields of the extension, on ODM 1.3.2 and SDM-XML 1.0, and on
a description of one file. A study may hold parts of EudraCT's application form, which are read as in EudraCT.
"""

from trialparse.mapping.format import EmbeddedFormat, Format
from trialparse.readers.notations import Xml

CTR_XML = Format(
    name="ctr-xml",
    registry="ctr_xml",
    title="CTR-XML, a study in CDISC ODM with the extension for trial registries",
    notation=Xml(
        records=("ODM",),
        several="Study",
        owners=("OID", "StudyOID"),
        children=frozenset({"Study"}),
        namespaces=("http://www.cdisc.org/ns/odm/v1.3", ""),
        declares="http://www.cdisc.org/ns/ctr/v1.0",
        empty="a document <ODM> without a <Study>",
    ),
    parts=(
        EmbeddedFormat(
            registry="euctr",
            table="cta.tsv",
            at="Study",
            fields=frozenset({"interventions", "eligibility", "enrolment", "aftercare", "aftercare_translations"}),
        ),
    ),
    blank=frozenset({"", "999999000000"}),
)

FORMATS = (CTR_XML,)
