"""A minimal file of each kind that is not read: hand-made, with the names by which it is known."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.conftest import FIXTURES
from trialparse import combine, parse, to_json
from trialparse.bulk.census import Census, save
from trialparse.export.json import trial_to_json

OFFICE = ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml")
"""What each file of Office has beside its content (ECMA-376, part 2)."""


def written(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


def zipped(*names: str, content: bytes = b"<x/>") -> bytes:
    """Return a zip of files with these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def own() -> dict[str, bytes]:
    """Return what trialparse itself writes."""
    parsed = parse(FIXTURES / "ctis" / "immunostem.json")
    source = {"source": {"file": "a.json", "member": None}, "record": 0}
    return {
        "own-trial": to_json(parsed.trial).encode(),
        "own-line": trial_to_json(parsed, header=source).encode(),
        "own-record": parsed.to_json(header=source).encode(),
        "own-combined": trial_to_json(combine([parsed]), header={"sources": [{"file": "a.json"}]}).encode(),
    }


def census(folder: Path) -> bytes:
    """Return a census, which is written to a file."""
    found = Census()
    found.add(parse(FIXTURES / "ctis" / "immunostem.json"), "a.json", 0)
    save(found, folder / "census.json")
    return (folder / "census.json").read_bytes()


SAMPLES: dict[str, bytes] = {
    "ctgov-search-xml": b"<search_results count='1'><study/></search_results>",
    "ctgov-page-html": b"<!DOCTYPE html>\n<html><head><title>NCT99999999 | ClinicalTrials.gov</title></head></html>",
    "ctgov-renamed": b"NCT_Number,Study_Title,Study_Status\nNCT99999999,Made up,COMPLETED\n",
    "fhir": written({"resourceType": "ResearchStudy", "id": "NCT99999999", "title": "A made-up study in adults"}),
    "aact": b"nct_id|study_type|overall_status\nNCT99999999|INTERVENTIONAL|COMPLETED\n",
    "ictrp-xml": b"<?xml version='1.0' ?><Trials_downloaded_from_ICTRP>\n <Trial/></Trials_downloaded_from_ICTRP>",
    "ictrp-central-xml": b"<Trials_central><Trial/></Trials_central>",
    "ictrp-csv": b'TrialID,Last Refreshed on,Public title\nX1,1 May 2020,"Made\nup"\n',
    "isrctn": b'<allTrials xmlns="http://www.67bricks.com/isrctn" totalCount="1"><fullTrial/></allTrials>',
    "isrctn-trial": b'<trial version="1"><isrctn dateAssigned="2020-01-01">99999999</isrctn></trial>',
    "anzctr": b'<SearchResult responseDate="1/01/2024">\n <NumOfActrn>1</NumOfActrn></SearchResult>',
    "drks": written({"drksId": "DRKS99999999", "lastUpdate": "2024-01-01"}),
    "opentrials": b'<!DOCTYPE trial SYSTEM "opentrials.dtd">\n<trial type="x">\n <trial_identification/></trial>',
    "ctrdata": written({"_id": "ISRCTN99999999", "ctrname": "ISRCTN", "trialDescription": {}}),
    "rss": b'<rss version="2.0"><channel><title>New trials</title></channel></rss>',
    "atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><title>New trials</title></feed>',
    "ris": b"\xef\xbb\xbfTY  - JOUR\r\nTI  - A made-up article\r\nER  - \r\n",
    "pubmed": b"\nPMID- 99999999\nTI  - A made-up article\n",
    "bibtex": b"@article{made2024up,\n  title = {A made-up article}\n}\n",
    "xlsx": zipped(*OFFICE, "xl/workbook.xml", "xl/worksheets/sheet1.xml"),
    "xlsb": zipped(*OFFICE, "xl/workbook.bin", content=b"\x83\x01\0\0"),
    "docx": zipped(*OFFICE, "word/document.xml", content=b""),
    "pptx": zipped(*OFFICE, "ppt/presentation.xml"),
    "odf": zipped("mimetype", "content.xml", "META-INF/manifest.xml"),
    "office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "gif": b"GIF89a\1\0\1\0",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "tiff": b"II*\0\x08\0\0\0",
    "sqlite": b"SQLite format 3\0\x10\0",
    "parquet": b"PAR1\x15\x04\x15\x10",
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "rar": b"Rar!\x1a\x07\1\0",
    "bzip2": b"BZh91AY&SY\0\0",
    "xz": b"\xfd7zXZ\0\0\4",
    "zstd": b"\x28\xb5\x2f\xfd\4\0",
    "tar": b"a.json".ljust(257, b"\0") + b"ustar\x0000" + bytes(100),
}
"""A file of each kind, except those that trialparse writes."""

RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FURTHER: tuple[tuple[str, bytes], ...] = (
    ("opentrials", b"<trials version='1'><trial><trial_identification/></trial></trials>"),
    ("rss", b'<rdf:RDF xmlns:rdf="%s" xmlns="http://purl.org/rss/1.0/"><channel/></rdf:RDF>' % RDF),
    ("aact", b"nct_id,brief_title,overall_status\nNCT99999999,Made up,COMPLETED\n"),
    ("tiff", b"MM\0*\0\0\0\x08"),
    ("pdf", b"\n\n%PDF-1.4\n"),
)
"""Further files of some kinds, which are known by other signs or have less in them."""
