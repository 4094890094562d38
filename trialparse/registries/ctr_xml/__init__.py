"""CTR-XML: studies in CDISC ODM with the extension for trial registries, as sponsors' systems write them."""

from trialparse.mapping import Format

CTR_XML = Format(
    name="ctr-xml",
    registry="ctr_xml",
    reader="xml",
    title="CTR-XML, a study in CDISC ODM with the extension for trial registries",
    records=("ODM",),
    several="Study",
    owners=("OID", "StudyOID"),
    children=frozenset({"Study"}),
    namespaces=("http://www.cdisc.org/ns/odm/v1.3", ""),
    declares="http://www.cdisc.org/ns/ctr/v1.0",
    empty="a document <ODM> without a <Study>",
)

FORMATS = (CTR_XML,)
