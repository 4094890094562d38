"""Files of results: zips, roots, long documents, and what the schema does not have."""

import io
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from trialparse import NotOneRecord, Parsed, Rejected, Severity, UnrecognisedFormat, parse, read, sniff
from trialparse.diagnostics import Problem
from trialparse.model import Missing
from trialparse.model.terms import (
    MissingKind,
)
from trialparse.readers import xml


def zipped(**members: bytes) -> bytes:
    """Return a zip with these members; `__` is a blank in a name, and `_pdf` and `_xml` are endings."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(re.sub(r"_(pdf|PDF|xml)$", r".\1", name).replace("__", " "), data)
    return file.getvalue()


class TestZip:
    """The register gives results as a zip; a PDF in it is reported and is no record."""

    NAME = "EU-CTR__2016-099130-40__v2__-__Results_xml"
    MEMBER = "EU-CTR 2016-099130-40 v2 - Results.xml"

    @pytest.mark.parametrize("first", [True, False])
    def test_a_pdf_beside_the_results(self, source: bytes, first: bool) -> None:
        members = {self.NAME: source, "Lay__summary_PDF": b"%PDF-1.7\n"}
        packed = zipped(**(members if first else dict(reversed(members.items()))))
        (parsed,) = read(packed)
        assert isinstance(parsed, Parsed)
        assert parsed.trial == parse(source).trial
        (told,) = [one for one in parsed.diagnostics if one.problem is Problem.NOT_READ]
        assert (told.severity, told.text, told.place.member) == (Severity.NOTE, "Lay summary.PDF", self.MEMBER)
        assert parsed.evidence("id").sources[0].place.member == self.MEMBER
        assert sniff(packed).name == "euctr-results-xml"

    def test_only_a_pdf(self) -> None:
        packed = zipped(Results_pdf=b"%PDF-1.4\n")
        assert list(read(packed)) == []
        for ask in (parse, sniff):
            with pytest.raises(NotOneRecord, match=r"it is a PDF, Results\.pdf, which may hold results"):
                ask(packed)

    def test_nothing(self) -> None:
        assert list(read(zipped())) == []
        with pytest.raises(NotOneRecord, match="an archive without files"):
            parse(zipped())

    def test_what_is_no_results(self, source: bytes) -> None:
        """One record and a part that could not be read are not two records."""
        with pytest.raises(NotOneRecord, match="not all could be read"):
            parse(zipped(readme=b"See the results.", **{self.NAME: source}))
        with pytest.raises(NotOneRecord, match="more than one record"):
            parse(zipped(**{self.NAME: source, "v2_xml": source}))

    def test_a_pdf_by_itself(self) -> None:
        with pytest.raises(UnrecognisedFormat, match="a PDF"):
            parse(b"%PDF-1.4\n")

    def test_a_pdf_under_another_name(self, source: bytes) -> None:
        (parsed,) = read(zipped(attachment=b"%PDF-1.4\n", **{self.NAME: source}))
        assert parsed.ok
        assert parsed.trial.id == "2016-099130-40"


class TestRecognition:
    """A root is known by its namespace, for other formats have a `result` too."""

    @pytest.mark.parametrize(
        "root", ["<result/>", "<result xmlns='urn:other'/>", "<x:adverseEvents xmlns:x='urn:other'/>"]
    )
    def test_another_namespace(self, root: str) -> None:
        with pytest.raises(UnrecognisedFormat, match="is of no known format"):
            parse(root.encode())

    def test_without_results(self, source: bytes, trial: Any) -> None:
        parsed = parse(source, results=False)
        assert parsed.trial.results == type(trial.results)()
        assert parsed.trial.missing == (Missing(field="results", kind=MissingKind.NOT_READ),)
        assert parsed.trial.countries == trial.countries
        assert parsed.trial.id == trial.id


class TestClosed:
    """What the schema lacks is reported, and so is what is no number, each with its line."""

    @staticmethod
    def changed(source: bytes, old: str, new: str) -> bytes:
        assert source.decode().count(old) == 1
        return source.decode().replace(old, new).encode()

    def test_an_unknown_element(self, source: bytes) -> None:
        wrong = self.changed(source, "<postCode>00099</postCode>", "<postCode>00099</postCode><zip>7</zip>")
        line = wrong.decode().split("<zip>")[0].count("\n") + 1
        (told,) = [one for one in parse(wrong).diagnostics if one.problem is Problem.UNEXPECTED]
        assert (told.text, told.place.line, told.field) == ("7", line, None)
        assert told.place.path == "/*[1]/trialInformation/sponsors/sponsor[1]/address/zip"
        with pytest.raises(Rejected, match=rf"'7' @ line {line} "):
            parse(wrong, raise_at=Severity.ERROR)

    def test_a_count_that_is_none(self, source: bytes) -> None:
        wrong = self.changed(source, "<deathsAllCauses>1<", "<deathsAllCauses>NA<")
        line = wrong.decode().split(">NA<")[0].count("\n") + 1
        (told,) = [one for one in parse(wrong).diagnostics if one.problem is Problem.BAD_VALUE]
        assert (told.field, told.text, told.place.line) == (
            "results.adverse_events.groups[1].deaths",
            "NA",
            line,
        )

    @pytest.mark.parametrize(
        ("written", "why"),
        [
            ("", MissingKind.INCOMPLETE),
            ("<subjects/>", MissingKind.INCOMPLETE),
            ("<subjects>1.000</subjects>", MissingKind.UNREADABLE),
            ("<subjects>-1</subjects>", MissingKind.UNREADABLE),
        ],
    )
    def test_a_country_without_a_number(self, source: bytes, written: str, why: MissingKind) -> None:
        found = parse(self.changed(source, "<subjects>27</subjects>", written))
        assert found.trial.enrolment.actual is None
        assert Missing(field="enrolment.actual", kind=why) in found.trial.missing
        assert "enrolment" not in {
            one.field.split(".")[0] for one in found.diagnostics if one.problem is Problem.IMPOSSIBLE
        }

    def test_a_count_of_a_table_that_may_be_thousands(self, source: bytes) -> None:
        found = parse(source.replace(b"<value>99999</value>", b"<value>1.000</value>", 1))
        (told,) = [one for one in found.diagnostics if one.problem is Problem.AMBIGUOUS]
        assert (told.field, told.text) == ("results.baseline.measures[4].values[0].value", "1.000")

    def test_lines_are_kept_in_a_pickle(self, source: bytes) -> None:
        parsed = pickle.loads(pickle.dumps(parse(source)))
        lines = [one.place.line for one in parsed.diagnostics]
        assert lines == [one.place.line for one in parse(source).diagnostics]
        assert None not in lines

    def test_nil_says_that_an_element_is_empty_and_else_it_is_told(self, source: bytes) -> None:
        nil = '<pmid xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="{}">{}</pmid>'
        for said, text, told in (
            ("true", "", []),
            ("true", "7", ["true"]),
            ("false", "7", []),
            ("perhaps", "", ["perhaps"]),
        ):
            parsed = parse(self.changed(source, "<pmid>99999130</pmid>", nil.format(said, text)))
            assert [one.text for one in parsed.diagnostics if one.problem is Problem.UNEXPECTED] == told
            assert [one.pubmed for one in parsed.trial.publications] == [text] * bool(text)


class TestStream:
    """A document too long to be held in one piece gives the same trial, and diagnostics on the same lines."""

    def test_the_same(self, source: bytes, trial: Any) -> None:
        with mock.patch.object(xml.document, "ONE_PIECE", 1):
            (streamed,) = read(source)
        assert isinstance(streamed, Parsed)
        assert streamed.trial == trial
        assert [(one.text, one.place) for one in streamed.diagnostics] == [
            (one.text, one.place) for one in parse(source).diagnostics
        ]


class TestNines:
    """Nines where a number must be say that it is not known, and are told."""

    def test_nines_are_told(self, parsed: Parsed) -> None:
        fields = [
            "results.baseline.measures[0].values[0].dispersion",
            "results.outcomes[0].values[1].value",
            "results.outcomes[0].values[1].dispersion",
            "results.outcomes[0].values[1].dispersion_upper",
        ]
        assert parsed.trial.missing == tuple(Missing(field=field, kind=MissingKind.UNKNOWN) for field in fields)
        assert [(one.problem, one.field, one.text) for one in parsed.diagnostics] == [
            (Problem.SENTINEL, field, text)
            for field, text in zip(fields, ("-9999.0", "99999", "-99999.99", "99999.00"), strict=True)
        ] + [(Problem.IMPOSSIBLE, "results.baseline.measures[4].values[0].value", "99999, and 20 in the group")]
        (evidence,) = parsed.evidence(fields[1]).sources
        assert evidence.text == "99999"

    def test_three_nines_beside_them(self, fixtures: Path) -> None:
        """Where other nines say that there is no value, 999 may say so too; it is taken, and reported."""
        parsed = parse(fixtures / "euctr" / "doubtful_results.xml")
        told = [(one.problem, one.field, one.text) for one in parsed.diagnostics]

        assert told[:1] == [(Problem.SENTINEL, "results.outcomes[0].values[1].value", "99999")]
        assert [(field, text) for problem, field, text in told if problem is Problem.AMBIGUOUS] == [
            ("results.outcomes[0].values[2].value", "999"),
            ("results.outcomes[0].values[4].value", "-999.0"),
        ]
